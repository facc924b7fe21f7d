"""The chats where things happened, and the names of accounts and groups."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hutong.channels import answering, platforms
from hutong.channels.contract import Chat as ChatRef
from hutong.channels.contract import Manifest
from hutong.channels.models import Account, Chat
from hutong.channels.reaching import Way
from hutong.communities.models import Group
from hutong.foundation.acting import Person, Said
from hutong.members import bulk
from hutong.members.models import Identity

GONE: Said = ("（已删除）", "(deleted)")


@dataclass(frozen=True, slots=True)
class There:
    """A chat to write into; `user_ref`: who it is for, by their id there, where that is known."""

    account: Account
    manifest: Manifest
    chat: ChatRef
    user_ref: str
    is_where_it_happened: bool


def of_people(workspace_id: uuid.UUID, people: Sequence[Person], some: Sequence[Way]) -> list[There | None]:
    """For each person the chat of what happened, else that of its group; None where there is none that can be written into."""
    chats = _chats(workspace_id, (str(one.occasion.properties.get("chat_id", "")) for one in people))
    groups = [one.occasion.group_id for one in people if one.occasion.group_id and _known(one, chats) is None]
    of_group = of_groups(workspace_id, list(dict.fromkeys(groups)), some)
    refs = _refs(workspace_id, people)
    found: list[There | None] = []
    for one in people:
        chat = _known(one, chats)
        if chat is not None:
            ref = chat.external_id if chat.kind == "dm" else refs.get((one.member_id, chat.account.channel), "")
            found.append(There(chat.account, platforms.manifest(chat.account.platform), answering.place(chat), ref, is_where_it_happened=True))
        else:
            found.append(of_group.get(one.occasion.group_id) if one.occasion.group_id else None)
    return found


def _known(one: Person, chats: dict[uuid.UUID, Chat]) -> Chat | None:
    chat_id = _id(str(one.occasion.properties.get("chat_id", "")))
    return chats.get(chat_id) if chat_id else None


def _id(said: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(said) if said else None
    except ValueError:
        return None


def _chats(workspace_id: uuid.UUID, said: Iterable[str]) -> dict[uuid.UUID, Chat]:
    """Those that can be written into."""
    found: dict[uuid.UUID, Chat] = {}
    sending = {one.platform for one in platforms.manifests() if "send" in one.ways}
    for chunk in bulk.chunks({one for one in map(_id, said) if one}):
        rows = Chat.objects.in_workspace(workspace_id).select_related("account").filter(pk__in=chunk, state="in").exclude(account__state="removed")
        found |= {row.pk: row for row in rows if row.account.platform in sending}
    return found


def _refs(workspace_id: uuid.UUID, people: Sequence[Person]) -> dict[tuple[uuid.UUID, str], str]:
    """The id of each member on each channel, the one seen last."""
    members = dict.fromkeys(one.member_id for one in people)
    rows = bulk.pick(Identity, ["channel", "last_seen_at", "external_id"], "member", members, workspace_id=workspace_id)
    return {(member_id, channel): ref for member_id, channel, _, ref in sorted(rows, key=lambda row: row[2])}


def of_groups(workspace_id: uuid.UUID, groups: Sequence[uuid.UUID], some: Sequence[Way]) -> dict[uuid.UUID, There]:
    """The chat of each of these groups, through the first account that is in it; groups without one are left out."""
    if not groups:
        return {}
    ways = {way.account.pk: way for way in some}
    order = {pk: at for at, pk in enumerate(ways)}
    found: dict[uuid.UUID, There] = {}
    places: dict[uuid.UUID, int] = {}
    for chunk in bulk.chunks(groups):
        rows = Chat.objects.in_workspace(workspace_id).filter(group__in=chunk, account_id__in=list(ways), state="in", group__archived_at=None)
        for row in rows.order_by("id"):
            if row.group_id is not None and order[row.account_id] <= places.get(row.group_id, len(order)):
                way = ways[row.account_id]
                places[row.group_id] = order[row.account_id]
                found[row.group_id] = There(way.account, way.manifest, answering.place(row), "", is_where_it_happened=False)
    return found


def account_names(workspace_id: uuid.UUID, accounts: Sequence[str]) -> list[Said]:
    """Their names, in their order."""
    rows = {str(pk): name for pk, name in Account.objects.in_workspace(workspace_id).filter(pk__in=accounts).values_list("pk", "name")}
    return [(rows[one], rows[one]) if one in rows else GONE for one in accounts]


def group_names(workspace_id: uuid.UUID, groups: Sequence[str]) -> list[Said]:
    """Their names, in their order."""
    rows = {str(pk): name for pk, name in Group.objects.in_workspace(workspace_id).filter(pk__in=groups).values_list("pk", "name")}
    return [(rows[one], rows[one]) if one in rows else GONE for one in groups]
