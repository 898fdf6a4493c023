"""Every fault has a code, every code a page, and every page is true: its examples are as wrong and right as it says."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.test_repository import ROOT, blocks
from trainingrules import load
from trainingrules.cli import main
from trainingrules.codes import CODES, PAGES, Page
from trainingrules.diagnostics import Diagnostic, report
from trainingrules.facts import parse_facts
from trainingrules.fault_pages import FILES, faults_page, page_of
from trainingrules.layout import SECTIONS
from trainingrules.reviewing import review
from trainingrules.source import parse
from trainingrules.validating import check_file
from trainingrules.words import LANGUAGES

SOURCE = ROOT / "src" / "trainingrules"
FILE = re.compile(r"# (policies/[\w/]+\.yaml)\n")
POLICY, CATALOGUE, EXAMPLES = (Path("policies") / part / "beekeepers.yaml" for part in ("", "statements", "examples"))
MAKERS = {"fault", "fail", "note", "stop", "Diagnostic", "_Odd"}
PLAIN = {"TRAININGRULES_LANG": None, "NO_COLOR": "1", "COLUMNS": "100"}


# ------------------------------------------------------------------------------------------ codes in the source


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def literals(node: ast.expr) -> list[str]:
    """The texts that an expression may come to, as far as they are written out."""
    return [one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def assigned(name: str, tree: ast.AST) -> list[str]:
    found = []
    for node in (one for one in ast.walk(tree) if isinstance(one, ast.Assign)):
        for target in node.targets:
            if isinstance(target, ast.Name) and target.id == name:
                found += literals(node.value)
            elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = zip(target.elts, node.value.elts, strict=True)
                found += [text for one, value in pairs if getattr(one, "id", "") == name for text in literals(value)]
    return found


def returned_first(name: str, tree: ast.AST) -> list[str]:
    [function] = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and one.name == name]
    ends = [one for one in ast.walk(function) if isinstance(one, ast.Return)]
    return [text for end in ends if isinstance(end.value, ast.Tuple) for text in literals(end.value.elts[0])]


def codes_in(file: Path) -> Iterator[tuple[str, str]]:
    """Every code that a module gives, and where; an expression that this test cannot follow fails it."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    passing = {id(inner): one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) for inner in ast.walk(one)}
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or name_of(call) not in MAKERS or not call.args:
            continue
        if name_of(call) == "note" and file.name != "reading.py":
            continue  # another word for something else
        where, first = f"{file.relative_to(ROOT)}:{call.lineno}", call.args[0]
        if isinstance(first, ast.Constant):
            found = literals(first)
        elif isinstance(first, ast.JoinedStr):
            text = "".join(text for one in first.values if isinstance(one, ast.Constant) for text in literals(one))
            found = [] if " " in text else [f"{text}*"]  # a sentence is for click
        elif isinstance(first, ast.Starred):
            assert isinstance(first.value, ast.Call)
            found = returned_first(name_of(first.value), tree)
        elif isinstance(first, ast.Attribute):
            assert first.attr == "code", where  # of a fault that has one
            continue
        else:
            assert isinstance(first, ast.Name), where
            around = passing[id(call)]
            if first.id in {one.arg for one in around.args.args}:
                assert around.name in {*MAKERS, "_stop_unless_told"}, where
                continue
            found = assigned(first.id, tree)
        assert found or isinstance(first, ast.JoinedStr), f"{where}: which code?"
        for code in found:
            if " " not in code:  # a sentence of click's own `fail`
                yield code, where


def used() -> dict[str, str]:
    found = {code: where for file in sorted(SOURCE.rglob("*.py")) for code, where in codes_in(file)}
    dynamic = [code for code in found if code.endswith("*")]
    assert dynamic == ["unknown-*"]
    where = found.pop("unknown-*")
    tree = ast.parse((SOURCE / "reading.py").read_text(encoding="utf-8"))
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and name_of(call) in ("known", "unknown") and len(call.args) > 2:
            for what in literals(call.args[2]):
                found[f"unknown-{what.replace(' ', '-')}"] = where
    return found


def test_every_code_that_is_given_is_explained_and_no_other() -> None:
    found = used()
    assert len(found) > 60
    assert {code: found[code] for code in found if code not in CODES} == {}
    assert set(CODES) - set(found) == set()


