"""Days and moments: tables a person judged, and laws that hold from 1900 to 2100."""

from __future__ import annotations

import calendar as months_of_python
import dataclasses
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from pathlib import Path

import pendulum
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trainingrules import calendar
from trainingrules.calendar import (
    DateOutOfRange,
    MonthEnd,
    NoSuchDay,
    Period,
    Round,
    add,
    add_to_moment,
    day_of,
    earliest_keeping,
    offset_changes,
    parse_date,
    parse_moment,
    round_at,
    round_on,
    write_date,
    write_moment,
    zone_exists,
)

AMSTERDAM = "Europe/Amsterdam"
# Half an hour of summer time, summer time that pauses, a day that was skipped whole, none at all.
ZONES = [AMSTERDAM, "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia", "UTC"]
A_DAY = timedelta(days=1)
SETTLED = [MonthEnd.EARLIER, MonthEnd.LATER]


def table(name: str) -> list[list[str]]:
    """The rows under the heading; the last column may hold a `;` of its own."""
    text = (Path(__file__).parent / "vectors" / name).read_text(encoding="utf-8")
    heading, *rows = (line for line in text.splitlines() if not line.startswith("#"))
    return [[cell.strip() for cell in row.split(";", heading.count(";"))] for row in rows]


def length(year: int, month: int) -> int:
    return months_of_python.monthrange(year, month)[1]


def month_number(day: date) -> int:
    return day.year * 12 + day.month


days = st.dates(date(1900, 1, 1), date(2100, 12, 31))
late_days = days.filter(lambda day: day.day >= 28)
month_ends = st.sampled_from(MonthEnd)
settled = st.sampled_from(SETTLED)
signs = st.sampled_from([1, -1])
in_months = st.builds(Period, months=st.integers(1, 240))
in_days = st.builds(Period, days=st.integers(1, 5000))
in_hours = st.builds(Period, hours=st.integers(0, 9999))
lengths = st.one_of(in_months, in_days)
zones = st.sampled_from(ZONES)
offsets = st.builds(timezone, st.builds(timedelta, minutes=st.integers(-14 * 60, 14 * 60)))
moments = st.builds(datetime.combine, days, st.times(), offsets)
anchors = st.one_of(days, late_days)


# ------------------------------------------------------------------------------------------------- periods


@pytest.mark.parametrize(("kind", "text", "outcome"), table("texts.csv"))
def test_texts_are_read_as_the_table_says(kind: str, text: str, outcome: str) -> None:
    """
    A text states one day, moment or period, or it is refused with a reason a person can use.
    """

    def written() -> str:
        match kind:
            case "day":
                return write_date(parse_date(text))
            case "moment":
                return write_moment(parse_moment(text))
            case _:
                return str(Period.parse(text))

    if outcome.startswith("refused: "):
        with pytest.raises(ValueError, match=f"^{re.escape(outcome.removeprefix('refused: '))}$"):
            written()
    else:
        assert written() == outcome


@pytest.mark.parametrize("read", [parse_date, parse_moment, Period.parse])
@pytest.mark.parametrize("text", ["", " ", "\n", "2026-02-28\n", "2024-06-20T09:30:00Z\n", "3 months\n", " 3 months"])
def test_white_space_around_a_text_is_not_overlooked(read, text):
    """
    What is read is the whole text.
    """
    with pytest.raises(ValueError, match=r"is written as|is a whole number"):
        read(text)


@given(st.one_of(in_months, in_days, in_hours))
@example(Period())
@example(Period(months=9999 * 12))
@example(Period(days=9999 * 7))
def test_a_period_survives_writing(period):
    """
    parse(str(period)) == period, and the text fits the published pattern.
    """
    assert Period.parse(str(period)) == period
    assert re.fullmatch(calendar.PERIOD_PATTERN, str(period))


@given(
    st.integers(0, 9999),
    st.sampled_from(["year", "month", "week", "day", "hour"]),
    st.sampled_from(["", "s"]),
)
def test_a_period_means_what_its_unit_means(count, unit, plural):
    """
    A year is twelve months and a week seven days; singular and plural are one.
    """
    per_unit = {"year": Period(months=12), "month": Period(months=1), "week": Period(days=7)}
    per_unit |= {"day": Period(days=1), "hour": Period(hours=1)}
    one = per_unit[unit]
    assert Period.parse(f"{count} {unit}{plural}") == Period(one.months * count, one.days * count, one.hours * count)


