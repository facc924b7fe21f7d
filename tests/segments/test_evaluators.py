"""One language, three evaluators: for one member, for some and for all at once they say what the plainest reading says."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

import msgspec
import pytest

from hutong.events.warehouse import engine
from hutong.foundation import ids
from hutong.segments.conditions import every, nodes, one, reading, some, sums, values, watch
from hutong.segments.conditions.values import Today
from tests.segments import oracle
from tests.segments.worlds import TODAY, TYPES, Json, World, vocabulary

WORDS = vocabulary()
CONDITIONS = int(os.environ.get("HUTONG_CONDITIONS", "2000"))  # for each evaluator; 10000 takes four minutes
ASKED_TOGETHER = 20
NEVER = dt.datetime(2149, 6, 6, tzinfo=dt.UTC).timestamp()


def happening(event: Json) -> watch.Happening:
    built_in = {key[1:]: value for key, value in event.items() if key[0] == "$"}
    plain = {key: event[key] for key in ("id", "name", "at_ms", "ordinal", "community", "group", "properties")}
    return watch.Happening(**plain, local_day=event["day"].toordinal(), **built_in)


def facts(condition: nodes.Condition, member: Json) -> one.Facts:
    happenings = [happening(event) for event in member["events"]]
    about = [watch.watched(leaf) for leaf in reading.leaves(condition) if isinstance(leaf, nodes.Did | nodes.Sequence)]
    normal = {key: values.normal(TYPES[key], raw) for key, raw in member["attributes"].items()}
    return one.Facts(
        attributes={key: value for key, value in normal.items() if value is not None},
        scores={key: values.micros(number) for key, number in member["scores"].items()},
        tags=frozenset(member["tags"]), segments=frozenset(member["segments"]),
        communities=frozenset(member["communities"]), groups=frozenset(member["groups"]), purposes=frozenset(member["purposes"]),
        days={each.key: watch.summed(each, happenings) for each in about},
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(10))
def test_for_one_member(seed: int) -> None:
    world = World(seed)
    members = [world.member() for _ in range(12)]
    for _ in range(CONDITIONS // 10):
        raw = world.condition()
        condition = reading.read(raw, WORDS)
        ask = one.compiled(condition, WORDS)
        for member in world.chance.sample(members, 3):
            known = facts(condition, member)
            holds, change = ask(known, Today(TODAY))
            assert holds == oracle.holds(raw, member, TODAY, TYPES), (raw, member)
            for later in (1, 2, 3, 7, 14, 31):
                day = TODAY + dt.timedelta(days=later)
                if change is None or day.toordinal() < change:
                    assert oracle.holds(raw, member, day, TYPES) == holds, (later, change, raw, member)


def test_the_day_of_change_is_the_first() -> None:
    """Where a condition is a single leaf, the answer does change on that day, not only may it."""
    world = World(77)
    changed = 0
    while changed < 300:
        raw = world.condition(depth=0)
        condition = reading.read(raw, WORDS)
        member = world.member()
        holds, change = one.compiled(condition, WORDS)(facts(condition, member), Today(TODAY))
        if change is not None and raw["kind"] == "event":
            assert oracle.holds(raw, member, dt.date.fromordinal(change), TYPES) != holds
            changed += 1


@pytest.mark.parametrize("seed", range(5))
def test_for_all_members(seed: int) -> None:
    world = World(1_000 + seed)
    workspace_id = str(ids.new())
    members = [world.member() for _ in range(60)]
    project(workspace_id, members)
    raws = [world.condition() for _ in range(CONDITIONS // 5)]
    for start in range(0, len(raws), ASKED_TOGETHER):
        together = raws[start : start + ASKED_TOGETHER]
        for raw, holding in zip(together, ask_all(together, workspace_id), strict=True):
            assert holding == {member["id"] for member in members if oracle.holds(raw, member, TODAY, TYPES)}, raw


class Known:
    """Some members' facts, as the records would give them."""

    def __init__(self, members: list[Json], events: sums.Events) -> None:
        self.events = events
        self._members = members

    def values(self, kind: str, key: str, members: set[str]) -> dict[str, values.Value]:
        found = {}
        for member in self._members:
            if kind == "attribute":
                value = values.normal(TYPES[key], member["attributes"].get(key))
            elif kind == "score":
                value = values.micros(member["scores"][key]) if key in member["scores"] else None
            else:
                belongs = {"tag": "tags", "segment": "segments", "community": "communities", "group": "groups", "purpose": "purposes"}[kind]
                value = True if key in member[belongs] else None
            if value is not None and member["id"] in members:
                found[member["id"]] = value
        return found


