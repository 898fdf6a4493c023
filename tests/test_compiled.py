"""The compiled engine gives the answers of the reference engine, whatever the policy and whatever is known."""

from __future__ import annotations

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from tests.random_policies import policies
from trainingrules import FactError, bundled, eligibility, load
from trainingrules.admission import read_facts
from trainingrules.operators import OPERATORS
from trainingrules.plan.asking import eligibility_plan
from trainingrules.plan.lowering import Untranslatable
from trainingrules.plan.python import compiled
from trainingrules.plan.steps import OPS
from trainingrules.strategies import days, facts


def agree(policy, decision, known, on):
    plan = eligibility_plan(policy, decision, on)
    ask = compiled(plan, [name for name in plan.outputs if not name.startswith("pattern.")])
    known = read_facts(policy, known)
    contradicted, verdict, *findings = ask(known.one, known.per, on)
    try:
        answer = eligibility(policy, known, on=on, decision=decision, engine="reference")
    except FactError:
        assert contradicted
        return
    assert not contradicted
    assert verdict == answer.verdict.value
    if verdict != "not_in_force":
        assert [_truth(reason) for reason in answer.reasons] == findings


def _truth(reason):
    return {"met": True, "not_applicable": True, "unmet": False}.get(reason.outcome.value)


@given(st.data())
def test_a_decision_of_any_policy_is_that_of_the_reference_engine(data):
    """
    Whether the facts contradict each other, the verdict, and the truth of every requirement.
    """
    policy = data.draw(policies("eligibility")).policy
    on = data.draw(days(policy))
    known = data.draw(facts(policy, on=on))
    for decision in policy.decisions:
        try:
            agree(policy, decision, known, on)
        except Untranslatable as refused:
            event(f"refused: {str(refused).partition(' cannot')[0]}")


@pytest.mark.parametrize("name", [name for name in bundled() if name != "calibris"])
@given(st.data())
def test_every_decision_of_a_bundled_policy_is_that_of_the_reference_engine(name, data):
    policy = load(name)
    on = data.draw(days(policy))
    known = data.draw(facts(policy, on=on))
    decision = data.draw(st.sampled_from(list(policy.decisions)))
    agree(policy, decision, known, on)


def test_every_operator_means_the_same_as_a_step():
    """
    An operator's step is known to the program, and holds of the operator's own examples when its test does.
    """
    for operator in OPERATORS.values():
        assert bool(operator.step) is (operator.operand not in ("boolean", "cycle"))
        if operator.operand == "several":
            for example in operator.examples:
                assert OPS[operator.step].evaluate(tuple(example.operand), example.fact) is example.holds  # type: ignore[arg-type]
