"""Findings and facts in sentences, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from trainingrules import policy as p
from trainingrules.kinds import Shape, Value, ask, say
from trainingrules.policy import Policy
from trainingrules.reckoning import Finding, Seen, Situation
from trainingrules.truth import Unknown
from trainingrules.words import Text, listing_of

# More than this many grounds for one rule are not read by anybody.
MOST_GROUNDS = 12

_GIVEN = Text(" (gegeven: {seen})", " (given: {seen})")
_COUNTED = Text("aantal {rows}", "number of {rows}")
_UNKNOWN = Text("{fact} is niet bekend", "{fact} is not known")
_NONE = Text("{fact} is er niet", "there is no {fact}")
_SILENT = Text("{fact} staat niet in de bron", "{fact} is not stated in the source")
_TODAY = Text("vandaag", "today")
_NOT = {True: Text("er is een {fact}", "there is a {fact}"), False: Text("er is geen {fact}", "there is no {fact}")}


def plain(text: str) -> Text:
    """A name that is the same in every language."""
    return Text(text, text)


def label(expression: p.Expression, at: Situation) -> Text:
    """What a value is called, with the row or round it is of."""
    policy = at.policy
    match expression:
        case p.FactValue():
            return _of(policy.facts[expression.name].text, expression.per, at)
        case p.FieldValue(name="key"):
            return plain("key") if not at.rows else policy_text(policy, at.rows[0].of)
        case p.FieldValue():
            row = next(row for row in at.rows if row.of in expression.of)
            return _of(_fields(policy, row.of)[expression.name].text, row.of, at)
        case p.Named():
            return policy.values[expression.name].text
        case p.Today():
            return _TODAY
        case p.Chosen():
            return policy.readings[expression.reading].text
        case p.RoundNumber():
            return policy.cycles[expression.cycle].text
        case p.LastDayOf():
            return policy.deadlines[expression.deadline].text
        case p.CountOf():
            return _COUNTED.fill(rows=policy_text(policy, expression.rows))
        case p.SumOf():
            return _fields(policy, expression.rows)[expression.field].text
        case p.Shift():
            return label(expression.than, at)
        case p.CycleDay():
            return policy.cycles[expression.cycle].text
        case _:
            return plain("")


def _fields(policy: Policy, rows: str) -> dict[str, p.Field]:
    return dict(p.rows_holder(policy, rows).fields)


def policy_text(policy: Policy, rows: str) -> Text:
    """What a table or a history is called."""
    return p.rows_holder(policy, rows).text


def _of(text: Text, per: str, at: Situation) -> Text:
    """A name with the row or round it is of."""
    if not per:
        return text
    for row in at.rows:
        if row.of == per:
            return Text("{a} ({b})", "{a} ({b})").fill(a=text, b=row_text(at.policy, per, row.key))
    if per in at.policy.cycles and at.rounds and per in at.rounds and at.rounds[per].exact:
        return Text("{a} ({b})", "{a} ({b})").fill(a=text, b=round_text(at.policy, per, at.rounds[per].low))
    return text


def row_text(policy: Policy, rows: str, key: str | int) -> Text:
    """What a row is called; those of a history are numbered."""
    if rows in policy.tables and key in policy.tables[rows].rows:
        return policy.tables[rows].rows[str(key)].text
    return Text(f"rij {key}", f"row {key}")


def round_text(policy: Policy, cycle: str, number: int) -> Text:
    """What a round is called."""
    return Text("{a} {n}", "{a} {n}").fill(a=_lower(policy.cycles[cycle].text), n=str(number))


def _lower(text: Text) -> Text:
    return Text(text.nl[:1].lower() + text.nl[1:], text.en[:1].lower() + text.en[1:])


def shape_of(expression: p.Expression, policy: Policy) -> Shape | None:
    """The shape of a value, as far as its sentence needs it."""
    match expression:
        case p.Constant() | p.FactValue() | p.FieldValue() | p.Chosen():
            return expression.shape
        case p.Named():
            return policy.values[expression.name].shape
        case p.CountOf() | p.RoundNumber():
            return Shape("integer")
        case p.AmountOf():
            return Shape("money")
        case p.Share() | p.Between() | p.Combined():
            inner = [shape_of(part, policy) for part in p.walk(expression) if isinstance(part, p.Constant | p.FactValue
                     | p.FieldValue | p.AmountOf | p.Named)]  # fmt: skip
            return next((shape for shape in inner if shape and shape.kind == "money"), inner[0] if inner else None)
        case p.SumOf():
            return _fields(policy, expression.rows)[expression.field].shape
        case _:
            return Shape("date")


def say_seen(seen: Seen, shape: Shape | None) -> Text | None:
    """A value that is seen, in words; nothing for one that is not exact."""
    if not seen.exact:
        return None
    return _say(seen.low, shape)


def _say(value: Value, shape: Shape | None) -> Text:
    if isinstance(value, datetime):
        return say(value, Shape("moment"))
    if isinstance(value, date):
        return say(value, Shape("date"))
    if value is None or shape is None or not shape.kind:
        return say(None, Shape("text")) if value is None else plain(str(value))
    return say(value, shape)


def sentence(finding: Finding) -> Text:
    """One check in a sentence: what holds, what does not, or what is not known."""
    check, at = finding.condition, finding.at
    assert isinstance(check, p.Check)
    assert at is not None
    policy = at.policy
    name, shape = label(check.subject, at), shape_of(check.subject, policy)
    if isinstance(finding.truth, Unknown):
        silent = any(cause.kind == "not_stated" for cause in finding.truth.because)
        return (_SILENT if silent and not finding.truth.missing else _UNKNOWN).fill(fact=name)
    if check.operator.name == "exists":
        return _NOT[finding.seen[0].low is not None].fill(fact=_lower(name))
    if finding.seen and finding.seen[0].null:
        return _NONE.fill(fact=_lower(name))
    form = check.operator.says if finding.truth else check.operator.denies
    text = form.fill(fact=name, operand=_operand(finding, check, shape, at))
    seen = say_seen(finding.seen[0], shape) if finding.seen else None
    told = check.operator.name == "is" and finding.truth is True
    if seen is None or told or isinstance(check.subject, p.Chosen):
        return text
    return Text("{a}{b}", "{a}{b}").fill(a=text, b=_GIVEN.fill(seen=seen))


def _operand(finding: Finding, check: p.Check, shape: Shape | None, at: Situation) -> Text:
    operand = check.operand
    if isinstance(operand, tuple):
        joint = "and" if check.operator.name in ("includes_all", "in_order") else "or"
        return listing_of([_say(item, _one(shape)) for item in operand], joint)  # type: ignore[arg-type]
    if check.operator.operand == "cycle":
        text = at.policy.cycles[str(operand)].text
        if len(finding.seen) == 3:
            first, last = (_say(seen.low, None) for seen in finding.seen[1:])
            return Text("{a} ({b} t/m {c})", "{a} ({b} to {c})").fill(a=_lower(text), b=first, c=last)
        return _lower(text)
    if isinstance(operand, bool | str):
        return plain(str(operand))
    right = finding.seen[1] if len(finding.seen) > 1 else None
    said = None
    if right is not None and not right.null:
        said = say_seen(right, shape if isinstance(operand, p.Constant) else shape_of(operand, at.policy) or shape)
    named = label(operand, at)
    if isinstance(operand, p.Constant) or not named.nl:
        return said or plain("…")
    if said is None:
        return _lower(named)
    return Text("{a} ({b})", "{a} ({b})").fill(a=said, b=_lower(named))


def _one(shape: Shape | None) -> Shape | None:
    if shape is not None and shape.kind == "list":
        return Shape("choice", options=shape.options)
    return shape


def grounds(finding: Finding) -> tuple[Text, ...]:
    """
    Why a finding is what it is: the sentences of the checks that decide it, each once.
    """
    found = list(dict.fromkeys(_grounds(finding)))
    if len(found) > MOST_GROUNDS:
        rest = len(found) - MOST_GROUNDS
        found = [*found[:MOST_GROUNDS], Text(f"en nog {rest}", f"and {rest} more")]
    return tuple(found)


def _grounds(finding: Finding) -> Iterator[Text]:
    condition = finding.condition
    if isinstance(condition, p.Check):
        if not isinstance(condition.subject, p.FieldValue) or not _about_happening(finding):
            yield sentence(finding)
        return
    if isinstance(condition, p.OfRow) and isinstance(finding.truth, Unknown) and len(finding.parts) > 1:
        at = finding.at
        assert at is not None
        yield _UNKNOWN.fill(fact=at.policy.facts[condition.fact].text)
    kind = _class(finding.truth)
    parts = finding.parts
    if isinstance(condition, p.Given):
        when, then = parts
        parts = (when,) if when.truth is False else (then,) if when.truth is True else (when, then)
    for part in parts:
        if isinstance(condition, p.Not | p.Holds | p.Given) or _class(part.truth) == kind:
            yield from _grounds(part)


def _about_happening(finding: Finding) -> bool:
    """Whether a check only asks if a row of a history has happened yet."""
    at = finding.at
    return bool(at and at.rows and finding.condition == at.policy.records.get(at.rows[0].of, _NO_RECORDS).happened)


_NO_RECORDS = p.Records("", plain(""), {})


def _class(truth: object) -> object:
    return "unknown" if isinstance(truth, Unknown) else truth


def question(path: str, policy: Policy) -> Text:
    """
    The question that a missing fact puts to the person.
    """
    name, _, rest = path.partition("[")
    key, _, column = rest.partition("]")
    if name in policy.records:
        records = policy.records[name]
        if not rest:
            return Text("{a}: welke, tot en met vandaag?", "{a}: which, up to today?").fill(a=records.text)
        field = records.fields[column[1:]]
        text = Text("{a}, rij {k}, {b}", "{a}, row {k}, {b}").fill(a=records.text, k=key, b=_lower(field.text))
        return ask(text, field.shape)
    fact = policy.facts[name]
    text = fact.text
    if rest and fact.per in policy.tables:
        text = Text("{a} ({b})", "{a} ({b})").fill(a=text, b=row_text(policy, fact.per, key))
    elif rest:
        text = Text("{a} ({b})", "{a} ({b})").fill(a=text, b=round_text(policy, fact.per, int(key)))
    return ask(text, fact.shape)
