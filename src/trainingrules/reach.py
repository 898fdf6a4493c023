"""What of a policy its examples reach: the rules, the branches, and the values at which an answer turns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

from trainingrules import policy as p
from trainingrules.answers.deadlines import Deadlines
from trainingrules.calendar import day_of
from trainingrules.diagnostics import FactError, QuestionError
from trainingrules.document import Path
from trainingrules.engines.reference import REFERENCE
from trainingrules.examples import OVERALL, Example, answer
from trainingrules.kinds import DAYS
from trainingrules.mutants import step
from trainingrules.policy import Policy
from trainingrules.reckoning import Finding, Seen, Situation
from trainingrules.truth import Truth

Sort = Literal["rules", "branches", "boundaries"]
SORTS: tuple[Sort, ...] = ("rules", "branches", "boundaries")


@dataclass(frozen=True, slots=True)
class Goal:
    """Something that examples should reach: its sort, its place in the policy, and what is so as long as none does."""

    sort: Sort
    path: Path
    lacks: str


@dataclass(frozen=True, slots=True)
class Reach:
    """Every goal with the first example that reaches it; empty where none does."""

    goals: Mapping[Goal, str]

    def share(self, sort: Sort) -> tuple[int, int]:
        """How many goals of a sort are reached, and how many there are."""
        found = [by for goal, by in self.goals.items() if goal.sort == sort]
        return sum(bool(by) for by in found), len(found)

    @property
    def lacking(self) -> list[Goal]:
        """The goals that no example reaches, in the order of the policy."""
        return [goal for goal, by in self.goals.items() if not by]


def reach(policy: Policy, examples: Iterable[Example]) -> Reach:
    """
    What the examples of a policy reach.

    >>> from trainingrules import load
    >>> found = reach(load("rvwo"), [])
    >>> found.share("rules")[0], found.lacking[0].lacks
    (0, 'no example asks for `assess_progress`')
    """
    goals = _Goals(policy)
    for example in examples:
        goals.example = example.name
        goals.ask(example)
    return Reach(goals.reached)


@dataclass
class _Goals:
    """The goals of a policy, as they are reached; it watches as an engine does, and decides as the reference does."""

    policy: Policy
    name: str = "watching"
    example: str = ""
    reached: dict[Goal, str] = field(default_factory=dict)
    asked: dict[tuple[str, str], Goal] = field(default_factory=dict)
    truths: dict[tuple[tuple[str, Path], str], Goal] = field(default_factory=dict)
    beside: dict[tuple[tuple[str, Path], int], Goal] = field(default_factory=dict)
    states: dict[tuple[str, str], Goal] = field(default_factory=dict)

    def __post_init__(self) -> None:
        sections: Mapping[str, tuple[str, Mapping[str, Any]]] = {
            "eligibility": ("eligibility", self.policy.decisions), "costs": ("cost", self.policy.quotes),
            "deadlines": ("deadline", self.policy.deadlines), "compliance": ("compliance", self.policy.duties),
            "notes": ("note", self.policy.notes),
        }  # fmt: skip
        for section, (kind, entries) in sections.items():
            for name, entry in entries.items():
                self.asked[kind, name] = self.goal("rules", (section, name), f"no example asks for `{name}`")
                self.conditions(entry)
        for entry in (*self.policy.terms.values(), *self.policy.values.values()):
            self.conditions(entry)
        for name, deadline in self.policy.deadlines.items():
            for state in _states(deadline):
                lacks = f"no example has `{name}` in the state `{state}`"
                self.states[name, state] = self.goal("branches", ("deadlines", name), lacks)

    def goal(self, sort: Sort, path: Path, lacks: str) -> Goal:
        goal = Goal(sort, path, lacks)
        self.reached.setdefault(goal, "")
        return goal

    def conditions(self, entry: object) -> None:
        """The goals of every condition within an entry."""
        for node in p.walk(entry):
            if not isinstance(node, p.Check | p.All | p.Any | p.Not | p.Holds) or not node.at:
                continue
            if isinstance(node, p.Check) and isinstance(node.subject, p.Chosen):
                continue  # the policy chose: it never turns out otherwise
            told = _told(node)
            for truth in ("true", "false", *(["unknown"] if _may_be_unknown(self.policy, node) else [])):
                self.truths[_place(node), truth] = self.goal("branches", node.at, f"{told} is never {truth}")
            if isinstance(node, p.Check) and node.operator.growth != "point":
                for sign, words in ((0, "exactly on"), (-1, "one step below"), (1, "one step above")):
                    lacks = f"no example has a value {words} {told}"
                    self.beside[_place(node), sign] = self.goal("boundaries", node.at, lacks)

    # --- watching ---

    def ask(self, example: Example) -> None:
        """Ask an example's question, and note what is passed on the way."""
        kind, name = example.question
        for entry in self.policy.duties if name == OVERALL and kind == "compliance" else [name]:
            self.note(self.asked.get((kind, entry)))
        try:
            found = answer(example, self.policy, self)
        except (FactError, QuestionError):
            return
        for one in found.deadlines if isinstance(found, Deadlines) else ():
            self.note(self.states.get((one.name, one.state.value)))

    def note(self, goal: Goal | None) -> None:
        if goal is not None and not self.reached[goal]:
            self.reached[goal] = self.example

    def decide(self, condition: p.Condition, at: Situation) -> Finding:
        """As the reference engine decides."""
        finding = REFERENCE.decide(condition, at)
        if not at.readings:  # not what another reading of the source would give
            self.watch(finding)
        return finding

    def watch(self, finding: Finding) -> None:
        node = finding.condition
        self.note(self.truths.get((_place(node), _word(finding.truth))))
        if isinstance(node, p.Check) and (_place(node), 0) in self.beside and len(finding.seen) == 2:
            sign = _side(node, *finding.seen, self.policy)
            self.note(self.beside.get((_place(node), sign)) if sign is not None else None)
        for part in finding.parts:
            self.watch(part)


