"""Header fields written by hand: every value is one that cannot end its line, whatever people typed (RFC 5322, 2047)."""

from __future__ import annotations

import base64
import re
import unicodedata

WORD_BYTES_MAX = 45  # =?utf-8?b?…?= has at most 75 characters
LINE_LENGTH_MAX = 76
SUBJECT_LENGTH_MAX = 200
_ID = re.compile(r"[^\s<>\x00-\x20\x7f]{1,200}")
_ATOM_TEXT = re.compile(r"[A-Za-z0-9 !#$%&'*+/^_`{|}~-]+", re.ASCII)


def one_line(text: str, *, length_max: int) -> str:
    """Text without anything that ends a line or cannot be written, blanks joined."""
    kept = "".join(" " if unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp") else one for one in text)
    return " ".join(kept.split())[:length_max].strip()


def words(text: str) -> str:
    """Free text such as a subject; as encoded words where it has letters beyond ASCII or might be taken for some."""
    if text.isascii() and "=?" not in text and len(text) <= LINE_LENGTH_MAX - len("Subject: "):
        return text
    pieces: list[bytes] = [b""]
    for one in text:
        letter = one.encode()
        if len(pieces[-1]) + len(letter) > WORD_BYTES_MAX:
            pieces.append(b"")
        pieces[-1] += letter
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(piece).decode()}?=" for piece in pieces)


def person(name: str, address: str) -> str:
    """Somebody with their address."""
    clean = one_line(name, length_max=100)
    if not clean or clean == address:
        return address
    if _ATOM_TEXT.fullmatch(clean) and "=?" not in clean:
        return f'"{clean}" <{address}>'
    return f"{words(clean) if not clean.isascii() or '=?' in clean or len(clean) > 60 else _quoted(clean)}\r\n <{address}>"


def is_id(text: str) -> bool:
    """Whether that can stand between angles as a Message-ID."""
    return _ID.fullmatch(text) is not None and text.isascii() and "@" in text


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
