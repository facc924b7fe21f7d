"""Messages, their edits, and reactions to them."""

from __future__ import annotations

from collections.abc import Iterator

from hutong.channels import contract
from hutong.channels.contract import EventType, File, Image, Inbound, LinkCard, Mention, Person, Quote, Segment, Text
from hutong.connectors.telegram import members, names, wire

_MEDIA = {
    "animation": "video", "video": "video", "video_note": "video", "audio": "audio", "voice": "audio", "document": "file", "sticker": "sticker",
}  # fmt: skip
_CARDS = ("game", "invoice", "story", "paid_media", "checklist", "giveaway")


def said(message: wire.Message, *, me_number: int, username: str) -> Iterator[Inbound]:
    """A message; or a line of the chat itself, of which those the product knows are told."""
    shown = _content(message)
    if shown is not None:
        yield _inbound(message, "message.new", shown, key="message", at=message.date, me_number=me_number, username=username)
        return
    yield from members.lines(message, me=me_number)
    chat = names.chat(message.chat)
    if message.migrate_to_chat_id:
        yield _moved(message, before=chat, after=names.chat_name(message.migrate_to_chat_id))
    elif message.migrate_from_chat_id:
        before = contract.Chat(id=names.chat_name(message.migrate_from_chat_id), kind="group", name=chat.name)
        yield _moved(message, before=before, after=chat.id)
    elif message.new_chat_title:
        yield _line(message, "chat.updated", me_number)
    elif message.group_chat_created or message.supergroup_chat_created or message.channel_chat_created:
        yield _line(message, "chat.created", me_number)


def edited(message: wire.Message, update_id: int, *, me_number: int, username: str) -> Iterator[Inbound]:
    """A message as it reads now. Two edits may fall in one second, so that the update's number is in the key."""
    shown = _content(message)
    if shown is not None:
        at = message.edit_date or message.date
        yield _inbound(message, "message.edited", shown, key=f"edited/{update_id}", at=at, me_number=me_number, username=username)


def reacted(change: wire.MessageReaction, update_id: int, *, me_number: int) -> Iterator[Inbound]:
    """Each reaction that was put or taken away."""
    actor = names.person(change.user, me=me_number) if change.user else names.speaking_chat(change.actor_chat or change.chat)
    chat = names.chat(change.chat)
    before, after = [list(dict.fromkeys(_reaction(one) for one in some)) for some in (change.old_reaction, change.new_reaction)]
    kinds: tuple[tuple[EventType, list[str], list[str]], ...] = (("reaction.added", after, before), ("reaction.removed", before, after))
    for kind, there, elsewhere in kinds:
        for reaction in there:
            if reaction in elsewhere:
                continue
            yield Inbound(
                type=kind,
                dedupe_key=f"{kind}/{update_id}/{chat.id}/{change.message_id}/{reaction[:64]}",
                occurred_at_ms=change.date * 1000,
                chat=chat,
                actor=actor,
                target_id=str(change.message_id),
                reaction=reaction,
            )


def _reaction(reaction: wire.Reaction) -> str:
    return reaction.emoji or reaction.custom_emoji_id or reaction.type


def _author(message: wire.Message, me_number: int) -> Person:
    """An administrator without a name speaks as the group, a linked channel as itself; Telegram puts a stand-in into `from`."""
    if message.sender_chat is not None or message.from_user is None:
        return names.speaking_chat(message.sender_chat or message.chat)
    return names.person(message.from_user, me=me_number)


def _inbound(message: wire.Message, kind: EventType, shown: list[Segment], *, key: str, at: int, me_number: int, username: str) -> Inbound:
    chat, reply_to, number = names.chat(message.chat), _reply_to(message), str(message.message_id)
    return Inbound(
        type=kind,
        dedupe_key=f"{key}/{chat.id}/{number}",
        occurred_at_ms=at * 1000,
        chat=chat,
        thread=str(message.message_thread_id) if message.is_topic_message and message.message_thread_id else "",
        actor=_author(message, me_number),
        message=contract.Message(
            id=number,
            text=message.text or message.caption or (message.dice.emoji if message.dice else ""),
            segments=(*((Quote(reply_to),) if reply_to else ()), *shown),
            reply_to=reply_to,
            mentions_bot=_is_to_bot(message, me_number, username),
            edit_of=number if kind == "message.edited" else "",
        ),
    )


def _line(message: wire.Message, kind: EventType, me_number: int) -> Inbound:
    chat = names.chat(message.chat)
    key = f"{kind}/{chat.id}/{message.message_id}"
    return Inbound(type=kind, dedupe_key=key, occurred_at_ms=message.date * 1000, chat=chat, actor=_author(message, me_number))


