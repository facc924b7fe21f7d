"""Orders to events of the warehouse. An order is known by its own number: whatever file tells it again, it is there already."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from hutong.communities.models import Community
from hutong.events import catalogue
from hutong.events.queries import history as warehouse
from hutong.events.row import EventRow, encode_lines
from hutong.foundation import ids
from hutong.foundation.localdays import LocalDays, local_days
from hutong.imports.models import Import
from hutong.imports.tables.entries import Order
from hutong.imports.tables.matching import Person
from hutong.imports.tables.sifting import OrderKey

EVENTS = {"paid": "order_paid", "refunded": "order_refunded"}
_STATUSES = {name: status for status, name in EVENTS.items()}


def event_id(status: str, order_id: str) -> str:
    """The same order has the same id, whichever file tells it."""
    return ids.digest(EVENTS[status], order_id)


def there(batch: Import, keys: list[OrderKey]) -> set[OrderKey]:
    """Which of the orders the workspace has, by whatever source."""
    found = warehouse.known_orders(str(batch.workspace_id), names=list(EVENTS.values()), order_ids=[order_id for _, order_id in keys])
    return {(_STATUSES[name], order_id) for name, order_id in found}


class Composer:
    """Writes orders as rows of the warehouse."""

    def __init__(self, batch: Import) -> None:
        self.workspace_id = str(batch.workspace_id)
        self.source = f"import:{batch.pk}"
        self._days: dict[str, LocalDays] = {}

    def lines(self, orders: Iterable[tuple[Order, Person]], *, received_at: float) -> dict[str, str]:
        """The lines to insert, by community."""
        rows: dict[str, list[EventRow]] = {}
        for order, person in orders:
            rows.setdefault(order.community_id, []).append(self._row(order, person, received_at))
        return {community_id: encode_lines(some).decode() for community_id, some in rows.items()}

    def _row(self, order: Order, person: Person, received_at: float) -> EventRow:
        day, hour = self._days_of(order.community_id)(order.at_ms)
        name = EVENTS[order.status]
        return EventRow(
            workspace_id=self.workspace_id,
            community_id=order.community_id,
            id=event_id(order.status, order.order_id),
            name=name,
            occurred_at=order.at_ms / 1000,
            received_at=received_at,
            local_day=day,
            local_hour=hour,
            member_id=str(person.member_id),
            origin_id=str(person.origin_id),
            source=self.source,
            is_history=True,
            is_activity=int(catalogue.is_activity(name)),
            properties=order.properties,
        )

    def _days_of(self, community_id: str) -> LocalDays:
        found = self._days.get(community_id)
        if found is None:
            zone = Community.objects.across_workspaces().values_list("time_zone", flat=True).get(pk=UUID(community_id))
            found = self._days[community_id] = local_days(zone)
        return found
