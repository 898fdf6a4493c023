"""The cells of a table, as typed columns that every engine takes, exactly or not at all."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

import polars as pl

from trainingrules.bulk.inputs import KEY, none_of
from trainingrules.kinds import DURATION_UNITS, KINDS, LONGEST_TEXT, MEASURES, Json, Shape

# What a column holds is less than this, and between these days, so that an engine can reckon with it in 64 bits;
# whoever has more is asked alone.
MOST = 10**12
FIRST_DAY, LAST_DAY = date(1000, 1, 1), date(9000, 12, 31)
# In how many parts of one a kind is counted; the rest in ones.
PARTS = {"decimal": 1_000_000, "percent": 1_000_000, "money": 100}
_PLACES = {"decimal": 6, "percent": 6, "money": 2}
_PARTS_OF_A_MILLIONTH: Mapping[str, int | Fraction] = {"ns": 1000, "us": 1, "ms": Fraction(1, 1000)}
_MOST_LENGTH = 100_000
_MOST_OPTIONS = 10_000

# In a text cell: there is none; of a list, none of the options.
NONE = "none"
WORD_FOR_NONE = frozenset({"date", "moment", "row"})

_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,99})")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,99})\.[0-9]{1,99}")
_INTEGER_CELL = r"^-?(0|[1-9][0-9]{0,12})$"
_NUMBER_CELL = r"^-?(0|[1-9][0-9]{0,12})(\.[0-9]{1,%s})?$"
_DATE_CELL = r"^[1-9][0-9]{3}-(0[1-9]|1[0-2])-[0-3][0-9]"
_TIME_CELL = r"T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
# White space as Python sees it, and so the library; polars sees less.
SPACE = "".join(letter for letter in map(chr, range(0x3001)) if letter.isspace())


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its name there, the path of the fact or field in it, and what that may be.

    With ``none`` it does not hold the fact, but whether it is known that there is none.
    """

    name: str
    path: str
    shape: Shape
    none: bool = False


@dataclass(frozen=True, slots=True)
class Normal:
    """Rows as engines take them; those ``aside`` have a cell that is faulty, or too large or fine for a column."""

    frame: pl.DataFrame
    aside: pl.Series


def dtype_of(shape: Shape) -> pl.DataType:
    """
    The type of the column of a shape.

    >>> dtype_of(Shape("money")), dtype_of(Shape("date"))
    (Int64, Date)
    """
    match shape.kind:
        case "boolean":
            return pl.Boolean()
        case "date":
            return pl.Date()
        case "moment":
            return pl.Datetime("us", "UTC")
        case "text" | "choice" | "row":
            return pl.String()
        case "list":
            return pl.List(pl.String())
        case _:
            return pl.Int64()


def refused(dtype: pl.DataType, shape: Shape) -> str:
    """
    Why a column of this type cannot hold such a fact, or nothing when it can.

    >>> refused(pl.Float64(), Shape("money"))
    'its type is Float64: a binary fraction, which is not exact'
    """
    if isinstance(dtype, pl.String | pl.Categorical | pl.Enum | pl.Null):
        return ""
    if dtype.is_float() and shape.kind in MEASURES:
        return f"its type is {dtype}: a binary fraction, which is not exact"
    if isinstance(dtype, pl.Datetime) and shape.kind == "moment":
        return "" if dtype.time_zone else f"its type is {dtype}: a moment needs its time zone"
    match shape.kind:
        case "boolean":
            fits = isinstance(dtype, pl.Boolean)
        case "date":
            fits = isinstance(dtype, pl.Date)
        case "list":
            inner = dtype.inner if isinstance(dtype, pl.List) else None
            fits = isinstance(inner, pl.String | pl.Categorical | pl.Enum | pl.Null)
        case "integer" | "decimal" | "percent" | "money" | "duration":
            fits = dtype.is_integer() or dtype.is_decimal()
        case _:
            fits = False
    return "" if fits else f"its type is {dtype}"


