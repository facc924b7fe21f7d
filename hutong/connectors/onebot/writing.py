"""A message as the calls that it takes: all that QQ shows in one bubble, then each file by itself. The same message gives the same calls."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from hutong.channels.contract import Chat, File, Image, LinkCard, Mention, Outgoing, Quote, Refused, Segment, Text


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the program."""

    action: str
    params: dict[str, Any]


def calls(outgoing: Outgoing, read: Callable[[str], bytes]) -> list[Call]:
    """What to call, in order. Raises Refused for a chat that is none of QQ's."""
    where = _where(outgoing.chat)
    said = [segment for segment in outgoing.segments if not isinstance(segment, File)]
    found = []
    message = [part for segment in said for part in _parts(segment, outgoing.chat, read)]
    if any(part["type"] != "reply" for part in message):
        found.append(Call("send_group_msg" if "group_id" in where else "send_private_msg", {**where, "message": message}))
    action = "upload_group_file" if "group_id" in where else "upload_private_file"
    for segment in outgoing.segments:
        if isinstance(segment, File):
            found.append(Call(action, {**where, "file": _content(segment, read), "name": segment.name or "file"}))
    return found


def _where(chat: Chat) -> dict[str, int]:
    if not chat.id.isascii() or not chat.id.isdigit() or len(chat.id) > 18:
        raise Refused(
            "chat_gone",
            f"“{chat.id[:50]}”不是群号或 QQ 号。请在该群里发一条消息，让它重新出现在列表中。",
            f"“{chat.id[:50]}” is no number of a group or a person. Write something in that chat, so that it appears in the list again.",
        )
    return {"user_id" if chat.kind == "dm" else "group_id": int(chat.id)}


def _parts(segment: Segment, chat: Chat, read: Callable[[str], bytes]) -> Iterator[dict[str, Any]]:
    if isinstance(segment, Text):
        yield _part("text", text=segment.text)
    elif isinstance(segment, Mention):
        if chat.kind == "dm":  # nobody can be called there
            yield _part("text", text=f"@{segment.name or segment.user_id} ")
        else:
            yield _part("at", qq=segment.user_id or "all")
            yield _part("text", text=" ")
    elif isinstance(segment, Image):
        yield _part("image", file=_content(segment, read))
    elif isinstance(segment, Quote):
        if segment.message_id.lstrip("-").isdigit():
            yield _part("reply", id=segment.message_id)
    elif isinstance(segment, LinkCard):
        yield _part("text", text="\n".join(line for line in (segment.title, segment.description, segment.url) if line))


def _content(segment: Image | File, read: Callable[[str], bytes]) -> str:
    return f"base64://{base64.b64encode(read(segment.file)).decode()}" if segment.file else segment.url


def _part(kind: str, **data: str) -> dict[str, Any]:
    return {"type": kind, "data": data}
