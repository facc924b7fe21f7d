"""Greeting newcomers: who came is welcomed once, who leaves before a message is due is sent no more.

Runs as a responder: everything happens in the transaction that moves its cursor, so that nobody is greeted twice or forgotten.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

import msgspec

from hutong.channels import answering
from hutong.channels.actions import withdrawing
from hutong.channels.actions.sends import Order, send_many
from hutong.channels.answering import Heard
from hutong.channels.contract import Segment
from hutong.events.responders import Happening
from hutong.events.warehouse.schema import NONE
from hutong.foundation import clock, stream
from hutong.foundation.stream import Fact
from hutong.members.actions import origins
from hutong.members.models import Member
from hutong.welcomes import tasks
from hutong.welcomes.actions.together import PREFIX, due
from hutong.welcomes.choosing import choose
from hutong.welcomes.models import Gathering, Greeting, Welcome
from hutong.welcomes.said import NAMES_MAX, Message, fill, mentioning, messages

NAMES = frozenset({"member_joined", "member_left", "contact_added", "contact_removed"})
COMES = {"member_joined": "group", "contact_added": "contact"}


def take(events: Sequence[Happening]) -> None:
    """Greet who came and stop for who went, in the order in which it happened."""
    came = {id(one.event): one for one in answering.heard([event for event in events if event.name in COMES])}
    welcomes: dict[uuid.UUID, list[Welcome]] = {}
    for event in events:
        one = came.get(id(event))
        if event.name not in COMES:
            _stop(event)
        elif one is not None:
            if one.workspace_id not in welcomes:
                welcomes[one.workspace_id] = list(Welcome.objects.in_workspace(one.workspace_id).filter(is_on=True).select_related("workspace"))
            _greet(one, welcomes[one.workspace_id])


def _greet(one: Heard, welcomes: Sequence[Welcome]) -> None:
    group = one.group
    if COMES[one.event.name] == "group" and group is None:
        return
    welcome = choose(
        welcomes,
        kind=COMES[one.event.name],
        group_id=group.pk if group else None,
        community_id=group.community_id if group else None,
        said=one.event.properties,
    )
    member_id = origins.root(one.workspace_id, one.origin_id)
    if welcome is None or Member.objects.in_workspace(one.workspace_id).filter(pk=member_id, is_bot=True).exists():
        return
    family = origins.subtree(one.workspace_id, member_id)
    greetings = Greeting.objects.in_workspace(one.workspace_id)
    if greetings.filter(welcome=welcome, origin_id__in=family).exists():
        return
    key = f"{PREFIX}/{welcome.pk}/{member_id}/"
    orders, together = _orders(dataclasses.replace(one, member_id=member_id), welcome, key)
    if welcome.messages and not orders and not together:
        return
    greetings.create(
        workspace_id=one.workspace_id,
        welcome=welcome,
        origin_id=one.origin_id,
        group=group,
        gathering=_gathering(one, welcome, together) if together else None,
        key=key,
        user_ref=answering.ref_of(one),
        joined_at=clock.from_ms(round(one.event.occurred_at * 1000)),
    )
    send_many(one.workspace_id, orders, source="system")
    stream.record(
        Fact(
            workspace_id=one.workspace_id,
            name="welcomed",
            member_id=member_id,
            origin_id=one.origin_id,
            community_id=group.community_id if group else None,
            group_id=group.pk if group else None,
            channel=one.account.channel,
            properties={"welcome_id": str(welcome.pk), "welcome": welcome.name, "account_id": str(one.account.pk)},
            id=f"{PREFIX}/{welcome.pk}/{one.origin_id}",
        )
    )


def _orders(one: Heard, welcome: Welcome, key: str) -> tuple[list[Order], list[tuple[int, Message]]]:
    """The sends to one newcomer, and the messages that are left to be said to several."""
    orders: list[Order] = []
    together: list[tuple[int, Message]] = []
    for index, message in enumerate(messages(welcome.messages)):
        if message.place == "group" and welcome.together_seconds and one.group is not None:
            together.append((index, message))
            continue
        order = _order(one, welcome, message, f"{key}{index}")
        if order is not None:
            orders.append(order)
    return orders, together


def _order(one: Heard, welcome: Welcome, message: Message, key: str) -> Order | None:
    segments = fill(one.workspace_id, message, member_ids=[one.member_id], group=one.group)
    not_before = due(one.workspace_id, welcome, clock.now() + dt.timedelta(seconds=message.delay_seconds), zone=_zone(one, welcome))
    order = None
    if message.place == "private" or one.group is None:
        order = answering.private(one, key=key, segments=segments, not_before=not_before)
        if order is None and one.group is None and one.chat.kind == "dm":
            order = answering.answer(one, key=key, segments=segments, not_before=not_before)
        if order is None and (message.otherwise == "none" or one.group is None):
            return None
    if order is None:
        order = answering.answer(one, key=key, segments=_called(one, message, segments), not_before=not_before)
    # What comes much later is no answer to their coming any more: the rules for minors count.
    return msgspec.structs.replace(order, purpose="service") if message.delay_seconds else order


def _called(one: Heard, message: Message, segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    if not message.mentions:
        return segments
    name = Member.objects.in_workspace(one.workspace_id).filter(pk=one.member_id).values_list("name", flat=True).first() or ""
    ref = answering.ref_of(one)
    return mentioning(segments, [(ref, name)] if ref else [], one.manifest)


def _zone(one: Heard, welcome: Welcome) -> str:
    return one.group.community.time_zone if one.group else welcome.workspace.time_zone


def _gathering(one: Heard, welcome: Welcome, together: Sequence[tuple[int, Message]]) -> Gathering:
    """The open gathering of this chat, or a new one with what will be said in it."""
    now = clock.now()
    rows = Gathering.objects.in_workspace(one.workspace_id).filter(welcome=welcome, chat=one.chat, closes_at__gt=now, size__lt=NAMES_MAX)
    found = rows.order_by("-closes_at").first()
    if found is not None:
        found.size += 1
        found.save(update_fields=["size"])
        return found
    made = Gathering.objects.create(
        workspace_id=one.workspace_id,
        welcome=welcome,
        chat=one.chat,
        thread=str(one.event.properties.get("thread", ""))[:200],
        closes_at=now + dt.timedelta(seconds=welcome.together_seconds),
        size=1,
    )
    for index, message in together:
        moment = due(one.workspace_id, welcome, made.closes_at + dt.timedelta(seconds=message.delay_seconds), zone=_zone(one, welcome))
        tasks.say_together.using(run_after=moment).enqueue(str(made.pk), index)
    return made


def _stop(event: Happening) -> None:
    """Somebody left: what they have not been sent yet is not sent."""
    if event.origin_id == NONE or (event.name == "member_left" and event.group_id == NONE):
        return
    workspace_id = uuid.UUID(event.workspace_id)
    family = origins.subtree(workspace_id, origins.root(workspace_id, uuid.UUID(event.origin_id)))
    moment = clock.from_ms(round(event.occurred_at * 1000))
    rows = Greeting.objects.in_workspace(workspace_id).filter(origin_id__in=family, left_at=None, joined_at__lte=moment)
    rows = rows.filter(group_id=event.group_id) if event.name == "member_left" else rows.filter(group=None)
    for greeting in rows:
        greeting.left_at = moment
        greeting.save(update_fields=["left_at"])
        withdrawing.withdraw(workspace_id, key_prefix=greeting.key)
