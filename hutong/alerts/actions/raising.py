"""Alerts raised, kept up to date and resolved: one for each cause, and the people who are to know."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from hutong.alerts import patience
from hutong.alerts.actions import telling
from hutong.alerts.models import Alert
from hutong.channels.models import Account
from hutong.communities.models import Group
from hutong.foundation import clock, stream
from hutong.foundation.stream import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A cause that is there now. `people` wait for an answer, where it is about people."""

    kind: str
    facts: Mapping[str, Any]
    group: Group | None = None
    account: Account | None = None
    sensitivity: str = "normal"
    people: int = 0

    @property
    def cause(self) -> str:
        """Names what the alert is about."""
        about = self.group or self.account
        return f"{self.kind}:{about.pk if about else ''}"


def settle(workspace_id: uuid.UUID, findings: Collection[Finding], *, looked_at: Collection[str]) -> None:
    """Bring the alerts of a workspace in line with what is there now; those of the kinds in `looked_at` whose cause is gone are resolved.

    One transaction; nothing is written where nothing changed.
    """
    now = clock.now()
    there = {one.cause: one for one in findings}
    alerts = {one.cause: one for one in Alert.objects.in_workspace(workspace_id).filter(kind__in=looked_at).exclude(state="resolved")}
    new = [one for cause, one in there.items() if cause not in alerts]
    gone = [one for cause, one in alerts.items() if cause not in there]
    if not new and not gone and not alerts:
        return
    recent, last = _past(workspace_id, new, now)
    with transaction.atomic():
        for alert in gone:
            alert.state, alert.resolved_at, alert.snoozed_until = "resolved", now, None
            alert.save(update_fields=["state", "resolved_at", "snoozed_until"])
        for cause, alert in alerts.items():
            if cause in there:
                _keep(alert, there[cause], now)
        for one in new:
            if _may(one, recent=recent, last=last, now=now):
                _raise(workspace_id, one, now)
                if one.group is not None:
                    recent[one.group.pk] = recent.get(one.group.pk, 0) + 1


def _past(workspace_id: uuid.UUID, new: Collection[Finding], now: dt.datetime) -> tuple[dict[uuid.UUID, int], dict[str, dt.datetime]]:
    """Alerts of each group within a week, and when each cause was told of last."""
    recent: dict[uuid.UUID, int] = {}
    last: dict[str, dt.datetime] = {}
    if not new:
        return recent, last
    rows = Alert.objects.in_workspace(workspace_id).filter(raised_at__gt=now - patience.WEEK)
    for cause, group_id, raised_at in rows.values_list("cause", "group_id", "raised_at"):
        if group_id is not None:
            recent[group_id] = recent.get(group_id, 0) + 1
        last[cause] = max(raised_at, last.get(cause, raised_at))
    return recent, last


def _may(one: Finding, *, recent: Mapping[uuid.UUID, int], last: Mapping[str, dt.datetime], now: dt.datetime) -> bool:
    before = last.get(one.cause)
    since_last = None if before is None else now - before
    if one.group is None:
        return since_last is None or since_last >= patience.ACCOUNT_COOLS
    if one.people and one.people < patience.people_needed(one.sensitivity, recent.get(one.group.pk, 0)):
        return False
    return patience.may_raise(one.sensitivity, since_last=since_last)


def _keep(alert: Alert, one: Finding, now: dt.datetime) -> None:
    """The cause is still there: what the alert says follows it, and a snooze that is over ends."""
    changed = []
    if alert.facts != one.facts:
        alert.facts = dict(one.facts)
        changed.append("facts")
    if alert.state == "snoozed" and alert.snoozed_until is not None and alert.snoozed_until <= now:
        alert.state, alert.snoozed_until, alert.told_at = "open", None, now
        changed += ["state", "snoozed_until", "told_at"]
    if changed:
        alert.save(update_fields=changed)
    if "state" in changed:
        telling.queue(alert)


def _raise(workspace_id: uuid.UUID, one: Finding, now: dt.datetime) -> None:
    alert = Alert.objects.create(
        workspace_id=workspace_id,
        kind=one.kind,
        cause=one.cause,
        community=one.group.community if one.group else None,
        group=one.group,
        account=one.account,
        facts=dict(one.facts),
        raised_at=now,
        told_at=now,
    )
    stream.record(
        Fact(
            workspace_id=workspace_id,
            name="alert_raised",
            community_id=alert.community_id,
            group_id=alert.group_id,
            occurred_at=now,
            properties={"alert_id": str(alert.pk), "kind": one.kind},
            id=f"alert/{alert.pk}",
        )
    )
    telling.queue(alert)
