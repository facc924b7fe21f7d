"""Many rows at once without the cost of one model object each, on either engine. Always within one workspace."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from typing import Any, TypeVar

from django.db import connection, models

from hutong.foundation.driver import Driver

IN_LIST_MAX = 900
INSERTED_TOGETHER = 250  # rows a statement, where there are that many

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
        return _moment if connection.vendor == "sqlite" else connection.ops.adapt_datetimefield_value
    if isinstance(target, models.JSONField):
        if connection.vendor == "sqlite" and target.encoder is None:
            return _json
        return lambda value: target.get_db_prep_save(value, connection)
    return None


def _hex(value: uuid.UUID | None) -> str | None:
    return None if value is None else value.hex


def _uuid(said: str | None) -> uuid.UUID | None:
    return None if said is None else uuid.UUID(said)


def _moment(value: dt.datetime | None) -> str | None:
    """What Django writes for an aware moment, without asking for the present zone each time."""
    if value is None:
        return None
    if value.tzinfo is not dt.UTC:
        value = value.astimezone(dt.UTC)
    return value.isoformat(" ")[:-6]  # without "+00:00"


def _json(value: Any) -> str | None:
    """What Django writes, without asking the field each time."""
    if value is None:
        return None
    return json.dumps(value) if value else _EMPTY[type(value)]


_EMPTY: dict[type, str] = {list: "[]", dict: "{}", str: '""', int: "0", float: "0.0", bool: "false", tuple: "[]"}


def _columns(model: type[models.Model], names: Sequence[str]) -> tuple[list[str], list[Callable[[Any], Any] | None]]:
    fields = [model._meta.get_field(name) for name in names]
    quoted = [connection.ops.quote_name(str(field.column)) for field in fields]  # type: ignore[union-attr]
    return quoted, [_converter(field) for field in fields]  # type: ignore[arg-type]


def _prepare(rows: Iterable[Sequence[Any]], converters: list[Callable[[Any], Any] | None]) -> Iterator[tuple[Any, ...]]:
    """Converted column by column: a million rows of thirty columns are too many to go through one value at a time."""
    columns = zip(*rows, strict=True)
    return zip(*(_converted(column, convert) for column, convert in zip(columns, converters, strict=True)), strict=True)


def _converted(column: tuple[Any, ...], convert: Callable[[Any], Any] | None) -> Iterable[Any]:
    if convert is None:
        return column
    if column[0] is column[-1] and len(set(map(id, column))) == 1:  # the workspace, the moment: the same in every row
        return [convert(column[0])] * len(column)
    return map(convert, column)


def pick(
    model: type[models.Model],
    names: Sequence[str],
    by: str,
    values: Iterable[Any],
    *,
    workspace_id: uuid.UUID,
    also: Mapping[str, Any] | None = None,
) -> list[tuple[Any, ...]]:
    """(the value of `by`, then those of `names`) of the workspace's rows whose `by` is one of the values, and whose columns of `also` have these.

    Ids are UUIDs, other values as the store has them.
    """
    fixed = {"workspace": workspace_id, **(also or {})}
    columns, converters = _columns(model, [by, *names])
    fixed_columns, fixed_converters = _columns(model, list(fixed))
    convert = converters[0]
    wanted = [convert(value) if convert else value for value, convert in zip(fixed.values(), fixed_converters, strict=True)]
    table = connection.ops.quote_name(model._meta.db_table)
    of_ids = [one is _hex for one in converters[1:]]
    found: list[tuple[Any, ...]] = []
    for chunk in chunks(dict.fromkeys(values)):
        asked = {convert(value) if convert else value: value for value in chunk}
        statement = (
            f"SELECT {', '.join(columns)} FROM {table} "
            f"WHERE {' AND '.join(f'{column} = %s' for column in fixed_columns)} AND {columns[0]} IN ({', '.join(['%s'] * len(chunk))})"
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, [*wanted, *asked])
            rows = cursor.fetchall()
        if rows:
            keys, *rest = zip(*rows, strict=True)
            found += zip(
                map(asked.__getitem__, keys),
                *(map(_uuid, column) if is_id else column for column, is_id in zip(rest, of_ids, strict=True)),
                strict=True,
            )
    return found


def present(model: type[models.Model], name: str, values: Iterable[uuid.UUID], *, workspace_id: uuid.UUID) -> set[uuid.UUID]:
    """Which of the ids some row of the workspace holds in that column."""
    (column, of_workspace), (convert, _) = _columns(model, [name, "workspace"])
    table = connection.ops.quote_name(model._meta.db_table)
    found: set[uuid.UUID] = set()
    for chunk in chunks(values):
        asked = {convert(value) if convert else value: value for value in [workspace_id, *chunk]}
        marks = ", ".join(["%s"] * len(chunk))
        keys = list(asked)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {column} FROM {table} WHERE {of_workspace} = %s AND {column} IN ({marks})", keys)
            found.update(asked[key] for (key,) in cursor.fetchall())
    return found


def pairs(
    model: type[models.Model], name: str, by: str, values: Iterable[uuid.UUID], *, workspace_id: uuid.UUID
) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """(`name`, `by`) of the workspace's rows whose `by` is one of the ids."""
    (column, of_workspace, by_column), (convert, *_) = _columns(model, [name, "workspace", by])
    table = connection.ops.quote_name(model._meta.db_table)
    found: list[tuple[uuid.UUID, uuid.UUID]] = []
    for chunk in chunks(values):
        asked = {convert(value) if convert else value: value for value in [workspace_id, *chunk]}
        marks = ", ".join(["%s"] * len(chunk))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {column}, {by_column} FROM {table} WHERE {of_workspace} = %s AND {by_column} IN ({marks})", list(asked))
            found += [(uuid.UUID(one) if convert else one, asked[other]) for one, other in cursor.fetchall()]
    return found


