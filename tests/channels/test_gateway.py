"""Long connections: one holder each, what they bring is kept with the cursor, they come back, and stop when told."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator

import pytest

from hutong.channels import gateway
from hutong.channels.actions import accounts
from hutong.channels.contract import NeedsReconnect, RetryLater
from hutong.channels.gateway import Gateway
from hutong.channels.models import Account, AccountHealth, InboundReceipt
from hutong.foundation import clock
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace
from tests.channels.pretend import World, message, raising

pytestmark = pytest.mark.django_db(transaction=True)


def until(condition: Callable[[], bool], *, seconds: float = 15.0) -> None:
    end = clock.monotonic_seconds() + seconds
    while not condition():
        assert clock.monotonic_seconds() < end, "did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def held() -> Iterator[Callable[[], Gateway]]:
    made: list[Gateway] = []

    def one() -> Gateway:
        made.append(Gateway())
        return made[-1]

    yield one
    assert all(each.stop() for each in made)


def health(account: Account) -> AccountHealth:
    return AccountHealth.objects.in_workspace(account.workspace_id).get(account=account)


def received(workspace: Workspace) -> int:
    return InboundReceipt.objects.in_workspace(workspace).count()


def test_what_comes_is_kept_with_its_cursor(workspace: Workspace, account: Account, world: World, held: Callable[[], Gateway]) -> None:
    held().look()
    until(lambda: health(account).connected_at is not None)
    world.say(message("早", 1))
    world.say(message("好", 2))
    until(lambda: received(workspace) == 2)
    assert health(account).cursor == "2"


def test_two_processes_hold_it_once(account: Account, world: World, held: Callable[[], Gateway]) -> None:
    first, second = held(), held()
    for _ in range(3):
        first.look()
        second.look()
    until(lambda: world.held == 1)
    assert (world.most_held, health(account).holder) == (1, first.holder)
    assert first.stop()
    second.look()
    until(lambda: health(account).holder == second.holder and world.held == 1)
    assert world.most_held == 1


def test_holding_costs_nothing_between_renewals_and_is_given_up_when_somebody_else_has_it(
    account: Account, world: World, held: Callable[[], Gateway], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = held()
    one.look()
    until(lambda: world.held == 1)
    until_then = health(account).held_until
    one.look()
    assert health(account).held_until == until_then
    moment = clock.now() + dt.timedelta(seconds=5)
    monkeypatch.setattr(gateway, "RENEW_SECONDS", 0.0)
    monkeypatch.setattr(clock, "now", lambda: moment)
    one.look()
    assert health(account).held_until == moment + dt.timedelta(seconds=gateway.HELD_SECONDS)
    AccountHealth.objects.in_workspace(account.workspace_id).filter(account=account).update(holder="somebody else")
    one.look()
    until(lambda: world.held == 0)
    assert health(account).holder == "somebody else"


def test_it_comes_back_after_a_fault_and_says_so(
    workspace: Workspace, account: Account, world: World, held: Callable[[], Gateway], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "pause_seconds", lambda tries: 0.05)
    held().look()
    until(lambda: world.held == 1)
    world.meets.append(raising(RetryLater("断线了，会重连。", "The line broke; it is opened again.", after_seconds=0.05)))
    until(lambda: health(account).errors >= 1 or health(account).error_en != "")
    world.meets.append(raising(ZeroDivisionError()))  # type: ignore[arg-type]
    until(lambda: "failed while listening" in health(account).error_en)
    world.say(message("之后", 1))
    until(lambda: received(workspace) == 1)
    until(lambda: health(account).errors == 0 and health(account).connected_at is not None)


def test_a_revoked_token_ends_it_until_a_person_acts(account: Account, world: World, held: Callable[[], Gateway]) -> None:
    one = held()
    one.look()
    until(lambda: world.held == 1)
    world.meets.append(raising(NeedsReconnect("令牌失效，请重新连接。", "The token is revoked. Reconnect.")))
    until(lambda: Account.objects.in_workspace(account.workspace_id).get().state == "needs_reconnect")
    until(lambda: world.held == 0)
    one.look()
    time.sleep(0.1)
    assert (world.held, health(account).error_en) == (0, "The token is revoked. Reconnect.")


def test_pause_ends_it_and_resume_goes_on_where_it_was(workspace: Workspace, account: Account, world: World, held: Callable[[], Gateway]) -> None:
    one = held()
    one.look()
    until(lambda: world.held == 1)
    accounts.pause(workspace, actor=SYSTEM, account_id=account.pk)
    one.look()
    until(lambda: world.held == 0 and health(account).holder == "")
    world.say(message("停着的时候", 1))
    accounts.resume(workspace, actor=SYSTEM, account_id=account.pk)
    one.look()
    one.look()
    until(lambda: received(workspace) == 1)


def test_pauses_grow_and_are_bounded() -> None:
    for tries in range(1, 40):
        assert all(0.5 <= gateway.pause_seconds(tries) <= min(300, max(0.5, 2.0**tries)) for _ in range(50))
