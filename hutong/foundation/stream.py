"""Writing to the event stream from any layer. The stream itself lives in `events`; config installs it here."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that happened, to be recorded in the caller's transaction.

    `id` is unique in the workspace and makes recording twice harmless; made fresh when empty. `source` says who says so:
    `staff:<id>`, `key:<id>`, `tracker:<id>`, `import:<id>`, `account:<id>`, `system`. `origin_id` is the member the identity was made for,
    where it differs; `reply_to` the message answered, `addressed_id` its author.
    """

    workspace_id: uuid.UUID
    name: str
    member_id: uuid.UUID | None = None
    community_id: uuid.UUID | None = None
    group_id: uuid.UUID | None = None
    channel: str = ""
    occurred_at: dt.datetime | None = None
    source: str = "system"
    text: str = ""
    properties: dict[str, Any] = field(default_factory=dict)
    id: str = ""
    origin_id: uuid.UUID | None = None
    reply_to: str = ""
    addressed_id: uuid.UUID | None = None
    addressed_origin_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """The same fact of many members: `people` gives each one's member, origin and an id of the fact that is known to be new."""

    fact: Fact
    people: Sequence[tuple[uuid.UUID, uuid.UUID, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """A row of the records to be mirrored in a warehouse table, in stream order; the last one with its key wins."""

    table: str
    row: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """Rows of a warehouse table that mirror the records of these members may have changed; what the records say then is what counts.

    `key` says which of a member's rows: of an attribute, a tag, a segment.
    """

    workspace_id: uuid.UUID
    table: str
    key: str = ""
    member_ids: Sequence[uuid.UUID]


Entry = Fact | Crowd | Projection | Changed
_record: Callable[[list[Entry]], None] | None = None
_first: Callable[[uuid.UUID, Sequence[str]], set[str]] | None = None


def install(record: Callable[[list[Entry]], None], first: Callable[[uuid.UUID, Sequence[str]], set[str]]) -> None:
    """Called once by the composition root with the event log's writer, and its memory of what was done."""
    global _record, _first
    _record, _first = record, first


def record(*entries: Entry) -> None:
    """Append to the stream within the caller's transaction."""
    if _record is None:
        raise RuntimeError("the event stream is not installed: import hutong.config.features")
    _record(list(entries))


def first(workspace_id: uuid.UUID, keys: Sequence[str]) -> set[str]:
    """Which of these keys were never given before, as far back as ids of events are remembered. Within the transaction of what they name."""
    if _first is None:
        raise RuntimeError("the event stream is not installed: import hutong.config.features")
    return _first(workspace_id, keys)
