"""Turns: whoever is due goes on. A turn reads some people, lets them go on, and writes all that follows in one transaction.

Read and planned before the turn to write; within it, whoever's row has changed meanwhile makes the turn be taken again without them. So an effect
is there exactly with the step it belongs to, and a process killed at any point leaves everybody where they were. So does a store or a warehouse
that does not answer: everybody is due still, and only what an action writes for somebody can fail them.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import uuid
from collections.abc import Sequence

from django.db import DatabaseError, connection, transaction

from hutong.automations.journeys import compiled, keeping
from hutong.automations.journeys.compiled import Way
from hutong.automations.journeys.stepping import Traveller, advance
from hutong.automations.journeys.world import STORE_ERRORS, LiveWorld, Raced, refusal
from hutong.automations.models import Enrolment, Journey, JourneyVersion
from hutong.foundation import clock
from hutong.foundation.errors import HutongError

TOGETHER = 1_000  # people of one turn
IDLE_SECONDS = 1.0
PAUSE_SECONDS = 5.0  # after the store failed
TRIES_MAX = 5  # of a turn that others raced

logger = logging.getLogger("hutong.automations")


class NotWritten(Exception):
    """What an action planned cannot be written, for a reason of its own."""

    def __init__(self, why: Exception) -> None:
        super().__init__(str(why))
        self.why = why


class TurnFailed(Exception):
    """Nobody could go on, and somebody should have."""


bell = threading.Event()  # somebody may be due: rung by whoever lets people in or wakes them, after the commit


def ring() -> None:
    """Have whoever is due looked for at once."""
    bell.set()


def turn(now: dt.datetime | None = None) -> int:
    """One look at every journey that is on, the highest priority first; how many people went on."""
    moment = now or clock.now()
    rows = Journey.objects.across_workspaces().filter(state="on").order_by("-priority", "pk")
    moved, failed = 0, False
    for pk in rows.values_list("pk", flat=True):
        try:
            moved += _of_journey(pk, moment)
        except STORE_ERRORS:
            raise
        except Exception:  # what it asks cannot be answered now: its people are due still, and those of the others go on
            logger.exception("the people of a journey wait", extra={"journey": str(pk)})
            failed = True
    if failed and not moved:
        raise TurnFailed
    return moved


def _of_journey(journey_id: uuid.UUID, now: dt.datetime) -> int:
    found = keeping.due(journey_id, now, limit=TOGETHER)
    if not found:
        return 0
    ways = _ways({version_id for version_id, _ in found})
    people = [keeping.load(row, ways[version_id], now) for version_id, row in found if version_id in ways]
    go(people, now)
    return len(people)


def _ways(version_ids: set[uuid.UUID]) -> dict[uuid.UUID, Way]:
    versions = JourneyVersion.objects.across_workspaces().filter(pk__in=version_ids).select_related("journey", "workspace")
    seconds = clock.monotonic_seconds()
    return {one.pk: compiled.of_version(one, now_seconds=seconds) for one in versions}


def go(people: Sequence[Traveller], now: dt.datetime) -> None:
    """Let these people go on, and keep it. Who cannot be kept for what an action of theirs writes is failed alone."""
    if not people:
        return
    try:
        _go(people, now)
    except NotWritten as error:  # somebody's: find whose
        if len(people) > 1:
            half = len(people) // 2
            go([_anew(one) for one in people[:half]], now)
            go([_anew(one) for one in people[half:]], now)
            return
        logger.exception("a step cannot be taken", extra={"enrolment": people[0].id})
        _fail(_anew(people[0]), error.why)


def _go(people: Sequence[Traveller], now: dt.datetime) -> None:
    left = [_anew(one) for one in people]
    for _ in range(TRIES_MAX):
        world = LiveWorld(now)
        advance(left, world)
        try:
            with transaction.atomic():
                there = keeping.still(left)
                if len(there) < len(left):
                    raise Raced
                write(world)
                keeping.save(left)
            return
        except Raced:
            fresh = _read([one.id for one in left], {one.id: one.way for one in left}, now)
            known = {one.id: one.revision for one in left}
            left = [one for one in fresh if known[one.id] == one.revision]
            if not left:
                return


def write(world: LiveWorld) -> None:
    """Write what the actions planned. Raises NotWritten for one that cannot be, and what the store raises when it is out of order."""
    for piece in world.writes:
        try:
            piece()
        except (Raced, *STORE_ERRORS):
            raise
        except Exception as error:
            raise NotWritten(error) from error


def _read(pks: Sequence[int], ways: dict[int, Way], now: dt.datetime) -> list[Traveller]:
    rows = Enrolment.objects.across_workspaces().filter(pk__in=pks, state="waiting", due_at__lte=now).values_list(*keeping.LOADED)
    return [keeping.load(row, ways[row[0]], now) for row in rows]


def _anew(one: Traveller) -> Traveller:
    """A traveller as their row says, before anything of this turn."""
    if not one.passed and not one.visited and not one.ended_as:
        return one
    (fresh,) = _read([one.id], {one.id: one.way}, one.now) or [one]
    return fresh


def _fail(one: Traveller, error: Exception) -> None:
    """Their step is not to be had: they leave, with the reason."""
    said = refusal(error)
    one.end("failed", outcome="failed", zh=said.zh, en=said.en, reason=error.code if isinstance(error, HutongError) else "error")
    with transaction.atomic():
        if keeping.still([one]):
            keeping.save([one])


class Turner:
    """The thread of the embedded process in which people go on."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="journeys")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, *, timeout_seconds: float = 20.0) -> None:
        """End after the present turn."""
        self._stopping.set()
        bell.set()
        self._thread.join(timeout_seconds)

    def _run(self) -> None:
        while not self._stopping.is_set():
            bell.clear()
            try:
                moved = turn()
            except TurnFailed:
                self._stopping.wait(PAUSE_SECONDS)
                continue
            except DatabaseError:
                logger.exception("journeys wait for the store")
                self._stopping.wait(PAUSE_SECONDS)
                continue
            if not moved:
                bell.wait(IDLE_SECONDS)
        connection.close()
