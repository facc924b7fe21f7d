"""One call of the Bot API, and what its refusals mean."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from hutong.channels import contract
from hutong.channels.contract import ConnectorError, InDoubt, NeedsReconnect, RefusalReason, Refused, RetryLater
from hutong.connectors.telegram import wire
from hutong.foundation.http import Egress

TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{20,100}", re.ASCII)
ANSWER_SECONDS_MAX = 15.0
UPLOAD_SECONDS_MAX = 120.0
CHAT_WAIT_SECONDS_MAX = 60  # the longest a group's own limit of 20 a minute can ask for

_decode = msgspec.json.Decoder(wire.Reply).decode


class NotOk(Exception):
    """The Bot API's own refusal. Nothing was done."""

    def __init__(self, reply: wire.Reply) -> None:
        super().__init__(f"{reply.error_code} {reply.description}")
        self.code = reply.error_code
        self.said = reply.description
        self.retry_after = reply.parameters.retry_after
        self.moved_to = reply.parameters.migrate_to_chat_id


def call(
    http: Egress, base: str, token: str, method: str, params: dict[str, Any], *, files: Any = None, timeout_seconds: float = ANSWER_SECONDS_MAX
) -> msgspec.Raw:
    """The `result`. Raises NotOk, NeedsReconnect, RetryLater, InDoubt and what the way out raises; none of them holds the token."""
    if TOKEN.fullmatch(token) is None:
        raise NeedsReconnect(
            "机器人令牌的格式不对，应形如 123456789:AAE…。请从 @BotFather 完整复制一次。",
            "The bot token is malformed: it looks like 123456789:AAE…. Copy the whole of it from @BotFather.",
        )
    url = f"{base.rstrip('/')}/bot{token}/{method}"
    if files:
        fields = {name: value if isinstance(value, str) else msgspec.json.encode(value).decode() for name, value in params.items()}
        answer = http.request("POST", url, data=fields, files=files, timeout_seconds=UPLOAD_SECONDS_MAX)
    else:
        answer = http.request("POST", url, json=params, timeout_seconds=timeout_seconds)
    try:
        reply = _decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise _no_bot_api(answer.status) from None
    if reply.ok:
        return reply.result
    if reply.error_code >= 500:
        raise _broken(reply.error_code)
    raise NotOk(reply)


def _broken(status: int) -> InDoubt:
    return InDoubt(
        f"Telegram 出错（{status}），无法确定是否已经办到。请到群里查看。",
        f"Telegram failed ({status}), and whether it was done is not known. Look in the chat.",
    )


def _no_bot_api(status: int) -> ConnectorError:
    if status >= 500 or status < 300:
        return _broken(status)
    return RetryLater(
        f"这个地址没有像 Bot API 那样回应（{status}）。请检查“Bot API 地址”和中间的代理。",
        f"What answers at this address is not the Bot API ({status}). Check the address of the Bot API and any proxy in between.",
    )


def trouble(error: NotOk, *, scope_of: contract.Chat | None = None) -> ConnectorError:
    """What the runtime has to do. `scope_of`: the chat that was written to, None where no chat was."""
    if error.code == 429:
        return _slow_down(error, scope_of)
    if error.code in (401, 404):
        return NeedsReconnect(
            "Telegram 不认识这个令牌：可能写错，或已被 @BotFather 撤销。请取得新令牌后重新连接。",
            "Telegram does not know this token: it is mistyped or was revoked with @BotFather. Get a new one and reconnect.",
        )
    if error.code == 409:
        return RetryLater(
            "另有程序正用同一个令牌接收消息。请停掉它，或为本站单独建一个机器人。",
            "Another program receives with the same token. Stop it, or make a bot for this site alone.",
            after_seconds=30.0,
        )
    if error.moved_to:
        return Refused(
            "chat_moved",
            "这个群已升级为超级群，编号变了。请选择升级后的群再发送。",
            "This group became a supergroup and has another id. Choose the new one and send again.",
        )
    said = error.said.lower()
    for words, reason, zh, en in _REFUSALS:
        if any(one in said for one in words):
            return Refused(reason, zh, en)
    shown = error.said[:200].rstrip(".。")
    return Refused("other", f"Telegram 拒绝了：{shown}。请按提示修改后重试。", f"Telegram refused: {shown}. Change it accordingly and try again.")


