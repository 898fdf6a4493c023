"""Faults for other programs: what GitHub's runner and readers of SARIF take, and nothing that trips them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainingrules.codes import CODES
from trainingrules.diagnostics import Diagnostic, Edit, Span
from trainingrules.reporting import github, plain, sarif

# The parts of the schema of SARIF 2.1.0 (OASIS) that are used, written over by hand: what each object may and must
# have. No other properties are allowed there either.
TEXT = {"type": "string"}
NUMBER = {"type": "integer", "minimum": 1}


def closed(required: tuple[str, ...] = (), **properties: dict) -> dict:
    return {"type": "object", "required": list(required), "additionalProperties": False, "properties": properties}


def several(items: dict, least: int = 0) -> dict:
    return {"type": "array", "minItems": least, "items": items}


WORDS = closed(("text",), text=TEXT, markdown=TEXT)
MESSAGE = {**closed((), text=TEXT, markdown=TEXT, id=TEXT), "minProperties": 1}
ARTIFACT = closed((), uri={"type": "string", "pattern": r"^[A-Za-z0-9%/!$&'()*+,;=:@~._-]+$"})
REGION = closed((), startLine=NUMBER, startColumn=NUMBER, endLine=NUMBER, endColumn=NUMBER)
REPLACEMENT = closed(("deletedRegion",), deletedRegion=REGION, insertedContent=closed((), text=TEXT))
CHANGE = closed(("artifactLocation", "replacements"), artifactLocation=ARTIFACT, replacements=several(REPLACEMENT, 1))
FIX = closed(("artifactChanges",), description=MESSAGE, artifactChanges=several(CHANGE, 1))
PLACE = closed(("artifactLocation",), artifactLocation=ARTIFACT, region=REGION)
RESULT = closed(
    ("message",), ruleId=TEXT, ruleIndex={"type": "integer", "minimum": -1}, message=MESSAGE, fixes=several(FIX),
    level={"enum": ["none", "note", "warning", "error"]}, locations=several(closed((), physicalLocation=PLACE)),
)  # fmt: skip
RULE = closed(("id",), id=TEXT, shortDescription=WORDS, fullDescription=WORDS, help=WORDS)
DRIVER = closed(("name",), name=TEXT, version=TEXT, rules=several(RULE))
RUN = closed(
    ("tool",), tool=closed(("driver",), driver=DRIVER), results=several(RESULT),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
)  # fmt: skip
LOG = closed(("version", "runs"), **{"$schema": TEXT}, version={"enum": ["2.1.0"]}, runs=several(RUN))

SPAN = Span("policies/a b,c.yaml", 3, 5, 3, 9)
FAULT = Diagnostic("unknown-fact", "fact `agee` is not declared", SPAN, "did you mean `age`?",
                   edits=(Edit(SPAN, "age"),))  # fmt: skip

spans = st.builds(lambda file, line, column, lines, wide: Span(file, line, column, line + lines, column + wide),
                  st.text(alphabet="a é,:%#?[]\n/€", min_size=1, max_size=12), *[st.integers(1, 99)] * 2,
                  *[st.integers(0, 5)] * 2)  # fmt: skip
edits = st.lists(st.builds(Edit, spans, st.text(max_size=9)), max_size=2).map(tuple)
faults = st.builds(
    Diagnostic, st.sampled_from(sorted(CODES)), st.text(max_size=30), st.none() | spans, st.text(max_size=20),
    st.sampled_from(["error", "warning"]), edits=edits,
)  # fmt: skip


@given(st.lists(faults, max_size=5))
def test_a_log_of_any_faults_is_sarif(found: list[Diagnostic]) -> None:
    log = json.loads(json.dumps(sarif(found, "1.2.3")))
    jsonschema.Draft202012Validator(LOG).validate(log)
    [run] = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted({fault.code for fault in found})
    assert len(run["results"]) == len(found)
    for fault, result in zip(found, run["results"], strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == fault.code
        assert result["level"] == fault.severity


def test_a_result_of_sarif_says_where_what_and_how_it_is_mended() -> None:
    log: Any = sarif([FAULT], "1.2.3")
    [result] = log["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "policies/a%20b,c.yaml"},
                     "region": {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 9}}  # fmt: skip
    assert result["message"]["text"] == "fact `agee` is not declared; did you mean `age`?"
    [change] = result["fixes"][0]["artifactChanges"]
    assert change["replacements"] == [{"deletedRegion": place["region"], "insertedContent": {"text": "age"}}]
    [rule] = log["runs"][0]["tool"]["driver"]["rules"]
    assert CODES["unknown-fact"].mend.en in rule["help"]["text"]
    assert "```" in rule["help"]["markdown"]


def test_a_file_elsewhere_has_a_whole_address() -> None:
    fault = Diagnostic("twice", "twice", Span(str(Path("/a b/c.yaml")), 1, 1, 1, 2))
    log: Any = sarif([fault], "1")
    assert log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].startswith(
        "file:///"
    )


COMMAND = re.compile(r"::(error|warning) ([^:]*)::(.*)")


def unescaped(text: str) -> str:
    return unquote(text, errors="strict")


@given(faults)
def test_a_command_to_github_is_one_line_and_nothing_of_it_is_lost(fault: Diagnostic) -> None:
    line = github(fault)
    assert "\n" not in line
    assert "\r" not in line
    found = COMMAND.fullmatch(line)
    assert found
    said = dict(part.split("=", 1) for part in found[2].split(","))
    assert unescaped(said["title"]) == fault.code
    if fault.span:
        assert unescaped(said["file"]) == fault.span.file
        assert said["line"] == str(fault.span.line)
        # The runner takes columns only of one line, and an end that is not before its start.
        assert ("col" in said) == (fault.span.line == fault.span.end_line)
        assert int(said.get("endColumn", 1)) >= int(said.get("col", 1))
    told = fault.message + (f"\n{fault.help}" if fault.help else "")
    assert found[3].replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%") == told


@pytest.mark.parametrize("fault", [FAULT, Diagnostic("no-policy", "there is none")])
def test_plain_data_of_a_fault_holds_all_of_it(fault: Diagnostic) -> None:
    told = json.loads(json.dumps(plain(fault)))
    assert (told["code"], told["message"], told["help"], told["severity"]) == (
        fault.code, fault.message, fault.help, fault.severity)  # fmt: skip
    assert (told["line"], told["end_column"]) == ((3, 9) if fault.span else (None, None))
    assert [edit["text"] for edit in told["edits"]] == [edit.text for edit in fault.edits]
