"""Shapes of the reports' answers. Days are local days of the scope; shares lie between 0 and 1; null means there is nothing to divide by."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, Schema

from hutong.foundation.pages import PAGE_SIZE_MAX
from hutong.reports.days import Compare, Unit
from hutong.reports.definitions import SILENT_DAYS_DEFAULT
from hutong.reports.queries.behind import Kind
from hutong.reports.queries.retention import Cohorts

EXAMPLE_ID = "01920000-0000-7000-8000-000000000001"
Number = float | int | None


class ScopeFilters(Schema):
    """Which community, groups and channel count; the whole workspace when nothing is said."""

    community: UUID | None = Field(None, description="Only this community.", examples=[EXAMPLE_ID])
    group: list[UUID] = Field([], description="Only these groups; may be repeated.", examples=[[EXAMPLE_ID]])
    channel: str = Field("", max_length=30, description="Only groups on this channel.", examples=["telegram"])
    format: Literal["json", "csv"] | None = Field(None, description="`csv` for a file; so does `Accept: text/csv`.", examples=["json"])


class RangeFilters(ScopeFilters):
    """Local days, both included; the last 30 days when nothing is said, at most 4,000. Days to come are left out."""

    from_: dt.date | None = Field(None, alias="from", description="First local day.", examples=["2026-10-01"])
    to: dt.date | None = Field(None, description="Last local day.", examples=["2026-10-31"])


class CompareFilters(RangeFilters):
    """What to compare with: the period of equal length before, the same days a year earlier, days of one's own, nothing."""

    compare: Compare = Field("previous", description="previous | year | custom | none", examples=["previous"])
    compare_from: dt.date | None = Field(None, description="First day to compare with, for `custom`.", examples=["2026-09-01"])
    compare_to: dt.date | None = Field(None, description="Last day to compare with, for `custom`.", examples=["2026-09-30"])


class OverviewFilters(CompareFilters):
    """The dashboard's question."""

    unit: Unit | None = Field(None, description="Buckets of the series; chosen by the length of the range when left out.", examples=["day"])


class SeriesFilters(CompareFilters):
    """Metrics over time."""

    metric: list[str] = Field(..., min_length=1, max_length=8, description="Keys of metrics that have a series; may be repeated.", examples=[["dau"]])
    unit: Unit | None = Field(None, description="Buckets; chosen by the length of the range when left out.", examples=["week"])
    compare: Compare = Field("none", description="previous | year | custom | none", examples=["none"])


class MetricsFilters(CompareFilters):
    """Every value of a scope."""

    compare: Compare = Field("none", description="previous | year | custom | none", examples=["none"])


class RetentionFilters(RangeFilters):
    """Which cohorts, and how long they are followed."""

    unit: Unit = Field("day", description="Cohorts and periods of a day, week or month.", examples=["week"])
    cohort: Cohorts = Field("active", description="`active`: by first activity; `joined`: by first arrival.", examples=["active"])
    periods: int | None = Field(None, ge=1, le=90, description="How many periods to follow (day 30, week 12, month 12 when left out).", examples=[12])


class ListFilters(RangeFilters):
    """A page of a list."""

    cursor: str | None = Field(None, max_length=500, description="`next_cursor` of the page before.", examples=[None])
    limit: int = Field(50, ge=1, le=PAGE_SIZE_MAX, description="Rows a page.", examples=[50])


class SilentFilters(ScopeFilters):
    """Who is silent as of a day."""

    to: dt.date | None = Field(None, description="As of the end of this local day; today when left out.", examples=["2026-10-31"])
    days: int = Field(SILENT_DAYS_DEFAULT, ge=1, le=4000, description="Days without activity.", examples=[14])
    cursor: str | None = Field(None, max_length=500, description="`next_cursor` of the page before.", examples=[None])
    limit: int = Field(50, ge=1, le=PAGE_SIZE_MAX, description="Rows a page.", examples=[50])


class MembersFilters(ListFilters):
    """Which figure's members. A cell of the triangle needs `unit`, `cohort`, `start` and `n`; one of the heat map `weekday` and `hour`."""

    kind: Kind = Field(
        ..., description="members | new | returned | left | active | speakers | repliers | cohort | retained | hour", examples=["active"]
    )
    unit: Unit = Field("day", description="Of the triangle.", examples=["week"])
    cohort: Cohorts = Field("active", description="Of the triangle.", examples=["active"])
    start: dt.date | None = Field(None, description="First day of the cohort.", examples=["2026-10-05"])
    n: int | None = Field(None, ge=0, le=90, description="Periods after the cohort's.", examples=[1])
    weekday: int | None = Field(None, ge=1, le=7, description="1 Monday ... 7 Sunday.", examples=[6])
    hour: int | None = Field(None, ge=0, le=23, description="Local hour.", examples=[21])


