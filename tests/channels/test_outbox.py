"""How the outbox reads and shares out what goes: rows without models, and hands that take some at a time."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from hutong.channels import outbox, waiting
from hutong.channels.actions import sends
from hutong.channels.actions.sends import Order
from hutong.channels.contract import Capabilities, Chat, Limits, Text
from hutong.channels.handing import Claimed
from hutong.channels.models import Account, Send
from hutong.channels.outbox import PER_ACCOUNT_MAX, QUICK_SECONDS, STUCK_SECONDS, TAKEN_TOGETHER, Desk, Outbox, Pile
from hutong.foundation import clock
from hutong.workspaces.models import Workspace
from tests.channels import pretend
from tests.channels.pretend import World

pytestmark = pytest.mark.django_db
FREE = Capabilities(has_send_key=True, opens_dm=True)


@pytest.fixture
def world(offer: Callable[..., World]) -> World:
    return offer(capabilities=FREE, limits=Limits())


def put(account: Account, count: int) -> None:
    orders = [Order(key=f"k{n}", account_id=account.pk, chat=Chat(id=f"c{n}"), segments=(Text("早"),)) for n in range(count)]
    sends.send_many(account.workspace_id, orders)


def keys(some: list[Claimed]) -> list[str]:
    return [one.send.key for one in some]


def claimed(desk: Desk) -> list[Claimed]:
    return desk.turn([], free=outbox.THREADS)[0]


def test_a_row_reads_as_its_model_does(workspace: Workspace, account: Account) -> None:
    put(account, 2)
    Send.objects.in_workspace(workspace).filter(key="k1").update(
        chat_name="一群", user_ref="u1", purpose="marketing", source="staff:x", lane="", attempts=3, message_ids=["p1", "p2"], error_zh="错", error_en="bad",
        expires_at=dt.datetime(2030, 1, 2, 3, 4, 5, 678_901, tzinfo=dt.UTC),
    )  # fmt: skip
    rows = Send.objects.in_workspace(workspace).order_by("key")
    for read, model in zip(waiting.read(account, rows), rows, strict=True):
        for name in ("pk", *waiting._COLUMNS[1:], "account", "account_id", "workspace_id"):
            assert getattr(read, name) == getattr(model, name), name
            assert type(getattr(read, name)) is type(getattr(model, name)), name


def test_few_are_shared_out_singly_and_many_by_the_handful(account: Account) -> None:
    put(account, PER_ACCOUNT_MAX * 3)
    pile, some = Pile(), claimed(Desk("me"))
    assert len(some) == PER_ACCOUNT_MAX * 3
    pile.put(some[: PER_ACCOUNT_MAX + 1])
    assert keys(pile.take()) == keys(some[:1])
    pile.put(some[PER_ACCOUNT_MAX + 1 :])
    assert keys(pile.take()) == keys(some[1:3])
    pile.put(some * TAKEN_TOGETHER)
    assert len(pile.take()) == TAKEN_TOGETHER


def test_an_account_keeps_no_more_hands_busy_than_its_share(account: Account) -> None:
    put(account, 40)
    pile = Pile()
    pile.put(claimed(Desk("me")))
    taken = [pile.take() for _ in range(PER_ACCOUNT_MAX)]
    assert len(pile._busy[account.pk]) == PER_ACCOUNT_MAX
    assert len(pile.close()) == 40 - sum(map(len, taken))
    assert pile.take() == []


def test_a_quick_platform_is_served_by_one_hand_while_that_is_heard_of(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 1000.0
    monkeypatch.setattr(clock, "monotonic_seconds", lambda: moment)
    put(account, 40)
    pile = Pile()
    pile.put(claimed(Desk("me")))

    def takes(count: int) -> list[list[Claimed]]:
        """As many hands as the account wants, which must be that many; what each took."""
        taken = []
        while pile._wants_hand(account.pk, moment):
            taken.append(pile.take())
        assert len(taken) == count
        return taken

    for seconds, hands in ((QUICK_SECONDS * 2, PER_ACCOUNT_MAX), (QUICK_SECONDS / 2, 1), (QUICK_SECONDS, PER_ACCOUNT_MAX), (QUICK_SECONDS / 2, 1)):
        pile.done(pile.take(), seconds=seconds)
        for share in takes(hands):
            pile.done(share, share, seconds=seconds)
    (stuck,) = takes(1)
    moment += STUCK_SECONDS / 2
    takes(0)
    moment += STUCK_SECONDS / 2
    for _ in range(3):  # the one hand is stuck: another serves the account, at full speed
        (share,) = takes(1)
        pile.done(share, seconds=QUICK_SECONDS / 2)
    pile.done(stuck)  # slow, as is known now
    takes(PER_ACCOUNT_MAX)


def test_others_take_over_from_a_hand_that_is_stuck(account: Account) -> None:
    """With real threads and time: a message that hangs keeps its hand, and the rest goes all the same."""
    put(account, 4)
    some = claimed(Desk("me"))
    pile = Pile()
    pile.put(some[:1])
    pile.done(pile.take(), seconds=0.0)
    pile.put(some[1:])
    stuck = pile.take()  # and nothing is heard of it any more
    helped: list[str] = []
    helper = threading.Thread(target=lambda: helped.extend(keys(pile.take())))
    helper.start()
    helper.join(STUCK_SECONDS * 50)
    assert not helper.is_alive()
    assert (keys(stuck), helped) == (keys(some[1:2]), keys(some[2:3]))


def test_what_was_sent_before_costs_nothing_now(account: Account) -> None:
    """The look for work goes by what is first in line, however many sends an account has had."""
    put(account, 3)
    with CaptureQueriesContext(connection) as seen:
        outbox._waiting_accounts()
    (asked,) = [one["sql"] for one in seen.captured_queries]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {asked}")
        plan = [row[3] for row in cursor.fetchall()]
    assert [line for line in plan if "channel_send" in line] == ["SEARCH U0 USING INDEX channel_send_due (account_id=? AND lane>?)"]


def test_what_a_slow_hand_has_not_begun_goes_back_first_and_may_be_held(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    put(account, PER_ACCOUNT_MAX * 3)
    one = Outbox()
    some = claimed(one._desk)
    one._pile.put(some)
    monkeypatch.setattr(outbox, "TAKEN_SECONDS_MAX", -1.0)  # every call is slow
    taken = one._pile.take()
    one._work(taken)
    assert one._back.get_nowait().send.key == taken[0].send.key
    assert one._back.empty()
    assert keys(one._pile.withdraw({""})) == keys(some[1:])
    assert one._pile._busy[account.pk] == {}


def test_a_quick_hand_does_all_it_took(account: Account, world: World) -> None:
    put(account, PER_ACCOUNT_MAX * 3)
    one = Outbox()
    some = claimed(one._desk)
    one._pile.put(some)
    one._work(one._pile.take())
    assert [one._back.get_nowait().send.key for _ in range(3)] == keys(some[:3])
    assert keys(one._pile.close()) == keys(some[3:])


def test_what_went_ahead_is_claimed_once_and_ends_once(workspace: Workspace, account: Account, world: World) -> None:
    put(account, 50)
    with transaction.atomic():
        assert outbox.drain() == 50
    assert sorted(key for _, key, _ in world.shown) == sorted(f"k{n}" for n in range(50))
    assert set(Send.objects.in_workspace(workspace).values_list("state", "attempts", "holder")) == {("sent", 1, "")}


def test_a_platform_without_limits_may_ask_a_chat_to_wait(workspace: Workspace, account: Account, world: World) -> None:
    put(account, 3)
    world.meets.append(pretend.raising(pretend.RetryLater("慢。", "Slow.", after_seconds=60.0, scope="chat")))
    outbox.drain()
    Send.objects.in_workspace(workspace).filter(state="queued").update(next_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert outbox.drain() == 0
    assert sorted(Send.objects.in_workspace(workspace).values_list("state", flat=True)) == ["queued", "sent", "sent"]
