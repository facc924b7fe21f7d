"""A journey tried: who would have received what, and when. The steps are the real ones, on a clock of each one's own; nothing is written or sent.

What conditions ask is asked as it is now, and so are quiet hours. An action planned for somebody says how it would go for them now.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from hutong.automations import occasions, past, registry, triggers
from hutong.automations.journeys import checking, compiled, entering, graph
from hutong.automations.journeys.compiled import Way
from hutong.automations.journeys.entering import Coming
from hutong.automations.journeys.stepping import Passed, Traveller, advance
from hutong.automations.journeys.world import PERIODS_MS, LiveWorld, planned
from hutong.automations.models import DryRun
from hutong.channels import may_send
from hutong.events.responders import Happening
from hutong.foundation import clock, ids
from hutong.foundation.acting import Doer, Outcome, Person
from hutong.foundation.errors import HutongError
from hutong.foundation.jobs.running import checkpoint
from hutong.members.models import Member
from hutong.members.queries import names
from hutong.segments import vocabulary
from hutong.segments.conditions.nodes import PropertyTest, Step

EVENTS_MAX = 5_000  # that let somebody in, the newest
FOLLOWED_MAX = 50_000  # events that people on their way would have waited for
EXAMPLES = 50
ROUNDS_MAX = 2_000
FOR_GOOD = (entering.CONDITION, entering.NO_PERSON, entering.ELSEWHERE)  # they would not come in at another moment either
AHEAD = dt.timedelta(days=400)  # how far a try on one member looks

logger = logging.getLogger("hutong.automations")


class DryWorld(LiveWorld):
    """The world as it is, in which nothing is done. Everybody has their own now."""

    def __init__(self, now: dt.datetime) -> None:
        super().__init__(now)
        self._slots: dict[str, float] = {}
        self._rules = dict[uuid.UUID, may_send.Rules]()

    def act(self, way: Way, node: graph.Do, people: Sequence[Traveller]) -> Sequence[Outcome]:
        """How it would go for each; where nothing is said of that, what the action does."""
        action = registry.find(node.action)
        if action is None:
            return [Outcome("refused", "请选择动作。", "Choose an action.", "action_gone")] * len(people)
        try:
            settings = action.check(way.workspace_id, node.settings)
            said = action.say(way.workspace_id, settings)
        except HutongError as error:
            message = error.errors[0]["message"] if error.errors else {"zh": error.detail("zh"), "en": error.detail("en")}
            return [Outcome("refused", message["zh"], message["en"], error.code)] * len(people)
        doer = Doer(workspace_id=way.workspace_id, source=way.source, told_by=way.source, name=way.journey)
        persons = [Person(key=f"dry/{ids.new().hex}", member_id=one.member_id, occasion=one.occasion) for one in people]
        outcomes = planned(action, doer, settings, persons).outcomes
        return [one if one.zh else Outcome(one.state, *said, one.reason) for one in outcomes]

    def held_back(self, way: Way, node: graph.Do, people: Sequence[Traveller]) -> Mapping[int, dt.datetime]:
        """Quiet hours, at each one's moment."""
        action = registry.find(node.action)
        if action is None or action.kind != "message" or not way.rules.keeps_quiet:
            return {}
        rules = self._rules.setdefault(way.workspace_id, may_send.rules_of(way.workspace_id))
        zones = self.zones(way, people)
        found = {id(one): may_send.quiet_until(rules, one.now, zone=zones.get(one.member_id, way.zone)) for one in people}
        return {key: until for key, until in found.items() if until is not None}

    def slots(self, way: Way, node: graph.Limit, people: Sequence[Traveller]) -> Sequence[dt.datetime]:
        """One after another, from the first of them."""
        found = []
        for one in people:
            at = max(self._slots.get(node.id, 0.0), float(clock.to_ms(one.now)))
            self._slots[node.id] = at + PERIODS_MS[node.per] / node.people
            found.append(clock.from_ms(round(at)))
        return found


def perform(run_id: uuid.UUID) -> None:
    """Do a try, and keep what it found."""
    run = DryRun.objects.across_workspaces().select_related("journey", "workspace").filter(pk=run_id, state="running").first()
    if run is None:
        return
    try:
        state, result = "done", _tried(run)
    except HutongError as error:
        message = error.errors[0]["message"] if error.errors else {"zh": error.detail("zh"), "en": error.detail("en")}
        state, result = "failed", {"error": message}
    with transaction.atomic():
        DryRun.objects.across_workspaces().filter(pk=run_id, state="running").update(state=state, result=result)


