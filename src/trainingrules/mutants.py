"""Mutants: every small change of a policy that an author could have made by mistake."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, TypeVar

from trainingrules import policy as p
from trainingrules.calendar import MonthEnd, Period
from trainingrules.document import Path
from trainingrules.kinds import DURATION_UNITS, KINDS, Shape, Value
from trainingrules.money import Certainty, Rounding, Vat
from trainingrules.operators import FORMS, OPERATORS
from trainingrules.policy import Policy
from trainingrules.words import decimal_text

T = TypeVar("T")

DROPPED = "dropped"
# A section and the name of an entry there.
Entry = tuple[str, str]
MONEY, INTEGER, PERCENT, DAYS, DATE = (
    Shape("money"), Shape("integer"), Shape("percent"), Shape("duration", unit="days"), Shape("date"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One small change: where in the policy's text, a mark of what is done there, and that in words.

    ``checks`` holds a check before and after, when it changes one.
    """

    path: Path
    mark: str
    words: str
    checks: tuple[p.Check, p.Check] | None = field(default=None, compare=False, repr=False)

    @property
    def id(self) -> str:
        """What it is called: its place and its mark, the same as long as the rule is not rewritten."""
        first, *rest = self.path
        place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in rest)
        return f"{first}{place}:{self.mark}"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A policy with one change."""

    change: Change
    policy: Policy

    @property
    def id(self) -> str:
        """What it is called."""
        return self.change.id

    @property
    def entry(self) -> Entry:
        """The section that holds the change, and the name of the entry there."""
        section, *rest = self.change.path
        return str(section), str(rest[0]) if rest else ""

    @property
    def rule(self) -> str:
        """The rule it sits in: an entry, or one of its requirements, lines or instalments."""
        inner = len(self.change.path) > 3 and self.change.path[2] in ("requires", "lines", "instalments", "rows")
        return ".".join(str(step) for step in self.change.path[: 4 if inner else 2])


Changed = Iterator[tuple[Change, T]]


def mutants(policy: Policy) -> list[Mutant]:
    """
    Every mutant of a policy, in the order of its sections.

    Facts, texts and citations are left alone: those are questions and words, and no rules.

    >>> from trainingrules import load
    >>> found = mutants(load("rvwo"))
    >>> found[0].id, found[0].change.words
    ('in_force.from:+1', '`2019-01-01` becomes `2019-01-02`')
    """
    sections: dict[str, Iterator[tuple[Change, Any]]] = {
        "in_force": _in_force(policy.in_force),
        "month_end": _others(("conventions", "month_end"), policy.month_end, MonthEnd),
        "cent": _others(("conventions", "cent"), policy.cent, Rounding),
        "contradictions": _entries(("contradictions",), policy.contradictions, _contradiction, drop=True),
        "readings": _entries(("readings",), policy.readings, _reading),
        "amounts": _entries(("amounts",), policy.amounts, _amount),
        "tables": _entries(("tables",), policy.tables, _table),
        "cycles": _entries(("cycles",), policy.cycles, _cycle),
        "terms": _entries(("terms",), policy.terms, _term),
        "values": _entries(("values",), policy.values, _named),
        "decisions": _entries(("eligibility",), policy.decisions, _decision),
        "quotes": _entries(("costs",), policy.quotes, lambda quote, at: _quote(quote, at, policy)),
        "deadlines": _entries(("deadlines",), policy.deadlines, _deadline),
        "duties": _entries(("compliance",), policy.duties, _rule, drop=True),
        "conflicts": _entries(("conflicts",), policy.conflicts, _conflict, drop=True),
        "notes": _entries(("notes",), policy.notes, _note),
    }
    found: dict[str, Mutant] = {}
    for name, changes in sections.items():
        for change, part in changes:
            # What is made of a policy once is kept by its hash, so every mutant has one of its own.
            other = replace(policy, hash=f"{policy.hash}:{change.id}", **{name: part})
            found.setdefault(change.id, Mutant(change, other))
    return list(found.values())


# --- how changes of a part become changes of the whole ---


def _of(node: T, **parts: Iterable[tuple[Change, Any]]) -> Changed[T]:
    """The changes of some fields of a node, as changes of the node."""
    for name, found in parts.items():
        for change, part in found:
            yield change, replace(node, **{name: part})  # type: ignore[type-var]


def _entries(
    at: Path, entries: Mapping[str, T], vary: Callable[[T, Path], Changed[T]], *, drop: bool = False
) -> Changed[Mapping[str, T]]:
    """The changes of the entries of a section; with ``drop``, also each entry left out."""
    for name, entry in entries.items():
        if drop:
            yield _drop((*at, name)), {other: kept for other, kept in entries.items() if other != name}
        for change, other in vary(entry, (*at, name)):
            yield change, {**entries, name: other}


def _each(parts: Sequence[T], vary: Callable[[T, int], Iterable[tuple[Change, T]]]) -> Changed[tuple[T, ...]]:
    """The changes of the parts of a tuple, one at a time."""
    for index, part in enumerate(parts):
        for change, other in vary(part, index):
            yield change, (*parts[:index], other, *parts[index + 1 :])


def _without(parts: Sequence[T], place: Callable[[T, int], Path]) -> Changed[tuple[T, ...]]:
    """Each part left out, as long as one remains."""
    for index, part in enumerate(parts) if len(parts) > 1 else ():
        yield _drop(place(part, index)), (*parts[:index], *parts[index + 1 :])


def _drop(path: Path) -> Change:
    return Change(path, DROPPED, f"`{path[-1]}` is left out")


def _left_out(path: Path, value: T, empty: T) -> Changed[T]:
    """A key left out, where it stands."""
    if value != empty:
        yield _drop(path), empty


def _becomes(path: Path, mark: str, old: str, new: str) -> Change:
    return Change(path, mark, f"`{old}` becomes `{new}`")


# --- values ---


def _steps(value: Value, shape: Shape) -> Iterator[tuple[str, Value]]:
    """The values one step of its kind beside a value, each with a mark."""
    options = list(shape.options)
    match shape.kind:
        case "boolean":
            yield _written(not value, shape), not value
        case "integer" | "money" | "decimal" | "percent" | "duration" | "date" | "moment":
            one_step: Any = step(value, shape)
            for sign in (1, -1):
                mark = "+1" if sign > 0 else "-1"
                try:
                    other = value + sign * one_step
                except OverflowError:
                    continue
                if shape.kind == "duration" and other < 0:
                    continue
                yield mark, other
        case "choice" | "row" if value in options:
            index = options.index(value)
            beside = (index - 1, index + 1) if shape.ordered else ((index + 1) % len(options),)
            yield from ((options[at], options[at]) for at in beside if 0 <= at < len(options) and at != index)
        case "list":
            yield from (("without " + one, tuple(other for other in value if other != one)) for one in value)
        case "text":
            yield "another text", f"{value} x"


def step(value: Value, shape: Shape) -> Any:
    """
    One step at a value of a kind: a cent, a day, a second, a unit of time, or one of the last digit that is written.

    >>> step(36, Shape("duration", unit="years")), step(Fraction(11, 2), Shape("decimal"))
    (12, Fraction(1, 10))
    """
    match shape.kind:
        case "date":
            return timedelta(days=1)
        case "moment":
            return timedelta(seconds=1)
        case "duration":
            return DURATION_UNITS[shape.unit][1]
        case "decimal" | "percent":
            digits = decimal_text(Fraction(value)).partition(".")[2]
            return Fraction(1, 10 ** len(digits))
    return 1


def _written(value: Value, shape: Shape) -> str:
    """A value as an author writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(str(one) for one in value)}]"
    if shape.kind == "duration":
        return str(Period(**{shape.base_unit: value}))
    kind = "moment" if isinstance(value, datetime) else "date" if isinstance(value, date) else shape.kind
    return str(KINDS[kind].write(value, shape))


