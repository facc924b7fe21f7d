"""The shapes of bulk edits at HTTP."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, model_validator

from hutong.foundation.errors import Invalid
from hutong.members.schemas import Body, MemberQuery, PageQuery
from hutong.segments.actions.edits import MEMBERS_MAX
from hutong.segments.queries.edits import IDS_MAX

CHANGES_MAX = 50
State = Literal["running", "done", "cancelled", "failed", "undoing", "undone"]
Key = Annotated[str, Field(min_length=1, max_length=60, examples=["city"])]


class EditFilter(MemberQuery):
    """The filter of the members list."""

    model_config = ConfigDict(extra="forbid")


class Whom(Body):
    """Whose members: exactly one of the three."""

    ids: Annotated[list[uuid.UUID], Field(min_length=1, max_length=IDS_MAX)] | None = None
    segment_id: uuid.UUID | None = None
    filter: EditFilter | None = Field(None, description="As the members list is filtered; `{}` is everybody.")

    @model_validator(mode="after")
    def _one(self) -> Whom:
        if sum(one is not None for one in (self.ids, self.segment_id, self.filter)) != 1:
            raise Invalid.field("members", "请给出 ids、segment_id 或 filter 中的一项。", "Give exactly one of ids, segment_id, filter.")
        return self

    def plain(self) -> dict[str, Any]:
        """As it is kept with the edit."""
        kept = self.model_dump(mode="json", exclude_none=True)
        if self.filter is not None:
            kept["filter"] = self.filter.model_dump(mode="json", exclude_defaults=True)
        return kept


class Change(Body):
    """What to do to each: at least one of the four."""

    add_tags: Annotated[list[uuid.UUID], Field(max_length=CHANGES_MAX)] = []
    remove_tags: Annotated[list[uuid.UUID], Field(max_length=CHANGES_MAX)] = []
    set: Annotated[dict[Key, Any], Field(max_length=CHANGES_MAX, examples=[{"city": "北京"}])] = {}
    clear: Annotated[list[Key], Field(max_length=CHANGES_MAX)] = []


class EditBody(Body):
    """A bulk edit."""

    members: Whom
    change: Change


class EditPreviewBody(Body):
    """Whom a bulk edit would be for."""

    members: Whom


class EditPreviewOut(Schema):
    """How many members a bulk edit would be for now."""

    count: int = Field(examples=[1280])
    limit: int = Field(description="How many one edit may change.", examples=[MEMBERS_MAX])


class TagRef(Schema):
    """A tag by id and the name it had."""

    id: uuid.UUID
    name: str


class ChangeOut(Schema):
    """What an edit does to each."""

    add_tags: list[TagRef]
    remove_tags: list[TagRef]
    set: dict[str, Any]
    clear: list[str]


class SegmentRef(Schema):
    """A segment by id; its name is null when it is gone."""

    id: uuid.UUID
    name: str | None


class WhomOut(Schema):
    """Whom an edit was for, as it was said then."""

    kind: Literal["ids", "segment", "filter"]
    segment: SegmentRef | None
    filter: dict[str, Any] | None


class EditOut(Schema):
    """A bulk edit with how far it is."""

    id: uuid.UUID
    members: WhomOut
    change: ChangeOut
    state: State
    members_total: int | None = Field(description="Null until whom it is for is written down.", examples=[1280])
    members_seen: int = Field(description="Of those, how many it has come to.", examples=[500])
    members_changed: int = Field(description="Of those, how many it changed; the others were so already.", examples=[480])
    members_restored: int = Field(description="Of an undoing: members who got something back.")
    members_kept: int = Field(description="Of an undoing: members of whom something was changed again since, and left so.")
    error: str = Field(description="`job_died`, or empty.")
    by_name: str
    created_at: dt.datetime
    finished_at: dt.datetime | None
    undone_at: dt.datetime | None
    undo_until: dt.datetime | None = Field(description="Until when it can be undone; null: not now.")


class EditPage(Schema):
    """A page of bulk edits, newest first."""

    items: list[EditOut]
    next_cursor: str | None


class EditQuery(PageQuery):
    """Which page of bulk edits."""
