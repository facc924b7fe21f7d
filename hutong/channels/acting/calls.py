"""A call of a program of somebody's own: what happened to whom, posted and signed as everything on its account is."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from hutong.channels import personal, platforms
from hutong.channels.acting import places, wording
from hutong.channels.actions import lanes
from hutong.channels.actions.sends import LASTS, Order
from hutong.channels.contract import Chat, Data
from hutong.channels.models import Account
from hutong.foundation import fields, filled
from hutong.foundation.acting import DONE, Action, Caution, Doer, Field, Outcome, Person, Plan, Said, Settings
from hutong.foundation.errors import Invalid, NotFound
from hutong.foundation.fields import ANY_OF_EVENT, Parts, Values

TYPE = "automation"
TYPE_LENGTH_MAX = 100
PROPERTIES_MAX = 50
NAME_LENGTH_MAX = 100
VALUE_LENGTH_MAX = 2_000
_encode = msgspec.json.Encoder().encode
OURS = ("message.send", "ping")
_GONE = Outcome("refused", "这个 Webhook 账号已被移除。", "This webhook account was removed.", "account_gone")


def check(workspace_id: uuid.UUID, given: Settings) -> dict[str, Any]:
    """Raises Invalid."""
    account_id = filled.one_id(given, "account")
    account = _account(workspace_id, account_id)
    if account is None:
        raise Invalid.field("account", "这个账号已被移除。", "This account was removed.")
    if not _takes_data(account):
        raise Invalid.field(
            "account",
            "这个账号不能接收调用：请选择填了接收地址的签名 Webhook。",
            "This account takes no calls. Choose a signed webhook with an address.",
        )
    kind = filled.text(given, "type", length_max=TYPE_LENGTH_MAX, required=False) or TYPE
    if kind in OURS:
        raise Invalid.field("type", "这个类型已有别的含义，请换一个。", "This type means something else already. Choose another.")
    properties = filled.properties(given, "properties", count_max=PROPERTIES_MAX, key_length_max=NAME_LENGTH_MAX, length_max=VALUE_LENGTH_MAX)
    for name, text in properties.items():
        personal.line(workspace_id, text, where=f"properties.{name}", also=[ANY_OF_EVENT])
    return {"account": str(account_id), "type": kind, "properties": properties}


def _account(workspace_id: uuid.UUID, account_id: uuid.UUID) -> Account | None:
    return Account.objects.in_workspace(workspace_id).exclude(state="removed").filter(pk=account_id).first()


def _takes_data(account: Account) -> bool:
    try:
        manifest = platforms.manifest(account.platform)
    except NotFound:  # its connector is no longer part of the product
        return False
    return "send" in manifest.ways and "data" in manifest.capabilities.sends and bool(account.settings.get("url"))


def say(workspace_id: uuid.UUID, settings: Settings) -> Said:
    """Which program is called."""
    ((zh, en),) = places.account_names(workspace_id, [settings["account"]])
    return f"调用 Webhook「{zh}」（{settings['type']}）", f"Call the webhook “{en}” ({settings['type']})"


def warn(workspace_id: uuid.UUID, settings: Settings, _people: int) -> Sequence[Caution]:
    """Raises Invalid where the account is gone."""
    check(workspace_id, settings)
    account = _account(workspace_id, uuid.UUID(settings["account"]))
    if account is not None and account.state != "active":
        said = Caution(
            field="account", zh=f"「{account.name}」现在没有连接，调用会等到它恢复。", en=f"“{account.name}” is not connected now; calls wait until it is."
        )  # fmt: skip
        return (said,)
    return ()


def plan(doer: Doer, settings: Settings, people: Sequence[Person]) -> Plan:
    """One call for each, in a line of their own: nobody waits for another."""
    account = _account(doer.workspace_id, uuid.UUID(settings["account"]))
    if account is None:
        return Plan([_GONE] * len(people))
    texts = {name: fields.read(text)[0] for name, text in settings["properties"].items()}
    everything = [part for parts in texts.values() for part in parts]
    required = sorted(fields.required(everything))
    values = personal.for_people(doer.workspace_id, people, fields.names(everything) | {personal.NAME})
    found = list(_orders(doer, settings, account.pk, texts, required, people, values))
    orders = [one for one in found if isinstance(one, Order)]

    def write() -> None:
        lanes.put(doer.workspace_id, orders, source=doer.told_by, lane=doer.lane, known=[account])

    return Plan([DONE if isinstance(one, Order) else one for one in found], write)


def _orders(
    doer: Doer, settings: Settings, account_id: uuid.UUID, texts: dict[str, Parts], required: Sequence[str], people: Sequence[Person],
    values: Sequence[Values],
) -> Iterator[Order | Outcome]:  # fmt: skip
    kind = settings["type"]
    for one, known in zip(people, values, strict=True):
        refused = wording.missing(required, known)
        if refused is not None:
            yield refused
            continue
        member_id = str(one.member_id)
        data: dict[str, Any] = {"member": {"id": member_id, "name": known.get(personal.NAME, "")}}
        happened = one.occasion
        if happened.event:
            at = dt.datetime.fromtimestamp(happened.occurred_at, dt.UTC).isoformat()
            data["event"] = {"name": happened.event, "id": happened.event_id, "occurred_at": at, "properties": happened.properties}
        data["properties"] = {name: fields.fill(parts, known) for name, parts in texts.items()}
        data["source"] = doer.source
        # It is about the member, not to them: what they may be sent does not stand in its way.
        yield Order(
            key=one.key, account_id=account_id, chat=Chat(id=member_id, kind="dm"), segments=(Data(kind, msgspec.Raw(_encode(data))),), lasts=LASTS
        )


CALL = Action(
    name="webhook.call",
    zh="调用 Webhook",
    en="Call a webhook",
    kind="outside",
    permission="channels.manage",
    fields=(
        Field(
            name="account", kind="account", zh="账号", en="Account", sends="data",
            hint_zh="填了接收地址的签名 Webhook。", hint_en="A signed webhook with a receiving address.",
        ),
        Field(
            name="type", kind="text", zh="类型", en="Type", is_required=False, default=TYPE,
            hint_zh="对方程序看到的「type」。", hint_en="What the program sees as “type”.",
        ),
        Field(
            name="properties", kind="properties", zh="数据", en="Data", is_required=False, default={}, takes_fields=True,
            hint_zh="成员、事件和来源总会带上。", hint_en="The member, the event and the source are always there.",
        ),
    ),
    check=check,
    say=say,
    plan=plan,
    warn=warn,
)  # fmt: skip
