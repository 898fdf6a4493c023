"""A table of people is answered as each of them would be, and what cannot be read of it is told, not guessed."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.random_policies import policies
from trainingrules import cost, load
from trainingrules.bulk import ENGINES
from trainingrules.bulk.answers import cells_of, entries_asked, schema_of
from trainingrules.bulk.asking import Desk, asked
from trainingrules.bulk.cells import Column, normal, spelt
from trainingrules.bulk.cells import given as given_to
from trainingrules.bulk.census import census
from trainingrules.bulk.engine import CONTRADICTED, engine_named
from trainingrules.bulk.header import layout_of
from trainingrules.bulk.reading import LINE, Table, open_table
from trainingrules.bulk.rows import UNKNOWN, at_work
from trainingrules.bulk.writing import Writer
from trainingrules.cli import main
from trainingrules.diagnostics import EngineError, FactError
from trainingrules.kinds import KINDS, MEASURES, Shape
from trainingrules.policy import Policy
from trainingrules.questions import Question, questions_of
from trainingrules.strategies import days, facts
from trainingrules.words import Text

BCMB = ("--eligibility", "programme_b", "--on", "2024-02-01", "--lang", "en")
HOLDERS = ("--on", "2026-06-15", "--lang", "en")


def run(*args: str | Path) -> Result:
    env = {"TRAININGRULES_LANG": None, "TRAININGRULES_DEBUG": "1", "COLUMNS": "100", "NO_COLOR": "1"}
    return CliRunner().invoke(main, ["table", *map(str, args)], env=env)


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, text: str | bytes) -> Path:
    path = Path(name)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def rows_of(path: str | Path) -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- the whole way ---


def test_a_table_of_people_is_answered() -> None:
    """
    Three years with the target group is what programme B asks; with nothing told of that it cannot be said.
    """
    write("people.csv", "key,diploma_level,specific_experience\na,hbo,3 years\nb,hbo,\nc,hbo,36\n")
    ended = run("bcmb", "people.csv", "-o", "answers.csv", *BCMB)
    assert ended.exit_code == 0, ended.output
    answers = rows_of("answers.csv")
    assert [(one["key"], one["verdict"]) for one in answers] == [("a", "eligible"), ("b", "unknown"), ("c", "eligible")]
    assert answers[1]["finding.enrol.level"] == "true"
    assert answers[1]["finding.experience"] == ""
    assert answers[1]["missing"].split(";")[0] == "specific_experience"
    assert sorted(path.name for path in Path().iterdir()) == ["answers.csv", "people.csv"]


def test_rows_with_faults_stand_in_the_side_file_with_every_fault_and_the_others_are_answered() -> None:
    write("people.csv", "key;diploma_level;specific_experience;level_test_passed\n"
                        "a;mbo;1.5;ja\nb;hbo;;\n;hbo;;\nd;hbo;;\nd;hbo;;\ne;hbo\n")  # fmt: skip
    ended = run("bcmb", "people.csv", "-o", "answers.csv", *BCMB)
    assert ended.exit_code == 1, ended.output
    assert [one["key"] for one in rows_of("answers.csv")] == ["b"]
    bad = rows_of("answers.bad.csv")
    assert [(one["refused.line"], one["key"]) for one in bad] == [
        ("2", "a"),
        ("4", ""),
        ("5", "d"),
        ("6", "d"),
        ("7", ""),
    ]
    for fault in ("diploma_level: `mbo` is not one of the options", "specific_experience: `1.5` is not a whole number",
                  "level_test_passed: `ja` is not `true` or `false`; write `true`"):  # fmt: skip
        assert fault in bad[0]["refused.faults"]
    assert bad[0]["diploma_level"] == "mbo"
    assert "no key" in bad[1]["refused.faults"]
    assert "line 6" in bad[2]["refused.faults"]
    assert "2 cells" in bad[4]["refused.faults"]
    assert bad[4]["refused.as_written"] == "e;hbo"


def test_a_table_asked_in_pieces_is_the_same_table(monkeypatch: pytest.MonkeyPatch) -> None:
    write("people.csv", "key,diploma_level\na,hbo\nb\nc,mbo\nd,hbo\ne,\nf\n")
    assert run("bcmb", "people.csv", "-o", "whole.csv", *BCMB, "--engine", "rows").exit_code == 1
    monkeypatch.setattr("trainingrules.bulk.running._ROWS_IN_A_MOMENT", 1)
    assert run("bcmb", "people.csv", "-o", "pieces.csv", *BCMB, "--engine", "rows").exit_code == 1
    assert rows_of("pieces.csv") == rows_of("whole.csv")
    assert rows_of("pieces.bad.csv") == rows_of("whole.bad.csv")
    assert [one["refused.line"] for one in rows_of("pieces.bad.csv")] == ["3", "4", "7"]


@pytest.mark.parametrize("text", ["key,diploma_level\n", "key,diploma_level\na\nb\n"])
def test_a_table_without_a_row_that_can_be_read_gives_a_table_without_rows(text: str) -> None:
    write("people.csv", text)
    ended = run("bcmb", "people.csv", "-o", "answers.parquet", *BCMB)
    assert ended.exit_code == (1 if "a" in text.split("\n")[1] else 0), ended.output
    assert pl.read_parquet("answers.parquet").height == 0
    assert "verdict" in pl.read_parquet_schema("answers.parquet")


def test_a_side_file_that_is_mended_is_a_table_again() -> None:
    write("people.csv", "key,diploma_level\na,mbo\n")
    assert run("bcmb", "people.csv", "-o", "answers.csv", *BCMB).exit_code == 1
    side = Path("answers.bad.csv")
    side.write_text(side.read_text().replace("a,mbo", "a,hbo"))
    ended = run("bcmb", side, "-o", "more.csv", *BCMB)
    assert ended.exit_code == 0, ended.output


def test_a_side_file_of_yesterday_does_not_stay_when_all_is_well_today() -> None:
    write("people.csv", "key,diploma_level\na,hbo\n")
    write("answers.bad.csv", "of yesterday\n")
    assert run("bcmb", "people.csv", "-o", "answers.csv", *BCMB).exit_code == 0
    assert rows_of("answers.bad.csv") == []


def test_the_summary_counts_those_of_whom_it_cannot_be_said_and_those_that_were_refused() -> None:
    write("people.csv", "key,diploma_level,specific_experience\na,hbo,36\nb,hbo,\nc,mbo,\nd,hbo,\n")
    told = run("bcmb", "people.csv", "-o", "answers.csv", *BCMB)
    lines = [" ".join(line.split()) for line in told.stdout.splitlines()]
    assert "yes 1 25.0%" in lines
    assert "cannot be said yet 2 50.0%" in lines
    assert "not answered: the row has faults 1 25.0%" in lines
    plain = json.loads(run("bcmb", "people.csv", "-o", "answers.csv", *BCMB, "--format", "json").stdout)
    assert (plain["people"], plain["refused"], plain["refused_rows"]) == (4, 1, "answers.bad.csv")
    assert plain["questions"]["eligibility.programme_b"]["answers"] == {"unknown": 2, "eligible": 1}


def test_one_row_is_explained_in_full() -> None:
    write("people.csv", "key,diploma_level,specific_experience\na,hbo,36\nb,mbo,\n")
    told = run("bcmb", "people.csv", "--explain-row", "a", *BCMB)
    assert told.exit_code == 0, told.output
    assert "36 months" in told.stdout or "3 years" in told.stdout
    assert "BCM-16" in told.stdout
    faulty = run("bcmb", "people.csv", "--explain-row", "b", *BCMB)
    assert (faulty.exit_code, faulty.stdout) == (1, "")
    assert "people.csv:3: diploma_level: `mbo`" in faulty.stderr
    assert run("bcmb", "people.csv", "--explain-row", "z", *BCMB).exit_code == 2


def test_parquet_goes_in_and_out_with_its_types() -> None:
    frame = pl.DataFrame({"person": [7, 8], "diploma_level": ["hbo", None], "specific_experience": [36, None]})
    frame.write_parquet("people.parquet")
    ended = run("bcmb", "people.parquet", "-o", "answers.parquet", "--key", "person", *BCMB)
    assert ended.exit_code == 0, ended.output
    answers = pl.read_parquet("answers.parquet")
    assert answers["person"].to_list() == [7, 8]
    assert answers["verdict"].to_list() == ["eligible", "unknown"]
    assert answers.schema["missing"] == pl.List(pl.String)


def test_several_questions_have_their_names_before_their_columns() -> None:
    write("people.csv", "key,diploma_level\na,hbo\n")
    ended = run("bcmb", "people.csv", "-o", "answers.csv", *BCMB, "--eligibility", "enrol", "--cost", "whole_training")
    assert ended.exit_code == 0, ended.output
    [answer] = rows_of("answers.csv")
    assert answer["eligibility.enrol.verdict"] == "eligible"
    assert int(answer["cost.whole_training.at_least_cents"]) > 0


def test_whoever_does_not_fit_in_columns_is_asked_alone_and_keeps_the_place_in_the_table() -> None:
    """
    A day before the year 1000 is one of the library's, and no fault.
    """
    write(
        "people.csv",
        "key,registered_on,member_since\na,2024-01-15,2023-01-01\nb,2024-01-15,0500-01-01\nc,2024-01-15,\n",
    )
    ended = run("bcmb", "people.csv", "-o", "answers.csv", *BCMB[2:], "--cost", "whole_training")
    assert ended.exit_code == 0, ended.output
    answers = rows_of("answers.csv")
    assert [one["key"] for one in answers] == ["a", "b", "c"]
    long_ago = cost(load("bcmb"), {"registered_on": "2024-01-15", "member_since": "0500-01-01"}, on=date(2024, 2, 1),
                    quote="whole_training")  # fmt: skip
    assert long_ago.at_least is not None
    assert int(answers[1]["at_least_cents"]) == long_ago.at_least * 100
    assert answers[1]["missing"].split(";") == [one.fact for one in long_ago.missing]


def test_that_there_is_a_day_and_that_there_is_none_do_not_go_together() -> None:
    write("people.csv", "key,member_since,member_since.none\na,2023-01-01,true\nb,,true\nc,2023-01-01,\nd,,maybe\n")
    ended = run("bcmb", "people.csv", "-o", "answers.csv", *BCMB[2:], "--cost", "whole_training")
    assert ended.exit_code == 1, ended.output
    assert [one["key"] for one in rows_of("answers.csv")] == ["b", "c"]
    bad = rows_of("answers.bad.csv")
    assert "says that there is none" in bad[0]["refused.faults"]
    assert "member_since.none: `maybe` is not" in bad[1]["refused.faults"]
    assert "member_since" not in rows_of("answers.csv")[0]["missing"]


def test_without_polars_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    write("people.csv", "key,diploma_level\na,hbo\n")
    monkeypatch.setattr("trainingrules.cli.tabling.importlib.util.find_spec", lambda name: None)
    ended = run("bcmb", "people.csv", "-o", "answers.csv", *BCMB)
    assert ended.exit_code == 2
    assert "pip install 'trainingrules[bulk]'" in ended.stderr


# --- histories ---


TRAININGS = "key,given_on,participants,evaluations,place,holder_gave_it\n"


def test_the_rows_of_a_history_come_from_a_table_of_their_own() -> None:
    write("holders.csv", "key,licensed_on\na,2024-03-01\nb,2024-03-01\n")
    write(
        "trainings.csv", TRAININGS + "a,2024-05-10,10,5,own_organisation,true\na,2024-11-20,9,,own_organisation,true\n"
    )
    ended = run("calibris", "holders.csv", "-o", "answers.csv", "--rows", "trainings=trainings.csv", *HOLDERS,
                "--compliance", "half_fill_in_the_evaluation")  # fmt: skip
    assert ended.exit_code == 0, ended.output
    answers = rows_of("answers.csv")
    assert [(one["status"], one["missing"]) for one in answers] == [
        ("unknown", "trainings[2].evaluations"), ("not_applicable", "")]  # fmt: skip


def test_a_history_may_be_a_list_in_a_column_of_parquet() -> None:
    given = [[{"given_on": date(2024, 5, 10), "participants": 10, "evaluations": 5}], [], None]
    pl.DataFrame({"key": ["a", "b", "c"], "licensed_on": [date(2024, 3, 1)] * 3, "trainings": given}).write_parquet(
        "h.parquet"
    )
    ended = run("calibris", "h.parquet", "-o", "answers.csv", *HOLDERS, "--compliance", "half_fill_in_the_evaluation")
    assert ended.exit_code == 0, ended.output
    answers = rows_of("answers.csv")
    assert [(one["status"], one["missing"]) for one in answers] == [
        ("met", ""), ("not_applicable", ""), ("unknown", "trainings")]  # fmt: skip


def test_a_fault_in_a_row_of_a_history_is_a_fault_of_the_person_and_a_row_of_nobody_is_told() -> None:
    write("holders.csv", "key,licensed_on\na,2024-03-01\nb,2024-03-01\n")
    write("trainings.csv", TRAININGS + "a,10-05-2024,10,5,,\nz,2024-05-10,10,5,,\n")
    ended = run("calibris", "holders.csv", "-o", "answers.csv", "--rows", "trainings=trainings.csv", *HOLDERS,
                "--compliance", "all")  # fmt: skip
    assert ended.exit_code == 1, ended.output
    bad = rows_of("answers.bad.csv")
    assert [one["key"] for one in bad] == ["a", "z"]
    assert "trainings.csv:2: given_on: " in bad[0]["refused.faults"]
    assert "write `2024-05-10`" in bad[0]["refused.faults"]
    assert "nobody" in bad[1]["refused.faults"]
    assert [one["key"] for one in rows_of("answers.csv")] == ["b"]


def test_a_row_of_a_history_of_which_it_is_not_known_whose_it_is_stops_everything() -> None:
    """
    Whoever it belongs to would be answered without it.
    """
    write("holders.csv", "key,licensed_on\na,2024-03-01\n")
    write("trainings.csv", TRAININGS + ",2024-05-10,10,5,,\na,2024\n")
    ended = run("calibris", "holders.csv", "-o", "answers.csv", "--rows", "trainings=trainings.csv", *HOLDERS,
                "--compliance", "all")  # fmt: skip
    assert ended.exit_code == 2
    assert "trainings.csv:2: " in ended.stderr
    assert "trainings.csv:3: " in ended.stderr
    assert not Path("answers.csv").exists()


# --- what cannot be used ---


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("key,diploma_levle", "did you mean `diploma_level`?"),
        ("key,remark", "--ignore remark"),
        ("person,diploma_level", "there is no column `key`"),
        ("key,diploma_level,diploma_level", "two columns `diploma_level`"),
        ("key,diploma_level.none", "always there"),
        ("", "names no columns"),
    ],
)  # fmt: skip
def test_a_header_that_is_not_understood_is_told_with_a_remedy_and_nothing_is_written(header: str, said: str) -> None:
    write("people.csv", f"{header}\na,hbo,hbo\n")
    ended = run("bcmb", "people.csv", "-o", "answers.csv", *BCMB)
    assert ended.exit_code == 2
    assert said in ended.stderr
    assert not Path("answers.csv").exists()


def test_a_binary_fraction_is_no_amount() -> None:
    shapes = load("bcmb").facts
    name = next(name for name, fact in shapes.items() if fact.shape.kind in ("money", "duration", "integer"))
    pl.DataFrame({"key": [1], name: [1.1]}).write_parquet("people.parquet")
    ended = run("bcmb", "people.parquet", "-o", "answers.csv", *BCMB)
    assert ended.exit_code == 2
    assert "binary fraction" in ended.stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("bcmb", "people.csv", "-o", "answers.csv", "--on", "2024-02-01"), "no question is asked"),
        (("bcmb", "people.csv", *BCMB), "-o answers.csv"),
        (("bcmb", "people.csv", "-o", "people.csv", *BCMB), "the same file"),
        (("bcmb", "people.csv", "-o", "answers.xlsx", *BCMB), "`.csv`, `.parquet`"),
        (("bcmb", "people.csv", "-o", "nowhere/answers.csv", *BCMB), "no such folder"),
        (("bcmb", "nobody.csv", "-o", "answers.csv", *BCMB), "no such file"),
        (("bcmb", "people.csv", "-o", "a.csv", "--eligibility", "programme_bee", "--on", "2024-02-01"), "did you mean"),
        (("bcmb", "people.csv", "-o", "a.csv", "--rows", "visits", *BCMB), "HISTORY=FILE"),
        (("bcmb", "people.csv", "-o", "a.csv", "--cycles", "1", *BCMB), "--cycles goes with"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_said_and_nothing_is_left_behind(args: tuple[str, ...], said: str) -> None:
    write("people.csv", "key,diploma_level\na,hbo\n")
    ended = run(*args)
    assert ended.exit_code == 2, ended.output
    assert said in ended.stderr
    assert [path.name for path in Path().iterdir()] == ["people.csv"]


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_table_that_is_broken_off_leaves_nothing_behind(suffix: str) -> None:
    def broken_off() -> None:
        with Writer(Path(f"answers.{suffix}"), {"key": pl.Int64()}) as writer:
            writer.write(pl.DataFrame({"key": [1]}))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert list(Path().iterdir()) == []


# --- lines ---


CELLS = st.text(st.sampled_from('ab,;"\n é'), max_size=4)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=6), st.integers(1, 40), st.sampled_from(["\n", "\r\n"]))
def test_every_row_of_a_csv_file_has_its_cells_and_the_line_on_which_it_begins(
    rows: list[tuple[str, ...]], at_once: int, ends: str
) -> None:
    """
    However the file is cut into pieces.
    """
    line, wanted = 2, []
    with Path("some.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator=ends)
        for row in (("key", "one", "two"), *rows):
            writer.writerow(row)
    for row in rows:
        wanted.append((line, *row))
        line += "".join(row).count("\n") + 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("trainingrules.bulk.reading._BYTES_AT_ONCE", at_once)
        table = open_table(Path("some.csv"), "key")
        batches = list(table.batches(list(table.schema)))
    assert [one for batch in batches for one in batch.broken] == []
    assert [tuple(cell or "" for cell in row) for one in batches for row in one.frame.rows()] == wanted


def test_a_row_that_cannot_be_told_apart_into_cells_is_told_with_its_line() -> None:
    write("some.csv", b'key,one\na,"b"c\nd,\xe9\n\ne\nf,g\n')
    table = open_table(Path("some.csv"), "key")
    [batch] = table.batches(list(table.schema))
    assert [(one.line, one.text) for one in batch.broken] == [(2, 'a,"b"c'), (3, "d,\\xe9"), (5, "e")]
    assert batch.frame.rows() == [(6, "f", "g")]


@given(st.lists(st.one_of(st.none(), st.integers(0, 9)), max_size=12), st.booleans(), st.integers(1, 12))
def test_keys_that_stand_twice_are_found(keys: list[int | None], as_text: bool, at_once: int) -> None:
    numbers = pl.Series("key", keys, dtype=pl.Int64)
    (numbers.cast(pl.String) if as_text else numbers).to_frame().write_parquet("keys.parquet")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("trainingrules.bulk.reading.ROWS_AT_ONCE", at_once)
        found = census(open_table(Path("keys.parquet"), "key"), "key")
    lines = {str(key): [n for n, one in enumerate(keys, 1) if one == key] for key in keys if key is not None}
    assert found.rows == len(keys)
    assert {key: list(one) for key, one in found.doubled.items()} == {k: n for k, n in lines.items() if len(n) > 1}


# --- the law ---


def told(policy: Policy, known: Mapping[str, Any]) -> dict[str, Any]:
    """A person as a row of text, as somebody would write it; a history as a list of rows of text."""
    row: dict[str, Any] = {}
    for name, value in known.items():
        if name in policy.records:
            fields = {field: one.shape for field, one in policy.records[name].fields.items()}
            row[name] = [dict(c for field in one for c in cells(field, one[field], fields[field])) for one in value]
        elif policy.facts[name].per:
            for key, one in value.items():
                row |= cells(f"{name}[{key}]", one, policy.facts[name].shape)
        else:
            row |= cells(name, value, policy.facts[name].shape)
    return row


def cells(path: str, value: Any, shape: Shape) -> list[tuple[str, str]]:
    if value is None:
        return [(path, "none")] if shape.kind in ("date", "moment", "row") else [(f"{path}.none", "true")]
    if isinstance(value, bool):
        return [(path, str(value).lower())]
    if isinstance(value, list):
        return [(path, " ; ".join(value) or "none")]
    return [(path, f"{value:f}" if isinstance(value, Decimal) else f" {value} ")]


def known_in_a_table(policy: Policy, known: Mapping[str, Any]) -> dict[str, Any]:
    """A text of nothing but white space is an empty cell, and so not known."""

    def there(name: str, value: Any) -> Any:
        if name in policy.records:
            return [{field: one for field, one in row.items() if there("", one) is not ...} for row in value]
        return ... if isinstance(value, str) and not value.strip() else value

    return {name: found for name, value in known.items() if (found := there(name, value)) is not ...}


def frame_of(policy: Policy, people: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows with a key and their line; every cell a text."""
    names = dict.fromkeys(name for one in people for name in one)
    columns: dict[str, pl.Series] = {}
    for name in names:
        dtype: Any = pl.String
        if name in policy.records:
            fields = [*policy.records[name].fields]
            fields += [f"{one}.none" for one in fields if KINDS[policy.records[name].fields[one].shape.kind].nullable]
            dtype = pl.List(pl.Struct(dict.fromkeys(fields, pl.String)))
        columns[name] = pl.Series(name, [one.get(name) for one in people], dtype=dtype)
    keys = pl.Series("key", [f"p{place}" for place in range(len(people))])
    return pl.DataFrame([pl.Series(LINE, range(1, len(people) + 1), dtype=pl.UInt32), keys, *columns.values()])


