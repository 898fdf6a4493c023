"""Kleene's three truth values: the tables of another standard, and the causes an unknown carries."""

from __future__ import annotations

import itertools
import json
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainingrules import load
from trainingrules import policy as p
from trainingrules.engines import engine_named
from trainingrules.facts import Facts
from trainingrules.reckoning import Situation, exactly
from trainingrules.truth import Cause, Truth, Unknown, all_of, any_of, missing, negate

VECTORS = Path(__file__).parent / "vectors" / "cql_three_valued_logic.jsonl"
TRUE, FALSE = p.All(()), p.Any(())
SILENT = p.Silent(Unknown(frozenset({Cause("not_stated", "source")})))
CONDITIONS: dict[str, p.Condition] = {"true": TRUE, "false": FALSE, "null": SILENT}
TRUTHS: dict[str, Truth] = {"true": True, "false": False, "null": missing("x")}
WORD = "(true|false|null)"
# `IsNull` and `Coalesce` of texts and days are of the same file, and are not about truth.
FORMS = (rf"{WORD} (and|or|xor|implies) {WORD}", rf"(not) {WORD}", rf"(IsTrue|IsFalse|IsNull)\({WORD}\)")


def vectors() -> list[tuple[str, str]]:
    rows = [json.loads(line) for line in VECTORS.read_text(encoding="utf-8").splitlines()]
    return [(row["expr"], row["expected"]) for row in rows if any(re.fullmatch(form, row["expr"]) for form in FORMS)]


def test_most_of_the_vectors_are_about_truth():
    assert len(vectors()) == 46


def word(truth: Truth) -> str:
    return "null" if isinstance(truth, Unknown) else str(truth).lower()


def worked(expression: str) -> str:
    """What our functions make of it."""
    left, operator, right = taken_apart(expression)
    one, other = TRUTHS[left or right], TRUTHS[right]
    match operator:
        case "and":
            return word(all_of([one, other]))
        case "or":
            return word(any_of([one, other]))
        case "implies":
            return word(any_of([negate(one), other]))
        case "xor":
            return word(any_of([all_of([one, negate(other)]), all_of([negate(one), other])]))
        case "not":
            return word(negate(one))
        case "IsNull":
            return word(isinstance(one, Unknown))
    return word(one is (operator == "IsTrue"))


def as_condition(expression: str) -> p.Condition | None:
    """What an author would write for it; whether something is unknown no condition asks."""
    left, operator, right = taken_apart(expression)
    one, other = CONDITIONS[left or right], CONDITIONS[right]
    match operator:
        case "and":
            return p.All((one, other))
        case "or":
            return p.Any((one, other))
        case "implies":
            return p.Given(one, other)
        case "xor":
            return p.Any((p.All((one, p.Not(other))), p.All((p.Not(one), other))))
        case "not":
            return p.Not(one)
    return None


def taken_apart(expression: str) -> tuple[str, str, str]:
    words = re.split(r"[ ()]", expression.rstrip(")"))
    return (words[0], words[1], words[2]) if len(words) == 3 else ("", words[0], words[1])


@pytest.mark.parametrize(("expression", "expected"), vectors())
def test_truth_is_as_another_standard_has_it(expression, expected):
    assert worked(expression) == expected


ENGINES = ["reference", pytest.param("durable", marks=pytest.mark.durable)]


@pytest.mark.parametrize("engine", ENGINES)
def test_conditions_are_as_another_standard_has_them(engine):
    on = date(2026, 3, 1)
    at = Situation(load("rvwo"), Facts(), on, engine_named(engine), exactly(on))
    for expression, expected in vectors():
        condition = as_condition(expression)
        if condition is not None:
            assert word(at.engine.decide(condition, at).truth) == expected, expression


# ------------------------------------------------------------------------------------------- laws

causes = st.builds(Cause, st.sampled_from(("missing", "not_stated", "conflict", "future")), st.sampled_from("abc"))
truths = st.one_of(st.booleans(), st.builds(Unknown, st.frozensets(causes)))


def test_an_unknown_is_never_taken_for_true_or_false():
    with pytest.raises(TypeError, match="compare with `is True`"):
        assert missing("age")


def test_false_outweighs_unknown_and_true_does_in_any():
    """
    One failed requirement settles the answer, whatever is still unknown.
    """
    assert all_of([missing("consent"), False]) is False
    assert any_of([missing("consent"), True]) is True


@given(st.lists(truths, max_size=4))
def test_all_and_any_are_each_others_denial(several):
    assert negate(all_of(several)) == any_of([negate(one) for one in several])


@given(st.lists(truths, max_size=4), st.randoms(use_true_random=False))
def test_the_order_does_not_matter(several, random):
    mixed = random.sample(several, len(several))
    assert all_of(mixed) == all_of(several)
    assert any_of(mixed) == any_of(several)


@given(st.lists(truths, max_size=4))
def test_an_unknown_whole_has_the_causes_of_its_unknown_parts(several):
    for whole in (all_of(several), any_of(several)):
        if isinstance(whole, Unknown):
            assert whole.because == frozenset().union(*(one.because for one in several if isinstance(one, Unknown)))


@given(st.lists(truths, min_size=1, max_size=4), st.data())
def test_to_know_more_never_changes_what_was_known(several, data):
    """
    Kleene's connectives are monotone: a part that becomes known leaves a known whole as it is.
    """
    known = [data.draw(st.booleans()) if isinstance(one, Unknown) else one for one in several]
    for join in (all_of, any_of):
        before, after = join(several), join(known)
        assert isinstance(before, Unknown) or before is after


def test_only_missing_facts_are_named_missing():
    because = frozenset({Cause("missing", "age"), Cause("not_stated", "fee"), Cause("future", "year")})
    assert Unknown(because).missing == {"age"}
    assert repr(Cause("missing", "age")) == "missing:age"


def test_every_combination_of_three():
    """
    The tables, written out by minimum and maximum: false < unknown < true.
    """
    rank = {"false": 0, "null": 1, "true": 2}
    for names in itertools.product(TRUTHS, repeat=3):
        ranks = [rank[name] for name in names]
        assert rank[word(all_of(TRUTHS[name] for name in names))] == min(ranks)
        assert rank[word(any_of(TRUTHS[name] for name in names))] == max(ranks)
