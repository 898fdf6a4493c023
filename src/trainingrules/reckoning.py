"""What is seen of a value in a situation, and how it compares: shared by every engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from math import ceil, floor
from typing import Any, Protocol

from trainingrules import policy as p
from trainingrules.calendar import (
    MonthEnd,
    NoSuchDay,
    Period,
    Round,
    add,
    add_to_moment,
    day_of,
    earliest_keeping,
    round_at,
    round_on,
)
from trainingrules.facts import Facts
from trainingrules.frozen import frozen
from trainingrules.kinds import DAYS, KINDS, Shape, Value
from trainingrules.money import Certainty, Vat, least_certain
from trainingrules.truth import Cause, Truth, Unknown, missing

Because = frozenset[Cause]
KNOWN: Because = frozenset()

# What the causes of a day that cannot be counted are called.
MONTH_END, CALENDAR = "conventions.month_end", "calendar"
# The key of a row of a history that is still to come; those that are there count from 1.
COMING = 0


@frozen
class Seen:
    """What is seen of a value: exactly one, none at all, or somewhere from ``low`` to ``high``.

    A bound that is None is open. ``because`` says why it is not exact; a value that is exact has no cause,
    and one that is known not to exist has neither a cause nor a value. One that lies in a range ``or_null`` may
    also turn out not to exist: nothing holds of it for sure.
    """

    low: Value
    high: Value
    because: Because = KNOWN
    or_null: bool = False

    @property
    def exact(self) -> bool:
        """Whether it is known, or known not to exist."""
        return not self.because

    @property
    def null(self) -> bool:
        """Whether it is known not to exist."""
        return not self.because and self.low is None


NULL = Seen(None, None)


def exactly(value: Value) -> Seen:
    """A value that is known."""
    return Seen(value, value)


def between(low: Value, high: Value, because: Because, *, or_null: bool = False) -> Seen:
    """A range; one that has shrunk to a point is exact, whatever is unknown."""
    if low is not None and low == high and not or_null:
        return exactly(low)
    return Seen(low, high, because, or_null)


def _unseen(kind: Any, name: str, shape: Shape | None = None) -> Seen:
    cause: Because = frozenset({Cause(kind, name)})
    if shape is None:
        return Seen(None, None, cause)
    if shape.kind == "boolean":
        return Seen(False, True, cause)
    low = 0 if shape.kind == "duration" and shape.low is None else shape.low
    return between(low, shape.high, cause, or_null=KINDS[shape.kind].nullable)


def _no_day(reason: ValueError) -> Seen:
    """Why a day cannot be counted: it does not exist and the policy chooses no other, or the calendar ends."""
    return _unseen("not_stated", MONTH_END if isinstance(reason, NoSuchDay) else CALENDAR)


@frozen
class RowAt:
    """The row at hand: of a table, or of a history (whose rows count from 1)."""

    of: str
    key: str | int
    values: Mapping[str, Value] | None = None

    @property
    def label(self) -> str:
        """How a path names it."""
        return f"{self.of}[{self.key}]"


class Engine(Protocol):
    """Decides conditions. Every engine gives the same findings; the reference engine says what they are."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    def decide(self, condition: p.Condition, at: Situation) -> Finding:
        """The truth of a condition and of all its parts."""
        ...


@frozen
class Situation:
    """Everything a condition is judged by: the facts, the day, and the row and rounds at hand.

    ``running`` holds while judging a round that is not over: its counts may rise and a no may become a yes.
    """

    policy: p.Policy
    facts: Facts
    today: date | datetime
    engine: Engine
    judged: Seen
    rows: tuple[RowAt, ...] = ()
    rounds: Mapping[str, Seen] | None = None
    readings: Mapping[str, str] | None = None
    presumed: Mapping[str, Value] | None = None
    running: bool = False

    def at_row(self, row: RowAt) -> Situation:
        """The same with this row at hand, before any other."""
        # Written out, here and below: rows and rounds are many, and `replace` takes its time.
        return Situation(self.policy, self.facts, self.today, self.engine, self.judged, (row, *self.rows), self.rounds,
                         self.readings, self.presumed, self.running)  # fmt: skip

    def at_round(self, cycle: str, number: Seen, *, running: bool = False) -> Situation:
        """The same with this round at hand."""
        return Situation(self.policy, self.facts, self.today, self.engine, self.judged, self.rows,
                         {**(self.rounds or {}), cycle: number}, self.readings, self.presumed, running)  # fmt: skip

    def settled(self) -> Situation:
        """The same, judged on what is known now."""
        if not self.running:
            return self
        return Situation(self.policy, self.facts, self.today, self.engine, self.judged, self.rows, self.rounds,
                         self.readings, self.presumed)  # fmt: skip

    @property
    def day(self) -> date:
        """The day of asking, in the policy's zone."""
        return day_of(self.today, self.policy.zone)


