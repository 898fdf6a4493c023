"""Concrete persons, found by a guided search that does the same every time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import cached_property
from itertools import product
from typing import Any

from trainingrules import policy as p
from trainingrules.answers.common import situation
from trainingrules.calendar import MonthEnd, Period, add, day_of, parse_date, parse_moment, write_date, write_moment
from trainingrules.diagnostics import FactError
from trainingrules.drafting import example_of, written
from trainingrules.kinds import DAYS, Shape, Value
from trainingrules.meaning import (
    Definition,
    Key,
    Meaning,
    apart,
    bare,
    meaning,
    part_named,
    reach,
    reads_of,
    rule_of,
    units_of,
)
from trainingrules.persons import Day, Person, known_to, outcome, people_of
from trainingrules.policy import Policy
from trainingrules.program import rules_of
from trainingrules.proof import proven_alike
from trainingrules.questions import Question
from trainingrules.reckoning import COMING, RowAt, Situation, happened, value
from trainingrules.truth import Unknown
from trainingrules.turns import Turns, beside, turns, turns_of

__all__ = ["Person", "Search", "differing", "example_of", "outcome", "people_of", "smallest", "written"]

# A time that lies on the same day almost everywhere.
_NOON = time(12, tzinfo=timezone(timedelta(hours=1)))


@dataclass(frozen=True, slots=True)
class Search:
    """What came of a search: somebody; or nobody, and then whether everybody was tried, which is a proof.

    ``tried`` counts those of whom both were asked before nobody was found.
    """

    person: Person | None
    exhaustive: bool = False
    tried: int = 0


# --- how telling a difference is ---

_DECIDES = ("verdict", "status", "state", "total", "at_least", "at_most", "value", "from", "until", "applies")


def _rank(one: Mapping[str, Any], other: Mapping[str, Any]) -> int:
    """How telling a difference is: none, a refusal, something unknown, something beside the answer, the answer."""
    if one == other or ("refused" in one and "refused" in other):
        return 0
    if "refused" in one or "refused" in other:
        return 1
    if _missing(one) or _missing(other):
        return 2
    return 4 if _decided(one) != _decided(other) else 3


def _decided(told: Mapping[str, Any]) -> Any:
    entries = {name: _decided(entry) for part in ("deadlines", "compliance", "notes") if part in told
               for name, entry in told[part].items()}  # fmt: skip
    return entries or {key: told[key] for key in _DECIDES if key in told}


def _missing(told: Mapping[str, Any]) -> frozenset[str]:
    found: frozenset[str] = told.get("missing", frozenset())
    for part in ("deadlines", "compliance", "notes"):
        for entry in told.get(part, {}).values():
            found |= entry.get("missing", frozenset())
    return found


# --- somebody to whom two policies give different answers ---


def differing(
    old: Policy, new: Policy, question: Question, *, people: Iterable[Person] = (), budget: int = 2000
) -> Search:
    """
    Somebody to whom two policies answer a question differently, as small as was found.

    An answer that differs where both are known is preferred to one that is still open on either side, and that
    to a refusal on one side only: facts that contradict each other are no person, but to say that they do is an
    answer. ``people`` are tried first, also with facts changed; ``budget`` counts the questions that are asked.

    Nobody was found and everybody was tried when all that the question rests on means the same in both. What more
    counts as a proof is told in `proof`.

    >>> from dataclasses import replace
    >>> from trainingrules import load
    >>> old = load("rvwo")
    >>> new = replace(old, terms={**old.terms, "meant_trainer": old.terms["coaching_supervisor"]})
    >>> differing(old, new, Question("eligibility", "session_audience")).person.facts
    {'role': 'practice_trainer', 'organisation': 'activite'}
    """
    before, after = meaning(old, question), meaning(new, question)
    if before == after:
        return Search(None, exhaustive=True)
    given = tuple(people)
    found = None
    if question.name is None:
        found = _in_one_entry(old, new, question, given, budget)
    if found is None:
        seeker = _Seeker(old, new, question, given, budget, before, after)
        found = seeker.find()
        if found is None:
            return Search(None, exhaustive=seeker.proven, tried=seeker.asked)
    least = _told_apart(old, new, question, found)
    return Search(smallest(found, lambda one: _told_apart(old, new, question, one) >= least))


def _told_apart(old: Policy, new: Policy, question: Question, person: Person) -> int:
    return _rank(outcome(old, question, person), outcome(new, question, person))


def _in_one_entry(old: Policy, new: Policy, question: Question, people: Sequence[Person], budget: int) -> Person | None:
    """Somebody for whom one of several entries differs: to ask about all of them takes as long as all of them."""
    names = dict.fromkeys([*units_of(old, question), *units_of(new, question)])
    asked = [Question(question.sort, name, question.cycles) for name in names]
    changed = [one for one in asked if meaning(old, one) != meaning(new, one)]
    for one in changed:
        found = differing(old, new, one, people=people, budget=budget // len(changed)).person
        if found is not None and _told_apart(old, new, question, found):
            return found
    return None


# How telling a difference is, what is missing on either side, and both answers.
_Compared = tuple[int, frozenset[str], tuple[Mapping[str, Any], Mapping[str, Any]]]


class _Spent(Exception):
    """The budget is."""


@dataclass
class _Seeker:
    """One search: what it compares, what it may spend, and the best it has found."""

    old: Policy
    new: Policy
    question: Question
    people: Sequence[Person]
    budget: int
    before: Meaning
    after: Meaning
    best: tuple[int, Person] | None = None
    limit: int = 0
    asked: int = 0
    proven: bool = False
    tried: dict[str, _Compared] = field(default_factory=dict)

    # --- asking ---

    def spend(self) -> None:
        """Ask both about one person more, while that may be."""
        if self.budget < 2 or self.budget <= self.limit:
            raise _Spent
        self.budget -= 2
        self.asked += 1

    def compare(self, person: Person) -> _Compared:
        """How telling the difference is, what is missing, and both answers: asked once."""
        key = f"{person.on!r} {person.facts!r}"
        if key not in self.tried:
            self.spend()
            one, other = outcome(self.old, self.question, person), outcome(self.new, self.question, person)
            rank = _rank(one, other)
            self.tried[key] = rank, _missing(one) | _missing(other), (one, other)
            if rank > (self.best[0] if self.best else 0):
                self.best = rank, person
        return self.tried[key]

    def glance(self, person: Person) -> tuple[int, frozenset[str], str]:
        """The same; where no requirement of a decision turns out differently, without the whole of the answers."""
        if self.question.sort != "eligibility" or not self.only_conditions:
            rank, missing, answers = self.compare(person)
            return rank, missing, f"{answers!r}"
        mine, theirs = (self.truths(policy, person) for policy in (self.old, self.new))
        if mine != theirs:
            rank, missing, answers = self.compare(person)
            return rank, missing, f"{answers!r}"
        self.spend()
        asked = frozenset(fact for _, missing in mine or () for fact in missing)
        return 0, asked, f"{mine!r}"

    def find(self) -> Person | None:
        """The best that is found before the budget is spent; a look-around ends once the answer differs."""
        whole = self.budget
        phases: tuple[tuple[Callable[[], None], float], ...] = (
            (self.as_given, 0.5), (self.from_nothing, 0.4), (self.changed, 0.5), (self.from_nothing_wider, 1.0),
        )  # fmt: skip
        for phase, share in phases:
            if phase == self.from_nothing_wider and proven_alike(self.old, self.new, self.question, budget=self.budget):
                self.proven = True
                return None
            # What is left of one phase is for the next.
            self.limit = max(0, self.budget - int(whole * share))
            with suppress(_Spent):
                phase()
            self.limit = 0
            if self.best is not None and self.best[0] < 4:
                self.limit = max(0, self.budget - whole // 4)
                with suppress(_Spent):
                    self.settle(self.best[1])
                self.limit = 0
            if self.best is not None and self.best[0] >= 3:
                break
        return self.best[1] if self.best else None

    # --- the ways to look ---

    def as_given(self) -> None:
        """The persons that were given."""
        for person in self.people:
            if self.compare(person)[0] == 4:
                return

    def from_nothing(self) -> None:
        """Somebody of whom nothing is known, and then more and more of what the changed parts read."""
        for on in self.days:
            self.compare(Person({}, on))
        for on in self.days:
            self.grow(Person({}, on), only=self.first)

    def from_nothing_wider(self) -> None:
        """The same, with everything that is missing."""
        for on in self.days:
            self.grow(Person({}, on), only=None)

    def grow(self, start: Person, only: Sequence[str] | None) -> None:
        """
        Give one missing fact after another; of values that lead to the same answers only one is gone on with.
        """
        rank, missing, _ = self.glance(start)
        level = [(start, missing)] if rank < 2 else []
        while level:
            further: dict[str, tuple[Person, frozenset[str]]] = {}
            for person, missing in level:
                path = self.next_fact(person, missing, only)
                for candidate in self.values(path, person) if path else ():
                    after = _with(person, path, candidate)
                    rank, left, answers = self.glance(after)
                    if rank >= 2:
                        return
                    further.setdefault(f"{sorted(after.facts)} {answers}", (after, left))
            level = list(further.values())

    def next_fact(self, person: Person, missing: frozenset[str], only: Sequence[str] | None) -> str:
        """The next fact to give: one that the answers ask for, or else one that the changed parts read."""
        paths = sorted(missing, key=self.place)
        if only is None:
            return paths[0] if paths else ""
        wanted = [path for path in paths if path.partition("[")[0] in only]
        if wanted:
            return wanted[0]
        absent = (path for name in only if name not in person.facts for path in self.paths_of(name))
        return next(absent, "")

    def paths_of(self, name: str) -> list[str]:
        """A fact, or a first row or round of one that is known per row or round."""
        per = self.facts[name].per if name in self.facts else ""
        for policy in (self.new, self.old):
            if per in policy.tables:
                return [f"{name}[{next(iter(policy.tables[per].rows))}]"]
        return [f"{name}[1]" if per else name]

    def changed(self) -> None:
        """The persons that were given, with one fact changed, or two, and on days beside."""
        people = sorted(self.people, key=lambda one: -len(set(one.facts) & set(self.first)))[:12]
        for person in people:
            for on in (*self.days[:4], *_around(person.on)):
                self.compare(Person(person.facts, on))
            for path in self.paths(person):
                for candidate in self.values(path, person):
                    if self.glance(_with(person, path, candidate))[0] == 4:
                        return
        for person in people:
            one, *others = self.paths(person) or [""]
            for other in others:
                for first, second in product(self.values(one, person), self.values(other, person)):
                    if self.glance(_with(_with(person, one, first), other, second))[0] == 4:
                        return

    def paths(self, person: Person) -> list[str]:
        """The facts to change of a person: those that the changed parts read, per row and round as they are given."""
        found: list[str] = []
        for name in self.first:
            given = person.facts.get(name)
            if isinstance(given, Mapping):
                found += [f"{name}[{key}]" for key in given]
            elif isinstance(given, list) and name in self.records:
                fields = self.records[name].fields
                found += [f"{name}[{index}].{key}" for index in range(1, min(len(given), 3) + 1) for key in fields
                          if key in self.near.values or fields[key].shape.kind in DAYS]  # fmt: skip
                found.append(name)
            else:
                found += self.paths_of(name)
        return found

    def settle(self, person: Person) -> None:
        """Fill in what is still missing, so that the answers go on to differ."""
        _, missing, _ = self.compare(person)
        while missing:
            best: tuple[tuple[bool, int, int], Person] | None = None
            for path in sorted(missing, key=self.place):
                for candidate in self.values(path, person):
                    after = _with(person, path, candidate)
                    found, left, answers = self.compare(after)
                    score = (_decided(answers[0]) != _decided(answers[1]), found, -len(left))
                    if found >= 2 and (best is None or score > best[0]):
                        best = score, after
                if best is not None:
                    break
            if best is None:
                return
            person = best[1]
            _, missing, _ = self.compare(person)

    # --- where to look ---

    @cached_property
    def parts(self) -> list[tuple[Policy, object]]:
        """The smallest parts that differ, each with its policy."""
        one, other = units_of(self.old, self.question), units_of(self.new, self.question)
        found = [pair for name in dict.fromkeys([*one, *other])
                 for pair in apart(rule_of(one.get(name)), rule_of(other.get(name)))]  # fmt: skip
        for key in dict.fromkeys([*self.before.reached, *self.after.reached]):
            found += apart(part_named(self.old, key), part_named(self.new, key))
        for name in ("in_force", "contradictions", "conflicts"):
            found += apart(getattr(self.old, name), getattr(self.new, name))
        return [(policy, node) for pair in found for policy, node in zip((self.old, self.new), pair, strict=True)]

    @cached_property
    def homes(self) -> list[tuple[Policy, object]]:
        """The rules and definitions in which something differs, then those that name them, and so on."""
        found: list[tuple[Policy, object]] = [
            (policy, one) for policy, other in ((self.new, self.old), (self.old, self.new))
            for name, one in policy.contradictions.items() if bare(one) != bare(other.contradictions.get(name))
        ]  # fmt: skip
        for policy, mine, theirs in ((self.new, self.after, self.before), (self.old, self.before, self.after)):
            units = units_of(policy, self.question)
            todo: dict[Key, Definition] = {("", name): unit for name, unit in mine.units.items()} | dict(mine.reached)
            changed = {key for key, one in todo.items()
                       if one != (theirs.reached.get(key) if key[0] else theirs.units.get(key[1]))}  # fmt: skip
            while changed:
                for key in sorted(changed):
                    del todo[key]
                    found.append((policy, part_named(policy, key) if key[0] else rule_of(units[key[1]])))
                changed = {key for key, one in todo.items() if not changed.isdisjoint(one.names)}
        return found

    @cached_property
    def first(self) -> tuple[str, ...]:
        """The facts that the parts that differ read, then those of the rules they stand in, or are named in."""
        names: dict[str, None] = {}
        for nodes in (self.parts, *([home] for home in self.homes)):
            for policy in (self.new, self.old):
                names |= dict.fromkeys(reads_of(policy, [node for one, node in nodes if one is policy]))
        return tuple(names)

    @cached_property
    def order(self) -> dict[str, int]:
        every = (*self.first, *self.new.facts, *self.new.records, *self.old.facts, *self.old.records)
        return {name: place for place, name in enumerate(dict.fromkeys(every))}

    def place(self, path: str) -> tuple[int, str]:
        """Where a fact stands in the order of giving."""
        return self.order.get(path.partition("[")[0], 0), path

    @cached_property
    def changed_rules(self) -> Mapping[str, tuple[str, ...]]:
        """The requirements in which something differs, each with the readings by which it may be contested."""
        found: dict[str, tuple[str, ...]] = {}
        for name in dict.fromkeys([*self.before.units, *self.after.units]):
            units = [(policy, rests.units[name]) for policy, rests in ((self.old, self.before), (self.new, self.after))
                     if name in rests.units]  # fmt: skip
            reached = [reach(policy, [unit]) for policy, unit in units]
            if len(units) < 2 or (units[0][1], reached[0]) != (units[1][1], reached[1]):
                keys = dict.fromkeys(key for one in reached for key in one)
                found[name] = tuple(reading for section, reading in keys if section == "readings")
        return found

    @cached_property
    def only_conditions(self) -> bool:
        """Whether the same requirements stand there, and differ in nothing but what they ask."""
        every = [units_of(policy, self.question) for policy in (self.old, self.new)]
        if "" in self.changed_rules or every[0].keys() != every[1].keys():
            return False
        pairs = ([rule_of(units[name]) for units in every] for name in self.changed_rules)
        return all(
            isinstance(one, p.Rule) and isinstance(other, p.Rule)
            and (one.advice, one.source) == (other.advice, other.source) for one, other in pairs
        )  # fmt: skip

    def truths(self, policy: Policy, person: Person) -> list[tuple[str, frozenset[str]]] | None:
        """How the changed requirements turn out, also in other readings, each with the facts it wants."""
        at = _situation(policy, person)
        if at is None or self.question.name not in policy.decisions:
            return None
        truths = [inside.engine.decide(rule.condition, inside).truth for rule in rules_of(policy, self.question.name)
                  for inside in _read_every_way(at, self.changed_rules.get(rule.name))]  # fmt: skip
        return [(repr(one), one.missing) if isinstance(one, Unknown) else (repr(one), frozenset()) for one in truths]

    @cached_property
    def records(self) -> Mapping[str, p.Records]:
        return {**self.old.records, **self.new.records}

    @cached_property
    def facts(self) -> Mapping[str, p.Fact]:
        return {**self.old.facts, **self.new.facts}

    @cached_property
    def near(self) -> Turns:
        """What the parts that differ compare with, and then the rules they stand in."""
        found = [turns_of(policy, part if isinstance(part, Iterable) else p.walk_deep(policy, part))
                 for nodes in (self.parts, self.homes, self.cycles) for policy, part in nodes]  # fmt: skip
        values: dict[str, dict[Value, None]] = {}
        for one in (*found, turns(self.new), turns(self.old)):
            for name, some in one.values.items():
                values.setdefault(name, {}).update(dict.fromkeys(some))
        lengths = dict.fromkeys(length for one in found for length in one.lengths)
        # So many rounds ago.
        every = dict.fromkeys(length for policy, cycle in self.cycles for length in turns_of(policy, [cycle]).lengths)
        lengths |= dict.fromkeys((unit, count * times) for unit, count in every for times in (2, 3))
        return Turns(
            {name: tuple(some) for name, some in values.items()},
            tuple(dict.fromkeys([*_days_of(self.parts), *(day for one in found for day in one.days)])),
            tuple(lengths or dict.fromkeys((*turns(self.new).lengths, *turns(self.old).lengths))),
        )

    @cached_property
    def cycles(self) -> list[tuple[Policy, object]]:
        return [(policy, policy.cycles[name]) for policy, mine in ((self.new, self.after), (self.old, self.before))
                for section, name in mine.reached if section == "cycles"]  # fmt: skip

    @cached_property
    def days(self) -> tuple[Day, ...]:
        """The days of asking to try: those of the persons given, those from which the policies hold, prices' first."""
        days: dict[Day, None] = dict.fromkeys(person.on for person in self.people[:2])
        bounds = [bound for policy in (self.new, self.old)
                  for bound in (policy.in_force.start, policy.in_force.end) if bound is not None]  # fmt: skip
        days |= dict.fromkeys(bounds[:1] or turns(self.new).days[:1])
        # On a day on which nothing is said to hold no answer may differ.
        days[turns(self.new).days[0] + timedelta(days=200)] = None
        days |= dict.fromkeys(_days_of((*self.parts, *self.homes)))
        days |= dict.fromkeys(self.near.days)
        if self.old.in_force != self.new.in_force:
            for bound in bounds:
                days |= dict.fromkeys((bound, *_around(bound)))
        return tuple(days)[:12]

    # --- values to try ---

    def values(self, path: str, person: Person) -> list[Any]:
        """Values of a fact, as they are written in a file, of which the first matter most."""
        name, _, rest = path.partition("[")
        column = rest.partition("].")[2]
        if name in self.records and not column:
            return self.histories(name, person)
        shape = self.records[name].fields[column].shape if column else self.facts[name].shape
        literals = self.near.values.get(column or name, ())
        match shape.kind:
            case "date" | "moment":
                return [*self.days_of(column or name, shape, person), None]
            case "text":
                return [*beside(shape, literals), "iets anders", None]
            case "list":
                asked = [list(one) for one in literals if isinstance(one, tuple)]
                singles = [[option] for option in shape.options]
                some = [*asked, [], *(one[::-1] for one in asked if len(one) > 1), *singles, list(shape.options)]
                return [one for place, one in enumerate(some) if one not in some[:place]]
            case "choice":
                wanted = [one for one in literals if one in shape.options]
                return list(dict.fromkeys([*wanted, *shape.options]))[: max(10, len(wanted) + 1)]
            case "row":
                return [*shape.options, None]
        return beside(shape, literals)[:12]

    def days_of(self, name: str, shape: Shape, person: Person) -> list[str]:
        """Days, or moments, at and beside where a comparison may turn."""
        hubs: dict[Day, None] = {}
        for found in self.turning_days(name, person):
            hubs[found] = None
        for literal in self.near.values.get(name, ()):
            if isinstance(literal, date):
                hubs[literal] = None
        hubs[person.on] = None
        hubs |= dict.fromkeys(_days_in(person.facts))
        hubs |= dict.fromkeys(self.near.days[:3])
        found_days: dict[Day, None] = dict(hubs)
        for hub in hubs:
            for unit, count in self.near.lengths[:6]:
                for sign in (-1, 1):
                    found_days |= dict.fromkeys(_shifted(hub, unit, count, sign))
        for day in list(found_days):
            found_days |= dict.fromkeys(_around(day))
        return list(dict.fromkeys(self.written_day(day, shape) for day in found_days))[:45]

    def written_day(self, day: Day, shape: Shape) -> str:
        """A day or moment as the other, if need be."""
        if shape.kind == "moment":
            return write_moment(day if isinstance(day, datetime) else datetime.combine(day, _NOON))
        return write_date(day_of(day, self.new.zone))

    def turning_days(self, name: str, person: Person) -> Iterator[Day]:
        """The days that a fact is compared with, as far as the person's other facts settle them."""
        for policy, part in self.homes:
            at = _situation(policy, person)
            for check in p.walk_deep(policy, part) if at is not None else ():
                if isinstance(check, p.Check) and _is_value_of(check.subject, name) and not _needs_row(policy, check):
                    assert at is not None
                    seen_value = value(check.operand, at) if _has_value(check) else None  # type: ignore[arg-type]
                    if seen_value is not None and seen_value.exact and isinstance(seen_value.low, date):
                        yield seen_value.low

    def histories(self, name: str, person: Person) -> list[Any]:
        """Histories without rows, with one, and with so many rows that count as are asked for, or one fewer or more."""
        counts = [number for number in self.near.values.get(name, ()) if isinstance(number, int) and 0 <= number < 15]
        sizes = dict.fromkeys([*(size + more for size in counts for more in (0, -1, 1)), 1, 0, 2])
        rows = [*self.counted_rows(name, person), {}]
        known = [given for one in self.people if isinstance(given := one.facts.get(name), list)][:3]
        found = [[row] * size for row in rows[:2] for size in sizes if size >= 0]
        return [one for place, one in enumerate([*found, *known]) if one not in found[:place]]

    def counted_rows(self, name: str, person: Person) -> Iterator[dict[str, Any]]:
        """Rows of a history that are counted by the rules in question."""
        for policy, part in self.homes:
            at = _situation(policy, person)
            if at is None or name not in policy.records:
                continue
            for counted in p.walk_deep(policy, part):
                if isinstance(counted, p.CountOf | p.SumOf) and counted.rows == name:
                    row = self.counted_row(counted, at, person)
                    if row is not None:
                        yield row

    def counted_row(self, counted: p.CountOf | p.SumOf, at: Situation, person: Person) -> dict[str, Any] | None:
        """A row that is counted, if one is found soon."""
        name, fields = counted.rows, at.policy.records[counted.rows].fields
        wanted = p.All((happened(name, at), counted.where))
        cells = [part for part in p.walk_deep(at.policy, wanted) if isinstance(part, p.FieldValue)]
        if any(name not in part.of for part in cells):
            return None  # it reads a row around this one too, of which nothing is known here
        names = {part.name for part in cells}
        read = [one for one in fields if one in names or one == getattr(counted, "field", "")]
        tried = [self.values(f"{name}[1].{one}", person)[:8] for one in read]
        for place, row_cells in enumerate(product(*tried)):
            if place > 300:
                return None
            row = dict(zip(read, row_cells, strict=True))
            inside = _situation(at.policy, Person({name: [row]}, person.on))
            if inside is None:
                continue
            placed = at.at_row(RowAt(name, COMING + 1, inside.facts.rows[name][0]))
            if at.engine.decide(wanted, placed).truth is True:
                return row
        return None


