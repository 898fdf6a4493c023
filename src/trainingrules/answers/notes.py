"""What the source tells: information, advice, open norms, and what cannot be computed and why."""

from __future__ import annotations

from dataclasses import KW_ONLY
from datetime import date, datetime
from typing import Any

from trainingrules import policy as p
from trainingrules.answers.common import (
    Answer,
    Cited,
    Day,
    Missing,
    ask_for,
    behind,
    chosen,
    cite,
    conflict_warnings,
    has_happened,
    head,
    in_force,
    left_out,
    missing_in,
    missing_lines,
    readings_taken,
    records_read,
    situation,
    source_lines,
    validity_warning,
)
from trainingrules.document import Document
from trainingrules.engines import Engine
from trainingrules.facts import Facts, GivenFacts
from trainingrules.frozen import frozen
from trainingrules.kinds import KINDS, Shape, Value
from trainingrules.money import round_cents
from trainingrules.needed import missing_of
from trainingrules.policy import Policy
from trainingrules.reckoning import RowAt, Seen, Situation, rows_of, value
from trainingrules.sentences import row_text, say_seen
from trainingrules.truth import Unknown
from trainingrules.words import Language, Text


@frozen
class Noted:
    """One note, for one row when it is looked up per row.

    ``least`` and ``most`` are the value as plain JSON, equal when it is one; ``stated`` is false where the
    source does not give it, ``applies`` false where the note does not hold.
    """

    name: str
    text: Text
    kind: str
    row: str | int | None
    part: Text | None
    applies: bool | None
    has_value: bool
    stated: bool
    least: Any
    most: Any
    said: Text | None
    reason: Text | None
    missing: tuple[Missing, ...]
    source: tuple[Cited, ...]

    @property
    def value(self) -> Any:
        """The value, when it is one."""
        return self.least if self.least == self.most else None


@frozen
class Notes(Answer):
    """The answer to: what does the source tell?"""

    _: KW_ONLY
    notes: tuple[Noted, ...]
    missing: tuple[Missing, ...]

    def _lines(self, language: Language) -> list[str]:
        nl = language == "nl"
        lines = [f"{self.heading(language)}:"]
        for one in self.notes:
            part = f", {one.part[language]}" if one.part else ""
            said = _said(one, language)
            text = one.text[language].rstrip(".") if part or said.startswith(":") else one.text[language]
            lines.append(f"  {text}{part}{said}")
            if one.reason is not None:
                lines.append(f"      {'Niet te berekenen' if nl else 'Not computable'}: {one.reason[language]}")
            lines += source_lines(one.source, language, "      ")
        return lines + missing_lines(self.missing, language)


def _said(one: Noted, language: Language) -> str:
    nl = language == "nl"
    if one.applies is False:
        return f" [{'niet van toepassing' if nl else 'does not apply'}]"
    whether = f" [{'of dit geldt, is niet bekend' if nl else 'whether this applies is not known'}]"
    said = ""
    if one.has_value and not one.stated:
        said = f": {'de bron zegt het niet' if nl else 'the source does not say'}"
    elif one.has_value and one.said is None:
        said = f": {'nog niet te zeggen' if nl else 'cannot be said yet'}"
    elif one.said is not None:
        said = f": {one.said[language]}"
    return said + (whether if one.applies is None else "")


def look_up(
    policy: Policy,
    facts: GivenFacts | Facts | Document,
    *,
    on: Day,
    note: str | None = None,
    engine: str | Engine = "compiled",
) -> Notes:
    """
    What does the source tell, with the values it gives for this person?

    ``note`` names one; without it all notes are answered.

    Raises:
        FactError: the facts have faults or contradict each other; the error holds them all.
        QuestionError: the policy has no such note.
    """
    names = [chosen(note, policy.notes, "note")] if note is not None else list(policy.notes)
    at = situation(policy, facts, on, engine)
    asked = [policy.notes[name] for name in names]
    found = tuple(one for each in asked for one in _answer(each, at))
    warned = [
        *validity_warning(at, in_force(at)),
        *conflict_warnings(policy, [i for one in asked for i in one.source]),
        *left_out(at, records_read(policy, "notes", names)),
    ]
    text = asked[0].text if note is not None else Text("Wat de bron vertelt", "What the source tells")
    missing = {m.fact for one in found for m in one.missing}
    return Notes(head=head(policy, at.today, f"notes.{note or 'all'}", text), notes=found,
                 missing=ask_for(missing, policy), taken=readings_taken(policy, "notes", names),
                 behind=behind(policy, "notes", names),
                 warnings=tuple(warned))  # fmt: skip


def _answer(note: p.Note, at: Situation) -> list[Noted]:
    if note.scope.each:
        rows = rows_of(note.scope.each, at)
        if rows is None:
            return [_blank(note, at, {note.scope.each})]
        return [_noted(note, at.at_row(row), row) for row in rows if has_happened(row, at)]
    if note.scope.row:
        fact = p.FactValue(note.scope.row, at.policy.facts[note.scope.row].shape)
        picked = value(fact, at)
        if picked.null:
            return []
        if not picked.exact:
            return [_blank(note, at, missing_in(picked.because))]
        row = RowAt(fact.shape.of, picked.low)
        return [_noted(note, at.at_row(row), row)]
    return [_noted(note, at, None)]


def _blank(note: p.Note, at: Situation, missing: set[str]) -> Noted:
    return Noted(note.name, note.text, note.kind, None, None, None, note.value is not None, True, None, None, None,
                 note.reason, ask_for(missing, at.policy), cite(at.policy, note.source))  # fmt: skip


def _noted(note: p.Note, at: Situation, row: RowAt | None) -> Noted:
    applies = at.engine.decide(note.when, at)
    missing = set(missing_of(applies, at.policy)) if isinstance(applies.truth, Unknown) else set()
    holds = None if isinstance(applies.truth, Unknown) else applies.truth
    seen = value(note.value, at) if note.value is not None and holds is not False else None
    stated, least, most, said = True, None, None, None
    if seen is not None:
        missing |= missing_in(seen.because)
        silent = any(cause.kind == "not_stated" for cause in seen.because)
        stated = not (silent and seen.low is None and seen.high is None)
        seen = _rounded(seen, note.shape, at)
        least, most = (_plain(end, note.shape) for end in (seen.low, seen.high))
        said = say_seen(seen, note.shape)
    part = row_text(at.policy, row.of, row.key) if row is not None else None
    source = list(note.source)
    if row is not None and row.of in at.policy.tables:
        source += at.policy.tables[row.of].rows[str(row.key)].source
    return Noted(note.name, note.text, note.kind, row.key if row else None, part, holds, note.value is not None, stated,
                 least, most, said, note.reason, ask_for(missing, at.policy), cite(at.policy, source))  # fmt: skip


def _rounded(seen: Seen, shape: Shape | None, at: Situation) -> Seen:
    """An amount in whole cents."""
    if shape is None or shape.kind != "money":
        return seen
    low, high = (None if end is None else round_cents(end, at.policy.cent) for end in (seen.low, seen.high))
    return Seen(low, high, seen.because)


def _plain(end: Value, shape: Shape | None) -> Any:
    if end is None:
        return None
    if isinstance(end, date):
        # A day may stand where a moment does, and the other way round.
        return KINDS["moment" if isinstance(end, datetime) else "date"].write(end, Shape("date"))
    return KINDS[shape.kind].write(end, shape) if shape is not None and shape.kind else str(end)
