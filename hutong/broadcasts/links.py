"""Addresses that say who followed them: `/l/<code>` of a link, `/u/<token>` to want no more. Sealed, so that nobody can make up another's."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import msgspec
from django.conf import settings
from django.utils.crypto import salted_hmac

from hutong.broadcasts.models import Link, Run
from hutong.channels.contract import LinkCard, Segment, Text
from hutong.foundation import ids

SEAL_BYTES = 12
CODE_BYTES = 8
ID_BYTES = 16
LINKS_MAX = 50

_ADDRESS = re.compile(r"https?://[^\s<>\"'，。；！？、）】》{}]+")


@dataclass(frozen=True, slots=True)
class Opened:
    """Whom an unsubscribing address is for."""

    member_id: uuid.UUID
    account_id: uuid.UUID
    run_id: uuid.UUID


def addresses(segments: Sequence[Segment]) -> list[str]:
    """Addresses in a message that can be counted: those without personal fields, each once."""
    found: list[str] = []
    for segment in segments:
        if isinstance(segment, Text):
            found += [match[0] for match in _ADDRESS.finditer(segment.text) if not segment.text.startswith("{{", match.end())]
        elif isinstance(segment, LinkCard) and "{{" not in segment.url:
            found.append(segment.url)
    return list(dict.fromkeys(found))[:LINKS_MAX]


def make(run: Run, segments: Sequence[Segment]) -> dict[str, str]:
    """The codes of a run's addresses, made where they are not yet there. Within a transaction."""
    kept = dict(Link.objects.in_workspace(run.workspace_id).filter(run=run).values_list("url", "code"))
    for url in addresses(segments):
        if url not in kept:
            kept[url] = Link.objects.create(id=ids.new(), workspace_id=run.workspace_id, run=run, url=url, code=secrets.token_hex(CODE_BYTES)).code
    return kept


def tracked(segments: Sequence[Segment], codes: dict[str, str], member_id: uuid.UUID) -> tuple[Segment, ...]:
    """A message whose addresses lead by way of us."""
    if not codes:
        return tuple(segments)

    def ours(url: str) -> str:
        return f"{settings.PUBLIC_URL}/l/{_seal(b'l', bytes.fromhex(codes[url]) + member_id.bytes)}" if url in codes else url

    found: list[Segment] = []
    for segment in segments:
        if isinstance(segment, Text):
            found.append(Text(_ADDRESS.sub(lambda match: ours(match[0]), segment.text)))
        elif isinstance(segment, LinkCard):
            found.append(msgspec.structs.replace(segment, url=ours(segment.url)))
        else:
            found.append(segment)
    return tuple(found)


def link_of(code: str) -> tuple[str, uuid.UUID] | None:
    """The link's code and the member of a tracked address; None for one that is not ours."""
    said = _open(b"l", code, CODE_BYTES + ID_BYTES)
    return (said[:CODE_BYTES].hex(), uuid.UUID(bytes=said[CODE_BYTES:])) if said is not None else None


def unsubscribe_url(*, member_id: uuid.UUID, account_id: uuid.UUID, run_id: uuid.UUID) -> str:
    """Where this member says that they want no more."""
    return f"{settings.PUBLIC_URL}/u/{_seal(b'u', member_id.bytes + account_id.bytes + run_id.bytes)}"


def opened(token: str) -> Opened | None:
    """What an unsubscribing address says; None for one that is not ours."""
    said = _open(b"u", token, 3 * ID_BYTES)
    if said is None:
        return None
    return Opened(*(uuid.UUID(bytes=said[at : at + ID_BYTES]) for at in range(0, 3 * ID_BYTES, ID_BYTES)))


@cache
def _key() -> bytes:
    return salted_hmac("hutong.broadcasts.links", "", secret=settings.SECRET_KEY, algorithm="sha256").digest()


def _mac(kind: bytes, said: bytes) -> bytes:
    return hmac.new(_key(), kind + said, hashlib.sha256).digest()[:SEAL_BYTES]


def _seal(kind: bytes, said: bytes) -> str:
    return base64.urlsafe_b64encode(said + _mac(kind, said)).decode().rstrip("=")


def _open(kind: bytes, text: str, length: int) -> bytes | None:
    try:
        whole = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None
    said, mac = whole[:length], whole[length:]
    return said if len(whole) == length + SEAL_BYTES and hmac.compare_digest(mac, _mac(kind, said)) else None
