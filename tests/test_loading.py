"""From a name or a path to a policy; what is hostile ends in a fault that is told, never in a traceback."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from trainingrules.diagnostics import PolicyError, report
from trainingrules.loading import bundled, load, locate, policies_folder, schemas_folder
from trainingrules.validating import check_file

GOOD = Path(__file__).parent / "policies" / "good"
TEXT = (GOOD / "guild.yaml").read_text(encoding="utf-8")
SOURCE = Path(__file__).parent.parent / "src"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(GOOD / "statements", tmp_path / "statements")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def changed(right: str, wrong: str, text: str = TEXT) -> str:
    assert text.count(right) == 1
    return text.replace(right, wrong)


# ------------------------------------------------------------------------------------------------ names and paths


@pytest.mark.parametrize("name", bundled())
def test_every_bundled_policy_loads_without_a_fault_or_a_warning(name: str) -> None:
    assert report(check_file(locate(name)).diagnostics) == ""
    assert load(name).name == name


def test_a_bundled_policy_comes_before_a_file_of_its_name(desk: Path) -> None:
    (desk / "calibris").write_text("not this", encoding="utf-8")
    assert locate("calibris") == policies_folder() / "calibris.yaml"


def test_a_path_may_be_given_as_text_or_as_a_path(desk: Path) -> None:
    file = desk / "guild.yaml"
    file.write_text(TEXT, encoding="utf-8")
    assert load(file).hash == load(str(file)).hash == load("guild.yaml").hash
    (desk / "guild").write_text(TEXT, encoding="utf-8")
    assert load("guild").name == "guild"


def test_the_same_text_is_the_same_policy(desk: Path) -> None:
    """
    Or what is made of the first would be found for the second only by comparing all of both, at every question.
    """
    Path("one.yaml").write_text(TEXT, encoding="utf-8")
    assert load("one.yaml") is load("one.yaml")
    first = load("one.yaml")
    Path("one.yaml").write_text(TEXT + "# another text\n", encoding="utf-8")
    assert load("one.yaml") is not first


def test_the_hash_tells_texts_apart(desk: Path) -> None:
    """
    Of the policy and of its catalogue: an answer rests on both.
    """
    file, catalogue = desk / "guild.yaml", desk / "statements" / "guild.yaml"
    file.write_text(TEXT, encoding="utf-8")
    first = load(file).hash
    file.write_text(changed("62.50", "62.51"), encoding="utf-8")
    second = load(file).hash
    catalogue.write_text(catalogue.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
    assert len({first, second, load(file).hash}) == 3


@pytest.mark.parametrize(
    ("name", "help"),
    [
        ("calibri", "did you mean `calibris`?"),
        ("zzz", "one of: `awl`, `bcmb`, `calibris`, `rvwo`, `vlaanderen`; or the path of a file"),
        ("x" * 300, "or the path of a file"),
    ],
)
def test_a_policy_that_is_not_there_is_named(name: str, help: str) -> None:
    with pytest.raises(PolicyError) as caught:
        load(name)
    [fault] = caught.value.diagnostics
    assert str(fault).startswith(f"error: there is no policy `{name[:50]}")
    assert help in fault.help


@pytest.mark.parametrize(
    "name", ["no/such/policy.yaml", "nowhere.yaml", "a\0b.yaml", "statements", "x" * 300 + ".yaml"]
)
def test_a_file_that_cannot_be_read_is_told(name: str, desk: Path) -> None:
    with pytest.raises(PolicyError) as caught:
        load(Path(name) if name == "statements" else name)
    assert [fault.code.split("-")[0] for fault in caught.value.diagnostics] == ["file"]


def test_an_error_holds_every_fault_and_shows_them(desk: Path) -> None:
    text = changed("nl: Lid, en: Member", "nl: Lid", changed("nl: Prijs, en: Price", "nl: Prijs"))
    (desk / "guild.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load("guild.yaml")
    assert [str(fault.span) for fault in caught.value.diagnostics] == ["guild.yaml:27:3", "guild.yaml:105:7"]
    assert str(caught.value).count("[missing-translation]") == 2


def test_warnings_do_not_keep_a_policy_from_being_used(desk: Path) -> None:
    (desk / "guild.yaml").write_text(changed("policy: guild", "policy: gild"), encoding="utf-8")
    found = check_file("guild.yaml")
    assert [one.code for one in found.diagnostics] == ["other-name"]
    assert found.errors == ()
    assert found.policy is not None


# ----------------------------------------------------------------------------------------------- the catalogue


@pytest.mark.parametrize(
    "path",
    ["../../../etc/passwd", "/etc/passwd", "..", ".", "statements", "guild.yaml", "statements/../guild.yaml",
     "nowhere.yaml", "statements/../../guild.yaml", "x/" * 3000, "n" * 5000, "/dev/zero", "pipe", "loop", "~root"],
)  # fmt: skip
def test_a_catalogue_that_is_none_is_told_where_it_is_named(path: str, desk: Path) -> None:
    os.mkfifo(desk / "pipe")
    (desk / "loop").symlink_to("loop")
    (desk / "guild.yaml").write_text(changed("statements/guild.yaml", f'"{path}"'), encoding="utf-8")
    found = check_file("guild.yaml")
    assert [one.code for one in found.diagnostics] == ["no-catalogue"]
    assert str(found.diagnostics[0].span) == "guild.yaml:9:13"
    assert "root:" not in report(found.diagnostics)


def test_a_catalogue_with_faults_is_told_in_its_own_file(desk: Path) -> None:
    file = desk / "statements" / "guild.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("kind: cost", "kind: costs", 1), encoding="utf-8")
    (desk / "guild.yaml").write_text(TEXT, encoding="utf-8")
    found = check_file("guild.yaml")
    assert [str(one.span) for one in found.diagnostics] == [f"{os.path.join('statements', 'guild.yaml')}:32:11"]
    assert found.policy is None


def test_a_catalogue_that_is_not_yaml_is_told_in_its_own_file(desk: Path) -> None:
    (desk / "statements" / "guild.yaml").write_text("[", encoding="utf-8")
    (desk / "guild.yaml").write_text(TEXT, encoding="utf-8")
    [fault] = check_file("guild.yaml").diagnostics
    assert fault.span is not None
    assert fault.span.file == os.path.join("statements", "guild.yaml")


# ------------------------------------------------------------------------------------------------------ hostile


def of(section: str, entries: Callable[[int], str], count: int, last: str = "") -> str:
    lines = "".join(f"  {entries(number)}\n" for number in range(count)) + (f"  {last}\n" if last else "")
    return changed(f"\n{section}:\n", f"\n{section}:\n{lines}")


def term(name: str, holds: str) -> str:
    return f"{name}: {{nl: a, en: b, source: [BEE-05], holds: {holds}}}"


def value(name: str, what: str) -> str:
    return f"{name}: {{nl: a, en: b, source: [BEE-05], value: {what}}}"


def decision(name: str, others: str) -> str:
    return f"{name}: {{nl: a, en: b, builds_on: [{others}], requires: {{}}}}"


def rules(count: int, must: str) -> str:
    lines = "".join(
        f"      r{n}: {{nl: a#, en: b#, source: [BEE-05], must: {must}}}\n".replace("#", str(n)) for n in range(count)
    )
    return changed("    requires: {}\n", f"    requires:\n{lines}")


HOLDS = "must: {skilled: {is: true}}"
NESTED = {
    "not": "{not: " * 30 + "{member: {is: true}}" + "}" * 30,
    "any": "{any: [{people: {at_least: 9}}, " * 15 + "{member: {is: true}}" + "]}" * 15,
}
FACT, PEOPLE = "{fact: people}", "{people: {at_least: 9}}"
BOTH = "{any: [{#: {is: true}}, {#: {is: false}}]}"
TWICE = "{total: [{fact: #}, {fact: #}, 1]}"
DEEP = "{total: [" * 16 + "{fact: %s}" + ", 1]}" * 16
ALIASES = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 20))
MERGES = "".join(f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 20))

HOSTILE: dict[str, tuple[str | bytes, str]] = {
    "a bomb of aliases": (f"a0: &a0 [x]\n{ALIASES}", "alias"),
    "a bomb of merge keys": (f"a0: &a0 {{x: 1}}\n{MERGES}", "merge-key"),
    "ten thousand levels": (changed(HOLDS, "must: " + "{not: " * 10_000 + "}" * 10_000), "too-deep"),
    "ten thousand brackets": ("[" * 10_000, "too-deep"),
    "fifty megabytes": (b"a: " + b"x" * 50_000_000, "too-large"),
    "a tag": ('!!python/object/apply:os.system ["echo no"]', "tag"),
    "binary": (bytes(range(256)) * 100, "encoding"),
    "UTF-16": (TEXT.encode("utf-16"), "encoding"),
    "nothing": ("", "empty-text"),
    "a list": ("- a\n- b\n", "wrong-type"),
    "a word": ("hello", "wrong-type"),
    "very many parts": (f"facts: [{'null,' * 180_000} null]", "too-many-nodes"),
    "very many keys": ("".join(f"k{n}: 1\n" for n in range(40_000)), "too-many-faults"),
    "a list of two kinds": (changed("[BEE-09, BEE-10]\n        for_each",
                                    f"[{', '.join(f'{n}, a{n}' for n in range(20_000))}]\n        for_each"),
                            "too-many-faults"),
    "five thousand operators that are none": (rules(5_000, "{people: {at_leest#: 2}}"), "too-many-faults"),
    "five thousand facts that are none": (rules(5_000, "{peeple#: {at_least: 2}}"), "unknown-fact"),
    "a long chain of terms": (of("terms", lambda n: term(f"t{n}", f"{{t{n + 1}: {{is: true}}}}"), 3_000,
                                 term("t3000", "{member: {is: true}}")), "too-large"),
    "a long circle of terms": (of("terms", lambda n: term(f"t{n}", f"{{t{(n + 1) % 3_000}: {{is: true}}}}"), 3_000),
                               "circular"),
    "a bomb of terms": (of("terms", lambda n: term(f"t{n}", BOTH.replace("#", f"t{n + 1}")), 60,
                           term("t60", "{member: {is: true}}")), "too-large"),
    "a long chain of values": (of("values", lambda n: value(f"v{n}", f"{{fact: v{n + 1}}}"), 3_000,
                                  value("v3000", FACT)), "too-deep"),
    "a long circle of values": (of("values", lambda n: value(f"v{n}", f"{{fact: v{(n + 1) % 9}}}"), 9), "circular"),
    "a bomb of values": (of("values", lambda n: value(f"v{n}", TWICE.replace("#", f"v{n + 1}")), 9,
                            value("v9", FACT)), "too-large"),
    "a chain of deep values": (of("values", lambda n: value(f"v{n}", DEEP % f"v{n + 1}"), 9,
                                  value("v9", DEEP % "people")), "too-large"),
    "a bomb of decisions": (of("eligibility", lambda n: decision(f"d{n}", f"d{n + 1}, d{n + 1}"), 60,
                               decision("d60", "visit")), "too-large"),
    "a long chain of deadlines": (
        of("deadlines", lambda n: f"l{n}: {{nl: a, en: b, source: [BEE-05], until: {{deadline: l{n + 1}}}}}", 2_000,
           "l2000: {nl: a, en: b, source: [BEE-05], until: {fact: plan_on}}"), "too-large"),
}  # fmt: skip

HARMLESS: dict[str, str] = {
    "five thousand rules": rules(5_000, "{member: {is: true}, people: {at_least: 2}}"),
    "nested as deep as may be": changed(HOLDS, f"must: {{skilled: {{is: true}}, any: [{PEOPLE}, {NESTED['not']}]}}"),
    "nested in lists": changed(HOLDS, f"must: {{skilled: {{is: true}}, not: {NESTED['any']}}}"),
    "a choice of very many": changed("[keeper, teacher]", f"[{', '.join(['keeper'] * 20_000)}]"),
}

CHECK = """
import sys
from trainingrules import validating, diagnostics
found = validating.check_file("guild.yaml")
assert (found.policy is None) == bool(found.errors)
print(diagnostics.report(found.diagnostics))
print("codes:", *sorted({one.code for one in found.diagnostics}))
"""


def checked_apart(desk: Path, text: str | bytes) -> str:
    """The report of a process of its own: no hang, no crash, no traceback can hide in it."""
    (desk / "guild.yaml").write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", CHECK],
        cwd=desk,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_ends_in_a_fault_with_a_place(name: str, desk: Path) -> None:
    text, code = HOSTILE[name]
    said = checked_apart(desk, text)
    assert re.search(r"^guild\.yaml:\d+:\d+: error: ", said, re.MULTILINE)
    assert code in said.rstrip().rsplit("codes:")[1].split()
    assert len(said) < 100_000


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_merely_large_loads(name: str, desk: Path) -> None:
    codes = checked_apart(desk, HARMLESS[name]).rsplit("codes:")[1].split()
    assert set(codes) <= {"lone-part"}


def test_a_folder_and_a_pipe_are_no_policies(desk: Path) -> None:
    os.mkfifo(desk / "pipe")
    for name in (".", "pipe", "/dev/zero"):
        [fault] = check_file(name).diagnostics
        assert fault.code == "file-kind"


# ------------------------------------------------------------------------------------------- where the files lie


def test_an_installed_package_holds_its_own_policies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "src" / "trainingrules"
    (package / "policies").mkdir(parents=True)
    monkeypatch.setattr("trainingrules.loading._PACKAGE", package)
    assert policies_folder() == package / "policies"
    assert schemas_folder() == tmp_path / "schemas"
