"""The schemas an editor works from: they complete what there is, accept what is right, refuse what is not."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from trainingrules.calendar import Period
from trainingrules.document import Document
from trainingrules.kinds import KINDS
from trainingrules.loading import bundled, load, policies_folder, schemas_folder
from trainingrules.operators import FORMS, OPERATORS, operators_of
from trainingrules.policy import Policy
from trainingrules.publishing import generated, names_of, policy_schemas
from trainingrules.reading import RESERVED
from trainingrules.schema import (
    DRAFT,
    PERIOD_PATTERN,
    TOO_MANY,
    examples_schema,
    policy_schema,
    shape_faults,
    statements_schema,
)
from trainingrules.schema_docs import DOCS
from trainingrules.source import parse, read_file

GUILD = Path(__file__).parent / "policies" / "good" / "guild.yaml"


def read(file: Path) -> Any:
    document, faults = read_file(file)
    assert document is not None
    assert faults == []
    return document.data


def validator(schema: Any) -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def complaints(schema: Any, data: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in validator(schema).iter_errors(data)]


POLICIES: dict[str, Policy] = {name: load(name) for name in bundled()} | {"guild": load(GUILD)}
FILES = {name: policies_folder() / f"{name}.yaml" for name in bundled()} | {"guild": GUILD}
SCHEMAS: dict[str, Any] = {name: policy_schemas(policy)[f"{name}.schema.json"] for name, policy in POLICIES.items()}
GENERIC = policy_schema()
PUBLISHED: dict[str, Any] = {name: json.loads(text) for name, text in generated().items()}


# --------------------------------------------------------------------------------------------- the generated files


def test_the_generated_schemas_are_the_present_ones() -> None:
    """
    When this fails, run `make generate` and read what it changed.
    """
    kept = {file.name: file.read_text(encoding="utf-8") for file in schemas_folder().glob("*.json")}
    made = generated()
    assert sorted(kept) == sorted(made)
    assert [name for name in made if kept[name] != made[name]] == [], "write them again: make generate"


@pytest.mark.parametrize("name", bundled())
def test_a_policy_names_its_schema_in_its_first_line(name: str) -> None:
    first = FILES[name].read_text(encoding="utf-8").split("\n")[0]
    assert first == f"# yaml-language-server: $schema=../schemas/{name}.schema.json"
    assert (schemas_folder() / f"{name}.schema.json").is_file()


@pytest.mark.parametrize("name", bundled())
@pytest.mark.parametrize(("folder", "schema"), [("examples", "{}.examples"), ("statements", "statements")])
def test_the_files_beside_a_policy_name_their_schemas_too(name: str, folder: str, schema: str) -> None:
    first = (policies_folder() / folder / f"{name}.yaml").read_text(encoding="utf-8").split("\n")[0]
    assert first == f"# yaml-language-server: $schema=../../schemas/{schema.format(name)}.schema.json"
    assert (schemas_folder() / f"{schema.format(name)}.schema.json").is_file()


# ---------------------------------------------------------------------------------------------- what is accepted


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_fits_its_own_schema_and_the_one_of_the_language(name: str) -> None:
    data = read(FILES[name])
    assert complaints(SCHEMAS[name], data) == []
    assert complaints(GENERIC, data) == []
    assert complaints(PUBLISHED["policy.schema.json"], data) == []


@pytest.mark.parametrize("name", bundled())
def test_the_files_beside_a_policy_fit_their_schemas(name: str) -> None:
    assert complaints(statements_schema(), read(policies_folder() / "statements" / f"{name}.yaml")) == []
    examples = read(policies_folder() / "examples" / f"{name}.yaml")
    assert complaints(examples_schema(), examples) == []
    # The keys of rounds are numbers in YAML and texts in JSON, which is what a schema is written for.
    as_json = json.loads(json.dumps(examples, default=float))
    assert complaints(PUBLISHED["examples.schema.json"], as_json) == []
    assert complaints(PUBLISHED[f"{name}.examples.schema.json"], as_json) == []


# ------------------------------------------------------------------------------------------------- what is refused


def condition(schema: Any) -> Any:
    return schema["$defs"]["condition"]


def check(schema: Any, name: str) -> Any:
    """The operators after a name, as a policy's schema has them."""
    target = condition(schema)["properties"][name]["$ref"]
    return schema["$defs"][target.removeprefix("#/$defs/")]


def put(data: Any, path: tuple[str | int, ...], value: object) -> Any:
    data = copy.deepcopy(data)
    holder = data
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    return data


