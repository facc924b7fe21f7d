"""Messages at HTTP: the parts that a person writes, read into the contract's segments and said back. Every feature that sends uses these shapes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

import msgspec
from ninja import Schema
from pydantic import ConfigDict, Field

from hutong.channels import personal
from hutong.channels.contract import Data, File, Image, LinkCard, Mention, Segment, Text
from hutong.channels.models import KeptFile
from hutong.channels.personal import Draft
from hutong.foundation.errors import Invalid
from hutong.foundation.text import many_lines, one_line

PARTS_MAX = 20
TEXT_LENGTH_MAX = 10_000
URL_LENGTH_MAX = 2_000
SCHEMES = ("https://", "http://")


class PartIn(Schema):
    """One part of a message. Text, titles and addresses may hold personal fields such as {{name|朋友}}; `file` names an uploaded file."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["text", "mention_all", "image", "file", "link"]
    text: Annotated[str, Field(max_length=20_000)] = ""
    file: Annotated[str, Field(max_length=64, description="SHA-256 of an uploaded file")] = ""
    name: Annotated[str, Field(max_length=300)] = ""
    url: Annotated[str, Field(max_length=URL_LENGTH_MAX)] = ""
    title: Annotated[str, Field(max_length=300)] = ""
    description: Annotated[str, Field(max_length=1_000)] = ""
    image_url: Annotated[str, Field(max_length=URL_LENGTH_MAX)] = ""


Parts = Annotated[list[PartIn], Field(min_length=1, max_length=PARTS_MAX, examples=[[{"kind": "text", "text": "{{name|朋友}}，你好"}]])]


class PartOut(PartIn):
    """One part of a message as it is kept."""

    content_type: str = ""
    size_bytes: int | None = None


def read(workspace_id: uuid.UUID, parts: Sequence[PartIn], *, also: Sequence[str] = (), where: str = "parts") -> Draft:
    """The draft that somebody wrote, checked: files exist, addresses are addresses, fields are known. Raises Invalid at `<where>.<index>...`."""
    segments = [_segment(workspace_id, part, f"{where}.{index}") for index, part in enumerate(parts)]
    if not segments:
        raise Invalid.field(where, "请填写消息内容。", "Write a message.")
    return personal.read(workspace_id, segments, also=also, where=where)


def said(segments: Sequence[Segment]) -> list[dict[str, object]]:
    """Segments as `PartOut` says them."""
    return [_part(segment) for segment in segments]


def again(parts: Sequence[Mapping[str, object]]) -> tuple[Segment, ...]:
    """Segments from what `said` gave of them."""
    return tuple(Mention(user_id="") if one["kind"] == "mention_all" else msgspec.convert(one, Segment) for one in parts)


def stored(segments: Sequence[Segment]) -> list[dict[str, object]]:
    """Segments for a JSON column; `kept` reads them back."""
    found: list[dict[str, object]] = msgspec.to_builtins(list(segments))
    return found


def kept(value: object) -> tuple[Segment, ...]:
    """Segments from a JSON column."""
    return msgspec.convert(value, tuple[Segment, ...])


def _segment(workspace_id: uuid.UUID, part: PartIn, where: str) -> Segment:
    if part.kind == "text":
        text = many_lines(f"{where}.text", part.text, length_max=TEXT_LENGTH_MAX)
        if not text:
            raise Invalid.field(f"{where}.text", "请填写要发送的内容。", "Write something to send.")
        return Text(text)
    if part.kind == "mention_all":
        return Mention(user_id="")
    if part.kind == "link":
        return LinkCard(
            url=_url(f"{where}.url", part.url),
            title=one_line(f"{where}.title", part.title, length_max=300, required=False),
            description=many_lines(f"{where}.description", part.description, length_max=1_000),
            image_url=_url(f"{where}.image_url", part.image_url) if part.image_url else "",
        )
    file = KeptFile.objects.in_workspace(workspace_id).filter(sha256=part.file).values_list("content_type", "size_bytes").first()
    if file is None:
        raise Invalid.field(f"{where}.file", "附件已不存在，请重新上传。", "The attachment is gone. Upload it again.")
    name = one_line(f"{where}.name", part.name, length_max=300, required=False)
    if part.kind == "image":
        if not file[0].startswith("image/"):
            raise Invalid.field(f"{where}.file", "这不是图片，请作为文件添加。", "This is not a picture. Add it as a file.")
        return Image(file=part.file, name=name, content_type=file[0], size_bytes=file[1], description=part.description)
    return File(file=part.file, name=name, content_type=file[0], size_bytes=file[1])


def _url(where: str, url: str) -> str:
    clean = one_line(where, url, length_max=URL_LENGTH_MAX)
    if not clean.startswith(SCHEMES):
        raise Invalid.field(where, "网址须以 https:// 开头。", "An address begins with https://.")
    return clean


def _part(segment: Segment) -> dict[str, object]:
    if isinstance(segment, Mention):
        return (
            {"kind": "mention_all", "name": segment.name} if not segment.user_id else {"kind": "text", "text": f"@{segment.name or segment.user_id} "}
        )
    if isinstance(segment, Data):
        return {"kind": "text", "text": segment.type}
    found: dict[str, object] = {name: value for name, value in msgspec.to_builtins(segment).items() if name in PartOut.model_fields}
    return found
