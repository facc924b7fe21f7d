"""Telling people of alerts: at once, after their quiet hours, or in a digest; never a storm.

A subscription gets at most `MESSAGES_PER_HOUR_MAX` messages an hour; what is more comes together in the next hour's first one.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction

from hutong.alerts.models import Alert, Notice, Subscription
from hutong.alerts.sentences import digest, sentence
from hutong.channels import contract, may_send
from hutong.channels.actions.sends import Order, send_many
from hutong.channels.contract import Text
from hutong.channels.may_send import Rules
from hutong.foundation import clock, ids
from hutong.members import bulk
from hutong.workspaces.models import Staff, Workspace

MESSAGES_PER_HOUR_MAX = 6
LINES_MAX = 10  # of a digest; the rest is counted
DUE_TOGETHER = 2_000
KEPT_DAYS = 30
SUBJECTS = {"zh": "胡同提醒", "en": "Hutong alerts"}
LASTS = dt.timedelta(hours=24)  # an older alert is no news


def queue(workspace_id: uuid.UUID, alerts: Sequence[Alert]) -> None:
    """Put alerts, with their communities at hand, on their way to everybody who wants to know of them. Within a transaction."""
    subscriptions = list(Subscription.objects.in_workspace(workspace_id).filter(account__isnull=False)) if alerts else []
    if not subscriptions:
        return
    default, now = Workspace.objects.values_list("time_zone", flat=True).get(pk=workspace_id), clock.now()
    by_zone: dict[str, list[Alert]] = defaultdict(list)
    for alert in alerts:
        by_zone[alert.community.time_zone if alert.community else default].append(alert)
    rows = [
        (ids.new(), workspace_id, one.pk, alert.pk, alert.told_at, moment, False)
        for zone, some in by_zone.items()
        for one, moment in [(one, due(one, now, zone=zone)) for one in subscriptions]
        for alert in some
        if wants(one, alert)
    ]
    names = ("id", "workspace", "subscription", "alert", "told_at", "due_at", "was_sent")
    bulk.insert(Notice, names, rows, is_skipping=True, key=("subscription", "alert", "told_at"))


def wants(subscription: Subscription, alert: Alert) -> bool:
    """Whether a subscription is for this alert. An alert of no community goes to whoever wants its kind, one for somebody to them alone."""
    if alert.facts.get("assignee_id", str(subscription.user_id)) != str(subscription.user_id):
        return False
    if subscription.kinds and alert.kind not in subscription.kinds:
        return False
    return not subscription.community_ids or alert.community_id is None or str(alert.community_id) in subscription.community_ids


def due(subscription: Subscription, now: dt.datetime, *, zone: str) -> dt.datetime:
    """When a subscription is told of what happens now: at its time of day, or when its quiet hours end, or at once."""
    if subscription.digest_at:
        local = now.astimezone(clock.zone(zone))
        at = dt.datetime.combine(local.date(), dt.time.fromisoformat(subscription.digest_at), local.tzinfo)
        if at <= local:
            at = dt.datetime.combine(local.date() + dt.timedelta(days=1), at.time(), local.tzinfo)
        return at.astimezone(dt.UTC)
    if subscription.quiet_from and subscription.quiet_to:
        rules = Rules(quiet_from=subscription.quiet_from, quiet_to=subscription.quiet_to)
        return may_send.quiet_until(rules, now, zone=zone) or now
    return now


def tell_due() -> int:
    """Send what is due; gives how many messages. What is over meanwhile, or somebody has seen, is dropped."""
    now = clock.now()
    rows = Notice.objects.across_workspaces().filter(sent_at=None, due_at__lte=now)
    found = rows.select_related("subscription__account", "alert__group", "alert__account").order_by("due_at", "id")[:DUE_TOGETHER]
    by_subscription: dict[uuid.UUID, list[Notice]] = defaultdict(list)
    for notice in found:
        by_subscription[notice.subscription_id].append(notice)
    return sum(_tell(notices, now) for notices in by_subscription.values())


def _tell(notices: list[Notice], now: dt.datetime) -> int:
    subscription = notices[0].subscription
    with transaction.atomic():
        is_able = subscription.account is not None and subscription.account.state != "removed" and _is_staff(subscription)
        live = [one for one in notices if is_able and one.alert.state == "open" and one.told_at == one.alert.told_at]
        there = {one.pk for one in live}
        _done([one for one in notices if one.pk not in there], now, was_sent=False)
        if not live:
            return 0
        hour = now.replace(minute=0, second=0, microsecond=0)
        sent = Notice.objects.in_workspace(subscription.workspace_id).filter(subscription=subscription, was_sent=True, sent_at__gte=hour)
        # Notices of one message were sent at one moment.
        messages = sent.values("sent_at").distinct().count()
        if messages >= MESSAGES_PER_HOUR_MAX:
            _later(live, hour + dt.timedelta(hours=1))
            return 0
        send_many(subscription.workspace_id, [_order(subscription, live)], source="system")
        _done(live, now, was_sent=True)
    return 1


def _is_staff(subscription: Subscription) -> bool:
    """Whoever left the staff is told nothing more."""
    if subscription.user_id is None:
        return True
    return Staff.objects.in_workspace(subscription.workspace_id).filter(user_id=subscription.user_id).exists()


def _order(subscription: Subscription, notices: list[Notice]) -> Order:
    said = [line_of(one.alert) for one in notices]
    language = subscription.language
    text = (
        said[0][0 if language == "zh" else 1] if len(said) == 1 else digest(said[:LINES_MAX], more=max(0, len(said) - LINES_MAX), language=language)
    )
    return Order(
        key=f"alert/{subscription.pk}/{notices[0].pk}",
        account_id=subscription.account_id,  # type: ignore[arg-type]
        chat=contract.Chat(id=subscription.chat_ref, kind=subscription.chat_kind, name=subscription.chat_name),  # type: ignore[arg-type]
        segments=(Text(text),),
        user_ref=subscription.chat_ref if subscription.chat_kind == "dm" else "",
        subject=SUBJECTS[language],
        lasts=LASTS,
    )


def line_of(alert: Alert, *, quotes: bool = True) -> tuple[str, str]:
    """What an alert says (zh, en); `quotes`: with what somebody said."""
    about = alert.group or alert.account
    return sentence(alert.kind, str(about) if about else "", alert.facts, quotes=quotes)


def _done(notices: Sequence[Notice], now: dt.datetime, *, was_sent: bool) -> None:
    for some in bulk.chunks(one.pk for one in notices):
        Notice.objects.across_workspaces().filter(pk__in=some).update(sent_at=now, was_sent=was_sent)


def _later(notices: Sequence[Notice], moment: dt.datetime) -> None:
    for some in bulk.chunks(one.pk for one in notices):
        Notice.objects.across_workspaces().filter(pk__in=some).update(due_at=moment)


def prune() -> None:
    """What was told long ago."""
    old = clock.now() - dt.timedelta(days=KEPT_DAYS)
    Notice.objects.across_workspaces().filter(sent_at__lt=old).delete()
