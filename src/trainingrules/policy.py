"""A policy as frozen values: what reading makes of the text, and every engine works from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, fields, is_dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from trainingrules.calendar import MonthEnd, Period
from trainingrules.document import Path
from trainingrules.frozen import frozen
from trainingrules.kinds import Shape, Value
from trainingrules.money import Certainty, Rounding, Vat
from trainingrules.operators import Operator
from trainingrules.truth import Unknown
from trainingrules.words import Text


@frozen
class _At:
    """Something that stands at a place in the document."""

    at: Path = field(default=(), compare=False, repr=False, kw_only=True)


# --- values: what a number, an amount or a day can be given as ---


@frozen
class Constant(_At):
    """A value written out."""

    value: Value
    shape: Shape


@frozen
class FactValue(_At):
    """A fact; ``per`` names the table or cycle whose row or round must be at hand."""

    name: str
    shape: Shape
    per: str = ""


@frozen
class FieldValue(_At):
    """A field of the innermost row at hand that has it; the field ``key`` is the row's name."""

    name: str
    shape: Shape
    of: tuple[str, ...]


@frozen
class Named(_At):
    """A value with a name of its own, from the section ``values``."""

    name: str


@frozen
class Today(_At):
    """The day, or moment, of asking."""


@frozen
class Chosen(_At):
    """The option taken of a reading."""

    reading: str
    shape: Shape


@frozen
class RoundNumber(_At):
    """The number of the round at hand, or else of the running one; none when nothing runs."""

    cycle: str


@frozen
class AmountOf(_At):
    """An amount as it is on the day judged."""

    name: str


@frozen
class LastDayOf(_At):
    """The ``until`` of a deadline."""

    deadline: str


@frozen
class Shift(_At):
    """A day or moment so much earlier (-1) or later (+1) than another."""

    than: Expression
    by: Expression
    sign: int


@frozen
class CycleDay(_At):
    """The first or last day of a round, or the day on which it has expired."""

    cycle: str
    which: Literal["first", "last", "expiry"]


@frozen
class Earliest(_At):
    """The first day of ``fact`` on which ``deadline`` is still met by its act."""

    fact: str
    deadline: str


@frozen
class Between(_At):
    """Somewhere between two values: the source says no more."""

    low: Expression
    high: Expression


@frozen
class Share(_At):
    """So many per cent of a value."""

    percent: Fraction
    of: Expression


@frozen
class SumOf(_At):
    """The sum of a field over the rows that satisfy ``where``."""

    rows: str
    field: str
    where: Condition


@frozen
class CountOf(_At):
    """The number of rows that satisfy ``where``."""

    rows: str
    where: Condition


@frozen
class Combined(_At):
    """Several values made into one: total, difference, product, least or greatest."""

    form: str
    parts: tuple[Expression, ...]


@frozen
class NotStated(_At):
    """The source does not say; ``what`` names the place that would hold it."""

    what: str


Expression = (
    Constant | FactValue | FieldValue | Named | Today | Chosen | RoundNumber | AmountOf | LastDayOf | Shift
    | CycleDay | Earliest | Between | Share | SumOf | CountOf | Combined | NotStated
)  # fmt: skip

# --- conditions ---


@frozen
class Check(_At):
    """A value held against an operand: another value, several literals, true or false, or a cycle."""

    subject: Expression
    operator: Operator
    operand: Expression | tuple[Value, ...] | bool | str


@frozen
class All(_At):
    """All of the parts hold."""

    parts: tuple[Condition, ...]


@frozen
class Any(_At):
    """At least one of the parts holds."""

    parts: tuple[Condition, ...]


@frozen
class Not(_At):
    """The part does not hold."""

    part: Condition


@frozen
class Holds(_At):
    """A term holds: a condition with a name."""

    term: str


@frozen
class Given(_At):
    """``then`` holds as far as ``when`` does."""

    when: Condition
    then: Condition


@frozen
class Each(_At):
    """Every row satisfies the body."""

    rows: str
    body: Condition


@frozen
class OfRow(_At):
    """The row that a fact names satisfies the body; while the fact is unknown, all rows are possible."""

    fact: str
    rows: str
    body: Condition


@frozen
class EachRound(_At):
    """Every round of a cycle that has begun satisfies the body."""

    cycle: str
    body: Condition


@frozen
class Silent(_At):
    """Neither true nor false, whatever is known: the source is silent, or contradicts itself."""

    truth: Unknown


