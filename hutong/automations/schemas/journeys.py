"""The shapes of journeys at HTTP."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

from ninja import Path, Schema
from pydantic import Field, model_validator

from hutong.automations.schemas.shared import AutomationNamed, AutomationSaid, Body, PageQuery

NAME_LENGTH_MAX = 100
DESCRIPTION_LENGTH_MAX = 300
MEMBERS_MAX = 10_000
NUMBER_MAX = 1_000_000  # of a version
DAYS_MAX = 30

JourneyState = Literal["draft", "on", "paused", "stopping", "stopped"]
Graph = Annotated[
    dict[str, Any],
    Field(
        description="Nodes, the edges between them, comments, and what holds for the whole. See the guide for every kind of node.",
        examples=[
            {
                "nodes": [{"kind": "entry", "id": "a", "trigger": {"kind": "manual"}}, {"kind": "wait", "id": "b", "seconds": 86400}],
                "edges": [{"source": "a", "target": "b", "port": "out"}],
            }
        ],
    ),
]


# Text, as all ids are: JavaScript has no whole numbers as large as these may grow.
EnrolmentId = Annotated[str, Path(pattern=r"^[1-9][0-9]{0,18}$", examples=["73014444032"])]


class JourneyQuery(PageQuery):
    """Which journeys."""

    state: JourneyState | None = None
    q: str = Field("", max_length=100, description="Part of the name.")


class JourneyProblem(Schema):
    """Something to mend before it is published (`is_error`), or to know."""

    node: str
    field: str
    zh: str
    en: str
    is_error: bool


class JourneyOut(Schema):
    """A journey. `goal_rate`: of those who came in, the share who reached a goal; null where it has none."""

    id: uuid.UUID
    name: str
    description: str
    preset: str
    state: JourneyState
    priority: int
    community: AutomationNamed | None
    trigger: AutomationSaid
    published_number: int | None
    has_unpublished_changes: bool
    entered: int
    in_flight: int
    ended: int
    goal_rate: float | None
    errors: int = Field(description="Problems of the draft that keep it from being published.")
    draft_at: dt.datetime
    draft_by: str
    started_at: dt.datetime | None
    created_at: dt.datetime


class JourneyPage(Schema):
    """Journeys."""

    items: list[JourneyOut]
    next_cursor: str | None


class JourneyVersionOut(Schema):
    """A version that was published."""

    number: int
    published_at: dt.datetime
    published_by: str
    in_flight: int


class JourneyFull(JourneyOut):
    """A journey with what is drawn."""

    draft: Graph
    draft_revision: int
    problems: list[JourneyProblem]
    versions: list[JourneyVersionOut]


class JourneyIn(Body):
    """A new journey, empty or from a preset."""

    name: str = Field(max_length=200)
    description: str = Field("", max_length=1_000)
    preset: str = Field("", max_length=40)


class JourneyChange(Body):
    """What to change of it, apart from what is drawn."""

    name: str = Field("", max_length=200)
    description: str = Field("", max_length=1_000)
    priority: int = Field(0, ge=-100, le=100)


class JourneyDraftIn(Body):
    """What is drawn now. `revision`: the one it was drawn on."""

    graph: Graph
    revision: int


class JourneyDraftOut(Schema):
    """Kept, whatever is wrong with it."""

    revision: int
    problems: list[JourneyProblem]


class JourneyReach(Schema):
    """How many may come in."""

    count: int
    is_exact: bool
    zh: str
    en: str


class JourneySends(Schema):
    """What a node that writes to people asks of the platforms."""

    node: str
    zh: str
    en: str


class JourneyCheckOut(Schema):
    """Everything that is wrong with it, everything to know, and how many it is for."""

    problems: list[JourneyProblem]
    reach: JourneyReach | None


class JourneyPublicationIn(Body):
    """Publish the draft of a revision. People in flight `stay` on their version, or `move` to the new one, where it has their node."""

    revision: int
    in_flight: Literal["stay", "move"] = "stay"
    start: bool = True


class JourneyStateIn(Body):
    """Set it going, pause it (nobody goes on, nothing is sent), or stop it (everybody leaves)."""

    state: Literal["on", "paused", "stopped"]


class JourneyVersionFull(JourneyVersionOut):
    """A version with what was drawn."""

    graph: Graph


class JourneySendCounts(Schema):
    """What became of a node's messages."""

    queued: int
    sent: int
    failed: int
    cancelled: int


class JourneyNodeNumbers(Schema):
    """How many came to a node, wait there, came out, and for how many its action was not done."""

    entered: int
    waiting: int
    done: int
    failed: int
    ports: dict[str, int]
    sends: JourneySendCounts | None


class JourneyArmNumbers(Schema):
    """One arm of a split: how many reached the goal, as a share, with a 95 % interval."""

    split: str
    arm: str
    name: str
    is_holdout: bool
    people: int
    reached: int
    rate: float | None
    low: float | None
    high: float | None


class JourneyLift(Schema):
    """How much more often the others reach the goal than the holdout: a difference of shares, with a 95 % interval."""

    split: str
    value: float
    low: float
    high: float


class JourneyGoalNumbers(Schema):
    """A goal, and how the arms of each split reach it."""

    node: str
    reached: int
    rate: float | None
    arms: list[JourneyArmNumbers]
    lifts: list[JourneyLift]


class JourneyNumbers(Schema):
    """Everything that is counted of a version, or of all."""

    version: int | None
    entered: int
    in_flight: int
    ended: dict[str, int]
    nodes: dict[str, JourneyNodeNumbers]
    goals: list[JourneyGoalNumbers]


