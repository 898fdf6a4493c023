"""The reference of the language, written from its own vocabulary: keys, kinds, operators, forms of a value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from trainingrules.calendar import MonthEnd, Period, round_at, write_date
from trainingrules.document import Document, Path
from trainingrules.kinds import DATE_PATTERN, KINDS, RECORDS, RECORDS_DOC, Kind
from trainingrules.operators import FORMS, OPERATORS, Form, Operator, operators_of
from trainingrules.schema import (
    ANSWERS,
    ID_PATTERN,
    NAME_PATTERN,
    PERIOD_PATTERN,
    Names,
    Schema,
    described,
    examples_schema,
    policy_schema,
    statements_schema,
)
from trainingrules.schema_docs import CHOICES
from trainingrules.words import Language, Text

_HEAD = """\
<!-- Written from the code by docs/generate.py. Not edited by hand: a test compares. -->

# Reference of the policy language

Every word of the [policy language](language.md): where it may stand, what it takes, and what it means, in Dutch and in
English. The examples are those of a guild of bee-keepers that does not exist; together they use every word, and a test
checks them. How to set about a task stands in the [guide](guide.md).

- [A policy](#a-policy): {sections}
- [Kinds of fact](#kinds-of-fact) · [Conditions](#conditions) · [Operators](#operators) ·
  [Forms of a value](#forms-of-a-value) · [Fixed words](#fixed-words)
- [The catalogue of statements](#the-catalogue-of-statements) · [The file of examples](#the-file-of-examples)

A *name* is of the author's own: small letters, digits and underscores, at most 64, beginning with a letter; `NAME`
stands for one, `ID` for the id of a statement, `[]` for an entry of a list. A key that is not in these tables, at its
place, is refused.
"""
_POLICY_TOLD = """
## A policy
"""
_KINDS_TOLD = """
## Kinds of fact

A fact, a field of a table and a field of a history each have a kind; a field is never a `row` or `records`. The kind
says how a value is written, which keys its declaration may have beside `kind`, `nl` and `en`, and which operators may
follow it.
"""
_CONDITIONS_TOLD = """
## Conditions

A condition begins with the name of a fact, field, term, value, reading, cycle, table or history, and says what must
hold of it. Several keys mean that all must hold; so do several operators.
"""
_OPERATORS_TOLD = """
## Operators

*fact* stands for the name that a fact has in the policy. After an operator stands a value of the fact's own kind,
written out or in one of the [forms](#forms-of-a-value) below, a list of such values, or the name of a cycle. In the
examples `first` and `second` are the options, the lowest first. Of a fact that is not given every condition is unknown;
of one that is `null` every operator is false, save `exists: false`.
"""
_FORMS_TOLD = """
## Forms of a value

Where a number, an amount, a day or a length stands, a value is written out (`3`, `2026-01-31`, `3 months`) or is one of
these, each a mapping with exactly one key. What stands in brackets may be left out.
"""
_WORDS_TOLD = """
## Fixed words

Where a key takes one of a few words, this is what each of them means.
"""
_CATALOGUE_TOLD = """
## The catalogue of statements

It stands where the policy's `statements` points: `statements/NAME.yaml` beside it.
"""
_EXAMPLES_TOLD = """
## The file of examples

It stands in `examples/NAME.yaml` beside the policy. An example asks exactly one question.
"""

_EXPECT_TOLD = """
### expect

An example expects as much of the answer as its author likes. What stands after a key is written as in a policy; a list
is a set: its order does not count.
"""

# What stands after an operator.
_OPERANDS = {"same": "a value", "boolean": "`true` or `false`", "several": "a list", "cycle": "a cycle"}
_ORDERED = " (a `choice` only where its options are `ordered`)"
_FACT = Text("*feit*", "*fact*")
_ROUND_STARTS, _ROUND_LASTS = date(2026, 3, 1), Period(months=12)

# In the place of the names of a policy: what they are the names of.
_ANY = Text("", "")
_NAMES = Names(
    "", facts={"*a fact, a value, a reading, a cycle, `today`*": _ANY}, days={"*a date or moment fact*": _ANY},
    fields={"*a field*": _ANY}, amounts={"*an amount*": _ANY}, deadlines={"*a deadline*": _ANY},
    decisions={"*a decision*": _ANY}, tables={"*a table*": _ANY}, records={"*a history*": _ANY},
    row_facts={"*a row fact*": _ANY}, cycles={"*a cycle*": _ANY}, parties={"*a party*": _ANY},
)  # fmt: skip
_PATTERNS = {DATE_PATTERN: "a day", NAME_PATTERN: "a name", ID_PATTERN: "the id of a statement",
             PERIOD_PATTERN: "a length"}  # fmt: skip
_REFERENCES = {"#/$defs/condition": "a [condition](#conditions)", "#/$defs/value": "a [value](#forms-of-a-value)",
               "#/$defs/source": "a list of ids of statements"}  # fmt: skip
_TYPES = {"string": "a text", "number": "a number", "integer": "a whole number", "boolean": "`true` or `false`"}
# Which kinds of fact a key goes with, where not all have it; and the keys that such a kind needs.
_WITH = {key: [kind for kind in KINDS if key in KINDS[kind].keys] for kind in KINDS.values() for key in kind.keys}
_WITH |= {"dated": [RECORDS], "fields": [RECORDS], "vat": ["money"], "certainty": ["money"]}
_NEEDED_BY_KIND = ("unit", "options", "of", "fields", "vat", "certainty")
# What a policy needs besides its keys.
BESIDES: dict[Path, str] = {
    ("eligibility", "NAME"): "A `source` is needed where nothing is required: `requires: {}`.",
    ("eligibility", "NAME", "requires", "NAME"):
        "Exactly one of `must` and `should`; at most one of `for_each`, `for_row` and `per`.",
    ("costs", "NAME", "lines", "NAME"): "At most one of `for_each`, `for_row` and `per`.",
    ("costs", "NAME", "instalments", "NAME"):
        "The percentages are 100 together, and exactly one instalment has `odd_cent`.",
    ("deadlines", "NAME"):
        "At least one of `from` and `until`, a value or `not_stated`; at most one of `for_each`, `for_row`, `per`.",
    ("compliance", "NAME"): "Exactly one of `must` and `should`; at most one of `for_each` and `per`.",
    ("notes", "NAME"): "A `reason` is needed for an `open_norm` and for what is `not_computable`, and only there.",
    ("examples", "NAME", "ask"): "Exactly one of `eligibility`, `cost`, `deadline`, `compliance` and `note`.",
}  # fmt: skip
# What a schema cannot say and a policy's reader refuses, always: keys of a rule or a field that another one has.
REFUSED: frozenset[Path] = frozenset({
    ("compliance", "NAME", "for_row"), ("facts", "NAME", "fields", "NAME", "vat"),
    ("facts", "NAME", "fields", "NAME", "certainty"),
})  # fmt: skip


def reference_page(policy: Document, catalogue: Document, examples: Document) -> str:
    """
    The reference as Markdown, the same on every machine; `docs/reference.md` holds it.

    The examples on it are taken from the three documents: the fewest entries that show every key.
    """
    inside = places(policy_schema(_NAMES))
    sections = [key for key, schema in inside[0].keys.items() if "propertyNames" in schema]
    parts = [
        _HEAD.replace("{sections}", "\n  ".join(f"[{name}](#{name})" for name in sections)),
        _POLICY_TOLD, _keys(inside[0], links=sections), *_head_of(inside, policy), *_sections(inside, policy),
        _KINDS_TOLD, *_kinds(policy), _CONDITIONS_TOLD, *_conditions(policy),
        _OPERATORS_TOLD, *_overview(), *(_operator(one) for one in OPERATORS.values()), _FORMS_TOLD, *_forms(policy),
        _WORDS_TOLD, *_words(),
        _CATALOGUE_TOLD, *_file(places(statements_schema()), catalogue, "entries"),
        _EXAMPLES_TOLD, *_file(places(examples_schema()), examples, "examples"), _EXPECT_TOLD, *_expected(),
    ]  # fmt: skip
    return "\n".join(part.strip("\n") + "\n" for part in parts)


# --- tables ---


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = list(head)
    lines = [heads, ["---"] * len(heads), *(list(row) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


# --- keys, at every place ---


@dataclass(frozen=True, slots=True)
class Place:
    """A mapping with keys of its own: the path to it, with NAME, ID or [] for what an author names or lists."""

    path: Path
    schema: Schema

    @property
    def keys(self) -> dict[str, Schema]:
        """What may stand here, by key."""
        return {key: inner for key, inner in self.schema["properties"].items() if (*self.path, key) not in REFUSED}

    def __str__(self) -> str:
        return ".".join(map(str, self.path)).replace(".[]", "[]")


def places(schema: Schema, path: Path = ()) -> list[Place]:
    """
    Every mapping with keys of its own in a schema, outermost first.

    >>> [str(place) for place in places(statements_schema())]
    ['', 'entries.ID']
    """
    found: list[Place] = []
    if "properties" in schema and not _is_label(schema) and [*schema["properties"]] != ["between"]:
        found.append(Place(path, schema))
        for key, inner in schema["properties"].items():
            found += places(inner, (*path, key))
    elif isinstance(schema.get("additionalProperties"), dict):
        of_a_statement = schema.get("propertyNames", {}).get("pattern") == ID_PATTERN
        found += places(schema["additionalProperties"], (*path, "ID" if of_a_statement else "NAME"))
    if isinstance(schema.get("items"), dict):
        found += places(schema["items"], (*path, "[]"))
    return found


def _is_label(schema: Schema) -> bool:
    """Whether it is a text in both languages and nothing else."""
    return list(schema.get("properties", ())) == ["nl", "en"]


def _meant(schema: Schema) -> tuple[str, str]:
    nl, _, en = schema["description"].partition("\n\n")
    return nl, en


def _keys(place: Place, links: Iterable[str] = ()) -> str:
    """The table of a place."""
    rows = [
        (f"[`{key}`](#{key})" if key in links else f"`{key}`", _needed(place, key),
         _takes(schema) + _only_with(place, key), *_meant(schema))
        for key, schema in place.keys.items()
    ]  # fmt: skip
    if place.path == ("tables", "NAME", "rows", "NAME"):
        rows.append(("*each field*", "yes", "a value of its kind, `not_stated`, or `{between: [1, 2]}`",
                     "Wat er van deze rij is.", "What this row has."))  # fmt: skip
    table = _table(("key", "needed", "takes", "Nederlands", "English"), rows)
    return f"{table}\n\n{BESIDES[place.path]}" if place.path in BESIDES else table


def _needed(place: Place, key: str) -> str:
    if key in _NEEDED_BY_KIND and _only_with(place, key):
        return "by its kind"
    return "yes" if key in place.schema["required"] else ""


def _only_with(place: Place, key: str) -> str:
    declares = place.path[0] in ("facts", "tables") and {"kind", "unit"} <= set(place.keys) if place.path else False
    return f" (of {_code(_WITH[key])})" if declares and key in _WITH else ""


def _takes(schema: Schema) -> str:
    """What a key takes, in words."""
    if "$ref" in schema:
        return _REFERENCES[schema["$ref"]]
    if "enum" in schema:
        return ", ".join(str(one) if str(one).startswith("*") else f"`{one}`" for one in schema["enum"])
    if "pattern" in schema:
        return _PATTERNS[schema["pattern"]]
    if "items" in schema:
        return f"a list: {_takes(schema['items'])}"
    if _is_label(schema):
        return "`nl` and `en`"
    if "propertyNames" in schema:
        return f"names: {_takes(schema['additionalProperties'])}"
    if schema["type"] == "object":
        return "keys as below" if "properties" in schema else "names: a value"
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if {"number", "string"} <= {*types}:
        return "a value written out"
    least = f" from {schema['minimum']}" if "minimum" in schema else ""
    return " or ".join(_TYPES[one] for one in types if one in _TYPES) + least


def _words() -> Iterator[str]:
    """The words of which a key takes one; a kind of note or of statement is told by what it is a kind of."""
    rows = []
    for name, text in CHOICES.items():
        key, _, word = name.partition(".")
        shown = f"`kind` of a {key}" if key in ("note", "statement") else f"`{key}`"
        rows.append((shown, f"`{word}`", text.nl, text.en))
    yield _table(("key", "word", "Nederlands", "English"), rows)


def _expected() -> Iterator[str]:
    """What an example may expect, and of which questions."""
    keys = dict.fromkeys(key for told in ANSWERS.values() for key in told)
    rows = []
    for key in keys:
        asked = [question for question, told in ANSWERS.items() if key in told]
        rows.append(
            (f"`{key}`", "all" if len(asked) == len(ANSWERS) else _code(asked), *_meant(described("expect", key, {})))
        )
    yield _table(("key", "question", "Nederlands", "English"), rows)


# --- examples, from a text ---


def _head_of(places: list[Place], shown: Document) -> Iterator[str]:
    """What stands once in a policy, and how."""
    for place in places:
        if place.path and not _entry_of(place):
            yield f"`{place}`:\n\n{_keys(place)}"
    once = [key for key, schema in places[0].keys.items() if "propertyNames" not in schema]
    yield _block([_excerpt(shown, (key,)) for key in once])


def _sections(places: list[Place], shown: Document) -> Iterator[str]:
    """What an author names, section by section."""
    for key, schema in places[0].keys.items():
        if "propertyNames" in schema:
            nl, en = _meant(schema)
            inside = [place for place in places if place.path[:1] == (key,)]
            yield f"### {key}\n\n{nl}\n\n{en}"
            yield from (f"`{place}`:\n\n{_keys(place)}" for place in inside)
            yield _block([f"# {key}\n", *(_excerpt(shown, (key, name)) for name in telling(shown, key, inside))])


def _entry_of(place: Place) -> bool:
    return "NAME" in place.path or "ID" in place.path


def _file(places: list[Place], shown: Document, section: str) -> Iterator[str]:
    """A file whose entries all stand in one section."""
    inside = [place for place in places if place.path]
    yield _keys(places[0])
    yield from (f"`{place}`:\n\n{_keys(place)}" for place in inside)
    once = [key for key in places[0].keys if key != section]
    entries = [_excerpt(shown, (section, name), indent=2) for name in telling(shown, section, inside)]
    yield _block([*(_excerpt(shown, (key,)) for key in once), f"{section}:\n", *entries])


def telling(shown: Document, section: str, places: Iterable[Place]) -> list[str]:
    """The fewest entries of a section that together use every key that any of them uses, in the order of the text."""
    assert isinstance(shown.data, dict)
    entries: Mapping[str, Any] = shown.data.get(section, {})
    used = {name: set(_used(entry, [(place.path[2:], place) for place in places])) for name, entry in entries.items()}
    wanted = set().union(*used.values())
    chosen: set[str] = set()
    while wanted:
        best = max(used, key=lambda name: len(used[name] & wanted))
        chosen.add(best)
        wanted -= used[best]
    return [name for name in entries if name in chosen] or list(entries)[:1]


def _used(data: Any, places: list[tuple[Path, Place]]) -> Iterator[tuple[str, str]]:
    """Which keys at which places an entry uses."""
    if isinstance(data, list):
        for part in data:
            yield from _used(part, [(path[1:], place) for path, place in places if path[:1] == ("[]",)])
    elif isinstance(data, dict):
        for key, part in data.items():
            yield from ((str(place), key) for path, place in places if not path and key in place.keys)
            yield from _used(
                part, [(path[1:], place) for path, place in places if path and path[0] in (key, "NAME", "ID")]
            )


def _excerpt(shown: Document, path: Path, indent: int = 0) -> str:
    """The lines of an entry, as they stand in the text, or nothing."""
    assert isinstance(shown.data, dict)
    if path[0] not in shown.data:
        return ""
    first, last = shown.span(path, key=True), shown.span(path)
    end = last.end_line if last.end_column > 1 else last.end_line - 1
    lines = [line[first.column - 1 :] for line in shown.lines[first.line - 1 : end]]
    return "".join(f"{' ' * indent}{line}\n" for line in "\n".join(lines).rstrip().splitlines())


def _block(parts: Iterable[str]) -> str:
    return f"```yaml\n{''.join(parts)}```"


# --- kinds and conditions ---


def _kinds(shown: Document) -> Iterator[str]:
    rows = [(f"`{kind.name}`", kind.doc.nl, kind.doc.en, _code(kind.keys), _follow(kind)) for kind in KINDS.values()]
    counted = f"{_code(one.name for one in operators_of('integer'))}, on the number of rows"
    rows.append((f"`{RECORDS}`", RECORDS_DOC.nl, RECORDS_DOC.en, "`dated`, `fields`", counted))
    yield _table(("kind", "Nederlands", "English", "keys", "operators"), rows)
    assert isinstance(shown.data, dict)
    first = {fact["kind"]: name for name, fact in reversed(shown.data["facts"].items())}
    yield _block(
        ["# facts, one of each kind\n", *(_excerpt(shown, ("facts", first[kind])) for kind in (*KINDS, RECORDS))]
    )


def _follow(kind: Kind) -> str:
    always = [one.name for one in operators_of(kind.name)]
    ordered = [one.name for one in operators_of(kind.name, ordered=True) if one.name not in always]
    return _code(always) + (f"; where `ordered` also {_code(ordered)}" if ordered else "")


def _conditions(shown: Document) -> Iterator[str]:
    condition = policy_schema()["$defs"]["condition"]
    keys = {**condition["properties"], "where": condition["additionalProperties"]["properties"]["where"]}
    parts = [*_mappings(shown.data)]
    must = next(part["must"] for part in parts if "must" in part)
    rows = [("*a name*", "operators", "Wat hiervan moet gelden.", "What must hold of this.", f"`{flow(must)}`")]
    for key, schema in keys.items():
        found = next(part[key] for part in parts if key in part)
        rows.append((f"`{key}`", _takes(schema), *_meant(schema), f"`{flow({key: found})}`"))
    yield _table(("key", "takes", "Nederlands", "English", "example"), rows)


def _mappings(data: Any) -> Iterator[dict[str, Any]]:
    """Every mapping in some data, outermost first."""
    if isinstance(data, dict):
        yield data
    for part in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _mappings(part)


def _overview() -> Iterator[str]:
    rows = (
        (f"[`{one.name}`](#{one.name})", one.doc.nl, one.doc.en, _OPERANDS[one.operand]) for one in OPERATORS.values()
    )
    yield _table(("operator", "Nederlands", "English", "after it"), rows)


# --- one operator ---


def _operator(operator: Operator) -> str:
    kinds = _code(name for name in KINDS if name in operator.kinds)
    lines = [f"### {operator.name}", "", f"Follows {kinds}{_ORDERED if operator.ordered else ''}."]
    if operator.operand != "boolean":  # whether something exists has sentences of its own
        lines += [f"In an answer: {_said(operator, 'nl')}; {_said(operator, 'en')}."]
    return "\n".join([*lines, "", _table(("kind", "*fact* is", "condition", "holds"), _examples(operator))])


def _said(operator: Operator, language: Language) -> str:
    said = (form.fill(fact=_FACT, operand="…")[language] for form in (operator.says, operator.denies))
    return "; ".join(f"“{one}”" for one in said)


def _examples(operator: Operator) -> Iterator[tuple[str, ...]]:
    for example in operator.examples:
        condition = f"`fact: {{{operator.name}: {literal(example.operand)}}}`"
        yield example.kind, f"`{literal(example.fact)}`", condition, f"`{literal(example.holds)}`"
    if operator.operand == "cycle":
        # A round is days, not a literal: the first of a yearly cycle serves, from the day before it to the day after.
        turn = round_at(_ROUND_STARTS, _ROUND_LASTS, 1, month_end=MonthEnd.EARLIER)
        told = f"`fact: {{{operator.name}: cycle}}`, its round {write_date(turn.first)} to {write_date(turn.last)}"
        for day in (date.fromordinal(turn.first.toordinal() - 1), turn.first, turn.last, turn.expiry):
            holds = operator.test(day, (turn.first, turn.last))
            yield "date", f"`{write_date(day)}`", told, f"`{literal(holds)}`"


def flow(value: object) -> str:
    """
    Plain data on one line, as an author writes it.

    >>> flow({"experience": {"at_least": "3 years"}, "any": [{"key": {"in": ["hives"]}}]})
    '{experience: {at_least: 3 years}, any: [{key: {in: [hives]}}]}'
    """
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(part)}" for key, part in value.items()) + "}"
    return f"[{', '.join(map(flow, value))}]" if isinstance(value, list) else literal(value)


def literal(value: object) -> str:
    """
    A plain value as an author writes it.

    >>> literal(["first", "second"]), literal(None), literal(True), literal(18)
    ('[first, second]', 'null', 'true', '18')
    """
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value)


# --- forms of a value ---


def _forms(shown: Document) -> Iterator[str]:
    used = sorted((flow(part) for part in _mappings(shown.data) if len(part) == 1 and {*part} <= {*FORMS}), key=len)
    found = {form: next(one for one in used if one.startswith(f"{{{form}: ")) for form in FORMS}
    rows = ((f"`{_written(form)}`", form.doc.nl, form.doc.en, f"`{found[form.name]}`") for form in FORMS.values())
    yield _table(("value", "Nederlands", "English", "example"), rows)


def _written(form: Form) -> str:
    if form.takes == "name":
        return f"{{{form.name}: NAME}}"
    if form.takes == "list":
        return f"{{{form.name}: [..., ...]}}"
    keys = [f"{key}: ..." for key in form.keys] + [f"[{key}: ...]" for key in form.optional]
    return f"{{{form.name}: {{{', '.join(keys)}}}}}"
