"""The actions there are, and what rules can belong to: declared by modules, installed by the composition root."""

from __future__ import annotations

from collections.abc import Sequence

from hutong.foundation.acting import Action
from hutong.foundation.contributions import Owner

_actions: dict[str, Action] = {}
_owners: dict[str, Owner] = {}


def install(actions: Sequence[Action], owners: Sequence[Owner]) -> None:
    """Called once by the composition root with every module's actions and owners."""
    _owners.update({owner.kind: owner for owner in owners})
    for action in actions:
        if _actions.setdefault(action.name, action) != action:
            raise RuntimeError(f"action declared twice: {action.name}")


def every() -> list[Action]:
    """All of them, in the order in which they are offered."""
    return list(_actions.values())


def find(name: str) -> Action | None:
    """One by its name; None where its module is no longer part of the product."""
    return _actions.get(name)


def owner(follows: str) -> Owner | None:
    """What a rule belongs to, of the name by which it follows it (`<kind>:<id>`); None: it is a rule of its own."""
    return _owners.get(follows.partition(":")[0])
