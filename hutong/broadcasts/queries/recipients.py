"""What became of each recipient of a run: the message, what the person did after it, and who could not be written to at all."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from hutong.broadcasts.models import REACTIONS, Missed, Reaction, Run
from hutong.channels import line
from hutong.channels.models import Send
from hutong.foundation import pages, spreadsheets
from hutong.foundation.errors import NotFound
from hutong.workspaces.models import Workspace

EXPORTED_TOGETHER = 2_000
UNREACHABLE = "unreachable"
# One after another they are all recipients: by state, since a page of a million is read from an index then, and what went wrong comes first.
SHELVES = ("failed", "expired", "unknown", "partial", "awaiting_confirm", "sent", "queued", "cancelled", UNREACHABLE)
# Why somebody is unreachable, and how to mend it.
WHY = {
    "no_identity": (
        "在所选账号的渠道上没有身份。导入或连接他所在的渠道，或换发送账号。",
        "No identity on the channels of the accounts. Connect or import a channel they are on, or choose other accounts.",
    ),
    "not_opened": (
        "还没给账号发过消息，这个平台不允许先写给他。请先在群里请他私聊账号。",
        "They have not written to the account, and this platform does not let it write first. Ask them in a group to write to it.",
    ),
    "no_account": (
        "所选账号都不在这个群里。请把账号拉进群，或换发送账号。",
        "None of the accounts is in this group. Add one to it, or choose other accounts.",
    ),
}
CSV_COLUMNS = {
    "zh": ("成员", "群", "账号", "结果", "原因", "尝试次数", "完成时间", "点击时间", "回复时间", "回复人数", "退订时间"),
    "en": ("Member", "Group", "Account", "State", "Reason", "Tries", "Finished", "Clicked", "Replied", "People who replied", "Unsubscribed"),
}
DID = {"clicked": "clicked_at", "replied": "replied_at", "unsubscribed": "unsubscribed_at"}


def recipients(workspace: Workspace, broadcast_id: uuid.UUID, run_id: uuid.UUID, *, show: str, cursor: str | None, limit: int) -> dict[str, Any]:
    """Recipients of a run with what became of them and what they did, in a fixed order. Raises NotFound."""
    run = run_of(workspace, broadcast_id, run_id)
    shelves = SHELVES if show == "all" else (show,)
    shelf, after = _place(cursor, shelves) if cursor else (0, None)
    items: list[dict[str, Any]] = []
    while shelf < len(shelves):
        some = _some(run, shelves[shelf], after, limit + 1 - len(items))
        items += some
        if len(items) > limit:
            last = items[limit - 1]
            return {"items": items[:limit], "next_cursor": pages.encode([last["shelf"], last["id"]])}
        shelf, after = shelf + 1, None
    return {"items": items, "next_cursor": None}


def run_of(workspace: Workspace, broadcast_id: uuid.UUID, run_id: uuid.UUID) -> Run:
    """A run of a broadcast. Raises NotFound."""
    found = Run.objects.in_workspace(workspace).filter(broadcast_id=broadcast_id, pk=run_id).first()
    if found is None:
        raise NotFound("run")
    return found


def csv(workspace: Workspace, run: Run, *, show: str, language: str) -> Iterator[str]:
    """The same as a file in pieces; `all` ends with those who could not be written to."""
    return spreadsheets.csv_chunks(CSV_COLUMNS[language], _csv_rows(run, show, language))


def _place(cursor: str, shelves: Sequence[str]) -> tuple[int, uuid.UUID]:
    name, last = pages.decode(cursor, length=2)
    try:
        return shelves.index(name), uuid.UUID(last)
    except (ValueError, AttributeError, TypeError):
        raise pages.bad_cursor() from None


def _some(run: Run, shelf: str, after: uuid.UUID | None, size: int) -> list[dict[str, Any]]:
    """The next of a shelf, in the order in which they were put there."""
    rows = _rows(run, shelf).order_by("id")
    return [one | {"shelf": shelf} for one in _said(run, shelf, list((rows.filter(pk__gt=after) if after else rows)[:size]))]


def _rows(run: Run, shelf: str) -> Any:
    if shelf in REACTIONS:
        rows = Reaction.objects.in_workspace(run.workspace_id).filter(run=run, kind=shelf)
        return rows.select_related("member", "send__account").defer("send__body")
    if shelf == UNREACHABLE:
        return Missed.objects.in_workspace(run.workspace_id).filter(run=run).select_related("member", "group")
    return line.in_lane(run.workspace_id, run.lane_id).filter(state=shelf).select_related("account", "member").defer("body")


def _said(run: Run, shelf: str, found: Iterable[Any]) -> list[dict[str, Any]]:
    if shelf in REACTIONS:
        return [_reaction(one) for one in found]
    if shelf == UNREACHABLE:
        return [_missed(one) for one in found]
    sends: list[Send] = list(found)
    did: dict[uuid.UUID, dict[str, Any]] = {}
    rows = Reaction.objects.in_workspace(run.workspace_id).filter(run=run, send__in=[one.pk for one in sends]).order_by("at")
    for send_id, kind, at in rows.values_list("send_id", "kind", "at"):
        mine = did.setdefault(send_id, {})
        mine.setdefault(DID[kind], at)
        if kind == "replied":
            mine["replies"] = mine.get("replies", 0) + 1
    return [_sent(one) | did.get(one.pk, {}) for one in sends]


def _sent(one: Send) -> dict[str, Any]:
    return _blank(one.pk) | {
        "member_id": one.member_id, "name": one.member.name if one.member else one.chat_name or one.chat_ref, "group": "" if one.member else one.chat_name,
        "account_name": one.account.name, "state": one.state, "reason": one.reason, "error_zh": one.error_zh, "error_en": one.error_en,
        "attempts": one.attempts, "finished_at": one.finished_at,
    }  # fmt: skip


def _missed(one: Missed) -> dict[str, Any]:
    zh, en = WHY[one.reason]
    name = one.member.name if one.member else one.group.name if one.group else ""
    return _blank(one.pk) | {
        "member_id": one.member_id, "name": name, "group": one.group.name if one.group else "", "state": UNREACHABLE, "reason": one.reason,
        "error_zh": zh, "error_en": en,
    }  # fmt: skip


def _reaction(one: Reaction) -> dict[str, Any]:
    send = one.send
    return _blank(one.pk) | {
        "member_id": one.member_id, "name": one.member.name, "group": send.chat_name if send and send.chat_kind != "dm" else "",
        "account_name": send.account.name if send else "", "state": one.kind, "attempts": send.attempts if send else 0,
        "finished_at": send.finished_at if send else None, DID[one.kind]: one.at, "replies": int(one.kind == "replied"),
    }  # fmt: skip


def _blank(pk: uuid.UUID) -> dict[str, Any]:
    return {
        "id": pk, "group": "", "account_name": "", "reason": "", "error_zh": "", "error_en": "", "attempts": 0, "finished_at": None,
        "clicked_at": None, "replied_at": None, "unsubscribed_at": None, "replies": 0,
    }  # fmt: skip


def _csv_rows(run: Run, show: str, language: str) -> Iterator[tuple[Any, ...]]:
    for shelf in SHELVES if show == "all" else (show,):
        after: uuid.UUID | None = None
        while some := _some(run, shelf, after, EXPORTED_TOGETHER):
            yield from (_csv_row(one, language) for one in some)
            after = some[-1]["id"]


def _csv_row(one: dict[str, Any], language: str) -> tuple[Any, ...]:
    moments = ["" if one[name] is None else one[name].isoformat() for name in ("finished_at", "clicked_at", "replied_at", "unsubscribed_at")]
    name = one["name"] if one["member_id"] else ""
    return (
        name,
        one["group"],
        one["account_name"],
        one["state"],
        one[f"error_{language}"],
        one["attempts"],
        *moments[:3],
        one["replies"],
        moments[3],
    )
