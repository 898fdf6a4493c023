"""The vocabulary: every operator on its worked examples, every kind in and out."""

from __future__ import annotations

import json
from datetime import UTC, date, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainingrules import load
from trainingrules import policy as p
from trainingrules.engines import engine_named
from trainingrules.facts import Facts
from trainingrules.kinds import DURATION_UNITS, KINDS, LONGEST_TEXT, Shape, ask, plain_text, say
from trainingrules.operators import FORMS, OPERATORS, Example, Operator, operators_of
from trainingrules.reckoning import Situation, exactly
from trainingrules.words import Text

FIRST, SECOND = Text("eerste", "first"), Text("tweede", "second")
OPTIONS = {"first": FIRST, "second": SECOND}
SHAPES = {
    name: Shape(
        name,
        unit="months" if name == "duration" else "",
        options=OPTIONS if name in ("choice", "list", "row") else {},
        ordered=name == "choice",
        low=0 if name == "percent" else None,
        high=100 if name == "percent" else None,
        of="table" if name == "row" else "",
    )
    for name in KINDS
}
WORKED = [
    pytest.param(operator, example, id=f"{operator.name}-{example.kind}-{place}")
    for operator in OPERATORS.values()
    for place, example in enumerate(operator.examples)
]
ENGINES = ["reference", pytest.param("durable", marks=pytest.mark.durable)]

# ------------------------------------------------------------------------------------------- operators


def read(kind: str, given_: Any) -> Any:
    return None if given_ is None else KINDS[kind].parse(given_, SHAPES[kind])


def check(operator: Operator, example: Example) -> p.Check:
    """The example as a check of a policy."""
    subject = p.Constant(read(example.kind, example.fact), SHAPES[example.kind])
    operand: Any = example.operand
    if operator.operand == "several":
        one = "choice" if example.kind == "list" else example.kind
        operand = tuple(read(one, each) for each in operand)
    elif operator.operand == "same":
        operand = p.Constant(read(example.kind, operand), SHAPES[example.kind])
    return p.Check(ordered(subject), operator, operand)


def ordered(subject: p.Constant) -> p.Expression:
    # Options are put in order where the policy declares them: at a fact.
    return p.FactValue("shown", subject.shape) if subject.shape.kind == "choice" else subject


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("operator", "example"), WORKED)
def test_every_worked_example_is_true(operator, example, engine):
    on = date(2026, 3, 1)
    facts = Facts({"shown": read(example.kind, example.fact)})
    at = Situation(load("rvwo"), facts, on, engine_named(engine), exactly(on))
    assert at.engine.decide(check(operator, example), at).truth is example.holds


def test_every_operator_has_examples_of_both_outcomes():
    """
    But for `within`, which needs a cycle: the tests of rounds work that out.
    """
    for operator in OPERATORS.values():
        outcomes = {example.holds for example in operator.examples}
        assert outcomes == ({True, False} if operator.name != "within" else set())
        assert {example.kind for example in operator.examples} <= operator.kinds


def test_within_holds_from_the_first_day_up_to_and_including_the_last():
    first, last = date(2026, 3, 1), date(2027, 2, 28)
    one_day = timedelta(days=1)
    within = OPERATORS["within"].test
    assert [within(day, (first, last)) for day in (first - one_day, first, last, last + one_day)] == [
        False, True, True, False]  # fmt: skip


ORDER = ("at_least", "at_most", "more_than", "less_than")
WHEN = ("before", "after", "on_or_before", "on_or_after", "within")
OF_KIND = {
    "boolean": ("is",),
    "integer": ("is", *ORDER),
    "decimal": ("is", *ORDER),
    "percent": ("is", *ORDER),
    "money": ("is", *ORDER),
    "duration": ("is", *ORDER),
    "date": ("exists", "is", *WHEN),
    "moment": ("exists", "is", *WHEN),
    "text": ("exists", "is", "in"),
    "choice": ("is", "in"),
    "list": ("includes_any", "includes_all", "in_order"),
    "row": ("exists", "is", "in"),
}


