"""Conditions and values of a policy in words, apart from any person."""

from __future__ import annotations

from collections.abc import Iterable

from trainingrules import policy as p
from trainingrules.calendar import Period
from trainingrules.kinds import Shape, Value, say
from trainingrules.policy import Policy, rows_holder
from trainingrules.sentences import plain, shape_of, told
from trainingrules.words import Language, Text, both, duration_in_words, listing_of, number_in_words

_YES, _NO = Text("ja", "yes"), Text("nee", "no")
_ALWAYS = Text("altijd", "always")
_NEVER = Text("nooit", "never")
_NOT = Text("niet ({a})", "not ({a})")
_GIVEN = Text("als {when}: {then}", "if {when}: {then}")
_EACH = Text("voor elke rij van {rows}: {body}", "for each row of {rows}: {body}")
_OF_ROW = Text("voor de rij van {fact}: {body}", "for the row of {fact}: {body}")
_EACH_ROUND = Text("voor elke ronde van {cycle}: {body}", "for each round of {cycle}: {body}")
_SILENT = Text("de bron zegt het niet", "the source does not say")
_PRESENT, _ABSENT = Text("er is er een", "there is one"), Text("er is er geen", "there is none")
_COUNT = Text("aantal {rows}", "number of {rows}")
_COUNT_WHERE = Text("aantal {rows} ({where})", "number of {rows} ({where})")
_NOT_STATED = Text("niet vermeld", "not stated")
_TODAY = Text("vandaag", "today")
_LAST_DAY = Text("de laatste dag van “{deadline}”", "the last day of “{deadline}”")
_EARLIEST = Text("de vroegste dag voor “{fact}” waarop “{deadline}” nog wordt gehaald",
                 "the earliest day for “{fact}” on which “{deadline}” is still kept")  # fmt: skip
_SHIFTS = {-1: Text("{by} vóór {than}", "{by} before {than}"), 1: Text("{by} na {than}", "{by} after {than}")}
_DAYS = {
    "first": Text("de eerste dag van {cycle}", "the first day of {cycle}"),
    "last": Text("de laatste dag van {cycle}", "the last day of {cycle}"),
    "expiry": Text("de dag na {cycle}", "the day after {cycle}"),
}
_BETWEEN = Text("{low} tot {high}", "{low} to {high}")
_SHARE = Text("{percent}% van {of}", "{percent}% of {of}")
_SUM = Text("de som van {field} over {rows}", "the sum of {field} over {rows}")
_SUM_WHERE = Text("de som van {field} over {rows} ({where})", "the sum of {field} over {rows} ({where})")
_LINKS = {"difference": Text("{a} min {b}", "{a} less {b}"), "product": Text("{a} maal {b}", "{a} times {b}")}
_LISTS = {
    "total": Text("de som van {a}", "the sum of {a}"),
    "least": Text("het kleinste of vroegste van {a}", "the smallest or earliest of {a}"),
    "greatest": Text("het grootste of laatste van {a}", "the largest or latest of {a}"),
}


def lowered(text: Text) -> Text:
    """A name within a sentence; an abbreviation keeps its capitals."""
    return both(lambda language: _lower(text[language]))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def condition_in_words(condition: p.Condition, policy: Policy) -> Text:
    """
    A condition as a phrase.

    >>> from trainingrules import load
    >>> policy = load("bcmb")
    >>> condition_in_words(policy.terms["hbo_level"].holds, policy).en
    'highest diploma: at least Hbo or hbo level test passed: yes'
    """
    match condition:
        case p.Check():
            return told(lowered(subject_in_words(condition.subject, policy)), check_in_words(condition, policy))
        case p.All(parts):
            return _joined(parts, policy, "and") if parts else _ALWAYS
        case p.Any(parts):
            return _joined(parts, policy, "or") if parts else _NEVER
        case p.Not(p.Holds(term)):
            return told(lowered(policy.terms[term].text), _NO)
        case p.Not(part):
            return _NOT.fill(a=condition_in_words(part, policy))
        case p.Holds(term):
            return told(lowered(policy.terms[term].text), _YES)
        case p.Given(when, then):
            return _GIVEN.fill(when=condition_in_words(when, policy), then=condition_in_words(then, policy))
        case p.Each(rows, body):
            return _EACH.fill(rows=rows_in_words(rows, policy), body=condition_in_words(body, policy))
        case p.OfRow(fact, _, body):
            return _OF_ROW.fill(fact=lowered(policy.facts[fact].text), body=condition_in_words(body, policy))
        case p.EachRound(cycle, body):
            return _EACH_ROUND.fill(cycle=lowered(policy.cycles[cycle].text), body=condition_in_words(body, policy))
        case p.Silent():
            return _SILENT


def _joined(parts: Iterable[p.Condition], policy: Policy, joint: str) -> Text:
    """Parts in one phrase; those that are several themselves stand in brackets."""

    def part(one: p.Condition) -> Text:
        words = condition_in_words(one, policy)
        several = isinstance(one, p.All | p.Any) and len(one.parts) > 1
        return Text("({a})", "({a})").fill(a=words) if several else words

    return listing_of([part(one) for one in parts], "and" if joint == "and" else "or")


