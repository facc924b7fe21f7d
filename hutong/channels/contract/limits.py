"""The numbers that both sides keep."""

from __future__ import annotations

CALLBACK_BYTES_MAX = 1024 * 1024
ID_LENGTH_MAX = 200  # of chats, people and messages on the platform
TEXT_LENGTH_MAX = 100_000
EVENTS_MAX = 1_000  # in one batch of `listen` or one callback
QUIET_SECONDS_MAX = 60.0  # `listen` yields at least that often, an empty batch if need be: it shows that the connection lives
STOP_SECONDS_MAX = 5.0  # `listen` returns that soon after `stopping` was set
