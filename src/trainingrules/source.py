"""Text to plain data, and beside it the span of every node."""

from __future__ import annotations

import bisect
import json
import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from os import PathLike
from typing import Any, NoReturn

import yaml

from trainingrules.diagnostics import Diagnostic, Edit, Span
from trainingrules.document import Document, Path, line_of, start_of


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a text may be; no policy comes near, and no text past it costs time or memory."""

    size: int = 2_000_000  # characters of a text, bytes of a file
    depth: int = 40
    nodes: int = 100_000
    scalar: int = 20_000  # characters of one text
    digits: int = 40  # of one number
    faults: int = 1_000  # reading stops after so many


LIMITS = Limits()


Reading = tuple[Document | None, list[Diagnostic]]


def parse(text: str | bytes, name: str = "<text>", limits: Limits = LIMITS) -> Reading:
    """
    Read YAML, in the small and unsurprising part of it that a policy is written in.

    It never raises, and gives every fault it can find. There is no document when the text cannot be read to
    its end. Beside other faults there is one, in which a refused word stands for what it meant (`yes` for
    true), so that later stages can report their faults too.

    >>> document, faults = parse("amount: 445.00\\nfrom: 2026-01-01\\nmember: true")
    >>> document.data
    {'amount': Decimal('445.00'), 'from': '2026-01-01', 'member': True}
    >>> _, faults = parse("member: yes")
    >>> print(faults[0])
    <text>:1:9: error: `yes` is not a value here [bare-word]
        1 | member: yes
          |         ^^^
      help: write `true`; or put it in quotes if a text is meant
    """
    builder = _Builder(name, limits)
    return _reading(builder, _characters, _build_yaml, text)


def read_json(text: str | bytes, name: str = "<text>", limits: Limits = LIMITS) -> Reading:
    """
    Read JSON under the same limits and with the same outcome as :func:`parse`: decimals stay exact.

    >>> document, faults = read_json('{"price": 445.00, "paid": null}', "facts.json")
    >>> document.data
    {'price': Decimal('445.00'), 'paid': None}
    >>> str(document.span(("price",)))
    'facts.json:1:11'
    """
    builder = _Builder(name, limits)
    return _reading(builder, _characters, _build_json, text)


def read_file(path: str | PathLike[str], name: str | None = None, limits: Limits = LIMITS) -> Reading:
    """
    Read a file: JSON when its name ends in ``.json``, YAML otherwise.

    >>> document, faults = read_file("no/such/policy.yaml")
    >>> print(faults[0])
    no/such/policy.yaml:1:1: error: there is no such file [file-missing]
      help: check the name and the folder
    """
    is_json = os.fspath(path).lower().endswith(".json")
    builder = _Builder(os.fspath(path) if name is None else name, limits)
    return _reading(builder, _file, _build_json if is_json else _build_yaml, path)


def read_text(text: str | bytes, name: str = "<text>", limits: Limits = LIMITS) -> Reading:
    """
    Read a text as the file of that name would be: JSON when it ends in ``.json``, YAML otherwise.

    >>> read_text('{"a": 1}', "facts.json")[0].data
    {'a': 1}
    """
    return (read_json if name.lower().endswith(".json") else parse)(text, name, limits)


# --------------------------------------------------------------------------------- from a file to characters

# Control characters (a tab and a line feed aside), line ends that editors do not show as such, marks that
# reverse the direction of what follows, halves of characters, the byte order mark.
_REFUSED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")
_BOM, _NO_BREAK = "\ufeff", "\u00a0"


class _Stop(Exception):
    """Reading ends here; the fault that says why has been noted."""


def _reading(
    builder: _Builder,
    get: Callable[[Any, _Builder], str],
    build: Callable[[str, _Builder], None],
    source: object,
) -> Reading:
    document = None
    try:
        build(get(source, builder), builder)
        document = Document(builder.data, builder.name, builder.lines, builder.keys, builder.values, builder.held)
    except _Stop:
        pass
    return document, sorted(builder.faults, key=lambda fault: fault.span or start_of(builder.name))


def _file(path: str | PathLike[str], builder: _Builder) -> str:
    start = start_of(builder.name)
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            builder.stop("file-kind", "this is a folder", start, "give the name of a file in it")
        if not stat.S_ISREG(mode):  # a pipe might never end
            builder.stop("file-kind", "this is not an ordinary file", start)
        with open(path, "rb") as file:
            data = builder.held = file.read(builder.limits.size + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: a name no file can have
        builder.stop("file-missing", "there is no such file", start, "check the name and the folder")
    except OSError as error:
        builder.stop("file-unreadable", f"the file cannot be read: {str(error.strerror).lower()}", start)
    return _characters(data, builder)


def _characters(text: str | bytes, builder: _Builder) -> str:
    """Decode, and put a visible mark in the place of every refused character; no position changes by it."""
    if len(text) > builder.limits.size:
        help = f"at most {builder.limits.size:,} characters are read"
        builder.stop("too-large", "the text is too large", start_of(builder.name), help)
    if isinstance(text, bytes):
        text = _decoded(text, builder)
    text = text.removeprefix(_BOM).replace("\r\n", "\n")
    clean = _REFUSED.sub("\ufffd", text)
    builder.lines = tuple(clean.replace("\t", " ").split("\n"))
    if clean != text:
        starts = _line_starts(text)
        for found in _REFUSED.finditer(text):
            message, help = _refused_character(found.group())
            builder.fault("character", message, builder.spot(starts, found.start(), found.end()), help)
    return clean


def _decoded(data: bytes, builder: _Builder) -> str:
    start = start_of(builder.name)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        builder.stop("encoding", "the text is saved as UTF-16", start, "save it as UTF-8")
    if b"\x00" in data:
        builder.stop("encoding", "this is not a text", start, "give a text saved as UTF-8")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8").removeprefix(_BOM)
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        span = Span(builder.name, line, column, line, column + 1)
        builder.stop("encoding", f"the byte {data[error.start]:#04x} is not UTF-8", span, "save the text as UTF-8")


def _refused_character(character: str) -> tuple[str, str]:
    number = f"U+{ord(character):04X}"
    if character == "\r":
        return "a carriage return stands alone", "end each line with a line feed"
    if "\ud800" <= character <= "\udfff":
        return f"{number} is half a character", "write the whole character"
    name = unicodedata.name(character, "control character").lower()
    return f"the invisible character {number} ({name}) is not allowed", "remove it, or type the text again"


def _line_starts(text: str) -> list[int]:
    return [0, *(found.end() for found in re.finditer("\n", text))]


def _short(text: str, most: int = 40) -> str:
    """The author's own words, on one line and not too many of them."""
    shown = " ".join(_REFUSED.sub("\ufffd", text[: most * 4]).split())
    return f"{shown[: most - 1]}…" if len(shown) > most else shown


