"""Tags on members: by hand, by rule, by import, in bulk; merged, moved with members, and told to the warehouse."""

from __future__ import annotations

import csv
import io
import json
import uuid
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hutong.events import queries as warehouse
from hutong.events import subscribers
from hutong.foundation import clock, ids
from hutong.foundation.errors import Invalid
from hutong.foundation.jobs import worker
from hutong.members.actions import attributes, merges, origins, profiles
from hutong.members.errors import MemberGone
from hutong.members.models import Member, Merge
from hutong.segments.actions import membership, tag_kinds, tags
from hutong.segments.errors import TagFollowsSegment, TagRuleCircular, TooManyTags
from hutong.segments.models import MemberTag, Segment, SegmentVersion, Tag, TagGroup
from hutong.workspaces.access import SYSTEM, Actor
from hutong.workspaces.models import AuditEntry, Workspace
from tests import mirrors
from tests.conftest import Api

pytestmark = pytest.mark.django_db
WANG = Actor("user", uuid.UUID(int=7), "王芳", "owner", frozenset())
BY_WANG = f"staff:{uuid.UUID(int=7)}"


def people(workspace: Workspace, *names: str) -> list[Member]:
    return [profiles.create(workspace, actor=SYSTEM, name=name, identities=[("irc", name)]) for name in names]


def tag(workspace: Workspace, name: str, **given: Any) -> Tag:
    return tag_kinds.create(workspace, actor=WANG, name=name, **given)


def segment(workspace: Workspace, name: str, *members: Member, condition: Any = None) -> Segment:
    made = Segment.objects.create(
        workspace=workspace, name=name, condition=condition, kind="live" if condition else "static", created_by_name="", changed_by_name=""
    )
    enter(made, *members)
    return made


def enter(made: Segment, *members: Member) -> None:
    move(made, entered=[one.pk for one in members])


def leave(made: Segment, *members: Member) -> None:
    move(made, left=[one.pk for one in members])


def move(made: Segment, *, entered: Sequence[uuid.UUID] = (), left: Sequence[uuid.UUID] = (), is_told: bool = True) -> None:
    told = frozenset([*entered, *left] if is_told else [])
    now = clock.now()
    with transaction.atomic():
        membership.change(
            membership.Outcome(
                workspace_id=made.workspace_id, segment_id=made.pk, day=now.date(), at=now, entered=entered, left=left,
                told=told, because="events",
            )
        )  # fmt: skip


def rows(workspace: Workspace) -> list[tuple[str, str, str, str]]:
    found = MemberTag.objects.in_workspace(workspace).values_list("tag__name", "member__name", "origin__name", "source")
    return sorted(found)


def facts(workspace: Workspace) -> list[tuple[str, str, str, str]]:
    """The events of tags as the warehouse has them: name, tag, source, who says so."""
    subscribers.drain()
    found = warehouse.rows(
        "SELECT name, toString(properties), source FROM events WHERE workspace_id = {w:UUID} AND name IN ('tag_added', 'tag_removed') ORDER BY id",
        {"w": str(workspace.pk)},
    )
    return [(name, json.loads(said)["tag"], json.loads(said)["source"], source) for name, said, source in found]


def test_by_hand(workspace: Workspace) -> None:
    (ann,) = people(workspace, "ann")
    vip = tag(workspace, "VIP")
    tags.put(workspace, actor=WANG, member_id=ann.pk, tag_id=vip.pk)
    tags.put(workspace, actor=WANG, member_id=ann.pk, tag_id=vip.pk)  # nothing new
    assert rows(workspace) == [("VIP", "ann", "ann", BY_WANG)]
    mirrors.check(workspace)
    tags.take(workspace, actor=WANG, member_id=ann.pk, tag_id=vip.pk)
    tags.take(workspace, actor=WANG, member_id=ann.pk, tag_id=vip.pk)
    assert rows(workspace) == []
    mirrors.check(workspace)
    assert facts(workspace) == [("tag_added", "VIP", BY_WANG, BY_WANG), ("tag_removed", "VIP", BY_WANG, BY_WANG)]
    acts = AuditEntry.objects.in_workspace(workspace).order_by("id").values_list("action", flat=True)
    assert list(acts) == ["member.create", "tag.create", "member.tag", "member.untag"]


