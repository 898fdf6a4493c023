"""The repository keeps its word: the wheel works elsewhere, and every printed example is true."""

from __future__ import annotations

import doctest
import importlib.metadata
import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from packaging.requirements import Requirement

from trainingrules.diagnostics import report
from trainingrules.document import Document
from trainingrules.layout import SECTIONS
from trainingrules.loading import load
from trainingrules.source import parse

ROOT = Path(__file__).resolve().parent.parent
POLICIES = ["awl", "bcmb", "calibris", "rvwo", "vlaanderen"]

# No language or colours of the person who runs the tests; no settings of Python that reach into the checkout.
PLAIN = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LC_", "LANG"))}
PLAIN |= {"LC_ALL": "C.UTF-8", "NO_COLOR": "1", "COLUMNS": "100"}


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    done = subprocess.run(command, cwd=cwd, env=PLAIN, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, f"{command} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


# --------------------------------------------------------------------------------------------- the wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as an installer gets it: built from the source distribution, not from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", folder)
    [archive] = folder.glob("*.tar.gz")
    run("tar", "-xzf", archive, "-C", folder)
    [source] = (path for path in folder.iterdir() if path.is_dir())
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=source)
    [built] = folder.glob("*.whl")
    return built


def files_under(folder: str) -> set[str]:
    found = (path.relative_to(ROOT) for path in (ROOT / folder).rglob("*") if path.is_file())
    return {path.as_posix() for path in found if "__pycache__" not in path.parts}


def test_the_wheel_carries_every_module_policy_and_schema(wheel: Path) -> None:
    carried = set(zipfile.ZipFile(wheel).namelist())
    assert {name.removeprefix("src/") for name in files_under("src/trainingrules")} <= carried
    for folder in ("policies", "schemas"):
        names = files_under(folder)
        assert {f"{folder}/{policy}" for policy in POLICIES} <= {name.split(".")[0] for name in names}
        assert {f"trainingrules/{name}" for name in names} <= carried


def test_an_installed_wheel_works_with_the_dependencies_it_declares_and_nothing_else(
    wheel: Path, tmp_path: Path
) -> None:
    """
    From `/`, where no checkout is at hand. This environment lends what it declares, so no index is asked.
    """
    run(sys.executable, "-m", "venv", "--without-pip", tmp_path)
    python = tmp_path / "bin" / "python"
    install = ("install", "--quiet", "--no-index", "--no-deps", "--disable-pip-version-check", wheel)
    run(sys.executable, "-m", "pip", "--python", python, *install)
    home = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    lend(declared("trainingrules"), home)

    listed = run(tmp_path / "bin" / "trainingrules", "list", cwd=Path("/"))
    assert [policy for policy in POLICIES if policy not in listed] == []
    where = run(python, "-c", "import trainingrules; print(trainingrules.__file__)", cwd=Path("/"))
    assert Path(where.strip()).is_relative_to(home)


