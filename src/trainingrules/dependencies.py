"""What the entries of a policy rest on, by way of terms, values, tables and all else: for changes of one entry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from trainingrules import policy as p
from trainingrules.policy import Policy

# A section and the name of an entry there; what is no entry but holds throughout has no name.
Entry = tuple[str, str]

_SECTIONS = {
    "contradictions": "contradictions", "readings": "readings", "amounts": "amounts", "tables": "tables",
    "cycles": "cycles", "terms": "terms", "values": "values", "eligibility": "decisions", "costs": "quotes",
    "deadlines": "deadlines", "compliance": "duties", "notes": "notes",
}  # fmt: skip


def dependencies(policy: Policy) -> Mapping[Entry, frozenset[Entry]]:
    """
    For every entry all entries that its answer may depend on, itself included.

    It is more rather than less: what is not among them cannot matter.

    >>> from trainingrules import load
    >>> sorted(dependencies(load("rvwo"))["eligibility", "session_audience"])
    [('eligibility', 'session_audience'), ('terms', 'invited_teacher'), ('terms', 'meant_trainer')]
    """
    entries: dict[Entry, object] = {
        (section, name): entry
        for section, home in _SECTIONS.items() for name, entry in getattr(policy, home).items()
    }  # fmt: skip
    links = {entry: [one for part in p.walk(node) for one in _refers(policy, part)] for entry, node in entries.items()}
    return {entry: _closure(entry, links) for entry in entries}


def throughout(policy: Policy, found: Mapping[Entry, frozenset[Entry]]) -> frozenset[Entry]:
    """What every answer rests on: the conventions, the validity, the conflicts, and what contradicts itself."""
    everywhere = {("in_force", "from"), ("in_force", "until"), ("in_force", "outside"), ("conventions", "month_end"),
                  ("conventions", "cent"), *(("conflicts", name) for name in policy.conflicts)}  # fmt: skip
    return frozenset(everywhere).union(*(found["contradictions", name] for name in policy.contradictions))


def _closure(start: Entry, links: Mapping[Entry, Iterable[Entry]]) -> frozenset[Entry]:
    reached: set[Entry] = set()
    todo = [start]
    while todo:
        here = todo.pop()
        if here not in reached:
            reached.add(here)
            todo += links.get(here, ())
    return frozenset(reached)


def _refers(policy: Policy, part: object) -> Iterator[Entry]:
    """The entries that one node names."""
    match part:
        case p.Holds(term):
            yield "terms", term
        case p.Named(name):
            yield "values", name
        case p.LastDayOf(deadline) | p.Earliest(_, deadline):
            yield "deadlines", deadline
        case p.AmountOf(name):
            yield "amounts", name
        case p.Chosen(reading):
            yield "readings", reading
        case p.RoundNumber(cycle) | p.CycleDay(cycle):
            yield "cycles", cycle
        case p.Check(operator=operator, operand=operand) if operator.operand == "cycle":
            yield "cycles", str(operand)
        case p.FactValue():
            yield from _rows(policy, part.per, part.shape.of)
        case p.FieldValue():
            yield from _rows(policy, *part.of, part.shape.of)
        case p.SumOf() | p.CountOf():
            yield from _rows(policy, part.rows)
        case p.Scope():
            yield from _rows(policy, part.each, part.per, policy.facts[part.row].shape.of if part.row else "")
        case p.Contradiction():
            yield from _rows(policy, part.rows)
        case p.Decision():
            yield from (("eligibility", other) for other in part.builds_on)


def _rows(policy: Policy, *names: str) -> Iterator[Entry]:
    for name in names:
        if name in policy.tables:
            yield "tables", name
        elif name in policy.cycles:
            yield "cycles", name
