"""Journeys: lists, what is drawn, and everything that is counted."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Q

from hutong.automations import triggers
from hutong.automations.journeys import checking, circling, compiled, graph
from hutong.automations.journeys.caps import cap_of
from hutong.automations.journeys.intervals import lift, share
from hutong.automations.models import DryRun, Enrolment, Firing, Journey, JourneyVersion, NodeCount, Start
from hutong.automations.presets import journeys as presets
from hutong.automations.schemas.journeys import NUMBER_MAX
from hutong.channels.models import Lane
from hutong.communities.models import Community
from hutong.events import queries as events
from hutong.foundation import clock, pages
from hutong.foundation.errors import NotFound
from hutong.members.models import Member
from hutong.segments import vocabulary
from hutong.segments.conditions.vocabulary import Vocabulary
from hutong.segments.models import Segment
from hutong.workspaces.models import Workspace

GIVEN_UP_SHOWN_DAYS = 7
Counts = dict[tuple[str, str], int]  # (node, what)


def page(workspace: Workspace, *, state: str | None, q: str, cursor: str | None, limit: int) -> dict[str, Any]:
    """Journeys, the latest made first."""
    rows = Journey.objects.in_workspace(workspace).filter(deleted_at=None).select_related("published")
    if state is not None:
        rows = rows.filter(state=state)
    if q.strip():
        rows = rows.filter(name__icontains=q.strip())
    found = pages.paginate(rows, order=["-id"], cursor=cursor, limit=limit)
    words = vocabulary.of(workspace)
    return {"items": [_item(workspace, one, words) for one in found.items], "next_cursor": found.next_cursor}


def one(workspace: Workspace, journey_id: uuid.UUID) -> dict[str, Any]:
    """A journey with what is drawn. Raises NotFound."""
    journey = _journey(workspace, journey_id)
    words = vocabulary.of(workspace)
    drawn = checking.read(journey.draft)
    wrong = [*checking.problems(workspace.pk, drawn, words), *_given_up(workspace, journey, drawn)]
    return _item(workspace, journey, words) | {
        "draft": journey.draft,
        "draft_revision": journey.draft_revision,
        "problems": said(wrong),
        "versions": versions(workspace, journey),
    }


def said(wrong: Sequence[checking.Problem]) -> list[dict[str, Any]]:
    """Problems as they are shown."""
    return [{"node": one.node, "field": one.field, "zh": one.zh, "en": one.en, "is_error": one.is_error} for one in wrong]


def versions(workspace: Workspace, journey: Journey) -> list[dict[str, Any]]:
    """What was published, the newest first."""
    waiting = _waiting(workspace, journey)
    rows = JourneyVersion.objects.in_workspace(workspace).filter(journey=journey).order_by("-number")
    return [
        {"number": row.number, "published_at": row.published_at, "published_by": row.published_by, "in_flight": sum(waiting.get(row.pk, {}).values())}
        for row in rows
    ]


def version(workspace: Workspace, journey_id: uuid.UUID, number: int) -> dict[str, Any]:
    """A version with what was drawn. Raises NotFound."""
    journey = _journey(workspace, journey_id)
    rows = JourneyVersion.objects.in_workspace(workspace).filter(journey=journey)
    row = rows.filter(number=number).first() if 0 < number <= NUMBER_MAX else None
    if row is None:
        raise NotFound("journey version")
    shown = next(each for each in versions(workspace, journey) if each["number"] == number)
    return shown | {"graph": row.graph}


def check(workspace: Workspace, journey_id: uuid.UUID) -> dict[str, Any]:
    """Everything that is wrong with a draft, what to know of its actions, and how many it is for."""
    journey = _journey(workspace, journey_id)
    drawn = checking.read(journey.draft)
    wrong = checking.problems(workspace.pk, drawn, vocabulary.of(workspace))
    wrong += [*circling.problems(workspace, journey, drawn), *_given_up(workspace, journey, drawn)]
    reach = _reach(workspace, drawn)
    wrong += checking.cautions(workspace.pk, drawn, wrong, people=reach["count"] if reach else 0)
    return {"problems": said(wrong), "reach": reach}


def numbers(workspace: Workspace, journey_id: uuid.UUID, number: int | None) -> dict[str, Any]:
    """Everything that is counted of a version, or of all. Raises NotFound."""
    journey = _journey(workspace, journey_id)
    rows = JourneyVersion.objects.in_workspace(workspace).filter(journey=journey).order_by("number")
    if number is not None:
        rows = rows.filter(number=number)
    found = list(rows)
    if number is not None and not found:
        raise NotFound("journey version")
    counts: Counter[tuple[str, str]] = Counter()
    kept = NodeCount.objects.in_workspace(workspace).filter(version__in=found).exclude(what="slot")
    for node, what, count in kept.values_list("node", "what", "number"):
        counts[node, what] += count
    waiting: Counter[str] = Counter()
    by_version = _waiting(workspace, journey)
    for row in found:
        waiting.update(by_version.get(row.pk, {}))
    drawn = compiled.read(found[-1].graph) if found else checking.read(journey.draft)
    lanes = _lanes(workspace, found)
    entry = next((node.id for node in drawn.nodes if isinstance(node, graph.Entry)), "")
    nodes = {
        node: _node(counts, waiting, lanes, node)
        for node in dict.fromkeys([*(each.id for each in drawn.nodes), *(each for each, _ in counts), *waiting])
    }
    ended: Counter[str] = Counter()
    for (_, what), count in counts.items():
        if what.startswith("end:"):
            ended[what.removeprefix("end:")] += count
    entered = counts[entry, "in"]
    return {
        "version": number, "entered": entered, "in_flight": sum(waiting.values()), "ended": dict(ended), "nodes": nodes,
        "goals": [_goal(drawn, counts, node, entered) for node in drawn.nodes if isinstance(node, graph.Goal)],
    }  # fmt: skip


def start(workspace: Workspace, start_id: uuid.UUID) -> Start:
    """People being let in. Raises NotFound."""
    found = Start.objects.in_workspace(workspace).filter(pk=start_id).first()
    if found is None:
        raise NotFound("journey start")
    return found


def dry_run(workspace: Workspace, run_id: uuid.UUID) -> dict[str, Any]:
    """A try. Raises NotFound."""
    found = DryRun.objects.in_workspace(workspace).filter(pk=run_id).first()
    if found is None:
        raise NotFound("dry run")
    empty: dict[str, Any] = {
        "matched": 0, "people": 0, "looked_at": 0, "is_cut": False, "refused": {}, "nodes": {}, "actions": {}, "ended": {}, "examples": [],
        "error": None,
    }  # fmt: skip
    return {**empty, **found.result, "id": found.pk, "state": found.state}


def offered(workspace: Workspace) -> list[dict[str, Any]]:
    """The presets."""
    return [one.shown(language=workspace.language, zone=workspace.time_zone) for one in presets.PRESETS]


def cap(workspace: Workspace) -> dict[str, int]:
    """How many messages all journeys together send to one person in so many days."""
    messages, days = cap_of(workspace.pk)
    return {"messages": messages, "days": days}


# --- parts ----------------------------------------------------------------------------------------


def _journey(workspace: Workspace, journey_id: uuid.UUID) -> Journey:
    found = Journey.objects.in_workspace(workspace).select_related("published").filter(pk=journey_id, deleted_at=None).first()
    if found is None:
        raise NotFound("journey")
    return found


def _item(workspace: Workspace, journey: Journey, words: Vocabulary) -> dict[str, Any]:
    drawn = checking.read(journey.draft)
    entry = next((node for node in drawn.nodes if isinstance(node, graph.Entry)), None)
    zh, en = triggers.sentence(entry.trigger, words) if entry is not None else ("没有入口", "No entry")
    waiting = sum(sum(each.values()) for each in _waiting(workspace, journey).values())
    rows = NodeCount.objects.in_workspace(workspace).filter(version__in=JourneyVersion.objects.in_workspace(workspace).filter(journey=journey))
    counts = list(rows.values_list("node", "what", "number"))
    entered = sum(number for node, what, number in counts if what == "in" and entry is not None and node == entry.id)
    goals = [number for _, what, number in counts if what == "goal"]
    has_goal = any(isinstance(node, graph.Goal) for node in drawn.nodes)
    place = Community.objects.in_workspace(workspace).filter(pk=drawn.community).first() if drawn.community else None
    return {
        "id": journey.pk, "name": journey.name, "description": journey.description, "preset": journey.preset, "state": journey.state,
        "priority": journey.priority, "community": {"id": place.pk, "name": place.name} if place else None, "trigger": {"zh": zh, "en": en},
        "published_number": journey.published.number if journey.published else None,
        "has_unpublished_changes": journey.published is None or journey.draft_at > journey.published.published_at,
        "entered": entered, "in_flight": waiting, "ended": sum(number for _, what, number in counts if what.startswith("end:")),
        "goal_rate": min(1.0, max(goals, default=0) / entered) if has_goal and entered else None,
        "errors": sum(one.is_error for one in checking.problems(workspace.pk, drawn, words)),
        "draft_at": journey.draft_at, "draft_by": journey.draft_by, "started_at": journey.started_at, "created_at": journey.created_at,
    }  # fmt: skip


def _given_up(workspace: Workspace, journey: Journey, drawn: graph.Graph) -> list[checking.Problem]:
    """That somebody was not let in at a time lately, as it failed again and again: at the entry. Set going anew, a journey is rid of it."""
    if journey.state != "on" or journey.started_at is None:
        return []
    since = max(journey.started_at, clock.now() - dt.timedelta(days=GIVEN_UP_SHOWN_DAYS))
    fired = Firing.objects.in_workspace(workspace).filter(automation=journey.pk, is_given_up=True, at__gt=since).order_by("-at").first()
    entry = next((node for node in drawn.nodes if isinstance(node, graph.Entry)), None)
    if fired is None:
        return []
    moment = fired.at.astimezone(clock.zone(workspace.time_zone)).strftime("%Y-%m-%d %H:%M")
    return [
        checking.Problem(
            node=entry.id if entry is not None else "", field="trigger", is_error=False,
            zh=f"{moment} 到了时间却一再出错，不再重试：还没轮到的成员这一次没有进来。",
            en=f"At {moment} it was time, but it failed again and again and is not tried any more: members whose turn had not come were not let in.",
        )
    ]  # fmt: skip


def _waiting(workspace: Workspace, journey: Journey) -> dict[uuid.UUID, dict[str, int]]:
    """How many rest at each node of each version."""
    found: dict[uuid.UUID, dict[str, int]] = {}
    versions_of = JourneyVersion.objects.in_workspace(workspace).filter(journey=journey)
    rows = Enrolment.objects.in_workspace(workspace).filter(version__in=versions_of, state="waiting").order_by()
    for version_id, node, count in rows.values("version_id", "node").annotate(count=Count("id")).values_list("version_id", "node", "count"):
        found.setdefault(version_id, {})[node] = count
    return found


def _node(counts: Counter[tuple[str, str]], waiting: Mapping[str, int], lanes: Mapping[str, dict[str, int]], node: str) -> dict[str, Any]:
    ports = {what.removeprefix("out:"): number for (at, what), number in counts.items() if at == node and what.startswith("out:")}
    ended = sum(number for (at, what), number in counts.items() if at == node and what.startswith("end:") and what != "end:finished")
    return {
        "entered": counts[node, "in"], "waiting": waiting.get(node, 0), "done": sum(ports.values()) + ended, "failed": counts[node, "failed"],
        "ports": ports, "sends": lanes.get(node),
    }  # fmt: skip


def _lanes(workspace: Workspace, found: Sequence[JourneyVersion]) -> dict[str, dict[str, int]]:
    """What became of each node's messages."""
    by_lane = {uuid.UUID(lane): node for row in found for node, lane in row.lanes.items()}
    sums: dict[str, Counter[str]] = {}
    for lane in Lane.objects.in_workspace(workspace).filter(pk__in=list(by_lane)):
        failed = lane.failed + lane.expired + lane.unknown
        sent = lane.sent + lane.partial
        queued = max(0, lane.sends - sent - failed - lane.cancelled)
        sums.setdefault(by_lane[lane.pk], Counter()).update({"queued": queued, "sent": sent, "failed": failed, "cancelled": lane.cancelled})
    return {node: {name: each[name] for name in ("queued", "sent", "failed", "cancelled")} for node, each in sums.items()}


