"""The row engine: the library asked about one person after another; what it answers, every engine must."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import polars as pl

from trainingrules.bulk.answers import cells_of, entries_asked, schema_of
from trainingrules.bulk.engine import CONTRADICTED
from trainingrules.bulk.inputs import INDEX, KEY, inputs_of, none_of
from trainingrules.diagnostics import FactError
from trainingrules.facts import Facts
from trainingrules.kinds import NUMBERS, Shape, Value
from trainingrules.policy import Policy
from trainingrules.questions import Question

# A row of a history at work: a field that is absent is unknown.
Row = Mapping[str, Value]
# Decimals and percentages are kept in millionths.
MILLION = 1_000_000


class Rows:
    """A column engine that asks the library about one person after another.

    >>> from trainingrules import load
    >>> engine = Rows(load("rvwo"), Question("eligibility", "join_sessions"), date(2026, 1, 1))
    >>> people = pl.DataFrame({"key": [1, 2], "role": ["teacher", None], "organisation": [None, None]})
    >>> engine.answer(people, {})["verdict"].to_list()
    ['unknown', 'unknown']
    """

    def __init__(self, policy: Policy, question: Question, on: date | datetime) -> None:
        self.policy, self.question, self.on = policy, question, on
        self.schema = schema_of(policy, question, on)
        self.inputs = inputs_of(policy, question)
        self.which = entries_asked(policy, question) if question.sort == "deadlines" else []

    def answer(self, frame: pl.DataFrame, histories: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        """The answers frame of these people."""
        return self.answers_of(frame[KEY].to_list(), facts_of(self.policy, frame, histories))

    def answers_of(self, keys: Sequence[int], people: Iterable[Facts]) -> pl.DataFrame:
        """The answers frame of people whose facts are at hand."""
        columns: dict[str, list[Any]] = {name: [] for name in (*self.schema, CONTRADICTED)}
        for facts in people:
            cells = self._cells(facts)
            for name, column in columns.items():
                column.append(cells.get(name))
        schema = {**self.schema, CONTRADICTED: pl.Boolean()}
        return pl.DataFrame({KEY: keys, **columns}, schema={KEY: pl.Int64(), **schema})

    def _cells(self, facts: Facts) -> dict[str, Any]:
        try:
            answer = self.question.ask(self.policy, facts, on=self.on)
        except FactError:
            return {CONTRADICTED: True}
        return {**cells_of(answer, self.schema, self.which), CONTRADICTED: False}


def facts_of(policy: Policy, frame: pl.DataFrame, histories: Mapping[str, pl.DataFrame]) -> Iterator[Facts]:
    """
    The facts of each person in a normal frame, at work.
    """
    cells = [(path, values) for path, shape in _shapes(policy, frame) for values in [at_work(frame, path, shape)]]
    rows = {name: rows_by_owner(policy, name, history) for name, history in histories.items() if name in frame.columns}
    known = {name: frame[name].to_list() for name in rows}
    for place, key in enumerate(frame[KEY].to_list()):
        one: dict[str, Value] = {}
        per: dict[str, dict[str | int, Value]] = {}
        for (name, row), values in cells:
            if values[place] is UNKNOWN:
                continue
            if row is None:
                one[name] = values[place]
            else:
                per.setdefault(name, {})[row] = values[place]
        yield Facts(one, per, {name: tuple(rows[name].get(key, ())) for name in rows if known[name][place]})


class _Unknown:
    """What is not known; null is known not to exist."""


UNKNOWN = _Unknown()


def _shapes(policy: Policy, frame: pl.DataFrame) -> Iterator[tuple[tuple[str, str | int | None], Shape]]:
    """The columns of a normal frame that hold facts: the name, the row or round if any, and the shape."""
    for column in frame.columns:
        name, _, rest = column.partition("[")
        if name not in policy.facts or column.endswith(".none"):
            continue
        fact = policy.facts[name]
        row = rest.removesuffix("]")
        yield (name, int(row) if fact.per in policy.cycles else row or None), fact.shape


def path_of(name: str, row: str | int | None) -> str:
    """
    The name of the column of a fact.

    >>> path_of("age", None), path_of("held", 3)
    ('age', 'held[3]')
    """
    return name if row is None else f"{name}[{row}]"


def at_work(frame: pl.DataFrame, place: tuple[str, str | int | None], shape: Shape) -> list[Value]:
    """The values of a column as the library works with them; `UNKNOWN` where one is not known."""
    path = path_of(*place)
    values = frame[path].to_list()
    if shape.kind in NUMBERS - {"integer"}:
        values = [UNKNOWN if one is None else Fraction(one, MILLION) for one in values]
    elif shape.kind == "list":
        values = [UNKNOWN if one is None else tuple(one) for one in values]
    elif shape.kind == "moment":
        values = [UNKNOWN if one is None else one.astimezone(UTC) for one in values]
    else:
        values = [UNKNOWN if one is None else one for one in values]
    if none_of(path) in frame.columns:
        values = [None if none else one for one, none in zip(values, frame[none_of(path)].to_list(), strict=True)]
    return values


def rows_by_owner(policy: Policy, name: str, history: pl.DataFrame) -> dict[Any, list[Row]]:
    """The rows of a history at work, by the key of their owner, in their order."""
    history = history.sort(KEY, INDEX)
    fields = {
        field: at_work(history, (field, None), one.shape)
        for field, one in policy.records[name].fields.items() if field in history.columns
    }  # fmt: skip
    found: dict[Any, list[Row]] = {}
    for place, key in enumerate(history[KEY].to_list()):
        row = {field: values[place] for field, values in fields.items() if values[place] is not UNKNOWN}
        found.setdefault(key, []).append(row)
    return found
