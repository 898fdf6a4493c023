"""`test --coverage`: how much of the policy do the examples reach?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainingrules.cli import screen
from trainingrules.document import Document
from trainingrules.examples import Example
from trainingrules.policy import Policy
from trainingrules.reach import SORTS, Reach, reach
from trainingrules.source import read_file


@dataclass(frozen=True, slots=True)
class Reached:
    """What the examples of one policy reach, with the text it stands in."""

    policy: str
    document: Document
    reach: Reach

    def below(self, percent: int) -> bool:
        """Whether less than so many per cent of something is reached."""
        return any(got * 100 < percent * of for got, of in map(self.reach.share, SORTS))


def reached(name: str, file: Path, policy: Policy, examples: Sequence[Example]) -> Reached:
    """What the examples of a policy reach."""
    text, _ = read_file(file)
    assert text is not None  # the policy came from it
    return Reached(name, text, reach(policy, examples))


def say(result: Reached) -> None:
    """What is not reached, each with its place, and the shares."""
    for goal in result.reach.lacking:
        screen.say(f"{result.document.span(goal.path, key=True)}: {goal.lacks}")
    screen.say(f"{result.policy}: the examples reach")
    rows = [(sort, f"{got} of {of}", _percent(got, of)) for sort in SORTS for got, of in [result.reach.share(sort)]]
    screen.say(*screen.columns(rows))


def _percent(got: int, of: int) -> str:
    # Rounded down: a hundred is all.
    return f"{got * 100 // of}%" if of else "–"


def to_plain(result: Reached) -> dict[str, Any]:
    """All of it, for JSON."""
    goals = []
    for goal, by in result.reach.goals.items():
        span = result.document.span(goal.path, key=True)
        goals.append({
            "sort": goal.sort, "place": ".".join(str(part) for part in goal.path), "lacks": goal.lacks,
            "reached_by": by or None, "file": span.file, "line": span.line, "column": span.column,
        })  # fmt: skip
    plain: dict[str, Any] = {"goals": goals}
    for sort in SORTS:
        got, of = result.reach.share(sort)
        plain[sort] = {"reached": got, "of": of}
    return plain
