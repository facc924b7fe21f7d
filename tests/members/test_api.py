"""Members over HTTP: filtered, paged, shown, named, described, exported; nobody else's; bad values named."""

from __future__ import annotations

import csv
import datetime as dt
import io
import uuid
from typing import Any

import pytest
import time_machine

from hutong.communities.models import Community, Group
from hutong.foundation import clock
from hutong.members.models import AttributeValue, Member
from hutong.members.queries import lists
from hutong.workspaces.models import AuditEntry, Workspace
from tests.conftest import Api, make_key
from tests.members.conftest import Recorded
from tests.members.world import does, see

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
DAY = 86_400_000
NICKNAMES = ["👩‍👩‍👧‍👦群主", "\u202eיום\u202c", "<img src=x onerror=alert(1)>", "=cmd|' /C calc'!A0", "+86", "@all", "零\u200b宽"]


@pytest.fixture
def life(api: Api, workspace: Workspace, community: Community, group: Group, recorded: Recorded) -> dict[str, uuid.UUID]:
    """ann talks still, bo has been silent for 40 days, chen left, dai joined and never spoke, eva is in another community, fan in none."""
    Community.objects.in_workspace(workspace).filter(pk=community.pk).update(time_zone="Asia/Shanghai")
    second = Group.objects.create(workspace=workspace, community=community, name="二群", channel="qq")
    tea = Community.objects.create(workspace=workspace, name="茶会")
    third = Group.objects.create(workspace=workspace, community=tea, name="茶一群", channel="irc")
    now = clock.to_ms(NOW)
    for who, what, days_ago, where in (
        ("ann", "message_sent", 60, group), ("ann", "message_sent", 1, second), ("bo", "message_sent", 40, group),
        ("chen", "message_sent", 20, group), ("chen", "member_left", 19, group), ("dai", "member_joined", 3, second), ("eva", "reaction_added", 2, third),
    ):  # fmt: skip
        does(where, who, what, now - days_ago * DAY)
    see(workspace, "fan", at_ms=now - 5 * DAY)
    see(workspace, "visitor", at_ms=now, channel="anonymous_id", is_anonymous=True)
    see(workspace, "robot", at_ms=now - DAY, channel="qq", is_bot=True)
    recorded.clear()
    return {member.name: member.pk for member in Member.objects.in_workspace(workspace)}


def names(api: Api, **query: Any) -> list[str]:
    with time_machine.travel(NOW, tick=False):
        response = api.get("/members", **query)
    assert response.status_code == 200, response.content.decode()
    body = response.json()
    found = [one["name"] for one in body["items"]]
    assert (body["count"], body["count_is_exact"]) == (len(found), True)
    return found


def test_the_list_sorts_and_filters(api: Api, community: Community, group: Group, life: dict[str, uuid.UUID]) -> None:
    here, there = {"community_id": str(community.pk)}, {"group_id": str(group.pk)}
    assert names(api) == ["ann", "eva", "chen", "bo", "robot", "fan", "dai"]
    assert names(api, sort="name") == ["ann", "bo", "chen", "dai", "eva", "fan", "robot"]
    assert names(api, sort="-messages")[0] == "ann"
    assert names(api, sort="-joined") == ["eva", "dai", "chen", "bo", "ann", "robot", "fan"]
    assert names(api, **here) == ["ann", "chen", "bo", "dai"]
    assert names(api, sort="name", **there) == ["ann", "bo", "chen"]
    assert names(api, presence="present", sort="name") == ["ann", "bo", "dai", "eva"]
    assert names(api, presence="left") == ["chen"]
    assert names(api, presence="left", **there) == ["chen"]
    assert names(api, presence="present", sort="name", **there) == ["ann", "bo"]
    assert names(api, active_within_days=30) == ["ann", "eva", "chen"]
    assert names(api, silent_for_days=30, presence="present", sort="name") == ["bo", "dai"]
    assert names(api, never_spoke=True, **here) == ["dai"]
    assert names(api, is_bot=True) == ["robot"]
    assert names(api, is_anonymous=True) == ["visitor"]
    assert names(api, channel="qq") == ["robot"]
    assert names(api, q="EN") == ["chen"]
    assert names(api, q="%") == []


