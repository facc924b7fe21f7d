"""Travellers as rows, and what a turn of theirs leaves behind."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from django.db import connection

from hutong.automations import occasions
from hutong.automations.journeys.compiled import Way
from hutong.automations.journeys.stepping import Traveller
from hutong.automations.models import Enrolment, NodeCount, Step
from hutong.foundation import ids, stream
from hutong.foundation.acting import NOTHING, Occasion
from hutong.foundation.driver import Driver
from hutong.foundation.stream import Crowd, Fact
from hutong.members import bulk

PROPERTIES_BYTES_MAX = 4_096  # of an event that is kept with somebody; a larger one is kept without its properties
TEXT_KEPT = 500

_COLUMNS = (
    "id", "workspace", "journey", "version", "member", "origin", "entry", "node", "state", "ended_as", "due_at", "since", "waits", "steps", "revision",
    "arms", "goals", "occasion", "entered_at", "ended_at",
)  # fmt: skip
_CHANGED = ("node", "state", "ended_as", "due_at", "since", "waits", "steps", "revision", "arms", "goals", "ended_at")
_STEP = ("workspace", "enrolment", "version", "node", "at", "port", "outcome", "detail")
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Occasion).decode


def said(occasion: Occasion) -> str:
    """An occasion as a row keeps it."""
    if not occasion.event:
        return ""
    text = _encode(occasion)
    if len(text) > PROPERTIES_BYTES_MAX:
        text = _encode(_without_properties(occasion))
    return text.decode()


def _without_properties(one: Occasion) -> Occasion:
    return Occasion(
        event=one.event, event_id=one.event_id, occurred_at=one.occurred_at, group_id=one.group_id, community_id=one.community_id, channel=one.channel,
        text=one.text[:TEXT_KEPT], depth=one.depth, properties={name: value for name, value in one.properties.items() if name == "chat_id"},
    )  # fmt: skip


def heard(text: str) -> Occasion:
    """An occasion from a row."""
    return _decode(text) if text else NOTHING


def load(row: Sequence[Any], way: Way, now: dt.datetime) -> Traveller:
    """A traveller from the values of `LOADED`."""
    pk, member_id, origin_id, node, due_at, since, waits, steps, revision, arms, goals, occasion, entered_at, ended_as, ended_at, entry = row
    return Traveller(
        id=pk, member_id=member_id, origin_id=origin_id, way=way, node=node, since=since, entered_at=entered_at, now=now, due_at=due_at,
        waits=bool(waits), steps=steps, revision=revision, arms=arms, goals=goals, goals_before=frozenset(goals.split(",")), occasion=heard(occasion), ended_as=ended_as,
        ended_at=ended_at, entry=entry,
        # Whoever paused before a node that asks has not been there yet; their row says so by a moment that is not after their coming.
        is_coming=due_at is not None and due_at <= since,
    )  # fmt: skip


LOADED = (
    "id",
    "member_id",
    "origin_id",
    "node",
    "due_at",
    "since",
    "waits",
    "steps",
    "revision",
    "arms",
    "goals",
    "occasion",
    "entered_at",
    "ended_as",
    "ended_at",
    "entry",
)


def due(journey_id: uuid.UUID, now: dt.datetime, *, limit: int) -> list[tuple[uuid.UUID, Sequence[Any]]]:
    """Whoever of a journey is due, the longest first: (version, the values of `LOADED`)."""
    is_sqlite = connection.vendor == "sqlite"
    columns = ", ".join(f"CAST({name} AS TEXT)" if is_sqlite and name.endswith(("_at", "since")) else name for name in ("version_id", *LOADED))
    statement = f"SELECT {columns} FROM automations_enrolment WHERE journey_id = %s AND due_at <= %s ORDER BY due_at LIMIT %s"
    of_now = connection.ops.adapt_datetimefield_value(now)
    with connection.wrap_database_errors:
        rows = Driver().run(statement, [_key(journey_id), of_now, limit]).fetchall()
    if not is_sqlite:
        return [(row[0], row[1:]) for row in rows]
    return [(uuid.UUID(row[0]), [convert(value) if convert else value for convert, value in zip(_CONVERTED, row[1:], strict=True)]) for row in rows]


def _moment(text: str | None) -> dt.datetime | None:
    return None if text is None else dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


_CONVERTED = [uuid.UUID if name in ("member_id", "origin_id") else _moment if name.endswith(("_at", "since")) else None for name in LOADED]


def still(people: Sequence[Traveller]) -> set[int]:
    """The ids of those whose rows are as they were read. Within the transaction that writes."""
    known = {one.id: one.revision for one in people}
    found: set[int] = set()
    with connection.wrap_database_errors:
        for some in bulk.chunks(known):
            marks = ", ".join(["%s"] * len(some))
            rows = Driver().run(f"SELECT id, revision FROM automations_enrolment WHERE state = 'waiting' AND id IN ({marks})", some).fetchall()
            found.update(pk for pk, revision in rows if known[pk] == revision)
    return found


def insert(people: Sequence[Traveller]) -> None:
    """Keep new travellers, where they rest or have ended. Within a transaction."""
    rows = []
    nameless = [one for one in people if not one.id]
    for number, one in zip(ids.numbers(len(nameless)), nameless, strict=True):
        one.id = number
    for one in people:
        state, ended_at = ("ended", one.now) if one.ended_as else ("waiting", None)
        rows.append(
            (
                one.id, one.way.workspace_id, one.way.journey_id, one.way.version_id, one.member_id, one.origin_id, one.entry, one.node, state,
                one.ended_as, one.due_at, one.since, one.waits, one.steps, 0, one.arms, one.goals, said(one.occasion), one.entered_at, ended_at,
            )
        )  # fmt: skip
    bulk.insert(Enrolment, _COLUMNS, rows)
    _leave_behind(people, is_new=True)


def save(people: Sequence[Traveller], *, with_occasion: bool = False) -> None:
    """Keep where travellers are now. Within a transaction."""
    by_workspace: dict[uuid.UUID, list[Traveller]] = {}
    for one in people:
        by_workspace.setdefault(one.way.workspace_id, []).append(one)
    for workspace_id, some in by_workspace.items():
        names = (*_CHANGED, "occasion") if with_occasion else _CHANGED
        rows = []
        for one in some:
            state, ended_at = ("ended", one.ended_at or one.now) if one.ended_as else ("waiting", None)
            row = (one.node, state, one.ended_as, one.due_at, one.since, one.waits, one.steps, one.revision + 1, one.arms, one.goals, ended_at)
            rows.append((*row, said(one.occasion), one.id) if with_occasion else (*row, one.id))
        bulk.update(Enrolment, names, rows, workspace_id=workspace_id)
    _leave_behind(people, is_new=False)


def _leave_behind(people: Sequence[Traveller], *, is_new: bool) -> None:
    """Their paths, the counts of nodes, and what the stream is told."""
    steps: list[tuple[Any, ...]] = []
    counts: dict[Way, Counter[tuple[str, str]]] = {}
    told: dict[tuple[Way, int, str, str, dt.datetime], list[tuple[uuid.UUID, uuid.UUID, str]]] = {}

    def tell(one: Traveller, name: str, at: dt.datetime, key: str, said: str = "") -> None:
        told.setdefault((one.way, one.occasion.depth, name, said, at), []).append((one.member_id, one.origin_id, key))

    for one in people:
        way = one.way
        version_id = way.version_id
        if version_id is None:
            raise ValueError("a draft is not gone through")
        of_way = counts.get(way)
        if of_way is None:
            of_way = counts[way] = Counter()
        if is_new:
            of_way[way.entry.id, "in"] += 1
            of_way[way.entry.id, "out:out"] += 1
            tell(one, "journey_entered", one.entered_at, f"{one.id}/entered")
        for node in one.visited:
            of_way[node, "in"] += 1
        for step in one.passed:
            detail = "" if not step.zh else _encode({"zh": step.zh, "en": step.en, "reason": step.reason}).decode()
            steps.append((way.workspace_id, one.id, version_id, step.node, step.at, step.port, step.outcome, detail))
            if step.port:
                of_way[step.node, f"out:{step.port}"] += 1
            if step.outcome in ("refused", "failed"):
                of_way[step.node, "failed"] += 1
        if one.goals:
            for goal in _new_goals(one):
                of_way[goal, "goal"] += 1
                for arm in filter(None, one.arms.split(",")):
                    of_way[goal, f"goal:{arm}"] += 1
                tell(one, "journey_goal_reached", one.now, f"{one.id}/goal/{goal}", way.nodes[goal].name or goal)
        if one.ended_as and one.ended_at is None:
            of_way[one.node, f"end:{one.ended_as}"] += 1
            tell(one, "journey_ended", one.now, f"{one.id}/ended", one.ended_as)
    bulk.insert(Step, _STEP, steps)
    for way, each in counts.items():
        if way.version_id is not None:
            count(way.workspace_id, way.version_id, each)
    crowds = [Crowd(fact=_fact(*key), people=some) for key, some in told.items()]
    if crowds:
        stream.record(*crowds)


def _new_goals(one: Traveller) -> list[str]:
    """Goals they reached in this turn: marked since they were read."""
    return [goal for goal in filter(None, one.goals.split(",")) if goal not in one.goals_before]


_SAID = {"journey_goal_reached": "goal", "journey_ended": "as"}


def _fact(way: Way, depth: int, name: str, said: str, at: dt.datetime) -> Fact:
    properties = {"journey_id": str(way.journey_id), "journey": way.journey, "version": way.number}
    if name in _SAID:
        properties[_SAID[name]] = said
    return Fact(workspace_id=way.workspace_id, name=name, source=occasions.told_by(way.source, depth), occurred_at=at, properties=properties)


def count(workspace_id: uuid.UUID, version_id: uuid.UUID, counts: Mapping[tuple[str, str], int]) -> None:
    """Add to the counts of a version's nodes: (node, what). Within a transaction."""
    driver = Driver()
    with connection.wrap_database_errors:
        for (node, what), number in sorted(counts.items()):
            driver.run(
                "INSERT INTO automations_nodecount (workspace_id, version_id, node, what, number) VALUES (%s, %s, %s, %s, %s)"
                " ON CONFLICT (version_id, node, what) DO UPDATE SET number = automations_nodecount.number + excluded.number",
                [_key(workspace_id), _key(version_id), node, what, number],
            )


def slot(way: Way, node: str) -> int:
    """From when (milliseconds) a limit lets the next one through; 0: at once."""
    rows = NodeCount.objects.in_workspace(way.workspace_id).filter(version_id=way.version_id, node=node, what="slot")
    return rows.values_list("number", flat=True).first() or 0


def move_slot(way: Way, node: str, *, before: int, after: int) -> bool:
    """Keep the next moment of a limit, unless another has moved it. Within a transaction."""
    rows = NodeCount.objects.in_workspace(way.workspace_id).filter(version_id=way.version_id, node=node, what="slot")
    if not before:
        made, is_new = rows.get_or_create(
            workspace_id=way.workspace_id, version_id=way.version_id, node=node, what="slot", defaults={"number": after}
        )  # fmt: skip
        return is_new or made.number == after
    return bool(rows.filter(number=before).update(number=after))


def _key(value: uuid.UUID) -> Any:
    return value if connection.features.has_native_uuid_field else value.hex


def people_of(rows: Iterable[Sequence[Any]], way: Way, now: dt.datetime) -> list[Traveller]:
    """Travellers from rows of `LOADED`."""
    return [load(row, way, now) for row in rows]
