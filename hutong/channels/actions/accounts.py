"""Every write to accounts: connect, change, pause, reconnect, remove."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from hutong.channels import connections, line
from hutong.channels.contract import Connector, ConnectorError, Field, Manifest, Tested
from hutong.channels.errors import AccountConnected, AccountNameTaken, AnotherAccount, HostUnconfirmed, NotConnected, OnlyOwnersConfirm
from hutong.channels.models import Account, AccountHealth, LimitUse
from hutong.channels.outcomes import ERROR_LENGTH_MAX
from hutong.channels.platforms import connector, manifest
from hutong.foundation import clock, ids
from hutong.foundation.errors import Invalid, NotFound
from hutong.foundation.http import EgressError, Forbidden
from hutong.foundation.text import one_line
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

NAME_LENGTH_MAX = 100
HOSTS_MAX = 5
PRIVATE = "channels.private_hosts"


def try_out(
    workspace: Workspace,
    *,
    actor: Actor,
    platform: str,
    settings: Mapping[str, Any],
    private_hosts: Sequence[str],
    account_id: uuid.UUID | None = None,
) -> tuple[Tested, dict[str, Any]]:
    """Try settings against the platform, before anything is stored. Gives what was found and the settings with what was made up.

    For an account that is there, secrets left empty are those it has. Raises Invalid, NotConnected, HostUnconfirmed, OnlyOwnersConfirm.
    """
    there = None if account_id is None else account(workspace, account_id)
    hosts = _confirmed(actor, private_hosts, there)
    whole = _whole(manifest(platform), settings, there)
    made = connections.make(platform, workspace_id=workspace.pk, account_id=account_id or ids.new(), settings=whole, private_hosts=hosts)
    return _tested(made), whole


def prepare(platform: str) -> dict[str, Any]:
    """What is filled in for whoever begins to connect: a secret that both sides shall know, say. Nothing is stored."""
    said = manifest(platform)
    plain = {one.name: one.default for one in said.fields}
    return {name: value for name, value in connector(platform).prepare(plain).items() if value != plain[name]}


def connect(
    workspace: Workspace,
    *,
    actor: Actor,
    platform: str,
    name: str,
    settings: Mapping[str, Any],
    private_hosts: Sequence[str] = (),
) -> Account:
    """Connect an account whose settings pass the live test. Raises what `try_out` raises, AccountConnected, AccountNameTaken."""
    shown = one_line("name", name, length_max=NAME_LENGTH_MAX)
    hosts = _confirmed(actor, private_hosts, None)
    said = manifest(platform)
    whole = _whole(said, settings, None)
    pk = ids.new()
    found = _tested(connections.make(platform, workspace_id=workspace.pk, account_id=pk, settings=whole, private_hosts=hosts))
    plain, secret = connections.split(said, whole)
    made = Account(
        id=pk,
        workspace=workspace,
        platform=platform,
        channel=said.channel,
        name=shown,
        self_id=found.self_id[:200],
        self_name=found.name[:200],
        settings=plain,
        secrets=connections.seal(pk, secret),
        private_hosts=hosts,
    )
    with transaction.atomic():
        _save(made)
        AccountHealth.objects.create(workspace=workspace, account=made)
        audit.write(workspace, actor=actor, action="account.connect", target=made, details={"platform": platform, "private_hosts": hosts})
    return made


def reconnect(
    workspace: Workspace, *, actor: Actor, account_id: uuid.UUID, settings: Mapping[str, Any], private_hosts: Sequence[str] = ()
) -> Account:
    """Give an account other settings and set it to work. Secrets left empty stay. Raises what `connect` raises, AnotherAccount."""
    there = account(workspace, account_id)
    hosts = _confirmed(actor, private_hosts, there)
    said = manifest(there.platform)
    whole = _whole(said, settings, there)
    found = _tested(connections.make(there.platform, workspace_id=workspace.pk, account_id=there.pk, settings=whole, private_hosts=hosts))
    if found.self_id[:200] != there.self_id:
        raise AnotherAccount(found=found.name, expected=there.self_name or there.self_id)
    plain, secret = connections.split(said, whole)
    with transaction.atomic():
        one = account(workspace, account_id)
        one.settings, one.secrets, one.private_hosts = plain, connections.seal(one.pk, secret), hosts
        one.self_name, one.state, one.problem_zh, one.problem_en = found.name[:200], "active", "", ""
        _changed(one, ["settings", "secrets", "private_hosts", "self_name", "state", "problem_zh", "problem_en"])
        AccountHealth.objects.in_workspace(workspace).filter(account=one).update(
            errors=0, error_zh="", error_en="", last_error_at=None, hold_until=None
        )
        audit.write(workspace, actor=actor, action="account.reconnect", target=one, details={"private_hosts": hosts})
    return one


def rename(workspace: Workspace, *, actor: Actor, account_id: uuid.UUID, name: str) -> Account:
    """Give an account another name."""
    with transaction.atomic():
        one = account(workspace, account_id)
        before, one.name = one.name, one_line("name", name, length_max=NAME_LENGTH_MAX)
        if before != one.name:
            one.updated_at = clock.now()
            _save(one)
            audit.write(workspace, actor=actor, action="account.change", target=one, details={"changed": {"name": [before, one.name]}})
    return one


def pause(workspace: Workspace, *, actor: Actor, account_id: uuid.UUID) -> Account:
    """Stop listening and sending. What is in the outbox waits, and expires in its time."""
    with transaction.atomic():
        one = account(workspace, account_id)
        if one.state == "active":
            one.state = "paused"
            _changed(one, ["state"])
            audit.write(workspace, actor=actor, action="account.pause", target=one)
    return one


def resume(workspace: Workspace, *, actor: Actor, account_id: uuid.UUID) -> Account:
    """Set a paused account to work again."""
    with transaction.atomic():
        one = account(workspace, account_id)
        if one.state == "paused":
            one.state = "active"
            _changed(one, ["state"])
            audit.write(workspace, actor=actor, action="account.resume", target=one)
    return one


def remove(workspace: Workspace, *, actor: Actor, account_id: uuid.UUID) -> None:
    """Forget an account's secrets and settings, and stop for good. History keeps its name; what waits in the outbox expires at once."""
    with transaction.atomic():
        one = account(workspace, account_id)
        one.state, one.settings, one.secrets, one.private_hosts = "removed", {}, b"", []
        _changed(one, ["state", "settings", "secrets", "private_hosts"])
        one.sends.in_workspace(workspace).filter(state__in=["queued", "awaiting_confirm"], holder="").update(expires_at=clock.now())
        LimitUse.objects.in_workspace(workspace).filter(account=one).delete()
        audit.write(workspace, actor=actor, action="account.remove", target=one)


