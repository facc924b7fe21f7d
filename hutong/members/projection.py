"""Members as the warehouse mirrors them: stays (rows of `memberships`), who they are (`people`) and their values (`member_values`).

Stays are told row by row; of the others it is told which members changed, and the records are read when that is shipped. The highest
version of a row counts.
"""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from hutong.foundation import clock, stream
from hutong.foundation.stream import Changed, Projection
from hutong.members import bulk
from hutong.members.models import AttributeValue, Identity, Member
from hutong.members.stays import Stay
from hutong.workspaces.models import Workspace

PEOPLE, VALUES = "people", "member_values"

NEVER = dt.datetime(2149, 6, 6, tzinfo=dt.UTC)  # the last day the warehouse can hold: the stay lasts
NEVER_SECONDS = NEVER.timestamp()

_lock = threading.Lock()
_last_version = 0


def next_version() -> int:
    """A number above every one given before, by this process and by earlier ones."""
    global _last_version
    with _lock:
        _last_version = max(_last_version + 1, clock.now_ms() * 1_000_000)
        return _last_version


def stay_row(
    stay: Stay, *, workspace_id: uuid.UUID, community_id: uuid.UUID, group_id: uuid.UUID, channel: str, time_zone: str, member_id: uuid.UUID,
    version: int, is_deleted: bool = False,
) -> Projection:  # fmt: skip
    """The row of one stay; days are those of the community's zone."""
    joined_day = clock.local_date(clock.from_ms(stay.joined), time_zone)
    left_day = NEVER.date() if stay.left is None else clock.local_date(clock.from_ms(stay.left), time_zone)
    return Projection(
        table="memberships",
        row={
            "workspace_id": str(workspace_id),
            "community_id": str(community_id),
            "group_id": str(group_id),
            "channel": channel,
            "member_id": str(member_id),
            "membership_id": str(stay.id),
            "joined_at": stay.joined / 1000,
            "left_at": NEVER_SECONDS if stay.left is None else stay.left / 1000,
            "joined_day": joined_day.isoformat(),
            "left_day": left_day.isoformat(),
            "version": version,
            "is_deleted": int(is_deleted),
        },
    )


def mark_people(workspace_id: uuid.UUID, member_ids: Iterable[uuid.UUID]) -> None:
    """The row of these members in `people` may have changed: name, first sight, channels, flags, being there. Within the change's transaction."""
    _mark(PEOPLE, workspace_id, "", member_ids)


def mark_values(workspace_id: uuid.UUID, key: str, member_ids: Iterable[uuid.UUID]) -> None:
    """The values of these members under a key may have changed. Within the change's transaction."""
    _mark(VALUES, workspace_id, key, member_ids)


def _mark(table: str, workspace_id: uuid.UUID, key: str, member_ids: Iterable[uuid.UUID]) -> None:
    named = list(member_ids)
    if named:
        stream.record(Changed(workspace_id=workspace_id, table=table, key=key, member_ids=named))


def time_zone(workspace_id: uuid.UUID | str) -> str:
    """The zone in which days of the whole workspace are told."""
    return Workspace.objects.values_list("time_zone", flat=True).filter(pk=workspace_id).first() or "UTC"


def people_rows(workspace_id: str, key: str, member_ids: Sequence[str]) -> list[dict[str, Any]]:
    """Rows of `people`."""
    there: dict[str, dict[str, Any]] = {}
    channels: dict[str, set[str]] = {}
    for chunk in bulk.chunks([uuid.UUID(one) for one in member_ids]):
        rows = Member.objects.in_workspace(workspace_id).filter(pk__in=chunk, merged_into=None)
        for pk, name, first_seen_at, is_anonymous, is_bot, is_sample in rows.values_list(
            "pk", "name", "first_seen_at", "is_anonymous", "is_bot", "is_sample"
        ):
            seen = clock.to_ms(first_seen_at) / 1000
            there[str(pk)] = {"name": name, "first_seen_at": seen, "is_anonymous": is_anonymous, "is_bot": is_bot, "is_sample": is_sample}
        for member_id, channel in Identity.objects.in_workspace(workspace_id).filter(member_id__in=chunk).values_list("member_id", "channel"):
            channels.setdefault(str(member_id), set()).add(channel)
    return [
        {
            "workspace_id": workspace_id,
            "member_id": one,
            "channels": sorted(channels.get(one, ())),
            **there.get(one, {}),
            "is_deleted": int(one not in there),
        }
        for one in member_ids
    ]


def value_rows(workspace_id: str, key: str, member_ids: Sequence[str]) -> list[dict[str, Any]]:
    """Rows of `member_values` for one attribute."""
    there: dict[str, dict[str, Any]] = {}
    for chunk in bulk.chunks([uuid.UUID(one) for one in member_ids]):
        values = AttributeValue.objects.in_workspace(workspace_id).filter(member_id__in=chunk, attribute__key=key)
        for member_id, kind, value in values.values_list("member_id", "attribute__type", "value"):
            row = there[str(member_id)] = {_COLUMNS[kind][0]: _COLUMNS[kind][1](value)}
            if kind == "birthday" and len(value) == len("1990-05-17"):
                row["day"] = dt.date.fromisoformat(value).toordinal()
    return [
        {"workspace_id": workspace_id, "key": key, "member_id": one, **there.get(one, {}), "is_deleted": int(one not in there)} for one in member_ids
    ]


def _as_it_is(value: Any) -> Any:
    return value


# Where `member_values` keeps a value of each type. Days are numbers, birthdays month and day without the year: 517 is the 17th of May. Where
# the year of a birthday is known, its day is kept as well, for ages.
_COLUMNS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "text": ("text", _as_it_is),
    "number": ("number", _as_it_is),
    "boolean": ("boolean", _as_it_is),
    "list": ("items", _as_it_is),
    "date": ("day", lambda value: dt.date.fromisoformat(value).toordinal()),
    "birthday": ("month_day", lambda value: int(value[-5:-3]) * 100 + int(value[-2:])),
}
