"""JSON Schema of the language, built from the vocabulary of kinds, operators and forms."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any

from trainingrules.diagnostics import Diagnostic, Edit, did_you_mean, meant, one_of, shown
from trainingrules.document import Document, Path
from trainingrules.kinds import (
    DATE_PATTERN,
    DAYS,
    DURATION_UNITS,
    KINDS,
    MOMENT_PATTERN,
    NUMBERS,
    RECORDS,
    RECORDS_DOC,
    Shape,
    ask,
)
from trainingrules.notations import meanings
from trainingrules.operators import FORMS, OPERATORS, Operator, operators_of
from trainingrules.schema_docs import CHOICES, DOCS, ENTRIES, FORM_TITLES, Doc, doc_of
from trainingrules.snippets import Sample, days_of, entries, prices, prices_of, statements, whole
from trainingrules.wording import FINGERPRINT_PATTERN
from trainingrules.words import Text

Schema = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
NAME_PATTERN = r"^[a-z][a-z0-9_]{0,63}$"
ID_PATTERN = r"^[A-Z]{1,6}-[0-9]{1,4}$"
PERIOD_PATTERN = r"^[0-9]{1,4} (year|month|week|day|hour)s?$"
STATEMENT_KINDS = ("eligibility", "cost", "deadline", "compliance", "entitlement", "process", "information")
NOTE_KINDS = ("information", "advice", "open_norm", "not_computable")
# What a file of examples may expect of an answer.
_ALWAYS = ("missing", "warnings", "outside", "refused")
ANSWERS: Mapping[str, tuple[str, ...]] = {
    "eligibility": ("verdict", "violated", "failed", "silent", "contested", *_ALWAYS),
    "cost": ("total", "at_least", "at_most", "complete", "certainty", "by_vat", "lines", "lacking", "presumed",
             "instalments", "due", "contested", "in_force", *_ALWAYS),
    "deadline": ("state", "from", "until", "certainty", "against_advice", "contested", "in_force", *_ALWAYS),
    "compliance": ("status", "until", "contested", *_ALWAYS),
    "note": ("value", "applies", *_ALWAYS),
}  # fmt: skip
# Faults of shape past this number are not looked for.
MOST_FAULTS, TOO_MANY = 1_000, "too-many-faults"
# What marks the operators after a fact, for the words of a fault.
CHECK = "operators"
FIELD_KINDS = tuple(kind for kind in KINDS if kind != "row")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a condition may begin with: what it is called, its sort, and its shape; none means that rows are counted."""

    text: Text
    sort: str
    shape: Shape | None


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one policy with what each is called, for a schema in which an editor completes them.

    ``given`` holds the schema of each fact as a file of examples gives it.
    """

    policy: str
    subjects: Mapping[str, Subject] = field(default_factory=dict)
    facts: Mapping[str, Text] = field(default_factory=dict)
    days: Mapping[str, Text] = field(default_factory=dict)
    fields: Mapping[str, Text] = field(default_factory=dict)
    amounts: Mapping[str, Text] = field(default_factory=dict)
    deadlines: Mapping[str, Text] = field(default_factory=dict)
    terms: Mapping[str, Text] = field(default_factory=dict)
    decisions: Mapping[str, Text] = field(default_factory=dict)
    quotes: Mapping[str, Text] = field(default_factory=dict)
    duties: Mapping[str, Text] = field(default_factory=dict)
    notes: Mapping[str, Text] = field(default_factory=dict)
    tables: Mapping[str, Text] = field(default_factory=dict)
    records: Mapping[str, Text] = field(default_factory=dict)
    row_facts: Mapping[str, Text] = field(default_factory=dict)
    cycles: Mapping[str, Text] = field(default_factory=dict)
    parties: Mapping[str, Text] = field(default_factory=dict)
    statements: Mapping[str, Text] = field(default_factory=dict)
    given: Mapping[str, Schema] = field(default_factory=dict)
    sample: Sample = field(default_factory=Sample)


NO_NAMES = Names("")


# --- words for an editor to show ---


def in_both(text: Text) -> str:
    """The Dutch and the English, on one line."""
    return text.nl if text.nl == text.en else f"{text.nl} / {text.en}"


def told(title: Text, text: Text) -> Schema:
    """A title and an explanation, as an editor shows them: the Dutch, and below it the English."""
    both_told = f"{text.nl}\n\n{text.en}"
    return {"title": in_both(title), "description": both_told, "markdownDescription": both_told}


def _told(doc: Doc) -> Schema:
    return told(doc.title, doc.text)


def entry(name: str) -> Schema:
    """What an entry under a name of the author's own is called and means."""
    return _told(ENTRIES[name])


def described(place: str, key: str, schema: Schema) -> Schema:
    """The schema of a key at a place, with its explanation for an editor to show."""
    return {**schema, **_told(doc_of(place, key))}


def wrong(text: Text) -> Schema:
    """Our own message of an editor, where a value is not as it must be."""
    return {"patternErrorMessage": in_both(text), "errorMessage": in_both(text)}


# --- parts ---


def mapping(place: str, required: Iterable[str] = (), optional: Iterable[str] = (), **schemas: Schema) -> Schema:
    """A closed mapping: these keys and no others, the required ones present."""
    needed = tuple(required)
    names = (*needed, *optional)
    return {
        **(entry(place) if place in ENTRIES else {}),
        "type": "object",
        "properties": {name: described(place, name, schemas.get(name, TEXT)) for name in names},
        "required": list(needed),
        "additionalProperties": False,
    }


def named(inside: Schema, least: int = 0) -> Schema:
    """A mapping from names of the author's own to entries."""
    return {
        "type": "object",
        "propertyNames": NAME,
        "additionalProperties": inside,
        "minProperties": least,
    }


def listed(inside: Schema, least: int = 1) -> Schema:
    """A list of entries."""
    return {"type": "array", "items": inside, "minItems": least}


