"""Installations for the tests of processes and commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.config.installation import Installation


@pytest.fixture
def bare(tmp_path: Path) -> Installation:
    """An empty data folder."""
    return Installation(tmp_path / "data")


@pytest.fixture
def installed(bare: Installation) -> Installation:
    """A workspace with an owner."""
    bare.set_up()
    return bare
