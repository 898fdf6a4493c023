"""What a condition comes to and on what grounds, kept by the facts it reads: an explanation without its findings."""

# Persons differ, but what is seen of one fact is soon seen again. So for each part of a condition the truth and the
# sentences are kept under the values that decide them. What those are is not said here: checks are compared and put
# into words by those who do so for every finding, and what has no case of its own is left to them as a whole.

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import count
from types import MappingProxyType
from typing import Any, NamedTuple

from trainingrules import policy as p
from trainingrules.engines.reference import REFERENCE
from trainingrules.policy import Policy
from trainingrules.reckoning import Finding, RowAt, Situation, chosen_row, compare
from trainingrules.sentences import NO_VALUE, NOT_KNOWN, each_ground, passed_over, sentence, told
from trainingrules.truth import Truth, Unknown, all_of, any_of, negate
from trainingrules.words import Text

# What is kept for all policies together; when it is full, all is forgotten.
MOST_KEPT = 4_096
# Of these facts the same values return: all combinations of several that have few, or one that has many with two.
_FEW, _MANY = ("boolean", "choice", "row"), ("date", "duration", "integer", "percent")
_MOST_OF_FEW = 4
_ABSENT = object()
_NOTHING: Mapping[Any, Any] = MappingProxyType({})
_NUMBERS = count()
_KEPT: dict[tuple[Any, ...], Told] = {}
# What is left of a condition: the checks that are unknown, and how they are put together.
Left = tuple[Any, ...]
# The rows at hand, the innermost first.
Rows = tuple[RowAt, ...]


class Told(NamedTuple):
    """What a condition comes to.

    ``grounds`` are the sentences of what decides it, in order. ``passed_over`` is so for a rule that does not apply,
    and ``idle`` where there is nothing it applies to. It is ``settled`` by facts when nothing else is unknown: then
    one of those that are missing matters, for with all of them given it is known. What keeps it unknown is ``left``:
    the same facts can still change two conditions of which the same is left on the same day. None is left untold.
    """

    truth: Truth
    grounds: tuple[Text, ...]
    passed_over: bool = False
    idle: bool = False
    settled: bool = True
    left: Left | None = ()


class Part:
    """A part of a condition, with what decides it; ``rows`` are the tables of the rows at hand, the innermost first."""

    __slots__ = ("_asks_day", "_cells", "_compute", "_kept", "_names", "_without", "at_row", "condition",
                 "number", "parts")  # fmt: skip

    def __init__(self, condition: p.Condition, policy: Policy, rows: Sequence[str] = ()) -> None:
        self.condition = condition
        over = condition.rows if isinstance(condition, p.OfRow | p.Each) and condition.rows in policy.tables else ""
        self.at_row = {key: RowAt(over, key) for key in policy.tables[over].rows} if over else {}
        self.parts = tuple(Part(one, policy, (over, *rows) if over else rows) for one in _parts(condition, policy))
        # The rows of a history are not known beforehand.
        self._compute = _found if isinstance(condition, p.Each) and not over else _COMPUTE.get(type(condition), _found)
        self.number = next(_NUMBERS)
        read = _read(condition, policy)
        self._kept = read is not None and _returns([policy.facts[name].shape.kind for name in read if name])
        self._names = None if read is None else tuple(name for name in read if name and not policy.facts[name].per)
        self._without = (_ABSENT,) * len(self._names or ())
        self._cells = tuple(
            (name, rows.index(per) if per in rows else None)
            for name in read or () if name and (per := policy.facts[name].per)
        )  # fmt: skip
        self._asks_day = "" in (read or ())

    def key(self, at: Situation, rows: Rows = ()) -> tuple[Any, ...] | None:
        """What decides it here; none where that is more than some values, or where they seldom return."""
        return self._read(at, rows) if self._kept else None

    def _read(self, at: Situation, rows: Rows) -> tuple[Any, ...] | None:
        names = self._names
        if names is None:
            return None
        facts = at.facts
        key = (self.number, *map(facts.one.get, names, self._without))
        if rows:
            key += tuple([row.key for row in rows])
        for name, place in self._cells:
            cells = facts.per.get(name, _NOTHING)
            key += (tuple(cells.items()) if place is None else cells.get(rows[place].key, _ABSENT),)
        if self._asks_day:
            if isinstance(at.today, datetime):
                return None
            key += (at.today,)
        return key

    def left(self, at: Situation, rows: Rows) -> Left | None:
        """What is left of it while it is unknown: itself, with what it reads."""
        return self._read(at, rows)

    def told(self, at: Situation, rows: Rows = ()) -> Told:
        """What it comes to with these rows at hand, in a situation that is `plain`."""
        return self._compute(self, at, rows)

    def tell(self, at: Situation, rows: Rows = ()) -> Told:
        """The same, kept where that is of use."""
        key = self._read(at, rows) if self._kept else None
        if key is None:
            return self.told(at, rows)
        found = _KEPT.get(key)
        if found is None:
            found = self.told(at, rows)
            if len(_KEPT) >= MOST_KEPT:
                _KEPT.clear()
            _KEPT[key] = found
        return found


