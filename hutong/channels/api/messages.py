"""What messages are made of: personal fields, attachments, and how a message will look on each platform."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpResponse
from ninja import File, Path, Status
from ninja.files import UploadedFile

from hutong.channels import previews, schemas
from hutong.channels.actions import attachments
from hutong.channels.api import READ, SEND, router
from hutong.workspaces.access import Request

Sha256 = Annotated[str, Path(min_length=64, max_length=64, pattern="^[0-9a-f]{64}$")]


@router.get(
    "/messages/fields", permission=READ, response=schemas.FieldList, operation_id="message_fields_list", summary="Personal fields a message may hold"
)
def message_fields_list(request: Request) -> object:
    return {"items": previews.fields(request.workspace)}


@router.post(
    "/messages/files", permission=SEND, response={201: schemas.AttachmentOut}, operation_id="message_files_upload", summary="Upload an attachment"
)
def message_files_upload(request: Request, file: File[UploadedFile]) -> Status[object]:
    return Status(201, attachments.keep(request.workspace, actor=request.actor, file=file))


@router.get(
    "/messages/files/{sha256}",
    permission=READ,
    operation_id="message_files_read",
    openapi_extra={
        "responses": {
            200: {"description": "The content", "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
        }
    },
    summary="An attachment that is kept: pictures to be shown, everything else to be saved",
)
def message_files_read(request: Request, sha256: Sha256) -> HttpResponse:
    body, kind = attachments.kept(request.workspace, sha256)
    response = HttpResponse(body, content_type=kind or attachments.UNKNOWN)
    # Nothing of it may run, whatever somebody uploaded under whatever name.
    response.headers["Content-Disposition"] = "inline" if kind else "attachment"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return response


@router.post(
    "/messages/previews",
    permission=READ,
    response=schemas.MessagePreviewOut,
    operation_id="messages_preview",
    summary="A message as each platform will show it, with what it will leave out",
)
def messages_preview(request: Request, body: schemas.MessagePreviewIn) -> object:
    return previews.preview(request.workspace, parts=body.parts, platforms=body.platforms, member_id=body.member_id, group_id=body.group_id)
