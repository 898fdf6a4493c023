"""The flat program: every step puts one value in a register of its own; null is what is not known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Literal

from trainingrules.calendar import MonthEnd, Period, add, add_to_moment, day_of
from trainingrules.kinds import Shape
from trainingrules.money import Rounding, round_cents

# What a register holds. Numbers are whole: a fraction is kept as its numerator, over a denominator that is known
# when the program is made. A choice or a row is its name.
Kind = Literal["boolean", "integer", "date", "moment", "text", "list"]

# The number of a register.
Ref = int


@dataclass(frozen=True, slots=True)
class Input:
    """A value that is given: a fact by its path (`age`, `done[hives]`), or a field of a row of a history at hand.

    With ``none`` it is whether the fact is known not to exist: true or false, never null. ``scale`` is what a
    fraction is multiplied by to be a whole number in a column.
    """

    path: str
    shape: Shape
    none: bool = False

    @property
    def scale(self) -> int:
        """The denominator of the number in the register."""
        return MILLIONTHS if not self.none and self.shape.kind in ("decimal", "percent") else 1


# How finely a column can hold a number with decimals.
MILLIONTHS = 1_000_000


@dataclass(frozen=True, slots=True)
class Shifting:
    """How a day or moment is shifted: the unit, the direction (1 or -1), and by which conventions."""

    unit: Literal["months", "days", "hours"]
    sign: int
    month_end: MonthEnd
    zone: str


@dataclass(frozen=True, slots=True)
class Op:
    """What a step does.

    A ``strict`` one is null as soon as one of its arguments is; ``evaluate`` says what it makes of the static part and
    the arguments (of a strict one: known ones), and with that what it means. A ``partial`` one may find null even so.
    """

    name: str
    evaluate: Callable[..., Any]
    kind: Kind | Literal["same"]
    strict: bool = True
    partial: bool = False


def _all(given: None, *parts: bool | None) -> bool | None:
    return False if False in parts else None if None in parts else True


def _any(given: None, *parts: bool | None) -> bool | None:
    return True if True in parts else None if None in parts else False


def _shift(how: Shifting, start: date, count: int | Fraction) -> date | None:
    """The day or moment so much later or earlier; null when there is none."""
    sign = how.sign if count >= 0 else -how.sign
    try:
        period = Period(**{how.unit: abs(int(count))})
        if isinstance(start, datetime):
            return add_to_moment(start, period, month_end=how.month_end, zone=how.zone, sign=sign)
        return add(start, period, month_end=how.month_end, sign=sign)
    except ValueError:
        return None


def _round(how: tuple[int, Rounding], number: int | Fraction) -> int:
    """A numerator over a denominator, in whole cents."""
    return round_cents(Fraction(number) / how[0], how[1])


_OPS = (
    # Inputs; what they evaluate to is given.
    Op("input", lambda given: None, "same", partial=True),
    Op("today", lambda given: None, "same"),
    Op("constant", lambda given: given, "same", partial=True),
    # Truth, after Kleene.
    Op("all", _all, "boolean", strict=False),
    Op("any", _any, "boolean", strict=False),
    Op("not", lambda given, one: not one, "boolean"),
    # What is known: never null itself.
    Op("known", lambda given, one: one is not None, "boolean", strict=False),
    # The second when the first holds, else the third; the first is never null.
    Op("choose", lambda given, test, yes, no: yes if test else no, "same", strict=False),
    # The first, or while it is null the second.
    Op("first", lambda given, one, other: other if one is None else one, "same", strict=False),
    # Comparing.
    Op("equal", lambda given, one, other: one == other, "boolean"),
    Op("less", lambda given, one, other: one < other, "boolean"),
    Op("at_most", lambda given, one, other: one <= other, "boolean"),
    Op("in", lambda given, one: one in given, "boolean"),
    Op("includes_any", lambda given, one: not set(one).isdisjoint(given), "boolean"),
    Op("includes_all", lambda given, one: set(one).issuperset(given), "boolean"),
    Op("in_order", lambda given, one: tuple(one) == given, "boolean"),
    # The place of an option among others.
    Op("rank", lambda given, one: given.index(one), "integer"),
    # Numbers.
    Op("add", lambda given, one, other: one + other, "integer"),
    Op("subtract", lambda given, one, other: one - other, "integer"),
    Op("multiply", lambda given, one, other: one * other, "integer"),
    Op("floor", lambda given, one: one // given, "integer"),
    Op("ceiling", lambda given, one: -(-one // given), "integer"),
    Op("round", _round, "integer"),
    # The smaller and the larger, earlier and later.
    Op("least", lambda given, one, other: min(one, other), "same"),
    Op("greatest", lambda given, one, other: max(one, other), "same"),
    # Days and moments.
    Op("shift", _shift, "same", partial=True),
    Op("day", lambda given, one: day_of(one, given), "date"),
)  # fmt: skip
OPS: Mapping[str, Op] = {op.name: op for op in _OPS}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it does with which registers; ``given`` is what it knows beforehand.

    ``total`` holds when its value is never null.
    """

    op: str
    args: tuple[Ref, ...]
    given: Any
    kind: Kind
    total: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """A program: its steps, each after those it needs, and the registers that are asked for, by name."""

    steps: tuple[Step, ...]
    outputs: Mapping[str, Ref]

    @property
    def inputs(self) -> tuple[Input, ...]:
        """What it reads, in the order of the steps."""
        return tuple(step.given for step in self.steps if step.op == "input")

    def only(self, names: Iterable[str]) -> Plan:
        """The same program for some of its outputs: without the steps that none of these needs."""
        outputs = {name: self.outputs[name] for name in names}
        needed: set[Ref] = set()
        todo = list(outputs.values())
        while todo:
            ref = todo.pop()
            if ref not in needed:
                needed.add(ref)
                todo += self.steps[ref].args
        place = {ref: index for index, ref in enumerate(sorted(needed))}
        kept = [self.steps[ref] for ref in sorted(needed)]
        return Plan(
            tuple(Step(one.op, tuple(place[arg] for arg in one.args), one.given, one.kind, one.total) for one in kept),
            {name: place[ref] for name, ref in outputs.items()},
        )


