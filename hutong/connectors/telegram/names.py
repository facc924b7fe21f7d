"""Names of chats and people: those of Telegram Desktop's export, made of the numbers of the Bot API and turned back into them.

| the Bot API | here | in an export |
| --- | --- | --- |
| a person 5 | `user5` | `user5` |
| a supergroup or channel -1000000000007 | `7`; as the author of a message `channel7` | `7`, `channel7` |
| a basic group -9 | `chat9`, because a bare 9 could be a supergroup | `9`, `chat9` |
"""

from __future__ import annotations

import re

from hutong.channels import contract
from hutong.channels.contract import ChatKind, Person, Refused
from hutong.connectors.telegram import wire

_CHANNELS = -1_000_000_000_000
_NAME = re.compile(r"(user|chat|channel|-?)([1-9][0-9]{0,18})", re.ASCII)
_KINDS: dict[str, ChatKind] = {"private": "dm", "channel": "channel"}


def chat_name(number: int) -> str:
    """What a chat is called here."""
    if number > 0:
        return f"user{number}"
    return str(_CHANNELS - number) if number < _CHANNELS else f"chat{-number}"


def chat_number(chat: contract.Chat) -> int:
    """The number by which the Bot API knows a chat. Raises Refused for a name that is none of ours."""
    found = _NAME.fullmatch(chat.id)
    if found is None:
        raise Refused(
            "chat_gone",
            f"“{chat.id[:50]}”不是 Telegram 的聊天编号。请在该群里发一条消息，让它重新出现在列表中。",
            f"“{chat.id[:50]}” is not the id of a Telegram chat. Write something in that chat, so that it appears in the list again.",
        )
    start, number = found[1], int(found[2])
    if start == "-":
        return -number
    if start == "user" or (start == "" and chat.kind == "dm"):
        return number
    return -number if start == "chat" else _CHANNELS - number


def user_number(user_id: str) -> int | None:
    """The number of a person; None for a name that is not one of Telegram's."""
    found = _NAME.fullmatch(user_id)
    return int(found[2]) if found is not None and found[1] == "user" else None


def chat(here: wire.Chat) -> contract.Chat:
    """A chat of the Bot API as ours."""
    return contract.Chat(
        id=chat_name(here.id), kind=_KINDS.get(here.type, "group"), name=here.title or f"{here.first_name} {here.last_name}".strip() or here.username
    )


def person(user: wire.User, *, me: int) -> Person:
    """Somebody; `me` is the bot's own number."""
    name = f"{user.first_name} {user.last_name}".strip() or user.username
    return Person(id=f"user{user.id}", name=name, is_bot=user.is_bot, is_self=user.id == me)


def speaking_chat(here: wire.Chat) -> Person:
    """A channel, or a group for its unnamed administrators, as the author of something."""
    if here.type == "private":
        return Person(id=f"user{here.id}", name=f"{here.first_name} {here.last_name}".strip())
    name = chat_name(here.id)
    return Person(id=name if name.startswith("chat") else f"channel{name}", name=here.title)