def normal(raw: pl.DataFrame, columns: Sequence[Column]) -> Normal:
    """
    The rows of a table in columns by path, typed by `dtype_of`; beside each that can be known not to exist, `.none`.

    The first column is their running number, ``key``. A row with a cell that does not fit is left aside.

    >>> table = pl.DataFrame({"fee": ["445", "445.5", "4,45", " "]})
    >>> found = normal(table, [Column("fee", "fee", Shape("money"))])
    >>> found.frame["fee"].to_list(), found.aside.to_list()
    ([44500, 44550, None, None], [False, False, True, False])
    """
    plain = _plain(raw, columns)
    names = dict.fromkeys(one.name for one in columns)
    said = raw.select(
        pl.int_range(pl.len()).alias(KEY),
        *((pl.col(name) if name in plain else _said(name, raw.schema[name])).alias(_told(name)) for name in names),
    )
    shapes = {one.path: one.shape for one in columns}
    cells = {one.path: said[_told(one.name)] for one in columns if not one.none}
    marks = {one.path: said[_told(one.name)] for one in columns if one.none}
    nullable = [path for path, shape in shapes.items() if KINDS[shape.kind].nullable]
    as_they_are = {one.path for one in columns if one.name in plain}
    found = said.select(
        KEY,
        *(_as_it_is(cells[one.path], one.shape).alias(one.path) for one in columns if one.name in plain),
        *(_value(cells.get(path), shape).alias(path) for path, shape in shapes.items() if path not in as_they_are),
        *(_word(cells.get(path), shapes[path]).alias(none_of(path)) for path in nullable),
        *(_truth(marks[path]).alias(_marked(path)) for path in marks),
    )
    for path, given in cells.items():
        if shapes[path].kind == "duration" and given.dtype == pl.String():
            found = found.with_columns(_lengths(given, found[path], shapes[path]).alias(path))
    aside = pl.repeat(False, raw.height, dtype=pl.Boolean, eager=True)
    for path, given in cells.items():
        words = found[none_of(path)] if path in nullable else None
        fit = given.len() - found[path].null_count() + (int(words.sum()) if words is not None else 0)
        if fit < given.len() - given.null_count():
            lost = given.is_not_null() & found[path].is_null()
            aside |= lost if words is None else lost & ~words
    for path, mark in marks.items():
        none = found[_marked(path)]
        aside |= (mark.is_not_null() & none.is_null()) | (none.fill_null(value=False) & _known(cells.get(path), found))
    nones = (pl.col(none_of(path)) | pl.col(_marked(path)).fill_null(value=False) for path in marks)
    return Normal(found.with_columns(nones).drop(*map(_marked, marks)), aside)


