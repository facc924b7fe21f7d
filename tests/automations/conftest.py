"""What is kept compiled between requests is read anew in each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from hutong.automations import answering, asking
from hutong.automations.journeys import compiled
from hutong.automations.rules import ready

# How long an example takes is for benchmarks to say: a machine that has other work must not make a test fail.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


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
