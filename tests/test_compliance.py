"""Does someone comply: per duty, row and round; and in a round that runs, what may still come right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.policies_inline import inline
from trainingrules import Compliance, QuestionError, Status, compliance
from trainingrules.answers.compliance import _overall

DECLARED = """
facts:
  begun_on: {kind: date, «Begun on»}
  paid_on: {kind: date, «Paid on»}
  sent_at: {kind: moment, «Sent at»}
  member: {kind: boolean, «Member»}
  shared: {kind: boolean, «Shared»}
  region: {kind: text, «Region»}
  talked: {kind: boolean, per: year, «Talked»}
  reported_on: {kind: date, per: year, «Reported on»}
  passed: {kind: boolean, per: courses, «Passed»}
  lessons:
    kind: records
    dated: held_on
    «Lessons»
    fields:
      held_on: {kind: date, «Held on»}
      place: {kind: text, «Place»}
      pupils: {kind: integer, at_least: 0, «Pupils»}
      hours_given: {kind: integer, at_least: 0, «Hours given»}
      balance: {kind: integer, «Balance»}
  notes_kept: {kind: records, «Notes kept», fields: {words_written: {kind: integer, «Words»}}}
readings:
  years: {«Which years», §2, chosen: third, options: {third: {«From the third»}, all: {«All»}}}
tables:
  courses: {«Courses», fields: {points: {kind: integer, «Points»}},
            rows: {hives: {«Hives», §3, points: 1}, honey: {«Honey», §3, points: 2}}}
cycles:
  year: {«Year», §4, starts: begun_on, every: 1 year}
  trial: {«Trial», §4, starts: begun_on, every: 3 months, rounds: 1}
compliance:
  lessons: {«Two lessons.», who: holder, §5, per: year,
            must: {lessons: {where: {held_on: {within: year}}, at_least: 2}}}
  at_most: {«At most two.», who: holder, §5, per: year,
            must: {lessons: {where: {held_on: {within: year}}, at_most: 2}}}
  first_half:
    «One in the first half.»
    who: holder
    §5
    per: year
    must:
      lessons:
        where: {held_on: {before: {later: {than: {cycle_day: {of: year, day: first}}, by: 6 months}}}}
        at_least: 1
  here: {«One here.», who: holder, §5, per: year, must: {lessons: {where: {region: {is: noord}}, at_least: 1}}}
  hours: {«Ten hours.», who: holder, §5, per: year, must: {ten: {at_least: 10}}}
  balance: {«Not in debt.», who: holder, §5, per: year, must: {even: {at_least: 0}}}
  notes: {«Notes are kept.», who: holder, §5, per: year, must: {notes_kept: {at_least: 1}}}
  talk: {«A talk.», who: holder, §6, per: year, must: {talked: {is: true}},
         when: {any: [{year: {at_least: 3}}, {years: {is: all}}]}}
  quiet: {«No talk.», who: holder, §6, per: year, must: {talked: {is: false}}}
  report: {«A report in time.», who: holder, §6, per: year,
           must: {reported_on: {on_or_before: {later: {than: {cycle_day: {of: year, day: first}}, by: 2 months}}}}}
  some_report: {«A report.», who: holder, §6, per: year, must: {reported_on: {exists: true}}}
  modern: {«Not an old report.», who: holder, §6, per: year, must: {reported_on: {on_or_after: 2020-01-01}}}
  within: {«A report within the year.», who: holder, §6, per: year, must: {reported_on: {within: year}}}
  sent: {«Sent.», who: coach, §6, per: trial, must: {sent_at: {exists: true}}}
  courses: {«Both courses.», who: coach, §7, per: trial, must: {courses: {where: {passed: {is: true}}, at_least: 2}}}
  each_course: {«Each course.», who: coach, §7, for_each: courses, must: {passed: {is: true}}}
  each_lesson: {«Each lesson has pupils.», who: coach, §8, for_each: lessons, when: {place: {is: hier}},
                must: {pupils: {at_least: 1}}}
  sharing: {«Share.», who: holder, §9, when: {member: {is: true}}, must: {shared: {is: true}}}
  wish: {«Better share.», who: holder, §9, should: {shared: {is: true}}}
  disputed: {«Share anyway.», who: holder, §11, must: {shared: {is: true}}}
