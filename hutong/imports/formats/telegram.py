"""Telegram Desktop's result.json: one chat, or a whole account with many."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from typing import Any

from hutong.imports.records import Attachment, AttachmentKind, FileError, Kind, Record, Reject, reject
from hutong.imports.source import Part, Source

from .contract import Detection, Format, Head, Options, field, listed, unescaped
from .jsonstream import OVERSIZED, sound, walk
from .moments import Impossible, Zone, epoch_ms, parse_moment
from .text import Encoding, encoding_of, text_chunks

REACTIONS_WITHOUT_ACTOR_MAX = 1000
NAMES_MAX = 1_000_000
UNDATED_MAX = 10_000

_ITEMS = frozenset({"messages", "chats.list.messages", "left_chats.list.messages"})
_MEDIA: dict[str, AttachmentKind] = {
    "sticker": "sticker", "animation": "video", "video_file": "video", "video_message": "video", "voice_message": "audio", "audio_file": "audio",
}  # fmt: skip
_GROUP_TYPES = re.compile(
    r'"type"\s*:\s*"(?:private|public)_(?:super)?group"|"type"\s*:\s*"(?:personal_chat|bot_chat|saved_messages|(?:private|public)_channel)"'
)
_NAMES_NEEDED = re.compile(r'"members"\s*:')
_NOT_INCLUDED = "(File "


def sniff(head: Head) -> Detection | None:
    """Recognised by its messages with from_id or actor_id beside date_unixtime or text_entities."""
    if not head.text.lstrip().startswith("{"):
        return None
    text = head.text
    typed = bool(_GROUP_TYPES.search(text))
    whole = '"chats"' in text and '"list"' in text
    if not (typed or whole) or '"messages"' not in text:
        return None
    told = sum(mark in text for mark in ('"from_id"', '"actor_id"', '"date_unixtime"', '"text_entities"', '"date"'))
    if told < 2:
        return None
    groups = tuple(dict.fromkeys(unescaped(name) for name in re.findall(r'"name"\s*:\s*"((?:[^"\\]|\\.)*)"\s*,\s*"type"\s*:', text)))
    zoned = '"date_unixtime"' in text
    return Detection(
        format="telegram",
        channel="telegram",
        confidence=0.98,
        groups=groups[:50],
        times_have_zone=zoned,
        needs=() if zoned else ("time_zone",),
    )


def parse(source: Source, options: Options) -> Iterator[Record | Reject]:
    """Messages, replies, reactions, joins, leaves; other service messages, and those Telegram calls unsupported, as system lines."""
    zone = options.zone()
    for part in source.parts:
        encoding = encoding_of(part, options.encoding)
        names = _names(part, encoding) if _needs_names(part, encoding) else {}
        source.rewind()
        yield from sound(_read(part, encoding, zone, names))


def _needs_names(part: Part, encoding: Encoding) -> bool:
    """Whether somebody was added or removed: those lines state names only, and a name must lead to the same member as an id."""
    tail = ""
    for chunk in text_chunks_until_broken(part, encoding):
        if _NAMES_NEEDED.search(tail + chunk):
            return True
        tail = chunk[-30:]
    return False


def text_chunks_until_broken(part: Part, encoding: Encoding) -> Iterator[str]:
    """The text up to a bad byte; the reading proper will report it."""
    try:
        yield from text_chunks(part, encoding)
    except FileError:
        return


def _names(part: Part, encoding: Encoding) -> dict[str, str]:
    """Display name -> id, "" where two people share the name."""
    names: dict[str, str] = {}
    try:
        for path, item in walk(part, encoding, items=_ITEMS):
            if path not in _ITEMS or not isinstance(item, dict):
                continue
            for name_key, id_key in (("from", "from_id"), ("actor", "actor_id")):
                name, identity = field(item, name_key), field(item, id_key)
                if name and identity and (len(names) < NAMES_MAX or name in names):
                    names[name] = identity if names.get(name, identity) == identity else ""
    except FileError:
        return names
    return names


def _read(part: Part, encoding: Encoding, zone: Zone, names: dict[str, str]) -> Iterator[Record | Reject]:
    number, group = 0, ""
    chat: dict[str, str] = {}
    last_ms: int | None = None
    undated: deque[Record] = deque(maxlen=UNDATED_MAX)  # unsupported ones at the beginning of a chat
    for path, item in walk(part, encoding, items=_ITEMS):
        if path not in _ITEMS:
            start, _, key = path.rpartition(".list.")
            if start in ("chats", "left_chats") and key in ("name", "type", "id"):
                chat[key] = str(item) if item is not None else ""
            continue
        if chat:
            group = chat.get("name") or (chat.get("type") if chat.get("type") == "saved_messages" else "") or chat.get("id", "")
            chat, last_ms = {}, None
            undated.clear()
        number += 1
        if item is OVERSIZED:
            yield reject(number, "item_too_long", "")
            continue
        if not isinstance(item, dict):
            yield reject(number, "item_invalid", str(item))
            continue
        if item.get("type") == "unsupported":
            # Written with its id alone: it was sent between its neighbours.
            record = Record(
                line=number,
                kind="system",
                at_ms=last_ms or 0,
                sender_id="",
                sender_name="",
                text="unsupported",
                message_id=field(item, "id"),
                group=group,
            )
            if last_ms is None:
                undated.append(record)
            else:
                yield record
            continue
        try:
            at_ms = last_ms = _at_ms(item, zone)
        except Impossible:
            yield reject(number, "time_unreadable", field(item, "date"), time=field(item, "date_unixtime") or field(item, "date"))
            continue
        while undated:
            record = undated.popleft()
            record.at_ms = at_ms
            yield record
        yield from _records(number, at_ms, item, group, names)


def _at_ms(item: dict[str, Any], zone: Zone) -> int:
    unix = field(item, "date_unixtime")
    if unix:
        try:
            return epoch_ms(int(unix))
        except ValueError:
            raise Impossible(unix) from None
    return parse_moment(field(item, "date"), zone)


def _records(number: int, at_ms: int, item: dict[str, Any], group: str, names: dict[str, str]) -> Iterator[Record | Reject]:
    message_id = field(item, "id")
    if item.get("type") == "service":
        yield from _service(number, at_ms, item, group, names)
        return
    sender_id = field(item, "from_id")
    name = field(item, "from")
    if not sender_id:
        if not name:
            yield reject(number, "sender_empty", plain_text(item.get("text")))
            return
        sender_id = names.get(name) or f"name:{name}"
    yield Record(
        line=number,
        kind="message",
        at_ms=at_ms,
        sender_id=sender_id,
        sender_name=name or sender_id,
        text=plain_text(item.get("text")),
        message_id=message_id,
        reply_to=field(item, "reply_to_message_id"),
        attachments=_attachments(item),
        group=group,
        edited="edited_unixtime" in item or "edited" in item,
        bot=bool(item.get("via_bot")) and not name,
    )
    if "reactions" in item:
        yield from _reactions(number, at_ms, item, group, sender_id, name)


def plain_text(text: Any) -> str:
    """A text that may be a list of strings and entities."""
    if isinstance(text, str):
        return text
    if isinstance(text, list):
        return "".join(piece if isinstance(piece, str) else field(piece, "text") for piece in text)
    return ""


def _attachments(item: dict[str, Any]) -> tuple[Attachment, ...]:
    found: list[Attachment] = []
    media = field(item, "media_type")
    if "photo" in item:
        found.append(Attachment(kind="image", name=_file_name(field(item, "photo")), size=_size(item.get("photo_file_size"))))
    if media or "file" in item:
        kind = _MEDIA.get(media) or _kind_of_mime(field(item, "mime_type"))
        name = field(item, "file_name") or field(item, "sticker_emoji") or _file_name(field(item, "file"))
        found.append(Attachment(kind=kind, name=name, size=_size(item.get("file_size"))))
    if isinstance(item.get("location_information"), dict):
        found.append(Attachment(kind="location", name=field(item, "place_name")))
    contact = item.get("contact_information")
    if isinstance(contact, dict):
        found.append(Attachment(kind="contact", name=f"{field(contact, 'first_name')} {field(contact, 'last_name')}".strip()))
    if isinstance(item.get("poll"), dict):
        found.append(Attachment(kind="poll", name=field(item, "poll", "question")))
    for entity in listed(item, "text_entities"):
        if field(entity, "type") in ("link", "text_link"):
            found.append(Attachment(kind="link", name=field(entity, "href") or field(entity, "text")))
    return tuple(found)


def _kind_of_mime(mime: str) -> AttachmentKind:
    start = mime.split("/", 1)[0]
    return {"image": "image", "video": "video", "audio": "audio"}.get(start, "file")  # type: ignore[return-value]


def _file_name(path: str) -> str:
    return "" if path.startswith(_NOT_INCLUDED) else path.rsplit("/", 1)[-1]


def _size(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _reactions(number: int, at_ms: int, item: dict[str, Any], group: str, author_id: str, author: str) -> Iterator[Record]:
    target = field(item, "id")
    for reaction in listed(item, "reactions"):
        emoji = field(reaction, "emoji") or field(reaction, "document_id") or field(reaction, "type")
        actors = [actor for actor in listed(reaction, "recent") if field(actor, "from_id")]
        count = reaction.get("count") if isinstance(reaction, dict) else None
        unknown = min(max(count - len(actors), 0), REACTIONS_WITHOUT_ACTOR_MAX) if isinstance(count, int) else 0
        for actor in actors:
            when = at_ms + _later_ms(field(item, "date"), field(actor, "date"))
            yield Record(
                line=number, kind="reaction", at_ms=when, sender_id=field(actor, "from_id"), sender_name=field(actor, "from") or field(actor, "from_id"),
                text=emoji, target_id=target, subject_id=author_id, subject_name=author, group=group,
            )  # fmt: skip
        for index in range(unknown):
            yield Record(
                line=number, kind="reaction", at_ms=at_ms, sender_id="", sender_name="", text=emoji, message_id=f"{target}:{emoji}:{index + 1}",
                target_id=target, subject_id=author_id, subject_name=author, group=group,
            )  # fmt: skip


_UTC = Zone("UTC")


def _later_ms(said: str, reacted: str) -> int:
    """How much later a reaction came, by the exporter's clock: reactions carry no Unix time."""
    try:
        return max(0, parse_moment(reacted, _UTC) - parse_moment(said, _UTC))
    except Impossible:
        return 0


