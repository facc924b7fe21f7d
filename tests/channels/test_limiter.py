"""The limiter under a frozen clock: never over, nearly all of it used, and the same after a restart."""

from __future__ import annotations

import datetime as dt
import heapq
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hutong.channels import limiter, outbox, platforms
from hutong.channels.actions import sends
from hutong.channels.actions.sends import Order
from hutong.channels.contract import Chat, Limits, Rate, Text
from hutong.channels.handing import Handed, hand_over
from hutong.channels.limiter import ACCOUNT, CHAT, USER, Book, Ref
from hutong.channels.models import Account, LimitUse, Send
from hutong.config.connectors import CONNECTORS
from hutong.foundation import clock
from hutong.workspaces.models import Workspace
from tests.channels import pretend
from tests.channels.pretend import World

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 2, 8, tzinfo=dt.UTC)
MESSAGES = 10_000

# As FACTS has them: what each platform allows, and in how many chats the messages go.
PLATFORMS = {
    "telegram, groups": (Limits(per_account=(Rate(30, 1),), per_chat=(Rate(1, 1), Rate(20, 60, frozenset({"group"})))), 500),
    "telegram, people": (Limits(per_account=(Rate(30, 1),), per_chat=(Rate(1, 1), Rate(20, 60, frozenset({"group"})))), 40),
    "discord": (Limits(per_account=(Rate(50, 1),), per_chat=(Rate(5, 5),)), 100),
    "slack": (Limits(per_chat=(Rate(1, 1),)), 50),
    "feishu robot": (Limits(per_account=(Rate(100, 60), Rate(5, 1))), 1),
    "dingtalk robot": (Limits(per_account=(Rate(20, 60),)), 1),
    "wecom robot": (Limits(per_chat=(Rate(20, 60),)), 10),
    "wecom": (Limits(per_account=(Rate(10_000, 60),)), 1_000),
    "qq": (Limits(per_account=(Rate(60, 60),), per_user=(Rate(4, 30 * 86_400),)), 2_500),
}


