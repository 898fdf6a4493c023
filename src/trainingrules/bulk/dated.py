"""A program for a table on a day: what follows from today, and from the columns there are, is known beforehand."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from trainingrules.bulk.limits import FIRST_DAY, LAST_DAY
from trainingrules.calendar import MonthEnd
from trainingrules.plan.lowering import Untranslatable
from trainingrules.plan.steps import OPS, Builder, Fold, Input, Kind, Plan, Ref, Step, kind_of

# Whether there is a column for an input, and which rounds there are columns for, of a fact known per round.
Given = Callable[[Input], bool]
Rounds = Mapping[str, Sequence[int]]


def on_day(plan: Plan, today: date | datetime, given: Given = lambda read: True, rounds: Rounds | None = None) -> Plan:
    """
    The same program without `today`, for facts that a column can hold; of an input that is not ``given`` nothing is
    known of anybody.

    Every output has the value it had. Whether somebody born on a day is eighteen by now is asked of the day itself:
    who was born before it. A round that the facts tell is looked up among ``rounds``.

    Raises:
        Untranslatable: the program goes over rows, or looks up rounds, and no ``rounds`` are named.
    """
    return _Dated(today, given, rounds).plan(plan)


@dataclass(frozen=True, slots=True)
class _Dated:
    """How a program, and what it does with each row, is made again."""

    today: date | datetime
    given: Given
    rounds: Rounds | None
    # What stands for each `outer` of the program: a constant where that is known.
    outer: tuple[Step, ...] = ()

    def plan(self, plan: Plan) -> Plan:
        builder = Builder()
        place: list[Ref] = []
        for step in plan.steps:
            place.append(self._step(builder, step, tuple(place[arg] for arg in step.args)))
        outputs = {name: place[ref] for name, ref in plan.outputs.items()}
        return builder.plan(outputs).only(outputs)

    def _step(self, builder: Builder, step: Step, args: tuple[Ref, ...]) -> Ref:
        match step.op:
            case "input" if not self.given(step.given):
                return builder.constant(False if step.given.none else None, step.kind)
            case "input" if step.given.round:
                number = builder.constant(step.given.round, "integer")
                name = step.given.path.partition("[")[0]
                return builder.at_round(name, step.given.shape, number, none=step.given.none)
            case "outer":
                known = self.outer[step.given]
                return builder.constant(known.given, step.kind) if known.op == "constant" else builder.as_it_is(step)
            case "earliest":
                raise Untranslatable(
                    f"a search for the earliest day ({step.given.over}) cannot be worked out in columns"
                )
            case "fold":
                return self._fold(builder, step, args)
            case "part":
                return builder.as_it_is(replace(step, args=args))
            case "at_round":
                return self._at_round(builder, step.given, *args)
        return _again(builder, step, args, self.today)

    def _fold(self, builder: Builder, step: Step, args: tuple[Ref, ...]) -> Ref:
        fold: Fold = step.given
        if self.rounds is None or fold.plan.folds:
            raise Untranslatable(f"the rows of `{fold.over}` cannot be worked out in columns")
        inside = replace(self, outer=tuple(builder.steps[arg] for arg in args))
        return builder.as_it_is(replace(step, args=args, given=replace(fold, plan=inside.plan(fold.plan))))

    def _at_round(self, builder: Builder, read: Input, number: Ref) -> Ref:
        if self.rounds is None:
            raise Untranslatable(f"`{read.path}`, of a round that the facts tell, cannot be worked out in columns")
        name = read.path.removesuffix("[]")
        kind: Kind = "boolean" if read.none else kind_of(read.shape)
        found = builder.constant(False if read.none else None, kind)
        for which in self.rounds.get(name, ()):
            here = builder.constant(which, "integer")
            one = builder.at_round(name, read.shape, here, none=read.none)
            if self.given(builder.steps[one].given):
                found = builder.choose(builder.surely(builder.equal(number, here)), one, found)
        return found


def _again(builder: Builder, step: Step, args: tuple[Ref, ...], today: date | datetime) -> Ref:
    match step.op:
        case "input" if step.total and not step.given.none:
            return builder.number(step.given.over)
        case "input":
            return builder.input(step.given.path, step.given.shape, none=step.given.none, over=step.given.over)
        case "today":
            return builder.constant(today, step.kind)
        case "constant":
            return builder.constant(step.given, step.kind)
        case "all":
            return builder.all(args)
        case "any":
            return builder.any(args)
        case "not":
            return builder.negate(*args)
        case "known":
            return builder.known(*args)
        case "choose":
            test, yes, no = args
            return builder.choose(builder.surely(test), yes, no)
        case "first":
            return builder.first(*args)
        case "less" | "at_most":
            found = _threshold(builder, step.op, *args)
            if found is not None:
                return found
    return builder.strict(step.op, *args, given=step.given)


def _threshold(builder: Builder, op: str, one: Ref, other: Ref) -> Ref | None:
    """A comparison of a shifted day with a known one as a comparison of the day itself; None where it is not that."""
    if (start := _shifted_fact(builder, one)) is not None and builder.is_constant(other):
        # Below the limit are the days before the first that is shifted to it, or beyond it.
        limit = builder.value_of(other)
        first = _first(builder, one, lambda day: day >= limit if op == "less" else day > limit)
        return builder.less(start, builder.constant(first, "date"))
    if (start := _shifted_fact(builder, other)) is not None and builder.is_constant(one):
        limit = builder.value_of(one)
        first = _first(builder, other, lambda day: day > limit if op == "less" else day >= limit)
        return builder.at_most(builder.constant(first, "date"), start)
    return None


def _shifted_fact(builder: Builder, ref: Ref) -> Ref | None:
    """The given day of which this is so many months or days later or earlier, when there always is such a day."""
    step = builder.steps[ref]
    if step.op != "shift" or step.kind != "date" or step.given.month_end is MonthEnd.REFUSE:
        return None
    start, count = step.args
    # No count that a policy can state leads out of the calendar from the years a column holds, but days by thousands.
    given = builder.steps[start].op == "input" and builder.is_constant(count)
    return start if given and abs(builder.value_of(count)) <= _MOST_MONTHS else None


_MOST_MONTHS = 9999


def _first(builder: Builder, shifted: Ref, fulfils: Callable[[date], bool]) -> date:
    """The first day a column can hold whose shifted day fulfils, when later days do too; else the day after all."""
    step = builder.steps[shifted]
    count = builder.value_of(step.args[1])
    days = range(FIRST_DAY.toordinal(), LAST_DAY.toordinal() + 1)

    def keeps(ordinal: int) -> bool:
        return fulfils(OPS["shift"].evaluate(step.given, date.fromordinal(ordinal), count))

    return date.fromordinal(days.start + bisect_left(days, True, key=keeps))
