"""rule-engine: expressions with types, in Python."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.cases import Case, Person, Plain, in_numbers
from benchmarks.contest import Contender
from benchmarks.peers.infix import Dialect

PACKAGE = "rule-engine"
DIALECT = Dialect(" and ", " or ", "not ")


def contenders(case: Case) -> Iterator[Contender]:
    """The truths of all rules as a list, parsed once. What is absent is an error, or null, which is a no."""
    import rule_engine

    def prepare(person: Person) -> Plain:
        return in_numbers(case, person.complete)

    rule = rule_engine.Rule(DIALECT.truths(case.rules))
    yield Contender("rule-engine", prepare, rule.evaluate, all, tuple, complete=True)
