"""A batch of people asked: in columns who fits in columns, alone who does not, and whoever has faults is told them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from trainingrules.answers.common import situation
from trainingrules.bulk.cells import SPACE, Column, dtype_of, normal, spelt
from trainingrules.bulk.engine import CONTRADICTED, ColumnEngine, Maker
from trainingrules.bulk.header import Layout
from trainingrules.bulk.inputs import INDEX, KEY, Inputs, none_of
from trainingrules.bulk.persons import History, Where, history_of, person_of, rows_of
from trainingrules.bulk.reading import LINE, Table
from trainingrules.bulk.rows import Rows
from trainingrules.diagnostics import Diagnostic, FactError
from trainingrules.engines.reference import REFERENCE
from trainingrules.facts import Facts
from trainingrules.kinds import KINDS
from trainingrules.policy import Policy
from trainingrules.questions import Question


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, put by a column engine; ``prefix`` stands before the names of its columns."""

    question: Question
    engine: ColumnEngine
    alone: Rows
    prefix: str = ""

    def columns(self) -> list[pl.Expr]:
        """The columns of the answers, under the names that they have beside those to other questions."""
        return [pl.col(name).alias(f"{self.prefix}{name}") for name in self.alone.schema]


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not answered: its line, and every fault."""

    line: int | None
    key: str | None
    faults: Sequence[Diagnostic]


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a batch: the answers, in the order of the rows; who was refused, and their rows as they stood."""

    answers: pl.DataFrame
    refused: Sequence[Refused]
    rows: pl.DataFrame


def asked(policy: Policy, question: Question, on: date | datetime, maker: Maker, *, many: bool = False) -> Asked:
    """
    A question as an engine puts it; the columns of several are told apart by the name of the question.

    Raises:
        QuestionError: the policy cannot be asked this.
        EngineError: the engine cannot answer it exactly in columns.
    """
    alone = Rows(policy, question, on)
    return Asked(question, maker(policy, question, on), alone, f"{name_of(question)}." if many else "")


