"""Operators that ask whether there is a value at all."""

from __future__ import annotations

from trainingrules.kinds import KINDS
from trainingrules.operators.operator import Example, Operator
from trainingrules.words import Text

EXISTS = Operator(
    name="exists",
    doc=Text("Of het er is (`true`) of juist niet (`false`).", "Whether there is one (`true`) or none (`false`)."),
    says=Text("{fact}: aanwezig is {operand}", "{fact}: there is one, {operand}"),
    denies=Text("{fact}: aanwezig is niet {operand}", "{fact}: there is one, not {operand}"),
    asks=Text("{operand}", "{operand}"),
    # Of the other kinds there always is one: asking would only tell whether it is known, which is no condition.
    kinds=frozenset(name for name, kind in KINDS.items() if kind.nullable),
    test=lambda value, wanted: (value is not None) is wanted,
    operand="boolean",
    examples=(
        Example("date", "2026-01-31", True, True),
        Example("date", None, True, False),
        Example("text", None, False, True),
    ),
)

OPERATORS = (EXISTS,)