def test_every_kind_has_its_operators():
    """
    As the page on the language has them.
    """
    assert {kind: tuple(one.name for one in operators_of(kind)) for kind in KINDS} == OF_KIND
    assert tuple(one.name for one in operators_of("choice", ordered=True)) == ("is", "in", *ORDER)


@pytest.mark.parametrize("operator", OPERATORS.values(), ids=repr)
def test_every_operator_explains_itself(operator):
    assert OPERATORS[operator.name] is operator
    assert operator.kinds <= set(KINDS)
    for text in (operator.says, operator.denies):
        for language in ("nl", "en"):
            assert "{fact}" in text[language]
            assert "{operand}" in text[language]
    assert operator.says != operator.denies
    assert operator.doc.nl.endswith(".")
    assert operator.doc.en.endswith(".")


@pytest.mark.parametrize("form", FORMS.values(), ids=repr)
def test_every_form_explains_itself(form):
    assert form.doc.nl.endswith(".")
    assert form.doc.en.endswith(".")
    assert (form.takes == "name") is bool(form.names)
    assert (form.takes == "keys") is bool(form.keys)


@given(st.sampled_from(sorted(OPERATORS)), st.integers(-9, 9), st.integers(-9, 9), st.integers(-9, 9))
def test_an_operator_grows_as_it_says(name, value, more, operand):
    """
    `up`: what holds of a value holds of every larger one; `down`: of every smaller one. Ranges rest on it.
    """
    operator = OPERATORS[name]
    low, high = sorted((value, more))
    if operator.growth == "up":
        assert operator.test(high, operand) or not operator.test(low, operand)
    elif operator.growth == "down":
        assert operator.test(low, operand) or not operator.test(high, operand)


@given(st.integers(-9, 9), st.integers(-9, 9))
def test_operators_are_each_others_opposite(value, operand):
    for one, other in (("at_least", "less_than"), ("at_most", "more_than"), ("before", "on_or_after"),
                       ("after", "on_or_before")):  # fmt: skip
        assert OPERATORS[one].test(value, operand) is not OPERATORS[other].test(value, operand)


# ------------------------------------------------------------------------------------------- kinds

offsets = st.sampled_from([UTC, timezone(timedelta(hours=2)), timezone(-timedelta(hours=5, minutes=30))])
moments = st.datetimes(timezones=offsets).filter(lambda when: 2 < when.year < 9998)
GIVEN: dict[str, st.SearchStrategy[Any]] = {
    "boolean": st.booleans(),
    "integer": st.integers(-(10**12), 10**12),
    "decimal": st.decimals(-(10**9), 10**9, places=3),
    "percent": st.decimals(0, 100, places=2),
    "money": st.decimals(-(10**9), 10**9, places=2),
    "date": st.dates(),
    "moment": moments,
    "duration": st.integers(0, 9999),
    "text": st.text(max_size=40),
    "choice": st.sampled_from(sorted(OPTIONS)),
    "list": st.lists(st.sampled_from(sorted(OPTIONS)), max_size=4),
    "row": st.sampled_from(sorted(OPTIONS)),
}
values = st.sampled_from(sorted(KINDS)).flatmap(lambda kind: GIVEN[kind].map(lambda drawn: (kind, drawn)))


def from_json(written: Any, kind: str) -> Any:
    """A value as it stands in a file, where amounts and decimals are numbers."""
    return Decimal(written) if kind in ("decimal", "percent", "money") else written


@given(values)
def test_what_is_written_is_read_back(drawn):
    kind, given_ = drawn
    value = read(kind, given_)
    written = KINDS[kind].write(value, SHAPES[kind])
    json.dumps(written)
    assert read(kind, from_json(written, kind)) == value


@given(st.sampled_from(sorted(DURATION_UNITS)), st.integers(0, 999))
def test_a_duration_is_read_back_in_its_own_unit(unit, count):
    shape = Shape("duration", unit=unit)
    value = KINDS["duration"].parse(count, shape)
    assert KINDS["duration"].write(value, shape) == count
    assert KINDS["duration"].parse(f"{count} {unit}", shape) == value


