"""The reference engine: what a condition means. When another engine differs, this page is right."""

from __future__ import annotations

from trainingrules import policy as p
from trainingrules.frozen import frozen
from trainingrules.reckoning import Finding, Situation, chosen_row, compare, parts_of
from trainingrules.truth import Truth, Unknown, all_of, any_of, negate


@frozen
class Reference:
    """Decides by walking the condition, one case per construct."""

    name: str = "reference"

    def decide(self, condition: p.Condition, at: Situation) -> Finding:
        """The truth of a condition and of all its parts."""
        # A check is a comparison of values, which all engines share.
        if isinstance(condition, p.Check):
            truth, seen = compare(condition, at)
            return Finding(condition, truth, (), seen, at)
        # Everything else is made of parts: rows, rounds and terms unfold into theirs.
        parts = tuple(
            Finding(part.condition, part.truth, part.parts, part.seen, part.at, label)
            for inner, inside, label in parts_of(condition, at)
            for part in (self.decide(inner, inside),)
        )
        return Finding(condition, self.whole(condition, [part.truth for part in parts], at), parts, (), at)

    def whole(self, condition: p.Condition, parts: list[Truth], at: Situation) -> Truth:
        """How the truths of the parts make the truth of the whole, after Kleene."""
        match condition:
            case p.All() | p.Each() | p.EachRound():
                # One that fails settles it; without any, nothing fails.
                return all_of(parts)
            case p.Any():
                return any_of(parts)
            case p.Not():
                return negate(parts[0])
            case p.Holds():
                return parts[0]
            case p.Given():
                # A rule: as far as `when` holds, `then` must.
                when, then = parts
                return any_of([negate(when), then])
            case p.OfRow():
                # While the row is unknown it may be any: certain only when all agree.
                if all(part is True for part in parts) or all(part is False for part in parts):
                    return parts[0]
                causes = [part.because for part in parts if isinstance(part, Unknown)]
                return Unknown(frozenset().union(chosen_row(condition, at).because, *causes))
            case p.Silent():
                return condition.truth
            case _:  # pragma: no cover - mypy proves there is no other
                raise AssertionError(condition)


REFERENCE = Reference()
