"""From a document to a policy: every name resolved, every literal typed, every fault reported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any as Raw
from typing import NoReturn, TypeVar

from trainingrules import calendar, money
from trainingrules import policy as p
from trainingrules.diagnostics import Diagnostic, did_you_mean, one_of
from trainingrules.kinds import KINDS, NUMBERS, RECORDS, Shape
from trainingrules.operators import OPERATORS, operators_of
from trainingrules.source import Document, Path
from trainingrules.words import Text

RESERVED = ("today", "key", "any", "not", "where")
UNTYPED = Shape("")
INTEGER, DECIMAL, MONEY, DATE, MOMENT, BOOLEAN = (
    Shape(kind) for kind in ("integer", "decimal", "money", "date", "moment", "boolean")
)
_BASE = {"months": Shape("duration", unit="months"), "days": Shape("duration", unit="days"),
         "hours": Shape("duration", unit="hours")}  # fmt: skip
T = TypeVar("T")


class _Fault(Exception):
    """One entry cannot be read; the others still are."""

    def __init__(self, diagnostic: Diagnostic | None) -> None:
        super().__init__(diagnostic)
        self.diagnostic = diagnostic


@dataclass(frozen=True, slots=True)
class _Env:
    """What is at hand where a condition stands: rows, innermost first, and cycles; a term may stand anywhere."""

    rows: tuple[str, ...] = ()
    cycles: tuple[str, ...] = ()
    anywhere: bool = False

    def inside(self, rows: str) -> _Env:
        return _Env((rows, *self.rows), self.cycles, self.anywhere)


@dataclass
class _Reader:
    document: Document
    faults: list[Diagnostic]
    statements: Mapping[str, p.Statement]
    broken: list[Path]
    facts: dict[str, p.Fact] = field(default_factory=dict)
    records: dict[str, p.Records] = field(default_factory=dict)
    tables: dict[str, p.Table] = field(default_factory=dict)
    readings: dict[str, p.Reading] = field(default_factory=dict)
    cycles: dict[str, p.Cycle] = field(default_factory=dict)
    shapes: dict[str, Shape] = field(default_factory=dict)
    naming: list[str] = field(default_factory=list)

    # --- faults ---

    def fail(self, code: str, message: str, at: Path, *, help: str = "", key: bool = False) -> NoReturn:
        raise _Fault(self.document.fault(code, message, at, help=help, key=key))

    def note(self, code: str, message: str, at: Path, *, help: str = "", key: bool = False) -> None:
        self.faults.append(self.document.fault(code, message, at, help=help, key=key))

    def sound(self, at: Path, inner: tuple[str, ...] = ()) -> bool:
        """Whether nothing was wrong with the shape of what stands here, apart from the keys in ``inner``."""
        size = len(at)
        return not any(
            broken[:size] == at and (len(broken) == size or broken[size] not in inner) for broken in self.broken
        )

    def section(self, name: str) -> dict[str, Raw]:
        found = self.document.data.get(name) if isinstance(self.document.data, dict) else None
        return found if isinstance(found, dict) else {}

    def entries(
        self, at: Path, raw: Raw, read: Callable[[str, Raw, Path], T], inner: tuple[str, ...] = ()
    ) -> dict[str, T]:
        """Read each entry of a mapping; one that cannot be read is reported and left out."""
        result: dict[str, T] = {}
        if isinstance(raw, dict):
            for name, entry in raw.items():
                path = (*at, name)
                if not isinstance(name, str) or not self.sound(path, inner):
                    continue
                try:
                    result[name] = read(name, entry, path)
                except _Fault as fault:
                    if fault.diagnostic is not None:
                        self.faults.append(fault.diagnostic)
        return result

    # --- small parts ---

    def text(self, raw: Mapping[str, Raw]) -> Text:
        return Text(raw["nl"], raw["en"])

    def source(
        self, raw: Mapping[str, Raw], at: Path, *, key: str = "source", foreign: bool = False
    ) -> tuple[str, ...]:
        ids = raw.get(key, [])
        for index, one in enumerate(ids):
            if (
                one not in self.statements
                and self.statements
                and not (foreign and one.split("-")[0] not in {known.split("-")[0] for known in self.statements})
            ):
                self.note("unknown-statement", f"statement `{one}` is not in the catalogue", (*at, key, index),
                          help=did_you_mean(one, self.statements))  # fmt: skip
        return tuple(ids)

    def day(self, raw: Raw, at: Path) -> Raw:
        try:
            return calendar.parse_date(raw)
        except ValueError as reason:
            self.fail("impossible-date", str(reason), at)

    def period(self, raw: Raw, at: Path) -> calendar.Period:
        try:
            return calendar.Period.parse(raw)
        except ValueError as reason:
            self.fail("wrong-form", str(reason), at)

    def known(self, name: Raw, names: Iterable[str], what: str, at: Path, declared: Iterable[str] = ()) -> str:
        """The name, when it is known; one that is declared but could not be read raises no second fault."""
        names = list(names)
        if name not in names and name in declared:
            raise _Fault(None)
        if name not in names:
            self.fail(f"unknown-{what.replace(' ', '-')}", f"{what} `{name}` is not declared", at,
                      help=did_you_mean(str(name), names) or (one_of(names) if names else ""))  # fmt: skip
        return str(name)

    # --- declarations ---

    def shape(self, raw: Mapping[str, Raw], at: Path) -> Shape:
        kind = raw["kind"]
        for key in ("unit", "ordered", "options", "of", "at_least", "at_most"):
            if key in raw and key not in KINDS[kind].keys:
                self.fail("wrong-key", f"a fact of kind `{kind}` has no `{key}`", (*at, key), key=True,
                          help="a duration has `unit`; a choice has `options` and `ordered`; a list has `options`; "
                          "a row has `of`; numbers have `at_least` and `at_most`")  # fmt: skip
        for key, kinds in (("unit", ("duration",)), ("options", ("choice", "list")), ("of", ("row",))):
            if kind in kinds and key not in raw:
                self.fail("missing-key", f"key `{key}` is missing: kind `{kind}` needs it", at, key=True)
        options: Mapping[str, Text] = {name: self.text(label) for name, label in raw.get("options", {}).items()}
        of = raw.get("of", "")
        if of:
            tables = self.section("tables")
            self.known(of, tables, "table", (*at, "of"))
            rows = tables[of].get("rows", {}) if isinstance(tables[of], dict) else {}
            options = {
                name: self.text(row)
                for name, row in (rows.items() if isinstance(rows, dict) else ())
                if isinstance(row, dict) and isinstance(row.get("nl"), str) and isinstance(row.get("en"), str)
            }
        low, high = (0, 100) if kind == "percent" else (None, None)
        bare = Shape(kind, raw.get("unit", ""), options, raw.get("ordered", False), low, high, of)
        bounds = {}
        for key in ("at_least", "at_most"):
            if key in raw:
                bounds[key] = self.parse(raw[key], bare, (*at, key))
        low, high = bounds.get("at_least", low), bounds.get("at_most", high)
        if low is not None and high is not None and low > high:
            self.fail("empty-range", "no value is both at least and at most this", (*at, "at_least"), key=True)
        return Shape(kind, bare.unit, options, bare.ordered, low, high, of)

    def parse(self, raw: Raw, shape: Shape, at: Path) -> Raw:
        try:
            return KINDS[shape.kind].parse(raw, shape)
        except ValueError as reason:
            options = did_you_mean(str(raw), shape.options) or (one_of(shape.options) if shape.options else "")
            code = "impossible-date" if shape.kind in ("date", "moment") else "wrong-kind"
            self.fail(code, str(reason), at, help=options)

    def fields(self, raw: Raw, at: Path, *, priced: bool) -> dict[str, p.Field]:
        def read(name: str, entry: Raw, path: Path) -> p.Field:
            shape = self.shape(entry, path)
            for key in ("vat", "certainty"):
                if key in entry and not (priced and shape.kind == "money"):
                    self.fail("wrong-key", f"only a money field of a table has `{key}`", (*path, key), key=True)
                if priced and shape.kind == "money" and key not in entry:
                    self.fail("missing-key", f"key `{key}` is missing: an amount says so", path, key=True)
            return p.Field(name, self.text(entry), shape, money.Vat(entry.get("vat", "not_stated")),
                           money.Certainty(entry.get("certainty", "exact")))  # fmt: skip

        return self.entries(at, raw, read)

    def read_fact(self, name: str, raw: Raw, at: Path) -> p.Fact | p.Records:
        if raw["kind"] == RECORDS:
            for key in raw:
                if key not in ("kind", "nl", "en", "dated", "fields"):
                    self.fail("wrong-key", f"a history has no `{key}`", (*at, key), key=True)
            if "fields" not in raw:
                self.fail("missing-key", "key `fields` is missing: a history has fields", at, key=True)
            fields = self.fields(raw["fields"], (*at, "fields"), priced=False)
            dated = raw.get("dated", "")
            happened: p.Condition = p.ALWAYS
            if dated:
                self.known(dated, fields, "field", (*at, "dated"), raw["fields"])
                if fields[dated].shape.kind != "date":
                    self.fail("wrong-kind", f"`{dated}` is not a date", (*at, "dated"))
                happened = p.Check(
                    p.FieldValue(dated, fields[dated].shape, (name,)), OPERATORS["on_or_before"], p.Today()
                )
            return p.Records(name, self.text(raw), fields, dated, happened)
        for key in ("dated", "fields"):
            if key in raw:
                self.fail("wrong-key", f"only a history (kind `records`) has `{key}`", (*at, key), key=True)
        per = raw.get("per", "")
        if per:
            self.known(per, [*self.section("tables"), *self.section("cycles")], "table or cycle", (*at, "per"))
        return p.Fact(name, self.text(raw), self.shape(raw, at), per)

    def read_table(self, name: str, raw: Raw, at: Path) -> p.Table:
        fields = self.fields(raw["fields"], (*at, "fields"), priced=True)

        def read_row(key: str, entry: Raw, path: Path) -> p.Row:
            for given in entry:
                if given not in fields and given not in ("nl", "en", "source"):
                    self.known(given, fields, "field", (*path, given), raw["fields"])
            cells: dict[str, p.Expression] = {}
            for field_name, column in fields.items():
                if field_name not in entry:
                    self.fail("missing-key", f"`{field_name}` is missing: every row gives every field", path, key=True,
                              help="write `not_stated` where the source does not say")  # fmt: skip
                what = f"{name}[{key}].{field_name}"
                cells[field_name] = self.cell(entry[field_name], column.shape, (*path, field_name), what)
            return p.Row(key, self.text(entry), self.source(entry, path), cells)

        rows = self.entries((*at, "rows"), raw["rows"], read_row)
        return p.Table(name, self.text(raw), fields, rows)

    def cell(self, raw: Raw, shape: Shape, at: Path, what: str) -> p.Expression:
        if raw == "not_stated":
            return p.NotStated(what, at=at)
        if isinstance(raw, dict):
            if list(raw) != ["between"]:
                self.fail("wrong-kind", "a value, `not_stated` or `{between: [a, b]}` is expected here", at)
            return self.between(raw["between"], shape, _Env(), (*at, "between"))
        return p.Constant(self.parse(raw, shape, at), shape, at=at)

    def between(self, raw: Raw, expected: Shape | None, env: _Env, at: Path) -> p.Expression:
        if len(raw) != 2:
            self.fail("wrong-form", "`between` has two values: the lowest and the highest", at)
        low, high = (self.value(part, expected, env, (*at, index)) for index, part in enumerate(raw))
        if isinstance(low, p.Constant) and isinstance(high, p.Constant):
            if not low.shape.same_as(high.shape):
                self.fail("wrong-kind", "these two are of different kinds", at)
            if low.value > high.value:
                self.fail("empty-range", "the first of the two is the larger", at, help="put the lowest first")
        return p.Between(low, high, at=at)

    def read_reading(self, name: str, raw: Raw, at: Path) -> p.Reading:
        options = {key: self.text(label) for key, label in raw["options"].items()}
        self.known(raw["chosen"], options, "option", (*at, "chosen"))
        return p.Reading(name, self.text(raw), self.source(raw, at), raw["chosen"], options)

    def read_cycle(self, name: str, raw: Raw, at: Path) -> p.Cycle:
        self.day_fact(raw["starts"], (*at, "starts"))
        every = self.period(raw["every"], (*at, "every"))
        if every.hours or not (every.months or every.days):
            self.fail("wrong-form", "a round lasts a number of years, months, weeks or days", (*at, "every"))
        return p.Cycle(name, self.text(raw), self.source(raw, at), raw["starts"], every, raw.get("rounds"))

    def day_fact(self, name: Raw, at: Path, *, moments: bool = False) -> p.Fact:
        self.known(name, self.facts, "fact", at, self.section("facts"))
        fact = self.facts[name]
        if fact.shape.kind != "date" and not (moments and fact.shape.kind == "moment"):
            self.fail("wrong-kind", f"`{name}` is not a day", at)
        return fact

    def read_amount(self, name: str, raw: Raw, at: Path) -> tuple[p.Price, ...]:
        prices: list[p.Price] = []
        for index, entry in enumerate(raw):
            path = (*at, index)
            stated = entry["value"] != "not_stated"
            cents = self.parse(entry["value"], MONEY, (*path, "value")) if stated else None
            start = self.day(entry["from"], (*path, "from"))
            if prices and start <= prices[-1].start:
                self.note("overlap", f"this begins on {start}, not after the one before it ({prices[-1].start})",
                          (*path, "from"), help="put the oldest first, each from a later day")  # fmt: skip
            prices.append(p.Price(start, cents, money.Vat(entry["vat"]), money.Certainty(entry["certainty"]),
                                  self.source(entry, path)))  # fmt: skip
        return tuple(prices)

    # --- conditions ---

    def condition(self, raw: Raw, env: _Env, at: Path) -> p.Condition:
        parts: list[p.Condition] = []
        for name, wanted in raw.items():
            path = (*at, name)
            if name == "any":
                options = tuple(self.condition(part, env, (*path, index)) for index, part in enumerate(wanted))
                parts.append(p.Any(options, at=path))
            elif name == "not":
                parts.append(p.Not(self.condition(wanted, env, path), at=path))
            else:
                parts += self.checks(name, wanted, env, path)
        return parts[0] if len(parts) == 1 else p.All(tuple(parts), at=at)

    def checks(self, name: str, wanted: Mapping[str, Raw], env: _Env, at: Path) -> list[p.Condition]:
        if name in self.section("terms") and name not in self.facts:
            return [self.term_check(name, key, operand, (*at, key)) for key, operand in wanted.items()]
        subject: p.Expression
        if name in self.records or name in self.tables:
            inside = env.inside(name)
            where = self.condition(wanted["where"], inside, (*at, "where")) if "where" in wanted else p.ALWAYS
            subject, shape = p.CountOf(name, where, at=at), INTEGER
            if set(wanted) == {"where"}:
                self.fail("no-operator", "how many rows is not said", at, key=True, help="add `at_least: 1`, say")
        else:
            if "where" in wanted:
                self.fail("wrong-key", f"`{name}` has no rows: `where` follows a table or a history",
                          (*at, "where"), key=True)  # fmt: skip
            subject, shape = self.subject(name, env, at)
        result: list[p.Condition] = []
        for key, operand in wanted.items():
            if key != "where":
                result.append(self.check(name, subject, shape, key, operand, env, (*at, key)))
        return result

    def term_check(self, name: str, key: str, operand: Raw, at: Path) -> p.Condition:
        if key != "is" or not isinstance(operand, bool):
            self.fail("wrong-operator", f"`{name}` is a term: it is true or false", at, key=True,
                      help=f"write `{name}: {{is: true}}`")  # fmt: skip
        holds = p.Holds(name, at=at)
        return holds if operand else p.Not(holds, at=at)

    def check(
        self, name: str, subject: p.Expression, shape: Shape, key: str, operand: Raw, env: _Env, at: Path
    ) -> p.Condition:
        operator = OPERATORS[key]
        allowed = operators_of(shape.kind, ordered=shape.ordered)
        if operator not in allowed:
            self.fail("wrong-operator", f"`{key}` does not go with `{name}`, which is of kind `{shape.kind}`", at,
                      key=True, help=one_of(one.name for one in allowed))  # fmt: skip
        if operator.operand == "boolean":
            return p.Check(subject, operator, operand, at=at)
        if operator.operand == "cycle":
            if operand not in self.cycles:
                self.known(operand, self.cycles, "cycle", at, self.section("cycles"))
            return p.Check(subject, operator, str(operand), at=at)
        if operator.operand == "several":
            one = Shape("choice", options=shape.options) if shape.kind == "list" else shape
            values = tuple(self.parse(item, one, (*at, index)) for index, item in enumerate(operand))
            return p.Check(subject, operator, values, at=at)
        value = self.value(operand, shape, env, at)
        other = self.shape_of(value)
        if other.kind and not shape.same_as(other):
            self.fail("wrong-kind", f"`{name}` is of kind `{shape.kind}` and is held against a `{other.kind}`", at)
        return p.Check(subject, operator, value, at=at)

    def subject(self, name: str, env: _Env, at: Path) -> tuple[p.Expression, Shape]:
        """What a condition begins with, or a bare name refers to."""
        if name == "today":
            return p.Today(at=at), MOMENT
        if name == "key":
            if not env.rows and not env.anywhere:
                self.fail("no-row", "there is no row here whose `key` could be meant", at, key=True)
            near = [table for table in env.rows if table in self.tables]
            tables = near[:1] or list(self.tables)
            options = {key: row.text for table in tables for key, row in self.tables[table].rows.items()}
            return p.FieldValue("key", Shape("row", options=options), tuple(tables), at=at), Shape(
                "row", options=options)  # fmt: skip
        if name in self.facts:
            fact = self.facts[name]
            if fact.per and not env.anywhere and fact.per not in (*env.rows, *env.cycles):
                self.fail("no-row", f"`{name}` is known per `{fact.per}`, and none of those is at hand here", at,
                          key=True, help=f"use `for_each: {fact.per}` or `per: {fact.per}`")  # fmt: skip
            return p.FactValue(name, fact.shape, fact.per, at=at), fact.shape
        if name in self.readings:
            reading = self.readings[name]
            shape = Shape("choice", options=reading.options)
            return p.Chosen(name, shape, at=at), shape
        if name in self.cycles:
            return p.RoundNumber(name, at=at), INTEGER
        if name in self.section("values"):
            return p.Named(name, at=at), self.value_shape(name, at)
        owners = self.owners(name)
        if owners:
            here = [rows for rows in env.rows if rows in owners]
            if not here and not env.anywhere:
                self.fail("no-row", f"`{name}` is a field of `{next(iter(owners))}`, and no row of it is at hand here",
                          at, key=True, help=f"use `for_each: {next(iter(owners))}`, `for_row` or `where`")  # fmt: skip
            found = owners[here[0] if here else next(iter(owners))]
            return p.FieldValue(name, found.shape, tuple(owners), at=at), found.shape
        self.known(name, self.names(), "fact", at, self.declared())
        raise AssertionError("known() raises for a name that is nowhere")  # pragma: no cover

    @property
    def holders(self) -> dict[str, p.Table | p.Records]:
        """Everything that has rows."""
        return {**self.tables, **self.records}

    def owners(self, name: str) -> dict[str, p.Field]:
        return {rows.name: rows.fields[name] for rows in self.holders.values() if name in rows.fields}

    def names(self) -> list[str]:
        fields = [name for rows in self.holders.values() for name in rows.fields]
        return [*self.facts, *self.records, *self.tables, *self.section("terms"), *self.section("values"),
                *self.readings, *self.cycles, *fields, "today"]  # fmt: skip

    def declared(self) -> list[str]:
        """Names that are declared, whether or not they could be read."""
        names = [name for section in ("facts", "tables", "terms", "values", "readings", "cycles")
                 for name in self.section(section)]  # fmt: skip
        for section in ("facts", "tables"):
            for entry in self.section(section).values():
                inner = entry.get("fields") if isinstance(entry, dict) else None
                names += inner if isinstance(inner, dict) else ()
        return names

    # --- values ---

    def value(self, raw: Raw, expected: Shape | None, env: _Env, at: Path) -> p.Expression:
        if isinstance(raw, dict):
            form, inner = next(iter(raw.items()))
            return self.form(form, inner, expected, env, (*at, form))
        if raw == "not_stated":
            return p.NotStated(".".join(str(part) for part in at[:2]), at=at)
        shape = expected if expected and expected.kind else self.literal_shape(raw)
        if shape.kind == "moment" and isinstance(raw, str) and "T" not in raw:
            shape = DATE  # a moment may be held against a day
        elif shape.kind == "date" and isinstance(raw, str) and "T" in raw:
            shape = MOMENT
        bare = Shape(shape.kind, shape.unit, shape.options, shape.ordered, of=shape.of)
        return p.Constant(self.parse(raw, bare, at), bare, at=at)

    def literal_shape(self, raw: Raw) -> Shape:
        if isinstance(raw, bool):
            return BOOLEAN
        if isinstance(raw, int):
            return INTEGER
        if isinstance(raw, Decimal):
            return DECIMAL
        for kind in (DATE, MOMENT):
            try:
                KINDS[kind.kind].parse(raw, kind)
                return kind
            except ValueError:
                continue
        try:
            period = calendar.Period.parse(raw)
        except ValueError:
            return Shape("text")
        return _BASE["hours" if period.hours else "days" if period.days else "months"]

    def form(self, form: str, raw: Raw, expected: Shape | None, env: _Env, at: Path) -> p.Expression:
        match form:
            case "fact":
                self.known(raw, self.names(), "fact", at, self.declared())
                if raw in self.section("terms"):
                    self.fail("wrong-kind", f"`{raw}` is a term, not a value", at)
                if raw in self.records or raw in self.tables:
                    self.fail("wrong-kind", f"`{raw}` has rows; use `sum`, or count them in a condition", at)
                return self.subject(raw, env, at)[0]
            case "field":
                if raw != "key" and not self.owners(raw):
                    fields = [name for rows in self.holders.values() for name in rows.fields]
                    self.known(raw, fields, "field", at, self.declared())
                return self.subject(raw, env, at)[0]
            case "amount":
                self.known(raw, self.section("amounts"), "amount", at)
                return p.AmountOf(raw, at=at)
            case "deadline":
                self.known(raw, self.section("deadlines"), "deadline", at)
                return p.LastDayOf(raw, at=at)
            case "earlier" | "later":
                return self.shift(raw, -1 if form == "earlier" else 1, env, at)
            case "cycle_day":
                self.known(raw["of"], self.cycles, "cycle", (*at, "of"), self.section("cycles"))
                return p.CycleDay(raw["of"], raw["day"], at=at)
            case "earliest":
                self.day_fact(raw["of"], (*at, "of"))
                self.known(raw["keeping"], self.section("deadlines"), "deadline", (*at, "keeping"))
                return p.Earliest(raw["of"], raw["keeping"], at=at)
            case "between":
                return self.between(raw, expected, env, at)
            case "share":
                percent = Fraction(self.parse(raw["percent"], DECIMAL, (*at, "percent")))
                return p.Share(percent, self.value(raw["of"], expected, env, (*at, "of")), at=at)
            case "sum":
                return self.sum(raw, env, at)
            case _:
                each = None if form == "product" else expected
                parts = tuple(self.value(part, each, env, (*at, index)) for index, part in enumerate(raw))
                combined = p.Combined(form, parts, at=at)
                self.shape_of(combined)
                return combined

    def shift(self, raw: Raw, sign: int, env: _Env, at: Path) -> p.Expression:
        than = self.value(raw["than"], None, env, (*at, "than"))
        if self.shape_of(than).kind not in ("date", "moment", ""):
            self.fail("wrong-kind", "only a day or a moment can be earlier or later", (*at, "than"))
        by = self.value(raw["by"], None, env, (*at, "by"))
        length = self.shape_of(by)
        if length.kind not in ("duration", ""):
            self.fail("wrong-kind", "a length of time is expected here", (*at, "by"),
                      help="write it as `3 months` or `48 hours`")  # fmt: skip
        if length.base_unit == "hours" and self.shape_of(than).kind == "date":
            self.fail("wrong-kind", "hours count from a moment, not from a day", (*at, "by"))
        return p.Shift(than, by, sign, at=at)

    def sum(self, raw: Raw, env: _Env, at: Path) -> p.Expression:
        holders = self.holders
        rows = self.known(raw["of"], holders, "table or history", (*at, "of"), self.declared())
        fields = holders[rows].fields
        name = self.known(raw["field"], fields, "field", (*at, "field"), self.declared())
        if fields[name].shape.kind not in NUMBERS | {"money", "duration"}:
            self.fail("wrong-kind", f"`{name}` cannot be added up", (*at, "field"))
        where = self.condition(raw["where"], env.inside(rows), (*at, "where")) if "where" in raw else p.ALWAYS
        return p.SumOf(rows, name, where, at=at)

    def value_shape(self, name: str, at: Path) -> Shape:
        """The shape of a named value, found when first needed; a value that reaches itself is a fault."""
        if name not in self.shapes:
            if name in self.naming:
                chain = " → ".join((*self.naming[self.naming.index(name) :], name))
                self.fail("circular", f"`{name}` is defined by itself: {chain}", at)
            path: Path = ("values", name)
            if not self.sound(path):
                raise _Fault(None)
            self.naming.append(name)
            try:
                raw = self.section("values")[name]["value"]
                found = self.value(raw, None, _Env(anywhere=True), (*path, "value"))
                self.shapes[name] = self.shape_of(found)
            finally:
                self.naming.pop()
        return self.shapes[name]

    def shape_of(self, value: p.Expression) -> Shape:
        match value:
            case p.Constant() | p.FactValue() | p.FieldValue() | p.Chosen():
                return value.shape
            case p.Named():
                return self.value_shape(value.name, value.at)
            case p.Today():
                return MOMENT
            case p.RoundNumber() | p.CountOf():
                return INTEGER
            case p.AmountOf():
                return MONEY
            case p.Shift():
                return self.shape_of(value.than)
            case p.LastDayOf() | p.CycleDay() | p.Earliest():
                return DATE
            case p.Between():
                return self.shape_of(value.low)
            case p.Share():
                inner = self.shape_of(value.of)
                return DECIMAL if inner.kind == "integer" else inner
            case p.SumOf():
                return self.holders[value.rows].fields[value.field].shape
            case p.Combined():
                return self.combined_shape(value)
            case _:
                return UNTYPED

    def combined_shape(self, value: p.Combined) -> Shape:
        shapes = [shape for shape in map(self.shape_of, value.parts) if shape.kind]
        if not shapes:
            return UNTYPED
        if value.form == "product":
            for index, shape in enumerate(shapes):
                if shape.kind not in NUMBERS | {"money"}:
                    self.fail("wrong-kind", f"a `{shape.kind}` cannot be multiplied", (*value.at, index))
            amounts = [shape for shape in shapes if shape.kind == "money"]
            if len(amounts) > 1:
                self.fail("wrong-kind", "two amounts cannot be multiplied", value.at)
            if amounts:
                return MONEY
            return INTEGER if all(shape.kind == "integer" for shape in shapes) else DECIMAL
        if value.form in ("total", "difference"):
            for index, shape in enumerate(shapes):
                if shape.kind not in NUMBERS | {"money", "duration"}:
                    self.fail("wrong-kind", f"a `{shape.kind}` cannot be added up", (*value.at, index),
                              help="use `earlier` or `later` for days")  # fmt: skip
        first = shapes[0]
        for index, shape in enumerate(shapes):
            if not shape.same_as(first):
                self.fail("wrong-kind", f"a `{first.kind}` and a `{shape.kind}` do not go together", (*value.at, index))
        if any(shape.kind == "moment" for shape in shapes):
            return MOMENT
        return DECIMAL if any(shape.kind in ("decimal", "percent") for shape in shapes) else first

    # --- rules ---

    def scope(self, raw: Mapping[str, Raw], at: Path) -> tuple[p.Scope, _Env]:
        given = [key for key in ("for_each", "for_row", "per") if key in raw]
        if len(given) > 1:
            self.fail("two-scopes", f"`{given[0]}` and `{given[1]}` do not go together", (*at, given[1]), key=True)
        if "for_each" in raw:
            rows = self.known(raw["for_each"], self.holders, "table or history", (*at, "for_each"), self.declared())
            return p.Scope(each=rows), _Env((rows,))
        if "for_row" in raw:
            path = (*at, "for_row")
            name = self.known(raw["for_row"], self.facts, "fact", path, self.section("facts"))
            if self.facts[name].shape.kind != "row":
                self.fail("wrong-kind", f"`{name}` does not name a row of a table", path)
            table = self.known(self.facts[name].shape.of, self.tables, "table", path, self.declared())
            return p.Scope(row=name), _Env((table,))
        if "per" in raw:
            cycle = self.known(raw["per"], self.cycles, "cycle", (*at, "per"), self.section("cycles"))
            return p.Scope(per=cycle), _Env((), (cycle,))
        return p.Scope(), _Env()

    def when(self, raw: Mapping[str, Raw], env: _Env, at: Path) -> p.Condition:
        return self.condition(raw["when"], env, (*at, "when")) if "when" in raw else p.ALWAYS

    def rule(self, name: str, raw: Raw, at: Path) -> tuple[dict[str, Raw], bool]:
        """What a requirement and a duty share, and whether it is advice."""
        scope, env = self.scope(raw, at)
        if ("must" in raw) == ("should" in raw):
            self.fail("must-or-should", "exactly one of `must` and `should` is expected here", at, key=True)
        advice = "should" in raw
        key = "should" if advice else "must"
        parts = {
            "name": name, "text": self.text(raw), "source": self.source(raw, at),
            "must": self.condition(raw[key], env, (*at, key)), "when": self.when(raw, env, at), "scope": scope,
            "advice": advice, "at": at,
        }  # fmt: skip
        return parts, advice

    def remark(self, raw: Mapping[str, Raw], key: str, at: Path) -> p.Remark | None:
        if key not in raw:
            return None
        return p.Remark(self.text(raw[key]), self.source(raw[key], (*at, key)))

    def read_requirement(self, name: str, raw: Raw, at: Path) -> p.Requirement:
        parts, advice = self.rule(name, raw, at)
        if advice and "if_not" in raw:
            self.fail("wrong-key", "`if_not` goes with `must`: a `should` refuses nobody", (*at, "if_not"), key=True)
        return p.Requirement(**parts, silent="if_not" in raw, remedy=self.remark(raw, "remedy", at))

    def read_decision(self, name: str, raw: Raw, at: Path) -> p.Decision:
        if "judged_on" in raw:
            self.day_fact(raw["judged_on"], (*at, "judged_on"))
        for index, other in enumerate(raw.get("builds_on", ())):
            self.known(other, self.section("eligibility"), "decision", (*at, "builds_on", index))
        if not raw["requires"] and not raw.get("builds_on") and "source" not in raw:
            self.note("no-source", "`source` is missing: a decision without requirements cites where that is said",
                      at, key=True)  # fmt: skip
        requires = self.entries((*at, "requires"), raw["requires"], self.read_requirement)
        return p.Decision(name, self.text(raw), requires, tuple(raw.get("builds_on", ())), raw.get("judged_on", ""),
                          self.remark(raw, "subject_to", at), self.source(raw, at))  # fmt: skip

    def priced(self, raw: Raw, env: _Env, at: Path) -> p.Expression:
        price = self.value(raw, MONEY if not isinstance(raw, dict) else None, env, at)
        if isinstance(price, p.Constant):
            self.fail("amount-in-rule", "an amount stands in `amounts`, with its day, VAT and source", at,
                      help="declare it under `amounts` and write `{amount: its_name}`")  # fmt: skip
        if self.shape_of(price).kind not in ("money", ""):
            self.fail("wrong-kind", f"a price is an amount, not a `{self.shape_of(price).kind}`", at)
        return price

    def read_line(self, name: str, raw: Raw, at: Path) -> p.Line:
        scope, env = self.scope(raw, at)
        times = self.value(raw["times"], None, env, (*at, "times")) if "times" in raw else None
        if times is not None and self.shape_of(times).kind not in NUMBERS:
            self.fail("wrong-kind", "`times` is a number", (*at, "times"))
        instead = tuple(
            p.Instead(self.condition(part["when"], env, (*at, "instead", index, "when")),
                      self.priced(part["price"], env, (*at, "instead", index, "price")))
            for index, part in enumerate(raw.get("instead", ()))
        )  # fmt: skip
        return p.Line(name, self.text(raw), self.source(raw, at), self.priced(raw["price"], env, (*at, "price")),
                      self.when(raw, env, at), times, instead, scope, "effect" in raw)  # fmt: skip

    def read_instalment(self, name: str, raw: Raw, at: Path) -> p.Instalment:
        percent = Fraction(self.parse(raw["percent"], Shape("percent", low=0, high=100), (*at, "percent")))
        due = self.value(raw["due"], DATE, _Env(), (*at, "due")) if "due" in raw else None
        return p.Instalment(name, self.text(raw), self.source(raw, at), percent, raw.get("odd_cent", False), due)

    def read_quote(self, name: str, raw: Raw, at: Path) -> p.Quote:
        if "judged_on" in raw:
            self.day_fact(raw["judged_on"], (*at, "judged_on"))
        presume: dict[str, Raw] = {}
        for fact, given in raw.get("presume", {}).items():
            path = (*at, "presume", fact)
            self.known(fact, self.facts, "fact", path, self.section("facts"))
            presume[fact] = self.parse(given, self.facts[fact].shape, path)
        lines = self.entries((*at, "lines"), raw["lines"], self.read_line)
        parts = self.entries((*at, "instalments"), raw.get("instalments", {}), self.read_instalment)
        if parts and self.sound((*at, "instalments")):
            whole = sum((part.percent for part in parts.values()), Fraction(0))
            if whole != 100:
                self.note("not-whole", f"the instalments make {whole} per cent, not 100", (*at, "instalments"),
                          key=True)  # fmt: skip
            if sum(part.odd_cent for part in parts.values()) != 1:
                self.note("odd-cent", "exactly one instalment takes the odd cent", (*at, "instalments"), key=True,
                          help="write `odd_cent: true` at one of them")  # fmt: skip
        return p.Quote(name, self.text(raw), lines, presume, parts, raw.get("judged_on", ""))

    def read_deadline(self, name: str, raw: Raw, at: Path) -> p.Deadline:
        scope, env = self.scope(raw, at)
        if "from" not in raw and "until" not in raw:
            self.fail("missing-key", "`from` or `until` is missing", at, key=True)
        ends: dict[str, p.Expression | None] = dict.fromkeys(("from", "until"))
        endless = raw.get("until") == "none"
        for key in ends:
            if key in raw and not (key == "until" and endless):
                ends[key] = self.value(raw[key], DATE, env, (*at, key))
                if self.shape_of(ends[key]).kind not in ("date", "moment", ""):  # type: ignore[arg-type]
                    self.fail("wrong-kind", "a day or a moment is expected here", (*at, key))
        act = None
        if "act" in raw:
            fact = self.day_fact(raw["act"], (*at, "act"), moments=True)
            act, _ = self.subject(fact.name, env, (*at, "act"))
        return p.Deadline(
            name, self.text(raw), self.source(raw, at), ends["from"], ends["until"], endless,
            act if isinstance(act, p.FactValue) else None, self.when(raw, env, at),
            self.condition(raw["should"], env, (*at, "should")) if "should" in raw else None,
            scope, money.Certainty(raw.get("certainty", "exact")),
        )  # fmt: skip

    def read_duty(self, name: str, raw: Raw, at: Path) -> p.Duty:
        if "for_row" in raw:
            self.fail("wrong-key", "a duty holds `for_each` row or `per` cycle, not `for_row`", (*at, "for_row"),
                      key=True)  # fmt: skip
        parts, _ = self.rule(name, raw, at)
        return p.Duty(**parts, who=self.known(raw["who"], self.section("parties"), "party", (*at, "who")))

    def read_conflict(self, name: str, raw: Raw, at: Path) -> p.Conflict:
        between = self.source(raw, at, key="between", foreign=True)
        return p.Conflict(name, self.text(raw), between, raw["outcome"] == "unknown")

    def read_note(self, name: str, raw: Raw, at: Path) -> p.Note:
        scope, env = self.scope(raw, at)
        if ("reason" in raw) != (raw["kind"] in ("open_norm", "not_computable")):
            self.fail("reason", "`reason` belongs to an open norm and to what is not computable, and only there", at,
                      key=True)  # fmt: skip
        value = self.value(raw["value"], None, env, (*at, "value")) if "value" in raw else None
        shape = self.shape_of(value) if value is not None else None
        reason = self.text(raw["reason"]) if "reason" in raw else None
        return p.Note(name, self.text(raw), self.source(raw, at), raw["kind"], value, shape, self.when(raw, env, at),
                      scope, reason)  # fmt: skip

    def read_term(self, name: str, raw: Raw, at: Path) -> p.Term:
        holds = self.condition(raw["holds"], _Env(anywhere=True), (*at, "holds"))
        return p.Term(name, self.text(raw), self.source(raw, at), holds)

    def read_named(self, name: str, raw: Raw, at: Path) -> p.NamedValue:
        value = self.value(raw["value"], None, _Env(anywhere=True), (*at, "value"))
        return p.NamedValue(name, self.text(raw), self.source(raw, at), value, self.value_shape(name, at))

    def read_contradiction(self, name: str, raw: Raw, at: Path) -> p.Contradiction:
        scope, env = self.scope(raw, at)
        return p.Contradiction(name, self.text(raw), self.condition(raw["never"], env, (*at, "never")), scope.each)

    # --- the whole ---

    def read_in_force(self) -> p.InForce:
        raw = self.section("in_force")
        start, end = (self.day(raw[key], ("in_force", key)) if key in raw else None for key in ("from", "until"))
        if start and end and end < start:
            self.note("impossible-date", "the policy ends before it begins", ("in_force", "until"))
        return p.InForce(start, end, raw["outside"] == "refuse", self.source(raw, ("in_force",)))

    def one_namespace(self) -> None:
        """Report every name that means two things."""
        seen: dict[str, Path] = dict.fromkeys(RESERVED, ())
        kinds: dict[str, Shape] = {}
        for section in ("facts", "tables", "readings", "cycles", "terms", "values"):
            for name in self.section(section):
                if name in seen:
                    self.note("duplicate-name", f"`{name}` is a name already in use", (section, name), key=True,
                              help="everything a condition can begin with has a name of its own")  # fmt: skip
                seen.setdefault(name, (section, name))
        for rows in self.holders.values():
            section = "tables" if rows.name in self.tables else "facts"
            for name, column in rows.fields.items():
                path: Path = (section, rows.name, "fields", name)
                if name in seen or name in ("nl", "en", "source"):
                    self.note("duplicate-name", f"`{name}` is a name already in use", path, key=True)
                elif name in kinds and not kinds[name].same_as(column.shape):
                    self.note("duplicate-name", f"`{name}` is a field of another kind elsewhere", path, key=True)
                kinds.setdefault(name, column.shape)


def read_policy(
    document: Document,
    broken: list[Path],
    statements: Mapping[str, p.Statement],
    described: Text,
    digest: str,
) -> tuple[p.Policy | None, list[Diagnostic]]:
    """
    The policy in a document whose shape was checked, and every fault met on the way.

    ``broken`` holds the places where the shape was wrong: what stands there is left alone.
    """
    r = _Reader(document, [], statements, broken)
    both = r.entries(("facts",), r.section("facts"), r.read_fact)
    r.facts = {name: fact for name, fact in both.items() if isinstance(fact, p.Fact)}
    r.records = {name: fact for name, fact in both.items() if isinstance(fact, p.Records)}
    r.tables = r.entries(("tables",), r.section("tables"), r.read_table)
    r.readings = r.entries(("readings",), r.section("readings"), r.read_reading)
    r.cycles = r.entries(("cycles",), r.section("cycles"), r.read_cycle)
    r.one_namespace()
    amounts = r.entries(("amounts",), r.section("amounts"), r.read_amount)
    values = r.entries(("values",), r.section("values"), r.read_named)
    terms = r.entries(("terms",), r.section("terms"), r.read_term)
    contradictions = r.entries(("contradictions",), r.section("contradictions"), r.read_contradiction)
    decisions = r.entries(("eligibility",), r.section("eligibility"), r.read_decision, ("requires",))
    quotes = r.entries(("costs",), r.section("costs"), r.read_quote, ("lines", "instalments"))
    deadlines = r.entries(("deadlines",), r.section("deadlines"), r.read_deadline)
    duties = r.entries(("compliance",), r.section("compliance"), r.read_duty)
    conflicts = r.entries(("conflicts",), r.section("conflicts"), r.read_conflict)
    notes = r.entries(("notes",), r.section("notes"), r.read_note)
    conventions = r.section("conventions")
    in_force: p.InForce | None = None
    if r.sound(("in_force",)):
        try:
            in_force = r.read_in_force()
        except _Fault as fault:
            r.faults += [fault.diagnostic] if fault.diagnostic else []
    if r.sound(("conventions",)) and not calendar.zone_exists(conventions["zone"]):
        r.note("unknown-zone", f"`{conventions['zone']}` is not a time zone", ("conventions", "zone"),
               help="such as Europe/Amsterdam")  # fmt: skip
    faults = list(dict.fromkeys(r.faults))
    if broken or faults or in_force is None:
        return None, faults
    raw = document.data
    assert isinstance(raw, dict)
    parties = {name: r.text(label) for name, label in r.section("parties").items()}
    return p.Policy(
        name=raw["policy"], title=r.text(raw["title"]), edition=str(raw["edition"]), hash=digest, in_force=in_force,
        zone=conventions["zone"], month_end=calendar.MonthEnd(conventions["month_end"]),
        cent=money.Rounding(conventions["cent"]), parties=parties, facts=r.facts, records=r.records,
        contradictions=contradictions, readings=r.readings, amounts=amounts, tables=r.tables, cycles=r.cycles,
        terms=terms, values=values, decisions=decisions, quotes=quotes, deadlines=deadlines, duties=duties,
        conflicts=conflicts, notes=notes, statements=statements, document=described,
    ), faults  # fmt: skip
