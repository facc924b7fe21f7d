"""Loading and removing the sample, measured in the warehouse and the records."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

import hutong.config.api  # noqa: F401  (installs the stream)
from hutong.communities.models import Community, Group
from hutong.events import queries
from hutong.events.warehouse.schema import TABLES
from hutong.foundation import clock
from hutong.foundation.jobs.models import Job
from hutong.members.actions import identities, merges
from hutong.members.models import AttributeValue, Identity, Member, Membership, Merge, OriginState, Participation
from hutong.sample import actions, tags
from hutong.sample.errors import SampleBusy, SampleMissing, SamplePresent
from hutong.sample.groups import COMMUNITY_NAME, GROUPS
from hutong.segments.actions import tags as member_tags
from hutong.segments.models import MemberTag, Tag, TagGroup
from hutong.workspaces import access
from hutong.workspaces.models import AuditEntry, Workspace
from tests import mirrors
from tests.conftest import Api

END = dt.date(2026, 11, 21)
TAGS_WORN = 2_342
FIRST = END - dt.timedelta(days=179)


def count(table: str, workspace: Workspace) -> int:
    return int(queries.rows(f"SELECT count() FROM {table} WHERE workspace_id = {{w:UUID}}", {"w": str(workspace.pk)})[0][0])


def one(sql: str, community: Community, **values: Any) -> Any:
    found = queries.rows(sql, {"w": str(community.workspace_id), "c": str(community.pk), **values})
    return found[0] if len(found[0]) > 1 else found[0][0]


OF = "WHERE workspace_id = {w:UUID} AND community_id = {c:UUID}"


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[Community]:
    """One sample for all tests that only look."""
    with django_db_blocker.unblock():
        workspace = Workspace.objects.create(name="示例工作区")
        yield actions.install(workspace, actor=access.SYSTEM, end_day=END)
        actions.remove(workspace, actor=access.SYSTEM)
        mirrors.check(workspace)
        Job.objects.all().delete()  # nobody works here
        workspace.delete()


@pytest.mark.django_db
def test_records_and_warehouse_agree(loaded: Community) -> None:
    """Counted anew from the events, the records say the same."""
    workspace = loaded.workspace
    mirrors.check(workspace)
    assert Member.objects.in_workspace(workspace).filter(is_sample=True).count() == 3000
    assert Member.objects.in_workspace(workspace).filter(is_bot=True).count() == 3
    assert list(Group.objects.in_workspace(workspace).filter(community=loaded).order_by("created_at", "id").values_list("name", "channel")) == [
        (plan.name, plan.channel) for plan in GROUPS
    ]
    events, distinct, first, last, history = one(
        f"SELECT count(), uniqExact(id), min(local_day), max(local_day), countIf(is_history) FROM events {OF}", loaded
    )
    assert (distinct, first, last, history) == (events, FIRST, END, events)
    assert 195_000 <= events <= 205_000

    told = {
        (str(member), str(group)): (joined, left)
        for member, group, joined, left in queries.rows(
            f"""SELECT member_id, group_id, minIf(occurred_at, name = 'member_joined'), maxIf(occurred_at, name = 'member_left')
            FROM events {OF} GROUP BY member_id, group_id HAVING countIf(name = 'member_joined') = 1""",
            {"w": str(workspace.pk), "c": str(loaded.pk)},
        )
    }
    kept: dict[tuple[str, str], list[tuple[dt.datetime, dt.datetime | None]]] = {}
    for stay in Membership.objects.in_workspace(workspace).filter(community=loaded):
        kept.setdefault((str(stay.member_id), str(stay.group_id)), []).append((stay.joined_at, stay.left_at))
        assert stay.last_in_at is not None
        assert stay.joined_at <= stay.last_in_at
        assert stay.left_at is None or stay.last_in_at <= stay.left_at
    assert len(told) > 3300
    for key, (joined, left) in told.items():
        ((kept_joined, kept_left),) = kept[key]
        assert (kept_joined, kept_left) == (joined, left if left.year > 1970 else None)

    by_member = {
        str(member): (first_seen, last_seen, messages)
        for member, first_seen, last_seen, messages in queries.rows(
            f"SELECT member_id, min(occurred_at), max(occurred_at), countIf(name = 'message_sent') FROM events {OF} GROUP BY member_id",
            {"w": str(workspace.pk), "c": str(loaded.pk)},
        )
    }
    assert len(by_member) == 3000
    for member in Member.objects.in_workspace(workspace).filter(is_sample=True):
        assert (member.first_seen_at, member.last_seen_at, member.messages) == by_member[str(member.pk)]
    for part in Participation.objects.in_workspace(workspace).filter(community=loaded):
        assert (part.first_seen_at, part.messages) == (by_member[str(part.member_id)][0], by_member[str(part.member_id)][2])
    present = one(
        "SELECT uniqExact(member_id) FROM memberships FINAL WHERE workspace_id = {w:UUID} AND community_id = {c:UUID} AND left_day = '2149-06-06'",
        loaded,
    )
    assert present == Participation.objects.in_workspace(workspace).filter(community=loaded, left_at=None).count()
    assert AuditEntry.objects.in_workspace(workspace).get(action="sample.load").details == {"members": 3000, "events": events}

    with pytest.raises(SamplePresent):
        actions.install(workspace, actor=access.SYSTEM)
    with actions._alone(), pytest.raises(SampleBusy):
        actions.remove(workspace, actor=access.SYSTEM)
    assert count("events", workspace) == events


@pytest.mark.django_db
def test_tags_in_two_groups(loaded: Community) -> None:
    held = Counter(MemberTag.objects.in_workspace(loaded.workspace).values_list("tag__group__name", "tag__name", "tag__is_sample"))
    assert {(group, name) for group, name, is_sample in held if is_sample} == {(plan.group, plan.name) for plan in tags.PLANS}
    assert sum(held.values()) == TAGS_WORN
    assert min(held.values()) >= 40


@pytest.mark.django_db
def test_the_two_campaigns(loaded: Community) -> None:
    """The map brings people who stay and lifts every day after; the giveaway brings a crowd that is gone within a week."""

    def joined(from_day: int, days: int) -> tuple[int, float]:
        """How many joined the community first in those days, and the share of them in any group 14 days after the last."""
        start, end = FIRST + dt.timedelta(days=from_day), FIRST + dt.timedelta(days=from_day + days)
        found, there = one(
            """SELECT count(), countIf(last_left > toDate({later:String})) FROM
            (SELECT member_id, min(joined_day) AS first, max(left_day) AS last_left FROM memberships FINAL
             WHERE workspace_id = {w:UUID} AND community_id = {c:UUID} GROUP BY member_id)
            WHERE first >= toDate({start:String}) AND first < toDate({end:String})""",
            loaded,
            start=str(start),
            end=str(end),
            later=str(end + dt.timedelta(days=14)),
        )
        return found, there / found

    def daily(from_day: int, days: int) -> float:
        """Mean of members active a day."""
        start, end = FIRST + dt.timedelta(days=from_day), FIRST + dt.timedelta(days=from_day + days)
        return float(
            one(
                f"""SELECT uniqExact(local_day, member_id) / {days} FROM member_days {OF}
                AND activities > 0 AND local_day >= toDate({{start:String}}) AND local_day < toDate({{end:String}})""",
                loaded,
                start=str(start),
                end=str(end),
            )
        )

    map_joined, map_stayed = joined(58, 6)
    giveaway_joined, giveaway_stayed = joined(118, 4)
    assert map_joined > 10 * joined(45, 6)[0]
    assert giveaway_joined > 700
    assert map_stayed > 0.8
    assert giveaway_stayed < 0.35
    assert daily(70, 28) > 1.5 * daily(28, 28)
    assert daily(140, 28) < 0.95 * daily(86, 28)


def test_removal_leaves_nothing_and_a_new_one_is_whole(workspace: Workspace) -> None:
    """A real member merged with a sample one is set free. The warehouse drops batches it has seen; a new sample's are new to it."""
    actions.install(workspace, actor=access.SYSTEM, end_day=END)
    events = count("events", workspace)
    real = identities.resolve(workspace.pk, [identities.Seen("wechat", "wxid_real", "真人", clock.now_ms())])["wechat", "wxid_real"]
    fictional = Member.objects.in_workspace(workspace).filter(is_sample=True, is_bot=False).order_by("id")[0]
    member_tags.put(workspace, actor=access.SYSTEM, member_id=real, tag_id=Tag.objects.in_workspace(workspace).get(name="手冲党").pk)
    merges.merge(workspace, actor=access.SYSTEM, kept_id=fictional.pk, absorbed_id=real)

    actions.remove(workspace, actor=access.SYSTEM)
    left = Member.objects.in_workspace(workspace).get()
    assert (left.pk, left.name, left.merged_into_id) == (real, "真人", None)
    assert Identity.objects.in_workspace(workspace).get().member_id == real
    assert list(Tag.objects.in_workspace(workspace).values_list("name", "group__name", "is_sample")) == [("手冲党", "口味", False)]
    assert list(MemberTag.objects.in_workspace(workspace).values_list("member_id", "source")) == [(real, "system")]
    Tag.objects.in_workspace(workspace).delete()
    TagGroup.objects.in_workspace(workspace).delete()
    for model in (Community, Group, Membership, Participation, AttributeValue, Merge, OriginState):
        assert model.objects.in_workspace(workspace).count() == 0, model
    assert {table: count(table, workspace) for table in TABLES} == dict.fromkeys(TABLES, 0)
    with pytest.raises(SampleMissing):
        actions.remove(workspace, actor=access.SYSTEM)

    actions.install(workspace, actor=access.SYSTEM, end_day=END)
    assert count("events", workspace) == events
    actions.remove(workspace, actor=access.SYSTEM)
    assert AuditEntry.objects.in_workspace(workspace).filter(action__startswith="sample.").count() == 4


