"""What a condition and a value mean: known, unknown, null, ranges, rows, rounds and days."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.policies_inline import inline
from trainingrules import Outcome, Verdict, deadlines, eligibility, look_up
from trainingrules.calendar import parse_moment

DECLARED = """
facts:
  age: {kind: integer, at_least: 0, at_most: 150, «Age»}
  height: {kind: decimal, «Height»}
  share_done: {kind: percent, «Share done»}
  fee: {kind: money, «Fee»}
  member: {kind: boolean, «Member»}
  paid: {kind: boolean, «Paid»}
  region: {kind: text, «Region»}
  home: {kind: text, «Home»}
  level: {kind: choice, ordered: true, «Level», options: {low: {«Low»}, middle: {«Middle»}, high: {«High»}}}
  wanted_level: {kind: choice, ordered: true, «Wanted», options: {low: {«Low»}, middle: {«Middle»}, high: {«High»}}}
  steps: {kind: list, «Steps», options: {one: {«One»}, two: {«Two»}}}
  begun_on: {kind: date, «Begun on»}
  applied_on: {kind: date, «Applied on»}
  closed_on: {kind: date, «Closed on»}
  done_at: {kind: moment, «Done at»}
  began_at: {kind: moment, «Began at»}
  stay: {kind: duration, unit: months, «Stay»}
  course: {kind: row, of: courses, «Course»}
  passed: {kind: boolean, per: courses, «Passed»}
  talked: {kind: boolean, per: year, «Talked»}
  lessons:
    kind: records
    dated: held_on
    «Lessons»
    fields:
      held_on: {kind: date, «Held on»}
      place: {kind: text, «Place»}
      pupils: {kind: integer, at_least: 0, «Pupils»}
      forms: {kind: integer, at_least: 0, «Forms»}
      balance: {kind: decimal, «Balance»}
readings:
  way: {«Which way», §2, chosen: left, options: {left: {«Left»}, right: {«Right»}}}
amounts:
  price:
    - {from: 2026-01-01, value: 10.00, vat: excluded, certainty: exact, source: [S-3]}
    - {from: 2027-01-01, value: not_stated, vat: excluded, certainty: exact, source: [S-3]}
tables:
  courses:
    «Courses»
    fields:
      points: {kind: decimal, «Points»}
      takes: {kind: duration, unit: months, «Takes»}
      opens_on: {kind: date, «Opens on»}
    rows:
      hives: {«Hives», §4, points: 7.5, takes: 3 months, opens_on: 2026-02-02}
      honey: {«Honey», §4, points: 9, takes: {between: [1 month, 1 year]}, opens_on: not_stated}
cycles:
  year: {«Year», §5, starts: begun_on, every: 1 year}
  trial: {«Trial», §5, starts: begun_on, every: 3 months, rounds: 2}
terms:
  grown: {«Grown up», §6, holds: {age: {at_least: 18}}}
  talking: {«Talking», §6, holds: {talked: {is: true}}}
values:
  later_of: {«Later of both», §7, value: {greatest: [{fact: applied_on}, {fact: closed_on}]}}
  half_stay: {«Half the stay», §7, value: {share: {percent: 50, of: {fact: stay}}}}
  longer_stay: {«Longer stay», §7, value: {total: [{fact: stay}, 1 month]}}
  unsaid: {«Unsaid», §7, value: not_stated}
  window: {«Window», §7, value: {between: [1 month, 2 months]}}
  all_takes: {«All takes», §7, value: {sum: {of: courses, field: takes, where: {key: {is: hives}}}}}
  rough: {«Rough», §7, value: {product: [{fact: age}, {between: [1, 2]}]}}
deadlines:
  apply: {«Apply», §8, act: applied_on, until: {earlier: {than: {fact: begun_on}, by: 1 month}}}
  leave: {«Leave», §8, until: {later: {than: {fact: begun_on}, by: {fact: stay}}}}
  hand_in: {«Hand in», §8, until: {later: {than: {fact: began_at}, by: 48 hours}}}
