"""A version of a journey, ready for people to go through it: nodes and edges by id, conditions as questions."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from hutong.automations import asking, triggers
from hutong.automations.asking import Question
from hutong.automations.journeys import graph
from hutong.automations.models import JourneyVersion
from hutong.automations.triggers import Wanted
from hutong.segments import vocabulary
from hutong.segments.conditions import nodes as conditions
from hutong.segments.conditions.reading import ConditionRefused
from hutong.segments.conditions.vocabulary import Vocabulary

VERSIONS_MAX = 500  # kept compiled


@dataclass(slots=True, eq=False)
class Way:
    """A journey's version, or its draft. `late`: a condition that is asked before the first wait is about events, so the warehouse must have them."""

    workspace_id: uuid.UUID
    journey_id: uuid.UUID
    journey: str
    version_id: uuid.UUID | None
    number: int
    zone: str
    priority: int
    lanes: Mapping[str, str]
    rules: graph.Rules
    nodes: dict[str, graph.AnyNode]
    edges: dict[tuple[str, str], str]
    entry: graph.Entry
    community: uuid.UUID | None = None
    questions: dict[tuple[str, str], Question] = field(default_factory=dict)  # (node, case): a branch's; ("", ""): of leaving
    yearly: set[str] = field(default_factory=set)  # nodes that wait for a day that comes every year: birthdays do
    gone: set[tuple[str, str]] = field(default_factory=set)  # conditions that cannot be asked any more
    is_late: bool = False

    def target(self, node: str, port: str) -> graph.AnyNode | None:
        """Where a port leads; None where it leads nowhere."""
        found = self.edges.get((node, port))
        return self.nodes.get(found) if found is not None else None

    @property
    def source(self) -> str:
        """How rows name it."""
        return f"journey:{self.journey_id}"


def way(
    drawn: graph.Graph, *, workspace_id: uuid.UUID, journey_id: uuid.UUID, journey: str, version_id: uuid.UUID | None, number: int, zone: str,
    priority: int, lanes: Mapping[str, str], words: Vocabulary,
) -> Way:  # fmt: skip
    """Compile a graph that has one entry. What its conditions name and is gone is noted, and nobody goes that way."""
    by_id = {one.id: one for one in drawn.nodes}
    entry = next(one for one in drawn.nodes if isinstance(one, graph.Entry))
    made = Way(
        workspace_id=workspace_id, journey_id=journey_id, journey=journey, version_id=version_id, number=number, zone=zone, priority=priority,
        lanes=lanes, rules=drawn.rules, nodes=by_id, edges={(edge.source, edge.port): edge.target for edge in drawn.edges}, entry=entry,
        community=drawn.community,
    )  # fmt: skip
    _ask(made, ("", ""), drawn.rules.exit_condition, words)
    _ask(made, (entry.id, ""), entry.condition, words)
    for node in drawn.nodes:
        if isinstance(node, graph.Branch):
            for case in node.cases:
                _ask(made, (node.id, case.id), case.condition, words)
        elif isinstance(node, graph.WaitDate):
            word = words.attribute(node.attribute)
            if node.yearly or (word is not None and word.type == "birthday"):
                made.yearly.add(node.id)
    made.is_late = any(one.is_late for one in made.questions.values())
    return made


def _ask(made: Way, at: tuple[str, str], raw: Any, words: Vocabulary) -> None:
    if raw is None:
        return
    try:
        made.questions[at] = asking.question(raw, words)
    except ConditionRefused:
        made.gone.add(at)


def read(raw: Any) -> graph.Graph:
    """A graph from a JSON column."""
    return msgspec.convert(raw, graph.Graph)


_ways: dict[uuid.UUID, tuple[float, Way]] = {}
KEPT_SECONDS = 30.0  # what conditions name may be gone by then


def of_version(version: JourneyVersion, *, now_seconds: float) -> Way:
    """A published version, compiled; its journey and workspace at hand. Versions never change, but what their conditions name may go."""
    known = _ways.get(version.pk)
    if known is not None and now_seconds - known[0] < KEPT_SECONDS and known[1].priority == version.journey.priority:
        return known[1]
    made = way(
        read(version.graph), workspace_id=version.workspace_id, journey_id=version.journey_id, journey=version.journey.name, version_id=version.pk,
        number=version.number, zone=version.workspace.time_zone, priority=version.journey.priority, lanes=version.lanes,
        words=vocabulary.of(version.workspace),  # not those kept for a second: what it names may be as new as it is
    )  # fmt: skip
    if len(_ways) >= VERSIONS_MAX:
        _ways.clear()
    _ways[version.pk] = (now_seconds, made)
    return made


def forget() -> None:
    """Compile everything anew: for tests."""
    _ways.clear()


def waited_for(node: graph.WaitEvent) -> list[tuple[graph.Awaited, Wanted]]:
    """The events a node waits for, ready to be asked."""
    return [(one, triggers.wanting(conditions.Step(event=one.event, where=one.where))) for one in node.events]