def _service(number: int, at_ms: int, item: dict[str, Any], group: str, names: dict[str, str]) -> Iterator[Record]:
    action = field(item, "action")
    actor_id, actor = field(item, "actor_id"), field(item, "actor")
    if actor and not actor_id:
        actor_id = names.get(actor) or f"name:{actor}"
    actor = actor or actor_id
    message_id = field(item, "id")
    members = [(names.get(member) or f"name:{member}", member) for member in listed(item, "members") if isinstance(member, str) and member]
    if action in ("join_group_by_link", "join_group_by_request", "join_group_via_community") and actor_id:
        inviter = field(item, "inviter")
        inviter = inviter if inviter != "Group" else ""
        yield Record(
            line=number, kind="join", at_ms=at_ms, sender_id=actor_id, sender_name=actor, message_id=message_id,
            subject_id=(names.get(inviter) or f"name:{inviter}") if inviter else "", subject_name=inviter, group=group,
        )  # fmt: skip
        return
    if action in ("invite_members", "remove_members", "create_group") and (members or action != "create_group"):
        kind: Kind = "leave" if action == "remove_members" else "join"
        for index, (member_id, member) in enumerate(members or [(actor_id, actor)]):
            by_other = member_id != actor_id
            yield Record(
                line=number, kind=kind, at_ms=at_ms, sender_id=member_id, sender_name=member, message_id=f"{message_id}:{index}" if len(members) > 1 else message_id,
                subject_id=actor_id if by_other else "", subject_name=actor if by_other else "", group=group,
            )  # fmt: skip
        if action != "create_group":
            return
        message_id = f"{message_id}:group"
    told = [field(item, key) for key in ("title", "new_title", "message_id") if field(item, key)]
    yield Record(
        line=number, kind="system", at_ms=at_ms, sender_id=actor_id, sender_name=actor, text=" ".join([action, *told]), message_id=message_id,
        target_id=field(item, "message_id") if action == "pin_message" else "", group=group,
    )  # fmt: skip


FORMAT = Format(
    name="telegram",
    channel="telegram",
    title={"zh": "Telegram 导出（result.json）", "en": "Telegram export (result.json)"},
    sniff=sniff,
    parse=parse,
    extensions=(".json",),
)
