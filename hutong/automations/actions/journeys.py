"""Journeys: made, drawn, published, set going, paused, stopped, deleted."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

import msgspec
from django.db import transaction

from hutong.automations import definitions, registry
from hutong.automations.actions.rules import check_allowed
from hutong.automations.errors import ActionNotAllowed, JourneyChanged, JourneyNameTaken, JourneyState, TooManyJourneys
from hutong.automations.journeys import checking, circling, compiled, graph, turning
from hutong.automations.journeys.checking import Problem
from hutong.automations.models import Journey, JourneyCap, JourneyVersion
from hutong.automations.presets import journeys as presets
from hutong.automations.schemas.journeys import DESCRIPTION_LENGTH_MAX, NAME_LENGTH_MAX
from hutong.automations.tasks import delete as delete_job
from hutong.automations.tasks import move as move_job
from hutong.automations.tasks import stop as stop_job
from hutong.channels.actions import lanes
from hutong.foundation import clock
from hutong.foundation.errors import Invalid, NotFound
from hutong.foundation.text import many_lines, one_line
from hutong.segments import vocabulary
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

JOURNEYS_MAX = 500
LANED = ("message", "outside")  # kinds of actions whose messages go in a lane of their own


def create(workspace: Workspace, *, actor: Actor, name: str, description: str = "", preset: str = "") -> Journey:
    """A new journey with nothing but its entry, or what a preset draws. Raises Invalid, JourneyNameTaken, TooManyJourneys."""
    drawn: Any = {"nodes": [{"kind": "entry", "id": "entry", "trigger": {"kind": "manual"}, "x": 0, "y": 0}], "edges": []}
    if preset:
        found = presets.find(preset)
        if found is None:
            raise Invalid.field("preset", "没有这个模板。", "There is no such preset.")
        drawn = found.graph(language=workspace.language, zone=workspace.time_zone)
    with transaction.atomic():
        if Journey.objects.in_workspace(workspace).filter(deleted_at=None).count() >= JOURNEYS_MAX:
            raise TooManyJourneys(limit=JOURNEYS_MAX)
        made = Journey(workspace=workspace, preset=preset, draft=_kept(checking.read(drawn)), draft_by=actor.name, created_by=actor.name)
        _name(workspace, made, {"name": name, "description": description})
        made.save()
        audit.write(workspace, actor=actor, action="journey.create", target=made, details={"preset": preset} if preset else {})
    return made


def change(workspace: Workspace, *, actor: Actor, journey_id: uuid.UUID, values: Mapping[str, Any]) -> Journey:
    """Change its name, description or priority. Raises Invalid, NotFound, JourneyNameTaken."""
    with transaction.atomic():
        journey = one(workspace, journey_id)
        _name(workspace, journey, values)
        if "priority" in values:
            journey.priority = values["priority"]
        journey.save()
        definitions.changed()
        audit.write(workspace, actor=actor, action="journey.change", target=journey, details={"changed": sorted(values)})
    return journey


def draw(workspace: Workspace, *, actor: Actor, journey_id: uuid.UUID, drawn: Any, revision: int) -> tuple[int, list[Problem]]:
    """Keep what is drawn, whatever is wrong with it; gives its revision and what is wrong. Raises Invalid where it is no graph, JourneyChanged."""
    read = checking.read(drawn)
    with transaction.atomic():
        journey = one(workspace, journey_id)
        JourneyChanged.unless(revision, journey.draft_revision, by=journey.draft_by, revision=journey.draft_revision)
        kept = _kept(read)
        if kept != journey.draft:
            journey.draft, journey.draft_by, journey.draft_at = kept, actor.name, clock.now()
            journey.draft_revision += 1
            journey.save(update_fields=["draft", "draft_by", "draft_at", "draft_revision"])
    return journey.draft_revision, checking.problems(workspace.pk, read, vocabulary.of(workspace))


def publish(workspace: Workspace, *, actor: Actor, journey_id: uuid.UUID, revision: int, moves: bool, starts: bool) -> Journey:
    """Make a version of the draft, which new people go by; those in flight stay on theirs, or (`moves`) go over where their node is still there.

    Raises Invalid with everything that is wrong, JourneyChanged, JourneyState, ActionNotAllowed.
    """
    with transaction.atomic():
        journey = one(workspace, journey_id)
        JourneyChanged.unless(revision, journey.draft_revision, by=journey.draft_by, revision=journey.draft_revision)
        if journey.state == "stopping":
            raise JourneyState(zh="旅程正在停止，请稍候。", en="The journey is being stopped. Wait a moment.")
        drawn = checking.read(journey.draft)
        wrong = checking.problems(workspace.pk, drawn, vocabulary.of(workspace))
        wrong += circling.problems(workspace, journey, drawn)
        wrong += checking.cautions(workspace.pk, drawn, wrong, people=0)
        if any(problem.is_error for problem in wrong):
            raise checking.errors(wrong, drawn)
        _check_allowed(actor, drawn)
        number = (JourneyVersion.objects.in_workspace(workspace).filter(journey=journey).count()) + 1
        version = JourneyVersion.objects.create(
            workspace=workspace, journey=journey, number=number, graph=_checked(workspace, drawn), lanes=_lanes(workspace, drawn),
            published_by=actor.name,
        )  # fmt: skip
        journey.published = version
        if moves:
            journey.moves_to = version
            move_job.enqueue(str(journey.pk), str(version.pk))
        if starts:
            _set_going(journey)
        elif journey.state == "draft":
            journey.state = "paused"
        journey.save()
        definitions.changed()
        audit.write(workspace, actor=actor, action="journey.publish", target=journey, details={"version": number, "moves": moves})
        transaction.on_commit(turning.ring)
    return journey


def set_state(workspace: Workspace, *, actor: Actor, journey_id: uuid.UUID, state: str) -> Journey:
    """Set a journey going, pause it, or stop it: then everybody leaves, and what has not been sent is not.

    Raises NotFound, JourneyState; ActionNotAllowed where it is set going by somebody who may not do what it does.
    """
    with transaction.atomic():
        journey = one(workspace, journey_id)
        if journey.published is None:
            raise JourneyState(zh="请先发布旅程。", en="Publish the journey first.")
        if journey.state == "stopping":
            raise JourneyState(zh="旅程正在停止，请稍候。", en="The journey is being stopped. Wait a moment.")
        before = journey.state
        if state == before:
            return journey
        if state == "on":
            _check_allowed(actor, compiled.read(journey.published.graph))
            _set_going(journey)
        elif state == "paused":
            if before != "on":
                raise JourneyState(zh="旅程没有在运行。", en="The journey is not on.")
            journey.state = "paused"
        else:
            journey.state = "stopping"
            stop_job.enqueue(str(journey.pk))
        for version in JourneyVersion.objects.in_workspace(workspace).filter(journey=journey):
            for lane in version.lanes.values():
                act = lanes.let_go if state == "on" else lanes.hold if state == "paused" else lanes.end
                act(workspace.pk, uuid.UUID(lane))
        journey.save()
        definitions.changed()
        audit.write(workspace, actor=actor, action=f"journey.{_VERBS[state]}", target=journey, details={"was": before})
        transaction.on_commit(turning.ring)
    return journey


_VERBS = {"on": "start", "paused": "pause", "stopped": "stop"}


def delete(workspace: Workspace, *, actor: Actor, journey_id: uuid.UUID) -> None:
    """Delete a journey that nobody is in, with its numbers and paths. Raises NotFound, JourneyState."""
    with transaction.atomic():
        journey = one(workspace, journey_id)
        if journey.state not in ("draft", "stopped"):
            raise JourneyState(zh="请先停止旅程，再删除。", en="Stop the journey before you delete it.")
        journey.deleted_at = clock.now()
        journey.save(update_fields=["deleted_at"])
        definitions.changed()
        delete_job.enqueue(str(journey.pk))
        audit.write(workspace, actor=actor, action="journey.delete", target=journey)


def set_cap(workspace: Workspace, *, actor: Actor, messages: int, days: int) -> None:
    """How many messages all journeys together send to one person in so many days; 0: any number."""
    with transaction.atomic():
        JourneyCap.objects.in_workspace(workspace).update_or_create(workspace=workspace, defaults={"messages": messages, "days": days})
        audit.write(
            workspace, actor=actor, action="journey.cap", target=workspace, target_kind="workspace", details={"messages": messages, "days": days}
        )


def one(workspace: Workspace, journey_id: uuid.UUID) -> Journey:
    """A journey to be changed in this transaction. Raises NotFound."""
    rows = Journey.objects.in_workspace(workspace).select_for_update(of=("self",)).filter(deleted_at=None)
    found = rows.select_related("published").filter(pk=journey_id).first()
    if found is None:
        raise NotFound("journey")
    return found


def _check_allowed(actor: Actor, drawn: graph.Graph) -> None:
    for number, node in enumerate(drawn.nodes):
        if isinstance(node, graph.Do):
            try:
                check_allowed(actor, [{"action": node.action}])
            except ActionNotAllowed as error:
                error.errors[0]["field"] = f"graph.nodes.{number}.action"
                raise


def _set_going(journey: Journey) -> None:
    if journey.state != "on":
        journey.state, journey.started_at = "on", clock.now()


def _name(workspace: Workspace, journey: Journey, values: Mapping[str, Any]) -> None:
    if "name" in values:
        journey.name = one_line("name", values["name"], length_max=NAME_LENGTH_MAX)
        if Journey.objects.in_workspace(workspace).filter(name=journey.name, deleted_at=None).exclude(pk=journey.pk).exists():
            raise JourneyNameTaken(name=journey.name)
    if "description" in values:
        journey.description = many_lines("description", values["description"], length_max=DESCRIPTION_LENGTH_MAX)


def _kept(drawn: graph.Graph) -> Any:
    return msgspec.to_builtins(drawn)


def _checked(workspace: Workspace, drawn: graph.Graph) -> Any:
    """The graph with the settings of its actions as their checks gave them."""
    nodes: list[graph.AnyNode] = []
    for node in drawn.nodes:
        action = registry.find(node.action) if isinstance(node, graph.Do) else None
        if isinstance(node, graph.Do) and action is not None:
            nodes.append(msgspec.structs.replace(node, settings=action.check(workspace.pk, node.settings)))
        else:
            nodes.append(node)
    return _kept(msgspec.structs.replace(drawn, nodes=nodes))


def _lanes(workspace: Workspace, drawn: graph.Graph) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in drawn.nodes:
        action = registry.find(node.action) if isinstance(node, graph.Do) else None
        if action is not None and action.kind in LANED:
            found[node.id] = lanes.open_lane(workspace.pk).pk.hex
    return found
