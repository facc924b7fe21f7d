"""Who takes a new conversation: nobody, or the staff in turn."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import transaction

from hutong.foundation import clock
from hutong.foundation.errors import Invalid
from hutong.inbox import people
from hutong.inbox.models import Conversation, InboxSettings
from hutong.workspaces import audit
from hutong.workspaces.access import SYSTEM, Actor
from hutong.workspaces.models import Workspace


def change(workspace: Workspace, *, actor: Actor, gives_in_turn: bool, takers: Sequence[uuid.UUID]) -> InboxSettings:
    """Say whether new conversations are given in turn, and to whom (nobody named: to all who may answer). Raises Invalid."""
    able = {user.pk: user for user in people.able_to_answer(workspace.pk)}
    if not set(takers) <= set(able):
        raise Invalid.field("takers", "其中有人不能回复会话。", "Some of them may not answer conversations.")
    chosen = [str(pk) for pk in dict.fromkeys(takers)]
    with transaction.atomic():
        found, is_new = InboxSettings.objects.in_workspace(workspace).get_or_create(workspace=workspace)
        if is_new or (found.gives_in_turn, found.takers) != (gives_in_turn, chosen):
            found.gives_in_turn, found.takers, found.updated_at = gives_in_turn, chosen, clock.now()
            found.save()
            names = [able[uuid.UUID(pk)].name for pk in chosen]
            details = {"gives_in_turn": gives_in_turn, "takers": names}
            audit.write(workspace, actor=actor, action="inbox.settings", target_kind="inboxsettings", details=details)
    return found


def give(conversation: Conversation) -> None:
    """A round of a conversation begins: where it is nobody's and staff take turns, it is the next one's. Within a transaction; the caller saves."""
    if conversation.assignee_id is not None:
        return
    rows = InboxSettings.objects.in_workspace(conversation.workspace_id).select_for_update(of=("self",))
    settings = rows.filter(gives_in_turn=True).select_related("workspace").first()
    if settings is None:
        return
    here = people.here(settings.workspace_id, people.takers(settings.workspace_id, settings.takers))
    user = people.next_in_turn(here, after=settings.last_id)
    if user is None:
        return
    conversation.assignee = user
    settings.last = user
    settings.save(update_fields=["last"])
    details = {"assignee": user.name, "in_turn": True}
    audit.write(settings.workspace, actor=SYSTEM, action="conversation.assign", target=conversation, details=details)
