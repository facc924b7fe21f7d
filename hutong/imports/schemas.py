"""Shapes of imports at the HTTP edge."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

from hutong.foundation.pages import PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX
from hutong.imports.models import KINDS, STATES
from hutong.imports.tables.choices import STATUSES_MAX
from hutong.imports.tables.files import LIST_COLUMNS_MAX

State = Literal[
    "uploaded", "checking", "checked", "waiting", "running", "finishing", "done", "failed", "cancelling", "cancelled", "undoing", "undone"
]
Kind = Literal["history", "members", "orders"]
Step = Literal["change", "check", "run", "cancel", "undo", "discard"]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
GroupName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]

WhenFound = Literal["fill", "overwrite", "skip"]
WhenMissing = Literal["make", "skip"]
BadCell = Literal["row", "cell"]
OrderStatus = Literal["paid", "refunded", "skip"]
AttributeType = Literal["text", "number", "boolean", "date", "birthday", "list"]
MAPPING = (
    "Column -> what it is: name, tags, identity:<channel>, attribute:<key>, new:<type> (an attribute made by the import), and of orders order_id, time, amount,"
    " currency, product, items, status, community. Columns left out are not read"
)

GROUPS_MAX = 2000

assert tuple(Kind.__args__) == tuple(KINDS)  # type: ignore[attr-defined]  # noqa: S101
assert tuple(State.__args__) == tuple(STATES)  # type: ignore[attr-defined]  # noqa: S101 (the two lists must not part)


class FileOut(Schema):
    """A dropped file."""

    name: str = Field(examples=["聊天记录.txt"])
    bytes: int
    sha256: str


class NamedOut(Schema):
    """A community or group by id and name."""

    id: UUID
    name: str


class FormatOut(Schema):
    """A format that can be read."""

    name: str = Field(examples=["telegram"])
    title: str = Field(description="In the reader's language", examples=["Telegram Desktop (result.json)"])
    channel: str = Field(description="The channel its groups are on; empty where the person says it", examples=["telegram"])
    extensions: list[str]
    needs_mapping: bool = Field(description="A table whose columns have to be named")


class DetectionOut(Schema):
    """What was found in the files."""

    format: str
    title: str
    channel: str
    confidence: float
    alternatives: list[str] = Field(description="Other formats the file could be read as, best first")
    groups: list[str] = Field(description="Groups the files name, at most 2,000")
    date: dt.date | None = Field(description="The day a file name states, for logs that state none in their lines")
    date_order: Literal["dmy", "mdy", "ymd"] | None
    date_order_ambiguous: bool = Field(description="Day and month cannot be told apart: ask the person")
    times_have_zone: bool = Field(description="False: the time zone of the export has to be chosen")
    encoding: str
    columns: list[str] = Field(description="Columns of a table")
    mapping: dict[str, str] = Field(description="Suggested field -> column")
    mapping_source: Literal["suggested", "remembered", "none"]
    skipped: list[str] = Field(description="Files of an archive that hold no history")


class PreviewRecord(Schema):
    """One of the first records as it will be read."""

    line: int
    kind: Literal["message", "join", "leave", "rename", "recall", "reaction", "system"]
    at: dt.datetime
    sender: str
    text: str = Field(description="The first 500 characters")
    group: str
    subject: str
    reply_to: str
    attachments: list[str] = Field(description="Kinds of what was attached")


class RejectOut(Schema):
    """A place that could not be read."""

    file: str
    line: int = Field(description="Line of a text, item of a JSON or CSV file; 0 for the file as a whole")
    code: str
    message: str = Field(description="What, where and how to mend it, in the reader's language")
    excerpt: str


class ImportPreview(Schema):
    """The beginning of the history with the present choices."""

    records: list[PreviewRecord]
    rejects: list[RejectOut]


class GroupChoice(Schema):
    """Where the messages of one group of the file go: an existing group, or a new one by name, or nowhere."""

    model_config = ConfigDict(extra="forbid")
    group_id: UUID | None = None
    name: GroupName | None = None
    skip: bool = False


class OptionsOut(Schema):
    """What the person has chosen so far."""

    format: str
    channel: str
    community_id: UUID | None
    community_name: str = Field(description="Of a community to be made")
    group_id: UUID | None
    group_name: str = Field(description="Of a group to be made")
    groups: dict[str, GroupChoice] = Field(description="Group named in the file -> where it goes; those left out are made under their own names")
    time_zone: str
    date: dt.date | None
    date_order: Literal["dmy", "mdy", "ymd"] | None
    encoding: str = Field(description="Empty: found out by itself")
    mapping: dict[str, str]
    table: ListChoices | None = Field(None, description="Of a list")


class ListChoices(Schema):
    """What was chosen for a list."""

    sheet: str = Field(description="Empty: the first one with anything in it")
    has_header: bool | None = Field(description="Whether the first row holds headings; null: found out")
    mapping: dict[str, str] = Field(description=MAPPING, examples=[{"手机号": "attribute:phone", "会员号": "identity:user_id"}])
    keys: list[str] = Field(description="Targets by which members are found, in order", examples=[["identity:user_id", "attribute:phone"]])
    when_found: WhenFound = Field(description="What a row does to a member it finds: fill what is empty, overwrite, or nothing")
    when_missing: WhenMissing = Field(description="What a row does that finds nobody")
    bad_cell: BadCell = Field(description="A cell that cannot be read leaves out its whole row, or only itself")
    statuses: dict[str, OrderStatus] = Field(description="Word of the status column -> what it means; those left out are guessed")
    currency: str = Field(description="Of amounts that name none (ISO 4217)", examples=["CNY"])


class ListColumn(Schema):
    """A column of a list."""

    name: str
    samples: list[str] = Field(description="At most 3 of its values")
    type: AttributeType = Field(description="The type of attribute its values would make")


class ListProblem(Schema):
    """Something in a row that cannot be read."""

    code: str
    message: str
    is_left_out: bool = Field(description="The whole row is; else only the cell")


class ListRow(Schema):
    """One of the first rows."""

    line: int = Field(description="As a spreadsheet numbers it: the headings are row 1")
    cells: list[str]
    problems: list[ListProblem]
    is_skipped: bool = Field(description="An order whose status is left out")


class ListAmount(Schema):
    """What orders of one currency add up to."""

    currency: str
    paid: str = Field(examples=["12847.50"])
    refunded: str


class ReasonOut(Schema):
    """How often something could not be read."""

    code: str
    message: str
    count: int


class GroupCount(Schema):
    """A group named in the files and what the check counted in it."""

    name: str
    messages: int
    joins: int
    leaves: int


class CheckOut(Schema):
    """What the files hold, counted by reading all of them once. What several of them hold counts once, but in `records`."""

    records: int = Field(description="All that was read; less `already_there`, what the run will add")
    messages: int
    members: int = Field(description="Different people who wrote, came, left or reacted")
    joins: int
    leaves: int
    renames: int
    recalls: int
    reactions: int
    notices: int
    days: int = Field(description="Local days with at least one record")
    first_at: dt.datetime | None
    last_at: dt.datetime | None
    already_there: int = Field(description="Records that the group has, or that came before in these files")
    rejected: int
    reasons: list[ReasonOut]
    groups: list[GroupCount]
    seconds: float


class ProgressOut(Schema):
    """How far a job is. Counts never go back."""

    phase: Literal["check", "import", "finish", "remove"]
    percent: float = Field(ge=0, le=100)
    bytes_read: int
    bytes_total: int
    records_read: int
    added: int
    already_there: int
    rejected: int
    records_per_second: int
    seconds_left: int | None
    seconds: float


class ListCounts(Schema):
    """What rows of a list came to. Members: rows = made + updated + unchanged + skipped + rejected. Orders: rows = paid + refunded + already_there + skipped + rejected."""

    rows: int
    made: int = Field(description="Members made")
    updated: int = Field(description="Rows that changed a member who was there")
    unchanged: int
    skipped: int = Field(description="Rows left out by choice")
    values: int = Field(description="Values, names and identities changed on members who were there")
    paid: int
    refunded: int
    already_there: int = Field(description="Orders that are there, or came before in the file")
    rejected: int
    cells: int = Field(description="Cells left out because they cannot be read")
    reasons: list[ReasonOut]
    amounts: list[ListAmount]
    first_at: dt.datetime | None
    last_at: dt.datetime | None
    seconds: float


class ListUndone(Schema):
    """What taking a list out did. What had to stay is listed by the rejects, with the reason."""

    members_removed: int
    members_kept: int
    values_back: int
    values_kept: int
    names_back: int
    names_kept: int
    identities_removed: int
    identities_kept: int
    orders_removed: int
    tags_back: int = Field(description="Tags taken off again")


class ListDetail(Schema):
    """All about an import of a list that a history does not have."""

    sheets: list[str] = Field(description="Of a workbook")
    sheet: str
    has_header: bool
    columns: list[ListColumn]
    statuses: dict[str, OrderStatus | None] = Field(description="Words of the status column among the first rows, with what they seem to mean")
    rows: list[ListRow]
    checked: ListCounts | None = Field(description="What the check counted; the run will come to the same")
    result: ListCounts | None = Field(description="What the run has done so far")
    undone: ListUndone | None


class ErrorOut(Schema):
    """Why an import stopped."""

    code: str
    message: str


class ImportOut(Schema):
    """An import as a list shows it."""

    id: UUID
    kind: Kind
    state: State
    files: list[FileOut] = Field(description="The first 20")
    file_count: int
    bytes: int = Field(description="Of all files")
    format: str
    title: str = Field(description="Name of the format in the reader's language")
    community: NamedOut | None
    group: NamedOut | None
    groups: list[NamedOut] = Field(description="Every group the import adds to, once it has started")
    progress: ProgressOut | None
    error: ErrorOut | None
    steps: list[Step] = Field(description="What may be done now")
    created_by_name: str
    created_at: dt.datetime
    started_at: dt.datetime | None
    finished_at: dt.datetime | None


class ImportDetail(ImportOut):
    """An import with everything needed to decide about it."""

    detection: DetectionOut
    options: OptionsOut
    keep_good_rows: bool
    missing: list[str] = Field(description="Options still to be chosen: community, group, time_zone, date, date_order, mapping, keys")
    preview: ImportPreview
    checked: CheckOut | None = Field(description="Of a history")
    table: ListDetail | None = Field(description="Of a list")


class ImportPage(Schema):
    """A page of imports, newest first."""

    items: list[ImportOut]
    next_cursor: str | None


class ListChange(Schema):
    """Choices about a list to change; those left out stay."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"when_found": "overwrite", "keys": ["attribute:phone"]}]})
    sheet: Annotated[str, StringConstraints(max_length=100)] | None = None
    has_header: bool | None = None
    mapping: (
        Annotated[dict[str, Annotated[str, StringConstraints(max_length=80)]], Field(max_length=LIST_COLUMNS_MAX, description=MAPPING)] | None
    ) = None
    keys: Annotated[list[Annotated[str, StringConstraints(max_length=80)]], Field(max_length=20)] | None = None
    when_found: WhenFound | None = None
    when_missing: WhenMissing | None = None
    bad_cell: BadCell | None = None
    statuses: Annotated[dict[str, OrderStatus], Field(max_length=STATUSES_MAX)] | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None


