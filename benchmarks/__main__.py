"""Measures everything, prints the table, and records it: `make bench`."""

from __future__ import annotations

import argparse
import importlib
from importlib import metadata

import trainingrules as tr
from benchmarks.machine import machine
from benchmarks.rows import Figures, Section, table, write

MEASURES = ("single",)
PACKAGES = ("zen-engine", "common-expression-language", "cedarpy", "json-logic-qubit", "rule-engine", "business-rules",
            "openfisca-core", "durable-rules", "numpy", "polars", "duckdb", "pyspark")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a short look: few rounds, nothing recorded")
    parser.add_argument("--only", choices=MEASURES, action="append", help="one part only; nothing recorded")
    parser.add_argument(
        "--on", default="", metavar="DAY", help="the day to record with the figures; the clock is not read"
    )
    chosen = parser.parse_args()
    print(f"trainingrules {tr.__version__} on {machine()}\n")
    sections: list[Section] = []
    for name in chosen.only or MEASURES:
        for section in importlib.import_module(f"benchmarks.{name}").sections(chosen.quick):
            print(table(section), end="\n\n", flush=True)
            sections.append(section)
    figures = Figures(machine(), versions(), tuple(sections), chosen.on)
    if not chosen.quick and not chosen.only:
        write(figures)


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