@given(values)
def test_every_value_can_be_said(drawn):
    kind, given_ = drawn
    said = say(read(kind, given_), SHAPES[kind])
    assert said.nl
    assert said.en


@pytest.mark.parametrize("kind", KINDS.values(), ids=repr)
def test_every_kind_can_be_asked_for_and_explains_itself(kind):
    question = ask(Text("Iets", "Something"), SHAPES[kind.name])
    assert question.nl.startswith("Iets: ")
    assert question.nl.endswith("?")
    assert question.en.startswith("Something: ")
    assert question.en.endswith("?")
    assert kind.doc.nl.endswith(".")
    assert kind.doc.en.endswith(".")
    assert say(None, SHAPES[kind.name]) == Text("geen", "none")


def fits(written: Any, shape: Shape) -> bool:
    """Whether a value fits the schema of its kind, with decimals on both sides as in a file."""
    schema = json.loads(json.dumps(KINDS[shape.kind].schema(shape)), parse_float=Decimal)
    return jsonschema.Draft202012Validator(schema).is_valid(written)


@given(values)
def test_the_schema_of_a_kind_takes_what_it_writes(drawn):
    kind, given_ = drawn
    written = KINDS[kind].write(read(kind, given_), SHAPES[kind])
    assert fits(from_json(written, kind), SHAPES[kind])


JUNK: tuple[Any, ...] = (
    True,
    3,
    Decimal("1.5"),
    "first",
    "words",
    "2026-01-31",
    "2026-01-31T09:30:00+01:00",
    [],
    ["first"],
    ["words"],
    {},
)


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_of_a_kind_and_its_reading_agree_on_what_is_of_the_kind(kind):
    """
    Neither takes what the other refuses. A duration may also be read from words (`3 months`), as in a policy.
    """
    for junk in JUNK:
        try:
            KINDS[kind].parse(junk, SHAPES[kind])
            taken = True
        except ValueError:
            taken = False
        assert fits(junk, SHAPES[kind]) is taken, junk
    assert fits(None, SHAPES[kind]) is KINDS[kind].nullable


@pytest.mark.parametrize("kind", ["decimal", "percent", "money"])
def test_a_binary_fraction_is_no_amount(kind):
    with pytest.raises(ValueError, match="not exact"):
        KINDS[kind].parse(0.1, SHAPES[kind])


def test_bounds_are_kept_and_told():
    shape = Shape("integer", low=1, high=3)
    assert [KINDS["integer"].parse(number, shape) for number in (1, 3)] == [1, 3]
    with pytest.raises(ValueError, match="0 is out of bounds: at least 1"):
        KINDS["integer"].parse(0, shape)
    with pytest.raises(ValueError, match="4 is out of bounds: at most 3"):
        KINDS["integer"].parse(4, shape)
    assert (fits(0, shape), fits(1, shape), fits(3, shape), fits(4, shape)) == (False, True, True, False)


def test_texts_are_compared_trimmed_and_composed_and_case_counts():
    assert plain_text("  e\u0301 ") == plain_text("é")
    assert plain_text("a") != plain_text("A")
    with pytest.raises(ValueError, match="too long"):
        KINDS["text"].parse("x" * (LONGEST_TEXT + 1), SHAPES["text"])


def test_kinds_that_may_be_compared():
    """
    Numbers with numbers, days with moments; otherwise only what is of one kind, unit, table and set of options.
    """
    assert SHAPES["integer"].same_as(SHAPES["percent"])
    assert SHAPES["date"].same_as(SHAPES["moment"])
    assert not SHAPES["integer"].same_as(SHAPES["money"])
    assert not SHAPES["choice"].same_as(Shape("choice", options={"first": FIRST}))
    assert not SHAPES["duration"].same_as(Shape("duration", unit="days"))
    assert SHAPES["duration"].same_as(Shape("duration", unit="years"))
    assert Fraction(1, 2) == KINDS["decimal"].parse(Decimal("0.5"), SHAPES["decimal"])
