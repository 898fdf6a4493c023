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

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Any

from hypothesis import strategies as st

from trainingrules import policy as p
from trainingrules.calendar import MonthEnd, Period, add, day_of, write_date, write_moment
from trainingrules.policy import Policy
from trainingrules.questions import Question, questions_of
from trainingrules.turns import beside, turns

__all__ = ["Given", "Question", "days", "facts", "questions", "questions_of"]

# The form in which facts are handed over: names, and values as in a YAML file.
Given = dict[str, Any]

_ROUNDS = 4
_ROWS = 3
_OFFSETS = tuple(timezone(timedelta(hours=hours)) for hours in (1, 2, 0))
_TIMES = (time(12), time(0), time(23, 59, 59), time(9, 30))
_WORDS = ("iets anders", "")


# --- values ---


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
    found = turns(policy)
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
    literals = turns(policy).values.get(column or name, ())
    values = beside(shape, literals)
    match shape.kind:
        case "date":
            return st.one_of(_near(policy, moment=False), st.none())
        case "moment":
            return st.one_of(_near(policy, moment=True), st.none())
        case "text":
            variants = [*values, *(f" {word} " for word in values), *(word.upper() for word in values), *_WORDS]
            return st.sampled_from([*dict.fromkeys(variants), None])
        case "list":
            asked = [list(value) for value in literals if isinstance(value, tuple)]
            some = st.lists(st.sampled_from(list(shape.options)), max_size=len(shape.options) + 1)
            return st.one_of(st.sampled_from(asked), some) if asked else some
        case "row":
            return st.one_of(st.sampled_from(values), st.none())
    return st.sampled_from(values)


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
    hubs = turns(policy).days if on is None else (day_of(on, policy.zone), *turns(policy).days[:2])

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
    hub = turns(policy).days[0]
    day, moment = _near(policy, moment=False), _near(policy, moment=True)
    return st.one_of(day, day, moment).map(lambda near: near.when(hub))


# --- questions ---


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
