"""The list behind a figure has as many members as the figure says, and names the right ones."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from hutong.communities.models import Community, Group
from hutong.foundation import fresh
from hutong.foundation.errors import Invalid
from hutong.members.models import Member
from hutong.reports.days import DayRange
from hutong.reports.queries import behind, hours, overview, retention
from hutong.reports.queries.behind import Point
from hutong.reports.queries.scope import Scope, resolve
from hutong.workspaces.models import Workspace
from tests.conftest import Api
from tests.reports.history import id_of, ship
from tests.reports.oracle import Happening

ZONES = {"c": "Asia/Shanghai"}
RANGE = DayRange(dt.date(2024, 3, 4), dt.date(2024, 3, 24))
PEOPLE = [f"p{n}" for n in range(14)]


def story() -> list[Happening]:
    dice = random.Random(7)
    start = dt.datetime(2024, 2, 20, tzinfo=dt.UTC)
    told = []
    for ordinal in range(500):
        kind = dice.choices(["message", "reaction", "join", "leave"], [70, 10, 12, 8])[0]
        who = dice.choice(PEOPLE)
        answers = dice.choice(PEOPLE) if kind == "message" and dice.random() < 0.3 else ""
        moment = start + dt.timedelta(minutes=ordinal * 100 + dice.randrange(90))
        told.append(Happening(moment, ordinal, kind, who, "c", dice.choice("gh"), answers=answers if answers != who else ""))
    return told


@pytest.fixture
def scope(workspace: Workspace, community: Community, group: Group) -> Scope:
    fresh.forget()
    ship(workspace.pk, story(), ZONES, {"c": community.pk, "g": group.pk})
    moment = dt.datetime(2024, 2, 20, tzinfo=dt.UTC)
    Member.objects.bulk_create(
        Member(id=id_of(workspace.pk, who), workspace=workspace, name=who, first_seen_at=moment, last_seen_at=moment) for who in PEOPLE
    )
    return resolve(workspace, community=community.pk)


def everybody(scope: Scope, point: Point, days: DayRange = RANGE) -> list[tuple[str, dt.date | None, int | None]]:
    found, cursor = [], None
    while True:
        page = behind.members(scope, days, point, cursor=cursor, limit=4)
        found += [(str(one["member_id"]), one["day"], one["count"]) for one in page.items]
        if page.next_cursor is None:
            assert page.total == len(found) == len({one[0] for one in found})
            return found
        cursor = page.next_cursor


def test_lists_are_as_long_as_the_numbers_say(scope: Scope) -> None:
    numbers = overview.overview(scope, RANGE, None).now
    for kind in ("members", "new", "returned", "left", "active", "speakers"):
        assert len(everybody(scope, Point(kind=kind))) == numbers[kind], kind  # type: ignore[arg-type]
    assert numbers["active"] == 14
    assert sum(count or 0 for _, _, count in everybody(scope, Point(kind="repliers"))) == numbers["replies"]
    assert sum(count or 0 for _, _, count in everybody(scope, Point(kind="speakers"))) == numbers["messages"]
    for day, active in hours.active_days(scope, RANGE):
        assert len(everybody(scope, Point(kind="active"), DayRange(day, day))) == active


@pytest.mark.parametrize("unit", ["day", "week", "month"])
@pytest.mark.parametrize("by", ["active", "joined"])
def test_cells_of_the_triangle(scope: Scope, unit: str, by: str) -> None:
    days = DayRange(dt.date(2024, 2, 20), dt.date(2024, 3, 24))
    triangle = retention.triangle(scope, days, unit=unit, by=by, periods=5)  # type: ignore[arg-type]
    for cohort in triangle.cohorts:
        whole = Point(kind="cohort", unit=unit, by=by, start=cohort.start)  # type: ignore[arg-type]
        assert len(everybody(scope, whole, days)) == cohort.size
        for n, cell in enumerate(cohort.retained):
            point = Point(kind="retained", unit=unit, by=by, start=cohort.start, n=n)  # type: ignore[arg-type]
            if cell is not None:
                assert len(everybody(scope, point, days)) == cell, (cohort.start, n)


def test_cells_of_the_heat_map(scope: Scope) -> None:
    for cell in hours.heatmap(scope, RANGE):
        found = everybody(scope, Point(kind="hour", weekday=cell.weekday, hour=cell.hour))
        assert sum(count or 0 for _, _, count in found) == cell.messages


def test_a_cell_must_be_told(scope: Scope) -> None:
    for point in (Point(kind="hour", weekday=1), Point(kind="cohort"), Point(kind="retained", start=RANGE.first)):
        with pytest.raises(Invalid):
            behind.members(scope, RANGE, point, cursor=None, limit=5)
    with pytest.raises(Invalid):
        behind.members(scope, RANGE, Point(kind="active"), cursor="WyJ4IiwgInkiXQ", limit=5)


def test_over_http(scope: Scope, api: Api) -> None:
    asked = "/reports/members?kind=left&from=2024-03-04&to=2024-03-24&limit=2"
    body = api.get(asked).json()
    expected = everybody(scope, Point(kind="left"))
    assert (body["kind"], body["total"]) == ("left", len(expected))
    assert [(one["member"]["id"], one["day"], one["count"]) for one in body["items"]] == [
        (who, day and day.isoformat(), None) for who, day, _ in expected[:2]
    ]
    assert {one["member"]["name"] for one in body["items"]} <= set(PEOPLE)
    text = api.get(f"{asked}&format=csv").content.decode("utf-8-sig").splitlines()
    assert text[0] == "Member id,Member,Day,Times"
    assert api.get("/reports/members?kind=hour").json()["errors"] == [{"field": "weekday", "message": "Say which cell is meant."}]