@frozen
class Finding:
    """The truth of a condition, with that of its parts and what was seen.

    ``label`` names the row or round it was found for, when its parent goes over several.
    """

    condition: p.Condition
    truth: Truth
    parts: tuple[Finding, ...] = ()
    seen: tuple[Seen, ...] = ()
    at: Situation | None = None
    label: str | int = ""


# --- rows and rounds ---


def rows_of(name: str, at: Situation) -> tuple[RowAt, ...] | None:
    """The rows of a table or a history, whether or not they have happened; None while a history is unknown."""
    if name in at.policy.tables:
        return tuple(RowAt(name, key) for key in at.policy.tables[name].rows)
    given = at.facts.rows.get(name)
    if given is None:
        return None
    return tuple(RowAt(name, index, values) for index, values in enumerate(given, 1))


def happened(name: str, at: Situation) -> p.Condition:
    """What holds of the rows of a history that have happened by the day of asking."""
    return at.policy.records[name].happened if name in at.policy.records else p.ALWAYS


def _round_of(cycle: str, number: int, anchor: date, at: Situation) -> Round:
    every = at.policy.cycles[cycle].every
    return round_at(anchor, every, number, month_end=at.policy.month_end)


def anchor_of(cycle: str, at: Situation) -> Seen:
    """The day on which the first round of a cycle starts."""
    name = at.policy.cycles[cycle].starts
    return value(p.FactValue(name, at.policy.facts[name].shape), at.settled())


def round_number(cycle: str, at: Situation) -> Seen:
    """The number of the round at hand, or else of the one running today; none when nothing runs."""
    at_hand = (at.rounds or {}).get(cycle)
    return at_hand if at_hand is not None else running_round(cycle, at.day, at)


def running_round(cycle: str, day: date, at: Situation) -> Seen:
    """The number of the round that holds a day; none before the first and after the last."""
    anchor = anchor_of(cycle, at)
    if not anchor.exact or anchor.null:
        return Seen(None, None, anchor.because, or_null=not anchor.exact)
    declared = at.policy.cycles[cycle]
    try:
        number = round_on(anchor.low, declared.every, day, month_end=at.policy.month_end, rounds=declared.rounds)
    except ValueError as reason:
        return _no_day(reason)
    return NULL if number is None else exactly(number)


def round_asked(cycle: str, number: int, at: Situation) -> Seen:
    """The number of a round that is asked for; none beyond the last."""
    rounds = at.policy.cycles[cycle].rounds
    return exactly(number) if rounds is None or number <= rounds else NULL


def round_days(cycle: str, number: Seen, at: Situation) -> Round | Seen:
    """The round's days; or, as what is seen, why there are none."""
    anchor = anchor_of(cycle, at)
    if number.null or anchor.null:
        return NULL
    if not (number.exact and anchor.exact):
        return Seen(None, None, number.because | anchor.because, or_null=number.or_null or anchor.or_null)
    try:
        return _round_of(cycle, number.low, anchor.low, at)
    except ValueError as reason:
        return _no_day(reason)


# --- values ---