def wanted_of(policy: Policy, question: Question, known: Mapping[str, Any], on: date | datetime) -> Any:
    """The answer of the library in the columns of a table; or that it refuses."""
    which = entries_asked(policy, question) if question.sort == "deadlines" else []
    try:
        return cells_of(question.ask(policy, known, on=on), schema_of(policy, question, on), which)
    except FactError:
        return CONTRADICTED


@pytest.mark.parametrize("engine", ENGINES)
@settings(suppress_health_check=[*HealthCheck])
@given(st.data())
def test_everybody_in_a_table_gets_the_answer_of_the_library(engine: str, data: st.DataObject) -> None:
    policy = data.draw(policies("eligibility", "costs", "deadlines", "compliance")).policy
    on = data.draw(days(policy))
    question = data.draw(st.sampled_from([one for one in questions_of(policy) if one.sort != "notes"]))
    assume(question.name is not None or question.sort == "compliance")
    if question.sort != "eligibility" and data.draw(st.booleans()):
        question = Question(question.sort, question.name, (1, 2), question.party)
    drawn = data.draw(st.lists(facts(policy, on=on), min_size=1, max_size=4))
    people = [known_in_a_table(policy, one) for one in drawn]
    try:
        put = asked(policy, question, on, engine_named(engine))
    except EngineError:
        assume(False)
    frame = frame_of(policy, [told(policy, one) for one in people])
    layout = layout_of(policy, Table(Path("some.parquet"), dict(frame.schema)), key="key", ignore=[LINE], elsewhere=())
    found = Desk(policy, layout, (put,), {}, {}).answer(frame)
    wanted = {f"p{place}": wanted_of(policy, question, one, on) for place, one in enumerate(people)}
    assert {one.key for one in found.refused} == {key for key, one in wanted.items() if one == CONTRADICTED}
    for row in found.answers.iter_rows(named=True):
        assert {name: cell for name, cell in row.items() if name != "key"} == wanted[row["key"]]
    assert found.answers["key"].to_list() == [key for key, one in wanted.items() if one != CONTRADICTED]


