"""Tables as files: CSV and Parquet, a batch of rows at a time, each row with its line."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path

import polars as pl

from trainingrules.diagnostics import Diagnostic, FactError, Span, one_of

# The number of a row: its line in a CSV file, from 1 as editors count; its place in a Parquet file.
LINE = "\0line"
ROWS_AT_ONCE = 131_072
_BYTES_AT_ONCE = 8 * 2**20
_SEPARATORS = (",", ";", "\t")
_BOM = b"\xef\xbb\xbf"
SUFFIXES = (".csv", ".parquet")


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that cannot be told apart into cells: where it begins, what is wrong, and the row as it is written."""

    line: int
    message: str
    text: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a table, with a column for their line, and the rows among them that are broken."""

    frame: pl.DataFrame
    broken: Sequence[Broken] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table in a file: its columns and their types.

    ``header`` is the first line of a CSV file, ``separator`` what stands between its cells.
    """

    path: Path
    schema: Mapping[str, pl.DataType]
    header: str = ""
    separator: str = ""
    doubled: Sequence[str] = field(default=())

    def fault(self, code: str, message: str, column: str, help: str = "") -> Diagnostic:
        """A fault of a column, at its place in the header where there is one."""
        start = self.header.find(column) if column else -1
        if start < 0:
            return Diagnostic(code, f"{self.path}: {message}", None, help)
        span = Span(str(self.path), 1, start + 1, 1, start + 1 + len(column))
        return Diagnostic(code, message, span, help, line_text=self.header)

    def batches(self, columns: Sequence[str]) -> Iterator[Batch]:
        """The rows, a batch at a time, with these columns."""
        return _csv_batches(self, columns) if self.separator else _parquet_batches(self, columns)


def open_table(path: Path, key: str) -> Table:
    """
    The table in a file, of which one column is the key.

    Raises:
        FactError: it is neither CSV nor Parquet, or its first line is not that of a table.
        OSError: it cannot be read.
    """
    match path.suffix.lower():
        case ".csv":
            return _open_csv(path, key)
        case ".parquet":
            return _open_parquet(path)
        case suffix:
            what = f"`{suffix}` is not a table" if suffix else "this is not a table"
            raise FactError([Diagnostic("file-kind", f"{path}: {what}", None, one_of(SUFFIXES))])


# --- Parquet ---


def _open_parquet(path: Path) -> Table:
    with path.open("rb"):  # what cannot be opened is told in the words of the system
        pass
    try:
        return Table(path, dict(pl.read_parquet_schema(path)))
    except pl.exceptions.PolarsError:
        fault = Diagnostic("file-kind", f"{path}: this is not a Parquet file, or it is not whole")
        raise FactError([fault]) from None


def _parquet_batches(table: Table, columns: Sequence[str]) -> Iterator[Batch]:
    rows = pl.scan_parquet(table.path, glob=False).select(columns)
    # A slice at a time, though polars can give batches: it reads ahead of whoever takes them, without bound.
    try:
        for start in itertools.count(step=ROWS_AT_ONCE):
            frame = rows.slice(start, ROWS_AT_ONCE).collect()
            if not frame.height:
                break
            yield Batch(frame.with_row_index(LINE, offset=start + 1))
    except pl.exceptions.ComputeError as reason:
        what = str(reason).splitlines()[0]
        raise FactError([Diagnostic("file-kind", f"{table.path}: this Parquet file is damaged: {what}")]) from None


# --- CSV ---


def _open_csv(path: Path, key: str) -> Table:
    with path.open("rb") as file:
        first = file.readline().removeprefix(_BOM)
    try:
        header = first.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        header = "\0"
    if "\0" in header:
        raise FactError([Diagnostic("encoding", f"{path}: the file is not saved as UTF-8", None,
                                    "save it again as `CSV UTF-8`")])  # fmt: skip
    if not header.strip():
        raise FactError([Diagnostic("empty-text", f"{path}: the first line names no columns")])
    cells = {separator: _cells(header, separator) for separator in _SEPARATORS}
    # The header itself says what stands between its cells: the key is one of them.
    separator = next((one for one, names in cells.items() if key in names), max(_SEPARATORS, key=header.count))
    names = cells[separator]
    if '"' in header and _cells_of_lines([header], separator) is None:
        raise FactError([Diagnostic("broken-row", f"{path}: the first line has a quote that is not closed")])
    doubled = [name for place, name in enumerate(names) if name in names[:place]]
    schema = {name: pl.String() for name in names}
    return Table(path, schema, header, separator, tuple(dict.fromkeys(doubled)))