def value(expression: p.Expression, at: Situation) -> Seen:
    """What is seen of a value in a situation."""
    match expression:
        case p.Constant():
            return exactly(expression.value)
        case p.FactValue():
            return _fact(expression, at)
        case p.FieldValue():
            return _field(expression, at)
        case p.Named():
            return value(at.policy.values[expression.name].value, at)
        case p.Today():
            return exactly(at.today)
        case p.Chosen(reading=reading):
            return exactly((at.readings or {}).get(reading, at.policy.readings[reading].chosen))
        case p.RoundNumber():
            return round_number(expression.cycle, at)
        case p.AmountOf():
            return _price(expression.name, at)[0]
        case p.LastDayOf():
            return last_day(at.policy.deadlines[expression.deadline], at)
        case p.Shift():
            return _shift(expression, at)
        case p.CycleDay():
            days = round_days(expression.cycle, round_number(expression.cycle, at), at)
            if isinstance(days, Seen):
                return days
            return exactly({"first": days.first, "last": days.last, "expiry": days.expiry}[expression.which])
        case p.Earliest():
            return _earliest(expression, at)
        case p.Between():
            low, high = value(expression.low, at), value(expression.high, at)
            if low.null or high.null:
                return NULL
            stated: Because = frozenset({Cause("not_stated", _place(expression))})
            or_null = low.or_null or high.or_null
            return between(low.low, high.high, low.because | high.because | stated, or_null=or_null)
        case p.Share():
            of = value(expression.of, at)
            part = expression.percent / 100
            if of.null:
                return of
            return between(_times(of.low, part), _times(of.high, part), of.because, or_null=of.or_null)
        case p.SumOf():
            return _sum(expression, at)
        case p.CountOf():
            return _count(expression, at)
        case p.Combined():
            return _combine(expression.form, [value(part, at) for part in expression.parts], at)
        case p.NotStated():  # pragma: no branch - mypy proves there is no other
            return _unseen("not_stated", expression.what)


def _place(node: p.Between | p.Shift) -> str:
    return ".".join(str(step) for step in node.at[:2])


def _fact(fact: p.FactValue, at: Situation) -> Seen:
    given: Mapping[Any, Value]
    key: Any
    if not fact.per:
        given, key, name = at.facts.one, fact.name, fact.name
    else:
        given = at.facts.per.get(fact.name, {})
        if fact.per in at.policy.tables:
            key = next(row.key for row in at.rows if row.of == fact.per)
        else:
            number = round_number(fact.per, at)
            if number.null:
                return NULL
            if not number.exact:
                if at.presumed and fact.name in at.presumed and not given:
                    return exactly(at.presumed[fact.name])
                one = _unseen("missing", fact.name, fact.shape)
                # Of a round that cannot be counted no fact can be asked.
                asked = one.because if any(cause.kind == "missing" for cause in number.because) else KNOWN
                return replace(one, because=asked | number.because, or_null=one.or_null or number.or_null)
            key = number.low
        name = f"{fact.name}[{key}]"
    if key in given:
        known = given[key]
        # A round that is not over: what is not so yet may still become so, from today on.
        if at.running and known is False:
            return Seen(False, True, frozenset({Cause("future", name)}))
        if at.running and known is None:
            first = at.day if fact.shape.kind in DAYS else None
            return Seen(first, None, frozenset({Cause("future", name)}), or_null=True)
        return exactly(known)
    if at.presumed and fact.name in at.presumed:
        return exactly(at.presumed[fact.name])
    return _unseen("missing", name, fact.shape)


def _field(expression: p.FieldValue, at: Situation) -> Seen:
    row = next(row for row in at.rows if row.of in expression.of)
    if expression.name == "key":
        return exactly(row.key)
    if row.values is None:
        return value(at.policy.tables[row.of].rows[str(row.key)].cells[expression.name], at)
    if expression.name in row.values:
        return exactly(row.values[expression.name])
    if row.key == COMING and expression.name == at.policy.records[row.of].dated:
        return Seen(at.day, None, frozenset({Cause("future", row.of)}))
    return _unseen("missing", f"{row.label}.{expression.name}", expression.shape)


def _price(name: str, at: Situation) -> tuple[Seen, p.Price | None]:
    """An amount on the day judged, with the entry it comes from."""
    if not at.judged.exact:
        return Seen(None, None, at.judged.because), None
    day = at.day if at.judged.null else at.judged.low
    in_turn = [price for price in at.policy.amounts[name] if price.start <= day_of(day, at.policy.zone)]
    if not in_turn or in_turn[-1].cents is None:
        return _unseen("not_stated", name), in_turn[-1] if in_turn else at.policy.amounts[name][0]
    return exactly(in_turn[-1].cents), in_turn[-1]


