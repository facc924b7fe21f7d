"""Bulk edits: whom they are for, what they change, stopped and killed anywhere, and taken back, against a naive model."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hutong.events import queries as warehouse
from hutong.events import subscribers
from hutong.foundation import clock, ids
from hutong.foundation.errors import Invalid
from hutong.foundation.jobs import worker
from hutong.foundation.jobs.models import Job
from hutong.members.actions import attributes, bulk_values, merges, profiles
from hutong.members.actions.bulk_values import Put
from hutong.members.models import AttributeValue, Member, OriginState
from hutong.segments import tasks
from hutong.segments.actions import edit_batches, edits, tag_kinds, tags
from hutong.segments.errors import EditsBusy, EditState, EditTooLarge, EditTooOld
from hutong.segments.models import EditedMember, MemberEdit, MemberTag, Segment, SegmentMember, Tag
from hutong.workspaces.access import SYSTEM, Actor
from hutong.workspaces.models import AuditEntry, Workspace
from tests import mirrors
from tests.conftest import Api, make_key

pytestmark = pytest.mark.django_db
WANG = Actor("user", uuid.UUID(int=7), "王芳", "owner", frozenset())


def people(workspace: Workspace, *names: str) -> list[Member]:
    return [profiles.create(workspace, actor=SYSTEM, name=name, identities=[("irc", name)]) for name in names]


def chosen(*members: Member) -> dict[str, Any]:
    return {"ids": [str(one.pk) for one in members]}


def edit(workspace: Workspace, whom: dict[str, Any], **change: Any) -> MemberEdit:
    made = edits.start(workspace, actor=WANG, whom=whom, **change)
    worker.drain()
    made.refresh_from_db()
    return made


def undo(workspace: Workspace, made: MemberEdit) -> MemberEdit:
    edits.undo(workspace, actor=WANG, edit_id=made.pk)
    worker.drain()
    made.refresh_from_db()
    return made


def stored(workspace: Workspace) -> tuple[list[Any], list[Any]]:
    """Every value and tag with its source, but for the keys of rows."""
    values = AttributeValue.objects.in_workspace(workspace).values_list("member__name", "attribute__key", "value", "source", "source_name", "set_at")
    worn = MemberTag.objects.in_workspace(workspace).values_list("member__name", "origin__name", "tag__name", "source", "source_name", "set_at")
    return sorted(values, key=str), sorted(worn, key=str)


def plain(workspace: Workspace) -> dict[str, Any]:
    """What each member shows: values by key, and tags."""
    shown: dict[str, Any] = {name: {} for name in Member.objects.in_workspace(workspace).filter(merged_into=None).values_list("name", flat=True)}
    for name, key, value in AttributeValue.objects.in_workspace(workspace).values_list("member__name", "attribute__key", "value"):
        shown[name][key] = value
    for name, tag in MemberTag.objects.in_workspace(workspace).values_list("member__name", "tag__name"):
        shown[name][f"#{tag}"] = True
    return shown


def counts(made: MemberEdit) -> tuple[Any, ...]:
    return made.state, made.members_total, made.members_seen, made.members_changed, made.members_restored, made.members_kept


def test_everything_an_edit_can_do_and_its_undoing(workspace: Workspace) -> None:
    ann, bo, chen, dai = people(workspace, "ann", "bo", "chen", "dai")
    old, new = (tag_kinds.create(workspace, actor=WANG, name=name) for name in ("旧", "新"))
    for member, key, value in (
        (ann, "city", "北京"),
        (bo, "city", "上海"),
        (bo, "company", "胡同"),
        (chen, "city", "杭州"),
        (dai, "company", "茶会"),
    ):
        attributes.set_value(workspace, actor=SYSTEM, member_id=member.pk, key=key, value=value)
    for member, one in ((ann, old), (bo, new), (chen, old), (dai, old)):
        tags.put(workspace, actor=WANG, member_id=member.pk, tag_id=one.pk)
    before = stored(workspace)
    subscribers.drain()
    made = edit(workspace, chosen(ann, bo, chen), add_tags=[new.pk], remove_tags=[old.pk], given={"city": "杭州"}, clear=["company"])
    assert counts(made) == ("done", 3, 3, 3, 0, 0)
    assert plain(workspace) == {
        "ann": {"city": "杭州", "#新": True}, "bo": {"city": "杭州", "#新": True}, "chen": {"city": "杭州", "#新": True},
        "dai": {"company": "茶会", "#旧": True},
    }  # fmt: skip
    mirrors.check(workspace)
    told = warehouse.rows(
        "SELECT name, count(), uniqExact(source) FROM events WHERE workspace_id = {w:UUID} AND source = {s:String} AND name != 'member_created' "
        "GROUP BY name ORDER BY name",
        {"w": str(workspace.pk), "s": WANG.source},
    )
    # Before the edit four tags were put on by hand.
    assert told == [("attributes_changed", 2, 1), ("tag_added", 4 + 2, 1), ("tag_removed", 2, 1)]
    kept = AttributeValue.objects.in_workspace(workspace).get(member=chen, attribute__key="city")
    assert kept.source == "system"  # was so already
    assert counts(undo(workspace, made)) == ("undone", 3, 3, 3, 3, 0)
    assert stored(workspace) == before
    mirrors.check(workspace)
    acts = AuditEntry.objects.in_workspace(workspace).filter(action__startswith="member_edit").order_by("id").values_list("action", "details")
    assert list(acts) == [
        ("member_edit.create", {"add_tags": ["新"], "remove_tags": ["旧"], "set": ["city"], "clear": ["company"]}),
        ("member_edit.undo", {"members_changed": 3}),
    ]


def test_what_was_changed_again_since_stays(workspace: Workspace) -> None:
    ann, bo, chen = people(workspace, "ann", "bo", "chen")
    vip, old = (tag_kinds.create(workspace, actor=WANG, name=name) for name in ("VIP", "旧"))
    for member in (ann, bo, chen):
        tags.put(workspace, actor=WANG, member_id=member.pk, tag_id=old.pk)
        attributes.set_value(workspace, actor=SYSTEM, member_id=member.pk, key="company", value="胡同")
    made = edit(workspace, chosen(ann, bo, chen), add_tags=[vip.pk], remove_tags=[old.pk], given={"city": "北京"}, clear=["company"])
    tags.take(workspace, actor=WANG, member_id=ann.pk, tag_id=vip.pk)
    tags.put(workspace, actor=WANG, member_id=ann.pk, tag_id=old.pk)
    attributes.set_value(workspace, actor=SYSTEM, member_id=ann.pk, key="city", value="北京")  # the same, said by another
    attributes.set_value(workspace, actor=SYSTEM, member_id=ann.pk, key="company", value="大院")
    attributes.clear_value(workspace, actor=SYSTEM, member_id=bo.pk, key="city")
    assert counts(undo(workspace, made)) == ("undone", 3, 3, 3, 2, 2)
    assert plain(workspace) == {
        "ann": {"city": "北京", "company": "大院", "#旧": True}, "bo": {"company": "胡同", "#旧": True}, "chen": {"company": "胡同", "#旧": True},
    }  # fmt: skip
    mirrors.check(workspace)


def test_members_in_merges(workspace: Workspace) -> None:
    """Each origin gets back its own, whether the merge came before the edit or after it, and was undone or not."""
    ann, bo, chen, dai = people(workspace, "ann", "bo", "chen", "dai")
    vip = tag_kinds.create(workspace, actor=WANG, name="VIP")
    for member, city in ((ann, "北京"), (bo, "上海"), (chen, "杭州")):
        attributes.set_value(workspace, actor=SYSTEM, member_id=member.pk, key="city", value=city)
        attributes.set_value(workspace, actor=SYSTEM, member_id=member.pk, key="company", value=city)
        tags.put(workspace, actor=WANG, member_id=member.pk, tag_id=vip.pk)
    before = stored(workspace)
    first = merges.merge(workspace, actor=SYSTEM, kept_id=ann.pk, absorbed_id=bo.pk)
    made = edit(workspace, chosen(bo, chen, dai), remove_tags=[vip.pk], given={"company": "胡同"}, clear=["city"])
    assert counts(made) == ("done", 3, 3, 3, 0, 0)
    assert plain(workspace) == {name: {"company": "胡同"} for name in ("ann", "chen", "dai")}
    second = merges.merge(workspace, actor=SYSTEM, kept_id=dai.pk, absorbed_id=chen.pk)
    merges.undo(workspace, actor=SYSTEM, merge_id=first.pk)
    assert counts(undo(workspace, made))[4:] == (3, 0)
    merges.undo(workspace, actor=SYSTEM, merge_id=second.pk)
    subscribers.drain()
    assert stored(workspace) == before
    assert OriginState.objects.in_workspace(workspace).count() == 0
    mirrors.check(workspace)


def test_whom(workspace: Workspace, other_workspace: Workspace, api: Api) -> None:
    ann, bo, chen = people(workspace, "ann", "bo", "chen")
    (stranger,) = people(other_workspace, "ann")
    merges.merge(workspace, actor=SYSTEM, kept_id=ann.pk, absorbed_id=bo.pk)
    segment = Segment.objects.create(workspace=workspace, name="分群", kind="static", created_by_name="", changed_by_name="")
    for member in (bo, chen):  # who was merged away is in no list
        SegmentMember.objects.create(workspace=workspace, segment=segment, member=member)
    for whom, count in (
        ({"ids": [str(ann.pk), str(bo.pk), str(stranger.pk), str(uuid.uuid4())]}, 1),
        ({"segment_id": str(segment.pk)}, 1),
        ({"filter": {}}, 2),
        ({"filter": {"q": "chen"}}, 1),
        ({"filter": {"among": [f"segment:{segment.pk}"], "joined_from": "2026-01-01"}}, 0),
        ({"filter": {"is_anonymous": True}}, 0),
    ):
        assert api.post("/member-edits/preview", {"members": whom}).json() == {"count": count, "limit": 500_000}, whom
    made = api.post("/member-edits", {"members": {"filter": {"q": "chen"}}, "change": {"set": {"city": "北京"}}})
    assert made.status_code == 202
    worker.drain()
    body = api.get(f"/member-edits/{made.json()['id']}").json()
    assert (body["state"], body["members_changed"], body["members"]) == ("done", 1, {"kind": "filter", "segment": None, "filter": {"q": "chen"}})
    assert dt.datetime.fromisoformat(body["undo_until"]) == dt.datetime.fromisoformat(body["finished_at"]) + dt.timedelta(days=30)
    assert plain(workspace) == {"ann": {}, "chen": {"city": "北京"}}
    by_segment = api.post("/member-edits", {"members": {"segment_id": str(segment.pk)}, "change": {"clear": ["city"]}}).json()
    assert by_segment["members"] == {"kind": "segment", "segment": {"id": str(segment.pk), "name": "分群"}, "filter": None}
    worker.drain()
    assert plain(workspace) == {"ann": {}, "chen": {}}
    listed = api.get("/member-edits", limit=1).json()
    assert ([one["id"] for one in listed["items"]], listed["next_cursor"] is None) == ([by_segment["id"]], False)


def test_refusals_change_nothing(api: Api, other_api: Api, workspace: Workspace) -> None:
    (ann,) = people(workspace, "ann")
    vip = tag_kinds.create(workspace, actor=WANG, name="VIP")
    foreign = other_api.post("/tags", {"name": "外"}).json()["id"]
    attributes.define(workspace, actor=SYSTEM, key="skin", name_zh="肤质", name_en="Skin", kind="text", options=["油皮", "干皮"])
    attributes.define(workspace, actor=SYSTEM, key="size", name_zh="尺码", name_en="Size", kind="number")
    before, entries = stored(workspace), AuditEntry.objects.in_workspace(workspace).count()
    me, tag = {"ids": [str(ann.pk)]}, {"add_tags": [str(vip.pk)]}
    for members, change, status, field in (
        ({}, tag, 422, "members"),
        ({**me, "filter": {}}, tag, 422, "members"),
        ({"ids": []}, tag, 422, "members.ids"),
        ({"ids": ["x"]}, tag, 422, "members.ids.0"),
        ({"ids": [str(uuid.uuid4())]}, tag, 422, "members"),
        ({"segment_id": str(uuid.uuid4())}, tag, 404, None),
        ({"filter": {"community_id": str(uuid.uuid4())}}, tag, 404, None),
        ({"filter": {"surprise": 1}}, tag, 422, "members.filter.surprise"),
        ({"filter": {"among": ["moon:1"]}}, tag, 422, "among"),
        (me, {}, 422, "change"),
        (me, {"add_tags": [foreign]}, 422, "change.add_tags.0"),
        (me, {**tag, "remove_tags": [str(vip.pk)]}, 422, "change.remove_tags"),
        (me, {"set": {"city": "北京"}, "clear": ["city"]}, 422, "change.clear"),
        (me, {"set": {"shoe": 1}}, 422, "change.set.shoe"),
        (me, {"set": {"size": "42"}}, 422, "change.set.size"),
        (me, {"set": {"skin": "沙皮"}}, 422, "change.set.skin"),
        (me, {"clear": ["shoe"]}, 422, "change.clear.0"),
    ):  # fmt: skip
        answer = api.post("/member-edits", {"members": members, "change": change})
        said = [one["field"] for one in answer.json().get("errors", [])]
        assert (answer.status_code, said[:1]) == (status, [] if field is None else [field]), (members, change)
    assert (stored(workspace), MemberEdit.objects.in_workspace(workspace).count()) == (before, 0)
    assert AuditEntry.objects.in_workspace(workspace).count() == entries
    assert Job.objects.count() == 0
    reader = Api(workspace, make_key(workspace, ["members.read"]))
    assert reader.post("/member-edits", {"members": me, "change": tag}).status_code == 403
    assert reader.get("/member-edits").json() == {"items": [], "next_cursor": None}


def test_limits(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    members = people(workspace, "ann", "bo", "chen")
    monkeypatch.setattr(edits, "MEMBERS_MAX", 2)
    monkeypatch.setattr(edits, "RUNNING_MAX", 1)
    with pytest.raises(EditTooLarge):
        edits.start(workspace, actor=WANG, whom={"filter": {}}, given={"city": "北京"})
    first = edits.start(workspace, actor=WANG, whom=chosen(*members[:2]), given={"city": "北京"})
    with pytest.raises(EditsBusy):
        edits.start(workspace, actor=WANG, whom=chosen(members[2]), given={"city": "北京"})
    with pytest.raises(EditState):
        edits.undo(workspace, actor=WANG, edit_id=first.pk)
    worker.drain()
    with pytest.raises(EditState):
        edits.cancel(workspace, actor=WANG, edit_id=first.pk)
    with time_machine.travel(clock.now() + dt.timedelta(days=29)):
        tasks.prune()
        assert EditedMember.objects.in_workspace(workspace).count() == 2
    with time_machine.travel(clock.now() + dt.timedelta(days=31)):
        tasks.prune()
        assert EditedMember.objects.in_workspace(workspace).count() == 0
        with pytest.raises(EditTooOld):
            edits.undo(workspace, actor=WANG, edit_id=first.pk)


def test_cancelled_half_way_and_undone(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edit_batches, "BATCH_MEMBERS", 2)
    people(workspace, *"abcde")
    before = stored(workspace)
    made = edits.start(workspace, actor=WANG, whom={"filter": {}}, given={"city": "北京"})
    real, batches = edit_batches._step, []

    def step(*names: Any) -> bool:
        batches.append(1)
        if len(batches) == 2:
            edits.cancel(workspace, actor=WANG, edit_id=made.pk)
        return real(*names)

    monkeypatch.setattr(edit_batches, "_step", step)
    worker.drain()
    made.refresh_from_db()
    assert counts(made) == ("cancelled", 5, 2, 2, 0, 0)
    assert sum("city" in shown for shown in plain(workspace).values()) == 2
    assert counts(undo(workspace, made)) == ("undone", 5, 2, 2, 2, 0)
    assert stored(workspace) == before


@pytest.mark.parametrize("at", range(1, 9))
def test_killed_anywhere_it_goes_on(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """Each batch is one transaction; the crash comes inside the `at`-th one, after its work."""
    monkeypatch.setattr(edit_batches, "BATCH_MEMBERS", 2)
    monkeypatch.setattr(edit_batches, "WRITTEN_DOWN_TOGETHER", 2)
    people(workspace, *"abcde")
    vip = tag_kinds.create(workspace, actor=WANG, name="VIP")
    before, calls = stored(workspace), []
    real_keep, real_insert = edit_batches._keep, edit_batches._insert

    def dying(real: Any) -> Any:
        def run(*given: Any) -> Any:
            done = real(*given)
            calls.append(1)
            if len(calls) == at:
                raise RuntimeError("killed")
            return done

        return run

    made = edits.start(workspace, actor=WANG, whom={"filter": {}}, given={"city": "北京"}, add_tags=[vip.pk])
    monkeypatch.setattr(edit_batches, "_keep", dying(real_keep))
    monkeypatch.setattr(edit_batches, "_insert", dying(real_insert))
    try:
        edit_batches.perform(made.pk)
    except RuntimeError:
        edit_batches.perform(made.pk)
    made.refresh_from_db()
    assert counts(made) == ("done", 5, 5, 5, 0, 0)
    assert plain(workspace) == {name: {"city": "北京", "#VIP": True} for name in "abcde"}
    assert counts(undo(workspace, made)) == ("undone", 5, 5, 5, 5, 0)
    assert stored(workspace) == before


def test_an_edit_left_behind(workspace: Workspace) -> None:
    (ann,) = people(workspace, "ann")
    made = edits.start(workspace, actor=WANG, whom=chosen(ann), given={"city": "北京"})
    Job.objects.all().delete()
    tasks.mind()
    assert list(Job.objects.values_list("dedupe_key", "state")) == [(f"member_edit.run:{made.pk}", "ready")]
    tasks.mind()
    assert Job.objects.count() == 1
    Job.objects.update(state="dead")
    tasks.mind()
    made.refresh_from_db()
    assert (made.state, made.error) == ("failed", "job_died")
    assert counts(undo(workspace, made))[0] == "undone"


def test_a_tag_or_attribute_deleted_meanwhile(workspace: Workspace) -> None:
    (ann,) = people(workspace, "ann")
    gone, stays = (tag_kinds.create(workspace, actor=WANG, name=name) for name in ("去", "留"))
    attributes.define(workspace, actor=SYSTEM, key="size", name_zh="尺码", name_en="Size", kind="number")
    made = edits.start(workspace, actor=WANG, whom=chosen(ann), add_tags=[gone.pk, stays.pk], given={"size": 42, "city": "北京"})
    tag_kinds.delete(workspace, actor=WANG, tag_id=gone.pk)
    attributes.remove(workspace, actor=SYSTEM, key="size")
    worker.drain()
    assert plain(workspace) == {"ann": {"city": "北京", "#留": True}}
    tag_kinds.delete(workspace, actor=WANG, tag_id=stays.pk)
    assert counts(undo(workspace, made)) == ("undone", 1, 1, 1, 1, 1)
    assert plain(workspace) == {"ann": {}}


def test_values_of_many(workspace: Workspace) -> None:
    ann, bo, chen = people(workspace, "ann", "bo", "chen")
    merges.merge(workspace, actor=SYSTEM, kept_id=ann.pk, absorbed_id=bo.pk)
    known = attributes.ensure_standard(workspace.pk)
    city, company = known["city"].pk, known["company"].pk
    with transaction.atomic():
        given = {bo.pk: {city: "上海"}, chen.pk: {city: "杭州", company: "胡同"}}
        changed = bulk_values.put(workspace.pk, given, source="import:1", source_name="表")
        again = bulk_values.put(workspace.pk, {bo.pk: {city: "上海"}, chen.pk: {city: "广州"}}, source="import:2", source_name="表二")
    assert changed == [Put(bo.pk, city, None, "上海"), Put(chen.pk, city, None, "杭州"), Put(chen.pk, company, None, "胡同")]
    assert [(one.origin_id, one.before and one.before.value, one.after) for one in again] == [(chen.pk, "杭州", "广州")]
    assert plain(workspace) == {"ann": {"city": "上海"}, "chen": {"city": "广州", "company": "胡同"}}
    mirrors.check(workspace)
    with transaction.atomic():
        taken = bulk_values.clear(workspace.pk, [ann.pk, chen.pk], [city])
    assert {key: (value.value, value.source) for key, value in taken.items()} == {
        (bo.pk, city): ("上海", "import:1"),
        (chen.pk, city): ("广州", "import:2"),
    }
    assert plain(workspace) == {"ann": {}, "chen": {"company": "胡同"}}
    mirrors.check(workspace)


KEYS, CITIES, NAMES, TAGS = ("city", "company"), ("北京", "上海"), ("ann", "bo", "chen"), ("一", "二")
some_tags = st.lists(st.sampled_from(TAGS), max_size=2, unique=True)
step = st.one_of(
    st.tuples(st.just("set"), st.sampled_from(NAMES), st.sampled_from(KEYS), st.sampled_from((*CITIES, None))),
    st.tuples(st.just("tag"), st.sampled_from(NAMES), st.sampled_from(TAGS), st.booleans()),
    st.tuples(
        st.just("edit"), st.lists(st.sampled_from(NAMES), min_size=1, unique=True), some_tags, some_tags,
        st.dictionaries(st.sampled_from(KEYS), st.sampled_from(CITIES), max_size=2), st.lists(st.sampled_from(KEYS), max_size=2, unique=True),
    ),
    st.tuples(st.just("undo"), st.integers(0, 9)),
)  # fmt: skip


class Undone(Exception):
    """Leaves a transaction."""


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(step, max_size=14))
def test_edits_and_their_undoing_do_what_a_naive_model_does(workspace: Workspace, steps: list[tuple[Any, ...]]) -> None:
    try:
        with transaction.atomic():
            live(workspace, steps)
            raise Undone
    except Undone:
        pass


def live(workspace: Workspace, steps: list[tuple[Any, ...]]) -> None:
    """The naive model: of each member a cell (value, writer) for each key and tag; an undo restores the cells that its edit wrote last."""
    moment = clock.now()
    made = {name: Member.objects.create(workspace=workspace, name=name, first_seen_at=moment, last_seen_at=moment) for name in NAMES}
    known = {name: Tag.objects.create(workspace=workspace, name=name) for name in TAGS}
    cells: dict[str, dict[str, tuple[Any, Any]]] = {name: {} for name in NAMES}
    done: list[tuple[MemberEdit, dict[tuple[str, str], tuple[Any, Any]]]] = []
    for at, one in enumerate(steps):
        if one[0] == "set":
            _, name, key, value = one
            if value is None:
                attributes.clear_value(workspace, actor=SYSTEM, member_id=made[name].pk, key=key)
                cells[name].pop(key, None)
            else:
                attributes.set_value(workspace, actor=SYSTEM, member_id=made[name].pk, key=key, value=value)
                cells[name][key] = (value, at)
        elif one[0] == "tag":
            _, name, tag, is_put = one
            (tags.put if is_put else tags.take)(workspace, actor=WANG, member_id=made[name].pk, tag_id=known[tag].pk)
            if is_put:
                cells[name].setdefault(f"#{tag}", (True, at))
            else:
                cells[name].pop(f"#{tag}", None)
        elif one[0] == "edit":
            _, names, adding, removing, setting, clearing = one
            wanted: dict[str, Any] = {f"#{tag}": None for tag in removing} | dict.fromkeys(clearing)
            wanted |= {f"#{tag}": True for tag in adding} | setting
            try:
                edit_made = edits.start(
                    workspace, actor=WANG, whom=chosen(*(made[name] for name in names)), add_tags=[known[tag].pk for tag in adding],
                    remove_tags=[known[tag].pk for tag in removing], given=setting, clear=clearing,
                )  # fmt: skip
            except Invalid:
                assert not wanted or set(adding) & set(removing) or set(setting) & set(clearing)
                continue
            edit_batches.perform(edit_made.pk)
            before: dict[tuple[str, str], tuple[Any, Any]] = {}
            for name in names:
                for cell, value in wanted.items():
                    had = cells[name].get(cell, (None, None))
                    if had[0] != value:
                        before[name, cell] = had
                        cells[name][cell] = (value, edit_made.pk)
                    if value is None:
                        cells[name].pop(cell, None)
            done.append((edit_made, before))
        elif done:
            undone, before = done.pop(one[1] % len(done))
            edits.undo(workspace, actor=WANG, edit_id=undone.pk)
            edit_batches.take_back(undone.pk)
            for (name, cell), had in before.items():
                present = cells[name].get(cell, (None, None))
                was_cleared = present == (None, None)
                wrote = undone.change["set"].get(cell) if not cell.startswith("#") else cell[1:] in {tag["name"] for tag in undone.change["add_tags"]}
                if present[1] == undone.pk or (not wrote and was_cleared):
                    cells[name][cell] = had
                    if had[0] is None:
                        cells[name].pop(cell)
    assert plain(workspace) == {name: {cell: value for cell, (value, _) in some.items()} for name, some in cells.items()}


def test_several_batches(workspace: Workspace) -> None:
    moment = clock.now()
    Member.objects.bulk_create(
        [Member(id=ids.new(), workspace=workspace, name=str(at), first_seen_at=moment, last_seen_at=moment) for at in range(1_200)], 500
    )
    vip = tag_kinds.create(workspace, actor=WANG, name="VIP")
    made = edit(workspace, {"filter": {}}, add_tags=[vip.pk], given={"city": "北京"})
    assert counts(made) == ("done", 1_200, 1_200, 1_200, 0, 0)
    assert AttributeValue.objects.in_workspace(workspace).filter(attribute__key="city", value="北京").count() == 1_200
    assert counts(undo(workspace, made))[4:] == (1_200, 0)
    assert stored(workspace) == ([], [])
