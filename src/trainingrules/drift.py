"""What has changed in a page since its sentences were recorded."""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from trainingrules.page import BLOCK, SEAM, Page
from trainingrules.splitting import Stretch, split
from trainingrules.wording import Fingerprint, Wording, alike, digest, fingerprint, wording


class State(Enum):
    """What became of a sentence that was recorded."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    MOVED = "moved"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Found:
    """A sentence that was recorded, counted from 0, and where it now stands."""

    index: int
    state: State
    stretch: Stretch | None


@dataclass(frozen=True, slots=True)
class New:
    """A sentence that was not recorded, and the recorded ones that it stands between."""

    stretch: Stretch
    after: int | None
    before: int | None


@dataclass(frozen=True, slots=True)
class Drift:
    """What became of every recorded sentence, in their order, and what is new.

    ``left_out`` are new sentences in the navigation, header or footer of a web page, where nothing was recorded.
    """

    found: tuple[Found, ...]
    new: tuple[New, ...]
    left_out: tuple[New, ...]

    @property
    def same(self) -> bool:
        """Whether the page still says what was recorded, in that order, and nothing else."""
        return not self.new and all(one.state is State.UNCHANGED for one in self.found)


# An edge of a match inside a sentence makes it less likely: as much as so many characters fewer.
_LOOSE_EDGE = 8
# Of 24 digits: alike enough at the same place, and anywhere.
_ALIKE_HERE, _ALIKE_ANYWHERE = 6, 12


def compare(recorded: Sequence[Fingerprint], page: Page) -> Drift:
    """
    Hold a page against the fingerprints of the sentences it had.

    A fingerprint knows how long its sentence is, so it is looked for at every word: where lines, items and
    sentences of the page end does not matter. What is not found is sought among what is left over.

    >>> from trainingrules.page import read_page
    >>> before, _ = read_page("Wie mag\\n\\nEen lid mag komen. Het kost € 40.".encode(), "before.txt")
    >>> after, _ = read_page("Wie mag. Een lid mag\\nkomen. Het kost € 45. Neem iets mee!".encode(), "after.txt")
    >>> drift = compare([mark for _, mark in marks(before)], after)
    >>> [one.state.value for one in drift.found], [after.text[one.stretch.start:one.stretch.end] for one in drift.new]
    (['unchanged', 'unchanged', 'changed'], ['Neem iets mee!'])
    """
    seen = _Seen(page)
    matches = _matches(recorded, seen.told)
    chain = _chain(recorded, matches, seen)
    known = {one.index for one in chain}
    moved = _moved(recorded, [one for one in matches if one.index not in known], chain, seen.told)
    pieces = _left(seen, [*chain, *moved])
    known |= {one.index for one in moved}
    lost = [index for index in range(len(recorded)) if index not in known]
    changed, pieces = _changed(recorded, lost, pieces, chain, seen.told)
    longer, pieces = _longer([*chain, *moved], pieces, seen)
    return _drift(page, len(recorded), seen.told, chain, moved, changed | longer, pieces)


def marks(page: Page) -> list[tuple[Stretch, Fingerprint]]:
    """Each sentence of a page, with its fingerprint."""
    return [(one, mark_of(page, one)) for one in split(page.text) if wording(page.text[one.start : one.end]).words]


def mark_of(page: Page, stretch: Stretch) -> Fingerprint:
    """The fingerprint of a part of a page."""
    return fingerprint(wording(page.text[stretch.start : stretch.end]).atoms)


# ------------------------------------------------------------------------------------- what is still there


class _Seen:
    """A page to search: its wording, for each word the number of its sentence, and which words are list marks."""

    def __init__(self, page: Page) -> None:
        self.told = wording(page.text)
        self.sentences: list[int | None] = []  # none for what stands before an item of a list
        for number, stretch in enumerate(split(page.text)):
            while len(self.sentences) < len(self.told.words):
                word = self.told.words[len(self.sentences)]
                if word.to > stretch.end:
                    break
                self.sentences.append(number if word.at >= stretch.start else None)
        self.sentences += [None] * (len(self.told.words) - len(self.sentences))
        self.list_marks = frozenset(_list_marks(self.told))


# A number or letter before an item of a list, or a bullet that is a letter or a sign.
_LIST_MARK = re.compile(r"(\d{1,2}|[a-z])[.)](?=\s)|[o+](?=\s)", re.IGNORECASE)
_BEFORE_MARK = re.compile(rf"(?:^|[\s•▪◦·‣●○■□►{SEAM}{BLOCK}])\(?\Z")
_CERTAIN_EDGE = re.compile(rf"[.!?:;…{BLOCK}]|\n\s*\n")
_FARTHEST_ITEM = 150  # words from one number of a list to the next


def _list_marks(told: Wording) -> Iterator[int]:
    """
    The words that only mark an item of a list, as `2.` or `b)`.

    A number can end a sentence too ("niveau 2."), so it must come after the end of one, be the first, or come
    after the number before it.
    """
    last, at, end = 0, 0, 0
    for number, word in enumerate(told.words):
        found = _LIST_MARK.match(told.text, word.at)
        before, end = told.text[end : word.at], word.to
        if found is None or found.end(1) not in (word.to, -1) or not (_BEFORE_MARK.search(before) or number == 0):
            continue
        if found[1] is None:
            if told.edge(number):
                yield number
            continue
        value = int(found[1]) if found[1].isdigit() else ord(found[1].lower()) - ord("a") + 1
        follows = value == last + 1 and number - at < _FARTHEST_ITEM and (last or told.edge(number))
        if number == 0 or follows or (value == 1 and told.edge(number)) or _CERTAIN_EDGE.search(before):
            last, at = value, number
            yield number


@dataclass(frozen=True, slots=True)
class _Match:
    """A recorded sentence found from one word of the page up to another."""

    index: int
    first: int
    past: int


def _matches(recorded: Sequence[Fingerprint], told: Wording) -> list[_Match]:
    sought: dict[int, dict[str, list[int]]] = {}
    for index, mark in enumerate(recorded):
        sought.setdefault(mark.length, {}).setdefault(mark.digest, []).append(index)
    ends = {word.end: number + 1 for number, word in enumerate(told.words)}
    found = []
    for first, word in enumerate(told.words):
        for length, digests in sought.items():
            past = ends.get(word.start + length)
            if past is not None:
                hashed = digest(told.atoms[word.start : word.start + length].encode())
                found += [_Match(index, first, past) for index in digests.get(hashed, ())]
    return found


@dataclass(frozen=True, slots=True)
class _Way:
    """The best row of matches that ends with this one."""

    worth: float
    match: _Match
    before: _Way | None


class _Best:
    """The best of what was put at an index or below it (a Fenwick tree)."""

    def __init__(self, size: int) -> None:
        self.tree: list[tuple[float, _Way] | None] = [None] * (size + 1)

    def put(self, index: int, worth: float, way: _Way) -> None:
        index += 1
        while index < len(self.tree):
            held = self.tree[index]
            if held is None or worth > held[0]:
                self.tree[index] = (worth, way)
            index += index & -index

    def below(self, index: int) -> tuple[float, _Way] | None:
        best = None
        while index > 0:
            held = self.tree[index]
            if held is not None and (best is None or held[0] > best[0]):
                best = held
            index -= index & -index
        return best


def _chain(recorded: Sequence[Fingerprint], matches: Sequence[_Match], seen: _Seen) -> list[_Match]:
    """
    The matches, in order and apart, that together explain most of the page.

    A short sentence stands by chance in many others, so an edge of a match must be one to the eye, or that of
    the next match; else it counts for less.
    """
    told, best = seen.told, _Best(len(recorded))
    ending: dict[int, list[_Way]] = {}
    done = 0
    top: tuple[float, _Way] | None = None
    for match in sorted(matches, key=lambda one: (one.first, one.past, one.index)):
        while done < match.first:
            done += 1
            for way in ending.get(done, ()):
                best.put(way.match.index, way.worth - _loose(told, done), way)
        worth, before = 0.0, None
        earlier = best.below(match.index)
        if earlier is not None and earlier[0] > 0:
            worth, before = earlier
        worth -= _loose(told, match.first)
        for way in _right_before(ending, match.first, seen):
            next_to = way.worth + (way.match.index + 1 == match.index)
            if way.match.index < match.index and next_to > worth:
                worth, before = next_to, way
        way = _Way(worth + recorded[match.index].length, match, before)
        ending.setdefault(match.past, []).append(way)
        final = way.worth - _loose(told, match.past)
        if final > 0 and (top is None or final > top[0]):
            top = (final, way)
    row: list[_Match] = []
    last = top[1] if top else None
    while last is not None:
        row.append(last.match)
        last = last.before
    return row[::-1]


def _loose(told: Wording, number: int) -> int:
    return 0 if told.edge(number) else _LOOSE_EDGE


def _right_before(ending: Mapping[int, list[_Way]], first: int, seen: _Seen) -> Iterator[_Way]:
    yield from ending.get(first, ())
    if first - 1 in seen.list_marks:
        yield from ending.get(first - 1, ())


def _moved(
    recorded: Sequence[Fingerprint], matches: Sequence[_Match], chain: Sequence[_Match], told: Wording
) -> list[_Match]:
    """Sentences that are still there, at another place; the longest first."""
    taken = {number for one in chain for number in range(one.first, one.past)}
    found: dict[int, _Match] = {}
    for one in sorted(matches, key=lambda one: (-recorded[one.index].length, one.first, one.index)):
        free = one.index not in found and taken.isdisjoint(range(one.first, one.past))
        if free and recorded[one.index].length > _loose(told, one.first) + _loose(told, one.past):
            found[one.index] = one
            taken |= set(range(one.first, one.past))
    return list(found.values())


# ------------------------------------------------------------------------------------------- what is left over


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of the page in which nothing was recognised, within one sentence of it."""

    first: int
    past: int
    mark: Fingerprint


