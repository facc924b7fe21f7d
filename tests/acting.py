"""What tests of actions share: somebody who acts, people for whom it is done, and doing it as rules and journeys do."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import transaction

from hutong.foundation.acting import Action, Doer, Occasion, Outcome, Person, Settings
from hutong.members.models import Member
from hutong.workspaces.models import Workspace

RULE = uuid.UUID(int=5)
SOURCE = f"rule:{RULE}"
TOLD_BY = f"{SOURCE}:2"
NOTHING = Occasion()


def doer(workspace: Workspace, *, lane: uuid.UUID | None = None) -> Doer:
    return Doer(workspace_id=workspace.pk, source=SOURCE, told_by=TOLD_BY, name="老客回访", lane=lane)


def persons(*members: Member, key: str = "k", occasion: Occasion = NOTHING) -> list[Person]:
    return [Person(key=f"{key}/{one.pk}", member_id=one.pk, occasion=occasion) for one in members]


def do(action: Action, workspace: Workspace, given: Settings, people: Sequence[Person], *, lane: uuid.UUID | None = None) -> list[Outcome]:
    """Check, plan, write; what is kept is checked once more, which changes nothing."""
    kept = action.check(workspace.pk, given)
    assert action.check(workspace.pk, kept) == kept
    plan = action.plan(doer(workspace, lane=lane), kept, people)
    with transaction.atomic():
        plan.write()
    return list(plan.outcomes)


def states(outcomes: Sequence[Outcome]) -> list[str]:
    return [one.reason or one.state for one in outcomes]