@pytest.mark.parametrize("seed", range(5))
def test_for_some_members(seed: int) -> None:
    """Several conditions at once of a few members, their events summed up by the warehouse."""
    world = World(2_000 + seed)
    workspace_id = str(ids.new())
    members = [world.member() for _ in range(30)]
    project(workspace_id, members)
    for _ in range(CONDITIONS // 100):
        raws = [world.condition() for _ in range(ASKED_TOGETHER)]
        conditions = [reading.read(raw, WORDS) for raw in raws]
        leaves = [leaf for each in conditions for leaf in reading.leaves(each) if isinstance(leaf, nodes.Did | nodes.Sequence)]
        asked = world.chance.sample(members, 8)
        everybody = {member["id"] for member in asked}
        abouts = [(sums.about(leaf), Today(TODAY)) for leaf in leaves]
        known = Known(asked, sums.Events(abouts, WORDS, workspace_id=workspace_id, member_ids=sorted(everybody)))
        for raw, condition in zip(raws, conditions, strict=True):
            holding = some.compiled(condition, WORDS)(known, set(everybody), Today(TODAY))
            assert holding == {member["id"] for member in asked if oracle.holds(raw, member, TODAY, TYPES)}, raw


def ask_all(raws: list[Json], workspace_id: str) -> list[set[str]]:
    """Several conditions in one round trip."""
    parts, parameters = [], {}
    for number, raw in enumerate(raws):
        statement = every.members(reading.read(raw, WORDS), WORDS, workspace_id=workspace_id, time_zone="Europe/Paris", today=Today(TODAY))
        text = statement.text
        for name, value in statement.parameters.items():
            text = text.replace(f"{{{name}:", f"{{q{number}_{name}:")
            parameters[f"q{number}_{name}"] = value
        parts.append(f"SELECT {number} AS number, toString(member_id) FROM ({text})")
    found: list[set[str]] = [set() for _ in raws]
    for number, member_id in engine.rows(" UNION ALL ".join(parts), parameters):
        found[number].add(member_id)
    return found


def project(workspace_id: str, members: list[Json]) -> None:
    """What the records would have told the warehouse of these members."""
    tables: dict[str, list[Json]] = {name: [] for name in ("people", "member_values", "member_tags", "segment_members", "memberships", "events")}
    for member in members:
        base = {"workspace_id": workspace_id, "member_id": member["id"], "version": 1, "is_deleted": 0}
        own = member["attributes"]
        tables["people"].append(
            base | {
                "name": own["$name"], "first_seen_at": dt.datetime.fromisoformat(own["$first_seen"]).replace(hour=17, tzinfo=dt.UTC).timestamp(), "channels": own["$channels"],
                "is_anonymous": own["$is_anonymous"], "is_bot": own["$is_bot"],
            }
        )  # fmt: skip
        for key, raw in own.items():
            if key[0] != "$":
                tables["member_values"].append(base | {"key": key, **kept(TYPES[key], raw)})
        tables["member_values"] += [base | {"key": f"score:{name}", "number": number} for name, number in member["scores"].items()]
        tables["member_values"] += [base | {"key": f"consent:{purpose}", "boolean": True} for purpose in member["purposes"]]
        tables["member_tags"] += [base | {"tag_id": tag} for tag in member["tags"]]
        tables["segment_members"] += [base | {"segment_id": segment} for segment in member["segments"]]
        for kind, ids_ in (("community", member["communities"]), ("group", member["groups"])):
            for place in ids_:
                other = str(ids.new())
                tables["memberships"].append(
                    base | {
                        "community_id": place if kind == "community" else other, "group_id": place if kind == "group" else other,
                        "membership_id": str(ids.new()), "joined_at": 1, "left_at": NEVER, "joined_day": "2026-01-01", "left_day": "2149-06-06",
                    }
                )  # fmt: skip
        for event in member["events"]:
            tables["events"].append(
                {
                    "workspace_id": workspace_id, "member_id": member["id"], "origin_id": member["id"], "community_id": event["community"], "group_id": event["group"],
                    "id": event["id"], "name": event["name"], "occurred_at": event["at_ms"] / 1000, "received_at": event["at_ms"] / 1000,
                    "ordinal": event["ordinal"], "local_day": event["day"].isoformat(), "properties": event["properties"],
                    **{key[1:]: int(value) if isinstance(value, bool) else value for key, value in event.items() if key[0] == "$"},
                }
            )  # fmt: skip
    for table, rows in tables.items():
        engine.insert(table, [msgspec.json.encode(row) for row in rows], token=f"{workspace_id}/{table}")


def kept(kind: str, raw: Any) -> Json:
    column = {"text": "text", "number": "number", "boolean": "boolean", "list": "items", "date": "day", "birthday": "month_day"}[kind]
    return {column: values.normal(kind, raw) if kind in ("date", "birthday") else raw}
