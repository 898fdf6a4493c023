"""Rounds of a cycle in registers: which one holds a day, on which days it starts and ends, and how many have begun."""

from __future__ import annotations

from trainingrules.calendar import MonthEnd
from trainingrules.frozen import frozen
from trainingrules.plan.steps import Builder, Ref, Shifting
from trainingrules.plan.values import Seen
from trainingrules.policy import Cycle

# The last month and the last day of the calendar, as they are numbered.
_LAST_MONTH = 9999 * 12 + 11
_LAST_DAY = 3_652_059


@frozen
class Days:
    """The days of a round; without any where there is none, or where that is not known (as `Seen` says it)."""

    first: Ref
    last: Ref
    expiry: Ref
    open: Ref
    none: Ref
    perhaps: Ref


class Rounds:
    """Makes the registers of the rounds of one cycle."""

    def __init__(self, steps: Builder, cycle: Cycle, month_end: MonthEnd, anchor: Seen, day: Ref) -> None:
        self.steps, self.cycle, self.month_end, self.anchor, self.day = steps, cycle, month_end, anchor, day

    def running(self) -> Seen:
        """The number of the round that holds the day; none before the first and after the last."""
        b, anchor = self.steps, self.anchor
        number, begun, failed = self._on_day(self.cycle.rounds)
        rounds = self.cycle.rounds
        over = b.truth(False) if rounds is None else b.surely(b.less(b.constant(rounds, "integer"), number))
        outside = b.any([b.negate(begun), over])
        none = b.any([anchor.none, b.all([b.negate(anchor.open), b.negate(failed), outside])])
        open_ = b.any([anchor.open, failed])
        number = b.choose(b.any([none, open_]), b.constant(None, "integer"), number)
        return Seen(number, number, open_, none, anchor.open)

    def begun(self) -> tuple[Ref, Ref]:
        """How many have begun, as far as that is known; and whether it is not, though the first day is known."""
        b, rounds = self.steps, self.cycle.rounds
        number, begun, failed = self._on_day(None)
        if rounds is not None:
            number = b.strict("least", number, b.constant(rounds, "integer"))
        nothing = b.constant(0, "integer")
        return b.choose(b.all([begun, b.negate(failed)]), b.first(number, nothing), nothing), failed

    def _on_day(self, rounds: int | None) -> tuple[Ref, Ref, Ref]:
        """The number of the round at the day, whether the first has begun, and whether it cannot be counted."""
        b, every, anchor = self.steps, self.cycle.every, self.anchor.low
        one = b.constant(1, "integer")
        begun = b.surely(b.at_most(anchor, self.day))
        unit, length = ("day_number", every.days) if every.days else ("month_number", every.months)
        passed = b.strict("subtract", b.strict(unit, self.day), b.strict(unit, anchor))
        number = b.strict("add", b.strict("floor", passed, given=length), one)
        if every.months:
            # Of the rounds that start in the month of the day, or last before it, the start decides.
            settled = MonthEnd.EARLIER if self.month_end is MonthEnd.REFUSE else self.month_end
            start = self._start(b.strict("subtract", number, one), settled)
            later = b.surely(b.less(self.day, start))
            number = b.choose(later, b.strict("subtract", number, one), number)
        if self.month_end is not MonthEnd.REFUSE:
            return number, begun, b.truth(False)
        last = number if rounds is None else b.strict("least", number, b.constant(rounds, "integer"))
        ends = self._start(b.strict("subtract", last, one)), self._start(last)
        return number, begun, b.all([begun, b.any([b.negate(b.known(end)) for end in ends])])

    def _start(self, passed: Ref, month_end: MonthEnd | None = None) -> Ref:
        """The day on which so many rounds have passed; null where there is none."""
        b, every = self.steps, self.cycle.every
        unit, length, last = (("days", every.days, _LAST_DAY) if every.days
                              else ("months", every.months, _LAST_MONTH))  # fmt: skip
        how = Shifting(unit, 1, month_end or self.month_end, "")  # type: ignore[arg-type]
        count = b.strict("multiply", passed, b.constant(length, "integer"))
        placed = b.strict("day_number" if every.days else "month_number", self.anchor.low)
        inside = b.surely(b.at_most(b.strict("add", placed, count), b.constant(last, "integer")))
        return b.strict("move", self.anchor.low, b.choose(inside, count, b.constant(None, "integer")), given=how)

    def days(self, number: Seen) -> Days:
        """The days of the round of a number."""
        b, anchor = self.steps, self.anchor
        one = b.constant(1, "integer")
        open_, none = b.any([number.open, anchor.open]), b.any([number.none, anchor.none])
        known = b.choose(b.any([open_, none]), b.constant(None, "integer"), number.low)
        first, expiry = self._start(b.strict("subtract", known, one)), self._start(known)
        failed = b.all([b.negate(open_), b.negate(none), b.any([b.negate(b.known(end)) for end in (first, expiry)])])
        null = b.constant(None, "date")
        first, expiry = (b.choose(failed, null, end) for end in (first, expiry))
        last = b.strict("move", expiry, b.constant(-1, "integer"), given=Shifting("days", 1, self.month_end, ""))
        perhaps = b.all([open_, b.any([number.perhaps, anchor.perhaps])])
        return Days(first, last, expiry, b.all([b.negate(none), b.any([open_, failed])]), none, perhaps)
