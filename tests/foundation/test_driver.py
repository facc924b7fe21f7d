"""Who leaves the disk to others: that thread's connection, and no other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from hutong.foundation.driver import flushed_later

NORMAL, FULL = 1, 2


def synchronous(*, later: bool) -> int:
    try:
        if later:
            flushed_later()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous")
            return int(cursor.fetchone()[0])
    finally:
        connection.close()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a setting of SQLite")
@pytest.mark.django_db(transaction=True)
def test_one_thread_leaves_the_disk_to_others() -> None:
    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(1) as other:
        assert one.submit(synchronous, later=True).result() == NORMAL
        assert other.submit(synchronous, later=False).result() == FULL
        assert one.submit(synchronous, later=False).result() == FULL  # a connection made anew is careful again
