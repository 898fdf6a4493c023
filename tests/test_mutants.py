"""Mutants are small, sound and all there; the examples that tell kill them, and no others do."""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.policies_inline import inline
from trainingrules import Policy, killing, load, operators
from trainingrules.cli import main
from trainingrules.diagnostics import FactError
from trainingrules.document import Document
from trainingrules.equivalence import plain_reason
from trainingrules.examples import Example, read_examples, run
from trainingrules.killing import Fate, Judged, Trial, excused, stale_reasons
from trainingrules.loading import bundled, policies_folder
from trainingrules.mutants import Mutant, mutants
from trainingrules.operators import FORMS, OPERATORS
from trainingrules.questions import rests_of
from trainingrules.source import parse, read_file
from trainingrules.strategies import Question, days, facts, questions_of

GUILD = Path(__file__).parent / "policies" / "good" / "guild.yaml"
FILES = [*(policies_folder() / f"{name}.yaml" for name in bundled()), GUILD]


def document(text: str = "policy: inline") -> Document:
    found, _ = parse(text, "inline.yaml")
    assert found is not None
    return found


# ---------------------------------------------------------------------------------------- what a mutant is


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_mutant_differs_from_the_policy_and_has_an_id_and_a_hash_of_its_own(file: Path) -> None:
    policy = load(file)
    found = mutants(policy)
    assert len({one.id for one in found}) == len({one.policy.hash for one in found}) == len(found) > 100
    for one in found:
        assert replace(one.policy, hash=policy.hash) != policy, one.id


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_mutants_of_a_policy_are_the_same_each_time(file: Path) -> None:
    one, other = (mutants(load(file)) for _ in range(2))
    assert [mutant.id for mutant in one] == [mutant.id for mutant in other]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_mutant_stands_at_a_place_in_the_text(file: Path) -> None:
    text, _ = read_file(file)
    assert text is not None
    for one in mutants(load(file)):
        assert {*text.keys, *text.values} >= {one.change.path}, one.id


def test_a_mutant_belongs_to_an_entry_and_a_rule() -> None:
    of = {one.id: one for one in mutants(load("rvwo"))}
    one = of["eligibility.assess_progress.requires.described_place.if_not:dropped"]
    assert one.entry == ("eligibility", "assess_progress")
    assert one.rule == "eligibility.assess_progress.requires.described_place"
    assert of["conventions.cent:down"].entry == ("conventions", "cent")


@pytest.mark.parametrize("operator", OPERATORS.values(), ids=lambda one: one.name)
def test_an_operator_is_mistaken_for_one_of_the_same_kinds_that_differs(operator: operators.Operator) -> None:
    for name in operator.mutates_to:
        other = OPERATORS[name]
        assert (other.kinds >= operator.kinds, other.operand) == (True, operator.operand)
        assert other.test is not operator.test


def test_a_form_is_mistaken_for_another_form_of_the_same_make() -> None:
    for form in FORMS.values():
        assert {FORMS[name].takes for name in form.mutates_to} <= {form.takes}


# ---------------------------------------------------------------- one example that lets pass, one that tells

