"""What is wrong with a journey as it is drawn, each problem at its node: told while somebody draws, and refused when it is published.

`is_error`: it cannot be published so. The rest is for somebody to know.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from hutong.automations import registry, triggers
from hutong.automations.journeys import graph
from hutong.foundation import timing
from hutong.foundation.acting import Cause
from hutong.foundation.errors import Invalid
from hutong.segments.conditions import nodes, reading, shapes
from hutong.segments.conditions.reading import ConditionRefused
from hutong.segments.conditions.vocabulary import Vocabulary

NAME_LENGTH_MAX = 60
NOTE_LENGTH_MAX = 1_000
ID_LENGTH_MAX = 20
SECONDS_MIN = 60
WEIGHT_MAX = 1_000
PEOPLE_MAX = 1_000_000
WITHIN_DAYS_MAX = 366
REENTRY_DAYS_MAX = 366
WAITS = (graph.Wait, graph.WaitTime, graph.WaitEvent)
KINDS = ("event", "segment", "schedule", "date", "manual")
CHOSEN = ("kind", "way", "calendar", "per")  # fields of a graph whose values are some words


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something to mend, or to know. `field`: within the node's settings."""

    zh: str
    en: str
    node: str = ""
    field: str = ""
    is_error: bool = True


def read(raw: Any) -> graph.Graph:
    """A graph from what the console or a program sent. Raises Invalid at `graph.<...>` where it is none."""
    try:
        found = msgspec.convert(raw, graph.Graph)
    except msgspec.ValidationError as error:
        pointer, zh, en = shapes.said(error)
        if pointer.rpartition("/")[2] in CHOSEN:
            zh, en = "没有这个选项。", "There is no such choice."
        raise Invalid.field(".".join(["graph", *filter(None, pointer.split("/"))]), zh, en) from error
    for name, some, most in (
        ("nodes", found.nodes, graph.NODES_MAX),
        ("edges", found.edges, graph.EDGES_MAX),
        ("comments", found.comments, graph.COMMENTS_MAX),
    ):
        if len(some) > most:
            raise Invalid.field(f"graph.{name}", f"最多 {most} 个。", f"At most {most}.")
    ids = [one.id for one in found.nodes]
    if len(set(ids)) < len(ids) or not all(0 < len(one) <= ID_LENGTH_MAX and one.isascii() and one.isalnum() for one in ids):
        raise Invalid.field(
            "graph.nodes", "节点编号须各不相同，由 1 到 20 个字母和数字组成。", "Ids of nodes differ, and have 1 to 20 letters and digits."
        )
    return found


def problems(workspace_id: uuid.UUID, drawn: graph.Graph, words: Vocabulary) -> list[Problem]:
    """Everything that is wrong with it, and everything to know."""
    found = [*_whole(drawn, words)]
    for node in drawn.nodes:
        found += [at_node(one, node.id) for one in _CHECKS[type(node)](workspace_id, node, drawn, words)]
    return [*found, *_edges(drawn), *_reached(drawn), *_circles(drawn)]


def cautions(workspace_id: uuid.UUID, drawn: graph.Graph, found: Sequence[Problem], *, people: int) -> list[Problem]:
    """What the actions say to look at before they run for so many people; of nodes that are right by themselves."""
    broken = {one.node for one in found if one.is_error}
    said: list[Problem] = []
    for node in drawn.nodes:
        action = registry.find(node.action) if isinstance(node, graph.Do) else None
        if isinstance(node, graph.Do) and action is not None and node.id not in broken:
            for one in action.warn(workspace_id, action.check(workspace_id, node.settings), people):
                said.append(Problem(zh=one.zh, en=one.en, node=node.id, field=f"settings.{one.field}" if one.field else "", is_error=one.is_error))
    return said


def at_node(one: Problem, node: str) -> Problem:
    """The same problem, at a node."""
    return Problem(zh=one.zh, en=one.en, node=node, field=one.field, is_error=one.is_error)


def errors(found: Sequence[Problem], drawn: graph.Graph) -> Invalid:
    """What is raised when it is published all the same."""
    at = {node.id: number for number, node in enumerate(drawn.nodes)}
    return Invalid(
        errors=[
            {
                "field": ".".join(filter(None, ["graph", f"nodes.{at[one.node]}" if one.node in at else "", one.field])),
                "message": {"zh": one.zh, "en": one.en},
            }
            for one in found
            if one.is_error
        ]
    )


