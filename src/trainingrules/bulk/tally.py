"""The answers of a table counted: how many of each, and what is not known of most people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from trainingrules.answers.compliance import STATUSES
from trainingrules.answers.deadlines import STATES
from trainingrules.answers.eligibility import VERDICTS
from trainingrules.bulk.answers import MISSING
from trainingrules.bulk.asking import Asked, name_of
from trainingrules.words import Text

KNOWN, RANGE, INCOMPLETE = "known", "range", "incomplete"
_COSTS = {
    KNOWN: Text("bedrag bekend", "amount known"),
    RANGE: Text("bedrag nog niet te zeggen", "amount cannot be said yet"),
    INCOMPLETE: Text("onvolledig, of niet van kracht", "incomplete, or not in force"),
}
_WORDS: dict[str, Text] = {
    **{one.value: text for one, text in STATES.items()},
    **{one.value: text for one, (_, text) in STATUSES.items()},
    **{one.value: text for one, text in VERDICTS.items()},
    **_COSTS,
}


@dataclass
class Tally:
    """The answers to one question, or to one row or round of it.

    ``counts`` holds how many people have each answer, ``missing`` of how many each fact is still to be asked. Of a
    cost, ``cents`` is the sum of the amounts that are known.
    """

    name: str
    counts: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    cents: int | None = None

    def to_plain(self) -> dict[str, Any]:
        """For JSON; the sum in cents."""
        plain: dict[str, Any] = {"answers": dict(most(self.counts)), MISSING: dict(most(self.missing))}
        return plain if self.cents is None else {**plain, "known_cents": self.cents}


def most(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """
    What was counted, the most first; of as many, by name.

    >>> most({"b": 1, "a": 1, "c": 2, "d": 0})
    [('c', 2), ('a', 1), ('b', 1)]
    """
    return sorted(((name, count) for name, count in counts.items() if count), key=lambda one: (-one[1], one[0]))


def word_of(answer: str) -> Text:
    """
    An answer in words.

    >>> word_of("eligible").en, word_of("not_in_force").en
    ('yes', 'these conditions are not in force then')
    """
    return _WORDS[answer]


def tally(asked: Asked, tallies: dict[str, Tally], answers: pl.DataFrame) -> None:
    """Count the answers of a batch into the tallies by name."""
    name, columns = name_of(asked.question), asked.alone.schema
    if asked.question.sort == "cost":
        one = tallies.setdefault(name, Tally(name, cents=0))
        low, high = (answers[f"{asked.prefix}{end}_cents"] for end in ("at_least", "at_most"))
        complete = answers[f"{asked.prefix}complete"]
        known = complete & (low == high).fill_null(value=False)
        counts = {KNOWN: int(known.sum()), INCOMPLETE: int((~complete).sum())}
        one.counts += Counter({**counts, RANGE: answers.height - sum(counts.values())})
        one.cents = (one.cents or 0) + int(low.filter(known).sum())
        _count_missing(one, answers[f"{asked.prefix}{MISSING}"])
        return
    for column in columns:
        sort, bracket, row = column.partition("[")
        if sort in ("verdict", "state", "status"):
            shown = f"{name}{bracket}{row}"
            one = tallies.setdefault(shown, Tally(shown))
            for answer, count in answers[f"{asked.prefix}{column}"].value_counts().iter_rows():
                one.counts[answer] += count
            _count_missing(one, answers[f"{asked.prefix}{MISSING}{bracket}{row}"])


def _count_missing(one: Tally, missing: pl.Series) -> None:
    for path, count in missing.explode().drop_nulls().value_counts().iter_rows():
        one.missing[path] += count
