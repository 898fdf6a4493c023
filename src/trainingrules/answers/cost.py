"""What it costs: lines that add up, exactly, or a range with the facts that decide it."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
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
    has_happened,
    head,
    in_force,
    judged,
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
from trainingrules.diagnostics import QuestionError
from trainingrules.document import Document
from trainingrules.engines import BY_PROGRAM, Engine
from trainingrules.engines.reference import REFERENCE
from trainingrules.facts import Facts, GivenFacts
from trainingrules.frozen import frozen
from trainingrules.kinds import say as say_value
from trainingrules.money import Certainty, Vat, from_cents, least_certain, round_cents, split, to_cents, vat_on
from trainingrules.needed import missing_of_all
from trainingrules.plan.asking import cost_plan
from trainingrules.policy import Policy
from trainingrules.program import reads
from trainingrules.reckoning import (
    Finding,
    RowAt,
    Said,
    Seen,
    Situation,
    between,
    exactly,
    happened,
    round_asked,
    round_number,
    rows_of,
    said_of_price,
    said_together,
    value,
)
from trainingrules.sentences import NOT_KNOWN, grounds, name_of, round_text, row_text, told
from trainingrules.truth import Unknown
from trainingrules.words import Language, Text, both, decimal_text, money_in_words, number_in_words

CERTAINTIES = {
    Certainty.EXACT: Text("precies", "exact"),
    Certainty.AVERAGE: Text("gemiddeld", "on average"),
    Certainty.INDICATION: Text("indicatie", "indication"),
    Certainty.APPROXIMATE: Text("ongeveer", "approximately"),
}
VATS = {
    Vat.EXCLUDED: Text("exclusief btw", "VAT excluded"),
    Vat.INCLUDED: Text("inclusief btw", "VAT included"),
    Vat.NOT_STATED: Text("btw niet vermeld", "VAT not stated"),
}


@frozen
class LineAmount:
    """One line of a quote, for one row or round.

    ``at_least`` and ``at_most`` are the amount's bounds in euro, None where there is none; they are equal
    when the amount is known. A line that ``lacks`` has a price the source does not give.
    """

    name: str
    text: Text
    row: str | int | None
    cycle: int | None
    part: Text | None
    price: Decimal | None
    times: Decimal | None
    at_least: Decimal | None
    at_most: Decimal | None
    vat: Vat
    certainty: Certainty
    lacks: bool
    grounds: tuple[Text, ...]
    source: tuple[Cited, ...]


@frozen
class VatSum:
    """The lines with the same VAT word, added up."""

    vat: Vat
    at_least: Decimal | None
    at_most: Decimal | None


@frozen
class Part:
    """An instalment: its share of the total, and when it is due."""

    name: str
    text: Text
    percent: Decimal
    at_least: Decimal | None
    at_most: Decimal | None
    due: date | datetime | None
    source: tuple[Cited, ...]


@frozen
class Presumed:
    """A fact that was not given, and what was presumed of it."""

    fact: str
    text: Text


@frozen
class Cost(Answer):
    """The answer to: what does it cost?

    The lines, and ``vat_added`` when a rate was given, always sum to the total. ``complete`` is false when a
    line lacks its price; then the total covers the rest. ``in_force`` is None while that cannot be said.
    """

    _: KW_ONLY
    in_force: bool | None
    lines: tuple[LineAmount, ...]
    at_least: Decimal | None
    at_most: Decimal | None
    by_vat: tuple[VatSum, ...]
    vat_added: VatSum | None
    certainty: Certainty
    lacking: tuple[str, ...]
    instalments: tuple[Part, ...]
    presumed: tuple[Presumed, ...]
    missing: tuple[Missing, ...]

    @property
    def complete(self) -> bool:
        """Whether every line has its price, under conditions that are in force."""
        return self.in_force is True and not self.lacking and (self.at_least, self.at_most) != (None, None)

    @property
    def total(self) -> Decimal | None:
        """The total in euro, when it is known and complete."""
        return self.at_least if self.complete and self.at_least == self.at_most else None

    @property
    def _priceless(self) -> bool:
        """Whether no line has its price."""
        return bool(self.lines) and all(line.lacks for line in self.lines)

    def _lines(self, language: Language) -> list[str]:
        nl = language == "nl"
        if self.in_force is False:
            return [f"{self.heading(language)}: {'deze voorwaarden gelden dan niet' if nl else 'not in force then'}."]
        lines = [f"{self.heading(language)}: {self._total(language)}."]
        if self.in_force is None:
            lines.append("Of deze voorwaarden dan gelden, is nog niet te zeggen." if nl
                         else "Whether these conditions are in force then cannot be said yet.")  # fmt: skip
        for line in self.lines:
            part = f", {line.part[language]}" if line.part else ""
            lines.append(f"  {line.text[language]}{part}: {self._amount(line, language)}")
            lines += [f"      {ground[language]}" for ground in line.grounds]
            lines += source_lines(line.source, language, "      ")
        if len(self.by_vat) > 1:
            for one in self.by_vat:
                lines.append(f"  {'Waarvan' if nl else 'Of which'} {VATS[one.vat][language]}: "
                             f"{_range(one.at_least, one.at_most, language)}")  # fmt: skip
        if self.vat_added is not None:
            lines.append(f"  {'Btw' if nl else 'VAT'}: "
                         f"{_range(self.vat_added.at_least, self.vat_added.at_most, language)}")  # fmt: skip
        for share in self.instalments:
            due = f", {on_in_words(share.due, language)}" if share.due else ""
            amount = "" if self._priceless else f": {_range(share.at_least, share.at_most, language)}"
            percent = number_in_words(Fraction(share.percent), language)
            lines.append(f"  {share.text[language]} ({percent}%{due}){amount}")
        for given in self.presumed:
            lines.append(f"{'Aangenomen' if nl else 'Presumed'}: {given.text[language]}")
        return lines + missing_lines(self.missing, language)

    def _total(self, language: Language) -> str:
        if self._priceless:
            return {"nl": "de bron noemt het bedrag niet", "en": "the source does not state the amount"}[language]
        text = _range(self.at_least, self.at_most, language)
        if self.certainty is not Certainty.EXACT:
            text += f" ({CERTAINTIES[self.certainty][language]})"
        if self.lacking:
            text += {"nl": ", onvolledig: de bron noemt niet elke prijs",
                     "en": ", incomplete: the source does not give every price"}[language]  # fmt: skip
        return text

    def _amount(self, line: LineAmount, language: Language) -> str:
        if line.lacks:
            return {"nl": "de bron noemt het bedrag niet", "en": "the source does not state the amount"}[language]
        text = _range(line.at_least, line.at_most, language)
        if line.price is not None and line.times is not None and line.times != 1:
            price = money_in_words(to_cents(line.price), language)
            text = f"{number_in_words(Fraction(line.times), language)} × {price} = {text}"
        certainty = "" if line.certainty is Certainty.EXACT else f"{CERTAINTIES[line.certainty][language]}, "
        return f"{text} ({certainty}{VATS[line.vat][language]})"


def _range(low: Decimal | None, high: Decimal | None, language: Language) -> str:
    nl = language == "nl"
    least, most = (None if end is None else money_in_words(to_cents(end), language) for end in (low, high))
    if least is not None and least == most:
        return least
    shown = []
    if least is not None:
        shown.append(f"{'ten minste' if nl else 'at least'} {least}")
    if most is not None:
        shown.append(f"{'ten hoogste' if nl else 'at most'} {most}")
    return ", ".join(shown) or ("niet te zeggen" if nl else "cannot be said")


Ends = tuple[int | None, int | None]


def cost(
    policy: Policy,
    facts: GivenFacts | Facts | Document,
    *,
    on: Day,
    quote: str | None = None,
    cycles: Sequence[int] | None = None,
    vat_rate: Decimal | None = None,
    engine: str | Engine = "compiled",
) -> Cost:
    """
    What does it cost, for this person, on this day?

    ``quote`` names the quote; it may be left out when the policy has only one. ``cycles`` are the numbers of the
    rounds to answer for, such as ``(1, 2, 3)`` for three licence years; without it, the running one.
    ``vat_rate`` in per cent is added to the lines that exclude VAT; none is ever added unasked.

    Raises:
        FactError: the facts have faults or contradict each other; the error holds them all.
        QuestionError: the policy has no such quote, or a round is not a whole number from 1.
    """
    name = chosen(quote, policy.quotes, "quote")
    if engine in BY_PROGRAM and cycles is None and vat_rate is None:
        prompt = _promptly(policy, facts, on, name)
        if prompt is not None:
            return prompt
    return _worked_out(policy, facts, on, name, cycles, vat_rate, engine)


def _worked_out(
    policy: Policy,
    facts: GivenFacts | Facts | Document,
    on: Day,
    name: str,
    cycles: Sequence[int] | None,
    vat_rate: Decimal | None,
    engine: str | Engine,
) -> Cost:
    asked = policy.quotes[name]
    asked_rounds = rounds_asked(cycles)
    at = judged(situation(policy, facts, on, engine), asked.judged_on)
    at = replace(at, presumed=asked.presume or None)
    force = in_force(at)
    refused = policy.in_force.refuse and force is False
    shown = head(policy, at.today, f"cost.{name}", asked.text)
    warned = list(validity_warning(at, force))
    if refused:
        return Cost(head=shown, in_force=False, lines=(), at_least=None, at_most=None, by_vat=(), vat_added=None,
                    certainty=Certainty.EXACT, lacking=(), instalments=(), presumed=(), missing=(),
                    warnings=tuple(warned))  # fmt: skip
    worked = _work(asked, at, asked_rounds)
    low, high = _sum(one.ends for one in worked)
    idle = _idle(asked, at, asked_rounds)
    if idle and not worked:
        low = high = None  # nothing is due because nothing runs: that is no price
    vat_added = None
    if vat_rate is not None:
        low, high, vat_added = _with_vat(worked, (low, high), vat_rate, policy)
    certainty = least_certain(one.line.certainty for one in worked)
    missing = {fact for one in worked for fact in one.missing} if low != high or low is None else set()
    perhaps = policy.in_force.refuse and isinstance(force, Unknown)
    if isinstance(force, Unknown) and perhaps:
        missing |= missing_in(force.because)
    warned += conflict_warnings(policy, [cited.id for one in worked for cited in one.line.source])
    warned += [*idle, *left_out(at, records_read(policy, "costs", [name]))]
    taken = readings_taken(policy, "costs", [name])
    return Cost(
        head=shown, in_force=None if perhaps else True, lines=tuple(one.line for one in worked),
        at_least=_euro(low), at_most=_euro(high), by_vat=_by_vat(worked), vat_added=vat_added, certainty=certainty,
        lacking=tuple(dict.fromkeys(one.line.name for one in worked if one.line.lacks)),
        instalments=_instalments(asked, at, low, high), presumed=_presumed(asked, at, asked_rounds),
        missing=ask_for(missing, policy), taken=taken, behind=behind(policy, "costs", [name]), warnings=tuple(warned),
        contested=_contested(taken, asked, at, asked_rounds, worked),
    )  # fmt: skip


@frozen
class _Worked:
    line: LineAmount
    ends: Ends
    missing: frozenset[str]


def _euro(cents: int | None) -> Decimal | None:
    return None if cents is None else from_cents(cents)


def _sum(ends: Iterable[Ends]) -> Ends:
    low: int | None = 0
    high: int | None = 0
    for one_low, one_high in ends:
        low = None if low is None or one_low is None else low + one_low
        high = None if high is None or one_high is None else high + one_high
    return low, high


def _work(quote: p.Quote, at: Situation, cycles: tuple[int, ...] | None) -> list[_Worked]:
    """Every line for every row and round it holds for, as far as it applies."""
    found = (one for line in quote.lines.values() for one in _instances(line, at, cycles))
    return [worked for worked in found if worked is not None]


def _instances(line: p.Line, at: Situation, cycles: tuple[int, ...] | None) -> list[_Worked | None]:
    if line.scope.each:
        rows = rows_of(line.scope.each, at)
        if rows is None:
            return [_line_of_history(line, at)]
        return [_line_at(line, at.at_row(row), row, None) for row in rows if has_happened(row, at)]
    if line.scope.row:
        return [_line_of_row(line, at)]
    if line.scope.per:
        numbers = _rounds(line.scope.per, at, cycles)
        return [_line_at(line, at.at_round(line.scope.per, number), None, number) for number in numbers]
    return [_line_at(line, at, None, None)]


def _rounds(cycle: str, at: Situation, cycles: tuple[int, ...] | None) -> list[Seen]:
    """The rounds that are asked for, else the running one; while that is not known, one that stands for it."""
    if cycles is not None:
        return [asked for number in cycles if not (asked := round_asked(cycle, number, at)).null]
    running = round_number(cycle, at)
    if running.null:
        return []
    return [running if running.exact else Seen(1, at.policy.cycles[cycle].rounds, running.because)]


def _line_of_history(line: p.Line, at: Situation) -> _Worked:
    """The line for a history that is not known: nothing, or any amount."""
    worked = _open_line(line, at, lacks=False, why=_not_known(line.scope.each, at))
    return replace(worked, missing=frozenset({line.scope.each}))


def _open_line(line: p.Line, at: Situation, *, lacks: bool, why: Text) -> _Worked:
    """A line of any amount."""
    low, high = (None, 0) if line.reduces else (0, None)
    said = said_together(said_of_price(one, at) for one in (line.price, *(other.price for other in line.instead)))
    shown = LineAmount(
        name=line.name, text=line.text, row=None, cycle=None, part=None, price=None, times=None, at_least=_euro(low),
        at_most=_euro(high), vat=said.vat, certainty=said.certainty, lacks=lacks, grounds=(why,),
        source=cite(at.policy, line.source),
    )  # fmt: skip
    return _Worked(shown, (low, high), frozenset())


def _not_known(path: str, at: Situation) -> Text:
    return told(name_of(path, at.policy), NOT_KNOWN)


def _line_of_row(line: p.Line, at: Situation) -> _Worked | None:
    """The line for the row a fact names; while that is unknown, anywhere between what the rows would give."""
    fact = p.FactValue(line.scope.row, at.policy.facts[line.scope.row].shape)
    picked = value(fact, at)
    if picked.null:
        # None of the rows: what that costs the table does not say.
        none = told(name_of(line.scope.row, at.policy), say_value(None, fact.shape))
        return _open_line(line, at, lacks=True, why=none)
    table = fact.shape.of
    if picked.exact:
        row = RowAt(table, picked.low)
        return _line_at(line, at.at_row(row), row, None)
    options = [_line_at(line, at.at_row(RowAt(table, key)), None, None) for key in at.policy.tables[table].rows]
    some = [option for option in options if option is not None]
    if not some:
        return None
    low, high = _hull([option.ends if option is not None else (0, 0) for option in options])
    names = frozenset().union(*(option.missing for option in some), missing_in(picked.because))
    merged = replace(
        some[0].line, price=None, times=None, at_least=_euro(low), at_most=_euro(high),
        vat=_one_vat(option.line.vat for option in some),
        certainty=least_certain(option.line.certainty for option in some),
        lacks=all(option is not None and option.line.lacks for option in options),
        grounds=(_not_known(line.scope.row, at),), source=cite(at.policy, line.source),
    )  # fmt: skip
    return _Worked(merged, (low, high), frozenset() if _settled((low, high)) else names)


def _one_vat(vats: Iterable[Vat]) -> Vat:
    """The VAT word of several amounts; none when they differ."""
    found = set(vats)
    return found.pop() if len(found) == 1 else Vat.NOT_STATED


def _hull(several: Sequence[tuple[Any, Any]]) -> tuple[Any, Any]:
    """The narrowest range that holds all of these; a bound that is None is open."""
    lows, highs = [low for low, _ in several], [high for _, high in several]
    return None if None in lows else min(lows), None if None in highs else max(highs)


def _settled(ends: Ends) -> bool:
    """Whether an amount is known."""
    return ends[0] is not None and ends[0] == ends[1]


def _line_at(line: p.Line, at: Situation, row: RowAt | None, number: Seen | None) -> _Worked | None:
    when = line.when if row is None or row.of in at.policy.tables else p.All((happened(row.of, at), line.when))
    applies = at.engine.decide(when, at)
    if applies.truth is False:
        return None
    price, said, tests = _price(line, at)
    times = value(line.times, at) if line.times is not None else exactly(1)
    if price.null or times.null:
        return None
    low, high = (None if end is None else round_cents(end, at.policy.cent) for end in _times(price, times))
    silent = any(cause.kind == "not_stated" for cause in price.because)
    lacks = silent and price.high is None and (low, high) != (0, 0)
    if lacks:
        low, high = 0, None
    if line.reduces:
        low, high = (None if high is None else -high), (None if low is None else -low)
    # While it is not known which round runs, perhaps none does.
    if isinstance(applies.truth, Unknown) or (number is not None and not number.exact):
        low = None if low is None else min(0, low)
        high = None if high is None else max(0, high)
    names = set(missing_of_all([applies, *tests], at.policy)) | missing_in(price.because | times.because)
    if number is not None:
        names |= missing_in(number.because)
    shown = LineAmount(
        name=line.name, text=line.text, row=row.key if row else None,
        cycle=number.low if number is not None and number.exact else None, part=_part(at, line, row, number),
        price=_euro(int(price.low)) if price.exact and Fraction(price.low).denominator == 1 else None,
        times=Decimal(decimal_text(Fraction(times.low))) if times.exact else None,
        at_least=_euro(low), at_most=_euro(high), vat=said.vat, certainty=said.certainty, lacks=lacks,
        grounds=tuple(text for one in (applies, *tests) if isinstance(one.truth, Unknown) for text in grounds(one)),
        source=cite(at.policy, [*line.source, *said.source]),
    )  # fmt: skip
    return _Worked(shown, (low, high), frozenset() if _settled((low, high)) else frozenset(names))


def _part(at: Situation, line: p.Line, row: RowAt | None, number: Seen | None) -> Text | None:
    if row is not None:
        return row_text(at.policy, row.of, row.key)
    if number is not None and number.exact:
        return round_text(at.policy, line.scope.per, number.low)
    return None


def _times(price: Seen, times: Seen) -> tuple[Fraction | int | None, Fraction | int | None]:
    low = None if price.low is None or times.low is None else price.low * times.low
    high = None if price.high is None or times.high is None else price.high * times.high
    # Nothing, however often, is nothing.
    for one in (price, times):
        if one.exact and one.low == 0:
            return 0, 0
    return low, high


def _price(line: p.Line, at: Situation) -> tuple[Seen, Said, list[Finding]]:
    """The price that holds, what it says of itself, and the conditions that decided it."""
    possible: list[tuple[Seen, p.Expression]] = []
    tests: list[Finding] = []
    for other in line.instead:
        finding = at.engine.decide(other.when, at)
        if finding.truth is False:
            continue
        tests.append(finding)
        possible.append((value(other.price, at), other.price))
        if finding.truth is True:
            break
    else:
        possible.append((value(line.price, at), line.price))
    said = said_together(said_of_price(expression, at) for _, expression in possible)
    if len(possible) == 1:
        return possible[0][0], said, []
    low, high = _hull([(seen.low, seen.high) for seen, _ in possible])
    causes = frozenset().union(*(seen.because for seen, _ in possible))
    undecided = frozenset().union(*(one.truth.because for one in tests if isinstance(one.truth, Unknown)))
    return between(low, high, causes | undecided), said, tests


def _by_vat(worked: Sequence[_Worked]) -> tuple[VatSum, ...]:
    result = []
    for vat in Vat:
        ends = [one.ends for one in worked if one.line.vat is vat]
        if ends:
            low, high = _sum(ends)
            result.append(VatSum(vat, _euro(low), _euro(high)))
    return tuple(result)


def _with_vat(
    worked: Sequence[_Worked], total: Ends, rate: Decimal, policy: Policy
) -> tuple[int | None, int | None, VatSum]:
    try:
        ends = _sum(one.ends for one in worked if one.line.vat is Vat.EXCLUDED)
        low, high = (None if end is None else vat_on(end, rate, policy.cent) for end in ends)
    except (ValueError, TypeError) as reason:
        raise QuestionError(f"VAT rate `{rate}`: {reason}") from None
    whole = _sum([total, (low, high)])
    return *whole, VatSum(Vat.EXCLUDED, _euro(low), _euro(high))


def _instalments(quote: p.Quote, at: Situation, low: int | None, high: int | None) -> tuple[Part, ...]:
    parts = tuple(quote.instalments.values())
    if not parts:
        return ()
    odd = next(index for index, part in enumerate(parts) if part.odd_cent)
    percents = [part.percent for part in parts]
    lows = split(low, percents, odd) if low is not None else None
    highs = split(high, percents, odd) if high is not None else None
    result = []
    for index, part in enumerate(parts):
        due = value(part.due, at) if part.due is not None else None
        result.append(Part(
            part.name, part.text, Decimal(decimal_text(part.percent)),
            _euro(lows[index]) if lows else None, _euro(highs[index]) if highs else None,
            due.low if due is not None and due.exact else None, cite(at.policy, part.source),
        ))  # fmt: skip
    return tuple(result)


_IDLE = Text(
    "{cycle}: op deze dag loopt er geen; noem de rondes waarvan u de kosten wilt weten.",
    "{cycle}: none runs on this day; name the rounds whose cost you want to know.",
)


def _idle(quote: p.Quote, at: Situation, cycles: tuple[int, ...] | None) -> list[Warned]:
    """The cycles of which no round runs, when none was asked for by number."""
    names = dict.fromkeys(line.scope.per for line in quote.lines.values() if line.scope.per)
    return [
        Warned(f"idle.{name}", _IDLE.fill(cycle=at.policy.cycles[name].text))
        for name in names
        if cycles is None and round_number(name, at).null
    ]


def _presumed(quote: p.Quote, at: Situation, cycles: tuple[int, ...] | None) -> tuple[Presumed, ...]:
    """What was presumed: the facts that the quote reads and that were not, or not wholly, given."""
    read = reads(at.policy, "costs", quote.name).facts
    result = []
    for name, presumed in quote.presume.items():
        fact = at.policy.facts[name]
        given: Mapping[str | int, object] = at.facts.per.get(name, {})
        keys: list[str | int | None] = []
        if fact.per in at.policy.tables:
            keys = list(at.policy.tables[fact.per].rows)
        elif fact.per:
            keys = [number.low if number.exact else None for number in _rounds(fact.per, at, cycles)]
        whole = bool(keys) and all(key in given for key in keys)
        if name in read and name not in at.facts.one and not whole:
            text = both(lambda x, f=fact, v=presumed: f"{f.text[x]}: {say_value(v, f.shape)[x]}")  # type: ignore[misc]
            result.append(Presumed(name, text))
    return tuple(result)


def _contested(
    taken: Sequence[Taken], quote: p.Quote, at: Situation, cycles: tuple[int, ...] | None, worked: Sequence[_Worked]
) -> tuple[Contested, ...]:
    """The readings of which another option gives another total; both must be known."""
    mine = _sum(one.ends for one in worked)
    if not _settled(mine):
        return ()
    result = []
    for reading, option, inside in other_readings(at, taken):
        theirs = _sum(one.ends for one in _work(quote, inside, cycles))
        if _settled(theirs) and theirs != mine:
            text = both(lambda language, ends=theirs: _range(_euro(ends[0]), _euro(ends[1]), language))  # type: ignore[misc]
            result.append(contested(reading, option, text))
    return tuple(result)


# --- promptly: the total from the compiled program, the rest of the answer when it is looked at ---

_OUTPUTS = ("contradicted", "aside", "at_least_cents", "at_most_cents", "complete")


def _promptly(policy: Policy, facts: GivenFacts | Facts | Document, on: Day, name: str) -> Cost | None:
    """The answer by the compiled program; none where there is none, and where it does not suffice."""
    known, made = at_hand(policy, facts, on), _program(policy, name, on)
    if known is None or made is None:
        return None
    contradicted, aside, low, high, complete = made.ask(known.one, known.per, known.rows, on)
    if contradicted or aside:
        return None
    answer = object.__new__(_Prompt)
    keep = object.__setattr__
    keep(answer, "_behind", (made, known, on))
    keep(answer, "at_least", _euro(low))
    keep(answer, "at_most", _euro(high))
    if complete:
        keep(answer, "in_force", True)
        keep(answer, "lacking", ())
    return answer


@functools.lru_cache(maxsize=1024)
def _program(policy: Policy, name: str, on: Day) -> Program[str] | None:
    return _compiled(policy, name, sample_of(policy, on))


@functools.lru_cache(maxsize=256)
def _compiled(policy: Policy, name: str, sample: Day) -> Program[str] | None:
    return program(policy, name, lambda: cost_plan(policy, name, sample), _OUTPUTS)


class _Prompt(Prompt[str], Cost):
    """A price of which only the total is worked out."""

    __slots__ = ("_behind",)

    answer_type = Cost
    names = names_of(Cost)

    def _whole(self, program: Program[str], facts: Facts, on: Day) -> Cost:
        return _worked_out(program.policy, facts, on, program.question, None, None, REFERENCE)
