"""The flat program: what the registers of random programs come to."""

from __future__ import annotations

from hypothesis import given

from tests.random_plans import Drawn, Person, persons, plans
from trainingrules.plan.steps import OPS, run


@given(plans(), persons())
def test_a_register_that_is_called_total_is_never_null(drawn: Drawn, person: Person) -> None:
    """
    What is built on it, such as a choice, may trust it.
    """
    for step, value in zip(drawn.plan.steps, run(drawn.plan, person, drawn.today), strict=True):
        assert value is not None or not step.total, step


@given(plans(most=10**6), persons())
def test_numbers_stay_whole_and_within_the_size_asked_for(drawn: Drawn, person: Person) -> None:
    """
    An emitter that has only so many bits can be compared on these programs.
    """
    for step, value in zip(drawn.plan.steps, run(drawn.plan, person, drawn.today), strict=True):
        if step.kind == "integer" and step.op != "input" and value is not None:
            assert value == int(value)
            assert abs(value) <= 10**12 + 1


@given(plans(steps=40))
def test_the_outputs_are_all_there_is(drawn: Drawn) -> None:
    """
    No step is left out of a comparison, and none is of an unknown sort.
    """
    assert sorted(drawn.plan.outputs.values()) == list(range(len(drawn.plan.steps)))
    assert all(step.op in OPS for step in drawn.plan.steps)
    assert all(arg < place for place, step in enumerate(drawn.plan.steps) for arg in step.args)
