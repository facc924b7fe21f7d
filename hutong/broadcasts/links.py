"""Addresses that say who followed them: `/l/<code>` of a link, `/u/<token>` to want no more. Sealed, so that nobody can make up another's."""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from django.conf import settings

from hutong.broadcasts.models import Link, Run
from hutong.channels.contract import LinkCard, Segment, Text
from hutong.channels.unsubscribing import ID_BYTES, seal, unseal
from hutong.foundation import ids

CODE_BYTES = 8
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
        return f"{settings.PUBLIC_URL}/l/{seal(b'l', bytes.fromhex(codes[url]) + member_id.bytes)}" if url in codes else url

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
    said = unseal(b"l", code)
    if said is None or len(said) != CODE_BYTES + ID_BYTES:
        return None
    return said[:CODE_BYTES].hex(), uuid.UUID(bytes=said[CODE_BYTES:])


def unsubscribe_url(*, member_id: uuid.UUID, account_id: uuid.UUID, run_id: uuid.UUID) -> str:
    """Where this member says that they want no more."""
    return f"{settings.PUBLIC_URL}/u/{seal(b'u', member_id.bytes + account_id.bytes + run_id.bytes)}"


def opened(token: str) -> Opened | None:
    """What an unsubscribing address says; None for one that is not ours."""
    said = unseal(b"u", token)
    if said is None or len(said) != 3 * ID_BYTES:
        return None
    return Opened(*(uuid.UUID(bytes=said[at : at + ID_BYTES]) for at in range(0, 3 * ID_BYTES, ID_BYTES)))
