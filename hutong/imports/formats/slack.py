"""Slack's export zip: users.json, channels.json and a folder of day files for each channel."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from hutong.imports.records import Attachment, Kind, Record, Reject, reject
from hutong.imports.source import Part, Source

from .contract import Detection, Format, Head, Options, field, listed
from .discord import kind_by_name
from .jsonstream import OVERSIZED, sound, walk
from .moments import epoch_ms
from .text import encoding_of

_DAY_FILE = re.compile(r"(?:^|/)([^/]+)/\d{4}-\d{2}-\d{2}\.json$")
_LISTS = ("channels.json", "groups.json", "mpims.json", "dms.json")
_MESSAGES = frozenset(
    {
        "",
        "bot_message",
        "me_message",
        "thread_broadcast",
        "file_share",
        "file_comment",
        "file_mention",
        "reply_broadcast",
        "slackbot_response",
        "huddle_thread",
    }
)
_JOINS = frozenset({"channel_join", "group_join"})
_LEAVES = frozenset({"channel_leave", "group_leave"})
_REFERENCE = re.compile(r"<([^<>]*)>")


def sniff(head: Head) -> Detection | None:
    """Recognised by its folders of day files beside users.json."""
    days = {found[1]: None for part in head.source.parts if (found := _DAY_FILE.search(part.name))}
    if not days:
        return None
    listed_names = any(part.name.rsplit("/", 1)[-1] in ("users.json", *_LISTS) for part in head.source.parts)
    return Detection(format="slack", channel="slack", confidence=0.99 if listed_names else 0.7, groups=tuple(days)[:200], times_have_zone=True)


def parse(source: Source, options: Options) -> Iterator[Record | Reject]:
    """All channels, day by day."""
    people = _People()
    for part in source.parts:
        if part.name.rsplit("/", 1)[-1] == "users.json":
            people.read(part, options)
    for part in source.parts:
        found = _DAY_FILE.search(part.name)
        if found:
            yield from sound(_read(part, options, found[1], people))


class _People:
    """Who is behind an id."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.bots: set[str] = set()

    def read(self, part: Part, options: Options) -> None:
        for path, user in walk(part, encoding_of(part, options.encoding), items={""}):
            identity = field(user, "id")
            if path == "" and identity:
                self.names[identity] = (
                    field(user, "profile", "display_name")
                    or field(user, "profile", "real_name")
                    or field(user, "real_name")
                    or field(user, "name")
                    or identity
                )
                if user.get("is_bot"):
                    self.bots.add(identity)

    def name(self, identity: str, item: Any = None) -> str:
        """The display name, from users.json or the message itself."""
        return (
            self.names.get(identity)
            or field(item, "user_profile", "display_name")
            or field(item, "user_profile", "real_name")
            or field(item, "username")
            or field(item, "bot_profile", "name")
            or identity
        )


def _read(part: Part, options: Options, group: str, people: _People) -> Iterator[Record | Reject]:
    number = 0
    for path, item in walk(part, encoding_of(part, options.encoding), items={""}):
        if path != "":
            continue
        number += 1
        found: Iterator[Record | Reject]
        if item is OVERSIZED:
            yield _in_file(reject(number, "item_too_long", ""), part)
        elif not isinstance(item, dict) or field(item, "type") not in ("message", ""):
            yield _in_file(reject(number, "item_invalid", str(item)), part)
        else:
            found = _records(number, item, group, people)
            for record in found:
                yield _in_file(record, part) if isinstance(record, Reject) else record


def _in_file(found: Reject, part: Part) -> Reject:
    found.params["file"] = part.name
    return found