class Bilingual(Schema):
    """A text in both languages."""

    zh: str = Field(..., examples=["成员数"])
    en: str = Field(..., examples=["Members"])


class DefinitionOut(Schema):
    """What a number means and how to show it."""

    key: str = Field(..., examples=["members"])
    name: Bilingual
    formula: Bilingual
    unit: str = Field(..., description="members | messages | events | questions | share", examples=["members"])
    format: Literal["count", "percent", "decimal"] = Field(..., examples=["count"])
    better: Literal["up", "down", "none"] = Field(..., examples=["up"])
    change: Literal["relative", "difference"] = Field(..., description="How two periods are compared.", examples=["relative"])
    kind: Literal["value", "grid", "list"] = Field(..., examples=["value"])
    has_series: bool = Field(..., examples=[True])


class DefinitionsOut(Schema):
    """Every number, in the order in which it is shown."""

    items: list[DefinitionOut]


class DaysOut(Schema):
    """A range of local days, both included."""

    from_: dt.date = Field(..., alias="from", serialization_alias="from", examples=["2026-10-01"])
    to: dt.date = Field(..., examples=["2026-10-31"])
    days: int = Field(..., examples=[31])


class NamedOut(Schema):
    """Something with a name."""

    id: UUID = Field(..., examples=[EXAMPLE_ID])
    name: str = Field(..., examples=["胡同读书会"])


class ScopeOut(Schema):
    """What the numbers are about."""

    community: NamedOut | None
    groups: list[NamedOut]
    channel: str = Field(..., examples=[""])
    time_zone: str = Field(
        ..., description="The zone of the local days; communities of several zones each count in their own.", examples=["Asia/Shanghai"]
    )
    today: dt.date = Field(..., examples=["2026-10-31"])


class ExtentOut(Schema):
    """The first and the last local day with any event; null where there is none."""

    scope: ScopeOut
    extent: DaysOut | None


class CardOut(Schema):
    """One number against the other period, and its way there."""

    key: str = Field(..., examples=["members"])
    value: Number = Field(..., examples=[12847])
    previous: Number = Field(..., examples=[12001])
    change: Number = Field(..., description="Relative, or a difference, as the definition says.", examples=[0.07])
    sparkline: list[Number] = Field(..., description="Values of the series' buckets; empty where the metric has none here.", examples=[[1, 2, 3]])


class LinesOut(Schema):
    """Values by metric, one for each bucket."""

    unit: Unit = Field(..., examples=["day"])
    starts: list[dt.date] = Field(..., description="First day of each bucket.", examples=[["2026-10-01"]])
    ends: list[dt.date] = Field(..., description="Last day of each bucket.", examples=[["2026-10-01"]])
    values: dict[str, list[Number]] = Field(..., examples=[{"dau": [321]}])


class OverviewOut(Schema):
    """The dashboard."""

    scope: ScopeOut
    range: DaysOut
    compare: Compare = Field(..., examples=["previous"])
    previous: DaysOut | None
    extent: DaysOut | None = Field(..., description="First and last local day with any event in the scope.")
    cards: list[CardOut]
    series: LinesOut
    previous_series: LinesOut | None


class SeriesOut(Schema):
    """Metrics over time."""

    scope: ScopeOut
    range: DaysOut
    previous: DaysOut | None
    series: LinesOut
    previous_series: LinesOut | None


class MetricsOut(Schema):
    """Every value by its definition's key."""

    scope: ScopeOut
    range: DaysOut
    previous: DaysOut | None
    values: dict[str, Number] = Field(..., examples=[{"members": 12847, "dau": 321.5}])
    previous_values: dict[str, Number] | None = Field(..., examples=[None])


class CohortOut(Schema):
    """One row of the triangle."""

    start: dt.date = Field(..., examples=["2026-10-01"])
    size: int = Field(..., examples=[40])
    retained: list[int | None] = Field(..., description="People active in period n; null while it is not over.", examples=[[40, 12, None]])
    shares: list[Number] = Field(..., description="retained ÷ size.", examples=[[1.0, 0.3, None]])


class AverageOut(Schema):
    """Over cohorts old enough for period n."""

    n: int = Field(..., examples=[1])
    size: int = Field(..., examples=[400])
    retained: int = Field(..., examples=[120])
    share: Number = Field(..., examples=[0.3])


class RetentionOut(Schema):
    """The triangle."""

    scope: ScopeOut
    range: DaysOut
    unit: Unit = Field(..., examples=["day"])
    cohort: Cohorts = Field(..., examples=["active"])
    periods: int = Field(..., examples=[30])
    cohorts: list[CohortOut]
    averages: list[AverageOut]


