"""What a tired author gets wrong: one clear fault each, on the right line; and nothing written breaks the reader."""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import difflib
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
from trainingrules.inspecting import inspect, mend
from trainingrules.policy import Policy
from trainingrules.source import parse, read_file
from trainingrules.validating import Checked, check_file

POLICIES = Path(__file__).parent / "policies"
GOOD = POLICIES / "good" / "guild.yaml"
SLIPS = POLICIES / "bad" / "slips.txt"
# Without its claims, which name terms that the slips change.
TEXT = GOOD.read_text(encoding="utf-8").partition("\nclaims:\n")[0] + "\n"

# A slip that is made more than once, on purpose; every other one must give one fault and no more.
SEVERAL = {
    "two slips in one rule",
    "a rule without a translation and with a misspelt fact",
    "several slips at once",
    "a fact renamed where it is declared",
}


class Slip(NamedTuple):
    """One slip: what an author changes in a good file, the report that must follow, and what mends it.

    ``mended`` are the lines that `check --fix` puts in the place of the wrong ones; ``names`` is what the help names,
    word for word, where nothing is mended by itself. A slip has at most one of the two.
    """

    name: str
    file: str
    changes: tuple[tuple[str, str], ...]
    says: str
    mended: tuple[str, ...]
    names: str

    @property
    def good(self) -> str:
        return TEXT if self.file == GOOD.name else (POLICIES / "good" / self.file).read_text(encoding="utf-8")

    def made(self) -> str:
        text = self.good
        for right, wrong in self.changes:
            assert text.count(right) == 1, f"{self.name}: {text.count(right)} places have\n{right}"
            text = text.replace(right, wrong)
        return text


def slips() -> Iterator[Slip]:
    """
    The table of slips: after `=== name` the file it is made in (`@ `, else the policy), the lines taken out (`- `) and
    put in (`+ `), then the report; then the lines that mending gives (`> `), or what the help names (`names: `).
    """
    for part in SLIPS.read_text(encoding="utf-8").split("=== ")[1:]:
        name, *lines = part.rstrip().split("\n")
        file = lines.pop(0)[2:] if lines[0].startswith("@ ") else GOOD.name
        changes: list[tuple[list[str], list[str]]] = []
        while lines and lines[0][:2] in ("- ", "+ ", "-", "+"):
            sign, text = lines[0][0], lines.pop(0)[2:]
            if sign == "-" and (not changes or changes[-1][1]):
                changes.append(([], []))
            changes[-1][sign == "+"].append(text)
        made = tuple(("\n".join(right), "\n".join(wrong)) for right, wrong in changes)
        mended = tuple(line[2:] for line in lines if line[:2] == "> ")
        names = "".join(line.removeprefix("names: ") for line in lines if line.startswith("names: "))
        told = [line for line in lines if line[:2] != "> " and not line.startswith("names: ")]
        yield Slip(name, file, made, "\n".join(told).strip("\n"), mended, names)


TABLE = list(slips())


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the guild's files in it, in which one works."""
    shutil.copytree(POLICIES / "good", tmp_path, dirs_exist_ok=True)
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
    Path(slip.file).write_text(slip.made(), encoding="utf-8")
    found = inspect(Path(slip.file)).faults
    if os.environ.get("TRAININGRULES_REWRITE"):
        rewrite(slip, report(found))
    else:
        assert report(found) == slip.says
    if slip.file == GOOD.name:
        assert (check_file(slip.file).policy is None) == any(one.severity == "error" for one in found)


def rewrite(slip: Slip, says: str) -> None:
    text = SLIPS.read_text(encoding="utf-8")
    begin = text.index(f"=== {slip.name}\n")
    end = text.find("\n=== ", begin)
    after = text[end:] if end >= 0 else "\n"
    lines = text[begin : end if end >= 0 else None].split("\n")
    kept = [line for line in lines if line[:2] in ("==", "@ ", "- ", "+ ", "-", "+")]
    marks = [line for line in lines if line[:2] == "> " or line.startswith("names: ")]
    SLIPS.write_text(text[:begin] + "\n".join([*kept, says, *marks]) + "\n" + after, encoding="utf-8")


def test_a_slip_gives_one_fault() -> None:
    for slip in TABLE:
        faults = re.findall(r"^[\w/]+\.yaml:\d+:\d+: (?:error|warning): .* \[[a-z-]+\]$", slip.says, re.MULTILINE)
        assert (len(faults) > 1) if slip.name in SEVERAL else (len(faults) == 1), slip.says


def test_there_are_enough_slips_and_each_is_another() -> None:
    assert len(TABLE) >= 60
    assert len({slip.name for slip in TABLE}) == len(TABLE)


