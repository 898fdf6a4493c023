"""business-rules: conditions as nested mappings, in Python."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.cases import AllOf, AnyOf, AtMost, Case, Check, Condition, Not, Person, checks, in_numbers, number
from benchmarks.contest import Contender

PACKAGE = "business-rules"


def conditions(condition: Condition, *, negated: bool = False) -> Any:
    """A condition in its mappings. It has no not: that is pushed down to the checks."""
    match condition:
        case Check(fact, "==", bool(than)):
            return {"name": fact, "operator": "is_true" if than is not negated else "is_false", "value": True}
        case Check(fact, "in", than):
            operator = "does_not_contain" if negated else "contains"
            parts = [{"name": f"{fact}_as_list", "operator": operator, "value": one} for one in than]
            return {"all" if negated else "any": parts}
        case Check(fact, "==", than):
            return conditions(Check(fact, "in", (than,)), negated=negated)
        case Check(fact, sign, than):
            operators = {
                ">=": ("greater_than_or_equal_to", "less_than"),
                "<=": ("less_than_or_equal_to", "greater_than"),
            }
            return {"name": fact, "operator": operators[sign][negated], "value": number(than)}
        case AtMost(fact, other):
            return {
                "name": f"{fact}_to_{other}",
                "operator": "less_than" if negated else "greater_than_or_equal_to",
                "value": 0,
            }
        case Not(part):
            return conditions(part, negated=not negated)
        case AllOf(parts):
            return {"any" if negated else "all": [conditions(part, negated=negated) for part in parts]}
        case AnyOf(parts):
            return {"all" if negated else "any": [conditions(part, negated=negated) for part in parts]}


def contenders(case: Case) -> Iterator[Contender]:
    """A rule each, whose action notes that it holds; a variable is a method that gives what the person has."""
    from business_rules import run_all
    from business_rules.actions import BaseActions, rule_action
    from business_rules.operators import BooleanType, NumericType, SelectType
    from business_rules.variables import BaseVariables, rule_variable

    class Holding(BaseActions):
        def __init__(self) -> None:
            self.names: set[str] = set()

        @rule_action()
        def hold(self, name: str) -> None:
            self.names.add(name)

    def variable(name: str, kind: Any) -> Any:
        return rule_variable(kind)(lambda self: self.facts[name])

    def init(self: Any, facts: Any) -> None:
        self.facts = facts

    used: dict[str, Any] = {}
    for rule in case.rules:
        for one in checks(rule.must):
            match one:
                case AtMost(fact, other):
                    used[f"{fact}_to_{other}"] = NumericType
                case Check(fact, _, bool()):
                    used[fact] = BooleanType
                case Check(fact, "in", _) | Check(fact, "==", _):
                    used[f"{fact}_as_list"] = SelectType
                case Check(fact):
                    used[fact] = NumericType
    methods = {name: variable(name, kind) for name, kind in used.items()}
    told_of: Any = type("ToldOf", (BaseVariables,), {"__init__": init, **methods})
    rules = [{"conditions": conditions(rule.must), "actions": [{"name": "hold", "params": {"name": rule.name}}]}
             for rule in case.rules]  # fmt: skip

    def prepare(person: Person) -> Any:
        facts = dict(in_numbers(case, person.complete))
        for name in used:
            if name.endswith("_as_list"):
                facts[name] = [facts[name.removesuffix("_as_list")]]
            elif "_to_" in name:
                fact, _, other = name.partition("_to_")
                facts[name] = facts[other] - facts[fact]
        return told_of(facts)

    def ask(person: Any) -> set[str]:
        holding = Holding()
        run_all(rules, person, holding)
        return holding.names

    yield Contender("business-rules", prepare, ask, lambda names: len(names) == len(rules),
                    lambda names: tuple(rule.name in names for rule in case.rules), complete=True)  # fmt: skip
