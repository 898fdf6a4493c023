"""Whole processes: what the import adds to a bare Python, what a policy adds to that, what a million answers leave."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping

from benchmarks.goals import Goal, extra
from benchmarks.rows import Row, Section

BARE, IMPORT = "python, bare", "import trainingrules"
READY, COLD = "a bundled policy, from its cache", "a bundled policy, validated from YAML"
POLICY = "bcmb"  # the largest
OVER_BARE, OVER_IMPORT = "over bare, ms", "over the import, ms"
GROWN = "grown, MB"


def sections(quick: bool) -> Iterator[Section]:
    """How long it takes to begin, and whether memory stays flat."""
    yield starting(5 if quick else 15)
    yield memory(20_000 if quick else 1_000_000)


def starting(runs: int) -> Section:
    """Processes of each sort, one of each in turn; a first round warms the disk and fills the cache."""
    load = f"import trainingrules as tr; tr.load({POLICY!r})"
    codes = {BARE: "pass", IMPORT: "import trainingrules", READY: load, COLD: load}
    taken: dict[str, list[float]] = {name: [] for name in codes}
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(runs + 1):
            for name, code in codes.items():
                seconds = whole_process(code, {"TRAININGRULES_CACHE": "off" if name == COLD else folder})
                if turn:
                    taken[name].append(seconds)
    rows = []
    for name, times in taken.items():
        more = {OVER_BARE: added(times, taken[BARE])} if name != BARE else {}
        more |= {OVER_IMPORT: added(times, taken[IMPORT])} if name in (READY, COLD) else {}
        rows.append(Row(name, statistics.median(times), more=more))
    return Section("starting", f"Whole processes, with {POLICY}: time of the processor", tuple(rows))


def whole_process(code: str, environment: Mapping[str, str]) -> float:
    """Seconds of the processor that a Python takes to run some code: what it waits for others is not its own."""
    # Python keeps what it compiled of a module, unless it is told not to: then every start would compile all of it.
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen([sys.executable, "-c", code], env={**plain, **environment})
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    return used.ru_utime + used.ru_stime


def added(times: list[float], base: list[float]) -> float:
    """What one adds to another in milliseconds, in the median of the pairs."""
    return 1e3 * statistics.median(one - other for one, other in zip(times, base, strict=True))


# -------------------------------------------------------------------------------------------------- memory

_MANY = """
import gc, resource, sys
from itertools import islice
from benchmarks import bcmb
import trainingrules as tr
case, count = bcmb.cases()[1], int(sys.argv[1])
held = []

def now():
    gc.collect()
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize()
    except OSError:  # not Linux: the peak will do, in bytes on a Mac
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)

for number, person in enumerate(islice(case.draw(5), count + count // 10)):
    answer = tr.eligibility(case.policy, case.given(person.told), on=case.on, decision=case.decision)
    if number % 100 == 0:
        answer.missing, answer.explain("nl")
    if number == count // 10:
        held.append(now())
print(now() - held[0])
"""


def memory(count: int) -> Section:
    """What memory grows by over so many decisions on different persons, after the first tenth."""
    told = subprocess.run([sys.executable, "-c", _MANY, str(count)], check=True, capture_output=True, text=True).stdout
    note = "every hundredth explained, with the facts still needed"
    row = Row(f"{count:,} decisions", more={GROWN: int(told) / 1e6}, note=note)
    return Section("memory", "Memory of one process", (row,))


GOALS = (
    Goal("import trainingrules, over bare Python", 60, extra("starting", IMPORT, OVER_BARE), "ms"),
    Goal("a bundled policy ready from its cache, over the import", 40, extra("starting", READY, OVER_IMPORT), "ms"),
    Goal("a bundled policy validated from YAML, over bare Python", 1000, extra("starting", COLD, OVER_BARE), "ms"),
    Goal("growth of memory over a million decisions", 5, extra("memory", "1,000,000 decisions", GROWN), "MB"),
)
