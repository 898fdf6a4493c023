"""What a question reads of a table of people: the paths of its facts, and its histories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trainingrules.diagnostics import EngineError
from trainingrules.kinds import Shape
from trainingrules.policy import Policy
from trainingrules.program import read_by, rules_of
from trainingrules.questions import Question, entries_of

# The running number of a person in the frames that engines take; no fact may have this name.
KEY = "key"
# The place of a row in its history.
INDEX = "index"


def none_of(path: str) -> str:
    """
    The column that says of a fact that there is none.

    >>> none_of("left_on")
    'left_on.none'
    """
    return f"{path}.none"


@dataclass(frozen=True, slots=True)
class Inputs:
    """What is read of each person.

    ``facts`` holds the shape of each path: a fact given once, or one row of a fact given per row of a table.
    ``rounds`` holds the facts given per round of a cycle, by name: a table has as many of their rounds as it likes.
    ``histories`` holds the fields of each history.
    """

    facts: Mapping[str, Shape]
    rounds: Mapping[str, Shape]
    histories: Mapping[str, Mapping[str, Shape]]

    def shape(self, path: str) -> Shape | None:
        """The shape of a path that is read; none of any other."""
        name, _, rest = path.partition("[")
        number = rest.removesuffix("]")
        if name in self.rounds and rest.endswith("]") and number.isascii() and number.isdigit() and number[0] != "0":
            return self.rounds[name]
        return self.facts.get(path)


def inputs_of(policy: Policy, question: Question) -> Inputs:
    """
    What a question reads, and what the contradictions of the policy read: those refuse an answer to any question.

    >>> from trainingrules import load
    >>> list(inputs_of(load("rvwo"), Question("eligibility", "join_sessions")).facts)
    ['role', 'organisation', 'series']
    """
    entries = entries_of(policy, question.sort)
    asked = [question.name] if question.name is not None else list(entries)
    if question.party is not None:
        asked = [name for name in asked if getattr(entries[name], "who", "") == question.party]
    whole: list[object] = [entries[name] for name in asked]
    if question.sort == "eligibility":
        whole += [rule.condition for name in asked for rule in rules_of(policy, name)]
    judged = {getattr(entries[name], "judged_on", "") for name in asked}
    contradictions = tuple(policy.contradictions.values())
    also = {one.rows for one in contradictions}
    return _inputs(policy, frozenset({*read_by(policy, (*whole, *contradictions)), *judged, *also}))


def every_input(policy: Policy) -> Inputs:
    """Everything that a table may tell of a person."""
    return _inputs(policy, frozenset({*policy.facts, *policy.records}))


def _inputs(policy: Policy, names: frozenset[str]) -> Inputs:
    facts: dict[str, Shape] = {}
    rounds: dict[str, Shape] = {}
    for name, fact in policy.facts.items():
        if name not in names:
            continue
        if fact.per in policy.tables:
            facts |= {f"{name}[{row}]": fact.shape for row in policy.tables[fact.per].rows}
        elif fact.per:
            rounds[name] = fact.shape
        else:
            facts[name] = fact.shape
    for name, records in policy.records.items():
        if name in names and INDEX in records.fields:
            raise EngineError(f"`{name}` has a field `{INDEX}`, and cannot be told in tables")
    histories = {
        name: {field: one.shape for field, one in records.fields.items()}
        for name, records in policy.records.items() if name in names
    }  # fmt: skip
    return Inputs(facts, rounds, histories)
