"""Platforms, accounts, chats, the outbox."""

from __future__ import annotations

import uuid
from typing import Any

import msgspec
from ninja import Query, Status

from hutong.channels import platforms, queries, schemas
from hutong.channels.actions import accounts, chats, sends
from hutong.channels.api import MANAGE, READ, SEND, router
from hutong.channels.contract import Manifest
from hutong.workspaces.access import Request


@router.get("/channels/platforms", permission=READ, response=schemas.PlatformList, operation_id="platforms_list", summary="What can be connected")
def platforms_list(request: Request) -> object:
    return {"items": [_platform(one) for one in platforms.manifests()]}


@router.post(
    "/channels/preparations",
    permission=MANAGE,
    response=schemas.PreparationOut,
    operation_id="accounts_prepare",
    summary="Settings made up for the form, such as a secret",
)
def accounts_prepare(request: Request, body: schemas.PreparationIn) -> object:
    return {"made": accounts.prepare(body.platform)}


@router.post(
    "/channels/tests", permission=MANAGE, response=schemas.TestOut, operation_id="accounts_test", summary="Try settings against the platform"
)
def accounts_test(request: Request, body: schemas.TestIn) -> object:
    found, whole = accounts.try_out(
        request.workspace,
        actor=request.actor,
        platform=body.platform,
        settings=body.settings,
        private_hosts=body.private_hosts,
        account_id=body.account_id,
    )
    made = {} if body.account_id else _made(body.settings, whole, platforms.manifest(body.platform))
    return {"self_id": found.self_id, "name": found.name, "notes": [{"zh": zh, "en": en} for zh, en in found.notes], "made": made}


@router.get("/channels/accounts", permission=READ, response=schemas.AccountList, operation_id="accounts_list", summary="Accounts, by name")
def accounts_list(request: Request) -> object:
    return {"items": [_account(one) for one in queries.accounts(request.workspace)]}


@router.post(
    "/channels/accounts", permission=MANAGE, response={201: schemas.AccountOut}, operation_id="accounts_connect", summary="Connect an account"
)
def accounts_connect(request: Request, body: schemas.AccountIn) -> Status[object]:
    made = accounts.connect(request.workspace, actor=request.actor, **body.dict())
    return Status(201, _account(queries.account(request.workspace, made.pk)))


@router.get("/channels/accounts/{uuid:account_id}", permission=READ, response=schemas.AccountOut, operation_id="accounts_get", summary="One account")
def accounts_get(request: Request, account_id: uuid.UUID) -> object:
    return _account(queries.account(request.workspace, account_id))


@router.patch(
    "/channels/accounts/{uuid:account_id}",
    permission=MANAGE,
    response=schemas.AccountOut,
    operation_id="accounts_rename",
    summary="Rename an account",
)
def accounts_rename(request: Request, account_id: uuid.UUID, body: schemas.AccountPatch) -> object:
    accounts.rename(request.workspace, actor=request.actor, account_id=account_id, name=body.name)
    return _account(queries.account(request.workspace, account_id))


@router.delete(
    "/channels/accounts/{uuid:account_id}",
    permission=MANAGE,
    response={204: None},
    operation_id="accounts_remove",
    summary="Remove an account; its secrets are forgotten, history stays",
)
def accounts_remove(request: Request, account_id: uuid.UUID) -> Status[None]:
    accounts.remove(request.workspace, actor=request.actor, account_id=account_id)
    return Status(204, None)


@router.put(
    "/channels/accounts/{uuid:account_id}/connection",
    permission=MANAGE,
    response=schemas.AccountOut,
    operation_id="accounts_reconnect",
    summary="Give an account other settings; secrets left empty stay",
)
def accounts_reconnect(request: Request, account_id: uuid.UUID, body: schemas.ReconnectIn) -> object:
    accounts.reconnect(request.workspace, actor=request.actor, account_id=account_id, **body.dict())
    return _account(queries.account(request.workspace, account_id))


@router.put(
    "/channels/accounts/{uuid:account_id}/pause",
    permission=MANAGE,
    response=schemas.AccountOut,
    operation_id="accounts_pause",
    summary="Stop listening and sending",
)
def accounts_pause(request: Request, account_id: uuid.UUID) -> object:
    accounts.pause(request.workspace, actor=request.actor, account_id=account_id)
    return _account(queries.account(request.workspace, account_id))


