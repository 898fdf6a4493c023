"""The entries of a policy, each at its place: listed, put in or left out, and what each of them refers to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import lru_cache
from typing import Any

from trainingrules import policy as p
from trainingrules.calendar import Period
from trainingrules.kinds import Shape
from trainingrules.operators import Operator
from trainingrules.policy import Policy
from trainingrules.truth import Unknown
from trainingrules.words import Text

# The names under which an entry stands in the file: `("eligibility", "enrol", "requires", "level")`.
Place = tuple[str, ...]

# The sections with entries, in the order of the file, and where a policy keeps them.
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "parties": ("parties",), "facts": ("facts", "records"), "contradictions": ("contradictions",),
    "readings": ("readings",), "amounts": ("amounts",), "tables": ("tables",), "cycles": ("cycles",),
    "terms": ("terms",), "values": ("values",), "eligibility": ("decisions",), "costs": ("quotes",),
    "deadlines": ("deadlines",), "compliance": ("duties",), "conflicts": ("conflicts",), "notes": ("notes",),
    "statements": ("statements",),
}  # fmt: skip
# The entries that stand within an entry.
INNER: Mapping[type, tuple[str, ...]] = {
    p.Records: ("fields",), p.Table: ("fields", "rows"), p.Decision: ("requires",), p.Quote: ("lines", "instalments"),
}  # fmt: skip
# What holds for the whole: the key of the file, and where a policy keeps it.
WHOLE: Mapping[Place, str] = {
    ("in_force",): "in_force", ("conventions", "zone"): "zone", ("conventions", "month_end"): "month_end",
    ("conventions", "cent"): "cent",
}  # fmt: skip


def entries(policy: Policy) -> dict[Place, Any]:
    """
    Every entry of a policy by its place, in the order of the file; an entry before those that stand within it.

    >>> from trainingrules import load
    >>> [".".join(place) for place in entries(load("calibris")) if place[0] == "cycles"]
    ['cycles.licence_year']
    """
    result: dict[Place, Any] = {place: getattr(policy, key) for place, key in WHOLE.items()}
    for section, keys in SECTIONS.items():
        for key in keys:
            for name, entry in getattr(policy, key).items():
                result[section, name] = entry
                for inner in INNER.get(type(entry), ()):
                    for part, node in getattr(entry, inner).items():
                        result[section, name, inner, part] = node
    return result


def put(policy: Policy, place: Place, entry: Any) -> Policy:
    """The policy with an entry at a place; what stood there is replaced, and None leaves it out."""
    if place in WHOLE:
        return replace(policy, **{WHOLE[place]: entry})
    section, name, *inner = place
    if inner:
        part, within = inner
        outer = at(policy, place[:2])
        entry = replace(outer, **{part: _with(getattr(outer, part), within, entry)})
    # A fact may have become a history: it stands in one of the two.
    home = "records" if isinstance(entry, p.Records) else SECTIONS[section][0]
    changed: dict[str, Any] = {
        key: _with(getattr(policy, key), name, entry if key == home else None) for key in SECTIONS[section]
    }
    return replace(policy, **changed)


def _with(known: Mapping[str, Any], name: str, entry: Any) -> dict[str, Any]:
    rest = dict(known)
    if entry is None:
        rest.pop(name, None)
    else:
        rest[name] = entry
    return rest


def at(policy: Policy, place: Place) -> Any:
    """What stands at a place; None where nothing does."""
    if place in WHOLE:
        return getattr(policy, WHOLE[place])
    section, name, *inner = place
    found: Any = next((known[name] for key in SECTIONS[section] if name in (known := getattr(policy, key))), None)
    if inner and found is not None:
        part, within = inner
        return getattr(found, part, {}).get(within)
    return found


def by_itself(entry: Any) -> Any:
    """An entry without those that stand within it."""
    emptied: dict[str, Any] = {inner: {} for inner in INNER.get(type(entry), ())}
    return replace(entry, **emptied) if emptied else entry


# --- what an entry refers to ---


@dataclass(frozen=True, slots=True)
class Names:
    """Where the names of a policy are declared: those that a condition can begin with, and fields by their owners."""

    homes: Mapping[str, Place]
    owners: Mapping[str, tuple[Place, ...]]


@lru_cache(maxsize=8)
def names_of(policy: Policy) -> Names:
    """Where each name of a policy is declared."""
    homes: dict[str, Place] = {}
    owners: dict[str, tuple[Place, ...]] = {}
    for section in ("facts", "tables", "readings", "cycles", "terms", "values"):
        for key in SECTIONS[section]:
            for name, entry in getattr(policy, key).items():
                homes[name] = (section, name)
                for field in getattr(entry, "fields", ()) if isinstance(entry, p.Records | p.Table) else ():
                    owners[field] = (*owners.get(field, ()), (section, name, "fields", field))
    return Names(homes, owners)


def references(policy: Policy, place: Place, names: Names) -> Iterator[Place]:
    """
    The places that an entry refers to, whether anything stands there or not; those within it included, save columns.
    """
    entry = at(policy, place)
    for inner in INNER.get(type(entry), ()):
        # What counts the rows of a table need not read any column of it.
        yield from ((*place, inner, part) for part in getattr(entry, inner) if inner != "fields")
    for part in p.walk(by_itself(entry), shapes=True):
        yield from referred(part, policy, names)


def referred(part: object, policy: Policy, names: Names) -> Iterator[Place]:
    """The places that one part of an entry names itself, whether anything stands there or not."""

    def named(*found: str) -> Iterator[Place]:
        return (names.homes.get(name, ("facts", name)) for name in found if name)

    match part:
        case Shape(of=table):
            yield from named(table)
        case p.FactValue() | p.Fact():
            yield from named(part.name, part.per)
        case p.FieldValue(name, _, of):
            yield from named(*of)
            yield from (owner for owner in names.owners.get(name, ()) if owner[1] in of)
        case p.Named(name) | p.Chosen(name) | p.RoundNumber(name) | p.CycleDay(name) | p.Holds(name):
            yield from named(name)
        case p.EachRound(cycle) | p.Check(operand=str() as cycle):
            yield from named(cycle)
        case p.AmountOf(name):
            yield "amounts", name
        case p.LastDayOf(deadline):
            yield "deadlines", deadline
        case p.Earliest(fact, deadline):
            yield from named(fact)
            yield "deadlines", deadline
        case p.SumOf(rows, field):
            yield from named(rows)
            yield from (owner for owner in names.owners.get(field, ()) if owner[1] == rows)
        case p.CountOf(rows) | p.Each(rows) | p.Contradiction(rows=rows):
            yield from named(rows)
        case p.OfRow(fact, rows):
            yield from named(fact, rows)
        case p.Scope(each, row, per):
            yield from named(each, row, per)
        case p.Cycle(starts=fact):
            yield from named(fact)
        case p.Decision(builds_on=others, judged_on=fact):
            yield from (("eligibility", other) for other in others)
            yield from named(fact)
        case p.Quote(presume=presume, judged_on=fact):
            yield from named(fact, *presume)
        case p.Duty(who=party):
            yield "parties", party
    for cited in _cited(part):
        yield "statements", cited
        yield from (("conflicts", one.name) for one in policy.conflicts.values() if cited in one.between)


def _cited(part: object) -> tuple[str, ...]:
    found = getattr(part, "source", ())
    return found if isinstance(found, tuple) else ()


def graph(policy: Policy) -> dict[Place, tuple[Place, ...]]:
    """What each entry refers to."""
    names = names_of(policy)
    return {place: tuple(dict.fromkeys(references(policy, place, names))) for place in entries(policy)}


def reached(start: Iterable[Place], refers: Mapping[Place, Iterable[Place]]) -> frozenset[Place]:
    """
    Every place on which the answer about some entries can rest, those of the entries included.

    >>> from trainingrules import load
    >>> refers = graph(load("bcmb"))
    >>> ("terms", "hbo_level") in reached([("eligibility", "programme_a")], refers)
    True
    """
    todo = list(start)
    found: set[Place] = set()
    while todo:
        place = todo.pop()
        if place not in found:
            found.add(place)
            todo += refers.get(place, ())
    return frozenset(found)


# --- a policy put together ---


def lacking(policy: Policy, refers: Mapping[Place, Iterable[Place]]) -> list[Place]:
    """What some entry refers to and is not there, statements apart: none in a policy that is whole."""
    wanted = dict.fromkeys(target for targets in refers.values() for target in targets)
    found = [target for target in wanted if target not in refers and target[0] != "statements"]
    for table in policy.tables.values():
        for row in table.rows.values():
            place = ("tables", table.name, "rows", row.name)
            found += [place] if row.cells.keys() != table.fields.keys() else []
    return found


def settled(policy: Policy) -> Policy:
    """
    The policy with what its conditions hold of declarations made that of its own declarations.

    A fact in a condition knows its shape; a policy put together from two must not hold the other's.
    """
    owners: dict[str, tuple[str, ...]] = {}
    holders: tuple[p.Table | p.Records, ...] = (*policy.tables.values(), *policy.records.values())
    for rows in holders:
        for field in rows.fields:
            owners[field] = (*owners.get(field, ()), rows.name)
    labels = {name: {key: row.text for key, row in table.rows.items()} for name, table in policy.tables.items()}

    def shape(old: Shape) -> Shape:
        return replace(old, options=labels[old.of]) if old.of in labels else old

    facts = {name: replace(fact, shape=shape(fact.shape)) for name, fact in policy.facts.items()}

    def made(node: Any) -> Any:
        match node:
            case p.FactValue(name) if name in facts:
                return replace(node, shape=facts[name].shape, per=facts[name].per)
            case p.FieldValue("key", own, of):
                tables = tuple(table for table in of if table in labels)
                options = {key: text for table in tables for key, text in labels[table].items()}
                return replace(node, shape=replace(own, options=options), of=tables)
            case p.FieldValue(name) if name in owners:
                first = p.rows_holder(policy, owners[name][0]).fields[name]
                return replace(node, shape=first.shape, of=owners[name])
            case p.Chosen(reading, own) if reading in policy.readings:
                return replace(node, shape=replace(own, options=policy.readings[reading].options))
        return node

    result: Policy = rebuilt(replace(policy, facts=facts), made)
    return result


def rebuilt(node: Any, make: Any) -> Any:
    """A part of a policy with ``make`` applied to each of its parts, the innermost first."""
    if isinstance(node, Text | Operator | Unknown | Period | Shape | p.Statement):
        return node
    if isinstance(node, tuple):
        parts = tuple(rebuilt(part, make) for part in node)
        return node if all(a is b for a, b in zip(parts, node, strict=True)) else parts
    if isinstance(node, Mapping):
        made = {key: rebuilt(part, make) for key, part in node.items()}
        return node if all(made[key] is node[key] for key in node) else made
    if not is_dataclass(node) or isinstance(node, type):
        return node
    changed = {}
    for one in fields(node):
        part = getattr(node, one.name)
        if one.name != "at" and (new := rebuilt(part, make)) is not part:
            changed[one.name] = new
    return make(replace(node, **changed) if changed else node)
