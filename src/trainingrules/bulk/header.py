"""The columns of a table: which fact each of them holds, and what is wrong with the others."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from trainingrules.bulk.cells import Column, refused
from trainingrules.bulk.inputs import Inputs, every_input, none_of
from trainingrules.bulk.reading import Table
from trainingrules.diagnostics import Diagnostic, FactError, did_you_mean, one_of
from trainingrules.kinds import KINDS, Shape
from trainingrules.policy import Policy

NONE_SUFFIX = ".none"
# What a table of refused rows has besides: left out when it comes back mended.
REFUSED_LINE, REFUSED_FAULTS, REFUSED_TEXT = "refused.line", "refused.faults", "refused.as_written"
_OURS = (REFUSED_LINE, REFUSED_FAULTS, REFUSED_TEXT)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table tells of people: the column of the key, those of facts, and those that hold a history as a list.

    Of a history, ``lists`` holds the fields.
    """

    key: str
    columns: tuple[Column, ...]
    lists: Mapping[str, tuple[Column, ...]]

    @property
    def read(self) -> list[str]:
        """The columns to read, in the order in which they are told."""
        return list(dict.fromkeys((self.key, *(one.name for one in self.columns), *self.lists)))


def layout_of(policy: Policy, table: Table, *, key: str, ignore: Collection[str], elsewhere: Collection[str]) -> Layout:
    """
    What the columns of a table of people hold; ``elsewhere`` are the histories that stand in tables of their own.

    Raises:
        FactError: with every column that is not understood.
    """
    inputs = every_input(policy)
    faults = list(_not_a_table(policy, table, key, ignore))
    columns: list[Column] = []
    lists: dict[str, tuple[Column, ...]] = {}
    for name, dtype in table.schema.items():
        if name == key or name in ignore or name in _OURS:
            continue
        if name in inputs.histories:
            found, wrong = _list(table, name, dtype, inputs.histories[name], name in elsewhere)
            lists[name] = found
            faults += wrong
            continue
        path = name.removesuffix(NONE_SUFFIX)
        shape = inputs.shape(path)
        if shape is None or (path != name and not KINDS[shape.kind].nullable):
            faults.append(_unknown(policy, inputs, table, name))
        else:
            columns.append(Column(name, path, shape, none=path != name))
            faults += _unfit(table, name, dtype, shape, none=path != name)
    if faults:
        raise FactError(faults)
    return Layout(key, tuple(columns), lists)


def rows_layout(policy: Policy, table: Table, history: str, *, key: str) -> Layout:
    """
    What the columns of a table with the rows of a history hold.

    Raises:
        FactError: with every column that is not understood.
    """
    fields = {name: one.shape for name, one in policy.records[history].fields.items()}
    faults = list(_not_a_table(policy, table, key, ()))
    names = [name for name in table.schema if name != key]
    columns, more = _fields(table, history, {name: table.schema[name] for name in names}, fields)
    if faults or more:
        raise FactError([*faults, *more])
    return Layout(key, columns, {})


def _not_a_table(policy: Policy, table: Table, key: str, ignore: Collection[str]) -> Iterator[Diagnostic]:
    names = list(table.schema)
    if key in policy.facts or key in policy.records:
        yield Diagnostic("whose-row", f"`{key}` is a fact, and cannot be the key as well", None,
                         "name the column that tells people apart with --key")  # fmt: skip
    elif key not in names:
        hint = did_you_mean(key, names) or one_of(names)
        yield table.fault("whose-row", f"there is no column `{key}` to tell people apart", "",
                          f"name the column with --key; {hint}")  # fmt: skip
    elif table.schema[key].is_float() or table.schema[key].is_nested():
        message = f"column `{key}` cannot tell people apart: its type is {table.schema[key]}"
        yield table.fault("column-type", message, "", "write the keys as whole numbers or as text")
    for name in table.doubled:
        message = f"there are two columns `{name}`" if name else "there are columns without a name"
        yield table.fault("unknown-column", message, name, "give every column a name of its own")
    for name in ignore:
        if name not in names:
            yield table.fault("unknown-column", f"there is no column `{name}` to ignore", "",
                              did_you_mean(name, names) or one_of(names))  # fmt: skip


