"""Kleene's three truth values; an unknown carries what keeps it from being known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from trainingrules.frozen import frozen, ordered

CauseKind = Literal["missing", "not_stated", "conflict", "future"]


@ordered
class Cause:
    """Why something is not known: a fact that is missing, a source that is silent or contradicts, a day to come."""

    kind: CauseKind
    name: str

    def __repr__(self) -> str:
        return f"{self.kind}:{self.name}"


@frozen
class Unknown:
    """Neither true nor false yet; ``because`` says why.

    >>> bool(Unknown(frozenset()))
    Traceback (most recent call last):
        ...
    TypeError: an unknown is neither true nor false; compare with `is True`
    """

    because: frozenset[Cause]

    def __bool__(self) -> bool:
        raise TypeError("an unknown is neither true nor false; compare with `is True`")

    @property
    def missing(self) -> frozenset[str]:
        """The facts that would settle it."""
        return frozenset(cause.name for cause in self.because if cause.kind == "missing")


Truth = bool | Unknown


def missing(*names: str) -> Unknown:
    """
    An unknown for want of facts.

    >>> missing("age").missing
    frozenset({'age'})
    """
    return Unknown(frozenset(Cause("missing", name) for name in names))


def all_of(truths: Iterable[Truth]) -> Truth:
    """
    True when all are; one False settles it, whatever is unknown beside it.

    >>> all_of([missing("age"), False]), all_of([])
    (False, True)
    """
    because: frozenset[Cause] = frozenset()
    unknown = False
    for truth in truths:
        if truth is False:
            return False
        if isinstance(truth, Unknown):
            unknown, because = True, because | truth.because
    return Unknown(because) if unknown else True


def any_of(truths: Iterable[Truth]) -> Truth:
    """
    True when one is; False only when all are.

    >>> any_of([missing("age"), True]), any_of([])
    (True, False)
    """
    because: frozenset[Cause] = frozenset()
    unknown = False
    for truth in truths:
        if truth is True:
            return True
        if isinstance(truth, Unknown):
            unknown, because = True, because | truth.because
    return Unknown(because) if unknown else False


def negate(truth: Truth) -> Truth:
    """
    The opposite; an unknown stays what it is.

    >>> negate(True), negate(missing("age")).missing
    (False, frozenset({'age'}))
    """
    return truth if isinstance(truth, Unknown) else not truth
