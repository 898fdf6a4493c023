"""Facts taken in quickly are the facts that the thorough reading takes; what that refuses is never taken in."""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, localcontext
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.random_policies import frame, written
from trainingrules import admission, strategies
from trainingrules.admission import admit, quick
from trainingrules.facts import MOST_ROUNDS, MOST_ROWS, parse_facts
from trainingrules.kinds import KINDS, LARGEST, LONGEST_LIST, LONGEST_TEXT, Shape
from trainingrules.loading import bundled, load
from trainingrules.policy import Fact, Policy
from trainingrules.source import parse
from trainingrules.words import Text

GUILD = load(Path(__file__).parent / "policies" / "good" / "guild.yaml")


def typed(value: Any) -> Any:
    """A value with its types: `True` is not 1, and a list no tuple."""
    if isinstance(value, dict):
        return dict, [(typed(key), typed(inner)) for key, inner in value.items()]
    if isinstance(value, list | tuple):
        return type(value), [typed(inner) for inner in value]
    return type(value), value


def agree(policy: Policy, given: Any) -> bool:
    """Whether facts are taken in quickly; then they are what the thorough reading gives, without a fault."""
    found = quick(policy)(given)
    if found is None:
        return False
    facts, faults = parse_facts(policy, given)
    assert faults == []
    assert [typed(part) for part in (found.one, found.per, found.rows)] == [
        typed(part) for part in (facts.one, facts.per, facts.rows)
    ]
    return True


# ------------------------------------------------------------------------------------ whatever is given, both agree


class Whole(int):
    """A whole number of a caller's own."""


class Word(str):
    """A text of a caller's own."""

    __slots__ = ()


class Day(date):
    """A day of a caller's own, as those of pendulum are."""


class Amount(Decimal):
    """An amount of a caller's own."""


class Level(StrEnum):
    BASIC = "basic"
    MASTER = "master"


class Facts(dict[Any, Any]):
    """A mapping of a caller's own, that holds something else than it tells."""

    def items(self) -> Any:
        return {"member": 1}.items()


NUMBERS = st.one_of(
    st.booleans(), st.integers(-3, 200), st.integers(), st.sampled_from([LARGEST, LARGEST + 1, 10**12, 10**12 - 1]),
    st.floats(), st.fractions(), st.decimals(), st.decimals(-5, 200, places=2), st.decimals(-5, 200, places=1),
    st.sampled_from(["NaN", "sNaN", "Infinity", "-0", "-0.00", "1e99", "1E+2", "1.500", "0E+50", "1E-40", "7.5",
                     "999999999999.99", "1000000000000.00", "-999999999999.99", "1" * 41, "0." + "0" * 40 + "1",
                     "9" * 5000 + ".00"]).map(Decimal),
    st.builds(Whole, st.integers(0, 20)), st.builds(Amount, st.decimals(0, 20, places=2)),
)  # fmt: skip
DAYS = st.one_of(
    st.dates(), st.dates().map(date.isoformat), st.datetimes(), st.datetimes(timezones=st.just(UTC)),
    st.datetimes(timezones=st.integers(-90, 90).map(lambda some: timezone(timedelta(minutes=10 * some)))).map(
        datetime.isoformat),
    st.dates().map(lambda day: Day(day.year, day.month, day.day)), st.dates().map(lambda day: day.strftime("%Y%m%d")),
    st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", fullmatch=True),
    st.from_regex(r"2026-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?",
                  fullmatch=True),
    st.sampled_from(["2026-02-30", "2026-W05-1", "20260131", "2026-1-1", "0000-01-01", "2026-01-31\n", "２０２６-01-31",
                     "2026-01-31T24:00:00+00:00", "2026-01-31T09:30:00", "2026-01-31T09:30:00-00:00",
                     "2026-01-31T09:30Z", "2026-01-31t09:30:00+01:00", "2026-01-31 09:30:00+01:00"]),
)  # fmt: skip
WORDS = st.one_of(
    st.text(max_size=6), st.sampled_from(["basic", "master", "keeper", "hives", "smoke", " noord ", "e\u0301", "\ud800",
                                          "x" * LONGEST_TEXT, "x" * (LONGEST_TEXT + 1), "3 years", "3 days", "1 year"]),
    st.sampled_from(Level), st.builds(Word, st.sampled_from(["basic", "hives", "noord", "2026-01-31"])), st.binary(),
)  # fmt: skip
ODD = st.sampled_from([None, Facts, object(), [], {}, (), ["smoke"] * (LONGEST_LIST + 1)])
VALUES = st.one_of(NUMBERS, DAYS, WORDS, ODD)
KEYS = st.one_of(
    st.sampled_from(["hives", "honey", "1", "2", "01", Word("hives"), MOST_ROUNDS, MOST_ROUNDS + 1, "member"]),
    st.integers(-1, 4), st.booleans(), st.none(), st.text(max_size=2), st.floats(0, 2),
)  # fmt: skip
FIELDS = st.sampled_from(["held_on", "place", "pupils", "forms", "length", "level", "other", Word("place"), 1])
ROWS = st.dictionaries(FIELDS, VALUES, max_size=3) | st.builds(Facts) | VALUES
INNER = st.one_of(
    VALUES,
    st.lists(WORDS | ROWS | VALUES, max_size=3),
    st.lists(WORDS | ROWS, max_size=3).map(tuple),
    st.dictionaries(KEYS, VALUES, max_size=3),
    st.dictionaries(KEYS, st.booleans(), max_size=3),
)
NAMES = st.sampled_from([*GUILD.facts, *GUILD.records]) | KEYS | st.sampled_from(["today", "skilled", Word("member")])
OUTSIDES = st.sampled_from([dict, dict, dict, dict, OrderedDict, MappingProxyType, Facts])


