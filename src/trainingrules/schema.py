"""JSON Schema of the language, built from the vocabulary of kinds, operators and forms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any

from trainingrules.diagnostics import Diagnostic, did_you_mean, one_of, shown
from trainingrules.kinds import DATE_PATTERN, DURATION_UNITS, KINDS, RECORDS, Shape
from trainingrules.operators import FORMS, OPERATORS, Operator, operators_of
from trainingrules.schema_docs import DOCS
from trainingrules.source import Document, Path
from trainingrules.wording import FINGERPRINT_PATTERN

Schema = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
NAME_PATTERN = r"^[a-z][a-z0-9_]{0,63}$"
ID_PATTERN = r"^[A-Z]{1,6}-[0-9]{1,4}$"
PERIOD_PATTERN = r"^[0-9]{1,4} (year|month|week|day|hour)s?$"
STATEMENT_KINDS = ("eligibility", "cost", "deadline", "compliance", "entitlement", "process", "information")
NOTE_KINDS = ("information", "advice", "open_norm", "not_computable")
# Faults of shape past this number are not looked for.
MOST_FAULTS, TOO_MANY = 1_000, "too-many-faults"
# What marks the operators after a fact, for an editor and for the words of a fault.
CHECK = "operators"
FIELD_KINDS = tuple(kind for kind in KINDS if kind != "row")


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one policy, for a schema in which an editor completes them.

    ``subjects`` maps what a condition may begin with to its shape; none means that rows are counted.
    """

    policy: str
    subjects: Mapping[str, Shape | None] = field(default_factory=dict)
    facts: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()
    deadlines: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    row_facts: tuple[str, ...] = ()
    cycles: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    statements: Mapping[str, str] = field(default_factory=dict)


def described(key: str, schema: Schema) -> Schema:
    """The schema of a key, with its explanation for an editor to show."""
    doc = DOCS[key]
    return {"title": key, "description": f"{doc.nl}\n\n{doc.en}", **schema}


def mapping(required: Iterable[str] = (), optional: Iterable[str] = (), **schemas: Schema) -> Schema:
    """A closed mapping: these keys and no others, the required ones present."""
    needed = tuple(required)
    names = (*needed, *optional)
    return {
        "type": "object",
        "properties": {name: described(name, schemas.get(name, TEXT)) for name in names},
        "required": list(needed),
        "additionalProperties": False,
    }


def named(entry: Schema, least: int = 0) -> Schema:
    """A mapping from names of the author's own to entries."""
    return {
        "type": "object",
        "propertyNames": {"type": "string", "pattern": NAME_PATTERN},
        "additionalProperties": entry,
        "minProperties": least,
    }


def listed(entry: Schema, least: int = 1) -> Schema:
    """A list of entries."""
    return {"type": "array", "items": entry, "minItems": least}


def ref(name: str) -> Schema:
    """A reference to a definition of the same schema."""
    return {"$ref": f"#/$defs/{name}"}


TEXT: Schema = {"type": "string", "minLength": 1}
BOOLEAN: Schema = {"type": "boolean"}
POSITIVE: Schema = {"type": "integer", "minimum": 1}
SCALAR: Schema = {"type": ["string", "number", "boolean"]}
DATE: Schema = {"type": "string", "pattern": DATE_PATTERN}
PERIOD: Schema = {"type": "string", "pattern": PERIOD_PATTERN}
STATED_NUMBER: Schema = {"type": ["number", "string"]}
VAT: Schema = {"enum": ["excluded", "included", "not_stated"]}
CERTAINTY: Schema = {"enum": ["exact", "average", "indication", "approximate"]}


def _name(known: Iterable[str]) -> Schema:
    names = list(known)
    return {"enum": names} if names else {"type": "string", "pattern": NAME_PATTERN}


def _operand(operator: Operator, shape: Shape | None, cycles: tuple[str, ...]) -> Schema:
    if operator.operand == "boolean":
        return BOOLEAN
    if operator.operand == "cycle":
        return _name(cycles)
    if operator.operand == "several":
        options = list(shape.options) if shape and shape.options else []
        return listed({"enum": options} if options else SCALAR)
    if shape and shape.kind == "boolean":
        return BOOLEAN
    if shape and shape.options and operator.name == "is":
        return {**ref("value"), "examples": list(shape.options)}
    return ref("value")


def _check(operators: Iterable[Operator], shape: Shape | None, names: Names, *, rows: bool = False) -> Schema:
    properties = {
        operator.name: {"description": f"{operator.doc.nl}\n\n{operator.doc.en}",
                        **_operand(operator, shape, names.cycles)}
        for operator in operators
    }  # fmt: skip
    if rows:
        properties["where"] = described("where", ref("condition"))
    return {"title": CHECK, "type": "object", "properties": properties, "additionalProperties": False,
            "minProperties": 1}  # fmt: skip