def _read_every_way(at: Situation, readings: Iterable[str] | None) -> Iterator[Situation]:
    """A situation, and the same with each other option of one reading at a time; none for what is not looked at."""
    if readings is None:
        return
    yield at
    for one in (at.policy.readings[name] for name in readings if name in at.policy.readings):
        for option in one.options:
            if option != one.chosen:
                yield replace(at, readings={one.name: option})


def _days_of(parts: Iterable[tuple[Policy, object]]) -> Iterator[date]:
    """The days that stand in parts that differ, and from which amounts hold."""
    for policy, part in parts:
        if isinstance(part, date):
            yield day_of(part, policy.zone)
        elif isinstance(part, tuple):
            yield from (price.start for price in part if isinstance(price, p.Price))


def _situation(policy: Policy, person: Person) -> Situation | None:
    try:
        return situation(policy, known_to(policy, person.facts), person.on, "reference")
    except FactError:
        return None


def _is_value_of(subject: object, name: str) -> bool:
    return isinstance(subject, p.FactValue | p.FieldValue) and subject.name == name


def _has_value(check: p.Check) -> bool:
    return not isinstance(check.operand, tuple | bool | str)


def _needs_row(policy: Policy, check: p.Check) -> bool:
    """Whether what a check compares with is read from a row, or per row or round."""
    return any(isinstance(part, p.FieldValue) or (isinstance(part, p.FactValue) and part.per)
               for part in p.walk_deep(policy, check.operand))  # fmt: skip


