"""The decorator of our values: a dataclass that is frozen and has slots, and is quick to make."""

# `dataclasses` compiles six functions for each such class, and that was half the time of `import trainingrules`. Here
# it gathers the fields, as it does for any class; one function is compiled, `__init__`, and the others are shared.

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter, ge, gt, le, lt
from typing import Any, TypeVar, dataclass_transform

_Kind = TypeVar("_Kind")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(kind: type[_Kind]) -> type[_Kind]:
    """
    As `dataclasses.dataclass(frozen=True, slots=True)`, whose functions know what it makes.

    A class inherits from one that was made by this same decorator.

    >>> @frozen
    ... class Day:
    ...     month: int
    ...     day: int = 1
    >>> Day(2), Day(2) == Day(2, 1), Day(2) == Day(3)
    (Day(month=2, day=1), True, False)
    >>> Day(2).day = 5
    Traceback (most recent call last):
        ...
    dataclasses.FrozenInstanceError: cannot assign to field 'day'
    """
    written = dict(vars(kind))
    made: Any = dataclass(init=False, repr=False, eq=False, slots=True)(kind)
    compared = _values_of([one.name for one in fields(made) if one.compare])

    def equal(self: Any, other: object) -> Any:
        return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

    def hashed(self: Any) -> int:
        return hash(compared(self))

    functions = {"__init__": _init(made), "__eq__": equal, "__hash__": hashed, "__repr__": _shown, **_FROZEN}
    for name, function in functions.items():
        if written.get(name) is None:  # a class that writes its own `__eq__` has None for `__hash__`
            setattr(made, name, function)
    return made  # type: ignore[no-any-return]


@dataclass_transform(frozen_default=True, order_default=True, field_specifiers=(field,))
def ordered(kind: type[_Kind]) -> type[_Kind]:
    """
    As `frozen`, and of two values the one comes first whose fields do, one after another.

    >>> @ordered
    ... class Day:
    ...     month: int
    ...     day: int = 1
    >>> Day(2, 9) < Day(10), max(Day(2, 9), Day(2, 10))
    (True, Day(month=2, day=10))
    """
    made: Any = frozen(kind)
    compared = _values_of([one.name for one in fields(made) if one.compare])

    def as_if(operator: Callable[[Any, Any], Any]) -> Callable[[Any, object], Any]:
        def ordered(self: Any, other: object) -> Any:
            same = other.__class__ is self.__class__
            return operator(compared(self), compared(other)) if same else NotImplemented

        return ordered

    for operator in (lt, le, gt, ge):
        setattr(made, f"__{operator.__name__}__", as_if(operator))
    return made  # type: ignore[no-any-return]


def _values_of(names: list[str]) -> Callable[[Any], Any]:
    return attrgetter(*names) if names else lambda _: ()


def _init(kind: Any) -> Callable[..., None]:
    known: dict[str, Any] = {"MISSING": MISSING}
    positional, named, lines = ["self"], ["*"], []
    for one in fields(kind):
        # The slot itself sets the value: nothing refuses it.
        known[f"set_{one.name}"] = getattr(kind, one.name).__set__
        parameter = value = one.name
        if one.default is not MISSING:
            known[f"default_{one.name}"] = one.default
            parameter = f"{one.name}=default_{one.name}"
        elif one.default_factory is not MISSING:
            known[f"make_{one.name}"] = one.default_factory
            parameter, value = f"{one.name}=MISSING", f"make_{one.name}() if {one.name} is MISSING else {one.name}"
        (named if one.kw_only else positional).append(parameter)
        lines.append(f"  set_{one.name}(self, {value})")
    if hasattr(kind, "__post_init__"):
        lines.append("  self.__post_init__()")
    header = ", ".join(positional + (named if len(named) > 1 else []))
    code = [f"def within({', '.join(known)}):", f" def __init__({header}):", *(lines or ["  pass"]), " return __init__"]
    made: dict[str, Any] = {}
    # Our own source and nothing else; in the names of the class's own module, where its annotations mean something.
    exec("\n".join(code), vars(sys.modules.get(kind.__module__, sys)), made)  # noqa: S102
    init: Callable[..., None] = made["within"](**known)
    init.__qualname__ = f"{kind.__qualname__}.__init__"
    init.__annotations__ = {one.name: one.type for one in fields(kind)} | {"return": None}
    return init


def _shown(self: Any) -> str:
    shown = ", ".join(f"{one.name}={getattr(self, one.name)!r}" for one in fields(self) if one.repr)
    return f"{self.__class__.__qualname__}({shown})"


def _refuse_to_set(self: Any, name: str, value: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: Any, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, one.name) for one in fields(self)]


def _restore(self: Any, state: list[Any]) -> None:
    for one, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, one.name, value)


_FROZEN: dict[str, Callable[..., Any]] = {
    "__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete, "__getstate__": _state, "__setstate__": _restore,
}  # fmt: skip