TEXT = """
facts:
  age: {kind: integer, at_least: 0, «Leeftijd»}
  seniority: {kind: duration, unit: years, «Ervaring»}
  mark: {kind: decimal, «Cijfer»}
  level: {kind: choice, ordered: true, «Niveau», options: {low: {«Laag»}, mid: {«Midden»}, high: {«Hoog»}}}
  role: {kind: choice, «Rol», options: {cook: {«Kok»}, guide: {«Gids»}, clerk: {«Klerk»}}}
  steps: {kind: list, «Stappen», options: {one: {«Een»}, two: {«Twee»}, three: {«Drie»}}}
  paid: {kind: boolean, «Betaald»}
  member: {kind: boolean, «Lid»}
  began_on: {kind: date, «Begonnen op»}
  ended_on: {kind: date, «Geëindigd op»}
  heads: {kind: integer, at_least: 0, «Hoofden»}
  lesson: {kind: row, of: lessons, «Les»}
  visits:
    kind: records
    dated: seen_on
    «Bezoeken»
    fields: {seen_on: {kind: date, «Gezien op»}, long: {kind: boolean, «Lang»}}
contradictions:
  ends_before:
    «Het eindigt voor het begint.»
    never: {ended_on: {before: {fact: began_on}}}
readings:
  counted: {«Geteld», §1, chosen: whole, options: {whole: {«Heel»}, half: {«Half»}}}
amounts:
  fee:
    - {from: 2020-01-01, value: 10.00, vat: excluded, certainty: exact, §1}
    - {from: 2026-01-01, value: 12.00, vat: excluded, certainty: exact, §1}
tables:
  lessons:
    «Lessen»
    fields: {costs: {kind: money, vat: included, certainty: exact, «Prijs»}}
    rows: {swim: {«Zwemmen», §1, costs: 7.50}, run: {«Rennen», §1, costs: 5.00}}
cycles:
  year: {«Jaar», §1, starts: began_on, every: 1 year, rounds: 2}
terms:
  grown: {«Groot», §1, holds: {age: {at_least: 18}}}
values:
  larger: {«Grootste», §1, value: {greatest: [{fact: heads}, 2]}}
eligibility:
  base: {«Basis», requires: {r: {«Eis», §1, must: {member: {is: true}}}}}
  enter:
    «Binnenkomen»
    builds_on: [base]
    requires:
      senior: {«Eis», §1, must: {seniority: {at_least: 3 years}}}
      marked: {«Eis», §1, must: {mark: {more_than: 5.5}}}
      levelled: {«Eis», §1, must: {level: {at_least: mid}}}
      of_role: {«Eis», §1, must: {role: {in: [cook, guide]}}}
      in_steps: {«Eis», §1, must: {steps: {in_order: [one, two]}}}
      either: {«Eis», §1, must: {any: [{paid: {is: true}}, {role: {is: guide}}]}}
      both: {«Eis», §1, when: {heads: {at_least: 1}}, must: {paid: {is: true}, age: {at_most: 65}}}
      negated: {«Eis», §1, must: {not: {age: {is: 40}}}}
      begun: {«Eis», §1, must: {began_on: {on_or_before: 2026-01-31}}}
      seen: {«Eis», §1, must: {visits: {where: {long: {is: true}}, at_least: 1}}}
      sure: {«Eis», §1, must: {grown: {is: true}}, if_not: not_stated}
      wished: {«Wens», §1, should: {heads: {less_than: 9}}}
costs:
  bill:
    «Rekening»
    presume: {heads: 1, paid: true}
    lines:
      entry:
        «Toegang»
        §1
        price: {amount: fee}
        times: {fact: larger}
        instead: [{when: {member: {is: true}}, price: {share: {percent: 50, of: {amount: fee}}}}]
      taught: {«Les», §1, for_row: lesson, when: {paid: {is: false}}, price: {field: costs}}
    instalments:
      first: {«Eerste», §1, percent: 50, odd_cent: true, due: {fact: began_on}}
      second: {«Tweede», §1, percent: 50, due: {later: {than: {fact: began_on}, by: 1 month}}}
deadlines:
  leave:
    «Vertrek»
    §1
    from: {fact: began_on}
    until: {later: {than: {fact: began_on}, by: 1 month}}
    act: ended_on
    certainty: average
    should: {heads: {at_least: 2}}
  renew: {«Verleng», §1, per: year, until: {cycle_day: {of: year, day: last}}}
compliance:
  keep: {«Plicht», §1, who: holder, per: year, must: {visits: {where: {seen_on: {within: year}}, at_least: 1}}}
notes:
  told: {«Weetje», §1, kind: information, value: {between: [2, 4]}, when: {counted: {is: whole}}}
"""
GOOD: dict[str, Any] = {
    "age": 30, "seniority": 10, "mark": 8, "level": "high", "role": "cook", "steps": ["one", "two"], "paid": True,
    "member": True, "began_on": "2025-06-15", "heads": 3, "lesson": "swim",
    "visits": [{"seen_on": "2025-07-01", "long": True}],
}  # fmt: skip


def policy_of_the_table() -> Policy:
    return inline(TEXT, in_force="from: 2020-01-01, outside: warn")


