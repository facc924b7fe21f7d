"""Staff and roles."""

from __future__ import annotations

import uuid

from ninja import Query, Status

from hutong.workspaces import access, queries, roles, schemas
from hutong.workspaces.access import Request
from hutong.workspaces.actions import staff
from hutong.workspaces.api.routing import router


@router.get("/roles", permission="staff.read", response=schemas.RolesOut, operation_id="roles_list", summary="Roles and permissions")
def roles_list(request: Request) -> dict[str, object]:
    return {
        "roles": [
            {"role": one.role, "label": one.label, "description": one.description, "permissions": sorted(access.permissions_of_role(one.role))}
            for one in roles.WORDS.values()
        ],
        "permissions": [{"name": one.name, "label": {"zh": one.zh, "en": one.en}} for one in access.permissions()],
    }


@router.get("/staff", permission="staff.read", response=schemas.StaffPage, operation_id="staff_list", summary="The staff")
def staff_list(request: Request, page: Query[schemas.PageQuery]) -> object:
    return queries.staff(request.workspace, cursor=page.cursor, limit=page.limit)


@router.patch(
    "/staff/{uuid:staff_id}", permission="staff.manage", response=schemas.StaffOut, operation_id="staff_change", summary="Give another role"
)
def staff_change(request: Request, staff_id: uuid.UUID, body: schemas.StaffChange) -> object:
    return staff.change_role(request.workspace, actor=request.actor, staff_id=staff_id, role=body.role)


@router.delete(
    "/staff/{uuid:staff_id}", permission="staff.manage", response={204: None}, operation_id="staff_remove", summary="End a place on the staff"
)
def staff_remove(request: Request, staff_id: uuid.UUID) -> Status[None]:
    staff.remove(request.workspace, actor=request.actor, staff_id=staff_id)
    return Status(204, None)
