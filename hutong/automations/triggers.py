"""What sets a rule off or lets people into a journey, as JSON. `kind` says which."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec

from hutong.events.responders import Happening
from hutong.foundation import timing
from hutong.foundation.errors import Invalid
from hutong.foundation.timing import Timing
from hutong.segments.conditions import nodes, reading, sentences, shapes, values
from hutong.segments.conditions.nodes import PropertyTest
from hutong.segments.conditions.values import Today, Value
from hutong.segments.conditions.vocabulary import Vocabulary

OFFSET_DAYS_MAX = 366
GROUPS_MAX = 200
DATE_TYPES = ("date", "birthday")


class Trigger(msgspec.Struct, tag_field="kind", forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """Base of them all."""


class OnEvent(Trigger, tag="event", frozen=True):
    """An event of a name happens to somebody, its properties pass every test, in one of the groups, or (none) anywhere."""

    event: str
    where: list[PropertyTest] = []
    groups: list[uuid.UUID] = []


class OnSegment(Trigger, tag="segment", frozen=True):
    """Somebody enters a segment, or leaves it: by what they did, or by time. A new definition of the segment sets nothing off."""

    segment: uuid.UUID
    way: Literal["entered", "left"] = "entered"


class OnSchedule(Trigger, tag="schedule", frozen=True):
    """A moment comes, for everybody in a segment, or (none) for all members of the community or the workspace."""

    timing: Timing
    segment: uuid.UUID | None = None


class OnDate(Trigger, tag="date", frozen=True):
    """A day comes that an attribute names: so many days before (negative) or after it, at a time on the member's community's clock.

    A birthday comes every year; another date once, or with `yearly` as an anniversary. `lunar`: the same day of the Chinese calendar.
    """

    attribute: str
    offset_days: int = 0
    time: str = "09:00"
    calendar: Literal["solar", "lunar"] = "solar"
    yearly: bool = False


class ByHand(Trigger, tag="manual", frozen=True):
    """Staff put people in, or a program does through the API. Only of journeys."""


AnyTrigger = OnEvent | OnSegment | OnSchedule | OnDate | ByHand


def read(raw: Any, words: Vocabulary, *, where: str, kinds: Sequence[str] = ("event", "segment", "schedule", "date")) -> AnyTrigger:
    """A trigger from its JSON value. Raises Invalid at `<where>.<field>`."""
    try:
        found: AnyTrigger = msgspec.convert(raw, AnyTrigger)
    except msgspec.ValidationError as error:
        pointer, zh, en = shapes.said(error)
        raise Invalid.field(_field(where, pointer), zh, en) from error
    if found.__struct_config__.tag not in kinds:
        raise Invalid.field(f"{where}.kind", "这里不能用这种触发方式。", "This kind of trigger does not fit here.")
    problems = [
        {"field": _field(where, str(one["field"])), "message": one["message"]} for one in _check(found, words)
    ]  # fmt: skip
    if problems:
        raise Invalid(errors=problems)
    if isinstance(found, OnSchedule):
        if found.timing.kind == "now":
            raise Invalid.field(f"{where}.timing.kind", "请选择时间。", "Choose a time.")
        timing.checked(found.timing, where=f"{where}.timing")
    return found


def _field(where: str, pointer: str) -> str:
    return ".".join([where, *(part for part in pointer.split("/") if part)])


def _check(one: AnyTrigger, words: Vocabulary) -> Iterator[reading.Problem]:
    if isinstance(one, OnEvent):
        yield from reading.step(nodes.Step(event=one.event, where=one.where), words)
        if len(one.groups) > GROUPS_MAX:
            yield reading.problem("/groups", f"最多选 {GROUPS_MAX} 个群。", f"At most {GROUPS_MAX} groups.")
        elif any(str(group) not in words.groups for group in one.groups):
            yield reading.problem("/groups", "有的群已不存在。", "A group does not exist any more.")
    elif isinstance(one, OnSegment) or (isinstance(one, OnSchedule) and one.segment is not None):
        if str(one.segment) not in words.segments:
            yield reading.problem("/segment", "没有这个分群，可能已被删除。", "There is no such segment; it may have been deleted.")
    elif isinstance(one, OnDate):
        word = words.attribute(one.attribute)
        if word is None or word.type not in DATE_TYPES:
            yield reading.problem("/attribute", "请选择日期或生日类型的属性。", "Choose an attribute that is a date or a birthday.")
        if abs(one.offset_days) > OFFSET_DAYS_MAX:
            yield reading.problem("/offset_days", f"最多提前或推后 {OFFSET_DAYS_MAX} 天。", f"At most {OFFSET_DAYS_MAX} days before or after.")
        try:
            timing.checked(Timing(kind="daily", time=one.time))
        except Invalid as error:
            yield {"field": "/time", "message": error.errors[0]["message"]}


# --- what happens, against what is waited for ------------------------------------------------


Passes = Callable[[Happening], bool]
_NO_DAY = Today(dt.date(2000, 1, 1))  # properties have no dates


class Wanted(msgspec.Struct, frozen=True):
    """Events that are waited for, ready to be asked: of this name, and of these that pass. `equals`: a property that must be one text, by which
    it is found without being asked.
    """

    event: str
    passes: Passes
    equals: tuple[str, str] | None = None


def wanted(trigger: AnyTrigger) -> Wanted | None:
    """The events that set a trigger off; None where it is time that does."""
    if isinstance(trigger, OnEvent):
        return wanting(nodes.Step(event=trigger.event, where=trigger.where), groups=frozenset(map(str, trigger.groups)))
    if isinstance(trigger, OnSegment):
        test = PropertyTest(property="segment_id", type="text", op="is", value=str(trigger.segment))
        return wanting(nodes.Step(event=f"segment_{trigger.way}", where=[test]))
    return None


def wanting(step: nodes.Step, *, groups: frozenset[str] = frozenset()) -> Wanted:
    """Events of a name whose properties pass."""
    tests = [(one.property, one.type, values.judge(one.type, one.op, one.value)) for one in step.where]
    equal = next(((one.property, values.fold(one.value)) for one in step.where if one.type == "text" and one.op == "is"), None)

    def passes(event: Happening) -> bool:
        if groups and event.group_id not in groups:
            return False
        return all(judge(property_of(event, name, kind), _NO_DAY) for name, kind, judge in tests)

    return Wanted(step.event, passes, equal)


_OF_EVENT: Mapping[str, Callable[[Happening], Any]] = {
    "$text": lambda event: event.text,
    "$channel": lambda event: event.channel,
    "$characters": lambda event: len(event.text),
    "$is_reply": lambda event: bool(event.is_reply),
    "$is_question": lambda event: bool(event.is_question),
}


def property_of(event: Happening, name: str, kind: str) -> Value | None:
    """A property of an event, as conditions see values of that type; None where it has none of it."""
    said = _OF_EVENT[name](event) if name in _OF_EVENT else event.properties.get(name)
    return values.normal(kind, said)


# --- in words ------------------------------------------------------------------------------


def sentence(trigger: AnyTrigger, words: Vocabulary) -> tuple[str, str]:
    """What sets it off, in Chinese and in English."""
    if isinstance(trigger, OnEvent):
        step = nodes.Step(event=trigger.event, where=trigger.where)
        return f"有人{sentences.events(step, words, 'zh')}", f"Somebody: {sentences.events(step, words, 'en')}"
    if isinstance(trigger, OnSegment):
        name = words.segments[str(trigger.segment)].zh if str(trigger.segment) in words.segments else "…"
        zh, en = ("进入", "enters") if trigger.way == "entered" else ("离开", "leaves")
        return f"有人{zh}分群“{name}”", f"Somebody {en} the segment “{name}”"
    if isinstance(trigger, OnSchedule):
        zh, en = timing_said(trigger.timing)
        if trigger.segment is None:
            return f"{zh}，对所有成员", f"{en}, for all members"
        name = words.segments[str(trigger.segment)].zh if str(trigger.segment) in words.segments else "…"
        return f"{zh}，对分群“{name}”", f"{en}, for the segment “{name}”"
    if isinstance(trigger, OnDate):
        word = words.attribute(trigger.attribute)
        zh_name, en_name = (word.zh, word.en) if word else (trigger.attribute, trigger.attribute)
        days = abs(trigger.offset_days)
        zh_when = "当天" if not days else f"前 {days} 天" if trigger.offset_days < 0 else f"后 {days} 天"
        en_when = "On" if not days else f"{days} days before" if trigger.offset_days < 0 else f"{days} days after"
        zh_calendar, en_calendar = ("（农历）", " (Chinese calendar)") if trigger.calendar == "lunar" else ("", "")
        return f"{zh_name}{zh_calendar}{zh_when} {trigger.time}", f"{en_when} {en_name}{en_calendar}, {trigger.time}"
    return "手动或通过接口加入", "Put in by hand or through the API"


_WEEKDAYS = "一二三四五六日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def timing_said(one: Timing) -> tuple[str, str]:
    """When something repeats, in Chinese and in English."""
    zh_day, en_day = ("最后一天", "the last day") if one.day == timing.LAST_DAY else (f"{one.day} 日", f"day {one.day}")
    month = one.month if isinstance(one.month, int) else 0
    zh, en = {
        "now": ("现在", "Now"),
        "at": (one.at.replace("T", " "), one.at.replace("T", " ")),
        "daily": (f"每天 {one.time}", f"Every day at {one.time}"),
        "weekly": (
            f"每周{'、'.join(_WEEKDAYS[day - 1] for day in one.weekdays)} {one.time}",
            f"Every {', '.join(_WEEKDAYS_EN[day - 1] for day in one.weekdays)} at {one.time}",
        ),
        "monthly": (f"每月{zh_day} {one.time}", f"Every month on {en_day} at {one.time}"),
        "yearly": (f"每年 {month} 月 {one.day} 日 {one.time}", f"Every year on {month}/{one.day} at {one.time}"),
        "lunar": (
            f"每年农历 {month} 月 {one.day} 日 {one.time}",
            f"Every year on day {one.day} of month {month} of the Chinese calendar at {one.time}",
        ),
        "cron": (f"按规则 {one.cron}", f"By the rule {one.cron}"),
    }[one.kind]
    return (f"{zh}（仅工作日）", f"{en} (working days only)") if one.only_workdays else (zh, en)
