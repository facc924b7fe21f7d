"""Circles among automations that a journey would close: people who come in whenever they are not in it, let in by what it does itself, or through others.

Where somebody comes in once, or after some days again, no circle turns without end.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from hutong.automations.journeys import checking, compiled, graph
from hutong.automations.journeys.checking import Problem
from hutong.automations.models import Journey
from hutong.automations.rules import circles
from hutong.automations.rules.circles import Link
from hutong.automations.triggers import OnEvent
from hutong.foundation.acting import Cause
from hutong.segments.conditions.nodes import PropertyTest
from hutong.workspaces.models import Workspace

STARTED = "$journey_started"  # no event: that an action lets people into a journey


def problems(workspace: Workspace, journey: Journey, drawn: graph.Graph) -> list[Problem]:
    """What is wrong with a journey that is to be published, beside the others that are on."""
    entry = next((node for node in drawn.nodes if isinstance(node, graph.Entry)), None)
    if entry is None or entry.reentry.kind != "always":
        return []
    others = [*circles.others(workspace, None), *links(workspace, besides=journey.pk)]
    for one in _links(journey.pk, journey.name, drawn):
        way = circles.way_back(one.trigger, one.causes, others)
        if way is not None:
            names = "”、“".join(dict.fromkeys(each.name for each in way))
            return [
                Problem(
                    node=entry.id, field="reentry",
                    zh=f"这个旅程会经由“{names}”再次让同一个人进入，不停循环。请改为只进入一次，或隔几天才能再次进入。"
                    if way
                    else "这个旅程的动作会让同一个人再次进入，不停循环。请改为只进入一次，或隔几天才能再次进入。",
                    en=f"Through “{names}” this journey lets the same person in again, without end. Let people in once, or again after some days."
                    if way
                    else "What this journey does lets the same person in again, without end. Let people in once, or again after some days.",
                )
            ]  # fmt: skip
    return []


def links(workspace: Workspace, *, besides: uuid.UUID | None = None) -> Iterator[Link]:
    """The journeys that are on and take people in again and again."""
    rows = Journey.objects.in_workspace(workspace).filter(state="on", published__isnull=False).select_related("published")
    for journey in rows:
        if journey.published is not None and journey.pk != besides:
            drawn = compiled.read(journey.published.graph)
            if any(isinstance(node, graph.Entry) and node.reentry.kind == "always" for node in drawn.nodes):
                yield from _links(journey.pk, journey.name, drawn)


def _links(pk: uuid.UUID, name: str, drawn: graph.Graph) -> Iterator[Link]:
    said = {"journey_id": str(pk)}
    causes = [*checking.causes(drawn), *(Cause(event=one, properties=said) for one in ("journey_entered", "journey_ended", "journey_goal_reached"))]
    entry = next(node for node in drawn.nodes if isinstance(node, graph.Entry))
    yield Link(pk, name, entry.trigger, causes)
    started = OnEvent(event=STARTED, where=[PropertyTest(property="journey_id", type="text", op="is", value=str(pk))])
    yield Link(uuid.uuid5(pk, STARTED), name, started, causes)
