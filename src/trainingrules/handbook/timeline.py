"""Deadlines on a line of time: on the calendar, or counted from a day that is somebody's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from trainingrules import policy as p
from trainingrules.calendar import Period, add, day_of
from trainingrules.handbook.contents import asked_in, most_rounds
from trainingrules.handbook.graph import wide, wrapped
from trainingrules.phrases import Phrase, said
from trainingrules.policy import Policy
from trainingrules.saying import fact_place, value
from trainingrules.words import Language, Text, day_in_words, lower

PLOT, ROW, SIDE = 700, 46, 34
BAND, BARE = 36, 6  # what stands above the tracks: the names of rounds, or nothing
MOST_ROWS = 40
CALENDAR = "calendar"
# A typical month and hour, to draw by; what is answered is counted exactly.
_MONTH = Fraction(1461, 48)
_HOUR = Fraction(1, 24)


@dataclass(frozen=True, slots=True)
class Point:
    """Somewhere on a line: so many days after its anchor; ``spread`` where the source gives a range."""

    anchor: str
    days: Fraction
    spread: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Bar:
    """From when until when; either may be open."""

    start: Point | None
    until: Point | None


@dataclass(frozen=True, slots=True)
class Track:
    """One deadline on the line, or one row of it, with all its bars."""

    to: str
    text: Text
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """A round of a cycle."""

    text: Text
    start: Fraction
    until: Fraction


@dataclass(frozen=True, slots=True)
class Line:
    """A line of time: what it counts from, the tracks on it, and the rounds behind them."""

    anchor: str
    counted_from: Phrase
    tracks: tuple[Track, ...]
    bands: tuple[Band, ...]


def lines(policy: Policy) -> Iterator[Line]:
    """
    The lines of time of a policy: the calendar first, then one for each day that deadlines count from.

    >>> from trainingrules import load
    >>> [line.anchor for line in lines(load("calibris"))]
    ['facts.licensed_on', 'facts.logins.issued_on']
    """
    names: dict[str, Phrase] = {CALENDAR: said(Text("de kalender", "the calendar"))}
    found: dict[str, list[Track]] = {CALENDAR: []}
    drawn: list[tuple[object, ...]] = []
    for deadline in policy.deadlines.values():
        same = (deadline.start, deadline.until, _rows(policy, deadline))
        if deadline.scope.row and same in drawn:  # the chosen row of what is drawn row by row
            continue
        drawn.append(same)
        for track in _tracks(policy, deadline, names):
            point = next(point for bar in track.bars for point in (bar.start, bar.until) if point)
            found.setdefault(point.anchor, []).append(track)
    for anchor, tracks in found.items():
        points = [point for track in tracks for bar in track.bars for point in (bar.start, bar.until) if point]
        # One day alone makes no line: the table says it.
        if len(tracks) > 1 if anchor == CALENDAR else any(point.days or point.spread for point in points):
            yield Line(anchor, names[anchor], tuple(tracks[:MOST_ROWS]), tuple(_bands(policy, anchor)))


def _rows(policy: Policy, deadline: p.Deadline) -> str:
    if deadline.scope.row:
        return policy.facts[deadline.scope.row].shape.of
    return deadline.scope.each


def _tracks(policy: Policy, deadline: p.Deadline, names: dict[str, Phrase]) -> Iterator[Track]:
    to = f"deadlines.{deadline.name}"
    rows = _rows(policy, deadline)
    if rows in policy.tables:
        for row in policy.tables[rows].rows.values():
            bar = _bar(deadline, policy, names, row, 1)
            if bar:
                yield Track(to, Text("{a}: {b}", "{a}: {b}").fill(a=deadline.text, b=row.text), (bar,))
        return
    if deadline.scope.per:
        cycle = deadline.scope.per
        numbers = [n for n in range(1, shown_rounds(policy, cycle) + 1)
                   if asked_in(deadline.when, cycle, n, policy) != "no"]  # fmt: skip
        bars = tuple(bar for n in numbers if (bar := _bar(deadline, policy, names, None, n)))
    else:
        bar = _bar(deadline, policy, names, None, 1)
        bars = (bar,) if bar else ()
    if bars:
        yield Track(to, deadline.text, bars)


def shown_rounds(policy: Policy, cycle: str) -> int:
    """How many rounds of a cycle are drawn: up to the last that is spoken of, and one more."""
    spoken = most_rounds(policy, cycle, (policy.deadlines, policy.duties), most=5)
    return min(policy.cycles[cycle].rounds or 6, max(spoken, 2) + 1)


def _bar(deadline: p.Deadline, policy: Policy, names: dict[str, Phrase], row: p.Row | None, number: int) -> Bar | None:
    start, until = (None if day is None else _point(day, policy, names, row, number)
                    for day in (deadline.start, deadline.until))  # fmt: skip
    if start and until and start.anchor != until.anchor:
        start = None  # each from its own day: drawn by the last, told in full in the table
    return Bar(start, until) if start or until else None


def _point(day: p.Expression, policy: Policy, names: dict[str, Phrase], row: p.Row | None, number: int) -> Point | None:
    match day:
        case p.NotStated():
            return None
        case p.Constant(given, _) if isinstance(given, date):
            return Point(CALENDAR, Fraction(day_of(given, policy.zone).toordinal()))
        case p.FieldValue() if row is not None and day.name in row.cells:
            return _point(row.cells[day.name], policy, names, row, number)
        case p.Named() if not isinstance(policy.values[day.name].value, p.Combined):
            return _point(policy.values[day.name].value, policy, names, row, number)
        case p.LastDayOf() if until := policy.deadlines[day.deadline].until:
            return _point(until, policy, names, row, number)
        case p.CycleDay():
            cycle = policy.cycles[day.cycle]
            length = _length(cycle.every.months, cycle.every.days)
            days = length * (number - 1) + {"first": Fraction(0), "last": length - 1, "expiry": length}[day.which]
            fact = policy.facts[cycle.starts]
            return _from(p.FactValue(fact.name, fact.shape), policy, names, days)
        case p.Shift():
            return _shifted(day, policy, names, row, number)
        case p.Between():
            low, high = (_point(end, policy, names, row, number) for end in (day.low, day.high))
            if low and high and low.anchor == high.anchor:
                return Point(low.anchor, low.days, high.days - low.days)
            return None
        case _:
            return _from(day, policy, names, Fraction(0))


def _from(day: p.Expression, policy: Policy, names: dict[str, Phrase], days: Fraction) -> Point:
    match day:
        case p.FactValue():
            anchor = f"facts.{day.name}"
        case p.FieldValue():
            anchor = f"{fact_place(policy, day.of[0])}.{day.name}"
        case _:
            anchor = value(day, policy).text("nl")
    names[anchor] = value(day, policy)
    return Point(anchor, days)


def _shifted(day: p.Shift, policy: Policy, names: dict[str, Phrase], row: p.Row | None, number: int) -> Point | None:
    by = row.cells[day.by.name] if isinstance(day.by, p.FieldValue) and row and day.by.name in row.cells else day.by
    than = _point(day.than, policy, names, row, number)
    ends = (by.low, by.high) if isinstance(by, p.Between) else (by, by)
    counts = [_count(end) for end in ends]
    if than is None or None in counts:
        return None if than is None else _from(day, policy, names, Fraction(0))
    if than.anchor == CALENDAR and isinstance(by, p.Constant) and by.shape.base_unit == "months":
        period = Period(months=int(by.value))
        shifted = add(date.fromordinal(int(than.days)), period, month_end=policy.month_end, sign=day.sign)
        return Point(CALENDAR, Fraction(shifted.toordinal()), than.spread)
    low, high = sorted(day.sign * count for count in counts if count is not None)
    return Point(than.anchor, than.days + low, than.spread + high - low)


def _count(by: p.Expression) -> Fraction | None:
    if not isinstance(by, p.Constant):
        return None
    unit = {"months": _MONTH, "days": Fraction(1), "hours": _HOUR}[by.shape.base_unit]
    return Fraction(by.value) * unit


def _length(months: int, days: int) -> Fraction:
    return months * _MONTH + days


def _bands(policy: Policy, anchor: str) -> Iterator[Band]:
    for cycle in policy.cycles.values():
        if anchor == f"facts.{cycle.starts}":
            length = _length(cycle.every.months, cycle.every.days)
            for number in range(1, shown_rounds(policy, cycle.name) + 1):
                text = Text("{a} {n}", "{a} {n}").fill(a=lower(cycle.text), n=str(number))
                yield Band(text, length * (number - 1), length * number)
            return


# --- drawing ---


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the axis."""

    x: int
    text: str