# --- cells ---


NUMBERS = st.one_of(
    st.from_regex(r"-?[0-9]{1,14}(\.[0-9]{0,8})?", fullmatch=True),
    st.sampled_from(["1e3", "+5", "-0", "-0.00", "1_000", "0x10", "1.500", "1,5", "٣", "¹", "12.",
                     "1000000000000", "999999999999.99", ".5", "NaN"]),
)  # fmt: skip
TIME = r"T[0-2][0-9]:[0-5][0-9](:[0-6][0-9](\.[0-9]{1,7})?)?(Z|[+-]0[0-9]:[0-5]0)?"
DAYS_AND_TIMES = st.one_of(
    st.from_regex(rf"[0-9]{{4}}-[0-9]{{2}}-[0-3][0-9]({TIME})?", fullmatch=True),
    st.sampled_from(["2024-02-29", "2023-02-29", "12024-01-01", "0999-01-01", "9001-01-01", "2024-1-5",
                     "2024-06-20T24:00Z", "2024-06-20T23:59:60Z", "2024-06-20t10:00Z", "1000-01-01T00:00:00+01:00"]),
)  # fmt: skip
WORDS = st.sampled_from([
    "none", "None", "true", "TRUE", "False", "ja", "a", "b", "A", "a;b", "a; a", "b;", ";", "3 years", "36 months",
    "2 weeks", "1 hour", "3  years", "e\u0301", "\x1ca", "\u00a0a\u2003", "\u200b", "a\nb",
])  # fmt: skip
OPTIONS = {"a": Text("a", "a"), "b": Text("b", "b")}
SHAPES = [
    Shape("boolean"), Shape("integer"), Shape("integer", low=-3, high=12), Shape("decimal"), Shape("money"),
    Shape("decimal", low=Fraction(1, 3), high=Fraction(7, 2)), Shape("percent", low=Fraction(0), high=Fraction(100)),
    Shape("money", low=0, high=10_050), Shape("date"), Shape("moment"), Shape("duration", unit="years"),
    Shape("duration", unit="weeks", high=70), Shape("duration", unit="hours"), Shape("text"),
    Shape("choice", options=OPTIONS), Shape("choice", options={"none": Text("x", "x")}), Shape("list", options=OPTIONS),
    Shape("row", options=OPTIONS),
]  # fmt: skip


