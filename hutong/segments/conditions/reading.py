"""From JSON to a condition that can be asked: whatever is wrong is said at its node, in both languages."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from hutong.foundation.errors import Invalid
from hutong.members import values as kept
from hutong.segments.conditions import nodes, shapes
from hutong.segments.conditions.vocabulary import BUILT_IN_PROPERTIES, Vocabulary, Word

TEXT_LENGTH_MAX = 500
NAME_LENGTH_MAX = 200
MINUTES_MAX = 366 * 24 * 60

Problem = dict[str, Any]  # field: JSON pointer of the node or value; message: zh and en


class ConditionRefused(Invalid):
    """The condition cannot be asked; `errors` names each node that is wrong."""

    code = "condition_refused"
    title = {"zh": "条件有误", "en": "Check the condition"}
    message = {"zh": "条件里有 {count} 处需要修改。", "en": "{count} part(s) of the condition need a change."}


class _Wrong(Exception):
    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def read(raw: Any, vocabulary: Vocabulary, *, own_segment: str | None = None) -> nodes.Condition:
    """A condition from its JSON value. `own_segment` is the segment it will define. Raises ConditionRefused."""
    _measure(raw)
    try:
        condition: nodes.Condition = msgspec.convert(raw, nodes.Condition)
    except msgspec.ValidationError as error:
        raise _refused(*shapes.said(error)) from error
    except RecursionError as error:
        raise _refused("", "条件里的值嵌套太深。", "A value of the condition is nested too deep.") from error
    problems = list(_check(condition, "", vocabulary, own_segment))
    if problems:
        raise ConditionRefused(errors=problems)
    return condition


def leaves(condition: nodes.Condition) -> Iterator[nodes.Leaf]:
    """Every leaf, left to right."""
    if isinstance(condition, nodes.All | nodes.AnyOf):
        for one in condition.of:
            yield from leaves(one)
    elif isinstance(condition, nodes.Not):
        yield from leaves(condition.of)
    else:
        yield condition


def step(one: nodes.Step, vocabulary: Vocabulary) -> Iterator[Problem]:
    """What is wrong with a name of events and the tests of their properties."""
    yield from _event(one.event, one.where, "", vocabulary)


def problem(pointer: str, zh: str, en: str) -> Problem:
    """One thing wrong, at a JSON pointer."""
    return {"field": pointer or "/", "message": {"zh": zh, "en": en}}


def _measure(raw: Any) -> None:
    """Refuse what is too large or too deep before anything walks it by recursion."""
    count, left = 0, [(raw, 0, "")]
    while left:
        one, depth, pointer = left.pop()
        if not isinstance(one, dict):
            continue
        count += 1
        if count > nodes.NODES_MAX:
            raise _refused("", f"条件最多 {nodes.NODES_MAX} 个节点。", f"A condition has at most {nodes.NODES_MAX} parts.")
        if depth > nodes.DEPTH_MAX:
            raise _refused(pointer, f"最多嵌套 {nodes.DEPTH_MAX} 层。", f"Groups nest at most {nodes.DEPTH_MAX} deep.")
        inner = one.get("of")
        if isinstance(inner, list):
            left.extend((each, depth + 1, f"{pointer}/of/{at}") for at, each in enumerate(inner))
        elif isinstance(inner, dict) and "kind" in inner:
            left.append((inner, depth + 1, f"{pointer}/of"))


def _refused(pointer: str, zh: str, en: str) -> ConditionRefused:
    return ConditionRefused(errors=[problem(pointer, zh, en)])


def _check(condition: nodes.Condition, at: str, words: Vocabulary, own: str | None) -> Iterator[Problem]:
    if isinstance(condition, nodes.All | nodes.AnyOf):
        for number, one in enumerate(condition.of):
            yield from _check(one, f"{at}/of/{number}", words, own)
    elif isinstance(condition, nodes.Not):
        yield from _check(condition.of, f"{at}/of", words, own)
    elif isinstance(condition, nodes.Did):
        yield from _did(condition, at, words)
    elif isinstance(condition, nodes.Sequence):
        yield from _sequence(condition, at, words)
    elif isinstance(condition, nodes.Attribute):
        word = words.attribute(condition.key)
        if word is None:
            yield problem(f"{at}/key", f"没有“{condition.key}”这个属性。", f"There is no attribute “{condition.key}”.")
        else:
            yield from _tested(word.type, condition.op, condition.value, at)
    elif isinstance(condition, nodes.Score):
        yield from _named(words.scores, condition.score, f"{at}/score", "分数", "score")
        yield from _tested("number", condition.op, condition.value, at)
    elif isinstance(condition, nodes.Segment):
        yield from _named(words.segments, condition.segment, f"{at}/segment", "分群", "segment")
        if own is not None and _reaches(condition.segment, own, words):
            yield problem(
                f"{at}/segment",
                "这个分群直接或间接地用到了正在编辑的分群，不能互相引用。",
                "That segment rests on the one you are editing: they cannot refer to each other.",
            )
    elif isinstance(condition, nodes.Tag):
        yield from _named(words.tags, condition.tag, f"{at}/tag", "标签", "tag")
    elif isinstance(condition, nodes.Community):
        yield from _named(words.communities, condition.community, f"{at}/community", "社群", "community")
    elif isinstance(condition, nodes.Group):
        yield from _named(words.groups, condition.group, f"{at}/group", "群", "group")
    else:
        yield from _named(words.purposes, condition.purpose, f"{at}/purpose", "用途", "purpose")


def _named(known: dict[str, Word], name: str, at: str, zh: str, en: str) -> Iterator[Problem]:
    if name not in known:
        yield problem(at, f"没有这个{zh}，可能已被删除。", f"There is no such {en}; it may have been deleted.")


def _reaches(segment: str, own: str, words: Vocabulary) -> bool:
    seen: set[str] = set()
    left = [segment]
    while left:
        one = left.pop()
        if one == own:
            return True
        if one not in seen:
            seen.add(one)
            left.extend(words.segments_in(one))
    return False


def _did(one: nodes.Did, at: str, words: Vocabulary) -> Iterator[Problem]:
    yield from _event(one.event, one.where, at, words)
    yield from _window(one.window, f"{at}/window")
    if one.community is not None:
        yield from _named(words.communities, one.community, f"{at}/community", "社群", "community")
    if one.group is not None:
        yield from _named(words.groups, one.group, f"{at}/group", "群", "group")
    measure = one.measure
    if measure.of == "count":
        if one.op not in nodes.COUNT_OPERATORS:
            yield _operator(f"{at}/op", one.op, nodes.COUNT_OPERATORS)
        else:
            yield from _valued("number", one.op, one.value, f"{at}/value", whole_max=nodes.TIMES_MAX)
        return
    if not measure.property or len(measure.property) > NAME_LENGTH_MAX:
        yield problem(f"{at}/measure/property", "请选择要计算的属性。", "Choose the property to compute.")
    elif measure.of in ("first", "last"):
        yield from _property_type(measure.property, measure.type, f"{at}/measure/type")
        known = tuple(op for op in nodes.OPERATORS[measure.type] if op not in ("empty", "empty_not"))
        yield from [_operator(f"{at}/op", one.op, known)] if one.op not in known else _valued(measure.type, one.op, one.value, f"{at}/value")
    elif one.op not in nodes.COUNT_OPERATORS:
        yield _operator(f"{at}/op", one.op, nodes.COUNT_OPERATORS)
    else:
        yield from _property_type(measure.property, "number", f"{at}/measure/property")
        yield from _valued("number", one.op, one.value, f"{at}/value")


def _sequence(one: nodes.Sequence, at: str, words: Vocabulary) -> Iterator[Problem]:
    yield from _event(one.first.event, one.first.where, f"{at}/first", words)
    yield from _event(one.then.event, one.then.where, f"{at}/then", words)
    yield from _window(one.window, f"{at}/window")
    if not 1 <= one.within_minutes <= MINUTES_MAX:
        yield problem(f"{at}/within_minutes", "应在 1 分钟到 366 天之间。", "Must be between 1 minute and 366 days.")


def _event(name: str, where: list[nodes.PropertyTest], at: str, words: Vocabulary) -> Iterator[Problem]:
    if name not in words.events:
        yield problem(f"{at}/event", f"没有“{name}”这个事件。", f"There is no event “{name}”.")
    for number, one in enumerate(where):
        here = f"{at}/where/{number}"
        if not one.property or len(one.property) > NAME_LENGTH_MAX:
            yield problem(f"{here}/property", "请选择属性。", "Choose a property.")
        yield from _property_type(one.property, one.type, f"{here}/type")
        yield from _tested(one.type, one.op, one.value, here)


def _property_type(name: str, type_name: str, at: str) -> Iterator[Problem]:
    word = BUILT_IN_PROPERTIES.get(name)
    if name.startswith("$") and word is None:
        yield problem(at, f"没有“{name}”这个属性。", f"There is no property “{name}”.")
    elif word is not None and word.type != type_name:
        yield problem(at, f"“{word.zh}”的类型是 {word.type}。", f"“{word.en}” is of type {word.type}.")


def _window(window: nodes.Window, at: str) -> Iterator[Problem]:
    if isinstance(window, nodes.LastDays):
        if not 1 <= window.days <= nodes.DAYS_MAX:
            yield problem(f"{at}/days", f"应在 1 到 {nodes.DAYS_MAX} 天之间。", f"Must be between 1 and {nodes.DAYS_MAX} days.")
    elif isinstance(window, nodes.Since):
        yield from _valued("date", "is", window.date, f"{at}/date")
    elif isinstance(window, nodes.Between):
        yield from _valued("date", "between", [window.first, window.last], at)


def _operator(at: str, op: str, known: tuple[str, ...]) -> Problem:
    return problem(at, f"这里不能用“{op}”，可以用：{'、'.join(known)}。", f"“{op}” does not fit here. Use one of: {', '.join(known)}.")


def _tested(type_name: str, op: str, value: Any, at: str) -> Iterator[Problem]:
    if op not in nodes.OPERATORS[type_name]:
        yield _operator(f"{at}/op", op, nodes.OPERATORS[type_name])
    else:
        yield from _valued(type_name, op, value, f"{at}/value")


def _valued(type_name: str, op: str, value: Any, at: str, *, whole_max: int | None = None) -> Iterator[Problem]:
    try:
        if op in ("empty", "empty_not"):
            if value is not None:
                raise _Wrong("这里不需要值。", "No value belongs here.")
        elif op in ("in_last_days", "in_next_days"):
            _days(value)
        elif op == "between":
            _range(type_name, value, whole_max)
        elif op in ("in", "in_not") or type_name == "list":
            _several(value)
        else:
            _one(type_name, value, whole_max)
    except _Wrong as wrong:
        yield problem(at, wrong.zh, wrong.en)


def _days(value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= nodes.DAYS_MAX:
        raise _Wrong(f"应为 1 到 {nodes.DAYS_MAX} 的天数。", f"Must be a number of days from 1 to {nodes.DAYS_MAX}.")


def _several(value: Any) -> None:
    if not isinstance(value, list) or not 1 <= len(value) <= nodes.VALUES_MAX:
        raise _Wrong(f"请给出 1 到 {nodes.VALUES_MAX} 个值。", f"Give 1 to {nodes.VALUES_MAX} values.")
    for one in value:
        _one("text", one, None)


def _range(type_name: str, value: Any, whole_max: int | None) -> None:
    if not isinstance(value, list) or len(value) != 2:
        raise _Wrong("请给出起止两个值。", "Give the two ends of the range.")
    low, high = (_one(type_name, one, whole_max) for one in value)
    if type_name != "birthday" and low > high:  # birthdays may go over the new year
        raise _Wrong("范围颠倒了：起点大于终点。", "The range is upside down: it begins after it ends.")


def _one(type_name: str, value: Any, whole_max: int | None) -> Any:
    if type_name == "text":
        if not isinstance(value, str) or not value.strip():
            raise _Wrong("请填写文字。", "Give some text.")
        if len(value) > TEXT_LENGTH_MAX:
            raise _Wrong(f"最多 {TEXT_LENGTH_MAX} 个字。", f"At most {TEXT_LENGTH_MAX} characters.")
        return value
    if whole_max is not None and (not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= whole_max):
        raise _Wrong(f"应为 0 到 {whole_max:,} 的次数。", f"Must be a number of times from 0 to {whole_max:,}.")
    if type_name == "birthday" and isinstance(value, str) and not re.fullmatch(r"\d{2}-\d{2}", value):
        raise _Wrong("请只写月和日，例如 05-17。", "Give month and day only, such as 05-17.")
    try:
        found = kept.checked(type_name, value)
    except Invalid as error:
        words = error.errors[0]["message"]
        raise _Wrong(words["zh"], words["en"]) from error
    return dt.date.fromisoformat(found) if type_name == "date" else found