def last_day(deadline: p.Deadline, at: Situation) -> Seen:
    """The last day, or moment, of a deadline."""
    assert deadline.until is not None  # a policy that counts from a deadline without one is refused
    return value(deadline.until, at)


def shifted(start: Value, count: int, unit: str, sign: int, at: Situation) -> Value:
    """A day or moment so many months, days or hours earlier or later, in one step; raises `ValueError`."""
    period = Period(**{unit: count})
    if isinstance(start, datetime):
        return add_to_moment(start, period, month_end=at.policy.month_end, zone=at.policy.zone, sign=sign)
    return add(start, period, month_end=at.policy.month_end, sign=sign)


def _shift(expression: p.Shift, at: Situation) -> Seen:
    than, by = value(expression.than, at), value(expression.by, at)
    if than.null or by.null:
        return NULL
    # Part of a month or a day is no length that the source counts in: somewhere between the whole ones.
    low, high = None if by.low is None else floor(by.low), None if by.high is None else ceil(by.high)
    because = than.because | by.because
    if (low, high) != (by.low, by.high):
        because |= {Cause("not_stated", _place(expression))}
    unit = unit_of(expression.by, at.policy)
    counts = (low, high) if expression.sign > 0 else (high, low)
    ends: list[Value] = []
    for start, count in zip((than.low, than.high), counts, strict=True):
        if start is None or count is None:
            ends.append(None)
            continue
        try:
            ends.append(shifted(start, count, unit, expression.sign, at))
        except ValueError as reason:
            return _no_day(reason)
    return between(ends[0], ends[1], because, or_null=than.or_null or by.or_null)


def unit_of(expression: p.Expression, policy: p.Policy) -> str:
    """The base unit of a length of time: months, days or hours."""
    match expression:
        case p.Constant() | p.FactValue() | p.FieldValue():
            return expression.shape.base_unit
        case p.Named():
            return unit_of(policy.values[expression.name].value, policy)
        case p.Between():
            return unit_of(expression.low, policy)
        case p.Share():
            return unit_of(expression.of, policy)
        case p.SumOf():
            return p.rows_holder(policy, expression.rows).fields[expression.field].shape.base_unit
        case p.Combined():
            return next(unit for part in expression.parts if (unit := unit_of(part, policy)))
        case _:
            return "days"


def _earliest(expression: p.Earliest, at: Situation) -> Seen:
    deadline = at.policy.deadlines[expression.deadline]
    act = value(deadline.act, at.settled()) if deadline.act is not None else exactly(at.day)
    if act.null:
        act = exactly(at.day)  # not done yet: as if it were done today
    if not act.exact:
        return Seen(None, None, act.because, or_null=True)
    done = day_of(act.low, at.policy.zone)
    if at.policy.month_end is not MonthEnd.REFUSE:
        return _first_keeping(expression, done, at)
    # The policy chooses no day where a month has none: it lies between what the two choices would give.
    choices = (MonthEnd.EARLIER, MonthEnd.LATER)
    found = [_first_keeping(expression, done, replace(at, policy=replace(at.policy, month_end=one))) for one in choices]
    if any(one.low is None for one in found):
        return found[0]
    low, high = sorted(one.low for one in found)
    return between(low, high, frozenset({Cause("not_stated", MONTH_END)}))


def _first_keeping(expression: p.Earliest, done: date, at: Situation) -> Seen:
    """The first day on which the deadline is not before the day it was met."""
    deadline = at.policy.deadlines[expression.deadline]
    none = NULL

    def keeps(day: date) -> bool:
        nonlocal none
        limit = last_day(deadline, replace(at, facts=at.facts.given(**{expression.fact: day})))
        if limit.exact and not limit.null:
            # When no day will do after all, the calendar ends too soon.
            none = _unseen("not_stated", CALENDAR)
            return day_of(limit.low, at.policy.zone) >= done
        none = Seen(None, None, limit.because, or_null=True) if limit.because else none
        return False

    found = earliest_keeping(keeps, done)
    return none if found is None else exactly(found)


