"""What was said in a talk on a page: kept once by its key, read from any message on."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

import msgspec
from django.conf import settings
from django.db import transaction

from hutong.channels.contract import File, Image, LinkCard, Mention, Refused, Segment, Text
from hutong.channels.models import Account, KeptFile, SiteFile, SiteMessage
from hutong.channels.site import waking
from hutong.foundation import clock

SHOWN_MAX = 50
KEPT_DAYS = 180

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(tuple[Segment, ...]).decode


def leave(workspace_id: uuid.UUID, account_id: uuid.UUID, chat_id: str, *, key: str, segments: Sequence[Segment]) -> str:
    """An answer of ours, kept for the visitor; the same key again is the same answer. Gives its id."""
    with transaction.atomic():
        row, is_new = _kept(workspace_id, account_id, chat_id, key=key, segments=segments, is_own=True)
        if is_new:
            transaction.on_commit(lambda: waking.ring(account_id, chat_id))
    return str(row.pk)


def heard(account: Account, chat_id: str, *, key: str, segments: Sequence[Segment]) -> bool:
    """What a visitor said. Within a transaction. False where it came before. Raises Refused for a file that was not uploaded for it."""
    named = {segment.file for segment in segments if isinstance(segment, (Image, File))}
    if SiteFile.objects.in_workspace(account.workspace_id).filter(account=account, sha256__in=named).count() < len(named):
        raise Refused("malformed", "附件没有先上传。请重新选择文件。", "The attachment was not uploaded first. Choose the file again.")
    _, is_new = _kept(account.workspace_id, account.pk, chat_id, key=key, segments=segments, is_own=False)
    if is_new:
        transaction.on_commit(lambda: waking.ring(account.pk, chat_id))
    return is_new


def read(account: Account, chat_id: str, *, after: uuid.UUID | None) -> list[dict[str, Any]]:
    """The talk as the script shows it, oldest first: what came after a message, or the latest."""
    rows = SiteMessage.objects.in_workspace(account.workspace_id).filter(account=account, chat_ref=chat_id)
    found = list(rows.order_by("-id")[:SHOWN_MAX])[::-1] if after is None else list(rows.filter(pk__gt=after).order_by("id")[:SHOWN_MAX])
    return [_shown(account, row) for row in found]


def file(account: Account, sha256: str) -> tuple[bytes, str, str] | None:
    """Content, kind and name of a file of the account's talks."""
    named = SiteFile.objects.in_workspace(account.workspace_id).filter(account=account, sha256=sha256).first()
    kept = KeptFile.objects.in_workspace(account.workspace_id).filter(sha256=sha256).first() if named else None
    return None if named is None or kept is None else (bytes(kept.body), kept.content_type, named.name)


def offer(account: Account, sha256: str, name: str) -> None:
    """From now on that file is one of the account's talks. Within a transaction."""
    _offer(account.workspace_id, account.pk, sha256, name)


def url(account_id: uuid.UUID | str, sha256: str) -> str:
    """Where such a file is fetched, on this host. Whoever knows its content's digest may."""
    return f"/w/{account_id}/files/{sha256}"


def snippet(account_id: uuid.UUID | str) -> str:
    """The line that puts the chat on a page."""
    return f'<script src="{settings.PUBLIC_URL}/w/{account_id}.js" async></script>'


def prune(*, rows_max: int = 20_000) -> None:
    """Every hour: forget what was said long ago."""
    rows = SiteMessage.objects.across_workspaces()
    old = rows.filter(at__lt=clock.now() - dt.timedelta(days=KEPT_DAYS)).order_by()
    rows.filter(pk__in=list(old.values_list("pk", flat=True)[:rows_max])).delete()


def _kept(
    workspace_id: uuid.UUID, account_id: uuid.UUID, chat_id: str, *, key: str, segments: Sequence[Segment], is_own: bool
) -> tuple[SiteMessage, bool]:
    for segment in segments:
        if isinstance(segment, (Image, File)) and segment.file:
            _offer(workspace_id, account_id, segment.file, segment.name)
    return SiteMessage.objects.in_workspace(workspace_id).get_or_create(
        account_id=account_id,
        chat_ref=chat_id,
        key=key,
        is_own=is_own,
        defaults={"workspace_id": workspace_id, "body": _encode(tuple(segments))},
    )


def _offer(workspace_id: uuid.UUID, account_id: uuid.UUID, sha256: str, name: str) -> None:
    rows = SiteFile.objects.in_workspace(workspace_id)
    rows.get_or_create(account_id=account_id, sha256=sha256, defaults={"workspace_id": workspace_id, "name": name[:300]})


def _shown(account: Account, row: SiteMessage) -> dict[str, Any]:
    found: dict[str, Any] = {"id": str(row.pk), "key": row.key if not row.is_own else "", "own": row.is_own, "at": clock.to_ms(row.at), "parts": []}
    for segment in _decode(bytes(row.body)):
        if isinstance(segment, Text):
            found["parts"].append({"kind": "text", "text": segment.text})
        elif isinstance(segment, Mention):
            found["parts"].append({"kind": "text", "text": f"@{segment.name or segment.user_id} "})
        elif isinstance(segment, LinkCard):
            found["parts"].append({"kind": "link", "url": segment.url, "name": segment.title or segment.url})
        elif isinstance(segment, (Image, File)):
            kind = "image" if isinstance(segment, Image) else "file"
            found["parts"].append({"kind": kind, "url": url(account.pk, segment.file) if segment.file else segment.url, "name": segment.name})
    return found
