"""People let into journeys by hand or through the API, and taken out."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from hutong.automations import tasks
from hutong.automations.actions.journeys import one
from hutong.automations.errors import JourneyState
from hutong.automations.journeys import dry, keeping, work
from hutong.automations.models import DryRun, Enrolment, JourneyVersion, Start
from hutong.channels.actions import withdrawing
from hutong.foundation import clock
from hutong.foundation.errors import Invalid, NotFound
from hutong.members.models import Member
from hutong.segments.models import Segment
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

KEY_MAX = 2**63
AT_ONCE_MAX = 200  # people who are let in within the request
PROPERTIES_MAX = 50


def begin(
    workspace: Workspace, *, actor: Actor, journey_id: uuid.UUID, member_ids: Sequence[uuid.UUID], segment_id: uuid.UUID | None,
    properties: Mapping[str, Any], key: str,
) -> Start:  # fmt: skip
    """Let members in, or everybody in a segment: a few at once, many in a job. The same `key` is the same start.

    Raises NotFound, Invalid, JourneyState where the journey is not on.
    """
    if len(properties) > PROPERTIES_MAX:
        raise Invalid.field("properties", f"最多 {PROPERTIES_MAX} 项。", f"At most {PROPERTIES_MAX}.")
    with transaction.atomic():
        journey = one(workspace, journey_id)
        before = Start.objects.in_workspace(workspace).filter(journey=journey, key=key).first() if key else None
        if before is not None:
            return before
        if journey.state != "on":
            raise JourneyState(zh="旅程没有在运行，不能让成员进入。", en="The journey is not on: nobody can come in.")
        source: dict[str, Any]
        if segment_id is not None:
            segment = Segment.objects.in_workspace(workspace).filter(pk=segment_id).first()
            if segment is None:
                raise NotFound("segment")
            source, people = {"segment": str(segment_id)}, segment.members_count
        else:
            wanted = sorted({str(one) for one in member_ids})
            source, people = {"members": wanted}, len(wanted)
        made = Start.objects.create(
            workspace=workspace, journey=journey, key=key, source=source, occasion=dict(properties), people=people, by_name=actor.name
        )  # fmt: skip
        audit.write(workspace, actor=actor, action="journey.enrol", target=journey, details={"people": people, "start_id": str(made.pk)})
        if people > AT_ONCE_MAX:
            tasks.start.enqueue(str(made.pk))
    if people <= AT_ONCE_MAX:
        work.start(made.pk)
    return Start.objects.in_workspace(workspace).get(pk=made.pk)


def remove(workspace: Workspace, *, actor: Actor, enrolment_id: int) -> None:
    """Take somebody out of a journey; what has not been sent to them is not. Raises NotFound; who is out already stays so."""
    now = clock.now()
    with transaction.atomic():
        rows = Enrolment.objects.in_workspace(workspace).select_for_update().filter(pk=enrolment_id if 0 < enrolment_id < KEY_MAX else 0)
        found = rows.values_list("version_id", "state", *keeping.LOADED).first()
        if found is None:
            raise NotFound("enrolment")
        version_id, state, *row = found
        if state != "waiting":
            return
        version = JourneyVersion.objects.in_workspace(workspace).select_related("journey", "workspace").get(pk=version_id)
        person = keeping.load(row, work.way_of(version), now)
        person.end("removed", reason="removed", zh=f"由{actor.name}移出。", en=f"Taken out by {actor.name}.")
        keeping.save([person])
        withdrawing.withdraw(workspace.pk, key_prefix=f"journey/{enrolment_id}/")
        audit.write(workspace, actor=actor, action="journey.unenrol", target=version.journey, details={"member_id": str(person.member_id)})


def try_out(workspace: Workspace, *, actor: Actor, journey_id: uuid.UUID, member_id: uuid.UUID | None, days: int | None) -> DryRun:
    """Try what is drawn on a member, at once, or on what happened in the last days, in a job. Raises NotFound, Invalid."""
    with transaction.atomic():
        journey = one(workspace, journey_id)
        if member_id is not None and not Member.objects.in_workspace(workspace).filter(pk=member_id, merged_into=None).exists():
            raise NotFound("member")
        made = DryRun.objects.create(
            workspace=workspace, journey=journey, graph=journey.draft, member_id=member_id, days=days, by_name=actor.name
        )  # fmt: skip
        if days is not None:
            tasks.dry_run.enqueue(str(made.pk))
    if member_id is not None:
        dry.perform(made.pk)
    return DryRun.objects.in_workspace(workspace).get(pk=made.pk)
