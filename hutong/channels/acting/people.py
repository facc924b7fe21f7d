"""A message to each person: to them alone, through the account they are reached by, or into the chat where it happened."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from hutong.channels import answering, messages, personal, reaching, unsubscribing
from hutong.channels.acting import cautions, places, wording
from hutong.channels.actions import lanes
from hutong.channels.actions.sends import LASTS, SUBJECT_LENGTH_MAX, Order
from hutong.channels.contract import Chat, Quote, Segment
from hutong.channels.personal import Draft
from hutong.channels.reaching import NOT_OPENED, Reached, Way
from hutong.foundation import clock, fields, filled
from hutong.foundation.acting import DONE, Action, Cause, Caution, Choice, Doer, Field, Outcome, Person, Plan, Said, Settings
from hutong.foundation.errors import Invalid
from hutong.foundation.fields import ANY_OF_EVENT, Parts

ACCOUNTS_MAX = 20
EMAIL = "email"
UNSUBSCRIBE = "unsubscribe_url"  # a field of our own: where they say that they want no more
_NOBODY = {
    NOT_OPENED: Outcome("refused", "他们要先给我们发消息，平台才允许回复。", "The platform lets us write to them only after they wrote first.", "unreachable"),
    reaching.NO_IDENTITY: Outcome(
        "refused", "成员在这些渠道上没有身份，无法联系。", "The member is on none of these channels and cannot be reached.", "unreachable"
    ),
}  # fmt: skip


def check(workspace_id: uuid.UUID, given: Settings) -> dict[str, Any]:
    """Raises Invalid."""
    place = filled.choice(given, "place", ("private", "there"), default="private")
    accounts = filled.ids(given, "accounts", count_max=ACCOUNTS_MAX)
    if len(reaching.ways(workspace_id, accounts)) < len(accounts):
        raise Invalid.field("accounts", "有的账号已被移除，或不能发送。", "An account was removed, or cannot send.")
    subject = filled.text(given, "subject", length_max=SUBJECT_LENGTH_MAX, required=False)
    personal.line(workspace_id, subject, where="subject", also=[ANY_OF_EVENT])
    return {
        "parts": wording.checked(workspace_id, given.get("parts"), also=[UNSUBSCRIBE]),
        "place": place,
        "accounts": [str(one) for one in accounts],
        "purpose": filled.choice(given, "purpose", ("service", "marketing"), default="service" if place == "there" else "marketing"),
        "subject": subject,
        "quotes": filled.boolean(given, "quotes") and place == "there",
    }


def say(workspace_id: uuid.UUID, settings: Settings) -> Said:
    """What is sent, and where to."""
    text = wording.shown(settings["parts"])
    if settings["place"] == "there":
        return f"在事情发生的会话里发送「{text}」", f"Send “{text}” into the chat where it happened"
    names = places.account_names(workspace_id, settings["accounts"])
    if not names:
        return f"给本人发送「{text}」", f"Send them “{text}”"
    return f"用 {'、'.join(zh for zh, _ in names)} 给本人发送「{text}」", f"Send them “{text}” through {', '.join(en for _, en in names)}"


def warn(workspace_id: uuid.UUID, settings: Settings, people: int) -> Sequence[Caution]:
    """Raises Invalid where an account is gone."""
    check(workspace_id, settings)
    some = _ways(workspace_id, settings)
    found = [*cautions.of_accounts(some, people, kind="dm" if settings["place"] == "private" else "group")]
    if settings["purpose"] == "marketing":
        has_link = UNSUBSCRIBE in personal.again(messages.again(settings["parts"])).fields
        found += cautions.of_marketing(some, is_there=settings["place"] == "there", has_link=has_link)
    return found


def plan(doer: Doer, settings: Settings, people: Sequence[Person]) -> Plan:
    """One message for each who is reached, under the person's key."""
    said = _Said(doer, settings)
    values = personal.for_people(doer.workspace_id, people, said.fields)
    found = list(_there(said, people, values)) if settings["place"] == "there" else list(_private(said, people, values))
    orders = [one for one in found if isinstance(one, Order)]
    outcomes = [DONE if isinstance(one, Order) else one for one in found]
    accounts = {way.account.pk: way.account for way in said.ways}

    def write() -> None:
        lanes.put(doer.workspace_id, orders, source=doer.told_by, lane=doer.lane, known=list(accounts.values()))

    return Plan(outcomes, write)


class _Said:
    """What is said, read once for all."""

    def __init__(self, doer: Doer, settings: Settings) -> None:
        self.doer = doer
        self.settings = settings
        self.draft: Draft = personal.again(messages.again(settings["parts"]))
        self.purpose = str(settings["purpose"])
        self.subject: Parts = fields.read(wording.subject_of(settings["subject"], self.draft.segments, length_max=SUBJECT_LENGTH_MAX))[0]
        self.required = sorted(self.draft.required - {UNSUBSCRIBE}) + sorted(fields.required(self.subject) - self.draft.required)
        self.fields = self.draft.fields | fields.names(self.subject)
        self.has_link = UNSUBSCRIBE in self.fields
        self.ways = _ways(doer.workspace_id, settings)
        self._subjects = {way.account.pk: way.account.platform == EMAIL for way in self.ways}

    def subject_for(self, account_id: uuid.UUID, values: fields.Values) -> str:
        """The subject of an e-mail; other platforms have none."""
        return fields.fill(self.subject, values)[:SUBJECT_LENGTH_MAX] if self._subjects.get(account_id) else ""


