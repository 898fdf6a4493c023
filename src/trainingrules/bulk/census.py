"""The people of a table counted, and the keys that stand in it more than once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from trainingrules.bulk.asking import texts_of
from trainingrules.bulk.reading import LINE, Table

# The hashes of keys are compared a part at a time, to hold less in memory.
_PARTS = 4


@dataclass(frozen=True, slots=True)
class Census:
    """How many rows a table has, and the lines of each key that has several."""

    rows: int
    doubled: Mapping[str, Sequence[int]] = field(default_factory=dict)


def census(table: Table, key: str) -> Census:
    """
    The rows of a table counted, and the keys that stand in it more than once.

    Keys that rise are each other's proof. Otherwise a hash of each is kept, and where two are the same the keys
    themselves are compared.
    """
    rows = _rising(table, key)
    if rows is not None:
        return Census(rows)
    rows, hashes = 0, []
    for keys, broken in _keys(table, key):
        rows += keys.len() + broken
        hashes.append(keys.drop_nulls().hash(seed=0))
    suspect = _twice(hashes)
    if not suspect.len():
        return Census(rows)
    found: dict[str, list[int]] = {}
    for batch in table.batches([key]):
        texts = texts_of(batch.frame[key])
        mask = _comparable(batch.frame[key]).hash(seed=0).is_in(suspect.implode()) & texts.is_not_null()
        for text, line in zip(texts.filter(mask), batch.frame[LINE].filter(mask), strict=True):
            found.setdefault(text, []).append(line)
    return Census(rows, {text: lines for text, lines in found.items() if len(lines) > 1})


def _rising(table: Table, key: str) -> int | None:
    """How many rows there are, when every key comes after the one before it."""
    rows = 0
    last: Any = None
    for keys, broken in _keys(table, key):
        rows += keys.len() + broken
        some = keys.drop_nulls()
        if some.len():
            if not (some > some.shift(1)).all() or (last is not None and some[0] <= last):
                return None
            last = some[-1]
    return rows


def _keys(table: Table, key: str) -> Iterator[tuple[pl.Series, int]]:
    for batch in table.batches([key]):
        yield _comparable(batch.frame[key]), len(batch.broken)


def _comparable(keys: pl.Series) -> pl.Series:
    """Whole numbers as they are; all else as text, in which white space around it is nothing."""
    return keys if keys.dtype.is_integer() else texts_of(keys)


def _twice(hashes: Sequence[pl.Series]) -> pl.Series:
    """The hashes that occur more than once."""
    found = []
    for part in range(_PARTS):
        some = pl.concat([one.filter(one % _PARTS == part) for one in hashes]).sort()
        found.append(some.filter(some == some.shift(1)).unique())
    return pl.concat(found)
