"""Conditions and values of a policy as steps: once for every engine that works on registers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import reduce

from trainingrules import policy as p
from trainingrules.calendar import day_of
from trainingrules.diagnostics import EngineError
from trainingrules.kinds import KINDS, Value
from trainingrules.plan.steps import Builder, Ref, Shifting
from trainingrules.plan.values import Seen, Values
from trainingrules.reckoning import unit_of
from trainingrules.truth import Unknown

# The rows at hand: of which table or history, and which row (of a history: any); the innermost first.
Rows = tuple[tuple[str, str], ...]


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

    def __post_init__(self) -> None:
        self.steps = Builder()
        self.values = Values(self.steps)
        # Every check once, with the register of its truth; and the facts that name a row.
        self.checks: dict[Ref, None] = {}
        self.rows_named: dict[str, Ref] = {}
        self._truths: dict[tuple[int, Rows], Ref] = {}
        self._values: dict[tuple[int, Rows], Seen] = {}
        self._within: list[str] = []
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
            case p.RoundNumber() | p.CycleDay():
                raise self._refused(expression, f"a round of the cycle `{expression.cycle}`")
            case p.Earliest():  # pragma: no branch - mypy proves there is no other
                raise self._refused(expression, f"the earliest day that keeps the deadline `{expression.deadline}`")

    def _fact(self, fact: p.FactValue, rows: Rows) -> Seen:
        path = fact.name
        if fact.per in self.policy.tables:
            path = f"{fact.name}[{_row_of(rows, (fact.per,))[1]}]"
        elif fact.per:
            raise self._refused(fact, f"`{fact.name}`, known per round of a cycle,")
        nullable = KINDS[fact.shape.kind].nullable
        return self.values.fact(path, fact.shape, nullable=nullable, presumed=self.presumed.get(fact.name))

    def _field(self, expression: p.FieldValue, rows: Rows) -> Seen:
        table, key = _row_of(rows, expression.of)
        if table in self.policy.records:
            nullable = KINDS[expression.shape.kind].nullable
            return self.values.fact(f"{table}[].{expression.name}", expression.shape, nullable=nullable, over=table)
        if expression.name == "key":
            return self.values.constant(key)
        return self.value(self.policy.tables[table].rows[key].cells[expression.name], rows)

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
        low, high, differ = values.rounded_down_and_up(by)
        how = Shifting(unit_of(expression.by, self.policy), expression.sign, self.policy.month_end, self.zone)  # type: ignore[arg-type]
        counts = (low, high) if expression.sign > 0 else (high, low)
        ends, failed = [], []
        for start, count in zip((than.low, than.high), counts, strict=True):
            end = b.strict("shift", start, count, given=how)
            ends.append(end)
            failed.append(b.all([b.known(start), b.known(count), b.negate(b.known(end))]))
        none, fails = b.any([than.none, by.none]), b.any(failed)
        open_ = b.any([than.open, by.open, differ, fails])
        perhaps = b.all([b.negate(fails), b.any([than.perhaps, by.perhaps])])
        null = b.constant(None, b.steps[ends[0]].kind)
        bounds = [b.choose(b.any([none, fails]), null, end) for end in dict.fromkeys(ends)]
        return values.between(bounds[0], bounds[-1], open_, none, perhaps)

    def _counted(self, rows_of: str, where: p.Condition, rows: Rows) -> Iterator[tuple[Rows, Ref]]:
        """The rows of a table, each with whether it is counted; or the one that stands for those of a history."""
        if rows_of in self.policy.records:
            inside = ((rows_of, ""), *rows)
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
        return values.between(b.first(low, nothing), high, b.truth(True), no, no)

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
            return values.between(low, high, b.truth(True), no, no, cell.per)
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
                return b.any([b.negate(self.truth(when, rows)), self.truth(then, rows)])
            case p.Each(of, body):
                if of in self.policy.records:
                    body = p.Given(self.policy.records[of].happened, body)
                    return self.each_row(of, self.truth(body, ((of, ""), *rows)))
                return b.all([self.truth(body, ((of, key), *rows)) for key in self.policy.tables[of].rows])
            case p.OfRow(fact, of, body):
                each = {key: self.truth(body, ((of, key), *rows)) for key in self.policy.tables[of].rows}
                return self.of_row(fact, each, rows)
            case p.EachRound():
                raise self._refused(condition, f"each round of the cycle `{condition.cycle}`")
            case p.Silent(truth):  # pragma: no branch - mypy proves there is no other
                assert isinstance(truth, Unknown)
                return b.truth(None)

    def each_row(self, history: str, truth: Ref) -> Ref:
        """Whether something is true of every row of a history."""
        return self._noted(self.steps.reduced(history, truth, "all"))

    def _noted(self, truth: Ref) -> Ref:
        """A truth that is found by itself, and not made of others; of a row of a history, it is told with the rows."""
        if not self.steps.is_constant(truth) and not self.steps.depends_on_row(truth):
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
            raise self._refused(check, f"`{operator.name}` a round of the cycle `{check.operand}`")
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
        self._within.append(f"{what} `{name}`")
        try:
            yield
        finally:
            self._within.pop()

    def _refused(self, part: p.Expression | p.Condition, what: str) -> Untranslatable:
        place = ".".join(str(step) for step in part.at)
        at = f" (in `{place}`)" if place else "".join(f" (in {name})" for name in self._within[-1:])
        return Untranslatable(f"{what} cannot be worked out in columns{at}")


def _row_of(rows: Rows, of: Iterable[str]) -> tuple[str, str]:
    return next(row for row in rows if row[0] in of)


_Test = Callable[[Ref, Ref], Ref]
# How an operator that compares two values is told in steps.
_TESTS: dict[str, Callable[[Builder], _Test]] = {
    "equal": lambda b: b.equal,
    "less": lambda b: b.less,
    "at_most": lambda b: b.at_most,
    "more": lambda b: lambda one, other: b.less(other, one),
    "at_least": lambda b: lambda one, other: b.at_most(other, one),
}
