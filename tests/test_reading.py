"""What a tired author gets wrong: one clear fault each, on the right line; and nothing written breaks the reader."""

from __future__ import annotations

import contextlib
import copy
import os
import re
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from trainingrules.diagnostics import Diagnostic, report
from trainingrules.loading import Checked, check_file
from trainingrules.policy import Policy
from trainingrules.source import parse, read_file

POLICIES = Path(__file__).parent / "policies"
GOOD = POLICIES / "good" / "guild.yaml"
SLIPS = POLICIES / "bad" / "slips.txt"
TEXT = GOOD.read_text(encoding="utf-8")

# A slip that is made more than once, on purpose; every other one must give one fault and no more.
SEVERAL = {
    "two slips in one rule",
    "a rule without a translation and with a misspelt fact",
    "a row that lacks two fields",
    "several slips at once",
}


class Slip(NamedTuple):
    """One slip: what an author changes in the good policy, and the report that must follow."""

    name: str
    changes: tuple[tuple[str, str], ...]
    says: str

    def made(self) -> str:
        text = TEXT
        for right, wrong in self.changes:
            assert text.count(right) == 1, f"{self.name}: {text.count(right)} places have\n{right}"
            text = text.replace(right, wrong)
        return text


def slips() -> Iterator[Slip]:
    """
    The table of slips: after `=== name` the lines taken out (`- `) and put in (`+ `), then the report.
    """
    for part in SLIPS.read_text(encoding="utf-8").split("=== ")[1:]:
        name, *lines = part.rstrip().split("\n")
        changes: list[tuple[list[str], list[str]]] = []
        while lines and lines[0][:2] in ("- ", "+ "):
            sign, text = lines[0][0], lines.pop(0)[2:]
            if sign == "-" and (not changes or changes[-1][1]):
                changes.append(([], []))
            changes[-1][sign == "+"].append(text)
        made = tuple(("\n".join(right), "\n".join(wrong)) for right, wrong in changes)
        yield Slip(name, made, "\n".join(lines).strip("\n"))


