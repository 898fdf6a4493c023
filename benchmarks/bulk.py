"""A million persons at once, by ourselves, by hand and by OpenFisca; then ten million, from file to file."""

from __future__ import annotations

import gc
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

import polars as pl

import trainingrules as tr
from benchmarks import bcmb, crowds, synthetic
from benchmarks.cases import Case
from benchmarks.contest import ratio
from benchmarks.crowds import KEY
from benchmarks.goals import Goal, extra, ratios
from benchmarks.peers import openfisca
from benchmarks.rows import Row, Section
from trainingrules.bulk.columnar import Columnar
from trainingrules.bulk.columns import column_of
from trainingrules.bulk.warehouse import statement_of
from trainingrules.questions import Question

OURS, OURS_FOUND, OURS_SQL = (
    "trainingrules",
    "trainingrules, every finding",
    "trainingrules, as SQL on duckdb, every finding",
)
POLARS, POLARS_FOUND = "polars by hand", "polars by hand, every finding"
DUCKDB, NUMPY, OPENFISCA = "duckdb by hand, every finding", "numpy by hand", "openfisca-core"
WORDS = {"eligible": "yes", "conditional": "yes", "not_eligible": "no"}
MANY, MOST, FILES = 1_000_000, 10_000_000, 10
SIZES = (10_000, 100_000, 10_000_000)
PEAK, COMPARED, DIFFER = "peak, MB", "cells", "differ"
WORD = {True: "yes", False: "no", None: "unknown"}


@dataclass(frozen=True, slots=True)
class Runner:
    """One way to answer everybody: what is timed, and how its verdicts are read. ``complete`` knows no unknown."""

    name: str
    run: Callable[[], Any]
    verdicts: Callable[[Any], pl.Series]
    complete: bool = False
    note: str = ""
    answers: Callable[[], pl.DataFrame] = pl.DataFrame