values:
  ten: {«Hours in all», §5, value: {sum: {of: lessons, field: hours_given}}}
  even: {«Balance in all», §5, value: {sum: {of: lessons, field: balance}}}
conflicts:
  quarrel: {«They quarrel.», between: [S-11, S-98], outcome: unknown}
"""
ON = date(2026, 10, 1)
# The first year runs from 1 February 2025; on 1 October 2026 the second does, up to and including 31 January 2027.
BEGUN = {"begun_on": "2025-02-01"}
END = date(2027, 1, 31)


def ask(facts: dict[str, Any], on: Any = ON, **asked: Any) -> Compliance:
    conventions = {key: asked.pop(key) for key in ("in_force", "month_end") if key in asked}
    answer = compliance(inline(DECLARED, **conventions), facts, on=on, **asked)
    assert answer.explain("nl")
    assert answer.explain("en")
    return answer


def stands(
    duty: str, facts: dict[str, Any], on: Any = ON, cycles: Sequence[int] | None = None, **asked: Any
) -> list[tuple[int | str | None, str, list[str]]]:
    """Per round or row: its number or name, the status, what is missing."""
    answer = ask(facts, on, duty=duty, cycles=cycles, **asked)
    return [(one.cycle or one.row, one.status.value, [m.fact for m in one.missing]) for one in answer.duties]


def lesson(day: str, **fields: Any) -> dict[str, Any]:
    return {"held_on": day, **fields}


# --- rounds ---


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (["2025-03-01", "2026-01-31", "2026-02-01", "2026-09-30"], ["met", "met"]),
        (["2025-03-01", "2026-02-01"], ["breached", "pending"]),  # past is past; this year may still count more
        ([], ["breached", "pending"]),
        (["2025-03-01", "2025-03-02", "2026-10-02"], ["met", "pending"]),  # tomorrow's does not count yet
    ],
)
def test_a_count_may_still_rise_in_the_running_round(days: list[str], expected: list[str]) -> None:
    answer = ask({**BEGUN, "lessons": [lesson(day) for day in days]}, duty="lessons")
    assert [one.status.value for one in answer.duties] == expected
    assert [one.until for one in answer.duties] == [END if status == "pending" else None for status in expected]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (["2026-03-01"], ["met", "pending"]),
        (["2026-03-01", "2026-03-02", "2026-03-03"], ["met", "breached"]),
    ],
)
def test_at_most_is_only_broken_by_what_there_is(days: list[str], expected: list[str]) -> None:
    facts = {**BEGUN, "lessons": [lesson(day) for day in days]}
    assert [status for _, status, _ in stands("at_most", facts)] == expected


def test_a_count_that_can_no_longer_rise_is_broken_now() -> None:
    """
    Half of the year has gone: no lesson from today on is held in its first half.
    """
    early, late = {**BEGUN, "lessons": []}, {**BEGUN, "lessons": [lesson("2026-07-31")]}
    assert [status for _, status, _ in stands("first_half", early, date(2026, 7, 31))] == ["breached", "pending"]
    assert [status for _, status, _ in stands("first_half", early, date(2026, 8, 1))] == ["breached", "breached"]
    assert [status for _, status, _ in stands("first_half", late)] == ["breached", "met"]
    # Of a history without days any row may still come; not one that the facts rule out.
    assert [status for _, status, _ in stands("notes", {**BEGUN, "notes_kept": []})] == ["breached", "pending"]
    elsewhere = {**BEGUN, "lessons": [], "region": "zuid"}
    assert [status for _, status, _ in stands("here", elsewhere)] == ["breached", "breached"]


def test_a_sum_may_rise_and_fall_as_its_field_allows() -> None:
    facts = {**BEGUN, "lessons": [lesson("2025-03-01", hours_given=9, balance=1)]}
    assert [status for _, status, _ in stands("hours", facts)] == ["breached", "pending"]
    assert [status for _, status, _ in stands("balance", facts)] == ["met", "pending"]
    facts = {**BEGUN, "lessons": [lesson("2025-03-01", hours_given=10)]}
    assert [status for _, status, _ in stands("hours", facts)] == ["met", "met"]


@pytest.mark.parametrize(
    ("duty", "given", "expected"),
    [
        # A no may still become a yes, a null a day; a yes stays, and so does a day.
        ("quiet", {"talked": {1: True, 2: True}}, ["breached", "breached"]),
        ("quiet", {"talked": {1: False, 2: False}}, ["met", "pending"]),
        ("some_report", {"reported_on": {1: None, 2: None}}, ["breached", "pending"]),
        ("some_report", {"reported_on": {1: "2025-03-01", 2: "2026-03-01"}}, ["met", "met"]),
        # From today on: a report in the first two months can no longer come.
        ("report", {"reported_on": {1: "2025-04-01", 2: None}}, ["met", "breached"]),
        ("report", {"reported_on": {1: "2025-04-02", 2: "2026-04-01"}}, ["breached", "met"]),
        # And though every day from today on would do, there is none yet.
        ("modern", {"reported_on": {1: "2025-04-01", 2: None}}, ["met", "pending"]),
        ("within", {"reported_on": {1: "2026-02-01", 2: None}}, ["breached", "pending"]),
    ],
)
def test_what_the_running_round_can_still_change_is_pending(duty: str, given: dict[str, Any], expected: Any) -> None:
    assert [status for _, status, _ in stands(duty, {**BEGUN, **given})] == expected


def test_within_the_first_two_months_a_report_may_still_come() -> None:
    facts = {**BEGUN, "reported_on": {1: "2025-04-01", 2: None}}
    assert [status for _, status, _ in stands("report", facts, date(2026, 4, 1))] == ["met", "pending"]


def test_a_single_round_is_over_when_it_is_over() -> None:
    running, over = date(2025, 4, 30), date(2025, 5, 1)
    facts = {**BEGUN, "sent_at": None, "passed": {"hives": True, "honey": False}}
    assert stands("sent", facts, running) == [(1, "pending", [])]
    assert stands("sent", facts, over) == [(1, "breached", [])]
    assert stands("courses", facts, running) == [(1, "pending", [])]
    assert stands("courses", facts, over) == [(1, "breached", [])]
    assert stands("courses", {**BEGUN, "passed": {"hives": True}}, running) == [(1, "unknown", ["passed[honey]"])]


@pytest.mark.parametrize("begun", [None, "2026-10-02"])
def test_where_nothing_has_begun_nothing_is_asked(begun: str | None) -> None:
    assert stands("lessons", {"begun_on": begun}) == [(None, "not_applicable", [])]


def test_while_the_anchor_is_not_known_only_what_cannot_fail_is_sure() -> None:
    assert stands("lessons", {"lessons": []}) == [(None, "unknown", ["begun_on"])]
    assert stands("lessons", {}) == [(None, "unknown", ["begun_on", "lessons"])]
    assert stands("notes", {"notes_kept": [{}]}) == [(None, "met", [])]
    # Asked for one round, its own facts are read.
    facts = {"talked": {2: False, 3: True}}
    assert stands("quiet", facts, cycles=(2, 3)) == [(2, "met", []), (3, "unknown", ["begun_on"])]
    (first,) = ask({"talked": {3: True}}, duty="quiet", cycles=(3,)).duties
    assert first.grounds[0].nl == "Begun on: niet bekend"


def test_the_rounds_asked_for() -> None:
    facts = {**BEGUN, "talked": {1: True, 2: False}}
    assert stands("quiet", facts, cycles=(2, 7)) == [(2, "pending", [])]
    assert stands("quiet", facts, cycles=(7,)) == [(None, "not_applicable", [])]
    with pytest.raises(QuestionError, match="they count from 1"):
        stands("quiet", facts, cycles=(0,))


def test_a_round_that_cannot_be_counted_is_unknown() -> None:
    """
    29 February plus a year, where the policy refuses to choose a day.
    """
    facts = {"begun_on": "2024-02-29", "lessons": []}
    ((_, status, missing),) = stands("lessons", facts, month_end="refuse")
    assert (status, missing) == ("unknown", [])


# --- rows ---


def test_each_row_of_a_table() -> None:
    assert stands("each_course", {"passed": {"hives": True}}) == [
        ("hives", "met", []),
        ("honey", "unknown", ["passed[honey]"]),
    ]


def test_each_row_of_a_history_that_has_happened() -> None:
    lessons = [
        lesson("2026-01-01", place="hier", pupils=1),
        lesson("2026-01-02", place="hier", pupils=0),
        lesson("2026-01-03", place="daar"),
        lesson("2026-10-02", place="hier", pupils=0),  # tomorrow
        {"place": "hier", "pupils": 0},  # nobody knows when
        {"place": "hier", "pupils": 1},
        {"place": "daar"},
        lesson("2026-01-08", pupils=1),  # met, or it does not apply
        lesson("2026-01-09", pupils=0),
    ]
    assert stands("each_lesson", {"lessons": lessons}) == [
        (1, "met", []),
        (2, "breached", []),
        (3, "not_applicable", []),
        (5, "unknown", ["lessons[5].held_on"]),
        (6, "met", []),
        (7, "not_applicable", []),
        (8, "unknown", ["lessons[8].place"]),
        (9, "unknown", ["lessons[9].place"]),
    ]
    assert [one.name for one in ask({"lessons": lessons}, duty="each_lesson").warnings] == ["left_out.lessons"]
    assert stands("each_lesson", {}) == [(None, "unknown", ["lessons"])]
    assert stands("each_lesson", {"lessons": lessons[3:4]}) == [(None, "not_applicable", [])]


# --- once ---


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"member": True, "shared": True}, ("met", [])),
        ({"member": True, "shared": False}, ("breached", [])),
        ({"member": False}, ("not_applicable", [])),
        ({"shared": True}, ("unknown", ["member"])),  # met, or it does not apply: but not breached
        ({"shared": False}, ("unknown", ["member"])),
        ({"member": True}, ("unknown", ["shared"])),
        ({}, ("unknown", ["member", "shared"])),
    ],
)
def test_a_duty_is_as_far_as_it_applies(facts: dict[str, Any], expected: Any) -> None:
    assert stands("sharing", facts) == [(None, *expected)]


def test_a_wish_deviates_and_a_conflict_leaves_it_open() -> None:
    assert stands("wish", {"shared": False}) == [(None, "deviates", [])]
    assert stands("disputed", {"shared": True}) == [(None, "unknown", [])]
    assert stands("disputed", {"shared": False}) == [(None, "breached", [])]
    assert [one.name for one in ask({"shared": True}, duty="disputed").warnings] == ["quarrel"]


# --- the whole ---


@pytest.mark.parametrize(
    ("asked", "facts", "overall", "missing"),
    [
        ({"duty": "each_course"}, {"passed": {"hives": False}}, Status.BREACHED, []),  # breached outranks unknown
        ({"duty": "each_course"}, {"passed": {"hives": True}}, Status.UNKNOWN, ["passed[honey]"]),
        ({"duty": "quiet"}, {**BEGUN, "talked": {1: False, 2: False}}, Status.PENDING, []),
        ({"duty": "quiet"}, {**BEGUN, "talked": {1: False}}, Status.UNKNOWN, ["talked[2]"]),
        ({"duty": "wish"}, {"shared": False}, Status.DEVIATES, []),
        ({"duty": "sharing"}, {"member": False}, Status.NOT_APPLICABLE, []),
        ({"duty": "sharing", "party": "coach"}, {}, Status.NOT_APPLICABLE, []),  # not theirs
        ({"party": "coach"}, {"passed": {"hives": True, "honey": True}, "lessons": [], "begun_on": None},
         Status.MET, []),
    ],
)  # fmt: skip
def test_overall_is_the_worst_of_the_duties(asked: Any, facts: Any, overall: Status, missing: list[str]) -> None:
    answer = ask(facts, **asked)
    assert (answer.overall, [one.fact for one in answer.missing]) == (overall, missing)


def test_wishes_count_only_where_nothing_is_a_duty() -> None:
    answer = ask({"shared": False, "member": False, "begun_on": None, "lessons": [], "notes_kept": []}, party="holder")
    assert answer.of("wish")[0].status is Status.DEVIATES
    assert answer.overall is Status.BREACHED  # `disputed`
    assert answer.of("sharing", cycle=1) == ()
    assert ask({"passed": {"hives": True}}).of("each_course", row="hives")[0].status is Status.MET


def test_contested_per_duty_and_round() -> None:
    facts = {**BEGUN, "talked": {1: False, 2: False}}
    answer = ask(facts, duty="talk")
    assert [one.status.value for one in answer.duties] == ["not_applicable", "not_applicable"]
    assert [one.answer.en for one in answer.contested] == ["A talk (year 1): breached", "A talk (year 2): pending"]
    assert [one.option.nl for one in answer.taken] == ["From the third"]
    assert ask({**BEGUN, "talked": {}}, duty="talk").contested == ()  # read otherwise it is unknown
    assert [one.reading for one in ask(facts).contested] == ["years", "years"]
    assert ask({"begun_on": "2023-02-01", "talked": {1: True, 2: True, 3: True, 4: True}}, duty="talk").contested != ()


def test_in_words() -> None:
    answer = ask({**BEGUN, "lessons": [lesson("2025-03-01"), lesson("2026-03-01")]}, duty="lessons")
    assert answer.explain("en").splitlines() == [
        "Two lessons. (Trial, 2026), 1 October 2026: breached.",
        "  Two lessons.",
        "      Source: S-5 (kop)",
        "    ✗ year 1: breached",
        "        number of lessons: 1 is less than 2",
        "    … year 2: pending, until 31 January 2027",
        "        number of lessons: 1 so far",
    ]


# --- in force, parties ---


def test_outside_the_validity() -> None:
    warned = ask({"shared": True}, duty="wish", in_force="from: 2027-01-01, outside: warn")
    assert (warned.overall, [one.name for one in warned.warnings]) == (Status.MET, ["in_force"])
    refused = ask({"shared": True}, duty="wish", in_force="from: 2027-01-01, outside: refuse")
    assert (refused.overall, refused.duties) == (Status.NOT_IN_FORCE, ())


def test_who_is_asked_about_must_exist() -> None:
    with pytest.raises(QuestionError, match="party `holders`"):
        ask({}, party="holders")
    with pytest.raises(QuestionError, match="duty `share`"):
        ask({}, duty="share")


def test_what_is_kept_in_any_case_does_not_weigh_on_the_whole() -> None:
    """
    A duty that is met or does not apply is unknown by itself; beside one that is met the whole is met.
    """
    alone = ask({"shared": True}, duty="sharing")
    assert (alone.overall, [one.kept for one in alone.duties]) == (Status.UNKNOWN, [True])
    assert "nagekomen, of niet van toepassing" in alone.explain("nl")
    met = replace(alone.duties[0], status=Status.MET)
    assert _overall([met, alone.duties[0]]) is Status.MET