def _condition(names: Names) -> Schema:
    joined: Schema = {"any": described("any", listed(ref("condition"))), "not": described("not", ref("condition"))}
    if not names.subjects:
        any_check = _check(OPERATORS.values(), None, names, rows=True)
        return {"type": "object", "properties": joined, "additionalProperties": any_check, "minProperties": 1}
    checks = {
        name: _check(operators_of("integer"), None, names, rows=True)
        if shape is None
        else _check(operators_of(shape.kind, ordered=shape.ordered), shape, names)
        for name, shape in names.subjects.items()
    }
    for name, check in checks.items():
        check |= {"description": names.labels[name]} if name in names.labels else {}
    return {"type": "object", "properties": {**joined, **checks}, "additionalProperties": False,
            "minProperties": 1}  # fmt: skip


def _value(names: Names) -> Schema:
    refers = {"fact": names.facts, "field": names.fields, "amount": names.amounts, "deadline": names.deadlines}
    keys: dict[str, Schema] = {
        "than": ref("value"),
        "by": {"type": ["string", "object"], **_forms_of(refers)},
        "percent": {"type": "number"},
        "day": {"enum": ["first", "last", "expiry"]},
        "keeping": _name(names.deadlines),
        "where": ref("condition"),
    }
    inside = {
        "cycle_day": {"of": _name(names.cycles)},
        "earliest": {"of": _name(names.days)},
        "share": {"of": ref("value")},
        "sum": {"of": _name((*names.tables, *names.records)), "field": _name(names.fields)},
    }
    properties: Schema = {}
    for form in FORMS.values():
        if form.takes == "name":
            schema = _name(refers[form.names])
        elif form.takes == "list":
            schema = listed(ref("value"), 2)
        else:
            schema = mapping(form.keys, form.optional, **{**keys, **inside.get(form.name, {})})
        properties[form.name] = {"description": f"{form.doc.nl}\n\n{form.doc.en}", **schema}
    return {"type": ["string", "number", "boolean", "object"], "properties": properties,
            "additionalProperties": False, "minProperties": 1, "maxProperties": 1}  # fmt: skip


def _forms_of(refers: Mapping[str, tuple[str, ...]]) -> Schema:
    properties = {form: {"description": f"{FORMS[form].doc.nl}\n\n{FORMS[form].doc.en}", **_name(refers[form])}
                  for form in ("fact", "field")}  # fmt: skip
    return {"properties": properties, "additionalProperties": False, "minProperties": 1, "maxProperties": 1}


LABEL: Schema = mapping(("nl", "en"))
OPTIONS: Schema = named(LABEL, 1)
BOUNDS = {"at_least": STATED_NUMBER, "at_most": STATED_NUMBER}


def _field_schema() -> Schema:
    return mapping(
        ("kind", "nl", "en"),
        ("unit", "ordered", "options", "at_least", "at_most", "vat", "certainty"),
        kind={"enum": list(FIELD_KINDS)}, unit={"enum": list(DURATION_UNITS)}, ordered=BOOLEAN,
        options=OPTIONS, vat=VAT, certainty=CERTAINTY, **BOUNDS,
    )  # fmt: skip


def _row_schema() -> Schema:
    # Besides its own keys a row gives the fields its table declares; reading.py holds it against those.
    cell: Schema = {"type": ["string", "number", "boolean", "array", "object"], "additionalProperties": False,
                    "properties": {"between": described("between", listed(SCALAR, 2))}}  # fmt: skip
    return {
        "type": "object",
        "properties": {name: described(name, schema) for name, schema in
                       {"nl": TEXT, "en": TEXT, "source": ref("source")}.items()},
        "required": ["nl", "en", "source"],
        "additionalProperties": cell,
    }  # fmt: skip


