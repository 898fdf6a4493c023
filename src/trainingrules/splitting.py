"""A page cut into its sentences, headings and list items."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from trainingrules.page import BLOCK, SEAM


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """A part of a text, from one offset until another."""

    start: int
    end: int


# What stands before an item of a list.
_MARK = re.compile(
    r"\s*(?:[•▪◦·‣●○■□►✓✔*]+\s*|[-–—]+(?:\s+|(?=[^\W\d_]))|[+o]\s+|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s+)"
)
_CLOSING = "\"'”’»)]" + SEAM
_OPENING = "\"'“”‘’„«([" + SEAM
_STOP = re.compile(rf"(?<![.!?…])[.!?…]+[{re.escape(_CLOSING)}]*(?=\s)")
_AFTER = re.compile(rf"\s+[{re.escape(_OPENING)}]*(.)", re.DOTALL)
_LONGEST_WORD = 40  # of those whose full stop may end nothing
_ENDED = re.compile(rf"[.!?:;…][{re.escape(_CLOSING)}\s]*\Z")
# Nothing ends at these, whatever follows.
_ABBREVIATED = frozenset(
    "a.s art b.v bijv blz bv ca d.w.z dhr dr drs e.v evt excl i.h.k.v i.p.v i.v.m incl ing ir jl m.a.w m.b.t m.b.v"
    " m.i.v max mevr min mr mw n.a.v niv nl nr o.a o.b.v o.g.v p.p prof resp sr st t.a.v t.b.v t.o.v tel vgl"
    " zgn".split()
)
# A line shorter than this, or than this part of a long line of the page, was not broken because the page ends there.
_FULL_LINE, _FULL_PART = 40, 0.6


def split(text: str) -> list[Stretch]:
    """
    The sentences of a text, in order; list marks before them belong to none.

    >>> text = "Wie mag\\n1. De aanvrager is 18 jaar.\\n2. Zie b.v. Artikel 3! En dan?"
    >>> [text[one.start : one.end] for one in split(text)]
    ['Wie mag', 'De aanvrager is 18 jaar.', 'Zie b.v. Artikel 3!', 'En dan?']
    """
    lines = list(_lines(text))
    full = _full_line(text, lines)
    found: list[Stretch] = []
    paragraph: _Line | None = None
    for line in lines:
        if paragraph is not None and _goes_on(text, paragraph, line, full):
            paragraph = _Line(paragraph.start, line.end, line.begin, False, False, paragraph.marked)
            continue
        found += _sentences(text, paragraph) if paragraph else ()
        paragraph = line
    return [*found, *(_sentences(text, paragraph) if paragraph else ())]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is not blank, without the mark and the space around it; a paragraph's last begins at ``begin``."""

    start: int
    end: int
    begin: int
    apart: bool  # whether a blank line stands before it
    block: bool  # whether it begins a block of a web page
    marked: bool  # whether a list mark stands before it


def _lines(text: str) -> Iterator[_Line]:
    apart = block = False
    start = 0
    for end in (*(found.start() for found in re.finditer(f"[\n{BLOCK}]", text)), len(text)):
        mark = _MARK.match(text, start, end)
        begin = mark.end() if mark and mark.end() < end else start
        while begin < end and (text[begin].isspace() or text[begin] == SEAM):
            begin += 1
        last = end
        while last > begin and (text[last - 1].isspace() or text[last - 1] == SEAM):
            last -= 1
        if begin < last:
            yield _Line(begin, last, begin, apart, block, mark is not None)
            apart = block = False
        else:
            apart = True
        block = block or text[end : end + 1] == BLOCK
        start = end + 1


def _full_line(text: str, lines: Sequence[_Line]) -> float:
    """From how many characters on a line was broken because the page ends there; none is, if it is endless.

    In a page of hard lines most full ones that do not end a sentence are followed by a small letter.
    """
    lengths = sorted(line.end - line.begin for line in lines)
    full = min(_FULL_LINE, _FULL_PART * lengths[len(lengths) * 4 // 5]) if lengths else 0
    pairs = [
        text[after.start].islower()
        for before, after in pairwise(lines)
        if before.end - before.start >= full
        and not (after.block or after.marked or _ENDED.search(text, before.begin, before.end))
    ]
    return full if len(pairs) >= 3 and 2 * sum(pairs) > len(pairs) else math.inf


def _goes_on(text: str, before: _Line, line: _Line, full: float) -> bool:
    """Whether a line goes on with the sentence of the line before it."""
    if line.block or line.marked:
        return False
    if _ENDED.search(text, before.begin, before.end):
        return not line.apart and text[before.end - 1] == "." and text[line.start].islower()
    if text[line.start].islower():
        return not line.apart or full < math.inf
    return before.end - before.begin >= full


def _sentences(text: str, line: _Line) -> Iterator[Stretch]:
    start = line.start
    for stop in _STOP.finditer(text, line.start, line.end):
        after = _AFTER.match(text, stop.end(), line.end)
        if after is None or not (after[1].isupper() or after[0].lstrip()[0] in "\"“‘'„«"):
            continue
        last = re.split(r"[\s(]", text[max(start, stop.start() - _LONGEST_WORD) : stop.start()])[-1]
        if stop[0] == "." and (last.lower() in _ABBREVIATED or (len(last) == 1 and last.isupper())):
            continue
        yield Stretch(start, stop.end())
        start = after.start() + len(after[0]) - len(after[0].lstrip())
    if start < line.end:
        yield Stretch(start, line.end)
