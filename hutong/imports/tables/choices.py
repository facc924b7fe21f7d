"""What a person chooses before a list is imported: what each column is, who is the same person, what happens to them."""

from __future__ import annotations

import re
from typing import Any

from hutong.communities.models import Community
from hutong.foundation import clock, ids
from hutong.foundation.errors import Invalid
from hutong.foundation.text import storable
from hutong.imports.errors import FileRefused
from hutong.imports.formats.columns import plain_name
from hutong.imports.models import MEMBERS, ORDERS, Import, MappingPreset
from hutong.imports.reading import PREVIEW_RECORDS, PREVIEW_SECONDS_MAX, stored_reject
from hutong.imports.records import FileError, Reject
from hutong.imports.tables import cells, headings
from hutong.imports.tables.currencies import CURRENCIES
from hutong.imports.tables.entries import Reader, facts
from hutong.imports.tables.files import Row, Table, sample
from hutong.imports.tables.headings import ORDER_FIELDS
from hutong.imports.uploads import paths
from hutong.members.actions.attributes import ensure_standard
from hutong.members.models import ATTRIBUTE_TYPES, Attribute

CHANGED_HERE = frozenset({"time_zone", "date_order", "encoding", "community_id", "table"})
ORDERS_NEED = ("order_id", "time", "amount")
KEY_TYPES = ("text", "number")  # of attributes by which members are found
SAMPLES_SHOWN = 3
SAMPLE_CHARACTERS = 60
STATUSES_MAX = 50
COLUMN_READ_MAX = 100_000  # rows looked through for the order of day and month
_CHANNEL = re.compile(r"[a-z][a-z0-9_]{0,29}")
_KEPT_OF_PRESET = ("keys", "when_found", "when_missing", "bad_cell", "statuses", "currency", "has_header")
TITLES = {
    (MEMBERS, "csv"): {"zh": "成员表（CSV）", "en": "List of members (CSV)"},
    (MEMBERS, "xlsx"): {"zh": "成员表（Excel）", "en": "List of members (Excel)"},
    (ORDERS, "csv"): {"zh": "订单表（CSV）", "en": "List of orders (CSV)"},
    (ORDERS, "xlsx"): {"zh": "订单表（Excel）", "en": "List of orders (Excel)"},
}  # fmt: skip


def begin(batch: Import, *, encoding: str) -> None:
    """The first reading of a dropped list and the choices that follow from it."""
    batch.options = batch.options | {"encoding": encoding, "table": _nothing_chosen()}
    if batch.kind == ORDERS:
        own = list(Community.objects.in_workspace(batch.workspace_id).filter(archived_at=None, is_sample=False).values_list("pk", "time_zone")[:2])
        if len(own) == 1:
            batch.options |= {"community_id": str(own[0][0]), "time_zone": own[0][1]}
    _look(batch, anew=True)


def apply(batch: Import, changes: dict[str, Any]) -> bool:
    """Set the choices given; whether anything differs now. Raises Invalid, FileRefused."""
    _validate(batch, changes)
    before = {**batch.options, "table": dict(batch.options["table"])}
    for name, value in changes.items():
        if name == "table":
            for key, chosen in (value or {}).items():
                batch.options["table"][key] = _nothing_chosen()[key] if chosen is None else chosen
        elif name in CHANGED_HERE:
            batch.options[name] = _default(batch, name) if value is None else str(value) if name == "community_id" else value
    after = batch.options["table"]
    reread = before["encoding"] != batch.options["encoding"] or any(before["table"][name] != after[name] for name in ("sheet", "has_header"))
    if "mapping" in (changes.get("table") or {}) and "keys" not in (changes.get("table") or {}):
        after["keys"] = _keys(batch, after["mapping"], kept=before["table"]["keys"], had=before["table"]["mapping"])
    after["keys"] = [key for key in after["keys"] if key in after["mapping"].values()]
    if before == batch.options:
        return False
    _look(batch, anew=reread)
    return True


