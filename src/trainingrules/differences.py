"""What differs between two versions of an entry of a policy, key by key, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from trainingrules import policy as p
from trainingrules import saying
from trainingrules.answers.cost import CERTAINTIES, VATS
from trainingrules.canonical import canonical, parts_of
from trainingrules.declared import MONTH_ENDS, ROUNDINGS, kind, lasting, scope
from trainingrules.entries import INNER, Place
from trainingrules.kinds import Shape, say
from trainingrules.money import Certainty
from trainingrules.policy import Policy
from trainingrules.sentences import plain, policy_text, told
from trainingrules.words import Text, both, day_in_words, listing_of, lower, number_in_words


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: what it is called, and how it was and is; None where there was or is nothing."""

    key: str
    label: Text
    before: Text | None
    after: Text | None


_YES, _NO = Text("ja", "yes"), Text("nee", "no")
_SINCE = Text("bedrag vanaf {day}", "amount from {day}")
_OTHERWISE = Text("{price}, als {when}", "{price}, if {when}")
_NOTE_KINDS = {
    "information": Text("informatie", "information"), "advice": Text("advies", "advice"),
    "open_norm": Text("open norm", "open norm"), "not_computable": Text("niet te berekenen", "not computable"),
}  # fmt: skip

Say = Callable[[Any, Policy], Text | None]


def _condition(value: Any, policy: Policy) -> Text | None:
    return None if value is None or value == p.ALWAYS else saying.inline(value, policy).words


def _value(value: Any, policy: Policy) -> Text | None:
    return None if value is None else saying.value(value, policy).words


def _truth(value: Any, policy: Policy) -> Text:
    return _YES if value else _NO


def _fact(value: Any, policy: Policy) -> Text | None:
    return policy.facts[value].text if value else None


def _scope(value: p.Scope, policy: Policy) -> Text | None:
    return lower(scope(value, policy).words) if value != p.Scope() else None


def _source(value: tuple[str, ...], policy: Policy) -> Text | None:
    return listing_of([plain(one) for one in sorted(value)]) if value else None


def _options(value: Mapping[str, Text], policy: Policy) -> Text | None:
    return listing_of(list(value.values())) if value else None


def _instead(value: tuple[p.Instead, ...], policy: Policy) -> Text | None:
    words = [(saying.value(one.price, policy).words, saying.inline(one.when, policy).words) for one in value]
    return listing_of([_OTHERWISE.fill(price=price, when=when) for price, when in words]) if words else None


def _presume(value: Mapping[str, Any], policy: Policy) -> Text | None:
    return listing_of([told(lower(policy.facts[fact].text), say(given, policy.facts[fact].shape))
                       for fact, given in value.items()]) if value else None  # fmt: skip


def _day(value: date | None, policy: Policy) -> Text | None:
    return None if value is None else both(lambda language: day_in_words(value, language))


def _percent(value: Any, policy: Policy) -> Text:
    return both(lambda language: f"{number_in_words(value, language)}%")


def _table(words: Mapping[Any, Text]) -> Say:
    return lambda value, policy: words[value]


def _remark(value: p.Remark | None, policy: Policy) -> Text | None:
    return None if value is None else value.text


def _decisions(value: tuple[str, ...], policy: Policy) -> Text | None:
    return listing_of([policy.decisions[name].text for name in value]) if value else None