def test_a_load_that_was_killed_is_made_anew(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after the events and before the records: the next load starts from nothing."""

    class Killed(BaseException):
        pass

    def die(*args: object, **kwargs: object) -> None:
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(actions.records, "write", die)
        actions.install(workspace, actor=access.SYSTEM, end_day=END)
    half = count("events", workspace)
    assert half > 0
    actions.install(workspace, actor=access.SYSTEM, end_day=END)
    assert count("events", workspace) == half
    assert Community.objects.in_workspace(workspace).count() == 1
    actions.remove(workspace, actor=access.SYSTEM)


def test_a_community_of_that_name_is_left_alone(workspace: Workspace) -> None:
    assert actions._free_name(workspace) == COMMUNITY_NAME
    Community.objects.create(workspace=workspace, name=COMMUNITY_NAME)
    assert actions._free_name(workspace) == f"{COMMUNITY_NAME}（示例 2）"


def test_over_http(api: Api, other_api: Api) -> None:
    assert api.get("/sample").json() == {
        "is_loaded": False, "community_id": None, "community_name": "", "members": 0, "events": 0, "first_day": None, "last_day": None,
    }  # fmt: skip
    made = api.post("/sample")
    assert made.status_code == 201
    body = made.json()
    assert (body["is_loaded"], body["community_name"], body["members"]) == (True, COMMUNITY_NAME, 3000)
    assert (dt.date.fromisoformat(body["last_day"]) - dt.date.fromisoformat(body["first_day"])).days == 179
    assert api.get("/sample").json() == body
    again = api.post("/sample")
    assert (again.status_code, again.json()["code"]) == (409, "sample_present")
    assert other_api.get("/sample").json()["is_loaded"] is False
    assert (other_api.delete("/sample").status_code, other_api.delete("/sample").json()["code"]) == (404, "sample_missing")
    assert api.delete("/sample").status_code == 204
    assert api.get("/sample").json()["is_loaded"] is False
