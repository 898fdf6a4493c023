"""Examples reach what they pass by, and nothing else; what they do not reach is named at its place."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.policies_inline import inline
from trainingrules import load
from trainingrules.cli import main
from trainingrules.examples import Example, examples_file, read_examples
from trainingrules.loading import bundled, policies_folder
from trainingrules.reach import SORTS, reach
from trainingrules.source import read_file

GUILD = Path(__file__).parent / "policies" / "good" / "guild.yaml"
FILES = [*(policies_folder() / f"{name}.yaml" for name in bundled()), GUILD]

TEXT = """
facts:
  age: {kind: integer, at_least: 0, «Leeftijd»}
  seniority: {kind: duration, unit: years, «Ervaring»}
  mark: {kind: decimal, «Cijfer»}
  level: {kind: choice, ordered: true, «Niveau», options: {low: {«Laag»}, mid: {«Midden»}, high: {«Hoog»}}}
  began_on: {kind: date, «Begonnen op»}
  done_on: {kind: date, «Klaar op»}
  paid: {kind: boolean, «Betaald»}
readings:
  counted: {«Geteld», §1, chosen: whole, options: {whole: {«Heel»}, half: {«Half»}}}
eligibility:
  old: {«Oud», requires: {r: {«Eis», §1, must: {age: {at_least: 18}}}}}
  senior: {«Ervaren», requires: {r: {«Eis», §1, must: {seniority: {more_than: 3 years}}}}}
  marked: {«Cijfer», requires: {r: {«Eis», §1, must: {mark: {at_least: 5.5}}}}}
  levelled: {«Niveau», requires: {r: {«Eis», §1, must: {level: {at_least: mid}}}}}
  begun: {«Begonnen», requires: {r: {«Eis», §1, must: {began_on: {before: 2026-03-01}}}}}
  either: {«Een van», requires: {r: {«Eis», §1, must: {any: [{paid: {is: true}}, {counted: {is: half}}]}}}}
deadlines:
  finish: {«Afronden», §1, act: done_on, from: {fact: began_on}, until: {later: {than: {fact: began_on}, by: 1 month}}}
