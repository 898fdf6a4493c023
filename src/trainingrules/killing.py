"""Which examples tell a policy from its mutants, and which mutants no example kills."""

from __future__ import annotations

import functools
import re
import signal
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import Enum
from itertools import count, groupby
from pathlib import Path
from typing import Any

from trainingrules.checking import deadlines_used, gaps, impossible
from trainingrules.diagnostics import Diagnostic, QuestionError, did_you_mean
from trainingrules.document import Document
from trainingrules.entries import Place
from trainingrules.equivalence import plain_reason
from trainingrules.examples import OVERALL, Example, examples_file, read_examples, run
from trainingrules.mutants import Mutant, mutants
from trainingrules.people import Person, differing, example_of, people_of, written
from trainingrules.policy import Policy
from trainingrules.questions import Question, Sort, questions_of, rests_of
from trainingrules.source import read_file
from trainingrules.validating import check_file

# An answer that takes this many seconds is none, for a mutant may count for ever; so is a search.
LONGEST, LONGEST_SEARCH = 10.0, 120.0
# How many mutants one process takes at a time.
_HANDFUL = 24
# What every answer rests on.
_FRAME = ("in_force", "conventions", "contradictions", "conflicts")
_SORTS: Mapping[str, Sort] = {"eligibility": "eligibility", "cost": "cost", "deadline": "deadlines",
                              "compliance": "compliance", "note": "notes"}  # fmt: skip
_SIGNS = {"+1": "one_more", "-1": "one_less"}
# Rounds to ask for besides the running one.
_ROUNDS = (1, 2, 3)


class Fate(Enum):
    """What becomes of a mutant."""

    KILLED = "killed"
    EQUIVALENT = "equivalent"
    SURVIVES = "survives"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Judged:
    """A mutant and its fate: the example it was ``killed_by``, or the ``reason`` why none can.

    For a survivor ``suggestion`` is an example that would kill it, as text, when one was found. One that `check`
    refuses is no mutant: an author would be told.
    """

    id: str
    fate: Fate
    killed_by: str = ""
    reason: str = ""
    suggestion: str = ""


