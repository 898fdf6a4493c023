"""The command line answers, refuses and fails in sentences, and each way of ending has its code."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

import trainingrules
from trainingrules.cli import main
from trainingrules.cli.given import facts_of
from trainingrules.cli.questions import SORTS, Narrowed, Question, answer, facts_read
from trainingrules.cli.templates import template
from trainingrules.diagnostics import FactError
from trainingrules.facts import Facts, parse_facts
from trainingrules.loading import bundled, policies_folder
from trainingrules.source import parse
from trainingrules.statements import coverage, record_text

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = sorted(main.commands)
ON = date(2026, 3, 1)


def run(*args: str, given: str | bytes | None = None, **env: str) -> Result:
    settings = {"TRAININGRULES_LANG": None, "TRAININGRULES_DEBUG": None, "COLUMNS": "100", **env}
    return CliRunner().invoke(main, list(args), input=given, env=settings)


def spawn(*args: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "trainingrules", *args], env=surroundings(**env), capture_output=True, timeout=120
    )


def surroundings(**env: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHONIO"))}
    kept.pop("NO_COLOR", None)
    return {**kept, "PYTHONPATH": str(ROOT / "src"), **env}


# ------------------------------------------------------------------------------------------------ help


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_teaches_by_example_and_names_the_exit_codes(command: str) -> None:
    told = run(command, "--help").stdout
    examples = re.findall(rf"^    trainingrules {command}\b", told, re.MULTILINE)
    assert len(examples) >= 2
    assert "Exit codes:" in told
    assert "..." not in run("--help").stdout.split("Commands:")[1].split("Start with:")[0]


def examples_in_help() -> list[str]:
    joined = (run(command, "--help").stdout.replace("\\\n", " ") for command in [*COMMANDS])
    told = [*joined, run("--help").stdout]
    found = (line for text in told for line in re.findall(r"^    trainingrules (.*)$", text, re.MULTILINE))
    return [line for line in found if "my-policy" not in line and "--record" not in line and ">" not in line]


@pytest.mark.parametrize(
    "line", [line for line in examples_in_help() if line.split()[0] in ("list", "ask", "facts", "sql")]
)
def test_the_examples_in_the_help_work(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Every question that a reader copies from the help is answered.
    """
    import shlex

    monkeypatch.chdir(tmp_path)
    Path("facts.yaml").write_text("licensed_on: 2026-03-15\n", encoding="utf-8")
    line = line.split("   ")[0]  # what stands far to the right explains
    ended = run(*shlex.split(line))
    assert (ended.exit_code, ended.stderr) == (0, "")
    assert ended.stdout


def test_the_version_is_that_of_the_library() -> None:
    assert run("--version").stdout == f"trainingrules {trainingrules.__version__}\n"


def test_a_misspelt_command_gets_a_hint() -> None:
    ended = run("lsit")
    assert ended.exit_code == 2
    assert "did you mean `list`?" in ended.stderr


# ------------------------------------------------------------------------------------------------ list


def test_list_shows_every_bundled_policy_in_the_language_asked() -> None:
    dutch, english = run("list"), run("list", "--lang", "en")
    assert dutch.exit_code == english.exit_code == 0
    assert [name for name in bundled() if name not in dutch.stdout] == []
    assert "vanaf 1 januari 2026" in " ".join(dutch.stdout.split())
    assert "from 1 January 2026" in " ".join(english.stdout.split())
    assert run("list", TRAININGRULES_LANG="en").stdout == english.stdout


def test_list_of_a_policy_shows_everything_that_can_be_asked() -> None:
    policy = trainingrules.load("calibris")
    told = run("list", "calibris").stdout
    plain = json.loads(run("list", "calibris", "--format", "json").stdout)
    for sort in SORTS.values():
        assert all(re.search(rf"^  {name} ", told, re.MULTILINE) for name in sort.entries(policy))
        assert [entry["name"] for entry in plain[sort.name]] == list(sort.entries(policy))


# ------------------------------------------------------------------------------------------------- ask


def test_an_answer_is_that_of_the_library() -> None:
    policy, facts = trainingrules.load("calibris"), {"licensed_on": "2025-03-15"}
    expected = trainingrules.deadlines(policy, facts, on=ON, deadline="notice")
    asked = ("ask", "calibris", "--deadline", "notice", "--on", "2026-03-01", "-f", "licensed_on=2025-03-15")
    assert run(*asked).stdout == expected.explain("nl") + "\n"
    assert run(*asked, "--lang", "en").stdout == expected.explain("en") + "\n"
    assert json.loads(run(*asked, "--format", "json").stdout) == expected.to_dict()


