"""Random people in a table: every fact at and beside what the policy compares it with, a fifth of it not known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any

import polars as pl

from trainingrules.bulk.inputs import KEY, Inputs, none_of
from trainingrules.calendar import MonthEnd, Period, add
from trainingrules.kinds import KINDS, Shape
from trainingrules.plan.steps import kind_of
from trainingrules.policy import Policy
from trainingrules.turns import regions, turns

UNKNOWN = 0.2
NONE = 0.1
MILLIONTHS = 1_000_000
TYPES: dict[str, pl.DataType] = {
    "boolean": pl.Boolean(), "integer": pl.Int64(), "date": pl.Date(), "moment": pl.Datetime("us", "UTC"),
    "text": pl.String(), "list": pl.List(pl.String()),
}  # fmt: skip


def random_people(policy: Policy, inputs: Inputs, on: date, count: int, seed: int = 0) -> pl.DataFrame:
    """So many people in a normal frame, of whom a fifth of the facts is not known; the same for a seed."""
    random = Random(seed)
    asked = turns(policy)
    columns: dict[str, list[Any]] = {KEY: list(range(count))}
    schema: dict[str, pl.DataType] = {KEY: pl.Int64()}
    for path, shape in inputs.facts.items():
        literals = asked.values.get(path.partition("[")[0], ())
        values = _values(policy, shape, literals, asked.days, asked.lengths, on)
        nullable = KINDS[shape.kind].nullable
        cells = [_cell(random, values, nullable=nullable) for _ in range(count)]
        columns[path] = [None if none else value for value, none in cells]
        schema[path] = TYPES[kind_of(shape)]
        if nullable:
            columns[none_of(path)] = [none for _, none in cells]
            schema[none_of(path)] = pl.Boolean()
    return pl.DataFrame(columns, schema=schema)


def _cell(random: Random, values: list[Any], *, nullable: bool) -> tuple[Any, bool]:
    if random.random() < UNKNOWN:
        return None, False
    if nullable and random.random() < NONE:
        return None, True
    return random.choice(values), False


def _values(
    policy: Policy, shape: Shape, literals: tuple[Any, ...], days: tuple[date, ...],
    lengths: tuple[tuple[str, int], ...], on: date,
) -> list[Any]:  # fmt: skip
    """The values that a column may hold of a fact, where the rules turn."""
    if shape.kind in ("date", "moment"):
        return _days(shape, days, lengths, on)
    found = [_in_column(value, shape) for value in regions(shape, literals, policy.zone, on)]
    if shape.kind == "text":
        found += ["", "something else"]
    return [value for value in found if value is not None]


def _in_column(value: Any, shape: Shape) -> Any:
    """A value at work as a column has it; none when it does not fit."""
    if isinstance(value, tuple):
        return list(value)
    if shape.kind in ("decimal", "percent"):
        value = Fraction(value) * MILLIONTHS
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else None
    return value


def _days(shape: Shape, days: tuple[date, ...], lengths: tuple[tuple[str, int], ...], on: date) -> list[Any]:
    near = {on, on.replace(day=1), *days}
    for unit, count in lengths:
        period = Period(days=-(-count // 24)) if unit == "hours" else Period(**{unit: count})
        near |= {add(on, period, month_end=MonthEnd.EARLIER, sign=sign) for sign in (1, -1)}
    found = sorted({day + timedelta(days=by) for day in near for by in (-1, 0, 1)})
    found = [day for day in found if date(1970, 1, 5) <= day <= date(2037, 12, 25)] if shape.kind == "moment" else found
    if shape.kind == "date":
        return list(found)
    clock = ((0, 0), (9, 30), (22, 0), (22, 59), (23, 0), (23, 30))
    return [datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) for day in found for hour, minute in clock]