Condition = Check | All | Any | Not | Holds | Given | Each | OfRow | EachRound | Silent
ALWAYS = All(())

# --- declarations ---


@frozen
class Fact:
    """Something that may be known of a person; ``per`` a table or cycle it is known once per row or round."""

    name: str
    text: Text
    shape: Shape
    per: str = ""


@frozen
class Field:
    """A column of a table or a history."""

    name: str
    text: Text
    shape: Shape
    vat: Vat = Vat.NOT_STATED
    certainty: Certainty = Certainty.EXACT


@frozen
class Records:
    """A history: rows of fields; ``dated`` names the field that says on which day a row happened.

    ``happened`` holds of the rows that have happened by the day of asking; the others are left out.
    """

    name: str
    text: Text
    fields: Mapping[str, Field]
    dated: str = ""
    happened: Condition = ALWAYS


@frozen
class Row:
    """One row of a table."""

    name: str
    text: Text
    source: tuple[str, ...]
    cells: Mapping[str, Expression]


@frozen
class Table:
    """The organisation's own rows."""

    name: str
    text: Text
    fields: Mapping[str, Field]
    rows: Mapping[str, Row]


@frozen
class Cycle:
    """Rounds of equal length, counted from an anchor; ``rounds`` limits their number."""

    name: str
    text: Text
    source: tuple[str, ...]
    starts: str
    every: Period
    rounds: int | None = None


@frozen
class Contradiction:
    """Facts that cannot go together; with ``rows``, within one row of them."""

    name: str
    text: Text
    never: Condition
    rows: str = ""


@frozen
class Reading:
    """What the source leaves open: the options, and the one this policy takes."""

    name: str
    text: Text
    source: tuple[str, ...]
    chosen: str
    options: Mapping[str, Text]


@frozen
class Price:
    """An amount from a day on; ``cents`` is none where the source does not state it."""

    start: date
    cents: int | None
    vat: Vat
    certainty: Certainty
    source: tuple[str, ...]


@frozen
class Term:
    """A condition with a name."""

    name: str
    text: Text
    source: tuple[str, ...]
    holds: Condition


@frozen
class NamedValue:
    """A value with a name."""

    name: str
    text: Text
    source: tuple[str, ...]
    value: Expression
    shape: Shape


@frozen
class Remark:
    """A sentence with its source: a remedy, or what a decision is subject to."""

    text: Text
    source: tuple[str, ...]


@frozen
class Scope:
    """For what a rule holds: each row of something, the one row a fact names, or each round of a cycle."""

    each: str = ""
    row: str = ""
    per: str = ""


@frozen
class Rule:
    """What a requirement and a duty have in common: ``when`` implies ``must``; ``advice`` refuses nothing."""

    name: str
    text: Text
    source: tuple[str, ...]
    must: Condition
    when: Condition = ALWAYS
    scope: Scope = Scope()
    advice: bool = False
    at: Path = field(default=(), compare=False, repr=False)


@frozen
class Requirement(Rule):
    """One requirement of a decision; ``silent`` where failing it is not said to refuse anybody."""

    silent: bool = False
    remedy: Remark | None = None


@frozen
class Duty(Rule):
    """What a party must keep doing, or leave."""

    who: str = ""


@frozen
class Decision:
    """A question of eligibility: all of its requirements, and those of the decisions it builds on."""

    name: str
    text: Text
    requires: Mapping[str, Requirement]
    builds_on: tuple[str, ...] = ()
    judged_on: str = ""
    subject_to: Remark | None = None
    source: tuple[str, ...] = ()


@frozen
class Instead:
    """Another price, when a condition holds."""

    when: Condition
    price: Expression


@frozen
class Line:
    """One line of a quote: a price, so many times, when a condition holds."""

    name: str
    text: Text
    source: tuple[str, ...]
    price: Expression
    when: Condition = ALWAYS
    times: Expression | None = None
    instead: tuple[Instead, ...] = ()
    scope: Scope = Scope()
    reduces: bool = False


@frozen
class Instalment:
    """A share of the total, and when it is due."""

    name: str
    text: Text
    source: tuple[str, ...]
    percent: Fraction
    odd_cent: bool
    due: Expression | None


@frozen
class Quote:
    """A question of cost: lines that add up."""

    name: str
    text: Text
    lines: Mapping[str, Line]
    presume: Mapping[str, Value]
    instalments: Mapping[str, Instalment]
    judged_on: str = ""


