"""Every question of the bundled policies on Spark in local mode, cell for cell against the library: none may differ.

It needs Java 17 and `pip install pyspark`, which is large, so that `make bench` does without:

    python -m benchmarks.spark                  # 1,000 people a question, a fifth of their facts unknown
    python -m benchmarks.spark --people 100 --programs 20
"""

from __future__ import annotations

import argparse
import functools
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import trainingrules
from tests.comparing_tables import compared
from tests.random_people import random_people
from tests.random_plans import Drawn, Person, persons, plans
from tests.test_sql import at_work, frame_of
from trainingrules.bulk.dialects import dialect_named
from trainingrules.bulk.inputs import KEY, inputs_of
from trainingrules.bulk.sql import APART, Statement, statement
from trainingrules.bulk.warehouse import statement_of
from trainingrules.diagnostics import EngineError
from trainingrules.loading import bundled
from trainingrules.plan.steps import run
from trainingrules.policy import Policy
from trainingrules.questions import Question, questions_of

ON = date(2026, 3, 1)
SPARK = dialect_named("spark")


class Session:
    """Spark in this process, with tables from and to Parquet. Its clock is set far away: that must not matter."""

    def __init__(self, folder: Path) -> None:
        from pyspark.sql import SparkSession

        self.folder = folder
        settings = {"spark.ui.enabled": "false", "spark.sql.session.timeZone": "Pacific/Auckland",
                    "spark.sql.shuffle.partitions": "1", "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
                    "spark.log.level": "ERROR"}  # fmt: skip
        builder = SparkSession.builder.master("local[2]")
        for name, value in settings.items():
            builder = builder.config(name, value)
        self.spark = builder.getOrCreate()

    def ask(self, text: str, facts: pl.DataFrame) -> pl.DataFrame:
        """What Spark makes of a statement about a frame."""
        given, found = self.folder / "facts.parquet", self.folder / "found"
        facts.write_parquet(given)
        self.spark.read.parquet(str(given)).createOrReplaceTempView("facts")
        self.spark.sql(text).coalesce(1).write.mode("overwrite").parquet(str(found))
        asked = pl.read_parquet(found / "*.parquet")
        # Spark writes moments in UTC, and does not say so.
        return asked.with_columns(pl.selectors.datetime(time_zone=None).dt.replace_time_zone("UTC")).sort(KEY)


def questions() -> Iterator[tuple[Policy, Question, Statement | EngineError]]:
    """Every question about one entry of a bundled policy, with its statement or why there is none."""
    for name in bundled():
        policy = trainingrules.load(name)
        for question in questions_of(policy):
            if question.name is None or question.sort == "notes":
                continue
            try:
                yield policy, question, statement_of(policy, question, ON, dialect="spark")
            except EngineError as reason:
                yield policy, question, reason


def compare_programs(session: Session, count: int) -> None:
    """
    Random programs, register by register.

    Raises:
        AssertionError: a register differs; hypothesis shows the smallest such program that it found.
    """

    @settings(max_examples=count, deadline=None, derandomize=True, database=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(plans(), st.lists(persons(), min_size=3, max_size=6))
    def every_register_is_what_the_program_means(drawn: Drawn, people: Sequence[Person]) -> None:
        written = statement(drawn.plan, drawn.today, SPARK)
        found = session.ask(written.text, frame_of(written.inputs, people)).to_dicts()
        for row, person in zip(found, people, strict=True):
            if not row[APART]:
                registers = run(drawn.plan, person, drawn.today)
                wanted = {name: at_work(registers[ref]) for name, ref in drawn.plan.outputs.items()}
                assert {name: row[name] for name in wanted} == wanted

    every_register_is_what_the_program_means()


def main() -> int:
    """Print a line for each question; 1 when a cell differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=1_000, help="how many a question (default: 1000)")
    parser.add_argument("--programs", type=int, default=0, help="how many random programs besides (default: none)")
    asked = parser.parse_args()
    start, compared_cells, differing, apart, refused = time.perf_counter(), 0, 0, 0, 0
    people_of = functools.partial(random_people, on=ON, count=asked.people)
    with tempfile.TemporaryDirectory() as folder:
        session = Session(Path(folder))
        if asked.programs:
            compare_programs(session, asked.programs)
            print(f"{asked.programs} random programs: every register the same")
        for policy, question, written in questions():
            name = f"{policy.name} {question.sort} {question.name}"
            if isinstance(written, EngineError):
                refused += 1
                print(f"{name}: refused: {written}")
                continue
            people = people_of(policy, inputs_of(policy, question))
            found = session.ask(written.text, people)
            cells, differ = compared(policy, question, ON, people, found)
            compared_cells, differing = compared_cells + cells, differing + len(differ)
            apart += int(found[APART].sum())
            if differ:
                print(f"{name}: {len(differ)} of {cells} cells differ, such as {differ[0]}")
    print(f"{compared_cells:,} cells compared on Spark, {differing} differ; {apart} rows answered apart; "
          f"{refused} questions refused; {time.perf_counter() - start:.0f} s")  # fmt: skip
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
