"""Whether two policies answer a question alike for everybody, where that can be proven.

A proof is a trial of everybody. It stands on three things.

- What means the same in both is not tried. The rest is tried rule by rule: how the requirements of a decision turn
  out makes the whole answer, so that two decisions with the same requirements, each alike, are alike. A requirement
  that holds several facts against each other is tried with all others: there the same, said otherwise, may ask for
  more facts.
- A rule is tried with every fact it reads, each unknown too. Of a fact with few values these are all. Of another all
  comparisons must be with values written out: then it is tried with a value of every sort that these tell apart. A
  rule that reads today, a round, a history, a deadline, a moment, or a fact in another way is not tried, and nothing
  is proven. Neither is it when there are more persons than may be asked.
- The readings are tried one by one in each of their options, for that is what answers are contested by.

That certain facts contradict each other only makes fewer persons: it is left aside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from math import prod
from typing import Any

from trainingrules import policy as p
from trainingrules.kinds import KINDS, Shape, Value
from trainingrules.meaning import Meaning, bare, meaning, part_named, reach, rule_of, units_of
from trainingrules.money import from_cents
from trainingrules.persons import Day, Person, outcome
from trainingrules.policy import Policy
from trainingrules.program import NamedRule
from trainingrules.questions import Question, entries_of
from trainingrules.turns import MOST_OPTIONS, all_values, exact, regions

# A value of a fact, as it is written in a file; or not given.
Choice = tuple[bool, Any]
_ABSENT: Choice = (False, None)


def proven_alike(old: Policy, new: Policy, question: Question, *, budget: int = 20_000) -> bool:
    """
    Whether two policies certainly answer a question alike, whoever asks it; false says nothing.

    >>> from trainingrules import load
    >>> old = load("rvwo")
    >>> trainer = old.terms["meant_trainer"]
    >>> twice = replace(trainer, holds=p.All((trainer.holds, trainer.holds)))
    >>> new = replace(old, hash="twice", terms={**old.terms, "meant_trainer": twice})
    >>> proven_alike(old, new, Question("eligibility", "session_audience"))
    True
    """
    before, after = meaning(old, question), meaning(new, question)
    if before == after:
        return True
    if before.frame != after.frame or before.units.keys() != after.units.keys() or question.name is None:
        return False
    readings = _alternatives(old, new, before, after)
    if readings is None:
        return False
    asked = 0
    for one, other, on in _trials(old, new, question, before, after):
        variables = _variables(one, other, question, on)
        if variables is None:
            return False
        days, paths = variables
        asked += 2 * len(days) * prod(len(choices) for choices in paths.values())
        if asked > budget:
            return False
        for day, chosen in product(days, product(*paths.values())):
            person = Person(_facts(dict(zip(paths, chosen, strict=True))), day)
            if any(outcome(mine, question, person) != outcome(theirs, question, person)
                   for mine, theirs in _readings(one, other, readings)):  # fmt: skip
                return False
    return True


def _trials(
    old: Policy, new: Policy, question: Question, before: Meaning, after: Meaning
) -> Iterator[tuple[Policy, Policy, Day]]:
    """What is to be tried: two policies with nothing but the rule that differs, and a day on which both hold."""
    on = old.in_force.start or old.in_force.end or date(2026, 1, 1)
    one, other = replace(old, contradictions={}), replace(new, contradictions={})
    if question.sort != "eligibility":
        yield one, other, on
        return
    assert question.name is not None
    rules, their_rules = units_of(old, question), units_of(new, question)
    otherwise_judged = _judged_on(old, question) != _judged_on(new, question)
    changed = [name for name, mine in before.units.items()
               if (mine, reach(old, [mine])) != (after.units[name], reach(new, [after.units[name]]))
               or (otherwise_judged and _reads_amounts(old, rules[name]))]  # fmt: skip
    if any(_holds_together(old, rules[name]) or _holds_together(new, their_rules[name]) for name in changed):
        yield one, other, on
        return
    for name in changed:
        yield _only(one, question.name, name), _only(other, question.name, name), on


def _only(policy: Policy, decision: str, rule: str) -> Policy:
    """The policy with one decision of one requirement; or of none, when what stands around them is meant."""
    units = units_of(policy, Question("eligibility", decision))
    found = units[rule] if rule else None
    whole = policy.decisions[decision]
    requires = {found.rule.name: found.rule} if isinstance(found, NamedRule) else {}
    # The day judged bears on a requirement by the amounts it reads, and else on the decision as a whole.
    judged_on = whole.judged_on if _reads_amounts(policy, found) or not rule else ""
    kept = replace(whole, requires=requires, builds_on=(), judged_on=judged_on)
    return replace(policy, hash=f"{policy.hash} {decision} {rule}", decisions={decision: kept})


def _reads_amounts(policy: Policy, unit: object) -> bool:
    return any(isinstance(part, p.AmountOf) for part in p.walk_deep(policy, rule_of(unit)))


def _holds_together(policy: Policy, unit: object) -> bool:
    """Whether a check of a rule is about several facts, or about one for each row."""
    checks = (part for part in p.walk_deep(policy, rule_of(unit)) if isinstance(part, p.Check))
    return any(
        len({one.name for one in parts if isinstance(one, p.FactValue)}) > 1
        or any(isinstance(one, p.CountOf | p.SumOf) for one in parts)
        for parts in (list(p.walk_deep(policy, check)) for check in checks)
    )


def _alternatives(old: Policy, new: Policy, before: Meaning, after: Meaning) -> Sequence[tuple[str, str]] | None:
    """Every other option of the readings in question; nothing when the two do not leave open the same."""
    found: list[tuple[str, str]] = []
    for name in sorted({name for one in (before, after) for section, name in one.reached if section == "readings"}):
        mine, theirs = old.readings.get(name), new.readings.get(name)
        if mine is None or theirs is None or mine.options.keys() != theirs.options.keys():
            return None
        alike = mine.chosen == theirs.chosen
        found += [(name, option) for option in mine.options if not (alike and option == mine.chosen)]
    return found


def _readings(old: Policy, new: Policy, alternatives: Sequence[tuple[str, str]]) -> Iterator[tuple[Policy, Policy]]:
    """The two policies as they stand, and with each other option of one reading at a time."""
    yield old, new
    for name, option in alternatives:
        yield _read_as(old, name, option), _read_as(new, name, option)


def _read_as(policy: Policy, name: str, option: str) -> Policy:
    other = replace(policy.readings[name], chosen=option)
    return replace(policy, hash=f"{policy.hash} {name} {option}", readings={**policy.readings, name: other})


# --- whom to try ---


def _variables(
    one: Policy, other: Policy, question: Question, on: Day
) -> tuple[tuple[Day, ...], Mapping[str, Sequence[Choice]]] | None:
    """The days of asking and the values of every fact that tell all persons apart; nothing when that is not sure."""
    literals: dict[str, list[Value]] = {}
    elsewhere: set[str] = set()
    names: set[str] = set()
    days: dict[Day, None] = {on: None}
    for policy in (one, other):
        rests = meaning(policy, question)
        if any(section in ("records", "cycles", "deadlines") for section, _ in rests.reached):
            return None
        judged = _judged_on(policy, question)
        bounds = [day for day in (policy.in_force.start, policy.in_force.end) if day is not None]
        starts = [price.start for section, name in rests.reached if section == "amounts"
                  for price in policy.amounts[name]]  # fmt: skip
        if judged:
            literals.setdefault(judged, []).extend([*bounds, *starts])
        if starts:
            days |= dict.fromkeys([*bounds, *(start - timedelta(days=back) for start in starts for back in (0, 1))])
        names |= {name for section, name in rests.reached if section == "facts"}
        nodes = [rule_of(unit) for unit in units_of(policy, question).values()]
        nodes += [part_named(policy, key) for key in rests.reached if key[0] != "facts"]
        if not _compared(nodes, literals, elsewhere):
            return None
    found: dict[str, Sequence[Choice]] = {}
    for name in sorted(names):
        if not (name in one.facts and name in other.facts and bare(one.facts[name]) == bare(other.facts[name])):
            return None
        fact = one.facts[name]
        values = _values(fact.shape, literals.get(name, ()), one, closed=name in elsewhere)
        if values is None or (fact.per and fact.per not in one.tables):
            return None
        paths = [f"{name}[{row}]" for row in one.tables[fact.per].rows] if fact.per else [name]
        found |= dict.fromkeys(paths, (_ABSENT, *((True, value) for value in values)))
    return tuple(days), found


def _judged_on(policy: Policy, question: Question) -> str:
    asked = entries_of(policy, question.sort).get(question.name or "")
    return asked.judged_on if isinstance(asked, p.Decision | p.Quote) else ""


def _compared(nodes: Sequence[object], literals: dict[str, list[Value]], elsewhere: set[str]) -> bool:
    """Gather what facts are compared with, and which are read in another way; false where today is read."""
    read: dict[str, int] = {}
    direct: dict[str, int] = {}
    for node in nodes:
        for part in p.walk(node):
            if isinstance(part, p.Today):
                return False
            if isinstance(part, p.FactValue):
                read[part.name] = read.get(part.name, 0) + 1
            elif isinstance(part, p.Check) and isinstance(part.subject, p.FactValue):
                held = _held_against(part)
                if held is not None:
                    name = part.subject.name
                    direct[name] = direct.get(name, 0) + 1
                    literals.setdefault(name, []).extend(held)
    elsewhere.update(name for name, times in read.items() if times != direct.get(name, 0))
    return True


def _held_against(check: p.Check) -> list[Value] | None:
    """The values written out that a check holds its fact against; nothing when it is held against something else."""
    match check.operand:
        case p.Constant():
            return [check.operand.value]
        case tuple():
            return [check.operand, *check.operand]
        case bool():
            return [] if check.operator.operand == "boolean" else None
    return None


def _values(shape: Shape, literals: Sequence[Value], policy: Policy, *, closed: bool) -> list[Any] | None:
    """
    Values of every sort, as written; all of them when the fact is also read otherwise, or is of few values.
    """
    few = all_values(shape)
    if few is not None:
        return [_written(one, shape) for one in few]
    if closed or shape.kind == "moment" or (shape.kind == "list" and len(shape.options) > MOST_OPTIONS):
        return None
    own = [one for one in literals if isinstance(one, tuple)] if shape.kind == "list" else [
        one for one in literals if not isinstance(one, tuple)]  # fmt: skip
    if shape.kind == "text" and any(not isinstance(one, str) for one in own):
        return None
    tried = regions(shape, own, policy.zone, date(2026, 1, 1))
    return [_written(one, shape) for place, one in enumerate(tried) if one not in tried[:place]]


def _written(value: Value, shape: Shape) -> Any:
    if value is None:
        return None
    match shape.kind:
        case "money":
            return from_cents(int(value))
        case "decimal" | "percent":
            return exact(value * 1)
        case "duration":
            # In its own unit not every length can be written.
            return f"{value} {shape.base_unit}"
        case _:
            return KINDS[shape.kind].write(value, shape)


def _facts(chosen: Mapping[str, Choice]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for path, (given, value) in chosen.items():
        name, _, key = path.partition("[")
        if given and key:
            facts.setdefault(name, {})[key.removesuffix("]")] = value
        elif given:
            facts[name] = value
    return facts
