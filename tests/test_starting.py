"""A starting policy is whole: every command works on it before a word is changed, and nothing is made by halves."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from trainingrules import PolicyError, load
from trainingrules.cli import main
from trainingrules.schema import NAME_PATTERN
from trainingrules.source import parse
from trainingrules.starting import proposed, start

ROOT = Path(__file__).resolve().parent.parent
POLICY = "policies/my_policy.yaml"
MADE = [
    POLICY,
    "policies/statements/my_policy.yaml",
    "policies/examples/my_policy.yaml",
    "policies/documents/my_policy.txt",
    "policies/statements/my_policy.sentences.yaml",
    "policies/statements/my_policy.carried.yaml",
    "schemas/my_policy.schema.json",
    "schemas/my_policy.facts.schema.json",
    "schemas/my_policy.examples.schema.json",
    "schemas/policy.schema.json",
    "schemas/statements.schema.json",
    "schemas/examples.schema.json",
    ".vscode/settings.json",
    ".vscode/extensions.json",
    ".vscode/tasks.json",
]


OFFERED = {"schemas/policy.schema.json", "schemas/examples.schema.json", "schemas/statements.schema.json"}


def run(line: str) -> Result:
    return CliRunner().invoke(main, shlex.split(line), env={"TRAININGRULES_LANG": "en", "COLUMNS": "100"})


def tree(folder: Path) -> dict[str, bytes | None]:
    """Everything in a folder: files with what they hold, and folders."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
            for path in folder.rglob("*")}  # fmt: skip


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def started(here: Path) -> Path:
    """A folder with a starting policy."""
    start("my_policy", here)
    return here


# --- the whole round ---

# A command on the unedited sample, and what it says, or the part that matters.
ROUND = [
    (f"check {POLICY} --strict", "no faults"),
    ("check . --strict", "4 files: no faults"),
    (f"test {POLICY}", "18 examples, 18 pass"),
    (f"test {POLICY} --engine verify", "18 examples, 18 pass"),
    (f"test {POLICY} --coverage --at-least 100", "boundaries  6 of 6"),
    (f"test {POLICY} --mutate --jobs 1", ", 0 survive"),
    (f"coverage {POLICY}", "6 statements, 6 carried"),
    (f"source {POLICY} policies/documents/my_policy.txt", "10 unchanged"),
    (f"diff {POLICY} {POLICY}", "No behavioural change: every question keeps its answer for everybody"),
    (f"handbook {POLICY} -o handbook.html", "handbook.html"),
    (f"schema {POLICY} --check", "6 schemas, all as they must be"),
    (f"list {POLICY}", "Sample course (my_policy, 2026)"),
    (f"facts {POLICY}", "Age on the first day of the course"),
    (f"facts {POLICY} --format yaml", "#age: 1"),
    (f"ask {POLICY} --eligibility take_part --on 2026-03-02 -f age=17", "no."),
    (f"ask {POLICY} --eligibility take_part --on 2026-03-02", "Age on the first day of the course"),
    (f"ask {POLICY} --cost course --on 2026-03-02", "250"),
    (f"ask {POLICY} --deadline enrol --on 2026-08-31 -f starts_on=2026-09-28", "31 August 2026"),
    (f"ask {POLICY} --compliance all --on 2026-10-01 -f certified_on=2026-04-01 -f refresher_days=[]", "31 March 2027"),
    (f"ask {POLICY} --note patience --on 2026-10-01", "patient"),
]


@pytest.mark.parametrize(("line", "says"), ROUND, ids=[line for line, _ in ROUND])
def test_every_command_works_on_the_unedited_sample(started: Path, line: str, says: str) -> None:
    ended = run(line)
    assert (ended.exit_code, ended.stderr) == (0, ""), ended.output
    assert says in ended.stdout


def test_the_command_lists_what_it_made_and_its_advice_works(here: Path) -> None:
    ended = run("new my_policy")
    assert (ended.exit_code, ended.stderr) == (0, "")
    assert sorted(re.findall(r"^made (.*)$", ended.stdout, re.MULTILINE)) == sorted(MADE)
    assert {name for name, held in tree(here).items() if held is not None} == set(MADE)
    advised = re.findall(r"^  trainingrules (.*)$", ended.stdout, re.MULTILINE)
    assert [line.split()[0] for line in advised] == ["check", "test", "ask"]
    assert [run(line).exit_code for line in advised] == [0, 0, 0]


