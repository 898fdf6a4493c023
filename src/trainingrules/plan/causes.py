"""Why a value is not exact: for want of facts, or because the source is silent."""

from __future__ import annotations

from trainingrules import policy as p
from trainingrules.frozen import frozen
from trainingrules.plan.lowering import Lowering, Rows, row_of
from trainingrules.plan.steps import Ref


@frozen
class Why:
    """Whether facts are missing, and whether the source is silent, while a value is open; never null.

    Where ``untold`` holds as well, it takes more than the registers tell: then the answer is worked out another way.
    """

    missing: Ref
    silent: Ref
    untold: Ref


def why(expression: p.Expression, rows: Rows, at: Lowering) -> Why:
    """What keeps a value from being exact."""
    b = at.steps
    no = b.truth(False)
    seen = at.value(expression, rows)
    match expression:
        case p.Constant() | p.Today() | p.Chosen():
            return Why(no, no, no)
        case p.FactValue(per=cycle) if cycle in at.policy.cycles:
            # Of a round that cannot be counted no fact can be asked.
            uncounted = b.all([seen.open, at.round_number(cycle, rows).open, b.negate(at.rounds(cycle).anchor.open)])
            return Why(b.all([seen.open, b.negate(uncounted)]), uncounted, no)
        case p.FactValue():
            return Why(seen.open, no, no)
        case p.RoundNumber() | p.CycleDay():
            anchor = at.rounds(expression.cycle).anchor
            missing = b.all([seen.open, anchor.open])
            return Why(missing, b.all([seen.open, b.negate(anchor.open)]), no)
        case p.NotStated():
            return Why(no, seen.open, no)
        case p.Named():
            return why(at.policy.values[expression.name].value, rows, at)
        case p.LastDayOf():
            until = at.policy.deadlines[expression.deadline].until
            assert until is not None  # a policy that counts from a deadline without one is refused
            return why(until, rows, at)
        case p.FieldValue():
            table, key = row_of(rows, expression.of)
            if table not in at.policy.tables:
                return Why(seen.open, no, no)
            if expression.name == "key":
                return Why(no, no, no)
            return why(at.policy.tables[table].rows[key].cells[expression.name], rows, at)
        case p.AmountOf():
            judged = at.judged()
            missing = no if judged is None else judged.open
            return Why(missing, b.all([seen.open, b.negate(missing)]), no)
        case p.Between():
            low, high = why(expression.low, rows, at), why(expression.high, rows, at)
            missing = b.all([seen.open, b.any([low.missing, high.missing])])
            return Why(missing, seen.open, b.any([low.untold, high.untold]))
        case p.Share():
            return _while(seen.open, [why(expression.of, rows, at)], at)
        case p.Combined():
            return _while(seen.open, [why(part, rows, at) for part in expression.parts], at)
        case p.Shift():
            parts = [why(part, rows, at) for part in (expression.than, expression.by)]
            whole = _while(seen.open, parts, at)
            # On a day that cannot be counted the source is silent, and then no fact is asked for.
            _, fails, differ = at.shifted(expression, rows)
            silent = b.all([seen.open, b.any([fails, differ])])
            return Why(b.all([whole.missing, b.negate(fails)]), b.any([whole.silent, silent]), whole.untold)
        case _:
            return Why(no, no, seen.open)


def _while(open_: Ref, parts: list[Why], at: Lowering) -> Why:
    b = at.steps
    several = zip(*((one.missing, one.silent, one.untold) for one in parts), strict=True)
    return Why(*(b.all([open_, b.any(of)]) for of in several))
