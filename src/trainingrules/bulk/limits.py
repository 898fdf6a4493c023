"""How large the numbers of a program can become, and with that how large its inputs may be in a column."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from trainingrules.diagnostics import EngineError
from trainingrules.facts import MOST_ROWS
from trainingrules.money import Rounding
from trainingrules.plan.steps import Fold, Input, Plan, Step

# A whole number in a column.
LARGEST_NUMBER = 2**63 - 1
# What a column may hold of a fact: beyond these a person is answered one by one.
FIRST_DAY = date(1000, 1, 1)
LAST_DAY = date(9000, 12, 31)
# Between these the published zones are settled; further on their tables differ from one library to another.
FIRST_MOMENT = date(1970, 1, 2)
LAST_MOMENT = date(2037, 12, 30)
# No fact itself is larger than this, whatever a policy does with it.
LARGEST_FACT = 10**12
MOST_OF_A_UNIT = 9999

Range = tuple[int, int]
"""The least and the most; of a day its ordinal, of a moment that of its day in UTC."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest number a fact may have, and between what every register then lies.

    A register without a range is no number, day or moment, or always null. ``inside`` holds the limits of the programs
    for one row, by the register of the fold.
    """

    largest: int
    ranges: tuple[Range | None, ...]
    inside: Mapping[int, Limits]


class TooLarge(EngineError):
    """A program whose numbers do not fit a column, however small its inputs are."""


def limits_of(plan: Plan) -> Limits:
    """
    The largest inputs with which no number of a program on a day leaves its column.

    Raises:
        TooLarge: there are none.
    """
    largest = LARGEST_FACT
    while largest >= 1000:
        found = _limits(plan, largest, (), None)
        if found is not None:
            return found
        largest //= 10
    raise TooLarge("the numbers of this question can grow beyond what a column holds")


def of_fact(read: Input, largest: int) -> Range | None:
    """Between what the values of an input may lie in a column, as the column has them."""
    shape = read.shape
    if read.none or shape.kind in ("boolean", "choice", "row", "text", "list"):
        return None
    if shape.kind in ("date", "moment"):
        return _days(shape.kind)
    low = -largest if shape.low is None else max(-largest, math.floor(shape.low))
    high = largest if shape.high is None else min(largest, math.ceil(shape.high))
    return low * read.scale, high * read.scale


def _days(kind: str) -> Range:
    first, last = (FIRST_DAY, LAST_DAY) if kind == "date" else (FIRST_MOMENT, LAST_MOMENT)
    return first.toordinal(), last.toordinal()


def _limits(plan: Plan, largest: int, outer: Sequence[Range | None], number: Range | None) -> Limits | None:
    """The ranges of a program, or of what a fold with these arguments does with a row, with this number if a round."""
    ranges: list[Range | None] = []
    inside: dict[int, Limits] = {}
    for ref, step in enumerate(plan.steps):
        args = [ranges[arg] for arg in step.args]
        found: Range | None = None
        match step.op:
            case "outer":
                found = outer[step.given]
            case "fold":
                rounds = (1, max(1, args[0][1])) if step.given.counted and args[0] is not None else None
                each = _limits(step.given.plan, largest, args, rounds)
                if each is None:
                    return None
                inside[ref] = each
            case "part":
                found = _sum(plan.steps[step.args[0]].given, step.given, inside[step.args[0]])
            case "input" if number is not None and step.given.over and step.kind == "integer":
                found = number
            case _:
                found = _range(step, args, largest)
        if found is not None and step.kind == "integer" and max(-found[0], found[1]) > _room(step):
            return None
        ranges.append(found)
    return Limits(largest, tuple(ranges), inside)


def _sum(fold: Fold, number: int, each: Limits) -> Range | None:
    within = each.ranges[fold.plan.outputs[str(number)]]
    if fold.how[number] != "sum":
        return None
    low, high = within or (0, 0)
    return min(0, low) * MOST_ROWS, max(0, high) * MOST_ROWS


def _room(step: Step) -> int:
    """How large the outcome may be: rounding needs double its numerator on the way, and its denominator."""
    if step.op == "round":
        return (LARGEST_NUMBER // 2 - int(step.given[0])) // int(step.given[0])
    return LARGEST_NUMBER


def _range(step: Step, args: Sequence[Range | None], largest: int) -> Range | None:
    if step.kind not in ("integer", "date", "moment"):
        return None
    match step.op:
        case "input":
            return of_fact(step.given, largest)
        case "constant":
            return None if step.given is None else _of_value(step.given)
        case "rank":
            return 0, len(step.given) - 1
        case "choose":
            return _hull(args[1:])
        case "first":
            return _hull(args)
        case "shift":
            return None if args[0] is None or args[1] is None else _shifted(step, args[0], args[1])
    known = [arg for arg in args if arg is not None]
    return _OF[step.op](step.given, *known) if len(known) == len(args) else None


def _of_value(value: Any) -> Range:
    one = value if isinstance(value, int) else value.toordinal()
    return one, one


def _hull(ranges: Sequence[Range | None]) -> Range | None:
    known = [one for one in ranges if one is not None]
    return (min(low for low, _ in known), max(high for _, high in known)) if known else None


def _shifted(step: Step, start: Range, count: Range) -> Range:
    low, high = (max(-MOST_OF_A_UNIT, min(MOST_OF_A_UNIT, one)) for one in count)
    if step.given.sign < 0:
        low, high = -high, -low
    first = start[0] - _most_days(step, max(0, -low))
    last = start[1] + _most_days(step, max(0, high))
    within = (1, date.max.toordinal()) if step.kind == "date" else _days("moment")
    return max(first, within[0]), min(last, within[1])


def _most_days(step: Step, count: int) -> int:
    """How many days a shift moves at most, with one for a short month and one for the clock of a zone."""
    days = {"months": count * 31, "days": count, "hours": count // 24 + 1}[step.given.unit]
    return days + 2


def leaves(step: Step, start: Range | None, count: Range | None) -> bool:
    """Whether a shift can leave the calendar, or for a moment the years in which its zone is settled."""
    if start is None or count is None:
        return False
    first, last = (1, date.max.toordinal()) if step.kind == "date" else _days("moment")
    most = max(abs(count[0]), abs(count[1]))
    span = _most_days(step, min(most, MOST_OF_A_UNIT))
    return most > MOST_OF_A_UNIT or start[0] - span < first or start[1] + span > last


def _moved(days: int, start: Range, count: Range) -> Range:
    return (max(1, start[0] + min(0, count[0]) * days - 2),
            min(date.max.toordinal(), start[1] + max(0, count[1]) * days + 2))  # fmt: skip


def _product(given: Any, one: Range, other: Range) -> Range:
    corners = [a * b for a in one for b in other]
    return min(corners), max(corners)


def _rounded(given: tuple[int, Rounding], one: Range) -> Range:
    return one[0] // given[0] - 1, -(-one[1] // given[0]) + 1


_OF: Mapping[str, Callable[..., Range]] = {
    "add": lambda given, one, other: (one[0] + other[0], one[1] + other[1]),
    "subtract": lambda given, one, other: (one[0] - other[1], one[1] - other[0]),
    "multiply": _product,
    "floor": lambda given, one: (one[0] // given, one[1] // given),
    "ceiling": lambda given, one: (-(-one[0] // given), -(-one[1] // given)),
    "round": _rounded,
    "least": lambda given, one, other: (min(one[0], other[0]), min(one[1], other[1])),
    "greatest": lambda given, one, other: (max(one[0], other[0]), max(one[1], other[1])),
    "day": lambda given, one: (one[0] - 1, one[1] + 1),
    "move": lambda how, start, count: _moved(31 if how.unit == "months" else 1, start, count),
    "day_number": lambda given, one: one,
    "month_number": lambda given, one: (one[0] * 12 // 366 - 12, one[1] * 12 // 365 + 12),
}
