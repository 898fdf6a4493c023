"""Measures everything, prints the table, and records it: `make bench`."""

from __future__ import annotations

import argparse
import importlib
from importlib import metadata

import trainingrules as tr
from benchmarks.goals import Goal, lines
from benchmarks.machine import machine
from benchmarks.plots import draw
from benchmarks.rows import Figures, Section, table, write

MEASURES = ("kleene", "single", "processes", "bulk", "holders")
PACKAGES = ("zen-engine", "common-expression-language", "cedarpy", "json-logic-qubit", "rule-engine", "business-rules",
            "openfisca-core", "durable-rules", "numpy", "polars", "duckdb", "pyspark")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a short look: few rounds, nothing recorded")
    parser.add_argument("--only", choices=MEASURES, action="append", help="one part only; nothing recorded")
    parser.add_argument(
        "--on", default="", metavar="DAY", help="the day to record with the figures; the clock is not read"
    )
    parser.add_argument("--draw", action="store_true", help="only draw the recorded figures once more")
    chosen = parser.parse_args()
    if chosen.draw:
        draw()
        return
    print(f"trainingrules {tr.__version__} on {machine()}\n")
    sections: list[Section] = []
    goals: list[Goal] = []
    for name in chosen.only or MEASURES:
        module = importlib.import_module(f"benchmarks.{name}")
        goals += getattr(module, "GOALS", ())
        for section in module.sections(chosen.quick):
            print(table(section), end="\n\n", flush=True)
            sections.append(section)
    figures = Figures(machine(), versions(), tuple(sections), chosen.on)
    if goals:
        print(*lines(goals, figures), sep="\n")
    if not chosen.quick and not chosen.only:
        write(figures)
        draw()


def versions() -> dict[str, str]:
    """What was measured, as far as it is here."""
    found = {"trainingrules": tr.__version__}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


if __name__ == "__main__":
    main()
