"""Who answered a broadcast: in a private chat within three days, in a group by quoting it; each person once, nobody else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from hutong.broadcasts import answers, work
from hutong.broadcasts.actions import runs
from hutong.broadcasts.models import Reaction, Run
from hutong.channels import outbox
from hutong.channels.actions import inbound
from hutong.channels.contract import Chat, Person
from hutong.channels.models import Account, SentMessage
from hutong.channels.models import Chat as ChatRow
from hutong.communities.models import Community, Group
from hutong.events import responders
from hutong.events.models import LogEntry
from hutong.members.models import Member
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace
from tests.broadcasts.making import begin, people, segment, to_segment
from tests.channels.pretend import ME, World, message
from tests.conftest import Api

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 2, 4, tzinfo=dt.UTC)


def private(user: str) -> Chat:
    return Chat(id=user, kind="dm")


def hear(account: Account, *events: Any) -> None:
    inbound.receive(account, events)
    while responders.respond(answers.RESPONDER):
        pass


def sent(workspace: Workspace, members: list[Member], account: Account) -> Run:
    run = begin(workspace, to_segment(workspace, segment(workspace, members), [account]))
    work.perform(run.pk)
    outbox.drain()
    runs.mind()
    return run


def replied(run: Run) -> list[Any]:
    return sorted(Reaction.objects.in_workspace(run.workspace_id).filter(run=run, kind="replied").values_list("send__chat_ref", "at"))


def test_the_first_message_in_the_private_chat_counts_once(api: Api, workspace: Workspace, world: World, account: Account) -> None:
    with time_machine.travel(NOW, tick=False) as traveller:
        run = sent(workspace, people(workspace, 3), account)
        traveller.shift(dt.timedelta(hours=71))
        first = NOW + dt.timedelta(hours=71)
        hear(account, message("好的", 1, chat=private("u0"), who="u0"), message("几点？", 2, chat=private("u0"), who="u0"))
        traveller.shift(dt.timedelta(hours=2))
        hear(account, message("晚了", 3, chat=private("u1"), who="u1"))
        hear(account, message("晚了", 3, chat=private("u1"), who="u1"))
    assert replied(run) == [("u0", first)]
    run.refresh_from_db()
    assert run.replied == 1
    assert LogEntry.objects.filter(name="broadcast_replied").count() == 1
    shown = api.get(f"/broadcasts/{run.broadcast_id}/runs/{run.pk}/recipients", show="replied").json()["items"]
    assert [(one["name"], one["account_name"], one["replied_at"], one["replies"]) for one in shown] == [("小明", "小助手", "2026-11-05T03:00:00Z", 1)]
    rows = api.get(f"/broadcasts/{run.broadcast_id}/runs/{run.pk}/recipients").json()["items"]
    assert [(one["name"], one["state"], one["replies"]) for one in rows] == [("小明", "sent", 1), ("小明", "sent", 0), ("成员2", "sent", 0)]


def test_what_no_person_wrote_or_elsewhere_or_before_is_no_answer(workspace: Workspace, world: World, account: Account) -> None:
    members = people(workspace, 5)
    with time_machine.travel(NOW, tick=False) as traveller:
        hear(account, message("早", 1, chat=private("u0"), who="u0"))
        traveller.shift(dt.timedelta(minutes=1))
        run = sent(workspace, members, account)
        traveller.shift(dt.timedelta(minutes=1))
        hear(
            account,
            message("自动回复", 2, chat=private("u1"), who="u1", is_automatic=True),
            message("我是机器人", 3, chat=private("u2"), actor=Person(id="u2", name="机器", is_bot=True)),
            message("我们自己", 4, chat=private("u3"), actor=Person(id=ME, name="小助手", is_self=True)),
            message("别处", 5, chat=private("u9"), who="u9"),
        )
    assert replied(run) == []
    run.refresh_from_db()
    assert run.replied == 0


def test_the_latest_broadcast_before_it_is_answered_unless_it_quotes_another(workspace: Workspace, world: World, account: Account) -> None:
    members = people(workspace, 2)
    with time_machine.travel(NOW, tick=False) as traveller:
        early = sent(workspace, members, account)
        traveller.shift(dt.timedelta(hours=1))
        late = sent_again(workspace, members, account, early)
        traveller.shift(dt.timedelta(hours=1))
        quoted = SentMessage.objects.in_workspace(workspace).filter(chat_ref="u1").order_by("at").values_list("message_id", flat=True)[0]
        hear(account, message("好", 1, chat=private("u0"), who="u0"), message("这个", 2, chat=private("u1"), who="u1", reply_to=quoted))
    assert [ref for ref, _ in replied(late)] == ["u0"]
    assert [ref for ref, _ in replied(early)] == ["u1"]


def sent_again(workspace: Workspace, members: list[Member], account: Account, before: Run) -> Run:
    draft = to_segment(workspace, segment(workspace, members), [account])
    runs.schedule(workspace, actor=SYSTEM, broadcast_id=draft.pk, version=draft.version, recipients=None)
    run = Run.objects.in_workspace(workspace).exclude(pk=before.pk).get()
    work.perform(run.pk)
    outbox.drain()
    runs.mind()
    return run


def test_in_a_group_only_who_quotes_it_has_answered(api: Api, workspace: Workspace, world: World, account: Account) -> None:
    place = Community.objects.create(workspace=workspace, name="社群")
    group = Group.objects.create(workspace=workspace, community=place, name="一群", channel="pretend", external_id="c1")
    ChatRow.objects.create(workspace=workspace, account=account, external_id="c1", kind="group", name="一群", group=group)
    draft = api.post("/broadcasts", {"name": "群里"}).json()
    body = {"version": 1, "name": "群里", "parts": [{"kind": "text", "text": "周五见"}], "timing": {"kind": "now"},
            "audience": {"kind": "groups", "groups": [str(group.pk)], "accounts": [str(account.pk)]}}  # fmt: skip
    version = api.put(f"/broadcasts/{draft['id']}", body).json()["version"]
    api.put(f"/broadcasts/{draft['id']}/schedule", {"version": version})
    run = Run.objects.in_workspace(workspace).get()
    work.perform(run.pk)
    outbox.drain()
    runs.mind()
    ours = SentMessage.objects.in_workspace(workspace).get().message_id
    hear(
        account,
        message("来", 1, who="a", name="甲", reply_to=ours),
        message("我也来", 2, who="b", name="乙", reply_to=ours),
        message("一起", 3, who="b", name="乙", reply_to=ours),
        message("说别的", 4, who="c", name="丙"),
        message("回甲", 5, who="d", name="丁", reply_to="m1"),
    )
    run.refresh_from_db()
    assert run.replied == 2
    (row,) = api.get(f"/broadcasts/{draft['id']}/runs/{run.pk}/recipients").json()["items"]
    assert (row["group"], row["state"], row["replies"]) == ("一群", "sent", 2)
    names = api.get(f"/broadcasts/{draft['id']}/runs/{run.pk}/recipients", show="replied").json()["items"]
    assert [(one["name"], one["group"]) for one in names] == [("甲", "一群"), ("乙", "一群")]
