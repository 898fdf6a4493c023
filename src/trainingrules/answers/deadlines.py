"""By when: the days of every deadline, and how it stands on the day of asking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, replace
from datetime import date, datetime
from enum import Enum

from trainingrules import policy as p
from trainingrules.answers.common import (
    Answer,
    Cited,
    Contested,
    Day,
    Missing,
    Taken,
    Warned,
    ask_for,
    behind,
    chosen,
    cite,
    conflict_warnings,
    contested,
    has_happened,
    head,
    in_force,
    left_out,
    missing_in,
    missing_lines,
    on_in_words,
    other_readings,
    readings_taken,
    records_read,
    rounds_asked,
    situation,
    source_lines,
    validity_warning,
)
from trainingrules.calendar import day_of, offset_changes
from trainingrules.document import Document
from trainingrules.engines import Engine
from trainingrules.facts import Facts, GivenFacts
from trainingrules.frozen import frozen
from trainingrules.money import Certainty
from trainingrules.needed import missing_of
from trainingrules.policy import Policy
from trainingrules.program import reads
from trainingrules.reckoning import (
    KNOWN,
    NULL,
    Because,
    RowAt,
    Seen,
    Situation,
    begun_rounds,
    exactly,
    round_asked,
    rows_of,
    running_round,
    unit_of,
    value,
)
from trainingrules.sentences import grounds, round_text, row_text, told, uncounted
from trainingrules.truth import Unknown
from trainingrules.words import Language, Text, both


class State(Enum):
    """How a deadline stands."""

    NOT_YET = "not_yet"
    OPEN = "open"
    LAST_DAY = "last_day"
    PASSED = "passed"
    EARLY = "early"
    IN_TIME = "in_time"
    LATE = "late"
    NOT_RUNNING = "not_running"
    NOT_APPLICABLE = "not_applicable"
    NONE = "none"
    NOT_STATED = "not_stated"
    UNKNOWN = "unknown"


STATES = {
    State.NOT_YET: Text("nog niet begonnen", "not begun yet"),
    State.OPEN: Text("loopt", "open"),
    State.LAST_DAY: Text("vandaag is de laatste dag", "today is the last day"),
    State.PASSED: Text("voorbij", "passed"),
    State.EARLY: Text("te vroeg", "too early"),
    State.IN_TIME: Text("op tijd", "in time"),
    State.LATE: Text("te laat", "late"),
    State.NOT_RUNNING: Text("loopt niet", "not running"),
    State.NOT_APPLICABLE: Text("niet van toepassing", "does not apply"),
    State.NONE: Text("er is geen uiterste dag", "there is no last day"),
    State.NOT_STATED: Text("de bron zegt het niet", "the source does not say"),
    State.UNKNOWN: Text("nog niet te zeggen", "cannot be said yet"),
}


@frozen
class Limit:
    """The first or last day of a deadline, inclusive: one day, or somewhere between two."""

    earliest: date | datetime | None
    latest: date | datetime | None

    @property
    def day(self) -> date | datetime | None:
        """The day, when it is one."""
        return self.earliest if self.earliest == self.latest else None


@frozen
class DeadlineState:
    """One deadline, for one row or round.

    ``start`` and ``until`` are inclusive and None where there is none; ``acted`` is the day or moment on which
    it was met, if it was. ``clock_changes`` where hours are counted over a change of the clock; ``uncounted`` says
    why a day cannot be counted.
    """

    name: str
    text: Text
    row: str | int | None
    cycle: int | None
    part: Text | None
    state: State
    start: Limit | None
    until: Limit | None
    start_stated: bool
    until_stated: bool
    acted: date | datetime | None
    certainty: Certainty
    clock_changes: bool
    uncounted: Text | None
    missing: tuple[Missing, ...]
    advice: tuple[Text, ...]
    source: tuple[Cited, ...]


@frozen
class Deadlines(Answer):
    """The answer to: by when?"""

    _: KW_ONLY
    in_force: bool
    deadlines: tuple[DeadlineState, ...]
    missing: tuple[Missing, ...]

    def _lines(self, language: Language) -> list[str]:
        nl = language == "nl"
        if not self.in_force:
            return [f"{self.heading(language)}: {'deze voorwaarden gelden dan niet' if nl else 'not in force then'}."]
        lines = [f"{self.heading(language)}:"]
        for one in self.deadlines:
            part = f", {one.part[language]}" if one.part else ""
            lines.append(f"  {one.text[language]}{part}: {_days(one, language)} [{STATES[one.state][language]}]")
            lines += [f"      {one.uncounted[language].capitalize()}."] if one.uncounted else []
            lines += [f"      {'Tegen het advies' if nl else 'Against the advice'}: {x[language]}" for x in one.advice]
            lines += source_lines(one.source, language, "      ")
        return lines + missing_lines(self.missing, language)


_SURE = {Certainty.EXACT: Text("", ""), Certainty.AVERAGE: Text("gemiddeld ", "on average "),
         Certainty.INDICATION: Text("naar schatting ", "by indication "),
         Certainty.APPROXIMATE: Text("ongeveer ", "about ")}  # fmt: skip


def _days(one: DeadlineState, language: Language) -> str:
    nl = language == "nl"
    shown = []
    if one.start is not None:
        shown.append(f"{'vanaf' if nl else 'from'} {_limit(one.start, language)}")
    if one.until is not None:
        shown.append(f"{'uiterlijk' if nl else 'until'} {_limit(one.until, language)}")
    if one.state is State.NONE:
        shown.append("zonder einde" if nl else "without end")
    if one.acted is not None:
        shown.append(f"{'gedaan op' if nl else 'done on'} {on_in_words(one.acted, language)}")
    return _SURE[one.certainty][language] + (", ".join(shown) or ("geen dag" if nl else "no day"))


def _limit(limit: Limit, language: Language) -> str:
    ends = [on_in_words(end, language) if end is not None else "…" for end in (limit.earliest, limit.latest)]
    if limit.day is not None:
        return ends[0]
    return f"{ends[0]} {'tot' if language == 'nl' else 'to'} {ends[1]}"


_CLOCK = Text(
    "{deadline}: de klok gaat in deze uren een uur vooruit of terug; geteld zijn verstreken uren.",
    "{deadline}: the clock changes during these hours; elapsed hours were counted.",
)


def deadlines(
    policy: Policy,
    facts: GivenFacts | Facts | Document,
    *,
    on: Day,
    deadline: str | None = None,
    cycles: Sequence[int] | None = None,
    engine: str | Engine = "compiled",
) -> Deadlines:
    """
    By when, for this person, as it stands on this day?

    ``deadline`` names one; without it all are answered. ``cycles`` are the numbers of the rounds to answer for;
    without it the running one, and once its deadline is passed the next as well.

    Raises:
        FactError: the facts have faults or contradict each other; the error holds them all.
        QuestionError: the policy has no such deadline.
    """
    names = [chosen(deadline, policy.deadlines, "deadline")] if deadline is not None else list(policy.deadlines)
    asked_rounds = rounds_asked(cycles)
    at = situation(policy, facts, on, engine)
    force = in_force(at)
    text = policy.deadlines[names[0]].text if deadline is not None else Text("Termijnen", "Deadlines")
    shown = head(policy, at.today, f"deadlines.{deadline or 'all'}", text)
    warned = list(validity_warning(at, force))
    if policy.in_force.refuse and force is False:
        return Deadlines(head=shown, in_force=False, deadlines=(), missing=(), warnings=tuple(warned))
    asked = [policy.deadlines[name] for name in names]
    found = {deadline.name: _answer(deadline, at, asked_rounds) for deadline in asked}
    entries = tuple(one for each in found.values() for one in each)
    warned += conflict_warnings(policy, [i for one in asked for i in one.source])
    warned += left_out(at, records_read(policy, "deadlines", names))
    clocks = {one.name: one.text for one in entries if one.clock_changes}
    warned += [Warned(f"clock.{name}", _CLOCK.fill(deadline=text)) for name, text in clocks.items()]
    missing = {one.fact for state in entries for one in state.missing}
    taken = readings_taken(policy, "deadlines", names)
    return Deadlines(
        head=shown, in_force=True, deadlines=entries, missing=ask_for(missing, policy),
        taken=taken, behind=behind(policy, "deadlines", names),
        warnings=tuple(warned), contested=_contested(taken, at, asked_rounds, found),
    )  # fmt: skip


def _answer(deadline: p.Deadline, at: Situation, cycles: Sequence[int] | None) -> list[DeadlineState]:
    scope = deadline.scope
    if scope.each:
        rows = rows_of(scope.each, at)
        if rows is None:
            return [_blank(deadline, at, State.UNKNOWN, {scope.each})]
        return [_state(deadline, at.at_row(row), row, None) for row in rows if has_happened(row, at)]
    if scope.row:
        return [_of_row(deadline, at)]
    if scope.per:
        return _per_cycle(deadline, at, cycles)
    return [_state(deadline, at, None, None)]


def _blank(deadline: p.Deadline, at: Situation, state: State, missing: set[str]) -> DeadlineState:
    return DeadlineState(
        deadline.name, deadline.text, None, None, None, state, None, None, True, True, None, deadline.certainty,
        False, None, ask_for(missing, at.policy), (), cite(at.policy, deadline.source),
    )  # fmt: skip


def _of_row(deadline: p.Deadline, at: Situation) -> DeadlineState:
    fact = p.FactValue(deadline.scope.row, at.policy.facts[deadline.scope.row].shape)
    picked = value(fact, at)
    if picked.null:
        return _blank(deadline, at, State.NOT_APPLICABLE, set())
    table = fact.shape.of
    if picked.exact:
        row = RowAt(table, picked.low)
        return _state(deadline, at.at_row(row), row, None)
    options = [_state(deadline, at.at_row(RowAt(table, key)), None, None) for key in at.policy.tables[table].rows]
    first = options[0]
    if all(option == first for option in options):
        return first
    missing = {one.fact for option in options for one in option.missing} | missing_in(picked.because)
    return replace(
        _blank(deadline, at, State.UNKNOWN, missing),
        state=first.state if all(option.state is first.state for option in options) else State.UNKNOWN,
        start=_hull([option.start for option in options]), until=_hull([option.until for option in options]),
        start_stated=all(option.start_stated for option in options),
        until_stated=all(option.until_stated for option in options),
        acted=first.acted, clock_changes=any(option.clock_changes for option in options),
    )  # fmt: skip


def _hull(limits: Sequence[Limit | None]) -> Limit | None:
    """The days between which all of these lie."""
    known = [limit for limit in limits if limit is not None]
    if len(known) < len(limits) or not known:
        return None
    firsts, lasts = [one.earliest for one in known], [one.latest for one in known]
    if None in firsts or None in lasts:
        return None
    return Limit(min(firsts), max(lasts))  # type: ignore[type-var]


def _per_cycle(deadline: p.Deadline, at: Situation, cycles: Sequence[int] | None) -> list[DeadlineState]:
    cycle = deadline.scope.per
    if cycles is not None:
        return [_round_asked(deadline, at, number) for number in cycles]
    running = running_round(cycle, at.day, at)
    if running.null:
        return [_blank(deadline, at, State.NOT_RUNNING, set())]
    if not running.exact:
        numbers = begun_rounds(cycle, at)
        return [_round(deadline, at, number) for number in numbers]
    result = [_round(deadline, at, running)]
    rounds = at.policy.cycles[cycle].rounds
    if result[0].state in (State.PASSED, State.LATE) and (rounds is None or running.low < rounds):
        result.append(_round(deadline, at, exactly(running.low + 1)))
    return result


def _round_asked(deadline: p.Deadline, at: Situation, number: int) -> DeadlineState:
    if round_asked(deadline.scope.per, number, at).null:
        part = round_text(at.policy, deadline.scope.per, number)
        return replace(_blank(deadline, at, State.NOT_RUNNING, set()), cycle=number, part=part)
    return _round(deadline, at, exactly(number))


def _round(deadline: p.Deadline, at: Situation, number: Seen) -> DeadlineState:
    return _state(deadline, at.at_round(deadline.scope.per, number), None, number)


def _state(deadline: p.Deadline, at: Situation, row: RowAt | None, number: Seen | None) -> DeadlineState:
    applies = at.engine.decide(deadline.when, at)
    start = value(deadline.start, at) if deadline.start is not None else None
    until = value(deadline.until, at) if deadline.until is not None else None
    acted = value(deadline.act, at) if deadline.act is not None else NULL
    done = acted.low if acted.exact else None
    state = _stands(start, until, deadline.endless, done, at)
    if applies.truth is False:
        state = State.NOT_APPLICABLE
    elif isinstance(applies.truth, Unknown):
        state = State.UNKNOWN
    missing = set(missing_of(applies, at.policy))
    if state is State.UNKNOWN or (applies.truth is True and state is not State.NOT_APPLICABLE):
        for seen in (start, until):
            missing |= missing_in(seen.because) if seen is not None else set()
    if state is State.NOT_APPLICABLE:
        missing = set()
    advice: tuple[Text, ...] = ()
    if deadline.should is not None and state is not State.NOT_APPLICABLE:
        wished = at.engine.decide(deadline.should, at)
        advice = grounds(wished) if wished.truth is False else ()
    cycle = number.low if number is not None and number.exact else None
    part = row_text(at.policy, row.of, row.key) if row is not None else None
    if cycle is not None:
        part = round_text(at.policy, deadline.scope.per, cycle)
    source = list(deadline.source)
    if row is not None and row.of in at.policy.tables:
        source += at.policy.tables[row.of].rows[str(row.key)].source
    return DeadlineState(
        deadline.name, deadline.text, row.key if row else None, cycle, part, state, _as_limit(start),
        _as_limit(until), not _silent(start), not _silent(until), done, deadline.certainty,
        _over_a_change(deadline, at), uncounted(_because(start) | _because(until)), ask_for(missing, at.policy), advice,
        cite(at.policy, source),
    )  # fmt: skip


def _silent(seen: Seen | None) -> bool:
    if seen is None or seen.low is not None or missing_in(seen.because):
        return False
    return any(cause.kind == "not_stated" for cause in seen.because)


def _because(seen: Seen | None) -> Because:
    return seen.because if seen is not None else KNOWN


def _as_limit(seen: Seen | None) -> Limit | None:
    if seen is None or (seen.low is None and seen.high is None):
        return None
    return Limit(seen.low, seen.high)


def _stands(start: Seen | None, until: Seen | None, endless: bool, done: Day | None, at: Situation) -> State:
    if (start is not None and start.null) or (until is not None and until.null):
        return State.NOT_RUNNING
    when = done if done is not None else at.today
    for limit in (start, until):
        if limit is not None and limit.or_null:
            return _why(limit)
    if start is not None and start.low is not None and _before(when, start.low, at):
        return State.EARLY if done is not None else State.NOT_YET
    # What is past is past, whenever it began.
    if until is not None and until.high is not None and _before(until.high, when, at):
        return State.LATE if done is not None else State.PASSED
    if start is not None and not (start.exact or _known_begun(start, when, at)):
        return _why(start)
    if until is None:
        if endless:
            return State.NONE
        return State.IN_TIME if done is not None else State.OPEN
    if until.low is None or _before(until.low, when, at):
        return _why(until)
    if done is not None:
        return State.IN_TIME
    last = until.exact and day_of(until.low, at.policy.zone) == at.day
    return State.LAST_DAY if last else State.OPEN


def _known_begun(seen: Seen, when: Day, at: Situation) -> bool:
    return seen.high is not None and not _before(when, seen.high, at)


def _why(seen: Seen) -> State:
    return State.UNKNOWN if missing_in(seen.because) else State.NOT_STATED if _silent(seen) else State.UNKNOWN


def _before(one: Day, other: Day, at: Situation) -> bool:
    """Moments compare as moments; as soon as one of the two is a day, both do as days in the policy's zone."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one < other
    return day_of(one, at.policy.zone) < day_of(other, at.policy.zone)