def _add(one: Value, other: Value) -> Value:
    return None if one is None or other is None else one + other


def _times(one: Value, other: Value) -> Value:
    return None if one is None or other is None else one * other


def _sum(expression: p.SumOf, at: Situation) -> Seen:
    rows = rows_of(expression.rows, at)
    if rows is None:
        return _unseen("missing", expression.rows)
    total = exactly(0)
    shape = p.rows_holder(at.policy, expression.rows).fields[expression.field].shape
    column = p.FieldValue(expression.field, shape, (expression.rows,))
    for inside, counts in _rows_where(expression.rows, expression.where, rows, at):
        cell = exactly(0) if counts is False else value(column, inside)
        if isinstance(counts, Unknown):
            low = None if cell.low is None else min(0, cell.low)
            high = None if cell.high is None else max(0, cell.high)
            cell = between(low, high, cell.because | counts.because)
        total = between(_add(total.low, cell.low), _add(total.high, cell.high), total.because | cell.because)
    return _may_rise(total, expression, at)


def _count(expression: p.CountOf, at: Situation) -> Seen:
    rows = rows_of(expression.rows, at)
    if rows is None:
        return Seen(0, None, frozenset({Cause("missing", expression.rows)}))
    low = high = 0
    because = KNOWN
    for _, counts in _rows_where(expression.rows, expression.where, rows, at):
        low += counts is True
        high += counts is not False
        if isinstance(counts, Unknown):
            because |= counts.because
    return _may_rise(between(low, high, because), expression, at)


def _may_rise(total: Seen, counted: p.CountOf | p.SumOf, at: Situation) -> Seen:
    """While the round runs, a history may still grow, by rows from today on that are counted too."""
    if not at.running or counted.rows not in at.policy.records:
        return total
    if at.engine.decide(counted.where, at.at_row(RowAt(counted.rows, COMING, {}))).truth is False:
        return total
    fields = at.policy.records[counted.rows].fields
    falls = isinstance(counted, p.SumOf) and _may_be_negative(fields[counted.field].shape)
    return Seen(None if falls else total.low, None, total.because | {Cause("future", counted.rows)})


def _may_be_negative(shape: Shape) -> bool:
    return shape.kind != "duration" and (shape.low is None or shape.low < 0)


def _rows_where(
    name: str, where: p.Condition, rows: Sequence[RowAt], at: Situation
) -> Iterable[tuple[Situation, Truth]]:
    wanted = p.All((happened(name, at), where))
    # What a history says of the past is settled; the facts of a table may still change while a round runs.
    base = at.settled() if name in at.policy.records else at
    for row in rows:
        inside = base.at_row(row)
        yield inside, at.engine.decide(wanted, inside).truth


def _combine(form: str, parts: list[Seen], at: Situation) -> Seen:
    if any(part.null for part in parts):
        return NULL
    because: Because = frozenset().union(*(part.because for part in parts))
    or_null = any(part.or_null for part in parts)
    lows, highs = [part.low for part in parts], [part.high for part in parts]
    if form in ("least", "greatest"):
        lows, highs = _same_kind(lows, at), _same_kind(highs, at)
        pick: Callable[[Iterable[Value]], Value] = min if form == "least" else max
        # The least is at most every upper bound, and unbounded below as soon as one part is.
        sure, open_ = (highs, lows) if form == "least" else (lows, highs)
        tight = pick([end for end in sure if end is not None]) if any(end is not None for end in sure) else None
        loose = None if None in open_ else pick(open_)
        low, high = (loose, tight) if form == "least" else (tight, loose)
        return between(low, high, because, or_null=or_null)
    low, high = lows[0], highs[0]
    for next_low, next_high in zip(lows[1:], highs[1:], strict=True):
        if form == "total":
            low, high = _add(low, next_low), _add(high, next_high)
        elif form == "difference":
            low, high = _add(low, _times(next_high, -1)), _add(high, _times(next_low, -1))
        else:
            low, high = _product((low, high), (next_low, next_high))
    return between(low, high, because, or_null=or_null)