def insert(
    model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]], *, is_skipping: bool = False, key: Sequence[str] = ()
) -> None:
    """Add rows; each gives the values of `names` in their order (`workspace` among them).

    `is_skipping`: not those that are there by a unique key; with `key` by that one, and a conflict with another still raises.
    """
    if not rows:
        return
    columns, converters = _columns(model, names)
    table = connection.ops.quote_name(model._meta.db_table)
    ending = ""
    if is_skipping:
        of_key = f"({', '.join(_columns(model, key)[0])}) " if key else ""
        ending = f" ON CONFLICT {of_key}DO NOTHING"
    beginning = f"INSERT INTO {table} ({', '.join(columns)}) VALUES "
    prepared = _prepare(rows, converters)
    if len(rows) >= INSERTED_TOGETHER:  # beside other threads at work each statement waits for the interpreter: better not each row
        statement = _of_many(beginning, len(columns), ending)
        with connection.wrap_database_errors:
            driver = Driver()
            for _ in range(len(rows) // INSERTED_TOGETHER):
                driver.run(statement, tuple(chain.from_iterable(islice(prepared, INSERTED_TOGETHER))))
    if len(rows) % INSERTED_TOGETHER:
        with connection.cursor() as cursor:
            cursor.executemany(f"{beginning}({', '.join(['%s'] * len(columns))}){ending}", list(prepared))


@lru_cache(maxsize=100)
def _of_many(beginning: str, columns: int, ending: str) -> str:
    """A statement for `INSERTED_TOGETHER` rows: the same object each time, which spares the driver from reading it anew."""
    return beginning + ", ".join([f"({', '.join(['%s'] * columns)})"] * INSERTED_TOGETHER) + ending


def insert_known(
    model: type[models.Model], values: dict[str, Any], of: type[models.Model], name: str, ids: Sequence[uuid.UUID], *, workspace_id: uuid.UUID
) -> int:
    """Add a row with `values` for each id that `of` has in the workspace and the table does not have yet; how many were added."""
    columns, converters = _columns(model, [*values, name])
    key, of_workspace = _columns(of, ["id", "workspace"])[0]
    table, other = connection.ops.quote_name(model._meta.db_table), connection.ops.quote_name(of._meta.db_table)
    fixed = [convert(value) if convert else value for value, convert in zip(values.values(), converters, strict=False)]
    convert, added = converters[-1], 0
    for chunk in chunks(ids):
        statement = (
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(['%s'] * len(fixed))}, {key} FROM {other}"
            f" WHERE {of_workspace} = %s AND {key} IN ({', '.join(['%s'] * len(chunk))}) ON CONFLICT DO NOTHING"
        )
        bound = [workspace_id, *chunk]
        with connection.cursor() as cursor:
            cursor.execute(statement, [*fixed, *([convert(one) for one in bound] if convert else bound)])
            added += cursor.rowcount
    return added


