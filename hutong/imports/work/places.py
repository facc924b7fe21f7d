"""Which group the records of a file go to; communities and groups that do not exist yet are made when the import starts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from uuid import UUID

from django.db import transaction

from hutong.communities import actions as communities
from hutong.communities.actions import GROUP_NAME_LENGTH_MAX
from hutong.communities.models import Community, Group
from hutong.events.queries import history as warehouse
from hutong.foundation.errors import Invalid
from hutong.foundation.text import one_line
from hutong.imports.models import Import
from hutong.imports.people import names_of
from hutong.imports.rows import Place
from hutong.members.names import seen_name
from hutong.workspaces.access import Actor

GROUPS_MAX = 2_000
NOWHERE = "new"

_locks: dict[UUID, threading.Lock] = {}
_locks_lock = threading.Lock()


@contextmanager
def alone(workspace_id: UUID) -> Iterator[None]:
    """Only one thread at a time changes the history of a workspace. The embedded warehouse has one process."""
    with _locks_lock:
        lock = _locks.setdefault(workspace_id, threading.Lock())
    with lock:
        yield


class TooManyGroups(Exception):
    """The column chosen as the group holds something else."""


class Gone(Exception):
    """The chosen community or group no longer exists."""


def actor_of(batch: Import) -> Actor:
    """Who started the import, as the makers of communities and groups name it."""
    return Actor("user" if batch.created_by_id else "system", batch.created_by_id, batch.created_by_name, "", frozenset())


def group_name(batch: Import, named: str) -> str:
    """The name under which a group of the file is made or found."""
    options = batch.options
    if options["group_name"]:
        return str(options["group_name"])
    choice = options["groups"].get(named) or {}
    name = choice.get("name") or named
    if not name:
        groups = batch.detection["groups"]
        name = groups[0] if len(groups) == 1 else PurePath(batch.files[0]["name"]).stem
    try:
        return one_line("group_name", seen_name(str(name))[:GROUP_NAME_LENGTH_MAX], length_max=GROUP_NAME_LENGTH_MAX)
    except Invalid:  # nothing in it can be seen
        return "group"


class Routes:
    """From the group a record names to where it goes. `making` False (the check) only looks."""

    def __init__(self, batch: Import, *, making: bool) -> None:
        self.batch = batch
        self.making = making
        self.source = f"import:{batch.pk}"
        self._places: dict[str, Place | None] = {}
        self._by_group: dict[str, Place] = {}
        self.community = self._community()
        self.community_id = str(self.community.pk) if self.community is not None else NOWHERE

    def place(self, named: str) -> Place | None:
        """The place of records that name this group; None where the person chose to leave them out."""
        try:
            return self._places[named]
        except KeyError:
            if len(self._places) >= GROUPS_MAX:
                raise TooManyGroups from None
            found = self._places[named] = self._route(named)
            return found

    def places(self) -> list[Place]:
        """Every place met."""
        return list(self._by_group.values())

    def _route(self, named: str) -> Place | None:
        options = self.batch.options
        choice = options["groups"].get(named) or {}
        if choice.get("skip"):
            return None
        group = self._group(named, choice.get("group_id") or options["group_id"])
        key = str(group.pk) if group is not None else f"{NOWHERE}:{group_name(self.batch, named)}"
        if key not in self._by_group:
            self._by_group[key] = self._made_place(key, group)
        return self._by_group[key]

    def _made_place(self, key: str, group: Group | None) -> Place:
        batch = self.batch
        place = Place(
            workspace_id=str(batch.workspace_id),
            community_id=self.community_id,
            group_id=key,
            channel=group.channel if group is not None else batch.options["channel"],
            time_zone=self.community.time_zone if self.community is not None else batch.options["time_zone"],
            is_new=group is None
            or not warehouse.has_events(str(batch.workspace_id), community_id=self.community_id, group_id=key, except_source=self.source),
        )
        if group is not None and place.is_called_by_name and not place.is_new:
            met = warehouse.origins_met(str(batch.workspace_id), community_id=self.community_id, group_id=key, except_source=self.source)
            place.present.update(names_of(batch.workspace_id, place.channel, met))
        return place

    def _community(self) -> Community | None:
        options, batch = self.batch.options, self.batch
        rows = Community.objects.in_workspace(batch.workspace_id).filter(archived_at=None)
        wanted = batch.made.get("community") or options["community_id"]
        if wanted:
            found = rows.filter(pk=wanted).first()
            if found is None:
                raise Gone
            return found
        found = rows.filter(name=options["community_name"]).first()
        if found is not None or not self.making:
            return found
        with transaction.atomic():
            made = communities.create_community(
                batch.workspace, actor=actor_of(batch), name=options["community_name"], time_zone=options["time_zone"]
            )
            batch.made["community"] = str(made.pk)
            batch.made["new_community"] = True
            batch.community = made
            batch.save(update_fields=["made", "community"])
        return made

    def _group(self, named: str, chosen: str | None) -> Group | None:
        batch = self.batch
        if self.community is None:
            return None
        rows = Group.objects.in_workspace(batch.workspace_id).filter(community=self.community, archived_at=None)
        wanted = batch.made.get("groups", {}).get(named) or chosen
        name = group_name(batch, named)
        if wanted:
            found = rows.filter(pk=wanted).first()
            if found is None:
                raise Gone
        else:
            found = rows.filter(name=name).first()
            if found is not None and found.channel != batch.options["channel"]:
                name = f"{name[: GROUP_NAME_LENGTH_MAX - 20]} ({batch.options['channel']})"
                found = rows.filter(name=name).first()
        if self.making:
            found = self._note(named, found, name, self.community)
        return found

    def _note(self, named: str, found: Group | None, name: str, community: Community) -> Group:
        """Write down where the records of this group go, so that a resumed run goes to the same place."""
        batch = self.batch
        with transaction.atomic():
            if found is None:
                found = communities.create_group(
                    batch.workspace, actor=actor_of(batch), community_id=community.pk, name=name, channel=batch.options["channel"]
                )
                batch.made.setdefault("new_groups", []).append(str(found.pk))
            if named not in batch.made.setdefault("groups", {}):
                batch.made["groups"][named] = str(found.pk)
                if len(set(batch.made["groups"].values())) == 1:
                    batch.group = found
                else:
                    batch.group = None
                batch.community = community
                batch.save(update_fields=["made", "group", "community"])
        return found