def _product(one: tuple[Value, Value], other: tuple[Value, Value]) -> tuple[Value, Value]:
    if (0, 0) in (one, other):
        return 0, 0
    if None not in (*one, *other):
        products = [a * b for a in one for b in other]
        return min(products), max(products)
    if all(low is not None and low >= 0 for low, _ in (one, other)):
        return one[0] * other[0], _times(one[1], other[1])
    return None, None


def _same_kind(ends: list[Value], at: Situation) -> list[Value]:
    """Days and moments together are compared as days in the policy's zone."""
    kinds = {type(end) for end in ends if end is not None}
    if kinds == {date, datetime}:
        return [None if end is None else day_of(end, at.policy.zone) for end in ends]
    return ends


# --- comparing ---


def compare(check: p.Check, at: Situation) -> tuple[Truth, tuple[Seen, ...]]:
    """The truth of one check, and what was seen on both sides."""
    left = value(check.subject, at)
    operator = check.operator
    if operator.name == "exists":
        if left.exact:
            return operator.test(left.low, check.operand), (left,)
        # A bound shows that there is one; a kind that cannot be null always has one, once it is known.
        return Unknown(left.because), (left,)
    if operator.operand == "cycle":
        return _within(left, str(check.operand), at)
    if left.null:
        right = () if isinstance(check.operand, tuple) else (value(check.operand, at),)  # type: ignore[arg-type]
        return False, (left, *right)
    if isinstance(check.operand, tuple):
        truth: Truth = operator.test(left.low, check.operand) if left.exact else Unknown(left.because)
        return truth, (left,)
    right_seen = value(check.operand, at)  # type: ignore[arg-type]
    if right_seen.null:
        return False, (left, right_seen)
    return _held(check, left, right_seen, at), (left, right_seen)


def _within(left: Seen, cycle: str, at: Situation) -> tuple[Truth, tuple[Seen, ...]]:
    days = round_days(cycle, round_number(cycle, at), at)
    if left.null or (isinstance(days, Seen) and days.null):
        return False, (left,)
    if isinstance(days, Seen):
        return Unknown(left.because | days.because), (left,)
    low, high = (None if end is None else day_of(end, at.policy.zone) for end in (left.low, left.high))
    shown = (left, exactly(days.first), exactly(days.last))
    if (low is not None and low > days.last) or (high is not None and high < days.first):
        return False, shown
    if low is not None and high is not None and not left.or_null and days.first <= low and high <= days.last:
        return True, shown
    return Unknown(left.because), shown


def _held(check: p.Check, left: Seen, right: Seen, at: Situation) -> Truth:
    """Compare two values that may be ranges: certain when it holds, or fails, at every point of both."""
    test, growth = check.operator.test, check.operator.growth
    because = left.because | right.because
    ends: list[Value] = [left.low, left.high, right.low, right.high]
    if isinstance(check.subject, p.FactValue | p.FieldValue | p.Chosen) and check.subject.shape.ordered:
        rank = {name: index for index, name in enumerate(check.subject.shape.options)}
        ends = [None if end is None else rank[end] for end in ends]
    ends = _same_kind(ends, at)
    if not because:
        return test(ends[0], ends[2])
    if growth == "point":
        apart = _past(ends[0], ends[3]) or _past(ends[2], ends[1])
        return False if apart else Unknown(because)
    worst, best = ((ends[0], ends[3]), (ends[1], ends[2]))
    if growth == "down":
        worst, best = (ends[1], ends[2]), (ends[0], ends[3])
    if None not in worst and test(*worst) and not (left.or_null or right.or_null):
        return True
    if None not in best and not test(*best):
        return False
    return Unknown(because)


def _past(low: Value, high: Value) -> bool:
    return low is not None and high is not None and not isinstance(low, str) and low > high


# --- conditions ---


