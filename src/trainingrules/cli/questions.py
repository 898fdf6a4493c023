"""The questions on the command line: which can be asked of a policy, what they read, and their answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

import click

from trainingrules.answers.common import Answer, ask_for
from trainingrules.answers.compliance import compliance
from trainingrules.answers.cost import cost
from trainingrules.answers.deadlines import deadlines
from trainingrules.answers.eligibility import eligibility
from trainingrules.answers.notes import look_up
from trainingrules.cli.parameters import Command
from trainingrules.diagnostics import QuestionError, did_you_mean, one_of
from trainingrules.facts import Facts
from trainingrules.policy import Policy
from trainingrules.program import read_by, rules_of
from trainingrules.words import Text, listing

ALL = "all"


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of question: its option, what it asks, and which entries of a policy it can be asked about."""

    name: str
    metavar: str
    asks: Text
    entries: Callable[[Policy], Mapping[str, Any]]
    takes: frozenset[str] = frozenset()
    all: bool = True


SORTS: Mapping[str, Sort] = {
    sort.name: sort
    for sort in (
        Sort("eligibility", "NAME", Text("Mag dit?", "May one?"), lambda x: x.decisions, all=False),
        Sort("cost", "NAME", Text("Wat kost het?", "What does it cost?"), lambda x: x.quotes,
             frozenset({"cycles", "vat_rate"}), all=False),
        Sort("deadline", "NAME|all", Text("Wanneer, en tot wanneer?", "From when, until when?"), lambda x: x.deadlines,
             frozenset({"cycles", "row"})),
        Sort("compliance", "NAME|all", Text("Wordt het nagekomen?", "Is it complied with?"), lambda x: x.duties,
             frozenset({"cycles", "row", "party"})),
        Sort("note", "NAME|all", Text("Wat zegt de bron?", "What does the source say?"), lambda x: x.notes,
             frozenset({"row"})),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """A sort of question and the entry it is about; no name means all of them."""

    sort: Sort
    name: str | None


def question_options(command: Command) -> Command:
    """One option for each sort of question."""
    for sort in reversed(list(SORTS.values())):
        command = click.option(f"--{sort.name}", metavar=sort.metavar, help=sort.asks.en)(command)
    return command


def question_in(given: Mapping[str, Any]) -> Question | None:
    """The one question that is asked, or none."""
    asked = {name: given[name] for name in SORTS if given.get(name) is not None}
    if len(asked) > 1:
        shown = " and ".join(f"--{name}" for name in asked)
        raise click.UsageError(f"one question at a time: {shown} were given")
    for name, about in asked.items():
        return Question(SORTS[name], None if about == ALL and SORTS[name].all else about)
    return None


# --- what a question reads ---


def facts_read(policy: Policy, question: Question) -> frozenset[str]:
    """
    The names of the facts and histories that a question may read.

    Raises:
        QuestionError: the policy has no such entry.
    """
    names = _entries(policy, question)
    entries = question.sort.entries(policy)
    judged = {entries[name].judged_on for name in names if question.sort.name in ("eligibility", "cost")}
    rules: list[object] = [entries[name] for name in names]
    if question.sort.name == "eligibility":
        rules = [rule.condition for name in names for rule in rules_of(policy, name)]
    return frozenset({*read_by(policy, tuple(rules)), *judged} - {""})


def _entries(policy: Policy, question: Question) -> list[str]:
    entries = question.sort.entries(policy)
    if question.name is None:
        return list(entries)
    if question.name not in entries:
        close = did_you_mean(question.name, entries) or one_of(entries)
        raise QuestionError(f"{question.sort.name} `{question.name}` is not in this policy; {close}")
    return [question.name]


# --- the answer ---


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What narrows a question: rounds, a party, a row; and the rate of VAT to add."""

    cycles: tuple[int, ...] | None = None
    party: str | None = None
    row: str | None = None
    vat_rate: Decimal | None = None

    def check(self, sort: Sort) -> None:
        """Refuse what does not go with this sort of question, rather than pass over it."""
        for name in ("cycles", "party", "row", "vat_rate"):
            if getattr(self, name) is not None and name not in sort.takes:
                where = listing([f"--{other.name}" for other in SORTS.values() if name in other.takes], "en")
                raise click.UsageError(f"--{name.replace('_', '-')} goes with {where}, not with --{sort.name}")


def answer(
    policy: Policy, question: Question, facts: Facts, on: date | datetime, narrowed: Narrowed, engine: str
) -> Answer:
    """
    The answer to a question.

    Raises:
        FactError: the facts contradict each other.
        QuestionError: the policy cannot be asked this.
        EngineError: the engine is not there, or `verify` found a difference.
    """
    narrowed.check(question.sort)
    name, cycles = question.name, narrowed.cycles
    match question.sort.name:
        case "eligibility":
            return eligibility(policy, facts, on=on, decision=name, engine=engine)
        case "cost":
            return cost(policy, facts, on=on, quote=name, cycles=cycles, vat_rate=narrowed.vat_rate, engine=engine)
        case "deadline":
            whole = deadlines(policy, facts, on=on, deadline=name, cycles=cycles, engine=engine)
            return whole if narrowed.row is None else _at_row(whole, "deadlines", narrowed.row, policy)
        case "compliance":
            if narrowed.row is not None and name is None:
                raise click.UsageError("--row goes with one duty: name it with --compliance")
            done = compliance(policy, facts, on=on, party=narrowed.party, duty=name, cycles=cycles, engine=engine)
            if narrowed.row is None:
                return done
            done = _at_row(done, "duties", narrowed.row, policy)
            return replace(done, overall=done.duties[0].status)
        case _:
            told = look_up(policy, facts, on=on, note=name, engine=engine)
            return told if narrowed.row is None else _at_row(told, "notes", narrowed.row, policy)


Narrow = TypeVar("Narrow", bound=Any)


def _at_row(whole: Narrow, part: str, row: str, policy: Policy) -> Narrow:
    """The entries of an answer for one row."""
    entries = getattr(whole, part)
    kept = tuple(one for one in entries if one.row is not None and str(one.row) == row)
    if not kept:
        rows = [str(one.row) for one in entries if one.row is not None]
        raise QuestionError(f"there is no row `{row}` here; {did_you_mean(row, rows) or one_of(rows)}" if rows
                            else "this answer is not given per row")  # fmt: skip
    missing = ask_for({one.fact for each in kept for one in each.missing}, policy)
    narrowed: Narrow = replace(whole, **{part: kept}, missing=missing)
    return narrowed
