"""`test --mutate`: would the examples notice if the policy were a little different?"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import click

from trainingrules.cli import screen
from trainingrules.cli.findings import counted
from trainingrules.diagnostics import Diagnostic
from trainingrules.document import Document
from trainingrules.killing import (
    Fate,
    Judged,
    end_at_once,
    examine,
    excused,
    handfuls,
    judge,
    stale_reasons,
    stated_reasons,
    trial,
)
from trainingrules.mutants import Mutant, mutants
from trainingrules.policy import Policy
from trainingrules.source import read_file


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


@dataclass(frozen=True, slots=True)
class Judges:
    """Who judges mutants: which are killed, and what can be said of those that are not."""

    judge: Callable[[Path, Sequence[Mutant]], Iterator[list[Judged]]]
    examine: Callable[[Path, Sequence[Judged]], Iterator[Judged]]


@contextmanager
def judges(jobs: int | None) -> Iterator[Judges]:
    """As many processes as there are processors, or ``jobs``; with one, this process itself."""
    count = jobs or os.cpu_count() or 1
    if count == 1:
        # One trial at a time: it is judged and then examined.
        here = lru_cache(maxsize=1)(trial)
        yield Judges(
            lambda file, wanted: (list(here(file).judge(ids)) for ids in handfuls(wanted)),
            lambda file, lives: (here(file).examine(one.id) for one in lives),
        )
        return
    from concurrent.futures import ProcessPoolExecutor, as_completed  # heavy, and only needed here
    from multiprocessing import get_context

    # Spawned, so that it is the same on every system.
    pool = ProcessPoolExecutor(count, get_context("spawn"), end_at_once)

    def judge_all(file: Path, wanted: Sequence[Mutant]) -> Iterator[list[Judged]]:
        return (one.result() for one in as_completed([pool.submit(judge, file, ids) for ids in handfuls(wanted)]))

    def examine_all(file: Path, lives: Sequence[Judged]) -> Iterator[Judged]:
        waiting = [pool.submit(examine, file, one.id) for one in lives]
        try:
            yield from (one.result() for one in waiting)
        finally:
            for one in waiting:
                one.cancel()

    try:
        yield Judges(judge_all, examine_all)
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()  # and waited for: Python's own clean-up stumbles over a pool that is still closing


@contextmanager
def _bar(length: int, label: str) -> Iterator[Callable[[int], None]]:
    """How to tell that so many are done, while a person waits."""
    if not sys.stderr.isatty():
        yield lambda count: None
    else:
        with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
            yield bar.update


def mutate(
    name: str, file: Path, policy: Policy, examples: Document, by: Judges, *, only: str = "", suggest: int = 0
) -> Mutated:
    """The fate of every mutant of a policy whose id begins with ``only``, with so many suggestions at most."""
    text, _ = read_file(file)
    assert text is not None  # the policy came from it
    every = mutants(policy)
    wanted = [one for one in every if one.id.startswith(only)]
    reasons = stated_reasons(examples)
    found: dict[str, Judged] = {}
    with _bar(len(wanted), f"{name}, {counted(len(wanted), 'mutant')}") as done:
        for several in by.judge(file, wanted):
            found |= {one.id: excused(one, reasons) for one in several}
            done(len(several))
    lives = [found[one.id] for one in wanted if found[one.id].fate is Fate.SURVIVES]
    with _bar(min(len(lives), suggest), f"{name}, {counted(len(lives), 'survivor')}") as done:
        for one in by.examine(file, lives) if suggest else ():
            found[one.id] = one
            if one.fate is Fate.SURVIVES:
                suggest -= 1
                done(1)
            if not suggest:
                break
    told = tuple((one, found[one.id]) for one in wanted if found[one.id].fate is not Fate.REFUSED)
    return Mutated(name, text, told, tuple(stale_reasons(examples, [one.id for one in every], found.values())))


def say(result: Mutated) -> None:
    """The survivors, each with its place and an example that would kill it, and a line for the whole."""
    for mutant, judged in result.of(Fate.SURVIVES):
        screen.say(f"{_place(result.document, mutant)}: no example tells: {mutant.change.words}", f"    {mutant.id}")
        if judged.suggestion:
            screen.say("  this one would; it expects what the policy says now, so hold it against the source first:",
                       judged.suggestion)  # fmt: skip
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
            "suggestion": judged.suggestion or None,
            "file": span.file, "line": span.line, "column": span.column,
        })  # fmt: skip
    return {"mutants": told, "survive": len(result.of(Fate.SURVIVES)),
            "diagnostics": [screen.fault_to_plain(fault) for fault in result.faults]}  # fmt: skip
