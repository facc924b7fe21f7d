"""Reads of the life cycle: stages now, at any day and by any thresholds, and how people move between them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet

from hutong.communities.models import Community
from hutong.events.queries import rows
from hutong.foundation import clock
from hutong.foundation.errors import Invalid, NotFound
from hutong.members import bulk
from hutong.members.models import Participation
from hutong.segments import stages
from hutong.segments.conditions.vocabulary import Word
from hutong.segments.models import LifeCycle, MemberRFM, MemberStage
from hutong.segments.stages import KINDS, STAGES, Asked, Kind, Point, Thresholds
from hutong.workspaces.models import Workspace

SHARE_MEMBERS = 250_000  # compared at once, so that memory stays bounded
SWEEP_SECONDS_MAX = 300
BEFORE_DAYS = 30
MONTHS_MAX = 24
LIFE = "life."
SCORES = {
    "recency": Word("RFM 最近一次得分", "RFM recency score", "number"),
    "frequency": Word("RFM 次数得分", "RFM frequency score", "number"),
    "monetary": Word("RFM 金额得分", "RFM monetary score", "number"),
}


class Found(NamedTuple):
    """A member's stages, and the last day on which they did something that counts. Stages are empty for who is not there."""

    activity: str
    purchase: str
    last_day: int


def key(kind: Kind, community_id: uuid.UUID) -> str:
    """Under which key conditions know a stage."""
    return f"{LIFE}{kind}.{community_id}"


def community(workspace: Workspace, community_id: uuid.UUID) -> Community:
    """A community of the workspace; raises NotFound."""
    found = Community.objects.in_workspace(workspace).filter(pk=community_id).first()
    if found is None:
        raise NotFound("community")
    return found


def settings(community: Community) -> LifeCycle:
    """What a community's life cycle rests on; a row not kept yet where nothing was said or counted."""
    found = LifeCycle.objects.in_workspace(community.workspace_id).filter(community=community).first()
    return found or LifeCycle(workspace_id=community.workspace_id, community=community)


def is_behind(cycle: LifeCycle, today: dt.date) -> bool:
    """Whether everybody's stages have to be counted anew."""
    return cycle.asked != cycle.answered or cycle.computed_day != today


def is_due(cycle: LifeCycle, today: dt.date) -> bool:
    """Whether stages or scores have to be counted anew."""
    return is_behind(cycle, today) or cycle.rfm_day != today - dt.timedelta(days=1)


def today(community: Community) -> dt.date:
    """The present day of a community."""
    return clock.local_date(clock.now(), community.time_zone)


# --- stages by the warehouse ---------------------------------------------------------------------------------------------


def of_members(community: Community, point: Point, members: Sequence[uuid.UUID]) -> dict[uuid.UUID, Found]:
    """The stages of these members; those who are not in the community, or bots, are left out."""
    asked = stages.statement(community.workspace_id, community.pk, [point], members=members)
    found = rows(f"SELECT member_id, activity[1], purchase[1], last_day FROM ({asked.text})", asked.parameters)
    return {member_id: Found(activity, purchase, last_day) for member_id, activity, purchase, last_day in found}


def shares(community: Community) -> int:
    """In how many parts everybody is compared."""
    return 1 + Participation.objects.in_workspace(community.workspace_id).filter(community=community).count() // SHARE_MEMBERS


def differing(community: Community, point: Point, *, share: int, shares: int) -> dict[uuid.UUID, Found]:
    """Whose stages are not those the warehouse mirrors of the records, with the stages they ought to have."""
    asked = stages.statement(community.workspace_id, community.pk, [point], share=(share, shares))
    bound = asked.parameters | {f"key_{kind}": key(kind, community.pk) for kind in KINDS} | {"share": share, "shares": shares}
    found = rows(
        "SELECT if(told.member_id != toUUID('00000000-0000-0000-0000-000000000000'), told.member_id, kept.member_id) AS who,"
        " told.stage_a AS activity, told.stage_p AS purchase, last_day FROM"
        f" (SELECT member_id, activity[1] AS stage_a, purchase[1] AS stage_p, last_day FROM ({asked.text})) AS told FULL JOIN"
        " (SELECT member_id, anyIf(text, key = {key_activity:String}) AS stage_a, anyIf(text, key = {key_purchase:String}) AS stage_p FROM member_values FINAL"
        " WHERE workspace_id = {workspace:UUID} AND key IN ({key_activity:String}, {key_purchase:String})"
        " AND cityHash64(member_id) % {shares:UInt32} = {share:UInt32} GROUP BY member_id) AS kept USING (member_id)"
        " WHERE told.stage_a != kept.stage_a OR told.stage_p != kept.stage_p",
        bound,
        timeout_seconds=SWEEP_SECONDS_MAX,
    )
    return {who: Found(activity, purchase, last_day) for who, activity, purchase, last_day in found}


