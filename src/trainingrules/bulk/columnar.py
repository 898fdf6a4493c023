"""The columnar engine: the answers to one question for a whole table at once, worked out by polars."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType

import polars as pl

from trainingrules.bulk.answering import ASIDE, PATTERN, answering
from trainingrules.bulk.answers import MISSING, schema_of
from trainingrules.bulk.columns import MOMENT, Columns, column_of, columns, is_number
from trainingrules.bulk.engine import CONTRADICTED
from trainingrules.bulk.inputs import KEY, inputs_of
from trainingrules.bulk.needs import Needs, packed
from trainingrules.bulk.rows import Rows
from trainingrules.kinds import KINDS
from trainingrules.plan.lowering import Untranslatable
from trainingrules.plan.steps import Input, Plan
from trainingrules.policy import Policy
from trainingrules.questions import Question

_NONE: Mapping[str, pl.LazyFrame] = MappingProxyType({})
# Whose facts do not fit the columns: what is answered of them means nothing, they are asked one by one.
APART = "apart"
_PLACE = "\0place"
_WHOLE = "%Y-%m-%dT%H:%M:%S+00:00"
_IN_PARTS = "%Y-%m-%dT%H:%M:%S%.6f+00:00"


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
        self.plan = answering(policy, question, on)
        self.missing = [name for name in self.schema if name.startswith(MISSING)]
        self.told = [name for name in self.schema if name not in self.missing]
        untold = [name for name in self.told if name not in self.plan.outputs]
        if untold:
            whole = f"`{question.name}` as a whole, answered for each row"
            raise Untranslatable(f"{question.sort} {whole}, cannot be worked out in columns")
        self.on = on
        self.written = lru_cache(maxsize=8)(self._written)
        decision = str(question.name)
        by_part = question.sort == "eligibility" and Needs.can(policy, decision, self.plan)
        self.needs = Needs(policy, decision, on) if by_part else None
        # What is too large is told at once.
        self.written(frozenset(column_of(read) for read in _inputs_of(self.plan)))

    def _written(self, given: frozenset[str]) -> Columns:
        rounds: dict[str, list[int]] = {}
        for name, _, number in (name.removesuffix("]").partition("[") for name in sorted(given)):
            if number.isdecimal():
                rounds.setdefault(name, []).append(int(number))
        return columns(self.plan, self.on, lambda read: is_number(read) or column_of(read) in given, rounds)

    def answer_lazy(self, frame: pl.LazyFrame, histories: Mapping[str, pl.LazyFrame] = _NONE) -> pl.LazyFrame:
        """
        The answers without what is missing, as expressions only: nothing is read before it is asked for, and then as
        a stream.

        Whom ``apart`` or ``contradicted`` is true of has no answer here; `answer` has those too, and what is missing.
        """
        names = frame.collect_schema().names()
        rows = {name: one for name, one in histories.items() if name in names}
        fields = {f"{name}[].{field}" for name, one in rows.items() for field in one.collect_schema().names()}
        written = self.written(frozenset(names) | fields)
        return written.select(frame, self._asked(written), [KEY], rows)

    def _asked(self, written: Columns) -> dict[str, pl.Expr]:
        found = {name: self.shown(name, written.outputs[name]) for name in self.told}
        apart = written.apart
        if ASIDE in written.outputs:
            apart = apart | written.outputs[ASIDE].fill_null(False)
        return found | {CONTRADICTED: written.outputs[CONTRADICTED], APART: apart}

    def shown(self, name: str, value: pl.Expr) -> pl.Expr:
        """A day as text, in a column where others have a moment; what is never known may be of any kind."""
        if self.schema[name] != pl.String():
            return value.cast(self.schema[name])
        match self.plan.steps[self.plan.outputs[name]].kind:
            case "date":
                return value.cast(pl.Date).dt.strftime("%Y-%m-%d")
            case "moment":
                when = value.cast(MOMENT)
                whole = pl.when(when.dt.microsecond() == 0).then(when.dt.strftime(_WHOLE))
                return whole.otherwise(when.dt.strftime(_IN_PARTS))
            case _:
                return value.cast(pl.String)

    def answer(self, frame: pl.DataFrame, histories: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        """The answers frame of these people."""
        written, rows = self._written_for(frame, histories)
        found = written.select(frame.lazy(), self._asked(written), [KEY], rows).collect()
        return self.completed(frame, found, histories)

    def completed(
        self, frame: pl.DataFrame, found: pl.DataFrame, histories: Mapping[str, pl.DataFrame]
    ) -> pl.DataFrame:
        """The answers frame of what was worked out in columns: with who is answered apart, and what is missing."""
        written, rows = self._written_for(frame, histories)
        apart = found[APART]
        here = [*found.columns[:-1], *self.missing]
        found = found.with_row_index(_PLACE)
        fitting = self._with_missing(frame, found, written, histories, rows).select(_PLACE, *here)
        if apart.any():
            one_by_one = self._one_by_one(frame.filter(apart), histories).select(here)
            places = found.filter(apart).select(_PLACE)
            fitting = pl.concat([fitting.filter(~apart), places.hstack(one_by_one)]).sort(_PLACE)
        return fitting.select(KEY, *self.schema, CONTRADICTED)

    def _one_by_one(self, frame: pl.DataFrame, histories: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        theirs = {name: rows.join(frame, on=KEY, how="semi") for name, rows in histories.items()}
        return self.rows.answer(frame, theirs)

    def _written_for(
        self, frame: pl.DataFrame, histories: Mapping[str, pl.DataFrame]
    ) -> tuple[Columns, dict[str, pl.LazyFrame]]:
        """The program for what is given, and the histories that are."""
        given = {name for name in frame.columns if frame[name].null_count() < frame.height}
        rows = {name: one.lazy() for name, one in histories.items() if name in given}
        given |= {f"{name}[].{field}" for name in rows for field in histories[name].columns}
        return self.written(frozenset(given)), rows

    def _with_missing(
        self,
        frame: pl.DataFrame,
        found: pl.DataFrame,
        written: Columns,
        histories: Mapping[str, pl.DataFrame],
        rows: Mapping[str, pl.LazyFrame],
    ) -> pl.DataFrame:
        """The answers with what is missing: of one person with each pattern it is asked, and it holds for all."""
        asking = found.select(self._unsettled(frame) & ~pl.col(CONTRADICTED) & ~pl.col(APART)).to_series()
        nothing = pl.lit([], dtype=pl.List(pl.String))
        if not asking.any():
            return found.with_columns(nothing.alias(name) for name in self.missing)
        people = frame.filter(asking)
        if self.needs is not None:
            lists = self.needs.missing(people, written).alias(MISSING)
            places = found.filter(asking).select(_PLACE).with_columns(lists)
            joined = found.join(places, on=_PLACE, how="left", maintain_order="left")
            return joined.with_columns(pl.col(MISSING).fill_null(nothing))
        names = [name for name in written.outputs if name.startswith(PATTERN)]
        kinds = {name: self.plan.steps[self.plan.outputs[name]].kind for name in names}
        by_column = packed({name: written.outputs[name] for name in names}, kinds, PATTERN)
        given = self._given(frame)
        by_column |= packed(given, dict.fromkeys(given, "boolean"), "given.")
        patterns = written.select(people.lazy(), by_column, [KEY], rows).collect().drop(KEY).with_row_index(_PLACE)
        by = list(by_column)
        one_of_each = patterns.group_by(by).agg(pl.col(_PLACE).min()) if by else patterns.head(1)
        asked = self._one_by_one(people[one_of_each[_PLACE].to_list()], histories).select(self.missing)
        told = one_of_each.drop(_PLACE).hstack(asked)
        if by:
            everybody = patterns.join(told, on=by, nulls_equal=True, how="left", maintain_order="left")
        else:
            everybody = patterns.join(told, how="cross")
        places = found.filter(asking).select(_PLACE).hstack(everybody.select(self.missing))
        joined = found.join(places, on=_PLACE, how="left", maintain_order="left")
        return joined.with_columns(pl.col(name).fill_null(nothing) for name in self.missing)

    def _given(self, frame: pl.DataFrame) -> dict[str, pl.Expr]:
        """
        What is given: besides checks, also lines, limits, duties and the day that counts say what they lack, even where
        that makes no difference to what they come to.
        """
        found = [name for name in frame.columns if self.inputs.shape(name.removesuffix(".none")) is not None]
        if self.rows.question.sort == "eligibility":
            day = self.rows.policy.decisions[str(self.rows.question.name)].judged_on
            found = [name for name in found if name.removesuffix(".none") == day]
        return {
            f"{name}?": pl.col(name).fill_null(False) if name.endswith(".none") else pl.col(name).is_not_null()
            for name in found
        }

    def _unsettled(self, frame: pl.DataFrame) -> pl.Expr:
        """Of whom anything may be missing."""
        match self.rows.question.sort:
            case "eligibility":
                return pl.col("verdict") == "unknown"
            case "cost":
                low, high = pl.col("at_least_cents"), pl.col("at_most_cents")
                return ~pl.col("complete") | low.is_null() | high.is_null() | (low != high)
            case "compliance":
                return pl.col("status") == "unknown"
            case _:
                return pl.lit(self._half_known(frame))

    def _half_known(self, frame: pl.DataFrame) -> pl.Series:
        """Of whom not everything is known; of rows nobody looks."""
        known = pl.lit(not self.plan.folds)
        for read in self.plan.inputs:
            if not read.none:
                here = pl.col(read.path).is_not_null() if read.path in frame.columns else pl.lit(False)
                none = KINDS[read.shape.kind].nullable and f"{read.path}.none" in frame.columns
                known = known & (here | pl.col(f"{read.path}.none") if none else here)
        return frame.select(pl.repeat(True, pl.len()) & ~known).to_series()


def _inputs_of(plan: Plan) -> Iterator[Input]:
    yield from plan.inputs
    for fold in plan.folds:
        yield from _inputs_of(fold.plan)
