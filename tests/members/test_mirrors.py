"""What staff and data sources change about members is told, so that the warehouse says the same."""

from __future__ import annotations

import pytest

from hutong.events.warehouse import engine
from hutong.foundation import clock
from hutong.members.actions import attributes, identities, merges, profiles
from hutong.members.actions.identities import Seen
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace
from tests import mirrors

pytestmark = pytest.mark.django_db


def values(workspace: Workspace) -> list[tuple[object, ...]]:
    columns = "key, text, number, day, month_day, boolean, items"
    found = engine.rows(f"SELECT {columns} FROM member_values FINAL WHERE workspace_id = {{w:UUID}} ORDER BY key", {"w": str(workspace.pk)})
    return [tuple(row) for row in found]


def test_each_type_of_value(workspace: Workspace) -> None:
    for key, kind in (("size", "number"), ("since", "date"), ("vip", "boolean"), ("likes", "list")):
        attributes.define(workspace, actor=SYSTEM, key=key, name_zh=key, name_en=key, kind=kind)
    given = {"city": "北京", "birthday": "1990-05-17", "size": 41.5, "since": "2026-03-01", "vip": True, "likes": ["茶", "Tea"]}
    member = profiles.create(workspace, actor=SYSTEM, name="小满", identities=[("qq", "1"), ("irc", "xm")], given=given)
    mirrors.check(workspace)
    assert values(workspace) == [
        ("birthday", "", None, 726604, 517, None, []),
        ("city", "北京", None, None, None, None, []),
        ("likes", "", None, None, None, None, ["茶", "Tea"]),
        ("since", "", None, 739676, None, None, []),
        ("size", "", 41.5, None, None, None, []),
        ("vip", "", None, None, None, True, []),
    ]
    assert engine.rows("SELECT name, channels, is_bot FROM people FINAL WHERE workspace_id = {w:UUID}", {"w": str(workspace.pk)}) == [
        ("小满", ["irc", "qq"], False)
    ]
    attributes.set_value(workspace, actor=SYSTEM, member_id=member.pk, key="birthday", value="05-17")
    mirrors.check(workspace)
    assert values(workspace)[0] == ("birthday", "", None, None, 517, None, [])
    profiles.change(workspace, actor=SYSTEM, member_id=member.pk, name="满", is_bot=True)
    attributes.set_value(workspace, actor=SYSTEM, member_id=member.pk, key="city", value="上海")
    attributes.clear_value(workspace, actor=SYSTEM, member_id=member.pk, key="likes")
    attributes.remove(workspace, actor=SYSTEM, key="size")
    attributes.take_traits(workspace.pk, member_id=member.pk, traits={"vip": False, "city": "上海"}, source="tracker:1", source_name="")
    mirrors.check(workspace)
    assert [(row[0], row[1], row[5]) for row in values(workspace)] == [
        ("birthday", "", None), ("city", "上海", None), ("since", "", None), ("vip", "", False),
    ]  # fmt: skip


def test_merges_and_links(workspace: Workspace) -> None:
    one = profiles.create(workspace, actor=SYSTEM, name="一", identities=[("qq", "1")], given={"city": "北京"})
    two = profiles.create(workspace, actor=SYSTEM, name="二", identities=[("qq", "2")], given={"city": "天津", "company": "胡同"})
    done = merges.merge(workspace, actor=SYSTEM, kept_id=one.pk, absorbed_id=two.pk)
    mirrors.check(workspace)
    assert [row[:2] for row in values(workspace)] == [("city", "北京"), ("company", "胡同")]
    attributes.set_value(workspace, actor=SYSTEM, member_id=one.pk, key="company", value="大院")
    identities.link(workspace.pk, known=("qq", "1"), new=("irc", "yi"), at_ms=clock.now_ms())
    identities.recognise(workspace.pk, [Seen("qq", "2", "贰", clock.now_ms() + 1_000, is_bot=True)])
    mirrors.check(workspace)
    merges.undo(workspace, actor=SYSTEM, merge_id=done.pk)
    mirrors.check(workspace)


def test_an_earlier_sighting_moves_the_first_day(workspace: Workspace) -> None:
    now = clock.now_ms()
    identities.recognise(workspace.pk, [Seen("qq", "1", "一", now)])
    mirrors.check(workspace)
    identities.recognise(workspace.pk, [Seen("qq", "1", "一", now - 3 * 86_400_000)])
    mirrors.check(workspace)
