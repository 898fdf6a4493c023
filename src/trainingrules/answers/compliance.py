"""Does someone comply: every duty, per row and round, and the whole."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, replace
from datetime import date
from enum import Enum
from typing import NamedTuple

from trainingrules import policy as p
from trainingrules.answers.common import (
    Answer,
    Cited,
    Contested,
    Day,
    Missing,
    Taken,
    ask_for,
    behind,
    chosen,
    cite,
    conflict_warnings,
    contested,
    head,
    in_force,
    left_out,
    missing_in,
    missing_lines,
    on_in_words,
    other_readings,
    readings_taken,
    records_read,
    rounds_asked,
    situation,
    source_lines,
    validity_warning,
)
from trainingrules.answers.prompt import Program, Prompt, at_hand, names_of, program, sample_of
from trainingrules.document import Document
from trainingrules.engines import BY_PROGRAM, Engine
from trainingrules.engines.reference import REFERENCE
from trainingrules.facts import Facts, GivenFacts
from trainingrules.frozen import frozen
from trainingrules.needed import missing_of
from trainingrules.plan.asking import compliance_plan
from trainingrules.policy import Policy
from trainingrules.program import reads, unsettled
from trainingrules.reckoning import RowAt, Seen, Situation, anchor_of, begun_rounds, round_asked, round_days, rows_of
from trainingrules.sentences import grounds, round_text, row_text, silences, told
from trainingrules.truth import Unknown
from trainingrules.words import Language, Text, both


class Status(Enum):
    """How a duty stands; a failed wish deviates."""

    MET = "met"
    BREACHED = "breached"
    DEVIATES = "deviates"
    PENDING = "pending"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"
    NOT_IN_FORCE = "not_in_force"


STATUSES = {
    Status.MET: ("✓", Text("nagekomen", "met")),
    Status.BREACHED: ("✗", Text("niet nagekomen", "breached")),
    Status.DEVIATES: ("≠", Text("wijkt af", "deviates")),
    Status.PENDING: ("…", Text("loopt nog", "pending")),
    Status.NOT_APPLICABLE: ("–", Text("niet van toepassing", "does not apply")),
    Status.UNKNOWN: ("?", Text("nog niet te zeggen", "cannot be said yet")),
    Status.NOT_IN_FORCE: ("–", Text("deze voorwaarden gelden dan niet", "these conditions are not in force then")),
}
_KEPT = ("?", Text("nagekomen, of niet van toepassing", "met, or it does not apply"))
_WORST_FIRST = (Status.BREACHED, Status.UNKNOWN, Status.PENDING, Status.DEVIATES, Status.MET)


@frozen
class DutyStatus:
    """One duty, for one row or round; ``until`` is the last day on which a pending duty can be met.

    ``kept`` holds where the duty is not breached, whatever is still unknown: what it asks is done, and only whether
    it applies is not known.
    """

    duty: str
    text: Text
    who: str
    row: str | int | None
    cycle: int | None
    part: Text | None
    status: Status
    until: date | None
    kept: bool
    advice: bool
    missing: tuple[Missing, ...]
    grounds: tuple[Text, ...]
    source: tuple[Cited, ...]


@frozen
class Compliance(Answer):
    """The answer to: does this party do what it must?

    ``overall`` is the worst of the duties: breached, else unknown, pending, met. Wishes count only where
    nothing is a duty.
    """

    _: KW_ONLY
    overall: Status
    duties: tuple[DutyStatus, ...]
    missing: tuple[Missing, ...]

    def of(self, duty: str, *, cycle: int | None = None, row: str | int | None = None) -> tuple[DutyStatus, ...]:
        """The entries of one duty, for a round or a row when one is named."""
        return tuple(
            one for one in self.duties
            if one.duty == duty and (cycle is None or one.cycle == cycle) and (row is None or one.row == row)
        )  # fmt: skip

    def _lines(self, language: Language) -> list[str]:
        nl = language == "nl"
        lines = [f"{self.heading(language)}: {STATUSES[self.overall][1][language]}."]
        shown = ""
        for one in self.duties:
            if one.duty != shown:
                lines.append(f"  {one.text[language]}")
                lines += source_lines(one.source, language, "      ")
                shown = one.duty
            mark, word = _KEPT if one.kept and one.status is Status.UNKNOWN else STATUSES[one.status]
            part = f"{one.part[language]}: " if one.part else ""
            until = f", {'uiterlijk' if nl else 'until'} {on_in_words(one.until, language)}" if one.until else ""
            lines.append(f"    {mark} {part}{word[language]}{until}")
            if one.status not in (Status.MET, Status.NOT_APPLICABLE):
                lines += [f"        {ground[language]}" for ground in one.grounds]
        return lines + missing_lines(self.missing, language)


def compliance(
    policy: Policy,
    facts: GivenFacts | Facts | Document,
    *,
    on: Day,
    party: str | None = None,
    duty: str | None = None,
    cycles: Sequence[int] | None = None,
    engine: str | Engine = "compiled",
) -> Compliance:
    """
    Does someone do what the policy asks, as far as is known on this day?

    ``party``, ``duty`` and ``cycles`` narrow the question; without them every duty of everybody is answered, in
    every round that has begun.

    Raises:
        FactError: the facts have faults or contradict each other; the error holds them all.
        QuestionError: the policy has no such party or duty.
    """
    if party is not None:
        chosen(party, policy.parties, "party")
    if duty is not None:
        chosen(duty, policy.duties, "duty")
    asked_rounds = rounds_asked(cycles)
    if engine in BY_PROGRAM:
        prompt = _promptly(policy, facts, on, _Asked(party, duty, asked_rounds))
        if prompt is not None:
            return prompt
    return _worked_out(policy, facts, on, _Asked(party, duty, asked_rounds), engine)


class _Asked(NamedTuple):
    """What is asked of compliance: of whom, about which duty, in which rounds; all of them where it does not say."""

    party: str | None
    duty: str | None
    cycles: tuple[int, ...] | None


def _worked_out(
    policy: Policy, facts: GivenFacts | Facts | Document, on: Day, question: _Asked, engine: str | Engine
) -> Compliance:
    party, duty, asked_rounds = question
    names = [duty] if duty is not None else list(policy.duties)
    at = situation(policy, facts, on, engine)
    force = in_force(at)
    asked = [policy.duties[name] for name in names if party in (None, policy.duties[name].who)]
    text = asked[0].text if duty is not None and asked else Text("Naleving", "Compliance")
    shown = head(policy, at.today, f"compliance.{duty or 'all'}", text)
    if policy.in_force.refuse and force is False:
        return Compliance(head=shown, overall=Status.NOT_IN_FORCE, duties=(), missing=(),
                          warnings=validity_warning(at, force))  # fmt: skip
    found = {duty.name: _answer(duty, at, asked_rounds) for duty in asked}
    entries = tuple(one for each in found.values() for one in each)
    overall = _overall(entries)
    missing: set[str] = set()
    if overall is Status.UNKNOWN:
        missing = {m.fact for one in _binding(entries) if one.status is Status.UNKNOWN for m in one.missing}
    warned = [
        *validity_warning(at, force),
        *conflict_warnings(policy, [i for one in asked for i in one.source]),
        *left_out(at, records_read(policy, "compliance", found)),
    ]
    taken = readings_taken(policy, "compliance", found)
    return Compliance(
        head=shown, overall=overall, duties=entries, missing=ask_for(missing, policy),
        taken=taken, behind=behind(policy, "compliance", found),
        warnings=tuple(warned), contested=_contested(taken, at, asked_rounds, found),
    )  # fmt: skip


def _binding(found: Sequence[DutyStatus]) -> list[DutyStatus]:
    """The duties proper; the wishes where there is nothing else."""
    return [one for one in found if not one.advice] or list(found)


def _overall(found: Sequence[DutyStatus]) -> Status:
    binding = _binding(found)
    kept = [one for one in binding if one.status is Status.UNKNOWN and one.kept]
    statuses = {one.status for one in binding if one not in kept}
    # One that is met or does not apply changes nothing, unless nothing else is met.
    otherwise = Status.UNKNOWN if kept else Status.NOT_APPLICABLE
    return next((status for status in _WORST_FIRST if status in statuses), otherwise)


def _answer(duty: p.Duty, at: Situation, cycles: Sequence[int] | None) -> list[DutyStatus]:
    if duty.scope.each:
        rows = rows_of(duty.scope.each, at)
        if rows is None:
            return [_blank(duty, at, Status.UNKNOWN, {duty.scope.each})]
        entries = [entry for row in rows if (entry := _for_row(duty, at, row)) is not None]
        return entries or [_blank(duty, at, Status.NOT_APPLICABLE, set())]
    if duty.scope.per:
        rounds = _rounds(duty.scope.per, at, cycles)
        return [_for_round(duty, at, number) for number in rounds] or [_blank(duty, at, Status.NOT_APPLICABLE, set())]
    return [_status(duty, at, None, None)]


def _rounds(cycle: str, at: Situation, cycles: Sequence[int] | None) -> list[Seen]:
    """The rounds that have begun, of those that are asked for; all of these while that is not known."""
    begun = begun_rounds(cycle, at)
    if cycles is None:
        return begun
    if anchor_of(cycle, at).exact:
        return [number for number in begun if not number.exact or number.low in cycles]
    return [asked for number in cycles if not (asked := round_asked(cycle, number, at)).null]


def _for_row(duty: p.Duty, at: Situation, row: RowAt) -> DutyStatus | None:
    """The duty for a row; none for a row of a history that has not happened."""
    inside = at.at_row(row)
    records = at.policy.records.get(row.of)
    past = at.engine.decide(records.happened, inside) if records is not None else None
    if past is not None and past.truth is False:
        return None
    entry = _status(duty, inside, row, None)
    if past is not None and isinstance(past.truth, Unknown):
        return _perhaps(entry, past.truth.missing, grounds(past), at)
    return entry


def _for_round(duty: p.Duty, at: Situation, number: Seen) -> DutyStatus:
    days = round_days(duty.scope.per, number, at)
    running = not isinstance(days, Seen) and days.first <= at.day <= days.last
    entry = _status(duty, at.at_round(duty.scope.per, number, running=running), None, number)
    if isinstance(days, Seen):
        return _perhaps(entry, missing_in(days.because), tuple(silences(days.because, at)), at)
    return replace(entry, until=days.last) if entry.status is Status.PENDING else entry


def _perhaps(entry: DutyStatus, missing: Iterable[str], why: tuple[Text, ...], at: Situation) -> DutyStatus:
    """The entry of a row or round of which it is not known whether it has come: only what cannot fail is sure."""
    if entry.status in (Status.MET, Status.NOT_APPLICABLE):
        return entry
    wanted = {one.fact for one in entry.missing}.union(missing)
    return replace(entry, status=Status.UNKNOWN, missing=ask_for(wanted, at.policy), grounds=why)


def _blank(duty: p.Duty, at: Situation, status: Status, missing: set[str]) -> DutyStatus:
    kept = status is not Status.UNKNOWN
    return DutyStatus(duty.name, duty.text, duty.who, None, None, None, status, None, kept, duty.advice,
                      ask_for(missing, at.policy), (), cite(at.policy, duty.source))  # fmt: skip


def _status(duty: p.Duty, at: Situation, row: RowAt | None, number: Seen | None) -> DutyStatus:
    rule = at.engine.decide(p.Given(duty.when, unsettled(at.policy, duty.source, duty.must)), at)
    applies = rule.parts[0]
    if applies.truth is False:
        status = Status.NOT_APPLICABLE
    elif rule.truth is True:
        # Done, but whether it had to be is not known: with more known it may turn out not to apply.
        status = Status.MET if applies.truth is True else Status.UNKNOWN
    elif rule.truth is False:
        status = Status.DEVIATES if duty.advice else Status.BREACHED
    else:
        future = all(cause.kind == "future" for cause in rule.truth.because)
        status = Status.PENDING if future and applies.truth is True else Status.UNKNOWN
    kept = rule.truth is True
    missing = missing_of(applies if kept else rule, at.policy) if status is Status.UNKNOWN else ()
    cycle = number.low if number is not None and number.exact else None
    part = row_text(at.policy, row.of, row.key) if row is not None else None
    if cycle is not None:
        part = round_text(at.policy, duty.scope.per, cycle)
    return DutyStatus(
        duty.name, duty.text, duty.who, row.key if row else None, cycle, part, status, None, kept, duty.advice,
        ask_for(missing, at.policy), grounds(applies if kept and missing else rule), cite(at.policy, duty.source),
    )  # fmt: skip


def _contested(
    taken: Sequence[Taken], at: Situation, cycles: Sequence[int] | None, found: Mapping[str, list[DutyStatus]]
) -> tuple[Contested, ...]:
    """The readings of which another option gives a duty another definite status."""
    result = []
    for reading, option, inside in other_readings(at, taken):
        for name, mine in found.items():
            if reading.name not in reads(at.policy, "compliance", name).readings:
                continue
            theirs = _answer(at.policy.duties[name], inside, cycles)
            for one, other in zip(mine, theirs, strict=True):
                if one.status is not other.status and Status.UNKNOWN not in (one.status, other.status):
                    result.append(contested(reading, option, _named(other)))
    return tuple(result)


def _named(one: DutyStatus) -> Text:
    """A duty and how it stands, in one line."""
    name = both(lambda language: one.text[language].rstrip(".") + (f" ({one.part[language]})" if one.part else ""))
    return told(name, STATUSES[one.status][1])


# --- promptly: how it stands on the whole from the compiled program, each duty when it is looked at ---

_STATUSES = {status.value: status for status in Status}


def _promptly(policy: Policy, facts: GivenFacts | Facts | Document, on: Day, question: _Asked) -> Compliance | None:
    """The answer by the compiled program; none where there is none, and where the facts have faults."""
    known, made = at_hand(policy, facts, on), _program(policy, question, on)
    if known is None or made is None:
        return None
    contradicted, status = made.ask(known.one, known.per, known.rows, on)
    if contradicted:
        return None
    answer = object.__new__(_Prompt)
    object.__setattr__(answer, "_behind", (made, known, on))
    object.__setattr__(answer, "overall", _STATUSES[status])
    return answer


@functools.lru_cache(maxsize=1024)
def _program(policy: Policy, question: _Asked, on: Day) -> Program[_Asked] | None:
    return _compiled(policy, question, sample_of(policy, on))


@functools.lru_cache(maxsize=256)
def _compiled(policy: Policy, question: _Asked, sample: Day) -> Program[_Asked] | None:
    party, duty, cycles = question
    plan = functools.partial(compliance_plan, policy, duty, sample, cycles=cycles, party=party)
    return program(policy, question, plan, ("contradicted", "status"))


class _Prompt(Prompt[_Asked], Compliance):
    """An answer on compliance of which only how it stands on the whole is worked out."""

    __slots__ = ("_behind",)

    answer_type = Compliance
    names = names_of(Compliance)

    def _whole(self, program: Program[_Asked], facts: Facts, on: Day) -> Compliance:
        return _worked_out(program.policy, facts, on, program.question, REFERENCE)
