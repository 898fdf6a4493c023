"""By when: days and moments, how a deadline stands, and on which side nothing is stated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from tests.policies_inline import inline
from trainingrules import Deadlines, DeadlineState, QuestionError, deadlines
from trainingrules.calendar import parse_moment

DECLARED = """
facts:
  begun_on: {kind: date, «Begun on»}
  ended_on: {kind: date, «Ended on»}
  acted_on: {kind: date, «Acted on»}
  started_at: {kind: moment, «Started at»}
  handed_in_at: {kind: moment, «Handed in at»}
  member: {kind: boolean, «Member»}
  stay: {kind: duration, unit: months, «Stay»}
  course: {kind: row, of: courses, «Course»}
  enrolled_on: {kind: date, per: courses, «Enrolled on»}
  noticed_on: {kind: date, per: year, «Notice given on»}
  visits:
    kind: records
    dated: held_on
    «Visits»
    fields: {held_on: {kind: date, «Held on»}}
readings:
  counting: {«How counted», §2, chosen: month, options: {month: {«A month»}, day: {«A day»}}}
tables:
  courses:
    «Courses»
    fields:
      takes: {kind: duration, unit: months, «Takes»}
      opens_on: {kind: date, «Opens on»}
      closes_on: {kind: date, «Closes on»}
    rows:
      hives: {«Hives», §3, takes: 6 months, opens_on: 2026-02-02, closes_on: 2026-03-02}
      honey: {«Honey», §3, takes: {between: [6 months, 1 year]}, opens_on: not_stated, closes_on: 2026-05-04}
      wax: {«Wax», §3, takes: 6 months, opens_on: 2026-02-02, closes_on: not_stated}
cycles:
  year: {«Year», §4, starts: begun_on, every: 1 year, rounds: 3}
values:
  two_days: {«Two days later», §5, value: {later: {than: {fact: started_at}, by: 48 hours}}}
deadlines:
  window: {«Window», §6, act: acted_on, from: {fact: begun_on}, until: {fact: ended_on}}
  last: {«Last», §6, act: acted_on, until: {fact: ended_on}}
  opening: {«Opening», §6, act: acted_on, from: {fact: begun_on}}
  no_end: {«No end», §6, from: {fact: begun_on}, until: none}
  unsaid: {«Unsaid», §6, until: not_stated}
  late_start: {«Late start», §6, from: not_stated, until: {fact: ended_on}}
  both: {«Both», §6, until: {greatest: [{fact: begun_on}, {fact: ended_on}]}}
  either: {«Either», §6, until: {least: [{fact: begun_on}, {fact: ended_on}]}}
  hand_in: {«Hand in», §7, act: handed_in_at, until: {fact: two_days}}
  by_day: {«By day», §7, until: {later: {than: {fact: started_at}, by: 2 days}}}
  again: {«Again», §7, until: {greatest: [{deadline: hand_in}, {later: {than: {fact: begun_on}, by: 1 day}}]}}
  enrol: {«Enrol», §8, for_each: courses, act: enrolled_on, from: {field: opens_on}, until: {field: closes_on}}
  finish: {«Finish», §9, for_row: course, certainty: average,
           until: {later: {than: {fact: begun_on}, by: {field: takes}}}}
  close: {«Close», §9, for_row: course, until: {field: closes_on}}
  later: {«Later», §9, for_row: course, until: {greatest: [{field: closes_on}, {fact: ended_on}]}}
  notice: {«Notice», §10, per: year, act: noticed_on,
           until: {earlier: {than: {cycle_day: {of: year, day: expiry}}, by: 1 month}}}
  members: {«Members», §11, when: {member: {is: true}}, until: {fact: ended_on},
            should: {ended_on: {after: 2026-02-01}}}
  report: {«Report», §12, for_each: visits, until: {later: {than: {field: held_on}, by: 1 week}}}
  read: {«Read», §13, when: {any: [{counting: {is: month}}, {member: {is: true}}]}, until: {fact: ended_on}}