@pytest.mark.parametrize("wrong", [-1, 1.0, True, "3", None])
@pytest.mark.parametrize("unit", ["months", "days", "hours"])
def test_a_period_counts_in_whole_numbers(unit, wrong):
    """
    No halves, no negatives; and True is not 1.
    """
    with pytest.raises(ValueError, match="whole numbers"):
        Period(**{unit: wrong})


@pytest.mark.parametrize("mixed", [{"months": 1, "days": 1}, {"days": 1, "hours": 1}, {"months": 1, "hours": 1}])
def test_units_are_never_mixed(mixed):
    """
    A month and a day together have no one meaning.
    """
    with pytest.raises(ValueError, match="never mixed"):
        Period(**mixed)


@pytest.mark.parametrize("long", [{"months": 10_001}, {"months": 120_000}, {"days": 10_000}, {"hours": 10_000}])
def test_a_period_that_cannot_be_written_cannot_be_made(long):
    """
    Every period has a text that is read back.
    """
    with pytest.raises(ValueError, match="at most 9999"):
        Period(**long)


def test_values_are_frozen():
    """
    Nothing is changed after it is made.
    """
    with pytest.raises(dataclasses.FrozenInstanceError):
        Period(months=1).months = 2  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        Round(1, date(2026, 1, 1), date(2027, 1, 1)).number = 2  # type: ignore[misc]


# ---------------------------------------------------------------------------------------- adding to a day


@pytest.mark.parametrize(
    ("day", "way", "period", "month_end", "result"),
    table("add_period.csv") + [row[:5] for row in table("add_period_upstream.csv")],
)
def test_adding_follows_the_table(day: str, way: str, period: str, month_end: str, result: str) -> None:
    """
    A day and a period make the day in the table, or are refused.
    """

    def reached() -> date:
        sign = {"on": 1, "back": -1}[way]
        return add(parse_date(day), Period.parse(period), month_end=MonthEnd(month_end), sign=sign)

    if result == "none":
        with pytest.raises(NoSuchDay, match=r"^there is no (29|30|31) \w+ [0-9]{4}; that month has [0-9]{2} days$"):
            reached()
    else:
        assert reached() == parse_date(result)


@given(anchors, in_months, signs, st.integers(0, 3))
def test_a_day_is_never_shortened_twice(day, period, sign, times):
    """
    However many months, the result hangs on the day and the month reached, and on no month between.
    """
    reached = add(day, period, month_end=MonthEnd.EARLIER, sign=sign, times=times)
    assert month_number(reached) == month_number(day) + sign * times * period.months
    assert reached.day == min(day.day, length(reached.year, reached.month))


@given(anchors, st.integers(-1000, 1000))
def test_the_last_day_is_where_pendulum_ends(day, months):
    """
    The rule that pendulum follows unasked is our EARLIER.
    """
    theirs = pendulum.Date(day.year, day.month, day.day).add(months=months)
    sign = 1 if months >= 0 else -1
    assert add(day, Period(months=abs(months)), month_end=MonthEnd.EARLIER, sign=sign) == theirs


@given(anchors, in_months, signs)
def test_the_rules_differ_only_where_the_day_is_missing(day, period, sign):
    """
    EARLIER <= LATER, a day apart; where they agree REFUSE agrees too, where they do not it refuses.
    """
    earlier = add(day, period, month_end=MonthEnd.EARLIER, sign=sign)
    later = add(day, period, month_end=MonthEnd.LATER, sign=sign)
    if earlier == later:
        assert add(day, period, month_end=MonthEnd.REFUSE, sign=sign) == earlier
        assert earlier.day == day.day
    else:
        assert later == earlier + A_DAY
        assert later.day == 1
        with pytest.raises(NoSuchDay):
            add(day, period, month_end=MonthEnd.REFUSE, sign=sign)


@given(anchors, anchors, lengths, settled, signs)
def test_the_order_of_days_is_kept(one, other, period, month_end, sign):
    """
    Who starts no later, on or back, ends no later.
    """
    first, second = sorted((one, other))
    moved = [add(day, period, month_end=month_end, sign=sign) for day in (first, second)]
    assert moved == sorted(moved)


@given(anchors, in_months, st.integers(0, 20), st.integers(0, 20), settled)
def test_more_of_a_period_is_never_less(day, period, few, more, month_end):
    """
    Counting further never ends sooner.
    """
    fewer, most = sorted((few, more))
    assert add(day, period, month_end=month_end, times=fewer) <= add(day, period, month_end=month_end, times=most)


@given(days, in_days, month_ends, signs, st.integers(0, 5))
def test_days_are_days(day, period, month_end, sign, times):
    """
    In days there is no month end, and back undoes on.
    """
    reached = add(day, period, month_end=month_end, sign=sign, times=times)
    assert reached - day == sign * times * timedelta(days=period.days)
    assert add(reached, period, month_end=month_end, sign=-sign, times=times) == day


