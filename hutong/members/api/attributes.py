"""Kinds of facts about members, and a member's values."""

from __future__ import annotations

import uuid

from ninja import Status

from hutong.members import schemas
from hutong.members.actions import attributes
from hutong.members.api import router
from hutong.members.api.members import shown
from hutong.members.queries import profile
from hutong.workspaces.access import Request


@router.get(
    "/attributes",
    permission="members.read",
    response=schemas.AttributeList,
    operation_id="attributes_list",
    summary="Every kind of fact about members",
)
def attributes_list(request: Request) -> object:
    return {"items": profile.attributes(request.workspace)}


@router.post(
    "/attributes",
    permission="attributes.manage",
    response={201: schemas.AttributeOut},
    operation_id="attributes_create",
    summary="Add a custom attribute",
)
def attributes_create(request: Request, body: schemas.AttributeBody) -> Status[object]:
    attributes.define(
        request.workspace,
        actor=request.actor,
        key=body.key,
        name_zh=body.name_zh,
        name_en=body.name_en,
        kind=body.type,
        description=body.description,
        options=body.options,
    )
    return Status(201, profile.attribute(request.workspace, body.key))


@router.patch(
    "/attributes/{key}",
    permission="attributes.manage",
    response=schemas.AttributeOut,
    operation_id="attributes_change",
    summary="Rename a custom attribute",
)
def attributes_change(request: Request, key: str, body: schemas.AttributeChange) -> object:
    attributes.change(request.workspace, actor=request.actor, key=key, **body.dict())
    return profile.attribute(request.workspace, key)


@router.delete(
    "/attributes/{key}",
    permission="attributes.manage",
    response=schemas.AttributeRemoved,
    operation_id="attributes_delete",
    summary="Take a custom attribute away with every value of it",
)
def attributes_delete(request: Request, key: str) -> object:
    return {"values": attributes.remove(request.workspace, actor=request.actor, key=key)}


@router.put(
    "/members/{uuid:member_id}/attributes/{key}",
    permission="members.change",
    response=schemas.MemberOut,
    operation_id="members_set_attribute",
    summary="Say something about a member",
)
def members_set_attribute(request: Request, member_id: uuid.UUID, key: str, body: schemas.ValueBody) -> object:
    attributes.set_value(request.workspace, actor=request.actor, member_id=member_id, key=key, value=body.value)
    return shown(request, member_id)


@router.delete(
    "/members/{uuid:member_id}/attributes/{key}",
    permission="members.change",
    response=schemas.MemberOut,
    operation_id="members_clear_attribute",
    summary="Take a value away",
)
def members_clear_attribute(request: Request, member_id: uuid.UUID, key: str) -> object:
    attributes.clear_value(request.workspace, actor=request.actor, member_id=member_id, key=key)
    return shown(request, member_id)