def example(ask: Mapping[str, Any], expect: Mapping[str, Any], *, on: date = date(2026, 3, 1), **given: Any) -> Example:
    known = {name: value for name, value in (GOOD | given).items() if value != "unknown"}
    return Example("inline", "one", ("S-1",), "worked out by hand", on, known, ask, expect)


YES, NO = {"verdict": "eligible"}, {"verdict": "not_eligible"}
ENTER, BILL = {"eligibility": "enter"}, {"cost": "bill"}
MUST = "eligibility.enter.requires"
# The mutant; an example that lets it pass; one that tells: each the question, what it expects, and facts.
TABLE: list[tuple[str, Example, Example]] = [
    (f"{MUST}.senior.must.seniority.at_least:+1", example(ENTER, YES), example(ENTER, YES, seniority=3)),
    (f"{MUST}.senior.must.seniority.at_least:-1", example(ENTER, NO, seniority=1), example(ENTER, NO, seniority=2)),
    (f"{MUST}.senior.must.seniority.at_least:more_than", example(ENTER, YES), example(ENTER, YES, seniority=3)),
    (f"{MUST}.marked.must.mark.more_than:+1", example(ENTER, YES), example(ENTER, YES, mark=Decimal("5.6"))),
    (f"{MUST}.levelled.must.level.at_least:low", example(ENTER, YES), example(ENTER, NO, level="low")),
    (f"{MUST}.levelled.must.level.at_least:high", example(ENTER, YES), example(ENTER, YES, level="mid")),
    (f"{MUST}.of_role.must.role.in[1]:without guide", example(ENTER, YES), example(ENTER, YES, role="guide")),
    (f"{MUST}.of_role.must.role.in:with clerk", example(ENTER, YES), example(ENTER, NO, role="clerk")),
    (f"{MUST}.of_role:dropped", example(ENTER, YES), example(ENTER, NO, role="clerk")),
    (f"{MUST}.in_steps.must.steps.in_order:includes_all", example(ENTER, YES),
     example(ENTER, NO, steps=["two", "one"])),
    (f"{MUST}.in_steps.must.steps.in_order:swapped", example(ENTER, NO, steps=["one"]), example(ENTER, YES)),
    (f"{MUST}.either.must.any:all", example(ENTER, YES, role="guide"), example(ENTER, YES)),
    (f"{MUST}.either.must.any[0].paid.is:dropped", example(ENTER, YES, role="guide"), example(ENTER, YES)),
    (f"{MUST}.both.must:any", example(ENTER, YES), example(ENTER, NO, age=66)),
    (f"{MUST}.both.must.age.at_most:dropped", example(ENTER, YES), example(ENTER, NO, age=66)),
    (f"{MUST}.both.must.age.at_most:less_than", example(ENTER, YES), example(ENTER, YES, age=65)),
    (f"{MUST}.both.when:dropped", example(ENTER, YES), example(ENTER, YES, heads=0, age=66)),
    (f"{MUST}.negated.must.not:without not", example(ENTER, NO, mark=1), example(ENTER, YES)),
    (f"{MUST}.begun.must.began_on.on_or_before:before", example(ENTER, YES),
     example(ENTER, YES, began_on="2026-01-31")),
    (f"{MUST}.begun.must.began_on.on_or_before:+1", example(ENTER, YES), example(ENTER, NO, began_on="2026-02-01")),
    (f"{MUST}.seen.must.visits.where:dropped", example(ENTER, YES),
     example(ENTER, NO, visits=[{"seen_on": "2025-07-01", "long": False}])),
    (f"{MUST}.seen.must.visits.where.long.is:false", example(ENTER, NO, visits=[]), example(ENTER, YES)),
    (f"{MUST}.sure.if_not:dropped", example(ENTER, YES), example(ENTER, {"verdict": "unknown"}, age=17)),
    (f"{MUST}.sure.must.grown:false", example(ENTER, NO, mark=1), example(ENTER, YES)),
    ("terms.grown.holds.age.at_least:+1", example(ENTER, YES), example(ENTER, YES, age=18)),
    (f"{MUST}.wished.should:must", example(ENTER, YES), example(ENTER, YES, heads=9)),
    ("eligibility.enter.builds_on[0]:without base", example(ENTER, YES), example(ENTER, NO, member=False)),
    ("contradictions.ends_before:dropped", example(ENTER, YES, ended_on="2025-07-01"),
     example(ENTER, {"refused": ["ends_before"]}, ended_on="2025-06-14")),
    ("contradictions.ends_before.never.ended_on.before:on_or_before", example(ENTER, YES),
     example(ENTER, YES, ended_on="2025-06-15")),
    # 3 heads, half of 12.00 for a member: 18.00; the lesson is only for whoever has not paid.
    ("amounts.fee[1].value:+1", example(BILL, {"certainty": "exact"}), example(BILL, {"total": "18.00"}, heads=3)),
    ("amounts.fee[1].from:+1", example(BILL, {"total": "18.00"}),
     example(BILL, {"total": "18.00"}, on=date(2026, 1, 1))),
    ("amounts.fee[1]:dropped", example(BILL, {"complete": True}), example(BILL, {"total": "18.00"})),
    ("amounts.fee[1].vat:included", example(BILL, {"total": "18.00"}),
     example(BILL, {"by_vat": {"excluded": "18.00"}})),
    ("amounts.fee[1].certainty:average", example(BILL, {"total": "18.00"}), example(BILL, {"certainty": "exact"})),
    ("tables.lessons.rows.swim.costs:+1", example(BILL, {"total": "18.00"}),
     example(BILL, {"total": "25.50"}, paid=False)),
    ("tables.lessons.fields.costs.vat:not_stated", example(BILL, {"total": "25.50"}, paid=False),
     example(BILL, {"by_vat": {"excluded": "18.00", "included": "7.50"}}, paid=False)),
    ("costs.bill.lines.taught:dropped", example(BILL, {"total": "18.00"}),
     example(BILL, {"total": "25.50"}, paid=False)),
    ("costs.bill.lines.taught.when:dropped", example(BILL, {"total": "25.50"}, paid=False),
     example(BILL, {"total": "18.00"})),
    ("costs.bill.lines.entry.times:dropped", example(BILL, {"complete": True}), example(BILL, {"total": "18.00"})),
    ("costs.bill.lines.entry.instead[0]:dropped", example(BILL, {"total": "36.00"}, member=False),
     example(BILL, {"total": "18.00"})),
    ("costs.bill.lines.entry.instead[0].price.share.percent:+1", example(BILL, {"total": "36.00"}, member=False),
     example(BILL, {"total": "18.00"})),
    # Two at least: without a number of heads one is presumed, and two are paid for.
    ("values.larger.value.greatest:least", example(BILL, {"total": "12.00"}, heads=2),
     example(BILL, {"total": "18.00"})),
    ("values.larger.value.greatest[1]:dropped", example(BILL, {"total": "18.00"}),
     example(BILL, {"total": "12.00"}, heads=0)),
    ("values.larger.value.greatest[1]:+1", example(BILL, {"total": "18.00"}),
     example(BILL, {"total": "12.00"}, heads=0)),
    ("costs.bill.presume.heads:dropped", example(BILL, {"total": "18.00"}),
     example(BILL, {"total": "12.00"}, heads="unknown")),
    ("costs.bill.presume.paid:false", example(BILL, {"total": "18.00"}),
     example(BILL, {"total": "18.00"}, paid="unknown")),
    ("costs.bill.instalments.first.percent:+1", example(BILL, {"total": "18.00"}),
     example(BILL, {"instalments": {"first": "9.00", "second": "9.00"}})),
    ("costs.bill.instalments.second.due.later:earlier", example(BILL, {"total": "18.00"}),
     example(BILL, {"due": {"first": "2025-06-15", "second": "2025-07-15"}})),
    ("deadlines.leave.until.later.by:+1", example({"deadline": "leave"}, {"state": "passed"}),
     example({"deadline": "leave"}, {"until": "2025-07-15"})),
    ("deadlines.leave.until:a day earlier", example({"deadline": "leave"}, {"state": "passed"}),
     example({"deadline": "leave"}, {"state": "in_time"}, ended_on="2025-07-15")),
    ("deadlines.leave.from:dropped", example({"deadline": "leave"}, {"state": "passed"}),
     example({"deadline": "leave"}, {"from": "2025-06-15"})),
    ("deadlines.leave.act:dropped", example({"deadline": "leave"}, {"state": "passed"}),
     example({"deadline": "leave"}, {"state": "in_time"}, ended_on="2025-07-01")),
    ("deadlines.leave.should:dropped", example({"deadline": "leave"}, {"against_advice": False}),
     example({"deadline": "leave"}, {"against_advice": True}, heads=1)),
    ("deadlines.leave.certainty:exact", example({"deadline": "leave"}, {"state": "passed"}),
     example({"deadline": "leave"}, {"certainty": "average"})),
    ("conventions.month_end:next_day", example({"deadline": "leave"}, {"until": "2025-07-15"}),
     example({"deadline": "leave"}, {"until": "2025-02-28"}, began_on="2025-01-31")),
    ("deadlines.renew.until.cycle_day.day:expiry", example({"deadline": "renew"}, {"state": "open"}),
     example({"deadline": "renew"}, {"until": "2026-06-14"})),
    ("cycles.year.every:+1", example({"deadline": "renew"}, {"state": "open"}),
     example({"deadline": "renew"}, {"until": "2026-06-14"})),
    ("cycles.year.rounds:-1", example({"deadline": "renew"}, {"until": "2026-06-14"}),
     example({"deadline": "renew", "cycle": 2}, {"until": "2027-06-14"})),
    ("compliance.keep.must.visits.at_least:+1",
     example({"compliance": "keep", "cycle": 1}, {"status": "pending"}, visits=[]),
     example({"compliance": "keep", "cycle": 1}, {"status": "met"})),
    ("compliance.keep.must:should", example({"compliance": "keep", "cycle": 1}, {"status": "met"}),
     example({"compliance": "keep", "cycle": 1}, {"status": "breached"}, visits=[], began_on="2025-01-15")),
    ("notes.told.value.between[0]:+1", example({"note": "told"}, {"applies": True}),
     example({"note": "told"}, {"value": {"between": [2, 4]}})),
    ("notes.told.when.counted.is:half", example({"note": "told"}, {"missing": []}),
     example({"note": "told"}, {"applies": True})),
    ("readings.counted.chosen:half", example({"note": "told"}, {"missing": []}),
     example({"note": "told"}, {"applies": True})),
    ("in_force.from:+1", example(ENTER, YES), example({"note": "told"}, {"outside": False}, on=date(2020, 1, 1))),
]  # fmt: skip


