"""What can be done with the stream: an event of the workspace's own recorded of somebody."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from hutong.events import catalogue
from hutong.events.ingest.calls import NAME_LENGTH_MAX, RESERVED
from hutong.foundation import fields, filled, stream
from hutong.foundation.acting import DONE, Action, Cause, Doer, Field, Outcome, Person, Plan, Said, Settings
from hutong.foundation.errors import Invalid
from hutong.foundation.fields import Hole, Parts
from hutong.foundation.stream import Fact

PROPERTIES_MAX = 50
KEY_LENGTH_MAX = 100
VALUE_LENGTH_MAX = 1_000


def _check(_workspace_id: uuid.UUID, given: Settings) -> dict[str, Any]:
    name = filled.text(given, "event", length_max=NAME_LENGTH_MAX)
    if name.startswith("$") or name in RESERVED or name in catalogue.declared():
        raise Invalid.field(
            "event", "这个名称由系统使用，请换一个，例如 gift_promised。", "This name is the product's own. Choose another, such as gift_promised."
        )
    properties = filled.properties(given, "properties", count_max=PROPERTIES_MAX, key_length_max=KEY_LENGTH_MAX, length_max=VALUE_LENGTH_MAX)
    for key, text in properties.items():
        _, problem = fields.read(text, fields.is_of_event)
        if problem is not None:
            raise Invalid.field(f"properties.{key}", *problem)
    return {"event": name, "properties": properties}


def _say(_workspace_id: uuid.UUID, settings: Settings) -> Said:
    return f"记录事件 {settings['event']}", f"Record the event {settings['event']}"


def _causes(settings: Settings) -> Sequence[Cause]:
    known = {name: text for name, text in settings["properties"].items() if "{{" not in text}
    return (Cause(event=settings["event"], properties=known),)


def _plan(doer: Doer, settings: Settings, people: Sequence[Person]) -> Plan:
    texts = {name: fields.read(text)[0] for name, text in settings["properties"].items()}
    outcomes: list[Outcome] = []
    facts: list[Fact] = []
    for one in people:
        said = _said(one, texts)
        if isinstance(said, Outcome):
            outcomes.append(said)
            continue
        outcomes.append(DONE)
        facts.append(
            Fact(
                workspace_id=doer.workspace_id, name=settings["event"], member_id=one.member_id, community_id=one.occasion.community_id,
                group_id=one.occasion.group_id, channel=one.occasion.channel, source=doer.told_by, properties=said, id=one.key,
            )
        )  # fmt: skip

    def write() -> None:
        if facts:
            stream.record(*facts)

    return Plan(outcomes, write)


def _said(one: Person, texts: Mapping[str, Parts]) -> dict[str, Any] | Outcome:
    """The properties of an event; a field that stands alone gives what it stands for as it is, a number as a number."""
    found: dict[str, Any] = {}
    for name, parts in texts.items():
        known = fields.of_event(one.occasion, fields.names(parts))
        missing = sorted(field for field in fields.required(parts) if not known.get(field))
        if missing:
            return Outcome(
                "refused",
                f"事件里没有「{missing[0]}」，也没有替代文字。",
                f"The event has no “{missing[0]}”, and there is no fallback.",
                "missing_field",
            )
        value = one.occasion.properties.get(parts[0].name.removeprefix(fields.EVENT)) if len(parts) == 1 and isinstance(parts[0], Hole) else None
        found[name] = value if isinstance(value, bool | int | float | list) else fields.fill(parts, known)
    return found


ACTIONS = (
    Action(
        name="event.record", zh="记录事件", en="Record an event", kind="outside", permission="events.manage",
        fields=(
            Field(
                name="event", kind="event", zh="事件名称", en="Event's name",
                hint_zh="自己的事件，例如 gift_promised。", hint_en="An event of your own, such as gift_promised.",
            ),
            Field(
                name="properties", kind="properties", zh="属性", en="Properties", is_required=False, default={},
                hint_zh="可以用 {{event.属性名}} 带上触发事件的属性。", hint_en="{{event.name_of_it}} stands for a property of what set it off.",
            ),
        ),
        check=_check, say=_say, plan=_plan, causes=_causes,
    ),
)  # fmt: skip