def test_a_rule_gives_and_takes_what_no_hand_gave(workspace: Workspace) -> None:
    ann, bo, chen = people(workspace, "ann", "bo", "chen")
    quiet = segment(workspace, "沉默的人", ann)
    rule = f"segment:{quiet.pk}"
    silent = tag(workspace, "沉默", segment_id=quiet.pk)
    assert rows(workspace) == []
    worker.drain()
    assert rows(workspace) == [("沉默", "ann", "ann", rule)]
    tags.put(workspace, actor=WANG, member_id=bo.pk, tag_id=silent.pk)
    enter(quiet, bo, chen)
    assert rows(workspace) == [("沉默", "ann", "ann", rule), ("沉默", "bo", "bo", BY_WANG), ("沉默", "chen", "chen", rule)]
    with pytest.raises(TagFollowsSegment):
        tags.take(workspace, actor=WANG, member_id=ann.pk, tag_id=silent.pk)
    tags.put(workspace, actor=WANG, member_id=chen.pk, tag_id=silent.pk)  # by hand from now on
    leave(quiet, ann, bo, chen)
    assert rows(workspace) == [("沉默", "bo", "bo", BY_WANG), ("沉默", "chen", "chen", BY_WANG)]
    mirrors.check(workspace)
    move(quiet, entered=[ann.pk], is_told=False)  # a new definition, an import: nobody hears of it
    move(quiet, left=[ann.pk], is_told=False)
    mirrors.check_segments(workspace)
    assert facts(workspace) == [
        ("tag_added", "沉默", BY_WANG, BY_WANG), ("tag_added", "沉默", rule, "system"), ("tag_removed", "沉默", rule, "system"),
    ]  # fmt: skip


def test_another_rule_no_rule_and_one_that_only_gives(workspace: Workspace) -> None:
    ann, bo, chen = people(workspace, "ann", "bo", "chen")
    first, second = segment(workspace, "一", ann, bo), segment(workspace, "二", bo, chen)
    mark = tag(workspace, "标", segment_id=first.pk)
    worker.drain()
    tag_kinds.change(workspace, actor=WANG, tag_id=mark.pk, given={"segment_id": second.pk})
    worker.drain()
    assert [row[1:] for row in rows(workspace)] == [("bo", "bo", f"segment:{second.pk}"), ("chen", "chen", f"segment:{second.pk}")]
    tag_kinds.change(workspace, actor=WANG, tag_id=mark.pk, given={"is_removed_on_leave": False})
    leave(second, bo)
    assert [row[1] for row in rows(workspace)] == ["bo", "chen"]
    tag_kinds.change(workspace, actor=WANG, tag_id=mark.pk, given={"is_removed_on_leave": True})
    worker.drain()
    assert [row[1] for row in rows(workspace)] == ["chen"]
    tag_kinds.change(workspace, actor=WANG, tag_id=mark.pk, given={"segment_id": None})
    worker.drain()
    assert rows(workspace) == []
    mirrors.check(workspace)


def test_a_rule_over_several_batches(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tags, "SYNCED_TOGETHER", 2)
    members = people(workspace, *"abcde")
    first = segment(workspace, "一", *members)
    mark = tag(workspace, "标", segment_id=first.pk)
    worker.drain()
    assert [row[1] for row in rows(workspace)] == list("abcde")
    tag_kinds.change(workspace, actor=WANG, tag_id=mark.pk, given={"segment_id": None})
    worker.drain()
    assert rows(workspace) == []
    mirrors.check(workspace)