@pytest.mark.parametrize(("id_", "passes", "tells"), TABLE, ids=[row[0] for row in TABLE])
def test_each_way_to_mutate_has_an_example_that_lets_it_pass_and_one_that_tells(
    id_: str, passes: Example, tells: Example
) -> None:
    policy = policy_of_the_table()
    mutant = next(one for one in mutants(policy) if one.id == id_)
    for one in (passes, tells):
        assert run(one, policy).mismatches == ()
    assert run(passes, mutant.policy).passed
    assert not run(tells, mutant.policy).passed
    fates = [next(Trial(policy, document(), [one]).judge([id_])).fate for one in (passes, tells)]
    assert fates == [Fate.SURVIVES, Fate.KILLED]


@pytest.mark.parametrize(("id_", "passes"), [row[:2] for row in TABLE], ids=[row[0] for row in TABLE])
def test_the_example_that_is_suggested_for_a_survivor_kills_it(id_: str, passes: Example) -> None:
    policy = policy_of_the_table()
    trial = Trial(policy, document(), [passes])
    told = trial.examine(id_)
    assert told.fate is Fate.SURVIVES
    written, _ = parse(f"policy: inline\nexamples:\n{told.suggestion}", "examples.yaml")
    assert written is not None
    [found], _ = read_examples(written, policy)
    assert run(found, policy).passed
    assert next(Trial(policy, document(), [found]).judge([id_])) == Judged(id_, Fate.KILLED, found.name)


