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
from hutong.members import bulk


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A cause that is there now. `people` wait for an answer, where it is about people."""

    kind: str
    facts: Mapping[str, Any]
    group: Group | None = None
    account: Account | None = None
    subject: uuid.UUID | None = None  # what else it is about; each is told of whenever it is there
    sensitivity: str = "normal"
    people: int = 0

    @property
    def cause(self) -> str:
        """Names what the alert is about."""
        about = self.group or self.account
        return f"{self.kind}:{about.pk if about else self.subject}"


def settle(workspace_id: uuid.UUID, findings: Collection[Finding], *, looked_at: Collection[str]) -> None:
    """Bring the alerts of a workspace in line with what is there now; those of the kinds in `looked_at` whose cause is gone are resolved.

    One transaction; nothing is written where nothing changed.
    """
    now = clock.now()
    there = {one.cause: one for one in findings}
    rows = Alert.objects.in_workspace(workspace_id).filter(kind__in=looked_at).exclude(state="resolved")
    alerts = {one.cause: one for one in rows.select_related("community")}
    new = [one for cause, one in there.items() if cause not in alerts]
    gone = [one for cause, one in alerts.items() if cause not in there]
    if not new and not gone and not alerts:
        return
    recent, last = _past(workspace_id, new, now)
    raised = []
    for one in new:
        if _may(one, recent=recent, last=last, now=now):
            raised.append(one)
            if one.group is not None:
                recent[one.group.pk] = recent.get(one.group.pk, 0) + 1
    with transaction.atomic():
        for some in bulk.chunks(alert.pk for alert in gone):
            Alert.objects.in_workspace(workspace_id).filter(pk__in=some).update(state="resolved", resolved_at=now, snoozed_until=None)
        back = _keep(workspace_id, [(alert, there[cause]) for cause, alert in alerts.items() if cause in there], now)
        telling.queue(workspace_id, [*back, *_raise(workspace_id, raised, now)])


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
    if one.subject is not None:
        return True
    before = last.get(one.cause)
    since_last = None if before is None else now - before
    if one.group is None:
        return since_last is None or since_last >= patience.ACCOUNT_COOLS
    if one.people and one.people < patience.people_needed(one.sensitivity, recent.get(one.group.pk, 0)):
        return False
    return patience.may_raise(one.sensitivity, since_last=since_last)


def _keep(workspace_id: uuid.UUID, some: Collection[tuple[Alert, Finding]], now: dt.datetime) -> list[Alert]:
    """Their causes are still there: what the alerts say follows, and snoozes that are over end. Gives those that are open again."""
    said = [(dict(one.facts), alert.pk) for alert, one in some if alert.facts != one.facts]
    bulk.update(Alert, ("facts",), said, workspace_id=workspace_id)
    back = [alert for alert, _ in some if alert.state == "snoozed" and alert.snoozed_until is not None and alert.snoozed_until <= now]
    for alert in back:
        alert.state, alert.snoozed_until, alert.told_at = "open", None, now
    bulk.update(Alert, ("state", "snoozed_until", "told_at"), [("open", None, now, alert.pk) for alert in back], workspace_id=workspace_id)
    return back


def _raise(workspace_id: uuid.UUID, some: Collection[Finding], now: dt.datetime) -> list[Alert]:
    alerts = Alert.objects.bulk_create(
        Alert(
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
        for one in some
    )
    if alerts:
        stream.record(*(_fact(one, now) for one in alerts))
    return alerts


def _fact(alert: Alert, now: dt.datetime) -> Fact:
    return Fact(
        workspace_id=alert.workspace_id,
        name="alert_raised",
        community_id=alert.community_id,
        group_id=alert.group_id,
        occurred_at=now,
        properties={"alert_id": str(alert.pk), "kind": alert.kind},
        id=f"alert/{alert.pk}",
    )
