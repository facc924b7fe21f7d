"""What a chat history says: one record per fact, one reject per line nobody could read.

Every format parser yields these and nothing else; the import job turns them into events.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal["message", "join", "leave", "rename", "recall", "reaction", "system"]
KINDS: tuple[Kind, ...] = ("message", "join", "leave", "rename", "recall", "reaction", "system")

AttachmentKind = Literal["image", "video", "audio", "file", "sticker", "link", "location", "contact", "poll", "card"]

EXCERPT_CHARS_MAX = 200


class Attachment(msgspec.Struct, kw_only=True, frozen=True):
    """That something was attached, never its bytes. `size` is in bytes, None where the file does not say."""

    kind: AttachmentKind
    name: str = ""
    size: int | None = None


class Record(msgspec.Struct, kw_only=True, gc=False):
    """One fact of the history.

    `line` is the 1-based line (text) or item (JSON, CSV) where it starts; `at_ms` is UTC epoch milliseconds.
    `sender_id` is stable on its platform, `sender_name` is kept exactly as written. What `text`, `subject_*` and `target_id`
    hold depends on `kind`:

    * message: the plain text; `reply_to` is the message answered or the thread's first message.
    * join: `sender` is who came; `subject` is who added them, where somebody did.
    * leave: `sender` is who left; `subject` is who removed them, where somebody did; `text` the reason.
    * rename: `sender` under the old name; `subject` the new one; `text` the new name.
    * recall: `target_id` is the withdrawn message, where the format says which.
    * reaction: `text` is the emoji, `target_id` the message, `subject` its author where known.
    * system: `text` is the line; `sender` who caused it, empty where nobody did.
    """

    line: int
    kind: Kind
    at_ms: int
    sender_id: str
    sender_name: str
    text: str = ""
    message_id: str = ""
    reply_to: str = ""
    subject_id: str = ""
    subject_name: str = ""
    target_id: str = ""
    attachments: tuple[Attachment, ...] = ()
    group: str = ""
    edited: bool = False
    bot: bool = False


class Reject(msgspec.Struct):
    """A line or item that could not be read: where, why (a code of `messages`), and its beginning."""

    line: int
    code: str
    params: dict[str, str | int]
    excerpt: str


class FileError(Exception):
    """The file as a whole cannot be read, or not past this point. `code` and `params` fill a text of `messages`."""

    def __init__(self, code: str, params: dict[str, str | int] | None = None) -> None:
        self.code = code
        self.params = params or {}
        super().__init__(code, self.params)


def reject(line: int, code: str, excerpt: str, **params: str | int) -> Reject:
    """A reject whose excerpt is cut to what a report can show."""
    return Reject(line, code, params, excerpt[:EXCERPT_CHARS_MAX])
