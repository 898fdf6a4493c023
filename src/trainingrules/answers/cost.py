"""What it costs: lines that add up, exactly, or a range with the facts that decide it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

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
    judged,
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
from trainingrules.diagnostics import QuestionError
from trainingrules.engines import Engine
from trainingrules.facts import Facts, GivenFacts
from trainingrules.kinds import say as say_value
from trainingrules.money import Certainty, Vat, from_cents, least_certain, round_cents, split, to_cents, vat_on
from trainingrules.needed import missing_of_all
from trainingrules.policy import Policy
from trainingrules.program import readings_in
from trainingrules.reckoning import (
    Finding,
    RowAt,
    Seen,
    Situation,
    between,
    exactly,
    round_number,
    rows_of,
    said_of_price,
    value,
)
from trainingrules.sentences import grounds, round_text, row_text
from trainingrules.source import Document
from trainingrules.truth import Cause, Unknown
from trainingrules.words import Language, Text, both, money_in_words, number_in_words

_CERTAINTIES = {
    Certainty.EXACT: Text("", ""),
    Certainty.AVERAGE: Text("gemiddeld", "on average"),
    Certainty.INDICATION: Text("indicatie", "indication"),
    Certainty.APPROXIMATE: Text("ongeveer", "approximately"),
}
_VATS = {
    Vat.EXCLUDED: Text("exclusief btw", "VAT excluded"),
    Vat.INCLUDED: Text("inclusief btw", "VAT included"),
    Vat.NOT_STATED: Text("btw niet vermeld", "VAT not stated"),
}


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class VatSum:
    """The lines with the same VAT word, added up."""

    vat: Vat
    at_least: Decimal | None
    at_most: Decimal | None


@dataclass(frozen=True, slots=True)
class Part:
    """An instalment: its share of the total, and when it is due."""

    name: str
    text: Text
    percent: Decimal
    at_least: Decimal | None
    at_most: Decimal | None
    due: date | datetime | None
    source: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class Presumed:
    """A fact that was not given, and what was presumed of it."""

    fact: str
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost(Answer):
    """The answer to: what does it cost?

    The lines, and ``vat_added`` when a rate was given, always sum to the total. ``complete`` is false when a
    line lacks its price; then the total covers the rest.
    """

    in_force: bool
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
        """Whether every line has its price."""
        return self.in_force and not self.lacking

    @property
    def total(self) -> Decimal | None:
        """The total in euro, when it is known and complete."""
        return self.at_least if self.complete and self.at_least == self.at_most else None

    def _lines(self, language: Language) -> list[str]:
        nl = language == "nl"
        if not self.in_force:
            return [f"{self.heading(language)}: {'deze voorwaarden gelden dan niet' if nl else 'not in force then'}."]
        lines = [f"{self.heading(language)}: {self._total(language)}."]
        for line in self.lines:
            part = f", {line.part[language]}" if line.part else ""
            lines.append(f"  {line.text[language]}{part}: {self._amount(line, language)}")
            lines += [f"      {ground[language]}" for ground in line.grounds]
            lines += source_lines(line.source, language, "      ")
        if len(self.by_vat) > 1:
            for one in self.by_vat:
                lines.append(f"  {'Waarvan' if nl else 'Of which'} {_VATS[one.vat][language]}: "
                             f"{_range(one.at_least, one.at_most, language)}")  # fmt: skip
        if self.vat_added is not None:
            lines.append(f"  {'Btw' if nl else 'VAT'}: "
                         f"{_range(self.vat_added.at_least, self.vat_added.at_most, language)}")  # fmt: skip
        for share in self.instalments:
            due = f", {on_in_words(share.due, language)}" if share.due else ""
            lines.append(f"  {share.text[language]} ({number_in_words(Fraction(share.percent), language)}%{due}): "
                         f"{_range(share.at_least, share.at_most, language)}")  # fmt: skip
        for given in self.presumed:
            lines.append(f"{'Aangenomen' if nl else 'Presumed'}: {given.text[language]}")
        return lines + missing_lines(self.missing, language)

    def _total(self, language: Language) -> str:
        if self.lines and all(line.lacks for line in self.lines):
            return {"nl": "de bron noemt het bedrag niet", "en": "the source does not state the amount"}[language]
        text = _range(self.at_least, self.at_most, language)
        word = _CERTAINTIES[self.certainty][language]
        text = f"{text} ({word})" if word else text
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
        words = [_CERTAINTIES[line.certainty][language], _VATS[line.vat][language]]
        return f"{text} ({', '.join(word for word in words if word)})"


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
    engine: str | Engine = "reference",
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
    vat_added = None
    if vat_rate is not None:
        low, high, vat_added = _with_vat(worked, (low, high), vat_rate, policy)
    certainty = least_certain(one.line.certainty for one in worked)
    missing = {name for one in worked for name in one.missing} if low != high or low is None else set()
    if policy.in_force.refuse and isinstance(force, Unknown):
        missing |= missing_in(force.because)
    applied = [one.line.name for one in worked]
    warned += conflict_warnings(
        policy, [i for line in asked.lines.values() if line.name in applied for i in line.source]
    )
    warned += left_out(at, records_in(policy, asked.lines))
    return Cost(
        head=shown, in_force=True, lines=tuple(one.line for one in worked), at_least=_euro(low), at_most=_euro(high),
        by_vat=_by_vat(worked), vat_added=vat_added, certainty=certainty,
        lacking=tuple(dict.fromkeys(one.line.name for one in worked if one.line.lacks)),
        instalments=_instalments(asked, at, low, high), presumed=_presumed(asked, at),
        missing=ask_for(missing, policy), warnings=tuple(warned),
        contested=_contested(asked, at, asked_rounds, worked),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
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
    result = []
    for line in quote.lines.values():
        result += [worked for inside, row, number in _instances(line, at, cycles)
                   if (worked := _line(line, inside, row, number)) is not None]  # fmt: skip
    return result


_Instance = tuple[Situation, RowAt | None, Seen | None]


def _instances(line: p.Line, at: Situation, cycles: tuple[int, ...] | None) -> list[_Instance]:
    if line.scope.each:
        return [(at.at_row(row), row, None) for row in rows_of(line.scope.each, at) or ()]
    if line.scope.row:
        return [(at, None, None)]
    if line.scope.per:
        if cycles is not None:
            numbers = [exactly(number) for number in cycles]
        else:
            running = round_number(line.scope.per, at)
            numbers = [] if running.null else [running]
            if not running.exact:
                numbers = [Seen(1, at.policy.cycles[line.scope.per].rounds, running.because)]
        return [(at.at_round(line.scope.per, number), None, number) for number in numbers]
    return [(at, None, None)]


def _line(line: p.Line, at: Situation, row: RowAt | None, number: Seen | None) -> _Worked | None:
    if line.scope.row:
        return _line_of_row(line, at)
    return _line_at(line, at, row, number)


def _line_of_row(line: p.Line, at: Situation) -> _Worked | None:
    """The line for the row a fact names; while that is unknown, anywhere between what the rows would give."""
    fact = p.FactValue(line.scope.row, at.policy.facts[line.scope.row].shape)
    picked = value(fact, at)
    if picked.null:
        return None
    table = fact.shape.of
    if picked.exact:
        row = RowAt(table, picked.low)
        return _line_at(line, at.at_row(row), row, None)
    options = [_line_at(line, at.at_row(RowAt(table, key)), None, None) for key in at.policy.tables[table].rows]
    ends: list[Ends] = [option.ends if option else (0, 0) for option in options]
    lows, highs = [low for low, _ in ends], [high for _, high in ends]
    low = None if None in lows else min(lows)  # type: ignore[type-var]
    high = None if None in highs else max(highs)  # type: ignore[type-var]
    some = [option for option in options if option is not None]
    if not some:
        return None
    names = frozenset().union(*(option.missing for option in some)) | missing_in(picked.because)
    certainty = least_certain(option.line.certainty for option in some)
    merged = replace(
        some[0].line, price=None, times=None, at_least=_euro(low), at_most=_euro(high), certainty=certainty,
        lacks=all(option is not None and option.line.lacks for option in options),
    )  # fmt: skip
    return _Worked(merged, (low, high), names if low != high or low is None else frozenset())


def _line_at(line: p.Line, at: Situation, row: RowAt | None, number: Seen | None) -> _Worked | None:
    applies = at.engine.decide(line.when, at)
    if applies.truth is False:
        return None
    price, said, tests = _price(line, at)
    times = value(line.times, at) if line.times is not None else exactly(1)
    if price.null or times.null:
        return None
    findings = [applies, *tests]
    silent = Cause("not_stated", "") in {Cause(cause.kind, "") for cause in price.because}
    lacks = silent and price.high is None
    amount = _times(price, times)
    low, high = (None if end is None else round_cents(Fraction(end), at.policy.cent) for end in amount)
    if line.reduces:
        low, high = (None if high is None else -high), (None if low is None else -low)
    if lacks:
        low, high = (None, 0) if line.reduces else (0, None)
    if isinstance(applies.truth, Unknown):
        low = None if low is None else min(0, low)
        high = None if high is None else max(0, high)
    names = set(missing_of_all([one for one in findings if isinstance(one.truth, Unknown)], at.policy))
    names |= missing_in(price.because | times.because)
    if number is not None:
        names |= missing_in(number.because)
    if low == high and low is not None:
        names = set()
    vat, certainty = said
    shown = LineAmount(
        name=line.name, text=line.text, row=row.key if row else None,
        cycle=number.low if number is not None and number.exact else None, part=_part(at, line, row, number),
        price=_euro(int(price.low)) if price.exact and Fraction(price.low).denominator == 1 else None,
        times=_decimal(times), at_least=_euro(low), at_most=_euro(high), vat=vat, certainty=certainty, lacks=lacks,
        grounds=grounds(applies) if isinstance(applies.truth, Unknown) else (), source=cite(at.policy, line.source),
    )  # fmt: skip
    return _Worked(shown, (low, high), frozenset(names))


def _decimal(times: Seen) -> Decimal | None:
    if not times.exact:
        return None
    exact = Fraction(times.low)
    return Decimal(exact.numerator) / Decimal(exact.denominator)


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


def _price(line: p.Line, at: Situation) -> tuple[Seen, tuple[Vat, Certainty], list[Finding]]:
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
    said = [said_of_price(expression, at) for _, expression in possible]
    vats = {vat for vat, _ in said}
    words = (said[0][0] if len(vats) == 1 else Vat.NOT_STATED, least_certain(certainty for _, certainty in said))
    if len(possible) == 1:
        return possible[0][0], words, []
    lows, highs = [seen.low for seen, _ in possible], [seen.high for seen, _ in possible]
    causes = frozenset().union(*(seen.because for seen, _ in possible))
    undecided = frozenset().union(*(one.truth.because for one in tests if isinstance(one.truth, Unknown)))
    low = None if None in lows else min(lows)
    high = None if None in highs else max(highs)
    return between(low, high, causes | undecided), words, tests


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
            part.name, part.text, Decimal(part.percent.numerator) / Decimal(part.percent.denominator),
            _euro(lows[index]) if lows else None, _euro(highs[index]) if highs else None,
            due.low if due is not None and due.exact else None, cite(at.policy, part.source),
        ))  # fmt: skip
    return tuple(result)


def _presumed(quote: p.Quote, at: Situation) -> tuple[Presumed, ...]:
    """What was presumed: the facts that the quote reads and that were not, or not wholly, given."""
    read = {part.name for part in p.walk_deep(at.policy, quote.lines) if isinstance(part, p.FactValue)}
    result = []
    for name, presumed in quote.presume.items():
        fact = at.policy.facts[name]
        table = at.policy.tables.get(fact.per)
        given: Mapping[str | int, object] = at.facts.per.get(name, {})
        whole = table is not None and all(key in given for key in table.rows)
        if name in read and name not in at.facts.one and not whole:
            text = both(lambda x, f=fact, v=presumed: f"{f.text[x]}: {say_value(v, f.shape)[x]}")  # type: ignore[misc]
            result.append(Presumed(name, text))
    return tuple(result)


def _contested(
    quote: p.Quote, at: Situation, cycles: tuple[int, ...] | None, worked: Sequence[_Worked]
) -> tuple[Contested, ...]:
    low, high = _sum(one.ends for one in worked)
    if low != high:
        return ()
    result = []
    for reading, option, inside in other_readings(at, readings_in(at.policy, quote.lines)):
        other = _sum(one.ends for one in _work(quote, inside, cycles))
        if other != (low, high) and other[0] == other[1]:
            text = both(lambda x, ends=other: _range(_euro(ends[0]), _euro(ends[1]), x))  # type: ignore[misc]
            result.append(contested(reading, option, text))
    return tuple(result)