@given(days.filter(lambda day: day.day <= 28), in_months, month_ends, signs)
def test_up_to_the_28th_back_undoes_on(day, period, month_end, sign):
    """
    Every month has a 28th, so there the rules have nothing to choose.
    """
    there = add(day, period, month_end=month_end, sign=sign)
    assert there.day == day.day
    assert add(there, period, month_end=month_end, sign=-sign) == day


def test_a_day_of_31_returns_after_a_short_month():
    """
    Two months from 31 January is 31 March; a month and a month would be 29 March.
    """
    day, month = date(2024, 1, 31), Period.parse("1 month")
    chained = add(add(day, month, month_end=MonthEnd.EARLIER), month, month_end=MonthEnd.EARLIER)
    assert add(day, month, month_end=MonthEnd.EARLIER, times=2) == date(2024, 3, 31)
    assert chained == date(2024, 3, 29)


def test_eighteen_is_reached_on_the_birthday():
    """
    Who was born on 8 April 2000 is not eighteen on 7 April 2018.
    """
    eighteen = add(date(2000, 4, 8), Period.parse("18 years"), month_end=MonthEnd.REFUSE)
    assert date(2018, 4, 7) < eighteen == date(2018, 4, 8)


@pytest.mark.parametrize(
    ("day", "period", "sign", "times"),
    [
        (date(9999, 12, 1), Period(months=1), 1, 1),
        (date(9999, 12, 31), Period(days=1), 1, 1),
        (date(1, 1, 1), Period(days=1), -1, 1),
        (date(1, 1, 31), Period(months=1), -1, 1),
        (date(2026, 1, 1), Period.parse("9999 years"), 1, 1),
        (date(2026, 1, 1), Period.parse("9999 years"), -1, 10**30),
        (date(2026, 1, 1), Period.parse("9999 weeks"), 1, 10**30),
    ],
)
@pytest.mark.parametrize("month_end", MonthEnd)
def test_the_calendar_has_two_ends(day, period, sign, times, month_end):
    """
    Before the year 1 and after 9999 there is no day to answer.
    """
    with pytest.raises(DateOutOfRange, match=f"counted from {day} this leaves the calendar"):
        add(day, period, month_end=month_end, sign=sign, times=times)


@pytest.mark.parametrize("month_end", MonthEnd)
def test_hours_are_not_added_to_a_day(month_end):
    """
    48 hours are not two days.
    """
    with pytest.raises(ValueError, match="from a moment"):
        add(date(2026, 1, 1), Period(hours=48), month_end=month_end)


@pytest.mark.parametrize("wrong", [{"sign": 0}, {"sign": 2}, {"times": -1}])
def test_ways_that_are_neither_on_nor_back_are_refused(wrong):
    """
    The sign says the way, and only the way.
    """
    with pytest.raises(ValueError, match="`sign` is 1 or -1"):
        add(date(2026, 1, 1), Period(days=1), month_end=MonthEnd.EARLIER, **wrong)


@pytest.mark.parametrize("word", [*(rule.value for rule in MonthEnd), None])
def test_a_rule_is_never_taken_for_another(word):
    """
    A word is not a rule yet, and none is chosen for who chose none.
    """
    with pytest.raises(AssertionError):
        add(date(2026, 1, 31), Period(months=1), month_end=word)


MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "take",
    [
        lambda wrong: add(wrong, Period(days=1), month_end=MonthEnd.EARLIER),
        lambda wrong: round_on(wrong, Period(days=1), date(2026, 1, 1), month_end=MonthEnd.EARLIER),
        lambda wrong: round_on(date(2026, 1, 1), Period(days=1), wrong, month_end=MonthEnd.EARLIER),
        lambda wrong: earliest_keeping(lambda day: True, near=wrong),
        write_date,
    ],
)
def test_a_moment_is_not_a_day(take):
    """
    To Python every datetime is a date; to us none is, nor is a text.
    """
    with pytest.raises(TypeError, match="a moment is not a day"):
        take(MOMENT)
    with pytest.raises(TypeError, match="a day is wanted here"):
        take("2026-01-01")


@pytest.mark.parametrize("period", [Period(), Period(days=3), Period(months=3)])
@pytest.mark.parametrize("month_end", MonthEnd)
def test_what_comes_out_is_a_plain_date(period, month_end):
    """
    A pendulum date may come in; what leaves is of the standard library.
    """
    guest = pendulum.Date(2026, 1, 15)
    assert type(add(guest, period, month_end=month_end)) is date
    assert type(day_of(guest, AMSTERDAM)) is date
    assert type(round_at(guest, Period(days=1), 1, month_end=month_end).first) is date


