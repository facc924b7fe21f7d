"""Whom a broadcast is for, read piece by piece in a fixed order, and how each of them is reached."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from hutong.channels import reaching
from hutong.channels.contract import Chat as ChatRef
from hutong.channels.models import Account, Chat
from hutong.channels.reaching import Way
from hutong.communities.models import Community, Group
from hutong.foundation.errors import Invalid
from hutong.foundation.rows import ScopedQuerySet
from hutong.members import bulk
from hutong.members.models import Membership
from hutong.segments.models import Segment, SegmentMember
from hutong.workspaces.models import Workspace

ACCOUNTS_MAX = 20
GROUPS_MAX = 500
COMMUNITIES_MAX = 50


class Audience(msgspec.Struct, frozen=True, kw_only=True):
    """Groups, or members who are written to privately: of a segment, or of communities. `accounts` in the order in which they are tried."""

    kind: Literal["groups", "segment", "communities"] = "groups"
    groups: tuple[uuid.UUID, ...] = ()
    segment: uuid.UUID | None = None
    communities: tuple[uuid.UUID, ...] = ()
    accounts: tuple[uuid.UUID, ...] = ()

    @property
    def sources(self) -> int:
        """How many lists it is read from, one after another."""
        return len(self.communities) if self.kind == "communities" else 1


class Recipient(msgspec.Struct, frozen=True, gc=False):
    """A chat to write into, and for whom."""

    name: str  # its place in the key: the member, or the group and account
    account: Account
    chat: ChatRef
    member_id: uuid.UUID | None = None
    group_id: uuid.UUID | None = None


class Missed(msgspec.Struct, frozen=True, gc=False):
    """A member or a group that no account reaches, and why: one of `models.MISSED`."""

    reason: str
    member_id: uuid.UUID | None = None
    group_id: uuid.UUID | None = None

    @property
    def name(self) -> str:
        """Its place in the audience, as a recipient's."""
        return self.member_id.hex if self.member_id else f"g{self.group_id.hex if self.group_id else ''}"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of an audience: `seen` members or groups. `after` None: this source has no more."""

    recipients: list[Recipient]
    missed: list[Missed]
    seen: int
    after: str | None


def read(said: object) -> Audience:
    """An audience from a JSON column."""
    return msgspec.convert(said, Audience)


def checked(workspace: Workspace, audience: Audience) -> Audience:
    """The audience, if what it names is there. Raises Invalid."""
    if len(set(audience.accounts)) != len(audience.accounts):
        raise Invalid.field("audience.accounts", "同一个账号选了两次。", "An account is chosen twice.")
    if len(ways(workspace.pk, audience)) != len(audience.accounts):
        raise Invalid.field(
            "audience.accounts",
            "有账号已移除，或不能发送。请去掉它，换一个账号。",
            "An account was removed, or cannot send. Take it out and choose another.",
        )
    wanted = set(audience.groups)
    if wanted and _live_groups(workspace.pk, wanted).count() != len(wanted):
        raise Invalid.field(
            "audience.groups",
            "有群已不存在，或已归档。请从受众里去掉它。",
            "A group does not exist any more, or was archived. Take it out of the audience.",
        )
    wanted = set(audience.communities)
    if wanted and Community.objects.in_workspace(workspace).filter(pk__in=wanted, archived_at=None).count() != len(wanted):
        raise Invalid.field(
            "audience.communities",
            "有社群已不存在，或已归档。请从受众里去掉它。",
            "A community does not exist any more, or was archived. Take it out of the audience.",
        )
    if audience.segment and not Segment.objects.in_workspace(workspace).filter(pk=audience.segment).exists():
        raise Invalid.field("audience.segment", "这个分群已不存在。请换一个分群。", "This segment does not exist any more. Choose another.")
    return audience


def whole(audience: Audience) -> None:
    """Raises Invalid where something is still missing before it can be sent."""
    if not audience.accounts:
        raise Invalid.field("audience.accounts", "请选择用哪个账号发送。", "Choose the accounts to send from.")
    if audience.kind == "groups" and not audience.groups:
        raise Invalid.field("audience.groups", "请选择群。", "Choose groups.")
    if audience.kind == "segment" and not audience.segment:
        raise Invalid.field("audience.segment", "请选择分群。", "Choose a segment.")
    if audience.kind == "communities" and not audience.communities:
        raise Invalid.field("audience.communities", "请选择社群。", "Choose communities.")


def ways(workspace_id: uuid.UUID, audience: Audience) -> list[Way]:
    """The accounts that can send, in the order in which they are tried."""
    return reaching.ways(workspace_id, audience.accounts)


def piece(workspace_id: uuid.UUID, audience: Audience, some: Sequence[Way], *, source: int, after: str, size: int) -> Piece:
    """The next recipients of a source after a place in it."""
    if audience.kind == "groups":
        chats = _chats(workspace_id, audience, some)
        there = _live_groups(workspace_id, audience.groups).values_list("pk", flat=True)
        missed = [Missed("no_account", group_id=pk) for pk in set(there) - {one.group_id for one in chats}]
        return Piece(chats, missed, len(chats) + len(missed), None)
    members = _members(workspace_id, audience, source=source, after=after, size=size)
    reached, lost = _reach(workspace_id, some, [pk for pk, is_bot in members if not is_bot])
    return Piece(reached, lost, len(members), str(members[-1][0]) if len(members) == size else None)


def size_of(workspace_id: uuid.UUID, audience: Audience) -> int:
    """How many members or groups there are to look at, members of several communities counted in each."""
    if audience.kind == "groups":
        return len(set(audience.groups))
    if audience.kind == "segment" and audience.segment is not None:
        return SegmentMember.objects.in_workspace(workspace_id).filter(segment_id=audience.segment).count()
    stays = Membership.objects.in_workspace(workspace_id).filter(community_id__in=audience.communities, left_at=None)
    return stays.values("community_id", "member_id").distinct().count()


def met_before(workspace_id: uuid.UUID, audience: Audience, *, source: int, members: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Of members of a source, those who are in an earlier one too."""
    earlier = set(audience.communities[:source]) if audience.kind == "communities" else set()
    if not earlier:
        return set()
    rows = bulk.pick(Membership, ["community", "left_at"], "member", members, workspace_id=workspace_id)
    return {member_id for member_id, community_id, left_at in rows if left_at is None and community_id in earlier}


