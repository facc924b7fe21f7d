"""The one statement behind stages, flow, previews and RFM, against the plainest reading of the definitions, over made-up histories."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import asdict
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hutong.config.api  # noqa: F401  (installs the stream)
from hutong.communities.models import Community
from hutong.events.queries import rows
from hutong.events.warehouse import engine
from hutong.foundation import ids
from hutong.foundation.errors import Invalid
from hutong.segments import bands, stages
from hutong.segments.queries import life_cycle, rfm
from hutong.segments.stages import Point, Thresholds
from tests.segments import life_oracle as oracle

Json = dict[str, Any]
TODAY = dt.date(2026, 3, 29)  # the clocks of Berlin change on it
ZONE = "Europe/Berlin"
NAMES = [
    "message_sent",
    "message_sent",
    "reaction_added",
    "member_joined",
    "member_left",
    "page_viewed",
    "order_paid",
    "order_paid",
    "order_refunded",
]
WORLDS = 12


def world(seed: int) -> tuple[Community, list[Json]]:
    """A community that is only in the warehouse, and its members: some of another community, some bots."""
    chance = random.Random(seed)
    community = Community(id=ids.new(), workspace_id=ids.new(), name="c", time_zone=ZONE)
    places = [str(community.pk)] * 5 + [str(ids.new()), None]
    members = [
        {
            "id": str(ids.new()),
            "is_bot": chance.random() < 0.1,
            "events": [event(chance, places) for _ in range(chance.choice([0, 1, 1, 2, 3, 5, 8, 13]))],
        }
        for _ in range(40)
    ]
    project(community, members)
    return community, members


def event(chance: random.Random, places: list[str | None]) -> Json:
    name = chance.choice(NAMES)
    day = TODAY - dt.timedelta(
        days=chance.choice([-1, 0, 0, 1, 2, 3, 5, 6, 7, 9, 13, 14, 15, 20, 29, 30, 44, 59, 60, 61, 75, 90, 120, 179, 180, 365, 366])
    )
    made: Json = {
        "id": str(ids.new()), "name": name, "day": day, "at": day.toordinal() * 86_400 + chance.choice([0, 1, 43_200]), "ordinal": chance.randrange(2),
        "community": chance.choice(places), "is_activity": name in ("message_sent", "reaction_added", "page_viewed", "order_paid"), "properties": {},
    }  # fmt: skip
    if name.startswith("order"):
        odd = [None, "", "12", True, -3, 10**13, [1]]
        made["properties"] = {
            key: value
            for key, value in {
                "order_id": chance.choice(["a", "b", "c", 17, "", None]),
                "amount": chance.choice([*odd, 0, 1, 19.9, 199.5, 300, 500, 999.999999, 1000]),
                "currency": chance.choice(["CNY", "CNY", "cny", "USD", ""]),
            }.items()
            if value is not None
        }
    return made


def project(community: Community, members: list[Json]) -> None:
    base = {"workspace_id": str(community.workspace_id)}
    people = [base | {"member_id": one["id"], "is_bot": one["is_bot"], "version": 1, "is_deleted": 0} for one in members]
    told = []
    for one in members:
        for each in one["events"]:
            moment = each["at"] - dt.date(1970, 1, 1).toordinal() * 86_400
            place = {} if each["community"] is None else {"community_id": each["community"]}
            told.append(
                base | place | {
                    "member_id": one["id"], "origin_id": one["id"], "id": each["id"], "name": each["name"], "occurred_at": moment, "received_at": moment,
                    "ordinal": each["ordinal"], "local_day": each["day"].isoformat(), "is_activity": int(each["is_activity"]), "properties": each["properties"],
                }
            )  # fmt: skip
    for table, lines in (("people", people), ("events", told)):
        if lines:
            engine.insert(table, [msgspec.json.encode(line) for line in lines], token=str(ids.new()))


def asked(community: Community, points: list[Point], **options: Any) -> dict[str, tuple[list[str], list[str]]]:
    found = stages.statement(community.workspace_id, community.pk, points, **options)
    return {str(member): (activity, purchase) for member, activity, purchase, _ in rows(found.text, found.parameters)}


def expected(community: Community, members: list[Json], points: list[Point]) -> dict[str, tuple[list[str], list[str]]]:
    found = {}
    for member in members:
        told = tuple(
            [kind(member, str(community.pk), point.day, asdict(point.thresholds)) for point in points] for kind in (oracle.activity, oracle.purchase)
        )
        seen_by = max(point.day for point in points)
        if not member["is_bot"] and oracle.known(member, str(community.pk), seen_by):
            found[member["id"]] = told
    return found  # type: ignore[return-value]


@st.composite
def limits(draw: st.DrawFn) -> Thresholds:
    active = draw(st.integers(1, 40))
    lapsed = draw(st.integers(active + 1, 100))
    return Thresholds(
        new_days=draw(st.integers(1, 60)), active_days=active, lapsed_days=lapsed, returned_days=draw(st.integers(1, lapsed)),
        repeat_orders=draw(st.integers(2, 4)), value_days=draw(st.sampled_from([1, 30, 61, 366, 1000])),
        high_value_amount=draw(st.sampled_from([0.01, 19.9, 199.5, 300, 999.999999, 1000, 1499.5])), currency=draw(st.sampled_from(["CNY", "USD"])),
    )  # fmt: skip


@pytest.fixture(scope="module")
def worlds() -> list[tuple[Community, list[Json]]]:
    return [world(seed) for seed in range(WORLDS)]


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, WORLDS - 1),
    st.lists(st.builds(Point, st.integers(0, 130).map(lambda days: TODAY - dt.timedelta(days=days)), limits()), min_size=1, max_size=4),
)
def test_stages_on_any_day_by_any_thresholds(worlds: list[tuple[Community, list[Json]]], number: int, points: list[Point]) -> None:
    community, members = worlds[number]
    assert asked(community, points) == expected(community, members, points)


def test_each_stage_is_met(worlds: list[tuple[Community, list[Json]]]) -> None:
    """The histories above hold every stage, so none is right by never coming up."""
    point = [Point(TODAY, Thresholds(new_days=7, active_days=7, lapsed_days=30, returned_days=20))]
    met = Counter(stage for community, _ in worlds for pair in asked(community, point).values() for (stage,) in pair)
    assert set(met) == {*stages.STAGES["activity"], *stages.STAGES["purchase"]}


def test_parts_and_some_members(worlds: list[tuple[Community, list[Json]]]) -> None:
    """The shares of all are all, and a few asked for by name have what they have among all."""
    community, _members = worlds[0]
    points = [Point(TODAY, Thresholds())]
    everybody = asked(community, points)
    parts: dict[str, Any] = {}
    for share in range(3):
        part = asked(community, points, share=(share, 3))
        assert not set(part) & set(parts)
        parts |= part
    assert parts == everybody
    some = list(everybody)[::3]
    assert asked(community, points, members=[msgspec.convert(one, type=type(community.pk)) for one in some]) == {one: everybody[one] for one in some}


@pytest.mark.parametrize("basis", ["orders", "activity"])
def test_scores(worlds: list[tuple[Community, list[Json]]], basis: rfm.Basis) -> None:
    for community, members in worlds:
        for days in (0, 1, 45):
            day = TODAY - dt.timedelta(days=days)
            found = rfm.statement(community, day, basis, "CNY")
            told = {str(row[0]): tuple(row[4:]) for row in rows(found.text, found.parameters)}
            assert told == oracle.scores(members, str(community.pk), day, basis, "CNY")


def test_gaps_to_the_day() -> None:
    """Lapsed begins on the 60th day after the last activity; whoever came back after 60 whole silent days has returned, after 59 not."""
    community = Community(id=ids.new(), workspace_id=ids.new(), name="c", time_zone=ZONE)

    def member(*days_ago: int) -> Json:
        events = [
            {"id": str(ids.new()), "name": "message_sent", "day": TODAY - dt.timedelta(days=ago), "at": (TODAY.toordinal() - ago) * 86_400, "ordinal": 0,
             "community": str(community.pk), "is_activity": True, "properties": {}}
            for ago in days_ago
        ]  # fmt: skip
        return {"id": str(ids.new()), "is_bot": False, "events": events}

    cases = {
        (13,): "new", (14,): "quiet", (200, 13): "returned", (100, 59): "quiet", (100, 60): "lapsed", (61, 0): "returned", (60, 0): "active",
        (91, 29, 0): "returned", (91, 30, 0): "active", (150, 80, 10): "returned", (150, 40, 35, 10): "active",
    }  # fmt: skip
    members = {days: member(*days) for days in cases}
    project(community, list(members.values()))
    found = asked(community, [Point(TODAY, Thresholds())])
    assert {days: found[one["id"]][0][0] for days, one in members.items()} == cases


def test_months_end() -> None:
    ends = life_cycle.month_ends(dt.date(2026, 3, 29), 4)
    assert ends == [dt.date(2025, 12, 31), dt.date(2026, 1, 31), dt.date(2026, 2, 28), dt.date(2026, 3, 29)]
    assert life_cycle.month_ends(dt.date(2026, 1, 31), 2) == [dt.date(2025, 12, 31), dt.date(2026, 1, 31)]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"active_days": 60}, ["lapsed_days"]),
        ({"returned_days": 61}, ["returned_days"]),
        ({"new_days": 0, "repeat_orders": 1}, ["new_days", "repeat_orders"]),
        ({"currency": "rmb"}, ["currency"]),
        ({"currency": "元元元"}, ["currency"]),
        ({"high_value_amount": 0}, ["high_value_amount"]),
    ],
)
def test_thresholds_that_cannot_be(changes: Json, fields: list[str]) -> None:
    with pytest.raises(Invalid) as caught:
        Thresholds(**changes).check()
    assert [one["field"] for one in caught.value.errors] == fields


def test_every_cell_has_one_band() -> None:
    assert len(bands.CELLS) == 25
    assert set(bands.CELLS.values()) == set(bands.BANDS)
    assert len(bands.BANDS) == 11
    names = {key: {"zh": band.zh, "en": band.en} for key, band in bands.BANDS.items()}
    assert bands.kept(names, dict(bands.CELLS)) is None
    own = bands.kept(names | {"lost": {"zh": " 走了 ", "en": "Gone"}}, bands.CELLS | {"1-1": "hibernating"})
    assert own == {"names": {"lost": {"zh": "走了", "en": "Gone"}}, "cells": bands.CELLS | {"1-1": "hibernating"}}
    read = bands.Bands.read(own)
    assert (read.names["lost"].zh, read.cells["1-1"], read.cells["1-2"], read.is_default) == ("走了", "hibernating", "lost", False)
    with pytest.raises(Invalid) as caught:
        bands.kept({"kings": {"zh": "x", "en": ""}}, {"6-1": "lost", **dict.fromkeys(list(bands.CELLS)[1:], "nobody")})
    assert {one["field"] for one in caught.value.errors} >= {"names.kings", "names.kings.en", "cells.5-1", "cells.6-1", "cells.5-2"}