def _records(number: int, item: dict[str, Any], group: str, people: _People) -> Iterator[Record | Reject]:
    stamp = field(item, "ts")
    try:
        at_ms = epoch_ms(float(stamp))
    except ValueError:
        yield reject(number, "time_unreadable", field(item, "text"), time=stamp[:60])
        return
    subtype = field(item, "subtype")
    sender_id = field(item, "user") or field(item, "bot_id") or field(item, "username")
    if not sender_id and subtype != "message_deleted":
        sender_id = field(item, "comment", "user")
    name = people.name(sender_id, item)
    bot = sender_id in people.bots or subtype == "bot_message" or bool(item.get("bot_id"))
    record = Record(
        line=number, kind="message", at_ms=at_ms, sender_id=sender_id, sender_name=name, text=plain_text(field(item, "text"), people),
        message_id=stamp, group=group, edited=isinstance(item.get("edited"), dict), bot=bot,
    )  # fmt: skip
    kind = _kind(subtype)
    record.kind = kind
    if kind == "message":
        thread = field(item, "thread_ts")
        record.reply_to = thread if thread != stamp else ""
        record.attachments = _attachments(item)
    elif kind == "join":
        inviter = field(item, "inviter")
        record.text, record.subject_id, record.subject_name = "", inviter, people.name(inviter) if inviter else ""
    elif kind == "leave":
        record.text = ""
    elif kind == "recall":
        record.target_id = field(item, "deleted_ts") or stamp
        record.message_id = "" if record.target_id == stamp else stamp
        if not sender_id or sender_id == "USLACKBOT":
            record.sender_id = field(item, "previous_message", "user")
            record.sender_name = people.name(record.sender_id) if record.sender_id else ""
    if not record.sender_id and kind not in ("system", "recall"):
        yield reject(number, "sender_empty", record.text)
        return
    yield record
    yield from _reactions(record, item, people)


def _kind(subtype: str) -> Kind:
    if subtype in _MESSAGES:
        return "message"
    if subtype in _JOINS:
        return "join"
    if subtype in _LEAVES:
        return "leave"
    return "recall" if subtype in ("message_deleted", "tombstone") else "system"


def plain_text(text: str, people: _People) -> str:
    """Slack's markup as people saw it: mentions by name, links by their label."""
    if "<" not in text and "&" not in text:
        return text

    def shown(found: re.Match[str]) -> str:
        target, _, label = found[1].partition("|")
        if target.startswith("@"):
            return "@" + (people.names.get(target[1:]) or label.lstrip("@") or target[1:])
        if target.startswith("#"):
            return "#" + (label or target[1:])
        if target.startswith("!"):
            return label or "@" + target[1:].split("^")[0]
        return label or target.removeprefix("mailto:")

    return html.unescape(_REFERENCE.sub(shown, text))


def _attachments(item: dict[str, Any]) -> tuple[Attachment, ...]:
    found: list[Attachment] = []
    files = listed(item, "files") or ([item["file"]] if isinstance(item.get("file"), dict) else [])
    for attached in files:
        name = field(attached, "name") or field(attached, "title")
        size = attached.get("size") if isinstance(attached, dict) else None
        mime = field(attached, "mimetype").split("/", 1)[0]
        kind = mime if mime in ("image", "video", "audio") else kind_by_name(name)
        found.append(Attachment(kind=kind, name=name, size=size if isinstance(size, int) else None))  # type: ignore[arg-type]
    for card in listed(item, "attachments"):
        link = field(card, "from_url") or field(card, "title_link") or field(card, "original_url")
        found.append(Attachment(kind="link" if link else "card", name=link or field(card, "title") or field(card, "fallback")))
    return tuple(found)


def _reactions(record: Record, item: dict[str, Any], people: _People) -> Iterator[Record]:
    for reaction in listed(item, "reactions"):
        for user in listed(reaction, "users"):
            if isinstance(user, str) and user:
                yield Record(
                    line=record.line, kind="reaction", at_ms=record.at_ms, sender_id=user, sender_name=people.name(user), text=field(reaction, "name"),
                    target_id=field(item, "ts"), subject_id=record.sender_id, subject_name=record.sender_name, group=record.group, bot=user in people.bots,
                )  # fmt: skip


FORMAT = Format(
    name="slack",
    channel="slack",
    title={"zh": "Slack 导出（zip）", "en": "Slack export (zip)"},
    sniff=sniff,
    parse=parse,
    extensions=(".zip",),
)