class JourneyNumbersQuery(Schema):
    """Of a version; without, of all."""

    version: int | None = Field(None, ge=1, le=NUMBER_MAX)


class JourneyPeopleQuery(PageQuery):
    """People at a node: those who wait there, passed it, for whom its action failed; or who ended. Without a node: of the whole journey."""

    node: str = Field("", max_length=20)
    show: Literal["waiting", "passed", "failed", "ended"] = "waiting"
    version: int | None = Field(None, ge=1, le=NUMBER_MAX)
    member_id: uuid.UUID | None = None


class JourneyPerson(Schema):
    """Somebody in a journey."""

    enrolment: str
    member: AutomationNamed
    version: int
    node: str
    since: dt.datetime
    due_at: dt.datetime | None
    state: Literal["waiting", "ended"]
    ended_as: str
    detail: AutomationSaid | None


class JourneyPeople(Schema):
    """People in a journey."""

    items: list[JourneyPerson]
    next_cursor: str | None


class JourneyStep(Schema):
    """A node that was passed; `port` empty: they ended there."""

    node: str
    at: dt.datetime
    port: str
    outcome: Literal["done", "unchanged", "refused", "failed"]
    detail: AutomationSaid | None


class EnrolmentOut(Schema):
    """One person's way."""

    id: str
    journey: AutomationNamed
    version: int
    member: AutomationNamed
    entered_at: dt.datetime
    state: Literal["waiting", "ended"]
    ended_as: str
    ended_at: dt.datetime | None
    node: str
    due_at: dt.datetime | None
    steps: list[JourneyStep]


class MemberJourneyQuery(PageQuery):
    """Whose journeys; with a `state`, only those they are in, or those that have ended."""

    member_id: uuid.UUID
    state: Literal["waiting", "ended"] | None = None


class JourneyNodeNamed(AutomationSaid):
    """A node by the name somebody gave it, or by what it does."""

    id: str


class MemberJourney(Schema):
    """A member in a journey."""

    enrolment: str
    journey: AutomationNamed
    journey_state: JourneyState
    version: int
    state: Literal["waiting", "ended"]
    node: JourneyNodeNamed = Field(description="Where they are, or ended.")
    entered_at: dt.datetime
    since: dt.datetime = Field(description="At this node.")
    due_at: dt.datetime | None = Field(description="When they go on by themselves.")
    waits_for: list[AutomationSaid] = Field(description="Events with which they go on earlier.")
    ended_at: dt.datetime | None
    ended_as: str = Field(examples=["finished", "goal", "exit", "left", "stopped", "failed", "merged", "removed"])
    detail: AutomationSaid | None = Field(description="Why it ended.")
    goals: list[JourneyNodeNamed] = Field(description="Goals they reached.")


class MemberJourneyPage(Schema):
    """Journeys of a member, the newest first."""

    items: list[MemberJourney]
    next_cursor: str | None


class EnrolmentsIn(Body):
    """Whom to let in: some members, or everybody in a segment. `properties` are kept with them, for personal fields. The same `key` lets in once."""

    member_ids: list[uuid.UUID] = Field([], max_length=MEMBERS_MAX)
    segment_id: uuid.UUID | None = None
    properties: dict[str, Any] = {}
    key: str = Field("", max_length=100)

    @model_validator(mode="after")
    def _one_of_them(self) -> EnrolmentsIn:
        if bool(self.member_ids) == (self.segment_id is not None):
            raise ValueError("give member_ids or segment_id")
        return self


class StartOut(Schema):
    """Many people being let in: how far it is."""

    id: uuid.UUID
    state: Literal["running", "done", "cancelled"]
    people: int
    seen: int
    entered: int
    refused: dict[str, int]
    by_name: str
    created_at: dt.datetime
    finished_at: dt.datetime | None


class DryRunIn(Body):
    """Try the draft on a member, or on what happened in the last days. Nothing is written or sent."""

    member_id: uuid.UUID | None = None
    days: int | None = Field(None, ge=1, le=DAYS_MAX)

    @model_validator(mode="after")
    def _one_of_them(self) -> DryRunIn:
        if (self.member_id is None) == (self.days is None):
            raise ValueError("give member_id or days")
        return self


class DryStep(Schema):
    """What would happen at a node, and when."""

    node: str
    at: dt.datetime
    port: str
    outcome: Literal["done", "unchanged", "refused", "failed"]
    zh: str
    en: str


class DryPerson(Schema):
    """What would happen to somebody. `refused`: why they would not come in."""

    member: AutomationNamed
    refused: str
    ended_as: str
    steps: list[DryStep]


class DryRunOut(Schema):
    """A try: how far it is, and what would happen."""

    id: uuid.UUID
    state: Literal["running", "done", "failed"]
    matched: int
    people: int
    looked_at: int
    is_cut: bool = Field(description="More happened than was looked at.")
    refused: dict[str, int]
    nodes: dict[str, int] = Field(description="How many would come to each node.")
    actions: dict[str, dict[str, int]] = Field(description="At each node that acts: done, unchanged, refused.")
    ended: dict[str, int]
    examples: list[DryPerson]
    error: AutomationSaid | None


class JourneyPresetOut(Schema):
    """A journey to begin with."""

    key: str
    zh: str
    en: str
    description_zh: str
    description_en: str
    category: Literal["welcome", "care", "sell", "keep", "service"]
    graph: Graph


class JourneyPresetList(Schema):
    """Journeys to begin with."""

    items: list[JourneyPresetOut]


class JourneyCapBody(Body):
    """How many messages all journeys together send to one person in so many days; 0: any number."""

    messages: int = Field(0, ge=0, le=100)
    days: int = Field(1, ge=1, le=90)
