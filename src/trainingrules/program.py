"""A policy at work: its rules made into the conditions that engines decide."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from trainingrules import policy as p
from trainingrules.frozen import frozen
from trainingrules.truth import Cause, Unknown


@frozen
class NamedRule:
    """A requirement under the name it has in an answer: with its decision's, when inherited."""

    name: str
    rule: p.Requirement
    condition: p.Condition


# A policy never changes, so what is made of it once is kept, for the policies and entries used last.
@functools.lru_cache(maxsize=1024)
def rules_of(policy: p.Policy, decision: str) -> tuple[NamedRule, ...]:
    """
    The requirements of a decision, its own first, then those of the decisions it builds on.
    """
    result: dict[str, NamedRule] = {}
    todo, done = [decision], set[str]()
    while todo:
        name = todo.pop(0)
        if name in done:
            continue
        done.add(name)
        for rule in policy.decisions[name].requires.values():
            shown = rule.name if name == decision else f"{name}.{rule.name}"
            result[shown] = NamedRule(shown, rule, condition_of(policy, rule, shown))
        todo += policy.decisions[name].builds_on
    return tuple(result.values())


def condition_of(policy: p.Policy, rule: p.Requirement, shown: str) -> p.Condition:
    """
    The whole of a requirement: its rows or rounds, its `when`, and what keeps its yes or no from being said.
    """
    must = rule.must
    if rule.silent:
        # Failing it is not said to refuse anybody: false becomes unknown.
        must = p.Any((must, p.Silent(Unknown(frozenset({Cause("not_stated", shown)})))))
    must = unsettled(policy, rule.source, must)
    return scoped(policy, rule, must if rule.when == p.ALWAYS else p.Given(rule.when, must))


def scoped(policy: p.Policy, rule: p.Rule, body: p.Condition) -> p.Condition:
    """The body over what the rule holds for: each row, the row a fact names, or each round."""
    if rule.scope.each:
        return p.Each(rule.scope.each, body)
    if rule.scope.row:
        return p.OfRow(rule.scope.row, policy.facts[rule.scope.row].shape.of, body)
    return p.EachRound(rule.scope.per, body) if rule.scope.per else body


def conflicts_of(policy: p.Policy, source: tuple[str, ...]) -> tuple[p.Conflict, ...]:
    """The conflicts between statements of which a rule cites one."""
    return tuple(conflict for conflict in policy.conflicts.values() if not set(conflict.between).isdisjoint(source))


@frozen
class Reads:
    """What an entry rests on, also by way of terms, values and deadlines: each in the order of the policy.

    ``source`` holds the statements that those cite, with the readings and cycles: beside the entry's own.
    """

    readings: tuple[str, ...]
    records: tuple[str, ...]
    facts: tuple[str, ...]
    source: tuple[str, ...]


@functools.lru_cache(maxsize=1024)
def reads(policy: p.Policy, section: str, name: str) -> Reads:
    """
    What the entry of this name in a section of the policy rests on.
    """
    facts: set[str] = set()
    records: set[str] = set()
    readings: set[str] = set()
    source: dict[str, None] = {}
    for part in p.walk_deep(policy, _entry(policy, section, name)):
        match part:
            case p.FactValue():
                facts.add(part.name)
            case p.Chosen():
                readings.add(part.reading)
                source |= dict.fromkeys(policy.readings[part.reading].source)
            case p.Term() | p.NamedValue():
                source |= dict.fromkeys(part.source)
            case p.RoundNumber() | p.CycleDay():
                source |= dict.fromkeys(policy.cycles[part.cycle].source)
            case p.CountOf() | p.SumOf() | p.Each():
                records.add(part.rows)
            case p.Scope():
                records.add(part.each)
                facts.add(part.row)
            case p.OfRow() | p.Earliest():
                facts.add(part.fact)
    return Reads(
        tuple(one for one in policy.readings if one in readings),
        tuple(one for one in policy.records if one in records),
        tuple(one for one in policy.facts if one in facts),
        tuple(source),
    )


def _entry(policy: p.Policy, section: str, name: str) -> object:
    match section:
        case "eligibility":
            return tuple(rule.condition for rule in rules_of(policy, name))
        case "costs":
            return policy.quotes[name].lines
        case "deadlines":
            return policy.deadlines[name]
        case "compliance":
            return policy.duties[name]
        case _:
            return policy.notes[name]


def read_by(policy: p.Policy, node: object) -> Iterator[str]:
    """The names of the facts and histories that a part of a policy may read."""
    for part in p.walk_deep(policy, node):
        match part:
            case p.FactValue():
                yield part.name
                yield from _anchor(policy, part.per)
            case p.OfRow() | p.Earliest():
                yield part.fact
            case p.Each() | p.CountOf() | p.SumOf():
                yield from _history(policy, part.rows)
            case p.Scope():
                yield part.row
                yield from _history(policy, part.each)
                yield from _anchor(policy, part.per)
            case p.RoundNumber() | p.CycleDay() | p.EachRound():
                yield from _anchor(policy, part.cycle)
            case p.Check(operand=str() as cycle):
                yield from _anchor(policy, cycle)


def _history(policy: p.Policy, name: str) -> Iterator[str]:
    if name in policy.records:
        yield name


def _anchor(policy: p.Policy, cycle: str) -> Iterator[str]:
    if cycle in policy.cycles:
        yield policy.cycles[cycle].starts


def unsettled(policy: p.Policy, source: tuple[str, ...], whole: p.Condition) -> p.Condition:
    """What a rule asks; where statements it cites contradict each other, its yes cannot be said."""
    for conflict in conflicts_of(policy, source):
        if conflict.unsettles:
            whole = p.All((whole, p.Silent(Unknown(frozenset({Cause("conflict", conflict.name)})))))
    return whole