@dataclass
class Builder:
    """Makes a program: equal steps once, and what is known beforehand not at all."""

    steps: list[Step] = field(default_factory=list)
    _known: dict[tuple[Any, ...], Ref] = field(default_factory=dict)

    def plan(self, outputs: Mapping[str, Ref]) -> Plan:
        """The program of these outputs: without the steps that none of them needs."""
        return Plan(tuple(self.steps), dict(outputs)).only(outputs)

    def _add(self, op: str, args: tuple[Ref, ...], given: Any, kind: Kind, *, total: bool) -> Ref:
        key = (op, args, type(given), _hashable(given), kind)
        if key not in self._known:
            self._known[key] = len(self.steps)
            self.steps.append(Step(op, args, given, kind, total))
        return self._known[key]

    def is_constant(self, ref: Ref) -> bool:
        """Whether the value of a register is known beforehand."""
        return self.steps[ref].op == "constant"

    def value_of(self, ref: Ref) -> Any:
        """The value of a constant."""
        return self.steps[ref].given

    # --- inputs and constants ---

    def input(self, path: str, shape: Shape, *, none: bool = False) -> Ref:
        """A given value, or whether it is known not to exist."""
        return self._add("input", (), Input(path, shape, none), "boolean" if none else kind_of(shape), total=none)

    def today(self, kind: Kind) -> Ref:
        """The day, or the moment, of asking."""
        return self._add("today", (), None, kind, total=True)

    def constant(self, value: Any, kind: Kind) -> Ref:
        """A value that is known beforehand; None is null."""
        return self._add("constant", (), value, kind, total=value is not None)

    def truth(self, value: bool | None) -> Ref:
        """A constant truth."""
        return self.constant(value, "boolean")

    # --- truth ---

    def all(self, parts: Iterable[Ref]) -> Ref:
        """Kleene's and."""
        return self._gate("all", parts, settles=False)

    def any(self, parts: Iterable[Ref]) -> Ref:
        """Kleene's or."""
        return self._gate("any", parts, settles=True)

    def _gate(self, op: str, parts: Iterable[Ref], *, settles: bool) -> Ref:
        kept = tuple(dict.fromkeys(part for part in parts if part != self.truth(not settles)))
        if self.truth(settles) in kept:
            return self.truth(settles)
        if not kept:
            return self.truth(not settles)
        if len(kept) == 1:
            return kept[0]
        return self._add(op, kept, None, "boolean", total=all(self.steps[part].total for part in kept))

    def negate(self, one: Ref) -> Ref:
        """The opposite."""
        step = self.steps[one]
        return step.args[0] if step.op == "not" else self.strict("not", one)

    def known(self, one: Ref) -> Ref:
        """Whether it is not null."""
        if self.steps[one].total:
            return self.truth(True)
        if self.is_constant(one):
            return self.truth(False)
        return self._add("known", (one,), None, "boolean", total=True)

    def surely(self, one: Ref) -> Ref:
        """Whether it is true: null is not."""
        return self.first(one, self.truth(False))

    def surely_not(self, one: Ref) -> Ref:
        """Whether it is false: null is not."""
        return self.surely(self.negate(one))

    # --- choosing ---

    def choose(self, test: Ref, yes: Ref, no: Ref) -> Ref:
        """The one value or the other, by a test that is never null."""
        assert self.steps[test].total
        if yes == no:
            return yes
        if self.is_constant(test):
            return yes if self.value_of(test) else no
        if (yes, no) == (self.truth(True), self.truth(False)):
            return test
        if (yes, no) == (self.truth(False), self.truth(True)):
            return self.negate(test)
        total = self.steps[yes].total and self.steps[no].total
        return self._add("choose", (test, yes, no), None, self._kind(yes, no), total=total)

    def first(self, one: Ref, other: Ref) -> Ref:
        """The one value, or the other while it is null."""
        if self.steps[one].total or self.is_null(other) or one == other:
            return one
        if self.is_constant(one):
            return other
        return self._add("first", (one, other), None, self._kind(one, other), total=self.steps[other].total)

    def is_null(self, ref: Ref) -> bool:
        """Whether a register is always null."""
        return self.is_constant(ref) and self.value_of(ref) is None

    def _kind(self, *refs: Ref) -> Kind:
        """The kind that values have in common; a null has any."""
        kinds = {self.steps[ref].kind for ref in refs if not self.is_null(ref)} or {self.steps[refs[0]].kind}
        assert len(kinds) == 1, kinds
        return kinds.pop()

    # --- all that is null when an argument is ---

    def strict(self, op: str, *args: Ref, given: Any = None) -> Ref:
        """A step that is null as soon as one of its arguments is."""
        meaning = OPS[op]
        assert meaning.strict
        # A day that is shifted by a number remains a day.
        same = args[:1] if op == "shift" else args
        kind = self._kind(*same) if meaning.kind == "same" else meaning.kind
        if any(self.is_null(arg) for arg in args):
            return self.constant(None, kind)
        if all(self.is_constant(arg) for arg in args):
            return self.constant(meaning.evaluate(given, *(self.value_of(arg) for arg in args)), kind)
        if op == "equal" and args[0] == args[1] and self.steps[args[0]].total:
            return self.truth(True)
        if (op in ("add", "subtract") and self._is_number(args[1], 0)) or (
            op == "multiply" and self._is_number(args[1], 1)
        ):
            return args[0]
        if (op == "add" and self._is_number(args[0], 0)) or (op == "multiply" and self._is_number(args[0], 1)):
            return args[1]
        if op in ("floor", "ceiling") and given == 1:
            return args[0]
        if op in ("least", "greatest") and args[0] == args[1]:
            return args[0]
        total = not meaning.partial and all(self.steps[arg].total for arg in args)
        return self._add(op, args, given, kind, total=total)

    def _is_number(self, ref: Ref, number: int) -> bool:
        return self.is_constant(ref) and self.value_of(ref) == number

    def equal(self, one: Ref, other: Ref) -> Ref:
        """Whether two values are the same."""
        return self.strict("equal", one, other)

    def less(self, one: Ref, other: Ref) -> Ref:
        """Whether a value is smaller or earlier than another."""
        return self.strict("less", one, other)

    def at_most(self, one: Ref, other: Ref) -> Ref:
        """Whether a value is not larger or later than another."""
        return self.strict("at_most", one, other)


