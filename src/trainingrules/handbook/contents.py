"""What the page tells beside the policy itself: what rests on what, prices, silences, and what each round asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from trainingrules import policy as p
from trainingrules.answers.common import situation
from trainingrules.answers.notes import look_up
from trainingrules.declared import amount_text
from trainingrules.entries import names_of, referred
from trainingrules.policy import Policy
from trainingrules.reckoning import Situation, exactly
from trainingrules.saying import fact_place, place
from trainingrules.truth import Unknown
from trainingrules.words import Text, listing_of


@dataclass(frozen=True, slots=True)
class Link:
    """Something of the policy, and where the page tells of it."""

    to: str
    text: Text


@dataclass(frozen=True, slots=True)
class Entry:
    """Something of the policy with the statements it cites and the parts it is made of."""

    link: Link
    source: tuple[str, ...]
    parts: tuple[object, ...] = ()


def entries(policy: Policy) -> Iterator[Entry]:
    """Everything that cites the source or reads a fact, in the order of the page."""
    yield Entry(Link("top", Text("Geldigheid", "Validity")), policy.in_force.source)
    for decision in policy.decisions.values():
        to = place("eligibility", decision.name)
        subject = decision.subject_to.source if decision.subject_to else ()
        judged = _fact(policy, decision.judged_on)
        yield Entry(Link(to, decision.text), (*decision.source, *subject), judged)
        for rule in decision.requires.values():
            remedy = rule.remedy.source if rule.remedy else ()
            parts = (rule.must, rule.when, rule.scope)
            yield Entry(Link(place("eligibility", decision.name, rule.name), rule.text), (*rule.source, *remedy), parts)
    for quote in policy.quotes.values():
        judged = _fact(policy, quote.judged_on)
        yield Entry(Link(place("costs", quote.name), quote.text), (), judged)
        for line in quote.lines.values():
            yield Entry(Link(place("costs", quote.name, line.name), line.text), line.source,
                        (line.price, line.when, line.times, line.instead, line.scope))  # fmt: skip
        for part in quote.instalments.values():
            yield Entry(Link(place("costs", quote.name, part.name), part.text), part.source, (part.due,))
    for name, prices in policy.amounts.items():
        cited = tuple(dict.fromkeys(one for price in prices for one in price.source))
        yield Entry(Link(place("amounts", name), amount_text(policy, name)), cited)
    for deadline in policy.deadlines.values():
        yield Entry(Link(place("deadlines", deadline.name), deadline.text), deadline.source,
                    (deadline.start, deadline.until, deadline.when, deadline.should, deadline.scope,
                     deadline.act))  # fmt: skip
    for duty in policy.duties.values():
        yield Entry(Link(place("compliance", duty.name), duty.text), duty.source, (duty.must, duty.when, duty.scope))
    for note in policy.notes.values():
        yield Entry(Link(place("notes", note.name), note.text), note.source, (note.value, note.when, note.scope))
    for conflict in policy.conflicts.values():
        yield Entry(Link(place("conflicts", conflict.name), conflict.text), conflict.between)
    for reading in policy.readings.values():
        yield Entry(Link(place("readings", reading.name), reading.text), reading.source)
    for contradiction in policy.contradictions.values():
        yield Entry(Link(place("contradictions", contradiction.name), contradiction.text), (), (contradiction.never,))
    for claim in policy.claims.values():
        yield Entry(Link(place("claims", claim.name), claim.text), claim.source, (claim.terms, claim.when))
    for term in policy.terms.values():
        yield Entry(Link(place("terms", term.name), term.text), term.source, (term.holds,))
    for value in policy.values.values():
        yield Entry(Link(place("values", value.name), value.text), value.source, (value.value,))
    for cycle in policy.cycles.values():
        yield Entry(Link(place("cycles", cycle.name), cycle.text), cycle.source, _fact(policy, cycle.starts))
    for table in policy.tables.values():
        for row in table.rows.values():
            yield Entry(Link(place("tables", table.name, row.name), row.text), row.source)


def _fact(policy: Policy, name: str) -> tuple[object, ...]:
    return (p.FactValue(name, policy.facts[name].shape),) if name else ()


def carried(policy: Policy) -> Mapping[str, tuple[Link, ...]]:
    """For each statement of the catalogue what rests on it."""
    found: dict[str, dict[Link, None]] = {name: {} for name in policy.statements}
    for entry in entries(policy):
        for one in entry.source:
            found.setdefault(one, {})[entry.link] = None
    return {name: tuple(links) for name, links in found.items()}


# The sections that conditions and values speak of.
_SPOKEN_OF = frozenset({"facts", "tables", "terms", "values", "readings", "cycles", "amounts", "deadlines"})


def references(policy: Policy, parts: object) -> tuple[str, ...]:
    """The places of the facts, terms and all else that conditions and values speak of themselves."""
    names = names_of(policy)
    found = (one for part in p.walk(parts) for one in referred(part, policy, names))
    return tuple(dict.fromkeys(place(section, name) for section, name, *_ in found if section in _SPOKEN_OF))


def used(policy: Policy) -> Mapping[str, tuple[Link, ...]]:
    """For each fact, term, reading and so on what speaks of it."""
    found: dict[str, dict[Link, None]] = {}
    for entry in entries(policy):
        for to in references(policy, entry.parts):
            found.setdefault(to, {})[entry.link] = None
    for fact in policy.facts.values():
        for name in (fact.per, fact.shape.of):
            if name:
                found.setdefault(fact_place(policy, name), {})[Link(place("facts", fact.name), fact.text)] = None
    return {to: tuple(links) for to, links in found.items()}


# --- what the source does not say ---


@dataclass(frozen=True, slots=True)
class Silence:
    """Something that the source does not say."""

    link: Link
    what: Text
    source: tuple[str, ...]


_AMOUNT = Text("het bedrag", "the amount")
_FIRST, _LAST = Text("de eerste dag", "the first day"), Text("de laatste dag", "the last day")
_IT, _FAILING = Text("het antwoord", "the answer"), Text("wat er geldt als dit niet klopt",
                                                         "what holds when this is not so")  # fmt: skip
_CELL = Text("{rows}: {row}", "{rows}: {row}")


def silences(policy: Policy) -> Iterator[Silence]:
    """Every place where the author wrote that the source is silent."""
    for name, prices in policy.amounts.items():
        for price in prices:
            if price.cents is None:
                yield Silence(Link(place("amounts", name), amount_text(policy, name)), _AMOUNT, price.source)
    for decision in policy.decisions.values():
        for rule in decision.requires.values():
            if rule.silent:
                link = Link(place("eligibility", decision.name, rule.name), rule.text)
                yield Silence(link, _FAILING, rule.source)
    for deadline in policy.deadlines.values():
        for day, what in ((deadline.start, _FIRST), (deadline.until, _LAST)):
            if isinstance(day, p.NotStated):
                yield Silence(Link(place("deadlines", deadline.name), deadline.text), what, deadline.source)
    for section, found in (("notes", policy.notes), ("values", policy.values)):
        for one in found.values():
            if isinstance(one.value, p.NotStated):
                yield Silence(Link(place(section, one.name), one.text), _IT, one.source)
    for table in policy.tables.values():
        for row in table.rows.values():
            lacking = [table.fields[field].text for field, cell in row.cells.items() if isinstance(cell, p.NotStated)]
            if lacking:
                link = Link(place("tables", table.name, row.name), _CELL.fill(rows=table.text, row=row.text))
                yield Silence(link, listing_of(lacking), row.source)


# --- what each round of a cycle asks ---

Asked = Literal["yes", "no", "maybe"]
Sort = Literal["compliance", "costs", "deadlines"]


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A duty, a cost or a deadline, and in which rounds it is there."""

    link: Link
    sort: Sort
    advice: bool
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Rounds:
    """A cycle, and what it asks in its rounds; the last column holds for all later ones when ``endless``."""

    cycle: str
    numbers: tuple[int, ...]
    endless: bool
    rows: tuple[RoundRow, ...]


