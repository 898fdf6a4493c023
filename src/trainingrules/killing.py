"""Which examples tell a policy from its mutants, and which mutants no example kills."""

from __future__ import annotations

import functools
import signal
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import Enum
from itertools import groupby
from pathlib import Path

from trainingrules.checking import deadlines_used, gaps, impossible, never_apart
from trainingrules.dependencies import Entry, dependencies, throughout
from trainingrules.diagnostics import Diagnostic, did_you_mean
from trainingrules.examples import OVERALL, Example, examples_file, read_examples, run
from trainingrules.loading import check_file
from trainingrules.mutants import Mutant, mutants
from trainingrules.policy import Policy
from trainingrules.source import Document, read_file

# An answer that takes this many seconds is none: a mutant may count for ever.
LONGEST = 10
# How many mutants one process takes at a time.
_HANDFUL = 24
_SECTIONS = {"eligibility": "eligibility", "cost": "costs", "deadline": "deadlines", "compliance": "compliance",
             "note": "notes"}  # fmt: skip


class Fate(Enum):
    """What becomes of a mutant."""

    KILLED = "killed"
    EQUIVALENT = "equivalent"
    SURVIVES = "survives"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Judged:
    """A mutant and its fate: the example it was ``killed_by``, or the ``reason`` why none can.

    One that `check` refuses is no mutant: an author would be told.
    """

    id: str
    fate: Fate
    killed_by: str = ""
    reason: str = ""


class Trial:
    """A policy, the examples that pass on it, and all of its mutants."""

    def __init__(self, policy: Policy, document: Document, examples: Sequence[Example]) -> None:
        self.document = document
        self.examples = [one for one in examples if run(one, policy).passed]
        self.mutants: Mapping[str, Mutant] = {one.id: one for one in mutants(policy)}
        self._reached = _reached(policy, self.examples)

    def judge(self, ids: Iterable[str]) -> Iterator[Judged]:
        """The fate of each of these mutants."""
        likeliest: dict[str, int] = {}
        for one in (self.mutants[id_] for id_ in ids):
            by = self._killer(one, likeliest)
            if by is not None:
                # Who killed one is likely to kill the next.
                likeliest[by] = len(likeliest) + 1
                yield Judged(one.id, Fate.KILLED, by)
            elif not _sound(one, self.document):
                yield Judged(one.id, Fate.REFUSED)
            elif one.change.checks is not None and never_apart(*one.change.checks):
                reason = "no value that the fact may have tells the two apart"
                yield Judged(one.id, Fate.EQUIVALENT, reason=reason)
            else:
                yield Judged(one.id, Fate.SURVIVES)

    def _killer(self, mutant: Mutant, likeliest: Mapping[str, int]) -> str | None:
        asked = [one for one in self.examples if mutant.entry in self._reached[one.name]]
        own = mutant.entry[1]
        for one in sorted(asked, key=lambda one: (-likeliest.get(one.name, 0), one.question[1] != own)):
            if not _passes(one, mutant.policy):
                return one.name
        return None


def _sound(mutant: Mutant, document: Document) -> bool:
    """Whether `check` accepts it: an author would be told of what it refuses, so no example need find it."""
    found = (fault for check in (gaps, impossible, deadlines_used) for fault in check(mutant.policy, document))
    return all(fault.severity != "error" for fault in found)


def _reached(policy: Policy, examples: Iterable[Example]) -> dict[str, frozenset[Entry]]:
    """For each example the entries that its answer may depend on."""
    found = dependencies(policy)
    always = throughout(policy, found)
    result = {}
    for one in examples:
        kind, name = one.question
        section = _SECTIONS[kind]
        asked = policy.duties if name == OVERALL and section == "compliance" else [name]
        result[one.name] = always.union(*(found[section, entry] for entry in asked))
    return result


def _passes(example: Example, policy: Policy) -> bool:
    try:
        with _within(LONGEST):
            return run(example, policy).passed
    except Exception:  # noqa: BLE001 - a mutant that gives no answer at all is told apart too
        return False


@contextmanager
def _within(seconds: int) -> Iterator[None]:
    """Raise `TimeoutError` when it takes longer; where the system cannot interrupt, it takes what it takes."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# --- what an author says cannot be told apart ---


def stated_reasons(document: Document) -> Mapping[str, str]:
    """The mutants that the author of a file of examples says nobody can tell from the policy, each with the reason."""
    raw = document.data.get("equivalent", {}) if isinstance(document.data, dict) else {}
    return {str(id_): " ".join(str(reason).split()) for id_, reason in raw.items()} if isinstance(raw, dict) else {}


def excused(judged: Judged, reasons: Mapping[str, str]) -> Judged:
    """A survivor for which the author gives a reason is equivalent."""
    if judged.fate is not Fate.KILLED and judged.id in reasons:
        return replace(judged, fate=Fate.EQUIVALENT, reason=reasons[judged.id])
    return judged


def stale_reasons(document: Document, known: Iterable[str], judged: Iterable[Judged]) -> list[Diagnostic]:
    """Reasons for mutants that do not exist, or that an example does tell from the policy."""
    ids = list(known)
    killers = {one.id: one.killed_by for one in judged if one.fate is Fate.KILLED}
    faults = []
    for id_ in stated_reasons(document):
        at = ("equivalent", id_)
        if id_ not in ids:
            near = did_you_mean(id_, ids) or "copy it from `trainingrules test --mutate`"
            faults.append(document.fault("unknown-mutant", f"there is no mutant `{id_}`", at, key=True, help=near))
        elif id_ in killers:
            message = f"example `{killers[id_]}` does tell this mutant from the policy"
            faults.append(document.fault("stale-reason", message, at, key=True, help="take the reason out"))
    return faults


# --- on several processors ---


def trial(file: Path) -> Trial:
    """
    The trial of a policy in a file, with the examples that stand beside it.
    """
    checked = check_file(file)
    assert checked.policy is not None
    assert checked.document is not None
    document, _ = read_file(examples_file(file))
    examples = read_examples(document, checked.policy)[0] if document is not None else []
    return Trial(checked.policy, checked.document, examples)


_kept = functools.lru_cache(maxsize=4)(trial)


def handfuls(wanted: Sequence[Mutant]) -> list[tuple[str, ...]]:
    """The ids of mutants in small groups of the same rule, whose killers are likely to be the same."""
    groups = []
    for _, several in groupby(wanted, key=lambda one: one.entry):
        ids = [one.id for one in several]
        groups += [tuple(ids[start : start + _HANDFUL]) for start in range(0, len(ids), _HANDFUL)]
    return groups


def judge(file: Path, ids: Sequence[str]) -> list[Judged]:
    """The fate of some mutants of the policy in a file, for a process of its own."""
    return list(_kept(file).judge(ids))


def let_the_parent_stop() -> None:
    """A key that interrupts is for the parent; it ends its children."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
