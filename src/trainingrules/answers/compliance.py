"""Does someone comply: every duty, per row and round, and the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from trainingrules import policy as p
from trainingrules.answers.common import (
    Answer,
    Cited,
    Contested,
    Day,
    Missing,
    ask_for,
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
    records_in,
    rounds_asked,
    situation,
    source_lines,
    validity_warning,
)
from trainingrules.engines import Engine
from trainingrules.facts import Facts, GivenFacts
from trainingrules.needed import missing_of_all
from trainingrules.policy import Policy
from trainingrules.program import readings_in, unsettled
from trainingrules.reckoning import RowAt, Seen, Situation, begun_rounds, round_days, rows_of
from trainingrules.sentences import grounds, round_text, row_text
from trainingrules.source import Document
from trainingrules.truth import Unknown
from trainingrules.words import Language, Text


class Status(Enum):
    """How a duty stands; a failed wish deviates."""

    MET = "met"
    BREACHED = "breached"
    DEVIATES = "deviates"
    PENDING = "pending"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"
    NOT_IN_FORCE = "not_in_force"


_STATUSES = {
    Status.MET: ("✓", Text("nagekomen", "met")),
    Status.BREACHED: ("✗", Text("niet nagekomen", "breached")),
    Status.DEVIATES: ("≠", Text("wijkt af", "deviates")),
    Status.PENDING: ("…", Text("loopt nog", "pending")),
    Status.NOT_APPLICABLE: ("–", Text("niet van toepassing", "does not apply")),
    Status.UNKNOWN: ("?", Text("nog niet te zeggen", "cannot be said yet")),
    Status.NOT_IN_FORCE: ("–", Text("deze voorwaarden gelden dan niet", "these conditions are not in force then")),
}
_WORST_FIRST = (Status.BREACHED, Status.UNKNOWN, Status.PENDING, Status.DEVIATES, Status.MET, Status.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class DutyStatus:
    """One duty, for one row or round; ``until`` is the last day on which a pending duty can be met."""

    duty: str
    text: Text
    who: str
    row: str | int | None
    cycle: int | None
    part: Text | None
    status: Status
    until: date | None
    advice: bool
    missing: tuple[Missing, ...]
    grounds: tuple[Text, ...]
    source: tuple[Cited, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compliance(Answer):
    """The answer to: does this party do what it must?

    ``overall`` is the worst of the duties: breached, else unknown, pending, met. Wishes count only where
    nothing is a duty.
    """

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
        lines = [f"{self.heading(language)}: {_STATUSES[self.overall][1][language]}."]
        shown = ""
        for one in self.duties:
            if one.duty != shown:
                lines.append(f"  {one.text[language]}")
                lines += source_lines(one.source, language, "      ")
                shown = one.duty
            mark, word = _STATUSES[one.status]
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
    engine: str | Engine = "reference",
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
    names = [chosen(duty, policy.duties, "duty")] if duty is not None else list(policy.duties)
    asked_rounds = rounds_asked(cycles)
    at = situation(policy, facts, on, engine)
    force = in_force(at)
    asked = [policy.duties[name] for name in names if party in (None, policy.duties[name].who)]
    text = asked[0].text if duty is not None and asked else Text("Naleving", "Compliance")
    shown = head(policy, at.today, f"compliance.{duty or 'all'}", text)
    if policy.in_force.refuse and force is False:
        return Compliance(head=shown, overall=Status.NOT_IN_FORCE, duties=(), missing=(),
                          warnings=validity_warning(at, force))  # fmt: skip
    found = [one for each in asked for one in _answer(each, at, asked_rounds)]
    overall = _overall(found)
    missing: set[str] = set()
    if overall is Status.UNKNOWN:
        missing = {m.fact for one in _binding(found) if one.status is Status.UNKNOWN for m in one.missing}
    warned = [
        *validity_warning(at, force),
        *conflict_warnings(policy, [i for one in asked for i in one.source]),
        *left_out(at, records_in(policy, tuple(asked))),
    ]
    return Compliance(
        head=shown, overall=overall, duties=tuple(found), missing=ask_for(missing, policy), warnings=tuple(warned),
        contested=_contested(asked, at, asked_rounds, found),
    )  # fmt: skip


def _binding(found: Sequence[DutyStatus]) -> list[DutyStatus]:
    """The duties proper; the wishes where there is nothing else."""
    return [one for one in found if not one.advice] or list(found)


def _overall(found: Sequence[DutyStatus]) -> Status:
    statuses = {one.status for one in _binding(found)}
    return next((status for status in _WORST_FIRST if status in statuses), Status.NOT_APPLICABLE)


def _answer(duty: p.Duty, at: Situation, cycles: Sequence[int] | None) -> list[DutyStatus]:
    if duty.scope.each:
        rows = rows_of(duty.scope.each, at)
        if rows is None:
            return [_blank(duty, at, Status.UNKNOWN, {duty.scope.each})]
        entries = [entry for row in rows if (entry := _for_row(duty, at, row)) is not None]
        return entries or [_blank(duty, at, Status.NOT_APPLICABLE, set())]
    if duty.scope.per:
        begun = begun_rounds(duty.scope.per, at)
        if cycles is not None:
            begun = [number for number in begun if not number.exact or number.low in cycles]
        return [_for_round(duty, at, number) for number in begun] or [_blank(duty, at, Status.NOT_APPLICABLE, set())]
    return [_status(duty, at, None, None)]


def _for_row(duty: p.Duty, at: Situation, row: RowAt) -> DutyStatus | None:
    """The duty for a row; none for a row of a history that has not happened."""
    inside = at.at_row(row)
    records = at.policy.records.get(row.of)
    if records is not None:
        past = at.engine.decide(records.happened, inside)
        if past.truth is False:
            return None
        if isinstance(past.truth, Unknown):
            # Whether it has happened is not known: met stays met, the rest is unknown.
            entry = _status(duty, inside, row, None)
            missing = {one.fact for one in entry.missing} | past.truth.missing
            return replace(entry, status=Status.UNKNOWN, missing=ask_for(missing, at.policy), grounds=grounds(past))
    return _status(duty, inside, row, None)


def _for_round(duty: p.Duty, at: Situation, number: Seen) -> DutyStatus:
    days = round_days(duty.scope.per, number, at)
    running = not isinstance(days, Seen) and days.first <= at.day <= days.last
    inside = at.at_round(duty.scope.per, number, running=running)
    entry = _status(duty, inside, None, number)
    if entry.status is Status.PENDING and not isinstance(days, Seen):
        return replace(entry, until=days.last)
    return entry


def _blank(duty: p.Duty, at: Situation, status: Status, missing: set[str]) -> DutyStatus:
    return DutyStatus(duty.name, duty.text, duty.who, None, None, None, status, None, duty.advice,
                      ask_for(missing, at.policy), (), cite(at.policy, duty.source))  # fmt: skip


def _status(duty: p.Duty, at: Situation, row: RowAt | None, number: Seen | None) -> DutyStatus:
    applies = at.engine.decide(duty.when, at.settled())
    entry = _blank(duty, at, Status.NOT_APPLICABLE, set())
    cycle = number.low if number is not None and number.exact else None
    part = row_text(at.policy, row.of, row.key) if row is not None else None
    if cycle is not None:
        part = round_text(at.policy, duty.scope.per, cycle)
    entry = replace(entry, row=row.key if row else None, cycle=cycle, part=part)
    if applies.truth is False:
        return replace(entry, grounds=grounds(applies))
    does = at.engine.decide(unsettled(at.policy, duty.source, duty.must), at)
    findings = [does]
    if isinstance(applies.truth, Unknown):
        status, findings = Status.UNKNOWN, [applies, does]
    elif does.truth is True:
        status = Status.MET
    elif does.truth is False:
        status = Status.DEVIATES if duty.advice else Status.BREACHED
    else:
        future = all(cause.kind == "future" for cause in does.truth.because)
        status = Status.PENDING if future else Status.UNKNOWN
    missing: set[str] = set()
    if status is Status.UNKNOWN:
        missing = set(missing_of_all(findings, at.policy))
        if number is not None:
            missing |= missing_in(number.because)
    told = applies if isinstance(applies.truth, Unknown) else does
    return replace(entry, status=status, missing=ask_for(missing, at.policy), grounds=grounds(told))


def _contested(
    asked: Sequence[p.Duty], at: Situation, cycles: Sequence[int] | None, found: Sequence[DutyStatus]
) -> tuple[Contested, ...]:
    result = []
    for reading, option, inside in other_readings(at, readings_in(at.policy, tuple(asked))):
        other = [one for each in asked for one in _answer(each, inside, cycles)]
        for mine, theirs in zip(found, other, strict=False):
            if mine.status is not theirs.status and Status.UNKNOWN not in (mine.status, theirs.status):
                words = _STATUSES[theirs.status][1]
                text = Text("{a} — {b}", "{a} — {b}").fill(a=theirs.text, b=words)
                result.append(contested(reading, option, text))
    return tuple(result)
