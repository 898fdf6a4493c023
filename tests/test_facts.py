"""What is known of one person: nothing is coerced, every fault is told at once, and nothing given breaks it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainingrules.admission import read_facts
from trainingrules.diagnostics import FactError, render
from trainingrules.facts import MOST_ROUNDS, MOST_ROWS, Facts, parse_facts, valid_on
from trainingrules.loading import load
from trainingrules.policy import Policy
from trainingrules.publishing import facts_schema, written
from trainingrules.source import parse, read_json

GUILD = load(Path(__file__).parent / "policies" / "good" / "guild.yaml")
UTC = UTC


def said(given: object) -> list[str]:
    """What is said of facts given from Python: message and remedy on one line."""
    _, faults = parse_facts(GUILD, given)  # type: ignore[arg-type]
    return [f"{fault.message} | {fault.help}" if fault.help else fault.message for fault in faults]


def taken(given: dict[str, Any]) -> Facts:
    facts, faults = parse_facts(GUILD, given)
    assert faults == []
    return facts


# -------------------------------------------------------------------------------------------------- what is taken


def test_every_kind_is_kept_in_its_own_terms() -> None:
    """
    Money in cents, durations in their base unit, days and moments as such; what is not given is not there.
    """
    facts = taken({
        "licensed_on": "2026-03-01", "notice_on": None, "applied_on": date(2026, 1, 2), "people": 3,
        "started_at": "2026-01-01T09:30:00+01:00", "experience": 18, "score": Decimal("7.5"), "attendance": 80,
        "income": Decimal("1234.50"), "member": True, "region": "  noord ", "diploma": "basic",
        "steps": ["smoke", "open"], "course": "hives", "passed": {"hives": True}, "talk_held": {"1": True, 2: False},
        "lessons": [{"held_on": "2026-02-03", "pupils": 4}, {}],
    })  # fmt: skip
    assert facts.one["licensed_on"] == date(2026, 3, 1)
    assert facts.one["notice_on"] is None
    assert facts.one["score"] == Fraction(15, 2)
    assert facts.one["income"] == 123450
    assert facts.one["experience"] == 18
    assert facts.one["region"] == "noord"
    assert facts.one["steps"] == ("smoke", "open")
    assert facts.per == {"passed": {"hives": True}, "talk_held": {1: True, 2: False}}
    assert facts.rows["lessons"] == ({"held_on": date(2026, 2, 3), "pupils": 4}, {})
    assert "first_day" not in facts.one
    assert taken({"experience": "3 years"}).one == {"experience": 36}


def test_a_moment_may_be_given_as_one() -> None:
    moment = datetime(2026, 1, 1, 9, tzinfo=UTC)
    assert taken({"started_at": moment}).one == {"started_at": moment}


def test_facts_can_be_replaced_without_a_change_to_them() -> None:
    facts = taken({"member": True})
    assert facts.given(member=False).one == {"member": False}
    assert facts.one == {"member": True}


# ------------------------------------------------------------------------------------------------ what is refused

EXACT = "is a binary fraction and not exact: give a Decimal (JSON: `json.loads(text, parse_float=Decimal)`)"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"income": 445.0}, f"income: `445.0` {EXACT}"),
        ({"score": 7.5}, f"score: `7.5` {EXACT}"),
        ({"attendance": 80.5}, f"attendance: `80.5` {EXACT}"),
        ({"score": float("nan")}, f"score: `nan` {EXACT}"),
        ({"people": True}, "people: `true` is not a whole number"),
        ({"income": False}, "income: `false` is not an amount such as 445.00"),
        ({"score": True}, "score: `true` is not a number"),
        ({"experience": True}, "experience: `true` is not a whole number of months"),
        ({"member": 1}, "member: `1` is not `true` or `false`"),
        ({"member": "true"}, "member: `true` is not `true` or `false`"),
        ({"people": "5"}, "people: `5` is not a whole number"),
        ({"people": 5.0}, "people: `5.0` is not a whole number"),
        ({"people": Decimal(5)}, "people: `5` is not a whole number"),
        ({"people": None}, "people: a fact of kind `integer` cannot be `null` | leave it out when it is not known"),
        ({"member": None}, "member: a fact of kind `boolean` cannot be `null` | leave it out when it is not known"),
        ({"diploma": None}, "diploma: a fact of kind `choice` cannot be `null` | leave it out when it is not known"),
        ({"people": 0}, "people: 0 is out of bounds: at least 1"),
        ({"people": 10**16}, "people: `10000000000000000` is too large"),
        ({"people": 10**5000}, "people: a number of many digits is too large"),
        ({"score": Decimal("10.5")}, "score: 10.5 is out of bounds: at most 10"),
        ({"attendance": 101}, "attendance: 101% is out of bounds: at most 100%"),
        ({"score": Decimal("NaN")}, "score: `NaN` is not a number"),
        ({"score": Decimal("sNaN")}, "score: `sNaN` is not a number"),
        ({"score": Decimal("1e99")}, "score: `1E+99` is not a number"),
        ({"score": "7"}, "score: `7` is not a number"),
        ({"income": Decimal("1.234")}, "income: an amount of money has at most two decimals"),
        ({"income": Decimal("Infinity")}, "income: an amount of money is a finite number"),
        ({"licensed_on": datetime(2026, 1, 1, tzinfo=UTC)},
         "licensed_on: `2026-01-01 00:00:00+00:00` is not a day such as 2026-01-31"),
        ({"licensed_on": "2026-02-30"}, "licensed_on: there is no 30 February 2026; that month has 28 days"),
        ({"licensed_on": 2026}, "licensed_on: `2026` is not a day such as 2026-01-31"),
        ({"started_at": datetime(2026, 1, 1)},  # noqa: DTZ001
         "started_at: `2026-01-01 00:00:00` is not a moment with its offset, such as 2026-01-31T09:30:00+01:00"),
        ({"started_at": date(2026, 1, 1)},
         "started_at: `2026-01-01` is not a moment with its offset, such as 2026-01-31T09:30:00+01:00"),
        ({"experience": "3 days"}, "experience: `3 days` cannot be counted in months"),
        ({"experience": -1}, "experience: `-1` is not a whole number of months"),
        ({"region": 5}, "region: `5` is not a text; quote it if a text is meant"),
        ({"region": "x" * 2_001}, "region: a text of 2,001 characters is too long: at most 2,000"),
        ({"diploma": "Master"}, "diploma: `Master` is not one of the options | did you mean `master`?"),
        ({"diploma": ["basic"]}, "diploma: a list is not one of the options | one of: `basic`, `master`"),
        ({"steps": "smoke"}, "steps: `smoke` is not a list | write `[smoke]`, say"),
        ({"steps": True}, "steps: `true` is not a list | write `[smoke]`, say"),
        ({"steps": ["smok"]}, "steps: `smok` is not one of the options | one of: `smoke`, `open`"),
        ({"steps": ["smoke"] * 10_001},
         "steps: a list of 10,001 is too long: at most 10,000 | one of: `smoke`, `open`"),
        ({"course": "hive"}, "course: `hive` is not one of the options | did you mean `hives`?"),
        ({"memebr": True}, "memebr: fact `memebr` is not declared | did you mean `member`?"),
        ({"shoe_size": 43}, "shoe_size: fact `shoe_size` is not declared | see `trainingrules facts`"),
        ({"skilled": True},
         "skilled: fact `skilled` is not declared | it is not given: it follows from the policy and the other facts"),
        ({"today": "2026-01-01"}, "today: fact `today` is not declared | the day of asking is given beside the facts"),
        ({None: 1}, "null: fact `null` is not declared | see `trainingrules facts`"),
        ({(1, 2): 1}, "a list: fact a list is not declared | see `trainingrules facts`"),
        ({5: 1}, "5: fact `5` is not declared | see `trainingrules facts`"),
        ({"passed": True},
         "passed: this is known per `courses`: a mapping is expected | write `passed: {hives: ...}`"),
        ({"talk_held": [True]},
         "talk_held: this is known per `licence_year`: a mapping is expected | write `talk_held: {1: ...}`"),
        ({"passed": {"hive": True}}, "passed[hive]: `hive` is not a row of `courses` | did you mean `hives`?"),
        ({"passed": {None: True}}, "passed[null]: `null` is not a row of `courses` | one of: `hives`, `honey`"),
        ({"talk_held": {0: True}},
         "talk_held[0]: `0` is not the number of a round of `licence_year` | rounds count from 1"),
        ({"talk_held": {"01": True}},
         "talk_held[01]: `01` is not the number of a round of `licence_year` | rounds count from 1"),
        ({"talk_held": {True: True}},
         "talk_held[true]: `true` is not the number of a round of `licence_year` | rounds count from 1"),
        ({"talk_held": {MOST_ROUNDS + 1: True}},
         "talk_held[10001]: `10001` is not the number of a round of `licence_year` | rounds count from 1"),
        ({"talk_held": {3: "yes"}}, "talk_held[3]: `yes` is not `true` or `false`"),
        ({"talk_held": {1: True, "1": False}}, "talk_held[1]: round 1 is given twice | remove one of the two"),
        ({"lessons": {}}, "lessons: this is a history: a list of rows is expected | write `[]` when there are none"),
        ({"lessons": [{"pupils": 3}, 5]}, "lessons[2]: a row is a mapping of its fields"),
        ({"lessons": [{"pupil": 3}]},
         "lessons[1].pupil: `pupil` is not a field of `lessons` | did you mean `pupils`?"),
        ({"lessons": [{"pupils": -3}]}, "lessons[1].pupils: -3 is out of bounds: at least 0"),
        ({"lessons": [{}] * (MOST_ROWS + 1)}, "lessons: 100,001 rows are too many: at most 100,000"),
        ([], "facts are a mapping from their names to their values"),
        (None, "facts are a mapping from their names to their values"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(given: Any, message: str) -> None:
    assert said(given) == [message]


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(FactError) as caught:
        read_facts(GUILD, {"people": "5", "memebr": True, "passed": {"hive": True}, "lessons": [{"pupils": None}, 1]})
    assert len(caught.value.diagnostics) == 5


def test_facts_without_faults_are_read() -> None:
    assert read_facts(GUILD, {"member": True}) == Facts({"member": True}, {}, {})


YAML = """\
member: yes
people: "5"
passed:
  hive: true
