"""A page of an organisation as plain text, with the line each part of it came from."""

from __future__ import annotations

import bisect
import os
import re
import unicodedata
from dataclasses import dataclass
from html.parser import HTMLParser
from os import PathLike

from trainingrules.diagnostics import Diagnostic, Span

MOST_BYTES, MOST_WORDS = 5_000_000, 50_000
# Between the blocks of a page, where no sentence goes on; a plain text has line feeds only.
BLOCK = "\N{PARAGRAPH SEPARATOR}"
# Between what stands on one line in several elements: it is nothing to read, but a word can begin there.
SEAM = "\N{ZERO WIDTH SPACE}"


@dataclass(frozen=True, slots=True)
class Page:
    """A page as text: ``asides`` are the stretches of its navigation, header and footer.

    >>> page, _ = read_page(b"<h1>Prijs</h1>\\n<p>De cursus kost<br>&euro; 40.</p>", "page.html")
    >>> page.text.replace(SEAM, "").replace(BLOCK, " ").split()
    ['Prijs', 'De', 'cursus', 'kost', '€', '40.']
    >>> page.line(page.text.index("cursus"))
    2
    """

    name: str
    text: str
    offsets: tuple[int, ...]  # where in the text a line of the file begins, and which
    lines: tuple[int, ...]
    asides: tuple[tuple[int, int], ...] = ()

    def __repr__(self) -> str:
        return f"<Page {self.name}>"

    def line(self, offset: int) -> int:
        """The line of the file that a place in the text came from."""
        return self.lines[max(0, bisect.bisect_right(self.offsets, offset) - 1)]


def read_page(data: bytes, name: str) -> tuple[Page | None, list[Diagnostic]]:
    """
    The page in a file that holds text or HTML; which of both is seen from what it holds.

    Scripts, styles and what is struck out are left out. There is no page where the file holds something else,
    such as a PDF, or where an element that is left out is never closed, so that the rest would be lost.

    >>> _, faults = read_page(b"%PDF-1.7", "page.pdf")
    >>> print(faults[0])
    page.pdf:1:1: error: this is a PDF, not a text or a web page [page-kind]
      help: save the web page as HTML, or copy its text into a file
    """
    text, faults = _decoded(data, name)
    if text is None:
        return None, faults
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").removeprefix("\ufeff")
    page = _from_html(text, name, faults) if _HTML.search(text) else _from_text(text, name)
    if sum(1 for _ in re.finditer(r"\w+", page.text)) > MOST_WORDS:
        faults.append(fault("too-large", "the page is too large", name, help=f"at most {MOST_WORDS:,} words are read"))
    if not any(one.severity == "error" for one in faults) and not any(one.isalnum() for one in page.text):
        remedy = "a page that a script fills is saved from the browser, or copied as text"
        faults.append(fault("empty-text", "there is no text on this page", name, help=remedy))
    return (None if any(one.severity == "error" for one in faults) else page), faults


def read_page_file(path: str | PathLike[str]) -> tuple[Page | None, list[Diagnostic]]:
    """
    The page in a file.

    >>> _, faults = read_page_file("no/such/page.html")
    >>> print(faults[0])
    no/such/page.html:1:1: error: there is no such file [file-missing]
      help: check the name and the folder
    """
    name = os.fspath(path)
    try:
        if os.path.exists(path) and not os.path.isfile(path):
            return None, [fault("file-kind", "this is not an ordinary file", name)]
        with open(path, "rb") as file:
            return read_page(file.read(MOST_BYTES + 1), name)
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: a name no file can have
        return None, [fault("file-missing", "there is no such file", name, help="check the name and the folder")]
    except OSError as reason:
        message = f"the file cannot be read: {(reason.strerror or '').lower()}"
        return None, [fault("file-unreadable", message, name)]


def fault(
    code: str, message: str, name: str, line: int = 1, *, help: str = "", text: str = "", severity: str = "error"
) -> Diagnostic:
    """A fault of a page, or of the file it should be in."""
    return Diagnostic(code, message, Span(name, line, 1, line, 1), help, severity, text)