def ref(name: str) -> Schema:
    """A reference to a definition of the same schema."""
    return {"$ref": f"#/$defs/{name}"}


def _patterned(*patterns: str, **message: Text) -> Schema:
    pattern = patterns[0] if len(patterns) == 1 else f"^({'|'.join(one.strip('^$') for one in patterns)})$"
    return {"pattern": pattern, **wrong(message["wrong"])}


NOT_A_DAY = Text("Geen dag: schrijf bijvoorbeeld 2026-01-31.", "Not a day: write 2026-01-31, for instance.")
NOT_A_MOMENT = Text("Geen dag of tijdstip: schrijf 2026-01-31 of 2026-01-31T09:30:00+01:00.",
                    "Not a day or moment: write 2026-01-31 or 2026-01-31T09:30:00+01:00.")  # fmt: skip
NOT_A_PERIOD = Text("Geen duur: schrijf bijvoorbeeld `3 months`, `1 year`, `2 weeks`, `10 days` of `48 hours`.",
                    "Not a period: write `3 months`, `1 year`, `2 weeks`, `10 days` or `48 hours`.")  # fmt: skip
NOT_AN_AMOUNT = Text(
    "Geen bedrag: alleen cijfers, met een punt voor de centen, zoals 445.00; of `not_stated`.",
    "Not an amount: digits only, with a point before the cents, as in 445.00; or `not_stated`.",
)
NOT_A_NUMBER = Text(
    "Geen getal: schrijf alleen cijfers, zoals 3 of 7.5.", "Not a number: write digits only, as in 3 or 7.5."
)
NOT_A_PRICE = Text(
    "Een bedrag staat in `amounts`, met zijn dag, btw en bron: schrijf hier `{amount: naam}`.",
    "An amount stands in `amounts`, with its day, VAT and source: write `{amount: name}` here.",
)
NOT_A_NAME = Text("Geen naam: kleine letters, cijfers en _, beginnend met een letter, hoogstens 64.",
                  "Not a name: small letters, digits and _, beginning with a letter, at most 64.")  # fmt: skip
NOT_AN_ID = Text("Geen nummer van een uitspraak: dat ziet eruit als CAL-01.",
                 "Not the id of a statement: one looks like CAL-01.")  # fmt: skip
NOT_A_TEXT = Text("Hier hoort een tekst; zet haar zo nodig tussen aanhalingstekens.",
                  "A text is expected here; put it in quotes if need be.")  # fmt: skip
NOT_A_TRUTH = Text("Hier hoort `true` of `false`.", "`true` or `false` is expected here.")
NEWLY = Text("Is de naam nieuw? Vernieuw het schema: `trainingrules schema BELEID --write`.",
             "Is the name new? Renew the schema: `trainingrules schema POLICY --write`.")  # fmt: skip
NOT_A_SUBJECT = Text(f"Geen feit, veld, begrip, waarde of tabel van dit beleid. {NEWLY.nl}",
                     f"Not a fact, field, term, value or table of this policy. {NEWLY.en}")  # fmt: skip
NOT_A_STATEMENT = Text("Deze uitspraak staat niet in de catalogus. "
                       f"{NEWLY.nl.replace('de naam', 'zij')}",
                       f"This statement is not in the catalogue. {NEWLY.en.replace('the name', 'it')}")  # fmt: skip

TEXT: Schema = {"type": "string", "minLength": 1, **wrong(NOT_A_TEXT)}
BOOLEAN: Schema = {"type": "boolean", **wrong(NOT_A_TRUTH)}
POSITIVE: Schema = {"type": "integer", "minimum": 1}
SCALAR: Schema = {"type": ["string", "number", "boolean"]}
DATE: Schema = {"type": "string", **_patterned(DATE_PATTERN, wrong=NOT_A_DAY)}
PERIOD: Schema = {"type": "string", **_patterned(PERIOD_PATTERN, wrong=NOT_A_PERIOD)}
NAME: Schema = {"type": "string", "title": in_both(Text("eigen naam", "name of your own")),
                **_patterned(NAME_PATTERN, wrong=NOT_A_NAME)}  # fmt: skip
ID: Schema = {"type": "string", **_patterned(ID_PATTERN, wrong=NOT_AN_ID)}
STATED_NUMBER: Schema = {"type": ["number", "string"]}
UNSTATED = "^not_stated$"


def _chosen(key: str, *words: str | int) -> Schema:
    """One of several words, each explained."""
    told_of = [in_both(CHOICES[f"{key}.{word}"]) for word in words]
    return {"enum": list(words), "enumDescriptions": told_of, "errorMessage": in_both(_not_one_of(words))}


def _not_one_of(options: Iterable[str | int]) -> Text:
    known = ", ".join(map(str, options))
    return Text(f"Kies uit: {known}.", f"Choose from: {known}.")


VAT = _chosen("vat", "excluded", "included", "not_stated")
CERTAINTY = _chosen("certainty", "exact", "average", "indication", "approximate")
UNIT = _chosen("unit", *DURATION_UNITS)


def _kinds(*kinds: str) -> Schema:
    docs = {name: kind.doc for name, kind in KINDS.items()} | {RECORDS: RECORDS_DOC}
    return {"enum": list(kinds), "enumDescriptions": [in_both(docs[kind]) for kind in kinds],
            "errorMessage": in_both(_not_one_of(kinds))}  # fmt: skip


def _name(known: Mapping[str, Text]) -> Schema:
    if not known:
        return NAME
    one_of_these = Text(f"Deze naam is hier niet bekend. {NEWLY.nl}", f"This name is not known here. {NEWLY.en}")
    return {"type": "string", "enum": list(known), "enumDescriptions": [in_both(text) for text in known.values()],
            "errorMessage": in_both(one_of_these)}  # fmt: skip


# --- conditions and values ---


