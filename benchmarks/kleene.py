"""What each engine makes of a fact that is not told: the seven cases of Kleene in which that matters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from benchmarks import ours, synthetic
from benchmarks.cases import AllOf, AnyOf, Check, Condition, Not, Person, Rule, Truth3, read
from benchmarks.contest import Contender
from benchmarks.rows import Row, Section
from benchmarks.single import PEERS, peers

_U, _K = Check("member_0", "==", True), Check("consent_0", "==", True)  # never told; told
# The condition, what is told, and what follows.
CASES: tuple[tuple[Condition, bool, Truth3], ...] = (
    (Not(_U), True, None),
    (AllOf((_U, _K)), False, False),
    (AllOf((_K, _U)), False, False),
    (AllOf((_U, _K)), True, None),
    (AnyOf((_U, _K)), True, True),
    (AnyOf((_K, _U)), True, True),
    (AnyOf((_U, _K)), False, None),
)


def sections(quick: bool) -> Iterator[Section]:
    """How many of the seven each engine gets, in its own form and without help."""
    right: dict[str, int] = {}
    for condition, known, expected in CASES:
        rules = (Rule("rule_0", condition),)
        told = {"consent_0": known} if "consent_0" in read(rules) else {}
        everyone = Person({"member_0": True, **told}, told)
        case = replace(synthetic.case_of(rules), draw=partial(_only, everyone))
        found, absent = peers(case, PEERS)
        for one in [ours.by_hand(case, complete=False), ours.decision(case, complete=False), *found]:
            right.setdefault(one.name, 0)
            right[one.name] += _answer(one, Person(told, told)) == [expected]
    rows = [Row(name, more={"of 7": count}) for name, count in right.items()]
    yield Section("kleene", "A fact that is not told: right answers to not, and, or", (*rows, *absent))


def _only(person: Person, seed: int) -> Iterator[Person]:
    yield person


def _answer(one: Contender, person: Person) -> list[Truth3]:
    try:
        return [one.verdict(one.ask(one.prepare(person)))]
    except Exception:  # noqa: BLE001 - an error is no answer
        return []