def missing(batch: Import) -> list[str]:
    """Choices without which the list cannot be imported."""
    chosen = batch.options["table"]
    targets = set(chosen["mapping"].values())
    found = []
    if not targets or (batch.kind == ORDERS and not targets.issuperset(ORDERS_NEED)):
        found.append("mapping")
    if not chosen["keys"]:
        found.append("keys")
    if batch.kind == ORDERS and not batch.options["community_id"] and "community" not in targets:
        found.append("community")
    if batch.detection["date_order_ambiguous"] and not batch.options["date_order"]:
        found.append("date_order")
    return found


def header_hash(batch: Import) -> str:
    """Under which the choices for a list with these columns are remembered."""
    return ids.digest(batch.kind, *batch.detection["columns"])


def remember(batch: Import) -> None:
    """The choices for this list are offered when the same headings come again. Within a transaction."""
    chosen = batch.options["table"]
    MappingPreset.objects.in_workspace(batch.workspace_id).update_or_create(
        workspace_id=batch.workspace_id,
        header_hash=header_hash(batch),
        defaults={
            "name": batch.files[0]["name"][:100],
            "mapping": chosen["mapping"],
            "options": {name: chosen[name] for name in _KEPT_OF_PRESET}
            | {"time_zone": batch.options["time_zone"], "date_order": batch.options["date_order"]},
            "used_at": clock.now(),
        },
    )


def title(batch: Import, language: str) -> str:
    """What the import is called in lists."""
    return TITLES[batch.kind, batch.format][language]


def _nothing_chosen() -> dict[str, Any]:
    return {
        "sheet": "",
        "has_header": None,
        "mapping": {},
        "keys": [],
        "when_found": "fill",
        "when_missing": "make",
        "bad_cell": "row",
        "statuses": {},
        "currency": "CNY",
    }


def _default(batch: Import, name: str) -> Any:
    return {"time_zone": batch.workspace.time_zone, "date_order": None, "encoding": "", "community_id": None}[name]


def _look(batch: Import, *, anew: bool) -> None:
    """Read the beginning of the list with the present choices; `anew`: the columns may be other ones."""
    try:
        table = Table(paths(batch), batch.options)
        rows = sample(table)
        if anew or not batch.detection:
            _find(batch, table, rows)
        _find_order(batch, table, rows)
        batch.detection["statuses"] = _statuses(batch, table, rows)
        batch.detection["preview"] = _preview(batch, table)
    except FileError as error:
        raise FileRefused(error) from error


def _find(batch: Import, table: Table, rows: list[Row]) -> None:
    """Say what the columns seem to be; choices made for the same headings come back."""
    batch.format = batch.options["format"] = table.format
    columns = [storable(name) for name in table.columns]
    batch.detection = {
        "format": table.format, "channel": "", "confidence": 1.0, "alternatives": [], "groups": [], "date": None, "date_order": None,
        "date_order_ambiguous": False, "times_have_zone": False, "encoding": table.encoding, "columns": columns, "skipped": [], "needs": [],
        "sheets": list(table.sheets), "sheet": table.sheet, "has_header": table.has_header,
        "samples": {
            column: [cells.shown(row[at])[:SAMPLE_CHARACTERS] for _, row in rows if row[at].strip()][:SAMPLES_SHOWN] for at, column in enumerate(columns)
        },
        "types": {column: cells.guessed_type([row[at] for _, row in rows]) for at, column in enumerate(columns)},
    }  # fmt: skip
    chosen = batch.options["table"]
    custom = {
        plain_name(name): row.key
        for row in Attribute.objects.in_workspace(batch.workspace_id).order_by("key")
        for name in (row.key, row.name_zh, row.name_en)
    }
    mapping = headings.guess(batch.kind, columns, custom=custom, has_tags=True) if table.has_header else {}
    preset = MappingPreset.objects.in_workspace(batch.workspace_id).filter(header_hash=header_hash(batch)).first() if table.has_header else None
    if preset is not None:
        known = _attribute_types(batch)
        mapping = {
            column: target for column, target in preset.mapping.items() if not target.startswith("attribute:") or target.partition(":")[2] in known
        }
        chosen |= {name: preset.options[name] for name in _KEPT_OF_PRESET if name in preset.options and name != "has_header"}
        batch.options |= {"time_zone": preset.options["time_zone"], "date_order": preset.options["date_order"]}
    chosen["mapping"] = mapping
    chosen["keys"] = [key for key in chosen["keys"] if key in mapping.values()] if preset else _keys(batch, mapping, kept=[], had={})
    batch.detection |= {"mapping": mapping, "mapping_source": "remembered" if preset else "suggested" if mapping else "none"}


