"""What a policy declares, in words: the kinds of its facts, its conventions, whom a rule holds for, its amounts."""

from __future__ import annotations

from collections.abc import Mapping

from trainingrules import policy as p
from trainingrules.calendar import MonthEnd, Period
from trainingrules.kinds import Shape
from trainingrules.money import Rounding
from trainingrules.phrases import Phrase, filled, name
from trainingrules.policy import Policy
from trainingrules.saying import fact_place, place
from trainingrules.sentences import policy_text
from trainingrules.words import Text, both, duration_in_words, listing_of, lower

# How each kind is called to somebody who does not write policies.
KINDS_OF_FACT: Mapping[str, Text] = {
    "boolean": Text("ja of nee", "yes or no"),
    "integer": Text("een geheel getal", "a whole number"),
    "decimal": Text("een getal", "a number"),
    "percent": Text("een percentage", "a percentage"),
    "money": Text("een bedrag", "an amount"),
    "date": Text("een dag, of dat die er niet is", "a day, or that there is none"),
    "moment": Text("een dag met een tijd, of dat die er niet is", "a day with a time, or that there is none"),
    "text": Text("een tekst", "a text"),
    "choice": Text("één keuze", "one choice"),
    "list": Text("een of meer keuzes, ook geen", "any number of choices, none included"),
    "row": Text("een rij van een tabel, of geen", "a row of a table, or none"),
}
LENGTHS: Mapping[str, Text] = {
    "years": Text("een aantal jaren", "a number of years"),
    "months": Text("een aantal maanden", "a number of months"),
    "weeks": Text("een aantal weken", "a number of weeks"),
    "days": Text("een aantal dagen", "a number of days"),
    "hours": Text("een aantal uren", "a number of hours"),
}
# What becomes of a day that a month does not have.
MONTH_ENDS: Mapping[MonthEnd, Text] = {
    MonthEnd.EARLIER: Text("de laatste dag van die maand", "the last day of that month"),
    MonthEnd.LATER: Text("de eerste dag van de maand erna", "the first day of the month after"),
    MonthEnd.REFUSE: Text("dan is de dag niet te bepalen", "then the day cannot be told"),
}
ROUNDINGS: Mapping[Rounding, Text] = {
    Rounding.HALF_UP: Text("een halve cent naar boven", "half a cent up"),
    Rounding.HALF_EVEN: Text("een halve cent naar de even cent", "half a cent to the even cent"),
    Rounding.DOWN: Text("naar beneden", "down"),
    Rounding.UP: Text("naar boven", "up"),
}
_FOR_EACH = Text("Apart voor elke rij van “{what}”", "Separately for each row of “{what}”")
_FOR_ROW = Text("Voor wat is gekozen bij “{what}”", "For what is chosen at “{what}”")
_PER = Text("Per {what}", "Per {what}")


def kind(shape: Shape) -> Text:
    """
    What may be given of a fact.

    >>> from trainingrules import load
    >>> kind(load("rvwo").facts["role"].shape).en
    'one choice'
    """
    return LENGTHS[shape.unit] if shape.unit else KINDS_OF_FACT[shape.kind]


def scope(given: p.Scope, policy: Policy) -> Phrase:
    """Whom or what a rule holds for one by one, where it does."""
    if given.each:
        return filled(_FOR_EACH, what=name(policy_text(policy, given.each), fact_place(policy, given.each)))
    if given.row:
        fact = policy.facts[given.row]
        return filled(_FOR_ROW, what=name(fact.text, place("facts", fact.name)))
    cycle = policy.cycles[given.per]
    return filled(_PER, what=name(lower(cycle.text), place("cycles", cycle.name)))


def lasting(period: Period) -> Text:
    """
    The length of a round.

    >>> lasting(Period.parse("18 months")).nl, lasting(Period.parse("14 days")).nl
    ('18 maanden', '2 weken')
    """
    if period.days and period.days % 7 == 0:
        weeks = period.days // 7
        return Text("1 week", "1 week") if weeks == 1 else Text(f"{weeks} weken", f"{weeks} weeks")
    count, unit = (period.months, "months") if period.months else (period.days, "days")
    return both(lambda language: duration_in_words(count, unit, language))


def amount_text(policy: Policy, called: str) -> Text:
    """
    What an amount is for: amounts have no words of their own, so those of the lines that ask it.

    >>> from trainingrules import load
    >>> amount_text(load("bcmb"), "tests_price").en
    'Case test and reflection test'
    """
    asked = [line.text for quote in policy.quotes.values() for line in quote.lines.values() if _asks(line, called)]
    asked += [value.text for value in policy.values.values() if _asks(value, called)]
    asked += [note.text for note in policy.notes.values() if _asks(note, called)]
    shown = list(dict.fromkeys(asked))
    return listing_of(shown) if shown else Text(*(called.replace("_", " ").capitalize(),) * 2)


def _asks(node: object, amount: str) -> bool:
    return any(isinstance(part, p.AmountOf) and part.name == amount for part in p.walk(node))