def conditions(schema: Any) -> jsonschema.Draft202012Validator:
    """What a condition is held against, without the rest of a policy around it."""
    return validator({"$ref": "#/$defs/condition", "$defs": schema["$defs"]})


OF_THE_GUILD, OF_THE_LANGUAGE = conditions(SCHEMAS["guild"]), conditions(GENERIC)


@pytest.mark.parametrize("fact", sorted(POLICIES["guild"].facts))
def test_an_operator_of_the_wrong_kind_is_refused_in_the_editor(fact: str) -> None:
    """
    By the schema of the policy, which knows the kinds; the one of the language knows none and lets it pass.
    """
    shape = POLICIES["guild"].facts[fact].shape
    right = operators_of(shape.kind, ordered=shape.ordered)
    operands = {"boolean": True, "several": list(shape.options)[:1] or ["x"], "cycle": "licence_year"}
    same = True if shape.kind == "boolean" else {"fact": fact}
    for operator in OPERATORS.values():
        given = {fact: {operator.name: operands.get(operator.operand, same)}}
        assert OF_THE_GUILD.is_valid(given) == (operator in right), operator
        assert OF_THE_LANGUAGE.is_valid(given)


MUST = ("eligibility", "licence", "requires", "skill", "must")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (MUST, {"experence": {"at_least": "2 years"}}),
        (MUST, {"people": {"where": {"member": {"is": True}}, "at_least": 1}}),
        (MUST, {"trade": {"in": ["keper"]}}),
        (MUST, {"applied_on": {"on_or_before": {"deadline": "aply"}}}),
        (MUST, {"applied_on": {"within": "license_year"}}),
        (MUST, {"applied_on": {"is": {"fact": "aplied_on"}}}),
        (("eligibility", "licence", "judged_on"), "people"),
        (("eligibility", "licence", "builds_on"), ["course_done"]),
        (("eligibility", "licence", "requires", "skill", "source"), ["BEE-99"]),
        (("costs", "courses", "lines", "course", "for_each"), "coarses"),
        (("costs", "courses", "lines", "course", "price"), {"amount": "year_fee"}),
        (("costs", "courses", "lines", "course", "price"), {"field": "ful_price"}),
        (("costs", "licence", "lines", "fee", "per"), "licence_years"),
        (("deadlines", "notice", "act"), "people"),
        (("deadlines", "finish", "for_row"), "people"),
        (("compliance", "talk", "who"), "holders"),
        (("cycles", "access", "starts"), "people"),
    ],
)
def test_a_name_that_is_not_there_is_refused_in_the_editor(path: tuple[str | int, ...], value: object) -> None:
    data = put(read(GUILD), path, value)
    assert complaints(SCHEMAS["guild"], data) != []
    assert complaints(GENERIC, data) == []


# --------------------------------------------------------------------------------------------- what is completed


@pytest.mark.parametrize("name", POLICIES)
def test_an_editor_completes_facts_and_the_operators_of_their_kind(name: str) -> None:
    policy, schema = POLICIES[name], condition(SCHEMAS[name])
    assert schema["additionalProperties"] is False
    for fact in policy.facts.values():
        told = schema["properties"][fact.name]
        offered = check(SCHEMAS[name], fact.name)
        kinds = operators_of(fact.shape.kind, ordered=fact.shape.ordered)
        assert list(offered["properties"]) == [operator.name for operator in kinds]
        assert offered["additionalProperties"] is False
        same = fact.text.nl == fact.text.en
        assert told["title"] == (fact.text.nl if same else f"{fact.text.nl} / {fact.text.en}")
        assert told["description"].startswith(f"{fact.text.nl}: ")
        for operator in kinds:
            assert offered["properties"][operator.name]["description"] == f"{operator.doc.nl}\n\n{operator.doc.en}"
    for rows in (*policy.records, *policy.tables):
        assert {"where", "at_least"} <= set(check(SCHEMAS[name], rows)["properties"])
    for term in policy.terms:
        assert list(check(SCHEMAS[name], term)["properties"]) == ["is"]
    names = {*policy.facts, *policy.records, *policy.tables, *policy.terms, *policy.readings, *policy.cycles}
    assert names | {"today", "key", "any", "not"} <= set(schema["properties"])


