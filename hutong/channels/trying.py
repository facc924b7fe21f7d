"""Would this go to them now, and why not: everything that is asked of a message before it goes, for a person to see. Sends nothing."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Literal

from hutong.channels import limiter, platforms
from hutong.channels.answering import private_chat
from hutong.channels.contract import Manifest
from hutong.channels.limiter import Book, refs_of
from hutong.channels.may_send import YES, Known, Verdict, checks, rules_of
from hutong.channels.models import Account, Send
from hutong.foundation import clock
from hutong.foundation.errors import NotFound
from hutong.foundation.text import many_lines
from hutong.members.models import Identity, Member
from hutong.workspaces.models import Workspace

TEXT_LENGTH_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that is asked of a message, and the answer."""

    name: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Looked:
    """What would become of the message at `at`: it goes, waits until `until` (None: until something changes), or never goes. `zone` is theirs."""

    answer: Literal["yes", "later", "no"]
    until: dt.datetime | None
    needs_confirmation: bool
    zone: str
    at: dt.datetime
    asked: list[Asked]


def look(workspace: Workspace, *, account_id: uuid.UUID, member_id: uuid.UUID, purpose: str, text: str) -> Looked:
    """Ask everything of that message to that member by that account. Raises NotFound, Invalid."""
    account = Account.objects.in_workspace(workspace).exclude(state="removed").filter(pk=account_id).first()
    if account is None:
        raise NotFound("account")
    if not Member.objects.in_workspace(workspace).filter(pk=member_id, merged_into=None).exists():
        raise NotFound("member")
    manifest = platforms.manifest(account.platform)
    said = many_lines("text", text, length_max=TEXT_LENGTH_MAX)
    now = clock.now()
    refs = Identity.objects.in_workspace(workspace).filter(member_id=member_id, channel=account.channel).order_by("-last_seen_at", "id")
    user_ref = refs.values_list("external_id", flat=True).first() or ""
    send = Send(
        workspace_id=workspace.pk, account=account, chat_ref=user_ref, chat_kind="dm", user_ref=user_ref, member_id=member_id, purpose=purpose
    )
    known = Known([send], rules=rules_of(workspace.pk), now=now)
    asked = [Asked("account", _account(account, manifest)), Asked("person", _person(account, manifest, user_ref))]
    if user_ref:
        asked += [Asked(name, verdict) for name, verdict in checks(send, text=said, manifest=manifest, known=known)]
        asked.append(Asked("limits", _limits(account, manifest, user_ref, now)))
    worst = next((one for wanted in ("no", "later") for one in asked if one.verdict.answer == wanted), None)
    moments = [one.verdict.until for one in asked if one.verdict.until is not None]
    answer = worst.verdict.answer if worst is not None else "yes"
    return Looked(
        answer=answer,
        until=max(moments) if answer == "later" and moments else None,
        needs_confirmation=manifest.capabilities.send == "needs_human_confirm",
        zone=known.zone(send),
        at=now,
        asked=asked,
    )


def _account(account: Account, manifest: Manifest) -> Verdict:
    if "send" not in manifest.ways:
        return Verdict("no", reason="account", zh=f"{manifest.zh} 只接收，不能发送。", en=f"{manifest.en} only receives.")
    if account.state == "paused":
        return Verdict(
            "later", reason="account", zh="账号已暂停，恢复后才发。", en="The account is paused; messages go once it is set to work again."
        )
    if account.state == "needs_reconnect":
        return Verdict("later", reason="account", zh="账号需要重新连接，之后才发。", en="The account has to be reconnected first.")
    until = account.health.hold_until
    if until is not None and until > clock.now():
        return Verdict("later", until=until, reason="account", zh="平台要求等待。", en="The platform asked to wait.")
    return YES


def _person(account: Account, manifest: Manifest, user_ref: str) -> Verdict:
    if not user_ref:
        return Verdict(
            "no",
            reason="person",
            zh=f"这位成员在 {manifest.zh} 上没有身份。请换一个账号。",
            en=f"They are not known on {manifest.en}. Choose another account.",
        )
    if private_chat(account, manifest, user_ref) is None:
        return Verdict(
            "no",
            reason="person",
            zh=f"{manifest.zh} 不允许先给对方发消息，等对方先来私聊。",
            en=f"{manifest.en} does not let you write first: they have to write to the account.",
        )
    return YES


def _limits(account: Account, manifest: Manifest, user_ref: str, now: dt.datetime) -> Verdict:
    limits = platforms.limits(manifest, account.settings)
    refs = refs_of(limits, chat_ref=user_ref, user_ref=user_ref)
    book = Book(account.pk, account.workspace_id, limits)
    book.read(refs)
    wait_ms, whose = book.wait_ms(refs, "dm", clock.to_ms(now))
    if not wait_ms:
        return YES
    is_account = whose is not None and whose.scope == limiter.ACCOUNT
    return Verdict(
        "later",
        until=clock.from_ms(clock.to_ms(now) + wait_ms),
        reason="limits",
        zh="账号在平台上的发送次数已用完，稍后自动发。" if is_account else "这个会话的发送次数已用完，稍后自动发。",
        en="The account has used up its sends on the platform; it goes a little later."
        if is_account
        else "The sends of this chat are used up; it goes a little later.",
    )
