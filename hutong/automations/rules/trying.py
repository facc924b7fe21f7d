"""A rule tried on one member: every check by itself, and how each action would go. Nothing is written."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

import msgspec

from hutong.automations import asking, dated, firing, occasions, past, triggers
from hutong.automations.asking import Asker
from hutong.automations.firing import Timed
from hutong.automations.journeys.dates import next_date
from hutong.automations.models import Rule
from hutong.automations.rules import history, hours, judging, ready, running
from hutong.automations.rules.cases import Case
from hutong.automations.rules.history import Past
from hutong.automations.rules.ready import Ready
from hutong.automations.triggers import OnDate, OnSchedule
from hutong.communities.models import Community
from hutong.events import queries
from hutong.events.responders import Happening
from hutong.events.warehouse.schema import NONE
from hutong.foundation import clock, ids
from hutong.foundation.acting import Occasion
from hutong.foundation.errors import Invalid, NotFound
from hutong.members.models import AttributeValue
from hutong.members.queries import names
from hutong.members.queries.clocks import zones_of
from hutong.segments import vocabulary
from hutong.segments.conditions import sentences
from hutong.workspaces.models import Workspace

_HELD, _NOT_HELD = ("成立", "holds"), ("不成立", "does not hold")


def made_ready(workspace: Workspace, values: Mapping[str, Any], rule_id: uuid.UUID | None) -> Ready:
    """A rule that is not saved, as if it were on. Raises Invalid, NotFound."""
    community = None
    if values["community_id"] is not None:
        community = Community.objects.in_workspace(workspace).filter(pk=values["community_id"]).first()
        if community is None:
            raise NotFound("community")
    names_of = ("trigger", "condition", "actions", "cooldown_seconds", "cap_times", "cap_days", "hours", "priority", "is_last", "name")
    drafted = Rule(id=rule_id or ids.new(), workspace=workspace, community=community, **{name: values[name] for name in names_of})
    return ready.of(drafted, vocabulary.of(workspace))


def on_member(workspace: Workspace, rule: Ready, member_id: uuid.UUID, *, event_id: str, made_up: Mapping[str, Any] | None) -> dict[str, Any]:
    """What it would do to them now. Raises NotFound, and Invalid for a bot."""
    found = names(workspace.pk, [member_id])
    if member_id not in found:
        raise NotFound("member")
    head = running.shown([(workspace.pk, member_id)]).get((workspace.pk, member_id))
    if head is None:
        raise Invalid.field("member_id", "机器人不会触发规则。", "Bots set no rule off.")
    now = clock.now()
    event = _event(workspace, rule, head, event_id, made_up)
    case = Case(rule, f"trial-{ids.new().hex}", head, Occasion(occurred_at=now.timestamp()) if event is None else occasions.of(event))
    past = history.past(rule, [head], now)[head]
    steps = [_trigger(rule, event, head, now), *_limits(rule, past, now)]
    if rule.question is not None:
        steps.append(_condition(rule, head, now))
    judging.act(rule, [case])
    return {
        "member": {"id": head, "name": names(workspace.pk, [head]).get(head, found[member_id])},
        "event": case.occasion.event,
        "occurred_at": None if event is None else dt.datetime.fromtimestamp(event.occurred_at, dt.UTC),
        "acts": all(step["passes"] for step in steps),
        "steps": steps,
        "outcomes": case.outcomes,
    }


def _event(workspace: Workspace, rule: Ready, member_id: uuid.UUID, event_id: str, made_up: Mapping[str, Any] | None) -> Happening | None:
    wanted = triggers.wanted(rule.trigger)
    bound = {"workspace": str(workspace.pk), "member": str(member_id), "id": event_id, "name": wanted.event if wanted else ""}
    beginning = f"SELECT {past.COLUMNS} FROM events WHERE workspace_id = {{workspace:UUID}} AND member_id = {{member:UUID}}"
    if event_id:
        rows = queries.rows(f"{beginning} AND id = {{id:String}} LIMIT 1", bound)
        if not rows:
            raise NotFound("event")
        return past.event(workspace.pk, rows[0])
    if made_up is not None:
        group, now = made_up["group_id"], clock.now().timestamp()
        return Happening(
            id="", workspace_id=str(workspace.pk), name=made_up["event"] or (wanted.event if wanted else ""), occurred_at=now, received_at=now,
            member_id=str(member_id), group_id=NONE if group is None else str(group), channel=made_up["channel"], text=made_up["text"],
            community_id=NONE if rule.community is None else str(rule.community), properties=dict(made_up["properties"]),
        )  # fmt: skip
    if wanted is None:
        return None
    rows = queries.rows(f"{beginning} AND name = {{name:String}} ORDER BY occurred_at DESC, ordinal DESC LIMIT 1", bound)
    return past.event(workspace.pk, rows[0]) if rows else None


def _step(check: str, passes: bool, zh: str, en: str) -> dict[str, Any]:
    return {"check": check, "passes": passes, "zh": zh, "en": en, "parts": []}


def _trigger(rule: Ready, event: Happening | None, member_id: uuid.UUID, now: dt.datetime) -> dict[str, Any]:
    trigger = rule.trigger
    if isinstance(trigger, OnSchedule):
        one = Timed(workspace_id=rule.workspace_id, automation=rule.id, trigger=trigger, since=now, community=rule.community)
        passes = member_id in firing.meant(one, [member_id])
        words = ("到时会轮到这位成员。", "They are among those it is for.") if passes else ("不在范围内。", "They are not among those it is for.")
        return _step("trigger", passes, *words)
    if isinstance(trigger, OnDate):
        moment = _next(rule, trigger, member_id, now)
        if moment is None:
            return _step("trigger", False, "没有这个日期，或已经过去。", "They have no such day, or it is behind.")
        local = moment.astimezone(clock.zone(rule.zone)).strftime("%Y-%m-%d %H:%M")
        return _step("trigger", True, f"下一次在 {local}。", f"Next on {local}.")
    wanted = triggers.wanted(trigger)
    if event is None:
        return _step("trigger", False, "这位成员还没有发生过这样的事件。", "Nothing of that kind has happened to them yet.")
    there = rule.community is None or str(rule.community) == event.community_id
    passes = wanted is not None and event.name == wanted.event and there and wanted.passes(event)
    return _step("trigger", passes, "事件符合。" if passes else "事件不符合。", "The event fits." if passes else "The event does not fit.")


def _next(rule: Ready, trigger: OnDate, member_id: uuid.UUID, now: dt.datetime) -> dt.datetime | None:
    rows = AttributeValue.objects.in_workspace(rule.workspace_id).filter(member_id=member_id, attribute__key=trigger.attribute)
    said = rows.values_list("value", flat=True).first()
    if not isinstance(said, str):
        return None
    yearly = dated.is_yearly(rule.workspace_id, trigger)
    zone = zones_of(rule.workspace_id, [member_id])[member_id]
    return next_date(now, said, offset_days=trigger.offset_days, time=trigger.time, calendar=trigger.calendar, yearly=yearly, zone=zone)


def _limits(rule: Ready, past: Past, now: dt.datetime) -> list[dict[str, Any]]:
    found = []
    if rule.hours is not None:
        is_open = hours.are_open(rule.hours, now, rule.zone)
        if is_open or rule.hours.otherwise == "skip":
            zh, en = ("现在是生效时段。", "It is within the hours.") if is_open else ("现在不是生效时段。", "It is outside the hours.")
        else:
            opens = hours.opening(rule.hours, now, rule.zone).astimezone(clock.zone(rule.zone)).strftime("%Y-%m-%d %H:%M")
            zh, en = f"现在不是生效时段，会等到 {opens}。", f"It is outside the hours and would wait until {opens}."
        found.append(_step("hours", is_open, zh, en))
    if rule.cooldown_seconds:
        is_over = not past.cooling
        zh, en = ("不在冷却时间内。", "No cooldown is running.") if is_over else ("还在冷却时间内。", "The cooldown is not over.")
        found.append(_step("cooldown", is_over, zh, en))
    if rule.cap_times:
        zh, en = f"已执行 {past.counted} 次，上限 {rule.cap_times} 次。", f"It has acted {past.counted} of at most {rule.cap_times} times."
        found.append(_step("cap", past.counted < rule.cap_times, zh, en))
    return found


def _condition(rule: Ready, member_id: uuid.UUID, now: dt.datetime) -> dict[str, Any]:
    words, whole = asking.words_of(rule.workspace_id), rule.question
    assert whole is not None  # noqa: S101 (the caller asked)
    raw = msgspec.to_builtins(whole.condition)
    inner = raw["of"] if raw["kind"] in ("all", "any") and len(raw["of"]) > 1 else []
    parts = [asking.question(one, words) for one in inner]
    asker = Asker(rule.workspace_id, [whole, *parts], [member_id], now=now, zone=rule.zone)
    passes = bool(asker.holding(whole, [member_id]))
    zh, en = _HELD if passes else _NOT_HELD
    step = _step("condition", passes, f"条件{zh}。", f"The condition {en}.")
    step["parts"] = [
        {"holds": bool(asker.holding(one, [member_id])), **{at: sentences.sentence(one.condition, words, at) for at in ("zh", "en")}} for one in parts
    ]
    return step
