"""The catalogue of events: what modules declared, and what else was seen."""

from __future__ import annotations

from hutong.foundation.contributions import EventDefinition

AUTOMATIC = ("rule:", "journey:")  # sources of what automations record

_declared: dict[str, EventDefinition] = {}


def install(definitions: list[EventDefinition]) -> None:
    """Called once by the composition root with every module's events."""
    for definition in definitions:
        if _declared.setdefault(definition.name, definition) != definition:
            raise RuntimeError(f"event declared twice: {definition.name}")


def declared() -> dict[str, EventDefinition]:
    """Every declared event by name."""
    return _declared


def is_activity(name: str, source: str = "") -> bool:
    """Whether the event counts as a member's own activity. Unknown events (tracked from outside) do, unless an automation recorded them."""
    definition = _declared.get(name)
    return definition.is_activity if definition is not None else not source.startswith(AUTOMATIC)


def is_noted(name: str, source: str = "") -> bool:
    """Whether the event is only noted of a member, who was not seen by it. So is all that an automation does to them."""
    definition = _declared.get(name)
    return (definition is not None and definition.is_noted) or source.startswith(AUTOMATIC)


def depth_of(source: str) -> int:
    """How many automations led to an event, by who says it: `rule:<id>` one, `rule:<id>:3` three, anybody else none."""
    if not source.startswith(AUTOMATIC):
        return 0
    depth = source.partition(":")[2].partition(":")[2]
    return int(depth) if depth.isascii() and depth.isdigit() else 1