def _tried(run: DryRun) -> dict[str, Any]:
    now = clock.now()
    drawn = checking.read(run.graph)
    words = vocabulary.of(run.workspace)
    wrong = [one for one in checking.problems(run.workspace_id, drawn, words) if one.is_error and not one.node]
    if wrong:
        raise checking.errors(wrong, drawn)
    way = compiled.way(
        drawn, workspace_id=run.workspace_id, journey_id=run.journey_id, journey=run.journey.name, version_id=None, number=0,
        zone=run.workspace.time_zone, priority=0, lanes={}, words=words,
    )  # fmt: skip
    if run.member_id is not None:
        coming = [Coming(run.member_id, "dry", now)]
        horizon, matched, is_cut = now + AHEAD, 1, False
    else:
        coming, matched, is_cut = _came(way, now - dt.timedelta(days=run.days or 1))
        horizon = now
    refused: Counter[str] = Counter()
    happened = _followed(way, coming) if run.member_id is None else {}
    people = _gone_through(way, coming, DryWorld(now), refused, horizon=horizon, happened=happened)
    return _said(run, way, people, refused, matched=matched, is_cut=is_cut)


def _came(way: Way, since: dt.datetime) -> tuple[list[Coming], int, bool]:
    """Who would have come to the entry, by events that really happened."""
    wanted = triggers.wanted(way.entry.trigger)
    if wanted is None:
        return [], 0, False
    found = past.happened(way.workspace_id, [wanted.event], since=since, limit=EVENTS_MAX + 1)
    met = [event for event in found if wanted.passes(event) and (way.community is None or event.community_id == str(way.community))]
    coming = [Coming(uuid.UUID(event.member_id), event.id, clock.from_ms(round(event.occurred_at * 1000)), occasions.of(event)) for event in met]
    return coming[-EVENTS_MAX:], len(met), len(found) > EVENTS_MAX


def _gone_through(
    way: Way, coming: Sequence[Coming], world: DryWorld, refused: Counter[str], *, horizon: dt.datetime, happened: Mapping[str, Sequence[Happening]]
) -> list[Traveller]:
    """Those who would come in, as the entry's condition and re-entry say, each where they would be. Nobody was in it before the first of them."""
    people: list[Traveller] = []
    last: dict[uuid.UUID, Traveller] = {}
    kept_out: dict[uuid.UUID, str] = {}  # what is asked as it is now is answered once
    while coming:  # in each round everybody once: whoever would come again is looked at when it is known how they fared
        some: dict[uuid.UUID, Coming] = {}
        rest: list[Coming] = []
        for one in coming:
            if one.member_id in some:
                rest.append(one)
            elif reason := kept_out.get(one.member_id) or _not_again(way, last.get(one.member_id), one.at):
                refused[reason] += 1
            else:
                some[one.member_id] = one
        admitted = entering.admit(way, list(some.values()), now=world.now, knows_past=False)
        kept_out |= {member_id: reason for member_id, reason in admitted.why.items() if reason in FOR_GOOD}
        walk(admitted.people, world, horizon=horizon, happened=happened)
        last |= {one.origin_id: one for one in admitted.people}
        people += admitted.people
        refused.update(admitted.refused)
        coming = rest
        if rest:
            checkpoint()
    return people


def _not_again(way: Way, last: Traveller | None, at: dt.datetime) -> str:
    """Why somebody would not come in again; empty where they would."""
    reentry = way.entry.reentry
    if last is None:
        return ""
    if not last.ended_as or last.now >= at:
        return entering.IN_FLIGHT
    is_too_soon = reentry.kind == "after" and at < last.entered_at + dt.timedelta(days=reentry.days)
    return entering.BEFORE if reentry.kind == "never" or is_too_soon else ""


def _followed(way: Way, coming: Sequence[Coming]) -> dict[str, list[Happening]]:
    """What happened to them since that they may wait for, or leave by, or that is a goal; by member."""
    awaited = [one for node in way.nodes.values() if isinstance(node, graph.WaitEvent) for one in node.events]
    own = {one.event for one in awaited if not one.to_them} | {one.event for one in way.rules.exit_events}
    own |= {node.event for node in way.nodes.values() if isinstance(node, graph.Goal) and node.event}
    others = {one.event for one in awaited if one.to_them}
    members = list({one.member_id for one in coming})
    found: dict[str, list[Happening]] = {}
    for wanted, to_them in ((own, False), (others, True)):
        if wanted and members:
            since = min(one.at for one in coming)
            some = past.happened(way.workspace_id, sorted(wanted), since=since, members=members, to_them=to_them, limit=FOLLOWED_MAX)
            for event in some:
                found.setdefault(event.addressed_id if to_them else event.member_id, []).append(event)
    for each in found.values():
        each.sort(key=_at)
    return found


def walk(people: Iterable[Traveller], world: DryWorld, *, horizon: dt.datetime, happened: Mapping[str, Sequence[Happening]]) -> None:
    """Let everybody go on, each on their own clock, until they end or their next moment lies beyond the horizon."""
    active = [one for one in people if not one.ended_as]
    for _ in range(ROUNDS_MAX):
        active = [one for one in active if _go_on(one, world, horizon, happened.get(str(one.member_id), ()))]
        if not active:
            return
        advance(active, world)
        active = [one for one in active if not one.ended_as]


