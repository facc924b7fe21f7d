"""Lists of members: filtered, sorted by an index, paged by the last row's values, fast at half a million."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Subquery

from hutong.communities.models import Community, Group
from hutong.foundation import clock, pages
from hutong.foundation.errors import Invalid, NotFound
from hutong.members import among, bulk
from hutong.members.models import Identity, Member, Membership, Participation
from hutong.members.names import folded
from hutong.workspaces.models import Workspace

COUNT_MAX = 10_000
EXPORT_PAGE_SIZE = 1_000
SORTED_IN_MEMORY_MAX = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFilter:
    """Which members, and in which order. Days are local days of the community, or of the workspace without one."""

    q: str = ""
    community_id: uuid.UUID | None = None
    group_id: uuid.UUID | None = None
    channel: str = ""
    presence: str | None = None  # present | left
    active_within_days: int | None = None
    silent_for_days: int | None = None
    never_spoke: bool = False
    joined_from: dt.date | None = None
    joined_to: dt.date | None = None
    is_bot: bool | None = None
    is_anonymous: bool = False
    among: Sequence[str] = ()  # what `members.among` knows: segment:<id>, tag:<id>
    sort: str = "-last_active"


@dataclass(frozen=True, slots=True)
class Line:
    """One member in a list. Numbers and moments are those of the community asked for, joining those of the group."""

    member: Member
    joined_at: dt.datetime | None
    left_at: dt.datetime | None
    last_active_at: dt.datetime | None
    messages: int
    channels: list[str]
    communities: list[tuple[uuid.UUID, str]]


@dataclass(frozen=True, slots=True)
class MemberPage:
    """A page; the count comes with the first one."""

    items: list[Line]
    next_cursor: str | None
    count: int | None
    count_is_exact: bool | None


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where a filter looks: rows of members, or of participations in one community."""

    workspace: Workspace
    rows: QuerySet[Any]
    prefix: str  # from a row to its member
    key: str  # the member's id on a row
    joined: str
    community: Community | None
    group: Group | None
    time_zone: str


_SORTS = {"-last_active": "last_active_at", "-messages": "messages", "-joined": "joined", "name": "name"}


def page(workspace: Workspace, *, wanted: MemberFilter, cursor: str | None, limit: int) -> MemberPage:
    """One page of the list. Raises NotFound for a community or group that is not there, Invalid for a cursor that is none."""
    scope = _scope(workspace, wanted)
    rows = _filtered(workspace, scope, wanted)
    limit = max(1, min(limit, pages.PAGE_SIZE_MAX))
    found, next_cursor = _page(rows, scope, sort=wanted.sort, cursor=cursor, limit=limit)
    lines = _lines(workspace, scope, found)
    if cursor:
        return MemberPage(lines, next_cursor, None, None)
    count = rows.order_by()[: COUNT_MAX + 1].count()
    return MemberPage(lines, next_cursor, min(count, COUNT_MAX), count <= COUNT_MAX)


def check(workspace: Workspace, wanted: MemberFilter) -> None:
    """Raises what reading the list would raise, reading nothing of it."""
    _filtered(workspace, _scope(workspace, wanted), wanted)


def ids(workspace: Workspace, wanted: MemberFilter) -> QuerySet[Any, Any]:
    """The ids of the list's members, in no order. Raises what reading the list would raise."""
    scope = _scope(workspace, wanted)
    return _filtered(workspace, scope, wanted).order_by().values_list(scope.key, flat=True)


def every(workspace: Workspace, *, wanted: MemberFilter) -> Iterator[Line]:
    """All lines of the list, read a page at a time so that no read holds up writers."""
    scope = _scope(workspace, wanted)
    rows = _filtered(workspace, scope, wanted)
    cursor = None
    while True:
        found, cursor = _page(rows, scope, sort=wanted.sort, cursor=cursor, limit=EXPORT_PAGE_SIZE)
        yield from _lines(workspace, scope, found)
        if cursor is None:
            return


def _scope(workspace: Workspace, wanted: MemberFilter) -> _Scope:
    group = community = None
    if wanted.group_id is not None:
        group = Group.objects.in_workspace(workspace).select_related("community").filter(pk=wanted.group_id).first()
        if group is None or (wanted.community_id is not None and group.community_id != wanted.community_id):
            raise NotFound("group")
        community = group.community
    elif wanted.community_id is not None:
        community = Community.objects.in_workspace(workspace).filter(pk=wanted.community_id).first()
        if community is None:
            raise NotFound("community")
    if community is None:
        rows: QuerySet[Any] = Member.objects.in_workspace(workspace).filter(merged_into=None)
        return _Scope(workspace, rows, "", "pk", "joined_at", None, None, workspace.time_zone)
    rows = Participation.objects.in_workspace(workspace).filter(community=community).select_related("member")
    if group is None:
        return _Scope(workspace, rows, "member__", "member_id", "joined_at", community, None, community.time_zone)
    stays = Membership.objects.in_workspace(workspace).filter(group=group, member_id=OuterRef("member_id"))
    rows = rows.filter(Exists(stays)).annotate(group_joined_at=Subquery(stays.order_by("joined_at").values("joined_at")[:1]))
    return _Scope(workspace, rows, "member__", "member_id", "group_joined_at", community, group, community.time_zone)