@router.delete(
    "/channels/accounts/{uuid:account_id}/pause",
    permission=MANAGE,
    response=schemas.AccountOut,
    operation_id="accounts_resume",
    summary="Set a paused account to work",
)
def accounts_resume(request: Request, account_id: uuid.UUID) -> object:
    accounts.resume(request.workspace, actor=request.actor, account_id=account_id)
    return _account(queries.account(request.workspace, account_id))


@router.get(
    "/channels/accounts/{uuid:account_id}/chats", permission=READ, response=schemas.ChatPage, operation_id="chats_list", summary="Chats, by name"
)
def chats_list(request: Request, account_id: uuid.UUID, query: Query[schemas.ListQuery]) -> object:
    page = queries.chats(request.workspace, account_id, q=query.q, cursor=query.cursor, limit=query.limit)
    return {"items": [_chat(one) for one in page.items], "next_cursor": page.next_cursor}


@router.post(
    "/channels/accounts/{uuid:account_id}/chats",
    permission=MANAGE,
    response={201: schemas.ChatOut},
    operation_id="chats_add",
    summary="Name a chat by hand",
)
def chats_add(request: Request, account_id: uuid.UUID, body: schemas.ChatIn) -> Status[object]:
    made = chats.add(request.workspace, actor=request.actor, account_id=account_id, **body.dict())
    return Status(201, _chat(queries.chat(request.workspace, made.pk)))


@router.post(
    "/channels/accounts/{uuid:account_id}/chats/refresh",
    permission=MANAGE,
    response=schemas.ChatsFound,
    operation_id="chats_refresh",
    summary="Ask the platform in which chats the account is",
)
def chats_refresh(request: Request, account_id: uuid.UUID) -> object:
    return {"found": chats.refresh(request.workspace, account_id=account_id)}


@router.put(
    "/channels/chats/{uuid:chat_id}/group",
    permission=MANAGE,
    response=schemas.ChatOut,
    operation_id="chats_link",
    summary="Say which group a chat is",
)
def chats_link(request: Request, chat_id: uuid.UUID, body: schemas.GroupLink) -> object:
    chats.link(request.workspace, actor=request.actor, chat_id=chat_id, group_id=body.group_id, community_id=body.community_id)
    return _chat(queries.chat(request.workspace, chat_id))


@router.delete(
    "/channels/chats/{uuid:chat_id}/group",
    permission=MANAGE,
    response=schemas.ChatOut,
    operation_id="chats_unlink",
    summary="The chat is no group of ours",
)
def chats_unlink(request: Request, chat_id: uuid.UUID) -> object:
    chats.unlink(request.workspace, actor=request.actor, chat_id=chat_id)
    return _chat(queries.chat(request.workspace, chat_id))


@router.get("/channels/sends", permission=READ, response=schemas.SendPage, operation_id="sends_list", summary="The outbox, the latest first")
def sends_list(request: Request, query: Query[schemas.SendQuery]) -> object:
    page = queries.sends(request.workspace, account_id=query.account_id, show=query.show, cursor=query.cursor, limit=query.limit)
    return {"items": [_send(one) for one in page.items], "next_cursor": page.next_cursor}


@router.post("/channels/sends", permission=SEND, response={201: schemas.SendOut}, operation_id="sends_create", summary="Send a text into a chat")
def sends_create(request: Request, body: schemas.SendIn) -> Status[object]:
    made = sends.send_text(request.workspace, actor=request.actor, **body.dict())
    return Status(201, _send(queries.send(request.workspace, made.pk)))


@router.delete(
    "/channels/sends/{uuid:send_id}", permission=SEND, response=schemas.SendOut, operation_id="sends_cancel", summary="Stop what has not gone"
)
def sends_cancel(request: Request, send_id: uuid.UUID) -> object:
    sends.cancel(request.workspace, actor=request.actor, send_id=send_id)
    return _send(queries.send(request.workspace, send_id))


@router.put(
    "/channels/sends/{uuid:send_id}/resending",
    permission=SEND,
    response=schemas.SendOut,
    operation_id="sends_resend",
    summary="Send what failed, expired or is in doubt again",
)
def sends_resend(request: Request, send_id: uuid.UUID) -> object:
    sends.resend(request.workspace, actor=request.actor, send_id=send_id)
    return _send(queries.send(request.workspace, send_id))


