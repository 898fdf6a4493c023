"""Which missing facts can still change an answer: those that are asked for, one case a line."""

from __future__ import annotations

from datetime import date

import pytest

from tests.policies_inline import inline
from trainingrules import Verdict, eligibility, needed
from trainingrules.needed import in_order

DECLARED = """
facts:
  member: {kind: boolean, «Member»}
  paid: {kind: boolean, «Paid»}
  calm: {kind: boolean, «Calm»}
  age: {kind: integer, at_least: 0, at_most: 150, «Age»}
  people: {kind: integer, at_least: 0, at_most: 5, «People»}
  places: {kind: integer, at_least: 0, at_most: 5, «Places»}
  score: {kind: decimal, «Score»}
  fee: {kind: money, «Fee»}
  region: {kind: text, «Region»}
  level: {kind: choice, ordered: true, «Level», options: {low: {«Low»}, middle: {«Middle»}, high: {«High»}}}
  steps: {kind: list, «Steps», options: {one: {«One»}, two: {«Two»}, three: {«Three»}}}
  many: {kind: list, «Many», options: {a: {«A»}, b: {«B»}, c: {«C»}, d: {«D»}, e: {«E»}, f: {«F»}, g: {«G»}}}
  begun_on: {kind: date, «Begun on»}
  applied_on: {kind: date, «Applied on»}
  done_at: {kind: moment, «Done at»}
  course: {kind: row, of: courses, «Course»}
  passed: {kind: boolean, per: courses, «Passed»}
  talked: {kind: boolean, per: year, «Talked»}
  lessons:
    kind: records
    «Lessons»
    fields:
      kindly: {kind: boolean, «Kindly»}
      pupils: {kind: integer, at_least: 0, «Pupils»}
tables:
  courses:
    «Courses»
    fields: {points: {kind: integer, «Points»}}
    rows: {basic: {«Basic», §1, points: 1}, extra: {«Extra», §1, points: 2}, third: {«Third», §1, points: not_stated}}
cycles: {year: {«Year», §1, starts: begun_on, every: 1 year, rounds: 2}}
values: {doubled: {«Doubled», §1, value: {product: [{fact: age}, 3]}}}
deadlines:
  apply: {«Apply», §1, act: applied_on, until: {later: {than: {fact: begun_on}, by: 2 months}}}
eligibility:
  decision:
    «Decision»
    requires:
"""
ON = date(2026, 6, 15)


def asked(rules, known=()):
    """The facts that are asked for, with these requirements: a condition each, or a whole requirement."""
    text = DECLARED
    for number, rule in enumerate([rules] if isinstance(rules, str) else rules):
        body = rule if rule.startswith(("for_", "per")) else f"must: {rule}"
        text += f"      rule_{number}: {{«Rule», §2, {body}}}\n"
    answer = eligibility(inline(text), dict(known), on=ON, engine="reference")
    assert answer.verdict is Verdict.UNKNOWN or not answer.missing
    return " ".join(one.fact for one in answer.missing)


@pytest.mark.parametrize(
    ("rules", "known", "expected"),
    [
        # Read once: what stands under an unknown part.
        ("{member: {is: true}, paid: {is: true}}", {}, "member paid"),
        ("{member: {is: true}, paid: {is: true}}", {"member": False}, ""),
        ("{any: [{member: {is: true}}, {paid: {is: true}}]}", {"member": False}, "paid"),
        # What holds in any case with the other, or in none, does not matter.
        ("{any: [{member: {is: true}}, {member: {is: true}, paid: {is: true}}]}", {}, "member"),
        ("{member: {is: true}, any: [{member: {is: true}}, {paid: {is: true}}]}", {}, "member"),
        ("{any: [{age: {at_least: 16}}, {age: {at_least: 18}, member: {is: true}}]}", {}, "age"),
        ("{age: {at_least: 16}, any: [{age: {at_least: 18}}, {paid: {is: true}}]}", {}, "paid age"),
        # Both are unknown to Kleene, though one of them must hold: the fact would make it known.
        ("{any: [{member: {is: true}}, {member: {is: false}}]}", {}, "member"),
        # Equal parts in another order are equal.
        ("{any: [{member: {is: true}, any: [{paid: {is: true}}, {calm: {is: true}}]},"
         " {any: [{calm: {is: true}}, {paid: {is: true}}]}]}", {}, "paid calm"),
        # So are two checks of the same two facts.
        ("{any: [{people: {less_than: {fact: places}}}, {people: {less_than: {fact: places}}, paid: {is: true}}]}", {},
         "people places"),
    ],
)  # fmt: skip
def test_a_fact_is_asked_for_when_it_can_change_the_answer(rules, known, expected):
    assert asked(rules, known) == expected


