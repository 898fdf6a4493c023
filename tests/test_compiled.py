"""The compiled engine gives the answers of the reference engine, whatever the policy and whatever is known."""

from __future__ import annotations

import copy
import pickle
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from tests.random_policies import both, frame, policies, written
from trainingrules import Compliance, Cost, Deadlines, FactError, bundled, eligibility, load, read_facts
from trainingrules.answers import eligibility as module
from trainingrules.answers import prompt
from trainingrules.answers.compliance import Status
from trainingrules.examples import examples_file, read_examples, told
from trainingrules.kinds import Shape
from trainingrules.loading import locate
from trainingrules.money import to_cents
from trainingrules.operators import OPERATORS
from trainingrules.plan.asking import eligibility_plan, plan_of, stretch_of
from trainingrules.plan.lowering import Untranslatable
from trainingrules.plan.python import compiled
from trainingrules.plan.steps import OPS, Builder, run
from trainingrules.questions import Question, Sort, entries_of
from trainingrules.source import read_file
from trainingrules.strategies import days, facts
from trainingrules.words import Text


def agree(policy, decision, given_facts, on):
    """The same answer, or the same refusal, by both engines; `missing` also when it is looked at first."""
    known = read_facts(policy, given_facts)

    def asked(engine):
        return eligibility(policy, known, on=on, decision=decision, engine=engine)

    try:
        whole = asked("reference")
    except FactError as refused:
        with pytest.raises(FactError, match=re.escape(str(refused))):
            asked("compiled")
        return
    prompt = asked("compiled")
    assert prompt.verdict is whole.verdict
    assert prompt.missing == whole.missing
    assert asked("compiled") == whole == asked("compiled")
    agree_on_findings(policy, decision, known, on, whole)


def agree_on_findings(policy, decision, known, on, whole):
    plan = eligibility_plan(policy, decision, on)
    findings = [name for name in plan.outputs if name.startswith("finding.")]
    truths = compiled(plan, findings)(known.one, known.per, known.rows, on)
    if whole.reasons:
        assert [_truth(reason) for reason in whole.reasons] == list(truths)


def _truth(reason):
    return {"met": True, "not_applicable": True, "unmet": False}.get(reason.outcome.value)


@given(st.data())
def test_a_decision_of_any_policy_is_that_of_the_reference_engine(data):
    """
    Whether the facts contradict each other, the verdict, and the truth of every requirement.
    """
    policy = data.draw(policies("eligibility")).policy
    on = data.draw(days(policy))
    known = data.draw(facts(policy, on=on))
    for decision in policy.decisions:
        try:
            agree(policy, decision, known, on)
        except Untranslatable as refused:
            event(f"refused: {str(refused).partition(' cannot')[0]}")


@pytest.mark.parametrize("name", bundled())
@given(st.data())
def test_every_decision_of_a_bundled_policy_is_that_of_the_reference_engine(name, data):
    policy = load(name)
    on = data.draw(days(policy))
    known = data.draw(facts(policy, on=on))
    decision = data.draw(st.sampled_from(list(policy.decisions)))
    agree(policy, decision, known, on)


def test_every_operator_means_the_same_as_a_step():
    """
    An operator's step is known to the program, and holds of the operator's own examples when its test does.
    """
    for operator in OPERATORS.values():
        assert bool(operator.step) is (operator.operand not in ("boolean", "cycle"))
        if operator.operand == "several":
            for example in operator.examples:
                assert OPS[operator.step].evaluate(tuple(example.operand), example.fact) is example.holds  # type: ignore[arg-type]