lessons:
  - pupils: 3
  - forms: -1
"""


def test_a_fault_in_a_file_is_told_at_its_place() -> None:
    document, unread = parse(YAML, "facts.yaml")
    assert document is not None
    _, faults = parse_facts(GUILD, document)
    places = [str(fault.span) for fault in (*unread, *faults)]
    assert places == ["facts.yaml:1:9", "facts.yaml:2:9", "facts.yaml:4:3", "facts.yaml:7:12"]
    assert render(faults[1]).split("\n")[:3] == [
        "facts.yaml:4:3: error: `hive` is not a row of `courses` [unknown-row]",
        "    4 |   hive: true",
        "      |   ^^^^",
    ]


def test_a_fault_in_a_part_of_a_file_is_told_at_its_place() -> None:
    document, _ = read_json('{"who": {"facts": {"people": 0, "income": 1.005}}}', "facts.json")
    assert document is not None
    _, faults = parse_facts(GUILD, document, prefix=("who", "facts"))
    assert [str(fault.span) for fault in faults] == ["facts.json:1:30", "facts.json:1:43"]


def test_a_list_is_no_file_of_facts() -> None:
    document, _ = parse("- member", "facts.yaml")
    assert document is not None
    _, faults = parse_facts(GUILD, document)
    assert [str(fault.span) for fault in faults] == ["facts.yaml:1:1"]


# --------------------------------------------------------------------------------------------- the day of asking


class Nowhere(tzinfo):
    """A zone that does not know its offset."""

    def utcoffset(self, _: datetime | None) -> timedelta | None:
        return None

    dst = utcoffset

    def tzname(self, _: datetime | None) -> str | None:
        return None


def test_the_day_of_asking_is_a_day_or_a_moment_with_its_offset() -> None:
    assert valid_on(date(2026, 1, 1)) == date(2026, 1, 1)
    assert valid_on(datetime(2026, 1, 1, tzinfo=UTC)) == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("on", ["2026-01-01", 5, None])
def test_anything_else_is_no_day_of_asking(on: object) -> None:
    with pytest.raises(TypeError, match="a date or a moment"):
        valid_on(on)


@pytest.mark.parametrize("on", [datetime(2026, 1, 1), datetime(2026, 1, 1, tzinfo=Nowhere())])  # noqa: DTZ001
def test_a_moment_without_its_offset_is_refused(on: datetime) -> None:
    with pytest.raises(TypeError, match="without an offset"):
        valid_on(on)
    assert len(said({"started_at": on})) == 1


# ------------------------------------------------------------------------------------------- whatever else is given


def huge() -> int:
    return 10**5000  # too many digits to be written out


class Odd:
    """Something of a caller's own."""