def plain(at: Situation) -> bool:
    """Whether there is no more to a situation than facts and a day."""
    return not (at.rows or at.rounds or at.readings or at.presumed or at.running)


# --- what a part reads ---

# All that is decided by facts given once or per row of a table, by the policy, and by the day of asking.
_DECIDED = (
    p.Check, p.All, p.Any, p.Not, p.Holds, p.Given, p.OfRow, p.Each, p.Silent, p.Constant, p.FactValue, p.FieldValue,
    p.Named, p.Today, p.Chosen, p.LastDayOf, p.Shift, p.Between, p.Share, p.Combined, p.NotStated, p.Term, p.NamedValue,
    p.Deadline, p.Scope,
)  # fmt: skip


def _read(condition: p.Condition, policy: Policy) -> list[str] | None:
    """
    The facts that decide a condition, and `""` for the day of asking; None where there is more to it.
    """
    read: dict[str, None] = {}
    for part in p.walk_deep(policy, condition):
        match part:
            case p.FactValue(name=name, per=per) if not per or per in policy.tables:
                read[name] = None
            case p.OfRow(fact=name):
                read[name] = None
            case p.Each(rows=rows) if rows in policy.tables:
                pass
            case p.FieldValue(of=of) if policy.tables.keys() >= set(of):
                pass
            case p.Today():
                read[""] = None
            case p.FactValue() | p.FieldValue() | p.Each() | p.Check(operand=str()):
                return None
            case _ if not isinstance(part, _DECIDED):
                return None
    return list(read)


def _returns(kinds: Sequence[str]) -> bool:
    """Whether the same values of facts of these kinds are seen again and again."""
    few, many = (sum(kind in some for kind in kinds) for some in (_FEW, _MANY))
    return few + many == len(kinds) and many <= 1 and few <= _MOST_OF_FEW - 2 * many


def _parts(condition: p.Condition, policy: Policy) -> Sequence[p.Condition]:
    """The parts of what is put together here; of histories and rounds the findings are asked."""
    match condition:
        case p.All(parts) | p.Any(parts):
            return parts
        case p.Not(part):
            return (part,)
        case p.Holds(term):
            return (policy.terms[term].holds,)
        case p.Given(when, then):
            return (when, then)
        case p.OfRow(rows=rows) | p.Each(rows=rows) if rows in policy.tables:
            return (condition.body,)
        case _:
            return ()


# --- what it comes to ---


def _inside(at: Situation, rows: Rows) -> Situation:
    for row in reversed(rows):
        at = at.at_row(row)
    return at


def _found(part: Part, at: Situation, rows: Rows) -> Told:
    """By way of its findings."""
    finding = REFERENCE.decide(part.condition, _inside(at, rows))
    settled, left = _settled(finding), () if not isinstance(finding.truth, Unknown) else part.left(at, rows)
    return Told(finding.truth, tuple(each_ground(finding)), passed_over(finding), idle(finding), settled, left)


def _check(part: Part, at: Situation, rows: Rows) -> Told:
    inside = _inside(at, rows)
    check = part.condition
    assert isinstance(check, p.Check)
    truth, seen = compare(check, inside)
    grounds = (sentence(check, truth, seen, inside),)
    if not isinstance(truth, Unknown):
        return Told(truth, grounds)
    return Told(truth, grounds, settled=_by_facts(truth), left=part.left(at, rows))


def _by_facts(truth: Truth) -> bool:
    return not isinstance(truth, Unknown) or all(cause.kind == "missing" for cause in truth.because)


def _settled(finding: Finding) -> bool:
    if finding.parts and isinstance(finding.truth, Unknown):
        return all(map(_settled, finding.parts))
    return _by_facts(finding.truth)


def idle(finding: Finding) -> bool:
    """Whether a requirement holds because there is nothing it holds for: no rows, no rounds, `when` nowhere true."""
    if isinstance(finding.condition, p.Given):
        return finding.parts[0].truth is False or idle(finding.parts[1])
    return isinstance(finding.condition, p.Each | p.EachRound | p.OfRow) and all(map(idle, finding.parts))


