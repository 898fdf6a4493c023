"""What an operator is: one value that says everything about a word an author can put after a fact."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from trainingrules.frozen import frozen
from trainingrules.kinds import Value
from trainingrules.words import Text

# What stands after the operator: a value of the fact's own kind; true or false; a list of such values;
# or the name of a cycle.
Operand = Literal["same", "boolean", "several", "cycle"]
# How the truth moves when the fact's value grows, so that ranges can be compared: an ``up`` operator that
# holds of a value holds of every larger one. ``point`` can only be told of exact values.
Growth = Literal["up", "down", "point"]


@frozen
class Example:
    """A worked example: an operator of a ``kind`` on a fact and an operand, both as an author writes them."""

    kind: str
    fact: object
    operand: object
    holds: bool


@frozen
class Operator:
    """One word of the language.

    ``says`` and ``denies`` are sentences with ``{fact}`` and ``{operand}`` on what was found, ``asks`` what is asked
    of nobody in particular, after the fact's name; ``test`` is its meaning on two known values; ``kinds`` are the
    kinds of fact it may follow (an ``ordered`` one needs an order among the options of a choice); ``step`` says the
    same as ``test`` as a step of a flat program (none where that takes several). ``mutates_to`` names the operators
    that one could be mistaken for: good examples tell them apart.
    """

    name: str
    doc: Text
    says: Text
    denies: Text
    asks: Text
    kinds: frozenset[str]
    test: Callable[[Value, Value], bool]
    examples: tuple[Example, ...]
    step: str = ""
    operand: Operand = "same"
    growth: Growth = "point"
    ordered: bool = False
    mutates_to: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<Operator {self.name}>"
