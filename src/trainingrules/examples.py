"""Examples as tests of a policy: a question, and the answer that the source gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from trainingrules.answers.common import Answer, contradicted
from trainingrules.answers.compliance import Compliance, DutyStatus
from trainingrules.answers.cost import Cost
from trainingrules.answers.deadlines import Deadlines, DeadlineState, Limit
from trainingrules.answers.eligibility import Eligibility
from trainingrules.answers.notes import Noted, Notes
from trainingrules.calendar import day_of, parse_date, parse_moment
from trainingrules.diagnostics import Diagnostic, FactError, QuestionError, did_you_mean, meant, one_of, shown
from trainingrules.document import Document
from trainingrules.engines import Engine
from trainingrules.engines.reference import REFERENCE
from trainingrules.facts import parse_facts
from trainingrules.notations import meanings
from trainingrules.policy import Deadline, Duty, Note, Policy
from trainingrules.questions import Question, Sort, entries_of
from trainingrules.reading import statement_hint, statement_meant
from trainingrules.reckoning import Situation, exactly
from trainingrules.schema import ANSWERS, examples_schema, shape_faults

# The questions under `ask`, and the sort that each is of.
SORTS: Mapping[str, Sort] = {"eligibility": "eligibility", "cost": "cost", "deadline": "deadlines",
                             "compliance": "compliance", "note": "notes"}  # fmt: skip
QUESTIONS = tuple(SORTS)
_WITH = {"eligibility": (), "cost": ("cycles",), "deadline": ("row", "cycle"), "compliance": ("cycle", "row", "party"),
         "note": ("row",)}  # fmt: skip
OVERALL = "overall"
# What stands for a reason until the author has written one.
NO_WHY = "…"
# What an example asks, as it stands in the file.
Ask = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Example:
    """One question about one person, with the answer a person worked out from the source."""

    policy: str
    name: str
    source: tuple[str, ...]
    why: str
    on: date | datetime
    facts: Mapping[str, Any]
    ask: Mapping[str, Any]
    expect: Mapping[str, Any]

    @property
    def question(self) -> tuple[str, str]:
        """What sort of question, and about which entry."""
        kind = next(kind for kind in QUESTIONS if kind in self.ask)
        return kind, self.ask[kind]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Where an answer is not as expected."""

    key: str
    expected: Any
    got: Any


@dataclass(frozen=True, slots=True)
class Result:
    """An example and where it failed, if it did."""

    example: Example
    mismatches: tuple[Mismatch, ...]

    @property
    def passed(self) -> bool:
        """Whether all that was expected came out."""
        return not self.mismatches


def examples_file(policy_file: Path) -> Path:
    """Where the examples of a policy stand: `examples/<policy>.yaml` beside it."""
    return policy_file.parent / "examples" / policy_file.name


