"""A message as a mail: plain text and simple HTML side by side, pictures within, files attached."""

from __future__ import annotations

import email.policy
import email.utils
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from html import escape
from urllib.parse import quote

from hutong.channels.contract import File, Image, LinkCard, Mention, Outgoing, Quote, Refused, Segment, Text
from hutong.connectors.email import fields, marks
from hutong.connectors.email.dkim import Signer
from hutong.connectors.email.servers import Mailbox, dns_name, is_address
from hutong.connectors.email.smtp import Letter
from hutong.foundation import clock

POLICY = email.policy.SMTP
SUBJECT_DEFAULT = "（无主题）"
UNSUBSCRIBE = "不想再收到？退订 Unsubscribe"
URL_LENGTH_MAX = 900
_URL = re.compile(r"https?://[^\s<>\"'，。！？；、）】」』》]+[^\s<>\"'，。！？；、）】」』》.,;:!?)\]]", re.IGNORECASE)
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,60}", re.ASCII)
_IN_NAMES = str.maketrans({"/": "_", "\\": "_", '"': "'"})
_FRAME = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"></head>'
    "<body style=\"font-family:-apple-system,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif;font-size:15px;line-height:1.7\">"
)


@dataclass(slots=True)
class _Parts:
    text: str = ""
    html: str = ""
    pictures: list[tuple[str, Image]] = field(default_factory=list)  # cid
    files: list[Image | File] = field(default_factory=list)
    answered: str = ""