def _go_on(one: Traveller, world: DryWorld, horizon: dt.datetime, events: Sequence[Happening]) -> bool:
    """Bring somebody to the moment at which they go on by themselves, past what happens to them before. False when they go no further."""
    following = bisect_right(events, one.since, key=_at)
    while True:
        due = one.due_at if one.due_at is not None else one.now
        event = events[following] if following < len(events) else None
        if event is None or _at(event) > min(due, horizon):
            break
        following += 1
        _happens(one, event, world)
        if one.ended_as:
            return False
    if due > horizon:
        return False
    if due > one.now:
        one.now, one.is_coming = due, False
    else:
        one.is_coming = one.due_at is None or one.due_at <= one.since
    return True


def _at(event: Happening) -> dt.datetime:
    return clock.from_ms(round(event.occurred_at * 1000))


def _happens(one: Traveller, event: Happening, world: DryWorld) -> None:
    """Do to somebody what an event does, as `waking` does it."""
    way, at, is_own = one.way, _at(event), event.member_id == str(one.member_id)
    for node in way.nodes.values():
        if isinstance(node, graph.WaitEvent) and one.waits and one.node == node.id and event.id != one.occasion.event_id:
            for awaited, wanted in compiled.waited_for(node):
                concerned = event.addressed_id if awaited.to_them else event.member_id
                if concerned == str(one.member_id) and wanted.event == event.name and wanted.passes(event):
                    one.now, one.occasion = at, occasions.of(event)
                    one.go(awaited.id)
                    advance([] if one.ended_as else [one], world, passes_only=True)
                    break
        elif isinstance(node, graph.Goal) and is_own and not one.ended_as and _leads_out(node, one, event):
            one.now = at
            one.end("goal")
    if is_own and not one.ended_as and any(_is(event, each.event, each.where) for each in way.rules.exit_events):
        one.now = at
        one.end("left", zh=f"发生了“{event.name}”。", en=f"“{event.name}” happened.", reason="exit_event")


def _leads_out(goal: graph.Goal, one: Traveller, event: Happening) -> bool:
    return goal.ends and _is(event, goal.event, goal.where) and _at(event) <= one.entered_at + dt.timedelta(days=goal.within_days)


def _is(event: Happening, name: str, where: Sequence[PropertyTest]) -> bool:
    return event.name == name and triggers.wanting(Step(event=name, where=list(where))).passes(event)


def _said(run: DryRun, way: Way, people: Sequence[Traveller], refused: Counter[str], *, matched: int, is_cut: bool) -> dict[str, Any]:
    nodes: Counter[str] = Counter()
    actions: dict[str, Counter[str]] = {}
    ended: Counter[str] = Counter()
    for one in people:
        nodes[way.entry.id] += 1
        nodes.update(one.visited)
        ended[one.ended_as or "waiting"] += 1
        for step in one.passed:
            if isinstance(way.nodes.get(step.node), graph.Do):
                actions.setdefault(step.node, Counter())[step.outcome] += 1
    shown = sorted(people, key=lambda one: one.entered_at, reverse=True)[:EXAMPLES]
    known = names(run.workspace_id, [one.member_id for one in shown])
    examples = [_example(one, known.get(one.member_id, "")) for one in shown]
    if run.member_id is not None and not people:
        name = Member.objects.in_workspace(run.workspace_id).values_list("name", flat=True).get(pk=run.member_id)
        reason = next((reason for reason, number in refused.items() if number), "")
        examples = [{"member": {"id": str(run.member_id), "name": name}, "refused": reason, "ended_as": "", "steps": []}]
    return {
        "matched": matched, "people": len(people), "looked_at": matched, "is_cut": is_cut, "refused": {why: n for why, n in refused.items() if n},
        "nodes": dict(nodes), "actions": {node: dict(count) for node, count in actions.items()}, "ended": dict(ended), "examples": examples,
    }  # fmt: skip


def _example(one: Traveller, name: str) -> dict[str, Any]:
    steps = [_passed(step) for step in one.passed]
    if not one.ended_as and one.due_at is not None:
        steps.append({"node": one.node, "at": one.due_at.isoformat(), "port": "", "outcome": "done", "zh": "还在等待", "en": "Still waiting"})
    return {"member": {"id": str(one.member_id), "name": name}, "refused": "", "ended_as": one.ended_as, "steps": steps}


def _passed(step: Passed) -> dict[str, Any]:
    return {"node": step.node, "at": step.at.isoformat(), "port": step.port, "outcome": step.outcome, "zh": step.zh, "en": step.en}
