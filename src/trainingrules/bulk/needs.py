"""What is still missing of many people who ask for one decision: found once for each pattern of what is known.

Requirements that share no fact are looked at apart from each other, so that there are few patterns. What is missing is
then the union. But when one of the parts can only fail, nothing that is told can change the answer; and when one can
never be met for sure, of the others it matters only whether they fail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

import polars as pl

from trainingrules import policy as p
from trainingrules.answers.common import judged
from trainingrules.bulk.answering import PATTERN
from trainingrules.bulk.columns import Columns
from trainingrules.bulk.inputs import KEY
from trainingrules.bulk.rows import facts_of
from trainingrules.calendar import day_of
from trainingrules.engines import engine_named
from trainingrules.facts import Facts
from trainingrules.kinds import Shape
from trainingrules.needed import in_order, missing_of
from trainingrules.operators import OPERATORS
from trainingrules.plan.asking import plan_of
from trainingrules.plan.steps import Kind, Plan, Ref
from trainingrules.policy import Policy
from trainingrules.program import NamedRule, read_by, rules_of
from trainingrules.reckoning import Finding, Situation, exactly
from trainingrules.truth import Cause, Unknown, all_of
from trainingrules.words import Text

# A fact that no policy has and nobody tells: it can change the answer, unless nothing can.
_PROBE = "\0probe"
_PROBING = p.Check(p.FactValue(_PROBE, Shape("boolean")), OPERATORS["is"], p.Constant(True, Shape("boolean")))
_NEVER_TOLD = p.Silent(Unknown(frozenset({Cause("not_stated", "")})))
# Three-valued truths that fit a whole number of 64 bits, and facts that do.
_TRUTHS, _BITS = 39, 62
# Patterns that are remembered of one part; then they are forgotten, all at once.
_MOST = 100_000
# Columns of our own; no fact has such a name.
_PLACE, _UNKNOWN, _FAILS, _UNMET = "\0place", "\0unknown", "\0fails", "\0unmet"
_FACTS, _FAILING, _LISTS = "\0facts", "\0failing", "\0lists"


@dataclass(frozen=True, slots=True)
class Lacking:
    """What may still decide whether a part is met; ``failing``, once asked, what may decide whether it fails."""

    facts: frozenset[str]
    failing: frozenset[str] | None
    can_be_met: bool
    can_only_fail: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Requirements that share facts, with the outputs on which it depends what they lack."""

    rules: tuple[NamedRule, ...]
    patterns: tuple[str, ...]
    told: dict[tuple[Any, ...], Lacking] = field(default_factory=dict)


def packed(patterns: Mapping[str, pl.Expr], kinds: Mapping[str, Kind], name: str) -> dict[str, pl.Expr]:
    """The same in fewer columns: three-valued truths together in whole numbers, lists as texts."""
    truths = [one for which, one in patterns.items() if kinds[which] == "boolean"]
    found = {f"{name}{which}": one.list.join("\1") if kinds[which] == "list" else one
             for which, one in patterns.items() if kinds[which] != "boolean"}  # fmt: skip
    for start in range(0, len(truths), _TRUTHS):
        total = pl.lit(0, pl.Int64)
        for place, truth in enumerate(truths[start : start + _TRUTHS]):
            total = total + truth.cast(pl.Int64).fill_null(2) * 3**place
        found[f"{name}{start}"] = total
    return found