# ------------------------------------------------------------------------------- who is asked, and who cannot tell


@pytest.mark.parametrize("name", [*bundled(), "guild"])
@settings(max_examples=40)
@given(data=st.data())
def test_an_answer_does_not_change_with_what_it_does_not_depend_on(name: str, data: st.DataObject) -> None:
    """
    Examples are not asked about what cannot matter to them; this is how we know that it cannot.
    """
    policy, changed = known_of(name)
    question = data.draw(st.sampled_from([one for one in questions_of(policy) if one.name]))
    reached = {place[:2] for place in rests_of(policy, [question])[question]}
    apart = [one for one in changed if one.entry not in reached and one.entry[0] not in FRAME]
    assume(apart)
    mutant = data.draw(st.sampled_from(apart))
    on = data.draw(days(policy))
    known = data.draw(facts(policy, on=on))
    assert answered(question, mutant.policy, known, on) == answered(question, policy, known, on)


@functools.cache
def known_of(name: str) -> tuple[Policy, list[Mutant]]:
    policy = load(GUILD if name == "guild" else name)
    return policy, mutants(policy)


FRAME = ("in_force", "conventions", "contradictions", "conflicts")


def answered(question: Question, policy: Policy, known: Mapping[str, Any], on: date) -> object:
    try:
        plain = question.ask(policy, known, on=on).to_dict()
    except FactError as reason:
        return str(reason)
    del plain["head"]["hash"]
    return plain