# ------------------------------------------------------------------------------------- adding to a moment


@pytest.mark.parametrize(("moment", "way", "period", "zone", "result", "clock"), table("add_to_moment.csv"))
def test_moments_follow_the_table(moment: str, way: str, period: str, zone: str, result: str, clock: str) -> None:
    """
    A moment and a period make the moment in the table, in the clock of the zone.
    """
    start = parse_moment(moment)
    sign = {"on": 1, "back": -1}[way]
    end = add_to_moment(start, Period.parse(period), month_end=MonthEnd.EARLIER, zone=zone, sign=sign)
    assert write_moment(end) == result
    assert offset_changes(start, end, zone) is (clock == "changed")
    assert offset_changes(end, start, zone) is (clock == "changed")


@given(moments, in_hours, zones, signs, month_ends)
def test_hours_elapse(moment, period, zone, sign, month_end):
    """
    Between a moment and 72 hours later lie 72 hours, whatever the clock did.
    """
    reached = add_to_moment(moment, period, month_end=month_end, zone=zone, sign=sign)
    assert reached - moment == sign * timedelta(hours=period.hours)
    assert reached.utcoffset() == reached.astimezone(pendulum.timezone(zone)).utcoffset()


@given(moments, lengths, zones, signs, settled)
@example(parse_moment("2011-12-29T12:00:00-10:00"), Period(days=1), "Pacific/Apia", 1, MonthEnd.EARLIER)
@example(parse_moment("2024-03-30T02:30:00+01:00"), Period(days=1), AMSTERDAM, 1, MonthEnd.EARLIER)
@example(parse_moment("2024-10-26T02:30:00+02:00"), Period(days=1), AMSTERDAM, 1, MonthEnd.EARLIER)
def test_days_keep_the_time_on_the_clock(moment, period, zone, sign, month_end):
    """
    The day moves as a day does and the clock shows the same time; of two such moments it is the
    earlier, and where there is none it is later by the time that was skipped.
    """
    clock = pendulum.timezone(zone)
    before = moment.astimezone(clock)
    reached = add_to_moment(moment, period, month_end=month_end, zone=zone, sign=sign)
    wanted = datetime.combine(add(before.date(), period, month_end=month_end, sign=sign), before.time())
    shown = reached.astimezone(clock).replace(tzinfo=None, fold=0)
    first, second = (wanted.replace(tzinfo=clock, fold=fold).utcoffset() for fold in (0, 1))
    assert first is not None
    assert second is not None
    if first >= second:
        assert shown == wanted
        assert reached.utcoffset() == first
    else:
        assert shown == wanted + (second - first)
        assert reached.utcoffset() == second


@given(moments, zones, month_ends)
def test_nothing_added_is_the_same_moment(moment, zone, month_end):
    """
    Only its clock may be another: the zone's.
    """
    assert add_to_moment(moment, Period(), month_end=month_end, zone=zone) == moment


def test_the_second_of_two_equal_times_is_kept_when_nothing_is_added():
    """
    The hour that is shown twice has two moments for each time.
    """
    second = datetime(2024, 10, 27, 2, 30, tzinfo=pendulum.timezone(AMSTERDAM), fold=1)
    same = add_to_moment(second, Period(), month_end=MonthEnd.REFUSE, zone=AMSTERDAM)
    assert write_moment(same) == "2024-10-27T02:30:00+01:00"


def test_a_moment_leaves_as_a_plain_one_with_an_offset():
    """
    Two moments of one zone are subtracted by their clocks; with offsets, by the time between.
    """
    start = pendulum.datetime(2024, 10, 26, 12, tz=AMSTERDAM)
    end = add_to_moment(start, Period(days=1), month_end=MonthEnd.EARLIER, zone=AMSTERDAM)
    assert type(end) is datetime
    assert type(end.tzinfo) is timezone
    assert end - add_to_moment(start, Period(), month_end=MonthEnd.EARLIER, zone=AMSTERDAM) == timedelta(hours=25)


def test_a_month_too_short_is_refused_for_moments_too():
    """
    The rule for month ends is one, for days and for moments.
    """
    moment = parse_moment("2024-01-31T12:00:00+01:00")
    with pytest.raises(NoSuchDay, match="31 February 2024"):
        add_to_moment(moment, Period(months=1), month_end=MonthEnd.REFUSE, zone=AMSTERDAM)


