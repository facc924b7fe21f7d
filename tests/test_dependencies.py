"""Every package that is asked for is used, and every one that is used is asked for or comes with one that is."""

from __future__ import annotations

import ast
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
# Used without an import of ours, and by whom.
USED_BY_OTHERS = {"argon2-cffi": "Django's password hasher", "chdb": "clickhouse-connect", "tzdata": "zoneinfo"}
COMES_WITH = {"pydantic": "django-ninja", "watchfiles": "the development extra, for --reload"}


def test_what_is_asked_for_is_what_is_imported() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {canonicalize_name(Requirement(one).name) for one in project["dependencies"]}
    owners = packages_distributions()
    imported: set[str] = set()
    for path in (ROOT / "hutong").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                imported.add(node.module.split(".")[0])
    third = imported - set(sys.stdlib_module_names) - {"hutong"}
    used = {canonicalize_name(owners[name][0]) for name in third if name in owners}
    assert used - set(COMES_WITH) == asked - set(USED_BY_OTHERS)