def test_an_answer_that_is_filled_in_is_a_plain_one():
    """
    It is compared, hashed, copied, replaced, pickled and printed as any other; what it does not have it says.
    """
    policy, on = load("bcmb"), date(2024, 3, 1)

    def asked(engine="compiled"):
        return eligibility(policy, {"diploma_level": "hbo"}, on=on, decision="programme_b", engine=engine)

    whole = asked("reference")
    assert asked() == whole
    assert whole == asked()
    assert asked() != 1
    assert hash(asked()) == hash(whole)
    assert repr(asked()) == repr(whole)
    assert pickle.loads(pickle.dumps(asked())) == whole
    assert copy.deepcopy(asked()) == whole
    assert replace(asked(), missing=()).missing == ()
    assert asked().to_dict() == whole.to_dict()
    with pytest.raises(AttributeError, match="verdikt"):
        asked().verdikt  # noqa: B018


def test_what_a_caller_does_with_its_facts_afterwards_changes_no_answer():
    policy, known = load("bcmb"), {"diploma_level": "hbo"}
    answer = eligibility(policy, known, on=date(2024, 3, 1), decision="programme_b")
    known["diploma_level"] = "below_hbo"
    before = eligibility(policy, {"diploma_level": "hbo"}, on=date(2024, 3, 1), decision="programme_b")
    assert answer.explain("en") == before.explain("en")


def test_patterns_are_forgotten_when_there_are_too_many(monkeypatch):
    monkeypatch.setattr(prompt, "MOST_PATTERNS", 2)
    policy = load("bcmb")
    for day in range(1, 10):
        on = date(2024, 3, day)
        answer = eligibility(policy, {}, on=on, decision="programme_b")
        assert answer.missing == eligibility(policy, {}, on=on, decision="programme_b", engine="reference").missing
    program = module._program(policy, "programme_b", date(2024, 3, 1))
    assert program is not None
    assert len(program.needed) <= 2


def test_a_program_holds_for_a_stretch_of_days_without_changes():
    """
    Amounts and validity change on a day; a program is made anew from then on, and not before.
    """
    policy = load("bcmb")
    assert stretch_of(policy, date(2024, 1, 1)) == stretch_of(policy, date(2024, 12, 31)) == (date(2024, 1, 1), False)
    assert stretch_of(policy, date(2025, 1, 1))[0] == date(2025, 1, 1)
    assert stretch_of(policy, date(2023, 12, 7))[0] == date(2023, 12, 7)
    assert stretch_of(policy, date(2023, 12, 6))[0] == date.min
    assert stretch_of(policy, datetime(2023, 12, 31, 23, 30, tzinfo=UTC)) == (date(2024, 1, 1), True)


def test_names_that_would_be_code_are_only_ever_data():
    """
    Nothing of a policy is written into the function but numbers and true and false.
    """
    hostile = "x'); raise SystemExit(1) #"
    b = Builder()
    shape = Shape("choice", options={hostile: Text("a", "a"), "__import__": Text("b", "b")})
    fact, row = b.input(hostile, shape), b.input(f"{hostile}[{hostile}]", shape)
    outputs = {
        hostile: b.strict("in", fact, given=(hostile,)),
        "rank": b.strict("rank", row, given=(hostile, "__import__")),
        "text": b.first(fact, b.constant(hostile, "text")),
    }
    ask = compiled(b.plan(outputs), list(outputs))
    assert ask({hostile: hostile}, {hostile: {hostile: "__import__"}}, {}, date.min) == (True, 1, hostile)
    assert ask({}, {}, {}, date.min) == (None, None, hostile)


def test_one_program_is_asked_by_many_threads_at_once():
    policy, on = load("bcmb"), date(2024, 3, 1)
    module._program.cache_clear()
    module._compiled.cache_clear()
    people = [{"specific_experience": months, "beginning_supporter": months % 2 == 0} for months in range(60)]

    def asked(person):
        answer = eligibility(policy, person, on=on, decision="programme_b")
        return answer.missing, answer.verdict, answer.reasons

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(asked, people * 5))
    assert together == [asked(person) for person in people] * 5


# --- the other questions, as programs ---


