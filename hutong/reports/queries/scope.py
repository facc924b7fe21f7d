"""What a question is about: a workspace, a community, some groups, a channel, as a condition on the warehouse."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from hutong.communities.models import Community, Group
from hutong.events.queries import rows, version
from hutong.foundation import clock
from hutong.foundation.errors import Invalid, NotFound
from hutong.reports.days import DayRange
from hutong.workspaces.models import Workspace

GROUPS_MAX = 200
# Each range makes statements of its own, so machine code compiled for one would hardly be used again and costs more than it saves.
PLAIN = " SETTINGS compile_expressions = 0, compile_aggregate_expressions = 0"
NOBODY = "toUUID('00000000-0000-0000-0000-000000000000')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose events count. `communities` is empty for the whole workspace, whose archived communities are left out."""

    workspace_id: uuid.UUID
    communities: tuple[uuid.UUID, ...] = ()
    groups: tuple[uuid.UUID, ...] = ()
    channel: str = ""
    left_out: tuple[uuid.UUID, ...] = ()
    zone: str = "UTC"
    today: dt.date
    community: tuple[uuid.UUID, str] | None = None
    group_names: tuple[str, ...] = ()

    def where(self, days: bool = False) -> str:
        """The condition; with `days`, local days between {first} and {last} too. Its parameters are `parameters()`."""
        parts = ["workspace_id = {workspace:UUID}"]
        if len(self.communities) == 1:
            parts.append("community_id = {community:UUID}")
        elif self.communities:
            parts.append("community_id IN {communities:Array(UUID)}")
        elif self.left_out:
            parts.append("community_id NOT IN {left_out:Array(UUID)}")
        if len(self.groups) == 1:
            parts.append("group_id = {group:UUID}")
        elif self.groups:
            parts.append("group_id IN {groups:Array(UUID)}")
        if self.channel:
            parts.append("channel = {channel:String}")
        if days:
            parts.append("local_day BETWEEN {first:Date} AND {last:Date}")
        return " AND ".join(parts)

    def version(self) -> tuple[int, ...]:
        """The same again while nothing in the scope has changed."""
        return version(str(one) for one in self.communities or (self.workspace_id,))

    def parameters(self, days: DayRange | None = None, **others: Any) -> dict[str, Any]:
        """Values for `where()`."""
        values: dict[str, Any] = {"workspace": str(self.workspace_id), **others}
        if len(self.communities) == 1:
            values["community"] = str(self.communities[0])
        elif self.communities:
            values["communities"] = [str(one) for one in self.communities]
        elif self.left_out:
            values["left_out"] = [str(one) for one in self.left_out]
        if len(self.groups) == 1:
            values["group"] = str(self.groups[0])
        elif self.groups:
            values["groups"] = [str(one) for one in self.groups]
        if self.channel:
            values["channel"] = self.channel
        if days is not None:
            values["first"], values["last"] = days.first.isoformat(), days.last.isoformat()
        return values


def ask(statement: str, parameters: dict[str, Any]) -> Sequence[Sequence[Any]]:
    """Rows of a statement on the warehouse."""
    return rows(statement + PLAIN, parameters)


def resolve(workspace: Workspace, *, community: uuid.UUID | None = None, groups: Sequence[uuid.UUID] = (), channel: str = "") -> Scope:
    """The scope named by ids; raises NotFound for those this workspace does not have."""
    if len(groups) > GROUPS_MAX:
        raise Invalid.field("group", f"一次最多选 {GROUPS_MAX} 个群。", f"At most {GROUPS_MAX} groups at a time.")
    known = {one.pk: one for one in Community.objects.in_workspace(workspace).only("id", "name", "time_zone", "archived_at")}
    chosen: set[uuid.UUID] = set()
    names: tuple[str, ...] = ()
    if community is not None:
        if community not in known:
            raise NotFound("community")
        chosen.add(community)
    if groups:
        wanted = tuple(dict.fromkeys(groups))
        found = {one.pk: one for one in Group.objects.in_workspace(workspace).filter(pk__in=wanted).only("id", "name", "community_id")}
        if len(found) < len(wanted) or (community is not None and any(one.community_id != community for one in found.values())):
            raise NotFound("group")
        chosen = {one.community_id for one in found.values()}
        groups, names = wanted, tuple(found[one].name for one in wanted)
    zones = {known[one].time_zone for one in chosen} or {workspace.time_zone, *(one.time_zone for one in known.values() if one.archived_at is None)}
    zone = next(iter(zones)) if len(zones) == 1 else workspace.time_zone
    only = known[next(iter(chosen))] if len(chosen) == 1 else None
    return Scope(
        workspace_id=workspace.pk,
        communities=tuple(sorted(chosen)),
        groups=tuple(groups),
        channel=channel,
        left_out=() if chosen else tuple(sorted(one.pk for one in known.values() if one.archived_at is not None)),
        zone=zone,
        today=max(clock.local_date(clock.now(), one) for one in zones),
        community=(only.pk, only.name) if only is not None else None,
        group_names=names,
    )


def extent(scope: Scope) -> DayRange | None:
    """The first and the last local day with any event; None where there is none."""
    ((count, first, last),) = ask(f"SELECT count(), min(local_day), max(local_day) FROM group_hours WHERE {scope.where()}", scope.parameters())
    return DayRange(first, last) if count else None


def group_names(scope: Scope, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Names of groups by id; those that are gone are left out."""
    return dict(Group.objects.in_workspace(scope.workspace_id).filter(pk__in=set(ids)).values_list("id", "name"))
