"""What of a policy bears on a question, without its words: so that two policies can be held side by side.

Of a table each column bears by itself here, for a proof may rest on it; `entries` tells by their places what entries
rest on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import lru_cache
from typing import Any

from trainingrules import policy as p
from trainingrules.kinds import Shape
from trainingrules.operators import Operator
from trainingrules.policy import Policy
from trainingrules.program import NamedRule, rules_of
from trainingrules.questions import Question
from trainingrules.words import Text

# A definition: its section and its name.
Key = tuple[str, str]

_SECTIONS = ("facts", "records", "readings", "amounts", "tables", "cycles", "terms", "values", "deadlines")
# A column of a table has a section of its own here: an answer may rest on one and not on another.
_CELLS = "cells"
_FRAME = ("in_force", "zone", "month_end", "cent", "contradictions", "conflicts")


def bare(node: Any) -> Any:
    """
    A part of a policy without its words and its place in the file: equal only for parts that mean the same.

    A part stands for itself here: what it holds of declarations elsewhere counts, and so does the order in which it is
    written. `canonical` leaves both out, which is right where all entries of two policies are compared.

    >>> from trainingrules import load
    >>> bare(load("rvwo").cycles["school_week"])[:3]
    ('Cycle', 'school_week', None)
    """
    if isinstance(node, Text):
        return None
    if isinstance(node, Shape):
        return (node.kind, node.unit, tuple(node.options), node.ordered, bare(node.low), bare(node.high), node.of)
    if isinstance(node, Operator):
        return node.name
    if is_dataclass(node):
        inner = (getattr(node, part.name) for part in fields(node) if part.name != "at")
        return (type(node).__name__, *map(bare, inner))
    if isinstance(node, tuple):
        return tuple(map(bare, node))
    if isinstance(node, Mapping):
        # The order of entries bears on nothing but the order in which they are shown.
        return tuple(sorted((str(name), bare(part)) for name, part in node.items()))
    # True is not 1.
    return (type(node).__name__, node) if isinstance(node, bool) else node


@dataclass(frozen=True, slots=True)
class Definition:
    """A named part of a policy: what it says, and the others that it names."""

    says: Any
    names: frozenset[Key]


@lru_cache(maxsize=8)
def definitions(policy: Policy) -> Mapping[Key, Definition]:
    """
    Every named part of a policy that questions rest on.
    """
    found = {(section, name): _definition(policy, entry) for section in _SECTIONS
             for name, entry in getattr(policy, section).items()}  # fmt: skip
    for table in policy.tables.values():
        # Of a table an answer rests on its rows, and on those columns that are read.
        found["tables", table.name] = Definition(bare((table.name, tuple(table.rows))), frozenset())
        for name, column in table.fields.items():
            cells = (column, tuple(row.cells[name] for row in table.rows.values()))
            found[_CELLS, f"{table.name}.{name}"] = _definition(policy, cells)
    return found


def _definition(policy: Policy, node: object) -> Definition:
    words = set(_words(node))
    names = {(section, word) for section in _SECTIONS for word in words if word in getattr(policy, section)}
    columns = [(part.of, part.name) for part in p.walk(node) if isinstance(part, p.FieldValue)]
    columns += [((part.rows,), part.field) for part in p.walk(node) if isinstance(part, p.SumOf)]
    names |= {(_CELLS, f"{table}.{column}") for of, column in columns for table in of
              if table in policy.tables and column in policy.tables[table].fields}  # fmt: skip
    return Definition(bare(node), frozenset(names))


def _words(node: Any) -> Iterator[str]:
    """Every text in a node that may be a name; a few that are none do no harm."""
    if isinstance(node, str):
        yield node
    elif is_dataclass(node) and not isinstance(node, Text | Operator):
        for part in fields(node):
            if part.name != "at":
                yield from _words(getattr(node, part.name))
    elif isinstance(node, tuple):
        for part in node:
            yield from _words(part)
    elif isinstance(node, Mapping):
        for part in node.values():
            yield from _words(part)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a question rests on: its rules by name, every definition they reach, and what holds for all questions.

    The ``frame``, what holds for all, comes with the definitions that it reaches in turn.
    """

    units: Mapping[str, Definition]
    reached: Mapping[Key, Definition]
    frame: tuple[Any, Mapping[Key, Definition]]