# ----------------------------------------------------------------------------------------- building the data


@dataclass(slots=True)
class _Frame:
    """A list or mapping that is still being filled."""

    data: dict[str | int, object] | list[object]
    path: Path
    kept: bool  # False under a key that was refused: read for its faults, then forgotten
    is_key: bool
    flow: bool
    line: int
    column: int
    indent: int  # column of the innermost block around it: what it holds stands further to the right
    key: str | int | None = None  # of the value to come; None when a key is to come
    key_kept: bool = True
    key_span: Span | None = None


class _Builder:
    """Data, spans and faults, filled node by node without recursion."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name, self.limits = name, limits
        self.lines: tuple[str, ...] = ()
        self.held: bytes | None = None
        self.faults: list[Diagnostic] = []
        self.keys: dict[Path, Span] = {}
        self.values: dict[Path, Span] = {}
        self.stack: list[_Frame] = []
        self.data: object = None
        self.count = 0
        self.end_line, self.end_column = 1, 1

    # Faults

    def fault(self, code: str, message: str, span: Span, help: str = "", edits: tuple[Edit, ...] = ()) -> None:
        """Note a fault after which reading goes on, unless there are too many of them."""
        line = line_of(self.lines, span.line)
        self.faults.append(Diagnostic(code, message, span, help, line_text=line, edits=edits))
        if len(self.faults) == self.limits.faults:
            self.stop("too-many-faults", "the text has too many faults; the rest is not read", span)

    def stop(self, code: str, message: str, span: Span, help: str = "", edits: tuple[Edit, ...] = ()) -> NoReturn:
        """Note a fault past which nothing can be read."""
        line = line_of(self.lines, span.line)
        self.faults.append(Diagnostic(code, message, span, help, line_text=line, edits=edits))
        raise _Stop from None

    def spot(self, starts: list[int], start: int, end: int) -> Span:
        """The span between two offsets in the text."""
        line, end_line = bisect.bisect_right(starts, start), bisect.bisect_right(starts, end)
        return Span(self.name, line, start - starts[line - 1] + 1, end_line, end - starts[end_line - 1] + 1)

    # Nodes

    def wants_key(self) -> bool:
        if not self.stack:
            return False
        frame = self.stack[-1]
        return frame.key is None and isinstance(frame.data, dict)

    def indent(self) -> int:
        return self.stack[-1].indent if self.stack else 0

    def counted(self, span: Span) -> None:
        self.count += 1
        if self.count > self.limits.nodes:
            self.stop(
                "too-many-nodes",
                "the text has too many parts",
                span,
                f"at most {self.limits.nodes:,} are read",
            )

    def key(self, key: str | int, span: Span, *, kept: bool = True) -> None:
        """The next key of the innermost mapping; unless kept, its value is read and forgotten."""
        frame = self.stack[-1]
        path = (*frame.path, key)
        frame.key, frame.key_span, frame.key_kept = key, span, kept
        self.end_line, self.end_column = span.end_line, span.end_column
        if not kept or not frame.kept:
            return
        if key in frame.data:
            first = self.keys[path]
            frame.key_kept = False
            message = f"`{_short(str(key))}` is given twice; the first is on line {first.line}"
            self.fault("duplicate-key", message, span, "remove one of the two, or put them together")
        else:
            self.keys[path] = span

    def value(self, value: object, span: Span) -> None:
        path, kept = self._place()
        self.end_line, self.end_column = span.end_line, span.end_column
        self._put(value, path, kept)
        if kept:
            self.values[path] = span

    def begin(self, data: dict[str | int, object] | list[object], span: Span, *, flow: bool) -> None:
        """Open a list or mapping."""
        self.counted(span)
        if len(self.stack) >= self.limits.depth:
            self.stop("too-deep", "this is nested too deep", span, f"at most {self.limits.depth} levels are read")
        is_key = self.wants_key()
        path: Path = ()
        kept = False
        if is_key:
            self.fault("key-kind", "a list or mapping cannot be a key", span, "write a name before the colon")
        else:
            path, kept = self._place()
            self._put(data, path, kept)
        indent = self.indent() if flow else span.column
        self.stack.append(_Frame(data, path, kept, is_key, flow, span.line, span.column, indent))

    def end(self, line: int, column: int) -> None:
        """Close the innermost list or mapping; one without brackets ends where its last part does."""
        frame = self.stack.pop()
        if frame.flow:
            self.end_line, self.end_column = line, column
        span = Span(self.name, frame.line, frame.column, self.end_line, self.end_column)
        if frame.is_key:
            self.key("", span, kept=False)
        elif frame.kept:
            self.values[frame.path] = span

    def _place(self) -> tuple[Path, bool]:
        if not self.stack:
            return (), True
        frame = self.stack[-1]
        key = len(frame.data) if frame.key is None else frame.key
        return (*frame.path, key), frame.kept and frame.key_kept

    def _put(self, value: object, path: Path, kept: bool) -> None:
        if not self.stack:
            self.data = value
            return
        frame = self.stack[-1]
        if isinstance(frame.data, list):
            frame.data.append(value)
        else:
            if kept:
                frame.data[path[-1]] = value
            frame.key, frame.key_kept = None, True

    def text(self, text: str, span: Span) -> None:
        """Check what holds for every text, key or value, however it is written."""
        if len(text) > self.limits.scalar:
            help = f"at most {self.limits.scalar:,} characters are read"
            self.fault("text-too-long", "this text is too long", span, help)
        found = _REFUSED.search(text)
        if found:
            message, _ = _refused_character(found.group())
            help = "between these quotes a `\\` begins a code; write `\\\\` for a backslash"
            self.fault("character", message, span, help)
        elif not text.isprintable() and self.wants_key():
            character = next(character for character in text if not character.isprintable())
            message, help = _refused_character(character)
            edits: tuple[Edit, ...] = ()
            if character == _NO_BREAK and span.line == span.end_line:  # they come along from web pages
                line, help = line_of(self.lines, span.line), "use ordinary spaces"
                places = (at for at in range(span.column - 1, span.end_column - 1) if line[at] == _NO_BREAK)
                edits = tuple(_replace(self, span.line, at, at + 1, " ") for at in places)
            self.fault("character", f"in a key, {message}", span, help, edits)


# --------------------------------------------------------------------------------------------------- scalars

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")
_DIGITS = re.compile(r"[-+]?[0-9]+\.?[0-9]*")
_WORDS = {"true": True, "false": False, "null": None}
_MEANT = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false", "~": "null"}
_MEANT |= {word: word for word in _WORDS}
_QUOTE = "put it in quotes if a text is meant"

# What other readers of YAML take for a number, and no person does; the first that fits says what is wrong.
_ODD_NUMBERS = tuple(
    (re.compile(pattern, re.IGNORECASE), message, help)
    for pattern, message, help in (
        (r"[-+]?[0-9]+(?::[0-9]+)+(?:\.[0-9]*)?", "is a time or a number to base sixty", "put it in quotes"),
        (
            r"[-+]?0[xob][0-9a-f_]+",
            "is a number that is not to base ten",
            f"write it to base ten; or {_QUOTE}",
        ),
        (
            r"[-+]?(?=[0-9]*_)[0-9][0-9_]*(?:\.[0-9_]*)?",
            "has an underscore in a number",
            f"leave it out; or {_QUOTE}",
        ),
        (r"[-+]?\.inf|\.nan", "is not a number to count with", f"write a number; or {_QUOTE}"),
        (
            r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)e[-+]?[0-9]+",
            "has an exponent",
            f"write the number in full; or {_QUOTE}",
        ),
        (r"\+(?:[0-9]+\.?[0-9]*|\.[0-9]+)", "begins with a plus", f"leave out the plus; or {_QUOTE}"),
        (r"-?0[0-9]+(?:\.[0-9]*)?", "begins with a zero", f"leave out the zero; or {_QUOTE}"),
        (
            r"-?(?:[0-9]+\.|\.[0-9]+)",
            "has no digit on one side of the point",
            f"write as in `0.5`; or {_QUOTE}",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class _Odd:
    """A scalar that is refused: why, what to do, and what it most likely meant."""

    code: str
    message: str
    help: str
    meant: object
    instead: str = ""  # as it should be written, where that is certain


def _number(text: str, limits: Limits) -> int | Decimal | _Odd | None:
    """The number that stands there, why it is refused, or nothing when it is no number."""
    if len(text) > limits.digits:
        if _DIGITS.fullmatch(text):
            return _Odd("number", f"`{_short(text)}` has too many digits", _QUOTE, text)
        return None
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    for pattern, message, help in _ODD_NUMBERS:
        if pattern.fullmatch(text):
            return _Odd("number", f"`{_short(text)}` {message}", help, text, _usual(text))
    return None


def _usual(text: str) -> str:
    """A number as it is written here; nothing when a zero in front or an exponent may have been meant."""
    plain = text.replace("_", "").removeprefix("+").removesuffix(".")
    plain = re.sub(r"^(-?)\.", r"\g<1>0.", plain)
    return plain if _INTEGER.fullmatch(plain) or _DECIMAL.fullmatch(plain) else ""


def _plain(text: str, limits: Limits) -> object:
    """What an unquoted text stands for."""
    if text[0] in "0123456789+-.":
        if text == "-":  # in brackets only; elsewhere it begins a list
            return _Odd("bare-word", "`-` is not a value here", _QUOTE, text)
        number = _number(text, limits)
        return text if number is None else number
    if len(text) > 5:
        return text
    if text in _WORDS:
        return _WORDS[text]
    meant = _MEANT.get(text.lower())
    if meant is None:
        return text
    return _Odd("bare-word", f"`{text}` is not a value here", f"write `{meant}`; or {_QUOTE}", _WORDS[meant], meant)


# ------------------------------------------------------------------------------------------------------ YAML

# Events only, one by one: composing a document is what recurses, expands aliases and merges.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _build_yaml(text: str, builder: _Builder) -> None:
    """The loop over the parser's events; each kind of node is one case."""
    documents = 0
    for event in _events(_without_tabs_and_directives(text, builder), builder):
        match event:
            case yaml.ScalarEvent():
                _yaml_scalar(event, builder)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                span = _span(event, builder.name)
                _refuse_properties(event, span, builder)
                start: dict[str | int, object] | list[object]
                start = {} if isinstance(event, yaml.MappingStartEvent) else []
                if event.flow_style:
                    _check_layout(span, builder)
                    _check_colon(span, builder)
                builder.begin(start, span, flow=bool(event.flow_style))
                if event.anchor is not None or event.tag is not None:
                    builder.stack[-1].indent = 0  # the span begins there, and not at the first key
            case yaml.CollectionEndEvent():
                mark: Any = event.end_mark
                builder.end(mark.line + 1, mark.column + 1)
                _check_comment(mark.line + 1, mark.column + 1, builder)
            case yaml.AliasEvent():
                _yaml_alias(event, builder)
            case yaml.DocumentStartEvent():
                documents += 1
                if documents > 1:
                    span = _span(event, builder.name)
                    builder.fault("several-documents", "a second document begins here", span, "keep one in each file")
                    return
    if not documents:
        builder.stop("empty-text", "the text is empty", start_of(builder.name))


