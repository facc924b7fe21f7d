"""The OneBot connector: one QQ account behind one program, over a WebSocket in either direction or over HTTP."""

from __future__ import annotations

import hashlib
import hmac
import queue
import secrets
import threading
from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec

from hutong.channels.contract import (
    CALLBACK_BYTES_MAX,
    EVENTS_MAX,
    Answer,
    Batch,
    Callback,
    Chat,
    Connector,
    Inbound,
    InDoubt,
    Link,
    NeedsReconnect,
    Outcome,
    Outgoing,
    Refused,
    RetryLater,
    Settings,
    Tested,
    Wire,
    WireClosed,
)
from hutong.connectors.onebot import calls, reading, talking, wire, writing
from hutong.connectors.onebot.manifest import MANIFEST
from hutong.connectors.onebot.place import Place
from hutong.connectors.onebot.reading import NoEvent, Offline
from hutong.connectors.onebot.talking import Talk
from hutong.foundation import clock, logs
from hutong.foundation.http import Forbidden, Unanswered, Unreachable

TOKEN_BYTES = 24
QUESTION_SECONDS_MAX = 10.0
QUIET_SECONDS = 1.0
BEAT_SECONDS = 2.0  # heartbeats told more often are not passed on
SHOWN_SECONDS = 20.0  # an empty batch that often says that the connection lives
HEARTBEATS_MISSED_MAX = 3
SILENT_SECONDS_MAX = 45.0  # a program that says nothing so long, heartbeats included, is asked whether it lives
JOIN_SECONDS = 50.0  # how long a program that connects to us is waited for before that is a trouble
CHECK_SECONDS = 30.0  # how often a program over HTTP is asked how it is
CATCH_UP_GROUPS_MAX = 200
CATCH_UP_MESSAGES_MAX = 50

log = logs.get("hutong.connectors.onebot")
T = TypeVar("T")


class _Self(msgspec.Struct, frozen=True):
    user_id: int | str
    nickname: str | None = ""


class _Group(msgspec.Struct, frozen=True):
    group_id: int | str
    group_name: str | None = ""
    member_count: int | None = None


class _History(msgspec.Struct, frozen=True):
    messages: list[msgspec.Raw] = []


class _Went(msgspec.Struct, frozen=True):
    message_id: int | str = ""
    file_id: str | None = ""