@pytest.mark.parametrize("policy", bundled())
def test_every_question_that_is_listed_can_be_asked(policy: str) -> None:
    """
    Without any facts: what is not known is no error, and every fact that is missing is one the question reads.
    """
    found = trainingrules.load(policy)
    for sort in SORTS.values():
        for name in sort.entries(found):
            question = Question(sort, name)
            given = answer(found, question, Facts(), ON, Narrowed(), "reference")
            missing = {one.fact.partition("[")[0] for one in getattr(given, "missing", ())}
            assert missing <= facts_read(found, question)
            assert given.explain("nl")


def test_all_deadlines_duties_and_notes_can_be_asked_at_once() -> None:
    for sort in ("deadline", "compliance", "note"):
        ended = run("ask", "calibris", f"--{sort}", "all", "--on", "2026-03-01", "--format", "json")
        assert ended.exit_code == 0
        head = json.loads(ended.stdout)["head"]
        assert head["question"].endswith(".all")


def test_without_a_question_it_says_what_can_be_asked() -> None:
    ended = run("ask", "calibris")
    assert ended.exit_code == 2
    assert ended.stdout == ""
    assert "--deadline NAME|all" in ended.stderr
    assert "become_licence_holder" in ended.stderr


def test_the_clock_is_never_read() -> None:
    ended = run("ask", "calibris", "--deadline", "all")
    assert ended.exit_code == 2
    assert "--on" in ended.stderr


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--deadline", "notise"], "did you mean `notice`?"),
        (["--eligibility", "xyz"], "one of: `follow_train_the_trainer`"),
        (["--deadline", "notice", "--cost", "become"], "one question at a time"),
        (["--eligibility", "valid_licence", "--cycles", "1"], "--cycles goes with"),
        (["--note", "contact", "--party", "holder"], "--party goes with --compliance"),
        (["--deadline", "notice", "--vat-rate", "21"], "--vat-rate goes with --cost"),
        (["--cost", "licence_years", "--vat-rate", "NaN"], "percentage"),
        (["--cost", "licence_years", "--vat-rate", "-1"], "percentage"),
        (["--cost", "licence_years", "--cycles", "0"], "count from 1"),
        (["--cost", "licence_years", "--cycles", "3-1"], "count from 1"),
        (["--cost", "licence_years", "--cycles", "1-99999"], "too many rounds"),
        (["--cost", "licence_years", "--cycles", "a"], "1,2,3 or 1-3"),
        (["--compliance", "all", "--party", "holdr"], "did you mean `holder`?"),
        (["--compliance", "all", "--row", "1"], "name it with --compliance"),
        (["--deadline", "notice", "--row", "1"], "not given per row"),
        (["--deadline", "notice", "--on", "2026-02-30"], "there is no 30 February 2026"),
        (["--deadline", "notice", "--on", "2026-03-01T10:00"], "2026-03-01T09:30:00+01:00"),
        (["--deadline", "notice", "--engine", "reete"], "reference"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_with_a_reason(args: list[str], told: str) -> None:
    ended = run("ask", "calibris", "--on", "2026-03-01", *args)
    assert ended.exit_code == 2
    assert ended.stdout == ""
    assert told in ended.stderr


def test_rounds_are_numbers_or_a_range() -> None:
    asked = ("ask", "calibris", "--cost", "licence_years", "--on", "2026-03-01", "--format", "json")
    ranged = run(*asked, "--cycles", "1-3").stdout
    assert ranged == run(*asked, "--cycles", "1,2,3").stdout
    assert {line["cycle"] for line in json.loads(ranged)["lines"]} == {1, 2, 3}


def test_vat_is_added_only_when_asked() -> None:
    asked = ("ask", "calibris", "--cost", "licence_years", "--cycles", "1", "--on", "2026-03-01", "--format", "json",
             "-f", "participants_added[1]=10")  # fmt: skip
    without, added = json.loads(run(*asked).stdout), json.loads(run(*asked, "--vat-rate", "21").stdout)
    assert without["vat_added"] is None
    assert added["vat_added"]["at_least"] == "84.00"  # 21% of 10 × 40.00


def test_one_row_of_an_answer() -> None:
    """
    Narrowed to a row, a compliance answer stands for that row alone.
    """
    history = "trainings=[{given_on: 2026-02-02, place: own_organisation}, {given_on: 2026-02-03, place: elsewhere}]"
    options = trainingrules.load("calibris").records["trainings"].fields["place"].shape.options
    elsewhere = next(name for name in options if name != "own_organisation" and "other" in name)
    asked = ("ask", "calibris", "--compliance", "training_in_own_organisation", "--on", "2026-03-01", "-f",
             history.replace("elsewhere", elsewhere), "--format", "json")  # fmt: skip
    first, second = (json.loads(run(*asked, "--row", row).stdout) for row in ("1", "2"))
    assert [duty["row"] for duty in first["duties"] + second["duties"]] == [1, 2]
    assert (first["overall"], second["overall"]) == ("met", "breached")
    assert "did you mean" in run(*asked, "--row", "12").stderr


# ------------------------------------------------------------------------------------------ facts for ask

ASK = ("ask", "bcmb", "--eligibility", "programme_b", "--on", "2024-02-01")


def test_facts_from_a_file_from_standard_input_and_from_options_are_the_same(tmp_path: Path) -> None:
    yaml, other = tmp_path / "facts.yaml", tmp_path / "facts.json"
    yaml.write_text("diploma_level: hbo\nspecific_experience: 24\n", encoding="utf-8")
    other.write_text('{"diploma_level": "hbo",\t"specific_experience": 24}', encoding="utf-8")
    answers = {
        run(*ASK, "--facts", str(yaml)).stdout,
        run(*ASK, "--facts", str(other)).stdout,
        run(*ASK, "--facts", "-", given=yaml.read_bytes()).stdout,
        run(*ASK, "--facts", "-", given=other.read_bytes()).stdout,
        run(*ASK, "-f", "diploma_level=hbo", "-f", "specific_experience=2 years").stdout,
        run(*ASK, "--facts", str(yaml).replace("facts.yaml", "facts.json")).stdout,
    }
    assert len(answers) == 1
    assert answers != {""}


def test_faults_in_facts_are_shown_where_they_were_typed(tmp_path: Path) -> None:
    file = tmp_path / "facts.yaml"
    file.write_text("diploma_level: hob\nspecific_experience: 24\n", encoding="utf-8")
    ended = run(*ASK, "--facts", str(file), "-f", "specific_experience=3", "-f", "other_experience=2 yars")
    assert ended.exit_code == 2
    assert ended.stdout == ""
    assert f"{file}:1:16: error: `hob` is not one of the options [wrong-kind]" in ended.stderr
    assert "    1 | diploma_level: hob\n      |                ^^^" in ended.stderr
    assert f"it is also given at {file}:2:1" in ended.stderr
    assert "    2 | other_experience=2 yars\n      |                  ^^^^^^" in ended.stderr


@pytest.mark.parametrize(
    ("texts", "fault"),
    [
        (["zzz"], "-f:1:1: error: `zzz` does not give a fact"),
        (["=1"], "does not give a fact"),
        (["diploma_level="], "the text is empty"),
        (["diploma_level=hbo", "diploma_level=hbo"], "-f:2:1: error: fact `diploma_level` is given twice"),
        (["programme[mc1]=x", "programme[mc1]=x"], "fact `programme[mc1]` is given twice"),
        (["programme[mc1]=x", "programme={mc2: x}"], "fact `programme` is given twice"),
        (["programme={mc2: x}", "programme[mc1]=x"], "fact `programme[mc1]` is given twice"),
        (["level_test_passed=yes"], "-f:1:19: error: `yes` is not a value here"),
        (["diploma_level=[hbo"], "-f:1:15: error: this `[` is never closed"),
        (["diplom_level=hbo"], "did you mean `diploma_level`?"),
    ],
)
def test_a_fact_that_cannot_be_read_is_refused(texts: list[str], fault: str) -> None:
    with pytest.raises(FactError) as caught:
        facts_of(trainingrules.load("bcmb"), None, texts)
    assert fault in str(caught.value)


def test_one_fault_in_a_text_is_told_once() -> None:
    with pytest.raises(FactError) as caught:
        facts_of(trainingrules.load("bcmb"), None, ["member_since=yes"])
    assert [one.code for one in caught.value.diagnostics] == ["bare-word"]


def test_a_row_or_round_can_be_named_with_the_fact() -> None:
    """
    As in the names of missing facts: what an answer asks for can be typed as it stands there.
    """
    policy = trainingrules.load("calibris")
    texts = ["participants_added[1]=12", "participants_added[2]=8"]
    assert facts_of(policy, None, texts) == facts_of(policy, None, ["participants_added={1: 12, 2: 8}"])


def test_a_file_of_facts_that_is_not_there_is_a_fault() -> None:
    ended = run(*ASK, "--facts", "no/such.yaml")
    assert ended.exit_code == 2
    assert "no/such.yaml:1:1: error: there is no such file" in ended.stderr


def test_facts_that_contradict_each_other_are_refused() -> None:
    ended = run("ask", "awl", "--eligibility", "start", "--on", "2021-03-01", "-f", "work=no_work", "-f",
                "work_relevant=true")  # fmt: skip
    assert ended.exit_code == 2
    assert "There is no work, and yet the work is said to fit" in ended.stderr


# ------------------------------------------------------------------------------------------------ facts


def test_facts_of_a_question_are_those_it_reads() -> None:
    told = json.loads(run("facts", "bcmb", "--eligibility", "enrol", "--format", "json").stdout)
    assert [one["name"] for one in told] == ["diploma_level", "level_test_passed"]
    assert told[0]["options"][0]["name"] == "below_hbo"
    every = json.loads(run("facts", "bcmb", "--format", "json").stdout)
    assert len(every) > 30
    anchored = json.loads(run("facts", "calibris", "--deadline", "notice", "--format", "json").stdout)
    assert "licensed_on" in [one["name"] for one in anchored]


@pytest.mark.parametrize("policy", bundled())
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_template_of_facts_is_valid_when_it_is_filled_in(policy: str, lang: str) -> None:
    """
    Every line can lose its `#`, and as it comes, without any fact, the file can be given too.
    """
    found = trainingrules.load(policy)
    names = [*found.facts, *found.records]
    text = run("facts", policy, "--format", "yaml", "--lang", lang).stdout
    document, faults = parse(re.sub(r"^#(?=[^ \n])|^#(?=  )", "", text, flags=re.MULTILINE), "facts.yaml")
    assert document is not None
    assert faults == []
    assert isinstance(document.data, dict)
    assert list(document.data) == names
    assert parse_facts(found, document)[1] == []
    assert "\n".join(template(found, names, "nl", Path(f"{policy}.yaml"))) + "\n" == text or lang == "en"


def test_an_empty_template_can_be_given_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "facts.yaml"
    file.write_text(run("facts", "bcmb", "--format", "yaml").stdout, encoding="utf-8")
    assert run(*ASK, "--facts", str(file)).stdout == run(*ASK).stdout


@pytest.mark.parametrize("policy", bundled())
def test_the_facts_of_every_policy_are_shown_in_words(policy: str) -> None:
    ended = run("facts", policy)
    assert ended.exit_code == 0
    found = trainingrules.load(policy)
    assert all(re.search(rf"^{name} ", ended.stdout, re.MULTILINE) for name in [*found.facts, *found.records])


# ------------------------------------------------------------------------------------------------ check


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of an author, with one policy that is sound: bcmb under another name."""
    (tmp_path / "policies" / "statements").mkdir(parents=True)
    (tmp_path / "policies" / "examples").mkdir()
    (tmp_path / "schemas").mkdir()
    for part in ("", "statements/", "examples/"):
        shutil.copy(policies_folder() / f"{part}bcmb.yaml", tmp_path / "policies" / f"{part}mine.yaml")
    policy = tmp_path / "policies" / "mine.yaml"
    policy.write_text(
        policy.read_text(encoding="utf-8").replace("statements/bcmb.yaml", "statements/mine.yaml"), encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


MINE = "policies/mine.yaml"


def edit(file: str, old: str, new: str) -> None:
    path = Path(file)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_sound_policy_has_no_faults(desk: Path) -> None:
    ended = run("check", MINE)
    assert (ended.exit_code, ended.stderr) == (0, "")
    assert ended.stdout.splitlines()[-1].startswith(f"{MINE}: no faults")


def test_faults_are_findings_and_all_are_shown(desk: Path) -> None:
    edit(MINE, "diploma_level: {at_least:", "diplom_level: {at_least:")
    ended = run("check", MINE)
    assert ended.exit_code == 1
    assert f"{MINE}:" in ended.stdout
    assert "did you mean `diploma_level`?" in ended.stdout
    assert re.search(rf"^{MINE}: \d+ faults?", ended.stdout, re.MULTILINE)
    [told] = json.loads(run("check", MINE, "--format", "json").stdout)
    assert told["file"] == MINE
    assert set(told["diagnostics"][0]) == {"code", "severity", "message", "help", "file", "line", "column",
                                           "end_line", "end_column", "edits"}  # fmt: skip


def test_a_file_that_cannot_be_read_does_not_keep_the_others_from_being_checked(desk: Path) -> None:
    ended = run("check", "nothing.yaml", "calibri", ".", MINE)
    assert ended.exit_code == 2
    assert "nothing.yaml:1:1: error: there is no such file" in ended.stderr
    assert "did you mean `calibris`?" in ended.stderr
    assert f"{MINE}: no faults" in ended.stdout
    assert len(json.loads(run("check", "nothing.yaml", MINE, "--format", "json").stdout)) == 2


def test_text_that_is_no_yaml_is_a_finding(desk: Path) -> None:
    Path("broken.yaml").write_text("a: [1\n", encoding="utf-8")
    assert run("check", "broken.yaml").exit_code == 1


def test_warnings_are_findings_only_when_asked(desk: Path) -> None:
    assert run("check", MINE).exit_code == 0
    ended = run("check", MINE, "--strict")
    assert ended.exit_code == 1
    assert ended.stdout.splitlines()[-1] == f"{MINE}: no faults, 1 warning"


def test_a_folder_stands_for_what_is_ours_in_it(desk: Path) -> None:
    Path("policies/other.yaml").write_text("colour: red\n", encoding="utf-8")
    Path("policies/.hidden.yaml").write_text("a: [\n", encoding="utf-8")
    Path("policies/.git").mkdir()
    Path("policies/.git/x.yaml").write_text("a: [\n", encoding="utf-8")
    shutil.copy(policies_folder() / "statements" / "bcmb.carried.yaml", "policies/statements/mine.carried.yaml")
    ended = run("check", "policies")
    assert ended.exit_code == 0, ended.output
    named = [line.split(":")[0] for line in ended.stdout.splitlines() if "no faults" in line]
    assert named == [MINE, "policies/examples/mine.yaml", "policies/statements/mine.yaml", "3 files"]
    Path("policies/broken.yml").write_text("policy: [\n", encoding="utf-8")
    ended = run("check", "policies", MINE, f"./{MINE}")
    assert ended.exit_code == 1
    assert ended.stdout.count(f"{MINE}: ") == 1
    Path("empty").mkdir()
    nothing = run("check", "empty")
    assert nothing.exit_code == 2
    assert "there is no policy, catalogue or file of examples in `empty`" in nothing.stderr


def test_a_fault_of_a_catalogue_is_told_once(desk: Path) -> None:
    edit("policies/statements/mine.yaml", "kind: eligibility", "kind: eligibilty")
    told = json.loads(run("check", "policies", "--format", "json").stdout)
    codes = [fault["code"] for one in told for fault in one["diagnostics"]]
    assert codes.count("unknown-option") == 1
    assert run("check", "policies").stdout == run("check", "policies").stdout


def test_standard_input_is_checked_as_the_file_it_is_of(desk: Path) -> None:
    text = Path(MINE).read_text(encoding="utf-8").replace("diploma_level: {at_least:", "diplom_level: {at_least:")
    ended = run("check", "-", "--stdin-name", MINE, given=text)
    assert ended.exit_code == 1
    assert re.search(rf"^{MINE}:\d+:\d+: error: fact `diplom_level` is not declared", ended.stdout, re.MULTILINE)
    assert "did you mean `diploma_level`?" in ended.stdout
    assert "diplom_level" not in Path(MINE).read_text(encoding="utf-8")
    examples = Path("policies/examples/mine.yaml").read_text(encoding="utf-8").replace("hbo}", "hbbo}", 1)
    named = run("check", "-", "--stdin-name", "policies/examples/mine.yaml", given=examples)
    assert "policies/examples/mine.yaml:" in named.stdout
    assert "[wrong-kind]" in named.stdout
    alone = run("check", "-", given="policy: 5\n")
    assert "<stdin>:1:9: error" in alone.stdout
    shown = run("check", "-", "--stdin-name", MINE, "--diff", given=text)
    assert shown.exit_code == 1
    assert f"+++ {MINE}" in shown.stdout


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (["--fix"], "--fix needs a FILE"), (["-", "--fix"], "--diff"), (["x", "--fix", "--diff"], "do not go together"),
        (["x", "--diff", "--format", "json"], "--diff is text"), (["x", "--stdin-name", "y"], "goes with `-`"),
    ],
)  # fmt: skip
def test_options_of_check_that_do_not_go_together_are_refused(args: list[str], word: str, desk: Path) -> None:
    ended = run("check", *args, given="")
    assert ended.exit_code == 2
    assert word in ended.stderr


def slip() -> None:
    edit(MINE, "diploma_level: {at_least: hbo}", "diplom_level: {atleast: hbo}")
    edit(MINE, "from: 2024-01-01", "from: 2024-1-1")
    edit("policies/statements/mine.yaml", "kind: eligibility", "kind: eligibilty")


def test_a_difference_is_shown_and_nothing_is_written(desk: Path) -> None:
    assert run("check", MINE, "--diff").exit_code == 0
    slip()
    before = {file: file.read_bytes() for file in Path("policies").rglob("*.yaml")}
    ended = run("check", MINE, "--diff")
    assert ended.exit_code == 1
    assert "-  from: 2024-1-1\n+  from: 2024-01-01\n" in ended.stdout
    assert "+    kind: eligibility\n" in ended.stdout
    assert "error" not in ended.stdout
    assert {file: file.read_bytes() for file in Path("policies").rglob("*.yaml")} == before


def test_what_can_be_mended_is_mended_told_and_counted(desk: Path) -> None:
    sound = {file: file.read_bytes() for file in Path("policies").rglob("*.yaml")}
    slip()
    told = run("check", MINE)
    assert told.exit_code == 1
    assert re.search(rf"^\d can be mended by `trainingrules check --fix {MINE}`$", told.stdout, re.MULTILINE)
    ended = run("check", MINE, "--fix")
    assert ended.exit_code == 0, ended.stdout
    assert "-  from: 2024-1-1\n+  from: 2024-01-01\n" in ended.stdout
    assert re.search(rf"^{MINE}: no faults, 1 warning; \d mended$", ended.stdout, re.MULTILINE)
    assert {file: file.read_bytes() for file in Path("policies").rglob("*.yaml")} == sound
    again = run("check", MINE, "--fix")
    assert "---" not in again.stdout
    assert "can be mended" not in again.stdout


def test_a_file_that_may_not_be_written_is_left_and_told(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> bool:
        return False

    slip()
    before = Path(MINE).read_bytes()
    monkeypatch.setattr(os, "access", refused)
    ended = run("check", MINE, "--fix")
    assert ended.exit_code == 2
    assert f"error: {MINE} is not changed: the file may not be written" in ended.stderr
    assert Path(MINE).read_bytes() == before


def test_at_most_a_hundred_faults_are_printed_over_all_files(desk: Path) -> None:
    for name in ("one", "two"):
        facts = "".join(f"  f{number}: {{kind: boolean, nl: x}}\n" for number in range(80))
        Path(f"{name}.yaml").write_text(f"language: 1\npolicy: {name}\nfacts:\n{facts}", encoding="utf-8")
    ended = run("check", "one.yaml", "two.yaml")
    printed = re.findall(r": error: ", ended.stdout)
    assert len(printed) == 100
    hidden = re.search(r"^\.\.\. and (\d+) more, which are not shown$", ended.stdout, re.MULTILINE)
    whole = [fault for one in json.loads(run("check", "one.yaml", "two.yaml", "--format", "json").stdout)
             for fault in one["diagnostics"]]  # fmt: skip
    assert hidden
    assert int(hidden[1]) + 100 == len(whole) > 160
    commands = run("check", "one.yaml", "two.yaml", "--format", "github").stdout.splitlines()
    assert len(commands) == 101
    assert commands[-1].startswith(f"::notice::... and {len(whole) - 100} more")


def test_other_programs_get_the_faults_in_their_notation(desk: Path) -> None:
    slip()
    log = json.loads(run("check", MINE, "--format", "sarif").stdout)
    results = log["runs"][0]["results"]
    assert {"unknown-operator", "wrong-form", "unknown-option"} <= {one["ruleId"] for one in results}
    assert any("fixes" in one for one in results)
    commands = run("check", MINE, "--format", "github").stdout.splitlines()
    assert all(re.match(r"::(error|warning) file=policies/", line) for line in commands)
    sound = run("check", "calibris", "--format", "github")
    assert (sound.exit_code, sound.stdout.strip()) == (0, "")


# ------------------------------------------------------------------------------------------------- test


def test_the_examples_of_a_policy_pass(desk: Path) -> None:
    ended = run("test", MINE)
    assert ended.exit_code == 0, ended.stdout
    assert re.fullmatch(rf"{MINE}: (\d+) examples, \1 pass\n", ended.stdout)


def test_an_example_that_fails_shows_what_was_expected_and_why(desk: Path) -> None:
    edit("policies/examples/mine.yaml", "verdict: eligible", "verdict: not_eligible")
    ended = run("test", MINE)
    assert ended.exit_code == 1
    assert "verdict: expected not_eligible, got eligible" in ended.stdout
    assert re.search(
        r"^policies/examples/mine.yaml:\d+:\d+: example \w+ fails: eligibility", ended.stdout, re.MULTILINE
    )
    assert "    why: " in ended.stdout
    assert ended.stdout.endswith("1 fail\n")
    [told] = json.loads(run("test", MINE, "--format", "json").stdout)
    assert told["pass"] == told["examples"] - 1
    assert told["failures"][0]["mismatches"] == [{"key": "verdict", "expected": "not_eligible", "got": "eligible"}]


def test_a_fault_in_the_examples_is_a_finding(desk: Path) -> None:
    edit("policies/examples/mine.yaml", "{eligibility: enrol}", "{eligibility: enrl}")
    ended = run("test", MINE)
    assert ended.exit_code == 1
    assert "did you mean `enrol`?" in ended.stdout


def test_a_policy_without_examples_cannot_be_tested(desk: Path) -> None:
    Path("policies/examples/mine.yaml").unlink()
    assert run("test", MINE).exit_code == 2
    assert run("test", "nothing.yaml").exit_code == 2


# -------------------------------------------------------------------------------------------- coverage


def test_coverage_wants_a_record_and_writes_it(desk: Path) -> None:
    ended = run("coverage", MINE)
    assert ended.exit_code == 1
    assert "--record" in ended.stdout
    assert run("coverage", MINE, "--record").exit_code == 0
    ended = run("coverage", MINE)
    assert ended.exit_code == 0
    assert ended.stdout.splitlines()[0].split() == ["statement", "kind", "carried", "by"]
    assert re.search(r"^BCM-04 +eligibility +\S", ended.stdout, re.MULTILINE)


def test_the_record_is_what_the_library_writes(desk: Path) -> None:
    from trainingrules.source import read_file

    run("coverage", MINE, "--record")
    policy, _ = read_file(MINE)
    catalogue, _ = read_file("policies/statements/mine.yaml")
    assert policy is not None
    assert catalogue is not None
    now = coverage(policy, catalogue, None)
    text = Path("policies/statements/mine.carried.yaml").read_text(encoding="utf-8")
    assert text == record_text(now.policy, now.carried)


def test_a_citation_that_is_lost_is_found_also_when_the_policy_has_faults(desk: Path) -> None:
    run("coverage", MINE, "--record")
    edit(MINE, "source: [BCM-04]", "source: [BCM-05]")
    edit(MINE, "diploma_level: {at_least:", "diplom_level: {at_least:")
    ended = run("coverage", MINE, "--quiet")
    assert ended.exit_code == 1
    assert "statement `BCM-04` is no longer carried by" in ended.stdout
    [told] = json.loads(run("coverage", MINE, "--format", "json").stdout)
    assert told["complete"] is False
    assert {"id", "kind", "carried_by", "sentences"} == set(told["statements"][0])


@pytest.mark.parametrize("text", ["", "carried: 3\n", "carried: {BCM-04: [1]}\n", "[", "- a\n"])
def test_a_record_that_is_none_is_a_finding(desk: Path, text: str) -> None:
    Path("policies/statements/mine.carried.yaml").write_text(text, encoding="utf-8")
    ended = run("coverage", MINE, "-q")
    assert ended.exit_code == 1
    assert "internal error" not in ended.output


def test_what_cannot_be_covered_is_unusable(desk: Path) -> None:
    Path("list.yaml").write_text("- a\n", encoding="utf-8")
    Path("other.yaml").write_text("statements: nothing.yaml\n", encoding="utf-8")
    Path("third.yaml").write_text("statements: list.yaml\n", encoding="utf-8")
    for name in ("list.yaml", "other.yaml", "third.yaml", "nothing.yaml"):
        ended = run("coverage", name, MINE, "--record")
        assert ended.exit_code == 2, name
        assert "error: " in ended.stderr
        assert f"{MINE}: " in ended.stdout


# ---------------------------------------------------------------------------------------------- schema


def test_schemas_are_printed_written_and_compared(desk: Path) -> None:
    printed = json.loads(run("schema", "calibris", "--facts").stdout)
    assert "licensed_on" in printed["properties"]
    assert json.loads(run("schema").stdout) != json.loads(run("schema", "calibris").stdout)
    assert run("schema", "--check", "--folder", "schemas").exit_code == 1
    assert run("schema", "--write", "--folder", "schemas").exit_code == 0
    assert run("schema", "--check", "--folder", "schemas").exit_code == 0
    edit("schemas/calibris.schema.json", "{", "{ ")
    Path("schemas/old.schema.json").write_text("{}", encoding="utf-8")
    ended = run("schema", "--check", "--folder", "schemas")
    assert ended.exit_code == 1
    assert "calibris.schema.json is not what it must be" in ended.stdout
    assert "old.schema.json belongs to no policy" in ended.stdout


def test_the_schemas_of_ones_own_policy_go_beside_it(desk: Path) -> None:
    assert run("schema", MINE, "--write").exit_code == 0
    assert run("schema", MINE, "--check").exit_code == 0
    assert {path.name for path in Path("schemas").iterdir()} == {
        "bcmb.schema.json", "bcmb.facts.schema.json", "bcmb.examples.schema.json", "policy.schema.json",
        "statements.schema.json", "examples.schema.json",
    }  # fmt: skip

    shutil.rmtree("schemas")
    assert run("schema", MINE, "--write").exit_code == 2


@pytest.mark.parametrize(
    "args",
    [["--facts"], ["--write", "--check"], ["calibris", "--facts", "--write"], ["--folder", "x"], ["calibri"]],
)
def test_options_of_schema_that_do_not_go_together_are_refused(args: list[str]) -> None:
    assert run("schema", *args).exit_code == 2


# ------------------------------------------------------------------------------------ whatever happens


def test_an_unexpected_failure_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str) -> None:
        raise RuntimeError("first\nsecond")

    monkeypatch.setattr("trainingrules.cli.asking.policy_of", fail)
    ended = run("list", "calibris")
    assert ended.exit_code == 2
    told = "internal error: RuntimeError: first second; please report it (TRAININGRULES_DEBUG=1 shows the traceback)"
    assert ended.stderr == told + "\n"
    assert "Traceback" in run("list", "calibris", TRAININGRULES_DEBUG="1").stderr


WORDS = st.sampled_from(
    [*COMMANDS, *bundled(), "--on", "2026-03-01", "--lang", "en", "--format", "json", "yaml", "-f", "--facts", "-",
     "--deadline", "--cost", "--eligibility", "--compliance", "--note", "all", "enrol", "become", "--row", "--cycles",
     "1-2", "--party", "--help", "--version", "--engine", "verify", "-q", "/", "/dev/null", "a=1", "x[1]=2"]
)  # fmt: skip


@settings(max_examples=60)
@given(st.lists(WORDS | st.text(max_size=12), max_size=7))
def test_whatever_is_typed_there_is_an_answer_or_a_reason(args: list[str]) -> None:
    """
    It ends with one of its codes, without a traceback, and never without a word.
    """
    if {"test", "coverage"} & set(args) or "--write" in args or "--record" in args:
        return
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):  # `new` writes where one stands
        ended = run(*args)
    assert ended.exit_code in (0, 1, 2), ended.output
    assert ended.exception is None or isinstance(ended.exception, SystemExit)
    assert "internal error" not in ended.output
    assert ended.output.strip()


@settings(max_examples=60)
@given(
    text=st.text(max_size=30), name=st.sampled_from(["diploma_level", "programme", "member_since", "order_followed"])
)
def test_whatever_fact_is_typed_it_is_taken_or_refused(text: str, name: str) -> None:
    try:
        facts_of(trainingrules_policy(), None, [f"{name}={text}"])
    except FactError as error:
        for one in error.diagnostics:
            assert one.span is not None
            assert one.span.file == "-f"
            assert 1 <= one.span.column <= len(f"{name}={text}") + 2


def trainingrules_policy(kept: list[trainingrules.Policy] = []) -> trainingrules.Policy:  # noqa: B006
    if not kept:
        kept.append(trainingrules.load("bcmb"))
    return kept[0]


# ------------------------------------------------------------------------------- as a program of its own


def test_it_runs_as_a_module() -> None:
    ended = spawn("--version")
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ended.stdout.decode() == f"trainingrules {trainingrules.__version__}\n"


@pytest.mark.parametrize("locale", [{"LC_ALL": "C"}, {"LANG": "C"}, {"LC_ALL": "POSIX", "PYTHONIOENCODING": "ascii"}])
def test_output_is_utf8_in_every_locale(locale: dict[str, str]) -> None:
    ended = spawn("list", "bcmb", **locale)
    assert ended.returncode == 0
    assert "cliëntondersteuner" in ended.stdout.decode("utf-8")


def test_a_reader_that_stops_early_is_no_error() -> None:
    command = [sys.executable, "-m", "trainingrules", "list", "calibris"]
    with subprocess.Popen(command, env=surroundings(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        told = process.stderr.read()
    assert (process.returncode, told) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk here")
def test_a_full_disk_is_told() -> None:
    with open("/dev/full", "wb") as full:
        command = [sys.executable, "-m", "trainingrules", "list", "calibris"]
        ended = subprocess.run(command, env=surroundings(), stdout=full, stderr=subprocess.PIPE)
    assert ended.returncode == 2
    assert ended.stderr.decode().startswith("error: ")
    assert b"Traceback" not in ended.stderr


def test_the_exit_codes_are_those_of_the_process(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("a: [1\n", encoding="utf-8")
    assert [spawn("check", str(broken)).returncode, spawn("check", "nothing.yaml").returncode] == [1, 2]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
@pytest.mark.parametrize(
    ("env", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)]
)
def test_colour_is_for_people_who_want_it(env: dict[str, str], coloured: bool) -> None:
    """
    On a terminal the marks are coloured, unless NO_COLOR is set; nowhere else there is colour.
    """
    import pty

    args = (*ASK, "-f", "diploma_level=hbo")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "trainingrules", *args]
    settings = {"TERM": "xterm", **env}
    with subprocess.Popen(command, env=surroundings(**settings), stdout=theirs, stderr=subprocess.PIPE) as process:
        os.close(theirs)
        told = b""
        while True:
            try:
                piece = os.read(ours, 65_536)
            except OSError:  # Linux, at the end
                break
            if not piece:
                break
            told += piece
    os.close(ours)
    assert process.returncode == 0
    assert ("\x1b[32m✓".encode() in told) is coloured
    assert (b"\x1b" in told) is coloured
    assert b"\x1b" not in spawn(*args, **settings).stdout
