"""What nodes are called, and what is waited for at them, in both languages."""

from __future__ import annotations

from hutong.automations import registry
from hutong.automations.journeys import graph
from hutong.segments.conditions.vocabulary import Vocabulary

Said = dict[str, str]  # {"zh", "en"}

KINDS: dict[type[graph.AnyNode], tuple[str, str]] = {
    graph.Entry: ("入口", "Entry"),
    graph.Wait: ("等一段时间", "Wait a while"),
    graph.WaitTime: ("等到某个时刻", "Wait until a time"),
    graph.WaitDate: ("等到某一天", "Wait until a day"),
    graph.WaitEvent: ("等一件事发生", "Wait for an event"),
    graph.Branch: ("按条件分支", "Branch by condition"),
    graph.EventBranch: ("按事件分支", "Branch by event"),
    graph.Split: ("随机分组", "Split at random"),
    graph.Do: ("动作", "Action"),
    graph.Limit: ("限速", "Rate limit"),
    graph.GoTo: ("跳到", "Go to"),
    graph.Join: ("汇合", "Join"),
    graph.Goal: ("目标", "Goal"),
    graph.Exit: ("结束", "End"),
}
GONE = {"zh": "已删除的节点", "en": "A node that is gone"}


def name(node: graph.AnyNode | None) -> Said:
    """The name somebody gave it; else what it does. None is a node that the version has no longer."""
    if node is None:
        return GONE
    if node.name:
        return {"zh": node.name, "en": node.name}
    action = registry.find(node.action) if isinstance(node, graph.Do) else None
    zh, en = (action.zh, action.en) if action is not None else KINDS[type(node)]
    return {"zh": zh, "en": en}


def awaited(node: graph.AnyNode | None, words: Vocabulary) -> list[Said]:
    """The events that are waited for at a node, in its order."""
    return [_event(one, words) for one in node.events] if isinstance(node, graph.WaitEvent) else []


def _event(one: graph.Awaited, words: Vocabulary) -> Said:
    word = words.events.get(one.event)
    if one.name or word is None:
        return {"zh": one.name or one.event, "en": one.name or one.event}
    return {"zh": word.zh, "en": word.en}