@given(given=st.dictionaries(NAMES, INNER, max_size=4), outside=OUTSIDES)
def test_what_is_taken_in_quickly_is_what_the_thorough_reading_takes(given: dict[Any, Any], outside: Any) -> None:
    agree(GUILD, outside(given))


BY_KIND = {
    "boolean": NUMBERS, "integer": NUMBERS, "decimal": NUMBERS, "percent": NUMBERS, "money": NUMBERS,
    "duration": NUMBERS | WORDS, "date": DAYS, "moment": DAYS, "text": WORDS, "choice": WORDS, "row": WORDS,
    "list": st.lists(WORDS) | st.lists(st.sampled_from(["smoke", "open"])) | WORDS,
}  # fmt: skip


@pytest.mark.parametrize("name", GUILD.facts)
@given(data=st.data())
def test_so_it_is_for_each_fact_with_values_much_like_its_own(name: str, data: st.DataObject) -> None:
    fact = GUILD.facts[name]
    values = BY_KIND[fact.shape.kind] | st.none()
    agree(GUILD, {name: data.draw(st.dictionaries(KEYS, values, max_size=3) if fact.per else values)})


GOOD = strategies.facts(GUILD)


@given(good=GOOD, name=NAMES, odd=INNER)
def test_one_odd_thing_among_facts_in_order(good: dict[Any, Any], name: Any, odd: Any) -> None:
    agree(GUILD, good | {name: odd})


@given(rows=st.lists(st.fixed_dictionaries({}, optional={
    name: BY_KIND[field.shape.kind] | st.none() for name, field in GUILD.records["lessons"].fields.items()
})))  # fmt: skip
def test_so_it_is_for_histories(rows: list[Any]) -> None:
    agree(GUILD, {"lessons": rows})


# ------------------------------------------------------------------------------------ what is in order is taken in


@pytest.mark.parametrize("name", bundled())
@settings(max_examples=5)  # the facts of a whole policy take long to draw
@given(data=st.data())
def test_valid_facts_are_all_taken_in_quickly(name: str, data: st.DataObject) -> None:
    policy = load(name)
    assert agree(policy, data.draw(strategies.facts(policy)))


RANDOM = written(frame()).policy


@given(given=strategies.facts(RANDOM))
def test_so_they_are_for_facts_of_every_kind(given: dict[str, Any]) -> None:
    assert agree(RANDOM, given)


@pytest.mark.parametrize(
    "given",
    [
        {}, {"member": True, "people": 1, "score": 10, "attendance": Decimal("99.5"), "income": Decimal("-0.05")},
        {"income": 999_999_999_999}, {"income": Decimal("999999999999.99")}, {"income": Decimal("12.5")},
        {"score": Decimal("7.5")}, {"experience": 100_000}, {"experience": "3 years"}, {"licensed_on": "0001-01-01"},
        {"licensed_on": None, "started_at": None, "region": None, "course": None},
        {"started_at": "2026-01-31T09:30Z"}, {"started_at": datetime(2026, 1, 31, tzinfo=UTC)},
        {"region": " e\u0301 "}, {"steps": ("smoke", "open")}, {"steps": []}, {"course": "hives"},
        {"passed": {"hives": True}}, {"talk_held": {1: True, "2": False, MOST_ROUNDS: True}}, {"passed": {}},
        {"lessons": []}, {"lessons": ({},)}, {"lessons": [{"held_on": date(2026, 1, 1), "length": 8}] * 3},
    ],
)  # fmt: skip
def test_what_is_plainly_in_order_is_taken_in(given: dict[str, Any]) -> None:
    assert agree(GUILD, given)


