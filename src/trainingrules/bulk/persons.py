"""People asked one by one: the cells of a row as the library takes them, and every fault in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from trainingrules.bulk.cells import Column, given
from trainingrules.bulk.inputs import INDEX, KEY
from trainingrules.bulk.rows import Row, rows_by_owner
from trainingrules.diagnostics import Diagnostic
from trainingrules.facts import MOST_ROWS, Facts, parse_facts
from trainingrules.notations import fitting
from trainingrules.policy import Policy


def person_of(policy: Policy, columns: Sequence[Column], row: Mapping[str, Any]) -> tuple[Facts, list[Diagnostic]]:
    """
    The facts of one row of a table, as `spelt` gives it, and every fault in them.

    >>> from trainingrules import load
    >>> from trainingrules.kinds import Shape
    >>> policy = load("rvwo")
    >>> column = Column("role", "role", policy.facts["role"].shape)
    >>> person_of(policy, [column], {"role": "teecher"})[1][0].help
    'did you mean `teacher`?'
    """
    told, faults = _told(columns, row)
    nested: dict[str, Any] = {}
    for path, value in told.items():
        name, _, rest = path.partition("[")
        if rest:
            nested.setdefault(name, {})[rest.removesuffix("]")] = value
        else:
            nested[name] = value
    facts, more = parse_facts(policy, nested)
    return facts, [*faults, *(_with_remedy(one, columns, row) for one in more)]


def _with_remedy(fault: Diagnostic, columns: Sequence[Column], row: Mapping[str, Any]) -> Diagnostic:
    """A fault with what the cell may have meant, in the notation of the language."""
    path = fault.message.partition(": ")[0]
    for column in columns:
        cell = row[column.name]
        if column.path == path and not column.none and not fault.help and isinstance(cell, str):
            found = [f"`{one}`" for one in fitting(cell.strip(), column.shape)]
            return replace(fault, help=f"write {' or '.join(found)}") if found else fault
    return fault


def _told(columns: Sequence[Column], row: Mapping[str, Any]) -> tuple[dict[str, Any], list[Diagnostic]]:
    """What the cells of a row give to the library, by path; a cell that is empty gives nothing."""
    told: dict[str, Any] = {}
    faults: list[Diagnostic] = []
    for column in sorted(columns, key=lambda one: one.none):
        cell = row[column.name]
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            continue
        if not column.none:
            told[column.path] = given(cell, column.shape)
            continue
        word = str(cell).strip().lower()
        if word not in ("true", "false"):
            faults.append(Diagnostic("wrong-kind", f"{column.name}: `{cell}` is not `true` or `false`"))
        elif word == "true" and told.get(column.path) is not None:
            faults.append(Diagnostic("given-twice", f"{column.path}: it has a value, and {column.name} says that there "
                                     "is none", None, "leave one of the two out"))  # fmt: skip
        elif word == "true":
            told[column.path] = None
    return told, faults


# Where a row of a history stands, as its faults tell it.
Where = Callable[[Mapping[str, Any]], str]


class History:
    """A history of the people of a table: its rows in a normal frame by owner, and what did not fit in that.

    ``faults`` are those of its owner; ``odd`` holds the rows, by owner and index, that are too large or too fine for a
    column, at work.
    """

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame
        self.faults: dict[Any, list[Diagnostic]] = {}
        self.odd: dict[Any, dict[int, Row]] = {}


def history_of(policy: Policy, name: str, whole: pl.DataFrame, odd: pl.DataFrame, columns: Sequence[Column],
               where: Where) -> History:  # fmt: skip
    """
    A history from its normal frame and the rows that were left aside, with the columns ``key`` and ``index``.
    """
    found = History(whole)
    for row in odd.iter_rows(named=True):
        told, faults = _told(columns, row)
        facts, more = parse_facts(policy, {name: [told]})
        more = [replace(one, message=one.message.removeprefix(f"{name}[1].")) for one in more]
        faults = [replace(one, message=f"{where(row)}: {one.message}")
                  for one in (*faults, *(_with_remedy(one, columns, row) for one in more))]  # fmt: skip
        if faults:
            found.faults.setdefault(row[KEY], []).extend(faults)
        else:
            found.odd.setdefault(row[KEY], {})[row[INDEX]] = facts.rows[name][0]
    many = whole.group_by(KEY).len().filter(pl.col("len") > MOST_ROWS)
    for owner, count in many.iter_rows():
        fault = Diagnostic("too-many", f"{name}: {count:,} rows are too many: at most {MOST_ROWS:,}")
        found.faults.setdefault(owner, []).append(fault)
    return found


def rows_of(policy: Policy, name: str, history: History, owners: Sequence[Any]) -> Mapping[Any, Sequence[Row]]:
    """
    The rows of some owners at work; an owner without rows is not among them.
    """
    found = rows_by_owner(policy, name, history.frame.filter(pl.col(KEY).is_in(owners)))
    for owner, odd in history.odd.items():
        if owner in found:
            found[owner] = [odd.get(index, row) for index, row in enumerate(found[owner], 1)]
    return found
