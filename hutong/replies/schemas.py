"""The shapes of keyword replies at HTTP."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from hutong.automations.schemas.rules import Actions, FollowingOut
from hutong.channels.messages import PartOut, Parts
from hutong.foundation.pages import PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX
from hutong.members.schemas import Body
from hutong.replies.matching.folding import TEXT_SCANNED_MAX, VARIANTS

NAME_LENGTH_MAX = 100
KEYWORD_LENGTH_MAX = 100
KEYWORDS_MAX = 100  # of one rule
ANSWERS_MAX = 20
PRIORITY_MAX = 1_000
SCOPE_MAX = 500
COOLDOWN_SECONDS_MAX = 7 * 86_400
SYNONYM_GROUPS_MAX = 1_000
SYNONYMS_MAX = 50  # words of one group

Way = Literal["exact", "contains", "regex"]
Variant = Literal["case", "width", "script", "gaps", "pinyin", "synonyms"]
Place = Literal["all", "groups", "private"]
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=["09:00"])]
Why = Literal["", "scope", "place", "mention", "hours", "private", "group_cooldown", "member_cooldown", "rank"]


class ReplyKeyword(Body):
    """A word and how it is looked for: the whole message, within it, or as a regular expression (RE2)."""

    text: str = Field(min_length=1, max_length=400, examples=["几点开门"])
    way: Way = "contains"


class ReplyHours(Body):
    """When it answers, on the community's clock; over midnight where it ends before it begins. Days: 0 is Monday."""

    begin: Clock
    end: Clock
    days: list[Annotated[int, Field(ge=0, le=6)]] = Field(min_length=1, max_length=7, examples=[[0, 1, 2, 3, 4]])


class ReplyAnswerIn(Body):
    """One of the answers; among several, chance decides by weight."""

    weight: int = Field(1, ge=1, le=100)
    parts: Parts


class ReplyAnswerOut(Schema):
    """One of the answers."""

    weight: int
    parts: list[PartOut]


class ReplyRuleIn(Body):
    """A keyword reply. With neither communities nor groups it answers everywhere."""

    name: str = Field(min_length=1, max_length=2 * NAME_LENGTH_MAX, examples=["营业时间"])
    is_enabled: bool = True
    priority: int = Field(100, ge=0, le=PRIORITY_MAX)
    keywords: list[ReplyKeyword] = Field(min_length=1, max_length=KEYWORDS_MAX)
    variants: list[Variant] = Field(
        ["case", "width", "script", "gaps", "pinyin", "synonyms"], max_length=len(VARIANTS), description="Ways of writing that count as the same."
    )
    place: Place = "all"
    community_ids: list[uuid.UUID] = Field([], max_length=SCOPE_MAX)
    group_ids: list[uuid.UUID] = Field([], max_length=SCOPE_MAX)
    needs_mention: bool = Field(False, description="In groups only when the account is mentioned.")
    hours: ReplyHours | None = None
    group_cooldown_seconds: int = Field(0, ge=0, le=COOLDOWN_SECONDS_MAX)
    member_cooldown_seconds: int = Field(0, ge=0, le=COOLDOWN_SECONDS_MAX)
    answers: list[ReplyAnswerIn] = Field(
        [], max_length=ANSWERS_MAX, description="May be empty where it hands over to a person or does something else."
    )
    is_private: bool = Field(False, description="Answers to the person alone, where the platform allows it.")
    quotes: bool = False
    hands_over: bool = Field(False, description="Calls a person: the message appears in the inbox.")
    actions: Actions | None = Field(None, description="What else is done for whoever is answered; null: as it is.")


class ReplyRuleChange(ReplyRuleIn):
    """The whole rule anew. `version` is the one the change was made from."""

    version: int | None = None


class ReplyRuleSwitch(Body):
    """On or off."""

    is_enabled: bool


class ReplyRuleOut(Schema):
    """A keyword reply with what is counted of it."""

    id: uuid.UUID
    name: str
    is_enabled: bool
    priority: int
    keywords: list[ReplyKeyword]
    variants: list[Variant]
    place: Place
    community_ids: list[uuid.UUID]
    group_ids: list[uuid.UUID]
    needs_mention: bool
    hours: ReplyHours | None
    group_cooldown_seconds: int
    member_cooldown_seconds: int
    answers: list[ReplyAnswerOut]
    is_private: bool
    quotes: bool
    hands_over: bool
    following: FollowingOut = Field(description="What else is done for whoever is answered.")
    version: int
    hits: int = Field(description="Answers in the last 30 days.")
    last_hit_at: dt.datetime | None
    created_at: dt.datetime
    updated_at: dt.datetime
    changed_by_name: str


