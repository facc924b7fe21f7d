"""Whoever keeps a community's name elsewhere takes its new one in the transaction of the change. Contributed by layers above."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from hutong.communities.models import Community
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace


class Renamed(Protocol):
    """Takes a community's new name."""

    def __call__(self, workspace: Workspace, *, actor: Actor, community: Community) -> None: ...


_keepers: tuple[Renamed, ...] = ()


def install(keepers: Sequence[Renamed]) -> None:
    """Called once by the composition root."""
    global _keepers
    _keepers = tuple(keepers)


def renamed(workspace: Workspace, *, actor: Actor, community: Community) -> None:
    """The community has another name now. Within a transaction."""
    for take in _keepers:
        take(workspace, actor=actor, community=community)