def _unfit(table: Table, name: str, dtype: pl.DataType, shape: Shape, *, none: bool) -> Iterator[Diagnostic]:
    if none:
        if not isinstance(dtype, pl.Boolean | pl.String | pl.Null):
            yield table.fault("column-type", f"column `{name}` says whether there is none: its type is {dtype}", name,
                              "write it as true or false")  # fmt: skip
    elif reason := refused(dtype, shape):
        yield table.fault("column-type", f"column `{name}` cannot hold a fact of kind `{shape.kind}`: {reason}", name,
                          _remedy(shape))  # fmt: skip


def _remedy(shape: Shape) -> str:
    match shape.kind:
        case "money":
            return "write it as Decimal with two decimals, as whole euros, or as text such as 445.00"
        case "decimal" | "percent":
            return "write it as Decimal, as a whole number, or as text such as 2.5"
        case "integer" | "duration":
            return "write it as a whole number, or as text"
        case "moment":
            return "write it as Datetime with its time zone, or as text such as 2026-01-31T09:30:00+01:00"
        case "list":
            return "write it as List(String), or as text with `;` between the options"
        case "boolean":
            return "write it as Boolean, or as text: true or false"
        case "date":
            return "write it as Date, or as text such as 2026-01-31"
        case _:
            return "write it as String"


def _unknown(policy: Policy, inputs: Inputs, table: Table, name: str) -> Diagnostic:
    bare = name.partition("[")[0].removesuffix(NONE_SUFFIX)
    fact = policy.facts.get(bare)
    ignored = f"--ignore {name} leaves it out"
    if fact is not None and fact.per:
        rows = policy.tables[fact.per].rows if fact.per in policy.tables else ("1", "2")
        help = f"`{bare}` is known per `{fact.per}`: {one_of(f'{bare}[{row}]' for row in rows)}"
        return table.fault("unknown-column", f"column `{name}` holds no fact", name, help)
    if fact is not None and name.endswith(NONE_SUFFIX):
        help = f"a fact of kind `{fact.shape.kind}` is always there: {ignored}"
        return table.fault("unknown-column", f"column `{name}` holds no fact", name, help)
    known = [*inputs.facts, *inputs.histories, *(f"{one}[1]" for one in inputs.rounds)]
    known += [none_of(path) for path, shape in inputs.facts.items() if KINDS[shape.kind].nullable]
    hint = did_you_mean(name, known) or "`trainingrules facts` shows what may be told"
    return table.fault("unknown-column", f"column `{name}` holds no fact", name, f"{hint}; {ignored}")


def _list(
    table: Table, name: str, dtype: pl.DataType, fields: Mapping[str, Shape], elsewhere: bool
) -> tuple[tuple[Column, ...], list[Diagnostic]]:
    """A history in a column of its own: a list of rows."""
    if elsewhere:
        return (), [table.fault("unknown-column", f"the history `{name}` is given twice: here and with --rows", name,
                                "leave one of them out")]  # fmt: skip
    if isinstance(dtype, pl.List) and isinstance(dtype.inner, pl.Struct):
        return _fields(table, name, {one.name: _made(one.dtype) for one in dtype.inner.fields}, fields)
    help = f"give its rows in a table of their own: --rows {name}=FILE"
    return (), [table.fault("column-type", f"column `{name}` cannot hold a history: its type is {dtype}", name, help)]


def _made(dtype: Any) -> pl.DataType:
    """A type as polars may name it, by itself or by its class."""
    found: pl.DataType = dtype() if isinstance(dtype, type) else dtype
    return found


def _fields(
    table: Table, history: str, names: Mapping[str, pl.DataType], fields: Mapping[str, Shape]
) -> tuple[tuple[Column, ...], list[Diagnostic]]:
    columns: list[Column] = []
    faults: list[Diagnostic] = []
    for name, dtype in names.items():
        path = name.removesuffix(NONE_SUFFIX)
        if path not in fields or (path != name and not KINDS[fields[path].kind].nullable):
            hint = did_you_mean(name, fields) or one_of(fields)
            faults.append(table.fault("unknown-column", f"`{name}` is not a field of `{history}`", name, hint))
            continue
        columns.append(Column(name, path, fields[path], none=path != name))
        faults += _unfit(table, name, dtype, fields[path], none=path != name)
    return tuple(columns), faults
