"""A mailbox at work in the product: connected, written to, answered, bounced, complained about, and never faster than it may."""

from __future__ import annotations

import threading
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
import time_machine

from hutong.channels import answering, connections, outbox
from hutong.channels.actions import inbound, sends
from hutong.channels.actions.sends import Order
from hutong.channels.contract import Chat, Text
from hutong.channels.models import Account, AccountHealth, OptOut, Send
from hutong.channels.models import Chat as ChatRow
from hutong.connectors.email import marks
from hutong.events.models import LogEntry
from hutong.events.responders import Happening
from hutong.foundation import clock
from hutong.members.models import Identity
from hutong.workspaces.models import Workspace
from tests.conftest import Api
from tests.connectors.email import far as fars
from tests.connectors.email.peer import EmailPeer, mail, said
from tests.connectors.email.test_reading import FIXTURES, OURS

pytestmark = pytest.mark.django_db
SECONDS_MAX = 20
NOON = clock.now().replace(hour=4)  # of today in Shanghai: marketing waits at night


@pytest.fixture
def account(api: Api, peer: EmailPeer) -> Any:
    answer = api.post("/channels/accounts", {"platform": "email", "name": "杂货铺邮箱", "settings": {**peer.settings, "hourly": 3}})
    assert answer.status_code == 201, answer.json()
    found = Account.objects.across_workspaces().get(pk=answer.json()["id"])
    hear(found, 0)
    yield found
    connections.forget_all()


def hear(account: Account, count: int) -> None:
    """Listen as the gateway does, until so many events were taken."""
    stopping = threading.Event()
    taken, until = 0, time.monotonic() + SECONDS_MAX
    rows = AccountHealth.objects.across_workspaces().filter(account=account)
    for batch in connections.of(account).listen(rows.values_list("cursor", flat=True).get(), stopping):
        taken += inbound.receive(account, batch.events, cursor=batch.cursor)
        if taken >= count:
            stopping.set()
        assert time.monotonic() < until


def happenings() -> list[Happening]:
    rows = LogEntry.objects.filter(name="message_sent").order_by("seq").values_list("body", flat=True)
    return [msgspec.json.decode(bytes(body), type=Happening) for body in rows]


def order(account: Account, to: str, *, key: str = "k-1", **values: Any) -> Order:
    return Order(key=key, account_id=account.pk, chat=Chat(to, "dm"), segments=(Text("十点开门"),), user_ref=to, **values)


def test_a_talk_by_mail(api: Api, peer: EmailPeer, account: Account, workspace: Workspace) -> None:
    peer.deliver(mail("几点开门？", sender=f"小红 <{peer.alice}>", to=peer.bot, subject="问一下", message_id="<q1@friends.test>"))
    hear(account, 1)
    chat = ChatRow.objects.in_workspace(workspace).get()
    assert (chat.external_id, chat.kind, chat.name) == (peer.alice, "dm", "小红")
    assert Identity.objects.in_workspace(workspace).values_list("channel", "external_id", "name").get(channel="email") == (
        "email",
        peer.alice,
        "小红",
    )
    (heard,) = answering.heard(happenings())
    assert (heard.event.text, heard.event.properties["subject"], heard.event.properties["thread"]) == ("几点开门？", "问一下", "q1@friends.test")
    answer = answering.answer(heard, key="answer", segments=[Text("十点")], quotes=True)
    assert (answer.subject, answer.thread) == ("Re: 问一下", "q1@friends.test")
    sends.send(workspace.pk, answer)
    outbox.drain()
    (got,) = peer.mails()
    assert (said(got), got["Subject"], got["In-Reply-To"], got["References"]) == ("十点", "Re: 问一下", "<q1@friends.test>", "<q1@friends.test>")

    ours = str(got["Message-ID"])
    peer.deliver(
        mail("谢谢\n\n> 十点", sender=peer.alice, to=peer.bot, subject="Re: 问一下", In_Reply_To=ours, References=f"<q1@friends.test> {ours}")
    )
    peer.deliver(mail("我在休假", sender=peer.alice, to=peer.bot, subject="自动回复: 问一下", Auto_Submitted="auto-replied"))
    hear(account, 2)
    thanks, absent = happenings()[1:]
    assert (thanks.text, thanks.properties["thread"], thanks.properties["reply_to"]) == ("谢谢", "q1@friends.test", ours[1:-1])
    assert absent.properties["automatic"] is True
    assert [one.event.text for one in answering.heard([thanks, absent])] == ["谢谢"]
    assert answering.heard([thanks])[0].subject == "Re: 问一下"
    assert not Identity.objects.in_workspace(workspace).filter(channel="email", member__is_bot=True, external_id=peer.alice).exists()


def test_a_text_from_the_console_has_a_subject(api: Api, peer: EmailPeer, account: Account, workspace: Workspace) -> None:
    made = api.post(f"/channels/accounts/{account.pk}/chats", {"external_id": peer.alice, "name": "小红", "kind": "dm"}).json()
    given = {"account_id": str(account.pk), "chat_id": made["id"], "text": "明天十点\n老地方见", "key": "k1"}
    assert api.post("/channels/sends", {**given, "subject": " 集市 "}).status_code == 201
    assert api.post("/channels/sends", {**given, "key": "k2"}).status_code == 201
    assert api.post("/channels/sends", {**given, "key": "k3", "subject": "两\n行"}).json()["errors"][0]["field"] == "subject"
    outbox.drain()
    assert [one["Subject"] for one in peer.mails()] == ["集市", "明天十点"]
    assert set(Send.objects.in_workspace(workspace).values_list("state", flat=True)) == {"sent"}


