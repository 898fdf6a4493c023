"""May someone: verdicts, what is missing, what is violated, and everything that can keep a yes from being said."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.policies_inline import inline
from trainingrules import Eligibility, FactError, Outcome, QuestionError, Verdict, eligibility
from trainingrules.admission import read_facts

DECLARED = """
facts:
  applied_on: {kind: date, «Applied on»}
  age: {kind: integer, at_least: 0, «Age»}
  height: {kind: integer, at_least: 0, «Height»}
  member: {kind: boolean, «Member»}
  region: {kind: text, «Region»}
  lessons:
    kind: records
    dated: held_on
    «Lessons»
    fields:
      held_on: {kind: date, «Held on»}
      pupils: {kind: integer, at_least: 0, «Pupils»}
      forms: {kind: integer, at_least: 0, «Forms»}
readings:
  strict: {«How strict», §2, chosen: lenient, options: {lenient: {«Lenient»}, severe: {«Severe»}}}
  other: {«Another matter», §2, chosen: this, options: {this: {«This»}, that: {«That»}}}
contradictions:
  too_many: {«More forms than pupils.», for_each: lessons, never: {forms: {more_than: {field: pupils}}}}
  young_member: {«No member so young.», never: {member: {is: true}, age: {less_than: 12}}}
terms:
  grown: {«Grown up», §9, holds: {any: [{age: {at_least: 18}}, {strict: {is: lenient}, age: {at_least: 16}}]}}
eligibility:
  basis:
    «Basis»
    requires:
      of_age: {«Is of age.», §3, must: {grown: {is: true}}, remedy: {«Wait.», §4}}
      tall:
        «Is tall.»
        §5
        when: {member: {is: false}}
        must: {height: {at_least: 150}}
  middle: {«Middle», builds_on: [basis], requires: {of_here: {«Is of here.», §6, must: {region: {exists: true}}}}}
  top:
    «Top»
    builds_on: [middle]
    subject_to: {«The board decides.», §7}
    requires:
      of_age: {«Is older.», §8, must: {age: {at_least: 21}}}
      advised: {«Better thirty.», §8, should: {age: {at_least: 30}}}
  silent:
    «Silent»
    requires: {north: {«For the north.», §10, must: {region: {is: noord}}, if_not: not_stated}}
  disputed: {«Disputed», requires: {age: {«Is of age.», §11, must: {age: {at_least: 18}}}}}
  warned: {«Warned», requires: {age: {«Is of age.», §12, must: {age: {at_least: 18}}}}}
  counted:
    «Counted»
    requires: {lesson: {«Has given a lesson.», §14, must: {lessons: {at_least: 1}}}}
  both: {«Both», builds_on: [middle, basis], requires: {}}
  free: {«Free», §15, requires: {}}
  sure:
    «Sure»
    requires:
      either: {«Either.», §16, must: {any: [{strict: {is: lenient}}, {age: {at_least: 18}}]}}
conflicts:
  ages: {«Two ages are given.», between: [S-11, S-99], outcome: unknown}
  again: {«The ages differ.», between: [S-12, S-99], outcome: warn}