def check_in_words(check: p.Check, policy: Policy) -> Text:
    """
    What is asked of the value of a check: its operator and what it is held against.

    >>> from trainingrules import load
    >>> policy = load("bcmb")
    >>> check_in_words(policy.terms["hbo_level"].holds.parts[0], policy).nl
    'ten minste Hbo'
    """
    operand, shape = check.operand, shape_of(check.subject, policy)
    if check.operator.operand == "boolean":
        return _PRESENT if operand is True else _ABSENT
    if isinstance(operand, str):
        words = lowered(policy.cycles[operand].text)
    elif isinstance(operand, tuple):
        joint = "and" if check.operator.name in ("includes_all", "in_order") else "or"
        one = Shape("choice", options=shape.options) if shape and shape.kind == "list" else shape
        words = listing_of([_said(item, one) for item in operand], "and" if joint == "and" else "or")
    else:
        assert not isinstance(operand, bool)
        words = value_in_words(operand, policy, shape)
    if check.operator.name in ("is", "in"):
        return words
    whole = check.operator.says.fill(fact="", operand=words)
    return both(lambda language: _without_is(whole[language]))


def _without_is(words: str) -> str:
    return words.strip().removeprefix("is ").removeprefix(", ")


def _said(value: Value, shape: Shape | None) -> Text:
    if value is None or shape is None or not shape.kind:
        return plain(str(value))
    return say(value, shape)


def subject_in_words(expression: p.Expression, policy: Policy) -> Text:
    """What a value is called, as the beginning of a sentence."""
    words = value_in_words(expression, policy)
    return both(lambda language: words[language][:1].upper() + words[language][1:])


def rows_in_words(rows: str, policy: Policy) -> Text:
    """What the rows of a table or a history are called, within a sentence."""
    return lowered(rows_holder(policy, rows).text)


def value_in_words(expression: p.Expression, policy: Policy, shape: Shape | None = None) -> Text:
    """
    A value as a phrase; ``shape`` is that of what it is compared with.

    >>> from trainingrules import load
    >>> policy = load("calibris")
    >>> value_in_words(policy.deadlines["notice"].until, policy).en
    '1 month before the day after licence year'
    """

    def words(part: p.Expression) -> Text:
        return value_in_words(part, policy, shape)

    match expression:
        case p.Constant(value, own):
            return _said(value, Shape(own.kind, own.unit, shape.options) if shape and shape.options else own)
        case p.FactValue(name):
            return lowered(policy.facts[name].text)
        case p.FieldValue("key", _, of):
            return listing_of([rows_in_words(rows, policy) for rows in of], "or")
        case p.FieldValue(name, _, of):
            return lowered(rows_holder(policy, of[0]).fields[name].text)
        case p.Named(name):
            return lowered(policy.values[name].text)
        case p.Today():
            return _TODAY
        case p.Chosen(reading):
            return policy.readings[reading].text
        case p.RoundNumber(cycle):
            return lowered(policy.cycles[cycle].text)
        case p.AmountOf(name):
            return lowered(amount_in_words(name, policy))
        case p.LastDayOf(deadline):
            return _LAST_DAY.fill(deadline=policy.deadlines[deadline].text)
        case p.Shift(than, by, sign):
            return _SHIFTS[sign].fill(by=words(by), than=words(than))
        case p.CycleDay(cycle, which):
            return _DAYS[which].fill(cycle=lowered(policy.cycles[cycle].text))
        case p.Earliest(fact, deadline):
            return _EARLIEST.fill(fact=policy.facts[fact].text, deadline=policy.deadlines[deadline].text)
        case p.Between(low, high):
            return _BETWEEN.fill(low=words(low), high=words(high))
        case p.Share(percent, of):
            return _SHARE.fill(percent=both(lambda x: number_in_words(percent, x)), of=words(of))
        case p.SumOf(rows, field, where):
            form = _SUM if where == p.ALWAYS else _SUM_WHERE
            return form.fill(field=lowered(rows_holder(policy, rows).fields[field].text),
                             rows=rows_in_words(rows, policy), where=condition_in_words(where, policy))  # fmt: skip
        case p.CountOf(rows, where):
            form = _COUNT if where == p.ALWAYS else _COUNT_WHERE
            return form.fill(rows=rows_in_words(rows, policy), where=condition_in_words(where, policy))
        case p.Combined(form_name, parts):
            return _combined(form_name, [words(part) for part in parts])
        case p.NotStated():
            return _NOT_STATED


def _combined(form: str, parts: list[Text]) -> Text:
    if form in _LINKS:
        whole = parts[0]
        for part in parts[1:]:
            whole = _LINKS[form].fill(a=whole, b=part)
        return whole
    return _LISTS[form].fill(a=listing_of(parts))


def amount_in_words(name: str, policy: Policy) -> Text:
    """
    What an amount is called: as the first line, value or note that uses it.

    >>> from trainingrules import load
    >>> amount_in_words("tests_price", load("bcmb")).en
    'Case test and reflection test'
    """
    lines = [line for quote in policy.quotes.values() for line in quote.lines.values()]
    users: Iterable[p.Line | p.NamedValue | p.Note] = (*lines, *policy.values.values(), *policy.notes.values())
    for user in users:
        if any(isinstance(part, p.AmountOf) and part.name == name for part in p.walk(user)):
            return user.text
    return plain(f"`{name}`")


def period_in_words(period: Period) -> Text:
    """
    A length of time.

    >>> period_in_words(Period.parse("18 months")).nl
    '18 maanden'
    """

    def words(language: Language) -> str:
        for unit in ("months", "days", "hours"):
            if getattr(period, unit):
                return duration_in_words(getattr(period, unit), unit, language)
        return duration_in_words(0, "days", language)

    return both(words)
