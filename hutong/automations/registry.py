"""The actions there are: declared by modules, installed by the composition root."""

from __future__ import annotations

from collections.abc import Sequence

from hutong.foundation.acting import Action

_actions: dict[str, Action] = {}


def install(actions: Sequence[Action]) -> None:
    """Called once by the composition root with every module's actions."""
    for action in actions:
        if _actions.setdefault(action.name, action) != action:
            raise RuntimeError(f"action declared twice: {action.name}")


def every() -> list[Action]:
    """All of them, in the order in which they are offered."""
    return list(_actions.values())


def find(name: str) -> Action | None:
    """One by its name; None where its module is no longer part of the product."""
    return _actions.get(name)
