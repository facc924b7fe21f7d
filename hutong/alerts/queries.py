"""What was noticed, what is watched for, and who is told."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from hutong.alerts.actions.telling import line_of
from hutong.alerts.errors import OnlyPeople
from hutong.alerts.models import OF_GROUPS, Alert, AlertRules, Subscription
from hutong.automations.queries import following
from hutong.automations.queries.following import NOTHING, Following
from hutong.communities.models import Community
from hutong.foundation import pages
from hutong.foundation.errors import NotFound
from hutong.workspaces.models import User, Workspace

SHELVES = {
    "active": Q(state__in=["open", "acknowledged", "snoozed"]),
    "open": Q(state="open"),
    "acknowledged": Q(state="acknowledged"),
    "snoozed": Q(state="snoozed"),
    "resolved": Q(state="resolved"),
    "all": Q(),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A page of alerts."""

    items: list[dict[str, Any]]
    next_cursor: str | None


def alerts(
    workspace: Workspace, *, show: str, kinds: list[str], community_id: uuid.UUID | None, user: User | None, cursor: str | None, limit: int
) -> Told:
    """Alerts, the latest first. With `user` only those that person wants to know of."""
    rows = _rows(workspace).filter(SHELVES[show])
    if kinds:
        rows = rows.filter(kind__in=kinds)
    if community_id is not None:
        rows = rows.filter(community_id=community_id)
    if user is not None:
        rows = rows.filter(_wanted(workspace, user))
    page = pages.paginate(rows, order=["-raised_at", "-id"], cursor=cursor, limit=limit)
    return Told([told(one) for one in page.items], page.next_cursor)


def alert(workspace: Workspace, alert_id: uuid.UUID) -> dict[str, Any]:
    """One of them. Raises NotFound."""
    found = _rows(workspace).filter(pk=alert_id).first()
    if found is None:
        raise NotFound("alert")
    return told(found)


def summary(workspace: Workspace, user: User | None) -> dict[str, Any]:
    """How many are open, of those the person wants to know of; by kind."""
    rows = Alert.objects.in_workspace(workspace).filter(state="open")
    if user is not None:
        rows = rows.filter(_wanted(workspace, user))
    counts = dict(rows.order_by().values("kind").annotate(n=Count("pk")).values_list("kind", "n"))
    return {"open": sum(counts.values()), "kinds": counts}


def _rows(workspace: Workspace) -> QuerySet[Alert]:
    return Alert.objects.in_workspace(workspace).select_related("community", "group", "account")


def _wanted(workspace: Workspace, user: User) -> Q:
    """The same as `telling.wants`, as a condition."""
    row = Subscription.objects.in_workspace(workspace).filter(user=user).first()
    wanted = ~Q(facts__has_key="assignee_id") | Q(facts__assignee_id=str(user.pk))
    if row is None:
        return wanted
    wanted &= Q(kind__in=row.kinds) if row.kinds else Q()
    return wanted & (Q(community=None) | Q(community_id__in=row.community_ids)) if row.community_ids else wanted


def told(row: Alert) -> dict[str, Any]:
    """An alert as it is shown."""
    zh, en = line_of(row, quotes=False)  # what was said is among `people`
    return {
        "id": row.pk,
        "kind": row.kind,
        "state": row.state,
        "zh": zh,
        "en": en,
        "community": row.community,
        "group": row.group,
        "account": row.account,
        "people": row.facts.get("items", []),
        "raised_at": row.raised_at,
        "snoozed_until": row.snoozed_until,
        "seen_by": row.seen_by,
        "resolved_at": row.resolved_at,
    }


def rules(workspace: Workspace) -> list[dict[str, Any]]:
    """What is watched for in each community that is not archived, by name."""
    rows = {row.community_id: row for row in AlertRules.objects.in_workspace(workspace)}
    communities = Community.objects.in_workspace(workspace).filter(archived_at=None).order_by("name", "pk")
    found = [rows.get(one.pk) or AlertRules(community=one, kinds=list(OF_GROUPS)) for one in communities]
    besides = following.of(workspace, [one.follows for one in found])
    return [_rules(one, besides) for one in found]


def rules_of_one(workspace: Workspace, community_id: uuid.UUID) -> dict[str, Any]:
    """Of one community. Raises NotFound."""
    community = Community.objects.in_workspace(workspace).filter(pk=community_id).first()
    if community is None:
        raise NotFound("community")
    row = AlertRules.objects.in_workspace(workspace).select_related("community").filter(community=community).first()
    found = row or AlertRules(community=community, kinds=list(OF_GROUPS))
    return _rules(found, following.of(workspace, [found.follows]))


def _rules(row: AlertRules, besides: Mapping[str, Following]) -> dict[str, Any]:
    return {
        "community": row.community,
        "sensitivity": row.sensitivity,
        "kinds": row.kinds,
        "question_minutes": row.question_minutes,
        "newcomer_minutes": row.newcomer_minutes,
        "muted_group_ids": row.muted_group_ids,
        "following": besides.get(row.follows, NOTHING),
        "version": row.version,
    }


def subscriptions(workspace: Workspace) -> list[dict[str, Any]]:
    """The team's chats that are told, by name."""
    rows = Subscription.objects.in_workspace(workspace).filter(user=None).select_related("account").order_by("chat_name", "pk")
    return [subscription(one) for one in rows]


def subscription_of(workspace: Workspace, user: User | None) -> dict[str, Any]:
    """What a person is told; the defaults where they said nothing. Raises OnlyPeople for a key."""
    if user is None:
        raise OnlyPeople()
    row = Subscription.objects.in_workspace(workspace).select_related("account").filter(user=user).first()
    return subscription(row or Subscription(workspace=workspace, user=user, language=user.language))


def subscription(row: Subscription) -> dict[str, Any]:
    """Who is told, as it is shown."""
    way = "console" if row.account is None else "email" if row.account.platform == "email" else "chat"
    return {
        "id": row.pk,
        "kinds": row.kinds,
        "community_ids": row.community_ids,
        "way": way,
        "account": row.account,
        "chat_name": row.chat_name or row.chat_ref,
        "quiet_from": row.quiet_from,
        "quiet_to": row.quiet_to,
        "digest_at": row.digest_at,
        "language": row.language,
    }
