"""The Telegram connector: one bot."""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Iterator
from hmac import compare_digest
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec

from hutong.channels import contract
from hutong.channels.contract import (
    CALLBACK_BYTES_MAX,
    Answer,
    Batch,
    Callback,
    Connector,
    ConnectorError,
    Image,
    Inbound,
    Link,
    NeedsReconnect,
    Outcome,
    Outgoing,
    Refused,
    RetryLater,
    Settings,
    Tested,
)  # fmt: skip
from hutong.connectors.telegram import calls, members, names, updates, wire, writing
from hutong.connectors.telegram.calls import NotOk
from hutong.connectors.telegram.manifest import API_URL, FILE_BYTES_MAX, MANIFEST, PHOTO_BYTES_MAX
from hutong.connectors.telegram.updates import Me
from hutong.foundation import clock, logs
from hutong.foundation.http import EgressError, Forbidden, Unreachable

POLL_SECONDS = 2  # short, so that a stop is heard in time; what is new comes at once all the same
POLL_ANSWER_SECONDS_MAX = 4.5
POLL_UPDATES_MAX = 100
WATCH_SECONDS = 45.0  # how often a webhook is looked after
WATCH_ERROR_SECONDS = 120
FORGOTTEN_SECONDS = 6 * 86_400  # after a week without updates Telegram numbers them anew
WEBHOOK_PORTS = (443, 80, 88, 8443)
SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}", re.ASCII)

log = logs.get("hutong.connectors.telegram")
T = TypeVar("T")


