"""The schemas that are generated and committed: of the language, and of each policy, its facts and its examples."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from trainingrules.facts import MOST_ROWS
from trainingrules.kinds import DATE_PATTERN, DAYS, KINDS, MOMENT_PATTERN, RECORDS_DOC, Shape, ask
from trainingrules.loading import bundled, load
from trainingrules.policy import Fact, Policy, Price, Records, rows_holder
from trainingrules.schema import (
    DRAFT,
    NOT_A_DAY,
    NOT_A_MOMENT,
    NOT_A_NUMBER,
    NOT_A_PERIOD,
    NOT_A_TEXT,
    NOT_A_TRUTH,
    NOT_AN_AMOUNT,
    PERIOD_PATTERN,
    Names,
    Schema,
    Subject,
    examples_schema,
    in_both,
    policy_schema,
    statements_schema,
    told,
    wrong,
)
from trainingrules.schema_docs import ENTRIES
from trainingrules.snippets import Sample
from trainingrules.words import Language, Text, both, day_in_words, money_in_words

# A number from 1 to `MOST_ROUNDS`.
ROUND_PATTERN = "^([1-9][0-9]{0,3}|10000)$"


def names_of(policy: Policy) -> Names:
    """The names of a policy, for the schemas in which an editor completes them."""
    fields = {name: field for rows in (*policy.tables, *policy.records)
              for name, field in rows_holder(policy, rows).fields.items()}  # fmt: skip
    keys = {key: row.text for table in policy.tables.values() for key, row in table.rows.items()}
    subjects: dict[str, Subject] = {name: Subject(one.text, "fact", one.shape) for name, one in policy.facts.items()}
    subjects |= {name: Subject(one.text, "column", one.shape) for name, one in fields.items()}
    subjects |= {name: Subject(text, "counted", None) for name, text in _called(policy.records, policy.tables).items()}
    subjects |= {name: Subject(one.text, "term", Shape("boolean")) for name, one in policy.terms.items()}
    subjects |= {name: Subject(one.text, "named_value", one.shape)
                 for name, one in policy.values.items() if one.shape.kind}  # fmt: skip
    subjects |= {name: Subject(one.text, "reading", Shape("choice", options=one.options))
                 for name, one in policy.readings.items()}  # fmt: skip
    subjects |= {name: Subject(one.text, "cycle", Shape("integer")) for name, one in policy.cycles.items()}
    subjects["today"] = Subject(ENTRIES["today"].title, "today", Shape("date"))
    subjects["key"] = Subject(ENTRIES["key"].title, "key", Shape("row", options=keys))
    today = {"today": ENTRIES["today"].title}
    return Names(
        policy=policy.name,
        subjects=subjects,
        facts=_called(policy.facts, policy.values, policy.readings, policy.cycles) | today,
        days={name: one.text for name, one in policy.facts.items() if one.shape.kind in DAYS},
        fields=_called(fields) | {"key": ENTRIES["key"].title},
        amounts={name: _amount(prices) for name, prices in policy.amounts.items()},
        deadlines=_called(policy.deadlines),
        terms=_called(policy.terms),
        decisions=_called(policy.decisions),
        quotes=_called(policy.quotes),
        duties=_called(policy.duties),
        notes=_called(policy.notes),
        tables=_called(policy.tables),
        records=_called(policy.records),
        row_facts={name: one.text for name, one in policy.facts.items() if one.shape.kind == "row"},
        cycles=_called(policy.cycles),
        parties=policy.parties,
        statements=_called(policy.statements),
        given=_given(policy),
        sample=_sample(policy),
    )


def _called(*entries: Mapping[str, Any]) -> dict[str, Text]:
    return {name: one.text for some in entries for name, one in some.items()}


def _amount(prices: Sequence[Price]) -> Text:
    """An amount in words: what it is from which day on."""

    def told(language: Language) -> str:
        unstated = {"nl": "niet vermeld", "en": "not stated"}[language]
        since = {"nl": "vanaf", "en": "from"}[language]
        return "; ".join(
            f"{unstated if one.cents is None else money_in_words(one.cents, language)} "
            f"{since} {day_in_words(one.start, language)}"
            for one in prices
        )

    return both(told)


def _sample(policy: Policy) -> Sample:
    """Names of the policy that fit where a new entry needs one."""
    plain = Sample()
    terms = [*policy.terms, plain.term, plain.other_term]
    ids = [*policy.statements, plain.statement, plain.other_statement]
    days = [name for name, one in policy.facts.items() if one.shape.kind == "date" and not one.per]
    conditions = [f"{{{name}: {{{_holds(one.shape)}}}}}" for name, one in policy.facts.items() if not one.per]
    questions = [f"{{eligibility: {name}}}" for name in policy.decisions]
    questions += [f"{{cost: {name}}}" for name in policy.quotes]
    questions += [f"{{deadline: {name}}}" for name in policy.deadlines]
    return Sample(
        statement=ids[0],
        other_statement=ids[1],
        condition=next(iter(conditions), plain.condition),
        amount=next((f"{{amount: {name}}}" for name in policy.amounts), "not_stated"),
        day=next(iter(days), plain.day),
        table=next(iter(policy.tables), plain.table),
        party=next(iter(policy.parties), plain.party),
        question=next(iter(questions), plain.question),
        term=terms[0],
        other_term=terms[1],
    )


def _holds(shape: Shape) -> str:
    """Something that may hold of a fact, whatever its kind."""
    first = next(iter(shape.options), "")
    match shape.kind:
        case "boolean":
            return "is: true"
        case "integer" | "decimal" | "percent" | "money":
            return "at_least: 1"
        case "duration":
            return f"at_least: 1 {shape.unit}"
        case "list":
            return f"includes_any: [{first}]"
        case "choice" | "row":
            return f"in: [{first}]"
        case _:
            return "exists: true"


def _given(policy: Policy) -> dict[str, Schema]:
    """How a file of examples gives each fact and history of a policy."""
    given: dict[str, Schema] = {}
    for name, fact in policy.facts.items():
        value = _given_value(fact.text, fact.shape)
        if fact.per in policy.tables:
            rows = policy.tables[fact.per].rows
            each = {key: {**value, "title": in_both(row.text)} for key, row in rows.items()}
            value = {"type": "object", "properties": each, "additionalProperties": False}
        elif fact.per:
            # Not by `propertyNames`: a number that is a key is no string to every reader of YAML.
            value = {"type": "object", "patternProperties": {ROUND_PATTERN: value}, "additionalProperties": False,
                     "errorMessage": in_both(_NOT_A_ROUND)}  # fmt: skip
        given[name] = {**value, **told(fact.text, ask(fact.text, fact.shape))}
    for name, records in policy.records.items():
        fields = {key: _given_value(field.text, field.shape) for key, field in records.fields.items()}
        row = {"type": "object", "properties": fields, "additionalProperties": False}
        given[name] = {"type": "array", "items": row, **told(records.text, RECORDS_DOC)}
    return given


_NOT_A_ROUND = Text("Geen nummer van een ronde: schrijf 1 of hoger.", "Not the number of a round: write 1 or more.")


def _given_value(text: Text, shape: Shape) -> Schema:
    return {**_written(shape), **told(text, ask(text, shape))}


def _written(shape: Shape) -> Schema:
    """A value of a fact as it is written in YAML, with our own message where it is not."""
    options: Schema = {
        "enum": list(shape.options),
        "enumDescriptions": [in_both(one) for one in shape.options.values()],
    }
    none: list[Any] = ["null"] if KINDS[shape.kind].nullable else []
    match shape.kind:
        case "boolean":
            return {"type": "boolean", **wrong(NOT_A_TRUTH)}
        case "integer":
            return {"type": "integer", **wrong(NOT_A_NUMBER)}
        case "decimal" | "percent":
            return {"type": "number", **wrong(NOT_A_NUMBER)}
        case "money":
            return {"type": "number", **wrong(NOT_AN_AMOUNT)}
        case "date":
            return {"type": ["string", *none], "pattern": DATE_PATTERN, **wrong(NOT_A_DAY)}
        case "moment":
            return {"type": ["string", *none], "pattern": MOMENT_PATTERN, **wrong(NOT_A_MOMENT)}
        case "duration":
            return {"type": ["integer", "string"], "pattern": PERIOD_PATTERN, **wrong(NOT_A_PERIOD)}
        case "list":
            return {"type": "array", "items": {"type": "string", **options}}
        case "choice":
            return {"type": "string", **options}
        case "row":
            return {"type": ["string", *none], "enum": [*shape.options, None],
                    "enumDescriptions": [*options["enumDescriptions"], "geen / none"]}  # fmt: skip
        case _:
            return {"type": ["string", *none], **wrong(NOT_A_TEXT)}


def facts_schema(policy: Policy) -> Schema:
    """
    The schema of a policy's facts, from which an application can build a form.

    Nothing is required: a fact that is left out is unknown. Amounts and decimals are JSON numbers; read them
    exactly (`json.loads(text, parse_float=Decimal)`).
    """
    properties: Schema = {}
    for name, fact in policy.facts.items():
        properties[name] = _fact(fact, policy)
    for name, records in policy.records.items():
        properties[name] = _records(records)
    return {
        "$schema": DRAFT,
        "title": f"{policy.title.nl} / {policy.title.en}",
        "description": f"{policy.name} {policy.edition}",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def _described(text: Text, shape: Shape) -> Schema:
    asked = ask(text, shape)
    return {"title": f"{text.nl} / {text.en}", "description": f"{asked.nl}\n\n{asked.en}"}


def _value(text: Text, shape: Shape) -> Schema:
    return {**_described(text, shape), **KINDS[shape.kind].schema(shape)}


def _fact(fact: Fact, policy: Policy) -> Schema:
    value = _value(fact.text, fact.shape)
    if not fact.per:
        return value
    inner: Schema = {"title": value.pop("title"), "type": "object"}
    if fact.per in policy.tables:
        rows = policy.tables[fact.per].rows
        properties = {key: {"title": f"{row.text.nl} / {row.text.en}", **value} for key, row in rows.items()}
        return {**inner, "properties": properties, "additionalProperties": False}
    rounds = {"type": "string", "pattern": ROUND_PATTERN}
    return {**inner, "propertyNames": rounds, "additionalProperties": value}


def _records(records: Records) -> Schema:
    fields = {name: _value(field.text, field.shape) for name, field in records.fields.items()}
    return {"title": f"{records.text.nl} / {records.text.en}", "type": "array", "maxItems": MOST_ROWS,
            "items": {"type": "object", "properties": fields, "additionalProperties": False}}  # fmt: skip


def policy_schemas(policy: Policy) -> dict[str, Schema]:
    """The schemas of one policy, by the name of their file."""
    names = names_of(policy)
    return {
        f"{policy.name}.schema.json": policy_schema(names, editor=True),
        f"{policy.name}.examples.schema.json": examples_schema(names, editor=True),
        f"{policy.name}.facts.schema.json": facts_schema(policy),
    }


def common_schemas() -> dict[str, Schema]:
    """The schemas that serve every policy, by the name of their file."""
    return {
        "policy.schema.json": policy_schema(editor=True),
        "statements.schema.json": statements_schema(editor=True),
        "examples.schema.json": examples_schema(editor=True),
    }


def generated() -> dict[str, str]:
    """Every generated file, by its name, as it must be committed."""
    schemas = common_schemas()
    for name in bundled():
        schemas |= policy_schemas(load(name))
    return {name: written(schema) for name, schema in schemas.items()}


def written(schema: Mapping[str, Any]) -> str:
    """A schema as text: readable, and the same on every machine."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
