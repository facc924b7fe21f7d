"""Which message ids were accepted in the last 30 days: what makes an event count once.

Keys are hashes, so each new one belongs on another page of their index, and a commit of a few events would write as many pages.
So a commit appends its keys as one row (`AcceptedBlock`) and memory holds them; later they are sorted into the index
(`AcceptedId`) together, many to a page. A crash in between loses nothing: the blocks are read when the writer starts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection, transaction

from hutong.events import log
from hutong.foundation import clock

KEY_BYTES = 16
RECENT_KEYS_MAX = 65_536  # then they are sorted into the index
FOLD_KEYS = 2_048  # in one transaction, so that no event waits long
ASKED_MAX = 512

_WIDTHS = [1 << power for power in range(ASKED_MAX.bit_length())]  # few different statements, which the driver keeps prepared
_ASK = {width: f"SELECT key FROM events_acceptedid WHERE key IN ({', '.join(['%s'] * width)})" for width in _WIDTHS}


class Accepted:
    """The writer's memory of accepted ids; read from the blocks when it is first asked."""

    def __init__(self) -> None:
        self._is_loaded = False
        self._recent: set[bytes] = set()
        self._since_day = 0  # of the oldest block; 0: there is none
        self._folding: list[tuple[bytes, int]] = []  # what is left to sort in, highest key first
        self._folded: set[bytes] = set()  # what leaves memory when that is done
        self._last_block = 0

    def known(self, keys: Iterable[bytes], driver: log.Driver) -> set[bytes]:
        """Those of the keys that were accepted before."""
        if not self._is_loaded:
            for _, day, block in _blocks():
                self._since_day = self._since_day or day
                self._recent.update(split(block))
            self._is_loaded = True
        asked = set(keys)
        found = asked & self._recent
        left = list(asked - found)
        for start in range(0, len(left), ASKED_MAX):
            chunk = left[start : start + ASKED_MAX]
            width = 1 << (len(chunk) - 1).bit_length()
            chunk += chunk[-1:] * (width - len(chunk))
            found.update(bytes(key) for (key,) in driver.run(_ASK[width], chunk).fetchall())
        return found

    def append(self, keys: Sequence[bytes], driver: log.Driver) -> None:
        """Keep new keys in the present transaction. `remember` them once it is committed."""
        driver.run("INSERT INTO events_acceptedblock (day, keys) VALUES (%s, %s)", (clock.now_ms() // log.DAY_MS, b"".join(keys)))

    def remember(self, keys: Iterable[bytes]) -> None:
        """The transaction that appended them is committed."""
        self._since_day = self._since_day or clock.now_ms() // log.DAY_MS
        self._recent.update(keys)

    def fold(self) -> bool:
        """Sort some keys into the index when many have come together or a day has passed; whether more is left to do."""
        if not self._folding:
            is_old = 0 < self._since_day < clock.now_ms() // log.DAY_MS
            if not is_old and len(self._recent) < RECENT_KEYS_MAX:
                return False
            blocks = _blocks()
            self._last_block = blocks[-1][0]
            self._folding = sorted(((key, day) for _, day, keys in blocks for key in split(keys)), reverse=True)
            self._folded = {key for key, _ in self._folding}
        some = self._folding[-FOLD_KEYS:]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany("INSERT INTO events_acceptedid (key, day) VALUES (%s, %s) ON CONFLICT DO NOTHING", some[::-1])
            if len(some) == len(self._folding):
                cursor.execute("DELETE FROM events_acceptedblock WHERE id <= %s", [self._last_block])
        del self._folding[-FOLD_KEYS:]
        if not self._folding:
            self._recent -= self._folded
            self._folded = set()
            self._since_day = clock.now_ms() // log.DAY_MS if self._recent else 0
        return bool(self._folding)


def _blocks() -> list[tuple[int, int, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, day, keys FROM events_acceptedblock ORDER BY id")
        return [(number, day, bytes(keys)) for number, day, keys in cursor.fetchall()]


def split(keys: bytes) -> list[bytes]:
    """The keys of a block."""
    return [keys[at : at + KEY_BYTES] for at in range(0, len(keys), KEY_BYTES)]
