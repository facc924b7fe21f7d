"""A row of the outbox as sending needs it. Thousands are read a second, and a model object costs more than all that is done with it."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from hutong.channels.models import Account, Send
from hutong.communities.models import Group
from hutong.foundation.rows import ScopedQuerySet

_COLUMNS = (
    "id", "key", "chat_ref", "chat_kind", "chat_name", "user_ref", "member_id", "group_id", "purpose", "body", "source", "lane", "state",
    "expires_at", "attempts", "message_ids", "error_zh", "error_en",
)  # fmt: skip


@dataclass(slots=True)
class Due:
    """What waits first in its line: the columns of a `Send` that say what it is, under the same names."""

    account: Account
    account_id: uuid.UUID
    workspace_id: uuid.UUID
    pk: uuid.UUID
    key: str
    chat_ref: str
    chat_kind: str
    chat_name: str
    user_ref: str
    member_id: uuid.UUID | None
    group_id: uuid.UUID | None
    purpose: str
    body: bytes
    source: str
    lane: str
    state: str
    expires_at: dt.datetime
    attempts: int
    message_ids: list[str]
    error_zh: str
    error_en: str
    group: Group | None = None


Outbound = Send | Due


def read(account: Account, rows: ScopedQuerySet[Send]) -> Iterator[Due]:
    """These rows, all of that account's."""
    account_id, workspace_id = account.pk, account.workspace_id
    statement, values = rows.values_list(*_COLUMNS).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found = cursor.fetchall()
    for pk, key, chat_ref, kind, name, user_ref, member_id, group_id, purpose, body, source, lane, state, expires_at, attempts, ids, zh, en in found:
        yield Due(
            account, account_id, workspace_id, _id(pk), key, chat_ref, kind, name, user_ref, member_id and _id(member_id), group_id and _id(group_id),
            purpose, body, source, lane, state, _moment(expires_at), attempts, _list(ids), zh, en,
        )  # fmt: skip


# What SQLite keeps in its own way. Django's converters ask several questions about each value.


def _id(value: Any) -> Any:
    return uuid.UUID(value) if isinstance(value, str) else value


def _moment(value: dt.datetime) -> dt.datetime:
    return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value


def _list(value: Any) -> Any:
    return (json.loads(value) if value != "[]" else []) if isinstance(value, str) else value
