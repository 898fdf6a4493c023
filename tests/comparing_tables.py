"""What columns say of people, held against what the library answers each of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from trainingrules.answers.compliance import Compliance
from trainingrules.bulk.answers import MISSING, schema_of
from trainingrules.bulk.engine import CONTRADICTED
from trainingrules.bulk.rows import Rows, facts_of
from trainingrules.bulk.sql import APART
from trainingrules.calendar import write_date, write_moment
from trainingrules.policy import Policy
from trainingrules.questions import Question

Cell = tuple[str, int, Any, Any]


def compared(
    policy: Policy, question: Question, on: date, people: pl.DataFrame, found: pl.DataFrame
) -> tuple[int, list[Cell]]:
    """
    How many cells of the answers were compared, and those that differ: column, key, what was found, what is answered.

    Not compared is who is answered apart; and of whom the facts contradict each other, nothing but that.
    """
    cells = list(_pairs(policy, question, on, people, found))
    return len(cells), [cell for cell in cells if cell[2] != cell[3]]


def _pairs(policy: Policy, question: Question, on: date, people: pl.DataFrame, found: pl.DataFrame) -> Iterator[Cell]:
    wanted = Rows(policy, question, on).answer(people, {})
    found = wanted.select("key").join(found, on="key", how="left", maintain_order="left")
    here = ~found[APART]
    yield from _column(CONTRADICTED, found.filter(here), wanted.filter(here), None)
    said = here & ~wanted[CONTRADICTED]
    people, found, wanted = (one.filter(said) for one in (people, found, wanted))
    schema = {name: kind for name, kind in schema_of(policy, question, on).items() if not name.startswith(MISSING)}
    if "status" in schema and "status" not in found.columns:
        yield from _statuses(policy, question, on, people, found)
        return
    for name, kind in schema.items():
        yield from _column(name, found, wanted, kind)


def _column(name: str, found: pl.DataFrame, wanted: pl.DataFrame, kind: pl.DataType | None) -> Iterator[Cell]:
    for key, one, other in zip(found["key"], found[name].to_list(), wanted[name].to_list(), strict=True):
        yield name, key, _as_told(one, kind), other


def _as_told(cell: Any, kind: pl.DataType | None) -> Any:
    """A cell as the answers frame has it: where days may be moments, they are written out."""
    if kind != pl.String() or not isinstance(cell, date):
        return cell
    return write_moment(cell.astimezone(UTC)) if isinstance(cell, datetime) else write_date(cell)


def _statuses(
    policy: Policy, question: Question, on: date, people: pl.DataFrame, found: pl.DataFrame
) -> Iterator[Cell]:
    """Of a duty for each row of a table, SQL has the status of each."""
    for facts, cells in zip(facts_of(policy, people, {}), found.to_dicts(), strict=True):
        answer = question.ask(policy, facts, on=on)
        assert isinstance(answer, Compliance)
        for one in answer.duties:
            yield f"status[{one.row}]", cells["key"], cells[f"status[{one.row}]"], one.status.value
