"""A condition as a person would say it, in Chinese or in English. The editor builds conditions, so nothing reads sentences back."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from typing import Any

from hutong.segments.conditions import nodes
from hutong.segments.conditions.vocabulary import Vocabulary, Word

VALUES_SHOWN_MAX = 5
MINUTES_AN_HOUR, MINUTES_A_DAY = 60, 24 * 60


def sentence(condition: nodes.Condition, vocabulary: Vocabulary, language: str) -> str:
    """The whole condition in "zh" or "en", without a full stop."""
    speaker = _English(vocabulary) if language == "en" else _Chinese(vocabulary)
    return speaker.condition(condition, inner=False)


def events(step: nodes.Step, vocabulary: Vocabulary, language: str) -> str:
    """Events of a name that pass tests, in "zh" or "en"."""
    return (_English(vocabulary) if language == "en" else _Chinese(vocabulary)).events(step.event, step.where)


class _Speaker(ABC):
    """What both languages share: the walk, and the names of things. Each language gives the words."""

    language: str
    everybody: str
    nobody: str
    joined: dict[str, str]
    bracketed: str
    quoted: str
    gone: str

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.words = vocabulary

    def condition(self, condition: nodes.Condition, *, inner: bool) -> str:
        if isinstance(condition, nodes.Not):
            return self.negated(self.condition(condition.of, inner=False))
        if not isinstance(condition, nodes.All | nodes.AnyOf):
            return self.leaf(condition)
        kind = "all" if isinstance(condition, nodes.All) else "any"
        if not condition.of:
            return self.everybody if kind == "all" else self.nobody
        if len(condition.of) == 1:
            return self.condition(condition.of[0], inner=inner)
        said = self.joined[kind].join(self.condition(each, inner=True) for each in condition.of)
        return self.bracketed.format(said) if inner else said

    def leaf(self, leaf: nodes.Leaf) -> str:
        if isinstance(leaf, nodes.Did):
            return self.did(leaf)
        if isinstance(leaf, nodes.Sequence):
            return self.sequence(leaf)
        if isinstance(leaf, nodes.Attribute):
            word = self.words.attribute(leaf.key) or Word(leaf.key, leaf.key)
            return self.tested(self.name(word), word.type, leaf.op, self.valued(word, leaf.value))
        if isinstance(leaf, nodes.Score):
            return self.tested(self.name(self.words.scores.get(leaf.score), leaf.score), "number", leaf.op, leaf.value)
        return self.belongs(leaf)

    def name(self, word: Word | None, otherwise: str = "") -> str:
        """Its name in this language."""
        if word is None:
            return otherwise or self.gone
        return word.en if self.language == "en" else word.zh

    def valued(self, word: Word, value: Any) -> Any:
        """The value, or several, by their names where they are codes."""
        if word.values is None:
            return value
        if isinstance(value, list):
            return [self.valued(word, one) for one in value]
        return self.name(word.values[value]) if value in word.values else value

    def named(self, words: dict[str, Word], key: str) -> str:
        return self.quoted.format(self.name(words.get(key)))

    def listed(self, values: list[Any], *, separator: str, more: str) -> str:
        shown = [self.quoted.format(one) for one in values[:VALUES_SHOWN_MAX]]
        return separator.join(shown) + (more.format(all=len(values), rest=len(values) - VALUES_SHOWN_MAX) if len(values) > VALUES_SHOWN_MAX else "")

    def events(self, event: str, where: list[nodes.PropertyTest]) -> str:
        name = self.name(self.words.events.get(event), event)
        words = [self.words.property(event, one.property) for one in where]
        tests = [self.tested(self.name(word), one.type, one.op, self.valued(word, one.value)) for word, one in zip(words, where, strict=True)]
        return name + (self.bracketed.format(self.joined["all"].join(tests)) if tests else "")

    @abstractmethod
    def negated(self, said: str) -> str: ...

    @abstractmethod
    def did(self, leaf: nodes.Did) -> str: ...

    @abstractmethod
    def sequence(self, leaf: nodes.Sequence) -> str: ...

    @abstractmethod
    def belongs(self, leaf: nodes.Tag | nodes.Segment | nodes.Community | nodes.Group | nodes.Consent) -> str: ...

    @abstractmethod
    def tested(self, name: str, type_name: str, op: str, value: Any) -> str: ...


class _Chinese(_Speaker):
    language = "zh"
    everybody, nobody = "所有成员", "没有任何成员"
    joined = {"all": "，并且", "any": "，或者"}
    bracketed, quoted = "（{}）", "“{}”"
    gone = "已删除"

    def negated(self, said: str) -> str:
        return f"不满足（{said}）"

    def did(self, leaf: nodes.Did) -> str:
        begin = self.window(leaf.window) + self.place(leaf)
        event = self.events(leaf.event, leaf.where)
        if leaf.measure.of == "count":
            return begin + self.times(event, leaf.op, leaf.value)
        measured = self.name(self.words.property(leaf.event, leaf.measure.property))
        if leaf.measure.of in ("first", "last"):
            order = "第一次" if leaf.measure.of == "first" else "最后一次"
            return f"{begin}{order}{event}的{self.tested(measured, leaf.measure.type, leaf.op, leaf.value)}"
        of = {"sum": "总和", "average": "平均值", "least": "最小值", "greatest": "最大值"}[leaf.measure.of]
        return f"{begin}{event}的{measured}{of}{_zh_number(leaf.op, leaf.value)}"

    def times(self, event: str, op: str, value: Any) -> str:
        if (op, value) in (("exactly", 0), ("at_most", 0)):
            return f"没有{event}"
        if (op, value) == ("at_least", 1):
            return f"有过{event}"
        return f"{event}{_zh_number(op, value)} 次"

    def window(self, window: nodes.Window) -> str:
        if isinstance(window, nodes.LastDays):
            return "今天" if window.days == 1 else f"最近 {window.days} 天内"
        if isinstance(window, nodes.Since):
            return f"{_zh_day(window.date)}以来"
        return f"{_zh_day(window.first)}到{_zh_day(window.last)}之间" if isinstance(window, nodes.Between) else ""

    def place(self, leaf: nodes.Did) -> str:
        if leaf.group is not None:
            return f"在群{self.named(self.words.groups, leaf.group)}里"
        return f"在社群{self.named(self.words.communities, leaf.community)}里" if leaf.community is not None else ""

    def sequence(self, leaf: nodes.Sequence) -> str:
        first, then = self.events(leaf.first.event, leaf.first.where), self.events(leaf.then.event, leaf.then.where)
        return f"{self.window(leaf.window)}{first}之后 {_zh_span(leaf.within_minutes)}内{then}"

    def belongs(self, leaf: nodes.Tag | nodes.Segment | nodes.Community | nodes.Group | nodes.Consent) -> str:
        if isinstance(leaf, nodes.Tag):
            return f"有标签{self.named(self.words.tags, leaf.tag)}"
        if isinstance(leaf, nodes.Segment):
            return f"属于分群{self.named(self.words.segments, leaf.segment)}"
        if isinstance(leaf, nodes.Community):
            return f"在社群{self.named(self.words.communities, leaf.community)}里"
        if isinstance(leaf, nodes.Group):
            return f"在群{self.named(self.words.groups, leaf.group)}里"
        return f"同意用于{self.named(self.words.purposes, leaf.purpose)}"

    def tested(self, name: str, type_name: str, op: str, value: Any) -> str:
        if op in ("empty", "empty_not"):
            return f"{name}没有填写" if op == "empty" else f"{name}已填写"
        if type_name == "boolean":
            return f"{name}{'是' if op == 'is' else '不是'}“{'是' if value else '否'}”"
        if op in ("in", "in_not", "has_any", "has_all", "has_none"):
            word = {"in": "是", "in_not": "不是", "has_any": "含有", "has_all": "同时含有", "has_none": "不含"}[op]
            values = self.listed(value, separator="、", more="等 {all} 项")
            return f"{name}{word}{values}{'中的任何一个' if op in ('in', 'in_not', 'has_any', 'has_none') and len(value) > 1 else ''}"
        if op == "in_last_days":
            return f"{name}{'是今天' if value == 1 else f'在最近 {value} 天内'}"
        if op == "in_next_days":
            return f"{name}{'是今天' if value == 1 else f'在未来 {value} 天内（含今天）'}"
        if type_name == "number":
            return f"{name}{_zh_number({'is': 'exactly'}.get(op, op), value)}"
        if type_name in ("date", "birthday"):
            return f"{name}{_zh_when(op, value)}"
        word = {"is": "是", "is_not": "不是", "contains": "包含", "contains_not": "不包含", "starts_with": "开头是"}[op]
        return f"{name}{word}“{value}”"


class _English(_Speaker):
    language = "en"
    everybody, nobody = "everybody", "nobody"
    joined = {"all": " and ", "any": " or "}
    bracketed, quoted = "({})", "“{}”"
    gone = "deleted"

    def events(self, event: str, where: list[nodes.PropertyTest]) -> str:
        name = self.quoted.format(self.name(self.words.events.get(event), event))
        words = [self.words.property(event, one.property) for one in where]
        tests = [self.tested(self.name(word), one.type, one.op, self.valued(word, one.value)) for word, one in zip(words, where, strict=True)]
        return name + (f" where {self.joined['all'].join(tests)}" if tests else "")

    def negated(self, said: str) -> str:
        return f"not ({said})"

    def did(self, leaf: nodes.Did) -> str:
        end = self.place(leaf) + self.window(leaf.window)
        event = self.events(leaf.event, leaf.where)
        if leaf.measure.of == "count":
            return self.times(event, leaf.op, leaf.value) + end
        measured = self.name(self.words.property(leaf.event, leaf.measure.property))
        if leaf.measure.of in ("first", "last"):
            return f"of the {leaf.measure.of} {event}{end}, {self.tested(measured, leaf.measure.type, leaf.op, leaf.value)}"
        of = {"sum": "sum", "average": "average", "least": "least", "greatest": "greatest"}[leaf.measure.of]
        return f"the {of} of {measured} of {event}{end} is {_en_number(leaf.op, leaf.value)}"

    def times(self, event: str, op: str, value: Any) -> str:
        if (op, value) in (("exactly", 0), ("at_most", 0)):
            return f"did not do {event}"
        if (op, value) == ("at_least", 1):
            return f"did {event}"
        return f"did {event} {_en_number(op, value)} {'time' if value == 1 else 'times'}"

    def window(self, window: nodes.Window) -> str:
        if isinstance(window, nodes.LastDays):
            return " today" if window.days == 1 else f" in the last {window.days} days"
        if isinstance(window, nodes.Since):
            return f" since {_en_day(window.date)}"
        return f" from {_en_day(window.first)} to {_en_day(window.last)}" if isinstance(window, nodes.Between) else ""

    def place(self, leaf: nodes.Did) -> str:
        if leaf.group is not None:
            return f" in the group {self.named(self.words.groups, leaf.group)}"
        return f" in the community {self.named(self.words.communities, leaf.community)}" if leaf.community is not None else ""

    def sequence(self, leaf: nodes.Sequence) -> str:
        first, then = self.events(leaf.first.event, leaf.first.where), self.events(leaf.then.event, leaf.then.where)
        return f"did {first}{self.window(leaf.window)}, and {then} within {_en_span(leaf.within_minutes)} after it"

    def belongs(self, leaf: nodes.Tag | nodes.Segment | nodes.Community | nodes.Group | nodes.Consent) -> str:
        if isinstance(leaf, nodes.Tag):
            return f"has the tag {self.named(self.words.tags, leaf.tag)}"
        if isinstance(leaf, nodes.Segment):
            return f"is in the segment {self.named(self.words.segments, leaf.segment)}"
        if isinstance(leaf, nodes.Community):
            return f"is in the community {self.named(self.words.communities, leaf.community)}"
        if isinstance(leaf, nodes.Group):
            return f"is in the group {self.named(self.words.groups, leaf.group)}"
        return f"agreed to {self.named(self.words.purposes, leaf.purpose)}"

    def tested(self, name: str, type_name: str, op: str, value: Any) -> str:
        if op in ("empty", "empty_not"):
            return f"{name} is {'not given' if op == 'empty' else 'given'}"
        if type_name == "boolean":
            return f"{name} is {'' if op == 'is' else 'not '}{'true' if value else 'false'}"
        if op in ("in", "in_not", "has_any", "has_all", "has_none"):
            word = {"in": "is any of", "in_not": "is none of", "has_any": "has any of", "has_all": "has all of", "has_none": "has none of"}[op]
            return f"{name} {word} {self.listed(value, separator=', ', more=' and {rest} more')}"
        if op == "in_last_days":
            return f"{name} is {'today' if value == 1 else f'in the last {value} days'}"
        if op == "in_next_days":
            return f"{name} is {'today' if value == 1 else f'in the next {value} days, today included'}"
        if type_name == "number":
            return f"{name} is {'not ' if op == 'is_not' else ''}{_en_number({'is': 'exactly', 'is_not': 'exactly'}.get(op, op), value)}"
        if type_name in ("date", "birthday"):
            return f"{name} is {_en_when(op, value)}"
        word = {"is": "is", "is_not": "is not", "contains": "contains", "contains_not": "does not contain", "starts_with": "starts with"}[op]
        return f"{name} {word} “{value}”"


def _number(value: Any) -> str:
    return f"{value:,}"


def _zh_number(op: str, value: Any) -> str:
    if op == "between":
        return f"在 {_number(value[0])} 到 {_number(value[1])} 之间"
    return {"at_least": "至少 {}", "at_most": "至多 {}", "exactly": "正好 {}", "is_not": "不是 {}"}[op].format(_number(value))


def _en_number(op: str, value: Any) -> str:
    if op == "between":
        return f"between {_number(value[0])} and {_number(value[1])}"
    return {"at_least": "at least {}", "at_most": "at most {}", "exactly": "exactly {}"}[op].format(_number(value))


def _zh_day(day: str) -> str:
    if len(day) == len("05-17"):
        return f"{int(day[:2])}月{int(day[3:])}日"
    return f"{int(day[:4])}年{int(day[5:7])}月{int(day[8:])}日"


def _en_day(day: str) -> str:
    if len(day) == len("05-17"):
        return dt.date.fromisoformat(f"2000-{day}").strftime("%d %b").lstrip("0")
    moment = dt.date.fromisoformat(day)
    return f"{moment.day} {moment:%b} {moment.year}"


def _zh_when(op: str, value: Any) -> str:
    if op == "between":
        return f"在{_zh_day(value[0])}到{_zh_day(value[1])}之间"
    return {"is": "是{}", "is_not": "不是{}", "before": "在{}之前", "after": "在{}之后"}[op].format(_zh_day(value))


def _en_when(op: str, value: Any) -> str:
    if op == "between":
        return f"from {_en_day(value[0])} to {_en_day(value[1])}"
    return {"is": "{}", "is_not": "not {}", "before": "before {}", "after": "after {}"}[op].format(_en_day(value))


def _zh_span(minutes: int) -> str:
    number, unit = _span(minutes)
    return f"{number} {('分钟', '小时', '天')[unit]}"


def _en_span(minutes: int) -> str:
    number, unit = _span(minutes)
    return f"{number} {('minute', 'hour', 'day')[unit]}{'' if number == 1 else 's'}"


def _span(minutes: int) -> tuple[int, int]:
    if minutes % MINUTES_A_DAY == 0:
        return minutes // MINUTES_A_DAY, 2
    return (minutes // MINUTES_AN_HOUR, 1) if minutes % MINUTES_AN_HOUR == 0 else (minutes, 0)
