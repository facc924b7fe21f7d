from __future__ import annotations

import csv
import datetime as dt
import io
import uuid

import pytest
import time_machine

from hutong.communities.models import Community, Group
from hutong.foundation import fresh
from hutong.members.models import Member
from hutong.reports.definitions import BY_KEY, DEFINITIONS, SERIES, VALUES
from hutong.workspaces.models import Workspace
from tests.conftest import Api, make_key
from tests.reports.history import id_of, ship
from tests.reports.oracle import Happening, Oracle

ZONES = {"c": "Asia/Shanghai"}
RANGE = {"from": "2024-03-01", "to": "2024-03-07"}
WHOLE = [
    "definitions",
    "extent",
    "overview",
    "metrics",
    "retention",
    "heatmap",
    "speakers",
    "silent",
    "newcomers",
    "questions",
    "communities",
    "active-days",
]
TODAY = dt.date(2026, 11, 22)


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2024, 3, day, hour, minute, tzinfo=dt.UTC)


TOLD = [
    Happening(at(1, 1), 0, "join", "ann", "c", "g"),
    Happening(at(1, 2), 1, "message", "ann", "c", "g", text="有人吗？", is_question=True),
    Happening(at(2, 3), 2, "message", "bo", "c", "g", answers="ann", text="有"),
    Happening(at(2, 17), 3, "message", "ann", "c", "g", text="谢谢"),  # 01:00 on the 3rd in Shanghai
    Happening(at(4, 5), 4, "join", "=cmd", "c", "g"),
    Happening(at(5, 5), 5, "message", "=cmd", "c", "g", text="=1+1？", is_question=True),
    Happening(at(6, 5), 6, "leave", "bo", "c", "g"),
    Happening(at(7, 5), 7, "join", "dee", "c", "g"),
]


@pytest.fixture
def told(workspace: Workspace, community: Community, group: Group) -> Oracle:
    fresh.forget()
    ship(workspace.pk, TOLD, ZONES, {"c": community.pk, "g": group.pk})
    moment = at(1, 0)
    Member.objects.bulk_create(
        Member(id=id_of(workspace.pk, who), workspace=workspace, name=who, first_seen_at=moment, last_seen_at=moment) for who in {h.who for h in TOLD}
    )
    return Oracle(TOLD, ZONES, TODAY)


def test_definitions(api: Api) -> None:
    body = api.get("/reports/definitions").json()
    assert [one["key"] for one in body["items"]] == [one.key for one in DEFINITIONS]
    assert body["items"][0] == {
        "key": "members",
        "name": {"zh": "成员数", "en": "Members"},
        "formula": {"zh": BY_KEY["members"].formula_zh, "en": BY_KEY["members"].formula_en},
        "unit": "members",
        "format": "count",
        "better": "up",
        "change": "relative",
        "kind": "value",
        "has_series": True,
    }


def test_overview_equals_the_naive_count(api: Api, told: Oracle, community: Community) -> None:
    body = api.get("/reports/overview", community=community.pk, **RANGE).json()
    now = told.values(dt.date(2024, 3, 1), dt.date(2024, 3, 7))
    before = told.values(dt.date(2024, 2, 23), dt.date(2024, 2, 29))
    assert {one["key"]: one["value"] for one in body["cards"]} == {key: now[key] for key in VALUES if key in {c["key"] for c in body["cards"]}}
    assert {one["key"]: one["previous"] for one in body["cards"]} == {one["key"]: before[one["key"]] for one in body["cards"]}
    assert body["scope"] == {
        "community": {"id": str(community.pk), "name": "胡同读书会"},
        "groups": [],
        "channel": "",
        "time_zone": "Asia/Shanghai",
        "today": body["scope"]["today"],
    }
    assert (body["range"], body["previous"]) == (
        {"from": "2024-03-01", "to": "2024-03-07", "days": 7},
        {"from": "2024-02-23", "to": "2024-02-29", "days": 7},
    )
    assert body["extent"] == {"from": "2024-03-01", "to": "2024-03-07", "days": 7}
    assert body["series"]["unit"] == "day"
    assert body["series"]["starts"] == body["series"]["ends"] == [f"2024-03-0{day}" for day in range(1, 8)]
    assert body["series"]["values"]["members"] == [1, 2, 2, 3, 3, 2, 3]
    assert body["series"]["values"]["messages"] == [1, 1, 1, 0, 1, 0, 0]
    assert body["series"]["values"]["left"] == [0, 0, 0, 0, 0, 1, 0]
    assert next(one["sparkline"] for one in body["cards"] if one["key"] == "dau") == [1, 1, 1, 0, 1, 0, 0]
    assert next(one["sparkline"] for one in body["cards"] if one["key"] == "churn") == []


