"""DiscordChatExporter's JSON: one channel a file, or several files of a server in one zip."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from hutong.imports.records import (
    Attachment,
    AttachmentKind,
    Kind,
    Record,
    Reject,
    reject,
)
from hutong.imports.source import Part, Source

from .contract import Detection, Format, Head, Options, field, listed
from .jsonstream import OVERSIZED, sound, walk
from .moments import Impossible, Zone, parse_moment
from .telegram import REACTIONS_WITHOUT_ACTOR_MAX
from .text import encoding_of

# 20 and 23 are application commands, which the exporter leaves as numbers.
_MESSAGES = frozenset({"Default", "Reply", "ThreadStarterMessage", "0", "19", "20", "21", "23"})
_JOINS = frozenset({"GuildMemberJoin", "UserJoin", "7"})
_CHANNEL_NAME = re.compile(r'"channel"\s*:\s*\{[^{}]*?"name"\s*:\s*"((?:[^"\\]|\\.)*)"')
_KINDS_BY_SUFFIX_WORDS: dict[AttachmentKind, str] = {
    "image": "png jpg jpeg gif webp bmp heic svg avif",
    "video": "mp4 mov webm mkv avi 3gp m4v",
    "audio": "mp3 ogg opus wav m4a flac aac amr silk",
}
_KINDS_BY_SUFFIX = {suffix: kind for kind, words in _KINDS_BY_SUFFIX_WORDS.items() for suffix in words.split()}


def kind_by_name(name: str) -> AttachmentKind:
    """What a file is, by its ending."""
    return _KINDS_BY_SUFFIX.get(name.rsplit(".", 1)[-1].split("?", maxsplit=1)[0].lower(), "file")


def sniff(head: Head) -> Detection | None:
    """Recognised by guild, channel and messages with an author."""
    if not head.text.lstrip().startswith("{"):
        return None
    if not all(mark in head.text for mark in ('"guild"', '"channel"', '"messages"')):
        return None
    groups = tuple(found[1] for found in [_CHANNEL_NAME.search(head.text)] if found)
    return Detection(format="discord", channel="discord", confidence=0.98, groups=groups, times_have_zone=True)


def parse(source: Source, options: Options) -> Iterator[Record | Reject]:
    """Messages, replies, reactions, joins, leaves; the rest as system lines."""
    zone = options.zone()
    for part in source.parts:
        yield from sound(_read(part, options, zone, several=len(source.parts) > 1))


def _read(part: Part, options: Options, zone: Zone, *, several: bool) -> Iterator[Record | Reject]:
    number, group = 0, ""
    for path, item in walk(part, encoding_of(part, options.encoding), items={"messages"}):
        if path != "messages":
            if path == "channel.name" and several and isinstance(item, str):
                group = item
            continue
        number += 1
        if item is OVERSIZED:
            yield reject(number, "item_too_long", "")
            continue
        if not isinstance(item, dict):
            yield reject(number, "item_invalid", str(item))
            continue
        try:
            at_ms = parse_moment(field(item, "timestamp"), zone)
        except Impossible:
            yield reject(number, "time_unreadable", field(item, "content"), time=field(item, "timestamp")[:60])
            continue
        yield from _records(number, at_ms, item, group)


def _person(author: Any) -> tuple[str, str]:
    return field(author, "id"), field(author, "nickname") or field(author, "name")


def _records(number: int, at_ms: int, item: dict[str, Any], group: str) -> Iterator[Record | Reject]:
    kind_word = field(item, "type")
    author = item.get("author")
    sender_id, name = _person(author)
    if not sender_id:
        yield reject(number, "sender_empty", field(item, "content"))
        return
    message_id = field(item, "id")
    mentions = listed(item, "mentions")
    kind: Kind = "message" if kind_word in _MESSAGES or not kind_word else "system"
    if kind_word in _JOINS:
        kind = "join"
    record = Record(
        line=number,
        kind=kind,
        at_ms=at_ms,
        sender_id=sender_id,
        sender_name=name or sender_id,
        text="" if kind == "join" else field(item, "content"),
        message_id=message_id,
        group=group,
        edited=bool(item.get("timestampEdited")),
        bot=bool(author.get("isBot")) if isinstance(author, dict) else False,
    )
    if kind_word in ("RecipientAdd", "RecipientRemove", "1", "2") and mentions:
        hit_id, hit = _person(mentions[0])
        record.kind = "join" if kind_word in ("RecipientAdd", "1") else "leave"
        record.text = ""
        if hit_id and hit_id != sender_id:
            record.sender_id, record.sender_name, record.subject_id, record.subject_name = hit_id, hit or hit_id, sender_id, name
            record.bot = bool(mentions[0].get("isBot"))
    reference = field(item, "reference", "messageId")
    if kind == "message":
        record.reply_to = reference if kind_word not in ("ThreadStarterMessage", "21") else ""
        record.attachments = _attachments(item)
    elif record.kind == "system":
        record.text = f"{kind_word} {record.text}".strip()
        record.target_id = reference if kind_word in ("ChannelPinnedMessage", "6") else ""
    yield record
    yield from _reactions(number, at_ms, item, group, sender_id, name)


def _attachments(item: dict[str, Any]) -> tuple[Attachment, ...]:
    found: list[Attachment] = []
    for attached in listed(item, "attachments"):
        name = field(attached, "fileName") or field(attached, "url").rsplit("/", 1)[-1]
        size = attached.get("fileSizeBytes") if isinstance(attached, dict) else None
        found.append(Attachment(kind=kind_by_name(name), name=name, size=size if isinstance(size, int) else None))
    for embed in listed(item, "embeds"):
        found.append(Attachment(kind="link" if field(embed, "url") else "card", name=field(embed, "url") or field(embed, "title")))
    found.extend(Attachment(kind="sticker", name=field(sticker, "name")) for sticker in listed(item, "stickers"))
    return tuple(found)


def _reactions(number: int, at_ms: int, item: dict[str, Any], group: str, author_id: str, author: str) -> Iterator[Record]:
    target = field(item, "id")
    for reaction in listed(item, "reactions"):
        emoji = field(reaction, "emoji", "name") or field(reaction, "emoji", "code")
        users = [user for user in listed(reaction, "users") if field(user, "id")]
        count = reaction.get("count") if isinstance(reaction, dict) else None
        unknown = min(max(count - len(users), 0), REACTIONS_WITHOUT_ACTOR_MAX) if isinstance(count, int) else 0
        for user in users:
            user_id, name = _person(user)
            yield Record(
                line=number, kind="reaction", at_ms=at_ms, sender_id=user_id, sender_name=name or user_id, text=emoji, target_id=target,
                subject_id=author_id, subject_name=author, group=group, bot=bool(user.get("isBot")),
            )  # fmt: skip
        for index in range(unknown):
            yield Record(
                line=number, kind="reaction", at_ms=at_ms, sender_id="", sender_name="", text=emoji, message_id=f"{target}:{emoji}:{index + 1}",
                target_id=target, subject_id=author_id, subject_name=author, group=group,
            )  # fmt: skip


FORMAT = Format(
    name="discord",
    channel="discord",
    title={"zh": "Discord 导出（DiscordChatExporter JSON）", "en": "Discord export (DiscordChatExporter JSON)"},
    sniff=sniff,
    parse=parse,
    extensions=(".json", ".zip"),
)
