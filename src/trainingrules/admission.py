"""Facts taken in as they are given: at once where they are plainly in order, and otherwise with every fault told."""

# A caller asks again and again of one policy, and nearly always with facts in order. Whether they are is mostly told
# by the types of the values, so for each fact it is written down once what is done with a value of each type. These
# tables know only how to say yes: what is out of the ordinary, a subclass among others, is not in them, and
# `parse_facts`, which knows what is wrong with anything, looks again. To write out a function for each policy was
# tried: it is slower where few of many facts are given, and hardly faster where all are.

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from os import PathLike
from types import NoneType
from typing import Any

from trainingrules.calendar import parse_moment
from trainingrules.diagnostics import Diagnostic, FactError
from trainingrules.document import Document
from trainingrules.facts import MOST_ROWS, Facts, GivenFacts, parse_facts, round_of
from trainingrules.kinds import (
    DURATION_UNITS,
    KINDS,
    LARGEST,
    LONGEST_LIST,
    LONGEST_TEXT,
    MOST_UNITS,
    Shape,
    Value,
    plain_text,
)
from trainingrules.money import MOST_CENTS, to_cents
from trainingrules.policy import Policy

# The facts of a mapping, or None where something in it is not plainly in order.
Quick = Callable[[object], Facts | None]
# For a type of value, what makes a value at work of one, or None where it is that already. What is not in order
# raises a `ValueError` or, as with whatever is not in a table, a `KeyError`.
_Takes = Mapping[type, Callable[[Any], Value] | None]

# How many different numbers of one fact are kept as exact fractions, and how long they may be written.
KEPT_NUMBERS, LONGEST_NUMBER = 1_024, 40


def admit(policy: Policy, given: GivenFacts | Document) -> tuple[Facts, list[Diagnostic]]:
    """
    The facts, and every fault in them: as `parse_facts`, and faster where there is none.

    >>> from trainingrules.loading import load
    >>> facts, faults = admit(load("rvwo"), {"role": "teacher"})
    >>> facts.one, faults
    ({'role': 'teacher'}, [])
    """
    found = quick(policy)(given.data if isinstance(given, Document) else given)
    return parse_facts(policy, given) if found is None else (found, [])


def read_facts(policy: Policy, given: GivenFacts | Document | str | PathLike[str]) -> Facts:
    """
    The facts of a mapping, or of a YAML or JSON file, ready to be asked about more than once.

    >>> from trainingrules.loading import load
    >>> read_facts(load("rvwo"), {"role": "teacher"}).one
    {'role': 'teacher'}

    Raises:
        FactError: with all of their faults; those of a file carry their line and column.
    """
    if isinstance(given, str | PathLike):
        # Only here: who hands over a mapping waits for no YAML.
        from trainingrules.source import read_file

        document, faults = read_file(given)
        if document is None or faults:
            raise FactError(faults)
        given = document
    facts, faults = admit(policy, given)
    if faults:
        raise FactError(faults)
    return facts


@lru_cache(maxsize=64)
def quick(policy: Policy) -> Quick:
    """
    What takes in facts that are plainly in order, and gives None for any others; the same facts as `parse_facts`.

    >>> from trainingrules.loading import load
    >>> taken = quick(load("rvwo"))
    >>> taken({"role": "teacher"}), taken({"role": "teahcer"})
    (Facts(one={'role': 'teacher'}, per={}, rows={}), None)
    """
    takes: dict[str, _Takes] = {}
    for fact in policy.facts.values():
        of_kind = _of_kind(fact.shape)
        rows = policy.tables[fact.per].rows if fact.per in policy.tables else None
        takes[fact.name] = {dict: _cells(of_kind, rows)} if fact.per else of_kind
    for records in policy.records.values():
        fields = {name: _of_kind(field.shape) for name, field in records.fields.items()}
        takes[records.name] = dict.fromkeys((list, tuple), _rows(fields))
    several = tuple(name for name, fact in policy.facts.items() if fact.per and name not in policy.records)
    histories = tuple(policy.records)

    def taken(given: object) -> Facts | None:
        try:
            one = _each(given, takes)
        except (KeyError, ValueError):
            return None
        per, rows = {}, {}
        for name in several:
            if name in one:
                per[name] = one.pop(name)
        for name in histories:
            if name in one:
                rows[name] = one.pop(name)
        return Facts(one, per, rows)

    return taken


def _each(given: object, takes: Mapping[str, _Takes]) -> dict[Any, Value]:
    """The values of a mapping at work, in its order."""
    if type(given) is not dict:
        raise ValueError
    # Most values are at work what they are when given, and so are in their place.
    result = given.copy()
    for name, value in result.items():
        take = takes[name][type(value)]
        if take is not None:
            result[name] = take(value)
    return result


def _rows(takes: Mapping[str, _Takes]) -> Callable[[list[Any] | tuple[Any, ...]], Value]:
    """What makes the rows of a history."""

    def rows(given: list[Any] | tuple[Any, ...]) -> Value:
        if len(given) > MOST_ROWS:
            raise ValueError
        return tuple([_each(row, takes) for row in given])

    return rows


