"""Operators on a list that is known as a whole."""

from __future__ import annotations

from trainingrules.operators.operator import Example, Operator
from trainingrules.words import Text

INCLUDES_ANY = Operator(
    name="includes_any",
    doc=Text("Ten minste een hiervan komt erin voor.", "At least one of these is in it."),
    says=Text("{fact} omvat een van: {operand}", "{fact} includes one of: {operand}"),
    denies=Text("{fact} omvat geen van: {operand}", "{fact} includes none of: {operand}"),
    asks=Text("ten minste een van {operand}", "at least one of {operand}"),
    kinds=frozenset({"list"}),
    test=lambda value, operand: not set(value).isdisjoint(operand),
    step="includes_any",
    operand="several",
    mutates_to=("includes_all",),
    examples=(
        Example("list", ["first"], ["first", "second"], True),
        Example("list", [], ["first"], False),
    ),
)

INCLUDES_ALL = Operator(
    name="includes_all",
    doc=Text("Deze komen er alle in voor.", "All of these are in it."),
    says=Text("{fact} omvat {operand}", "{fact} includes {operand}"),
    denies=Text("{fact} omvat niet alle: {operand}", "{fact} does not include all of: {operand}"),
    asks=Text("in elk geval {operand}", "at least {operand}"),
    kinds=frozenset({"list"}),
    test=lambda value, operand: set(value).issuperset(operand),
    step="includes_all",
    operand="several",
    mutates_to=("includes_any",),
    examples=(
        Example("list", ["second", "first"], ["first", "second"], True),
        Example("list", ["first"], ["first", "second"], False),
    ),
)

IN_ORDER = Operator(
    name="in_order",
    doc=Text("Precies deze, in deze volgorde.", "Exactly these, in this order."),
    says=Text("{fact} is, in deze volgorde, {operand}", "{fact} is, in this order, {operand}"),
    denies=Text("{fact} is niet, in deze volgorde, {operand}", "{fact} is not, in this order, {operand}"),
    asks=Text("{operand}, in deze volgorde en niets anders", "{operand}, in this order and nothing else"),
    kinds=frozenset({"list"}),
    test=lambda value, operand: bool(value == operand),
    step="in_order",
    operand="several",
    mutates_to=("includes_all",),
    examples=(
        Example("list", ["first", "second"], ["first", "second"], True),
        Example("list", ["second", "first"], ["first", "second"], False),
    ),
)

OPERATORS = (INCLUDES_ANY, INCLUDES_ALL, IN_ORDER)
