"""From a draft to what arrives: whom it reaches, in one go or after crashes, held, slowed down, cancelled, sent again."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable

import pytest
import time_machine

from hutong.broadcasts import checking, work
from hutong.broadcasts.actions import checks, drafts, runs
from hutong.broadcasts.audience import Audience
from hutong.broadcasts.errors import BroadcastChanged, BroadcastState, NothingToSend, RecipientsUnconfirmed
from hutong.broadcasts.models import Broadcast, Run
from hutong.broadcasts.queries import broadcasts as queries
from hutong.channels import outbox
from hutong.channels.actions import sends
from hutong.channels.actions.sends import Order
from hutong.channels.contract import Capabilities, Chat, Limits, Rate, Refused, Text
from hutong.channels.models import Account, Lane, Send
from hutong.channels.models import Chat as ChatRow
from hutong.communities.models import Community, Group
from hutong.foundation import clock
from hutong.foundation.timing import Timing
from hutong.members.models import Membership
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace
from tests.broadcasts.conftest import enqueue
from tests.broadcasts.making import begin, people, segment, to_segment
from tests.channels import pretend
from tests.channels.pretend import World, raising

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 2, 4, tzinfo=dt.UTC)


def states(workspace: Workspace) -> dict[str, int]:
    return dict(Counter(Send.objects.in_workspace(workspace).values_list("state", flat=True)))


def counts(workspace: Workspace, broadcast: Broadcast) -> dict[str, int]:
    """What the page says, without what is none."""
    said = queries.broadcast(workspace, broadcast.pk)["runs"][0]
    return {name: said[name] for name in ("recipients", "queued", *queries.ENDED) if said[name]}


def test_everybody_gets_their_own_message_once(workspace: Workspace, world: World, account: Account) -> None:
    members = people(workspace, 3)
    broadcast = to_segment(workspace, segment(workspace, members), [account])
    run = begin(workspace, broadcast)
    enqueue(run.pk)
    enqueue(run.pk)
    outbox.drain()
    runs.mind()
    assert sorted(world.shown) == sorted((f"u{n}", f"broadcast/{run.pk.hex}/{one.pk.hex}", f"成员{n}，你好") for n, one in enumerate(members))
    assert counts(workspace, broadcast) == {"recipients": 3, "sent": 3}
    assert [Broadcast.objects.in_workspace(workspace).get().state, Run.objects.in_workspace(workspace).get().state] == ["done", "done"]
    assert Lane.objects.in_workspace(workspace).get().state == "ended"


def test_a_crash_between_pieces_loses_and_doubles_nobody(workspace: Workspace, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "TOGETHER", 7)
    members = people(workspace, 40)
    run = begin(workspace, to_segment(workspace, segment(workspace, members), [account]))
    real, steps = work._orders, iter(range(100))

    def failing(*given: object) -> list[Order]:
        found = real(*given)  # type: ignore[arg-type]
        if next(steps) % 2:
            raise RuntimeError("killed")
        return found

    monkeypatch.setattr(work, "_orders", failing)
    for _ in range(20):
        try:
            enqueue(run.pk)
        except RuntimeError:
            continue
    assert Counter(Send.objects.in_workspace(workspace).values_list("member_id", flat=True)) == Counter(one.pk for one in members)
    assert Lane.objects.in_workspace(workspace).get().sends == 40
    assert Run.objects.in_workspace(workspace).get().is_enqueued


def test_the_first_account_that_reaches_somebody_is_taken(workspace: Workspace, offer: Callable[..., World]) -> None:
    offer("closed", capabilities=Capabilities(has_send_key=True))
    offer("open")
    closed, opened = pretend.account(workspace, "closed", name="甲"), pretend.account(workspace, "open", name="乙")
    on_closed, on_open = people(workspace, 2, channel="closed"), people(workspace, 1, channel="open")
    nowhere = people(workspace, 1, channel="elsewhere")
    ChatRow.objects.create(workspace=workspace, account=closed, external_id="u0", kind="dm")
    of = segment(workspace, [*on_closed, *on_open, *nowhere])
    broadcast = to_segment(workspace, of, [closed, opened])
    counted = checks.begin(workspace, broadcast_id=broadcast.pk)
    assert (counted.by_account, counted.no_identity, counted.not_opened) == ({str(closed.pk): 1, str(opened.pk): 1}, 1, 1)
    run = begin(workspace, broadcast)
    enqueue(run.pk)
    assert set(Send.objects.in_workspace(workspace).values_list("account_id", "member_id")) == {
        (closed.pk, on_closed[0].pk),
        (opened.pk, on_open[0].pk),
    }
    run.refresh_from_db()
    assert (run.no_identity, run.not_opened) == (1, 1)


def test_a_member_of_two_communities_is_written_to_once(workspace: Workspace, world: World, account: Account) -> None:
    members = people(workspace, 5)
    places = []
    for name, some in (("甲", members[:4]), ("乙", members[2:])):
        place = Community.objects.create(workspace=workspace, name=name)
        group = Group.objects.create(workspace=workspace, community=place, name=name, channel="pretend")
        Membership.objects.bulk_create(
            Membership(workspace=workspace, community=place, group=group, member=one, joined_at=clock.now()) for one in some
        )
        places.append(place.pk)
    broadcast = to_segment(workspace, segment(workspace, []), [account])
    Broadcast.objects.in_workspace(workspace).filter(pk=broadcast.pk).update(
        audience={"kind": "communities", "communities": [str(one) for one in places], "accounts": [str(account.pk)]}
    )
    check = checks.begin(workspace, broadcast_id=broadcast.pk)
    assert (check.by_account, check.seen, check.total) == ({str(account.pk): 5}, 7, 7)
    run = begin(workspace, broadcast)
    enqueue(run.pk)
    assert Send.objects.in_workspace(workspace).count() == Lane.objects.in_workspace(workspace).get().sends == 5


def test_a_group_is_written_to_through_one_account(workspace: Workspace, world: World, account: Account) -> None:
    place = Community.objects.create(workspace=workspace, name="社群")
    groups = [Group.objects.create(workspace=workspace, community=place, name=f"群{n}", channel="pretend") for n in range(2)]
    ChatRow.objects.create(workspace=workspace, account=account, external_id="c0", kind="group", name="群0", group=groups[0])
    broadcast = to_segment(workspace, segment(workspace, []), [account], text="{{group}}、{{community}}、{{name|大家}}好")
    Broadcast.objects.in_workspace(workspace).filter(pk=broadcast.pk).update(
        audience={"kind": "groups", "groups": [str(one.pk) for one in groups], "accounts": [str(account.pk)]}
    )
    assert checks.begin(workspace, broadcast_id=broadcast.pk).no_account == 1
    enqueue(begin(workspace, broadcast).pk)
    outbox.drain()
    assert [(chat, text) for chat, _, text in world.shown] == [("c0", "群0、社群、大家好")]


def test_a_held_lane_lets_all_others_pass(workspace: Workspace, world: World, account: Account) -> None:
    broadcast = to_segment(workspace, segment(workspace, people(workspace, 5)), [account])
    run = begin(workspace, broadcast)
    enqueue(run.pk)
    runs.pause(workspace, actor=SYSTEM, broadcast_id=broadcast.pk)
    sends.send(workspace.pk, Order(key="r", account_id=account.pk, chat=Chat(id="u4", kind="dm"), segments=(Text("回复"),), purpose="reply"))
    outbox.drain()
    assert world.texts() == ["回复"]
    with pytest.raises(BroadcastState):
        runs.pause(workspace, actor=SYSTEM, broadcast_id=broadcast.pk)
    runs.resume(workspace, actor=SYSTEM, broadcast_id=broadcast.pk)
    outbox.drain()
    assert Counter(chat for chat, key, _ in world.shown if key != "r") == Counter(f"u{n}" for n in range(5))


def test_what_is_paused_while_it_is_being_enqueued_waits_whole(workspace: Workspace, world: World, account: Account) -> None:
    broadcast = to_segment(workspace, segment(workspace, people(workspace, 5)), [account])
    run = begin(workspace, broadcast)
    runs.pause(workspace, actor=SYSTEM, broadcast_id=broadcast.pk)
    enqueue(run.pk)
    outbox.drain()
    assert (world.shown, states(workspace)) == ([], {"queued": 5})


def test_cancelled_nothing_more_goes(workspace: Workspace, world: World, account: Account) -> None:
    broadcast = to_segment(workspace, segment(workspace, people(workspace, 6)), [account])
    run = begin(workspace, broadcast)
    enqueue(run.pk)
    runs.cancel(workspace, actor=SYSTEM, broadcast_id=broadcast.pk)
    outbox.drain()
    assert world.shown == []
    work.end(run.pk)
    assert counts(workspace, broadcast) == {"recipients": 6, "cancelled": 6}
    assert [Broadcast.objects.in_workspace(workspace).get().state, Run.objects.in_workspace(workspace).get().state] == ["cancelled", "cancelled"]
    with pytest.raises(BroadcastState):
        runs.resume(workspace, actor=SYSTEM, broadcast_id=broadcast.pk)


def test_the_counts_are_those_of_the_rows_and_what_failed_is_sent_again(workspace: Workspace, world: World, account: Account) -> None:
    broadcast = to_segment(workspace, segment(workspace, people(workspace, 4)), [account])
    run = begin(workspace, broadcast)
    enqueue(run.pk)
    world.meets.extend([raising(Refused("blocked", "被拉黑。", "Blocked."))] * 3)
    outbox.drain()
    runs.mind()
    assert counts(workspace, broadcast) == {"recipients": 4, "sent": 1, "failed": 3} == {"recipients": 4, **states(workspace)}
    world.meets.append(raising(Refused("blocked", "被拉黑。", "Blocked.")))
    with time_machine.travel(clock.now() + dt.timedelta(seconds=5)):
        runs.resend(workspace, actor=SYSTEM, broadcast_id=broadcast.pk, run_id=run.pk)
        work.resend(run.pk)
        outbox.drain()
        runs.mind()
    assert counts(workspace, broadcast) == {"recipients": 4, "sent": 3, "failed": 1} == {"recipients": 4, **states(workspace)}
    assert Broadcast.objects.in_workspace(workspace).get().state == "done"


def test_no_more_a_minute_than_was_said(workspace: Workspace, world: World, account: Account) -> None:
    broadcast = to_segment(workspace, segment(workspace, people(workspace, 50)), [account], per_minute=30)
    with time_machine.travel(NOW, tick=False) as traveller:
        enqueue(begin(workspace, broadcast).pk)
        for _ in range(500):
            outbox.drain()
            traveller.shift(dt.timedelta(milliseconds=250))
    times = [at for at, _ in world.times]
    assert len(times) == 50
    assert all(sum(begin_ <= at < begin_ + 60_000 for at in times) <= 30 for begin_ in times)
    assert times[-1] - times[0] < 50 * 2_500


def test_many_recipients_are_typed_back(workspace: Workspace, account: Account) -> None:
    broadcast = to_segment(workspace, segment(workspace, people(workspace, 51)), [account])
    for typed in (None, 50):
        with pytest.raises(RecipientsUnconfirmed):
            begin(workspace, broadcast, recipients=typed)
    assert not Run.objects.in_workspace(workspace).exists()
    assert begin(workspace, broadcast, recipients=51).state == "sending"


def test_nobody_is_no_audience(workspace: Workspace, account: Account) -> None:
    broadcast = to_segment(workspace, segment(workspace, []), [account])
    with pytest.raises(NothingToSend):
        begin(workspace, broadcast)


def test_a_change_is_made_on_what_was_read(workspace: Workspace, account: Account) -> None:
    broadcast = to_segment(workspace, segment(workspace, []), [account])
    with pytest.raises(BroadcastChanged):
        drafts.change(
            workspace, actor=SYSTEM, broadcast_id=broadcast.pk, version=1, name="别的", purpose="service", parts=[], audience=Audience(), timing=Timing(),
            per_minute=None, tracks_links=False,
        )  # fmt: skip
    assert Broadcast.objects.in_workspace(workspace).get().name == "新品预告"


def test_a_repeated_one_goes_each_time_with_a_run_of_its_own(workspace: Workspace, world: World, account: Account) -> None:
    timing = Timing(kind="daily", time="09:00", zone="Asia/Shanghai")
    broadcast = to_segment(workspace, segment(workspace, people(workspace, 2)), [account], timing=timing)
    with time_machine.travel(NOW, tick=False) as traveller:
        runs.schedule(workspace, actor=SYSTEM, broadcast_id=broadcast.pk, version=broadcast.version, recipients=None)
        for day in (3, 4):
            traveller.move_to(dt.datetime(2026, 11, day, 1, 0, 5, tzinfo=dt.UTC))
            runs.mind()
            enqueue(Run.objects.in_workspace(workspace).order_by("-due_at").values_list("pk", flat=True)[0])
            outbox.drain()
            runs.mind()
    found = Broadcast.objects.in_workspace(workspace).get()
    assert (found.state, found.next_at) == ("scheduled", dt.datetime(2026, 11, 5, 1, tzinfo=dt.UTC))
    assert Counter(chat for chat, _, _ in world.shown) == {"u0": 2, "u1": 2}


def test_limits_say_how_long_it_takes(workspace: Workspace, offer: Callable[..., World]) -> None:
    offer(limits=Limits(per_account=(Rate(20, 60.0),)))
    account = pretend.account(workspace)
    broadcast = to_segment(workspace, segment(workspace, people(workspace, 50)), [account])
    checks.begin(workspace, broadcast_id=broadcast.pk)
    assert checking.said(workspace, broadcast.pk)["seconds"] == 90
