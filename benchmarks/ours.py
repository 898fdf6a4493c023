"""Ourselves, in every way that is timed, and the floor: the same decision written by hand."""

from __future__ import annotations

from typing import Any

import trainingrules as tr
from benchmarks.cases import Case, Truth3
from benchmarks.contest import Contender

BY_HAND = "by hand, in Python"
DECISION = "trainingrules"
EXPLAINED = "trainingrules, explained as text"
NEEDED = "trainingrules, facts still needed"
VERDICTS: dict[tr.Verdict, Truth3] = {
    tr.Verdict.ELIGIBLE: True, tr.Verdict.CONDITIONAL: True, tr.Verdict.NOT_ELIGIBLE: False, tr.Verdict.UNKNOWN: None,
}  # fmt: skip
OUTCOMES: dict[str, Truth3] = {"met": True, "not_applicable": True, "unmet": False}


def verdict(answer: tr.Eligibility) -> Truth3:
    """The verdict as a truth."""
    return VERDICTS[answer.verdict]


def rules(answer: tr.Eligibility) -> tuple[Truth3, ...]:
    """The truth of each requirement."""
    return tuple(OUTCOMES.get(reason.outcome.value) for reason in answer.reasons)


def by_hand(case: Case, *, complete: bool) -> Contender:
    """The floor: a flat function that answers with the verdict and the truth of each rule."""
    return Contender(BY_HAND, lambda person: dict(person.facts(complete=complete)), case.by_hand,
                     lambda answer: answer[0], lambda answer: answer[1], complete)  # fmt: skip


def decision(case: Case, *, complete: bool) -> Contender:
    """An answer object for typed facts: whatever is asked of it later is worked out then."""
    policy, on, name = case.policy, case.on, case.decision

    def ask(facts: tr.Facts) -> tr.Eligibility:
        return tr.eligibility(policy, facts, on=on, decision=name)

    return Contender(DECISION,
                     lambda person: tr.read_facts(policy, case.given(person.facts(complete=complete))),
                     ask, verdict, rules, complete)  # fmt: skip


def from_mapping(case: Case) -> Contender:
    """The same, with facts as they come from a form: checked and typed within the time."""
    policy, on, name = case.policy, case.on, case.decision

    def ask(facts: Any) -> tr.Eligibility:
        return tr.eligibility(policy, facts, on=on, decision=name)

    return Contender("trainingrules, from a mapping", lambda person: case.given(person.told), ask, verdict, rules)


def explained(case: Case) -> Contender:
    """The answer and its explanation as text."""
    policy, on, name = case.policy, case.on, case.decision

    def ask(facts: tr.Facts) -> str:
        return tr.eligibility(policy, facts, on=on, decision=name).explain("en")

    return Contender(EXPLAINED,
                     lambda person: tr.read_facts(policy, case.given(person.told)), ask, _told)  # fmt: skip


def _told(text: str) -> Truth3:
    head = text.splitlines()[0]
    return True if ": yes" in head else False if head.endswith(": no.") else None


def needed(case: Case) -> Contender:
    """The answer and the facts that can still change it."""
    policy, on, name = case.policy, case.on, case.decision

    def ask(facts: tr.Facts) -> tuple[tr.Eligibility, object]:
        answer = tr.eligibility(policy, facts, on=on, decision=name)
        return answer, answer.missing

    return Contender(NEEDED,
                     lambda person: tr.read_facts(policy, case.given(person.told)), ask,
                     lambda answer: verdict(answer[0]))  # fmt: skip
