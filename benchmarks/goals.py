"""The goals, as data: what is asked, what was measured, and whether that is enough."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from benchmarks.rows import Figures, times

# What was measured for a goal, by the case it was measured on; all of them must reach it.
Measured = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Goal:
    """Something to reach: at most so much, or at least with ``floor``. ``unit`` follows the numbers."""

    name: str
    limit: float
    measured: Callable[[Figures], Measured]
    unit: str = "x"
    floor: bool = False
    command: str = "make bench"

    def met(self, measured: Measured) -> bool | None:
        """Whether it is reached in every case; None when nothing was measured."""
        if not measured:
            return None
        return all(one >= self.limit if self.floor else one <= self.limit for one in measured.values())


def ratios(keys: Iterable[str], name: str, base: str) -> Callable[[Figures], Measured]:
    """The ratio of one row to another, in each of several sections."""

    def found(figures: Figures) -> Measured:
        sections = [one for one in figures.sections if one.key in keys]
        return {one.key: value for one in sections if (value := one.ratio(name, base)) is not None}

    return found


def extra(key: str, name: str, what: str) -> Callable[[Figures], Measured]:
    """Something that only some rows have, of one row."""

    def found(figures: Figures) -> Measured:
        section = figures.section(key)
        row = section.row(name) if section else None
        return {key: row.more[what]} if row and what in row.more else {}

    return found


def lines(goals: Iterable[Goal], figures: Figures) -> list[str]:
    """A line for each goal: the worst of what was measured stands first."""
    shown = ["Goals"]
    for goal in goals:
        measured = goal.measured(figures)
        met = {True: "met", False: "NOT MET", None: "not measured"}[goal.met(measured)]
        worst = sorted(measured.items(), key=lambda one: one[1], reverse=not goal.floor)
        cells = ", ".join(f"{key} {times(value)}" for key, value in worst)
        limit = f"{'>=' if goal.floor else '<='} {times(goal.limit)} {goal.unit}".strip()
        shown.append(f"  {met:<12}  {goal.name}: {limit}" + (f"; measured {cells}" if cells else ""))
        shown.append(f"{'':16}{goal.command}")
    return shown
