"""Looking, once a minute, for what staff should know: of every workspace the talk, who waits, and the accounts."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Count

from hutong.alerts.actions import telling
from hutong.alerts.actions.raising import Finding, settle, wake
from hutong.alerts.attending import ANSWER
from hutong.alerts.learning import is_quiet, is_spike, usual
from hutong.alerts.models import Alert, Waiting
from hutong.alerts.rules import CONNECTION_MINUTES, DEAD_HOURS, DEFAULTS, Rules, rules_of
from hutong.alerts.talk import talk
from hutong.channels import platforms
from hutong.channels.models import DEAD_STATES, Account, Send
from hutong.communities.models import Group
from hutong.foundation import clock, stream
from hutong.foundation.stream import Fact
from hutong.members import bulk
from hutong.members.models import Member
from hutong.todos.queries import reminders
from hutong.workspaces.models import Workspace

EVERY_SECONDS = 60
ITEMS_MAX = 10  # people named in one alert
KEPT_DAYS = 180  # resolved alerts
OF_PEOPLE = ("question", "newcomer")
KINDS = (  # that are looked at, and end by themselves
    "quiet",
    "spike",
    "question",
    "newcomer",
    "connector",
    "sends",
    "todo",
)

logger = logging.getLogger("hutong.alerts")


def look() -> None:
    """Every minute: raise, keep up and resolve, then tell."""
    for workspace_id in Workspace.objects.order_by("pk").values_list("pk", flat=True):
        try:
            look_at(workspace_id)
        except Exception:  # one workspace must not keep the others from being looked at; it is tried again in a minute
            logger.exception("alerts were not looked for", extra={"workspace": str(workspace_id)})
    telling.tell_due()


def look_at(workspace_id: uuid.UUID) -> None:
    """One workspace."""
    groups = list(
        Group.objects.in_workspace(workspace_id)
        .filter(archived_at=None, community__archived_at=None, community__is_sample=False)
        .select_related("community")
        .order_by("pk")
    )
    rules = rules_of({one.community_id for one in groups})
    _tell_late(workspace_id, groups, rules)
    findings = [
        *_of_talk(workspace_id, groups, rules),
        *_of_waiting(workspace_id, groups, rules),
        *_of_accounts(workspace_id),
        *_of_todos(workspace_id),
    ]
    settle(workspace_id, findings, looked_at=KINDS)
    wake(workspace_id)


def _of_talk(workspace_id: uuid.UUID, groups: Sequence[Group], rules: dict[uuid.UUID, Rules]) -> Iterable[Finding]:
    by_zone: dict[str, set[uuid.UUID]] = defaultdict(set)
    for group in groups:
        by_zone[group.community.time_zone].add(group.community_id)
    is_open = set(
        Alert.objects.in_workspace(workspace_id).filter(kind__in=("quiet", "spike")).exclude(state="resolved").values_list("cause", flat=True)
    )
    said = {group_id: one for zone, some in by_zone.items() for group_id, one in talk(workspace_id, communities=sorted(some), zone=zone).items()}
    for group in groups:
        now, wanted = said.get(group.pk), rules.get(group.community_id, DEFAULTS)
        if now is None:
            continue
        for kind, judge, count, past in (("quiet", is_quiet, now.day, now.past_days), ("spike", is_spike, now.hour, now.past_hours)):
            if wanted.watches(kind, group.pk) and judge(count, past, wanted.sensitivity, is_open=f"{kind}:{group.pk}" in is_open):  # type: ignore[arg-type]
                facts = {"messages": count, "usual": usual(past).count}
                yield Finding(kind=kind, group=group, facts=facts, sensitivity=wanted.sensitivity)


def _of_waiting(workspace_id: uuid.UUID, groups: Sequence[Group], rules: dict[uuid.UUID, Rules]) -> Iterable[Finding]:
    now = clock.now()
    rows = Waiting.objects.in_workspace(workspace_id).filter(kind__in=OF_PEOPLE)
    rows.filter(since__lt=now - ANSWER).delete()
    waits: dict[tuple[uuid.UUID, str], list[Waiting]] = defaultdict(list)
    for row in rows.order_by("since", "pk"):
        if row.group_id is not None:
            waits[row.group_id, row.kind].append(row)
    if not waits:
        return
    by_id = {one.pk: one for one in groups}
    names = _names(workspace_id, {row.member_id for some in waits.values() for row in some})
    for (group_id, kind), some in sorted(waits.items()):
        group = by_id.get(group_id)
        if group is None:
            continue
        wanted = rules.get(group.community_id, DEFAULTS)
        late = [row for row in some if row.since <= now - dt.timedelta(minutes=wanted.minutes(kind))]
        if late and wanted.watches(kind, group_id):
            yield Finding(
                kind=kind, group=group, facts={"count": len(late), "items": [_item(row, names) for row in late[:ITEMS_MAX]]},
                sensitivity=wanted.sensitivity, people=len(late),
            )  # fmt: skip


def _tell_late(workspace_id: uuid.UUID, groups: Sequence[Group], rules: dict[uuid.UUID, Rules]) -> None:
    """Say in the stream, once, of everybody who has waited too long by now."""
    now = clock.now()
    by_id = {one.pk: one for one in groups}
    late: list[Fact] = []
    told: list[uuid.UUID] = []
    for row in Waiting.objects.in_workspace(workspace_id).filter(kind__in=OF_PEOPLE, is_late=False, since__gt=now - ANSWER).order_by("since", "pk"):
        group = by_id.get(row.group_id) if row.group_id else None
        wanted = rules.get(group.community_id, DEFAULTS) if group else DEFAULTS
        if group is None or not wanted.watches(row.kind, group.pk) or row.since > now - dt.timedelta(minutes=wanted.minutes(row.kind)):
            continue
        told.append(row.pk)
        late.append(
            Fact(
                workspace_id=workspace_id, name="kept_waiting", member_id=row.member_id, origin_id=row.origin_id, group_id=group.pk,
                community_id=group.community_id, text=row.excerpt, occurred_at=now, id=f"kept_waiting/{row.pk}",
                properties={"kind": row.kind, "minutes": wanted.minutes(row.kind), "event_id": row.event_id},
            )
        )  # fmt: skip
    if late:
        with transaction.atomic():
            stream.record(*late)
            bulk.update(Waiting, ("is_late",), [(True, pk) for pk in told], workspace_id=workspace_id)


def _names(workspace_id: uuid.UUID, member_ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    return dict(Member.objects.in_workspace(workspace_id).filter(pk__in=[one for one in member_ids if one]).values_list("pk", "name"))


def _item(row: Waiting, names: dict[uuid.UUID, str]) -> dict[str, str]:
    name = names.get(row.member_id, "") if row.member_id else ""
    return {"member_id": str(row.member_id), "name": name, "text": row.excerpt, "at": row.since.isoformat(), "event_id": row.event_id}


def _of_accounts(workspace_id: uuid.UUID) -> Iterable[Finding]:
    now = clock.now()
    accounts = list(
        Account.objects.in_workspace(workspace_id).filter(state__in=("active", "needs_reconnect")).select_related("health").order_by("pk")
    )
    if not accounts:
        return
    listening = {one.platform for one in platforms.manifests() if "listen" in one.ways}
    down = {one.pk for one in accounts if one.state == "active" and one.platform in listening and one.health.connected_at is None}
    since = _down_since(workspace_id, down, now)
    dead = Send.objects.in_workspace(workspace_id).filter(
        state__in=DEAD_STATES, dropped_at=None, finished_at__gt=now - dt.timedelta(hours=DEAD_HOURS)
    )
    counts = dict(dead.order_by().values("account_id").annotate(n=Count("pk")).values_list("account_id", "n"))
    for account in accounts:
        if account.state == "needs_reconnect":
            yield Finding(kind="connector", account=account, facts={"zh": account.problem_zh, "en": account.problem_en})
        elif account.pk in down and since[account.pk] <= now - dt.timedelta(minutes=CONNECTION_MINUTES):
            zh = account.health.error_zh or f"已断开 {CONNECTION_MINUTES} 分钟以上，正在重试。"
            en = account.health.error_en or f"It has been down for over {CONNECTION_MINUTES} minutes and is being tried again."
            yield Finding(kind="connector", account=account, facts={"zh": zh, "en": en})
        if counts.get(account.pk):
            yield Finding(kind="sends", account=account, facts={"messages": counts[account.pk]})


def _of_todos(workspace_id: uuid.UUID) -> Iterable[Finding]:
    for todo in reminders(workspace_id):
        who = {"assignee_id": str(todo.assignee_id), "assignee": todo.assignee.name} if todo.assignee else {}
        yield Finding(kind="todo", subject=todo.pk, facts={"title": todo.title, **who})


def _down_since(workspace_id: uuid.UUID, down: set[uuid.UUID], now: dt.datetime) -> dict[uuid.UUID, dt.datetime]:
    """Since when each of these connections is down, as far as was seen."""
    rows = Waiting.objects.in_workspace(workspace_id).filter(kind="connector")
    known = {account_id: since for account_id, since in rows.values_list("account_id", "since") if account_id is not None}
    if set(known) - down:
        rows.exclude(account_id__in=down).delete()
    new = [Waiting(workspace_id=workspace_id, kind="connector", account_id=one, since=now) for one in sorted(down - set(known))]
    if new:
        Waiting.objects.bulk_create(new, ignore_conflicts=True)
    return {one: known.get(one, now) for one in down}


def prune() -> None:
    """Every hour: what was resolved long ago."""
    old = clock.now() - dt.timedelta(days=KEPT_DAYS)
    Alert.objects.across_workspaces().filter(state="resolved", resolved_at__lt=old).delete()
    telling.prune()
