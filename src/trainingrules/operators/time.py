"""Operators that compare when: days, moments and the rounds of a cycle."""

from __future__ import annotations

import operator

from trainingrules.kinds import DAYS
from trainingrules.operators.operator import Example, Operator
from trainingrules.words import Text

BEFORE = Operator(
    name="before",
    doc=Text("Eerder; de dag zelf niet.", "Earlier; not the day itself."),
    says=Text("{fact} is vóór {operand}", "{fact} is before {operand}"),
    denies=Text("{fact} is niet vóór {operand}", "{fact} is not before {operand}"),
    asks=Text("vóór {operand}", "before {operand}"),
    kinds=DAYS,
    test=operator.lt,
    step="less",
    growth="down",
    mutates_to=("on_or_before",),
    examples=(
        Example("date", "2026-01-31", "2026-02-01", True),
        Example("date", "2026-01-31", "2026-01-31", False),
    ),
)

AFTER = Operator(
    name="after",
    doc=Text("Later; de dag zelf niet.", "Later; not the day itself."),
    says=Text("{fact} is na {operand}", "{fact} is after {operand}"),
    denies=Text("{fact} is niet na {operand}", "{fact} is not after {operand}"),
    asks=Text("na {operand}", "after {operand}"),
    kinds=DAYS,
    test=operator.gt,
    step="more",
    growth="up",
    mutates_to=("on_or_after",),
    examples=(
        Example("date", "2026-02-01", "2026-01-31", True),
        Example("date", "2026-01-31", "2026-01-31", False),
    ),
)

ON_OR_BEFORE = Operator(
    name="on_or_before",
    doc=Text("Uiterlijk op deze dag.", "On this day at the latest."),
    says=Text("{fact} is uiterlijk op {operand}", "{fact} is on or before {operand}"),
    denies=Text("{fact} is later dan {operand}", "{fact} is later than {operand}"),
    asks=Text("uiterlijk op {operand}", "on or before {operand}"),
    kinds=DAYS,
    test=operator.le,
    step="at_most",
    growth="down",
    mutates_to=("before",),
    examples=(
        Example("date", "2026-01-31", "2026-01-31", True),
        Example("moment", "2026-01-31T10:00:01+01:00", "2026-01-31T09:00:00+00:00", False),
    ),
)

ON_OR_AFTER = Operator(
    name="on_or_after",
    doc=Text("Op zijn vroegst op deze dag.", "On this day at the earliest."),
    says=Text("{fact} is op of na {operand}", "{fact} is on or after {operand}"),
    denies=Text("{fact} is eerder dan {operand}", "{fact} is earlier than {operand}"),
    asks=Text("op of na {operand}", "on or after {operand}"),
    kinds=DAYS,
    test=operator.ge,
    step="at_least",
    growth="up",
    mutates_to=("after",),
    examples=(
        Example("date", "2026-01-31", "2026-01-31", True),
        Example("date", "2026-01-30", "2026-01-31", False),
    ),
)

WITHIN = Operator(
    name="within",
    doc=Text("Binnen deze ronde van de cyclus: vanaf de eerste tot en met de laatste dag.",
             "Within this round of the cycle: from its first up to and including its last day."),
    says=Text("{fact} valt binnen {operand}", "{fact} is within {operand}"),
    denies=Text("{fact} valt niet binnen {operand}", "{fact} is not within {operand}"),
    asks=Text("binnen {operand}", "within {operand}"),
    kinds=DAYS,
    # The operand is the round's first and its last day.
    test=lambda day, round_: bool(round_[0] <= day <= round_[1]),
    operand="cycle",
    examples=(),
)  # fmt: skip

OPERATORS = (BEFORE, AFTER, ON_OR_BEFORE, ON_OR_AFTER, WITHIN)