def test_joining_is_counted_in_local_days(api: Api, community: Community, life: dict[str, uuid.UUID]) -> None:
    # 12:00 UTC is 20:00 in Shanghai, the same day.
    here = {"community_id": str(community.pk)}
    assert names(api, joined_from="2026-11-19", joined_to="2026-11-19", **here) == ["dai"]
    assert names(api, joined_to="2026-09-23", **here) == ["ann"]
    assert names(api, joined_from="2026-11-20", **here) == []


def test_a_line_shows_the_scope_that_was_asked_for(api: Api, community: Community, group: Group, life: dict[str, uuid.UUID]) -> None:
    (line,) = [one for one in api.get("/members", group_id=str(group.pk)).json()["items"] if one["name"] == "chen"]
    assert line == {
        "id": str(life["chen"]),
        "name": "chen",
        "is_bot": False,
        "is_anonymous": False,
        "is_sample": False,
        "channels": ["irc"],
        "communities": [{"id": str(community.pk), "name": "胡同读书会"}],
        "joined_at": "2026-11-02T12:00:00Z",
        "left_at": "2026-11-03T12:00:00Z",
        "last_active_at": "2026-11-02T12:00:00Z",
        "messages": 1,
    }


@pytest.mark.parametrize("sort", ["-last_active", "-messages", "-joined", "name"])
@pytest.mark.parametrize("in_memory", [5_000, 0])
def test_pages_show_everybody_once_in_order(
    api: Api, workspace: Workspace, group: Group, recorded: Recorded, monkeypatch: pytest.MonkeyPatch, sort: str, in_memory: int
) -> None:
    monkeypatch.setattr(lists, "SORTED_IN_MEMORY_MAX", in_memory)
    now = clock.to_ms(NOW)
    for number in range(11):
        what = ("message_sent", "member_joined", "reaction_added")[number % 3]
        does(group, f"n{number % 11}", what, now - number // 2 * DAY)
    see(workspace, "x", "y", at_ms=now)
    Member.objects.in_workspace(workspace).filter(name__in=["n3", "n4", "n5"]).update(name="同名")
    for scope in ({}, {"community_id": str(group.community_id)}, {"group_id": str(group.pk)}):
        whole = [one["id"] for one in api.get("/members", sort=sort, limit=100, **scope).json()["items"]]
        seen: list[str] = []
        cursor = None
        while True:
            page = api.get("/members", sort=sort, limit=2, cursor=cursor, **scope).json()
            seen += [one["id"] for one in page["items"]]
            assert (page["count"] is None) == (cursor is not None)
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert seen == whole
        assert len(set(seen)) == len(seen) == (13 if not scope else 11)


def test_a_cursor_of_another_order_or_none_at_all_is_refused(api: Api, life: dict[str, uuid.UUID]) -> None:
    cursor = api.get("/members", limit=1).json()["next_cursor"]
    assert api.get("/members", sort="name", cursor=cursor).status_code == 422
    for bad in ("x", "W10", "WyJuYW1lIiwxLDJd", "WyItbGFzdF9hY3RpdmUiLHt9LDFd", "0" * 1_001):
        assert api.get("/members", cursor=bad).status_code == 422
    for query in (
        {"sort": "age"},
        {"presence": "maybe"},
        {"silent_for_days": 0},
        {"joined_from": "2026-02-30"},
        {"joined_to": "9999-12-31"},
        {"limit": 201},
    ):
        assert api.get("/members", **query).status_code == 422, query
    for query in ({"community_id": str(uuid.uuid4())}, {"group_id": str(uuid.uuid4())}):
        assert api.get("/members", **query).status_code == 404


def test_the_count_stops_at_its_limit(api: Api, life: dict[str, uuid.UUID], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "COUNT_MAX", 3)
    body = api.get("/members", limit=1).json()
    assert (body["count"], body["count_is_exact"]) == (3, False)


@pytest.mark.parametrize("name", NICKNAMES)
def test_nicknames_show_as_they_are_and_export_as_text(api: Api, workspace: Workspace, recorded: Recorded, name: str) -> None:
    made = api.post("/members", {"name": name, "identities": [{"channel": "wechat", "external_id": "wxid_1"}]})
    assert (made.status_code, made.json()["name"]) == (201, name)
    assert [one["name"] for one in api.get("/members", q="wxid_1").json()["items"]] == [name]
    response = api.get("/members/export")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(response.streaming_content).decode("utf-8")  # type: ignore[attr-defined]
    assert text.startswith("\ufeffid,name,")
    (row,) = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    assert row["name"] == (f"'{name}" if name[0] in "=+@" else name)
    assert AuditEntry.objects.in_workspace(workspace).latest("at").action == "member.export"


def test_the_export_is_the_list(api: Api, community: Community, life: dict[str, uuid.UUID], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "EXPORT_PAGE_SIZE", 2)
    text = b"".join(api.get("/members/export", community_id=str(community.pk), sort="name").streaming_content).decode()  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
    assert [(row["name"], row["channels"], row["messages"]) for row in rows] == [
        ("ann", "irc", "2"), ("bo", "irc", "1"), ("chen", "irc", "1"), ("dai", "irc", "0"),
    ]  # fmt: skip
    assert api.get("/members/export", community_id=str(uuid.uuid4())).status_code == 404


def test_a_member_is_made_whole_or_not_at_all(api: Api, workspace: Workspace, recorded: Recorded) -> None:
    body = {"name": " 王芳 ", "identities": [{"channel": "wechat", "external_id": "wx1"}], "attributes": {"city": "北京", "birthday": "02-29"}}
    made = api.post("/members", body).json()
    assert (made["name"], made["is_name_fixed"], made["merged_into"], made["memberships_count"]) == ("王芳", True, None, 0)
    assert [(one["key"], one["value"], one["source_name"]) for one in made["attributes"]] == [("birthday", "02-29", "test"), ("city", "北京", "test")]
    assert made["attributes"][0]["source"].startswith("key:")
    for change, status in (
        ({"identities": [{"channel": "wechat", "external_id": "wx1"}]}, 409),
        ({"attributes": {"city": "x", "nothing": 1}}, 422),
        ({"attributes": {"birthday": "1990-02-30"}}, 422),
        ({"name": "\u200b"}, 422),
    ):
        assert api.post("/members", {"name": "李雷", "identities": [], "attributes": {}, **change}).status_code == status
    assert Member.objects.in_workspace(workspace).count() == 1
    assert see(workspace, "wx1", channel="wechat") == [uuid.UUID(made["id"])]


def test_a_name_given_by_staff_stays(api: Api, workspace: Workspace, group: Group, life: dict[str, uuid.UUID]) -> None:
    path = f"/members/{life['ann']}"
    assert api.patch(path, {"name": "安安", "is_bot": True}).json()["name"] == "安安"
    does(group, "ann", "message_sent", clock.to_ms(NOW) + DAY)
    found = api.get(path).json()
    assert (found["name"], found["is_bot"], found["messages"]) == ("安安", True, 3)
    entry = AuditEntry.objects.in_workspace(workspace).get(action="member.change")
    assert entry.details == {"changed": {"name": ["ann", "安安"], "is_bot": [False, True]}}
    for body in ({"name": ""}, {"name": "a\tb"}, {"nick": "x"}, {"name": "x" * 201}):
        assert api.patch(path, body).status_code == 422


@pytest.mark.parametrize(
    ("kind", "good", "kept", "bad"),
    [
        ("text", " 敏感肌 ", "敏感肌", [1, "", "x" * 501, "a\x00b", None]),
        ("number", 3.5, 3.5, ["3", True, 1e16, [1]]),
        ("boolean", False, False, ["false", 0, None]),
        ("date", "2024-02-29", "2024-02-29", ["2023-02-29", "29.2.2024", 20240229, "2024-2-9"]),
        ("birthday", "1990-05-17", "1990-05-17", ["13-01", "2990-01-01", "5-17", True]),
        ("list", ["咖啡", "书", "咖啡"], ["咖啡", "书"], ["咖啡", [1], [], ["x" * 101], ["y"] * 51]),
    ],
)
def test_values_are_checked_by_their_type(
    api: Api, recorded: Recorded, workspace: Workspace, kind: str, good: Any, kept: Any, bad: list[Any]
) -> None:
    made = api.post("/attributes", {"key": "own", "name_zh": "自定", "name_en": "Own", "type": kind})
    assert made.status_code == 201
    (ann,) = see(workspace, "ann")
    path = f"/members/{ann}/attributes/own"
    (value,) = api.put(path, {"value": good}).json()["attributes"]
    assert (value["value"], value["type"], value["is_standard"]) == (kept, kind, False)
    for one in bad:
        refused = api.put(path, {"value": one})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "value"), one
    assert AttributeValue.objects.in_workspace(workspace).get().value == kept
    (told,) = recorded.facts("attributes_changed")
    assert (told.member_id, told.properties) == (ann, {"keys": ["own"]})
    assert api.delete(path).json()["attributes"] == []
    assert api.delete(path).status_code == 200
    actions = list(AuditEntry.objects.in_workspace(workspace).order_by("at").values_list("action", flat=True))
    assert actions == ["attribute.create", "member.set_attribute", "member.clear_attribute"]