@pytest.mark.parametrize("sign", [0, 2])
def test_a_moment_too_moves_on_or_back(sign):
    """
    The sign says the way, and only the way.
    """
    with pytest.raises(ValueError, match="`sign` is 1 or -1"):
        add_to_moment(MOMENT, Period(hours=1), month_end=MonthEnd.REFUSE, zone="UTC", sign=sign)


FIRST = datetime(1, 1, 1, tzinfo=UTC)
LAST = datetime(9999, 12, 31, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "period", "sign", "zone"),
    [
        (LAST, Period(hours=1), 1, "UTC"),
        (FIRST, Period(hours=1), -1, "UTC"),
        (LAST, Period(days=1), 1, "UTC"),
        (LAST, Period(), 1, AMSTERDAM),
        (FIRST, Period(), 1, "America/New_York"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=2))), Period(), 1, "UTC"),
        (datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-2))), Period(), 1, "UTC"),
    ],
)
def test_moments_stay_in_the_calendar(moment, period, sign, zone):
    """
    Also where only the clock of another zone is past its end.
    """
    with pytest.raises(DateOutOfRange, match="leaves the calendar"):
        add_to_moment(moment, period, month_end=MonthEnd.EARLIER, zone=zone, sign=sign)


class Nowhere(tzinfo):
    """A zone that knows no offset."""

    def utcoffset(self, dt: datetime | None) -> None:
        return None

    dst = tzname = utcoffset


@pytest.mark.parametrize(
    "take",
    [
        lambda moment: add_to_moment(moment, Period(hours=1), month_end=MonthEnd.EARLIER, zone="UTC"),
        lambda moment: offset_changes(moment, MOMENT, "UTC"),
        lambda moment: offset_changes(MOMENT, moment, "UTC"),
        write_moment,
    ],
)
def test_a_moment_has_an_offset(take):
    """
    Half past nine without a place is no moment, and neither is a day.
    """
    for without in (datetime(2024, 6, 20, 9, 30), datetime(2024, 6, 20, 9, 30, tzinfo=Nowhere())):  # noqa: DTZ001
        with pytest.raises(ValueError, match="a moment needs its offset"):
            take(without)
    with pytest.raises(TypeError, match="a moment is wanted here"):
        take(date(2024, 6, 20))


# -------------------------------------------------------------------------------------------------- zones


@given(moments, zones)
def test_a_moment_counts_as_its_day_in_the_zone(moment, zone):
    """
    Its day is the one on the zone's wall, not the one it was written with.
    """
    day = day_of(moment, zone)
    clock = pendulum.timezone(zone)
    assert type(day) is date
    assert day == moment.astimezone(clock).date()


@given(days, zones)
def test_a_day_is_its_own_day(day, zone):
    """
    A day has no zone.
    """
    assert day_of(day, zone) == day


@pytest.mark.parametrize("wrong", ["2026-01-01", None, 5])
def test_what_is_neither_has_no_day(wrong):
    """
    Only days and moments have one.
    """
    with pytest.raises(TypeError, match="a day is wanted here"):
        day_of(wrong, AMSTERDAM)


def test_a_day_of_a_moment_without_offset_is_not_guessed():
    """
    Without its offset a moment near midnight could be on either day.
    """
    with pytest.raises(ValueError, match="needs its offset"):
        day_of(datetime(2024, 6, 20, 9, 30), AMSTERDAM)  # noqa: DTZ001


def test_a_clock_changed_and_changed_back_has_changed():
    """
    From winter to winter the offset is the same and the clock was changed twice.
    """
    winter, next_winter = parse_moment("2024-01-15T12:00Z"), parse_moment("2025-01-15T12:00Z")
    assert offset_changes(winter, next_winter, AMSTERDAM)
    assert not offset_changes(winter, next_winter, "UTC")
    assert not offset_changes(winter, winter, AMSTERDAM)


def test_the_last_hours_of_the_calendar_can_be_looked_at():
    """
    Looking stops at the end asked for, and steps no further.
    """
    assert not offset_changes(datetime(9999, 12, 1, tzinfo=UTC), LAST, "UTC")
    with pytest.raises(DateOutOfRange):
        offset_changes(LAST - A_DAY, LAST, AMSTERDAM)


@pytest.mark.parametrize("name", [*ZONES, "Asia/Kathmandu", "America/Argentina/Buenos_Aires", "Etc/GMT+1"])
def test_published_zones_exist(name):
    """
    The names are those of the IANA database.
    """
    assert zone_exists(name)
    assert abs(day_of(MOMENT, name) - date(2026, 1, 1)) <= A_DAY


