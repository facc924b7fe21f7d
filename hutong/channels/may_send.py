"""May this be sent to them, now? The one place that knows consent, minors, quiet hours, caps, banned words and reply windows.

Defaults, where a workspace has said nothing (`Rules`): marketing is quiet from 22:00 to 8:00 on the clock of whom it is for, and goes to
somebody once a day and three times a week at most; whoever asked for no more gets none, nor do minors (by the attribute `birthday`;
an age that is not known does not stop a message); under 14 only answers are sent. Words that advertising law forbids stop
marketing. The words a workspace forbids stop everything, and so does an address that takes nothing.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import msgspec

from hutong.channels import platforms
from hutong.channels.contract import Manifest, ReplyContext
from hutong.channels.models import Opening, OptOut, Send, SendingRules
from hutong.channels.waiting import Outbound
from hutong.foundation import clock
from hutong.members import bulk
from hutong.members.models import Attribute, AttributeValue
from hutong.members.queries.clocks import zones_of
from hutong.workspaces.models import Workspace

MINOR_YEARS = 18
CHILD_YEARS = 14
WORDS_MAX = 2_000
WENT = ["sent", "partial"]

Clock = str  # "22:00"


class Rules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a workspace says. Times are local, `quiet_from` = `quiet_to`: never quiet; caps of 0: none."""

    quiet_from: Clock = "22:00"
    quiet_to: Clock = "08:00"
    marketing_per_day: int = 1
    marketing_per_week: int = 3
    banned_words: tuple[str, ...] = ()
    advertising_words: tuple[str, ...] = ("国家级", "最高级", "最佳")  # Advertising Law of the PRC, article 9(3)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`yes`; or `later`, not before `until`; or `no`, for a reason said in both languages."""

    answer: Literal["yes", "later", "no"]
    until: dt.datetime | None = None
    reason: str = ""
    zh: str = ""
    en: str = ""
    opening_id: uuid.UUID | None = None  # the answer uses it up by one
    reply: ReplyContext | None = None


YES = Verdict("yes")


def rules_of(workspace_id: uuid.UUID) -> Rules:
    """What the workspace said, the defaults where it said nothing."""
    said = SendingRules.objects.in_workspace(workspace_id).values_list("rules", flat=True).first()
    return msgspec.convert(said or {}, Rules)


class Known:
    """The rules, and what they ask of those whom some sends are for: read for all of them at once, when the first is asked about."""

    def __init__(self, sends: Sequence[Outbound], *, rules: Rules, now: dt.datetime) -> None:
        self.rules = rules
        self.now = now
        self._sends = sends
        self._workspace_id = sends[0].workspace_id if sends else uuid.UUID(int=0)
        self._everybody = {one.member_id for one in sends if one.member_id is not None and one.purpose != "reply"}
        self._marketed = {one.member_id for one in sends if one.purpose == "marketing" and one.member_id is not None}
        self._refs = {(one.account.channel, platforms.folded(one.account.channel, one.user_ref)) for one in sends if one.user_ref}

    def forbidden(self, purpose: str) -> Sequence[tuple[str, str]]:
        """The words that stop a message, each with the form in which it is looked for."""
        return self._marketing_words if purpose == "marketing" else self._words

    def age(self, send: Outbound) -> int | None:
        """In years; None where it is not known."""
        born = self._born.get(send.member_id) if send.member_id is not None else None
        if born is None:
            return None
        today = self.now.date()
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))

    def stopped(self, send: Outbound) -> dict[str, str]:
        """What is not to go to whom it is for, marketing or all, and what was noted of it."""
        channel = send.account.channel
        return self._stops.get((channel, platforms.folded(channel, send.user_ref)), {}) if send.user_ref else {}

    def zone(self, send: Outbound) -> str:
        """The clock of whom it is for: the group's, or the member's own (`members.queries.clocks`)."""
        if send.group is not None:
            return send.group.community.time_zone
        found = self._zones.get(send.member_id) if send.member_id is not None else None
        return found or self._own_zone

    def went(self, send: Outbound) -> Sequence[dt.datetime]:
        """When marketing went to them in the longest of the spans that are capped, the latest first."""
        return self._went.get(send.member_id, ()) if send.member_id is not None else ()

    @cached_property
    def _words(self) -> list[tuple[str, str]]:
        return [(word, word.casefold()) for word in self.rules.banned_words]

    @cached_property
    def _marketing_words(self) -> list[tuple[str, str]]:
        return [*self._words, *((word, word.casefold()) for word in self.rules.advertising_words)]

    @cached_property
    def _born(self) -> dict[uuid.UUID, dt.date]:
        attribute_id = Attribute.objects.in_workspace(self._workspace_id).filter(key="birthday").values_list("pk", flat=True).first()
        if attribute_id is None:
            return {}
        told = bulk.pick(AttributeValue, ["value"], "member", self._everybody, workspace_id=self._workspace_id, also={"attribute": attribute_id})
        days = ((member_id, value.strip('"')) for member_id, value in told if isinstance(value, str))
        return {member_id: dt.date.fromisoformat(day) for member_id, day in days if len(day) >= len("2000-01-01")}  # else a day of any year

    @cached_property
    def _stops(self) -> dict[tuple[str, str], dict[str, str]]:
        found: dict[tuple[str, str], dict[str, str]] = {}
        for channel in {channel for channel, _ in self._refs}:
            refs = [ref for of, ref in self._refs if of == channel]
            for ref, stops, note in bulk.pick(
                OptOut, ["stops", "note"], "user_ref", refs, workspace_id=self._workspace_id, also={"channel": channel}
            ):
                found.setdefault((channel, ref), {})[stops] = note
        return found

    @cached_property
    def _zones(self) -> dict[uuid.UUID, str]:
        return zones_of(self._workspace_id, {one.member_id for one in self._sends if one.member_id is not None})

    @cached_property
    def _own_zone(self) -> str:
        return Workspace.objects.values_list("time_zone", flat=True).get(pk=self._workspace_id)

    @cached_property
    def _went(self) -> dict[uuid.UUID, list[dt.datetime]]:
        found: dict[uuid.UUID, list[dt.datetime]] = {}
        since = self.now - dt.timedelta(days=max(days for _, days in _caps(self.rules)))
        for some in bulk.chunks(self._marketed):
            rows = Send.objects.in_workspace(self._workspace_id).filter(
                member_id__in=some, purpose="marketing", state__in=WENT, finished_at__gt=since
            )
            for member_id, at in rows.order_by("-finished_at").values_list("member_id", "finished_at"):
                if member_id is not None and at is not None:
                    found.setdefault(member_id, []).append(at)
        return found