"""
ON = date(2026, 6, 1)
UNKNOWN = "unknown"


def found(must: str, facts: dict[str, Any], on: Any = ON, scope: str = "", **conventions: str) -> Any:
    """The verdict on one requirement, as True, False or the missing facts."""
    rule = f"  ask:\n    «Ask»\n    requires:\n      it:\n        «It»\n        §1\n{scope}        must: {must}\n"
    text = f"{DECLARED}eligibility:\n{rule}"
    answer = eligibility(inline(text, **conventions), facts, on=on)
    assert answer.explain("nl")
    assert answer.explain("en")
    if answer.verdict is Verdict.UNKNOWN:
        return {one.fact for one in answer.missing} or answer.reasons[0].outcome
    return answer.verdict is Verdict.ELIGIBLE


SILENT = Outcome.NOT_STATED


@pytest.mark.parametrize(
    ("must", "facts", "expected"),
    [
        # Kleene: one false settles all, one true settles any; a decided part asks nothing.
        ("{age: {at_least: 18}, member: {is: true}}", {"age": 17}, False),
        ("{age: {at_least: 18}, member: {is: true}}", {"age": 18}, {"member"}),
        ("{any: [{age: {at_least: 18}}, {member: {is: true}}]}", {"age": 18}, True),
        ("{any: [{age: {at_least: 18}}, {member: {is: true}}]}", {"age": 17}, {"member"}),
        ("{not: {age: {at_least: 18}}}", {}, {"age"}),
        ("{not: {age: {at_least: 18}}}", {"age": 17}, True),
        ("{grown: {is: false}}", {"age": 17}, True),
        ("{grown: {is: true}}", {}, {"age"}),
        ("{way: {is: left}}", {}, True),
        # A fact per round is that of the running one, where none is at hand.
        ("{talking: {is: true}}", {"begun_on": "2025-06-01", "talked": {1: False, 2: True}}, True),
        ("{talking: {is: true}}", {"begun_on": None, "talked": {1: True}}, False),
        ("{talking: {is: true}}", {"talked": {1: True}}, {"begun_on", "talked"}),
        # Null is known: every operator false save `exists: false`, and what holds `not` of it true.
        ("{region: {is: noord}}", {"region": None}, False),
        ("{not: {region: {is: noord}}}", {"region": None}, True),
        ("{region: {in: [noord, oost]}}", {"region": None}, False),
        ("{region: {exists: false}}", {"region": None}, True),
        ("{region: {exists: true}}", {"region": None}, False),
        ("{region: {exists: true}}", {"region": "noord"}, True),
        ("{region: {exists: true}}", {}, {"region"}),
        ("{region: {is: {fact: home}}}", {"region": None, "home": None}, False),
        ("{region: {is: {fact: home}}}", {"region": "a", "home": None}, False),
        ("{region: {is: {fact: home}}}", {"region": "a"}, {"home"}),
        ("{region: {is: {fact: home}}}", {"region": None}, False),
        ("{begun_on: {before: 2026-01-01}}", {"begun_on": None}, False),
        ("{course: {is: hives}}", {"course": None}, False),
        ("{course: {in: [hives]}}", {}, {"course"}),
        # Texts are trimmed and in one form of Unicode; case counts.
        ("{region: {is: café}}", {"region": " cafe\u0301 "}, True),
        ("{region: {is: noord}}", {"region": "Noord"}, False),
        # Ordered choices compare by their order, also with one another.
        ("{level: {at_least: middle}}", {"level": "high"}, True),
        ("{level: {more_than: middle}}", {"level": "middle"}, False),
        ("{level: {at_least: {fact: wanted_level}}}", {"level": "low", "wanted_level": "middle"}, False),
        ("{level: {at_least: {fact: wanted_level}}}", {"level": "low"}, {"wanted_level"}),
        ("{steps: {includes_any: [one]}}", {"steps": []}, False),
        ("{steps: {in_order: [one, two]}}", {"steps": ["two", "one"]}, False),
        ("{steps: {includes_all: [one, two]}}", {"steps": ["two", "one"]}, True),
        ("{steps: {includes_all: [one]}}", {}, {"steps"}),
        # Exact numbers: half of five is two and a half.
        ("{height: {is: 1.10}}", {"height": Decimal("1.1")}, True),
        ("{age: {at_least: {share: {percent: 50, of: {fact: age}}}}}", {"age": 5}, True),
        ("{age: {more_than: {total: [{fact: age}, 0]}}}", {"age": 5}, False),
        ("{age: {less_than: {difference: [{fact: age}, 1]}}}", {"age": 5}, False),
        ("{fee: {at_most: {amount: price}}}", {"fee": 10}, True),
        ("{share_done: {more_than: 50}}", {"share_done": 50}, False),
        # A range is certain only where every point of it agrees.
        ("{rough: {at_least: 5}}", {"age": 5}, True),
        ("{rough: {at_least: 11}}", {"age": 5}, False),
        ("{rough: {at_least: 6}}", {"age": 5}, SILENT),
        ("{rough: {is: 6}}", {"age": 5}, SILENT),
        ("{rough: {is: 11}}", {"age": 5}, False),
        ("{rough: {is: 0}}", {"age": 0}, True),
        ("{rough: {at_most: 300}}", {}, True),  # an age is at most 150
        ("{rough: {at_most: 299}}", {}, {"age"}),
        # The latest of two is at least the one that is known.
        ("{later_of: {after: 2026-01-01}}", {"applied_on": "2026-02-01"}, {"closed_on"}),
        ("{later_of: {after: 2026-01-01}}", {"applied_on": "2026-02-01", "closed_on": "2025-01-01"}, True),
        ("{later_of: {after: 2026-01-01}}", {"applied_on": "2026-02-01", "closed_on": None}, False),
        ("{age: {at_least: {least: [{fact: age}, 18]}}}", {"age": 5}, True),
        ("{age: {at_most: {least: [{fact: age}, 18]}}}", {"age": 20}, False),
        # Days and moments meet as days, in the zone of the policy: half past eleven in London is tomorrow here.
        ("{done_at: {on_or_before: 2026-03-01}}", {"done_at": "2026-03-01T23:59:59+01:00"}, True),
        ("{done_at: {on_or_before: 2026-03-01}}", {"done_at": "2026-03-01T23:30:00Z"}, False),
        ("{done_at: {is: 2026-03-01}}", {"done_at": "2026-02-28T23:30:00Z"}, True),
        ("{done_at: {is: 2026-03-01T10:00:00+01:00}}", {"done_at": "2026-03-01T09:00:00Z"}, True),
        ("{done_at: {before: {fact: begun_on}}}", {"done_at": None, "begun_on": "2026-01-01"}, False),
        ("{begun_on: {on_or_before: {fact: today}}}", {"begun_on": "2026-06-01"}, True),
        ("{today: {after: 2026-05-31}}", {}, True),
    ],
)  # fmt: skip
def test_conditions(must: str, facts: dict[str, Any], expected: Any) -> None:
    assert found(must, facts) == expected


def lesson(**fields: Any) -> dict[str, Any]:
    return {"held_on": "2026-05-01", "place": "noord", **fields}


@pytest.mark.parametrize(
    ("must", "facts", "expected"),
    [
        ("{lessons: {at_least: 1}}", {"lessons": []}, False),
        ("{lessons: {at_least: 0}}", {}, True),
        ("{lessons: {at_least: 1}}", {}, {"lessons"}),
        # A row dated after today is left out; today counts; a day that is not known leaves it open.
        ("{lessons: {at_least: 1}}", {"lessons": [lesson(held_on="2026-06-02")]}, False),
        ("{lessons: {at_least: 1}}", {"lessons": [lesson(held_on="2026-06-01")]}, True),
        ("{lessons: {at_least: 1}}", {"lessons": [{"place": "noord"}]}, {"lessons[1].held_on"}),
        ("{lessons: {at_least: 1}}", {"lessons": [lesson(held_on=None)]}, False),
        # Rows that may satisfy `where` make a range, compared as a range.
        ("{lessons: {where: {pupils: {at_least: 1}}, at_least: 1}}", {"lessons": [lesson()]}, {"lessons[1].pupils"}),
        ("{lessons: {where: {pupils: {at_least: 1}}, at_least: 1}}", {"lessons": [lesson(), lesson(pupils=1)]}, True),
        ("{lessons: {where: {pupils: {at_least: 1}}, at_most: 1}}", {"lessons": [lesson(), lesson(pupils=1)]},
         {"lessons[1].pupils"}),
        ("{lessons: {where: {pupils: {at_least: 1}}, at_least: 3}}", {"lessons": [lesson(), lesson()]}, False),
        ("{lessons: {where: {pupils: {at_least: 1}}, is: 3}}", {"lessons": [lesson(), lesson()]}, False),
        ("{lessons: {where: {place: {is: {fact: region}}}, at_least: 1}}", {"lessons": [lesson()]}, {"region"}),
        ("{lessons: {where: {place: {is: {fact: region}}}, at_least: 1}}", {"lessons": [lesson()], "region": None},
         False),
        # Half of five pupils is two and a half: two forms are too few.
        ("{lessons: {where: {forms: {at_least: {share: {percent: 50, of: {field: pupils}}}}}, at_least: 1}}",
         {"lessons": [lesson(forms=2, pupils=5)]}, False),
        # A table is counted by its own fields and by the facts per row.
        ("{courses: {where: {passed: {is: true}}, at_least: 2}}", {"passed": {"hives": True}}, {"passed[honey]"}),
        ("{courses: {where: {passed: {is: true}}, at_least: 2}}", {"passed": {"hives": False}}, False),
        ("{courses: {where: {key: {is: hives}, passed: {is: true}}, at_least: 1}}", {"passed": {"hives": True}}, True),
        ("{courses: {where: {opens_on: {before: 2026-03-01}}, at_least: 2}}", {}, SILENT),
        ("{courses: {where: {opens_on: {before: 2026-03-01}}, at_least: 1}}", {}, True),
        ("{courses: {where: {takes: {at_least: 2 months}}, at_least: 1}}", {}, True),
        ("{courses: {where: {takes: {at_least: 2 months}}, at_least: 2}}", {}, SILENT),
        ("{courses: {where: {takes: {at_most: 1 year}}, at_least: 2}}", {}, True),
    ],
)  # fmt: skip
def test_counts(must: str, facts: dict[str, Any], expected: Any) -> None:
    assert found(must, facts) == expected


EACH_COURSE = "        for_each: courses\n"
EACH_LESSON = "        for_each: lessons\n"
THE_COURSE = "        for_row: course\n"
EACH_YEAR = "        per: year\n"


@pytest.mark.parametrize(
    ("scope", "must", "facts", "expected"),
    [
        (EACH_COURSE, "{passed: {is: true}}", {"passed": {"hives": True, "honey": True}}, True),
        (EACH_COURSE, "{passed: {is: true}}", {"passed": {"honey": False}}, False),
        (EACH_COURSE, "{passed: {is: true}}", {}, {"passed[hives]", "passed[honey]"}),
        (EACH_LESSON, "{pupils: {at_least: 1}}", {"lessons": []}, True),  # no rows: not applicable, fails nothing
        (EACH_LESSON, "{pupils: {at_least: 1}}", {}, {"lessons"}),
        (EACH_LESSON, "{pupils: {at_least: 1}}", {"lessons": [lesson(held_on="2026-07-01", pupils=0)]}, True),
        (EACH_LESSON, "{pupils: {at_least: 1}}", {"lessons": [{"pupils": 0}]}, {"lessons[1].held_on"}),
        (EACH_LESSON, "{pupils: {at_least: 1}}", {"lessons": [{"pupils": 1}]}, True),
        # An unknown row ranges over all of them; no row at all satisfies nothing.
        (THE_COURSE, "{points: {at_least: 8}}", {"course": "honey"}, True),
        (THE_COURSE, "{points: {at_least: 8}}", {}, {"course"}),
        (THE_COURSE, "{points: {at_least: 7}}", {}, {"course"}),  # it may be none
        (THE_COURSE, "{not: {points: {at_least: 10}}}", {"course": None}, False),
        (THE_COURSE, "{points: {at_least: 10}}", {}, False),
        (THE_COURSE, "{points: {at_least: 7}}", {"course": None}, False),
        # Rounds are counted from the anchor; those that have begun by 1 June 2026.
        (EACH_YEAR, "{talked: {is: true}}", {"begun_on": "2025-01-01", "talked": {1: True, 2: True}}, True),
        (EACH_YEAR, "{talked: {is: true}}", {"begun_on": "2025-01-01", "talked": {1: True, 2: False}}, False),
        (EACH_YEAR, "{talked: {is: true}}", {"begun_on": "2025-01-01", "talked": {1: True}}, {"talked[2]"}),
        (EACH_YEAR, "{talked: {is: true}}", {"begun_on": "2026-06-02"}, True),  # not begun
        (EACH_YEAR, "{talked: {is: true}}", {"begun_on": None}, True),
        (EACH_YEAR, "{talked: {is: true}}", {}, {"begun_on", "talked"}),
        # Not known whether any year has begun: what fails in each does not fail for sure.
        (EACH_YEAR, "{member: {is: true}}", {"member": False}, {"begun_on"}),
        (EACH_YEAR, "{member: {is: true}}", {"member": True}, True),
    ],
)  # fmt: skip
def test_scopes(scope: str, must: str, facts: dict[str, Any], expected: Any) -> None:
    assert found(must, facts, scope=scope) == expected


@pytest.mark.parametrize(
    ("begun", "on", "year", "trial"),
    [
        ("2026-06-01", "2026-06-01", 1, 1),
        ("2026-06-02", "2026-06-01", None, None),  # not begun
        ("2025-06-02", "2026-06-01", 1, None),  # the trial is over after two rounds of three months
        ("2025-06-01", "2026-06-01", 2, None),
        ("2026-03-01", "2026-05-31", 1, 1),
        ("2026-03-01", "2026-06-01", 1, 2),
        ("2025-12-01", "2026-06-01", 1, None),
        ("2024-02-29", "2025-02-27", 1, None),  # a year ends the day before 28 February
        ("2024-02-29", "2025-02-28", 2, None),
        ("2024-02-29", "2028-02-28", 4, None),  # and a leap year has its 29th again
        ("2024-02-29", "2028-02-29", 5, None),
        (None, "2026-06-01", None, None),
    ],
)  # fmt: skip
def test_the_number_of_a_round(begun: str | None, on: str, year: int | None, trial: int | None) -> None:
    day = date.fromisoformat(on)
    for name, number in (("year", year), ("trial", trial)):
        must = f"{{not: {{{name}: {{at_least: 1}}}}}}" if number is None else f"{{{name}: {{is: {number}}}}}"
        assert found(must, {"begun_on": begun}, on=day) is True


@pytest.mark.parametrize(
    ("applied", "begun", "expected"),
    [
        ("2026-01-01", "2026-01-01", True),
        ("2025-12-31", "2026-01-01", False),
        ("2026-12-31", "2026-01-01", True),
        (None, "2026-01-01", False),
        ("2026-01-01", None, False),
        ("2026-01-01", "2026-06-02", False),  # nothing runs yet
        (None, "absent", False),
        ("2026-01-01", "absent", {"begun_on"}),
        ("absent", "2026-01-01", {"applied_on"}),
    ],
)
def test_within_the_running_round(applied: str | None, begun: str | None, expected: Any) -> None:
    given = {"applied_on": applied, "begun_on": begun}
    facts = {name: day for name, day in given.items() if day != "absent"}
    assert found("{applied_on: {within: year}}", facts) == expected


def test_an_amount_is_that_of_the_day() -> None:
    """
    Before the first entry, and from a `not_stated` one on, the source does not say.
    """
    must = "{fee: {at_most: {amount: price}}}"
    assert found(must, {"fee": 10}, on=date(2025, 12, 31)) == SILENT
    assert found(must, {"fee": 10}, on=date(2026, 12, 31)) is True
    assert found(must, {"fee": 10}, on=date(2027, 1, 1)) == SILENT


# --- days ---


def last_day(name: str, facts: dict[str, Any], month_end: str = "last_day") -> Any:
    text = f"{DECLARED}eligibility: {{ask: {{«Ask», §1, requires: {{}}}}}}\n"
    answer = deadlines(inline(text, month_end=month_end), facts, on=ON, deadline=name)
    (one,) = answer.deadlines
    assert answer.explain("nl")
    return one.until.day if one.until is not None else one.state.value


@pytest.mark.parametrize(
    ("begun", "month_end", "expected"),
    [
        ("2026-03-31", "last_day", date(2026, 2, 28)),
        ("2026-03-31", "next_day", date(2026, 3, 1)),
        ("2026-03-31", "refuse", "not_stated"),
        ("2026-03-28", "refuse", date(2026, 2, 28)),
        ("2024-03-31", "last_day", date(2024, 2, 29)),
        ("0001-01-15", "last_day", "not_stated"),  # before the calendar begins
        (None, "last_day", "not_running"),
    ],
)
def test_a_month_back(begun: str | None, month_end: str, expected: Any) -> None:
    assert last_day("apply", {"begun_on": begun}, month_end) == expected


def test_a_day_refused_says_why() -> None:
    """
    Never an exception: the answer is unknown, and tells that the month has no such day.
    """
    policy = inline(f"{DECLARED}eligibility: {{ask: {{«Ask», §1, requires: {{}}}}}}\n", month_end="refuse")
    answer = deadlines(policy, {"begun_on": "2026-03-31"}, on=ON, deadline="apply")
    assert answer.deadlines[0].until_stated is False
    assert "That month has no such day, and these conditions choose no other." in answer.explain("en")
    far = deadlines(policy, {"begun_on": "0001-01-15"}, on=ON, deadline="apply")
    assert "outside the calendar" in far.explain("en")


@pytest.mark.parametrize("condition", ["{applied_on: {within: year}}", "{year: {at_least: 1}}"])
def test_a_round_refused_is_unknown(condition: str) -> None:
    """
    29 February plus a year is refused: which year runs cannot be said, nor what falls within it.
    """
    facts = {"begun_on": "2024-02-29", "applied_on": "2026-01-01"}
    assert found(condition, facts, month_end="refuse") == SILENT
    assert found("{talked: {is: true}}", facts, scope=EACH_YEAR, month_end="refuse") == SILENT


def test_a_refused_day_in_a_condition_says_why() -> None:
    text = (f"{DECLARED}eligibility: {{ask: {{«Ask», requires: {{it: {{«It», §1, "
            "must: {applied_on: {on_or_before: {deadline: apply}}}}}}}\n")  # fmt: skip
    facts = {"begun_on": "2026-03-31", "applied_on": "2026-01-01"}
    answer = eligibility(inline(text, month_end="refuse"), facts, on=ON)
    assert answer.silent == ("it",)
    assert answer.reasons[0].grounds[0].en == "Apply: that month has no such day, and these conditions choose no other"
    facts = {"begun_on": "0001-01-31", "applied_on": "2026-01-01"}
    answer = eligibility(inline(text, month_end="refuse"), facts, on=ON)
    assert answer.reasons[0].grounds[0].en == "Apply: the day is outside the calendar"


def earliest(applied: Any, month_end: str = "last_day", on: date = ON, keeping: str = "apply", **facts: Any) -> Any:
    text = DECLARED.replace("deadlines:\n", f"deadlines:\n  begin: {{«Begin», §9, from: {{earliest: "
                            f"{{of: begun_on, keeping: {keeping}}}}}}}\n")  # fmt: skip
    policy = inline(f"{text}eligibility: {{ask: {{«Ask», §1, requires: {{}}}}}}\n", month_end=month_end)
    given = {} if applied == "absent" else {"applied_on": applied}
    (one,) = deadlines(policy, {**given, **facts}, on=on, deadline="begin").deadlines
    if one.start is None:
        return {m.fact for m in one.missing} or one.state.value
    return one.start.day or (one.start.earliest, one.start.latest)


@pytest.mark.parametrize(
    ("applied", "month_end", "expected"),
    [
        ("2026-01-15", "last_day", date(2026, 2, 15)),
        # A month before 28, 29, 30 and 31 March is always 28 February: the first of these keeps it.
        ("2026-02-28", "last_day", date(2026, 3, 28)),
        # A month before 29, 30 and 31 March is 1 March when the next day is taken.
        ("2026-03-01", "next_day", date(2026, 3, 29)),
        ("2026-03-01", "last_day", date(2026, 4, 1)),
        ("2026-01-31", "last_day", date(2026, 3, 1)),  # a month before 28 February is 28 January: too early
        # Refused: a day that is not in doubt is found also where others are.
        ("2026-02-15", "refuse", date(2026, 3, 15)),
        ("2026-02-28", "refuse", date(2026, 3, 28)),
        ("2026-03-01", "refuse", (date(2026, 3, 29), date(2026, 4, 1))),
        (None, "last_day", date(2026, 7, 1)),  # not applied: as if today, 1 June
        ("absent", "last_day", {"applied_on"}),
    ],
)
def test_the_earliest_day_is_an_inverse(applied: Any, month_end: str, expected: Any) -> None:
    assert earliest(applied, month_end) == expected


def test_the_earliest_day_of_a_deadline_that_counts_from_more() -> None:
    """
    Without an act it is met today. A stay that is not known leaves it open, also where a day is refused.
    """
    assert earliest("absent", keeping="leave", stay=2) == date(2026, 4, 1)  # 1 April and two months: 1 June
    assert earliest("absent", keeping="leave") == {"stay"}
    assert earliest("absent", "refuse", keeping="leave") == {"stay"}


def test_earliest_when_no_day_will_do() -> None:
    assert earliest("9999-12-31") == "not_stated"  # the calendar ends before a start a month later


def test_hours_elapse() -> None:
    """
    48 hours over the last Sunday of March end an hour later on the clock.
    """
    facts = {"began_at": "2026-03-28T12:00:00+01:00"}
    assert last_day("hand_in", facts) == parse_moment("2026-03-30T13:00:00+02:00")


def test_a_length_that_is_not_known_leaves_one_end() -> None:
    """
    A stay is never negative: the day lies on or after the first.
    """
    text = f"{DECLARED}eligibility: {{ask: {{«Ask», §1, requires: {{}}}}}}\n"
    (one,) = deadlines(inline(text), {"begun_on": "2026-01-31"}, on=ON, deadline="leave").deadlines
    assert one.until is not None
    assert (one.until.earliest, one.until.latest) == (date(2026, 1, 31), None)
    assert {m.fact for m in one.missing} == {"stay"}


# --- values ---


def told(value: str, facts: dict[str, Any], on: date = ON, extra: str = "") -> Any:
    """The value of a note: its bounds, what is missing, and whether the source states it."""
    text = f"{DECLARED}notes: {{it: {{kind: information, «It», §1, {extra}value: {value}}}}}\n"
    answer = look_up(inline(text), facts, on=on)
    (one,) = answer.notes
    assert answer.explain("nl")
    assert answer.explain("en")
    if not one.stated:
        return "not_stated"
    missing = {m.fact for m in one.missing}
    return one.value if one.least == one.most and not missing else (one.least, one.most, missing)


@pytest.mark.parametrize(
    ("value", "facts", "expected"),
    [
        ("{sum: {of: courses, field: points, where: {passed: {is: true}}}}", {"passed": {"hives": True, "honey": True}},
         "16.5"),
        ("{sum: {of: courses, field: points, where: {passed: {is: true}}}}", {"passed": {"hives": True}},
         ("7.5", "16.5", {"passed[honey]"})),
        ("{sum: {of: courses, field: points, where: {passed: {is: true}}}}",
         {"passed": {"hives": False, "honey": False}}, "0"),
        ("{sum: {of: courses, field: takes}}", {}, (4, 15, set())),
        ("{sum: {of: lessons, field: pupils}}", {}, (None, None, {"lessons"})),
        ("{sum: {of: lessons, field: pupils}}",
         {"lessons": [lesson(pupils=3), lesson(pupils=4, held_on="2026-07-01")]}, 3),
        ("{sum: {of: lessons, field: pupils}}", {"lessons": [lesson(pupils=3), lesson()]},
         (3, None, {"lessons[2].pupils"})),
        ("{sum: {of: lessons, field: pupils}}", {"lessons": [{"pupils": 3}]}, (0, 3, {"lessons[1].held_on"})),
        ("{sum: {of: lessons, field: balance}}", {"lessons": [lesson()]}, (None, None, {"lessons[1].balance"})),
        ("{total: [{fact: age}, 2]}", {"age": 3}, 5),
        ("{difference: [{fact: age}, {between: [1, 2]}]}", {"age": 3}, (1, 2, set())),
        ("{difference: [10, {fact: age}]}", {}, (-140, 10, {"age"})),
        ("{product: [{fact: age}, {fact: age}]}", {}, (0, 22500, {"age"})),
        ("{product: [{fact: height}, {fact: age}]}", {"age": 0}, "0"),
        ("{product: [{fact: height}, {fact: age}]}", {"age": 1}, (None, None, {"height"})),
        ("{product: [{fact: age}, {sum: {of: lessons, field: pupils}}]}", {"age": 2, "lessons": [lesson()]},
         (0, None, {"lessons[1].pupils"})),
        ("{least: [{fact: age}, 18]}", {}, (0, 18, {"age"})),
        ("{greatest: [{fact: age}, 18]}", {}, (18, 150, {"age"})),
        ("{greatest: [{fact: done_at}, {fact: begun_on}]}",
         {"done_at": "2026-03-01T10:00:00+01:00", "begun_on": "2026-02-01"}, "2026-03-01"),
        ("{total: [{fact: stay}, 2 months]}", {"stay": 3}, 5),
        ("{share: {percent: 33, of: {amount: price}}}", {}, "3.30"),
        ("{share: {percent: 12.345, of: {amount: price}}}", {}, "1.23"),  # 123.45 cents
        ("{share: {percent: 12.35, of: {amount: price}}}", {}, "1.24"),  # half a cent up, once
        ("{fact: year}", {"begun_on": "2025-06-01"}, 2),
        ("{fact: way}", {}, "left"),
        ("{fact: region}", {"region": None}, None),
        ("{cycle_day: {of: year, day: first}}", {"begun_on": "2024-02-29"}, "2026-02-28"),
        ("{cycle_day: {of: year, day: last}}", {"begun_on": "2024-02-29"}, "2027-02-27"),
        ("{cycle_day: {of: year, day: expiry}}", {"begun_on": "2024-02-29"}, "2027-02-28"),
        ("{cycle_day: {of: year, day: expiry}}", {"begun_on": None}, None),
        ("{cycle_day: {of: year, day: expiry}}", {}, (None, None, {"begun_on"})),
        ("{deadline: hand_in}", {"began_at": "2026-03-01T10:00:00+01:00"}, "2026-03-03T10:00:00+01:00"),
        ("{fact: today}", {}, "2026-06-01"),
        ("not_stated", {}, "not_stated"),
        ("{later: {than: {fact: begun_on}, by: {fact: half_stay}}}",
         {"begun_on": "2026-01-31", "stay": 4}, "2026-03-31"),
        ("{later: {than: {fact: begun_on}, by: {fact: half_stay}}}",
         {"begun_on": "2026-01-31", "stay": 3}, ("2026-02-28", "2026-03-31", set())),  # what is half a month?
        ("{later: {than: {fact: begun_on}, by: {fact: longer_stay}}}",
         {"begun_on": "2026-01-31", "stay": 0}, "2026-02-28"),
        ("{later: {than: {fact: begun_on}, by: {fact: window}}}",
         {"begun_on": "2026-01-31"}, ("2026-02-28", "2026-03-31", set())),
        ("{earlier: {than: {fact: begun_on}, by: {fact: window}}}",
         {"begun_on": "2026-03-31"}, ("2026-01-31", "2026-02-28", set())),
        ("{later: {than: {fact: begun_on}, by: {fact: all_takes}}}",
         {"begun_on": "2026-01-31"}, "2026-04-30"),
        ("{later: {than: {fact: begun_on}, by: 3 days}}", {"begun_on": None}, None),
        ("{later: {than: {fact: begun_on}, by: {fact: unsaid}}}", {"begun_on": "2026-01-31"}, "not_stated"),
        ("{later: {than: {fact: later_of}, by: 3 days}}", {"applied_on": "2026-01-01", "closed_on": None}, None),
    ],
)  # fmt: skip
def test_values(value: str, facts: dict[str, Any], expected: Any) -> None:
    assert told(value, facts) == expected


def test_a_range_of_what_does_not_exist_is_nothing() -> None:
    assert told("{between: [{fact: begun_on}, {fact: closed_on}]}", {"begun_on": None, "closed_on": None}) is None
    assert told("{share: {percent: 50, of: {fact: year}}}", {"begun_on": None}) is None