def _option_list(options: Mapping[str, Text]) -> Schema:
    return {"type": "string", "enum": list(options), "enumDescriptions": [in_both(one) for one in options.values()],
            "errorMessage": in_both(_not_one_of(options))}  # fmt: skip


def _literal(shape: Shape) -> Schema:
    """How a value of a fact's own kind is written out; in its place may stand a form, which is a mapping."""
    if shape.options:
        return {
            "type": ["string", "object"],
            **_patterned(*shape.options, UNSTATED, wrong=_not_one_of(shape.options)),
            "defaultSnippets": [{"label": name, "description": in_both(label), "markdownDescription": in_both(label),
                                 "body": name} for name, label in shape.options.items()],
        }  # fmt: skip
    if shape.kind == "boolean":
        return {"type": ["boolean", "object"], **wrong(NOT_A_TRUTH)}
    if shape.kind in DAYS:
        return {"type": ["string", "object"],
                **_patterned(DATE_PATTERN, MOMENT_PATTERN, UNSTATED,
                             wrong=NOT_A_DAY if shape.kind == "date" else NOT_A_MOMENT)}  # fmt: skip
    if shape.kind == "duration":
        return {"type": ["string", "integer", "object"], **_patterned(PERIOD_PATTERN, UNSTATED, wrong=NOT_A_PERIOD)}
    if shape.kind in NUMBERS or shape.kind == "money":
        return {"type": ["number", "string", "object"],
                **_patterned(UNSTATED, wrong=NOT_AN_AMOUNT if shape.kind == "money" else NOT_A_NUMBER)}  # fmt: skip
    return {"type": ["string", "object"], **wrong(NOT_A_TEXT)}


def _operand(operator: Operator, shape: Shape | None, names: Names) -> Schema:
    if operator.operand == "boolean":
        return BOOLEAN
    if operator.operand == "cycle":
        return _name(names.cycles)
    if operator.operand == "several":
        return listed(_option_list(shape.options) if shape and shape.options else SCALAR)
    if shape is None:
        return ref("value")
    return {**_literal(shape), **FORMED}


def _operator(operator: Operator, schema: Schema, shape: Shape | None = None) -> Schema:
    said = told(operator.says.fill(fact="…", operand="…"), operator.doc)
    if operator.operand == "boolean":
        said["title"] = in_both(Text("Is er, of is er niet", "Is there, or is not"))
    if shape and shape.options:
        options = "\n".join(f"- `{name}`: {in_both(label)}" for name, label in shape.options.items())
        said["markdownDescription"] += f"\n\n{options}"
    return {**schema, **said}


def _check(operators: Iterable[Operator], shape: Shape | None, names: Names, *, rows: bool = False) -> Schema:
    known = tuple(operators)
    properties = {operator.name: _operator(operator, _operand(operator, shape, names), shape) for operator in known}
    if rows:
        properties["where"] = described("check", "where", ref("condition"))
    fitting = ", ".join(properties)
    return {
        "$comment": CHECK, "type": "object", "properties": properties, "additionalProperties": False,
        "minProperties": 1,
        "errorMessage": in_both(Text(f"Hier hoort een bewerking: {fitting}.", f"An operator is expected: {fitting}.")),
    }  # fmt: skip


def _joined() -> dict[str, Schema]:
    return {"any": described("condition", "any", listed(ref("condition"))),
            "not": described("condition", "not", ref("condition"))}  # fmt: skip


def _conditions(names: Names) -> dict[str, Schema]:
    """The definition of a condition, and those of the operators after each sort of fact."""
    if not names.subjects:
        any_check = _check(OPERATORS.values(), None, names, rows=True)
        return {"condition": {"type": "object", "properties": _joined(), "additionalProperties": any_check,
                              "minProperties": 1}}  # fmt: skip
    checks: dict[str, Schema] = {}
    properties = _joined()
    for name, subject in names.subjects.items():
        shape = subject.shape
        if shape is None:
            called, schema = "rows", _check(operators_of("integer"), Shape("integer"), names, rows=True)
        else:
            # Facts of one kind share their operators; those with options have their own.
            called = f"{shape.kind}_{name}" if shape.options else shape.kind
            schema = _check(operators_of(shape.kind, ordered=shape.ordered), shape, names)
        if subject.sort == "term":
            called, schema = "term", _check([OPERATORS["is"]], shape, names)
            schema["properties"]["is"] = _operator(OPERATORS["is"], BOOLEAN)
        checks[f"check_{called}"] = schema
        properties[name] = {**told(subject.text, _meaning(subject)), **ref(f"check_{called}")}
    condition = {
        "type": "object", "properties": properties, "additionalProperties": False, "minProperties": 1,
        "errorMessage": in_both(NOT_A_SUBJECT),
    }  # fmt: skip
    return {"condition": condition, **checks}


def _meaning(subject: Subject) -> Text:
    """What an editor tells of a name besides what it is called: its sort, and the question it stands for."""
    sort = ENTRIES[subject.sort].text
    if subject.sort in ("fact", "column") and subject.shape is not None:
        return ask(subject.text, subject.shape)
    return sort


def _forms(names: Names, places: Mapping[str, Schema]) -> Schema:
    """The forms of a value, and what stands in each; ``places`` says what a day and a length are."""
    refers = {"fact": names.facts, "field": names.fields, "amount": names.amounts, "deadline": names.deadlines}
    keys: dict[str, Schema] = {
        "than": places["day"],
        "by": places["length"],
        "percent": {"type": "number", **wrong(NOT_A_NUMBER)},
        "day": _chosen("day", "first", "last", "expiry"),
        "keeping": _name(names.deadlines),
        "where": ref("condition"),
    }
    inside = {
        "cycle_day": {"of": _name(names.cycles)},
        "earliest": {"of": _name(names.days)},
        "share": {"of": ref("value")},
        "sum": {"of": _name({**names.tables, **names.records}), "field": _name(names.fields)},
    }
    properties: Schema = {}
    for form in FORMS.values():
        if form.takes == "name":
            schema = _name(refers[form.names])
        elif form.takes == "list":
            schema = listed(ref("value"), 2)
        else:
            schema = mapping(form.name, form.keys, form.optional, **{**keys, **inside.get(form.name, {})})
        properties[form.name] = {**schema, **told(FORM_TITLES[form.name], form.doc)}
    return {"properties": properties, "additionalProperties": False, "minProperties": 1}