class Trial:
    """A policy, the examples that pass on it, and all of its mutants."""

    def __init__(self, policy: Policy, document: Document, examples: Sequence[Example]) -> None:
        self.policy = policy
        self.document = document
        self.examples = [one for one in examples if run(one, policy).passed]
        self.mutants: Mapping[str, Mutant] = {one.id: one for one in mutants(policy)}
        self._asked: dict[Question, frozenset[Place]] = {}

    def judge(self, ids: Iterable[str]) -> Iterator[Judged]:
        """Which of these mutants an example kills, and which cannot be told apart for a reason that is plain."""
        likeliest: dict[str, int] = {}
        for one in (self.mutants[id_] for id_ in ids):
            by = self._killer(one, likeliest)
            if by is not None:
                # Who killed one is likely to kill the next.
                likeliest[by] = len(likeliest) + 1
                yield Judged(one.id, Fate.KILLED, by)
            elif not _sound(one, self.document):
                yield Judged(one.id, Fate.REFUSED)
            elif reason := plain_reason(self.policy, one):
                yield Judged(one.id, Fate.EQUIVALENT, reason=reason)
            else:
                yield Judged(one.id, Fate.SURVIVES)

    def examine(self, id_: str) -> Judged:
        """
        A survivor with an example that would kill it; or equivalent, when it is proven that there is none.
        """
        mutant = self.mutants[id_]
        questions = [one for one in self._questions() if self._rests_on(one, mutant)]
        # The question it stands in shows it best.
        questions.sort(key=lambda one: one.name != mutant.entry[1])
        proven = True
        for one in questions:
            try:
                with _within(LONGEST_SEARCH):
                    people = [*people_of(self.examples, one)]
                    if mutant.entry == ("conventions", "month_end"):
                        people += [other for someone in people for other in _at_month_ends(someone)]
                    found = differing(self.policy, mutant.policy, one, people=people)
                    if found.person is not None:
                        text = self._suggestion(mutant, one, found.person)
                        if text:
                            return Judged(id_, Fate.SURVIVES, suggestion=text)
            except TimeoutError:
                proven = False
            else:
                proven = proven and found.exhaustive
        if proven:
            reason = "every answer it could bear on is proven to be the same" if questions else "no answer rests on it"
            return Judged(id_, Fate.EQUIVALENT, reason=reason)
        return Judged(id_, Fate.SURVIVES)

    def _suggestion(self, mutant: Mutant, question: Question, person: Person) -> str:
        """An example that kills a mutant, if this person's answer can be written as one."""
        name = self._free_name(mutant)
        try:
            example = example_of(self.policy, question, person, name, other=mutant.policy)
            if run(example, self.policy).passed and not _passes(example, mutant.policy):
                return written(self.policy, question, person, name, other=mutant.policy)
        except (ValueError, QuestionError):
            pass  # there is nothing to ask of this person by an example
        return ""

    def _free_name(self, mutant: Mutant) -> str:
        """A name for an example, after the rule."""
        taken = {one.name for one in self.examples}
        rule, change = mutant.rule.split("."), mutant.change
        words = [rule[-1], *change.path[len(rule) :], _SIGNS.get(change.mark, change.mark)]
        told = "_".join(str(word) for word in words if word not in ("must", "should", "where"))
        base = re.sub(r"[^a-z0-9]+", "_", told.lower())[:58].strip("_")
        names = (base if number == 1 else f"{base}_{number}" for number in count(1))
        return next(name for name in names if name not in taken)

    def _questions(self) -> Iterator[Question]:
        """Every question by name; those that may be asked of rounds also of several."""
        named = [one for one in questions_of(self.policy) if one.name is not None]
        yield from named
        if self.policy.cycles:
            yield from (
                replace(one, cycles=_ROUNDS) for one in named if one.sort in ("cost", "deadlines", "compliance")
            )
        if self.policy.duties:
            yield Question("compliance")

    def _killer(self, mutant: Mutant, likeliest: Mapping[str, int]) -> str | None:
        asked = [one for one in self.examples if self._rests_on(_question(one), mutant)]
        own = mutant.entry[1]
        for one in sorted(asked, key=lambda one: (-likeliest.get(one.name, 0), one.question[1] != own)):
            if not _passes(one, mutant.policy):
                return one.name
        return None

    def _rests_on(self, question: Question, mutant: Mutant) -> bool:
        """Whether the answer may depend on what is changed; more often rather than less."""
        if question not in self._asked:
            [rests] = rests_of(self.policy, [question]).values()
            self._asked[question] = frozenset(place[:2] for place in rests)
        return mutant.entry[0] in _FRAME or mutant.entry in self._asked[question]


def _question(example: Example) -> Question:
    kind, name = example.question
    return Question(_SORTS[kind], None if name == OVERALL and kind == "compliance" else name)


def _sound(mutant: Mutant, document: Document) -> bool:
    """Whether `check` accepts it: an author would be told of what it refuses, so no example need find it."""
    found = (fault for check in (gaps, impossible, deadlines_used) for fault in check(mutant.policy, document))
    return all(fault.severity != "error" for fault in found)


def _passes(example: Example, policy: Policy) -> bool:
    try:
        with _within(LONGEST):
            return run(example, policy).passed
    except Exception:  # noqa: BLE001 - a mutant that gives no answer at all is told apart too
        return False


@contextmanager
def _within(seconds: float) -> Iterator[None]:
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


def _at_month_ends(person: Person) -> Iterator[Person]:
    """The same person with every day at the end of a month that others are shorter than, or on a leap day."""

    def moved(given: Any, year: str, end: str) -> Any:
        if isinstance(given, Mapping):
            return {key: moved(part, year, end) for key, part in given.items()}
        if isinstance(given, list):
            return [moved(part, year, end) for part in given]
        return re.sub(r"^([0-9]{4})-[0-9]{2}-[0-9]{2}", year + end, given) if isinstance(given, str) else given

    for year, end in ((r"\1", "-03-31"), (r"\1", "-08-31"), ("2024", "-02-29")):
        yield Person(moved(person.facts, year, end), person.on)


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


def examine(file: Path, id_: str) -> Judged:
    """A survivor of the policy in a file looked into, for a process of its own."""
    return _kept(file).examine(id_)


def judge(file: Path, ids: Sequence[str]) -> list[Judged]:
    """The fate of some mutants of the policy in a file, for a process of its own."""
    return list(_kept(file).judge(ids))


def end_at_once() -> None:
    """The key that interrupts ends a process that judges without a word: its parent says what there is to say."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
