"""Answers of which what matters most is known at once, and the rest is worked out when it is looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, time
from typing import Any, ClassVar, Generic, TypeVar

from trainingrules.admission import quick
from trainingrules.answers.common import Answer, Day, Missing
from trainingrules.diagnostics import EngineError
from trainingrules.document import Document
from trainingrules.facts import Facts, GivenFacts, valid_on
from trainingrules.frozen import frozen
from trainingrules.plan.asking import PATTERN, stretch_of
from trainingrules.plan.lowering import Untranslatable
from trainingrules.plan.python import Compiled, compiled
from trainingrules.plan.steps import Plan
from trainingrules.policy import Policy

T = TypeVar("T", bound=Answer)
# What a question is about: its name, or more.
Q = TypeVar("Q")

# Patterns of what is known that are remembered for one program; then they are forgotten, all at once.
MOST_PATTERNS = 4096


@frozen
class Program(Generic[Q]):
    """One question of a policy compiled for a stretch of days.

    ``ask`` gives the outputs that make the answer; ``needed`` remembers the facts still needed by ``pattern``.
    """

    policy: Policy
    question: Q
    ask: Compiled
    pattern: Compiled
    needed: dict[tuple[object, ...], tuple[Missing, ...]]


def sample_of(policy: Policy, on: Day) -> Day:
    """A day, or moment, that stands for all of its stretch."""
    first, moment = stretch_of(policy, on)
    return datetime.combine(first, time(12), tzinfo=UTC) if moment else first


def program(policy: Policy, question: Q, plan: Callable[[], Plan], outputs: Sequence[str]) -> Program[Q] | None:
    """A question compiled; none when it does not translate."""
    try:
        made = plan()
    except Untranslatable:
        return None
    pattern = [output for output in made.outputs if output.startswith(PATTERN)]
    return Program(policy, question, compiled(made, outputs), compiled(made, pattern), {})


def at_hand(policy: Policy, facts: GivenFacts | Facts | Document, on: Day) -> Facts | None:
    """
    The facts, when they are plainly in order.

    Raises:
        TypeError: when `on` is neither a date nor a moment with its offset.
    """
    if type(on) is not date:
        valid_on(on)
    if isinstance(facts, Facts):
        return facts
    return None if isinstance(facts, Document) else quick(policy)(facts)


class Prompt(Generic[Q]):
    """What such answers have in common; each names the answer it is of, and works out the whole of it."""

    __slots__ = ()

    answer_type: ClassVar[type[Answer]]
    names: ClassVar[tuple[str, ...]]
    # The program, the facts and the day of asking.
    _behind: tuple[Program[Q], Facts, Day]

    def _whole(self, program: Program[Q], facts: Facts, on: Day) -> Answer:
        """The answer by the reference engine."""
        raise NotImplementedError  # pragma: no cover - every one of them has its own

    # Asked only for a field that is not there yet.
    def __getattr__(self, field: str) -> Any:
        if field not in self.names:
            raise AttributeError(f"{self.answer_type.__name__!r} object has no attribute {field!r}")
        program, facts, on = self._behind
        if field == "missing":
            value: Any = self._missing(program, facts, on)
            object.__setattr__(self, "missing", value)
            return value
        whole = self._whole(program, facts, on)
        for name in self.names:
            value = getattr(whole, name)
            try:
                known = object.__getattribute__(self, name)
            except AttributeError:
                object.__setattr__(self, name, value)
            else:
                if known != value:
                    raise EngineError(f"the engines differ on `{program.question}`: {name} is {known}, or {value}")
        return getattr(whole, field)

    def _missing(self, program: Program[Q], facts: Facts, on: Day) -> tuple[Missing, ...]:
        pattern = (on, *program.pattern(facts.one, facts.per, facts.rows, on))
        missing = program.needed.get(pattern)
        if missing is None:
            missing = self._whole(program, facts, on).missing  # type: ignore[attr-defined]
            if len(program.needed) >= MOST_PATTERNS:
                program.needed.clear()
            program.needed[pattern] = missing
        return missing

    def _values(self) -> Mapping[str, Any]:
        return {name: getattr(self, name) for name in self.names}

    # Equal to the same answer, however it was worked out.
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, self.answer_type):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.names)

    def __hash__(self) -> int:
        return hash(tuple(self._values().values()))

    def __repr__(self) -> str:
        return repr(self.answer_type(**self._values()))

    def __reduce__(self) -> tuple[Any, ...]:
        return _plain, (self.answer_type, dict(self._values()))


def _plain(of: type[T], values: Mapping[str, Any]) -> T:
    return of(**values)


def names_of(of: type[Answer]) -> tuple[str, ...]:
    """The fields of an answer."""
    return tuple(field.name for field in fields(of))