def test_another_folder_is_made_and_named_in_the_advice(here: Path) -> None:
    ended = run("new my_policy --folder 'of mine/2026'")
    advised = re.findall(r"^  trainingrules (.*)$", ended.stdout, re.MULTILINE)
    assert [run(line).exit_code for line in advised] == [0, 0, 0]
    assert (here / "of mine" / "2026" / POLICY).is_file()


def test_every_file_names_its_own_policy_and_no_trace_of_the_sample_is_left(started: Path) -> None:
    for name, held in tree(started).items():
        text = (held or b"").decode()
        # The schemas that serve every policy offer the sample itself.
        assert "new_policy" not in text or name in OFFERED, name
        assert "NEW-" not in text or name in OFFERED, name
    assert (
        (started / POLICY)
        .read_text(encoding="utf-8")
        .startswith("# yaml-language-server: $schema=../schemas/my_policy.schema.json\n")
    )
    assert list(load(started / POLICY).statements) == [f"MYP-0{number}" for number in range(1, 7)]


def test_every_modeline_leads_to_a_schema(started: Path) -> None:
    led = 0
    for path in started.rglob("*.yaml"):
        for pointer in re.findall(r"^# yaml-language-server: \$schema=(.*)$", path.read_text("utf-8"), re.MULTILINE):
            assert json.loads((path.parent / pointer).read_text(encoding="utf-8"))["title"]
            led += 1
    assert led


@pytest.mark.parametrize("name", ["settings.json", "extensions.json", "tasks.json"])
def test_the_editor_is_set_as_it_is_for_the_bundled_policies(started: Path, name: str) -> None:
    ours = (ROOT / ".vscode" / name).read_text(encoding="utf-8")
    assert (started / ".vscode" / name).read_text("utf-8") == ours.replace(', "/tests/policies/good/*.yaml"', "")


def test_two_policies_share_a_folder(started: Path) -> None:
    shared = {".vscode/settings.json", ".vscode/extensions.json", "schemas/statements.schema.json"}
    for name in shared:
        (started / name).write_text("{}", encoding="utf-8")
    before = tree(started)
    assert run("new another").exit_code == 0
    after = tree(started)
    assert {name: after[name] for name in before} == before
    assert run("check policies/another.yaml").exit_code == 0


def test_a_copy_under_another_name_is_a_policy_of_its_own(started: Path) -> None:
    """
    As the guide says for conditions of which the old edition must stay: so there is no command for it.
    """
    for folder in ("", "statements", "examples"):
        text = (started / "policies" / folder / "my_policy.yaml").read_text(encoding="utf-8")
        copy = re.sub(r"^((?:policy|statements): .*)my_policy", r"\1my_policy_2027", text, flags=re.MULTILINE)
        assert copy != text
        (started / "policies" / folder / "my_policy_2027.yaml").write_text(copy, encoding="utf-8")
    for line in ("schema {} --write", "coverage {} --record", "check {}", "test {}"):
        ended = run(line.format("policies/my_policy_2027.yaml"))
        assert (ended.exit_code, ended.stderr) == (0, ""), ended.output
    assert run(f"check {POLICY}").stdout == f"{POLICY}: no faults\n"


# --- nothing is written over, and nothing by halves ---


@pytest.mark.parametrize("again", range(2))
def test_all_files_that_are_in_the_way_are_named_at_once(started: Path, again: int) -> None:
    if again:
        (started / "policies/statements/my_policy.yaml").unlink()
    before = tree(started)
    ended = run("new my_policy")
    assert ended.exit_code == 2
    own = sorted(name for name in MADE if "my_policy" in name and name in before)
    assert re.findall(r"^error: `(.*)` is already there", ended.stderr, re.MULTILINE) == own
    assert ended.stderr.count("help:") == 1
    assert ended.stderr.splitlines()[-1].startswith("  help: nothing is written over")
    assert tree(started) == before


