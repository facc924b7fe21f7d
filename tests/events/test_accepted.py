"""An event id counts once for 30 days, whatever is in memory, in blocks, in the index, or half-way between them."""

from __future__ import annotations

import datetime as dt
import random

import pytest
import time_machine
from django.db import connection, transaction

from hutong.events import log, tasks
from hutong.events.ingest import accepted
from hutong.events.ingest.accepted import Accepted
from hutong.events.ingest.writer import Writer
from hutong.events.models import AcceptedBlock, AcceptedId
from hutong.foundation.driver import Driver

NOON = dt.datetime(2026, 6, 1, 12, 0, tzinfo=dt.UTC)


class Undone(Exception):
    """The transaction ends without a commit."""


def take(memory: Accepted, names: list[str], *, undo: bool = False) -> list[str]:
    """What the writer does with the ids of one commit; gives those that were new."""
    keys = {log.accepted_key("w", name): name for name in names}
    try:
        with transaction.atomic():
            known = memory.known(keys, Driver())
            new = [key for key in keys if key not in known]
            if new:
                memory.append(new, Driver())
            if undo:
                raise Undone
    except Undone:
        return []
    memory.remember(new)
    return [keys[key] for key in new]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(12))
def test_as_a_plain_set_would_have_it(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accepted, "RECENT_KEYS_MAX", 20)
    monkeypatch.setattr(accepted, "PARTS", 3)
    monkeypatch.setattr(accepted, "ASKED_MAX", 5)
    chance = random.Random(seed)
    memory, seen = Accepted(), set[str]()
    with time_machine.travel(NOON, tick=False) as travel:
        for _ in range(150):
            act = chance.random()
            if act < 0.7:
                names = [str(number) for number in chance.sample(range(300), chance.randint(1, 12))]
                undo = chance.random() < 0.15
                new = take(memory, names, undo=undo)
                assert new == ([] if undo else [name for name in names if name not in seen])
                seen.update(new)
            elif act < 0.93:
                memory.fold()
            elif act < 0.97:
                memory = Accepted()  # a crash
            else:
                travel.shift(dt.timedelta(hours=20))
        assert take(Accepted(), [str(number) for number in range(300)]) == [str(number) for number in range(300) if str(number) not in seen]


@pytest.mark.django_db(transaction=True)
def test_many_keys_are_sorted_into_the_index_and_leave_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accepted, "RECENT_KEYS_MAX", 10)
    monkeypatch.setattr(accepted, "PARTS", 3)
    memory = Accepted()
    names = [f"a{number}" for number in range(9)]
    upper = [name for name in (*names, "b") if log.accepted_key("w", name)[0] * 3 >> 8 == 2]
    take(memory, names)
    assert (memory.fold(), AcceptedId.objects.count(), AcceptedBlock.objects.count()) == (False, 0, 1)
    take(memory, ["b"])
    assert memory.fold() is True
    assert 0 < len(upper) < 10
    assert {bytes(key) for key in AcceptedId.objects.values_list("key", flat=True)} == {log.accepted_key("w", name) for name in upper}
    assert AcceptedBlock.objects.count() == 2
    assert take(memory, ["c", *names]) == ["c"]  # while the fold is under way: stays for the next
    assert memory.fold() is True
    assert (memory.fold(), AcceptedId.objects.count(), AcceptedBlock.objects.count(), len(memory._recent)) == (False, 10, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_quiet_site_forgets_after_thirty_days_too() -> None:
    memory = Accepted()
    with time_machine.travel(NOON, tick=False) as travel:
        assert take(memory, ["a"]) == ["a"]
        travel.shift(dt.timedelta(days=30))
        assert take(memory, ["a", "b"]) == ["b"]
        memory.fold()
        travel.shift(dt.timedelta(days=1))
        tasks.forget_ids()
        assert take(memory, ["a", "b"]) == ["a"]


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_leaves_the_keys_where_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the limit of pages is SQLite's")
    names = [f"n{number}" for number in range(20_000)]
    monkeypatch.setattr(accepted, "RECENT_KEYS_MAX", len(names))
    monkeypatch.setattr(accepted, "PARTS", 1)
    writer = Writer()
    assert take(writer._accepted, names) == names
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # what earlier tests deleted would leave room
        cursor.execute("PRAGMA max_page_count = 1")  # no page more than there are
        try:
            writer._fold()
            assert (AcceptedId.objects.count(), AcceptedBlock.objects.count()) == (0, 1)
            assert take(writer._accepted, ["n7"]) == []
        finally:
            cursor.execute("PRAGMA max_page_count = 4294967294")
    writer._fold()
    assert (AcceptedId.objects.count(), AcceptedBlock.objects.count()) == (20_000, 0)