def causes(drawn: graph.Graph) -> list[Cause]:
    """The events that its actions bring about."""
    found: list[Cause] = []
    for node in drawn.nodes:
        action = registry.find(node.action) if isinstance(node, graph.Do) else None
        if action is not None and isinstance(node, graph.Do):
            found += action.causes(node.settings)
    return found


# --- the whole ------------------------------------------------------------------------------------


def _whole(drawn: graph.Graph, words: Vocabulary) -> Iterator[Problem]:
    entries = [node for node in drawn.nodes if isinstance(node, graph.Entry)]
    if len(entries) != 1:
        yield Problem(zh="旅程须有且只有一个入口。", en="A journey has one entry.")
    if drawn.community is not None and str(drawn.community) not in words.communities:
        yield Problem(zh="没有这个社群，可能已被删除。", en="There is no such community; it may have been deleted.", field="community")
    yield from _condition(drawn.rules.exit_condition, "rules.exit_condition", words)
    for number, one in enumerate(drawn.rules.exit_events):
        yield from _step(one.event, one.where, f"rules.exit_events.{number}", words)


def _edges(drawn: graph.Graph) -> Iterator[Problem]:
    by_id = {node.id: node for node in drawn.nodes}
    led: set[tuple[str, str]] = set()
    for edge in drawn.edges:
        source = by_id.get(edge.source)
        if source is None or edge.target not in by_id or edge.port not in graph.ports(source):
            yield Problem(zh="有一条连线的起点或终点已不存在。", en="A line begins or ends at something that is gone.", node=edge.source)
        elif (edge.source, edge.port) in led:
            yield Problem(zh="同一个出口只能连到一个节点。", en="One way out leads to one node.", node=edge.source, field=edge.port)
        elif isinstance(by_id[edge.target], graph.Entry):
            yield Problem(zh="不能连回入口。", en="Nothing leads back to the entry.", node=edge.source, field=edge.port)
        led.add((edge.source, edge.port))
    for node in drawn.nodes:
        for port in graph.ports(node):
            is_optional = port == graph.FAILED or (isinstance(node, graph.Goal) and node.ends)
            if (node.id, port) not in led and not is_optional:
                yield Problem(
                    zh="这个出口没有连接：走到这里的人会离开旅程。", en="This way out leads nowhere: whoever comes out here leaves the journey.",
                    node=node.id, field=port, is_error=isinstance(node, graph.Entry),
                )  # fmt: skip


def _nexts(drawn: graph.Graph) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {node.id: [] for node in drawn.nodes}
    for edge in drawn.edges:
        if edge.source in found and edge.target in found:
            found[edge.source].append(edge.target)
    for node in drawn.nodes:
        if isinstance(node, graph.GoTo) and node.node in found:
            found[node.id].append(node.node)
    return found


def _reached(drawn: graph.Graph) -> Iterator[Problem]:
    nexts = _nexts(drawn)
    left = [node.id for node in drawn.nodes if isinstance(node, graph.Entry)]
    seen = set(left)
    while left:
        for one in nexts[left.pop()]:
            if one not in seen:
                seen.add(one)
                left.append(one)
    for node in drawn.nodes:
        # A goal that an event reaches needs no line.
        if node.id not in seen and not isinstance(node, graph.Entry) and not (isinstance(node, graph.Goal) and node.event):
            yield Problem(zh="没有人能走到这个节点。", en="Nobody can come to this node.", node=node.id)


def _circles(drawn: graph.Graph) -> Iterator[Problem]:
    """Rounds in which nobody waits: one person would go round for ever."""
    nexts = _nexts(drawn)
    still = dict.fromkeys(node.id for node in drawn.nodes if not isinstance(node, WAITS))  # in the order of the drawing
    state: dict[str, int] = {}  # 1: on the way down, 2: done
    for start in still:
        if state.get(start):
            continue
        stack = [(start, iter(nexts[start]))]
        state[start] = 1
        while stack:
            one, rest = stack[-1]
            following = next((each for each in rest if each in still), None)
            if following is None:
                state[one] = 2
                stack.pop()
            elif state.get(following) == 1:
                yield Problem(
                    zh="从这里绕回来的路上没有等待，会不停地转圈。请加一个等待。",
                    en="The way round from here has no wait: people would go round without end. Add a wait.",
                    node=one,
                )
            elif not state.get(following):
                state[following] = 1
                stack.append((following, iter(nexts[following])))


# --- each kind of node ------------------------------------------------------------------------------


