"""Keeping what people attach to messages."""

from __future__ import annotations

import mimetypes
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from hutong.channels import files
from hutong.channels.errors import FileTooLarge
from hutong.channels.models import KeptFile
from hutong.foundation.errors import NotFound
from hutong.foundation.text import one_line
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF87a": "image/gif", b"GIF89a": "image/gif"}
UNKNOWN = "application/octet-stream"


def keep(workspace: Workspace, *, actor: Actor, file: UploadedFile[bytes]) -> dict[str, Any]:
    """Store a file that somebody chose. Raises FileTooLarge, Invalid. The kind is read from the content, not believed."""
    if (file.size or 0) > files.FILE_BYTES_MAX:
        raise FileTooLarge(mb=files.FILE_BYTES_MAX // 1024**2)
    name = one_line("file", (file.name or "file").replace("\\", "/").rpartition("/")[2], length_max=300)
    body = file.read()
    kind = content_type_of(name, body)
    with transaction.atomic():
        sha256 = files.keep(workspace.pk, body, content_type=kind)
        details = {"sha256": sha256, "content_type": kind, "size_bytes": len(body)}
        audit.write(workspace, actor=actor, action="message_file.upload", target_kind="keptfile", target_name=name, details=details)
    return {"file": sha256, "name": name, "content_type": kind, "size_bytes": len(body), "kind": "image" if kind.startswith("image/") else "file"}


def content_type_of(name: str, body: bytes) -> str:
    """What the content is: pictures by their first bytes, the rest by the name; never a page or a script a browser would run."""
    picture = picture_type(body)
    if picture:
        return picture
    guessed = mimetypes.guess_type(name)[0] or UNKNOWN
    is_shown = guessed.startswith("image/") or any(word in guessed for word in ("html", "svg", "xml", "script"))
    return UNKNOWN if is_shown else guessed


def picture_type(body: bytes) -> str:
    """The kind of a picture by its first bytes; empty where it is none that every browser shows and none runs."""
    for start, kind in PICTURES.items():
        if body.startswith(start):
            return kind
    return "image/webp" if body[:4] == b"RIFF" and body[8:12] == b"WEBP" else ""


def kept(workspace: Workspace, sha256: str) -> tuple[bytes, str]:
    """The content of a kept file, and its kind where it is a picture that can be shown. Raises NotFound."""
    body = KeptFile.objects.in_workspace(workspace).filter(sha256=sha256).values_list("body", flat=True).first()
    if body is None:
        raise NotFound("file")
    found = bytes(body)
    return found, picture_type(found)
