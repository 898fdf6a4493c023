"""Rules as text for the engines with expressions of their own: they differ in a few words only."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from benchmarks.cases import AllOf, AnyOf, AtMost, Check, Condition, Not, Rule, number


@dataclass(frozen=True, slots=True)
class Dialect:
    """How an engine writes a fact, and, or, not, and that a value is one of several."""

    conjunction: str
    disjunction: str
    negation: str
    fact: str = "{}"
    among: str = "{fact} in {several}"

    def expression(self, condition: Condition) -> str:
        """A condition as text."""
        match condition:
            case Check(fact, "==", bool()):
                return self.fact.format(fact)
            case Check(fact, "in", than):
                several = f"[{', '.join(map(_literal, than))}]"
                return self.among.format(fact=self.fact.format(fact), several=several)
            case Check(fact, sign, than):
                return f"{self.fact.format(fact)} {sign} {_literal(than)}"
            case AtMost(fact, other):
                return f"{self.fact.format(fact)} <= {self.fact.format(other)}"
            case Not(part):
                return f"{self.negation}({self.expression(part)})"
            case AllOf(parts):
                return f"({self.conjunction.join(map(self.expression, parts))})"
            case AnyOf(parts):
                return f"({self.disjunction.join(map(self.expression, parts))})"

    def truths(self, rules: tuple[Rule, ...]) -> str:
        """A list of the truths of rules."""
        return f"[{', '.join(self.expression(rule.must) for rule in rules)}]"

    def verdict(self, rules: tuple[Rule, ...]) -> str:
        """Whether all of them hold."""
        return self.conjunction.join(self.expression(rule.must) for rule in rules)


def _literal(value: Any) -> str:
    return json.dumps(number(value))
