"""An import of a list as the API shows it."""

from __future__ import annotations

from typing import Any

from hutong.foundation import clock
from hutong.imports.models import Import
from hutong.imports.tables.sifting import COUNTED
from hutong.imports.wording import text

KEPT = ("members_kept", "values_kept", "names_kept", "identities_kept")


def detail(batch: Import, language: str) -> dict[str, Any]:
    """Columns, first rows, counts."""
    found, preview = batch.detection, batch.detection["preview"]
    progress = batch.progress
    return {
        "sheets": found["sheets"],
        "sheet": found["sheet"],
        "has_header": found["has_header"],
        "columns": [{"name": name, "samples": found["samples"][name], "type": found["types"][name]} for name in found["columns"]],
        "statuses": found["statuses"],
        "rows": [
            row | {"problems": [one | {"message": text(one["code"], one["params"], language)} for one in row["problems"]]} for row in preview["rows"]
        ],
        "checked": _counts(batch.checked, batch.checked.get("seconds", 0.0), language),
        "result": _counts(progress.get("tally") if progress.get("phase") in ("import", "finish") else None, progress.get("seconds", 0.0), language),
        "undone": batch.undone or None,
    }


def listed(batch: Import) -> int:
    """How many places the rejects of an import name, kept or not."""
    if batch.undone:
        return sum(batch.undone[name] for name in KEPT)
    tally = batch.progress.get("tally") or batch.checked
    return int(tally["counts"]["rejected"] + tally["counts"]["cells"]) if tally else 0


def _counts(tally: dict[str, Any] | None, seconds: float, language: str) -> dict[str, Any] | None:
    if not tally:
        return None
    amounts: dict[str, dict[str, str]] = {}
    for name, total in tally["amounts"].items():
        status, _, currency = name.partition(" ")
        amounts.setdefault(currency, {"paid": "0", "refunded": "0"})[status] = total
    reasons = [{"code": code, "message": text(code, one["params"], language), "count": one["count"]} for code, one in tally["reasons"].items()]
    return {
        **{name: tally["counts"][name] for name in COUNTED},
        "reasons": sorted(reasons, key=lambda reason: -int(reason["count"])),
        "amounts": [{"currency": currency} | some for currency, some in sorted(amounts.items())],
        "first_at": None if tally["first_ms"] is None else clock.from_ms(tally["first_ms"]),
        "last_at": None if tally["last_ms"] is None else clock.from_ms(tally["last_ms"]),
        "seconds": seconds,
    }