def _goal(drawn: graph.Graph, counts: Counter[tuple[str, str]], goal: graph.Goal, entered: int) -> dict[str, Any]:
    arms: list[dict[str, Any]] = []
    lifts: list[dict[str, Any]] = []
    for node in drawn.nodes:
        if not isinstance(node, graph.Split):
            continue
        of_split: list[dict[str, Any]] = []
        for arm in node.arms:
            people, reached = counts[node.id, f"out:{arm.id}"], counts[goal.id, f"goal:{node.id}:{arm.id}"]
            rate, low, high = share(reached, people)
            of_split.append(
                {
                    "split": node.id, "arm": arm.id, "name": arm.name, "is_holdout": arm.is_holdout, "people": people, "reached": reached,
                    "rate": rate, "low": low, "high": high,
                }
            )  # fmt: skip
        arms += of_split
        held = next((each for each in of_split if each["is_holdout"]), None)
        others = [each for each in of_split if not each["is_holdout"]]
        found = lift(
            (sum(each["reached"] for each in others), sum(each["people"] for each in others)), (held["reached"], held["people"]) if held else (0, 0)
        )  # fmt: skip
        if held is not None and found is not None:
            lifts.append({"split": node.id, "value": found[0], "low": found[1], "high": found[2]})
    reached = counts[goal.id, "goal"]
    return {"node": goal.id, "reached": reached, "rate": share(reached, entered)[0], "arms": arms, "lifts": lifts}