conflicts:
  sources: {«They differ.», between: [S-11, S-90], outcome: warn}
"""
ON = date(2026, 3, 10)


def ask(deadline: str | None, facts: dict[str, Any], on: Any = ON, cycles: Sequence[int] | None = None) -> Deadlines:
    answer = deadlines(inline(DECLARED), facts, on=on, deadline=deadline, cycles=cycles)
    assert answer.explain("nl")
    assert answer.explain("en")
    return answer


def one(deadline: str, facts: dict[str, Any], on: Any = ON, cycles: Sequence[int] | None = None) -> DeadlineState:
    (state,) = ask(deadline, facts, on, cycles).deadlines
    return state


def stands(state: DeadlineState) -> tuple[str, Any, list[str]]:
    """The state, the last day (or its bounds), and what is missing."""
    until = state.until and (state.until.day or (state.until.earliest, state.until.latest))
    return state.state.value, until, [missing.fact for missing in state.missing]


@pytest.mark.parametrize(
    ("begun", "ended", "acted", "state"),
    [
        # Both days count. Not done yet, or not known whether: today alone decides.
        ("2026-03-11", "2026-03-20", None, "not_yet"),
        ("2026-03-10", "2026-03-20", None, "open"),
        ("2026-03-01", "2026-03-11", None, "open"),
        ("2026-03-01", "2026-03-10", None, "last_day"),
        ("2026-03-01", "2026-03-09", None, "passed"),
        ("2026-03-01", "2026-03-09", "absent", "passed"),
        ("2026-03-01", "2026-03-20", "absent", "open"),
        # Done: that day decides, whatever today is.
        ("2026-03-01", "2026-03-05", "2026-03-01", "in_time"),
        ("2026-03-01", "2026-03-05", "2026-03-05", "in_time"),
        ("2026-03-01", "2026-03-05", "2026-03-06", "late"),
        ("2026-03-01", "2026-03-05", "2026-02-28", "early"),
        # Nothing to count from.
        (None, "2026-03-05", None, "not_running"),
        ("2026-03-01", None, "2026-03-01", "not_running"),
        # One side is not known: it may even turn out that nothing runs.
        ("absent", "2026-03-09", None, "unknown"),
        ("absent", "2026-03-10", None, "unknown"),
        ("2026-03-11", "absent", None, "unknown"),
        ("2026-03-10", "absent", None, "unknown"),
        ("absent", "2026-03-05", "2026-03-06", "unknown"),
        ("absent", "2026-03-05", "2026-03-05", "unknown"),
    ],
)  # fmt: skip
def test_how_a_window_stands(begun: Any, ended: Any, acted: Any, state: str) -> None:
    given = {"begun_on": begun, "ended_on": ended, "acted_on": acted}
    facts = {name: day for name, day in given.items() if day != "absent"}
    answer = one("window", facts)
    assert answer.state.value == state
    assert [one.fact for one in answer.missing] == [name for name in ("begun_on", "ended_on") if name not in facts]
    assert answer.acted == (date.fromisoformat(acted) if acted not in (None, "absent") else None)


@pytest.mark.parametrize(
    ("deadline", "facts", "expected"),
    [
        ("last", {}, ("unknown", None, ["ended_on"])),
        ("opening", {"begun_on": "2026-03-10"}, ("open", None, [])),
        ("opening", {"begun_on": "2026-03-10", "acted_on": "2026-03-12"}, ("in_time", None, [])),
        ("opening", {}, ("unknown", None, ["begun_on"])),
        ("no_end", {"begun_on": "2026-03-10"}, ("none", None, [])),
        ("no_end", {"begun_on": "2026-03-11"}, ("not_yet", None, [])),
        ("unsaid", {}, ("not_stated", None, [])),
        # Since when is not stated: it may not have begun; but what is past is past.
        ("late_start", {"ended_on": "2026-03-09"}, ("passed", date(2026, 3, 9), [])),
        ("late_start", {"ended_on": "2026-03-10"}, ("not_stated", date(2026, 3, 10), [])),
        # The later of two days is not before the one that is known; but there may be no second.
        ("both", {"begun_on": "2026-03-20"}, ("unknown", (date(2026, 3, 20), None), ["ended_on"])),
        ("both", {"begun_on": "2026-03-20", "ended_on": None}, ("not_running", None, [])),
        ("either", {"begun_on": "2026-03-01"}, ("unknown", (None, date(2026, 3, 1)), ["ended_on"])),
        ("members", {"member": False}, ("not_applicable", None, [])),
        ("members", {"member": False, "ended_on": "2026-03-20"}, ("not_applicable", date(2026, 3, 20), [])),
        ("members", {"ended_on": "2026-03-20"}, ("unknown", date(2026, 3, 20), ["member"])),
    ],
)  # fmt: skip
def test_one_side_alone(deadline: str, facts: dict[str, Any], expected: Any) -> None:
    assert stands(one(deadline, facts)) == expected


def test_what_is_not_stated_is_told_apart_from_what_is_not_known() -> None:
    unsaid = one("late_start", {})
    assert (unsaid.start_stated, unsaid.until_stated) == (False, True)
    assert "[the source does not say]" in ask("unsaid", {}).explain("en")
    assert "without end [there is no last day]" in ask("no_end", {"begun_on": "2026-03-10"}).explain("en")


# --- moments ---


@pytest.mark.parametrize(
    ("on", "handed_in", "state"),
    [
        ("2026-03-12T09:59:59+01:00", None, "last_day"),
        ("2026-03-12T10:00:00+01:00", None, "last_day"),
        ("2026-03-12T10:00:01+01:00", None, "passed"),
        ("2026-03-12T09:00:01Z", None, "passed"),
        ("2026-03-11T23:59:59+01:00", None, "open"),
        # Asked on a day, it is judged on the day.
        ("2026-03-12", None, "last_day"),
        ("2026-03-13", None, "passed"),
        ("2026-03-13", "2026-03-12T10:00:00+01:00", "in_time"),
        ("2026-03-12", "2026-03-12T10:00:01+01:00", "late"),
    ],
)
def test_a_moment_counts_to_the_second(on: str, handed_in: str | None, state: str) -> None:
    facts = {"started_at": "2026-03-10T10:00:00+01:00", "handed_in_at": handed_in}
    asked = parse_moment(on) if "T" in on else date.fromisoformat(on)
    answer = one("hand_in", facts, asked)
    assert stands(answer) == (state, parse_moment("2026-03-12T10:00:00+01:00"), [])


def test_a_change_of_the_clock_is_a_warning_wherever_hours_are_counted() -> None:
    """
    By way of a named value, and of another deadline; not where days are counted.
    """
    facts = {"started_at": "2026-03-28T12:00:00+01:00", "begun_on": "2026-03-01"}
    (warned,) = ask("hand_in", facts).warnings
    assert warned.name == "clock.hand_in"
    assert "de klok" in warned.text.nl
    assert [one.name for one in ask("again", facts).warnings] == ["clock.again"]
    assert stands(one("again", facts))[1] == date(2026, 3, 30)  # held against a day, a moment counts as its day
    assert ask("by_day", facts).warnings == ()
    assert one("by_day", facts).until != one("hand_in", facts).until
    assert ask("hand_in", {"started_at": "2026-03-10T12:00:00+01:00"}).warnings == ()
    assert ask("hand_in", {}).warnings == ()


# --- rows ---


def test_one_answer_for_each_row() -> None:
    answer = ask("enrol", {"enrolled_on": {"hives": "2026-03-03", "honey": None}})
    assert [(one.row, one.state.value, one.start_stated, one.until_stated) for one in answer.deadlines] == [
        ("hives", "late", True, True),
        ("honey", "not_stated", False, True),
        ("wax", "not_stated", True, False),
    ]
    assert [cited.id for cited in answer.deadlines[0].source] == ["S-8", "S-3"]
    early, late = (ask("enrol", {}, day).deadlines for day in (date(2026, 2, 1), date(2026, 5, 5)))
    assert [one.state.value for one in early] == ["not_yet", "not_stated", "not_yet"]
    assert [one.state.value for one in late] == ["passed", "passed", "not_stated"]


@pytest.mark.parametrize(
    ("course", "on", "expected"),
    [
        ("hives", ON, ("open", date(2026, 7, 31), [])),
        ("honey", ON, ("open", (date(2026, 7, 31), date(2027, 1, 31)), [])),
        ("honey", date(2026, 8, 1), ("unknown", (date(2026, 7, 31), date(2027, 1, 31)), [])),
        ("honey", date(2027, 2, 1), ("passed", (date(2026, 7, 31), date(2027, 1, 31)), [])),
        (None, ON, ("not_applicable", None, [])),
        # Not known which: where all agree, that is known; the days range over all of them.
        ("absent", ON, ("open", (date(2026, 7, 31), date(2027, 1, 31)), ["course"])),
        ("absent", date(2026, 8, 1), ("unknown", (date(2026, 7, 31), date(2027, 1, 31)), ["course"])),
        ("absent", date(2027, 2, 1), ("passed", (date(2026, 7, 31), date(2027, 1, 31)), ["course"])),
    ],
)
def test_the_row_that_a_fact_names(course: str | None, on: date, expected: Any) -> None:
    facts = {"begun_on": "2026-01-31", **({} if course == "absent" else {"course": course})}
    answer = one("finish", facts, on)
    assert stands(answer) == expected
    assert answer.certainty.value == "average"


def test_rows_of_which_one_states_no_day() -> None:
    answer = one("close", {})
    assert stands(answer) == ("unknown", None, ["course"])
    assert not answer.until_stated
    assert stands(one("later", {}))[:2] == ("unknown", None)
    unknown = one("finish", {})
    assert stands(unknown)[0::2] == ("unknown", ["begun_on"])  # the same for all: which course does not matter yet


def test_rows_of_a_history() -> None:
    visits = [{"held_on": "2026-03-01"}, {"held_on": "2026-03-11"}, {}]
    answer = ask("report", {"visits": visits})
    assert [(one.row, *stands(one)) for one in answer.deadlines] == [
        (1, "passed", date(2026, 3, 8), []),
        (3, "unknown", None, ["visits[3].held_on"]),
    ]
    assert [one.name for one in answer.warnings] == ["left_out.visits"]
    assert stands(one("report", {})) == ("unknown", None, ["visits"])


# --- rounds ---


@pytest.mark.parametrize(
    ("on", "noticed", "expected"),
    [
        # The year expires on 1 March 2026, so notice is given by 1 February; then the next year's is told too.
        ("2026-02-01", {1: None}, [(1, "last_day", date(2026, 2, 1))]),
        ("2026-02-02", {1: None}, [(1, "passed", date(2026, 2, 1)), (2, "open", date(2027, 2, 1))]),
        ("2026-02-02", {1: "2026-02-01"}, [(1, "in_time", date(2026, 2, 1))]),
        ("2026-02-02", {1: "2026-02-02"}, [(1, "late", date(2026, 2, 1)), (2, "open", date(2027, 2, 1))]),
        ("2028-02-02", {}, [(3, "passed", date(2028, 2, 1))]),  # there is no fourth
        ("2028-03-01", {}, [(None, "not_running", None)]),
        ("2025-02-28", {}, [(None, "not_running", None)]),
    ],
)
def test_the_running_round_and_once_passed_the_next(on: str, noticed: Any, expected: Any) -> None:
    answer = ask("notice", {"begun_on": "2025-03-01", "noticed_on": noticed}, date.fromisoformat(on))
    assert [(one.cycle, *stands(one)[:2]) for one in answer.deadlines] == expected


def test_the_rounds_asked_for() -> None:
    answer = ask("notice", {"begun_on": "2024-02-29"}, cycles=(1, 3, 4))
    # A year after 29 February 2024 is 28 February; a month earlier is 28 January. There is no fourth year.
    assert [(one.cycle, *stands(one)[:2]) for one in answer.deadlines] == [
        (1, "passed", date(2025, 1, 28)), (3, "open", date(2027, 1, 28)), (4, "not_running", None),
    ]  # fmt: skip
    assert stands(one("notice", {}, cycles=(2,))) == ("unknown", None, ["begun_on"])
    assert stands(one("notice", {"begun_on": None}, cycles=(2,))) == ("not_running", None, [])
    assert "Notice, year 4: no day [not running]" in answer.explain("en")


def test_an_anchor_that_is_not_known_or_not_there() -> None:
    assert stands(one("notice", {})) == ("unknown", None, ["begun_on"])
    assert stands(one("notice", {"begun_on": None})) == ("not_running", None, [])
    refused = deadlines(inline(DECLARED, month_end="refuse"), {"begun_on": "2024-02-29"}, on=ON, deadline="notice")
    assert [one.state.value for one in refused.deadlines] == ["not_stated"]
    policy = inline(DECLARED, month_end="refuse")
    asked = deadlines(policy, {"begun_on": "2024-02-29"}, on=ON, deadline="notice", cycles=(1,))
    assert [one.state.value for one in asked.deadlines] == ["not_stated"]


# --- beside the answer ---


def test_against_the_advice() -> None:
    answer = ask("members", {"member": True, "ended_on": "2026-02-01"})
    assert answer.deadlines[0].advice[0].en == "Ended on: 1 February 2026 is not after 1 February 2026"
    assert "Tegen het advies: Ended on" in answer.explain("nl")
    assert [one.name for one in answer.warnings] == ["sources"]
    assert one("members", {"member": True, "ended_on": "2026-02-02"}).advice == ()


@pytest.mark.parametrize(
    ("facts", "disputed"),
    [
        ({"ended_on": "2026-03-20", "member": False}, ["counting"]),
        ({"ended_on": "2026-03-20", "member": True}, []),
        ({"ended_on": "2026-03-20"}, []),  # read otherwise it is not known, which is no other answer
        ({"member": False}, []),
    ],
)
def test_contested_by_another_state(facts: dict[str, Any], disputed: list[str]) -> None:
    answer = ask("read", facts)
    assert [one.reading for one in answer.contested] == disputed
    assert [one.option.en for one in answer.taken] == ["A month"]
    if disputed:
        assert "Read otherwise (“A day”): Read: until 20 March 2026 [does not apply]." in answer.explain("en")


def test_all_at_once() -> None:
    facts = {"ended_on": "2026-03-20", "begun_on": "2026-03-01", "member": False}
    answer = ask(None, facts)
    assert {one.name for one in answer.deadlines} == set(inline(DECLARED).deadlines)
    assert [one.reading for one in answer.contested] == ["counting"]
    assert answer.head.question == "deadlines.all"


def test_outside_the_validity() -> None:
    warned = deadlines(inline(DECLARED, in_force="from: 2027-01-01, outside: warn"), {}, on=ON, deadline="unsaid")
    assert [one.name for one in warned.warnings] == ["in_force"]
    refused = deadlines(inline(DECLARED, in_force="from: 2027-01-01, outside: refuse"), {}, on=ON, deadline="unsaid")
    assert (refused.in_force, refused.deadlines) == (False, ())
    assert "not in force then" in refused.explain("en")


def test_a_deadline_that_is_not_there() -> None:
    with pytest.raises(QuestionError, match="deadline `windo` is not in this policy; did you mean `window`"):
        ask("windo", {})
