"""The life cycle as it is asked: the flow between stages, scores, over HTTP, and in conditions."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest
import time_machine

from hutong.communities.models import Community, Group
from hutong.events import queries as warehouse
from hutong.segments import projection
from hutong.segments.actions import rfm as rfm_actions
from hutong.segments.actions import segments
from hutong.segments.models import MemberRFM
from hutong.segments.queries import life_cycle as queries
from hutong.segments.queries import rfm
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace
from tests.conftest import Api
from tests.segments.life_cycle.living import NOON, catch_up, does, inside, midnight, person

pytestmark = pytest.mark.django_db


def test_flow(workspace: Workspace, community: Community, group: Group, travel: time_machine.Coordinates) -> None:
    ann, bo, cat = (person(workspace, name) for name in ("ann", "bo", "cat"))
    does(group, ann, at=dt.datetime(2026, 1, 30, 12, tzinfo=dt.UTC))
    does(group, bo, at=dt.datetime(2026, 2, 1, 12, tzinfo=dt.UTC))
    does(group, bo, at=dt.datetime(2026, 2, 28, 12, tzinfo=dt.UTC))
    does(group, cat, at=NOON)
    catch_up()
    found = queries.flow(community, "activity", 3)
    assert found.days == [dt.date(2026, 1, 31), dt.date(2026, 2, 28), dt.date(2026, 3, 1)]
    nodes = [(str(one["month"])[5:], one["stage"], one["members"]) for one in found.nodes]
    assert nodes == [
        ("01-31", "new", 1),
        ("01-31", "", 2),
        ("02-28", "active", 1),
        ("02-28", "quiet", 1),
        ("02-28", "", 1),
        ("03-01", "new", 1),
        ("03-01", "active", 1),
        ("03-01", "quiet", 1),
    ]
    links = [(str(one["month"])[5:], one["from"], one["to"], one["members"]) for one in found.links]
    assert links == [
        ("01-31", "new", "quiet", 1),
        ("01-31", "", "active", 1),
        ("01-31", "", "", 1),
        ("02-28", "active", "active", 1),
        ("02-28", "quiet", "quiet", 1),
        ("02-28", "", "new", 1),
    ]


def test_scores_are_kept_as_of_yesterday(workspace: Workspace, community: Community, group: Group, travel: time_machine.Coordinates) -> None:
    members = [person(workspace, f"m{number}") for number in range(5)]
    for number, member in enumerate(members):
        for order in range(number + 1):
            does(group, member, "order_paid", at=NOON - dt.timedelta(days=10 - number), order_id=f"{number}{order}", amount=10 + number)
    does(group, members[0], "order_paid", order_id="today", amount=9)
    catch_up()
    rows = MemberRFM.objects.in_workspace(workspace).filter(community=community)
    expected = {member: (number + 1, number + 1, number + 1) for number, member in enumerate(members)}
    assert {row.member_id: (row.recency, row.frequency, row.monetary) for row in rows} == expected
    cycle = queries.settings(community)
    assert (cycle.rfm_day, cycle.rfm_basis) == (dt.date(2026, 2, 28), "orders")
    assert set(rfm.in_cells(workspace, f"{community.pk}:5-5").values_list("member_id", flat=True)) == {members[4]}
    assert set(rfm.in_cells(workspace, f"{community.pk}:hibernating").values_list("member_id", flat=True)) == {members[1]}
    keys = [f"rfm.recency.{community.pk}", f"score:rfm.monetary.{community.pk}", queries.key("purchase", community.pk), "city"]
    assert queries.values(workspace.pk, keys, members[:1]) == {
        members[0]: {f"rfm.recency.{community.pk}": 1, f"score:rfm.monetary.{community.pk}": 1, queries.key("purchase", community.pk): "repeat"}
    }
    told_of = projection.value_rows(str(workspace.pk), rfm_actions.keys(community.pk)[0], [str(members[3])])
    assert told_of == [
        {"workspace_id": str(workspace.pk), "key": f"score:rfm.recency.{community.pk}", "member_id": str(members[3]), "is_deleted": 0, "number": 4}
    ]
    travel.shift(dt.timedelta(days=1))
    midnight()
    rows = MemberRFM.objects.in_workspace(workspace).filter(community=community)
    assert {row.member_id: row.recency for row in rows} == {members[0]: 5, members[1]: 1, members[2]: 2, members[3]: 3, members[4]: 4}
    mirrors = warehouse.rows(
        "SELECT member_id, toInt32(number) FROM member_values FINAL WHERE workspace_id = {w:UUID} AND key = {k:String}",
        {"w": str(workspace.pk), "k": f"score:rfm.recency.{community.pk}"},
    )
    assert dict(mirrors) == {row.member_id: row.recency for row in rows}  # type: ignore[arg-type]


def test_over_http(api: Api, other_api: Api, community: Community, group: Group, travel: time_machine.Coordinates) -> None:
    ann, bo = person(api.workspace, "ann"), person(api.workspace, "bo")
    does(group, ann)
    does(group, bo, "order_paid", at=NOON - dt.timedelta(days=20), order_id="a", amount=1200)
    catch_up()
    own = {"community_id": str(community.pk)}
    body = api.get("/life-cycle", **own).json()
    assert {stage["stage"]: (stage["members"], stage["before"]) for kind in body["kinds"].values() for stage in kind} == {
        "new": (1, 0), "returned": (0, 0), "active": (0, 0), "quiet": (1, 0), "lapsed": (0, 0),
        "high_value": (1, 0), "repeat": (0, 0), "first": (0, 0), "potential": (1, 0),
    }  # fmt: skip
    assert (body["state"], body["members"], body["computed_day"], body["before_day"]) == ("ready", 2, "2026-03-01", "2026-01-30")
    assert body["thresholds"] == body["defaults"]
    assert body["kinds"]["activity"][2]["meaning"] == {"zh": "最近 14 天内活跃。", "en": "Active within the last 14 days."}
    refused = api.put("/life-cycle", own | {"thresholds": {"lapsed_days": 14}})
    assert (refused.status_code, [one["field"] for one in refused.json()["errors"]]) == (422, ["lapsed_days"])
    moves = api.post("/life-cycle/preview", own | {"thresholds": {"active_days": 30}}).json()
    assert moves == {"moves": [{"kind": "activity", "from": "quiet", "to": "active", "members": 1}], "members": 1}
    changed = api.put("/life-cycle", own | {"thresholds": {"active_days": 30}}).json()
    assert (changed["state"], changed["thresholds"]["active_days"], changed["kinds"]["activity"][2]["members"]) == ("counting", 30, 0)
    catch_up()
    body = api.get("/life-cycle", **own).json()
    assert (body["state"], body["kinds"]["activity"][2]["members"], body["changed_by_name"]) == ("ready", 1, "test")
    flow = api.get("/life-cycle/flow", **own, kind="purchase", months=2).json()
    assert flow["links"] == [
        {"month": "2026-02-28", "from": "high_value", "to": "high_value", "members": 1},
        {"month": "2026-02-28", "from": "", "to": "potential", "members": 1},
    ]
    assert api.get("/life-cycle/flow", **own, months=25).status_code == 422
    assert [one["name"] for one in api.get("/members", among=f"stage:{community.pk}:activity:new").json()["items"]] == ["ann"]
    assert [one["name"] for one in api.get("/members", among=f"rfm:{community.pk}:5-1").json()["items"]] == ["bo"]
    assert api.get("/members", among=f"stage:{community.pk}:activity:gone").status_code == 422
    assert api.get("/members", among=f"rfm:{community.pk}:6-1").status_code == 422
    assert api.get("/members", among="stage:x:activity:new").status_code == 404
    assert other_api.get("/life-cycle", **own).status_code == 404
    assert other_api.get("/members", among=f"rfm:{community.pk}:new").status_code == 404

    found = api.get("/rfm", **own).json()
    assert (found["date"], found["basis"], found["is_kept"], found["members"], len(found["cells"]), len(found["bands"])) == (
        "2026-02-28",
        "orders",
        True,
        1,
        25,
        11,
    )
    assert [cell for cell in found["cells"] if cell["members"]] == [
        {"r": 5, "f": 1, "band": "new", "members": 1, "monetary": 1200.0, "monetary_average": 1200.0}
    ]
    assert found["edges"]["recency"] == [{"score": 5, "from": "2026-02-09", "to": "2026-02-09"}]
    by_activity = api.get("/rfm", **own, basis="activity", date="2026-03-01").json()
    assert (by_activity["members"], by_activity["is_kept"]) == (2, False)
    assert api.get("/rfm", **own, date="2026-03-02").status_code == 422
    bands = api.get("/rfm/bands", **own).json()
    assert bands["is_default"]
    cells = bands["cells"] | {"5-1": "champions"}
    changed_bands = api.put("/rfm/bands", own | {"names": {"champions": {"zh": "铁杆", "en": "Fans"}}, "cells": cells}).json()
    assert (changed_bands["is_default"], changed_bands["bands"][0]["zh"], changed_bands["cells"]["5-1"]) == (False, "铁杆", "champions")
    assert [one["name"] for one in api.get("/members", among=f"rfm:{community.pk}:champions").json()["items"]] == ["bo"]
    reset = {"names": bands["default_names"], "cells": bands["default_cells"]}
    assert api.put("/rfm/bands", own | reset).json()["is_default"]
    assert api.put("/rfm/bands", own | {"cells": {}}).status_code == 422
    assert msgspec.json.decode(api.get("/rfm", **own).content)["bands"][0]["members"] == 0


def test_conditions_know_stages_and_scores(api: Api, community: Community, group: Group, travel: time_machine.Coordinates) -> None:
    """A live segment follows a stage as it follows an attribute, and a score on the next day; the member's page says both."""
    workspace = api.workspace
    ann, bo = person(workspace, "ann"), person(workspace, "bo")
    does(group, ann, at=NOON - dt.timedelta(days=20))
    does(group, bo, "order_paid", at=NOON - dt.timedelta(days=1), order_id="a", amount=5)
    catch_up()
    key, score = queries.key("activity", community.pk), f"rfm.recency.{community.pk}"
    vocabulary = api.get("/conditions/vocabulary").json()
    (attribute,) = [one for one in vocabulary["attributes"] if one["key"] == key]
    assert (attribute["zh"], attribute["type"], attribute["options"]) == (
        "活跃阶段（胡同读书会）",
        "text",
        ["new", "returned", "active", "quiet", "lapsed"],
    )
    assert [one["en"] for one in vocabulary["scores"] if one["name"] == score] == ["RFM recency score (胡同读书会)"]
    conditions = [{"kind": "attribute", "key": key, "op": "is", "value": "quiet"}, {"kind": "score", "score": score, "op": "at_least", "value": 5}]
    made = [segments.create(workspace, actor=SYSTEM, name=str(number), condition=one) for number, one in enumerate(conditions)]
    catch_up()
    assert [inside(one) for one in made] == [{ann}, {bo}]
    does(group, ann)
    does(group, ann, "order_paid", order_id="b", amount=7)
    catch_up()
    catch_up()
    assert [inside(one) for one in made] == [set(), {bo}]
    travel.shift(dt.timedelta(days=1))
    midnight()
    catch_up()
    assert [inside(one) for one in made] == [set(), {ann}]
    belonging = api.get(f"/members/{ann}/belonging").json()
    assert [(one["kind"], one["stage"], one["since"]) for one in belonging["stages"]] == [
        ("activity", "active", "2026-03-01"),
        ("purchase", "first", "2026-03-01"),
    ]
    assert [(one["recency"], one["frequency"], one["monetary"], one["band"]) for one in belonging["rfm"]] == [(5, 1, 3, "new")]
    assert [one["name"] for one in belonging["segments"]] == ["1"]
