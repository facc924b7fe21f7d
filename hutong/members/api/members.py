"""Members: listed, exported, shown, added, changed."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import StreamingHttpResponse
from ninja import Query, Status

from hutong.foundation import clock, spreadsheets
from hutong.members import columns, schemas
from hutong.members.actions import exports, profiles
from hutong.members.api import router
from hutong.members.queries import lists, profile
from hutong.workspaces.access import Request

CSV_COLUMNS = ("id", "name", "channels", "communities", "joined_at", "left_at", "last_active_at", "messages", "is_bot")


@router.get(
    "/members",
    permission="members.read",
    response=schemas.MemberPage,
    operation_id="members_list",
    summary="Members by community, presence, activity, joining",
)
def members_list(request: Request, query: Query[schemas.MemberPageQuery]) -> object:
    page = lists.page(request.workspace, wanted=_wanted(query), cursor=query.cursor, limit=query.limit)
    return {
        "items": [_line(line) for line in page.items],
        "next_cursor": page.next_cursor,
        "count": page.count,
        "count_is_exact": page.count_is_exact,
    }


@router.get(
    "/members/export",
    permission="members.export",
    operation_id="members_export",
    summary="The same list as CSV, all of it",
    openapi_extra={"responses": {200: {"description": "CSV", "content": {"text/csv": {"schema": {"type": "string"}}}}}},
)
def members_export(request: Request, query: Query[schemas.MemberQuery]) -> StreamingHttpResponse:
    lines = exports.members(request.workspace, actor=request.actor, wanted=_wanted(query))
    rows = (
        (
            line.member.pk, line.member.name, " ".join(line.channels), ", ".join(name for _, name in line.communities),
            _iso(line.joined_at), _iso(line.left_at), _iso(line.last_active_at), line.messages, line.member.is_bot, *others,
        )
        for line, others in lines
    )  # fmt: skip
    response = StreamingHttpResponse(spreadsheets.csv_chunks((*CSV_COLUMNS, *columns.names()), rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="members-{clock.now():%Y%m%d}.csv"'
    return response


@router.post("/members", permission="members.change", response={201: schemas.MemberOut}, operation_id="members_create", summary="Add a member")
def members_create(request: Request, body: schemas.MemberBody) -> Status[object]:
    identities = [(one.channel, one.external_id) for one in body.identities]
    made = profiles.create(request.workspace, actor=request.actor, name=body.name, identities=identities, given=body.attributes)
    return Status(201, shown(request, made.pk))


@router.get(
    "/members/{uuid:member_id}",
    permission="members.read",
    response=schemas.MemberOut,
    operation_id="members_get",
    summary="One member: identities, attributes with sources, stays, participations, merges",
)
def members_get(request: Request, member_id: uuid.UUID) -> object:
    return shown(request, member_id)


@router.patch(
    "/members/{uuid:member_id}", permission="members.change", response=schemas.MemberOut, operation_id="members_change", summary="Name a member"
)
def members_change(request: Request, member_id: uuid.UUID, body: schemas.MemberChange) -> object:
    profiles.change(request.workspace, actor=request.actor, member_id=member_id, name=body.name, is_bot=body.is_bot)
    return shown(request, member_id)


@router.get(
    "/members/{uuid:member_id}/memberships",
    permission="members.read",
    response=schemas.MembershipPage,
    operation_id="members_memberships",
    summary="Every stay of a member, newest first",
)
def members_memberships(request: Request, member_id: uuid.UUID, query: Query[schemas.PageQuery]) -> object:
    page = profile.memberships(request.workspace, member_id, cursor=query.cursor, limit=query.limit)
    return {"items": page.items, "next_cursor": page.next_cursor}


def shown(request: Request, member_id: uuid.UUID) -> dict[str, object]:
    """One member as answered everywhere."""
    found = profile.profile(request.workspace, member_id)
    names = (
        "id", "name", "is_name_fixed", "is_bot", "is_anonymous", "is_sample", "merged_into", "first_seen_at", "last_seen_at",
        "joined_at", "left_at", "last_active_at", "messages", "created_at",
    )  # fmt: skip
    return {name: getattr(found.member, name) for name in names} | {
        "identities": found.identities,
        "attributes": [_value(kind, value) for kind, value in found.values],
        "memberships": found.memberships,
        "memberships_count": found.memberships_count,
        "participations": found.participations,
        "merges": found.merges,
    }


def _value(kind: profile.Kind, value: Any) -> dict[str, object]:
    return {
        "key": kind.key,
        "name_zh": kind.name_zh,
        "name_en": kind.name_en,
        "type": kind.type,
        "is_standard": kind.is_standard,
        "value": value.value,
        "source": value.source,
        "source_name": value.source_name,
        "set_at": value.set_at,
    }


def _line(line: lists.Line) -> dict[str, object]:
    member = line.member
    return {
        "id": member.pk,
        "name": member.name,
        "is_bot": member.is_bot,
        "is_anonymous": member.is_anonymous,
        "is_sample": member.is_sample,
        "channels": line.channels,
        "communities": [{"id": pk, "name": name} for pk, name in line.communities],
        "joined_at": line.joined_at,
        "left_at": line.left_at,
        "last_active_at": line.last_active_at,
        "messages": line.messages,
    }


def _wanted(query: schemas.MemberQuery) -> lists.MemberFilter:
    return lists.MemberFilter(**{name: getattr(query, name) for name in schemas.MemberQuery.model_fields})


def _iso(moment: Any) -> str:
    return "" if moment is None else moment.isoformat().replace("+00:00", "Z")