def test_a_rule_cannot_rest_on_its_own_tag(workspace: Workspace) -> None:
    mark, other = tag(workspace, "标"), tag(workspace, "旁")
    inner = segment(workspace, "内", condition={"kind": "not", "of": {"kind": "tag", "tag": str(mark.pk)}})
    outer = segment(workspace, "外", condition={"kind": "all", "of": [{"kind": "segment", "segment": str(inner.pk)}]})
    for one in (inner, outer):
        with pytest.raises(TagRuleCircular):
            tag_kinds.change(workspace, actor=WANG, tag_id=mark.pk, given={"segment_id": one.pk})
    tag_kinds.change(workspace, actor=WANG, tag_id=other.pk, given={"segment_id": outer.pk})
    through = segment(workspace, "经标签", condition={"kind": "any", "of": [{"kind": "tag", "tag": str(other.pk)}]})
    with pytest.raises(TagRuleCircular):
        tag_kinds.change(workspace, actor=WANG, tag_id=mark.pk, given={"segment_id": through.pk})
    with pytest.raises(TagRuleCircular):  # `other` would follow what then rests on it
        tag_kinds.merge(workspace, actor=WANG, tag_id=mark.pk, into_id=other.pk)
    assert list(Tag.objects.in_workspace(workspace).order_by("name").values_list("segment_id", flat=True)) == [outer.pk, None]


def test_imports_find_or_make_tags_and_tell_nobody(workspace: Workspace) -> None:
    ann, bo = people(workspace, "ann", "bo")
    vip = tag(workspace, "VIP")
    found = tag_kinds.ensure(workspace, ["vip", "新客", " 新客 "], actor=SYSTEM)
    assert found["vip"].pk == vip.pk
    assert found["新客"].pk == found[" 新客 "].pk
    given = {ann.pk: [vip.pk, found["新客"].pk], bo.pk: [vip.pk], uuid.uuid4(): [vip.pk]}
    with transaction.atomic():
        added = tags.add_many(workspace.pk, given, source="import:1", source_name="名单.csv")
        again = tags.add_many(workspace.pk, given, source="import:2", source_name="名单.csv")
    assert sorted(added) == sorted([(vip.pk, ann.pk), (vip.pk, bo.pk), (found["新客"].pk, ann.pk)])
    assert again == []
    assert facts(workspace) == []
    mirrors.check(workspace)
    with pytest.raises(Invalid):
        tag_kinds.ensure(workspace, ["x" * 61], actor=SYSTEM)


def test_the_limit_of_tags(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tag_kinds, "TAGS_MAX", 2)
    monkeypatch.setattr(tag_kinds, "GROUPS_MAX", 1)
    tag_kinds.create_group(workspace, actor=WANG, name="组")
    with pytest.raises(TooManyTags):
        tag_kinds.create_group(workspace, actor=WANG, name="组二")
    with pytest.raises(TooManyTags):
        tag_kinds.ensure(workspace, ["一", "二", "三"], actor=SYSTEM)
    assert Tag.objects.in_workspace(workspace).count() == 0


def test_merging_tags(workspace: Workspace) -> None:
    ann, bo, chen = people(workspace, "ann", "bo", "chen")
    quiet = segment(workspace, "沉默的人", chen)
    old, kept = tag(workspace, "老客", segment_id=quiet.pk), tag(workspace, "老客户")
    worker.drain()
    for member, one in ((ann, old), (bo, old), (bo, kept)):
        tags.put(workspace, actor=WANG, member_id=member.pk, tag_id=one.pk)
    condition = {"kind": "all", "of": [{"kind": "tag", "tag": str(old.pk)}, {"kind": "not", "of": {"kind": "tag", "tag": str(old.pk)}}]}
    user = segment(workspace, "用到的", condition=condition)
    tag_kinds.merge(workspace, actor=WANG, tag_id=old.pk, into_id=kept.pk)
    assert rows(workspace) == [(("老客户"), name, name, BY_WANG) for name in ("ann", "bo", "chen")]
    user.refresh_from_db()
    new = {"kind": "tag", "tag": str(kept.pk)}
    assert (user.condition, user.version, user.state, user.changed_by_name) == (
        {"kind": "all", "of": [new, {"kind": "not", "of": new}]},
        2,
        "building",
        "王芳",
    )
    versions = SegmentVersion.objects.in_workspace(workspace).filter(segment=user).values_list("version", "condition", "by_name")
    assert list(versions) == [(2, user.condition, "王芳")]
    mirrors.check(workspace)
    assert list(Tag.objects.in_workspace(workspace).values_list("name", flat=True)) == ["老客户"]
    (entry,) = AuditEntry.objects.in_workspace(workspace).filter(action="tag.merge")
    assert entry.details == {"merged_id": str(old.pk), "merged": "老客", "members": 3, "segments": ["用到的"]}


