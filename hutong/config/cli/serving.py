"""`hutong serve`, `migrate`, `openapi`."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hutong.config.cli.django_setup import with_django
from hutong.config.cli.words import Failure, note, say

if TYPE_CHECKING:
    from hutong.config.cli.demo import Login

RELOAD_GRACE_SECONDS = 10
READY_WAIT_SECONDS = 60.0
READY_STEP_SECONDS = 0.2


@click.command(help=say("启动服务（首次启动会建好数据库）。", "Serve the console, the API and ingest (makes the database on first start)."))
@click.option(
    "--host", default=None, help=say("监听地址，默认 127.0.0.1（HUTONG_HOST）。", "Address to listen on, 127.0.0.1 by default (HUTONG_HOST).")
)
@click.option(
    "--port", default=None, type=click.IntRange(1, 65535), help=say("端口，默认 8000（HUTONG_PORT）。", "Port, 8000 by default (HUTONG_PORT).")
)
@click.option("--reload", is_flag=True, help=say("代码变化时自动重启（开发用）。", "Restart when the code changes (for development)."))
def serve(host: str | None, port: int | None, reload: bool) -> None:
    # The settings read these, and links in invitations are made from them.
    os.environ.update({name: str(value) for name, value in (("HUTONG_HOST", host), ("HUTONG_PORT", port)) if value is not None})
    if reload:
        _reload(host, port)
    else:
        _serve(host, port)


def _reload(host: str | None, port: int | None) -> None:
    try:
        from watchfiles import PythonFilter, run_process
    except ModuleNotFoundError as error:
        raise Failure("--reload 需要 watchfiles：pip install watchfiles", "--reload needs watchfiles: pip install watchfiles") from error
    command = f"{sys.executable} -m hutong serve"
    command += f" --host {host}" if host else ""
    command += f" --port {port}" if port else ""
    run_process(
        Path(__file__).resolve().parents[2],
        target=command,
        target_type="command",
        watch_filter=PythonFilter(),
        sigint_timeout=RELOAD_GRACE_SECONDS,
        sigkill_timeout=1,
    )


@with_django
def _serve(host: str | None, port: int | None) -> None:
    from django.conf import settings

    from hutong.config import migrating, serve
    from hutong.config.cli import demo
    from hutong.foundation import datalock, logs

    logs.configure()
    host, port = host or settings.HOST, port or settings.PORT
    with datalock.hold(settings.DATA_DIR):
        _check_free(host, port)
        migrating.bring_up_to_date()
        datalock.announce(settings.DATA_DIR, host=host, port=port)
        try:
            threading.Thread(target=_say_when_ready, args=(host, port, demo.login()), daemon=True).start()
            serve.run(host, port)
        finally:
            datalock.withdraw(settings.DATA_DIR)


def _say_when_ready(host: str, port: int, login: Login | None) -> None:
    from hutong.config.cli.client import is_hutong
    from hutong.foundation.datalock import Place

    place = Place(0, host, port)
    for _ in range(int(READY_WAIT_SECONDS / READY_STEP_SECONDS)):
        if is_hutong(place):
            break
        time.sleep(READY_STEP_SECONDS)
    else:
        return
    lines = [f"  Hutong 胡同  {place.url}"]
    if login is not None:
        lines += [f"  登录 / sign in: {login.email}", f"  密码 / password: {login.password}"]
    lines.append("  按 Ctrl+C 停止 / Ctrl+C to stop")
    click.echo("\n" + "\n".join(lines) + "\n", err=True)


def _check_free(host: str, port: int) -> None:
    import socket

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Failure(
                f"不能监听 {host}:{port}（{error.strerror}）。请换一个端口：hutong serve --port 8001",
                f"Cannot listen on {host}:{port} ({error.strerror}). Choose another port: hutong serve --port 8001",
            ) from error


@click.command(help=say("把数据库升级到本版本（serve 会自动执行）。", "Bring the database up to this version (serve does it by itself)."))
@with_django
def migrate() -> None:
    from django.conf import settings

    from hutong.config import migrating
    from hutong.foundation import datalock
    from hutong.foundation.text import counted

    with datalock.hold(settings.DATA_DIR):
        done = migrating.bring_up_to_date()
    for name in done:
        click.echo(name)
    note(f"已执行 {len(done)} 项迁移。", f"Applied {counted(len(done), 'migration')}.")


@click.command(help=say("打印 OpenAPI 文档（JSON）。", "Print the OpenAPI document (JSON)."))
@with_django
def openapi() -> None:
    from hutong.config.api import api

    click.echo(json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=2, default=str))