def test_a_step_outside_the_bounds_of_a_fact_is_no_difference() -> None:
    policy = inline("""
facts: {age: {kind: integer, at_least: 0, at_most: 9, «Leeftijd»}}
eligibility: {may: {«Mag», requires: {r: {«Eis», §1, must: {age: {at_most: 9}}}}}}
""")
    trial = Trial(policy, document(), [])
    fates = {one.id.rpartition(":")[2]: one for one in trial.judge(trial.mutants) if ".must." in one.id}
    assert {mark: one.fate for mark, one in fates.items()} == {
        "less_than": Fate.SURVIVES, "-1": Fate.SURVIVES, "+1": Fate.EQUIVALENT,
    }  # fmt: skip
    assert fates["+1"].reason == "no value that the fact may have tells the two apart"


def test_no_mutant_leaves_the_bounds_of_what_it_is_a_value_of() -> None:
    found = {one.id for one in mutants(policy_of_the_table())}
    assert "costs.bill.presume.heads:-1" in found
    bounded = inline(TEXT.replace("presume: {heads: 1,", "presume: {heads: 0,"))
    presumed = [one.id for one in mutants(bounded) if "presume.heads" in one.id]
    assert presumed == ["costs.bill.presume.heads:dropped", "costs.bill.presume.heads:+1"]


def test_before_an_amount_that_is_not_stated_nothing_is_stated_either() -> None:
    policy = inline(TEXT.replace("{from: 2020-01-01, value: 10.00,", "{from: 2020-01-01, value: not_stated,"))
    trial = Trial(policy, document(), [])
    fates = {one.id: one for one in trial.judge(trial.mutants)}
    assert fates["amounts.fee[0].from:-1"].reason == "before its first day nothing is stated either"
    assert fates["amounts.fee[1].from:-1"].fate is Fate.SURVIVES


def test_what_check_refuses_is_no_mutant() -> None:
    policy = inline("""
facts: {age: {kind: integer, at_least: 0, at_most: 9, «Leeftijd»}}
eligibility: {may: {«Mag», requires: {r: {«Eis», §1, must: {age: {at_least: 9}}}}}}
""")
    trial = Trial(policy, document(), [])
    fates = {one.id.rpartition(":")[2]: one.fate for one in trial.judge(trial.mutants) if ".must." in one.id}
    assert fates == {"+1": Fate.REFUSED, "-1": Fate.SURVIVES, "more_than": Fate.REFUSED}


def test_a_mutant_that_never_answers_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    policy = policy_of_the_table()

    def slow(one: Example, of: Policy) -> Any:
        if of is not policy:
            time.sleep(5)
        return run(one, of)

    monkeypatch.setattr(killing, "LONGEST", 0.05)
    monkeypatch.setattr(killing, "run", slow)
    trial = Trial(policy, document(), [example(ENTER, YES)])
    start = time.monotonic()
    assert next(trial.judge(["terms.grown.holds.age.at_least:+1"])).fate is Fate.KILLED
    assert time.monotonic() - start < 4


# ------------------------------------------------------------------------------------------- the author's reasons


