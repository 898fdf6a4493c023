"""The program that answers a question about a table: with the outputs that its answer has columns for."""

from __future__ import annotations

from datetime import date, datetime

from trainingrules.bulk.answers import FINDING, NOT_IN_FORCE
from trainingrules.plan.asking import plan_of
from trainingrules.plan.lowering import Untranslatable
from trainingrules.plan.steps import Plan, Step
from trainingrules.policy import Policy
from trainingrules.questions import Question

# The outputs of a program on which the facts still needed depend.
PATTERN = "pattern."
# The output of a program by which it leaves an answer to another engine.
ASIDE = "aside"


def answering(policy: Policy, question: Question, on: date | datetime) -> Plan:
    """
    The program of a question, without findings where the conditions are not in force: an answer has none then.

    Raises:
        Untranslatable: for what has no steps.
    """
    if question.cycles is not None or question.party is not None or question.name is None:
        raise Untranslatable("only a question about one entry, and all of it, is worked out in columns")
    plan = plan_of(policy, question.sort, question.name, on)
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