@router.put(
    "/channels/sends/{uuid:send_id}/dropping",
    permission=SEND,
    response=schemas.SendOut,
    operation_id="sends_drop",
    summary="Leave a dead letter: it was looked at and is not sent again",
)
def sends_drop(request: Request, send_id: uuid.UUID) -> object:
    sends.drop(request.workspace, actor=request.actor, send_id=send_id)
    return _send(queries.send(request.workspace, send_id))


@router.post(
    "/channels/sends/dead/resending",
    permission=SEND,
    response=schemas.DeadSendsDone,
    operation_id="sends_resend_dead",
    summary="Send the dead letters of an account again, a thousand at most; those in doubt only when asked for",
)
def sends_resend_dead(request: Request, body: schemas.DeadSendsIn) -> object:
    return {"done": sends.resend_dead(request.workspace, actor=request.actor, account_id=body.account_id, with_unknown=body.with_unknown)}


@router.post(
    "/channels/sends/dead/dropping",
    permission=SEND,
    response=schemas.DeadSendsDone,
    operation_id="sends_drop_dead",
    summary="Leave the dead letters of an account, a thousand at most",
)
def sends_drop_dead(request: Request, body: schemas.DeadSendsIn) -> object:
    return {"done": sends.drop_dead(request.workspace, actor=request.actor, account_id=body.account_id, with_unknown=body.with_unknown)}


def _platform(one: Manifest) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(one)
    for field in found["fields"]:
        field["choices"] = [{"value": value, "zh": zh, "en": en} for value, zh, en in field["choices"]]
    found["ways"] = sorted(found["ways"])
    found["capabilities"]["sends"] = sorted(found["capabilities"]["sends"])
    return found


def _made(given: dict[str, Any], whole: dict[str, Any], said: Manifest) -> dict[str, Any]:
    defaults = {one.name: one.default for one in said.fields}
    return {name: value for name, value in whole.items() if given.get(name) in (None, "") and value not in ("", defaults[name])}


def _account(seen: queries.Seen) -> dict[str, Any]:
    one, health = seen.account, seen.account.health
    names = ("connected_at", "alive_at", "last_event_at", "lag_ms", "received", "sent", "errors", "last_error_at", "error_zh", "error_en")
    ways = sorted(seen.manifest.ways) if seen.manifest else []
    return {
        **{
            name: getattr(one, name)
            for name in (
                "id", "platform", "channel", "name", "self_id", "self_name", "state", "problem_zh", "problem_en", "settings", "private_hosts", "created_at", "updated_at",
            )
        },
        "callback_url": seen.callback_url,
        "snippet": seen.snippet,
        "ways": ways,
        "sends": sorted(seen.manifest.capabilities.sends) if seen.manifest and "send" in ways else [],
        "chats": seen.chats,
        "unlinked": seen.unlinked,
        "waiting": seen.waiting,
        "dead": seen.dead,
        "health": {
            **{name: getattr(health, name) for name in names},
            "holds_connection": "listen" in ways,
            "waits_until": queries.waits_until(seen),
            "limits": [{"count": use.count, "seconds": use.seconds, "used": use.used} for use in seen.used],
        },
    }  # fmt: skip


def _chat(one: Any) -> dict[str, Any]:
    names = ("id", "account_id", "external_id", "kind", "name", "members", "state", "group_id", "has_waiting", "last_event_at")
    return {
        **{name: getattr(one, name) for name in names},
        "group_name": one.group.name if one.group else "",
        "community_id": one.group.community_id if one.group else None,
        "community_name": one.group.community.name if one.group else "",
    }


def _send(one: Any) -> dict[str, Any]:
    names = (
        "id", "key", "account_id", "chat_ref", "chat_name", "purpose", "excerpt", "state", "attempts", "next_at", "expires_at", "delivery", "reason",
        "error_zh", "error_en", "source", "created_at", "finished_at", "dropped_at",
    )  # fmt: skip
    return {**{name: getattr(one, name) for name in names}, "account_name": one.account.name, "is_under_way": bool(one.holder)}