def test_a_reason_makes_a_survivor_equivalent_and_a_killed_one_stale() -> None:
    text = document("equivalent:\n  a.b:+1: nobody can be that old\n  a.b:-1: was so once\n  a.b:+2: of another rule")
    lives, dies = Judged("a.b:+1", Fate.SURVIVES), Judged("a.b:-1", Fate.KILLED, "one")
    reasons = killing.stated_reasons(text)
    assert excused(lives, reasons) == Judged("a.b:+1", Fate.EQUIVALENT, reason="nobody can be that old")
    assert excused(dies, reasons) is dies
    told = [str(fault).splitlines() for fault in stale_reasons(text, ["a.b:+1", "a.b:-1"], [lives, dies])]
    assert [lines[0] for lines in told] == [
        "inline.yaml:3:3: error: example `one` does tell this mutant from the policy [stale-reason]",
        "inline.yaml:4:3: error: there is no mutant `a.b:+2` [unknown-mutant]",
    ]
    assert told[1][-1] == "  help: did you mean `a.b:+1`?"


ADDED_UP = """
facts:
  member: {kind: boolean, «Lid»}
tables:
  lessons:
    «Lessen»
    fields:
      fee: {kind: money, vat: included, certainty: exact, «Prijs»}
      days: {kind: integer, «Dagen»}
      weight: {kind: decimal, «Gewicht»}
    rows:
      swim: {«Zwemmen», §1, fee: 7.50, days: 2, weight: 1.25}
      run: {«Rennen», §1, fee: 5.05, days: 1, weight: 0.75}
amounts:
  price: [{from: 2020-01-01, value: 10.05, vat: excluded, certainty: exact, §1}]
notes:
  told: {«Weetje», §1, kind: information, value: %s}
"""


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        ("{sum: {of: lessons, field: fee}}", False),
        ("{product: [{amount: price}, {sum: {of: lessons, field: days}}]}", False),
        ("{product: [{amount: price}, {sum: {of: lessons, field: weight}}]}", True),
    ],
)
def test_only_what_may_be_part_of_a_cent_is_rounded(value: str, rounded: bool) -> None:
    """
    Whole cents added up are whole cents; an amount times a sum of numbers with decimals need not be.
    """
    policy = inline(ADDED_UP % value)
    cents = [one for one in mutants(policy) if one.entry == ("conventions", "cent")]
    assert [bool(plain_reason(policy, one)) for one in cents] == [not rounded] * 3


# --------------------------------------------------------------------------------------------- the command line

SMALL = """\
language: 1
policy: small
title: {nl: Klein, en: Small}
edition: 2026
in_force: {from: 2026-01-01, outside: warn, source: [SML-1]}
conventions: {zone: Europe/Amsterdam, month_end: last_day, currency: EUR, cent: half_up}
statements: statements.yaml
facts:
  age: {kind: integer, at_least: 0, nl: Leeftijd, en: Age}
eligibility:
  enter:
    nl: Binnenkomen
    en: Enter
    source: [SML-1]
    requires:
      grown: {nl: Achttien., en: Eighteen., source: [SML-1], must: {age: {at_least: 18}}}
"""
CATALOGUE = """\
statements: small
document: {nl: Bron, en: Source}
entries:
  SML-1: {kind: eligibility, heading: "1", nl: Vanaf achttien., en: From eighteen on.}
"""


def entry(name: str, on: str, age: str, expect: str) -> str:
    return f"""\
  {name}:
    source: [SML-1]
    why: Worked out by hand.
    asked_on: {on}
    facts: {{{age}}}
    ask: {{eligibility: enter}}
    expect: {{{expect}}}
"""


