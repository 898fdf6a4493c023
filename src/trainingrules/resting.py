"""What in a policy rests on a statement of its source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from trainingrules.policy import (
    AmountOf,
    Check,
    Chosen,
    CountOf,
    CycleDay,
    Decision,
    Each,
    EachRound,
    Earliest,
    FactValue,
    FieldValue,
    Holds,
    LastDayOf,
    Named,
    OfRow,
    Policy,
    RoundNumber,
    Scope,
    SumOf,
    walk,
)
from trainingrules.source import Document
from trainingrules.statements import citations

# The sections that answer a question, and the word by which one asks.
_ASKED = {
    "eligibility": "eligibility", "costs": "cost", "deadlines": "deadline", "compliance": "compliance", "notes": "note",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Resting:
    """What rests on statements: the places that cite them, and the questions whose answer those places reach.

    A question is the word to ask by and the name: ``("cost", "become")``.
    """

    places: tuple[str, ...]
    questions: tuple[tuple[str, str], ...]


def resting(policy: Policy, document: Document) -> Mapping[str, Resting]:
    """
    For each statement of the catalogue what rests on it, also through terms, values, amounts, tables and so on.

    >>> from trainingrules.loading import check_file, policies_folder
    >>> checked = check_file(policies_folder() / "calibris.yaml")
    >>> found = resting(checked.policy, checked.document)
    >>> found["CAL-21"].places
    ('compliance.two_trainings', 'values.related_that_belongs')
    >>> found["CAL-27"].questions
    (('cost', 'licence_years'), ('note', 'vat_on_login_details'))
    """
    reached = _reached(policy)
    cited: dict[str, set[str]] = {name: set() for name in policy.statements}
    for citation, _ in citations(document):
        cited.setdefault(citation.statement, set()).add(citation.place)
    return {name: Resting(tuple(sorted(places)), _questions(policy, places, reached)) for name, places in cited.items()}


def _questions(policy: Policy, places: Iterable[str], reached: Mapping[str, set[str]]) -> tuple[tuple[str, str], ...]:
    entries = {".".join(place.split(".")[:2]) for place in places}
    asked = [
        (word, f"{section}.{name}", name) for section, word in _ASKED.items() for name in _section(policy, section)
    ]
    everything = "in_force" in entries
    return tuple((word, name) for word, entry, name in asked if everything or reached[entry] & entries)


def _section(policy: Policy, section: str) -> Mapping[str, object]:
    return {
        "eligibility": policy.decisions, "costs": policy.quotes, "deadlines": policy.deadlines,
        "compliance": policy.duties, "notes": policy.notes, "terms": policy.terms, "values": policy.values,
        "amounts": policy.amounts, "tables": policy.tables, "records": policy.records, "cycles": policy.cycles,
        "readings": policy.readings,
    }[section]  # fmt: skip


def _reached(policy: Policy) -> Mapping[str, set[str]]:
    """For each entry of the policy everything that it is made of, itself included."""
    parts = {
        f"{section}.{name}": set(_parts(policy, entry))
        for section in (*_ASKED, "terms", "values", "amounts", "tables", "cycles", "readings")
        for name, entry in _section(policy, section).items()
    }
    reached: dict[str, set[str]] = {}
    for start in parts:
        todo, seen = [start], {start}
        while todo:
            fresh = parts.get(todo.pop(), set()) - seen
            seen |= fresh
            todo += fresh
        reached[start] = seen
    return reached


def _parts(policy: Policy, entry: object) -> Iterator[str]:
    """The entries of other sections that an entry names."""
    if isinstance(entry, Decision):
        yield from (f"eligibility.{name}" for name in entry.builds_on)
    for part in walk(entry):
        match part:
            case Named(name):
                yield f"values.{name}"
            case Holds(name):
                yield f"terms.{name}"
            case AmountOf(name):
                yield f"amounts.{name}"
            case Chosen(name):
                yield f"readings.{name}"
            case LastDayOf(name) | Earliest(_, name):
                yield f"deadlines.{name}"
            case RoundNumber(name) | CycleDay(name) | EachRound(name):
                yield f"cycles.{name}"
            case FieldValue(_, _, names):
                yield from (f"tables.{name}" for name in names)
            case SumOf(rows) | CountOf(rows) | Each(rows) | OfRow(_, rows):
                yield f"tables.{rows}"
            case FactValue(_, _, per) if per:
                yield from (f"tables.{per}", f"cycles.{per}")
            case Check(_, _, str(name)) if name in policy.cycles:
                yield f"cycles.{name}"
            case Scope(each, row, per):
                yield from (f"tables.{each}", f"cycles.{per}")
                yield from _table_of(policy, row)
            case _:
                pass


def _table_of(policy: Policy, row: str) -> Iterator[str]:
    if row in policy.facts:
        yield f"tables.{policy.facts[row].shape.of}"
