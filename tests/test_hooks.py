"""The hooks for repositories that keep policies, run by pre-commit itself in one of them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.test_repository import ROOT
from trainingrules.cli import main
from trainingrules.source import read_file
from trainingrules.starting import start
from trainingrules.validating import check_file

MANIFEST = ROOT / ".pre-commit-hooks.yaml"
POLICY, EXAMPLES, STATEMENTS = (f"policies/{folder}bees.yaml" for folder in ("", "examples/", "statements/"))


def pre_commit(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    # `python` of an entry is the one that runs the tests, as in the environment that pre-commit makes from it.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", *arguments], cwd=cwd, capture_output=True, text=True, check=False,
        timeout=120, env=plain | {"PATH": path, "PRE_COMMIT_HOME": str(cwd / ".cache"), "PRE_COMMIT_COLOR": "never"},
    )  # fmt: skip


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a starting policy, in which the hooks are set up without installing anything."""
    start("bees", tmp_path)
    document, _ = read_file(MANIFEST)
    assert document is not None
    assert isinstance(document.data, list)
    lines = ["repos:", "- repo: local", "  hooks:"]
    for hook in document.data:
        hook = {**hook, "language": "unsupported"}  # that is: already installed
        lines += [
            f"  - {{{', '.join(f'{key}: {json.dumps(value)}' for key, value in hook.items() if key != 'description')}}}"
        ]
    (tmp_path / ".pre-commit-config.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for arguments in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True, capture_output=True)
    return tmp_path


def test_the_manifest_is_one_that_pre_commit_reads(tmp_path: Path) -> None:
    done = pre_commit("validate-manifest", str(MANIFEST), cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_hooks_pass_a_policy_that_is_right(repository: Path) -> None:
    done = pre_commit("run", "--all-files", "--verbose", cwd=repository)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("Passed") == 2
    assert f"{POLICY}: no faults" in done.stdout
    assert "18 examples, 18 pass" in done.stdout


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (POLICY, "kind: integer", "kind: intger", "did you mean `integer`?"),
        (STATEMENTS, "BEE-04:", "BEE-44:", "statement `BEE-04` is not in the catalogue"),
        (EXAMPLES, "facts: {age: 18}", "facts: {age: 17}", "just_old_enough"),
    ],
)
def test_a_hook_stops_a_slip_in_each_of_a_policys_files(
    repository: Path, file: str, old: str, new: str, said: str
) -> None:
    """
    Also when only the catalogue or the examples changed: the policy they belong to is checked.
    """
    text = (repository / file).read_text(encoding="utf-8")
    assert old in text
    (repository / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    done = pre_commit("run", "--files", file, cwd=repository)
    assert done.returncode == 1, done.stdout + done.stderr
    assert said in done.stdout


@pytest.mark.parametrize(
    ("old", "new", "severity"),
    [
        ("kind: integer", "kind: intger", "error"),
        ("  age: {", "  odd: {kind: text, nl: x, en: x}\n  age: {", "warning"),
    ],
)
def test_vs_code_reads_every_fault_that_the_check_prints(tmp_path: Path, old: str, new: str, severity: str) -> None:
    """
    Its task has a pattern for the line that begins a fault; one that it does not match would stay unseen.
    """
    [check, *_] = settings("tasks.json")["tasks"]
    pattern = check["problemMatcher"]["pattern"]
    policy = start("bees", tmp_path).policy
    policy.write_text(policy.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    faults = check_file(policy).diagnostics
    assert {fault.severity for fault in faults} == {severity}
    printed = CliRunner().invoke(main, [*check["args"][:1], str(policy)]).stdout
    found = [match for line in printed.splitlines() if (match := re.match(pattern["regexp"], line))]
    parts = ("line", "column", "severity", "message", "code")
    assert [tuple(match[pattern[part]] for part in parts) for match in found] == [
        (str(one.span.line), str(one.span.column), one.severity, one.message, one.code) for one in faults if one.span
    ]


def settings(file: str, folder: Path = ROOT / ".vscode") -> Any:
    """A file of settings of VS Code: JSON with lines of comment."""
    text = (folder / file).read_text(encoding="utf-8")
    return json.loads(re.sub(r"^ *//.*\n", "", text, flags=re.MULTILINE))


def test_a_new_folder_has_the_settings_of_this_one() -> None:
    ours = settings("settings.json")
    starter = settings("settings.json", ROOT / "src" / "trainingrules" / "starter")
    assert starter["yaml.schemas"].keys() == ours["yaml.schemas"].keys()
    for schema, globs in starter["yaml.schemas"].items():
        assert set(globs) <= set(ours["yaml.schemas"][schema])
    assert not starter["yaml.format.enable"]
    assert not ours["yaml.format.enable"]


def test_a_hook_leaves_other_files_alone(repository: Path) -> None:
    (repository / "other.yaml").write_text("a: [\n", encoding="utf-8")
    done = pre_commit("run", "--files", "other.yaml", cwd=repository)
    assert done.returncode == 0
    assert done.stdout.count("no files to check") == 2