def test_metrics_hold_every_value_and_the_other_period(api: Api, told: Oracle, group: Group) -> None:
    body = api.get("/reports/metrics", group=group.pk, compare="custom", compare_from="2024-03-01", compare_to="2024-03-03", **RANGE).json()
    assert body["values"] == told.values(dt.date(2024, 3, 1), dt.date(2024, 3, 7))
    assert body["previous_values"] == told.values(dt.date(2024, 3, 1), dt.date(2024, 3, 3))
    assert list(body["values"]) == list(VALUES)
    assert body["scope"]["groups"] == [{"id": str(group.pk), "name": "一群"}]


@pytest.mark.parametrize("key", SERIES)
def test_series_of_every_metric(api: Api, told: Oracle, key: str) -> None:
    body = api.get("/reports/series", metric=key, unit="week", compare="previous", **RANGE).json()
    first, second = (dt.date(2024, 3, 1), dt.date(2024, 3, 3)), (dt.date(2024, 3, 4), dt.date(2024, 3, 7))
    assert body["series"]["values"] == {key: [told.values(*first)[key], told.values(*second)[key]]}
    assert (body["series"]["starts"], body["series"]["ends"]) == (["2024-03-01", "2024-03-04"], ["2024-03-03", "2024-03-07"])
    assert body["previous"]["from"] == "2024-02-23"
    assert len(body["previous_series"]["values"][key]) == 2


def test_series_refuse_what_has_none(api: Api, told: Oracle) -> None:
    assert api.get("/reports/series", metric="nonsense", **RANGE).status_code == 404
    refused = api.get("/reports/series", metric="heatmap", **RANGE)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "metric")
    assert api.get("/reports/series", **RANGE).status_code == 422


def test_retention_and_heatmap(api: Api, told: Oracle) -> None:
    body = api.get("/reports/retention", periods=2, cohort="joined", **RANGE).json()
    assert [(one["start"], one["size"], one["retained"]) for one in body["cohorts"]] == [
        (start.isoformat(), size, cells) for start, size, cells in told.triangle(dt.date(2024, 3, 1), dt.date(2024, 3, 7), "day", "joined", 2)
    ]
    assert body["cohorts"][0]["shares"] == [1.0, 0.0, 1.0]
    assert body["averages"][0] == {"n": 0, "size": 4, "retained": 2, "share": 0.5}
    cells = api.get("/reports/heatmap", **RANGE).json()["cells"]
    assert len(cells) == 168
    assert next(one for one in cells if (one["weekday"], one["hour"]) == (7, 1)) == {"weekday": 7, "hour": 1, "messages": 1, "average": 1.0}