def _named(workspace_id: uuid.UUID, node: graph.AnyNode, drawn: graph.Graph, words: Vocabulary) -> Iterator[Problem]:
    if len(node.name) > NAME_LENGTH_MAX:
        yield Problem(zh=f"名称最多 {NAME_LENGTH_MAX} 个字。", en=f"A name has at most {NAME_LENGTH_MAX} characters.", field="name")
    if len(node.note) > NOTE_LENGTH_MAX:
        yield Problem(zh=f"备注最多 {NOTE_LENGTH_MAX} 个字。", en=f"A note has at most {NOTE_LENGTH_MAX} characters.", field="note")


def _entry(workspace_id: uuid.UUID, node: graph.Entry, drawn: graph.Graph, words: Vocabulary) -> Iterator[Problem]:
    yield from _named(workspace_id, node, drawn, words)
    try:
        triggers.read(msgspec.to_builtins(node.trigger), words, where="trigger", kinds=KINDS)
    except Invalid as error:
        yield from _said(error)
    yield from _condition(node.condition, "condition", words)
    if node.reentry.kind == "after" and not 1 <= node.reentry.days <= REENTRY_DAYS_MAX:
        yield Problem(zh="请填写 1 到 366 天。", en="Give 1 to 366 days.", field="reentry.days")


def _wait(workspace_id: uuid.UUID, node: graph.Wait, drawn: graph.Graph, words: Vocabulary) -> Iterator[Problem]:
    yield from _named(workspace_id, node, drawn, words)
    yield from _seconds(node.seconds, "seconds")


def _seconds(seconds: int, field: str) -> Iterator[Problem]:
    if not SECONDS_MIN <= seconds <= graph.WAIT_SECONDS_MAX:
        yield Problem(zh="请等待 1 分钟到 366 天。", en="Wait from 1 minute to 366 days.", field=field)


def _wait_time(workspace_id: uuid.UUID, node: graph.WaitTime, drawn: graph.Graph, words: Vocabulary) -> Iterator[Problem]:
    yield from _named(workspace_id, node, drawn, words)
    yield from _clock(node.time)
    if not set(node.weekdays) <= set(range(1, 8)):
        yield Problem(zh="请选择星期几。", en="Choose days of the week.", field="weekdays")


def _clock(time: str) -> Iterator[Problem]:
    try:
        timing.checked(timing.Timing(kind="daily", time=time))
    except Invalid:
        yield Problem(zh="时间写作 09:00。", en="A time is written 09:00.", field="time")


def _wait_date(workspace_id: uuid.UUID, node: graph.WaitDate, drawn: graph.Graph, words: Vocabulary) -> Iterator[Problem]:
    yield from _named(workspace_id, node, drawn, words)
    raw = {"kind": "date", **{name: getattr(node, name) for name in ("attribute", "offset_days", "time", "calendar", "yearly")}}
    try:
        triggers.read(raw, words, where="")
    except Invalid as error:
        yield from _said(error)


def _wait_event(workspace_id: uuid.UUID, node: graph.WaitEvent, drawn: graph.Graph, words: Vocabulary) -> Iterator[Problem]:
    yield from _named(workspace_id, node, drawn, words)
    yield from _branches([one.id for one in node.events], "events")
    for number, one in enumerate(node.events):
        yield from _step(one.event, one.where, f"events.{number}", words)
    yield from _seconds(node.timeout_seconds, "timeout_seconds")


def _branch(workspace_id: uuid.UUID, node: graph.Branch, drawn: graph.Graph, words: Vocabulary) -> Iterator[Problem]:
    yield from _named(workspace_id, node, drawn, words)
    yield from _branches([one.id for one in node.cases], "cases")
    for number, one in enumerate(node.cases):
        if one.condition is None:
            yield Problem(zh="请填写条件。", en="Say the condition.", field=f"cases.{number}.condition")
        yield from _condition(one.condition, f"cases.{number}.condition", words)


def _event_branch(workspace_id: uuid.UUID, node: graph.EventBranch, drawn: graph.Graph, words: Vocabulary) -> Iterator[Problem]:
    yield from _named(workspace_id, node, drawn, words)
    yield from _branches([one.id for one in node.cases], "cases")
    for number, one in enumerate(node.cases):
        if not one.where:
            yield Problem(zh="请填写要看的属性。", en="Say which property to look at.", field=f"cases.{number}.where")
        yield from (each for each in _step("", one.where, f"cases.{number}", words) if not each.field.endswith(".event"))


