"""May someone: the verdict on a decision, requirement by requirement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import KW_ONLY
from enum import Enum
from functools import lru_cache, partial
from typing import Any

from trainingrules import policy as p
from trainingrules.answers.common import (
    Answer,
    Cited,
    Contested,
    Day,
    Missing,
    Taken,
    Warned,
    ask_for,
    behind,
    chosen,
    cite,
    conflict_warnings,
    contested,
    head,
    in_force,
    judged,
    left_out,
    made_once,
    missing_in,
    missing_lines,
    other_readings,
    readings_taken,
    records_read,
    situation,
    source_lines,
    validity_warning,
)
from trainingrules.answers.prompt import Program, Prompt, at_hand, names_of, program, sample_of
from trainingrules.calendar import day_of
from trainingrules.diagnostics import EngineError
from trainingrules.document import Document
from trainingrules.engines import BY_PROGRAM, Engine
from trainingrules.engines.reference import REFERENCE
from trainingrules.facts import Facts, GivenFacts
from trainingrules.frozen import frozen
from trainingrules.needed import missing_of
from trainingrules.plan.asking import eligibility_plan
from trainingrules.policy import Policy
from trainingrules.program import NamedRule, rules_of
from trainingrules.reckoning import Finding, Situation, exactly
from trainingrules.sentences import each_once, grounds
from trainingrules.telling import Left, Part, Told, idle, plain
from trainingrules.truth import Truth, Unknown, all_of
from trainingrules.words import Language, Text


class Verdict(Enum):
    """The outcome of a question of eligibility."""

    ELIGIBLE = "eligible"
    CONDITIONAL = "conditional"
    NOT_ELIGIBLE = "not_eligible"
    UNKNOWN = "unknown"
    NOT_IN_FORCE = "not_in_force"


VERDICTS = {
    Verdict.ELIGIBLE: Text("ja", "yes"),
    Verdict.CONDITIONAL: Text("ja, onder voorbehoud", "yes, subject to a decision or further conditions"),
    Verdict.NOT_ELIGIBLE: Text("nee", "no"),
    Verdict.UNKNOWN: Text("nog niet te zeggen", "cannot be said yet"),
    Verdict.NOT_IN_FORCE: Text("deze voorwaarden gelden dan niet", "these conditions are not in force then"),
}


class Outcome(Enum):
    """How one requirement turned out."""

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"
    NOT_STATED = "not_stated"
    NOT_APPLICABLE = "not_applicable"


_MARKS = {
    Outcome.MET: ("✓", Text("klopt", "holds")),
    Outcome.UNMET: ("✗", Text("klopt niet", "does not hold")),
    Outcome.UNKNOWN: ("?", Text("niet bekend", "not known")),
    Outcome.NOT_STATED: ("…", Text("de bron zegt het niet", "the source does not say")),
    Outcome.NOT_APPLICABLE: ("–", Text("niet van toepassing", "does not apply")),
}


_DECISIVE = (Outcome.UNMET, Outcome.UNKNOWN, Outcome.NOT_STATED, Outcome.MET, Outcome.NOT_APPLICABLE)


@frozen
class Reason:
    """One requirement: how it turned out, on what grounds, from which statements, and what can be done."""

    name: str
    text: Text
    outcome: Outcome
    advice: bool
    grounds: tuple[Text, ...]
    source: tuple[Cited, ...]
    remedy: Text | None


@frozen
class Eligibility(Answer):
    """The answer to: may this person?

    ``violated`` holds the statements that the failed requirements cite; ``missing`` exactly the facts that can
    still change the verdict.
    """

    _: KW_ONLY
    verdict: Verdict
    reasons: tuple[Reason, ...]
    missing: tuple[Missing, ...]
    violated: tuple[str, ...]
    subject_to: Text | None
    source: tuple[Cited, ...]

    @property
    def failed(self) -> tuple[str, ...]:
        """The requirements that are not met."""
        return self._names(Outcome.UNMET)

    @property
    def silent(self) -> tuple[str, ...]:
        """The requirements on which the source is silent, or contradicts itself."""
        return self._names(Outcome.NOT_STATED)

    def _names(self, outcome: Outcome) -> tuple[str, ...]:
        return tuple(one.name for one in self.reasons if one.outcome is outcome and not one.advice)

    def _lines(self, language: Language) -> list[str]:
        nl = language == "nl"
        lines = [f"{self.heading(language)}: {VERDICTS[self.verdict][language]}."]
        if self.subject_to is not None and self.verdict is Verdict.CONDITIONAL:
            lines.append(f"{'Voorbehoud' if nl else 'Subject to'}: {self.subject_to[language]}")
        if self.verdict is Verdict.NOT_IN_FORCE:
            return [*lines, *source_lines(self.source, language, "  ")]
        lines += self._reasons_in(language)
        lines += source_lines(self.source, language, "  ")
        return lines + missing_lines(self.missing, language)

    # Written out, for it is looked for in every explanation.
    def _cited(self) -> Iterator[tuple[Cited, ...]]:
        yield from [reason.source for reason in self.reasons]
        yield self.source

    def _reasons_in(self, language: Language) -> list[str]:
        # What decides stands first.
        ordered = sorted(self.reasons, key=_rank)
        # The same reasons return, for other persons.
        return [line for one in ordered for line in made_once(one, language, lambda it: _lines_of(it, language))]


_RANKS = {outcome: rank for rank, outcome in enumerate(_DECISIVE)}


def _rank(reason: Reason) -> int:
    return _RANKS[reason.outcome] + len(_RANKS) * reason.advice


def _lines_of(reason: Reason, language: Language) -> list[str]:
    """A requirement in an explanation."""
    nl = language == "nl"
    mark, word = _MARKS[reason.outcome]
    advice = {"nl": "advies, ", "en": "advice, "}[language] if reason.advice else ""
    lines = [f"  {mark} {reason.text[language]} [{advice}{word[language]}]"]
    lines += [f"      {ground[language]}" for ground in reason.grounds]
    if reason.remedy is not None:
        lines.append(f"      {'Wat kan' if nl else 'What can be done'}: {reason.remedy[language]}")
    lines += source_lines(reason.source, language, "      ")
    return lines


def eligibility(
    policy: Policy,
    facts: GivenFacts | Facts | Document,
    *,
    on: Day,
    decision: str | None = None,
    engine: str | Engine = "compiled",
) -> Eligibility:
    """
    May this person, on this day?

    ``decision`` names the decision; it may be left out when the policy has only one. ``on`` is the day, or the
    moment with its offset, of asking.

    Raises:
        FactError: the facts have faults or contradict each other; the error holds them all.
        QuestionError: the policy has no such decision.
        EngineError: the engine is not there, or `verify` found a difference.
    """
    name = chosen(decision, policy.decisions, "decision")
    if engine in BY_PROGRAM and (prompt := _promptly(policy, facts, on, name)) is not None:
        return prompt
    return _worked_out(policy, facts, on, name, engine)


def _worked_out(
    policy: Policy, facts: GivenFacts | Facts | Document, on: Day, name: str, engine: str | Engine
) -> Eligibility:
    asked = policy.decisions[name]
    at = judged(situation(policy, facts, on, engine), asked.judged_on)
    force = in_force(at)
    if policy.in_force.refuse and force is False:
        return _answer(name, at, force, Verdict.NOT_IN_FORCE)
    rules = rules_of(policy, name)
    verdict, findings = _decide(rules, asked, at, force)
    missing: set[str] = set()
    if verdict is Verdict.UNKNOWN:
        if policy.in_force.refuse and isinstance(force, Unknown):
            missing |= missing_in(force.because)
        missing |= set(missing_of(_together(findings, at), policy))
    return _answer(
        name, at, force, verdict,
        reasons=tuple(_reason(rule, finding, policy) for rule, finding in findings),
        missing=ask_for(missing, policy),
        contested=_contested(readings_taken(policy, "eligibility", [name]), rules, asked, at, force, verdict),
    )  # fmt: skip


@frozen
class _Same:
    """What is said in every answer on a decision, whoever it is about."""

    subject_to: Text | None
    source: tuple[Cited, ...]
    taken: tuple[Taken, ...]
    behind: tuple[Cited, ...]
    conflicts: tuple[Warned, ...]
    records: tuple[str, ...]


@lru_cache(maxsize=1024)
def _same(policy: Policy, name: str) -> _Same:
    asked, names = policy.decisions[name], [name]
    cited = [one for rule in rules_of(policy, name) for one in rule.rule.source]
    return _Same(
        asked.subject_to.text if asked.subject_to else None,
        cite(policy, [*asked.source, *(asked.subject_to.source if asked.subject_to else ())]),
        readings_taken(policy, "eligibility", names), behind(policy, "eligibility", names),
        conflict_warnings(policy, cited), records_read(policy, "eligibility", names),
    )  # fmt: skip


def _answer(
    name: str, at: Situation, force: Truth, verdict: Verdict, reasons: tuple[Reason, ...] = (),
    missing: tuple[Missing, ...] = (), contested: tuple[Contested, ...] = (),
) -> Eligibility:  # fmt: skip
    """The whole of an answer; of a policy that is not in force, no more is said than that."""
    policy, same = at.policy, _same(at.policy, name)
    shown, outside = (
        head(policy, at.today, f"eligibility.{name}", policy.decisions[name].text),
        validity_warning(at, force),
    )
    if verdict is Verdict.NOT_IN_FORCE:
        return Eligibility(head=shown, verdict=verdict, reasons=(), missing=(), violated=(), subject_to=same.subject_to,
                           source=cite(policy, policy.in_force.source), warnings=outside)  # fmt: skip
    violated: dict[str, None] = {}
    advised: list[Warned] = []
    for rule, reason in zip(rules_of(policy, name), reasons, strict=True):
        if reason.outcome is Outcome.UNMET:
            if reason.advice:
                advised.append(Warned(reason.name, reason.text))
            else:
                violated |= dict.fromkeys(rule.rule.source)
    warned = (*outside, *same.conflicts, *advised, *left_out(at, same.records))
    return Eligibility(
        head=shown, verdict=verdict, reasons=reasons, missing=missing, violated=tuple(violated),
        subject_to=same.subject_to, source=same.source, taken=same.taken, behind=same.behind, warnings=warned,
        contested=contested,
    )  # fmt: skip


Findings = list[tuple[NamedRule, Finding]]


def _decide(rules: Sequence[NamedRule], asked: p.Decision, at: Situation, force: Truth) -> tuple[Verdict, Findings]:
    findings = [(rule, at.engine.decide(rule.condition, at)) for rule in rules]
    whole = _together(findings, at).truth
    if isinstance(whole, Unknown) or (at.policy.in_force.refuse and isinstance(force, Unknown)):
        verdict = Verdict.UNKNOWN
    elif whole:
        verdict = Verdict.CONDITIONAL if asked.subject_to else Verdict.ELIGIBLE
    else:
        verdict = Verdict.NOT_ELIGIBLE
    return verdict, findings


def _together(findings: Findings, at: Situation) -> Finding:
    """The requirements as one finding: all of them; advice refuses nothing."""
    return _all_of([finding for rule, finding in findings if not rule.rule.advice], at)


def _all_of(findings: Sequence[Finding], at: Situation) -> Finding:
    return Finding(p.ALWAYS, all_of(finding.truth for finding in findings), tuple(findings), (), at)


def _reason(rule: NamedRule, finding: Finding, policy: Policy) -> Reason:
    return _reasoned(rule, _outcome(finding, policy), grounds(finding), policy)


def _reasoned(rule: NamedRule, outcome: Outcome, why: tuple[Text, ...], policy: Policy) -> Reason:
    remedy = rule.rule.remedy
    shown = remedy.text if remedy and outcome in (Outcome.UNMET, Outcome.UNKNOWN) else None
    source = (*rule.rule.source, *(remedy.source if remedy and shown else ()))
    return Reason(rule.name, rule.rule.text, outcome, rule.rule.advice, why, cite(policy, source), shown)


def _outcome(finding: Finding, policy: Policy) -> Outcome:
    truth = finding.truth
    if truth is False:
        return Outcome.UNMET
    if isinstance(truth, Unknown):
        return Outcome.UNKNOWN if missing_of(finding, policy) else Outcome.NOT_STATED
    return Outcome.NOT_APPLICABLE if idle(finding) else Outcome.MET


# What is kept for all policies together: reasons by what decides them; and by what is left of the unknown ones on a
# day, the facts that can still change them. What is full is forgotten.
_MOST_KEPT = 4_096
_REASONS: dict[Any, tuple[Reason, Left | None]] = {}
_NEEDED: dict[Any, tuple[str, ...]] = {}


def _keep(kept: dict[Any, Any], key: Any, value: Any) -> None:
    if len(kept) >= _MOST_KEPT:
        kept.clear()
    kept[key] = value


def reasons_of(policy: Policy, decision: str, at: Situation) -> tuple[Reason, ...]:
    """
    The reasons of a decision as the reference engine finds them, without its findings: what is kept is used again.
    """
    if not plain(at):
        return tuple(_reason(rule, REFERENCE.decide(rule.condition, at), policy) for rule in rules_of(policy, decision))
    return tuple([reason for reason, _ in _told_reasons(policy, decision, at)])


def _told_reasons(policy: Policy, decision: str, at: Situation) -> list[tuple[Reason, Left | None]]:
    """Each reason, with what is left of it while it is unknown."""
    result = []
    for rule, part in _told_rules(policy, decision):
        key = part.key(at)
        found = _REASONS.get(key)
        if found is None:
            told = part.told(at)
            found = _told(rule, told, at), told.left
            if key is not None:
                _keep(_REASONS, key, found)
        result.append(found)
    return result


@lru_cache(maxsize=1024)
def _told_rules(policy: Policy, decision: str) -> tuple[tuple[NamedRule, Part], ...]:
    return tuple((rule, Part(rule.condition, policy)) for rule in rules_of(policy, decision))


def _told(rule: NamedRule, told: Told, at: Situation) -> Reason:
    truth = told.truth
    if isinstance(truth, Unknown):
        settled = told.settled or not truth.missing
        matters = bool(truth.missing if settled else _still_needed([(rule, told.left)], at))
        outcome = Outcome.UNKNOWN if matters else Outcome.NOT_STATED
    elif truth:
        outcome = Outcome.NOT_APPLICABLE if told.idle else Outcome.MET
    else:
        outcome = Outcome.UNMET
    return _reasoned(rule, outcome, each_once(told.grounds), at.policy)


def _still_needed(unknown: Sequence[tuple[NamedRule, Left | None]], at: Situation) -> tuple[str, ...]:
    """The facts that can still change these requirements, taken together, of which so much is left."""
    left = [one for _, one in unknown]
    key = None if None in left else (at.today, *left)
    needed = None if key is None else _NEEDED.get(key)
    if needed is None:
        needed = missing_of(_all_of([REFERENCE.decide(rule.condition, at) for rule, _ in unknown], at), at.policy)
        if key is not None:
            _keep(_NEEDED, key, needed)
    return needed


def _contested(
    taken: Sequence[Taken], rules: Sequence[NamedRule], asked: p.Decision, at: Situation, force: Truth, verdict: Verdict
) -> tuple[Contested, ...]:
    """The readings of which another option gives another definite answer."""
    if verdict is Verdict.UNKNOWN:
        return ()
    result = []
    for reading, option, inside in other_readings(at, taken):
        other, _ = _decide(rules, asked, inside, force)
        if other not in (verdict, Verdict.UNKNOWN):
            result.append(contested(reading, option, VERDICTS[other]))
    return tuple(result)


# --- promptly: the verdict from the compiled program, the rest of the answer when it is looked at ---

_VERDICTS = {verdict.value: verdict for verdict in Verdict}


def _promptly(policy: Policy, facts: GivenFacts | Facts | Document, on: Day, name: str) -> Eligibility | None:
    """The answer by the compiled program; none where there is none, and where the facts have faults."""
    known, made = at_hand(policy, facts, on), _program(policy, name, on)
    if known is None or made is None:
        return None
    contradicted, verdict = made.ask(known.one, known.per, known.rows, on)
    if contradicted:
        return None
    answer = _new(_Prompt)
    _set_verdict(answer, _VERDICTS[verdict])
    _set_behind(answer, (made, known, on))
    return answer


@lru_cache(maxsize=4096)
def _program(policy: Policy, name: str, on: Day, reading: tuple[str, str] | None = None) -> Program[str] | None:
    """The program for a day; with a reading, and the option that is taken of it instead, for who reads it so."""
    return _compiled(policy, name, sample_of(policy, on), reading)


@lru_cache(maxsize=512)
def _compiled(policy: Policy, name: str, sample: Day, reading: tuple[str, str] | None) -> Program[str] | None:
    """The program for the stretch of days that a day stands for; none for a decision that does not translate."""
    plan = partial(eligibility_plan, policy, name, sample, dict([reading]) if reading else None)
    return program(policy, name, plan, ("contradicted", "verdict"))


def _told_by(program: Program[str], facts: Facts, on: Day, verdict: Verdict) -> Eligibility:
    """
    The whole of an answer whose verdict is known, with its reasons as they are told.

    Raises:
        EngineError: the reasons do not go with the verdict.
    """
    policy, name = program.policy, program.question
    asked = policy.decisions[name]
    at = Situation(policy, facts, on, REFERENCE, exactly(day_of(on, policy.zone)))
    at = judged(at, asked.judged_on)
    force = in_force(at)
    refused = policy.in_force.refuse and force is not True
    told = [] if refused and force is False else _told_reasons(policy, name, at)
    reasons = tuple([reason for reason, _ in told])
    if _verdict_by(reasons, asked, force if refused else True) is not verdict:
        raise EngineError(f"the engines differ on `{name}`: the reasons do not go with `{verdict.value}`")
    missing: set[str] = set()
    if verdict is Verdict.UNKNOWN:
        if isinstance(force, Unknown) and refused:
            missing |= missing_in(force.because)
        binding = [(rule, one, left) for rule, (one, left) in zip(rules_of(policy, name), told, strict=True)
                   if not one.advice]  # fmt: skip
        # One that is not met settles it, whatever is unknown of the others.
        if all(one.outcome is not Outcome.UNMET for _, one, _ in binding):
            unknown = [(rule, left) for rule, one, left in binding if one.outcome in _OPEN]
            missing |= set(_still_needed(unknown, at))
    return _answer(name, at, force, verdict, reasons, ask_for(missing, policy),
                   _contested_by(program, facts, on, at, force, verdict))  # fmt: skip


_OPEN = frozenset({Outcome.UNKNOWN, Outcome.NOT_STATED})


def _verdict_by(reasons: Sequence[Reason], asked: p.Decision, force: Truth) -> Verdict:
    if force is False:
        return Verdict.NOT_IN_FORCE
    outcomes = {reason.outcome for reason in reasons if not reason.advice}
    if force is not True or (Outcome.UNMET not in outcomes and not outcomes.isdisjoint(_OPEN)):
        return Verdict.UNKNOWN
    if Outcome.UNMET in outcomes:
        return Verdict.NOT_ELIGIBLE
    return Verdict.CONDITIONAL if asked.subject_to else Verdict.ELIGIBLE


def _contested_by(
    program: Program[str], facts: Facts, on: Day, at: Situation, force: Truth, verdict: Verdict
) -> tuple[Contested, ...]:
    """As `_contested`, by the programs that read the source otherwise."""
    policy, name = program.policy, program.question
    taken = _same(policy, name).taken
    if verdict in (Verdict.UNKNOWN, Verdict.NOT_IN_FORCE):
        return ()
    result = []
    for reading in (policy.readings[one.reading] for one in taken):
        for option in reading.options:
            if option == reading.chosen:
                continue
            otherwise = _program(policy, name, on, (reading.name, option))
            if otherwise is None:
                return _contested(taken, rules_of(policy, name), policy.decisions[name], at, force, verdict)
            other = _VERDICTS[otherwise.ask(facts.one, facts.per, facts.rows, on)[1]]
            if other not in (verdict, Verdict.UNKNOWN):
                result.append(contested(reading, option, VERDICTS[other]))
    return tuple(result)


class _Prompt(Prompt[str], Eligibility):
    """An answer of which only the verdict is worked out."""

    __slots__ = ("_behind",)

    answer_type = Eligibility
    names = names_of(Eligibility)

    def _whole(self, program: Program[str], facts: Facts, on: Day) -> Eligibility:
        return _told_by(program, facts, on, self.verdict)

    def _missing(self, program: Program[str], facts: Facts, on: Day) -> tuple[Missing, ...]:
        return super()._missing(program, facts, on) if self.verdict is Verdict.UNKNOWN else ()


# The slots themselves: an answer is frozen, and setting each by name takes longer than the verdict does.
_new = object.__new__
_set_verdict, _set_behind = (
    getattr(owner, name).__set__ for owner, name in ((Eligibility, "verdict"), (_Prompt, "_behind"))
)
