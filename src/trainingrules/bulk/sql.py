"""A program as one SELECT: a column per register, in stages, as expressions of sqlglot and never as pasted text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import reduce
from typing import Any

from sqlglot import exp

from trainingrules.bulk.answering import ASIDE
from trainingrules.bulk.dated import on_day
from trainingrules.bulk.dialects import SQL, Dialect
from trainingrules.bulk.inputs import none_of
from trainingrules.bulk.limits import (
    FIRST_MOMENT,
    LAST_MOMENT,
    MOST_OF_A_UNIT,
    Limits,
    TooLarge,
    leaves,
    limits_of,
    of_fact,
)
from trainingrules.calendar import MonthEnd
from trainingrules.diagnostics import EngineError, shown
from trainingrules.money import Rounding
from trainingrules.plan.lowering import Untranslatable
from trainingrules.plan.steps import Input, Kind, Plan, Ref, Shifting, Step, kind_of

# Of whom the columns say nothing: a fact lies beyond its bounds, or is no option.
APART = "apart"

_TYPES: Mapping[Kind, str] = {"boolean": "BOOLEAN", "integer": "BIGINT", "date": "DATE", "moment": "TIMESTAMPTZ",
                              "text": "TEXT", "list": "ARRAY<TEXT>"}  # fmt: skip
# Expressions nested deeper than this get a column: engines go through them by recursion.
_DEEPEST = 24
# What a stage is called; no table of the reader's may be.
_STAGE = "trainingrules_{}"


@dataclass(frozen=True, slots=True)
class Cell:
    """An expression, and in which stage the columns that it names are there.

    Without depth it is a column or a literal, and may be written several times.
    """

    expr: SQL
    stage: int = 0
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """A SELECT from a table of facts, in a dialect.

    It gives the key, the outputs of the program by name, and `apart`: true of a row of which the other columns mean
    nothing, since its facts do not fit the columns; null facts do.
    """

    select: exp.Select
    dialect: Dialect
    inputs: tuple[Input, ...]
    outputs: tuple[str, ...]
    limits: Limits

    @property
    def text(self) -> str:
        """The statement as it is run."""
        return str(self.select.sql(dialect=self.dialect.name))

    @property
    def laid_out(self) -> str:
        """The statement as it is read: over several lines."""
        return self.select.sql(dialect=self.dialect.name, pretty=True)

    def type_of(self, read: Input) -> str:
        """The type that the column of an input has to have."""
        kind: Kind = "boolean" if read.none else kind_of(read.shape)
        return _type(kind).sql(dialect=self.dialect.name)


def statement(
    plan: Plan, today: date | datetime, dialect: Dialect, *, table: str = "facts", key: str = "key"
) -> Statement:
    """
    The SELECT of a program on a day.

    Raises:
        Untranslatable: something in it cannot be said exactly in this dialect; the error names it.
        EngineError: the table or its key cannot be called that.
    """
    for fold in plan.folds:
        raise Untranslatable(f"the rows or rounds of `{fold.over}` cannot be said in the SQL of {dialect.name}")
    plan = on_day(plan, today)
    try:
        limits = limits_of(plan)
    except TooLarge as reason:
        raise Untranslatable(str(reason)) from None
    for columns in ([column_of(read) for read in plan.inputs], [*plan.outputs, APART]):
        if key in columns:
            raise EngineError(f"the key cannot be called {shown(key)}: another column is")
        _require_apart([key, *columns], dialect)
    writer = _Writer(plan, limits, dialect, Counter(ref for step in plan.steps for ref in step.args))
    writer.uses.update(plan.outputs.values())
    for number, step in enumerate(plan.steps):
        writer.write(number, step)
    outputs = {name: writer.cells[ref] for name, ref in plan.outputs.items()}
    if ASIDE in outputs:
        writer.apart.append(outputs.pop(ASIDE))
    return Statement(writer.select(outputs, table, key), dialect, plan.inputs, tuple(outputs), limits)


def column_of(read: Input) -> str:
    """The column in which an input is given."""
    return none_of(read.path) if read.none else read.path


def _require_apart(names: Sequence[str], dialect: Dialect) -> None:
    """Names that differ in their capitals only are one name to most databases."""
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            raise Untranslatable(f"`{other}` and `{name}` are the same column in {dialect.name}")


# --- the writing ---


@dataclass
class _Writer:
    """Writes register after register; what is used more than once gets a column."""

    plan: Plan
    limits: Limits
    dialect: Dialect
    uses: Counter[Ref]
    cells: list[Cell] = field(default_factory=list)
    stages: list[dict[str, SQL]] = field(default_factory=list)
    given: dict[str, SQL] = field(default_factory=dict)
    # When a row is answered apart: as its facts are given, and by what becomes of them.
    outside: list[SQL] = field(default_factory=list)
    apart: list[Cell] = field(default_factory=list)
    made: int = 0

    def write(self, number: Ref, step: Step) -> None:
        """The cell of the next step."""
        args = [self._argument(arg, step) for arg in step.args]
        cell = NOTATIONS[step.op](self, step, *args)
        shared = self.uses[number] > 1 or step.op == "input"
        self.cells.append(self.settle(cell) if shared or cell.depth > _DEEPEST else cell)

    def _argument(self, ref: Ref, step: Step) -> Cell:
        """The cell of an argument; a null is of the kind that is wanted, whatever it was made for."""
        given = self.plan.steps[ref]
        if given.op == "constant" and given.given is None and step.op in ("choose", "first"):
            return Cell(literal(None, step.kind))
        return self.cells[ref]

    def settle(self, cell: Cell) -> Cell:
        """The value in a column of its own, so that it may be named twice."""
        if not cell.depth:
            return cell
        while len(self.stages) <= cell.stage:
            self.stages.append({})
        name = f"r{self.made}"
        self.made += 1
        self.stages[cell.stage][name] = cell.expr
        return Cell(_column(name), cell.stage + 1)

    def of(self, write: Callable[..., SQL], *cells: Cell) -> Cell:
        """The expression of those of the cells."""
        return Cell(
            write(*(_operand(cell) for cell in cells)),
            max((cell.stage for cell in cells), default=0),
            max((cell.depth for cell in cells), default=0) + 1,
        )

    def refused(self, step: Step, what: str) -> Untranslatable:
        """That a step cannot be said in this dialect."""
        return Untranslatable(f"{what} (`{step.op}`) cannot be said in the SQL of {self.dialect.name}")

    def add_input(self, read: Input) -> Cell:
        """
        The column of an input, under a name of our own; where the given one has no business here it is null, and the
        row is answered apart: so that nothing later on can fail.
        """
        name = f"i{len(self.given)}"
        given = _column(column_of(read))
        if read.none:
            self.given[name] = exp.Coalesce(this=given, expressions=[exp.false()])
            return Cell(_column(name))
        fits = self._fits(read, given)
        if fits is None:
            self.given[name] = given
        else:
            self.given[name] = exp.Case(ifs=[exp.If(this=fits, true=given.copy())])
            outside = exp.And(this=_not_null(given.copy()), expression=exp.Not(this=exp.Paren(this=fits.copy())))
            self.outside.append(outside)
        return Cell(_column(name))

    def _fits(self, read: Input, given: SQL) -> SQL | None:
        """Whether a value is one that the fact may have and a column can hold; null is."""
        shape, within = read.shape, of_fact(read, self.limits.largest)
        match shape.kind:
            case "boolean" | "text":
                return None
            case "choice" | "row":
                return exp.In(this=given, expressions=[_text(option) for option in shape.options])
            case "list":
                options = literal(tuple(shape.options), "list")
                return exp.Not(this=exp.Paren(this=self.dialect.beyond(given, options)))
            case "moment":
                return _between(given, *(literal(end, "moment") for end in _SETTLED))
            case "date":
                assert within is not None
                return _between(given, *(literal(date.fromordinal(end), "date") for end in within))
            case _:
                assert within is not None
                return _between(given, *(_number(end) for end in within))

    def select(self, outputs: Mapping[str, Cell], table: str, key: str) -> exp.Select:
        """The whole statement."""
        name = "whose"
        columns = [exp.alias_(_column(key), name, quoted=True),
                   *(exp.alias_(expr, made, quoted=True) for made, expr in self.given.items()),
                   exp.alias_(_any_surely(self.outside), APART, quoted=True)]  # fmt: skip
        last = _STAGE.format(0)
        stages = [(last, exp.Select(expressions=columns).from_(_facts(table)))]
        for number, made in enumerate(self.stages, start=1):
            new = [exp.alias_(expr, column, quoted=True) for column, expr in made.items()]
            stages.append((_STAGE.format(number), exp.Select(expressions=[exp.Star(), *new]).from_(_table(last))))
            last = _STAGE.format(number)
        apart = _any_surely([_column(APART), *(cell.expr.copy() for cell in self.apart)])
        asked = [exp.alias_(_column(name), key, quoted=True),
                 *(exp.alias_(cell.expr.copy(), made, quoted=True) for made, cell in outputs.items()),
                 exp.alias_(apart, APART, quoted=True)]  # fmt: skip
        whole = exp.Select(expressions=asked).from_(_table(last))
        for stage, select in stages:
            whole = whole.with_(exp.to_identifier(stage, quoted=True), as_=select, copy=False)
        return whole


def _column(name: str) -> exp.Column:
    _require_plain(name)
    return exp.Column(this=exp.to_identifier(name, quoted=True))


def _facts(table: str) -> exp.Table:
    """The table of the reader: `people`, or `warehouse.people`."""
    parts = table.split(".")
    if len(parts) > 3 or not all(part.strip() for part in parts):
        raise EngineError(f"{shown(table)} is not the name of a table; one is `people` or `warehouse.people`")
    for part in parts:
        _require_plain(part)
    names = [exp.to_identifier(part, quoted=True) for part in reversed(parts)]
    return exp.Table(**dict(zip(("this", "db", "catalog"), names, strict=False)))


def _table(name: str) -> exp.Table:
    return exp.Table(this=exp.to_identifier(name, quoted=True))


def _text(value: str) -> exp.Literal:
    _require_plain(value)
    return exp.Literal.string(value)


def _require_plain(text: str) -> None:
    if any(ord(char) < 32 or ord(char) == 127 for char in text):
        raise Untranslatable(f"{shown(text)} holds a control character, which databases read differently")


def _number(value: int) -> SQL:
    return exp.Literal.number(value)


def _type(kind: Kind) -> exp.DataType:
    return exp.DataType.build(_TYPES[kind])


def _typed(value: SQL, kind: Kind) -> exp.Cast:
    return exp.Cast(this=value, to=_type(kind))


def literal(value: Any, kind: Kind) -> SQL:
    """A value that is known beforehand, of the type of its kind."""
    match value:
        case None:
            return _typed(exp.null(), kind)
        case bool():
            return exp.true() if value else exp.false()
        case str():
            return _text(value)
        case datetime():
            return _typed(_text(value.astimezone(UTC).replace(tzinfo=None).isoformat(" ") + "+00:00"), "moment")
        case date():
            return _typed(_text(value.isoformat()), "date")
        case tuple():
            return _typed(exp.Array(expressions=[_text(item) for item in value]), "list")
        case _:
            return _typed(_number(int(value)), "integer")


_SETTLED = tuple(datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (FIRST_MOMENT, LAST_MOMENT))


def _operand(cell: Cell) -> SQL:
    """The expression of a cell as a part of another; a column or literal may be a part of several."""
    if not cell.depth:
        return cell.expr.copy()
    return exp.Paren(this=cell.expr) if isinstance(cell.expr, exp.Binary | exp.Unary | exp.Predicate) else cell.expr


def _between(value: SQL, low: SQL, high: SQL) -> SQL:
    return exp.Between(this=value.copy(), low=low, high=high)


def _is_null(value: SQL) -> SQL:
    return exp.Is(this=value, expression=exp.null())


def _not_null(value: SQL) -> SQL:
    return exp.Not(this=_is_null(value))


def _surely(value: SQL) -> SQL:
    return exp.Coalesce(this=value, expressions=[exp.false()])


def _any_surely(parts: Sequence[SQL]) -> SQL:
    if not parts:
        return exp.false()
    return _joined(exp.Or, [_surely(part) for part in parts])


def _joined(gate: Callable[..., SQL], parts: Sequence[SQL]) -> SQL:
    return reduce(lambda one, other: gate(this=one, expression=other), parts)


def _when(test: SQL, yes: SQL, no: SQL | None = None) -> SQL:
    return exp.Case(ifs=[exp.If(this=test, true=yes)], default=no)


# --- a notation for every op ---

Notation = Callable[..., Cell]


def _simple(write: Callable[..., SQL]) -> Notation:
    """An op that needs its arguments only, each once."""
    return lambda writer, step, *args: writer.of(write, *args)


def _binary(operator: Callable[..., SQL]) -> Notation:
    return _simple(lambda one, other: operator(this=one, expression=other))


def _input(writer: _Writer, step: Step) -> Cell:
    return writer.add_input(step.given)


def _today(writer: _Writer, step: Step) -> Cell:
    raise AssertionError("a program is written on a day")


def _constant(writer: _Writer, step: Step) -> Cell:
    return Cell(literal(step.given, step.kind))


def _gate(operator: Callable[..., SQL]) -> Notation:
    """SQL's own and/or are Kleene's."""
    return _simple(lambda *parts: _joined(operator, parts))


def _in(writer: _Writer, step: Step, one: Cell) -> Cell:
    kind = writer.plan.steps[step.args[0]].kind
    options = [literal(value, kind) for value in step.given if value is not None]
    if not options:
        return writer.of(lambda a: _when(_not_null(a), exp.false()), one)
    return writer.of(lambda a: exp.In(this=a, expressions=options), one)


def _includes(operator: Callable[..., SQL], *, of_nothing: bool) -> Notation:
    def write(writer: _Writer, step: Step, one: Cell) -> Cell:
        items = writer.settle(one)
        if not step.given:
            return writer.of(lambda a: _when(_not_null(a), exp.true() if of_nothing else exp.false()), items)
        return writer.of(
            lambda a: _joined(operator, [_holds(a.copy(), item) for item in sorted(set(step.given))]), items
        )

    return write


def _holds(items: SQL, item: str) -> SQL:
    return exp.Anonymous(this="ARRAY_CONTAINS", expressions=[items, _text(item)])


def _in_order(writer: _Writer, step: Step, one: Cell) -> Cell:
    return writer.of(lambda a: exp.EQ(this=a, expression=literal(tuple(step.given), "list")), one)


def _rank(writer: _Writer, step: Step, one: Cell) -> Cell:
    def write(a: SQL) -> SQL:
        places = [exp.If(this=_text(option), true=literal(place, "integer")) for place, option in enumerate(step.given)]
        return exp.Case(this=a, ifs=places)

    return writer.of(write, one)


def _rest(number: SQL, by: int) -> SQL:
    return exp.Mod(this=number, expression=_number(by))


def _whole(writer: _Writer, step: Step, one: Cell, correction: Callable[[SQL], tuple[SQL, int]]) -> Cell:
    """A division towards zero, and one more or less where that is the wrong way."""
    number = writer.settle(one)

    def write(a: SQL) -> SQL:
        test, by = correction(_rest(a.copy(), step.given))
        quotient = writer.dialect.quotient(a.copy(), _number(step.given))
        return exp.Add(this=exp.Paren(this=quotient), expression=_when(test, _number(by), _number(0)))

    if step.given <= 0:
        raise writer.refused(step, f"a division by {step.given}")
    return writer.of(write, number)


def _floor(writer: _Writer, step: Step, one: Cell) -> Cell:
    return _whole(writer, step, one, lambda rest: (exp.LT(this=rest, expression=_number(0)), -1))


def _ceiling(writer: _Writer, step: Step, one: Cell) -> Cell:
    return _whole(writer, step, one, lambda rest: (exp.GT(this=rest, expression=_number(0)), 1))


def _round(writer: _Writer, step: Step, one: Cell) -> Cell:
    by, rounding = int(step.given[0]), step.given[1]
    number = writer.settle(one)
    whole = writer.settle(writer.of(lambda a: writer.dialect.quotient(a, _number(by)), number))
    # What is below zero is rounded as its mirror image above.
    rest = writer.settle(writer.of(lambda a: exp.Abs(this=exp.Paren(this=_rest(a, by))), number))
    if rounding is Rounding.DOWN:
        return whole

    def write(a: SQL, b: SQL, c: SQL) -> SQL:
        further = _when(exp.LT(this=a, expression=_number(0)), _number(-1), _number(1))
        return exp.Add(this=b.copy(), expression=_when(_more(rounding, b, c, by), further, _number(0)))

    return writer.of(write, number, whole, rest)


def _more(rounding: Rounding, whole: SQL, rest: SQL, by: int) -> SQL:
    """Whether the part of a cent makes a cent."""
    if rounding is Rounding.UP:
        return exp.GT(this=rest, expression=_number(0))
    twice = exp.Mul(this=rest, expression=_number(2))
    if rounding is Rounding.HALF_UP:
        return exp.GTE(this=twice, expression=_number(by))
    odd = exp.NEQ(this=_rest(whole.copy(), 2), expression=_number(0))
    halfway = exp.And(this=exp.EQ(this=twice.copy(), expression=_number(by)), expression=odd)
    return exp.Or(this=exp.GT(this=twice, expression=_number(by)), expression=exp.Paren(this=halfway))


def _extreme(operator: Callable[..., SQL]) -> Notation:
    """The smaller or the larger; LEAST would skip a null."""

    def write(writer: _Writer, step: Step, one: Cell, other: Cell) -> Cell:
        def pick(a: SQL, b: SQL) -> SQL:
            known = exp.And(this=_not_null(a.copy()), expression=_not_null(b.copy()))
            first = exp.If(this=operator(this=a, expression=b), true=a.copy())
            return exp.Case(ifs=[first, exp.If(this=known, true=b.copy())])

        return writer.of(pick, writer.settle(one), writer.settle(other))

    return write


def _shift(writer: _Writer, step: Step, start: Cell, count: Cell) -> Cell:
    how: Shifting = step.given
    start = writer.settle(start)
    leaving = leaves(step, *(writer.limits.ranges[arg] for arg in step.args))
    if leaving:
        # No period is longer.
        count = writer.of(
            lambda a: _when(_between(a, _number(-MOST_OF_A_UNIT), _number(MOST_OF_A_UNIT)), a), writer.settle(count)
        )
    if how.sign < 0:
        count = writer.of(lambda a: exp.Neg(this=a), count)
    if step.kind == "date":
        moved = _shifted_day(writer, step, start, count)
        if not leaving:
            return moved
        ends = [literal(end, "date") for end in (date.min, date.max)]
        return writer.of(lambda a: _when(_between(a, *ends), a), writer.settle(moved))
    if how.unit == "hours":
        moved = writer.of(writer.dialect.moved_hours, start, count)
    else:
        count = writer.settle(count)
        moved = _shifted_moment(writer, step, start, count)
        # Moved by nothing it stays what it is, also when its time is shown for the second time.
        none = writer.of(lambda a: exp.EQ(this=a, expression=_number(0)), count)
        moved = writer.of(_when, none, start, moved)
    if leaving:
        # Where the published zones are not settled, nothing is said.
        moved = writer.settle(moved)
        ends = [literal(end, "moment") for end in _SETTLED]
        writer.apart.append(writer.of(lambda a: exp.Not(this=_between(a, *ends)), moved))
    return moved


def _shifted_day(writer: _Writer, step: Step, day: Cell, count: Cell) -> Cell:
    how: Shifting = step.given
    if how.unit == "days":
        return writer.of(writer.dialect.moved_days, day, count)
    if how.unit == "hours":
        raise writer.refused(step, "hours counted from a day")
    moved = writer.of(writer.dialect.moved_months, day, count)
    if how.month_end is MonthEnd.EARLIER:
        return moved

    def settled(a: SQL, b: SQL) -> SQL:
        same = exp.EQ(this=_of_month(a.copy()), expression=_of_month(b.copy()))
        if how.month_end is MonthEnd.REFUSE:
            return _when(same, b)
        return _when(same, b, writer.dialect.moved_days(b.copy(), _number(1)))

    return writer.of(settled, day, writer.settle(moved))


def _move(writer: _Writer, step: Step, start: Cell, count: Cell) -> Cell:
    return _shifted_day(writer, step, writer.settle(start), writer.settle(count))


def _day_number(day: SQL) -> SQL:
    since = exp.DateDiff(this=day, expression=literal(_EPOCH, "date"), unit=exp.Var(this="DAY"))
    return exp.Add(this=_bigint(since), expression=_number(_EPOCH.toordinal()))


def _month_number(day: SQL) -> SQL:
    year, month = (_bigint(exp.Anonymous(this=part, expressions=[day.copy()])) for part in ("YEAR", "MONTH"))
    return exp.Sub(this=exp.Add(this=exp.Mul(this=year, expression=_number(12)), expression=month),
                   expression=_number(1))  # fmt: skip


def _bigint(one: SQL) -> SQL:
    return exp.Cast(this=one, to=exp.DataType.build("BIGINT"))


_EPOCH = date(1970, 1, 1)


def _of_month(day: SQL) -> SQL:
    return exp.Anonymous(this="DAY", expressions=[day])


def _shifted_moment(writer: _Writer, step: Step, start: Cell, count: Cell) -> Cell:
    zone = step.given.zone
    clock = writer.settle(writer.of(lambda a: writer.dialect.clock(a, zone), start))
    day = writer.settle(writer.of(writer.dialect.day_of_clock, clock))
    moved = writer.settle(_shifted_day(writer, step, day, count))
    there = writer.settle(writer.of(writer.dialect.moved_clock, clock, day, moved))
    return writer.of(lambda a: writer.dialect.moment_of(a, zone), there)


def _day(writer: _Writer, step: Step, one: Cell) -> Cell:
    if writer.plan.steps[step.args[0]].kind == "date":
        return one
    return writer.of(lambda a: writer.dialect.day_of_clock(writer.dialect.clock(a, step.given)), one)


NOTATIONS: Mapping[str, Notation] = {
    "input": _input,
    "today": _today,
    "constant": _constant,
    "all": _gate(exp.And),
    "any": _gate(exp.Or),
    "not": _simple(lambda one: exp.Not(this=one)),
    "known": _simple(_not_null),
    "choose": _simple(_when),
    "first": _simple(lambda one, other: exp.Coalesce(this=one, expressions=[other])),
    "equal": _binary(exp.EQ),
    "less": _binary(exp.LT),
    "at_most": _binary(exp.LTE),
    "in": _in,
    "includes_any": _includes(exp.Or, of_nothing=False),
    "includes_all": _includes(exp.And, of_nothing=True),
    "in_order": _in_order,
    "rank": _rank,
    "add": _binary(exp.Add),
    "subtract": _binary(exp.Sub),
    "multiply": _binary(exp.Mul),
    "floor": _floor,
    "ceiling": _ceiling,
    "round": _round,
    "least": _extreme(exp.LTE),
    "greatest": _extreme(exp.GTE),
    "shift": _shift,
    "day": _day,
    "move": _move,
    "day_number": _simple(_day_number),
    "month_number": _simple(_month_number),
}
