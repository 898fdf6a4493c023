"""Somebody who asks, and what a reader would see of the answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from trainingrules.diagnostics import FactError, QuestionError
from trainingrules.engines import Engine
from trainingrules.examples import OVERALL, Example, seen
from trainingrules.policy import Policy
from trainingrules.questions import Question

Day = date | datetime


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who asks: the facts as they are written in a YAML file, and the day or moment of asking."""

    facts: Mapping[str, Any]
    on: Day


def outcome(
    policy: Policy, question: Question, person: Person, *, engine: str | Engine = "reference"
) -> Mapping[str, Any]:
    """
    What a reader would see of the answer, in the words in which examples expect it; a refusal is one too.

    Facts, rows and fields that the policy does not have are not given to it.

    >>> from trainingrules import load
    >>> someone = Person({"role": "teacher"}, date(2026, 1, 1))
    >>> outcome(load("rvwo"), Question("eligibility", "teach_skills"), someone)["silent"]
    frozenset({'a_work_supervisor'})
    """
    try:
        return seen(question.ask(policy, known_to(policy, person.facts), on=person.on, engine=engine))
    except FactError as reason:
        # The words of a contradiction are its author's; its help has its name.
        said = ((one.code, one.help if one.code == "contradiction" else one.message) for one in reason.diagnostics)
        return {"refused": frozenset(said)}
    except QuestionError:
        return {"refused": frozenset({("unknown-question", "")})}


def known_to(policy: Policy, facts: Mapping[str, Any]) -> dict[str, Any]:
    """
    The facts that a policy has, without the others.
    """
    result: dict[str, Any] = {}
    for name, given in facts.items():
        if name in policy.records and isinstance(given, list):
            fields = policy.records[name].fields
            result[name] = [{key: cell for key, cell in row.items() if key in fields} for row in given]
        elif name in policy.facts:
            table = policy.tables.get(policy.facts[name].per)
            if table is not None and isinstance(given, Mapping):
                given = {key: cell for key, cell in given.items() if key in table.rows}
            result[name] = given
    return result


def people_of(examples: Iterable[Example], question: Question) -> Iterator[Person]:
    """
    The persons of a policy's own examples about a question.
    """
    sorts = {"deadlines": "deadline", "notes": "note"}
    wanted = (sorts.get(question.sort, question.sort), question.name or OVERALL)
    for one in examples:
        if one.question == wanted:
            yield Person(one.facts, one.on)