def kind_of(shape: Shape) -> Kind:
    """What a register holds of a value of this shape."""
    return _KINDS.get(shape.kind, "integer")


_KINDS: Mapping[str, Kind] = {"boolean": "boolean", "date": "date", "moment": "moment", "text": "text",
                              "choice": "text", "row": "text", "list": "list"}  # fmt: skip


def _hashable(given: Any) -> Any:
    # A choice has a mapping of options; the path says which fact it is.
    return (given.path, given.none) if isinstance(given, Input) else given


def run(plan: Plan, given: Mapping[tuple[str, bool], Any], today: date | datetime) -> list[Any]:
    """
    What every register comes to, step by step: the meaning of a program, for tests.

    ``given`` holds the inputs by path and whether it is their absence that is asked; one that is not there is null.
    """
    registers: list[Any] = []
    for step in plan.steps:
        registers.append(_come_to(step, [registers[arg] for arg in step.args], given, today))
    return registers


def _come_to(step: Step, args: Sequence[Any], given: Mapping[tuple[str, bool], Any], today: date | datetime) -> Any:
    if step.op == "input":
        found = given.get((step.given.path, step.given.none), False if step.given.none else None)
        if found is None or isinstance(found, bool | str) or step.given.scale == 1:
            return found
        scaled = Fraction(found * step.given.scale)
        return int(scaled) if scaled.denominator == 1 else scaled
    if step.op == "today":
        return today
    op = OPS[step.op]
    return None if op.strict and None in args else op.evaluate(step.given, *args)
