"""Taking an import out again: first the records are counted as if it had not been, then its events go, then what it alone made.

Each step can be repeated; until the events are gone they say whom the import touched.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from hutong.communities.models import Community, Group
from hutong.events import actions as events
from hutong.events.queries import history as warehouse
from hutong.foundation import clock
from hutong.imports.models import Import, ImportReject
from hutong.imports.uploads import remove_files
from hutong.imports.work import finishing
from hutong.imports.work.places import alone
from hutong.members.actions import history
from hutong.segments.actions import segments

ENDS = {"cancelling": "cancelled", "undoing": "undone"}


def perform(import_id: UUID) -> None:
    """Take out what an import added that is in the state `cancelling` or `undoing`."""
    found = Import.objects.across_workspaces().filter(pk=import_id, state__in=list(ENDS)).first()
    if found is None:
        return
    with alone(found.workspace_id):
        batch = Import.objects.across_workspaces().filter(pk=import_id, state__in=list(ENDS)).first()
        if batch is not None:
            _remove(batch)


def _remove(batch: Import) -> None:
    source = f"import:{batch.pk}"
    workspace_id = str(batch.workspace_id)
    finishing.perform(batch, without=True)
    for community_id, shares in warehouse.communities_of(workspace_id, source=source):
        for share in range(shares):
            where = {"community_id": community_id, "source": source, "share": share, "shares": shares}
            touched = set(warehouse.origins_of(workspace_id, **where)) - set(warehouse.seen(workspace_id, **where))  # type: ignore[arg-type]
            _forget(batch, sorted(touched))
    events.remove_history(batch.workspace_id, source=source)
    _remove_places(batch)
    with transaction.atomic():
        ImportReject.objects.filter(batch=batch).delete()
        Import.objects.in_workspace(batch.workspace_id).filter(pk=batch.pk).update(
            state=ENDS[batch.state], finished_at=clock.now(), made={}, community=batch.community_id and _still(Community, batch, batch.community_id),
            group=batch.group_id and _still(Group, batch, batch.group_id),
        )  # fmt: skip
    segments.history_changed(batch.workspace_id)
    remove_files(batch.pk)


def _forget(batch: Import, member_ids: list[UUID]) -> None:
    """Members that only this import knew."""
    begun = batch.started_at or batch.created_at
    until = batch.finished_at or clock.now()
    history.forget(batch.workspace_id, member_ids, made_from=clock.to_ms(begun), made_to=clock.to_ms(until) + 1)


def _remove_places(batch: Import) -> None:
    """Groups and the community made for this import, where nothing else has come to them.

    The warehouse is never waited for in a transaction: whoever ships holds it while waiting for a turn to write.
    """
    for group_id in batch.made.get("new_groups", []):
        group = Group.objects.in_workspace(batch.workspace_id).filter(pk=group_id).first()
        if group is not None and not warehouse.has_events(str(batch.workspace_id), community_id=str(group.community_id), group_id=str(group.pk)):
            with transaction.atomic():
                group.delete()
    if batch.made.get("new_community"):
        rows = Community.objects.in_workspace(batch.workspace_id).filter(pk=batch.made["community"])
        if not Group.objects.in_workspace(batch.workspace_id).filter(community__in=rows).exists():
            events.remove_community(batch.workspace_id, community_id=UUID(batch.made["community"]))
            with transaction.atomic():
                rows.delete()


def _still(model: type[Community | Group], batch: Import, pk: UUID) -> UUID | None:
    return pk if model.objects.in_workspace(batch.workspace_id).filter(pk=pk).exists() else None