def _filtered(workspace: Workspace, scope: _Scope, wanted: MemberFilter) -> QuerySet[Any]:
    rows, prefix = scope.rows, scope.prefix
    rows = rows.filter(**{f"{prefix}is_anonymous": wanted.is_anonymous})
    if wanted.is_bot is not None:
        rows = rows.filter(**{f"{prefix}is_bot": wanted.is_bot})
    if wanted.q:
        rows = rows.filter(**{f"{scope.key}__in": _called(workspace, folded(wanted.q))})
    if wanted.channel:
        on_channel = Identity.objects.in_workspace(workspace).filter(channel=wanted.channel, member_id=OuterRef(scope.key))
        rows = rows.filter(Exists(on_channel))
    if wanted.presence is not None:
        rows = _present(workspace, scope, rows, is_present=wanted.presence == "present")
    for members in among.member_ids(workspace, wanted.among):
        rows = rows.filter(**{f"{scope.key}__in": members})
    now = clock.now()
    if wanted.active_within_days is not None:
        rows = rows.filter(last_active_at__gte=now - dt.timedelta(days=wanted.active_within_days))
    if wanted.silent_for_days is not None:
        rows = rows.filter(Q(last_active_at=None) | Q(last_active_at__lt=now - dt.timedelta(days=wanted.silent_for_days)))
    if wanted.never_spoke:
        rows = rows.filter(messages=0)
    if wanted.joined_from is not None:
        rows = rows.filter(**{f"{scope.joined}__gte": _midnight("joined_from", wanted.joined_from, scope.time_zone)})
    if wanted.joined_to is not None:
        rows = rows.filter(**{f"{scope.joined}__lt": _midnight("joined_to", wanted.joined_to, scope.time_zone, days=1)})
    return rows


def _called(workspace: Workspace, q: str) -> QuerySet[Any]:
    """Ids of members with that text in a name or an identity. Folded forms have small indexes of their own, so they are asked for apart."""
    members = Member.objects.in_workspace(workspace).filter(merged_into=None).order_by().values("pk")
    known = Identity.objects.in_workspace(workspace).order_by().values("member_id")
    return members.filter(name__icontains=q).union(
        members.filter(name_folded__isnull=False, name_folded__contains=q),
        known.filter(Q(external_id__icontains=q) | Q(name__icontains=q)),
        known.filter(names_folded__isnull=False, names_folded__contains=q),
    )


def _present(workspace: Workspace, scope: _Scope, rows: QuerySet[Any], *, is_present: bool) -> QuerySet[Any]:
    if scope.group is not None:
        open_stays = Membership.objects.in_workspace(workspace).filter(group=scope.group, member_id=OuterRef("member_id"), left_at=None)
        return rows.filter(Exists(open_stays) if is_present else ~Exists(open_stays))
    if is_present:
        return rows.filter(joined_at__isnull=False, left_at=None)
    return rows.filter(left_at__isnull=False)


def _midnight(field: str, day: dt.date, time_zone: str, *, days: int = 0) -> dt.datetime:
    try:
        return clock.local_midnight(day + dt.timedelta(days=days), time_zone)
    except OverflowError as error:
        raise Invalid.field(field, "日期超出范围。", "The date is out of range.") from error


