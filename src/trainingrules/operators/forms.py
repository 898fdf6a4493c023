"""The forms of a value: the words an author can use where a number, an amount or a day stands."""

from __future__ import annotations

from typing import Literal

from trainingrules.frozen import frozen
from trainingrules.words import Text

# What follows a form: a name of some sort, a list of values, or a mapping with the keys listed.
Takes = Literal["name", "list", "keys"]


@frozen
class Form:
    """One form of a value.

    ``names`` says what a bare name after it refers to; ``mutates_to`` names the forms that one could be mistaken for.
    """

    name: str
    doc: Text
    takes: Takes
    names: str = ""
    keys: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    mutates_to: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<Form {self.name}>"


FORMS = (
    Form("fact", Text("Een feit, een berekende waarde of het nummer van een ronde.",
                      "A fact, a named value or the number of a round."), "name", "fact"),
    Form("field", Text("Een veld van de rij waarover het gaat.", "A field of the row at hand."), "name", "field"),
    Form("amount", Text("Een bedrag uit `amounts`, zoals het op de dag geldt.",
                        "An amount from `amounts`, as it is on the day."), "name", "amount"),
    Form("deadline", Text("De laatste dag van een termijn.", "The last day of a deadline."), "name", "deadline"),
    Form("earlier", Text("Zoveel eerder dan een dag.", "So much earlier than a day."), "keys", keys=("than", "by")),
    Form("later", Text("Zoveel later dan een dag.", "So much later than a day."), "keys", keys=("than", "by")),
    Form("cycle_day", Text("De eerste of laatste dag van een ronde, of de dag erna waarop zij is verlopen.",
                           "The first or last day of a round, or the day after, on which it has expired."),
         "keys", keys=("of", "day")),
    Form("earliest", Text("De vroegste dag waarop een termijn nog wordt gehaald.",
                          "The earliest day on which a deadline is still kept."), "keys", keys=("of", "keeping")),
    Form("between", Text("Een waarde tussen twee grenzen; preciezer zegt de bron het niet.",
                         "A value between two bounds; the source says no more."), "list"),
    Form("share", Text("Een deel, in procenten.", "A share, in per cent."), "keys", keys=("percent", "of")),
    Form("sum", Text("De som van een veld over rijen.", "The sum of a field over rows."), "keys",
         keys=("of", "field"), optional=("where",)),
    Form("total", Text("De som van deze waarden.", "The sum of these values."), "list"),
    Form("difference", Text("De eerste waarde min de tweede.", "The first value less the second."), "list",
         mutates_to=("total",)),
    Form("product", Text("Deze waarden maal elkaar.", "These values multiplied."), "list"),
    Form("least", Text("De kleinste of vroegste van deze.", "The smallest or earliest of these."), "list",
         mutates_to=("greatest",)),
    Form("greatest", Text("De grootste of laatste van deze.", "The largest or latest of these."), "list",
         mutates_to=("least",)),
)  # fmt: skip