def _keys(batch: Import, mapping: dict[str, str], *, kept: list[str], had: dict[str, str]) -> list[str]:
    """The keys chosen, with those that identities, phones and addresses just mapped would make; the surest first."""
    targets = list(mapping.values())
    found = [key for key in kept if key in targets]
    fresh = [one for one in targets if one not in found and one not in had.values()]
    found += [one for one in fresh if one.startswith("identity:")]
    found += [one for one in ("attribute:phone", "attribute:email") if one in fresh]
    return found


def _find_order(batch: Import, table: Table, rows: list[Row]) -> None:
    """Whether day and month of the mapped dates can be told apart: by the first rows, else by many."""
    types = _attribute_types(batch)
    dated = []
    for column, target in batch.options["table"]["mapping"].items():
        kind, _, rest = target.partition(":")
        if target == "time" or (rest if kind == "new" else types.get(rest) if kind == "attribute" else "") in ("date", "birthday"):
            dated.append(column)
    order: str | None = None
    is_open = False
    for column in dated:
        at = batch.detection["columns"].index(column)
        found, still_open = headings.date_order(row[at] for _, row in rows)
        if still_open:
            found, still_open = headings.date_order(_column(table, at))
        if found is not None and not still_open:
            order, is_open = found, False
            break
        is_open |= still_open
        order = order or found
    batch.detection |= {"date_order": order, "date_order_ambiguous": is_open}
    if not is_open and batch.options["date_order"] is None:
        batch.detection["date_order"] = order


def _column(table: Table, at: int) -> Any:
    for count, item in enumerate(table.rows()):
        if count >= COLUMN_READ_MAX:
            return
        if not isinstance(item, Reject):
            yield item[1][at]


def _statuses(batch: Import, table: Table, rows: list[Row]) -> dict[str, str | None]:
    """The words of the status column among the first rows, each with what it seems to mean."""
    column = next((column for column, target in batch.options["table"]["mapping"].items() if target == "status"), None)
    if column is None:
        return {}
    at = batch.detection["columns"].index(column)
    words = dict.fromkeys(row[at].strip() for _, row in rows if row[at].strip())
    return {word: headings.status_guess(word) for word in list(words)[:STATUSES_MAX]}


def _preview(batch: Import, table: Table) -> dict[str, Any]:
    """The first rows, each with what cannot be read in it."""
    ready = not {"mapping", "keys"} & set(missing(batch))
    reader = Reader(batch, table.columns, facts(batch)) if ready else None
    rows: list[dict[str, Any]] = []
    rejects: list[dict[str, Any]] = []
    started = clock.monotonic_seconds()
    for item in table.rows():
        if isinstance(item, Reject):
            rejects.append(stored_reject(table.name, item))
        else:
            number, row = item
            entry = reader.read(number, row) if reader is not None else None
            problems = [] if entry is None else [entry] if isinstance(entry, Reject) else entry.notes
            rows.append(
                {
                    "line": number,
                    "cells": [storable(cell)[:SAMPLE_CHARACTERS] for cell in row],
                    "problems": [{"code": one.code, "params": one.params, "is_left_out": one is entry} for one in problems],
                    "is_skipped": entry is not None and not isinstance(entry, Reject) and entry.is_skipped,
                }
            )
        if len(rows) >= PREVIEW_RECORDS or len(rejects) >= PREVIEW_RECORDS or clock.monotonic_seconds() - started > PREVIEW_SECONDS_MAX:
            break
    return {"records": [], "rejects": rejects, "rows": rows}