# ------------------------------------------------------------------------------------------------ characters

_KINDS = {
    b"%PDF": "a PDF", b"PK\x03\x04": "a document of a word processor, or an archive", b"{\\rtf": "a document in RTF",
    b"\xd0\xcf\x11\xe0": "a document of a word processor", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture",
}  # fmt: skip
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def _decoded(data: bytes, name: str) -> tuple[str | None, list[Diagnostic]]:
    if len(data) > MOST_BYTES:
        return None, [fault("too-large", "the page is too large", name, help=f"at most {MOST_BYTES:,} bytes are read")]
    for start, kind in _KINDS.items():
        if data.startswith(start):
            remedy = "save the web page as HTML, or copy its text into a file"
            return None, [fault("page-kind", f"this is {kind}, not a text or a web page", name, help=remedy)]
    marked = [encoding for mark, encoding in _MARKS.items() if data.startswith(mark)]
    if b"\0" in data and not marked:
        return None, [fault("encoding", "this is not a text", name, help="give a text or a web page, saved as UTF-8")]
    declared = [found[1].decode("ascii") for found in _CHARSET.finditer(data[:4096])]
    for encoding in (*marked, "utf-8", *declared):
        try:
            return data.decode(encoding), []
        except (LookupError, UnicodeError):  # an encoding nobody knows, or not the one it is in
            continue
    message = "the page is not saved as UTF-8; it is read as Windows-1252"
    remedy = "save it as UTF-8 if accents look wrong"
    return data.decode("cp1252", errors="replace"), [fault("encoding", message, name, help=remedy, severity="warning")]


# ------------------------------------------------------------------------------------------------------ text

# The target of a link in Markdown: `[Opzeggen](https://...)` reads as "Opzeggen".
_TARGET = re.compile(r"(?<=\])\([^()\s]{0,2000}\)")


def _from_text(text: str, name: str) -> Page:
    text = _TARGET.sub(lambda found: " " * len(found[0]), unicodedata.normalize("NFC", text))
    offsets = (0, *(found.end() for found in re.finditer("\n", text)))
    return Page(name, text, offsets, tuple(range(1, len(offsets) + 1)))


# ------------------------------------------------------------------------------------------------------ HTML

# A tag that ends something, or begins what need not be ended.
_HTML = re.compile(
    r"<!doctype html|</[a-z][a-z0-9-]*\s*>"
    r"|<(?:html|body|p|h[1-6]|ul|ol|li|table|tr|td|br|div|img|span|a)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_SKIPPED = {
    "template", "noscript", "svg", "math", "iframe", "object", "title", "canvas", "audio", "video",
    "select", "textarea", "datalist",
}  # fmt: skip
_STRUCK = {"del", "s", "strike"}
_INLINE = {
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "dfn", "em", "font", "i", "img", "ins",
    "kbd", "label", "mark", "nobr", "q", "samp", "small", "span", "strong", "time", "tt", "u", "var", "wbr", "input",
}  # fmt: skip
_ASIDE = {"nav", "header", "footer", "aside"}
_ROLES = {"navigation", "banner", "contentinfo", "search"}
_CONTAINERS = _ASIDE | {"div", "section", "ul", "form"}