def _place(node: p.Condition) -> tuple[str, Path]:
    """What tells a condition from all others: not the object, for what is made of a policy may come from its equal."""
    return type(node).__name__, getattr(node, "at", ())


def _word(truth: Truth) -> str:
    return "unknown" if not isinstance(truth, bool) else str(truth).lower()


def _told(node: p.Check | p.All | p.Any | p.Not | p.Holds) -> str:
    *_, before, last = node.at
    if isinstance(last, int):
        return f"part {last + 1} of `{before}`"
    return f"`{last}` of `{before}`" if isinstance(node, p.Check) else f"`{last}`"


def _may_be_unknown(policy: Policy, node: object) -> bool:
    """Whether it reads anything of a person."""
    reads = (p.FactValue, p.SumOf, p.CountOf, p.RoundNumber, p.CycleDay, p.Earliest)
    given = (part for part in p.walk_deep(policy, node) if isinstance(part, p.FieldValue))
    return any(isinstance(part, reads) for part in p.walk_deep(policy, node)) or any(
        not set(part.of).isdisjoint(policy.records) for part in given
    )


def _side(check: p.Check, left: Seen, right: Seen, policy: Policy) -> int | None:
    """Whether a value is on its threshold (0), or one step below (-1) or above (1) it; else nothing."""
    if not (left.exact and right.exact) or left.null or right.null:
        return None
    value, threshold = left.low, right.low
    shape = getattr(check.subject, "shape", None)
    if shape is not None and shape.ordered:
        ranks = list(shape.options)
        value, threshold = ranks.index(value), ranks.index(threshold)
    apart = _moment_apart(value, threshold, policy) if isinstance(value, date) else value - threshold
    if not apart:
        return 0
    sign = 1 if apart > type(apart)(0) else -1
    return sign if abs(apart) <= _one(shape, threshold) else None


def _moment_apart(one: date, other: date, policy: Policy) -> timedelta:
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one - other
    return day_of(one, policy.zone) - day_of(other, policy.zone)


def _one(shape: Any, threshold: Any) -> Any:
    """One step at a threshold; of a moment, a minute."""
    if isinstance(threshold, datetime):
        return timedelta(minutes=1)
    if isinstance(threshold, date):
        return timedelta(days=1)
    return step(threshold, shape) if shape is not None and shape.kind and shape.kind not in DAYS else 1


def _states(deadline: p.Deadline) -> Iterator[str]:
    """The states a deadline can be in, as far as can be seen from how it is written."""
    begins = deadline.start is not None and not isinstance(deadline.start, p.NotStated)
    ends = deadline.until is not None and not isinstance(deadline.until, p.NotStated)
    acts = deadline.act is not None
    if begins:
        yield from ("not_yet", *(["early"] if acts else []))
    if ends:
        yield from ("open", "last_day", "passed", *(["in_time", "late"] if acts else []))
    if deadline.endless:
        yield "none"
    if isinstance(deadline.start, p.NotStated) or isinstance(deadline.until, p.NotStated):
        yield "not_stated"
    if deadline.when != p.ALWAYS:
        yield "not_applicable"
