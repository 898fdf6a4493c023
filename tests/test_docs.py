"""The pages on the language are true of the code: the generated one, and every block and pointer of the other."""

from __future__ import annotations

import html
import re
from datetime import date
from pathlib import Path

import pytest

from docs.generate import answer
from tests.test_repository import ROOT, Block, blocks
from trainingrules import load, look_up
from trainingrules.diagnostics import report
from trainingrules.examples import read_examples, run
from trainingrules.loading import check_file
from trainingrules.operators import OPERATORS, Example, Operator
from trainingrules.source import parse, read_file
from trainingrules.vocabulary import literal, operators_page

LANGUAGE, OPERATORS_PAGE = ROOT / "docs" / "language.md", ROOT / "docs" / "operators.md"
YAML = [block for block in blocks(LANGUAGE) if block.language == "yaml"]

# The first line of a block says what it is: a file, an entry of a shipped policy, or one for the page's own.
FILE = re.compile(r"# (policies/[\w/]+\.yaml)\n")
SHIPPED = re.compile(r"# (\w+) of (\w+)\n")
FRAGMENT = re.compile(r"# (\w+)\n")


def those(pattern: re.Pattern[str]) -> list[tuple[Block, tuple[str, ...]]]:
    return [(block, found.groups()) for block in YAML if (found := pattern.match(block.text))]


def data_of(text: str, place: str) -> dict:
    document, faults = parse(text, place)
    assert not faults, report(faults)
    assert document is not None
    assert isinstance(document.data, dict)
    return document.data


def place_of(block: Block) -> str:
    return f"language.md:{block.line}"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """The folder `policies`, with the files that stand on the page in it."""
    for block, (name,) in those(FILE):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(block.text, encoding="utf-8")
    return tmp_path / "policies"


# --- the generated page ---


def test_the_page_on_the_vocabulary_is_what_the_code_says() -> None:
    assert OPERATORS_PAGE.read_text(encoding="utf-8") == operators_page(), "write it again: make generate"


def test_the_picture_of_the_readme_shows_what_is_answered() -> None:
    """
    The letters of the picture are those of the answer; colours and places may differ between releases of rich.
    """
    drawn = re.findall(r">([^<>]*)</text>", (ROOT / "docs" / "answer.svg").read_text(encoding="utf-8"))
    letters = "".join(html.unescape(text) for text in drawn if text != "trainingrules")
    wanted = "".join(answer())
    assert re.sub(r"\s", "", letters) == re.sub(r"\s", "", wanted), "draw it again: make generate"


def test_every_anchor_of_the_generated_page_is_on_it() -> None:
    pages = {"": operators_page(), "operators.md": operators_page(), "language.md": LANGUAGE.read_text("utf-8")}
    for text in (pages[""], pages["language.md"]):
        for page, anchor in re.findall(r"\]\(([\w.]*)#([\w-]+)\)", text):
            own = page or ("operators.md" if text == pages[""] else "language.md")
            heads = {re.sub(r"[^\w -]", "", head).lower().replace(" ", "-")
                     for head in re.findall(r"^#+ (.+)$", pages[own], re.MULTILINE)}  # fmt: skip
            assert anchor in heads, f"{own} has no heading for #{anchor}"


WORKED = [
    pytest.param(operator, example, id=f"{operator.name}-{example.kind}-{literal(example.fact)}")
    for operator in OPERATORS.values()
    for example in operator.examples
]
DECLARED = {"duration": ", unit: months", "list": ", options: {first: {nl: A, en: A}, second: {nl: B, en: B}}"}
DECLARED["choice"] = f", ordered: true{DECLARED['list']}"


@pytest.mark.parametrize(("operator", "example"), WORKED)
def test_every_worked_example_of_an_operator_is_true(operator: Operator, example: Example, desk: Path) -> None:
    """
    In a policy, asked as anybody would: does a note apply whose `when` is the example?
    """
    spliced("facts", f"shown: {{kind: {example.kind}{DECLARED.get(example.kind, '')}, nl: A, en: A}}", desk)
    when = f"{{shown: {{{operator.name}: {literal(example.operand)}}}}}"
    policy = spliced("notes", f"worked: {{kind: advice, nl: A, en: A, source: [BEE-01], when: {when}}}", desk)
    answer = look_up(load(policy), {"shown": example.fact}, on=date(2026, 6, 1), note="worked")
    assert answer.notes[0].applies is example.holds


# --- the page on the language ---


def test_every_yaml_block_is_checked() -> None:
    assert {block.line for pattern in (FILE, SHIPPED, FRAGMENT) for block, _ in those(pattern)} == {
        block.line for block in YAML
    }


def test_the_policy_on_the_page_has_no_faults_and_its_examples_pass(desk: Path) -> None:
    [file] = desk.glob("*.yaml")
    checked = check_file(file)
    assert checked.diagnostics == (), report(checked.diagnostics)
    assert checked.policy is not None
    document, faults = read_file(desk / "examples" / file.name)
    assert document is not None
    examples, more = read_examples(document, checked.policy)
    assert not [*faults, *more], report([*faults, *more])
    assert examples
    assert [result for result in (run(one, checked.policy) for one in examples) if not result.passed] == []


def spliced(section: str, fragment: str, desk: Path) -> Path:
    """The page's policy, with a fragment at the end of one of its sections."""
    [file] = desk.glob("*.yaml")
    lines = file.read_text(encoding="utf-8").splitlines()
    if f"{section}:" not in lines:
        lines.append(f"{section}:")
    start = lines.index(f"{section}:")
    following = (index for index in range(start + 1, len(lines)) if re.match(r"[a-z_]+:", lines[index]))
    end = next(following, len(lines))
    lines[end:end] = [f"  {line}" for line in fragment.splitlines()]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


@pytest.mark.parametrize(("block", "named"), [pytest.param(*one, id=place_of(one[0])) for one in those(FRAGMENT)])
def test_every_fragment_fits_the_policy_on_the_page(block: Block, named: tuple[str], desk: Path) -> None:
    """
    What nothing reads is a warning, and a fragment may well be that.
    """
    checked = check_file(spliced(named[0], block.text, desk))
    assert {fault for fault in checked.diagnostics if fault.code != "unused"} == set(), report(checked.diagnostics)


@pytest.mark.parametrize(("block", "named"), [pytest.param(*one, id=place_of(one[0])) for one in those(SHIPPED)])
def test_every_fragment_of_a_shipped_policy_stands_in_it(block: Block, named: tuple[str, str]) -> None:
    section, policy = named
    shipped = data_of((ROOT / "policies" / f"{policy}.yaml").read_text(encoding="utf-8"), policy)
    for name, entry in data_of(block.text, place_of(block)).items():
        assert shipped[section].get(name) == entry, f"{place_of(block)} shows {policy}: {section}.{name} otherwise"


def test_every_pointer_to_a_shipped_policy_leads_somewhere() -> None:
    pointers = re.findall(r"`(\w+)` `(\w+)\.(\w+)` \|$", LANGUAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(pointers) > 10
    for policy, section, name in pointers:
        shipped = data_of((ROOT / "policies" / f"{policy}.yaml").read_text(encoding="utf-8"), policy)
        assert name in shipped[section], f"{policy} has no {section}.{name}"
