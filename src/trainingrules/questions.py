"""Every question that may be asked of a policy, as a value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from trainingrules.answers.common import Answer
from trainingrules.answers.compliance import compliance
from trainingrules.answers.cost import cost
from trainingrules.answers.deadlines import deadlines
from trainingrules.answers.eligibility import eligibility
from trainingrules.answers.notes import look_up
from trainingrules.engines import Engine
from trainingrules.entries import WHOLE, Place, graph, reached
from trainingrules.facts import Facts
from trainingrules.policy import Deadline, Decision, Duty, Note, Policy, Quote

Sort = Literal["eligibility", "cost", "deadlines", "compliance", "notes"]


@dataclass(frozen=True, slots=True)
class Question:
    """A question that may be asked of a policy; without a name, about all there is."""

    sort: Sort
    name: str | None = None
    cycles: tuple[int, ...] | None = None
    party: str | None = None

    def ask(
        self,
        policy: Policy,
        facts: Mapping[str, Any] | Facts,
        *,
        on: date | datetime,
        engine: str | Engine = "compiled",
    ) -> Answer:
        """
        The answer.

        Raises:
            FactError: the facts contradict each other.
        """
        match self.sort:
            case "eligibility":
                return eligibility(policy, facts, on=on, decision=self.name, engine=engine)
            case "cost":
                return cost(policy, facts, on=on, quote=self.name, cycles=self.cycles, engine=engine)
            case "deadlines":
                return deadlines(policy, facts, on=on, deadline=self.name, cycles=self.cycles, engine=engine)
            case "compliance":
                return compliance(policy, facts, on=on, duty=self.name, party=self.party, cycles=self.cycles,
                                  engine=engine)  # fmt: skip
            case "notes":
                return look_up(policy, facts, on=on, note=self.name, engine=engine)


_SECTIONS: Mapping[Sort, str] = {"eligibility": "eligibility", "cost": "costs", "deadlines": "deadlines",
                                 "compliance": "compliance", "notes": "notes"}  # fmt: skip


def place_of(question: Question) -> Place:
    """Where the entry that a question is about stands."""
    return _SECTIONS[question.sort], str(question.name)


def rests_of(policy: Policy, questions: Iterable[Question]) -> dict[Question, frozenset[Place]]:
    """
    The places on which the answer to each of some questions can rest; what holds for the whole is among them.

    >>> from trainingrules import load
    >>> question = Question("eligibility", "join_sessions")
    >>> ("eligibility", "session_audience") in rests_of(load("rvwo"), [question])[question]
    True
    """
    refers = graph(policy)
    always = [*WHOLE, *(place for place in refers if place[0] == "contradictions")]

    def asked(question: Question) -> Iterable[Place]:
        if question.name is not None:
            return [place_of(question)]
        return [place for place in refers if len(place) == 2 and place[0] == _SECTIONS[question.sort]]

    return {question: reached([*asked(question), *always], refers) for question in questions}


def entries_of(policy: Policy, sort: Sort) -> Mapping[str, Decision | Quote | Deadline | Duty | Note]:
    """The entries that a sort of question can be about, by name."""
    entries: Mapping[Sort, Mapping[str, Decision | Quote | Deadline | Duty | Note]] = {
        "eligibility": policy.decisions, "cost": policy.quotes, "deadlines": policy.deadlines,
        "compliance": policy.duties, "notes": policy.notes,
    }  # fmt: skip
    return entries[sort]


def questions_of(policy: Policy) -> tuple[Question, ...]:
    """
    Every question by name, and the general ones.

    >>> from trainingrules import load
    >>> questions_of(load("rvwo"))[0]
    Question(sort='eligibility', name='assess_progress', cycles=None, party=None)
    """
    asked = [Question(sort, name) for sort in _SECTIONS for name in entries_of(policy, sort)]
    asked += [Question(sort) for sort in ("deadlines", "compliance", "notes")]
    return (*asked, *(Question("compliance", party=party) for party in policy.parties))
