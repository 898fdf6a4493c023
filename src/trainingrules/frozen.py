"""The decorator of our values: a dataclass that is frozen and has slots, and is quick to make."""

# `dataclasses` compiles six functions for each such class, which was half the time of `import trainingrules`. Here it
# gathers the fields, as it does for any class. `__init__` is compiled once for all classes whose fields are of the same
# sorts, and gets their names afterwards; the other functions are shared. The class is made when all of it is known, for
# Python goes through its slots again at each function that is added later.

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from functools import cache
from operator import attrgetter, ge, gt, le, lt
from types import CellType, CodeType, FunctionType
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
    return _made(kind, ())  # type: ignore[no-any-return]


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
    return _made(kind, (lt, le, gt, ge))  # type: ignore[no-any-return]


def _made(kind: Any, orders: tuple[Callable[[Any, Any], Any], ...]) -> Any:
    dataclass(init=False, repr=False, eq=False)(kind)
    all_fields = fields(kind)
    names = [one.name for one in all_fields]
    inherited = {name for base in kind.__bases__ for name in getattr(base, "__dataclass_fields__", ())}
    written = {name: part for name, part in vars(kind).items() if name not in ("__dict__", "__weakref__", *names)}
    init, slots = _init(kind, all_fields)
    functions = {"__init__": init, **_compared(all_fields, orders), **_SHARED}
    added = {name: part for name, part in functions.items() if written.get(name) is None}
    named = {"__qualname__": kind.__qualname__, "__slots__": tuple(name for name in names if name not in inherited)}
    made = type(kind)(kind.__name__, kind.__bases__, {**written, **added, **named})
    for name, slot in slots.items():
        slot.cell_contents = getattr(made, name).__set__  # the slot itself sets the value: nothing refuses it
    return made


# ------------------------------------------------------------------------------------------------------ making one


def _init(kind: Any, all_fields: tuple[Field[Any], ...]) -> tuple[FunctionType, dict[str, CellType]]:
    """The function, and for each field the cell in which it looks for what sets it."""
    ordinary = [one for one in all_fields if not one.kw_only]
    named = [one for one in all_fields if one.kw_only]
    in_order = [*ordinary, *named]
    made = tuple(number for number, one in enumerate(in_order) if one.default_factory is not MISSING)
    code = _template(len(in_order), made, checks=hasattr(kind, "__post_init__")).replace(
        co_argcount=1 + len(ordinary),
        co_kwonlyargcount=len(named),
        co_varnames=("self", *(one.name for one in in_order)),
        co_qualname=f"{kind.__qualname__}.__init__",
    )
    slots = {one.name: CellType() for one in in_order}
    outside = {f"set{number}": slots[one.name] for number, one in enumerate(in_order)}
    outside |= {f"make{number}": CellType(in_order[number].default_factory) for number in made}
    outside["MISSING"] = CellType(MISSING)
    space = vars(sys.modules.get(kind.__module__, sys))  # in which its annotations mean something
    defaults = tuple(one.default for one in ordinary if _may_be_left_out(one))
    init = FunctionType(code, space, "__init__", defaults, tuple(outside[name] for name in code.co_freevars))
    init.__kwdefaults__ = {one.name: one.default for one in named if _may_be_left_out(one)}
    init.__annotations__ = {one.name: one.type for one in all_fields} | {"return": None}
    return init, slots


def _may_be_left_out(one: Field[Any]) -> bool:
    return one.default is not MISSING or one.default_factory is not MISSING


@cache
def _template(count: int, made: tuple[int, ...], *, checks: bool) -> CodeType:
    """An `__init__` for so many fields, with numbers for names; those that are ``made`` are so when left out."""
    values = [f"make{n}() if value{n} is MISSING else value{n}" if n in made else f"value{n}" for n in range(count)]
    lines = [f"set{number}(self, {value})" for number, value in enumerate(values)] + ["self.__post_init__()"] * checks
    outside = ["MISSING", *(f"set{number}" for number in range(count)), *(f"make{number}" for number in made)]
    inside = ["self", *(f"value{number}" for number in range(count))]
    body = "\n  ".join(lines or ["pass"])
    source = f"def within({', '.join(outside)}):\n def __init__({', '.join(inside)}):\n  {body}\n return __init__"
    space: dict[str, Any] = {}
    exec(source, space)  # noqa: S102 - made of numbers alone
    code: CodeType = space["within"](*outside).__code__
    return code


# -------------------------------------------------------------------------------------------- what one can be asked


def _compared(all_fields: tuple[Field[Any], ...], orders: tuple[Callable[[Any, Any], Any], ...]) -> dict[str, Any]:
    names = [one.name for one in all_fields if one.compare]
    values: Callable[[Any], Any] = attrgetter(*names) if names else lambda _: ()

    def equal(self: Any, other: object) -> Any:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    def hashed(self: Any) -> int:
        return hash(values(self))

    def as_if(order: Callable[[Any, Any], Any]) -> Callable[[Any, object], Any]:
        return lambda self, other: (
            order(values(self), values(other)) if other.__class__ is self.__class__ else NotImplemented
        )

    return {"__eq__": equal, "__hash__": hashed} | {f"__{order.__name__}__": as_if(order) for order in orders}


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


_SHARED: dict[str, Callable[..., Any]] = {
    "__repr__": _shown, "__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete,
    "__getstate__": _state, "__setstate__": _restore,
}  # fmt: skip