VALUE: Schema = {"type": ["string", "number", "boolean", "object"]}
ONE_KEY: Schema = {"maxProperties": 1}
# `ONE_KEY` beside the keys would keep an editor from completing the first of them; apart from them it does not.
FORMED: Schema = {"allOf": [ref("forms"), ONE_KEY]}


def _places(names: Names, *, editor: bool) -> dict[str, Schema]:
    """What a value may be at each sort of place; only an editor is told more than that it is a value."""
    length: Schema = {"type": ["string", "object"]}
    if not editor:
        plain = dict.fromkeys(("price", "times", "day", "until"), ref("value"))
        return {**plain, "length": {**length, **ref("length_forms")}}
    day: Schema = {"type": ["string", "object"], **FORMED, "defaultSnippets": days_of(names.sample)}
    days = (DATE_PATTERN, MOMENT_PATTERN, UNSTATED)
    return {
        "price": {"type": ["string", "object"], **FORMED, **_patterned(UNSTATED, wrong=NOT_A_PRICE),
                  "defaultSnippets": prices_of(names.amounts)},
        "times": {"type": ["number", "string", "object"], **FORMED, **_patterned(UNSTATED, wrong=NOT_A_NUMBER)},
        "day": {**day, **_patterned(*days, wrong=NOT_A_DAY)},
        "until": {**day, **_patterned(*days, "none", wrong=NOT_A_DAY)},
        "length": {**length, **_patterned(PERIOD_PATTERN, UNSTATED, wrong=NOT_A_PERIOD),
                   "allOf": [ref("length_forms"), ONE_KEY]},
    }  # fmt: skip


def _length_forms(names: Names) -> Schema:
    refers = {"fact": names.facts, "field": names.fields}
    properties = {form: {**_name(known), **told(FORM_TITLES[form], FORMS[form].doc)} for form, known in refers.items()}
    return {"properties": properties, "additionalProperties": False, "minProperties": 1}


# --- whole files ---

LABEL: Schema = mapping("label", ("nl", "en"))
OPTIONS: Schema = named(LABEL, 1)
BOUNDS = {"at_least": STATED_NUMBER, "at_most": STATED_NUMBER}


def _field_schema() -> Schema:
    return mapping(
        "column",
        ("kind", "nl", "en"),
        ("unit", "ordered", "options", "at_least", "at_most", "vat", "certainty"),
        kind=_kinds(*FIELD_KINDS), unit=UNIT, ordered=BOOLEAN,
        options=OPTIONS, vat=VAT, certainty=CERTAINTY, **BOUNDS,
    )  # fmt: skip


def _row_schema() -> Schema:
    # Besides its own keys a row gives the fields its table declares; reading.py holds it against those.
    cell: Schema = {"type": ["string", "number", "boolean", "array", "object"], "additionalProperties": False,
                    "properties": {"between": described("cell", "between", listed(SCALAR, 2))}}  # fmt: skip
    return {
        **entry("table_row"),
        "type": "object",
        "properties": {name: described("table_row", name, schema) for name, schema in
                       {"nl": TEXT, "en": TEXT, "source": ref("source")}.items()},
        "required": ["nl", "en", "source"],
        "additionalProperties": cell,
    }  # fmt: skip


