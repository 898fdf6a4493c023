"""Hypothesis strategies from a policy's own facts, for the tests of those who build on it.

They need the extra `[hypothesis]`. Values lie where a rule may turn: at what the policy compares with and one step
beside it, at month ends and leap days, a period before or after one another.

>>> from hypothesis import given, settings, strategies as st
>>> from trainingrules import load
>>> policy = load("rvwo")
>>> @settings(max_examples=10, database=None)
... @given(st.data())
... def test_every_question_has_an_answer(data):
...     on = data.draw(days(policy))
...     known = data.draw(facts(policy, on=on))
...     answer = data.draw(questions(policy)).ask(policy, known, on=on)
...     assert answer.head.on == on
>>> test_every_question_has_an_answer()
"""

from __future__ import annotations

import calendar as months
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal

from hypothesis import strategies as st

from trainingrules import policy as p
from trainingrules.answers.common import Answer
from trainingrules.answers.compliance import compliance
from trainingrules.answers.cost import cost
from trainingrules.answers.deadlines import deadlines
from trainingrules.answers.eligibility import eligibility
from trainingrules.answers.notes import look_up
from trainingrules.calendar import MonthEnd, Period, add, day_of, write_date, write_moment
from trainingrules.engines import Engine
from trainingrules.kinds import DURATION_UNITS, Shape, Value
from trainingrules.money import from_cents
from trainingrules.policy import Policy

__all__ = ["Given", "Question", "days", "facts", "questions", "questions_of"]

# The form in which facts are handed over: names, and values as in a YAML file.
Given = dict[str, Any]

_ROUNDS = 4
_ROWS = 3
_OFFSETS = tuple(timezone(timedelta(hours=hours)) for hours in (1, 2, 0))
_TIMES = (time(12), time(0), time(23, 59, 59), time(9, 30))
_WORDS = ("iets anders", "")


# --- where the rules may turn ---


@dataclass(frozen=True, slots=True)
class _Turns:
    """What a policy compares with: per fact or field, for days everywhere, and the lengths it counts in."""

    values: Mapping[str, tuple[Value, ...]]
    days: tuple[date, ...]
    lengths: tuple[tuple[str, int], ...]


@lru_cache(maxsize=32)
def _turns(policy: Policy) -> _Turns:
    values: dict[str, dict[Value, None]] = {}
    days: dict[date, None] = {}
    lengths: dict[tuple[str, int], None] = {}
    for bound in (policy.in_force.start, policy.in_force.end):
        if bound is not None:
            days[bound] = None
    for prices in policy.amounts.values():
        days.update((price.start, None) for price in prices)
    for part in p.walk(policy):
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
    year = next(iter(days), date(2026, 1, 1)).year
    leap = year + -year % 4
    if leap <= date.max.year and months.isleap(leap):
        days[date(leap, 2, 29)] = None
    days.update((day, None) for day in (date(year, 1, 31), date(year, 3, 1), date(year, 12, 31), date(year, 6, 15)))
    return _Turns({name: tuple(found) for name, found in values.items()}, tuple(days), tuple(lengths))


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


# --- values ---


def _numbers(shape: Shape, turns: Iterable[Value], step: Fraction | int) -> list[Fraction]:
    """Numbers at and beside the turns and the bounds, within the bounds."""
    ends = [end for end in (shape.low, shape.high) if end is not None]
    near = [value for value in turns if isinstance(value, int | Fraction) and not isinstance(value, bool)]
    low = 0 if shape.kind == "duration" and shape.low is None else shape.low
    around = [Fraction(value) + delta for value in (*near, *ends) for delta in (0, -step, step)]
    around += [Fraction(small) * step for small in range(4)]
    kept = [value for value in dict.fromkeys(around)
            if (low is None or value >= low) and (shape.high is None or value <= shape.high)]  # fmt: skip
    return kept or [Fraction(ends[0])]


