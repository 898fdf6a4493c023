"""Phrases: words in two languages of which some lead to another place of the policy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Literal

from trainingrules.words import LANGUAGES, Language, Text

# How a part of a phrase is meant: plain words, the name of something of the policy, or an option that is chosen.
Sort = Literal["", "name", "option"]


@dataclass(frozen=True, slots=True)
class Span:
    """Some words; ``to`` is the place they lead to, such as `facts.role`."""

    text: str
    to: str = ""
    sort: Sort = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """The same phrase in Dutch and in English, each as spans."""

    nl: tuple[Span, ...]
    en: tuple[Span, ...]

    def __getitem__(self, language: Language) -> tuple[Span, ...]:
        return self.nl if language == "nl" else self.en

    def text(self, language: Language) -> str:
        """
        The words alone.

        >>> option(Text("Ja", "Yes")).text("en")
        'Yes'
        """
        return "".join(span.text for span in self[language])

    @property
    def words(self) -> Text:
        """
        The words alone, in both languages.

        >>> option(Text("Ja", "Yes")).words
        Text(nl='Ja', en='Yes')
        """
        return Text(self.text("nl"), self.text("en"))


def said(text: Text) -> Phrase:
    """Plain words."""
    return Phrase((Span(text.nl),), (Span(text.en),))


def name(text: Text, to: str) -> Phrase:
    """A name at the beginning of a phrase, leading to where it is declared."""
    return Phrase((Span(text.nl, to, "name"),), (Span(text.en, to, "name"),))


def option(text: Text) -> Phrase:
    """An option, as the author calls it."""
    return Phrase((Span(text.nl, sort="option"),), (Span(text.en, sort="option"),))


def filled(template: Text, **parts: Phrase | Text | str) -> Phrase:
    """
    A template with its parts put in, whose own links stay.

    >>> filled(Text("{a} vóór {b}", "{a} before {b}"), a="X", b=name(Text("Y", "Z"), "facts.y")).en
    (Span(text='X', to='', sort=''), Span(text=' before ', to='', sort=''), Span(text='Z', to='facts.y', sort='name'))
    """
    return _each({language: _filled(template[language], parts, language) for language in LANGUAGES})


def _each(spans: Mapping[Language, Iterable[Span]]) -> Phrase:
    return Phrase(tuple(spans["nl"]), tuple(spans["en"]))


def _filled(template: str, parts: Mapping[str, Phrase | Text | str], language: Language) -> Iterable[Span]:
    for words, part, _, _ in Formatter().parse(template):
        if words:
            yield Span(words)
        if part is not None:
            put = parts[part]
            yield from (
                (Span(put),)
                if isinstance(put, str)
                else said(put)[language]
                if isinstance(put, Text)
                else put[language]
            )


def listed(items: Iterable[Phrase], joint: Literal["and", "or"] = "and") -> Phrase:
    """
    Phrases in a row.

    >>> listed([option(Text("A", "A")), option(Text("B", "B")), option(Text("C", "C"))], "or").text("nl")
    'A, B of C'
    """
    shown = list(items)
    word = {"and": Text(" en ", " and "), "or": Text(" of ", " or ")}[joint]

    def spans(language: Language) -> Iterable[Span]:
        for index, item in enumerate(shown):
            if index:
                yield Span(word[language] if index == len(shown) - 1 else ", ")
            yield from item[language]

    return _each({language: spans(language) for language in LANGUAGES})
