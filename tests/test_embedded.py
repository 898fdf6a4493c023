"""The engine `duckdb` gives the answers of the library, cell for cell, what is missing among them."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.random_people import random_people
from tests.random_policies import policies
from tests.test_columnar import asked_of, frame_of
from trainingrules import bundled, load
from trainingrules.admission import read_facts
from trainingrules.bulk.columnar import Columnar
from trainingrules.bulk.embedded import DuckDB
from trainingrules.bulk.engine import CONTRADICTED, engine_named
from trainingrules.bulk.inputs import KEY
from trainingrules.bulk.rows import Rows
from trainingrules.diagnostics import EngineError
from trainingrules.questions import Question
from trainingrules.strategies import days, facts

ON = date(2026, 3, 1)


def agree(found: pl.DataFrame, expected: pl.DataFrame) -> None:
    """Whether answers are the same; of whom the facts contradict each other nothing is said but that."""
    assert found[KEY].to_list() == expected[KEY].to_list()
    assert found[CONTRADICTED].to_list() == expected[CONTRADICTED].to_list()
    assert_frame_equal(found.filter(~pl.col(CONTRADICTED)), expected.filter(~pl.col(CONTRADICTED)))


@settings(max_examples=20)
@given(st.data())
def test_a_question_about_any_policy_is_answered_as_by_the_columnar_engine(data: st.DataObject) -> None:
    """
    From one program, in two languages; the columnar engine is held against the library.
    """
    policy = data.draw(policies("eligibility", "costs", "deadlines", "compliance")).policy
    on = data.draw(days(policy))
    people = [read_facts(policy, one) for one in data.draw(st.lists(facts(policy, on=on), min_size=1, max_size=5))]
    for question in asked_of(policy):
        try:
            engine = DuckDB(policy, question, on)
        except EngineError as refused:
            event(f"refused: {question.sort}: {str(refused).partition(' cannot')[0]}")
            continue
        frame = frame_of(engine.inputs, people)
        agree(engine.answer(frame, {}), Columnar(policy, question, on).answer(frame, {}))
        event(f"answered: {question.sort}")


@pytest.mark.parametrize("name", bundled())
def test_a_bundled_policy_is_answered_as_by_the_library(name: str) -> None:
    policy = load(name)
    answered = 0
    for question in asked_of(policy)[:12]:
        try:
            engine = DuckDB(policy, question, ON)
        except EngineError:
            continue
        frame = random_people(policy, engine.inputs, ON, count=12)
        agree(engine.answer(frame, {}), Rows(policy, question, ON).answer(frame, {}))
        answered += 1
    assert answered or name == "calibris"


def test_nobody_has_no_answers_and_a_column_that_is_not_there_is_not_known() -> None:
    engine = DuckDB(load("rvwo"), Question("eligibility", "join_sessions"), ON)
    nobody = pl.DataFrame(schema={KEY: pl.Int64})
    assert engine.answer(nobody, {}).columns == [KEY, *engine.columnar.schema, CONTRADICTED]
    somebody = pl.DataFrame({KEY: [7]})
    assert engine.answer(somebody, {})["verdict"].to_list() == ["unknown"]


def test_the_engine_has_a_name() -> None:
    assert engine_named("duckdb") is DuckDB
