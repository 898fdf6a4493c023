"""What a text says, without its layout: the characters that carry meaning, and fingerprints of runs of them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass

# Symbols that are read aloud. All others are marks of layout: bullets, arrows, ticks, quotes, Markdown.
_SPOKEN = frozenset("%‰€$£¥&+=@§°±×÷≤≥")
_COMPARED = frozenset("<>")  # read aloud before a number, and else brackets or the mark of a quotation
_PAUSES = frozenset(",()/")
_DASHES = frozenset("-\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}")
_MINUSES = ("-", "\N{MINUS SIGN}")
_QUOTES = frozenset("\N{ACUTE ACCENT}\N{GRAVE ACCENT}\N{MODIFIER LETTER APOSTROPHE}\N{DIAERESIS}")
_ROUND_SUM = re.compile(r"(?<=\d)[.,][-\u2010-\u2015\u2212=]+(?!\s?\d)")  # `65,-`
_BEFORE_NUMBER = re.compile(r"\s*+(?:[€$£]\s*+)?\d")
# The edge of a sentence, a line or a cell.
_EDGE = re.compile(r"[\n\t\u2029\u2028.!?:;…•▪◦·‣●○■□►–—*|]|\s-\s")


@dataclass(frozen=True, slots=True)
class Word:
    """A run of letters and digits: its place among the characters that count, and in the text."""

    start: int
    end: int
    at: int
    to: int


@dataclass(frozen=True, slots=True)
class Wording:
    """The characters of a text that count, in a row, and the words among them.

    Spaces, line ends, hyphens, quotes, capitals and the marks that end a sentence do not count, so neither do
    wrapping, hyphenation and list marks. A space or a dash counts between two digits, a minus before a number, a
    comma and a bracket within a sentence, and every letter, digit, sign and accent always.

    >>> wording("De cursus kost\\n  € 65,- p.p., (zelf-\\nstandig) of niet.").atoms
    'decursuskost€65pp,(zelfstandig)ofniet'
    >>> wording("1,5 tot 2 – 4 uur").atoms, wording("24 uur").atoms
    ('1,5tot2-4uur', '24uur')
    >>> wording("Bij -5 graden niet, bij\\n- 5 graden of een niveau-4-diploma wel").atoms
    'bij-5gradenniet,bij5gradenofeenniveau4diplomawel'
    """

    text: str
    atoms: str
    words: tuple[Word, ...]

    def __repr__(self) -> str:
        return f"<Wording of {len(self.words)} words>"

    def edge(self, index: int) -> bool:
        """Whether something ends before a word and begins with it, to the eye: a line, a sentence, a cell."""
        if index in (0, len(self.words)):
            return True
        return _EDGE.search(self.text, self.words[index - 1].to, self.words[index].at) is not None


def wording(text: str) -> Wording:
    """What a text says, without its layout."""
    text = _ROUND_SUM.sub(lambda found: " " * len(found[0]), text)
    atoms: list[str] = []
    words: list[Word] = []
    start = at = -1  # of the word at hand
    end = 0  # in the text, of the last word
    for index, character in enumerate(text):
        spoken = _spoken(character, text, index)
        if spoken and start < 0:
            atoms += _between(text[end:index], atoms, spoken) if words else ()
            start, at = len(atoms), index
        elif not spoken and start >= 0:
            words.append(Word(start, len(atoms), at, index))
            start, end = -1, index
        if spoken:
            if unicodedata.category(character) == "No" and atoms and atoms[-1].isdigit():
                atoms.append(" ")  # 10² is not 102, and 1½ not 11/2
            atoms += spoken
    if start >= 0:
        words.append(Word(start, len(atoms), at, len(text)))
    return Wording(text, "".join(atoms), tuple(words))


def _spoken(character: str, text: str, index: int) -> str:
    """What counts of a character: nothing, itself, or several."""
    if character.isascii():
        if character.isalnum():
            return character.lower()
        if character in _COMPARED:
            return character if _BEFORE_NUMBER.match(text, index + 1) else ""
        return character if character in _SPOKEN else ""
    if character in _QUOTES:
        return ""
    plain = unicodedata.normalize("NFKC", character).replace("\N{FRACTION SLASH}", "/").casefold()
    kept = (one for one in plain if one.isalnum() or unicodedata.category(one)[0] == "M" or one in _SPOKEN | {"/"})
    return "".join(kept)


def _between(gap: str, before: list[str], after: str) -> str:
    """What counts of that which stands between two words."""
    numbers = before[-1].isdigit() and after[0].isdigit()
    if numbers and gap in (".", ":", "'", "\N{RIGHT SINGLE QUOTATION MARK}"):
        return "'" if gap in "'\N{RIGHT SINGLE QUOTATION MARK}" else gap
    pauses = "".join(one for one in gap if one in _PAUSES)
    if (numbers and any(one in _DASHES for one in gap)) or (after[0].isdigit() and _minus(gap, before[-1])):
        return pauses + "-"
    return pauses + (" " if numbers and any(one.isspace() for one in gap) else "")


def _minus(gap: str, before: str) -> bool:
    """Whether what stands before a number ends in a minus: one at the head of a line marks an item of a list."""
    if not gap.endswith(_MINUSES):
        return False
    return before in "€$£" if len(gap) == 1 else gap[-2] in " \N{NO-BREAK SPACE}" and "\n" not in gap


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a sentence is recognised by: how long it is, a hash of it, and a sketch that alike sentences share.

    The sentence cannot be had back from it. Of the 24 digits of the sketch two sentences share about as large
    a part as they share of their runs of five characters.

    >>> mark = fingerprint(wording("De cursus kost € 65,-.").atoms)
    >>> mark == fingerprint(wording("de cursus  kost\\n€65").atoms)
    True
    >>> str(mark)
    '15-9df5c33c5e481d48-581e8beac85a4606c7ca49d0'
    """

    length: int
    digest: str
    sketch: str

    def __str__(self) -> str:
        return f"{self.length}-{self.digest}-{self.sketch}"


FINGERPRINT_PATTERN = r"^[1-9][0-9]{0,5}-[0-9a-f]{16}-[0-9a-f]{24}$"
_SLOTS, _RUN = 24, 5


def digest(atoms: bytes) -> str:
    """The hash of a run of characters, by which it is recognised."""
    return hashlib.sha256(atoms).hexdigest()[:16]


def fingerprint(atoms: str) -> Fingerprint:
    """The fingerprint of a run of characters that count."""
    runs = {atoms[start : start + _RUN] for start in range(max(1, len(atoms) - _RUN + 1))}
    least = [0xFFFF] * _SLOTS
    for run in runs:
        hashed = hashlib.blake2b(run.encode(), digest_size=2 * _SLOTS).digest()
        for slot in range(_SLOTS):
            least[slot] = min(least[slot], hashed[2 * slot] << 8 | hashed[2 * slot + 1])
    return Fingerprint(len(atoms), digest(atoms.encode()), "".join(f"{one & 15:x}" for one in least))


def parse_fingerprint(text: str) -> Fingerprint:
    """
    A fingerprint as it is written.

    Raises:
        ValueError: it is not one.
    """
    if not re.match(FINGERPRINT_PATTERN, text):
        raise ValueError(f"`{text}` is not a fingerprint")
    length, hashed, sketch = text.split("-")
    return Fingerprint(int(length), hashed, sketch)


def alike(one: Fingerprint, other: Fingerprint) -> int:
    """How many digits two sketches share, of 24; those of unlike sentences share one or two."""
    return sum(a == b for a, b in zip(one.sketch, other.sketch, strict=True))