def test_a_file_where_a_folder_must_be_is_in_the_way(here: Path) -> None:
    (here / "policies").write_text("mine", encoding="utf-8")
    (here / ".vscode").write_text("mine", encoding="utf-8")
    ended = run("new my_policy")
    assert ended.exit_code == 2
    assert re.findall(r"^error: `(.*)` is not a folder", ended.stderr, re.MULTILINE) == [".vscode", "policies"]
    assert tree(here) == {"policies": b"mine", ".vscode": b"mine"}


def test_a_link_that_leads_nowhere_is_in_the_way(here: Path) -> None:
    (here / "policies").mkdir()
    (here / POLICY).symlink_to("gone.yaml")
    assert run("new my_policy").exit_code == 2
    assert not (here / "gone.yaml").exists()


@pytest.mark.parametrize("place", range(len(MADE)))
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["full", "stop"])
def test_when_a_file_cannot_be_placed_nothing_remains(
    here: Path, place: int, error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Wherever in the making it happens: what was there stays, what was not is not.
    """
    (here / "schemas").mkdir()
    (here / "schemas" / "other.schema.json").write_text("{}", encoding="utf-8")
    before, replace, placed = tree(here), Path.replace, 0

    def failing(self: Path, target: Path) -> Path:
        nonlocal placed
        placed += 1
        if placed > place:
            raise error
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(type(error)):
        start("my_policy", here)
    assert tree(here) == before


def test_a_file_that_appears_meanwhile_is_not_written_over(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace = Path.replace

    def meanwhile(self: Path, target: Path) -> Path:
        late = here / MADE[2]
        late.parent.mkdir(parents=True, exist_ok=True)
        late.write_text("theirs", encoding="utf-8")
        monkeypatch.undo()
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", meanwhile)
    with pytest.raises(FileExistsError):
        start("my_policy", here)
    assert {name: held for name, held in tree(here).items() if held is not None} == {MADE[2]: b"theirs"}


def test_a_folder_that_cannot_be_written_is_a_sentence(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", refused)
    ended = run("new my_policy --folder elsewhere")
    assert (ended.exit_code, ended.stderr) == (2, "error: elsewhere: permission denied\n")


# --- names ---


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("My Policy", "my_policy"),
        ("my-policy.yaml", "my_policy"),
        ("policies/my_policy.yaml", "my_policy"),
        ("Coördinatie & één dag", "coordinatie_een_dag"),
        ("2026_edition", "edition"),
        ("x" * 65, "x" * 64),
        ("my_policy ", "my_policy"),
        ("my_policy\n", "my_policy"),
    ],
)
def test_a_bad_name_gets_a_good_one_proposed(here: Path, name: str, instead: str) -> None:
    with pytest.raises(PolicyError, match=f"write `{instead}`: a name has at most 64 small letters"):
        start(name, here)
    assert tree(here) == {}


@pytest.mark.parametrize("name", ["", "2026", "null", "true", "yes", "y", "..", "名前"])
def test_where_there_is_nothing_to_propose_the_rule_is_told(here: Path, name: str) -> None:
    with pytest.raises(PolicyError, match="cannot be the name of a policy") as refused:
        start(name, here)
    [fault] = refused.value.diagnostics
    assert fault.help.startswith("a name has at most 64 small letters")
    assert tree(here) == {}


@given(st.text())
def test_what_is_proposed_is_a_name_and_is_its_own_proposal(name: str) -> None:
    found = proposed(name)
    if found:
        assert re.fullmatch(NAME_PATTERN, found)
        assert parse(f"policy: {found}")[1] == []
        assert proposed(found) == found


@pytest.mark.parametrize("name", ["a", "a_1", "z" * 64, "policy", "new", "new_policy", "facts"])
def test_any_name_gives_a_policy_without_faults(here: Path, name: str) -> None:
    made = start(name, here)
    assert load(made.policy).name == name
    assert run(f"check policies/{name}.yaml").stdout == f"policies/{name}.yaml: no faults\n"
