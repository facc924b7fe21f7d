"""How a workspace's inbox works."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from hutong.inbox import people
from hutong.inbox.models import InboxSettings
from hutong.workspaces.models import User, Workspace


@dataclass(frozen=True, slots=True)
class Settings:
    """Whether staff take turns, who was named, who takes turns now, who of those is away, and who is next."""

    gives_in_turn: bool
    takers: list[uuid.UUID]
    turns: list[User]
    away: list[User]
    next: User | None


def settings(workspace: Workspace) -> Settings:
    """As they are; off where nobody has said anything."""
    row = InboxSettings.objects.in_workspace(workspace).first() or InboxSettings(workspace=workspace)
    able = {user.pk: user for user in people.able_to_answer(workspace.pk)}
    chosen = [pk for pk in map(uuid.UUID, row.takers) if pk in able]
    turns = people.takers(workspace.pk, row.takers)
    following = people.next_in_turn(people.here(workspace.pk, turns), after=row.last_id) if row.gives_in_turn else None
    return Settings(row.gives_in_turn, chosen, turns, people.away(workspace.pk, turns), following)
