"""The flat program: every step puts one value in a register of its own; null is what is not known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Literal

from trainingrules.calendar import MonthEnd, Period, add, add_to_moment, day_of, earliest_keeping
from trainingrules.frozen import frozen
from trainingrules.kinds import Shape
from trainingrules.money import Rounding, round_cents

# What a register holds. Numbers are whole: a fraction is kept as its numerator, over a denominator that is known
# when the program is made. A choice or a row is its name.
Kind = Literal["boolean", "integer", "date", "moment", "text", "list"]

# The number of a register.
Ref = int


@frozen
class Input:
    """A value that is given: a fact by its path (`age`, `done[hives]`), or a field of a row of a history at hand.

    With ``none`` it is whether the fact is known not to exist: true or false, never null. ``scale`` is what a
    fraction is multiplied by to be a whole number in a column. ``over`` names the history or the cycle at hand: a field
    of its row has the path `visits[].visited_on`, the number of its round `year[].number`.
    """

    path: str
    shape: Shape
    none: bool = False
    over: str = ""
    # The number of the round in the path, of a fact known per round of a cycle.
    round: int = 0

    @property
    def name(self) -> str:
        """The field of a row at hand; of anything else the path."""
        return self.path.removeprefix(f"{self.over}[].") if self.over else self.path

    @property
    def scale(self) -> int:
        """The denominator of the number in the register."""
        return MILLIONTHS if not self.none and self.shape.kind in ("decimal", "percent") else 1


# How finely a column can hold a number with decimals.
MILLIONTHS = 1_000_000


@frozen
class Shifting:
    """How a day or moment is shifted: the unit, the direction (1 or -1), and by which conventions."""

    unit: Literal["months", "days", "hours"]
    sign: int
    month_end: MonthEnd
    zone: str


# How what is found of every row is made into one: Kleene's and (true of no rows), the sum (null as soon as one is null,
# 0 of no rows), or all of them in order.
How = Literal["all", "sum", "list"]


@frozen
class Fold:
    """What a step `fold` does with the rows of a history, or with the rounds 1, 2, … of a cycle.

    ``plan`` is a program for one row. Its inputs are the fields of that row, or the number of that round, and nothing
    else; a step `outer` in it stands for the argument of the fold with that number. ``how`` says of each of its
    outputs, which are called `0`, `1` and so on, how it is reduced. With ``counted`` it goes over rounds, and the first
    argument of the fold is how many; its program does not read that one.

    The fold itself is null while the history is unknown, or the number of rounds null; a step `part` takes one of
    what its outputs came to, and is null then too. In columns: the rows joined by key to the arguments, the program in
    columns beside them, grouped by key; who has no rows gets what no rows come to.
    """

    over: str
    plan: Plan
    how: tuple[How, ...]
    counted: bool = False


@frozen
class _Reduced:
    """
    What a fold with one output does, while a program is being made: the register of a row, and how it is reduced.
    Without that, it is what a search asks of a day.
    """

    over: str
    ref: Ref
    how: How | None
    counted: bool


@frozen
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


def _move(how: Shifting, start: date, count: int) -> date | None:
    """The day so many units later, or earlier when negative: further than one period can be."""
    try:
        one = Period(**{how.unit: 1})
        return add(start, one, month_end=how.month_end, sign=1 if count >= 0 else -1, times=abs(count))
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
    # A day moved within the calendar, as a round of a cycle is: an emitter need not ask whether it leaves that.
    Op("move", _move, "date", partial=True),
    # The days since the first of the calendar, which is 1; and the months, January of the year 0 being 0.
    Op("day_number", lambda given, one: one.toordinal(), "integer"),
    Op("month_number", lambda given, one: one.year * 12 + one.month - 1, "integer"),
)  # fmt: skip
OPS: Mapping[str, Op] = {op.name: op for op in _OPS}
# Beside these, for the rows of histories and for rounds (see `Fold`): a fold, an output of one, and what its program
# takes from the program around it; `at_round`, what is given of the round whose number is its argument (`held[]`); and
# `earliest`, of which the program says what comes of one day, and the first argument which day must be kept (see
# `earliest_day`).
FOLDING = ("fold", "part", "outer", "at_round", "earliest")


@frozen
class Step:
    """One step: what it does with which registers; ``given`` is what it knows beforehand.

    ``total`` holds when its value is never null.
    """

    op: str
    args: tuple[Ref, ...]
    given: Any
    kind: Kind
    total: bool


@frozen
class Plan:
    """A program: its steps, each after those it needs, and the registers that are asked for, by name."""

    steps: tuple[Step, ...]
    outputs: Mapping[str, Ref]

    @property
    def inputs(self) -> tuple[Input, ...]:
        """What it reads, in the order of the steps."""
        return tuple(step.given for step in self.steps if step.op == "input")

    @property
    def folds(self) -> tuple[Fold, ...]:
        """Its folds, in the order of the steps; each may hold more."""
        return tuple(step.given for step in self.steps if step.op == "fold")

    def only(self, names: Iterable[str]) -> Plan:
        """The same program for some of its outputs: without the steps that none of these needs."""
        outputs = {name: self.outputs[name] for name in names}
        needed = set(outputs.values())
        parts: dict[Ref, list[Ref]] = {}
        narrowed: dict[Ref, Step] = {}
        # From the last to the first: what needs a step stands after it.
        for ref in range(len(self.steps) - 1, -1, -1):
            if ref in needed:
                step = self.steps[ref]
                if step.op == "part":
                    parts.setdefault(step.args[0], []).append(ref)
                elif step.op == "fold":
                    step = narrowed[ref] = _narrowed(step, [self.steps[part].given for part in reversed(parts[ref])])
                needed.update(step.args)
        place = {ref: index for index, ref in enumerate(sorted(needed))}
        for fold, of in parts.items():
            kept = {self.steps[part].given for part in of}
            number = {given: index for index, given in enumerate(sorted(kept))}
            for part in of:
                narrowed[part] = replace(self.steps[part], args=(fold,), given=number[self.steps[part].given])
        steps = [narrowed.get(ref, self.steps[ref]) for ref in sorted(needed)]
        return Plan(
            tuple(Step(one.op, tuple(place[arg] for arg in one.args), one.given, one.kind, one.total) for one in steps),
            {name: place[ref] for name, ref in outputs.items()},
        )


def _narrowed(step: Step, outputs: Iterable[int]) -> Step:
    """A fold with some of its outputs, and without the arguments that these do not need."""
    fold: Fold = step.given
    kept = sorted(set(outputs))
    if len(kept) == len(fold.how):
        return step
    plan = fold.plan.only(str(number) for number in kept)
    used = sorted(one.given for one in plan.steps if one.op == "outer")
    used = [0, *used] if fold.counted else used
    place = {number: index for index, number in enumerate(used)}
    steps = tuple(replace(one, given=place[one.given]) if one.op == "outer" else one for one in plan.steps)
    renamed = {str(index): plan.outputs[str(number)] for index, number in enumerate(kept)}
    made = Fold(fold.over, Plan(steps, renamed), tuple(fold.how[number] for number in kept), fold.counted)
    return replace(step, args=tuple(step.args[number] for number in used), given=made)


@dataclass
class Builder:
    """Makes a program: equal steps once, and what is known beforehand not at all."""

    steps: list[Step] = field(default_factory=list)
    _known: dict[tuple[Any, ...], Ref] = field(default_factory=dict)
    # Of each register, on the rows of which histories and the rounds of which cycles it depends.
    _over: list[frozenset[str]] = field(default_factory=list)

    def plan(self, outputs: Mapping[str, Ref]) -> Plan:
        """The program of these outputs: without the steps that none of them needs."""
        return self._program(outputs, "")[0]

    def _program(self, outputs: Mapping[str, Ref], over: str) -> tuple[Plan, list[Ref]]:
        """A program, for one row at hand or for none; and the registers that it takes from the program around it."""
        inside, outside = self._needed(outputs.values(), over)
        outer = sorted(outside)
        # A fold comes after all that it needs; those that can go over the same rows together are made into one.
        level: dict[Ref, int] = {}
        folds: dict[tuple[int, str, Ref | None], list[Ref]] = {}
        for ref in sorted(inside):
            step = self.steps[ref]
            level[ref] = max((level.get(arg, 0) for arg in step.args), default=0) + (step.op == "reduced")
            if step.op == "reduced":
                count = step.args[0] if step.given.counted else None
                folds.setdefault((level[ref], step.given.over, count), []).append(ref)
        place = {ref: index for index, ref in enumerate(outer)}
        made = [Step("outer", (), place[ref], self.steps[ref].kind, self.steps[ref].total) for ref in outer]
        for depth in range(max(level.values(), default=0) + 1):
            for (at, rows, count), parts in folds.items():
                if at == depth:
                    fold, args = self._fold(rows, count, parts)
                    if not fold.how:
                        place[parts[0]] = len(made)
                        made.append(Step("earliest", tuple(place[arg] for arg in args), fold, "integer", False))
                        continue
                    made.append(Step("fold", tuple(place[arg] for arg in args), fold, "list", False))
                    for number, part in enumerate(parts, 1):
                        step = self.steps[part]
                        place[part] = len(made)
                        made.append(Step("part", (len(made) - number,), number - 1, step.kind, step.total))
            for ref in sorted(inside):
                if level[ref] == depth and ref not in place:
                    step = self.steps[ref]
                    place[ref] = len(made)
                    args = [place[arg] for arg in step.args]
                    made.append(Step(step.op, tuple(args), step.given, step.kind, step.total))
        return Plan(tuple(made), {name: place[ref] for name, ref in outputs.items()}), outer

    def _fold(self, over: str, count: Ref | None, parts: Sequence[Ref]) -> tuple[Fold, list[Ref]]:
        """Several outputs over the same rows as one fold, and its arguments."""
        reduced: list[_Reduced] = [self.steps[part].given for part in parts]
        plan, args = self._program({str(number): one.ref for number, one in enumerate(reduced)}, over)
        if count is not None:
            steps = tuple(replace(one, given=one.given + 1) if one.op == "outer" else one for one in plan.steps)
            plan, args = Plan(steps, plan.outputs), [count, *args]
        how = tuple(one.how for one in reduced if one.how is not None)
        return Fold(over, plan, how, count is not None), args

    def _needed(self, refs: Iterable[Ref], over: str) -> tuple[set[Ref], set[Ref]]:
        """The registers that depend on the row at hand, with constants; and those outside that they need."""
        inside: set[Ref] = set()
        outside: set[Ref] = set()
        todo = list(refs)
        while todo:
            ref = todo.pop()
            if ref in inside or ref in outside:
                continue
            if over and over not in self._over[ref] and not self.is_constant(ref):
                outside.add(ref)
            else:
                inside.add(ref)
                todo += self.steps[ref].args
        return inside, outside

    def _add(self, op: str, args: tuple[Ref, ...], given: Any, kind: Kind, *, total: bool) -> Ref:
        key = (op, args, type(given), _hashable(given), kind)
        if key not in self._known:
            self._known[key] = len(self.steps)
            self.steps.append(Step(op, args, given, kind, total))
            own = frozenset({given.over}) if isinstance(given, Input) and given.over else frozenset[str]()
            self._over.append(own.union(*(self._over[arg] for arg in args)))
        return self._known[key]

    def over(self, ref: Ref) -> frozenset[str]:
        """The histories and cycles of which a register is for one row or round at hand."""
        return self._over[ref]

    def reduced(self, over: str, ref: Ref, how: How | None, *, count: Ref | None = None) -> Ref:
        """
        What a register comes to over the rows of a history, or over the rounds 1 up to ``count`` of a cycle.

        Without ``how`` it is the day that a search finds, see `earliest_day`; the count is then the day to be kept.
        Null while the history is unknown, or the count null. What does not depend on the row at hand is worked
        out once, outside.
        """
        _, outside = self._needed([ref], over)
        args = ([] if count is None else [count]) + sorted(outside)
        kind: Kind = _KIND_OF[how]
        total = count is not None and self.steps[count].total and self.steps[ref].total
        return self._add("reduced", tuple(args), _Reduced(over, ref, how, count is not None), kind, total=total)

    def is_constant(self, ref: Ref) -> bool:
        """Whether the value of a register is known beforehand."""
        return self.steps[ref].op == "constant"

    def value_of(self, ref: Ref) -> Any:
        """The value of a constant."""
        return self.steps[ref].given

    # --- inputs and constants ---

    def input(self, path: str, shape: Shape, *, none: bool = False, over: str = "") -> Ref:
        """A given value, or whether it is known not to exist."""
        return self._add("input", (), Input(path, shape, none, over), "boolean" if none else kind_of(shape), total=none)

    def at_round(self, name: str, shape: Shape, number: Ref, *, none: bool = False) -> Ref:
        """What is given of a fact known per round, for the round of a number; or whether it is known not to exist."""
        kind: Kind = "boolean" if none else kind_of(shape)
        if self.is_null(number):
            return self.truth(False) if none else self.constant(None, kind)
        if self.is_constant(number):
            which = int(self.value_of(number))
            one = Input(f"{name}[{which}]", shape, none, round=which)
            return self._add("input", (), one, kind, total=none)
        return self._add("at_round", (number,), Input(f"{name}[]", shape, none), kind, total=none)

    def as_it_is(self, step: Step) -> Ref:
        """A step of a finished program, in the registers of this one: for those that go over rows."""
        self.steps.append(step)
        self._over.append(frozenset())
        return len(self.steps) - 1

    def candidate(self, search: str, fact: str) -> Ref:
        """The day that is tried for a fact, in a search of this name."""
        return self._add("input", (), Input(f"{search}[].{fact}", Shape("date"), over=search), "date", total=True)

    def number(self, cycle: str) -> Ref:
        """The number of the round at hand, of those that a fold goes over."""
        return self._add("input", (), Input(f"{cycle}[].number", Shape("integer"), over=cycle), "integer", total=True)

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
        # A day that is moved or shifted by a number remains a day.
        same = args[:1] if op == "shift" else args
        kind = self._kind(*same) if meaning.kind == "same" else meaning.kind
        if any(self.is_null(arg) for arg in args):
            return self.constant(None, kind)
        if all(self.is_constant(arg) for arg in args):
            return self.constant(meaning.evaluate(given, *(self.value_of(arg) for arg in args)), kind)
        if op == "equal" and self.steps[args[0]].kind == "boolean":
            for one, other in (args, args[::-1]):
                if self.is_constant(other):
                    return one if self.value_of(other) else self.negate(one)
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
    return (given.path, given.none, given.over, given.round) if isinstance(given, Input) else given


# What is given: by path, and whether it is its absence that is asked; what is not there is null.
Known = Mapping[tuple[str, bool], Any]


def run(
    plan: Plan,
    given: Known,
    today: date | datetime,
    rows: Mapping[str, Sequence[Known]] = MappingProxyType({}),
    outer: Sequence[Any] = (),
) -> list[Any]:
    """
    What every register comes to, step by step: the meaning of a program, for tests.

    ``rows`` holds the rows of the histories that are known, ``outer`` the arguments of the fold whose program this is.
    """
    registers: list[Any] = []
    for step in plan.steps:
        args = [registers[arg] for arg in step.args]
        match step.op:
            case "input":
                registers.append(_given(step.given, given))
            case "today":
                registers.append(today)
            case "outer":
                registers.append(outer[step.given])
            case "fold":
                registers.append(_folded(step.given, args, given, today, rows))
            case "earliest":
                found = None if args[0] is None else _searched(step.given, args, given, today, rows)
                registers.append(found)
            case "part":
                registers.append(None if args[0] is None else args[0][step.given])
            case "at_round":
                path = step.given.path.replace("[]", f"[{args[0]}]")
                registers.append(_given(replace(step.given, path=path), given))
            case name:
                op = OPS[name]
                registers.append(None if op.strict and None in args else op.evaluate(step.given, *args))
    return registers


def _given(one: Input, given: Known) -> Any:
    found = given.get((one.path, one.none), False if one.none else None)
    if found is None or isinstance(found, bool | str) or one.scale == 1:
        return found
    scaled = Fraction(found * one.scale)
    return int(scaled) if scaled.denominator == 1 else scaled


def _folded(
    fold: Fold, args: Sequence[Any], given: Known, today: date | datetime, rows: Mapping[str, Sequence[Known]]
) -> tuple[Any, ...] | None:
    each: Sequence[Known] | None = rows.get(fold.over)
    if fold.counted:
        count = args[0]
        each = count if count is None else [{(f"{fold.over}[].number", False): n} for n in range(1, count + 1)]
    if each is None:
        return None
    ran = [run(fold.plan, {**given, **row}, today, rows, args) for row in each]
    found = [[registers[fold.plan.outputs[str(number)]] for registers in ran] for number in range(len(fold.how))]
    return tuple(_REDUCED[how](values) for how, values in zip(fold.how, found, strict=True))


def _searched(
    search: Fold, args: Sequence[Any], given: Known, today: date | datetime, rows: Mapping[str, Sequence[Known]]
) -> int:
    path = next(one.path for one in search.plan.inputs if one.over == search.over)

    def comes_to(day: date) -> int:
        registers = run(search.plan, {**given, (path, False): day}, today, rows, args)
        return int(registers[search.plan.outputs["0"]])

    return earliest_day(comes_to, args[0])


# What a search has come to instead of a day: there is none, it is not known, or the calendar ends before it.
NO_DAY, OPEN_DAY, BEYOND_CALENDAR = 0, -1, -2


def earliest_day(comes_to: Callable[[date], int], done: date) -> int:
    """
    The number of the first day of which what it comes to is not before a day: the number of a day again, or that there
    is none, or that it is not known.
    """
    none = NO_DAY

    def keeps(day: date) -> bool:
        nonlocal none
        found = comes_to(day)
        if found > NO_DAY:
            # When no day will do after all, the calendar ends too soon.
            none = BEYOND_CALENDAR
            return found >= done.toordinal()
        none = OPEN_DAY if found == OPEN_DAY else none
        return False

    first = earliest_keeping(keeps, done)
    return none if first is None else first.toordinal()


_KIND_OF: Mapping[How | None, Kind] = {"all": "boolean", "sum": "integer", "list": "list", None: "integer"}
_REDUCED: Mapping[How, Callable[[list[Any]], Any]] = {
    "all": lambda values: _all(None, *values),
    "sum": lambda values: None if None in values else sum(values),
    "list": tuple,
}
