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

from hutong.foundation import ids
from hutong.foundation.driver import Driver

IN_LIST_MAX = 900
_WIDTHS = (256, 32, 4, 1)  # rows a statement: few different ones, which the driver keeps prepared
_GIVEN = [f"given{number}" for number in range(100)]  # the names of a statement's own columns

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
            found += [(ids.read(one) if convert else one, asked[other]) for one, other in cursor.fetchall()]
    return found


def insert(
    model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]], *, is_skipping: bool = False, key: Sequence[str] = ()
) -> None:
    """Add rows; each gives the values of `names` in their order (`workspace` among them).

    `is_skipping`: not those that are there by a unique key; with `key` by that one, and a conflict with another still raises.
    """
    ending = ""
    if is_skipping:
        of_key = f"({', '.join(_columns(model, key)[0])}) " if key else ""
        ending = f"ON CONFLICT {of_key}DO NOTHING"
    _insert(model, names, rows, ending)


def _insert(model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]], ending: str) -> None:
    if not rows:
        return
    columns, converters = _columns(model, names)
    table = connection.ops.quote_name(model._meta.db_table)
    _together(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ", len(columns), ending, _prepare(rows, converters), count=len(rows))


def _together(
    beginning: str, columns: int, ending: str, rows: Iterator[tuple[Any, ...]], *, count: int, first: str = "", last: Sequence[Any] = ()
) -> None:
    """Many rows a statement: beside other threads at work each statement waits for the interpreter, so better not each row.

    `first`: the marks of the first row where they differ; `last`: the values of the ending.
    """
    with connection.wrap_database_errors:
        driver = Driver()
        for width in _WIDTHS:
            while count >= width:
                driver.run(_of_many(beginning, columns, ending, width, first), (*chain.from_iterable(islice(rows, width)), *last))
                count -= width


@lru_cache(maxsize=300)
def _of_many(beginning: str, columns: int, ending: str, width: int, first: str) -> str:
    """A statement for so many rows: the same object each time, which spares the driver from reading it anew."""
    marks = f"({', '.join(['%s'] * columns)})"
    return f"{beginning}{', '.join([first or marks] + [marks] * (width - 1))} {ending}"


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
    """Change rows by their id; each gives the values of `names` in their order, then the id. Of two with one id the later counts."""
    _update(model, names, list({row[-1]: row for row in rows}.values()), [f"given.{_GIVEN[at]}" for at in range(len(names))], workspace_id)


def _update(
    model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]], expressions: Sequence[str], workspace_id: uuid.UUID
) -> None:
    """Set columns to expressions over the row and `given`, whose columns are named by `_GIVEN`, the id last."""
    if not rows:
        return
    columns, converters = _columns(model, [*names, "id", "workspace"])
    table = connection.ops.quote_name(model._meta.db_table)
    given = ", ".join(_GIVEN[: len(names) + 1])
    sets = ", ".join(f"{column} = {expression}" for column, expression in zip(columns, expressions, strict=False))
    of_id, of_workspace = columns[-2:]
    convert = converters.pop()
    _together(
        f"WITH given ({given}) AS (VALUES ",
        len(names) + 1,
        f") UPDATE {table} SET {sets} FROM given WHERE {table}.{of_id} = given.{_GIVEN[len(names)]} AND {table}.{of_workspace} = %s",
        _prepare(rows, converters),
        count=len(rows),
        first=_typed(model, [*names, "id"]),
        last=(convert(workspace_id) if convert else workspace_id,),
    )


def _typed(model: type[models.Model], names: Sequence[str]) -> str:
    """The marks of a first row that say of which types its values are, for an engine that must know."""
    if connection.vendor == "sqlite":
        return ""
    kinds = [str(model._meta.get_field(name).db_type(connection)).partition("(")[0] for name in names]
    return f"({', '.join(f'CAST(%s AS {kind})' for kind in kinds)})"


def upsert(model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]], *, key: Sequence[str]) -> None:
    """Add rows of different keys, each with the values of `names` in their order; one whose unique `key` is there already takes the others."""
    quoted = dict(zip(names, _columns(model, names)[0], strict=True))
    sets = [f"{column} = excluded.{column}" for name, column in quoted.items() if name not in key]
    _insert(model, names, rows, f"ON CONFLICT ({', '.join(quoted[name] for name in key)}) DO UPDATE SET {', '.join(sets)}")


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
    """Widen rows by their id, each once; each gives the values of `change.names` in their order, then the id."""
    table = connection.ops.quote_name(model._meta.db_table)
    columns, _ = _columns(model, change.names)
    expressions = [
        change.expression(name, had=f"{table}.{column}", given=f"given.{_GIVEN[at]}")
        for at, (name, column) in enumerate(zip(change.names, columns, strict=True))
    ]
    _update(model, change.names, rows, expressions, workspace_id)


def insert_or_widen(model: type[models.Model], names: Sequence[str], change: Widening, rows: Sequence[Sequence[Any]], *, key: Sequence[str]) -> None:
    """Add rows of different keys, each with the values of `names` in their order; one whose unique `key` is there already widens that row."""
    quoted = dict(zip(names, _columns(model, names)[0], strict=True))
    table = connection.ops.quote_name(model._meta.db_table)
    sets = [f"{quoted[name]} = {change.expression(name, had=f'{table}.{quoted[name]}', given=f'excluded.{quoted[name]}')}" for name in change.names]
    _insert(model, names, rows, f"ON CONFLICT ({', '.join(quoted[name] for name in key)}) DO UPDATE SET {', '.join(sets)}")
