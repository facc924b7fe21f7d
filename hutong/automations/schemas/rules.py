"""The shapes of rules at HTTP."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from hutong.automations.schemas.shared import (
    ACTION_NAME_LENGTH_MAX,
    ID_LENGTH_MAX,
    AutomationNamed,
    AutomationProblem,
    AutomationSaid,
    Body,
    PageQuery,
    Settings,
    Trigger,
)

NAME_LENGTH_MAX = 100
DESCRIPTION_LENGTH_MAX = 300
ACTIONS_MAX = 20
COOLDOWN_SECONDS_MAX = 366 * 86_400
TIMES_MAX = 1_000
DAYS_MAX = 366
PRIORITY_MAX = 1_000
REPLAY_DAYS_MAX = 30

Name = Annotated[str, Field(min_length=1, max_length=2 * NAME_LENGTH_MAX, examples=["首次下单道谢"])]
Description = Annotated[str, Field(max_length=2 * DESCRIPTION_LENGTH_MAX)]
Wall = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=["09:00"])]
RunState = Literal["done", "skipped", "waiting", "failed"]
TriggerKind = Literal["event", "segment", "schedule", "date"]
Condition = Annotated[Any, Field(description="A condition, as `GET /conditions/schema` says; null: everybody.")]


class RuleAction(Body):
    """One of the actions, in their order. `id` is its name within the rule."""

    id: str = Field(min_length=1, max_length=ID_LENGTH_MAX, pattern=r"^[A-Za-z0-9_-]+$", examples=["a1"])
    action: str = Field(max_length=ACTION_NAME_LENGTH_MAX, examples=["tag.add"])
    settings: Settings = {}


class FollowingOut(Schema):
    """What is done besides. Numbers are of the last seven days."""

    rule_id: uuid.UUID | None = Field(description="Of the rule that does it: its log is `rules_runs`; null where nothing is done.")
    actions: list[RuleAction]
    done: int
    skipped: int
    failed: int


class RuleHours(Body):
    """When it acts, on the community's clock; over midnight where `to` is before `from`, the whole day where they are the same.

    Days: 1 is Monday. `otherwise`: what happens outside is passed over, or waits for the next such hour.
    """

    days: list[Annotated[int, Field(ge=1, le=7)]] = Field([1, 2, 3, 4, 5, 6, 7], min_length=1, max_length=7)
    from_: Wall = Field("09:00", alias="from")
    to: Wall = "21:00"
    otherwise: Literal["skip", "wait"] = "skip"


Actions = Annotated[list[RuleAction], Field(max_length=ACTIONS_MAX)]


class RuleIn(Body):
    """A rule: when something happens, if a condition holds, actions are done."""

    name: Name
    description: Description = ""
    preset: str = Field("", max_length=40, description="The preset it was made from.")
    community_id: uuid.UUID | None = Field(None, description="Only what happens there; null: anywhere.")
    trigger: Trigger
    condition: Condition = None
    actions: Actions = []
    cooldown_seconds: int = Field(0, ge=0, le=COOLDOWN_SECONDS_MAX, description="For the same person.")
    cap_times: int = Field(0, ge=0, le=TIMES_MAX, description="For the same person within `cap_days`; 0: any number.")
    cap_days: int = Field(0, ge=0, le=DAYS_MAX, description="0: for ever.")
    hours: RuleHours | None = None
    priority: int = Field(0, ge=-PRIORITY_MAX, le=PRIORITY_MAX, description="Higher first.")
    is_last: bool = Field(False, description="Where it acted, rules after it do not, for the same event and person.")
    is_on: bool = False


class RuleChange(Body):
    """What is to change. `version` is the one the change was made from."""

    version: int
    name: Name | None = None
    description: Description | None = None
    community_id: uuid.UUID | None = None
    trigger: Trigger | None = None
    condition: Condition = None
    actions: Actions | None = None
    cooldown_seconds: int | None = Field(None, ge=0, le=COOLDOWN_SECONDS_MAX)
    cap_times: int | None = Field(None, ge=0, le=TIMES_MAX)
    cap_days: int | None = Field(None, ge=0, le=DAYS_MAX)
    hours: RuleHours | None = None
    priority: int | None = Field(None, ge=-PRIORITY_MAX, le=PRIORITY_MAX)
    is_last: bool | None = None
    is_on: bool | None = None


class RuleActionSaid(AutomationSaid):
    """An action in words."""

    id: str


class RuleSentences(Schema):
    """A rule in words."""

    trigger: AutomationSaid
    condition: AutomationSaid | None
    actions: list[RuleActionSaid]


class RuleDay(Schema):
    """How often it came to each end on a local day."""

    day: dt.date
    done: int
    skipped: int
    failed: int


class RuleLastRun(Schema):
    """When somebody last met it."""

    at: dt.datetime
    state: RunState


class RuleOut(Schema):
    """A rule with what is said and counted of it."""

    id: uuid.UUID
    name: str
    description: str
    preset: str
    follows: str = Field(
        description="What it belongs to and is changed with; empty: a rule of its own.",
        examples=["keyword_reply:0197f3a0-0000-7000-8000-000000000001"],
    )
    is_on: bool
    community: AutomationNamed | None
    trigger: Trigger
    condition: Condition
    actions: list[RuleAction]
    cooldown_seconds: int
    cap_times: int
    cap_days: int
    hours: RuleHours | None
    priority: int
    is_last: bool
    version: int
    sentences: RuleSentences
    problems: list[AutomationProblem] = Field(description="What it names that is gone; with any it does nothing.")
    days: list[RuleDay] = Field(description="The last seven, today's last.")
    done: int = Field(description="Of those days.")
    skipped: int
    failed: int
    last_run: RuleLastRun | None
    started_at: dt.datetime | None = Field(description="Last switched on: what happened before is none of its business.")
    created_by: str
    changed_by: str
    created_at: dt.datetime
    updated_at: dt.datetime


class RulePage(Schema):
    """Rules: those that are on first, then by priority."""

    items: list[RuleOut]
    next_cursor: str | None
    total: int


class RuleQuery(PageQuery):
    """Which rules."""

    state: Literal["on", "off"] | None = None
    q: str = Field("", max_length=100, description="Part of a name or description.")
    trigger: TriggerKind | None = None


class RulePresetBody(Schema):
    """The rule as it begins; what must be chosen first is empty."""

    name: AutomationSaid
    trigger: Trigger
    condition: Condition
    actions: list[RuleAction]
    cooldown_seconds: int
    cap_times: int
    cap_days: int
    hours: RuleHours | None
    priority: int
    is_last: bool


class RulePresetOut(AutomationSaid):
    """A rule to begin with. `zh` and `en` name it."""

    key: str = Field(examples=["birthday"])
    description_zh: str
    description_en: str
    category: Literal["newcomers", "orders", "care", "service", "festivals", "outside"]
    rule: RulePresetBody
    needs: list[str] = Field(description="Fields a person must fill.", examples=[["actions.0.settings.tag_id"]])


class RulePresetList(Schema):
    """The gallery."""

    items: list[RulePresetOut]


class RuleOutcome(AutomationSaid):
    """How an action went for somebody."""

    id: str = Field(description="The action's, within the rule.")
    state: Literal["done", "unchanged", "refused", "failed"]
    reason: str


class RunReason(AutomationSaid):
    """Why nothing was done, or what went wrong."""

    code: str = Field(examples=["cooldown"])


class RuleRunOut(Schema):
    """One person who met a rule."""

    id: str
    rule: AutomationNamed
    member: AutomationNamed | None = Field(description="Who they are now.")
    event: str = Field(description="What happened; empty: it was time.")
    event_name: AutomationSaid
    at: dt.datetime
    state: RunState
    reason: RunReason | None
    outcomes: list[RuleOutcome]
    due_at: dt.datetime | None = Field(description="Until when it waits for the rule's hours.")


class RuleRunPage(Schema):
    """Runs, the newest first."""

    items: list[RuleRunOut]
    next_cursor: str | None


class RuleRunQuery(PageQuery):
    """Which runs of a rule."""

    state: RunState | None = None
    member_id: uuid.UUID | None = None


class MemberRunQuery(PageQuery):
    """Whose runs."""

    member_id: uuid.UUID


class RuleOccasion(Body):
    """Something made up that happens to the member."""

    event: str = Field("", max_length=200)
    text: str = Field("", max_length=5_000)
    channel: str = Field("", max_length=30)
    group_id: uuid.UUID | None = None
    properties: dict[str, Any] = {}


class RuleTrialIn(Body):
    """A rule to try, as if it were saved and on; `rule_id` where there is one, whose cooldown and cap then count.

    On a member: with a real event of theirs, something made up, or neither, where their latest event of that name is taken. Or, with `days`, on
    what really happened lately.
    """

    rule: RuleIn
    rule_id: uuid.UUID | None = None
    member_id: uuid.UUID | None = None
    event_id: str = Field("", max_length=200)
    occasion: RuleOccasion | None = None
    days: int | None = Field(None, ge=1, le=REPLAY_DAYS_MAX)


class TrialPart(AutomationSaid):
    """A part of a condition."""

    holds: bool


class TrialStep(Schema):
    """One of the checks: whether it is passed, and in words why."""

    check: Literal["trigger", "hours", "cooldown", "cap", "condition"]
    passes: bool
    zh: str
    en: str
    parts: list[TrialPart] = Field([], description="Of a condition: its parts, each by itself.")


class TrialOfMember(Schema):
    """What would happen to a member. Nothing was written."""

    member: AutomationNamed
    event: str
    occurred_at: dt.datetime | None
    acts: bool
    steps: list[TrialStep]
    outcomes: list[RuleOutcome] = Field(description="How each action would go, whether or not the checks are passed.")


class TrialExample(Schema):
    """Somebody for whom it would have acted."""

    at: dt.datetime
    member: AutomationNamed


class TrialReason(RunReason):
    """Why it would not have acted, and how often."""

    count: int


class TrialOfDays(Schema):
    """What would have happened, by the condition as it holds now."""

    since: dt.datetime
    events: int = Field(description="That set it off.")
    people: int
    acts: int
    acts_people: int
    reasons: list[TrialReason]
    examples: list[TrialExample]
    is_cut: bool = Field(description="There were more: only the newest were looked at.")


class RuleTrialOut(Schema):
    """One of the two, as was asked."""

    member: TrialOfMember | None = None
    days: TrialOfDays | None = None
