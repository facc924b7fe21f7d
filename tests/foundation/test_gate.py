"""One request computes at a time; who waits leaves the place; behind a long one the others go on."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from hutong.foundation import gate

JOIN_SECONDS = 20


def started(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "PATIENCE_SECONDS", JOIN_SECONDS)
    computing, most = 0, 0
    guard = threading.Lock()

    def work() -> None:
        nonlocal computing, most
        for _ in range(50):
            with gate.computing():
                with guard:
                    computing += 1
                    most = max(most, computing)
                with guard:
                    computing -= 1

    for thread in [started(work) for _ in range(4)]:
        thread.join(JOIN_SECONDS)
    assert most == 1
    assert not gate._place.locked()


def test_who_waits_leaves_the_place_and_takes_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "PATIENCE_SECONDS", JOIN_SECONDS)
    order: list[str] = []
    with gate.computing():
        with gate.waiting():
            assert not gate._place.locked()

            def other() -> None:
                with gate.computing():
                    order.append("other")

            started(other).join(JOIN_SECONDS)
            with gate.waiting():  # nothing to leave twice
                order.append("waited")
        assert gate._place.locked()
    assert order == ["other", "waited"]
    assert not gate._place.locked()


def test_a_thread_that_does_not_compute_has_nothing_to_leave() -> None:
    with gate.computing():
        order: list[str] = []

        def job() -> None:
            with gate.waiting():
                order.append("job")

        started(job).join(JOIN_SECONDS)
        assert order == ["job"]
        assert gate._place.locked()


def test_behind_a_long_one_the_others_go_on() -> None:
    order: list[str] = []

    def other() -> None:
        with gate.computing(), gate.waiting():
            order.append("other")

    with gate.computing():
        started(other).join(JOIN_SECONDS)
        assert order == ["other"]
        assert gate._place.locked()
    assert not gate._place.locked()


def test_a_failure_leaves_the_place() -> None:
    with pytest.raises(ZeroDivisionError), gate.computing(), gate.waiting():
        raise ZeroDivisionError
    assert not gate._place.locked()
