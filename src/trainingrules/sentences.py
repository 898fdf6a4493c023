"""Findings and facts in sentences, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from fractions import Fraction

from trainingrules import policy as p
from trainingrules.kinds import Shape, Value, ask, say
from trainingrules.needed import in_order
from trainingrules.policy import Policy
from trainingrules.reckoning import CALENDAR, MONTH_END, Because, Finding, Seen, Situation
from trainingrules.truth import Truth, Unknown
from trainingrules.words import Text, both, listing_of, lower, number_in_words

# More than this many grounds for one rule, or unknown facts in one of them, are not read by anybody.
MOST_GROUNDS, MOST_NAMES = 12, 3

_DATE, _MOMENT, _INTEGER, _MONEY = Shape("date"), Shape("moment"), Shape("integer"), Shape("money")

COUNTED = Text("aantal {rows}", "number of {rows}")
NOT_KNOWN = Text("niet bekend", "not known")
NO_VALUE = say(None, Shape("text"))
_SILENT = Text("staat niet in de bron", "not stated in the source")
UNCOUNTED = {
    MONTH_END: Text("die maand heeft zo’n dag niet, en deze voorwaarden kiezen geen andere",
                    "that month has no such day, and these conditions choose no other"),
    CALENDAR: Text("de dag valt buiten de kalender", "the day is outside the calendar"),
}  # fmt: skip
_NOT_YET = Text("nog niet", "not yet")
_SO_FAR = Text("{seen} tot nu toe", "{seen} so far")
_OTHER = Text("{seen} (niet {operand})", "{seen} (not {operand})")
_AS_READ = Text("{option} (zo gelezen)", "{option} (as read here)")
_NOT_SAID = Text("De bron zegt niet wat er geldt als dit niet klopt",
                 "The source does not say what holds when this is not so")  # fmt: skip
_DISPUTED = Text("Bronnen spreken elkaar tegen: {conflict}", "Sources contradict each other: {conflict}")
_SHARE = Text("{percent}% van {of}", "{percent}% of {of}")
_BETWEEN = Text("{low} tot {high}", "{low} to {high}")
_AT_LEAST = Text("ten minste {end}", "at least {end}")
_AT_MOST = Text("ten hoogste {end}", "at most {end}")
_TODAY = Text("vandaag", "today")
_DAYS = {
    "first": Text("de eerste dag van {cycle}", "the first day of {cycle}"),
    "last": Text("de laatste dag van {cycle}", "the last day of {cycle}"),
    "expiry": Text("de dag na {cycle}", "the day after {cycle}"),
}
_SHIFTS = {-1: Text("{by} vóór {than}", "{by} before {than}"), 1: Text("{by} na {than}", "{by} after {than}")}


def plain(text: str) -> Text:
    """A name that is the same in every language."""
    return Text(text, text)


def label(expression: p.Expression, at: Situation) -> Text:
    """What a value is called, with the row or round it is of."""
    policy = at.policy
    match expression:
        case p.FactValue():
            return _of(policy.facts[expression.name].text, expression.per, at)
        case p.FieldValue():
            row = next(row for row in at.rows if row.of in expression.of)
            if expression.name == "key":
                return policy_text(policy, row.of)
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
            return COUNTED.fill(rows=lower(policy_text(policy, expression.rows)))
        case p.SumOf():
            return _fields(policy, expression.rows)[expression.field].text
        case p.Shift():
            by, than = label(expression.by, at), label(expression.than, at)
            return _SHIFTS[expression.sign].fill(by=lower(by), than=lower(than)) if by.nl and than.nl else than
        case p.CycleDay():
            return _DAYS[expression.which].fill(cycle=_round(expression.cycle, at))
        case p.Share():
            percent = both(lambda language: number_in_words(expression.percent, language))
            return _SHARE.fill(percent=percent, of=lower(label(expression.of, at)))
        case p.Constant():
            return _say(expression.value, expression.shape)
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
    if _at_hand(per, at):
        return Text("{a} ({b})", "{a} ({b})").fill(a=text, b=_round(per, at))
    return text


def _at_hand(cycle: str, at: Situation) -> bool:
    """Whether it is known which round of a cycle is at hand."""
    number = (at.rounds or {}).get(cycle)
    return number is not None and number.exact and not number.null


def _round(cycle: str, at: Situation) -> Text:
    """What the round at hand is called, or else the cycle."""
    if at.rounds and _at_hand(cycle, at):
        return round_text(at.policy, cycle, at.rounds[cycle].low)
    return lower(at.policy.cycles[cycle].text)


def row_text(policy: Policy, rows: str, key: str | int) -> Text:
    """What a row is called; those of a history are numbered."""
    if rows in policy.tables and key in policy.tables[rows].rows:
        return policy.tables[rows].rows[str(key)].text
    return Text(f"rij {key}", f"row {key}")


def round_text(policy: Policy, cycle: str, number: int) -> Text:
    """What a round is called."""
    return Text("{a} {n}", "{a} {n}").fill(a=lower(policy.cycles[cycle].text), n=str(number))


def shape_of(expression: p.Expression, policy: Policy) -> Shape | None:
    """The shape of a value, as far as its sentence needs it."""
    match expression:
        case p.Constant() | p.FactValue() | p.FieldValue() | p.Chosen():
            return expression.shape
        case p.Named():
            return policy.values[expression.name].shape
        case p.CountOf() | p.RoundNumber():
            return _INTEGER
        case p.AmountOf():
            return _MONEY
        case p.Share() | p.Between() | p.Combined():
            inner = [shape_of(part, policy) for part in p.walk(expression) if isinstance(part, p.Constant | p.FactValue
                     | p.FieldValue | p.AmountOf | p.Named)]  # fmt: skip
            return next((shape for shape in inner if shape and shape.kind == "money"), inner[0] if inner else None)
        case p.SumOf():
            return _fields(policy, expression.rows)[expression.field].shape
        case _:
            return _DATE


def say_seen(seen: Seen, shape: Shape | None) -> Text | None:
    """What is seen of a value, in words: the value, the range it lies in, or nothing."""
    if seen.exact:
        return _say(seen.low, shape)
    low, high = (None if end is None else _say(end, shape) for end in (seen.low, seen.high))
    if low is not None and high is not None:
        return _BETWEEN.fill(low=low, high=high)
    if low is not None:
        return _AT_LEAST.fill(end=low)
    return None if high is None else _AT_MOST.fill(end=high)


def _say(value: Value, shape: Shape | None) -> Text:
    if isinstance(value, datetime):
        return say(value, _MOMENT)
    if isinstance(value, date):
        return say(value, _DATE)
    if value is None or shape is None or not shape.kind:
        return NO_VALUE if value is None else plain(str(value))
    return say(value, shape)


def told(name: Text, said: Text) -> Text:
    """What is said of something: after its name, whatever sort of words that is."""
    # Written out: it is said of every check. A name that is a question has its mark.
    mark = "" if name.nl.endswith("?") else ":"
    return Text(f"{name.nl}{mark} {said.nl}", f"{name.en}{mark} {said.en}")


def sentence(check: p.Check, truth: Truth, seen: tuple[Seen, ...], at: Situation) -> Text:
    """One check in a sentence: what is known of the value, and how that compares; or that it is not known."""
    if isinstance(truth, Unknown):
        return _unknown(truth, check, seen, at)
    left, *right = seen
    if right and not left.null and any(one.null for one in right):
        return told(_side(check, 1, at), NO_VALUE)
    shape = shape_of(check.subject, at.policy)
    said = say_seen(left, shape) or plain("…")
    told_whole = check.operator.name == "exists" or (shape is not None and shape.kind == "boolean")
    if isinstance(check.subject, p.Chosen):
        said = _AS_READ.fill(option=said)
    elif not (left.null or told_whole):
        if check.operator.name not in ("is", "in"):
            operand = _operand(check, seen, shape, at)
            said = (check.operator.says if truth else check.operator.denies).fill(fact=said, operand=operand)
        elif truth is False:
            said = _OTHER.fill(seen=said, operand=_operand(check, seen, shape, at))
    return told(label(check.subject, at), said)


def _unknown(truth: Unknown, check: p.Check, seen: tuple[Seen, ...], at: Situation) -> Text:
    """What keeps a check from being known."""
    side = 0 if not seen[0].exact else 1
    name = _side(check, side, at)
    if truth.missing:
        names = in_order(truth.missing, at.policy)
        if len(names) <= MOST_NAMES:
            name = listing_of([name_of(path, at.policy) for path in names])
        return told(name, NOT_KNOWN)
    if any(cause.kind == "future" for cause in truth.because):
        low = seen[0].low
        if isinstance(low, bool) or not isinstance(low, int | Fraction):
            return told(name, _NOT_YET)
        return told(name, _SO_FAR.fill(seen=_say(low, shape_of(check.subject, at.policy))))
    return told(name, uncounted(truth.because) or _SILENT)


def uncounted(because: Because) -> Text | None:
    """Why a day cannot be counted, where that is not for want of facts."""
    names = {cause.name for cause in because}
    return next((said for name, said in UNCOUNTED.items() if name in names), None)


def _side(check: p.Check, side: int, at: Situation) -> Text:
    """What one side of a check is called; the other side's name where it has none."""
    operand = check.operand
    if side and isinstance(operand, str):
        return at.policy.cycles[operand].text
    if side and not isinstance(operand, tuple | bool | str):
        named = label(operand, at)
        if named.nl:
            return named
    return label(check.subject, at)