def letter(outgoing: Outgoing, mailbox: Mailbox, *, account_id: str, read: Callable[[str], bytes], signer: Signer | None) -> tuple[Letter, str]:
    """The mail and its Message-ID. Raises Refused."""
    recipient = outgoing.chat.id.strip()
    name, _, domain = recipient.rpartition("@")
    recipient = f"{name}@{dns_name(domain)}"
    if not is_address(outgoing.chat.id.strip()) or not recipient.partition("@")[2].isascii():
        raise Refused(
            "chat_gone", "收件地址不是完整的邮箱地址。请核对后重发。", "The recipient is no whole e-mail address. Correct it and send again."
        )
    mark = marks.made(account_id, outgoing.key)
    message_id = marks.message_id(mark, mailbox.domain)
    parts = _parts(outgoing.segments, mark=mark, domain=mailbox.domain)
    unsubscribe = outgoing.unsubscribe_url if _is_url(outgoing.unsubscribe_url) else ""
    body = _body(parts, read=read, unsubscribe=unsubscribe)
    leave = _leave(outgoing, mailbox, account_id=account_id, unsubscribe=unsubscribe)
    head = _head(outgoing, parts, mailbox, recipient=recipient, message_id=message_id, leave=leave)
    mail = "".join(f"{name}: {value}\r\n" for name, value in head).encode() + body.as_bytes(policy=POLICY)
    if signer is not None:
        mail = signer.sign(mail, at=clock.now_ms() // 1000)
    sender = marks.tagged(mark, mailbox.address) if mailbox.tags_bounces else mailbox.address
    return Letter(sender=sender, recipient=recipient, mail=mail, needs_utf8=not recipient.isascii()), message_id


def subject_of(outgoing: Outgoing) -> str:
    """What was given, else the first line that says something."""
    given = fields.one_line(outgoing.subject, length_max=fields.SUBJECT_LENGTH_MAX)
    if given:
        return given
    said = "\n".join(one.text if isinstance(one, Text) else one.title for one in outgoing.segments if isinstance(one, (Text, LinkCard)))
    lines = (fields.one_line(line, length_max=60) for line in said.splitlines())
    return next((line for line in lines if line), SUBJECT_DEFAULT)


def _head(outgoing: Outgoing, parts: _Parts, mailbox: Mailbox, *, recipient: str, message_id: str, leave: Sequence[str]) -> list[tuple[str, str]]:
    found = [
        ("From", fields.person(mailbox.name, mailbox.address)),
        ("To", fields.person("", recipient)),
        ("Subject", fields.words(subject_of(outgoing))),
        ("Date", email.utils.format_datetime(clock.now())),
        ("Message-ID", f"<{message_id}>"),
    ]
    before = [one for one in dict.fromkeys((outgoing.thread, parts.answered)) if fields.is_id(one)]
    if before:
        found += [("In-Reply-To", f"<{before[-1]}>"), ("References", "\r\n ".join(f"<{one}>" for one in before))]
    if outgoing.marketing:
        found += [("Precedence", "bulk"), ("X-Auto-Response-Suppress", "OOF, AutoReply")]
    if leave:
        found.append(("List-Unsubscribe", ",\r\n ".join(f"<{one}>" for one in leave)))
        if leave[0].startswith("https://"):  # RFC 8058 asks for it
            found.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return found


def _leave(outgoing: Outgoing, mailbox: Mailbox, *, account_id: str, unsubscribe: str) -> list[str]:
    """The ways out of marketing: the page, and a mail to us where somebody reads what comes (RFC 2369, 8058)."""
    found = [unsubscribe] if unsubscribe else []
    if (outgoing.marketing or unsubscribe) and mailbox.imap is not None:
        subject = marks.unsubscribing(account_id, outgoing.chat.id.strip().lower())
        found.append(f"mailto:{quote(mailbox.address, safe='@')}?subject={quote(subject)}")
    return found


def _parts(segments: Sequence[Segment], *, mark: str, domain: str) -> _Parts:
    found = _Parts()
    for segment in segments:
        if isinstance(segment, Text):
            found.text += segment.text
            found.html += _linked(segment.text)
        elif isinstance(segment, Mention):
            found.text += f"@{segment.name or segment.user_id} "
            found.html += escape(f"@{segment.name or segment.user_id} ")
        elif isinstance(segment, LinkCard):
            _add_card(found, segment)
        elif isinstance(segment, Quote):
            found.answered = segment.message_id
        elif isinstance(segment, Image):
            _add_picture(found, segment, cid=f"{len(found.pictures)}.{mark}@{domain}")
        elif isinstance(segment, File) and segment.file:
            found.files.append(segment)
        elif isinstance(segment, File) and segment.url:
            _add_card(found, LinkCard(url=segment.url, title=segment.name))
    return found


def _add_card(found: _Parts, card: LinkCard) -> None:
    before = "\n" if found.text and not found.text.endswith("\n") else ""
    rest = f"{card.description}\n" if card.description else ""
    found.text += before + (f"{card.title}\n" if card.title else "") + f"{card.url}\n{rest}"
    title = escape(card.title or card.url)
    shown = f'<a href="{escape(card.url)}">{title}</a>' if _is_url(card.url) else f"{title} {escape(card.url)}"
    found.html += ("<br>" if before else "") + shown + "<br>" + _linked(rest)


def _add_picture(found: _Parts, picture: Image, *, cid: str) -> None:
    if not picture.file:
        _add_card(found, LinkCard(url=picture.url, title=picture.description or picture.name))
        return
    if not picture.content_type.startswith("image/"):
        found.files.append(picture)
        return
    found.pictures.append((cid, picture))
    found.html += f'<div><img src="cid:{cid}" alt="{escape(picture.description or picture.name)}" style="max-width:100%"></div>'


def _body(parts: _Parts, *, read: Callable[[str], bytes], unsubscribe: str) -> EmailMessage:
    text, html = parts.text, parts.html
    if unsubscribe:
        text += f"\n\n--\n{UNSUBSCRIBE}: {unsubscribe}"
        html += f'<p style="margin-top:32px;font-size:13px"><a href="{escape(unsubscribe)}">{UNSUBSCRIBE}</a></p>'
    made = EmailMessage(policy=POLICY)
    _say(made.set_content, text)
    _say(made.add_alternative, f"{_FRAME}{html}</body></html>", subtype="html")
    shown = made.get_payload()[1]  # type: ignore[index]
    for cid, picture in parts.pictures:
        main, _, sub = _type(picture).partition("/")
        shown.add_related(read(picture.file), main, sub, cid=f"<{cid}>", disposition="inline", filename=_name(picture))  # type: ignore[union-attr]
    for one in parts.files:
        main, _, sub = _type(one).partition("/")
        made.add_attachment(read(one.file), main, sub, filename=_name(one))
    return made


def _say(add: Callable[..., None], text: str, **options: str) -> None:
    # Nothing of eight bits and no long lines: a server on the way that changed them would break the signature.
    clean = text.encode("utf-8", "replace").decode().replace("\0", "")
    add(clean, charset="utf-8", cte="quoted-printable" if clean.isascii() else "base64", **options)


def _linked(text: str) -> str:
    """Text as HTML, shown as it is written; addresses can be clicked."""
    found, at = "", 0
    for match in _URL.finditer(text):
        found += _lines(text[at : match.start()]) + f'<a href="{escape(match[0])}">{escape(match[0])}</a>'
        at = match.end()
    return found + _lines(text[at:])


def _lines(text: str) -> str:
    return escape(text).replace("\r\n", "\n").replace("\n", "<br>\n").replace("  ", "&nbsp; ")


def _is_url(url: str) -> bool:
    return (
        url.lower().startswith(("http://", "https://"))
        and url.isascii()
        and url.isprintable()
        and not set(url) & set(' <>"')
        and len(url) <= URL_LENGTH_MAX
    )


def _type(one: Image | File) -> str:
    kind = one.content_type.lower()
    if not _TYPE.fullmatch(kind) or kind.startswith(("message/", "multipart/", "text/")):
        return "application/octet-stream"
    return kind


def _name(one: Image | File) -> str:
    name = fields.one_line(one.name, length_max=120).translate(_IN_NAMES)
    return name or ("image" if isinstance(one, Image) else "file")
