"""What can go wrong, by the class of which the runtime knows what to do next."""

from __future__ import annotations

from typing import Literal


class ConnectorError(Exception):
    """Base of what the runtime acts on. Both sentences say what happened and what to do next, and hold no secret."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


class RetryLater(ConnectorError):
    """Nothing was done, and the same may work later: a limit, an outage. `after_seconds` is the platform's own time, None where it has none.

    `scope` says what must wait: the `chat` or the whole `account`. `done` are the parts that did go (see `Outgoing.done`).
    """

    def __init__(
        self, zh: str, en: str, *, after_seconds: float | None = None, scope: Literal["chat", "account"] = "account", done: tuple[str, ...] = ()
    ) -> None:
        super().__init__(zh, en)
        self.after_seconds = after_seconds
        self.scope = scope
        self.done = done


class NeedsReconnect(ConnectorError):
    """Nothing works until a person connects the account anew: a token that is wrong, revoked or expired. The account stops."""


class Refused(ConnectorError):
    """The platform will never do this: the bot was removed or muted, the chat is gone, the content is not allowed, a callback is forged.

    `reason` is one of `REFUSALS`.
    """

    def __init__(self, reason: RefusalReason, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.reason = reason


RefusalReason = Literal["forged", "malformed", "removed", "muted", "chat_gone", "chat_moved", "blocked", "content", "too_large", "window", "other"]
REFUSALS: tuple[RefusalReason, ...] = (
    "forged", "malformed", "removed", "muted", "chat_gone", "chat_moved", "blocked", "content", "too_large", "window", "other",
)  # fmt: skip


class InDoubt(ConnectorError):
    """It was handed over, and no answer came. With a key of the platform it is sent again; without one it ends as `unknown`, never twice.

    `foundation.http.Unanswered` means the same and need not be caught; `foundation.http.Unreachable` means `RetryLater`.
    """