def policy_schema(names: Names = NO_NAMES, *, editor: bool = False) -> Schema:
    """
    The schema of a policy; with names, these are the only ones.

    That for an editor is stricter where it takes no more than the text (a word for an amount is marked as it is
    typed), and holds what an editor offers to insert. What a policy is held against leaves that to the reading, which
    says more.

    >>> policy_schema()["title"]
    'Een beleid / A policy'
    """
    ids: Schema = ID
    if names.statements:
        ids = {"type": "string", "enum": list(names.statements),
               "enumDescriptions": [in_both(text) for text in names.statements.values()],
               "errorMessage": in_both(NOT_A_STATEMENT)}  # fmt: skip
    amount = {**STATED_NUMBER, **_patterned(UNSTATED, wrong=NOT_AN_AMOUNT)} if editor else STATED_NUMBER
    condition, value, places = ref("condition"), ref("value"), _places(names, editor=editor)
    row_source = _name({**names.tables, **names.records})
    scope: dict[str, Schema] = {
        "for_each": row_source, "for_row": _name(names.row_facts), "per": _name(names.cycles)}  # fmt: skip
    sentence = {"nl": TEXT, "en": TEXT, "source": ref("source")}
    said = ("nl", "en", "source")
    remark = mapping("remark", said, **sentence)

    fact = mapping(
        "fact",
        ("kind", "nl", "en"),
        ("per", "unit", "ordered", "options", "of", "at_least", "at_most", "dated", "fields"),
        kind=_kinds(*KINDS, RECORDS), per=_name({**names.tables, **names.cycles}),
        unit=UNIT, ordered=BOOLEAN, options=OPTIONS, of=_name(names.tables),
        dated=NAME, fields=named(_field_schema(), 1), **BOUNDS,
    )  # fmt: skip
    requirement = mapping(
        "requirement", said, ("for_each", "for_row", "per", "when", "must", "should", "if_not", "remedy"),
        when=condition, must=condition, should=condition, if_not=_chosen("if_not", "not_stated"), remedy=remark,
        **scope, **sentence,
    )  # fmt: skip
    line = mapping(
        "line", (*said, "price"), ("for_each", "for_row", "per", "when", "times", "instead", "effect"),
        price=places["price"], times=places["times"], when=condition, effect=_chosen("effect", "reduces"),
        instead=listed(mapping("instead", ("when", "price"), when=condition, price=places["price"])),
        **scope, **sentence,
    )  # fmt: skip
    instalment = mapping(
        "instalment", (*said, "percent"), ("odd_cent", "due"), percent={"type": "number", **wrong(NOT_A_NUMBER)},
        odd_cent=BOOLEAN, due=places["day"], **sentence,
    )  # fmt: skip
    deadline = mapping(
        "deadline", said, ("for_each", "for_row", "per", "when", "act", "from", "until", "certainty", "should"),
        when=condition, should=condition, act=_name(names.days), until=places["until"],
        certainty=CERTAINTY, **{"from": places["day"]}, **scope, **sentence,
    )  # fmt: skip
    duty = mapping(
        "duty", (*said, "who"), ("for_each", "for_row", "per", "when", "must", "should"),
        who=_name(names.parties), when=condition, must=condition, should=condition, **scope, **sentence,
    )  # fmt: skip
    note = mapping(
        "note", (*said, "kind"), ("for_each", "for_row", "when", "value", "reason"), kind=_chosen("note", *NOTE_KINDS),
        when=condition, value=value, reason=LABEL, **scope, **sentence,
    )  # fmt: skip
    price = mapping("amount", ("from", "value", "vat", "certainty", "source"), value=amount, vat=VAT,
                    certainty=CERTAINTY, source=ref("source"), **{"from": DATE})  # fmt: skip
    counts = ("exactly_one", "at_least_one", "at_most_one")
    sections: dict[str, Schema] = {
        "parties": named(LABEL), "facts": named(fact),
        "contradictions": named(mapping("contradiction", ("nl", "en", "never"), ("for_each",), never=condition,
                                        for_each=row_source)),
        "readings": named(mapping("reading", (*said, "chosen", "options"), options=OPTIONS, **sentence)),
        "amounts": named({**listed(price), **entry("prices")}),
        "tables": named(mapping("table", ("nl", "en", "fields", "rows"), fields=named(_field_schema()),
                                rows=named(_row_schema(), 1))),
        "cycles": named(mapping("cycle", (*said, "starts", "every"), ("rounds",), starts=_name(names.days),
                                every=PERIOD, rounds=POSITIVE, **sentence)),
        "terms": named(mapping("term", (*said, "holds"), holds=condition, **sentence)),
        "values": named(mapping("named_value", (*said, "value"), value=value, **sentence)),
        "eligibility": named(mapping(
            "decision", ("nl", "en", "requires"), ("judged_on", "builds_on", "subject_to", "source"),
            requires=named(requirement), judged_on=_name(names.days), builds_on=listed(_name(names.decisions)),
            subject_to=remark, source=ref("source"))),
        "costs": named(mapping(
            "quote", ("nl", "en", "lines"), ("judged_on", "presume", "instalments"), lines=named(line, 1),
            instalments=named(instalment, 1), judged_on=_name(names.days),
            presume={"type": "object", "additionalProperties": SCALAR, "minProperties": 1})),
        "deadlines": named(deadline), "compliance": named(duty),
        "conflicts": named(mapping("conflict", ("nl", "en", "between", "outcome"), between=listed(ID, 2),
                                   outcome=_chosen("outcome", "unknown", "warn"))),
        "notes": named(note),
        "claims": named(mapping("claim", said, ("when", *counts), when=condition, **sentence,
                                **dict.fromkeys(counts, listed(_name(names.terms), 2)))),
    }  # fmt: skip
    root = mapping(
        "policy",
        ("language", "policy", "title", "edition", "in_force", "conventions", "statements", "facts"),
        ("parties", "contradictions", "readings", "amounts", "tables", "cycles", "terms", "values", "eligibility",
         "costs", "deadlines", "compliance", "conflicts", "notes", "claims"),
        language=_chosen("language", 1),
        policy=NAME,
        title=LABEL,
        edition={"type": ["integer", "string"]},
        in_force=mapping("in_force", ("outside", "source"), ("from", "until"), until=DATE,
                         outside=_chosen("outside", "warn", "refuse"), source=ref("source"), **{"from": DATE}),
        conventions=mapping("conventions", ("zone", "month_end", "currency", "cent"),
                            month_end=_chosen("month_end", "last_day", "next_day", "refuse"),
                            currency=_chosen("currency", "EUR"),
                            cent=_chosen("cent", "half_up", "half_even", "down", "up")),
        **sections,
    )  # fmt: skip
    forms, length_forms = _forms(names, places), _length_forms(names)
    definitions = {"source": {**listed(ids), "uniqueItems": True}, **_conditions(names)}
    if editor:
        definitions |= {"value": {**VALUE, **FORMED}, "forms": forms, "length_forms": length_forms}
        _offer(root, names)
    else:
        definitions |= {"value": {**VALUE, **forms, **ONE_KEY}, "length_forms": {**length_forms, **ONE_KEY}}
    return {"$schema": DRAFT, **root, "$defs": definitions}


def _offer(root: Schema, names: Names) -> None:
    """Give each section of the schema of a policy the new entries that an editor offers to insert."""
    offered = entries(names.sample)
    sections = root["properties"]
    decision, quote = (sections[name]["additionalProperties"]["properties"] for name in ("eligibility", "costs"))
    places = {
        **sections,
        "requires": decision["requires"],
        "lines": quote["lines"],
        "instalments": quote["instalments"],
    }
    for name, found in offered.items():
        if name in places:
            places[name]["defaultSnippets"] = found
    sections["amounts"]["additionalProperties"]["defaultSnippets"] = prices(names.sample)
    root["defaultSnippets"] = whole("policy", names.policy, tuple(names.statements))


