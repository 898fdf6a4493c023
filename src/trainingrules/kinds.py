"""The kinds of fact: how each is given, kept, written, said, asked for and described in JSON Schema."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from trainingrules import calendar, money
from trainingrules.diagnostics import shown
from trainingrules.frozen import frozen
from trainingrules.words import (
    Language,
    Text,
    both,
    day_in_words,
    decimal_text,
    duration_in_words,
    listing,
    moment_in_words,
    money_in_words,
    number_in_words,
    truth_in_words,
)

# A value at work: bool, int (whole numbers, cents, lengths in their base unit), Fraction, date,
# datetime, str (texts, options, row keys) or a tuple of str (lists).
Value = Any
Json = Any

LARGEST = 10**15
LONGEST_TEXT = 2_000
LONGEST_LIST = 10_000
# The most years, months, weeks, days or hours that a length is given in as a number.
MOST_UNITS = 100_000
DURATION_UNITS = {"years": ("months", 12), "months": ("months", 1), "weeks": ("days", 7), "days": ("days", 1),
                  "hours": ("hours", 1)}  # fmt: skip


@frozen
class Shape:
    """What a value may be: its kind and what its declaration adds to it.

    ``low`` and ``high`` are bounds in the kind's own terms; ``unit`` is that of a duration; ``options``
    are the names and labels of a choice or a list; ``of`` names the table a row is of.
    """

    kind: str
    unit: str = ""
    options: Mapping[str, Text] = field(default_factory=dict)
    ordered: bool = False
    low: Value = None
    high: Value = None
    of: str = ""

    @property
    def base_unit(self) -> str:
        """The unit a duration is kept in: months, days or hours."""
        return DURATION_UNITS[self.unit][0] if self.unit else ""

    def same_as(self, other: Shape) -> bool:
        """Whether values of both may be compared."""
        if self.kind in NUMBERS and other.kind in NUMBERS:
            return True
        if {self.kind, other.kind} <= DAYS:
            return True
        return (self.kind, self.base_unit, tuple(self.options), self.of) == (
            other.kind, other.base_unit, tuple(other.options), other.of)  # fmt: skip


@frozen
class Kind:
    """One kind of fact.

    ``parse`` takes what was given and answers the value at work, or raises ``ValueError`` with the reason;
    ``write`` gives it as plain JSON, an exact number as text; ``say`` puts a value into words; ``ask`` ends the
    question for it.
    """

    name: str
    doc: Text
    parse: Callable[[Json, Shape], Value]
    write: Callable[[Value, Shape], Json]
    say: Callable[[Value, Shape, Language], str]
    ask: Callable[[Shape, Language], str]
    schema: Callable[[Shape], dict[str, Json]]
    nullable: bool = False
    keys: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<Kind {self.name}>"


NUMBERS = frozenset({"integer", "decimal", "percent"})
DAYS = frozenset({"date", "moment"})
MEASURES = NUMBERS | {"money", "duration"}


def _bounded(value: Value, shape: Shape) -> Value:
    if isinstance(value, int) and abs(value) > LARGEST:
        raise ValueError(f"{shown(value)} is too large")
    for bound, outside, word in ((shape.low, -1, "least"), (shape.high, 1, "most")):
        if bound is not None and (value < bound if outside < 0 else value > bound):
            said, limit = (KINDS[shape.kind].say(one, shape, "en") for one in (value, bound))
            raise ValueError(f"{said} is out of bounds: at {word} {limit}")
    return value


def _parse_boolean(given: Json, shape: Shape) -> bool:
    if isinstance(given, bool):
        return given
    raise ValueError(f"{shown(given)} is not `true` or `false`")


def _parse_integer(given: Json, shape: Shape) -> int:
    if isinstance(given, int) and not isinstance(given, bool):
        return int(_bounded(given, shape))
    raise ValueError(f"{shown(given)} is not a whole number")


def _parse_decimal(given: Json, shape: Shape) -> Fraction:
    if isinstance(given, Decimal) and given.is_finite() and abs(given.adjusted()) <= 30:
        return _bounded(Fraction(given), shape)  # type: ignore[no-any-return]
    if isinstance(given, int) and not isinstance(given, bool) and abs(given) <= LARGEST:
        return _bounded(Fraction(given), shape)  # type: ignore[no-any-return]
    if isinstance(given, float):
        raise ValueError(
            f"{shown(given)} is a binary fraction and not exact: give a Decimal "
            "(JSON: `json.loads(text, parse_float=Decimal)`)"
        )
    raise ValueError(f"{shown(given)} is not a number")


def _parse_money(given: Json, shape: Shape) -> int:
    if isinstance(given, float):
        raise ValueError(
            f"{shown(given)} is a binary fraction and not exact: give a Decimal "
            "(JSON: `json.loads(text, parse_float=Decimal)`)"
        )
    if isinstance(given, bool) or not isinstance(given, int | Decimal):
        raise ValueError(f"{shown(given)} is not an amount such as 445.00")
    return int(_bounded(money.to_cents(given), shape))


def _parse_date(given: Json, shape: Shape) -> date:
    if isinstance(given, date) and not isinstance(given, datetime):
        return given
    if isinstance(given, str):
        return calendar.parse_date(given)
    raise ValueError(f"{shown(given)} is not a day such as 2026-01-31")


def _parse_moment(given: Json, shape: Shape) -> datetime:
    if isinstance(given, datetime) and given.utcoffset() is not None:
        return given
    if isinstance(given, str):
        return calendar.parse_moment(given)
    raise ValueError(f"{shown(given)} is not a moment with its offset, such as 2026-01-31T09:30:00+01:00")


def _parse_duration(given: Json, shape: Shape) -> int:
    if isinstance(given, str):
        period = calendar.Period.parse(given)
        count = {"months": period.months, "days": period.days, "hours": period.hours}[shape.base_unit]
        if count == 0 and (period.months or period.days or period.hours):
            raise ValueError(f"{shown(given)} cannot be counted in {shape.unit}")
        return int(_bounded(count, shape))
    if isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= MOST_UNITS:
        return int(_bounded(given * DURATION_UNITS[shape.unit][1], shape))
    raise ValueError(f"{shown(given)} is not a whole number of {shape.unit}")


def plain_text(given: str) -> str:
    """
    A text as it is compared: without white space around it, in Unicode's composed form (NFC); case counts.

    >>> plain_text("  e\\u0301 ") == "é"
    True
    """
    return unicodedata.normalize("NFC", given).strip()


def _parse_text(given: Json, shape: Shape) -> str:
    if not isinstance(given, str):
        raise ValueError(f"{shown(given)} is not a text; quote it if a text is meant")
    if len(given) > LONGEST_TEXT:
        raise ValueError(f"a text of {len(given):,} characters is too long: at most {LONGEST_TEXT:,}")
    return plain_text(given)


def _parse_option(given: Json, shape: Shape) -> str:
    if isinstance(given, str) and given in shape.options:
        return given
    raise ValueError(f"{shown(given)} is not one of the options")


def _parse_list(given: Json, shape: Shape) -> tuple[str, ...]:
    if not isinstance(given, list | tuple):
        raise ValueError(f"{shown(given)} is not a list")
    if len(given) > LONGEST_LIST:
        raise ValueError(f"a list of {len(given):,} is too long: at most {LONGEST_LIST:,}")
    return tuple(_parse_option(item, shape) for item in given)


def _label(value: Value, shape: Shape, language: Language) -> str:
    return shape.options[value][language] if value in shape.options else str(value)


def _options(shape: Shape, language: Language) -> str:
    return listing([label[language] for label in shape.options.values()], language, "or")


def _number_schema(kind: str, shape: Shape) -> dict[str, Json]:
    schema: dict[str, Json] = {"type": kind}
    if shape.low is not None:
        schema["minimum"] = _plain_number(shape.low)
    if shape.high is not None:
        schema["maximum"] = _plain_number(shape.high)
    return schema


def _plain_number(number: int | Fraction) -> Json:
    return int(number) if Fraction(number).denominator == 1 else float(number)


DATE_PATTERN = f"^{calendar.DATE_PATTERN}$"
MOMENT_PATTERN = f"^{calendar.MOMENT_PATTERN}$"


def _option_schema(shape: Shape) -> dict[str, Json]:
    return {"type": "string", "enum": list(shape.options),
            "enumDescriptions": [f"{label.nl} / {label.en}" for label in shape.options.values()]}  # fmt: skip


def _how_many(shape: Shape, language: Language) -> str:
    return {"nl": "hoeveel?", "en": "how many?"}[language]


_KINDS = (
    Kind(
        "boolean", Text("Ja of nee: `true` of `false`.", "Yes or no: `true` or `false`."),
        parse=_parse_boolean, write=lambda v, s: v, say=lambda v, s, x: truth_in_words(v, x),
        ask=lambda s, x: {"nl": "ja of nee?", "en": "yes or no?"}[x], schema=lambda s: {"type": "boolean"},
    ),
    Kind(
        "integer", Text("Een geheel getal.", "A whole number."), keys=("at_least", "at_most"),
        parse=_parse_integer, write=lambda v, s: int(v), say=lambda v, s, x: number_in_words(v, x),
        ask=_how_many, schema=lambda s: _number_schema("integer", s),
    ),
    Kind(
        "decimal", Text("Een getal, eventueel met decimalen.", "A number, with decimals if need be."),
        parse=_parse_decimal, write=lambda v, s: decimal_text(Fraction(v)), keys=("at_least", "at_most"),
        say=lambda v, s, x: number_in_words(v, x), ask=_how_many, schema=lambda s: _number_schema("number", s),
    ),
    Kind(
        "percent", Text("Een percentage van 0 tot en met 100.", "A percentage from 0 to 100."),
        parse=_parse_decimal, write=lambda v, s: decimal_text(Fraction(v)), keys=("at_least", "at_most"),
        say=lambda v, s, x: f"{number_in_words(v, x)}%",
        ask=lambda s, x: {"nl": "hoeveel procent?", "en": "how many per cent?"}[x],
        schema=lambda s: _number_schema("number", s),
    ),
    Kind(
        "money", Text("Een bedrag in euro, zoals 445.00.", "An amount in euro, such as 445.00."),
        parse=_parse_money, write=lambda v, s: money.write_money(int(v)), keys=("at_least", "at_most"),
        say=lambda v, s, x: money_in_words(int(v), x),
        ask=lambda s, x: {"nl": "welk bedrag?", "en": "what amount?"}[x],
        schema=lambda s: {"type": "number", "multipleOf": 0.01},
    ),
    Kind(
        "date", Text("Een dag, zoals 2026-01-31; `null` als die er niet is.",
                     "A day, such as 2026-01-31; `null` when there is none."),
        parse=_parse_date, write=lambda v, s: calendar.write_date(v), nullable=True,
        say=lambda v, s, x: moment_in_words(v, x) if isinstance(v, datetime) else day_in_words(v, x),
        ask=lambda s, x: {"nl": "op welke dag?", "en": "on what day?"}[x],
        schema=lambda s: {"type": ["string", "null"], "format": "date", "pattern": DATE_PATTERN},
    ),
    Kind(
        "moment", Text("Een dag met tijd en tijdverschil, zoals 2026-01-31T09:30:00+01:00.",
                       "A day with its time and offset, such as 2026-01-31T09:30:00+01:00."),
        parse=_parse_moment, write=lambda v, s: calendar.write_moment(v), nullable=True,
        say=lambda v, s, x: moment_in_words(v, x) if isinstance(v, datetime) else day_in_words(v, x),
        ask=lambda s, x: {"nl": "op welk moment?", "en": "at what moment?"}[x],
        schema=lambda s: {"type": ["string", "null"], "format": "date-time", "pattern": MOMENT_PATTERN},
    ),
    Kind(
        "duration", Text("Een duur, als geheel aantal van de eenheid.", "A length, as a whole number of its unit."),
        parse=_parse_duration, write=lambda v, s: int(v) // DURATION_UNITS[s.unit][1],
        keys=("unit", "at_least", "at_most"), say=lambda v, s, x: duration_in_words(v, s.base_unit, x),
        ask=lambda s, x: {"nl": "hoeveel ", "en": "how many "}[x]
        + {"years": ("jaar", "years"), "months": ("maanden", "months"), "weeks": ("weken", "weeks"),
           "days": ("dagen", "days"), "hours": ("uur", "hours")}[s.unit][x == "en"] + "?",
        schema=lambda s: {"type": "integer", "minimum": 0},
    ),
    Kind(
        "text", Text("Een vrije tekst; `null` als die er niet is.", "A free text; `null` when there is none."),
        parse=_parse_text, write=lambda v, s: v, say=lambda v, s, x: f"“{v}”", nullable=True,
        ask=lambda s, x: {"nl": "welke?", "en": "which?"}[x],
        schema=lambda s: {"type": ["string", "null"], "maxLength": LONGEST_TEXT},
    ),
    Kind(
        "choice", Text("Een van de opties.", "One of the options."), keys=("options", "ordered"),
        parse=_parse_option, write=lambda v, s: v, say=_label,
        ask=lambda s, x: f"{_options(s, x)}?", schema=_option_schema,
    ),
    Kind(
        "list", Text("Een of meer van de opties, in volgorde, als geheel bekend.",
                     "Any of the options, in order, known as a whole."),
        parse=_parse_list, write=lambda v, s: list(v), keys=("options",),
        say=lambda v, s, x: listing([_label(item, s, x) for item in v], x) or {"nl": "geen", "en": "none"}[x],
        ask=lambda s, x: {"nl": "welke van ", "en": "which of "}[x] + f"{_options(s, x)}?",
        schema=lambda s: {"type": "array", "items": _option_schema(s)},
    ),
    Kind(
        "row", Text("Een rij van een tabel, bij haar naam; `null` als er geen is.",
                    "A row of a table, by its name; `null` when there is none."),
        parse=_parse_option, write=lambda v, s: v, say=_label, keys=("of",), nullable=True,
        ask=lambda s, x: f"{_options(s, x)}?",
        schema=lambda s: {
            **(options := _option_schema(s)), "type": ["string", "null"], "enum": [*s.options, None],
            "enumDescriptions": [*options["enumDescriptions"], "geen / none"],
        },
    ),
)  # fmt: skip

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _KINDS}
# A history is no single value: facts.py reads it row by row.
RECORDS = "records"
RECORDS_DOC = Text("Een geschiedenis: een lijst van rijen, volledig tot en met vandaag.",
                   "A history: a list of rows, complete up to today.")  # fmt: skip


def say(value: Value, shape: Shape) -> Text:
    """
    A value in words.

    >>> say(44500, Shape("money")).nl
    '€ 445,00'
    """
    if value is None:
        return _NONE
    kind = shape.kind
    if kind in _NAMED and value in shape.options:
        return shape.options[value]
    if kind in _COUNTED and not isinstance(value, datetime):
        return _said(kind, shape.unit, value)
    return both(lambda language: KINDS[kind].say(value, shape, language))


_NONE = Text("geen", "none")
# Their words are those of an option; those of the others follow from the value, and the same ones return.
_NAMED = frozenset({"choice", "row"})
_COUNTED = MEASURES | {"boolean", "date"}


@lru_cache(maxsize=2_048)
def _said(kind: str, unit: str, value: Value) -> Text:
    shape = Shape(kind, unit)
    return both(lambda language: KINDS[kind].say(value, shape, language))


def ask(label: Text, shape: Shape) -> Text:
    """
    The question that a missing fact puts to the person.

    >>> ask(Text("Ervaring", "Experience"), Shape("duration", unit="years")).en
    'Experience: how many years?'
    """
    return both(lambda language: f"{label[language]}: {KINDS[shape.kind].ask(shape, language)}")
