"""What is known of one person: parsed by kind, every fault at once, nothing coerced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from trainingrules.diagnostics import Diagnostic, did_you_mean, meant, one_of, shown
from trainingrules.document import Document, Path
from trainingrules.frozen import frozen
from trainingrules.kinds import KINDS, Shape, Value
from trainingrules.notations import fitting
from trainingrules.policy import Fact, Policy, Records

MOST_ROWS = 100_000
MOST_ROUNDS = 10_000
_NOTHING: Mapping[Any, Any] = MappingProxyType({})

# What a caller may hand over: plain values by name, as in a YAML or JSON file.
GivenFacts = Mapping[str, Any]


@frozen
class Facts:
    """The facts of one person, at work.

    A name that is absent is unknown; None is known not to exist. ``one`` holds the facts given once, ``per``
    those per row or round, ``rows`` the histories.
    """

    one: Mapping[str, Value] = field(default_factory=lambda: _NOTHING)
    per: Mapping[str, Mapping[str | int, Value]] = field(default_factory=lambda: _NOTHING)
    rows: Mapping[str, tuple[Mapping[str, Value], ...]] = field(default_factory=lambda: _NOTHING)

    def given(self, **facts: Value) -> Facts:
        """The same facts with some given once replaced, at work."""
        return Facts({**self.one, **facts}, self.per, self.rows)


@dataclass
class _Parser:
    policy: Policy
    document: Document | None
    faults: list[Diagnostic] = field(default_factory=list)
    prefix: Path = ()

    def fault(
        self, code: str, message: str, at: Path, help: str = "", *, key: bool = False, instead: str | None = None
    ) -> None:
        if self.document is not None:
            path = (*self.prefix, *at)
            edits = self.document.instead(path, instead, key=key)
            self.faults.append(self.document.fault(code, message, path, help=help, key=key, edits=edits))
        else:
            self.faults.append(Diagnostic(code, f"{self.place(at)}: {message}" if at else message, None, help))

    def place(self, at: Path) -> str:
        """A path as a person writes it; rows of a history count from 1."""
        head, *rest = (shown(step).strip("`") for step in at)
        if at[0] in self.policy.records and len(at) > 1:
            rest[0] = str(int(at[1]) + 1)
        return head + "".join(f".{step}" if index else f"[{step}]" for index, step in enumerate(rest))

    def value(self, raw: Any, shape: Shape, at: Path) -> Iterator[Value]:
        """The value, or nothing when it is faulty."""
        kind = KINDS[shape.kind]
        if raw is None:
            if kind.nullable:
                yield None
            else:
                self.fault("wrong-kind", f"a fact of kind `{kind.name}` cannot be `null`", at,
                           "leave it out when it is not known")  # fmt: skip
            return
        try:
            yield kind.parse(raw, shape)
        except ValueError as reason:
            options = [*shape.options]
            remedy = (did_you_mean(raw, options) or one_of(options)) if options else ""
            if kind.name == "list" and not isinstance(raw, list | tuple):
                remedy = f"write `[{options[0]}]`, say"
            instead = self.instead(raw, shape) if self.document is not None else None
            if instead is not None and not remedy:
                remedy = "leave out the quotes: only texts have them" if instead == raw else f"write `{instead}`"
            self.fault("wrong-kind", str(reason), at, remedy, instead=instead)

    def instead(self, raw: Any, shape: Shape) -> str | None:
        """The value as it should be written in a file, where only one thing can be meant."""
        if shape.options:
            return meant(raw, shape.options)
        found = fitting(raw, shape)
        return found[0] if len(found) == 1 else None

    def per(self, fact: Fact, raw: Any) -> dict[str | int, Value]:
        at: Path = (fact.name,)
        if not isinstance(raw, Mapping):
            self.fault("wrong-kind", f"this is known per `{fact.per}`: a mapping is expected", at,
                       f"write `{fact.name}: {{{self._key(fact)}: ...}}`")  # fmt: skip
            return {}
        result: dict[str | int, Value] = {}
        table = self.policy.tables.get(fact.per)
        for key, given in raw.items():
            path = (*at, key)
            if table is not None and key not in table.rows:
                self.fault("unknown-row", f"{shown(key)} is not a row of `{fact.per}`", path,
                           did_you_mean(key, table.rows) or one_of(table.rows), key=True,
                           instead=meant(key, set(table.rows) - set(raw)))  # fmt: skip
                continue
            number = round_of(key)
            if table is None and number is None:
                self.fault("unknown-round", f"{shown(key)} is not the number of a round of `{fact.per}`", path,
                           "rounds count from 1", key=True)  # fmt: skip
                continue
            name: str | int = key if number is None or table is not None else number
            if name in result:
                self.fault("duplicate-round", f"round {name} is given twice", path, "remove one of the two", key=True)
            for value in self.value(given, fact.shape, path):
                result[name] = value
        return result

    def _key(self, fact: Fact) -> str:
        table = self.policy.tables.get(fact.per)
        return next(iter(table.rows)) if table else "1"

    def records(self, records: Records, raw: Any) -> tuple[Mapping[str, Value], ...]:
        at: Path = (records.name,)
        if not isinstance(raw, list | tuple):
            self.fault("wrong-kind", "this is a history: a list of rows is expected", at,
                       "write `[]` when there are none")  # fmt: skip
            return ()
        if len(raw) > MOST_ROWS:
            self.fault("too-many", f"{len(raw):,} rows are too many: at most {MOST_ROWS:,}", at)
            return ()
        rows: list[Mapping[str, Value]] = []
        for index, entry in enumerate(raw):
            path: Path = (*at, index)
            if not isinstance(entry, Mapping):
                self.fault("wrong-kind", "a row is a mapping of its fields", path)
                continue
            row: dict[str, Value] = {}
            for name, given in entry.items():
                if name not in records.fields:
                    self.fault("unknown-field", f"{shown(name)} is not a field of `{records.name}`", (*path, name),
                               did_you_mean(name, records.fields) or one_of(records.fields), key=True,
                               instead=meant(name, set(records.fields) - set(entry)))  # fmt: skip
                    continue
                for value in self.value(given, records.fields[name].shape, (*path, name)):
                    row[name] = value
            rows.append(row)
        return tuple(rows)


def round_of(key: object) -> int | None:
    """The number of a round as a key gives it: whole, or in digits."""
    if isinstance(key, str) and key.isascii() and key.isdigit() and not key.startswith("0"):
        key = int(key) if len(key) < 6 else 0
    return key if isinstance(key, int) and not isinstance(key, bool) and 1 <= key <= MOST_ROUNDS else None


def parse_facts(policy: Policy, given: GivenFacts | Document, *, prefix: Path = ()) -> tuple[Facts, list[Diagnostic]]:
    """
    The facts, and every fault in them: unknown names, wrong kinds, values out of bounds.

    ``given`` is a mapping, or a document whose part at ``prefix`` holds the facts.
    """
    document = given if isinstance(given, Document) else None
    raw: Any = given
    if document is not None:
        raw = document.data
        for step in prefix:
            raw = raw[step]
    parser = _Parser(policy, document, prefix=prefix)
    if not isinstance(raw, Mapping):
        parser.fault("wrong-kind", "facts are a mapping from their names to their values", ())
        return Facts(), parser.faults
    one: dict[str, Value] = {}
    per: dict[str, Mapping[str | int, Value]] = {}
    rows: dict[str, tuple[Mapping[str, Value], ...]] = {}
    for name, value in raw.items():
        if name in policy.records:
            rows[name] = parser.records(policy.records[name], value)
        elif name not in policy.facts:
            names = {*policy.facts, *policy.records} - set(raw)
            parser.fault("unknown-fact", f"fact {shown(name)} is not declared", (name,), _meant(name, policy), key=True,
                         instead=None if name in _derived(policy) else meant(name, names))  # fmt: skip
        elif policy.facts[name].per:
            per[name] = parser.per(policy.facts[name], value)
        else:
            for parsed in parser.value(value, policy.facts[name].shape, (name,)):
                one[name] = parsed
    return Facts(one, per, rows), parser.faults


def _meant(name: object, policy: Policy) -> str:
    if name == "today":
        return "the day of asking is given beside the facts"
    if name in _derived(policy):
        return "it is not given: it follows from the policy and the other facts"
    return did_you_mean(name, [*policy.facts, *policy.records]) or "see `trainingrules facts`"


def _derived(policy: Policy) -> set[str]:
    return {"today", *policy.terms, *policy.values, *policy.readings, *policy.cycles}


def valid_on(on: object) -> date | datetime:
    """
    The day or moment of asking; a moment must carry its offset.

    Raises:
        TypeError: for anything else; the clock is never read.
    """
    if isinstance(on, datetime):
        if on.utcoffset() is None:
            raise TypeError("`on` is a moment without an offset; give it a time zone, or a date")
        return on
    if isinstance(on, date):
        return on
    raise TypeError(f"`on` is a date or a moment, not {type(on).__name__}")