def _page(rows: QuerySet[Any], scope: _Scope, *, sort: str, cursor: str | None, limit: int) -> tuple[list[Any], str | None]:
    """Rows after the cursor, and the next cursor. Rows without a value come last, in a read of their own: both use the index."""
    column = {"joined": scope.joined, "name": f"{scope.prefix}name"}.get(_SORTS[sort], _SORTS[sort])
    descending = sort.startswith("-")
    step, sign = ("lt", "-") if descending else ("gt", "")
    order = [f"{sign}{column}", f"{sign}{scope.key}"]
    value, last_id = (None, None) if cursor is None else _position(cursor, sort=sort, column=column)
    found: list[Any] = []
    if sort == "name" and scope.community is not None and rows.order_by()[: SORTED_IN_MEMORY_MAX + 1].count() > SORTED_IN_MEMORY_MAX:
        found = _by_name(rows, scope, value=value, last_id=last_id, limit=limit + 1)
    elif cursor is None or value is not None:
        valued = rows.filter(**{f"{column}__isnull": False})
        if cursor is not None:
            # The first condition bounds the index; the second settles rows of the same value.
            after = Q(**{f"{column}__{step}": value}) | Q(**{f"{scope.key}__{step}": last_id})
            valued = valued.filter(**{f"{column}__{step}e": value}).filter(after)
        found = list(valued.order_by(*order)[: limit + 1])
    if len(found) <= limit and column not in ("messages", f"{scope.prefix}name"):
        without = rows.filter(**{f"{column}__isnull": True})
        if cursor is not None and value is None:
            without = without.filter(**{f"{scope.key}__{step}": last_id})
        found += list(without.order_by(order[1])[: limit + 1 - len(found)])
    if len(found) <= limit:
        return found, None
    found = found[:limit]
    return found, pages.encode([sort, _value(found[-1], column), str(_member(found[-1], scope).pk)])


def _by_name(rows: QuerySet[Any], scope: _Scope, *, value: str | None, last_id: uuid.UUID | None, limit: int) -> list[Any]:
    """Rows of a large community by name: members are walked in the order of their names, since sorting so many takes seconds."""
    members = Member.objects.in_workspace(scope.workspace).filter(merged_into=None)
    if value is not None:
        members = members.filter(name__gte=value).filter(Q(name__gt=value) | Q(pk__gt=last_id))
    ids = list(members.filter(Exists(rows.filter(member_id=OuterRef("pk")))).order_by("name", "pk").values_list("pk", flat=True)[:limit])
    places = {pk: place for place, pk in enumerate(ids)}
    return sorted(rows.filter(member_id__in=ids), key=lambda row: places[row.member_id])


def _position(cursor: str, *, sort: str, column: str) -> tuple[Any, uuid.UUID]:
    of_sort, value, last_id = pages.decode(cursor, length=3)
    try:
        if of_sort != sort:
            raise ValueError("a position in another order")
        position = uuid.UUID(last_id)
        if value is not None and column.endswith("_at"):
            value = dt.datetime.fromisoformat(value)
            if value.tzinfo is None:
                raise ValueError("a moment without zone")
        elif value is not None and not isinstance(value, int if column == "messages" else str):
            raise ValueError("a value of another type")
    except (ValueError, TypeError, AttributeError) as error:
        raise Invalid.field("cursor", "翻页位置无效，请从第一页重新开始。", "This page position is not valid. Start from the first page.") from error
    return value, position


def _value(row: Model, path: str) -> Any:
    value: Any = row
    for name in path.split("__"):
        value = getattr(value, name)
    return value


def _member(row: Any, scope: _Scope) -> Member:
    member: Member = row if scope.community is None else row.member
    return member


def _lines(workspace: Workspace, scope: _Scope, rows: list[Any]) -> list[Line]:
    members = [_member(row, scope) for row in rows]
    channels: dict[uuid.UUID, list[str]] = {}
    communities: dict[uuid.UUID, list[tuple[uuid.UUID, str]]] = {}
    spans: dict[uuid.UUID, tuple[dt.datetime, dt.datetime | None]] = {}
    for chunk in bulk.chunks(member.pk for member in members):
        # Sorted here: an ORDER BY would have the database walk the whole workspace in that order instead of looking these members up.
        on = Identity.objects.in_workspace(workspace).filter(member_id__in=chunk).order_by()
        for member_id, channel in sorted(set(on.values_list("member_id", "channel"))):
            channels.setdefault(member_id, []).append(channel)
        within = Participation.objects.in_workspace(workspace).filter(member_id__in=chunk).order_by()
        for member_id, community_id, name in sorted(within.values_list("member_id", "community_id", "community__name"), key=lambda row: row[2]):
            communities.setdefault(member_id, []).append((community_id, name))
        if scope.group is not None:
            stays = Membership.objects.in_workspace(workspace).filter(group=scope.group, member_id__in=chunk).order_by()
            for member_id, joined, left in sorted(stays.values_list("member_id", "joined_at", "left_at"), key=lambda row: (row[1], row[2] is None)):
                first = spans.get(member_id, (joined, left))[0]
                spans[member_id] = (first, left)
    lines = []
    for row, member in zip(rows, members, strict=True):
        joined_at, left_at = spans.get(member.pk, (row.joined_at, row.left_at))
        lines.append(Line(member, joined_at, left_at, row.last_active_at, row.messages, channels.get(member.pk, []), communities.get(member.pk, [])))
    return lines