def test_kinds_of_facts(api: Api, workspace: Workspace, recorded: Recorded) -> None:
    standard = [one["key"] for one in api.get("/attributes").json()["items"]]
    assert standard == ["email", "phone", "gender", "birthday", "city", "company", "title", "language", "time_zone", "note"]
    body = {"key": "skin", "name_zh": "肤质", "name_en": "Skin", "type": "text"}
    assert api.post("/attributes", body).status_code == 201
    for change, status, code in (
        ({}, 409, "attribute_exists"), ({"key": "city"}, 409, "attribute_exists"), ({"key": "Skin"}, 422, "invalid"),
        ({"key": "a", "type": "colour"}, 422, "invalid"), ({"key": "a", "name_zh": " "}, 422, "invalid"),
    ):  # fmt: skip
        refused = api.post("/attributes", {**body, **change})
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert api.patch("/attributes/skin", {"name_zh": "皮肤"}).json()["name_zh"] == "皮肤"
    for method in ("PATCH", "DELETE"):
        assert api.send(method, "/attributes/city", {} if method == "PATCH" else None).json()["code"] == "attribute_standard"
        assert api.send(method, "/attributes/none", {} if method == "PATCH" else None).status_code == 404
    (ann,) = see(workspace, "ann")
    api.put(f"/members/{ann}/attributes/skin", {"value": "干"})
    assert api.delete("/attributes/skin").json() == {"values": 1}
    assert AttributeValue.objects.in_workspace(workspace).count() == 0