def _left(seen: _Seen, known: Sequence[_Match]) -> list[_Piece]:
    taken = {number for one in known for number in range(one.first, one.past)}
    pieces: list[_Piece] = []
    run: list[int] = []
    for number in range(len(seen.told.words) + 1):
        free = number < len(seen.told.words) and number not in taken
        if run and (not free or seen.sentences[number] != seen.sentences[run[0]]):
            while run and run[0] in seen.list_marks:
                run.pop(0)
            while run and run[-1] in seen.list_marks:
                run.pop()
            pieces += [_piece_of(seen.told, run[0], run[-1] + 1)] if run else []
            run = []
        run += [number] if free else []
    return pieces


def _piece_of(told: Wording, first: int, past: int) -> _Piece:
    return _Piece(first, past, fingerprint(told.atoms[told.words[first].start : told.words[past - 1].end]))


def _changed(
    recorded: Sequence[Fingerprint],
    lost: Sequence[int],
    pieces: Sequence[_Piece],
    chain: Sequence[_Match],
    told: Wording,
) -> tuple[dict[int, _Piece], list[_Piece]]:
    """The recorded sentences that stand in other words, and the pieces that are none of them."""
    order, places = [one.index for one in chain], [one.first for one in chain]
    gaps: dict[int, tuple[list[int], list[_Piece]]] = {}
    for index in lost:
        gaps.setdefault(bisect.bisect(order, index), ([], []))[0].append(index)
    for piece in pieces:
        gaps.setdefault(bisect.bisect(places, piece.first), ([], []))[1].append(piece)
    changed: dict[int, _Piece] = {}
    for indexes, here in gaps.values():
        changed |= _paired(recorded, indexes, here)
    taken = set(changed.values())
    lost = [index for index in lost if index not in changed]
    rest = [piece for piece in pieces if piece not in taken]
    every = ((alike(recorded[index], piece.mark), index, piece) for index in lost for piece in rest)
    pairs = [pair for pair in every if pair[0] >= _ALIKE_ANYWHERE]
    for _, index, piece in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2].first)):
        if index not in changed and piece not in taken:
            changed[index] = piece
            taken.add(piece)
    rest = [piece for piece in pieces if piece not in taken]
    for index, piece in changed.items():
        changed[index] = _whole(recorded[index], piece, rest, told)
    return changed, rest


