"""A deadline as a program: from when until when, and how it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from trainingrules import policy as p
from trainingrules.plan.causes import Why, why
from trainingrules.plan.lowering import Lowering, RoundAt, Rows, Untranslatable
from trainingrules.plan.steps import Ref
from trainingrules.plan.values import Seen


@dataclass
class Limits:
    """Works out a deadline; one that is per round of a cycle, for the rounds that are asked for.

    ``settling`` collects what, beside the truth of checks, decides which facts still matter; ``asides`` when the answer
    is to be worked out another way.
    """

    at: Lowering
    cycles: Sequence[int] | None = None
    settling: list[Ref] = field(default_factory=list)
    asides: list[Ref] = field(default_factory=list)

    def deadline(self, deadline: p.Deadline) -> Mapping[str, Ref]:
        """The outputs: `state`, and the bounds of both limits; each with the row it is for, where there are several."""
        at, scope = self.at, deadline.scope
        if scope.each in at.policy.records or (scope.per and self.cycles is None):
            over = scope.per or scope.each
            raise Untranslatable(
                f"the deadline `{deadline.name}`, for each of `{over}`, cannot be worked out in columns"
            )
        if scope.per:
            return {
                f"{name}[{number}]": ref
                for number in self.cycles or ()
                for name, ref in self._of_round(deadline, number).items()
            }
        if scope.each:
            return {
                f"{name}[{key}]": ref
                for key in at.policy.tables[scope.each].rows
                for name, ref in self._outputs(deadline, ((scope.each, key),)).items()
            }
        return self._of_row(deadline) if scope.row else self._outputs(deadline, ())

    def _of_round(self, deadline: p.Deadline, number: int) -> Mapping[str, Ref]:
        at, b = self.at, self.at.steps
        rounds = at.policy.cycles[deadline.scope.per].rounds
        if rounds is not None and number > rounds:
            null = dict.fromkeys(_OUTPUTS, b.constant(None, "date"))
            return null | {"state": b.constant("not_running", "text")}
        return self._outputs(deadline, (RoundAt(deadline.scope.per, at.values.constant(number)),))

    def _of_row(self, deadline: p.Deadline) -> Mapping[str, Ref]:
        """For the row that a fact names; while it is unknown the answer is worked out another way."""
        at, b = self.at, self.at.steps
        shape = at.policy.facts[deadline.scope.row].shape
        picked = at.value(p.FactValue(deadline.scope.row, shape), ())
        at.rows_named[deadline.scope.row] = picked.low
        self.asides.append(picked.open)
        each = {key: self._outputs(deadline, ((shape.of, key),)) for key in at.policy.tables[shape.of].rows}
        found = {name: at.pick(picked.low, {key: one[name] for key, one in each.items()}) for name in _OUTPUTS}
        null = {name: b.constant(None, b.steps[ref].kind) for name, ref in found.items()}
        none = null | {"state": b.constant("not_applicable", "text")}
        return {name: b.choose(picked.none, none[name], ref) for name, ref in found.items()}

    def _outputs(self, deadline: p.Deadline, rows: Rows) -> Mapping[str, Ref]:
        at, b = self.at, self.at.steps
        null = b.constant(None, "date")
        start, until = (None if one is None else at.value(one, rows) for one in (deadline.start, deadline.until))
        ends = {
            f"{name}_{side}": null if seen is None else (seen.low if side == "from" else seen.high)
            for name, seen in (("start", start), ("until", until))
            for side in ("from", "to")
        }
        for seen in (start, until):
            self.settling += [] if seen is None else [seen.open]
        return {"state": self._state(deadline, rows, start, until), **ends}

    def _state(self, deadline: p.Deadline, rows: Rows, start: Seen | None, until: Seen | None) -> Ref:
        at, b = self.at, self.at.steps
        applies = at.truth(deadline.when, rows)
        acted = at.value(deadline.act, rows) if deadline.act is not None else at.values.constant(None)
        done = b.known(acted.low)
        day, today = at.day(at.today()), at.today()

        def before_done(limit: Ref, *, after: bool) -> Ref:
            """Whether what was done, or else today, lies before or after a limit; null when that is open."""
            found = [self._before(limit, when) if after else self._before(when, limit) for when in (acted.low, today)]
            return b.choose(done, b.surely(found[0]), b.surely(found[1]))

        def word(when_done: str, else_: str) -> Ref:
            return b.choose(done, b.constant(when_done, "text"), b.constant(else_, "text"))

        # From the last case to the first: each is overruled by those before it.
        if until is None:
            state = b.constant("none", "text") if deadline.endless else word("in_time", "open")
        else:
            last = b.all([b.negate(until.open), b.surely(b.equal(at.day(until.low), day))])
            state = b.choose(last, word("in_time", "last_day"), word("in_time", "open"))
            unsure = b.any([b.negate(b.known(until.low)), before_done(until.low, after=True)])
            state = b.choose(unsure, self._why(deadline.until, until, rows), state)
        if start is not None:
            begun = b.all([b.known(start.high), b.negate(before_done(start.high, after=False))])
            unsure = b.all([start.open, b.negate(begun)])
            state = b.choose(unsure, self._why(deadline.start, start, rows), state)
        if until is not None:
            state = b.choose(before_done(until.high, after=True), word("late", "passed"), state)
        if start is not None:
            state = b.choose(before_done(start.low, after=False), word("early", "not_yet"), state)
        for seen, expression in ((until, deadline.until), (start, deadline.start)):
            if seen is not None:
                state = b.choose(seen.perhaps, self._why(expression, seen, rows), state)
        none = b.any([seen.none for seen in (start, until) if seen is not None])
        state = b.choose(none, b.constant("not_running", "text"), state)
        unknown = b.choose(b.known(applies), state, b.constant("unknown", "text"))
        return b.choose(b.surely_not(applies), b.constant("not_applicable", "text"), unknown)

    def _before(self, one: Ref, other: Ref) -> Ref:
        """Moments compare as moments; as soon as one of the two is a day, both do as days in the policy's zone."""
        b = self.at.steps
        if {b.steps[ref].kind for ref in (one, other)} == {"moment"}:
            return b.less(one, other)
        return b.less(self.at.day(one), self.at.day(other))

    def _why(self, expression: p.Expression | None, seen: Seen, rows: Rows) -> Ref:
        """Unknown for want of facts, or not stated."""
        assert expression is not None
        b = self.at.steps
        because: Why = why(expression, rows, self.at)
        self.asides.append(because.untold)
        silent = b.all([b.negate(because.missing), because.silent, b.negate(b.known(seen.low))])
        return b.choose(silent, b.constant("not_stated", "text"), b.constant("unknown", "text"))


_OUTPUTS = ("state", "start_from", "start_to", "until_from", "until_to")