# How each key of an entry is called, and how its value is said.
_KEYS: Mapping[str, tuple[Text, Say]] = {
    "must": (Text("eis", "requirement"), _condition),
    "holds": (Text("geldt als", "holds if"), _condition),
    "never": (Text("gaat niet samen", "cannot go together"), _condition),
    "when": (Text("alleen als", "only if"), _condition),
    "should": (Text("advies", "advice"), _condition),
    "value": (Text("waarde", "value"), _value),
    "price": (Text("prijs", "price"), _value),
    "times": (Text("aantal keer", "times"), _value),
    "instead": (Text("andere prijs", "other price"), _instead),
    "reduces": (Text("gaat van de prijs af", "reduces the price"), _truth),
    "due": (Text("te betalen op", "due on"), _value),
    "percent": (Text("deel", "share"), _percent),
    "odd_cent": (Text("krijgt de losse cent", "takes the odd cent"), _truth),
    "start": (Text("vanaf", "from"), _value),
    "until": (Text("uiterlijk", "until"), _value),
    "endless": (Text("zonder uiterste dag", "without a last day"), _truth),
    "act": (Text("gehaald met", "met by"), _value),
    "certainty": (Text("zekerheid", "certainty"), _table(CERTAINTIES)),
    "vat": (Text("btw", "VAT"), _table(VATS)),
    "scope": (Text("geldt", "holds"), _scope),
    "advice": (Text("is een advies", "is advice"), _truth),
    "silent": (Text("wijst niemand af", "refuses nobody"), _truth),
    "remedy": (Text("wat kan", "what can be done"), _remark),
    "subject_to": (Text("voorbehoud", "subject to"), _remark),
    "who": (Text("voor wie", "for whom"), lambda value, policy: policy.parties[value]),
    "judged_on": (Text("beoordeeld op", "judged on"), _fact),
    "builds_on": (Text("bouwt voort op", "builds on"), _decisions),
    "presume": (Text("aangenomen", "presumed"), _presume),
    "starts": (Text("telt vanaf", "counts from"), _fact),
    "every": (Text("duur van een ronde", "length of a round"), lambda value, policy: lasting(value)),
    "rounds": (Text("aantal rondes", "number of rounds"), lambda value, policy: plain(str(value)) if value else None),
    "dated": (Text("dag van een rij", "day of a row"), lambda value, policy: plain(f"`{value}`") if value else None),
    "per": (Text("bekend per", "known per"), lambda value, policy: _per(value, policy)),
    "rows": (Text("geldt", "holds"), lambda value, policy: _scope(p.Scope(each=value), policy)),
    "options": (Text("opties", "options"), _options),
    "between": (Text("tussen", "between"), _source),
    "unsettles": (Text("maakt een ja onzeker", "makes a yes uncertain"), _truth),
    "kind": (Text("soort", "kind"), _table(_NOTE_KINDS)),
    "end": (Text("tot en met", "up to and including"), _day),
    "refuse": (Text("weigert daarbuiten", "refuses outside of it"), _truth),
    "source": (Text("bron", "source"), _source),
}  # fmt: skip
_WHOLE: Mapping[Place, tuple[Text, Say]] = {
    ("conventions", "zone"): (Text("tijdzone", "time zone"), lambda value, policy: plain(value)),
    ("conventions", "month_end"): (Text("als een maand de dag niet heeft", "where a month lacks the day"),
                                   _table(MONTH_ENDS)),
    ("conventions", "cent"): (Text("afronden op centen", "rounding to cents"), _table(ROUNDINGS)),
}  # fmt: skip
_IN_FORCE: tuple[Text, Say] = Text("geldig vanaf", "in force from"), _day
# Untold where an entry is new or gone: they say only how it usually is.
_USUAL: Mapping[str, object] = {"reduces": False, "odd_cent": False, "endless": False, "advice": False, "silent": False,
                                "unsettles": False, "refuse": False, "certainty": Certainty.EXACT}  # fmt: skip


def _per(value: str, policy: Policy) -> Text | None:
    if not value:
        return None
    return lower(policy_text(policy, value) if value in policy.tables else policy.cycles[value].text)


def differences(place: Place, old: Any, new: Any, before: Policy, after: Policy) -> tuple[Difference, ...]:
    """
    What differs in meaning between two versions of an entry; None where one edition has none.

    >>> from dataclasses import replace
    >>> from trainingrules import load
    >>> policy = load("rvwo")
    >>> cycle = policy.cycles["school_week"]
    >>> other = replace(policy, cycles={**policy.cycles, "school_week": replace(cycle, rounds=3)})
    >>> [found] = differences(("cycles", "school_week"), cycle, other.cycles["school_week"], policy, other)
    >>> found.label.en, found.before, found.after.en
    ('number of rounds', None, '3')
    """
    return tuple(_differences(place, old, new, before, after))


