"""Days and moments by stated rules."""

# The only module that imports pendulum, and not before a zone is asked for: it takes longer to import than any other
# part. What we take from it is the zones. Adding months is ours: pendulum moves to the last day of a month without
# saying so, and here the author chooses.

from __future__ import annotations

import enum
import functools
import re
from bisect import bisect_left
from collections.abc import Callable
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta, timezone
from typing import assert_never

from trainingrules.frozen import frozen

# How days, moments and periods are written; a schema can hold the same patterns.
DATE_PATTERN = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
MOMENT_PATTERN = DATE_PATTERN + r"T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2}(:[0-9]{2})?)"
PERIOD_PATTERN = r"(0|[1-9][0-9]{0,3}) (years?|months?|weeks?|days?|hours?)"

_DATE = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
# Compiled when the first is read; few policies have any.
_MOMENT = (
    rf"(?P<date>{DATE_PATTERN})T(?P<time>(?P<hour>[0-9]{{2}}):(?P<minute>[0-9]{{2}})"
    r"(:(?P<second>[0-9]{2})(\.(?P<fraction>[0-9]{1,6}))?)?)"
    r"(?P<offset>Z|(?P<sign>[+-])(?P<hours>[0-9]{2}):(?P<minutes>[0-9]{2})(:(?P<seconds>[0-9]{2}))?)?"
)
_PERIOD = r"(?P<count>0|[1-9][0-9]*) (?P<unit>[a-z]+)"

# One of each unit, in the three that are counted.
_UNITS = {"year": (12, 0, 0), "month": (1, 0, 0), "week": (0, 7, 0), "day": (0, 1, 0), "hour": (0, 0, 1)}
_MOST = 9999

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December")  # fmt: skip
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LAST_ORDINAL = date.max.toordinal()
_ONE_DAY = timedelta(days=1)
# The Gregorian calendar repeats itself after 400 years, which are exactly this many days.
_FOUR_CENTURIES = 146_097
# Names a host may hold beside the published zones; they mean another thing on another machine.
_OF_THE_HOST = frozenset({"Factory", "localtime", "posixrules"})


class MonthEnd(enum.Enum):
    """What a month too short for the day does: 31 January and one month further."""

    EARLIER = "last_day"
    LATER = "next_day"
    REFUSE = "refuse"


class DateOutOfRange(ValueError):
    """A count that leaves the calendar, which runs from the year 1 to the year 9999."""


class NoSuchDay(ValueError):
    """A count that ends on a day its month does not have, where the policy refuses to choose another."""


