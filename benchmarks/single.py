"""One decision at a time: ours, by hand, and every other engine that can be called from Python."""

from __future__ import annotations

import importlib
import statistics
from collections.abc import Iterator, Sequence
from itertools import islice

from benchmarks import bcmb, ours, synthetic
from benchmarks.cases import Case
from benchmarks.contest import CHECKED, TIMED, Checked, Contender, Timed, check, race, ratio
from benchmarks.goals import Goal, ratios
from benchmarks.ours import BY_HAND
from benchmarks.peers.zen import TRACED, UNTRACED
from benchmarks.rows import Figures, Row, Section

PEERS = ("zen", "cel", "cedar", "jsonlogic", "ruleengine", "businessrules", "openfisca", "durable")
# Beyond this many rules only the two that the goals name are asked: the lines are straight from there on.
LARGEST_FOR_ALL = 100
SIZES = (10, 100, 1000)
# Of the first three rounds, when nothing was kept yet; and of persons who were asked about just before.
START, SEEN = "at first, µs", "seen before, µs"
BASES = (BY_HAND, UNTRACED)


def sections(quick: bool) -> Iterator[Section]:
    """A section for each decision: two of a real policy, and drawn ones of growing size."""
    for key, case in (("register", 0), ("series", 1)):
        yield section(key, bcmb.cases()[case], PEERS, quick)
    for size in SIZES[:2] if quick else SIZES:
        yield section(f"rules_{size}", synthetic.case(size), PEERS if size <= LARGEST_FOR_ALL else ("zen",), quick)


def section(key: str, case: Case, names: Sequence[str], quick: bool) -> Section:
    """Everyone's row on one decision."""
    rounds, chunk, checked = (5, 10, 20) if quick else (30, 40, 200)
    if len(case.rules) > LARGEST_FOR_ALL:
        rounds, checked = rounds // 3, checked // 5
    found, absent = peers(case, names)
    floor = [ours.by_hand(case, complete=False), ours.by_hand(case, complete=True)]
    traced = [one for one in found if one.name in (UNTRACED, TRACED)]
    # Three races, each with persons that nobody has seen: what one way of asking keeps, another cannot profit from.
    races = [
        [
            ours.decision(case, complete=False),
            ours.decision(case, complete=True),
            ours.from_mapping(case),
            *floor,
            *found,
        ],
        [ours.explained(case), *floor, *traced],
        [ours.needed(case), ours.decision(case, complete=False), *floor, *traced],
    ]
    rows: dict[str, Row] = {}
    for number, contenders in enumerate(races):
        # Our answers are the first, and the measure of the others'.
        judge = [ours.decision(case, complete=False), ours.decision(case, complete=True)]
        answers = check([*judge, *contenders], list(islice(case.draw(CHECKED), checked)))[len(judge) :]
        running = [(one, answer) for one, answer in zip(contenders, answers, strict=True) if answer.usable]
        timed = race(
            [one for one, _ in running], [answer for _, answer in running], case.draw(TIMED + number), rounds, chunk
        )
        for row in _rows(running, timed, case.differ):
            rows.setdefault(row.name, row)
        for one, answer in zip(contenders, answers, strict=True):
            if not answer.usable:
                rows.setdefault(one.name, Row(one.name, note=f"not timed: {answer.fault}"))
    return Section(key, f"{case.name}: one decision", (*rows.values(), *absent), BASES)


def peers(case: Case, names: Sequence[str]) -> tuple[list[Contender], list[Row]]:
    """The contenders of the peers that are here, and a row for each that is not."""
    found: list[Contender] = []
    absent: list[Row] = []
    for name in names:
        module = importlib.import_module(f"benchmarks.peers.{name}")
        try:
            found += module.contenders(case)
        except Exception as reason:  # noqa: BLE001 - whatever keeps a peer away is told in the table
            absent.append(
                Row(module.PACKAGE, note=f"not here: {type(reason).__name__}: {str(reason).splitlines()[0][:60]}")
            )
    return found, absent


def _rows(running: Sequence[tuple[Contender, Checked]], timed: Sequence[Timed], differ: str) -> Iterator[Row]:
    """Ratios are over the floor that was given the same facts, and over zen, which knows no unknown."""
    base = {(one.name, one.complete): times for (one, _), times in zip(running, timed, strict=True)}
    for (one, answers), times in zip(running, timed, strict=True):
        ratios = {name: ratio(times.first, base[name, complete].first) for name, complete in (
            (BY_HAND, one.complete), (UNTRACED, True), (TRACED, True)) if (name, complete) in base}  # fmt: skip
        if one.name == ours.NEEDED:
            ratios[ours.DECISION] = ratio(times.first, base[ours.DECISION, False].first)
        notes = [f"{answers.differ} of {answers.asked} differ: {differ}"] if answers.differ else []
        notes += [one.note] if one.note else []
        name = f"{one.name}, all known" if one.complete and one.name in (BY_HAND, ours.DECISION) else one.name
        more = {START: statistics.median(times.first[:3]) * 1e6, SEEN: statistics.median(times.again) * 1e6}
        yield Row(name, statistics.median(times.first), ratios, "; ".join(notes),
                  more if name.startswith(ours.DECISION) else {})  # fmt: skip


def growth(figures: Figures) -> dict[str, float]:
    """What a rule among 1,000 takes over one among 100, in the measure of what it takes by hand."""
    found = [ratios((f"rules_{size}",), ours.DECISION, BY_HAND)(figures) for size in (100, 1000)]
    return {"rules_1000": found[1]["rules_1000"] / found[0]["rules_100"]} if all(found) else {}


CASES = ("register", "series", *(f"rules_{size}" for size in SIZES))
GOALS = (
    Goal("one decision, typed facts, some unknown, explained when asked, over zen-engine untraced", 0.4,
         ratios(CASES, ours.DECISION, UNTRACED)),
    Goal("the same over a decision written by hand (an aim)", 3.5, ratios(CASES, ours.DECISION, BY_HAND)),
    Goal("the same, explained as text, over zen-engine traced", 2, ratios(CASES, ours.EXPLAINED, TRACED)),
    Goal("1,000 rules over 1,000 rules written by hand", 3, ratios(("rules_1000",), ours.DECISION, BY_HAND)),
    Goal("what a rule among 1,000 takes over one among 100, in that measure", 1.25, growth),
    Goal("with the facts still needed over one decision", 10, ratios(CASES, ours.NEEDED, ours.DECISION)),
)  # fmt: skip
