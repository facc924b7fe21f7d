"""The language: every node a condition can be made of, as JSON. `kind` says which.

Text is compared without regard to the case of Latin letters. Numbers are compared to the millionth. Days are local: those stored
with an event, and today where the condition is asked. A condition that says "not" holds for exactly the members for whom the
same without "not" does not.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

NODES_MAX = 200
DEPTH_MAX = 10
VALUES_MAX = 1_000
DAYS_MAX = 3_650
TIMES_MAX = 1_000_000

TEXT_OPERATORS = ("is", "is_not", "contains", "contains_not", "starts_with", "in", "in_not", "empty", "empty_not")
NUMBER_OPERATORS = ("is", "is_not", "at_least", "at_most", "between", "empty", "empty_not")
DATE_OPERATORS = ("is", "is_not", "before", "after", "between", "in_last_days", "in_next_days", "empty", "empty_not")
BIRTHDAY_OPERATORS = ("is", "is_not", "between", "in_last_days", "in_next_days", "empty", "empty_not")
LIST_OPERATORS = ("has_any", "has_all", "has_none", "empty", "empty_not")
BOOLEAN_OPERATORS = ("is", "is_not", "empty", "empty_not")
COUNT_OPERATORS = ("at_least", "at_most", "exactly", "between")

OPERATORS: dict[str, tuple[str, ...]] = {
    "text": TEXT_OPERATORS,
    "number": NUMBER_OPERATORS,
    "date": DATE_OPERATORS,
    "birthday": BIRTHDAY_OPERATORS,
    "list": LIST_OPERATORS,
    "boolean": BOOLEAN_OPERATORS,
}


class Node(msgspec.Struct, tag_field="kind", forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """Base of everything a condition is made of."""


class LastDays(Node, tag="last_days", frozen=True):
    """The last `days` local days, today included."""

    days: int


class Since(Node, tag="since", frozen=True):
    """From a local day on: `2026-11-01`."""

    date: str


class Between(Node, tag="between", frozen=True):
    """From one local day to another, both included."""

    first: str
    last: str


class Ever(Node, tag="ever", frozen=True):
    """Any day."""


Window = LastDays | Since | Between | Ever


class PropertyTest(msgspec.Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """A test of one property of an event. A value of another type counts as none.

    Beside the event's own properties there are `$text`, `$channel`, `$characters`, `$is_reply` and `$is_question`.
    """

    property: str
    type: Literal["text", "number", "boolean", "list"]
    op: str
    value: Any = None


class Measure(msgspec.Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """What is counted of the events: how many, or something of a property. `first` and `last` go by time."""

    of: Literal["count", "sum", "average", "least", "greatest", "first", "last"] = "count"
    property: str = ""
    type: Literal["text", "number", "boolean"] = "number"


class Did(Node, tag="event", frozen=True):
    """What the events of one name, that pass every test and lie in the window, come to. A count or sum of none is 0; every other measure
    of none fails.
    """

    event: str
    where: list[PropertyTest] = []
    measure: Measure = Measure()
    op: str = "at_least"
    value: Any = 1
    window: Window = Ever()
    community: str | None = None
    group: str | None = None


class Step(msgspec.Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """One event of a sequence."""

    event: str
    where: list[PropertyTest] = []


class Sequence(Node, tag="sequence", frozen=True):
    """One event in the window, then another, later and within `within_minutes`."""

    first: Step
    then: Step
    within_minutes: int
    window: Window = Ever()


class Attribute(Node, tag="attribute", frozen=True):
    """A test of something known about the member. `$first_seen` (date), `$name` (text), `$channels` (list), `$is_anonymous` and `$is_bot`
    are known of everyone.
    """

    key: str
    op: str
    value: Any = None


class Score(Node, tag="score", frozen=True):
    """A test of a number computed about the member."""

    score: str
    op: str
    value: Any = None


class Tag(Node, tag="tag", frozen=True):
    """Has a tag."""

    tag: str


class Segment(Node, tag="segment", frozen=True):
    """Is in a segment."""

    segment: str


class Community(Node, tag="community", frozen=True):
    """Is in a group of a community now."""

    community: str


class Group(Node, tag="group", frozen=True):
    """Is in a group now."""

    group: str


class Consent(Node, tag="consent", frozen=True):
    """Has agreed to a purpose and not withdrawn."""

    purpose: str


class All(Node, tag="all", frozen=True):
    """Every one holds. None: everybody."""

    of: list[Condition]


class AnyOf(Node, tag="any", frozen=True):
    """At least one holds. None: nobody."""

    of: list[Condition]


class Not(Node, tag="not", frozen=True):
    """It does not hold."""

    of: Condition


Leaf = Did | Sequence | Attribute | Score | Tag | Segment | Community | Group | Consent
Condition = All | AnyOf | Not | Leaf


def is_timed(raw: Any) -> bool:
    """Whether time alone can change what a condition, given as JSON, says of a member."""
    left = [raw]
    while left:
        one = left.pop()
        if isinstance(one, list):
            left.extend(one)
        elif isinstance(one, dict):
            if one.get("kind") == "last_days" or one.get("op") in ("in_last_days", "in_next_days"):
                return True
            left.extend(one.values())
    return False