@frozen
class Period:
    """A length of time in one unit: months, days or hours, which are never mixed.

    >>> Period(months=18)
    Period(months=18, days=0, hours=0)
    >>> Period(months=1, days=1)
    Traceback (most recent call last):
        ...
    ValueError: months, days and hours are never mixed
    """

    months: int = 0
    days: int = 0
    hours: int = 0

    def __post_init__(self) -> None:
        counts = (self.months, self.days, self.hours)
        if any(type(count) is not int or count < 0 for count in counts):
            raise ValueError("a period is counted in whole numbers that are not negative")
        if sum(count > 0 for count in counts) > 1:
            raise ValueError("months, days and hours are never mixed")
        if self.counted[0] > _MOST:
            raise ValueError(f"a period is at most {_MOST} of its unit")

    @classmethod
    def parse(cls, text: str) -> Period:
        """
        The period a text states: a whole number of at most four digits, one space, a unit.

        >>> Period.parse("1 year") == Period.parse("12 months") == Period(months=12)
        True
        >>> Period.parse("2 fortnights")
        Traceback (most recent call last):
            ...
        ValueError: `fortnights` is not a unit of time; use years, months, weeks, days or hours
        """
        found = re.fullmatch(_PERIOD, text)
        if found is None:
            raise ValueError("a period is a whole number, one space and a unit, such as 3 months")
        unit = found["unit"].removesuffix("s")
        if unit not in _UNITS:
            raise ValueError(f"`{found['unit'][:30]}` is not a unit of time; use years, months, weeks, days or hours")
        if len(found["count"]) > len(str(_MOST)):
            raise ValueError(f"a period is at most {_MOST} of its unit")
        months, days, hours = (int(found["count"]) * each for each in _UNITS[unit])
        return cls(months, days, hours)

    @property
    def counted(self) -> tuple[int, str]:
        """
        How many of which unit: the largest that fits without a remainder, in the singular.

        >>> Period(months=24).counted, Period(days=10).counted
        ((2, 'year'), (10, 'day'))
        """
        if self.hours:
            return self.hours, "hour"
        if self.months:
            return (self.months, "month") if self.months % 12 else (self.months // 12, "year")
        return (self.days, "day") if self.days % 7 or not self.days else (self.days // 7, "week")

    def __str__(self) -> str:
        """
        The period as an author writes it; `Period.parse` reads it back.

        >>> str(Period(months=12)), str(Period(months=18)), str(Period(days=14)), str(Period(hours=48))
        ('1 year', '18 months', '2 weeks', '48 hours')
        """
        count, unit = self.counted
        return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def add(day: date, period: Period, *, month_end: MonthEnd, sign: int = 1, times: int = 1) -> date:
    """
    The day a period later, or earlier with ``sign=-1``, ``times`` over; one step from ``day``.

    Months are moved as one number, so a day is never shortened twice.

    >>> add(date(2024, 1, 31), Period.parse("1 month"), month_end=MonthEnd.EARLIER)
    datetime.date(2024, 2, 29)
    >>> add(date(2024, 1, 31), Period.parse("1 month"), month_end=MonthEnd.LATER)
    datetime.date(2024, 3, 1)
    >>> add(date(2024, 1, 31), Period.parse("1 month"), month_end=MonthEnd.EARLIER, times=2)
    datetime.date(2024, 3, 31)
    """
    _require_day(day)
    if period.hours:
        raise ValueError("hours are counted from a moment, not from a day")
    if sign not in (1, -1) or times < 0:
        raise ValueError("`sign` is 1 or -1, and `times` is not negative")
    if not period.months:
        ordinal = day.toordinal() + sign * times * period.days
        if not 1 <= ordinal <= _LAST_ORDINAL:
            raise _out_of_range(day)
        return date.fromordinal(ordinal)
    year, month = divmod(day.year * 12 + day.month - 1 + sign * times * period.months, 12)
    month += 1
    if not MINYEAR <= year <= MAXYEAR:
        raise _out_of_range(day)
    if day.day <= _days_in(year, month):
        return date(year, month, day.day)
    match month_end:
        case MonthEnd.EARLIER:
            return date(year, month, _days_in(year, month))
        case MonthEnd.LATER:
            return date(year, month + 1, 1)  # a month too short is never December
        case MonthEnd.REFUSE:
            raise NoSuchDay(_no_such_day(year, month, day.day))
        case never:
            assert_never(never)


def add_to_moment(moment: datetime, period: Period, *, month_end: MonthEnd, zone: str, sign: int = 1) -> datetime:
    """
    The moment a period later, or earlier with ``sign=-1``, told in the zone.

    Hours elapse, whatever the clock does. Days and months move the day in the zone and keep the time
    on its clock; a time the clock skips moves forward by what was skipped, of a time it shows twice
    the earlier is meant.

    >>> summer_ends = parse_moment("2024-10-26T12:00:00+02:00")
    >>> for text in ("24 hours", "1 day"):
    ...     write_moment(add_to_moment(summer_ends, Period.parse(text), month_end=MonthEnd.EARLIER,
    ...                                zone="Europe/Amsterdam"))
    '2024-10-27T11:00:00+01:00'
    '2024-10-27T12:00:00+01:00'
    """
    if sign not in (1, -1):
        raise ValueError("`sign` is 1 or -1")
    if period.months or period.days:
        local = _in_zone(moment, zone)
        day = add(local.date(), period, month_end=month_end, sign=sign)
        # On its way through UTC a skipped time (fold 0: read with the offset before) lands after the gap.
        moved = datetime.combine(day, local.time().replace(fold=0), tzinfo=local.tzinfo)
    else:
        try:
            moved = _in_utc(moment) + sign * timedelta(hours=period.hours)
        except OverflowError:
            raise _out_of_range(moment) from None
    return _with_offset(_in_zone(moved, zone))


def day_of(when: date | datetime, zone: str) -> date:
    """
    The day something happens on: of a moment its day in the zone, of a day itself.

    >>> day_of(parse_moment("2024-06-20T23:30:00Z"), "Europe/Amsterdam")
    datetime.date(2024, 6, 21)
    """
    if isinstance(when, datetime):
        return _in_zone(when, zone).date()
    _require_day(when)
    return date(when.year, when.month, when.day)


def offset_changes(start: datetime, end: datetime, zone: str) -> bool:
    """
    Whether the clock of the zone is changed between two moments, in either order.

    It is looked at every 24 hours: a change undone within a day goes unseen.

    >>> before, after = parse_moment("2024-10-26T12:00Z"), parse_moment("2024-10-29T12:00Z")
    >>> offset_changes(before, after, "Europe/Amsterdam"), offset_changes(before, after, "UTC")
    (True, False)
    """
    at, last = sorted((_in_utc(start), _in_utc(end)))
    offset = _in_zone(at, zone).utcoffset()
    while at < last:
        at += min(_ONE_DAY, last - at)
        if _in_zone(at, zone).utcoffset() != offset:
            return True
    return False


@functools.lru_cache(maxsize=64)
def zone_exists(name: str) -> bool:
    """
    Whether this is a published time zone, in its exact spelling.

    >>> zone_exists("Europe/Amsterdam"), zone_exists("europe/amsterdam"), zone_exists("localtime")
    (True, False, False)
    """
    import pendulum

    return name in pendulum.timezones() and name not in _OF_THE_HOST


def parse_date(text: str) -> date:
    """
    The day a text states; only year-month-day is read, and only days that exist.

    >>> parse_date("2026-02-28")
    datetime.date(2026, 2, 28)
    >>> parse_date("2026-02-30")
    Traceback (most recent call last):
        ...
    ValueError: there is no 30 February 2026; that month has 28 days
    """
    found = _DATE.fullmatch(text)
    if found is None:
        raise ValueError("a date is written as year-month-day, such as 2026-02-28")
    year, month, day = int(found["year"]), int(found["month"]), int(found["day"])
    if year < MINYEAR:
        raise ValueError("there is no year 0000; the calendar begins with 0001")
    if not 1 <= month <= 12:
        raise ValueError(f"there is no month {found['month']}; months run from 01 to 12")
    if not 1 <= day <= _days_in(year, month):
        raise ValueError(_no_such_day(year, month, day))
    return date(year, month, day)


def parse_moment(text: str) -> datetime:
    """
    The moment a text states: a day, a time and an offset.

    >>> write_moment(parse_moment("2024-06-20T09:30+02:00"))
    '2024-06-20T09:30:00+02:00'
    >>> parse_moment("2024-06-20T09:30:00")
    Traceback (most recent call last):
        ...
    ValueError: a moment needs its offset, such as 2024-06-20T09:30:00+02:00
    """
    found = re.fullmatch(_MOMENT, text)
    if found is None:
        raise ValueError("a moment is written as a date, a time and an offset, such as 2024-06-20T09:30:00+02:00")
    if found["offset"] is None:
        raise ValueError("a moment needs its offset, such as 2024-06-20T09:30:00+02:00")
    day = parse_date(found["date"])
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError(f"there is no time {found['time']}; times run from 00:00:00 to 23:59:59")
    microsecond = int((found["fraction"] or "").ljust(6, "0"))
    hours, minutes, seconds = (int(found[part] or 0) for part in ("hours", "minutes", "seconds"))
    if hours > 23 or minutes > 59 or seconds > 59:
        raise ValueError(f"there is no offset {found['offset']}; offsets stay under 24:00")
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    zone = timezone(-offset if found["sign"] == "-" else offset)
    return datetime.combine(day, time(hour, minute, second, microsecond), tzinfo=zone)


def write_date(day: date) -> str:
    """
    A day as it is written; `parse_date` reads it back.

    >>> write_date(date(2026, 2, 28))
    '2026-02-28'
    """
    _require_day(day)
    return day.isoformat()


def write_moment(moment: datetime) -> str:
    """
    A moment as it is written, its seconds always, parts of a second when there are any.

    >>> write_moment(datetime(2024, 6, 20, 9, 30, tzinfo=UTC))
    '2024-06-20T09:30:00+00:00'
    """
    _require_moment(moment)
    return moment.isoformat()


@frozen
class Round:
    """One turn of a cycle, from ``first`` up to but not including ``expiry``; numbered from 1.

    >>> Round(1, date(2026, 1, 1), date(2027, 1, 1)).last
    datetime.date(2026, 12, 31)
    """

    number: int
    first: date
    expiry: date

    @property
    def last(self) -> date:
        """The last day that belongs to it: the day before it expires."""
        return self.expiry - _ONE_DAY


def round_at(anchor: date, every: Period, number: int, *, month_end: MonthEnd) -> Round:
    """
    The round of this number, counted from the anchor and not from the round before.

    >>> round_at(date(2024, 2, 29), Period.parse("1 year"), 4, month_end=MonthEnd.EARLIER)
    Round(number=4, first=datetime.date(2027, 2, 28), expiry=datetime.date(2028, 2, 29))
    """
    _require_length(every)
    if number < 1:
        raise ValueError("rounds are numbered from 1")
    return Round(
        number,
        add(anchor, every, month_end=month_end, times=number - 1),
        add(anchor, every, month_end=month_end, times=number),
    )


def round_on(anchor: date, every: Period, day: date, *, month_end: MonthEnd, rounds: int | None = None) -> int | None:
    """
    The number of the round a day belongs to; none before the anchor or after the last of ``rounds``.

    Where the policy refuses to choose a day, so does this: as `round_at` of that round would.

    >>> round_on(date(2024, 1, 31), Period.parse("1 month"), date(2024, 2, 29), month_end=MonthEnd.EARLIER)
    2
    >>> round_on(date(2024, 1, 31), Period.parse("1 month"), date(2024, 2, 29), month_end=MonthEnd.LATER)
    1
    """
    _require_day(anchor)
    _require_day(day)
    _require_length(every)
    if rounds is not None and rounds < 1:
        raise ValueError("a cycle has at least one round")
    if day < anchor:
        return None
    if every.days:
        number = (day - anchor).days // every.days + 1
    else:
        # Of the rounds that start in the month of the day, or last before it, the start decides:
        # it may be still to come. Where the start is refused, the last day stands in for it.
        number = ((day.year - anchor.year) * 12 + day.month - anchor.month) // every.months + 1
        settled = MonthEnd.EARLIER if month_end is MonthEnd.REFUSE else month_end
        if add(anchor, every, month_end=settled, times=number - 1) > day:
            number -= 1
    if month_end is MonthEnd.REFUSE:
        round_at(anchor, every, number if rounds is None else min(number, rounds), month_end=month_end)
    return number if rounds is None or number <= rounds else None


def earliest_keeping(fulfils: Callable[[date], bool], near: date) -> date | None:
    """
    The first day that fulfils, of days that do from some day on; none when none does.

    The days within 400 years of ``near`` are searched, as far as the calendar goes; where all of them
    fulfil, it is the first of those. What ``fulfils`` raises comes through.

    >>> deadline = date(2024, 2, 29)
    >>> def in_time(start):
    ...     return deadline <= add(start, Period.parse("3 months"), month_end=MonthEnd.EARLIER, sign=-1)
    >>> earliest_keeping(in_time, near=deadline)
    datetime.date(2024, 5, 29)
    """
    _require_day(near)
    days = range(
        max(1, near.toordinal() - _FOUR_CENTURIES),
        min(_LAST_ORDINAL, near.toordinal() + _FOUR_CENTURIES) + 1,
    )
    found = bisect_left(days, True, key=lambda ordinal: fulfils(date.fromordinal(ordinal)))
    return date.fromordinal(days[found]) if found < len(days) else None


def _days_in(year: int, month: int) -> int:
    return 29 if month == 2 and is_leap_year(year) else _LENGTHS[month - 1]


def is_leap_year(year: int) -> bool:
    """
    Whether it has a 29 February.

    >>> [year for year in (1900, 2000, 2024, 2026) if is_leap_year(year)]
    [2000, 2024]
    """
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _no_such_day(year: int, month: int, day: int) -> str:
    return f"there is no {day} {_MONTHS[month - 1]} {year:04}; that month has {_days_in(year, month)} days"


def _out_of_range(start: date | datetime) -> DateOutOfRange:
    return DateOutOfRange(f"counted from {start.isoformat()} this leaves the calendar of years 1 to 9999")


def _require_day(day: object) -> None:
    if isinstance(day, datetime):
        raise TypeError("a moment is not a day; take its day in a zone first")
    if not isinstance(day, date):
        raise TypeError("a day is wanted here")


def _require_moment(moment: object) -> None:
    if not isinstance(moment, datetime):
        raise TypeError("a moment is wanted here")
    if moment.utcoffset() is None:
        raise ValueError("a moment needs its offset, such as 2024-06-20T09:30:00+02:00")


def _require_length(every: Period) -> None:
    if every.hours or not (every.months or every.days):
        raise ValueError("the rounds of a cycle last a number of days or months")


@functools.lru_cache(maxsize=64)
def _zone(name: str) -> Callable[[datetime], datetime]:
    """What puts a moment on the clock of a zone."""
    import pendulum

    if not zone_exists(name):
        raise ValueError(f"`{name}` is not a time zone; one is Europe/Amsterdam")
    return pendulum.Timezone(name).convert


def _in_utc(moment: datetime) -> datetime:
    """A plain moment in UTC, whatever subclass came in."""
    _require_moment(moment)
    try:
        return datetime.combine(moment, moment.timetz()).astimezone(UTC)
    except OverflowError:
        raise _out_of_range(moment) from None


def _in_zone(moment: datetime, zone: str) -> datetime:
    try:
        return _zone(zone)(_in_utc(moment))
    except OverflowError:
        raise _out_of_range(moment) from None


def _with_offset(moment: datetime) -> datetime:
    """
    The same moment with a fixed offset. Two moments that share a zone are subtracted and compared
    by their clocks, not by the time between them; two with offsets are not.
    """
    return moment.replace(tzinfo=timezone(moment.utcoffset() or timedelta()), fold=0)