class TelegramConnector(Connector):
    """One bot. Its user name is asked for once, to see when it is called."""

    manifest = MANIFEST

    def __init__(self, link: Link) -> None:
        super().__init__(link)
        self._token = str(link.settings.get("token", ""))
        self._base = str(link.settings.get("api_url") or API_URL)
        self._username = ""

    @classmethod
    def prepare(cls, settings: Settings) -> Settings:
        """With a webhook secret, made up where none was given."""
        return settings if settings.get("webhook_secret") else {**settings, "webhook_secret": secrets.token_urlsafe(32)}

    def test(self) -> Tested:
        """Ask who the bot is, and look at what would keep it from hearing people."""
        if not SECRET.fullmatch(str(self.link.settings.get("webhook_secret", ""))):
            raise Refused(
                "other",
                "Webhook 密钥只能用 16 到 256 个字母、数字、下划线和连字符。请改写，或留空让系统生成。",
                "The webhook secret takes 16 to 256 letters, digits, underscores and hyphens. Change it, or leave it empty to have one made.",
            )
        if self._is_webhook():
            self._check_address()
        me = self._whoami()
        info = self._asked("getWebhookInfo", kind=wire.WebhookInfo)
        notes = []
        if not me.can_read_all_group_messages:
            notes.append(
                (
                    "隐私模式开着：机器人在群里只看到@它、回复它和命令。要看到全部消息，请在 @BotFather 用 /setprivacy 选 Disable，再把它移出并重新拉进群；或设它为管理员。",
                    "Privacy mode is on: in groups the bot sees only commands and what calls or answers it. Choose Disable in /setprivacy of @BotFather, then remove and add it again; or make it an administrator.",
                )
            )
        if not me.can_join_groups:
            notes.append(
                (
                    "它现在不能被拉进群。请在 @BotFather 用 /setjoingroups 选 Enable。",
                    "It cannot be added to groups. Choose Enable in /setjoingroups of @BotFather.",
                )
            )
        if info.url and not info.url.startswith(self.link.callback_url or "-"):
            host = urlsplit(info.url).hostname or ""
            notes.append(
                (
                    f"这个机器人的消息现在送往 {host}。连接后改由本站接收，那边就收不到了。",
                    f"Updates of this bot go to {host} now. Once connected they come here, and no longer there.",
                )
            )
        return Tested(self_id=f"user{me.id}", name=f"{me.first_name} {me.last_name}".strip() or me.username, notes=tuple(notes))

    # --- coming in ------------------------------------------------------------------

    def listen(self, cursor: str, stopping: threading.Event) -> Iterator[Batch]:
        """Poll, or keep the webhook where it should be. The cursor is the next update's number and when the last one came."""
        me = self._whoami()
        if self._is_webhook():
            yield from self._keep_webhook(cursor, stopping)
            return
        if self._asked("getWebhookInfo", kind=wire.WebhookInfo).url:
            self._call("deleteWebhook", {"drop_pending_updates": False})
        at, seen_at = _place(cursor) if cursor else self._newest()
        yield Batch(cursor=f"{at}@{seen_at}")
        while not stopping.is_set():
            if clock.now_ms() // 1000 - seen_at > FORGOTTEN_SECONDS:
                at = 0
            found = self._polled(at, POLL_SECONDS)
            if not found:
                yield Batch(cursor=f"{at}@{seen_at}")
                continue
            now_ms = clock.now_ms()
            me_now = Me(me.id, self._username)
            events = members.joined([event for _, content in found for event in updates.read(content, me_now, received_at_ms=now_ms)])
            at, seen_at = max(number for number, _ in found) + 1, now_ms // 1000
            yield from _batches(events, cursor=f"{at}@{seen_at}")
            self._acknowledge(events)

    def receive(self, request: Callback) -> Answer:
        """One update. A pressed button is acknowledged in the answer itself."""
        expected = str(self.link.settings.get("webhook_secret", ""))
        given = request.headers.get("x-telegram-bot-api-secret-token", "")
        if request.method != "POST" or not expected or not compare_digest(given.encode(), expected.encode()):
            raise Refused(
                "forged",
                "这个请求不是 Telegram 发来的（密钥不对），已拒绝。若刚换过密钥，请重新连接。",
                "This request did not come from Telegram (wrong secret) and was refused. If the secret was changed, reconnect.",
            )
        if len(request.body) > CALLBACK_BYTES_MAX:
            raise Refused(
                "too_large",
                f"回调有 {len(request.body):,} 字节，超过上限，未读取。",
                f"The callback has {len(request.body):,} bytes, which is over the limit; it was not read.",
            )
        me = Me(self._number(), request.query.get("bot", self._username))
        try:
            events = updates.read(request.body, me, received_at_ms=request.received_at_ms)
        except updates.NoUpdate:
            raise Refused(
                "malformed",
                "回调不是 Telegram 的更新，未读取。请检查中间的代理有没有改动内容。",
                "The callback is no update of Telegram and was not read. Check whether a proxy in between changes it.",
            ) from None
        pressed = next((event for event in events if event.type == "interaction"), None)
        if pressed is None:
            return Answer(events)
        body = {"method": "answerCallbackQuery", "callback_query_id": pressed.dedupe_key.partition("/")[2]}
        return Answer(events, content_type="application/json", body=msgspec.json.encode(body))

    def _polled(self, offset: int, seconds: int) -> list[tuple[int, msgspec.Raw]]:
        params = {"offset": offset, "limit": POLL_UPDATES_MAX, "timeout": seconds, "allowed_updates": wire.ALLOWED_UPDATES}
        found = self._asked("getUpdates", params, kind=list[msgspec.Raw], timeout_seconds=POLL_ANSWER_SECONDS_MAX)
        return [(_read(one, _Numbered).update_id, one) for one in found]

    def _newest(self) -> tuple[int, int]:
        """The place behind everything that came so far; 0 where nothing waits."""
        found = self._polled(-1, 0)
        return (found[-1][0] + 1 if found else 0), clock.now_ms() // 1000

    def _acknowledge(self, events: tuple[Inbound, ...]) -> None:
        """Stop the wheel on pressed buttons. Too late is no trouble."""
        for event in events:
            if event.type == "interaction":
                try:
                    self._call("answerCallbackQuery", {"callback_query_id": event.dedupe_key.partition("/")[2]})
                except (ConnectorError, EgressError) as error:
                    log.info("a pressed button was not acknowledged", reason=error.en)

    def _keep_webhook(self, cursor: str, stopping: threading.Event) -> Iterator[Batch]:
        url = self._webhook_url()
        self._call("setWebhook", {"url": url, "secret_token": str(self.link.settings["webhook_secret"]), "allowed_updates": wire.ALLOWED_UPDATES})
        while not stopping.is_set():
            yield Batch(cursor=cursor)
            if stopping.wait(WATCH_SECONDS):
                return
            info = self._asked("getWebhookInfo", kind=wire.WebhookInfo)
            if info.url != url:
                raise RetryLater(
                    "另有程序把这个机器人的 Webhook 改到了别处，会重新设置。请停掉那个程序。",
                    "Another program moved the webhook of this bot; it is set again. Stop that program.",
                )
            if info.pending_update_count and clock.now_ms() // 1000 - info.last_error_date < WATCH_ERROR_SECONDS:
                shown = info.last_error_message[:200].rstrip(".")
                raise RetryLater(
                    f"Telegram 无法送达本站：{shown}。请检查公网地址、证书和防火墙；还有 {info.pending_update_count} 条在等。",
                    f"Telegram cannot deliver to this site: {shown}. Check the public address, certificate and firewall; {info.pending_update_count} updates wait.",
                )

    # --- going out --------------------------------------------------------------------

    def send(self, outgoing: Outgoing) -> Outcome:
        """Each part in its turn. What had to stop in the middle says which parts went."""
        number = names.chat_number(outgoing.chat)
        plan = writing.plan(outgoing)
        if not plan.parts:
            raise Refused(
                "content", "消息没有可发送的内容。请填写后重发。", "There is nothing to send in this message. Write something and send again."
            )
        went = list(outgoing.done)
        for index, part in enumerate(plan.parts):
            if index < len(outgoing.done):
                continue
            try:
                number = self._hand(part, number, went, outgoing, reply_to=plan.reply_to if index == 0 else None)
            except RetryLater as error:
                error.done = tuple(went)
                raise
            except Refused as error:
                if not went:
                    raise
                left = len(plan.parts) - len(went)
                return Outcome(
                    "partial", tuple(went), zh=f"剩下 {left} 部分没有发出。{error.zh}", en=f"{left} of {len(plan.parts)} parts did not go. {error.en}"
                )
            except (NeedsReconnect, Unreachable, Forbidden) as error:
                if len(went) == len(outgoing.done):
                    raise
                raise RetryLater(error.zh, error.en, done=tuple(went)) from error
        if plan.lost:
            return Outcome("partial", tuple(went), zh="".join(zh for zh, _ in plan.lost), en=" ".join(en for _, en in plan.lost))
        return Outcome("sent", tuple(went))

    def _hand(self, part: writing.Part, number: int, went: list[str], outgoing: Outgoing, *, reply_to: int | None) -> int:
        """One part, to the chat's new number where Telegram names one. Gives the number that holds."""
        try:
            went.append(self._put(part, number, outgoing, reply_to=reply_to))
            return number
        except NotOk as error:
            if not error.moved_to:
                raise calls.trouble(error, scope_of=outgoing.chat) from error
            moved_to = error.moved_to
        try:
            went.append(self._put(part, moved_to, outgoing, reply_to=None))  # what is answered stayed in the old group
        except NotOk as error:
            raise calls.trouble(error, scope_of=outgoing.chat) from error
        return moved_to

    def _put(self, part: writing.Part, number: int, outgoing: Outgoing, *, reply_to: int | None) -> str:
        params: dict[str, Any] = {"chat_id": number}
        if outgoing.thread.isascii() and outgoing.thread.isdigit():
            params["message_thread_id"] = int(outgoing.thread)
        if reply_to is not None:
            params["reply_parameters"] = {"message_id": reply_to, "allow_sending_without_reply": True}
        if part.media is None:
            params |= {"text": part.words.text, "entities": part.words.entities()}
            if part.words.preview_url:
                params["link_preview_options"] = {"url": part.words.preview_url}
            return _id(self._answered("sendMessage", params))
        if part.words.text:
            params |= {"caption": part.words.text, "caption_entities": part.words.entities()}
        return self._put_media(part, params)

    def _put_media(self, part: writing.Part, params: dict[str, Any]) -> str:
        """A picture goes as one where Telegram can show it, and as a file where it is too large or of odd sides."""
        media = part.media
        assert media is not None  # noqa: S101 - for the reader of types
        content = self.link.read(media.file) if media.file else b""
        if len(content) > FILE_BYTES_MAX:
            raise Refused(
                "too_large",
                "文件超过 50 MB，Telegram 不收。请缩小后重发。",
                "The file is over the 50 MB that Telegram takes. Make it smaller and send again.",
            )
        if isinstance(media, Image) and len(content) <= PHOTO_BYTES_MAX:
            try:
                above = {"show_caption_above_media": True} if part.is_caption_above else {}
                return _id(self._attached("sendPhoto", "photo", params | above, media, content))
            except NotOk as error:
                if error.code != 400 or not content or not ("PHOTO_INVALID" in error.said or "IMAGE_PROCESS_FAILED" in error.said):
                    raise
        return _id(self._attached("sendDocument", "document", params, media, content))

    def _attached(self, method: str, name: str, params: dict[str, Any], media: contract.Image | contract.File, content: bytes) -> msgspec.Raw:
        if not content:
            return self._answered(method, params | {name: media.url})
        kind = media.content_type or "application/octet-stream"
        return self._answered(method, params, files={name: (media.name or name, content, kind)})

    # --- calls ------------------------------------------------------------------------

    def _answered(self, method: str, params: dict[str, Any], *, files: Any = None, timeout_seconds: float = calls.ANSWER_SECONDS_MAX) -> msgspec.Raw:
        return calls.call(self.link.http, self._base, self._token, method, params, files=files, timeout_seconds=timeout_seconds)

    def _asked(self, method: str, params: dict[str, Any] | None = None, *, kind: type[T], timeout_seconds: float = calls.ANSWER_SECONDS_MAX) -> T:
        return _read(self._call(method, params, timeout_seconds=timeout_seconds), kind)

    def _call(self, method: str, params: dict[str, Any] | None = None, *, timeout_seconds: float = calls.ANSWER_SECONDS_MAX) -> msgspec.Raw:
        """A call that sends nothing, so that a broken answer only means later."""
        try:
            return self._answered(method, params or {}, timeout_seconds=timeout_seconds)
        except NotOk as error:
            raise calls.trouble(error) from error
        except contract.InDoubt:
            raise RetryLater("Telegram 暂时出错，稍后会自动重试。", "Telegram fails at the moment; it is tried again by itself.") from None

    def _whoami(self) -> wire.User:
        me = self._asked("getMe", kind=wire.User)
        self._username = me.username
        return me

    def _number(self) -> int:
        start = self._token.partition(":")[0]
        return int(start) if start.isascii() and start.isdigit() else 0

    def _is_webhook(self) -> bool:
        return self.link.settings.get("delivery") == "webhook"

    def _webhook_url(self) -> str:
        """Our address with the bot's user name, which comes back with every update: `receive` reaches nothing, and has to know it."""
        return f"{self.link.callback_url}?bot={self._username}"

    def _check_address(self) -> None:
        parts = urlsplit(self.link.callback_url)
        is_own_server = self._base.rstrip("/") != API_URL  # which may call by plain http and to any port
        if parts.hostname and (is_own_server or (parts.scheme == "https" and (parts.port or 443) in WEBHOOK_PORTS)):
            return
        raise Refused(
            "other",
            f"Telegram 只向 https 公网地址（端口 443、80、88、8443）回调，本站地址是 {self.link.callback_url or '空的'}。请改用长轮询，或先设好公网地址。",
            f"Telegram calls https addresses on ports 443, 80, 88 and 8443 only; this site is at {self.link.callback_url or 'no address'}. "
            "Use long polling, or set a public address first.",
        )