def _all(part: Part, at: Situation, rows: Rows) -> Told:
    parts = [one.tell(at, rows) for one in part.parts]
    return _whole(part, all_of([one.truth for one in parts]), parts)


def _any(part: Part, at: Situation, rows: Rows) -> Told:
    parts = [one.tell(at, rows) for one in part.parts]
    return _whole(part, any_of([one.truth for one in parts]), parts)


def _each(part: Part, at: Situation, rows: Rows) -> Told:
    (body,) = part.parts
    parts = [body.tell(at, (row, *rows)) for row in part.at_row.values()]
    whole = _whole(part, all_of([one.truth for one in parts]), parts)
    return whole._replace(idle=all(one.idle for one in parts))


def _whole(part: Part, truth: Truth, parts: list[Told]) -> Told:
    """What all or any of several comes to: by those of its own truth."""
    if not isinstance(truth, Unknown):
        # Rules that do not apply are no reason that it holds, but for want of others.
        applied = [one for one in parts if not one.passed_over] or parts
        return Told(truth, _joined([one for one in (applied if truth else parts) if one.truth is truth]))
    # Where the source is silent, what it is silent about counts too.
    silent = any(isinstance(one.condition, p.Silent) for one in part.parts)
    shown = parts if silent else [one for one in parts if isinstance(one.truth, Unknown)]
    settled = all([one.settled for one in parts])  # noqa: C419 - in a list it is quicker
    return Told(truth, _joined(shown), settled=settled, left=_left(type(part.condition).__name__, parts))


def _left(how: str, parts: Sequence[Told]) -> Left | None:
    left: list[Any] = [how]
    for one in parts:
        if isinstance(one.truth, Unknown):
            if one.left is None:
                return None
            left.append(one.left)
    return tuple(left)


def _not(part: Part, at: Situation, rows: Rows) -> Told:
    one = part.parts[0].tell(at, rows)
    return Told(negate(one.truth), one.grounds, settled=one.settled, left=one.left and ("Not", one.left))


def _holds(part: Part, at: Situation, rows: Rows) -> Told:
    one = part.parts[0].tell(at, rows)
    return Told(one.truth, one.grounds, settled=one.settled, left=one.left)


def _given(part: Part, at: Situation, rows: Rows) -> Told:
    when, then = (one.tell(at, rows) for one in part.parts)
    truth = any_of([negate(when.truth), then.truth])
    if when.truth is False:
        return Told(truth, when.grounds, True, True)
    grounds = then.grounds if when.truth is True or then.truth is True else when.grounds + then.grounds
    left = _left(f"Given{isinstance(when.truth, Unknown):d}", (when, then)) if isinstance(truth, Unknown) else ()
    return Told(truth, grounds, False, then.idle, when.settled and then.settled, left)


_NO_ROW = Told(False, ())


def _of_row(part: Part, at: Situation, rows: Rows) -> Told:
    condition, (body,) = part.condition, part.parts
    assert isinstance(condition, p.OfRow)
    chosen, text = chosen_row(condition, _inside(at, rows)), at.policy.facts[condition.fact].text
    if chosen.null:
        return Told(False, (told(text, NO_VALUE),))
    if chosen.exact:
        one = body.tell(at, (part.at_row[chosen.low], *rows))
        return Told(one.truth, one.grounds, idle=one.idle, settled=one.settled, left=one.left)
    # It may be any row, or none.
    parts = [*(body.tell(at, (row, *rows)) for row in part.at_row.values()), _NO_ROW]
    truth = REFERENCE.whole(condition, [one.truth for one in parts], _inside(at, rows))
    if not isinstance(truth, Unknown):
        return Told(truth, _joined(parts), idle=all(one.idle for one in parts))
    silent = isinstance(body.condition, p.Silent)
    shown = [one for one in parts if silent or isinstance(one.truth, Unknown)]
    # What the rows come to that are known counts too.
    each = [one.left if isinstance(one.truth, Unknown) else one.truth for one in parts]
    left = None if None in each else (part.number, *each)
    return Told(truth, (told(text, NOT_KNOWN), *_joined(shown)), settled=all(one.settled for one in parts), left=left)


def _joined(parts: list[Told]) -> tuple[Text, ...]:
    if len(parts) == 1:
        return parts[0].grounds
    return tuple([ground for one in parts for ground in one.grounds])


_COMPUTE: Mapping[type, Callable[[Part, Situation, Rows], Told]] = {
    p.Check: _check, p.All: _all, p.Any: _any, p.Not: _not, p.Holds: _holds, p.Given: _given, p.OfRow: _of_row,
    p.Each: _each,
}  # fmt: skip