def needs_reconnect(one: Account, *, zh: str, en: str) -> None:
    """The platform lets the account in no more: it stops, and says what to do. Within a transaction."""
    rows = Account.objects.in_workspace(one.workspace_id).filter(pk=one.pk, state="active")
    now = clock.now()
    rows.update(state="needs_reconnect", problem_zh=zh[:ERROR_LENGTH_MAX], problem_en=en[:ERROR_LENGTH_MAX], updated_at=now)
    AccountHealth.objects.in_workspace(one.workspace_id).filter(account=one).update(
        last_error_at=now, error_zh=zh[:ERROR_LENGTH_MAX], error_en=en[:ERROR_LENGTH_MAX]
    )


def account(workspace: Workspace, account_id: uuid.UUID) -> Account:
    """An account that was not removed. Raises NotFound."""
    found = Account.objects.in_workspace(workspace).select_for_update().filter(pk=account_id).exclude(state="removed").first()
    if found is None:
        raise NotFound("account")
    return found


def _changed(one: Account, fields: list[str]) -> None:
    one.version += 1
    one.updated_at = clock.now()
    one.save(update_fields=[*fields, "version", "updated_at"])
    transaction.on_commit(lambda: connections.forget(one.pk))
    transaction.on_commit(line.ring)


def _save(one: Account) -> None:
    try:
        with transaction.atomic():
            one.save()
    except IntegrityError as error:
        same = Account.objects.in_workspace(one.workspace_id).exclude(pk=one.pk).exclude(state="removed")
        there = same.filter(platform=one.platform, self_id=one.self_id).first()
        if there is not None:
            raise AccountConnected(name=there.name) from error
        raise AccountNameTaken(name=one.name) from error