class ReplyRulePage(Schema):
    """Rules, highest priority first."""

    items: list[ReplyRuleOut]
    next_cursor: str | None
    total: int


class ReplyRuleQuery(Schema):
    """Which rules."""

    q: str = Field("", max_length=100, description="Part of a name or keyword.")
    is_enabled: bool | None = None
    cursor: str | None = Field(None, max_length=2_000)
    limit: int = Field(PAGE_SIZE_DEFAULT, ge=1, le=PAGE_SIZE_MAX)


class ReplyDayHits(Schema):
    """Answers on a local day."""

    day: dt.date
    hits: int


class ReplyHitsOut(Schema):
    """Answers by day, the days without any included."""

    items: list[ReplyDayHits]


class ReplyTestIn(Body):
    """A message to try. With `rule`, as if that were saved (in place of the rule with that id, or as a new one)."""

    text: str = Field(max_length=TEXT_SCANNED_MAX, examples=["请问几點开门呀？"])
    group_id: uuid.UUID | None = Field(None, description="Where it is said; null with `is_private` false: in some group of no community.")
    member_id: uuid.UUID | None = None
    is_private: bool = False
    is_mentioned: bool = False
    at: dt.datetime | None = None
    rule: ReplyRuleIn | None = None
    rule_id: uuid.UUID | None = None


class ReplyTestedOut(Schema):
    """A rule whose keyword is in the message. `why` empty: it answers; otherwise what speaks against it."""

    rule_id: uuid.UUID | None
    name: str
    priority: int
    keyword: str
    way: Way
    word: str = Field(description="What was found: the keyword, or a synonym of it.")
    length: int
    steps: list[Variant] = Field(description="The variants it took; none: as it is written.")
    why: Why


class ReplyTestProblem(Schema):
    """Why the rule that was given could not be tried."""

    field: str
    message: str


class ReplyTestOut(Schema):
    """Which rule answers, first of all those that fit the words, and the answer it might give."""

    items: list[ReplyTestedOut]
    folded: str = Field(description="The message as it is compared.")
    answer: list[PartOut]
    problems: list[ReplyTestProblem] = Field(description="Of the `rule` that was given; with any, it is left out.")


class ReplyConflictSide(Schema):
    """One side of a conflict."""

    id: uuid.UUID
    name: str
    priority: int


class ReplyConflictOut(Schema):
    """Whoever writes the keyword of one rule is answered by another."""

    kind: Literal["same", "contained"]
    winner: ReplyConflictSide
    loser: ReplyConflictSide
    winner_keyword: str
    loser_keyword: str


class ReplyConflictPage(Schema):
    """Conflicts, the rule that loses by its order."""

    items: list[ReplyConflictOut]
    next_cursor: str | None
    total: int
    is_cut: bool = Field(description="There are more than are listed.")


class ReplyQuestionOut(Schema):
    """A question that no rule and nobody answered."""

    id: uuid.UUID
    event_id: str = Field(description="Of the message: it opens a conversation (`conversations_open`).")
    text: str
    asked_at: dt.datetime
    group_id: uuid.UUID
    group_name: str
    community_name: str
    member_id: uuid.UUID
    member_name: str


class ReplyQuestionPage(Schema):
    """Open questions, newest first."""

    items: list[ReplyQuestionOut]
    next_cursor: str | None


class ReplySynonyms(Schema):
    """Groups of words that mean the same."""

    groups: list[
        Annotated[list[Annotated[str, Field(min_length=1, max_length=KEYWORD_LENGTH_MAX)]], Field(min_length=2, max_length=SYNONYMS_MAX)]
    ] = Field(max_length=SYNONYM_GROUPS_MAX, examples=[[["价格", "价钱", "多少钱"]]])


class ReplyFileError(Schema):
    """What is wrong in a line of a file."""

    line: int
    column: str
    zh: str
    en: str


class ReplyFileOut(Schema):
    """A file of rules. It is checked first (`checked` or `refused`), then taken in whole (`done`)."""

    id: uuid.UUID
    name: str
    state: Literal["waiting", "checking", "refused", "checked", "running", "done", "failed"]
    rows_total: int
    rows_done: int
    added: int
    changed: int
    errors_count: int
    errors: list[ReplyFileError]
    created_at: dt.datetime
    finished_at: dt.datetime | None


class ReplyExportQuery(Schema):
    """As what."""

    format: Literal["csv", "xlsx"] = "csv"
