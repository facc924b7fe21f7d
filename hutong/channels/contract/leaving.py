"""What goes out, and what became of it."""

from __future__ import annotations

from typing import Literal

import msgspec

from hutong.channels.contract.arriving import ReplyContext
from hutong.channels.contract.saying import Chat, Segment


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """One message to send. `key` names it for ever: platforms that take such a key never show it twice.

    `done` are ids of parts that went at an earlier attempt, for a connector that needs several calls for one message: it goes on
    after them. `marketing` asks for the headers or buttons by which people say that they want no more.
    """

    key: str
    chat: Chat
    segments: tuple[Segment, ...]
    thread: str = ""
    reply: ReplyContext | None = None
    done: tuple[str, ...] = ()
    marketing: bool = False
    subject: str = ""  # of an e-mail
    unsubscribe_url: str = ""


class Outcome(msgspec.Struct, frozen=True):
    """What became of it. `partial`: some of it can never be shown there, `zh` and `en` say what and why.

    `awaiting_confirm`: a person has to confirm it on the platform, `zh` and `en` say who and where; `message_ids` name that task.
    """

    state: Literal["sent", "partial", "awaiting_confirm"]
    message_ids: tuple[str, ...] = ()
    zh: str = ""
    en: str = ""