def _plain(raw: pl.DataFrame, columns: Sequence[Column]) -> set[str]:
    """The columns of which a look at the whole shows that every cell fits as it is: most, in a table that is typed."""
    checks = {}
    for one in columns:
        cell, dtype = pl.col(one.name), raw.schema[one.name]
        within: tuple[object, object] | None = None
        if one.none:
            continue
        if one.shape.kind == "date" and dtype == pl.Date():
            within = FIRST_DAY, LAST_DAY
        elif one.shape.kind in MEASURES and dtype.is_integer():
            factor, (low, high) = _factor(one.shape), _limits(one.shape)
            within = -(-low // factor), high // factor
            if one.shape.kind == "duration":
                within = max(0, -(-low // factor)), min(_MOST_LENGTH, high // factor)
        elif one.shape.kind in ("choice", "row") and dtype == pl.String():
            checks[one.name] = cell.is_in(_options(one.shape)).all()
        if within is not None:
            least, most = (pl.lit(end) for end in within)
            checks[one.name] = ((cell.min() >= least) & (cell.max() <= most)).fill_null(value=True)
    told = raw.select(**checks).row(0, named=True) if checks else {}
    return {name for name, fits in told.items() if fits}


def _as_it_is(given: pl.Series, shape: Shape) -> pl.Expr:
    """The values of a column in which every cell fits."""
    cell = pl.col(given.name)
    return cell.cast(pl.Int64) * _factor(shape) if shape.kind in MEASURES else cell


def _factor(shape: Shape) -> int:
    """How many of what a column counts there are in one of what a whole number says."""
    return DURATION_UNITS[shape.unit][1] if shape.kind == "duration" else PARTS.get(shape.kind, 1)


def _options(shape: Shape) -> pl.Expr:
    return pl.lit(pl.Series([*shape.options], dtype=pl.String)).implode()


def _told(column: str) -> str:
    return f"\0{column}"


def _marked(path: str) -> str:
    return f"\0none {path}"


def _known(given: pl.Series | None, found: pl.DataFrame) -> pl.Series:
    """Where a cell beside the mark that there is none holds something."""
    return given.is_not_null() if given is not None else pl.repeat(False, found.height, dtype=pl.Boolean, eager=True)


# --- typed, or as text ---


def _said(name: str, dtype: pl.DataType) -> pl.Expr:
    """What a cell says: of text, without white space around it; nothing where it is empty."""
    if isinstance(dtype, pl.String | pl.Categorical | pl.Enum):
        text = pl.col(name).cast(pl.String).str.strip_chars(SPACE)
        return pl.when(text != "").then(text).alias(name)
    return pl.col(name)


def _value(given: pl.Series | None, shape: Shape) -> pl.Expr:
    """The values that fit; null for all else."""
    if given is None or given.dtype == pl.Null():
        return pl.lit(None, dtype_of(shape))
    cell = pl.col(given.name)
    if given.dtype == pl.String():
        return _bounded(_of_text(cell, shape), shape)
    return _bounded(_of_type(cell, given.dtype, shape), shape)


def _bounded(value: pl.Expr, shape: Shape) -> pl.Expr:
    """The values within the bounds of their declaration and of a column."""
    if shape.kind == "date":
        return pl.when(value.is_between(FIRST_DAY, LAST_DAY)).then(value)
    if shape.kind == "moment":
        return pl.when(value.to_physical().is_between(*_moments(1))).then(value)
    if shape.kind not in MEASURES:
        return value
    return pl.when(value.is_between(*_limits(shape))).then(value)


def _limits(shape: Shape) -> tuple[int, int]:
    """The least and most that a column of numbers holds: of its declaration, and within what can be reckoned with."""
    parts = PARTS.get(shape.kind, 1)
    low, high = -MOST * parts + 1, MOST * parts - 1
    # Bounds of an amount are in cents already.
    scale = parts if shape.kind != "money" else 1
    if shape.low is not None:
        low = max(low, math.ceil(Fraction(shape.low) * scale))
    if shape.high is not None:
        high = min(high, math.floor(Fraction(shape.high) * scale))
    return low, high


def _moments(parts: int | Fraction) -> tuple[int, int]:
    """The first and last moment that a column holds, in so many parts of a millionth of a second since 1970."""
    ends = (datetime.combine(day, time.min, UTC) for day in (FIRST_DAY, LAST_DAY))
    first, last = ((one - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) for one in ends)
    # In billionths there is no moment that far away.
    return max(int(first * parts), -(2**63)), min(int(last * parts), 2**63 - 1)


def _of_text(cell: pl.Expr, shape: Shape) -> pl.Expr:
    match shape.kind:
        case "boolean":
            return _of_words(cell)
        case "integer":
            return pl.when(cell.str.contains(_INTEGER_CELL)).then(cell.str.to_integer(dtype=pl.Int64, strict=False))
        case "duration":
            count = pl.when(cell.str.contains(_INTEGER_CELL)).then(cell.str.to_integer(dtype=pl.Int64, strict=False))
            return _counted(count, shape)
        case "decimal" | "percent" | "money":
            places = _PLACES[shape.kind]
            fits = cell.str.contains(_NUMBER_CELL % places)
            return pl.when(fits).then(cell.str.to_decimal(scale=places).to_physical().cast(pl.Int64, strict=False))
        case "date":
            return pl.when(cell.str.contains(f"{_DATE_CELL}$")).then(cell.str.to_date("%Y-%m-%d", strict=False))
        case "moment":
            plain = pl.when(cell.str.contains(_DATE_CELL + _TIME_CELL)).then(cell.str.replace("Z$", "+00:00"))
            forms = ("%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%dT%H:%M%z")
            return pl.coalesce(
                plain.str.to_datetime(form, time_unit="us", time_zone="UTC", strict=False) for form in forms
            )
        case "text":
            return pl.when(cell.str.len_chars() <= LONGEST_TEXT).then(cell.str.normalize("NFC"))
        case "list":
            parts = cell.str.split(";").list.eval(pl.element().str.strip_chars(SPACE))
            several = pl.when(_all_options(parts, shape)).then(parts)
            if NONE in shape.options:
                return several
            return pl.when(cell == NONE).then(pl.lit([], dtype=pl.List(pl.String))).otherwise(several)
        case _:
            return pl.when(cell.is_in(_options(shape))).then(cell)


def _of_words(cell: pl.Expr) -> pl.Expr:
    word = cell.str.to_lowercase()
    return pl.when(word == "true").then(statement=True).when(word == "false").then(statement=False)


def _of_type(cell: pl.Expr, dtype: pl.DataType, shape: Shape) -> pl.Expr:
    match shape.kind:
        case "integer" | "decimal" | "percent" | "money" | "duration":
            whole = _counted_in(cell, dtype, _PLACES.get(shape.kind, 0))
            return _counted(whole, shape) if shape.kind == "duration" else whole
        case "moment":
            # A fine part of a second is not cut off: the row is then asked by itself.
            assert isinstance(dtype, pl.Datetime)
            unit = _PARTS_OF_A_MILLIONTH[dtype.time_unit]
            count = cell.to_physical()
            fits = count.is_between(*_moments(unit)) & (count % unit == 0 if unit == 1000 else pl.lit(value=True))
            return pl.when(fits).then(cell).dt.convert_time_zone("UTC").dt.cast_time_unit("us")
        case "list":
            parts = cell.cast(pl.List(pl.String))
            return pl.when(_all_options(parts, shape)).then(parts)
        case _:
            return cell


def _all_options(parts: pl.Expr, shape: Shape) -> pl.Expr:
    known = parts.list.eval(pl.element().is_in(_options(shape)).fill_null(value=False)).list.all()
    return known & (parts.list.len() <= _MOST_OPTIONS)


def _counted_in(cell: pl.Expr, dtype: pl.DataType, places: int) -> pl.Expr:
    """A whole or decimal number as so many tenths, hundredths or finer; null where it is finer than that."""
    scale = dtype.scale if isinstance(dtype, pl.Decimal) else 0
    number = cell.to_physical() if isinstance(dtype, pl.Decimal) else cell
    if scale > places:
        step = 10 ** (scale - places)
        number = pl.when(number % step == 0).then(number // step)
    small = number.cast(pl.Int64, strict=False)
    if scale < places:
        step = 10 ** (places - scale)
        most = MOST * 10**places // step
        small = pl.when(small.is_between(-most, most)).then(small * step)
    return small


def _counted(count: pl.Expr, shape: Shape) -> pl.Expr:
    """A number of the unit of a duration in its base unit."""
    return pl.when(count.is_between(0, _MOST_LENGTH)).then(count * DURATION_UNITS[shape.unit][1])


def _lengths(given: pl.Series, found: pl.Series, shape: Shape) -> pl.Series:
    """Lengths such as `3 years`, which are few, beside those that are numbers."""
    known: dict[str, int] = {}
    for text in given.filter(given.is_not_null() & found.is_null()).unique():
        try:
            known[text] = KINDS["duration"].parse(text, shape)
        except ValueError:
            continue
    if not known:
        return found
    return found.zip_with(found.is_not_null(), given.replace_strict(known, default=None, return_dtype=pl.Int64))


def _word(given: pl.Series | None, shape: Shape) -> pl.Expr:
    """Where a text says that there is none."""
    if given is None or given.dtype != pl.String() or shape.kind not in WORD_FOR_NONE or NONE in shape.options:
        return pl.lit(value=False)
    return (pl.col(given.name) == NONE).fill_null(value=False)


def _truth(mark: pl.Series) -> pl.Expr:
    """Whether it is marked that there is none."""
    if mark.dtype == pl.Null():
        return pl.lit(None, pl.Boolean())
    return _of_words(pl.col(mark.name)) if mark.dtype == pl.String() else pl.col(mark.name)


# --- one cell, as the library takes it ---


def spelt(raw: pl.DataFrame) -> pl.DataFrame:
    """
    The same rows with days and moments as text: Python has no days after the year 9999, nor parts below a millionth.

    >>> spelt(pl.DataFrame({"on": [date(2026, 1, 31)]}))["on"].to_list()
    ['2026-01-31']
    """
    days = [pl.col(name).dt.to_string("%Y-%m-%d") for name, dtype in raw.schema.items() if dtype == pl.Date()]
    moments = [
        pl.when(pl.col(name).to_physical().is_between(*_moments(_PARTS_OF_A_MILLIONTH[dtype.time_unit])))
        .then(pl.col(name)).dt.convert_time_zone("UTC").dt.to_string("%Y-%m-%dT%H:%M:%S%.9f%:z")
        .str.replace(r"(\.[0-9]{6})000", "$1").fill_null(pl.col(name).to_physical().cast(pl.String)).alias(name)
        for name, dtype in raw.schema.items() if isinstance(dtype, pl.Datetime) and dtype.time_zone
    ]  # fmt: skip
    return raw.with_columns(*days, *moments)


def given(cell: object, shape: Shape) -> Json:
    """
    What a cell gives to the library, which parses it, or says what is wrong with it.

    >>> given(" 445.50 ", Shape("money")), given("TRUE", Shape("boolean")), given("none", Shape("date"))
    (Decimal('445.50'), True, None)
    """
    if isinstance(cell, str):
        return _given_as_text(cell.strip(), shape)
    if isinstance(cell, Decimal):
        # A column has one number of decimals for all of its cells: that of a cell means nothing.
        sign, digits, places = cell.as_tuple()
        assert isinstance(places, int)  # a column holds no infinities
        while places < 0 and digits[-1:] == (0,):
            digits, places = digits[:-1], places + 1
        return int(cell) if places >= 0 or not digits else Decimal((sign, digits, places))
    return cell


def _given_as_text(cell: str, shape: Shape) -> Json:
    if cell == NONE and NONE not in shape.options:
        if shape.kind in WORD_FOR_NONE:
            return None
        if shape.kind == "list":
            return []
    if shape.kind == "list":
        return [part.strip() for part in cell.split(";")]
    if shape.kind == "boolean" and cell.lower() in ("true", "false"):
        return cell.lower() == "true"
    if shape.kind in MEASURES and _WHOLE.fullmatch(cell):
        return int(cell)
    if shape.kind in MEASURES and _DECIMAL.fullmatch(cell):
        return Decimal(cell)
    return cell
