"""The program that answers a question about a table: with the outputs that its answer has columns for."""

from __future__ import annotations

from datetime import date, datetime

from trainingrules.bulk.answers import FINDING, NOT_IN_FORCE
from trainingrules.plan.asking import plan_of
from trainingrules.plan.steps import Plan, Step
from trainingrules.policy import Policy
from trainingrules.questions import Question

# The outputs of a program on which the facts still needed depend.
PATTERN = "pattern."
# The output of a program by which it leaves an answer to another engine.
ASIDE = "aside"
# How many rounds of a cycle are told one by one; who has begun more is answered by the library.
ROUNDS = 12


def answering(policy: Policy, question: Question, on: date | datetime) -> Plan:
    """
    The program of a question, without findings where the conditions are not in force: an answer has none then.

    Raises:
        Untranslatable: for what has no steps.
    """
    plan = _plan_of(policy, question, on)
    findings = [name for name in plan.outputs if name.startswith(FINDING)]
    if not findings or not policy.in_force.refuse:
        return plan
    steps = list(plan.steps)
    verdict = plan.outputs["verdict"]
    steps.append(Step("constant", (), NOT_IN_FORCE, "text", total=True))
    steps.append(Step("equal", (verdict, len(steps) - 1), None, "boolean", steps[verdict].total))
    steps.append(Step("constant", (), None, "boolean", total=False))
    out, null = len(steps) - 2, len(steps) - 1
    hidden = {}
    for name in findings:
        hidden[name] = len(steps)
        steps.append(Step("choose", (out, null, plan.outputs[name]), None, "boolean", total=False))
    return Plan(tuple(steps), {**plan.outputs, **hidden})


def _plan_of(policy: Policy, question: Question, on: date | datetime) -> Plan:
    """The program; where rows are looked at in every round that has begun, with so many rounds told one by one."""
    sort, name, cycles, party = question.sort, question.name, question.cycles, question.party
    plan = plan_of(policy, sort, name, on, cycles=cycles, party=party)
    if not any(fold.counted and fold.plan.folds for fold in plan.folds):
        return plan
    plan = plan_of(policy, sort, name, on, cycles=cycles, party=party, unrolled=ROUNDS)
    # Who has begun more is answered another way.
    return Plan(plan.steps, {ASIDE if output == "beyond" else output: ref for output, ref in plan.outputs.items()})
