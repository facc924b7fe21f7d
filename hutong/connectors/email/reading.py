"""A mail as events: what somebody wrote, or what a machine tells of a mail of ours."""

from __future__ import annotations

import email
import email.policy
import email.utils
import hashlib
import re
from email.message import Message

from hutong.channels.contract import ID_LENGTH_MAX, TEXT_LENGTH_MAX, Chat, Image, Inbound, Person, Segment, Text
from hutong.channels.contract import Message as Said
from hutong.connectors.email import bodies, heads, marks, quoting, reports
from hutong.foundation import clock

SUBJECT_LENGTH_MAX = 300
DATE_BEFORE_MS_MAX = 86_400_000  # a Date so long before the arrival may be right; one that is not is the arrival
DATE_AFTER_MS_MAX = 60_000
RAW_TEXT_LENGTH_MAX = 20_000
_ABSENT = re.compile(
    r"^\W*(?:自动回复|自动答复|自動回覆|外出自动|休假自动|(?:automatic|auto)[- ]?(?:reply|response|antwort)|autoreply|out of (?:the )?office|"
    r"automatische antwort|abwesenheit|réponse automatique|respuesta automática)",
    re.IGNORECASE,
)
_MACHINES = re.compile(r"(?:no-?_?reply|do-?not-?reply|donotreply|mailer-daemon|postmaster|bounces?|notifications?)(?:[+._-].*)?@", re.IGNORECASE)
_PASSED_ON = re.compile(r"^\s*(?:fwd?|转发|轉寄|wg|tr)\s*[:：]", re.IGNORECASE)
_PARSER = email.policy.compat32


def read(raw: bytes, *, me: str, domain: str, account_id: str, arrived_at_ms: int, is_whole: bool = True) -> list[Inbound]:
    """The events of one mail; none of our own. Never raises for what a sender may write."""
    message = email.message_from_bytes(raw, policy=_PARSER)
    told = reports.read(message, raw, account_id=account_id, domain=domain, at_ms=arrived_at_ms)
    if told is not None:
        return told
    people = heads.addresses(message, "from") or heads.addresses(message, "sender") or heads.addresses(message, "return-path")
    own_ids = heads.ids(message, "message-id")
    if not people or people[0][1] == me or any(marks.is_ours(account_id, one) for one in own_ids):
        return []
    name, address = people[0]
    said = heads.said(message, "subject")
    subject = said[:SUBJECT_LENGTH_MAX]
    leaving = marks.unsubscriber(account_id, said)
    if leaving:  # the mail program wrote it, at the press of a button
        key = f"mail/{_digest(message, own_ids)}"
        return [Inbound(type="unsubscribed", dedupe_key=key, occurred_at_ms=arrived_at_ms, actor=Person(id=leaving))]
    content = bodies.content(message, is_whole=is_whole)
    text = quoting.without_signature(content.text) if _PASSED_ON.match(subject) else quoting.own_words(content.text)
    text = (text or ("" if content.attachments else subject))[:TEXT_LENGTH_MAX]
    digest = _digest(message, own_ids)
    message_id = next((one for one in own_ids if len(one) <= ID_LENGTH_MAX), "") or f"mail.{digest}"
    before = _before(message)
    return [
        Inbound(
            type="message.new",
            dedupe_key=f"mail/{digest}",
            occurred_at_ms=_moment(message, arrived_at_ms),
            chat=Chat(id=address, kind="dm", name=name),
            thread=before[0] if before else message_id,
            actor=Person(id=address, name=name, is_bot=_MACHINES.match(address) is not None),
            message=Said(
                id=message_id,
                text=text,
                segments=_segments(text, content),
                reply_to=before[-1] if before else "",
                subject=subject,
                is_automatic=_is_automatic(message, subject),
            ),
            raw=_raw(message, content.text),
        )
    ]


def _before(message: Message) -> list[str]:
    """The mails this one goes back to: the first of the talk, …, the one that is answered."""
    found = heads.ids(message, "references")
    answered = [one for one in heads.ids(message, "in-reply-to") if "@" in one][:1]
    every = [one for one in found if one not in answered] + answered
    return [one for one in every if len(one) <= ID_LENGTH_MAX]


def _is_automatic(message: Message, subject: str) -> bool:
    submitted = heads.said(message, "auto-submitted").lower()
    if submitted and not submitted.startswith("no"):
        return True
    if heads.said(message, "precedence").lower() in ("bulk", "junk", "list", "auto_reply"):
        return True
    if any(
        heads.raw(message, name) for name in ("x-autoreply", "x-autorespond", "x-autoresponse", "list-id", "list-unsubscribe", "x-auto-response-id")
    ):
        return True
    if heads.raw(message, "return-path").strip() == "<>":
        return True
    return message.get_content_type() == "multipart/report" or _ABSENT.match(subject) is not None


def _segments(text: str, content: bodies.Content) -> tuple[Segment, ...]:
    said: list[Segment] = [Text(text)] if text else []
    return (*said, *sorted(content.attachments, key=lambda one: not isinstance(one, Image)))


def _digest(message: Message, own_ids: list[str]) -> str:
    """What is the same whenever this mail is fetched, and differs where a sender uses a Message-ID twice."""
    told = [*own_ids[:1], *(heads.raw(message, name) for name in ("from", "date", "subject", "in-reply-to"))]
    if not own_ids:
        told += [heads.raw(message, "received")]
    return hashlib.sha256("\0".join(told).encode("utf-8", "surrogatepass")).hexdigest()[:40]


def _moment(message: Message, arrived_at_ms: int) -> int:
    """When it was written, where the sender's clock can be right."""
    try:
        said = clock.to_ms(email.utils.parsedate_to_datetime(heads.raw(message, "date")))
    except (ValueError, TypeError, OverflowError):
        return arrived_at_ms
    return said if arrived_at_ms - DATE_BEFORE_MS_MAX <= said <= arrived_at_ms + DATE_AFTER_MS_MAX else arrived_at_ms


def _raw(message: Message, text: str) -> dict[str, object]:
    names = ("from", "to", "cc", "reply-to", "subject", "date", "message-id", "in-reply-to", "references")
    return {"headers": {name: value for name in names if (value := heads.raw(message, name))}, "text": text[:RAW_TEXT_LENGTH_MAX]}