def _whole(recorded: Fingerprint, piece: _Piece, rest: list[_Piece], told: Wording) -> _Piece:
    """A changed sentence with what stands beside it, where it is more like it was with that: a line broke in it."""
    for other in [one for one in rest if one.past == piece.first or one.first == piece.past]:
        both = _piece_of(told, min(piece.first, other.first), max(piece.past, other.past))
        if alike(recorded, both.mark) > alike(recorded, piece.mark):
            piece = both
            rest.remove(other)
    return piece


def _longer(known: Sequence[_Match], pieces: Sequence[_Piece], seen: _Seen) -> tuple[dict[int, _Piece], list[_Piece]]:
    """Sentences that go on with words they had not, before or behind, and the pieces that are none of those."""
    begins, ends = {one.first: one for one in known}, {one.past: one for one in known}
    longer: dict[int, _Piece] = {}
    rest = []
    for piece in pieces:
        sentence = seen.sentences[piece.first]
        sides = [
            (ends.get(piece.first), piece.first - 1, piece.first),
            (begins.get(piece.past), piece.past, piece.past),
        ]
        joined = [
            (seen.told.edge(edge), one.index, one) for one, number, edge in sides
            if one is not None and sentence is not None and seen.sentences[number] == sentence
        ]  # fmt: skip
        if joined:
            _, index, one = min(joined)
            held = longer.get(index, one)
            longer[index] = _piece_of(seen.told, min(held.first, piece.first), max(held.past, piece.past))
        else:
            rest.append(piece)
    return longer, rest


