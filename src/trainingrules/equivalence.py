"""Why nobody can tell a mutant from its policy, where that is plain to see.

These are reasons to read, found in how the policy is written; `proof` tries everybody, and has none.
"""

from __future__ import annotations

from collections.abc import Iterator

from trainingrules import policy as p
from trainingrules.checking import never_apart
from trainingrules.document import Path
from trainingrules.mutants import Mutant
from trainingrules.policy import Policy
from trainingrules.reckoning import unit_of


def plain_reason(policy: Policy, mutant: Mutant) -> str:
    """
    The reason why every answer stays the same, in a sentence; empty where none is plain.

    >>> from trainingrules import load
    >>> from trainingrules.mutants import mutants
    >>> policy = load("rvwo")
    >>> plain_reason(policy, next(one for one in mutants(policy) if one.id == "conventions.cent:down"))
    'no amount can be part of a cent, so nothing is rounded'
    """
    checks = mutant.change.checks
    if checks is not None and never_apart(*checks):
        return "no value that the fact may have tells the two apart"
    if mutant.entry == ("conventions", "cent") and not any(_makes_parts(policy, part) for part in _amounts(policy)):
        return "no amount can be part of a cent, so nothing is rounded"
    if mutant.change.mark == "-1" and _nothing_before(policy, mutant.change.path):
        return "before its first day nothing is stated either"
    if mutant.entry == ("conventions", "month_end") and not _counts_months(policy):
        return "nothing is counted in months, so no month is too short"
    return ""


def _nothing_before(policy: Policy, path: Path) -> bool:
    """Whether this is the first day of an amount that the source does not state."""
    section, name, *rest = path
    return section == "amounts" and rest == [0, "from"] and policy.amounts[str(name)][0].cents is None


def _amounts(policy: Policy) -> Iterator[object]:
    """All that the prices of quotes, and the notes on money, are reckoned from."""
    for quote in policy.quotes.values():
        for line in quote.lines.values():
            yield from p.walk_deep(policy, (line.price, line.times, *(other.price for other in line.instead)))
    for note in policy.notes.values():
        if note.shape is not None and note.shape.kind == "money":
            yield from p.walk_deep(policy, note.value)


def _makes_parts(policy: Policy, part: object) -> bool:
    """Whether a part of an expression can make part of a cent: a share, or a number with decimals."""
    shape = getattr(part, "shape", None)
    if isinstance(part, p.SumOf):
        # Whole cents added up are whole cents.
        shape = p.rows_holder(policy, part.rows).fields[part.field].shape
    return isinstance(part, p.Share) or (shape is not None and shape.kind in ("decimal", "percent"))


def _counts_months(policy: Policy) -> bool:
    shifts = (part for part in p.walk(policy) if isinstance(part, p.Shift))
    return any(cycle.every.months for cycle in policy.cycles.values()) or any(
        unit_of(shift.by, policy) == "months" for shift in shifts
    )