def nobody(policy: Policy) -> Situation:
    """A situation in which nothing is known of the person."""
    return situation(policy, {}, first_day(policy), "reference")


def first_day(policy: Policy) -> date:
    """A day on which the policy is in force: its first, or else the first of an amount."""
    starts = [price.start for prices in policy.amounts.values() for price in prices]
    return policy.in_force.start or min(starts, default=policy.in_force.end or date(2000, 1, 1))


def rounds(policy: Policy) -> Iterator[Rounds]:
    """For each cycle what its rounds ask."""
    for cycle in policy.cycles.values():
        found = tuple(_by_round(policy, cycle.name))
        if not found:
            continue
        most = most_rounds(policy, cycle.name, tuple(when for *_, when in found))
        count = min(cycle.rounds or most + 1, most + 1)
        columns = [tuple(asked_in(when, cycle.name, number, policy) for *_, when in found)
                   for number in range(1, count + 1)]  # fmt: skip
        while len(columns) > 1 and columns[-1] == columns[-2] and cycle.rounds is None:
            columns.pop()
        rows = tuple(RoundRow(link, sort, advice, tuple(column[index] for column in columns))
                     for index, (link, sort, advice, _) in enumerate(found))  # fmt: skip
        yield Rounds(cycle.name, tuple(range(1, len(columns) + 1)), cycle.rounds is None, rows)