LOOP: list[Any] = []
LOOP.append(LOOP)
MAZE: dict[Any, Any] = {}
MAZE["lessons"] = [MAZE]

THINGS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10), st.binary(max_size=4),
    st.decimals(), st.fractions(), st.dates(), st.datetimes(), st.datetimes(timezones=st.just(UTC)),
    st.complex_numbers(), st.just(LOOP), st.just(MAZE), st.builds(huge), st.builds(Odd), st.just("\ud800"),
    st.sampled_from(["hives", "smoke", "basic", "3 years", "2026-01-31", "2026-01-31T09:30:00+01:00"]),
)  # fmt: skip
NAMES = st.one_of(
    st.sampled_from([*GUILD.facts, *GUILD.records]), st.none(), st.integers(0, 4), st.text(max_size=6),
    st.tuples(st.integers()), st.builds(huge), st.booleans(), st.binary(max_size=2),
    st.sampled_from(["hives", "1", "pupils", "held_on"]),
)  # fmt: skip
ANYTHING = st.recursive(
    THINGS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3) | st.tuples(inner),
    max_leaves=6,
)


@given(given=st.dictionaries(NAMES, ANYTHING, max_size=5) | ANYTHING)
def test_whatever_is_given_only_faults_come_of_it(given: Any) -> None:
    facts, faults = parse_facts(GUILD, given)
    assert isinstance(facts, Facts)
    for fault in faults:
        assert "\n" not in fault.message
        assert len(fault.message) < 400
        render(fault).encode("utf-8")


