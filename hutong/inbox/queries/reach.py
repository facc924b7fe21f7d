"""By which of our accounts somebody can be written to in private."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from hutong.channels import answering
from hutong.channels.models import Account
from hutong.foundation.errors import NotFound
from hutong.inbox.models import Conversation
from hutong.members.models import Identity, Member
from hutong.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Way:
    """An account, the identity it reaches, and the conversation where there is one already."""

    account: Account
    identity: Identity
    conversation_id: uuid.UUID | None


def ways(workspace: Workspace, member_id: uuid.UUID) -> list[Way]:
    """Each account at most once, by name; where there was talk the identity it was with. Raises NotFound."""
    if not Member.objects.in_workspace(workspace).filter(pk=member_id).exists():
        raise NotFound("member")
    identities = list(Identity.objects.in_workspace(workspace).filter(member_id=member_id).order_by("-last_seen_at", "id"))
    channels = {one.channel for one in identities}
    found: list[Way] = []
    for account in Account.objects.in_workspace(workspace).filter(channel__in=channels, state="active").order_by("name", "id"):
        way = _way(account, [one for one in identities if one.channel == account.channel])
        if way is not None:
            found.append(way)
    return found


def _way(account: Account, identities: list[Identity]) -> Way | None:
    origins = {one.origin_id: one for one in identities}
    rows = Conversation.objects.in_workspace(account.workspace_id).filter(account=account, in_group=None, origin_id__in=origins, chat__state="in")
    talked = rows.order_by("-last_at").first()
    if talked is not None and talked.origin_id is not None:
        return Way(account, origins[talked.origin_id], talked.pk)
    manifest = answering.manifest_of(account)
    reached = (one for one in identities if answering.private_chat(account, manifest, one.external_id) is not None)
    first = next(reached, None)
    return Way(account, first, None) if first is not None else None