def _slow_down(error: NotOk, chat: contract.Chat | None) -> RetryLater:
    """Telegram does not say whose limit it was. A private chat hardly meets its own; a group's never asks for more than a minute."""
    seconds = max(1, error.retry_after)
    is_of_chat = chat is not None and chat.kind != "dm" and seconds <= CHAT_WAIT_SECONDS_MAX
    return RetryLater(
        f"发送太快，Telegram 要求等 {seconds} 秒，到时会自动重发。",
        f"Too fast: Telegram asks to wait {seconds} seconds. It is sent again by itself then.",
        after_seconds=float(seconds),
        scope="chat" if is_of_chat else "account",
    )


# What Telegram says, what it means. https://core.telegram.org/api/errors and the Bot API server's own sentences.
_REFUSALS: tuple[tuple[tuple[str, ...], RefusalReason, str, str], ...] = (
    (
        ("bot was blocked by the user", "can't initiate conversation", "can't send messages to bots", "user_is_blocked"),
        "blocked",
        "对方没有先和机器人说过话，或已屏蔽它。请让对方打开机器人点“开始”。",
        "This person has not written to the bot, or blocked it. Ask them to open the bot and press Start.",
    ),
    (
        ("user is deactivated", "chat not found", "group chat was deactivated", "peer_id_invalid", "chat was deleted", "channel_private", "user not found"),
        "chat_gone",
        "找不到这个聊天：它已解散、账号已注销，或机器人从未进去过。请把机器人拉进群后再试。",
        "There is no such chat: it was dissolved, the account was deleted, or the bot was never in it. Add the bot and try again.",
    ),
    (
        ("bot was kicked", "bot is not a member", "bot was banned"),
        "removed",
        "机器人已被移出这个群。请群管理员重新添加它。",
        "The bot was removed from this group. Ask an administrator of the group to add it again.",
    ),
    (
        (
            "not enough rights", "have no rights to send", "need administrator rights", "chat_write_forbidden", "chat_restricted",
            "topic_closed", "chat_send_", "user_banned_in_channel",
        ),
        "muted",
        "机器人在这里没有发言权限。请群管理员允许它发消息（频道里要设为管理员），或重新打开话题。",
        "The bot may not write here. Ask an administrator to let it send (in a channel: to make it an administrator), or to reopen the topic.",
    ),
    (
        ("upgraded to a supergroup",),
        "chat_moved",
        "这个群已升级为超级群，编号变了。请选择升级后的群再发送。",
        "This group became a supergroup and has another id. Choose the new one and send again.",
    ),
    (
        ("message thread not found", "topic_deleted"),
        "chat_gone",
        "这个话题已被删除。请换一个话题再发送。",
        "This topic was deleted. Choose another and send again.",
    ),
    (
        ("too long", "too large", "too big", "message_too_long"),
        "too_large",
        "内容超过 Telegram 的上限（图片 10 MB，文件 50 MB）。请缩小后重发。",
        "It is over what Telegram takes (pictures 10 MB, files 50 MB). Make it smaller and send again.",
    ),
    (
        ("text is empty", "text must be non-empty", "failed to get http url content", "wrong file identifier", "image_process_failed", "photo_", "wrong type of the web page", "file must be non-empty"),
        "content",
        "Telegram 打不开这份内容（空白，或图片、文件已损坏）。请更换后重发。",
        "Telegram cannot open this content: it is blank, or the picture or file is broken. Replace it and send again.",
    ),
)  # fmt: skip