def _differences(place: Place, old: Any, new: Any, before: Policy, after: Policy) -> Iterator[Difference]:
    if place in _WHOLE:
        label, words = _WHOLE[place]
        yield Difference(place[-1], label, words(old, before), words(new, after))
        return
    if place[0] == "amounts":
        yield from _prices(old or (), new or ())
        return
    some = old if old is not None else new
    if isinstance(some, Text | p.Statement):
        return
    if old is not None and new is not None and type(old) is not type(new):
        yield Difference("kind", _KEYS["kind"][0], _sort(old), _sort(new))
        return
    ours, theirs = (parts_of(one) if one is not None else {} for one in (old, new))
    for key in ours or theirs:
        if ours.get(key) == theirs.get(key) or key in INNER.get(type(some), ()):
            continue
        one, other = (getattr(entry, key, None) if entry is not None else None for entry in (old, new))
        if key == "shape":
            yield from _shapes(one, other)
        elif key == "cells":
            yield from _cells(one or {}, other or {}, before, after)
        elif key in ("must", "holds", "never", "when", "should") and one is not None and other is not None:
            yield from _conditions(key, one, other, before, after)
        elif (old is None or new is None) and (key == "source" or (key in _USUAL and _USUAL[key] in (one, other))):
            continue  # the sources of a new entry stand beside it
        elif key == "chosen":
            label = Text("zo gelezen", "read as")
            yield Difference(
                key, label, *(None if entry is None else entry.options[entry.chosen] for entry in (old, new))
            )
        else:
            label, words = _IN_FORCE if isinstance(some, p.InForce) and key == "start" else _KEYS[key]
            said = [None if entry is None else words(value, policy)
                    for entry, value, policy in ((old, one, before), (new, other, after))]  # fmt: skip
            if (old is not None and new is not None) or any(said):
                yield Difference(key, label, *_unlike(one, other, *said))


def _sort(entry: Any) -> Text:
    if isinstance(entry, p.Records):
        return Text("geschiedenis", "history")
    return kind(entry.shape)


def _prices(old: Sequence[p.Price], new: Sequence[p.Price]) -> Iterator[Difference]:
    """Amounts, day by day: what held on each day on which one of the two changes."""
    for day in sorted({price.start for price in (*old, *new)}):
        one, other = (_price_on(prices, day) for prices in (old, new))
        if canonical(_without_start(one)) != canonical(_without_start(other)):
            label = _SINCE.fill(day=both(lambda language, day=day: day_in_words(day, language)))  # type: ignore[misc]
            yield Difference(str(day), label, _price(one, other), _price(other, one))


def _price_on(prices: Sequence[p.Price], day: date) -> p.Price | None:
    return next((price for price in reversed(prices) if price.start <= day), None)


def _without_start(price: p.Price | None) -> object:
    return None if price is None else (price.cents, price.vat, price.certainty, price.source)


def _price(price: p.Price | None, other: p.Price | None) -> Text | None:
    """An amount in words; its VAT word, certainty and source where they are not those of the other."""
    if price is None:
        return None
    words = [saying.cents(price.cents)]
    if other is None or other.vat is not price.vat:
        words.append(VATS[price.vat])
    if price.certainty is not (Certainty.EXACT if other is None else other.certainty):
        words.append(CERTAINTIES[price.certainty])
    if other is not None and (other.source != price.source and other.cents == price.cents):
        words.append(listing_of([plain(one) for one in price.source]))
    return both(lambda language: ", ".join(word[language] for word in words))