def statements_schema(*, editor: bool = False) -> Schema:
    """The schema of a catalogue of statements; for an editor, with what it offers to insert."""
    left_open = mapping("open", ("nl", "en"))
    statement = mapping(
        "statement", ("kind", "heading", "nl", "en"), ("bullet", "open"), kind=_chosen("statement", *STATEMENT_KINDS),
        bullet=POSITIVE, open=listed(left_open),
    )  # fmt: skip
    found: Schema = {
        "type": "object",
        "propertyNames": {**ID, "title": in_both(Text("nummer", "id"))},
        "additionalProperties": statement,
        "minProperties": 1,
    }
    root = mapping("catalogue", ("statements", "document", "entries"), document=LABEL, entries=found)
    if editor:
        root["properties"]["entries"]["defaultSnippets"] = statements()
        root["defaultSnippets"] = whole("statements")
    return {"$schema": DRAFT, **root}


def examples_schema(names: Names = NO_NAMES, *, editor: bool = False) -> Schema:
    """The schema of a file of examples; for an editor it is stricter, and holds what one offers to insert."""
    ids: Schema = ID
    if names.statements:
        ids = {"type": "string", "enum": list(names.statements),
               "enumDescriptions": [in_both(text) for text in names.statements.values()],
               "errorMessage": in_both(NOT_A_STATEMENT)}  # fmt: skip
    facts: Schema = {"type": "object"}
    if names.given:
        facts |= {"properties": dict(names.given), "additionalProperties": False,
                  "errorMessage": in_both(NOT_A_SUBJECT)}  # fmt: skip
    questions = {"eligibility": names.decisions, "cost": names.quotes, "deadline": names.deadlines,
                 "compliance": names.duties, "note": names.notes}  # fmt: skip
    if names.duties:
        questions["compliance"] = {**names.duties, "overall": Text("alle plichten samen", "all duties together")}
    expect: Schema = {"type": "object"}
    if editor:
        told_of = dict.fromkeys(key for keys in ANSWERS.values() for key in keys)
        expect |= {"properties": {key: described("expect", key, {}) for key in told_of}, "additionalProperties": False}
    example = mapping(
        "example", ("source", "why", "asked_on", "facts", "ask", "expect"), source=ref("source"), facts=facts,
        expect=expect,
        asked_on={"type": "string", **_patterned(DATE_PATTERN, MOMENT_PATTERN, wrong=NOT_A_MOMENT)} if editor else TEXT,
        ask=mapping("ask", (), (*questions, "cycles", "cycle", "row", "party"),
                    cycles=listed(POSITIVE), cycle=POSITIVE, row={"type": ["string", "integer"]},
                    **{key: _name(known) if editor else TEXT for key, known in questions.items()},
                    **({"party": _name(names.parties)} if editor else {})),
    )  # fmt: skip
    root = mapping(
        "example_file",
        ("policy", "examples"),
        ("equivalent",),
        examples=named(example, 1),
        equivalent={"type": "object", "additionalProperties": TEXT, "minProperties": 1},
    )
    if editor:
        root["properties"]["examples"]["defaultSnippets"] = entries(names.sample)["examples"]
        root["defaultSnippets"] = whole("examples", names.policy, tuple(names.statements))
    return {"$schema": DRAFT, **root, "$defs": {"source": listed(ids)}}


# --- faults, in our words ---

_EXPECTED = {
    "object": "a mapping of keys", "array": "a list", "string": "a text", "number": "a number",
    "integer": "a whole number", "boolean": "`true` or `false`", "null": "`null`",
}  # fmt: skip
_PATTERNS = {
    DATE_PATTERN: ("not a day", "write it as 2026-01-31"),
    NAME_PATTERN: (
        "not a name",
        "a name has at most 64 small letters, digits and underscores, and begins with a letter",
    ),
    ID_PATTERN: ("not the id of a statement", "an id looks like CAL-01"),
    PERIOD_PATTERN: ("not a period", "write it as `3 months`, `1 year`, `2 weeks`, `10 days` or `48 hours`"),
    FINGERPRINT_PATTERN: ("not a fingerprint", "these are not written by hand: `trainingrules source` records them"),
}


# What authors write who are used to other notations.
_MEANT = {">=": "at_least", "=>": "at_least", "<=": "at_most", "=<": "at_most", ">": "more_than", "<": "less_than",
          "=": "is", "==": "is", "equals": "is", "equal": "is", "min": "at_least", "minimum": "at_least",
          "max": "at_most", "maximum": "at_most", "one_of": "in",
          # The words of the language are English; these are the Dutch ones that come to mind.
          "minstens": "at_least", "tenminste": "at_least", "ten_minste": "at_least", "minimaal": "at_least",
          "hoogstens": "at_most", "ten_hoogste": "at_most", "maximaal": "at_most", "meer_dan": "more_than",
          "minder_dan": "less_than", "voor": "before", "na": "after", "gelijk_aan": "is", "binnen": "within",
          "beleid": "policy", "titel": "title", "uitgave": "edition", "partijen": "parties", "feiten": "facts",
          "lezingen": "readings", "bedragen": "amounts", "tabellen": "tables", "rondes": "cycles", "begrippen": "terms",
          "waarden": "values", "kosten": "costs", "termijnen": "deadlines", "plichten": "compliance",
          "opmerkingen": "notes", "bron": "source", "soort": "kind", "eenheid": "unit", "opties": "options",
          "velden": "fields", "rijen": "rows", "moet": "must", "als": "when", "wanneer": "when", "prijs": "price",
          "btw": "vat", "vanaf": "from", "tot": "until", "wie": "who", "waarde": "value",
          "reden": "reason"}  # fmt: skip


