"""The page on the vocabulary, written from the vocabulary itself: kinds, operators, forms of a value, and keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from trainingrules.calendar import MonthEnd, Period, round_at, write_date
from trainingrules.kinds import KINDS, RECORDS, RECORDS_DOC, Kind
from trainingrules.operators import FORMS, OPERATORS, Form, Operator, operators_of
from trainingrules.schema import ID_PATTERN, Schema, examples_schema, policy_schema, statements_schema
from trainingrules.schema_docs import DOCS
from trainingrules.words import Language, Text

_HEAD = """\
<!-- Written from the code by `trainingrules.reference`. Not edited by hand: a test compares. -->

# Kinds, operators, values and keys

Every word of the [policy language](language.md), with its meaning in Dutch and in English.
"""
_KINDS_TOLD = """
## Kinds of fact

A fact, a field of a table and a field of a history each have a kind; a field is never a `row` or `records`. The kind
says how a value is written, which keys its declaration may have beside `kind`, `nl` and `en`, and which operators may
follow it.
"""
_OPERATORS_TOLD = """
## Operators

*fact* stands for the name that a fact has in the policy. After an operator stands a value of the fact's own kind,
written out or in one of the forms [below](#values), a list of such values, or the name of a cycle. In the examples
`first` and `second` are the options, the lowest first. Of a fact that is not given every condition is unknown; of one
that is `null` every operator is false, save `exists: false`.
"""
_FORMS_TOLD = """
## Values

Where a number, an amount, a day or a length stands, a value is written out (`3`, `2026-01-31`, `3 months`) or is one of
these, each a mapping with exactly one key. What stands in brackets may be left out.
"""
_KEYS_TOLD = """
## Where each key may stand

A star marks a key that must be there; what some kinds and some rules ask besides, the [language](language.md) says.
`NAME` is a name of the author's own (small letters, digits and underscores, at most 64, beginning with a letter), `ID`
the id of a statement, `[]` an entry of a list. A key that is not in this table, at that place, is refused.
"""
_WORDS_TOLD = """
## What each key means
"""

# What stands after an operator.
_OPERANDS = {"same": "a value", "boolean": "`true` or `false`", "several": "a list", "cycle": "a cycle"}
_ORDERED = " (a `choice` only where its options are `ordered`)"
_STAR = "\\*"
_FACT = Text("*feit*", "*fact*")
_ROUND_STARTS, _ROUND_LASTS = date(2026, 3, 1), Period(months=12)


def operators_page() -> str:
    """
    The page as Markdown, the same on every machine; `docs/operators.md` holds it.

    >>> print(operators_page().splitlines()[2])
    # Kinds, operators, values and keys
    """
    parts = [
        _HEAD, _KINDS_TOLD, *_kinds(), _OPERATORS_TOLD, *_overview(), *(_operator(one) for one in OPERATORS.values()),
        _FORMS_TOLD, *_forms(), _KEYS_TOLD, *_places(), _WORDS_TOLD, *_keys(),
    ]  # fmt: skip
    return "\n".join(part.strip("\n") + "\n" for part in parts)


# --- tables ---


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = list(head)
    lines = [heads, ["---"] * len(heads), *(list(row) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _kinds() -> Iterator[str]:
    rows = [(f"`{kind.name}`", kind.doc.nl, kind.doc.en, _code(kind.keys), _follow(kind)) for kind in KINDS.values()]
    counted = f"{_code(one.name for one in operators_of('integer'))}, on the number of rows"
    rows.append((f"`{RECORDS}`", RECORDS_DOC.nl, RECORDS_DOC.en, "`dated`, `fields`", counted))
    yield _table(("kind", "Nederlands", "English", "keys", "operators"), rows)


def _follow(kind: Kind) -> str:
    always = [one.name for one in operators_of(kind.name)]
    ordered = [one.name for one in operators_of(kind.name, ordered=True) if one.name not in always]
    return _code(always) + (f"; where `ordered` also {_code(ordered)}" if ordered else "")


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


# --- values ---


def _forms() -> Iterator[str]:
    rows = ((f"`{_written(form)}`", form.doc.nl, form.doc.en) for form in FORMS.values())
    yield _table(("value", "Nederlands", "English"), rows)


def _written(form: Form) -> str:
    if form.takes == "name":
        return f"{{{form.name}: NAME}}"
    if form.takes == "list":
        return f"{{{form.name}: [..., ...]}}"
    keys = [f"{key}: ..." for key in form.keys] + [f"[{key}: ...]" for key in form.optional]
    return f"{{{form.name}: {{{', '.join(keys)}}}}}"


# --- keys ---


def _places() -> Iterator[str]:
    files = (("a policy", policy_schema()), ("a catalogue of statements", statements_schema()),
             ("a file of examples", examples_schema()))  # fmt: skip
    for name, schema in files:
        rows = ((f"`{path}`" if path else f"*{name}*", keys) for path, keys in _mappings(schema, ""))
        yield _table((f"in {name}", "keys"), rows)


def _mappings(schema: Schema, path: str) -> Iterator[tuple[str, str]]:
    """Every mapping with keys of its own in a schema, outermost first."""
    properties: Mapping[str, Any] = schema.get("properties", {})
    others = schema.get("additionalProperties")
    if properties and list(properties) != ["between"]:  # a range in a row of a table: a value, no place for keys
        required = schema.get("required", ())
        keys = ", ".join(f"`{key}`{_STAR if key in required else ''}" for key in properties)
        yield path, keys + (", and the fields of the table" if isinstance(others, dict) else "")
        for key, inner in properties.items():
            yield from _mappings(inner, f"{path}.{key}" if path else key)
    elif isinstance(others, dict):
        of_a_statement = schema.get("propertyNames", {}).get("pattern") == ID_PATTERN
        yield from _mappings(others, f"{path}.{'ID' if of_a_statement else 'NAME'}")
    if isinstance(schema.get("items"), dict):
        yield from _mappings(schema["items"], f"{path}[]")


def _keys() -> Iterator[str]:
    rows = ((f"`{key}`", doc.nl, doc.en) for key, doc in DOCS.items())
    yield _table(("key", "Nederlands", "English"), rows)
