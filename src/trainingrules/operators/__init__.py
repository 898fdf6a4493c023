"""The vocabulary: every operator and every form of a value, one value each."""

from __future__ import annotations

from collections.abc import Mapping

from trainingrules.operators import equality, lists, order, presence, time
from trainingrules.operators.forms import FORMS as _FORMS
from trainingrules.operators.forms import Form
from trainingrules.operators.operator import Example, Operator

_FAMILIES = (presence, equality, order, time, lists)

OPERATORS: Mapping[str, Operator] = {operator.name: operator for family in _FAMILIES for operator in family.OPERATORS}
FORMS: Mapping[str, Form] = {form.name: form for form in _FORMS}


def operators_of(kind: str, *, ordered: bool = False) -> tuple[Operator, ...]:
    """
    The operators that may follow a fact of this kind.

    >>> [operator.name for operator in operators_of("list")]
    ['includes_any', 'includes_all', 'in_order']
    """
    return tuple(
        operator
        for operator in OPERATORS.values()
        if kind in operator.kinds and (kind != "choice" or ordered or not operator.ordered)
    )


__all__ = ["FORMS", "OPERATORS", "Example", "Form", "Operator", "operators_of"]