"""


ON = date(2026, 3, 10)


def example(kind: str, name: str, on: date = ON, facts: Mapping[str, Any] | None = None) -> Example:
    return Example("inline", "one", ("S-1",), "because", on, facts or {}, {kind: name}, {})


def lacking(*examples: Example, of: str) -> list[str]:
    """What these examples leave out, of the goals at one place."""
    found = reach(inline(TEXT), examples)
    return [goal.lacks for goal in found.lacking if of in ".".join(map(str, goal.path))]


THRESHOLD: list[tuple[str, str, str, Mapping[str, Any]]] = [
    ("old", "at_least` of `age", "age", {"on": 18, "below": 17, "above": 19, "far": 40}),
    ("senior", "more_than` of `seniority", "seniority", {"on": 3, "below": 2, "above": 4, "far": 9}),
    ("marked", "at_least` of `mark", "mark", {"on": "5.5", "below": "5.4", "above": "5.6", "far": "8"}),
    ("levelled", "at_least` of `level", "level", {"on": "mid", "below": "low", "above": "high", "far": None}),
    ("begun", "before` of `began_on", "began_on",
     {"on": "2026-03-01", "below": "2026-02-28", "above": "2026-03-02", "far": "2025-01-01"}),
]  # fmt: skip
WORDS = {"on": "exactly on", "below": "one step below", "above": "one step above"}


@pytest.mark.parametrize(("decision", "told", "fact", "values"), THRESHOLD, ids=[row[0] for row in THRESHOLD])
@pytest.mark.parametrize("given", ["on", "below", "above", "far"])
def test_a_value_on_a_threshold_or_a_step_beside_it_is_reached(
    decision: str, told: str, fact: str, values: Mapping[str, Any], given: str
) -> None:
    value = Decimal(values[given]) if fact == "mark" else values[given]
    if value is None:
        return
    left = [
        one
        for one in lacking(example("eligibility", decision, facts={fact: value}), of=f"{decision}.")
        if "value" in one
    ]
    wanted = [words for side, words in WORDS.items() if side != given]
    assert left == [f"no example has a value {words} `{told}`" for words in wanted]


def test_a_condition_is_reached_as_true_as_false_and_as_unknown() -> None:
    told = {"true": {"age": 30}, "false": {"age": 3}, "unknown": {}}
    for given, facts in told.items():
        left = [one for one in lacking(example("eligibility", "old", facts=facts), of="old.requires") if "never" in one]
        assert left == [f"`at_least` of `age` is never {truth}" for truth in told if truth != given]


def test_what_the_policy_chose_need_not_turn_out_otherwise() -> None:
    """
    Nor does what would be so if the source were read otherwise count as reached.
    """
    left = lacking(example("eligibility", "either", facts={"paid": False}), of="either.")
    assert left == [
        "`any` is never true", "`any` is never unknown",
        "`is` of `paid` is never true", "`is` of `paid` is never unknown",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "on", "facts"),
    [
        ("not_yet", date(2026, 1, 31), {}), ("open", date(2026, 2, 15), {}), ("last_day", date(2026, 3, 1), {}),
        ("passed", date(2026, 3, 2), {}), ("early", ON, {"done_on": "2026-01-31"}),
        ("in_time", ON, {"done_on": "2026-03-01"}), ("late", ON, {"done_on": "2026-03-02"}),
    ],
)  # fmt: skip
def test_every_state_of_a_deadline_is_to_be_reached(state: str, on: date, facts: dict[str, Any]) -> None:
    states = ["not_yet", "early", "open", "last_day", "passed", "in_time", "late"]
    left = lacking(example("deadline", "finish", on, {"began_on": "2026-02-01", **facts}), of="deadlines")
    assert left == [f"no example has `finish` in the state `{one}`" for one in states if one != state]


def test_a_rule_is_reached_by_who_asks_for_it() -> None:
    assert lacking(of="finish")[0] == "no example asks for `finish`"
    assert "no example asks for `finish`" not in lacking(example("deadline", "finish"), of="finish")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_more_examples_reach_no_less(file: Path) -> None:
    policy = load(file)
    document, _ = read_file(examples_file(file))
    assert document is not None
    examples, _ = read_examples(document, policy)
    some, all_ = reach(policy, examples[::2]), reach(policy, examples)
    assert set(some.goals) == set(all_.goals)
    assert set(all_.lacking) <= set(some.lacking)
    assert all(all_.share(sort)[0] > 0 for sort in SORTS)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_goal_has_a_place_in_the_text_and_words_of_its_own(file: Path) -> None:
    text, _ = read_file(file)
    assert text is not None
    goals = reach(load(file), []).goals
    assert len({(one.path, one.lacks) for one in goals}) == len(goals)
    assert [goal for goal in goals if goal.path not in text.keys and goal.path not in text.values] == []


# --------------------------------------------------------------------------------------------- the command line


def cover(*args: str) -> Result:
    return CliRunner().invoke(main, ["test", str(GUILD), *args], env={"COLUMNS": "100"})


def test_the_table_ends_the_list_of_what_is_not_reached() -> None:
    told = cover("--coverage").stdout.splitlines()
    assert told[-4] == f"{GUILD}: the examples reach"
    assert [line.split()[0] for line in told[-3:]] == list(SORTS)
    assert any(line.endswith(": no example asks for `begin`") for line in told)


def test_json_holds_every_goal_with_who_reaches_it() -> None:
    [told] = json.loads(cover("--coverage", "--format", "json").stdout)
    coverage = told["coverage"]
    got = [goal for goal in coverage["goals"] if goal["reached_by"] is not None]
    assert sum(coverage[sort]["reached"] for sort in SORTS) == len(got) < len(coverage["goals"])
    one = next(goal for goal in got if goal["place"] == "compliance.forms")
    assert one["reached_by"] == "half_of_the_forms"


def test_too_little_reached_is_a_finding_only_when_asked() -> None:
    assert cover("--coverage").exit_code == 0
    assert cover("--coverage", "--at-least", "1").exit_code == 0
    assert cover("--coverage", "--at-least", "100").exit_code == 1
    assert "`--at-least` goes with `--coverage`" in cover("--at-least", "1").stderr


def test_a_policy_equal_to_one_asked_before_is_reached_as_much(tmp_path: Path) -> None:
    """
    What is made of a policy is kept, and serves its equal, whose conditions are other objects.
    """
    shutil.copytree(GUILD.parent, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "guild.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("edition: 2026", "edition: once"), encoding="utf-8")
    document, _ = read_file(tmp_path / "examples" / "guild.yaml")
    assert document is not None
    once, again = (reach(policy, read_examples(document, policy)[0]) for policy in (load(file), load(file)))
    assert [again.share(sort) for sort in SORTS] == [once.share(sort) for sort in SORTS]
