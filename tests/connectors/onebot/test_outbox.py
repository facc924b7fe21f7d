"""QQ takes no key of ours: a message whose answer was lost ends as unknown, and is never sent twice."""

from __future__ import annotations

from typing import Any

import pytest

from hutong.channels import connections, outbox
from hutong.channels.actions import inbound, sends
from hutong.channels.actions.sends import Order
from hutong.channels.contract import Chat, Inbound, Message, Person, Text
from hutong.channels.models import Account, InboundReceipt, Send
from hutong.channels.models import Chat as ChatRow
from hutong.communities.models import Community, Group
from hutong.connectors.onebot import calls
from hutong.foundation import clock
from tests.conftest import Api
from tests.connectors.onebot.server import forward
from tests.connectors.onebot.world import GROUP, TIMED_OUT, World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("what", ["no answer", "NapCat timed out"])
def test_in_doubt_is_unknown_and_not_sent_again(api: Api, settings: Any, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    settings.EGRESS_LOOPBACK = True
    monkeypatch.setattr(calls, "ANSWER_SECONDS_MAX", 0.3)
    world = World()
    with forward(world) as url:
        made = api.post("/channels/accounts", {"platform": "onebot", "name": "QQ", "settings": {"url": url, "access_token": world.token}}).json()
        account = Account.objects.in_workspace(api.workspace).get(pk=made["id"])
        assert (account.self_id, account.channel) == (str(world.me), "qq")
        if what == "no answer":
            world.is_mute = True
        else:
            world.faults.append(TIMED_OUT)
        order = Order(key="k", account_id=account.pk, chat=Chat(str(GROUP)), segments=(Text("早"),))
        for _ in range(3):
            sends.send(api.workspace.pk, order)
            outbox.drain()
    one = Send.objects.in_workspace(api.workspace).get()
    assert (one.state, one.reason, one.attempts) == ("unknown", "in_doubt", 1)
    assert len([action for action, _ in world.asked if action == "send_group_msg"]) == 1
    connections.forget_all()


def test_a_group_and_a_person_of_the_same_number_are_two_chats(api: Api, settings: Any) -> None:
    settings.EGRESS_LOOPBACK = True
    world = World()
    with forward(world) as url:
        made = api.post("/channels/accounts", {"platform": "onebot", "name": "QQ", "settings": {"url": url, "access_token": world.token}}).json()
        account = Account.objects.in_workspace(api.workspace).get(pk=made["id"])
        number = str(GROUP)
        community = Community.objects.create(workspace=api.workspace, name="读书会")
        group = Group.objects.create(workspace=api.workspace, community=community, name="一群", channel="qq", external_id=number)

        def said(kind: Any, key: str) -> Inbound:
            who = Person(id=number, name="群主")
            return Inbound(
                type="message.new",
                dedupe_key=key,
                occurred_at_ms=clock.now_ms(),
                chat=Chat(number, kind),
                actor=who,
                message=Message(id=key, text=key),
            )

        assert inbound.receive(account, [said("group", "g1"), said("dm", "d1"), said("group", "g2")]) == 3
        inbound.receive(account, [said("dm", "d2")])
        rows = ChatRow.objects.in_workspace(api.workspace).order_by("kind")
        assert list(rows.values_list("external_id", "kind", "group_id")) == [(number, "dm", None), (number, "group", group.pk)]
        receipts = InboundReceipt.objects.in_workspace(api.workspace).order_by("message_id")
        assert list(receipts.values_list("message_id", "chat__kind")) == [("d1", "dm"), ("d2", "dm"), ("g1", "group"), ("g2", "group")]
        sends.send(api.workspace.pk, Order(key="to-group", account_id=account.pk, chat=Chat(number), segments=(Text("群"),)))
        sends.send(api.workspace.pk, Order(key="to-person", account_id=account.pk, chat=Chat(number, "dm"), segments=(Text("人"),), user_ref=number))
        assert list(Send.objects.in_workspace(api.workspace).order_by("id").values_list("key", "group_id")) == [
            ("to-group", group.pk),
            ("to-person", None),
        ]
    connections.forget_all()