def _attribute_types(batch: Import) -> dict[str, str]:
    """Key -> type of every attribute members can have."""
    known = {row.key: row.type for row in Attribute.objects.in_workspace(batch.workspace_id)}
    return known | {key: row.type for key, row in ensure_standard(batch.workspace_id).items()}


def _validate(batch: Import, changes: dict[str, Any]) -> None:
    foreign = [name for name, value in changes.items() if name not in CHANGED_HERE and name != "keep_good_rows" and value]
    if foreign:
        raise Invalid.field(foreign[0], "导入表格没有这个选项。", "An import of a list has no such choice.")
    if changes.get("time_zone"):
        try:
            clock.zone(changes["time_zone"])
        except ValueError:
            raise Invalid.field("time_zone", "没有这个时区，例如 Asia/Shanghai。", "There is no such time zone. Example: Asia/Shanghai.") from None
    community_id = changes.get("community_id")
    if community_id and not Community.objects.in_workspace(batch.workspace_id).filter(pk=community_id, archived_at=None).exists():
        raise Invalid.field("community_id", "没有这个社群，或已归档。", "There is no such community, or it is archived.")
    table = changes.get("table") or {}
    if table.get("sheet") and table["sheet"] not in batch.detection["sheets"]:
        raise Invalid.field("table.sheet", "文件里没有这张工作表。", "The file has no such sheet.")
    if table.get("currency") and table["currency"] not in CURRENCIES.values():
        raise Invalid.field("table.currency", "没有这种货币，例如 CNY。", "There is no such currency. Example: CNY.")
    _validate_mapping(batch, table)


def _validate_mapping(batch: Import, table: dict[str, Any]) -> None:
    if table.get("mapping") is not None:
        types = _attribute_types(batch)
        used: set[str] = set()
        for column, target in table["mapping"].items():
            field = f"table.mapping.{column}"
            if column not in batch.detection["columns"]:
                raise Invalid.field(field, f"文件里没有「{column}」这一列。", f"The file has no column “{column}”.")
            if not _is_target(batch, target, types):
                raise Invalid.field(field, f"「{target}」不是能导入的内容。", f"“{target}” is nothing a column can be.")
            if target in used and not target.startswith(("new:", "tags")):
                raise Invalid.field(field, "另一列已经是这个了，每种内容只能选一列。", "Another column is this already; each thing is one column.")
            used.add(target)
    if table.get("keys") is not None:
        mapping = batch.options["table"]["mapping"] if table.get("mapping") is None else table["mapping"]
        types = _attribute_types(batch)
        for key in table["keys"]:
            kind, _, name = key.partition(":")
            if key not in mapping.values() or not (kind == "identity" or types.get(name) in KEY_TYPES):
                raise Invalid.field(
                    "table.keys", f"不能用「{key}」找人：它没有对应的列，或不是编号、文字或数字。", f"“{key}” cannot find members: no column is it, or it is no id, text or number."
                )  # fmt: skip


def _is_target(batch: Import, target: str, types: dict[str, str]) -> bool:
    kind, _, rest = target.partition(":")
    if kind == "identity":
        return _CHANNEL.fullmatch(rest) is not None
    if kind == "attribute":
        return rest in types
    if kind == "new":
        return batch.kind == MEMBERS and rest in ATTRIBUTE_TYPES
    return target == "name" or (batch.kind == MEMBERS and target == "tags") or (batch.kind == ORDERS and target in ORDER_FIELDS)
