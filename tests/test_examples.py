"""An example is held against the answer that it means, and against no other."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from trainingrules import load
from trainingrules.examples import Example, run

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