@pytest.mark.parametrize("name", POLICIES)
def test_an_editor_completes_the_names_that_values_and_rules_refer_to(name: str) -> None:
    policy, schema = POLICIES[name], SCHEMAS[name]
    forms = schema["$defs"]["forms"]["properties"]
    assert list(forms) == list(FORMS)
    assert {*policy.facts, "today"} <= set(forms["fact"]["enum"])
    if policy.amounts:
        assert forms["amount"]["enum"] == list(policy.amounts)
    if policy.deadlines:
        assert forms["deadline"]["enum"] == list(policy.deadlines)
    source = schema["$defs"]["source"]["items"]
    assert source["enum"] == list(policy.statements)
    assert len(source["enumDescriptions"]) == len(source["enum"])


def test_an_editor_completes_the_options_of_a_choice_and_the_rows_of_a_table() -> None:
    def operand(name: str, operator: str) -> Any:
        return check(SCHEMAS["guild"], name)["properties"][operator]

    labels = {"keeper": "Imker / Bee-keeper", "teacher": "Leraar / Teacher", "other": "Iets anders / Something else"}
    assert operand("trade", "in")["items"]["enum"] == list(labels)
    assert operand("trade", "in")["items"]["enumDescriptions"] == list(labels.values())
    assert {one["body"]: one["description"] for one in operand("trade", "is")["defaultSnippets"]} == labels
    assert operand("steps", "in_order")["items"]["enum"] == ["smoke", "open"]
    assert operand("key", "in")["items"]["enum"] == ["hives", "honey"]


def test_a_value_that_the_source_does_not_state_begins_no_condition() -> None:
    text = GUILD.read_text(encoding="utf-8").replace("{greatest: [{fact: agreed_on}, {fact: plan_on}]}", "not_stated")
    file = GUILD.with_name("unstated.yaml")
    file.write_text(text, encoding="utf-8")
    try:
        names = names_of(load(file))
    finally:
        file.unlink()
    assert "settled_on" not in names.subjects
    assert "settled_on" in names.facts


def keys_of(schema: Any) -> set[str]:
    found: set[str] = set()
    if isinstance(schema, dict):
        for name, inner in schema.get("properties", {}).items():
            found.add(name)
            assert "description" in inner, name
            found |= keys_of(inner)
        for key in ("additionalProperties", "items", "$defs"):
            inner = schema.get(key)
            for one in inner.values() if key == "$defs" and inner else [inner]:
                found |= keys_of(one)
    return found


def test_every_key_of_the_language_is_explained_in_two_languages() -> None:
    """
    On hover, an editor shows the Dutch and below it the English; nothing is explained that is no key.
    """
    schemas = (GENERIC, statements_schema(), examples_schema())
    keys = set().union(*(keys_of(schema) for schema in schemas))
    assert set(DOCS) <= keys
    assert all(doc.nl and doc.en for doc in DOCS.values())