def policy_schema(names: Names | None = None) -> Schema:
    """
    The schema of a policy; with the names of one policy, the schema in which an editor completes them.

    >>> policy_schema()["title"]
    'A training policy'
    """
    names = names or Names("")
    ids: Schema = {"type": "string", "pattern": ID_PATTERN}
    if names.statements:
        ids = {"enum": list(names.statements), "enumDescriptions": list(names.statements.values())}
    condition, value = ref("condition"), ref("value")
    row_source = _name((*names.tables, *names.records))
    scope: dict[str, Schema] = {
        "for_each": row_source, "for_row": _name(names.row_facts), "per": _name(names.cycles)}  # fmt: skip
    sentence = {"nl": TEXT, "en": TEXT, "source": ref("source")}
    said = ("nl", "en", "source")
    remark = mapping(said, **sentence)

    fact = mapping(
        ("kind", "nl", "en"),
        ("per", "unit", "ordered", "options", "of", "at_least", "at_most", "dated", "fields"),
        kind={"enum": [*KINDS, RECORDS]}, per=_name((*names.tables, *names.cycles)),
        unit={"enum": list(DURATION_UNITS)}, ordered=BOOLEAN, options=OPTIONS, of=_name(names.tables),
        dated={"type": "string", "pattern": NAME_PATTERN}, fields=named(_field_schema(), 1), **BOUNDS,
    )  # fmt: skip
    requirement = mapping(
        said, ("for_each", "for_row", "per", "when", "must", "should", "if_not", "remedy"),
        when=condition, must=condition, should=condition, if_not={"enum": ["not_stated"]}, remedy=remark,
        **scope, **sentence,
    )  # fmt: skip
    line = mapping(
        (*said, "price"), ("for_each", "for_row", "per", "when", "times", "instead", "effect"),
        price=value, times=value, when=condition, effect={"enum": ["reduces"]},
        instead=listed(mapping(("when", "price"), when=condition, price=value)), **scope, **sentence,
    )  # fmt: skip
    instalment = mapping(
        (*said, "percent"), ("odd_cent", "due"), percent={"type": "number"}, odd_cent=BOOLEAN, due=value, **sentence
    )
    deadline = mapping(
        said, ("for_each", "for_row", "per", "when", "act", "from", "until", "certainty", "should"),
        when=condition, should=condition, act=_name(names.days), until=value, certainty=CERTAINTY,
        **{"from": value}, **scope, **sentence,
    )  # fmt: skip
    duty = mapping(
        (*said, "who"), ("for_each", "for_row", "per", "when", "must", "should"),
        who=_name(names.parties), when=condition, must=condition, should=condition, **scope, **sentence,
    )  # fmt: skip
    note = mapping(
        (*said, "kind"), ("for_each", "for_row", "when", "value", "reason"), kind={"enum": list(NOTE_KINDS)},
        when=condition, value=value, reason=LABEL, **scope, **sentence,
    )  # fmt: skip
    root = mapping(
        ("language", "policy", "title", "edition", "in_force", "conventions", "statements", "facts"),
        ("parties", "contradictions", "readings", "amounts", "tables", "cycles", "terms", "values", "eligibility",
         "costs", "deadlines", "compliance", "conflicts", "notes"),
        language={"enum": [1]},
        policy={"type": "string", "pattern": NAME_PATTERN},
        title=LABEL,
        edition={"type": ["integer", "string"]},
        in_force=mapping(("outside", "source"), ("from", "until"), outside={"enum": ["warn", "refuse"]},
                         source=ref("source"), until=DATE, **{"from": DATE}),
        conventions=mapping(("zone", "month_end", "currency", "cent"),
                            month_end={"enum": ["last_day", "next_day", "refuse"]}, currency={"enum": ["EUR"]},
                            cent={"enum": ["half_up", "half_even", "down", "up"]}),
        parties=named(LABEL), facts=named(fact),
        contradictions=named(mapping(("nl", "en", "never"), ("for_each",), never=condition, for_each=row_source)),
        readings=named(mapping((*said, "chosen", "options"), options=OPTIONS, **sentence)),
        amounts=named(listed(mapping(("from", "value", "vat", "certainty", "source"), value=STATED_NUMBER, vat=VAT,
                                     certainty=CERTAINTY, source=ref("source"), **{"from": DATE}))),
        tables=named(mapping(("nl", "en", "fields", "rows"), fields=named(_field_schema()),
                             rows=named(_row_schema(), 1))),
        cycles=named(mapping((*said, "starts", "every"), ("rounds",), starts=_name(names.days), every=PERIOD,
                             rounds=POSITIVE, **sentence)),
        terms=named(mapping((*said, "holds"), holds=condition, **sentence)),
        values=named(mapping((*said, "value"), value=value, **sentence)),
        eligibility=named(mapping(
            ("nl", "en", "requires"), ("judged_on", "builds_on", "subject_to", "source"), requires=named(requirement),
            judged_on=_name(names.days), builds_on=listed(_name(names.decisions)), subject_to=remark,
            source=ref("source"))),
        costs=named(mapping(
            ("nl", "en", "lines"), ("judged_on", "presume", "instalments"), lines=named(line, 1),
            instalments=named(instalment, 1), judged_on=_name(names.days),
            presume={"type": "object", "additionalProperties": SCALAR, "minProperties": 1})),
        deadlines=named(deadline), compliance=named(duty),
        conflicts=named(mapping(("nl", "en", "between", "outcome"), outcome={"enum": ["unknown", "warn"]},
                                between=listed({"type": "string", "pattern": ID_PATTERN}, 2))),
        notes=named(note),
    )  # fmt: skip
    return {
        "$schema": DRAFT,
        "title": f"The policy {names.policy}" if names.policy else "A training policy",
        **root,
        "$defs": {"source": {**listed(ids), "uniqueItems": True}, "condition": _condition(names),
                  "value": _value(names)},
    }  # fmt: skip


