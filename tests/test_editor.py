"""In the editor: what the language server behind the YAML extension of VS Code offers, shows and marks."""

from __future__ import annotations

import json
import re
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.editor.client import Client
from trainingrules.cli import main
from trainingrules.diagnostics import report
from trainingrules.examples import read_examples, run
from trainingrules.kinds import KINDS, RECORDS
from trainingrules.loading import bundled, load
from trainingrules.operators import FORMS, operators_of
from trainingrules.policy import Policy, rows_holder
from trainingrules.publishing import common_schemas, names_of, policy_schemas, written
from trainingrules.source import read_file
from trainingrules.starting import start
from trainingrules.statements import coverage
from trainingrules.validating import check_file

pytestmark = pytest.mark.editor

ROOT = Path(__file__).resolve().parent.parent
GOOD = ROOT / "tests" / "policies" / "good"
POLICIES: dict[str, Policy] = {name: load(name) for name in bundled()} | {"guild": load(GOOD / "guild.yaml")}
SHIPPED = [
    file for folder in ("", "examples", "statements") for file in sorted((ROOT / "policies" / folder).glob("*.yaml"))
]


def commented(file: Path) -> Any:
    """A file of settings of VS Code: JSON with lines of comment."""
    return json.loads(re.sub(r"^ *//.*\n", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE))


def nested(settings: dict[str, Any]) -> dict[str, Any]:
    """Settings as an editor hands them to a server: `a.b: c` as `a: {b: c}`."""
    tree: dict[str, Any] = {}
    for name, value in settings.items():
        *outer, last = name.split(".") if not name.startswith("[") else [name]
        place = tree
        for part in outer:
            place = place.setdefault(part, {})
        place[last] = value
    return tree


