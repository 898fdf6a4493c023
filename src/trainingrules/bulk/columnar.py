"""The columnar engine: the answers to one question for a whole table at once, worked out by polars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache

import polars as pl

from trainingrules.bulk.answers import FINDING, MISSING, NOT_IN_FORCE, schema_of
from trainingrules.bulk.columns import Columns, column_of, columns
from trainingrules.bulk.engine import CONTRADICTED
from trainingrules.bulk.inputs import KEY, inputs_of
from trainingrules.bulk.rows import Rows
from trainingrules.plan.asking import plan_of
from trainingrules.policy import Policy
from trainingrules.questions import Question

# Whose facts do not fit the columns: what is answered of them means nothing, they are asked one by one.
APART = "apart"
_PATTERN = "pattern."
_PLACE = "\0place"
_PACKED = 39  # three-valued truths in a whole number of 64 bits


class Columnar:
    """A column engine that works out every rule as an expression over columns.

    What is still missing is asked of the row engine, once for everybody of whom the same is known.

    >>> from trainingrules import load
    >>> engine = Columnar(load("rvwo"), Question("eligibility", "join_sessions"), date(2026, 1, 1))
    >>> people = pl.DataFrame({"key": [1, 2], "role": ["teacher", None]}, schema_overrides={"role": pl.String})
    >>> engine.answer(people, {})["verdict"].to_list()
    ['unknown', 'unknown']

    Raises:
        EngineError: the question has parts that columns cannot answer exactly; the error names them.
    """

    def __init__(self, policy: Policy, question: Question, on: date | datetime) -> None:
        self.rows = Rows(policy, question, on)
        self.schema = schema_of(policy, question, on)
        self.inputs = inputs_of(policy, question)
        self.plan = plan_of(policy, question.sort, str(question.name), on)
        self.on = on
        self.written = lru_cache(maxsize=8)(self._written)
        self.written(frozenset(column_of(read) for read in self.plan.inputs))  # what is too large is told at once

    def _written(self, given: frozenset[str]) -> Columns:
        return columns(self.plan, self.on, lambda read: column_of(read) in given)

    def answer_lazy(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """
        The answers without what is missing, as expressions only: nothing is read before it is asked for, and then as
        a stream.

        Whom ``apart`` or ``contradicted`` is true of has no answer here; `answer` has those too, and what is missing.
        """
        written = self.written(frozenset(frame.collect_schema().names()))
        return written.select(frame, self._asked(written), [KEY])

    def _asked(self, written: Columns) -> dict[str, pl.Expr]:
        found = {name: written.outputs[name] for name in self.schema if name != MISSING}
        if "verdict" in found:
            out = found["verdict"] == NOT_IN_FORCE
            hidden = {name: pl.when(~out).then(one) for name, one in found.items() if name.startswith(FINDING)}
            found |= hidden if self.rows.policy.in_force.refuse else {}
        return found | {CONTRADICTED: written.outputs[CONTRADICTED], APART: written.apart}

    def answer(self, frame: pl.DataFrame, histories: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        """The answers frame of these people."""
        given = frozenset(name for name in frame.columns if frame[name].null_count() < frame.height)
        written = self.written(given)
        found = written.select(frame.lazy(), self._asked(written), [KEY]).collect()
        apart = found[APART]
        here = [*found.columns[:-1], MISSING]
        found = found.with_row_index(_PLACE)
        fitting = self._with_missing(frame, found, written, histories).select(_PLACE, *here)
        if apart.any():
            one_by_one = self.rows.answer(frame.filter(apart), histories).select(here)
            places = found.filter(apart).select(_PLACE)
            fitting = pl.concat([fitting.filter(~apart), places.hstack(one_by_one)]).sort(_PLACE)
        return fitting.select(KEY, *self.schema, CONTRADICTED)

    def _with_missing(
        self, frame: pl.DataFrame, found: pl.DataFrame, written: Columns, histories: Mapping[str, pl.DataFrame]
    ) -> pl.DataFrame:
        """The answers with what is missing: of one person with each pattern it is asked, and it holds for all."""
        asking = found.select(self._unsettled() & ~pl.col(CONTRADICTED) & ~pl.col(APART)).to_series()
        nothing = pl.lit([], dtype=pl.List(pl.String)).alias(MISSING)
        if not asking.any():
            return found.with_columns(nothing)
        names = [name for name in written.outputs if name.startswith(_PATTERN)]
        people = frame.filter(asking)
        packed = _packed({name: written.outputs[name] for name in names}, self._kinds(names))
        patterns = written.select(people.lazy(), packed, [KEY]).collect().drop(KEY).with_row_index(_PLACE)
        by = list(packed)
        one_of_each = patterns.group_by(by).agg(pl.col(_PLACE).min()) if by else patterns.head(1)
        asked = self.rows.answer(people[one_of_each[_PLACE].to_list()], histories).select(MISSING)
        told = one_of_each.drop(_PLACE).hstack(asked)
        everybody = patterns.join(told, on=by, nulls_equal=True, how="left", maintain_order="left")
        places = found.filter(asking).select(_PLACE).hstack(everybody.select(MISSING))
        joined = found.join(places, on=_PLACE, how="left", maintain_order="left")
        return joined.with_columns(pl.col(MISSING).fill_null(pl.lit([], dtype=pl.List(pl.String))))

    def _unsettled(self) -> pl.Expr:
        return pl.col("verdict") == "unknown"

    def _kinds(self, names: Sequence[str]) -> dict[str, str]:
        return {name: self.plan.steps[self.plan.outputs[name]].kind for name in names}


def _packed(patterns: Mapping[str, pl.Expr], kinds: Mapping[str, str]) -> dict[str, pl.Expr]:
    """The same in fewer columns: three-valued truths together in whole numbers."""
    truths = [one for name, one in patterns.items() if kinds[name] == "boolean"]
    found = {name: one for name, one in patterns.items() if kinds[name] != "boolean"}
    for start in range(0, len(truths), _PACKED):
        total = pl.lit(0, pl.Int64)
        for place, truth in enumerate(truths[start : start + _PACKED]):
            total = total + truth.cast(pl.Int64).fill_null(2) * 3**place
        found[f"{_PATTERN}truths.{start}"] = total
    return found
