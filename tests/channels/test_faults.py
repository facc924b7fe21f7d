"""A third of all calls fail, some answers get lost, and the process is killed: every send ends, none is shown twice where there is a key."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable

import pytest
import time_machine

from hutong.channels import outbox
from hutong.channels.actions import sends
from hutong.channels.actions.sends import Order
from hutong.channels.contract import Capabilities, Chat, Limits, Text
from hutong.channels.models import FINAL_STATES, Send
from hutong.foundation import clock
from hutong.workspaces.models import Workspace
from tests.channels import pretend
from tests.channels.pretend import World

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 2, 4, tzinfo=dt.UTC)
SENDS = 2_000
SEEDS = 20
STEP = dt.timedelta(minutes=30)  # tries that are due by then go together


@pytest.mark.parametrize("has_key", [True, False])
@pytest.mark.parametrize("seed", range(SEEDS))
def test_every_send_ends_and_none_is_doubled(workspace: Workspace, offer: Callable[..., World], seed: int, has_key: bool) -> None:
    world = offer(capabilities=Capabilities(has_send_key=has_key), limits=Limits())
    world.fail_rate, world.doubt_rate, world.dice = 0.25, 0.10, random.Random(seed)
    account = pretend.account(workspace)
    orders = (Order(key=f"k{n}", account_id=account.pk, chat=Chat(id=f"c{n % 300}", kind="dm"), segments=(Text(f"t{n}"),)) for n in range(SENDS))
    with time_machine.travel(START, tick=False) as traveller:
        sends.send_many(workspace.pk, orders)
        rows = Send.objects.in_workspace(workspace)
        while True:
            outbox.drain()
            coming = rows.filter(state="queued").order_by("next_at").values_list("next_at", flat=True).first()
            if coming is None:
                break
            traveller.move_to(max(coming, clock.now()) + STEP)
    states = Counter(rows.values_list("state", flat=True))
    assert sum(states.values()) == SENDS
    assert set(states) <= set(FINAL_STATES)
    shown = Counter(key for _, key, _ in world.shown)
    assert [key for key, times in shown.items() if times > 1] == []
    sent = set(rows.filter(state="sent").values_list("key", flat=True))
    if has_key:
        assert states["unknown"] == 0
        assert sent <= set(shown)
        assert states["sent"] >= SENDS - 3
    else:
        assert set(shown) == sent | set(rows.filter(state="unknown").values_list("key", flat=True))
        assert 0 < states["unknown"] < SENDS * 0.2
    for chat in ("c0", "c7", "c299"):
        texts = [int(text[1:]) for where, _, text in world.shown if where == chat]
        assert texts == sorted(texts)