def _beside(path: Path, value: Value, shape: Shape) -> Changed[Value]:
    """A value written out, one step further and one back, as far as its bounds go."""
    for mark, other in _steps(value, shape):
        if (shape.low is not None and other < shape.low) or (shape.high is not None and other > shape.high):
            continue
        yield _becomes(path, mark, _written(value, shape), _written(other, shape)), other


def _others(path: Path, value: T, options: Iterable[T]) -> Changed[T]:
    """Every other option of a word from a list."""
    for other in options:
        if other != value:
            yield _becomes(path, str(_word(other)), str(_word(value)), str(_word(other))), other


def _next(path: Path, value: T, options: Iterable[T]) -> Changed[T]:
    """The option after this one: enough to see whether anybody reads it."""
    several = list(options)
    other = several[(several.index(value) + 1) % len(several)]
    yield _becomes(path, str(_word(other)), str(_word(value)), str(_word(other))), other


def _word(option: Any) -> Any:
    return getattr(option, "value", option)


def _expression(value: p.Expression, at: Path) -> Changed[p.Expression]:
    """The changes of a value."""
    at = value.at or at
    match value:
        case p.Constant():
            yield from _of(value, value=_beside(at, value.value, value.shape))
        case p.Shift():
            now, other = ("later", "earlier") if value.sign > 0 else ("earlier", "later")
            yield _becomes(at, other, now, other), replace(value, sign=-value.sign)
            yield from _of(value, than=_expression(value.than, (*at, "than")), by=_expression(value.by, (*at, "by")))
        case p.CycleDay():
            yield from _of(value, which=_others((*at, "day"), value.which, ("first", "last", "expiry")))
        case p.Between():
            yield from _of(value, low=_expression(value.low, (*at, 0)), high=_expression(value.high, (*at, 1)))
        case p.Share():
            yield from _of(value, percent=_beside((*at, "percent"), value.percent, PERCENT),
                           of=_expression(value.of, (*at, "of")))  # fmt: skip
        case p.SumOf() | p.CountOf():
            yield from _of(value, where=_optional(value.where, (*at, "where")))
        case p.Combined():
            yield from _combined(value, at)