def _tested(made: Connector) -> Tested:
    try:
        return made.test()
    except ConnectorError as error:
        raise NotConnected(error) from error
    except Forbidden as error:
        if error.host:
            raise HostUnconfirmed(host=error.host) from error
        raise NotConnected(zh=error.zh, en=error.en) from error
    except EgressError as error:
        raise NotConnected(zh=error.zh, en=error.en) from error
    finally:
        made.link.http.close()


def _confirmed(actor: Actor, hosts: Sequence[str], there: Account | None) -> list[str]:
    wanted = sorted({one_line("private_hosts", host, length_max=255).lower() for host in hosts})
    if len(wanted) > HOSTS_MAX:
        raise Invalid.field("private_hosts", f"最多 {HOSTS_MAX} 个。", f"At most {HOSTS_MAX}.")
    if set(wanted) - set(there.private_hosts if there else ()) and not actor.allows(PRIVATE):
        raise OnlyOwnersConfirm()
    return wanted


def _whole(said: Manifest, given: Mapping[str, Any], there: Account | None) -> dict[str, Any]:
    """Settings checked against the form, with defaults and with the secrets that were left as they are."""
    known = {one.name for one in said.fields}
    odd = sorted(set(given) - known)
    if odd:
        raise Invalid.field(f"settings.{odd[0]}", "没有这个设置。", "There is no such setting.")
    kept = dict(connections.settings_of(there)) if there is not None and any(one.kind == "secret" for one in said.fields) else {}
    whole: dict[str, Any] = {}
    for one in said.fields:
        value = given.get(one.name)
        if value in (None, "") and one.kind == "secret" and there is not None:
            value = kept.get(one.name, "")
        whole[one.name] = _value(one, one.default if value is None else value)
    whole = dict(connector(said.platform).prepare(whole))
    for one in said.fields:
        if one.required and whole[one.name] == "":
            raise Invalid.field(f"settings.{one.name}", f"请填写{one.zh}。", f"Fill in: {one.en}.")
    return whole


def _value(one: Field, value: Any) -> str | int | bool:
    name = f"settings.{one.name}"
    if one.kind == "boolean":
        if not isinstance(value, bool):
            raise Invalid.field(name, "只能是“是”或“否”。", "Must be true or false.")
        return value
    if one.kind == "number":
        if value == "" and not one.required:
            return ""
        if isinstance(value, bool) or not isinstance(value, int):
            raise Invalid.field(name, "必须是整数。", "Must be a whole number.")
        return value
    if not isinstance(value, str):
        raise Invalid.field(name, "必须是文字。", "Must be text.")
    text = one_line(name, value, length_max=one.length_max, required=False)
    if one.kind == "choice" and text not in {choice for choice, _, _ in one.choices}:
        raise Invalid.field(name, "请选择列出的一项。", "Choose one of the list.")
    return text


def sweep_removed(*, days: int = 90) -> None:
    """Every day: accounts removed long ago, without anything left of them, go."""
    old = Account.objects.across_workspaces().filter(state="removed", updated_at__lt=clock.now() - dt.timedelta(days=days))
    old.filter(sends=None, chats=None).delete()
