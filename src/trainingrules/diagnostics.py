"""Faults as values: what is wrong, where it stands, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from trainingrules.frozen import frozen, ordered

# The most faults a person is shown at once; the rest are counted.
MOST_SHOWN = 100


@ordered
class Span:
    """A stretch of a text: lines and columns count from 1, ``end`` is past the last character.

    >>> str(Span("policy.yaml", 3, 7, 3, 12))
    'policy.yaml:3:7'
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@frozen
class Edit:
    """Text to put in the place of a span: a part of the mending of a fault.

    >>> Edit(Span("p.yaml", 2, 8, 2, 12), "age").text
    'age'
    """

    span: Span
    text: str


@frozen
class Diagnostic:
    """One fault or warning.

    ``message`` says what is wrong, in lower case and without a full stop; ``help`` says what to do.
    ``line_text`` is the line it stands on, when there is a text. ``edits`` together mend the fault, where only
    one thing can have been meant; `fixes` applies them.
    """

    code: str
    message: str
    span: Span | None = None
    help: str = ""
    severity: str = "error"
    line_text: str = field(default="", compare=False)
    edits: tuple[Edit, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        return render(self)


def render(diagnostic: Diagnostic) -> str:
    """
    The fault as a person reads it: place, message, the line with a caret, the remedy.

    >>> span = Span("p.yaml", 2, 8, 2, 12)
    >>> print(render(Diagnostic("unknown-fact", "fact `agee` is not declared", span, "did you mean `age`?",
    ...                         line_text="must: {agee: 18}")))
    p.yaml:2:8: error: fact `agee` is not declared [unknown-fact]
        2 | must: {agee: 18}
          |        ^^^^
      help: did you mean `age`?
    """
    place = f"{diagnostic.span}: " if diagnostic.span else ""
    lines = [f"{place}{diagnostic.severity}: {diagnostic.message} [{diagnostic.code}]"]
    if diagnostic.span and diagnostic.line_text.strip():
        lines += _excerpt(diagnostic.span, diagnostic.line_text)
    if diagnostic.help:
        lines.append(f"  help: {diagnostic.help}")
    return "\n".join(lines)


def _excerpt(span: Span, text: str, widest: int = 110) -> list[str]:
    start, width = span.column - 1, 1
    if span.end_line == span.line:
        width = max(1, span.end_column - span.column)
    else:
        width = max(1, len(text.rstrip()) - start)
    cut = max(0, start - widest // 2) if len(text) > widest else 0
    shown = text[cut : cut + widest].rstrip()
    width = max(1, min(width, len(shown) - (start - cut)))
    gutter = f"{span.line:>5} | "
    return [f"{gutter}{shown}", f"{'| ':>8}{' ' * (start - cut)}{'^' * width}"]


_AS_WRITTEN: Mapping[object, str] = {None: "null", True: "true", False: "false"}


def shown(given: object, most: int = 60) -> str:
    """
    What was given, whatever it is, as a message names it: short, on one line, in the words of the language.

    >>> shown("agee"), shown(True), shown(None), shown([1, 2])
    ('`agee`', '`true`', '`null`', 'a list')
    """
    match given:
        case None | True | False:
            return f"`{_AS_WRITTEN[given]}`"
        case Mapping():
            return "a mapping"
        case list() | tuple() | set() | frozenset():
            return "a list"
        case int() if abs(given) >= 10**most:
            return "a number of many digits"
        case str() | int() | float() | Decimal() | Fraction() | date():
            # A character that cannot be seen, or not be printed, must not get into a message.
            text = "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in str(given)[: most * 4])
            line = " ".join(text.split())
            return f"`{line[:most]}…`" if len(line) > most else f"`{line}`"
    return f"a `{type(given).__name__}`"


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """
    A hint for a misspelt name, or nothing when no known name is close.

    >>> did_you_mean("experence", ["experience", "age"])
    'did you mean `experience`?'
    >>> did_you_mean("xyz", ["experience"])
    ''
    """
    names = sorted(set(known))
    if only := meant(name, names):
        return f"did you mean `{only}`?"
    # Only here: most runs have nothing to ask back about.
    import difflib

    folded = {_folded(other): other for other in reversed(names)}
    close = difflib.get_close_matches(_folded(name), folded, n=1, cutoff=0.6)
    return f"did you mean `{folded[close[0]]}`?" if close else ""


def meant(name: object, known: Iterable[str]) -> str | None:
    """
    The one known name that a misspelt name must be; None where none is near enough, or more than one.

    Near is: one letter wrong, lacking, too many or swapped with the next; two in a long name. Other digits are
    never a misspelling, nor is another short word or a prefix, which may turn a name into its opposite; and other
    capitals, hyphens and spaces always are.

    >>> meant("experence", ["experience", "age"]), meant("At-Least", ["at_least", "at_most"])
    ('experience', 'at_least')
    >>> meant("year_3", ["year_1", "year_2"]), meant("cat", ["car", "cap"])
    (None, None)
    >>> meant("unregistered", ["registered"]), meant("registered_by", ["registered_on"])
    (None, None)
    """
    sought = _folded(name)
    names = {other: _folded(other) for other in set(known)}
    same = [other for other, folded in names.items() if folded.replace("_", "") == sought.replace("_", "")]
    if len(same) == 1:
        return same[0]
    most = 0 if len(sought) < 4 else 1 if len(sought) < 9 else 2
    near = [
        other for other, folded in names.items()
        if abs(len(folded) - len(sought)) <= most and re.findall("[0-9]+", folded) == re.findall("[0-9]+", sought)
        and _slips(sought, folded, most) <= most and not _other_words(sought, folded)
    ]  # fmt: skip
    return near[0] if most and len(near) == 1 else None


def _other_words(one: str, other: str) -> bool:
    """Whether two names differ in a word too short to misspell, or in a prefix."""
    pairs = list(zip(one.split("_"), other.split("_"), strict=False))
    short = one.count("_") == other.count("_") and any(
        len(a) == len(b) < 3 and sorted(a) != sorted(b) for a, b in pairs
    )
    return short or any(abs(len(a) - len(b)) > 1 and (a.endswith(b) or b.endswith(a)) for a, b in pairs)


def _folded(name: object) -> str:
    return shown(name, 200).strip("`").casefold().replace("-", "_").replace(" ", "_")


def _slips(one: str, other: str, most: int) -> int:
    """How many letters are wrong, lacking, too many or swapped (the restricted Damerau-Levenshtein distance)."""
    rows: list[list[int]] = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, match in enumerate(other, 1):
            least = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != match))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == match:
                least = min(least, rows[-2][j - 2] + 1)
            row.append(least)
        rows.append(row)
        if min(row) > most:
            return most + 1
    return rows[-1][-1]