@dataclass(frozen=True, slots=True)
class Stroke:
    """A bar as it is drawn; an open end fades, and one that may lie anywhere in a range is dashed."""

    x: int
    y: int
    width: int
    open_left: bool
    open_right: bool
    dashed_x: int = 0
    dashed_width: int = 0


@dataclass(frozen=True, slots=True)
class Lane:
    """A track as it is drawn: its name, and its strokes under it."""

    to: str
    y: int
    words: str
    strokes: tuple[Stroke, ...]


@dataclass(frozen=True, slots=True)
class Strip:
    """A band as it is drawn."""

    x: int
    width: int
    text: str
    odd: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """A line of time as it is drawn."""

    width: int
    height: int
    top: int
    ticks: tuple[Tick, ...]
    strips: tuple[Strip, ...]
    lanes: tuple[Lane, ...]
    zero: int | None


_BEFORE, _AFTER = Text("{n} eerder", "{n} before"), Text("+ {n}", "+ {n}")
_UNITS = (
    (Fraction(1, 2), Fraction(1), Text("dag", "day"), Text("dagen", "days")),
    (Fraction(8), Fraction(7), Text("week", "week"), Text("weken", "weeks")),
    (Fraction(60), _MONTH, Text("maand", "month"), Text("maanden", "months")),
    (Fraction(760), 12 * _MONTH, Text("jaar", "year"), Text("jaar", "years")),
)


