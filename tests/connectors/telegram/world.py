"""A small Telegram that remembers: people, chats, messages, updates that wait, limits. What people do gives the updates a bot sees of it."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

GROUP_ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
CHANNELS = -1_000_000_000_000
INVITE = "https://t.me/+AbCdEf…"
RIGHTS = ("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
          "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories")  # fmt: skip
ALLOWANCES = ("can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos", "can_send_video_notes", "can_send_voice_notes",
              "can_send_polls", "can_send_other_messages", "can_add_web_page_previews", "can_change_info", "can_invite_users",
              "can_pin_messages", "can_manage_topics", "can_react_to_messages", "can_edit_tag")  # fmt: skip


class Fault(Exception):
    """What the Bot API answers instead of a result."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


@dataclass
class ChatState:
    """One chat as the server knows it."""

    id: int
    type: str
    title: str = ""
    members: dict[int, dict[str, Any]] = field(default_factory=dict)
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    topics: set[int] = field(default_factory=set)
    closed_topics: set[int] = field(default_factory=set)
    moved_to: int = 0
    is_gone: bool = False
    next_id: int = 1

    def shown(self) -> dict[str, Any]:
        return {"id": self.id, "type": self.type, "title": self.title} | ({"is_forum": True} if self.topics else {})


class World:
    """The server's side. `now` is its clock in seconds; each limit is a bucket of that many that fills within so many seconds."""

    limits = {"account": (30, 1.0), "group": (20, 60.0), "chat": (5, 5.0)}

    def __init__(self, *, token: str, now: Callable[[], float] = time.time) -> None:
        self.token, self.now = token, now
        self.is_revoked = False
        self.reads_all = True
        self.me = {"id": int(token.partition(":")[0]), "is_bot": True, "first_name": "胡同", "username": "HutongBot"}
        self.people: dict[int, dict[str, Any]] = {self.me["id"]: self.me}
        self.blocked: set[int] = set()
        self.started: set[int] = set()
        self.chats: dict[int, ChatState] = {}
        self.updates: deque[dict[str, Any]] = deque()
        self.next_update = 1001
        self.allowed: set[str] | None = None
        self.webhook: dict[str, Any] = {"url": "", "secret": "", "error_at": 0, "error": ""}
        self.pollings = 0
        self.faults: deque[Fault | str | None] = deque()  # the next sends meet these; a word is a fault of the line, None is none
        self.pressed: list[str] = []
        self.files: dict[int, bytes] = {}
        self.calls: list[str] = []
        self.sends: list[tuple[float, int]] = []
        self.changed = threading.Condition(threading.RLock())

    # --- who is there -----------------------------------------------------------

    def person(self, number: int, first_name: str, **more: Any) -> dict[str, Any]:
        self.people[number] = {"id": number, "is_bot": False, "first_name": first_name, **more}
        return self.people[number]

    def chat(self, number: int, type_: str, title: str, *, people: tuple[int, ...] = (), bot: str = "member") -> ChatState:
        made = self.chats[number] = ChatState(number, type_, title)
        for one in people:
            made.members[one] = self.standing(one, "member")
        if bot:
            made.members[self.me["id"]] = self.standing(self.me["id"], bot)
        return made

    def private(self, number: int) -> ChatState:
        made = self.chats.setdefault(number, ChatState(number, "private"))
        self.started.add(number)
        return made

    def standing(self, number: int, status: str, **more: Any) -> dict[str, Any]:
        """A ChatMember of the Bot API, with all fields its kind must have."""
        made: dict[str, Any] = {"status": status, "user": self.people[number]}
        if status == "administrator":
            made |= dict.fromkeys(RIGHTS, False) | {"can_post_messages": True}
        elif status == "restricted":
            made |= dict.fromkeys(ALLOWANCES, True) | {"is_member": True, "can_send_messages": False, "until_date": 0}
        elif status == "creator":
            made["is_anonymous"] = False
        elif status == "kicked":
            made["until_date"] = 0
        return made | more

    # --- what people do -----------------------------------------------------------

    def say(self, chat: ChatState, by: int | None, text: str = "", *, as_chat: ChatState | None = None, **more: Any) -> dict[str, Any]:
        """Somebody writes, or something with a caption; the bot hears what its privacy mode lets through."""
        with self.changed:
            message = self._message(chat, by, as_chat, ({"text": text} if text else {}) | more)
            if self._hears(chat, message):
                self.tell("channel_post" if chat.type == "channel" else "message", message)
            return message

    def edit(self, chat: ChatState, number: int, text: str) -> dict[str, Any]:
        with self.changed:
            message = chat.messages[number] = chat.messages[number] | {"text": text, "edit_date": int(self.now())}
            self.tell("edited_channel_post" if chat.type == "channel" else "edited_message", message)
            return message

    def delete(self, chat: ChatState, number: int) -> None:
        """Nobody tells the bot."""
        del chat.messages[number]

    def line(self, chat: ChatState, by: int | None, **what: Any) -> dict[str, Any]:
        """A service line."""
        with self.changed:
            message = self._message(chat, by, None, what)
            self.tell("channel_post" if chat.type == "channel" else "message", message)
            return message

    def change(self, chat: ChatState, by: int, whom: int, after: dict[str, Any], *, has_line: bool = False, **more: Any) -> None:
        """Somebody's place becomes another; told where the bot is an administrator, and as a line in small groups."""
        with self.changed:
            before = chat.members.get(whom) or self.standing(whom, "left")
            chat.members[whom] = after
            shown = self._private_shown(chat.id) if chat.type == "private" else chat.shown()
            told = {"chat": shown, "from": self.people[by], "date": int(self.now()), "old_chat_member": before, "new_chat_member": after, **more}
            if whom == self.me["id"]:
                self.tell("my_chat_member", told)
            elif chat.members.get(self.me["id"], {}).get("status") == "administrator":
                self.tell("chat_member", told)
            if has_line and is_in(after) and not is_in(before):
                self.line(chat, by, new_chat_members=[self.people[whom]], new_chat_member=self.people[whom])
            elif has_line and is_in(before) and not is_in(after):
                self.line(chat, by, left_chat_member=self.people[whom])

    def migrate(self, chat: ChatState, by: int) -> ChatState:
        """A basic group becomes a supergroup."""
        with self.changed:
            new = self.chat(CHANNELS - 5_000_000 + chat.id, "supergroup", chat.title)
            new.members = dict(chat.members)
            self.line(chat, by, migrate_to_chat_id=new.id)
            self.line(new, by, migrate_from_chat_id=chat.id)
            chat.moved_to = new.id
            return new

    def react(self, chat: ChatState, by: int, number: int, before: list[dict[str, str]], after: list[dict[str, str]]) -> None:
        with self.changed:
            if chat.members.get(self.me["id"], {}).get("status") == "administrator":
                told = {"chat": chat.shown(), "message_id": number, "date": int(self.now()), "old_reaction": before, "new_reaction": after}
                self.tell("message_reaction", told | {"user": self.people[by]})

    def ask_in(self, chat: ChatState, by: int) -> None:
        with self.changed:
            link = {"invite_link": INVITE, "creator": self.me, "creates_join_request": True, "is_primary": False, "is_revoked": False, "name": "海报"}
            told = {"chat": chat.shown(), "from": self.people[by], "user_chat_id": by, "date": int(self.now()), "invite_link": link}
            self.tell("chat_join_request", told)

    def press(self, chat: ChatState, by: int, number: int, data: str, *, query: str) -> None:
        with self.changed:
            told = {"id": query, "from": self.people[by], "message": chat.messages[number], "chat_instance": "7", "data": data}
            self.tell("callback_query", told)

    def tell(self, kind: str, what: dict[str, Any]) -> None:
        """An update, if it was asked for: members' changes and reactions only are when they were named."""
        with self.changed:
            named = self.allowed if self.allowed is not None else None
            if (named is None and kind in ("chat_member", "message_reaction")) or (named is not None and kind not in named):
                return
            self.updates.append({"update_id": self.next_update, kind: what})
            self.next_update += 1
            self.changed.notify_all()

    def seen(self, chat: ChatState) -> list[str]:
        """What people in a chat read of the bot."""
        with self.changed:
            said = [one for one in chat.messages.values() if one.get("from", one.get("sender_chat", {})).get("id") in (self.me["id"], chat.id)]
            return [one.get("text", one.get("caption", "")) for one in said]

    def _message(self, chat: ChatState, by: int | None, as_chat: ChatState | None, what: dict[str, Any]) -> dict[str, Any]:
        number, chat.next_id = chat.next_id, chat.next_id + 1
        shown = chat.shown() if chat.type != "private" else self._private_shown(chat.id)
        author: dict[str, Any] = {}
        if as_chat is not None:
            author = {"from": GROUP_ANONYMOUS, "sender_chat": as_chat.shown()}
        elif by is not None:
            author = {"from": self.people[by]}
        else:
            author = {"sender_chat": chat.shown()}
        chat.messages[number] = {"message_id": number, "date": int(self.now()), "chat": shown, **author, **what}
        return chat.messages[number]

    def _private_shown(self, number: int) -> dict[str, Any]:
        return {"type": "private", **{name: value for name, value in self.people[number].items() if name != "is_bot"}}

    def _hears(self, chat: ChatState, message: dict[str, Any]) -> bool:
        mine = chat.members.get(self.me["id"], {}).get("status", "")
        if chat.type in ("private", "channel") or self.reads_all or mine == "administrator":
            return True
        text = message.get("text", "")
        return text.startswith("/") or f"@{self.me['username']}" in text or message.get("reply_to_message", {}).get("from") == self.me


def is_in(member: dict[str, Any]) -> bool:
    return member["status"] in ("creator", "administrator", "member") or (member["status"] == "restricted" and member["is_member"])
