"""Plots of the recorded figures, as SVG in the manner of the picture of the README: readable on light and on dark."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.ours import BY_HAND, DECISION, EXPLAINED, NEEDED
from benchmarks.rows import FIGURES, Figures, Section, duration, read

DOCS = FIGURES.parents[1] / "docs"
WIDTH, MARGIN, LINE = 920, 24, 26
GROUND, INK, DIM, OURS, OTHERS, FLOOR = "#292929", "#c5c8c6", "#868887", "#98a84b", "#608ab1", "#d0b344"
LETTERS = "Fira Code, Menlo, Consolas, monospace"
# Whoever finds every rule in a whole table, or comes nearest to that.
FOUND = ", every finding"
TABLES = (f"trainingrules{FOUND}", f"trainingrules, as SQL on duckdb{FOUND}", f"polars by hand{FOUND}",
          f"duckdb by hand{FOUND}", "numpy by hand", "openfisca-core")  # fmt: skip
DOTTED, DASHED = (EXPLAINED, TABLES[3]), (NEEDED, TABLES[1], TABLES[4])
# The bars of a comparison: what is left out says the same once more.
LEFT_OUT = ("all known", "durable_rules", "from a mapping")


def drawings(figures: Figures) -> Iterator[tuple[str, str]]:
    """The name and the text of each plot for which there are figures."""
    series = figures.section("series")
    if series is not None:
        yield (
            "speed.svg",
            bars(
                "One decision of bcmb, joining a series: median time, shorter is better",
                series,
                figures.section("kleene"),
            ),
        )
    sizes = {size: figures.section(f"rules_{size}") for size in (10, 100, 1000)}
    names = (EXPLAINED, NEEDED, DECISION, "zen-engine", BY_HAND)
    if points := _points(sizes, names):
        yield "scaling.svg", curves("One decision by 10, 100 and 1,000 rules: median time", "rules", points)
    tables = {size: figures.section(f"bulk_rows_{size}") for size in (10_000, 100_000, 10_000_000)}
    tables[1_000_000] = figures.section("bulk_rules_10")
    if points := _points(tables, TABLES):
        title = "Ten thousand to ten million persons at once, every finding of ten rules"
        yield "tables.svg", curves(title, "", points)


def _points(sections: Mapping[int, Section | None], names: Sequence[str]) -> dict[str, list[tuple[float, float]]]:
    """How long each takes by size; nothing where there are not two sizes to draw a line between."""
    found: dict[str, list[tuple[float, float]]] = {}
    for size, section in sorted(sections.items()):
        for row in section.rows if section else ():
            if row.name in names and row.seconds:
                found.setdefault(row.name, []).append((size, row.seconds))
    return {name: line for name, line in found.items() if len(line) > 1}


def draw(folder: Path = DOCS) -> None:
    """Write every plot of the recorded figures."""
    for name, text in drawings(read()):
        (folder / name).write_text(text, encoding="utf-8")


# ---------------------------------------------------------------------------------------------------- kinds


def bars(title: str, section: Section, unknowns: Section | None) -> str:
    """A bar for each row, shortest first, on a scale on which each step is ten times the one before."""
    shown = [row for row in section.rows if row.seconds and not any(one in row.name for one in LEFT_OUT)]
    rows = sorted([(row.name, row.seconds) for row in shown if row.seconds], key=lambda row: row[1])
    left, right, top = 310, WIDTH - 210, 78
    low, high = tens(seconds for _, seconds in rows)
    scale = (right - left) / math.log10(high / low)
    bottom = top + LINE * len(rows)
    parts = [text(MARGIN, 38, title, INK, size=16, weight="bold"), *steps(low, high, left, scale, top, bottom)]
    if unknowns:
        parts.append(text(WIDTH - MARGIN, top - 10, "unknown facts", DIM, anchor="end", size=12))
    for place, (name, seconds) in enumerate(rows):
        y = top + LINE * place
        length = scale * math.log10(seconds / low)
        ink = OURS if name.startswith(DECISION) else INK
        parts.append(text(left - 12, y + 18, name, ink, anchor="end"))
        parts.append(
            f'<rect x="{left}" y="{y + 5}" width="{length:.1f}" height="{LINE - 10}" rx="3" fill="{colour(name)}"/>'
        )
        parts.append(text(left + length + 8, y + 18, duration(seconds), INK))
        right_of_7 = unknowns.row(DECISION if ink is OURS else name) if unknowns else None
        if right_of_7:
            parts.append(text(WIDTH - MARGIN, y + 18, f"{right_of_7.more['of 7']:.0f} of 7", ink, anchor="end"))
    return page(bottom + 40, parts)


def tens(values: Iterable[float]) -> tuple[float, float]:
    """
    The powers of ten around values.

    >>> tens([0.02, 3.5])
    (0.01, 10.0)
    """
    logs = [math.log10(value) for value in values]
    return 10.0 ** math.floor(min(logs)), 10.0 ** math.ceil(max(logs))


def steps(low: float, high: float, left: float, scale: float, top: float, bottom: float) -> Iterator[str]:
    """The upright lines of a scale, each with its time."""
    for power in range(round(math.log10(high / low)) + 1):
        x = left + scale * power
        yield f'<line x1="{x:.1f}" y1="{top}" x2="{x:.1f}" y2="{bottom}" stroke="{DIM}" stroke-opacity="0.35"/>'
        yield text(x, bottom + 20, _step(low * 10**power), DIM, anchor="middle", size=12)


def _step(seconds: float) -> str:
    count, _, unit = duration(seconds).partition(" ")
    return f"{float(count):g} {unit}"


def curves(title: str, what: str, points: Mapping[str, Sequence[tuple[float, float]]]) -> str:
    """A line for each name over growing sizes, both scales by tens."""
    left, right, top, bottom = 96, WIDTH - 330, 72, 400
    xs = [x for line in points.values() for x, _ in line]
    low, high = tens(y for line in points.values() for _, y in line)

    def across(x: float) -> float:
        return left + (right - left) * math.log10(x / min(xs)) / math.log10(max(xs) / min(xs))

    def up(y: float) -> float:
        return bottom - (bottom - top) * math.log10(y / low) / math.log10(high / low)

    parts = [text(MARGIN, 38, title, INK, size=16, weight="bold")]
    for power in range(round(math.log10(high / low)) + 1):
        y = up(low * 10**power)
        parts.append(f'<line x1="{left}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}" stroke="{DIM}" stroke-opacity="0.35"/>')
        parts.append(text(left - 12, y + 5, _step(low * 10**power), DIM, anchor="end", size=12))
    parts += [
        text(across(x), bottom + 24, f"{x:,} {what}".strip(), DIM, anchor="middle", size=12) for x in sorted(set(xs))
    ]
    ends: list[float] = []
    for name, line in sorted(points.items(), key=lambda one: one[1][-1][1]):
        path = " ".join(f"{across(x):.1f},{up(y):.1f}" for x, y in line)
        look = ' stroke-dasharray="2 5"' if name in DOTTED else ' stroke-dasharray="8 4"' if name in DASHED else ""
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour(name)}" stroke-width="2.5"{look}/>')
        parts += [f'<circle cx="{across(x):.1f}" cy="{up(y):.1f}" r="4" fill="{colour(name)}"/>' for x, y in line]
        # Names that would overlap move up.
        at = min([up(line[-1][1]), *(end - 20 for end in ends[-1:])])
        ends.append(at)
        parts.append(
            text(right + 14, at + 5, f"{name.removesuffix(FOUND)}: {duration(line[-1][1])}", colour(name), size=12)
        )
    return page(bottom + 48, parts)


# ---------------------------------------------------------------------------------------------------- marks


def colour(name: str) -> str:
    """Ours, the floor, and all others."""
    return OURS if name.startswith(DECISION) else FLOOR if "by hand" in name else OTHERS


def text(
    x: float, y: float, words: str, fill: str, *, anchor: str = "start", size: int = 14, weight: str = "normal"
) -> str:
    """A line of text at a place."""
    return (f'<text x="{x:.1f}" y="{y:.1f}" fill="{fill}" font-size="{size}" font-weight="{weight}" '
            f'text-anchor="{anchor}">{html.escape(words)}</text>')  # fmt: skip


def page(height: float, parts: Sequence[str]) -> str:
    """The whole picture, on a ground of its own."""
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" font-family="{LETTERS}">',
        f'<rect x="1" y="1" width="{WIDTH - 2}" height="{height - 2:.0f}" rx="8" fill="{GROUND}"/>',
        *parts,
        "</svg>\n",
    ])  # fmt: skip
