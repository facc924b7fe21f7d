"""Communities and groups by name or id, as people write them on the command line."""

from __future__ import annotations

import uuid
from typing import Any

from hutong.config.cli.client import Api
from hutong.config.cli.words import Failure

NAME_LENGTH_MAX = 100
NAMES_SHOWN_MAX = 20


def community(api: Api, wanted: str) -> dict[str, Any] | None:
    """The community of that name or id; None where there is none."""
    return _one(list(api.every("/communities", q=_part(wanted))), wanted)


def only_community(api: Api) -> dict[str, Any] | None:
    """The workspace's only community."""
    found = list(api.every("/communities"))
    return found[0] if len(found) == 1 else None


def need_community(api: Api, wanted: str | None) -> dict[str, Any]:
    """The community of that name or id, or the only one; ends the command where it is not clear."""
    found = community(api, wanted) if wanted else only_community(api)
    if found is not None:
        return found
    names = [row["name"] for row in api.every("/communities")][:NAMES_SHOWN_MAX]
    if not names:
        raise Failure(
            "还没有社群。请先导入聊天记录，或运行 hutong sample。", "There is no community yet. Import a history first, or run `hutong sample`."
        )
    listed = "、".join(names)
    if wanted:
        raise Failure(f"没有社群“{wanted}”。现有：{listed}", f"There is no community {wanted!r}. There are: {listed}")
    raise Failure(f"请用 --community 选择社群：{listed}", f"Choose a community with --community: {listed}")


def group(api: Api, wanted: str, *, community: dict[str, Any] | None) -> dict[str, Any] | None:
    """The group of that name or id in the community."""
    if community is None:
        return None
    return _one(list(api.every("/groups", community_id=community["id"], q=_part(wanted))), wanted)


def need_group(api: Api, wanted: str, *, community: dict[str, Any]) -> dict[str, Any]:
    """The group; ends the command where there is none."""
    found = group(api, wanted, community=community)
    if found is None:
        names = "、".join([row["name"] for row in api.every("/groups", community_id=community["id"])][:NAMES_SHOWN_MAX])
        raise Failure(f"“{community['name']}”里没有群“{wanted}”。现有：{names}", f"{community['name']} has no group {wanted!r}. There are: {names}")
    return found


def _part(wanted: str) -> str | None:
    """What to search the names for; nothing when an id was given."""
    return None if _id(wanted) else wanted[:NAME_LENGTH_MAX]


def _id(wanted: str) -> str | None:
    try:
        return str(uuid.UUID(wanted))
    except ValueError:
        return None


def _one(rows: list[dict[str, Any]], wanted: str) -> dict[str, Any] | None:
    found = [row for row in rows if row["name"] == wanted or row["id"] == _id(wanted)]
    if len(found) > 1:
        raise Failure(f"有 {len(found)} 个同名的“{wanted}”，请用编号选择。", f"{len(found)} are called {wanted!r}; choose by id.")
    return found[0] if found else None
