"""Every write to the list of whom channels are not to write to: what people and platforms say, and what staff add, import and lift."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from hutong.channels import platforms
from hutong.channels.contract import ID_LENGTH_MAX
from hutong.channels.errors import ChannelUnknown
from hutong.channels.models import Account, OptOut
from hutong.foundation import clock, stream
from hutong.foundation.errors import Invalid, NotFound
from hutong.foundation.stream import Fact
from hutong.foundation.text import one_line, storable
from hutong.members import bulk
from hutong.members.models import Identity, Member
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

NOTE_LENGTH_MAX = 300
IMPORTED_MAX = 20_000
REFUSED_SHOWN_MAX = 100


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line of an import that is no id: where it was, counted from 1."""

    line: int
    value: str


@dataclass(slots=True)
class Imported:
    """What became of a list: new ones, ones that were there, lines that are no ids (the first `REFUSED_SHOWN_MAX`)."""

    added: int = 0
    known: int = 0
    refused: list[Refusal] = field(default_factory=list)


def asked(account: Account, *, user_ref: str, reason: str, member_id: uuid.UUID | None) -> None:
    """Somebody wants no more marketing of the channel of an account. Within a transaction."""
    _keep(account.workspace_id, account.channel, user_ref, stops="marketing", reason=reason, member_id=member_id)


def bounced(account: Account, *, user_ref: str, note: str, member_id: uuid.UUID | None) -> None:
    """An address takes nothing, the platform says: nothing more goes there until it is lifted, or somebody writes from it. Within a transaction."""
    _keep(account.workspace_id, account.channel, user_ref, stops="all", reason="bounced", note=note, member_id=member_id)


def heard(account: Account, user_refs: Iterable[str]) -> None:
    """They wrote: their addresses work. Within a transaction."""
    refs = {platforms.folded(account.channel, ref) for ref in user_refs}
    for some in bulk.chunks(refs):
        rows = OptOut.objects.in_workspace(account.workspace_id).filter(channel=account.channel, user_ref__in=some)
        rows.filter(stops="all", reason="bounced").delete()


def add(
    workspace: Workspace,
    *,
    actor: Actor,
    channel: str,
    user_ref: str = "",
    member_id: uuid.UUID | None = None,
    stops: str = "marketing",
    note: str = "",
) -> list[OptOut]:
    """Say that a channel is not to write to somebody, by their id there or for all ids of a member. Raises Invalid, NotFound, ChannelUnknown."""
    said = one_line("note", note, length_max=NOTE_LENGTH_MAX, required=False)
    with transaction.atomic():
        _known_channel(channel)
        if member_id is not None:
            if not Member.objects.in_workspace(workspace).filter(pk=member_id).exists():
                raise NotFound("member")
            refs = list(Identity.objects.in_workspace(workspace).filter(member_id=member_id, channel=channel).values_list("external_id", flat=True))
            if not refs:
                raise Invalid.field(
                    "channel", "这位成员在这个渠道上没有身份。请换一个渠道。", "They have no identity on this channel. Choose another."
                )
        else:
            refs = [one_line("user_ref", user_ref, length_max=ID_LENGTH_MAX)]
        made = _insert(workspace, actor, channel, refs, stops=stops, reason="staff", note=said)
        for one in made:
            audit.write(workspace, actor=actor, action="opt_out.add", target=one, target_name=one.user_ref, details=_details(one))
        folded = [platforms.folded(channel, ref) for ref in refs]
        return list(OptOut.objects.in_workspace(workspace).filter(channel=channel, user_ref__in=folded, stops=stops).order_by("user_ref"))


