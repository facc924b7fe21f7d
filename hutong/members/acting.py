"""What can be done with what is known of members: an attribute set, cleared, counted up, or dated today."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from hutong.foundation import clock, fields, filled, stream
from hutong.foundation.acting import DONE, UNCHANGED, Action, Cause, Choice, Doer, Field, Outcome, Person, Plan, Said, Settings
from hutong.foundation.errors import Invalid
from hutong.foundation.stream import Fact
from hutong.members import bulk, values
from hutong.members.actions import attributes, bulk_values
from hutong.members.models import Attribute, AttributeValue
from hutong.members.queries.clocks import zones_of
from hutong.members.queries.profile import Kind
from hutong.members.queries.profile import attributes as kinds
from hutong.members.values import NUMBER_MAX

WAYS = ("set", "clear", "increase", "now")
_decode = msgspec.json.Decoder().decode
GONE: Said = ("（已删除）", "(deleted)")
_GONE = Outcome("refused", "这个属性已被删除。", "This attribute was deleted.", "attribute_gone")
_NO_NUMBER = Outcome("refused", "这位成员的值不是数字，不能加减。", "The member's value is no number to add to.", "not_a_number")
_TOO_LARGE = Outcome("refused", "加减后的数字太大。", "The number would become too large.", "too_large")


def _check(workspace_id: uuid.UUID, given: Settings) -> dict[str, Any]:
    key = filled.text(given, "attribute", length_max=60)
    kind = _kind(workspace_id, key)
    if kind is None:
        raise Invalid.field("attribute", "没有这个属性，可能已被删除。", "There is no such attribute; it may have been deleted.")
    way = filled.choice(given, "way", WAYS, default="set")
    kept: dict[str, Any] = {"attribute": key, "way": way}
    if way == "set":
        kept["value"] = values.checked(kind.type, given.get("value"), options=kind.options)
    elif way == "increase":
        if kind.type != "number":
            raise Invalid.field("way", "只有数字可以加减。", "Only numbers can be added to.")
        kept["value"] = values.checked("number", given.get("value"))
    elif way == "now" and kind.type != "date":
        raise Invalid.field("way", "只有日期可以设为当天。", "Only a date can become today.")
    return kept


def _kind(workspace_id: uuid.UUID, key: str) -> Kind | None:
    return next((one for one in kinds(workspace_id) if one.key == key), None)


def _say(workspace_id: uuid.UUID, settings: Settings) -> Said:
    kind = _kind(workspace_id, settings["attribute"])
    zh, en = (kind.name_zh, kind.name_en) if kind is not None else GONE
    way = settings["way"]
    if way == "clear":
        return f"清除属性「{zh}」", f"Clear “{en}”"
    if way == "now":
        return f"把属性「{zh}」设为当天", f"Set “{en}” to today"
    value = settings["value"]
    if way == "increase":
        number = fields.said(abs(value))
        return (f"属性「{zh}」减 {number}", f"Take {number} from “{en}”") if value < 0 else (f"属性「{zh}」加 {number}", f"Add {number} to “{en}”")
    words = ("是" if value else "否", "yes" if value else "no") if isinstance(value, bool) else (fields.said(value), fields.said(value))
    return f"把属性「{zh}」设为「{words[0]}」", f"Set “{en}” to “{words[1]}”"


def _causes(settings: Settings) -> Sequence[Cause]:
    return (Cause(event="attributes_changed"),)


def _plan(doer: Doer, settings: Settings, people: Sequence[Person]) -> Plan:
    kind = _kind(doer.workspace_id, settings["attribute"])
    if kind is None:
        return Plan([_GONE] * len(people))
    shown = _shown(doer.workspace_id, kind.key, (one.member_id for one in people))
    way = settings["way"]
    if way == "increase":
        return _increase(doer, kind, settings["value"], people, shown)
    if way == "clear":
        some = list(dict.fromkeys(one.member_id for one in people if one.member_id in shown))
        return Plan([DONE if one.member_id in shown else UNCHANGED for one in people], lambda: _cleared(doer, kind.key, some))
    wanted = _wanted(doer, settings, people)
    given = {one: value for one, value in wanted.items() if not (one in shown and bulk_values.same(shown[one], value))}
    return Plan([DONE if one.member_id in given else UNCHANGED for one in people], lambda: _put(doer, kind.key, given))


def _wanted(doer: Doer, settings: Settings, people: Sequence[Person]) -> dict[uuid.UUID, Any]:
    members = dict.fromkeys(one.member_id for one in people)
    if settings["way"] == "set":
        return dict.fromkeys(members, settings["value"])
    now = clock.now()
    return {one: clock.local_date(now, zone).isoformat() for one, zone in zones_of(doer.workspace_id, list(members)).items()}


def _increase(doer: Doer, kind: Kind, by: float, people: Sequence[Person], shown: Mapping[uuid.UUID, Any]) -> Plan:
    """What each has then is read again when it is written: somebody else may have added to it meanwhile."""
    outcomes = [_added(shown.get(one.member_id), by) for one in people]
    some = [one for one, outcome in zip(people, outcomes, strict=True) if outcome is DONE]

    def write() -> None:
        new = stream.first(doer.workspace_id, [one.key for one in some])
        times: dict[uuid.UUID, int] = {}
        for one in some:
            if one.key in new:
                times[one.member_id] = times.get(one.member_id, 0) + 1
        now = _shown(doer.workspace_id, kind.key, times)
        _put(doer, kind.key, {one: now.get(one, 0) + by * count for one, count in times.items() if _added(now.get(one), by * count) is DONE})

    return Plan(outcomes, write)


def _added(had: Any, by: float) -> Outcome:
    if had is not None and (isinstance(had, bool) or not isinstance(had, int | float)):
        return _NO_NUMBER
    return DONE if abs((had or 0) + by) <= NUMBER_MAX else _TOO_LARGE


def _shown(workspace_id: uuid.UUID, key: str, members: Iterable[uuid.UUID]) -> dict[uuid.UUID, Any]:
    """What each of the members has of it, with everybody merged into them."""
    attribute_id = Attribute.objects.in_workspace(workspace_id).filter(key=key).values_list("pk", flat=True).first()
    if attribute_id is None:
        return {}
    told = bulk.pick(AttributeValue, ["value"], "member", members, workspace_id=workspace_id, also={"attribute": attribute_id})
    return {member_id: _decode(value) for member_id, value in told}


def _put(doer: Doer, key: str, given: Mapping[uuid.UUID, Any]) -> None:
    attribute_id = _attribute_id(doer.workspace_id, key)
    if attribute_id is None or not given:
        return
    changes = {one: {attribute_id: value} for one, value in given.items()}
    bulk_values.put(doer.workspace_id, changes, source=doer.source, source_name=doer.name[:100], is_anew=True)
    _tell(doer, key, given)


def _cleared(doer: Doer, key: str, members: Sequence[uuid.UUID]) -> None:
    attribute_id = _attribute_id(doer.workspace_id, key)
    if attribute_id is not None and members:
        bulk_values.clear(doer.workspace_id, members, [attribute_id])
        _tell(doer, key, members)


def _attribute_id(workspace_id: uuid.UUID, key: str) -> uuid.UUID | None:
    """Of an attribute that is still there; a standard one is made where it was never used."""
    found = Attribute.objects.in_workspace(workspace_id).filter(key=key).values_list("pk", flat=True).first()
    if found is not None:
        return found
    made = attributes.ensure_standard(workspace_id).get(key)
    return made.pk if made is not None else None


def _tell(doer: Doer, key: str, members: Iterable[uuid.UUID]) -> None:
    # Which attribute, never its value: the log outlives what a member may have erased.
    stream.record(
        *(
            Fact(workspace_id=doer.workspace_id, name="attributes_changed", member_id=one, source=doer.told_by, properties={"keys": [key]})
            for one in members
        )
    )


ACTIONS = (
    Action(
        name="attribute.set", zh="修改属性", en="Change an attribute", kind="member", permission="members.change",
        fields=(
            Field(name="attribute", kind="attribute", zh="属性", en="Attribute"),
            Field(
                name="way", kind="choice", zh="怎样修改", en="How", is_required=False, default="set",
                choices=(
                    Choice(value="set", zh="设为", en="Set to"), Choice(value="clear", zh="清除", en="Clear"),
                    Choice(value="increase", zh="加上（数字）", en="Add (numbers)"), Choice(value="now", zh="设为当天（日期）", en="Today (dates)"),
                ),
            ),
            Field(name="value", kind="value", zh="值", en="Value", of="attribute", only_if=("way", ("set", "increase"))),
        ),
        check=_check, say=_say, plan=_plan, causes=_causes,
    ),
)  # fmt: skip
