"""The questions of a policy as flat programs: what goes in, and the registers that make the answer."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

from trainingrules import policy as p
from trainingrules.calendar import day_of
from trainingrules.plan.duties import Duties
from trainingrules.plan.limits import Limits
from trainingrules.plan.lowering import Lowering, Untranslatable
from trainingrules.plan.pricing import Pricing
from trainingrules.plan.steps import How, Plan, Ref
from trainingrules.policy import Policy
from trainingrules.program import rules_of

# How the outputs are called on which the facts still needed depend.
PATTERN = "pattern."


def stretch_of(policy: Policy, on: date | datetime) -> tuple[date, bool]:
    """
    The stretch of days that a day of asking falls in, by its first day: from one change of amounts or validity to the
    next a program stays the same. With it, whether a moment is asked about.
    """
    changes = _changes(policy)
    begun = bisect_right(changes, day_of(on, policy.zone))
    return changes[begun - 1] if begun else date.min, isinstance(on, datetime)


@lru_cache(maxsize=64)
def _changes(policy: Policy) -> tuple[date, ...]:
    days = {price.start for prices in policy.amounts.values() for price in prices}
    if policy.in_force.start is not None:
        days.add(policy.in_force.start)
    if policy.in_force.end is not None and policy.in_force.end < date.max:
        days.add(policy.in_force.end + timedelta(days=1))
    return tuple(sorted(days))


def plan_of(
    policy: Policy,
    sort: str,
    name: str | None,
    on: date | datetime,
    *,
    cycles: Sequence[int] | None = None,
    party: str | None = None,
    unrolled: int | None = None,
) -> Plan:
    """
    The program of one question, told as in `questions.Question`.

    Where every round of a cycle that has begun counts, a fold goes over them; or, for an engine that has no such folds,
    as many as ``unrolled`` are told one by one, and an output ``beyond`` says of whom more have begun.

    Raises:
        Untranslatable: for what has no steps.
    """
    match sort:
        case "eligibility" if name is not None:
            return eligibility_plan(policy, name, on, unrolled=unrolled)
        case "cost" if name is not None:
            return cost_plan(policy, name, on, cycles=cycles)
        case "deadlines" if name is not None:
            return deadline_plan(policy, name, on, cycles=cycles)
        case "compliance":
            return compliance_plan(policy, name, on, cycles=cycles, party=party, unrolled=unrolled)
        case _:
            raise Untranslatable(f"a question of {sort} in this form cannot be worked out in columns")


def eligibility_plan(
    policy: Policy,
    decision: str,
    on: date | datetime,
    readings: Mapping[str, str] | None = None,
    *,
    unrolled: int | None = None,
) -> Plan:
    """
    A decision as a program.

    ``contradicted``: whether the facts contradict each other; then there is no answer. ``verdict``: the word of the
    verdict. ``finding.RULE``: the truth of each requirement. ``pattern.N``: what the facts still needed depend on.

    Raises:
        Untranslatable: for what has no steps.
    """
    asked = policy.decisions[decision]
    at = Lowering(policy, on, dict(readings or {}), judged_on=asked.judged_on, unrolled=unrolled)
    b = at.steps
    rules = rules_of(policy, decision)
    truths = [at.truth(rule.condition, ()) for rule in rules]
    whole = b.all([truth for rule, truth in zip(rules, truths, strict=True) if not rule.rule.advice])
    yes = "conditional" if asked.subject_to else "eligible"
    verdict = _word(at, whole, yes, "not_eligible", "unknown")
    if policy.in_force.refuse:
        verdict = _word(at, at.in_force(), None, "not_in_force", "unknown", verdict)
    outputs = {"contradicted": contradicted(at), "verdict": verdict}
    outputs |= {f"finding.{rule.name}": truth for rule, truth in zip(rules, truths, strict=True)}
    return b.plan(outputs | _beyond(at) | _numbered(_pattern(at)))


def cost_plan(policy: Policy, quote: str, on: date | datetime, *, cycles: Sequence[int] | None = None) -> Plan:
    """
    A quote as a program; of what is per round, for these rounds or else for the running one.

    ``at_least_cents`` and ``at_most_cents``: the total, null where there is no bound. ``complete``: whether every line
    has its price, under conditions in force. ``aside``: whether the answer is to be worked out another way.

    Raises:
        Untranslatable: for what has no steps.
    """
    asked = policy.quotes[quote]
    at = Lowering(policy, on, presumed=dict(asked.presume), judged_on=asked.judged_on)
    b = at.steps
    pricing = Pricing(at, cycles)
    low, high, lacking = pricing.quote(asked)
    null = b.constant(None, "integer")
    force = at.in_force() if policy.in_force.refuse else b.truth(True)
    out = b.surely_not(force)
    low, high = b.choose(out, null, low), b.choose(out, null, high)
    bounded = b.any([b.known(low), b.known(high)])
    complete = b.all([b.surely(force), b.negate(lacking), bounded])
    outputs = {"contradicted": contradicted(at), "aside": b.any(pricing.asides), "at_least_cents": low,
               "at_most_cents": high, "complete": complete}  # fmt: skip
    return b.plan(outputs | _numbered(_pattern(at, pricing.settling)))


def deadline_plan(policy: Policy, deadline: str, on: date | datetime, *, cycles: Sequence[int] | None = None) -> Plan:
    """
    A deadline as a program.

    ``state``: the word of how it stands. ``start_from``, ``start_to``, ``until_from`` and ``until_to``: the earliest
    and latest day of both limits. For each row of a table, or round that is asked for, the names end in `[ROW]`.

    Raises:
        Untranslatable: for what has no steps.
    """
    at = Lowering(policy, on)
    b = at.steps
    limits = Limits(at, cycles)
    found = dict(limits.deadline(policy.deadlines[deadline]))
    if policy.in_force.refuse:
        for name, ref in found.items():
            nothing = b.constant("not_in_force" if name.startswith("state") else None, b.steps[ref].kind)
            found[name] = b.choose(b.surely_not(at.in_force()), nothing, ref)
    outputs = {"contradicted": contradicted(at), "aside": b.any(limits.asides), **found}
    return b.plan(outputs | _numbered(_pattern(at, limits.settling)))


def compliance_plan(
    policy: Policy,
    duty: str | None,
    on: date | datetime,
    *,
    cycles: Sequence[int] | None = None,
    party: str | None = None,
    unrolled: int | None = None,
) -> Plan:
    """
    A duty as a program, or all duties, or those of a party; in some rounds, or else in all that have begun.

    ``status``: the word of how it is kept on the whole. Of one duty also for each row of a table, and for each round
    that is asked for (null when it has not begun): the names end in `[ROW]` and `[ROUND]`.

    Raises:
        Untranslatable: for what has no steps.
    """
    at = Lowering(policy, on, unrolled=unrolled)
    b = at.steps
    names = list(policy.duties) if duty is None else [duty]
    asked = [policy.duties[name] for name in names if party in (None, policy.duties[name].who)]
    duties = Duties(at)
    found = [duties.whole(one, cycles) for one in asked]
    # The wishes count where there is nothing else.
    binding = any(not one.advice for one in asked)
    counted = [whole for one, (whole, _) in zip(asked, found, strict=True) if not (binding and one.advice)]
    outputs = {"status": duties.word(duties.together(counted))}
    if duty is not None:
        outputs |= {
            f"status[{which}]" if which else "status": word for _, each in found for which, word in each.items()
        }
    if policy.in_force.refuse:
        out = b.surely_not(at.in_force())
        outputs = {name: b.choose(out, b.constant("not_in_force", "text"), ref) for name, ref in outputs.items()}
    return b.plan({"contradicted": contradicted(at), **outputs} | _beyond(at) | _numbered(_pattern(at, duties.resting)))


def _beyond(at: Lowering) -> dict[str, Ref]:
    return {"beyond": at.steps.any(at.beyond)} if at.unrolled is not None else {}


def _word(at: Lowering, truth: Ref, yes: str | None, no: str, unknown: str, otherwise: Ref | None = None) -> Ref:
    """One word for each truth; without one for yes, what ``otherwise`` says."""
    b = at.steps
    holds = otherwise if yes is None else b.constant(yes, "text")
    assert holds is not None
    settled = b.choose(b.surely(truth), holds, b.constant(no, "text"))
    return b.choose(b.known(truth), settled, b.constant(unknown, "text"))


def contradicted(at: Lowering) -> Ref:
    """Whether the facts contradict each other for sure."""
    b = at.steps
    found = []
    for one in at.policy.contradictions.values():
        if one.rows in at.policy.records:  # whether or not it has happened
            kept = at.each_row(one.rows, b.negate(at.truth(one.never, ((one.rows, ""),))))
        else:
            kept = at.truth(p.Each(one.rows, p.Not(one.never)) if one.rows else p.Not(one.never), ())
        found.append(b.surely_not(kept))
    return b.any(found)


def _numbered(pattern: Iterable[Ref]) -> dict[str, Ref]:
    return {f"{PATTERN}{number}": ref for number, ref in enumerate(pattern)}


def _pattern(at: Lowering, settling: Iterable[Ref] = ()) -> Iterator[Ref]:
    """
    What decides which facts can still change the answer: the truth of every check, which of its facts are given and,
    for a check that is unknown and rests on several or on rows, their values, unless all of them are known; and the
    rows that facts name.
    """
    b = at.steps
    if (judged := at.judged()) is not None:
        # While the day that counts is not known, neither is whether the policy is in force: it is asked for as well.
        settling = (*settling, judged.open, at.in_force())
    values: dict[Ref, None] = {}
    for ref in dict.fromkeys(settling):
        if b.over(ref):  # of every row or round: all that it rests on
            rests = _Inputs(at, ref)
            values |= dict.fromkeys(rests.values(rests.complete()))
        else:
            yield ref
    given: dict[Ref, None] = {}
    for truth in at.checks:
        yield truth
        rests = _Inputs(at, truth)
        given |= dict.fromkeys(rests.facts)
        if rests.rows or rests.histories:
            values |= dict.fromkeys(rests.values(b.any([b.known(truth), rests.complete()])))
        elif len({b.steps[ref].given.path for ref in rests.facts}) > 1:
            values |= dict.fromkeys(rests.values(b.known(truth)))
    named = dict.fromkeys(
        [*at.rows_named.values(), *(ref for ref in (*at.begun.values(), *at.numbers) if not b.over(ref))]
    )
    yield from dict.fromkeys([*(b.known(ref) for ref in given), *values, *named])


class _Inputs:
    """What a truth rests on: facts; fields of histories and facts of rounds, for every row and round; and histories."""

    def __init__(self, at: Lowering, truth: Ref) -> None:
        self.at, self.steps = at, at.steps
        self.facts: dict[Ref, None] = {}
        self.rows: dict[Ref, None] = {}
        self.histories: dict[str, None] = {}
        seen: set[Ref] = set()
        todo = [truth]
        while todo:
            ref = todo.pop()
            if ref in seen:
                continue
            seen.add(ref)
            step, over = self.steps.steps[ref], self.steps.over(ref)
            if step.op in ("input", "at_round") and step.given.over not in at.policy.cycles:
                (self.rows if over else self.facts)[ref] = None
            for name in over if step.op == "input" else ():
                self.histories |= {name: None} if name in at.policy.records else {}
            if step.op == "reduced":
                self.histories |= {step.given.over: None} if step.given.over in at.policy.records else {}
                todo.append(step.given.ref)
            todo += step.args

    def _of_all(self, ref: Ref, how: How) -> Ref:
        """What a register comes to in all rows, or in all rounds that have begun."""
        over = next(iter(self.steps.over(ref)))
        return self.steps.reduced(over, ref, how, count=self.at.begun.get(over))

    def values(self, hidden: Ref) -> Iterator[Ref]:
        """All the values, where they are not hidden."""
        b = self.steps
        told = [b.reduced(name, b.truth(True), "all") for name in self.histories]
        for ref in (*self.facts, *(self._of_all(ref, "list") for ref in self.rows), *told):
            yield b.choose(hidden, b.constant(None, b.steps[ref].kind), ref)

    def complete(self) -> Ref:
        """Whether every one of them is known, or known not to exist."""
        b = self.steps
        known: dict[str, list[Ref]] = {}
        for ref in (*self.facts, *self.rows):
            one = b.steps[ref]
            args = ",".join(str(arg) for arg in one.args)
            known.setdefault(f"{one.given.path}({args})", []).append(ref if one.given.none else b.known(ref))
        parts = [b.surely(b.reduced(name, b.truth(True), "all")) for name in self.histories]
        for refs in known.values():
            one_known = b.any(refs)
            parts.append(b.surely(self._of_all(one_known, "all")) if b.over(one_known) else one_known)
        return b.all(parts)