@pytest.fixture(scope="module")
def editor() -> Iterator[Client]:
    """One server for this module, with the settings that VS Code takes from this repository."""
    client = Client(ROOT, nested(commented(ROOT / ".vscode" / "settings.json")))
    try:
        yield client
    finally:
        client.close()


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the schemas of the guild, which are not committed, and beside it one for its files."""
    folder = tmp_path_factory.mktemp("guild")
    for part in ("schemas", "policies/examples", "policies/statements"):
        (folder / part).mkdir(parents=True)
    for name, schema in {**common_schemas(), **policy_schemas(POLICIES["guild"])}.items():
        (folder / "schemas" / name).write_text(written(schema), encoding="utf-8")
    return folder


class Desk:
    """A text being edited under the schema of a policy."""

    def __init__(self, editor: Client, folder: Path, name: str, sort: str = "") -> None:
        self.editor, self.name = editor, name
        inside = {"": "", ".examples": "examples", "statements": "statements"}[sort]
        schema = "statements" if sort == "statements" else f"{name}{sort}"
        self.file = folder / "policies" / inside / "being_edited.yaml"
        up = "../.." if inside else ".."
        self.head = f"# yaml-language-server: $schema={up}/schemas/{schema}.schema.json\n"

    def offers(self, marked: str) -> dict[str, Any]:
        """What is offered where the text has a `|`, by its label."""
        text, offset = self.placed(marked)
        items = self.editor.completions(self.file, text, offset)
        assert len({item["label"] for item in items}) == len(items), [item["label"] for item in items]
        return {item["label"]: item for item in items}

    def shows(self, marked: str) -> str:
        """What is shown when the mouse rests where the text has a `|`."""
        return self.editor.hover(self.file, *self.placed(marked))

    def marks(self, text: str) -> list[tuple[int, str]]:
        """Every line of the text with a mark, and what it says."""
        found = self.editor.complaints(self.file, self.head + text)
        return sorted((one["range"]["start"]["line"], one["message"]) for one in found)

    def placed(self, marked: str) -> tuple[str, int]:
        assert marked.count("|") == 1, marked
        whole = self.head + marked
        return whole.replace("|", ""), whole.index("|")


@pytest.fixture(params=sorted(POLICIES))
def desk(request: pytest.FixtureRequest, editor: Client, schemas: Path) -> Desk:
    return Desk(editor, schemas if request.param == "guild" else ROOT, request.param)


@pytest.fixture
def guild(editor: Client, schemas: Path) -> Desk:
    return Desk(editor, schemas, "guild")


def plain(item: dict[str, Any]) -> str:
    """The explanation beside something that is offered."""
    told = item.get("documentation", "")
    return str(told["value"] if isinstance(told, dict) else told)


# --- what is offered: the policy's own names ---


def subjects(policy: Policy) -> set[str]:
    """Everything that a condition can begin with, by the policy itself."""
    holders = {**policy.tables, **policy.records}
    fields = {name for rows in holders for name in rows_holder(policy, rows).fields}
    values = {name for name, one in policy.values.items() if one.shape.kind}
    return {*policy.facts, *holders, *fields, *policy.terms, *values, *policy.readings, *policy.cycles,
            "today", "key"}  # fmt: skip


REQUIREMENT = "eligibility:\n  a:\n    requires:\n      b:\n"
CONDITIONS = {
    "must": REQUIREMENT + "        must:\n          |\n",
    "should": REQUIREMENT + "        should:\n          |\n",
    "when": REQUIREMENT + "        when:\n          |\n",
    "when a letter is typed": REQUIREMENT + "        when:\n          a|\n",
    "within braces": REQUIREMENT + "        must: {a|}\n",
    "holds": "terms:\n  a:\n    holds:\n      |\n",
    "never": "contradictions:\n  a:\n    never:\n      |\n",
    "any": REQUIREMENT + "        must:\n          any:\n            - |\n",
    "not": REQUIREMENT + "        must:\n          not:\n            |\n",
    "must of a duty": "compliance:\n  a:\n    must:\n      |\n",
    "when of a line": "costs:\n  a:\n    lines:\n      b:\n        when:\n          |\n",
    "should of a deadline": "deadlines:\n  a:\n    should:\n      |\n",
}


@pytest.mark.parametrize("place", CONDITIONS)
def test_a_condition_begins_with_exactly_the_names_of_the_policy(desk: Desk, place: str) -> None:
    assert set(desk.offers(CONDITIONS[place])) == subjects(POLICIES[desk.name]) | {"any", "not"}


def test_rows_are_chosen_by_exactly_the_same(desk: Desk) -> None:
    policy = POLICIES[desk.name]
    for rows in (*policy.records, *policy.tables):
        marked = REQUIREMENT + f"        must:\n          {rows}:\n            where:\n              |\n"
        assert set(desk.offers(marked)) == subjects(policy) | {"any", "not"}


def test_each_fact_is_offered_with_what_it_is_called(desk: Desk) -> None:
    offered = desk.offers(CONDITIONS["must"])
    for name, fact in POLICIES[desk.name].facts.items():
        assert f"{fact.text.nl}: " in plain(offered[name]), name
        assert f"{fact.text.en}: " in plain(offered[name]), name


def test_after_a_fact_come_exactly_the_operators_of_its_kind(desk: Desk) -> None:
    policy = POLICIES[desk.name]
    for name, fact in policy.facts.items():
        expected = {one.name for one in operators_of(fact.shape.kind, ordered=fact.shape.ordered)}
        marked = REQUIREMENT + f"        must:\n          {name}:\n            |\n"
        assert set(desk.offers(marked)) == expected, name
    counted = {one.name for one in operators_of("integer")} | {"where"}
    for name in (*policy.records, *policy.tables):
        marked = REQUIREMENT + f"        must:\n          {name}:\n            |\n"
        assert set(desk.offers(marked)) == counted, name
    for name in policy.terms:
        assert set(desk.offers(REQUIREMENT + f"        must:\n          {name}:\n            |\n")) == {"is"}, name


def test_after_an_operator_of_a_choice_come_exactly_its_options_with_their_labels(desk: Desk) -> None:
    for name, fact in POLICIES[desk.name].facts.items():
        if fact.shape.kind in ("choice", "list", "row"):
            operators = [one for one in operators_of(fact.shape.kind, ordered=fact.shape.ordered)
                         if one.operand in ("same", "several")]  # fmt: skip
            for operator in operators:
                place = "|" if operator.operand == "same" else "[|]"
                offered = desk.offers(REQUIREMENT + f"        must: {{{name}: {{{operator.name}: {place}}}}}\n")
                assert {label: plain(one) for label, one in offered.items()} == {
                    option: text.nl if text.nl == text.en else f"{text.nl} / {text.en}"
                    for option, text in fact.shape.options.items()
                }, (name, operator)


@pytest.mark.parametrize("place", ["[|]", "[C|]", "\n          - |"])
def test_after_source_come_exactly_the_statements_with_their_paraphrase(desk: Desk, place: str) -> None:
    statements = POLICIES[desk.name].statements
    offered = desk.offers(REQUIREMENT + f"        source: {place}\n")
    assert set(offered) == set(statements)
    for name, one in statements.items():
        assert one.text.nl in plain(offered[name])
        assert one.text.en in plain(offered[name])


def test_names_that_a_rule_refers_to_are_exactly_those_declared(desk: Desk) -> None:
    policy = POLICIES[desk.name]
    days = {name for name, fact in policy.facts.items() if fact.shape.kind in ("date", "moment")}
    holders = {*policy.tables, *policy.records}
    values = {*policy.facts, *policy.values, *policy.readings, *policy.cycles, "today"}
    expected: dict[str, set[str]] = {
        REQUIREMENT + "        for_each: |\n": holders,
        REQUIREMENT + "        per: |\n": set(policy.cycles),
        "eligibility:\n  a:\n    judged_on: |\n": days,
        "eligibility:\n  a:\n    builds_on: [|]\n": set(policy.decisions),
        "deadlines:\n  a:\n    act: |\n": days,
        "deadlines:\n  a:\n    until: {fact: |}\n": values,
        "deadlines:\n  a:\n    until: {deadline: |}\n": set(policy.deadlines),
        "costs:\n  a:\n    lines:\n      b:\n        price: {amount: |}\n": set(policy.amounts),
        "compliance:\n  a:\n    who: |\n": set(policy.parties),
    }
    for marked, names in expected.items():
        assert set(desk.offers(marked)) == names, marked


def test_a_value_is_one_of_exactly_the_forms(guild: Desk) -> None:
    assert set(FORMS) == set(guild.offers("values:\n  a:\n    value:\n      |\n"))
    assert set(FORMS) == set(
        guild.offers(REQUIREMENT + "        must:\n          people:\n            at_least:\n              |\n")
    )


def test_an_amount_is_offered_where_a_price_stands(guild: Desk) -> None:
    offered = guild.offers("costs:\n  a:\n    lines:\n      b:\n        price: |\n")
    assert set(offered) == {"{amount: yearly_fee}", "{amount: reduction}", "{field: …}"}
    assert "€ 60,00 vanaf 1 januari 2026; € 62,50 vanaf 1 januari 2027" in plain(offered["{amount: yearly_fee}"])


def test_a_word_of_the_language_is_offered_with_what_it_means(guild: Desk) -> None:
    assert {label: plain(one) for label, one in guild.offers("in_force: {outside: |}\n").items()} == {
        "warn": "antwoorden, met een waarschuwing / answer, with a warning",
        "refuse": "niet antwoorden: het beleid geldt niet / give no answer: the policy does not hold",
    }
    assert set(guild.offers("facts:\n  a: {kind: |}\n")) == {*KINDS, RECORDS}


# --- what is shown ---


def test_a_statement_shows_its_paraphrase(desk: Desk) -> None:
    """
    That of the statement under the mouse, in both languages, before those of all others.
    """
    for name, one in list(POLICIES[desk.name].statements.items())[:5]:
        shown = desk.shows(REQUIREMENT + f"        source: [{name[:2]}|{name[2:]}]\n")
        first = next(line for line in shown.splitlines() if line.startswith("* "))
        told = re.sub(r"\\(.)", r"\1", first)
        assert told.startswith(f"* `{name}`: ")
        assert one.text.nl in told
        assert one.text.en in told


@pytest.mark.parametrize(
    ("marked", "title", "told"),
    [
        ("eligi|bility: {}\n", "Mag het / May I", "besluiten met hun eisen"),
        (REQUIREMENT + "        mu|st: {member: {is: true}}\n", "Moet / Must", "kies een feit"),
        (REQUIREMENT + "        must: {mem|ber: {is: true}}\n", "Lid / Member", "Member: yes or no?"),
        (REQUIREMENT + "        must: {people: {at_l|east: 3}}\n", "… is at least …", "This value or more."),
        (REQUIREMENT + "        must: {trade: {is: kee|per}}\n", "… is …", "- `keeper`: Imker / Bee-keeper"),
        ("amounts:\n  a:\n    - {val|ue: 445.00}\n", "Bedrag / Amount", "`445.00`"),
        ("notes:\n  a: {val|ue: 445.00}\n", "Waarde / Value", "opzoekt"),
        ("cycles:\n  ye|ar: {every: 1 year}\n", "Cyclus / Cycle", "counted from 1"),
        ("deadlines:\n  a:\n    until: {la|ter: {by: 3 months}}\n", "Zoveel later / So much later", "than a day"),
    ],
)  # fmt: skip
def test_a_key_shows_what_it_is_called_and_means(guild: Desk, marked: str, title: str, told: str) -> None:
    shown = guild.shows(marked)
    heading = shown.splitlines()[0]
    assert heading.startswith("#### ")
    assert title in heading
    assert told in shown


# --- what is marked ---


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: str(file.relative_to(ROOT)))
def test_nothing_is_marked_in_what_is_shipped(editor: Client, file: Path) -> None:
    assert editor.complaints(file, file.read_text(encoding="utf-8")) == []


def test_nothing_is_marked_in_the_guild(guild: Desk) -> None:
    assert guild.marks((GOOD / "guild.yaml").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("folder", ["", "examples", "statements"])
def test_a_file_without_a_first_line_is_known_by_its_folder(editor: Client, folder: str) -> None:
    """
    By the settings of the repository; of what the program writes for itself no schema is known.
    """
    file = ROOT / "policies" / folder / "without_a_first_line.yaml"
    text = (ROOT / "policies" / folder / "rvwo.yaml").read_text(encoding="utf-8")
    text = "".join(line for line in text.splitlines(keepends=True) if "yaml-language-server" not in line)
    assert editor.complaints(file, text) == []
    assert [one["message"] for one in editor.complaints(file, text + "\nstrange: 1\n")] == [
        "Property strange is not allowed."
    ]


SLIPS = [
    ("cycles:\n  a: {every: 3 maanden}", "Geen duur: schrijf", "Not a period: write"),
    ("cycles:\n  a: {every: 3months}", "Geen duur: schrijf", "Not a period: write"),
    ("deadlines:\n  a: {until: {later: {by: drie weken}}}", "Geen duur: schrijf", "Not a period: write"),
    (REQUIREMENT + "        must: {experience: {at_least: lang}}", "Geen duur: schrijf", "Not a period: write"),
    ("in_force: {from: 1 januari 2026}", "Geen dag: schrijf bijvoorbeeld 2026-01-31", "Not a day: write 2026-01-31"),
    ("in_force: {until: 31-12-2026}", "Geen dag: schrijf bijvoorbeeld 2026-01-31", "Not a day: write 2026-01-31"),
    ("deadlines:\n  a: {until: morgen}", "Geen dag: schrijf bijvoorbeeld 2026-01-31", "Not a day: write 2026-01-31"),
    (REQUIREMENT + "        must: {applied_on: {before: 2026/01/31}}", "Geen dag: schrijf", "Not a day: write"),
    ("amounts:\n  a:\n    - {value: € 445}", "Geen bedrag: alleen cijfers", "Not an amount: digits only"),
    ("amounts:\n  a:\n    - {value: '445,00'}", "Geen bedrag: alleen cijfers", "Not an amount: digits only"),
    (REQUIREMENT + "        must: {income: {less_than: veel}}", "Geen bedrag: alleen cijfers", "Not an amount: digits"),
    ("costs:\n  a:\n    lines:\n      b: {price: 445.00}", "schrijf hier `{amount: naam}`", "write `{amount"),
    (REQUIREMENT + "        must: {people: {at_least: drie}}", "Geen getal", "Not a number"),
    ("facts:\n  Leeftijd: {kind: integer}", "Geen naam: kleine letters", "Not a name: small letters"),
    ("policy: Mijn beleid", "Geen naam: kleine letters", "Not a name: small letters"),
    ("conflicts:\n  a: {between: [BEE1, BEE-02]}", "Geen nummer van een uitspraak", "Not the id of a statement"),
    (REQUIREMENT + "        source: [BEE-99]", "staat niet in de catalogus", "is not in the catalogue"),
    (REQUIREMENT + "        must: {membr: {is: true}}", "Geen feit, veld, begrip", "Not a fact, field, term"),
    (REQUIREMENT + "        must: {member: {more_than: 1}}", "Hier hoort een bewerking: is.",
     "An operator is expected: is."),
    (REQUIREMENT + "        must: {trade: {is: keper}}", "Kies uit: keeper, teacher, other.",
     "Choose from: keeper, teacher, other."),
    (REQUIREMENT + "        must: {member: {is: ja}}", "`true` of `false`", "`true` or `false`"),
    ("compliance:\n  a: {who: holdr}", "Deze naam is hier niet bekend", "This name is not known here"),
    ("conventions: {cent: omhoog}", "Kies uit: half_up, half_even, down, up", "Choose from: half_up"),
    ("parties:\n  a: {nl: true, en: x}", "Hier hoort een tekst", "A text is expected here"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "dutch", "english"), SLIPS)
def test_a_slip_is_marked_on_its_line_in_our_words(guild: Desk, text: str, dutch: str, english: str) -> None:
    line = text.count("\n") + 1
    ours = [(at, said) for at, said in guild.marks(text + "\n") if not said.startswith("Missing property")]
    assert len(ours) == 1
    assert ours[0][0] == line
    assert dutch in ours[0][1]
    assert english in ours[0][1]


# --- what is inserted ---


def filled_in(snippet: str, file: str) -> str:
    """What a snippet leaves when whoever inserts it changes nothing."""
    text = snippet.replace("$TM_FILENAME_BASE", file)
    text = re.sub(r"\$\{TM_FILENAME_BASE:[^}]*\}", file, text)
    text = re.sub(r"\$\{\d+\|([^,|]*)[^|]*\|\}", r"\1", text)
    text = re.sub(r"\$\{\d+:([^{}]*)\}", r"\1", text)
    text = re.sub(r"\$\{\d+\}|\$\d+", "", text)
    return re.sub(r"\\([$}\\])", r"\1", text)


def insert(desk: Desk, marked: str, label: str, file: str) -> str:
    """The text after taking what is offered under a label; an editor indents its further lines as the first."""
    offered = desk.offers(marked)
    assert label in offered, list(offered)
    text, offset = desk.placed(marked)
    line = text.count("\n", 0, offset)
    edit = offered[label]["textEdit"]
    assert edit["range"]["start"]["line"] == edit["range"]["end"]["line"] == line
    start = text.rfind("\n", 0, offset) + 1
    own = text[start:].split("\n")[0]
    indent = own[: len(own) - len(own.lstrip(" "))]
    first, last = (edit["range"][end]["character"] for end in ("start", "end"))
    put = filled_in(edit["newText"], file).replace("\n", "\n" + indent)
    return text[:start] + own[:first] + put + own[last:] + text[start + len(own) :]


WHOLE = {
    "": "een heel beleid / a whole policy",
    "statements": "een hele catalogus / a whole catalogue",
    ".examples": "een heel bestand voorbeelden / a whole file of examples",
}


@pytest.mark.parametrize("name", ["policy", "guild"])
def test_an_empty_file_gets_a_skeleton_on_which_everything_works(
    editor: Client, schemas: Path, tmp_path: Path, name: str
) -> None:
    """
    Of the policy, its catalogue and its examples; under the schema of the language, and under that of a policy.

    Checked, covered and tested as it is inserted, before a word is filled in.
    """
    texts = {}
    for sort, label in WHOLE.items():
        schema = "examples" if sort == ".examples" and name == "policy" else name
        at = Desk(editor, schemas, schema, "" if sort == "statements" else sort)
        if schema == "examples":
            at.head = at.head.replace("examples.examples", "examples")
        elif sort == "statements":
            at = Desk(editor, schemas, schema, "statements")
        for marked in ("|", "\n|"):
            texts[sort] = insert(at, marked, label, "my_policy")
    for folder, sort in (("", ""), ("statements", "statements"), ("examples", ".examples")):
        (tmp_path / folder).mkdir(exist_ok=True)
        text = texts[sort]
        if name == "guild" and sort == "statements":
            # The policy cites the first statements of its own catalogue.
            for number, own in enumerate(POLICIES["guild"].statements, 1):
                text = text.replace(f"NEW-{number:02}", own)
        (tmp_path / folder / "my_policy.yaml").write_text(text, encoding="utf-8")
    checked = check_file(tmp_path / "my_policy.yaml")
    assert checked.diagnostics == (), report(checked.diagnostics)
    assert checked.policy is not None
    assert checked.document is not None
    assert checked.catalogue is not None
    assert coverage(checked.document, checked.catalogue, None).complete
    document, faults = read_file(tmp_path / "examples" / "my_policy.yaml")
    assert document is not None
    examples, more = read_examples(document, checked.policy)
    assert not [*faults, *more], report([*faults, *more])
    assert len(examples) > 10
    assert [one.name for one in examples if not run(one, checked.policy).passed] == []


TOP = ["facts", "parties", "contradictions", "readings", "amounts", "tables", "cycles", "terms", "values",
       "eligibility", "costs", "deadlines", "compliance", "conflicts", "notes", "claims"]  # fmt: skip
LICENCE = "  licence:\n    nl: Licentie\n    en: Licence\n"
# Where a new entry goes: the line before it, and how far it is indented.
ENTRIES = {section: (f"{section}:\n", 2) for section in TOP} | {
    "requires": ("    requires:\n", 6),
    "lines": ("    presume: {people: 1, exempted: false}\n    lines:\n", 6),
    "instalments": (LICENCE + "    instalments:\n", 6),
    "prices": ("value: not_stated, vat: not_stated, certainty: exact, source: [BEE-08]}\n", 4),
}


@pytest.mark.parametrize("place", ENTRIES)
def test_every_new_entry_that_is_offered_fits_at_once(guild: Desk, tmp_path: Path, place: str) -> None:
    """
    Inserted into a whole policy with nothing filled in, it brings no fault: at most that nothing uses it yet.
    """
    text = (GOOD / "guild.yaml").read_text(encoding="utf-8")
    guild.head = ""
    text = text.replace("../../../schemas/policy.schema.json", "../schemas/guild.schema.json")
    if place == "instalments":
        text = text.replace(LICENCE, LICENCE + "    instalments:\n")
    before, indent = ENTRIES[place]
    marked = text.replace(before, before + " " * indent + "|\n", 1)
    offered = {
        label: one for label, one in guild.offers(marked).items() if re.search(r"\b(nieuwe?|twee)\b.* / ", label)
    }
    assert offered
    (tmp_path / "statements").symlink_to(GOOD / "statements")
    for label in offered:
        after = insert(guild, marked, label, "guild")
        (tmp_path / "guild.yaml").write_text(after, encoding="utf-8")
        found = check_file(tmp_path / "guild.yaml").diagnostics
        assert [one for one in found if one.severity == "error"] == [], f"{label}\n{report(found)}"


def test_facts_of_every_kind_are_offered(guild: Desk) -> None:
    offered = guild.offers("facts:\n  |\n")
    kinds = [found[1] for one in offered.values() if (found := re.search(r"kind: (\w+)", one["textEdit"]["newText"]))]
    assert sorted(kinds) == sorted([*KINDS, RECORDS])


# --- the files beside a policy ---

EXAMPLE = "policy: guild\nexamples:\n  a:\n"


def test_examples_complete_facts_questions_and_statements(editor: Client, schemas: Path) -> None:
    at, policy = Desk(editor, schemas, "guild", ".examples"), POLICIES["guild"]
    assert set(at.offers(EXAMPLE + "    facts:\n      |\n")) == {*policy.facts, *policy.records}
    assert set(at.offers(EXAMPLE + "    source: [|]\n")) == set(policy.statements)
    questions: dict[str, set[str]] = {
        "eligibility": set(policy.decisions), "cost": set(policy.quotes), "deadline": set(policy.deadlines),
        "compliance": {*policy.duties, "overall"}, "note": set(policy.notes),
    }  # fmt: skip
    for question, names in questions.items():
        assert set(at.offers(EXAMPLE + f"    ask: {{{question}: |}}\n")) == names
    assert set(at.offers(EXAMPLE + "    facts: {trade: |}\n")) == {"keeper", "teacher", "other"}
    assert set(at.offers(EXAMPLE + "    facts:\n      passed:\n        |\n")) == {"hives", "honey"}


def test_slips_in_examples_and_catalogues_are_marked_in_our_words(editor: Client, schemas: Path) -> None:
    at = Desk(editor, schemas, "guild", ".examples")
    slips = {
        "membr: true": "Geen feit",
        "member: ja": "`true` of `false`",
        "applied_on: gisteren": "Geen dag",
        "experience: lang": "Geen duur",
        "income: veel": "Geen bedrag",
        "people: drie": "Geen getal",
        "talk_held: {nul: true}": "Geen nummer van een ronde",
    }
    for fact, said in slips.items():
        marks = [one for _, one in at.marks(EXAMPLE + f"    facts: {{{fact}}}\n") if "Missing" not in one]
        assert len(marks) == 1, fact
        assert said in marks[0]
    assert at.marks((GOOD / "examples" / "guild.yaml").read_text(encoding="utf-8")) == []
    at = Desk(editor, schemas, "guild", "statements")
    assert [one for _, one in at.marks("entries:\n  bee: {kind: cost, heading: x, nl: x, en: x}\n")
            if "Geen nummer van een uitspraak" in one]  # fmt: skip
    assert at.marks((GOOD / "statements" / "guild.yaml").read_text(encoding="utf-8")) == []


def test_the_next_statement_is_offered_and_fits(editor: Client, schemas: Path) -> None:
    at = Desk(editor, schemas, "guild", "statements")
    head = "statements: guild\ndocument: {nl: x, en: x}\nentries:\n"
    for label in ("nieuwe uitspraak / new statement", "nieuwe uitspraak, met een gat / new statement, with a gap"):
        text = insert(at, head + "  |\n", label, "guild")
        assert at.marks(text.removeprefix(at.head)) == []


# --- a folder of one's own ---


def test_a_folder_that_new_made_works_in_the_editor_at_once(editor: Client, tmp_path: Path) -> None:
    """
    Its first lines and paths lead to schemas that know its names; nothing is marked in any of its files.
    """
    made = start("bees", tmp_path)
    for file in made.files:
        if file.suffix == ".yaml":
            assert editor.complaints(file, file.read_text(encoding="utf-8")) == [], file.name
    policy = load(made.policy)
    at = Desk(editor, tmp_path, "bees")
    assert set(at.offers(CONDITIONS["must"])) == subjects(policy) | {"any", "not"}
    at = Desk(editor, tmp_path, "bees", ".examples")
    assert set(at.offers("examples:\n  a:\n    facts:\n      |\n")) == {*policy.facts, *policy.records}


def test_a_new_name_is_known_once_the_schema_is_written_again(editor: Client, tmp_path: Path) -> None:
    """
    Until then it is marked, and the mark says how.
    """
    made = start("bees", tmp_path)
    text = made.policy.read_text(encoding="utf-8").replace(
        "  age: {", "  tall: {kind: boolean, nl: x, en: x}\n  age: {", 1
    )
    text = text.replace("must: {age: {at_least: 18}}", "must: {age: {at_least: 18}, tall: {is: true}}")
    made.policy.write_text(text, encoding="utf-8")
    [mark] = editor.complaints(made.policy, text)
    assert "`trainingrules schema BELEID --write`" in mark["message"]
    assert CliRunner().invoke(main, ["schema", str(made.policy), "--check"]).exit_code == 1
    assert CliRunner().invoke(main, ["schema", str(made.policy), "--write"]).exit_code == 0
    changed = (tmp_path / "schemas" / "bees.schema.json").as_uri()
    editor.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": changed, "type": 2}]})
    assert editor.complaints(made.policy, text + "\n") == []


# --- how fast ---


def test_what_is_offered_comes_at_once(editor: Client) -> None:
    """
    In the largest policy, in the middle of the whole text.
    """
    at = Desk(editor, ROOT, "bcmb")
    text = (ROOT / "policies" / "bcmb.yaml").read_text(encoding="utf-8").replace("|", "/")
    marked = re.sub(r"\n        must: .*\n", "\n        must:\n          |\n", text, count=1)
    took = []
    for _ in range(5):
        start = time.perf_counter()
        assert set(at.offers(marked)) >= subjects(POLICIES["bcmb"])
        took.append(time.perf_counter() - start)
    assert statistics.median(took) < 1


def test_new_entries_begin_with_a_fact_of_the_policy_whatever_its_kind(tmp_path: Path) -> None:
    """
    The first fact of a policy may be of any kind, and what a new requirement says of it must be possible.
    """
    text = (GOOD / "guild.yaml").read_text(encoding="utf-8")
    (tmp_path / "statements").symlink_to(GOOD / "statements")
    for name, fact in POLICIES["guild"].facts.items():
        if not fact.per:
            only = replace(POLICIES["guild"], facts={name: fact})
            condition = names_of(only).sample.condition
            assert condition.startswith(f"{{{name}: ")
            (tmp_path / "guild.yaml").write_text(text.replace("must: {skilled: {is: true}}", f"must: {condition}"))
            found = check_file(tmp_path / "guild.yaml").errors
            assert found == (), report(found)