Check = Literal["words", "reachable", "minor", "opted_out", "quiet", "caps", "window"]


def may_send(send: Outbound, *, text: str, manifest: Manifest, known: Known, reply: ReplyContext | None = None) -> Verdict:
    """Whether a message may go to whom it is for at this moment, as far as people and the platform's windows are concerned.

    `send` is one of those that `known` was made for, its account at hand.
    """
    verdict = YES
    for _, verdict in checks(send, text=text, manifest=manifest, known=known, reply=reply):
        if verdict.answer != "yes":
            break
    return verdict


def checks(send: Outbound, *, text: str, manifest: Manifest, known: Known, reply: ReplyContext | None = None) -> Iterator[tuple[Check, Verdict]]:
    """Everything that is asked of such a message, in its order, each looked up when it is its turn. The last one has the window that is used."""
    yield "words", _words(text, known.forbidden(send.purpose))
    stopped = known.stopped(send)
    yield "reachable", _reachable(stopped)
    if send.purpose != "reply":
        yield "minor", _minor(send, known)
    if send.purpose == "marketing":
        yield "opted_out", _NO_MORE if "marketing" in stopped else YES
        yield (
            "quiet",
            _until(_quiet_until(send, known), reason="quiet", zh="对方那边在安静时段。", en="It is within quiet hours where they are."),
        )
        yield (
            "caps",
            _until(
                _capped_until(send, known),
                reason="caps",
                zh="近期发给对方的营销消息已到上限。",
                en="They have had as much marketing lately as the rules allow.",
            ),
        )
    yield "window", _window(send, manifest, known.now, reply)


_NO_MORE = Verdict("no", reason="opted_out", zh="对方已退订营销消息。", en="They have asked for no more marketing.")


def _until(moment: dt.datetime | None, *, reason: str, zh: str, en: str) -> Verdict:
    return Verdict("later", until=moment, reason=reason, zh=zh, en=en) if moment is not None else YES


def _words(text: str, forbidden: Sequence[tuple[str, str]]) -> Verdict:
    said = text.casefold() if forbidden else ""
    for word, folded in forbidden:
        if folded in said:
            return Verdict(
                "no",
                reason="banned_words",
                zh=f"含有禁用词「{word}」。请修改后重发。",
                en=f"It contains the forbidden word “{word}”. Change it and send again.",
            )
    return YES


def _reachable(stopped: dict[str, str]) -> Verdict:
    note = stopped.get("all")
    if note is None:
        return YES
    told, told_en = (f"（{note}）", f" ({note})") if note else ("", "")
    return Verdict(
        "no",
        reason="unreachable",
        zh=f"发往这个地址的消息被退回{told}，不再发送。地址恢复后，在“设置 › 发送规则”里解除。",
        en=f"What was sent to this address came back{told_en}, so nothing more goes there. Once it works again, lift this in Settings › Sending rules.",
    )