def asked_of(policy, question, known, on, **more):
    """What a program says, by the name of the output; and what the reference engine does, in the same words."""
    name = question.name
    plan = plan_of(policy, question.sort, name, on, cycles=question.cycles, party=question.party, **more)
    names = [one for one in plan.outputs if not one.startswith("pattern.")]
    said = dict(zip(names, compiled(plan, names)(known.one, known.per, known.rows, on), strict=True))
    try:
        answer = question.ask(policy, known, on=on, engine="reference")
    except FactError:
        return {"contradicted": said["contradicted"]}, {"contradicted": True}
    agree_promptly(question, policy, known, on, answer)
    if said.pop("aside", False) or said.pop("beyond", False):
        return {}, {}
    meant: dict[str, Any] = {"contradicted": False}
    if not getattr(answer, "deadlines", True) or getattr(answer, "overall", None) is Status.NOT_IN_FORCE:
        out_of_force = {"status": "not_in_force", "state": "not_in_force"}
        return said, meant | {one: out_of_force.get(one.partition("[")[0]) for one in said if one != "contradicted"}
    match answer:
        case Cost():
            meant |= {"at_least_cents": cents(answer.at_least), "at_most_cents": cents(answer.at_most)}
            meant["complete"] = answer.complete
        case Deadlines():
            for one in answer.deadlines:
                key = f"[{one.row}]" if one.row and policy.deadlines[name].scope.each else ""
                key = f"[{one.cycle}]" if one.cycle is not None else key
                meant[f"state{key}"] = one.state.value
                for limit, ends in (("start", one.start), ("until", one.until)):
                    meant[f"{limit}_from{key}"] = ends.earliest if ends else None
                    meant[f"{limit}_to{key}"] = ends.latest if ends else None
        case Compliance():
            meant["status"] = answer.overall.value
            if name is not None and policy.duties[name].scope.each in policy.tables:
                meant |= {f"status[{one.row}]": one.status.value for one in answer.duties}
            elif question.cycles is not None and name is not None and policy.duties[name].scope.per:
                meant |= {f"status[{which}]": None for which in question.cycles}
                meant |= {f"status[{one.cycle}]": one.status.value for one in answer.duties if one.cycle is not None}
    return said, meant


def agree_promptly(question, policy, known, on, whole: Any):
    """What is looked at first comes from the program, and all of it is the same in the end."""
    prompt: Any = question.ask(policy, known, on=on)
    if isinstance(whole, Cost):
        assert prompt.total == whole.total
    assert prompt.missing == whole.missing
    assert prompt == whole


def cents(euro):
    return None if euro is None else to_cents(euro)


SORTS: dict[Sort, str] = {"cost": "costs", "deadlines": "deadlines", "compliance": "compliance"}


ROUNDS = st.none() | st.lists(st.integers(1, 3), min_size=1, max_size=2, unique=True).map(tuple)


@pytest.mark.parametrize("sort", SORTS)
@given(st.data(), ROUNDS)
def test_a_question_of_any_policy_comes_to_what_the_reference_engine_says(sort, data, cycles):
    policy = data.draw(policies(SORTS[sort])).policy
    on = data.draw(days(policy))
    known = read_facts(policy, data.draw(facts(policy, on=on)))
    for name in entries_of(policy, sort):
        try:
            said, meant = asked_of(policy, Question(sort, name, cycles), known, on)
        except Untranslatable as refused:
            event(f"refused: {str(refused).partition(' cannot')[0]}")
        else:
            assert said == meant


@given(st.data(), ROUNDS, st.sampled_from([None, None, "one", "other"]), st.sampled_from([None, 1, 4]))
def test_duties_together_and_by_round_are_those_of_the_reference_engine(data, cycles, party, unrolled):
    """
    Of all duties or of one, in all rounds or in some; and when rounds are told one by one, as long as these suffice.
    """
    policy = data.draw(policies("compliance")).policy
    on = data.draw(days(policy))
    known = read_facts(policy, data.draw(facts(policy, on=on)))
    for name in (None, *policy.duties):
        question = Question("compliance", name, cycles, None if name else party)
        try:
            said, meant = asked_of(policy, question, known, on, unrolled=unrolled)
        except Untranslatable as refused:
            event(f"refused: {str(refused).partition(' cannot')[0]}")
        else:
            assert said == meant


