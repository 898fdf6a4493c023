"""Persons: found where two policies differ, made small, and written as examples that pass."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from tests.policies_inline import inline
from tests.random_policies import catalogue, policies, small_policies
from trainingrules import load
from trainingrules import policy as p
from trainingrules.examples import NO_WHY, examples_file, read_examples, run
from trainingrules.kinds import Shape
from trainingrules.loading import bundled, locate
from trainingrules.meaning import meaning
from trainingrules.operators import OPERATORS, Operator
from trainingrules.people import Person, differing, example_of, outcome, people_of, smallest, written
from trainingrules.policy import Policy
from trainingrules.proof import proven_alike
from trainingrules.questions import Question, questions_of
from trainingrules.source import parse, read_file
from trainingrules.strategies import days, facts
from trainingrules.words import Text

ON = date(2026, 6, 1)


def examples_of(name: str, policy: Policy) -> list[Any]:
    document, faults = read_file(examples_file(locate(name)))
    assert document is not None, faults
    examples, wrong = read_examples(document, policy)
    assert not wrong
    return examples


def read_back(text: str, policy: Policy) -> Any:
    """What the reader of files of examples makes of one entry."""
    document, faults = parse(f"policy: {policy.name}\nexamples:\n{text}", "examples.yaml")
    assert document is not None, text
    assert not faults, text
    (example,), warned = read_examples(document, policy)
    assert [one.code for one in warned] == ["no-reason"], warned
    return example


# --- written as an example ---


@given(st.data())
@settings(max_examples=60)
def test_whatever_a_person_is_answered_can_be_pasted_as_an_example_that_passes(data):
    """
    The text reads back as one example, which today's policy passes, and which reminds of the reason it lacks.
    """
    policy = data.draw(policies()).policy
    on = data.draw(days(policy))
    person = Person(data.draw(facts(policy, on=on)), on)
    question = data.draw(st.sampled_from(questions_of(policy)))
    assume("refused" not in outcome(policy, question, person))
    try:
        text = written(policy, question, person, "somebody")
    except ValueError:
        assert question.sort in ("deadlines", "notes")  # there are none of these, or none for this person
        return
    example = read_back(text, policy)
    assert run(example, policy).passed, text
    assert example.expect
    assert example.facts == person.facts
    assert set(example.source) <= set(catalogue().entries)


@pytest.mark.parametrize("name", bundled())
def test_the_examples_of_a_policy_can_be_written_anew(name):
    """
    Who stands in a file of examples is written as one that passes, and that says more of the answer than nothing.
    """
    policy = load(name)
    for example in examples_of(name, policy)[::7]:
        kind, about = example.question
        sort = {"deadline": "deadlines", "note": "notes"}.get(kind, kind)
        if about == "overall" or "party" in example.ask:
            continue
        person = Person(example.facts, example.on)
        again = read_back(written(policy, Question(sort, about), person, "again"), policy)
        assert run(again, policy).passed
        assert again.on == example.on


def test_an_example_tells_two_policies_apart():
    """
    With another policy, what is asked and expected is what that policy answers otherwise.
    """
    old = load("rvwo")
    halved = replace(old.duties["conversations_a_year"], must=old.duties["weekly_exchange"].must)
    new = replace(old, hash="other", duties={**old.duties, "weekly_exchange": replace(
        old.duties["weekly_exchange"], must=p.Not(halved.must))})  # fmt: skip
    question = Question("compliance")
    found = differing(old, new, question).person
    assert found is not None
    example = example_of(old, question, found, "other", other=new)
    assert run(example, old).passed
    assert not run(example, new).passed


@pytest.mark.parametrize(
    ("contested", "passes"),
    [
        (["experience_asked"], True),
        (["experience_asked.either", "experience_asked.by_applicant"], True),
        (["experience_asked.either"], False),
        (["experience_asked.both"], False),
        (["experience_asked", "work_level"], False),
        ([], False),
    ],
)
def test_an_example_may_say_which_choice_of_a_reading_answers_otherwise(contested: list[str], passes: bool) -> None:
    policy = load("awl")
    example = next(one for one in examples_of("awl", policy) if one.name == "start_one_month_short_of_three_years")
    expect = {"verdict": "not_eligible", "contested": contested}
    assert run(replace(example, expect=expect), policy).passed is passes


def test_a_person_with_faulty_facts_is_no_example():
    with pytest.raises(ValueError, match="faulty"):
        written(load("rvwo"), Question("eligibility", "teach_skills"), Person({"role": "king"}, ON), "nobody")


def test_the_reason_is_for_the_author_to_write():
    text = written(load("rvwo"), Question("eligibility", "teach_skills"), Person({}, ON), "nothing_known")
    assert f'why: "{NO_WHY}"' in text


# --- somebody who is answered differently ---


@pytest.mark.parametrize("name", bundled())
def test_a_policy_in_other_words_differs_for_nobody(name):
    """
    Sentences bear on no answer: that is certain without asking anybody.
    """
    old = load(name)
    other = Text("Anders.", "Otherwise.")
    new = replace(old, title=other, hash="reworded", terms={
        name: replace(term, text=other) for name, term in reversed(list(old.terms.items()))})  # fmt: skip
    for question in questions_of(old):
        found = differing(old, new, question, budget=0)
        assert found.person is None
        assert found.exhaustive


def test_a_count_that_reads_the_row_around_it_is_searched_too():
    """
    What counts rows of a history may hold them against the row of a table that a rule is for.
    """
    old = inline("""
