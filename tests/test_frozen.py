"""Our values are dataclasses that are frozen and have slots, in everything but how they are made."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
import typing
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainingrules.frozen import frozen

Decorator = Callable[[type], type]
standard: Decorator = dataclasses.dataclass(frozen=True, slots=True)


def family(decorated: Decorator) -> dict[str, Any]:
    """The same classes by either decorator: defaults, factories, keywords, what is not compared or not shown."""

    class Nothing:
        """Without a field."""

    class Base:
        """With a keyword of its own, which is neither compared nor shown."""

        at: tuple[int, ...] = dataclasses.field(default=(), compare=False, repr=False, kw_only=True)

    base: Any = decorated(Base)

    class Pair(base):
        """With a default, a factory and a function of its own."""

        one: int
        other: object = None
        many: dict[str, int] = dataclasses.field(default_factory=dict, compare=False)

        @property
        def twice(self) -> int:
            return self.one * 2

    pair: Any = decorated(Pair)

    class Triple(pair):
        """With another default for what it inherits, and more of its own."""

        other: object = 7
        last: str = "z"

    class Checked:
        """That refuses what it may not hold."""

        size: int

        def __post_init__(self) -> None:
            if self.size < 0:
                raise ValueError("too small")

    class Own:
        """With functions of its own."""

        name: str
        hash: str

        def __repr__(self) -> str:
            return f"<{self.name}>"

        def __hash__(self) -> int:
            return hash(self.hash)

    class Alike:
        """That equals every other."""

        one: int

        def __eq__(self, other: object) -> bool:
            return True

    made = {kind.__name__: decorated(kind) for kind in (Nothing, Triple, Checked, Own, Alike)}
    return {"Base": base, "Pair": pair, **made}


OURS, THEIRS = family(frozen), family(standard)
values = st.integers(-3, 3) | st.text(max_size=2) | st.none() | st.tuples(st.integers(0, 1))
arguments = st.one_of(
    st.tuples(st.just("Nothing"), st.just(()), st.just({})),
    st.tuples(st.just("Base"), st.just(()), st.fixed_dictionaries({}, optional={"at": values})),
    st.tuples(st.just("Pair"), st.tuples(values) | st.tuples(values, values),
              st.fixed_dictionaries({}, optional={"at": values, "many": st.just({"a": 1})})),
    st.tuples(st.just("Triple"), st.tuples(values) | st.tuples(values, values) | st.tuples(values, values, st.just({})),
              st.fixed_dictionaries({}, optional={"at": values, "last": values})),
    st.tuples(st.just("Checked"), st.tuples(st.integers(-2, 2)), st.just({})),
    st.tuples(st.just("Own"), st.tuples(st.text(max_size=1), st.text(max_size=1)), st.just({})),
    st.tuples(st.just("Alike"), st.tuples(values), st.just({})),
)  # fmt: skip


def outcome(function: Callable[[], Any]) -> tuple[str, Any]:
    """What came of it: a value, or the words of an error."""
    try:
        return "gives", function()
    except (AttributeError, TypeError, ValueError) as error:
        return type(error).__name__, str(error)


def names_of(one: Any) -> list[str]:
    return [each.name for each in dataclasses.fields(one)]


def told(one: Any) -> list[object]:
    """All that can be asked of one value."""
    kind = type(one)
    return [
        repr(one), [(each.name, getattr(one, each.name)) for each in dataclasses.fields(one)], dataclasses.astuple(one),
        kind.__match_args__, kind.__slots__, kind.__doc__, hasattr(one, "__dict__"),
        [outcome(partial(setattr, one, name, 2)) for name in names_of(one)],
        [outcome(partial(delattr, one, name)) for name in names_of(one)],
        repr(copy.copy(one)), repr(copy.deepcopy(one)), copy.copy(one) == one,
        repr(dataclasses.replace(one)), outcome(lambda: repr(dataclasses.replace(one, one=5))),
        outcome(lambda: dataclasses.replace(one, nothing=5) and None)[0], outcome(lambda: one.twice),
        [(each.name, each.kind, each.annotation) for each in inspect.signature(kind).parameters.values()],
        inspect.signature(kind).return_annotation, [*typing.get_type_hints(kind)],
    ]  # fmt: skip


@given(arguments)
def test_a_value_is_what_a_dataclass_would_be(given: tuple[str, tuple[Any, ...], dict[str, Any]]) -> None:
    name, positional, named = given
    said, ours = outcome(lambda: OURS[name](*positional, **named))
    other, theirs = outcome(lambda: THEIRS[name](*positional, **named))
    assert said == other
    assert ours == theirs if said != "gives" else told(ours) == told(theirs)


@given(arguments, arguments)
def test_values_are_alike_where_dataclasses_are(
    given: tuple[str, tuple[Any, ...], dict[str, Any]], other: tuple[str, tuple[Any, ...], dict[str, Any]]
) -> None:
    """
    Equal, unequal, and in a set: and never equal to a value of another class.
    """
    ours, theirs = pair_of(OURS, given, other), pair_of(THEIRS, given, other)
    if ours is None or theirs is None:
        assert ours is theirs
        return
    assert (ours[0] == ours[1]) == (theirs[0] == theirs[1])
    assert [outcome(partial(hash, one))[0] for one in ours] == [outcome(partial(hash, one))[0] for one in theirs]
    if given[0] == other[0] != "Alike" and ours[0] == ours[1] and outcome(partial(hash, ours[0]))[0] == "gives":
        assert hash(ours[0]) == hash(ours[1])


def pair_of(kinds: dict[str, Any], *calls: tuple[str, tuple[Any, ...], dict[str, Any]]) -> list[Any] | None:
    made = [outcome(partial(kinds[name], *positional, **named)) for name, positional, named in calls]
    return [value for _, value in made] if all(said == "gives" for said, _ in made) else None


@pytest.mark.parametrize("call", [(), (1, 2, 3, 4), {"nothing": 1}, {"one": 1, "at": 2, "else": 3}])
def test_a_wrong_call_is_refused_in_the_same_words(call: Any) -> None:
    positional, named = ((), call) if isinstance(call, dict) else (call, {})
    ours = outcome(lambda: OURS["Pair"](*positional, **named))
    assert ours == outcome(lambda: THEIRS["Pair"](*positional, **named))
    assert ours[0] == "TypeError"


def test_what_is_no_field_cannot_be_set_either() -> None:
    """
    Nor on a class with slots of the standard library, though that ends in an error about something else.
    """
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'else'"):
        setattr(OURS["Pair"](1), "else", 2)


def test_a_class_of_the_one_decorator_cannot_inherit_from_one_of_the_other() -> None:
    """
    Told at once, when the class is made.
    """
    with pytest.raises(TypeError, match="cannot inherit"):
        standard(type("Child", (OURS["Base"],), {}))
    with pytest.raises(TypeError, match="cannot inherit"):
        frozen(type("Child", (THEIRS["Base"],), {}))


@frozen
class Kept:
    """One that a pickle can name."""

    one: int
    at: tuple[int, ...] = dataclasses.field(default=(), compare=False, kw_only=True)


def test_a_value_can_be_pickled() -> None:
    found = pickle.loads(pickle.dumps(Kept(1, at=(2,))))
    assert (found, found.at) == (Kept(1), (2,))
    assert typing.get_type_hints(Kept.__init__) == {"one": int, "at": tuple[int, ...], "return": type(None)}
