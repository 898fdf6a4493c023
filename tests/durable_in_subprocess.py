"""A small world of conditions, and many questions about it in a process of its own: a crash is a failed test."""

from __future__ import annotations

import random
import resource
import sys
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from trainingrules import load
from trainingrules import policy as p
from trainingrules.calendar import Period
from trainingrules.engines import Engine
from trainingrules.engines.durable import Durable, durable
from trainingrules.engines.reference import REFERENCE
from trainingrules.facts import Facts
from trainingrules.kinds import Shape
from trainingrules.operators import OPERATORS
from trainingrules.reckoning import Situation, exactly
from trainingrules.truth import Cause, Unknown
from trainingrules.words import Text

IS, AT_LEAST = OPERATORS["is"], OPERATORS["at_least"]
BOOLEAN, NUMBER, DATE, ROW = Shape("boolean"), Shape("integer"), Shape("date"), Shape("row", of="floors")
TEXT = Text("iets", "something")
ROWS = ("cellar", "ground", "attic")


def is_true(subject: p.Expression, *at: str | int) -> p.Check:
    return p.Check(subject, IS, p.Constant(True, BOOLEAN), at=at)


def flag(name: str, *at: str | int) -> p.Check:
    return is_true(p.FactValue(name, BOOLEAN), *at)


FLAGS = tuple(f"flag_{number}" for number in range(6))
GOOD = is_true(p.FieldValue("good", BOOLEAN, ("lessons",)))
SILENT = p.Silent(Unknown(frozenset({Cause("not_stated", "source")})))
COUNTED = p.Check(p.CountOf("lessons", p.Not(GOOD)), AT_LEAST, p.Constant(2, NUMBER))
LEAVES: tuple[p.Condition, ...] = (
    *(flag(name) for name in FLAGS), p.All(()), p.Any(()), SILENT, COUNTED, p.Holds("flagged"), p.Holds("nested"),
)  # fmt: skip
ON_FLOOR = is_true(p.FactValue("clean", BOOLEAN, "floors"))
IN_YEAR = is_true(p.FactValue("passed", BOOLEAN, "year"))

WORLD = replace(
    load("awl"),
    facts={
        **{name: p.Fact(name, TEXT, BOOLEAN) for name in FLAGS},
        "floor": p.Fact("floor", TEXT, ROW),
        "since": p.Fact("since", TEXT, DATE),
        "clean": p.Fact("clean", TEXT, BOOLEAN, "floors"),
        "passed": p.Fact("passed", TEXT, BOOLEAN, "year"),
    },
    tables={"floors": p.Table("floors", TEXT, {}, {name: p.Row(name, TEXT, (), {}) for name in ROWS})},
    records={
        "lessons": p.Records(
            "lessons",
            TEXT,
            {name: p.Field(name, TEXT, BOOLEAN) for name in ("good", "over")},
            happened=is_true(p.FieldValue("over", BOOLEAN, ("lessons",))),
        )
    },
    cycles={"year": p.Cycle("year", TEXT, (), "since", Period(months=12))},
    terms={
        "flagged": p.Term("flagged", TEXT, (), flag("flag_0")),
        "nested": p.Term("nested", TEXT, (), p.Any((p.Holds("flagged"), p.Not(flag("flag_1"))))),
    },
)


def situation(facts: Facts, engine: Engine) -> Situation:
    today = date(2026, 3, 1)
    return Situation(WORLD, facts, today, engine, exactly(today))


def scoped(scope: str, body: p.Condition) -> p.Condition:
    """The body over rows, a row, or rounds, beside what is known of each."""
    match scope:
        case "floors":
            return p.Each("floors", p.All((ON_FLOOR, body)))
        case "lessons":
            return p.Each("lessons", p.Any((GOOD, body)))
        case "floor":
            return p.OfRow("floor", "floors", p.Any((ON_FLOOR, body)))
        case _:
            return p.EachRound("year", p.All((IN_YEAR, body)))


SCOPES = ("floors", "lessons", "floor", "year")


def a_condition(draw: random.Random, depth: int) -> p.Condition:
    if depth == 0 or draw.random() < 0.2:
        return draw.choice(LEAVES)
    form = draw.choice(("all", "any", "not", "given", "scope"))
    if form == "not":
        return p.Not(a_condition(draw, depth - 1))
    if form == "given":
        return p.Given(a_condition(draw, depth - 1), a_condition(draw, depth - 1))
    if form == "scope":
        return scoped(draw.choice(SCOPES), a_condition(draw, depth - 1))
    parts = tuple(a_condition(draw, depth - 1) for _ in range(draw.randint(0, 4)))
    return p.All(parts) if form == "all" else p.Any(parts)


def some_facts(draw: random.Random) -> Facts:
    def known(names: tuple[Any, ...], value: Callable[[], Any]) -> dict[Any, Any]:
        return {name: value() for name in names if draw.random() < 0.7}

    def yes_or_no() -> bool:
        return draw.random() < 0.5

    one = {
        **known(FLAGS, yes_or_no),
        **known(("floor",), lambda: draw.choice((None, *ROWS))),
        **known(("since",), lambda: date(draw.randint(2022, 2027), 3, 1)),
    }
    per = {"clean": known(ROWS, yes_or_no), "passed": known((1, 2, 3, 4), yes_or_no)}
    rows = {"lessons": tuple(known(("good", "over"), yes_or_no) for _ in range(draw.randint(0, 3)))}
    return Facts(one, per, rows if draw.random() < 0.8 else {})


def memory() -> int:
    """In kB, at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def ask_many(evaluations: int, threads: int) -> Counter[str]:
    """Random conditions, each asked often, from several threads at once; each answer held against the reference."""
    engine = durable()
    told: Counter[str] = Counter()

    def ask(seed: int) -> None:
        draw = random.Random(seed)
        pool = [a_condition(draw, 4) for _ in range(40)]
        people = [some_facts(draw) for _ in range(40)]
        mine: Counter[str] = Counter()
        for _ in range(evaluations // threads):
            condition, at = draw.choice(pool), situation(draw.choice(people), engine)
            mine["right" if engine.decide(condition, at) == REFERENCE.decide(condition, at) else "wrong"] += 1
        told.update(mine)

    running = [threading.Thread(target=ask, args=(seed,)) for seed in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return told


if __name__ == "__main__":
    wanted, at_once = int(sys.argv[1]), int(sys.argv[2])
    ask_many(wanted // 10, at_once)
    before = memory()
    result = ask_many(wanted, at_once)
    engine = durable()
    assert isinstance(engine, Durable)
    print(
        f"right {result['right']} wrong {result['wrong']} networks {len(engine._networks)} "
        f"faults {engine._faults} grown {memory() - before} kB of {before} kB"
    )
