"""What tests of communities share: a stream that keeps what is recorded."""

from __future__ import annotations

import pytest

from hutong.foundation import stream
from hutong.foundation.stream import Fact, Projection


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> list[Fact | Projection]:
    """The stream without its warehouse. Ask for it after `api`, which installs the real one."""
    kept: list[Fact | Projection] = []
    monkeypatch.setattr(stream, "_record", kept.extend)
    return kept
