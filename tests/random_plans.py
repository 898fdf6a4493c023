"""Random programs: every step over small domains, with persons to run them on; for comparing emitters with `run`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from trainingrules.calendar import MonthEnd
from trainingrules.kinds import Shape
from trainingrules.money import Rounding
from trainingrules.plan.steps import Builder, Input, Kind, Plan, Ref, Shifting, kind_of
from trainingrules.words import Text

# What a person is: a value for every input, by path and whether it is its absence that is asked, as `run` takes it.
Person = Mapping[tuple[str, bool], Any]

ZONES = ("Europe/Amsterdam", "America/St_Johns", "UTC")
OPTIONS = ("low", "mid", "high")
_LABELS = {name: Text(name, name) for name in OPTIONS}
# The days at which months differ in length, the ends of the calendar, and the days on which the clock is changed.
_DAYS = (
    date(2023, 2, 28), date(2024, 1, 29), date(2024, 1, 30), date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31),
    date(2024, 10, 27), date(2024, 12, 31), date(2025, 2, 28), date(1000, 1, 1), date(9999, 12, 31),
)  # fmt: skip
_CLOCK_CHANGES = (datetime(2024, 3, 31, 1, tzinfo=UTC), datetime(2024, 10, 27, 1, tzinfo=UTC),
                  datetime(2024, 3, 10, 5, 30, tzinfo=UTC), datetime(2024, 11, 3, 4, 30, tzinfo=UTC))  # fmt: skip
_TEXTS = ("", "a", "B", "é", "it's", 'say "so"', "a\\b", "100%", "{x}", "none", "mid", "😀")
_PATHS: Mapping[str, Shape] = {
    "calm": Shape("boolean"), "tall": Shape("boolean"), "done[one's]": Shape("boolean"),
    "count": Shape("integer", low=-40, high=40), "guests": Shape("integer"),
    "wait": Shape("duration", unit="months"), "budget": Shape("money"), "share": Shape("percent"),
    "began_on": Shape("date"), "held_on[2]": Shape("date"), "handed_at": Shape("moment"), "seen_at": Shape("moment"),
    "region": Shape("text"), 'place"`': Shape("text"),
    "level": Shape("choice", options=_LABELS, ordered=True), "aim": Shape("choice", options=_LABELS, ordered=True),
    "steps": Shape("list", options=_LABELS),
}  # fmt: skip
INPUTS = tuple(Input(path, shape) for path, shape in _PATHS.items())
_NULLABLE = ("date", "moment", "text")


def _days() -> st.SearchStrategy[date]:
    return st.sampled_from(_DAYS) | st.dates(date(1000, 1, 1), date(9999, 12, 31))


def _moments() -> st.SearchStrategy[datetime]:
    hours = st.integers(-30, 30).map(lambda halves: timedelta(minutes=30 * halves))
    plain = st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1))  # noqa: DTZ001 - the zone is set in the next line
    return st.builds(lambda at, by: at + by, st.sampled_from(_CLOCK_CHANGES), hours) | plain.map(
        lambda at: at.replace(tzinfo=UTC)
    )


def _numbers(shape: Shape) -> st.SearchStrategy[Any]:
    if shape.kind in ("percent", "decimal"):
        return st.integers(0, 100_000_000).map(lambda part: Fraction(part, 1_000_000)) | st.sampled_from(
            [Fraction(0), Fraction("33.333333"), Fraction(50), Fraction(100)]
        )
    if shape.low is not None:
        return st.integers(shape.low, shape.high)
    least = 0 if shape.kind == "duration" else -(10**12)
    return st.integers(max(least, -5), 20) | st.integers(least, 1_000_000 if shape.kind == "duration" else 10**12)


def values_of(shape: Shape) -> st.SearchStrategy[Any]:
    """A value at work of a shape."""
    match shape.kind:
        case "boolean":
            return st.booleans()
        case "date":
            return _days()
        case "moment":
            return _moments()
        case "text":
            return st.sampled_from(_TEXTS)
        case "choice":
            return st.sampled_from(OPTIONS)
        case "list":
            return st.lists(st.sampled_from(OPTIONS), max_size=3).map(tuple)
        case _:
            return _numbers(shape)


@st.composite
def persons(draw: st.DrawFn) -> Person:
    """Somebody of whom about a third is not known, and of whom some things are known not to exist."""
    person: dict[tuple[str, bool], Any] = {}
    for one in INPUTS:
        state = draw(st.sampled_from(("given", "given", "given", "unknown", "none")))
        nullable = one.shape.kind in _NULLABLE
        person[one.path, False] = draw(values_of(one.shape)) if state == "given" else None
        if nullable:
            person[one.path, True] = state == "none"
    return person


def in_column(one: Input, person: Person) -> Any:
    """What stands in the column of an input for a person: numbers with decimals are whole there."""
    value = person[one.path, one.none]
    return int(value * one.scale) if isinstance(value, Fraction) else value


@dataclass
class _Maker:
    """Draws the steps of one program, and knows how large their numbers can be."""

    draw: st.DrawFn
    most: int
    build: Builder = field(default_factory=Builder)
    by_kind: dict[Kind, list[Ref]] = field(default_factory=dict)
    size: dict[Ref, int] = field(default_factory=dict)

    def keep(self, ref: Ref, size: int = 0) -> None:
        refs = self.by_kind.setdefault(self.build.steps[ref].kind, [])
        if ref not in self.size:
            refs.append(ref)
            self.size[ref] = size

    def pick(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def any_of(self, *kinds: Kind) -> Ref:
        return int(self.draw(st.sampled_from([ref for kind in kinds for ref in self.by_kind[kind]])))

    def start(self, today: Kind) -> None:
        """The inputs, the constants and today."""
        for one in INPUTS:
            large = {"money": 10**12, "percent": 10**8, "duration": 10**6}.get(one.shape.kind, 10**12)
            self.keep(self.build.input(one.path, one.shape), 40 if one.shape.low is not None else large)
            if one.shape.kind in _NULLABLE:
                self.keep(self.build.input(one.path, one.shape, none=True))
        self.keep(self.build.today(today))
        for kind, values in (("integer", st.integers(-12, 12)), ("date", _days()), ("moment", _moments()),
                             ("text", st.sampled_from(_TEXTS))):  # fmt: skip
            for value in self.draw(st.lists(values, min_size=1, max_size=2)):
                self.keep(self.build.constant(value, kind), 12)  # type: ignore[arg-type]
            self.keep(self.build.constant(None, kind))  # type: ignore[arg-type]
        self.keep(self.build.truth(None))

    def step(self) -> None:
        make: Callable[[], None] = self.pick(*_STEPS)(self)
        make()

    # --- a step each ---

    def gate(self) -> None:
        parts = self.draw(st.lists(st.sampled_from(self.by_kind["boolean"]), max_size=4))
        self.keep(self.pick(self.build.all, self.build.any)(parts))

    def negate(self) -> None:
        self.keep(self.build.negate(self.any_of("boolean")))

    def known(self) -> None:
        self.keep(self.build.known(self.any_of(self.pick(*self.by_kind))))

    def surely(self) -> None:
        self.keep(self.pick(self.build.surely, self.build.surely_not)(self.any_of("boolean")))

    def choose(self) -> None:
        total = [ref for ref in self.by_kind["boolean"] if self.build.steps[ref].total]
        kind = self.pick("boolean", "integer", "date", "moment", "text")
        yes, no = self.any_of(kind), self.any_of(kind)
        self.keep(self.build.choose(self.pick(*total), yes, no), max(self.size[yes], self.size[no]))

    def first(self) -> None:
        kind = self.pick("boolean", "integer", "date", "moment", "text")
        one, other = self.any_of(kind), self.any_of(kind)
        self.keep(self.build.first(one, other), max(self.size[one], self.size[other]))

    def compare(self) -> None:
        kind = self.pick("integer", "date", "moment")
        op = self.pick("equal", "less", "at_most")
        self.keep(self.build.strict(op, self.any_of(kind), self.any_of(kind)))

    def same(self) -> None:
        kind = self.pick("boolean", "text")
        self.keep(self.build.equal(self.any_of(kind), self.any_of(kind)))

    def within(self) -> None:
        kind, values = self.pick(
            ("integer", st.integers(-12, 12)), ("text", st.sampled_from(_TEXTS)), ("date", _days())
        )
        given = tuple(self.draw(st.lists(values, max_size=3, unique=True)))
        self.keep(self.build.strict("in", self.any_of(kind), given=given))

    def includes(self) -> None:
        op = self.pick("includes_any", "includes_all", "in_order")
        given = tuple(self.draw(st.lists(st.sampled_from(OPTIONS), max_size=3)))
        self.keep(self.build.strict(op, self.any_of("list"), given=given))

    def rank(self) -> None:
        one = self.pick("level", "aim")
        self.keep(self.build.strict("rank", self.build.input(one, _PATHS[one]), given=OPTIONS), 2)

    def reckon(self) -> None:
        op = self.pick("add", "subtract", "multiply", "least", "greatest")
        one, other = self.any_of("integer"), self.any_of("integer")
        size = max(self.size[one], self.size[other])
        if op == "multiply":
            size = self.size[one] * self.size[other]
        elif op in ("add", "subtract"):
            size = self.size[one] + self.size[other]
        if size <= self.most:
            self.keep(self.build.strict(op, one, other), size)

    def divide(self) -> None:
        op = self.pick("floor", "ceiling", "round")
        by = self.pick(1, 2, 3, 7, 100, 1_000_000)
        one = self.any_of("integer")
        given = (by, self.pick(*Rounding)) if op == "round" else by
        self.keep(self.build.strict(op, one, given=given), self.size[one] + 1)

    def extreme(self) -> None:
        kind = self.pick("date", "moment")
        self.keep(self.build.strict(self.pick("least", "greatest"), self.any_of(kind), self.any_of(kind)))

    def shift(self) -> None:
        kind = self.pick("date", "moment")
        units = ("months", "days") if kind == "date" else ("months", "days", "hours")
        how = Shifting(self.pick(*units), self.pick(1, -1), self.pick(*MonthEnd), self.pick(*ZONES))
        self.keep(self.build.strict("shift", self.any_of(kind), self.any_of("integer"), given=how))

    def move(self) -> None:
        how = Shifting(self.pick("months", "days"), 1, self.pick(*MonthEnd), "")
        count = self.build.constant(self.draw(st.integers(-40, 400)), "integer")
        self.keep(self.build.strict("move", self.any_of("date"), count, given=how))

    def number(self) -> None:
        op = self.pick("day_number", "month_number")
        self.keep(self.build.strict(op, self.any_of("date")), 4_000_000)

    def day(self) -> None:
        self.keep(self.build.strict("day", self.any_of("moment"), given=self.pick(*ZONES)))


_STEPS: tuple[Callable[[_Maker], Callable[[], None]], ...] = tuple(
    (lambda maker, name=name: getattr(maker, name))  # type: ignore[misc]
    for name in ("gate", "negate", "known", "surely", "choose", "first", "compare", "compare", "same", "within",
                 "includes", "rank", "reckon", "reckon", "divide", "extreme", "shift", "shift", "day", "move", "number")
)  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    """A program of which every register is an output, and the day or moment of asking."""

    plan: Plan
    today: date | datetime

    def __repr__(self) -> str:
        """What is worked out, without the many inputs."""
        steps = [
            f"r{ref} = {step.op}{step.args} {'' if step.given is None else repr(step.given)}".rstrip()
            for ref, step in enumerate(self.plan.steps)
            if step.op != "input"
        ]
        return "\n".join([f"<Drawn on {self.today.isoformat()}", *steps, ">"])

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Hypothesis would print every field."""
        printer.text(repr(self))


@st.composite
def plans(draw: st.DrawFn, *, most: int = 2**62, steps: int = 12) -> Drawn:
    """
    A random program: no sum, difference or product in it can be larger than ``most``.

    Every register that `Builder` keeps is an output, named by its number.
    """
    kind: Kind = draw(st.sampled_from(("date", "moment")))
    maker = _Maker(draw, most)
    maker.start(kind)
    for _ in range(draw(st.integers(1, steps))):
        maker.step()
    plan = maker.build.plan({f"r{ref}": ref for ref in range(len(maker.build.steps))})
    today = draw(_days() if kind == "date" else _moments())
    return Drawn(plan, today)


def kinds_of_inputs() -> Mapping[str, Kind]:
    """What the column of each input holds."""
    return {one.path: kind_of(one.shape) for one in INPUTS}
