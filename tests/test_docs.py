"""The pages on the language are true of the code: the generated one, and every block and pointer of the other."""

from __future__ import annotations

import html
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from docs.generate import GUILD, answer, reference
from tests.test_repository import ROOT, Block, blocks
from trainingrules import load, look_up
from trainingrules.diagnostics import report
from trainingrules.document import Path as Steps
from trainingrules.examples import read_examples, run
from trainingrules.operators import OPERATORS, Example, Operator
from trainingrules.schema import examples_schema, policy_schema, statements_schema
from trainingrules.schema_docs import CHOICES
from trainingrules.source import parse, read_file
from trainingrules.validating import check_file
from trainingrules.vocabulary import BESIDES, REFUSED, literal, places

LANGUAGE, REFERENCE = ROOT / "docs" / "language.md", ROOT / "docs" / "reference.md"
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


# --- the reference ---


def test_the_reference_is_what_the_code_says() -> None:
    assert REFERENCE.read_text(encoding="utf-8") == reference(), "write it again: make generate"


FILES = {"": policy_schema, "statements": statements_schema, "examples": examples_schema}


@pytest.mark.parametrize("folder", FILES)
def test_the_reference_has_an_example_of_every_key_at_every_place(folder: str) -> None:
    """
    The guild's files use each of them, but for the keys that the reference leaves out.
    """
    data = data_of((GUILD / folder / "guild.yaml").read_text(encoding="utf-8"), folder)
    lacking = [f"{place}: {key}" for place in places(FILES[folder]()) for key in place.keys
               if not any(key in found for found in standing_at(data, place.path))]  # fmt: skip
    assert lacking == []


def standing_at(data: object, path: Steps) -> list[dict]:
    """Every mapping at a path in which NAME, ID and [] stand for anything."""
    if not path:
        return [data] if isinstance(data, dict) else []
    if isinstance(data, list):
        return [one for part in data for one in standing_at(part, path[1:])]
    if not isinstance(data, dict):
        return []
    inside = data.values() if path[0] in ("NAME", "ID") else [data[path[0]]] if path[0] in data else []
    return [one for part in inside for one in standing_at(part, path[1:])]


def test_the_reference_tells_every_fixed_word() -> None:
    """
    Each word of a few that a key takes has its meaning, and nothing else has one.
    """
    taken = {f"day.{word}" for word in ("first", "last", "expiry")}  # of a value: no place of its own
    for place in (place for read in FILES.values() for place in places(read())):
        for key, schema in place.keys.items():
            told = {"notes": "note", "entries": "statement"}.get(str(place.path[0]), "") if key == "kind" else key
            taken |= {f"{told}.{word}" for word in schema.get("enum", ()) if told}
    assert taken == set(CHOICES)


def test_the_guild_has_no_faults_and_its_examples_pass() -> None:
    assert_sound(GUILD / "guild.yaml")


def assert_sound(file: Path) -> None:
    checked = check_file(file)
    assert checked.diagnostics == (), report(checked.diagnostics)
    assert checked.policy is not None
    document, faults = read_file(file.parent / "examples" / file.name)
    assert document is not None
    examples, more = read_examples(document, checked.policy)
    assert not [*faults, *more], report([*faults, *more])
    assert examples
    assert [result for result in (run(one, checked.policy) for one in examples) if not result.passed] == []


