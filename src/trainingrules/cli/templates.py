"""The facts of a policy, described: for a person to read, for a program, and as a template to fill in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from trainingrules.kinds import KINDS, RECORDS, RECORDS_DOC, Shape, ask
from trainingrules.policy import Fact, Policy
from trainingrules.words import Language, Text

_PER = Text("per {of}: {keys}", "per {of}: {keys}")
_OPTIONS = Text("kies uit: {options}", "one of: {options}")
_SEVERAL = Text("kies uit: {options}", "any of: {options}")
_ROW = Text("een rij van {name}", "a row of {name}")
_INTRO = Text(
    "Feiten voor {policy} ({file}). Haal de # weg voor wat bekend is; de rest blijft onbekend.\n"
    "De waarden zijn voorbeelden.",
    "Facts for {policy} ({file}). Take the # away before what is known; the rest stays unknown.\n"
    "The values are examples.",
)


def described(policy: Policy, name: str) -> dict[str, Any]:
    """A fact or a history as plain JSON."""
    if name in policy.records:
        records = policy.records[name]
        fields = [_plain(one.name, one.text, one.shape) for one in records.fields.values()]
        return {"name": name, "kind": RECORDS, "text": records.text, "question": RECORDS_DOC,
                "dated": records.dated or None, "fields": fields}  # fmt: skip
    fact = policy.facts[name]
    table = policy.tables.get(fact.per)
    keys = {"per": fact.per, "keys": list(table.rows) if table else None} if fact.per else {}
    return {**_plain(name, fact.text, fact.shape), **keys}


def _plain(name: str, text: Text, shape: Shape) -> dict[str, Any]:
    write = KINDS[shape.kind].write
    told: dict[str, Any] = {"name": name, "kind": shape.kind, "text": text, "question": ask(text, shape)}
    if shape.unit:
        told["unit"] = shape.unit
    if shape.of:
        told["of"] = shape.of
    for key, bound in (("at_least", shape.low), ("at_most", shape.high)):
        if bound is not None:
            told[key] = write(bound, shape)
    if shape.options:
        told["options"] = [{"name": option, "title": label} for option, label in shape.options.items()]
    return told


def fact_rows(policy: Policy, name: str, lang: Language) -> Iterator[tuple[str, str, str]]:
    """A fact or a history as rows of a table: name, kind, question; and below it what may be given."""
    if name in policy.records:
        records = policy.records[name]
        yield name, RECORDS, records.text[lang]
        for one in records.fields.values():
            yield f"  {one.name}", _kind(one.shape), ask(one.text, one.shape)[lang]
            yield from _choices(one.shape, lang)
        return
    fact = policy.facts[name]
    yield name, _kind(fact.shape), ask(fact.text, fact.shape)[lang]
    yield from _choices(fact.shape, lang)
    if fact.per:
        yield "", "", _PER[lang].format(of=fact.per, keys=", ".join(_keys(policy, fact)))


def _kind(shape: Shape) -> str:
    return f"{shape.kind} ({shape.unit})" if shape.unit else shape.kind


def _keys(policy: Policy, fact: Fact) -> list[str]:
    table = policy.tables.get(fact.per)
    return list(table.rows) if table else ["1", "2", "..."]


def _choices(shape: Shape, lang: Language) -> Iterator[tuple[str, str, str]]:
    if shape.options:
        form = _SEVERAL if shape.kind == "list" else _OPTIONS
        yield "", "", form[lang].format(options=", ".join(shape.options))


def template(policy: Policy, names: Sequence[str], lang: Language, file: Path) -> list[str]:
    """A file of facts to fill in: every fact in a comment, with its question above it."""
    intro = _INTRO[lang].format(policy=f"{policy.name} {policy.edition}", file=file.name)
    lines = [f"# {line}" for line in intro.splitlines()]
    for name in names:
        lines.append("")
        for _, _, told in fact_rows(policy, name, lang):
            lines.append(f"# {told}")
        lines += [f"#{line}" for line in _sample(policy, name)]
    return lines


def _sample(policy: Policy, name: str) -> Iterator[str]:
    """An example of a fact as YAML."""
    if name in policy.records:
        yield f"{name}:"
        for index, one in enumerate(policy.records[name].fields.values()):
            yield f"{'  ' if index else '- '}{one.name}: {_value(one.shape)}"
        return
    fact = policy.facts[name]
    if fact.per:
        yield f"{name}: {{{_keys(policy, fact)[0]}: {_value(fact.shape)}}}"
    else:
        yield f"{name}: {_value(fact.shape)}"


def _value(shape: Shape) -> str:
    match shape.kind:
        case "boolean":
            return "true"
        case "date":
            return "2026-01-31"
        case "moment":
            return "2026-01-31T09:30:00+01:00"
        case "text":
            return '"..."'
        case "list":
            return f"[{next(iter(shape.options))}]"
        case "choice" | "row":
            return next(iter(shape.options))
        case _:
            if shape.low is not None:
                return str(KINDS[shape.kind].write(shape.low, shape))
            return {"money": "445.00", "percent": "50"}.get(shape.kind, "1")