def _by_round(policy: Policy, cycle: str) -> Iterator[tuple[Link, Sort, bool, p.Condition]]:
    """The duties, costs and deadlines that are per round of a cycle, with when they apply."""
    for duty in policy.duties.values():
        if duty.scope.per == cycle:
            yield Link(place("compliance", duty.name), duty.text), "compliance", duty.advice, duty.when
    for quote in policy.quotes.values():
        for line in quote.lines.values():
            if line.scope.per == cycle:
                yield Link(place("costs", quote.name, line.name), line.text), "costs", False, line.when
    for deadline in policy.deadlines.values():
        if deadline.scope.per == cycle:
            yield Link(place("deadlines", deadline.name), deadline.text), "deadlines", False, deadline.when


def most_rounds(policy: Policy, cycle: str, nodes: object, most: int = 8) -> int:
    """The last round that is spoken of by its number."""
    spoken = [
        check.operand.value
        for check in p.walk_deep(policy, nodes)
        if isinstance(check, p.Check)
        and check.subject == p.RoundNumber(cycle)
        and isinstance(check.operand, p.Constant)
    ]  # fmt: skip
    return min(most, max((number for number in spoken if isinstance(number, int)), default=1))


def asked_in(when: p.Condition, cycle: str, number: int, policy: Policy) -> Asked:
    """Whether something applies in a round, of somebody of whom nothing else is known."""
    at = nobody(policy).at_round(cycle, exactly(number))
    truth = at.engine.decide(when, at).truth
    # What hangs on the day of asking is not decided by the round.
    if isinstance(truth, Unknown) or any(isinstance(part, p.Today) for part in p.walk_deep(policy, when)):
        return "maybe"
    return "yes" if truth else "no"


# --- notes ---


@dataclass(frozen=True, slots=True)
class NoteValue:
    """What a note comes to, of a row or as a whole; ``said`` is none where that hangs on facts."""

    part: Text | None
    stated: bool
    said: Text | None


def note_values(policy: Policy, note: p.Note) -> tuple[NoteValue, ...]:
    """What a note comes to without any facts."""
    if note.value is None or note.scope.row or note.scope.each in policy.records:
        return ()
    found = look_up(policy, {}, on=first_day(policy), note=note.name).notes
    return tuple(NoteValue(one.part, one.stated, one.said) for one in found)
