"""What is said, in either direction: where, by whom, of which parts."""

from __future__ import annotations

from typing import Literal

import msgspec

ChatKind = Literal["group", "dm", "channel", "list"]
SegmentKind = Literal["text", "mention", "image", "file", "link", "quote", "data"]


class Text(msgspec.Struct, frozen=True, tag="text", tag_field="kind", gc=False):
    """Plain text. Connectors escape it where their platform has a markup: it is shown as it is written."""

    text: str


class Mention(msgspec.Struct, frozen=True, tag="mention", tag_field="kind"):
    """Somebody called by name; `user_id` empty: everybody in the chat."""

    user_id: str
    name: str = ""


class Image(msgspec.Struct, frozen=True, tag="image", tag_field="kind"):
    """A picture. Going out, `file` names content the product keeps (`Link.read`); coming in, `url` is where the platform has it."""

    file: str = ""
    url: str = ""
    name: str = ""
    content_type: str = ""
    size_bytes: int | None = None
    description: str = ""


class File(msgspec.Struct, frozen=True, tag="file", tag_field="kind"):
    """Any other attachment, like `Image`. `type` is what imports call it: video, audio, file, sticker, location, contact, poll, card."""

    file: str = ""
    url: str = ""
    name: str = ""
    content_type: str = ""
    size_bytes: int | None = None
    type: str = "file"


class LinkCard(msgspec.Struct, frozen=True, tag="link", tag_field="kind"):
    """A link with its title; platforms without cards get the title and the address as text."""

    url: str
    title: str = ""
    description: str = ""
    image_url: str = ""


class Quote(msgspec.Struct, frozen=True, tag="quote", tag_field="kind"):
    """The message this one answers; first among the segments."""

    message_id: str


class Data(msgspec.Struct, frozen=True, tag="data", tag_field="kind", gc=False):
    """What a program is told, in place of a message: `data` is JSON as it goes out, `type` says what it is about. It goes alone."""

    type: str
    data: msgspec.Raw


Segment = Text | Mention | Image | File | LinkCard | Quote | Data


class Chat(msgspec.Struct, frozen=True, gc=False):
    """A place to talk. `id` is what history exported from the same platform calls it, so that both become one group."""

    id: str
    kind: ChatKind = "group"
    name: str = ""
    members: int | None = None


class Person(msgspec.Struct, frozen=True):
    """Somebody on the platform; `id` as history names them. `is_self`: this account itself."""

    id: str
    name: str = ""
    is_bot: bool = False
    is_self: bool = False