def counts_at(community: Community, point: Point) -> dict[Kind, dict[str, int]]:
    """How many were at each stage."""
    asked = stages.statement(community.workspace_id, community.pk, [point])
    found = rows(f"SELECT activity[1], purchase[1], count() FROM ({asked.text}) GROUP BY 1, 2", asked.parameters, timeout_seconds=SWEEP_SECONDS_MAX)
    counted: dict[Kind, dict[str, int]] = {kind: dict.fromkeys(STAGES[kind], 0) for kind in KINDS}
    for activity, purchase, members in found:
        counted["activity"][activity] += members
        counted["purchase"][purchase] += members
    return counted


def moves(community: Community, old: Thresholds, new: Thresholds) -> list[dict[str, Any]]:
    """Whom other thresholds would move, as of today: by kind, from and to."""
    day = today(community)
    asked = stages.statement(community.workspace_id, community.pk, [Point(day, old), Point(day, new)])
    found: list[dict[str, Any]] = []
    for kind in KINDS:
        moved = rows(
            f"SELECT {kind}[1], {kind}[2], count() FROM ({asked.text}) WHERE {kind}[1] != {kind}[2] GROUP BY 1, 2",
            asked.parameters,
        )
        order = list(STAGES[kind])
        moved = sorted(moved, key=lambda one: (order.index(one[0]), order.index(one[1])))
        found += [{"kind": kind, "from": was, "to": becomes, "members": members} for was, becomes, members in moved]
    return found


class Flow(NamedTuple):
    """Ends of months; at each how many were at which stage; between each two, how many went from which to which."""

    days: list[dt.date]
    nodes: list[dict[str, Any]]
    links: list[dict[str, Any]]


def flow(community: Community, kind: Kind, months: int) -> Flow:
    """Everybody's stage at the end of each of the last months, the present one as far as it has come."""
    if not 2 <= months <= MONTHS_MAX:
        raise Invalid.field("months", f"请选择 2 到 {MONTHS_MAX} 个月。", f"Choose from 2 to {MONTHS_MAX} months.")
    days = month_ends(today(community), months)
    thresholds = Thresholds.read(settings(community).thresholds)
    asked = stages.statement(community.workspace_id, community.pk, [Point(day, thresholds) for day in days], kinds=[kind])
    at = _step_counts(asked, kind)
    order = [*STAGES[kind], stages.NOT_YET]
    nodes: dict[tuple[int, str], int] = {}
    for number, was, becomes, members in at:
        nodes[number + 1, becomes] = nodes.get((number + 1, becomes), 0) + members
        if number == 0:
            nodes[0, was] = nodes.get((0, was), 0) + members
    in_order = sorted(nodes, key=lambda node: (node[0], order.index(node[1])))
    return Flow(
        days,
        [{"month": days[number], "stage": stage, "members": nodes[number, stage]} for number, stage in in_order],
        [
            {"month": days[number], "from": was, "to": becomes, "members": members}
            for number, was, becomes, members in sorted(at, key=lambda one: (one[0], order.index(one[1]), order.index(one[2])))
        ],
    )


def _step_counts(asked: Asked, kind: Kind) -> list[tuple[int, str, str, int]]:
    found = rows(
        "SELECT step.1, step.2, step.3, count() FROM (SELECT arrayJoin(arrayMap(n -> (n - 1, found[n], found[n + 1]), range(1, length(found)))) AS step"
        f" FROM (SELECT {kind} AS found FROM ({asked.text}))) GROUP BY 1, 2, 3",
        asked.parameters,
        timeout_seconds=60,
    )
    return [(int(number), was, becomes, members) for number, was, becomes, members in found]


def month_ends(day: dt.date, months: int) -> list[dt.date]:
    """The last days of the months before, and the day itself, in order."""
    ends = [day]
    while len(ends) < months:
        ends.append(ends[-1].replace(day=1) - dt.timedelta(days=1))
    return ends[::-1]


# --- stages by the records -----------------------------------------------------------------------------------------------