def step_by_step(known):
    """What is known, as `run` takes it: of a person, and of every row of a history."""
    given = dict(_given("", known.one))
    for name, cells in known.per.items():
        given |= dict(_given("", {f"{name}[{key}]": value for key, value in cells.items()}))
    rows = {name: [dict(_given(f"{name}[].", row)) for row in several] for name, several in known.rows.items()}
    return given, rows


def _given(prefix, values):
    for name, value in values.items():
        yield (prefix + name, False), value
        yield (prefix + name, True), value is None


@given(st.data(), st.sampled_from(["eligibility", "compliance"]))
def test_the_function_of_a_program_does_what_its_steps_mean(data, sort):
    """
    With rows of histories and rounds of cycles, also one within the other; every output, patterns too.
    """
    policy = data.draw(policies(sort)).policy
    on = data.draw(days(policy))
    known = read_facts(policy, data.draw(facts(policy, on=on)))
    for name in entries_of(policy, sort):
        try:
            plan = plan_of(policy, sort, name, on)
        except Untranslatable:
            continue
        given_, rows = step_by_step(known)
        registers = run(plan, given_, on, rows)
        said = compiled(plan, list(plan.outputs))(known.one, known.per, known.rows, on)
        assert said == tuple(registers[ref] for ref in plan.outputs.values())


@pytest.mark.parametrize("name", bundled())
@given(st.data())
def test_a_question_of_a_bundled_policy_comes_to_what_the_reference_engine_says(name, data):
    policy = load(name)
    on = data.draw(days(policy))
    known = read_facts(policy, data.draw(facts(policy, on=on)))
    sort = data.draw(st.sampled_from([sort for sort in SORTS if entries_of(policy, sort)]))
    about = data.draw(st.sampled_from(list(entries_of(policy, sort))))
    try:
        said, meant = asked_of(policy, Question(sort, about), known, on)
    except Untranslatable as refused:
        event(f"refused: {refused}")
    else:
        assert said == meant


@pytest.mark.parametrize("name", bundled())
def test_every_example_comes_out_the_same(name):
    policy = load(name)
    document, _ = read_file(examples_file(locate(name)))
    assert document is not None
    examples, _ = read_examples(document, policy)
    for example in examples:
        assert told(example, policy, "compiled") == told(example, policy, "reference")


def test_a_day_that_cannot_be_counted_is_not_stated_whatever_is_unknown_beside_it():
    """
    Three months before 31 December there is no day, and this policy chooses no other: no fact can change that.
    """
    data = frame()
    data["conventions"] |= {"month_end": "refuse"}
    until = {"earlier": {"than": {"fact": "ended_on"}, "by": {"fact": "wait"}}}
    data["deadlines"] = {"hand_in": {**both("Hand in."), "source": ["RND-01"], "until": until}}
    policy, on = written(data).policy, date(2025, 11, 1)
    known = read_facts(policy, {"ended_on": "2025-12-31"})
    said, meant = asked_of(policy, Question("deadlines", "hand_in"), known, on)
    assert said["state"] == "not_stated"
    assert said == meant


def test_the_day_that_counts_is_asked_for_while_it_is_not_known():
    """
    The same checks are unknown of both persons; of the second it is not even known whether the policy was in force.
    """
    data = frame()
    data["in_force"]["outside"] = "refuse"
    rule = {**both("Calm."), "source": ["RND-01"], "must": {"calm": {"is": True}}}
    data["eligibility"] = {"enrol": {**both("Enrol"), "judged_on": "asked_on", "requires": {"calm": rule}}}
    policy, on = written(data).policy, date(2026, 3, 1)
    for known, needed in (({"asked_on": "2026-02-01"}, ["calm"]), ({}, ["calm", "asked_on"])):
        answer = eligibility(policy, known, on=on, decision="enrol")
        assert sorted(one.fact for one in answer.missing) == sorted(needed)
