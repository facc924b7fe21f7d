"""The documents are true: commands, options, targets, files and links they name exist; zh and en say the same."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from hutong.config.cli import hutong

ROOT = Path(__file__).resolve().parents[1]
SKIPPED = {".venv", "node_modules", ".git", "dist", "console_dist"}
DOCUMENTS = sorted(path for path in ROOT.rglob("*.md") if not SKIPPED & set(path.relative_to(ROOT).parts))
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
CODE = re.compile(r"```[a-z]*\n(.*?)```|`([^`\n]+)`", re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
# A path of this repository: it starts with one of its folders, or is one of the files at its root.
FOLDERS = ("hutong/", "console/", "tests/", "benchmarks/", "docs/", ".ci/")
PATH = re.compile(r"^[\w.@/-]+$")
# What running or building makes.
MADE = ("hutong/console_dist", "console/node_modules")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def pieces(path: Path) -> list[str]:
    """Every line of code in a document."""
    found = []
    for block, span in CODE.findall(path.read_text()):
        found += [line.strip() for line in (block or span).splitlines()]
    return found


def ids(paths: list[Path]) -> list[str]:
    return [name(path) for path in paths]


def test_there_are_documents() -> None:
    assert {name(path) for path in DOCUMENTS} >= {"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"}


@pytest.mark.parametrize("path", DOCUMENTS, ids=ids(DOCUMENTS))
def test_commands_and_options_exist(path: Path) -> None:
    wrong = []
    for piece in pieces(path):
        found = re.search(r"(?:^|[\s/|&;])hutong ([a-z][a-z-]*)((?:\s.*)?)$", piece.split(" #")[0])
        if found is None or piece.startswith(("pip ", "git ", "cd ")):
            continue
        command = hutong.commands.get(found[1])
        if command is None:
            wrong.append(piece)
            continue
        options = {option for parameter in command.params if isinstance(parameter, click.Option) for option in parameter.opts} | {"--help"}
        wrong += [piece for option in re.findall(r"(?<=\s)--[a-z-]+", found[2].split("|")[0].split("&&")[0]) if option not in options]
    assert wrong == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=ids(DOCUMENTS))
def test_make_targets_exist(path: Path) -> None:
    named = {target for piece in pieces(path) for target in re.findall(r"(?:^|[\s&;])make ([a-z][a-z-]*)", piece)}
    assert named - TARGETS == set()


@pytest.mark.parametrize("path", DOCUMENTS, ids=ids(DOCUMENTS))
def test_files_named_exist(path: Path) -> None:
    missing = []
    for piece in pieces(path):
        for word in piece.split():
            plain = word.strip(".,:;()\"'").partition(":")[0]
            if plain.startswith(FOLDERS) and PATH.match(plain) and not plain.startswith(MADE) and not (ROOT / plain).exists():
                missing.append(plain)
    assert missing == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=ids(DOCUMENTS))
def test_links_lead_somewhere(path: Path) -> None:
    broken = []
    for link in LINK.findall(path.read_text()):
        target, _, anchor = link.partition("#")
        if re.match(r"[a-z]+:", link):
            continue
        aim = (path.parent / target).resolve() if target else path
        if not aim.exists() or (anchor and aim.suffix == ".md" and anchor not in anchors(aim)):
            broken.append(link)
    assert broken == []


def anchors(path: Path) -> set[str]:
    """The anchors a reader's browser makes of a document's headings, and those it sets itself."""
    text = re.sub(r"```.*?```", "", path.read_text(), flags=re.DOTALL)
    made = {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
    return made | set(re.findall(r"<a (?:id|name)=\"([^\"]+)\"", text))


def test_the_guides_say_the_same_in_both_languages() -> None:
    zh, en = ROOT / "docs/guide/zh", ROOT / "docs/guide/en"
    pages = sorted(path.name for path in zh.glob("*.md"))
    assert pages == sorted(path.name for path in en.glob("*.md"))
    assert pages != []
    for page in pages:
        shapes = [re.findall(r"^(#+) ", re.sub(r"```.*?```", "", (folder / page).read_text(), flags=re.DOTALL), re.MULTILINE) for folder in (zh, en)]
        assert shapes[0] == shapes[1], page


def test_every_decision_has_its_own_number() -> None:
    numbers = [path.name[:4] for path in sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))]
    assert numbers == [f"{n:04d}" for n in range(1, len(numbers) + 1)]
