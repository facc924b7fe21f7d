"""What staff do with alerts, what is watched for, and who is told."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from hutong.alerts.errors import AlertEndsByItself, AlertOver, AlertRulesChanged, OnlyPeople, TooManySubscriptions
from hutong.alerts.models import AUTOMATION, KINDS, OF_GROUPS, SENSITIVITIES, Alert, AlertRules, Notice, Subscription
from hutong.alerts.rules import MINUTES_MAX, MINUTES_MIN
from hutong.automations.actions import following
from hutong.channels.models import Account, Chat
from hutong.channels.platforms import manifest
from hutong.communities.models import Community, Group
from hutong.foundation import clock
from hutong.foundation.errors import Invalid, NotFound
from hutong.foundation.text import one_line
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import User, Workspace

SNOOZE_MAX = dt.timedelta(days=30)
SUBSCRIPTIONS_MAX = 50
MUTED_MAX = 500
MAIL = "email"
_NONE = uuid.UUID(int=0)


def acknowledge(workspace: Workspace, *, actor: Actor, alert_id: uuid.UUID) -> Alert:
    """Say that somebody is on it. Raises AlertOver once it is resolved."""
    return _turn(workspace, actor=actor, alert_id=alert_id, state="acknowledged", action="alert.acknowledge")


def snooze(workspace: Workspace, *, actor: Actor, alert_id: uuid.UUID, until: dt.datetime) -> Alert:
    """Hear no more of it until then; it comes back if its cause is still there. Raises AlertOver, Invalid."""
    now = clock.now()
    if not now < until <= now + SNOOZE_MAX:
        raise Invalid.field("until", f"请选择 {SNOOZE_MAX.days} 天以内的将来时刻。", f"Choose a moment within the next {SNOOZE_MAX.days} days.")
    return _turn(workspace, actor=actor, alert_id=alert_id, state="snoozed", action="alert.snooze", until=until)


def reopen(workspace: Workspace, *, actor: Actor, alert_id: uuid.UUID) -> Alert:
    """Take an acknowledgement or a snooze back. Raises AlertOver."""
    return _turn(workspace, actor=actor, alert_id=alert_id, state="open", action="alert.reopen")


def resolve(workspace: Workspace, *, actor: Actor, alert_id: uuid.UUID) -> Alert:
    """Say that it is done, of what a rule or a journey told. Raises AlertOver, AlertEndsByItself."""
    return _turn(workspace, actor=actor, alert_id=alert_id, state="resolved", action="alert.resolve")


def _turn(workspace: Workspace, *, actor: Actor, alert_id: uuid.UUID, state: str, action: str, until: dt.datetime | None = None) -> Alert:
    with transaction.atomic():
        alert = Alert.objects.in_workspace(workspace).select_for_update().select_related("group", "account", "community").filter(pk=alert_id).first()
        if alert is None:
            raise NotFound("alert")
        if alert.state == "resolved":
            raise AlertOver()
        if state == "resolved" and alert.kind != AUTOMATION:
            raise AlertEndsByItself()
        if (alert.state, alert.snoozed_until) != (state, until):
            alert.state, alert.snoozed_until, alert.seen_by = state, until, "" if state == "open" else actor.name
            alert.resolved_at = clock.now() if state == "resolved" else None
            alert.save(update_fields=["state", "snoozed_until", "seen_by", "resolved_at"])
            details = {"kind": alert.kind} | ({"until": until.isoformat()} if until else {})
            audit.write(workspace, actor=actor, action=action, target=alert, target_name=str(alert.group or alert.account or ""), details=details)
    return alert


def change_rules(workspace: Workspace, *, actor: Actor, community_id: uuid.UUID, given: Mapping[str, Any], version: int | None = None) -> AlertRules:
    """Say what is watched for in a community, and what is done for whoever is kept waiting. Raises NotFound, Invalid, ActionNotAllowed,
    AlertRulesChanged when `version` is no longer the last.
    """
    with transaction.atomic():
        community = Community.objects.in_workspace(workspace).filter(pk=community_id).first()
        if community is None:
            raise NotFound("community")
        row = AlertRules.objects.in_workspace(workspace).select_for_update().filter(community=community).first()
        row = row or AlertRules(workspace=workspace, community=community, kinds=list(OF_GROUPS))
        AlertRulesChanged.unless(version, row.version, by=row.updated_by)
        before = {name: getattr(row, name) for name in _RULES}
        for name in _RULES:
            if name in given:
                setattr(row, name, given[name])
        if row.sensitivity not in SENSITIVITIES or not set(row.kinds) <= set(OF_GROUPS):
            raise Invalid.field("kinds", "没有这种提醒。", "There is no such kind of alert.")
        row.kinds = [one for one in OF_GROUPS if one in row.kinds]
        for name in ("question_minutes", "newcomer_minutes"):
            if not MINUTES_MIN <= getattr(row, name) <= MINUTES_MAX:
                raise Invalid.field(name, f"请填 {MINUTES_MIN} 到 {MINUTES_MAX} 分钟。", f"{MINUTES_MIN} to {MINUTES_MAX} minutes.")
        row.muted_group_ids = _groups(workspace, community, row.muted_group_ids)
        changed = sorted(name for name, value in before.items() if value != getattr(row, name))
        has_other_actions = following.follow(
            workspace, actor=actor, follows=row.follows, name=community.name, event="kept_waiting", community_id=community.pk,
            actions=given.get("actions"),
        )  # fmt: skip
        if has_other_actions:
            changed.append("actions")
        if changed:
            row.version += 1
            row.updated_at, row.updated_by = clock.now(), actor.name
            row.save()
            audit.write(workspace, actor=actor, action="alert_rules.change", target=community, details={"changed": changed})
    return row


def community_renamed(workspace: Workspace, *, actor: Actor, community: Community) -> None:
    """What is done for whoever is kept waiting in a community has its name."""
    following.rename(workspace, actor=actor, follows=AlertRules(community=community).follows, name=community.name)


_RULES = ("sensitivity", "kinds", "question_minutes", "newcomer_minutes", "muted_group_ids")


def _groups(workspace: Workspace, community: Community, group_ids: Sequence[Any]) -> list[str]:
    wanted = sorted({str(one) for one in group_ids})
    if len(wanted) > MUTED_MAX:
        raise Invalid.field("muted_group_ids", f"最多 {MUTED_MAX} 个群。", f"At most {MUTED_MAX} groups.")
    there = {str(pk) for pk in Group.objects.in_workspace(workspace).filter(community=community, pk__in=wanted).values_list("pk", flat=True)}
    return [one for one in wanted if one in there]


def subscribe_self(workspace: Workspace, *, actor: Actor, user: User | None, given: Mapping[str, Any]) -> Subscription:
    """Say what a person of the staff is told of, and how. Raises OnlyPeople for a key, Invalid, NotFound."""
    if user is None:
        raise OnlyPeople()
    with transaction.atomic():
        row = Subscription.objects.in_workspace(workspace).select_for_update().filter(user=user).first()
        row = row or Subscription(workspace=workspace, user=user, language=user.language)
        _fill(workspace, row, given)
        row.save()
        audit.write(workspace, actor=actor, action="alert_subscription.change", target=row, target_name=user.name)
    return row


def subscribe_chat(workspace: Workspace, *, actor: Actor, given: Mapping[str, Any]) -> Subscription:
    """Tell a chat of the team. Raises TooManySubscriptions, Invalid, NotFound."""
    with transaction.atomic():
        if Subscription.objects.in_workspace(workspace).filter(user=None).count() >= SUBSCRIPTIONS_MAX:
            raise TooManySubscriptions(limit=SUBSCRIPTIONS_MAX)
        row = Subscription(workspace=workspace, language=workspace.language)
        _fill(workspace, row, given)
        if row.account is None:
            raise Invalid.field("chat_id", "请选择发到哪个会话。", "Choose the chat to tell.")
        if _twins(workspace, row).exists():
            raise Invalid.field("chat_id", "这个会话已经在接收提醒。", "This chat is told already.")
        row.save()
        audit.write(workspace, actor=actor, action="alert_subscription.create", target=row, target_name=row.chat_name or row.chat_ref)
    return row


def change_chat(workspace: Workspace, *, actor: Actor, subscription_id: uuid.UUID, given: Mapping[str, Any]) -> Subscription:
    """Change what a chat of the team is told. Raises NotFound, Invalid."""
    with transaction.atomic():
        row = _of_chat(workspace, subscription_id)
        _fill(workspace, row, given)
        if row.account is None:
            raise Invalid.field("chat_id", "请选择发到哪个会话。", "Choose the chat to tell.")
        if _twins(workspace, row).exclude(pk=row.pk).exists():
            raise Invalid.field("chat_id", "这个会话已经在接收提醒。", "This chat is told already.")
        row.save()
        audit.write(workspace, actor=actor, action="alert_subscription.change", target=row, target_name=row.chat_name or row.chat_ref)
    return row


def _twins(workspace: Workspace, row: Subscription) -> QuerySet[Subscription]:
    """Those who tell the same chat."""
    rows = Subscription.objects.in_workspace(workspace)
    return rows.filter(user=None, account=row.account, chat_ref=row.chat_ref, chat_kind=row.chat_kind)


def unsubscribe_chat(workspace: Workspace, *, actor: Actor, subscription_id: uuid.UUID) -> None:
    """Tell a chat of the team nothing more."""
    with transaction.atomic():
        row = _of_chat(workspace, subscription_id)
        audit.write(workspace, actor=actor, action="alert_subscription.delete", target=row, target_name=row.chat_name or row.chat_ref)
        Notice.objects.in_workspace(workspace).filter(subscription=row).delete()
        row.delete()


def _of_chat(workspace: Workspace, subscription_id: uuid.UUID) -> Subscription:
    row = Subscription.objects.in_workspace(workspace).select_for_update().select_related("account").filter(pk=subscription_id, user=None).first()
    if row is None:
        raise NotFound("subscription")
    return row


def _fill(workspace: Workspace, row: Subscription, given: Mapping[str, Any]) -> None:
    if "kinds" in given:
        row.kinds = [one for one in KINDS if one in given["kinds"]]
    if "community_ids" in given:
        wanted = sorted({str(one) for one in given["community_ids"]})
        if Community.objects.in_workspace(workspace).filter(pk__in=wanted).count() < len(wanted):
            raise NotFound("community")
        row.community_ids = wanted
    for name in ("quiet_from", "quiet_to", "digest_at"):
        if name in given:
            setattr(row, name, _clock(name, given[name]))
    if bool(row.quiet_from) != bool(row.quiet_to):
        raise Invalid.field("quiet_to", "免打扰要填开始和结束两个时刻。", "Quiet hours need both a beginning and an end.")
    if "language" in given:
        row.language = given["language"]
    if "way" in given:
        _way(workspace, row, given)


def _way(workspace: Workspace, row: Subscription, given: Mapping[str, Any]) -> None:
    """Where messages go: nowhere but the console, a chat of an account, or an address by an e-mail account."""
    row.account, row.chat_ref, row.chat_kind, row.chat_name = None, "", "", ""
    if given["way"] == "chat":
        chat = Chat.objects.in_workspace(workspace).select_related("account").filter(pk=given.get("chat_id") or _NONE, state="in").first()
        if chat is None or chat.account.state == "removed":
            raise Invalid.field("chat_id", "请选择发到哪个会话。", "Choose the chat to tell.")
        if "send" not in manifest(chat.account.platform).ways:
            raise Invalid.field("chat_id", "这个平台只接收，不能发送。", "This platform only receives.")
        row.account, row.chat_ref, row.chat_kind, row.chat_name = chat.account, chat.external_id, chat.kind, chat.name
    elif given["way"] == MAIL:
        account = Account.objects.in_workspace(workspace).filter(pk=given.get("account_id") or _NONE, platform=MAIL).exclude(state="removed").first()
        if account is None:
            raise Invalid.field("account_id", "请先在渠道里连接一个邮箱账号。", "Connect an e-mail account under Channels first.")
        address = one_line("address", given.get("address", ""), length_max=200)
        if "@" not in address or " " in address:
            raise Invalid.field("address", "请填写邮箱地址。", "Enter an e-mail address.")
        row.account, row.chat_ref, row.chat_kind, row.chat_name = account, address, "dm", address


def _clock(name: str, value: str) -> str:
    if not value:
        return ""
    try:
        if len(value) != len("08:00"):
            raise ValueError(value)
        dt.time.fromisoformat(value)
    except ValueError:
        raise Invalid.field(name, "请写成 22:00 这样的时刻。", "Write a time of day like 22:00.") from None
    return value
