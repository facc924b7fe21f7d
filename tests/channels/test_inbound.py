"""What a platform tells becomes what history tells: once, of the right people, in the right group."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any
from uuid import UUID

import msgspec
import pytest
import time_machine

from hutong.channels.actions import chats, inbound, sends
from hutong.channels.actions.sends import Order
from hutong.channels.contract import Chat, File, Image, Inbound, Message, Origin, Person, ReplyContext, Text
from hutong.channels.errors import ChannelDiffers, GroupLinked
from hutong.channels.models import Account, AccountHealth, InboundReceipt, Opening, OptOut, Send
from hutong.channels.models import Chat as ChatRow
from hutong.channels.outbox import drain
from hutong.communities.models import Community, Group
from hutong.events.models import LogEntry
from hutong.events.row import EventRow, decode
from hutong.foundation import clock, stream
from hutong.imports.records import Record
from hutong.imports.rows import Place, scan
from hutong.members.models import Identity, Member
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace
from tests.channels import pretend
from tests.channels.pretend import CHAT, World, message

pytestmark = pytest.mark.django_db
AT_MS = clock.to_ms(dt.datetime(2026, 11, 2, 4, tzinfo=dt.UTC))
DM = Chat(id="u1", kind="dm")


@pytest.fixture
def linked(workspace: Workspace, community: Community, account: Account) -> Group:
    """A group history was imported into, which is the pretend chat c1."""
    return Group.objects.create(workspace=workspace, community=community, name="一群", channel="pretend", external_id="c1")


def rows() -> list[EventRow]:
    return [decode(bytes(body)) for name, body in LogEntry.objects.order_by("seq").values_list("name", "body") if not name.startswith(("~", "$"))]


def happened(kind: str, number: int, **more: Any) -> Inbound:
    given = {"type": kind, "dedupe_key": f"e{number}", "occurred_at_ms": AT_MS + number * 1000, "chat": CHAT, **more}
    return Inbound(**given)


def member(workspace: Workspace, external_id: str) -> UUID:
    return Identity.objects.in_workspace(workspace).get(channel="pretend", external_id=external_id).member_id


def test_a_message_is_what_an_import_would_have_made_of_it(workspace: Workspace, account: Account, linked: Group) -> None:
    picture = (Image(url="http://x/y", name="a.png", size_bytes=9), File(name="v.mp4", type="video"))
    assert inbound.receive(account, [message("请问几点开门？", 1, at_ms=AT_MS, segments=picture)]) == 1
    (row,) = rows()
    who = member(workspace, "u1")
    place = Place(
        workspace_id=str(workspace.pk), community_id="c", group_id=str(linked.pk), channel="pretend", time_zone="Asia/Shanghai", is_new=True
    )
    record = Record(line=1, kind="message", at_ms=AT_MS, sender_id="u1", sender_name="小明", text="请问几点开门？", message_id="m1")
    assert row.id == scan(record, place).id
    assert (row.name, row.text, row.characters, row.is_question, row.is_activity) == ("message_sent", "请问几点开门？", 7, 1, 1)
    assert (row.group_id, row.community_id, row.channel) == (str(linked.pk), str(linked.community_id), "pretend")
    assert (row.member_id, row.origin_id, row.source) == (str(who), str(who), f"account:{account.pk}")
    assert (row.local_day, row.local_hour, row.occurred_at) == ("2026-11-02", 12, AT_MS / 1000)
    assert properties(row) == {
        "message_id": "m1",
        "attachments": [{"kind": "image", "name": "a.png", "size": 9}, {"kind": "video", "name": "v.mp4"}],
    }
    assert Member.objects.in_workspace(workspace).get(pk=who).name == "小明"


def properties(row: EventRow) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(row.properties) if isinstance(row.properties, msgspec.Raw) else row.properties
    chat_id = found.pop("chat_id", None)
    assert chat_id is None or ChatRow.objects.across_workspaces().filter(pk=chat_id).exists()
    return found


def test_comings_and_goings_have_the_shape_of_history(workspace: Workspace, account: Account, linked: Group) -> None:
    boss, li, wu = Person("u9", "群主"), Person("u2", "李雷"), Person("u3", "吴")
    inbound.receive(
        account,
        [
            happened("member.joined", 1, subject=li, source=Origin(scene="qr", invite_code="x1")),
            happened("member.joined", 2, subject=wu, actor=boss),
            happened("member.left", 3, actor=li),
            happened("member.kicked", 4, subject=wu, operator=boss, reason="广告"),
            happened("member.banned", 5, subject=wu, operator=boss),
            happened("reaction.added", 6, actor=boss, reaction="👍", target_id="m1"),
            happened("message.deleted", 7, actor=boss, target_id="m1"),
            happened("member.role_changed", 8, subject=li, operator=boss, reason="admin"),
            happened("chat.updated", 9, chat=Chat(id="c1", name="新名")),
        ],
    )
    assert [(row.name, row.member_id, properties(row)) for row in rows()] == [
        ("member_joined", str(member(workspace, "u2")), {"scene": "qr", "invite_code": "x1"}),
        ("member_joined", str(member(workspace, "u3")), {"by": "群主"}),
        ("member_left", str(member(workspace, "u2")), {}),
        ("member_left", str(member(workspace, "u3")), {"by": "群主", "reason": "广告"}),
        ("member_left", str(member(workspace, "u3")), {"by": "群主", "reason": "banned"}),
        ("reaction_added", str(member(workspace, "u9")), {"emoji": "👍", "message_id": "m1"}),
        ("message_recalled", str(member(workspace, "u9")), {"message_id": "m1"}),
        ("role_changed", str(member(workspace, "u2")), {"by": "群主", "reason": "admin"}),
    ]
    assert ChatRow.objects.in_workspace(workspace).get().name == "新名"


@pytest.mark.parametrize("seed", range(8))
def test_repeated_and_reordered_it_comes_to_the_same(workspace: Workspace, account: Account, linked: Group, seed: int) -> None:
    stream = [message(f"t{n}", n, at_ms=AT_MS + n * 1000, who=f"u{n % 3}", name=f"n{n % 3}") for n in range(12)]
    stream += [happened("member.joined", 100 + n, subject=Person(f"u{n}", f"n{n}")) for n in range(3)]
    dice = random.Random(seed)
    given = [event for event in stream for _ in range(dice.randint(1, 5))]
    dice.shuffle(given)
    new = 0
    while given:
        some, given = given[: dice.randint(1, 6)], given[6:] if len(given) > 6 else []
        new += inbound.receive(account, some)
    new += inbound.receive(account, stream)
    assert new == len(stream)
    assert sorted((row.name, row.text, row.occurred_at) for row in rows()) == sorted(
        ("message_sent" if event.message else "member_joined", event.message.text if event.message else "", event.occurred_at_ms / 1000)
        for event in stream
    )
    assert sorted(Member.objects.in_workspace(workspace).values_list("name", flat=True)) == ["n0", "n1", "n2"]


def test_who_is_answered_is_known(workspace: Workspace, account: Account, linked: Group, world: World) -> None:
    inbound.receive(account, [message("怎么走", 1)])
    inbound.receive(account, [message("左转", 2, who="u2", name="李雷", reply_to="m1"), message("我也问", 3, reply_to="m1")])
    sends.send(workspace.pk, Order(key="k", account_id=account.pk, chat=CHAT, segments=(Text("欢迎"),)))
    drain()
    inbound.receive(account, [message("谢谢", 4, reply_to="p1")])
    talk = [row for row in rows() if row.name == "message_sent"]
    asker, bot = str(member(workspace, "u1")), str(member(workspace, pretend.ME))
    none = "00000000-0000-0000-0000-000000000000"
    assert [(row.reply_to, row.addressed_id, row.is_reply) for row in talk] == [("", none, 0), ("m1", asker, 1), ("m1", none, 1), ("p1", bot, 1)]
    assert Member.objects.in_workspace(workspace).get(pk=UUID(bot)).is_bot


def test_the_account_knows_itself(workspace: Workspace, account: Account, linked: Group) -> None:
    inbound.receive(account, [message("我说的", 1, actor=Person(pretend.ME, "x")), message("别的机器人", 2, actor=Person("b2", "y", is_bot=True))])
    assert [properties(row) for row in rows()] == [{"message_id": "m1", "bot": True, "own": True}, {"message_id": "m2", "bot": True}]
    assert Member.objects.in_workspace(workspace).filter(is_bot=True).count() == 2


def test_a_chat_waits_for_its_group_and_loses_nothing(workspace: Workspace, community: Community, account: Account) -> None:
    inbound.receive(account, [message("早", 1, at_ms=AT_MS), message("好", 2, at_ms=AT_MS + 1), happened("bot.muted", 3)])
    chat = ChatRow.objects.in_workspace(workspace).get()
    assert (chat.group, chat.state, rows(), Member.objects.in_workspace(workspace).count()) == (None, "muted", [], 0)
    old = Group.objects.create(workspace=workspace, community=community, name="导入的群", channel="pretend")
    chats.link(workspace, actor=SYSTEM, chat_id=chat.pk, group_id=old.pk)
    assert [(row.text, row.group_id) for row in rows()] == [("早", str(old.pk)), ("好", str(old.pk))]
    old.refresh_from_db()
    assert old.external_id == "c1"
    inbound.receive(account, [message("早", 1, at_ms=AT_MS), message("还有", 4, at_ms=AT_MS + 9)])
    assert [row.text for row in rows()] == ["早", "好", "还有"]
    assert InboundReceipt.objects.in_workspace(workspace).filter(waiting__isnull=False).count() == 0


def test_a_new_group_is_made_where_there_is_none(workspace: Workspace, community: Community, account: Account) -> None:
    inbound.receive(account, [message("早", 1)])
    chat = ChatRow.objects.in_workspace(workspace).get()
    made = chats.link(workspace, actor=SYSTEM, chat_id=chat.pk, group_id=None, community_id=community.pk).group
    assert made is not None
    assert (made.name, made.channel, made.external_id) == ("一群", "pretend", "c1")
    other = ChatRow.objects.create(workspace=workspace, account=account, external_id="c2", kind="group")
    with pytest.raises(GroupLinked):
        chats.link(workspace, actor=SYSTEM, chat_id=other.pk, group_id=made.pk)
    irc = Group.objects.create(workspace=workspace, community=community, name="irc", channel="irc")
    with pytest.raises(ChannelDiffers):
        chats.link(workspace, actor=SYSTEM, chat_id=other.pk, group_id=irc.pk)
    assert chats.unlink(workspace, actor=SYSTEM, chat_id=chat.pk).group is None


def test_a_private_chat_needs_no_group(workspace: Workspace, account: Account) -> None:
    inbound.receive(account, [message("在吗", 1, chat=DM)])
    (row,) = rows()
    assert (row.text, row.community_id) == ("在吗", "00000000-0000-0000-0000-000000000000")


def test_a_moved_chat_stays_the_same_group(workspace: Workspace, account: Account, linked: Group, world: World) -> None:
    inbound.receive(account, [message("早", 1)])
    sends.send(workspace.pk, Order(key="k", account_id=account.pk, chat=CHAT, segments=(Text("一"),)))
    inbound.receive(account, [happened("chat.updated", 5, target_id="c9")])
    inbound.receive(account, [message("好", 6, chat=Chat(id="c9", name="一群"))])
    chat = ChatRow.objects.in_workspace(workspace).get()
    linked.refresh_from_db()
    assert (chat.external_id, chat.group_id, linked.external_id) == ("c9", linked.pk, "c9")
    assert [row.group_id for row in rows() if row.name == "message_sent"] == [str(linked.pk)] * 2
    drain()
    assert [where for where, _, _ in world.shown] == ["c9"]


def test_tokens_and_wishes_are_remembered(workspace: Workspace, account: Account) -> None:
    token = ReplyContext("welcome_code", "w1", expires_at_ms=AT_MS + 20_000)
    inbound.receive(account, [happened("contact.added", 1, actor=Person("u1"), chat=DM, reply=token), message("x", 2, chat=DM)])
    kept = Opening.objects.in_workspace(workspace).get()
    assert (kept.chat_ref, kept.user_ref, kept.reply["value"]) == ("u1", "u1", "w1")
    inbound.receive(account, [happened("unsubscribed", 3, actor=Person("u1"), chat=DM)])
    assert OptOut.objects.in_workspace(workspace).values_list("channel", "user_ref").get() == ("pretend", "u1")


def test_the_platform_says_later_that_it_did_not_arrive(workspace: Workspace, account: Account, world: World) -> None:
    sends.send(workspace.pk, Order(key="k", account_id=account.pk, chat=CHAT, segments=(Text("一"),)))
    drain()
    inbound.receive(account, [happened("delivery.bounced", 1, target_id="p1", reason="user unknown")])
    row = Send.objects.in_workspace(workspace).get()
    assert (row.state, row.delivery, row.reason) == ("failed", "bounced", "bounced")
    assert "user unknown" in row.error_en
    assert [one.name for one in rows()] == ["message_delivered", "message_failed"]
    inbound.receive(account, [happened("delivery.bounced", 2, target_id="unheard-of")])


def test_cursor_and_health_are_kept_with_what_came(workspace: Workspace, account: Account, linked: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    with time_machine.travel(clock.from_ms(AT_MS + 1500), tick=False):
        inbound.receive(account, [message("早", 1, at_ms=AT_MS)], cursor="41")
        health = AccountHealth.objects.in_workspace(workspace).get()
        assert (health.cursor, health.received, health.lag_ms, health.last_event_at) == ("41", 1, 1500, clock.now())
    with monkeypatch.context() as broken, pytest.raises(ZeroDivisionError):
        broken.setattr(stream, "_record", lambda entries: 1 // 0)
        inbound.receive(account, [message("好", 2)], cursor="42")
    health.refresh_from_db()
    assert (health.cursor, health.received, len(rows())) == ("41", 1, 1)


def test_old_receipts_are_forgotten(workspace: Workspace, account: Account) -> None:
    inbound.receive(account, [message(f"t{n}", n) for n in range(5)])
    chat = ChatRow.objects.in_workspace(workspace).get()
    waiting = InboundReceipt.objects.in_workspace(workspace).filter(chat=chat, waiting__isnull=False)
    inbound.prune()
    assert waiting.count() == 5
    with time_machine.travel(clock.now() + dt.timedelta(days=8)):
        inbound.prune()
        assert (waiting.count(), InboundReceipt.objects.in_workspace(workspace).count()) == (0, 5)
    with time_machine.travel(clock.now() + dt.timedelta(days=31)):
        inbound.prune()
        assert InboundReceipt.objects.in_workspace(workspace).count() == 0


def test_message_of_a_message(workspace: Workspace, account: Account, linked: Group) -> None:
    edit = happened("message.edited", 2, actor=Person("u1", "小明"), message=Message(id="m9", text="改了", edit_of="m1"))
    inbound.receive(account, [message("原来", 1), edit])
    assert [(row.name, row.text, properties(row)) for row in rows()] == [
        ("message_sent", "原来", {"message_id": "m1"}),
        ("message_edited", "改了", {"message_id": "m1"}),
    ]


@time_machine.travel(clock.from_ms(AT_MS), tick=False)
def test_a_time_that_cannot_be_is_now(workspace: Workspace, account: Account, linked: Group) -> None:
    inbound.receive(account, [message("x", n, at_ms=at) for n, at in enumerate((0, -5, 10**17, AT_MS + 301_000, AT_MS + 10_000))])
    assert [row.occurred_at for row in rows()] == [AT_MS / 1000] * 4 + [AT_MS / 1000 + 10]