TABLE = list(slips())


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the catalogue of the guild in it, in which one works."""
    shutil.copytree(POLICIES / "good" / "statements", tmp_path / "statements")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def checked(text: str) -> Checked:
    Path("guild.yaml").write_text(text, encoding="utf-8")
    return check_file("guild.yaml")


# ------------------------------------------------------------------------------------------------ the good one


def test_a_policy_with_every_construct_has_no_faults_and_no_warnings() -> None:
    found = check_file(GOOD)
    assert report(found.diagnostics) == ""
    assert found.policy is not None


# ------------------------------------------------------------------------------------------------------- slips


@pytest.mark.parametrize("slip", TABLE, ids=lambda slip: slip.name)
def test_a_slip_is_told_at_its_place_in_so_many_words(slip: Slip, desk: Path) -> None:
    """
    The whole report is compared, so a fault that follows from another would be seen.

    To write the reports anew after a change of words: `TRAININGRULES_REWRITE=1 pytest tests/test_reading.py`, and
    read the difference.
    """
    found = checked(slip.made())
    if os.environ.get("TRAININGRULES_REWRITE"):
        rewrite(slip, report(found.diagnostics))
    else:
        assert report(found.diagnostics) == slip.says
    assert (found.policy is None) == bool(found.errors)


def rewrite(slip: Slip, says: str) -> None:
    text = SLIPS.read_text(encoding="utf-8")
    begin = text.index(f"=== {slip.name}\n")
    end = text.find("\n=== ", begin)
    after = text[end:] if end >= 0 else "\n"
    kept = [line for line in text[begin : end if end >= 0 else None].split("\n") if line[:2] in ("==", "- ", "+ ")]
    SLIPS.write_text(text[:begin] + "\n".join([*kept, says]) + "\n" + after, encoding="utf-8")


def test_a_slip_gives_one_fault() -> None:
    for slip in TABLE:
        faults = re.findall(r"^guild\.yaml:\d+:\d+: (?:error|warning): .* \[[a-z-]+\]$", slip.says, re.MULTILINE)
        assert (len(faults) > 1) if slip.name in SEVERAL else (len(faults) == 1), slip.says


def test_there_are_enough_slips_and_each_is_another() -> None:
    assert len(TABLE) >= 60
    assert len({slip.name for slip in TABLE}) == len(TABLE)


PYTHON = re.compile(r"\b(None|True|False|dict|str|int|bool|NoneType|Decimal|Fraction|KeyError|object at|Traceback)\b")


def test_no_message_speaks_python() -> None:
    for slip in TABLE:
        ours = [re.sub(r"`[^`]*`", "", line) for line in slip.says.split("\n") if not re.match(r"^ *\d* \| ", line)]
        assert not any(PYTHON.search(line) for line in ours), slip.says


def test_values_that_are_none_of_them_stated_combine_to_one_that_is_not(desk: Path) -> None:
    value = "{total: [not_stated, not_stated]}"
    found = checked(TEXT.replace("{greatest: [{fact: agreed_on}, {fact: plan_on}]}", value))
    assert report(found.errors) == ""
    assert found.policy is not None
    assert found.policy.values["settled_on"].shape.kind == ""


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("{greatest: [{fact: agreed_on}, {fact: started_at}]}", "moment"),
        ("{between: [{fact: agreed_on}, 2027-01-01]}", "date"),
        ("{later: {than: {fact: agreed_on}, by: 2 weeks}}", "date"),
        ("{least: [2026-01-01, {cycle_day: {of: licence_year, day: first}}]}", "date"),
    ],
)
def test_a_value_is_of_the_kind_that_it_is_made_of(value: str, kind: str, desk: Path) -> None:
    found = checked(TEXT.replace("{greatest: [{fact: agreed_on}, {fact: plan_on}]}", value))
    assert report(found.errors) == ""
    assert found.policy is not None
    assert found.policy.values["settled_on"].shape.kind == kind


# ------------------------------------------------------------------------------------ whatever else is written


def written(data: object) -> str:
    return yaml.dump(plain(data), allow_unicode=True, sort_keys=False, Dumper=Dumper)


class Dumper(yaml.SafeDumper):
    """Writes without anchors, which would all be refused alike."""

    def ignore_aliases(self, data: object) -> bool:
        return True


Dumper.add_representer(Decimal, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:float", f"{value:f}"))


def plain(data: object) -> object:
    return copy.deepcopy(data)


def paths(data: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield at
    for key in data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ():
        yield from paths(data[key], (*at, key))


PARSED, _ = parse(TEXT)
assert PARSED is not None
DATA = PARSED.data
ALL = list(paths(DATA))[1:]
WORDS = sorted({str(step) for path in ALL for step in path if isinstance(step, str)})

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.integers(min_value=10**20, max_value=10**38),
    st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**20), max_value=10**20),
    st.sampled_from(WORDS), st.text(max_size=20),
    st.sampled_from(["not_stated", "none", "today", "key", "2026-02-30", "9999-12-31", "0001-01-01", "3 months",
                     "48 hours", "9999 years", "0 days", "2026-01-01T09:30:00+01:00", "1e5", "BEE-01", "../x", "/",
                     "\u00e9", "x" * 300, "any", "not", "where", "is"]),
)  # fmt: skip
KEYS = st.one_of(st.sampled_from(WORDS), st.text(max_size=8), st.integers(0, 9),
                 st.sampled_from(["any", "not", "is", "fact", "where", "between", "at_least", "in"]))  # fmt: skip
NODES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=8
)


@st.composite
def mangled(draw: st.DrawFn) -> Any:
    data: Any = copy.deepcopy(DATA)
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(ALL))
        holder = data
        try:
            for step in path[:-1]:
                holder = holder[step]
            key = path[-1]
            match draw(st.sampled_from(["replace", "replace", "delete", "rename", "copy", "double"])):
                case "replace":
                    holder[key] = draw(NODES)
                case "delete":
                    del holder[key]
                case "rename":
                    holder[draw(KEYS)] = holder.pop(key)
                case "copy":
                    source: Any = DATA
                    for step in draw(st.sampled_from(ALL)):
                        source = source[step]
                    holder[key] = copy.deepcopy(source)
                case "double" if isinstance(holder, list):
                    holder.append(copy.deepcopy(holder[key]))
                case "double":
                    holder[draw(KEYS)] = copy.deepcopy(holder[key])
        except (KeyError, IndexError, TypeError, AttributeError):
            continue  # what an earlier change took away
    return data


def assert_in_the_text(found: Diagnostic) -> None:
    span = found.span
    assert span is not None, found
    document, _ = read_file(span.file)
    lines = document.lines if document else Path(span.file).read_text(encoding="utf-8").split("\n")
    assert 1 <= span.line <= span.end_line <= len(lines) + 1, found
    assert 1 <= span.column <= len(lines[span.line - 1]) + 2, found
    assert (span.line, span.column) <= (span.end_line, span.end_column), found


HOLDERS = {
    "parties": "parties", "contradictions": "contradictions", "readings": "readings", "amounts": "amounts",
    "tables": "tables", "cycles": "cycles", "terms": "terms", "values": "values", "eligibility": "decisions",
    "costs": "quotes", "deadlines": "deadlines", "compliance": "duties", "conflicts": "conflicts", "notes": "notes",
}  # fmt: skip


def assert_whole(policy: Policy, data: Any) -> None:
    """Nothing that was written is left out unseen."""
    for section, holder in HOLDERS.items():
        assert set(getattr(policy, holder)) == set(data.get(section) or {}), section
    assert {*policy.facts, *policy.records} == set(data["facts"])
    for name, decision in policy.decisions.items():
        assert set(decision.requires) == set(data["eligibility"][name]["requires"])
    for name, quote in policy.quotes.items():
        assert set(quote.lines) == set(data["costs"][name]["lines"])
        assert set(quote.instalments) == set(data["costs"][name].get("instalments") or {})
    for name, table in policy.tables.items():
        assert set(table.rows) == set(data["tables"][name]["rows"])


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workshop")
    shutil.copytree(POLICIES / "good" / "statements", folder / "statements")
    return folder / "guild.yaml"


@given(data=mangled())
def test_whatever_a_policy_holds_only_faults_come_of_it(workshop: Path, data: Any) -> None:
    """
    Nodes of the good policy replaced, deleted, renamed, copied and doubled, at random: nothing is ever raised, and
    each fault stands in the text.
    """
    workshop.write_text(written(data), encoding="utf-8")
    found = check_file(workshop)
    for one in found.diagnostics:
        assert_in_the_text(one)
    assert (found.policy is None) == bool(found.errors)
    if found.policy is not None:
        assert_whole(found.policy, data)
    with contextlib.suppress(UnicodeEncodeError):
        report(found.diagnostics).encode("utf-8")
