"""Which conditions can hold together: every combination of what they compare, tried at once.

Every check becomes a set of possibilities. What is held against values written out is tried on a value of every sort
that these tell apart; two values that are held against each other may be less, equal or more; all else may be either.
That is more than there really is: two checks may hang together in a way that is not seen here. So what is found never
to happen never does, and what is found possible need not be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from math import prod
from operator import and_, or_
from typing import Any

from trainingrules import policy as p
from trainingrules.kinds import DAYS, KINDS, MEASURES, Shape, Value
from trainingrules.meaning import bare
from trainingrules.policy import Policy
from trainingrules.turns import MOST_OPTIONS, regions

# More combinations than this are not tried.
MOST = 1 << 18

# A set of combinations: one bit each.
Bits = int


@dataclass(frozen=True, slots=True)
class _Open:
    """What may be one thing or another: the checks on it say for each possibility whether they hold."""

    key: Any
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Space:
    """All combinations of what some conditions compare."""

    policy: Policy
    opens: Mapping[Any, tuple[_Open, int]]
    size: int

    @property
    def all(self) -> Bits:
        """Every combination."""
        return (1 << self.size) - 1

    def holds(self, condition: p.Condition) -> Bits:
        """The combinations in which a condition holds."""
        match condition:
            case p.All(parts):
                return reduce(and_, map(self.holds, parts), self.all)
            case p.Any(parts):
                return reduce(or_, map(self.holds, parts), 0)
            case p.Not(part):
                return self.all & ~self.holds(part)
            case p.Holds(term):
                return self.holds(self.policy.terms[term].holds)
            case p.Given(when, then):
                return (self.all & ~self.holds(when)) | self.holds(then)
            case p.Check():
                key, _, test = _taken_apart(condition, self.policy)
                found, stride = self.opens[key]
                return reduce(or_, (self._where(found, stride, place) for place, value in enumerate(found.values)
                                    if test(value)), 0)  # fmt: skip
            case _:
                found, stride = self.opens[bare(condition)]
                return self._where(found, stride, 0)

    def covers(self, condition: p.Condition) -> bool:
        """Whether all that a condition compares is among it."""
        return all(_key(leaf, self.policy) in self.opens for leaf in _leaves(condition, self.policy))

    def _where(self, one: _Open, stride: int, place: int) -> Bits:
        """The combinations in which something is what it is at this place."""
        block = ((1 << stride) - 1) << (place * stride)
        period = stride * len(one.values)
        return block * (((1 << self.size) - 1) // ((1 << period) - 1))


def space_of(policy: Policy, conditions: Iterable[p.Condition]) -> Space | None:
    """
    All combinations of what some conditions compare; nothing when there are too many.

    >>> from trainingrules import load
    >>> policy = load("rvwo")
    >>> meant, invited = (policy.terms[name].holds for name in ("meant_trainer", "invited_teacher"))
    >>> space = space_of(policy, [meant, invited])
    >>> bool(space.holds(meant)), bool(space.holds(meant) & space.holds(invited))
    (True, False)
    """
    literals: dict[Any, list[Value]] = {}
    makers: dict[Any, Callable[[list[Value]], Sequence[Value]]] = {}
    for leaf in (leaf for condition in conditions for leaf in _leaves(condition, policy)):
        if isinstance(leaf, p.Check):
            key, values, _ = _taken_apart(leaf, policy)
            literals.setdefault(key, []).extend(values)
            makers[key] = _maker(leaf, policy)
        else:
            literals[bare(leaf)], makers[bare(leaf)] = [], _either
    opens = [_Open(key, tuple(makers[key](found))) for key, found in literals.items()]
    if prod(len(one.values) for one in opens) > MOST:
        return None
    placed: dict[Any, tuple[_Open, int]] = {}
    stride = 1
    for one in opens:
        placed[one.key] = (one, stride)
        stride *= len(one.values)
    return Space(policy, placed, stride)


def _leaves(condition: p.Condition, policy: Policy) -> Iterable[p.Condition]:
    match condition:
        case p.All(parts) | p.Any(parts):
            for part in parts:
                yield from _leaves(part, policy)
        case p.Not(part):
            yield from _leaves(part, policy)
        case p.Given(when, then):
            yield from _leaves(when, policy)
            yield from _leaves(then, policy)
        case p.Holds(term):
            yield from _leaves(policy.terms[term].holds, policy)
        case _:
            yield condition


# --- one check ---


def _key(leaf: p.Condition, policy: Policy) -> Any:
    return _taken_apart(leaf, policy)[0] if isinstance(leaf, p.Check) else bare(leaf)


_Test = Callable[[Value], bool]


def _either(_: list[Value]) -> Sequence[Value]:
    return (True, False)


def _maker(check: p.Check, policy: Policy) -> Callable[[list[Value]], Sequence[Value]]:
    """What the subject of a check may be, given all that it is held against."""
    shape = _shape(check.subject, policy)
    if shape is None or not _plain(check, shape):
        return _either if not _compares(check) else (lambda _: (-1, 0, 1, None))
    nullable = KINDS[shape.kind].nullable or not isinstance(check.subject, p.FactValue | p.FieldValue | p.Chosen)
    known: Shape = shape

    def values(found: list[Value]) -> Sequence[Value]:
        own = [one for one in found if isinstance(one, tuple) == (known.kind == "list")]
        tried = [*regions(known, own, policy.zone, date(2026, 1, 1)), *([None] if nullable else [])]
        return [one for place, one in enumerate(tried) if one not in tried[:place]]

    return values


def _taken_apart(check: p.Check, policy: Policy) -> tuple[Any, list[Value], _Test]:
    """What a check leaves open, what it holds that against, and whether it holds for a possibility."""
    shape = _shape(check.subject, policy)
    operand = check.operand.value if isinstance(check.operand, p.Constant) else check.operand
    test = check.operator.test
    if shape is not None and _plain(check, shape):
        ranks = list(shape.options) if shape.ordered and not isinstance(operand, tuple) else None
        literals = [] if check.operator.operand == "boolean" else [
            operand, *(operand if isinstance(operand, tuple) else ())]  # fmt: skip

        def on_value(value: Value) -> bool:
            if check.operator.name == "exists":
                return test(value, operand)
            if value is None:
                return False
            return test(ranks.index(value), ranks.index(str(operand))) if ranks else test(value, operand)

        return ("value", bare(check.subject)), literals, on_value
    if _compares(check):
        # Less, equal or more, or one of the two does not exist.
        return ("compared", bare(check.subject), bare(check.operand)), [], (
            lambda value: value is not None and test(value, 0))  # fmt: skip
    return ("check", bare(check)), [], bool


def _shape(subject: p.Expression, policy: Policy) -> Shape | None:
    match subject:
        case p.FactValue() | p.FieldValue() | p.Chosen():
            return subject.shape
        case p.Named(name):
            # A sum or a share of what has bounds, or is whole, need not have those bounds or be whole.
            shape = policy.values[name].shape
            return Shape("decimal") if shape.kind in MEASURES else shape
        case p.Today():
            return Shape("date")
        case p.RoundNumber():
            return Shape("integer", low=1)
        case p.CountOf():
            return Shape("integer", low=0)
        case _:
            return None


def _plain(check: p.Check, shape: Shape) -> bool:
    """Whether a check holds a value of a sort that can be tried against values written out."""
    if shape.kind not in KINDS or (shape.kind == "list" and len(shape.options) > MOST_OPTIONS):
        return False
    operand = check.operand.value if isinstance(check.operand, p.Constant) else check.operand
    if check.operator.operand in ("boolean", "several"):
        return check.operator.operand == "boolean" or isinstance(operand, tuple)
    if not isinstance(check.operand, p.Constant):
        return False
    if shape.kind in DAYS:
        # A moment against a day depends on the zone.
        return isinstance(operand, datetime) == (shape.kind == "moment")
    return True


_ORDERED = frozenset({"is", "at_least", "at_most", "more_than", "less_than", "before", "after", "on_or_before",
                      "on_or_after"})  # fmt: skip


def _compares(check: p.Check) -> bool:
    """Whether a check holds one value against another by their order."""
    if check.operator.name not in _ORDERED or isinstance(check.operand, p.Constant | tuple | bool | str):
        return False
    kind = getattr(check.subject, "shape", Shape("date")).kind
    return kind in MEASURES | DAYS