def _ways(workspace_id: uuid.UUID, settings: Settings) -> list[Way]:
    chosen = [uuid.UUID(one) for one in settings["accounts"]]
    return reaching.ways(workspace_id, chosen) if chosen else reaching.every_way(workspace_id)


def _private(said: _Said, people: Sequence[Person], values: Sequence[dict[str, str]]) -> Iterator[Order | Outcome]:
    members = list(dict.fromkeys(one.member_id for one in people))
    reached = _reached(said, members)
    is_marketing, source, draft = said.purpose == "marketing", said.doer.source, said.draft
    ids_of = {id(way): way.account.pk for way in said.ways}
    for one, known in zip(people, values, strict=True):
        through = reached.through.get(one.member_id)
        if through is None:
            yield _NOBODY[reached.missed[one.member_id]]
            continue
        refused = wording.missing(said.required, known) if said.required else None
        if refused is not None:
            yield refused
            continue
        way, ref = through
        account_id = ids_of[id(way)]
        unsubscribe = ""
        if is_marketing or said.has_link:
            unsubscribe = unsubscribing.url(member_id=one.member_id, account_id=account_id, source=source)
            if said.has_link:
                known[UNSUBSCRIBE] = unsubscribe
        yield Order(
            key=one.key,
            account_id=account_id,
            chat=Chat(id=ref, kind="dm"),
            segments=draft.fill(known),
            purpose=said.purpose,
            member_id=one.member_id,
            user_ref=ref,
            subject=said.subject_for(account_id, known),
            unsubscribe_url=unsubscribe if is_marketing else "",
            lasts=LASTS,
        )


def _reached(said: _Said, members: Sequence[uuid.UUID]) -> Reached:
    find = reaching.reach if said.settings["accounts"] else reaching.reach_where_they_write
    return find(said.doer.workspace_id, said.ways, members)


def _there(said: _Said, people: Sequence[Person], values: Sequence[dict[str, str]]) -> Iterator[Order | Outcome]:
    found = places.of_people(said.doer.workspace_id, people, said.ways)
    now = clock.now()
    for one, there, known in zip(people, found, values, strict=True):
        if there is None:
            yield Outcome(
                "refused", "没有发生在某个会话里，群里也没有可用的账号。", "It did not happen in a chat, and no account is in its group.", "no_chat"
            )
            continue
        if said.has_link:
            known[UNSUBSCRIBE] = unsubscribing.url(member_id=one.member_id, account_id=there.account.pk, source=said.doer.source)
        refused = wording.missing(said.required, known)
        yield refused if refused is not None else _answer(said, one, there, known, now)


def _answer(said: _Said, one: Person, there: places.There, known: dict[str, str], now: dt.datetime) -> Order:
    """What is said soon after, in the chat where it happened, is an answer."""
    happened = one.occasion.properties
    is_answer = there.is_where_it_happened and one.occasion.occurred_at >= (now - answering.FRESH).timestamp()
    message_id = str(happened.get("message_id", ""))
    quotes = said.settings["quotes"] and there.is_where_it_happened and message_id and "quote" in there.manifest.capabilities.sends
    segments: tuple[Segment, ...] = said.draft.fill(known)
    return Order(
        key=one.key,
        account_id=there.account.pk,
        chat=there.chat,
        segments=(Quote(message_id), *segments) if quotes else segments,
        purpose="reply" if is_answer else said.purpose,
        member_id=one.member_id,
        user_ref=there.user_ref,
        thread=str(happened.get("thread", "")) if there.is_where_it_happened else "",
        subject=fields.fill(said.subject, known)[:SUBJECT_LENGTH_MAX] if there.account.platform == EMAIL else "",
        lasts=LASTS,
    )


def causes(_settings: Settings) -> Sequence[Cause]:
    """It arrives, or not."""
    return (Cause(event="message_delivered"), Cause(event="message_failed"))


SEND = Action(
    name="message.send",
    zh="发送消息",
    en="Send a message",
    kind="message",
    permission="messages.send",
    fields=(
        Field(name="parts", kind="message", zh="消息", en="Message", takes_fields=True),
        Field(
            name="place", kind="choice", zh="发到哪里", en="Where to", is_required=False, default="private",
            choices=(Choice(value="private", zh="私聊本人", en="To them alone"), Choice(value="there", zh="事情发生的会话", en="The chat where it happened")),
        ),
        Field(
            name="accounts", kind="accounts", zh="用哪些账号", en="Accounts", is_required=False, default=[], sends="text",
            hint_zh="按顺序尝试。不选：用成员最近说话的渠道。", hint_en="Tried in this order. None: the channel on which the member wrote last.",
            only_if=("place", ("private",)),
        ),
        Field(
            name="purpose", kind="choice", zh="用途", en="Purpose", is_required=False,
            hint_zh="营销消息受退订、安静时段和次数上限约束。", hint_en="Marketing keeps to opt-outs, quiet hours and caps.",
            choices=(Choice(value="service", zh="服务", en="Service"), Choice(value="marketing", zh="营销", en="Marketing")),
        ),
        Field(
            name="subject", kind="text", zh="邮件主题", en="Subject of e-mails", is_required=False, default="", takes_fields=True,
            hint_zh="不填：用消息的第一行。", hint_en="Left empty: the first line of the message.",
        ),
        Field(
            name="quotes", kind="boolean", zh="引用对方的消息", en="Quote their message", is_required=False, default=False,
            only_if=("place", ("there",)),
        ),
    ),
    check=check,
    say=say,
    plan=plan,
    causes=causes,
    warn=warn,
)  # fmt: skip
