"""Conditions and values of a policy as steps: once for every engine that works on registers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import reduce
from typing import NamedTuple

from trainingrules import policy as p
from trainingrules.calendar import MonthEnd, day_of
from trainingrules.diagnostics import EngineError
from trainingrules.kinds import KINDS, Shape, Value
from trainingrules.plan.rounds import Days, Rounds
from trainingrules.plan.steps import BEYOND_CALENDAR, NO_DAY, OPEN_DAY, Builder, Input, Ref, Shifting, kind_of
from trainingrules.plan.values import Seen, Values
from trainingrules.reckoning import unit_of
from trainingrules.truth import Unknown


class RoundAt(NamedTuple):
    """A round at hand: of which cycle, what is seen of its number, and whether it is not over (a count may rise)."""

    cycle: str
    number: Seen
    running: bool = False


# What is at hand, the innermost first: rows (of which table or history, and which; of a history: any), and rounds.
Rows = tuple[tuple[str, str] | RoundAt, ...]
# The row of a history that stands for those still to come.
COMING = "coming"


class Untranslatable(EngineError):
    """A construct that has no steps: the error names it, and where it stands."""


@dataclass
class Lowering:
    """Makes the steps of one policy, for the days from one change of its amounts to the next.

    ``on`` is any of those days, or a moment on one. ``readings`` holds the options taken otherwise than the policy
    does, ``presumed`` what holds of facts that are not given.
    """

    policy: p.Policy
    on: date | datetime
    readings: dict[str, str] = field(default_factory=dict)
    presumed: dict[str, Value] = field(default_factory=dict)
    # The day that counts for amounts and validity, when a fact says it.
    judged_on: str = ""
    # How many rounds of a cycle are told one by one, where each that has begun counts; without it a fold goes over all.
    unrolled: int | None = None

    # The program it is made in; and the days that are tried of facts, in a search.
    steps: Builder = field(default_factory=Builder)
    tried: dict[str, Ref] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.values = Values(self.steps)
        # Every check once, with the register of its truth; and the facts that name a row.
        self.checks: dict[Ref, None] = {}
        self.rows_named: dict[str, Ref] = {}
        # Which round is meant; how many have begun, of each cycle; and whether that is more than are told.
        self.numbers: dict[Ref, None] = {}
        self.begun: dict[str, Ref] = {}
        self.beyond: list[Ref] = []
        self._truths: dict[tuple[int, Rows], Ref] = {}
        self._values: dict[tuple[int, Rows], Seen] = {}
        self._inside: list[str] = []
        self._rounds: dict[str, Rounds] = {}
        # What the keys of the two above stand for must not be given to anything else.
        self._kept: list[object] = []

    # --- the day ---

    @property
    def zone(self) -> str:
        """The policy's zone."""
        return self.policy.zone

    def today(self) -> Ref:
        """The day, or moment, of asking."""
        return self.steps.today("moment" if isinstance(self.on, datetime) else "date")

    def day(self, ref: Ref) -> Ref:
        """The day of a day or a moment."""
        return self.steps.strict("day", ref, given=self.zone) if self.steps.steps[ref].kind == "moment" else ref

    def judged(self) -> Seen | None:
        """The day that counts, where a fact says it; none when it is the day of asking."""
        if not self.judged_on:
            return None
        fact = self.value(p.FactValue(self.judged_on, self.policy.facts[self.judged_on].shape), ())
        day = self.day(fact.low)
        day = self.steps.choose(fact.none, self.day(self.today()), day)
        return replace(fact, low=day, none=self.steps.truth(False), given=None)

    def in_force(self) -> Ref:
        """Whether the policy is in force on the day that counts; null while that day is not known."""
        b, validity = self.steps, self.policy.in_force
        judged = self.judged()
        if judged is None:
            day = day_of(self.on, self.zone)
            return b.truth(
                (validity.start is None or day >= validity.start) and (validity.end is None or day <= validity.end)
            )
        parts = [b.negate(judged.open)]
        if validity.start is not None:
            parts.append(b.at_most(b.constant(validity.start, "date"), judged.low))
        if validity.end is not None:
            parts.append(b.at_most(judged.low, b.constant(validity.end, "date")))
        return b.choose(judged.open, b.truth(None), b.all(parts))

    # --- values ---

    def value(self, expression: p.Expression, rows: Rows) -> Seen:
        """The registers of a value, with these rows at hand."""
        key = (id(expression), rows)
        if key not in self._values:
            self._kept.append(expression)
            self._values[key] = self._value(expression, rows)
        return self._values[key]

    def _value(self, expression: p.Expression, rows: Rows) -> Seen:
        b, values = self.steps, self.values
        match expression:
            case p.Constant():
                return values.constant(expression.value)
            case p.FactValue():
                return self._fact(expression, rows)
            case p.FieldValue():
                return self._field(expression, rows)
            case p.Named():
                with self._naming("value", expression.name):
                    return self.value(self.policy.values[expression.name].value, rows)
            case p.Today():
                return values.exactly(self.today())
            case p.Chosen(reading=reading):
                return values.constant(self.readings.get(reading, self.policy.readings[reading].chosen))
            case p.AmountOf():
                return self._price(expression.name)
            case p.LastDayOf():
                until = self.policy.deadlines[expression.deadline].until
                assert until is not None  # a policy that counts from a deadline without one is refused
                return self.value(until, rows)
            case p.Shift():
                return self._shift(expression, rows)
            case p.Between():
                low, high = self.value(expression.low, rows), self.value(expression.high, rows)
                low, high = values.aligned([low, high])
                none, perhaps = b.any([low.none, high.none]), b.any([low.perhaps, high.perhaps])
                return values.between(low.low, high.high, b.truth(True), none, perhaps, low.per)
            case p.Share():
                return values.share(self.value(expression.of, rows), expression.percent)
            case p.SumOf():
                return self._sum(expression, rows)
            case p.CountOf():
                return self._count(expression, rows)
            case p.Combined():
                parts = [self.value(part, rows) for part in expression.parts]
                if expression.form in ("least", "greatest") and len({values.kind_of(part) for part in parts}) > 1:
                    raise self._refused(expression, "days together with moments")
                return values.combine(expression.form, parts)
            case p.NotStated():
                return values.nowhere("integer")
            case p.RoundNumber():
                return self.round_number(expression.cycle, rows)
            case p.CycleDay():
                days = self.round_days(expression.cycle, rows)
                end = {"first": days.first, "last": days.last, "expiry": days.expiry}[expression.which]
                return Seen(end, end, days.open, days.none, days.perhaps)
            case p.Earliest():  # pragma: no branch - mypy proves there is no other
                return self._earliest(expression, rows)

    def _fact(self, fact: p.FactValue, rows: Rows) -> Seen:
        b, values, shape = self.steps, self.values, fact.shape
        if fact.name in self.tried:
            return values.exactly(self.tried[fact.name])
        number: Seen | None = None
        nullable, none = KINDS[shape.kind].nullable, b.truth(False)
        if not fact.per or fact.per in self.policy.tables:
            path = f"{fact.name}[{row_of(rows, (fact.per,))[1]}]" if fact.per else fact.name
            given = b.input(path, shape)
            none = b.input(path, shape, none=True) if nullable else none
        else:
            number = self.round_number(fact.per, rows)
            which = b.choose(b.any([number.open, number.none]), b.constant(None, "integer"), number.low)
            self.numbers[which] = None
            given = b.at_round(fact.name, shape, which)
            none = b.at_round(fact.name, shape, which, none=True) if nullable else none
        per = Input(fact.name, shape).scale
        if running(rows):
            if shape.kind == "moment":
                raise self._refused(fact, f"the moment `{fact.name}`, which may still come in a round,")
            seen = values.coming(given, none, shape, per, self.day(self.today()))
        else:
            presumed = self.presumed.get(fact.name)
            if number is not None and presumed is not None and number.open != b.truth(False):
                raise self._refused(fact, f"`{fact.name}`, presumed of a round that may not be known,")
            seen = values.given(given, none, shape, per, presumed)
        return seen if number is None else self._at_round(seen, number, shape)

    def _at_round(self, seen: Seen, number: Seen, shape: Shape) -> Seen:
        """What is seen of a fact in a round, of which it may not be known which one it is, or that there is one."""
        b = self.steps
        if number.open == number.none == b.truth(False):
            return seen
        null = b.constant(None, b.steps[seen.low].kind)
        low, high = (b.choose(number.none, null, end) for end in (seen.low, seen.high))
        open_ = b.all([b.negate(number.none), b.any([seen.open, number.open])])
        perhaps = b.all([b.negate(number.none), b.any([seen.perhaps, b.all([number.open, number.perhaps])])])
        stuck = None if seen.stuck is None else b.all([open_, b.any([number.open, seen.stuck])])
        return Seen(low, high, open_, b.any([number.none, seen.none]), perhaps, seen.per, stuck=stuck)

    # --- rounds ---

    def rounds(self, cycle: str) -> Rounds:
        """The rounds of a cycle."""
        if cycle not in self._rounds:
            declared = self.policy.cycles[cycle]
            anchor = self.value(p.FactValue(declared.starts, self.policy.facts[declared.starts].shape), ())
            day = self.day(self.today())
            self._rounds[cycle] = Rounds(self.steps, declared, self.policy.month_end, anchor, day)
        return self._rounds[cycle]

    def round_number(self, cycle: str, rows: Rows) -> Seen:
        """The number of the round at hand, or else of the one running today."""
        for one in rows:
            if isinstance(one, RoundAt) and one.cycle == cycle:
                return one.number
        return self.rounds(cycle).running()

    def any_round(self, cycle: str) -> Seen:
        """The round that stands for all that have begun, while it is not known which those are."""
        b, rounds = self.steps, self.rounds(cycle)
        failed = rounds.begun()[1]
        null, no = b.constant(None, "integer"), b.truth(False)
        ends = [b.choose(failed, null, b.constant(end, "integer")) for end in (1, rounds.cycle.rounds)]
        return Seen(ends[0], ends[1], b.truth(True), no, no)

    def round_days(self, cycle: str, rows: Rows) -> Days:
        """The days of the round at hand, or else of the one running today."""
        return self.rounds(cycle).days(self.round_number(cycle, rows))

    def _within(self, check: p.Check, rows: Rows) -> Ref:
        b = self.steps
        left, days = self.value(check.subject, rows), self.round_days(str(check.operand), rows)
        low, high = (self.day(end) for end in (left.low, left.high))
        outside = b.any([b.surely(b.less(days.last, low)), b.surely(b.less(high, days.first))])
        inside = b.all([b.surely(b.at_most(days.first, low)), b.surely(b.at_most(high, days.last)),
                        b.negate(left.perhaps)])  # fmt: skip
        null, no = b.truth(None), b.truth(False)
        truth = b.choose(outside, no, b.choose(inside, b.truth(True), null))
        return b.choose(b.any([left.none, days.none]), no, b.choose(days.open, null, truth))

    def _each_round(self, condition: p.EachRound, rows: Rows) -> Ref:
        b, cycle, body = self.steps, condition.cycle, condition.body
        rounds = self.rounds(cycle)
        anchor = rounds.anchor
        begun, failed = rounds.begun()
        yes, null = b.truth(True), b.truth(None)
        self.begun[cycle] = begun
        if self.unrolled is None:
            number = self.values.exactly(b.number(cycle))
            every = b.reduced(cycle, self.truth(body, (RoundAt(cycle, number), *rows)), "all", count=begun)
        else:
            most = min(self.unrolled, rounds.cycle.rounds or self.unrolled)
            parts = []
            for which in range(1, most + 1):
                truth = self.truth(body, (RoundAt(cycle, self.values.constant(which)), *rows))
                parts.append(b.choose(b.at_most(b.constant(which, "integer"), begun), truth, yes))
            every = b.all(parts)
            self.beyond.append(b.less(b.constant(most, "integer"), begun))
        # While it is not known whether any has begun, none fails for sure.
        any_one = self.truth(body, (RoundAt(cycle, self.any_round(cycle)), *rows))
        perhaps = b.choose(b.surely(any_one), yes, null)
        return self._noted(b.choose(anchor.none, yes, b.choose(b.any([anchor.open, failed]), perhaps, every)))

    def _field(self, expression: p.FieldValue, rows: Rows) -> Seen:
        table, key = row_of(rows, expression.of)
        if key == COMING:
            return self._coming(table, expression)
        if table in self.policy.records:
            nullable = KINDS[expression.shape.kind].nullable
            return self.values.fact(f"{table}[].{expression.name}", expression.shape, nullable=nullable, over=table)
        if expression.name == "key":
            return self.values.constant(key)
        return self.value(self.policy.tables[table].rows[key].cells[expression.name], rows)

    def _coming(self, history: str, field: p.FieldValue) -> Seen:
        """A field of a row that is still to come: nothing is known, but that it will be dated from today on."""
        b = self.steps
        null, no, yes = b.constant(None, kind_of(field.shape)), b.truth(False), b.truth(True)
        if field.name != self.policy.records[history].dated:
            return self.values.given(null, no, field.shape, Input("", field.shape).scale)
        return Seen(self.day(self.today()), null, yes, no, no)

    def _price(self, name: str) -> Seen:
        b, values = self.steps, self.values
        prices = self.policy.amounts[name]
        judged = self.judged()
        if judged is None:
            day = day_of(self.on, self.zone)
            cents = [price.cents for price in prices if price.start <= day]
            return values.nowhere("integer") if not cents or cents[-1] is None else values.constant(cents[-1])
        amount = b.constant(None, "integer")
        for price in prices:
            begun = b.surely(b.at_most(b.constant(price.start, "date"), judged.low))
            amount = b.choose(begun, b.constant(price.cents, "integer"), amount)
        amount = b.choose(judged.open, b.constant(None, "integer"), amount)
        return replace(values.exactly(amount), open=b.negate(b.known(amount)))

    def _shift(self, expression: p.Shift, rows: Rows) -> Seen:
        b, values = self.steps, self.values
        than, by = self.value(expression.than, rows), self.value(expression.by, rows)
        ends, fails, differ = self.shifted(expression, rows)
        none = b.any([than.none, by.none])
        open_ = b.any([than.open, by.open, differ, fails])
        perhaps = b.all([b.negate(fails), b.any([than.perhaps, by.perhaps])])
        null = b.constant(None, b.steps[ends[0]].kind)
        bounds = [b.choose(b.any([none, fails]), null, end) for end in dict.fromkeys(ends)]
        stuck = values.stuck([than, by])
        stuck = None if stuck is None else b.any([stuck, differ, fails])
        return values.between(bounds[0], bounds[-1], open_, none, perhaps, stuck=stuck)

    def shifted(self, expression: p.Shift, rows: Rows) -> tuple[list[Ref], Ref, Ref]:
        """Both ends of a shifted day, whether one cannot be counted, and whether the length is not a whole number."""
        b = self.steps
        than, by = self.value(expression.than, rows), self.value(expression.by, rows)
        low, high, differ = self.values.rounded_down_and_up(by)
        how = Shifting(unit_of(expression.by, self.policy), expression.sign, self.policy.month_end, self.zone)  # type: ignore[arg-type]
        counts = (low, high) if expression.sign > 0 else (high, low)
        ends, failed = [], []
        for start, count in zip((than.low, than.high), counts, strict=True):
            end = b.strict("shift", start, count, given=how)
            ends.append(end)
            failed.append(b.all([b.known(start), b.known(count), b.negate(b.known(end))]))
        return ends, b.any(failed), differ

    def _earliest(self, expression: p.Earliest, rows: Rows) -> Seen:
        """The first day of a fact on which a deadline is still met by its act; not done yet, as if that were today."""
        b = self.steps
        if running(rows):
            raise self._refused(expression, f"the earliest day that keeps `{expression.deadline}`, while a round runs,")
        act = self.policy.deadlines[expression.deadline].act
        day = self.day(self.today())
        acted = self.values.exactly(day) if act is None else self.value(act, rows)
        done = b.choose(acted.none, day, self.day(acted.low))
        done = b.choose(acted.open, b.constant(None, "date"), done)
        refuses = self.policy.month_end is MonthEnd.REFUSE
        choices = (MonthEnd.EARLIER, MonthEnd.LATER) if refuses else (self.policy.month_end,)
        numbers = [self._searched(expression, done, month_end, rows) for month_end in choices]
        first, last = numbers[0], numbers[-1]
        nothing, null = b.constant(NO_DAY, "integer"), b.constant(None, "integer")
        # The policy chooses no day where a month has none: it lies between what the two choices would give.
        both = b.all([b.surely(b.less(nothing, number)) for number in numbers])
        low = b.choose(both, b.strict("least", first, last), null)
        high = b.choose(both, b.strict("greatest", first, last), null)
        one = b.all([b.surely(b.less(nothing, first)), b.negate(both)])
        start, days = b.constant(date.min, "date"), Shifting("days", 1, self.policy.month_end, "")
        ends = [
            b.strict(
                "move", start, b.strict("subtract", b.choose(one, first, end), b.constant(1, "integer")), given=days
            )
            for end in dict.fromkeys((low, high))
        ]
        failed = b.any([b.surely(b.equal(first, b.constant(code, "integer"))) for code in (OPEN_DAY, BEYOND_CALENDAR)])
        apart = b.negate(b.surely(b.equal(low, high)))
        open_ = b.any([acted.open, failed, b.all([both, apart])])
        none = b.all([b.negate(acted.open), b.surely(b.equal(first, nothing))])
        perhaps = b.any([acted.open, b.surely(b.equal(first, b.constant(OPEN_DAY, "integer")))])
        return Seen(ends[0], ends[-1], open_, none, perhaps)

    def _searched(self, expression: p.Earliest, done: Ref, month_end: MonthEnd, rows: Rows) -> Ref:
        """The number of the first day that will do, or why there is none."""
        b = self.steps
        search = f"{expression.fact}, {expression.deadline}, {month_end.name}"
        until = self.policy.deadlines[expression.deadline].until
        assert until is not None  # a policy that keeps a deadline without one is refused
        day = b.candidate(search, expression.fact)
        within = Lowering(
            replace(self.policy, month_end=month_end), self.on, self.readings, self.presumed, self.judged_on,
            self.unrolled, b, {**self.tried, expression.fact: day},
        )  # fmt: skip
        limit = within.value(until, rows)
        self.numbers |= within.numbers
        found = b.first(b.strict("day_number", within.day(limit.low)), b.constant(NO_DAY, "integer"))
        found = b.choose(limit.none, b.constant(NO_DAY, "integer"), found)
        return b.reduced(search, b.choose(limit.open, b.constant(OPEN_DAY, "integer"), found), None, count=done)

    def _counted(self, rows_of: str, where: p.Condition, rows: Rows) -> Iterator[tuple[Rows, Ref]]:
        """The rows of a table, each with whether it is counted; or the one that stands for those of a history."""
        if rows_of in self.policy.records:
            inside = ((rows_of, ""), *settled(rows))
            yield inside, self.truth(p.All((self.policy.records[rows_of].happened, where)), inside)
            return
        for key in self.policy.tables[rows_of].rows:
            inside = ((rows_of, key), *rows)
            yield inside, self.truth(where, inside)

    def _summed(self, rows_of: str, parts: Sequence[Ref]) -> Ref:
        """The sum over the rows of a table, or of what comes of every row of a history."""
        if rows_of in self.policy.records:
            return self.steps.reduced(rows_of, parts[0], "sum")
        return reduce(lambda one, other: self.steps.strict("add", one, other), parts, self.steps.constant(0, "integer"))

    def _count(self, expression: p.CountOf, rows: Rows) -> Seen:
        b, values = self.steps, self.values
        one, nothing = b.constant(1, "integer"), b.constant(0, "integer")
        counted = [counts for _, counts in self._counted(expression.rows, expression.where, rows)]
        low = self._summed(expression.rows, [b.choose(b.surely(counts), one, nothing) for counts in counted])
        high = self._summed(expression.rows, [b.choose(b.surely_not(counts), nothing, one) for counts in counted])
        no = b.truth(False)
        # Of an unknown history there are none or more.
        seen = values.between(b.first(low, nothing), high, b.truth(True), no, no)
        return self._may_rise(seen, expression, rows)

    def _may_rise(self, total: Seen, counted: p.CountOf | p.SumOf, rows: Rows) -> Seen:
        """While the round runs, a history may still grow, by rows from today on that are counted too."""
        if not running(rows) or counted.rows not in self.policy.records:
            return total
        b = self.steps
        rises = b.negate(b.surely_not(self.truth(counted.where, ((counted.rows, COMING), *rows))))
        null = b.constant(None, "integer")
        low, high = total.low, b.choose(rises, null, total.high)
        if isinstance(counted, p.SumOf) and _may_be_negative(
            self.policy.records[counted.rows].fields[counted.field].shape
        ):
            low = b.choose(rises, null, low)
        return replace(total, low=low, high=high, open=b.any([total.open, rises]), stuck=total.open)

    def _sum(self, expression: p.SumOf, rows: Rows) -> Seen:
        b, values = self.steps, self.values
        shape = p.rows_holder(self.policy, expression.rows).fields[expression.field].shape
        column = p.FieldValue(expression.field, shape, (expression.rows,))
        nothing, no = b.constant(0, "integer"), b.truth(False)
        cells = []
        for inside, counts in self._counted(expression.rows, expression.where, rows):
            if counts == no:
                continue
            cell = self.value(column, inside)
            low = b.choose(b.known(counts), cell.low, b.strict("least", nothing, cell.low))
            high = b.choose(b.known(counts), cell.high, b.strict("greatest", nothing, cell.high))
            out = b.surely_not(counts)
            low, high = b.choose(out, nothing, low), b.choose(out, nothing, high)
            open_ = b.all([b.negate(out), b.any([cell.open, b.negate(b.known(counts))])])
            cells.append(values.between(low, high, open_, no, no, cell.per))
        if expression.rows in self.policy.records:
            cell = cells[0] if cells else values.constant(0)
            low, high = (b.reduced(expression.rows, end, "sum") for end in (cell.low, cell.high))
            # Where every row is exact, the two sums are the same.
            seen = values.between(low, high, b.truth(True), no, no, cell.per)
            return self._may_rise(seen, expression, rows)
        return values.total(cells)

    # --- conditions ---

    def truth(self, condition: p.Condition, rows: Rows) -> Ref:
        """The register of a truth, with these rows at hand."""
        key = (id(condition), rows)
        if key not in self._truths:
            self._kept.append(condition)
            self._truths[key] = self._truth(condition, rows)
        return self._truths[key]

    def _truth(self, condition: p.Condition, rows: Rows) -> Ref:
        b = self.steps
        match condition:
            case p.Check():
                return self._noted(self._check(condition, rows))
            case p.All(parts):
                return b.all([self.truth(part, rows) for part in parts])
            case p.Any(parts):
                return b.any([self.truth(part, rows) for part in parts])
            case p.Not(part):
                return b.negate(self.truth(part, rows))
            case p.Holds(term):
                with self._naming("term", term):
                    return self.truth(self.policy.terms[term].holds, rows)
            case p.Given(when, then):
                return b.any([b.negate(self.truth(when, settled(rows))), self.truth(then, rows)])
            case p.Each(of, body):
                if of in self.policy.records:
                    body = p.Given(self.policy.records[of].happened, body)
                    return self.each_row(of, self.truth(body, ((of, ""), *rows)))
                return b.all([self.truth(body, ((of, key), *rows)) for key in self.policy.tables[of].rows])
            case p.OfRow(fact, of, body):
                each = {key: self.truth(body, ((of, key), *rows)) for key in self.policy.tables[of].rows}
                return self.of_row(fact, each, rows)
            case p.EachRound():
                return self._each_round(condition, rows)
            case p.Silent(truth):  # pragma: no branch - mypy proves there is no other
                assert isinstance(truth, Unknown)
                return b.truth(None)

    def each_row(self, history: str, truth: Ref) -> Ref:
        """Whether something is true of every row of a history."""
        return self._noted(self.steps.reduced(history, truth, "all"))

    def _noted(self, truth: Ref) -> Ref:
        """A truth that is found by itself, and not made of others; of a row of a history, it is told with the rows."""
        if not self.steps.is_constant(truth) and not self.steps.over(truth):
            self.checks[truth] = None
        return truth

    def of_row(self, fact: str, each: dict[str, Ref], rows: Rows) -> Ref:
        """The truth for the row that a fact names; while it is unknown, certain only when all agree that it fails."""
        b = self.steps
        chosen = self.value(p.FactValue(fact, self.policy.facts[fact].shape), rows)
        self.rows_named[fact] = chosen.low
        no = b.truth(False)
        any_row = b.choose(b.all([b.surely_not(truth) for truth in each.values()]), no, b.truth(None))
        return b.choose(chosen.none, no, b.choose(chosen.open, any_row, self.pick(chosen.low, each)))

    def pick(self, row: Ref, each: dict[str, Ref]) -> Ref:
        """What belongs to the row that is named."""
        b = self.steps
        by_value: dict[Ref, list[str]] = {}
        for key, ref in each.items():
            by_value.setdefault(ref, []).append(key)
        several = list(by_value.items())
        found = several[-1][0]
        for ref, keys in reversed(several[:-1]):
            found = b.choose(b.surely(b.strict("in", row, given=tuple(keys))), ref, found)
        return found

    def _check(self, check: p.Check, rows: Rows) -> Ref:
        b, operator = self.steps, check.operator
        no, null = b.truth(False), b.truth(None)
        if operator.operand == "cycle":
            return self._within(check, rows)
        left = self.value(check.subject, rows)
        if operator.name == "exists":
            return b.choose(left.open, null, left.none if not check.operand else b.negate(left.none))
        if isinstance(check.operand, tuple):
            test = b.strict(operator.step, left.low, given=check.operand)
            return b.choose(left.none, no, self._while_open(left, test))
        assert not isinstance(check.operand, bool | str)
        right = self.value(check.operand, rows)
        if isinstance(check.subject, p.FactValue | p.FieldValue | p.Chosen) and check.subject.shape.ordered:
            options = tuple(check.subject.shape.options)
            left, right = (self.values.mapped(one, self._rank(options)) for one in (left, right))
        kinds = {self.values.kind_of(left), self.values.kind_of(right)}
        if kinds == {"date", "moment"}:
            left, right = (self.values.mapped(one, self.day) for one in (left, right))
        left, right = self.values.aligned([left, right])
        apart = not kinds & {"text", "list", "boolean"}
        truth = self.values.held(_TESTS[operator.step](b), operator.growth, left, right, apart=apart)
        return b.choose(b.any([left.none, right.none]), no, truth)

    def _rank(self, options: tuple[str, ...]) -> Callable[[Ref], Ref]:
        return lambda ref: self.steps.strict("rank", ref, given=options)

    def _while_open(self, seen: Seen, test: Ref) -> Ref:
        """A test of the lower bound, null while that is not the value."""
        return (
            test
            if seen.given is not None and seen.given[0] == seen.low
            else self.steps.choose(seen.open, self.steps.truth(None), test)
        )

    # --- refusing ---

    @contextmanager
    def _naming(self, what: str, name: str) -> Iterator[None]:
        self._inside.append(f"{what} `{name}`")
        try:
            yield
        finally:
            self._inside.pop()

    def _refused(self, part: p.Expression | p.Condition, what: str) -> Untranslatable:
        place = ".".join(str(step) for step in part.at)
        at = f" (in `{place}`)" if place else "".join(f" (in {name})" for name in self._inside[-1:])
        return Untranslatable(f"{what} cannot be worked out in columns{at}")


def row_of(rows: Rows, of: Iterable[str]) -> tuple[str, str]:
    """The innermost row at hand of one of these tables or histories."""
    return next(row for row in rows if not isinstance(row, RoundAt) and row[0] in of)


def running(rows: Rows) -> bool:
    """Whether a round is at hand that is not over."""
    return next((one.running for one in rows if isinstance(one, RoundAt)), False)


def settled(rows: Rows) -> Rows:
    """The same, judged on what is known now."""
    return tuple(one._replace(running=False) if isinstance(one, RoundAt) else one for one in rows)


def _may_be_negative(shape: Shape) -> bool:
    return shape.kind != "duration" and (shape.low is None or shape.low < 0)


_Test = Callable[[Ref, Ref], Ref]
# How an operator that compares two values is told in steps.
_TESTS: dict[str, Callable[[Builder], _Test]] = {
    "equal": lambda b: b.equal,
    "less": lambda b: b.less,
    "at_most": lambda b: b.at_most,
    "more": lambda b: lambda one, other: b.less(other, one),
    "at_least": lambda b: lambda one, other: b.at_most(other, one),
}