@frozen
class Deadline:
    """From when until when something can be done, both inclusive; ``act`` is the fact that meets it."""

    name: str
    text: Text
    source: tuple[str, ...]
    start: Expression | None
    until: Expression | None
    endless: bool = False
    act: FactValue | None = None
    when: Condition = ALWAYS
    should: Condition | None = None
    scope: Scope = Scope()
    certainty: Certainty = Certainty.EXACT


@frozen
class Conflict:
    """Statements that contradict each other."""

    name: str
    text: Text
    between: tuple[str, ...]
    unsettles: bool


@frozen
class Note:
    """Information, advice, an open norm, or what cannot be computed and why."""

    name: str
    text: Text
    source: tuple[str, ...]
    kind: str
    value: Expression | None = None
    shape: Shape | None = None
    when: Condition = ALWAYS
    scope: Scope = Scope()
    reason: Text | None = None


# How many of its terms a claim says to hold.
Count = Literal["exactly_one", "at_least_one", "at_most_one"]
COUNTS: tuple[Count, ...] = ("exactly_one", "at_least_one", "at_most_one")


@frozen
class Claim:
    """That of some terms exactly one, at least one or at most one holds: the author says so, and no answer does."""

    name: str
    text: Text
    source: tuple[str, ...]
    count: Count
    terms: tuple[Holds, ...]
    when: Condition = ALWAYS


@frozen
class InForce:
    """From which day, and until which, the policy holds; outside it warns or refuses."""

    start: date | None
    end: date | None
    refuse: bool
    source: tuple[str, ...]


@frozen
class Statement:
    """One statement of the source document, in our words; ``open`` says what it leaves open and how it is read."""

    id: str
    kind: str
    heading: str
    bullet: int | None
    text: Text
    open: tuple[Text, ...] = ()


@frozen
class Policy:
    """One organisation's conditions: inert; functions ask it questions."""

    name: str
    title: Text
    edition: str
    hash: str
    in_force: InForce
    zone: str
    month_end: MonthEnd
    cent: Rounding
    parties: Mapping[str, Text]
    facts: Mapping[str, Fact]
    records: Mapping[str, Records]
    contradictions: Mapping[str, Contradiction]
    readings: Mapping[str, Reading]
    amounts: Mapping[str, tuple[Price, ...]]
    tables: Mapping[str, Table]
    cycles: Mapping[str, Cycle]
    terms: Mapping[str, Term]
    values: Mapping[str, NamedValue]
    decisions: Mapping[str, Decision]
    quotes: Mapping[str, Quote]
    deadlines: Mapping[str, Deadline]
    duties: Mapping[str, Duty]
    conflicts: Mapping[str, Conflict]
    notes: Mapping[str, Note]
    claims: Mapping[str, Claim]
    statements: Mapping[str, Statement]
    document: Text

    def __repr__(self) -> str:
        return f"<Policy {self.name} {self.edition}>"

    def __hash__(self) -> int:
        return hash(self.hash)


def rows_holder(policy: Policy, name: str) -> Table | Records:
    """The table or the history of a name."""
    return policy.tables[name] if name in policy.tables else policy.records[name]


def walk(node: object, *, shapes: bool = False) -> Iterator[object]:
    """Every condition and expression within a node, itself included, in the order of the text; ``shapes`` too."""
    if isinstance(node, Operator | Text | Unknown | Period) or (isinstance(node, Shape) and not shapes):
        return
    if is_dataclass(node):
        yield node
        for part in fields(node):
            yield from walk(getattr(node, part.name), shapes=shapes)
    elif isinstance(node, tuple):
        for part in node:
            yield from walk(part, shapes=shapes)
    elif isinstance(node, Mapping):
        for part in node.values():
            yield from walk(part, shapes=shapes)


def walk_deep(policy: Policy, node: object, seen: frozenset[str] = frozenset()) -> Iterator[object]:
    """As `walk`, and on into the terms, named values and deadlines that the node refers to."""
    for part in walk(node):
        yield part
        target: object = None
        name = ""
        if isinstance(part, Holds):
            name, target = part.term, policy.terms.get(part.term)
        elif isinstance(part, Named):
            name, target = part.name, policy.values.get(part.name)
        elif isinstance(part, LastDayOf | Earliest):
            name, target = part.deadline, policy.deadlines.get(part.deadline)
        if target is not None and name not in seen:
            yield from walk_deep(policy, target, seen | {name})