# -------------------------------------------------------------------------------------------- the schema of facts


def exact(schema: object) -> Any:
    """A schema as an application should read it: its numbers exact."""
    return json.loads(written(schema), parse_float=Decimal)  # type: ignore[arg-type]


SCHEMA = exact(facts_schema(GUILD))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

# Where the schema and the reading of facts part: the schema cannot count the days of a month or the hours of a
# day; a length in words ("3 years") is read and not in the schema, for a form asks for a number; very large
# numbers are refused by the reading alone, and so is an amount such as 1.500, for it may have meant fifteen hundred.
DAYS = st.dates().map(date.isoformat)
MOMENTS = st.datetimes(timezones=st.just(UTC)).map(lambda at: at.replace(microsecond=0).isoformat())
SMALL = st.integers(-5, 200)
NUMBERS = SMALL | st.decimals(-5, 120, places=2) | st.decimals(-5, 120, places=3).filter(lambda one: one * 100 % 1)
SCALARS = st.one_of(
    st.none(), st.booleans(), NUMBERS, DAYS, MOMENTS, st.just("2026-1-1"), st.text(max_size=5), st.just("x" * 2_001),
    st.sampled_from(["basic", "master", "smoke", "open", "hives", "honey"]),
)  # fmt: skip
OPTIONS = st.sampled_from(["smoke", "open", "shut"])
ROWS = st.dictionaries(st.sampled_from(["held_on", "place", "pupils", "forms", "other"]), SCALARS, max_size=3)
VALUES = (
    SCALARS
    | st.lists(OPTIONS | ROWS, max_size=3)
    | st.dictionaries(
        st.sampled_from(["hives", "honey", "wax", "1", "9999", "10000", "10001", "0", "01"]), SCALARS, max_size=3
    )
)
PLAUSIBLE: dict[str, st.SearchStrategy[Any]] = {
    "date": DAYS | st.none(), "moment": MOMENTS | st.none(), "boolean": st.booleans(), "integer": SMALL,
    "decimal": NUMBERS, "percent": NUMBERS, "money": NUMBERS, "duration": SMALL,
    "text": st.text(max_size=5) | st.none(), "choice": st.sampled_from(["basic", "master", "keeper"]),
    "list": st.lists(OPTIONS), "row": st.sampled_from(["hives", None]),
}  # fmt: skip


