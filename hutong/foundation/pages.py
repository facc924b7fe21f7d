"""One cursor shape for every list: opaque, signed by nothing, safe to keep in a URL."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

from hutong.foundation.errors import Invalid

PAGE_SIZE_DEFAULT = 50
PAGE_SIZE_MAX = 200
CURSOR_LENGTH_MAX = 2000

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows of one page and the cursor of the next (None at the end)."""

    items: list[Row]
    next_cursor: str | None


def encode(values: list[Any]) -> str:
    """Sort values of the last row to a cursor."""
    return base64.urlsafe_b64encode(json.dumps(values, default=str).encode()).decode().rstrip("=")


def decode(cursor: str, *, length: int) -> list[Any]:
    """The sort values a cursor holds; raises Invalid for anything else."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))) if len(cursor) <= CURSOR_LENGTH_MAX else None
    except ValueError:
        values = None
    if not isinstance(values, list) or len(values) != length:
        raise bad_cursor()
    return values


def bad_cursor() -> Invalid:
    """What is raised for a cursor that is none of the list's."""
    return Invalid.field("cursor", "翻页位置无效，请从第一页重新开始。", "This page position is not valid. Start from the first page.")


def paginate(rows: QuerySet[Row], *, order: list[str], cursor: str | None, limit: int) -> Page[Row]:
    """Keyset page over `rows` sorted by `order` (Django names, "-" for descending, the last one unique and none null)."""
    limit = max(1, min(limit, PAGE_SIZE_MAX))
    if cursor:
        values = decode(cursor, length=len(order))
        after = Q()
        for index, name in enumerate(order):
            step = Q(**{earlier.lstrip("-"): values[at] for at, earlier in enumerate(order[:index])})
            step &= Q(**{f"{name.lstrip('-')}__{'lt' if name.startswith('-') else 'gt'}": values[index]})
            after |= step
        try:
            rows = rows.filter(after)
        except (ValidationError, ValueError, TypeError):  # values of the wrong kind for these columns
            raise bad_cursor() from None
    try:
        found = list(rows.order_by(*order)[: limit + 1])
    except OverflowError:
        if not cursor:
            raise
        raise bad_cursor() from None  # a number or moment beyond what the store can hold
    if len(found) <= limit:
        return Page(found, None)
    last = found[limit - 1]
    return Page(found[:limit], encode([_value(last, name.lstrip("-")) for name in order]))


def _value(row: Model, path: str) -> Any:
    value: Any = row
    for name in path.split("__"):
        value = getattr(value, name)
    return value
