"""Every read of channels that others need."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from hutong.channels import connections, limiter, platforms
from hutong.channels.contract import Manifest
from hutong.channels.limiter import Used
from hutong.channels.models import DEAD_STATES, Account, Chat, InboundReceipt, OptOut, Send, SendingRules
from hutong.channels.site import talks
from hutong.foundation import clock, pages
from hutong.foundation.errors import NotFound
from hutong.members.bulk import chunks
from hutong.members.models import Identity
from hutong.workspaces.models import Workspace

SHELVES = {
    "all": Q(),
    "waiting": Q(state__in=["queued", "awaiting_confirm"]),
    "sent": Q(state__in=["sent", "partial"]),
    "dead": Q(state__in=DEAD_STATES, dropped_at=None),
    "dropped": Q(state__in=DEAD_STATES, dropped_at__isnull=False),
    "cancelled": Q(state="cancelled"),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """An account with its health and what is in its outbox."""

    account: Account
    manifest: Manifest | None
    waiting: int
    dead: int
    chats: int
    unlinked: int
    used: list[Used]

    @property
    def callback_url(self) -> str:
        """Where the platform calls us; empty where it does not."""
        is_called = self.manifest is not None and "receive" in self.manifest.ways and not platforms.is_site(self.account.platform)
        return connections.callback_url(self.account.pk) if is_called else ""

    @property
    def snippet(self) -> str:
        """The line for the pages of the site; empty for other platforms."""
        return talks.snippet(self.account.pk) if platforms.is_site(self.account.platform) else ""


def accounts(workspace: Workspace) -> list[Seen]:
    """Every account that was not removed, by name."""
    return _seen(workspace, Account.objects.in_workspace(workspace).exclude(state="removed"))


def account(workspace: Workspace, account_id: uuid.UUID) -> Seen:
    """One account. Raises NotFound."""
    found = _seen(workspace, Account.objects.in_workspace(workspace).exclude(state="removed").filter(pk=account_id))
    if not found:
        raise NotFound("account")
    return found[0]


def _seen(workspace: Workspace, rows: QuerySet[Account]) -> list[Seen]:
    found = list(rows.select_related("health").order_by("name", "id"))
    sends = Send.objects.in_workspace(workspace).filter(account__in=found).order_by()
    waiting = dict(sends.filter(SHELVES["waiting"]).values_list("account").annotate(Count("pk")))
    dead = dict(sends.filter(SHELVES["dead"]).values_list("account").annotate(Count("pk")))
    chats = Chat.objects.in_workspace(workspace).filter(account__in=found).order_by().values_list("account")
    every = dict(chats.annotate(Count("pk")))
    unlinked = dict(chats.filter(group=None).exclude(kind="dm").annotate(Count("pk")))
    now_ms = clock.now_ms()
    seen = []
    for one in found:
        manifest = _manifest(one.platform)
        used = limiter.used(one.pk, workspace.pk, platforms.limits(manifest, one.settings), now_ms=now_ms) if manifest is not None else []
        seen.append(Seen(one, manifest, waiting.get(one.pk, 0), dead.get(one.pk, 0), every.get(one.pk, 0), unlinked.get(one.pk, 0), used))
    return seen


def _manifest(platform: str) -> Manifest | None:
    try:
        return platforms.manifest(platform)
    except NotFound:  # its connector is no longer part of the product
        return None


def chats(workspace: Workspace, account_id: uuid.UUID, *, q: str, cursor: str | None, limit: int) -> pages.Page[Chat]:
    """The chats of an account, by name, each with its group and whether events wait for one. Raises NotFound."""
    account(workspace, account_id)
    waiting = InboundReceipt.objects.in_workspace(workspace).filter(chat=OuterRef("pk"), waiting__isnull=False)
    rows = Chat.objects.in_workspace(workspace).filter(account_id=account_id).select_related("group__community").annotate(has_waiting=Exists(waiting))
    if q:
        rows = rows.filter(Q(name__icontains=q) | Q(external_id__icontains=q))
    return pages.paginate(rows, order=["name", "id"], cursor=cursor, limit=limit)


def chat(workspace: Workspace, chat_id: uuid.UUID) -> Chat:
    """One chat as the list has it. Raises NotFound."""
    waiting = InboundReceipt.objects.in_workspace(workspace).filter(chat=OuterRef("pk"), waiting__isnull=False)
    found = Chat.objects.in_workspace(workspace).select_related("group__community").annotate(has_waiting=Exists(waiting)).filter(pk=chat_id).first()
    if found is None:
        raise NotFound("chat")
    return found


def sends(workspace: Workspace, *, account_id: uuid.UUID | None, show: str, cursor: str | None, limit: int) -> pages.Page[Send]:
    """The outbox, the latest first."""
    rows = Send.objects.in_workspace(workspace).filter(SHELVES[show]).select_related("account")
    if account_id is not None:
        account(workspace, account_id)
        rows = rows.filter(account_id=account_id)
    return pages.paginate(rows, order=["-id"], cursor=cursor, limit=limit)


def send(workspace: Workspace, send_id: uuid.UUID) -> Send:
    """One row of the outbox. Raises NotFound."""
    found = Send.objects.in_workspace(workspace).select_related("account").filter(pk=send_id).first()
    if found is None:
        raise NotFound("send")
    return found


def sending_rules(workspace: Workspace) -> SendingRules | None:
    """What the workspace said of sending; None where it said nothing."""
    return SendingRules.objects.in_workspace(workspace).first()


def opt_outs(
    workspace: Workspace, *, q: str, channel: str, reason: str, member_id: uuid.UUID | None, cursor: str | None, limit: int
) -> pages.Page[OptOut]:
    """Who is not to be written to, the latest first."""
    rows = OptOut.objects.in_workspace(workspace)
    if q:
        rows = rows.filter(Q(user_ref__icontains=q) | Q(note__icontains=q))
    if channel:
        rows = rows.filter(channel=channel)
    if reason:
        rows = rows.filter(reason=reason)
    if member_id is not None:
        whose = Q(pk=None)
        for known, ref in Identity.objects.in_workspace(workspace).filter(member_id=member_id).values_list("channel", "external_id"):
            whose |= Q(channel=known, user_ref=platforms.folded(known, ref))
        rows = rows.filter(whose)
    return pages.paginate(rows, order=["-id"], cursor=cursor, limit=limit)


def members_of(workspace: Workspace, rows: Sequence[OptOut]) -> dict[tuple[str, str], dict[str, Any]]:
    """Who shows behind those ids now, by channel and id; nothing for ids of nobody known."""
    refs = {one.user_ref for one in rows}
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for some in chunks(refs):
        people = (
            Identity.objects.in_workspace(workspace).filter(external_id__in=some).values_list("channel", "external_id", "member_id", "member__name")
        )
        found |= {(channel, ref): {"id": pk, "name": name} for channel, ref, pk, name in people}
    return found


def waits_until(seen: Seen) -> dt.datetime | None:
    """The moment before which the platform wants no more, None where it may be written to."""
    until = seen.account.health.hold_until
    return until if until is not None and until > clock.now() else None
