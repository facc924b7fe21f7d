"""The engine, which judges many at once, against a naive one that takes one event after another."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hutong.automations.models import DailyRuns, Rule, Run
from hutong.automations.rules import ready
from hutong.events.models import LogEntry
from hutong.members.models import Member
from hutong.segments.models import MemberTag, Tag
from hutong.workspaces.models import Workspace
from tests.automations.rules.making import event, happen, has, lacks, make_member, make_rule, make_tag, tags_of

NOW = dt.datetime(2026, 11, 28, 4, 0, tzinfo=dt.UTC)
TAGS = ("甲", "乙", "丙")
PEOPLE = ("a", "b", "c")
SHUT = {"days": [1, 2, 3, 4, 5, 6, 7], "from": "22:00", "to": "23:00"}


@dataclass
class Wish:
    """A rule as the naive engine has it."""

    event: str
    least: int | None
    condition: tuple[str, str] | None  # has | lacks, tag
    acts: list[tuple[str, str]]  # add | remove, tag
    cooldown: bool
    cap: int
    shut: str | None
    priority: int
    is_last: bool


@dataclass
class Naive:
    """One event at a time. Rules of one event are judged by what was before it."""

    rules: list[tuple[Any, Wish]]  # in their order
    tags: dict[str, set[str]]
    rows: list[tuple[Any, str, str, str]] = field(default_factory=list)
    seen: set[tuple[Any, str]] = field(default_factory=set)

    def happen(self, who: str, key: str, name: str, amount: int, depth: int) -> None:
        before, closed = set(self.tags[who]), False
        for pk, wish in self.rules:
            if wish.event != name or (wish.least is not None and amount < wish.least) or (pk, key) in self.seen:
                continue
            self.seen.add((pk, key))
            state, reason = self._judge(pk, wish, who, before, closed, depth)
            self.rows.append((pk, key, state, reason))
            self.people[pk, key] = who
            if state == "done":
                for verb, tag in wish.acts:
                    if verb == "add" and tag not in before:
                        self.tags[who].add(tag)
                    if verb == "remove" and tag in before:
                        self.tags[who].discard(tag)
                closed = closed or wish.is_last

    people: dict[tuple[Any, str], str] = field(default_factory=dict)

    def _judge(self, pk: Any, wish: Wish, who: str, before: set[str], closed: bool, depth: int) -> tuple[str, str]:
        done = sum(1 for rule, key, state, _ in self.rows if rule == pk and state == "done" and self.people[rule, key] == who)
        if depth >= 5:
            return "skipped", "chain"
        if closed:
            return "skipped", "last"
        if wish.shut is not None:
            return ("waiting" if wish.shut == "wait" else "skipped"), "hours"
        if wish.cooldown and done:
            return "skipped", "cooldown"
        if wish.cap and done >= wish.cap:
            return "skipped", "cap"
        if wish.condition is not None and (wish.condition[1] in before) != (wish.condition[0] == "has"):
            return "skipped", "condition"
        return "done", ""


tag = st.sampled_from(TAGS)
wishes = st.builds(
    Wish,
    event=st.sampled_from(["order_paid", "page_viewed"]),
    least=st.none() | st.integers(0, 3),
    condition=st.none() | st.tuples(st.sampled_from(["has", "lacks"]), tag),
    acts=st.lists(st.tuples(st.sampled_from(["add", "remove"]), tag), min_size=1, max_size=2),
    cooldown=st.booleans(),
    cap=st.integers(0, 2),
    shut=st.sampled_from([None, None, None, "skip", "wait"]),
    priority=st.integers(-1, 1),
    is_last=st.booleans(),
)
happenings = st.tuples(
    st.sampled_from(PEOPLE), st.integers(0, 9), st.sampled_from(["order_paid", "page_viewed"]), st.integers(0, 4), st.sampled_from([0, 0, 0, 4, 5])
)
batches = st.lists(st.lists(happenings, min_size=1, max_size=6), min_size=1, max_size=3)


@given(wanted=st.lists(wishes, min_size=1, max_size=4), happening=batches, given_tags=st.dictionaries(st.sampled_from(PEOPLE), st.sets(tag)))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_the_engine_is_the_naive_one(
    workspace: Workspace, wanted: list[Wish], happening: list[list[tuple[str, int, str, int, int]]], given_tags: dict[str, set[str]]
) -> None:
    _clear(workspace)
    with time_machine.travel(NOW, tick=False):
        tags = {name: make_tag(workspace, name) for name in TAGS}
        people = {name: make_member(workspace, name) for name in PEOPLE}
        for name, some in given_tags.items():
            for each in some:
                MemberTag.objects.create(workspace=workspace, member=people[name], origin=people[name], tag=tags[each])
        made = [(_make(workspace, number, wish, tags), wish) for number, wish in enumerate(wanted)]
        made.sort(key=lambda one: (-one[1].priority, one[0].pk))
        naive = Naive([(rule.pk, wish) for rule, wish in made], {name: set(given_tags.get(name, ())) for name in PEOPLE})
        kinds: dict[str, tuple[str, str, int, int]] = {}
        for batch in happening:
            events = []
            for who, number, name, amount, depth in batch:
                # An id names one event for ever: met again it is the same one.
                who, name, amount, depth = kinds.setdefault(f"e{number}", (who, name, amount, depth))
                source = f"rule:{made[0][0].pk}:{depth}" if depth else ""
                events.append(event(people[who], f"e{number}", name, properties={"amount": amount}, source=source))
                naive.happen(who, f"e{number}", name, amount, depth)
            happen(*events)
    rows = Run.objects.in_workspace(workspace).order_by("pk").values_list("rule_id", "key", "state", "reason")
    assert Counter(rows) == Counter(naive.rows)
    assert {name: tags_of(one) for name, one in people.items()} == naive.tags
    told = Counter({(row.rule_id, state): getattr(row, state) for row in DailyRuns.objects.in_workspace(workspace) for state in ("done", "skipped")})
    assert +told == Counter((rule, state) for rule, _, state, _ in naive.rows if state != "waiting")


def _make(workspace: Workspace, number: int, wish: Wish, tags: dict[str, Tag]) -> Rule:
    where = [] if wish.least is None else [{"property": "amount", "type": "number", "op": "at_least", "value": wish.least}]
    condition = None
    if wish.condition is not None:
        condition = (has if wish.condition[0] == "has" else lacks)(tags[wish.condition[1]])
    return make_rule(
        workspace, f"规则{number}", trigger={"kind": "event", "event": wish.event, "where": where}, condition=condition,
        actions=[
            {"id": f"a{at}", "action": f"tag.{verb}", "settings": {"tag_id": str(tags[name].pk)}} for at, (verb, name) in enumerate(wish.acts)
        ],
        cooldown_seconds=3600 if wish.cooldown else 0, cap_times=wish.cap, hours=None if wish.shut is None else SHUT | {"otherwise": wish.shut},
        priority=wish.priority, is_last=wish.is_last,
    )  # fmt: skip


def _clear(workspace: Workspace) -> None:
    for model in (Rule, MemberTag, Tag, Member):
        model.objects.in_workspace(workspace).delete()
    LogEntry.objects.all().delete()
    ready.forget()


pytestmark = pytest.mark.django_db
