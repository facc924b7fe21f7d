"""People on a platform, a segment of them, and a broadcast to that segment."""

from __future__ import annotations

from typing import Any

from hutong.broadcasts.actions import drafts, runs
from hutong.broadcasts.audience import Audience
from hutong.broadcasts.models import Broadcast, Run
from hutong.channels.messages import PartIn
from hutong.channels.models import Account
from hutong.foundation import clock, ids
from hutong.foundation.timing import Timing
from hutong.members.models import Identity, Member
from hutong.segments.models import Segment, SegmentMember
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace


def people(workspace: Workspace, count: int, *, channel: str = "pretend") -> list[Member]:
    """Members, each with an identity on the channel."""
    now = clock.now()
    made = [Member(id=ids.new(), workspace=workspace, name=f"成员{n}", first_seen_at=now, last_seen_at=now) for n in range(count)]
    Member.objects.bulk_create(made)
    Identity.objects.bulk_create(
        Identity(id=ids.new(), workspace=workspace, member=one, origin=one, channel=channel, external_id=f"u{n}") for n, one in enumerate(made)
    )
    return made


def segment(workspace: Workspace, members: list[Member]) -> Segment:
    made = Segment.objects.create(workspace=workspace, name=f"分群{ids.new().hex[-6:]}", kind="static", created_by_name="x", changed_by_name="x")
    SegmentMember.plain.bulk_create(SegmentMember(workspace=workspace, segment=made, member=one) for one in members)
    return made


def to_segment(workspace: Workspace, of: Segment, accounts: list[Account], *, text: str = "{{name|朋友}}，你好", **said: Any) -> Broadcast:
    """A draft to a segment."""
    made = drafts.create(workspace, actor=SYSTEM, name="新品预告")
    given: dict[str, Any] = {"purpose": "service", "timing": Timing(), "per_minute": None, "tracks_links": False} | said
    return drafts.change(
        workspace, actor=SYSTEM, broadcast_id=made.pk, version=1, name="新品预告", parts=[PartIn(kind="text", text=text)],
        audience=Audience(kind="segment", segment=of.pk, accounts=tuple(one.pk for one in accounts)), **given,
    )  # fmt: skip


def begin(workspace: Workspace, broadcast: Broadcast, *, recipients: int | None = None) -> Run:
    runs.schedule(workspace, actor=SYSTEM, broadcast_id=broadcast.pk, version=broadcast.version, recipients=recipients)
    return Run.objects.in_workspace(workspace).get(broadcast=broadcast)
