"""Actions 动作: what can be done for members when something happens. A module declares each once; rules, journeys and all else that automates run it.

An action is planned before the turn to write, for many members at once, and written within it. A dry run plans and writes nothing, so that it
says what would happen by the same words.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Settings = Mapping[str, Any]  # of an action, by the names of its fields, as `check` gave them: plain JSON
Said = tuple[str, str]  # zh, en

FieldKind = Literal[
    "text", "long_text", "number", "boolean", "choice", "duration", "moment", "message", "properties",
    "tag", "attribute", "value", "segment", "journey", "staff", "account", "accounts", "group", "event",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of the values a field may have."""

    value: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of an action's form. `value` is of the type of the attribute that the field named `of` chooses; durations are in seconds.

    With `takes_fields` personal fields may stand in the text, with `mentions_all` a message may call everybody. `sends`: what the platform of
    an account must be able to send, as its connector says it. `only_if`: shown where another field has one of these values.
    """

    name: str
    kind: FieldKind
    zh: str
    en: str
    hint_zh: str = ""
    hint_en: str = ""
    is_required: bool = True
    default: Any = None
    choices: tuple[Choice, ...] = ()
    takes_fields: bool = False
    mentions_all: bool = False
    sends: str = ""
    of: str = ""
    only_if: tuple[str, tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What happened that is answered; with `event` empty, nothing but time or a person brought it about."""

    event: str = ""
    event_id: str = ""
    occurred_at: float = 0.0  # Unix seconds
    group_id: uuid.UUID | None = None
    community_id: uuid.UUID | None = None
    channel: str = ""
    text: str = ""
    properties: Mapping[str, Any] = field(default_factory=dict)
    depth: int = 0  # automations that led to it, one through what another did


NOTHING = Occasion()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody for whom an action is done. `key` names this doing for ever: every effect carries it, so that it is there once."""

    key: str
    member_id: uuid.UUID
    occasion: Occasion = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Doer:
    """On whose account it is done: `source` as rows say it (`rule:<id>`, `journey:<id>`), `name` for people. `told_by` as events say it, and rows of
    which events tell later: it has the depth too.

    `lane`: the lane of the outbox that holds its messages, where it has one.
    """

    workspace_id: uuid.UUID
    source: str
    told_by: str
    name: str
    lane: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went for one person. `done`; `unchanged`: it was so already; `refused`: not for them, for a reason a manager understands."""

    state: Literal["done", "unchanged", "refused"]
    zh: str = ""
    en: str = ""
    reason: str = ""  # a code, of a refusal


DONE = Outcome("done")
UNCHANGED = Outcome("unchanged")


def write_nothing() -> None:
    """Nothing is to be written."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would happen to each person, in their order; `write` makes it so, within the caller's transaction."""

    outcomes: Sequence[Outcome]
    write: Callable[[], None] = write_nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """An event that an action brings about, with the properties it is known to have: by these, circles are found before they turn."""

    event: str
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """What somebody should know of an action before it runs for `people` members."""

    field: str
    zh: str
    en: str
    is_error: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something that can be done. `permission`: the right whoever puts it into a rule or a journey must hold.

    `check` reads what somebody filled in (raises Invalid at the names of fields) and gives what is kept. `say` tells in one sentence, in both
    languages, what it does. `plan` looks at people, at most some thousands, and must not fail for one person's sake: that is a refused outcome.
    `warn` says, for so many people, what to look at before (limits, consent); it raises Invalid as `check` does where what was chosen is gone.
    """

    name: str  # noun.verb
    zh: str
    en: str
    kind: Literal["message", "member", "staff", "outside", "automation"]
    permission: str
    fields: tuple[Field, ...]
    check: Callable[[uuid.UUID, Settings], dict[str, Any]]
    say: Callable[[uuid.UUID, Settings], Said]
    plan: Callable[[Doer, Settings, Sequence[Person]], Plan]
    causes: Callable[[Settings], Sequence[Cause]] = lambda _settings: ()
    warn: Callable[[uuid.UUID, Settings, int], Sequence[Caution]] = lambda _workspace_id, _settings, _people: ()
