"""What becomes of those who meet rules: many at once, as if one after another.

The rules that one event sets off are judged by what was before it: none sees what another does for the same event. What is done for somebody is
written before their next event is judged, so a round goes, for each person, up to the first event for which something is done.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from hutong.automations.asking import Asker
from hutong.automations.journeys.world import planned
from hutong.automations.occasions import DEPTH_MAX, told_by
from hutong.automations.rules import history, hours
from hutong.automations.rules.cases import Case
from hutong.automations.rules.history import STORM_RUNS_MAX, Past
from hutong.automations.rules.ready import Ready
from hutong.foundation.acting import Doer, Outcome, Person

Pasts = dict[tuple[uuid.UUID, uuid.UUID], Past]  # by rule and member


@dataclass(slots=True)
class Round:
    """What is decided, what is then written in its order, and who comes after that."""

    decided: list[Case] = field(default_factory=list)
    writes: list[Callable[[], None]] = field(default_factory=list)
    left: list[Case] = field(default_factory=list)


def pasts(cases: Iterable[Case], now: dt.datetime) -> Pasts:
    """What there is of everybody who meets a rule, before."""
    found: Pasts = {}
    for rule, some in by_rule(cases).items():
        found |= {(rule.id, member): one for member, one in history.past(rule, [case.member_id for case in some], now).items()}
    return found


def by_rule(cases: Iterable[Case]) -> dict[Ready, list[Case]]:
    """Cases of each rule."""
    found: dict[Ready, list[Case]] = {}
    for one in cases:
        found.setdefault(one.rule, []).append(one)
    return found


def judged(cases: Sequence[Case], known: Pasts, now: dt.datetime) -> Round:
    """One round. Reads only."""
    made = Round()
    people: dict[tuple[uuid.UUID, uuid.UUID], list[list[Case]]] = {}
    for one in cases:
        turns = people.setdefault((one.rule.workspace_id, one.member_id), [])
        if turns and turns[-1][0].turn == one.turn:
            turns[-1].append(one)
        else:
            turns.append([one])
    asking = _Asking(cases, now)
    at = 0
    while people:
        stage = {person: turns[at] for person, turns in people.items()}
        acted = _stage([one for some in stage.values() for one in some], made, known, asking, now)
        at += 1
        for person in stage:
            turns = people[person]
            if person in acted or len(turns) == at:
                made.left += [one for some in turns[at:] for one in some]
                del people[person]
    made.left.sort(key=lambda one: one.turn)
    return made


def _stage(cases: Sequence[Case], made: Round, known: Pasts, asking: _Asking, now: dt.datetime) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """One event of each person, by all the rules it sets off; for whom something is done."""
    acted: set[tuple[uuid.UUID, uuid.UUID]] = set()
    closed: set[tuple[uuid.UUID, int]] = set()  # the last rule has acted for this person and event
    for rule, some in _in_order(cases):
        open_to = []
        for one in some:
            _check(one, known[rule.id, one.member_id], (one.member_id, one.turn) in closed, now)
            if not one.state:
                open_to.append(one)
        acting = open_to
        if rule.question is not None and open_to:
            holding = asking.holding(rule, {one.member_id for one in open_to})
            acting = [one for one in open_to if one.member_id in holding]
            for one in open_to:
                if one.member_id not in holding:
                    one.skip("condition")
                    one.is_kept = not one.is_crowd
        made.writes += act(rule, acting)
        for one in acting:
            acted.add((rule.workspace_id, one.member_id))
            if one.state == "done":
                known[rule.id, one.member_id].acted()
                if rule.is_last:
                    closed.add((one.member_id, one.turn))
        for one in some:
            if one.is_kept and one.reason != "storm":
                known[rule.id, one.member_id].lately += 1
    made.decided += cases
    return acted


def _in_order(cases: Iterable[Case]) -> Iterator[tuple[Ready, list[Case]]]:
    """Rules, the highest priority first, then the eldest."""
    found = by_rule(cases)
    for rule in sorted(found, key=lambda one: (-one.priority, one.id)):
        yield rule, found[rule]


def _check(one: Case, past: Past, is_closed: bool, now: dt.datetime) -> None:
    """Everything but the condition, which costs most. What has waited was judged before it began to."""
    rule = one.rule
    if not one.waited:
        if one.occasion.depth >= DEPTH_MAX:
            one.skip("chain")
        elif past.lately >= STORM_RUNS_MAX:
            one.skip("storm")
            one.is_kept = not past.storms
            past.storms += 1
        elif is_closed:
            one.skip("last")
    if one.state:
        return
    if rule.hours is not None and not hours.are_open(rule.hours, now, rule.zone):
        if rule.hours.otherwise == "wait":
            one.state, one.reason, one.due_at = "waiting", "hours", hours.opening(rule.hours, now, rule.zone)
        else:
            one.skip("hours")
    elif rule.cooldown_seconds and past.cooling:
        one.skip("cooldown")
    elif rule.cap_times and past.counted >= rule.cap_times:
        one.skip("cap")


class _Asking:
    """Conditions asked once of each person in a round: nothing of them changes within it."""

    def __init__(self, cases: Sequence[Case], now: dt.datetime) -> None:
        self._cases = [one for one in cases if one.rule.question is not None]
        self._now = now
        self._askers: dict[tuple[uuid.UUID, str], Asker] = {}
        self._known: dict[Ready, tuple[set[uuid.UUID], set[uuid.UUID]]] = {}  # asked, holding

    def holding(self, rule: Ready, members: set[uuid.UUID]) -> set[uuid.UUID]:
        """Those for whom the rule's condition holds."""
        asked, holding = self._known.setdefault(rule, (set(), set()))
        missing = members - asked
        if missing and rule.question is not None:
            holding |= self._asker(rule).holding(rule.question, missing)
            asked |= missing
        return holding

    def _asker(self, rule: Ready) -> Asker:
        key = (rule.workspace_id, rule.zone)
        if key not in self._askers:
            some = [one for one in self._cases if (one.rule.workspace_id, one.rule.zone) == key]
            questions = [one.question for one in by_rule(some) if one.question is not None]
            self._askers[key] = Asker(rule.workspace_id, questions, {one.member_id for one in some}, now=self._now, zone=rule.zone)
        return self._askers[key]