def read_examples(document: Document, policy: Policy) -> tuple[list[Example], list[Diagnostic]]:
    """
    The examples in a document, and every fault in them.
    """
    faults = shape_faults(document, examples_schema())
    if faults or not isinstance(document.data, dict):
        return [], faults
    result = []
    for name, raw in document.data["examples"].items():
        at = ("examples", name)
        found = [one for one in QUESTIONS if one in raw["ask"]]
        if len(found) != 1:
            faults.append(document.fault("one-question", "an example asks exactly one question", (*at, "ask"), key=True,
                                         help=one_of(QUESTIONS)))  # fmt: skip
            continue
        kind = found[0]
        entries = _entries(policy, kind)
        if raw["ask"][kind] not in entries:
            faults.append(document.fault("unknown-question", f"`{raw['ask'][kind]}` is not in the policy",
                                         (*at, "ask", kind), help=did_you_mean(raw["ask"][kind], entries)
                                         or one_of(entries),
                                         edits=document.instead((*at, "ask", kind),
                                                                meant(raw["ask"][kind], entries))))  # fmt: skip
            continue
        for key in raw["ask"]:
            if key != kind and key not in _WITH[kind]:
                faults.append(
                    document.fault("wrong-key", f"`{key}` does not go with `{kind}`", (*at, "ask", key), key=True)
                )
        rows = _rows(policy, kind, raw["ask"][kind])
        if "row" in _WITH[kind] and rows and raw["ask"].get("row", rows[0]) not in rows:
            faults.append(document.fault("unknown-row", f"there is no row {shown(raw['ask']['row'])} here",
                                         (*at, "ask", "row"), help=did_you_mean(raw["ask"]["row"], rows)
                                         or one_of(rows),
                                         edits=document.instead((*at, "ask", "row"),
                                                                meant(raw["ask"]["row"], rows))))  # fmt: skip
        for key in raw["expect"]:
            if key not in ANSWERS[kind]:
                faults.append(document.fault("unknown-key", f"`{key}` is not part of this answer", (*at, "expect", key),
                                             key=True, help=did_you_mean(str(key), ANSWERS[kind])
                                             or one_of(ANSWERS[kind]),
                                             edits=document.instead((*at, "expect", key),
                                                                    meant(key, set(ANSWERS[kind]) - set(raw["expect"])),
                                                                    key=True)))  # fmt: skip
        if raw["why"].strip() in ("", NO_WHY):
            faults.append(document.fault("no-reason", "this example does not say why it is so", (*at, "why"),
                                         severity="warning", help="say in a sentence what in the source makes it "
                                         "so"))  # fmt: skip
        for index, one in enumerate(raw["source"]):
            if one not in policy.statements:
                faults.append(document.fault("unknown-statement", f"statement `{one}` is not in the catalogue",
                                             (*at, "source", index), help=statement_hint(one, policy.statements),
                                             edits=document.instead((*at, "source", index),
                                                                    statement_meant(one, policy.statements)))
                )  # fmt: skip
        try:
            on = parse_moment(raw["asked_on"]) if "T" in raw["asked_on"] else parse_date(raw["asked_on"])
        except ValueError as reason:
            found = meanings(raw["asked_on"], "date")
            faults.append(document.fault("impossible-date", str(reason), (*at, "asked_on"),
                                         help=f"write `{found[0]}`" if len(found) == 1 else "",
                                         edits=document.instead((*at, "asked_on"),
                                                                found[0] if len(found) == 1 else None)))  # fmt: skip
            continue
        result.append(Example(policy.name, name, tuple(raw["source"]), raw["why"], on, raw["facts"], raw["ask"],
                              raw["expect"]))  # fmt: skip
    return result, faults


def _rows(policy: Policy, kind: str, name: str) -> list[str]:
    """The rows of a table that an entry is about; none for one without a table."""
    entry = entries_of(policy, SORTS[kind]).get(name)
    if not isinstance(entry, Deadline | Duty | Note):
        return []
    of = entry.scope.each or (policy.facts[entry.scope.row].shape.of if entry.scope.row else "")
    return list(policy.tables[of].rows) if of in policy.tables else []


def _entries(policy: Policy, kind: str) -> Iterable[str]:
    return [*entries_of(policy, SORTS[kind]), *([OVERALL] if kind == "compliance" else [])]


def answer(example: Example, policy: Policy, engine: str | Engine = "reference") -> Answer:
    """The answer to an example's question."""
    kind, name = example.question
    cycles = [example.ask["cycle"]] if "cycle" in example.ask else example.ask.get("cycles")
    asked = Question(
        SORTS[kind], None if (kind, name) == ("compliance", OVERALL) else name,
        tuple(cycles) if cycles is not None else None, example.ask.get("party"),
    )  # fmt: skip
    return asked.ask(policy, example.facts, on=example.on, engine=engine)


def told(example: Example, policy: Policy, engine: str | Engine = "reference") -> dict[str, Any]:
    """
    Everything that an example could expect of the answer to its question, comparable.

    Facts that contradict each other get no answer: then it is which contradictions they run into.

    Raises:
        FactError: its facts are faulty.
        QuestionError: its question is refused.
    """
    try:
        return _TOLD[example.question[0]](answer(example, policy, engine), example.ask)
    except FactError:
        refused = _refused(example, policy)
        if not refused:
            raise
        return {"refused": refused}


