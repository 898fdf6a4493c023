"""Examples in words: what is known of the person, what is asked, and the answer that the source gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from trainingrules.answers.common import on_in_words
from trainingrules.answers.compliance import STATUSES, Status
from trainingrules.answers.cost import CERTAINTIES, VATS
from trainingrules.answers.deadlines import STATES, State
from trainingrules.answers.eligibility import VERDICTS, Verdict
from trainingrules.calendar import parse_date, parse_moment
from trainingrules.examples import OVERALL, SORTS, Example
from trainingrules.facts import parse_facts
from trainingrules.handbook.contents import Link
from trainingrules.kinds import Shape, say
from trainingrules.money import Certainty, Vat, to_cents
from trainingrules.policy import Policy
from trainingrules.questions import Question, entries_of, place_of
from trainingrules.saying import place
from trainingrules.sentences import name_of, row_text
from trainingrules.words import Text, both, listing_of, money_in_words

_ALL = Text("Alle plichten samen", "All duties together")
_ROUND, _ROUNDS = Text("ronde {n}", "round {n}"), Text("rondes {n}", "rounds {n}")
_NOTHING, _NONE = Text("niets", "nothing"), Text("geen", "none")
_PART = Text("{a} ({b})", "{a} ({b})")
_PAIR = Text("{a}: {b}", "{a}: {b}")
_BETWEEN, _FROM_TO = Text("tussen {a} en {b}", "between {a} and {b}"), Text("{a} tot {b}", "{a} to {b}")
_AT_LEAST, _AT_MOST = Text("ten minste {a}", "at least {a}"), Text("ten hoogste {a}", "at most {a}")
_NO_DAY, _NOT_STATED = Text("er is geen", "there is none"), Text("de bron zegt het niet", "the source does not say")
_MONEY = Shape("money")
_TRUTH = {True: Text("ja", "yes"), False: Text("nee", "no")}
KEYS = {
    "verdict": Text("Antwoord", "Answer"),
    "status": Text("Stand", "Status"),
    "state": Text("Stand", "Status"),
    "missing": Text("Nog te vragen", "Still to ask"),
    "violated": Text("Niet aan voldaan", "Not met"),
    "failed": Text("Eisen waar het op stuit", "Requirements that fail"),
    "silent": Text("Waarover de bron zwijgt", "Where the source is silent"),
    "contested": Text("Betwist in de lezing", "Contested in the reading"),
    "warnings": Text("Waarschuwingen", "Warnings"),
    "from": Text("Vanaf", "From"),
    "until": Text("Tot en met", "Until"),
    "value": Text("Waarde", "Value"),
    "total": Text("Totaal", "Total"),
    "at_least": Text("Ten minste", "At least"),
    "at_most": Text("Ten hoogste", "At most"),
    "complete": Text("Volledig", "Complete"),
    "certainty": Text("Zekerheid", "Certainty"),
    "by_vat": Text("Naar btw", "By VAT"),
    "lines": Text("Regels", "Lines"),
    "lacking": Text("Prijs niet genoemd", "Price not stated"),
    "presumed": Text("Aangenomen", "Presumed"),
    "instalments": Text("Termijnbedragen", "Instalments"),
    "due": Text("Verschuldigd op", "Due on"),
    "in_force": Text("In werking", "In force"),
    "outside": Text("Buiten de geldigheid", "Outside the validity"),
    "refused": Text("Geweigerd, want het gaat niet samen", "Refused, as it cannot go together"),
    "against_advice": Text("Tegen het advies", "Against the advice"),
    "applies": Text("Van toepassing", "Applies"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """Something that is known in an example."""

    text: Text
    said: Text


@dataclass(frozen=True, slots=True)
class Retold:
    """An example in words."""

    to: str
    name: str
    question: Link
    part: Text | None
    on: Text
    known: tuple[Known, ...]
    expected: tuple[Known, ...]
    why: str
    source: tuple[str, ...]


def retold(example: Example, policy: Policy) -> Retold:
    """An example as a person tells it."""
    kind, about = example.question
    return Retold(
        place("examples", example.name), example.name.replace("_", " ").capitalize(), _question(kind, about, policy),
        _part(example.ask, policy), both(lambda language: on_in_words(example.on, language)),
        tuple(_known(example.facts, policy)),
        tuple(Known(KEYS[key], _expected(key, wanted, kind, about, policy))
              for key, wanted in example.expect.items() if wanted != []),
        example.why, example.source,
    )  # fmt: skip


def _question(kind: str, about: str, policy: Policy) -> Link:
    if about == OVERALL and kind == "compliance":
        return Link("compliance", _ALL)
    sort = SORTS[kind]
    return Link(place(*place_of(Question(sort, about))), entries_of(policy, sort)[about].text)


def _part(ask: Mapping[str, Any], policy: Policy) -> Text | None:
    if "cycle" in ask:
        return _ROUND.fill(n=str(ask["cycle"]))
    if "cycles" in ask:
        numbers = listing_of(Text(str(one), str(one)) for one in ask["cycles"])
        return (_ROUNDS if len(ask["cycles"]) > 1 else _ROUND).fill(n=numbers)
    if "row" in ask:
        key = ask["row"]
        tables = [table.name for table in policy.tables.values() if key in table.rows]
        return row_text(policy, tables[0] if tables else "", key)
    if "party" in ask:
        return policy.parties[ask["party"]]
    return None


def _known(given: Mapping[str, Any], policy: Policy) -> Iterator[Known]:
    facts, faults = parse_facts(policy, given)
    if faults:  # an example of facts that are refused
        for name, raw in given.items():
            yield Known(Text(name, name), Text(str(raw), str(raw)))
        return
    for name in given:
        if name in facts.one:
            fact = policy.facts[name]
            yield Known(fact.text, say(facts.one[name], fact.shape))
        for key, one in facts.per.get(name, {}).items():
            fact = policy.facts[name]
            yield Known(name_of(f"{name}[{key}]", policy), say(one, fact.shape))
        if name in facts.rows:
            yield from _history(name, facts.rows[name], policy)


def _history(name: str, rows: Iterable[Mapping[str, Any]], policy: Policy) -> Iterator[Known]:
    records = policy.records[name]
    found = list(rows)
    if not found:
        yield Known(records.text, _NONE)
    for number, row in enumerate(found, 1):
        cells = [_PAIR.fill(a=records.fields[one].text, b=say(cell, records.fields[one].shape))
                 for one, cell in row.items()]  # fmt: skip
        said = both(lambda language, cells=cells: "; ".join(one[language] for one in cells))  # type: ignore[misc]
        yield Known(_PART.fill(a=records.text, b=str(number)), said)


# --- the answer ---


def _names(wanted: Iterable[str], text: Callable[[str], Text]) -> Text:
    shown = [text(one) for one in wanted]
    return listing_of(dict.fromkeys(shown)) if shown else _NOTHING


def _expected(key: str, wanted: Any, kind: str, about: str, policy: Policy) -> Text:
    match key:
        case "verdict":
            return VERDICTS[Verdict(wanted)]
        case "status":
            return STATUSES[Status(wanted)][1]
        case "state":
            return STATES[State(wanted)]
        case "certainty":
            return CERTAINTIES[Certainty(wanted)]
        case "complete" | "in_force" | "applies" | "outside" | "against_advice":
            return _TRUTH.get(wanted) or _plain(wanted, Shape("text"))
        case "missing" | "presumed":
            return _names(wanted, lambda path: name_of(path, policy))
        case "violated":
            return _names(wanted, lambda one: Text(one, one))
        case "failed" | "silent":
            return _names(wanted, lambda one: _requirement(one, about, policy))
        case "refused":
            return _names(wanted, lambda one: policy.contradictions[one].text)
        case "contested":
            return _names(wanted, lambda one: _reading(one, policy))
        case "warnings":
            return _names(wanted, lambda one: _warning(one, about, policy))
        case "lacking":
            return _names(wanted, lambda one: policy.quotes[about].lines[one].text)
        case "by_vat":
            return _pairs((VATS[Vat(one)], part) for one, part in wanted.items())
        case "lines":
            return _pairs((policy.quotes[about].lines[one].text, part) for one, part in wanted.items())
        case "instalments":
            return _pairs((policy.quotes[about].instalments[one].text, part) for one, part in wanted.items())
        case "due":
            return _pairs(
                ((policy.quotes[about].instalments[one].text, part) for one, part in wanted.items()), Shape("date")
            )
        case "value":
            return _plain(wanted, policy.notes[about].shape or Shape("text"))
        case _:
            return _plain(wanted, Shape("money") if kind == "cost" else Shape("date"))


def _reading(name: str, policy: Policy) -> Text:
    reading, _, option = name.partition(".")
    text = policy.readings[reading].text
    return _PART.fill(a=text, b=policy.readings[reading].options[option]) if option else text


def _requirement(name: str, decision: str, policy: Policy) -> Text:
    owner, _, rule = name.rpartition(".")
    requires = policy.decisions[owner or decision].requires
    return requires[rule].text if rule in requires else Text(name, name)


def _warning(name: str, about: str, policy: Policy) -> Text:
    if name in policy.conflicts:
        return policy.conflicts[name].text
    return _requirement(name, about, policy) if about in policy.decisions else Text(name, name)


def _pairs(parts: Iterable[tuple[Text, Any]], shape: Shape = _MONEY) -> Text:
    return listing_of(_PAIR.fill(a=text, b=_plain(part, shape)) for text, part in parts)


def _plain(wanted: Any, shape: Shape) -> Text:
    """A value as it stands in a file of examples, in words."""
    if isinstance(wanted, dict):
        if "between" in wanted:
            least, most = wanted["between"]
            if shape.kind not in ("date", "moment") and (least is None) != (most is None):
                # A value that is known on one side only.
                bound, form = (most, _AT_MOST) if least is None else (least, _AT_LEAST)
                return form.fill(a=_plain(bound, shape))
            low, high = _plain(least, shape), _plain(most, shape)
            return (_BETWEEN if shape.kind in ("date", "moment") else _FROM_TO).fill(a=low, b=high)
        ends = [form.fill(a=_plain(wanted[key], shape)) for key, form in (("at_least", _AT_LEAST),
                ("at_most", _AT_MOST)) if key in wanted and wanted[key] != "none"]  # fmt: skip
        return listing_of(ends)
    if wanted in ("none", None):
        return _NO_DAY
    if wanted == "not_stated":
        return _NOT_STATED
    if isinstance(wanted, bool):
        return _TRUTH[wanted]
    if shape.kind == "money" and isinstance(wanted, int | Decimal):
        return both(lambda language: money_in_words(to_cents(wanted), language))
    if isinstance(wanted, str) and (found := _day(wanted)):
        return both(lambda language: on_in_words(found, language))
    if isinstance(wanted, str) and wanted in shape.options:
        return shape.options[wanted]
    if isinstance(wanted, int | Decimal):
        return Text(str(wanted).replace(".", ","), str(wanted))
    return Text(str(wanted), str(wanted))


def _day(text: str) -> date | datetime | None:
    for parse in (parse_date, parse_moment):
        try:
            return parse(text)
        except ValueError:
            continue
    return None