def meaning(policy: Policy, question: Question) -> Meaning:
    """
    What a question rests on; two policies for which it is equal give equal answers.
    """
    units = {name: _definition(policy, node) for name, node in units_of(policy, question).items()}
    frame = _definition(policy, tuple(getattr(policy, name) for name in _FRAME))
    reached = reach(policy, [*units.values(), frame])
    return Meaning(units, reached, (frame.says, reach(policy, [frame])))


def reach(policy: Policy, start: Iterable[Definition]) -> dict[Key, Definition]:
    """
    Every definition that some others name, directly or by way of others.
    """
    every = definitions(policy)
    found: dict[Key, Definition] = {}
    todo = [key for one in start for key in one.names]
    while todo:
        key = todo.pop()
        if key not in found:
            found[key] = every[key]
            todo += found[key].names
    return dict(sorted(found.items()))


def units_of(policy: Policy, question: Question) -> dict[str, object]:
    """
    The rules that answer a question, each by its name, and what stands around them under no name.

    A question about what the policy does not have rests on nothing.

    >>> from trainingrules import load
    >>> list(units_of(load("rvwo"), Question("eligibility", "teach_skills")))
    ['', 'a_work_supervisor']
    """
    match question.sort:
        case "eligibility":
            decision = policy.decisions.get(question.name or "")
            if decision is None:
                return {}
            rules = {one.name: one for one in rules_of(policy, decision.name)}
            return {"": replace(decision, requires={}, builds_on=()), **rules}
        case "cost":
            quote = policy.quotes.get(question.name or "")
            return {"": replace(quote, lines={}), **quote.lines} if quote is not None else {}
        case "deadlines":
            entries: Mapping[str, Any] = policy.deadlines
        case "compliance":
            whose = question.party
            entries = {name: duty for name, duty in policy.duties.items() if whose in (None, duty.who)}
        case "notes":
            entries = policy.notes
    return dict(entries) if question.name is None else {
        name: entry for name, entry in entries.items() if name == question.name
    }  # fmt: skip


def apart(one: object, other: object) -> list[tuple[object, object]]:
    """
    The smallest parts in which two parts of policies differ in meaning.

    >>> from dataclasses import replace
    >>> from trainingrules import load
    >>> cycle = load("rvwo").cycles["school_week"]
    >>> apart(cycle, replace(cycle, rounds=3))
    [(None, 3)]
    """
    if bare(one) == bare(other):
        return []
    if type(one) is type(other) and is_dataclass(one) and not isinstance(one, Shape | p.Check):
        pairs = [(getattr(one, part.name), getattr(other, part.name)) for part in fields(one) if part.name != "at"]
        return [found for pair in pairs for found in apart(*pair)]
    if isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        return [found for pair in zip(one, other, strict=True) for found in apart(*pair)]
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        names = [*one, *(name for name in other if name not in one)]
        return [found for name in names for found in apart(one.get(name), other.get(name))]
    return [(one, other)]


def part_named(policy: Policy, key: Key) -> object:
    """
    The definition of a name; of a column, its declaration and its cells; nothing where there is none.
    """
    section, name = key
    if section != _CELLS:
        return getattr(policy, section).get(name)
    table, column = name.split(".")
    if table not in policy.tables or column not in policy.tables[table].fields:
        return None
    return policy.tables[table].fields[column], {
        row.name: row.cells[column] for row in policy.tables[table].rows.values()
    }


def rule_of(unit: object) -> object:
    """
    The rule that a unit is made from.
    """
    return unit.rule if isinstance(unit, NamedRule) else unit


def reads_of(policy: Policy, nodes: Iterable[object]) -> tuple[str, ...]:
    """
    The facts and histories that some parts of a policy read, also by way of others, in the policy's order.
    """
    start = [_definition(policy, node) for node in nodes]
    found = {name for section, name in reach(policy, start) if section in ("facts", "records")}
    return tuple(name for name in (*policy.facts, *policy.records) if name in found)