def _combined(value: p.Combined, at: Path) -> Changed[p.Expression]:
    for form in FORMS[value.form].mutates_to:
        yield _becomes(at, form, value.form, form), replace(value, form=form)
    for change, parts in _without(value.parts, lambda part, index: part.at or (*at, index)):
        words = f"part {change.path[-1]} of `{value.form}` is left out"
        other: p.Expression = parts[0] if len(parts) == 1 else replace(value, parts=parts)
        yield replace(change, words=words), other
    yield from _of(value, parts=_each(value.parts, lambda part, index: _expression(part, (*at, index))))


def _perhaps(value: p.Expression | None, at: Path) -> Changed[p.Expression | None]:
    """The changes of a value that need not be there, and that it is not."""
    if value is not None:
        yield _drop(at), None
        yield from _expression(value, at)


# --- conditions ---


def _condition(condition: p.Condition, at: Path) -> Changed[p.Condition]:
    """The changes of a condition."""
    at = getattr(condition, "at", ()) or at
    match condition:
        case p.Check():
            yield from _check(condition, at)
        case p.All(parts):
            if len(parts) > 1:
                yield Change(at, "any", "`any` of these instead of all"), p.Any(parts, at=at)
            yield from _parts(condition, at)
        case p.Any(parts):
            if len(parts) > 1:
                yield Change(at, "all", "all of these instead of `any`"), p.All(parts, at=at)
            yield from _parts(condition, at)
        case p.Not(p.Holds() as term):
            yield _becomes(at, "true", "is: false", "is: true"), term
        case p.Not(part):
            yield Change(at, "without not", "`not` is taken away"), part
            yield from _of(condition, part=_condition(part, at))
        case p.Holds():
            yield _becomes(at, "false", "is: true", "is: false"), p.Not(condition, at=at)


def _parts(condition: p.All | p.Any, at: Path) -> Changed[p.Condition]:
    def place(part: p.Condition, index: int) -> Path:
        return getattr(part, "at", ()) or (*at, index)

    for change, parts in _without(condition.parts, place):
        *_, before, end = change.path
        words = f"part {end + 1} of `{at[-1]}` is left out" if isinstance(end, int) else change.words
        if end in OPERATORS:
            words = f"`{end}` of `{before}` is left out"
        yield replace(change, words=words), parts[0] if len(parts) == 1 else replace(condition, parts=parts)
    yield from _of(condition, parts=_each(condition.parts, lambda part, index: _condition(part, place(part, index))))


def _check(check: p.Check, at: Path) -> Changed[p.Condition]:
    for change, other in _changed_check(check, at):
        yield replace(change, checks=(check, other)), other


