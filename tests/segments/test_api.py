"""Segments over HTTP: vocabulary, sentence, preview, the whole life of a segment, refusals at the node, nobody else's."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import uuid
from typing import Any

import pytest
import time_machine
from openpyxl import load_workbook

from hutong.communities.models import Community, Group
from hutong.events import subscribers
from hutong.foundation import clock
from hutong.foundation.jobs.models import Job
from hutong.foundation.jobs.running import JobInterrupted
from hutong.members.actions import profiles
from hutong.segments.actions import tag_kinds, tags
from hutong.segments.models import Segment, SegmentExport, SegmentMember
from hutong.segments.work import building, exporting
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import AuditEntry, Workspace
from tests.conftest import Api, make_key
from tests.segments.test_live import CITY, SPOKE, count, person, says

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 6, 10, 4, 0, tzinfo=dt.UTC)


@pytest.fixture
def people(workspace: Workspace, group: Group) -> dict[str, uuid.UUID]:
    """ann and bo live in Beijing, cat nowhere; ann has spoken twice; robot is a bot."""
    with time_machine.travel(NOON, tick=False):
        found = {"ann": person(workspace, "ann", city="北京"), "bo": person(workspace, "bo", city="北京"), "cat": person(workspace, "cat")}
        found["robot"] = person(workspace, "robot", city="北京")
        profiles.change(workspace, actor=SYSTEM, member_id=found["robot"], is_bot=True)
        for _ in range(2):
            says(group, found["ann"])
        subscribers.drain()
    return found


def created(api: Api, **body: Any) -> dict[str, Any]:
    with time_machine.travel(NOON, tick=False):
        answer = api.post("/segments", body)
        assert answer.status_code == 201, answer.content.decode()
        segment = Segment.objects.in_workspace(api.workspace).get(pk=answer.json()["id"])
        if segment.kind == "live":
            count(segment)
        got = api.get(f"/segments/{segment.pk}").json()
    assert got["id"] == answer.json()["id"]
    return got  # type: ignore[no-any-return]


def problems(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 422
    assert answer.json()["code"] == "condition_refused"
    return [(one["field"], one["message"]) for one in answer.json()["errors"]]


def test_the_vocabulary(api: Api, group: Group, people: dict[str, uuid.UUID]) -> None:
    found = api.get("/conditions/vocabulary").json()
    assert found["version"] == 1
    order = next(one for one in found["events"] if one["name"] == "order_paid")
    assert (order["zh"], order["is_declared"], order["properties"][1]) == (
        "下单付款",
        True,
        {"name": "amount", "type": "number", "zh": "金额", "en": "Amount"},
    )
    by_key = {one["key"]: one for one in found["attributes"]}
    assert by_key["city"] == {"key": "city", "zh": "城市", "en": "City", "type": "text", "is_built_in": False, "is_standard": True, "options": []}
    assert by_key["$first_seen"]["type"] == "date"
    assert found["groups"] == [{"id": str(group.pk), "name": "一群", "community_id": str(group.community_id)}]
    assert found["limits"] == {"nodes": 200, "depth": 10, "values": 1000, "days": 3650, "times": 1_000_000, "minutes": 527_040}
    assert found["operators"]["boolean"] == ["is", "is_not", "empty", "empty_not"]
    schema = api.get("/conditions/schema").json()
    assert schema["$id"] == "urn:hutong:condition:1"
    assert {"All", "AnyOf", "Not", "Did", "Sequence", "Attribute", "Tag", "Segment"} <= set(schema["$defs"])


def test_values_there_really_are(api: Api, group: Group, people: dict[str, uuid.UUID]) -> None:
    with time_machine.travel(NOON, tick=False):
        assert api.get("/conditions/values", attribute="city").json()["items"] == [{"value": "北京", "count": 3}]
        assert api.get("/conditions/values", attribute="city", q="上").json()["items"] == []
        assert api.get("/conditions/values", event="message_sent", property="$text").json()["items"] == [{"value": "在吗", "count": 2}]
        assert api.get("/conditions/values", event="message_sent", property="reply_to").json()["items"] == []
    assert api.get("/conditions/values", attribute="nothing").status_code == 404
    assert api.get("/conditions/values").status_code == 422


def test_sentence_and_preview(api: Api, people: dict[str, uuid.UUID]) -> None:
    both = {"kind": "all", "of": [CITY, {"kind": "not", "of": SPOKE}]}
    with time_machine.travel(NOON, tick=False):
        said = api.post("/conditions/sentence", {"condition": both}).json()
        assert said == {
            "zh": "城市是“北京”，并且不满足（最近 7 天内发言至少 2 次）",
            "en": "City is “北京” and not (did “Message sent” at least 2 times in the last 7 days)",
        }
        found = api.post("/conditions/preview", {"condition": CITY}).json()
        del found["seconds"]
        assert sorted(one["name"] for one in found.pop("examples")) == ["ann", "bo"]
        assert found == {"count": 2, "of": 3, "share": 0.666667, "is_exact": True}
        assert api.post("/conditions/preview", {"condition": both}).json()["count"] == 1
    assert not AuditEntry.objects.in_workspace(api.workspace).filter(action__startswith="segment").exists()


@pytest.mark.parametrize(
    ("condition", "field"),
    [
        ({"kind": "all", "of": [CITY, {"kind": "attribute", "key": "nothing", "op": "is", "value": "x"}]}, "/of/1/key"),
        ({"kind": "not", "of": {"kind": "event", "event": "no_such_event"}}, "/of/event"),
        ({"kind": "attribute", "key": "birthday", "op": "is", "value": "yesterday"}, "/value"),
        (SPOKE | {"op": "between", "value": [5, 2]}, "/value"),
        ({"kind": "segment", "segment": str(uuid.UUID(int=1))}, "/segment"),
        ("text", "/"),
        (None, "/"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_node(api: Api, condition: Any, field: str) -> None:
    for path in ("/conditions/sentence", "/conditions/preview"):
        assert [where for where, _ in problems(api.post(path, {"condition": condition}))] == [field]
    if condition is not None:
        assert [where for where, _ in problems(api.post("/segments", {"name": "x", "condition": condition}))] == [field]
    assert not Segment.objects.in_workspace(api.workspace).exists()


def test_a_thousand_nested_groups(api: Api) -> None:
    def answer(depth: int) -> Any:
        nested = '{"kind":"all","of":[' * depth + json.dumps(CITY) + "]}" * depth
        body = f'{{"name": "深", "condition": {nested}}}'
        return api.http.generic("POST", api.url("/segments"), body, content_type="application/json")

    ((field, message),) = problems(answer(11))
    assert (field, message) == ("/of/0" * 11, "Groups nest at most 10 deep.")
    for depth in (100, 1_000, 30_000):
        deep = answer(depth)
        assert (deep.status_code, deep.headers["content-type"]) == (422, "application/problem+json")


def test_the_life_of_a_live_segment(api: Api, people: dict[str, uuid.UUID]) -> None:
    made = created(api, name="北京人", description="住在北京", condition=CITY)
    assert (made["kind"], made["state"], made["members_count"], made["version"], made["trend"]) == ("live", "ready", 2, 1, [0] * 7 + [2])
    assert made["sentence"]["zh"] == "城市是“北京”"
    with time_machine.travel(NOON, tick=False):
        listed = api.get("/members", among=f"segment:{made['id']}").json()
        assert sorted(one["name"] for one in listed["items"]) == ["ann", "bo"]
        changed = api.patch(f"/segments/{made['id']}", {"condition": SPOKE, "version": 1, "name": "话多"})
        assert changed.status_code == 200
        segment = Segment.objects.in_workspace(api.workspace).get()
        count(segment)
        assert set(SegmentMember.objects.in_workspace(api.workspace).values_list("member_id", flat=True)) == {people["ann"]}
        refused = api.patch(f"/segments/{made['id']}", {"condition": CITY, "version": 1})
        assert (refused.status_code, refused.json()["code"]) == (409, "segment_changed")
        versions = api.get(f"/segments/{made['id']}/versions").json()["items"]
        assert [(one["version"], one["sentence"]["zh"], one["members_count"]) for one in versions] == [
            (2, "最近 7 天内发言至少 2 次", 1),
            (1, "城市是“北京”", 2),
        ]
    copied = api.post(f"/segments/{made['id']}/copy")
    assert (copied.status_code, copied.json()["name"], copied.json()["condition"]) == (201, "话多（副本）", SPOKE)
    assert api.post("/segments", {"name": "话多", "condition": CITY}).json()["code"] == "segment_name_taken"
    built = api.post(f"/segments/{made['id']}/build")
    assert built.status_code == 202
    assert api.delete(f"/segments/{made['id']}").status_code == 204
    assert not SegmentMember.objects.in_workspace(api.workspace).exists()
    assert list(AuditEntry.objects.in_workspace(api.workspace).filter(action__startswith="segment.").order_by("pk").values_list("action", flat=True)) == [
        "segment.create", "segment.change", "segment.create", "segment.delete",
    ]  # fmt: skip


def test_the_community_of_a_segment_can_be_changed(api: Api, workspace: Workspace, people: dict[str, uuid.UUID], other_api: Api) -> None:
    far = Community.objects.create(workspace=workspace, name="檀香山", time_zone="Pacific/Honolulu")
    foreign = Community.objects.create(workspace=other_api.workspace, name="别家", time_zone="UTC")
    today = {"kind": "event", "event": "message_sent", "op": "at_least", "value": 1, "window": {"kind": "last_days", "days": 1}}
    with time_machine.travel(NOON + dt.timedelta(hours=14), tick=False):  # the 11th in Shanghai, still the 10th in Honolulu
        made = api.post("/segments", {"name": "今天说话的", "condition": today}).json()
        segment = Segment.objects.in_workspace(workspace).get()
        count(segment)
        assert api.get(f"/segments/{made['id']}").json()["members_count"] == 0
        path = f"/segments/{made['id']}"
        assert api.patch(path, {"community_id": str(foreign.pk)}).status_code == 404
        assert api.patch(path, {"community_id": str(far.pk), "version": 7}).json()["code"] == "segment_changed"
        segment.refresh_from_db()
        assert (segment.version, segment.community_id, segment.state) == (1, None, "ready")
        Job.objects.all().delete()
        changed = api.patch(path, {"community_id": str(far.pk), "version": 1}).json()
        assert Job.objects.get().dedupe_key.startswith(f"segment.build:{made['id']}:edit:")
        assert (changed["community"], changed["version"], changed["state"]) == ({"id": str(far.pk), "name": "檀香山"}, 2, "building")
        count(segment)
        assert set(SegmentMember.objects.in_workspace(workspace).values_list("member_id", flat=True)) == {people["ann"]}
        segment.refresh_from_db()
        assert (segment.built_version, segment.built_day) == (2, dt.date(2026, 6, 10))
        # Neither what leaves it out nor what says the same is a change.
        assert api.patch(path, {"description": "说明"}).json()["version"] == 2
        assert api.patch(path, {"community_id": str(far.pk)}).json()["version"] == 2
        assert api.patch(path, {"community_id": None}).json()["community"] is None
        count(segment)
        assert not SegmentMember.objects.in_workspace(workspace).exists()
        versions = api.get(f"{path}/versions").json()["items"]
        assert [(one["version"], one["community"] and one["community"]["name"], one["condition"], one["members_count"]) for one in versions] == [
            (3, None, today, 0), (2, "檀香山", today, 1), (1, None, today, 0),
        ]  # fmt: skip
        entries = AuditEntry.objects.in_workspace(workspace).filter(action="segment.change").order_by("pk").values_list("details", flat=True)
        assert list(entries) == [
            {"changed": {"community": [None, "檀香山"], "version": 2}},
            {"changed": {"description": ["", "说明"]}},
            {"changed": {"community": ["檀香山", None], "version": 3}},
        ]
        fixed = created(api, name="名单", member_ids=[str(people["ann"])])
        assert api.patch(f"/segments/{fixed['id']}", {"community_id": str(far.pk)}).json()["community"]["name"] == "檀香山"
        kept = api.get(f"/segments/{fixed['id']}").json()
        assert (kept["version"], kept["state"], kept["members_count"]) == (1, "ready", 1)


def test_circles_are_refused(api: Api, people: dict[str, uuid.UUID]) -> None:
    first = created(api, name="甲", condition=CITY)
    second = created(api, name="乙", condition={"kind": "segment", "segment": first["id"]})
    circle = {"kind": "any", "of": [CITY, {"kind": "segment", "segment": second["id"]}]}
    ((field, message),) = problems(api.patch(f"/segments/{first['id']}", {"condition": circle}))
    assert (field, message) == ("/of/1/segment", "That segment rests on the one you are editing: they cannot refer to each other.")
    own = {"kind": "segment", "segment": first["id"]}
    assert problems(api.patch(f"/segments/{first['id']}", {"condition": own}))[0][0] == "/segment"
    in_use = api.delete(f"/segments/{first['id']}")
    assert (in_use.status_code, in_use.json()["code"]) == (409, "segment_in_use")
    assert api.get(f"/segments/{first['id']}/uses").json()["items"] == [{"kind": "segment", "id": second["id"], "name": "乙"}]


def test_static_segments(api: Api, people: dict[str, uuid.UUID]) -> None:
    looked = api.post("/segments/lookup", {"lines": ["ann", " bo ", "ann", "nobody", str(people["cat"])]}).json()["items"]
    assert [(one["line"], [each["name"] for each in one["members"]]) for one in looked] == [
        ("ann", ["ann"]), ("bo", ["bo"]), ("nobody", []), (str(people["cat"]), ["cat"]),
    ]  # fmt: skip
    made = created(api, name="名单", member_ids=[str(people["ann"])])
    assert (made["kind"], made["state"], made["members_count"], made["sentence"], made["condition"]) == ("static", "ready", 1, None, None)
    path = f"/segments/{made['id']}/members"
    assert api.post(path, {"member_ids": [str(people["ann"]), str(people["bo"])]}).json() == {"members": 1}
    assert api.delete(path).status_code == 422
    assert api.send("DELETE", path, {"member_ids": [str(people["ann"])]}).json() == {"members": 1}
    assert set(SegmentMember.objects.in_workspace(api.workspace).values_list("member_id", flat=True)) == {people["bo"]}
    wrong = api.post(path, {"member_ids": [str(uuid.UUID(int=5))]})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "member_ids")
    live = created(api, name="北京人", condition=CITY)
    snapshot = created(api, name="快照", from_segment_id=live["id"])
    assert (snapshot["kind"], snapshot["members_count"]) == ("static", 2)
    assert api.post(f"/segments/{live['id']}/members", {"member_ids": [str(people["ann"])]}).json()["code"] == "segment_is_live"
    assert api.patch(f"/segments/{made['id']}", {"condition": CITY}).json()["code"] == "segment_is_static"
    assert api.post(f"/segments/{made['id']}/build").json()["code"] == "segment_is_static"


def test_exports(api: Api, workspace: Workspace, people: dict[str, uuid.UUID]) -> None:
    with time_machine.travel(NOON, tick=False):
        profiles.change(workspace, actor=SYSTEM, member_id=people["bo"], name="=1+1\x0b")
        for name in ("新客", "=贵宾"):
            tags.put(workspace, actor=SYSTEM, member_id=people["ann"], tag_id=tag_kinds.create(workspace, actor=SYSTEM, name=name).pk)
    made = created(api, name="北京人", condition=CITY)
    sheets: dict[str, list[list[Any]]] = {}
    for kind in ("csv", "xlsx"):
        asked = api.post(f"/segments/{made['id']}/exports", {"format": kind})
        assert (asked.status_code, asked.json()["state"], asked.json()["members_total"]) == (202, "running", 2)
        path = f"/segment-exports/{asked.json()['id']}"
        assert api.get(f"{path}/file").json()["code"] == "export_not_ready"
        exporting.perform(uuid.UUID(asked.json()["id"]))
        done = api.get(path).json()
        assert (done["state"], done["members_written"]) == ("done", 2)
        content = b"".join(api.get(f"{path}/file").streaming_content)  # type: ignore[attr-defined]
        if kind == "csv":
            sheets[kind] = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        else:
            sheets[kind] = [
                ["" if one is None else one for one in row] for row in load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
            ]
    for rows in sheets.values():
        assert rows[0][:3] == ["Id", "Name", "Channels"]
        city, worn = rows[0].index("City"), rows[0].index("Tags")
        assert {(row[1], row[city], row[worn]) for row in rows[1:]} == {("ann", "北京", "'=贵宾、新客"), ("'=1+1", "北京", "")}
    exporting.sweep()
    assert SegmentExport.objects.in_workspace(workspace).filter(state="done").count() == 2 or clock.now() > NOON + dt.timedelta(days=1)
    cancelled = api.post(f"/segments/{made['id']}/exports", {}).json()
    assert api.delete(f"/segment-exports/{cancelled['id']}").json()["state"] == "cancelled"
    exporting.perform(uuid.UUID(cancelled["id"]))
    assert not exporting.path_of(SegmentExport.objects.in_workspace(workspace).get(pk=cancelled["id"])).exists()


def test_nobody_elses(api: Api, other_api: Api, people: dict[str, uuid.UUID]) -> None:
    made = created(api, name="北京人", condition=CITY)
    assert other_api.get("/segments").json() == {"items": []}
    for method, path, body in (
        ("GET", "", None), ("PATCH", "", {"name": "x"}), ("DELETE", "", None), ("POST", "/copy", {}), ("POST", "/build", {}), ("GET", "/uses", None),
        ("GET", "/versions", None), ("POST", "/exports", {}), ("POST", "/members", {"member_ids": [str(people["ann"])]}),
    ):  # fmt: skip
        assert other_api.send(method, f"/segments/{made['id']}{path}", body).status_code == 404, (method, path)
    assert other_api.get("/members", among=f"segment:{made['id']}").status_code == 404
    assert problems(other_api.post("/conditions/preview", {"condition": {"kind": "segment", "segment": made["id"]}}))[0][0] == "/segment"


def test_a_failed_count_says_so_and_can_be_repeated(api: Api, people: dict[str, uuid.UUID], monkeypatch: pytest.MonkeyPatch) -> None:
    made = created(api, name="北京人", condition=CITY)
    segment = Segment.objects.in_workspace(api.workspace).get()

    def broken(row: Segment) -> set[str]:
        raise OSError("disk")

    with monkeypatch.context() as patched:
        patched.setattr(building, "_present", broken)
        with pytest.raises(OSError, match="disk"):
            building.perform(segment.pk, because="history", asked_ms=clock.now_ms() + 1)
    assert api.get(f"/segments/{made['id']}").json()["state"] == "failed"
    building.perform(segment.pk, because="history", asked_ms=clock.now_ms() + 1)
    assert api.get(f"/segments/{made['id']}").json()["state"] == "ready"


def test_a_count_that_makes_way_is_still_being_counted(api: Api, people: dict[str, uuid.UUID], monkeypatch: pytest.MonkeyPatch) -> None:
    made = created(api, name="北京人", condition=CITY)
    segment = Segment.objects.in_workspace(api.workspace).get()

    def stopping(row: Segment) -> set[str]:
        raise JobInterrupted("segment.build")

    with monkeypatch.context() as patched:
        patched.setattr(building, "_present", stopping)
        with pytest.raises(JobInterrupted):
            building.perform(segment.pk, because="history", asked_ms=clock.now_ms() + 1)
    assert (api.get(f"/segments/{made['id']}").json()["state"], api.get(f"/segments/{made['id']}").json()["members_count"]) == ("ready", 2)


def test_permissions(workspace: Workspace, people: dict[str, uuid.UUID]) -> None:
    reader = Api(workspace, make_key(workspace, ["segments.read"]))
    assert reader.get("/segments").status_code == 200
    refused = reader.post("/segments", {"name": "x", "condition": CITY})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