def _moved(message: wire.Message, *, before: contract.Chat, after: str) -> Inbound:
    """A group became a supergroup. It is told in both, and counts once."""
    key = f"moved/{before.id}/{after}"
    return Inbound(type="chat.updated", dedupe_key=key, occurred_at_ms=message.date * 1000, chat=before, target_id=after, reason="moved")


def _reply_to(message: wire.Message) -> str:
    """The message that is answered. In a topic every message "answers" the line that opened it, which is no answer."""
    answered = message.reply_to_message
    if answered is None or (message.is_topic_message and answered.message_id == message.message_thread_id):
        return ""
    return str(answered.message_id)


def _is_to_bot(message: wire.Message, me_number: int, username: str) -> bool:
    """Called by name, by a command that names it, or answered."""
    answered = message.reply_to_message
    if answered is not None and answered.from_user is not None and answered.from_user.id == me_number and _reply_to(message):
        return True
    text = message.text or message.caption
    for entity in message.entities or message.caption_entities:
        if entity.type == "text_mention" and entity.user is not None and entity.user.id == me_number:
            return True
        called = _cut(text, entity.offset, entity.length).lower() if username and entity.type in ("mention", "bot_command") else ""
        if called.endswith(f"@{username.lower()}"):
            return True
    return False


def _content(message: wire.Message) -> list[Segment] | None:
    """What it shows, in order; None for a line of the chat itself."""
    found: list[Segment] = []
    if message.photo:
        found.append(Image(size_bytes=message.photo[-1].file_size, content_type="image/jpeg"))
    # An animation comes as a document as well, a venue as a location.
    for name in ("animation", "audio", "video", "video_note", "voice", "sticker", *(() if message.animation else ("document",))):
        media: wire.Media | None = getattr(message, name)
        if media is not None:
            found.append(_file(name, media))
    if message.venue is not None or message.location is not None:
        found.append(File(type="location", name=message.venue.title if message.venue else ""))
    if message.contact is not None:
        found.append(File(type="contact", name=f"{message.contact.first_name} {message.contact.last_name}".strip()))
    if message.poll is not None:
        found.append(File(type="poll", name=message.poll.question))
    for name in _CARDS:
        card: wire.Titled | None = getattr(message, name)
        if card is not None:
            found.append(File(type="card", name=card.title or name))
    text = message.text or message.caption
    if text:
        found += _spoken(text, message.entities or message.caption_entities)
    elif message.dice is not None:
        found.append(Text(message.dice.emoji))
    return found or None


def _file(name: str, media: wire.Media) -> Segment:
    """Telegram's address of a file holds the bot's token, so that none is told; `file_id` is in `raw`."""
    start = media.mime_type.partition("/")[0]
    if name == "document" and start == "image":
        return Image(name=media.file_name, content_type=media.mime_type, size_bytes=media.file_size)
    kind = start if name == "document" and start in ("video", "audio") else _MEDIA[name]
    shown = media.file_name or media.emoji or media.title
    return File(type=kind, name=shown, content_type=media.mime_type, size_bytes=media.file_size)


def _spoken(text: str, entities: tuple[wire.Entity, ...]) -> Iterator[Segment]:
    """The text with people called and links in it, in order. `@name` alone says no id, and stays text."""
    units = text.encode("utf-16-le", "surrogatepass")
    at = 0
    for entity in sorted(entities, key=lambda one: one.offset):
        end = entity.offset + entity.length
        if entity.type not in ("text_mention", "text_link", "url") or entity.offset < at or end * 2 > len(units) or entity.length <= 0:
            continue
        words = _units(units, entity.offset, end)
        one: Segment
        if entity.type == "text_mention" and entity.user is not None:
            one = Mention(user_id=f"user{entity.user.id}", name=words.removeprefix("@"))
        elif entity.type != "text_mention":
            one = LinkCard(url=entity.url or words, title=words if entity.url else "")
        else:
            continue
        if entity.offset > at:
            yield Text(_units(units, at, entity.offset))
        yield one
        at = end
    if at * 2 < len(units):
        yield Text(_units(units, at, len(units) // 2))


def _units(units: bytes, start: int, end: int) -> str:
    return units[start * 2 : end * 2].decode("utf-16-le", "replace")


def _cut(text: str, offset: int, length: int) -> str:
    return _units(text.encode("utf-16-le", "surrogatepass"), offset, offset + length)
