"""The outbox: what goes in, in what order it goes out, how each answer of a platform ends."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from hutong.channels import claiming, files, line, outbox
from hutong.channels.actions import accounts, lanes, sends
from hutong.channels.actions.sends import Order
from hutong.channels.contract import (
    Capabilities,
    Chat,
    Image,
    InDoubt,
    Limits,
    LinkCard,
    Quote,
    Rate,
    Refused,
    RetryLater,
    Text,
)
from hutong.channels.errors import AccountStopped, SendState, SendUnderWay
from hutong.channels.models import Account, AccountHealth, Lane, Send, SentMessage
from hutong.events.models import LogEntry
from hutong.foundation import clock
from hutong.foundation.errors import Invalid, NotFound
from hutong.foundation.http import Unanswered, Unreachable
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import AuditEntry, Workspace
from tests.channels import pretend
from tests.channels.pretend import CHAT, World, raising

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 2, 4, tzinfo=dt.UTC)


@pytest.fixture
def frozen() -> Any:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def order(account: Account, key: str, text: str = "你好", *, chat: Chat = CHAT, **more: Any) -> Order:
    return Order(key=key, account_id=account.pk, chat=chat, segments=more.pop("segments", (Text(text),)), **more)


def put(account: Account, key: str, text: str = "你好", **more: Any) -> Send:
    return sends.send(account.workspace_id, order(account, key, text, **more))


def states(workspace: Workspace) -> dict[str, str]:
    return dict(Send.objects.in_workspace(workspace).values_list("key", "state"))


def one(workspace: Workspace, key: str) -> Send:
    return Send.objects.in_workspace(workspace).get(key=key)


def told(name: str) -> int:
    return LogEntry.objects.filter(name=name).count()


def test_a_message_goes_and_is_told(workspace: Workspace, account: Account, world: World) -> None:
    sent = put(account, "k1", "第一条")
    assert (sent.state, sent.is_first, sent.excerpt) == ("queued", True, "第一条")
    assert outbox.drain() == 1
    assert world.shown == [("c1", "k1", "第一条")]
    sent.refresh_from_db()
    assert (sent.state, sent.message_ids, sent.attempts, sent.holder, sent.is_first) == ("sent", ["p1"], 1, "", False)
    assert SentMessage.objects.in_workspace(workspace).values_list("message_id", "chat_ref", "send_id").get() == ("p1", "c1", sent.pk)
    assert (told("message_delivered"), told("message_failed")) == (1, 0)
    assert AccountHealth.objects.in_workspace(workspace).get().sent == 1


def test_the_same_key_is_the_same_message(workspace: Workspace, account: Account, world: World) -> None:
    first = put(account, "k1", "一")
    assert put(account, "k1", "二").pk == first.pk
    outbox.drain()
    assert put(account, "k1", "三").pk == first.pk
    outbox.drain()
    assert world.texts() == ["一"]
    assert Send.objects.in_workspace(workspace).count() == 1


def test_a_transaction_that_fails_sends_nothing(workspace: Workspace, account: Account, world: World) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        put(account, "k1")
        raise ZeroDivisionError
    assert (outbox.drain(), world.shown, states(workspace)) == (0, [], {})


def test_what_cannot_be_sent_is_refused_at_once(workspace: Workspace, other_workspace: Workspace, account: Account) -> None:
    for bad in ({"key": ""}, {"key": "x" * 201}, {"segments": ()}, {"segments": (Text("x"),) * 51}, {"text": "x" * 300_000}):
        given = {"key": "k", **bad}
        with pytest.raises(Invalid):
            put(account, given.pop("key"), **given)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        sends.send(other_workspace.pk, order(account, "k"))
    accounts.remove(workspace, actor=SYSTEM, account_id=account.pk)
    with pytest.raises(AccountStopped):
        put(account, "k")
    assert states(workspace) == {}


def test_in_one_chat_in_order_whatever_fails(workspace: Workspace, account: Account, world: World, frozen: Any) -> None:
    for n in range(4):
        put(account, f"a{n}", f"a{n}")
        put(account, f"b{n}", f"b{n}", chat=Chat(id="c2"))
    world.meets.append(raising(RetryLater("忙", "Busy.", after_seconds=None)))
    outbox.drain()
    assert [text for text in world.texts() if text.startswith("b")] == ["b0", "b1", "b2", "b3"]
    frozen.shift(6)
    outbox.drain()
    assert [text for text in world.texts() if text.startswith("a")] == ["a0", "a1", "a2", "a3"]
    assert set(states(workspace).values()) == {"sent"}


def test_what_is_for_later_lets_the_others_pass(workspace: Workspace, account: Account, world: World, frozen: Any) -> None:
    later = put(account, "later", "晚上", not_before=START + dt.timedelta(hours=8))
    assert (later.is_first, later.is_later) == (False, True)
    put(account, "now", "现在")
    outbox.drain()
    assert world.texts() == ["现在"]
    frozen.shift(8 * 3600)
    outbox.drain()
    assert world.texts() == ["现在", "晚上"]
    assert later.expires_at == START + dt.timedelta(hours=80)


def test_tries_grow_apart_and_end_as_a_dead_letter(workspace: Workspace, account: Account, world: World, frozen: Any) -> None:
    put(account, "k1")
    world.fail_rate = 1.0
    waits = []
    while one(workspace, "k1").state == "queued":
        outbox.drain()
        row = one(workspace, "k1")
        waits.append((row.next_at - clock.now()).total_seconds())
        frozen.move_to(max(row.next_at, clock.now()))
    row = one(workspace, "k1")
    assert (row.state, row.reason, row.attempts, world.calls) == ("failed", "tries", 10, 10)
    assert row.error_en == "The platform failed; it is tried again later."
    assert all(0 <= wait <= 5 * 4.0**n for n, wait in enumerate(waits))
    assert (told("message_failed"), told("message_delivered")) == (1, 0)
    world.fail_rate = 0.0
    sends.resend(workspace, actor=SYSTEM, send_id=row.pk)
    outbox.drain()
    assert (states(workspace), world.texts()) == ({"k1": "sent"}, ["你好"])
    assert AuditEntry.objects.in_workspace(workspace).filter(action="send.resend").count() == 1


def test_the_platforms_own_time_is_kept_by_the_whole_account(workspace: Workspace, account: Account, world: World, frozen: Any) -> None:
    put(account, "k1", "一")
    put(account, "k2", "二", chat=Chat(id="c2"))
    world.meets.append(raising(RetryLater("慢一点", "Slow down.", after_seconds=30)))
    assert outbox.drain() == 2  # both had been claimed when the first was told
    assert world.texts() == ["二"]
    put(account, "k3", "三", chat=Chat(id="c3"))
    frozen.shift(29)
    assert outbox.drain() == 0
    frozen.shift(1)
    assert outbox.drain() == 2
    assert world.texts() == ["二", "三", "一"]  # of two that may go, who was to go first


def test_a_chat_that_must_wait_holds_nobody_else(workspace: Workspace, account: Account, world: World, frozen: Any) -> None:
    put(account, "k1", "一")
    world.meets.append(raising(RetryLater("慢一点", "Slow down.", after_seconds=30, scope="chat")))
    outbox.drain()
    put(account, "k2", "二")
    put(account, "k3", "三", chat=Chat(id="c2"))
    outbox.drain()
    assert world.texts() == ["三"]
    frozen.shift(30)
    outbox.drain()
    assert world.texts() == ["三", "一", "二"]


def test_refused_ends_at_once_and_the_next_goes(workspace: Workspace, account: Account, world: World) -> None:
    put(account, "k1", "一")
    put(account, "k2", "二")
    world.meets.append(raising(Refused("content", "平台不允许这样的内容。", "The platform does not allow this.")))
    outbox.drain()
    row = one(workspace, "k1")
    assert (row.state, row.reason, row.error_zh) == ("failed", "content", "平台不允许这样的内容。")
    assert world.texts() == ["二"]


def test_a_revoked_token_stops_the_account_and_loses_nothing(workspace: Workspace, account: Account, world: World) -> None:
    put(account, "k1", "一")
    world.token = "new"
    outbox.drain()
    account.refresh_from_db()
    assert (account.state, account.problem_en) == ("needs_reconnect", "The token is wrong. Enter it again.")
    row = one(workspace, "k1")
    assert (row.state, row.attempts, row.holder, row.is_first) == ("queued", 0, "", True)
    assert outbox.drain() == 0
    accounts.reconnect(workspace, actor=SYSTEM, account_id=account.pk, settings={"token": "new"})
    outbox.drain()
    assert (states(workspace), world.texts()) == ({"k1": "sent"}, ["一"])


@pytest.mark.parametrize(
    "error", [InDoubt("不知道", "Not known."), Unanswered("没有回应", "No answer."), ZeroDivisionError()], ids=["doubt", "http", "fault"]
)
@pytest.mark.parametrize("has_key", [True, False])
def test_doubt_is_sent_again_only_under_a_key(
    workspace: Workspace, offer: Callable[..., World], frozen: Any, error: Exception, has_key: bool
) -> None:
    world = offer(capabilities=Capabilities(has_send_key=has_key))
    account = pretend.account(workspace)
    put(account, "k1", "一")
    world.meets.append(raising(error))  # type: ignore[arg-type]
    outbox.drain()
    frozen.shift(60)
    outbox.drain()
    row = one(workspace, "k1")
    if has_key:
        assert (row.state, world.texts()) == ("sent", ["一"])
    else:
        assert (row.state, row.reason, world.texts()) == ("unknown", "in_doubt", [])
        assert row.error_zh


def test_no_connection_is_no_doubt(workspace: Workspace, offer: Callable[..., World], frozen: Any) -> None:
    world = offer(capabilities=Capabilities(has_send_key=False))
    put(pretend.account(workspace), "k1", "一")
    world.meets.append(raising(Unreachable("连不上", "Unreachable.")))  # type: ignore[arg-type]
    outbox.drain()
    frozen.shift(6)
    outbox.drain()
    assert (states(workspace), world.texts()) == ({"k1": "sent"}, ["一"])


def test_what_is_late_expires(workspace: Workspace, account: Account, world: World, frozen: Any) -> None:
    put(account, "welcome", "欢迎", lasts=dt.timedelta(seconds=20))
    put(account, "next", "下一条")
    accounts.pause(workspace, actor=SYSTEM, account_id=account.pk)
    assert outbox.drain() == 0
    frozen.shift(21)
    accounts.resume(workspace, actor=SYSTEM, account_id=account.pk)
    outbox.drain()
    assert states(workspace) == {"welcome": "expired", "next": "sent"}
    put(account, "stuck")
    accounts.pause(workspace, actor=SYSTEM, account_id=account.pk)
    frozen.shift(dt.timedelta(hours=73))
    with transaction.atomic():
        assert claiming.expire(now=clock.now()) == 1
    assert states(workspace)["stuck"] == "expired"


def test_cancelled_before_it_goes(workspace: Workspace, account: Account, world: World) -> None:
    first, second = put(account, "k1", "一"), put(account, "k2", "二")
    sends.cancel(workspace, actor=SYSTEM, send_id=first.pk)
    outbox.drain()
    assert (states(workspace), world.texts()) == ({"k1": "cancelled", "k2": "sent"}, ["二"])
    with pytest.raises(SendState):
        sends.cancel(workspace, actor=SYSTEM, send_id=second.pk)
    with pytest.raises(SendState):
        sends.resend(workspace, actor=SYSTEM, send_id=second.pk)
    third = put(account, "k3")
    Send.objects.in_workspace(workspace).filter(pk=third.pk).update(holder="somebody")
    with pytest.raises(SendUnderWay):
        sends.cancel(workspace, actor=SYSTEM, send_id=third.pk)
    assert told("message_failed") == 0


def test_limits_are_kept_by_the_outbox(workspace: Workspace, offer: Callable[..., World], frozen: Any) -> None:
    world = offer(limits=Limits(per_account=(Rate(5, 1),), per_chat=(Rate(1, 1),)))
    account = pretend.account(workspace)
    for n in range(60):
        put(account, f"k{n}", f"t{n}", chat=Chat(id=f"c{n % 8}"))
    while Send.objects.in_workspace(workspace).filter(state="queued").exists():
        outbox.drain()
        frozen.shift(0.05)
    times = [at for at, _ in world.times]
    assert all(later - earlier >= 1000 for earlier, later in zip(times, times[5:], strict=False))
    for chat in {chat for _, chat in world.times}:
        own = [at for at, where in world.times if where == chat]
        assert all(later - earlier >= 1000 for earlier, later in itertools.pairwise(own))
    assert (len(times), times[-1] - times[0] <= 12_800) == (60, True)


def test_what_a_platform_cannot_show(workspace: Workspace, offer: Callable[..., World]) -> None:
    small = Limits(text_length_max=20, file_bytes_max=10)
    world = offer(capabilities=Capabilities(has_send_key=True, sends=frozenset({"text", "image"})), limits=small)
    account = pretend.account(workspace)
    large = files.keep(workspace.pk, b"x" * 11, content_type="image/png")
    fine = files.keep(workspace.pk, b"x" * 10)
    put(account, "link", segments=(Text("看 "), LinkCard(url="http://a.cn", title="胡同"), Quote("m1")))
    put(account, "both", segments=(Text("图"), Image(file=large, name="a.png"), Image(file=fine, name="b.png")))
    put(account, "only", segments=(Image(file=large, name="a.png"),))
    put(account, "long", "字" * 21)
    outbox.drain()
    assert {key: text for _, key, text in world.shown} == {"link": "看 胡同\nhttp://a.cn", "both": "图[b.png]"}
    assert states(workspace) == {"link": "sent", "both": "partial", "only": "failed", "long": "failed"}
    assert "a.png" in one(workspace, "both").error_zh
    assert (one(workspace, "only").reason, one(workspace, "long").reason) == ("too_large", "too_large")
    assert files.read(workspace.pk, fine) == b"x" * 10


def test_a_process_that_died_leaves_doubt_only_where_there_is_no_key(workspace: Workspace, offer: Callable[..., World], frozen: Any) -> None:
    keyed, plain = offer("keyed", capabilities=Capabilities(has_send_key=True)), offer("plain", capabilities=Capabilities(has_send_key=False))
    for platform in ("keyed", "plain"):
        put(pretend.account(workspace, platform, name=platform), platform, chat=Chat(id=platform))
    with transaction.atomic():
        for account in Account.objects.in_workspace(workspace):
            assert len(claiming.claim(account, holder="dead", limit=5, now=clock.now())[0]) == 1
        assert claiming.recover(now=clock.now()) == 0
    frozen.shift(claiming.HELD_SECONDS + 1)
    with transaction.atomic():
        assert claiming.recover(now=clock.now()) == 2
    outbox.drain()
    assert states(workspace) == {"keyed": "sent", "plain": "unknown"}
    assert (keyed.texts(), plain.texts()) == (["你好"], [])


def test_the_moved_chat_takes_its_line_along(workspace: Workspace, account: Account, world: World) -> None:
    put(account, "k1", "一")
    put(account, "k2", "二")
    with transaction.atomic():
        line.redirect(account, before="c1", after="c9")
    outbox.drain()
    assert [(chat, text) for chat, _, text in world.shown] == [("c9", "一"), ("c9", "二")]


def test_a_hundred_thousand_in_seconds(workspace: Workspace, account: Account) -> None:
    began = clock.monotonic_seconds()
    given = sends.send_many(workspace.pk, (order(account, f"k{n}", f"你好 {n}", chat=Chat(id=f"u{n % 9_000}", kind="dm")) for n in range(10_000)))
    seconds = clock.monotonic_seconds() - began
    assert given == 10_000
    rows = Send.objects.in_workspace(workspace)
    assert (rows.count(), rows.filter(is_first=True).count()) == (10_000, 9_000)
    assert seconds < 6, f"{seconds:.1f} s for 10,000"


def test_the_outbox_gets_up_from_its_rest_for_what_is_no_part_of_many(
    account: Account, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    def rests_through(lane: uuid.UUID | None) -> bool:
        line.hear()
        with django_capture_on_commit_callbacks(execute=True):
            sends.send_many(account.workspace_id, [order(account, f"k{lane}")], lane=lane)
        began = clock.monotonic_seconds()
        line.rest(0.2)
        return clock.monotonic_seconds() - began >= 0.19

    assert rests_through(uuid.uuid4())
    assert not rests_through(None)


def lane_of(workspace: Workspace) -> Lane:
    with transaction.atomic():
        return lanes.open_lane(workspace.pk)


def test_a_lane_has_no_lines_but_a_chat_takes_one_at_a_time(workspace: Workspace, account: Account, world: World) -> None:
    lane = lane_of(workspace)
    put(account, "before", "之前")
    sends.send_many(workspace.pk, [order(account, f"k{n}", str(n)) for n in range(3)], lane=lane.pk)
    firsts = Send.objects.in_workspace(workspace).filter(is_first=True)
    assert set(firsts.values_list("key", flat=True)) == {"before", "k0", "k1", "k2"}
    with transaction.atomic():
        claimed, _ = claiming.claim(account, holder="me", limit=10, now=clock.now())
        assert [one.send.key for one in claimed] == ["before"]
        claiming.give_back([one.send for one in claimed])
    outbox.drain()
    assert world.texts() == ["之前", "0", "1", "2"]


def test_what_comes_back_into_a_lane_is_first_at_once(workspace: Workspace, account: Account, world: World, frozen: Any) -> None:
    lane = lane_of(workspace)
    chats = [Chat(id=f"u{n}", kind="dm") for n in range(4)]
    later = START + dt.timedelta(hours=1)
    sends.send_many(workspace.pk, [order(account, chat.id, chat=chat, not_before=later) for chat in chats], lane=lane.pk)
    rows = Send.objects.in_workspace(workspace).order_by("key")
    assert list(rows.values_list("is_first", "is_later")) == [(False, True)] * 4
    frozen.move_to(later)
    with transaction.atomic():
        line.line_up(clock.now())
        line.step_back(one(workspace, "u1"), later + dt.timedelta(hours=1))
        line.redirect(account, before="u1", after="v1")
        line.redirect(account, before="u2", after="v2")
    moved = [("u0", True, False), ("v1", False, True), ("v2", True, False), ("u3", True, False)]
    assert list(rows.values_list("chat_ref", "is_first", "is_later")) == moved
    Lane.objects.in_workspace(workspace).update(sends=4, failed=2)
    rows.filter(key__in=["u0", "u3"]).update(state="failed", is_first=False, finished_at=clock.now())
    sends.resend(workspace, actor=SYSTEM, send_id=one(workspace, "u0").pk)
    lanes.resend_some(workspace.pk, lane.pk, before=clock.now() + dt.timedelta(seconds=1))
    assert list(rows.values_list("chat_ref", "is_first", "is_later")) == moved


def test_nothing_in_a_lane_is_kept_behind(workspace: Workspace, account: Account) -> None:
    sends.send_many(workspace.pk, [order(account, "k")], lane=lane_of(workspace).pk)
    with pytest.raises(IntegrityError, match="channel_send_lane_has_no_line"), transaction.atomic():
        Send.objects.in_workspace(workspace).update(is_first=False)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="plans of SQLite")
def test_looks_that_are_taken_often_never_go_through_the_whole_outbox(workspace: Workspace, account: Account) -> None:
    sent = put(account, "k")
    with CaptureQueriesContext(connection) as seen, transaction.atomic():
        claiming.claim(account, holder="me", limit=5, now=clock.now())
        claiming.expire(now=clock.now())
        line.line_up(clock.now())
        line.promote(account.pk, ["c1"])
        line.taken(account.pk, ["c1"])
        lanes.cancel_some(workspace.pk, sent.pk)
        lanes.resend_some(workspace.pk, sent.pk, before=clock.now())
    plans = []
    with connection.cursor() as cursor:
        for query in seen.captured_queries:
            if "channels_send" in query["sql"] and query["sql"].startswith(("SELECT", "UPDATE")):
                cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
                plans += [row[3] for row in cursor.fetchall() if "channels_send" in row[3] or "USING INDEX channel_send" in row[3]]
    assert plans
    assert not [
        plan for plan in plans if plan.startswith("SCAN channels_send") and "channel_send_held" not in plan and "channel_send_later" not in plan
    ]
    assert not [plan for plan in plans if "channel_send_of_account" in plan or "channel_send_by_state" in plan]
