"""Which data folder, which workspace: found in the records' store, which two processes may open."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hutong.config.cli.words import Failure

if TYPE_CHECKING:
    from hutong.workspaces.models import Workspace

LOCK_WAIT_SECONDS = 5.0


def need_folder(act: Callable[[], Any]) -> None:
    """Do something to the store that needs the data folder for itself, unless a server (which has done it) holds it."""
    from django.conf import settings

    from hutong.foundation import datalock

    if datalock.announced(settings.DATA_DIR) is None:
        with datalock.hold(settings.DATA_DIR, wait_seconds=LOCK_WAIT_SECONDS):
            act()


def workspace(wanted: str | None) -> Workspace:
    """The workspace of that name or id, or the only one there is."""
    from hutong.workspaces.models import Workspace

    rows = list(Workspace.objects.order_by("created_at"))
    if not rows:
        raise Failure(
            "还没有工作区。请先运行 hutong serve 并在浏览器里完成设置，或运行 hutong create-owner。",
            "There is no workspace yet. Run `hutong serve` and set up in the browser, or run `hutong create-owner`.",
        )
    if wanted is None:
        if len(rows) == 1:
            return rows[0]
        names = "、".join(row.name for row in rows)
        raise Failure(f"有多个工作区，请用 --workspace 选择：{names}", f"There are several workspaces; choose one with --workspace: {names}")
    found = [row for row in rows if row.name == wanted or str(row.pk) == _plain(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        raise Failure(f"有多个工作区叫“{wanted}”，请用编号选择。", f"Several workspaces are called {wanted!r}; choose by id.")
    names = "、".join(row.name for row in rows)
    raise Failure(f"没有工作区“{wanted}”。现有：{names}", f"There is no workspace {wanted!r}. There are: {names}")


def _plain(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return text
