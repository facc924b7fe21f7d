"""A condition for all members in one statement of the warehouse. Every value is bound; nothing a person wrote is part of the text.

Each leaf becomes a set of members: those that have what it asks, or, where having nothing satisfies it, everybody but the others.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from hutong.events.warehouse.schema import SAMPLED
from hutong.segments.conditions import nodes, one, values
from hutong.segments.conditions.values import Today
from hutong.segments.conditions.vocabulary import Vocabulary
from hutong.segments.conditions.watch import MINUTE_MS

DAY_MIN, DAY_MAX = dt.date(1970, 1, 1), dt.date(2149, 6, 6)  # the days an event can have in the warehouse
EPOCH = dt.date(1970, 1, 1).toordinal()
PEOPLE = "NOT is_bot AND NOT is_anonymous"  # of the table `people`: whom segments hold; `facts.load` knows the same
_ANY, _NONE = (1, one.INFINITE), (0, 0)  # bounds of a count
SCORE, PURPOSE = "score:", "consent:"  # before their names, as keys of `member_values`


@dataclass(slots=True)
class Statement:
    """Text with `{name:Type}` marks, and their values."""

    text: str
    parameters: dict[str, Any]


def members(
    condition: nodes.Condition,
    vocabulary: Vocabulary,
    *,
    workspace_id: str,
    time_zone: str,
    today: Today,
    among: str = "1",
    is_sampled: bool = False,
) -> Statement:
    """The members (`member_id`) for whom the condition (as `reading.read` gave it) holds on a local day.

    `time_zone` is the workspace's, for the day they were first seen. `among` narrows `people` beforehand: a fragment of our own over its columns. `is_sampled`: only of those who are in the sample.
    """
    writer = Writer(vocabulary, today, {"workspace": workspace_id}, time_zone=time_zone, is_sampled=is_sampled)
    where = writer.condition(condition)
    if is_sampled:
        among = f"{among} AND {SAMPLED}"
    return Statement(f"SELECT member_id FROM people FINAL WHERE workspace_id = {{workspace:UUID}} AND {among} AND ({where})", writer.parameters)


@dataclass(slots=True)
class Writer:
    """Writes parts of statements, and binds their values."""

    vocabulary: Vocabulary
    today: Today
    parameters: dict[str, Any] = field(default_factory=dict)
    time_zone: str = "UTC"
    is_sampled: bool = False

    def bound(self, type_name: str, value: Any) -> str:
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return f"{{{name}:{type_name}}}"

    def condition(self, condition: nodes.Condition) -> str:
        if isinstance(condition, nodes.All):
            return " AND ".join(f"({self.condition(each)})" for each in condition.of) or "1"
        if isinstance(condition, nodes.AnyOf):
            return " OR ".join(f"({self.condition(each)})" for each in condition.of) or "0"
        if isinstance(condition, nodes.Not):
            return f"NOT ({self.condition(condition.of)})"
        return self.leaf(condition)

    def leaf(self, leaf: nodes.Leaf) -> str:
        if isinstance(leaf, nodes.Did):
            return self.did(leaf)
        if isinstance(leaf, nodes.Sequence):
            return self.sequence(leaf)
        if isinstance(leaf, nodes.Attribute):
            kind = self.vocabulary.type_of(leaf.key)
            if leaf.key == "$first_seen" or leaf.key in _PEOPLE:
                return self.tested(kind, leaf.op, leaf.value, self.own(leaf.key))
            return self.kept(leaf.key, kind, leaf.op, leaf.value)
        if isinstance(leaf, nodes.Score):
            return self.kept(SCORE + leaf.score, "number", leaf.op, leaf.value)
        if isinstance(leaf, nodes.Consent):
            return self.kept(PURPOSE + leaf.purpose, "boolean", "is", True)
        if isinstance(leaf, nodes.Tag):
            return self.having("member_tags", f"tag_id = {self.bound('UUID', leaf.tag)}")
        if isinstance(leaf, nodes.Segment):
            return self.having("segment_members", f"segment_id = {self.bound('UUID', leaf.segment)}")
        place, value = ("community_id", leaf.community) if isinstance(leaf, nodes.Community) else ("group_id", leaf.group)
        return self.having("memberships", f"{place} = {self.bound('UUID', value)} AND left_day = toDate('{DAY_MAX}')")

    def own(self, key: str) -> str:
        """A value of `people` itself."""
        if key == "$first_seen":
            return f"toNullable(toInt32(toDate32(first_seen_at, {self.bound('String', self.time_zone)})) + {EPOCH})"
        return _PEOPLE[key]

    def having(self, table: str, where: str) -> str:
        share = SAMPLED if self.is_sampled else "1"
        return f"member_id IN (SELECT member_id FROM {table} FINAL WHERE workspace_id = {{workspace:UUID}} AND {share} AND {where})"

    def kept(self, key: str, type_name: str, op: str, value: Any) -> str:
        """A test of a row of `member_values`; where a member without one passes, everybody but those who fail."""
        test = self.tested(type_name, op, value, _KEPT[type_name])
        of_key = f"key = {self.bound('String', key)}"
        if values.judge(type_name, op, value)(None, self.today):
            return f"NOT {self.having('member_values', f'{of_key} AND NOT ({test})')}"
        return self.having("member_values", f"{of_key} AND ({test})")

    def did(self, leaf: nodes.Did) -> str:
        where = [*self.events([leaf.event]), *self.days(leaf.window), *self.tests(leaf.where)]
        if leaf.community is not None:
            where.append(f"community_id = {self.bound('UUID', leaf.community)}")
        if leaf.group is not None:
            where.append(f"group_id = {self.bound('UUID', leaf.group)}")
        of_some = f"SELECT member_id FROM {self.table} WHERE {' AND '.join(where)}"
        passes_without = one.passes_without_events(leaf)
        if leaf.measure.of != "count" or one.count_bounds(leaf.op, leaf.value) not in (_ANY, _NONE):  # else nobody's events have to be counted
            of_some += f" GROUP BY member_id HAVING {'NOT ' if passes_without else ''}({self.measured(leaf)})"
        return f"member_id {'NOT IN' if passes_without else 'IN'} ({of_some})"

    @property
    def table(self) -> str:
        """Where events are read."""
        return "sampled_events" if self.is_sampled else "events"

    def events(self, names: list[str]) -> list[str]:
        return ["workspace_id = {workspace:UUID}", *(f"name = {self.bound('String', name)}" for name in names)]

    def days(self, window: nodes.Window) -> list[str]:
        if isinstance(window, nodes.Ever):
            return []
        if isinstance(window, nodes.LastDays):
            return [f"local_day >= {self.day(self.today.date - dt.timedelta(days=window.days - 1))}"]
        if isinstance(window, nodes.Since):
            return [f"local_day >= {self.day(dt.date.fromisoformat(window.date))}"]
        first, last = dt.date.fromisoformat(window.first), dt.date.fromisoformat(window.last)
        if last < DAY_MIN or first > DAY_MAX:
            return ["0"]
        return [f"local_day BETWEEN {self.day(first)} AND {self.day(last)}"]

    def day(self, day: dt.date) -> str:
        return self.bound("Date", min(max(day, DAY_MIN), DAY_MAX).isoformat())

    def tests(self, where: list[nodes.PropertyTest]) -> list[str]:
        return [f"({self.tested(each.type, each.op, each.value, self.property(each.property, each.type))})" for each in where]

    def property(self, name: str, type_name: str) -> str:
        """The value of a property of an event, normal for its type."""
        if name in _EVENT_COLUMNS:
            return _EVENT_COLUMNS[name]
        path = self.bound("String", name.replace(".", "%2E"))  # a dot in a path would lead into an object, or to a type
        return _PROPERTY[type_name].format(found=f"getSubcolumn(properties, {path})")

    def measured(self, leaf: nodes.Did) -> str:
        of = leaf.measure.of
        if of == "count":
            return self.compared("count()", leaf.op, [int(each) for each in (leaf.value if isinstance(leaf.value, list) else [leaf.value])])
        if of in ("first", "last"):
            found, kind = self.property(leaf.measure.property, leaf.measure.type), leaf.measure.type
            there = "found != ''" if kind == "text" else "isNotNull(found)"
            picked = f"{'argMinIf' if of == 'first' else 'argMaxIf'}({found} AS found, (occurred_at, ordinal, id), {there})"
            return f"countIf({there}) > 0 AND ({self.tested(kind, leaf.op, leaf.value, picked)})"
        found = self.property(leaf.measure.property, "number")
        bounds = [values.micros(each) for each in (leaf.value if isinstance(leaf.value, list) else [leaf.value])]
        if of == "sum":
            return self.compared(f"toInt256(ifNull(sum({found}), 0))", leaf.op, bounds)
        some = f"count({found}) > 0"
        if of == "average":
            return f"{some} AND {self.compared(f'toInt256(ifNull(sum({found}), 0))', leaf.op, bounds, times=f'toInt256(count({found}))')}"
        extreme = "min" if of == "least" else "max"
        return f"{some} AND {self.compared(f'ifNull({extreme}({found}), 0)', leaf.op, bounds)}"

    def compared(self, found: str, op: str, bounds: list[int], *, times: str = "1") -> str:
        marks = [f"{self.bound('Int256', str(each))} * {times}" for each in bounds]
        if op == "between":
            return f"{found} >= {marks[0]} AND {found} <= {marks[1]}"
        return f"{found} {({'at_least': '>=', 'at_most': '<=', 'exactly': '='})[op]} {marks[0]}"

    def tested(self, type_name: str, op: str, value: Any, found: str) -> str:
        """A test of a value that is normal for its type: true or false, never null."""
        negated = values.NEGATED.get(op)
        if negated is not None:
            return f"NOT ({self.tested(type_name, negated, value, found)})"
        none = {"text": f"{found} = ''", "list": f"empty({found})"}.get(type_name, f"isNull({found})")
        if op == "empty":
            return none
        if op == "empty_not":
            return f"NOT ({none})"
        test = _TESTED[type_name](self, op, value, found)
        return test if type_name in ("text", "list") else f"ifNull({test}, 0)"

    def text_test(self, op: str, value: Any, found: str) -> str:
        if op == "in":
            return f"{found} IN {self.bound('Array(String)', [values.fold(each) for each in value])}"
        mark = self.bound("String", values.fold(value))
        return {"is": f"{found} = {mark}", "contains": f"position({found}, {mark}) > 0", "starts_with": f"startsWith({found}, {mark})"}[op]

    def number_test(self, op: str, value: Any, found: str) -> str:
        return self.ordered(op, [self.bound("Int128", str(values.micros(each))) for each in (value if op == "between" else [value])], found)

    def date_test(self, op: str, value: Any, found: str) -> str:
        now = self.today.ordinal
        if op == "in_last_days":
            return self.ordered("between", [self.bound("Int32", now - value + 1), self.bound("Int32", now)], found)
        if op == "in_next_days":
            return self.ordered("between", [self.bound("Int32", now), self.bound("Int32", now + value - 1)], found)
        return self.ordered(op, [self.bound("Int32", values.ordinal(each)) for each in (value if op == "between" else [value])], found)

    def birthday_test(self, op: str, value: Any, found: str) -> str:
        if op in ("in_last_days", "in_next_days"):
            days = values.month_days(self.today.date - dt.timedelta(days=value - 1) if op == "in_last_days" else self.today.date, value)
            return f"{found} IN {self.bound('Array(UInt16)', sorted(days))}"
        given = [values.month_day(each) for each in (value if op == "between" else [value])]
        marks = [self.bound("UInt16", each) for each in given]
        if op == "between" and given[0] > given[1]:
            return f"({found} >= {marks[0]} OR {found} <= {marks[1]})"
        return self.ordered(op, marks, found)

    def boolean_test(self, op: str, value: Any, found: str) -> str:
        return f"{found} = {self.bound('Bool', value)}"

    def list_test(self, op: str, value: Any, found: str) -> str:
        mark = self.bound("Array(String)", [values.fold(each) for each in value])
        return f"{'hasAll' if op == 'has_all' else 'hasAny'}({found}, {mark})"

    def ordered(self, op: str, marks: list[str], found: str) -> str:
        if op == "between":
            return f"({found} >= {marks[0]} AND {found} <= {marks[1]})"
        return f"{found} {_SIGNS[op]} {marks[0]}"

    def sequence(self, leaf: nodes.Sequence) -> str:
        at = "toUnixTimestamp64Milli(occurred_at) AS at"
        first = " AND ".join([*self.events([leaf.first.event]), *self.days(leaf.window), *self.tests(leaf.first.where)])
        then = " AND ".join([*self.events([leaf.then.event]), *self.tests(leaf.then.where)])
        within = self.bound("Int64", leaf.within_minutes * MINUTE_MS)
        return (
            f"member_id IN (SELECT member_id FROM (SELECT member_id, {at} FROM {self.table} WHERE {first}) AS earlier "
            f"ASOF INNER JOIN (SELECT member_id, {at} FROM {self.table} WHERE {then}) AS later ON earlier.member_id = later.member_id AND earlier.at < later.at "
            f"WHERE later.at - earlier.at <= {within})"
        )


_SIGNS = {"is": "=", "at_least": ">=", "at_most": "<=", "before": "<", "after": ">"}
_TESTED = {
    "text": Writer.text_test, "number": Writer.number_test, "date": Writer.date_test, "birthday": Writer.birthday_test, "boolean": Writer.boolean_test, "list": Writer.list_test,
}  # fmt: skip
_FOLDED = "arrayFilter(item -> item != '', arrayMap(item -> lower({items}), {found}))"
# The engine's own conversion of a large Float64 to Int128 is a little off, so the whole part goes by Int64.
_MICROS = (
    f"if(abs({{number}}) <= {values.NUMBER_MAX}, "
    f"toInt128(toInt64(trunc({{number}}))) * {values.MICRO} + toInt64(round(({{number}} - trunc({{number}})) * {values.MICRO})), NULL)"
)

# Values of events, members and attributes, as `values.normal` gives them.
_PROPERTY = {
    "text": "lower(ifNull(dynamicElement({found}, 'String'), ''))",
    "number": _MICROS.format(
        number="coalesce(dynamicElement({found}, 'Float64'), toFloat64(dynamicElement({found}, 'Int64')), toFloat64(dynamicElement({found}, 'UInt64')))"
    ),
    "boolean": "dynamicElement({found}, 'Bool')",
    "list": _FOLDED.format(items="ifNull(item, '')", found="dynamicElement({found}, 'Array(Nullable(String))')"),
}
_EVENT_COLUMNS = {
    "$text": "lower(text)",
    "$channel": "lower(toString(channel))",
    "$characters": f"toNullable(toInt128(characters) * {values.MICRO})",
    "$is_reply": "toNullable(is_reply > 0)",
    "$is_question": "toNullable(is_question > 0)",
}
_PEOPLE = {
    "$name": "lower(name)",
    "$channels": "channels",
    "$is_anonymous": "toNullable(is_anonymous)",
    "$is_bot": "toNullable(is_bot)",
}
_KEPT = {
    "text": "lower(text)",
    "number": _MICROS.format(number="number"),
    "date": "day",
    "birthday": "month_day",
    "boolean": "boolean",
    "list": _FOLDED.format(items="item", found="items"),
}
