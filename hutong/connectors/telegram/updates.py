"""Updates of the Bot API as events. Nothing is reached, and the same update always gives the same events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from hutong.channels.contract import Inbound
from hutong.connectors.telegram import members, messages, names, wire
from hutong.foundation import logs

log = logs.get("hutong.connectors.telegram")

_decode = msgspec.json.Decoder(wire.Update).decode
_decode_raw = msgspec.json.Decoder(dict[str, Any]).decode


@dataclass(frozen=True, slots=True)
class Me:
    """The bot. `username` is empty until the platform has said it."""

    number: int
    username: str = ""


class NoUpdate(ValueError):
    """That is no JSON object with an `update_id`."""


def read(content: bytes | msgspec.Raw, me: Me, *, received_at_ms: int) -> tuple[Inbound, ...]:
    """The events of one update. One whose parts cannot be read gives none and is logged. Raises NoUpdate."""
    try:
        raw = _decode_raw(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NoUpdate(str(error)) from error
    if type(raw.get("update_id")) is not int:
        raise NoUpdate("no update_id")
    try:
        update = _decode(content)
    except msgspec.DecodeError as error:  # repeating it would not help, and would hold up those behind it
        log.error("update cannot be read", update_id=raw["update_id"], reason=str(error))
        return ()
    return tuple(msgspec.structs.replace(event, raw=raw) for event in _events(update, me, received_at_ms))


def _events(update: wire.Update, me: Me, received_at_ms: int) -> Iterator[Inbound]:
    if (said := update.message or update.channel_post) is not None:
        yield from messages.said(said, me_number=me.number, username=me.username)
    elif (edited := update.edited_message or update.edited_channel_post) is not None:
        yield from messages.edited(edited, update.update_id, me_number=me.number, username=me.username)
    elif update.my_chat_member is not None:
        yield from members.of_bot(update.my_chat_member, update.update_id, me=me.number)
    elif update.chat_member is not None:
        yield from members.of_person(update.chat_member, update.update_id, me=me.number)
    elif update.chat_join_request is not None:
        yield members.requested(update.chat_join_request, me=me.number)
    elif update.message_reaction is not None:
        yield from messages.reacted(update.message_reaction, update.update_id, me_number=me.number)
    elif update.callback_query is not None:
        yield _pressed(update.callback_query, me, received_at_ms)


def _pressed(query: wire.CallbackQuery, me: Me, received_at_ms: int) -> Inbound:
    """A button under a message. Telegram tells no time of it."""
    message = query.message
    return Inbound(
        type="interaction",
        dedupe_key=f"interaction/{query.id}",
        occurred_at_ms=received_at_ms,
        chat=names.chat(message.chat) if message is not None else None,
        actor=names.person(query.from_user, me=me.number),
        target_id=str(message.message_id) if message is not None else "",
        reason=query.data,
    )
