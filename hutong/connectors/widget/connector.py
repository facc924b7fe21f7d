"""The website chat: what a visitor posts becomes an event, what we answer is left for them."""

from __future__ import annotations

import re
import secrets
from typing import Any
from urllib.parse import urlsplit

import msgspec

from hutong.channels.contract import (  # fmt: skip
    Answer,
    Callback,
    Chat,
    File,
    Image,
    Inbound,
    Message,
    Origin,
    Outcome,
    Outgoing,
    Refused,
    Segment,
    Settings,
    SiteConnector,
    Tested,
    Text,
    Visitor,
)
from hutong.connectors.widget import visitors
from hutong.connectors.widget.manifest import MANIFEST, TEXT_LENGTH_MAX

SECRET_BYTES = 32
SECRET_LENGTH_MIN = 16
FILES_MAX = 5
PAGE_LENGTH_MAX = 500
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_KEY = re.compile(r"[0-9a-zA-Z-]{8,64}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


class _Attached(msgspec.Struct, frozen=True):
    file: str
    name: str = ""
    content_type: str = ""
    size_bytes: int = 0
    image: bool = False


class _Posted(msgspec.Struct, frozen=True):
    """What the script posts. `id` is the browser's name for the message, so that one sent twice is one."""

    id: str
    visitor: str = ""
    user_token: str = ""
    text: str = ""
    files: list[_Attached] = []
    page: str = ""


_decode = msgspec.json.Decoder(_Posted).decode


class WidgetConnector(SiteConnector):
    """One button. It reaches nothing: its platform is here."""

    manifest = MANIFEST

    @classmethod
    def prepare(cls, settings: Settings) -> Settings:
        """With a secret, made where none was given."""
        return settings if settings.get("secret") else {**settings, "secret": secrets.token_urlsafe(SECRET_BYTES)}

    def test(self) -> Tested:
        """The websites are addresses, the colour is one, the secret is long enough."""
        origins = self._origins()
        if not origins or any(not _is_origin(one) for one in origins):
            raise Refused(
                "other",
                "“允许的网站”要写成 https://www.example.com 这样，不带路径。请修改。",
                "Websites are written like https://www.example.com, without a path. Change them.",
            )
        if _COLOUR.fullmatch(self._said("colour")) is None or _contrast(self._said("colour")) < 4.5:
            raise Refused(
                "other",
                "颜色要写成 #0f766e 这样，并且够深，让白字看得清（对比度至少 4.5）。请换一个。",
                "A colour is written like #0f766e, and dark enough for white text (a contrast of 4.5 at least). Choose another.",
            )
        if len(self._said("secret")) < SECRET_LENGTH_MIN:
            raise Refused(
                "other",
                f"登录签名密钥至少 {SECRET_LENGTH_MIN} 个字符。请加长，或留空让系统生成。",
                f"The sign-in secret needs {SECRET_LENGTH_MIN} characters at least. Make it longer, or leave it empty to have one made.",
            )
        note = (
            "保存后，账号页上有一行代码，放到网站每一页的 </body> 前。",
            "Once saved, the account's page shows a line of code for every page of the site, before </body>.",
        )
        return Tested(self_id=f"widget:{self.link.account_id}", name=urlsplit(origins[0]).netloc, notes=(note,))

    def allows(self, origin: str) -> bool:
        """Whether the origin is one of those entered, to the letter."""
        return origin in self._origins()

    def look(self) -> dict[str, Any]:
        """Words and colours."""
        said = self.link.settings
        return {
            "title": self._said("title"),
            "greeting": self._said("greeting"),
            "colour": self._said("colour"),
            "language": self._said("language"),
            "within": self._said("answers_within"),
            "email": bool(said.get("asks_email")),
            "textMax": TEXT_LENGTH_MAX,
            "filesMax": FILES_MAX,
        }

    def visitor(self, secret: str, user_token: str) -> Visitor:
        """The site's word counts more than the browser's; a wrong word counts for nothing."""
        found = visitors.signed(user_token, self._said("secret")) if user_token else visitors.unnamed(secret)
        if found is None:
            raise Refused(
                "forged",
                "访客的身份无法确认：签名不对或已过期。请让网站重新签发。",
                "Who the visitor is could not be confirmed: the signature is wrong or expired. Have the site sign anew.",
            )
        return found

    def receive(self, request: Callback) -> Answer:
        """A message of a visitor."""
        if request.method != "POST" or not self.allows(request.headers.get("origin", "")):
            raise Refused(
                "forged",
                "这个网站不在“允许的网站”里，已拒绝。需要时请在渠道页添加。",
                "That website is not among those allowed; it was refused. Add it to the account if need be.",
            )
        try:
            posted = _decode(request.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise _malformed() from None
        visitor = self.visitor(posted.visitor, posted.user_token)
        text = posted.text.strip()
        if _KEY.fullmatch(posted.id) is None or len(posted.files) > FILES_MAX or not (text or posted.files):
            raise _malformed()
        if any(_SHA256.fullmatch(one.file) is None for one in posted.files):
            raise _malformed()
        if len(text) > TEXT_LENGTH_MAX:
            raise Refused(
                "too_large", f"消息最多 {TEXT_LENGTH_MAX} 个字。请缩短。", f"A message has {TEXT_LENGTH_MAX} characters at most. Shorten it."
            )
        segments: tuple[Segment, ...] = (Text(text),) if text else ()
        segments += tuple(_segment(one) for one in posted.files)
        person = visitor.person
        event = Inbound(
            type="message.new",
            dedupe_key=f"{person.id}/{posted.id}"[-200:],
            occurred_at_ms=request.received_at_ms,
            chat=Chat(person.id, "dm", person.name),
            actor=person,
            message=Message(posted.id, text=text, segments=segments),
            source=Origin(scene=page) if (page := _page(posted.page)) else None,
        )
        return Answer(events=(event,))

    def send(self, outgoing: Outgoing) -> Outcome:
        """Left for the visitor, once for each key."""
        return Outcome("sent", (self.link.leave(outgoing.chat.id, outgoing.key, outgoing.segments),))

    def _origins(self) -> list[str]:
        return [one.rstrip("/") for one in re.split(r"[\s,，;；]+", self._said("origins")) if one]

    def _said(self, name: str) -> str:
        return str(self.link.settings.get(name) or "").strip()


def _segment(one: _Attached) -> Segment:
    kind: type[Image | File] = Image if one.image else File
    return kind(file=one.file, name=one.name[:200], content_type=one.content_type[:100], size_bytes=one.size_bytes)


def _page(said: str) -> str:
    """The page without what it was asked for, which may be personal."""
    try:
        parts = urlsplit(said)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"[:PAGE_LENGTH_MAX] if parts.scheme in ("http", "https") else ""


def _is_origin(said: str) -> bool:
    try:
        parts = urlsplit(said)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and said == f"{parts.scheme}://{parts.netloc}" and "@" not in said
    except ValueError:
        return False


def _contrast(colour: str) -> float:
    """Of white text on it, as WCAG 2 counts."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _malformed() -> Refused:
    return Refused("malformed", "内容无法读取。请使用我们提供的脚本。", "The body cannot be read. Use the script that we serve.")