@pytest.mark.parametrize(
    "given",
    [
        {"member": 1}, {"people": True}, {"people": 0}, {"people": 5.0}, {"people": LARGEST + 1}, {"people": None},
        {"income": 10**12}, {"income": Decimal("1000000000000.00")}, {"income": Decimal("1.500")}, {"score": 11},
        {"score": Decimal("10.1")}, {"experience": -1}, {"experience": 100_001}, {"licensed_on": "2026-02-30"},
        {"licensed_on": datetime(2026, 1, 1, tzinfo=UTC)}, {"licensed_on": "20260101"}, {"licensed_on": 2026},
        {"started_at": datetime(2026, 1, 1)}, {"region": "x" * (LONGEST_TEXT + 1)}, {"diploma": "Basic"},  # noqa: DTZ001
        {"diploma": []}, {"steps": ["smok"]}, {"steps": [["smoke"]]}, {"steps": ["smoke"] * (LONGEST_LIST + 1)},
        {"passed": {"hive": True}}, {"passed": [True]}, {"talk_held": {1: True, "1": True}}, {"talk_held": {0: True}},
        {"talk_held": {True: True}}, {"lessons": [{"pupil": 3}]}, {"lessons": [{"pupils": -1}]}, {"lessons": [1]},
        {"lessons": [{}] * (MOST_ROWS + 1)}, {"memebr": True}, {None: True}, {"today": "2026-01-01"}, [], None, "x",
    ],
)  # fmt: skip
def test_what_is_refused_is_not_taken_in(given: Any) -> None:
    assert parse_facts(GUILD, given)[1]
    assert quick(GUILD)(given) is None


@pytest.mark.parametrize(
    "given",
    [
        {"people": Whole(3)}, {"licensed_on": Day(2026, 1, 31)}, {"region": Word("noord")}, {"diploma": Level.BASIC},
        {"income": Amount("1.00")}, defaultdict(bool, {"member": True}), MappingProxyType({"member": True}),
        {"score": Decimal("7." + "0" * 40)},
    ],
)  # fmt: skip
def test_what_is_out_of_the_ordinary_and_in_order_is_left_to_the_thorough_reading(given: Any) -> None:
    assert quick(GUILD)(given) is None
    facts, faults = admit(GUILD, given)
    assert faults == []
    assert facts == parse_facts(GUILD, given)[0]


# ------------------------------------------------------------------------------------------------------- and besides


@given(amount=st.integers(-(10**14), 10**14))
@example(amount=10**14 - 1)
@example(amount=-5)
def test_an_amount_does_not_depend_on_the_precision_of_the_host(amount: int) -> None:
    """
    A host may have set the precision of decimals to anything; an amount is still taken to the cent.
    """
    with localcontext() as context:
        context.prec = 1
        found = quick(GUILD)({"income": Decimal(amount).scaleb(-2, localcontext_of(40))})
    assert (found is None) == (abs(amount) == 10**14)
    assert found is None or found.one == {"income": amount}


def localcontext_of(precision: int) -> Any:
    with localcontext() as context:
        context.prec = precision
        return context


HOSTILE = ["if", "'", '"', "\\", "');import os#", "__builtins__", "__class__", "éé", "e\u0301", "\n", "{0}", "None",
           "\u202e", "lambda", "dict", "given"]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_is_only_a_name(name: str) -> None:
    """
    Reading refuses such names; a policy made otherwise may still have them.
    """
    option = Shape("choice", options={name: Text(name, name)})
    policy = replace(GUILD, hash=name, facts={name: Fact(name, Text(name, name), option)}, records={})
    assert agree(policy, {name: name})
    assert not agree(policy, {name: name + "x"})
    assert not agree(policy, {"member": True})


def test_bounds_that_are_no_whole_number_hold_for_whole_ones() -> None:
    shape = Shape("integer", low=Fraction(3, 2), high=Fraction(7, 2))
    policy = replace(GUILD, hash="bounds", facts={"some": Fact("some", Text("", ""), shape)}, records={})
    assert [number for number in range(6) if agree(policy, {"some": number})] == [2, 3]
    assert [number for number in range(6) if not parse_facts(policy, {"some": number})[1]] == [2, 3]


def test_every_kind_has_its_values() -> None:
    for kind in KINDS:
        shape = Shape(kind, unit="years" if kind == "duration" else "")
        assert admission._of_kind(shape)


def test_what_was_given_stays_as_it_was() -> None:
    given = {"passed": {"hives": True}, "lessons": [{"held_on": "2026-01-01"}], "income": 1}
    before = repr(given)
    found = quick(GUILD)(given)
    assert repr(given) == before
    given["lessons"][0]["held_on"] = "2027-01-01"  # type: ignore[index]
    given["passed"]["honey"] = True  # type: ignore[index]
    assert found is not None
    assert found.rows["lessons"][0] == {"held_on": date(2026, 1, 1)}
    assert found.per["passed"] == {"hives": True}


def test_facts_of_a_file_are_taken_in_the_same() -> None:
    document, _ = parse("income: 12.50\nlicensed_on: 2026-01-31\nlessons: [{pupils: 3}]\n", "facts.yaml")
    assert document is not None
    assert quick(GUILD)(document.data) == parse_facts(GUILD, document)[0] == admit(GUILD, document)[0]


def test_several_threads_take_in_the_same() -> None:
    given = [{"score": Decimal(number % 10), "people": number + 1} for number in range(200)]
    quick.cache_clear()
    found: list[Any] = []

    def take() -> None:
        found.append([quick(GUILD)(one) for one in given])

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[parse_facts(GUILD, one)[0] for one in given]] * 8