class HeatmapCellOut(Schema):
    """One weekday (1 Monday ... 7 Sunday) and local hour."""

    weekday: int = Field(..., examples=[1])
    hour: int = Field(..., examples=[20])
    messages: int = Field(..., examples=[420])
    average: Number = Field(..., description="Messages ÷ such weekdays in the range; null where it has none.", examples=[84.0])


class HeatmapOut(Schema):
    """168 cells, Monday 0 h first."""

    scope: ScopeOut
    range: DaysOut
    cells: list[HeatmapCellOut]


class SpeakerOut(Schema):
    """What one member said in the range."""

    member: NamedOut
    messages: int = Field(..., examples=[310])
    replies: int = Field(..., examples=[90])
    characters: int = Field(..., examples=[5120])
    active_days: int = Field(..., description="Days with a message.", examples=[21])
    share: float = Field(..., description="Of all messages in the range.", examples=[0.08])


class SpeakersOut(Schema):
    """Members by messages."""

    scope: ScopeOut
    range: DaysOut
    total: int = Field(..., examples=[812])
    items: list[SpeakerOut]
    next_cursor: str | None = Field(..., examples=[None])


class SilentMemberOut(Schema):
    """A present member without activity."""

    member: NamedOut
    joined_day: dt.date = Field(..., description="Of the latest stay.", examples=["2026-05-01"])
    last_active_day: dt.date | None = Field(..., description="Null: never active.", examples=["2026-09-11"])
    silent_days: int | None = Field(..., description="Days since the last active day.", examples=[50])


class SilentOut(Schema):
    """Never active first, then the longest silent."""

    scope: ScopeOut
    to: dt.date = Field(..., examples=["2026-10-31"])
    days: int = Field(..., examples=[14])
    total: int = Field(..., examples=[812])
    items: list[SilentMemberOut]
    next_cursor: str | None = Field(..., examples=[None])


class NewcomerOut(Schema):
    """A new member who has not spoken."""

    member: NamedOut
    joined_day: dt.date = Field(..., examples=["2026-10-20"])
    is_present: bool = Field(..., description="Still there at the end of the range.", examples=[True])


class NewcomersOut(Schema):
    """The latest first."""

    scope: ScopeOut
    range: DaysOut
    total: int = Field(..., examples=[812])
    items: list[NewcomerOut]
    next_cursor: str | None = Field(..., examples=[None])


class MemberBehindOut(Schema):
    """A member behind a figure, with the day of coming or going, or with how often."""

    member: NamedOut
    day: dt.date | None = Field(..., description="When they came or went.", examples=[None])
    count: int | None = Field(..., description="Activities, messages, replies; for a cell of the triangle, active days.", examples=[12])


class MembersBehindOut(Schema):
    """The latest days or the highest counts first."""

    scope: ScopeOut
    range: DaysOut
    kind: Kind = Field(..., examples=["active"])
    total: int = Field(..., examples=[812])
    items: list[MemberBehindOut]
    next_cursor: str | None = Field(..., examples=[None])


class QuestionOut(Schema):
    """A question nobody answered."""

    event_id: str = Field(..., examples=["a1b2"])
    asked_at: dt.datetime = Field(..., examples=["2026-10-20T12:01:00Z"])
    community_id: UUID | None = Field(..., examples=[EXAMPLE_ID])
    group: NamedOut | None
    member: NamedOut
    text: str = Field(..., description="The first 500 characters.", examples=["有人知道退货地址吗？"])


class QuestionsOut(Schema):
    """The latest first."""

    scope: ScopeOut
    range: DaysOut
    asked: int = Field(..., description="All questions of the range.", examples=[120])
    total: int = Field(..., description="Those without answer.", examples=[12])
    items: list[QuestionOut]
    next_cursor: str | None = Field(..., examples=[None])


class GroupNumbersOut(NamedOut):
    """One group's main numbers by definition key."""

    channel: str = Field(..., examples=["telegram"])
    values: dict[str, Number] = Field(..., examples=[{"members": 120}])


class CommunityNumbersOut(NamedOut):
    """One community's main numbers by definition key, and its groups'."""

    time_zone: str = Field(..., examples=["Asia/Shanghai"])
    values: dict[str, Number] = Field(..., examples=[{"members": 620}])
    groups: list[GroupNumbersOut]


class CommunitiesOut(Schema):
    """By name; archived ones are left out."""

    scope: ScopeOut
    range: DaysOut
    items: list[CommunityNumbersOut]


class ActiveDayOut(Schema):
    """Exactly how many members were active on a day."""

    day: Annotated[dt.date, Field(examples=["2026-10-01"])]
    active: int = Field(..., examples=[321])


class ActiveDaysOut(Schema):
    """Every day of the range."""

    scope: ScopeOut
    range: DaysOut
    items: list[ActiveDayOut]