def shape_faults(document: Document, schema: Schema) -> list[Diagnostic]:
    """Everything in the document that does not fit the schema, each at its place and in our words."""
    import jsonschema  # heavy, and only needed here
    import referencing

    def twice(validator: Any, wanted: bool, given: Any, _: Schema) -> Iterator[Any]:
        # The library's own takes quadratic time on a list of mixed kinds.
        texts = [one for one in given if isinstance(one, str)] if isinstance(given, list) else []
        if len(set(texts)) < len(texts):
            yield jsonschema.ValidationError("twice")

    extend: Any = jsonschema.validators.extend  # it has no types
    reader = extend(jsonschema.Draft202012Validator, {"uniqueItems": twice})
    # An explicit registry: otherwise references to files and hosts would be fetched.
    validator = reader(schema, registry=referencing.Registry())
    # The library gives them in an order that differs from run to run.
    errors = sorted(islice(validator.iter_errors(document.data), 20 * MOST_FAULTS),
                    key=lambda error: document.span(tuple(error.absolute_path)))  # fmt: skip
    strange = {tuple(error.absolute_path): _strange(error) for error in errors
               if error.validator == "additionalProperties"}  # fmt: skip
    worded = (
        fault for error in errors
        if not _follows(error, strange.get(tuple(error.absolute_path), []))
        for fault in _in_our_words(document, error)
    )  # fmt: skip
    faults = list(islice(worded, MOST_FAULTS))
    if len(faults) == MOST_FAULTS:
        faults.append(Diagnostic(TOO_MANY, "there are too many faults; the rest is not checked", faults[-1].span))
    return faults


def _strange(error: Any) -> list[str]:
    return [str(key) for key in error.instance if key not in error.schema.get("properties", {})]


def _follows(error: Any, strange: list[str]) -> bool:
    """Whether a key is missing because it is misspelt, or because the mapping stands where it does not belong."""
    if error.validator != "required":
        return False
    lacking = _lacking(error)
    if any(key in DOCS or _MEANT.get(key.lower()) == lacking for key in strange):
        return True
    return bool(did_you_mean(lacking, strange[:100]))


def _lacking(error: Any) -> str:
    said: str = error.message.split(" is a required")[0]
    return str(next(name for name in error.validator_value if f"'{name}'" in said))


def _in_our_words(document: Document, error: Any) -> Iterator[Diagnostic]:
    path: Path = tuple(error.absolute_path)
    keyword, wanted, given = error.validator, error.validator_value, error.instance
    # A fault in the name of a key carries the path of the mapping.
    named_key = "propertyNames" in error.absolute_schema_path
    place = (*path, given) if named_key else path
    if keyword == "additionalProperties":
        known = list(error.schema.get("properties", {}))
        home = _home(given) if path[:1] and path[0] in _sections() else None
        for key in given:
            if key not in known:
                if home is not None and key in home[1]:
                    yield document.fault("unknown-key", f"key {shown(key)} is not known here", (*path, key), key=True,
                                         help=f"these are the keys of what stands under `{home[0]}`: move it there, or "
                                         "see whether it is indented as it should be")  # fmt: skip
                    return  # the others are as much out of place
                free = [name for name in known if name not in given]
                instead = _MEANT.get(str(key).lower())
                instead = instead if instead in free else meant(key, free)
                yield document.fault(*_unknown(key, known, error.schema), (*path, key), help=_meant(key, known),
                                     key=True, edits=document.instead((*path, key), instead, key=True))  # fmt: skip
    elif keyword == "required":
        yield document.fault(*_missing(_lacking(error)), path, key=True, help=_added(_lacking(error), error.schema))
    elif keyword == "type":
        kinds = [wanted] if isinstance(wanted, str) else wanted
        if named_key:
            what, remedy = _PATTERNS[error.schema["pattern"]]
            yield document.fault("wrong-form", f"{shown(given)} is {what}", place, help=remedy, key=True)
            return
        expected = " or ".join(_EXPECTED[kind] for kind in kinds) if len(kinds) < 3 else "a value"
        yield document.fault("wrong-type", f"{expected} is expected here, not {_what(given)}", path,
                             help=_instead(given, kinds, error.schema),
                             edits=_retyped(document, path, given, kinds, error.schema))  # fmt: skip
    elif keyword == "enum":
        allowed = [str(option) for option in wanted]
        remedy = did_you_mean(given, allowed) or one_of(allowed)
        yield document.fault("unknown-option", f"{shown(given)} is not one of the options", path, help=remedy,
                             edits=document.instead(path, meant(given, allowed)))  # fmt: skip
    elif keyword == "pattern":
        what, remedy = _PATTERNS[wanted]
        written = _rewritten(given, wanted)
        if len(written) == 1:
            remedy = f"write `{written[0]}`"
        elif written:
            remedy = f"write `{written[0]}`, or `{written[1]}`: the year first, then the month"
        edits = document.instead(place, written[0], key=named_key) if len(written) == 1 else ()
        yield document.fault("wrong-form", f"{shown(given)} is {what}", place, help=remedy, key=named_key,
                             edits=edits)  # fmt: skip
    elif keyword in ("minProperties", "minItems", "minLength"):
        lacks = "something is expected here" if wanted == 1 else f"at least {wanted} are expected here"
        remedy = "fill it in; only a key that is not required can be left out"
        yield document.fault("empty", lacks, path, help=remedy)
    elif keyword == "maxProperties":
        remedy = "put each on its own, or combine them with `total`, `least` or `greatest`"
        yield document.fault("two-values", "exactly one key is expected here", path, help=remedy)
    elif keyword == "uniqueItems":
        yield document.fault("twice", "the same is listed twice", path, help="name each once")
    elif keyword == "minimum":
        yield document.fault("out-of-bounds", f"{shown(given)} is too small: at least {wanted}", path)
    else:  # pragma: no cover - a keyword this schema does not use
        raise AssertionError(f"no words for the keyword {keyword}")


def _unknown(key: object, known: list[str], schema: Schema) -> tuple[str, str]:
    if schema.get("$comment") == CHECK:
        return "unknown-operator", f"{shown(key)} is not an operator"
    return "unknown-key", f"key {shown(key)} is not known here"