def counts(community: Community) -> dict[Kind, dict[str, int]]:
    """How many are at each stage, as last counted and followed since."""
    kept = MemberStage.objects.in_workspace(community.workspace_id).filter(community=community)
    found: dict[Kind, dict[str, int]] = {}
    for kind in KINDS:
        members = dict(kept.values_list(kind).annotate(n=Count("member_id")).order_by())
        found[kind] = {stage: members.get(stage, 0) for stage in STAGES[kind]}
    return found


def stored(community_id: uuid.UUID, workspace_id: uuid.UUID, members: Iterable[uuid.UUID]) -> dict[uuid.UUID, MemberStage]:
    """The rows of these members."""
    found: dict[uuid.UUID, MemberStage] = {}
    for chunk in bulk.chunks(members):
        for row in MemberStage.objects.in_workspace(workspace_id).filter(community_id=community_id, member_id__in=chunk):
            found[row.member_id] = row
    return found


def at_stage(workspace: Workspace, value: str) -> QuerySet[Any, Any]:
    """Who is at a stage: `<community id>:<activity|purchase>:<stage>`, for lists of members."""
    named, _, rest = value.partition(":")
    kind, _, stage = rest.partition(":")
    found = named_community(workspace, named)
    if kind not in KINDS or stage not in STAGES[kind]:
        words = ", ".join(f"{one}:{name}" for one in KINDS for name in STAGES[one])
        raise Invalid.field("among", f"不认识阶段“{rest}”，可以用：{words}。", f"The stage “{rest}” is not known. Use one of: {words}.")
    return MemberStage.objects.in_workspace(workspace).filter(community=found, **{kind: stage}).values("member_id")


def named_community(workspace: Workspace, value: str) -> Community:
    """The community an id as text names; raises NotFound."""
    try:
        return community(workspace, uuid.UUID(value))
    except ValueError as error:
        raise NotFound("community") from error


def of_member(workspace: Workspace, member_id: uuid.UUID) -> list[dict[str, Any]]:
    """At which stages a member is, by community."""
    kept = MemberStage.objects.in_workspace(workspace).filter(member_id=member_id, community__archived_at=None).select_related("community")
    return [
        {
            "community": {"id": row.community_id, "name": row.community.name},
            "kind": kind,
            "stage": getattr(row, kind),
            "zh": STAGES[kind][getattr(row, kind)].zh,
            "en": STAGES[kind][getattr(row, kind)].en,
            "since": getattr(row, f"{kind}_since"),
        }
        for row in kept.order_by("community__name", "community_id")
        for kind in KINDS
    ]


# --- for conditions ------------------------------------------------------------------------------------------------------


def words(workspace: Workspace) -> dict[str, Word]:
    """Attributes that conditions may name: the stages of each community, as text."""
    return {
        key(kind, pk): Word(f"{stages.KIND_WORDS[kind].zh}（{name}）", f"{stages.KIND_WORDS[kind].en} ({name})", "text", STAGES[kind])
        for pk, name in communities(workspace)
        for kind in KINDS
    }


def score_words(workspace: Workspace) -> dict[str, Word]:
    """Scores that conditions may name: `rfm.recency.<community id>` and so on."""
    return {
        f"rfm.{name}.{pk}": Word(f"{word.zh}（{called}）", f"{word.en} ({called})", "number")
        for pk, called in communities(workspace)
        for name, word in SCORES.items()
    }


def values(workspace_id: uuid.UUID, keys: Collection[str], member_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[str, str | int]]:
    """What members have under `life.` and `rfm.` keys (also as `score:rfm.`); keys of others are left out."""
    found: dict[uuid.UUID, dict[str, str | int]] = {}
    for each in keys:
        name = each.removeprefix("score:")
        family, _, rest = name.partition(".")
        column, _, community_id = rest.partition(".")
        if family == "life" and column in KINDS:
            kept: QuerySet[Any] = MemberStage.objects.in_workspace(workspace_id)
        elif family == "rfm" and column in SCORES:
            kept = MemberRFM.objects.in_workspace(workspace_id)
        else:
            continue
        for chunk in bulk.chunks(member_ids):
            for member_id, value in kept.filter(community_id=community_id, member_id__in=chunk).values_list("member_id", column):
                found.setdefault(member_id, {})[each] = value
    return found


def communities(workspace: Workspace) -> list[tuple[uuid.UUID, str]]:
    """Those that are not archived, by name: each has a life cycle."""
    return list(Community.objects.in_workspace(workspace).filter(archived_at=None).order_by("name", "id").values_list("pk", "name"))
