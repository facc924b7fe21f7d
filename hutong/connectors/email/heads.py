"""Header fields as senders really write them: encoded words of any kind, raw letters of any charset, half of it broken."""

from __future__ import annotations

import base64
import binascii
import codecs
import email.utils
import quopri
import re
from email.message import Message

HEADER_LENGTH_MAX = 20_000
IDS_MAX = 200
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_GAP = re.compile(r"(\?=)\s+(=\?)")
_ID = re.compile(r"<\s*([^<>\s]{1,900})\s*>")
# What mailers call GBK and its kin; GB18030 holds all of them.
_NAMES = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030", "gb_2312-80": "gb18030", "gb18030": "gb18030", "x-gb2312": "gb18030",
          "big5": "big5hkscs", "cp950": "cp950", "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "shift_jis": "cp932", "iso-2022-jp": "iso2022_jp_ext",
          "iso-8859-1": "cp1252", "us-ascii": "utf-8", "ascii": "utf-8", "utf8": "utf-8", "unicode-1-1-utf-7": "utf-7"}  # fmt: skip


def decoded(content: bytes, charset: str) -> str:
    """Bytes as text, by the charset they claim; where that fails by what they look like. Never raises."""
    name = charset.strip().strip("\"'").lower().partition("*")[0]
    for one in (_NAMES.get(name, name), "utf-8", "gb18030"):
        try:
            if one and codecs.lookup(one)._is_text_encoding:
                return content.decode(one)
        except (LookupError, UnicodeError, ValueError):
            continue
    known = _NAMES.get(name, name)
    try:
        return content.decode(known if known and codecs.lookup(known)._is_text_encoding else "utf-8", "replace")
    except (LookupError, UnicodeError, ValueError):
        return content.decode("utf-8", "replace")


def raw(message: Message, name: str) -> str:
    """A header field as it stands, its lines joined, in whatever letters it has."""
    return next(iter(every_raw(message, name)), "")


def every_raw(message: Message, name: str) -> list[str]:
    """All header fields of that name."""
    wanted = name.lower()
    found = [str(value) for key, value in message.raw_items() if key.lower() == wanted]
    return [_letters(" ".join(one.splitlines())[:HEADER_LENGTH_MAX]) for one in found]


def said(message: Message, name: str) -> str:
    """A header field as a person reads it."""
    return " ".join(unworded(raw(message, name)).split())


def unworded(text: str) -> str:
    """Encoded words (RFC 2047) decoded; a letter split between two of them, as some mailers do, is one letter again."""
    if "=?" not in text:
        return text
    joined = _GAP.sub(r"\1\2", text)
    found: list[str] = []
    pending, charset, at = b"", "", 0
    for match in _WORD.finditer(joined):
        name = match[1].lower()
        if match.start() > at or name != charset:
            found.append(decoded(pending, charset))
            pending = b""
            found.append(joined[at : match.start()])
        charset, at = name, match.end()
        content = _content(match[2], match[3])
        if content is None:
            found += [decoded(pending, charset), match[0]]
            pending = b""
            continue
        pending += content
    return "".join([*found, decoded(pending, charset), joined[at:]])


def addresses(message: Message, name: str) -> list[tuple[str, str]]:
    """Names and addresses of a field, the addresses in lower case; what is no address is left out."""
    found = []
    for shown, address in email.utils.getaddresses(every_raw(message, name)):
        clean = address.strip().strip("<>").lower()
        if "@" in clean and len(clean) <= 200 and clean.isprintable() and " " not in clean:
            found.append((" ".join(unworded(shown).split())[:200].strip("\"' "), clean))
    return found


def ids(message: Message, name: str) -> list[str]:
    """The Message-IDs of a field, without angles, in their order."""
    text = raw(message, name)
    found = _ID.findall(text) or [one for one in text.split() if "@" in one]
    return [one for one in dict.fromkeys(found) if one.isascii()][:IDS_MAX]


def _content(way: str, text: str) -> bytes | None:
    if way in "bB":
        clean = re.sub(r"[^A-Za-z0-9+/]", "", text)
        try:
            return base64.b64decode(clean + "=" * (-len(clean) % 4))
        except binascii.Error:
            try:
                return base64.b64decode(clean[: len(clean) // 4 * 4])
            except binascii.Error:
                return None
    return quopri.decodestring(text.replace("_", " ").encode("ascii", "replace"), header=False)


def _letters(text: str) -> str:
    """Raw bytes in a header, which the parser keeps as halves of surrogate pairs."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return decoded(text.encode("utf-8", "surrogateescape"), "")
    return text
