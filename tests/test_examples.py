"""An example is held against the answer that it means, and against no other."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from trainingrules import load
from trainingrules.examples import Example, read_examples, run
from trainingrules.source import parse

RVWO = load("rvwo")
FULL = {"held_on": "2025-11-12", "participants": ["teacher", "practice_trainer", "work_supervisor", "student"]}
LACKING = {"held_on": "2026-05-20", "participants": ["teacher"]}


def example(conversations: list[dict[str, Any]], **ask: Any) -> Example:
    facts, asked = {"conversations": conversations}, {"compliance": "four_participants", **ask}
    return Example("rvwo", "one", ("RVW-17",), "Who was there.", date(2026, 11, 22), facts, asked, {"status": "met"})


def test_an_example_about_several_rows_has_to_name_one() -> None:
    """
    The first would pass, and the author who meant the second would never know.
    """
    result = run(example([FULL, LACKING]), RVWO)
    assert [one.got for one in result.mismatches] == [
        "the answer is about 2 rows or rounds: name one with `row` or `cycle`"
    ]


@pytest.mark.parametrize(
    ("conversations", "ask", "passes"),
    [
        ([FULL], {}, True),
        ([LACKING], {}, False),
        ([FULL, LACKING], {"row": 1}, True),
        ([FULL, LACKING], {"row": 2}, False),
    ],
)
def test_a_named_row_is_the_one_that_counts(
    conversations: list[dict[str, Any]], ask: dict[str, Any], passes: bool
) -> None:
    assert run(example(conversations, **ask), RVWO).passed is passes


def test_a_row_that_is_not_in_the_table_is_a_fault_with_its_place() -> None:
    """
    Without it the example would fail with an answer of nothing.
    """
    policy = load("vlaanderen")
    document, _ = parse(
        "policy: vlaanderen\nexamples:\n  one:\n    source: [VLA-05]\n    why: One of the six.\n"
        "    asked_on: 2026-11-22\n    facts: {taught: {motivate: false}}\n"
        "    ask: {compliance: teach_skills, row: motivat}\n    expect: {status: breached}\n",
        "examples.yaml",
    )
    assert document is not None
    _, faults = read_examples(document, policy)
    assert [str(one) for one in faults] == [
        "examples.yaml:8:42: error: there is no row `motivat` here [unknown-row]\n"
        "    8 |     ask: {compliance: teach_skills, row: motivat}\n"
        "      |                                          ^^^^^^^\n"
        "  help: did you mean `motivate`?"
    ]