def _changed_check(check: p.Check, at: Path) -> Changed[p.Check]:
    operand, name = check.operand, check.operator.name
    shape = getattr(check.subject, "shape", INTEGER)
    told = _told(operand, shape)
    for other in check.operator.mutates_to:
        yield _becomes(at, other, name + told, other + told), replace(check, operator=OPERATORS[other])
    if isinstance(operand, bool):
        yield from _of(check, operand=_beside(at, operand, Shape("boolean")))
    elif isinstance(operand, tuple):
        yield from _of(check, operand=_several(operand, shape, at))
    elif isinstance(operand, p.Constant):
        for mark, value in _steps(operand.value, operand.shape):
            beside = replace(operand, value=value)
            change = _becomes(at, mark, name + told, name + _told(beside, shape))
            yield change, replace(check, operand=beside)
    elif not isinstance(operand, str):
        yield from _of(check, operand=_expression(operand, at))
    yield from _of(check, subject=_expression(check.subject, at))


def _told(operand: Any, shape: Shape) -> str:
    if isinstance(operand, p.Constant):
        return f": {_written(operand.value, operand.shape)}"
    return f": {_written(operand, shape)}" if isinstance(operand, bool | tuple) else ""


def _several(operand: tuple[Value, ...], shape: Shape, at: Path) -> Changed[tuple[Value, ...]]:
    """A list of options: one fewer, one more, or the first two the other way round."""
    for index, one in enumerate(operand) if len(operand) > 1 else ():
        fewer = (*operand[:index], *operand[index + 1 :])
        yield Change((*at, index), f"without {one}", f"`{one}` is left out of the list"), fewer
    more = next((one for one in shape.options if one not in operand), None)
    if more is not None:
        yield Change(at, f"with {more}", f"`{more}` is added to the list"), (*operand, more)
    if len(operand) > 1 and at[-1] == "in_order":
        swapped = (operand[1], operand[0], *operand[2:])
        yield Change(at, "swapped", f"`{operand[0]}` and `{operand[1]}` change places"), swapped


def _optional(condition: p.Condition, at: Path) -> Changed[p.Condition]:
    """The changes of a condition that need not be there, and that it is not."""
    yield from _left_out(at, condition, p.ALWAYS)
    yield from _condition(condition, at)


# --- declarations ---


def _in_force(validity: p.InForce) -> Changed[p.InForce]:
    at: Path = ("in_force",)
    start: Iterator[Any] = _beside((*at, "from"), validity.start, DATE) if validity.start else iter(())
    end: Iterator[Any] = _beside((*at, "until"), validity.end, DATE) if validity.end else iter(())
    yield from _of(validity, start=start, end=end)
    now, other = ("refuse", "warn") if validity.refuse else ("warn", "refuse")
    yield _becomes((*at, "outside"), other, now, other), replace(validity, refuse=not validity.refuse)


def _contradiction(one: p.Contradiction, at: Path) -> Changed[p.Contradiction]:
    yield from _of(one, never=_condition(one.never, (*at, "never")))


def _reading(reading: p.Reading, at: Path) -> Changed[p.Reading]:
    yield from _of(reading, chosen=_others((*at, "chosen"), reading.chosen, reading.options))


def _amount(prices: tuple[p.Price, ...], at: Path) -> Changed[tuple[p.Price, ...]]:
    def price(one: p.Price, index: int) -> Changed[p.Price]:
        here = (*at, index)
        cents: Iterator[Any] = iter([(_becomes((*here, "value"), "0", "not_stated", "0"), 0)])
        if one.cents is not None:
            cents = _beside((*here, "value"), one.cents, MONEY)
        yield from _of(one, cents=cents, start=_beside((*here, "from"), one.start, DATE),
                       vat=_next((*here, "vat"), one.vat, Vat),
                       certainty=_next((*here, "certainty"), one.certainty, Certainty))  # fmt: skip

    for change, kept in _without(prices, lambda one, index: (*at, index)):
        yield replace(change, words=f"the amount from {prices[int(change.path[-1])].start} is left out"), kept
    for change, several in _each(prices, price):
        starts = [one.start for one in several]
        if starts == sorted(set(starts)):
            yield change, several


