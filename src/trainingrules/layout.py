"""The order of the sections of a policy, and how its text is put in that order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from trainingrules.diagnostics import Diagnostic, Edit, Span
from trainingrules.document import Document

# From the head and what may be known, by names for things, to the rules and what no rule carries.
SECTIONS = (
    "language", "policy", "title", "edition", "in_force", "conventions", "statements", "parties",
    "facts", "contradictions", "readings", "amounts", "tables", "cycles", "terms", "values",
    "eligibility", "costs", "deadlines", "compliance", "conflicts", "notes", "claims",
)  # fmt: skip


def out_of_order(document: Document) -> Iterator[Diagnostic]:
    """
    A warning, at the first section that stands after one it belongs before; its edits put all in order.

    A section moves with the comments and blank lines above it. What stands above the first section, and the
    comments at the very end, stay where they are.
    """
    data = document.data if isinstance(document.data, dict) else {}
    names = [name for name in data if isinstance(name, str)]
    ranked = [name for name in names if name in SECTIONS]
    for index, name in enumerate(ranked):
        later = [other for other in ranked[:index] if SECTIONS.index(other) > SECTIONS.index(name)]
        if later:
            edits = _moved(document, names) if len(ranked) == len(data) else ()
            yield document.fault("section-order", f"section `{name}` belongs before `{later[0]}`", (name,), key=True,
                                 severity="warning", edits=edits,
                                 help="every policy has the same order, so that readers find their way")  # fmt: skip
            return


def _moved(document: Document, names: list[str]) -> tuple[Edit, ...]:
    """The edits that put the sections in order, each as a whole; none where two of them share a line."""
    keys = [document.keys[(name,)] for name in names]
    if any(key.column != 1 for key in keys) or any(one.line >= other.line for one, other in pairwise(keys)):
        return ()
    lines = list(document.lines)
    ended = lines[-1] == ""
    lines = lines[:-1] if ended else lines
    starts = [keys[0].line - 1, *(_start(lines, before.line, key.line - 1) for before, key in pairwise(keys))]
    ends = [*starts[1:], _end(lines, keys[-1].line)]
    parts = {name: lines[start:end] for name, start, end in zip(names, starts, ends, strict=True)}
    edits = []
    ordered = sorted(names, key=SECTIONS.index)
    for name, other, start, end in zip(names, ordered, starts, ends, strict=True):
        if name != other:
            last = end == len(lines) and not ended
            text = "\n".join(parts[other]) + ("" if last else "\n")
            span = Span(document.name, start + 1, 1, end if last else end + 1, len(lines[end - 1]) + 1 if last else 1)
            edits.append(Edit(span, text))
    return tuple(edits)


def _start(lines: list[str], least: int, key: int) -> int:
    """The line on which a section begins: its key, or the first of the blank lines and comments that lead to it."""
    start = key
    while start > least and _loose(lines[start - 1]):
        start -= 1
    # A comment right below what stands above, with a blank line after it, ends that.
    tail = start
    while tail < key and lines[tail].startswith("#"):
        tail += 1
    return tail if tail < key and not lines[tail].strip() else start


def _end(lines: list[str], least: int) -> int:
    """Past the last line of the last section: the comments and blank lines at the end of the text are nobody's."""
    end = len(lines)
    while end > least and _loose(lines[end - 1]):
        end -= 1
    return end


def _loose(line: str) -> bool:
    return not line.strip() or line.startswith("#")
