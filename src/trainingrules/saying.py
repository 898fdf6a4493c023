"""Conditions and values said of nobody in particular: what is asked, and how a day or an amount comes about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from trainingrules import policy as p
from trainingrules.kinds import DAYS, MEASURES, Shape, Value, say
from trainingrules.operators import OPERATORS, Operator
from trainingrules.phrases import Phrase, Span, filled, listed, name, option, said
from trainingrules.policy import Policy
from trainingrules.sentences import COUNTED, policy_text, shape_of
from trainingrules.words import LANGUAGES, Language, Text, both, day_in_words, lower, money_in_words, number_in_words

_ALL = Text("Al het volgende:", "All of the following:")
_ANY = Text("Ten minste een van deze:", "At least one of these:")
_NONE = Text("Geen van deze:", "None of these:")
_NOT_ALL = Text("Niet al het volgende tegelijk:", "Not all of the following together:")
_NOT = Text("Niet: {what}", "Not: {what}")
_ALWAYS = Text("Zo gelezen is dit altijd het geval", "Read so, this is always the case")
_NEVER = Text("Zo gelezen is dit nooit het geval", "Read so, this is never the case")
_NO = Text("{what}: nee", "{what}: no")
_YES_TO_QUESTION, _NO_TO_QUESTION = Text("{what} Ja", "{what} Yes"), Text("{what} Nee", "{what} No")
_PLAIN = Text("{what}", "{what}")
_ASKED = Text("{what}: {asked}", "{what}: {asked}")
_ON = Text("{what} {asked}", "{what} {asked}")
_QUOTED = Text("“{what}”", "“{what}”")
_OTHER_THAN = Text("iets anders dan {what}", "anything but {what}")
_TODAY, _TODAY_IS = Text("vandaag", "today"), Text("Het is vandaag {asked}", "Today is {asked}")
_ABOUT, _NOT_ABOUT = Text("Het gaat om {what}", "It is about {what}"), Text(
    "Het gaat om iets anders dan {what}", "It is about anything but {what}")  # fmt: skip
# Today needs no preposition in Dutch.
_TODAYS = {
    "is": Text("vandaag", "today"),
    "on_or_before": Text("uiterlijk vandaag", "today at the latest"),
    "on_or_after": Text("vandaag of later", "today or later"),
    "before": Text("vóór vandaag", "before today"),
    "after": Text("na vandaag", "after today"),
}
# So much before or after a day is no day in Dutch: not `uiterlijk op 1 maand vóór`.
_SHIFTED = {
    "is": Text("{operand}", "{operand}"),
    "on_or_before": Text("uiterlijk {operand}", "at the latest {operand}"),
    "on_or_after": Text("op zijn vroegst {operand}", "at the earliest {operand}"),
    "before": Text("eerder dan {operand}", "earlier than {operand}"),
    "after": Text("later dan {operand}", "later than {operand}"),
}
_EXISTS = {
    "date": {True: Text("er is een dag", "there is a day"), False: Text("er is geen dag", "there is no day")},
    "moment": {True: Text("er is een moment", "there is a moment"), False: Text("er is geen moment",
                                                                             "there is no moment")},
    "row": {True: Text("er is er een gekozen", "one is chosen"), False: Text("er is er geen", "there is none")},
    "text": {True: Text("er staat iets", "there is a text"), False: Text("er staat niets", "there is no text")},
}  # fmt: skip
_DONE = {True: Text("{what}: dat is gebeurd", "{what}: it has happened"),
         False: Text("{what}: dat is (nog) niet gebeurd", "{what}: it has not happened (yet)")}  # fmt: skip
_COUNTED = Text("{rows}: {many}", "{rows}: {many}")
_WHERE = Text("{many} waarvoor geldt:", "{many} for which:")
_NUMBERED = {
    "is": Text("Het is {cycle} {n}", "It is {cycle} {n}"),
    "at_least": Text("Het is {cycle} {n} of later", "It is {cycle} {n} or later"),
    "at_most": Text("Het is {cycle} {n} of eerder", "It is {cycle} {n} or earlier"),
    "more_than": Text("Het is later dan {cycle} {n}", "It is later than {cycle} {n}"),
    "less_than": Text("Het is eerder dan {cycle} {n}", "It is earlier than {cycle} {n}"),
}
_AT = {
    "date": Text("de dag bij “{what}”", "the day at “{what}”"),
    "moment": Text("het moment bij “{what}”", "the moment at “{what}”"),
    "money": Text("het bedrag bij “{what}”", "the amount at “{what}”"),
    "duration": Text("de duur bij “{what}”", "the length at “{what}”"),
    "percent": Text("het percentage bij “{what}”", "the percentage at “{what}”"),
    "integer": Text("het aantal bij “{what}”", "the number at “{what}”"),
    "decimal": Text("het aantal bij “{what}”", "the number at “{what}”"),
    "choice": Text("de keuze bij “{what}”", "the choice at “{what}”"),
    "row": Text("de keuze bij “{what}”", "the choice at “{what}”"),
}
# A name that says itself what sort of value it is, needs no word for it: `“Prijs voor leden”`.
_TELLING = {
    "date": ("dag|datum", "day|date"),
    "moment": ("moment", "moment"),
    "money": ("bedrag|prijs|bijdrage|kosten", "amount|price|fee|cost|costs"),
    "duration": ("duur", "length|duration"),
    "percent": ("percentage|aandeel", "percentage|share"),
    "integer": ("aantal|nummer|punten|dagen|uren", "number|points|days|hours"),
    "decimal": ("aantal|nummer|punten|dagen|uren", "number|points|days|hours"),
    "choice": ("keuze", "choice"),
    "row": ("keuze", "choice"),
}
_WORTH = Text("{value} (“{what}”)", "{value} (“{what}”)")
_SILENT_NAME = Text("“{what}” (dat zegt de bron niet)", "“{what}” (which the source does not say)")
NOT_STATED = Text("staat niet in de bron", "not stated in the source")
_READING_OF = Text("de lezing van “{what}”", "the reading of “{what}”")
_NUMBER_OF = Text("het nummer van {cycle}", "the number of {cycle}")
_END_OF = Text("het einde van de termijn “{what}”", "the end of the term “{what}”")
_SHIFTS = {-1: Text("{by} vóór {than}", "{by} before {than}"), 1: Text("{by} na {than}", "{by} after {than}")}
_DAYS = {
    "first": Text("de eerste dag van {cycle}", "the first day of {cycle}"),
    "last": Text("de laatste dag van {cycle}", "the last day of {cycle}"),
    "expiry": Text("de dag na {cycle}", "the day after {cycle}"),
}
_EARLIEST = Text("de eerste dag waarop “{what}” nog wordt gehaald", "the first day on which “{what}” is still kept")
_BETWEEN = Text("{low} tot {high}", "{low} to {high}")
_SHARE = Text("{percent}% van {of}", "{percent}% of {of}")
_SUM = Text("de som van “{field}”", "the sum of “{field}”")
_SUM_WHERE = Text("de som van “{field}”, alleen waar geldt: {where}", "the sum of “{field}”, only where: {where}")
_COUNT = Text("het aantal bij “{rows}”", "the number of “{rows}”")
_COUNT_WHERE = Text(
    "het aantal bij “{rows}”, alleen waar geldt: {where}", "the number of “{rows}”, only where: {where}"
)
_COMBINED = {
    "total": Text("{a} plus {b}", "{a} plus {b}"),
    "difference": Text("{a} min {b}", "{a} less {b}"),
    "product": Text("{a} maal {b}", "{a} times {b}"),
}
_OF_DAYS = {"least": Text("de vroegste van {all}", "the earliest of {all}"),
            "greatest": Text("de laatste van {all}", "the latest of {all}")}  # fmt: skip
_OF_NUMBERS = {"least": Text("de kleinste van {all}", "the smallest of {all}"),
               "greatest": Text("de grootste van {all}", "the largest of {all}")}  # fmt: skip
_BRACKETS = Text("({what})", "({what})")
_FROM_DAY = Text("{price} (vanaf {day})", "{price} (from {day})")
_ROUND = Text("de ronde “{what}”", "the round “{what}”")
# Words for a stretch of time, by their article in Dutch; of another word we do not know it.
_NEUTER = ("jaar", "kwartaal", "semester", "trimester", "blok", "seizoen", "tijdvak", "uur")
_COMMON = ("week", "maand", "periode", "ronde", "termijn", "dag", "cyclus", "fase")

_OPPOSITES = {"at_least": "less_than", "less_than": "at_least", "at_most": "more_than", "more_than": "at_most"}


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition in words: a phrase, and under it the parts that it speaks of."""

    said: Phrase
    parts: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What a condition would be, had one reading been taken otherwise."""

    reading: Phrase
    option: Text
    clause: Clause


@dataclass(frozen=True, slots=True)
class Told:
    """A condition as it is read here, the readings that takes, and what it would be on another."""

    clause: Clause
    readings: tuple[str, ...] = ()
    otherwise: tuple[Otherwise, ...] = ()


def place(section: str, *names: str) -> str:
    """
    The place of the policy that a name leads to.

    >>> place("eligibility", "enrol", "level")
    'eligibility.enrol.level'
    """
    return ".".join((section, *names))


def fact_place(policy: Policy, called: str) -> str:
    """Where a fact, or whatever else a condition can begin with, is told of."""
    homes = {"facts": (policy.facts, policy.records), "terms": (policy.terms,), "values": (policy.values,),
             "tables": (policy.tables,), "readings": (policy.readings,), "cycles": (policy.cycles,)}  # fmt: skip
    return next(place(home, called) for home, found in homes.items() if any(called in one for one in found))


def the_cycle(policy: Policy, cycle: str) -> Phrase:
    """A round of a cycle with its article, where that is known in Dutch."""
    text = policy.cycles[cycle].text
    word = lower(text)
    called = name(word, place("cycles", cycle))
    if word.nl.split()[-1].endswith(_NEUTER):
        return filled(Text("het {what}", "the {what}"), what=called)
    if word.nl.split()[-1].endswith(_COMMON):
        return filled(Text("de {what}", "the {what}"), what=called)
    return filled(_ROUND, what=name(text, place("cycles", cycle)))


# --- conditions ---


def told(condition: p.Condition, policy: Policy) -> Told:
    """
    A condition as it is read here; what only another reading would ask stands apart.

    >>> from trainingrules import load
    >>> policy = load("bcmb")
    >>> found = told(policy.terms["fit_for_programme_b"].holds, policy)
    >>> found.clause.said.text("nl"), [other.option.nl for other in found.otherwise]
    ('Ten minste drie jaar passende werkervaring', ['Doelgroep'])
    """
    used = dict.fromkeys(part.reading for part in p.walk(condition) if isinstance(part, p.Chosen))
    taken = {name: reading.chosen for name, reading in policy.readings.items()}
    others = [
        Otherwise(
            name(policy.readings[one].text, place("readings", one)),
            text,
            _as_read(condition, taken | {one: other}, policy),
        )
        for one in used
        for other, text in policy.readings[one].options.items()
        if other != taken[one]
    ]
    main = _as_read(condition, taken, policy)
    return Told(main, tuple(used), tuple(other for other in others if other.clause != main))


def _as_read(condition: p.Condition, taken: Mapping[str, str], policy: Policy) -> Clause:
    found = settled(condition, taken)
    if isinstance(found, bool):
        return Clause(said(_ALWAYS if found else _NEVER))
    return clause(found, policy)


def settled(condition: p.Condition, taken: Mapping[str, str]) -> p.Condition | bool:
    """A condition without the readings in it, once it is known which options are taken."""
    match condition:
        case p.Check(p.Chosen(reading), _, operand):
            given = operand.value if isinstance(operand, p.Constant) else operand
            return condition.operator.test(taken[reading], given)
        case p.All(parts) | p.Any(parts):
            outweighs = isinstance(condition, p.Any)  # one true settles an `any`, one false an `all`
            found = [settled(part, taken) for part in parts]
            if outweighs in found:
                return outweighs
            rest = tuple(part for part in found if not isinstance(part, bool))
            return rest[0] if len(rest) == 1 else type(condition)(rest) if rest else not outweighs
        case p.Not(part):
            inner = settled(part, taken)
            return not inner if isinstance(inner, bool) else p.Not(inner)
        case p.Check(p.CountOf() as counted) if not isinstance(where := settled(counted.where, taken), bool):
            return replace(condition, subject=replace(counted, where=where))
        case _:
            return condition


def clause(condition: p.Condition, policy: Policy) -> Clause:
    """
    A condition in words.

    >>> from trainingrules import load
    >>> policy = load("bcmb")
    >>> told = clause(policy.terms["hbo_level"].holds, policy)
    >>> [told.said.text("nl"), *(part.said.text("nl") for part in told.parts)]
    ['Ten minste een van deze:', 'Hoogste diploma: ten minste Hbo', 'Niveautoets hbo behaald']
    """
    match condition:
        case p.All():
            parts = tuple(clause(part, policy) for part in condition.parts)
            return Clause(said(_ALL), parts) if parts else Clause(said(_ALWAYS))
        case p.Any():
            return Clause(said(_ANY), tuple(clause(part, policy) for part in condition.parts))
        case p.Not(part):
            return _denied(part, policy)
        case p.Holds(term):
            return Clause(name(policy.terms[term].text, place("terms", term)))
        case p.Check():
            return _check(condition, policy)
        case _:
            raise TypeError(f"an author cannot write a {type(condition).__name__}")


def inline(condition: p.Condition, policy: Policy) -> Phrase:
    """
    A condition within a sentence.

    >>> from trainingrules import load
    >>> policy = load("bcmb")
    >>> inline(policy.terms["hbo_level"].holds, policy).text("nl")
    'hoogste diploma: ten minste Hbo of niveautoets hbo behaald'
    """
    match condition:
        case p.All(parts) | p.Any(parts) if parts:
            return listed([_inner(part, policy) for part in parts], "and" if isinstance(condition, p.All) else "or")
        case _:
            found = clause(condition, policy)
            head = _lowered(found.said)
            if not found.parts:
                return head
            return filled(Text("{a} {b}", "{a} {b}"), a=head, b=listed(_flat(part) for part in found.parts))


def _inner(condition: p.Condition, policy: Policy) -> Phrase:
    found = inline(condition, policy)
    return filled(_BRACKETS, what=found) if isinstance(condition, p.All | p.Any) else found


def _flat(found: Clause) -> Phrase:
    head = _lowered(found.said)
    if not found.parts:
        return head
    return filled(Text("{a} ({b})", "{a} ({b})"), a=head, b=listed(_flat(part) for part in found.parts))


def _denied(part: p.Condition, policy: Policy) -> Clause:
    match part:
        case p.Holds(term):
            return Clause(filled(_NO, what=name(policy.terms[term].text, place("terms", term))))
        case p.Not(inner):
            return clause(inner, policy)
        case p.Any():
            return Clause(said(_NONE), tuple(clause(one, policy) for one in part.parts))
        case p.All():
            return Clause(said(_NOT_ALL), tuple(clause(one, policy) for one in part.parts))
        case _:
            assert isinstance(part, p.Check)
            return _check_denied(part, policy)


def _check_denied(check: p.Check, policy: Policy) -> Clause:
    kind = _kind(check.subject, policy)
    operator = check.operator.name
    if kind in MEASURES and operator in _OPPOSITES:  # these always have a value, so one of the two holds
        return _check(p.Check(check.subject, OPERATORS[_OPPOSITES[operator]], check.operand), policy)
    if operator == "exists":
        return _check(replace(check, operand=not check.operand), policy)
    if kind == "boolean" and isinstance(check.operand, p.Constant):
        opposite = p.Constant(not check.operand.value, check.operand.shape)
        return _check(p.Check(check.subject, check.operator, opposite), policy)
    if operator in ("is", "in") and not isinstance(check.subject, p.RoundNumber):
        operand = _operand(check, policy)
        if isinstance(check.subject, p.FieldValue) and check.subject.name == "key":
            return Clause(filled(_NOT_ABOUT, what=operand))
        if kind == "choice":
            return Clause(_asked(check.subject, filled(_OTHER_THAN, what=operand), policy))
    found = _check(check, policy)
    return Clause(filled(_NOT, what=_lowered(found.said)), found.parts)


def _lowered(phrase: Phrase) -> Phrase:
    """A phrase that goes on in a sentence."""
    first = lower(Text(phrase.nl[0].text, phrase.en[0].text))
    nl, en = ((replace(phrase[one][0], text=first[one]), *phrase[one][1:]) for one in LANGUAGES)
    return Phrase(nl, en)


def _kind(expression: p.Expression, policy: Policy) -> str:
    shape = shape_of(expression, policy)
    return shape.kind if shape else ""


def _check(check: p.Check, policy: Policy) -> Clause:
    subject, operator = check.subject, check.operator
    match subject:
        case p.RoundNumber() if operator.name in _NUMBERED and isinstance(check.operand, p.Constant):
            linked = name(lower(policy.cycles[subject.cycle].text), place("cycles", subject.cycle))
            return Clause(filled(_NUMBERED[operator.name], cycle=linked, n=str(check.operand.value)))
        case p.CountOf():
            return _counted(check, subject, policy)
        case p.FieldValue(name="key"):
            return Clause(filled(_ABOUT, what=_operand(check, policy)))
        case p.Today():
            asked = _tail(operator, check, policy)
            return Clause(filled(_TODAY_IS, asked=asked))
    kind = _kind(subject, policy)
    if operator.name == "exists":
        return Clause(_exists(subject, kind, bool(check.operand), policy))
    if kind == "boolean" and isinstance(check.operand, p.Constant):
        called = _called(subject, policy)
        asks = called.text("nl").endswith("?")
        if asks:
            return Clause(filled(_YES_TO_QUESTION if check.operand.value else _NO_TO_QUESTION, what=called))
        return Clause(called if check.operand.value else filled(_NO, what=called))
    return Clause(_asked(subject, _tail(operator, check, policy), policy, day=kind in DAYS))


def subject(check: p.Check, policy: Policy) -> Phrase:
    """What a check is about, within a sentence; `asked` says the rest."""
    match check.subject:
        case p.CountOf(rows):
            return filled(COUNTED, rows=name(lower(policy_text(policy, rows)), fact_place(policy, rows)))
        case p.FieldValue("key", _, of):
            return listed([name(lower(policy_text(policy, rows)), fact_place(policy, rows)) for rows in of], "or")
        case p.FactValue() | p.FieldValue() | p.Named() | p.RoundNumber() as found:
            called = _lowered(_called(found, policy))
            days = _kind(found, policy) in DAYS
            return Phrase(*(_shortened(called[one], one) or called[one] for one in LANGUAGES)) if days else called
        case other:
            return value(other, policy)


def asked(check: p.Check, policy: Policy) -> Phrase:
    """
    What is asked of what a check is about.

    >>> from trainingrules import load
    >>> policy = load("bcmb")
    >>> check = policy.terms["hbo_level"].holds.parts[0]
    >>> subject(check, policy).text("nl"), asked(check, policy).text("nl")
    ('hoogste diploma', 'ten minste Hbo')
    """
    if check.operator.name == "exists":
        kind = _kind(check.subject, policy)
        return said(_EXISTS.get(kind, _EXISTS["text"])[bool(check.operand)])
    return _tail(check.operator, check, policy)


def _tail(operator: Operator, check: p.Check, policy: Policy) -> Phrase:
    if isinstance(check.operand, p.Today) and operator.name in _TODAYS:
        return said(_TODAYS[operator.name])
    if isinstance(check.operand, p.Shift):
        return filled(_SHIFTED[operator.name], operand=_operand(check, policy))
    asked = filled(operator.asks, operand=_operand(check, policy))
    if operator.name == "is" and _kind(check.subject, policy) in DAYS and not isinstance(check.subject, p.Today):
        return filled(Text("op {day}", "on {day}"), day=asked)
    return asked


def _asked(subject: p.Expression, asked: Phrase, policy: Policy, *, day: bool = False) -> Phrase:
    """What is asked of a value, after its name. A name such as `Betaald op` flows on: betaald vóór 1 januari."""
    called = _called(subject, policy)
    if not day:
        return filled(_ASKED, what=called, asked=asked)

    def one(language: Language) -> tuple[Span, ...]:
        short = _shortened(called[language], language)
        form = _ON if short else _ASKED
        return filled(form, what=Phrase(*(short or called[language],) * 2), asked=asked)[language]

    return Phrase(one("nl"), one("en"))


def _shortened(called: tuple[Span, ...], language: Language) -> tuple[Span, ...]:
    """A name such as `Betaald op` without its last word; nothing where it is no such name."""
    first, *rest = called
    ending = {"nl": " op", "en": " on"}[language]
    return (replace(first, text=first.text.removesuffix(ending)),) if not rest and first.text.endswith(ending) else ()


def _called(expression: p.Expression, policy: Policy) -> Phrase:
    """What a value is called, as the beginning of a sentence."""
    match expression:
        case p.FactValue():
            return name(policy.facts[expression.name].text, place("facts", expression.name))
        case p.FieldValue():
            holder = expression.of[0]
            text = p.rows_holder(policy, holder).fields[expression.name].text
            return name(text, fact_place(policy, holder))
        case p.Named():
            return name(policy.values[expression.name].text, place("values", expression.name))
        case p.RoundNumber():
            return name(policy.cycles[expression.cycle].text, place("cycles", expression.cycle))
        case _:
            return value(expression, policy)


def _exists(subject: p.Expression, kind: str, wanted: bool, policy: Policy) -> Phrase:
    called = _called(subject, policy)
    if kind in DAYS:

        def one(language: Language) -> tuple[Span, ...]:
            if short := _shortened(called[language], language):
                return filled(_DONE[wanted], what=Phrase(short, short))[language]
            return filled(_ASKED, what=called, asked=_EXISTS[kind][wanted])[language]

        return Phrase(one("nl"), one("en"))
    return filled(_ASKED, what=called, asked=_EXISTS.get(kind, _EXISTS["text"])[wanted])


def _counted(check: p.Check, subject: p.CountOf, policy: Policy) -> Clause:
    rows = name(policy_text(policy, subject.rows), fact_place(policy, subject.rows))
    none = (
        check.operator.name in ("is", "at_most") and isinstance(check.operand, p.Constant) and not check.operand.value
    )
    many = said(Text("geen", "none")) if none else filled(check.operator.asks, operand=_operand(check, policy))
    if subject.where == p.ALWAYS:
        return Clause(filled(_COUNTED, rows=rows, many=many))
    inner = clause(subject.where, policy)
    parts = inner.parts if isinstance(subject.where, p.All) else (inner,)
    return Clause(filled(_COUNTED, rows=rows, many=filled(_WHERE, many=many)), parts)


def _operand(check: p.Check, policy: Policy) -> Phrase:
    operand = check.operand
    if isinstance(operand, str):
        return the_cycle(policy, operand)
    if isinstance(operand, tuple):
        shape = shape_of(check.subject, policy)
        one = Shape("choice", options=shape.options) if shape and shape.kind == "list" else shape
        joint = "or" if check.operator.name == "in" else "and"
        return listed([constant(item, one) for item in operand], joint)  # type: ignore[arg-type]
    assert not isinstance(operand, bool)
    return value(operand, policy)


# --- values ---


def constant(given: Value, shape: Shape | None) -> Phrase:
    """A value that is written out."""
    if shape is None or not shape.kind:
        return said(Text(str(given), str(given)))
    words = say(given, shape)
    return option(words) if shape.kind in ("choice", "row", "list") else said(words)


def value(expression: p.Expression, policy: Policy) -> Phrase:
    """
    A value within a sentence: a day, an amount, a number, or where it comes from.

    >>> from trainingrules import load
    >>> policy = load("vlaanderen")
    >>> value(policy.deadlines["apply"].until, policy).text("nl")
    '3 maanden vóór “Eerste dag van de eerste editie na de registratie”'
    """
    match expression:
        case p.Constant():
            return constant(expression.value, expression.shape)
        case p.FactValue() | p.FieldValue():
            if expression.name == "key":
                return said(Text("de rij waarover het gaat", "the row at hand"))
            return _at(expression.shape.kind, _called(expression, policy))
        case p.Named():
            return _named(expression, policy)
        case p.Today():
            return said(_TODAY)
        case p.Chosen():
            return filled(_READING_OF, what=name(policy.readings[expression.reading].text,
                                                 place("readings", expression.reading)))  # fmt: skip
        case p.RoundNumber():
            return filled(_NUMBER_OF, cycle=the_cycle(policy, expression.cycle))
        case p.AmountOf():
            return amount(policy.amounts[expression.name])
        case p.LastDayOf():
            called = name(policy.deadlines[expression.deadline].text, place("deadlines", expression.deadline))
            return filled(_END_OF, what=called)
        case p.Shift():
            by, than = value(expression.by, policy), value(expression.than, policy)
            return filled(_SHIFTS[expression.sign], by=by, than=than)
        case p.CycleDay():
            return filled(_DAYS[expression.which], cycle=the_cycle(policy, expression.cycle))
        case p.Earliest():
            called = name(policy.deadlines[expression.deadline].text, place("deadlines", expression.deadline))
            return filled(_EARLIEST, what=called)
        case p.Between():
            return filled(_BETWEEN, low=value(expression.low, policy), high=value(expression.high, policy))
        case p.Share():
            percent = both(lambda language: number_in_words(expression.percent, language))
            return filled(_SHARE, percent=percent, of=value(expression.of, policy))
        case p.SumOf():
            text = p.rows_holder(policy, expression.rows).fields[expression.field].text
            called = name(text, fact_place(policy, expression.rows))
            if expression.where == p.ALWAYS:
                return filled(_SUM, field=called)
            return filled(_SUM_WHERE, field=called, where=inline(expression.where, policy))
        case p.CountOf():
            called = name(policy_text(policy, expression.rows), fact_place(policy, expression.rows))
            if expression.where == p.ALWAYS:
                return filled(_COUNT, rows=called)
            return filled(_COUNT_WHERE, rows=called, where=inline(expression.where, policy))
        case p.Combined():
            return _combined(expression, policy)
        case p.NotStated():
            return said(NOT_STATED)


def _at(kind: str, called: Phrase) -> Phrase:
    """A value of a kind, by its name."""
    plain, whole = filled(_QUOTED, what=called), filled(_AT.get(kind, _QUOTED), what=called)
    nl, en = _TELLING.get(kind, ("", ""))

    def tells(language: Language, words: str) -> bool:
        return re.search(rf"(?i)({words})\b", called.text(language)) is not None

    return Phrase(plain.nl if tells("nl", nl) else whole.nl, plain.en if tells("en", en) else whole.en)


def _named(expression: p.Named, policy: Policy) -> Phrase:
    found = policy.values[expression.name]
    called = name(found.text, place("values", expression.name))
    match found.value:
        case p.Constant():
            return filled(_WORTH, value=value(found.value, policy), what=called)
        case p.NotStated():
            return filled(_SILENT_NAME, what=called)
        case _:
            return _at(found.shape.kind, called)


def _combined(expression: p.Combined, policy: Policy) -> Phrase:
    parts = [value(part, policy) for part in expression.parts]
    if expression.form in _OF_DAYS:
        days = any(_kind(part, policy) in DAYS for part in expression.parts)
        return filled((_OF_DAYS if days else _OF_NUMBERS)[expression.form], all=listed(parts))
    nested = [filled(_BRACKETS, what=phrase) if isinstance(part, p.Combined) else phrase
              for part, phrase in zip(expression.parts, parts, strict=True)]  # fmt: skip
    whole = nested[0]
    for part in nested[1:]:
        whole = filled(_COMBINED[expression.form], a=whole, b=part)
    return whole


def amount(prices: tuple[p.Price, ...]) -> Phrase:
    """An amount with, where it changes, the days from which it holds."""
    if len(prices) == 1:
        return said(cents(prices[0].cents))
    return listed(filled(_FROM_DAY, price=cents(one.cents), day=day(one.start)) for one in prices)


def cents(given: int | None) -> Text:
    """A price in words, or that it is not stated."""
    return NOT_STATED if given is None else both(lambda language: money_in_words(given, language))


def day(given: date) -> Text:
    """A day in words."""
    return both(lambda language: day_in_words(given, language))