def test_requirements_are_taken_together():
    """
    One requirement cannot be met without the other: then the other adds nothing to ask.
    """
    rules = ["{age: {at_least: 18}}", "{any: [{age: {at_least: 16}}, {member: {is: true}}]}"]
    assert asked(rules) == "age"
    assert asked(rules, {"age": 17}) == ""
    assert asked([*rules, "{paid: {is: true}}"]) == "paid age"


# Between what the two checks ask lies a value that only one of them takes; only there does `paid` matter.
BETWEEN = [
    ("{score: {more_than: 1.5}, any: [{score: {at_least: 1.5001}}, {paid: {is: true}}]}", "paid score"),
    ("{fee: {at_least: 1.00}, any: [{fee: {more_than: 1.00}}, {paid: {is: true}}]}", "paid fee"),
    ("{level: {at_least: middle}, any: [{level: {is: high}}, {paid: {is: true}}]}", "paid level"),
    ("{level: {more_than: middle}, any: [{level: {is: high}}, {paid: {is: true}}]}", "level"),
    ("{steps: {includes_any: [one, two]}, any: [{steps: {includes_all: [one]}}, {paid: {is: true}}]}", "paid steps"),
    ("{steps: {includes_all: [one, two]}, any: [{steps: {in_order: [one, two]}}, {paid: {is: true}}]}", "paid steps"),
    ("{steps: {in_order: [one, two]}, any: [{steps: {includes_any: [two]}}, {paid: {is: true}}]}", "steps"),
    ("{many: {includes_all: [a, b]}, any: [{many: {includes_any: [c, d]}}, {paid: {is: true}}]}", "paid many"),
    ("{region: {in: [noord, oost]}, any: [{region: {is: noord}}, {paid: {is: true}}]}", "paid region"),
    ("{region: {exists: true}, any: [{region: {is: noord}}, {paid: {is: true}}]}", "paid region"),
    ("{begun_on: {after: 2026-03-01}, any: [{begun_on: {after: 2026-03-02}}, {paid: {is: true}}]}", "paid begun_on"),
    ("{begun_on: {after: 2026-03-01}, any: [{begun_on: {on_or_after: 2026-03-02}}, {paid: {is: true}}]}", "begun_on"),
    ("{begun_on: {after: '2026-03-01T12:00:00Z'}, any: [{begun_on: {after: 2026-03-02}}, {paid: {is: true}}]}",
     "paid begun_on"),
    ("{done_at: {on_or_after: 2026-03-01}, any: [{done_at: {after: '2026-03-01T09:00:00Z'}}, {paid: {is: true}}]}",
     "paid done_at"),
    ("{done_at: {after: '2026-03-01T09:00:00Z'}, any: [{done_at: {on_or_after: 2026-03-01}}, {paid: {is: true}}]}",
     "done_at"),
    ("{people: {more_than: {share: {percent: 50, of: 3}}}, any: [{people: {at_least: 3}}, {paid: {is: true}}]}",
     "paid people"),
    ("{course: {in: [basic, extra]}, any: [{course: {is: basic}}, {paid: {is: true}}]}", "paid course"),
    ("{course: {exists: true}, any: [{course: {in: [basic, extra, third]}}, {paid: {is: true}}]}", "course"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "expected"), BETWEEN)
def test_every_value_that_checks_tell_apart_is_tried(rule, expected):
    assert asked(rule) == expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        # Only a day more than a year ago makes `paid` matter: no value beside a limit of the text.
        ("{begun_on: {on_or_before: {fact: today}}, any: [{today: {before: {later: {than: {fact: begun_on},"
         " by: 1 year}}}}, {paid: {is: true}}]}", "paid begun_on"),
        # Only 3 makes it matter, and neither limit is near.
        ("{doubled: {at_least: 8, at_most: 10}, any: [{member: {is: true}}, {paid: {is: true}}]}", "member paid age"),
        # The days of the round depend on the fact that is held against them.
        ("{begun_on: {within: year}, any: [{begun_on: {after: 2026-01-01}}, {paid: {is: true}}]}", "paid begun_on"),
        ("{today: {on_or_before: {deadline: apply}}, any: [{begun_on: {after: 2026-01-01}}, {paid: {is: true}}]}",
         "paid begun_on"),
        ("{lessons: {at_least: 1}, any: [{lessons: {where: {kindly: {is: true}}, at_least: 1}}, {paid: {is: true}}]}",
         "paid lessons"),
    ],
)  # fmt: skip
def test_where_not_all_values_can_be_tried_no_fact_is_left_out(rule, expected):
    assert asked(rule) == expected


