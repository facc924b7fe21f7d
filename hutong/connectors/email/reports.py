"""What machines tell of mails we sent: that one did not arrive (RFC 3464, and the free forms of old servers), that one was a nuisance (RFC 5965)."""

from __future__ import annotations

import email
import email.policy
import hashlib
import re
from collections.abc import Iterator
from email.message import Message

from hutong.channels.contract import Inbound, Person
from hutong.connectors.email import bodies, heads, marks
from hutong.connectors.email.replies import shown

LOOKED_AT_BYTES = 512 * 1024
RECIPIENTS_MAX = 50
REASON_LENGTH_MAX = 300
# Permanent, and about the address: writing there again is of no use.
_HARD = re.compile(r"5\.(?:1\.\d+|2\.1|0\.0|4\.4)")
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<![\d.])([45]\d\d)[ -]")
_SAYS_CODE = re.compile(r"(?:said|says|返回|回复|错误|error|host|response|remote|reason|原因|\b5\d\d\b|\b4\d\d\b)", re.IGNORECASE)
_DAEMONS = re.compile(r"(?:mailer-daemon|postmaster|mailerdaemon|mail-daemon|mdaemon)(?:[+._-].*)?@", re.IGNORECASE)
_RETURNED = re.compile(
    r"undeliver|delivery (?:status|failure|report|has failed)|delivery.{0,20}failed|failure notice|returned (?:mail|to sender)|mail delivery failed|could not be delivered|"
    r"delivery delayed|退信|退回|投递失败|未送达|无法投递|传递失败",
    re.IGNORECASE,
)
_DELAYED = re.compile(r"delay|warning|still being retried|延迟|仍在", re.IGNORECASE)


def read(message: Message, raw: bytes, *, account_id: str, domain: str, at_ms: int) -> list[Inbound] | None:
    """The events a report stands for; None where the mail is no report."""
    kind = str(message.get_param("report-type", "") or "").lower() if message.get_content_type() == "multipart/report" else ""
    if kind == "feedback-report":
        return _complaint(message, account_id=account_id, at_ms=at_ms)
    senders = [address for _, address in heads.addresses(message, "from")]
    is_of_daemon = any(_DAEMONS.match(one) for one in senders) or heads.raw(message, "return-path").strip() == "<>"
    if kind == "delivery-status":
        return _bounces(message, _ours(message, raw, account_id, domain), at_ms)
    if is_of_daemon and kind != "disposition-notification" and _RETURNED.search(heads.said(message, "subject")):
        return _free_form(message, _ours(message, raw, account_id, domain), at_ms)
    return None


def _bounces(message: Message, target: str, at_ms: int) -> list[Inbound]:
    if not target:  # of a mail that was not ours
        return []
    found = []
    for one in _recipients(message):
        action = heads.said(one, "action").lower().partition(" ")[0]
        recipient = heads.said(one, "final-recipient").rpartition(";")[2].strip().lower()
        status = _STATUS.search(heads.said(one, "status"))
        told = heads.said(one, "diagnostic-code").partition(";")[2] or heads.said(one, "diagnostic-code")
        if action in ("delivered", "relayed"):
            found.append(_event("delivery.sent", target, recipient, "", at_ms))
        elif action == "failed":
            found.append(_failed(target, recipient, status[1] if status else "", told, at_ms))
    return found[:RECIPIENTS_MAX]


def _free_form(message: Message, target: str, at_ms: int) -> list[Inbound]:
    """A bounce in prose: qmail, old Exim and Postfix, many providers in China."""
    if not target or _DELAYED.search(heads.said(message, "subject")):
        return []
    text = bodies.content(message).text
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    told = next((line for line in lines if _STATUS.search(line) or (_CODE.search(line) and _SAYS_CODE.search(line))), "")
    status, code = _STATUS.search(told), _CODE.search(told)
    return [_failed(target, "", status[1] if status else "5.0.0" if code and code[1].startswith("55") else "", told, at_ms)]


