"""`test --mutate`: would the examples notice if the policy were a little different?"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from trainingrules.cli import screen
from trainingrules.cli.findings import counted
from trainingrules.diagnostics import Diagnostic
from trainingrules.killing import (
    Fate,
    Judged,
    excused,
    handfuls,
    judge,
    let_the_parent_stop,
    stale_reasons,
    stated_reasons,
    trial,
)
from trainingrules.mutants import Mutant, mutants
from trainingrules.policy import Policy
from trainingrules.source import Document, read_file

Judge = Callable[[Path, Sequence[Mutant], str], list[Judged]]


@dataclass(frozen=True, slots=True)
class Mutated:
    """The mutants of one policy with their fates, and what is wrong with the author's reasons."""

    policy: str
    document: Document
    mutants: tuple[tuple[Mutant, Judged], ...]
    faults: tuple[Diagnostic, ...]

    def of(self, fate: Fate) -> list[tuple[Mutant, Judged]]:
        """Those with this fate."""
        return [(mutant, judged) for mutant, judged in self.mutants if judged.fate is fate]


@contextmanager
def judges(jobs: int | None) -> Iterator[Judge]:
    """Who judges mutants: as many processes as there are processors, or ``jobs``; with one, this process itself."""
    count = jobs or os.cpu_count() or 1
    if count == 1:

        def judge_here(file: Path, wanted: Sequence[Mutant], label: str) -> list[Judged]:
            here = trial(file)
            return _with_bar((list(here.judge(ids)) for ids in handfuls(wanted)), len(wanted), label)

        yield judge_here
        return
    from concurrent.futures import ProcessPoolExecutor, as_completed  # heavy, and only needed here
    from multiprocessing import get_context

    # Spawned, so that it is the same on every system.
    pool = ProcessPoolExecutor(count, get_context("spawn"), let_the_parent_stop)
    try:

        def judge_all(file: Path, wanted: Sequence[Mutant], label: str) -> list[Judged]:
            waiting = [pool.submit(judge, file, ids) for ids in handfuls(wanted)]
            return _with_bar((one.result() for one in as_completed(waiting)), len(wanted), label)

        yield judge_all
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _with_bar(found: Iterator[list[Judged]], count: int, label: str) -> list[Judged]:
    result: list[Judged] = []
    if not sys.stderr.isatty():
        for several in found:
            result += several
        return result
    with click.progressbar(length=count, label=label, file=sys.stderr) as bar:
        for several in found:
            result += several
            bar.update(len(several))
    return result


def mutate(name: str, file: Path, policy: Policy, examples: Document, only: str, by: Judge) -> Mutated:
    """The fate of every mutant of a policy whose id begins with ``only``."""
    text, _ = read_file(file)
    assert text is not None  # the policy came from it
    every = mutants(policy)
    wanted = [one for one in every if one.id.startswith(only)]
    reasons = stated_reasons(examples)
    found = {one.id: excused(one, reasons) for one in by(file, wanted, f"{name}, mutants")}
    told = tuple((one, found[one.id]) for one in wanted if found[one.id].fate is not Fate.REFUSED)
    return Mutated(name, text, told, tuple(stale_reasons(examples, [one.id for one in every], found.values())))


def say(result: Mutated) -> None:
    """The survivors, each with its place, and a line for the whole."""
    for mutant, _ in result.of(Fate.SURVIVES):
        screen.say(f"{_place(result.document, mutant)}: no example tells: {mutant.change.words}", f"    {mutant.id}")
    screen.say_faults(result.faults)
    killed, equivalent, survive = (len(result.of(fate)) for fate in (Fate.KILLED, Fate.EQUIVALENT, Fate.SURVIVES))
    screen.say(f"{result.policy}: {counted(len(result.mutants), 'mutant')}, {killed} killed, {equivalent} equivalent, "
               f"{survive} survive")  # fmt: skip


def _place(document: Document, mutant: Mutant) -> str:
    return str(document.span(mutant.change.path, key=True))


def to_plain(result: Mutated) -> dict[str, Any]:
    """All mutants, for JSON."""
    told = []
    for mutant, judged in result.mutants:
        span = result.document.span(mutant.change.path, key=True)
        told.append({
            "id": mutant.id, "rule": mutant.rule, "change": mutant.change.words, "fate": judged.fate.value,
            "killed_by": judged.killed_by or None, "reason": judged.reason or None,
            "file": span.file, "line": span.line, "column": span.column,
        })  # fmt: skip
    return {"mutants": told, "survive": len(result.of(Fate.SURVIVES)),
            "diagnostics": [screen.fault_to_plain(fault) for fault in result.faults]}  # fmt: skip
