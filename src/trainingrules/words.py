"""Words in two languages: texts, lists, and values as a person writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from fractions import Fraction
from typing import Literal

from trainingrules.frozen import frozen

Language = Literal["nl", "en"]
LANGUAGES: tuple[Language, ...] = ("nl", "en")

_MONTHS = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december".split(),
    "en": "January February March April May June July August September October November December".split(),
}


@frozen
class Text:
    """The same words in Dutch and in English.

    >>> Text("Ervaring", "Experience")["en"]
    'Experience'
    """

    nl: str
    en: str

    def __getitem__(self, language: Language) -> str:
        return self.nl if language == "nl" else self.en

    def fill(self, **parts: Text | str) -> Text:
        """
        The template with its parts put in.

        >>> Text("{a} is er", "{a} is there").fill(a=Text("Zij", "She")).en
        'She is there'
        """
        # Written out: every sentence is made of some of these.
        nl: dict[str, str] = {}
        en: dict[str, str] = {}
        for name, part in parts.items():
            if isinstance(part, str):
                nl[name] = en[name] = part
            else:
                nl[name], en[name] = part.nl, part.en
        return Text(self.nl.format_map(nl), self.en.format_map(en))


def both(write: Callable[[Language], str]) -> Text:
    """A text made by the same function in each language."""
    return Text(write("nl"), write("en"))


def listing(items: Iterable[str], language: Language, joint: Literal["and", "or"] = "and") -> str:
    """
    Items in a sentence.

    >>> listing(["A", "B", "C"], "nl"), listing(["A", "B"], "en", "or")
    ('A, B en C', 'A or B')
    """
    word = {"and": {"nl": "en", "en": "and"}, "or": {"nl": "of", "en": "or"}}[joint][language]
    shown = list(items)
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} {word} {shown[-1]}"


def listing_of(items: Iterable[Text], joint: Literal["and", "or"] = "and") -> Text:
    """A list of texts as one text."""
    shown = list(items)
    if len(shown) == 1:
        return shown[0]
    return both(lambda language: listing([item[language] for item in shown], language, joint))


def lower(text: Text) -> Text:
    """
    A name within a sentence; an abbreviation keeps its capitals.

    >>> lower(Text("Licentiejaar", "VAT")), lower(Text("U bent lid", "A member"))
    (Text(nl='licentiejaar', en='VAT'), Text(nl='u bent lid', en='a member'))
    """
    return both(lambda language: _lowered(text[language], language))


# Words of one letter, which are no abbreviation.
_ONE_LETTER = {"nl": "U ", "en": "A "}


def _lowered(text: str, language: Language) -> str:
    word = text[1:2].islower() or text.startswith(_ONE_LETTER[language])
    return text[:1].lower() + text[1:] if word else text


def day_in_words(day: date, language: Language) -> str:
    """
    A day as it is written out.

    >>> day_in_words(date(2026, 3, 1), "nl"), day_in_words(date(2026, 3, 1), "en")
    ('1 maart 2026', '1 March 2026')
    """
    return f"{day.day} {_MONTHS[language][day.month - 1]} {day.year}"


def moment_in_words(moment: datetime, language: Language) -> str:
    """
    A moment with its hour and offset.

    >>> from datetime import timezone
    >>> moment_in_words(datetime(2026, 3, 1, 9, 5, tzinfo=timezone.utc), "nl")
    '1 maart 2026 om 09:05 (UTC+00:00)'
    """
    offset = moment.strftime("%z")
    at = "om" if language == "nl" else "at"
    clock = moment.strftime("%H:%M:%S" if moment.second else "%H:%M")
    return f"{day_in_words(moment.date(), language)} {at} {clock} (UTC{offset[:3]}:{offset[3:5]})"


def decimal_text(number: Fraction) -> str:
    """
    An exact number as plain decimal text, shortest form; a fraction that never ends stays a fraction.

    >>> decimal_text(Fraction(35, 2)), decimal_text(Fraction(-3)), decimal_text(Fraction(1, 3))
    ('17.5', '-3', '1/3')
    """
    digits, denominator = 0, number.denominator
    while denominator != 1 and digits < 40:
        digits += 1
        denominator = (number * 10**digits).denominator
    if denominator != 1:
        return f"{number.numerator}/{number.denominator}"
    whole = abs(number.numerator * 10**digits // number.denominator)
    sign = "-" if number < 0 else ""
    text = str(whole).rjust(digits + 1, "0")
    return sign + (f"{text[:-digits]}.{text[-digits:]}" if digits else text)


def number_in_words(number: Fraction | int, language: Language) -> str:
    """
    A number with the decimal sign of the language.

    >>> number_in_words(Fraction(35, 2), "nl")
    '17,5'
    """
    if isinstance(number, int):
        return f"{number:d}"
    text = decimal_text(number)
    return text.replace(".", ",") if language == "nl" else text


# A point where English has a comma, and the other way round.
_SIGNS = str.maketrans(",.", ".,")


def money_in_words(cents: int, language: Language) -> str:
    """
    An amount in euro, given in whole cents.

    >>> money_in_words(123450, "nl"), money_in_words(-500, "en")
    ('€ 1.234,50', '-€5.00')
    """
    sign = "-" if cents < 0 else ""
    text = f"{abs(cents) // 100:,}.{abs(cents) % 100:02d}"
    if language == "nl":
        return f"{sign}€ {text.translate(_SIGNS)}"
    return f"{sign}€{text}"


_UNITS = {
    "years": {"nl": ("jaar", "jaar"), "en": ("year", "years")},
    "months": {"nl": ("maand", "maanden"), "en": ("month", "months")},
    "days": {"nl": ("dag", "dagen"), "en": ("day", "days")},
    "hours": {"nl": ("uur", "uur"), "en": ("hour", "hours")},
}


def duration_in_words(count: Fraction | int, unit: str, language: Language) -> str:
    """
    A length of time; ``count`` is in months, days or hours, and whole years are called years.

    >>> duration_in_words(36, "months", "nl"), duration_in_words(18, "months", "en")
    ('3 jaar', '18 months')
    """
    if unit == "months" and count and count % 12 == 0:
        count, unit = count // 12, "years"
    one, many = _UNITS[unit][language]
    return f"{number_in_words(count, language)} {one if abs(count) == 1 else many}"


def truth_in_words(value: bool, language: Language) -> str:
    """
    A boolean fact as it is answered.

    >>> truth_in_words(True, "nl")
    'ja'
    """
    return {"nl": ("nee", "ja"), "en": ("no", "yes")}[language][value]
