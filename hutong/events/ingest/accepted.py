"""Which message ids were accepted in the last 30 days: what makes an event count once.

Keys are hashes, so each new one belongs on another page of their index, and a commit of a few events would write as many pages.
So a commit appends its keys as one row (`AcceptedBlock`) and memory holds them; later they are sorted into the index
(`AcceptedId`) together, many to a page. A crash in between loses nothing: the blocks are read when the writer starts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction

from hutong.events import log
from hutong.foundation import clock
from hutong.foundation.driver import Driver

KEY_BYTES = 16
RECENT_KEYS_MAX = 65_536  # then they are sorted into the index
PARTS = 32  # of the index, each filled in a transaction of its own, so that no event waits long
ASKED_MAX = 512

_WIDTHS = [1 << power for power in range(ASKED_MAX.bit_length())]  # few different statements, which the driver keeps prepared
_ASK = {width: f"SELECT key FROM events_acceptedid WHERE key IN ({', '.join(['%s'] * width)})" for width in _WIDTHS}
_SORT_IN = f"""
    WITH RECURSIVE place(at) AS (SELECT 1 UNION ALL SELECT at + {KEY_BYTES} FROM place WHERE at + {KEY_BYTES} < %s)
    INSERT INTO events_acceptedid (key, day) SELECT substr(%s, at, {KEY_BYTES}), %s FROM place WHERE true ON CONFLICT DO NOTHING
"""


class Accepted:
    """The writer's memory of accepted ids; read from the blocks when it is first asked."""

    def __init__(self) -> None:
        self._is_loaded = False
        self._recent: set[bytes] = set()
        self._day = 0  # of the latest of them
        self._folding: set[bytes] = set()  # those that are being sorted in
        self._folding_day = 0
        self._parts: list[list[bytes]] = []  # what is left of them to sort in
        self._last_block = 0  # that holds some of them

    def known(self, keys: Iterable[bytes], driver: Driver) -> set[bytes]:
        """Those of the keys that were accepted before."""
        if not self._is_loaded:
            for day, block in driver.run("SELECT day, keys FROM events_acceptedblock ORDER BY id", ()).fetchall():
                self._day = day
                self._recent.update(split(bytes(block)))
            self._is_loaded = True
        asked = set(keys)
        found = asked & self._recent | asked & self._folding
        left = list(asked - found)
        for start in range(0, len(left), ASKED_MAX):
            chunk = left[start : start + ASKED_MAX]
            width = 1 << (len(chunk) - 1).bit_length()
            chunk += chunk[-1:] * (width - len(chunk))
            found.update(bytes(key) for (key,) in driver.run(_ASK[width], chunk).fetchall())
        return found

    def append(self, keys: Sequence[bytes], driver: Driver) -> None:
        """Keep new keys in the present transaction. `remember` them once it is committed."""
        today = clock.now_ms() // log.DAY_MS
        if self._recent and self._day < today and not self._parts:
            self._begin_fold(driver)
        self._day = today
        driver.run("INSERT INTO events_acceptedblock (day, keys) VALUES (%s, %s)", (today, b"".join(keys)))

    def remember(self, keys: Iterable[bytes]) -> None:
        """The transaction that appended them is committed."""
        self._recent.update(keys)

    @property
    def is_foldable(self) -> bool:
        """Whether many keys have come together, or some of those are left to sort in."""
        return bool(self._parts) or len(self._recent) >= RECENT_KEYS_MAX

    def fold(self) -> bool:
        """Sort some keys into the index when many have come together or a new day has begun; whether more is left to do."""
        if not self._parts:
            if not self.is_foldable:
                return False
            self._begin_fold(Driver())
        part = self._parts[-1]
        with transaction.atomic():
            driver = Driver()
            driver.run(_SORT_IN, (len(part) * KEY_BYTES, b"".join(sorted(part)), self._folding_day))
            if len(self._parts) == 1:
                driver.run("DELETE FROM events_acceptedblock WHERE id <= %s", (self._last_block,))
        self._parts.pop()
        if not self._parts:
            self._folding = set()
        return bool(self._parts)

    def _begin_fold(self, driver: Driver) -> None:
        (self._last_block,) = driver.run("SELECT max(id) FROM events_acceptedblock", ()).fetchone()
        self._folding, self._folding_day, self._recent = self._recent, self._day, set()
        parts: list[list[bytes]] = [[] for _ in range(PARTS)]
        for key in self._folding:
            parts[key[0] * PARTS >> 8].append(key)
        self._parts = [part for part in parts if part]


def split(keys: bytes) -> list[bytes]:
    """The keys of a block."""
    return [keys[at : at + KEY_BYTES] for at in range(0, len(keys), KEY_BYTES)]
