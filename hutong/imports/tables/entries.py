"""One row of a list as what it says: who, by which keys they are found, what is said of them, and the order, if it is one."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from hutong.communities.models import Community
from hutong.foundation import ids
from hutong.foundation.errors import Invalid
from hutong.foundation.text import one_line
from hutong.imports.formats.moments import Zone
from hutong.imports.models import Import
from hutong.imports.records import Reject, reject
from hutong.imports.tables import cells
from hutong.imports.tables.cells import Unreadable
from hutong.imports.tables.currencies import CURRENCIES
from hutong.imports.tables.headings import ORDER_FIELDS, status_guess
from hutong.members.actions.attributes import ensure_standard
from hutong.members.actions.identities import Key
from hutong.members.models import Attribute
from hutong.members.names import NAME_LENGTH_MAX, seen_name, stored_external_id
from hutong.segments.actions.tag_kinds import NAME_LENGTH_MAX as TAG_LENGTH_MAX
from hutong.segments.actions.tag_kinds import TAGS_MAX
from hutong.segments.models import Tag

ORDER_ID_LENGTH_MAX = 100
PRODUCT_LENGTH_MAX = 500
PRODUCTS_MAX = 50
AMOUNT_MAX = 10**12


class Fact(msgspec.Struct, frozen=True, gc=False):
    """What kind of attribute a column fills. `attribute_id` of one not made yet follows from its column."""

    attribute_id: uuid.UUID
    key: str
    type: str
    options: tuple[str, ...] = ()


class Order(msgspec.Struct, gc=False):
    """An order as its row tells it. `status` is `paid` or `refunded`."""

    order_id: str
    status: str
    at_ms: int
    community_id: str
    properties: dict[str, Any]


class Entry(msgspec.Struct, gc=False):
    """What one row says. `keys` are pairs of the column and the key, in the order chosen."""

    number: int
    excerpt: str
    name: str = ""
    identities: list[Key] = []
    values: dict[uuid.UUID, Any] = {}
    keys: list[tuple[str, str]] = []
    tags: list[str] = []
    order: Order | None = None
    is_skipped: bool = False
    notes: list[Reject] = []


def facts(batch: Import) -> dict[str, Fact]:
    """Column -> the attribute it fills. Columns of attributes to be made stand for themselves until they are."""
    mapping: dict[str, str] = batch.options["table"]["mapping"]
    known: dict[str, Attribute] = {row.key: row for row in Attribute.objects.in_workspace(batch.workspace_id)}
    known |= ensure_standard(batch.workspace_id)
    made: dict[str, str] = batch.made.get("attributes", {})
    found: dict[str, Fact] = {}
    for column, target in mapping.items():
        kind, _, rest = target.partition(":")
        key = made.get(column, "") if kind == "new" else rest
        row = known.get(key)
        if kind in ("attribute", "new") and row is not None:
            found[column] = Fact(row.pk, row.key, row.type, tuple(row.options))
        elif kind == "new":
            found[column] = Fact(uuid.UUID(ids.digest("attribute", column)), "", rest)
    return found


def key_of(target: str, value: Any) -> str:
    """A value by which members are found, in the form in which two of them are compared. Phones and addresses are one space each."""
    kind, _, name = target.partition(":")
    if name == "phone":
        return f"phone\x1f{cells.normal_phone(str(value))}"
    if name == "email":
        return f"email\x1f{cells.normal_mail(str(value))}"
    return f"{kind}:{name}\x1f{value}"


class Reader:
    """Reads rows by the choices made for their list."""

    def __init__(self, batch: Import, columns: Sequence[str], found: Mapping[str, Fact]) -> None:
        options, chosen = batch.options, batch.options["table"]
        self.language = batch.workspace.language
        self.zone = Zone(options["time_zone"])
        self.order = options["date_order"]
        self.rejects_row = chosen["bad_cell"] == "row"
        self.currency = chosen["currency"]
        self.statuses: dict[str, str] = chosen["statuses"]
        self.is_orders = batch.kind == "orders"
        self.community_id = options["community_id"] or ""
        self.communities = {
            cells.plain(name).casefold(): str(pk)
            for pk, name in Community.objects.in_workspace(batch.workspace_id).filter(archived_at=None).values_list("pk", "name")
        }
        at = {column: place for place, column in enumerate(columns)}
        mapping = {column: target for column, target in chosen["mapping"].items() if column in at}
        self.key_targets: list[str] = chosen["keys"]
        self._name = next((at[column] for column, target in mapping.items() if target == "name"), None)
        self._tags = [(at[column], column) for column, target in mapping.items() if target == "tags"]
        self._tag_names = set(Tag.objects.in_workspace(batch.workspace_id).values_list("name", flat=True)) if self._tags else set()
        self._identities = [
            (at[column], column, target.partition(":")[2], target) for column, target in mapping.items() if target.startswith("identity:")
        ]
        self._values = [(at[column], column, found[column]) for column in mapping if column in found]
        self._order = {target: (at[column], column) for column, target in mapping.items() if target in ORDER_FIELDS}

    def read(self, number: int, row: Sequence[str]) -> Entry | Reject:
        """What the row says; a reject where it cannot be used."""
        entry = Entry(number, _excerpt(row))
        told: dict[str, tuple[str, Any]] = {}  # target -> column, value
        try:
            if self.is_orders:
                entry.order = self._order_of(row, entry)
                if entry.is_skipped:
                    return entry
            self._people(row, entry, told)
        except _Refused as error:
            return reject(number, error.code, entry.excerpt, **error.params)
        entry.keys = [(told[target][0], key_of(target, told[target][1])) for target in self.key_targets if target in told]
        if not entry.keys:
            return reject(number, "key_empty", entry.excerpt)
        return entry

    def _people(self, row: Sequence[str], entry: Entry, told: dict[str, tuple[str, Any]]) -> None:
        if self._name is not None:
            entry.name = seen_name(row[self._name])[:NAME_LENGTH_MAX]
        entry.identities, entry.values = [], {}
        for place, column, channel, target in self._identities:
            text = row[place].strip()
            if not text:
                continue
            try:
                given = cells.phone(text) if channel == "phone" else cells.mail(text) if channel == "email" else stored_external_id(text)
            except Unreadable as error:
                self._bad(entry, column, error)
                continue
            entry.identities.append((channel, given))
            told[target] = (column, given)
        for place, column, fact in self._values:
            text = row[place].strip()
            if not text:
                continue
            try:
                value = cells.value(fact.key, fact.type, text, order=self.order, language=self.language, options=fact.options)
            except Unreadable as error:
                self._bad(entry, column, error)
                continue
            entry.values[fact.attribute_id] = value
            told[f"attribute:{fact.key}"] = (column, value)
        entry.tags = []
        for place, column in self._tags:
            for name in cells.items(row[place]):
                try:
                    entry.tags.append(self._tag(name))
                except Unreadable as error:
                    self._bad(entry, column, error)
        entry.tags = list(dict.fromkeys(entry.tags))

    def _tag(self, text: str) -> str:
        """The name of a tag as it is kept; there are only so many tags."""
        try:
            name = one_line("name", text, length_max=TAG_LENGTH_MAX)
        except Invalid as error:
            raise Unreadable("cell_refused", value=cells.shown(text), why=error.errors[0]["message"]) from error
        if name not in self._tag_names and len(self._tag_names) >= TAGS_MAX:
            raise Unreadable("tags_many", value=cells.shown(text), limit=TAGS_MAX)
        self._tag_names.add(name)
        return name

    def _bad(self, entry: Entry, column: str, error: Unreadable) -> None:
        if self.rejects_row:
            raise _Refused(error.code, column=column, **error.params)
        entry.notes = [*entry.notes, reject(entry.number, error.code, entry.excerpt, column=column, **error.params)]

    def _order_of(self, row: Sequence[str], entry: Entry) -> Order | None:
        status = self._status(row)
        if status == "skip":
            entry.is_skipped = True
            return None
        order_id = self._needed(row, "order_id", "order_id_empty")
        if len(order_id) > ORDER_ID_LENGTH_MAX:
            raise _Refused("order_id_long", column=self._order["order_id"][1], limit=ORDER_ID_LENGTH_MAX)
        at_ms = self._cell("time", lambda text: cells.moment(text, self.zone, self.order), self._needed(row, "time", "order_time_empty"))
        written = self._needed(row, "amount", "order_amount_empty")
        amount = self._cell("amount", cells.number, written)
        if status == "refunded":
            amount = abs(amount)
        if amount < 0:
            raise _Refused("amount_negative", column=self._order["amount"][1], value=cells.shown(written))
        if amount > AMOUNT_MAX:
            raise _Refused("amount_too_large", column=self._order["amount"][1], value=cells.shown(written))
        properties: dict[str, Any] = {"order_id": order_id, "amount": amount, "currency": self._currency(row, written)}
        if status == "paid":
            product = seen_name(self._text(row, "product"))[:PRODUCT_LENGTH_MAX]
            if product:
                properties |= {"product": product, "products": cells.items(self._text(row, "product"))[:PRODUCTS_MAX]}
            if count := self._text(row, "items"):
                try:
                    properties["items"] = cells.whole(count)
                except Unreadable as error:
                    self._bad(entry, self._order["items"][1], error)
        return Order(order_id, status, at_ms, self._community(row), properties)

    def _text(self, row: Sequence[str], field: str) -> str:
        place = self._order.get(field)
        return "" if place is None else row[place[0]].strip()

    def _needed(self, row: Sequence[str], field: str, code: str) -> str:
        text = self._text(row, field)
        if not text:
            raise _Refused(code, column=self._order[field][1])
        return text

    def _cell(self, field: str, read: Any, text: str) -> Any:
        try:
            return read(text)
        except Unreadable as error:
            raise _Refused(error.code, column=self._order[field][1], **error.params) from None

    def _status(self, row: Sequence[str]) -> str:
        written = self._text(row, "status")
        if not written:
            return "paid"
        found = self.statuses.get(written) or status_guess(written)
        if found is None:
            raise _Refused("status_unknown", column=self._order["status"][1], value=cells.shown(written))
        return found

    def _currency(self, row: Sequence[str], amount: str) -> str:
        written = cells.plain(self._text(row, "currency"))
        if not written:
            return cells.currency_of(amount) or str(self.currency)
        found = cells.currency_of(written) or CURRENCIES.get(written.upper(), "")
        if not found:
            raise _Refused("currency_unknown", column=self._order["currency"][1], value=cells.shown(written))
        return found

    def _community(self, row: Sequence[str]) -> str:
        written = self._text(row, "community")
        found = self.communities.get(cells.plain(written).casefold(), "") if written else str(self.community_id)
        if not found:
            code = "community_unknown" if written else "community_empty"
            raise _Refused(code, column=self._order["community"][1] if "community" in self._order else "", value=cells.shown(written))
        return found


class _Refused(Exception):
    """The row cannot be used."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def _excerpt(row: Sequence[str]) -> str:
    return " | ".join(" ".join(cell.split()) for cell in row)
