"""Lists as a person imports them, and what the records and the warehouse hold before and after."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from hutong.events.queries import rows
from hutong.foundation import clock
from hutong.members.models import AttributeValue, Identity, Member, Participation
from tests.imports.conftest import Importing, run_jobs

Cells = list[list[Any]]


class Listing(Importing):
    """One workspace's imports of lists."""

    def offer(self, name: str, content: bytes, kind: str = "members", *, status: int = 201, query: str = "") -> dict[str, Any]:
        """Upload a list; what the server answers."""
        answer = self.api.http.post(self.api.url(f"/imports?kind={kind}{query}"), {"files": [SimpleUploadedFile(name, content)]})
        assert answer.status_code == status, answer.content.decode()
        return answer.json()  # type: ignore[no-any-return]

    def offer_rows(self, cells: Cells, kind: str = "members", **choices: Any) -> dict[str, Any]:
        """Upload rows as CSV and choose."""
        batch = self.offer(f"{kind}.csv", as_csv(cells), kind)
        return self.change(batch, **choices) if choices else batch

    def checked(self, batch: dict[str, Any]) -> dict[str, Any]:
        """Check; what was counted."""
        done = self.step(batch, "check")
        assert done["state"] == "checked", done
        return done["table"]["checked"]  # type: ignore[no-any-return]

    def run(self, batch: dict[str, Any]) -> dict[str, Any]:
        """Run what was checked, leaving out what cannot be read; what was counted, the same as in the check."""
        checked = self.checked(batch)
        self.change(batch, keep_good_rows=True)
        done = self.step(batch, "run")
        assert done["state"] == "done", done
        result = done["table"]["result"]
        assert {**checked, "seconds": 0} == {**result, "seconds": 0}
        return result  # type: ignore[no-any-return]

    def import_rows(self, cells: Cells, kind: str = "members", **choices: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """From the rows to the end: the import and its counts."""
        batch = self.offer_rows(cells, kind, **choices)
        return batch, self.run(batch)

    def records(self) -> dict[str, Any]:
        """Everything about members, by content."""
        workspace = self.api.workspace
        names = {}
        members = []
        for one in Member.objects.in_workspace(workspace).order_by("pk"):
            names[one.pk] = f"{one.name}#{len(members)}"
            members.append(
                (
                    names[one.pk],
                    one.is_name_fixed,
                    one.merged_into_id,
                    clock.to_ms(one.first_seen_at),
                    clock.to_ms(one.last_seen_at),
                    one.last_active_at,
                )
            )
        values = AttributeValue.objects.in_workspace(workspace).values_list("member_id", "attribute__key", "value", "source", "source_name", "set_at")
        identities = Identity.objects.in_workspace(workspace).values_list("member_id", "origin_id", "channel", "external_id", "name", "last_seen_at")
        parts = Participation.objects.in_workspace(workspace).values_list("member_id", "first_seen_at", "last_active_at", "messages")
        return {
            "members": members,
            "values": sorted((names[row[0]], *map(repr, row[1:])) for row in values),
            "identities": sorted((names[row[0]], names[row[1]], *map(repr, row[2:])) for row in identities),
            "participations": sorted((names[row[0]], *map(repr, row[1:])) for row in parts),
            "orders": self.orders(),
        }  # fmt: skip

    def people(self) -> dict[str, dict[str, Any]]:
        """Attributes by name of the member."""
        found: dict[str, dict[str, Any]] = {one.name: {} for one in Member.objects.in_workspace(self.api.workspace)}
        for name, key, value in AttributeValue.objects.in_workspace(self.api.workspace).values_list("member__name", "attribute__key", "value"):
            found[name][key] = value
        return found

    def orders(self) -> list[tuple[Any, ...]]:
        """Orders of the workspace: event, number, amount, currency, moment, local day, history, activity."""
        found = rows(
            "SELECT name, properties.order_id.:String AS order_id, toFloat64(ifNull(properties.amount.:Float64, properties.amount.:Int64)), properties.currency.:String,"
            " toUnixTimestamp64Milli(occurred_at), toString(local_day), is_history, is_activity FROM events"
            " WHERE workspace_id = {w:UUID} AND name LIKE 'order_%' ORDER BY order_id, name",
            {"w": self.workspace_id},
        )
        return [tuple(row) for row in found]

    def rejects(self, batch: dict[str, Any]) -> list[tuple[int, str, str]]:
        """Line, code and sentence of what was left out."""
        items = self.api.get(f"/imports/{batch['id']}/rejects", limit=200).json()["items"]
        return [(one["line"], one["code"], one["message"]) for one in items]


@pytest.fixture
def listing(api: Any) -> Listing:
    return Listing(api)


def as_csv(cells: Cells) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(cells)
    return out.getvalue().encode()


def as_xlsx(*sheets: tuple[str, Cells]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for title, cells in sheets:
        sheet = book.create_sheet(title)
        for row in cells:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


__all__ = ["Listing", "as_csv", "as_xlsx", "run_jobs"]