class ImportChange(Schema):
    """Choices to change; those left out stay. Null takes a choice back."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"community_name": "胡同读书会", "group_name": "一群", "time_zone": "Asia/Shanghai", "keep_good_rows": True}]
        },
    )
    format: Annotated[str, StringConstraints(max_length=30)] | None = None
    channel: Annotated[str, StringConstraints(max_length=30, pattern=r"^[a-z0-9_]*$")] | None = None
    community_id: UUID | None = None
    community_name: Name | None = None
    group_id: UUID | None = None
    group_name: GroupName | None = None
    groups: Annotated[dict[str, GroupChoice], Field(max_length=GROUPS_MAX)] | None = None
    time_zone: Annotated[str, StringConstraints(max_length=64)] | None = None
    date: dt.date | None = None
    date_order: Literal["dmy", "mdy", "ymd"] | None = None
    encoding: Annotated[str, StringConstraints(max_length=40)] | None = None
    mapping: Annotated[dict[str, Annotated[str, StringConstraints(max_length=200)]], Field(max_length=40)] | None = None
    keep_good_rows: bool | None = None
    table: ListChange | None = None


class CreateQuery(Schema):
    """How dropped files are to be read where that cannot be found out."""

    model_config = ConfigDict(extra="forbid")
    encoding: Annotated[str, StringConstraints(max_length=40)] = Field(
        "", description="Text encoding, such as big5; empty: found out by itself", examples=["big5"]
    )
    kind: Kind = Field("history", description="What the files are: a chat history, a list of members, or a list of orders", examples=["members"])


class PageQuery(Schema):
    """Which page of a list."""

    model_config = ConfigDict(extra="forbid")
    cursor: Annotated[str, StringConstraints(max_length=500)] | None = Field(None, description="`next_cursor` of the page before")
    limit: int = Field(PAGE_SIZE_DEFAULT, ge=1, le=PAGE_SIZE_MAX)


class RejectPage(Schema):
    """A page of rejects in the order of the files."""

    items: list[RejectOut]
    next_cursor: str | None
