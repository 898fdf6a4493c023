"""The page itself: everything the handbook tells, set in HTML that needs nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Mapping
from importlib import resources
from typing import Any

from trainingrules import declared, phrases, saying
from trainingrules.answers.cost import CERTAINTIES, VATS
from trainingrules.examples import Example
from trainingrules.handbook import contents, graph, timeline
from trainingrules.handbook.labels import KINDS_OF_STATEMENT, SECTIONS, WORDS
from trainingrules.handbook.retold import retold
from trainingrules.kinds import say
from trainingrules.phrases import Phrase, filled
from trainingrules.policy import ALWAYS, Condition, Expression, FactValue, NotStated, Policy, Scope
from trainingrules.words import LANGUAGES, Language, Text, day_in_words, lower, number_in_words

MARK = "trainingrules handbook"


def handbook(policy: Policy, examples: Iterable[Example] = (), *, language: Language = "nl") -> str:
    """
    A policy as one HTML page, in both languages; ``language`` is the one that shows first.

    It needs no network and no script, and the same policy gives the same page, byte for byte.

    >>> from trainingrules import load
    >>> page = handbook(load("rvwo"))
    >>> page[:15], "Wat de bron niet zegt" in page
    ('<!doctype html>', True)
    """
    # Only here: no other command needs it, and it takes its time.
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("trainingrules.handbook"), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    template = environment.get_template("page.html")
    style, script = _file("page.css"), _file("page.js")
    ordered = (language, *(other for other in LANGUAGES if other != language))
    whole = _whole(policy, examples)
    return template.render(
        mark=MARK, policy=policy, style=style, script=script, style_hash=_hash(style), script_hash=_hash(script),
        sides=[{**whole, **_side(policy, one, first=one == language)} for one in ordered],
    )  # fmt: skip


def _file(name: str) -> str:
    return resources.files("trainingrules.handbook").joinpath("templates", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _whole(policy: Policy, examples: Iterable[Example]) -> dict[str, Any]:
    """What is the same in both languages."""
    told = [retold(one, policy) for one in examples]
    found = graph.graphs(policy)
    by_question: dict[contents.Link, list[Any]] = {}
    for one in told:
        by_question.setdefault(one.question, []).append(one)
    return {
        "policy": policy, "sections": SECTIONS, "carried": contents.carried(policy), "used": contents.used(policy),
        "silences": tuple(contents.silences(policy)), "rounds": tuple(contents.rounds(policy)),
        "lines": tuple(timeline.lines(policy)), "examples": by_question,
        "graphs": [one for one in found if one.deep], "plainly": [one for one in found if not one.deep],
        "drawn": {one.question.to for one in found if one.deep},
        "note_values": {one.name: contents.note_values(policy, one) for one in policy.notes.values()},
        "calendar": timeline.CALENDAR, "ALWAYS": ALWAYS, "no_scope": Scope(),
    }  # fmt: skip


def _side(policy: Policy, language: Language, *, first: bool) -> dict[str, Any]:
    """What the template needs to tell it in one language."""
    suffix = "" if first else f"-{language}"

    def t(text: Text) -> str:
        return text[language]

    def w(name: str, **parts: Text | str) -> str:
        return (WORDS[name].fill(**parts) if parts else WORDS[name])[language]

    def told(condition: Condition) -> saying.Told:
        return saying.told(condition, policy)

    def value(expression: Expression) -> Any:
        return saying.value(expression, policy)[language]

    def scope(given: Scope) -> Any:
        return declared.scope(given, policy)[language]

    tools: dict[str, Callable[..., Any]] = {
        "t": t, "w": w, "told": told, "value": value, "scope": scope,
        "id": lambda to: f"{to}{suffix}",
        "spans": lambda phrase: phrase[language],
        "day": lambda given: day_in_words(given, language),
        "number": lambda given: number_in_words(given, language),
        "cents": lambda given: saying.cents(given)[language],
        "vat": lambda given: VATS[given][language],
        "certainty": lambda given: CERTAINTIES[given][language],
        "cell": lambda given: saying.value(given, policy)[language],
        "silent": lambda given: isinstance(given, NotStated),
        "said": lambda given, shape: say(given, shape)[language],
        "bounds": lambda shape: _bounds(shape, language),
        "kind": lambda shape: declared.kind(shape)[language],
        "numeric": lambda shape: shape.kind in ("integer", "decimal", "percent", "money", "duration"),
        "phrase": lambda name, **parts: filled(WORDS[name], **parts)[language],
        "option": phrases.option,
        "each": lambda rows: scope(Scope(each=rows)),
        "the_day": lambda fact: _named(policy, fact)[language],
        "lasts": lambda cycle: filled(WORDS["round_of"], every=declared.lasting(cycle.every),
                                      starts=_named(policy, cycle.starts))[language],
        "drawing": lambda one: graph.drawing(one, language),
        "chart": lambda one: timeline.chart(one, language),
        "amount_text": lambda name: declared.amount_text(policy, name)[language],
        "month_end": lambda: declared.MONTH_ENDS[policy.month_end][language],
        "rounding": lambda: declared.ROUNDINGS[policy.cent][language],
        "statement_kind": lambda name: KINDS_OF_STATEMENT[name][language],
        "lowered": lambda text: lower(text)[language],
        "place": saying.place,
        "fact_place": lambda name: saying.fact_place(policy, name),
        "money_fields": lambda table: [one for one in table.fields.values() if one.shape.kind == "money"],
    }  # fmt: skip
    return {"lang": language, "first": first, "suffix": suffix, **tools}


def _named(policy: Policy, fact: str) -> Phrase:
    day = FactValue(fact, policy.facts[fact].shape)
    return saying.value(day, policy)


def _bounds(shape: Any, language: Language) -> str:
    """What may be given: the options, or the least and the most."""
    if shape.options:
        return "; ".join(text[language] for text in shape.options.values())
    ends: Mapping[str, Text] = {"low": Text("ten minste {a}", "at least {a}"), "high": Text("ten hoogste {a}",
                                                                                        "at most {a}")}  # fmt: skip
    told = [form.fill(a=say(bound, shape))[language] for end, form in ends.items()
            if (bound := getattr(shape, end)) is not None]  # fmt: skip
    return ", ".join(told)