class _Reader(HTMLParser):
    """The text of a page in HTML, however broken; an element it does not know begins a new block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.length = 0
        self.offsets: list[int] = [0]
        self.lines: list[int] = [1]
        self.asides: list[tuple[int, int]] = []
        self.skipped: list[tuple[str, int]] = []  # what is being left out, and from which line on
        self.around: list[tuple[str, int | None]] = []  # the containers around; where it began, if it is an aside
        self.preformatted = 0

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """Word processors leave `<![...]>` behind, which browsers read as a comment."""
        return self.parse_bogus_comment(i)

    def put(self, text: str) -> None:
        line = self.getpos()[0]
        for part in re.split("(?<=\n)", text):
            if line != self.lines[-1]:
                self.offsets.append(self.length)
                self.lines.append(line)
            shown = part if self.preformatted else part.replace("\n", " ")
            shown = unicodedata.normalize("NFC", shown)
            self.parts.append(shown)
            self.length += len(shown)
            line += part.endswith("\n")

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.put(data)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A browser does not know `<div/>`: it opens a `div`. Only within a drawing is such an element closed."""
        if not self.skipped and tag not in _SKIPPED:
            self.handle_starttag(tag, attrs)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.skipped and self.skipped[-1][0] in _STRUCK and tag not in _INLINE | _STRUCK:
            self.skipped.clear()  # a new block: the tag that ends what is struck out was forgotten
        if self.skipped:
            if tag == self.skipped[-1][0]:
                self.skipped.append((tag, self.getpos()[0]))
            return
        if tag in _SKIPPED or tag in _STRUCK:
            self.put(SEAM)
            self.skipped.append((tag, self.getpos()[0]))
            return
        self.separate(tag)
        self.preformatted += tag == "pre"
        if tag in _CONTAINERS:
            aside = tag in _ASIDE or dict(attrs).get("role") in _ROLES
            self.around.append((tag, self.length if aside else None))

    def handle_endtag(self, tag: str) -> None:
        if self.skipped:
            if tag == self.skipped[-1][0]:
                self.skipped.pop()
            return
        self.separate(tag)
        self.preformatted = max(0, self.preformatted - (tag == "pre"))
        if any(name == tag for name, _ in self.around):
            while self.leave() != tag:
                pass

    def leave(self) -> str:
        tag, begin = self.around.pop()
        if begin is not None:
            self.asides.append((begin, self.length))
        return tag

    def separate(self, tag: str) -> None:
        if tag == "br":
            self.put("\n" if self.preformatted else SEAM)
            if not self.preformatted:
                self.parts.append("\n")
                self.length += 1
        elif tag in ("td", "th"):
            self.put("\t")
        elif tag in ("sup", "sub"):
            self.put(" ")
        else:
            self.put(SEAM if tag in _INLINE else BLOCK)


_UNREAD = re.compile(r"<!--|<(script|style)\b", re.IGNORECASE)
_END_OF = {
    "": re.compile("-->"),
    "script": re.compile(r"</script[^<>]*>", re.IGNORECASE),
    "style": re.compile(r"</style[^<>]*>", re.IGNORECASE),
}


def _unread_left_out(text: str, name: str, faults: list[Diagnostic]) -> str:
    """The page without its comments, scripts and styles, in which nothing means what it says; lines stay in place."""
    parts, at = [], 0
    while found := _UNREAD.search(text, at):
        parts.append(text[at : found.start()])
        tag = (found[1] or "").lower()
        end = _END_OF[tag].search(text, found.end() if tag else found.start() + 2)
        if end is None:
            line = text.count("\n", 0, found.start())
            begin, wanted = (f"{found[0]}>", f"</{tag}>") if tag else ("<!--", "-->")
            faults.append(_never_closed(begin, wanted, name, line, text))
            return ""
        parts.append(SEAM + "\n" * text.count("\n", found.start(), end.end()))
        at = end.end()
    return "".join([*parts, text[at:]])


def _never_closed(begin: str, end: str, name: str, line: int, text: str) -> Diagnostic:
    message = f"`{begin}` is never closed: what follows it cannot be read"
    return fault("unclosed-element", message, name, line + 1, help=f"put `{end}` where it ends",
                 text=text.split("\n")[line])  # fmt: skip


def _from_html(text: str, name: str, faults: list[Diagnostic]) -> Page:
    reader = _Reader()
    reader.feed(_unread_left_out(text, name, faults))
    reader.close()
    while reader.around:
        reader.leave()
    if reader.skipped and reader.skipped[0][0] in _SKIPPED:
        tag, line = reader.skipped[0]
        faults.append(_never_closed(f"<{tag}>", f"</{tag}>", name, line - 1, text))
    return Page(name, "".join(reader.parts), tuple(reader.offsets), tuple(reader.lines), tuple(sorted(reader.asides)))
