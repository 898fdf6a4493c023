"""Faults in the notations of programs that show them: plain data, GitHub's workflow commands, and SARIF."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from trainingrules.codes import CODES
from trainingrules.diagnostics import Diagnostic, Span

_SARIF = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def plain(fault: Diagnostic) -> dict[str, Any]:
    """A fault as plain data, with the edits that mend it."""
    span = fault.span
    return {
        "code": fault.code, "severity": fault.severity, "message": fault.message, "help": fault.help,
        "file": span.file if span else None,
        "line": span.line if span else None, "column": span.column if span else None,
        "end_line": span.end_line if span else None, "end_column": span.end_column if span else None,
        "edits": [
            {"line": edit.span.line, "column": edit.span.column, "end_line": edit.span.end_line,
             "end_column": edit.span.end_column, "text": edit.text}
            for edit in fault.edits
        ],
    }  # fmt: skip


# --- GitHub ---


def github(fault: Diagnostic) -> str:
    """
    A fault as a command to GitHub's runner, which shows it beside the line.

    >>> github(Diagnostic("twice", "listed twice", Span("a,b.yaml", 2, 8, 2, 12), "100% sure?"))
    '::error file=a%2Cb.yaml,line=2,endLine=2,col=8,endColumn=12,title=twice::listed twice%0A100%25 sure?'
    """
    places: dict[str, object] = {}
    if span := fault.span:
        places = {"file": _slashed(span.file), "line": span.line, "endLine": span.end_line}
        if span.line == span.end_line:  # the runner refuses columns on different lines
            places |= {"col": span.column, "endColumn": max(span.column, span.end_column)}
    places["title"] = fault.code
    told = ",".join(f"{key}={_property(str(value))}" for key, value in places.items())
    message = fault.message + (f"\n{fault.help}" if fault.help else "")
    return f"::{fault.severity} {told}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _slashed(file: str) -> str:
    return file.replace(os.sep, "/")


# --- SARIF ---


def sarif(faults: Sequence[Diagnostic], version: str) -> dict[str, Any]:
    """
    Faults as a log of SARIF 2.1.0, with what each code means and how each fault is mended.

    >>> log = sarif([Diagnostic("twice", "the same is listed twice", Span("p.yaml", 1, 1, 1, 2))], "1.0")
    >>> log["runs"][0]["results"][0]["ruleId"]
    'twice'
    """
    used = sorted({fault.code for fault in faults})
    driver = {"name": "trainingrules", "version": version, "rules": [_rule(code) for code in used]}
    results = [_result(fault, used.index(fault.code)) for fault in faults]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": _SARIF, "version": "2.1.0", "runs": [run]}


def _rule(code: str) -> dict[str, Any]:
    page = CODES.get(code)
    if page is None:  # a fault of a program that builds on this one
        return {"id": code}
    shown = [(word, text) for word, text in (("Wrong", page.wrong), ("Right", page.right)) if text]
    parts = [page.means.en, *(f"{word}:\n\n{text}" for word, text in shown), page.mend.en]
    fenced = [page.means.en, *(f"{word}:\n\n```\n{text}\n```" for word, text in shown), page.mend.en]
    return {
        "id": code,
        "shortDescription": {"text": page.title.en},
        "fullDescription": {"text": page.means.en},
        "help": {"text": "\n\n".join(parts), "markdown": "\n\n".join(fenced)},
    }


def _result(fault: Diagnostic, rule: int) -> dict[str, Any]:
    text = fault.message + (f"; {fault.help}" if fault.help else "")
    result: dict[str, Any] = {
        "ruleId": fault.code, "ruleIndex": rule, "level": fault.severity, "message": {"text": text}}  # fmt: skip
    if fault.span:
        place = {"artifactLocation": _artifact(fault.span.file), "region": _region(fault.span)}
        result["locations"] = [{"physicalLocation": place}]
    if fault.edits:
        changes = [
            {"artifactLocation": _artifact(file), "replacements": [
                {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}
                for edit in fault.edits if edit.span.file == file]}
            for file in _files(fault)
        ]  # fmt: skip
        result["fixes"] = [{"description": {"text": fault.help or fault.message}, "artifactChanges": changes}]
    return result


def _files(fault: Diagnostic) -> Iterable[str]:
    return dict.fromkeys(edit.span.file for edit in fault.edits)


def _artifact(file: str) -> dict[str, str]:
    path = Path(file)
    return {"uri": path.as_uri() if path.is_absolute() else quote(_slashed(file), safe="/!$&'()*+,;=@~-._")}


def _region(span: Span) -> dict[str, int]:
    return {"startLine": span.line, "startColumn": span.column, "endLine": span.end_line, "endColumn": span.end_column}
