"""Prints how long things take here: importing, loading a policy, asking one question of each kind.

Nothing is asserted about time, for a shared machine has its moods. Read the ratios before the milliseconds:
each is taken between runs that alternate, so that both sides of it met the same mood.

    make figures
    .venv/bin/python benchmarks/figures.py --runs 11 --seconds 0.5
"""

from __future__ import annotations

import argparse
import functools
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import trainingrules as tr
from trainingrules.examples import Example, answer, examples_file, read_examples
from trainingrules.loading import locate
from trainingrules.source import read_file

POLICIES = ("calibris", "bcmb", "awl", "vlaanderen", "rvwo")
BARE = "pass"
IMPORT = "import trainingrules"

# ------------------------------------------------------------------------------------------- whole processes


def whole_process(code: str) -> float:
    """Seconds from start to end of a Python that runs ``code``."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-I", "-c", code], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def interleaved(codes: dict[str, str], runs: int) -> dict[str, list[float]]:
    """Seconds of each, one run of each in turn; a first round only warms the disk."""
    taken: dict[str, list[float]] = {name: [] for name in codes}
    for turn in range(runs + 1):
        for name, code in codes.items():
            seconds = whole_process(code)
            if turn:
                taken[name].append(seconds)
    return taken


def processes(runs: int) -> Iterator[list[str]]:
    """Rows: bare Python, the import, and each policy loaded cold, over the one before it in kind."""
    codes = {"bare": BARE, "import": IMPORT}
    codes |= {name: f"{IMPORT} as tr; tr.load({name!r})" for name in POLICIES}
    taken = interleaved(codes, runs)
    median = {name: milliseconds(statistics.median(times)) for name, times in taken.items()}
    yield ["python, bare", median["bare"], "", ""]
    yield [IMPORT, median["import"], *over(taken, "import", "bare")]
    for name in POLICIES:
        yield [f"load {name}", median[name], *over(taken, name, "import")]


def over(taken: dict[str, list[float]], name: str, base: str) -> list[str]:
    """What ``name`` adds to ``base``, in the median of the pairs, and their ratio."""
    pairs = list(zip(taken[name], taken[base], strict=True))
    added = statistics.median(one - other for one, other in pairs)
    ratio = statistics.median(one / other for one, other in pairs)
    return [f"+ {milliseconds(added)}", f"{ratio:.2f} x {base}"]


# ------------------------------------------------------------------------------------------------- questions


def in_process(ask: Callable[[], Any], seconds: float) -> float:
    """Seconds of one call, in the median of batches that fill about ``seconds``."""
    ask()
    started = time.perf_counter()
    ask()
    once = time.perf_counter() - started
    batch = max(1, int(0.005 / max(once, 1e-9)))
    taken: list[float] = []
    until = time.perf_counter() + seconds
    while len(taken) < 3 or time.perf_counter() < until:
        started = time.perf_counter()
        for _ in range(batch):
            ask()
        taken.append((time.perf_counter() - started) / batch)
    return statistics.median(taken)


def questions(seconds: float) -> Iterator[list[str]]:
    """Rows: for each policy the question of each kind that takes longest, of all that its examples ask."""
    for name in POLICIES:
        policy = tr.load(name)
        document, _ = read_file(examples_file(locate(name)))
        assert document is not None
        found, _ = read_examples(document, policy)
        slowest: dict[str, tuple[float, Example]] = {}
        everything: list[float] = []
        for example in found:
            kind = example.question[0]
            took = min(once(example, policy) for _ in range(3))
            everything.append(took)
            if took > slowest.get(kind, (0.0, example))[0]:
                slowest[kind] = (took, example)
        yield [f"{name}, all {len(found)} examples", microseconds(statistics.median(everything)), "median", ""]
        for kind, (_, example) in slowest.items():
            taken = in_process(functools.partial(answer, example, policy), seconds)
            yield [f"  slowest {kind}: {example.question[1]}", microseconds(taken), f"{len(example.facts)} facts", ""]


def once(example: Example, policy: tr.Policy) -> float:
    """Seconds of one answer."""
    started = time.perf_counter()
    answer(example, policy)
    return time.perf_counter() - started


# ---------------------------------------------------------------------------------------------------- paper


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:.1f} ms"


def microseconds(seconds: float) -> str:
    return f"{seconds * 1e6:.0f} us"


def machine() -> str:
    """The machine in a line: what it is, how many cores, how busy."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        lines = info.read_text().splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model)
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{python}, {platform.system()}, {model}, {os.cpu_count()} cores{load}"


def show(title: str, rows: Iterator[list[str]]) -> None:
    print(f"\n{title}")
    for label, *cells in rows:
        print(f"  {label:<44} {cells[0]:>10}   {cells[1]:>12}   {cells[2]}".rstrip(), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=9, help="runs of each whole process (default 9)")
    parser.add_argument("--seconds", type=float, default=0.2, help="seconds for each question (default 0.2)")
    chosen = parser.parse_args()
    print(f"trainingrules {tr.__version__} on {machine()}")
    show(f"Whole processes, alternating, median of {chosen.runs}", processes(chosen.runs))
    show("One question, from facts to answer, in process, median", questions(chosen.seconds))


if __name__ == "__main__":
    main()