def add_many(workspace: Workspace, *, actor: Actor, channel: str, lines: Sequence[str], note: str = "") -> Imported:
    """Take a list of ids who want no more marketing, one a line; empty lines are passed over. Raises Invalid, ChannelUnknown."""
    said = one_line("note", note, length_max=NOTE_LENGTH_MAX, required=False)
    found = Imported()
    refs: dict[str, None] = {}
    for number, line in enumerate(lines, start=1):
        value = line.strip().strip('"').strip()
        if not value:
            continue
        if len(value) > ID_LENGTH_MAX or not value.isprintable():
            if len(found.refused) < REFUSED_SHOWN_MAX:
                found.refused.append(Refusal(number, storable(value)[:ID_LENGTH_MAX]))
            continue
        refs[platforms.folded(channel, value)] = None
    with transaction.atomic():
        _known_channel(channel)
        for some in bulk.chunks(refs):
            made = _insert(workspace, actor, channel, some, stops="marketing", reason="imported", note=said)
            found.added += len(made)
            found.known += len(some) - len(made)
        if found.added:
            details = {"channel": channel, "added": found.added, "known": found.known, "note": said}
            audit.write(workspace, actor=actor, action="opt_out.import", target_kind="optout", details=details)
    return found


def lift(workspace: Workspace, *, actor: Actor, opt_out_id: uuid.UUID, note: str) -> None:
    """Let the channel write to them again; why is kept in the audit log. Raises NotFound, Invalid."""
    why = one_line("note", note, length_max=NOTE_LENGTH_MAX)
    with transaction.atomic():
        found = OptOut.objects.in_workspace(workspace).filter(pk=opt_out_id).first()
        if found is None:
            raise NotFound("opt-out")
        audit.write(workspace, actor=actor, action="opt_out.lift", target=found, target_name=found.user_ref, details={**_details(found), "why": why})
        found.delete()


def _details(one: OptOut) -> dict[str, str]:
    return {"channel": one.channel, "stops": one.stops, "reason": one.reason, "note": one.note}


def _known_channel(channel: str) -> None:
    if all(one.channel != channel for one in platforms.manifests()):
        raise ChannelUnknown(channel=channel)


def _keep(workspace_id: uuid.UUID, channel: str, user_ref: str, *, stops: str, reason: str, member_id: uuid.UUID | None, note: str = "") -> None:
    OptOut.objects.in_workspace(workspace_id).update_or_create(
        workspace_id=workspace_id,
        channel=channel,
        user_ref=platforms.folded(channel, user_ref)[:ID_LENGTH_MAX],
        stops=stops,
        defaults={"member_id": member_id, "reason": reason, "note": storable(note)[:NOTE_LENGTH_MAX], "by": "", "at": clock.now()},
    )


def _insert(workspace: Workspace, actor: Actor, channel: str, refs: Iterable[str], *, stops: str, reason: str, note: str) -> list[OptOut]:
    """Rows of those who have none yet, told to the stream where they are members."""
    folded = list(dict.fromkeys(platforms.folded(channel, ref) for ref in refs))
    had = OptOut.objects.in_workspace(workspace).filter(channel=channel, user_ref__in=folded, stops=stops).values_list("user_ref", flat=True)
    there = set(had)
    people = Identity.objects.in_workspace(workspace).filter(channel=channel, external_id__in=folded)
    members = {ref: (member_id, origin_id) for ref, member_id, origin_id in people.values_list("external_id", "member_id", "origin_id")}
    now = clock.now()
    made = [
        OptOut(
            workspace=workspace,
            channel=channel,
            user_ref=ref,
            member_id=members[ref][1] if ref in members else None,
            stops=stops,
            reason=reason,
            note=note,
            by=actor.name[:200],
            at=now,
        )
        for ref in folded
        if ref not in there
    ]
    OptOut.objects.bulk_create(made)
    if stops == "marketing":
        whose = list(dict.fromkeys(members[one.user_ref][0] for one in made if one.user_ref in members))
        facts = [
            Fact(workspace_id=workspace.pk, name="unsubscribed", member_id=pk, channel=channel, source=actor.source, properties={"reason": reason})
            for pk in whose
        ]
        if facts:
            stream.record(*facts)
    return made
