"""What is compared is the same decision, and what is drawn is what was recorded. Nothing here takes the time."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import bcmb, ours, plots, rows, synthetic
from benchmarks.cases import Case
from benchmarks.goals import Goal

# Two groups, so that one reads nothing of the other.
DRAWN = synthetic.case(20)
CASES = [*bcmb.cases(), DRAWN]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_what_is_written_by_hand_decides_as_the_policy_does(case: Case, seed: int) -> None:
    """
    The verdict and the truth of every rule are the same, with and without unknown facts.
    """
    engine = ours.decision(case, complete=False)
    for person in islice(case.draw(seed), 3):
        answer = engine.ask(engine.prepare(person))
        assert case.by_hand(person.told) == (ours.verdict(answer), ours.rules(answer))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_persons_of_a_case_come_to_every_verdict(case: Case) -> None:
    """
    A decision that always comes out the same would be timed on a part of its rules only.
    """
    persons = list(islice(case.draw(1), 300))
    assert {case.by_hand(person.complete)[0] for person in persons} == {True, False}
    assert {None, False} <= {case.by_hand(person.told)[0] for person in persons}
    told = sum(len(person.told) for person in persons) / sum(len(person.complete) for person in persons)
    assert 0.77 < told < 0.83


@pytest.mark.parametrize(("name", "drawn"), [*plots.drawings(rows.read())], ids=lambda one: one[:12])
def test_the_plots_are_drawn_from_the_recorded_figures(name: str, drawn: str) -> None:
    assert (plots.DOCS / name).read_text(encoding="utf-8") == drawn, "draw them again: make generate"


@pytest.mark.parametrize(
    ("floor", "measured", "met"),
    [(False, {"a": 2.0}, True), (False, {"a": 1.0, "b": 2.1}, False), (True, {"a": 1.9}, False), (True, {}, None)],
)
def test_a_goal_is_met_when_every_case_reaches_it(floor: bool, measured: dict[str, float], met: bool | None) -> None:
    assert Goal("any", 2, lambda figures: measured, floor=floor).met(measured) is met
