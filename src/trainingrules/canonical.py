"""The canonical form of a part of a policy: without its words, its places, and orders that mean nothing."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from trainingrules import policy as p
from trainingrules.calendar import Period
from trainingrules.kinds import NUMBERS, Shape
from trainingrules.operators import Operator
from trainingrules.words import Text

# What is words, or follows from what stands elsewhere in the policy: the shape of a fact is
# that of its declaration, and what a note or a value is of follows from its value.
_LEFT_OUT = frozenset(
    {"at", "name", "text", "title", "edition", "hash", "statements", "document", "reason", "happened"}
)
_FOLLOWS: Mapping[type, frozenset[str]] = {
    p.FactValue: frozenset({"shape"}), p.FieldValue: frozenset({"shape", "of"}), p.Chosen: frozenset({"shape"}),
    p.Note: frozenset({"shape"}), p.NamedValue: frozenset({"shape"}), p.NotStated: frozenset({"what"}),
}  # fmt: skip
_NAMED_BY = (p.FactValue, p.FieldValue, p.Named, p.AmountOf)
# Tuples of which the order says nothing.
_UNORDERED = frozenset({"source", "between", "builds_on"})
_COMMUTE = frozenset({"total", "product", "least", "greatest"})
_IN_ORDER = frozenset({"in_order"})

Canonical = Hashable


def canonical(node: object) -> Canonical:
    """
    A value that two parts have in common exactly when they say the same thing in the same way.

    Policies of equal canonical forms give equal answers. Different ones need not give different answers:
    `at_least: 3` and `more_than: 2` differ here. Of a part apart from its policy `meaning.bare` tells more.

    >>> from trainingrules import load
    >>> notice = load("calibris").deadlines["notice"]
    >>> from dataclasses import replace
    >>> canonical(notice) == canonical(replace(notice, text=Text("Anders", "Otherwise")))
    True
    >>> canonical(notice) == canonical(replace(notice, act=None))
    False
    """
    match node:
        case p.All(parts) | p.Any(parts) if len(parts) == 1:
            return canonical(parts[0])
        case p.All(parts) | p.Any(parts):
            return (type(node).__name__, *unordered(parts))
        case p.Constant(value, shape):
            kind = "number" if shape.kind in NUMBERS else shape.kind
            return "constant", kind, shape.base_unit, shape.of, _plain(value)
        # Of three factors that are not all known, the bounds depend on which two are taken first.
        case p.Combined(form, parts) if form in _COMMUTE and (form != "product" or len(parts) == 2):
            return "combined", form, *unordered(parts)
        case p.Check(subject, operator, tuple() as operand) if operator.name not in _IN_ORDER:
            return "check", operator.name, canonical(subject), tuple(sorted(set(map(str, operand))))
        case Shape():
            options = tuple(node.options) if node.ordered else tuple(sorted(node.options))
            return ("shape", node.kind, node.unit, () if node.of else options, node.ordered, _plain(node.low),
                    _plain(node.high), node.of)  # fmt: skip
        case Operator():
            return node.name
        case Period():
            return "period", node.months, node.days, node.hours
        case Text():
            return ()
        case Enum():
            return str(node.value)
        case Mapping():
            return tuple(sorted(((str(key), canonical(part)) for key, part in node.items()), key=repr))
        case tuple():
            return tuple(canonical(part) for part in node)
    if is_dataclass(node):
        return type(node).__name__, *parts_of(node).items()
    return _plain(node)


def unordered(parts: Iterable[object]) -> tuple[Canonical, ...]:
    """The canonical forms of parts of which the order says nothing, in an order of their own."""
    return tuple(sorted(map(canonical, parts), key=repr))


def parts_of(node: Any) -> dict[str, Canonical]:
    """
    The canonical form of an entry of a policy, key by key.

    >>> from trainingrules import load
    >>> [*parts_of(load("calibris").cycles["licence_year"])]
    ['source', 'starts', 'every', 'rounds']
    """
    follows = _FOLLOWS.get(type(node), frozenset())
    left_out = _LEFT_OUT - {"name"} if isinstance(node, _NAMED_BY) else _LEFT_OUT
    result: dict[str, Canonical] = {}
    for one in fields(node):
        if one.name not in left_out and one.name not in follows:
            value = getattr(node, one.name)
            result[one.name] = unordered(value) if one.name in _UNORDERED else canonical(value)
    return result


def _plain(value: object) -> Canonical:
    """A value of which the type counts: `True` is not 1."""
    if isinstance(value, tuple):
        return tuple(_plain(part) for part in value)
    return ("truth", value) if isinstance(value, bool) else (value,)