class Needs:
    """What each of many people still lacks for a decision."""

    def __init__(self, policy: Policy, decision: str, on: date | datetime) -> None:
        self.policy, self.on = policy, on
        self.asked = policy.decisions[decision]
        probe = p.Fact(_PROBE, Text(_PROBE, _PROBE), Shape("boolean"))
        self.probed = replace(policy, facts={**policy.facts, _PROBE: probe})
        self.plan = plan_of(policy, "eligibility", decision, on)
        self.parts = tuple(self._parts([one for one in rules_of(policy, decision) if not one.rule.advice]))

    @staticmethod
    def can(policy: Policy, decision: str, plan: Plan) -> bool:
        """Whether all there is to lack are facts given once, or per row of a table, and lacked by requirements."""
        day_counts = policy.in_force.refuse and policy.decisions[decision].judged_on
        return not (day_counts or plan.folds or any(read.round for read in plan.inputs))

    def _parts(self, rules: Iterable[NamedRule]) -> Iterator[Part]:
        """The requirements by the facts they share, directly or by way of others."""
        groups: list[tuple[set[str], list[NamedRule]]] = []
        for rule in rules:
            reads = self._reads(self.plan.outputs[f"finding.{rule.name}"])
            # What is read and yet makes no difference to the truth is counted by its name.
            reads |= set(read_by(self.policy, rule.condition)) - {path.partition("[")[0] for path in reads}
            together = [one for one in groups if one[0] & reads]
            groups = [one for one in groups if not one[0] & reads]
            groups.append(
                (reads.union(*(one[0] for one in together)), [*(r for one in together for r in one[1]), rule])
            )
        patterns = {name: self._reads(ref) for name, ref in self.plan.outputs.items() if name.startswith(PATTERN)}
        for reads, some in groups:
            yield Part(tuple(some), tuple(name for name, of in patterns.items() if of and of <= reads))

    def _reads(self, ref: Ref) -> set[str]:
        found, todo, done = set[str](), [ref], set[Ref]()
        while todo:
            step = self.plan.steps[one := todo.pop()]
            if one not in done:
                done.add(one)
                found |= {step.given.path} if step.op == "input" else set()
                todo += step.args
        return found

    def missing(self, people: pl.DataFrame, written: Columns) -> pl.Series:
        """The facts that each of them lacks, in the order of the policy; of each the verdict is unknown."""
        by = [self._columns(number, part, written) for number, part in enumerate(self.parts)]
        unknown = {f"{_UNKNOWN}{number}": _any_unknown(part, written) for number, part in enumerate(self.parts)}
        asked = {name: one for columns in by for name, one in columns.items()} | unknown
        table = written.select(people.lazy(), asked, [KEY]).collect()
        told = self._all_told(table, people, by, failing=False)
        if not all(one.can_be_met for _, found in told for one in found):
            told = self._all_told(table, people, by, failing=True)
        every = {path for _, found in told for one in found for path in one.facts}
        names = {path: place for place, path in enumerate(in_order(every, self.policy))}
        words = range(-(-len(names) // _BITS))
        total = pl.DataFrame({f"{name}{word}": pl.repeat(0, table.height, dtype=pl.Int64, eager=True)
                              for name in _MASKS for word in words})  # fmt: skip
        fails = unmet = pl.repeat(False, table.height, dtype=pl.Boolean, eager=True)
        for number, ((patterns, found), columns) in enumerate(zip(told, by, strict=True)):
            mine = patterns.with_columns(
                pl.Series(_FAILS, [one.can_only_fail for one in found], dtype=pl.Boolean),
                pl.Series(_UNMET, [not one.can_be_met for one in found], dtype=pl.Boolean),
                *(pl.Series(f"{name}{word}", [_bits(which(one), names, word) for one in found], dtype=pl.Int64)
                  for name, which in _MASKS.items() for word in words),
            )  # fmt: skip
            joined = table.select(f"{_UNKNOWN}{number}", *columns).join(
                mine, on=list(columns), nulls_equal=True, how="left", maintain_order="left")  # fmt: skip
            here = joined[f"{_UNKNOWN}{number}"]
            fails |= here & joined[_FAILS].fill_null(False)
            unmet |= here & joined[_UNMET].fill_null(False)
            total = total.with_columns(
                total[one] + joined[one].fill_null(0) * here.cast(pl.Int64) for one in total.columns
            )
        which = [pl.when(unmet).then(f"{_FAILING}{word}").otherwise(f"{_FACTS}{word}").alias(f"{_FACTS}{word}")
                 for word in words]  # fmt: skip
        return self._lists(total.select(*which, pl.lit(fails).alias(_FAILS)), list(names))

    def _lists(self, total: pl.DataFrame, names: Sequence[str]) -> pl.Series:
        several = total.unique()
        lists = []
        for row in several.iter_rows(named=True):
            some = [one for place, one in enumerate(names) if row[f"{_FACTS}{place // _BITS}"] >> place % _BITS & 1]
            lists.append([] if row[_FAILS] else some)
        told = several.with_columns(pl.Series(_LISTS, lists, dtype=pl.List(pl.String)))
        return total.join(told, on=total.columns, how="left", maintain_order="left")[_LISTS]

    def _columns(self, number: int, part: Part, written: Columns) -> dict[str, pl.Expr]:
        kinds = {name: self.plan.steps[self.plan.outputs[name]].kind for name in part.patterns}
        found = packed({name: written.outputs[name] for name in part.patterns}, kinds, f"\0{number}.")
        return found or {f"\0{number}.": pl.lit(0, pl.Int64)}

    def _all_told(
        self, table: pl.DataFrame, people: pl.DataFrame, by: Sequence[Mapping[str, pl.Expr]], *, failing: bool
    ) -> list[tuple[pl.DataFrame, list[Lacking]]]:
        """Of every part the patterns that occur, and what is lacking with each: asked where it is new."""
        found = []
        for number, (part, columns) in enumerate(zip(self.parts, by, strict=True)):
            place = pl.int_range(pl.len()).alias(_PLACE)
            unknown = table.with_columns(place).filter(pl.col(f"{_UNKNOWN}{number}"))
            several = unknown.group_by(list(columns)).agg(pl.col(_PLACE).first())
            patterns, places = several.drop(_PLACE), several[_PLACE]
            keys = patterns.rows()
            if len(part.told) + len(keys) > _MOST:
                part.told.clear()
            new = [at for at, key in enumerate(keys)
                   if (known := part.told.get(key)) is None or (failing and known.failing is None)]  # fmt: skip
            if new:
                some = people[places.gather(new).to_list()]
                for at, facts in zip(new, facts_of(self.policy, some, {}), strict=True):
                    part.told[keys[at]] = self._ask(part, facts, failing=failing)
            found.append((patterns, [part.told[key] for key in keys]))
        return found

    def _ask(self, part: Part, facts: Facts, *, failing: bool) -> Lacking:
        engine = engine_named("reference")
        at = Situation(self.probed, facts, self.on, engine, exactly(day_of(self.on, self.policy.zone)))
        at = judged(at, self.asked.judged_on)
        findings = [engine.decide(one.condition, at) for one in part.rules]

        def lacking(*more: p.Condition) -> frozenset[str]:
            whole = (*findings, *(engine.decide(one, at) for one in more))
            return frozenset(
                missing_of(Finding(p.ALWAYS, all_of(one.truth for one in whole), whole, (), at), self.probed)
            )

        # Whether the probe makes this true or leaves it unknown can be seen only where all else can be true.
        found = lacking(p.Any((_PROBING, _NEVER_TOLD)))
        can_be_met = _PROBE in found
        can_only_fail = not can_be_met and _PROBE not in lacking(_PROBING)
        return Lacking(found - {_PROBE}, lacking(_NEVER_TOLD) if failing else None, can_be_met, can_only_fail)


_MASKS: Mapping[str, Callable[[Lacking], Iterable[str]]] = {
    _FACTS: lambda one: one.facts, _FAILING: lambda one: one.failing or (),
}  # fmt: skip


def _any_unknown(part: Part, written: Columns) -> pl.Expr:
    return reduce(or_, (written.outputs[f"finding.{one.name}"].is_null() for one in part.rules))


def _bits(paths: Iterable[str], names: Mapping[str, int], word: int) -> int:
    return sum(1 << names[path] % _BITS for path in paths if names[path] // _BITS == word)
