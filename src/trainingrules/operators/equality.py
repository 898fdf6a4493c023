"""Operators that ask which value it is."""

from __future__ import annotations

from trainingrules.kinds import KINDS
from trainingrules.operators.operator import Example, Operator
from trainingrules.words import Text

IS = Operator(
    name="is",
    doc=Text("Precies deze waarde.", "Exactly this value."),
    says=Text("{fact} is {operand}", "{fact} is {operand}"),
    denies=Text("{fact} is niet {operand}", "{fact} is not {operand}"),
    asks=Text("{operand}", "{operand}"),
    kinds=frozenset(KINDS) - {"list"},
    test=lambda value, operand: bool(value == operand),
    step="equal",
    examples=(
        Example("boolean", True, True, True),
        Example("choice", "first", "second", False),
        Example("money", 445, 445, True),
        Example("text", "noord", "Noord", False),
    ),
)

IN = Operator(
    name="in",
    doc=Text("Een van deze waarden.", "One of these values."),
    says=Text("{fact} is {operand}", "{fact} is {operand}"),
    denies=Text("{fact} is niet {operand}", "{fact} is not {operand}"),
    asks=Text("{operand}", "{operand}"),
    kinds=frozenset({"text", "choice", "row"}),
    test=lambda value, operand: value in operand,
    step="in",
    operand="several",
    examples=(
        Example("choice", "first", ["first", "second"], True),
        Example("text", "zuid", ["noord", "oost"], False),
    ),
)

OPERATORS = (IS, IN)
