"""Attributes, as automations change them; and by which clock members live."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from hutong.communities.models import Community
from hutong.events.models import LogEntry
from hutong.foundation.errors import Invalid
from hutong.members.acting import ACTIONS
from hutong.members.actions import attributes, merges, profiles
from hutong.members.models import AttributeValue, Member, Participation
from hutong.members.queries.clocks import zones_of
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace
from tests.acting import SOURCE, TOLD_BY, do, doer, persons, states

pytestmark = pytest.mark.django_db
(SET,) = ACTIONS


def member(workspace: Workspace, name: str, **values: Any) -> Member:
    return profiles.create(workspace, actor=SYSTEM, name=name, identities=[("irc", name)], given=values)


def define(workspace: Workspace, key: str, kind: str, **more: Any) -> None:
    attributes.define(workspace, actor=SYSTEM, key=key, name_zh=key, name_en=key, kind=kind, **more)


def values(workspace: Workspace, key: str) -> dict[str, Any]:
    rows = AttributeValue.objects.in_workspace(workspace).filter(attribute__key=key)
    return dict(rows.values_list("member__name", "value"))


def told() -> list[tuple[str, dict[str, Any]]]:
    rows = LogEntry.objects.filter(name="attributes_changed").order_by("seq")
    return [(one["source"], one["properties"]) for one in (msgspec.json.decode(bytes(row.body)) for row in rows)]


def test_a_value_is_set_where_it_is_another(workspace: Workspace) -> None:
    ming, hong = member(workspace, "小明", city="北京"), member(workspace, "小红")
    given = {"attribute": "city", "value": " 北京 "}
    assert states(do(SET, workspace, given, persons(ming, hong))) == ["unchanged", "done"]
    assert values(workspace, "city") == {"小明": "北京", "小红": "北京"}
    row = AttributeValue.objects.in_workspace(workspace).get(member=hong)
    assert (row.source, row.source_name) == (SOURCE, "老客回访")
    assert told() == [(TOLD_BY, {"keys": ["city"]})]


def test_a_standard_attribute_never_used_before(workspace: Workspace) -> None:
    assert states(do(SET, workspace, {"attribute": "gender", "value": "女"}, persons(member(workspace, "小红")))) == ["done"]
    assert values(workspace, "gender") == {"小红": "女"}


def test_a_member_in_merges_shows_what_was_set_and_nothing_once_cleared(workspace: Workspace) -> None:
    ming, other = member(workspace, "小明"), member(workspace, "明二", city="上海")
    merges.merge(workspace, actor=SYSTEM, kept_id=ming.pk, absorbed_id=other.pk)
    do(SET, workspace, {"attribute": "city", "value": "北京"}, persons(ming))
    assert values(workspace, "city") == {"小明": "北京"}
    assert states(do(SET, workspace, {"attribute": "city", "way": "clear"}, persons(ming))) == ["done"]
    assert values(workspace, "city") == {}
    assert states(do(SET, workspace, {"attribute": "city", "way": "clear"}, persons(ming))) == ["unchanged"]


def test_a_number_is_added_to_once_under_a_key(workspace: Workspace) -> None:
    define(workspace, "visits", "number")
    ming, hong, big = member(workspace, "小明", visits=2), member(workspace, "小红"), member(workspace, "大", visits=10**15)
    given = {"attribute": "visits", "way": "increase", "value": 3}
    people = [*persons(ming, key="a"), *persons(ming, key="b"), *persons(hong, big, key="a")]
    for _ in range(2):
        assert states(do(SET, workspace, given, people)) == ["done", "done", "done", "too_large"]
    assert values(workspace, "visits") == {"小明": 8, "小红": 3, "大": 10**15}
    assert len(told()) == 2


def test_what_was_added_meanwhile_is_kept(workspace: Workspace) -> None:
    define(workspace, "visits", "number")
    ming = member(workspace, "小明", visits=1)
    given = {"attribute": "visits", "way": "increase", "value": 1}
    plan = SET.plan(doer(workspace), given, persons(ming, key="later"))
    do(SET, workspace, {**given, "value": 5}, persons(ming, key="first"))
    with transaction.atomic():
        plan.write()
    assert values(workspace, "visits") == {"小明": 7}


@time_machine.travel(dt.datetime(2026, 11, 2, 20, 0, tzinfo=dt.UTC), tick=False)
def test_today_is_the_members_own(workspace: Workspace) -> None:
    define(workspace, "met_on", "date")
    ming, john = member(workspace, "小明"), member(workspace, "John", time_zone="America/New_York")
    assert states(do(SET, workspace, {"attribute": "met_on", "way": "now"}, persons(ming, john))) == ["done", "done"]
    assert values(workspace, "met_on") == {"小明": "2026-11-03", "John": "2026-11-02"}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "attribute"),
        ({"attribute": "nothing", "value": "x"}, "attribute"),
        ({"attribute": "city"}, "value"),
        ({"attribute": "city", "value": 3}, "value"),
        ({"attribute": "city", "way": "increase", "value": 1}, "way"),
        ({"attribute": "city", "way": "now"}, "way"),
        ({"attribute": "city", "way": "double"}, "way"),
        ({"attribute": "birthday", "value": "2026-02-30"}, "value"),
        ({"attribute": "size", "value": "XS"}, "value"),
        ({"attribute": "visits", "way": "increase", "value": "1"}, "value"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(workspace: Workspace, given: dict[str, Any], field: str) -> None:
    define(workspace, "visits", "number")
    define(workspace, "size", "text", options=["S", "M"])
    with pytest.raises(Invalid) as caught:
        SET.check(workspace.pk, given)
    assert [one["field"] for one in caught.value.errors] == [field]


def test_it_is_said_in_words_even_when_the_attribute_is_gone(workspace: Workspace) -> None:
    define(workspace, "visits", "number")

    def said(**given: Any) -> str:
        return SET.say(workspace.pk, SET.check(workspace.pk, given))[0]

    assert said(attribute="city", value="北京") == "把属性「城市」设为「北京」"
    assert said(attribute="city", way="clear") == "清除属性「城市」"
    assert said(attribute="visits", way="increase", value=2.0) == "属性「visits」加 2"
    assert said(attribute="visits", way="increase", value=-2) == "属性「visits」减 2"
    kept = SET.check(workspace.pk, {"attribute": "visits", "value": 1})
    attributes.remove(workspace, actor=SYSTEM, key="visits")
    assert SET.say(workspace.pk, kept)[0] == "把属性「（已删除）」设为「1」"
    assert states(SET.plan(doer(workspace), kept, persons(member(workspace, "小明"))).outcomes) == ["attribute_gone"]


def test_clocks_of_members_in_few_questions(workspace: Workspace, community: Community) -> None:
    Community.objects.in_workspace(workspace).filter(pk=community.pk).update(time_zone="Asia/Tokyo")
    london = Community.objects.create(workspace=workspace, name="London", time_zone="Europe/London")
    own, odd, active, joined, nowhere = (
        member(workspace, "own", time_zone="America/New_York"), member(workspace, "odd", time_zone="Mars"), member(workspace, "active"),
        member(workspace, "joined"), member(workspace, "nowhere"),
    )  # fmt: skip
    now = dt.datetime(2026, 11, 2, tzinfo=dt.UTC)

    def part(one: Member, there: Community, at: dt.datetime | None) -> None:
        Participation.objects.create(workspace=workspace, community=there, member=one, first_seen_at=now, last_active_at=at)

    part(own, london, now)
    part(odd, community, now)
    part(active, community, now - dt.timedelta(days=1))
    part(active, london, now)
    part(joined, london, None)
    everybody = [own.pk, odd.pk, active.pk, joined.pk, nowhere.pk]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = zones_of(workspace.pk, everybody)
    assert [found[one] for one in everybody] == ["America/New_York", "Asia/Tokyo", "Europe/London", "Europe/London", workspace.time_zone]
    assert len(asked) == 5
    assert zones_of(workspace.pk, []) == {}
