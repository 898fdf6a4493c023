"""A question as SQL for a database of one's own: the statement, under a comment that says what it wants and gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from trainingrules.bulk.answering import PATTERN, answering
from trainingrules.bulk.answers import FINDING, schema_of
from trainingrules.bulk.dialects import dialect_named
from trainingrules.bulk.engine import CONTRADICTED
from trainingrules.bulk.sql import APART, Statement, column_of, statement
from trainingrules.calendar import write_date, write_moment
from trainingrules.plan.steps import Input
from trainingrules.policy import Policy
from trainingrules.questions import Question


def sql_of(
    policy: Policy,
    question: Question,
    on: date | datetime,
    *,
    dialect: str = "duckdb",
    table: str = "facts",
    key: str = "key",
) -> str:
    """
    The SELECT that answers a question for everybody in a table, as of one day.

    >>> from trainingrules import load
    >>> text = sql_of(load("rvwo"), Question("eligibility", "join_sessions"), date(2026, 3, 1), table="teachers")
    >>> text.startswith("-- rvwo")
    True
    >>> 'FROM "teachers"' in text
    True

    Raises:
        QuestionError: the policy has no such entry.
        EngineError: the dialect is not known, or something in the policy cannot be said in it exactly; it is named.
    """
    written = statement_of(policy, question, on, dialect=dialect, table=table, key=key)
    head = _comment(policy, question, on, written, table, key)
    return "\n".join([*(f"-- {line}".rstrip() for line in head), f"{written.laid_out};", ""])


def statement_of(
    policy: Policy,
    question: Question,
    on: date | datetime,
    *,
    dialect: str = "duckdb",
    table: str = "facts",
    key: str = "key",
) -> Statement:
    """
    The statement by itself, without the registers that only tell which facts are missing.

    Raises:
        QuestionError: the policy has no such entry.
        EngineError: the dialect is not known, or something in the policy cannot be said in it exactly; it is named.
    """
    spoken = dialect_named(dialect)
    schema_of(policy, question, on)
    plan = answering(policy, question, on)
    told = plan.only(name for name in plan.outputs if not name.startswith(PATTERN))
    return statement(told, on, spoken, table=table, key=key)


# --- the comment ---


def _comment(
    policy: Policy, question: Question, on: date | datetime, written: Statement, table: str, key: str
) -> Iterator[str]:
    day = write_moment(on) if isinstance(on, datetime) else write_date(on)
    asked = f"{question.sort} `{question.name or 'all'}`, asked on {day}"
    yield f"{policy.name} ({policy.edition}): {asked}; SQL of {written.dialect.name}."
    yield "The day is part of the statement: for another day, make another."
    yield ""
    yield f"{table} has a row for each person, and these columns. Null is what is not known: of a fact that you do not"
    yield "have, give CAST(NULL AS type). A text has no white space around it, and is in Unicode's composed form (NFC)."
    rows = [(key, "whose row it is"), *((column_of(read), _wanted(written, read)) for read in written.inputs)]
    yield from _table(rows)
    yield ""
    yield "For each row it gives:"
    given = dict.fromkeys(_sort_of(name) for name in (*written.outputs, APART))
    yield from _table([(key, "as it was"), *((name, _GIVEN[name]) for name in given)])
    yield "Which facts are still missing it does not tell: `trainingrules table` and `trainingrules ask` do."


def _table(rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    width = min(_WIDEST, max(len(name) for name, _ in rows))
    return (f"  {name:<{width}}  {what}".rstrip() for name, what in rows)


def _wanted(written: Statement, read: Input) -> str:
    """The type of a column, and how its values are counted."""
    kind = written.type_of(read)
    shape = read.shape
    if read.none:
        return f"{kind}, true when there is none: then `{read.path}` is null"
    match shape.kind:
        case "money":
            return f"{kind}, in cents"
        case "decimal" | "percent":
            return f"{kind}, in millionths"
        case "duration":
            return f"{kind}, in {shape.base_unit}"
        case "choice" | "row" | "list":
            options = ", ".join([*list(shape.options)[:_MOST_OPTIONS], *["…"][: len(shape.options) > _MOST_OPTIONS]])
            return f"{kind}: {options}"
        case _:
            return kind


def _sort_of(name: str) -> str:
    """What an output is called apart from the rule, row or round it is about."""
    return f"{FINDING}RULE" if name.startswith(FINDING) else name.partition("[")[0]


_WIDEST = 40
_MOST_OPTIONS = 8
_GIVEN: Mapping[str, str] = {
    "verdict": "eligible, conditional, not_eligible, unknown or not_in_force",
    f"{FINDING}RULE": "of each rule: true when it is met or does not apply, null when that is not known",
    "at_least_cents": "the total, at least; null is open",
    "at_most_cents": "the total, at most; null is open",
    "complete": "whether the total has all its parts",
    "state": "how the deadline stands",
    "start_from": "the first day it can begin on; null is open",
    "start_to": "the last day it can begin on; null is open",
    "until_from": "the first day it can end on; null is open",
    "until_to": "the last day it can end on; null is open",
    "status": "whether the duty is kept",
    CONTRADICTED: "true when the facts contradict each other: then nothing else is said",
    APART: "true when a fact lies outside what a column may hold: ask about these one by one",
}
