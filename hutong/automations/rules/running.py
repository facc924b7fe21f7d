"""Rules at work: who met one is judged before the turn to write, and what is done for them is written in it with a run of each."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from hutong.automations import occasions
from hutong.automations.listening import Met
from hutong.automations.models import DailyRuns, Run
from hutong.automations.rules import history, judging, ready
from hutong.automations.rules.cases import Case
from hutong.automations.rules.judging import Pasts, Round
from hutong.automations.rules.ready import Ready
from hutong.foundation import clock, ids
from hutong.foundation.acting import write_nothing
from hutong.members import bulk
from hutong.members.actions import origins
from hutong.members.bulk import Widening
from hutong.members.models import Member

Write = Callable[[], None]
_COUNTED = Widening(plus=("done", "skipped", "failed"))
_ROW = ("workspace", "rule", "key", "member", "event", "at", "state", "reason", "outcomes", "due_at", "occasion")


def prepare(met: Sequence[Met]) -> Write:
    """Judge those who met rules; gives what then writes. Taken twice, the same events are answered once."""
    rules = ready.every()
    found: list[tuple[Ready, str, Met, int]] = []
    turns: dict[str, int] = {}
    for one in met:
        rule = rules.get(one.listener.automation)
        if rule is not None:
            turn = turns.setdefault(one.event.workspace_id + one.event.id, len(turns))
            found.append((rule, occasions.named(one.event.id), one, turn))
    heads = shown((rule.workspace_id, ids.read(one.event.member_id)) for rule, _, one, _ in found)
    cases = [
        Case(rule, key, heads[rule.workspace_id, ids.read(one.event.member_id)], occasions.of(one.event), turn)
        for rule, key, one, turn in found
        if (rule.workspace_id, ids.read(one.event.member_id)) in heads
    ]
    return begin(cases)


def begin(cases: Sequence[Case]) -> Write:
    """The same of cases, in the order in which it happened."""
    now = clock.now()
    there = history.keys_there(judging.rules_of(one for one in cases if not one.waited))
    new = [one for one in _different(cases) if one.waited or (one.rule.id, one.key) not in there]
    if not new:
        return write_nothing
    known = judging.pasts(new, now)
    first = judging.judged(new, known, now)
    return lambda: _write(first, known, now)


def shown(people: Iterable[tuple[uuid.UUID, uuid.UUID]]) -> dict[tuple[uuid.UUID, uuid.UUID], uuid.UUID]:
    """Whom each member (of a workspace) shows as now; bots and whoever is gone are left out."""
    by_workspace: dict[uuid.UUID, set[uuid.UUID]] = {}
    for workspace_id, member_id in people:
        by_workspace.setdefault(workspace_id, set()).add(member_id)
    found: dict[tuple[uuid.UUID, uuid.UUID], uuid.UUID] = {}
    for workspace_id, members in by_workspace.items():
        merged: list[uuid.UUID] = []
        for member_id, into, is_bot in bulk.pick(Member, ["merged_into", "is_bot"], "id", members, workspace_id=workspace_id):
            if is_bot:
                continue
            if into is None:
                found[workspace_id, member_id] = member_id
            else:
                merged.append(member_id)
        if merged:
            found |= {(workspace_id, member_id): head for member_id, head in origins.heads(workspace_id, merged).items()}
    return found


def _different(cases: Sequence[Case]) -> list[Case]:
    seen: set[tuple[uuid.UUID, str]] = set()
    found = []
    for one in cases:
        if (one.rule.id, one.key) not in seen:
            seen.add((one.rule.id, one.key))
            found.append(one)
    return found


def _write(first: Round, known: Pasts, now: dt.datetime) -> None:
    """Write a round; whoever is left is judged by what it has made, in the same transaction."""
    made = first
    decided: list[Case] = []
    while True:
        for write in made.writes:
            write()
        decided += made.decided
        if not made.left:
            break
        made = judging.judged(made.left, known, now)
    decided.sort(key=lambda one: (one.turn, -one.rule.priority, one.rule.id))  # the log tells it in the order in which it happened
    _keep([one for one in decided if one.is_kept], now)


def _keep(cases: Sequence[Case], now: dt.datetime) -> None:
    """A run of each, and the numbers of the day. What another process wrote meanwhile stays as it is."""
    fresh = [one for one in cases if not one.waited]
    there = history.keys_there(judging.rules_of(fresh))
    new = [one for one in fresh if (one.rule.id, one.key) not in there]
    bulk.insert(Run, _ROW, [_row(one, now) for one in new], is_skipping=True, key=("rule", "key"))
    waited = {one.waited: one for one in cases if one.waited}
    still: list[int] = []
    for some in bulk.chunks(waited):
        still += Run.objects.across_workspaces().filter(pk__in=some, state="waiting").values_list("pk", flat=True)
    rows: dict[uuid.UUID, list[tuple[object, ...]]] = {}
    for pk in still:
        one = waited[pk]
        rows.setdefault(one.rule.workspace_id, []).append((*_row(one, now)[5:], pk))
    for workspace_id, changed in rows.items():
        bulk.update(Run, _ROW[5:], changed, workspace_id=workspace_id)
    count([*new, *(waited[pk] for pk in still)], now)


def _row(one: Case, now: dt.datetime) -> tuple[object, ...]:
    occasion = occasions.said(one.occasion) if one.state == "waiting" else None
    return (
        one.rule.workspace_id,
        one.rule.id,
        one.key,
        one.member_id,
        one.occasion.event,
        now,
        one.state,
        one.reason,
        one.outcomes,
        one.due_at,
        occasion,
    )


def give_up(rule: Ready, key: str) -> None:
    """Write a run of nobody for what could not be worked through to its end. Within a transaction."""
    now = clock.now()
    row: tuple[object, ...] = (rule.workspace_id, rule.id, key, None, "", now, "failed", "given_up", [], None, None)
    bulk.insert(Run, _ROW, [row])
    _add(Counter({(rule, "failed"): 1}), now)


def count(cases: Iterable[Case], now: dt.datetime) -> None:
    """Add to the numbers of the day, as the workspace's clock has it."""
    _add(Counter((one.rule, one.state) for one in cases if one.state != "waiting"), now)


def _add(counts: Counter[tuple[Ready, str]], now: dt.datetime) -> None:
    rows = [
        (
            ids.new(), rule.workspace_id, rule.id, clock.local_date(now, rule.home_zone),
            *(counts[rule, state] for state in ("done", "skipped", "failed")),
        )
        for rule in dict.fromkeys(rule for rule, _ in counts)
    ]  # fmt: skip
    bulk.insert_or_widen(DailyRuns, ("id", "workspace", "rule", "day", "done", "skipped", "failed"), _COUNTED, rows, key=("rule", "day"))
