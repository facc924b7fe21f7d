"""A journey tried: who would have received what, and when. The steps are the real ones, on a clock of each one's own; nothing is written or sent.

What conditions ask is asked as it is now, and so are quiet hours. An action planned for somebody says how it would go for them now.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from hutong.automations import asking, occasions, past, registry, triggers
from hutong.automations.journeys import checking, compiled, entering, graph
from hutong.automations.journeys.compiled import Way
from hutong.automations.journeys.entering import Coming
from hutong.automations.journeys.stepping import Passed, Traveller, advance
from hutong.automations.journeys.world import PERIODS_MS, LiveWorld, planned
from hutong.automations.models import DryRun
from hutong.channels import may_send
from hutong.events.responders import Happening
from hutong.foundation import clock
from hutong.foundation.acting import Doer, Outcome, Person
from hutong.foundation.errors import HutongError
from hutong.foundation.jobs.running import checkpoint
from hutong.members.models import Member
from hutong.members.queries import names
from hutong.segments.conditions.nodes import Step

EVENTS_MAX = 5_000  # that let somebody in, the newest
FOLLOWED_MAX = 50_000  # events that people on their way would have waited for
EXAMPLES = 50
ROUNDS_MAX = 2_000
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
        persons = [Person(key=f"dry/{uuid.uuid4().hex}", member_id=one.member_id, occasion=one.occasion) for one in people]
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
    words = asking.words_of(run.workspace_id)
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
    people = _let_in(way, coming, refused, is_try=run.member_id is not None, now=now)
    since = min((one.entered_at for one in people), default=now)
    walk(people, DryWorld(now), horizon=horizon, happened=_followed(way, people, since))
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


def _let_in(way: Way, coming: Sequence[Coming], refused: Counter[str], *, is_try: bool, now: dt.datetime) -> list[Traveller]:
    """Those who would come in, as the entry's condition and re-entry say, as if nobody had been in it before."""
    people: list[Traveller] = []
    last: dict[uuid.UUID, dt.datetime] = {}
    by_person: list[Coming] = []
    for one in coming:
        before, reentry = last.get(one.member_id), way.entry.reentry
        if before is not None and (reentry.kind == "never" or (reentry.kind == "after" and one.at < before + dt.timedelta(days=reentry.days))):
            refused[entering.BEFORE] += 1
            continue
        last[one.member_id] = one.at
        by_person.append(one)
    while by_person:  # once each: whoever comes twice comes in the next round
        seen: set[uuid.UUID] = set()
        some: list[Coming] = []
        rest: list[Coming] = []
        for one in by_person:
            (rest if one.member_id in seen else some).append(one)
            seen.add(one.member_id)
        admitted = entering.admit(way, some, now=now, knows_past=False)
        people += admitted.people
        refused.update(admitted.refused)
        by_person = rest
        if not is_try:
            checkpoint()
    return people


def _followed(way: Way, people: Sequence[Traveller], since: dt.datetime) -> dict[str, list[Happening]]:
    """What happened to them since that they may wait for, or leave by, or that is a goal; by member."""
    awaited = [one for node in way.nodes.values() if isinstance(node, graph.WaitEvent) for one in node.events]
    own = {one.event for one in awaited if not one.to_them} | {one.event for one in way.rules.exit_events}
    others = {one.event for one in awaited if one.to_them}
    members = list({one.member_id for one in people})
    found: dict[str, list[Happening]] = {}
    for wanted, to_them in ((own, False), (others, True)):
        if wanted and members:
            some = past.happened(way.workspace_id, sorted(wanted), since=since, members=members, to_them=to_them, limit=FOLLOWED_MAX)
            for event in some:
                found.setdefault(event.addressed_id if to_them else event.member_id, []).append(event)
    for each in found.values():
        each.sort(key=lambda event: event.occurred_at)
    return found


def walk(people: Iterable[Traveller], world: DryWorld, *, horizon: dt.datetime, happened: Mapping[str, Sequence[Happening]]) -> None:
    """Let everybody go on, each on their own clock, until they end or their next moment lies beyond the horizon."""
    active = [one for one in people if not one.ended_as]
    for _ in range(ROUNDS_MAX):
        active = [one for one in active if _go_on(one, horizon, happened)]
        if not active:
            return
        advance([one for one in active if not one.ended_as], world)
        active = [one for one in active if not one.ended_as]


def _go_on(one: Traveller, horizon: dt.datetime, happened: Mapping[str, Sequence[Happening]]) -> bool:
    """Bring somebody to their next moment: an event they wait for, or leave by, or the end of their wait. False when it is beyond the horizon."""
    due = one.due_at if one.due_at is not None else one.now
    node = one.way.nodes.get(one.node)
    for event in happened.get(str(one.member_id), ()):
        at = clock.from_ms(round(event.occurred_at * 1000))
        if at <= one.since or at > due or at > horizon:
            continue
        is_own = event.member_id == str(one.member_id)
        if is_own and any(event.name == each.event and triggers.wanting(_step(each)).passes(event) for each in one.way.rules.exit_events):
            one.now = at
            one.end("exit", zh=f"发生了“{event.name}”。", en=f"“{event.name}” happened.", reason="exit_event")
            return False
        if one.waits and isinstance(node, graph.WaitEvent):
            for awaited, wanted in compiled.waited_for(node):
                concerned = event.addressed_id if awaited.to_them else event.member_id
                if concerned == str(one.member_id) and wanted.event == event.name and wanted.passes(event):
                    one.now, one.occasion = at, occasions.of(event)
                    one.go(awaited.id)
                    return not one.ended_as
    if due > horizon:
        return False
    if due > one.now:
        one.now, one.is_coming = due, False
    else:
        one.is_coming = one.due_at is None or one.due_at <= one.since
    return True


def _step(one: graph.ExitEvent) -> Step:
    return Step(event=one.event, where=one.where)


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