def _paired(recorded: Sequence[Fingerprint], indexes: Sequence[int], pieces: Sequence[_Piece]) -> dict[int, _Piece]:
    """
    Between two sentences that are still there: who became what, in order, the most alike together.

    One sentence and one piece that are left between two of those belong together, however unlike they are.
    """
    best = [[0] * (len(pieces) + 1) for _ in range(len(indexes) + 1)]
    shared = [[alike(recorded[index], piece.mark) for piece in pieces] for index in indexes]
    for row in range(len(indexes) - 1, -1, -1):
        for column in range(len(pieces) - 1, -1, -1):
            kept = max(best[row + 1][column], best[row][column + 1])
            both = shared[row][column]
            best[row][column] = max(kept, best[row + 1][column + 1] + both if both >= _ALIKE_HERE else 0)
    found: dict[int, _Piece] = {}
    row = column = 0
    loose: tuple[list[int], list[_Piece]] = ([], [])
    while row < len(indexes) or column < len(pieces):
        if row < len(indexes) and best[row][column] == best[row + 1][column]:
            loose[0].append(indexes[row])
            row += 1
        elif column < len(pieces) and best[row][column] == best[row][column + 1]:
            loose[1].append(pieces[column])
            column += 1
        else:
            found |= _by_place(*loose)
            loose = ([], [])
            found[indexes[row]] = pieces[column]
            row, column = row + 1, column + 1
    return found | _by_place(*loose)


def _by_place(indexes: Sequence[int], pieces: Sequence[_Piece]) -> dict[int, _Piece]:
    return {indexes[0]: pieces[0]} if len(indexes) == len(pieces) == 1 else {}


# ------------------------------------------------------------------------------------------------ the outcome


def _drift(
    page: Page, count: int, told: Wording, chain: Sequence[_Match], moved: Sequence[_Match],
    changed: Mapping[int, _Piece], pieces: Sequence[_Piece],
) -> Drift:  # fmt: skip
    def stretch(one: _Match | _Piece) -> Stretch:
        return _shown(page.text, told.words[one.first].at, told.words[one.past - 1].to)

    found = {index: Found(index, State.GONE, None) for index in range(count)}
    found |= {one.index: Found(one.index, State.UNCHANGED, stretch(one)) for one in chain}
    found |= {one.index: Found(one.index, State.MOVED, stretch(one)) for one in moved}
    found |= {index: Found(index, State.CHANGED, stretch(piece)) for index, piece in changed.items()}
    places = sorted((one.stretch, one.index) for one in found.values() if one.stretch is not None)
    new = [_new(stretch(piece), places) for piece in pieces]
    outside = _outside(page, [place for place, _ in places])
    return Drift(
        tuple(found.values()),
        tuple(one for one in new if not outside(one.stretch)),
        tuple(one for one in new if outside(one.stretch)),
    )


def _shown(text: str, start: int, end: int) -> Stretch:
    """From a word up to another, with the marks that cling to them."""
    while start > 0 and text[start - 1] in "(\"'“‘„«<[*":
        start -= 1
    while end < len(text) and text[end] in ".,;:!?)…\"'”’»-–>]*":
        end += 1
    return Stretch(start, end)


def _new(stretch: Stretch, places: Sequence[tuple[Stretch, int]]) -> New:
    at = bisect.bisect(places, (stretch, -1))
    return New(stretch, places[at - 1][1] if at else None, places[at][1] if at < len(places) else None)


def _outside(page: Page, known: Sequence[Stretch]) -> Callable[[Stretch], bool]:
    """Whether a part of the page is in its navigation, header or footer, and no recorded sentence is there."""
    bare = [
        Stretch(*aside) for aside in page.asides
        if not any(aside[0] <= one.start < aside[1] for one in known)
    ]  # fmt: skip
    return lambda one: any(aside.start <= one.start < aside.end for aside in bare)


def recorded_anew(
    page: Page, recorded: Sequence[Fingerprint], drift: Drift
) -> list[tuple[Fingerprint, int | None, Stretch]]:
    """
    The fingerprints of a page as it is now, in its order: each with the index it was recorded under, if any.
    """
    rows = [
        (one.stretch, recorded[one.index] if one.state is not State.CHANGED else mark_of(page, one.stretch), one.index)
        for one in drift.found if one.stretch is not None
    ]  # fmt: skip
    every = [*rows, *((one.stretch, mark_of(page, one.stretch), None) for one in drift.new)]
    return [(mark, index, stretch) for stretch, mark, index in sorted(every, key=lambda row: row[0])]
