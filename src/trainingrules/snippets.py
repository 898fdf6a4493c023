"""What an editor offers to insert: a whole starting file, and a new entry for each section."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from trainingrules.kinds import DURATION_UNITS, KINDS, RECORDS, RECORDS_DOC
from trainingrules.words import Text

Snippet = dict[str, Any]

_SAID = {"nl": "${2:Hoe het heet}", "en": "${3:What it is called}"}
_LABEL = "{nl: ${2:Hoe het heet}, en: ${3:What it is called}}"
_SENTENCE = {"nl": "${2:Wat er moet kloppen.}", "en": "${3:What must hold.}"}
_OPTIONS = {"${4:first}": "{nl: ${5:Eerste}, en: ${6:First}}", "${7:second}": "{nl: ${8:Tweede}, en: ${9:Second}}"}


@dataclass(frozen=True, slots=True)
class Sample:
    """Names that stand in a snippet until the author fills in others: of the policy itself, where it has them."""

    statement: str = "NEW-01"
    other_statement: str = "NEW-02"
    condition: str = "{age: {at_least: 18}}"
    amount: str = "{amount: course_fee}"
    day: str = "starts_on"
    table: str = "courses"
    party: str = "holder"
    question: str = "{eligibility: take_part}"
    term: str = "one_term"
    other_term: str = "another_term"


def _new(nl: str, en: str, body: object, meaning: Text | None = None) -> Snippet:
    told = f"{meaning.nl}\n\n{meaning.en}" if meaning else f"{nl}\n\n{en}"
    return {"label": f"{nl} / {en}", "description": told, "markdownDescription": told, "body": body}


def _facts(sample: Sample) -> list[Snippet]:
    more: Mapping[str, dict[str, object]] = {
        "duration": {"unit": f"${{4|{','.join(DURATION_UNITS)}|}}"},
        "choice": {"options": _OPTIONS},
        "list": {"options": _OPTIONS},
        "row": {"of": f"${{4:{sample.table}}}"},
        RECORDS: {"dated": "${4:happened_on}",
                  "fields": {"${4:happened_on}": "{kind: date, nl: ${5:Datum}, en: ${6:Date}}"}},
    }  # fmt: skip
    called = {
        "boolean": Text("ja of nee", "yes or no"), "integer": Text("geheel getal", "whole number"),
        "decimal": Text("getal", "number"), "percent": Text("percentage", "percentage"),
        "money": Text("bedrag", "amount"), "date": Text("dag", "day"), "moment": Text("tijdstip", "moment"),
        "duration": Text("duur", "length"), "text": Text("tekst", "text"), "choice": Text("keuze", "choice"),
        "list": Text("lijst", "list"), "row": Text("rij van een tabel", "row of a table"),
        RECORDS: Text("geschiedenis", "history"),
    }  # fmt: skip
    return [
        _new(f"nieuw feit: {called[kind].nl}", f"new fact: {called[kind].en}",
             {"${1:new_fact}": {"kind": kind, **_SAID, **more.get(kind, {})}},
             RECORDS_DOC if kind == RECORDS else KINDS[kind].doc)
        for kind in (*KINDS, RECORDS)
    ]  # fmt: skip


def _price(sample: Sample) -> str:
    return (
        "{from: ${2:2026-01-01}, value: ${3:445.00}, vat: ${4|excluded,included,not_stated|}, "
        f"certainty: exact, source: [${{5:{sample.statement}}}]}}"
    )


def entries(sample: Sample) -> dict[str, list[Snippet]]:
    """
    The new entries of a policy, by the section they belong to.

    >>> entries(Sample())["requires"][0]["label"]
    'nieuwe eis / new requirement'
    """
    source = {"source": f"[${{4:{sample.statement}}}]"}
    requirement = {**_SENTENCE, **source, "must": sample.condition}
    line = {**_SAID, **source, "price": sample.amount}
    return {
        "facts": _facts(sample),
        "parties": [_new("nieuwe partij", "new party", {"${1:new_party}": _LABEL})],
        "contradictions": [_new("nieuwe tegenspraak", "new contradiction", {"${1:new_contradiction}": {
            "nl": "${2:Dit kan niet samengaan.}", "en": "${3:These cannot go together.}", "never": sample.condition}})],
        "readings": [_new("nieuwe lezing", "new reading", {"${1:new_reading}": {
            **_SAID, "source": f"[${{10:{sample.statement}}}]", "chosen": "${4:first}", "options": _OPTIONS}})],
        "amounts": [_new("nieuw bedrag", "new amount", {"${1:new_amount}": [_price(sample)]})],
        "tables": [_new("nieuwe tabel", "new table", {"${1:new_table}": {
            **_SAID,
            "fields": {"${4:new_column}": "{kind: date, nl: ${5:Datum}, en: ${6:Date}}"},
            "rows": {"${7:new_row}": f"{{nl: ${{8:Rij}}, en: ${{9:Row}}, source: [${{10:{sample.statement}}}], "
                                     "${4:new_column}: ${11:2026-01-31}}"}}})],
        "cycles": [_new("nieuwe cyclus", "new cycle", {"${1:new_cycle}": {
            **_SAID, **source, "starts": f"${{5:{sample.day}}}", "every": "${6:1 year}"}})],
        "terms": [_new("nieuw begrip", "new term", {"${1:new_term}": {**_SAID, **source, "holds": sample.condition}})],
        "values": [_new("nieuwe waarde", "new value", {"${1:new_value}": {
            **_SAID, **source, "value": f"{{later: {{than: {{fact: ${{5:{sample.day}}}}}, by: ${{6:3 months}}}}}}"}})],
        "eligibility": [_new("nieuw besluit", "new decision", {"${1:new_decision}": {
            "nl": "${5:Waar het om gaat}", "en": "${6:What it is about}",
            "requires": {"${7:new_requirement}": requirement}}})],
        "requires": [_new("nieuwe eis", "new requirement", {"${1:new_requirement}": requirement})],
        "costs": [_new("nieuwe offerte", "new quote", {"${1:new_quote}": {
            "nl": "${5:Waarvan de kosten zijn}", "en": "${6:What it is the cost of}",
            "lines": {"${7:new_line}": line}}})],
        "lines": [_new("nieuwe regel", "new line", {"${1:new_line}": line})],
        "instalments": [_new("in twee delen", "in two instalments", {
            "${1:first}": {**_SAID, **source, "percent": "50", "odd_cent": "^true"},
            "${5:second}": {"nl": "${6:Hoe het heet}", "en": "${7:What it is called}", **source, "percent": "50"}})],
        "deadlines": [_new("nieuwe termijn", "new deadline", {"${1:new_deadline}": {
            **_SAID, **source, "until": f"{{later: {{than: {{fact: ${{5:{sample.day}}}}}, by: ${{6:3 months}}}}}}"}})],
        "compliance": [_new("nieuwe plicht", "new duty", {"${1:new_duty}": {
            "nl": "${2:Doe dit.}", "en": "${3:Do this.}", **source, "who": f"${{5:{sample.party}}}",
            "must": sample.condition}})],
        "conflicts": [_new("nieuwe strijdigheid", "new conflict", {"${1:new_conflict}": {
            "nl": "${2:De bronnen spreken elkaar tegen.}", "en": "${3:The sources contradict each other.}",
            "between": f"[${{4:{sample.statement}}}, ${{5:{sample.other_statement}}}]",
            "outcome": "${6|warn,unknown|}"}})],
        "notes": [
            _new("nieuwe notitie", "new note", {"${1:new_note}": {
                "kind": "${5|information,advice|}", **_SAID, **source}}),
            _new("nieuwe open norm", "new open norm", {"${1:new_note}": {
                "kind": "${5|open_norm,not_computable|}", **_SAID, **source,
                "reason": "{nl: ${6:Er is geen maatstaf.}, en: ${7:There is no measure.}}"}}),
        ],
        "claims": [_new("nieuwe bewering", "new claim", {"${1:new_claim}": {
            **_SENTENCE, **source, "exactly_one": f"[${{5:{sample.term}}}, ${{6:{sample.other_term}}}]"}})],
        "examples": [_new("nieuw voorbeeld", "new example", {"${1:new_example}": {
            "source": f"[${{2:{sample.statement}}}]", "why": "${3:Why the source gives this answer.}",
            "asked_on": "${4:2026-03-01}", "facts": "{}", "ask": sample.question, "expect": "{}"}})],
    }  # fmt: skip


def prices(sample: Sample) -> list[Snippet]:
    """The next value of an amount, from a later day on."""
    body = {"from": "${1:2027-01-01}", "value": "${2:445.00}", "vat": "${3|excluded,included,not_stated|}",
            "certainty": "exact", "source": f"[${{4:{sample.statement}}}]"}  # fmt: skip
    return [_new("nieuw bedrag vanaf een dag", "new amount from a day on", body)]


def prices_of(amounts: Mapping[str, Text]) -> list[Snippet]:
    """What a price is most often: one of the amounts, or a field of the row."""
    known = amounts or {"${1:name}": Text("een bedrag uit `amounts`", "an amount from `amounts`")}
    return [
        *(_value(f"{{amount: {name}}}", text) for name, text in known.items()),
        _value("{field: ${1:name}}", Text("een veld van de rij", "a field of the row")),
    ]


def days_of(sample: Sample) -> list[Snippet]:
    """What a day is most often: that of a fact, or so much before or after it."""
    fact = f"{{fact: ${{1:{sample.day}}}}}"
    return [
        _value(fact, Text("de dag van een feit", "the day of a fact")),
        _value(f"{{later: {{than: {fact}, by: ${{2:3 months}}}}}}", Text("zoveel later", "so much later")),
        _value(f"{{earlier: {{than: {fact}, by: ${{2:3 months}}}}}}", Text("zoveel eerder", "so much earlier")),
    ]


def _value(body: str, text: Text) -> Snippet:
    label = re.sub(r"\$\{[0-9]+:[^}]*\}", "…", body)
    return {"label": label, "description": f"{text.nl} / {text.en}", "markdownDescription": f"{text.nl} / {text.en}",
            "body": body}  # fmt: skip


def statements() -> list[Snippet]:
    """The new entries of a catalogue."""
    body = {
        "kind": "${2|information,eligibility,cost,deadline,compliance,entitlement,process|}",
        "heading": "${3:De kop op de pagina}",
        "nl": "${4:Wat de bron zegt.}",
        "en": "${5:What the source says.}",
    }
    left_open = {"open": [{"nl": "${6:Wat openblijft en hoe het wordt gelezen.}",
                           "en": "${7:What is left open and how it is read.}"}]}  # fmt: skip
    return [
        _new("nieuwe uitspraak", "new statement", {"${1:NEW-01}": body}),
        _new("nieuwe uitspraak, met een gat", "new statement, with a gap", {"${1:NEW-01}": {**body, **left_open}}),
    ]


def whole(kind: str, policy: str = "", ids: tuple[str, ...] = ()) -> list[Snippet]:
    """
    A whole starting file, the one that `trainingrules new` makes, for in an empty file: ``policy``, ``statements`` or
    ``examples``.

    It is called as its file is, which an editor that knows the name fills in; with the ids of a catalogue it cites
    those, as far as there are.
    """
    text = (resources.files("trainingrules") / "starter" / f"{kind}.yaml").read_text(encoding="utf-8")
    text = re.sub(r"\A(#[^\n]*\n)+", "", text).replace("\\", "\\\\").replace("$", "\\$")
    for number, own in enumerate(ids, 1):
        text = text.replace(f"NEW-{number:02}", own)
    called = {
        "policy": ("een heel beleid", "a whole policy"),
        "statements": ("een hele catalogus", "a whole catalogue"),
        "examples": ("een heel bestand voorbeelden", "a whole file of examples"),
    }
    return [_new(*called[kind], text.replace("new_policy", f"${{TM_FILENAME_BASE:{policy or 'new_policy'}}}"))]