def _refused(example: Example, policy: Policy) -> frozenset[str]:
    """The contradictions for which the facts are refused; none when the facts themselves are at fault."""
    facts, faults = parse_facts(policy, example.facts)
    if faults:
        return frozenset()
    at = Situation(policy, facts, example.on, REFERENCE, exactly(day_of(example.on, policy.zone)))
    return frozenset(one.name for one, _ in contradicted(at))


def run(example: Example, policy: Policy, engine: str | Engine = "reference") -> Result:
    """
    Ask the question and hold the answer against what was expected.
    """
    try:
        got = told(example, policy, engine)
    except (FactError, QuestionError) as reason:
        return Result(example, (Mismatch("answer", "an answer", str(reason)),))
    mismatches = []
    for key, expected in example.expect.items():
        wanted, found = _comparable(key, expected), got.get(key)
        if key == "contested" and found is not None:
            # A reading by its name alone stands for whichever of its options gives another answer.
            found = frozenset(reading if (reading := one.partition(".")[0]) in wanted else one for one in found)
        if key == "lines" and isinstance(expected, dict):
            found = {name: got.get("lines", {}).get(name) for name in expected}
        if wanted != found:
            mismatches.append(Mismatch(key, _shown(wanted), _shown(found)))
    return Result(example, tuple(mismatches))


_SETS = ("refused", "missing", "violated", "failed", "silent", "contested", "warnings", "lacking", "presumed")


def _comparable(key: str, expected: Any) -> Any:
    """What was expected, in the form in which answers are told."""
    if key in _SETS:
        return frozenset(expected)
    if isinstance(expected, dict):
        return {name: _comparable("", part) for name, part in expected.items()}
    if isinstance(expected, list):
        return [_comparable("", part) for part in expected]
    return _plain(expected)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value
    if isinstance(value, str):
        for parse in (parse_date, parse_moment):
            try:
                return parse(value)
            except ValueError:
                continue
    if isinstance(value, str):
        try:
            return Decimal(value)
        except ArithmeticError:
            return value
    return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value


