"""Names of our own mails: a Message-ID that follows from the send's key, so that a repeat is the same mail, and by which ours are known."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

_OURS = re.compile(r"h\.([a-z2-7]{24})\.([a-z2-7]{8})", re.ASCII)
_TAGGED = re.compile(r"\+(h\.[a-z2-7]{24}\.[a-z2-7]{8})@", re.ASCII)
_UNSUBSCRIBE = re.compile(r"unsubscribeu\.([a-z2-7]{2,500})\.([a-z2-7]{8})", re.ASCII)
ANGLED = re.compile(r"<\s*([^<>\s]{1,900})\s*>")


def made(account_id: str, key: str) -> str:
    """The mark of a send of that key. Nobody can make one up without having seen it."""
    name = _letters(hashlib.sha256(f"{account_id}\0{key}".encode("utf-8", "surrogatepass")).digest()[:15])
    return f"h.{name}.{_check(account_id, name)}"


def message_id(mark: str, domain: str) -> str:
    """The Message-ID of a mark, without the angles."""
    return f"{mark}@{domain}"


def tagged(mark: str, address: str) -> str:
    """The address to which bounces of that mail go."""
    name, _, domain = address.rpartition("@")
    return f"{name}+{mark}@{domain}"


def unsubscribing(account_id: str, recipient: str) -> str:
    """What the subject of a mail says by which that recipient wants no more (RFC 2369). Only who got a mail of ours can know it."""
    name = _letters(recipient.encode("utf-8", "surrogatepass")).rstrip("=")
    return f"unsubscribe u.{name}.{_check(account_id, f'u.{name}')}"


def unsubscriber(account_id: str, subject: str) -> str:
    """Who wants no more, by the subject of a mail; empty where it says nothing of the kind."""
    match = _UNSUBSCRIBE.search("".join(subject.split()).lower())
    if match is None or not hmac.compare_digest(_check(account_id, f"u.{match[1]}"), match[2]):
        return ""
    try:
        return base64.b32decode(match[1].upper() + "=" * (-len(match[1]) % 8)).decode()
    except ValueError:  # not by us, or cut
        return ""


def is_ours(account_id: str, found: str) -> bool:
    """Whether a Message-ID is one of this account's."""
    match = _OURS.fullmatch(found.partition("@")[0])
    return match is not None and hmac.compare_digest(_check(account_id, match[1]), match[2])


def in_text(account_id: str, text: str) -> str:
    """The first Message-ID of ours in a text, or empty."""
    return next((one for one in ANGLED.findall(text) if is_ours(account_id, one)), "")


def in_address(account_id: str, address: str, domain: str) -> str:
    """The Message-ID that a tagged address stands for, or empty."""
    match = _TAGGED.search(address.lower())
    return message_id(match[1], domain) if match is not None and is_ours(account_id, match[1]) else ""


def _check(account_id: str, name: str) -> str:
    return _letters(hmac.new(account_id.encode(), name.encode(), hashlib.sha256).digest()[:5])


def _letters(some: bytes) -> str:
    return base64.b32encode(some).decode().lower()
