"""How people go through a journey: many at once, from where they are until everybody rests, or has reached the end.

Nothing is written here, and time is told to it: the same steps are taken by real people and in a dry run. What is to be written is what they
leave behind them: `Traveller.passed`, and the plans of the actions.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Protocol

from hutong.automations.journeys import graph
from hutong.automations.journeys.compiled import Way
from hutong.automations.journeys.dates import next_date, next_time
from hutong.automations.triggers import wanting
from hutong.events.responders import Happening
from hutong.foundation.acting import NOTHING, Occasion, Outcome
from hutong.segments.conditions.nodes import Step

FAILED = Outcome("refused", "出错了，没有做成。", "It went wrong and was not done.", "error")
NOT_PUBLISHED = ("这一步的条件用到的内容已被删除。", "What the condition of this step names was deleted.")
TOO_LONG = ("走的步数太多，可能在绕圈。", "Too many steps: it may go round in circles.")


@dataclass(slots=True)
class Passed:
    """A node somebody passed. `port` empty: they ended there."""

    node: str
    at: dt.datetime
    port: str
    outcome: str = "done"
    zh: str = ""
    en: str = ""
    reason: str = ""


@dataclass(slots=True)
class Traveller:
    """Somebody on their way. `id` 0: not kept yet."""

    id: int
    member_id: uuid.UUID
    origin_id: uuid.UUID
    way: Way
    node: str
    since: dt.datetime
    entered_at: dt.datetime
    now: dt.datetime
    due_at: dt.datetime | None = None
    waits: bool = False
    steps: int = 0
    revision: int = 0  # of the row, as it was read
    arms: str = ""
    goals: str = ""
    goals_before: frozenset[str] = frozenset()  # at the beginning of this turn
    occasion: Occasion = NOTHING
    entry: str = ""
    is_coming: bool = True  # has just come to the node; else was resting there
    ended_as: str = ""
    ended_at: dt.datetime | None = None  # before this turn: they are out, and can only reach a goal
    passed: list[Passed] = field(default_factory=list)
    visited: list[str] = field(default_factory=list)  # nodes come to in this turn

    def go(self, port: str, *, outcome: Outcome | None = None, state: str = "done") -> None:
        """Out by a port, to where it leads; where it leads nowhere, the way ends."""
        said = Passed(self.node, self.now, port, state if outcome is None else outcome.state)
        if outcome is not None:
            said.zh, said.en, said.reason = outcome.zh, outcome.en, outcome.reason
        self.passed.append(said)
        self.steps += 1
        target = self.way.target(self.node, port)
        if target is None:
            self.ended_as = "finished"
            self.due_at, self.waits = None, False
            return
        self.come(target.id)

    def come(self, node: str) -> None:
        """To a node."""
        self.node, self.since, self.due_at, self.waits, self.is_coming = node, self.now, None, False, True
        self.visited.append(node)

    def rest(self, until: dt.datetime | None, *, waits: bool = False) -> None:
        """Stay here, until then."""
        self.due_at, self.waits, self.is_coming = until, waits, False

    def end(self, how: str, *, outcome: str = "done", zh: str = "", en: str = "", reason: str = "") -> None:
        """Leave the journey."""
        self.passed.append(Passed(self.node, self.now, "", outcome, zh, en, reason))
        self.steps += 1
        self.ended_as, self.due_at, self.waits = how, None, False

    def pause(self) -> None:
        """Go on from here at once, in another turn: what was done before is there by then."""
        self.due_at, self.waits = self.now, False


class World(Protocol):
    """What stepping asks of the world."""

    def holding(self, way: Way, at: tuple[str, str], people: Sequence[Traveller]) -> set[int]:
        """Those (by `id()` of the traveller) for whom a condition of the journey holds."""
        ...

    def zones(self, way: Way, people: Sequence[Traveller]) -> Mapping[uuid.UUID, str]:
        """Each member's time zone."""
        ...

    def dates(self, way: Way, attribute: str, people: Sequence[Traveller]) -> Mapping[uuid.UUID, str]:
        """What each member's attribute says: 2026-11-28, or 11-28 where the year is not known."""
        ...

    def act(self, way: Way, node: graph.Do, people: Sequence[Traveller]) -> Sequence[Outcome]:
        """Plan an action for them, and say how it goes for each."""
        ...

    def held_back(self, way: Way, node: graph.Do, people: Sequence[Traveller]) -> Mapping[int, dt.datetime]:
        """Whom an action has to wait for, and until when: quiet hours, caps. By `id()` of the traveller."""
        ...

    def slots(self, way: Way, node: graph.Limit, people: Sequence[Traveller]) -> Sequence[dt.datetime]:
        """When each of them may pass a limit, in their order."""
        ...