@st.composite
def plausible(draw: st.DrawFn) -> dict[str, Any]:
    """Facts as a form might send them: mostly of the right kind."""
    given = {}
    for name in draw(st.lists(st.sampled_from([*GUILD.facts, *GUILD.records, "other"]), max_size=4, unique=True)):
        fact = GUILD.facts.get(name)
        value: st.SearchStrategy[Any] = VALUES
        if fact is not None and draw(st.booleans()):
            value = PLAUSIBLE[fact.shape.kind]
            if fact.per:
                value = st.dictionaries(st.sampled_from(["hives", "honey", "1", "2", "10001"]), value, max_size=2)
        elif name in GUILD.records and draw(st.booleans()):
            value = st.lists(ROWS, max_size=2)
        given[name] = draw(value)
    return given


@given(given=plausible())
def test_the_schema_of_facts_and_the_reading_of_facts_agree(given: dict[str, Any]) -> None:
    _, faults = parse_facts(GUILD, given)
    assert VALIDATOR.is_valid(given) == (not faults), (given, faults)


def test_where_the_schema_and_the_reading_part() -> None:
    """
    The exceptions, each way.
    """
    looser: list[dict[str, Any]] = [
        {"licensed_on": "2026-02-30"}, {"started_at": "2026-01-01T25:00:00Z"}, {"people": 10**16},
        {"score": Decimal("1e-40")}, {"income": Decimal("1.500")},
    ]  # fmt: skip
    for one in looser:
        assert VALIDATOR.is_valid(one)
        assert parse_facts(GUILD, one)[1]
    assert not VALIDATOR.is_valid({"experience": "3 years"})
    assert not parse_facts(GUILD, {"experience": "3 years"})[1]


@pytest.mark.parametrize("name", ["awl", "bcmb", "calibris", "rvwo", "vlaanderen"])
def test_the_schema_of_facts_names_every_fact_and_asks_for_it_in_two_languages(name: str) -> None:
    policy: Policy = load(name)
    schema = facts_schema(policy)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert set(schema["properties"]) == {*policy.facts, *policy.records}
    assert "required" not in schema
    for described in properties(schema):
        assert " / " in described["title"]
        assert described.get("type") in ("array", "object") or "\n\n" in described["description"]


def properties(schema: Any) -> Iterator[Any]:
    for inner in schema.get("properties", {}).values():
        yield inner
        yield from properties(inner)
        yield from properties(inner.get("items", {}))


def test_facts_from_a_file(tmp_path: Path) -> None:
    """
    A file of facts gives what the mapping gives; its faults carry their place, all at once.
    """
    good = tmp_path / "person.yaml"
    good.write_text("member: true\n", encoding="utf-8")
    assert read_facts(GUILD, good) == read_facts(GUILD, {"member": True})
    bad = tmp_path / "person.json"
    bad.write_text('{"member": 1,\n "memebr": true}', encoding="utf-8")
    with pytest.raises(FactError) as refused:
        read_facts(GUILD, str(bad))
    assert [(one.span.line, one.code) for one in refused.value.diagnostics if one.span] == [
        (1, "wrong-kind"),
        (2, "unknown-fact"),
    ]
    with pytest.raises(FactError, match="there is no such file"):
        read_facts(GUILD, tmp_path / "nobody.yaml")