def declared(name: str) -> set[str]:
    """The distributions that one needs, theirs included, extras left out."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for line in importlib.metadata.requires(waiting.pop()) or []:
            requirement = Requirement(line)
            wanted = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
            if wanted and requirement.name not in found:
                found.add(requirement.name)
                waiting.append(requirement.name)
    return found


def lend(distributions: set[str], home: Path) -> None:
    for name in distributions:
        for file in importlib.metadata.files(name) or []:
            top = file.parts[0]
            if top not in {"..", "__pycache__"} and not (home / top).exists():
                (home / top).symlink_to(Path(str(file.locate())).parents[len(file.parts) - 1] / top)


# -------------------------------------------------------------------------------------------- the front door


def test_importing_the_library_stays_light() -> None:
    """
    What only some questions need is imported by whoever asks them.
    """
    heavy = {"click", "durable", "durable_rules_engine", "hypothesis", "jinja2", "jsonschema", "referencing"}
    loaded = run(sys.executable, "-c", "import sys, trainingrules; print(*sys.modules)").split()
    assert heavy.intersection(loaded) == set()


def test_the_demo_runs() -> None:
    assert run(sys.executable, ROOT / "demo" / "demo.py").strip()


# ------------------------------------------------------------------------------------------- printed examples


class Block(NamedTuple):
    """A fenced block of a page: its language, its text, and the line it starts on."""

    language: str
    text: str
    line: int


END = Block("", "", 0)


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    fenced = re.finditer(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [Block(found[1], found[2], text.count("\n", 0, found.start()) + 2) for found in fenced]


# A page that has this runs as its reader does who begins with nothing; other pages run in the checkout.
EMPTY = "<!-- Its blocks run in an empty folder. -->"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to write in freely."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lay_out(desk: Path) -> None:
    """What a reader sees who is in the checkout."""
    for folder in ("policies", "schemas"):
        shutil.copytree(ROOT / folder, desk / folder)


def pages() -> list[Path]:
    """Every page with a block on it, and the README in any case."""
    found = [page for page in sorted((ROOT / "docs").rglob("*.md")) if blocks(page)]
    return [ROOT / "README.md", *found]


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_example_on_a_page_is_true(page: Path, desk: Path) -> None:
    """
    Blocks of a page run in order and share what they define.

    A `yaml` block whose first line is a comment with a file's name is that file; with a section behind the name
    (`# policies/a.yaml, facts`, or `top` for none) its entries come at the end of that section, or replace those of
    the same name. A `text` block that begins with the name of a text or CSV file is that file, without its first line.
    A `python` block runs; with prompts it is a doctest, without them what it prints is the `text` block right after
    it, if any.
    In a `console` block each `$ trainingrules ...` runs and prints what stands below it, if anything does; `...`
    stands for anything.
    """
    if EMPTY not in page.read_text(encoding="utf-8"):
        lay_out(desk)
    names: dict[str, object] = {}
    listed = blocks(page)
    for block, after in zip(listed, [*listed[1:], END], strict=False):
        place = f"{page.relative_to(ROOT)}:{block.line}"
        if block.language == "yaml" and (named := re.match(r"# ([\w./-]+\.yaml)\n", block.text)):
            desk.joinpath(named[1]).write_text(block.text, encoding="utf-8")
        elif block.language == "text" and (named := re.match(r"# ([\w./-]+\.(?:txt|csv))\n", block.text)):
            desk.joinpath(named[1]).write_text(block.text[named.end() :], encoding="utf-8")
        elif block.language == "yaml" and (put := re.match(r"# ([\w./-]+\.yaml), ([\w.]+)\n", block.text)):
            put_in(desk / put[1], [part for part in put[2].split(".") if part != "top"], block.text[put.end() :])
        elif block.language == "python" and ">>>" in block.text:
            run_doctest(block, names, place)
        elif block.language == "python":
            printed = io.StringIO()
            with redirect_stdout(printed):
                exec(compile(block.text, place, "exec"), names)
            if after.language == "text":
                assert_printed(printed.getvalue(), after.text, place)
        elif block.language == "console":
            run_console(block, desk, place)


def put_in(file: Path, section: list[str], fragment: str) -> None:
    """Put entries in a section of a file: in the place of those of the same name, else at its end."""
    for entry in re.findall(r"(?:^#.*\n)*^[\w-]+:.*\n(?:^[ \n].*\n?)*", fragment, re.MULTILINE):
        document, faults = parse(file.read_text(encoding="utf-8"), str(file))
        assert document is not None, report(faults)
        assert isinstance(document.data, dict)
        [name] = re.findall(r"^([\w-]+):", entry, re.MULTILINE)
        there: Any = document.data
        for key in section:
            there = there.get(key, {})
        lines = [*document.lines]
        if name in there:
            first, last = lines_of(document, (*section, name))
        elif there:
            first = last = lines_of(document, (*section, list(there)[-1]))[1]
        else:
            later = [key for key in document.data if SECTIONS.index(section[0]) < SECTIONS.index(key)]
            above = document.span((later[0],), key=True).line - 1
            while not lines[above - 1] or lines[above - 1].startswith("#"):
                above -= 1
            lines[above:above] = [f"{section[0]}:", ""]
            first = last = above + 1
        lines[first:last] = [f"{'  ' * len(section)}{line}".rstrip() for line in entry.rstrip().splitlines()]
        file.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def lines_of(document: Document, path: tuple[str | int, ...]) -> tuple[int, int]:
    """From which line up to which an entry stands."""
    key, value = document.span(path, key=True), document.span(path)
    last = value.end_line if value.end_column > 1 else value.end_line - 1
    while not document.lines[last - 1].strip() or document.lines[last - 1].lstrip().startswith("#"):
        last -= 1
    return key.line - 1, last


def run_doctest(block: Block, names: dict[str, object], place: str) -> None:
    test = doctest.DocTestParser().get_doctest(block.text, names, place, place, block.line - 1)
    said = io.StringIO()
    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    runner.run(test, out=said.write, clear_globs=False)
    names.update(test.globs)
    assert runner.failures == 0, said.getvalue()


def run_console(block: Block, desk: Path, place: str) -> None:
    for command, expected in re.findall(r"^\$ (.*(?:\\\n.*)*)\n((?:(?!\$ ).*\n)*)", block.text, re.MULTILINE):
        program = command.split()[0]
        if program in {"cd", "git", "make", "pip"}:
            continue
        assert program in {"trainingrules", "cp", "cat"}, f"{place}: a reader is shown `{program}`, which no test runs"
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=desk,
            env=PLAIN | {"PATH": path, "PYTHONPATH": str(ROOT / "src")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
        )
        assert "Traceback" not in done.stdout, f"{place}: $ {command}\n{done.stdout}"
        if not expected.strip():
            assert done.returncode != 2, f"{place}: $ {command}\n{done.stdout}"
        else:
            assert_printed(done.stdout, expected, f"{place}: $ {command}")


def assert_printed(got: str, wanted: str, place: str) -> None:
    def tidy(text: str) -> str:
        return "\n".join(line.rstrip() for line in text.strip().splitlines())

    pattern = re.escape(tidy(wanted)).replace(r"\.\.\.", ".*")
    assert re.fullmatch(pattern, tidy(got), re.DOTALL), f"{place}\n--- wanted\n{wanted}\n--- got\n{got}"


@pytest.mark.parametrize(
    ("got", "wanted", "fits"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\nx\ny\nb\n", "a\n...\nb\n", True),
        ("a\n", "b\n", False),
        ("a.", "a,", False),
    ],
)
def test_a_false_example_is_noticed(got: str, wanted: str, fits: bool) -> None:
    if fits:
        assert_printed(got, wanted, "here")
    else:
        with pytest.raises(AssertionError, match="--- got"):
            assert_printed(got, wanted, "here")


def test_the_readme_counts_the_statements_of_every_policy() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[(\w+)\]\(policies/\1\.yaml\) \| .+ \| (\d+) \|$", text, re.MULTILINE)
    assert {name: int(count) for name, count in rows} == {name: len(load(name).statements) for name in POLICIES}