class OneBotConnector(Connector):
    """One account. While a WebSocket is held, calls go over it; otherwise a forward one is opened for the call."""

    manifest = MANIFEST

    def __init__(self, link: Link) -> None:
        super().__init__(link)
        self._way = str(link.settings.get("way") or "forward")
        self._url = str(link.settings.get("url") or "").strip().rstrip("/")
        self._token = str(link.settings.get("access_token") or "")
        self._talk: Talk | None = None
        self._arrived: queue.SimpleQueue[Wire] = queue.SimpleQueue()

    @classmethod
    def prepare(cls, settings: Settings) -> Settings:
        """With a token and a signing secret, made up where none was given."""
        made = {name: settings.get(name) or secrets.token_urlsafe(TOKEN_BYTES) for name in ("access_token", "secret")}
        return {**settings, **made}

    def test(self) -> Tested:
        """Ask who is signed in. A program that connects to us cannot be asked yet."""
        if self._way == "reverse":
            number = str(self.link.settings.get("self_id") or "").strip()
            if not (number.isascii() and number.isdigit()):
                raise Refused(
                    "other",
                    "反向 WebSocket 要填 QQ 号，只有数字。请填写后再试。",
                    "A reverse WebSocket needs the QQ number, digits alone. Fill it in and try again.",
                )
            note = (
                "连接后，账号页上有回调地址。请在 OneBot 程序里新建“WebSocket 客户端”，地址填它（http 换成 ws，https 换成 wss），token 填上面的访问令牌。",
                "Once connected, the account's page shows a callback address. Add a WebSocket client with it in the program (ws for http, wss for https), and the access token above.",
            )
            return Tested(self_id=number, name=number, notes=(note,))
        if not self._url.startswith(("ws://", "wss://") if self._way == "forward" else ("http://", "https://")):
            raise Refused(
                "other",
                "OneBot 地址与连接方式不符：正向 WebSocket 以 ws:// 开头，HTTP 以 http:// 开头。请修改地址。",
                "The address does not fit the way of connecting: ws:// for a forward WebSocket, http:// for HTTP. Change it.",
            )
        me = self._ask("get_login_info", {}, _Self)
        if (self._ask("get_status", {}, wire.Condition)).online is False:
            raise calls.offline()
        number = str(me.user_id)
        wanted = str(self.link.settings.get("self_id") or "").strip()
        if wanted and wanted != number:
            raise Refused(
                "other",
                f"OneBot 程序里登录的是 {number}，不是 {wanted[:20]}。请改写 QQ 号，或换一个程序。",
                f"{number} is signed in there, not {wanted[:20]}. Change the number, or use another program.",
            )
        notes = []
        if self._way == "http":
            notes.append(
                (
                    "连接后，账号页上有回调地址。请在 OneBot 程序里新建“HTTP 客户端”，地址填它，密钥填上面的上报签名密钥。",
                    "Once connected, the account's page shows a callback address. Add an HTTP client with it in the program, and the signing secret above.",
                )
            )
        return Tested(self_id=number, name=me.nickname or number, notes=tuple(notes))

    # --- coming in ----------------------------------------------------------------------

    def listen(self, cursor: str, stopping: threading.Event) -> Iterator[Batch]:
        """Hold the connection. The cursor is the second of the newest event, from which history is read after an interruption."""
        at = Place.of(cursor)
        if self._way == "http":
            yield from self._watch(at, stopping, is_new=not cursor)
            return
        made = self._joined(stopping) if self._way == "reverse" else talking.opened(self.link.http, self._url, self._token)
        if made is None:
            return
        talk = Talk(made)
        talk.read_here()
        self._talk = talk
        try:
            if cursor:
                yield from self._caught_up(at, stopping)
            yield Batch(cursor=at.cursor)
            yield from self._heard(talk, at, stopping)
        except WireClosed as error:
            raise talking.broken() from error
        except Offline as error:
            raise calls.offline() from error
        finally:
            self._talk = None
            talk.over()

    def _heard(self, talk: Talk, at: Place, stopping: threading.Event) -> Iterator[Batch]:
        shown_at = lived_at = clock.monotonic_seconds()
        interval = 0.0
        while not stopping.is_set():
            frame = talk.next(QUIET_SECONDS)
            now = clock.monotonic_seconds()
            if frame is None:
                if interval and now - lived_at > interval * HEARTBEATS_MISSED_MAX:
                    raise talking.broken()
                if now - lived_at > SILENT_SECONDS_MAX:  # none switched on, or far between; no answer ends the connection
                    self._prove(talk)
                    lived_at = clock.monotonic_seconds()
                if not self._arrived.empty():  # the program connected anew, without having left
                    raise WireClosed("another connection came")
                if now - shown_at > SHOWN_SECONDS:
                    shown_at = now
                    yield Batch(cursor=at.cursor)
                continue
            lived_at = now
            try:
                event = reading.decoded(frame)
                events = reading.read(event)
            except NoEvent as error:
                log.info("a frame that is no event", reason=str(error))
                continue
            if event.post_type == "meta_event" and event.interval:
                interval = event.interval / 1000
                if event.time and now - shown_at >= BEAT_SECONDS:
                    shown_at = now
                    yield Batch(cursor=at.cursor, beat_at_ms=round(event.time * 1000))
            events = tuple(one for one in events if one.dedupe_key not in at.keys)  # history may have told it just now
            if events:
                at.passes(events)
                shown_at = now
                yield Batch(events, cursor=at.cursor)

    def _prove(self, talk: Talk) -> None:
        """Ask the program how it is. Raises RetryLater where nothing answers: its socket is open, and nobody is there."""
        try:
            found = talk.call("get_status", {}, timeout_seconds=QUESTION_SECONDS_MAX)
        except (InDoubt, RetryLater) as error:
            raise talking.silent() from error
        if found.retcode == 0 and msgspec.json.decode(found.data, type=wire.Condition | None, strict=False) == wire.Condition(online=False):
            raise calls.offline()

    def _joined(self, stopping: threading.Event) -> Wire | None:
        """The newest connection that the program opened to us. None when it is time to stop."""
        until = clock.monotonic_seconds() + JOIN_SECONDS
        while not stopping.is_set() and clock.monotonic_seconds() < until:
            try:
                found = self._arrived.get(timeout=QUIET_SECONDS / 2)
            except queue.Empty:
                continue
            while not self._arrived.empty():
                found.close()
                found = self._arrived.get()
            return found
        if stopping.is_set():
            return None
        raise RetryLater(
            "OneBot 程序还没有连过来。请检查它的“WebSocket 客户端”地址和 token。",
            "The program has not connected yet. Check the address and the token of its WebSocket client.",
            after_seconds=1.0,
        )

    def _watch(self, at: Place, stopping: threading.Event, *, is_new: bool) -> Iterator[Batch]:
        """Over HTTP events come by callback; the program is asked how it is."""
        is_first = True
        while not stopping.is_set():
            if self._ask("get_status", {}, wire.Condition).online is False:
                raise calls.offline()
            if is_first and not is_new:
                yield from self._caught_up(at, stopping)
            is_first = False
            at = Place(clock.now_ms() // 1000)
            yield Batch(cursor=at.cursor)
            stopping.wait(CHECK_SECONDS)

    def _caught_up(self, since: Place, stopping: threading.Event) -> Iterator[Batch]:
        """What groups said while we were away, where the program can tell (NapCat, LLOneBot, go-cqhttp). OneBot itself keeps nothing."""
        yield Batch(cursor=since.cursor)
        try:
            groups = list(self.chats())[:CATCH_UP_GROUPS_MAX]
        except Refused:
            return
        reached = Place(since.second, set(since.keys))
        for group in groups:
            if stopping.is_set():
                return
            try:
                told = self._ask("get_group_msg_history", {"group_id": int(group.id), "count": CATCH_UP_MESSAGES_MAX}, _History)
            except Refused:  # not every program can
                return
            except InDoubt:
                continue
            missed = [event for one in told.messages for event in _read(bytes(one)) if since.is_before(event)]
            reached.passes(missed)
            yield Batch(tuple(sorted(missed, key=lambda event: event.occurred_at_ms))[:EVENTS_MAX], cursor=since.cursor)
        since.goes_to(reached)

    def receive(self, request: Callback) -> Answer:
        """One event over HTTP, signed with SHA-1 as OneBot has it."""
        expected = hmac.new(str(self.link.settings.get("secret") or "").encode(), request.body, hashlib.sha1).hexdigest()
        given = request.headers.get("x-signature", "")
        is_signed = bool(self.link.settings.get("secret")) and hmac.compare_digest(f"sha1={expected}".encode(), given.encode())
        number = request.headers.get("x-self-id", "")
        is_other = bool(self.link.self_id) and number != self.link.self_id
        if request.method != "POST" or not is_signed or is_other:
            raise Refused(
                "forged",
                "上报的签名或 QQ 号不对，已拒绝。请核对上报签名密钥。",
                "The signature or the number of this callback is wrong; it was refused. Check the signing secret.",
            )
        if len(request.body) > CALLBACK_BYTES_MAX:
            raise Refused(
                "too_large",
                f"上报有 {len(request.body):,} 字节，超过上限，未读取。",
                f"The callback has {len(request.body):,} bytes, which is over the limit; it was not read.",
            )
        try:
            return Answer(reading.read(reading.decoded(request.body)), status=204)
        except Offline:
            return Answer(status=204)
        except NoEvent:
            raise Refused(
                "malformed",
                "上报的内容不是 OneBot 11 事件，未读取。请检查程序的版本。",
                "The callback is no event of OneBot 11 and was not read. Check the version of the program.",
            ) from None

    def admit(self, request: Callback) -> None:
        """A program that wants to connect to us: the right account with the right token."""
        given = request.headers.get("authorization", "").removeprefix("Bearer ").removeprefix("Token ").strip()
        given = given or request.query.get("access_token", "")
        is_known = bool(self._token) and hmac.compare_digest(given.encode(), self._token.encode())
        if self._way != "reverse" or not is_known or request.headers.get("x-self-id", "") != self.link.self_id:
            raise Refused(
                "forged",
                "连接的令牌或 QQ 号不对，已拒绝。请核对访问令牌和连接方式。",
                "The token or the number of this connection is wrong; it was refused. Check the access token and the way of connecting.",
            )

    def join(self, wire: Wire) -> None:
        """A connection that was let in. `listen` takes it."""
        self._arrived.put(wire)

    # --- going out ------------------------------------------------------------------------

    def send(self, outgoing: Outgoing) -> Outcome:
        """The bubble, then each file. What had to stop in the middle says which parts went; nothing is sent twice."""
        plan = writing.calls(outgoing, self.link.read)
        if not plan:
            raise Refused(
                "content", "消息没有可发送的内容。请填写后重发。", "There is nothing to send in this message. Write something and send again."
            )
        went = list(outgoing.done)
        for index, call in enumerate(plan[len(went) :], len(went)):
            try:
                found = self._ask(call.action, call.params, _Went)
            except RetryLater as error:
                error.done = tuple(went)
                raise
            except (NeedsReconnect, Unreachable, Forbidden) as error:
                if len(went) == len(outgoing.done):
                    raise
                raise RetryLater(error.zh, error.en, done=tuple(went)) from error
            except (Refused, InDoubt, Unanswered) as error:
                if not went:
                    raise
                left = len(plan) - len(went)
                return Outcome("partial", tuple(went), zh=f"剩下 {left} 部分没有确认发出。{error.zh}", en=f"{left} of {len(plan)} parts are not known to have gone. {error.en}")  # fmt: skip
            went.append(_id_of(found, outgoing, index))
        return Outcome("sent", tuple(went))

    def chats(self) -> Iterator[Chat]:
        """The groups of the account."""
        for one in self._ask("get_group_list", {}, list[_Group]):
            yield Chat(str(one.group_id), "group", one.group_name or "", one.member_count)

    # --- calls ----------------------------------------------------------------------------

    def _ask(self, action: str, params: dict[str, Any], kind: type[T]) -> T:
        """A call and its answer's data. Raises what `calls.trouble` says, and what the way out raises."""
        reply = self._called(action, params)
        error = calls.trouble(action, reply)
        if error is not None:
            raise error
        try:
            return msgspec.json.decode(reply.data, type=kind, strict=False)
        except msgspec.DecodeError as wrong:
            if action.startswith(("send_", "upload_")):  # it went; only the id is not known
                return kind()
            raise calls.not_there() from wrong

    def _called(self, action: str, params: dict[str, Any]) -> wire.Reply:
        is_question = action.startswith("get_")
        seconds = QUESTION_SECONDS_MAX if is_question else calls.ANSWER_SECONDS_MAX
        if self._way == "http":
            return self._posted(action, params, seconds)
        talk = self._talk
        if talk is not None and not talk.is_over:
            return talk.call(action, params, timeout_seconds=seconds)
        if self._way == "reverse":
            raise RetryLater(
                "OneBot 程序还没有连过来，连上后会自动发送。请检查它的“WebSocket 客户端”。",
                "The program has not connected yet; it is sent once it does. Check its WebSocket client.",
                after_seconds=10.0,
            )
        talk = Talk(talking.opened(self.link.http, self._url, self._token))
        try:
            return talk.call(action, params, timeout_seconds=seconds)
        finally:
            talk.over()

    def _posted(self, action: str, params: dict[str, Any], seconds: float) -> wire.Reply:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        answer = self.link.http.request("POST", f"{self._url}/{action}", json=params, headers=headers, timeout_seconds=seconds)
        if answer.status in (401, 403):
            raise calls.refused_token()
        if answer.status == 404:
            return wire.Reply(status="failed", retcode=1404)
        if answer.status in (429, 503):
            raise RetryLater("OneBot 程序太忙，稍后会再试。", "The program is busy; it is tried again later.", after_seconds=10.0)
        try:
            return wire.reply(answer.body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            if answer.status >= 500 and not action.startswith("get_"):
                raise calls.lost(action) from error
            raise calls.not_there(answer.status) from error


def _read(content: bytes) -> tuple[Inbound, ...]:
    """A message of a history."""
    try:
        return reading.read(reading.decoded(content))
    except (NoEvent, Offline):
        return ()


def _id_of(went: _Went, outgoing: Outgoing, index: int) -> str:
    """The platform's id of a part; where it gave none, a name of our own."""
    if went.message_id not in ("", 0):
        return str(went.message_id)
    if went.file_id:
        return f"file/{went.file_id}"[:190]
    return f"{outgoing.key}/{index}"[-190:]