def test_a_code_is_explained_once_and_is_made_of_small_letters() -> None:
    told = [code for page in PAGES for code in page.codes]
    assert len(told) == len(set(told))
    assert [code for code in told if not re.fullmatch(r"[a-z]+(-[a-z]+)*", code)] == []


def test_every_page_says_it_all_in_both_languages() -> None:
    for page in PAGES:
        for text in (page.title, page.means, page.mend):
            assert text.nl
            assert text.en
            assert text.nl != text.en
        assert not page.title.nl.endswith("."), page.codes
        assert not page.title.en.endswith("."), page.codes
        for language in LANGUAGES:
            assert page.means[language].endswith("."), page.codes
            assert page.mend[language][-1] in ".:`", page.codes


# -------------------------------------------------------------------------------------------------- examples


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files that stand on the page of the language."""
    for block in blocks(ROOT / "docs" / "language.md"):
        if found := FILE.match(block.text):
            (tmp_path / found[1]).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / found[1]).write_text(block.text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def with_sections(text: str, fragment: str, *, sort: bool) -> str:
    """A policy with more in its sections; a new section goes in its place, or else before the next of the fragment."""
    lines = text.splitlines()
    heads = re.compile(r"([a-z_]+):(.*)")
    parts = re.split(r"^(?=[a-z_]+:)", fragment.strip("\n"), flags=re.MULTILINE)[1:]
    for index, part in enumerate(parts):
        first, *rest = part.rstrip("\n").split("\n")
        starts = {found[1]: number for number, line in enumerate(lines) if (found := heads.match(line))}
        name = first.split(":")[0]
        ends = sorted([*starts.values(), len(lines)])
        if name not in starts:
            following = [starts[next_] for next_ in (one.split(":")[0] for one in parts[index + 1 :])
                         if next_ in starts]  # fmt: skip
            if sort:
                following = [starts[one] for one in starts if SECTIONS.index(one) > SECTIONS.index(name)]
            at = min(following, default=len(lines))
            lines[at:at] = [first, *rest]
        elif rest:
            at = next(end for end in ends if end > starts[name])
            while not lines[at - 1].strip():
                at -= 1
            lines[at:at] = rest
        else:
            lines[starts[name]] = first
    return "\n".join(lines) + "\n"


def told_by(page: Page, shown: str) -> list[Diagnostic]:
    """What is said of an example in the place where its page says it stands."""
    if page.where == "policy":
        POLICY.write_text(
            with_sections(POLICY.read_text(encoding="utf-8"), shown, sort=page.codes != ("section-order",)),
            encoding="utf-8",
        )
        checked = check_file(POLICY)
        if checked.policy is None or checked.document is None:
            return list(checked.diagnostics)
        return [*checked.diagnostics, *review(checked.policy, checked.document)]
    if page.where == "catalogue":
        CATALOGUE.write_text(f"{CATALOGUE.read_text(encoding='utf-8')}{shown}\n", encoding="utf-8")
        return list(check_file(POLICY).diagnostics)
    if page.where == "facts":
        document, faults = parse(shown)
        assert document is not None
        return [*faults, *parse_facts(load(POLICY), document)[1]]
    raise AssertionError(page.where)


IGNORED = {"unused"}  # an example is too small to use what it declares
SHOWN = [page for page in PAGES if page.wrong]


def named(page: Page) -> str:
    return page.codes[0]


@pytest.mark.parametrize("page", [one for one in SHOWN if one.where in ("policy", "catalogue", "facts")], ids=named)
def test_the_wrong_example_gives_its_fault_and_the_right_one_none(page: Page, desk: Path) -> None:
    original = {file: file.read_text(encoding="utf-8") for file in (POLICY, CATALOGUE)}
    wrong = [one for one in told_by(page, page.wrong) if one.code in page.codes or one.code not in IGNORED]
    assert wrong
    assert {one.code for one in wrong} <= set(page.codes), report(wrong)
    for file, text in original.items():
        file.write_text(text, encoding="utf-8")
    right = [one for one in told_by(page, page.right) if one.code in page.codes or one.code not in IGNORED]
    assert right == [], report(right)


@pytest.mark.parametrize("page", [one for one in SHOWN if one.where == "command"], ids=named)
def test_the_wrong_command_gives_its_fault_and_the_right_one_does_not(page: Page, desk: Path) -> None:
    for shown, expected in ((page.wrong, True), (page.right, False)):
        program, *args = shlex.split(shown)
        assert program == "trainingrules"
        ended = CliRunner().invoke(main, args, env=PLAIN)
        told = any(f"[{code}]" in ended.output for code in page.codes)
        assert told is expected, ended.output


def test_every_page_shows_an_example_where_one_can_be_shown() -> None:
    """
    Of how a file is stored, of what is too large, of a table, and of what takes two files, none can be.
    """
    without = {code for page in PAGES if not page.wrong for code in page.codes}
    assert without == {
        "encoding", "empty-text", "too-large", "too-many-nodes", "too-deep", "text-too-long", "too-many",
        "too-many-faults", "contradiction", "faulty-policy", "unassigned-sentence", "needless-reason",
        "unsourced-statement", "page-kind", "unclosed-element", "unknown-column", "column-type", "whose-row",
        "broken-row",
    }  # fmt: skip


# ----------------------------------------------------------------------------------------------------- pages


@pytest.mark.parametrize("name", FILES)
def test_the_generated_pages_are_what_the_table_says(name: str) -> None:
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert page == faults_page(FILES[name]), "write it again: make generate"
    heads = {re.sub(r"[^\w -]", "", head).lower().replace(" ", "-")
             for head in re.findall(r"^#+ (.+)$", page, re.MULTILINE)}  # fmt: skip
    anchors = set(re.findall(r"\]\(#([\w-]+)\)", page))
    assert anchors <= heads
    assert len(anchors) == len(PAGES)
    for other, anchor in re.findall(r"\]\(([\w.]+)(?:#([\w-]+))?\)", page):
        told = (ROOT / "docs" / other).read_text(encoding="utf-8")
        there = {re.sub(r"[^\w -]", "", head).lower().replace(" ", "-")
                 for head in re.findall(r"^#+ (.+)$", told, re.MULTILINE)}  # fmt: skip
        assert not anchor or anchor in there, f"{other}#{anchor}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_every_code_is_explained_on_the_terminal(code: str, language: str) -> None:
    ended = CliRunner().invoke(main, ["explain", code, "--lang", language], env=PLAIN)
    assert ended.exit_code == 0
    assert ended.stdout == page_of(code, "nl" if language == "nl" else "en") + "\n"
    assert CODES[code].title["nl" if language == "nl" else "en"] in ended.stdout
    assert max(map(len, ended.stdout.splitlines())) <= 160
    assert ".md" not in ended.stdout


def test_explain_lists_what_there_is_and_helps_with_a_slip() -> None:
    listed = CliRunner().invoke(main, ["explain"], env=PLAIN)
    assert listed.exit_code == 0
    assert all(re.search(rf"^  {code} ", listed.stdout, re.MULTILINE) for code in CODES)
    copied = CliRunner().invoke(main, ["explain", "[unknown-fact]"], env=PLAIN)
    assert copied.exit_code == 0
    slip = CliRunner().invoke(main, ["explain", "unknown-fct"], env=PLAIN)
    assert slip.exit_code == 2
    assert "did you mean `unknown-fact`?" in slip.stderr
    other = CliRunner().invoke(main, ["explain", "zzz"], env=PLAIN)
    assert other.exit_code == 2
    assert "`trainingrules explain` lists them all" in other.stderr


def test_the_contradiction_of_a_page_without_example_is_told(desk: Path) -> None:
    """
    Its code comes with facts, not with a file; so one is made here.
    """
    fragment = (
        "contradictions:\n  both: {nl: Kan niet., en: Cannot be., never: {member: {is: true}, diploma: {is: basic}}}\n"
        "readings: {}"
    )
    text = POLICY.read_text(encoding="utf-8").replace(
        "\nreadings:\n", "\n" + fragment.split("\nreadings")[0] + "\n\nreadings:\n"
    )
    POLICY.write_text(text, encoding="utf-8")
    from trainingrules import FactError, eligibility

    with pytest.raises(FactError, match=re.escape("[contradiction]")):
        eligibility(load(POLICY), {"member": True, "diploma": "basic"}, on=date(2026, 3, 1), decision="licence")
