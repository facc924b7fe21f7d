"""The matrix connector: one account on one homeserver."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from hutong.channels.contract import Batch, Chat, Connector, File, Image, Link, NeedsReconnect, Outcome, Outgoing, Refused, RetryLater, Tested
from hutong.connectors.matrix import writing
from hutong.connectors.matrix.api import CLIENT, Api, Denied, room_path
from hutong.connectors.matrix.manifest import MANIFEST
from hutong.connectors.matrix.rooms import Rooms
from hutong.connectors.matrix.shapes import mapping, text, texts, whole
from hutong.connectors.matrix.syncing import Listening, own_membership, snapshot
from hutong.foundation.http import AnswerTooLarge, EgressError

UPLOAD_TIMEOUT_SECONDS = 120.0
ROOMS_NAMED_MAX = 5  # in a note of the live test


class MatrixConnector(Connector):
    """One Matrix account."""

    manifest = MANIFEST

    def __init__(self, link: Link) -> None:
        """Keep the settings. Reaches nothing yet."""
        super().__init__(link)
        self._api = Api(link)
        self._rooms = Rooms(self._api)
        self._me = link.self_id
        self._upload_bytes_max: int | None = None

    def test(self) -> Tested:
        """Ask the server what it speaks and who we are, and look at the rooms."""
        version = self._version()
        who = self._api.get(f"{CLIENT}/account/whoami")
        user_id, device_id = text(who, "user_id"), text(who, "device_id")
        if who.get("is_guest") is True:
            raise NeedsReconnect(
                "这是访客账号，不能在房间里工作。请用注册的账号连接。", "This is a guest, which cannot work in rooms. Connect a registered account."
            )
        notes = [(f"服务器支持 Matrix {version}。", f"The server speaks Matrix {version}.")]
        if device_id:
            notes.append(
                (
                    f"令牌属于设备 {device_id}；在别处退出这个设备，连接就会断开。",
                    f"The token belongs to the device {device_id}; logging that device out ends the connection.",
                )
            )
        snapshot(self._api, self._rooms)
        return Tested(self_id=user_id, name=self._own_name(user_id), notes=(*notes, *self._encrypted_rooms()))

    def listen(self, cursor: str, stopping: threading.Event) -> Iterator[Batch]:
        """Sync after sync. The cursor is the server's own."""
        joins = str(self.link.settings.get("join") or "own")
        return Listening(self._api, self._rooms, me=self._self_id(), joins=joins, stopping=stopping).batches(cursor)

    def chats(self) -> Iterable[Chat]:
        """The rooms the account is in."""
        found = snapshot(self._api, self._rooms)
        return [self._rooms.chat(room_id, members=True) for room_id in mapping(mapping(found, "rooms"), "join")]

    def send(self, outgoing: Outgoing) -> Outcome:
        """One event for each part, each with a transaction id of its own that follows from the key."""
        room_id = self._direct(outgoing.chat.id) if outgoing.chat.id.startswith("@") else outgoing.chat.id
        if self.link.settings.get("send_in_encrypted") is not True and self._rooms.is_encrypted(room_id):
            raise Refused(
                "other",
                "这个房间已加密，胡同不能加密，消息没有发出。可以换一个未加密的房间，或在账号设置里允许不加密发送。",
                "This room is encrypted and Hutong cannot encrypt; nothing was sent. Use a room without encryption, "
                "or allow unencrypted messages in the account's settings.",
            )
        sent = list(outgoing.done)
        missing: list[Refused] = []
        for index, part in enumerate(self._parts(outgoing, room_id)):
            if index < len(outgoing.done):
                continue
            try:
                sent.append(self._send_part(room_id, part, f"{outgoing.key}-{index}"))
            except RetryLater as error:
                raise RetryLater(error.zh, error.en, after_seconds=error.after_seconds, scope=error.scope, done=tuple(sent)) from error
            except Denied as error:
                missing.append(self._why(room_id, error))
                break
            except Refused as error:
                missing.append(error)
        if missing and not sent:
            raise missing[0]
        if missing:
            return Outcome("partial", tuple(sent), zh="".join(one.zh for one in missing), en=" ".join(one.en for one in missing))
        return Outcome("sent", tuple(sent))

    # --- sending ------------------------------------------------------------------

    def _parts(self, outgoing: Outgoing, room_id: str) -> list[writing.Part]:
        def author(event_id: str) -> str:
            found = self._rooms.look_up(room_id, event_id)
            return "" if found is None else found.sender

        style = str(self.link.settings.get("style") or "text")
        return writing.parts(outgoing.segments, style=style, thread=outgoing.thread, author=author)

    def _direct(self, user_id: str) -> str:
        """The room in which we talk with one person, opened where there is none. Who left it wants to be left alone: raises Refused."""
        room_id = self._rooms.direct_with(user_id)
        if not room_id:
            self._rooms.ask_direct(self._self_id())
            room_id = self._rooms.direct_with(user_id)
        if not room_id:
            asked = {"is_direct": True, "preset": "trusted_private_chat", "invite": [user_id]}
            room_id = text(self._api.call("POST", f"{CLIENT}/createRoom", json=asked), "room_id")
            self._rooms.add_direct(self._self_id(), room_id=room_id, other_id=user_id)
            return room_id
        try:
            membership = text(self._api.get(room_path(room_id, "state", "m.room.member", user_id)), "membership")
        except Denied:
            membership = ""
        if membership not in ("join", "invite"):
            raise Refused(
                "blocked",
                f"{user_id} 已离开与这个账号的私聊，消息没有发出。对方再发起私聊后才能发送。",
                f"{user_id} left the direct chat with this account; nothing was sent. It works again once they open one.",
            )
        return room_id

    def _send_part(self, room_id: str, part: writing.Part, key: str) -> str:
        if part.attachment is not None:
            self._attach(part, part.attachment)
        name = key if key.isascii() and len(key) <= 120 else hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
        answer = self._api.call("PUT", room_path(room_id, "send", "m.room.message", name), json=part.content, may_be_done=True)
        return text(answer, "event_id")

    def _attach(self, part: writing.Part, attachment: Image | File) -> None:
        """Bring its content to the server. What was left over by an attempt that failed is the server's to sweep."""
        if attachment.url.startswith("mxc://"):
            part.content["url"] = attachment.url
            return
        held = self.link.read(attachment.file) if attachment.file else b""
        name = str(part.content["filename"])
        if not held:
            raise Refused("content", f"附件「{name}」没有内容，没有发出。", f"The attachment “{name}” has no content and was not sent.")
        most = self._most_bytes()
        if most is not None and len(held) > most:
            raise Refused(
                "too_large",
                f"附件「{name}」有 {len(held):,} 字节，超过服务器的上限 {most:,}，没有发出。请换小一些的文件。",
                f"The attachment “{name}” has {len(held):,} bytes; the server takes {most:,}. It was not sent; use a smaller file.",
            )
        part.content["info"] = {**part.content["info"], "size": len(held)}
        answer = self._api.call(
            "POST",
            "/_matrix/media/v3/upload",
            content=held,
            content_type=attachment.content_type or "application/octet-stream",
            params={"filename": name},
            timeout_seconds=UPLOAD_TIMEOUT_SECONDS,
        )
        part.content["url"] = text(answer, "content_uri")

    def _most_bytes(self) -> int | None:
        """The largest upload the server takes, asked once."""
        if self._upload_bytes_max is None:
            for path in ("/_matrix/client/v1/media/config", "/_matrix/media/v3/config"):
                try:
                    self._upload_bytes_max = whole(self._api.get(path), "m.upload.size")
                    break
                except Denied:
                    continue
        return self._upload_bytes_max

    def _why(self, room_id: str, error: Denied) -> Refused:
        """A send was refused: are we out, muted, or is the room no more?"""
        if error.code != "M_FORBIDDEN" and error.status != 404:
            return Refused("other", error.zh, error.en)
        membership = self._membership(room_id)
        if membership == "ban":
            return Refused(
                "removed",
                "账号被这个 Matrix 房间封禁，消息没有发出。请房间管理员解封并重新邀请。",
                "The account is banned from this Matrix room; nothing was sent. Ask the room's administrators to lift the ban and invite it again.",
            )
        if membership != "join":
            return Refused(
                "removed",
                "账号不在这个 Matrix 房间里（可能已被移出），消息没有发出。请重新邀请它。",
                "The account is not in this Matrix room, perhaps it was removed; nothing was sent. Invite it again.",
            )
        try:
            moved = text(self._api.get(room_path(room_id, "state", "m.room.tombstone")), "replacement_room")
        except Denied:
            return Refused(
                "muted",
                "账号在这个 Matrix 房间里没有发言权，消息没有发出。请房间管理员提高它的权限等级。",
                "The account may not speak in this Matrix room; nothing was sent. Ask the room's administrators to raise its power level.",
            )
        return Refused(
            "chat_moved" if moved else "chat_gone",
            f"这个 Matrix 房间已搬到 {moved}，消息没有发出。请改发到新房间。" if moved else "这个 Matrix 房间已关闭，消息没有发出。",
            f"This Matrix room moved to {moved}; nothing was sent. Send to the new room."
            if moved
            else "This Matrix room is closed; nothing was sent.",
        )

    def _membership(self, room_id: str) -> str:
        """Where we are with a room; empty where nobody says."""
        try:
            return text(self._api.get(room_path(room_id, "state", "m.room.member", self._self_id())), "membership")
        except Denied:  # so it is for the banned, whom only a sync tells
            return own_membership(self._api, room_id, self._self_id())

    # --- the live test --------------------------------------------------------------

    def _self_id(self) -> str:
        if not self._me:
            self._me = text(self._api.get(f"{CLIENT}/account/whoami"), "user_id")
        return self._me

    def _own_name(self, user_id: str) -> str:
        try:
            return text(self._api.get(f"{CLIENT}/profile/{quote(user_id, safe='')}"), "displayname") or user_id
        except Denied:
            return user_id

    def _version(self) -> str:
        """The newest version of the protocol that the server speaks. Raises Refused where it is none."""
        try:
            versions = [one for one in texts(self._api.get("/_matrix/client/versions"), "versions") if one.startswith("v1.")]
        except (Denied, AnswerTooLarge) as error:
            raise self._elsewhere() from error
        if not versions:
            raise Refused(
                "other",
                "这个服务器太旧，只支持 v1.1 之前的 Matrix。请升级服务器后再连接。",
                "This server is too old: it speaks no Matrix of v1.1 or newer. Update the server, then connect.",
            )
        return versions[-1]

    def _elsewhere(self) -> Refused:
        """Not a homeserver; its domain may say where that is."""
        try:
            found = self._api.get("/.well-known/matrix/client")
        except (Refused, RetryLater, NeedsReconnect, EgressError):
            found = {}
        there = text(mapping(found, "m.homeserver"), "base_url")
        if there:
            return Refused("other", f"这里不是 Matrix 服务器。请把服务器地址改为 {there}。", f"This is not the homeserver. Enter {there} instead.")
        return Refused(
            "other",
            "这个地址不是 Matrix 服务器。请填写客户端连接的地址，例如 https://matrix.example.com。",
            "There is no Matrix homeserver at this address. Enter the one that clients connect to, such as https://matrix.example.com.",
        )

    def _encrypted_rooms(self) -> list[tuple[str, str]]:
        names = [self._rooms.chat(room_id).name or room_id for room_id in self._rooms.encrypted()]
        if not names:
            return []
        zh, en = "、".join(names[:ROOMS_NAMED_MAX]), ", ".join(names[:ROOMS_NAMED_MAX])
        return [
            (
                f"{len(names)} 个房间已加密，胡同读不到其中的文字，只知道谁在何时发了消息：{zh}。",
                f"{len(names)} rooms are encrypted. Hutong cannot read what is said there, only who wrote and when: {en}.",
            )
        ]
