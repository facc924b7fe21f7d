"""The lists of communities and groups with their main numbers, a few statements for all of them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from hutong.communities.models import Community, Group
from hutong.foundation import fresh
from hutong.reports.days import DayRange
from hutong.reports.queries.activity import Numbers, ratio
from hutong.reports.queries.scope import NOBODY, Scope, ask
from hutong.workspaces.models import Workspace

TABLE_KEYS = (
    "members",
    "new",
    "returned",
    "left",
    "net_growth",
    "active",
    "dau",
    "messages",
    "speakers",
    "speaker_share",
    "messages_per_speaker",
    "replies",
)


@dataclass(slots=True)
class GroupRow:
    """One group and its numbers."""

    id: uuid.UUID
    name: str
    channel: str
    numbers: Numbers


@dataclass(slots=True)
class CommunityRow:
    """One community, its numbers, and its groups."""

    id: uuid.UUID
    name: str
    time_zone: str
    numbers: Numbers
    groups: list[GroupRow] = field(default_factory=list)


def communities(workspace: Workspace, scope: Scope, days: DayRange) -> list[CommunityRow]:
    """Every community in the scope that is not archived, by name, with its groups."""
    by_community, by_group = fresh.share(
        ("table", scope, days), scope.version(), lambda: (_numbers(scope, days, "community_id"), _numbers(scope, days, "group_id"))
    )
    known = Community.objects.in_workspace(workspace).filter(archived_at=None).order_by("name", "id")
    if scope.communities:
        known = known.filter(pk__in=scope.communities)
    result = {one.pk: CommunityRow(one.pk, one.name, one.time_zone, by_community.get(one.pk, EMPTY)) for one in known}
    for group in Group.objects.in_workspace(workspace).filter(archived_at=None, community_id__in=list(result)).order_by("name", "id"):
        result[group.community_id].groups.append(GroupRow(group.pk, group.name, group.channel, by_group.get(group.pk, EMPTY)))
    return list(result.values())


def _numbers(scope: Scope, days: DayRange, by: str) -> dict[uuid.UUID, Numbers]:
    stays = ask(
        f"""
        SELECT place, countIf(at_start), countIf(at_end), countIf(first_joined BETWEEN {{first:Date}} AND {{last:Date}}),
            countIf(arrived AND NOT at_start AND first_joined < {{first:Date}}), countIf(departed AND NOT at_end)
        FROM (
            SELECT {by} AS place, member_id, min(joined_day) AS first_joined,
                max(joined_day < {{first:Date}} AND left_day >= {{first:Date}}) AS at_start, max(joined_day <= {{last:Date}} AND left_day > {{last:Date}}) AS at_end,
                max(joined_day BETWEEN {{first:Date}} AND {{last:Date}}) AS arrived, max(left_day BETWEEN {{first:Date}} AND {{last:Date}}) AS departed
            FROM memberships FINAL WHERE {scope.where()} GROUP BY place, member_id
        ) GROUP BY place
        """,
        scope.parameters(days),
    )
    active, spoke = f"activities > 0 AND member_id != {NOBODY}", f"messages > 0 AND member_id != {NOBODY}"
    talk = ask(
        f"""
        SELECT {by} AS place, uniqExactIf(member_id, {active}), uniqExactIf(member_id, {spoke}), sum(messages), sum(replies)
        FROM member_days WHERE {scope.where(days=True)} GROUP BY place
        """,
        scope.parameters(days),
    )
    daily = ask(
        f"""
        SELECT place, sum(people) FROM (
            SELECT {by} AS place, uniqExactIf(member_id, {active}) AS people FROM member_days WHERE {scope.where(days=True)} GROUP BY place, local_day
        ) GROUP BY place
        """,
        scope.parameters(days),
    )
    pairs = {place: int(people) for place, people in daily}
    found: dict[uuid.UUID, Numbers] = {}
    present: dict[uuid.UUID, int] = {}
    for place, start, end, new, returned, left in stays:
        present[place] = start + new + returned
        found[place] = {**EMPTY, "members": end, "new": new, "returned": returned, "left": left, "net_growth": end - start}
    for place, people, speakers, messages, replies in talk:
        found[place] = {
            **found.get(place, EMPTY),
            "active": people,
            "dau": pairs[place] / days.days,
            "messages": messages,
            "speakers": speakers,
            "speaker_share": ratio(speakers, present.get(place, 0)),
            "messages_per_speaker": ratio(messages, speakers),
            "replies": replies,
        }
    for place, count in present.items():
        if count and found[place]["speaker_share"] is None:
            found[place]["speaker_share"] = 0.0
    return found


EMPTY: Numbers = {key: None if key in ("speaker_share", "messages_per_speaker") else 0 for key in TABLE_KEYS}
