"""Counts the instructions of a decision: a figure that does not depend on how busy the machine is.

Each way of asking is run by valgrind in a process of its own, beside one that only prepares, and what that takes is
taken off. What was counted last is kept in `instructions.json`: a count that has grown by more than the tolerance is
a regression, one that has shrunk by as much is to be recorded.

    make instructions
    .venv/bin/python -m benchmarks.instructions --record
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from benchmarks import ours, synthetic
from benchmarks.cases import Case
from benchmarks.contest import Contender

RECORDED = Path(__file__).with_name("instructions.json")
RULES, SEED = 10, 3
TOLERANCE = 0.03
# How often each way is asked: enough to drown what is done once, few enough for a machine that is emulated. Persons
# come round again after the first few hundred.
PERSONS = 300
WAYS: Mapping[str, tuple[Callable[[Case], Contender], int]] = {
    "decision": (lambda case: ours.decision(case, complete=False), 3000),
    "from_mapping": (ours.from_mapping, 1000),
    "explained": (ours.explained, 150),
    "needed": (ours.needed, 150),
    "by_hand": (lambda case: ours.by_hand(case, complete=False), 3000),
}


def work(way: str, count: int) -> None:
    """What is counted: so many decisions, after everything was done once."""
    case = synthetic.case(RULES)
    persons = list(islice(case.draw(SEED), PERSONS))
    prepared = {name: [make(case).prepare(person) for person in persons] for name, (make, _) in WAYS.items()}
    asking = {name: make(case).ask for name, (make, _) in WAYS.items()}
    for name, ask in asking.items():
        ask(prepared[name][-1])
    gc.disable()
    for given in islice(cycle(prepared[way]), count):
        asking[way](given)


def counted(way: str, count: int) -> int:
    """The instructions of a process that decides so often."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", sys.executable, "-s", "-B",
               "-m", "benchmarks.instructions", "--work", way, str(count)]  # fmt: skip
    plain = {**os.environ, "PYTHONHASHSEED": "0", "TRAININGRULES_CACHE": "off"}
    told = subprocess.run(command, env=plain, capture_output=True, text=True, check=True).stderr
    found = re.search(r"Collected : (\d+)", told)
    assert found is not None, told
    return int(found[1])


def measure() -> dict[str, int]:
    """The instructions of one decision, in each way."""
    base = counted("decision", 0)
    return {way: round((counted(way, count) - base) / count) for way, (_, count) in WAYS.items()}


def compare(found: Mapping[str, int], recorded: Mapping[str, Any]) -> list[tuple[str, bool]]:
    """
    A line for each way, and whether it is beyond the tolerance.

    >>> compare({"decision": 130}, {"counts": {"decision": 100}})
    [('decision           130  was       100  +30.0 %', True)]
    """
    lines = []
    for way, count in found.items():
        before = recorded.get("counts", {}).get(way)
        change = "" if before is None else f"  was {before:9,}  {count / before - 1:+.1%}".replace("%", " %")
        lines.append((f"{way:<12} {count:9,}{change}", before is not None and abs(count / before - 1) > TOLERANCE))
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--record", action="store_true", help="keep the counts as those to compare with")
    parser.add_argument("--work", nargs=2, metavar=("WAY", "COUNT"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.work:
        work(chosen.work[0], int(chosen.work[1]))
        return 0
    if shutil.which("valgrind") is None:
        print("valgrind is not here, so nothing was counted: apt-get install valgrind")
        return 2
    python = f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}"
    recorded = json.loads(RECORDED.read_text(encoding="utf-8")) if RECORDED.is_file() else {}
    found = measure()
    lines = compare(found, recorded)
    print(f"Instructions of one decision by {RULES} drawn rules, {python}")
    print(*(f"  {line}{'  <--' if beyond else ''}" for line, beyond in lines), sep="\n")
    if chosen.record:
        RECORDED.write_text(json.dumps({"python": python, "counts": found}, indent=1) + "\n", encoding="utf-8")
        return 0
    if recorded.get("python") != python:
        print(f"  they were recorded on {recorded.get('python')}: other Pythons count otherwise")
        return 2
    if any(beyond for _, beyond in lines):
        print(f"  more than {TOLERANCE:.0%} off: look why, and then: make instructions RECORD=--record")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