facts:
  lessons: {kind: records, «Lessons», dated: held_on, fields: {held_on: {kind: date, «Held on»}}}
tables:
  courses:
    «Courses»
    fields: {points: {kind: integer, «Points»}}
    rows: {hives: {«Hives», §3, points: 2}}
compliance:
  teach:
    «Teach»
    §4
    who: holder
    for_each: courses
    must: {lessons: {at_least: 1, where: {points: {at_least: 2}}}}
""")
    duty = old.duties["teach"]
    new = replace(old, hash="idle", duties={"teach": replace(duty, must=p.ALWAYS)})
    assert differing(new, old, Question("compliance", "teach")).person is not None


def test_only_the_question_that_rests_on_a_change_has_somebody_who_differs():
    old = load("rvwo")
    new = replace(old, hash="other", terms={**old.terms, "meant_trainer": old.terms["coaching_supervisor"]})
    changed = {
        question.name for question in questions_of(old) if not differing(old, new, question, budget=0).exhaustive
    }
    assert changed == {"session_audience", "join_sessions"}


def test_who_is_found_differs_in_an_answer_that_is_settled_for_both():
    """
    By hand: whoever is a practice trainer at Topaz was meant, and at DSV still is.
    """
    old = load("rvwo")
    narrowed = replace(old.terms["meant_trainer"], holds=old.decisions["coach_student_supervisors"].requires[
        "a_practice_trainer"].must)  # fmt: skip
    new = replace(old, hash="narrowed", terms={**old.terms, "meant_trainer": narrowed})
    question = Question("eligibility", "session_audience")
    found = differing(old, new, question).person
    assert found is not None
    assert found.facts["role"] == "practice_trainer"
    assert found.facts["organisation"] in ("activite", "topaz")
    assert len(found.facts) == 2
    assert outcome(old, question, found)["verdict"] == "eligible"
    assert not outcome(new, question, found)["missing"]


def test_facts_of_one_policy_only_are_not_given_to_the_other():
    old = load("rvwo")
    new = replace(old, hash="without", facts={name: one for name, one in old.facts.items() if name != "series"})
    person = Person({"series": "series_2019", "role": "teacher"}, ON)
    assert outcome(new, Question("eligibility", "teach_skills"), person)["silent"] == {"a_work_supervisor"}


def test_the_same_search_finds_the_same_person():
    old = load("calibris")
    prices = {
        name: tuple(replace(one, cents=(one.cents or 0) + 1) for one in found) for name, found in old.amounts.items()
    }
    new = replace(old, hash="dearer", amounts=prices)
    question = next(one for one in questions_of(old) if one.sort == "cost")
    first = differing(old, new, question)
    assert first.person is not None
    assert first == differing(old, new, question)


def test_the_persons_of_examples_are_those_who_ask_the_question():
    policy = load("rvwo")
    examples = examples_of("rvwo", policy)
    asked = [one for one in examples if one.ask.get("eligibility") == "assess_progress"]
    found = list(people_of(examples, Question("eligibility", "assess_progress")))
    assert [one.facts for one in found] == [one.facts for one in asked]
    assert asked


# --- as small as can be ---

VALUES = st.one_of(
    st.booleans(), st.integers(0, 9), st.lists(st.dictionaries(st.sampled_from("xyz"), st.integers(0, 3)))
)


@given(st.dictionaries(st.sampled_from("abcdefghij"), VALUES), st.data())
def test_nothing_can_be_taken_from_the_smallest_person(given_facts, data):
    """
    What shows is a set of facts with a history of some length: it is left, and nothing else is.
    """
    needed = data.draw(st.sets(st.sampled_from(sorted(given_facts)))) if given_facts else set()
    rows = {name: len(part) for name, part in given_facts.items() if isinstance(part, list) and name in needed}

    def shows(person: Person) -> bool:
        return needed <= set(person.facts) and all(len(person.facts[name]) >= size for name, size in rows.items())

    found = smallest(Person(given_facts, ON), shows)
    assert set(found.facts) == needed
    for name, part in found.facts.items():
        if isinstance(part, list):
            assert part == [{}] * rows[name]
        elif not isinstance(part, bool):
            assert part == 0


# --- proofs ---


def variants(node: Any) -> Iterator[Any]:
    """Everything that a condition becomes with one small change."""
    if isinstance(node, p.Check) and node.operator.name in SWAPPED:
        yield replace(node, operator=OPERATORS[SWAPPED[node.operator.name]])
    if isinstance(node, p.Check) and isinstance(node.operand, bool):
        yield replace(node, operand=not node.operand)
    if isinstance(node, p.Constant) and isinstance(node.value, bool):
        yield replace(node, value=not node.value)
    elif isinstance(node, p.Constant) and isinstance(node.value, int | Fraction):
        yield replace(node, value=node.value + 1)
    if isinstance(node, p.All | p.Any) and node.parts:
        yield p.Any(node.parts) if isinstance(node, p.All) else p.All(node.parts)
        yield from (replace(node, parts=(*node.parts[:place], *node.parts[place + 1 :]))
                    for place in range(len(node.parts)))  # fmt: skip
        # These two change nothing.
        yield replace(node, parts=(*node.parts, node.parts[0]))
        yield p.Not(p.Not(node))
    if dataclasses.is_dataclass(node) and not isinstance(node, Shape | Text | Operator):
        for part in dataclasses.fields(node):
            for other in variants(getattr(node, part.name)):
                yield replace(node, **{part.name: other})  # type: ignore[type-var]
    elif isinstance(node, Mapping):
        for name, one in node.items():
            yield from ({**node, name: other} for other in variants(one))
    elif isinstance(node, tuple):
        for place, one in enumerate(node):
            for other in variants(one):
                yield (*node[:place], other, *node[place + 1 :])


SWAPPED = {"at_least": "more_than", "more_than": "at_least", "at_most": "less_than", "less_than": "at_most"}


SECTIONS = {"eligibility": "decisions", "cost": "quotes", "compliance": "duties", "notes": "notes"}


def slightly_changed(data: st.DataObject, old: Policy, question: Question) -> Policy:
    """The policy with one small change in what answers a question, or in a term."""
    section = data.draw(st.sampled_from([SECTIONS[question.sort], "terms"]))
    entries = getattr(old, section)
    entry = entries[question.name] if section != "terms" else data.draw(st.sampled_from(list(entries.values())))
    other = data.draw(st.sampled_from(list(variants(entry)) or [entry]))
    change: dict[str, Any] = {section: {**entries, entry.name: other}}
    return replace(old, hash=f"{old.hash}'", **change)


@given(st.data())
@settings(max_examples=60)
def test_what_is_proven_alike_is_alike_for_whoever_is_drawn(data):
    """
    A proof is never wrong: of two policies that are proven alike, nobody at all is answered differently.
    """
    section = data.draw(st.sampled_from(["small", "eligibility", "costs", "compliance", "notes"]))
    old = data.draw(small_policies() if section == "small" else policies(section)).policy
    asked = [one for one in questions_of(old) if one.name is not None and one.sort in SECTIONS]
    question = data.draw(st.sampled_from(asked))
    new = slightly_changed(data, old, question)
    same = meaning(old, question) == meaning(new, question)
    proven = not same and proven_alike(old, new, question, budget=3000)
    event(f"{question.sort} proven: {proven}")
    for _ in range(12 * proven):
        on = data.draw(days(old))
        person = Person(data.draw(facts(old, on=on)), on)
        assert outcome(old, question, person) == outcome(new, question, person)


@given(st.data())
@settings(max_examples=40)
def test_on_few_facts_with_few_values_nobody_is_overlooked(data):
    """
    Where all facts have few values, either somebody is found or it is proven that there is nobody.
    """
    old = data.draw(small_policies()).policy
    decision = old.decisions["decision_1"]
    rule = data.draw(st.sampled_from(list(decision.requires.values())))
    other = data.draw(st.sampled_from(list(variants(rule)) or [rule]))
    new = replace(old, hash=old.hash + "'", decisions={decision.name: replace(
        decision, requires={**decision.requires, rule.name: other})})  # fmt: skip
    question = Question("eligibility", decision.name)
    found = differing(old, new, question, budget=6000)
    event(f"somebody: {found.person is not None}, proof: {found.exhaustive}")
    if found.person is not None:
        assert not found.exhaustive
        assert outcome(old, question, found.person) != outcome(new, question, found.person)
    elif not found.exhaustive:
        reads = meaning(old, question).reached
        assert len([key for key in reads if key[0] == "facts"]) > 3
