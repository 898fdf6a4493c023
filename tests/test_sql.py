"""SQL: every register of random programs as `run` has it, in duckdb."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.random_plans import Drawn, Person, in_column, persons, plans
from trainingrules.bulk.dialects import dialect_named
from trainingrules.bulk.limits import FIRST_DAY, LAST_DAY
from trainingrules.bulk.sql import APART, NOTATIONS, Statement, column_of, statement
from trainingrules.calendar import MonthEnd
from trainingrules.diagnostics import EngineError
from trainingrules.kinds import Shape
from trainingrules.money import Rounding
from trainingrules.plan.lowering import Untranslatable
from trainingrules.plan.steps import OPS, Builder, Input, Ref, Shifting, kind_of, run
from trainingrules.words import Text

DUCKDB = dialect_named("duckdb")
ON = date(2026, 3, 1)
TYPES = {"boolean": pl.Boolean(), "integer": pl.Int64(), "date": pl.Date(), "moment": pl.Datetime("us", "UTC"),
         "text": pl.String(), "list": pl.List(pl.String())}  # fmt: skip


class Stream:
    """A frame as duckdb takes it without pyarrow."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.frame.__arrow_c_stream__(requested_schema)


def frame_of(inputs: Sequence[Input], people: Sequence[Person]) -> pl.DataFrame:
    columns: dict[str, Any] = {"key": list(range(len(people)))}
    schema: dict[str, Any] = {"key": pl.Int64()}
    for one in inputs:
        columns[column_of(one)] = [in_column(one, person) for person in people]
        schema[column_of(one)] = TYPES["boolean" if one.none else kind_of(one.shape)]
    return pl.DataFrame(columns, schema=schema)


def asked_of_duckdb(written: Statement, people: Sequence[Person]) -> list[dict[str, Any]]:
    """What the statement finds; the zone of the session is not one it should depend on."""
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET TimeZone = 'Pacific/Auckland'")
        connection.register("facts", Stream(frame_of(written.inputs, people)))
        return pl.DataFrame(connection.sql(written.text)).to_dicts()