def _meant(key: object, known: list[str]) -> str:
    meant = _MEANT.get(str(key).lower())
    if meant in known:
        return f"write `{meant}`"
    elsewhere = f"`{key}` belongs to another place: is this line indented as it should be? Here, "
    return did_you_mean(key, known) or (elsewhere if key in DOCS else "") + one_of(known)


@functools.cache
def _sections() -> Mapping[str, Mapping[str, Any]]:
    """The schema of what stands under a name of the author's own, by the section, or the key of an entry, above it."""
    root = policy_schema()["properties"]
    homes = {name: part["additionalProperties"] for name, part in root.items()
             if isinstance(part.get("additionalProperties"), dict)}  # fmt: skip
    for inside in ("requires", "lines", "instalments"):
        for home in list(homes.values()):
            if inside in home.get("properties", {}):
                homes[inside] = home["properties"][inside]["additionalProperties"]
    return {name: home for name, home in homes.items() if "properties" in home}


def _home(given: Mapping[object, object]) -> tuple[str, frozenset[str]] | None:
    """Where an entry with these keys belongs, and its keys, when there is one such place."""
    keys = {key for key in given if isinstance(key, str)}
    fits = [(name, frozenset(home["properties"])) for name, home in _sections().items()
            if set(home["required"]) <= keys <= set(home["properties"])]  # fmt: skip
    return fits[0] if len(fits) == 1 else None


def _added(key: str, schema: Schema) -> str:
    """How a key that is missing is added."""
    if key in ("nl", "en"):
        return f"add `{key}: ...`, the same in {'Dutch' if key == 'nl' else 'English'}"
    if key == "source":
        return "add `source: [...]` with the ids of the statements"
    told = schema.get("properties", {}).get(key, {})
    options = f": {one_of(map(str, told['enum']))}" if "enum" in told else ""
    return f"add `{key}: ...`{options}"


def _instead(given: object, kinds: list[str], schema: Schema) -> str:
    """How to write what was meant, where something of a wrong type stands."""
    if schema.get("pattern") in _PATTERNS and not isinstance(given, list | dict):
        return _PATTERNS[schema["pattern"]][1]
    if given is None:
        return "write `not_stated` where the source does not say; `exists: false` asks whether there is none"
    plain = shown(given).strip("`")
    if schema.get("$comment") == CHECK and not isinstance(given, list):
        return f"put an operator before it, such as `{{is: {plain}}}`" if plain else "put an operator before it"
    if isinstance(given, list) and "object" in kinds:
        return "write `key: value`, without `-` or square brackets"
    if isinstance(given, str) and "array" in kinds:
        return f"put it in square brackets: `[{plain}]`"
    if isinstance(given, dict) and "array" in kinds:
        return "begin each part with `- `"
    if kinds == ["string"] and (_is_number(given) or isinstance(given, bool)):
        return "put it in quotes"
    if kinds == ["string"] and isinstance(given, list) and len(given) == 1:
        return "leave out the brackets: one name is expected here"
    return ""


def _retyped(document: Document, path: Path, given: object, kinds: list[str], schema: Schema) -> tuple[Edit, ...]:
    """The edit that writes a value as the type it must be of, where only one thing can be meant."""
    text = ""
    if schema.get("pattern") in _PATTERNS and not isinstance(given, list):
        return ()
    if schema.get("$comment") == CHECK:
        text = f"{{is: {str(given).lower()}}}" if isinstance(given, bool) else ""
    elif isinstance(given, list) and kinds == ["string"] and len(given) == 1 and isinstance(given[0], str):
        text = document.written((*path, 0))
    elif isinstance(given, str) and kinds == ["array"] and re.fullmatch(r"[\w-]+(, ?[\w-]+)*", given):
        text = f"[{given}]"
    elif isinstance(given, str):
        kind = {"integer": "integer", "number": "percent", "boolean": "boolean"}.get(kinds[0]) if kinds else None
        text = next(iter(meanings(given, kind)), "") if kind and len(kinds) == 1 else ""
    elif (_is_number(given) or isinstance(given, bool)) and kinds == ["string"]:
        text = f'"{document.written(path)}"' if document.written(path) else ""
    return document.instead(path, text or None)


def _rewritten(given: object, pattern: str) -> list[str]:
    """What a text of another form may be meant to be."""
    if pattern == DATE_PATTERN:
        return meanings(given, "date")
    if pattern == PERIOD_PATTERN:
        return meanings(given, "duration")
    if pattern == ID_PATTERN and isinstance(given, str):
        bare = given.strip(" \t“”„‘’\"'")
        found = re.fullmatch(r"([A-Za-z]{1,6})[-_–— ]?([0-9]{1,4})", bare)
        if found:
            return [f"{found[1].upper()}-{found[2]}"]
        span = re.fullmatch(r"([A-Z]{1,6})-([0-9]{2}) *(?:t/m|tot en met|-|–|to) *(?:\1-)?([0-9]{2})", bare)
        if span and int(span[2]) < int(span[3]):
            return [", ".join(f"{span[1]}-{number:02}" for number in range(int(span[2]), int(span[3]) + 1))]
        return []
    return []


def _missing(key: str) -> tuple[str, str]:
    if key in ("nl", "en"):
        return (
            "missing-translation",
            f"`{key}` is missing: everything a person reads stands in Dutch and in English",
        )
    if key == "source":
        return "no-source", "`source` is missing: every rule cites the statements it rests on"
    return "missing-key", f"key `{key}` is missing"


def _what(given: object) -> str:
    if isinstance(given, str):
        return f"the text {shown(given)}"
    return f"the number {shown(given)}" if _is_number(given) else shown(given)


def _is_number(given: object) -> bool:
    return isinstance(given, int | Decimal) and not isinstance(given, bool)
