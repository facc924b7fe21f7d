"""What the answers of a OneBot program mean. `onebot-11/api` names the codes; the words are NapCat's, which passes on those of QQ."""

from __future__ import annotations

import re

from hutong.channels.contract import ConnectorError, InDoubt, NeedsReconnect, RefusalReason, Refused, RetryLater
from hutong.connectors.onebot import wire

ANSWER_SECONDS_MAX = 30.0  # NapCat gives a send up to 15 seconds, and more for a picture
OFFLINE_SECONDS = 30.0
_RESULT = re.compile(r'"result"\s*:\s*(-?\d+)')

_BY_RESULT: dict[int, tuple[RefusalReason, str, str]] = {
    110: (
        "removed",
        "这个 QQ 号已不在群里。请让群管理员重新邀请它。",
        "This account is not in the group any more. Ask an administrator to invite it again.",
    ),
    120: (
        "muted",
        "这个 QQ 号在群里被禁言，或全群禁言中。请群管理员解除后重发。",
        "This account is muted in the group, or the whole group is. Ask an administrator to lift that, then send again.",
    ),
}


def refused_token() -> NeedsReconnect:
    """The program does not take our token."""
    return NeedsReconnect(
        "OneBot 程序不接受访问令牌。请把双方的 token 改成一致后重新连接。",
        "The program does not take the access token. Set the same token on both sides and reconnect.",
    )


def offline() -> RetryLater:
    """QQ is signed out; the program itself answers."""
    return RetryLater(
        "QQ 已掉线，OneBot 程序还在运行。请打开它的页面重新登录 QQ，之后自动恢复。",
        "QQ is signed out, though the program runs. Sign in to QQ again on the program's page; it goes on by itself then.",
        after_seconds=OFFLINE_SECONDS,
    )


def lost(action: str) -> InDoubt:
    """The call went out and no answer came."""
    return InDoubt(
        f"OneBot 程序没有回应（{action}），无法确定是否已经办到。请到 QQ 里查看。",
        f"The program gave no answer ({action}), and whether it was done is not known. Look in QQ.",
    )


def not_there(status: int | None = None) -> RetryLater:
    """Something else answers at that address."""
    shown = f"（{status}）" if status else ""
    shown_en = f" ({status})" if status else ""
    return RetryLater(
        f"这个地址没有像 OneBot 程序那样回应{shown}。请检查地址、端口和连接方式。",
        f"What answers at this address is no OneBot program{shown_en}. Check address, port and the way of connecting.",
    )


def trouble(action: str, reply: wire.Reply) -> ConnectorError | None:
    """What the runtime has to do about an answer; None where it was done."""
    if reply.status in ("ok", "async") and reply.retcode in (0, 1):
        return None
    if reply.retcode in (1401, 1403, 401, 403):
        return refused_token()
    said = reply.said
    lower = said.lower()
    if "timeout" in lower or "超时" in said:
        return lost(action)
    if any(word in lower for word in ("offline", "not online", "not logined", "离线", "未登录")):
        return offline()
    found = _RESULT.search(said)
    if found is not None and int(found[1]) in _BY_RESULT:
        return Refused(*_BY_RESULT[int(found[1])])
    if reply.retcode in (1404, 404):
        return Refused(
            "other",
            f"这个 OneBot 程序不支持 {action}。请升级它，或换一种内容。",
            f"This program does not support {action}. Update it, or send something else.",
        )
    if any(word in lower for word in ("not friend", "不是好友", "非好友", "请先添加对方为好友")):
        return Refused(
            "blocked",
            "对方不是好友，QQ 不让这个号给他发消息。请让对方先加好友。",
            "This person is not a friend, and QQ does not let the account write to them. Ask them to add it first.",
        )
    shown = re.sub(r"\s+", " ", said)[:160].rstrip(".。") or str(reply.retcode)
    return Refused(
        "other",
        f"QQ 没有收下（{reply.retcode}）：{shown}。可能是风控，请在 QQ 里手动发一次试试。",
        f"QQ did not take it ({reply.retcode}): {shown}. It may be its risk control; try sending by hand in QQ.",
    )