def one_of(names: Iterable[str]) -> str:
    """
    The names that are allowed, for a remedy.

    >>> one_of(["b", "a"])
    'one of: `b`, `a`'
    """
    shown = list(dict.fromkeys(names))
    tail = f" and {len(shown) - 12} more" if len(shown) > 12 else ""
    return "one of: " + ", ".join(f"`{name}`" for name in shown[:12]) + tail


class TrainingRulesError(Exception):
    """Everything this library raises on purpose."""


class _Faulty(TrainingRulesError):
    """An error that holds every fault found, not just the first."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = tuple(diagnostics)
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        return report(self.diagnostics)


class PolicyError(_Faulty):
    """A policy cannot be used; ``diagnostics`` holds all of its faults."""


class FactError(_Faulty):
    """The facts cannot be used; ``diagnostics`` holds all of their faults."""


class QuestionError(TrainingRulesError):
    """A question that this policy cannot be asked: an unknown decision, a wrong kind of `on`."""


class EngineError(TrainingRulesError):
    """An engine is missing, cannot take this policy, or disagreed with the reference engine."""


def report(diagnostics: Sequence[Diagnostic], most: int = MOST_SHOWN) -> str:
    """All faults for a terminal, at most ``most`` of them, in the order of the text."""
    ordered = in_order(diagnostics)
    lines = [render(diagnostic) for diagnostic in ordered[:most]]
    if len(ordered) > most:
        lines.append(f"... and {len(ordered) - most} more")
    return "\n".join(lines)


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Faults in the order of the text, each once, the same on every machine."""
    return sorted(dict.fromkeys(diagnostics), key=_place)


def _place(diagnostic: Diagnostic) -> tuple[str, int, int, str, str]:
    span = diagnostic.span
    place = (span.file, span.line, span.column) if span else ("", 0, 0)
    return (*place, diagnostic.code, diagnostic.message)
