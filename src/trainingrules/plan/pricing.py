"""A quote as a program: its lines added up, in whole cents, or between which amounts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce

from trainingrules import policy as p
from trainingrules.frozen import frozen
from trainingrules.plan.causes import Why, why
from trainingrules.plan.lowering import Lowering, RoundAt, Rows
from trainingrules.plan.steps import Ref
from trainingrules.plan.values import Seen


@frozen
class _Amount:
    """One line for one row: its bounds in cents (nothing where it does not apply), and whether its price is lacking."""

    present: Ref
    low: Ref
    high: Ref
    lacks: Ref


@dataclass
class Pricing:
    """Works out a quote: for the rounds that are asked for, or else for the running one.

    ``settling`` collects what, beside the truth of checks, decides which facts still matter; ``asides`` when the answer
    is to be worked out another way.
    """

    at: Lowering
    cycles: Sequence[int] | None = None
    settling: list[Ref] = field(default_factory=list)
    asides: list[Ref] = field(default_factory=list)
    # Of every line that is for the running round: whether none runs.
    idle: list[Ref] = field(default_factory=list)

    def quote(self, quote: p.Quote) -> tuple[Ref, Ref, Ref]:
        """The least and the most in cents, null where there is none, and whether a line lacks its price."""
        b = self.at.steps
        amounts = [amount for line in quote.lines.values() for amount in self._instances(line)]
        nothing = b.constant(0, "integer")
        low, high = nothing, nothing
        for amount in amounts:
            low, high = b.strict("add", low, amount.low), b.strict("add", high, amount.high)
        lacking = b.any([b.all([amount.present, amount.lacks]) for amount in amounts])
        # Nothing is due because nothing runs: that is no price.
        idle = b.all([b.any(self.idle), b.negate(b.any([amount.present for amount in amounts]))])
        null = b.constant(None, "integer")
        return b.choose(idle, null, low), b.choose(idle, null, high), lacking

    def _instances(self, line: p.Line) -> Iterable[_Amount]:
        at = self.at
        if line.scope.each:
            if line.scope.each not in at.policy.tables:
                return [self._of_history(line)]
            return [self._amount(line, ((line.scope.each, key),)) for key in at.policy.tables[line.scope.each].rows]
        if line.scope.row:
            return [self._of_row(line)]
        if line.scope.per:
            return self._of_rounds(line)
        return [self._amount(line, ())]

    def _of_history(self, line: p.Line) -> _Amount:
        """The line for every row that has happened; of an unknown history, nothing or any amount."""
        at, b, history = self.at, self.at.steps, line.scope.each
        inner = Pricing(at)
        when = p.All((at.policy.records[history].happened, line.when))
        one = inner._amount(line, ((history, ""),), when)
        self.settling += inner.settling

        def of_any(ref: Ref) -> Ref:
            return b.surely_not(b.reduced(history, b.negate(ref), "all"))

        self.asides += [of_any(aside) for aside in inner.asides]
        unknown = b.negate(b.known(b.reduced(history, b.truth(True), "all")))
        self.settling.append(unknown)
        nothing, null = b.constant(0, "integer"), b.constant(None, "integer")
        ends = (null, nothing) if line.reduces else (nothing, null)
        low, high = (
            b.choose(unknown, end, b.reduced(history, of_row, "sum"))
            for end, of_row in zip(ends, (one.low, one.high), strict=True)
        )
        lacks = of_any(b.all([one.present, one.lacks]))
        return _Amount(b.any([unknown, of_any(one.present)]), low, high, lacks)

    def _of_rounds(self, line: p.Line) -> Iterable[_Amount]:
        """The line for each round that is asked for, else for the running one; perhaps for any, perhaps for none."""
        at, b, cycle = self.at, self.at.steps, line.scope.per
        rounds = at.policy.cycles[cycle].rounds
        if self.cycles is not None:
            asked = [number for number in self.cycles if rounds is None or number <= rounds]
            return [self._amount(line, (RoundAt(cycle, at.values.constant(number)),)) for number in asked]
        running = at.rounds(cycle).running()
        self.idle.append(running.none)
        self.settling += [running.open, running.none, running.low]
        low, high = (b.choose(running.open, b.constant(end, "integer"), running.low) for end in (1, rounds))
        no = b.truth(False)
        number = Seen(low, high, running.open, no, no)
        one = self._amount(line, (RoundAt(cycle, number),), perhaps=running.open)
        nothing = b.constant(0, "integer")
        low, high = (b.choose(running.none, nothing, end) for end in (one.low, one.high))
        return [_Amount(b.all([one.present, b.negate(running.none)]), low, high, one.lacks)]

    def _of_row(self, line: p.Line) -> _Amount:
        """The line for the row a fact names; while that is unknown, anywhere between what the rows would give."""
        at, b = self.at, self.at.steps
        fact = at.policy.facts[line.scope.row]
        picked = at.value(p.FactValue(line.scope.row, fact.shape), ())
        at.rows_named[line.scope.row] = picked.low
        keys = list(at.policy.tables[fact.shape.of].rows)
        each = [self._amount(line, ((fact.shape.of, key),)) for key in keys]
        yes, nothing, null = b.truth(True), b.constant(0, "integer"), b.constant(None, "integer")
        # None of the rows: what that costs the table does not say.
        low_of_none, high_of_none = (null, nothing) if line.reduces else (nothing, null)
        lacks_any = b.all([b.all([one.present, one.lacks]) for one in each])

        def pick(ends: Sequence[Ref], unknown: Ref, none: Ref) -> Ref:
            exact = at.pick(picked.low, dict(zip(keys, ends, strict=True)))
            return b.choose(picked.none, none, b.choose(picked.open, unknown, exact))

        lows, highs = [one.low for one in each], [one.high for one in each]
        present = [one.present for one in each]
        amount = _Amount(
            pick(present, b.any(present), yes),
            pick(lows, self._extreme("least", [(yes, low) for low in lows]), low_of_none),
            pick(highs, self._extreme("greatest", [(yes, high) for high in highs]), high_of_none),
            pick([one.lacks for one in each], lacks_any, yes),
        )
        self.settling.append(b.surely(b.equal(amount.low, amount.high)))
        return amount

    def _extreme(self, form: str, ends: Sequence[tuple[Ref, Ref]]) -> Ref:
        """The least or greatest of the bounds that are possible; null as soon as one of these is."""
        b = self.at.steps
        open_ = b.any([b.all([possible, b.negate(b.known(end))]) for possible, end in ends])
        null = b.constant(None, "integer")
        bounds = [b.choose(possible, end, null) for possible, end in ends]
        found = reduce(lambda one, two: b.first(b.strict(form, one, two), b.first(one, two)), bounds)
        return b.choose(open_, null, found)

    def _amount(self, line: p.Line, rows: Rows, when: p.Condition | None = None, perhaps: Ref | None = None) -> _Amount:
        """The line for one row or round, ``perhaps`` of none."""
        at, b = self.at, self.at.steps
        applies = at.truth(line.when if when is None else when, rows)
        price, because = self._price(line, rows)
        times = at.value(line.times, rows) if line.times is not None else at.values.constant(1)
        low, high = self._times(price, times)
        nothing, null = b.constant(0, "integer"), b.constant(None, "integer")
        zero = b.all([b.surely(b.equal(low, nothing)), b.surely(b.equal(high, nothing))])
        no_most = b.all([price.open, b.negate(b.known(price.high)), b.negate(zero)])
        lacks = b.all([because.silent, no_most])
        self.asides.append(b.all([because.untold, no_most]))
        self.settling += [applies, price.open, times.open]
        low, high = b.choose(lacks, nothing, low), b.choose(lacks, null, high)
        if line.reduces:
            minus = b.constant(-1, "integer")
            low, high = b.strict("multiply", high, minus), b.strict("multiply", low, minus)
        present = b.all([b.negate(b.surely_not(applies)), b.negate(price.none), b.negate(times.none)])
        perhaps = b.any([b.negate(b.known(applies)), *([] if perhaps is None else [perhaps])])
        low = b.choose(perhaps, b.strict("least", nothing, low), low)
        high = b.choose(perhaps, b.strict("greatest", nothing, high), high)
        low, high = b.choose(present, low, nothing), b.choose(present, high, nothing)
        self.settling.append(b.surely(b.equal(low, high)))
        return _Amount(present, low, high, lacks)

    def _times(self, price: Seen, times: Seen) -> tuple[Ref, Ref]:
        b = self.at.steps
        nothing = b.constant(0, "integer")
        free = b.any([b.all([b.negate(one.open), b.surely(b.equal(one.low, nothing))]) for one in (price, times)])
        how = (price.per * times.per, self.at.policy.cent)
        ends = []
        for one, other in ((price.low, times.low), (price.high, times.high)):
            cents = b.strict("multiply", one, other)
            if how[0] != 1:
                cents = b.strict("round", cents, given=how)
            ends.append(b.choose(free, nothing, cents))
        return ends[0], ends[1]

    def _price(self, line: p.Line, rows: Rows) -> tuple[Seen, Why]:
        """The price that holds, or the range of those that may; and why it is not exact."""
        at, b = self.at, self.at.steps
        if not line.instead:
            return at.value(line.price, rows), why(line.price, rows, at)
        no = b.truth(False)
        settled, tests = no, []
        possible: list[tuple[Ref, p.Expression]] = []
        for other in line.instead:
            test = at.truth(other.when, rows)
            possible.append((b.all([b.negate(settled), b.negate(b.surely_not(test))]), other.price))
            tests.append(test)
            settled = b.any([settled, b.surely(test)])
        possible.append((b.negate(settled), line.price))
        seen = at.values.aligned([at.value(price, rows) for _, price in possible])
        because = [why(price, rows, at) for _, price in possible]
        # One alone, when every test before it fails, or it holds.
        single = b.any(
            [
                b.all([here, *(b.negate(there) for other, (there, _) in enumerate(possible) if other != place)])
                for place, (here, _) in enumerate(possible)
            ]
        )
        ends = [
            self._extreme(form, [(here, bound) for (here, _), bound in zip(possible, bounds, strict=True)])
            for form, bounds in (("least", [one.low for one in seen]), ("greatest", [one.high for one in seen]))
        ]

        def among(refs: Sequence[Ref]) -> Ref:
            return b.any([b.all([here, ref]) for (here, _), ref in zip(possible, refs, strict=True)])

        none = b.all([single, among([one.none for one in seen])])
        point = b.surely(b.equal(ends[0], ends[1]))
        open_ = b.choose(single, among([one.open for one in seen]), b.negate(point))
        whole = Seen(ends[0], ends[1], open_, none, no, seen[0].per)
        # The source may also be silent on which of several prices holds.
        silent = b.all([b.negate(single), b.truth(any(_may_be_silent(at.policy, one.when) for one in line.instead))])
        return whole, Why(
            b.all([open_, among([one.missing for one in because])]),
            b.all([open_, among([one.silent for one in because])]),
            b.all([open_, b.any([among([one.untold for one in because]), silent])]),
        )


def _may_be_silent(policy: p.Policy, condition: p.Condition) -> bool:
    """Whether the source may be silent on a condition, or contradict itself."""
    parts = (p.Silent, p.NotStated, p.Between, p.FieldValue, p.AmountOf, p.Shift)
    return any(isinstance(part, parts) for part in p.walk_deep(policy, condition))