def test_over_http(api: Api, other_api: Api, workspace: Workspace) -> None:
    ann, bo = people(workspace, "ann", "bo")
    group = api.post("/tag-groups", {"name": "口味"}).json()
    made = api.post("/tags", {"name": " 爱喝拿铁 ", "color": "gold", "group_id": group["id"], "description": "问卷"}).json()
    assert {name: made[name] for name in ("name", "color", "group_id", "description", "segment", "members_count", "named_by")} == {
        "name": "爱喝拿铁", "color": "gold", "group_id": group["id"], "description": "问卷", "segment": None, "members_count": 0, "named_by": [],
    }  # fmt: skip
    url = f"/members/{ann.pk}/tags/{made['id']}"
    (worn,) = api.put(url).json()["items"]
    assert (worn["name"], worn["color"], worn["source_name"]) == ("爱喝拿铁", "gold", "test")
    assert api.get("/tags").json()["items"][0]["members_count"] == 1
    assert [one["name"] for one in api.get("/members", among=f"tag:{made['id']}").json()["items"]] == ["ann"]
    belonging = api.get(f"/members/{ann.pk}/belonging").json()
    assert ([one["name"] for one in belonging["tags"]], belonging["segments"]) == (["爱喝拿铁"], [])
    listed = api.get(f"/member-tags?member_ids={ann.pk}&member_ids={bo.pk}").json()["items"]
    assert listed == [{"member_id": str(ann.pk), "tags": [{"id": made["id"], "name": "爱喝拿铁", "color": "gold"}]}]
    changed = api.patch(f"/tags/{made['id']}", {"group_id": None, "name": "拿铁"}).json()
    assert (changed["group_id"], changed["name"], changed["color"]) == (None, "拿铁", "gold")
    assert api.delete(url).json() == {"items": []}
    assert api.delete(f"/tags/{made['id']}").json() == {"members": 0}
    assert api.delete(f"/tag-groups/{group['id']}").status_code == 204
    assert other_api.get("/tags").json() == {"groups": [], "items": []}