"""
ON = date(2026, 6, 1)


def ask(decision: str, facts: dict[str, Any], on: Any = ON, **conventions: str) -> Eligibility:
    return eligibility(inline(DECLARED, **conventions), facts, on=on, decision=decision)


def missing(answer: Eligibility) -> list[str]:
    return [one.fact for one in answer.missing]


def test_all_requirements_make_a_yes() -> None:
    answer = ask("basis", {"age": 18, "member": False, "height": 150})
    assert answer.verdict is Verdict.ELIGIBLE
    assert [one.outcome for one in answer.reasons] == [Outcome.MET, Outcome.MET]
    assert missing(answer) == []
    assert (answer.failed, answer.silent, answer.violated) == ((), (), ())


def test_a_rule_that_does_not_apply_fails_nothing() -> None:
    answer = ask("basis", {"age": 18, "member": True, "height": 10})
    assert answer.verdict is Verdict.ELIGIBLE
    assert answer.reasons[1].outcome is Outcome.NOT_APPLICABLE


def test_a_rule_that_holds_anyway_need_not_be_known_to_apply() -> None:
    """
    `when` implies `must`: who is tall is let in, member or not.
    """
    answer = ask("basis", {"age": 18, "height": 150})
    assert answer.verdict is Verdict.ELIGIBLE
    assert answer.reasons[1].grounds[0].en == "Height: 150 is at least 150"


def test_no_outranks_unknown_and_asks_nothing() -> None:
    answer = ask("basis", {"age": 15})
    assert answer.verdict is Verdict.NOT_ELIGIBLE
    assert answer.failed == ("of_age",)
    assert answer.violated == ("S-3",)  # not S-9 of the term, nor S-4 of the remedy
    assert missing(answer) == []
    assert answer.reasons[0].remedy is not None
    assert [one.id for one in answer.reasons[0].source] == ["S-3", "S-4"]


def test_missing_facts_stand_in_the_order_of_the_policy() -> None:
    assert missing(ask("middle", {})) == ["age", "height", "member", "region"]
    assert missing(ask("middle", {"member": True})) == ["age", "region"]


def test_what_is_built_on_is_asked_too_and_named_by_its_decision() -> None:
    """
    Also what that one builds on in turn; the same name in two decisions is two requirements.
    """
    answer = ask("top", {"age": 20, "member": True, "region": None})
    assert answer.verdict is Verdict.NOT_ELIGIBLE
    assert answer.failed == ("of_age", "middle.of_here")
    assert answer.violated == ("S-8", "S-6")
    names = [one.name for one in answer.reasons]
    assert names == ["of_age", "advised", "middle.of_here", "basis.of_age", "basis.tall"]


def test_what_is_built_on_twice_is_asked_once() -> None:
    assert [one.name for one in ask("both", {}).reasons] == ["middle.of_here", "basis.of_age", "basis.tall"]


def test_advice_warns_and_refuses_nothing() -> None:
    answer = ask("top", {"age": 21, "member": True, "region": "x"})
    assert answer.verdict is Verdict.CONDITIONAL
    assert [one.name for one in answer.warnings] == ["advised"]
    assert "Voorbehoud: The board decides." in answer.explain("nl")
    assert [one.id for one in answer.source] == ["S-7"]
    unadvised = ask("top", {"member": True, "region": "x"})
    assert missing(unadvised) == ["age"]


def test_failing_what_refuses_nobody_is_unknown() -> None:
    answer = ask("silent", {"region": "zuid"})
    assert answer.verdict is Verdict.UNKNOWN
    assert (answer.silent, missing(answer), answer.failed) == (("north",), [], ())
    assert [one.en for one in answer.reasons[0].grounds] == [
        "Region: “zuid” (not “noord”)",
        "The source does not say what holds when this is not so",
    ]
    assert ask("silent", {"region": "noord"}).verdict is Verdict.ELIGIBLE
    assert missing(ask("silent", {})) == ["region"]


def test_a_conflict_takes_the_yes_and_leaves_the_no() -> None:
    answer = ask("disputed", {"age": 18})
    assert answer.verdict is Verdict.UNKNOWN
    assert answer.silent == ("age",)
    assert [one.name for one in answer.warnings] == ["ages"]
    assert answer.reasons[0].grounds[-1].nl == "Bronnen spreken elkaar tegen: Two ages are given."
    assert ask("disputed", {"age": 17}).verdict is Verdict.NOT_ELIGIBLE
    assert missing(ask("disputed", {})) == ["age"]  # it can still make it a no
    warned = ask("warned", {"age": 18})
    assert warned.verdict is Verdict.ELIGIBLE
    assert [one.name for one in warned.warnings] == ["again"]


def test_a_decision_without_requirements_is_a_yes_with_its_source() -> None:
    answer = ask("free", {})
    assert answer.verdict is Verdict.ELIGIBLE
    assert [one.id for one in answer.source] == ["S-15"]


# --- readings ---


@pytest.mark.parametrize(
    ("age", "verdict", "disputed"),
    [
        (17, Verdict.ELIGIBLE, True),  # severe: eighteen
        (18, Verdict.ELIGIBLE, False),
        (15, Verdict.NOT_ELIGIBLE, False),
    ],
)
def test_contested_only_where_another_reading_answers_otherwise(age: int, verdict: Verdict, disputed: bool) -> None:
    answer = ask("basis", {"age": age, "member": True})
    assert answer.verdict is verdict
    assert [one.reading for one in answer.contested] == ["strict"] * disputed
    assert [one.reading for one in answer.taken] == ["strict"]
    if disputed:
        assert "Contested: How strict: Lenient. Read otherwise (“Severe”): no." in answer.explain("en")


def test_unknown_on_either_side_is_not_contested() -> None:
    """
    Both answers must be definite: `age` unknown is unknown; read severely it would be unknown, not another answer.
    """
    assert ask("basis", {}).contested == ()
    answer = ask("sure", {})
    assert (answer.verdict, answer.contested) == (Verdict.ELIGIBLE, ())
    assert [one.reading for one in ask("sure", {"age": 17}).contested] == ["strict"]


# --- in force ---

DECIDED = DECLARED.replace("  warned: {«Warned»,", "  warned: {«Warned», judged_on: applied_on,")


@pytest.mark.parametrize(
    ("outside", "facts", "on", "verdict", "warned"),
    [
        ("warn", {"age": 18, "applied_on": "2025-12-31"}, ON, Verdict.ELIGIBLE, True),
        ("warn", {"age": 17, "applied_on": "2025-12-31"}, ON, Verdict.NOT_ELIGIBLE, True),
        ("warn", {"age": 18, "applied_on": "2026-01-01"}, date(2020, 1, 1), Verdict.ELIGIBLE, False),
        ("refuse", {"age": 17, "applied_on": "2025-12-31"}, ON, Verdict.NOT_IN_FORCE, True),
        ("refuse", {"age": 18, "applied_on": "2026-12-31"}, ON, Verdict.ELIGIBLE, False),  # the last day counts
        ("refuse", {"age": 18, "applied_on": "2027-01-01"}, ON, Verdict.NOT_IN_FORCE, True),
        ("refuse", {"age": 18, "applied_on": None}, ON, Verdict.ELIGIBLE, False),  # not applied: today
        ("refuse", {"age": 18, "applied_on": None}, date(2027, 1, 1), Verdict.NOT_IN_FORCE, True),
        ("warn", {"age": 18}, ON, Verdict.ELIGIBLE, False),
    ],
)
def test_in_force_on_the_day_judged(outside: str, facts: Any, on: date, verdict: Verdict, warned: bool) -> None:
    policy = inline(DECIDED, in_force=f"from: 2026-01-01, until: 2026-12-31, outside: {outside}")
    answer = eligibility(policy, facts, on=on, decision="warned")
    assert answer.verdict is verdict
    assert ("in_force" in [one.name for one in answer.warnings]) is warned
    if warned:
        assert "hold from 1 January 2026 up to and including 31 December 2026" in answer.explain("en")


@pytest.mark.parametrize(("age", "wanted"), [(18, ["applied_on"]), (17, ["applied_on"]), (None, ["applied_on", "age"])])
def test_not_known_whether_it_is_in_force(age: int | None, wanted: list[str]) -> None:
    """
    Not in force outranks no, so neither yes nor no can be said without the day.
    """
    policy = inline(DECIDED, in_force="from: 2026-01-01, outside: refuse")
    answer = eligibility(policy, {} if age is None else {"age": age}, on=ON, decision="warned")
    assert answer.verdict is Verdict.UNKNOWN
    assert missing(answer) == wanted


def test_open_ended_validity_says_only_the_end_it_has() -> None:
    policy = inline(DECLARED, in_force="until: 2025-12-31, outside: warn")
    shown = eligibility(policy, {}, on=ON, decision="free").explain("nl")
    assert "gelden tot en met 31 december 2025; 1 juni 2026 valt daarbuiten." in shown


# --- what is asked, and with what ---


def test_rows_after_today_are_left_out_and_said() -> None:
    later = [{"held_on": f"2026-06-0{day}"} for day in range(2, 10)]
    answer = ask("counted", {"lessons": later[:1]})
    assert answer.verdict is Verdict.NOT_ELIGIBLE
    assert [one.text.nl for one in answer.warnings] == ["Lessons: rij 1 ligt na deze dag; dat telt niet mee."]
    (many,) = ask("counted", {"lessons": later}).warnings
    assert many.text.en.endswith("row 6 and 2 more lie after this day; that is left out.")


def test_facts_with_faults_are_refused_all_at_once() -> None:
    with pytest.raises(FactError) as refused:
        ask("basis", {"age": -1, "heigth": 3})
    assert len(refused.value.diagnostics) == 2


def test_facts_that_were_read_before() -> None:
    policy = inline(DECLARED)
    facts = read_facts(policy, {"age": 18, "member": True})
    assert eligibility(policy, facts, on=ON, decision="basis").verdict is Verdict.ELIGIBLE


def test_facts_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(FactError, match="No member so young") as refused:
        ask("free", {"member": True, "age": 11, "lessons": [{"forms": 1, "pupils": 2}, {"forms": 3, "pupils": 2}]})
    assert len(refused.value.diagnostics) == 2
    assert "lessons[2]" in str(refused.value)
    assert ask("free", {"member": True, "lessons": [{"forms": 3}]}).verdict is Verdict.ELIGIBLE


def test_which_decision_must_be_said_when_there_are_more() -> None:
    with pytest.raises(QuestionError, match="which decision"):
        eligibility(inline(DECLARED), {}, on=ON)
    with pytest.raises(QuestionError, match="did you mean `basis`"):
        ask("bases", {})
    with pytest.raises(QuestionError, match="this policy has no decision"):
        eligibility(inline("facts: {}\nnotes: {one: {kind: information, «One», §1}}\n"), {}, on=ON)


def test_on_is_a_day_or_a_moment_with_its_offset() -> None:
    with pytest.raises(TypeError, match="not str"):
        ask("free", {}, on="2026-06-01")


# --- in words ---


def test_an_explanation_says_it_all() -> None:
    """
    The verdict, why, by which statement, what can be done, how it was read, and what is still to be asked. What
    decides stands first.
    """
    policy = inline(DECLARED, left_open="S-6")
    answer = eligibility(policy, {"age": 17, "member": True}, on=ON, decision="middle")
    assert answer.explain("en").splitlines() == [
        "Middle (Trial, 2026), 1 June 2026: cannot be said yet.",
        "  ? Is of here. [not known]",
        "      Region: not known",
        "      Source: S-6 (kop)",
        "  ✓ Is of age. [holds]",
        "      How strict: Lenient (as read here)",
        "      Age: 17 is at least 16",
        "      Source: S-3 (kop)",
        "  – Is tall. [does not apply]",
        "      Member: yes",
        "      Source: S-5 (kop)",
        "Still to ask:",
        "  - Region: which?",
        "What the source leaves open, and how it is read here:",
        "  - How strict: Lenient",
        "  - S-6: Read so",
    ]
    assert "Nog te vragen:" in answer.explain("nl")


def test_not_in_force_explains_nothing_more() -> None:
    policy = inline(DECLARED, in_force="from: 2027-01-01, outside: refuse")
    assert eligibility(policy, {}, on=ON, decision="top").explain("en").splitlines() == [
        "Top (Trial, 2026), 1 June 2026: these conditions are not in force then.",
        "  Source: S-1 (kop)",
        "Note: these conditions (edition 2026) hold from 1 January 2027; 1 June 2026 is outside that.",
    ]