ODD_NAMES = [
    "",
    "local",
    "localtime",
    "Factory",
    "posixrules",
    "utc",
    "europe/amsterdam",
    "Europe",
    "Europe/",
]
ODD_NAMES += [
    "Europe/Utrecht",
    "+01:00",
    "../etc/passwd",
    "/etc/localtime",
    "Europe/Amsterdam\n",
    "a\0b",
    "x" * 5000,
]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_other_names_are_no_zones(name):
    """
    Not the host's own names, nor another spelling, nor a path.
    """
    assert not zone_exists(name)
    with pytest.raises(ValueError, match="is not a time zone; one is Europe/Amsterdam"):
        day_of(MOMENT, name)


# -------------------------------------------------------------------------------------------------- texts


@given(st.dates())
def test_a_day_survives_writing(day):
    """
    parse(write(day)) == day, and the text fits the published pattern.
    """
    assert parse_date(write_date(day)) == day
    assert re.fullmatch(calendar.DATE_PATTERN, write_date(day))


@given(st.datetimes(timezones=offsets))
def test_a_moment_survives_writing(moment):
    """
    parse(write(moment)) is the same moment with the same offset, and fits the published pattern.
    """
    back = parse_moment(write_moment(moment))
    assert back == moment
    assert back.utcoffset() == moment.utcoffset()
    assert re.fullmatch(calendar.MOMENT_PATTERN, write_moment(moment))


@given(moments, zones, in_hours)
def test_a_moment_we_made_survives_writing(moment, zone, period):
    """
    Also with the offsets of long ago, which had seconds.
    """
    made = add_to_moment(moment, period, month_end=MonthEnd.EARLIER, zone=zone)
    assert parse_moment(write_moment(made)) == made


def refused(read: Callable[[str], object], text: str) -> str:
    """Why, or nothing when it is read."""
    try:
        read(text)
    except ValueError as fault:
        return str(fault) or "no reason"
    return ""


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_with_a_reason(text):
    """
    Nothing but a ValueError comes out, and it says something.
    """
    assert "no reason" not in {refused(read, text) for read in (parse_date, parse_moment, Period.parse)}


@given(st.from_regex(calendar.DATE_PATTERN, fullmatch=True))
@example("2024-02-29")
@example("2023-02-29")
def test_days_that_look_right_exist_or_are_refused(text):
    """
    What is read is written the same again; what is refused, Python refuses too.
    """
    reason = refused(parse_date, text)
    assert bool(reason) == bool(refused(date.fromisoformat, text))
    assert reason.startswith("there is no ") if reason else write_date(parse_date(text)) == text


@given(st.from_regex(calendar.MOMENT_PATTERN, fullmatch=True))
@example("2024-06-20T09:30:00.123Z")
@example("2024-06-20T09:30:00.123-01:02:03")
def test_moments_that_look_right_exist_or_are_refused(text):
    """
    What is read, Python reads the same.
    """
    reason = refused(parse_moment, text)
    assert reason.startswith("there is no ") if reason else parse_moment(text) == datetime.fromisoformat(text)


# ------------------------------------------------------------------------------------------------- rounds


@pytest.mark.parametrize(("anchor", "every", "month_end", "number", "first", "last", "expiry"), table("rounds.csv"))
def test_rounds_follow_the_table(
    anchor: str, every: str, month_end: str, number: str, first: str, last: str, expiry: str
) -> None:
    """
    Each round has the days in the table, and each of those days that round.
    """
    start, period, rule = parse_date(anchor), Period.parse(every), MonthEnd(month_end)
    found = round_at(start, period, int(number), month_end=rule)
    assert (found.number, found.first, found.last, found.expiry) == (
        int(number),
        parse_date(first),
        parse_date(last),
        parse_date(expiry),
    )
    # Under `refuse` a round beside it may have no days; here it is the days of this round that count.
    for day in (found.first, found.last):
        assert round_on(start, period, day, month_end=rule) == int(number)


numbers = st.integers(1, 60)


@given(anchors, lengths, numbers, settled)
def test_the_nth_round_starts_at_the_anchor_and_n_less_one_periods(anchor, every, number, month_end):
    """
    Counted from the anchor, so a short month on the way leaves no trace.
    """
    found = round_at(anchor, every, number, month_end=month_end)
    whole = number - 1
    if every.months:
        months = month_number(anchor) + whole * every.months
        year, month = divmod(months - 1, 12)
        there = length(year, month + 1)
        last_or_next = date(year, month + 1, min(anchor.day, there))
        late = month_end is MonthEnd.LATER and anchor.day > there
        assert found.first == (last_or_next + A_DAY if late else last_or_next)
    else:
        assert found.first == anchor + whole * timedelta(days=every.days)


