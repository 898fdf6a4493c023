"""A person as an entry of a file of examples, ready to paste."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from trainingrules.answers.common import Answer
from trainingrules.answers.compliance import Compliance
from trainingrules.answers.cost import Cost
from trainingrules.answers.deadlines import Deadlines
from trainingrules.answers.eligibility import Eligibility
from trainingrules.answers.notes import Notes
from trainingrules.calendar import write_date, write_moment
from trainingrules.diagnostics import FactError, QuestionError
from trainingrules.examples import NO_WHY, OVERALL, SORTS, Example, answer, run, told
from trainingrules.facts import parse_facts
from trainingrules.persons import Person, known_to, outcome
from trainingrules.policy import Policy
from trainingrules.questions import Question

WIDTH = 110
_INDENT = "    "
_KINDS = {sort: kind for kind, sort in SORTS.items()}
# What is expected in any case, and what only where there is something to tell.
_MAIN = {"eligibility": ("verdict",), "cost": ("total",), "deadline": ("state",), "compliance": ("status",),
         "note": ("value",)}  # fmt: skip
_BESIDE = {
    "eligibility": ("missing", "violated", "failed", "silent", "contested", "warnings"),
    "cost": ("at_least", "at_most", "lines", "lacking", "missing", "presumed", "contested", "warnings"),
    "deadline": ("from", "until", "missing", "contested", "warnings"),
    "compliance": ("until", "missing", "contested", "warnings"),
    "note": ("missing", "warnings"),
}


def example_of(
    policy: Policy, question: Question, person: Person, name: str, *, other: Policy | None = None
) -> Example:
    """
    A person and a question as an example that expects what the policy answers now.

    Of several rows or rounds the first is asked for; with ``other``, one of which that policy answers otherwise,
    so that the example fails there, as far as an example can tell.

    Raises:
        ValueError: the policy has no such question, or these facts are faulty.
    """
    person = Person(known_to(policy, person.facts), person.on)
    if parse_facts(policy, person.facts)[1]:
        raise ValueError("these facts are faulty: they are no example")
    found: Example | None = None
    for ask in _asks(policy, question, person):
        empty = Example(policy.name, name, (), NO_WHY, person.on, person.facts, ask, {})
        one = replace(empty, source=_sources(policy, empty), expect=_expected(policy, empty, other))
        found = found or one
        if other is None or not run(one, other).passed:
            return one
    if found is None:
        raise ValueError("there is nothing to ask of this person")
    return found


def written(policy: Policy, question: Question, person: Person, name: str, *, other: Policy | None = None) -> str:
    """
    The same as a text to paste under `examples`; the author still has to say why it is so.

    >>> from trainingrules import load
    >>> someone = Person({"role": "teacher"}, date(2026, 1, 1))
    >>> print(written(load("rvwo"), Question("eligibility", "teach_skills"), someone, "a_teacher"))
      a_teacher:
        source: [RVW-19]
        why: "…"
        asked_on: 2026-01-01
        facts: {role: teacher}
        ask: {eligibility: teach_skills}
        expect: {verdict: unknown, silent: [a_work_supervisor]}
    <BLANKLINE>

    Raises:
        ValueError: as for `example_of`.
    """
    one = example_of(policy, question, person, name, other=other)
    parts = {"source": list(one.source), "why": NO_WHY, "asked_on": one.on, "facts": one.facts, "ask": one.ask,
             "expect": one.expect}  # fmt: skip
    lines = [line for key, part in parts.items() for line in _lines(key, part, _INDENT)]
    return "\n".join([f"  {name}:", *lines, ""])


# --- what to ask, and what to expect ---


def _asks(policy: Policy, question: Question, person: Person) -> Iterator[dict[str, Any]]:
    kind = _KINDS[question.sort]
    more: dict[str, Any] = {"party": question.party} if question.party else {}
    if question.cycles is not None and kind == "cost":
        more["cycles"] = list(question.cycles)
    entries = outcome(policy, question, person).get(question.sort, {})
    name = question.name or (OVERALL if kind == "compliance" else None)
    if name is not None and sum(name == entry for entry, _, _ in entries) < 2:
        yield {kind: name, **more}
    for name, row, cycle in entries:
        place = {"row": row} if row is not None else {"cycle": cycle} if cycle is not None else {}
        yield {kind: name, **place}


def _expected(policy: Policy, example: Example, other: Policy | None) -> dict[str, Any]:
    """What the policy answers: the heart of it, what is not empty beside it, and what the other answers otherwise."""
    kind = example.question[0]
    mine = told(example, policy)
    theirs: Mapping[str, Any] = mine
    if other is not None:
        try:
            theirs = told(replace(example, facts=known_to(other, example.facts)), other)
        except (FactError, QuestionError):
            theirs = {}
    chosen = [key for key in _MAIN[kind] if key in mine]
    chosen += [key for key in _BESIDE[kind] if mine.get(key) not in (None, frozenset(), {}, "none")]
    if mine.get("total") is not None:
        chosen = [key for key in chosen if key not in ("at_least", "at_most")]
    chosen += [key for key in mine if theirs and mine[key] != theirs.get(key)]
    chosen = chosen or ["in_force"] * ("in_force" in mine) or list(mine)
    expect = {key: _as_written(mine[key]) for key in dict.fromkeys(chosen)}
    # Not all that is told can be written down: that is not expected.
    wrong = {one.key for one in run(replace(example, expect=expect), policy).mismatches}
    return {key: part for key, part in expect.items() if key not in wrong}


def _as_written(part: Any) -> Any:
    if isinstance(part, frozenset):
        return sorted(part)
    if isinstance(part, Mapping):
        return {name: _as_written(one) for name, one in part.items()}
    if isinstance(part, tuple | list):
        return [_as_written(one) for one in part]
    return part


def _sources(policy: Policy, example: Example) -> tuple[str, ...]:
    """The statements of the rules that the answer rests on first; or else some that it rests on."""
    try:
        got: Answer = answer(example, policy)
    except FactError:  # what a contradiction rests on is not written down
        return tuple(policy.statements)[:1]
    found: Iterable[str]
    name = example.question[1]
    match got:
        case Eligibility():
            found = got.violated or (one.id for reason in got.reasons for one in reason.source)
        case Cost():
            found = (one.id for line in got.lines for one in line.source)
        case Deadlines():
            found = (one.id for entry in got.deadlines if entry.name == name for one in entry.source)
        case Compliance():
            found = (one.id for entry in got.duties if name in (entry.duty, OVERALL) for one in entry.source)
        case Notes():
            found = (one.id for entry in got.notes if entry.name == name for one in entry.source)
        case _:  # pragma: no cover - there is no other sort of answer
            found = ()
    return tuple(dict.fromkeys(found))[:6] or tuple(one.id for one in got.sources[:1]) or tuple(policy.statements)[:1]


# --- text ---


def _lines(key: str, part: Any, indent: str) -> Iterator[str]:
    """A key and its value: on one line where that fits, else a line for each part of it."""
    line = f"{indent}{key}: {flow(part)}"
    if len(line) <= WIDTH or not part or not isinstance(part, Mapping | list):
        yield line
        return
    yield f"{indent}{key}:"
    if isinstance(part, Mapping):
        for name, inner in part.items():
            yield from _lines(_scalar(name), inner, indent + "  ")
    else:
        for inner in part:
            yield f"{indent}  - {flow(inner)}"


def flow(part: Any) -> str:
    """
    Facts, or a part of them, on one line of YAML.

    >>> flow({"member": True, "notice_on": None, "region": "on"})
    '{member: true, notice_on: null, region: "on"}'
    """
    if isinstance(part, Mapping):
        return "{" + ", ".join(f"{_scalar(name)}: {flow(inner)}" for name, inner in part.items()) + "}"
    if isinstance(part, list | tuple):
        return "[" + ", ".join(map(flow, part)) + "]"
    return _scalar(part)


_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*(-[0-9]+)?|[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+(Z|[+-][0-9:]+))?")
# What readers of YAML take for something else.
_SPECIAL = frozenset("yes no on off y n true false null none nan inf".split())


def _scalar(part: Any) -> str:
    if part is None:
        return "null"
    if isinstance(part, bool):
        return str(part).lower()
    if isinstance(part, datetime):
        return write_moment(part)
    if isinstance(part, date):
        return write_date(part)
    if isinstance(part, Decimal):
        return f"{part:f}"
    if isinstance(part, int):
        return str(part)
    text = str(part)
    if _PLAIN.fullmatch(text) and (text.lower() not in _SPECIAL or text == "none"):
        return text
    return json.dumps(text, ensure_ascii=False)