READS = (graph.Branch, graph.Do, graph.WaitDate, graph.Limit)  # nodes that look at what actions may have changed, or keep something


def advance(people: Iterable[Traveller], world: World, *, passes_only: bool = False) -> None:
    """Let everybody go on until they rest or end. With `passes_only` only past nodes that neither act nor ask: before those they pause.

    Nor does anybody act, and then come to a node that asks, in one turn: what was done is written in between.
    """
    active = list(people)
    acted: set[int] = set()
    while active:
        active = _without_leavers(active, world) if not passes_only else active
        moving: list[Traveller] = []
        for (way, node_id), some in _by_node(active).items():
            node = way.nodes.get(node_id)
            if node is None:
                for one in some:
                    one.end("failed", outcome="failed", zh="这一步已不存在。", en="This step does not exist any more.", reason="gone")
                continue
            ready = []
            for one in some:
                stops = passes_only or id(one) in acted
                if stops and (isinstance(node, READS) or ("", "") in way.questions):
                    one.pause()
                elif one.steps > graph.STEPS_MAX:
                    one.end("failed", outcome="failed", zh=TOO_LONG[0], en=TOO_LONG[1], reason="circle")
                else:
                    ready.append(one)
            if not ready:
                continue
            _STEPS[type(node)](node, way, ready, world)
            if isinstance(node, graph.Do):
                acted.update(id(one) for one in ready)
            moving += [one for one in ready if not one.ended_as and one.is_coming and one.due_at is None]
        active = moving


def _by_node(people: Iterable[Traveller]) -> dict[tuple[Way, str], list[Traveller]]:
    found: dict[tuple[Way, str], list[Traveller]] = {}
    for one in people:
        found.setdefault((one.way, one.node), []).append(one)
    return found


def _without_leavers(people: list[Traveller], world: World) -> list[Traveller]:
    """Whoever the condition of leaving holds for, leaves."""
    left: set[int] = set()
    by_way: dict[Way, list[Traveller]] = {}
    for one in people:
        if ("", "") in one.way.questions:
            by_way.setdefault(one.way, []).append(one)
    for way, some in by_way.items():
        holding = world.holding(way, ("", ""), some)
        for one in some:
            if id(one) in holding:
                one.end("left", zh="满足离开条件。", en="The condition of leaving held.", reason="exit_condition")
                left.add(id(one))
    return [one for one in people if id(one) not in left] if left else people


# --- each kind of node -----------------------------------------------------------------------


def _pass(node: Any, way: Way, people: Sequence[Traveller], world: World) -> None:
    for one in people:
        one.go(graph.OUT)


def _wait(node: graph.Wait, way: Way, people: Sequence[Traveller], world: World) -> None:
    span = dt.timedelta(seconds=node.seconds)
    for one in people:
        if one.is_coming:
            one.rest(one.now + span)
        else:
            one.go(graph.OUT)


def _wait_time(node: graph.WaitTime, way: Way, people: Sequence[Traveller], world: World) -> None:
    coming = [one for one in people if one.is_coming]
    zones = world.zones(way, coming) if coming else {}
    found: dict[tuple[dt.datetime, str], dt.datetime] = {}
    for one in people:
        if not one.is_coming:
            one.go(graph.OUT)
            continue
        key = (one.now, zones.get(one.member_id, way.zone))
        if key not in found:
            found[key] = next_time(one.now, time=node.time, weekdays=node.weekdays, zone=key[1])
        one.rest(found[key])


def _wait_date(node: graph.WaitDate, way: Way, people: Sequence[Traveller], world: World) -> None:
    coming = [one for one in people if one.is_coming]
    zones = world.zones(way, coming) if coming else {}
    dates = world.dates(way, node.attribute, coming) if coming else {}
    for one in people:
        if not one.is_coming:
            one.go(graph.OUT)
            continue
        said = dates.get(one.member_id)
        moment = None
        if said is not None:
            moment = next_date(
                one.now, said, offset_days=node.offset_days, time=node.time, calendar=node.calendar, yearly=node.id in way.yearly,
                zone=zones.get(one.member_id, way.zone),
            )  # fmt: skip
        if moment is None:
            one.go(graph.OTHERWISE)
        else:
            one.rest(moment)


def _wait_event(node: graph.WaitEvent, way: Way, people: Sequence[Traveller], world: World) -> None:
    span = dt.timedelta(seconds=node.timeout_seconds)
    for one in people:
        if one.is_coming:
            one.rest(one.now + span, waits=True)
        else:
            one.go(graph.TIMEOUT)