def test_merging_over_http(api: Api, workspace: Workspace, group: Group, life: dict[str, uuid.UUID]) -> None:
    ann, bo = str(life["ann"]), str(life["bo"])
    done = api.post("/merges", {"kept_id": ann, "absorbed_id": bo, "reason": "换号"})
    assert (done.status_code, done.json()["kept"]["name"], done.json()["absorbed"]["name"]) == (201, "ann", "bo")
    assert api.get(f"/members/{bo}").json()["merged_into"] == {"id": ann, "name": "ann"}
    assert "bo" not in names(api)
    assert api.get(f"/members/{ann}").json()["messages"] == 3
    for method, path, body in (("PATCH", f"/members/{bo}", {"name": "x"}), ("PUT", f"/members/{bo}/attributes/city", {"value": "x"})):
        assert api.send(method, path, body).json()["code"] == "member_merged"
    assert api.post("/merges", {"kept_id": ann, "absorbed_id": ann}).json()["code"] == "same_member"
    assert api.post("/merges", {"kept_id": bo, "absorbed_id": ann}).json()["code"] == "already_merged"
    merge_id = done.json()["id"]
    assert [one["id"] for one in api.get("/merges", member_id=bo).json()["items"]] == [merge_id]
    assert api.delete(f"/merges/{merge_id}").json()["undone_at"] is not None
    assert api.delete(f"/merges/{merge_id}").json()["code"] == "already_undone"
    assert api.get(f"/members/{bo}").json()["messages"] == 1
    assert [one["action"] for one in AuditEntry.objects.in_workspace(workspace).order_by("at").values("action")] == ["member.merge", "member.unmerge"]


