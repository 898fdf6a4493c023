"""A program for a table on a day: what follows from today, and from the columns there are, is known beforehand."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from datetime import date, datetime

from trainingrules.bulk.limits import FIRST_DAY, LAST_DAY
from trainingrules.calendar import MonthEnd
from trainingrules.plan.lowering import Untranslatable
from trainingrules.plan.steps import OPS, Builder, Input, Plan, Ref, Step


def on_day(plan: Plan, today: date | datetime, given: Callable[[Input], bool] = lambda read: True) -> Plan:
    """
    The same program without `today`, for facts that a column can hold; of an input that is not ``given`` nothing is
    known of anybody.

    Every output has the value it had. Whether somebody born on a day is eighteen by now is asked of the day itself:
    who was born before it.
    """
    builder = Builder()
    place: list[Ref] = []
    for step in plan.steps:
        if step.op == "input" and not given(step.given):
            place.append(builder.constant(False if step.given.none else None, step.kind))
        else:
            place.append(_again(builder, step, tuple(place[arg] for arg in step.args), today))
    return builder.plan({name: place[ref] for name, ref in plan.outputs.items()})


def _again(builder: Builder, step: Step, args: tuple[Ref, ...], today: date | datetime) -> Ref:
    match step.op:
        case "input":
            return builder.input(step.given.path, step.given.shape, none=step.given.none)
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
            return builder.choose(*args)
        case "first":
            return builder.first(*args)
        case "fold":
            raise Untranslatable(f"the rows of `{step.given.over}` cannot be worked out in columns")
        case "at_round":
            raise Untranslatable(
                f"`{step.given.path}`, of a round that the facts tell, cannot be worked out in columns"
            )
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
