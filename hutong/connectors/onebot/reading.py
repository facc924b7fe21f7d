"""Events of OneBot 11 as ours. Chats and people are named by their QQ numbers, as exports of QQ name them.

Events carry no id of their own: what happened to whom, where and in which second is the key, so that one told twice is one.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec

from hutong.channels.contract import Chat, EventType, File, Image, Inbound, LinkCard, Mention, Message, Origin, Person, Quote, Segment, Text
from hutong.connectors.onebot import wire

EVERYBODY = "全体成员"
URL_LENGTH_MAX = 2_000
_LINES_OF_CARDS = ("jumpUrl", "qqdocurl", "url", "musicUrl")
_MEDIA = {"record": "audio", "video": "video", "file": "file", "mface": "sticker", "location": "location", "contact": "contact"}
_WORDS = {"dice": "[骰子]", "rps": "[猜拳]", "shake": "[窗口抖动]", "poke": "[戳一戳]"}


class NoEvent(ValueError):
    """No event of OneBot 11."""


class Offline(Exception):
    """The program says that QQ is signed out."""


def decoded(content: bytes | str) -> wire.Event:
    """One event. Raises NoEvent."""
    try:
        return wire.event(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NoEvent(str(error)[:200]) from None


def read(event: wire.Event) -> tuple[Inbound, ...]:
    """What it says in our words; nothing for what is of no interest. Raises NoEvent, and Offline where QQ is signed out."""
    try:
        found = _read(event)
    except msgspec.ValidationError as error:
        raise NoEvent(str(error)[:200]) from None
    return () if found is None else (found,)


def _read(event: wire.Event) -> Inbound | None:
    if event.post_type in ("message", "message_sent"):
        return _message(event)
    if event.post_type == "notice":
        return _notice(event)
    if event.post_type == "request":
        return _request(event)
    if event.post_type == "meta_event":
        if event.status is not None and event.status.online is False:
            raise Offline
        return None
    raise NoEvent(f"post_type {event.post_type[:40]!r}")


# --- messages -----------------------------------------------------------------------


def _message(event: wire.Event) -> Inbound | None:
    number, me = _number(event.user_id), _number(event.self_id)
    name = event.sender.name if event.sender else ""
    if event.anonymous:
        name = str(event.anonymous.get("name", "")) or name
    chat = _chat(event)
    if chat is None or not number or not _number(event.message_id):
        return None
    pieces = wire.parts(event.message)
    segments = tuple(found for one in pieces if (found := _segment(one)) is not None)
    message_id = _number(event.message_id)
    return Inbound(
        type="message.new",
        dedupe_key=f"message/{chat.id}/{message_id}",
        occurred_at_ms=_ms(event),
        chat=chat,
        actor=Person(number, name, is_self=number == me),
        message=Message(
            id=message_id,
            text="".join(_words(one) for one in segments).strip(),
            segments=segments,
            reply_to=next((one.message_id for one in segments if isinstance(one, Quote)), ""),
            mentions_bot=any(isinstance(one, Mention) and one.user_id == me for one in segments),
        ),
    )


def _chat(event: wire.Event) -> Chat | None:
    group = _number(event.group_id)
    if event.message_type == "group" or (not event.message_type and group):
        return Chat(group, "group", event.group_name or "") if group else None
    person, me = _number(event.user_id), _number(event.self_id)
    if event.post_type == "message_sent" or person == me:  # the other side of a private talk of ours
        person, name = _number(event.target_id), ""
    else:
        name = event.sender.name if event.sender else ""
    return Chat(person, "dm", name) if person else None


def _segment(one: wire.Part) -> Segment | None:
    kind = one.type
    if kind == "text":
        return Text(one.word("text")) if one.word("text") else None
    if kind == "at":
        number = one.word("qq")
        return Mention("" if number == "all" else number, one.word("name").removeprefix("@"))
    if kind == "reply":
        return Quote(one.word("id")) if one.word("id") else None
    if kind == "image":
        if one.word("sub_type") not in ("", "0") or one.word("emoji_id"):
            return _file(one, "sticker")
        return Image(url=_url(one), name=_name(one), size_bytes=_size(one), description=one.word("summary"))
    if kind in _MEDIA:
        return _file(one, _MEDIA[kind])
    if kind == "share":
        return LinkCard(_address(one.word("url")), one.word("title"), one.word("content"), _address(one.word("image")))
    if kind == "music":
        return LinkCard(_address(one.word("url")), one.word("title"), one.word("content"), _address(one.word("image")))
    if kind == "json":
        return _card(one.word("data"))
    if kind in ("xml", "forward", "node"):
        return File(name="聊天记录" if kind != "xml" else "", type="card")
    if kind == "markdown":
        return Text(one.word("content")) if one.word("content") else None
    if kind == "face":
        raw = one.data.get("raw")
        said = raw.get("faceText") if isinstance(raw, dict) else None
        return Text(said if isinstance(said, str) and said else "[表情]")
    return Text(_WORDS[kind]) if kind in _WORDS else None


def _words(segment: Segment) -> str:
    if isinstance(segment, Text):
        return segment.text
    if isinstance(segment, Mention):
        return f"@{segment.name or segment.user_id or EVERYBODY}"
    if isinstance(segment, LinkCard):
        return segment.title or segment.url
    return ""


def _file(one: wire.Part, kind: str) -> File:
    name = one.word("summary") if kind == "sticker" else one.word("title") if kind == "location" else _name(one)
    return File(url=_url(one), name=name, size_bytes=_size(one), type=kind)


def _card(data: str) -> Segment:
    """A shared page or mini program: its title and address, wherever in it they stand."""
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        return File(type="card")
    title = said.get("prompt") if isinstance(said.get("prompt"), str) else ""
    meta = said.get("meta")
    inner = [one for one in meta.values() if isinstance(one, dict)] if isinstance(meta, dict) else []
    for name in _LINES_OF_CARDS:
        for one in inner:
            found = one.get(name)
            if isinstance(found, str) and _address(found):
                return LinkCard(_address(found), str(title))
    return File(name=str(title)[:200], type="card")


def _name(one: wire.Part) -> str:
    name = one.word("name") or one.word("file_name") or one.word("file")
    return "" if name.startswith(("base64://", "http://", "https://", "file://")) else name[:200]


def _url(one: wire.Part) -> str:
    return _address(one.word("url")) or _address(one.word("file"))


def _address(said: str) -> str:
    return said if said.startswith(("http://", "https://")) and len(said) <= URL_LENGTH_MAX else ""


def _size(one: wire.Part) -> int | None:
    said = one.word("file_size") or one.word("size")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 16 else None


# --- notices --------------------------------------------------------------------------


def _notice(event: wire.Event) -> Inbound | None:
    kind, sub = event.notice_type, event.sub_type
    if kind == "bot_offline":
        raise Offline
    if kind == "notify":
        kind = sub
    me, user, operator = _number(event.self_id), _number(event.user_id), _number(event.operator_id)
    if kind in ("group_increase", "group_decrease", "group_admin", "group_ban"):
        return _place(event, me=me, user=user, operator=operator)
    if kind in ("group_recall", "friend_recall"):
        by = operator or user
        return _made(event, "message.deleted", by, subject=user, target_id=_number(event.message_id), key=f"recall/{_number(event.message_id)}")
    if kind == "friend_add":
        return _made(event, "contact.added", user, subject=user, key=f"friend/{_seconds(event)}")
    if kind == "poke":
        return _made(event, "interaction", user, subject=_number(event.target_id), reason="poke", key=f"poke/{_seconds(event)}")
    if kind == "group_upload" and event.file is not None:
        return _made(event, "interaction", user, reason="upload", key=f"upload/{event.file.id or _seconds(event)}"[:150])
    if kind == "essence":
        how: EventType = "reaction.added" if sub != "delete" else "reaction.removed"
        return _made(event, how, operator, subject=_number(event.sender_id), target_id=_number(event.message_id), reaction="精华",
                     key=f"essence/{sub}/{_number(event.message_id)}/{_seconds(event)}")  # fmt: skip
    if kind == "group_msg_emoji_like" and event.likes:
        emoji = str(event.likes[0].emoji_id)[:50]
        how = "reaction.added" if event.is_add else "reaction.removed"
        return _made(event, how, user, target_id=_number(event.message_id), reaction=emoji,
                     key=f"emoji/{emoji}/{event.is_add}/{_number(event.message_id)}/{_seconds(event)}")  # fmt: skip
    if kind == "group_name" and event.name_new:
        chat = Chat(_number(event.group_id), "group", event.name_new[:200])
        made = _made(event, "chat.updated", user, key=f"name/{_seconds(event)}")
        return None if made is None else msgspec.structs.replace(made, chat=chat)
    return None


def _place(event: wire.Event, *, me: str, user: str, operator: str) -> Inbound | None:
    """Who comes and goes, and what they may. A mute of everybody has no person in it and is left out."""
    sub, kind = event.sub_type, event.notice_type
    at = f"{kind}/{sub}/{_seconds(event)}"
    if kind == "group_decrease" and sub == "disband":
        return _made(event, "chat.dissolved", operator, key=at)
    if not user:
        return None
    by = operator if operator not in ("", user) else ""
    is_me = user == me or sub == "kick_me"
    if kind == "group_increase":
        if is_me:
            return _made(event, "bot.added", by or user, subject=user, key=at)
        scene = Origin(scene="invite") if sub == "invite" else Origin(scene="join_request") if by else None
        return _made(event, "member.joined", user, subject=user, operator=by, source=scene, key=at)
    if kind == "group_decrease":
        if is_me:
            return _made(event, "bot.removed", by or user, subject=user, reason=sub, key=at)
        how: EventType = "member.left" if sub == "leave" else "member.kicked"
        return _made(event, how, user if how == "member.left" else by, subject=user, operator=by if how == "member.kicked" else "", key=at)
    if kind == "group_admin":
        return _made(event, "member.role_changed", user, subject=user, reason="administrator" if sub == "set" else "member", key=at)
    if is_me:
        return _made(event, "bot.muted" if sub == "ban" else "bot.added", by or user, subject=user, key=at)
    return _made(event, "member.role_changed", by or user, subject=user, operator=by, reason="muted" if sub == "ban" else "member", key=at)


def _request(event: wire.Event) -> Inbound | None:
    """Somebody wants in. To be a friend, or to have this account in a group, is only noted: neither is a chat yet."""
    user = _number(event.user_id)
    raw: dict[str, Any] = {"flag": str(event.flag)[:500], "sub_type": event.sub_type}
    said = (event.comment or "")[:500]
    if event.request_type == "group" and event.sub_type != "invite":
        return _made(event, "join.requested", user, subject=user, reason=said, source=Origin(scene="join_request"), raw=raw,
                     key=f"requested/{raw['flag'] or _seconds(event)}"[:150])  # fmt: skip
    reason = "group_invite" if event.request_type == "group" else "friend_request"
    made = _made(event, "interaction", user, reason=reason, raw=raw, key=f"{reason}/{raw['flag'] or _seconds(event)}"[:150])
    return None if made is None else msgspec.structs.replace(made, chat=None)


def _made(
    event: wire.Event,
    kind: EventType,
    actor: str,
    *,
    key: str,
    subject: str = "",
    operator: str = "",
    target_id: str = "",
    reaction: str = "",
    reason: str = "",
    source: Origin | None = None,
    raw: dict[str, Any] | None = None,
) -> Inbound | None:
    chat = _chat(event)
    if chat is None:
        return None
    me = _number(event.self_id)
    return Inbound(
        type=kind,
        dedupe_key=f"{key}/{chat.id}/{actor}/{subject}",
        occurred_at_ms=_ms(event),
        chat=chat,
        actor=_person(actor, me),
        subject=_person(subject, me),
        operator=_person(operator, me),
        target_id=target_id,
        reaction=reaction,
        reason=reason,
        source=source,
        raw=raw or {},
    )


def _person(number: str, me: str) -> Person | None:
    return Person(number, is_self=number == me) if number else None


def _number(said: int | str | None) -> str:
    """A number of QQ as text; "" for none, which some programs write as 0."""
    text = str(said if said is not None else "").strip()
    return "" if text in ("", "0") else text[:100]


def _seconds(event: wire.Event) -> int:
    return int(event.time)


def _ms(event: wire.Event) -> int:
    return int(event.time) * 1000
