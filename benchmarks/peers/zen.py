"""zen-engine: a decision of one expression node, in Rust."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.cases import Case, Person, Truth3, in_numbers
from benchmarks.contest import Contender
from benchmarks.peers.infix import Dialect

PACKAGE = "zen-engine"
UNTRACED, TRACED = "zen-engine", "zen-engine, traced"
DIALECT = Dialect(" and ", " or ", "not ")


def graph(case: Case) -> dict[str, Any]:
    """One expression for each rule, and one for the verdict."""
    rows = [(f"r{place}", DIALECT.expression(rule.must)) for place, rule in enumerate(case.rules)]
    rows.append(("verdict", " and ".join(f"$.{name}" for name, _ in rows)))
    expressions = [{"id": name, "key": name, "value": value} for name, value in rows]
    return {
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode"},
            {"id": "rules", "name": "rules", "type": "expressionNode", "content": {"expressions": expressions}},
            {"id": "out", "name": "out", "type": "outputNode"},
        ],
        "edges": [
            {"id": "1", "sourceId": "in", "targetId": "rules", "type": "edge"},
            {"id": "2", "sourceId": "rules", "targetId": "out", "type": "edge"},
        ],
    }


def contenders(case: Case) -> Iterator[Contender]:
    """Untraced and traced, from a loader that keeps the decision compiled: `create_decision` compiles at each call.

    It has no unknown: to compare what is missing is an error, and to look for it in a list is a no.
    """
    import zen

    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"decision": graph(case)}}})
    names = [f"r{place}" for place in range(len(case.rules))]
    trace = {"trace": True}

    def prepare(person: Person) -> Any:
        return in_numbers(case, person.complete)

    def verdict(answer: Any) -> Truth3:
        told: Truth3 = answer["result"]["verdict"]
        return told

    def rules(answer: Any) -> tuple[bool, ...]:
        return tuple(answer["result"][name] for name in names)

    def untraced(facts: Any) -> Any:
        return engine.evaluate("decision", facts)

    def traced(facts: Any) -> Any:
        return engine.evaluate("decision", facts, trace)

    yield Contender(UNTRACED, prepare, untraced, verdict, rules, complete=True)
    yield Contender(TRACED, prepare, traced, verdict, rules, complete=True)