def _live_groups(workspace_id: uuid.UUID, groups: Iterable[uuid.UUID]) -> ScopedQuerySet[Group]:
    return Group.objects.in_workspace(workspace_id).filter(pk__in=set(groups), archived_at=None, community__archived_at=None)


def _chats(workspace_id: uuid.UUID, audience: Audience, some: Sequence[Way]) -> list[Recipient]:
    """Each group once: through the first account that is in it."""
    groups = _live_groups(workspace_id, audience.groups)
    rows = Chat.objects.in_workspace(workspace_id).filter(group__in=groups, account_id__in=[way.account.pk for way in some], state="in")
    by_account: dict[uuid.UUID, dict[uuid.UUID | None, Chat]] = {}
    for row in rows.order_by("-id"):
        by_account.setdefault(row.account_id, {})[row.group_id] = row
    found = []
    for group_id in dict.fromkeys(audience.groups):
        for way in some:
            chat = by_account.get(way.account.pk, {}).get(group_id)
            if chat is not None:
                said = ChatRef(id=chat.external_id, kind=chat.kind, name=chat.name)  # type: ignore[arg-type]
                found.append(Recipient(f"g{group_id.hex}", way.account, said, group_id=group_id))
                break
    return found


def _members(workspace_id: uuid.UUID, audience: Audience, *, source: int, after: str, size: int) -> list[tuple[uuid.UUID, bool]]:
    """The next members, and whether each is a bot."""
    from_there = {"member_id__gt": uuid.UUID(after)} if after else {}
    if audience.kind == "segment" and audience.segment is not None:
        rows = SegmentMember.objects.in_workspace(workspace_id).filter(segment_id=audience.segment, **from_there)
        return list(rows.order_by("member_id").values_list("member_id", "member__is_bot")[:size])
    stays = Membership.objects.in_workspace(workspace_id).filter(community_id=audience.communities[source], left_at=None, **from_there)
    return list(stays.order_by("member_id").values_list("member_id", "member__is_bot").distinct()[:size])


def _reach(workspace_id: uuid.UUID, some: Sequence[Way], people: Sequence[uuid.UUID]) -> tuple[list[Recipient], list[Missed]]:
    """Each of them through the first account on whose channel they are and which may write to them; and those whom none reaches."""
    reached = reaching.reach(workspace_id, some, people)
    found = [
        Recipient(one.hex, way.account, ChatRef(id=ref, kind="dm"), member_id=one)
        for one, (way, ref) in ((one, reached.through[one]) for one in people if one in reached.through)
    ]
    return found, [Missed(reason, member_id=one) for one, reason in reached.missed.items()]
