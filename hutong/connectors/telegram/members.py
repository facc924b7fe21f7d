"""Who comes and goes, and what they may: changes of members, the bot's own place, requests to join.

Telegram tells a coming or going twice where the bot is an administrator, as a change and as a line in the chat. Both carry the same
second, which is in the key: what comes together is joined, otherwise the first counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from hutong.channels.contract import EventType, Inbound, Message, Origin, Person
from hutong.connectors.telegram import names, wire

_PLACES = frozenset({"member.joined", "member.left", "member.kicked", "member.banned"})


def of_person(change: wire.ChatMemberUpdated, update_id: int, *, me: int) -> Iterator[Inbound]:
    """A change of somebody else's place in a chat the bot administers."""
    before, after = change.old_chat_member, change.new_chat_member
    actor, subject = names.person(change.from_user, me=me), names.person(after.user, me=me)
    chat = names.chat(change.chat)
    place = f"{chat.id}/{subject.id}/{change.date}"
    kind: EventType
    reason, source = "", None
    if _is_in(after) and not _is_in(before):
        kind, key, source = "member.joined", f"joined/{place}", _origin(change, has_come_alone=actor.id == subject.id)
    elif _is_in(before) and not _is_in(after):
        kind, key = _gone(after, actor, subject), f"gone/{place}"
    elif after.status == "kicked" and before.status != "kicked":
        kind, key = "member.banned", f"gone/{place}"
    elif before.status == "kicked" and after.status != "kicked":
        kind, key = "member.unbanned", f"unbanned/{place}"
    elif _is_in(after) and _role(before) != _role(after):
        kind, key, reason = "member.role_changed", f"role/{place}/{update_id}", _role(after)
    else:
        return
    yield Inbound(
        type=kind,
        dedupe_key=key,
        occurred_at_ms=change.date * 1000,
        chat=chat,
        actor=actor,
        subject=subject,
        operator=actor if actor.id != subject.id else None,
        reason=reason,
        source=source,
    )


def of_bot(change: wire.ChatMemberUpdated, update_id: int, *, me: int) -> Iterator[Inbound]:
    """A change of the bot's own place: in a private chat somebody began with it or blocked it."""
    before, after = change.old_chat_member, change.new_chat_member
    actor, subject = names.person(change.from_user, me=me), names.person(after.user, me=me)
    chat = names.chat(change.chat)
    kind: EventType
    reason = ""
    if chat.kind == "dm":
        kind = "contact.added" if _is_in(after) else "contact.removed"
        subject = actor
    elif not _is_in(after):
        kind, reason = "bot.removed", after.status
    elif not _may_write(after):
        kind = "bot.muted"
    elif not _is_in(before) or not _may_write(before):
        kind = "bot.added"
    elif _role(before) != _role(after):
        kind, reason = "member.role_changed", _role(after)
    else:
        return
    key = f"{kind}/{chat.id}/{change.date}"
    yield Inbound(
        type=kind,
        dedupe_key=key if kind in ("bot.added", "bot.removed") else f"{key}/{update_id}",
        occurred_at_ms=change.date * 1000,
        chat=chat,
        actor=actor,
        subject=subject,
        reason=reason,
    )


def requested(request: wire.JoinRequest, *, me: int) -> Inbound:
    """Somebody asks to be let in."""
    person, chat = names.person(request.from_user, me=me), names.chat(request.chat)
    link = request.invite_link
    return Inbound(
        type="join.requested",
        dedupe_key=f"requested/{chat.id}/{person.id}/{request.date}",
        occurred_at_ms=request.date * 1000,
        chat=chat,
        actor=person,
        subject=person,
        source=Origin(scene="join_request", invite_code=link.invite_link if link else "", state=link.name if link else ""),
    )


def lines(line: wire.Message, *, me: int) -> Iterator[Inbound]:
    """The lines in a chat that say who came and who went, which groups without an administrator bot get alone.

    The id is the one history gives the same line, so that both are one event.
    """
    chat = names.chat(line.chat)
    actor = names.person(line.from_user, me=me) if line.from_user else names.speaking_chat(line.sender_chat or line.chat)
    for index, user in enumerate(line.new_chat_members):
        subject = names.person(user, me=me)
        if subject.is_self:
            yield _bot_line(line, "bot.added", actor, subject)
            continue
        message_id = f"{line.message_id}:{index}" if len(line.new_chat_members) > 1 else str(line.message_id)
        has_come_alone = actor.id == subject.id
        yield Inbound(
            type="member.joined",
            dedupe_key=f"joined/{chat.id}/{subject.id}/{line.date}",
            occurred_at_ms=line.date * 1000,
            chat=chat,
            actor=actor,
            subject=subject,
            operator=None if has_come_alone else actor,
            message=Message(message_id),
            source=Origin(scene="" if has_come_alone else "invite"),
        )
    if line.left_chat_member is None:
        return
    subject = names.person(line.left_chat_member, me=me)
    if subject.is_self:
        yield _bot_line(line, "bot.removed", actor, subject)
        return
    has_left = actor.id == subject.id
    yield Inbound(
        type="member.left" if has_left else "member.kicked",
        dedupe_key=f"gone/{chat.id}/{subject.id}/{line.date}",
        occurred_at_ms=line.date * 1000,
        chat=chat,
        actor=actor,
        subject=subject,
        operator=None if has_left else actor,
        message=Message(str(line.message_id)),
    )


def joined(events: Sequence[Inbound]) -> tuple[Inbound, ...]:
    """Told twice, once kept: the change knows the way and what happened, the line its id in history."""
    found: dict[str, Inbound] = {}
    for event in events:
        other = found.setdefault(event.dedupe_key, event)
        if other is not event and event.type in _PLACES and bool(other.message) != bool(event.message):
            change, line = (event, other) if other.message else (other, event)
            found[event.dedupe_key] = msgspec.structs.replace(change, message=line.message)
    return tuple(found.values())


def _bot_line(line: wire.Message, kind: EventType, actor: Person, subject: Person) -> Inbound:
    chat = names.chat(line.chat)
    return Inbound(type=kind, dedupe_key=f"{kind}/{chat.id}/{line.date}", occurred_at_ms=line.date * 1000, chat=chat, actor=actor, subject=subject)


def _is_in(member: wire.ChatMember) -> bool:
    return member.status in ("creator", "administrator", "member") or (member.status == "restricted" and member.is_member)


def _may_write(member: wire.ChatMember) -> bool:
    return member.can_send_messages and member.can_post_messages


def _role(member: wire.ChatMember) -> str:
    """The role, with what an administrator is called here, and whether somebody may not write."""
    if member.status == "restricted" and not member.can_send_messages:
        return "muted"
    return f"{member.status}: {member.custom_title}" if member.custom_title else member.status


def _gone(after: wire.ChatMember, actor: Person, subject: Person) -> EventType:
    if after.status == "kicked":
        return "member.banned"
    return "member.left" if actor.id == subject.id else "member.kicked"


def _origin(change: wire.ChatMemberUpdated, *, has_come_alone: bool) -> Origin:
    link = change.invite_link
    if change.via_chat_folder_invite_link:
        scene = "folder"
    elif change.via_join_request:
        scene = "join_request"
    elif link is not None:
        scene = "link"
    else:
        scene = "" if has_come_alone else "invite"
    return Origin(scene=scene, invite_code=link.invite_link if link else "", state=link.name if link else "")
