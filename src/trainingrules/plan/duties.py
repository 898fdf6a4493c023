"""A duty as a program: how it stands, for every row and round, and on the whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields

from trainingrules import policy as p
from trainingrules.plan.lowering import Lowering, RoundAt, Rows, settled
from trainingrules.plan.steps import Ref
from trainingrules.plan.values import Seen
from trainingrules.program import unsettled


@dataclass(frozen=True, slots=True)
class Standing:
    """How something stands: which of these hold of it, or of one of several; where none does, it does not apply.

    None is ever null. ``kept`` is unknown too, but certainly no breach.
    """

    breached: Ref
    unknown: Ref
    pending: Ref
    deviates: Ref
    met: Ref
    kept: Ref


_WORST_FIRST = tuple(one.name for one in fields(Standing))


@dataclass
class Duties:
    """Works out how duties stand.

    ``resting`` collects the truths of rows and rounds: with all they rest on, they decide which facts still matter.
    """

    at: Lowering
    resting: list[Ref] = field(default_factory=list)

    # --- words ---

    def word(self, one: Standing) -> Ref:
        """The word for how something stands: the worst of what holds of it."""
        b = self.at.steps
        found = b.constant("not_applicable", "text")
        for name in reversed(_WORST_FIRST):
            found = b.choose(getattr(one, name), b.constant("unknown" if name == "kept" else name, "text"), found)
        return found

    def together(self, several: Iterable[Standing]) -> Standing:
        """How several stand: what holds of any."""
        parts = list(several)
        return Standing(*(self.at.steps.any([getattr(one, name) for one in parts]) for name in _WORST_FIRST))

    # --- a duty ---

    def whole(self, duty: p.Duty, cycles: Sequence[int] | None) -> tuple[Standing, Mapping[str, Ref]]:
        """How a duty stands on the whole; and the word for each row of a table, or for each round that is asked for."""
        scope, policy = duty.scope, self.at.policy
        if scope.each in policy.records:
            return self._of_history(duty), {}
        if scope.each:
            each = {key: self._entry(duty, ((scope.each, key),)) for key in policy.tables[scope.each].rows}
            return self.together(each.values()), {key: self.word(one) for key, one in each.items()}
        if scope.per:
            return self._of_begun(duty) if cycles is None else self._of_asked(duty, cycles)
        one = self._entry(duty, ())
        return one, {"": self.word(one)}

    def _entry(self, duty: p.Duty, rows: Rows) -> Standing:
        at, b = self.at, self.at.steps
        must = unsettled(at.policy, duty.source, duty.must)
        applies, done = at.truth(duty.when, settled(rows)), at.truth(must, rows)
        rule = b.any([b.negate(applies), done])
        self.resting += [applies, rule]
        here, sure = b.negate(b.surely_not(applies)), b.surely(applies)
        fails, holds, open_ = b.surely_not(rule), b.surely(rule), b.all([here, b.negate(b.known(rule))])
        no = b.truth(False)
        pending = no if rows == settled(rows) else b.all([open_, sure, b.negate(self._stuck(must, rows))])
        return Standing(
            breached=no if duty.advice else fails,
            unknown=b.all([open_, b.negate(pending)]),
            pending=pending,
            deviates=fails if duty.advice else no,
            met=b.all([sure, holds]),
            # Done, but whether it had to be is not known.
            kept=b.all([holds, b.negate(b.known(applies))]),
        )

    def _perhaps(self, one: Standing, doubt: Ref) -> Standing:
        """The same where it may not have come: then only what cannot fail is sure."""
        b = self.at.steps
        sure = b.negate(doubt)
        unsure = b.all([doubt, b.any([one.breached, one.deviates, one.pending])])
        return Standing(b.all([one.breached, sure]), b.any([one.unknown, unsure]), b.all([one.pending, sure]),
                        b.all([one.deviates, sure]), one.met, one.kept)  # fmt: skip

    def _only(self, one: Standing, test: Ref, otherwise: Standing | None = None) -> Standing:
        """How something stands as far as a test holds; else another, or nothing."""
        b = self.at.steps
        no = b.truth(False)
        return Standing(*(b.choose(test, getattr(one, name), getattr(otherwise, name) if otherwise else no)
                          for name in _WORST_FIRST))  # fmt: skip

    # --- rows and rounds ---

    def _any(self, over: str, one: Standing, count: Ref | None = None) -> Standing:
        """What holds of any row of a history, or of any round up to a count; of an unknown history nothing is."""
        b = self.at.steps
        none = [b.reduced(over, b.negate(getattr(one, name)), "all", count=count) for name in _WORST_FIRST]
        return Standing(*(b.surely_not(ref) for ref in none))

    def _of_history(self, duty: p.Duty) -> Standing:
        at, b, history = self.at, self.at.steps, duty.scope.each
        rows: Rows = ((history, ""),)
        happened = at.truth(at.policy.records[history].happened, rows)
        self.resting.append(happened)
        entry = self._perhaps(self._entry(duty, rows), b.negate(b.known(happened)))
        found = self._any(history, self._only(entry, b.negate(b.surely_not(happened))))
        known = b.known(b.reduced(history, b.truth(True), "all"))
        return Standing(found.breached, b.any([found.unknown, b.negate(known)]), found.pending, found.deviates,
                        found.met, found.kept)  # fmt: skip

    def _of_round(self, duty: p.Duty, number: Seen) -> Standing:
        """The duty in a round: while it runs, what is not so may become so."""
        at, b, cycle = self.at, self.at.steps, duty.scope.per
        over: Rows = (RoundAt(cycle, number),)
        days = at.round_days(cycle, over)
        day = at.day(at.today())
        runs = b.all([b.surely(b.at_most(days.first, day)), b.surely(b.at_most(day, days.last))])
        entry = self._only(self._entry(duty, (RoundAt(cycle, number, running=True),)), runs, self._entry(duty, over))
        return self._perhaps(entry, b.any([days.open, days.none]))

    def _of_begun(self, duty: p.Duty) -> tuple[Standing, Mapping[str, Ref]]:
        """All rounds that have begun; while it is not known which those are, one that stands for them all."""
        at, b, cycle = self.at, self.at.steps, duty.scope.per
        rounds = at.rounds(cycle)
        begun, failed = rounds.begun()
        at.begun[cycle] = begun
        if at.unrolled is None:
            one = self._of_round(duty, at.values.exactly(b.number(cycle)))
            every = self._any(cycle, one, count=begun)
        else:
            numbers = range(1, min(at.unrolled, rounds.cycle.rounds or at.unrolled) + 1)
            every = self.together(self._begun(duty, which, begun) for which in numbers)
            at.beyond.append(b.less(b.constant(len(numbers), "integer"), begun))
        stands = self._of_round(duty, at.any_round(cycle))
        unsure = b.any([rounds.anchor.open, failed])
        return self._only(self._only(stands, unsure, every), b.negate(rounds.anchor.none)), {}

    def _begun(self, duty: p.Duty, which: int, begun: Ref) -> Standing:
        b = self.at.steps
        here = b.at_most(b.constant(which, "integer"), begun)
        return self._only(self._of_round(duty, self.at.values.constant(which)), here)

    def _of_asked(self, duty: p.Duty, cycles: Sequence[int]) -> tuple[Standing, Mapping[str, Ref]]:
        """The rounds asked for, of those that have begun; all of these while that is not known."""
        at, b, cycle = self.at, self.at.steps, duty.scope.per
        rounds = at.rounds(cycle)
        begun, failed = rounds.begun()
        null = b.constant(None, "text")
        found: dict[str, Standing] = {}
        words: dict[str, Ref] = {}
        for which in cycles:
            there = b.truth(rounds.cycle.rounds is None or which <= rounds.cycle.rounds)
            number = b.constant(which, "integer")
            here = b.all([there, b.choose(rounds.anchor.open, b.truth(True), b.at_most(number, begun))])
            found[str(which)] = self._only(self._of_round(duty, at.values.constant(which)), here)
            words[str(which)] = b.choose(here, self.word(found[str(which)]), null)
        every = self.together(found.values())
        return self._only(self._of_round(duty, at.any_round(cycle)), failed, every), words

    # --- why something is unknown ---

    def _stuck(self, condition: p.Condition, rows: Rows) -> Ref:
        """Whether something other than the future keeps a condition unknown; it means nothing where it is known."""
        at, b = self.at, self.at.steps
        match condition:
            case p.All(parts) | p.Any(parts):
                return b.any([self._unknown(part, rows) for part in parts])
            case p.Not(part):
                return self._stuck(part, rows)
            case p.Holds(term):
                return self._stuck(at.policy.terms[term].holds, rows)
            case p.Given(when, then):
                return b.any([self._unknown(when, settled(rows)), self._unknown(then, rows)])
            case p.Check():
                return self._stuck_check(condition, rows)
            case p.Silent():
                return b.truth(True)
            case _:  # pragma: no cover - what a duty asks is not for each row or round: the duty itself is
                raise AssertionError(condition)

    def _unknown(self, part: p.Condition, rows: Rows) -> Ref:
        b = self.at.steps
        return b.all([b.negate(b.known(self.at.truth(part, rows))), self._stuck(part, rows)])

    def _stuck_check(self, check: p.Check, rows: Rows) -> Ref:
        at, b = self.at, self.at.steps
        found = [self._stuck_value(check.subject, rows)]
        if not isinstance(check.operand, tuple | bool | str):
            found.append(self._stuck_value(check.operand, rows))
        if check.operator.operand == "cycle":
            found.append(at.round_days(str(check.operand), rows).open)
        return b.any(found)

    def _stuck_value(self, expression: p.Expression, rows: Rows) -> Ref:
        """Whether something other than the future keeps a value from being exact."""
        at, b = self.at, self.at.steps
        seen = at.value(expression, rows)
        match expression:
            case p.Named():
                return self._stuck_value(at.policy.values[expression.name].value, rows)
            case p.Share():
                found = [self._stuck_value(expression.of, rows)]
            case p.Combined():
                found = [self._stuck_value(part, rows) for part in expression.parts]
            case p.CountOf() | p.SumOf() if expression.rows in at.policy.tables:
                # What is given of the rows of a table may change too, while a round runs.
                inside = [((expression.rows, key), *rows) for key in at.policy.tables[expression.rows].rows]
                found = [self._unknown(expression.where, row) for row in inside]
                if isinstance(expression, p.SumOf):
                    found += [self._stuck_cell(expression, row) for row in inside]
            case _:
                return seen.open if seen.stuck is None else seen.stuck
        return b.all([seen.open, b.any(found)])

    def _stuck_cell(self, expression: p.SumOf, rows: Rows) -> Ref:
        """The same of what one row adds, as far as it is counted."""
        at, b = self.at, self.at.steps
        key = rows[0][1]
        cell = at.policy.tables[expression.rows].rows[str(key)].cells[expression.field]
        out = b.surely_not(at.truth(expression.where, rows))
        return b.all([b.negate(out), self._stuck_value(cell, rows)])
