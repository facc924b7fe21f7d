"""What is kept compiled between requests is read anew in each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hutong.automations import answering, asking
from hutong.automations.journeys import compiled
from hutong.automations.rules import ready


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    _forget()
    yield
    _forget()


def _forget() -> None:
    answering.forget()
    asking.forget()
    compiled.forget()
    ready.forget()