def _branch(node: graph.Branch, way: Way, people: Sequence[Traveller], world: World) -> None:
    left = list(people)
    for case in node.cases:
        at = (node.id, case.id)
        if at not in way.questions or not left:
            continue
        holding = world.holding(way, at, left)
        for one in left:
            if id(one) in holding:
                one.go(case.id)
        left = [one for one in left if id(one) not in holding]
    is_gone = any((node.id, case.id) in way.gone for case in node.cases)
    for one in left:
        one.go(graph.OTHERWISE, outcome=Outcome("refused", *NOT_PUBLISHED, "condition_gone") if is_gone else None)


def _event_branch(node: graph.EventBranch, way: Way, people: Sequence[Traveller], world: World) -> None:
    cases = [(case.id, wanting(Step(event="", where=case.where)).passes) for case in node.cases]
    for one in people:
        said = one.occasion
        event = Happening(
            id=said.event_id, workspace_id=str(way.workspace_id), name=said.event, occurred_at=said.occurred_at, channel=said.channel,
            text=said.text, properties=dict(said.properties),
        )  # fmt: skip
        one.go(next((port for port, passes in cases if passes(event)), graph.OTHERWISE))


def _split(node: graph.Split, way: Way, people: Sequence[Traveller], world: World) -> None:
    arms = [one for one in node.arms if one.weight > 0]
    total = sum(one.weight for one in arms)
    for one in people:
        if not arms:
            one.go(graph.OUT)
            continue
        drawn = draw(way.journey_id, node.id, one.origin_id) % total
        for arm in arms:
            drawn -= arm.weight
            if drawn < 0:
                mark = f"{node.id}:{arm.id}"
                marks = [each for each in one.arms.split(",") if each and not each.startswith(f"{node.id}:")]
                one.arms = ",".join([*marks, mark])
                one.go(arm.id)
                break


def draw(journey_id: uuid.UUID, node: str, origin_id: uuid.UUID) -> int:
    """A number that is drawn once for each of them, at this node of this journey, whenever it is asked."""
    return int.from_bytes(blake2b(journey_id.bytes + origin_id.bytes + node.encode(), digest_size=8).digest(), "big")


def _do(node: graph.Do, way: Way, people: Sequence[Traveller], world: World) -> None:
    later = world.held_back(way, node, people)
    acting = []
    for one in people:
        moment = later.get(id(one))
        if moment is not None:
            one.rest(moment)
        else:
            acting.append(one)
    if not acting:
        return
    has_failed_port = way.target(node.id, graph.FAILED) is not None
    for one, outcome in zip(acting, world.act(way, node, acting), strict=True):
        one.go(graph.FAILED if outcome.state == "refused" and has_failed_port else graph.OUT, outcome=outcome)


def _limit(node: graph.Limit, way: Way, people: Sequence[Traveller], world: World) -> None:
    coming = [one for one in people if one.is_coming]
    for one in people:
        if not one.is_coming:
            one.go(graph.OUT)
    if coming:
        for one, slot in zip(coming, world.slots(way, node, coming), strict=True):
            if slot <= one.now:
                one.go(graph.OUT)
            else:
                one.rest(slot)


def _go_to(node: graph.GoTo, way: Way, people: Sequence[Traveller], world: World) -> None:
    for one in people:
        one.passed.append(Passed(one.node, one.now, graph.OUT))
        one.steps += 1
        one.come(node.node)


def _goal(node: graph.Goal, way: Way, people: Sequence[Traveller], world: World) -> None:
    for one in people:
        reach(one, node.id)
        if node.ends:
            one.end("goal")
        else:
            one.go(graph.OUT)


def reach(one: Traveller, goal: str) -> None:
    """They have reached a goal; once."""
    if goal not in one.goals.split(","):
        one.goals = ",".join(filter(None, [*one.goals.split(","), goal]))


def _exit(node: graph.Exit, way: Way, people: Sequence[Traveller], world: World) -> None:
    for one in people:
        one.end("exit")


_STEPS: Mapping[type, Callable[[Any, Way, Sequence[Traveller], World], None]] = {
    graph.Entry: _pass,
    graph.Join: _pass,
    graph.Wait: _wait,
    graph.WaitTime: _wait_time,
    graph.WaitDate: _wait_date,
    graph.WaitEvent: _wait_event,
    graph.Branch: _branch,
    graph.EventBranch: _event_branch,
    graph.Split: _split,
    graph.Do: _do,
    graph.Limit: _limit,
    graph.GoTo: _go_to,
    graph.Goal: _goal,
    graph.Exit: _exit,
}
