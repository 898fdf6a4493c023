"""What dialects of SQL write differently: days and moments, division and lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlglot import exp

from trainingrules.diagnostics import EngineError, did_you_mean, one_of

SQL = exp.Expression

_DAY = 86_400_000_000  # in microseconds


class Dialect(Protocol):
    """The notations of one dialect; arguments that are written twice are columns or literals."""

    @property
    def name(self) -> str:
        """As sqlglot calls it."""
        ...

    def quotient(self, number: SQL, by: SQL) -> SQL:
        """Whole division, towards zero."""
        ...

    def moved_days(self, day: SQL, count: SQL) -> SQL:
        """So many days later."""
        ...

    def moved_months(self, day: SQL, count: SQL) -> SQL:
        """So many months later, or the last day of that month where it is too short."""
        ...

    def moved_hours(self, moment: SQL, count: SQL) -> SQL:
        """So many hours later, as they elapse."""
        ...

    def clock(self, moment: SQL, zone: str) -> SQL:
        """What the clock of a zone shows."""
        ...

    def day_of_clock(self, clock: SQL) -> SQL:
        """The day of what a clock shows."""
        ...

    def moved_clock(self, clock: SQL, day: SQL, moved: SQL) -> SQL:
        """The same time on another day."""
        ...

    def moment_of(self, clock: SQL, zone: str) -> SQL:
        """
        The moment at which a clock shows this: of a time shown twice the first, of one skipped what it would have been.
        """
        ...

    def beyond(self, items: SQL, options: SQL) -> SQL:
        """Whether a list holds something that is not among the options."""
        ...


def _call(name: str, *args: SQL) -> exp.Anonymous:
    # Not a function that sqlglot knows: those it translates, at times into something near.
    return exp.Anonymous(this=name, expressions=list(args))


def _as(value: SQL, kind: str) -> exp.Cast:
    return exp.Cast(this=value, to=exp.DataType.build(kind))


def _text(value: str) -> exp.Literal:
    return exp.Literal.string(value)


def _number(value: int) -> SQL:
    return exp.Literal.number(value)


@dataclass(frozen=True, slots=True)
class DuckDB:
    """duckdb 1.4 and later; its wheels hold the time zones."""

    name: str = "duckdb"

    def quotient(self, number: SQL, by: SQL) -> SQL:
        """`//` leaves out the part of a whole, below zero too."""
        return exp.IntDiv(this=number, expression=by)

    def moved_days(self, day: SQL, count: SQL) -> SQL:
        """A day plus a number is a day."""
        return exp.Add(this=day, expression=_as(count, "INT"))

    def moved_months(self, day: SQL, count: SQL) -> SQL:
        """With an interval a day becomes a timestamp."""
        return _as(exp.Add(this=day, expression=_call("TO_MONTHS", _as(count, "INT"))), "DATE")

    def moved_hours(self, moment: SQL, count: SQL) -> SQL:
        """An interval of hours is one of microseconds."""
        return exp.Add(this=moment, expression=_call("TO_HOURS", count))

    def clock(self, moment: SQL, zone: str) -> SQL:
        """A timestamp without a zone."""
        return _call("TIMEZONE", _text(zone), moment)

    def day_of_clock(self, clock: SQL) -> SQL:
        """The day of a timestamp."""
        return _as(clock, "DATE")

    def moved_clock(self, clock: SQL, day: SQL, moved: SQL) -> SQL:
        """By whole days."""
        days = _as(exp.Paren(this=exp.Sub(this=moved, expression=day)), "INT")
        return exp.Add(this=clock, expression=_call("TO_DAYS", days))

    def moment_of(self, clock: SQL, zone: str) -> SQL:
        """Of a time that is shown twice duckdb takes the second: so it is tried with the offset of the day before."""
        before = exp.Paren(this=exp.Sub(this=clock.copy(), expression=_call("TO_DAYS", _number(1))))
        early = exp.Add(this=_call("TIMEZONE", _text(zone), before), expression=_call("TO_HOURS", _number(24)))
        shows = exp.EQ(this=_call("TIMEZONE", _text(zone), early), expression=clock.copy())
        return exp.Case(
            ifs=[exp.If(this=shows, true=early.copy())], default=_call("TIMEZONE", _text(zone), clock.copy())
        )

    def beyond(self, items: SQL, options: SQL) -> SQL:
        """Not all of them are options."""
        return exp.Not(this=_call("LIST_HAS_ALL", options, items))


@dataclass(frozen=True, slots=True)
class Spark:
    """Spark 3.4 and later; nothing here depends on the time zone of the session."""

    name: str = "spark"

    def quotient(self, number: SQL, by: SQL) -> SQL:
        """`DIV` leaves out the part of a whole, below zero too."""
        return exp.IntDiv(this=number, expression=by)

    def moved_days(self, day: SQL, count: SQL) -> SQL:
        """`DATE_ADD` wants a short number."""
        return _call("DATE_ADD", day, _as(count, "INT"))

    def moved_months(self, day: SQL, count: SQL) -> SQL:
        """`ADD_MONTHS` takes the last day of a month that is too short."""
        return _call("ADD_MONTHS", day, _as(count, "INT"))

    def moved_hours(self, moment: SQL, count: SQL) -> SQL:
        """In microseconds."""
        elapsed = exp.Mul(this=count, expression=_number(3_600_000_000))
        return _call("TIMESTAMP_MICROS", exp.Add(this=_call("UNIX_MICROS", moment), expression=elapsed))

    def clock(self, moment: SQL, zone: str) -> SQL:
        """In microseconds since 1970 on that clock, a number."""
        return _call("UNIX_MICROS", _call("FROM_UTC_TIMESTAMP", moment, _text(zone)))

    def day_of_clock(self, clock: SQL) -> SQL:
        """The whole days of it; before 1970 there are none that count."""
        return _call("DATE_FROM_UNIX_DATE", _as(exp.IntDiv(this=clock, expression=_number(_DAY)), "INT"))

    def moved_clock(self, clock: SQL, day: SQL, moved: SQL) -> SQL:
        """By whole days."""
        days = exp.Paren(this=exp.Sub(this=_call("UNIX_DATE", moved), expression=_call("UNIX_DATE", day)))
        return exp.Add(this=clock, expression=exp.Mul(this=_as(days, "BIGINT"), expression=_number(_DAY)))

    def moment_of(self, clock: SQL, zone: str) -> SQL:
        """As Java does it, which is as it should be."""
        return _call("TO_UTC_TIMESTAMP", _call("TIMESTAMP_MICROS", clock), _text(zone))

    def beyond(self, items: SQL, options: SQL) -> SQL:
        """Something is left when the options are taken out."""
        return exp.GT(this=_call("SIZE", _call("ARRAY_EXCEPT", items, options)), expression=_number(0))


_KNOWN: Sequence[Dialect] = (DuckDB(), Spark())
DIALECTS: Mapping[str, Dialect] = {one.name: one for one in _KNOWN}


def dialect_named(name: str) -> Dialect:
    """
    A dialect, of those in which every statement was run and compared.

    >>> dialect_named("spark")
    Spark(name='spark')

    Raises:
        EngineError: it is not one of those.
    """
    if name not in DIALECTS:
        raise EngineError(f"SQL is not written for `{name}`; {did_you_mean(name, DIALECTS) or one_of(DIALECTS)}")
    return DIALECTS[name]
