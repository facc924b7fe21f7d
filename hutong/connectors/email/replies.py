"""What a mail server's answers mean to the runtime. RFC 5321 (codes), RFC 3463 (enhanced codes), and what large providers add."""

from __future__ import annotations

import enum
import re

from hutong.channels.contract import ConnectorError, NeedsReconnect, Refused, RetryLater

GREYLIST_SECONDS = 300.0
LIMIT_SECONDS = 900.0
QUOTA_SECONDS = 3600.0
LATER_SECONDS_MAX = 3600.0
SAID_LENGTH_MAX = 200

_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_IN = re.compile(r"\b(\d{1,5})\s*(s|sec|secs|seconds?|m|min|mins|minutes?|秒|分钟?)(?![a-z])", re.IGNORECASE)
_LIMIT = re.compile(r"\brate\b|too many|too fast|frequen|\blimit|throttl|频率|频繁|过多", re.IGNORECASE)
_QUOTA = re.compile(r"quota|daily|per day|user sending|当日|上限|超过.{0,6}限制", re.IGNORECASE)

_SENDER = re.compile(r"sender address rejected|not owned by|relay(?:ing)? (?:access )?denied|authentication required", re.IGNORECASE)


class Step(enum.Enum):
    """Where in the talk an answer came."""

    HELLO = 1
    LOGIN = 2
    SENDER = 3
    RECIPIENT = 4
    CONTENT = 5


def meaning(step: Step, code: int, said: bytes | str) -> ConnectorError:
    """The error that an answer stands for."""
    text = shown(said)
    match = _ENHANCED.search(text)
    subject = match[2] if match else ""
    whole = f"{code} {text}".strip()
    if 400 <= code < 500 or code < 200:
        return _later(step, whole, subject)
    if step is Step.LOGIN:
        return wrong_password("SMTP", whole)
    if (code == 550 and "5.4.5" in text) or (code in (550, 552, 554) and step is not Step.RECIPIENT and _QUOTA.search(text) and subject != "2"):
        return RetryLater(
            f"邮箱今天的发送额度用完了（{whole}），一小时后再试。请减少发送或升级邮箱。",
            f"The mailbox has used up what it may send ({whole}); it is tried again in an hour. Send less, or get a larger mailbox.",
            after_seconds=QUOTA_SECONDS,
        )
    if step in (Step.HELLO, Step.SENDER) or (step is Step.RECIPIENT and _SENDER.search(text)):
        return NeedsReconnect(
            f"发信服务器不让这个邮箱发信（{whole}）。请核对邮箱地址与登录名是否一致、SMTP 是否开启。",
            f"The server does not let this mailbox send ({whole}). Check that address and login belong together and SMTP is switched on.",
        )
    if (code == 552 and subject != "2") or subject == "3":
        return Refused(
            "too_large",
            f"邮件太大，服务器不收（{whole}）。请减少附件后重发。",
            f"The mail is too large for the server ({whole}). Attach less and send again.",
        )
    if step is Step.RECIPIENT:
        if subject == "7":
            return Refused(
                "blocked", f"对方服务器拒收（{whole}）。请换一种方式联系。", f"The recipient's server refuses us ({whole}). Reach them another way."
            )
        return Refused("chat_gone", f"收件地址不可用（{whole}）。请核对地址。", f"The address takes no mail ({whole}). Check it.")
    return Refused(
        "content",
        f"服务器拒收这封邮件（{whole}）。请修改内容后重发。",
        f"The server refuses this mail ({whole}). Change what it says and send again.",
    )


def _later(step: Step, whole: str, subject: str) -> RetryLater:
    """For a while: everything where it is about us, that recipient where it is about them (greylisting, a full mailbox)."""
    is_about_us = (step is not Step.RECIPIENT and step is not Step.CONTENT) or bool(_LIMIT.search(whole)) or subject == "3" or whole.startswith("421")
    seconds = min(max(_seconds(whole) or (LIMIT_SECONDS if is_about_us and _LIMIT.search(whole) else GREYLIST_SECONDS), 1.0), LATER_SECONDS_MAX)
    return RetryLater(
        f"邮件服务器请稍后再试（{whole}），{seconds:.0f} 秒后自动重试。",
        f"The mail server asks to wait ({whole}); it is tried again in {seconds:.0f} s.",
        after_seconds=seconds,
        scope="account" if is_about_us else "chat",
    )


def _seconds(text: str) -> float | None:
    match = _IN.search(text)
    if match is None:
        return None
    return float(match[1]) * (60 if match[2].lower().startswith(("m", "分")) else 1)


def shown(said: bytes | str) -> str:
    """What a server said, in one line fit to be shown."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())[:SAID_LENGTH_MAX].rstrip("。. ")


def wrong_password(server: str, whole: str = "") -> NeedsReconnect:
    """The login was refused."""
    told = f"（{whole}）" if whole else ""
    told_en = f" ({whole})" if whole else ""
    return NeedsReconnect(
        f"{server} 登录被拒绝{told}。请核对登录名和授权码；多数邮箱须先在网页设置里开启 IMAP/SMTP 并生成授权码。",
        f"{server} refused the login{told_en}. Check login and app password; most mailboxes want IMAP/SMTP switched on in their web settings first.",
    )


def lost(host: str) -> RetryLater:
    """The connection ended before anything was handed over."""
    return RetryLater(
        f"与 {host} 的连接断开，邮件没有交出，会自动重试。请核对端口和加密方式。",
        f"The connection to {host} broke before anything was handed over; it is tried again. Check port and encryption.",
    )


def untrusted(host: str) -> NeedsReconnect:
    """Its certificate does not hold."""
    return NeedsReconnect(
        f"{host} 的证书不可信，或这个端口不是 TLS。请核对服务器名、端口和加密方式。",
        f"The certificate of {host} cannot be trusted, or this port is not TLS. Check the server's name, port and encryption.",
    )