def _branches(ids: Sequence[str], field: str) -> Iterator[Problem]:
    if not 1 <= len(ids) <= graph.BRANCHES_MAX:
        yield Problem(zh=f"请设置 1 到 {graph.BRANCHES_MAX} 条分支。", en=f"Give 1 to {graph.BRANCHES_MAX} ways.", field=field)
    reserved = {graph.OUT, graph.FAILED, graph.TIMEOUT, graph.OTHERWISE}
    if len(set(ids)) < len(ids) or reserved & set(ids) or not all(0 < len(one) <= ID_LENGTH_MAX and one.isascii() and one.isalnum() for one in ids):
        yield Problem(zh="分支编号须各不相同。", en="The ids of ways differ.", field=field)


def _split(workspace_id: uuid.UUID, node: graph.Split, drawn: graph.Graph, words: Vocabulary) -> Iterator[Problem]:
    yield from _named(workspace_id, node, drawn, words)
    yield from _branches([one.id for one in node.arms], "arms")
    if not all(0 <= one.weight <= WEIGHT_MAX for one in node.arms) or not any(one.weight for one in node.arms):
        yield Problem(zh="请为每一组填写比例。", en="Give every arm its share.", field="arms")
    if sum(one.is_holdout for one in node.arms) > 1:
        yield Problem(zh="对照组只能有一组。", en="There is one holdout at most.", field="arms")


def _do(workspace_id: uuid.UUID, node: graph.Do, drawn: graph.Graph, words: Vocabulary) -> Iterator[Problem]:
    yield from _named(workspace_id, node, drawn, words)
    action = registry.find(node.action)
    if action is None:
        yield Problem(zh="请选择动作。", en="Choose an action.", field="action")
        return
    try:
        action.check(workspace_id, node.settings)
    except Invalid as error:
        for one in _said(error):
            yield Problem(zh=one.zh, en=one.en, field=f"settings.{one.field}")


def _limit(workspace_id: uuid.UUID, node: graph.Limit, drawn: graph.Graph, words: Vocabulary) -> Iterator[Problem]:
    yield from _named(workspace_id, node, drawn, words)
    if not 1 <= node.people <= PEOPLE_MAX:
        yield Problem(zh=f"请填写 1 到 {PEOPLE_MAX:,} 人。", en=f"Give 1 to {PEOPLE_MAX:,} people.", field="people")


def _go_to(workspace_id: uuid.UUID, node: graph.GoTo, drawn: graph.Graph, words: Vocabulary) -> Iterator[Problem]:
    yield from _named(workspace_id, node, drawn, words)
    target = next((one for one in drawn.nodes if one.id == node.node), None)
    if target is None or isinstance(target, graph.Entry) or target.id == node.id:
        yield Problem(zh="请选择要跳到的节点。", en="Choose the node to go to.", field="node")


def _goal(workspace_id: uuid.UUID, node: graph.Goal, drawn: graph.Graph, words: Vocabulary) -> Iterator[Problem]:
    yield from _named(workspace_id, node, drawn, words)
    if node.event:
        yield from _step(node.event, node.where, "", words)
    if not 1 <= node.within_days <= WITHIN_DAYS_MAX:
        yield Problem(zh="请填写 1 到 366 天。", en="Give 1 to 366 days.", field="within_days")


def _condition(raw: Any, field: str, words: Vocabulary) -> Iterator[Problem]:
    if raw is None:
        return
    try:
        reading.read(raw, words)
    except ConditionRefused as error:
        for one in error.errors:
            pointer = str(one["field"])
            yield Problem(zh=one["message"]["zh"], en=one["message"]["en"], field=field if pointer == "/" else f"{field}{pointer}")


def _step(event: str, where: list[nodes.PropertyTest], field: str, words: Vocabulary) -> Iterator[Problem]:
    for one in reading.step(nodes.Step(event=event, where=where), words):
        at = ".".join(filter(None, [field, *str(one["field"]).split("/")]))
        yield Problem(zh=one["message"]["zh"], en=one["message"]["en"], field=at)


def _said(error: Invalid) -> Iterator[Problem]:
    for one in error.errors:
        yield Problem(zh=one["message"]["zh"], en=one["message"]["en"], field=str(one["field"]).lstrip("."))


_CHECKS: Mapping[type, Any] = {
    graph.Entry: _entry,
    graph.Wait: _wait,
    graph.WaitTime: _wait_time,
    graph.WaitDate: _wait_date,
    graph.WaitEvent: _wait_event,
    graph.Branch: _branch,
    graph.EventBranch: _event_branch,
    graph.Split: _split,
    graph.Do: _do,
    graph.Limit: _limit,
    graph.GoTo: _go_to,
    graph.Join: _named,
    graph.Goal: _goal,
    graph.Exit: _named,
}
