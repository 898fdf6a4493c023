"""What is asked: the same decision in words that every engine can be given, and the persons it is asked about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import trainingrules as tr

# Three truth values: yes, no, and None for what cannot be said yet.
Truth3 = bool | None
# Facts by name, flat: a boolean, a whole number (cents, months), a text or a date.
Plain = Mapping[str, Any]

Sign = Literal["==", ">=", "<=", "in"]


@dataclass(frozen=True, slots=True)
class Check:
    """A fact held against a literal, or for `in` against several."""

    fact: str
    sign: Sign
    than: Any


@dataclass(frozen=True, slots=True)
class AllOf:
    """All of the parts hold."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of the parts holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Condition


@dataclass(frozen=True, slots=True)
class AtMost:
    """A fact is at most another."""

    fact: str
    other: str


Condition = Check | AtMost | AllOf | AnyOf | Not


@dataclass(frozen=True, slots=True)
class Rule:
    """One requirement; a decision is yes when all of them hold."""

    name: str
    must: Condition


@dataclass(frozen=True, slots=True)
class Person:
    """One person: everything that could be known, and what of it is told."""

    complete: Plain
    told: Plain

    def facts(self, *, complete: bool) -> Plain:
        """What an engine is given."""
        return self.complete if complete else self.told


@dataclass(frozen=True, slots=True)
class Case:
    """One decision of a policy, with the same rules for the peers, and for a person with a text editor.

    ``given`` makes flat facts into those of the policy; ``joined`` into those of ``rules``, where a peer is spared
    a table: looked up before the clock starts. ``differ`` says why a peer's answer may be another than ours.
    """

    name: str
    policy: tr.Policy
    decision: str
    on: date
    rules: tuple[Rule, ...]
    by_hand: Callable[[Plain], tuple[Truth3, tuple[Truth3, ...]]]
    draw: Callable[[int], Iterator[Person]]
    given: Callable[[Plain], Mapping[str, Any]] = dict
    joined: Callable[[Plain], Plain] = dict
    differ: str = "nobody knows why"


def all_of(*parts: Truth3) -> Truth3:
    """
    Kleene's and.

    >>> all_of(True, None), all_of(None, False)
    (None, False)
    """
    return False if False in parts else None if None in parts else True


def any_of(*parts: Truth3) -> Truth3:
    """
    Kleene's or.

    >>> any_of(False, None), any_of(None, True)
    (None, True)
    """
    return True if True in parts else None if None in parts else False


def checks(condition: Condition) -> Iterator[Check | AtMost]:
    """The comparisons in a condition."""
    match condition:
        case Check() | AtMost():
            yield condition
        case Not():
            yield from checks(condition.part)
        case AllOf() | AnyOf():
            for part in condition.parts:
                yield from checks(part)


def read(rules: tuple[Rule, ...]) -> tuple[str, ...]:
    """The facts that rules read."""
    found: dict[str, None] = {}
    for rule in rules:
        for one in checks(rule.must):
            found[one.fact] = None
            if isinstance(one, AtMost):
                found[one.other] = None
    return tuple(found)


def number(value: Any) -> Any:
    """A day as a number that orders as days do, for engines whose own days are slow or absent; all else as it is."""
    return value.toordinal() if isinstance(value, date) else value


def in_numbers(case: Case, facts: Plain) -> Plain:
    """The facts as the peers are given them: the table joined, days as numbers."""
    return {name: number(value) for name, value in case.joined(facts).items()}
