"""What happens to people on their way: an event they wait for, one with which they leave, one that is the goal."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Sequence

from django.db import transaction

from hutong.automations import occasions
from hutong.automations.journeys import compiled, graph, keeping, turning
from hutong.automations.journeys.compiled import Way
from hutong.automations.journeys.stepping import Traveller, advance, reach
from hutong.automations.journeys.world import LiveWorld
from hutong.automations.listening import Listener, Met
from hutong.automations.models import Enrolment
from hutong.automations.triggers import wanting
from hutong.foundation import clock, ids
from hutong.members import bulk
from hutong.segments.conditions.nodes import Step


def listeners(way: Way, *, changed_at: float) -> Iterator[Listener]:
    """What people on this version wait for."""
    if way.version_id is None:
        return
    for node in way.nodes.values():
        if isinstance(node, graph.WaitEvent):
            for one, wanted in compiled.waited_for(node):
                yield Listener(
                    of="wait", workspace_id=str(way.workspace_id), automation=way.version_id, wanted=wanted, is_late=way.is_late, since=0.0,
                    changed_at=changed_at, node=node.id, port=one.id, to_them=one.to_them,
                )  # fmt: skip
        elif isinstance(node, graph.Goal) and node.event:
            yield Listener(
                of="goal", workspace_id=str(way.workspace_id), automation=way.version_id,
                wanted=wanting(Step(event=node.event, where=node.where)), is_late=way.is_late, since=0.0, changed_at=changed_at, node=node.id,
            )  # fmt: skip
    for leaving in way.rules.exit_events:
        wanted = wanting(Step(event=leaving.event, where=leaving.where))
        yield Listener(
            of="exit", workspace_id=str(way.workspace_id), automation=way.version_id, wanted=wanted,
            is_late=way.is_late, since=0.0, changed_at=changed_at,
        )  # fmt: skip


def take(met: Sequence[Met], ways: dict[uuid.UUID, Way], now: dt.datetime) -> None:
    """Wake, take out, and note goals, in the order in which it happened. Within the transaction that moves the reader's cursor."""
    for some in _in_turn(met):
        _take(some, ways, now)


def _in_turn(met: Sequence[Met]) -> Iterator[list[Met]]:
    """The same in pieces in which nothing happens twice to one person: what is second finds what the first has left."""
    piece: list[Met] = []
    seen: set[tuple[str, uuid.UUID]] = set()
    for one in met:
        key = (one.member_id, one.listener.automation)
        if key in seen:
            yield piece
            piece, seen = [], set()
        seen.add(key)
        piece.append(one)
    if piece:
        yield piece


def _take(met: Sequence[Met], ways: dict[uuid.UUID, Way], now: dt.datetime) -> None:
    changed: list[Traveller] = []
    by_version: dict[uuid.UUID, list[Met]] = {}
    for one in met:
        by_version.setdefault(one.listener.automation, []).append(one)
    for version_id, some in by_version.items():
        way = ways.get(version_id)
        if way is None:
            continue
        there = _there(way, {ids.read(one.member_id) for one in some}, now)
        changed += [traveller for one in some for traveller in there.get(one.member_id, ()) if _happens(one, traveller)]
    # On to where they wait next, past what neither acts nor asks: what happens right after finds them there.
    advance([one for one in changed if one.is_coming and one.due_at is None and not one.ended_as], LiveWorld(now), passes_only=True)
    if changed:
        keeping.save(changed, with_occasion=True)
        transaction.on_commit(turning.ring)


def _there(way: Way, members: Iterable[uuid.UUID], now: dt.datetime) -> dict[str, list[Traveller]]:
    """Those of the members who are or were on this version, by member."""
    found: dict[str, list[Traveller]] = {}
    for some in bulk.chunks(members):
        rows = Enrolment.objects.in_workspace(way.workspace_id).filter(member_id__in=some, version_id=way.version_id)
        for row in rows.values_list(*keeping.LOADED):
            one = keeping.load(row, way, now)
            found.setdefault(str(one.member_id), []).append(one)
    return found


def _happens(one: Met, traveller: Traveller) -> bool:
    """Do to somebody what an event does; whether it did anything. What let them in does nothing more, nor does what woke them here.

    Nobody waited yet for what came in before they came to a node; where they came later than now, the clock was set back since.
    """
    listener, event = one.listener, one.event
    at = clock.from_ms(round(event.received_at * 1000))
    if traveller.entry == occasions.named(event.id):
        return False
    if listener.of == "goal":
        node = traveller.way.nodes[listener.node]
        return isinstance(node, graph.Goal) and _reached(node, traveller, at)
    if traveller.ended_as or at < traveller.entered_at <= traveller.now:
        return False
    if listener.of == "exit":
        traveller.now = at
        traveller.end("left", reason="exit_event", zh=f"发生了“{event.name}”。", en=f"“{event.name}” happened.")
        return True
    if not traveller.waits or traveller.node != listener.node or event.id == traveller.occasion.event_id:
        return False
    if at < traveller.since <= traveller.now:
        return False
    traveller.now, traveller.occasion = at, occasions.of(event)
    traveller.go(listener.port)
    return True


def _reached(node: graph.Goal, traveller: Traveller, at: dt.datetime) -> bool:
    if node.id in traveller.goals_before or not traveller.entered_at <= at <= traveller.entered_at + dt.timedelta(days=node.within_days):
        return False
    traveller.now = at
    reach(traveller, node.id)
    if node.ends and not traveller.ended_as:
        traveller.end("goal")
    return True
