"""Communities and groups over HTTP: made, changed, put away; nobody else's; bad values named."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from hutong.communities.models import Community, Group
from hutong.foundation.stream import Fact
from hutong.workspaces.models import AuditEntry, Workspace
from tests.conftest import Api, make_key

pytestmark = pytest.mark.django_db
NAMES_KEPT = ["👩‍👩‍👧‍👦 读书会", "\u202eיום\u202c שלום", "<b>群</b>", "=1+1", "é"]  # joiners, direction marks, HTML, formula, composed


def made(api: Api, name: str = "胡同读书会", **more: Any) -> dict[str, Any]:
    response = api.post("/communities", {"name": name, **more})
    assert response.status_code == 201, response.content.decode()
    found: dict[str, Any] = response.json()
    return found


def group_of(api: Api, community: dict[str, Any], name: str = "一群", channel: str = "wechat", **more: str) -> dict[str, Any]:
    response = api.post("/groups", {"community_id": community["id"], "name": name, "channel": channel, **more})
    assert response.status_code == 201, response.content.decode()
    found: dict[str, Any] = response.json()
    return found


def audited(workspace: Workspace) -> list[str]:
    return list(AuditEntry.objects.in_workspace(workspace).order_by("at", "id").values_list("action", flat=True))


def test_a_community_takes_the_workspaces_zone_and_is_told_and_audited(api: Api, workspace: Workspace, recorded: list[Fact]) -> None:
    found = made(api, "  胡同读书会 ", kind="content", description="每周\r\n一本书")
    assert {name: found[name] for name in ("name", "kind", "description", "time_zone", "is_sample", "groups", "members", "archived_at")} == {
        "name": "胡同读书会",
        "kind": "content",
        "description": "每周\n一本书",
        "time_zone": "Asia/Shanghai",
        "is_sample": False,
        "groups": 0,
        "members": 0,
        "archived_at": None,
    }
    assert api.get(f"/communities/{found['id']}").json() == found
    assert [(fact.name, str(fact.community_id)) for fact in recorded] == [("community_created", found["id"])]
    assert recorded[0].source.startswith("key:")
    assert audited(workspace) == ["community.create"]


@pytest.mark.parametrize("name", NAMES_KEPT)
def test_names_stay_as_typed(api: Api, recorded: list[Fact], name: str) -> None:
    assert made(api, name)["name"] == name


def test_names_are_composed(api: Api, recorded: list[Fact]) -> None:
    assert made(api, "Cafe\u0301")["name"] == "Café"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "\u200b\u200d"}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "x", "kind": "club"}, "kind"),
        ({"name": "x", "time_zone": "Mars/Olympus"}, "time_zone"),
        ({"name": "x", "time_zone": "../../etc/passwd"}, "time_zone"),
        ({"name": "x", "description": "x" * 501}, "description"),
        ({"name": "x", "colour": "red"}, "colour"),
    ],
)
def test_a_bad_value_is_named_and_nothing_is_made(api: Api, workspace: Workspace, recorded: list[Fact], body: dict[str, Any], field: str) -> None:
    response = api.post("/communities", body)
    assert (response.status_code, response.json()["code"]) == (422, "invalid")
    assert [error["field"].split(".")[-1] for error in response.json()["errors"]] == [field]
    assert Community.objects.in_workspace(workspace).count() == 0
    assert (recorded, audited(workspace)) == ([], [])


def test_a_name_is_given_once_until_its_community_is_put_away(api: Api, workspace: Workspace, recorded: list[Fact]) -> None:
    first = made(api)
    again = api.post("/communities", {"name": "胡同读书会"})
    assert (again.status_code, again.json()["code"]) == (409, "community_name_taken")
    other = made(api, "另一个")
    clash = api.patch(f"/communities/{other['id']}", {"name": "胡同读书会"})
    assert (clash.status_code, clash.json()["code"]) == (409, "community_name_taken")
    assert api.put(f"/communities/{first['id']}/archival").json()["archived_at"] is not None
    assert api.put(f"/communities/{first['id']}/archival").status_code == 200
    made(api)
    back = api.delete(f"/communities/{first['id']}/archival")
    assert (back.status_code, back.json()["code"]) == (409, "community_name_taken")
    assert [one["name"] for one in api.get("/communities").json()["items"]] == ["另一个", "胡同读书会"]
    assert [one["id"] for one in api.get("/communities", show="archived").json()["items"]] == [first["id"]]
    assert len(api.get("/communities", show="all").json()["items"]) == 3
    assert audited(workspace) == ["community.create", "community.create", "community.archive", "community.create"]


def test_a_new_zone_is_refused_until_confirmed(api: Api, workspace: Workspace, recorded: list[Fact]) -> None:
    found = made(api)
    recorded.clear()
    refused = api.patch(f"/communities/{found['id']}", {"name": "新名", "time_zone": "Europe/Paris"})
    assert (refused.status_code, refused.json()["code"]) == (409, "rezone_unconfirmed")
    assert api.get(f"/communities/{found['id']}").json() == found
    assert recorded == []
    done = api.patch(f"/communities/{found['id']}", {"name": "新名", "time_zone": "Europe/Paris", "is_rezone_confirmed": True})
    assert (done.status_code, done.json()["name"], done.json()["time_zone"]) == (200, "新名", "Europe/Paris")
    (told,) = recorded
    assert (told.name, str(told.community_id), told.properties) == (
        "community_rezoned",
        found["id"],
        {"time_zone": "Europe/Paris", "from": "Asia/Shanghai"},
    )
    same = api.patch(f"/communities/{found['id']}", {"time_zone": "Europe/Paris"})
    assert (same.status_code, len(recorded)) == (200, 1)
    last = AuditEntry.objects.in_workspace(workspace).latest("at")
    assert last.details == {"changed": {"name": ["胡同读书会", "新名"], "time_zone": ["Asia/Shanghai", "Europe/Paris"]}}


def test_a_change_leaves_the_rest(api: Api, recorded: list[Fact]) -> None:
    found = made(api, kind="service", description="答疑")
    changed = api.patch(f"/communities/{found['id']}", {"description": ""}).json()
    assert (changed["kind"], changed["description"], changed["name"]) == ("service", "", "胡同读书会")


def test_groups_belong_to_a_community_and_a_channel(api: Api, workspace: Workspace, recorded: list[Fact]) -> None:
    book, tea = made(api), made(api, "茶会")
    first = group_of(api, book, " 一群 ", "wechat", external_id="wx-1")
    assert (first["name"], first["channel"], first["community_name"], first["members"]) == ("一群", "wechat", "胡同读书会", 0)
    group_of(api, tea)
    second = group_of(api, book, "二群", "qq")
    assert recorded[-1].name == "group_created"
    assert (str(recorded[-1].group_id), recorded[-1].channel) == (second["id"], "qq")
    for body, code in (
        ({"name": "一群", "channel": "qq"}, "group_name_taken"),
        ({"name": "三群", "channel": "wechat", "external_id": "wx-1"}, "group_exists"),
    ):
        refused = api.post("/groups", {"community_id": book["id"], **body})
        assert (refused.status_code, refused.json()["code"]) == (409, code)
    assert [one["name"] for one in api.get("/groups", community_id=book["id"]).json()["items"]] == ["一群", "二群"]
    assert [one["community_name"] for one in api.get("/groups", channel="wechat").json()["items"]] == ["胡同读书会", "茶会"]
    assert api.get(f"/communities/{book['id']}").json()["groups"] == 2
    renamed = api.patch(f"/groups/{second['id']}", {"name": "北京群"})
    assert (renamed.status_code, renamed.json()["name"], renamed.json()["channel"]) == (200, "北京群", "qq")
    assert api.patch(f"/groups/{second['id']}", {"name": "一群"}).json()["code"] == "group_name_taken"
    assert api.patch(f"/groups/{second['id']}", {"name": "x", "community_id": tea["id"]}).status_code == 422
    assert api.put(f"/groups/{second['id']}/archival").json()["archived_at"] is not None
    assert api.get(f"/communities/{book['id']}").json()["groups"] == 1
    assert api.delete(f"/groups/{second['id']}/archival").json()["archived_at"] is None
    assert audited(workspace)[-3:] == ["group.change", "group.archive", "group.restore"]
    assert Group.objects.in_workspace(workspace).count() == 3


def test_nothing_begins_in_a_community_put_away(api: Api, recorded: list[Fact]) -> None:
    found = made(api)
    api.put(f"/communities/{found['id']}/archival")
    refused = api.post("/groups", {"community_id": found["id"], "name": "一群", "channel": "qq"})
    assert (refused.status_code, refused.json()["code"]) == (409, "community_archived")


@pytest.mark.parametrize("channel", ["", "We Chat", "微信", "../x", "a" * 31])
def test_a_channel_is_a_plain_word(api: Api, recorded: list[Fact], channel: str) -> None:
    found = made(api)
    refused = api.post("/groups", {"community_id": found["id"], "name": "一群", "channel": channel})
    assert (refused.status_code, refused.json()["errors"][0]["field"].split(".")[-1]) == (422, "channel")


def test_pages_follow_one_another(api: Api, recorded: list[Fact]) -> None:
    names = [f"社群 {number:02d}" for number in range(7)]
    for name in reversed(names):
        made(api, name)
    seen, cursor = [], None
    while True:
        page = api.get("/communities", limit=3, cursor=cursor).json()
        seen += [one["name"] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == names
    assert [one["name"] for one in api.get("/communities", q="05").json()["items"]] == ["社群 05"]
    assert api.get("/communities", cursor="nonsense").status_code == 422
    assert api.get("/communities", limit=0).status_code == 422


def test_another_workspace_sees_and_changes_nothing(api: Api, other_api: Api, workspace: Workspace, recorded: list[Fact]) -> None:
    found = made(api)
    group = group_of(api, found)
    recorded.clear()
    before = audited(workspace)
    for method, path, body in (
        ("GET", f"/communities/{found['id']}", None),
        ("PATCH", f"/communities/{found['id']}", {"name": "x"}),
        ("PUT", f"/communities/{found['id']}/archival", None),
        ("DELETE", f"/communities/{found['id']}/archival", None),
        ("GET", f"/groups/{group['id']}", None),
        ("PATCH", f"/groups/{group['id']}", {"name": "x"}),
        ("PUT", f"/groups/{group['id']}/archival", None),
        ("DELETE", f"/groups/{group['id']}/archival", None),
        ("POST", "/groups", {"community_id": found["id"], "name": "x", "channel": "qq"}),
        ("GET", f"/groups?community_id={found['id']}", None),
        ("GET", f"/communities/{uuid.uuid4()}", None),
    ):
        response = other_api.send(method, path, body)
        assert (response.status_code, response.json()["code"]) == (404, "not_found"), (method, path)
    assert other_api.get("/communities").json()["items"] == other_api.get("/groups").json()["items"] == []
    assert api.get(f"/communities/{found['id']}").json()["name"] == "胡同读书会"
    assert (recorded, audited(workspace)) == ([], before)


def test_reading_does_not_allow_writing(workspace: Workspace, community: Community, recorded: list[Fact]) -> None:
    reader = Api(workspace, make_key(workspace, ["communities.read"]))
    assert reader.get("/communities").status_code == 200
    for method, path in (("POST", "/communities"), ("PATCH", f"/communities/{community.pk}"), ("PUT", f"/communities/{community.pk}/archival")):
        assert reader.send(method, path, {"name": "x"}).status_code == 403
