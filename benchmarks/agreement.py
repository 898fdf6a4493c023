"""Counts differing cells: a million persons in columns against the reference engine, one by one; a fifth is not told.

`python -m benchmarks.agreement [PERSONS]`. The verdicts and findings of all; what is missing, for a minute.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import Any

import polars as pl

import trainingrules as tr
from benchmarks import bcmb, crowds, synthetic
from benchmarks.bulk import engine_of
from benchmarks.cases import Case
from benchmarks.crowds import KEY
from trainingrules.answers.common import judged, situation
from trainingrules.bulk.rows import facts_of
from trainingrules.program import rules_of
from trainingrules.truth import Unknown, all_of

MINUTE = 60


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    for case in (*bcmb.cases(), synthetic.case(10)):
        cells, differ = _verdicts(case, count)
        print(f"{case.name}: {differ:,} of {cells:,} verdicts and findings of {count:,} persons differ", flush=True)
        cells, differ = _missing(case, count)
        print(f"{case.name}: {differ:,} of {cells:,} lists of what is missing differ", flush=True)


def _people(case: Case, count: int) -> pl.DataFrame:
    return crowds.normal(case, crowds.people(case, count))


def _verdicts(case: Case, count: int) -> tuple[int, int]:
    people = _people(case, count)
    told = engine_of(case).answer_lazy(people.lazy()).drop("apart", "contradicted").collect()
    # Who is told the same is answered the same by the reference engine: it sees nothing else.
    alike = told.drop(KEY).with_columns(people.drop(KEY)).unique()
    names = [name for name in told.columns if name != KEY]
    assert told.height == count
    differ = 0
    for mine, expected in zip(alike.select(names).iter_rows(), _expected(case, alike), strict=True):
        differ += sum(one is not other and one != other for one, other in zip(mine, expected, strict=True))
    return count * len(names), differ


def _expected(case: Case, people: pl.DataFrame) -> Iterator[tuple[Any, ...]]:
    """The verdict and the truth of each requirement, by the reference engine."""
    asked = case.policy.decisions[case.decision]
    rules = rules_of(case.policy, case.decision)
    yes = "conditional" if asked.subject_to else "eligible"
    for facts in facts_of(case.policy, people.with_columns(pl.int_range(pl.len()).alias(KEY)), {}):
        at = judged(situation(case.policy, facts, case.on, "reference"), asked.judged_on)
        truths = [at.engine.decide(rule.condition, at).truth for rule in rules]
        whole = all_of(truth for rule, truth in zip(rules, truths, strict=True) if not rule.rule.advice)
        verdict = "unknown" if isinstance(whole, Unknown) else yes if whole else "not_eligible"
        yield verdict, *(None if isinstance(truth, Unknown) else truth for truth in truths)


def _missing(case: Case, count: int) -> tuple[int, int]:
    people = _people(case, min(count, 20_000))
    told = engine_of(case).answer(people, {})["missing"].to_list()
    started = time.monotonic()
    asked = differ = 0
    for mine, facts in zip(told, facts_of(case.policy, people, {}), strict=True):
        answer = tr.eligibility(case.policy, facts, on=case.on, decision=case.decision, engine="reference")
        differ += mine != [one.fact for one in answer.missing]
        asked += 1
        if time.monotonic() - started > MINUTE:
            break
    return asked, differ


if __name__ == "__main__":
    main()
