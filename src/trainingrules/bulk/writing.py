"""Tables written as files: a batch at a time, and whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import queue
import tempfile
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol, Self

import polars as pl

from trainingrules.bulk.reading import SUFFIXES
from trainingrules.diagnostics import Diagnostic, FactError, one_of

_BATCHES_WAITING = 2
_ROWS_IN_GROUP = 262_144
# Between the paths and the faults in one cell of text.
LISTED = ";"


class _Sink(Protocol):
    """What takes batches and makes a file of them."""

    def write(self, frame: pl.DataFrame) -> None:
        """Take a batch."""
        ...

    def close(self) -> None:
        """Finish the file; raises what went wrong in writing it."""
        ...

    def drop(self) -> None:
        """Let go of the file as it is."""
        ...


class Writer:
    """A table on its way into a file, beside which it is written until it is whole.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "answers.csv"
    ...     with Writer(path, {"key": pl.Int64(), "verdict": pl.String()}) as writer:
    ...         writer.write(pl.DataFrame({"key": [1], "verdict": ["eligible"]}))
    ...         there = path.exists()
    ...     there, path.read_text()
    (False, 'key,verdict\\n1,eligible\\n')
    """

    def __init__(self, path: Path, schema: Mapping[str, pl.DataType]) -> None:
        self.path, self.schema = path, dict(schema)
        suffix = path.suffix.lower()
        if suffix not in SUFFIXES:
            raise FactError([Diagnostic("file-kind", f"{path}: a table cannot be written as `{suffix}`", None,
                                        one_of(SUFFIXES))])  # fmt: skip
        if not path.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, "there is no such folder", str(path.parent))
        number, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        os.close(number)
        self.part = Path(name)
        try:
            self.sink: _Sink = _Csv(self.part, self.schema) if suffix == ".csv" else _Parquet(self.part, self.schema)
        except BaseException:
            self.part.unlink()
            raise

    def __enter__(self) -> Self:
        return self

    def write(self, frame: pl.DataFrame) -> None:
        """Add some rows."""
        if frame.height:
            self.sink.write(frame)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self.drop()
            return
        try:
            self.sink.close()
            _whole(self.part, self.path)
        except BaseException:
            self.drop()
            raise

    def drop(self) -> None:
        """Leave nothing behind."""
        self.sink.drop()
        with contextlib.suppress(FileNotFoundError):
            self.part.unlink()


def _whole(part: Path, path: Path) -> None:
    """Put a file that is whole in its place, with the mode of the one it replaces, or else that of a new one."""
    try:
        mode = path.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        mode = 0o666 & ~mask
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.chmod(mode)
    part.replace(path.resolve())


class _Csv:
    def __init__(self, part: Path, schema: Mapping[str, pl.DataType]) -> None:
        self.file: IO[bytes] = part.open("wb")
        self._add(pl.DataFrame(schema=schema), header=True)

    def write(self, frame: pl.DataFrame) -> None:
        self._add(frame, header=False)

    def _add(self, frame: pl.DataFrame, *, header: bool) -> None:
        lists = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.List)]
        text = frame.with_columns(pl.col(lists).list.join(LISTED)).with_columns(_empty(frame))
        text.write_csv(self.file, include_header=header)

    def close(self) -> None:
        self.file.close()

    def drop(self) -> None:
        with contextlib.suppress(OSError):
            self.file.close()


def _empty(frame: pl.DataFrame) -> list[pl.Expr]:
    """Texts of which an empty one is an empty cell, not a pair of quotes."""
    texts = (name for name, dtype in frame.schema.items() if isinstance(dtype, pl.List | pl.String))
    return [pl.when(pl.col(name) != "").then(pl.col(name)) for name in texts]


class _Parquet:
    """Polars draws batches from a source; here they are pushed, so the drawing is done by a thread of its own."""

    def __init__(self, part: Path, schema: Mapping[str, pl.DataType]) -> None:
        self.waiting: queue.Queue[pl.DataFrame | _Stopped | None] = queue.Queue(_BATCHES_WAITING)
        self.failed: BaseException | None = None
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._draw, args=(part, dict(schema)), daemon=True)
        self.thread.start()

    def _draw(self, part: Path, schema: dict[str, pl.DataType]) -> None:
        from polars.io.plugins import register_io_source

        def batches(*_: object) -> Iterator[pl.DataFrame]:
            yield pl.DataFrame(schema=schema)
            while (found := self.waiting.get()) is not None:
                if isinstance(found, _Stopped):
                    raise found
                yield found

        try:
            whole = register_io_source(batches, schema=schema)
            whole.sink_parquet(part, row_group_size=_ROWS_IN_GROUP, engine="streaming")
        except BaseException as reason:  # noqa: BLE001 - told in the thread that waits
            self.failed = reason
        finally:
            self.done.set()

    def write(self, frame: pl.DataFrame) -> None:
        self._put(frame)

    def _put(self, what: pl.DataFrame | _Stopped | None) -> None:
        while not self.done.is_set():
            try:
                self.waiting.put(what, timeout=0.1)
            except queue.Full:
                continue
            return
        if self.failed is not None and not isinstance(what, _Stopped):
            raise self.failed

    def close(self) -> None:
        self._put(None)
        self.thread.join()
        if self.failed is not None:
            raise self.failed

    def drop(self) -> None:
        self._put(_Stopped())
        self.thread.join()


class _Stopped(Exception):
    """The table will not be whole."""