def _around(day: Day) -> tuple[Day, ...]:
    step = timedelta(minutes=1) if isinstance(day, datetime) else timedelta(days=1)
    return tuple(day + delta for delta in (-step, step) if date.min.year < day.year < date.max.year)


def _shifted(day: Day, unit: str, count: int, sign: int) -> Iterator[Day]:
    length = Period(days=-(-count // 24)) if unit == "hours" else Period(**{unit: count})
    try:
        if isinstance(day, datetime):
            yield day + sign * timedelta(hours=count) if unit == "hours" else datetime.combine(
                add(day.date(), length, month_end=MonthEnd.EARLIER, sign=sign), day.timetz())  # fmt: skip
        else:
            yield add(day, length, month_end=MonthEnd.EARLIER, sign=sign)
    except (ValueError, OverflowError):
        return


def _days_in(facts: Any) -> Iterator[Day]:
    """Every day and moment among the facts."""
    if isinstance(facts, Mapping):
        for part in facts.values():
            yield from _days_in(part)
    elif isinstance(facts, list):
        for part in facts[:3]:
            yield from _days_in(part)
    elif isinstance(facts, str) and facts[:1].isdigit():
        try:
            yield parse_moment(facts) if "T" in facts else parse_date(facts)
        except ValueError:
            return


def _with(person: Person, path: str, given: Any) -> Person:
    """The person with one fact more, or another value of it."""
    name, _, rest = path.partition("[")
    key, _, column = rest.partition("]")
    facts = dict(person.facts)
    if not rest:
        facts[name] = given
    elif column:
        rows = list(facts[name])
        rows[int(key) - 1] = {**rows[int(key) - 1], column[1:]: given}
        facts[name] = rows
    else:
        facts[name] = {**facts.get(name, {}), int(key) if key.isdigit() else key: given}
    return Person(facts, person.on)


# --- as small as can be ---


def smallest(person: Person, shows: Callable[[Person], bool]) -> Person:
    """
    The fewest facts, rows and cells and the simplest values with which a person still shows something.

    >>> someone = Person({"age": 44, "member": True, "lessons": [{"pupils": 5}, {}]}, date(2026, 1, 1))
    >>> smallest(someone, lambda one: one.facts.get("age", 0) >= 18 and len(one.facts.get("lessons", [])) == 1)
    Traceback (most recent call last):
        ...
    ValueError: the person does not show it to begin with
    >>> smallest(someone, lambda one: one.facts.get("age", 0) >= 18).facts
    {'age': 44}
    """
    if not shows(person):
        raise ValueError("the person does not show it to begin with")
    shrunk = True
    while shrunk:
        shrunk = False
        for facts in _smaller(person.facts):
            if shows(Person(facts, person.on)):
                person, shrunk = Person(facts, person.on), True
                break
    return person


def _smaller(facts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The facts with half of them, one, a row or a cell left out, or with a simpler value; the largest step first."""
    names = list(facts)
    half = len(names) // 2
    if half > 2:
        yield {name: facts[name] for name in names[:half]}
        yield {name: facts[name] for name in names[half:]}
    for name in names:
        yield {other: facts[other] for other in names if other != name}
    for name, given in facts.items():
        for less in _less(given):
            yield {**facts, name: less}


def _less(given: Any) -> Iterator[Any]:
    """What is simpler than a value."""
    if isinstance(given, Mapping):
        for key in given:
            yield {other: part for other, part in given.items() if other != key}
        for key, part in given.items():
            for less in _less(part):
                yield {**given, key: less}
    elif isinstance(given, list):
        for place in range(len(given)):
            yield [*given[:place], *given[place + 1 :]]
        for place, part in enumerate(given):
            for less in _less(part):
                yield [*given[:place], less, *given[place + 1 :]]
    elif isinstance(given, int | Decimal) and not isinstance(given, bool):
        for small in (0, 1):
            if -small < given > small or given < -small:
                yield small
