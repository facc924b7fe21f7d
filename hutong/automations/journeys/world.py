"""The world as it is, for people who go through journeys: facts from the stores, actions planned for the outbox and the records."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence

from django.db import InterfaceError, OperationalError

from hutong.automations import occasions, registry
from hutong.automations.asking import Asker
from hutong.automations.journeys import caps, graph, keeping
from hutong.automations.journeys.compiled import Way
from hutong.automations.journeys.stepping import FAILED, Traveller
from hutong.foundation import clock
from hutong.foundation.acting import Action, Doer, Outcome, Person, Plan, Settings
from hutong.foundation.errors import HutongError
from hutong.members import bulk
from hutong.members.models import AttributeValue
from hutong.members.queries.clocks import zones_of

STORE_ERRORS = (OperationalError, InterfaceError)  # the store does not answer: no fault of anybody's
PERIODS_MS = {"minute": 60_000, "hour": 3_600_000, "day": 86_400_000}

logger = logging.getLogger("hutong.automations")


class LiveWorld:
    """What is so now. `writes` is what the planned actions and limits then write, in their order."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        self.writes: list[Callable[[], None]] = []
        self._zones: dict[uuid.UUID, dict[uuid.UUID, str]] = {}

    def holding(self, way: Way, at: tuple[str, str], people: Sequence[Traveller]) -> set[int]:
        """Those for whom a condition holds now."""
        asked = way.questions[at]
        found = Asker(way.workspace_id, [asked], (one.member_id for one in people), now=self.now, zone=way.zone).holding(
            asked, (one.member_id for one in people)
        )
        return {id(one) for one in people if one.member_id in found}

    def zones(self, way: Way, people: Sequence[Traveller]) -> Mapping[uuid.UUID, str]:
        """Each member's clock."""
        known = self._zones.setdefault(way.workspace_id, {})
        missing = [one.member_id for one in people if one.member_id not in known]
        if missing:
            known |= zones_of(way.workspace_id, missing)
        return known

    def dates(self, way: Way, attribute: str, people: Sequence[Traveller]) -> Mapping[uuid.UUID, str]:
        """What each member's attribute says."""
        found: dict[uuid.UUID, str] = {}
        for some in bulk.chunks([one.member_id for one in people]):
            rows = AttributeValue.objects.in_workspace(way.workspace_id).filter(member_id__in=some, attribute__key=attribute)
            found |= {member_id: value for member_id, value in rows.values_list("member_id", "value") if isinstance(value, str)}
        return found

    def act(self, way: Way, node: graph.Do, people: Sequence[Traveller]) -> Sequence[Outcome]:
        """Plan an action for them; it is written with the turn."""
        action = registry.find(node.action)
        if action is None:
            return [Outcome("refused", "这个动作已不可用。", "This action is not available any more.", "action_gone")] * len(people)
        found: dict[int, Outcome] = {}
        by_depth: dict[int, list[Traveller]] = {}
        for one in people:
            by_depth.setdefault(one.occasion.depth, []).append(one)
        for depth, some in by_depth.items():
            lane = way.lanes.get(node.id)
            doer = Doer(
                workspace_id=way.workspace_id, source=way.source, told_by=occasions.told_by(way.source, depth), name=way.journey,
                lane=uuid.UUID(lane) if lane else None,
            )  # fmt: skip
            persons = [Person(key=f"journey/{one.id}/{one.steps}", member_id=one.member_id, occasion=one.occasion) for one in some]
            plan = planned(action, doer, node.settings, persons)
            self.writes.append(plan.write)
            found |= {id(one): outcome for one, outcome in zip(some, plan.outcomes, strict=True)}
        return [found[id(one)] for one in people]

    def held_back(self, way: Way, node: graph.Do, people: Sequence[Traveller]) -> Mapping[int, dt.datetime]:
        """Quiet hours on each one's clock, and the cap of messages over all journeys."""
        action = registry.find(node.action)
        if action is None or action.kind != "message":
            return {}
        return caps.held_back(way, people, now=self.now, zones=lambda some: self.zones(way, some))

    def slots(self, way: Way, node: graph.Limit, people: Sequence[Traveller]) -> Sequence[dt.datetime]:
        """One after another, evenly: so many in a period, in any period."""
        before = keeping.slot(way, node.id)
        step, now_ms = PERIODS_MS[node.per] / node.people, clock.to_ms(self.now)
        at = float(max(before, now_ms))
        found = []
        for _ in people:
            found.append(clock.from_ms(round(at)))
            at += step
        after = round(at)

        def write() -> None:
            if not keeping.move_slot(way, node.id, before=before, after=after):
                raise Raced

        self.writes.append(write)
        return found


class Raced(Exception):
    """Another process was there first: the turn is taken again."""


def planned(action: Action, doer: Doer, settings: Settings, people: Sequence[Person]) -> Plan:
    """A plan for all of them. Where it fails as a whole each is planned alone, and only who makes it fail is refused."""
    try:
        return action.plan(doer, settings, people)
    except STORE_ERRORS:
        raise
    except Exception as error:  # of one person's, as a rule: found out by planning each alone
        logger.exception("an action cannot be planned", extra={"action": action.name, "people": len(people)})
        if len(people) == 1:
            return Plan([refusal(error)])
    plans = [planned(action, doer, settings, [one]) for one in people]
    return Plan([plan.outcomes[0] for plan in plans], lambda: _all(plan.write for plan in plans))


def refusal(error: Exception) -> Outcome:
    """What is said of an action that raised for somebody."""
    if isinstance(error, HutongError):
        said = error.errors[0]["message"] if error.errors else {"zh": error.detail("zh"), "en": error.detail("en")}
        return Outcome("refused", said["zh"], said["en"], error.code)
    return FAILED


def _all(writes: Iterable[Callable[[], None]]) -> None:
    for write in writes:
        write()
