"""What the source tells: values, ranges, and what is not stated or cannot be computed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.policies_inline import inline
from trainingrules import Noted, Notes, QuestionError, look_up

DECLARED = """
facts:
  begun_on: {kind: date, «Begun on»}
  begun_at: {kind: moment, «Begun at»}
  member: {kind: boolean, «Member»}
  people: {kind: integer, «People»}
  steps: {kind: list, «Steps», options: {one: {«One»}, two: {«Two»}}}
  course: {kind: row, of: courses, «Course»}
  passed: {kind: boolean, per: courses, «Passed»}
  lessons:
    kind: records
    dated: held_on
    «Lessons»
    fields: {held_on: {kind: date, «Held on»}, pupils: {kind: integer, at_least: 0, «Pupils»}}
readings:
  which: {nl: "Which way?", en: "Which way?", §2, chosen: left, options: {left: {«Left»}, right: {«Right»}}}
tables:
  courses:
    «Courses»
    fields: {points: {kind: decimal, «Points»}, takes: {kind: duration, unit: months, «Takes»}}
    rows:
      hives: {«Hives», §3, points: 7.5, takes: {between: [6 months, 1 year]}}
      honey: {«Honey», §3, points: not_stated, takes: 6 months}
notes:
  plain: {kind: advice, «Be kind.», §4}
  points: {kind: information, «Points», §5, for_each: courses, value: {field: points}}
  takes: {kind: information, «Takes.», §5, for_row: course, value: {field: takes}}
  pupils: {kind: information, «Pupils», §6, for_each: lessons, value: {field: pupils}}
  when: {kind: information, «When.», §7, when: {member: {is: true}}, value: {fact: people}}
  perhaps: {kind: information, «Perhaps», §7, when: {which: {is: right}}, value: {fact: people}}
  steps: {kind: information, «Steps taken», §7, value: {fact: steps}}
  counted: {kind: information, «Counted», §7, value: {total: [1, {sum: {of: lessons, field: pupils}}]}}
  under: {kind: information, «Under», §7, value: {least: [{fact: people}, 5]}}
  today: {kind: information, «Today», §7, value: {greatest: [{fact: begun_on}, {fact: today}]}}
  unsaid: {kind: information, «Unsaid», §8, value: not_stated}
  norm: {kind: open_norm, «Enough», §9, reason: {«Nobody says how much.»}}
  reading: {kind: information, «Reading», §9, value: {fact: which}}
conflicts:
  quarrel: {«They quarrel.», between: [S-8, S-98], outcome: warn}
"""
ON = date(2026, 6, 1)


def ask(note: str | None, facts: dict[str, Any], on: Any = ON, **conventions: str) -> Notes:
    return look_up(inline(DECLARED, **conventions), facts, on=on, note=note)


def told(note: str, facts: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Per entry its row, whether it applies and is stated, its bounds, and what is missing."""
    entries: tuple[Noted, ...] = ask(note, facts).notes
    return [(one.row, one.applies, one.stated, one.least, one.most, [m.fact for m in one.missing]) for one in entries]


@pytest.mark.parametrize(
    ("note", "facts", "expected"),
    [
        ("plain", {}, [(None, True, True, None, None, [])]),
        ("points", {}, [("hives", True, True, "7.5", "7.5", []), ("honey", True, False, None, None, [])]),
        ("takes", {"course": "hives"}, [("hives", True, True, 6, 12, [])]),
        ("takes", {}, [(None, None, True, None, None, ["course"])]),
        ("takes", {"course": None}, []),
        ("pupils", {}, [(None, None, True, None, None, ["lessons"])]),
        ("pupils", {"lessons": [{"held_on": "2026-05-01", "pupils": 3}, {"held_on": "2026-07-01"}, {}]},
         [(1, True, True, 3, 3, []), (3, True, True, 0, None, ["lessons[3].pupils"])]),
        ("when", {"member": True, "people": 3}, [(None, True, True, 3, 3, [])]),
        ("when", {"member": False}, [(None, False, True, None, None, [])]),
        ("when", {"people": 3}, [(None, None, True, 3, 3, ["member"])]),
        ("steps", {"steps": ["two", "one"]}, [(None, True, True, ["two", "one"], ["two", "one"], [])]),
        ("unsaid", {}, [(None, True, False, None, None, [])]),
        ("reading", {}, [(None, True, True, "left", "left", [])]),
    ],
)  # fmt: skip
def test_what_is_told(note: str, facts: dict[str, Any], expected: list[tuple[Any, ...]]) -> None:
    assert told(note, facts) == expected


@pytest.mark.parametrize(
    ("note", "facts", "nl", "en"),
    [
        ("plain", {}, "Be kind.", "Be kind."),
        ("takes", {"course": "hives"}, "Takes, Hives: 6 maanden tot 1 jaar", "Takes, Hives: 6 months to 1 year"),
        ("when", {"member": False}, "When. [niet van toepassing]", "When. [does not apply]"),
        ("when", {"people": 3}, "When: 3 [of dit geldt, is niet bekend]",
         "When: 3 [whether this applies is not known]"),
        ("when", {"member": True}, "When: nog niet te zeggen", "When: cannot be said yet"),
        ("unsaid", {}, "Unsaid: de bron zegt het niet", "Unsaid: the source does not say"),
        ("counted", {"lessons": [{"held_on": "2026-05-01"}]}, "Counted: ten minste 1", "Counted: at least 1"),
        ("under", {}, "Under: ten hoogste 5", "Under: at most 5"),
        ("steps", {"steps": []}, "Steps taken: geen", "Steps taken: none"),
        ("today", {"begun_on": "2026-07-01"}, "Today: 1 juli 2026", "Today: 1 July 2026"),
        ("reading", {}, "Reading: Left", "Reading: Left"),
    ],
)  # fmt: skip
def test_in_words(note: str, facts: dict[str, Any], nl: str, en: str) -> None:
    """
    The full stop of a note stays, but for a row or a value that goes on after it.
    """
    answer = ask(note, facts)
    assert answer.explain("nl").splitlines()[1].strip() == nl
    assert answer.explain("en").splitlines()[1].strip() == en


def test_what_cannot_be_computed_says_why() -> None:
    answer = ask("norm", {})
    assert answer.notes[0].reason is not None
    assert "Niet te berekenen: Nobody says how much." in answer.explain("nl")
    assert "  - Which way? Left" in ask("reading", {}).explain("en")  # a name that is a question keeps its mark


def test_the_source_of_a_row_is_told_too() -> None:
    assert [one.id for one in ask("points", {}).notes[0].source] == ["S-5", "S-3"]


def test_all_notes_at_once() -> None:
    answer = ask(None, {"lessons": [{"held_on": "2026-07-01"}]}, in_force="from: 2027-01-01, outside: refuse")
    assert {one.name for one in answer.notes} == set(inline(DECLARED).notes) - {"pupils"}
    assert [one.fact for one in answer.missing] == ["begun_on", "member", "people", "steps", "course"]
    assert [one.name for one in answer.warnings] == ["in_force", "quarrel", "left_out.lessons"]
    assert [one.reading for one in answer.taken] == ["which"]


def test_a_note_that_is_not_there() -> None:
    with pytest.raises(QuestionError, match="note `poins`"):
        ask("poins", {})
