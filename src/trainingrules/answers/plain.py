"""Answers as plain JSON values, and back: money as decimal text, days and moments as ISO text."""

from __future__ import annotations

import functools
import types
import typing
from collections.abc import Hashable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar

from trainingrules.calendar import parse_date, parse_moment, write_date, write_moment

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """
    Plain JSON values for a frozen answer.

    >>> to_plain((Decimal("445.00"), date(2026, 1, 31)))
    ['445.00', '2026-01-31']
    """
    if is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return write_moment(value)
    if isinstance(value, date):
        return write_date(value)
    if isinstance(value, tuple):
        return [to_plain(part) for part in value]
    return value


def from_plain(cls: type[T], plain: Any) -> T:
    """
    The frozen answer that `to_plain` made these values of.

    Raises:
        ValueError: when they are not such values.
    """
    try:
        return typing.cast(T, _read(cls, plain))
    except (KeyError, TypeError, AttributeError, ArithmeticError) as reason:
        raise ValueError(f"this is not a {cls.__name__} as `to_dict` writes it: {reason!r}") from None


@functools.cache
def _hints(cls: Hashable) -> dict[str, Any]:
    hints = typing.get_type_hints(cls)
    return {field.name: hints[field.name] for field in fields(typing.cast(Any, cls))}


def fields_with(cls: type, part: type) -> tuple[str, ...]:
    """The fields of a frozen value that can hold one of a class, at any depth."""
    return _fields_with(typing.cast(Hashable, cls), typing.cast(Hashable, part))


@functools.cache
def _fields_with(cls: Hashable, part: Hashable) -> tuple[str, ...]:
    return tuple(name for name, hint in _hints(cls).items() if _can_hold(hint, part))


def _can_hold(hint: Any, part: Hashable) -> bool:
    if hint is part or (is_dataclass(hint) and _fields_with(typing.cast(Hashable, hint), part)):
        return True
    return any(_can_hold(inner, part) for inner in typing.get_args(hint))


def _read(kind: Any, plain: Any) -> Any:
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        options = [option for option in typing.get_args(kind) if option is not type(None)]
        if plain is None:
            return None
        if set(options) == {date, datetime}:
            return parse_moment(plain) if "T" in plain else parse_date(plain)
        if str in options and int in options:
            return _read(int if isinstance(plain, int) else str, plain)
        return _read(options[0], plain)
    if origin is tuple:
        return tuple(_read(typing.get_args(kind)[0], part) for part in plain)
    if kind is Any:
        return plain
    if kind in (str, bool, int):
        if type(plain) is not kind:
            raise ValueError(f"{plain!r} is no `{kind.__name__}`")
        return plain
    if is_dataclass(kind):
        hints = _hints(typing.cast(Hashable, kind))
        if set(plain) != set(hints):
            raise ValueError(f"the keys are {sorted(plain)}, not {sorted(hints)}")
        return kind(**{name: _read(hint, plain[name]) for name, hint in hints.items()})  # type: ignore[operator]
    if issubclass(kind, Enum):
        return kind(plain)
    if kind is Decimal:
        return Decimal(plain)
    return {datetime: parse_moment, date: parse_date}[kind](plain)
