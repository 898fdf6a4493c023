"""A hundred thousand licence holders of Calibris with ten years of rows: what a night's run asks of everybody."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from datetime import date

import polars as pl

import trainingrules as tr
from benchmarks.goals import Goal, Measured
from benchmarks.rows import Figures, Row, Section
from trainingrules.bulk.columnar import Columnar
from trainingrules.bulk.columns import TYPES
from trainingrules.bulk.rows import Rows
from trainingrules.kinds import KINDS, Shape
from trainingrules.plan.steps import MILLIONTHS, kind_of
from trainingrules.policy import Policy
from trainingrules.questions import Question

KEY, HOLDERS, YEARS, ON = "holders", 100_000, 10, date(2026, 3, 1)
ASKED = (
    Question("eligibility", "valid_licence"),
    Question("eligibility", "give_training"),
    Question("compliance", "two_trainings"),
    Question("compliance", "half_fill_in_the_evaluation"),
    Question("compliance", "yearly_fee_paid"),
)
# Of so many each answer is held against the library, asked one by one.
CHECKED = 100
DIFFER, APART = "differ", "apart"


def sections(quick: bool) -> Iterator[Section]:
    """One section: a row for each question, without the facts still needed."""
    policy = tr.load("calibris")
    count, rounds = (HOLDERS // 10, 1) if quick else (HOLDERS, 3)
    rows = tuple(measured(policy, question, count, rounds) for question in ASKED)
    title = f"{count:,} licence holders (calibris), ten years of rows in each history, a fifth of all cells unknown"
    yield Section(KEY, title, rows)


def measured(policy: Policy, question: Question, count: int, rounds: int) -> Row:
    """How long one question takes of everybody, checked on some first."""
    engine = Columnar(policy, question, ON)
    people, histories = drawn(policy, engine, count)
    some = people.head(CHECKED)
    rows = {name: history.filter(pl.col("key") < CHECKED) for name, history in histories.items()}
    mine, meant = (one.answer(some, rows) for one in (engine, Rows(policy, question, ON)))
    differ = sum(int((mine[name].ne_missing(meant[name])).sum()) for name in mine.columns if name in meant.columns)
    seconds, apart = [], 0
    lazy = {name: history.lazy() for name, history in histories.items()}
    for _ in range(rounds):
        started = time.perf_counter()
        answers = engine.answer_lazy(people.lazy(), lazy).collect()
        seconds.append(time.perf_counter() - started)
        apart = int(answers[APART].sum())
    return Row(f"{question.sort} {question.name}", statistics.median(seconds), more={DIFFER: differ, APART: apart},
               note=f"{CHECKED} checked with what is missing")  # fmt: skip


def drawn(policy: Policy, engine: Columnar, count: int) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """Holders with all that a question reads, in normal form: licensed within ten years, and ten rows a history."""
    inputs = engine.inputs
    people = {"key": pl.int_range(count, eager=True)}
    for seed, (path, shape) in enumerate(inputs.facts.items()):
        people |= _column(policy, path, shape, count, seed)
    for name, shape in inputs.rounds.items():
        for number in range(1, YEARS + 1):
            people |= _column(policy, f"{name}[{number}]", shape, count, number)
    histories = {}
    for name, fields in inputs.histories.items():
        people[name] = pl.repeat(True, count, eager=True)  # the history is known
        place = pl.int_range(count * YEARS, eager=True)
        rows = {"key": place // YEARS, "index": place % YEARS + 1}
        for seed, (field, shape) in enumerate(fields.items()):
            rows |= _column(policy, field, shape, count * YEARS, 100 + seed)
        histories[name] = pl.DataFrame(rows)
    return _plausible(pl.DataFrame(people)), {name: _plausible(history) for name, history in histories.items()}


def _plausible(frame: pl.DataFrame) -> pl.DataFrame:
    """Without what cannot go together: the licence comes with the training, few give notice, nobody counts double."""
    notice = pl.col("key") % 5 == 0
    as_it_is = {
        "licensed_on": pl.when(pl.col("licensed_on").is_not_null()).then("train_the_trainer_on"),
        "notice_on": pl.when(notice & pl.col("notice_on").is_not_null()).then(date(2026, 2, 1)),
        "notice_on.none": ~notice,
        "participants": pl.col("participants") + 20,
    }
    return frame.with_columns(**{name: value for name, value in as_it_is.items() if name in frame.columns})


def _column(policy: Policy, path: str, shape: Shape, count: int, seed: int) -> dict[str, pl.Series]:
    """Values of a kind, a fifth of them unknown; what may not exist always does."""
    some = pl.int_range(count, eager=True).shuffle(seed)
    match shape.kind:
        case "boolean":
            values = some % 10 < 8
        case "date":
            day = (date(2016, 6, 1) - date(1970, 1, 1)).days + some % 3_500
            values = day.cast(pl.Int32).cast(pl.Date)
        case "choice" | "row":
            names = list(shape.options)
            values = pl.Series(names)[some % len(names)]
        case "list":
            values = pl.repeat(list(shape.options)[:1], count, dtype=pl.List(pl.String), eager=True)
        case "text":
            values = pl.repeat("x", count, eager=True)
        case kind:
            low, high = int(shape.low or 0), int(shape.high or 20)
            values = (low + some % (high - low + 1)) * (MILLIONTHS if kind in ("decimal", "percent") else 1)
    unknown = pl.int_range(count, eager=True).shuffle(1_000 + seed) % 5 == 0
    known = pl.select(pl.when(~unknown).then(values)).to_series().cast(TYPES[kind_of(shape)])
    none = {f"{path}.none": pl.repeat(False, count, eager=True)} if KINDS[shape.kind].nullable else {}
    return {path: known, **none}


def slowest(figures: Figures) -> Measured:
    """Seconds of each question."""
    section = figures.section(KEY)
    return {row.name: row.seconds for row in section.rows if row.seconds} if section else {}


GOALS = (Goal("a hundred thousand licence holders, ten years of rows, each question", 5, slowest, "s"),)
