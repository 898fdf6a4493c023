"""The facts that a command is given: a file, and texts such as `experience='3 years'`."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from trainingrules.diagnostics import Diagnostic, FactError, Span
from trainingrules.document import Document
from trainingrules.document import Path as Place
from trainingrules.facts import Facts, parse_facts
from trainingrules.policy import Policy
from trainingrules.source import LIMITS, Reading, parse, read_file, read_json

# `name=value`, or `name[row]=value` for one row or round of a fact that is known per row or round.
_GIVEN = re.compile(r"(?P<name>[^=\[\]\s]+)(?:\[(?P<key>[^=\[\]\s]+)\])?=(?P<value>.*)")
TEXTS = "-f"


def facts_of(policy: Policy, file: str | None, texts: Sequence[str]) -> Facts:
    """
    The facts of a file (`-` is standard input) and of texts together.

    Raises:
        FactError: with every fault in either, and every fact that is given twice.
    """
    documents: list[Document] = []
    faults: list[Diagnostic] = []
    for document, found in (_file(file), _texts(texts)):
        faults += found
        if document is not None:
            documents.append(document)
    merged = Facts()
    given: dict[str, Document] = {}
    for document in documents:
        told = {fault.span for fault in faults}
        facts, found = parse_facts(policy, document)
        faults += [fault for fault in found if fault.span not in told]
        for name in document.data if isinstance(document.data, dict) else ():
            if name in given:
                place = given[name].span((name,), key=True)
                faults.append(document.fault("given-twice", f"fact `{name}` is given twice", (name,), key=True,
                                             help=f"it is also given at {place}: leave one of them out"))  # fmt: skip
            given[str(name)] = document
        merged = Facts({**merged.one, **facts.one}, {**merged.per, **facts.per}, {**merged.rows, **facts.rows})
    if faults:
        raise FactError(faults)
    return merged


def _file(file: str | None) -> Reading:
    if file is None:
        return None, []
    document, faults = _stdin() if file == "-" else read_file(Path(file))
    if [fault.code for fault in faults] == ["empty-text"]:
        return None, []  # a template in which nothing has been filled in yet
    return document, faults


def _stdin() -> Reading:
    data = sys.stdin.buffer.read(LIMITS.size + 1) if sys.stdin is not None else b""
    document, faults = parse(data, "<stdin>")
    if faults and data.lstrip().startswith(b"{"):
        other, wrong = read_json(data, "<stdin>")
        if other is not None and not wrong:
            return other, []
    return document, faults


def _texts(texts: Sequence[str]) -> Reading:
    """The texts as one document, each a line of it, so that faults are shown where they were typed."""
    data: dict[str | int, Any] = {}
    keys: dict[Place, Span] = {}
    values: dict[Place, Span] = {}
    faults: list[Diagnostic] = []
    lines = tuple(" ".join(text.split("\n")) for text in texts)
    for number, text in enumerate(lines, 1):
        whole = Span(TEXTS, number, 1, number, len(text) + 1)
        found = _GIVEN.fullmatch(text)
        if found is None:
            faults.append(Diagnostic("no-fact", f"`{text}` does not give a fact", whole,
                                     "write name=value, as in -f experience='3 years'", line_text=text))  # fmt: skip
            continue
        at: Place = (found["name"],) if found["key"] is None else (found["name"], _key(found["key"]))
        name = Span(TEXTS, number, 1, number, found.start("value"))
        value, wrong = _value(found["value"], number, found.start("value"), text)
        faults += wrong
        if at in keys or (at[0],) in values or (len(at) == 1 and at[0] in data):
            faults.append(Diagnostic("given-twice", f"fact `{text[: found.start('value') - 1]}` is given twice", name,
                                     "leave one of them out", line_text=text))  # fmt: skip
            continue
        if value is None:
            continue
        keys[at] = name
        keys.setdefault(at[:1], name)
        values |= {(*at, *path): _moved(span, number, found.start("value")) for path, span in value.values.items()}
        keys |= {(*at, *path): _moved(span, number, found.start("value")) for path, span in value.keys.items()}
        if len(at) == 1:
            data[at[0]] = value.data
        else:
            data.setdefault(at[0], {})[at[1]] = value.data
    return (Document(data, TEXTS, lines, keys, values) if data else None), faults


def _key(text: str) -> str | int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 and text[0] != "0" else text


def _value(text: str, number: int, column: int, line: str) -> Reading:
    value, faults = parse(text, TEXTS)
    return value, [
        replace(fault, span=_moved(fault.span, number, column), line_text=line) if fault.span else fault
        for fault in faults
    ]


def _moved(span: Span, number: int, by: int) -> Span:
    return Span(TEXTS, number, span.column + by, number, span.end_column + by)