def properties_of(schema: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every key a schema knows, wherever it can stand, with what is said of it."""
    if isinstance(schema, list):
        for index, one in enumerate(schema):
            yield from properties_of(one, f"{path}/{index}")
    elif isinstance(schema, dict):
        for key in ("properties", "patternProperties"):
            for name, inner in schema.get(key, {}).items():
                yield f"{path}/{name}", inner
        for key, inner in schema.items():
            if key in ("properties", "patternProperties", "$defs"):
                for name, one in inner.items():
                    yield from properties_of(one, f"{path}/{name}")
            elif key != "defaultSnippets":
                yield from properties_of(inner, f"{path}/{key}")


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_every_key_of_every_schema_has_a_title_and_an_explanation(name: str) -> None:
    """
    In plain words of both languages, at every place where the key can stand; never just the key again.
    """
    found = list(properties_of(PUBLISHED[name]))
    assert found
    facts = name.endswith(".facts.schema.json")  # a form is built from these, and no editor reads them
    for path, schema in found:
        told = ("title",) if facts else ("title", "description", "markdownDescription")
        assert [key for key in told if not schema.get(key)] == [], path
        if not facts:
            assert schema["title"] != path.rsplit("/", 1)[1], path
            assert "\n\n" in schema["description"], path


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_every_choice_of_every_schema_is_explained(name: str) -> None:
    for path, schema in every(PUBLISHED[name]):
        if isinstance(schema.get("enum"), list):
            assert len(schema["enumDescriptions"]) == len(schema["enum"]), path
            assert all(schema["enumDescriptions"]), path


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_every_pattern_of_every_schema_has_a_message_of_ours(name: str) -> None:
    if not name.endswith(".facts.schema.json"):
        for path, schema in every(PUBLISHED[name]):
            if isinstance(schema.get("pattern"), str):
                assert " / " in schema["patternErrorMessage"], path


def every(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(schema, dict):
        yield path, schema
        for key, inner in schema.items():
            yield from every(inner, f"{path}/{key}")


def test_no_schema_is_too_large_for_an_editor() -> None:
    sizes = {name: len(text.encode()) for name, text in generated().items()}
    assert max(sizes.values()) < 1_000_000, sizes


def test_the_schemas_say_which_draft_they_are_of_and_refer_to_nothing_outside() -> None:
    for name, text in generated().items():
        schema = json.loads(text)
        assert schema["$schema"] == DRAFT, name
        assert '"$ref": "http' not in text
        assert "oneOf" not in text
        assert "anyOf" not in text


def test_no_schema_lists_an_operator_twice_or_forgets_one() -> None:
    offered = condition(GENERIC)["additionalProperties"]["properties"]
    assert set(offered) == {*OPERATORS, "where"}
    assert "where" in RESERVED
    assert all(operators_of(kind) for kind in KINDS)


@pytest.mark.parametrize(
    "text", ["3 months", "1 year", "48 hours", "2 weeks", "9999 days", "3 maanden", "3months", "year", "-1 day"]
)
def test_a_period_of_the_schema_is_a_period(text: str) -> None:
    fits = re.search(PERIOD_PATTERN, text) is not None
    try:
        Period.parse(text)
    except ValueError:
        assert not fits
    else:
        assert fits


# ------------------------------------------------------------------------------------------------ faults of shape


def faults(text: str, schema: Any) -> list[str]:
    document, _ = parse(text)
    assert document is not None
    return [f"{fault.message} | {fault.help}" for fault in shape_faults(document, schema)]


A = {"type": "object", "properties": {"a": {"type": "boolean"}}, "additionalProperties": False}


@pytest.mark.parametrize(
    ("text", "schema", "said"),
    [
        ("5", {"type": "string"}, "a text is expected here, not the number `5` | put it in quotes"),
        ("5.5", {"type": "string"}, "a text is expected here, not the number `5.5` | put it in quotes"),
        ("true", {"type": ["string", "null"]}, "a text or `null` is expected here, not `true` | "),
        ("x", {"type": "boolean"}, "`true` or `false` is expected here, not the text `x` | "),
        ("x", {"type": "integer"}, "a whole number is expected here, not the text `x` | "),
        ("x", {"type": "number"}, "a number is expected here, not the text `x` | "),
        ("[a]", {"type": "object"},
         "a mapping of keys is expected here, not a list | write `key: value`, without `-` or square brackets"),
        ("{a: b}", {"type": "array"}, "a list is expected here, not a mapping | begin each part with `- `"),
        ("[a, a]", {"uniqueItems": True}, "the same is listed twice | name each once"),
        ("a", {"uniqueItems": True}, ""),
        ("b: 1", A, "key `b` is not known here | one of: `a`"),
        ("rounds: 1", A,
         "key `rounds` is not known here | `rounds` belongs to another place: is this line indented as it should be? "
         "Here, one of: `a`"),
        ("{a: 1, b: 2}", {"maxProperties": 1},
         "exactly one key is expected here | put each on its own, or combine them with `total`, `least` or `greatest`"),
        ("[a]", {"minItems": 2},
         "at least 2 are expected here | fill it in; only a key that is not required can be left out"),
    ],
)  # fmt: skip
def test_a_fault_of_shape_is_in_our_words(text: str, schema: Any, said: str) -> None:
    assert faults(text, schema) == ([said] if said else [])


def test_a_key_that_lacks_because_it_is_misspelt_is_told_once() -> None:
    schema = {**A, "properties": {"source": {}}, "required": ["source"]}
    assert faults("sorce: 1", schema) == ["key `sorce` is not known here | did you mean `source`?"]
    assert len(faults("zzz: 1", schema)) == 2


def test_faults_come_in_the_order_of_the_text_and_not_without_end() -> None:
    document, _ = parse("".join(f"k{number}: x\n" for number in range(2_000)))
    assert document is not None
    found = shape_faults(document, {"additionalProperties": {"type": "boolean"}})
    assert [fault.span.line for fault in found if fault.span] == [*range(1, 1_001), 1_000]
    assert found[-1].code == TOO_MANY


def test_a_schema_is_never_fetched() -> None:
    document = Document({"a": 1}, "<text>", (), {}, {})
    with pytest.raises(Exception, match=r"Unresolvable|http"):
        shape_faults(document, {"$ref": "http://127.0.0.1:9/schema.json"})


def test_numbers_keep_their_decimals() -> None:
    assert complaints({"type": "number"}, Decimal("445.00")) == []
    assert complaints({"type": "integer"}, Decimal("445.50")) != []
