"""The bundled policies as SQL: what duckdb makes of a statement is what the library answers, cell for cell."""

from __future__ import annotations

import functools
import re
from datetime import date

import duckdb
import polars as pl
import pytest
from click.testing import CliRunner, Result

import trainingrules
from tests.comparing_tables import compared
from tests.random_people import random_people
from tests.test_sql import Stream
from trainingrules.bulk.inputs import KEY, inputs_of
from trainingrules.bulk.sql import column_of
from trainingrules.bulk.warehouse import statement_of
from trainingrules.cli import main
from trainingrules.diagnostics import EngineError
from trainingrules.loading import bundled
from trainingrules.questions import Question, questions_of

ON = date(2026, 3, 1)
load = functools.cache(trainingrules.load)


def translatable() -> list[tuple[str, Question]]:
    """Every question of a bundled policy that can be said in SQL."""
    found = []
    for name in bundled():
        policy = load(name)
        for question in questions_of(policy):
            if question.name is None or question.sort == "notes":
                continue
            try:
                statement_of(policy, question, ON)
            except EngineError:
                continue
            found.append((name, question))
    return found


ASKED = translatable()


def answered(text: str, people: pl.DataFrame) -> pl.DataFrame:
    """What duckdb makes of a statement."""
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET TimeZone = 'America/New_York'")
        connection.register("facts", Stream(people))
        return pl.DataFrame(connection.sql(text))


@pytest.mark.parametrize(("name", "question"), ASKED, ids=[f"{name}-{one.sort}-{one.name}" for name, one in ASKED])
def test_a_statement_answers_what_the_library_answers(name: str, question: Question) -> None:
    policy = load(name)
    people = random_people(policy, inputs_of(policy, question), ON, count=40, seed=len(name))
    found = answered(statement_of(policy, question, ON).text, people)
    cells, differ = compared(policy, question, ON, people, found)
    assert cells > len(people) / 2
    assert differ == []


# ------------------------------------------------------------------------------------------------ the command


def run(*args: str) -> Result:
    return CliRunner().invoke(main, ["sql", *args], env={"COLUMNS": "100"})


def test_the_command_writes_a_statement_that_runs_under_a_comment_that_says_what_it_wants() -> None:
    """
    Every column that the statement reads is told in the comment, and every one that it gives.
    """
    told = run("awl", "--eligibility", "start", "--on", "2026-03-01", "--key", "candidate", "--table", "main.facts")
    assert (told.exit_code, told.stderr) == (0, "")
    question = Question("eligibility", "start")
    people = random_people(load("awl"), inputs_of(load("awl"), question), ON, count=5)
    found = answered(told.stdout, people.rename({KEY: "candidate"}))
    comment = [line for line in told.stdout.splitlines() if line.startswith("--")]
    listed = [parts[1] for line in comment if len(parts := line.split()) > 2 and line.startswith("--   ")]
    wanted, given = listed[: listed.index("candidate", 1)], listed[listed.index("candidate", 1) :]
    read = statement_of(load("awl"), question, ON).inputs
    assert wanted == ["candidate", *(column_of(one) for one in read)]
    assert {re.sub(r"^finding[.].*", "finding.RULE", column) for column in found.columns} == set(given)


def test_the_command_says_for_which_day_and_whose_conditions_these_are() -> None:
    first = run("rvwo", "--eligibility", "join_sessions", "--on", "2026-03-01", "--dialect", "spark").stdout
    assert first.splitlines()[0] == ("-- rvwo (2019): eligibility `join_sessions`, asked on 2026-03-01; SQL of spark.")
    assert "FROM `facts`" in first


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("--eligibility", "join_sesions"), "did you mean `join_sessions`?"),
        (("--eligibility", "join_sessions", "--dialect", "sparc"), "did you mean `spark`?"),
        (("--eligibility", "join_sessions", "--table", "a..b"), "`a..b` is not the name of a table"),
        (("--eligibility", "join_sessions", "--key", "role"), "the key cannot be called `role`: another column is"),
        (("--eligibility", "join_sessions", "--key", "Role"), "`Role` and `role` are the same column in duckdb"),
        (("--note", "all"), "--note is not asked of a table"),
        (("--deadline", "all"), "one deadline at a time"),
        ((), "no question is asked"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(args: tuple[str, ...], told: str) -> None:
    ended = run("rvwo", *args, "--on", "2026-03-01")
    assert ended.exit_code == 2
    assert told in ended.stderr
    assert ended.stdout == ""


def test_what_cannot_be_said_in_sql_is_refused_by_name() -> None:
    ended = run("calibris", "--eligibility", "theme_workshop", "--on", "2026-03-01")
    assert ended.exit_code == 2
    assert ended.stderr == "error: the rows or rounds of `renewals` cannot be said in the SQL of duckdb\n"
