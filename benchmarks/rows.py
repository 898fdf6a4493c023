"""What is measured: rows of figures under a title, as they are printed and recorded."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FIGURES = Path(__file__).with_name("figures.json")


@dataclass(frozen=True, slots=True)
class Row:
    """One line: how long it takes, how many times as long as others in the same rounds, and what to know of it.

    ``ratios`` are over the rows of those names. ``more`` holds what only some rows have: rows per second, memory.
    """

    name: str
    seconds: float | None = None
    ratios: Mapping[str, float] = field(default_factory=dict)
    note: str = ""
    more: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Section:
    """Rows that were measured together. ``bases`` are the names whose ratios are printed, as columns."""

    key: str
    title: str
    rows: tuple[Row, ...]
    bases: tuple[str, ...] = ()

    def row(self, name: str) -> Row | None:
        """The row of a name."""
        return next((row for row in self.rows if row.name == name), None)

    def ratio(self, name: str, base: str) -> float | None:
        """How many times as long one row takes as another."""
        row = self.row(name)
        return row.ratios.get(base) if row else None


# What a module of measurements offers: its sections, each as soon as it is measured.
Measure = Callable[[bool], Iterable[Section]]


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything of one run, with what it was run on."""

    machine: str
    versions: Mapping[str, str]
    sections: tuple[Section, ...]
    on: str = ""

    def section(self, key: str) -> Section | None:
        """The section of a key."""
        return next((one for one in self.sections if one.key == key), None)


def write(figures: Figures, path: Path = FIGURES) -> None:
    """Record the figures; four digits are more than a run can promise."""
    text = json.dumps(_rounded(asdict(figures)), indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def _rounded(value: Any) -> Any:
    match value:
        case float():
            return float(f"{value:.4g}")
        case dict():
            return {key: _rounded(one) for key, one in value.items() if one not in ("", {}, (), None)}
        case list() | tuple():
            return [_rounded(one) for one in value]
        case _:
            return value


def read(path: Path = FIGURES) -> Figures:
    """The figures as they were recorded."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    sections = [Section(one["key"], one["title"], tuple(Row(**row) for row in one["rows"]), tuple(one.get("bases", ())))
                for one in raw.pop("sections")]  # fmt: skip
    return Figures(**raw, sections=tuple(sections))


# ---------------------------------------------------------------------------------------------------- paper


def duration(seconds: float | None) -> str:
    """
    A length of time in three digits, in the unit that suits it.

    >>> duration(0.00000234), duration(0.0456)
    ('2.34 µs', '45.6 ms')
    """
    if seconds is None:
        return ""
    unit, size = next((one for one in (("s", 1.0), ("ms", 1e-3)) if seconds >= one[1]), ("µs", 1e-6))
    count = seconds / size
    return f"{count:.{2 if count < 9.995 else 1 if count < 99.95 else 0}f} {unit}"


def times(ratio: float | None) -> str:
    """A ratio in as many digits as mean something."""
    return (
        ""
        if ratio is None
        else f"{ratio:.2f}"
        if ratio < 9.995
        else f"{ratio:.1f}"
        if ratio < 99.95
        else f"{ratio:,.0f}"
    )


def _count(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"


def table(section: Section) -> str:
    """A section as lines of text."""
    extra = list(dict.fromkeys(key for row in section.rows for key in row.more))
    head = [*(["median"] if any(row.seconds for row in section.rows) else []), *(f"x {base}" for base in section.bases)]
    head += extra
    width = max(len(row.name) for row in section.rows) + 2
    lines = [section.title, "  " + " " * width + "".join(f"  {one:>{max(9, len(one))}}" for one in head)]
    for row in section.rows:
        cells = [duration(row.seconds)] if head[0] == "median" else []
        cells += [times(row.ratios.get(base)) for base in section.bases]
        cells += [_count(row.more[key]) if key in row.more else "" for key in extra]
        shown = "".join(f"  {cell:>{max(9, len(one))}}" for cell, one in zip(cells, head, strict=True))
        lines.append(f"  {row.name:<{width}}{shown}  {row.note}".rstrip())
    return "\n".join(lines)
