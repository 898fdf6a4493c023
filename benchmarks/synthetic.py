"""A policy of any size, drawn at random: as YAML for us, as plain rules for the peers, as a function by hand."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import trainingrules as tr
from benchmarks.cases import (
    AllOf,
    AnyOf,
    AtMost,
    Case,
    Check,
    Condition,
    Not,
    Person,
    Plain,
    Rule,
    Truth3,
    checks,
    read,
)

ON = date(2026, 6, 15)
SEED = 4
UNKNOWN = 0.2  # the share of facts that is not told
LEVELS = ("none", "basic", "middle", "high")
STATES = ("student", "employee", "jobless", "retired", "other")
# A group of ten rules reads ten facts: (name, kind).
KINDS = {"age": "integer", "income": "money", "level": "choice", "state": "choice", "member": "boolean",
         "consent": "boolean", "exempt": "boolean", "since": "date", "until": "date", "hours": "integer"}  # fmt: skip


def group(number: int, draw: random.Random) -> Iterator[Condition]:
    """Ten rules of ten forms, with thresholds of their own; whoever is on the good side of all passes them all."""

    def of(fact: str) -> str:
        return f"{fact}_{number}"

    day = date(2024, 1, 1) + timedelta(days=draw.randrange(300))
    yield Check(of("age"), ">=", draw.randint(16, 21))
    yield Check(of("income"), "<=", draw.randint(40_000, 60_000) * 100)
    yield Check(of("level"), "in", LEVELS[draw.randint(1, 2) :])
    yield Check(of("state"), "in", STATES[: draw.randint(2, 4)])
    yield AnyOf((Check(of("member"), "==", True), Check(of("age"), ">=", draw.randint(30, 40))))
    yield AnyOf((Not(Check(of("consent"), "==", True)), Check(of("income"), ">=", draw.randint(1_000, 9_000) * 100)))
    yield Check(of("since"), "<=", day)
    yield Not(Check(of("until"), "<=", day + timedelta(days=draw.randint(300, 600))))
    yield AnyOf((AllOf((Check(of("exempt"), "==", True), Check(of("hours"), ">=", draw.randint(4, 12)))),
                Not(Check(of("state"), "==", STATES[-1])),
                Check(of("level"), "==", LEVELS[-1])))  # fmt: skip
    yield AllOf((Check(of("hours"), "<=", draw.randint(40, 60)),
               AnyOf((Check(of("level"), "in", LEVELS[1:]), Check(of("consent"), "==", True)))))  # fmt: skip


def rules_of(count: int) -> tuple[Rule, ...]:
    """So many rules; always the same ones."""
    draw = random.Random(SEED)
    made = [must for number in range(-(-count // 10)) for must in group(number, draw)]
    return tuple(Rule(f"rule_{number}", must) for number, must in enumerate(made[:count]))


# ------------------------------------------------------------------------------------------------- the persons


def persons(facts: tuple[str, ...], seed: int) -> Iterator[Person]:
    """Different persons without end. Half are on the good side of everything, the others fall short somewhere."""
    draw = random.Random(seed)
    good: dict[str, Callable[[], Any]] = {
        "age": lambda: draw.randint(40, 66), "income": lambda: draw.randint(900_000, 4_000_000),
        "level": lambda: draw.choice(LEVELS[2:]), "state": lambda: draw.choice(STATES[:2]),
        "member": lambda: True, "consent": lambda: draw.random() < 0.5, "exempt": lambda: draw.random() < 0.5,
        "since": lambda: date(2023, 1, 1) + timedelta(days=draw.randrange(360)),
        "until": lambda: date(2026, 9, 1) + timedelta(days=draw.randrange(900)),
        "hours": lambda: draw.randint(12, 40),
    }  # fmt: skip
    whatever: dict[str, Callable[[], Any]] = good | {
        "age": lambda: draw.randint(12, 66), "income": lambda: draw.randint(0, 9_000_000),
        "level": lambda: draw.choice(LEVELS), "state": lambda: draw.choice(STATES),
        "member": lambda: draw.random() < 0.5, "hours": lambda: draw.randint(0, 80),
        "since": lambda: date(2023, 1, 1) + timedelta(days=draw.randrange(1500)),
        "until": lambda: date(2023, 1, 1) + timedelta(days=draw.randrange(1500)),
    }  # fmt: skip
    while True:
        short = {draw.choice(facts) for _ in range(draw.choice((0, 0, 0, 1, 2, 3)))}
        complete = {name: (whatever if name in short else good)[name.partition("_")[0]]() for name in facts}
        yield Person(complete, {name: value for name, value in complete.items() if draw.random() >= UNKNOWN})


# ------------------------------------------------------------------------------------------------- as a policy

_HEAD = """\
language: 1
policy: {name}
title: {{nl: Getrokken, en: Drawn}}
edition: 2026
in_force: {{from: 2026-01-01, outside: warn, source: [SYN-0]}}
conventions: {{zone: Europe/Amsterdam, month_end: last_day, currency: EUR, cent: half_up}}
statements: statements/{name}.yaml
parties: {{person: {{nl: Persoon, en: Person}}}}
facts:
"""


def policy_text(name: str, rules: tuple[Rule, ...]) -> str:
    """The rules in the language of policies."""
    lines = [_HEAD.format(name=name)]
    for fact in read(rules):
        family, _, group_number = fact.partition("_")
        more = ""
        if family in ("level", "state"):
            options = LEVELS if family == "level" else STATES
            more = ", options: {" + ", ".join(f"{one}: {{nl: {one}, en: {one}}}" for one in options) + "}"
            more = (", ordered: true" if family == "level" else "") + more
        lines.append(
            f"  {fact}: {{kind: {KINDS[family]}, nl: {family} {group_number}, en: {family} {group_number}{more}}}\n"
        )
    lines.append("eligibility:\n  drawn:\n    nl: Getrokken\n    en: Drawn\n    requires:\n")
    for number, rule in enumerate(rules, 1):
        lines.append(f"      {rule.name}: {{nl: Regel {number}., en: Rule {number}., source: [SYN-{number}],\n"
                     f"        must: {condition_text(rule.must)}}}\n")  # fmt: skip
    return "".join(lines)


def condition_text(condition: Condition) -> str:
    """A condition in the language of policies, on one line."""
    match condition:
        case Check(fact, sign, than):
            return f"{{{fact}: {{{_operator(fact, sign, than)}}}}}"
        case Not(part):
            return f"{{not: {condition_text(part)}}}"
        case AnyOf(parts):
            return "{any: [" + ", ".join(map(condition_text, parts)) + "]}"
        case AllOf(parts):
            # Keys beside each other all hold.
            return "{" + ", ".join(condition_text(part)[1:-1] for part in parts) + "}"
        case AtMost():  # pragma: no cover - none is drawn
            raise AssertionError(condition)


def _operator(fact: str, sign: str, than: Any) -> str:
    match sign, than:
        case "==", bool():
            return f"is: {str(than).lower()}"
        case "==", _:
            return f"is: {than}"
        case "in", _ if fact.startswith("level"):
            return f"at_least: {than[0]}"
        case "in", _:
            return f"in: [{', '.join(than)}]"
        case _, date():
            return f"on_or_before: {than}"
        case _:
            shown = f"{than // 100}.{than % 100:02}" if fact.startswith("income") else than
            return f"{'at_least' if sign == '>=' else 'at_most'}: {shown}"


def catalogue_text(name: str, rules: tuple[Rule, ...]) -> str:
    """A statement for each rule to cite."""
    lines = [f"statements: {name}\ndocument: {{nl: Geen, en: None}}\nentries:\n"]
    lines += [
        f"  SYN-{number}: {{kind: eligibility, heading: Regels, nl: Regel {number}., en: Rule {number}.}}\n"
        for number in range(len(rules) + 1)
    ]
    return "".join(lines)


def load(rules: tuple[Rule, ...], more: str = "") -> tr.Policy:
    """The policy of these rules, read and checked as any other; ``more`` is the text of other sections."""
    name = f"drawn_{len(rules)}"
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "statements").mkdir()
        (Path(folder) / "statements" / f"{name}.yaml").write_text(catalogue_text(name, rules), encoding="utf-8")
        path = Path(folder) / f"{name}.yaml"
        path.write_text(policy_text(name, rules) + more, encoding="utf-8")
        return tr.load(path)


def given(facts: Plain) -> Mapping[str, Any]:
    """The facts as a caller hands them over: amounts in euros, as decimals."""
    return {name: Decimal(value) / 100 if name.startswith("income") else value for name, value in facts.items()}


# -------------------------------------------------------------------------------------------------- by hand


def by_hand_text(rules: tuple[Rule, ...]) -> str:
    """A function as a careful person would write it: flat, three-valued, nothing called, nothing looked up twice."""
    lines = ["def decide(facts):", "    get = facts.get"]
    lines += [f"    {fact} = get({fact!r})" for fact in read(rules)]
    temporary = 0

    def value_of(condition: Condition) -> str:
        nonlocal temporary
        match condition:
            case Check(fact, "==", bool()):
                return fact
            case Check(fact, sign, than):
                literal = f"date({than.year}, {than.month}, {than.day})" if isinstance(than, date) else repr(than)
                if isinstance(than, date):
                    literal = f"d{than.toordinal()}"
                made = f"None if {fact} is None else {fact} {sign} {literal}"
            case Not(part):
                inner = value_of(part)
                made = f"None if {inner} is None else not {inner}"
            case AnyOf(parts):
                inside = [value_of(part) for part in parts]
                made = (f"True if {' or '.join(inside)} else "
                        f"None if {' or '.join(f'{one} is None' for one in inside)} else False")  # fmt: skip
            case AllOf(parts):
                inside = [value_of(part) for part in parts]
                made = (f"False if {' or '.join(f'{one} is False' for one in inside)} else "
                        f"None if {' or '.join(f'{one} is None' for one in inside)} else True")  # fmt: skip
            case AtMost():  # pragma: no cover - none is drawn
                raise AssertionError(condition)
        temporary += 1
        lines.append(f"    t{temporary} = {made}")
        return f"t{temporary}"

    truths = [value_of(rule.must) for rule in rules]
    lines.append(f"    rules = ({', '.join(truths)},)")
    lines.append("    return False if False in rules else None if None in rules else True, rules")
    return "\n".join(lines) + "\n"


def by_hand(rules: tuple[Rule, ...]) -> Callable[[Plain], tuple[Truth3, tuple[Truth3, ...]]]:
    """That function."""
    days = {than for rule in rules for than in _days(rule.must)}
    scope: dict[str, Any] = {f"d{day.toordinal()}": day for day in days}
    exec(compile(by_hand_text(rules), "by_hand", "exec"), scope)
    made: Callable[[Plain], tuple[Truth3, tuple[Truth3, ...]]] = scope["decide"]
    return made


def _days(condition: Condition) -> Iterator[date]:
    for one in checks(condition):
        if isinstance(one, Check) and isinstance(one.than, date):
            yield one.than


def case_of(rules: tuple[Rule, ...]) -> Case:
    """The decision on these rules."""
    facts = read(rules)
    return Case(f"{len(rules):,} drawn rules", load(rules), "drawn", ON, rules, by_hand(rules),
                lambda seed: persons(facts, seed), given)  # fmt: skip


def case(count: int) -> Case:
    """The decision on so many drawn rules."""
    return case_of(rules_of(count))
