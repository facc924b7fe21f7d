"""Journeys for tests: drawn in a few words, published, and walked through."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from hutong.automations import asking
from hutong.automations.actions import enrolments, journeys
from hutong.automations.journeys import compiled, turning, work
from hutong.automations.models import Enrolment, Journey, Start, Step
from hutong.events import subscribers
from hutong.foundation import stream
from hutong.foundation.stream import Fact
from hutong.members.models import Member
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

DAY = 86_400


def boss(*, name: str = "王芳") -> Actor:
    """Somebody who may do everything."""
    from hutong.workspaces import access

    return Actor(kind="system", id=None, name=name, role="owner", permissions=frozenset(one.name for one in access.permissions()))


def node(kind: str, pk: str, **settings: Any) -> dict[str, Any]:
    return {"kind": kind, "id": pk, **settings}


def act(pk: str, action: str, **settings: Any) -> dict[str, Any]:
    return node("action", pk, action=action, settings=settings)


def send(pk: str, text: str, *, purpose: str = "service") -> dict[str, Any]:
    return act(pk, "message.send", parts=[{"kind": "text", "text": text}], purpose=purpose)


def drawn(*nodes: Mapping[str, Any], edges: Sequence[str] = (), trigger: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A graph with its entry `e`; edges as "a>b" or "a.port>b"."""
    entry = {"kind": "entry", "id": "e", "trigger": trigger or {"kind": "manual"}, **more.pop("entry", {})}
    lines = []
    for edge in edges:
        begin, _, target = edge.partition(">")
        source, _, port = begin.partition(".")
        lines.append({"source": source, "port": port or "out", "target": target})
    return {"nodes": [entry, *nodes], "edges": lines, **more}


def publish(workspace: Workspace, graph: Any, *, name: str = "旅程", priority: int = 0, actor: Actor | None = None) -> Journey:
    """A journey of this graph that is on."""
    forget()
    actor = actor or boss()
    made = journeys.create(workspace, actor=actor, name=name)
    if priority:
        journeys.change(workspace, actor=actor, journey_id=made.pk, values={"priority": priority})
    revision, _ = journeys.draw(workspace, actor=actor, journey_id=made.pk, drawn=graph, revision=made.draft_revision)
    return journeys.publish(workspace, actor=actor, journey_id=made.pk, revision=revision, moves=False, starts=True)


def forget() -> None:
    compiled.forget()
    asking.forget()


def let_in(journey: Journey, *members: Member, key: str = "", **properties: Any) -> Start:
    made = enrolments.begin(
        journey.workspace, actor=boss(), journey_id=journey.pk, member_ids=[one.pk for one in members], segment_id=None, properties=properties, key=key
    )  # fmt: skip
    work.start(made.pk)  # many are let in by a job
    return Start.objects.in_workspace(journey.workspace_id).get(pk=made.pk)


def happen(
    workspace: Workspace, member: Member, name: str, *, pk: str = "", text: str = "", addressed: Member | None = None, **properties: Any
) -> None:
    """An event, and everybody who reads the stream."""
    from django.db import transaction

    with transaction.atomic():
        stream.record(
            Fact(
                workspace_id=workspace.pk, name=name, member_id=member.pk, properties=properties, id=pk or str(uuid.uuid4()), source="test",
                text=text, addressed_id=addressed.pk if addressed else None,
            )
        )  # fmt: skip
    subscribers.drain()
    turn()


def turn() -> None:
    """Everybody who is due goes on, until nobody is."""
    while turning.turn():
        pass


def where(journey: Journey) -> dict[str, tuple[str, str, dt.datetime | None]]:
    """Of each person by name: the node, how they ended, when they go on."""
    rows = Enrolment.objects.in_workspace(journey.workspace_id).filter(journey=journey).select_related("member").order_by("pk")
    return {row.member.name: (row.node, row.ended_as, row.due_at) for row in rows}


def path(journey: Journey, member: Member) -> list[tuple[str, str, str]]:
    """(node, port, outcome) of what somebody passed, in order."""
    rows = Step.objects.in_workspace(journey.workspace_id).filter(enrolment__journey=journey, enrolment__member=member).order_by("pk")
    return list(rows.values_list("node", "port", "outcome"))
