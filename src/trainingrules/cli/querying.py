"""The command that writes a question as SQL."""

from __future__ import annotations

import importlib.util
from datetime import date, datetime

import click

from trainingrules.cli import screen
from trainingrules.cli.parameters import DAY, policy_argument, policy_of
from trainingrules.cli.questions import Question, question_in, question_options
from trainingrules.diagnostics import EngineError
from trainingrules.questions import Question as Asked
from trainingrules.questions import Sort

_SORTS: dict[str, Sort] = {"eligibility": "eligibility", "cost": "cost", "deadline": "deadlines",
                           "compliance": "compliance"}  # fmt: skip
_DIALECTS = ("duckdb", "spark")


@click.command("sql", short_help="Write a question as SQL, for a table of people.")
@policy_argument()
@question_options
@click.option("--on", type=DAY, metavar="DAY", required=True, help="The day or moment of asking: no clock is read.")
@click.option(
    "--dialect",
    metavar="NAME",
    default=_DIALECTS[0],
    show_default=True,
    help=f"In whose SQL: {' or '.join(_DIALECTS)}; every statement was run in these, and compared.",
)
@click.option("--table", metavar="NAME", default="facts", show_default=True, help="The table with a row per person.")
@click.option("--key", metavar="COLUMN", default="key", show_default=True, help="The column that says whose row it is.")
def sql(policy: str, on: date | datetime, dialect: str, table: str, key: str, **asked: str | None) -> int:  # fmt: skip
    """Write a question as one SELECT, to run in a database of your own.

    Its columns are facts, by name; null is what is not known, and an answer can be `unknown`. A comment above it says
    which columns it reads, of what types, and what it gives. What cannot be said exactly in SQL is refused by name.

    \b
    Examples:
      trainingrules sql bcmb --eligibility programme_b --on 2026-03-01
      trainingrules sql awl --eligibility start --on 2026-03-01 --dialect spark --table people.candidates
      trainingrules sql bcmb --eligibility enrol --on 2026-03-01 --key student > enrol.sql

    \b
    Exit codes: 0 written, 2 the question cannot be asked in SQL, or not like this.
    """
    if importlib.util.find_spec("sqlglot") is None or importlib.util.find_spec("polars") is None:
        raise EngineError("SQL needs the extra `sql`: pip install 'trainingrules[sql]'")
    from trainingrules.bulk.warehouse import sql_of

    found = policy_of(policy)
    question = question_in(asked)
    screen.say(sql_of(found, _named(question), on, dialect=dialect, table=table, key=key).rstrip("\n"))
    return 0


def _named(question: Question | None) -> Asked:
    """The one entry that is asked about."""
    if question is None:
        raise click.UsageError("no question is asked; `trainingrules list POLICY` shows which can be")
    if question.sort.name not in _SORTS:
        raise click.UsageError(f"--{question.sort.name} is not asked of a table; ask for one person with `ask`")
    if question.name is None:
        raise click.UsageError(f"one {question.sort.name} at a time: give its name instead of `all`")
    return Asked(_SORTS[question.sort.name], question.name)
