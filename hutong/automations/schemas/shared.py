"""The shapes that rules and journeys share: actions and their forms, triggers, and what is said of both."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from hutong.foundation.acting import FieldKind

ACTION_NAME_LENGTH_MAX = 60
ID_LENGTH_MAX = 20

ActionKind = Literal["message", "member", "staff", "outside", "automation"]
Settings = Annotated[
    dict[str, Any], Field(description="By the names of the action's fields.", examples=[{"tag_id": "0197f3a0-0000-7000-8000-000000000001"}])
]
Trigger = Annotated[
    dict[str, Any],
    Field(
        description="What sets it off; `kind`: event, segment, schedule, date or, of journeys, manual.",
        examples=[{"kind": "event", "event": "order_paid", "where": [{"property": "amount", "type": "number", "op": "at_least", "value": 100}]}],
    ),
]


class Body(Schema):
    """Base of request bodies: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class AutomationSaid(Schema):
    """Something in words."""

    zh: str
    en: str


class AutomationNamed(Schema):
    """Something by id and name."""

    id: uuid.UUID
    name: str


class AutomationProblem(Schema):
    """What is wrong, and at which field."""

    field: str = Field(examples=["actions.0.settings.tag_id"])
    zh: str
    en: str


class ActionChoiceOut(Schema):
    """One of the values a field may have."""

    value: str
    zh: str
    en: str


class ActionCondition(Schema):
    """A field is shown where another has one of these values."""

    field: str
    values: list[str]


class ActionFieldOut(Schema):
    """A field of an action's form. A `value` is of the type of the attribute that the field named `of` chooses; a duration is in seconds."""

    name: str = Field(examples=["tag_id"])
    kind: FieldKind
    zh: str
    en: str
    hint_zh: str
    hint_en: str
    is_required: bool
    default: Any = None
    choices: list[ActionChoiceOut]
    takes_fields: bool = Field(description="Personal fields may stand in the text.")
    mentions_all: bool = Field(description="The message may call everybody in a group.")
    sends: str = Field(description="What the account must be able to send, among `sends` of accounts.", examples=["data"])
    of: str
    only_if: ActionCondition | None


class AutomationActionOut(Schema):
    """Something that can be done."""

    name: str = Field(examples=["tag.add"])
    zh: str
    en: str
    kind: ActionKind
    permission: str = Field(description="The right whoever uses it must hold.", examples=["members.tag"])
    is_allowed: bool = Field(description="The caller holds it.")
    fields: list[ActionFieldOut]


class AutomationActionList(Schema):
    """Every action, in the order in which they are offered."""

    items: list[AutomationActionOut]


class ActionSentenceIn(Body):
    """An action with its settings."""

    action: str = Field(max_length=ACTION_NAME_LENGTH_MAX, examples=["tag.add"])
    settings: Settings = {}


class TriggerSentenceIn(Body):
    """A trigger."""

    trigger: Trigger


class TriggerSaidOut(AutomationSaid):
    """A trigger in words. `dates`: the next moments of a schedule."""

    dates: list[dt.datetime]
    unknown_years: list[int] = Field(description="Years among the dates whose public holidays are not known yet.")


class PageQuery(Schema):
    """Where in a list, and how much of it."""

    cursor: str | None = Field(None, max_length=2_000)
    limit: int = Field(50, ge=1, le=200)