@given(anchors, lengths, numbers, settled)
def test_rounds_part_time_without_gap_or_overlap(anchor, every, number, month_end):
    """
    A round holds at least a day, and its expiry is the first day of the next.
    """
    this = round_at(anchor, every, number, month_end=month_end)
    following = round_at(anchor, every, number + 1, month_end=month_end)
    assert this.first <= this.last < this.expiry == following.first
    assert this.last == following.first - A_DAY


@given(anchors, lengths, numbers, settled)
def test_the_edges_of_a_round_are_its_first_and_last_day(anchor, every, number, month_end):
    """
    The first day is in and the day before is not; the last day is in and the expiry is not.
    """

    def on(day: date) -> int | None:
        return round_on(anchor, every, day, month_end=month_end)

    found = round_at(anchor, every, number, month_end=month_end)
    assert on(found.first) == on(found.last) == number
    assert on(found.expiry) == number + 1
    assert on(found.first - A_DAY) == (number - 1 or None)


@given(anchors, lengths, st.integers(0, 40_000), settled)
def test_the_round_of_a_day_holds_the_day(anchor, every, after, month_end):
    """
    round_at(round_on(day)) holds the day, over a century.
    """
    day = anchor + timedelta(days=after)
    number = round_on(anchor, every, day, month_end=month_end)
    assert number is not None
    found = round_at(anchor, every, number, month_end=month_end)
    assert found.first <= day < found.expiry


@pytest.mark.parametrize("anchor", [date(2024, 2, 29), date(2023, 12, 31), date(2024, 1, 30), date(2024, 1, 29)])
@pytest.mark.parametrize("every", ["1 month", "3 months", "1 year", "5 months", "1 week", "1 day"])
@pytest.mark.parametrize("month_end", SETTLED)
def test_days_told_one_by_one_fall_in_rounds_told_one_by_one(anchor, every, month_end):
    """
    Walking through four years a day at a time, the number goes up on each expiry and never else.
    """
    period, number = Period.parse(every), 1
    for after in range(1500):
        day = anchor + timedelta(days=after)
        number += day == round_at(anchor, period, number, month_end=month_end).expiry
        assert round_on(anchor, period, day, month_end=month_end) == number


@given(anchors, lengths, st.integers(1, 5000), month_ends, st.none() | st.integers(1, 5))
def test_before_the_anchor_there_is_no_round(anchor, every, before, month_end, rounds):
    """
    A cycle begins on its anchor.
    """
    day = anchor - timedelta(days=before)
    assert round_on(anchor, every, day, month_end=month_end, rounds=rounds) is None


@given(anchors, lengths, st.integers(1, 20), st.integers(0, 20_000), settled)
def test_after_the_last_round_there_is_none(anchor, every, rounds, after, month_end):
    """
    With so many rounds, only the later ones are missing.
    """
    day = anchor + timedelta(days=after)
    endless = round_on(anchor, every, day, month_end=month_end)
    assert endless is not None
    expected = endless if endless <= rounds else None
    assert round_on(anchor, every, day, month_end=month_end, rounds=rounds) == expected


@given(anchors, lengths, st.integers(0, 20_000), st.none() | st.integers(1, 20))
def test_refusing_refuses_only_rounds_without_days(anchor, every, after, rounds):
    """
    A refused round is one that `round_at` refuses; any other answer is that of either rule.
    """
    day = anchor + timedelta(days=after)
    either = {round_on(anchor, every, day, month_end=month_end, rounds=rounds) for month_end in SETTLED}
    try:
        number = round_on(anchor, every, day, month_end=MonthEnd.REFUSE, rounds=rounds)
    except NoSuchDay:
        refused = set()
        for candidate in {found or rounds for found in either}:
            assert candidate is not None
            try:
                round_at(anchor, every, candidate, month_end=MonthEnd.REFUSE)
            except NoSuchDay:
                refused.add(candidate)
        assert refused
    else:
        assert either == {number}