def held_against_the_library(series: pl.Series, shape: Shape) -> None:
    """Each cell is what the library makes of it; what is left aside it refuses, or a column does not hold it."""
    found = normal(series.to_frame("x"), [Column("x", "x", shape)])
    values = at_work(found.frame, ("x", None), shape)
    for cell, value, aside in zip(spelt(series.to_frame("x"))["x"], values, found.aside, strict=True):
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            assert value is UNKNOWN
            assert not aside
            continue
        try:
            raw = given_to(cell, shape)
            wanted: Any = None if raw is None else KINDS[shape.kind].parse(raw, shape)
        except ValueError:
            assert aside, cell
            continue
        if not aside:
            assert value == wanted, cell
            assert type(value) is type(wanted), cell
        elif shape.kind in ("date", "moment"):
            assert not 1001 <= wanted.year <= 8999, cell
        else:
            fine = Fraction(wanted) * 1_000_000
            assert fine.denominator > 1 or abs(fine) >= 10**18, cell


@pytest.mark.parametrize("shape", SHAPES, ids=repr)
@settings(suppress_health_check=[*HealthCheck])
@given(
    st.lists(st.one_of(st.none(), NUMBERS, DAYS_AND_TIMES, WORDS, st.text(max_size=5)), min_size=1, max_size=8),
    st.booleans(),
)
def test_a_cell_of_text_is_what_the_library_makes_of_it(shape: Shape, texts: list[str | None], spaced: bool) -> None:
    cells = [text if text is None or not spaced else f" {text}\t" for text in texts]
    held_against_the_library(pl.Series(cells, dtype=pl.String), shape)


