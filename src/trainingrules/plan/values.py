"""What is seen of a value, in registers: exactly one, none, or a range; and how values are combined."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from functools import reduce
from math import lcm

from trainingrules.frozen import frozen
from trainingrules.kinds import Shape, Value
from trainingrules.plan.steps import Builder, Kind, Ref, kind_of


@frozen
class Seen:
    """The registers of what is seen of a value, as `reckoning.Seen` says it of one person.

    A bound that is null is open. ``open`` holds while it is not exact, ``none`` where it is known not to exist (then
    both bounds are null), ``perhaps`` where it may turn out not to exist: none of these three is ever null.
    Numbers are numerators over ``per``. ``stuck`` holds while something other than the future keeps it open (only while
    a round runs can that be the future alone); without it, that is always so.
    """

    low: Ref
    high: Ref
    open: Ref
    none: Ref
    perhaps: Ref
    per: int = 1
    # Of a fact as it is given: its register and its bounds. It is null exactly while the fact is unknown, or is none.
    given: tuple[Ref, Ref, Ref] | None = None
    stuck: Ref | None = None


class Values:
    """Makes the registers of values in a program."""

    def __init__(self, steps: Builder) -> None:
        self.steps = steps

    # --- values that are known beforehand ---

    def literal(self, value: Value) -> tuple[Ref, int]:
        """A constant, and the denominator of its numerator."""
        if isinstance(value, Fraction):
            return self.steps.constant(value.numerator, "integer"), value.denominator
        return self.steps.constant(value, _kind(value)), 1

    def exactly(self, ref: Ref, per: int = 1) -> Seen:
        """A value that is known; one whose register is null is none at all."""
        no = self.steps.truth(False)
        return Seen(ref, ref, no, no, no, per)

    def constant(self, value: Value) -> Seen:
        """A value written out; None is none at all."""
        ref, per = self.literal(value)
        if value is None:
            return replace(self.exactly(ref), none=self.steps.truth(True))
        return self.exactly(ref, per)

    def nowhere(self, kind: Kind) -> Seen:
        """A value of which nothing is known, for want of no fact: the source is silent."""
        null, no = self.steps.constant(None, kind), self.steps.truth(False)
        return Seen(null, null, self.steps.truth(True), no, no)

    def fact(self, path: str, shape: Shape, *, nullable: bool, presumed: Value = None, over: str = "") -> Seen:
        """A fact, or a field of a row at hand: given, known not to exist, or between the bounds of its kind."""
        b = self.steps
        given = b.input(path, shape, over=over)
        none = b.input(path, shape, none=True, over=over) if nullable else b.truth(False)
        return self.given(given, none, shape, b.steps[given].given.scale, presumed)

    def given(self, given: Ref, none: Ref, shape: Shape, per: int, presumed: Value = None) -> Seen:
        """What is seen of a value from the register it is in, and the one that says that there is none."""
        b = self.steps
        nullable = none != b.truth(False)
        if presumed is not None:
            ref, of = self.literal(presumed)
            value = b.first(given, self._times(ref, per // of)) if per != 1 else b.first(given, ref)
            value = b.choose(none, b.constant(None, b.steps[given].kind), value)
            return replace(self.exactly(value, per), none=none)
        low, high = (self._bound(end, per, kind_of(shape)) for end in _bounds(shape))
        if low == high and not b.steps[low].total:
            open_ = b.all([b.negate(b.known(given)), b.negate(none)])
            return Seen(given, given, open_, none, open_ if nullable else b.truth(False), per, (given, low, high))
        ends = b.first(given, low), b.first(given, high)
        if low == high:  # only one value is possible
            return self.exactly(low, per)
        open_ = b.negate(b.known(given))
        return Seen(*ends, open_, none, b.truth(False), per, (given, low, high))

    def _bound(self, end: Value, per: int, kind: Kind) -> Ref:
        return self.steps.constant(None if end is None else int(end * per) if per != 1 else end, kind)

    # --- ranges ---

    def between(
        self, low: Ref, high: Ref, open_: Ref, none: Ref, perhaps: Ref, per: int = 1, stuck: Ref | None = None
    ) -> Seen:
        """A range; one that has shrunk to a point is exact, whatever is unknown."""
        b = self.steps
        point = b.known(low) if low == high else b.surely(b.equal(low, high))
        here = b.negate(none)
        maybe = b.all([here, open_, perhaps])
        open_ = b.all([here, open_, b.any([b.negate(point), perhaps])])
        return Seen(low, high, open_, none, maybe, per, stuck=None if stuck is None else b.all([open_, stuck]))

    def stuck(self, parts: Sequence[Seen]) -> Ref | None:
        """Whether something other than the future keeps one of them open; without one, that is always so."""
        if all(part.stuck is None for part in parts):
            return None
        return self.steps.any([part.open if part.stuck is None else part.stuck for part in parts])

    def coming(self, given: Ref, none: Ref, shape: Shape, per: int, day: Ref) -> Seen:
        """A fact while a round runs: what is not so, or is not there, may still be, from this day on."""
        b = self.steps
        unknown = b.all([b.negate(b.known(given)), b.negate(none)])
        if shape.kind == "boolean":
            known = b.choose(b.surely(given), given, b.constant(None, "boolean"))
            return Seen(known, known, b.negate(b.surely(given)), none, none, stuck=unknown)
        if none == b.truth(False):
            return self.given(given, none, shape, per)
        open_ = b.negate(b.known(given))
        low = b.choose(none, day, given) if shape.kind == "date" else given
        return Seen(low, given, open_, b.truth(False), open_, stuck=unknown)

    def at_scale(self, seen: Seen, per: int) -> Seen:
        """The same value with another denominator, a multiple of its own."""
        if per == seen.per:
            return seen
        by = per // seen.per
        given = None
        if seen.given is not None:
            given = (self._times(seen.given[0], by), self._times(seen.given[1], by), self._times(seen.given[2], by))
        return replace(seen, low=self._times(seen.low, by), high=self._times(seen.high, by), per=per, given=given)

    def aligned(self, parts: Sequence[Seen]) -> list[Seen]:
        """The same values over one denominator."""
        per = lcm(*(part.per for part in parts))
        return [self.at_scale(part, per) for part in parts]

    def _times(self, ref: Ref, by: int) -> Ref:
        return self.steps.strict("multiply", ref, self.steps.constant(by, "integer"))

    def share(self, of: Seen, percent: Fraction) -> Seen:
        """So many per cent of a value."""
        part = percent / 100
        low, high = (self._times(end, part.numerator) for end in (of.low, of.high))
        return self.between(low, high, of.open, of.none, of.perhaps, of.per * part.denominator, of.stuck)

    def rounded_down_and_up(self, seen: Seen) -> tuple[Ref, Ref, Ref]:
        """The whole numbers around a value, and whether they differ from it."""
        b = self.steps
        if seen.per == 1:
            return seen.low, seen.high, b.truth(False)
        low, high = b.strict("floor", seen.low, given=seen.per), b.strict("ceiling", seen.high, given=seen.per)
        parts = [
            b.surely_not(b.equal(self._times(whole, seen.per), end))
            for whole, end in ((low, seen.low), (high, seen.high))
        ]
        return low, high, b.any(parts)

    # --- combining ---

    def combine(self, form: str, parts: Sequence[Seen]) -> Seen:
        """Several values made into one: total, difference, product, least or greatest."""
        b = self.steps
        none, open_ = b.any([part.none for part in parts]), b.any([part.open for part in parts])
        perhaps = b.any([part.perhaps for part in parts])
        if form == "product":
            low, high, per = reduce(self._product, [(part.low, part.high, part.per) for part in parts])
        else:
            parts = self.aligned(parts)
            per = parts[0].per
            if form in ("least", "greatest"):
                low, high = self._extreme(form, parts)
            else:
                low, high = parts[0].low, parts[0].high
                for part in parts[1:]:
                    if form == "total":
                        low, high = b.strict("add", low, part.low), b.strict("add", high, part.high)
                    else:
                        low, high = b.strict("subtract", low, part.high), b.strict("subtract", high, part.low)
        return self._unless(none, self.between(low, high, open_, none, perhaps, per, self.stuck(parts)))

    def _unless(self, none: Ref, seen: Seen) -> Seen:
        """Without bounds where it does not exist."""
        b = self.steps
        low, high = (b.choose(none, b.constant(None, b.steps[end].kind), end) for end in (seen.low, seen.high))
        return replace(seen, low=low, high=high)

    def _extreme(self, form: str, parts: Sequence[Seen]) -> tuple[Ref, Ref]:
        lows, highs = [part.low for part in parts], [part.high for part in parts]
        # The least is at most every upper bound, and unbounded below as soon as one part is.
        sure, other = (highs, lows) if form == "least" else (lows, highs)
        tight = reduce(lambda one, two: self._of_known(form, one, two), sure)
        loose = reduce(lambda one, two: self.steps.strict(form, one, two), other)
        return (loose, tight) if form == "least" else (tight, loose)

    def _of_known(self, form: str, one: Ref, other: Ref) -> Ref:
        b = self.steps
        return one if one == other else b.first(b.strict(form, one, other), b.first(one, other))

    def _product(self, one: tuple[Ref, Ref, int], other: tuple[Ref, Ref, int]) -> tuple[Ref, Ref, int]:
        b = self.steps
        per = one[2] * other[2]
        if one[0] == one[1] and other[0] == other[1]:
            both = b.strict("multiply", one[0], other[0])
            # Nothing, however often, is nothing.
            whole = b.choose(b.any([self._is_zero(one[0]), self._is_zero(other[0])]), b.constant(0, "integer"), both)
            return whole, whole, per
        zero = b.any([b.all([self._is_zero(low), self._is_zero(high)]) for low, high, _ in (one, other)])
        products = [b.strict("multiply", a, c) for a in one[:2] for c in other[:2]]
        nothing = b.constant(0, "integer")
        positive = b.all([b.surely(b.at_most(nothing, low)) for low, _, _ in (one, other)])
        null = b.constant(None, "integer")
        ends = []
        for form, product in (("least", products[0]), ("greatest", products[3])):
            of_all = reduce(lambda a, c, form=form: b.strict(form, a, c), products)  # type: ignore[misc]
            ends.append(b.choose(zero, nothing, b.first(of_all, b.choose(positive, product, null))))
        return ends[0], ends[1], per

    def _is_zero(self, ref: Ref) -> Ref:
        return self.steps.surely(self.steps.equal(ref, self.steps.constant(0, "integer")))

    def total(self, parts: Iterable[Seen]) -> Seen:
        """The sum of rows: of none, nothing."""
        found = list(parts)
        return self.combine("total", [self.constant(0), *found])

    # --- comparing ---

    def mapped(self, seen: Seen, change: Callable[[Ref], Ref]) -> Seen:
        """The same with every bound changed, in a way that keeps their order."""
        given = seen.given
        if given is not None:
            given = (change(given[0]), change(given[1]), change(given[2]))
        return replace(seen, low=change(seen.low), high=change(seen.high), given=given)

    def kind_of(self, seen: Seen) -> Kind:
        """What its registers hold."""
        kinds = {self.steps.steps[end].kind for end in (seen.low, seen.high) if not self.steps.is_null(end)}
        return kinds.pop() if kinds else "integer"

    def held(self, test: Callable[[Ref, Ref], Ref], growth: str, left: Seen, right: Seen, *, apart: bool) -> Ref:
        """
        Two values compared that may be ranges: certain when it holds, or fails, at every point of both.

        ``apart`` says whether values of this kind have an order, so that ranges can lie apart.
        """
        b = self.steps
        no = b.truth(False)
        if left.open == no and right.open == no:
            return test(left.low, right.low)
        for fact, other, swapped in ((left, right, False), (right, left, True)):
            if fact.given is not None and other.open == no and b.steps[other.low].total:
                # One fact against a known value: while it is unknown, what its bounds tell.
                known, low, high = fact.given
                ranged = replace(fact, low=low, high=high, given=None)
                pair = (other, ranged) if swapped else (ranged, other)
                ends = (other.low, known) if swapped else (known, other.low)
                return b.first(test(*ends), self._ranges(test, growth, *pair, apart=apart))
        exact = b.negate(b.any([left.open, right.open]))
        return b.choose(exact, test(left.low, right.low), self._ranges(test, growth, left, right, apart=apart))

    def _ranges(self, test: Callable[[Ref, Ref], Ref], growth: str, left: Seen, right: Seen, *, apart: bool) -> Ref:
        b = self.steps
        null = b.truth(None)
        if growth == "point":
            if not apart:
                return null
            away = b.any([b.surely(b.less(right.high, left.low)), b.surely(b.less(left.high, right.low))])
            return b.choose(away, b.truth(False), null)
        worst, best = (left.low, right.high), (left.high, right.low)
        if growth == "down":
            worst, best = (left.high, right.low), (left.low, right.high)
        sure = b.all([b.surely(test(*worst)), b.negate(left.perhaps), b.negate(right.perhaps)])
        return b.choose(sure, b.truth(True), b.choose(b.surely_not(test(*best)), b.truth(False), null))


def _bounds(shape: Shape) -> tuple[Value, Value]:
    if shape.kind == "boolean":
        return None, None  # false and true lie apart from nothing
    low = 0 if shape.kind == "duration" and shape.low is None else shape.low
    return low, shape.high


def _kind(value: Value) -> Kind:
    match value:
        case bool():
            return "boolean"
        case datetime():
            return "moment"
        case date():
            return "date"
        case str():
            return "text"
        case tuple():
            return "list"
        case _:
            return "integer"