def _without_tabs_and_directives(text: str, builder: _Builder) -> str:
    """Spaces for tabs and a comment for each directive, after a fault for each of them."""
    lines = text.split("\n")
    for index, line in enumerate(lines):
        if line.startswith("%"):
            span = Span(builder.name, index + 1, 1, index + 1, len(line) + 1)
            builder.fault("directive", "a line that begins with `%` is not allowed", span, "remove the line")
            lines[index] = f"#{line[1:]}"
        elif line.strip() and not line.lstrip().startswith("#"):
            break
    indents: list[int] = []
    for number, line in enumerate(lines if "\t" in text else (), start=1):
        at = line.find("\t")
        if at < 0:
            continue
        if not line[:at].strip():
            indents.append(number)
            if len(indents) > builder.limits.faults:
                break
            continue
        help = "use spaces; between double quotes, write `\\t`"
        edits = tuple(_replace(builder, number, found.start(), found.end(), " ") for found in re.finditer("\t", line))
        builder.fault("tab", "a tab stands in this line", _replace(builder, number, at, at + 1, "").span, help, edits)
    if indents:
        # Of what stands where nothing can be said: how wide a tab is, every screen decides for itself.
        _stop_at_tabs(lines, indents, builder)
    return "\n".join(lines).replace("\t", " ")