def test_refusals_over_http(api: Api, other_api: Api, workspace: Workspace) -> None:
    ann, bo = people(workspace, "ann", "bo")
    vip = tag(workspace, "VIP")
    tag(workspace, "新客")
    segment(workspace, "贵客", condition={"kind": "tag", "tag": str(vip.pk)})
    group = tag_kinds.create_group(workspace, actor=WANG, name="组")
    tag_kinds.create_group(workspace, actor=WANG, name="别组")
    merges.merge(workspace, actor=SYSTEM, kept_id=ann.pk, absorbed_id=bo.pk)
    gone, foreign = str(uuid.uuid4()), other_api.post("/tags", {"name": "外"}).json()["id"]
    before = (rows(workspace), list(Tag.objects.in_workspace(workspace).values()), AuditEntry.objects.in_workspace(workspace).count())
    for method, path, body, status, code in (
        ("POST", "/tags", {"name": "vip"}, 409, "tag_name_taken"),
        ("POST", "/tags", {"name": " "}, 422, "invalid"),
        ("POST", "/tags", {"name": "x" * 61}, 422, "invalid"),
        ("POST", "/tags", {"name": "a\nb"}, 422, "invalid"),
        ("POST", "/tags", {"name": "a", "color": "pink"}, 422, "invalid"),
        ("POST", "/tags", {"name": "a", "group_id": gone}, 404, "not_found"),
        ("POST", "/tags", {"name": "a", "segment_id": gone}, 404, "not_found"),
        ("POST", "/tags", {"name": "a", "surprise": 1}, 422, "invalid"),
        ("PATCH", f"/tags/{vip.pk}", {"name": "新客"}, 409, "tag_name_taken"),
        ("PATCH", f"/tags/{gone}", {"name": "a"}, 404, "not_found"),
        ("PATCH", f"/tags/{foreign}", {"name": "a"}, 404, "not_found"),
        ("DELETE", f"/tags/{vip.pk}", None, 409, "tag_in_use"),
        ("POST", f"/tags/{vip.pk}/merge", {"into_id": str(vip.pk)}, 409, "same_tag"),
        ("POST", f"/tags/{vip.pk}/merge", {"into_id": foreign}, 404, "not_found"),
        ("POST", "/tag-groups", {"name": "组"}, 409, "tag_group_name_taken"),
        ("PATCH", f"/tag-groups/{group.pk}", {"name": "别组"}, 409, "tag_group_name_taken"),
        ("PATCH", f"/tag-groups/{group.pk}", {"position": -1}, 422, "invalid"),
        ("PUT", f"/members/{gone}/tags/{vip.pk}", None, 404, "not_found"),
        ("PUT", f"/members/{bo.pk}/tags/{vip.pk}", None, 409, "member_merged"),
        ("PUT", f"/members/{ann.pk}/tags/{foreign}", None, 404, "not_found"),
        ("GET", f"/members/{gone}/belonging", None, 404, "not_found"),
        ("GET", "/member-tags", None, 422, "invalid"),
    ):  # fmt: skip
        answer = api.send(method, path, body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), (method, path, body)
    assert (rows(workspace), list(Tag.objects.in_workspace(workspace).values()), AuditEntry.objects.in_workspace(workspace).count()) == before
    said = api.delete(f"/tags/{vip.pk}").json()
    assert "“VIP”: 「贵客」" in said["detail"]


def test_the_order_of_groups(workspace: Workspace) -> None:
    made = [tag_kinds.create_group(workspace, actor=WANG, name=name) for name in "甲乙丙丁"]

    def order() -> str:
        return "".join(TagGroup.objects.in_workspace(workspace).order_by("position").values_list("name", flat=True))

    tag_kinds.change_group(workspace, actor=WANG, group_id=made[3].pk, position=0)
    assert order() == "丁甲乙丙"
    tag_kinds.change_group(workspace, actor=WANG, group_id=made[0].pk, position=99)
    assert order() == "丁乙丙甲"
    tag_kinds.delete_group(workspace, actor=WANG, group_id=made[1].pk)
    assert list(TagGroup.objects.in_workspace(workspace).order_by("position").values_list("name", "position")) == [("丁", 0), ("丙", 1), ("甲", 2)]


def test_members_merged_show_the_tags_of_all(workspace: Workspace) -> None:
    ann, bo = people(workspace, "ann", "bo")
    vip, new = tag(workspace, "VIP"), tag(workspace, "新客")
    for member, one in ((ann, vip), (bo, vip), (bo, new)):
        tags.put(workspace, actor=WANG, member_id=member.pk, tag_id=one.pk)
    done = merges.merge(workspace, actor=SYSTEM, kept_id=ann.pk, absorbed_id=bo.pk)
    mirrors.check(workspace)
    assert [row[:3] for row in rows(workspace)] == [("VIP", "ann", "ann"), ("VIP", "ann", "bo"), ("新客", "ann", "bo")]
    with pytest.raises(MemberGone):
        tags.put(workspace, actor=WANG, member_id=bo.pk, tag_id=new.pk)
    with transaction.atomic():  # an import may name the origin
        tags.add_many(workspace.pk, {bo.pk: [tag(workspace, "导入").pk]}, source="import:1", source_name="")
    tags.take(workspace, actor=WANG, member_id=ann.pk, tag_id=vip.pk)  # off both
    merges.undo(workspace, actor=SYSTEM, merge_id=done.pk)
    mirrors.check(workspace)
    assert [row[:3] for row in rows(workspace)] == [("导入", "bo", "bo"), ("新客", "bo", "bo")]


