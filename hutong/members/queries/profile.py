"""One member: profile, identities, attributes with their sources, stays, participations, merges."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from hutong.foundation import pages
from hutong.foundation.errors import NotFound
from hutong.foundation.prepared import Prepared
from hutong.members.attributes import standard
from hutong.members.models import Attribute, AttributeValue, Identity, Member, Membership, Merge, Participation
from hutong.workspaces.models import Workspace

STAYS_SHOWN_MAX = 50


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fact about members. Standard ones are the same in every workspace."""

    key: str
    name_zh: str
    name_en: str
    type: str
    is_standard: bool
    description: str
    options: list[str]


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything shown on a member's page but the timeline."""

    member: Member
    identities: list[Identity]
    values: list[tuple[Kind, AttributeValue]]
    memberships: list[Membership]
    memberships_count: int
    participations: list[Participation]
    merges: list[Merge]


# A member's page is read more than anything else but the numbers.
_member = Prepared(lambda ws, pk: Member.objects.in_workspace(ws).select_related("merged_into").filter(pk=pk))
_identities = Prepared(lambda ws, pk: Identity.objects.in_workspace(ws).filter(member_id=pk).order_by("channel", "external_id"))
_values = Prepared(lambda ws, pk: AttributeValue.objects.in_workspace(ws).filter(member_id=pk).select_related("attribute"))
_newest_stays = Prepared(lambda ws, pk: _stays(ws, pk)[: STAYS_SHOWN_MAX + 1])
_participations = Prepared(
    lambda ws, pk: (
        Participation.objects.in_workspace(ws).filter(member_id=pk).select_related("community").order_by("-last_active_at", "community__name")
    )
)
_merges = Prepared(
    lambda ws, pk: Merge.objects.in_workspace(ws).filter(Q(kept_id=pk) | Q(absorbed_id=pk)).select_related("kept", "absorbed").order_by("-at", "-pk")
)


def profile(workspace: Workspace, member_id: uuid.UUID) -> Profile:
    """One member, also one who was merged away (who says into whom). Raises NotFound."""
    found = _member(workspace.pk, member_id)
    if not found:
        raise NotFound("member")
    places = {key: place for place, key in enumerate(standard())}
    values = [(_kind(value.attribute), value) for value in _values(workspace.pk, member_id)]
    stays = _newest_stays(workspace.pk, member_id)
    return Profile(
        member=found[0],
        identities=_identities(workspace.pk, member_id),
        values=sorted(values, key=lambda entry: (places.get(entry[0].key, len(places)), entry[0].key)),
        memberships=stays[:STAYS_SHOWN_MAX],
        memberships_count=len(stays) if len(stays) <= STAYS_SHOWN_MAX else _stays(workspace.pk, member_id).count(),
        participations=_participations(workspace.pk, member_id),
        merges=_merges(workspace.pk, member_id),
    )


def _stays(workspace_id: uuid.UUID, member_id: uuid.UUID) -> QuerySet[Membership]:
    rows = Membership.objects.in_workspace(workspace_id).filter(member_id=member_id).select_related("group", "community")
    return rows.order_by("-joined_at", "-pk")


def memberships(workspace: Workspace, member_id: uuid.UUID, *, cursor: str | None, limit: int) -> pages.Page[Membership]:
    """All stays of a member, newest first."""
    member = Member.objects.in_workspace(workspace).filter(pk=member_id).first()
    if member is None:
        raise NotFound("member")
    return pages.paginate(_stays(workspace.pk, member.pk), order=["-joined_at", "-id"], cursor=cursor, limit=limit)


def attributes(workspace: Workspace | uuid.UUID) -> list[Kind]:
    """Standard attributes in their order, then custom ones by key."""
    found = [Kind(one.key, one.zh, one.en, one.type, True, "", []) for one in standard().values()]
    return found + [_kind(row) for row in Attribute.objects.in_workspace(workspace).filter(is_standard=False).order_by("key")]


def attribute(workspace: Workspace, key: str) -> Kind:
    """One kind of fact. Raises NotFound."""
    found = next((kind for kind in attributes(workspace) if kind.key == key), None)
    if found is None:
        raise NotFound("attribute")
    return found


def _kind(row: Attribute) -> Kind:
    return Kind(row.key, row.name_zh, row.name_en, row.type, row.is_standard, row.description, row.options)


def merge(workspace: Workspace, merge_id: uuid.UUID) -> Merge:
    """One merge. Raises NotFound."""
    found = Merge.objects.in_workspace(workspace).select_related("kept", "absorbed").filter(pk=merge_id).first()
    if found is None:
        raise NotFound("merge")
    return found


def merges(workspace: Workspace, *, member_id: uuid.UUID | None, cursor: str | None, limit: int) -> pages.Page[Merge]:
    """Merges, newest first; of one member, or of the workspace."""
    rows = Merge.objects.in_workspace(workspace).select_related("kept", "absorbed")
    if member_id is not None:
        rows = rows.filter(Q(kept_id=member_id) | Q(absorbed_id=member_id))
    return pages.paginate(rows, order=["-at", "-id"], cursor=cursor, limit=limit)
