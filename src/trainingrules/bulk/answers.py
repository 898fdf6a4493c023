"""The columns of an answer: which there are for a question, and how an answer fills them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import polars as pl

from trainingrules.answers.common import Answer, Missing
from trainingrules.answers.compliance import Compliance
from trainingrules.answers.cost import Cost
from trainingrules.answers.deadlines import Deadlines, DeadlineState, Limit
from trainingrules.answers.eligibility import Eligibility, Outcome, Verdict
from trainingrules.calendar import write_date, write_moment
from trainingrules.diagnostics import EngineError, QuestionError, did_you_mean, one_of
from trainingrules.kinds import Shape
from trainingrules.money import to_cents
from trainingrules.policy import Policy, Today, walk_deep
from trainingrules.program import rules_of
from trainingrules.questions import Question, entries_of

NOT_IN_FORCE = "not_in_force"
FINDING = "finding."
MISSING = "missing"
_LIMITS = ("start_from", "start_to", "until_from", "until_to")
_HOLDS = {Outcome.MET: True, Outcome.NOT_APPLICABLE: True, Outcome.UNMET: False}
_PATHS = pl.List(pl.String)


def schema_of(policy: Policy, question: Question, on: date | datetime) -> dict[str, pl.DataType]:
    """
    The columns of the answers to a question, in order, without the key.

    >>> from trainingrules import load
    >>> list(schema_of(load("rvwo"), Question("eligibility", "session_audience"), date(2026, 1, 1)))
    ['verdict', 'finding.meant_or_invited', 'missing']

    Raises:
        QuestionError: the policy has no such entry.
        EngineError: the answers have no fixed columns.
    """
    _known(policy, question)
    match question.sort:
        case "eligibility":
            rules = rules_of(policy, str(question.name))
            findings = {f"{FINDING}{rule.name}": pl.Boolean() for rule in rules}
            return {"verdict": pl.String(), **findings, MISSING: _PATHS}
        case "cost":
            cents = {"at_least_cents": pl.Int64(), "at_most_cents": pl.Int64()}
            return {**cents, "complete": pl.Boolean(), MISSING: _PATHS}
        case "deadlines":
            day = pl.String() if _may_be_moments(policy, question, on) else pl.Date()
            columns = {"state": pl.String(), **dict.fromkeys(_LIMITS, day), MISSING: _PATHS}
            return {name + which: kind for which in entries_asked(policy, question) for name, kind in columns.items()}
        case "compliance":
            return {"status": pl.String(), MISSING: _PATHS}
        case _:
            raise EngineError(f"`{question.sort}` are not answered for tables; ask for one person at a time")


def _known(policy: Policy, question: Question) -> None:
    entries = entries_of(policy, question.sort)
    if question.name is None and question.sort != "compliance":
        raise QuestionError(f"which {question.sort}? {one_of(entries)}")
    if question.name is not None and question.name not in entries:
        close = did_you_mean(question.name, entries) or one_of(entries)
        raise QuestionError(f"{question.sort} `{question.name}` is not in this policy; {close}")


def entries_asked(policy: Policy, question: Question) -> list[str]:
    """
    What stands behind the columns of a deadline: `[row]` or `[round]` for each of those, nothing for a single one.

    Raises:
        EngineError: there are as many as a history or the running of a cycle makes them: no fixed columns.
    """
    scope = policy.deadlines[str(question.name)].scope
    if scope.each in policy.tables:
        return [f"[{row}]" for row in policy.tables[scope.each].rows]
    if scope.each:
        raise EngineError(f"deadline `{question.name}` is answered per row of history `{scope.each}`, and each person "
                          "has other rows: ask about one at a time")  # fmt: skip
    if not scope.per:
        return [""]
    if question.cycles is None:
        raise EngineError(f"deadline `{question.name}` is answered per round of `{scope.per}`: say which, as in "
                          "--cycles 1-3")  # fmt: skip
    return [f"[{number}]" for number in question.cycles]


def _may_be_moments(policy: Policy, question: Question, on: date | datetime) -> bool:
    """Whether the days of a deadline may carry a time."""
    deadline = policy.deadlines[str(question.name)]
    for part in walk_deep(policy, (deadline.start, deadline.until)):
        shape = getattr(part, "shape", None)
        if isinstance(shape, Shape) and shape.kind == "moment":
            return True
        if isinstance(part, Today) and isinstance(on, datetime):
            return True
    return False


def cells_of(answer: Answer, schema: Mapping[str, pl.DataType], which: list[str]) -> dict[str, Any]:
    """The cells of one answer; ``which`` are the entries asked of a deadline."""
    match answer:
        case Eligibility():
            found = {f"{FINDING}{one.name}": _HOLDS.get(one.outcome) for one in answer.reasons}
            if answer.verdict is Verdict.NOT_IN_FORCE:
                found = dict.fromkeys(name for name in schema if name.startswith(FINDING))
            return {"verdict": answer.verdict.value, **found, MISSING: _paths(answer.missing)}
        case Cost():
            low, high = _cents(answer.at_least), _cents(answer.at_most)
            return {"at_least_cents": low, "at_most_cents": high, "complete": answer.complete,
                    MISSING: _paths(answer.missing)}  # fmt: skip
        case Deadlines():
            if not answer.in_force:
                cells: dict[str, Any] = dict.fromkeys(schema)
                return cells | {f"state{one}": NOT_IN_FORCE for one in which} | {f"{MISSING}{one}": [] for one in which}
            pairs = zip(which, answer.deadlines, strict=True)
            return {
                f"{name}{one}": cell for one, entry in pairs for name, cell in _deadline(entry, schema, one).items()
            }
        case Compliance():
            return {"status": answer.overall.value, MISSING: _paths(answer.missing)}
        case _:
            raise TypeError(f"a {type(answer).__name__} has no columns")


def _deadline(entry: DeadlineState, schema: Mapping[str, pl.DataType], which: str) -> dict[str, Any]:
    ends = [end for limit in (entry.start, entry.until) for end in _ends(limit)]
    as_text = schema[f"{_LIMITS[0]}{which}"] == pl.String()
    cells = {name: _written(end) if as_text else end for name, end in zip(_LIMITS, ends, strict=True)}
    return {"state": entry.state.value, **cells, MISSING: _paths(entry.missing)}


def _ends(limit: Limit | None) -> tuple[Any, Any]:
    return (None, None) if limit is None else (limit.earliest, limit.latest)


def _written(day: date | datetime | None) -> str | None:
    if day is None:
        return None
    return write_moment(day.astimezone(UTC)) if isinstance(day, datetime) else write_date(day)


def _paths(missing: tuple[Missing, ...]) -> list[str]:
    return [one.fact for one in missing]


def _cents(amount: Decimal | None) -> int | None:
    return None if amount is None else to_cents(amount)