def _shown(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value


def _missing(answer: Any) -> frozenset[str]:
    return frozenset(one.fact for one in answer.missing)


def _names(answer: Answer) -> dict[str, Any]:
    return {
        "contested": frozenset(f"{one.reading}.{one.otherwise}" for one in answer.contested),
        "warnings": frozenset(one.name for one in answer.warnings if one.name != "in_force" and "." not in one.name),
        "outside": any(one.name == "in_force" for one in answer.warnings),
    }


def _tell_eligibility(answer: Any, ask: Ask) -> dict[str, Any]:
    assert isinstance(answer, Eligibility)
    return {**_names(answer), "verdict": answer.verdict.value, "missing": _missing(answer),
            "violated": frozenset(answer.violated), "failed": frozenset(answer.failed),
            "silent": frozenset(answer.silent)}  # fmt: skip


def _tell_cost(answer: Any, ask: Ask) -> dict[str, Any]:
    assert isinstance(answer, Cost)
    lines: dict[str, Any] = {}
    for name in {line.name for line in answer.lines}:
        lows = [line.at_least for line in answer.lines if line.name == name]
        highs = [line.at_most for line in answer.lines if line.name == name]
        low = None if None in lows else sum(lows)  # type: ignore[arg-type]
        high = None if None in highs else sum(highs)  # type: ignore[arg-type]
        lines[name] = low if low == high else {"at_least": _or_none(low), "at_most": _or_none(high)}
    return {
        **_names(answer), "total": answer.total, "at_least": _or_none(answer.at_least),
        "at_most": _or_none(answer.at_most), "complete": answer.complete, "certainty": answer.certainty.value,
        "by_vat": {one.vat.value: one.at_least if one.at_least == one.at_most
                   else {"at_least": _or_none(one.at_least), "at_most": _or_none(one.at_most)}
                   for one in answer.by_vat},
        "lines": lines,
        "lacking": frozenset(answer.lacking), "missing": _missing(answer), "in_force": answer.in_force,
        "presumed": frozenset(one.fact for one in answer.presumed),
        "instalments": {one.name: one.at_least if one.at_least == one.at_most else None for one in answer.instalments},
        "due": {one.name: one.due for one in answer.instalments},
    }  # fmt: skip


def _or_none(value: Any) -> Any:
    return "none" if value is None else value


def _entry(ask: Ask, entries: Iterable[Any]) -> Any:
    """
    The one entry that is asked about; none when there is none.

    Raises:
        QuestionError: there are several, and an example that meant one would be held against another.
    """
    found = [one for one in entries if ask.get("row") in (None, one.row)]
    if len(found) > 1:
        raise QuestionError(f"the answer is about {len(found)} rows or rounds: name one with `row` or `cycle`")
    return found[0] if found else None


def _tell_deadline(answer: Any, ask: Ask) -> dict[str, Any]:
    assert isinstance(answer, Deadlines)
    one = _entry(ask, answer.deadlines)
    return {**_names(answer), "in_force": answer.in_force, **(_deadline(one) if one else {})}


def _deadline(one: DeadlineState) -> dict[str, Any]:
    endless = one.state.value == "none"
    return {"state": one.state.value, "certainty": one.certainty.value, "missing": _missing(one),
            "from": _limit(one.start) if one.start_stated else "not_stated",
            "until": "none" if endless else _limit(one.until) if one.until_stated else "not_stated",
            "against_advice": bool(one.advice)}  # fmt: skip


def _limit(limit: Limit | None) -> Any:
    if limit is None:
        return None
    return limit.day if limit.day is not None else {"between": [limit.earliest, limit.latest]}


def _tell_compliance(answer: Any, ask: Ask) -> dict[str, Any]:
    assert isinstance(answer, Compliance)
    if ask.get("compliance") == OVERALL:
        return {**_names(answer), "status": answer.overall.value, "missing": _missing(answer)}
    one = _entry(ask, answer.duties)
    return {**_names(answer), **(_duty(one) if one else {"status": answer.overall.value})}


def _duty(one: DutyStatus) -> dict[str, Any]:
    return {"status": one.status.value, "until": one.until, "missing": _missing(one)}


def _tell_note(answer: Any, ask: Ask) -> dict[str, Any]:
    assert isinstance(answer, Notes)
    one = _entry(ask, answer.notes)
    return {**_names(answer), **(_note(one) if one else {})}


def _note(one: Noted) -> dict[str, Any]:
    value: Any = _plain(one.value)
    if not one.stated:
        value = "not_stated"
    elif one.least != one.most:
        value = {"between": [_plain(one.least), _plain(one.most)]}
    return {"value": value, "missing": _missing(one), "applies": one.applies}


def seen(answer: Answer) -> dict[str, Any]:
    """
    All that examples can expect of an answer, comparable; of several rows and rounds, each under its name.

    >>> from datetime import date
    >>> from trainingrules import compliance, load
    >>> seen(compliance(load("rvwo"), {}, on=date(2026, 1, 1), duty="weekly_exchange"))["status"]
    'unknown'
    """
    match answer:
        case Deadlines():
            told = {_label(one): _deadline(one) for one in answer.deadlines}
            return {**_names(answer), "in_force": answer.in_force, "deadlines": told}
        case Compliance():
            told = {_label(one): _duty(one) for one in answer.duties}
            overall = {"status": answer.overall.value, "missing": _missing(answer)}
            return {**_names(answer), **overall, "compliance": told}
        case Notes():
            return {**_names(answer), "notes": {_label(one): _note(one) for one in answer.notes}}
        case Cost():
            return _tell_cost(answer, {})
        case _:
            return _tell_eligibility(answer, {})


def _label(one: DeadlineState | DutyStatus | Noted) -> tuple[str, str | int | None, int | None]:
    """The name of an entry, with its row or round."""
    name = one.duty if isinstance(one, DutyStatus) else one.name
    return name, one.row, None if isinstance(one, Noted) else one.cycle


_TOLD: Mapping[str, Callable[[Any, Ask], dict[str, Any]]] = {
    "eligibility": _tell_eligibility, "cost": _tell_cost, "deadline": _tell_deadline,
    "compliance": _tell_compliance, "note": _tell_note,
}  # fmt: skip