def update(model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]], *, workspace_id: uuid.UUID) -> None:
    """Change rows by their id; each gives the values of `names` in their order, then the id."""
    if not rows:
        return
    columns, converters = _columns(model, [*names, "id", "workspace"])
    table = connection.ops.quote_name(model._meta.db_table)
    sets = ", ".join(f"{column} = %s" for column in columns[:-2])
    statement = f"UPDATE {table} SET {sets} WHERE {columns[-2]} = %s AND {columns[-1]} = %s"
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(_prepare(([*row, workspace_id] for row in rows), converters)))


def upsert(model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]], *, key: Sequence[str]) -> None:
    """Add rows, each with the values of `names` in their order; one whose unique `key` is there already takes the other values instead."""
    if not rows:
        return
    columns, converters = _columns(model, names)
    quoted = dict(zip(names, columns, strict=True))
    table = connection.ops.quote_name(model._meta.db_table)
    sets = [f"{column} = excluded.{column}" for name, column in quoted.items() if name not in key]
    statement = (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))}) "
        f"ON CONFLICT ({', '.join(quoted[name] for name in key)}) DO UPDATE SET {', '.join(sets)}"
    )
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(_prepare(rows, converters)))


@dataclass(frozen=True, slots=True)
class Widening:
    """How columns take a value without being read first: the lesser, the greater, or the sum. No value is None; a null column takes it."""

    least: tuple[str, ...] = ()
    greatest: tuple[str, ...] = ()
    plus: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Its columns, in the order of a row's values."""
        return (*self.least, *self.greatest, *self.plus)

    def expression(self, name: str, *, had: str, given: str) -> str:
        """The column after the change."""
        if name in self.plus:
            return f"{had} + {given}"
        least, greatest = ("MIN", "MAX") if connection.vendor == "sqlite" else ("LEAST", "GREATEST")
        return f"COALESCE({least if name in self.least else greatest}({had}, {given}), {given})"


def widen(model: type[models.Model], change: Widening, rows: Sequence[Sequence[Any]], *, workspace_id: uuid.UUID) -> None:
    """Widen rows by their id; each gives the values of `change.names` in their order, then the id."""
    if not rows:
        return
    columns, converters = _columns(model, [*change.names, "id", "workspace"])
    table = connection.ops.quote_name(model._meta.db_table)
    sets = [f"{column} = {change.expression(name, had=column, given='%s')}" for name, column in zip(change.names, columns, strict=False)]
    bound = [at for at, clause in enumerate(sets) for _ in range(clause.count("%s"))] + [len(columns) - 2, len(columns) - 1]
    statement = f"UPDATE {table} SET {', '.join(sets)} WHERE {columns[-2]} = %s AND {columns[-1]} = %s"
    prepared = _prepare(([*row, workspace_id] for row in rows), converters)
    with connection.cursor() as cursor:
        cursor.executemany(statement, [[row[at] for at in bound] for row in prepared])


def insert_or_widen(model: type[models.Model], names: Sequence[str], change: Widening, rows: Sequence[Sequence[Any]], *, key: Sequence[str]) -> None:
    """Add rows, each with the values of `names` in their order; one whose unique `key` is there already widens that row instead."""
    if not rows:
        return
    columns, converters = _columns(model, names)
    quoted = dict(zip(names, columns, strict=True))
    table = connection.ops.quote_name(model._meta.db_table)
    sets = [f"{quoted[name]} = {change.expression(name, had=f'{table}.{quoted[name]}', given=f'excluded.{quoted[name]}')}" for name in change.names]
    statement = (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))}) "
        f"ON CONFLICT ({', '.join(quoted[name] for name in key)}) DO UPDATE SET {', '.join(sets)}"
    )
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(_prepare(rows, converters)))