def name_of(question: Question) -> str:
    """
    A question in one word, as its columns begin when there are several.

    >>> name_of(Question("eligibility", "join_sessions")), name_of(Question("compliance"))
    ('eligibility.join_sessions', 'compliance.all')
    """
    sort = "deadline" if question.sort == "deadlines" else question.sort
    return f"{sort}.{question.name or question.party or 'all'}"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where batches are answered: the policy, the layout of the table, the questions, and what is known beforehand.

    ``tables`` holds the histories in tables of their own, by the text of the key; ``doubled`` the keys that stand on
    several lines, with these.
    """

    policy: Policy
    layout: Layout
    asked: tuple[Asked, ...]
    tables: Mapping[str, History]
    doubled: Mapping[str, Sequence[int]]

    def answer(self, raw: pl.DataFrame) -> Answered:
        """The answers of a batch."""
        keys = raw[self.layout.key]
        found = normal(raw, self.layout.columns)
        frame = found.frame
        histories = self.histories(raw)
        alone = set(found.aside.arg_true().to_list()) | set(_blank(keys).arg_true().to_list())
        if self.doubled:
            alone |= set(texts_of(keys).is_in([*self.doubled]).fill_null(value=False).arg_true().to_list())
        alone |= {owner for one in histories.values() for owner in (*one.faults, *one.odd)}
        together = frame
        if alone:
            together = frame.filter(~pl.col(KEY).is_in(sorted(alone)))
        answers = self._together(raw, together, histories)
        contradicted = {key for one in answers if CONTRADICTED in one.columns
                        for key in one.filter(pl.col(CONTRADICTED))[KEY].to_list()}  # fmt: skip
        alone |= contradicted
        refused: list[Refused] = []
        if alone:
            people, refused = self._alone(raw, texts_of(keys), histories, sorted(alone))
            others = ~pl.col(KEY).is_in(sorted(contradicted))
            kept = [one.filter(others).drop(CONTRADICTED, strict=False) for one in answers]
            answers = [pl.concat(both).sort(KEY) for both in zip(kept, people, strict=True)]
        own = keys.gather(answers[0][KEY]) if answers[0].height < raw.height else keys
        told = [answers[place].select(which.columns()) for place, which in enumerate(self.asked)]
        whole = pl.DataFrame([own]).hstack([column for one in told for column in one])
        rows = raw.filter(pl.col(LINE).is_in([one.line for one in refused])) if refused else raw.clear()
        return Answered(whole, refused, rows)

    def _together(self, raw: pl.DataFrame, frame: pl.DataFrame, histories: Mapping[str, History]) -> list[pl.DataFrame]:
        known = {name: raw[name].is_not_null() for name in self.layout.lists}
        if frame.height < raw.height:
            known = {name: one.gather(frame[KEY]) for name, one in known.items()}
        answers = []
        for one in self.asked:
            told = _told(frame, one.engine.inputs, known, self.tables)
            rows = {name: _rows(histories.get(name), one.engine.inputs, name) for name in one.engine.inputs.histories}
            answers.append(one.engine.answer(told, rows))
        return answers

    # --- histories ---

    def histories(self, raw: pl.DataFrame) -> dict[str, History]:
        """The histories of the people of a batch, by their place in it."""
        tables = self._of_tables(texts_of(raw[self.layout.key])) if self.tables else {}
        return {**self._lists(raw), **tables}

    def _lists(self, raw: pl.DataFrame) -> dict[str, History]:
        """The histories in columns of the table, by the place of the person in the batch."""
        found = {}
        for name, columns in self.layout.lists.items():
            place = pl.int_range(pl.len()).alias(KEY)
            some = raw.select(place, name, pl.int_ranges(1, pl.col(name).list.len() + 1).alias(INDEX))
            rows = some.filter(pl.col(name).list.len() > 0).explode(name, INDEX)
            empty = rows.filter(pl.col(name).is_null())
            found[name] = _history(self.policy, name, rows.unnest(name), columns, _in_list(name))
            for owner, index in empty.select(KEY, INDEX).iter_rows():
                fault = Diagnostic("wrong-kind", f"{name}[{index}]: a row is a mapping of its fields")
                found[name].faults.setdefault(owner, []).append(fault)
        return found

    def _of_tables(self, keys: pl.Series) -> dict[str, History]:
        """The histories in tables of their own, of the people of a batch, by their place in it."""
        places = pl.DataFrame({KEY: keys, _PLACE: pl.int_range(keys.len(), eager=True)}).drop_nulls()
        found = {}
        for name, whole in self.tables.items():
            own = whole.frame.join(places, on=KEY).drop(KEY).rename({_PLACE: KEY})
            found[name] = History(own)
            for text, place in places.iter_rows() if whole.faults or whole.odd else ():
                if text in whole.faults:
                    found[name].faults[place] = whole.faults[text]
                if text in whole.odd:
                    found[name].odd[place] = whole.odd[text]
        return found

    # --- one by one ---

    def _alone(
        self, raw: pl.DataFrame, keys: pl.Series, histories: Mapping[str, History], places: Sequence[int]
    ) -> tuple[list[pl.DataFrame], list[Refused]]:
        """The answers of some people asked alone, one frame for each question; and who was refused."""
        fit: list[tuple[int, Facts]] = []
        refused: list[Refused] = []
        for place, line, facts, faults in self.people(raw, keys, histories, places):
            if not faults:
                try:
                    situation(self.policy, facts, self.asked[0].alone.on, REFERENCE)
                except FactError as reason:
                    faults = list(reason.diagnostics)
            if faults:
                refused.append(Refused(line, keys[place], faults))
            else:
                fit.append((place, facts))
        places, everyone = [place for place, _ in fit], [facts for _, facts in fit]
        return [one.alone.answers_of(places, everyone).drop(CONTRADICTED) for one in self.asked], refused

    def people(
        self, raw: pl.DataFrame, keys: pl.Series, histories: Mapping[str, History], places: Sequence[int]
    ) -> Iterator[tuple[int, int, Facts, list[Diagnostic]]]:
        """Some people of a batch with their places, lines, facts and faults."""
        wanted = spelt(raw[places])
        told = {name: rows_of(self.policy, name, history, places) for name, history in histories.items()}
        for place, row in zip(places, wanted.iter_rows(named=True), strict=True):
            facts, faults = person_of(self.policy, self.layout.columns, row)
            faults = [*self._of_key(keys[place], row[LINE]), *faults]
            rows = dict(facts.rows)
            for name, history in histories.items():
                faults += history.faults.get(place, [])
                if name in self.tables or row[name] is not None:
                    rows[name] = tuple(told[name].get(place, ()))
            yield place, row[LINE], Facts(facts.one, facts.per, rows), faults

    def _of_key(self, key: str | None, line: int) -> Iterator[Diagnostic]:
        if key is None:
            yield Diagnostic("whose-row", f"{self.layout.key}: this row has no key", None,
                             "give every person a key of their own")  # fmt: skip
        elif key in self.doubled:
            others = [str(one) for one in self.doubled[key] if one != line]
            more = f" and {len(others) - 5} more" if len(others) > 5 else ""
            where = f"line {', '.join(others[:5])}{more}"
            yield Diagnostic("whose-row", f"{self.layout.key}: `{key}` also stands on {where}", None,
                             "give every person one row")  # fmt: skip


_PLACE = "\0place"


def _blank(keys: pl.Series) -> pl.Series:
    """Where there is no key."""
    return keys.is_null() if keys.dtype.is_integer() else texts_of(keys).is_null()


def texts_of(keys: pl.Series) -> pl.Series:
    """
    Keys as text, as tables are joined by them; null where there is none.

    >>> texts_of(pl.Series([7, None])).to_list(), texts_of(pl.Series([" a ", " "])).to_list()
    (['7', None], ['a', None])
    """
    if keys.dtype.is_integer():
        return keys.cast(pl.String)
    text = pl.col(keys.name).cast(pl.String).str.strip_chars(SPACE)
    return keys.to_frame().select(pl.when(text != "").then(text).alias(keys.name))[keys.name]


def _in_list(name: str) -> Where:
    return lambda row: f"{name}[{row[INDEX]}]"


def _told(frame: pl.DataFrame, inputs: Inputs, known: Mapping[str, pl.Series], tables: Iterable[str]) -> pl.DataFrame:
    """The columns that an engine reads, null where the table has none."""
    columns: list[pl.Expr | pl.Series] = [pl.col(KEY)]
    rounds = (path for path in frame.columns if "[" in path and path.partition("[")[0] in inputs.rounds)
    for path in (*inputs.facts, *rounds):
        shape = inputs.shape(path)
        if shape is None:
            continue  # the `.none` of a round, which goes with the round
        there = path in frame.columns
        columns.append(pl.col(path) if there else pl.lit(None, dtype_of(shape)).alias(path))
        if KINDS[shape.kind].nullable:
            none = none_of(path)
            columns.append(pl.col(none) if there else pl.lit(value=False).alias(none))
    for name in inputs.histories:
        series = known.get(name)
        columns.append(series.alias(name) if series is not None else pl.lit(name in tables).alias(name))
    return frame.select(columns)


def _rows(history: History | None, inputs: Inputs, name: str) -> pl.DataFrame:
    """The rows of a history as an engine reads them."""
    fields: dict[str, pl.DataType] = {}
    for field, shape in inputs.histories[name].items():
        fields[field] = dtype_of(shape)
        if KINDS[shape.kind].nullable:
            fields[none_of(field)] = pl.Boolean()
    schema = {KEY: pl.Int64(), INDEX: pl.UInt32(), **fields}
    if history is None:
        return pl.DataFrame(schema=schema)
    frame = history.frame
    lacking = [pl.lit(None if dtype != pl.Boolean() or not one.endswith(".none") else False, dtype).alias(one)
               for one, dtype in fields.items() if one not in frame.columns]  # fmt: skip
    return frame.with_columns(lacking).select(pl.col(one).cast(dtype) for one, dtype in schema.items())


def table_history(policy: Policy, name: str, table: Table, layout: Layout) -> History:
    """
    A history from a table of its own, by the text of the key.

    Raises:
        FactError: with every row of which it cannot be told whose it is.
    """
    frames: list[pl.DataFrame] = []
    faults: list[Diagnostic] = []
    for batch in table.batches(layout.read):
        keys = texts_of(batch.frame[layout.key])
        faults += [Diagnostic("broken-row", f"{table.path}:{one.line}: {one.message}") for one in batch.broken]
        faults += [Diagnostic("whose-row", f"{table.path}:{line}: this row has no key: whose it is cannot be said")
                   for line in batch.frame.filter(keys.is_null())[LINE]]  # fmt: skip
        frames.append(batch.frame.with_columns(keys.alias(KEY)))
    if faults:
        raise FactError(faults)
    empty = pl.DataFrame(
        schema={LINE: pl.UInt32(), KEY: pl.String(), **{one: table.schema[one] for one in layout.read}}
    )
    raw = pl.concat(frames or [empty])
    raw = raw.with_columns(pl.int_range(1, pl.len() + 1).over(KEY).alias(INDEX))
    return _history(policy, name, raw, layout.columns, lambda row: f"{table.path}:{row[LINE]}")


def _history(policy: Policy, name: str, raw: pl.DataFrame, columns: Sequence[Column], where: Where) -> History:
    found = normal(raw, columns)
    whole = found.frame.with_columns(raw[KEY], raw[INDEX].cast(pl.UInt32))
    return history_of(policy, name, whole, spelt(raw.filter(found.aside)), columns, where)


def explained(desk: Desk, table: Table, key: str) -> Iterator[tuple[int, Facts, list[Diagnostic]]]:
    """
    The lines, facts and faults of the people with a key: one, unless the table is at fault.
    """
    for batch in table.batches(desk.layout.read):
        keys = texts_of(batch.frame[desk.layout.key])
        places = (keys == key).fill_null(value=False).arg_true()
        if places.len():
            raw = batch.frame[places]
            histories = desk.histories(raw)
            own = texts_of(raw[desk.layout.key])
            for _, line, facts, faults in desk.people(raw, own, histories, range(raw.height)):
                yield line, facts, faults
