"""A transaction without Django's bookkeeping is whole or undone, and gives its turn back either way."""

from __future__ import annotations

from threading import Thread

import pytest
from django.db import IntegrityError, connection, transaction

from hutong.events.models import AcceptedBlock

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("sqlite" not in connection.settings_dict["ENGINE"], reason="only SQLite has it"),
]


def add(day: int) -> None:
    connection.connection.execute("INSERT INTO events_acceptedblock (day, keys) VALUES (?, ?)", (day, b""))


def add_from_another_thread(day: int) -> None:
    def work() -> None:
        try:
            with transaction.atomic():
                AcceptedBlock.objects.create(day=day, keys=b"")
        finally:
            connection.close()

    thread = Thread(target=work)
    thread.start()
    thread.join(20)
    assert not thread.is_alive()


def days() -> list[int]:
    return list(AcceptedBlock.objects.order_by("day").values_list("day", flat=True))


def test_it_is_kept_and_the_next_may_write() -> None:
    with connection.bare_transaction():  # type: ignore[attr-defined]
        add(1)
        assert AcceptedBlock.objects.count() == 1  # Django reads in it too
    add_from_another_thread(2)
    assert days() == [1, 2]


def test_it_is_undone_and_the_next_may_write() -> None:
    with pytest.raises(ZeroDivisionError), connection.bare_transaction():  # type: ignore[attr-defined]
        add(1)
        raise ZeroDivisionError
    add_from_another_thread(2)
    assert days() == [2]


def test_a_refused_statement_is_djangos_error_and_undoes_it() -> None:
    with pytest.raises(IntegrityError), connection.wrap_database_errors, connection.bare_transaction():  # type: ignore[attr-defined]
        add(1)
        connection.connection.execute("INSERT INTO events_acceptedblock (day, keys) VALUES (NULL, '')")
    add_from_another_thread(2)
    assert days() == [2]
