"""common-expression-language: Google's CEL, in Rust."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from benchmarks.cases import Case, Person, Plain, Truth3, in_numbers
from benchmarks.contest import Contender
from benchmarks.peers.infix import Dialect

PACKAGE = "common-expression-language"
DIALECT = Dialect(" && ", " || ", "!")


def contenders(case: Case) -> Iterator[Contender]:
    """The truths of all rules as a list; and the verdict alone, in which a fact that is absent is an error.

    CEL's and and or let a settled side outweigh an error, so an error can stand for unknown: of the verdict, but not
    of each rule, since one error takes a whole list with it.
    """
    import cel

    each = cel.compile(DIALECT.truths(case.rules)).execute
    whole = cel.compile(DIALECT.verdict(case.rules)).execute

    def verdict(context: cel.Context) -> Truth3:
        try:
            answer: bool = whole(context)
        except RuntimeError:
            return None
        return answer

    def context(complete: bool) -> Callable[[Person], cel.Context]:
        return lambda person: cel.Context(in_numbers(case, person.facts(complete=complete)))

    def mapping(person: Person) -> Plain:
        return in_numbers(case, person.complete)

    note = "no rule told; an error stands for unknown"
    yield Contender("CEL", context(complete=True), each, all, tuple, complete=True)
    yield Contender("CEL, from a mapping", mapping, each, all, tuple, complete=True)
    yield Contender("CEL, verdict alone", context(complete=False), verdict, lambda answer: answer, note=note)
