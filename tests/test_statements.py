"""Every statement of a source is accounted for, and nothing that carried one is lost unseen."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path as File
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainingrules.document import Document, Path
from trainingrules.loading import bundled, policies_folder
from trainingrules.source import parse, read_file
from trainingrules.statements import Catalogue, Citation, citations, coverage, read_catalogue, record_text

GUILD = File(__file__).parent / "policies" / "good"


def read(file: File) -> Document:
    document, faults = read_file(file)
    assert document is not None
    assert faults == []
    return document


def of(text: str, name: str = "guild.yaml") -> Document:
    document, _ = parse(text, name)
    assert document is not None
    return document


def changed(document: Document, data: object) -> Document:
    return Document(data, document.name, document.lines, document.keys, document.values)


def record_of(policy: Document, catalogue: Document) -> Document:
    found = coverage(policy, catalogue, None)
    return of(record_text(found.policy, found.carried), "record.yaml")


BUNDLED = {
    name: (read(policies_folder() / f"{name}.yaml"), read(policies_folder() / "statements" / f"{name}.yaml"))
    for name in bundled()
}
RECORDS = {name: record_of(*texts) for name, texts in BUNDLED.items()}
POLICY, CATALOGUE = read(GUILD / "guild.yaml"), read(GUILD / "statements" / "guild.yaml")


# --------------------------------------------------------------------------------------------- the bundled policies


@pytest.mark.parametrize("name", bundled())
def test_a_bundled_policy_accounts_for_every_statement(name: str) -> None:
    found = coverage(*BUNDLED[name], None)
    assert found.complete, "\n".join(map(str, found.faults))
    assert found.policy == name


@pytest.mark.parametrize("name", bundled())
def test_the_record_beside_a_bundled_policy_is_the_present_one(name: str) -> None:
    """
    When this fails, run `trainingrules coverage --record` and read what it changed.
    """
    found = coverage(*BUNDLED[name], None)
    kept = (policies_folder() / "statements" / f"{name}.carried.yaml").read_text(encoding="utf-8")
    assert kept == record_text(found.policy, found.carried)


def everything(data: Any, at: Path = ()) -> Iterator[Path]:
    for key in data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ():
        yield (*at, key)
        yield from everything(data[key], (*at, key))


def without(data: Any, path: Path) -> Any:
    """The data less one node; only what lies on the way is copied."""
    kept = copy.copy(data)
    head, *rest = path
    if rest:
        kept[head] = without(data[head], tuple(rest))
    else:
        del kept[head]
    return kept


@pytest.mark.parametrize("name", bundled())
def test_the_loss_of_any_one_citation_is_noticed_at_its_statement(name: str) -> None:
    """
    Each citation of each policy in its turn, also where other rules still cite the statement.
    """
    policy, catalogue = BUNDLED[name]
    for citation, path in citations(policy):
        found = coverage(changed(policy, without(policy.data, path)), catalogue, RECORDS[name])
        lost = [fault for fault in found.faults if fault.code in ("lost-citation", "uncovered-statement")]
        foreign = citation.statement not in found.carried
        assert foreign or any(f"`{citation.statement}`" in one.message for one in lost), path
        for fault in lost:
            assert fault.span is not None
            assert fault.span.file == catalogue.name
            assert fault.line_text.strip().startswith(fault.message.split("`")[1])


@pytest.mark.parametrize("name", bundled())
def test_the_loss_of_any_one_rule_is_noticed_at_each_statement_it_carried(name: str) -> None:
    policy, catalogue = BUNDLED[name]
    cited: dict[Path, set[str]] = {}
    for citation, path in citations(policy):
        cited.setdefault(path[:-2], set()).add(citation.statement)
    for rule, statements in cited.items():
        found = coverage(changed(policy, without(policy.data, rule)), catalogue, RECORDS[name])
        said = " ".join(fault.message for fault in found.faults)
        for statement in statements & set(found.carried):
            assert f"statement `{statement}` is no longer carried by `{'.'.join(map(str, rule))}`" in said


# ----------------------------------------------------------------------------------------------------- one by one


def test_a_statement_that_nothing_cites_is_told_at_its_entry() -> None:
    found = coverage(changed(POLICY, without(POLICY.data, ("notes", "points"))), CATALOGUE, None)
    assert [fault.code for fault in found.faults] == ["uncovered-statement"]
    assert found.faults[0].line_text.strip() == "BEE-24:"
    assert not found.complete


def test_a_citation_of_what_is_not_in_the_catalogue_is_told_at_its_place() -> None:
    found = coverage(POLICY, changed(CATALOGUE, without(CATALOGUE.data, ("entries", "BEE-24"))), None)
    assert [fault.code for fault in found.faults] == ["unknown-statement"]
    assert found.faults[0].line_text.strip() == "source: [BEE-24]"


def test_a_conflict_may_cite_another_document_and_nothing_else_may() -> None:
    assert coverage(POLICY, CATALOGUE, None).complete
    data: Any = copy.deepcopy(POLICY.data)
    data["notes"]["points"]["source"] = ["BEE-24", "OTH-01"]
    found = coverage(changed(POLICY, data), CATALOGUE, None)
    assert [fault.message for fault in found.faults] == ["statement `OTH-01` is not in the catalogue"]


def test_a_new_citation_is_told_where_it_stands_until_it_is_recorded() -> None:
    record = record_of(changed(POLICY, without(POLICY.data, ("amounts", "yearly_fee", 1))), CATALOGUE)
    found = coverage(POLICY, CATALOGUE, record)
    assert [fault.message for fault in found.faults] == [
        "`amounts.yearly_fee.1` cites `BEE-06`, which the record does not know yet"
    ]
    assert found.faults[0].line_text.strip().startswith("- {from: 2027-01-01")


def test_a_statement_that_left_the_catalogue_is_noticed() -> None:
    """
    Also when every rule that cited it left with it.
    """
    policy = changed(POLICY, without(POLICY.data, ("notes", "points")))
    catalogue = changed(CATALOGUE, without(CATALOGUE.data, ("entries", "BEE-24")))
    assert coverage(policy, catalogue, None).complete
    found = coverage(policy, catalogue, record_of(POLICY, CATALOGUE))
    assert [fault.message for fault in found.faults] == ["statement `BEE-24` is no longer in the catalogue"]


def test_the_record_says_what_carries_each_statement() -> None:
    text = record_text("guild", {"BEE-01": ("in_force", "eligibility.visit"), "BEE-02": ()})
    data = of(text).data
    assert data == {"policy": "guild", "carried": {"BEE-01": ["in_force", "eligibility.visit"], "BEE-02": []}}


def test_citations_are_found_wherever_they_stand() -> None:
    found = dict(
        citations(of("conflicts: {c: {between: [A-1], source: [A-2]}}\nx: [{source: [A-3, 4]}, {source: A-5}]"))
    )
    assert found == {
        Citation("A-1", "conflicts.c"): ("conflicts", "c", "between", 0),
        Citation("A-2", "conflicts.c"): ("conflicts", "c", "source", 0),
        Citation("A-3", "x.0"): ("x", 0, "source", 0),
    }


# ------------------------------------------------------------------------------------------------- the catalogue


def test_a_catalogue_is_read() -> None:
    catalogue, faults = read_catalogue(CATALOGUE)
    assert faults == []
    assert isinstance(catalogue, Catalogue)
    assert len(catalogue.entries) == 24
    sixth = catalogue.entries["BEE-06"]
    assert sixth.open[0].en == "From which year is not said."
    assert catalogue.entries["BEE-05"].bullet == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- BEE-01", "a mapping of keys is expected here, not a list"),
        ("entries: {}", "something is expected here"),
        ("entries: {bee-01: {kind: cost, heading: h, nl: a, en: b}}", "`bee-01` is not the id of a statement"),
        ("entries: {BEE-01: {kind: costs, heading: h, nl: a, en: b}}", "`costs` is not one of the options"),
        ("entries: {BEE-01: {kind: cost, heading: h, nl: a}}",
         "`en` is missing: everything a person reads stands in Dutch and in English"),
        ("entries: {BEE-01: {kind: cost, heading: h, nl: a, en: b, bullet: 0}}", "`0` is too small: at least 1"),
        ("entries: {5: {kind: cost, heading: h, nl: a, en: b}}", "`5` is not the id of a statement"),
    ],
)  # fmt: skip
def test_a_faulty_catalogue_is_refused(text: str, message: str) -> None:
    if text.startswith("entries"):
        text = f"statements: guild\ndocument: {{nl: a, en: b}}\n{text}"
    catalogue, faults = read_catalogue(of(text))
    assert catalogue is None
    assert [fault.message for fault in faults] == [message]


# ------------------------------------------------------------------------------------- whatever the files hold

KEYS = st.sampled_from(["source", "between", "conflicts", "entries", "carried", "BEE-01"])
NODES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.sampled_from(["BEE-01", "source", "entries"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(KEYS | st.integers(), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(policy=NODES, catalogue=NODES, record=NODES)
def test_whatever_the_files_hold_only_faults_come_of_it(policy: Any, catalogue: Any, record: Any) -> None:
    given_policy, given_catalogue = changed(POLICY, policy), changed(CATALOGUE, catalogue)
    for one in (None, changed(POLICY, record)):
        for fault in coverage(given_policy, given_catalogue, one).faults:
            assert fault.span is not None
    read_catalogue(given_catalogue)
