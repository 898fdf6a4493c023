"""A policy as plain JSON and back: a list of entries, each of them made of earlier ones.

What is alike is written once: a text, a shape or a place that a policy holds a hundred times is one entry. Only the
classes that a policy is made of can come out, whatever the list says, and an operator comes out by its name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from fractions import Fraction
from typing import Any

from trainingrules import policy as p
from trainingrules.calendar import MonthEnd
from trainingrules.money import Certainty, Rounding, Vat
from trainingrules.operators import OPERATORS, Operator
from trainingrules.policy import Policy
from trainingrules.truth import Cause

# A text, number, truth or null as itself; of anything else what makes it, and the numbers of the entries it is made of.
Entry = None | bool | int | str | list[Any]

_TUPLE, _MAPPING, _SET, _FRACTION, _DATE, _MOMENT, _OPERATOR = (
    "tuple", "mapping", "set", "fraction", "date", "moment", "operator")  # fmt: skip


def _mapping(*parts: Any) -> dict[Any, Any]:
    return dict(zip(parts[::2], parts[1::2], strict=True))


def _placed(kind: Callable[..., Any]) -> Callable[..., Any]:
    """How something with a place in the document is made: its place comes first."""
    return lambda at, *parts: kind(*parts, at=at)


def _maker(kind: type) -> Callable[..., Any]:
    return _placed(kind) if any(field.kw_only for field in fields(kind)) else kind


_VALUES: tuple[type, ...] = (*(
    kind for kind in vars(p).values() if isinstance(kind, type) and is_dataclass(kind) and kind is not Operator
), Cause)  # fmt: skip
_MAKERS: Mapping[str, Callable[..., Any]] = {
    _TUPLE: lambda *parts: parts,
    _MAPPING: _mapping,
    _SET: lambda *parts: frozenset(parts),
    _FRACTION: Fraction,
    _DATE: date.fromisoformat,
    _MOMENT: datetime.fromisoformat,
    _OPERATOR: OPERATORS.__getitem__,
    **{kind.__name__: kind for kind in (Certainty, MonthEnd, Rounding, Vat)},
    **{kind.__name__: _maker(kind) for kind in _VALUES},
}


def pack(policy: Policy) -> list[Entry]:
    """
    The policy as plain JSON: `unpack` gives an equal one, with every place in the document.

    >>> from trainingrules.loading import load
    >>> policy = load("rvwo")
    >>> unpack(pack(policy)) == policy
    True
    """
    packer = _Packer()
    packer.put(policy)
    return packer.entries


def unpack(entries: list[Entry]) -> Policy:
    """
    The policy that was packed.

    Raises:
        LookupError, TypeError, ValueError: that is not what `pack` gives.
    """
    values: list[Any] = []
    for entry in entries:
        if type(entry) is list:
            values.append(_MAKERS[entry[0]](*[values[index] for index in entry[1:]]))
        else:
            values.append(entry)
    if not isinstance(values[-1], Policy):
        raise TypeError("this is no policy")
    return values[-1]


class _Packer:
    """Entries in order, each put once."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.numbers: dict[tuple[Any, ...], int] = {}

    def put(self, value: Any) -> int:
        """The number of the entry of a value."""
        if value is None or isinstance(value, bool | int | str):
            return self.number((type(value), value), value)  # `True` equals 1, and is another entry
        made_by, parts = _taken_apart(value)
        made_of = (made_by, *map(self.put, parts))
        return self.number(made_of, list(made_of))

    def number(self, key: tuple[Any, ...], entry: Entry) -> int:
        if key not in self.numbers:
            self.numbers[key] = len(self.entries)
            self.entries.append(entry)
        return self.numbers[key]


def _taken_apart(value: Any) -> tuple[str, Iterable[Any]]:
    """What makes a value, and of which parts."""
    match value:
        case tuple():
            return _TUPLE, value
        case Mapping():
            return _MAPPING, [part for pair in value.items() for part in pair]
        case frozenset():
            return _SET, sorted(value)
        case Fraction():
            return _FRACTION, (value.numerator, value.denominator)
        case datetime():
            return _MOMENT, (value.isoformat(),)
        case date():
            return _DATE, (value.isoformat(),)
        case Operator():
            return _OPERATOR, (value.name,)
        case Enum():
            return type(value).__name__, (value.value,)
    return type(value).__name__, [getattr(value, field.name) for field in fields(value)]
