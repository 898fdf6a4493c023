"""The columnar engine gives the answers of the library, cell for cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.random_policies import policies
from trainingrules import bundled, load
from trainingrules.admission import read_facts
from trainingrules.bulk.columnar import Columnar
from trainingrules.bulk.columns import TYPES
from trainingrules.bulk.engine import CONTRADICTED, engine_named
from trainingrules.bulk.inputs import INDEX, KEY, Inputs
from trainingrules.bulk.rows import Rows
from trainingrules.diagnostics import EngineError
from trainingrules.facts import Facts
from trainingrules.kinds import KINDS, Shape, Value
from trainingrules.plan.steps import MILLIONTHS, kind_of
from trainingrules.policy import Policy
from trainingrules.questions import Question, questions_of
from trainingrules.strategies import days, facts

UNKNOWN = object()


def value_at(person: Facts, path: str) -> Value:
    """What is known of one path."""
    name, _, rest = path.partition("[")
    if not rest:
        return person.one.get(name, UNKNOWN)
    row = rest.removesuffix("]")
    return person.per.get(name, {}).get(int(row) if row.isdigit() else row, UNKNOWN)


def in_column(value: Value, shape: Shape) -> Any:
    """A value as a column has it."""
    if shape.kind in ("decimal", "percent"):
        scaled = Fraction(value) * MILLIONTHS
        return scaled.numerator if scaled.denominator == 1 else None
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return list(value) if isinstance(value, tuple) else value


def paths_of(inputs: Inputs) -> Iterator[tuple[str, Shape]]:
    yield from inputs.facts.items()
    for name, shape in inputs.rounds.items():
        yield from ((f"{name}[{number}]", shape) for number in range(1, 4))


def series_of(path: str, shape: Shape, values: Sequence[Value]) -> Iterator[tuple[str, pl.Series]]:
    """The column of some values, and the one that says where there is none."""
    known = [None if one is UNKNOWN or one is None else in_column(one, shape) for one in values]
    yield path, pl.Series(known, dtype=TYPES[kind_of(shape)])
    if KINDS[shape.kind].nullable:
        yield f"{path}.none", pl.Series([one is None for one in values], dtype=pl.Boolean)


def frame_of(inputs: Inputs, people: Sequence[Facts]) -> pl.DataFrame:
    """The normal frame of some people; a number with more than six decimals is left out."""
    columns: dict[str, pl.Series] = {KEY: pl.Series(range(len(people)), dtype=pl.Int64)}
    for path, shape in paths_of(inputs):
        columns |= series_of(path, shape, [value_at(person, path) for person in people])
    for name in inputs.histories:
        columns[name] = pl.Series([name in person.rows for person in people], dtype=pl.Boolean)
    return pl.DataFrame(columns)


def histories_of(inputs: Inputs, people: Sequence[Facts]) -> dict[str, pl.DataFrame]:
    """The rows of some people."""
    found = {}
    for name, fields in inputs.histories.items():
        rows = [(key, index, row) for key, person in enumerate(people)
                for index, row in enumerate(person.rows.get(name, ()), 1)]  # fmt: skip
        columns = {KEY: pl.Series([key for key, _, _ in rows], dtype=pl.Int64),
                   INDEX: pl.Series([index for _, index, _ in rows], dtype=pl.Int64)}  # fmt: skip
        for field, shape in fields.items():
            columns |= series_of(field, shape, [row.get(field, UNKNOWN) for _, _, row in rows])
        found[name] = pl.DataFrame(columns)
    return found


def agree(policy: Policy, question: Question, people: Sequence[Facts], on: date | datetime) -> None:
    """Whether the engine's answers are those of the library."""
    engine = Columnar(policy, question, on)
    rows = Rows(policy, question, on)
    frame, histories = frame_of(rows.inputs, people), histories_of(rows.inputs, people)
    expected, found = rows.answer(frame, histories), engine.answer(frame, histories)
    assert found[KEY].to_list() == expected[KEY].to_list()
    assert found[CONTRADICTED].to_list() == expected[CONTRADICTED].to_list()
    assert_frame_equal(found.filter(~pl.col(CONTRADICTED)), expected.filter(~pl.col(CONTRADICTED)))
    lazy = engine.answer_lazy(frame.lazy(), {name: one.lazy() for name, one in histories.items()})
    cells = lazy.collect(engine="streaming").sort(KEY)
    told = cells.filter(~pl.col(CONTRADICTED) & ~pl.col("apart"))
    whole = expected.join(told, on=KEY, how="semi")
    assert_frame_equal(told.drop("apart", CONTRADICTED), whole.select(told.columns[:-2]))


def asked_of(policy: Policy) -> list[Question]:
    """The questions that a table can be asked."""
    return [one for one in questions_of(policy) if one.sort != "notes" and one.name is not None]


@settings(max_examples=40)
@given(st.data())
def test_a_question_about_any_policy_is_answered_as_by_the_library(data):
    """
    Verdicts, findings, what is missing and whose facts contradict each other; what does not translate is refused.
    """
    policy = data.draw(policies("eligibility", "costs", "deadlines", "compliance")).policy
    on = data.draw(days(policy))
    people = [read_facts(policy, one) for one in data.draw(st.lists(facts(policy, on=on), min_size=1, max_size=5))]
    for question in asked_of(policy):
        try:
            agree(policy, question, people, on)
        except EngineError as refused:
            event(f"refused: {question.sort}: {str(refused).partition(' cannot')[0]}")
        else:
            event(f"answered: {question.sort}")


@pytest.mark.parametrize("name", bundled())
@settings(max_examples=10)
@given(st.data())
def test_a_bundled_policy_is_answered_as_by_the_library(name, data):
    """
    Of the rest it is said at once what cannot be answered, and where it stands.
    """
    policy = load(name)
    on = data.draw(days(policy))
    question = data.draw(st.sampled_from(asked_of(policy)))
    people = [read_facts(policy, one) for one in data.draw(st.lists(facts(policy, on=on), min_size=1, max_size=5))]
    try:
        agree(policy, question, people, on)
    except EngineError as refused:
        event(f"refused: {str(refused).partition(' (in')[0]}")


def test_the_engine_has_a_name():
    assert engine_named("polars") is Columnar