def test_lists(api: Api, told: Oracle, workspace: Workspace, community: Community, group: Group) -> None:
    first = api.get("/reports/speakers", limit=1, **RANGE).json()
    assert first["items"][0] == {
        "member": {"id": str(id_of(workspace.pk, "ann")), "name": "ann"},
        "messages": 2,
        "replies": 0,
        "characters": 6,
        "active_days": 2,
        "share": 0.5,
    }
    second = api.get("/reports/speakers", limit=1, cursor=first["next_cursor"], **RANGE).json()
    assert (second["items"][0]["messages"], first["total"], second["total"]) == (1, 3, 3)
    silent = api.get("/reports/silent", to="2024-03-07", days=4).json()
    assert [(one["member"]["name"], one["last_active_day"], one["silent_days"]) for one in silent["items"]] == [
        ("dee", None, None),
        ("ann", "2024-03-03", 4),
    ]
    newcomers = api.get("/reports/newcomers", **RANGE).json()
    assert [(one["member"]["name"], one["joined_day"], one["is_present"]) for one in newcomers["items"]] == [("dee", "2024-03-07", True)]
    questions = api.get("/reports/questions", **RANGE).json()
    assert (questions["asked"], questions["total"]) == (2, 2)  # the answer to the first came after 25 hours
    assert questions["items"][0] == {
        "event_id": "e0000005",
        "asked_at": "2024-03-05T05:00:00Z",
        "community_id": str(community.pk),
        "group": {"id": str(group.pk), "name": "一群"},
        "member": {"id": str(id_of(workspace.pk, "=cmd")), "name": "=cmd"},
        "text": "=1+1？",
    }
    table = api.get("/reports/communities", **RANGE).json()
    now = told.values(dt.date(2024, 3, 1), dt.date(2024, 3, 7))
    (row,) = table["items"]
    assert row["values"] == row["groups"][0]["values"] == {key: now[key] for key in row["values"]}
    days = api.get("/reports/active-days", **RANGE).json()
    assert [one["active"] for one in days["items"]] == [1, 1, 1, 0, 1, 0, 0]


@pytest.mark.parametrize("path", [*WHOLE, "series"])
def test_files(api: Api, told: Oracle, path: str) -> None:
    query = {**RANGE, **({"metric": "dau"} if path == "series" else {})}
    response = api.get(f"/reports/{path}", format="csv", **query)
    assert (response.status_code, response["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert response["Content-Disposition"] == f'attachment; filename="hutong-{path}.csv"'
    text = response.content.decode()
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:])))
    assert all(len(row) == len(rows[0]) for row in rows)
    assert not any(cell.startswith(("=", "@", "+")) for row in rows for cell in row)
    assert api.http.get(api.url(f"/reports/{path}"), query, headers={"accept": "text/csv"}).content == response.content
    if path == "speakers":
        assert rows[1][1:] == ["ann", "2", "0", "6", "2", "0.5"]
        assert sorted(row[1] for row in rows[2:]) == ["'=cmd", "bo"]


@pytest.mark.parametrize("path", [*WHOLE, "series"])
def test_an_empty_scope_is_no_error(api: Api, workspace: Workspace, path: str) -> None:
    query = {"metric": "stickiness"} if path == "series" else {}
    assert api.get(f"/reports/{path}", **query).status_code == 200
    assert api.get(f"/reports/{path}", channel="telegram", format="csv", **query).status_code == 200


def test_empty_numbers_are_zero_or_nothing(api: Api, workspace: Workspace) -> None:
    body = api.get("/reports/metrics", **RANGE).json()
    nothing = {"stickiness", "speaker_share", "messages_per_speaker", "reply_share", "retention_d1", "retention_d7", "retention_d30", "churn"}
    assert body["values"] == {key: None if key in nothing else 0 for key in VALUES}
    assert api.get("/reports/extent").json()["extent"] is None


@pytest.mark.parametrize("path", [*WHOLE, "series"])
def test_another_workspace_sees_nothing(other_api: Api, told: Oracle, workspace: Workspace, community: Community, group: Group, path: str) -> None:
    query = {**RANGE, **({"metric": "dau"} if path == "series" else {})}
    assert other_api.get(f"/api/workspaces/{workspace.pk}/reports/{path}", **query).status_code == 404
    if path != "definitions":
        assert other_api.get(f"/reports/{path}", community=community.pk, **query).json()["code"] == "not_found"
        assert other_api.get(f"/reports/{path}", group=group.pk, **query).json()["code"] == "not_found"
    stranger = Api(workspace, make_key(workspace, ["members.read"]))
    assert stranger.get(f"/reports/{path}", **query).status_code == 403


