"""Taking back what has not gone yet, by how its keys begin: the reason for it is gone."""

from __future__ import annotations

import uuid

from hutong.channels.models import Send
from hutong.channels.outcomes import Settled, settle

TOGETHER = 500


def withdraw(workspace_id: uuid.UUID, *, key_prefix: str) -> int:
    """Cancel sends that wait and are not being handed over, in the caller's transaction; gives how many."""
    withdrawn = 0
    while True:
        rows = Send.objects.in_workspace(workspace_id).select_for_update().select_related("account", "group")
        # A range, not LIKE: the unique index on workspace and key serves it.
        rows = rows.filter(key__gte=key_prefix, key__lt=key_prefix + chr(0x10FFFF), state="queued", holder="")
        by_account: dict[uuid.UUID, list[Settled]] = {}
        for send in rows.order_by("key")[:TOGETHER]:
            by_account.setdefault(send.account_id, []).append(Settled(send=send, state="cancelled"))
        for account_id, ended in by_account.items():
            settle(account_id, workspace_id, ended)
        withdrawn += sum(map(len, by_account.values()))
        if not by_account:
            return withdrawn