def act(rule: Ready, cases: Sequence[Case]) -> list[Callable[[], None]]:
    """Plan a rule's actions for people: how it goes for each is in their case, what makes it so is given back."""
    writes: list[Callable[[], None]] = []
    by_depth: dict[int, list[Case]] = {}
    for one in cases:
        by_depth.setdefault(one.occasion.depth, []).append(one)
    for depth, some in by_depth.items():
        doer = Doer(workspace_id=rule.workspace_id, source=rule.source, told_by=told_by(rule.source, depth), name=rule.name)
        for at, each in enumerate(rule.acts):
            people = [Person(key=f"rule/{rule.id.hex}/{one.key}/{at}", member_id=one.member_id, occasion=one.occasion) for one in some]
            plan = planned(each.action, doer, each.settings, people)
            writes.append(plan.write)
            for one, outcome in zip(some, plan.outcomes, strict=True):
                one.outcomes.append({"id": each.id, **_said(outcome)})
    for one in cases:
        one.state, one.reason = ending({str(outcome["state"]) for outcome in one.outcomes})
    return writes


def _said(outcome: Outcome) -> dict[str, str]:
    state = "failed" if outcome.state == "refused" and outcome.reason == "error" else outcome.state
    return {"state": state, "zh": outcome.zh, "en": outcome.en, "reason": outcome.reason}


def ending(states: set[str]) -> tuple[str, str]:
    """How a run ends whose actions ended so, and the reason: it is done where one of them was."""
    reason = "error" if "failed" in states else "refused" if "refused" in states else ""
    if states & {"done", "unchanged"} or not states:
        return "done", "error" if "failed" in states else ""
    return "failed", reason


def rules_of(cases: Iterable[Case]) -> Mapping[uuid.UUID, list[str]]:
    """The keys of cases, by their rule."""
    found: dict[uuid.UUID, list[str]] = {}
    for one in cases:
        found.setdefault(one.rule.id, []).append(one.key)
    return found