def test_stays_are_listed_newest_first(api: Api, group: Group, workspace: Workspace, recorded: Recorded) -> None:
    for number in range(120):
        does(group, "ann", ("member_joined", "member_left")[number % 2], clock.to_ms(NOW) + number * 1_000)
    (ann,) = see(workspace, "ann")
    found = api.get(f"/members/{ann}").json()
    assert (len(found["memberships"]), found["memberships_count"]) == (50, 60)
    first = api.get(f"/members/{ann}/memberships", limit=50).json()
    assert first["items"] == found["memberships"]
    rest = api.get(f"/members/{ann}/memberships", limit=50, cursor=first["next_cursor"]).json()
    assert (len(rest["items"]), rest["next_cursor"]) == (10, None)


def test_another_workspace_sees_and_changes_nothing(
    api: Api, other_api: Api, workspace: Workspace, other_workspace: Workspace, community: Community, group: Group, life: dict[str, uuid.UUID]
) -> None:
    ann, bo = str(life["ann"]), str(life["bo"])
    merge_id = api.post("/merges", {"kept_id": ann, "absorbed_id": bo}).json()["id"]
    api.post("/attributes", {"key": "skin", "name_zh": "肤质", "name_en": "Skin"})
    before = api.get(f"/members/{ann}").json()
    for method, path, body in (
        ("GET", f"/members/{ann}", None), ("GET", f"/members/{ann}/memberships", None), ("PATCH", f"/members/{ann}", {"name": "x"}),
        ("PUT", f"/members/{ann}/attributes/city", {"value": "x"}), ("DELETE", f"/members/{ann}/attributes/city", None),
        ("PATCH", "/attributes/skin", {"name_zh": "x"}), ("DELETE", "/attributes/skin", None), ("GET", f"/merges/{merge_id}", None),
        ("DELETE", f"/merges/{merge_id}", None), ("POST", "/merges", {"kept_id": ann, "absorbed_id": bo}),
        ("GET", f"/members?community_id={community.pk}", None), ("GET", f"/members?group_id={group.pk}", None),
        ("GET", f"/members/export?group_id={group.pk}", None),
    ):  # fmt: skip
        response = other_api.send(method, path, body)
        assert (response.status_code, response.json()["code"]) == (404, "not_found"), (method, path)
    assert other_api.get("/members").json()["items"] == other_api.get("/merges").json()["items"] == []
    assert b"".join(other_api.get("/members/export").streaming_content).decode().count("\n") == 1  # type: ignore[attr-defined]
    assert api.get(f"/members/{ann}").json() == before
    assert AuditEntry.objects.in_workspace(other_workspace).exclude(action="member.export").count() == 0


def test_each_act_needs_its_own_right(workspace: Workspace, api: Api, life: dict[str, uuid.UUID]) -> None:
    reader = Api(workspace, make_key(workspace, ["members.read"]))
    ann = life["ann"]
    assert reader.get(f"/members/{ann}").status_code == reader.get("/attributes").status_code == 200
    for method, path in (
        ("GET", "/members/export"), ("POST", "/members"), ("PATCH", f"/members/{ann}"), ("PUT", f"/members/{ann}/attributes/city"),
        ("POST", "/merges"), ("POST", "/attributes"), ("DELETE", f"/merges/{uuid.uuid4()}"),
    ):  # fmt: skip
        assert reader.send(method, path, {} if method != "GET" else None).status_code == 403, (method, path)