def changed_lines(old: str, new: str) -> tuple[list[int], list[str]]:
    """The numbers of the lines of the new text that the old one has not, and those lines."""
    lines = new.split("\n")
    matcher = difflib.SequenceMatcher(None, old.split("\n"), lines, autojunk=False)
    numbers = [number for kind, _, _, start, end in matcher.get_opcodes() if kind != "equal"
               for number in range(start, end)]  # fmt: skip
    return [number + 1 for number in numbers], [lines[number] for number in numbers]


def around(text: str, line: int) -> set[int]:
    """The lines that hold this one: the keys above it, each further to the left."""
    lines = text.split("\n")
    found, depth = set(), 1_000
    for number in range(min(line, len(lines)), 0, -1):
        indent = len(lines[number - 1]) - len(lines[number - 1].lstrip(" -"))
        if lines[number - 1].strip() and indent < depth:
            found.add(number)
            depth = indent
    return found


# Slips that are told where they are felt, which is another line than the one they were made on, and why.
FELT_ELSEWHERE = {
    "a term that reads a field, used without its row": "where it is used; in a rule per row the term is in order",
    "circular values": "at the first of the circle",
    "a fact renamed where it is declared": "at each place that still has the old name",
    "an unused term": "at what is idle; the line that read it may have been meant to go",
    "an unused amount": "at what is idle",
    "an unused field": "at what is idle",
    "a statement that nothing cites": "where the catalogue is named: no rule is the right one",
}


# Slips that say something else than the good policy, in a wrong way: what is mended says that in the right way.
OTHERWISE = {
    "an amount with a thousands point": "another amount",
    "a number operator on a date": "a day in the place of a deadline",
    "a number where a text is meant": "a year for a sentence",
    "a sentence with a comma in brackets": "a longer sentence",
    "an English yes as a label": "another label",
    "a sentence that begins with an apostrophe": "another sentence",
    "a sentence with a colon": "a longer sentence",
}


def told_lines(slip: Slip) -> list[int]:
    return [int(line) for line in re.findall(r"^[\w/]+\.yaml:(\d+):\d+: ", slip.says, re.MULTILINE)]


def placed_right(slip: Slip) -> bool:
    """Whether each fault is on a line that was changed; where lines were taken out, on the entry they lack from."""
    made = slip.made()
    numbers, _ = changed_lines(slip.good, made)
    matcher = difflib.SequenceMatcher(None, slip.good.split("\n"), made.split("\n"), autojunk=False)
    gone = [start for kind, _, _, start, end in matcher.get_opcodes() if kind == "delete"]
    homes = {line for start in [*gone, *(number - 1 for number in numbers)] for line in around(made, start)}
    return all(line in numbers or line in homes for line in told_lines(slip))


def names_the_remedy(slip: Slip) -> bool:
    """Whether what the help is said to name stands in the report, and in what the author should have written."""
    right = "\n".join(right for right, _ in slip.changes)
    helps = "\n".join(re.findall(r"^  help: (.*)$", slip.says, re.MULTILINE))
    return bool(slip.names) and f"`{slip.names}`" in helps and slip.names in right


@pytest.mark.parametrize("slip", TABLE, ids=lambda slip: slip.name)
def test_a_slip_is_mended_as_the_table_says(slip: Slip, desk: Path) -> None:
    """
    What is mended means what the good file means; what the table does not list is left alone.
    """
    path, made = Path(slip.file), slip.made()
    path.write_text(made, encoding="utf-8")
    done = mend(path, made)
    assert tuple(changed_lines(made, done.text)[1]) == slip.mended
    if slip.mended and slip.name not in SEVERAL:
        assert not [one for one in done.left if one.severity == "error"]
        if slip.file == GOOD.name:
            mended, good = check_file(path, done.text).policy, check_file(path, slip.good).policy
            assert mended is not None
            assert good is not None
            same = dataclasses.replace(mended, hash="") == dataclasses.replace(good, hash="")
            assert same == (slip.name not in OTHERWISE)
        else:
            assert parse(done.text)[0].data == parse(slip.good)[0].data  # type: ignore[union-attr]
    if slip.names:
        assert not slip.mended
        assert names_the_remedy(slip)


def test_every_slip_is_told_on_its_line_and_most_with_what_mends_it() -> None:
    assert {slip.name for slip in TABLE if not placed_right(slip)} == set(FELT_ELSEWHERE)
    right = [slip for slip in TABLE if slip.mended or slip.names]
    assert len(TABLE) >= 75
    assert len(right) >= 50, len(right)


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
    "claims": "claims",
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