def _operand(check: p.Check, seen: tuple[Seen, ...], shape: Shape | None, at: Situation) -> Text:
    operand = check.operand
    if isinstance(operand, tuple):
        joint = "and" if check.operator.name in ("includes_all", "in_order") else "or"
        return listing_of([_say(item, _one(shape)) for item in operand], joint)  # type: ignore[arg-type]
    if check.operator.operand == "cycle":
        text = _round(str(operand), at)
        if len(seen) == 3:
            first, last = (_say(one.low, None) for one in seen[1:])
            return Text("{a} ({b} t/m {c})", "{a} ({b} to {c})").fill(a=text, b=first, c=last)
        return text
    assert not isinstance(operand, bool | str)
    shape = shape if isinstance(operand, p.Constant) else shape_of(operand, at.policy) or shape
    said = say_seen(seen[1], shape) or plain("…")
    named = plain("") if isinstance(operand, p.Constant) else lower(label(operand, at))
    if not named.nl:
        return said
    form = Text("{a}, {b}", "{a}, {b}") if "(" in named.nl else Text("{a} ({b})", "{a} ({b})")
    return form.fill(a=said, b=named)


def _one(shape: Shape | None) -> Shape | None:
    if shape is not None and shape.kind == "list":
        return Shape("choice", options=shape.options)
    return shape


