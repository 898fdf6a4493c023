"""A contest: the same decisions by several engines, checked first, then timed in turn, round after round."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from benchmarks.cases import Person, Truth3

# The persons that answers are checked with are others than those that are timed: these are new to everybody.
CHECKED, TIMED = 1, 2
# At least so many persons in a turn, and no turn much longer than this; and so many to warm up on.
FEWEST, LONGEST, WARM = 4, 0.02, 20


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to decide: how a person is put in its own form, before the clock starts, and what is timed.

    ``complete`` is one that cannot be told that a fact is unknown: it gets everything there is to know. What it
    answers is read by ``verdict`` and ``rules``, after the clock has stopped.
    """

    name: str
    prepare: Callable[[Person], Any]
    ask: Callable[[Any], Any]
    verdict: Callable[[Any], Truth3]
    rules: Callable[[Any], tuple[Truth3, ...]] | None = None
    complete: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """How a contender's answers compare with ours: of so many asked so many differ; ``seconds`` is what one took."""

    asked: int
    differ: int
    seconds: float
    fault: str = ""

    @property
    def usable(self) -> bool:
        """Whether it answered at all."""
        return not self.fault


@dataclass(frozen=True, slots=True)
class Timed:
    """Seconds of the processor for one decision, by round: of persons not seen before, and of the same ones again."""

    first: tuple[float, ...]
    again: tuple[float, ...]
    persons: int


def check(contenders: Sequence[Contender], persons: Sequence[Person]) -> list[Checked]:
    """Each contender's answers against those of the first that is given the same facts."""
    expected: dict[bool, list[Any]] = {}
    found: list[Checked] = []
    for one in contenders:
        told, taken, fault = [], [], ""
        for person in persons:
            try:
                prepared = one.prepare(person)
                started = time.process_time()
                answer = one.ask(prepared)
                taken.append(time.process_time() - started)
                told.append((one.verdict(answer), one.rules(answer) if one.rules else None))
            except Exception as reason:  # noqa: BLE001 - whatever a peer raises is told in the table
                fault = f"{type(reason).__name__}: {str(reason).strip().splitlines()[0][:60]}"
                break
        right = expected.setdefault(one.complete, told)
        differ = sum(mine[0] is not other[0] or mine[1] not in (None, other[1])
                     for mine, other in zip(told, right, strict=False))  # fmt: skip
        found.append(Checked(len(told), differ, statistics.median(taken) if taken else 0.0, fault))
    return found


def race(
    contenders: Sequence[Contender], checked: Sequence[Checked], persons: Iterator[Person], rounds: int, chunk: int
) -> list[Timed]:
    """Everyone's turn in each round, on the same persons; who begins goes round, and who is slow gets fewer of them."""
    first: list[list[float]] = [[] for _ in contenders]
    again: list[list[float]] = [[] for _ in contenders]
    most = [max(FEWEST, min(chunk, int(LONGEST / one.seconds))) for one in checked]
    before = list(islice(persons, WARM))
    gc.collect()
    gc.freeze()
    try:
        for turn in range(rounds):
            drawn = list(islice(persons, chunk))
            for step in range(len(contenders)):
                place = (step + turn) % len(contenders)
                one = contenders[place]
                # Others have just filled the processor's caches: a few persons of the round before bring ours back.
                _pass(one.ask, [one.prepare(person) for person in before[: most[place]]])
                prepared = [one.prepare(person) for person in drawn[: most[place]]]
                first[place].append(_pass(one.ask, prepared))
                again[place].append(_pass(one.ask, prepared))
            before = drawn[:WARM]
    finally:
        gc.unfreeze()
    return [
        Timed(tuple(one), tuple(other), rounds * count) for one, other, count in zip(first, again, most, strict=True)
    ]


# The time of the processor: on a busy machine, what it gives to others is not counted.
def _pass(ask: Callable[[Any], Any], prepared: Sequence[Any]) -> float:
    started = time.process_time()
    for one in prepared:
        ask(one)
    return (time.process_time() - started) / len(prepared)


def ratio(mine: Sequence[float], base: Sequence[float]) -> float:
    """How many times as long, in the median of the rounds: both sides of each met the same mood of the machine."""
    return statistics.median(one / other for one, other in zip(mine, base, strict=True))
