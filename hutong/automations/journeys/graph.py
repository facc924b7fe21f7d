"""A journey as JSON: nodes, the edges between them, what is written beside them, and what holds for the whole. `kind` says what a node is."""

from __future__ import annotations

import uuid
from typing import Any, Literal

import msgspec

from hutong.automations.triggers import AnyTrigger, ByHand
from hutong.segments.conditions.nodes import PropertyTest

NODES_MAX = 200
EDGES_MAX = 600
COMMENTS_MAX = 100
BRANCHES_MAX = 20
STEPS_MAX = 1_000  # of one person: a circle of `go_to` ends somewhere
WAIT_SECONDS_MAX = 366 * 86_400
OUT, FAILED, TIMEOUT, OTHERWISE = "out", "failed", "timeout", "otherwise"


class Node(msgspec.Struct, tag_field="kind", forbid_unknown_fields=True, frozen=True, omit_defaults=True, kw_only=True):
    """Base of everything a journey is made of. `name` is what people call it, `note` what they want to remember of it."""

    id: str
    name: str = ""
    note: str = ""
    x: float = 0
    y: float = 0


class Reentry(msgspec.Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """Whether somebody may come in again: never, so many days after they last came in, or whenever they are not in it."""

    kind: Literal["never", "after", "always"] = "never"
    days: int = 0


class Entry(Node, tag="entry", frozen=True, kw_only=True):
    """Where people come in. Ports: `out`."""

    trigger: AnyTrigger = ByHand()
    condition: Any = None
    reentry: Reentry = Reentry()


class Wait(Node, tag="wait", frozen=True, kw_only=True):
    """So many seconds. Ports: `out`."""

    seconds: int = 86_400


class WaitTime(Node, tag="wait_time", frozen=True, kw_only=True):
    """Until it is a time of day on the member's clock, the next that comes; on some days of the week (1 is Monday), or any. Ports: `out`."""

    time: str = "09:00"
    weekdays: list[int] = []


class WaitDate(Node, tag="wait_date", frozen=True, kw_only=True):
    """Until a day that an attribute names, so many days before (negative) or after it, at a time on the member's clock. A birthday comes every year.

    Ports: `out`; `otherwise` for whoever has no such day, or has it behind them.
    """

    attribute: str = ""
    offset_days: int = 0
    time: str = "09:00"
    calendar: Literal["solar", "lunar"] = "solar"
    yearly: bool = False


class Awaited(msgspec.Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """An event that is waited for: its port is `id`. `to_them`: somebody else's that is addressed to them, an answer say."""

    id: str
    event: str
    where: list[PropertyTest] = []
    name: str = ""
    to_them: bool = False


class WaitEvent(Node, tag="wait_event", frozen=True, kw_only=True):
    """Until one of these events happens to them. Ports: of each, and `timeout`."""

    events: list[Awaited] = []
    timeout_seconds: int = 86_400


class Case(msgspec.Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """A way out for whom a condition holds: its port is `id`."""

    id: str
    condition: Any = None
    name: str = ""


class Branch(Node, tag="branch", frozen=True, kw_only=True):
    """The first case whose condition holds. Ports: of each, and `otherwise`."""

    cases: list[Case] = []


class EventCase(msgspec.Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """A way out for whom the event passes tests: its port is `id`."""

    id: str
    where: list[PropertyTest] = []
    name: str = ""


class EventBranch(Node, tag="event_branch", frozen=True, kw_only=True):
    """By what the event says that brought them here: the last they waited for, or that let them in. Ports: of each case, and `otherwise`."""

    cases: list[EventCase] = []


class Arm(msgspec.Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """A share of people: its port is `id`. Whoever is held out is compared with the others: nothing should be done for them."""

    id: str
    weight: int = 50
    name: str = ""
    is_holdout: bool = False


class Split(Node, tag="split", frozen=True, kw_only=True):
    """By chance, in shares; the same person falls into the same arm, whenever they come. Ports: of each arm."""

    arms: list[Arm] = []


class Do(Node, tag="action", frozen=True, kw_only=True):
    """An action of the registry. Ports: `out`; `failed` for whom it was refused, who without that edge go on by `out`."""

    action: str = ""
    settings: dict[str, Any] = {}


class Limit(Node, tag="limit", frozen=True, kw_only=True):
    """So many people in a while; the others wait. Ports: `out`."""

    people: int = 100
    per: Literal["minute", "hour", "day"] = "hour"


class GoTo(Node, tag="go_to", frozen=True, kw_only=True):
    """On at another node."""

    node: str = ""


class Join(Node, tag="join", frozen=True, kw_only=True):
    """Where ways come together. Ports: `out`."""


class Goal(Node, tag="goal", frozen=True, kw_only=True):
    """What the journey is for. Reached by whoever comes here; or, with an `event`, by everybody in the journey to whom it happens within so many
    days of coming in, wherever they are. `ends`: they leave then. Ports: `out`, for who comes here and does not leave.
    """

    event: str = ""
    where: list[PropertyTest] = []
    within_days: int = 30
    ends: bool = True


class Exit(Node, tag="exit", frozen=True, kw_only=True):
    """The end of a way."""


AnyNode = Entry | Wait | WaitTime | WaitDate | WaitEvent | Branch | EventBranch | Split | Do | Limit | GoTo | Join | Goal | Exit


class Edge(msgspec.Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """From a port of a node to another node."""

    source: str
    target: str
    port: str = OUT


class Comment(msgspec.Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """Something written on the canvas."""

    id: str
    text: str = ""
    x: float = 0
    y: float = 0
    width: float = 200
    height: float = 100


class ExitEvent(msgspec.Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """An event with which somebody leaves, wherever they are."""

    event: str
    where: list[PropertyTest] = []


class Rules(msgspec.Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """What holds for the whole: who leaves (asked at every step, or by an event), and that nothing is sent in people's quiet hours."""

    exit_condition: Any = None
    exit_events: list[ExitEvent] = []
    keeps_quiet: bool = True


class Graph(msgspec.Struct, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """The whole."""

    nodes: list[AnyNode] = []
    edges: list[Edge] = []
    comments: list[Comment] = []
    rules: Rules = Rules()
    community: uuid.UUID | None = None  # only what happens there, and who is there


def ports(node: AnyNode) -> list[str]:
    """The ports of a node, in their order."""
    if isinstance(node, GoTo | Exit):
        return []
    if isinstance(node, WaitEvent):
        return [*(one.id for one in node.events), TIMEOUT]
    if isinstance(node, Branch | EventBranch):
        return [*(one.id for one in node.cases), OTHERWISE]
    if isinstance(node, Split):
        return [one.id for one in node.arms]
    if isinstance(node, WaitDate):
        return [OUT, OTHERWISE]
    if isinstance(node, Do):
        return [OUT, FAILED]
    return [OUT]
