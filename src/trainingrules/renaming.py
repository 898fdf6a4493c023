"""Which entries of two editions are the same under another name, and the one edition in the names of the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from trainingrules import policy as p
from trainingrules.canonical import canonical
from trainingrules.entries import INNER, SECTIONS, Place, at, by_itself, entries, rebuilt, settled
from trainingrules.kinds import Shape
from trainingrules.policy import Policy
from trainingrules.words import Text

# Entries that are what their words say they are: two of one kind are the same only where their words are alike.
_BY_WORDS = frozenset({"parties", "facts", "fields", "readings", "tables", "eligibility", "costs", "conflicts", "notes",
                       "statements"})  # fmt: skip
# How alike two must be, from 0 to 1.
_ALIKE = 0.65
# More than this many that only one edition has are not compared each with each.
_MOST = 200


@dataclass(frozen=True, slots=True)
class Renames:
    """Old places and their new ones; and old options and their new ones, by the old place of what has them."""

    places: Mapping[Place, Place] = field(default_factory=dict)
    options: Mapping[Place, Mapping[str, str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.places or self.options)

    def before(self, now: Place) -> Place:
        """The old place of a new one."""
        back = {new: old for old, new in self.places.items()}
        return back.get(now) or (*back.get(now[:2], now[:2]), *now[2:])


def renames_between(old: Policy, new: Policy) -> Renames:
    """
    What stands in both editions under different names: found by what it says, then by likeness.

    >>> from trainingrules import load
    >>> policy = load("rvwo")
    >>> terms = {"for_whom" if name == "meant_trainer" else name: term for name, term in policy.terms.items()}
    >>> dict(renames_between(policy, replace(policy, terms=terms)).places)
    {('terms', 'meant_trainer'): ('terms', 'for_whom')}
    """
    found = Renames()
    while True:  # what is found makes what refers to it alike; every turn finds more, and there is an end to names
        now = in_names_of(old, found)
        places = {found.before(was): is_ for was, is_ in _pairs(now, new)}
        options = {found.before(place): renamed for place, renamed in _options(now, new)}
        if not places and not options:
            return found
        found = Renames({**found.places, **places}, {**found.options, **options})


# --- what is alike ---


def _pairs(old: Policy, new: Policy) -> Iterator[tuple[Place, Place]]:
    """Places of entries that are the same, where each edition has only one of the two."""
    before, after = entries(old), entries(new)
    only_old = [place for place in before if place not in after and _beside(place, after)]
    only_new = [place for place in after if place not in before and _beside(place, before)]
    if not only_old or not only_new or len(only_old) * len(only_new) > _MOST**2:
        return
    strange = {place[-1] for place in (*only_old, *only_new)}
    profiles = {
        (edition, place): _profile(found[place], strange)
        for edition, found, places in (("old", before, only_old), ("new", after, only_new))
        for place in places
    }
    scored = []
    for was in only_old:
        for is_ in only_new:
            if _kin(was) == _kin(is_):
                score = _likeness(_sort(was), profiles["old", was], profiles["new", is_])
                if score >= _ALIKE:
                    scored.append((-score, only_old.index(was), only_new.index(is_), was, is_))
    taken: set[Place] = set()
    pairs = {}
    for *_, was, is_ in sorted(scored):
        if was not in taken and is_ not in taken:
            taken |= {was, is_}
            pairs[was] = is_
    yield from ((was, is_) for was, is_ in pairs.items() if _together(was, is_, pairs, before))


def _beside(place: Place, others: Mapping[Place, Any]) -> bool:
    """Whether the entry around a place is in the other edition too: else it is part of what is new or gone."""
    return len(place) < 4 or place[:2] in others


def _kin(place: Place) -> Place:
    return (*place[:2], place[2]) if len(place) == 4 else place[:1]


def _sort(place: Place) -> str:
    return place[2] if len(place) == 4 else place[0]


def _together(was: Place, is_: Place, pairs: Mapping[Place, Place], before: Mapping[Place, Any]) -> bool:
    """A field or a row that several tables have is renamed in all of them, or in none."""
    if _sort(was) not in ("fields", "rows"):
        return True
    alike = [place for place in before if _sort(place) == _sort(was) and place[-1] == was[-1]]
    return all(pairs.get(place, ("",))[-1] == is_[-1] for place in alike)


@dataclass(frozen=True, slots=True)
class _Profile:
    """What there is to compare of an entry: its sort, its words, and its content with strange names left out."""

    kind: object
    words: tuple[Text, ...]
    content: object
    leaves: Counter[object]


def _profile(entry: Any, strange: set[str]) -> _Profile:
    kind = entry.shape.kind if isinstance(entry, p.Fact | p.Field) else type(entry)
    words = (entry,) if isinstance(entry, Text) else tuple(
        found for name in ("text", "document") if isinstance(found := getattr(entry, name, None), Text)
    )  # fmt: skip
    content = _without(canonical(by_itself(entry)), strange)
    if inner := INNER.get(type(entry), ()):
        content = content, *(_without(canonical(getattr(entry, part)), strange) for part in inner)
    return _Profile(kind, words, content, Counter(_leaves(content)))


def _without(content: Any, strange: set[str]) -> Any:
    if isinstance(content, tuple):
        return tuple(_without(part, strange) for part in content)
    return "?" if isinstance(content, str) and content in strange else content


def _leaves(content: Any) -> Iterator[object]:
    if isinstance(content, tuple):
        for part in content:
            yield from _leaves(part)
    else:
        yield content


def _likeness(sort: str, one: _Profile, other: _Profile) -> float:
    """How alike two entries are, from 0 to 1."""
    if one.kind != other.kind:
        return 0.0
    words = _words_alike(one.words, other.words)
    same = one.content == other.content
    if sort in _BY_WORDS:
        # Two facts of one kind may be anything; the words say what is asked.
        return words if same else words * 0.9
    if same:
        return 0.9 + words / 10
    shared = sum((one.leaves & other.leaves).values())
    return (words + 2 * shared / max(1, one.leaves.total() + other.leaves.total())) / 2


def _words_alike(one: tuple[Text, ...], other: tuple[Text, ...]) -> float:
    if not one or not other:
        return 0.5
    found = [SequenceMatcher(None, a[x].casefold(), b[x].casefold(), autojunk=False).ratio()
             for a, b in zip(one, other, strict=False) for x in ("nl", "en")]  # fmt: skip
    return sum(found) / len(found)


def _options(old: Policy, new: Policy) -> Iterator[tuple[Place, dict[str, str]]]:
    """Options with the same label under another name; the rows of a table are entries, and not told here."""
    for place, entry in entries(old).items():
        before, after = _options_of(entry), _options_of(at(new, place) if place[0] in SECTIONS else None)
        gone = {name: text for name, text in before.items() if name not in after}
        fresh = {text: name for name, text in after.items() if name not in before}
        renamed = {name: fresh[text] for name, text in gone.items() if text in fresh}
        if renamed:
            yield place, renamed


def _options_of(entry: Any) -> Mapping[str, Text]:
    if isinstance(entry, p.Reading):
        return entry.options
    if isinstance(entry, p.Fact | p.Field) and not entry.shape.of:
        return entry.shape.options
    return {}


# --- one edition in the names of the other ---


def in_names_of(policy: Policy, renames: Renames) -> Policy:
    """
    The policy with everything under its new name, so that both editions take the same facts and questions.

    >>> from trainingrules import load
    >>> renames = Renames({("facts", "role"): ("facts", "task")})
    >>> "task" in in_names_of(load("rvwo"), renames).facts
    True
    """
    return settled(_Renamer(policy, renames).policy()) if renames else policy


@dataclass
class _Renamer:
    old: Policy
    renames: Renames
    # Names that a condition can begin with, options by the options they are among, and names of the other sections.
    names: dict[str, str] = field(default_factory=dict)
    options: dict[tuple[str, ...], dict[str, str]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    sections: dict[str, dict[str, str]] = field(default_factory=dict)

    def policy(self) -> Policy:
        for was, is_ in self.renames.places.items():
            if len(was) == 2:
                self.sections.setdefault(was[0], {})[was[1]] = is_[1]
                if was[0] in ("facts", "tables", "readings", "cycles", "terms", "values"):
                    self.names[was[1]] = is_[1]
            elif was[2] == "fields":
                self.names[was[3]] = is_[3]
            elif was[2] == "rows":
                self.keys[was[3]] = is_[3]
        for place, renamed in self.renames.options.items():
            self.options.setdefault(tuple(_options_of(at(self.old, place))), {}).update(renamed)
        result: Policy = rebuilt(self.old, self.made)
        changed: dict[str, Any] = {}
        for section, keys in SECTIONS.items():
            for key in keys:
                changed[key] = self.keyed(getattr(result, key), self.sections.get(section, {}))
        return replace(result, **changed, hash=f"{self.old.hash}~")

    def keyed(self, entries: Mapping[str, Any], renamed: Mapping[str, str]) -> dict[str, Any]:
        """A mapping of entries under their new names, which the entries bear too."""
        result = {}
        for name, entry in entries.items():
            new = renamed.get(name, name)
            bears = new != name and is_dataclass(entry) and any(one.name == "name" for one in fields(entry))
            result[new] = replace(entry, name=new) if bears else entry
        return result

    def name(self, name: str) -> str:
        return self.names.get(name, name)

    def of(self, section: str, name: str) -> str:
        return self.sections.get(section, {}).get(name, name)

    def cited(self, source: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.of("statements", one) for one in source)

    def shape(self, shape: Shape) -> Shape:
        options = shape.options
        renamed = self.renamed(shape)
        if renamed:
            options = {renamed.get(name, name): text for name, text in options.items()}
        return replace(shape, options=options, of=self.name(shape.of))

    def renamed(self, shape: Shape) -> Mapping[str, str]:
        """What options of this shape are called now."""
        return self.keys if shape.kind == "row" else self.options.get(tuple(shape.options), {})

    def value(self, value: Any, shape: Shape) -> Any:
        renamed = self.renamed(shape)
        if isinstance(value, tuple):
            return tuple(renamed.get(one, one) for one in value)
        return renamed.get(value, value) if isinstance(value, str) else value

    def inner(self, section: str, entry: Any) -> dict[str, Any]:
        """What stands within an entry, under its new names; the entry still has its old one."""
        result = {}
        for part in INNER[type(entry)]:
            here = (section, entry.name, part)
            renamed = {was[3]: is_[3] for was, is_ in self.renames.places.items() if was[:3] == here}
            result[part] = self.keyed(getattr(entry, part), renamed)
        return result

    def made(self, node: Any) -> Any:
        if getattr(node, "source", ()) and not isinstance(node, Policy):
            node = replace(node, source=self.cited(node.source))
        match node:
            case p.Constant(value, shape):
                return replace(node, value=self.value(value, shape), shape=self.shape(shape))
            case p.FactValue(name, shape, per):
                return replace(node, name=self.name(name), shape=self.shape(shape), per=self.name(per))
            case p.Fact(_, _, shape, per):
                return replace(node, shape=self.shape(shape), per=self.name(per))
            case p.Field():
                return replace(node, shape=self.shape(node.shape))
            case p.FieldValue(name, shape, of):
                return replace(node, name=self.name(name), shape=self.shape(shape), of=tuple(map(self.name, of)))
            case p.Named(name):
                return replace(node, name=self.name(name))
            case p.Chosen(reading, shape):
                return replace(node, reading=self.name(reading), shape=self.shape(shape))
            case p.RoundNumber(cycle) | p.CycleDay(cycle) | p.EachRound(cycle):
                return replace(node, cycle=self.name(cycle))
            case p.AmountOf(name):
                return replace(node, name=self.of("amounts", name))
            case p.LastDayOf(deadline):
                return replace(node, deadline=self.of("deadlines", deadline))
            case p.Earliest(fact, deadline):
                return replace(node, fact=self.name(fact), deadline=self.of("deadlines", deadline))
            case p.SumOf(rows, column):
                return replace(node, rows=self.name(rows), field=self.name(column))
            case p.CountOf(rows) | p.Each(rows):
                return replace(node, rows=self.name(rows))
            case p.OfRow(fact, rows):
                return replace(node, fact=self.name(fact), rows=self.name(rows))
            case p.Holds(term):
                return replace(node, term=self.name(term))
            case p.Check(subject, _, operand):
                return replace(node, operand=self.operand(operand, subject))
            case p.Scope(each, row, per):
                return replace(node, each=self.name(each), row=self.name(row), per=self.name(per))
            case _:
                return self.entry(node)

    def operand(self, operand: Any, subject: Any) -> Any:
        if isinstance(operand, str):
            return self.name(operand)
        if not isinstance(operand, tuple):
            return operand
        # The subject bears its new name already, and the new names of its options.
        shape = getattr(subject, "shape", None)
        back = {new: old for renamed in (self.keys, *self.options.values()) for old, new in renamed.items()}
        if not isinstance(shape, Shape):
            return operand
        if shape.kind == "row":
            return tuple(self.keys.get(one, one) for one in operand)
        before = tuple(back.get(one, one) if one in back else one for one in shape.options)
        renamed = self.options.get(before, {})
        return tuple(renamed.get(one, one) for one in operand)

    def entry(self, node: Any) -> Any:
        match node:
            case p.Records():
                return replace(node, dated=self.name(node.dated), **self.inner("facts", node))
            case p.Table():
                return replace(node, **self.inner("tables", node))
            case p.Row():
                return replace(node, cells={self.name(name): cell for name, cell in node.cells.items()})
            case p.Cycle():
                return replace(node, starts=self.name(node.starts))
            case p.Contradiction():
                return replace(node, rows=self.name(node.rows))
            case p.Reading():
                renamed = self.options.get(tuple(node.options), {})
                options = {renamed.get(name, name): text for name, text in node.options.items()}
                return replace(node, chosen=renamed.get(node.chosen, node.chosen), options=options)
            case p.Decision():
                others = tuple(self.of("eligibility", other) for other in node.builds_on)
                return replace(node, builds_on=others, judged_on=self.name(node.judged_on),
                               **self.inner("eligibility", node))  # fmt: skip
            case p.Quote():
                presume = {self.name(fact): self.value(value, self.old.facts[fact].shape)
                           for fact, value in node.presume.items()}  # fmt: skip
                return replace(node, presume=presume, judged_on=self.name(node.judged_on), **self.inner("costs", node))
            case p.Duty():
                return replace(node, who=self.of("parties", node.who))
            case p.Conflict():
                return replace(node, between=self.cited(node.between))
            case _:
                return node