def send_all(account: Account, limits: Limits, chats: int, *, messages: int, kind: str, restart_every: int = 10_000) -> dict[Ref, list[int]]:
    """Send so many messages, round the chats, each as early as the limiter lets it go. The times by whose limit they count against."""
    times: dict[Ref, list[int]] = defaultdict(list)
    now = clock.to_ms(START)
    refs = [limiter.refs_of(limits, chat_ref=f"c{n}", user_ref=f"u{n}") for n in range(chats)]
    left = {n: messages // chats + (n < messages % chats) for n in range(chats)}
    ready, waiting = [(0, n) for n in left], list[tuple[int, int, int]]()  # (place in the order in which they were asked for, chat)
    book = Book(account.pk, account.workspace_id, limits)
    book.read(ref for some in refs for ref in some)
    sent = 0
    while ready or waiting:
        if not ready:
            now = max(now, waiting[0][0])
        while waiting and waiting[0][0] <= now:
            heapq.heappush(ready, heapq.heappop(waiting)[1:])
        turn, n = ready[0]
        wait, whose = book.wait_ms(refs[n], kind, now)
        if whose is not None and whose.scope == ACCOUNT:
            now += wait
            continue
        heapq.heappop(ready)
        if wait:
            heapq.heappush(waiting, (now + wait, turn, n))
            continue
        book.take(refs[n], kind, now)
        for ref in refs[n]:
            times[ref].append(now)
        sent += 1
        if turn + 1 < left[n]:
            heapq.heappush(ready, (turn + 1, n))
        if sent % restart_every == 0:
            book.write()
            book = Book(account.pk, account.workspace_id, limits)
            book.read(ref for some in refs for ref in some)
    return times


def over(times: list[int], rate: Rate) -> int:
    """How many sends came too early for the platform's own rule."""
    return sum(later - earlier < rate.seconds * 1000 for earlier, later in zip(times, times[rate.count :], strict=False))


def soonest_ms(count: int, rates: Sequence[Rate]) -> float:
    """How long so many take at best where all of these rules hold: each as soon as every rule lets it."""
    times: list[float] = []
    for n in range(count):
        times.append(max([0.0, *times[-1:], *(times[n - rate.count] + rate.seconds * 1000 for rate in rates if n >= rate.count)]))
    return times[-1]


@pytest.mark.parametrize("name", PLATFORMS)
def test_ten_thousand_messages_never_over_and_nearly_all_used(account: Account, name: str) -> None:
    limits, chats = PLATFORMS[name]
    kind = "dm" if "people" in name else "group"
    times = send_all(account, limits, chats, messages=MESSAGES, kind=kind, restart_every=2_500)
    assert sum(len(some) for ref, some in times.items() if ref.scope == ACCOUNT) == MESSAGES
    rates = {ACCOUNT: limits.per_account, CHAT: limits.per_chat, USER: limits.per_user}
    counted = [(ref, rate, times[ref]) for ref in times for rate in rates[ref.scope] if not rate.chat_kinds or kind in rate.chat_kinds]
    assert sum(over(some, rate) for _, rate, some in counted) == 0
    # The narrowest of its limits says how soon all could be gone.
    soonest = max(((len(some) - 1) // rate.count) * rate.seconds * 1000 for _, rate, some in counted)
    taken = max(some[-1] for some in times.values()) - clock.to_ms(START)
    assert soonest >= 0.95 * taken


@pytest.mark.parametrize("kind", ["group", "dm"])
@pytest.mark.parametrize("platform", [one.manifest.platform for one in CONNECTORS])
def test_the_outbox_keeps_what_every_platform_allows(workspace: Workspace, offer: Callable[..., World], platform: str, kind: Any) -> None:
    limits = platforms.manifest(platform).limits
    world = offer(limits=limits)
    account = pretend.account(workspace)
    orders = [Order(key=f"k{n}", account_id=account.pk, chat=Chat(id=f"c{n % 7}", kind=kind), segments=(Text("早"),)) for n in range(210)]
    with time_machine.travel(START, tick=False) as traveller:
        sends.send_many(workspace.pk, orders)
        desk, handed = outbox.Desk(outbox.holder_name()), list[Handed]()
        for _ in range(1_000):
            claimed, again = desk.turn(handed, free=outbox.THREADS)
            handed = [hand_over(one) for one in claimed]
            if not handed and again is None:
                break
            if not handed and again is not None:
                traveller.move_to(again)
    assert set(Send.objects.in_workspace(workspace).values_list("state", flat=True)) == {"sent"}
    chats = {chat: [at for at, where in world.times if where == chat] for _, chat in world.times}
    counted = [([at for at, _ in world.times], rate) for rate in limits.per_account]
    counted += [(some, rate) for some in chats.values() for rate in limits.per_chat if not rate.chat_kinds or kind in rate.chat_kinds]
    assert sum(over(some, rate) for some, rate in counted) == 0
    own = [rate for rate in limits.per_chat if not rate.chat_kinds or kind in rate.chat_kinds]
    soonest = max(soonest_ms(210, limits.per_account), soonest_ms(30, own))
    assert soonest >= 0.95 * (world.times[-1][0] - world.times[0][0])


@given(
    counts=st.lists(st.tuples(st.integers(1, 12), st.sampled_from([0.5, 1.0, 3.0, 60.0])), min_size=1, max_size=3),
    steps=st.lists(st.integers(0, 4_000), min_size=1, max_size=120),
    restarts=st.sets(st.integers(0, 119)),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whenever_somebody_asks_it_is_never_over(account: Account, counts: list[tuple[int, float]], steps: list[int], restarts: set[int]) -> None:
    LimitUse.objects.in_workspace(account.workspace_id).delete()
    limits = Limits(per_account=tuple(Rate(count, seconds) for count, seconds in counts))
    ref = Ref(ACCOUNT)
    book = Book(account.pk, account.workspace_id, limits)
    book.read([ref])
    now, sent = clock.to_ms(START), []
    for number, step in enumerate(steps):
        now += step
        if step % 2:
            now += book.wait_ms([ref], "group", now)[0]  # as early as it says, to the millisecond
        if not book.wait_ms([ref], "group", now)[0]:
            book.take([ref], "group", now)
            sent.append(now)
        if number in restarts:
            book.write()
            book = Book(account.pk, account.workspace_id, limits)
            book.read([ref])
    assert sum(over(sent, rate) for rate in limits.per_account) == 0


def test_what_the_platform_asks_for_is_kept_over_a_restart(account: Account) -> None:
    limits = Limits(per_chat=(Rate(5, 1),))
    now = clock.to_ms(START)
    chat, other = Ref(CHAT, "c1"), Ref(CHAT, "c2")
    book = Book(account.pk, account.workspace_id, limits)
    book.read([chat, other])
    book.hold(chat, now + 30_000)
    book.hold(chat, now + 10_000)  # never shorter
    book.write()
    again = Book(account.pk, account.workspace_id, limits)
    again.read([chat, other])
    assert again.wait_ms([Ref(ACCOUNT), chat], "group", now) == (30_000, chat)
    assert again.wait_ms([Ref(ACCOUNT), other], "group", now) == (0, None)
    assert again.wait_ms([Ref(ACCOUNT), chat], "group", now + 30_000) == (0, None)


def test_a_clock_set_back_frees_nothing(account: Account) -> None:
    limits = Limits(per_account=(Rate(2, 10),))
    ref, now = Ref(ACCOUNT), clock.to_ms(START)
    book = Book(account.pk, account.workspace_id, limits)
    book.read([ref])
    book.take([ref], "dm", now)
    book.take([ref], "dm", now - 3_600_000)
    assert book.wait_ms([ref], "dm", now)[0] == 10_200


@time_machine.travel(START, tick=False)
def test_use_is_shown_and_forgotten(account: Account, workspace: Workspace) -> None:
    limits = Limits(per_account=(Rate(30, 1), Rate(100, 60)), per_chat=(Rate(1, 1),))
    now = clock.now_ms()
    book = Book(account.pk, account.workspace_id, limits)
    refs = limiter.refs_of(limits, chat_ref="c1", user_ref="")
    book.read(refs)
    for ago in (30_000, 500, 0):
        book.take(refs, "group", now - ago)
    book.write()
    assert [(one.count, one.used) for one in limiter.used(account.pk, workspace.pk, limits, now_ms=now)] == [(30, 2), (100, 3)]
    limiter.forget_idle()
    assert set(LimitUse.objects.in_workspace(workspace).values_list("scope", flat=True)) == {"account", "chat"}
    with time_machine.travel(START + dt.timedelta(seconds=62), tick=False):
        limiter.forget_idle()
        assert set(LimitUse.objects.in_workspace(workspace).values_list("scope", flat=True)) == {"account"}
    with time_machine.travel(START + dt.timedelta(seconds=130), tick=False):
        limiter.forget_idle()
        assert LimitUse.objects.in_workspace(workspace).count() == 0


@pytest.mark.parametrize(
    ("settings_of", "per_account"),
    [
        ({"hourly": 7}, (Rate(7, 3600.0),)),
        ({"hourly": platforms.HOURLY_MAX}, (Rate(platforms.HOURLY_MAX, 3600.0),)),
        ({}, (Rate(5, 1.0),)),
        ({"hourly": ""}, (Rate(5, 1.0),)),
        ({"hourly": 0}, (Rate(5, 1.0),)),
        ({"hourly": True}, (Rate(5, 1.0),)),
        ({"hourly": platforms.HOURLY_MAX + 1}, (Rate(5, 1.0),)),
    ],
)
def test_an_account_may_say_how_many_an_hour(settings_of: dict[str, int | str | bool], per_account: tuple[Rate, ...]) -> None:
    said = platforms.manifest("webhook")
    said = msgspec.structs.replace(said, rate_field="hourly", limits=Limits(per_account=(Rate(5, 1.0),), per_chat=(Rate(1, 1.0),)))
    assert platforms.limits(said, settings_of) == Limits(per_account=per_account, per_chat=(Rate(1, 1.0),))
    assert platforms.limits(msgspec.structs.replace(said, rate_field=""), settings_of) == said.limits


@time_machine.travel(START, tick=False)
def test_without_limits_only_what_the_platform_asked_for_counts(account: Account) -> None:
    limits, now = Limits(), clock.to_ms(START)
    chat, other = Ref(CHAT, "c1"), Ref(CHAT, "c2")
    book = Book(account.pk, account.workspace_id, limits)
    book.read([chat, other])
    book.take([chat, other], "group", now)
    book.hold(chat, now + 30_000)
    book.write()
    assert LimitUse.objects.in_workspace(account.workspace_id).values_list("scope", "ref").get() == ("chat", "c1")
    again = Book(account.pk, account.workspace_id, limits)
    again.read([chat, other])
    assert again.wait_ms([Ref(ACCOUNT), chat], "group", now) == (30_000, chat)
    assert again.wait_ms([Ref(ACCOUNT), other], "group", now) == (0, None)