NAMES = ("ann", "bo", "chen", "dai")
TAGS = ("一", "二")
step = st.one_of(
    st.tuples(st.sampled_from(["put", "take"]), st.sampled_from(NAMES), st.sampled_from(TAGS)),
    st.tuples(st.just("merge"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.tuples(st.just("undo"), st.integers(0, 9)),
    st.tuples(st.just("read")),
)


class Undone(Exception):
    """Leaves a transaction."""


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(step, max_size=20))
def test_whatever_is_merged_and_undone_each_shows_what_a_naive_model_says(workspace: Workspace, steps: list[tuple[Any, ...]]) -> None:
    try:
        with transaction.atomic():
            live(workspace, steps)
            raise Undone
    except Undone:
        pass


def live(workspace: Workspace, steps: list[tuple[Any, ...]]) -> None:
    """The naive model: each person's own tags; whoever shows has those of everybody under them."""
    moment = clock.now()
    made = [Member.objects.create(workspace=workspace, name=name, first_seen_at=moment, last_seen_at=moment) for name in NAMES]
    by_name = {one.name: one.pk for one in made}
    known = {name: Tag.objects.create(workspace=workspace, name=name) for name in TAGS}
    own: dict[uuid.UUID, set[str]] = {one.pk: set() for one in made}
    open_merges: list[Merge] = []
    for one in steps:
        if one[0] == "read":
            settle(workspace)
        elif one[0] == "merge":
            kept, absorbed = (origins.root(workspace.pk, by_name[name]) for name in one[1:])
            if kept != absorbed:
                open_merges.append(merges.merge(workspace, actor=SYSTEM, kept_id=kept, absorbed_id=absorbed))
        elif one[0] == "undo":
            if open_merges:
                merges.undo(workspace, actor=SYSTEM, merge_id=open_merges.pop(one[1] % len(open_merges)).pk)
        else:
            shown = origins.root(workspace.pk, by_name[one[1]])
            act = tags.put if one[0] == "put" else tags.take
            act(workspace, actor=WANG, member_id=shown, tag_id=known[one[2]].pk)
            if one[0] == "put":
                own[shown].add(one[2])
            else:
                for origin_id in origins.subtree(workspace.pk, shown):
                    own[origin_id].discard(one[2])
        check(workspace, own, is_settled=one[0] == "read")
    while open_merges:
        merges.undo(workspace, actor=SYSTEM, merge_id=open_merges.pop().pk)
    settle(workspace)
    check(workspace, own, is_settled=True)
    assert all(row[1] == row[2] for row in rows(workspace))


def settle(workspace: Workspace) -> None:
    """What the subscriber does with the merges so far, without the warehouse."""
    everybody = list(Member.objects.in_workspace(workspace).values_list("pk", flat=True))
    tags.move(workspace.pk, everybody)


def check(workspace: Workspace, own: dict[uuid.UUID, set[str]], *, is_settled: bool) -> None:
    held = MemberTag.objects.in_workspace(workspace).values_list("origin_id", "tag__name", "member_id")
    assert {(origin_id, name) for origin_id, name, _ in held} == {(origin_id, name) for origin_id, some in own.items() for name in some}
    if is_settled:
        assert all(member_id == origins.root(workspace.pk, origin_id) for origin_id, _, member_id in held)


def test_the_subscriber_follows_merges_read_late(workspace: Workspace) -> None:
    """Merged, undone and merged the other way round before anybody read the log."""
    ann, bo = people(workspace, "ann", "bo")
    vip = tag(workspace, "VIP")
    tags.put(workspace, actor=WANG, member_id=bo.pk, tag_id=vip.pk)
    done = merges.merge(workspace, actor=SYSTEM, kept_id=ann.pk, absorbed_id=bo.pk)
    merges.undo(workspace, actor=SYSTEM, merge_id=done.pk)
    merges.merge(workspace, actor=SYSTEM, kept_id=bo.pk, absorbed_id=ann.pk)
    mirrors.check(workspace)
    assert rows(workspace) == [("VIP", "bo", "bo", BY_WANG)]


def test_thousands_enter_at_once(workspace: Workspace) -> None:
    moment = clock.now()
    made = [Member(id=ids.new(), workspace=workspace, name=str(at), first_seen_at=moment, last_seen_at=moment) for at in range(2_000)]
    Member.objects.bulk_create(made, 500)
    full = segment(workspace, "全部")
    mark = tag(workspace, "全", segment_id=full.pk)
    move(full, entered=[one.pk for one in made])
    assert MemberTag.objects.in_workspace(workspace).filter(tag=mark).count() == 2_000
    move(full, left=[one.pk for one in made])
    assert MemberTag.objects.in_workspace(workspace).count() == 0


def test_where_a_member_belongs_and_how_attributes_are_used(api: Api, workspace: Workspace) -> None:
    ann, bo = people(workspace, "ann", "bo")
    for member in (ann, bo):
        attributes.set_value(workspace, actor=SYSTEM, member_id=member.pk, key="city", value="北京")
    here = segment(workspace, "北京的人", ann, condition={"kind": "attribute", "key": "city", "op": "is", "value": "北京"})
    segment(workspace, "有公司", condition={"kind": "not", "of": {"kind": "attribute", "key": "company", "op": "empty"}})
    (shown,) = api.get(f"/members/{ann.pk}/belonging").json()["segments"]
    assert (shown["id"], shown["name"], shown["kind"]) == (str(here.pk), "北京的人", "live")
    assert api.get(f"/members/{bo.pk}/belonging").json()["segments"] == []
    used = [(one["key"], one["members"], [named["name"] for named in one["segments"]]) for one in api.get("/attribute-usage").json()["items"]]
    assert used == [("city", 2, ["北京的人"]), ("company", 0, ["有公司"])]


def test_the_members_export_has_a_column_of_tags(api: Api, other_api: Api, workspace: Workspace) -> None:
    ann, bo, chen = people(workspace, "ann", "bo", "chen")
    vip, new = tag(workspace, "=VIP"), tag(workspace, "新客")
    for member, one in ((ann, new), (ann, vip), (bo, new)):
        tags.put(workspace, actor=WANG, member_id=member.pk, tag_id=one.pk)
    tags.put(workspace, actor=WANG, member_id=chen.pk, tag_id=vip.pk)
    merges.merge(workspace, actor=SYSTEM, kept_id=bo.pk, absorbed_id=chen.pk)
    subscribers.drain()

    def exported(by: Api) -> list[tuple[str, str]]:
        text = b"".join(by.get("/members/export", sort="name").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
        assert text.splitlines()[0].endswith(",is_bot,tags")
        return [(row["name"], row["tags"]) for row in csv.DictReader(io.StringIO(text))]

    assert exported(api) == [("ann", "'=VIP、新客"), ("bo", "'=VIP、新客")]
    tags.take(workspace, actor=WANG, member_id=bo.pk, tag_id=new.pk)
    tags.take(workspace, actor=WANG, member_id=bo.pk, tag_id=vip.pk)
    assert exported(api) == [("ann", "'=VIP、新客"), ("bo", "")]
    assert exported(other_api) == []
