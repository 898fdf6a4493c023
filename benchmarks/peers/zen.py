"""zen-engine: a decision of one expression node, in Rust."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Any

from benchmarks.cases import AllOf, AnyOf, AtMost, Case, Check, Condition, Not, Person, Truth3, in_numbers
from benchmarks.contest import Contender
from benchmarks.peers.infix import Dialect

PACKAGE = "zen-engine"
UNTRACED, TRACED = "zen-engine", "zen-engine, traced"
DIALECT = Dialect(" and ", " or ", "not ")


def plain(case: Case) -> Iterator[tuple[str, str]]:
    """One expression for each rule, and one for the verdict."""
    for place, rule in enumerate(case.rules):
        yield f"r{place}", DIALECT.expression(rule.must)
    yield "verdict", " and ".join(f"$.r{place}" for place in range(len(case.rules)))


def three_valued(case: Case) -> Iterator[tuple[str, str]]:
    """The same with null for unknown, written out: an expression for every part, for each is looked at twice."""
    names = (f"t{number}" for number in count())
    made: list[tuple[str, str]] = []

    def named(condition: Condition, name: str = "") -> str:
        match condition:
            case Check(fact):
                text = f"{fact} == null ? null : {DIALECT.expression(condition)}"
            case AtMost(fact, other):
                text = f"{fact} == null or {other} == null ? null : {fact} <= {other}"
            case Not(part):
                inner = named(part)
                text = f"{inner} == null ? null : {inner} == false"
            case AllOf(parts) | AnyOf(parts):
                settles = "false" if isinstance(condition, AllOf) else "true"
                text = _settled([named(part) for part in parts], settles)
        name = name or next(names)
        made.append((name, text))
        return f"$.{name}"

    truths = [named(rule.must, f"r{place}") for place, rule in enumerate(case.rules)]
    return iter([*made, ("verdict", _settled(truths, "false"))])


def _settled(parts: Sequence[str], settles: str) -> str:
    some = " or ".join(f"{part} == {settles}" for part in parts)
    open_ = " or ".join(f"{part} == null" for part in parts)
    return f"({some}) ? {settles} : ({open_}) ? null : {'true' if settles == 'false' else 'false'}"


def graph(rows: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """A decision of one node with these expressions, in this order."""
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

    made = {"plain": graph(plain(case)), "three_valued": graph(three_valued(case))}
    engine = zen.ZenEngine({"loader": {"type": "static", "content": made}})
    names = [f"r{place}" for place in range(len(case.rules))]
    trace = {"trace": True}

    def prepare(person: Person) -> Any:
        return in_numbers(case, person.complete)

    def verdict(answer: Any) -> Truth3:
        told: Truth3 = answer["result"].get("verdict")  # a null is left out
        return told

    def rules(answer: Any) -> tuple[Truth3, ...]:
        return tuple(answer["result"].get(name) for name in names)

    def untraced(facts: Any) -> Any:
        return engine.evaluate("plain", facts)

    def traced(facts: Any) -> Any:
        return engine.evaluate("plain", facts, trace)

    def written_out(facts: Any) -> Any:
        return engine.evaluate("three_valued", facts)

    def told(person: Person) -> Any:
        return in_numbers(case, person.told)

    yield Contender(UNTRACED, prepare, untraced, verdict, rules, complete=True)
    yield Contender(TRACED, prepare, traced, verdict, rules, complete=True)
    yield Contender("zen-engine, null written out", told, written_out, verdict, rules)
