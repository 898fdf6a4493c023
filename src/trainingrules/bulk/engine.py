"""What a column engine is: made for one question on one day, it answers a table of people at once."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Protocol

import polars as pl

from trainingrules.bulk import ENGINES
from trainingrules.bulk.inputs import Inputs
from trainingrules.diagnostics import EngineError, did_you_mean, one_of
from trainingrules.policy import Policy
from trainingrules.questions import Question

# Where an engine says of a person that the facts contradict each other: its other cells then mean nothing.
CONTRADICTED = "contradicted"


class ColumnEngine(Protocol):
    """The answers to one question, for as many people as a frame has rows.

    ``inputs`` is what it reads. The frame has a column ``key`` and one for each path, typed as `cells` makes them; the
    answers have the same ``key``, in the same order, and the columns of `answers.schema_of`; and, where the policy has
    contradictions, perhaps ``contradicted``.
    """

    inputs: Inputs

    def answer(self, frame: pl.DataFrame, histories: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        """The answers frame of these people."""
        ...


# Refuses with an EngineError what it cannot answer exactly, naming the construct.
Maker = Callable[[Policy, Question, date | datetime], ColumnEngine]


def engine_named(name: str) -> Maker:
    """
    What makes a column engine of this name for a question.

    >>> engine_named("rows").__name__
    'Rows'

    Raises:
        EngineError: there is no such engine, or what it needs is not installed.
    """
    # What an engine needs is imported only when it is asked for.
    match name:
        case "polars":
            from trainingrules.bulk.columnar import Columnar

            return Columnar
        case "duckdb":
            if importlib.util.find_spec("duckdb") is None or importlib.util.find_spec("sqlglot") is None:
                raise EngineError("the engine `duckdb` needs the extra `sql`: pip install 'trainingrules[sql]'")
            from trainingrules.bulk.embedded import DuckDB

            return DuckDB
        case "rows":
            from trainingrules.bulk.rows import Rows

            return Rows
        case _:
            close = did_you_mean(name, ENGINES) or one_of(ENGINES)
            raise EngineError(f"there is no engine `{name}` for tables; {close}")
