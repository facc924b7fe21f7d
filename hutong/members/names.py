"""What may be stored as a name or as an id on a channel: as it came, less what no store can hold."""

from __future__ import annotations

import hashlib
import string
import unicodedata

from hutong.foundation.text import storable

NAME_LENGTH_MAX = 200
EXTERNAL_ID_LENGTH_MAX = 255

# Control characters (category Cc, which Unicode promises never to extend), line and paragraph separators.
_CONTROLS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029), " ")


def seen_name(text: str) -> str:
    """A name as a channel gave it, on one line and of bounded length. Emoji, joiners and direction marks stay."""
    if text.isascii() and text.isprintable():
        return text.strip()[:NAME_LENGTH_MAX]
    return storable(text).translate(_CONTROLS).strip()[:NAME_LENGTH_MAX].rstrip()


_ASCII_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def folded(text: str) -> str:
    """A name as searches compare it: neither case (of any script) nor width nor ornament of letters matters."""
    if text.isascii():
        return text.translate(_ASCII_LOWER)
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return plain.replace("i\u0307", "i")  # the Turkish İ in lower case


def folded_beside(*texts: str) -> str | None:
    """What is kept beside texts for searches: their folded forms, less those the database finds by itself, minding no ASCII case."""
    return "\n".join(plain for text in texts if not text.isascii() and (plain := folded(text)) != text.translate(_ASCII_LOWER)) or None


def stored_external_id(text: str) -> str:
    """An id on a channel; one too long keeps its beginning and a digest of the whole."""
    if not text:
        raise ValueError("an identity needs an id on its channel")
    if not (text.isascii() and text.isprintable()):
        text = storable(text).replace("\0", "\ufffd")
    if len(text) <= EXTERNAL_ID_LENGTH_MAX:
        return text
    digest = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
    return f"{text[: EXTERNAL_ID_LENGTH_MAX - 33]}~{digest}"
