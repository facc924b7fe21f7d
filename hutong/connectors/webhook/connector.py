"""The webhook connector: one program of somebody's own on the other side."""

from __future__ import annotations

import email.utils
from functools import cached_property

import msgspec

from hutong.channels.contract import Answer, Callback, Connector, NeedsReconnect, Outcome, Outgoing, Refused, RetryLater, Settings, Tested
from hutong.connectors.webhook import signing, wire
from hutong.connectors.webhook.manifest import MANIFEST
from hutong.foundation import clock, ids
from hutong.foundation.http import Response, check_url, named

RETRY_SECONDS_MAX = 6 * 3600.0
ANSWER_BYTES_MAX = 64 * 1024
HEADERS = {"content-type": "application/json", "user-agent": "Hutong-Webhook/1"}


class WebhookConnector(Connector):
    """Posts what goes out, takes what is posted to it."""

    manifest = MANIFEST

    @classmethod
    def prepare(cls, settings: Settings) -> Settings:
        """A secret is made where none was given."""
        return {**settings, "secret": settings["secret"] or signing.make_secret()}

    def test(self) -> Tested:
        """The secrets are whole, and the other side answers a `ping` with 2xx."""
        _ = self._keys
        url = str(self.link.settings["url"])
        if url:
            self._refuse_unless_taken(self._post("ping", f"ping-{ids.new().hex}", {}))
            return Tested(self_id=f"webhook:{self.link.account_id}", name=named(check_url(url)))
        note = (
            "没有填接收地址：这个账号只接收，不能发送。",
            "There is no receiving address: this account only receives, it cannot send.",
        )
        return Tested(self_id=f"webhook:{self.link.account_id}", name="webhook", notes=(note,))

    def send(self, outgoing: Outgoing) -> Outcome:
        """One POST; `webhook-id` is the key, under which the other side takes a message once."""
        if not self.link.settings["url"]:
            raise Refused(
                "other",
                "这个账号没有接收地址，只能接收。请在渠道页重新连接并填写地址。",
                "This account has no receiving address, it only receives. Reconnect it with an address.",
            )
        kind, data = wire.written(outgoing, self.link.read)
        answer = self._post(kind, outgoing.key, data)
        self._refuse_unless_taken(answer)
        return Outcome("sent", (_message_id(answer) or outgoing.key,))

    def receive(self, request: Callback) -> Answer:
        """Verify by the headers of the standard, then read one event."""
        webhook_id = request.headers.get("webhook-id", "")
        signed = signing.is_signed(
            self._keys,
            message_id=webhook_id,
            timestamp=request.headers.get("webhook-timestamp", ""),
            body=request.body,
            signatures=request.headers.get("webhook-signature", ""),
            now_seconds=request.received_at_ms / 1000,
        )
        if request.method != "POST" or not signed:
            raise Refused(
                "forged",
                "签名不对，或时间相差超过 5 分钟。请检查双方的签名密钥和时钟。",
                "The signature is wrong, or more than 5 minutes old. Check the signing secret and the clock of both sides.",
            )
        if b'"ping"' in request.body[:200] and _is_ping(request.body):
            return Answer()
        try:
            event = wire.read(request.body, webhook_id=webhook_id, received_at_ms=request.received_at_ms)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Refused("malformed", f"内容无法读取：{error}。请对照文档修改。", f"The body cannot be read: {error}. See the guide.") from error
        return Answer(events=(event,))

    @cached_property
    def _keys(self) -> list[bytes]:
        given = [str(self.link.settings[name]) for name in ("secret", "previous_secret") if self.link.settings[name]]
        try:
            return [signing.key_of(one) for one in given]
        except ValueError as error:
            raise NeedsReconnect(
                "签名密钥无效：应以 whsec_ 开头，后接 24 到 64 字节的 Base64。留空可自动生成。",
                "The signing secret is not valid: whsec_ and then 24 to 64 bytes in base64. Left empty, one is made.",
            ) from error

    def _post(self, kind: str, webhook_id: str, data: dict[str, object] | msgspec.Raw) -> Response:
        now = clock.now()
        body = msgspec.json.encode({"type": kind, "timestamp": now.isoformat(), "data": data})
        timestamp = clock.to_ms(now) // 1000
        signature = signing.sign(self._keys, message_id=webhook_id, timestamp=timestamp, body=body)
        headers = {**HEADERS, "webhook-id": webhook_id, "webhook-timestamp": str(timestamp), "webhook-signature": signature}
        return self.link.http.request("POST", str(self.link.settings["url"]), headers=headers, content=body, body_bytes_max=ANSWER_BYTES_MAX)

    def _refuse_unless_taken(self, answer: Response) -> None:
        status = answer.status
        if 200 <= status < 300:
            return
        if status in (401, 403, 410):
            raise NeedsReconnect(
                f"对方不再接受（{status}）。请核对地址和签名密钥后重新连接。",
                f"The other side takes no more ({status}). Check address and signing secret, then reconnect.",
            )
        if status in (408, 425, 429) or status >= 500:
            raise RetryLater(
                f"对方暂时无法处理（{status}），稍后会再试。",
                f"The other side cannot take it now ({status}); it is tried again later.",
                after_seconds=_retry_after(answer),
                scope="account",
            )
        reason = "too_large" if status == 413 else "chat_gone" if status == 404 else "other"
        raise Refused(
            reason,  # type: ignore[arg-type]
            f"对方拒绝了这条消息（{status}）。请查看对方程序的日志。",
            f"The other side refused this message ({status}). See the log of that program.",
        )


def _retry_after(answer: Response) -> float | None:
    said = answer.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return min(float(said), RETRY_SECONDS_MAX)
    try:
        moment = email.utils.parsedate_to_datetime(said)
        seconds = (moment - clock.now()).total_seconds()
    except (ValueError, TypeError):
        return None
    return min(max(seconds, 0.0), RETRY_SECONDS_MAX)


def _message_id(answer: Response) -> str:
    try:
        said = msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
    found = said.get("message_id", "") if isinstance(said, dict) else ""
    return found[:200] if isinstance(found, str) else ""


def _is_ping(body: bytes) -> bool:
    try:
        said = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return isinstance(said, dict) and said.get("type") == "ping"
