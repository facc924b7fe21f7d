"""Rules in each other's way: whoever writes the keyword of one is answered by another.

Every keyword is given to the matcher as if it were a message. The best of the rules it meets in an overlapping scope, if that goes before
its own, is in conflict with it. Kept by the version of the rules: looking through the pages counts once.
"""

from __future__ import annotations

import threading
import uuid
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from hutong.communities.models import Group
from hutong.foundation import pages
from hutong.foundation.errors import Invalid
from hutong.replies.matching import compiled, kept
from hutong.replies.matching.compiled import COLUMNS, Compiled, Hours, compile_rule
from hutong.replies.matching.matcher import Hit
from hutong.replies.matching.said import Said
from hutong.replies.models import Rule
from hutong.workspaces.models import Workspace

CONFLICTS_MAX = 5_000
KEPT_MAX = 10  # workspaces


@dataclass(frozen=True, slots=True)
class Conflict:
    """`winner` answers what is the keyword of `loser`: because they have the same, or because its own is contained in that."""

    kind: Literal["same", "contained"]
    winner: Compiled
    loser: Compiled
    winner_keyword: str
    loser_keyword: str


@dataclass(frozen=True, slots=True)
class Found:
    """A page of conflicts."""

    items: list[Conflict]
    next_cursor: str | None
    total: int
    is_cut: bool


_kept: OrderedDict[uuid.UUID, tuple[int, list[Conflict]]] = OrderedDict()
_lock = threading.Lock()


def page(workspace: Workspace, *, cursor: str | None, limit: int) -> Found:
    """Conflicts, in the order of the rule that loses."""
    found = every(workspace)
    start = pages.decode(cursor, length=1)[0] if cursor else 0
    if type(start) is not int or start < 0:
        raise Invalid.field("cursor", "翻页位置无效，请从第一页重新开始。", "This page position is not valid. Start from the first page.")
    end = start + limit
    shown = found[:CONFLICTS_MAX]
    return Found(shown[start:end], pages.encode([end]) if end < len(shown) else None, len(shown), len(found) > CONFLICTS_MAX)


def every(workspace: Workspace) -> list[Conflict]:
    """All of them, one more than are listed at most."""
    ready = kept.ready(workspace.pk)
    if ready is None:
        return []
    with _lock:
        had = _kept.get(workspace.pk)
    if had is not None and had[0] == ready.version:
        return had[1]
    homes = {str(pk): str(home) for pk, home in Group.objects.in_workspace(workspace).values_list("pk", "community_id")}
    rows = Rule.objects.in_workspace(workspace).filter(deleted_at=None, is_enabled=True).order_by("-priority", "id")
    found: list[Conflict] = []
    for row in rows.values(*COLUMNS).iterator(chunk_size=2_000):
        loser = compile_rule(row)
        found += _against(loser, ready, homes)
        if len(found) > CONFLICTS_MAX:
            break
    with _lock:
        _kept[workspace.pk] = (ready.version, found)
        while len(_kept) > KEPT_MAX:
            _kept.popitem(last=False)
    return found


def _against(loser: Compiled, ready: kept.Ready, homes: Mapping[str, str]) -> list[Conflict]:
    found = []
    for keyword in loser.keywords:
        if keyword.way == "regex":
            continue
        hits = ready.find(Said(keyword.text))
        own = next((hit for hit in hits if hit.rule.id == loser.id), None)
        for hit in hits:
            if own is None or hit is own:
                break
            if overlap(hit.rule, loser, homes):
                found.append(_conflict(hit, loser, keyword.text))
                break
    return found


def _conflict(hit: Hit, loser: Compiled, keyword: str) -> Conflict:
    is_same = hit.keyword.way != "regex" and compiled.key_of(hit.word) == compiled.key_of(keyword)
    return Conflict("same" if is_same else "contained", hit.rule, loser, hit.keyword.text, keyword)


def overlap(one: Compiled, other: Compiled, homes: Mapping[str, str]) -> bool:
    """Whether there is a place and a time where both would answer. `homes`: the community of each group."""
    if "all" not in (one.place, other.place) and one.place != other.place:
        return False
    return _shares_scope(one, other, homes) and (one.hours is None or other.hours is None or _shares_time(one.hours, other.hours))


def _shares_scope(one: Compiled, other: Compiled, homes: Mapping[str, str]) -> bool:
    if not (one.community_ids or one.group_ids) or not (other.community_ids or other.group_ids):
        return True
    if one.community_ids & other.community_ids or one.group_ids & other.group_ids:
        return True
    return any(homes.get(group) in b.community_ids for a, b in ((one, other), (other, one)) for group in a.group_ids)


def _shares_time(one: Hours, other: Hours) -> bool:
    return bool(_minutes(one) & _minutes(other))


def _minutes(hours: Hours) -> set[int]:
    """The minutes of the week, from Monday."""
    begin, end = (time.hour * 60 + time.minute for time in (hours.begin, hours.end))
    length = (end - begin) % 1440
    return {(day * 1440 + begin + minute) % 10_080 for day in hours.days for minute in range(length)}