def test_numbers_of_another_workspace_stay_apart(other_api: Api, told: Oracle) -> None:
    assert other_api.get("/reports/metrics", **RANGE).json()["values"]["messages"] == 0


def test_bad_questions(api: Api, told: Oracle, community: Community) -> None:
    for query, field in [
        ({"from": "2024-03-07", "to": "2024-03-01"}, "to"),
        ({"from": "0001-01-01"}, "from"),
        ({"to": "0001-01-01"}, "to"),
        ({"from": "2000-01-01", "to": "2024-03-01"}, "to"),
        ({"from": "yesterday"}, "from"),
        ({"compare": "custom"}, "compare_from"),
        ({"compare": "sideways"}, "compare"),
    ]:
        refused = api.get("/reports/overview", **query)
        assert (refused.status_code, [one["field"] for one in refused.json()["errors"]]) == (422, [field])
    for path in ("speakers", "silent", "newcomers", "questions"):
        for cursor in ("nonsense", "WzEsMl0", "WyJhIiwiYiJd", "W251bGwsbnVsbF0"):
            assert api.get(f"/reports/{path}", cursor=cursor).status_code == 422
    assert api.get("/reports/overview", community=uuid.uuid4()).status_code == 404
    other = Community.objects.create(workspace=community.workspace, name="另一个")
    group = Group.objects.create(workspace=community.workspace, community=other, name="g", channel="irc")
    assert api.get("/reports/overview", community=community.pk, group=group.pk).json()["code"] == "not_found"


def test_archived_communities_are_left_out_of_the_workspace(api: Api, told: Oracle, community: Community) -> None:
    community.archived_at = at(9, 0)
    community.save()
    assert api.get("/reports/metrics", **RANGE).json()["values"]["messages"] == 0
    assert api.get("/reports/communities", **RANGE).json()["items"] == []
    assert api.get("/reports/metrics", community=community.pk, **RANGE).json()["values"]["messages"] == 4


def test_days_to_come_and_the_day_not_over(api: Api, told: Oracle) -> None:
    key = make_key(api.workspace)
    with time_machine.travel(at(3, 3), tick=False):
        body = Api(api.workspace, key).get("/reports/retention", periods=2, **{"from": "2024-03-01", "to": "2024-03-31"}).json()
    assert body["range"] == {"from": "2024-03-01", "to": "2024-03-03", "days": 3}
    assert [one["retained"] for one in body["cohorts"]] == [[1, 0, None], [1, None, None], [None, None, None]]


def test_the_dashboard_follows_within_a_second(api: Api, told: Oracle, workspace: Workspace, community: Community, group: Group) -> None:
    def messages() -> float:
        cards = api.get("/reports/overview", community=community.pk, **RANGE).json()["cards"]
        return next(one["value"] for one in cards if one["key"] == "messages")

    assert messages() == 4
    more = [Happening(at(7, 9), 99, "message", "ann", "c", "g")]
    ship(workspace.pk, more, ZONES, {"c": community.pk, "g": group.pk})
    import time

    deadline = time.monotonic() + 1.5
    while messages() != 5:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_the_earliest_and_longest_range_is_answered(api: Api, told: Oracle) -> None:
    body = api.get("/reports/overview", compare="previous", **{"from": "1993-01-01", "to": "2003-12-14"}).json()
    assert (body["range"]["days"], body["previous"]["from"]) == (4000, "1982-01-19")
    assert {one["value"] for one in body["cards"]} == {0, None}
    assert api.get("/reports/silent", to="1993-01-01", days=4000).json()["total"] == 0