def _stop_at_tabs(lines: list[str], indents: list[int], builder: _Builder) -> NoReturn:
    edits = []
    spaced = sum(line.startswith(" ") for line in lines)
    above = ""  # the last line that holds something, as it will be
    for number, line in enumerate(lines if len(indents) <= builder.limits.faults else (), start=1):
        held = line.lstrip()
        blank = line[: len(line) - len(held)]
        if "\t" in blank:
            # One tab among spaces stands for as many as the line above has; tabs throughout are two each.
            further = len(above) - len(above.lstrip()) + 2 * above.rstrip().endswith(":")
            new = " " * further if spaced > len(indents) else blank.replace("\t", "  ")
            new = new if held else ""
            edits.append(_replace(builder, number, 0, len(blank), new))
            blank = new
        above = blank + held if held else above
    most = builder.limits.faults
    count = f"{len(indents) - 1:,}" if len(indents) <= most else f"at least {most:,}"
    more = f", here and on {count} more lines" if len(indents) > 1 else ""
    column = lines[indents[0] - 1].index("\t") + 1
    span = Span(builder.name, indents[0], column, indents[0], column + 1)
    help = "use spaces, two for each step"
    builder.stop("tab", f"a tab is used to indent{more}", span, help, tuple(edits))


def _replace(builder: _Builder, line: int, start: int, end: int, text: str) -> Edit:
    """The edit that replaces a part of a line; ``start`` and ``end`` count from 0."""
    return Edit(Span(builder.name, line, start + 1, line, end + 1), text)


def _insert(span: Span, column: int, text: str = " ") -> tuple[Edit, ...]:
    """The edit that puts a text, mostly the space that is missing, before a column of the line of a span."""
    return (Edit(Span(span.file, span.line, column, span.line, column), text),)


def _events(text: str, builder: _Builder) -> Iterator[Any]:
    try:
        yield from yaml.parse(text, Loader=_LOADER)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: an escape for a character that does not exist
        _syntax(error, builder)


