"""Tags and static segments, as automations change them."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import msgspec
import pytest

from hutong.events import subscribers
from hutong.events.models import LogEntry
from hutong.foundation.errors import Invalid
from hutong.members.actions import merges, profiles
from hutong.members.models import Member
from hutong.segments.acting import ACTIONS
from hutong.segments.actions import tag_kinds
from hutong.segments.models import MemberTag, Segment, SegmentDay, SegmentMember, Tag
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace
from tests import acting
from tests.acting import SOURCE, TOLD_BY, do, doer, persons, states

pytestmark = pytest.mark.django_db
ADD, REMOVE, ENTER, LEAVE = ACTIONS


def people(workspace: Workspace, *names: str) -> list[Member]:
    return [profiles.create(workspace, actor=SYSTEM, name=name, identities=[("irc", name)]) for name in names]


def tag(workspace: Workspace, name: str, **given: Any) -> Tag:
    return tag_kinds.create(workspace, actor=SYSTEM, name=name, **given)


def segment(workspace: Workspace, name: str, *, kind: str = "static") -> Segment:
    condition = {"kind": "all", "of": []} if kind == "live" else None
    return Segment.objects.create(workspace=workspace, name=name, kind=kind, condition=condition, created_by_name="", changed_by_name="")


def told(*names: str) -> list[tuple[str, str, dict[str, Any]]]:
    """(name, source, properties) of facts of these names."""
    rows = LogEntry.objects.filter(name__in=names).order_by("seq")
    facts = [msgspec.json.decode(bytes(row.body)) for row in rows]
    return [(one["name"], one["source"], one["properties"]) for one in facts]


def test_a_tag_is_added_once_and_told_by_whoever_did_it(workspace: Workspace) -> None:
    ming, hong = people(workspace, "小明", "小红")
    vip = tag(workspace, "VIP")
    given = {"tag_id": str(vip.pk)}
    assert states(do(ADD, workspace, given, persons(ming))) == ["done"]
    assert states(do(ADD, workspace, given, persons(ming, hong, hong))) == ["unchanged", "done", "done"]
    rows = MemberTag.objects.in_workspace(workspace).order_by("id").values_list("member", "source", "source_name")
    assert list(rows) == [(ming.pk, SOURCE, "老客回访"), (hong.pk, SOURCE, "老客回访")]
    said = {"tag_id": str(vip.pk), "tag": "VIP", "source": SOURCE}
    assert told("tag_added") == [("tag_added", TOLD_BY, said)] * 2


def test_a_tag_is_removed_from_all_who_were_merged(workspace: Workspace) -> None:
    ming, other, hong = people(workspace, "小明", "明二", "小红")
    vip = tag(workspace, "VIP")
    given = {"tag_id": str(vip.pk)}
    do(ADD, workspace, given, persons(other))
    merges.merge(workspace, actor=SYSTEM, kept_id=ming.pk, absorbed_id=other.pk)
    subscribers.drain()
    assert states(do(REMOVE, workspace, given, persons(ming, hong))) == ["done", "unchanged"]
    assert not MemberTag.objects.in_workspace(workspace).exists()
    assert told("tag_removed") == [("tag_removed", TOLD_BY, {"tag_id": str(vip.pk), "tag": "VIP", "source": SOURCE})]


def test_a_tag_that_follows_a_segment_or_is_gone(workspace: Workspace, other_workspace: Workspace) -> None:
    (ming,) = people(workspace, "小明")
    follows = tag(workspace, "会员", segment_id=segment(workspace, "会员").pk)
    vip = tag(workspace, "VIP")
    for action in (ADD, REMOVE):
        for workspace_id, tag_id in ((workspace.pk, follows.pk), (workspace.pk, uuid.UUID(int=1)), (other_workspace.pk, vip.pk)):
            with pytest.raises(Invalid) as caught:
                action.check(workspace_id, {"tag_id": str(tag_id)})
            assert caught.value.errors[0]["field"] == "tag_id"
    kept = ADD.check(workspace.pk, {"tag_id": str(vip.pk)})
    assert ADD.say(workspace.pk, kept) == ("打上标签「VIP」", "Add the tag “VIP”")
    assert ADD.causes(kept)[0].properties == {"tag_id": str(vip.pk)}
    vip.delete()
    assert states(ADD.plan(doer(workspace), kept, persons(ming)).outcomes) == ["tag_gone"]
    assert REMOVE.say(workspace.pk, kept)[0] == "去掉标签「（已删除）」"
    gone = {"tag_id": str(follows.pk)}
    assert states(REMOVE.plan(doer(workspace), gone, persons(ming)).outcomes) == ["tag_follows_segment"]


def test_a_segment_is_entered_and_left_and_what_follows_says_so_too(workspace: Workspace) -> None:
    ming, hong = people(workspace, "小明", "小红")
    made = segment(workspace, "活动名单")
    follows = tag(workspace, "报名", segment_id=made.pk)
    given = {"segment_id": str(made.pk)}
    assert states(do(ENTER, workspace, given, persons(ming, hong, ming))) == ["done", "done", "done"]
    assert states(do(ENTER, workspace, given, persons(ming))) == ["unchanged"]
    assert states(do(LEAVE, workspace, given, persons(ming))) == ["done"]
    assert states(do(LEAVE, workspace, given, persons(ming))) == ["unchanged"]
    assert list(SegmentMember.objects.in_workspace(workspace).values_list("member", flat=True)) == [hong.pk]
    day = SegmentDay.objects.in_workspace(workspace).get()
    assert (day.members, day.entered, day.left) == (1, 2, 1)
    said = {"segment_id": str(made.pk), "because": "automation"}
    assert told("segment_entered", "segment_left") == [
        ("segment_entered", TOLD_BY, said), ("segment_entered", TOLD_BY, said), ("segment_left", TOLD_BY, said)
    ]  # fmt: skip
    assert {source for _, source, _ in told("tag_added", "tag_removed")} == {TOLD_BY}
    assert list(MemberTag.objects.in_workspace(workspace).values_list("member", "tag")) == [(hong.pk, follows.pk)]


def test_only_a_static_segment_that_is_there(workspace: Workspace) -> None:
    (ming,) = people(workspace, "小明")
    live, made = segment(workspace, "活跃", kind="live"), segment(workspace, "名单")
    for wrong in (str(live.pk), str(uuid.UUID(int=1)), "x", ""):
        with pytest.raises(Invalid) as caught:
            ENTER.check(workspace.pk, {"segment_id": wrong})
        assert caught.value.errors[0]["field"] == "segment_id"
    kept = ENTER.check(workspace.pk, {"segment_id": str(made.pk)})
    assert ENTER.say(workspace.pk, kept) == ("放入分群「名单」", "Put them into the segment “名单”")
    plan = ENTER.plan(doer(workspace), kept, persons(ming))
    made.delete()
    plan.write()
    assert states(ENTER.plan(doer(workspace), kept, persons(ming)).outcomes) == ["segment_gone"]
    assert LEAVE.say(workspace.pk, kept)[0] == "移出分群「（已删除）」"
    assert not told("segment_entered")


def test_what_an_automation_does_is_no_sign_of_life(workspace: Workspace) -> None:
    (ming,) = people(workspace, "小明")
    long_ago = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    Member.objects.in_workspace(workspace).filter(pk=ming.pk).update(first_seen_at=long_ago, last_seen_at=long_ago)
    do(ADD, workspace, {"tag_id": str(tag(workspace, "VIP").pk)}, persons(ming))
    subscribers.drain()
    assert Member.objects.in_workspace(workspace).get().last_seen_at == long_ago
    assert acting.SOURCE.startswith("rule:")