def test_what_another_server_refuses_comes_back_as_a_bounce(peer: EmailPeer, account: Account, workspace: Workspace) -> None:
    with fars.listening(peer.server.far) as far:
        far.meet("RCPT", "550 5.1.1 No such user", "552 5.2.2 Mailbox full")
        sends.send(workspace.pk, order(account, "nobody@friends.test"))
        outbox.drain()
        assert Send.objects.in_workspace(workspace).get().state == "sent"  # our own server took it
        hear(account, 1)
        bounced = Send.objects.in_workspace(workspace).get()
        assert (bounced.state, bounced.delivery, bounced.reason) == ("failed", "bounced", "bounced")
        assert "No such user" in bounced.error_en
        (stopped,) = OptOut.objects.in_workspace(workspace)
        assert (stopped.user_ref, stopped.stops, stopped.reason) == ("nobody@friends.test", "all", "bounced")
        assert "No such user" in stopped.note
        sends.send(workspace.pk, order(account, "Nobody@Friends.test", key="k-again"))
        outbox.drain()
        again = Send.objects.in_workspace(workspace).get(key="k-again")
        assert (again.state, again.reason) == ("failed", "unreachable")
        sends.send(workspace.pk, order(account, "full@friends.test", key="k-2"))
        outbox.drain()
        hear(account, 1)
        full = Send.objects.in_workspace(workspace).get(key="k-2")
        assert (full.state, full.delivery) == ("failed", "failed")
        assert OptOut.objects.in_workspace(workspace).count() == 1  # a full mailbox empties again
        sends.send(workspace.pk, order(account, "ming@friends.test", key="k-3"))
        outbox.drain()
        peer.server.settle()
        assert [one["To"] for one in far.mails] == ["ming@friends.test"]
    assert happenings() == []  # a bounce is nobody's message


@time_machine.travel(NOON)
def test_who_leaves_by_mail_gets_no_more_marketing(api: Api, peer: EmailPeer, account: Account, workspace: Workspace) -> None:
    page = "https://hutong.test/u/abc"
    sends.send(workspace.pk, order(account, peer.alice, purpose="marketing", unsubscribe_url=page))
    outbox.drain()
    (got,) = peer.mails()
    link, letter = [one.strip().strip("<>") for one in str(got["List-Unsubscribe"]).split(",")]
    assert (link, got["List-Unsubscribe-Post"]) == (page, "List-Unsubscribe=One-Click")
    target = urlsplit(letter)
    assert (target.scheme, target.path) == ("mailto", peer.bot)
    subject = parse_qs(target.query)["subject"][0]
    peer.deliver(mail("", sender="somebody@else.test", to=peer.bot, subject=f"{subject[:-1]}{'a' if subject[-1] != 'a' else 'b'}"))  # made up
    peer.deliver(mail("", sender="alias@else.test", to=peer.bot, subject=subject))  # from another address of theirs
    hear(account, 2)
    assert list(OptOut.objects.in_workspace(workspace).values_list("user_ref", "stops", "reason")) == [(peer.alice, "marketing", "asked")]
    sends.send(workspace.pk, order(account, peer.alice, key="k-2", purpose="marketing"))
    outbox.drain()
    refused = Send.objects.in_workspace(workspace).get(key="k-2")
    assert (refused.state, refused.reason) == ("failed", "opted_out")
    row = api.get("/channels/opt-outs").json()["items"][0]
    assert api.post(f"/channels/opt-outs/{row['id']}/lifting", {"note": "改主意了"}).status_code == 204
    sends.send(workspace.pk, order(account, peer.alice, key="k-3", purpose="service"))
    outbox.drain()
    assert Send.objects.in_workspace(workspace).get(key="k-3").state == "sent"


def test_who_complains_gets_no_more_marketing(peer: EmailPeer, account: Account, workspace: Workspace) -> None:
    mark = f"{marks.made(str(account.pk), 'k-1')}@hutong.test"
    complaint = (FIXTURES / "complaint.eml").read_bytes().replace(OURS.encode(), mark.encode())
    peer.deliver(complaint)
    hear(account, 1)
    assert list(OptOut.objects.in_workspace(workspace).values_list("channel", "user_ref")) == [("email", "ming@friends.test")]
    sends.send(workspace.pk, order(account, "ming@friends.test", key="k-2", purpose="marketing"))
    outbox.drain()
    refused = Send.objects.in_workspace(workspace).get()
    assert (refused.state, refused.reason) == ("failed", "opted_out")


def test_never_more_an_hour_than_the_settings_say(api: Api, peer: EmailPeer, account: Account, workspace: Workspace) -> None:
    sends.send_many(workspace.pk, [order(account, peer.alice, key=f"k-{number}") for number in range(5)])
    outbox.drain()
    assert sorted(Send.objects.in_workspace(workspace).values_list("state", flat=True)) == ["queued", "queued", "sent", "sent", "sent"]
    limits = api.get(f"/channels/accounts/{account.pk}").json()["health"]["limits"]
    assert limits == [{"count": 3, "seconds": 3600.0, "used": 3}]