class _Numbered(msgspec.Struct):
    update_id: int


class _Sent(msgspec.Struct):
    message_id: int


def _read(content: msgspec.Raw, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.DecodeError:
        raise RetryLater(
            "对方的回应不像 Bot API。请检查“Bot API 地址”和中间的代理。",
            "The answer is not that of a Bot API. Check the address of the Bot API and any proxy in between.",
        ) from None


def _id(result: msgspec.Raw) -> str:
    try:
        return str(msgspec.json.decode(result, type=_Sent).message_id)
    except msgspec.DecodeError:
        raise contract.InDoubt(
            "Telegram 的回应没有消息编号，无法确定是否发出。请到群里查看。",
            "Telegram's answer names no message, and whether it went is not known. Look in the chat.",
        ) from None


def _place(cursor: str) -> tuple[int, int]:
    at, _, seen_at = cursor.partition("@")
    return int(at), int(seen_at)


def _batches(events: tuple[Inbound, ...], *, cursor: str) -> Iterator[Batch]:
    """At most as many at once as the contract takes; the cursor moves with the last. A hundred updates rarely give more than a hundred events."""
    most = contract.EVENTS_MAX
    for start in range(0, max(len(events), 1), most):
        is_last = start + most >= len(events)
        yield Batch(events[start : start + most], cursor if is_last else "0@" + cursor.partition("@")[2])
