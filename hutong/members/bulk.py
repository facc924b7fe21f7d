"""Many rows at once without the cost of one model object each, on either engine. Always within one workspace."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from django.db import connection, models

IN_LIST_MAX = 900

Item = TypeVar("Item")


def chunks(items: Iterable[Item], *, size: int = IN_LIST_MAX) -> Iterator[list[Item]]:
    """Lists of at most `size`, so that a statement never holds too many values."""
    chunk: list[Item] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _converter(field: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(target, models.UUIDField):
        return None if connection.features.has_native_uuid_field else _hex
    if isinstance(target, models.DateTimeField):
        return connection.ops.adapt_datetimefield_value
    if isinstance(target, models.JSONField):
        return lambda value: target.get_db_prep_save(value, connection)
    return None


def _hex(value: uuid.UUID | None) -> str | None:
    return None if value is None else value.hex


def _columns(model: type[models.Model], names: Sequence[str]) -> tuple[list[str], list[Callable[[Any], Any] | None]]:
    fields = [model._meta.get_field(name) for name in names]
    quoted = [connection.ops.quote_name(str(field.column)) for field in fields]  # type: ignore[union-attr]
    return quoted, [_converter(field) for field in fields]  # type: ignore[arg-type]


def _prepare(rows: Iterable[Sequence[Any]], converters: list[Callable[[Any], Any] | None]) -> list[list[Any]]:
    prepared = [list(row) for row in rows]
    for index, convert in enumerate(converters):
        if convert is not None:
            for row in prepared:
                row[index] = convert(row[index])
    return prepared


def insert(model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Add rows; each gives the values of `names` in their order (`workspace` among them)."""
    if not rows:
        return
    columns, converters = _columns(model, names)
    table = connection.ops.quote_name(model._meta.db_table)
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})"
    with connection.cursor() as cursor:
        cursor.executemany(statement, _prepare(rows, converters))


def update(model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]], *, workspace_id: uuid.UUID) -> None:
    """Change rows by their id; each gives the values of `names` in their order, then the id."""
    if not rows:
        return
    columns, converters = _columns(model, [*names, "id", "workspace"])
    table = connection.ops.quote_name(model._meta.db_table)
    sets = ", ".join(f"{column} = %s" for column in columns[:-2])
    statement = f"UPDATE {table} SET {sets} WHERE {columns[-2]} = %s AND {columns[-1]} = %s"
    with connection.cursor() as cursor:
        cursor.executemany(statement, _prepare(([*row, workspace_id] for row in rows), converters))
