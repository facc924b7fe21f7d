"""What tests of members share: a stream that keeps what is recorded."""

from __future__ import annotations

import pytest

from hutong.foundation import stream
from hutong.foundation.stream import Changed, Entry, Fact, Projection
from hutong.members import attributes
from hutong.members.contributes import CONTRIBUTES


class Recorded(list[Entry]):
    """What was written to the stream, in order."""

    def facts(self, name: str) -> list[Fact]:
        return [entry for entry in self if isinstance(entry, Fact) and entry.name == name]

    def facts_and_stays(self) -> list[Fact | Projection]:
        return [entry for entry in self if not isinstance(entry, Changed)]

    def projections(self) -> list[Projection]:
        return [entry for entry in self if isinstance(entry, Projection)]


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> Recorded:
    """The stream without its warehouse."""
    kept = Recorded()
    monkeypatch.setattr(stream, "_record", kept.extend)
    return kept


@pytest.fixture(autouse=True)
def standard_attributes() -> None:
    """What the composition root installs."""
    attributes.install(list(CONTRIBUTES.attributes))