def _failed(target: str, recipient: str, status: str, told: str, at_ms: int) -> Inbound:
    kind = "delivery.bounced" if _HARD.fullmatch(status) else "delivery.failed"
    said = shown(told)
    reason = said if status in said else f"{status} {said}".strip()
    return _event(kind, target, recipient, reason, at_ms)


def _event(kind: str, target: str, recipient: str, reason: str, at_ms: int) -> Inbound:
    key = hashlib.sha256(f"{kind}\0{target}\0{recipient}".encode("utf-8", "surrogatepass")).hexdigest()[:40]
    return Inbound(type=kind, dedupe_key=f"report/{key}", occurred_at_ms=at_ms, target_id=target, reason=reason[:REASON_LENGTH_MAX])  # type: ignore[arg-type]


def _complaint(message: Message, *, account_id: str, at_ms: int) -> list[Inbound]:
    """Somebody pressed “spam”: they want no more of this. Only for a mail that was ours, so that nobody can be unsubscribed by others."""
    told = next((one for one in _within(message, "message/feedback-report")), None)
    original = next(iter(_originals(message)), None)
    if told is None or original is None or heads.said(told, "feedback-type").lower() not in ("abuse", "fraud", "opt-out", "opt-out-list", "other"):
        return []
    target = next(iter(heads.ids(original, "message-id")), "")
    if not marks.is_ours(account_id, target):
        return []
    named = [address for name in ("original-rcpt-to", "removal-recipient") for _, address in heads.addresses(told, name)]
    recipient = next(iter([*(address for _, address in heads.addresses(original, "to")), *named]), "")
    if not recipient:
        return []
    key = hashlib.sha256(f"complaint\0{target}".encode()).hexdigest()[:40]
    return [Inbound(type="unsubscribed", dedupe_key=f"report/{key}", occurred_at_ms=at_ms, actor=Person(id=recipient), reason="complaint")]


def _ours(message: Message, raw: bytes, account_id: str, domain: str) -> str:
    """Which of our mails this is about: by the address it came to, by what it returns, by what it answers."""
    for name in ("x-original-to", "delivered-to", "envelope-to", "to"):
        for _, address in heads.addresses(message, name):
            if found := marks.in_address(account_id, address, domain):
                return found
    for original in _originals(message):
        for found in heads.ids(original, "message-id"):
            if marks.is_ours(account_id, found):
                return found
    found = marks.in_text(account_id, raw[:LOOKED_AT_BYTES].decode("latin-1"))
    return found or marks.in_text(account_id, bodies.content(message).text)


def _recipients(message: Message) -> Iterator[Message]:
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            inner = part.get_payload()
            if isinstance(inner, list):
                yield from (one for one in inner if isinstance(one, Message) and heads.raw(one, "final-recipient"))
            else:
                for block in re.split(r"\r?\n\r?\n", str(inner)):
                    one = email.message_from_string(block)
                    if heads.raw(one, "final-recipient"):
                        yield one


def _originals(message: Message) -> Iterator[Message]:
    """The mail that is returned: whole, or its head."""
    yield from _within(message, "message/rfc822")
    for part in message.walk():
        if part.get_content_type() in ("text/rfc822-headers", "message/rfc822-headers", "text/rfc822"):
            inner = part.get_payload(decode=True)
            if isinstance(inner, bytes):
                yield email.message_from_bytes(inner)
            elif isinstance(part.get_payload(), list):
                yield from (one for one in part.get_payload() if isinstance(one, Message))


def _within(message: Message, kind: str) -> Iterator[Message]:
    for part in message.walk():
        if part.get_content_type() == kind:
            inner = part.get_payload()
            if isinstance(inner, list):
                yield from (one for one in inner if isinstance(one, Message))
            elif isinstance(inner, str):
                yield email.message_from_string(inner)