def test_beside_silence_only_what_settles_it_is_asked_for():
    """
    Where the source is silent twice, what stands beside both changes nothing; beside one, it may.
    """
    silent = "{region: {is: not_stated}}"
    assert asked("{region: {is: not_stated}, member: {is: true}}", {"region": "noord"}) == "member"
    rule = f"{{region: {{is: not_stated}}, any: [{silent}, {{member: {{is: true}}}}]}}"
    assert asked(rule, {"region": "noord"}) == ""


def test_a_requirement_that_no_fact_settles_is_one_on_which_the_source_is_silent():
    """
    Though a fact under it is not known: one of its rows fails, and what then holds is not said.
    """
    body = "for_each: courses, must: {points: {at_least: 2}, member: {is: true}}, if_not: not_stated"
    answer = eligibility(inline(f"{DECLARED}      rule: {{«Rule», §2, {body}}}\n"), {}, on=ON)
    assert answer.silent == ("rule",)
    assert not answer.missing


FOR_ROW = "for_row: course, must: {any: [{passed: {is: true}}, {points: {at_least: 2}}]}"


def test_the_row_a_fact_names_may_be_any_row_or_none():
    """
    While it is not known, a rule for it holds for sure of no row: there may be none.
    """
    assert asked(FOR_ROW) == "course passed[basic] passed[third]"
    assert asked(FOR_ROW, {"passed": {"basic": True, "third": True}}) == "course"
    assert asked(FOR_ROW, {"course": None}) == ""
    assert asked(FOR_ROW, {"course": "basic"}) == "passed[basic]"
    assert asked("for_row: course, must: {points: {at_least: 3}}", {}) == "course"


def test_rules_for_a_row_and_checks_on_its_name_are_taken_together():
    rules = [FOR_ROW, "{course: {in: [extra, third]}}"]
    assert asked(rules) == "course passed[third]"
    assert asked([FOR_ROW, "{course: {is: extra}}"]) == "course"
    assert asked([FOR_ROW, "for_row: course, must: {passed: {is: true}}"]) == (
        "course passed[basic] passed[extra] passed[third]")  # fmt: skip


def test_fields_of_a_history_are_asked_for_by_their_row():
    rule = "{lessons: {where: {kindly: {is: true}}, at_least: 2}}"
    assert asked(rule, {"lessons": [{"pupils": 1}, {"kindly": True}]}) == "lessons[1].kindly"
    each = "for_each: lessons, must: {any: [{kindly: {is: true}}, {kindly: {is: true}, pupils: {at_least: 1}}]}"
    assert asked(each, {"lessons": [{}, {"kindly": True}, {"pupils": 0}]}) == "lessons[1].kindly lessons[3].kindly"


def test_without_its_anchor_no_round_can_be_named():
    assert asked("per: year, must: {talked: {is: true}}") == "begun_on talked"
    assert asked("per: year, must: {talked: {is: true}}", {"begun_on": "2025-06-15"}) == "talked[1] talked[2]"


def test_a_diagram_that_grows_too_large_is_not_drawn(monkeypatch):
    """
    Then the facts under unknown parts are asked for: too many, never too few.
    """
    rule = "{any: [{member: {is: true}}, {member: {is: true}, paid: {is: true}}]}"
    assert asked(rule) == "member"
    monkeypatch.setattr(needed, "MOST_NODES", 0)
    assert asked(rule) == "member paid"


def test_facts_are_asked_for_in_the_order_of_the_policy():
    """
    Rows in the order of their table, rounds and rows of a history by number.
    """
    policy = inline(DECLARED + "      rule: {«Rule», §2, must: {member: {is: true}}}\n")
    paths = ["lessons[10].kindly", "lessons[2].kindly", "talked[10]", "talked[2]", "passed[third]", "passed[basic]",
             "age", "member"]  # fmt: skip
    assert in_order(paths, policy) == (
        "member", "age", "passed[basic]", "passed[third]", "talked[2]", "talked[10]", "lessons[2].kindly",
        "lessons[10].kindly")  # fmt: skip
