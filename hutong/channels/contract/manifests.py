"""What a connector says of itself."""

from __future__ import annotations

from typing import Literal

import msgspec

from hutong.channels.contract.limits import TEXT_LENGTH_MAX
from hutong.channels.contract.saying import ChatKind, SegmentKind


class Capabilities(msgspec.Struct, frozen=True):
    """What the platform lets an account do. Rules, schedules and pages ask this before they offer anything."""

    read: Literal["all", "mentions", "none"] = "all"
    send: Literal["free", "reply_window", "needs_human_confirm", "template", "none"] = "free"
    sends: frozenset[SegmentKind] = frozenset({"text"})
    has_send_key: bool = False  # the same `Outgoing.key` twice is shown once
    opens_dm: bool = False  # may write to a person first: a chat of kind `dm` whose id is the person's, which the connector opens if need be
    sees_own: bool = False  # what the account sends comes in as well
    sees_leave: bool = False
    sees_recall: bool = False
    recall_other: bool = False
    mute: bool = False
    kick: bool = False
    ban: bool = False


class Rate(msgspec.Struct, frozen=True):
    """At most so many sends in any stretch of that many seconds; `chat_kinds` empty: in chats of every kind."""

    count: int
    seconds: float
    chat_kinds: frozenset[ChatKind] = frozenset()


class Limits(msgspec.Struct, frozen=True):
    """The platform's rules: by account, by chat, and by (account, user). `reply`: sends within so long after the user's last message."""

    per_account: tuple[Rate, ...] = ()
    per_chat: tuple[Rate, ...] = ()
    per_user: tuple[Rate, ...] = ()
    reply: Rate | None = None
    text_length_max: int = TEXT_LENGTH_MAX
    file_bytes_max: int = 20 * 1024 * 1024


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the form in which an account is set up. A `secret` is kept sealed and never shown again.

    `url` and `host` may name a machine in a private network; an owner must then confirm it. Left empty, a field takes its `default`.
    """

    name: str
    kind: Literal["text", "secret", "url", "host", "number", "boolean", "choice"] = "text"
    zh: str
    en: str
    help_zh: str = ""
    help_en: str = ""
    required: bool = True
    default: str | int | bool = ""
    choices: tuple[tuple[str, str, str], ...] = ()  # value, zh, en
    length_max: int = 500


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """A connector in data. `platform` is its folder's name; `channel` is how groups and identities name it, the same as imports do.

    `rate_field` names a number among the fields: how many sends an hour that account may make, instead of `limits.per_account`.
    """

    platform: str
    channel: str
    zh: str
    en: str
    about_zh: str
    about_en: str
    ways: frozenset[Literal["listen", "receive", "send", "chats"]]
    capabilities: Capabilities
    limits: Limits
    fields: tuple[Field, ...]
    rate_field: str = ""
    folds_case: bool = False  # ids that differ in the case of their letters only are the same person's
    ids_per_kind: bool = False  # a chat with somebody and a group may have the same id: they are told apart by their kind
    risk_zh: str = ""  # what may happen to the account, shown before it is connected
    risk_en: str = ""