def _reach(workspace: Workspace, drawn: graph.Graph) -> dict[str, Any] | None:
    """How many may come in: who is in the segment, or did in the last 30 days what lets people in."""
    entry = next((node for node in drawn.nodes if isinstance(node, graph.Entry)), None)
    if entry is None or isinstance(entry.trigger, triggers.ByHand):
        return None
    trigger = entry.trigger
    if isinstance(trigger, triggers.OnSegment) or (isinstance(trigger, triggers.OnSchedule) and trigger.segment is not None):
        size = Segment.objects.in_workspace(workspace).filter(pk=str(trigger.segment)).values_list("members_count", flat=True).first() or 0
        return {"count": size, "is_exact": True, "zh": "分群现在的人数", "en": "in the segment now"}
    if isinstance(trigger, triggers.OnEvent):
        statement = (
            "SELECT uniqExact(member_id) FROM events WHERE workspace_id = {workspace:UUID} AND local_day >= today() - 30 AND name = {name:String}"
            " AND NOT is_history"
        )
        ((count,),) = events.rows(statement, {"workspace": str(workspace.pk), "name": trigger.event})
        return {
            "count": int(count),
            "is_exact": not trigger.where,
            "zh": "最近 30 天发生过这个事件的人数",
            "en": "people to whom this happened in the last 30 days",
        }
    count = Member.objects.in_workspace(workspace).filter(Q(merged_into=None), is_bot=False, is_anonymous=False).count()
    return {"count": count, "is_exact": False, "zh": "成员总数", "en": "members in all"}