# What the reference says beside its tables, and what it leaves out: a line of the guild's files, what breaks it, and
# the fault.
PAID = "      fee: {kind: money, %s, nl: Bijdrage, en: Fee}\n      length: {kind: duration"
BROKEN = {
    ("eligibility", "NAME"): ("    source: [BEE-01]\n    requires: {}", "    requires: {}", "no-source"),
    ("eligibility", "NAME", "requires", "NAME"): (
        "per: licence_year\n        must",
        "per: access\n        for_each: courses\n        must",
        "two-scopes",
    ),
    ("costs", "NAME", "lines", "NAME"): (
        "        for_row: course\n        p",
        "        for_row: course\n        per: access\n        p",
        "two-scopes",
    ),
    ("costs", "NAME", "instalments", "NAME"): ("percent: 50, due", "percent: 49, due", "not-whole"),
    ("deadlines", "NAME"): ("    until: none\n", "", "missing-key"),
    ("compliance", "NAME"): (
        "    should: {steps",
        "    must: {member: {is: true}}\n    should: {steps",
        "must-or-should",
    ),
    ("notes", "NAME"): ("    kind: not_computable", "    kind: information", "reason"),
    ("examples", "NAME", "ask"): ("{note: resit}", "{note: resit, cost: licence}", "one-question"),
    ("compliance", "NAME", "for_row"): ("    should: {steps", "    for_row: course\n    should: {steps", "wrong-key"),
    ("facts", "NAME", "fields", "NAME", "vat"): ("      length: {kind: duration", PAID % "vat: excluded", "wrong-key"),
    ("facts", "NAME", "fields", "NAME", "certainty"): (
        "      length: {kind: duration",
        PAID % "certainty: exact",
        "wrong-key",
    ),
}


@pytest.mark.parametrize("at", BROKEN, ids=".".join)
def test_what_the_reference_says_beside_its_tables_is_held_to(at: tuple[str, ...], tmp_path: Path) -> None:
    shutil.copytree(GUILD, tmp_path, dirs_exist_ok=True)
    line, instead, code = BROKEN[at]
    file = tmp_path / ("examples" if at[0] == "examples" else "") / "guild.yaml"
    text = file.read_text(encoding="utf-8")
    assert text.count(line) == 1
    file.write_text(text.replace(line, instead), encoding="utf-8")
    checked = check_file(tmp_path / "guild.yaml")
    document, _ = read_file(tmp_path / "examples" / "guild.yaml")
    assert document is not None
    faults = [*checked.errors, *(read_examples(document, checked.policy)[1] if checked.policy else ())]
    assert [one.code for one in faults] == [code]


def test_everything_said_beside_the_tables_is_tried() -> None:
    assert set(BROKEN) == set(BESIDES) | REFUSED


def test_the_picture_of_the_readme_shows_what_is_answered() -> None:
    """
    The letters of the picture are those of the answer; colours and places may differ between releases of rich.
    """
    drawn = re.findall(r">([^<>]*)</text>", (ROOT / "docs" / "answer.svg").read_text(encoding="utf-8"))
    letters = "".join(html.unescape(text) for text in drawn if text != "trainingrules")
    wanted = "".join(answer())
    assert re.sub(r"\s", "", letters) == re.sub(r"\s", "", wanted), "draw it again: make generate"


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", text):
        other = (page.parent / target).resolve() if target else page
        assert other.exists(), f"{page.name}: {target}"
        if anchor:
            heads = {re.sub(r"[^\w -]", "", head).lower().replace(" ", "-")
                     for head in re.findall(r"^#+ (.+)$", other.read_text(encoding="utf-8"), re.MULTILINE)}  # fmt: skip
            assert anchor in heads, f"{other.name} has no heading for #{anchor}"


def test_the_index_lists_every_page() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    written = {page.name for page in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert {name for name in written if f"]({name})" not in index} == set()


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
    assert_sound(file)


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


# --- the guide, in English and in Dutch ---


def test_both_guides_show_the_same_tasks() -> None:
    """
    The same to write and the same to run, but for the language of the answers.
    """
    english, dutch = (blocks(ROOT / "docs" / name) for name in ("guide.md", "gids.md"))
    assert [told(block) for block in english] == [told(block) for block in dutch]


def told(block: Block) -> list[str]:
    if block.language == "yaml" or block.text.startswith("# "):
        return block.text.splitlines()
    return [line.replace(" --lang en", "") for line in block.text.splitlines() if line.startswith("$ ")]
