"""From table to table: every batch asked, the answers written, and what was refused written beside them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from trainingrules.bulk.asking import Desk, Refused, texts_of
from trainingrules.bulk.header import REFUSED_FAULTS, REFUSED_LINE, REFUSED_TEXT
from trainingrules.bulk.inputs import KEY
from trainingrules.bulk.reading import LINE, Batch, Table
from trainingrules.bulk.rows import Rows
from trainingrules.bulk.tally import Tally, tally
from trainingrules.bulk.writing import Writer
from trainingrules.diagnostics import Diagnostic

# So many of those refused are shown; all of them stand in the side file.
SHOWN = 5
_BETWEEN = " | "
_ROWS_IN_A_MOMENT = 1_000


@dataclass
class Outcome:
    """What came of a table: how many people, how many were refused, the first of these, and the answers counted."""

    people: int = 0
    refused: int = 0
    shown: list[Refused] = field(default_factory=list)
    tallies: dict[str, Tally] = field(default_factory=dict)


def run(desk: Desk, table: Table, out: Path, bad: Path, told: Callable[[int], None] = lambda rows: None) -> Outcome:
    """
    Write the answers of a table; ``told`` hears of each batch how many rows it had.

    What was refused is written into ``bad``: only when there is any, or when a file of that name is there from before.

    Raises:
        FactError: the table cannot be read on.
        OSError: a file cannot be written.
    """
    outcome = Outcome()
    schema = {desk.layout.key: table.schema[desk.layout.key]}
    for one in desk.asked:
        schema |= {f"{one.prefix}{name}": dtype for name, dtype in one.alone.schema.items()}
    strangers = {name: history.frame.select(KEY).unique() for name, history in desk.tables.items()}
    with ExitStack() as files:
        answers = files.enter_context(Writer(out, schema))
        refused: Writer | None = None

        def side(frame: pl.DataFrame) -> None:
            nonlocal refused
            if refused is None and (frame.height or bad.exists()):
                refused = files.enter_context(Writer(bad, _refused_schema(desk, table)))
            if refused is not None:
                refused.write(frame)

        for batch in (part for whole in table.batches(desk.layout.read) for part in _parts(whole, desk)):
            found = desk.answer(batch.frame)
            answers.write(found.answers)
            broken = [Refused(one.line, None, [Diagnostic("broken-row", one.message)]) for one in batch.broken]
            everyone = sorted([*found.refused, *broken], key=lambda one: one.line or 0)
            if everyone:
                side(_refused_rows(desk, table, everyone, found.rows, batch))
            if strangers:
                keys = texts_of(batch.frame[desk.layout.key]).alias(KEY).to_frame()
                strangers = {name: left.join(keys, on=KEY, how="anti") for name, left in strangers.items()}
            rows = batch.frame.height + len(batch.broken)
            _count(outcome, desk, rows, everyone, found.answers)
            told(rows)
        nobody = [Refused(None, key, [Diagnostic("whose-row", f"{name}: there are rows with the key `{key}`, which "
                                                 f"nobody in {table.path} has")])
                  for name, left in strangers.items() for key in left[KEY].sort()]  # fmt: skip
        side(_refused_rows(desk, table, nobody, None, None))
        _count(outcome, desk, 0, nobody, None)
    return outcome


def _parts(batch: Batch, desk: Desk) -> Iterator[Batch]:
    """A batch in pieces as small as a person likes who waits for an engine that asks one row after another."""
    at_once = _ROWS_IN_A_MOMENT if any(isinstance(one.engine, Rows) for one in desk.asked) else batch.frame.height
    if batch.frame.height <= at_once:
        yield batch
        return
    broken = list(batch.broken)
    for rows in batch.frame.iter_slices(at_once):
        last = rows[LINE][-1] if rows[LINE][-1] < batch.frame[LINE][-1] else math.inf
        yield Batch(rows, [one for one in broken if one.line < last])
        broken = [one for one in broken if one.line > last]


def _count(outcome: Outcome, desk: Desk, rows: int, refused: list[Refused], answers: pl.DataFrame | None) -> None:
    outcome.people += rows
    outcome.refused += len(refused)
    outcome.shown += refused[: SHOWN - len(outcome.shown)]
    if answers is not None:
        for one in desk.asked:
            tally(one, outcome.tallies, answers)


def _refused_schema(desk: Desk, table: Table) -> dict[str, pl.DataType]:
    columns = {name: table.schema[name] for name in desk.layout.read}
    written = {REFUSED_TEXT: pl.String()} if table.separator else {}
    return {REFUSED_LINE: pl.UInt32(), REFUSED_FAULTS: pl.String(), **columns, **written}


def _refused_rows(
    desk: Desk, table: Table, refused: list[Refused], rows: pl.DataFrame | None, batch: Batch | None
) -> pl.DataFrame:
    """The refused as they stood, each with its line and every fault."""
    schema = _refused_schema(desk, table)
    written = {one.line: one.text for one in batch.broken} if batch is not None else {}
    told = pl.DataFrame(
        {
            REFUSED_LINE: [one.line for one in refused],
            REFUSED_FAULTS: [_BETWEEN.join(map(fault_text, one.faults)) for one in refused],
            REFUSED_TEXT: [written.get(one.line or 0) for one in refused],
        },
        schema={REFUSED_LINE: pl.UInt32(), REFUSED_FAULTS: pl.String(), REFUSED_TEXT: pl.String()},
    )
    if rows is None:
        keys = pl.Series(desk.layout.key, [one.key for one in refused], dtype=pl.String)
        told = told.with_columns(keys.cast(schema[desk.layout.key], strict=False))
    else:
        told = told.join(rows.rename({LINE: REFUSED_LINE}), on=REFUSED_LINE, how="left", maintain_order="left")
    lacking = [pl.lit(None, dtype).alias(name) for name, dtype in schema.items() if name not in told.columns]
    return told.with_columns(lacking).select(*schema)


def fault_text(fault: Diagnostic) -> str:
    """
    A fault in one line: what is wrong, and what to do.

    >>> fault_text(Diagnostic("wrong-kind", "role: `teecher` is not one of the options", None, "one of: `a`"))
    'role: `teecher` is not one of the options; one of: `a`'
    """
    return f"{fault.message}; {fault.help}" if fault.help else fault.message
