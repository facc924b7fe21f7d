"""Alerts raised, kept up to date and resolved: one for each cause, and the people who are to know."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from hutong.alerts import patience
from hutong.alerts.actions import telling
from hutong.alerts.models import AUTOMATION, Alert
from hutong.channels.models import Account
from hutong.communities.models import Community, Group
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
    community: Community | None = None  # where it is of no group
    subject: uuid.UUID | None = None  # what else it is about; each is told of whenever it is there
    sensitivity: str = "normal"
    people: int = 0

    @property
    def cause(self) -> str:
        """Names what the alert is about."""
        about = self.group or self.account
        return f"{self.kind}:{self.subject or (about.pk if about else None)}"


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


def raise_at_once(workspace_id: uuid.UUID, findings: Sequence[Finding], *, told_by: str) -> None:
    """Raise what was found by others than those who look every minute, each whose cause has no open alert. Within a transaction.

    `told_by`: who found it, as facts say.
    """
    kinds = {one.kind for one in findings}
    there = {cause for kind in kinds for cause in _open(workspace_id, [one.cause for one in findings if one.kind == kind])}
    new = {one.cause: one for one in findings if one.cause not in there}
    telling.queue(workspace_id, _raise(workspace_id, list(new.values()), clock.now(), told_by=told_by))


def open_subjects(workspace_id: uuid.UUID, kind: str, subjects: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Of which of these there is an alert that is not resolved."""
    causes = {f"{kind}:{one}": one for one in subjects}
    return {causes[cause] for cause in _open(workspace_id, list(causes))}


def _open(workspace_id: uuid.UUID, causes: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for some in bulk.chunks(causes):
        rows = Alert.objects.in_workspace(workspace_id).filter(cause__in=some).exclude(state="resolved")
        found.update(rows.values_list("cause", flat=True))
    return found


def wake(workspace_id: uuid.UUID) -> None:
    """Alerts that staff end come back when their snooze is over. One transaction; nothing is written where there is none."""
    now = clock.now()
    rows = Alert.objects.in_workspace(workspace_id).filter(kind=AUTOMATION, state="snoozed", snoozed_until__lte=now)
    alerts = list(rows.select_related("community"))
    if alerts:
        with transaction.atomic():
            telling.queue(workspace_id, _back(workspace_id, alerts, now))


def _past(workspace_id: uuid.UUID, new: Collection[Finding], now: dt.datetime) -> tuple[dict[uuid.UUID, int], dict[str, dt.datetime]]:
    """Alerts of each group within a week, and when each cause was told of last."""
    recent: dict[uuid.UUID, int] = {}
    last: dict[str, dt.datetime] = {}
    if not new:
        return recent, last
    rows = Alert.objects.in_workspace(workspace_id).filter(raised_at__gt=now - patience.WEEK).exclude(kind=AUTOMATION)
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
    over = [alert for alert, _ in some if alert.state == "snoozed" and alert.snoozed_until is not None and alert.snoozed_until <= now]
    return _back(workspace_id, over, now)


def _back(workspace_id: uuid.UUID, some: list[Alert], now: dt.datetime) -> list[Alert]:
    for alert in some:
        alert.state, alert.snoozed_until, alert.told_at = "open", None, now
    bulk.update(Alert, ("state", "snoozed_until", "told_at"), [("open", None, now, alert.pk) for alert in some], workspace_id=workspace_id)
    return some


def _raise(workspace_id: uuid.UUID, some: Collection[Finding], now: dt.datetime, *, told_by: str = "system") -> list[Alert]:
    alerts = Alert.objects.bulk_create(
        Alert(
            workspace_id=workspace_id,
            kind=one.kind,
            cause=one.cause,
            community=one.group.community if one.group else one.community,
            group=one.group,
            account=one.account,
            facts=dict(one.facts),
            raised_at=now,
            told_at=now,
        )
        for one in some
    )
    if alerts:
        stream.record(*(_fact(one, now, told_by) for one in alerts))
    return alerts


def _fact(alert: Alert, now: dt.datetime, told_by: str) -> Fact:
    return Fact(
        workspace_id=alert.workspace_id,
        name="alert_raised",
        community_id=alert.community_id,
        group_id=alert.group_id,
        source=told_by,
        occurred_at=now,
        properties={"alert_id": str(alert.pk), "kind": alert.kind},
        id=f"alert/{alert.pk}",
    )