ENOUGH = [
    entry("on_the_day", "2026-01-01", "age: 18", "verdict: eligible, outside: false"),
    entry("a_day_before", "2025-12-31", "age: 17", "verdict: not_eligible, outside: true"),
]
REASONS = """\
equivalent:
  conventions.month_end:next_day: Nothing here counts in months.
  conventions.month_end:refuse: Nothing here counts in months.
  conventions.cent:half_even: Nothing here is an amount.
  conventions.cent:down: Nothing here is an amount.
  conventions.cent:up: Nothing here is an amount.
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    (tmp_path / "small.yaml").write_text(SMALL)
    (tmp_path / "statements.yaml").write_text(CATALOGUE)
    (tmp_path / "examples").mkdir()
    write(tmp_path / "small.yaml", *ENOUGH, REASONS)
    return tmp_path / "small.yaml"


def write(policy: Path, *parts: str) -> None:
    (policy.parent / "examples" / policy.name).write_text("policy: small\nexamples:\n" + "".join(parts))


def mutate(policy: Path, *args: str) -> Result:
    return CliRunner().invoke(main, ["test", str(policy), "--mutate", "--jobs", "1", *args], env={"COLUMNS": "100"})


@pytest.mark.parametrize("reasons", ["", REASONS])
def test_a_few_examples_kill_every_mutant_of_a_small_policy(reasons: str, small: Path) -> None:
    """
    What nothing counts or rounds cannot be told; that is plain to see, and the author may give a reason of their own.
    """
    write(small, *ENOUGH, reasons)
    told = mutate(small)
    assert told.stdout.splitlines() == [
        f"{small}: 2 examples, 2 pass",
        f"{small}: 13 mutants, 8 killed, 5 equivalent, 0 survive",
    ]
    assert told.exit_code == 0


def test_a_survivor_is_shown_with_its_place_and_ends_with_a_1(small: Path) -> None:
    write(small, ENOUGH[0], entry("young", "2025-12-31", "age: 16", "verdict: not_eligible, outside: true"), REASONS)
    told = mutate(small)
    assert told.exit_code == 1
    assert told.stdout.splitlines()[1:3] == [
        f"{small}:16:75: no example tells: `at_least: 18` becomes `at_least: 17`",
        "    eligibility.enter.requires.grown.must.age.at_least:-1",
    ]
    assert "    facts: {age: 17}\n" in told.stdout
    assert told.stdout.splitlines()[-1].endswith("1 survive")
    assert "facts: {age: 17}" not in mutate(small, "--suggest", "0").stdout


def test_only_some_mutants_can_be_asked_for(small: Path) -> None:
    told = mutate(small, "--only", "in_force.from")
    assert told.stdout.splitlines()[-1] == f"{small}: 2 mutants, 2 killed, 0 equivalent, 0 survive"
    wrong = mutate(small, "--only", "nowhere")
    assert wrong.exit_code == 2
    assert "no mutant has an id that begins with `nowhere`" in wrong.stderr


def test_options_of_mutation_go_with_it(small: Path) -> None:
    told = CliRunner().invoke(main, ["test", str(small), "--only", "x"])
    assert (told.exit_code, "`--only` goes with `--mutate`" in told.stderr) == (2, True)


def test_a_stale_and_an_unknown_reason_are_findings(small: Path) -> None:
    write(small, *ENOUGH, REASONS, "  in_force.from:+1: Nobody asks.\n  in_force.form:+1: Nobody asks.\n")
    told = mutate(small)
    assert told.exit_code == 1
    assert "does tell this mutant from the policy [stale-reason]" in told.stdout
    assert "did you mean `in_force.from:+1`?" in told.stdout


def test_several_processes_find_what_one_finds_and_json_holds_it_all(small: Path) -> None:
    one = json.loads(mutate(small, "--format", "json").stdout)
    two = json.loads(mutate(small, "--format", "json", "--jobs", "2").stdout)
    assert one == two
    (told,) = one
    assert told["mutation"]["survive"] == 0
    assert {found["fate"] for found in told["mutation"]["mutants"]} == {"killed", "equivalent"}
    (first,) = [found for found in told["mutation"]["mutants"] if found["id"] == "in_force.from:+1"]
    assert (first["line"], first["killed_by"], first["rule"]) == (5, "on_the_day", "in_force.from")


@pytest.mark.parametrize("name", ["rvwo", "vlaanderen"])
def test_the_examples_of_a_bundled_policy_kill_every_mutant(name: str) -> None:
    """
    Two of them, for time; `make mutants` judges them all.
    """
    told = CliRunner().invoke(main, ["test", name, "--mutate", "--jobs", "1", "--suggest", "0"])
    assert (told.exit_code, told.stdout.rstrip().rsplit(" ", 2)[1:]) == (0, ["0", "survive"]), told.stdout
