"""A small world to try members in: people seen on a channel, what they do in groups, and everything that is stored of them."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction

from hutong.communities.models import Group
from hutong.foundation import clock
from hutong.members.actions import identities, presence
from hutong.members.actions.identities import Seen
from hutong.members.actions.presence import PresenceFact
from hutong.members.models import AttributeValue, Identity, Member, Membership, Participation
from hutong.members.projection import NEVER_SECONDS
from hutong.workspaces.models import Workspace
from tests.members.conftest import Recorded

START_MS = 1_700_000_000_000


def see(workspace: Workspace, *external_ids: str, at_ms: int = START_MS, channel: str = "irc", **facts: Any) -> list[uuid.UUID]:
    """Members of those seen on a channel."""
    people = [Seen(channel, one, one, at_ms, **facts) for one in external_ids]
    with transaction.atomic():
        found = identities.resolve(workspace.pk, people)
    return [found[channel, one] for one in external_ids]


def does(group: Group, external_id: str, name: str, at_ms: int, *, channel: str = "irc") -> None:
    """One event of somebody seen on a channel, as the stream hands it on."""
    with transaction.atomic():
        found = identities.recognise(group.workspace_id, [Seen(channel, external_id, external_id, at_ms)])[channel, external_id]
        presence.apply([fact(group, found.member_id, name, at_ms, origin_id=found.origin_id)])


def fact(group: Group, member_id: uuid.UUID, name: str, at_ms: int, *, origin_id: uuid.UUID | None = None) -> PresenceFact:
    return PresenceFact(
        workspace_id=group.workspace_id,
        community_id=group.community_id,
        group_id=group.pk,
        origin_id=origin_id or member_id,
        name=name,
        at_ms=at_ms,
        is_activity=name in ("message_sent", "reaction_added"),
        is_message=name == "message_sent",
    )


def stays_of(member_id: uuid.UUID, group: Group) -> list[tuple[int, int | None]]:
    """Stays in a group as (joined, left) in milliseconds."""
    rows = Membership.objects.in_workspace(group.workspace_id).filter(group=group, member_id=member_id)
    spans = [(clock.to_ms(row.joined_at), None if row.left_at is None else clock.to_ms(row.left_at)) for row in rows]
    return sorted(spans, key=lambda span: (span[0], span[1] is None, span[1] or 0))


def dump(workspace: Workspace, *, with_ids: bool = False) -> dict[str, Any]:
    """Everything stored of the members who show, by their id."""
    found: dict[str, Any] = {}
    for member in Member.objects.in_workspace(workspace).filter(merged_into=None):
        stays = Membership.objects.in_workspace(workspace).filter(member=member)
        parts = Participation.objects.in_workspace(workspace).filter(member=member)
        values = AttributeValue.objects.in_workspace(workspace).filter(member=member)
        found[str(member.pk)] = {
            "member": {
                name: getattr(member, name)
                for name in ("name", "is_bot", "is_anonymous", "first_seen_at", "last_seen_at", "joined_at", "left_at", "last_active_at", "messages")
            },
            "identities": sorted(Identity.objects.in_workspace(workspace).filter(member=member).values_list("channel", "external_id", "origin_id")),
            "stays": sorted(
                (str(row.group_id), row.joined_at.isoformat(), str(row.left_at), str(row.last_in_at), str(row.pk) if with_ids else "")
                for row in stays
            ),
            "parts": sorted(
                (
                    str(row.community_id),
                    *(
                        str(getattr(row, name))
                        for name in ("first_seen_at", "first_active_at", "last_active_at", "last_message_at", "joined_at", "left_at")
                    ),
                    row.messages,
                    str(row.pk) if with_ids else "",
                )
                for row in parts
            ),
            "values": sorted(
                (row.attribute.key, row.value, row.source, str(row.pk) if with_ids else "") for row in values.select_related("attribute")
            ),
        }
    return found


def projected(recorded: Recorded) -> set[tuple[str, str, str, float, float]]:
    """The stays the warehouse would hold: of each key the highest version, unless that one deletes."""
    last: dict[tuple[str, str, str], dict[str, Any]] = {}
    for entry in recorded.projections():
        row = entry.row
        key = (row["group_id"], row["member_id"], row["membership_id"])
        assert entry.table == "memberships"
        if key not in last or row["version"] > last[key]["version"]:
            last[key] = row
    return {(*key, row["joined_at"], row["left_at"]) for key, row in last.items() if not row["is_deleted"]}


def stored(workspace: Workspace) -> set[tuple[str, str, str, float, float]]:
    """The stays of the records, in the same shape."""
    return {
        (
            str(row.group_id),
            str(row.member_id),
            str(row.pk),
            clock.to_ms(row.joined_at) / 1000,
            NEVER_SECONDS if row.left_at is None else clock.to_ms(row.left_at) / 1000,
        )
        for row in Membership.objects.in_workspace(workspace)
    }
