"""The engine that runs a question as SQL in this process, by duckdb."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import duckdb
import polars as pl

from trainingrules.bulk.answering import ASIDE
from trainingrules.bulk.columnar import Columnar
from trainingrules.bulk.dialects import dialect_named
from trainingrules.bulk.engine import CONTRADICTED
from trainingrules.bulk.inputs import KEY
from trainingrules.bulk.sql import APART, column_of, statement
from trainingrules.diagnostics import EngineError
from trainingrules.plan.steps import Kind, kind_of
from trainingrules.policy import Policy
from trainingrules.questions import Question

_TYPES: Mapping[Kind, pl.DataType] = {
    "boolean": pl.Boolean(), "integer": pl.Int64(), "date": pl.Date(), "moment": pl.Datetime("us", "UTC"),
    "text": pl.String(), "list": pl.List(pl.String()),
}  # fmt: skip


class DuckDB:
    """A column engine that works out every rule in one SELECT.

    What is still missing, and who does not fit the columns, is found as by the columnar engine.

    >>> from trainingrules import load
    >>> engine = DuckDB(load("rvwo"), Question("eligibility", "join_sessions"), date(2026, 1, 1))
    >>> people = pl.DataFrame({"key": [1, 2], "role": ["teacher", None]}, schema_overrides={"role": pl.String})
    >>> engine.answer(people, {})["verdict"].to_list()
    ['unknown', 'unknown']

    Raises:
        EngineError: the question has parts that cannot be said in SQL exactly; the error names them.
    """

    def __init__(self, policy: Policy, question: Question, on: date | datetime) -> None:
        self.columnar = Columnar(policy, question, on)
        self.inputs = self.columnar.inputs
        asked = [*self.columnar.told, CONTRADICTED]
        asked += [ASIDE] if ASIDE in self.columnar.plan.outputs else []
        self.statement = statement(self.columnar.plan.only(asked), on, dialect_named("duckdb"), table="facts", key=KEY)
        self.text = self.statement.text

    def answer(self, frame: pl.DataFrame, histories: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        """The answers frame of these people."""
        with duckdb.connect(":memory:") as connection:
            # The statement is ours, and reads what it is given and nothing else.
            connection.execute("SET enable_external_access = false; SET TimeZone = 'UTC'")
            connection.register("facts", _Stream(self._read(frame)))
            try:
                found = pl.DataFrame(connection.sql(self.text))
            except duckdb.Error as reason:
                raise EngineError(f"duckdb cannot answer this: {str(reason).splitlines()[0]}") from None
        told = [self.columnar.shown(name, pl.col(name)).alias(name) for name in self.columnar.told]
        return self.columnar.completed(frame, found.select(KEY, *told, CONTRADICTED, APART), histories)

    def _read(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The columns that the statement reads; of what is not there, nothing is known."""
        columns = [frame[KEY]]
        for read in self.statement.inputs:
            name, kind = column_of(read), _TYPES["boolean" if read.none else kind_of(read.shape)]
            if name in frame.columns:
                columns.append(frame[name].cast(kind))
            else:
                columns.append(pl.repeat(None, frame.height, dtype=kind, eager=True).alias(name))
        return pl.DataFrame(columns)


class _Stream:
    """A frame as duckdb reads it without pyarrow."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.frame.__arrow_c_stream__(requested_schema)
