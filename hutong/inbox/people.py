"""Who may answer conversations."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from hutong.foundation import clock
from hutong.workspaces import people
from hutong.workspaces.models import Staff, User

ANSWER = "inbox.answer"
AWAY_MINUTES = 15  # without a sign of them; when they were last seen is exact to five


def able_to_answer(workspace_id: uuid.UUID) -> list[User]:
    """Users who may answer in this workspace, by name."""
    return people.able_to(workspace_id, ANSWER)


def takers(workspace_id: uuid.UUID, named: list[str]) -> list[User]:
    """Those of the named who may still answer; with nobody named all who may."""
    return [user for user in able_to_answer(workspace_id) if not named or str(user.pk) in named]


def away(workspace_id: uuid.UUID, some: Sequence[User]) -> list[User]:
    """Those of them who have not looked at the console of this workspace for `AWAY_MINUTES`."""
    since = clock.now() - dt.timedelta(minutes=AWAY_MINUTES)
    seen = set(Staff.objects.in_workspace(workspace_id).filter(last_seen_at__gt=since).values_list("user_id", flat=True))
    return [user for user in some if user.pk not in seen]


def here(workspace_id: uuid.UUID, some: Sequence[User]) -> list[User]:
    """The others; all of them where everybody is away, so that a conversation waits for somebody."""
    gone = {user.pk for user in away(workspace_id, some)}
    return [user for user in some if user.pk not in gone] or list(some)


def next_in_turn(able: list[User], *, after: uuid.UUID | None) -> User | None:
    """Whose turn is next. The order is that of their ids, so that somebody who came or went changes nobody else's place."""
    queue = sorted(able, key=lambda one: one.pk)
    return next((one for one in queue if after is None or one.pk > after), queue[0] if queue else None)