def _span(event: Any, name: str) -> Span:
    start, end = event.start_mark, event.end_mark
    return Span(name, start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def _yaml_scalar(event: Any, builder: _Builder) -> None:
    span = _span(event, builder.name)
    builder.counted(span)
    text: str = event.value
    _refuse_properties(event, span, builder)
    if event.style == "'" and span.line != span.end_line:
        _check_apostrophe(span, builder)
    plain = not event.style and event.tag is None
    if event.style in ("|", ">"):
        if not text.strip():
            builder.fault("no-value", f"nothing stands below the `{event.style}`", _first(span), "write a text")
        span = _block_span(span, builder)
    elif not text and plain:
        _yaml_empty(span, builder)
        return
    else:
        _check_layout(span, builder)
        if plain and "?" in text and builder.stack and builder.stack[-1].flow:
            column = span.column + text.index("?")
            place = Span(builder.name, span.line, column, span.line, column + 1)
            builder.fault("syntax", _QUESTION, place, _SENTENCE)  # one of the two parsers stops here
    builder.text(text, span)
    value = _plain(text, builder.limits) if plain else text
    if builder.wants_key():
        _yaml_key(text, value, plain, span, builder)
        return
    if isinstance(value, _Odd):
        edits = (Edit(span, value.instead),) if value.instead and span.line == span.end_line else ()
        builder.fault(value.code, value.message, span, value.help, edits)
        value = value.meant
    builder.value(value, span)


# How Dutch words begin that are short for a longer one: 's avonds, 't, 'n.
_APOSTROPHE = re.compile(r"'[a-z]{1,2}[ -].*[^' ]")


def _check_apostrophe(span: Span, builder: _Builder) -> None:
    """An apostrophe that was meant as one opens a text that ends with the next one, anywhere further on."""
    line = line_of(builder.lines, span.line)
    found = _APOSTROPHE.fullmatch(line.rstrip(), span.column - 1)
    if found:
        place = Span(builder.name, span.line, span.column, span.line, span.column + 1)
        message, help = f"a text cannot begin with {_AN_APOSTROPHE}", "put the text between double quotes"
        builder.stop("syntax", message, place, help, _in_quotes(line, span.column - 1, place))


def _in_quotes(line: str, start: int, span: Span) -> tuple[Edit, ...]:
    """The edit that puts the rest of a line between double quotes, where nothing in it would then mean more."""
    rest = line[start:].rstrip()
    if not rest or re.search(r'["\\]| #', rest):
        return ()
    return (Edit(Span(span.file, span.line, start + 1, span.line, start + 1 + len(rest)), f'"{rest}"'),)


def _yaml_key(text: str, value: object, plain: bool, span: Span, builder: _Builder) -> None:
    if line_of(builder.lines, span.line)[max(0, span.column - 3) : span.column - 1].rstrip().endswith("?"):
        builder.fault("syntax", f"`{_short(text)}` is written after a `?`", span, "remove the `?`")
    if plain and text == "<<":
        builder.fault("merge-key", "`<<` is not allowed", span, "write out what belongs here")
        builder.key(text, span, kept=False)
        return
    if isinstance(value, _Odd) and value.code == "number":
        builder.fault(value.code, value.message, span, value.help)
        value = text
    elif isinstance(value, _Odd | bool | Decimal) or value is None:
        builder.fault("key-kind", f"`{_short(text)}` cannot be a key", span, "put it in quotes if a text is meant")
        value = text
    builder.key(value if isinstance(value, int) else text, span)


def _yaml_empty(span: Span, builder: _Builder) -> None:
    if not builder.stack:
        builder.stop("empty-text", "the text is empty", start_of(builder.name))
    frame = builder.stack[-1]
    if builder.wants_key():
        builder.fault("no-key", "a key is missing before the colon", span, "write `key: value`")
        builder.key("", span, kept=False)
        return
    if frame.key_span is None:
        builder.fault("no-value", "nothing stands after the `-`", span, "write a value, or remove the `-`")
        builder.value(None, span)
        return
    key, name = frame.key_span, _short(str(frame.key))
    if not frame.key_kept:
        pass  # the key is at fault already
    elif frame.flow and (key.end_line, key.end_column) == (span.line, span.column):
        if builder.faults and builder.faults[-1].span == key:
            builder.faults.pop()  # the zero that a price in the Dutch way has behind its comma
        if _apart(frame, key, builder):
            return
        help, edits = _after_comma(frame, key, name, builder)
        builder.fault("no-value", f"`{name}` has no value", key, help, edits)
    else:
        help = (
            "write a value, or remove the key; `null` is what does not exist, `not_stated` what the source does not say"
        )
        builder.fault("no-value", f"nothing is given for `{name}`", key, help)
    builder.value(None, key)


def _after_comma(frame: _Frame, key: Span, name: str, builder: _Builder) -> tuple[str, tuple[Edit, ...]]:
    """What to do about a comma that ended a value, and was meant as a part of it."""
    assert isinstance(frame.data, dict)
    last = next(reversed(frame.data), "")
    before = builder.values.get((*frame.path, last))
    line = line_of(builder.lines, key.line)
    sum_up = "a comma ends a value: write a number with a point, such as `445.00`"
    sentence = "a comma ends a value: put the sentence on a line of its own, or in quotes"
    if before is None or before.end_line != key.line or before.line != key.line:
        return (sum_up if name.isdecimal() else sentence), ()
    value, between = line[before.column - 1 : before.end_column - 1], line[before.end_column - 1 : key.column - 1]
    comma = Span(key.file, key.line, before.end_column, key.line, key.column)
    if re.fullmatch("-?[0-9]+", value) and between == ",":
        if re.fullmatch("[0-9]{1,2}", name):
            return f"a comma ends a value: write `{value}.{name}`", (Edit(comma, "."),)
        if re.fullmatch("[-–—=]+", name):
            rest = Span(key.file, key.line, before.end_column, key.line, key.end_column)
            return f"a comma ends a value: write `{value}.00`", (Edit(rest, ".00"),)
        return sum_up, ()
    if value[:1] == '"':
        text = f"{value[1:-1]}{line[before.end_column - 1 : key.end_column - 1]}"
    elif isinstance(frame.data[last], str) and value[:1] != "'":
        text = line[before.column - 1 : key.end_column - 1]
    else:
        return (sum_up if name.isdecimal() else sentence), ()
    whole = Span(key.file, key.line, before.column, key.line, key.end_column)
    certain = between.strip() == "," and not re.search(r'["\\]', text)
    return sentence, (Edit(whole, f'"{text}"'),) if certain else ()


def _apart(frame: _Frame, key: Span, builder: _Builder) -> bool:
    """Read `{key:value}` as what it means, a key and its value, after a fault for the space that is missing."""
    name, colon, text = str(frame.key).partition(":")
    quoted = _character(key.line, key.column, builder) in ('"', "'")
    if quoted or not (name and colon and text.strip()) or name in frame.data:
        return False
    place = key.column + len(name)
    spot = Span(key.file, key.line, place, key.line, place + 1)
    builder.fault("syntax", _NO_SPACE_AFTER, spot, "write `key: value`", _insert(spot, place + 1))
    if frame.kept and frame.key_kept:
        builder.keys[(*frame.path, name)] = Span(key.file, key.line, key.column, key.line, place)
        del builder.keys[(*frame.path, frame.key or "")]
    frame.key = name
    value = _plain(text, builder.limits)
    builder.value(value.meant if isinstance(value, _Odd) else value, Span(
        key.file, key.line, place + 1, key.end_line, key.end_column))  # fmt: skip
    return True


def _yaml_alias(event: Any, builder: _Builder) -> None:
    span = _span(event, builder.name)
    builder.counted(span)
    help = "write out what is meant; put a text that begins with `*` in quotes"
    builder.fault("alias", f"`*{_short(event.anchor)}` refers to another place", span, help)
    if builder.wants_key():
        builder.key("", span, kept=False)
    else:
        builder.value(None, span)


def _refuse_properties(event: Any, span: Span, builder: _Builder) -> None:
    if event.anchor is not None:
        help = "remove it; put a text that begins with `&` in quotes"
        builder.fault("anchor", f"`&{_short(event.anchor)}` is not allowed", _first(span), help)
    if event.tag is not None:
        help = "remove it; put a text that begins with `!` in quotes"
        builder.fault("tag", "a tag that begins with `!` is not allowed", _first(span), help)


def _first(span: Span) -> Span:
    return Span(span.file, span.line, span.column, span.line, span.column + 1)


def _block_span(span: Span, builder: _Builder) -> Span:
    """A text after `|` or `>` ends with its last line that holds something."""
    mark = _BLOCK_MARK.match(line_of(builder.lines, span.line), span.column - 1)
    if mark:
        _check_comment(span.line, mark.end() + 1, builder)
    last = span.end_line - (span.end_column == 1)
    while last > span.line and not line_of(builder.lines, last).strip():
        last -= 1
    return Span(span.file, span.line, span.column, last, len(line_of(builder.lines, last)) + 1)


def _check_layout(span: Span, builder: _Builder) -> None:
    """What the YAML library lets pass, and YAML does not: a line too far to the left, a comment too close."""
    _check_comment(span.end_line, span.end_column, builder)
    indent = builder.indent()
    first = span.line if builder.stack and builder.stack[-1].flow and span.column <= indent else span.line + 1
    for number in range(first, span.end_line + 1):
        line = line_of(builder.lines, number)
        column = len(line) - len(line.lstrip(" ")) + 1
        if column <= min(indent, len(line)):
            place = Span(builder.name, number, column, number, column + 1)
            help = "indent it further than the key it belongs to"
            builder.fault("indentation", "this line goes on with what is above, and is not indented", place, help)
            return


def _check_colon(span: Span, builder: _Builder) -> None:
    """After a key without quotes; one of the two parsers takes `{a:[b]}` for `{a: [b]}`."""
    key = builder.stack[-1].key_span if builder.stack and not builder.wants_key() else None
    if key is None or _character(key.end_line, key.end_column - 1, builder) in ('"', "'"):
        return
    if _character(span.line, span.column - 1, builder) == ":":
        place = Span(builder.name, span.line, span.column - 1, span.line, span.column)
        builder.fault("syntax", _NO_SPACE_AFTER, place, "write `key: value`", _insert(place, place.column + 1))


def _character(line: int, column: int, builder: _Builder) -> str:
    return line_of(builder.lines, line)[max(0, column - 1) : column]


def _check_comment(line: int, column: int, builder: _Builder) -> None:
    found = _NO_SPACE_BEFORE.match(line_of(builder.lines, line), column - 1)
    if found:
        place = Span(builder.name, line, found.end(), line, found.end() + 1)
        builder.fault("syntax", "a space is missing before the `#`", place, "put a space before it",
                      _insert(place, place.column))  # fmt: skip


# ------------------------------------------------------------------------------ faults of YAML, for a person

_NO_SPACE_BEFORE = re.compile(r" *,#|#")
_BLOCK_MARK = re.compile(r"[|>][-+0-9]*")
_NO_SPACE = re.compile(r"\s*(?:- +)*[\w.-]+:(?=[^\s:/])")
_NO_SPACE_AFTER, _NO_SPACE_DASH = "a space is missing after the colon", "a space is missing after the `-`"
_SENTENCE = "a text with `:` `,` `?` or `#` goes in quotes, or on a line of its own"
_AN_APOSTROPHE = "an apostrophe"
_SECOND_COLON = "a second colon stands in this text"
_GOES_ON = "a text goes on after its closing"
_QUESTION = "a `?` cannot stand in a text inside brackets"
_INDENT = "let keys that belong together begin in the same column"


def _syntax(error: Exception, builder: _Builder) -> NoReturn:
    """The fault of the YAML library, reworded; both of its parsers say the same thing in other words."""
    mark, opened = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    what = f"{getattr(error, 'context', None)}: {getattr(error, 'problem', None)}"
    line, column = (mark.line, mark.column) if mark else (builder.end_line - 1, builder.end_column - 1)
    place = _Place(builder.lines, line, column)
    start = _Place(builder.lines, opened.line, opened.column) if opened else place
    if builder.stack and builder.stack[-1].flow and ("a flow" in what or "node content" in what):
        start = _Place(builder.lines, builder.stack[-1].line - 1, builder.stack[-1].column - 1)
    place, message, help = _reworded(what, place, start)
    line, column = place.line + 1, place.column + 1
    if builder.faults and builder.faults[-1].code == "indentation":
        builder.faults.pop()  # the bracket that was not closed is the cause of it
    span = Span(builder.name, line, column, line, column + 1)
    edits = _syntax_edits(message, place, span)
    if not edits and not (builder.stack and builder.stack[-1].flow):
        edits = _sentence_edits(message, place, span)
    if edits and message.startswith(_GOES_ON):
        help = f"remove the `{place.whole[place.column :].strip()}`"
    _stop_unless_told(message, span, help, builder, edits)


def _syntax_edits(message: str, place: _Place, span: Span) -> tuple[Edit, ...]:
    """How a fault of YAML is mended, where that is certain: a space that is missing, a mark that is too many."""
    if message == _NO_SPACE_AFTER and place.character == ":":
        return _insert(span, span.column + 1)
    dash = re.match(r"\s*-", place.whole)
    if message == _NO_SPACE_DASH and dash:
        return _insert(span, dash.end() + 1)
    if message.startswith(_GOES_ON) and re.fullmatch(r"\s*[,;.]\s*", place.whole[place.column :]):
        return (Edit(Span(span.file, span.line, len(place.before.rstrip()) + 1, span.line, len(place.whole) + 1), ""),)
    return ()


def _sentence_edits(message: str, place: _Place, span: Span) -> tuple[Edit, ...]:
    """A sentence that cannot stand without quotes, put between them."""
    begins = re.match(r"\s*(?:- +)*[\w.-]+: +(?=[^\s\"{[|>])", place.whole)
    if begins and place.whole[begins.end()] == "'" and _AN_APOSTROPHE not in message:
        return ()
    if begins and (message == _SECOND_COLON or message.startswith("a text cannot begin with")):
        return _in_quotes(place.whole, begins.end(), span)
    return ()


def _stop_unless_told(message: str, span: Span, help: str, builder: _Builder, edits: tuple[Edit, ...] = ()) -> NoReturn:
    """A tab or a strange character is often the cause of what goes wrong after it; then it says enough."""
    causes = (fault.span for fault in builder.faults if fault.code in ("tab", "character"))
    if any(cause is not None and cause <= span for cause in causes):
        raise _Stop
    builder.stop("syntax", message, span, help, edits)


@dataclass(frozen=True, slots=True)
class _Place:
    """A spot in the text; line and column count from 0, as in the YAML library."""

    lines: tuple[str, ...]
    line: int
    column: int

    @property
    def whole(self) -> str:
        return line_of(self.lines, self.line + 1)

    @property
    def before(self) -> str:
        return self.whole[: self.column]

    @property
    def character(self) -> str:
        return self.whole[self.column : self.column + 1]

    def at_end(self) -> bool:
        """Whether nothing follows."""
        if self.whole[self.column :].strip():
            return False
        return not any(line.strip() for line in self.lines[self.line + 1 :])

    def below(self) -> _Place:
        """The next line that holds something, or this one."""
        for number in range(self.line + 1, len(self.lines)):
            if self.lines[number].strip():
                return _Place(self.lines, number, 0)
        return self

    def above(self) -> _Place:
        """The line above that holds something, or this one."""
        for number in range(self.line - 1, -1, -1):
            if self.lines[number].strip():
                return _Place(self.lines, number, 0)
        return self


def _reworded(what: str, place: _Place, start: _Place) -> tuple[_Place, str, str]:
    if "mapping values are not allowed" in what:
        return _colon_too_many(place)
    if "unexpected ':'" in what:
        return place, _NO_SPACE_AFTER, "write `key: value`"
    if "could not find expected ':'" in what:
        return _no_colon(start)
    if "quoted scalar" in what:
        return _quoted(what, place, start)
    if "scanning a block scalar" in what:
        help = "begin the text on the next line; put a text that begins with `>` or `|` in quotes"
        return start, f"after `{start.character}` nothing else can stand on the line", help
    if "cannot start any token" in what:
        shown = "a backtick" if place.character == "`" else f"`{place.character}`"
        return place, f"a text cannot begin with {shown}", "put it in quotes"
    if "directive" in what:
        return place, "a line that begins with `%` is not allowed", "remove the line"
    if "an anchor" in what or "an alias" in what or "a tag" in what or "tag handle" in what:
        if start.character == "*" and start.whole[start.column + 1 : start.column + 2] == " ":
            return start, "a text cannot begin with `*`", "begin each part of a list with `- `"
        return start, f"a text cannot begin with `{start.character}`", "put it in quotes"
    if "a flow" in what or "node content" in what:
        return _bracket(what, place, start)
    if "a block mapping" in what or "a block collection" in what:
        return _out_of_line(what, place)
    if "sequence entries are not allowed" in what:
        return (
            place,
            "a list cannot begin on this line",
            "begin each `- ` on a line of its own, below the key",
        )
    if "mapping keys are not allowed" in what:
        return place, "a text cannot begin with `?`", "put it in quotes"
    if "document start" in what:
        if place.character and place.character in "]}":
            return (
                place,
                f"this `{place.character}` does not fit",
                "look for a bracket or value that is missing",
            )
        return place, "this does not belong to what stands above", _INDENT
    return (
        place,
        "this cannot be read",
        "look for a quote, bracket or colon that is missing on or above this line",
    )


def _colon_too_many(place: _Place) -> tuple[_Place, str, str]:
    joined = _no_space(place)
    if joined and joined[0].whole[joined[0].column + 1] in "{[":
        return joined
    if re.search(r":\s", place.before):
        return place, _SECOND_COLON, "put the text in quotes"
    above = place.above()
    if _indent(above) == _indent(place):
        return _no_colon(above)
    below, parent = place.below(), above.above()
    opens = _indent(parent) < _indent(above) and re.search(r":\s*(#.*)?$", parent.whole)
    if opens and below.line != place.line and _indent(below) == _indent(place):
        # The first line of its block against two: it is the first that stands out of line.
        message = "this line is not indented as far as the lines below, which belong with it"
        return _Place(above.lines, above.line, _indent(above)), message, _INDENT
    message = "this line is indented further than the line above, which has a value"
    return place, message, f"{_INDENT}; put a text with a colon in quotes"


def _no_colon(place: _Place) -> tuple[_Place, str, str]:
    if re.match(r"\s*-[^\s-]", place.whole):
        return place, _NO_SPACE_DASH, "write `- value`"
    return _no_space(place) or (
        place,
        "this line has no `key: value`",
        "put a colon and a space between key and value",
    )


def _indent(place: _Place) -> int:
    return len(place.whole) - len(place.whole.lstrip())


def _no_space(place: _Place) -> tuple[_Place, str, str] | None:
    found = _NO_SPACE.match(place.whole)
    if found is None:
        return None
    return (
        _Place(place.lines, place.line, found.end() - 1),
        _NO_SPACE_AFTER,
        "write `key: value`",
    )


def _quoted(what: str, place: _Place, start: _Place) -> tuple[_Place, str, str]:
    if "end of stream" in what or "document indicator" in what or "document separator" in what:
        if _APOSTROPHE.fullmatch(start.whole.rstrip(), start.column):
            return start, f"a text cannot begin with {_AN_APOSTROPHE}", "put the text between double quotes"
        other = "double" if start.character == "'" else "single"
        help = f"close it with the same quote; put a text that itself begins with one between {other} quotes"
        return start, "this quote is never closed", help
    column = place.column if place.character == "\\" else max(0, place.before.rfind("\\"))
    slash = _Place(place.lines, place.line, column)
    shown = slash.whole[slash.column : slash.column + 2]
    return slash, f"`{shown}` has no meaning between double quotes", "write `\\\\`, or use single quotes"


def _bracket(what: str, place: _Place, start: _Place) -> tuple[_Place, str, str]:
    close = "]" if start.character == "[" else "}"
    if place.at_end() and start.character and start.character in "[{":
        return start, f"this `{start.character}` is never closed", f"put a `{close}` at its end"
    if place.character == "?":
        return place, _QUESTION, _SENTENCE
    if "node content" in what:
        if place.character and place.character in "]}":
            return (
                place,
                f"this `{place.character}` does not fit",
                "look for a bracket or value that is missing",
            )
        if place.character == ":":
            return place, "a key is missing before the colon", "write `key: value`"
        return place, "a value is missing here", "write a value, or remove the comma"
    if place.character == ":" and re.search(r":\s", place.before):
        return place, _SECOND_COLON, f"put a comma before the next key; {_SENTENCE}"
    closed = place.whole.count(close) > place.whole.count(start.character or close)
    key = re.match(r"\s*[\w-]+:(\s|$)", place.whole)
    if place.line > start.line and key and not closed and _indent(place) <= _indent(start):
        return start, f"this `{start.character}` is never closed", f"put a `{close}` at its end"
    still = f"the `{start.character}` of line {start.line + 1} is still open"
    message = f"`,` or `{close}` is missing before this; {still}"
    if re.match(r"(or|of)\b", place.whole[place.column :]):
        return place, message, "for *or*, write `any: [{...}, {...}]`"
    if re.match(r"(and|en)\b", place.whole[place.column :]):
        return place, message, "for *and*, a comma is enough"
    return place, message, _SENTENCE


def _out_of_line(what: str, place: _Place) -> tuple[_Place, str, str]:
    before = place.before.rstrip()
    if no_space := _no_space(place):
        return no_space
    if before and before[-1] in "\"'":
        other = "double" if before[-1] == "'" else "single"
        return place, f"{_GOES_ON} quote", f"put the whole text between {other} quotes"
    if before and before[-1] in "]}":
        return place, f"{_GOES_ON} `{before[-1]}`", "put the whole text in quotes"
    if place.character == ":":
        return place, "a key is missing before the colon", "write `key: value`"
    above = place.above()
    if _indent(above) < _indent(place) == _indent(above.above()) and re.match(r"\s*[\w-]+: ", above.whole):
        # One line to the left of its neighbours, above and below: it is that one.
        message = "this line does not line up with the lines above and below"
        return _Place(above.lines, above.line, _indent(above)), message, _INDENT
    if "a block collection" in what:
        return (
            place,
            "a `- ` is missing: the lines above are a list",
            f"begin this line with `- `, or {_INDENT}",
        )
    return place, "this line does not line up with the lines above", _INDENT


# ------------------------------------------------------------------------------------------------------ JSON

_TOKEN = re.compile(r'[ \t\n]*([\[\]{},:"]|[^ \t\n\[\]{},:"]+)')
_STRING = json.JSONDecoder().raw_decode  # at a quote it reads that one text, and does not recurse
_EXPECTED = {
    "value": "a value",
    "item or end": "a value or `]`",
    "key": "a key in double quotes",
    "key or end": "a key in double quotes or `}`",
    "colon": "a colon",
    "comma or end": "a comma or the closing bracket",
    "nothing": "the end",
}


def _build_json(text: str, builder: _Builder) -> None:
    starts, at, state = _line_starts(text), 0, "value"
    while found := _TOKEN.match(text, at):
        token, begin, at = found[1], found.start(1), found.end()
        span = builder.spot(starts, begin, at)
        match token, state:
            case ("{" | "[", "value" | "item or end"):
                builder.begin({} if token == "{" else [], span, flow=True)
                state = "key or end" if token == "{" else "item or end"
            case ("}", "key or end" | "comma or end" | "key") if isinstance(builder.stack[-1].data, dict):
                state = _json_close(token, state, span, builder)
            case ("]", "item or end" | "comma or end" | "value") if _in_list(builder):
                state = _json_close(token, state, span, builder)
            case (",", "comma or end"):
                state = "value" if _in_list(builder) else "key"
            case (":", "colon"):
                state = "value"
            case ('"', "key" | "key or end" | "value" | "item or end"):
                value, at = _json_text(text, begin, starts, builder)
                state = _json_scalar(value, builder.spot(starts, begin, at), builder)
            case (_, "value" | "item or end") if token not in "]},:":
                state = _json_scalar(_json_word(token, span, builder), span, builder)
            case _:
                message = f"`{_short(token)}` stands where {_EXPECTED[state]} is expected"
                _stop_unless_told(message, span, "", builder)
    if not builder.count:
        builder.stop("empty-text", "the text is empty", start_of(builder.name))
    if state != "nothing":
        end = builder.spot(starts, len(text), len(text))
        _stop_unless_told(f"the text ends where {_EXPECTED[state]} is expected", end, "", builder)


def _in_list(builder: _Builder) -> bool:
    return bool(builder.stack) and isinstance(builder.stack[-1].data, list)


def _json_close(token: str, state: str, span: Span, builder: _Builder) -> str:
    if state in ("key", "value"):
        builder.fault("syntax", f"a comma too many stands before this `{token}`", span, "remove the comma")
    builder.end(span.end_line, span.end_column)
    return "comma or end" if builder.stack else "nothing"


def _json_scalar(value: object, span: Span, builder: _Builder) -> str:
    builder.counted(span)
    if isinstance(value, str):
        builder.text(value, span)
        if builder.wants_key():
            builder.key(value, span)
            return "colon"
    builder.value(value, span)
    return "comma or end" if builder.stack else "nothing"


def _json_text(text: str, begin: int, starts: list[int], builder: _Builder) -> tuple[str, int]:
    try:
        value, end = _STRING(text, begin)
    except json.JSONDecodeError as error:
        at, help = error.pos, "close it; write `\\n` for a new line, `\\t` for a tab"
        message = "this quote is not closed on its line"
        if "escape" in error.msg:
            at = text.rindex("\\", begin, at + 1)
            message, help = f"`{text[at : at + 2]}` has no meaning here", "write `\\\\` for a backslash"
        elif text[at] != "\t":
            at = begin
        else:
            message = "a tab stands in this text"
        builder.stop("syntax", message, builder.spot(starts, at, at + 1), help)
    return value, end


def _json_word(token: str, span: Span, builder: _Builder) -> object:
    """A value that is not between quotes."""
    if token in _WORDS:
        return _WORDS[token]
    if token.startswith(("//", "/*", "#")):
        builder.stop("syntax", "a comment cannot stand in JSON", span, "remove it")
    if token in ("NaN", "Infinity", "-Infinity"):
        builder.fault("number", f"`{token}` is not a number to count with", span, "write a number, or `null`")
        return None
    number = _number(token, builder.limits)
    if isinstance(number, _Odd):
        builder.fault(number.code, number.message, span, number.help)
        return number.meant
    if number is not None:
        return number
    meant = _MEANT.get(token.lower())
    help = f"write `{meant}`; or {_QUOTE}" if meant else "put it between double quotes"
    builder.fault("bare-word", f"`{_short(token)}` is not a value here", span, help)
    return _WORDS[meant] if meant else token.strip("'")