def grounds(finding: Finding) -> tuple[Text, ...]:
    """
    Why a finding is what it is: the sentences of the checks that decide it, each once.
    """
    return each_once(each_ground(finding))


def each_once(found: Iterable[Text]) -> tuple[Text, ...]:
    """Grounds as they are read: each once, and not too many."""
    shown = tuple(dict.fromkeys(found))
    if len(shown) > MOST_GROUNDS:
        rest = len(shown) - MOST_GROUNDS
        shown = (*shown[:MOST_GROUNDS], Text(f"en nog {rest}", f"and {rest} more"))
    return shown


def each_ground(finding: Finding) -> Iterator[Text]:
    """The sentences of the checks that decide a finding."""
    condition = finding.condition
    if isinstance(condition, p.Check):
        if not isinstance(condition.subject, p.FieldValue) or not _about_happening(finding):
            assert finding.at is not None
            yield sentence(condition, finding.truth, finding.seen, finding.at)
        return
    at, parts = finding.at, finding.parts
    assert at is not None
    if isinstance(condition, p.Silent):
        yield from silences(condition.truth.because, at)
        return
    if isinstance(condition, p.OfRow):
        chosen = at.policy.facts[condition.fact].text
        if not parts[0].parts and parts[0].condition == p.Any(()):
            yield told(chosen, NO_VALUE)
        elif isinstance(finding.truth, Unknown) and len(parts) > 1:
            yield told(chosen, NOT_KNOWN)
    elif isinstance(condition, p.Given):
        when, then = parts
        parts = (when,) if when.truth is False else (then,) if True in (when.truth, then.truth) else parts
    elif finding.truth is True:
        # Rows and rounds to which a rule does not apply are no reason that it holds, but for want of others.
        parts = tuple(part for part in parts if not passed_over(part)) or parts
    # Where the source is silent, what it is silent about counts too.
    silent = isinstance(finding.truth, Unknown) and any(isinstance(part.condition, p.Silent) for part in parts)
    whole = silent or isinstance(condition, p.Not | p.Holds | p.Given)
    for part in parts:
        if whole or _class(part.truth) == _class(finding.truth):
            yield from each_ground(part)


