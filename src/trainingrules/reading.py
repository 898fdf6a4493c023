"""From a document to a policy: every name resolved, every literal typed, every fault reported."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any as Raw
from typing import NoReturn, TypeVar

from trainingrules import calendar, money
from trainingrules import policy as p
from trainingrules.diagnostics import Diagnostic, did_you_mean, meant, one_of, shown
from trainingrules.document import Document, Path
from trainingrules.kinds import DATE_PATTERN, DAYS, KINDS, MEASURES, MOMENT_PATTERN, NUMBERS, RECORDS, Shape
from trainingrules.notations import fitting, meanings
from trainingrules.operators import OPERATORS, operators_of
from trainingrules.words import Text, decimal_text

RESERVED = ("today", "key", "any", "not", "where")
UNTYPED = Shape("")
INTEGER, DECIMAL, MONEY, DATE, MOMENT, BOOLEAN = (
    Shape(kind) for kind in ("integer", "decimal", "money", "date", "moment", "boolean")
)
_BASE = {"months": Shape("duration", unit="months"), "days": Shape("duration", unit="days"),
         "hours": Shape("duration", unit="hours")}  # fmt: skip
# Where the names of each sort are declared.
_HOMES: Mapping[str, tuple[str, ...]] = {
    "fact": ("facts", "tables", "readings", "cycles", "terms", "values"), "field": ("facts", "tables"),
    "table": ("tables",), "table or history": ("facts", "tables"), "table or cycle": ("tables", "cycles"),
    "cycle": ("cycles",), "amount": ("amounts",), "deadline": ("deadlines",), "decision": ("eligibility",),
    "party": ("parties",), "term": ("terms",),
}  # fmt: skip
# What an operator is called for another kind of fact.
_COUNTERPARTS: Mapping[str, tuple[str, ...]] = {
    "at_least": ("on_or_after",), "at_most": ("on_or_before",), "more_than": ("after",), "less_than": ("before",),
    "on_or_after": ("at_least",), "on_or_before": ("at_most",), "after": ("more_than",), "before": ("less_than",),
    "includes_any": ("in",), "in": ("includes_any",),
}  # fmt: skip
# Faults of reading past this number are not looked for.
MOST_FAULTS = 1_000
# Named values that are made of named values, and so on.
DEEPEST = 10
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
    circles: set[str] = field(default_factory=set)
    failed: set[Raw] = field(default_factory=set)
    sections: dict[str, dict[str, Raw]] = field(default_factory=dict)
    uses: Counter[str] = field(default_factory=Counter)

    # --- faults ---

    def fail(
        self, code: str, message: str, at: Path, *, help: str = "", key: bool = False, instead: str | None = None
    ) -> NoReturn:
        edits = self.document.instead(at, instead, key=key)
        raise _Fault(self.document.fault(code, message, at, help=help, key=key, edits=edits))

    def note(
        self, code: str, message: str, at: Path, *, help: str = "", key: bool = False, instead: str | None = None
    ) -> None:
        edits = self.document.instead(at, instead, key=key)
        self.faults.append(self.document.fault(code, message, at, help=help, key=key, edits=edits))

    def gather(self, *reads: Callable[[], Raw]) -> list[Raw]:
        """What each of these reads; where some cannot, the faults of all of them are kept."""
        results: list[Raw] = []
        for read in reads:
            try:
                results.append(read())
            except _Fault as fault:
                self.keep(fault)
        if len(results) < len(reads):
            raise _Fault(None)
        return results

    def keep(self, fault: _Fault) -> None:
        self.faults += [fault.diagnostic] if fault.diagnostic is not None else []

    def sound(self, at: Path, inner: tuple[str, ...] = ()) -> bool:
        """Whether nothing was wrong with the shape of what stands here, apart from the keys in ``inner``."""
        size = len(at)
        return not any(
            broken[:size] == at and (len(broken) == size or broken[size] not in inner) for broken in self.broken
        )

    def section(self, name: str) -> dict[str, Raw]:
        if name not in self.sections:
            found = self.document.data.get(name) if isinstance(self.document.data, dict) else None
            entries = found.items() if isinstance(found, dict) else ()
            self.sections[name] = {key: entry for key, entry in entries if isinstance(key, str)}
        return self.sections[name]

    def entries(
        self, at: Path, raw: Raw, read: Callable[[str, Raw, Path], T], inner: tuple[str, ...] = ()
    ) -> dict[str, T]:
        """Read each entry of a mapping; one that cannot be read is reported and left out."""
        result: dict[str, T] = {}
        for name, entry in raw.items() if isinstance(raw, dict) else ():
            path = (*at, name)
            if len(self.faults) >= MOST_FAULTS:
                break
            try:
                if self.sound(path, inner):
                    result[name] = read(name, entry, path)
                    continue
                self.salvage(entry, path)
            except _Fault as fault:
                self.keep(fault)
            # What stands in it, such as the fields of a table, is not known either.
            parts = list(entry.values()) if isinstance(entry, dict) else []
            self.failed.update([name], *(part for part in parts if isinstance(part, dict)))
        return result

    def salvage(self, raw: Raw, at: Path) -> None:
        """A rule of a wrong shape cannot be read; its conditions and values may have faults of their own."""
        if not isinstance(raw, dict) or at[0] in ("facts", "tables"):
            return
        whole = {key: (*at, key) for key in raw if self.sound((*at, key))}
        if any(key in raw and key not in whole for key in ("for_each", "for_row", "per")):
            return
        env = _Env(anywhere=True) if at[0] in ("terms", "values") else self.scope(raw, at)[1]
        self.gather(
            *(partial(self.condition, raw[key], env, path) for key, path in whole.items()
              if key in ("when", "must", "should", "holds", "never")),
            *(partial(self.value, raw[key], None, env, path) for key, path in whole.items()
              if key in ("from", "until", "price", "times", "due") and isinstance(raw[key], dict)),
        )  # fmt: skip

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
                          help=statement_hint(one, self.statements),
                          instead=statement_meant(one, self.statements))  # fmt: skip
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

    def known(self, name: Raw, names: Iterable[str], what: str, at: Path, *, key: bool = False) -> str:
        """The name, when it is one of these; one that is declared but could not be read raises no second fault."""
        names = list(names)
        return str(name) if name in names else self.unknown(name, names, what, at, key=key)

    def unknown(self, name: Raw, names: Iterable[str], what: str, at: Path, *, key: bool = False) -> NoReturn:
        if name in self.failed or self.lost(name, what):
            raise _Fault(None)
        names = list(names)
        near = self.near(name, names)
        if name in self.names():
            one = "a single fact" if what == "fact" else f"a {what}"
            fitting = one_of(names) if what != "fact" and names else ""
            self.fail("wrong-kind", f"{shown(name)} is not {one}", at, key=key, help=near or fitting)
        others = "declare it under `facts`" if what == "fact" else one_of(names) if names else ""
        self.fail(f"unknown-{what.replace(' ', '-')}", f"{what} {shown(name)} is not declared", at, key=key,
                  help=near or others, instead=self.certain(name, names))  # fmt: skip

    def near(self, name: Raw, names: Iterable[str]) -> str:
        """A hint for an unknown name; one that nothing reads comes first, for it may have been renamed."""
        names = list(names)
        if meant(name, names) is None:
            idle = did_you_mean(name, [one for one in names if self.used(one) == 1])
            if idle:
                return idle
        return did_you_mean(name, names)

    def used(self, name: str) -> int:
        """How often a name stands in the document, as a key or a text."""
        if not self.uses:
            self.uses.update(_strings(self.document.data))
        return self.uses[name]

    def certain(self, name: Raw, names: Iterable[str]) -> str | None:
        """
        The name that is meant, where the policy uses it elsewhere too.

        Of a name that is declared and used once, in two spellings, either may be the slip.
        """
        only = meant(name, names)
        return only if only is not None and self.used(only) > 1 else None

    def lost(self, name: Raw, what: str) -> bool:
        """Whether the name may be declared where nothing could be read: one fault there, and none here."""
        data = self.document.data if isinstance(self.document.data, dict) else {}
        homes = _HOMES.get(what, ())
        if any((home,) in self.broken for home in homes) or ("facts" in homes and "facts" not in data):
            return True
        strays = (data.get(path[0]) for path in self.broken if len(path) == 1)
        return any(isinstance(stray, dict) and name in stray for stray in strays)

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
            self.known(of, self.section("tables"), "table", (*at, "of"))
            options = self.row_labels(of)
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

    def row_labels(self, table: str) -> dict[str, Text]:
        """The names and labels of all rows of a table, also of those with a fault."""
        entry = self.section("tables").get(table)
        rows = entry.get("rows") if isinstance(entry, dict) else None
        labels: dict[str, Text] = {}
        for name, row in rows.items() if isinstance(rows, dict) else ():
            nl, en = (row.get(key) if isinstance(row, dict) else None for key in ("nl", "en"))
            labels[str(name)] = Text(str(nl or name), str(en or name))
        return labels

    def parse(self, raw: Raw, shape: Shape, at: Path) -> Raw:
        try:
            return KINDS[shape.kind].parse(raw, shape)
        except ValueError as reason:
            code = "impossible-date" if shape.kind in DAYS else "wrong-kind"
            self.fail(code, str(reason), at, help=self.remedy(raw, shape, at), instead=self.instead(raw, shape, at))

    def instead(self, raw: Raw, shape: Shape, at: Path) -> str | None:
        """The value as it should be written, where only one thing can be meant."""
        if meant(raw, ["not_stated"]) and at[0] in ("tables", "amounts"):
            return "not_stated"
        if shape.options:
            return self.certain(raw, shape.options)
        if shape.kind == "text" and not isinstance(raw, str | bool):
            return f'"{self.document.written(at)}"' if self.document.written(at) else None
        found = fitting(raw, shape)
        return found[0] if len(found) == 1 else None

    def fits(self, raw: Raw, shape: Shape) -> bool:
        """Whether a value can be of this shape."""
        try:
            KINDS[shape.kind].parse(raw, shape)
        except ValueError:
            return False
        return True

    def remedy(self, raw: Raw, shape: Shape, at: Path) -> str:
        """How a value of this kind is written."""
        if shape.options:
            return did_you_mean(raw, shape.options) or one_of(shape.options)
        if isinstance(raw, str) and shape.kind in MEASURES and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", raw):
            return "leave out the quotes: only texts have them"
        found = fitting(raw, shape)
        if len(found) == 1:
            return "leave out the quotes: only texts have them" if found[0] == raw else f"write `{found[0]}`"
        if found:
            return f"write `{found[0]}`, or `{found[1]}`: the year first, then the month"
        if shape.kind == "date" and isinstance(raw, str) and not re.search("[0-9]{4}", raw):
            return "write it as `2026-01-31`, or count it: `{later: {than: {fact: ...}, by: 2 weeks}}`"
        if isinstance(raw, str) and at[0] in ("tables", "amounts") and not re.search("[0-9]", raw):
            return "write a value of this kind, or `not_stated` where the source does not say"
        if shape.kind == "money" and not isinstance(raw, bool):
            digits = str(raw).replace(".", "")
            if re.fullmatch(r"[0-9]{1,3}\.[0-9]{3}", str(raw)):
                return f"cents are two digits; write `{digits}.00` if the point stands for thousands"
            return "write only digits, with a point before the cents"
        if shape.kind == "duration":
            units = ("hours",) if shape.base_unit == "hours" else ("days", "weeks")
            return f"write it in {' or '.join(('months', 'years') if shape.base_unit == 'months' else units)}"
        return ""

    def fields(self, raw: Raw, at: Path, *, priced: bool) -> dict[str, p.Field]:
        def read(name: str, entry: Raw, path: Path) -> p.Field:
            shape = self.shape(entry, path)
            for key in ("vat", "certainty"):
                if key in entry and not (priced and shape.kind == "money"):
                    self.fail("wrong-key", f"only a money field of a table has `{key}`", (*path, key), key=True)
                if priced and shape.kind == "money" and key not in entry:
                    self.fail("missing-key", f"key `{key}` is missing: an amount in a table states it", path, key=True)
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
                self.known(dated, fields, "field", (*at, "dated"))
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
            lacking = [column for column in fields if column not in entry]
            if lacking:
                these = ", ".join(f"`{one}`" for one in lacking[:12]) + (" and more" if len(lacking) > 12 else "")
                self.note("missing-key", f"{these} {'is' if len(lacking) == 1 else 'are'} missing: every row gives "
                          "every field", path, key=True,
                          help="write `not_stated` where the source does not say")  # fmt: skip

            def read_cell(column: p.Field) -> p.Expression:
                if column.name not in entry:
                    raise _Fault(None)
                what = f"{name}[{key}].{column.name}"
                return self.cell(entry[column.name], column.shape, (*path, column.name), what)

            strange = [given for given in entry if given not in fields and given not in ("nl", "en", "source")]
            self.gather(*(partial(self.known, one, fields, "field", (*path, one), key=True) for one in strange))
            cells = self.gather(*(partial(read_cell, column) for column in fields.values()))
            return p.Row(key, self.text(entry), self.source(entry, path), dict(zip(fields, cells, strict=True)))

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
            self.fail("wrong-form", "`between` has two values: the lowest and the highest", at,
                      help="write it as `[6 months, 1 year]`")  # fmt: skip
        low, high = (self.value(part, expected, env, (*at, index)) for index, part in enumerate(raw))
        for index, kind in enumerate((self.shape_of(low).kind, self.shape_of(high).kind)):
            if kind and kind not in MEASURES | DAYS:
                self.fail("wrong-kind", f"between values of kind `{kind}` there is nothing", (*at, index))
        if isinstance(low, p.Constant) and isinstance(high, p.Constant):
            if not low.shape.same_as(high.shape) or (low.shape.kind != high.shape.kind and low.shape.kind in DAYS):
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
        self.known(name, self.facts, "fact", at)
        fact = self.facts[name]
        if fact.shape.kind != "date" and not (moments and fact.shape.kind == "moment"):
            self.fail("wrong-kind", f"`{name}` is not a day: it is of kind `{fact.shape.kind}`", at)
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
        reads = [partial(self.part, name, wanted, env, (*at, name)) for name, wanted in raw.items()]
        parts: list[p.Condition] = [part for found in self.gather(*reads) for part in found]
        return parts[0] if len(parts) == 1 else p.All(tuple(parts), at=at)

    def part(self, name: str, wanted: Raw, env: _Env, at: Path) -> list[p.Condition]:
        if name == "any":
            reads = [partial(self.condition, part, env, (*at, index)) for index, part in enumerate(wanted)]
            return [p.Any(tuple(self.gather(*reads)), at=at)]
        if name == "not":
            return [p.Not(self.condition(wanted, env, at), at=at)]
        return self.checks(name, wanted, env, at)

    def checks(self, name: str, wanted: Mapping[str, Raw], env: _Env, at: Path) -> list[p.Condition]:
        if name in self.section("terms") and name not in self.facts:
            return [self.term_check(name, key, operand, (*at, key)) for key, operand in wanted.items()]
        subject: p.Expression
        where = {"where": wanted["where"]} if "where" in wanted else {}
        if name in self.holders:
            inside = env.inside(name)
            chosen = self.condition(where["where"], inside, (*at, "where")) if where else p.ALWAYS
            subject, shape = p.CountOf(name, chosen, at=at), INTEGER
            if set(wanted) == {"where"}:
                self.fail("no-operator", "how many rows is not said", at, key=True, help="add `at_least: 1`, say")
        else:
            subject, shape = self.subject(name, env, at)
            if where:
                self.fail("wrong-key", f"`{name}` has no rows: `where` follows a table or a history",
                          (*at, "where"), key=True)  # fmt: skip
        return self.gather(*(partial(self.check, name, subject, shape, key, operand, env, (*at, key))
                             for key, operand in wanted.items() if key != "where"))  # fmt: skip

    def term_check(self, name: str, key: str, operand: Raw, at: Path) -> p.Condition:
        if key != "is" or not isinstance(operand, bool):
            self.fail("wrong-operator", f"`{name}` is a term: it is true or false", at, key=True,
                      help=f"write `{name}: {{is: true}}`")  # fmt: skip
        holds = p.Holds(name, at=at[:-1])
        return holds if operand else p.Not(holds, at=at[:-1])

    def check(
        self, name: str, subject: p.Expression, shape: Shape, key: str, operand: Raw, env: _Env, at: Path
    ) -> p.Condition:
        operator = OPERATORS[key]
        allowed = operators_of(shape.kind, ordered=shape.ordered)
        if not shape.kind:
            self.fail("not-stated", f"`{name}` is not stated by the source: there is nothing to hold it to", at[:-1],
                      key=True)  # fmt: skip
        if operator not in allowed:
            names = [one.name for one in allowed]
            usable = isinstance(operand, dict | list) or self.fits(operand, shape)
            same = next((one for one in _COUNTERPARTS.get(key, ()) if one in names and usable), None)
            self.fail("wrong-operator", f"`{key}` does not go with `{name}`, which is of kind `{shape.kind}`", at,
                      key=True, help=f"write `{same}`" if same else one_of(names), instead=same)  # fmt: skip
        if operator.operand == "boolean":
            return p.Check(subject, operator, operand, at=at)
        if operator.operand == "cycle":
            return p.Check(subject, operator, self.known(operand, self.cycles, "cycle", at), at=at)
        if operator.operand == "several":
            one = Shape("choice", options=shape.options) if shape.kind == "list" else shape
            reads = [partial(self.parse, item, one, (*at, index)) for index, item in enumerate(operand)]
            return p.Check(subject, operator, tuple(self.gather(*reads)), at=at)
        value = self.value(operand, shape, env, at)
        other = self.shape_of(value)
        if other.kind and not shape.same_as(other):
            self.fail("wrong-kind", f"`{name}` is of kind `{shape.kind}`, and this of kind `{other.kind}`", at,
                      help="only values of one kind can be compared")  # fmt: skip
        return p.Check(subject, operator, value, at=at)

    def subject(self, name: str, env: _Env, at: Path, *, key: bool = True) -> tuple[p.Expression, Shape]:
        """What a condition begins with (as a ``key``), or a bare name refers to."""
        if name == "today":
            return p.Today(at=at), MOMENT
        if name == "key":
            if not env.rows and not env.anywhere:
                self.fail("no-row", "there is no row here whose `key` could be meant", at, key=key,
                          help="use `for_each`, `for_row` or `where`")  # fmt: skip
            near = [table for table in env.rows if table in self.tables]
            tables = near[:1] or list(self.tables)
            options = {row: label for table in tables for row, label in self.row_labels(table).items()}
            shape = Shape("row", options=options)
            return p.FieldValue("key", shape, tuple(tables), at=at), shape
        if name in self.facts:
            fact = self.facts[name]
            if fact.per and not env.anywhere and fact.per not in (*env.rows, *env.cycles):
                scope = "for_each" if fact.per in self.section("tables") else "per"
                self.fail("no-row", f"`{name}` is known per `{fact.per}`, and none of those is at hand here", at,
                          key=key, help=f"use `{scope}: {fact.per}`")  # fmt: skip
            return p.FactValue(name, fact.shape, fact.per, at=at), fact.shape
        if name in self.readings:
            reading = self.readings[name]
            shape = Shape("choice", options=reading.options)
            return p.Chosen(name, shape, at=at), shape
        if name in self.cycles:
            return p.RoundNumber(name, at=at), INTEGER
        if name in self.section("values"):
            return p.Named(name, at=at), self.value_shape(name)
        owners = self.owners(name)
        if not owners:
            self.unknown(name, [*self.names(), "key"], "fact", at, key=key)
        here = [rows for rows in env.rows if rows in owners]
        if not here and not env.anywhere:
            self.fail("no-row", f"`{name}` is a field of `{next(iter(owners))}`, and no row of it is at hand here",
                      at, key=key, help=f"use `for_each: {next(iter(owners))}`, `for_row` or `where`")  # fmt: skip
        found = owners[here[0] if here else next(iter(owners))]
        return p.FieldValue(name, found.shape, tuple(owners), at=at), found.shape

    @property
    def holders(self) -> dict[str, p.Table | p.Records]:
        """Everything that has rows."""
        return {**self.tables, **self.records}

    def owners(self, name: str) -> dict[str, p.Field]:
        return {rows.name: rows.fields[name] for rows in self.holders.values() if name in rows.fields}

    def names(self) -> list[str]:
        """Everything that a condition can begin with."""
        fields = [name for rows in self.holders.values() for name in rows.fields]
        return [*self.facts, *self.records, *self.tables, *self.section("terms"), *self.section("values"),
                *self.readings, *self.cycles, *fields, "today"]  # fmt: skip

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
        for kind, pattern in ((DATE, DATE_PATTERN), (MOMENT, MOMENT_PATTERN)):
            if re.match(pattern, raw):
                return kind
        try:
            period = calendar.Period.parse(raw)
        except ValueError:
            return Shape("text")
        return _BASE["hours" if period.hours else "days" if period.days else "months"]

    def form(self, form: str, raw: Raw, expected: Shape | None, env: _Env, at: Path) -> p.Expression:
        match form:
            case "fact":
                self.known(raw, self.names(), "fact", at)
                if raw in self.section("terms"):
                    self.fail("wrong-kind", f"`{raw}` is a term, not a value", at)
                if raw in self.records or raw in self.tables:
                    self.fail("wrong-kind", f"`{raw}` has rows; use `sum`, or count them in a condition", at)
                return self.subject(raw, env, at, key=False)[0]
            case "field":
                if raw != "key" and not self.owners(raw):
                    fields = [name for rows in self.holders.values() for name in rows.fields]
                    self.known(raw, fields, "field", at)
                return self.subject(raw, env, at, key=False)[0]
            case "amount":
                self.known(raw, self.section("amounts"), "amount", at)
                return p.AmountOf(raw, at=at)
            case "deadline":
                self.known(raw, self.section("deadlines"), "deadline", at)
                return p.LastDayOf(raw, at=at)
            case "earlier" | "later":
                return self.shift(raw, -1 if form == "earlier" else 1, env, at)
            case "cycle_day":
                self.known(raw["of"], self.cycles, "cycle", (*at, "of"))
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
                reads = [partial(self.value, part, each, env, (*at, index)) for index, part in enumerate(raw)]
                combined = p.Combined(form, tuple(self.gather(*reads)), at=at)
                self.shape_of(combined)
                return combined

    def shift(self, raw: Raw, sign: int, env: _Env, at: Path) -> p.Expression:
        than = self.value(raw["than"], None, env, (*at, "than"))
        if self.shape_of(than).kind not in ("date", "moment", ""):
            found = meanings(raw["than"], "date")
            self.fail("wrong-kind", "only a day or a moment can be earlier or later", (*at, "than"),
                      help=" or ".join(f"write `{one}`" for one in found),
                      instead=found[0] if len(found) == 1 else None)  # fmt: skip
        by = self.value(raw["by"], None, env, (*at, "by"))
        length = self.shape_of(by)
        if length.kind not in ("duration", ""):
            found = meanings(raw["by"], "duration")
            self.fail("wrong-kind", "a length of time is expected here", (*at, "by"),
                      help=f"write `{found[0]}`" if found else "write it as `3 months` or `48 hours`",
                      instead=found[0] if found else None)  # fmt: skip
        if length.base_unit == "hours" and self.shape_of(than).kind == "date":
            self.fail("wrong-kind", "hours count from a moment, not from a day", (*at, "by"),
                      help="write it in days, or count from a fact of kind `moment`")  # fmt: skip
        return p.Shift(than, by, sign, at=at)

    def sum(self, raw: Raw, env: _Env, at: Path) -> p.Expression:
        holders = self.holders
        rows = self.known(raw["of"], holders, "table or history", (*at, "of"))
        fields = holders[rows].fields
        name = self.known(raw["field"], fields, "field", (*at, "field"))
        if fields[name].shape.kind not in NUMBERS | {"money", "duration"}:
            self.fail("wrong-kind", f"`{name}` cannot be added up", (*at, "field"))
        where = self.condition(raw["where"], env.inside(rows), (*at, "where")) if "where" in raw else p.ALWAYS
        return p.SumOf(rows, name, where, at=at)

    def value_shape(self, name: str) -> Shape:
        """The shape of a named value, found when first needed; a value that reaches itself is a fault."""
        path: Path = ("values", name)
        if name in self.naming:
            self.circles.update(circle := self.naming[self.naming.index(name) :])
            chain = " → ".join((*circle, name))
            self.fail("circular", f"`{name}` is defined by itself: {chain}", path, key=True)
        if name in self.circles or not self.sound(path):
            raise _Fault(None)
        if name not in self.shapes:
            if len(self.naming) == DEEPEST:
                self.circles.update(self.naming)
                self.fail("too-deep", f"more than {DEEPEST} named values build on each other here", path, key=True)
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
                return self.value_shape(value.name)
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
                    self.fail("wrong-kind", f"values of kind `{shape.kind}` cannot be multiplied", (*value.at, index))
            amounts = [shape for shape in shapes if shape.kind == "money"]
            if len(amounts) > 1:
                self.fail("wrong-kind", "two amounts cannot be multiplied", value.at)
            if amounts:
                return MONEY
            return INTEGER if all(shape.kind == "integer" for shape in shapes) else DECIMAL
        if value.form in ("total", "difference"):
            for index, shape in enumerate(shapes):
                if shape.kind not in NUMBERS | {"money", "duration"}:
                    self.fail("wrong-kind", f"values of kind `{shape.kind}` cannot be added up", (*value.at, index),
                              help="use `earlier` or `later` for days")  # fmt: skip
        first = shapes[0]
        for index, shape in enumerate(shapes):
            if shape.kind not in MEASURES | DAYS:
                self.fail("wrong-kind", f"of kind `{shape.kind}` there is no least or greatest", (*value.at, index))
            if not shape.same_as(first):
                self.fail("wrong-kind", f"kinds `{first.kind}` and `{shape.kind}` do not go together",
                          (*value.at, index))  # fmt: skip
        if any(shape.kind == "moment" for shape in shapes):
            return MOMENT
        return DECIMAL if any(shape.kind in ("decimal", "percent") for shape in shapes) else first

    # --- rules ---

    def scope(self, raw: Mapping[str, Raw], at: Path) -> tuple[p.Scope, _Env]:
        given = [key for key in ("for_each", "for_row", "per") if key in raw]
        if len(given) > 1:
            self.fail("two-scopes", f"`{given[0]}` and `{given[1]}` do not go together", (*at, given[1]), key=True,
                      help="keep one of the two")  # fmt: skip
        if "for_each" in raw:
            rows = self.known(raw["for_each"], self.holders, "table or history", (*at, "for_each"))
            return p.Scope(each=rows), _Env((rows,))
        if "for_row" in raw:
            path = (*at, "for_row")
            name = self.known(raw["for_row"], self.facts, "fact", path)
            if self.facts[name].shape.kind != "row":
                self.fail("wrong-kind", f"`{name}` does not name a row of a table", path)
            table = self.known(self.facts[name].shape.of, self.tables, "table", path)
            return p.Scope(row=name), _Env((table,))
        if "per" in raw:
            cycle = self.known(raw["per"], self.cycles, "cycle", (*at, "per"))
            return p.Scope(per=cycle), _Env((), (cycle,))
        return p.Scope(), _Env()

    def when(self, raw: Mapping[str, Raw], env: _Env, at: Path) -> p.Condition:
        return self.condition(raw["when"], env, (*at, "when")) if "when" in raw else p.ALWAYS

    def rule(self, name: str, raw: Raw, at: Path) -> tuple[dict[str, Raw], bool]:
        """What a requirement and a duty share, and whether it is advice."""
        scope, env = self.scope(raw, at)
        if "must" in raw and "should" in raw:
            self.fail("must-or-should", "`must` and `should` do not go together", (*at, "should"), key=True,
                      help="keep one of the two; a `should` refuses nothing")  # fmt: skip
        if "must" not in raw and "should" not in raw:
            self.fail("must-or-should", "`must` or `should` is missing", at, key=True,
                      help="add `must: {...}` for a requirement, or `should: {...}` for advice")  # fmt: skip
        advice = "should" in raw
        key = "should" if advice else "must"
        source = self.source(raw, at)
        when, must = self.gather(
            partial(self.when, raw, env, at), partial(self.condition, raw[key], env, (*at, key))
        )  # fmt: skip
        parts = {
            "name": name, "text": self.text(raw), "source": source, "must": must, "when": when, "scope": scope,
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
            self.fail("wrong-key", "`if_not` goes with `must`: a `should` refuses nobody", (*at, "if_not"), key=True,
                      help="take `if_not` out, or write `must`")  # fmt: skip
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
        price = self.value(raw, MONEY, env, at)
        for part in p.walk(price):
            if isinstance(part, p.Constant) and part.shape.kind == "money":
                self.fail("amount-in-rule", "an amount stands in `amounts`, with its day, VAT and source", part.at,
                          help="declare it under `amounts` and write `{amount: its_name}`")  # fmt: skip
        if self.shape_of(price).kind not in ("money", ""):
            self.fail("wrong-kind", f"a price is an amount, and this is of kind `{self.shape_of(price).kind}`", at)
        return price

    def times(self, raw: Mapping[str, Raw], env: _Env, at: Path) -> p.Expression | None:
        if "times" not in raw:
            return None
        times = self.value(raw["times"], None, env, (*at, "times"))
        kind = self.shape_of(times).kind
        if kind and kind not in NUMBERS:
            self.fail("wrong-kind", f"a number is expected here, and this is of kind `{kind}`", (*at, "times"))
        return times

    def read_line(self, name: str, raw: Raw, at: Path) -> p.Line:
        scope, env = self.scope(raw, at)
        source = self.source(raw, at)

        def read_instead(index: int, part: Raw) -> p.Instead:
            path = (*at, "instead", index)
            return p.Instead(*self.gather(
                partial(self.when, part, env, path), partial(self.priced, part["price"], env, (*path, "price"))
            ))  # fmt: skip

        price, when, times, *instead = self.gather(
            partial(self.priced, raw["price"], env, (*at, "price")),
            partial(self.when, raw, env, at),
            partial(self.times, raw, env, at),
            *(partial(read_instead, index, part) for index, part in enumerate(raw.get("instead", ()))),
        )
        return p.Line(name, self.text(raw), source, price, when, times, tuple(instead), scope, "effect" in raw)

    def read_instalment(self, name: str, raw: Raw, at: Path) -> p.Instalment:
        percent = Fraction(self.parse(raw["percent"], Shape("percent", low=0, high=100), (*at, "percent")))
        due = self.value(raw["due"], DATE, _Env(), (*at, "due")) if "due" in raw else None
        return p.Instalment(name, self.text(raw), self.source(raw, at), percent, raw.get("odd_cent", False), due)

    def read_quote(self, name: str, raw: Raw, at: Path) -> p.Quote:
        if "judged_on" in raw:
            self.day_fact(raw["judged_on"], (*at, "judged_on"))

        def read_presumed(fact: str, given: Raw) -> Raw:
            path = (*at, "presume", fact)
            self.known(fact, self.facts, "fact", path, key=True)
            return self.parse(given, self.facts[fact].shape, path)

        given = raw.get("presume", {})
        lines = self.entries((*at, "lines"), raw["lines"], self.read_line)
        parts = self.entries((*at, "instalments"), raw.get("instalments", {}), self.read_instalment)
        found = self.gather(*(partial(read_presumed, fact, value) for fact, value in given.items()))
        presume = dict(zip(given, found, strict=True))
        if parts and len(parts) == len(raw["instalments"]):
            whole = sum((part.percent for part in parts.values()), Fraction(0))
            if whole != 100:
                self.note("not-whole", f"the instalments make {decimal_text(whole)} per cent, not 100",
                          (*at, "instalments"), key=True,
                          help="correct one of the percentages")  # fmt: skip
            if sum(part.odd_cent for part in parts.values()) != 1:
                self.note("odd-cent", "exactly one instalment takes the odd cent", (*at, "instalments"), key=True,
                          help="write `odd_cent: true` at one of them")  # fmt: skip
        return p.Quote(name, self.text(raw), lines, presume, parts, raw.get("judged_on", ""))

    def read_deadline(self, name: str, raw: Raw, at: Path) -> p.Deadline:
        scope, env = self.scope(raw, at)
        if "from" not in raw and "until" not in raw:
            self.fail("missing-key", "`from` or `until` is missing", at, key=True,
                      help="add `until: ...`; write `none` where the source says there is no end, `not_stated` "
                      "where it does not say")  # fmt: skip
        endless = raw.get("until") == "none"

        def read_end(key: str) -> p.Expression | None:
            if key not in raw or (key == "until" and endless):
                return None
            end = self.value(raw[key], DATE, env, (*at, key))
            if self.shape_of(end).kind not in ("date", "moment", ""):
                self.fail("wrong-kind", "a day or a moment is expected here", (*at, key))
            return end

        def read_act() -> p.Expression | None:
            if "act" not in raw:
                return None
            fact = self.day_fact(raw["act"], (*at, "act"), moments=True)
            return self.subject(fact.name, env, (*at, "act"), key=False)[0]

        source = self.source(raw, at)
        start, until, act, when, should = self.gather(
            partial(read_end, "from"), partial(read_end, "until"), read_act, partial(self.when, raw, env, at),
            partial(self.condition, raw["should"], env, (*at, "should")) if "should" in raw else lambda: None,
        )  # fmt: skip
        certainty = money.Certainty(raw.get("certainty", "exact"))
        return p.Deadline(name, self.text(raw), source, start, until, endless, act, when, should, scope, certainty)

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
        unanswered = raw["kind"] in ("open_norm", "not_computable")
        if unanswered and "reason" not in raw:
            self.fail("reason", f"`reason` is missing: a note of kind `{raw['kind']}` says why", at, key=True)
        if "reason" in raw and not unanswered:
            self.fail("reason", f"a note of kind `{raw['kind']}` has no `reason`", (*at, "reason"), key=True,
                      help="only an `open_norm` and what is `not_computable` have one")  # fmt: skip
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
        return p.NamedValue(name, self.text(raw), self.source(raw, at), value, self.value_shape(name))

    def read_contradiction(self, name: str, raw: Raw, at: Path) -> p.Contradiction:
        scope, env = self.scope(raw, at)
        return p.Contradiction(name, self.text(raw), self.condition(raw["never"], env, (*at, "never")), scope.each)

    def read_claim(self, name: str, raw: Raw, at: Path) -> p.Claim:
        counts = [key for key in p.COUNTS if key in raw]
        if len(counts) != 1:
            self.fail("one-count", "a claim has one of these: " + ", ".join(f"`{one}`" for one in p.COUNTS),
                      (*at, counts[1]) if counts else at, key=True, help="say it in two claims")  # fmt: skip
        [count] = counts

        def read_one(index: int, term: str) -> p.Holds:
            self.known(term, self.section("terms"), "term", (*at, count, index))
            return p.Holds(term, at=(*at, count, index))

        when = self.when(raw, _Env(), at)
        terms = self.gather(*(partial(read_one, index, term) for index, term in enumerate(raw[count])))
        return p.Claim(name, self.text(raw), self.source(raw, at), count, tuple(terms), when)

    # --- the whole ---

    def read_in_force(self) -> p.InForce:
        raw = self.section("in_force")
        start, end = (self.day(raw[key], ("in_force", key)) if key in raw else None for key in ("from", "until"))
        if start and end and end < start:
            self.note("empty-range", "the policy ends before it begins", ("in_force", "until"),
                      help=f"write a day from {start} on")  # fmt: skip
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
                    self.note("duplicate-name", f"`{name}` is a name already in use", path, key=True,
                              help="everything a condition can begin with has a name of its own")  # fmt: skip
                elif name in kinds and not kinds[name].same_as(column.shape):
                    self.note("duplicate-name", f"`{name}` is a field of another kind elsewhere", path, key=True,
                              help="fields of one name are of one kind")  # fmt: skip
                kinds.setdefault(name, column.shape)


def _strings(data: Raw) -> Iterable[str]:
    """Every key and text in the data of a document."""
    todo = [data]
    while todo:
        node = todo.pop()
        if isinstance(node, str):
            yield node
        elif isinstance(node, dict):
            todo += [*node, *node.values()]
        elif isinstance(node, list):
            todo += node


def statement_meant(name: str, known: Iterable[str]) -> str | None:
    """
    The statement that an id in another notation must mean: `BEE-2` for `BEE-02`.

    >>> statement_meant("BEE-2", ["BEE-02", "BEE-20"]), statement_meant("BEE-03", ["BEE-02"])
    ('BEE-02', None)
    """

    def parts(one: str) -> tuple[str, str]:
        letters, _, number = one.partition("-")
        return letters.upper(), number.lstrip("0")

    found = [one for one in known if parts(one) == parts(name)]
    return found[0] if len(found) == 1 else None


def statement_hint(name: str, known: Iterable[str]) -> str:
    """
    What to do about a statement that is not in the catalogue; a number is never guessed.

    >>> statement_hint("BEE-41", ["BEE-01", "BEE-02"])
    'check the number: the catalogue has `BEE-01` to `BEE-02`; or give it an entry there'
    """
    if only := statement_meant(name, known):
        return f"did you mean `{only}`?"
    own = [one for one in known if one.split("-")[0] == name.split("-")[0]]
    if own:
        return f"check the number: the catalogue has `{own[0]}` to `{own[-1]}`; or give it an entry there"
    return "give it an entry there"


def read_policy(
    document: Document,
    broken: list[Path],
    statements: Mapping[str, p.Statement],
    described: Text,
    digest: str,
) -> tuple[p.Policy | None, list[Diagnostic]]:
    """
    The policy in a document whose shape was checked, and every fault met on the way.

    ``broken`` holds the places where the shape was wrong: what stands there is left alone. Where there are
    faults, the policy is what could be read: no policy to use, but one whose other parts can be checked.
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
    claims = r.entries(("claims",), r.section("claims"), r.read_claim)
    conventions = r.section("conventions")
    in_force: p.InForce | None = None
    if r.section("in_force") and r.sound(("in_force",)):
        try:
            in_force = r.read_in_force()
        except _Fault as fault:
            r.keep(fault)
    if conventions and r.sound(("conventions",)) and not calendar.zone_exists(conventions["zone"]):
        r.note("unknown-zone", f"`{conventions['zone']}` is not a time zone", ("conventions", "zone"),
               help="such as Europe/Amsterdam")  # fmt: skip
    faults = list(dict.fromkeys(r.faults))
    raw = document.data if isinstance(document.data, dict) else {}
    head = ("policy", "title", "edition", "conventions", "parties")
    if in_force is None or not all(r.sound((key,)) and (key in raw or key == "parties") for key in head):
        return None, faults
    parties = {name: r.text(label) for name, label in r.section("parties").items()}
    return p.Policy(
        name=raw["policy"], title=r.text(raw["title"]), edition=str(raw["edition"]), hash=digest, in_force=in_force,
        zone=conventions["zone"], month_end=calendar.MonthEnd(conventions["month_end"]),
        cent=money.Rounding(conventions["cent"]), parties=parties, facts=r.facts, records=r.records,
        contradictions=contradictions, readings=r.readings, amounts=amounts, tables=r.tables, cycles=r.cycles,
        terms=terms, values=values, decisions=decisions, quotes=quotes, deadlines=deadlines, duties=duties,
        conflicts=conflicts, notes=notes, claims=claims, statements=statements, document=described,
    ), faults  # fmt: skip
