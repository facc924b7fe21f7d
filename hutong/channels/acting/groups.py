"""A message into chosen groups, once for what happened. Where nothing but time brought it about, that is once for all it is done for."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from hutong.channels import messages, personal, reaching
from hutong.channels.acting import cautions, people, places, wording
from hutong.channels.actions import lanes
from hutong.channels.actions.sends import Order
from hutong.channels.contract import Segment
from hutong.channels.models import Send
from hutong.communities.models import Group
from hutong.foundation import clock, filled
from hutong.foundation.acting import DONE, UNCHANGED, Action, Caution, Choice, Doer, Field, Outcome, Person, Plan, Said, Settings
from hutong.foundation.errors import Invalid
from hutong.members import bulk
from hutong.workspaces.models import Workspace

GROUPS_MAX = 50
_NO_CHAT = Outcome("refused", "没有账号在这些群里。", "No account is in these groups.", "no_chat")


def check(workspace_id: uuid.UUID, given: Settings) -> dict[str, Any]:
    """Raises Invalid."""
    groups = filled.ids(given, "groups", count_max=GROUPS_MAX, required=True)
    if Group.objects.in_workspace(workspace_id).filter(pk__in=groups, archived_at=None).count() < len(groups):
        raise Invalid.field("groups", "有的群已不存在或已归档。", "A group is gone or archived.")
    return {
        "parts": wording.checked(workspace_id, given.get("parts")),
        "groups": [str(one) for one in groups],
        "purpose": filled.choice(given, "purpose", ("service", "marketing"), default="service"),
    }


def say(workspace_id: uuid.UUID, settings: Settings) -> Said:
    """What is sent, and into which groups."""
    text, names = wording.shown(settings["parts"]), places.group_names(workspace_id, settings["groups"])
    return f"在群 {'、'.join(zh for zh, _ in names)} 里发送「{text}」", f"Send “{text}” into the groups {', '.join(en for _, en in names)}"


def warn(workspace_id: uuid.UUID, settings: Settings, count: int) -> Sequence[Caution]:
    """Raises Invalid where a group is gone."""
    check(workspace_id, settings)
    groups = [uuid.UUID(one) for one in settings["groups"]]
    some = reaching.every_way(workspace_id)
    there = places.of_groups(workspace_id, groups, some)
    found = []
    without = [name for one, name in zip(groups, places.group_names(workspace_id, settings["groups"]), strict=True) if one not in there]
    if without:
        found.append(
            Caution(
                field="groups", zh=f"没有账号在群 {'、'.join(zh for zh, _ in without)} 里，那里收不到。",
                en=f"No account is in {', '.join(en for _, en in without)}: nothing arrives there.", is_error=len(without) == len(groups),
            )
        )  # fmt: skip
    if count > 1:
        found.append(
            Caution(
                field="groups", zh=f"每发生一次就发一条，{count:,} 人可能就是 {count:,} 条；由时间触发的只发一条。",
                en=f"One message goes each time it happens: up to {count:,} for as many people. Set off by time, it goes once.",
            )
        )  # fmt: skip
    if settings["purpose"] == "marketing":
        found += cautions.of_marketing(some, is_there=True, has_link=False)
    return found


def plan(doer: Doer, settings: Settings, some: Sequence[Person]) -> Plan:
    """One message into each group for everything that happened."""
    draft = personal.again(messages.again(settings["parts"]))
    values = personal.for_people(doer.workspace_id, some, draft.fields)
    ways = reaching.every_way(doer.workspace_id)
    there = places.of_groups(doer.workspace_id, [uuid.UUID(one) for one in settings["groups"]], ways)
    keys = _keys(doer, settings, some)
    said = _sent(doer.workspace_id, [_key(key, group_id) for key in dict.fromkeys(keys) for group_id in there])
    outcomes: list[Outcome] = []
    orders: list[Order] = []
    for key, known in zip(keys, values, strict=True):
        new = [group_id for group_id in there if _key(key, group_id) not in said]
        refused = _NO_CHAT if not there else wording.missing(sorted(draft.required), known)
        outcomes.append(refused or (DONE if new else UNCHANGED))
        if refused is None:
            orders += _orders(settings, key, {group_id: there[group_id] for group_id in new}, draft.fill(known))
            said.update(_key(key, group_id) for group_id in new)

    def write() -> None:
        lanes.put(doer.workspace_id, orders, source=doer.told_by, lane=doer.lane, known=[way.account for way in ways])

    return Plan(outcomes, write)


def _keys(doer: Doer, settings: Settings, some: Sequence[Person]) -> list[str]:
    """Of each person's occasion: their own where something happened; else that of the moment, or of the day."""
    words = msgspec.json.encode([settings["parts"], settings["groups"]])
    once = f"{doer.source}/group/{hashlib.sha256(words).hexdigest()[:16]}"
    zone = Workspace.objects.values_list("time_zone", flat=True).get(pk=doer.workspace_id)
    today = clock.local_date(clock.now(), zone).isoformat()
    return [
        one.key if one.occasion.event else f"{once}/{round(one.occasion.occurred_at)}" if one.occasion.occurred_at else f"{once}/{today}"
        for one in some
    ]


def _key(key: str, group_id: uuid.UUID) -> str:
    return f"{key}/{group_id.hex}"


def _sent(workspace_id: uuid.UUID, keys: Sequence[str]) -> set[str]:
    return {key for key, *_ in bulk.pick(Send, [], "key", keys, workspace_id=workspace_id)}


def _orders(settings: Settings, key: str, there: dict[uuid.UUID, places.There], segments: tuple[Segment, ...]) -> Iterator[Order]:
    for group_id, place in there.items():
        yield Order(key=_key(key, group_id), account_id=place.account.pk, chat=place.chat, segments=segments, purpose=settings["purpose"])


SEND = Action(
    name="message.group",
    zh="在群里发消息",
    en="Send a message into groups",
    kind="message",
    permission="messages.send",
    fields=(
        Field(name="parts", kind="message", zh="消息", en="Message", takes_fields=True, mentions_all=True),
        Field(name="groups", kind="group", zh="群", en="Groups"),
        Field(
            name="purpose", kind="choice", zh="用途", en="Purpose", is_required=False, default="service",
            choices=(Choice(value="service", zh="服务", en="Service"), Choice(value="marketing", zh="营销", en="Marketing")),
        ),
    ),
    check=check,
    say=say,
    plan=plan,
    causes=people.causes,
    warn=warn,
)  # fmt: skip