def test_a_round_is_refused_for_its_end_as_for_its_start():
    """
    From 31 January by the month, February has no start, so January has no end.
    """
    anchor, month = date(2024, 1, 31), Period.parse("1 month")
    for day in (date(2024, 1, 31), date(2024, 2, 10), date(2024, 2, 29), date(2024, 3, 1)):
        with pytest.raises(NoSuchDay, match="there is no 31 February 2024"):
            round_on(anchor, month, day, month_end=MonthEnd.REFUSE)
    with pytest.raises(NoSuchDay, match="there is no 31 February 2024"):
        round_on(anchor, month, date(2030, 1, 1), month_end=MonthEnd.REFUSE, rounds=1)
    assert round_on(anchor, month, date(2024, 8, 15), month_end=MonthEnd.REFUSE) == 7
    assert round_on(anchor, month, date(2030, 1, 1), month_end=MonthEnd.REFUSE, rounds=7) is None


def test_a_round_cut_off_by_the_end_of_the_calendar_still_has_a_number():
    """
    The number of a day needs no expiry; the days of the round do.
    """
    anchor, year = date(2000, 7, 1), Period.parse("1 year")
    assert round_on(anchor, year, date.max, month_end=MonthEnd.EARLIER) == 8000
    with pytest.raises(DateOutOfRange):
        round_at(anchor, year, 8000, month_end=MonthEnd.EARLIER)


@pytest.mark.parametrize("every", [Period(), Period(hours=24)])
def test_a_round_lasts_days_or_months(every):
    """
    Rounds of nothing never pass; rounds of hours have no days.
    """
    day = date(2026, 1, 1)
    with pytest.raises(ValueError, match="a number of days or months"):
        round_at(day, every, 1, month_end=MonthEnd.EARLIER)
    with pytest.raises(ValueError, match="a number of days or months"):
        round_on(day, every, day, month_end=MonthEnd.EARLIER)


@pytest.mark.parametrize("number", [0, -1])
def test_rounds_are_numbered_from_one(number):
    """
    There is no round nought, and no cycle without rounds.
    """
    day, year = date(2026, 1, 1), Period(months=12)
    with pytest.raises(ValueError, match="numbered from 1"):
        round_at(day, year, number, month_end=MonthEnd.EARLIER)
    with pytest.raises(ValueError, match="at least one round"):
        round_on(day, year, day, month_end=MonthEnd.EARLIER, rounds=number)


# ----------------------------------------------------------------------------------------- earliest keeping


@given(anchors, lengths, settled)
@example(date(2024, 2, 29), Period(months=3), MonthEnd.EARLIER)
def test_the_earliest_day_keeps_the_deadline_and_the_day_before_does_not(act, period, month_end):
    """
    The inverse of counting back, not a count on.
    """

    def in_time(start: date) -> bool:
        return act <= add(start, period, month_end=month_end, sign=-1)

    found = earliest_keeping(in_time, near=act)
    assert found is not None
    assert in_time(found)
    assert not in_time(found - A_DAY)


@given(days, days)
def test_the_first_day_is_found_wherever_one_looks_from(first, near):
    """
    ``near`` is where to look, not part of the answer.
    """
    assert earliest_keeping(lambda day: day >= first, near=near) == first


def test_never_is_none_and_always_is_where_the_search_begins():
    """
    400 years around are searched, as far as the calendar goes.
    """
    assert earliest_keeping(lambda day: False, near=date(2026, 1, 1)) is None
    assert earliest_keeping(lambda day: True, near=date(2026, 1, 1)) == date(1626, 1, 1)
    assert earliest_keeping(lambda day: True, near=date(26, 1, 1)) == date.min
    assert earliest_keeping(lambda day: day == date.max, near=date(9999, 1, 1)) == date.max
    assert earliest_keeping(lambda day: day >= date(2426, 1, 1), near=date(2026, 1, 1)) == date(2426, 1, 1)
    assert earliest_keeping(lambda day: day >= date(2426, 1, 2), near=date(2026, 1, 1)) is None


def test_a_refusal_of_the_question_comes_through():
    """
    What cannot be asked of one day cannot be searched for.
    """

    def refuses(day: date) -> bool:
        raise NoSuchDay("there is no such day")

    with pytest.raises(NoSuchDay):
        earliest_keeping(refuses, near=date(2026, 1, 1))


# ------------------------------------------------------------------------------------------------ the module


def test_nothing_else_is_hidden_by_its_name():
    """
    Imported by its full name, the module leaves Python's own `calendar` alone.
    """
    code = "import trainingrules.calendar, calendar; assert calendar.monthrange(2024, 2)[1] == 29"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_times_of_day_are_those_of_the_moment():
    """
    A part of a second is not lost on the way.
    """
    moment = parse_moment("2024-06-20T09:30:15.123456+02:00")
    moved = add_to_moment(moment, Period(days=1), month_end=MonthEnd.EARLIER, zone=AMSTERDAM)
    assert moved.time() == time(9, 30, 15, 123456)
