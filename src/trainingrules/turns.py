"""Where the rules of a policy may turn: the values it compares with, and those on either side of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, pairwise
from math import ceil, floor
from typing import Any

from trainingrules import policy as p
from trainingrules.calendar import Period, day_of, is_leap_year
from trainingrules.frozen import frozen
from trainingrules.kinds import DAYS, DURATION_UNITS, KINDS, MEASURES, Shape, Value
from trainingrules.money import from_cents
from trainingrules.policy import Policy

# A kind with more values than this is tried only on those that something tells apart.
MOST_VALUES = 64
# Of a list with more options than this not every choice is tried.
MOST_OPTIONS = 6
# A text that no policy compares with.
OTHER_TEXT = "\0"


# --- what a policy compares with ---


@frozen
class Turns:
    """What a policy, or a part of it, compares with: values per fact or field, days, and the lengths it counts in."""

    values: Mapping[str, tuple[Value, ...]]
    days: tuple[date, ...]
    lengths: tuple[tuple[str, int], ...]


@lru_cache(maxsize=32)
def turns(policy: Policy) -> Turns:
    """
    What a policy compares with; among the days its own, and month ends and a leap day near them.

    >>> from trainingrules import load
    >>> turns(load("rvwo")).days[0]
    datetime.date(2019, 1, 1)
    """
    found = turns_of(policy, p.walk(policy))
    days = dict.fromkeys(bound for bound in (policy.in_force.start, policy.in_force.end) if bound is not None)
    days |= dict.fromkeys(price.start for prices in policy.amounts.values() for price in prices)
    days |= dict.fromkeys(found.days)
    year = next(iter(days), date(2026, 1, 1)).year
    leap = year + -year % 4
    if leap <= date.max.year and is_leap_year(leap):
        days[date(leap, 2, 29)] = None
    days |= dict.fromkeys((date(year, 1, 31), date(year, 3, 1), date(year, 12, 31), date(year, 6, 15)))
    return Turns(found.values, tuple(days), found.lengths)


def turns_of(policy: Policy, parts: Iterable[object]) -> Turns:
    """
    What some conditions and expressions of a policy compare with.
    """
    values: dict[str, dict[Value, None]] = {}
    days: dict[date, None] = {}
    lengths: dict[tuple[str, int], None] = {}
    for part in parts:
        if isinstance(part, p.Cycle):
            _length(part.every, lengths)
        elif isinstance(part, p.Constant):
            if isinstance(part.value, date):
                days[day_of(part.value, policy.zone)] = None
            elif part.shape.kind == "duration" and 0 < part.value <= 1200:
                lengths[part.shape.base_unit, part.value] = None
        if isinstance(part, p.Check):
            names, found = _read(policy, part)
            for name in names:
                values.setdefault(name, {}).update((value, None) for value in found)
    return Turns({name: tuple(found) for name, found in values.items()}, tuple(days), tuple(lengths))


def _length(every: Period, lengths: dict[tuple[str, int], None]) -> None:
    for unit in ("months", "days", "hours"):
        count: int = getattr(every, unit)
        if count:
            lengths[unit, count] = None


def _read(policy: Policy, check: p.Check) -> tuple[list[str], list[Value]]:
    """The facts and fields that a check compares, and the values it compares them with."""
    names: list[str] = []
    found: list[Value] = []
    if isinstance(check.operand, tuple):
        found += [check.operand, *check.operand]
    for part in p.walk_deep(policy, (check.subject, check.operand)):
        if isinstance(part, p.FactValue | p.FieldValue):
            names.append(part.name)
        elif isinstance(part, p.SumOf):
            names.append(part.field)
        elif isinstance(part, p.CountOf):
            names.append(part.rows)
        elif isinstance(part, p.Constant):
            found.append(part.value)
        if isinstance(part, p.FieldValue):
            rows = [row for table in part.of if table in policy.tables for row in policy.tables[table].rows.values()]
            cells = [row.cells.get(part.name) for row in rows]
            found += [cell.value for cell in cells if isinstance(cell, p.Constant)]
    return names, found


# --- values at and beside them ---


def beside(shape: Shape, literals: Iterable[Value]) -> list[Any]:
    """
    Values at the literals and a step to either side, as they are written in a file; of kinds without steps, all.

    Days, lists and texts have ways of their own: of a text only the literals are given, of the others none.

    >>> beside(Shape("integer"), [18])
    [18, 17, 19, 0, 1, 2, 3]
    """
    match shape.kind:
        case "boolean":
            return [True, False]
        case "integer":
            return [int(number) for number in _near(shape, literals, 1) if number.denominator == 1]
        case "decimal" | "percent":
            return [exact(number) for number in _near(shape, literals, Fraction(1, 100))]
        case "money":
            return [from_cents(int(number)) for number in _near(shape, literals, 1)]
        case "duration":
            size = DURATION_UNITS[shape.unit][1]
            counts = {int(number // size) + more for number in _near(shape, literals, size) for more in (0, 1)}
            kept = [count for count in sorted(counts) if shape.high is None or count * size <= shape.high]
            return [count for count in kept if count * size >= (shape.low or 0)] or [0]
        case "text":
            return [value for value in literals if isinstance(value, str)]
        case "choice" | "row":
            return list(shape.options)
    return []


def _near(shape: Shape, literals: Iterable[Value], step: Fraction | int) -> list[Fraction]:
    """Numbers at and beside the literals and the bounds, within the bounds."""
    ends = [end for end in (shape.low, shape.high) if end is not None]
    near = [value for value in literals if isinstance(value, int | Fraction) and not isinstance(value, bool)]
    low = 0 if shape.kind == "duration" and shape.low is None else shape.low
    around = [Fraction(value) + delta for value in (*near, *ends) for delta in (0, -step, step)]
    around += [Fraction(small) * step for small in range(4)]
    kept = [value for value in dict.fromkeys(around)
            if (low is None or value >= low) and (shape.high is None or value <= shape.high)]  # fmt: skip
    return kept or [Fraction(ends[0])]


def exact(value: Fraction) -> Decimal:
    """
    A number as it is written in a file.
    """
    return Decimal(value.numerator) / Decimal(value.denominator)


# --- values of every sort ---


def all_values(shape: Shape) -> list[Value] | None:
    """
    All values of a kind that has few, at work.

    >>> all_values(Shape("boolean")), all_values(Shape("integer"))
    ([True, False], None)
    """
    if shape.kind == "boolean":
        return [True, False]
    if shape.kind in ("choice", "row"):
        return [*shape.options, *([None] if KINDS[shape.kind].nullable else [])]
    if shape.kind in ("integer", "money", "duration") and shape.high is not None:
        low = 0 if shape.kind == "duration" and shape.low is None else shape.low
        return list(range(low, shape.high + 1)) if low is not None and shape.high - low < MOST_VALUES else None
    return None


def regions(shape: Shape, literals: Sequence[Value], zone: str, otherwise: date) -> list[Value]:
    """
    Values of every sort that comparing with the literals tells apart, at work; days lie near ``otherwise`` at least.

    >>> regions(Shape("integer", low=0), [18], "Europe/Amsterdam", date(2026, 1, 1))
    [0, 1, 18, 19, 17, 9, 10, 8, 20]
    """
    few = all_values(shape)
    if few is not None:
        return few
    if shape.kind == "list":
        return list(_lists(shape, literals))
    if shape.kind == "text":
        return list(dict.fromkeys([None, OTHER_TEXT, *literals]))
    if shape.kind in DAYS:
        days = dict.fromkeys(day for literal in dict.fromkeys(literals) for day in _around_day(literal, shape, zone))
        return [None, *(days or [otherwise])]
    assert shape.kind in MEASURES, shape.kind
    return list(dict.fromkeys(_numbers(shape, literals)))


def _numbers(shape: Shape, literals: Sequence[Value]) -> Iterator[Value]:
    """The limits, a value between each two, and one beyond them, within the bounds."""
    low = 0 if shape.kind == "duration" and shape.low is None else shape.low
    limits = sorted({0, *literals, *(bound for bound in (low, shape.high) if bound is not None)})
    between = [Fraction(one + other) / 2 for one, other in pairwise(limits)]
    dense = shape.kind in ("decimal", "percent")
    for near in (limits[0] - 1, *limits, *between, limits[-1] + 1):
        for number in (near,) if dense else (floor(near), ceil(near), floor(near) + 1, ceil(near) - 1):
            if (low is None or number >= low) and (shape.high is None or number <= shape.high):
                yield number


def _lists(shape: Shape, literals: Sequence[Value]) -> Iterator[Value]:
    """Every choice of the options, in each order that is asked for and in another."""
    asked = [literal for literal in literals if isinstance(literal, tuple)]
    longest = max(map(len, asked), default=0)
    yield ()
    yield from asked
    for size in range(1, len(shape.options) + 1):
        for some in combinations(shape.options, size):
            # Given so often, it is a list that nobody asks for by its order.
            yield some * (longest + 1)


def _around_day(limit: Value, shape: Shape, zone: str) -> Iterator[Value]:
    if shape.kind == "date":
        limit = day_of(limit, zone)
    step = timedelta(microseconds=1) if isinstance(limit, datetime) else timedelta(days=1)
    for delta in (-step, timedelta(0), step):
        try:
            yield limit + delta
        except OverflowError:
            continue
