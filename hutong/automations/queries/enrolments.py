"""People in journeys: who is where, who passed, and one person's way."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from hutong.automations import asking
from hutong.automations.journeys import compiled, naming
from hutong.automations.models import Enrolment, Journey, JourneyVersion, Step
from hutong.foundation import pages
from hutong.foundation.errors import NotFound
from hutong.members.actions import origins
from hutong.members.models import Member
from hutong.members.queries import names
from hutong.workspaces.models import Workspace

STEPS_SHOWN_MAX = 1_000
KEY_MAX = 2**63


def people(
    workspace: Workspace,
    journey_id: uuid.UUID,
    *,
    node: str,
    show: str,
    version: int | None,
    member_id: uuid.UUID | None,
    cursor: str | None,
    limit: int,
) -> dict[str, Any]:
    """A page of people: those who wait (at a node), passed it, for whom its action failed, or who ended. The latest first. Raises NotFound."""
    if not Journey.objects.in_workspace(workspace).filter(pk=journey_id, deleted_at=None).exists():
        raise NotFound("journey")
    versions = JourneyVersion.objects.in_workspace(workspace).filter(journey_id=journey_id)
    if version is not None:
        versions = versions.filter(number=version)
    numbers = dict(versions.values_list("pk", "number"))
    members = origins.subtree(workspace.pk, member_id) if member_id is not None else None
    if show in ("passed", "failed"):
        rows = Step.objects.in_workspace(workspace).filter(version_id__in=list(numbers))
        rows = rows.filter(node=node) if node else rows
        rows = rows.filter(outcome__in=["refused", "failed"]) if show == "failed" else rows
        rows = rows.filter(enrolment__member_id__in=members) if members is not None else rows
        found = pages.paginate(rows.select_related("enrolment"), order=["-id"], cursor=cursor, limit=limit)
        steps = found.items
        shown = names(workspace.pk, [step.enrolment.member_id for step in steps])
        items = [
            _person(step.enrolment, shown, numbers.get(step.version_id, 0)) | {"node": step.node, "since": step.at, "detail": _detail(step.detail)}
            for step in steps
        ]
        return {"items": items, "next_cursor": found.next_cursor}
    state = "ended" if show == "ended" else "waiting"
    enrolments = Enrolment.objects.in_workspace(workspace).filter(version_id__in=list(numbers), state=state)
    enrolments = enrolments.filter(node=node) if node else enrolments
    enrolments = enrolments.filter(member_id__in=members) if members is not None else enrolments
    page = pages.paginate(enrolments, order=["-id"], cursor=cursor, limit=limit)
    shown = names(workspace.pk, [one.member_id for one in page.items])
    return {"items": [_person(one, shown, numbers.get(one.version_id, 0)) for one in page.items], "next_cursor": page.next_cursor}


def one(workspace: Workspace, enrolment_id: int) -> dict[str, Any]:
    """One person's way. Raises NotFound."""
    known = Enrolment.objects.in_workspace(workspace).select_related("journey", "version")
    found = known.filter(pk=enrolment_id).first() if 0 < enrolment_id < KEY_MAX else None
    if found is None or found.journey.deleted_at is not None:
        raise NotFound("enrolment")
    shown = names(workspace.pk, [found.member_id])
    steps = Step.objects.in_workspace(workspace).filter(enrolment=found).order_by("id")[:STEPS_SHOWN_MAX]
    return {
        "id": str(found.pk), "journey": found.journey, "version": found.version.number,
        "member": {"id": found.member_id, "name": shown.get(found.member_id, "")}, "entered_at": found.entered_at, "state": found.state,
        "ended_as": found.ended_as, "ended_at": found.ended_at, "node": found.node, "due_at": found.due_at,
        "steps": [
            {"node": step.node, "at": step.at, "port": step.port, "outcome": step.outcome, "detail": _detail(step.detail)} for step in steps
        ],
    }  # fmt: skip


def of_member(workspace: Workspace, *, member_id: uuid.UUID, state: str | None, cursor: str | None, limit: int) -> dict[str, Any]:
    """A page of the journeys a member is or was in, the newest first. Whoever was merged has theirs with the member kept. Raises NotFound."""
    if not Member.objects.in_workspace(workspace).filter(pk=member_id).exists():
        raise NotFound("member")
    members = origins.subtree(workspace.pk, origins.root(workspace.pk, member_id))
    rows = Enrolment.objects.in_workspace(workspace).filter(member_id__in=members, journey__deleted_at=None)
    if state is not None:
        rows = rows.filter(state=state)
    found = pages.paginate(rows.select_related("journey").defer("journey__draft"), order=["-id"], cursor=cursor, limit=limit)
    return {"items": _ways(workspace, found.items), "next_cursor": found.next_cursor}


def _ways(workspace: Workspace, rows: Sequence[Enrolment]) -> list[dict[str, Any]]:
    versions = JourneyVersion.objects.in_workspace(workspace).in_bulk({row.version_id for row in rows})
    nodes = {pk: {node.id: node for node in compiled.read(version.graph).nodes} for pk, version in versions.items()}
    last = Step.objects.in_workspace(workspace).filter(enrolment__in=[row.pk for row in rows if row.state == "ended"], port="").order_by("id")
    why = dict(last.values_list("enrolment_id", "detail"))
    words = asking.words_of(workspace.pk)

    def named(row: Enrolment, node: str) -> dict[str, str]:
        return {"id": node} | naming.name(nodes[row.version_id].get(node))

    return [
        {
            "enrolment": str(row.pk), "journey": row.journey, "journey_state": row.journey.state, "version": versions[row.version_id].number,
            "state": row.state, "node": named(row, row.node), "entered_at": row.entered_at, "since": row.since, "due_at": row.due_at,
            "waits_for": naming.awaited(nodes[row.version_id].get(row.node), words) if row.waits else [],
            "ended_at": row.ended_at, "ended_as": row.ended_as, "detail": _detail(why.get(row.pk, "")),
            "goals": [named(row, goal) for goal in row.goals.split(",") if goal],
        }
        for row in rows
    ]  # fmt: skip


def _person(row: Enrolment, shown: Mapping[uuid.UUID, str], number: int) -> dict[str, Any]:
    return {
        "enrolment": str(row.pk), "member": {"id": row.member_id, "name": shown.get(row.member_id, "")}, "version": number, "node": row.node,
        "since": row.since, "due_at": row.due_at, "state": row.state, "ended_as": row.ended_as, "detail": None,
    }  # fmt: skip


def _detail(text: str) -> dict[str, str] | None:
    said: dict[str, str] = msgspec.json.decode(text) if text else {}
    return {"zh": said["zh"], "en": said["en"]} if said else None
