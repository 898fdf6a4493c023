"""What a policy says that can bear on nobody, or that nobody can meet: each with somebody who shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import reduce
from itertools import combinations
from operator import and_, or_

from trainingrules import policy as p
from trainingrules.diagnostics import Diagnostic
from trainingrules.document import Document, Path
from trainingrules.drafting import flow
from trainingrules.meaning import bare
from trainingrules.people import Person, differing, outcome
from trainingrules.policy import Policy
from trainingrules.program import rules_of
from trainingrules.questions import Question
from trainingrules.together import Bits, Space, space_of
from trainingrules.words import Text


def review(
    policy: Policy, document: Document, *, budget: int = 400, seen: Callable[[str], None] | None = None
) -> list[Diagnostic]:
    """
    Every rule that decides nothing, every two that exclude each other, and every claim that does not hold.

    What is said to be so was proven, for whoever the facts are known of; a claim fails because somebody was found
    for whom it does. ``budget`` counts the questions asked to find one person; ``seen`` is told what is looked at.

    >>> from trainingrules.loading import locate
    >>> from trainingrules.validating import check_file
    >>> checked = check_file(locate("rvwo"))
    >>> review(checked.policy, checked.document)
    []
    """
    reviewer = _Reviewer(policy, document, budget)
    found: list[Diagnostic] = []
    for name, look in reviewer.looks():
        if seen is not None:
            seen(name)
        found += look
    return found


@dataclass(frozen=True, slots=True)
class _Rule:
    """A requirement or duty, under the name it has in a decision."""

    name: str
    rule: p.Rule
    at: Path


@dataclass(frozen=True, slots=True)
class _Reviewer:
    policy: Policy
    document: Document
    budget: int

    def looks(self) -> Iterator[tuple[str, Iterator[Diagnostic]]]:
        """Everything there is to look at, one after another."""
        for name in self.policy.decisions:
            yield f"eligibility.{name}", self.decision(name)
        for name, quote in self.policy.quotes.items():
            yield f"costs.{name}", self.quote(quote, ("costs", name))
        for name, deadline in self.policy.deadlines.items():
            yield f"deadlines.{name}", self.limited(deadline.when, deadline.scope, ("deadlines", name))
        for name, duty in self.policy.duties.items():
            yield f"compliance.{name}", self.rule(_Rule(name, duty, ("compliance", name)))
        yield "compliance", self.same_duties()
        for name, note in self.policy.notes.items():
            yield f"notes.{name}", self.limited(note.when, note.scope, ("notes", name))
        for name, term in self.policy.terms.items():
            yield f"terms.{name}", self.term(term)
        for name, claim in self.policy.claims.items():
            yield f"claims.{name}", self.claim(claim)

    # --- decisions ---

    def decision(self, name: str) -> Iterator[Diagnostic]:
        """Its own requirements one by one, and each beside all others that the decision has."""
        own = [_Rule(rule.name, rule, ("eligibility", name, "requires", rule.name))
               for rule in self.policy.decisions[name].requires.values()]  # fmt: skip
        for one in own:
            yield from self.rule(one)
        others = [(one.name, one.rule) for one in rules_of(self.policy, name)]
        told: set[str] = set()
        for place, one in enumerate(own):
            for other_name, other in others:
                if other is one.rule or other_name in told:
                    continue
                later = other_name not in [rule.name for rule in own[place:]]
                for fault in self.beside(one, _Rule(other_name, other, one.at), later=later):
                    told.add(one.name)
                    yield fault

    def rule(self, one: _Rule) -> Iterator[Diagnostic]:
        """A rule that is about nobody, or that nobody it is about can fail, or meet."""
        rule = one.rule
        space = None if rule.when == p.ALWAYS and _told_already(rule.must) else self.space(rule.when, rule.must)
        key = "should" if rule.advice else "must"
        if space is not None:
            when, must = space.holds(rule.when), space.holds(rule.must)
            possible = self.possible(space)
            if not when & possible:
                yield self.fault("never-applies", f"`{one.name}` applies to nobody: its `when` never holds",
                                 (*one.at, "when"), self.beyond(rule.when, rule.scope, "is not meant"))  # fmt: skip
                return
            # Whoever is of no row at all fails what is asked of the row.
            if not when & possible & ~must and not rule.scope.row:
                met = p.All((rule.when, rule.must))
                yield self.fault("never-fails", f"nobody whom `{one.name}` is about can fail it", (*one.at, key),
                                 self.shown(met, rule.scope, "meets it, and so does everybody else"))  # fmt: skip
                return
            if not when & possible & must:
                failed = p.All((rule.when, p.Not(rule.must)))
                yield self.fault("never-met", f"nobody whom `{one.name}` is about can meet it", (*one.at, key),
                                 self.shown(failed, rule.scope, "fails it, and so does everybody else"))  # fmt: skip
                return
            if rule.when != p.ALWAYS and not possible & ~when:
                yield self.fault("always-applies", f"the `when` of `{one.name}` always holds", (*one.at, "when"),
                                 self.shown(rule.when, rule.scope, "is meant, and so is everybody else"))  # fmt: skip
        for condition in (rule.when, rule.must):
            yield from self.parts(condition, rule.scope)

    def beside(self, one: _Rule, other: _Rule, *, later: bool) -> Iterator[Diagnostic]:
        """Two requirements of one decision: the same, one never without the other, or never together."""
        mine, theirs = one.rule, other.rule
        if mine.scope != theirs.scope or mine.advice or theirs.advice:
            return
        if bare((mine.when, mine.must)) == bare((theirs.when, theirs.must)):
            if later and _silent(mine) == _silent(theirs):
                yield self.fault("duplicate-rule", f"`{one.name}` asks the same as `{other.name}`", one.at,
                                 self.shown(_fails(mine), mine.scope, "fails both"))  # fmt: skip
            return
        space = self.space(mine.when, mine.must, theirs.when, theirs.must)
        if space is None:
            return
        possible = self.possible(space)
        fails, they_fail = (space.holds(_fails(rule)) & possible for rule in (mine, theirs))
        if not fails or not they_fail:
            return
        # What the source does not refuse is no no, and cannot stand in for one. Nor can what fails only because of a
        # contradiction: of whoever is half known the other need not fail.
        every = space.holds(_fails(mine)) & ~space.holds(_fails(theirs))
        if not every and (_silent(mine) or not _silent(theirs)) and (later or they_fail & ~fails):
            yield self.fault("shadowed-rule", f"whoever fails `{one.name}` fails `{other.name}` as well", one.at,
                             self.shown(p.All((_fails(mine), _fails(theirs))), mine.scope, "fails both"))  # fmt: skip
        elif (
            not possible & ~fails & ~they_fail
            and later
            and not (_silent(mine) or _silent(theirs))
            and not (mine.scope.each or mine.scope.per)
        ):  # without any row or round, both are met
            yield self.fault("exclude-each-other", f"nobody can meet both `{one.name}` and `{other.name}`", one.at,
                             self.shown(p.All((p.Not(_fails(mine)), _fails(theirs))), mine.scope,
                                        f"meets the first, and therefore fails `{other.name}`"))  # fmt: skip

    # --- the others ---

    def quote(self, quote: p.Quote, at: Path) -> Iterator[Diagnostic]:
        """Lines that never count, prices that never replace, and lines that stand there twice."""
        lines = list(quote.lines.values())
        for place, line in enumerate(lines):
            path = (*at, "lines", line.name)
            yield from self.limited(line.when, line.scope, path)
            same = next((one for one in lines[:place] if _unnamed(one) == _unnamed(line)), None)
            if same is not None:
                yield self.fault("duplicate-rule", f"`{line.name}` is the same line as `{same.name}`", path,
                                 self.shown(line.when, line.scope, "pays for both"))  # fmt: skip
            for index, other in enumerate(line.instead):
                earlier = p.Any(tuple(one.when for one in line.instead[:index]))
                space = self.space(line.when, other.when, earlier)
                if space is None:
                    continue
                reached = space.holds(other.when) & space.holds(line.when) & self.possible(space)
                where = (*path, "instead", index, "when")
                if not reached:
                    both = p.All((line.when, other.when))
                    yield self.fault("never-applies", "this price is never taken: its `when` never holds", where,
                                     self.beyond(both, line.scope, "pays another price"))  # fmt: skip
                elif not reached & ~space.holds(earlier):
                    yield self.fault("shadowed-price", "this price is never taken: an earlier one always is", where,
                                     self.shown(p.All((line.when, other.when)), line.scope,
                                                "pays the earlier price"))  # fmt: skip

    def limited(self, when: p.Condition, scope: p.Scope, at: Path) -> Iterator[Diagnostic]:
        """What holds for nobody, or for everybody although it has a `when`."""
        if when == p.ALWAYS or _told_already(when):
            return
        space = self.space(when)
        if space is not None:
            holds, possible = space.holds(when), self.possible(space)
            if not holds & possible:
                yield self.fault("never-applies", f"`{at[-1]}` applies to nobody: its `when` never holds",
                                 (*at, "when"), self.beyond(when, scope, "is not meant"))  # fmt: skip
                return
            if not possible & ~holds:
                yield self.fault("always-applies", f"the `when` of `{at[-1]}` always holds", (*at, "when"),
                                 self.shown(when, scope, "is meant, and so is everybody else"))  # fmt: skip
                return
        yield from self.parts(when, scope)

    def same_duties(self) -> Iterator[Diagnostic]:
        """Duties that stand there twice."""
        duties = list(self.policy.duties.values())
        for place, duty in enumerate(duties):
            same = next((one for one in duties[:place] if _unnamed(one) == _unnamed(duty)), None)
            if same is not None:
                both = self.shown(_fails(duty), duty.scope, "fails both")
                yield self.fault("duplicate-rule", f"`{duty.name}` asks the same as `{same.name}`",
                                 ("compliance", duty.name), both)  # fmt: skip

    def term(self, term: p.Term) -> Iterator[Diagnostic]:
        """A term that holds for nobody, or for everybody."""
        if _told_already(term.holds):
            return
        space = self.space(term.holds)
        at: Path = ("terms", term.name, "holds")
        if space is not None:
            holds, possible = space.holds(term.holds), self.possible(space)
            if not holds & possible:
                yield self.fault("never-met", f"`{term.name}` holds for nobody", at,
                                 self.beyond(term.holds, p.Scope(), "is none"))  # fmt: skip
                return
            if not possible & ~holds:
                yield self.fault("never-fails", f"`{term.name}` holds for everybody", at,
                                 self.shown(term.holds, p.Scope(), "is one, and so is everybody else"))  # fmt: skip
                return
        yield from self.parts(term.holds, p.Scope())

    def claim(self, claim: p.Claim) -> Iterator[Diagnostic]:
        """A claim that does not hold for somebody; of one that is not proven nothing is said."""
        none = p.All((claim.when, *map(p.Not, claim.terms)))
        two = [p.All((claim.when, one, other)) for one, other in combinations(claim.terms, 2)]
        wrong = {"exactly_one": [none, *two], "at_least_one": [none], "at_most_one": two}[claim.count]
        space = self.space(claim.when, *claim.terms)
        for fails in wrong:
            if space is not None and not space.holds(fails) & self.possible(space):
                continue
            person = self.somebody(fails, p.Scope())
            if person is None:
                continue
            which = claim.terms if fails is none else fails.parts[1:]
            names = " and ".join(f"`{one.term}`" for one in which if isinstance(one, p.Holds))
            does = f"is none of {names}" if fails is none else f"is both {names}"
            yield self.document.fault("claim-fails", f"`{claim.name}` does not hold for everybody",
                                      ("claims", claim.name), key=True, help=_told(person, does))  # fmt: skip
            return

    def parts(self, condition: p.Condition, scope: p.Scope) -> Iterator[Diagnostic]:
        """Parts of `any` that make no more hold, and parts among several that shut nobody out."""
        for node in p.walk(condition):
            if not isinstance(node, p.All | p.Any) or len(node.parts) < 2:
                continue
            space = self.space(*node.parts)
            if space is None:
                continue
            possible, any_of = self.possible(space), isinstance(node, p.Any)
            bits = [space.holds(part) & possible for part in node.parts]
            kept = list(range(len(bits)))
            for place in reversed(range(len(bits))):
                others = [bits[one] for one in kept if one != place]
                part = node.parts[place]
                if not others or not part.at:
                    continue
                if bits[place] == (0 if any_of else possible):
                    kept.remove(place)
                    if not _told_already(part):
                        yield self.fault("dead-part", f"{'nobody' if any_of else 'everybody'} satisfies this", part.at,
                                         self.shown(p.Not(part) if any_of else part, scope,
                                                    "does not" if any_of else "does"))  # fmt: skip
                elif any_of and not bits[place] & ~reduce(or_, others):
                    kept.remove(place)
                    yield self.fault("dead-part", "whoever satisfies this satisfies another of these as well", part.at,
                                     self.shown(part, scope, "satisfies this and another"))  # fmt: skip
                elif not any_of and not reduce(and_, others) & ~bits[place]:
                    kept.remove(place)
                    rest = p.All(tuple(node.parts[one] for one in kept))
                    yield self.fault("dead-part", "whoever satisfies the others satisfies this as well", part.at,
                                     self.shown(rest, scope, "satisfies the others, and therefore this"))  # fmt: skip

    # --- what is possible, and who shows it ---

    def space(self, *conditions: p.Condition) -> Space | None:
        """All combinations of what some conditions compare, with the contradictions that are about nothing else."""
        own = space_of(self.policy, conditions)
        if own is None:
            return None
        # Once more, so that it also tells apart what they hold their facts against.
        return space_of(self.policy, [*conditions, *self.never_in(own)])

    def possible(self, space: Space) -> Bits:
        """The combinations that no contradiction rules out."""
        return space.all & ~reduce(or_, map(space.holds, self.never_in(space)), 0)

    def never_in(self, space: Space) -> list[p.Condition]:
        """The contradictions that are about what a space compares, and nothing else."""
        # One about the running round says nothing of the round that a rule is about.
        return [one.never for one in self.policy.contradictions.values()
                if not one.rows and space.covers(one.never) and not _about_a_round(self.policy, one.never)]  # fmt: skip

    def shown(self, condition: p.Condition, scope: p.Scope, does: str) -> str:
        """Somebody for whom a condition holds, in words; nothing when none is found soon."""
        person = self.somebody(condition, scope)
        return _told(person, does) if person is not None else ""

    def beyond(self, condition: p.Condition, scope: p.Scope, does: str) -> str:
        """Somebody for whom a condition that never holds does not."""
        return self.shown(p.Not(condition), scope, does)

    def somebody(self, condition: p.Condition, scope: p.Scope) -> Person | None:
        """Somebody for whom a condition holds, in a row or round: who is refused when it must not hold."""
        nothing = Text("", "")
        rule = p.Requirement("goal", nothing, (), p.Not(condition), scope=scope)
        goal = p.Decision("goal", nothing, {"goal": rule})
        aimed = replace(self.policy, hash=f"{self.policy.hash} {condition!r}", decisions={"goal": goal})
        free = replace(aimed, hash=f"{self.policy.hash} free", decisions={
            "goal": replace(goal, requires={"goal": replace(rule, must=p.ALWAYS)})})  # fmt: skip
        question = Question("eligibility", "goal")
        found = differing(free, aimed, question, budget=self.budget).person
        if found is None or outcome(aimed, question, found).get("verdict") != "not_eligible":
            return None
        return found

    def fault(self, code: str, message: str, at: Path, help: str) -> Diagnostic:
        return self.document.fault(code, message, at, key=True, severity="warning", help=help)


def _fails(rule: p.Rule) -> p.Condition:
    return p.All((rule.when, p.Not(rule.must)))


def _about_a_round(policy: Policy, condition: p.Condition) -> bool:
    return any(
        isinstance(part, p.RoundNumber | p.CycleDay)
        or (isinstance(part, p.FactValue) and part.per in policy.cycles)
        or (isinstance(part, p.Check) and part.operator.operand == "cycle")
        for part in p.walk_deep(policy, condition)
    )


def _silent(rule: p.Rule) -> bool:
    return isinstance(rule, p.Requirement) and rule.silent


def _told_already(condition: p.Condition) -> bool:
    """Whether it is one check of a fact: that it always or never holds is found without this."""
    return isinstance(condition, p.Check) and isinstance(condition.subject, p.FactValue | p.FieldValue)


def _unnamed(entry: p.Duty | p.Line) -> object:
    return bare(replace(entry, name="", source=()))


def _told(person: Person, does: str) -> str:
    who = f"someone with `{flow(person.facts)}`" if person.facts else "someone of whom nothing is known"
    return f"{who}, on {person.on}, {does}"