def _cells(takes: _Takes, rows: Mapping[str, object] | None) -> Callable[[dict[Any, Any]], Value]:
    """What makes the values of a fact that is known per row of a table, or else per round."""

    def cells(given: dict[Any, Any]) -> Value:
        result: dict[str | int, Value] = {}
        for key, value in given.items():
            name = round_of(key) if rows is None else key
            # A round given twice, as 1 and as "1", is a fault.
            if name in result or name is None or (rows is not None and name not in rows):
                raise ValueError
            take = takes[type(value)]
            result[name] = value if take is None else take(value)
        return result

    return cells


def _of_kind(shape: Shape) -> _Takes:
    """What is done with a value of a kind, by its type."""
    takes: dict[type, Callable[[Any], Value] | None]
    match shape.kind:
        case "boolean":
            takes = {bool: None}
        case "integer":
            takes = {int: _whole(shape, -LARGEST, LARGEST)}
        case "decimal" | "percent":
            takes = {int: _fraction(_whole(shape, -LARGEST, LARGEST)), Decimal: _number(shape)}
        case "money":
            takes = {int: _whole(shape, -(MOST_CENTS // 100), MOST_CENTS // 100, factor=100), Decimal: _amount(shape)}
        case "duration":
            factor = DURATION_UNITS[shape.unit][1]
            takes = {int: _whole(shape, 0, MOST_UNITS, factor=factor), str: lambda given: _parsed(given, shape)}
        case "date":
            takes = {date: None, str: _day}
        case "moment":
            takes = {datetime: _offset, str: _moment}
        case "text":
            takes = {str: _text}
        case "choice" | "row":
            takes = {str: _option(shape)}
        case "list":
            takes = dict.fromkeys((list, tuple), _options(shape))
        case _:  # pragma: no cover - there are no other kinds
            raise AssertionError(shape.kind)
    return takes | {NoneType: None} if KINDS[shape.kind].nullable else takes


def _parsed(given: object, shape: Shape) -> Value:
    return KINDS[shape.kind].parse(given, shape)


def _whole(shape: Shape, least: int, most: int, *, factor: int = 1) -> Callable[[int], int]:
    """What makes a value of a whole number, ``factor`` times as large at work, within all bounds."""
    low = least if shape.low is None else max(least, ceil(Fraction(shape.low) / factor))
    high = most if shape.high is None else min(most, floor(Fraction(shape.high) / factor))

    def whole(given: int) -> int:
        if low <= given <= high:
            return given * factor
        raise ValueError

    return whole


def _fraction(whole: Callable[[int], int]) -> Callable[[int], Fraction]:
    # Fractions are slow to make, and most numbers are given again and again.
    return lru_cache(maxsize=KEPT_NUMBERS)(lambda given: Fraction(whole(given)))


def _number(shape: Shape) -> Callable[[Decimal], Fraction]:
    @lru_cache(maxsize=KEPT_NUMBERS)
    def written(text: str) -> Fraction:
        found: Fraction = _parsed(Decimal(text), shape)
        return found

    def number(given: Decimal) -> Fraction:
        # Kept by how it is written: numbers may be equal of which only one is in order.
        text = str(given)
        if len(text) > LONGEST_NUMBER:
            raise ValueError
        return written(text)

    return number


def _amount(shape: Shape) -> Callable[[Decimal], int]:
    within = _whole(shape, -MOST_CENTS, MOST_CENTS)

    def amount(given: Decimal) -> int:
        text = str(given)
        # Two decimals, as most amounts have: without the point, its digits are those of the cents.
        if 3 < len(text) < 18 and text[-3] == ".":
            return within(int(text.replace(".", "")))
        return within(to_cents(given))

    return amount


def _day(given: str) -> date:
    day = date.fromisoformat(given)
    # It reads a day that is written in other ways too; that is written back in another way than it came.
    if day.isoformat() != given:
        raise ValueError
    return day


def _offset(given: datetime) -> datetime:
    if given.utcoffset() is None:
        raise ValueError
    return given


def _moment(given: str) -> datetime:
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        return parse_moment(given)
    return moment if moment.tzinfo is not None and moment.isoformat() == given else parse_moment(given)


def _text(given: str) -> str:
    if len(given) > LONGEST_TEXT:
        raise ValueError
    return plain_text(given)


def _option(shape: Shape) -> Callable[[str], str]:
    return {name: name for name in shape.options}.__getitem__


def _options(shape: Shape) -> Callable[[list[Any] | tuple[Any, ...]], tuple[str, ...]]:
    option = {str: _option(shape)}

    def options(given: list[Any] | tuple[Any, ...]) -> tuple[str, ...]:
        if len(given) > LONGEST_LIST:
            raise ValueError
        return tuple([option[type(item)](item) for item in given])

    return options
