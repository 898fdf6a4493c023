"""Faults mended in the text: edits applied, and kept only where nothing else goes wrong by them."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from trainingrules.diagnostics import Diagnostic, Edit, Span

# A mending may bring to light what it hid; so mending is repeated, but not for ever.
MOST_ROUNDS = 20
# Where all at once is not right, each is tried alone, this many of them.
MOST_TRIED = 50
# How many slips on one line hide each other.
DEEPEST = 4
_BOM = "\ufeff"

Check = Callable[[str], Sequence[Diagnostic]]


@dataclass(frozen=True, slots=True)
class Mended:
    """A text after mending: what it has become, the faults that are gone by it, and those that are left."""

    text: str
    fixed: tuple[Diagnostic, ...]
    left: tuple[Diagnostic, ...]


def applied(text: str, edits: Iterable[Edit]) -> str:
    """
    A text with edits applied, from its end to its beginning; all else stays as it is, byte for byte.

    Lines and columns are those of the text as it is read: without a byte order mark, and with one character at the
    end of each line. New lines end as those of the text do.

    >>> applied("age: yes\\r\\n", [Edit(Span("p.yaml", 1, 6, 1, 9), "true")])
    'age: true\\r\\n'

    Raises:
        ValueError: two edits overlap, or one lies outside the text.
    """
    first = len(_BOM) if text.startswith(_BOM) else 0
    starts = [first, *(index + 1 for index, character in enumerate(text) if character == "\n")]
    newline = "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"
    places = sorted({(_offset(edit.span, starts, end=False), _offset(edit.span, starts, end=True), edit.text)
                     for edit in edits}, reverse=True)  # fmt: skip
    before = len(text)
    for start, end, new in places:
        if not start <= end <= before:
            raise ValueError("two edits overlap, or one lies outside the text")
        before = start
        text = text[:start] + new.replace("\n", newline) + text[end:]
    return text


def _offset(span: Span, starts: list[int], *, end: bool) -> int:
    line, column = (span.end_line, span.end_column) if end else (span.line, span.column)
    if not 1 <= line <= len(starts):
        raise ValueError("an edit lies outside the text")
    return starts[line - 1] + column - 1


def mended(text: str, check: Check, file: str) -> Mended:
    """
    The text of a file with all that can safely be mended mended; ``check`` gives the faults of a text.

    A mending is kept when its fault is gone and no new error stands on a line that it changed. What could not be
    seen before, because the text could not be read so far, is no new error. Mending what was mended changes nothing.
    """
    left = tuple(check(text))
    fixed: list[Diagnostic] = []
    for _ in range(MOST_ROUNDS):
        found = _round(text, left, check, file)
        if found is None:
            break
        text, left = found.text, found.left
        fixed += found.fixed
    return Mended(text, tuple(fixed), left)


def _round(text: str, left: Sequence[Diagnostic], check: Check, file: str) -> Mended | None:
    """The text with as many faults mended as go together, or nothing when none can be."""
    able = [one for one in left if one.edits and all(edit.span.file == file for edit in one.edits)]
    together = _apart(able)
    if not together:
        return None
    if whole := _tried(text, together, left, check):
        return whole
    alone = [one for one in able[:MOST_TRIED] if _tried(text, [one], left, check)]
    if not alone:
        return None
    return _tried(text, _apart(alone), left, check) or _tried(text, alone[:1], left, check)


def _apart(faults: Sequence[Diagnostic]) -> list[Diagnostic]:
    """As many of the faults, the first ones first, as have edits that do not touch each other."""
    kept: list[Diagnostic] = []
    taken: list[tuple[tuple[int, int], tuple[int, int]]] = []
    for fault in faults:
        spans = [((edit.span.line, edit.span.column), (edit.span.end_line, edit.span.end_column))
                 for edit in fault.edits]  # fmt: skip
        if all(end < start or other_end < begin for begin, end in spans for start, other_end in taken):
            kept.append(fault)
            taken += spans
    return kept


def _tried(
    text: str, faults: Sequence[Diagnostic], before: Sequence[Diagnostic], check: Check, deeper: int = DEEPEST
) -> Mended | None:
    """The text with these faults mended, unless one of them is still there or another takes its place."""
    try:
        new = applied(text, (edit for fault in faults for edit in fault.edits))
    except ValueError:
        return None
    if new == text:
        return None
    after = tuple(check(new))
    left, gone = Counter(map(_told, after)), Counter(map(_told, faults))
    had = Counter(map(_told, before))
    if any(left[one] > had[one] - gone[one] for one in gone):
        return None
    fresh = _fresh(text, new, before, after)
    if not fresh:
        return Mended(new, tuple(faults), after)
    # A second slip on the same line, which the first one hid.
    if not deeper or not all(one.edits for one in fresh):
        return None
    further = _tried(new, _apart(fresh), after, check, deeper - 1)
    if further is None or _fresh(text, further.text, before, further.left):
        return None
    return Mended(further.text, (*faults, *further.fixed), further.left)


def _fresh(old: str, new: str, before: Sequence[Diagnostic], after: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The errors that were not there before, on a line that was changed."""
    had, have = Counter(map(_told, before)), Counter(map(_told, after))
    changed = _changed(old, new)

    def near(one: Diagnostic) -> bool:
        if one.span is None:
            return True
        beside = int(one.code in ("syntax", "indentation"))  # a line out of line is blamed on its neighbour
        return not changed.isdisjoint(range(one.span.line - beside, one.span.end_line + beside + 1))

    return [one for one in after if one.severity == "error" and have[_told(one)] > had[_told(one)] and near(one)]


def _told(fault: Diagnostic) -> tuple[str, str, str]:
    """What is said of a fault, wherever it stands: lines move."""
    return fault.code, fault.message, fault.span.file if fault.span else ""


def _changed(old: str, new: str) -> set[int]:
    """The lines of the new text that are not those of the old one."""
    matcher = difflib.SequenceMatcher(None, old.split("\n"), new.split("\n"), autojunk=False)
    return {
        line
        for kind, _, _, start, end in matcher.get_opcodes()
        if kind != "equal"
        for line in range(start + 1, end + 1)
    }


def difference(old: str, new: str, name: str) -> str:
    """
    The change of a file as a unified diff, in which a missing new line at the end is told.

    >>> print(difference("a: yes\\n", "a: true\\n", "p.yaml"), end="")
    --- p.yaml
    +++ p.yaml
    @@ -1 +1 @@
    -a: yes
    +a: true
    """
    lines = difflib.unified_diff(_lines(old), _lines(new), name, name)
    shown = (line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
    return "".join(shown)


def _lines(text: str) -> list[str]:
    """The lines with their ends, cut at line feeds only, as an editor shows them."""
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])