def chart(line: Line, language: Language) -> Chart:
    """A line of time laid out in the words of one language."""
    ends = [end for track in line.tracks for bar in track.bars for point in (bar.start, bar.until) if point
            for end in (point.days, point.days + point.spread)]  # fmt: skip
    ends += [end for band in line.bands for end in (band.start, band.until)]
    if line.anchor != CALENDAR:
        ends.append(Fraction(0))
    low, high = min(ends), max(ends)
    room = max((high - low) / 12, Fraction(1))
    low, high = low - room, high + room

    def x(days: Fraction) -> int:
        return SIDE + int((days - low) / (high - low) * PLOT)

    top = BAND if line.bands else BARE
    lanes, y = [], top
    for track in line.tracks:
        strokes = tuple(_stroke(bar, x, y) for bar in track.bars)
        lanes.append(Lane(track.to, y, wrapped(track.text[language], PLOT, 1)[0], strokes))
        y += ROW
    ticks = _dates(low, high, x, language) if line.anchor == CALENDAR else _lengths(low, high, x, language)
    # A mark whose words would stick out is left out.
    ticks = [tick for tick in ticks if wide(tick.text) / 2 <= min(tick.x, PLOT + 2 * SIDE - tick.x)]
    strips = tuple(Strip(x(band.start), x(band.until) - x(band.start), band.text[language], index % 2 == 0)
                   for index, band in enumerate(line.bands))  # fmt: skip
    zero = None if line.anchor == CALENDAR else x(Fraction(0))
    return Chart(PLOT + 2 * SIDE, y + 30, top, tuple(ticks), strips, tuple(lanes), zero)


def _stroke(bar: Bar, x: Callable[[Fraction], int], y: int) -> Stroke:
    left, right = SIDE, SIDE + PLOT
    start = x(bar.start.days) if bar.start else None
    until = x(bar.until.days) if bar.until else None
    spread = x(bar.until.days + bar.until.spread) - x(bar.until.days) if bar.until and bar.until.spread else 0
    if start is None:
        assert until is not None
        start = max(left, until - 70)
        return Stroke(start, y + 24, max(until - start, 6), True, False, until, spread)
    if until is None:
        return Stroke(start, y + 24, min(70, right - start), False, True)
    return Stroke(start, y + 24, max(until - start, 6), False, False, until, spread)


def _dates(low: Fraction, high: Fraction, x: Callable[[Fraction], int], language: Language) -> Iterable[Tick]:
    first, last = date.fromordinal(max(1, int(low))), date.fromordinal(int(high))
    months = (last.year - first.year) * 12 + last.month - first.month
    step = next(step for step in (1, 2, 3, 6, 12, 24, 60, 120, 1200) if months / step <= 7 or step == 1200)
    begun, year, number = False, first.year, first.month
    for turn in range(months + 2):
        at = year * 12 + number - 1 + turn
        if at % 12 % step if step <= 12 else at % 12 or at // 12 % (step // 12):
            continue
        when = date(min(at // 12, 9999), at % 12 + 1, 1)
        if low <= when.toordinal() <= high:
            _, month, named = day_in_words(when, language).split()
            words = named if step >= 12 else f"{month} {named}" if not begun or when.month == 1 else month
            begun = True
            yield Tick(x(Fraction(when.toordinal())), words)


def _lengths(low: Fraction, high: Fraction, x: Callable[[Fraction], int], language: Language) -> Iterable[Tick]:
    span = high - low
    _, unit, one, many = [kind for kind in _UNITS if kind[0] <= span][-1] if span >= _UNITS[0][0] else _UNITS[0]
    step = next(step for step in (1, 2, 3, 6, 10, 20, 50, 100, 1000) if span / unit / step <= 6 or step == 1000)
    for count in range(int(low / unit) - 1, int(high / unit) + 2):
        if count % step or not low <= count * unit <= high:
            continue
        number = f"{abs(count)} {(one if abs(count) == 1 else many)[language]}"
        form = _BEFORE if count < 0 else _AFTER
        yield Tick(x(count * unit), form[language].format(n=number) if count else "0")
