"""What a new edition of a policy changes in meaning, and for whom: one concrete person for each change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, TypeVar

from trainingrules import policy as p
from trainingrules.calendar import DATE_PATTERN, parse_date, write_date
from trainingrules.canonical import canonical
from trainingrules.declared import amount_text
from trainingrules.differences import Difference, differences
from trainingrules.entries import (
    INNER,
    SECTIONS,
    WHOLE,
    Place,
    at,
    by_itself,
    entries,
    graph,
    lacking,
    put,
    reached,
    settled,
)
from trainingrules.examples import Example
from trainingrules.facts import parse_facts
from trainingrules.kinds import Shape, Value, say
from trainingrules.people import differing
from trainingrules.persons import Person, known_to, outcome, people_of
from trainingrules.policy import Policy
from trainingrules.proof import proven_alike
from trainingrules.questions import Question, place_of, questions_of, rests_of
from trainingrules.renaming import Renames, in_names_of, renames_between
from trainingrules.sentences import name_of
from trainingrules.words import Text


class Sort(Enum):
    """What became of an entry."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """
    A change in meaning of one entry of a policy, at its place in the new edition, or in the old one when it is gone.

    ``title`` is what it is called, ``within`` the entry it stands in; ``says`` holds what differs.
    """

    sort: Sort
    place: Place
    title: Text
    within: Text | None
    says: tuple[Difference, ...]
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reworded:
    """Other words for the same: of an entry, or of the policy as a whole."""

    place: Place
    before: Text
    after: Text


@dataclass(frozen=True, slots=True)
class Shown:
    """
    Somebody to whom the two editions give different answers, and both answers.

    ``alone`` holds where the change explains the whole difference; else other changes play a part in it. ``after`` is
    then the new edition, and otherwise the old one with this change, which gives the same answer.
    """

    question: Question
    person: Person
    before: Policy
    after: Policy
    alone: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does to the answers.

    ``asked`` are the questions that can reach it, ``shown`` somebody whose answer differs, ``also`` the other
    questions of which an answer differs. Where nobody was found, ``proven`` says that there is nobody, and ``tried``
    how many persons were asked; ``beside`` says that what stands beside an answer may differ: the statements it
    cites, what can be done, for whom a duty is.
    """

    change: Change
    asked: tuple[Question, ...]
    shown: Shown | None
    also: tuple[Question, ...]
    proven: bool
    beside: bool = False
    tried: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two editions held side by side; ``old`` is in the names of the new one.

    ``base`` means what the old edition does, in the words of the new one wherever both say the same. ``rests`` holds
    the places that the answer to a question can rest on, in either edition.
    """

    old: Policy
    new: Policy
    base: Policy
    renames: Renames
    changes: tuple[Change, ...]
    reworded: tuple[Reworded, ...]
    statements: tuple[Change, ...]
    rests: Mapping[Question, tuple[frozenset[Place], ...]] = field(repr=False, compare=False)

    @property
    def asked(self) -> tuple[Question, ...]:
        """Every question about one entry, of either edition."""
        return tuple(dict.fromkeys([*_named(self.new), *_named(self.old)]))

    def policy_with(self, place: Place) -> Policy:
        """The edition that has an entry: the new one, where both have it."""
        return self.new if at(self.new, place) is not None else self.old

    @property
    def asked_anew(self) -> tuple[Question, ...]:
        """The questions that only the new edition answers."""
        return tuple(one for one in _named(self.new) if one not in _named(self.old))

    @property
    def no_longer_asked(self) -> tuple[Question, ...]:
        """The questions that only the old edition answers."""
        return tuple(one for one in _named(self.old) if one not in _named(self.new))


_TITLES = {
    "in_force": Text("Geldigheid", "Validity"),
    "zone": Text("Tijdzone", "Time zone"),
    "month_end": Text("Maandeinde", "Month end"),
    "cent": Text("Afronding", "Rounding"),
}
# The sort of question that shows a convention best.
_FIRST = {"month_end": "deadlines", "cent": "cost", "zone": "deadlines"}
# What is asked of a change that bears on every question ends at the first answer that differs.
_FOR_ALL = ("conventions", "contradictions")


def _named(policy: Policy) -> tuple[Question, ...]:
    """The questions about one entry."""
    return tuple(question for question in questions_of(policy) if question.name is not None)


# --- what is different ---


def compare(old: Policy, new: Policy) -> Comparison:
    """
    What differs between two editions, in meaning and in words; a thing that only has another name is neither.

    >>> from trainingrules import load
    >>> policy = load("rvwo")
    >>> cycle = replace(policy.cycles["school_week"], rounds=3)
    >>> other = replace(policy, cycles={**policy.cycles, "school_week": cycle})
    >>> [(change.sort.value, ".".join(change.place)) for change in compare(policy, other).changes]
    [('changed', 'cycles.school_week')]
    >>> compare(policy, policy).changes
    ()
    """
    renames = renames_between(old, new)
    was = in_names_of(old, renames)
    before, after = entries(was), entries(new)
    places = [*after, *(place for place in before if place not in after)]
    changes = []
    for place in places:
        if len(place) == 4 and not (place[:2] in before and place[:2] in after):
            continue  # it came or went with the entry around it
        change = _change(place, before.get(place), after.get(place), was, new)
        if change is not None:
            changes.append(change)
    changes.sort(key=lambda one: _rank(one.place))
    told = tuple(change for change in changes if change.place[0] != "statements")
    statements = tuple(change for change in changes if change.place[0] == "statements")
    base = _base(was, new, told)
    then, now = (rests_of(one, _named(one)) for one in (base, new))
    rests = {question: tuple(one[question] for one in (then, now) if question in one) for question in (*then, *now)}
    return Comparison(was, new, base, renames, told, tuple(_reworded(was, new)), statements, rests)


def _rank(place: Place) -> int:
    """The place of a section in the file; those that are of one section stay as they were."""
    return -1 if place in WHOLE else list(SECTIONS).index(place[0])


def _change(place: Place, one: Any, other: Any, was: Policy, new: Policy) -> Change | None:
    if one is not None and other is not None and canonical(by_itself(one)) == canonical(by_itself(other)):
        return None
    sort = Sort.ADDED if one is None else Sort.REMOVED if other is None else Sort.CHANGED
    policy = was if other is None else new
    says = differences(place, one, other, was, new)
    within = _title(place[:2], policy) if len(place) == 4 else None
    return Change(sort, place, _title(place, policy), within, says, _sources(other if other is not None else one))


def _title(place: Place, policy: Policy) -> Text:
    """What an entry is called."""
    if place in WHOLE:
        return _TITLES[place[-1]]
    if place[0] == "amounts":
        return amount_text(policy, place[1])
    entry = at(policy, place)
    return entry if isinstance(entry, Text) else entry.text


def _sources(entry: Any) -> tuple[str, ...]:
    found = [*(entry if isinstance(entry, tuple) else ()), entry]
    return tuple(dict.fromkeys(one for part in found for one in getattr(part, "source", ())))


def _reworded(was: Policy, new: Policy) -> Iterator[Reworded]:
    """Every text that is not what it was, of what both editions have."""
    for key in ("title", "document"):
        yield from _texts((key,), getattr(was, key), getattr(new, key))
    after = entries(new)
    for place, entry in entries(was).items():
        if place in after:
            yield from _texts(place, by_itself(entry), by_itself(after[place]))


def _texts(place: Place, one: Any, other: Any) -> Iterator[Reworded]:
    if isinstance(one, Text) and isinstance(other, Text):
        if one != other:
            yield Reworded(place, one, other)
    elif isinstance(one, Shape) and isinstance(other, Shape):
        if not one.of:  # the rows of a table are told there
            yield from _texts((*place, "options"), one.options, other.options)
    elif isinstance(one, Mapping) and isinstance(other, Mapping):
        for name in one:
            if name in other:
                yield from _texts((*place, name), one[name], other[name])
    elif isinstance(one, p.Statement) and isinstance(other, p.Statement):
        yield from _texts(place, one.text, other.text)
        for index, (a, b) in enumerate(zip(one.open, other.open, strict=False)):
            yield from _texts((*place, "open", str(index)), a, b)
    elif type(one) is type(other):
        for key in ("text", "shape", "options", "remedy", "subject_to", "reason"):
            if hasattr(one, key):
                yield from _texts(place if key in ("text", "shape") else (*place, key), getattr(one, key),
                                  getattr(other, key))  # fmt: skip


# --- editions in between ---


def _base(was: Policy, new: Policy, changes: Sequence[Change]) -> Policy:
    """The new edition with all its changes taken back, save the time for which it holds."""
    result = replace(new, statements={**was.statements, **new.statements})
    for change in changes:
        if change.place != ("in_force",):
            result = _one_changed(result, change.place, was)
    return replace(settled(result), hash=f"{new.hash} as {was.hash}")


def _one_changed(policy: Policy, place: Place, source: Policy) -> Policy:
    """The policy with what stands at a place made that of another; what stands within it stays."""
    if place[2:3] == ("instalments",):
        # The shares of a sum make a whole only together.
        quote, other = at(policy, place[:2]), at(source, place[:2])
        if quote is not None and other is not None:
            return put(policy, place[:2], replace(quote, instalments=other.instalments))
    entry, own = at(source, place), at(policy, place)
    if entry is not None and own is not None and type(entry) is type(own):
        inner = {part: getattr(own, part) for part in INNER.get(type(entry), ())}
        entry = replace(entry, **inner) if inner else entry
    return put(policy, place, entry)


def _with_change(base: Policy, new: Policy, change: Change) -> Policy:
    """The base with one change, and as many others as it cannot do without."""
    result = _one_changed(base, change.place, new)
    for _ in range(20):
        refers = graph(result)
        missing = lacking(result, refers)
        if not missing:
            return replace(settled(result), hash=f"{base.hash} with {'.'.join(change.place)}")
        for target in missing:
            if at(new, target) is not None:
                result = _one_changed(result, target, new)
            else:  # it is gone: those that still refer to it are not as they were either
                for place in (place for place, targets in refers.items() if target in targets):
                    result = _one_changed(result, place, new)
    return new


# --- for whom ---


def effect(compared: Comparison, change: Change, *, examples: Sequence[Example] = (), budget: int = 1600) -> Effect:
    """
    Somebody whose answer a change changes, as small as was found, and the questions it can reach.

    ``examples`` are tried first; ``budget`` counts the questions that are asked about each question.
    """
    if change.place == ("in_force",):
        return _of_validity(compared, change)
    if change.place[0] == "compliance" and change.sort is not Sort.CHANGED:
        return _of_a_duty(compared, change, examples, budget)
    if change.place in map(place_of, (*compared.asked_anew, *compared.no_longer_asked)):
        return Effect(change, (), None, (), proven=False)
    asked = questions_reached(compared, change)
    base, new = compared.base, compared.new
    one = _with_change(base, new, change)
    found: list[Shown] = []
    alike: list[bool] = []
    tried = 0
    for question in asked:
        best = min(map(_telling, found), default=None)
        if best == _BEST and change.place[0] in _FOR_ALL:
            break
        own = tuple(people_of(examples, question))
        seeds = [*(shown.person for shown in found[:1]), *_in_time(own, new.in_force), *own]
        search = differing(base, one, question, people=seeds, budget=_ALSO if best == _BEST else budget)
        alike.append(search.exhaustive)
        tried += search.tried
        shown = _shown(base, one, new, question, search.person) if search.person else None
        found += [shown] if shown else []
    best_shown = min(found, key=_telling, default=None)
    also = tuple(shown.question for shown in found if shown is not best_shown)
    beside = _bears_beside(change, base, one, asked)
    proven = not (found or beside) and all(
        sure or proven_alike(base, one, question, budget=budget) for sure, question in zip(alike, asked, strict=True)
    )
    return Effect(change, asked, best_shown, also, proven, beside, tried)


# What an answer shows and an example cannot expect, or what only the answer about several duties rests on.
_BESIDE = frozenset({"source", "remedy", "subject_to", "kind", "vat", "certainty", "who", "advice"})


def _bears_beside(change: Change, base: Policy, one: Policy, asked: Iterable[Question]) -> bool:
    """Whether a change bears on what stands beside the answers to some questions."""
    if not _BESIDE.isdisjoint(said.key for said in change.says) and change.place[0] != "facts":
        return True
    cited, cites = (graph(policy) for policy in (base, one))
    return any(_cited_by(question, cited) != _cited_by(question, cites) for question in asked)


def _cited_by(question: Question, refers: Mapping[Place, Iterable[Place]]) -> frozenset[Place]:
    return frozenset(place for place in reached([place_of(question)], refers) if place[0] == "statements")


_BEST = (False, False)
# So many questions are asked about each further question, once there is somebody to show.
_ALSO = 40


def _in_time(people: Iterable[Person], force: p.InForce) -> Iterator[Person]:
    """The persons as they would be, so many years later, while the new edition holds."""
    for person in people:
        day = person.on.date() if isinstance(person.on, datetime) else person.on
        if force.start is not None and day < force.start:
            years = force.start.year - day.year
            years += _later(day, years) < force.start
            if force.end is None or _later(day, years) <= force.end:
                yield Person({name: _aged(given, years) for name, given in person.facts.items()},
                             _aged(person.on, years))  # fmt: skip


def _aged(given: Any, years: int) -> Any:
    """A value with every day in it so many years later."""
    if isinstance(given, Mapping):
        return {key: _aged(part, years) for key, part in given.items()}
    if isinstance(given, list):
        return [_aged(part, years) for part in given]
    if isinstance(given, date):
        return _later(given, years)
    if isinstance(given, str) and re.match(DATE_PATTERN, given):
        with suppress(ValueError):
            return write_date(_later(parse_date(given[:10]), years)) + given[10:]
    return given


Days = TypeVar("Days", bound=date)


def _later(day: Days, years: int) -> Days:
    """The same day so many years later; 29 February may become the 28th."""
    year = min(day.year + years, date.max.year)
    return day.replace(year=year, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


def _telling(shown: Shown) -> tuple[bool, bool]:
    """The lower the better: a note tells less than what one may, pays or must; a change alone more than several."""
    return shown.question.sort == "notes", not shown.alone


def _of_validity(compared: Comparison, change: Change) -> Effect:
    """That the policy holds from or until another day: somebody who asks on a day on which only one edition holds."""
    new, was = compared.base, compared.old.in_force
    old = replace(new, in_force=was, edition=compared.old.edition, hash=f"{new.hash} then")
    bounds = [bound for bound in (new.in_force.start, was.end, was.start, new.in_force.end) if bound is not None]
    days = dict.fromkeys(bound + timedelta(days=more) for bound in bounds for more in (0, 1, -1))
    apart = [day for day in days if _holds(was, day) != _holds(new.in_force, day)]
    asked = questions_reached(compared, change)
    for day in apart:
        for question in asked:
            # That a policy does not hold is a warning, where it refuses nobody: it is read, and no part of the outcome.
            if len({question.ask(policy, {}, on=day).explain() for policy in (old, new)}) > 1:
                return Effect(change, asked, Shown(question, Person({}, day), old, new, alone=True), (), proven=False)
    return Effect(change, asked, None, (), proven=False, tried=len(apart) * len(asked))


def _holds(force: p.InForce, day: date) -> bool:
    return (force.start is None or force.start <= day) and (force.end is None or day <= force.end)


def _shown(base: Policy, one: Policy, new: Policy, question: Question, person: Person) -> Shown | None:
    """The person, when the new edition as a whole answers otherwise too."""
    then, alone, now = (_seen(policy, question, person) for policy in (base, one, new))
    if then == now:
        return None
    # What other changes do beside it, without changing the answer, would only distract.
    return Shown(question, person, base, one if alone == now else new, alone == now)


def _seen(policy: Policy, question: Question, person: Person) -> Mapping[str, Any]:
    return outcome(policy, question, Person(known_to(policy, person.facts), person.on))


def _of_a_duty(compared: Comparison, change: Change, examples: Sequence[Example], budget: int) -> Effect:
    """A duty that is new, or gone: somebody who does not comply with it, as beside one that asks nothing."""
    whole = compared.new if change.sort is Sort.ADDED else compared.base
    # That another reading would ask something else is no breach.
    taken = {name: replace(one, options={one.chosen: one.options[one.chosen]}) for name, one in whole.readings.items()}
    home = replace(whole, readings=taken, hash=f"{whole.hash} as read")
    duty = home.duties[change.place[1]]
    idle = replace(home, duties={**home.duties, duty.name: replace(duty, must=p.ALWAYS)}, hash=f"{home.hash} idle")
    question = Question("compliance", duty.name)
    search = differing(idle, home, question, people=people_of(examples, question), budget=budget)
    shown = None
    if search.person is not None:
        shown = Shown(question, search.person, compared.base, compared.new, alone=True)
    return Effect(change, (question,), shown, (), proven=False, tried=search.tried)


def questions_reached(compared: Comparison, change: Change) -> tuple[Question, ...]:
    """
    The questions, of those that both editions answer, whose answer can rest on what is changed; the nearest first.
    """
    both = set(_named(compared.old))
    wanted = _rested_on(change)
    first = _FIRST.get(change.place[-1])
    found = [question for question in _named(compared.new) if question in both
             and any(not wanted.isdisjoint(rests) for rests in compared.rests[question])]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (place_of(one) != change.place[:2], first not in (None, one.sort))))


def _rested_on(change: Change) -> frozenset[Place]:
    """The places of which one must be reached for a change to matter: of a row, the columns that differ."""
    place = change.place
    if place[0] == "tables" and len(place) == 4 and place[2] == "rows" and change.sort is Sort.CHANGED:
        return frozenset(place if said.key == "source" else (*place[:2], "fields", said.key) for said in change.says)
    return frozenset({place})


def unchanged(compared: Comparison) -> tuple[Question, ...]:
    """
    The questions that rest on nothing that is changed: their answers are the same for everybody.

    For how long the policy holds is left aside where it refuses nobody: it only adds a warning.
    """
    refuses = compared.old.in_force.refuse or compared.new.in_force.refuse
    changed = {question for change in compared.changes if refuses or change.place != ("in_force",)
               for question in questions_reached(compared, change)}  # fmt: skip
    return tuple(question for question in _named(compared.new)
                 if question in _named(compared.old) and question not in changed)  # fmt: skip


# --- in words ---


def facts_in_words(shown: Shown) -> tuple[tuple[Text, Text], ...]:
    """What is known of the person: what each fact is called, and its value."""
    told: dict[str, tuple[Text, Text]] = {}
    for policy in (shown.after, shown.before):
        for path, value, shape in _facts(policy, shown.person.facts):
            told.setdefault(path, (name_of(path, policy), say(value, shape)))
    return tuple(told.values())


def _facts(policy: Policy, given: Mapping[str, Any]) -> Iterator[tuple[str, Value, Shape]]:
    facts, _ = parse_facts(policy, known_to(policy, given))
    for name, value in facts.one.items():
        yield name, value, policy.facts[name].shape
    for name, cells in facts.per.items():
        for key, value in cells.items():
            yield f"{name}[{key}]", value, policy.facts[name].shape
    for name, rows in facts.rows.items():
        if not rows:
            yield name, None, Shape("text")
        for index, row in enumerate(rows, 1):
            for column, value in row.items():
                yield f"{name}[{index}].{column}", value, policy.records[name].fields[column].shape
