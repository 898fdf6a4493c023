"""Operators that compare how much: numbers, amounts, lengths, counts and ordered choices."""

from __future__ import annotations

import operator

from trainingrules.kinds import MEASURES
from trainingrules.operators.operator import Example, Operator
from trainingrules.words import Text

_KINDS = MEASURES | {"choice"}

AT_LEAST = Operator(
    name="at_least",
    doc=Text("Deze waarde of meer.", "This value or more."),
    says=Text("{fact} is ten minste {operand}", "{fact} is at least {operand}"),
    denies=Text("{fact} is minder dan {operand}", "{fact} is less than {operand}"),
    asks=Text("ten minste {operand}", "at least {operand}"),
    kinds=_KINDS,
    test=operator.ge,
    step="at_least",
    growth="up",
    ordered=True,
    mutates_to=("more_than",),
    examples=(
        Example("integer", 18, 18, True),
        Example("integer", 17, 18, False),
        Example("money", 0, 0, True),
        Example("choice", "second", "first", True),
    ),
)

AT_MOST = Operator(
    name="at_most",
    doc=Text("Deze waarde of minder.", "This value or less."),
    says=Text("{fact} is ten hoogste {operand}", "{fact} is at most {operand}"),
    denies=Text("{fact} is meer dan {operand}", "{fact} is more than {operand}"),
    asks=Text("ten hoogste {operand}", "at most {operand}"),
    kinds=_KINDS,
    test=operator.le,
    step="at_most",
    growth="down",
    ordered=True,
    mutates_to=("less_than",),
    examples=(Example("integer", 18, 18, True), Example("percent", 51, 50, False)),
)

MORE_THAN = Operator(
    name="more_than",
    doc=Text("Meer dan deze waarde; de waarde zelf niet.", "More than this value; not the value itself."),
    says=Text("{fact} is meer dan {operand}", "{fact} is more than {operand}"),
    denies=Text("{fact} is ten hoogste {operand}", "{fact} is at most {operand}"),
    asks=Text("meer dan {operand}", "more than {operand}"),
    kinds=_KINDS,
    test=operator.gt,
    step="more",
    growth="up",
    ordered=True,
    mutates_to=("at_least",),
    examples=(Example("integer", 18, 18, False), Example("integer", 19, 18, True)),
)

LESS_THAN = Operator(
    name="less_than",
    doc=Text("Minder dan deze waarde; de waarde zelf niet.", "Less than this value; not the value itself."),
    says=Text("{fact} is minder dan {operand}", "{fact} is less than {operand}"),
    denies=Text("{fact} is ten minste {operand}", "{fact} is at least {operand}"),
    asks=Text("minder dan {operand}", "less than {operand}"),
    kinds=_KINDS,
    test=operator.lt,
    step="less",
    growth="down",
    ordered=True,
    mutates_to=("at_most",),
    examples=(Example("integer", 18, 18, False), Example("integer", 17, 18, True)),
)

OPERATORS = (AT_LEAST, AT_MOST, MORE_THAN, LESS_THAN)
