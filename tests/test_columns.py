"""The columnar engine: what a program comes to in columns is what it comes to row by row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.random_plans import INPUTS, Drawn, Person, in_column, persons, plans
from trainingrules.bulk.columns import TYPES, WRITTEN, column_of, columns
from trainingrules.bulk.dated import on_day
from trainingrules.bulk.limits import FIRST_DAY, FIRST_MOMENT, LAST_DAY, LAST_MOMENT, TooLarge, limits_of
from trainingrules.kinds import Shape
from trainingrules.plan.steps import FOLDING, OPS, Builder, Input, kind_of, run

APART = "\0apart"
ALL_INPUTS = (*INPUTS, *(Input(one.path, one.shape, none=True) for one in INPUTS
                         if one.shape.kind in ("date", "moment", "text")))  # fmt: skip


def frame_of(people: Sequence[Person]) -> pl.DataFrame:
    """The normal frame of some people."""
    found = {"key": pl.Series(range(len(people)), dtype=pl.Int64)}
    for one in ALL_INPUTS:
        values = [in_column(one, person) for person in people]
        values = [list(value) if isinstance(value, tuple) else value for value in values]
        dtype = pl.Boolean if one.none else TYPES[kind_of(one.shape)]
        found[column_of(one)] = pl.Series(values, dtype=dtype)
    return pl.DataFrame(found)


def fits(person: Person, largest: int) -> bool:
    """Whether what is known of somebody fits the columns."""
    for one in INPUTS:
        value = person[one.path, False]
        if isinstance(value, datetime):
            if not FIRST_MOMENT <= value.astimezone(UTC).date() <= LAST_MOMENT:
                return False
        elif isinstance(value, date):
            if not FIRST_DAY <= value <= LAST_DAY:
                return False
        elif not isinstance(value, str | tuple | bool | None) and abs(value) > largest:
            return False
    return True


def test_every_op_is_written():
    """
    No op of a program lacks its expression, and there is none without an op. A fold makes columns, and a round is
    looked up by choices.
    """
    assert WRITTEN.keys() == (OPS.keys() | set(FOLDING)) - {"fold", "at_round", "earliest"}


@settings(deadline=None)
@given(plans(), st.lists(persons(), min_size=1, max_size=8), st.booleans())
def test_columns_come_to_what_the_steps_come_to(drawn: Drawn, people: list[Person], streamed: bool):
    """
    Every register of every row has the value that the meaning of the steps gives it.
    """
    try:
        written = columns(drawn.plan, drawn.today)
    except TooLarge:
        return
    asked = {**written.outputs, APART: written.apart}
    lazy = written.select(frame_of(people).lazy(), asked, ["key"])
    answers = lazy.collect(engine="streaming") if streamed else lazy.collect()
    assert len(answers) == len(people)
    # Of whom the facts do not fit, a day may come out that there is not.
    for answer in answers.filter(~pl.col(APART)).to_dicts():
        registers = run(drawn.plan, people[answer["key"]], drawn.today)
        for name, ref in drawn.plan.outputs.items():
            expected = registers[ref]
            expected = list(expected) if isinstance(expected, tuple) else expected
            assert answer[name] == expected, (name, drawn.plan.steps[ref])
            assert isinstance(answer[name], bool) == isinstance(expected, bool)


@settings(deadline=None)
@given(plans(), persons())
def test_a_program_on_a_day_says_the_same(drawn: Drawn, person: Person):
    """
    With today filled in, and days compared by their thresholds, every output keeps its value.
    """
    if not fits(person, 10**12):
        return
    dated = on_day(drawn.plan, drawn.today)
    before, after = (run(plan, person, drawn.today) for plan in (drawn.plan, dated))
    for name, ref in drawn.plan.outputs.items():
        assert before[ref] == after[dated.outputs[name]], drawn.plan.steps[ref]


@settings(deadline=None)
@given(plans(), persons())
def test_no_value_leaves_its_range(drawn: Drawn, person: Person):
    """
    What a register comes to lies where the limits say it does, when the facts do.
    """
    dated = on_day(drawn.plan, drawn.today)
    try:
        limits = limits_of(dated)
    except TooLarge:
        return
    if not fits(person, limits.largest):
        return
    for step, value, within in zip(dated.steps, run(dated, person, drawn.today), limits.ranges, strict=True):
        if value is not None and step.kind in ("integer", "date"):
            assert within is not None, step
            assert within[0] <= (value.toordinal() if isinstance(value, date) else value) <= within[1], step


def test_what_could_overflow_is_refused():
    """
    A square fits when its number is at most 10^9, and larger ones are set apart; a tenth power has no columns.
    """
    builder = Builder()
    number = builder.input("count", Shape("integer"))
    square = builder.strict("multiply", number, number)
    written = columns(builder.plan({"square": square}), date(2026, 1, 1))
    frame = pl.LazyFrame({"key": [1, 2, 3, 4], "count": [10**9, -(10**9), 10**9 + 1, None]})
    found = written.select(frame, {**written.outputs, APART: written.apart}, ["key"]).collect()
    assert found[APART].to_list() == [False, False, True, False]
    assert found["square"].to_list()[:2] == [10**18, 10**18]
    power = square
    for _ in range(4):
        power = builder.strict("multiply", power, square)
    with pytest.raises(TooLarge, match="beyond what a column holds"):
        columns(builder.plan({"power": power}), date(2026, 1, 1))