def parts_of(condition: p.Condition, at: Situation) -> list[tuple[p.Condition, Situation, str | int]]:
    """
    The parts a condition falls into here, each with its situation and the row or round it is for.

    The unfolding of rows, rounds and terms; how the truths of the parts make the truth of the whole is the
    engine's business.
    """
    match condition:
        case p.All(parts) | p.Any(parts):
            return [(part, at, "") for part in parts]
        case p.Not(part):
            return [(part, at, "")]
        case p.Holds(term):
            return [(at.policy.terms[term].holds, at, "")]
        case p.Given(when, then):
            return [(when, at.settled(), ""), (then, at, "")]
        case p.Each(rows, body):
            found = rows_of(rows, at)
            if found is None:
                return [(p.Silent(missing(rows)), at, "")]
            if rows in at.policy.records:
                body = p.Given(happened(rows, at), body)
            return [(body, at.at_row(row), row.key) for row in found]
        case p.OfRow(fact, rows, body):
            chosen = value(p.FactValue(fact, at.policy.facts[fact].shape), at)
            if chosen.null:
                return [(p.Any(()), at, "")]
            if chosen.exact:
                return [(body, at.at_row(RowAt(rows, chosen.low)), chosen.low)]
            # It may be any row, or none.
            each = [(body, at.at_row(RowAt(rows, key)), key) for key in at.policy.tables[rows].rows]
            return [*each, (p.Any(()), at, "")]
        case p.EachRound(cycle, body):
            begun = begun_rounds(cycle, at)
            # While it is not known whether any has begun, none fails for sure.
            return [(body if number.exact else p.Any((body, p.Silent(Unknown(number.because)))),
                     at.at_round(cycle, number), number.low or "") for number in begun]  # fmt: skip
        case _:
            return []


def begun_rounds(cycle: str, at: Situation) -> list[Seen]:
    """
    The rounds of a cycle that have begun; while its anchor is unknown, one that stands for them all.
    """
    anchor = anchor_of(cycle, at)
    if anchor.null:
        return []
    if not anchor.exact:
        return [Seen(1, at.policy.cycles[cycle].rounds, anchor.because)]
    if anchor.low > at.day:
        return []
    declared = at.policy.cycles[cycle]
    try:
        running = round_on(anchor.low, declared.every, at.day, month_end=at.policy.month_end)
    except ValueError as reason:
        return [_no_day(reason)]
    last = min(running or 0, declared.rounds or running or 0)
    return [exactly(number) for number in range(1, last + 1)]


def chosen_row(condition: p.OfRow, at: Situation) -> Seen:
    """The row that a fact names."""
    return value(p.FactValue(condition.fact, at.policy.facts[condition.fact].shape), at)


# --- what an amount says of itself ---


@frozen
class Said:
    """What is said of a price: its VAT word, its certainty, and where its amounts are stated."""

    vat: Vat
    certainty: Certainty
    source: tuple[str, ...]


def said_together(several: Iterable[Said]) -> Said:
    """What can be said of several prices at once."""
    all_said = list(several)
    vats = {one.vat for one in all_said}
    return Said(
        vats.pop() if len(vats) == 1 else Vat.NOT_STATED,
        least_certain(one.certainty for one in all_said),
        tuple(dict.fromkeys(name for one in all_said for name in one.source)),
    )


def said_of_price(expression: p.Expression, at: Situation) -> Said:
    """What is said of a price: by the amounts it is made of."""
    found: list[Said] = []
    certainties: list[Certainty] = []
    for part in p.walk(expression):
        if isinstance(part, p.AmountOf):
            _, entry = _price(part.name, at)
            entry = entry or at.policy.amounts[part.name][-1]
            found.append(Said(entry.vat, entry.certainty, entry.source))
        elif isinstance(part, p.FieldValue) and part.shape.kind == "money":
            row = next((row for row in at.rows if row.of in part.of), None)
            if row is not None and row.of in at.policy.tables:
                column = at.policy.tables[row.of].fields[part.name]
                found.append(Said(column.vat, column.certainty, ()))
        elif isinstance(part, p.Between):
            certainties.append(Certainty.INDICATION)
        elif isinstance(part, p.Named):
            found.append(said_of_price(at.policy.values[part.name].value, at))
    whole = said_together(found)
    return replace(whole, certainty=least_certain([whole.certainty, *certainties]))
