"""Text that people type into a form: trimmed, composed (NFC), free of what cannot be shown or stored. Emoji, joiners and
right-to-left marks stay as they are. And nouns with their number.
"""

from __future__ import annotations

import unicodedata

from hutong.foundation.errors import Invalid


def one_line(field: str, text: str, *, length_max: int, required: bool = True) -> str:
    """A name: one line of at most `length_max` characters with something visible in it. Raises Invalid."""
    return _clean(field, text, length_max=length_max, required=required, controls="")


def many_lines(field: str, text: str, *, length_max: int) -> str:
    """A description, possibly empty; line breaks and tabs may stand in it. Raises Invalid."""
    return _clean(field, text.replace("\r\n", "\n"), length_max=length_max, required=False, controls="\n\t")


def _clean(field: str, text: str, *, length_max: int, required: bool, controls: str) -> str:
    clean = unicodedata.normalize("NFC", text).strip()
    categories = {unicodedata.category(character) for character in clean if character not in controls}
    if categories & {"Cc", "Cs", "Zl", "Zp"}:
        raise Invalid.field(field, "不能含有控制字符。", "Control characters are not allowed.")
    if required and categories <= {"Cf", "Cn", "Mn", "Zs"}:
        raise Invalid.field(field, "不能为空。", "This cannot be empty.")
    if len(clean) > length_max:
        raise Invalid.field(field, f"太长，最多 {length_max} 个字。", f"Too long: at most {length_max} characters.")
    return clean


def storable(text: str) -> str:
    """Text without halves of surrogate pairs, which no store of ours can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def counted(number: int, one: str, more: str = "") -> str:
    """A noun of an English sentence with its number: 1 row, 2,000 rows."""
    return f"{number:,} {one if number == 1 else more or one + 's'}"
