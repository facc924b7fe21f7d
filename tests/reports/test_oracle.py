"""Every metric against the naive count, on made-up histories with zones, clock changes, several groups, returns and ties."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hutong.foundation import fresh
from hutong.reports.days import DayRange
from hutong.reports.definitions import SERIES, VALUES
from hutong.reports.queries import hours, overview, people, questions, retention, series
from hutong.reports.queries.scope import Scope
from tests.reports.history import id_of, ship
from tests.reports.oracle import DAY, Happening, Oracle, buckets

ZONES = ["Asia/Shanghai", "America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Kiritimati"]
GROUPS = [("c0", "g0", "irc"), ("c0", "g1", "telegram"), ("c1", "g2", "irc")]
START = dt.datetime(2024, 2, 26, tzinfo=dt.UTC)  # over a leap day and the clock changes of March
MINUTES = [0, 1, 14, 15, 16, 59, 60, 299, 300, 479, 480, 629, 630, 719, 899, 959, 960, 961, 1439]
PEOPLE = ["ann", "bo", "cy", "dee", "eve", "fay"]


@st.composite
def happenings(draw: st.DrawFn) -> list[Happening]:
    found = []
    day = 0
    for ordinal in range(draw(st.integers(0, 45))):
        day += draw(st.sampled_from([0, 0, 0, 0, 0, 1, 1, 1, 2, 6, 7, 29]))
        community, group, channel = draw(st.sampled_from(GROUPS))
        kind = draw(st.sampled_from(["message", "message", "message", "message", "reaction", "page", "join", "leave", "leave", "notice"]))
        who = draw(st.sampled_from(PEOPLE))
        answers = draw(st.sampled_from(["", "", *PEOPLE])) if kind == "message" else ""
        found.append(
            Happening(
                at=START + dt.timedelta(days=day, minutes=draw(st.sampled_from(MINUTES))),
                ordinal=ordinal,
                kind=kind,
                who=who,
                community=community,
                group=group,
                channel=channel,
                answers="" if answers == who else answers,
                is_question=kind == "message" and draw(st.booleans()),
                text=draw(st.sampled_from(["在吗？", "hello", "👍"])),
            )
        )
    return found


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Happening], dict[str, str], str, DayRange, dt.date]:
    zones = {"c0": draw(st.sampled_from(ZONES)), "c1": draw(st.sampled_from(ZONES))}
    first = START.date() + draw(st.integers(-3, 60)) * DAY
    last = first + draw(st.sampled_from([0, 1, 6, 13, 29, 30, 45])) * DAY
    today = draw(st.sampled_from([last, last + DAY, last + 400 * DAY]))
    return (
        draw(happenings()),
        zones,
        draw(st.sampled_from(["all", "c0", "c1", "g0", "g0+g1", "g0+g2", "irc", "c0/telegram"])),
        DayRange(first, last),
        today,
    )


def scoped(workspace_id: uuid.UUID, name: str, today: dt.date) -> tuple[Scope, set[str]]:
    """The scope of that name and the groups it holds."""

    def ids(*names: str) -> tuple[uuid.UUID, ...]:
        return tuple(id_of(workspace_id, one) for one in names)

    chosen = {
        "all": ((), (), "", {"g0", "g1", "g2"}),
        "c0": (ids("c0"), (), "", {"g0", "g1"}),
        "c1": (ids("c1"), (), "", {"g2"}),
        "g0": (ids("c0"), ids("g0"), "", {"g0"}),
        "g0+g1": (ids("c0"), ids("g0", "g1"), "", {"g0", "g1"}),
        "g0+g2": (ids("c0", "c1"), ids("g0", "g2"), "", {"g0", "g2"}),
        "irc": ((), (), "irc", {"g0", "g2"}),
        "c0/telegram": (ids("c0"), (), "telegram", {"g1"}),
    }
    communities, groups, channel, held = chosen[name]
    return Scope(workspace_id=workspace_id, communities=communities, groups=groups, channel=channel, today=today), held


def check_all(scope: Scope, oracle: Oracle, days: DayRange, ids: dict[uuid.UUID, str], *, page_size: int = 2) -> None:
    """Everything the product says of that scope and range equals what the oracle says."""
    fresh.forget()
    previous = days.before()
    now, before = overview.numbers(scope, days, previous)
    assert now == oracle.values(days.first, days.last)
    assert before == oracle.values(previous.first, previous.last)
    assert tuple(now) == VALUES
    assert now["net_growth"] == now["new"] + now["returned"] - now["left"]  # type: ignore[operator]
    check_series(scope, oracle, days)
    check_triangles(scope, oracle, days)
    assert {(c.weekday, c.hour): (c.messages, c.average) for c in hours.heatmap(scope, days)} == oracle.heatmap(days.first, days.last)
    assert hours.active_days(scope, days) == [(day, len(oracle.active_in(day, day))) for day in days.each()]
    check_lists(scope, oracle, days, ids, page_size)


def check_series(scope: Scope, oracle: Oracle, days: DayRange) -> None:
    for unit in ("day", "week", "month"):
        parts = buckets(days.first, days.last, unit)
        expected = [oracle.values(first, last) for first, last in parts]
        (found,) = series.values(scope, [days], unit, SERIES)
        assert [(p.first, p.last) for p in days.split(unit)] == parts
        for key in SERIES:
            assert (unit, key, found[key]) == (unit, key, [values[key] for values in expected])


def check_triangles(scope: Scope, oracle: Oracle, days: DayRange) -> None:
    for unit, by, periods in (("day", "active", 30), ("day", "joined", 8), ("week", "active", 6), ("week", "joined", 6), ("month", "active", 3)):
        found = retention.triangle(scope, days, unit=unit, by=by, periods=periods)  # type: ignore[arg-type]
        expected = oracle.triangle(days.first, days.last, unit, by, periods)
        assert [(one.start, one.size, one.retained) for one in found.cohorts] == expected
        for n, average in enumerate(found.averages):
            old = [(size, cells[n]) for _, size, cells in expected if cells[n] is not None]
            assert (average.size, average.retained) == (sum(size for size, _ in old), sum(cell for _, cell in old if cell is not None))


def check_lists(scope: Scope, oracle: Oracle, days: DayRange, ids: dict[uuid.UUID, str], page_size: int) -> None:
    spoke = oracle.speakers(days.first, days.last)
    found = paged(lambda cursor: people.speakers(scope, days, cursor=cursor, limit=page_size))
    text_ids = {who: str(member_id) for member_id, who in ids.items()}
    assert [(ids[one["member_id"]], one["messages"], one["replies"], one["characters"], one["active_days"]) for one in found] == [
        (who, *spoke[who]) for who in sorted(spoke, key=lambda who: (-spoke[who][0], text_ids[who]))
    ]
    for silent_days in (1, 14):
        silent = oracle.silent(days.last, silent_days)
        listed = paged(lambda cursor, n=silent_days: people.silent(scope, days.last, silent_days=n, cursor=cursor, limit=page_size))
        assert {ids[one["member_id"]]: one["last_active_day"] for one in listed} == silent
        assert len(listed) == len(silent)
        assert [one["last_active_day"] or dt.date.min for one in listed] == sorted(one["last_active_day"] or dt.date.min for one in listed)
    newcomers = oracle.newcomers(days.first, days.last)
    arrivals = paged(lambda cursor: people.newcomers(scope, days, cursor=cursor, limit=page_size))
    assert {ids[one["member_id"]]: one["joined_day"] for one in arrivals} == newcomers
    assert len(arrivals) == len(newcomers)
    assert {ids[one["member_id"]]: one["is_present"] for one in arrivals} == {who: who in oracle.present_on(days.last) for who in newcomers}
    asked = paged(lambda cursor: questions.unanswered(scope, days, cursor=cursor, limit=page_size)[0])
    unanswered = oracle.unanswered(days.first, days.last)
    assert sorted((one["asked_at"], ids[one["member_id"]]) for one in asked) == sorted((h.at, h.who) for h in unanswered)


def paged(read) -> list[people.Row]:  # type: ignore[no-untyped-def]
    """Every item, page by page."""
    items: list[people.Row] = []
    cursor = None
    while True:
        page = read(cursor)
        items += page.items
        cursor = page.next_cursor
        if cursor is None:
            assert page.total == len(items)
            return items
        assert page.items


@pytest.mark.slow
@given(cases())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_every_metric_equals_the_naive_count(case: tuple[list[Happening], dict[str, str], str, DayRange, dt.date]) -> None:
    told, zones, name, days, today = case
    workspace_id = uuid.uuid4()
    ship(workspace_id, told, zones)
    scope, held = scoped(workspace_id, name, today)
    oracle = Oracle([h for h in told if h.group in held], zones, today)
    check_all(scope, oracle, days, {id_of(workspace_id, who): who for who in PEOPLE})