def _table(table: p.Table, at: Path) -> Changed[p.Table]:
    def column(one: p.Field, here: Path) -> Changed[p.Field]:
        if one.shape.kind == "money":
            yield from _of(one, vat=_next((*here, "vat"), one.vat, Vat),
                           certainty=_next((*here, "certainty"), one.certainty, Certainty))  # fmt: skip

    def row(one: p.Row, here: Path) -> Changed[p.Row]:
        for change, cells in _entries(here, one.cells, _expression):
            if all(_in_bounds(cell, table.fields[name].shape) for name, cell in cells.items()):
                yield change, replace(one, cells=cells)

    yield from _of(table, fields=_entries((*at, "fields"), table.fields, column),
                   rows=_entries((*at, "rows"), table.rows, row))  # fmt: skip


def _in_bounds(cell: p.Expression, shape: Shape) -> bool:
    if not isinstance(cell, p.Constant):
        return True
    return (shape.low is None or cell.value >= shape.low) and (shape.high is None or cell.value <= shape.high)


def _cycle(cycle: p.Cycle, at: Path) -> Changed[p.Cycle]:
    unit = "months" if cycle.every.months else "days"
    length = getattr(cycle.every, unit)
    for mark, other in (("+1", length + 1), ("-1", length - 1)):
        if other:
            every = Period(**{unit: other})
            yield _becomes((*at, "every"), mark, str(cycle.every), str(every)), replace(cycle, every=every)
    if cycle.rounds is not None:
        yield _drop((*at, "rounds")), replace(cycle, rounds=None)
        for change, rounds in _beside((*at, "rounds"), cycle.rounds, INTEGER):
            if rounds:
                yield change, replace(cycle, rounds=rounds)


def _term(term: p.Term, at: Path) -> Changed[p.Term]:
    yield from _of(term, holds=_condition(term.holds, (*at, "holds")))


def _named(value: p.NamedValue, at: Path) -> Changed[p.NamedValue]:
    yield from _of(value, value=_expression(value.value, (*at, "value")))


# --- rules ---


AnyRule = TypeVar("AnyRule", bound=p.Rule)


def _rule(rule: AnyRule, at: Path) -> Changed[AnyRule]:
    now, other = ("should", "must") if rule.advice else ("must", "should")
    yield _becomes((*at, now), other, now, other), replace(rule, advice=not rule.advice)
    yield from _of(rule, when=_optional(rule.when, (*at, "when")), must=_condition(rule.must, (*at, now)))


def _requirement(rule: p.Requirement, at: Path) -> Changed[p.Requirement]:
    for change, other in _rule(rule, at):
        # A `should` refuses nobody, so it has no `if_not`.
        yield change, replace(other, silent=other.silent and not other.advice)
    if rule.silent:
        yield _drop((*at, "if_not")), replace(rule, silent=False)


def _decision(decision: p.Decision, at: Path) -> Changed[p.Decision]:
    def fewer() -> Changed[tuple[str, ...]]:
        for index, one in enumerate(decision.builds_on):
            words = f"`{one}` is left out of `builds_on`"
            others = tuple(other for other in decision.builds_on if other != one)
            yield Change((*at, "builds_on", index), f"without {one}", words), others

    yield from _of(
        decision, builds_on=fewer(), judged_on=_left_out((*at, "judged_on"), decision.judged_on, ""),
        subject_to=_left_out((*at, "subject_to"), decision.subject_to, None),
        requires=_entries((*at, "requires"), decision.requires, _requirement, drop=True),
    )  # fmt: skip


def _quote(quote: p.Quote, at: Path, policy: Policy) -> Changed[p.Quote]:
    def presumed() -> Changed[Mapping[str, Value]]:
        for name, value in quote.presume.items():
            here = (*at, "presume", name)
            yield _drop(here), {other: kept for other, kept in quote.presume.items() if other != name}
            for change, other in _beside(here, value, policy.facts[name].shape):
                yield change, {**quote.presume, name: other}

    yield from _of(
        quote, judged_on=_left_out((*at, "judged_on"), quote.judged_on, ""), presume=presumed(),
        lines=_entries((*at, "lines"), quote.lines, _line, drop=True),
        instalments=_instalments(quote.instalments, (*at, "instalments")),
    )  # fmt: skip


