"""The one maker of ids: UUID version 7 (RFC 9562), so that keys sort by time of making."""

from __future__ import annotations

import hashlib
import os
import threading
import uuid
from functools import lru_cache

from hutong.foundation import clock

_lock = threading.Lock()
_last_ms = 0
_counter = 0


def new() -> uuid.UUID:
    """A fresh UUIDv7, strictly increasing within the process."""
    return _made(int.from_bytes(os.urandom(8), "big"))


def many(count: int) -> list[uuid.UUID]:
    """So many fresh ones, in order; one call for randomness serves all of them."""
    drawn = os.urandom(8 * count)
    return [_made(int.from_bytes(drawn[at : at + 8], "big")) for at in range(0, len(drawn), 8)]


def _made(random: int) -> uuid.UUID:
    global _last_ms, _counter
    with _lock:
        now = clock.now_ms()
        if now > _last_ms:
            _last_ms = now
            _counter = random >> 56 & 0x3F
        else:
            _counter += 1
            if _counter > 0xFFF:
                _last_ms += 1
                _counter = 0
        value = (_last_ms & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | _counter << 64
    return uuid.UUID(int=value | 0b10 << 62 | random & 0x3FFF_FFFF_FFFF_FFFF)


@lru_cache(maxsize=100_000)
def read(text: str) -> uuid.UUID:
    """An id from its text. Raises ValueError. Whoever does something is read of again and again within a second: what was read is kept."""
    return uuid.UUID(text)


def digest(*parts: str) -> str:
    """A 32-hex-digit name for content: the same parts always give the same name."""
    hasher = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        hasher.update(len(data).to_bytes(4, "big"))
        hasher.update(data)
    return hasher.hexdigest()


_process = int.from_bytes(os.urandom(2), "big") & 0x3FF  # ten bits keep processes apart
_last_number = 0
_EPOCH_MS = 1_735_689_600_000  # 2025-01-01


def number_at(moment_ms: int) -> int:
    """The least number that `numbers` can give at a moment."""
    return moment_ms - _EPOCH_MS << 22


def numbers(count: int) -> range:
    """So many fresh numbers below 2^63, in order and increasing within the process: keys of tables whose rows are counted in millions."""
    global _last_number
    with _lock:
        first = max(clock.now_ms() - _EPOCH_MS << 12, _last_number + 1)
        _last_number = first + count - 1
    return range(first << 10 | _process, (first + count << 10 | _process), 1 << 10)
