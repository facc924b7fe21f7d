"""Letting people into a journey: through an event, a firing, by hand. Within the caller's transaction, so that nobody comes in twice or is forgotten."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from django.db import transaction

from hutong.automations import occasions, registry
from hutong.automations.asking import Asker
from hutong.automations.journeys import graph, keeping, turning
from hutong.automations.journeys.compiled import Way
from hutong.automations.journeys.stepping import Traveller, advance
from hutong.automations.journeys.world import LiveWorld, Raced
from hutong.automations.models import Enrolment
from hutong.automations.rules.running import shown
from hutong.foundation import ids
from hutong.foundation.acting import NOTHING, Occasion
from hutong.members import bulk
from hutong.members.models import Membership

IN_FLIGHT, BEFORE, CONDITION, NO_PERSON, ELSEWHERE, CHAIN = "in_flight", "before", "condition", "no_person", "elsewhere", "chain"


@dataclass(slots=True)
class Coming:
    """Somebody who may come in. `entry` names what lets them in: by the same they come in once. `at`: when it did."""

    member_id: uuid.UUID
    entry: str
    at: dt.datetime
    occasion: Occasion = NOTHING


@dataclass(slots=True)
class Admitted:
    """Who comes in, ready to be kept, and why others do not."""

    people: list[Traveller]
    refused: Counter[str] = field(default_factory=Counter)
    why: dict[uuid.UUID, str] = field(default_factory=dict)  # of each who was refused, by the id they came with


def admit(way: Way, coming: Sequence[Coming], *, now: dt.datetime, knows_past: bool = True) -> Admitted:
    """Who of them may come in now. They go on past what neither acts nor asks: so somebody who waits first is written once.

    Reads only; `keep` writes. Two of the same person: the first. Without `knows_past` it is not asked who was in it before: `keep` does.
    """
    why: dict[uuid.UUID, str] = {one.member_id: CHAIN for one in coming if one.occasion.depth >= occasions.DEPTH_MAX}
    refused: Counter[str] = Counter()
    heads = shown((way.workspace_id, one.member_id) for one in coming)
    by_head: dict[uuid.UUID, Coming] = {}
    for one in coming:
        head = heads.get((way.workspace_id, one.member_id))
        if one.member_id in why:
            refused[CHAIN] += 1
        elif head is None:
            why[one.member_id] = NO_PERSON
            refused[NO_PERSON] += 1
        elif by_head.setdefault(head, one) is not one:
            refused[IN_FLIGHT] += 1

    def leave_out(some: Mapping[uuid.UUID, str]) -> None:
        for head, reason in some.items():
            one = by_head.pop(head, None)
            if one is not None:
                why[one.member_id] = reason
                refused[reason] += 1

    if knows_past:
        leave_out(_not_again(way, list(by_head), now))
    if way.community is not None and by_head:
        there = _in_community(way, way.community, list(by_head))
        leave_out({head: ELSEWHERE for head in by_head if head not in there})
    question = way.questions.get((way.entry.id, ""))
    if (way.entry.id, "") in way.gone:
        leave_out(dict.fromkeys(by_head, CONDITION))
    elif question is not None and by_head:
        holding = Asker(way.workspace_id, [question], by_head, now=now, zone=way.zone).holding(question, by_head)
        leave_out({head: CONDITION for head in by_head if head not in holding})
    people = [
        Traveller(
            id=0, member_id=head, origin_id=one.member_id, way=way, node=way.entry.id, since=one.at, entered_at=one.at, now=one.at,
            occasion=one.occasion, entry=one.entry,
        )
        for head, one in by_head.items()
    ]  # fmt: skip
    _step_in(people, now)
    return Admitted(people, refused, why)


def _step_in(people: Sequence[Traveller], now: dt.datetime) -> None:
    for one in people:
        target = one.way.target(one.node, graph.OUT)
        if target is None:
            one.ended_as = "finished"
        else:
            one.come(target.id)
    advance([one for one in people if not one.ended_as], LiveWorld(now), passes_only=True)


def coming(way: Way, some: Sequence[Coming], *, now: dt.datetime, alone: frozenset[str]) -> Callable[[], object]:
    """Let in who may come; gives what then writes, within a transaction.

    An action that comes first is done at once for those whom nothing else concerns at the same time (`alone`: their ids as they came); for
    the others when it is their turn, after what has priority. So is one that has to count what somebody was sent.
    """
    people = admit(way, some, now=now).people
    first = [one for one in people if str(one.origin_id) in alone and _acts(one)]
    if not first:
        return partial(keep, people)
    world = LiveWorld(now)
    for number, one in zip(ids.numbers(len(first)), first, strict=True):
        one.id, one.now = number, now
    later = [one for one in people if not one.id]
    advance(first, world)

    def write() -> None:
        keep(later)
        try:
            with transaction.atomic():
                if keep(first):
                    raise Raced
                turning.write(world)
        except (Raced, turning.NotWritten):  # their turns find out whose fault it is
            came = {one.origin_id for one in first}
            keep(admit(way, [one for one in some if one.member_id in came], now=now).people)

    return write


def _acts(one: Traveller) -> bool:
    node = one.way.nodes.get(one.node)
    action = registry.find(node.action) if isinstance(node, graph.Do) and not one.ended_as else None
    return action is not None and action.kind != "message"


def keep(people: Sequence[Traveller]) -> Counter[str]:
    """Keep those who come in. Within a transaction; whoever is in it, or was, is left out: how many, by reason."""
    refused: Counter[str] = Counter()
    by_way: dict[Way, list[Traveller]] = {}
    for one in people:
        by_way.setdefault(one.way, []).append(one)
    new: list[Traveller] = []
    for way, some in by_way.items():
        inside = _not_again(way, [one.member_id for one in some], some[0].now)
        there = _came_by(way, some) if way.entry.reentry.kind == "always" else set()
        for one in some:
            if one.member_id in inside:
                refused[inside[one.member_id]] += 1
            elif (one.origin_id, one.entry) in there:
                refused[BEFORE] += 1
            else:
                new.append(one)
    keeping.insert(new)
    if any(one.due_at is not None and one.due_at <= one.now for one in new):
        transaction.on_commit(turning.ring)
    return refused


def _not_again(way: Way, heads: Sequence[uuid.UUID], now: dt.datetime) -> dict[uuid.UUID, str]:
    """Who may not come in: in it now, or was in it, as the rules of the entry say."""
    reentry = way.entry.reentry
    why: dict[uuid.UUID, str] = {}
    before: set[uuid.UUID] = set()
    for member_id, state in bulk.pick(Enrolment, ["state"], "member", heads, workspace_id=way.workspace_id, also={"journey": way.journey_id}):
        if state == "waiting":
            why[member_id] = IN_FLIGHT
        else:
            before.add(member_id)
    before -= why.keys()
    if reentry.kind == "never":
        why |= dict.fromkeys(before, BEFORE)
    elif reentry.kind == "after":
        since = now - dt.timedelta(days=reentry.days)
        for some in bulk.chunks(before):
            rows = Enrolment.objects.in_workspace(way.workspace_id).filter(journey_id=way.journey_id, member_id__in=some, entered_at__gt=since)
            why |= dict.fromkeys(rows.values_list("member_id", flat=True), BEFORE)
    return why


def _came_by(way: Way, people: Sequence[Traveller]) -> set[tuple[uuid.UUID, str]]:
    """Who (as they came) has come in by which entry: an event that is told again lets nobody in again."""
    origins = [one.origin_id for one in people]
    return set(bulk.pick(Enrolment, ["entry"], "origin", origins, workspace_id=way.workspace_id, also={"journey": way.journey_id}))


def _in_community(way: Way, community_id: uuid.UUID, heads: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    found: set[uuid.UUID] = set()
    for some in bulk.chunks(heads):
        rows = Membership.objects.in_workspace(way.workspace_id).filter(community_id=community_id, member_id__in=some, left_at=None)
        found.update(rows.values_list("member_id", flat=True))
    return found