def _cells(header: str, separator: str) -> list[str]:
    return [name.strip() for name in _cells_of_lines([header], separator) or header.split(separator)]


def _cells_of_lines(lines: list[str], separator: str) -> list[str] | None:
    try:
        return next(csv.reader(lines, delimiter=separator, strict=True), [])
    except csv.Error:
        return None


def _csv_batches(table: Table, columns: Sequence[str]) -> Iterator[Batch]:
    """A piece of the file at a time; a piece with quotes, or in which a row is too short or too long, row by row."""
    names = list(table.schema)
    with table.path.open("rb") as file:
        file.readline()
        line = 2
        while data := file.read(_BYTES_AT_ONCE) + file.readline():
            frame = _quickly(data, names, table.separator)
            if frame is not None:
                lines = frame.height
                numbers = pl.int_range(line, line + lines, dtype=pl.UInt32, eager=True)
                batch = Batch(frame.select(columns).insert_column(0, numbers.alias(LINE)))
            else:
                batch, lines = _row_by_row(data, file, names, table.separator, line)
                batch = Batch(batch.frame.select(LINE, *columns), batch.broken)
            line += lines
            yield batch


def _quickly(data: bytes, names: Sequence[str], separator: str) -> pl.DataFrame | None:
    """The rows of a piece in which each line is a row and has as many cells as the header, or nothing."""
    lines = data.count(b"\n") + (not data.endswith(b"\n"))
    odd = b'"' in data or data.count(b"\r") != data.count(b"\r\n") or len(names) == 1
    if odd or data.count(separator.encode()) != lines * (len(names) - 1):
        return None
    try:
        # A row with too many cells is refused; and as the cells are as many as they should be, none has too few.
        frame = pl.read_csv(data, has_header=False, schema=dict.fromkeys(names, pl.String()), separator=separator,
                            quote_char=None, infer_schema=False, extra_columns="raise")  # fmt: skip
    except pl.exceptions.PolarsError:
        return None
    return frame if frame.height == lines else None


class _Lines:
    """Lines of text that count themselves and remember those of the row that is being read."""

    def __init__(self, data: bytes, file: BufferedReader) -> None:
        self.whole = data.splitlines(keepends=True) if b"\r" not in data else _split(data)
        self.more = iter(file.readline, b"")
        self.taken = 0
        self.row: list[str] = []

    def __iter__(self) -> Iterator[str]:
        for raw in itertools.chain(self.whole, self.more):
            self.taken += 1
            text = raw.decode("utf-8", errors="surrogateescape")
            self.row.append(text)
            yield text


def _split(data: bytes) -> list[bytes]:
    return [part + b"\n" for part in data.removesuffix(b"\n").split(b"\n")]


def _row_by_row(
    data: bytes, file: BufferedReader, names: Sequence[str], separator: str, first: int
) -> tuple[Batch, int]:
    """The rows of a piece, and how many lines they took: a row may go on beyond the piece."""
    lines = _Lines(data, file)
    rows: list[list[str | int]] = []
    broken: list[Broken] = []
    reader = csv.reader(iter(lines), delimiter=separator, strict=True)
    while lines.taken < len(lines.whole):
        line, lines.row = first + lines.taken, []
        try:
            cells = next(reader)
        except csv.Error as reason:
            broken.append(Broken(line, _said(reason), _shown(lines.row)))
            continue
        if not cells:
            continue  # an empty line
        if wrong := _wrong(cells, len(names)):
            broken.append(Broken(line, wrong, _shown(lines.row)))
        else:
            rows.append([line, *cells])
    schema = {LINE: pl.UInt32(), **dict.fromkeys(names, pl.String())}
    return Batch(pl.DataFrame(rows, schema=schema, orient="row"), broken), lines.taken


def _wrong(cells: Sequence[str], wanted: int) -> str:
    if any("\udc80" <= letter <= "\udcff" for cell in cells for letter in cell):
        return "this row is not saved as UTF-8: save the file again as `CSV UTF-8`"
    if len(cells) != wanted:
        return f"this row has {len(cells)} cells, and the first line of the table {wanted}"
    return ""


def _said(reason: csv.Error) -> str:
    text = str(reason)
    if "limit" in text or "unexpected end" in text:
        return "a quote is opened and not closed"
    if "new-line" in text:
        return "the line ends in a carriage return alone"
    return "a quote is closed within a cell: write two quotes where one is meant"


def _shown(lines: Sequence[str]) -> str:
    return "".join(lines).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace").rstrip("\r\n")