def _shapes(one: Shape | None, other: Shape | None) -> Iterator[Difference]:
    """What may be given of a fact."""
    sort = _KEYS["kind"][0]
    if one is None or other is None:
        yield Difference("kind", sort, *(None if shape is None else kind(shape) for shape in (one, other)))
        return
    if (one.kind, one.unit) != (other.kind, other.unit):
        yield Difference("kind", sort, kind(one), kind(other))
    if one.kind == other.kind and not one.of and tuple(one.options) != tuple(other.options):
        gone = [text for name, text in one.options.items() if name not in other.options]
        fresh = [text for name, text in other.options.items() if name not in one.options]
        label = Text("keuze vervalt", "option dropped")
        if gone:
            yield Difference("options", label, listing_of(gone), None)
        if fresh:
            yield Difference("options", Text("keuze erbij", "option added"), None, listing_of(fresh))
        if not gone and not fresh:
            yield Difference("options", Text("volgorde van laag naar hoog", "order from low to high"),
                             *(listing_of(list(shape.options.values())) for shape in (one, other)))  # fmt: skip
    if one.kind == other.kind and one.ordered != other.ordered:
        yield Difference("ordered", Text("loopt op van laag naar hoog", "rises from low to high"),
                         _YES if one.ordered else _NO, _YES if other.ordered else _NO)  # fmt: skip
    for key, label in (("low", Text("ten minste", "at least")), ("high", Text("ten hoogste", "at most"))):
        ends = [getattr(shape, key) for shape in (one, other)]
        if ends[0] != ends[1] and one.kind == other.kind:
            yield Difference(key, label, *(None if end is None else say(end, shape)
                                           for end, shape in zip(ends, (one, other), strict=True)))  # fmt: skip


def _cells(old: Mapping[str, Any], new: Mapping[str, Any], before: Policy, after: Policy) -> Iterator[Difference]:
    """The cells of a row, by the names of their columns."""
    for name in dict.fromkeys([*new, *old]):
        one, other = old.get(name), new.get(name)
        if canonical(one) != canonical(other):
            label = next(table.fields[name].text for policy in (after, before) for table in policy.tables.values()
                         if name in table.fields)  # fmt: skip
            yield Difference(name, lower(label), _value(one, before), _value(other, after))


# --- conditions: only the parts that differ ---

_ALSO, _NO_LONGER = Text("ook", "also"), Text("niet meer", "no longer")
_ENOUGH, _NOT_ENOUGH = Text("ook genoeg", "also enough"), Text("niet meer genoeg", "no longer enough")


def _conditions(key: str, old: p.Condition, new: p.Condition, before: Policy, after: Policy) -> Iterator[Difference]:
    label = _KEYS[key][0]
    both_ways = _apart(old, new)
    if both_ways is None:
        yield Difference(key, label, _condition(old, before), _condition(new, after))
        return
    for one, other, within in both_ways:
        if one is not None and other is not None:
            yield _changed_part(key, label, one, other, before, after)
        elif one is not None:
            word = _NOT_ENOUGH if within is p.Any else _NO_LONGER
            yield Difference(key, _labelled(label, word), saying.inline(one, before).words, None)
        elif other is not None:
            word = _ENOUGH if within is p.Any else _ALSO
            yield Difference(key, _labelled(label, word), None, saying.inline(other, after).words)


def _labelled(label: Text, word: Text) -> Text:
    return Text("{a}, {b}", "{a}, {b}").fill(a=label, b=word)


Parts = list[tuple[p.Condition | None, p.Condition | None, type]]


