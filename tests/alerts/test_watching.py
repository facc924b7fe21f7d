"""The look that is taken every minute: talk that is out of the usual, accounts that are down, one alert for each cause."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import msgspec
import pytest

from hutong.alerts import watching
from hutong.alerts.actions import raising
from hutong.alerts.actions.raising import Finding
from hutong.alerts.models import Alert, AlertRules
from hutong.alerts.talk import Talk, talk
from hutong.channels.models import Account, AccountHealth, Send
from hutong.communities.models import Community, Group
from hutong.events.warehouse import engine
from hutong.foundation import clock, ids, stream
from hutong.foundation.stream import Fact
from hutong.workspaces.models import Workspace
from tests.alerts.conftest import NOW, look

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def fill(group: Group, counts: dict[dt.datetime, int]) -> None:
    """So many messages in the local hour of each moment."""
    rows = []
    for moment, messages in counts.items():
        local = moment.astimezone(clock.zone(group.community.time_zone))
        place = {"workspace_id": str(group.workspace_id), "community_id": str(group.community_id), "group_id": str(group.pk), "channel": "qq"}
        rows.append(msgspec.json.encode(place | {"local_day": local.date(), "local_hour": local.hour, "messages": messages}))
    engine.insert("group_hours", rows, token=str(ids.new()))


def steady(group: Group, *, weeks: int = 9, per_hour: int = 10, until: dt.datetime = NOW) -> None:
    """So many messages every hour, up to that moment."""
    fill(group, {until - hours * HOUR: per_hour for hours in range(1, weeks * 168)})


def kinds(workspace: Workspace) -> list[tuple[str, str]]:
    return look(workspace)


def test_counts_are_those_of_the_same_hours_in_past_weeks(workspace: Workspace, group: Group) -> None:
    dice = random.Random(3)
    counts = {NOW - hours * HOUR: dice.randrange(0, 9) for hours in range(10 * 168) if dice.random() < 0.6}
    fill(group, counts)
    begun = min(counts).astimezone(clock.zone("Asia/Shanghai")).date()
    assert begun < (NOW - dt.timedelta(weeks=9)).date()
    found = talk(workspace.pk, communities=[group.community_id], zone="Asia/Shanghai")

    def day(week: int) -> int:
        return sum(counts.get(NOW - (week * 168 + hours) * HOUR, 0) for hours in range(1, 25))

    assert found == {
        group.pk: Talk(
            counts.get(NOW, 0),
            day(0),
            tuple(counts.get(NOW - week * 168 * HOUR, 0) for week in range(1, 9)),
            tuple(day(week) for week in range(1, 9)),
        )
    }


def test_a_quiet_group_is_told_of_once_and_the_alert_ends_when_talk_is_back(frozen: Any, workspace: Workspace, group: Group) -> None:
    steady(group, until=NOW - 23 * HOUR)
    assert kinds(workspace) == [("quiet", "open")]
    alert = Alert.objects.in_workspace(workspace).get()
    assert (alert.facts, alert.cause, alert.raised_at) == ({"messages": 10, "usual": 240.0}, f"quiet:{group.pk}", NOW)
    assert kinds(workspace) == [("quiet", "open")]
    fill(group, {NOW: 300})
    frozen.shift(HOUR)
    assert kinds(workspace) == [("quiet", "resolved")]
    assert Alert.objects.in_workspace(workspace).get().resolved_at == NOW + HOUR


def test_a_spike_is_seen_within_its_hour(workspace: Workspace, group: Group) -> None:
    steady(group)
    fill(group, {NOW: 70})
    assert kinds(workspace) == []
    fill(group, {NOW: 30})
    assert kinds(workspace) == [("spike", "open")]
    assert Alert.objects.in_workspace(workspace).get().facts == {"messages": 100, "usual": 10.0}


def test_a_young_group_has_nothing_usual(workspace: Workspace, group: Group) -> None:
    steady(group, weeks=3, until=NOW - 30 * HOUR)
    assert kinds(workspace) == []


def test_sensitivity_kinds_and_muted_groups(workspace: Workspace, group: Group) -> None:
    steady(group, per_hour=1)
    rules = AlertRules.objects.create(workspace=workspace, community=group.community, kinds=["quiet", "spike"])
    fill(group, {NOW: 45})
    assert kinds(workspace) == []
    rules.sensitivity = "high"
    rules.save()
    assert kinds(workspace) == [("spike", "open")]
    rules.muted_group_ids = [str(group.pk)]
    rules.save()
    assert kinds(workspace) == [("spike", "resolved")]


def test_the_sample_and_what_is_archived_are_not_looked_at(workspace: Workspace, group: Group) -> None:
    steady(group, until=NOW - 30 * HOUR)
    Community.objects.in_workspace(workspace).update(is_sample=True)
    assert kinds(workspace) == []
    Community.objects.in_workspace(workspace).update(is_sample=False)
    Group.objects.in_workspace(workspace).update(archived_at=NOW)
    assert kinds(workspace) == []


def test_the_same_cause_rests_for_three_days(frozen: Any, workspace: Workspace, group: Group) -> None:
    steady(group)
    fill(group, {NOW: 200, NOW + 24 * HOUR: 200, NOW + 73 * HOUR: 200})
    fill(group, {NOW + hours * HOUR: 10 for hours in range(1, 80)})
    assert kinds(workspace) == [("spike", "open")]
    for hours, expected in ((1, ["resolved"]), (24, ["resolved"]), (73, ["resolved", "open"])):
        frozen.move_to(NOW + hours * HOUR)
        assert [state for _, state in kinds(workspace)] == expected, hours


def test_the_stream_says_that_an_alert_was_raised(workspace: Workspace, group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    record = stream._record
    assert record is not None
    monkeypatch.setattr(stream, "_record", lambda entries: (told.extend(entries), record(entries))[1])
    steady(group, until=NOW - 30 * HOUR)
    kinds(workspace)
    alert = Alert.objects.in_workspace(workspace).get()
    (fact,) = [one for one in told if isinstance(one, Fact)]
    assert (fact.name, fact.member_id, fact.group_id, fact.properties) == (
        "alert_raised",
        None,
        group.pk,
        {"alert_id": str(alert.pk), "kind": "quiet"},
    )


def test_an_account_that_needs_a_person_and_one_that_is_down(frozen: Any, workspace: Workspace, account: Account) -> None:
    assert kinds(workspace) == []
    frozen.shift(dt.timedelta(minutes=9))
    assert kinds(workspace) == []
    frozen.shift(dt.timedelta(minutes=1))
    assert kinds(workspace) == [("connector", "open")]
    AccountHealth.objects.in_workspace(workspace).update(connected_at=clock.now())
    assert kinds(workspace) == [("connector", "resolved")]
    frozen.shift(dt.timedelta(hours=2))
    Account.objects.in_workspace(workspace).update(state="needs_reconnect", problem_zh="令牌过期。", problem_en="The token expired.")
    assert kinds(workspace) == [("connector", "resolved"), ("connector", "open")]
    assert Alert.objects.in_workspace(workspace).get(state="open").facts == {"zh": "令牌过期。", "en": "The token expired."}
    Account.objects.in_workspace(workspace).update(state="paused")
    assert [state for _, state in kinds(workspace)] == ["resolved", "resolved"]


def test_messages_that_did_not_go(frozen: Any, workspace: Workspace, account: Account) -> None:
    AccountHealth.objects.in_workspace(workspace).update(connected_at=NOW)
    for number, state in enumerate(("failed", "expired", "sent")):
        Send.objects.create(
            workspace=workspace,
            key=str(number),
            account=account,
            chat_ref="c",
            chat_kind="group",
            body=b"{}",
            state=state,
            expires_at=NOW,
            finished_at=NOW,
        )
    assert kinds(workspace) == [("sends", "open")]
    assert Alert.objects.in_workspace(workspace).get().facts == {"messages": 2}
    frozen.shift(dt.timedelta(hours=24))
    assert kinds(workspace) == [("sends", "resolved")]


def test_one_workspace_that_fails_does_not_keep_the_others(
    workspace: Workspace, other_workspace: Workspace, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    Account.objects.in_workspace(workspace).update(state="needs_reconnect")
    really = watching.look_at

    def look_at(workspace_id: Any) -> None:
        if workspace_id == other_workspace.pk:
            raise ValueError("broken")
        really(workspace_id)

    monkeypatch.setattr(watching, "look_at", look_at)
    assert kinds(workspace) == [("connector", "open")]


def test_a_snooze_that_is_over_comes_back_while_the_cause_is_there(frozen: Any, workspace: Workspace, account: Account) -> None:
    Account.objects.in_workspace(workspace).update(state="needs_reconnect")
    kinds(workspace)
    Alert.objects.in_workspace(workspace).update(state="snoozed", snoozed_until=NOW + HOUR)
    assert kinds(workspace) == [("connector", "snoozed")]
    frozen.shift(HOUR)
    assert kinds(workspace) == [("connector", "open")]
    assert Alert.objects.in_workspace(workspace).values_list("told_at", "snoozed_until").get() == (NOW + HOUR, None)


def test_five_hundred_groups_at_once_take_no_more_statements_than_one(
    workspace: Workspace, community: Community, django_assert_max_num_queries: Any
) -> None:
    groups = Group.objects.bulk_create(
        Group(workspace=workspace, community=community, name=f"{n} 群", channel="qq", external_id=str(n)) for n in range(500)
    )
    findings = [Finding(kind="quiet", group=one, facts={"messages": 1, "usual": 40.0}) for one in groups]
    with django_assert_max_num_queries(40):
        raising.settle(workspace.pk, findings, looked_at=["quiet"])
    assert Alert.objects.in_workspace(workspace).filter(state="open", told_at=NOW).count() == 500
    Alert.objects.in_workspace(workspace).filter(group=groups[0]).update(state="snoozed", snoozed_until=NOW)
    later = [Finding(kind="quiet", group=one, facts={"messages": 2, "usual": 40.0}) for one in groups[:300]]
    with django_assert_max_num_queries(8):
        raising.settle(workspace.pk, later, looked_at=["quiet"])
    alerts = Alert.objects.in_workspace(workspace)
    assert alerts.filter(state="open", facts={"messages": 2, "usual": 40.0}, snoozed_until=None).count() == 300
    assert alerts.filter(state="resolved", facts={"messages": 1, "usual": 40.0}, resolved_at=NOW).count() == 200
