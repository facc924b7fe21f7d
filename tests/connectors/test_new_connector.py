"""`make connector`: the folder it writes is found, and fails the contract until somebody makes it work."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

import hutong.connectors
from tests.connectors import contract

ROOT = Path(__file__).resolve().parents[2]
TABLE = "hutong/config/connectors.py"


def generator():  # type: ignore[no-untyped-def]
    spec = importlib.util.spec_from_file_location("new_connector", ROOT / ".ci" / "new_connector.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "hutong" / "config").mkdir(parents=True)
    (tmp_path / TABLE).write_text((ROOT / TABLE).read_text())
    return tmp_path


def test_a_new_connector_fails_the_contract_until_it_works(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = generator().make("pigeon", root=root)
    assert sorted(path.relative_to(root).as_posix() for path in made) == [
        "hutong/config/connectors.py",
        "hutong/connectors/pigeon/README.md",
        "hutong/connectors/pigeon/README.zh.md",
        "hutong/connectors/pigeon/__init__.py",
        "hutong/connectors/pigeon/connector.py",
        "hutong/connectors/pigeon/manifest.py",
        "tests/connectors/pigeon/__init__.py",
        "tests/connectors/pigeon/peer.py",
    ]
    table = (root / TABLE).read_text()
    compile(table, TABLE, "exec")
    assert table.count("PigeonConnector") == 2
    assert table.rstrip().endswith("PigeonConnector,)")
    monkeypatch.setattr(hutong.connectors, "__path__", [*hutong.connectors.__path__, str(root / "hutong" / "connectors")])
    monkeypatch.setattr(contract, "FOLDER", root / "hutong" / "connectors")
    from hutong.connectors.pigeon.connector import PigeonConnector  # type: ignore[import-not-found]

    try:
        with pytest.raises(AssertionError):
            contract.check_folder(PigeonConnector)
        with pytest.raises(AssertionError):
            contract.check_manifest(PigeonConnector)
        with pytest.raises(AssertionError, match=r"peer\.py is missing"):
            contract.peer_of("pigeon")
    finally:
        for name in [name for name in sys.modules if name.startswith("hutong.connectors.pigeon")]:
            del sys.modules[name]


def test_the_table_takes_one_line_after_another() -> None:
    text = (ROOT / TABLE).read_text()
    for name in ("zebra", "ant"):
        text = generator().with_line(text, name)
    compile(text, TABLE, "exec")
    assert text.index("connectors.ant") < text.index("connectors.zebra")
    assert text.rstrip().endswith("ZebraConnector, AntConnector,)")


@pytest.mark.parametrize("name", ["", "Pigeon", "../x", "a b", "信鸽", "a"])
def test_a_name_is_a_plain_word(root: Path, name: str) -> None:
    with pytest.raises(SystemExit, match="NAME=discord"):
        generator().make(name, root=root)
    assert list((root / "hutong").iterdir()) == [root / "hutong" / "config"]


def test_what_is_there_is_not_written_over(root: Path) -> None:
    generator().make("pigeon", root=root)
    table = (root / TABLE).read_text()
    with pytest.raises(SystemExit, match="There is one already"):
        generator().make("pigeon", root=root)
    assert (root / TABLE).read_text() == table