TYPES = [pl.Int8, pl.Int64, pl.UInt64, pl.Decimal(38, 0), pl.Decimal(20, 2), pl.Decimal(30, 8)]


@pytest.mark.parametrize("dtype", TYPES, ids=repr)
@pytest.mark.parametrize("shape", [one for one in SHAPES if one.kind in MEASURES], ids=repr)
@settings(suppress_health_check=[*HealthCheck])
@given(data=st.data())
def test_a_number_of_any_type_is_what_the_library_makes_of_it(shape: Shape, dtype: Any, data: st.DataObject) -> None:
    bits = {pl.Int8: (-128, 127), pl.Int64: (-(2**63), 2**63 - 1), pl.UInt64: (0, 2**64 - 1)}
    low, high = bits.get(dtype, (-(10**15), 10**15))
    numbers: st.SearchStrategy[Any] = st.one_of(st.integers(max(low, -20), 20), st.integers(low, high))
    if isinstance(dtype, pl.Decimal):
        numbers = numbers.map(lambda n: Decimal(n).scaleb(-dtype.scale))
    drawn = data.draw(st.lists(st.one_of(st.none(), numbers), min_size=1, max_size=8))
    held_against_the_library(pl.Series(drawn, dtype=dtype), shape)


@settings(suppress_health_check=[*HealthCheck])
@given(st.lists(st.one_of(st.none(), st.integers(-(10**6), 4 * 10**6)), min_size=1, max_size=8))
def test_a_day_is_what_the_library_makes_of_it_also_after_the_last_of_python(numbers: list[int | None]) -> None:
    held_against_the_library(pl.Series(numbers, dtype=pl.Int32).cast(pl.Date), Shape("date"))


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
@settings(suppress_health_check=[*HealthCheck])
@given(numbers=st.lists(st.one_of(st.none(), st.integers(-(10**16), 10**16)), min_size=1, max_size=8))
def test_a_moment_is_what_the_library_makes_of_it(unit: Any, numbers: list[int | None]) -> None:
    moments = pl.Series(numbers, dtype=pl.Int64).cast(pl.Datetime(unit, "Europe/Amsterdam"))
    held_against_the_library(moments, Shape("moment"))