def statements_schema() -> Schema:
    """The schema of a catalogue of statements."""
    entry = mapping(
        ("kind", "heading", "nl", "en"), ("bullet", "open"), kind={"enum": list(STATEMENT_KINDS)}, bullet=POSITIVE,
        open=listed(LABEL),
    )  # fmt: skip
    entries: Schema = {
        "type": "object",
        "propertyNames": {"type": "string", "pattern": ID_PATTERN},
        "additionalProperties": entry,
        "minProperties": 1,
    }
    return {"$schema": DRAFT, "title": "A catalogue of statements",
            **mapping(("statements", "document", "entries"), document=LABEL, entries=entries)}  # fmt: skip


def examples_schema() -> Schema:
    """The schema of a file of examples."""
    anything: Schema = {"type": "object"}
    example = mapping(
        ("source", "why", "asked_on", "facts", "ask", "expect"), source=ref("source"), facts=anything, expect=anything,
        ask=mapping((), ("eligibility", "cost", "deadline", "compliance", "note", "cycles", "cycle", "row", "party"),
                    cycles=listed(POSITIVE), cycle=POSITIVE, row={"type": ["string", "integer"]}),
    )  # fmt: skip
    return {
        "$schema": DRAFT,
        "title": "Examples of a policy",
        **mapping(
            ("policy", "examples"),
            ("equivalent",),
            examples=named(example, 1),
            equivalent={"type": "object", "additionalProperties": TEXT, "minProperties": 1},
        ),
        "$defs": {"source": listed({"type": "string", "pattern": ID_PATTERN})},
    }


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
          "max": "at_most", "maximum": "at_most", "one_of": "in"}  # fmt: skip


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
    return any(key in DOCS for key in strange) or bool(did_you_mean(_lacking(error), strange[:100]))


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
        for key in given:
            if key not in known:
                yield document.fault(*_unknown(key, known, error.schema), (*path, key), help=_meant(key, known),
                                     key=True)  # fmt: skip
    elif keyword == "required":
        yield document.fault(*_missing(_lacking(error)), path, key=True)
    elif keyword == "type":
        kinds = [wanted] if isinstance(wanted, str) else wanted
        if named_key:
            what, remedy = _PATTERNS[error.schema["pattern"]]
            yield document.fault("wrong-form", f"{shown(given)} is {what}", place, help=remedy, key=True)
            return
        expected = " or ".join(_EXPECTED[kind] for kind in kinds) if len(kinds) < 3 else "a value"
        yield document.fault("wrong-type", f"{expected} is expected here, not {_what(given)}", path,
                             help=_instead(given, kinds, error.schema))  # fmt: skip
    elif keyword == "enum":
        allowed = [str(option) for option in wanted]
        remedy = did_you_mean(given, allowed) or one_of(allowed)
        yield document.fault("unknown-option", f"{shown(given)} is not one of the options", path, help=remedy)
    elif keyword == "pattern":
        what, remedy = _PATTERNS[wanted]
        yield document.fault("wrong-form", f"{shown(given)} is {what}", place, help=remedy, key=named_key)
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
    if schema.get("title") == CHECK:
        return "unknown-operator", f"{shown(key)} is not an operator"
    return "unknown-key", f"key {shown(key)} is not known here"


def _meant(key: object, known: list[str]) -> str:
    meant = _MEANT.get(str(key).lower())
    if meant in known:
        return f"write `{meant}`"
    elsewhere = f"`{key}` belongs to another place: is this line indented as it should be? Here, "
    return did_you_mean(key, known) or (elsewhere if key in DOCS else "") + one_of(known)


def _instead(given: object, kinds: list[str], schema: Schema) -> str:
    """How to write what was meant, where something of a wrong type stands."""
    if given is None:
        return "write `not_stated` where the source does not say; `exists: false` asks whether there is none"
    plain = shown(given).strip("`")
    if schema.get("title") == CHECK and not isinstance(given, list):
        return f"put an operator before it, such as `{{is: {plain}}}`"
    if isinstance(given, list) and "object" in kinds:
        return "write `key: value`, without `-` or square brackets"
    if isinstance(given, str) and "array" in kinds:
        return f"put it in square brackets: `[{plain}]`"
    if isinstance(given, dict) and "array" in kinds:
        return "begin each part with `- `"
    if _is_number(given) and kinds == ["string"]:
        return "put it in quotes"
    return ""


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