def _exact(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


@dataclass(frozen=True, slots=True)
class _Near:
    """A day, or a moment of it, found from a hub: so many lengths before or after it, and perhaps a day beside."""

    start: date | None
    steps: tuple[tuple[str, int], ...]
    sign: int
    beside: int
    at: time | None = None
    offset: timezone | None = None

    def day(self, hub: date) -> date:
        """The day."""
        day = self.start or hub
        for unit, count in self.steps:
            length = Period(days=-(-count // 24)) if unit == "hours" else Period(**{unit: count})
            try:
                day = add(day, length, month_end=MonthEnd.EARLIER, sign=self.sign)
            except ValueError:
                continue
        return day + timedelta(days=self.beside) if date.min < day < date.max else day

    def when(self, hub: date) -> date | datetime:
        """The day, or the moment."""
        return self.day(hub) if self.at is None else datetime.combine(self.day(hub), self.at, self.offset)

    def written(self, hub: date) -> str:
        """The same, as it is written in a file."""
        when = self.when(hub)
        return write_moment(when) if isinstance(when, datetime) else write_date(when)


@lru_cache(maxsize=32)
def _near(policy: Policy, *, moment: bool) -> st.SearchStrategy[_Near]:
    found = _turns(policy)
    steps = st.lists(st.sampled_from(found.lengths), max_size=2).map(tuple) if found.lengths else st.just(())
    start = st.sampled_from((None,) * len(found.days) + found.days)
    sign, beside = st.sampled_from((1, -1)), st.sampled_from((0, 1, -1))
    if not moment:
        return st.builds(_Near, start, steps, sign, beside)
    return st.builds(_Near, start, steps, sign, beside, st.sampled_from(_TIMES), st.sampled_from(_OFFSETS))


# Made once: to make a strategy takes longer than to draw from it.
@lru_cache(maxsize=4096)
def _value(policy: Policy, name: str) -> st.SearchStrategy[Any]:
    """A valid value of a fact, or of a field of a history, as it is written in a file; a day is yet to be found."""
    history, _, column = name.partition(".")
    shape = policy.records[history].fields[column].shape if column else policy.facts[name].shape
    turns = _turns(policy).values.get(column or name, ())
    none: list[st.SearchStrategy[Any]] = []
    match shape.kind:
        case "boolean":
            return st.booleans()
        case "integer":
            return st.sampled_from([int(number) for number in _numbers(shape, turns, 1) if number.denominator == 1])
        case "decimal" | "percent":
            numbers = _numbers(shape, turns, Fraction(1, 100))
            return st.sampled_from([_exact(number) for number in numbers])
        case "money":
            return st.sampled_from([from_cents(int(number)) for number in _numbers(shape, turns, 1)])
        case "duration":
            size = DURATION_UNITS[shape.unit][1]
            counts = {int(number // size) + more for number in _numbers(shape, turns, size) for more in (0, 1)}
            kept = [count for count in sorted(counts) if shape.high is None or count * size <= shape.high]
            return st.sampled_from([count for count in kept if count * size >= (shape.low or 0)] or [0])
        case "date":
            return st.one_of(_near(policy, moment=False), st.none())
        case "moment":
            return st.one_of(_near(policy, moment=True), st.none())
        case "text":
            words = [value for value in turns if isinstance(value, str)]
            variants = [*words, *(f" {word} " for word in words), *(word.upper() for word in words), *_WORDS]
            return st.sampled_from([*dict.fromkeys(variants), None])
        case "list":
            literals = [list(value) for value in turns if isinstance(value, tuple)]
            some = st.lists(st.sampled_from(list(shape.options)), max_size=len(shape.options) + 1)
            return st.one_of(st.sampled_from(literals), some) if literals else some
        case "row":
            none = [st.none()]
    return st.one_of(st.sampled_from(list(shape.options)), *none)


# --- facts ---


def facts(
    policy: Policy,
    *,
    on: date | datetime | None = None,
    known: Mapping[str, Any] | None = None,
    only: Collection[str] | None = None,
) -> st.SearchStrategy[Given]:
    """
    Half-known facts of a person: from nothing to everything, each valid by itself.

    What contradicts itself may occur, and is refused with a `FactError`. With ``on``, days lie near that day;
    ``known`` is what is given in any case, ``only`` names the facts that may be given besides.

    >>> from hypothesis import find, settings
    >>> from trainingrules import load
    >>> some = facts(load("rvwo"), known={"role": "teacher"}, only=["organisation"])
    >>> find(some, lambda given: len(given) == 2, settings=settings(database=None))
    {'role': 'teacher', 'organisation': 'activite'}
    """
    fixed = dict(known or {})
    declared = [*policy.facts, *policy.records]
    names = [name for name in declared if name not in fixed and (only is None or name in only)]
    unknown = sorted({*fixed, *(only or ())} - set(declared))
    if unknown:
        raise ValueError(f"the policy does not declare {', '.join(unknown)}")
    hubs = _turns(policy).days if on is None else (day_of(on, policy.zone), *_turns(policy).days[:2])

    @st.composite
    def build(draw: st.DrawFn) -> Given:
        hub = draw(st.sampled_from(hubs))
        amount = draw(st.integers(0, 4))

        def given() -> bool:
            return amount == 4 or (amount > 0 and draw(st.integers(0, 3)) < amount)

        def value(name: str) -> Any:
            found = draw(_value(policy, name))
            return found.written(hub) if isinstance(found, _Near) else found

        result: Given = dict(fixed)
        for name in names:
            if name in policy.records:
                if given():
                    fields = policy.records[name].fields
                    count = draw(_COUNT)
                    result[name] = [{field: value(f"{name}.{field}") for field in fields if given()}
                                    for _ in range(count)]  # fmt: skip
            elif policy.facts[name].per:
                cells = {key: value(name) for key in _keys(policy, policy.facts[name]) if given()}
                if cells:
                    result[name] = cells
            elif given():
                result[name] = value(name)
        return result

    return build()


_COUNT = st.integers(0, _ROWS)


def _keys(policy: Policy, fact: p.Fact) -> Iterable[str | int]:
    return policy.tables[fact.per].rows if fact.per in policy.tables else range(1, _ROUNDS + 1)


def days(policy: Policy) -> st.SearchStrategy[date | datetime]:
    """
    Days and moments of asking: around what the policy counts from, at month ends and leap days.
    """
    hub = _turns(policy).days[0]
    day, moment = _near(policy, moment=False), _near(policy, moment=True)
    return st.one_of(day, day, moment).map(lambda near: near.when(hub))


# --- questions ---

Sort = Literal["eligibility", "cost", "deadlines", "compliance", "notes"]


@dataclass(frozen=True, slots=True)
class Question:
    """A question that may be asked of a policy; without a name, about all there is."""

    sort: Sort
    name: str | None = None
    cycles: tuple[int, ...] | None = None
    party: str | None = None

    def ask(
        self, policy: Policy, facts: Mapping[str, Any], *, on: date | datetime, engine: str | Engine = "reference"
    ) -> Answer:
        """
        The answer.

        Raises:
            FactError: the facts contradict each other.
        """
        match self.sort:
            case "eligibility":
                return eligibility(policy, facts, on=on, decision=self.name, engine=engine)
            case "cost":
                return cost(policy, facts, on=on, quote=self.name, cycles=self.cycles, engine=engine)
            case "deadlines":
                return deadlines(policy, facts, on=on, deadline=self.name, cycles=self.cycles, engine=engine)
            case "compliance":
                return compliance(policy, facts, on=on, duty=self.name, party=self.party, cycles=self.cycles,
                                  engine=engine)  # fmt: skip
            case "notes":
                return look_up(policy, facts, on=on, note=self.name, engine=engine)


def questions_of(policy: Policy) -> tuple[Question, ...]:
    """
    Every question by name, and the general ones.

    >>> from trainingrules import load
    >>> questions_of(load("rvwo"))[0]
    Question(sort='eligibility', name='assess_progress', cycles=None, party=None)
    """
    named: Mapping[Sort, Iterable[str]] = {
        "eligibility": policy.decisions, "cost": policy.quotes, "deadlines": policy.deadlines,
        "compliance": policy.duties, "notes": policy.notes,
    }  # fmt: skip
    asked = [Question(sort, name) for sort, names in named.items() for name in names]
    asked += [Question(sort) for sort in ("deadlines", "compliance", "notes")]
    return (*asked, *(Question("compliance", party=party) for party in policy.parties))


def questions(policy: Policy) -> st.SearchStrategy[Question]:
    """
    Every question that may be asked of the policy; of rounds, also by their numbers.
    """

    def of_rounds(question: Question, cycles: tuple[int, ...]) -> Question:
        return Question(question.sort, question.name, cycles, question.party)

    every = questions_of(policy)
    sorts = dict.fromkeys(one.sort for one in every)
    asked = st.one_of([st.sampled_from([one for one in every if one.sort == sort]) for sort in sorts])
    per_round = [one for one in every if one.sort in ("cost", "deadlines", "compliance")]
    if not policy.cycles or not per_round:
        return asked
    rounds = st.lists(st.integers(1, _ROUNDS), min_size=1, max_size=3, unique=True).map(tuple)
    return st.one_of(asked, asked, st.builds(of_rounds, st.sampled_from(per_round), rounds))