def _line(line: p.Line, at: Path) -> Changed[p.Line]:
    def instead() -> Changed[tuple[p.Instead, ...]]:
        here = (*at, "instead")
        for index in range(len(line.instead)):
            words = f"part {index + 1} of `instead` is left out"
            yield Change((*here, index), DROPPED, words), (*line.instead[:index], *line.instead[index + 1 :])
        if len(line.instead) > 1:
            first, second, *rest = line.instead
            yield Change(here, "swapped", "the first two of `instead` change places"), (second, first, *rest)
        yield from _each(line.instead, lambda one, index: _of(
            one, when=_condition(one.when, (*here, index, "when")),
            price=_expression(one.price, (*here, index, "price")),
        ))  # fmt: skip

    yield from _of(
        line, when=_optional(line.when, (*at, "when")), price=_expression(line.price, (*at, "price")),
        times=_perhaps(line.times, (*at, "times")), instead=instead(),
    )  # fmt: skip
    if line.reduces:
        yield _drop((*at, "effect")), replace(line, reduces=False)


def _instalments(parts: Mapping[str, p.Instalment], at: Path) -> Changed[Mapping[str, p.Instalment]]:
    """A per cent more in one and less in the next; the odd cent in the next; another day."""
    names = list(parts)
    for name, after in zip(names, [*names[1:], *names[:1]], strict=True) if len(names) > 1 else ():
        one, other = parts[name], parts[after]
        if other.percent >= 1 and one.percent <= 99:
            words = f"one per cent more, and one less in `{after}`"
            yield Change((*at, name, "percent"), "+1", words), {
                **parts, name: replace(one, percent=one.percent + 1), after: replace(other, percent=other.percent - 1),
            }  # fmt: skip
        if one.odd_cent:
            yield Change((*at, name, "odd_cent"), after, f"`odd_cent` goes to `{after}`"), {
                **parts, name: replace(one, odd_cent=False), after: replace(other, odd_cent=True),
            }  # fmt: skip
    yield from _entries(at, parts, lambda one, here: _of(one, due=_perhaps(one.due, (*here, "due"))))


def _deadline(deadline: p.Deadline, at: Path) -> Changed[p.Deadline]:
    def end(value: p.Expression | None, here: Path) -> Changed[p.Expression | None]:
        if value is None:
            return
        if deadline.start is not None and (deadline.until is not None or deadline.endless):
            yield _drop(here), None
        yield from _expression(value, here)
        if not (isinstance(value, p.Shift) and _in_days(value.by)) and not isinstance(value, p.NotStated):
            # Both ends are inclusive; a day beside tells whether anybody looks.
            for mark, sign, words in (("a day later", 1, "a day later"), ("a day earlier", -1, "a day earlier")):
                yield Change(here, mark, words), p.Shift(value, p.Constant(1, DAYS), sign, at=value.at)

    sure: Iterator[Any] = iter(())
    if deadline.certainty is not Certainty.EXACT:  # which it is when nothing is written
        sure = _next((*at, "certainty"), deadline.certainty, (deadline.certainty, Certainty.EXACT))
    yield from _of(
        deadline, start=end(deadline.start, (*at, "from")), until=end(deadline.until, (*at, "until")),
        act=_left_out((*at, "act"), deadline.act, None), when=_optional(deadline.when, (*at, "when")), certainty=sure,
    )  # fmt: skip
    if deadline.should is not None:
        yield from _of(deadline, should=_left_out((*at, "should"), deadline.should, None))
        yield from _of(deadline, should=_condition(deadline.should, (*at, "should")))
    if deadline.endless and deadline.start is not None:
        yield _drop((*at, "until")), replace(deadline, endless=False)


def _in_days(length: p.Expression) -> bool:
    return isinstance(length, p.Constant) and length.shape.base_unit == "days"


def _conflict(conflict: p.Conflict, at: Path) -> Changed[p.Conflict]:
    now, other = ("unknown", "warn") if conflict.unsettles else ("warn", "unknown")
    yield _becomes((*at, "outcome"), other, now, other), replace(conflict, unsettles=not conflict.unsettles)


def _note(note: p.Note, at: Path) -> Changed[p.Note]:
    value: Iterator[Any] = _expression(note.value, (*at, "value")) if note.value is not None else iter(())
    yield from _of(note, value=value, when=_optional(note.when, (*at, "when")))
