"""Answering what people write: one rule a message, within the transaction that reads it."""

from __future__ import annotations

import datetime as dt
import random
import re
import uuid
from collections.abc import Sequence
from typing import Any

from hutong.channels import answering, messages, personal
from hutong.channels.actions import sends
from hutong.channels.actions.sends import Order
from hutong.channels.answering import Heard
from hutong.channels.contract import Segment
from hutong.events.responders import Happening, at_once
from hutong.foundation import clock, ids, stream
from hutong.foundation.stream import Fact
from hutong.members import bulk
from hutong.members.bulk import Widening
from hutong.replies import deciding, questions
from hutong.replies.deciding import Circumstances
from hutong.replies.matching import kept
from hutong.replies.matching.kept import Ready
from hutong.replies.matching.matcher import Hit
from hutong.replies.matching.said import Said
from hutong.replies.models import Answered, DailyHits, Rule
from hutong.workspaces.models import Workspace

SOURCE = "reply"
_COUNTED = Widening(greatest=("last_at",), plus=("hits",))


def take(events: Sequence[Happening]) -> None:
    """Answer what these messages ask for, and note the questions nobody has an answer to."""
    rules: dict[uuid.UUID, Ready | None] = {}
    left: list[Heard] = []
    for one in answering.heard(events):
        if one.workspace_id not in rules:
            rules[one.workspace_id] = kept.ready(one.workspace_id)
        ready = rules[one.workspace_id]
        if ready is None or not _is_sendable(one) or not _answered(one, ready):
            left.append(one)
    questions.note(events, left)


RESPONDER = at_once("replies", frozenset({"message_sent"}), take, writes_back=True)


def _is_sendable(one: Heard) -> bool:
    return "send" in one.manifest.ways and one.manifest.capabilities.send != "none"


def _answered(one: Heard, ready: Ready) -> bool:
    hits = ready.find(Said(text_of(one)))
    if not hits:
        return False
    where = _circumstances(one, hits)
    hit = deciding.first(hits, where)
    if hit is None or where.place_id is None or deciding.is_full(one.workspace_id, where.place_id):
        return False
    rule = Rule.objects.in_workspace(one.workspace_id).filter(pk=hit.rule.id, deleted_at=None).first()
    if rule is None:
        return False
    now = clock.now()
    noted = (ids.new(), one.workspace_id, rule.pk, one.event.id, where.place_id, one.member_id, now)
    if Answered.objects.in_workspace(one.workspace_id).filter(event_id=one.event.id).exists():
        return True  # taken once before: an event that was set aside and given again
    bulk.insert(Answered, ("id", "workspace", "rule", "event_id", "place_id", "member", "at"), [noted])
    bulk.insert_or_widen(
        DailyHits,
        ("id", "workspace", "rule", "day", "hits", "last_at"),
        _COUNTED,
        [(ids.new(), one.workspace_id, rule.pk, where.local.date(), 1, now)],
        key=("rule", "day"),
    )
    segments = chosen(one.workspace_id, rule, seed=one.event.id, values=lambda names: _values(one, names))
    if segments:
        sends.send_many(one.workspace_id, [_order(one, rule, segments)], source=f"{SOURCE}:{rule.pk}", known=[one.account])
    stream.record(*_facts(one, rule, hit, now))
    return True


def _order(one: Heard, rule: Rule, segments: Sequence[Segment]) -> Order:
    key = f"reply/{rule.pk}/{one.event.id}"
    private = answering.private(one, key=key, segments=segments) if rule.is_private and one.group is not None else None
    return private or answering.answer(one, key=key, segments=segments, quotes=rule.quotes)


def chosen(workspace_id: uuid.UUID, rule: Rule, *, seed: str, values: Any) -> tuple[Segment, ...]:
    """One of the answers, by chance and weight, filled; the same seed gives the same one."""
    if not rule.answers:
        return ()
    (answer,) = random.Random(seed).choices(rule.answers, weights=[one["weight"] for one in rule.answers])
    # Fields were known when the rule was saved. One whose attribute is gone since gives its fallback.
    draft = personal.read(workspace_id, messages.kept(answer["parts"]), also=answer["fields"])
    return draft.fill(values(draft.fields)) if draft.fields else draft.segments


def _values(one: Heard, names: frozenset[str]) -> dict[str, str]:
    found = dict(personal.look_up(one.workspace_id, [one.member_id], names)[one.member_id])
    if one.group is not None:
        found |= {"group": one.group.name, "community": one.group.community.name}
    return found


def _facts(one: Heard, rule: Rule, hit: Hit, now: dt.datetime) -> list[Fact]:
    said: dict[str, Any] = {"rule_id": str(rule.pk), "keyword": hit.keyword.text, "way": hit.keyword.way}
    chat = {"chat_id": str(one.chat.pk), "message_id": one.message_id, "account_id": str(one.account.pk)}
    names = {"keyword_replied": said}
    if rule.hands_over:
        names["handed_over"] = {**said, **chat}
    return [
        Fact(
            workspace_id=one.workspace_id,
            name=name,
            member_id=one.member_id,
            origin_id=one.origin_id,
            group_id=one.group.pk if one.group else None,
            community_id=one.group.community_id if one.group else None,
            channel=one.account.channel,
            source=f"{SOURCE}:{rule.pk}",
            text=one.event.text if name == "handed_over" else "",
            occurred_at=now,
            properties=properties,
            id=f"{one.event.id}/{name}",
        )
        for name, properties in names.items()
    ]


def text_of(one: Heard) -> str:
    """What was said, without the name of ours by which it was said to us."""
    text = one.event.text
    if not one.event.properties.get("mentions_bot"):
        return text
    for name in (one.account.self_name, one.account.self_id):
        if name:
            text = re.sub(rf"@?{re.escape(name)}\s*[:：,，]?", " ", text)
    return text.strip()


def _circumstances(one: Heard, hits: Sequence[Hit]) -> Circumstances:
    group = one.group
    zone = group.community.time_zone if group is not None else _zone(one.workspace_id)
    is_private = one.chat.kind == "dm"
    asks_privacy = not is_private and any(hit.rule.is_private for hit in hits)
    return Circumstances(
        workspace_id=one.workspace_id,
        group_id=group.pk if group else None,
        community_id=group.community_id if group else None,
        is_private=is_private,
        is_mentioned=bool(one.event.properties.get("mentions_bot")),
        local=clock.now().astimezone(clock.zone(zone)),
        place_id=group.pk if group else one.chat.pk,
        member_id=one.member_id,
        can_write_privately=not asks_privacy or answering.private(one, key="-", segments=()) is not None,
    )


def _zone(workspace_id: uuid.UUID) -> str:
    return Workspace.objects.values_list("time_zone", flat=True).get(pk=workspace_id)
