"""The schemas that are generated and committed: of the language, of each policy, and of each policy's facts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from trainingrules.facts import MOST_ROWS
from trainingrules.kinds import KINDS, Shape, ask
from trainingrules.loading import bundled, load
from trainingrules.policy import Fact, Policy, Records, rows_holder
from trainingrules.schema import DRAFT, Names, Schema, examples_schema, policy_schema, statements_schema
from trainingrules.words import Text

# A number from 1 to `MOST_ROUNDS`.
ROUND_PATTERN = "^([1-9][0-9]{0,3}|10000)$"


def names_of(policy: Policy) -> Names:
    """The names of a policy, for the schema in which an editor completes them."""
    subjects: dict[str, Shape | None] = {name: fact.shape for name, fact in policy.facts.items()}
    fields: dict[str, Shape] = {}
    for name in (*policy.tables, *policy.records):
        fields |= {field.name: field.shape for field in rows_holder(policy, name).fields.values()}
    subjects |= fields
    subjects |= dict.fromkeys((*policy.records, *policy.tables))
    subjects |= {name: Shape("boolean") for name in policy.terms}
    subjects |= {name: value.shape for name, value in policy.values.items() if value.shape.kind}
    subjects |= {name: Shape("choice", options=reading.options) for name, reading in policy.readings.items()}
    subjects |= {name: Shape("integer") for name in policy.cycles}
    declared = (policy.facts, policy.records, policy.tables, policy.terms, policy.values, policy.readings,
                policy.cycles)  # fmt: skip
    labels = {name: entry.text for entries in declared for name, entry in entries.items()}
    keys = {key: row.text for table in policy.tables.values() for key, row in table.rows.items()}
    labels |= {one.name: one.text for name in (*policy.tables, *policy.records)
               for one in rows_holder(policy, name).fields.values()}  # fmt: skip
    subjects |= {"today": Shape("date"), "key": Shape("row", options=keys)}
    return Names(
        policy=policy.name, subjects=subjects, facts=(*policy.facts, *policy.values, *policy.readings, *policy.cycles,
        "today"), days=tuple(name for name, fact in policy.facts.items() if fact.shape.kind in ("date", "moment")),
        fields=(*fields, "key"), amounts=tuple(policy.amounts), deadlines=tuple(policy.deadlines),
        decisions=tuple(policy.decisions), tables=tuple(policy.tables), records=tuple(policy.records),
        row_facts=tuple(name for name, fact in policy.facts.items() if fact.shape.kind == "row"),
        cycles=tuple(policy.cycles), parties=tuple(policy.parties),
        labels={name: f"{text.nl} / {text.en}" for name, text in labels.items()},
        statements={name: f"{one.text.nl} / {one.text.en}" for name, one in policy.statements.items()},
    )  # fmt: skip


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
    return {
        f"{policy.name}.schema.json": policy_schema(names_of(policy)),
        f"{policy.name}.facts.schema.json": facts_schema(policy),
    }


def generated() -> dict[str, str]:
    """Every generated file, by its name, as it must be committed."""
    schemas: dict[str, Schema] = {
        "policy.schema.json": policy_schema(),
        "statements.schema.json": statements_schema(),
        "examples.schema.json": examples_schema(),
    }
    for name in bundled():
        schemas |= policy_schemas(load(name))
    return {name: written(schema) for name, schema in schemas.items()}


def written(schema: Mapping[str, Any]) -> str:
    """A schema as text: readable, and the same on every machine."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