def _apart(old: p.Condition, new: p.Condition) -> Parts | None:
    """The parts of two conditions that are not in both; None where there is nothing to tell apart."""
    if old == p.ALWAYS or new == p.ALWAYS:
        return None
    if isinstance(old, p.Not) and isinstance(new, p.Not):
        return None
    if not (isinstance(old, p.All | p.Any) and type(old) is type(new)):
        if isinstance(new, p.All) and canonical(old) in map(canonical, new.parts):
            old = p.All((old,))
        elif isinstance(old, p.All) and canonical(new) in map(canonical, old.parts):
            new = p.All((new,))
        elif isinstance(new, p.Any) and canonical(old) in map(canonical, new.parts):
            old = p.Any((old,))
        elif isinstance(old, p.Any) and canonical(new) in map(canonical, old.parts):
            new = p.Any((new,))
        else:
            return [(old, new, type(old))]
    assert isinstance(old, p.All | p.Any)
    assert isinstance(new, p.All | p.Any)
    kept = set(map(canonical, old.parts)) & set(map(canonical, new.parts))
    gone = [part for part in old.parts if canonical(part) not in kept]
    fresh = [part for part in new.parts if canonical(part) not in kept]
    if not kept and len(old.parts) > 1 and len(new.parts) > 1 and len(gone) != len(fresh):
        return None
    if len(gone) == 1 and len(fresh) == 1:
        return _apart(gone[0], fresh[0]) or [(gone[0], fresh[0], type(old))]
    if len(gone) == len(fresh):
        found: Parts = []
        for one, other in zip(gone, fresh, strict=True):
            found += _apart(one, other) or [(one, other, type(old))]
        return found
    return [*((part, None, type(old)) for part in gone), *((None, part, type(old)) for part in fresh)]


def _changed_part(
    key: str, label: Text, old: p.Condition, new: p.Condition, before: Policy, after: Policy
) -> Difference:
    terms = [one.part if isinstance(one, p.Not) else one for one in (old, new)]
    if isinstance(terms[0], p.Holds) and canonical(terms[0]) == canonical(terms[1]):
        words = lower(after.terms[terms[0].term].text)
        name = words if key in ("must", "holds") else _labelled(label, words)
        return Difference(key, name, *(_NO if isinstance(one, p.Not) else _YES for one in (old, new)))
    if isinstance(old, p.Check) and isinstance(new, p.Check) and canonical(old.subject) == canonical(new.subject):
        counted = new.subject
        if isinstance(counted, p.SumOf):  # what is added up is as it was
            counted = replace(counted, where=p.ALWAYS)
        subject = saying.subject(replace(new, subject=counted), after).words
        name = subject if key in ("must", "holds") else _labelled(label, subject)
        return Difference(
            key, name, *_unlike(old, new, saying.asked(old, before).words, saying.asked(new, after).words)
        )
    if isinstance(old, p.Check) and isinstance(new, p.Check):
        rows = [one.subject.rows if isinstance(one.subject, p.CountOf) else None for one in (old, new)]
        if rows[0] is not None and rows[0] == rows[1] and canonical(old.operand) == canonical(new.operand):
            found = _apart(old.subject.where, new.subject.where)  # type: ignore[union-attr]
            if found is not None and len(found) == 1 and None not in found[0][:2]:
                inner = found[0]
                name = Text("{a}, te tellen {b}", "{a}, to be counted {b}")
                return _changed_part(key, name.fill(a=label, b=lower(policy_text(after, str(rows[1])))), inner[0],  # type: ignore[arg-type]
                                     inner[1], before, after)  # type: ignore[arg-type]  # fmt: skip
    return Difference(key, label, *_unlike(old, new, saying.inline(old, before).words, saying.inline(new, after).words))


def _unlike(one: object, other: object, before: Text | None, after: Text | None) -> tuple[Text | None, Text | None]:
    """Words for two things that differ: what they name beside them, where both are called or worth the same."""
    if before is None or before != after:
        return before, after
    named = [{name for part in p.walk(node) for name in _names(part)} for node in (one, other)]
    apart = (sorted(named[0] - named[1]), sorted(named[1] - named[0]))
    one_words, other_words = (
        Text("{a} ({b})", "{a} ({b})").fill(a=before, b=", ".join(f"`{name}`" for name in names)) if names else before
        for names in apart
    )
    return one_words, other_words


def _names(part: object) -> Iterator[str]:
    match part:
        case p.AmountOf(name) | p.Named(name) | p.Holds(name) | p.FactValue(name) | p.FieldValue(name):
            yield name
        case p.LastDayOf(name) | p.Chosen(name) | p.RoundNumber(name) | p.CycleDay(name) | p.Earliest(_, name):
            yield name
