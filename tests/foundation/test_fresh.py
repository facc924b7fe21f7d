from __future__ import annotations

import threading
import time
import uuid

import pytest

from hutong.events.warehouse import changes
from hutong.foundation import fresh


class Counting:
    """Computes the number of times it was asked."""

    def __init__(self, seconds: float = 0) -> None:
        self.seconds = seconds
        self.times = 0

    def __call__(self) -> int:
        time.sleep(self.seconds)
        self.times += 1
        return self.times


def test_an_answer_is_kept_while_nothing_changes_and_a_second_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [100.0]
    monkeypatch.setattr("hutong.foundation.clock.monotonic_seconds", lambda: moment[0])
    key, compute = uuid.uuid4(), Counting()
    assert fresh.share(key, 1, compute) == 1
    moment[0] += 3600
    assert fresh.share(key, 1, compute) == 1
    assert fresh.share(key, 2, compute) == 2
    moment[0] += 0.9
    assert fresh.share(key, 3, compute) == 2
    moment[0] += 0.2
    assert fresh.share(key, 3, compute, age_seconds_max=60) == 2
    assert fresh.share(key, 3, compute) == 3


def test_readers_at_the_same_moment_share_one_computation() -> None:
    key, compute = uuid.uuid4(), Counting(0.2)
    found: list[int] = []
    readers = [threading.Thread(target=lambda: found.append(fresh.share(key, 1, compute))) for _ in range(8)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert (found, compute.times) == ([1] * 8, 1)


def test_a_failure_is_not_kept() -> None:
    key = uuid.uuid4()

    def fail() -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fresh.share(key, 1, fail)
    assert fresh.share(key, 1, Counting()) == 1


def test_versions_follow_the_rows_of_a_place() -> None:
    workspace, community, other = (str(uuid.uuid4()) for _ in range(3))
    before = changes.version([community]), changes.version([workspace]), changes.version([other])
    changes.note(
        changes.places_in(f'{{"workspace_id":"{workspace}","id":"a","community_id":"{community}"}}\n{{"workspace_id": "{workspace}"}}'.encode())
    )
    assert changes.version([community]) != before[0]
    assert changes.version([workspace]) != before[1]
    assert changes.version([other]) == before[2]
    changes.note_everywhere()
    assert changes.version([other]) != before[2]
