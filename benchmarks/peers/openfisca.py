"""openfisca-core: variables with formulas over columns, here columns of one person."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from benchmarks.cases import AllOf, AnyOf, AtMost, Case, Check, Condition, Not, Person, checks, number
from benchmarks.contest import Contender

PACKAGE = "openfisca-core"
PERIOD = "2026-06"


def formula(condition: Condition, codes: dict[str, int]) -> str:
    """A condition as an expression over columns."""
    match condition:
        case Check(fact, "==", True):
            return f"person({fact!r}, period)"
        case Check(fact, "in", than):
            return formula(AnyOf(tuple(Check(fact, "==", one) for one in than)), codes)
        case Check(fact, sign, than):
            literal = codes[than] if isinstance(than, str) else number(than)
            return f"(person({fact!r}, period) {sign} {literal})"
        case AtMost(fact, other):
            return f"(person({fact!r}, period) <= person({other!r}, period))"
        case Not(part):
            return f"~{formula(part, codes)}"
        case AllOf(parts):
            return "(" + " & ".join(formula(part, codes) for part in parts) + ")"
        case AnyOf(parts):
            return "(" + " | ".join(formula(part, codes) for part in parts) + ")"


def contenders(case: Case) -> Iterator[Contender]:
    """A variable for each fact and each rule, and one for the verdict; each person a simulation, built beforehand."""
    from openfisca_core.entities import Entity
    from openfisca_core.periods import DateUnit
    from openfisca_core.simulation_builder import SimulationBuilder  # type: ignore[attr-defined, unused-ignore]
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    entity = Entity("person", "persons", "", "")
    system = TaxBenefitSystem([entity])
    literals = [one.than for rule in case.rules for one in checks(rule.must) if isinstance(one, Check)]
    words = {
        word for than in literals for word in (than if isinstance(than, tuple) else (than,)) if isinstance(word, str)
    }
    codes = {word: place for place, word in enumerate(sorted(words), 1)}

    def add(name: str, kind: type, code: str = "") -> None:
        scope: dict[str, Any] = {}
        if code:
            exec(f"def formula(person, period):\n    return {code}", scope)
        attributes = {"value_type": kind, "entity": entity, "definition_period": DateUnit.MONTH, "label": name}
        system.add_variable(type(name, (Variable,), attributes | ({"formula": scope["formula"]} if code else {})))

    def kind(value: Any) -> type:
        return bool if isinstance(value, bool) else int

    def plain(person: Person) -> dict[str, Any]:
        joined = case.joined(person.complete)
        return {
            name: codes.get(value, 0) if isinstance(value, str) else number(value) for name, value in joined.items()
        }

    for name, value in plain(next(case.draw(0))).items():
        add(name, kind(value))
    for rule in case.rules:
        add(_name(rule.name), bool, formula(rule.must, codes))
    add("verdict", bool, " & ".join(f"person({_name(rule.name)!r}, period)" for rule in case.rules))

    def prepare(person: Person) -> Any:
        facts = {name: {PERIOD: value} for name, value in plain(person).items()}
        return SimulationBuilder().build_from_entities(system, {"persons": {"one": facts}})

    def ask(simulation: Any) -> Any:
        simulation.calculate("verdict", PERIOD)
        return simulation

    def truth(simulation: Any, name: str) -> bool:
        return bool(simulation.calculate(name, PERIOD)[0])

    yield Contender("OpenFisca", prepare, ask, lambda simulation: truth(simulation, "verdict"),
                    lambda simulation: tuple(truth(simulation, _name(rule.name)) for rule in case.rules),
                    complete=True, note="made for a million persons at once, not for one")  # fmt: skip


def _name(rule: str) -> str:
    return rule.replace(".", "_")


def of_many(case: Case, facts: Mapping[str, Any], codes: Mapping[str, int]) -> Callable[[], Any]:
    """The verdicts of many persons, of whom everything is an array of numbers: a new simulation each time."""
    from openfisca_core.entities import Entity
    from openfisca_core.periods import DateUnit
    from openfisca_core.simulation_builder import SimulationBuilder  # type: ignore[attr-defined, unused-ignore]
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    entity = Entity("person", "persons", "", "")
    system = TaxBenefitSystem([entity])
    formulas = {_name(rule.name): formula(rule.must, dict(codes)) for rule in case.rules}
    formulas["verdict"] = " & ".join(f"person({name!r}, period)" for name in formulas)

    def add(name: str, kind: type, code: str = "") -> None:
        scope: dict[str, Any] = {}
        if code:
            exec(f"def formula(person, period):\n    return {code}", scope)
        attributes = {"value_type": kind, "entity": entity, "definition_period": DateUnit.MONTH, "label": name}
        system.add_variable(type(name, (Variable,), attributes | ({"formula": scope["formula"]} if code else {})))

    for name, values in facts.items():
        add(name, bool if values.dtype == bool else int)
    for name, code in formulas.items():
        add(name, bool, code)
    count = len(next(iter(facts.values())))

    def ask() -> Any:
        simulation = SimulationBuilder().build_default_simulation(system, count)
        for name, values in facts.items():
            simulation.set_input(name, PERIOD, values)
        return simulation.calculate("verdict", PERIOD)

    return ask