def at_work(value: Any) -> Any:
    """A value of `run` as a column gives it back."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return list(value) if isinstance(value, tuple) else value


def test_every_step_has_a_notation() -> None:
    assert NOTATIONS.keys() == OPS.keys()


@given(plans(), st.lists(persons(), min_size=1, max_size=6))
def test_every_register_is_what_the_program_means(drawn: Drawn, people: list[Person]) -> None:
    """
    In duckdb as in `run`, whoever it is about; only of who is answered apart nothing is said.
    """
    written = statement(drawn.plan, drawn.today, DUCKDB)
    found = asked_of_duckdb(written, people)
    assert len(found) == len(people)
    for row, person in zip(found, people, strict=True):
        if row[APART]:
            assert not fits(drawn, written, person)
            continue
        registers = run(drawn.plan, person, drawn.today)
        wanted = {name: at_work(registers[ref]) for name, ref in drawn.plan.outputs.items()}
        assert {name: row[name] for name in wanted} == wanted


def fits(drawn: Drawn, written: Statement, person: Person) -> bool:
    """Whether nothing of a person is too large for a column, nor any moment moved to where zones are not settled."""
    if any(step.op == "shift" and step.kind == "moment" for step in drawn.plan.steps):
        return False
    values = [person[one.path, False] for one in written.inputs]
    days = [value for value in values if type(value) is date]
    numbers = [value for value in values if not isinstance(value, str | tuple | date | bool | None)]
    return all(FIRST_DAY <= day <= LAST_DAY for day in days) and all(
        abs(number) <= written.limits.largest for number in numbers
    )


def come_to(build: Builder, ref: Ref, *people: Person) -> list[Any]:
    """What one register comes to in duckdb."""
    found = asked_of_duckdb(statement(build.plan({"asked": ref}), ON, DUCKDB), people)
    assert not any(row[APART] for row in found)
    return [row["asked"] for row in found]


@pytest.mark.parametrize(
    ("number", "floor", "ceiling", "half_up", "half_even"),
    [(-7, -4, -3, -4, -4), (-5, -3, -2, -3, -2), (-1, -1, 0, -1, 0), (0, 0, 0, 0, 0), (1, 0, 1, 1, 0), (3, 1, 2, 2, 2)],
)
def test_halves_are_rounded_as_the_policy_says_also_below_zero(
    number: int, floor: int, ceiling: int, half_up: int, half_even: int
) -> None:
    """
    SQL's own division goes towards zero, and its rounding differs from one database to another.
    """
    build = Builder()
    count = build.input("count", Shape("integer"))
    person = {("count", False): number}
    assert come_to(build, build.strict("floor", count, given=2), person) == [floor]
    assert come_to(build, build.strict("ceiling", count, given=2), person) == [ceiling]
    assert come_to(build, build.strict("round", count, given=(2, Rounding.HALF_UP)), person) == [half_up]
    assert come_to(build, build.strict("round", count, given=(2, Rounding.HALF_EVEN)), person) == [half_even]


@pytest.mark.parametrize(
    ("start", "told"),
    [
        # The clock goes from two to three: half past two is skipped, and is what it would have been.
        ("2024-03-30T01:30:00+00:00", "2024-03-31T01:30:00+00:00"),
        # The clock goes from three back to two: half past two is shown twice, and the first is meant.
        ("2024-10-26T00:30:00+00:00", "2024-10-27T00:30:00+00:00"),
        ("2024-10-27T00:30:00+00:00", "2024-10-28T01:30:00+00:00"),
        ("2024-10-27T01:30:00+00:00", "2024-10-28T01:30:00+00:00"),
    ],
)
def test_a_day_later_is_the_same_time_on_the_clock(start: str, told: str) -> None:
    """
    Of a time that is shown twice, duckdb by itself takes the second.
    """
    build = Builder()
    how = Shifting("days", 1, MonthEnd.EARLIER, "Europe/Amsterdam")
    at = build.input("handed_at", Shape("moment"))
    moved = build.strict("shift", at, build.constant(1, "integer"), given=how)
    assert come_to(build, moved, {("handed_at", False): datetime.fromisoformat(start)}) == [
        datetime.fromisoformat(told)
    ]


PRINTED = st.characters(codec="utf-8", min_codepoint=32, exclude_characters="\x7f")
HOSTILE = st.text(PRINTED, min_size=1, max_size=20) | st.sampled_from(
    ["'; DROP TABLE facts; --", '"', "`", "''", "\\", "\\'", "a.b", "*", "$1", "?", ":x", "{{x}}", "select", "/* x",
     "-- x", "%s", "trainingrules_0", "whose", "i0", "r0"]
)  # fmt: skip


@settings(max_examples=30)
@given(HOSTILE, st.lists(HOSTILE, min_size=1, max_size=3, unique=True))
def test_names_and_texts_are_never_read_as_sql(path: str, options: list[str]) -> None:
    """
    Whatever a fact or an option is called, it is only that.
    """
    build = Builder()
    shape = Shape("choice", options={option: Text(option, option) for option in options})
    if path.casefold() in ("key", "asked"):
        return
    fact = build.input(path, shape)
    same = build.equal(fact, build.constant(options[0], "text"))
    people: list[Person] = [{(path, False): option} for option in [*options, None]]
    assert come_to(build, same, *people) == [*(option == options[0] for option in options), None]
    assert come_to(build, build.first(fact, build.constant("none", "text")), *people) == [*options, "none"]
    within = build.strict("in", fact, given=tuple(options[1:]))
    assert come_to(build, within, *people) == [*(option in options[1:] for option in options), None]


def test_what_has_no_business_in_a_column_is_answered_apart() -> None:
    """
    A number beyond its bounds, an option that is none: no number overflows on it, and it is not passed over.
    """
    build = Builder()
    count = build.input("count", Shape("integer"))
    level = build.input("level", Shape("choice", options={"low": Text("laag", "low")}))
    steps = build.input("steps", Shape("list", options={"one": Text("een", "one")}))
    product = build.strict("multiply", count, count)
    plan = build.plan({"product": product, "level": build.known(level), "steps": build.known(steps)})
    good: dict[tuple[str, bool], Any] = {("count", False): 3, ("level", False): "low", ("steps", False): ("one",)}
    written = statement(plan, ON, DUCKDB)
    bad = [
        good | {("count", False): 10**18},
        good | {("level", False): "high"},
        good | {("steps", False): ("one", "two")},
    ]
    found = asked_of_duckdb(written, [good, *bad, dict.fromkeys(good)])
    assert [row[APART] for row in found] == [False, True, True, True, False]
    assert [row["product"] for row in found] == [9, None, 9, 9, None]


def test_what_cannot_be_said_exactly_is_refused_by_name() -> None:
    build = Builder()
    hours = Shifting("hours", 1, MonthEnd.EARLIER, "UTC")
    moved = build.strict(
        "shift", build.input("day", Shape("date")), build.input("count", Shape("integer")), given=hours
    )
    with pytest.raises(
        Untranslatable, match=r"^hours counted from a day \(`shift`\) cannot be said in the SQL of duckdb$"
    ):
        statement(build.plan({"moved": moved}), ON, DUCKDB)
    control = build.equal(build.input("region", Shape("text")), build.constant("a\0b", "text"))
    with pytest.raises(Untranslatable, match="control character"):
        statement(build.plan({"same": control}), ON, DUCKDB)
    capitals = build.all([build.input("done[a]", Shape("boolean")), build.input("done[A]", Shape("boolean"))])
    with pytest.raises(Untranslatable, match=r"`done\[a\]` and `done\[A\]` are the same column in duckdb"):
        statement(build.plan({"both": capitals}), ON, DUCKDB)


def test_a_dialect_that_was_never_run_is_refused() -> None:
    with pytest.raises(EngineError, match="SQL is not written for `postgres`"):
        dialect_named("postgres")


@pytest.mark.parametrize("count", [100, 1000])
def test_a_statement_grows_with_the_number_of_rules(count: int) -> None:
    """
    What rules share stands in it once; and no database is asked to read deeper than it goes.
    """
    build = Builder()
    rules = []
    for number in range(count):
        fact = build.input(f"fact_{number % 50}", Shape("integer"))
        near = build.at_most(build.constant(number % 7, "integer"), fact)
        rules.append(build.any([near, build.equal(fact, build.constant(number, "integer"))]))
    whole = build.all(rules)
    outputs = {"whole": build.surely(whole), **{f"rule_{number}": ref for number, ref in enumerate(rules)}}
    written = statement(build.plan(outputs), ON, DUCKDB)
    assert len(written.text) < 150 * count + 12_000
    people: list[Person] = [{(one.path, False): 6 for one in written.inputs}]
    assert [row["whole"] for row in asked_of_duckdb(written, people)] == [True]


def test_what_builds_on_itself_is_written_once() -> None:
    """
    Written out where it is used, a term of forty floors would fill the world.
    """
    build = Builder()
    truth = build.input("calm", Shape("boolean"))
    for number in range(40):
        fact = build.input(f"fact_{number}", Shape("boolean"))
        truth = build.any([build.all([truth, fact]), build.all([build.negate(truth), build.negate(fact)])])
    written = statement(build.plan({"whole": truth}), ON, DUCKDB)
    assert len(written.text) < 20_000
    people: list[Person] = [{(one.path, False): True for one in written.inputs}]
    assert [row["whole"] for row in asked_of_duckdb(written, people)] == [True]