def passed_over(finding: Finding) -> bool:
    """Whether a rule does not apply."""
    return isinstance(finding.condition, p.Given) and finding.parts[0].truth is False


def silences(because: Because, at: Situation) -> Iterator[Text]:
    """What keeps it from being known, apart from any check: facts, a silent source, sources in conflict."""
    missing = {cause.name for cause in because if cause.kind == "missing"}
    if missing:
        yield told(listing_of([name_of(path, at.policy) for path in in_order(missing, at.policy)]), NOT_KNOWN)
    for cause in sorted(because):
        if cause.kind == "conflict":
            yield _DISPUTED.fill(conflict=at.policy.conflicts[cause.name].text)
        elif cause.kind == "not_stated":
            yield UNCOUNTED.get(cause.name, _NOT_SAID)


def _about_happening(finding: Finding) -> bool:
    """Whether a check only asks if a row of a history has happened yet."""
    at = finding.at
    return bool(at and at.rows and finding.condition == at.policy.records.get(at.rows[0].of, _NO_RECORDS).happened)


_NO_RECORDS = p.Records("", plain(""), {})


def _class(truth: object) -> object:
    return "unknown" if isinstance(truth, Unknown) else truth


def name_of(path: str, policy: Policy) -> Text:
    """What the fact of a path is called, with the row or round it is of."""
    name, _, rest = path.partition("[")
    key, _, column = rest.partition("]")
    if name in policy.records:
        records = policy.records[name]
        if not rest:
            return records.text
        form = Text("{a}, rij {k}, {b}", "{a}, row {k}, {b}")
        return form.fill(a=records.text, k=key, b=lower(records.fields[column[1:]].text))
    fact = policy.facts[name]
    if not rest:
        return fact.text
    part = row_text(policy, fact.per, key) if fact.per in policy.tables else round_text(policy, fact.per, int(key))
    return Text("{a} ({b})", "{a} ({b})").fill(a=fact.text, b=part)


def question(path: str, policy: Policy) -> Text:
    """
    The question that a missing fact puts to the person.
    """
    text = name_of(path, policy)
    name, _, rest = path.partition("[")
    if name not in policy.records:
        return ask(text, policy.facts[name].shape)
    if not rest:
        return told(text, Text("welke, tot en met vandaag?", "which, up to today?"))
    return ask(text, policy.records[name].fields[rest.partition("].")[2]].shape)
