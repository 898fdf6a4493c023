"""json-logic-qubit: JsonLogic, in Python."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.cases import AllOf, AnyOf, AtMost, Case, Check, Condition, Not, Person, in_numbers, number
from benchmarks.contest import Contender

PACKAGE = "json-logic-qubit"


def logic(condition: Condition) -> Any:
    """A condition in JsonLogic."""
    match condition:
        case Check(fact, "==", bool()):
            return {"var": fact}
        case Check(fact, sign, than):
            literal = [number(one) for one in than] if sign == "in" else number(than)
            return {"===" if sign == "==" else sign: [{"var": fact}, literal]}
        case AtMost(fact, other):
            return {"<=": [{"var": fact}, {"var": other}]}
        case Not(part):
            return {"!": [logic(part)]}
        case AllOf(parts):
            return {"and": [logic(part) for part in parts]}
        case AnyOf(parts):
            return {"or": [logic(part) for part in parts]}


def contenders(case: Case) -> Iterator[Contender]:
    """A list of the truths of the rules."""
    from json_logic import jsonLogic

    rules = [logic(rule.must) for rule in case.rules]

    def prepare(person: Person) -> Any:
        return in_numbers(case, person.complete)

    yield Contender("JsonLogic", prepare, lambda given: jsonLogic(rules, given), all, tuple, complete=True)