def sections(quick: bool) -> Iterator[Section]:
    """A section for each decision, one for a total, one from file to file."""
    count, rounds = (MANY // 10, 3) if quick else (MANY, 7)
    yield cells(count)
    for key, case in (("register", bcmb.cases()[0]), ("series", bcmb.cases()[1]), ("rules_10", synthetic.case(10))):
        yield section(key, case, count, rounds)
    # A tenth of them, since SQL takes its time for so many rules.
    yield section("rules_100", synthetic.case(100), count // 10, rounds)
    for size in SIZES[:2] if quick else SIZES:
        yield section(f"rows_{size}", synthetic.case(10), size, rounds if size < MANY else 2)
    yield totals(count, rounds)
    yield streamed(MOST // 10 if quick else MOST, 1 if quick else 3)


def cells(count: int) -> Section:
    """Every verdict and every finding, against the function by hand: it decides as the library does, one by one."""
    differ = {OURS_FOUND: 0, OURS_SQL: 0}
    compared = 0
    for case in (*bcmb.cases(), synthetic.case(10)):
        flat = crowds.people(case, count)
        names = flat.columns[1:]
        told = [case.by_hand(dict(zip(names, row[1:], strict=True))) for row in flat.iter_rows()]
        right: dict[str, Any] = {"verdict": [WORD[verdict] for verdict, _ in told]}
        right |= {
            f"finding.{rule.name}": [truths[place] for _, truths in told] for place, rule in enumerate(case.rules)
        }
        expected = pl.DataFrame(right)
        compared += count * expected.width
        ours = _engine(case).answer_lazy(crowds.normal(case, flat).lazy()).collect()
        differ[OURS_FOUND] += _differing(ours, expected)
        with tempfile.TemporaryDirectory() as folder:
            in_sql = _on_duckdb(case, flat, Path(folder))[0]
            in_sql.run()
            differ[OURS_SQL] += _differing(in_sql.answers(), expected)
    rows = tuple(Row(name, more={COMPARED: compared, DIFFER: wrong}) for name, wrong in differ.items())
    return Section("bulk_cells", f"{count:,} persons, three decisions: every cell against the function by hand", rows)


def _differing(answers: pl.DataFrame, expected: pl.DataFrame) -> int:
    verdicts = answers.with_columns(_words(answers["verdict"]))
    return sum(int(verdicts[name].ne_missing(expected[name]).sum()) for name in expected.columns)


def section(key: str, case: Case, count: int, rounds: int) -> Section:
    """Everybody's row on one decision."""
    with tempfile.TemporaryDirectory() as folder:
        runners, absent = _runners(case, count, Path(folder))
        ours = {False: runners[0].verdicts(runners[0].run())}
        complete = crowds.normal(case, crowds.people(case, count, complete=True)).lazy()
        ours[True] = _words(_engine(case).answer_lazy(complete).select("verdict").collect()["verdict"])
        notes = []
        for one in runners:
            differ = int((one.verdicts(one.run()) != ours[one.complete]).sum())
            said = [f"{differ:,} of {count:,} differ" if differ else "", one.note]
            notes.append("; ".join(filter(None, said)))
        rows = _rows(runners, notes, rounds, count, (POLARS, POLARS_FOUND))
    return Section(f"bulk_{key}", f"{case.name}: {count:,} persons at once", (*rows, *absent), (POLARS, POLARS_FOUND))


def _rows(runners: Sequence[Runner], notes: Sequence[str], rounds: int, count: int, bases: Sequence[str]) -> list[Row]:
    taken: dict[str, list[float]] = {one.name: [] for one in runners}
    gc.collect()
    for turn in range(rounds):
        for step in range(len(runners)):
            one = runners[(turn + step) % len(runners)]
            started = time.perf_counter()
            one.run()
            taken[one.name].append(time.perf_counter() - started)
    rows = []
    for one, note in zip(runners, notes, strict=True):
        mine = taken[one.name]
        found = {base: ratio(mine, taken[base]) for base in bases}
        seconds = statistics.median(mine)
        rows.append(Row(one.name, seconds, found, note, {"million a second": count / seconds / 1e6}))
    return rows


def _engine(case: Case) -> Columnar:
    return Columnar(case.policy, Question("eligibility", case.decision), case.on)


def _words(verdicts: pl.Series) -> pl.Series:
    return verdicts.replace(WORDS)


def _runners(case: Case, count: int, folder: Path) -> tuple[list[Runner], list[Row]]:
    flat = crowds.people(case, count)
    ours, hand, engine = crowds.normal(case, flat).lazy(), flat.lazy(), _engine(case)
    findings = [name for name in engine.told if name != "verdict"]

    def ask(*names: str) -> Callable[[], pl.DataFrame]:
        return lambda: engine.answer_lazy(ours).select(KEY, "verdict", "apart", "contradicted", *names).collect()

    def column(frame: pl.DataFrame) -> pl.Series:
        return _words(frame["verdict"])

    runners = [
        Runner(OURS, ask(), column, note="with whom to ask one by one"),
        Runner(OURS_FOUND, ask(*findings), column, note="with whom to ask one by one"),
        Runner(POLARS, lambda: crowds.in_polars(case, hand, findings=False).collect(), column),
        Runner(POLARS_FOUND, lambda: crowds.in_polars(case, hand, findings=True).collect(), column),
    ]
    absent: list[Row] = []
    makers: dict[str, Callable[[], list[Runner]]] = {
        "duckdb": lambda: _on_duckdb(case, flat, folder), "numpy": lambda: [_on_numpy(case, flat)],
        OPENFISCA: lambda: [_on_openfisca(case, count)],
    }  # fmt: skip
    for name, make in makers.items():
        try:
            runners += make()
        except Exception as reason:  # noqa: BLE001 - whatever keeps a peer away is told in the table
            absent.append(Row(name, note=f"not here: {type(reason).__name__}: {str(reason).splitlines()[0][:60]}"))
    return runners, absent


def _on_duckdb(case: Case, flat: pl.DataFrame, folder: Path) -> list[Runner]:
    import duckdb

    mine = statement_of(case.policy, Question("eligibility", case.decision), case.on, table="facts")
    ours = crowds.normal(case, flat)
    # Of what is not in the table nothing is known of anybody.
    lacking = [f"{'FALSE' if read.none else f'CAST(NULL AS {mine.type_of(read)})'} AS \"{column_of(read)}\""
               for read in mine.inputs if column_of(read) not in ours.columns]  # fmt: skip
    database = duckdb.connect()
    for name, frame, more in (("by_hand", flat, []), ("facts", ours, lacking)):
        file = folder / f"{name}.parquet"
        frame.write_parquet(file)
        database.execute(f"CREATE TABLE {name} AS SELECT {', '.join(['*', *more])} FROM read_parquet('{file}')")

    def run(select: str) -> Callable[[], object]:
        return lambda: database.execute(f"CREATE OR REPLACE TABLE told AS {select}")

    def answers() -> pl.DataFrame:
        database.execute(f"COPY (SELECT * FROM told ORDER BY {KEY}) TO '{folder / 'told.parquet'}'")
        return pl.read_parquet(folder / "told.parquet")

    def verdicts(_: object) -> pl.Series:
        return _words(answers()["verdict"])

    return [Runner(OURS_SQL, run(mine.laid_out), verdicts, answers=answers),
            Runner(DUCKDB, run(crowds.sql(case, "by_hand")), verdicts)]  # fmt: skip


def _on_numpy(case: Case, flat: pl.DataFrame) -> Runner:
    frame = crowds.with_series(flat) if "cohort" in flat.columns else flat
    facts, codes = crowds.arrays(case, frame), crowds.words(case)
    return Runner(NUMPY, lambda: crowds.in_numpy(case, facts, codes),
                  lambda told: pl.Series(told.tolist()).replace_strict({1: "yes", -1: "no", 0: "unknown"}),
                  note="words and days as numbers beforehand")  # fmt: skip


def _on_openfisca(case: Case, count: int) -> Runner:
    flat = crowds.people(case, count, complete=True)
    frame = crowds.with_series(flat) if "cohort" in flat.columns else flat
    ask = openfisca.of_many(
        case, {name: value for name, (value, _) in crowds.arrays(case, frame).items()}, crowds.words(case)
    )
    return Runner(OPENFISCA, ask, lambda told: pl.Series(told.tolist()).replace_strict({True: "yes", False: "no"}),
                  complete=True, note="everything told: it knows no unknown")  # fmt: skip


# ------------------------------------------------------------------------------------------------------ totals

TOTAL, TOTAL_BY_HAND = "trainingrules, total", "polars by hand, total"


def totals(count: int, rounds: int) -> Section:
    """A bill of twenty lines, each under a condition: at least, and at most."""
    case = synthetic.case(20)
    policy = _billed(case)
    flat = crowds.people(case, count)
    engine = Columnar(policy, Question("cost", "bill"), case.on)
    ours, hand = flat.lazy(), flat.lazy()

    def by_hand() -> pl.DataFrame:
        lines = [(crowds.expression(rule.must), _cents(number)) for number, rule in enumerate(case.rules, 1)]
        low = [pl.when(holds).then(pl.lit(cents, pl.Int64)).otherwise(0) for holds, cents in lines]
        high = [pl.when(~holds).then(pl.lit(0, pl.Int64)).otherwise(cents) for holds, cents in lines]
        return hand.select(KEY, at_least_cents=reduce(add, low), at_most_cents=reduce(add, high)).collect()

    def ask() -> pl.DataFrame:
        told = engine.answer_lazy(ours)
        return told.select(KEY, "at_least_cents", "at_most_cents", "apart", "contradicted").collect()

    runners = [Runner(TOTAL, ask, _total), Runner(TOTAL_BY_HAND, by_hand, _total)]
    right = _total(by_hand())
    differ = int((_total(ask()) != right).sum())
    notes = [f"{differ:,} of {count:,} differ" if differ else "", ""]
    rows = _rows(runners, notes, rounds, count, (TOTAL_BY_HAND,))
    return Section("bulk_totals", f"A bill of 20 lines: {count:,} persons at once", tuple(rows), (TOTAL_BY_HAND,))


def _total(frame: pl.DataFrame) -> pl.Series:
    return frame.select(pl.struct("at_least_cents", "at_most_cents")).to_series()


def _cents(number: int) -> int:
    return 1_000 + 125 * number


def _billed(case: Case) -> tr.Policy:
    """The policy of the case with a quote: a line for each rule, of an amount of its own."""
    amounts, lines = ["amounts:\n"], ["costs:\n  bill:\n    nl: Rekening\n    en: Bill\n    lines:\n"]
    for number, rule in enumerate(case.rules, 1):
        cents = _cents(number)
        price = f"value: {cents // 100}.{cents % 100:02}, vat: excluded, certainty: exact"
        amounts.append(f"  fee_{number}: [{{from: 2026-01-01, {price}, source: [SYN-{number}]}}]\n")
        when = synthetic.condition_text(rule.must)
        lines.append(f"      line_{number}: {{nl: Regel {number}, en: Line {number}, source: [SYN-{number}],\n"
                     f"        when: {when}, price: {{amount: fee_{number}}}}}\n")  # fmt: skip
    return synthetic.load(case.rules, "".join([*amounts, *lines]))


# ------------------------------------------------------------------------------------------------ file to file

_FILE = """
import json, resource, sys, time
import polars as pl
from benchmarks import bulk, crowds, synthetic
folder, by_hand = sys.argv[1], sys.argv[2] == "by_hand"
case = synthetic.case(10)
people = pl.scan_parquet(f"{folder}/*.parquet")
started = time.perf_counter()
if by_hand:
    told = crowds.in_polars(case, people, findings=True)
else:
    told = bulk.engine_of(case).answer_lazy(people)
told.sink_parquet(sys.argv[3])
seconds = time.perf_counter() - started
try:  # not what getrusage says: on Linux that counts the process that began this one
    with open("/proc/self/status") as file:
        peak = next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM"))
except OSError:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"seconds": seconds, "peak": peak / 1e6}))
"""
STREAM, STREAM_BY_HAND = "trainingrules, file to file", "polars by hand, file to file"
engine_of = _engine


def streamed(count: int, rounds: int) -> Section:
    """From Parquet to Parquet, each in a process of its own."""
    case = synthetic.case(10)
    found: dict[str, list[dict[str, float]]] = {STREAM: [], STREAM_BY_HAND: []}
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in"
        source.mkdir()
        for number in range(FILES):
            crowds.people(case, count // FILES, seed=number).write_parquet(source / f"{number}.parquet")
        for _ in range(rounds):
            for name, how in ((STREAM, "ours"), (STREAM_BY_HAND, "by_hand")):
                out = Path(folder) / f"{how}.parquet"
                told = subprocess.run([sys.executable, "-c", _FILE, str(source), how, str(out)], check=True,
                                      capture_output=True, text=True).stdout  # fmt: skip
                found[name].append(json.loads(told))
        verdicts = [_words(pl.read_parquet(Path(folder) / f"{how}.parquet", columns=["verdict"])["verdict"])
                    for how in ("ours", "by_hand")]  # fmt: skip
        differ = int((verdicts[0] != verdicts[1]).sum())
    rows = []
    hand = [one["seconds"] for one in found[STREAM_BY_HAND]]
    for name, runs in found.items():
        seconds = [one["seconds"] for one in runs]
        note = f"{differ:,} of {count:,} differ" if differ and name == STREAM else "every finding"
        rows.append(Row(name, statistics.median(seconds), {STREAM_BY_HAND: ratio(seconds, hand)}, note,
                        {PEAK: max(one["peak"] for one in runs)}))  # fmt: skip
    return Section(
        "bulk_files", f"10 drawn rules: {count:,} persons, from Parquet to Parquet", tuple(rows), (STREAM_BY_HAND,)
    )


# ------------------------------------------------------------------------------------------------------- goals

DECISIONS = ("bulk_register", "bulk_series", "bulk_rules_10", "bulk_rules_100")
GOALS = (
    Goal("a million persons, verdicts, over polars by hand (75 % of its speed)", 1 / 0.75,
         ratios(DECISIONS, OURS, POLARS)),
    Goal("a million persons, totals, over polars by hand (75 % of its speed)", 1 / 0.75,
         ratios(("bulk_totals",), TOTAL, TOTAL_BY_HAND)),
    Goal("a million persons, every finding, over polars by hand for verdicts (40 % of its speed)", 1 / 0.4,
         ratios(DECISIONS, OURS_FOUND, POLARS)),
    Goal("ten million from Parquet to Parquet, over polars by hand", 3,
         ratios(("bulk_files",), STREAM, STREAM_BY_HAND)),
    Goal("the same, memory", 400, extra("bulk_files", STREAM, PEAK), "MB"),
    Goal("cells that differ, in columns", 0, extra("bulk_cells", OURS_FOUND, DIFFER), ""),
    Goal("cells that differ, as SQL on duckdb", 0, extra("bulk_cells", OURS_SQL, DIFFER), ""),
)  # fmt: skip