def _over_a_change(deadline: p.Deadline, at: Situation) -> bool:
    """Whether the clock changes while hours are counted."""
    for limit in (deadline.start, deadline.until):
        for shift in _shifts(limit, at.policy):
            if unit_of(shift.by, at.policy) == "hours":
                start, end = value(shift.than, at), value(shift, at)
                known = start.exact and end.exact and isinstance(start.low, datetime) and isinstance(end.low, datetime)
                if known and offset_changes(start.low, end.low, at.policy.zone):
                    return True
    return False


def _shifts(expression: p.Expression | None, policy: Policy) -> Iterator[p.Shift]:
    """Every shift that a day is counted by, also by way of values and other deadlines."""
    match expression:
        case p.Shift():
            yield expression
            yield from _shifts(expression.than, policy)
        case p.Named():
            yield from _shifts(policy.values[expression.name].value, policy)
        case p.LastDayOf():
            yield from _shifts(policy.deadlines[expression.deadline].until, policy)
        case p.Combined():
            for part in expression.parts:
                yield from _shifts(part, policy)


def _contested(
    taken: Sequence[Taken], at: Situation, cycles: Sequence[int] | None, found: Mapping[str, list[DeadlineState]]
) -> tuple[Contested, ...]:
    """The readings of which another option gives a deadline other days, or another state."""
    result = []
    for reading, option, inside in other_readings(at, taken):
        for name, mine in found.items():
            if reading.name not in reads(at.policy, "deadlines", name).readings:
                continue
            theirs = _answer(at.policy.deadlines[name], inside, cycles)
            for one, other in zip(mine, theirs, strict=False):
                differs = (one.state, one.start, one.until) != (other.state, other.start, other.until)
                if differs and State.UNKNOWN not in (one.state, other.state):
                    result.append(contested(reading, option, _named(other)))
    return tuple(result)


def _named(one: DeadlineState) -> Text:
    """A deadline and how it stands, in one line."""
    name = both(lambda language: one.text[language] + (f" ({one.part[language]})" if one.part else ""))
    return told(name, both(lambda language: f"{_days(one, language)} [{STATES[one.state][language]}]"))
