"""Attachments that go out: kept once under their SHA-256, read by connectors."""

from __future__ import annotations

import hashlib
import uuid

from hutong.channels.contract import Refused
from hutong.channels.errors import FileTooLarge
from hutong.channels.models import KeptFile

FILE_BYTES_MAX = 20 * 1024 * 1024


def keep(workspace_id: uuid.UUID, body: bytes, *, content_type: str = "") -> str:
    """Store content and give the name by which `contract.Image.file` says it. Within a transaction."""
    if len(body) > FILE_BYTES_MAX:
        raise FileTooLarge(mb=FILE_BYTES_MAX // 1024**2)
    sha256 = hashlib.sha256(body).hexdigest()
    KeptFile.objects.in_workspace(workspace_id).get_or_create(
        workspace_id=workspace_id, sha256=sha256, defaults={"content_type": content_type, "size_bytes": len(body), "body": body}
    )
    return sha256


def read(workspace_id: uuid.UUID, name: str) -> bytes:
    """Kept content. Raises Refused when there is none."""
    found = KeptFile.objects.in_workspace(workspace_id).filter(sha256=name).values_list("body", flat=True).first()
    if found is None:
        raise Refused("content", "附件已不存在，请重新添加后再发。", "The attachment is gone. Add it again and send anew.")
    return bytes(found)
