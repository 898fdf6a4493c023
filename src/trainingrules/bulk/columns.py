"""A program as expressions of polars: a column per register."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import reduce
from types import MappingProxyType
from typing import Any

import polars as pl

from trainingrules.bulk.dated import Given, Rounds, on_day
from trainingrules.bulk.inputs import INDEX, KEY
from trainingrules.bulk.limits import FIRST_MOMENT, LAST_MOMENT, MOST_OF_A_UNIT, Limits, leaves, limits_of, of_fact
from trainingrules.calendar import MonthEnd
from trainingrules.money import Rounding
from trainingrules.plan.steps import Fold, How, Input, Kind, Plan, Shifting, Step

MOMENT = pl.Datetime("us", "UTC")
TYPES: Mapping[Kind, pl.DataType | type[pl.DataType]] = {
    "boolean": pl.Boolean, "integer": pl.Int64, "date": pl.Date, "moment": MOMENT, "text": pl.String,
    "list": pl.List(pl.String),
}  # fmt: skip

# Expressions nested deeper than this are put in a column of their own: polars goes through them by recursion.
_DEEPEST = 24


@dataclass(frozen=True, slots=True)
class Cell:
    """An expression, and after how many stages the columns it names are there."""

    expr: pl.Expr
    stage: int = 0
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Folded:
    """What is found of every row of a history, or of every round of a cycle, made into one for each person.

    ``args`` are the columns of a person that the program for a row reads, ``count`` the one that says how many rounds
    there are. ``made`` says of each new column of a person which output it is made of, and how.
    """

    over: str
    args: tuple[str, ...]
    count: str
    each: Columns
    made: Mapping[str, tuple[str, How]]
    apart: str

    @property
    def names(self) -> frozenset[str]:
        """The columns it makes."""
        return frozenset({*self.made, self.apart})

    def needs(self, rows: Mapping[str, pl.LazyFrame]) -> frozenset[str]:
        """The columns it reads of a person."""
        if not self.count and self.over not in rows:
            return frozenset()
        return frozenset({*self.args, self.count or self.over})

    def beside(self, people: pl.LazyFrame, rows: Mapping[str, pl.LazyFrame]) -> pl.LazyFrame:
        """The same people with the new columns; null of whom the history is unknown."""
        if not self.count and self.over not in rows:
            nothing = [pl.lit(None, _FOLDED[how]).alias(name) for name, (_, how) in self.made.items()]
            return people.with_columns(*nothing, pl.lit(False).alias(self.apart))
        known = pl.col(self.count).is_not_null() if self.count else pl.col(self.over).fill_null(False)
        each = self._rounds(people) if self.count else self._rows(people, rows[self.over])
        asked = {number: self.each.outputs[number] for number, _ in self.made.values()} | {self.apart: self.each.apart}
        found = self.each.select(each, asked, [KEY, INDEX]).group_by(KEY).agg(
            *(_reduced(pl.col(number), how).alias(name) for name, (number, how) in self.made.items()),
            pl.col(self.apart).any(),
            pl.lit(True).first().alias(_SOME),
        )  # fmt: skip
        joined = people.join(found, on=KEY, how="left", maintain_order="left")
        some = pl.col(_SOME).is_not_null()
        return joined.with_columns(
            *(pl.when(known & some).then(pl.col(name)).when(known).then(_of_none(how)).alias(name)
              for name, (_, how) in self.made.items()),
            pl.col(self.apart).fill_null(False) & known,
        ).drop(_SOME)  # fmt: skip

    def _rows(self, people: pl.LazyFrame, rows: pl.LazyFrame) -> pl.LazyFrame:
        named = rows.select(
            KEY, INDEX, *(pl.col(name).alias(f"{self.over}[].{name}") for name in rows.collect_schema().names()
                          if name not in (KEY, INDEX)),
        )  # fmt: skip
        return named.join(people.select(KEY, *self.args), on=KEY) if self.args else named

    def _rounds(self, people: pl.LazyFrame) -> pl.LazyFrame:
        number = f"{self.over}[].number"
        some = people.filter(pl.col(self.count) > 0).select(KEY, *dict.fromkeys([*self.args, self.count]))
        numbered = some.with_columns(pl.int_ranges(1, pl.col(self.count) + 1).alias(number)).explode(number)
        return numbered.with_columns(pl.col(number).alias(INDEX))


_SOME = "\0some"
_FOLDED: Mapping[How, pl.DataType | type[pl.DataType]] = {
    "all": pl.Boolean, "sum": pl.Int64, "list": pl.List(pl.String),
}  # fmt: skip


def _reduced(each: pl.Expr, how: How) -> pl.Expr:
    match how:
        case "all":
            return each.all(ignore_nulls=False)
        case "sum":
            return pl.when(each.null_count() == 0).then(each.sum())
        case "list":
            return each.sort_by(INDEX)


def _of_none(how: How) -> pl.Expr:
    """What no rows come to."""
    return {"all": pl.lit(True), "sum": pl.lit(0, pl.Int64), "list": pl.lit([], dtype=pl.List(pl.String))}[how]


@dataclass(frozen=True, slots=True)
class Columns:
    """A program for a frame of facts: what to add stage by stage, and in which expressions the outputs then are.

    After each stage come the ``folds`` that read what it made. ``apart`` is true of a row whose facts do not fit the
    columns; of such a row the outputs mean nothing.
    """

    inputs: tuple[Input, ...]
    stages: tuple[Mapping[str, pl.Expr], ...]
    folds: tuple[tuple[Folded, ...], ...]
    outputs: Mapping[str, pl.Expr]
    apart: pl.Expr
    limits: Limits

    def select(
        self,
        frame: pl.LazyFrame,
        asked: Mapping[str, pl.Expr],
        keep: Sequence[str],
        rows: Mapping[str, pl.LazyFrame] = MappingProxyType({}),
    ) -> pl.LazyFrame:
        """
        The columns asked for, in terms of the outputs' own expressions, beside those that are kept as they are.

        ``rows`` holds the histories that are known of anybody; then the frame says in a column of that name of whom.
        """
        live = {name for one in asked.values() for name in one.meta.root_names()} | set(keep)
        wanted: list[tuple[set[str], list[Folded]]] = []
        for made, folds in zip(reversed(self.stages), reversed(self.folds), strict=True):
            used = [fold for fold in folds if fold.names & live]
            live = live.difference(*(fold.names for fold in used)).union(*(fold.needs(rows) for fold in used))
            wanted.append((live, used))
            roots = {root for name in live & made.keys() for root in made[name].meta.root_names()}
            live = (live - made.keys()) | roots
        for made, (after, used) in zip(self.stages, reversed(wanted), strict=True):
            frame = frame.select(
                *(pl.col(name) for name in sorted(after - made.keys())),
                *(expr.alias(name) for name, expr in made.items() if name in after),
            )
            for fold in used:
                frame = fold.beside(frame, rows)
        return frame.select(*(pl.col(name) for name in keep), *(expr.alias(name) for name, expr in asked.items()))


def columns(
    plan: Plan, today: date | datetime, given: Given = lambda read: True, rounds: Rounds = MappingProxyType({})
) -> Columns:
    """
    The expressions of a program on a day, for a frame that has a column for what is ``given``, and for these ``rounds``
    of facts known per round.

    Raises:
        TooLarge: its numbers could leave a column.
    """
    plan = on_day(plan, today, given, rounds)
    return _columns(plan, limits_of(plan))


def _columns(plan: Plan, limits: Limits, outer: Sequence[Cell] = (), prefix: str = "\0") -> Columns:
    writer = _Writer(plan, limits, Counter(ref for step in plan.steps for ref in step.args), outer, prefix)
    for ref in plan.outputs.values():
        writer.uses[ref] += 1
    for number, step in enumerate(plan.steps):
        writer.write(number, step)
    writer.apart += list(_outside(plan.inputs, limits))
    apart = [writer.settle(cell).expr for cell in writer.apart]
    while len(writer.folds) < len(writer.stages):
        writer.folds.append([])
    while len(writer.stages) < len(writer.folds):
        writer.stages.append({})
    return Columns(
        plan.inputs, tuple(writer.stages), tuple(map(tuple, writer.folds)),
        {name: writer.cells[ref].expr for name, ref in plan.outputs.items()},
        reduce(_or, apart).fill_null(False) if apart else pl.lit(False), limits,
    )  # fmt: skip


def _or(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    # A null outweighed by what is true.
    return one.fill_null(False) | other.fill_null(False)


def _outside(inputs: Sequence[Input], limits: Limits) -> Iterator[Cell]:
    """Of every input that is a number, a day or a moment: whether it lies outside its limits."""
    for read in inputs:
        if is_number(read):
            continue
        within = of_fact(read, limits.largest)
        if within is None:
            continue
        low, high = within
        given = pl.col(column_of(read))
        if read.shape.kind == "date":
            yield Cell(~given.is_between(pl.lit(date.fromordinal(low)), pl.lit(date.fromordinal(high))))
        elif read.shape.kind == "moment":
            yield Cell(_unsettled(given))
        else:
            yield Cell(~given.is_between(pl.lit(low, pl.Int64), pl.lit(high, pl.Int64)))


def _unsettled(moment: pl.Expr) -> pl.Expr:
    first, last = (datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (FIRST_MOMENT, LAST_MOMENT))
    return ~moment.is_between(_moment(first), _moment(last))


def _moment(when: datetime) -> pl.Expr:
    return pl.lit(when.astimezone(UTC), MOMENT)


def is_number(read: Input) -> bool:
    """Whether this is the number of a round at hand, which nobody gives."""
    return bool(read.over) and read.path == f"{read.over}[].number"


def column_of(read: Input) -> str:
    """The column of an input in the normal frame."""
    return f"{read.path}.none" if read.none else read.path


@dataclass
class _Writer:
    """Writes register after register; what is used more than once gets a column."""

    plan: Plan
    limits: Limits
    uses: Counter[int]
    outer: Sequence[Cell]
    prefix: str
    cells: list[Cell] = field(default_factory=list)
    stages: list[dict[str, pl.Expr]] = field(default_factory=list)
    folds: list[list[Folded]] = field(default_factory=list)
    apart: list[Cell] = field(default_factory=list)
    parts: dict[tuple[int, int], Cell] = field(default_factory=dict)
    made: int = 0

    def name(self) -> str:
        """A name that no fact has."""
        self.made += 1
        return f"{self.prefix}{self.made}"

    def write(self, number: int, step: Step) -> None:
        if step.op == "fold":
            self.fold(number, step)
            return
        args = [self.cells[arg] for arg in step.args]
        cell = WRITTEN[step.op](self, step, *args)
        shared = self.uses[number] > 1 and step.op not in ("input", "constant")
        self.cells.append(self.settle(cell) if shared or cell.depth > _DEEPEST else cell)

    def settle(self, cell: Cell) -> Cell:
        """The value in a column of its own, that is reckoned once."""
        if not cell.depth:
            return cell
        while len(self.stages) <= cell.stage:
            self.stages.append({})
        name = self.name()
        self.stages[cell.stage][name] = cell.expr
        return Cell(pl.col(name), cell.stage + 1)

    def fold(self, number: int, step: Step) -> None:
        """The columns of a fold; its parts are cells after the stage that makes what it reads."""
        fold: Fold = step.given
        args = [self.column(self.cells[arg]) for arg in step.args]
        stage = max((arg.stage for arg in args), default=0)
        each = _columns(
            fold.plan, self.limits.inside[number], [Cell(arg.expr) for arg in args], f"{self.prefix}{number}."
        )
        parts = [ref for ref, other in enumerate(self.plan.steps) if other.op == "part" and other.args[0] == number]
        made = {self.name(): self.plan.steps[ref].given for ref in parts}
        brought = {column_of(read) for read in each.inputs if not read.over}
        names = [arg.expr.meta.output_name() for arg in args]
        apart = self.name()
        folded = Folded(
            fold.over, tuple(dict.fromkeys([*names[fold.counted :], *sorted(brought)])),
            names[0] if fold.counted else "", _strung(each, fold),
            {name: (str(which), fold.how[which]) for name, which in made.items()}, apart,
        )  # fmt: skip
        while len(self.folds) <= stage:
            self.folds.append([])
        self.folds[stage].append(folded)
        self.apart.append(Cell(pl.col(apart), stage + 1))
        self.cells.append(Cell(pl.lit(None), stage + 1))
        self.parts |= {(number, which): Cell(pl.col(name), stage + 1) for name, which in made.items()}

    def column(self, cell: Cell) -> Cell:
        """The value in a column, if it is not in one: a literal too."""
        known = cell if cell.depth else replace(cell, depth=1)
        return cell if not cell.depth and cell.expr.meta.is_column() else self.settle(known)

    def range_of(self, ref: int) -> tuple[int, int] | None:
        return self.limits.ranges[ref]

    def total(self, ref: int) -> bool:
        return self.plan.steps[ref].total


def _of(write: Callable[..., pl.Expr], *cells: Cell) -> Cell:
    """The expression of those of the cells."""
    return Cell(
        write(*(cell.expr for cell in cells)),
        max((cell.stage for cell in cells), default=0),
        max((cell.depth for cell in cells), default=0) + 1,
    )


Write = Callable[..., Cell]


def _simple(write: Callable[..., pl.Expr]) -> Write:
    """An op that needs its arguments only."""
    return lambda writer, step, *args: _of(write, *args)


def _with(write: Callable[..., pl.Expr]) -> Write:
    """An op that also needs its static part."""
    return lambda writer, step, *args: _of(lambda *exprs: write(step.given, *exprs), *args)


def _input(writer: _Writer, step: Step) -> Cell:
    return Cell(pl.col(column_of(step.given)))


def _constant(writer: _Writer, step: Step) -> Cell:
    return Cell(literal(step.given, step.kind))


def _outer(writer: _Writer, step: Step) -> Cell:
    cell: Cell = writer.outer[step.given]
    return cell


def _part(writer: _Writer, step: Step, fold: Cell) -> Cell:
    return writer.parts[step.args[0], step.given]


def _strung(each: Columns, fold: Fold) -> Columns:
    """With what is listed as text: a list of any kind is compared only with others of the same."""
    listed = {str(number): fold.plan.steps[fold.plan.outputs[str(number)]].kind
              for number, how in enumerate(fold.how) if how == "list"}  # fmt: skip
    texts = {name: _text(each.outputs[name], kind).fill_null("\0") for name, kind in listed.items()}
    return replace(each, outputs={**each.outputs, **texts})


def _text(value: pl.Expr, kind: Kind) -> pl.Expr:
    return value.list.join("\1") if kind == "list" else value.cast(pl.String)


def _today(writer: _Writer, step: Step) -> Cell:
    raise AssertionError("a program is written on a day")


def literal(value: Any, kind: Kind) -> pl.Expr:
    """A value that is known beforehand."""
    if kind == "moment" and value is not None:
        return _moment(value)
    return pl.lit(list(value) if isinstance(value, tuple) else value, dtype=TYPES[kind])


def _balanced(join: Callable[[pl.Expr, pl.Expr], pl.Expr]) -> Write:
    """A gate of many parts, two by two: polars' own and/or are Kleene's."""

    def write(writer: _Writer, step: Step, *args: Cell) -> Cell:
        parts = list(args)
        while len(parts) > 1:
            pairs = [_of(join, *pair) if len(pair) == 2 else pair[0]
                     for pair in (parts[at : at + 2] for at in range(0, len(parts), 2))]  # fmt: skip
            parts = [writer.settle(one) if one.depth > _DEEPEST else one for one in pairs]
        return parts[0]

    return write


def _choose(writer: _Writer, step: Step, test: Cell, yes: Cell, no: Cell) -> Cell:
    # Of truths the gates are faster than a choice, but name the test twice.
    return _of(lambda a, b, c: pl.when(a).then(b).otherwise(c), test, yes, no)


def _first(writer: _Writer, step: Step, one: Cell, other: Cell) -> Cell:
    return _of(lambda a, b: pl.coalesce(a, b), one, other)


def _in(given: Sequence[Any], one: pl.Expr) -> pl.Expr:
    return _each(lambda a, b: a | b, [one == _plain(value) for value in given], one, alone=False)


def _plain(value: Any) -> pl.Expr:
    return _moment(value) if isinstance(value, datetime) else pl.lit(value)


def _includes_any(given: Sequence[str], one: pl.Expr) -> pl.Expr:
    return _each(lambda a, b: a | b, [one.list.contains(pl.lit(item)) for item in given], one, alone=False)


def _includes_all(given: Sequence[str], one: pl.Expr) -> pl.Expr:
    return _each(lambda a, b: a & b, [one.list.contains(pl.lit(item)) for item in given], one, alone=True)


def _each(
    join: Callable[[pl.Expr, pl.Expr], pl.Expr], parts: Sequence[pl.Expr], one: pl.Expr, *, alone: bool
) -> pl.Expr:
    """The parts joined; of no parts what it is then, while the value is known."""
    return reduce(join, parts) if parts else pl.when(one.is_not_null()).then(alone).otherwise(None)


def _in_order(given: Sequence[str], one: pl.Expr) -> pl.Expr:
    return one == pl.lit(list(given), dtype=pl.List(pl.String))


def _rank(given: Sequence[str], one: pl.Expr) -> pl.Expr:
    found: Any = pl
    for place, option in enumerate(given):
        found = found.when(one == pl.lit(option)).then(pl.lit(place, pl.Int64))
    expr: pl.Expr = found.otherwise(None)
    return expr


def _extreme(name: str) -> Write:
    """The smaller or the larger; `min_horizontal` would skip a null."""
    pick = {"least": pl.min_horizontal, "greatest": pl.max_horizontal}[name]

    def write(writer: _Writer, step: Step, one: Cell, other: Cell) -> Cell:
        if step.total and step.kind != "text":
            return _of(pick, one, other)

        def strictly(a: pl.Expr, b: pl.Expr) -> pl.Expr:
            below = a <= b if name == "least" else a >= b
            return pl.when(below).then(a).when(~below).then(b).otherwise(None)

        return _of(strictly, writer.settle(one), writer.settle(other))

    return write


def _round(writer: _Writer, step: Step, one: Cell) -> Cell:
    denominator, rounding = int(step.given[0]), step.given[1]
    within = writer.range_of(step.args[0])
    if within is not None and within[0] >= 0:
        return _of(lambda number: _rounded(number, denominator, rounding), writer.settle(one))
    number = writer.settle(one)
    # What lies below zero is rounded as its mirror image above.
    size = writer.settle(_of(lambda a: a.abs(), number))
    rounded = writer.settle(_of(lambda a: _rounded(a, denominator, rounding), size))
    return _of(lambda a, b: pl.when(a < 0).then(-b).otherwise(b), number, rounded)


def _rounded(size: pl.Expr, denominator: int, rounding: Rounding) -> pl.Expr:
    """A numerator that is not negative, rounded."""
    number = pl.lit(denominator, pl.Int64)
    match rounding:
        case Rounding.DOWN:
            return size // number
        case Rounding.UP:
            return (size + (denominator - 1)) // number
        case Rounding.HALF_UP:
            return (size + denominator // 2) // number
        case Rounding.HALF_EVEN:
            whole = (size * 2 + denominator) // (2 * denominator)
            halfway = (size * 2 + denominator) % (2 * denominator) == 0
            return whole - (halfway & (whole % 2 == 1)).cast(pl.Int64)


def _shift(writer: _Writer, step: Step, start: Cell, count: Cell) -> Cell:
    how: Shifting = step.given
    start, count = writer.settle(start), writer.settle(count)
    range_of_start, range_of_count = (writer.range_of(arg) for arg in step.args)
    leaving = leaves(step, range_of_start, range_of_count)
    if leaving:
        # No period is longer.
        count = writer.settle(_of(lambda a: pl.when(a.abs() <= MOST_OF_A_UNIT).then(a).otherwise(None), count))
    by = _of(lambda a: a if how.sign > 0 else -a, count)
    if step.kind == "date":
        return _shifted_day(writer, how, start, by, leaving=leaving)
    if how.unit == "hours":
        moved = _of(lambda a, b: a + pl.duration(hours=b), start, by)
    else:
        moved = _shifted_moment(writer, how, start, by)
    if leaving:
        moved = writer.settle(moved)
        writer.apart.append(_of(_unsettled, moved))
    return moved


def _move(writer: _Writer, step: Step, start: Cell, count: Cell) -> Cell:
    return _shifted_day(writer, step.given, writer.settle(start), writer.settle(count), leaving=False)


def _shifted_day(writer: _Writer, how: Shifting, start: Cell, by: Cell, *, leaving: bool) -> Cell:
    moved = _moved_days(start, by) if how.unit == "days" else _moved_months(writer, how.month_end, start, by)
    if not leaving:
        return _of(lambda a: a.cast(pl.Int32).cast(pl.Date), moved)
    first, last = date.min.toordinal() - _EPOCH, date.max.toordinal() - _EPOCH
    return _of(
        lambda a: pl.when(a.is_between(first, last)).then(a).otherwise(None).cast(pl.Int32).cast(pl.Date),
        writer.settle(moved),
    )


_EPOCH = date(1970, 1, 1).toordinal()


def _moved_days(start: Cell, by: Cell) -> Cell:
    return _of(lambda a, b: a.to_physical().cast(pl.Int64) + b, start, by)


def _moved_months(writer: _Writer, month_end: MonthEnd, start: Cell, by: Cell) -> Cell:
    """
    The number of the day so many months further. Polars' own `offset_by` always takes the last day of the month.

    A year begins in March, so that the day that is sometimes there is its last.
    """
    keep = writer.settle
    # Days since 1 March of the year 0, of which 400 years have 146,097.
    day = keep(_of(lambda a: a.to_physical().cast(pl.Int64) + 719_468, start))
    century4 = keep(_of(lambda a: a // 146_097, day))
    inside = keep(_of(lambda a, b: a - b * 146_097, day, century4))
    year = keep(_of(lambda a: (a - a // 1_460 + a // 36_524 - a // 146_096) // 365, inside))
    of_year = keep(_of(lambda a, b: a - (b * 365 + b // 4 - b // 100), inside, year))
    month = keep(_of(lambda a: (a * 5 + 2) // 153, of_year))
    of_month = keep(_of(lambda a, b: a - (b * 153 + 2) // 5, of_year, month))
    months = keep(_of(lambda a, b, c, d: (a * 400 + b) * 12 + c + d, century4, year, month, by))
    year = keep(_of(lambda a: a // 12, months))
    month = keep(_of(lambda a, b: a - b * 12, months, year))
    first = keep(_of(lambda a, b: a * 365 + a // 4 - a // 100 + a // 400 + (b * 153 + 2) // 5, year, month))
    # The length of the month less one; February, the last, ends with the year.
    following = keep(_of(lambda a: a + 1, year))
    last = keep(
        _of(
            lambda a, b: (
                pl.when(a == 11)
                .then(27 + ((b % 4 == 0) & ((b % 100 != 0) | (b % 400 == 0))).cast(pl.Int64))
                .otherwise((a * 153 + 155) // 5 - (a * 153 + 2) // 5 - 1)
            ),
            month,
            following,
        )
    )
    match month_end:
        case MonthEnd.EARLIER:
            there = _of(lambda a, b: pl.when(a <= b).then(a).otherwise(b), of_month, last)
        case MonthEnd.LATER:
            there = _of(lambda a, b: pl.when(a <= b).then(a).otherwise(b + 1), of_month, last)
        case MonthEnd.REFUSE:
            there = _of(lambda a, b: pl.when(a <= b).then(a).otherwise(None), of_month, last)
    return _of(lambda a, b: a + b - 719_468, first, there)


def _shifted_moment(writer: _Writer, how: Shifting, start: Cell, by: Cell) -> Cell:
    """The moment with its day moved in the zone: of a time shown twice the first, of one skipped what it would be."""
    keep = writer.settle
    local = keep(_of(lambda a: a.dt.convert_time_zone(how.zone).dt.replace_time_zone(None), start))
    day = keep(_of(lambda a: a.dt.date(), local))
    moved = keep(_shifted_day(writer, how, day, by, leaving=False))
    # Nothing but the day is moved, by whole days.
    clock = keep(_of(lambda a, b, c: a + (c.cast(pl.Datetime("us")) - b.cast(pl.Datetime("us"))), local, day, moved))
    there = _of(lambda a: _in_zone(a, how.zone), clock)
    # A skipped time is read with the offset of before: that of a day earlier.
    before = _of(lambda a: _in_zone(a - pl.duration(days=1), how.zone) + pl.duration(days=1), clock)
    return _of(lambda a, b: pl.coalesce(a, b), there, before)


def _in_zone(clock: pl.Expr, zone: str) -> pl.Expr:
    told = clock.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return told.dt.convert_time_zone("UTC")


def _day(writer: _Writer, step: Step, one: Cell) -> Cell:
    if writer.plan.steps[step.args[0]].kind == "date":
        return one
    return _of(lambda a: a.dt.convert_time_zone(step.given).dt.date(), one)


WRITTEN: Mapping[str, Write] = {
    "input": _input,
    "today": _today,
    "constant": _constant,
    "outer": _outer,
    "part": _part,
    "all": _balanced(lambda a, b: a & b),
    "any": _balanced(lambda a, b: a | b),
    "not": _simple(lambda a: ~a),
    "known": _simple(lambda a: a.is_not_null()),
    "choose": _choose,
    "first": _first,
    "equal": _simple(lambda a, b: a == b),
    "less": _simple(lambda a, b: a < b),
    "at_most": _simple(lambda a, b: a <= b),
    "in": _with(_in),
    "includes_any": _with(_includes_any),
    "includes_all": _with(_includes_all),
    "in_order": _with(_in_order),
    "rank": _with(_rank),
    "add": _simple(lambda a, b: a + b),
    "subtract": _simple(lambda a, b: a - b),
    "multiply": _simple(lambda a, b: a * b),
    "floor": _with(lambda given, a: a // pl.lit(given, pl.Int64)),
    "ceiling": _with(lambda given, a: -(-a // pl.lit(given, pl.Int64))),
    "round": _round,
    "least": _extreme("least"),
    "greatest": _extreme("greatest"),
    "shift": _shift,
    "day": _day,
    "move": _move,
    "day_number": _simple(lambda a: a.to_physical().cast(pl.Int64) + _EPOCH),
    "month_number": _simple(lambda a: a.dt.year().cast(pl.Int64) * 12 + a.dt.month().cast(pl.Int64) - 1),
}
