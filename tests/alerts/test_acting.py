"""What automations tell the staff: one alert for each of them and each member, which stays until somebody ends it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest

from hutong.alerts import watching
from hutong.alerts.acting import ACTIONS
from hutong.alerts.actions import telling
from hutong.alerts.models import Alert, Subscription
from hutong.channels.models import Account, Send
from hutong.communities.models import Group
from hutong.events.models import LogEntry
from hutong.foundation.acting import Occasion
from hutong.foundation.errors import Invalid
from hutong.members.models import Member
from hutong.workspaces.models import User, Workspace
from tests.acting import TOLD_BY, do, persons, states
from tests.alerts.conftest import NOW
from tests.conftest import Api

pytestmark = pytest.mark.django_db
(NOTIFY,) = ACTIONS
GIVEN = {"text": "{{name}}投诉了：{{event.text|（没有说）}}"}


@pytest.fixture
def ming(workspace: Workspace) -> Member:
    return Member.objects.create(workspace=workspace, name="小明", first_seen_at=NOW, last_seen_at=NOW)


def test_it_is_told_as_other_alerts_are(workspace: Workspace, account: Account, group: Group, ming: Member) -> None:
    Subscription.objects.create(workspace=workspace, account=account, chat_ref="team", chat_kind="group", chat_name="运营群")
    elsewhere = [str(workspace.pk)]
    Subscription.objects.create(workspace=workspace, account=account, chat_ref="other", chat_kind="group", community_ids=elsewhere)
    happened = Occasion(
        event="message_sent", event_id="e1", occurred_at=NOW.timestamp(), group_id=group.pk, community_id=group.community_id, text="太慢了"
    )  # fmt: skip
    assert states(do(NOTIFY, workspace, GIVEN, persons(ming, ming, occasion=happened))) == ["done", "unchanged"]
    assert states(do(NOTIFY, workspace, GIVEN, persons(ming, key="again"))) == ["unchanged"]
    telling.tell_due()
    sent = Send.objects.in_workspace(workspace).get()
    assert (sent.chat_ref, sent.excerpt) == ("team", "「老客回访」小明：小明投诉了：太慢了")
    alert = Alert.objects.in_workspace(workspace).get()
    assert (alert.kind, alert.state, alert.group_id, alert.community_id) == ("automation", "open", group.pk, group.community_id)
    assert alert.facts["items"] == [{"member_id": str(ming.pk), "name": "小明", "text": "太慢了", "at": NOW.isoformat(), "event_id": "e1"}]
    (fact,) = [msgspec.json.decode(bytes(row.body)) for row in LogEntry.objects.filter(name="alert_raised")]
    assert fact["source"] == TOLD_BY


def test_it_ends_when_somebody_says_so_and_may_come_again(workspace: Workspace, api: Api, ming: Member) -> None:
    do(NOTIFY, workspace, GIVEN, persons(ming))
    watching.look()
    alert = Alert.objects.in_workspace(workspace).get()
    assert alert.state == "open"
    answer = api.put(f"/alerts/{alert.pk}/resolution")
    assert answer.status_code == 200, answer.content
    said = answer.json()
    assert (said["state"], said["seen_by"], said["zh"]) == ("resolved", "test", "「老客回访」小明：小明投诉了：（没有说）")
    assert api.put(f"/alerts/{alert.pk}/resolution").status_code == 409
    assert states(do(NOTIFY, workspace, GIVEN, persons(ming, key="b"))) == ["done"]
    assert sorted(Alert.objects.in_workspace(workspace).values_list("state", flat=True)) == ["open", "resolved"]


def test_put_off_it_comes_back(workspace: Workspace, api: Api, ming: Member, frozen: Any) -> None:
    do(NOTIFY, workspace, GIVEN, persons(ming))
    alert = Alert.objects.in_workspace(workspace).get()
    assert api.put(f"/alerts/{alert.pk}/snooze", {"until": (NOW + dt.timedelta(hours=1)).isoformat()}).status_code == 200
    watching.look()
    alert.refresh_from_db()
    assert alert.state == "snoozed"
    frozen.move_to(NOW + dt.timedelta(hours=1, minutes=1))
    watching.look()
    alert.refresh_from_db()
    assert (alert.state, alert.told_at) == ("open", NOW + dt.timedelta(hours=1, minutes=1))


def test_what_ends_by_itself_is_not_ended_by_people(workspace: Workspace, api: Api) -> None:
    alert = Alert.objects.create(workspace=workspace, kind="quiet", cause="quiet:1", facts={"messages": 1, "usual": 40.0})
    answer = api.put(f"/alerts/{alert.pk}/resolution")
    assert (answer.status_code, answer.json()["code"]) == (409, "alert_ends_by_itself")
    alert.refresh_from_db()
    assert (alert.state, alert.resolved_at) == ("open", None)


def test_one_of_the_staff_alone(workspace: Workspace, account: Account, owner: User, ming: Member) -> None:
    Subscription.objects.create(workspace=workspace, account=account, chat_ref="team", chat_kind="group", chat_name="运营群")
    Subscription.objects.create(workspace=workspace, account=account, chat_ref="wang", chat_kind="dm", user=owner)
    given = {**GIVEN, "to": str(owner.pk)}
    assert NOTIFY.say(workspace.pk, NOTIFY.check(workspace.pk, given))[0] == "提醒 王芳「{{name}}投诉了：{{event.text|（没有说）}}」"
    do(NOTIFY, workspace, given, persons(ming))
    telling.tell_due()
    assert list(Send.objects.in_workspace(workspace).values_list("chat_ref", flat=True)) == ["wang"]


def test_it_does_not_make_others_wait_longer(workspace: Workspace, group: Group, ming: Member) -> None:
    from hutong.alerts.actions import raising

    for number in range(3):
        one = Member.objects.create(workspace=workspace, name=str(number), first_seen_at=NOW, last_seen_at=NOW)
        do(NOTIFY, workspace, GIVEN, persons(one, occasion=Occasion(event="x", group_id=group.pk)))
    recent, _ = raising._past(workspace.pk, [raising.Finding(kind="question", group=group, facts={})], NOW + dt.timedelta(minutes=1))
    assert recent == {}


@pytest.mark.parametrize(
    ("given", "field"), [({}, "text"), ({"text": "{{x}}"}, "text"), ({"text": "好", "to": "x"}, "to"), ({"text": "x" * 501}, "text")]
)
def test_what_is_wrong_is_said_at_its_field(workspace: Workspace, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        NOTIFY.check(workspace.pk, given)
    assert [one["field"] for one in caught.value.errors] == [field]