def _minor(send: Outbound, known: Known) -> Verdict:
    age = known.age(send)
    if age is not None and age < CHILD_YEARS:
        return Verdict("no", reason="minor", zh="对方未满 14 岁，只能回复其消息。", en="They are under 14: only their own messages may be answered.")
    if send.purpose == "marketing" and age is not None and age < MINOR_YEARS:
        return Verdict("no", reason="minor", zh="对方是未成年人，不发送营销消息。", en="They are a minor: no marketing is sent to them.")
    return YES


def _quiet_until(send: Outbound, known: Known) -> dt.datetime | None:
    # The zone is looked up only where it is needed.
    rules = known.rules
    return quiet_until(rules, known.now, zone=known.zone(send)) if rules.quiet_from != rules.quiet_to else None


def quiet_until(rules: Rules, now: dt.datetime, *, zone: str) -> dt.datetime | None:
    """When the quiet hours end in which that moment lies, on clocks of that zone; None where it lies in none."""
    begin, end = dt.time.fromisoformat(rules.quiet_from), dt.time.fromisoformat(rules.quiet_to)
    if begin == end:
        return None
    local = now.astimezone(clock.zone(zone))
    time = local.time()
    is_quiet = begin <= time < end if begin < end else time >= begin or time < end
    if not is_quiet:
        return None
    day = local.date() + dt.timedelta(days=int(time >= begin > end))
    return dt.datetime.combine(day, end, local.tzinfo).astimezone(dt.UTC)


def _caps(rules: Rules) -> tuple[tuple[int, int], ...]:
    """So many in so many days, each."""
    return (rules.marketing_per_day, 1), (rules.marketing_per_week, 7)


def _capped_until(send: Outbound, known: Known) -> dt.datetime | None:
    latest: dt.datetime | None = None
    for most, days in _caps(known.rules):
        if most <= 0:
            continue
        span = dt.timedelta(days=days)
        times = [at for at in known.went(send) if at > known.now - span][:most]
        if len(times) == most:
            free = times[-1] + span
            latest = free if latest is None else max(latest, free)
    return latest


def _window(send: Outbound, manifest: Manifest, now: dt.datetime, reply: ReplyContext | None) -> Verdict:
    if reply is not None and reply.expires_at_ms is not None and reply.expires_at_ms <= clock.to_ms(now):
        return Verdict(
            "no",
            reason="window",
            zh="可以回复的时间已过。请等对方再次发言。",
            en="The time in which an answer was possible is over. Wait until they write again.",
        )
    if manifest.capabilities.send != "reply_window" or reply is not None:
        return Verdict("yes", reply=reply)
    window = window_of(send.workspace_id, account_id=send.account_id, chat_ref=send.chat_ref, user_ref=send.user_ref, manifest=manifest)
    if window is not None and window.left > 0 and (window.ends_ms is None or clock.to_ms(now) < window.ends_ms):
        return Verdict("yes", opening_id=window.opening_id, reply=window.reply)
    return Verdict(
        "no",
        reason="window",
        zh=f"{manifest.zh} 只允许在对方发言后的一段时间内回复，次数也有限。请等对方再次发言，或换一个渠道。",
        en=f"{manifest.en} only lets you answer for some time after somebody wrote, and so many times. Wait until they write again, or use another channel.",
    )


@dataclass(frozen=True, slots=True)
class Window:
    """In which an answer is possible: until when (None: no end), and how many more."""

    opening_id: uuid.UUID
    ends_ms: int | None
    left: int
    reply: ReplyContext | None


def window_of(workspace_id: uuid.UUID, *, account_id: uuid.UUID, chat_ref: str, user_ref: str, manifest: Manifest) -> Window | None:
    """The window that somebody's last message opened; None where they have not written."""
    rows = Opening.objects.in_workspace(workspace_id).filter(account_id=account_id, chat_ref=chat_ref)
    if user_ref:
        rows = rows.filter(user_ref=user_ref)
    opening = rows.order_by("-at").first()
    if opening is None:
        return None
    limit = manifest.limits.reply
    kept = msgspec.convert(opening.reply, ReplyContext) if opening.reply else None
    ends_ms = clock.to_ms(opening.at) + round(limit.seconds * 1000) if limit else None
    if kept is not None and kept.expires_at_ms is not None:
        ends_ms = min(ends_ms, kept.expires_at_ms) if ends_ms is not None else kept.expires_at_ms
    left = limit.count - opening.used if limit else 1
    if kept is not None and kept.remaining is not None:
        left = min(left, kept.remaining - opening.used)
    return Window(opening.pk, ends_ms, left, kept)
