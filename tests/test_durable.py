"""The Rete engine: it says what the reference engine says, and never less in silence."""

from __future__ import annotations

import importlib
import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.durable_in_subprocess import (
    COUNTED,
    FLAGS,
    GOOD,
    LEAVES,
    SCOPES,
    SILENT,
    flag,
    scoped,
    situation,
    some_facts,
)
from trainingrules import EngineError, eligibility, load
from trainingrules import policy as p
from trainingrules.engines import Engine, Finding, engine_named
from trainingrules.engines import durable as module
from trainingrules.engines.durable import (
    GATES,
    INPUTS,
    PARTS,
    Durable,
    Form,
    Network,
    Verify,
    cells_of,
    durable,
    verify,
)
from trainingrules.engines.reference import REFERENCE
from trainingrules.facts import Facts
from trainingrules.program import rules_of
from trainingrules.reckoning import NULL, Situation
from trainingrules.truth import missing

pytestmark = pytest.mark.durable

conditions = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.one_of(
        st.lists(inner, max_size=10).map(lambda parts: p.All(tuple(parts))),
        st.lists(inner, max_size=10).map(lambda parts: p.Any(tuple(parts))),
        inner.map(p.Not),
        st.builds(p.Given, inner, inner),
        st.builds(scoped, st.sampled_from(SCOPES), inner),
    ),
    max_leaves=20,
)
people = st.integers(0, 2**32).map(lambda seed: some_facts(random.Random(seed)))
forms = st.recursive(
    st.none(),
    lambda inner: st.tuples(st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=30).map(tuple)),
    max_leaves=60,
)

NOTHING = Facts()
TWO_FLAGS = p.All((flag("flag_0", "decisions", "enrol", "must", 0), flag("flag_1", "decisions", "enrol", "must", 1)))
BOTH = Facts({"flag_0": True, "flag_1": True})


def agree(condition: p.Condition, facts: Facts, engine: Engine) -> None:
    at = situation(facts, engine)
    assert engine.decide(condition, at) == REFERENCE.decide(condition, at)


# --- it agrees ---


@given(conditions, people)
def test_every_finding_is_that_of_the_reference_engine(condition, facts):
    """
    The same parts with the same truths, causes, labels and values seen, whatever is known.
    """
    agree(condition, facts, durable())


def test_a_count_within_a_count_asks_the_engine_again_without_waiting_for_itself():
    """
    What a count is of is decided before the networks are held.
    """
    rows = ({"over": True, "good": False}, {"over": True}, {"good": False})
    agree(p.Not(COUNTED), Facts(rows={"lessons": rows}), durable())


@pytest.mark.parametrize("known", [True, False, None])
def test_a_condition_of_one_check_needs_no_network(known, rete):
    engine = Durable(rete)
    agree(flag("flag_0"), NOTHING if known is None else Facts({"flag_0": known}), engine)
    agree(SILENT, NOTHING, engine)
    assert not engine._networks


@pytest.mark.parametrize("rows", [300, 1500])
def test_hundreds_of_rows_are_within_the_limits(rows, rete):
    """
    No size of history is too large: the same few networks are asked again and again.
    """
    engine = Durable(rete)
    lessons = [{"over": True, "good": index % 2 == 0, "on": index} for index in range(rows)]
    body = p.Each("lessons", p.Any((GOOD, p.All((flag("flag_0"), p.Not(flag("flag_1")))))))
    for known in ({}, {"flag_0": True, "flag_1": False}, {"flag_0": False}):
        agree(body, Facts(known, rows={"lessons": tuple(lessons)}), engine)
    assert len(engine._networks) < 15


def test_hundreds_of_parts_are_within_the_limits():
    for gate in (p.All, p.Any):
        agree(gate(tuple(flag(FLAGS[index % 6]) for index in range(500))), BOTH, durable())


@pytest.mark.parametrize("name", ["awl", "bcmb"])
def test_the_decisions_of_a_policy_are_the_same_on_both_engines(name):
    policy = load(name)
    for decision in policy.decisions:
        answers = [
            eligibility(policy, {}, on=date(2024, 3, 1), decision=decision, engine=engine)
            for engine in ("reference", "durable", "verify")
        ]
        assert answers[0] == answers[1] == answers[2]


# --- what goes into a network ---


@given(forms)
def test_cells_hold_every_gate_once_and_stay_within_the_limits(form):
    """
    A cell asks only for leaves and for what cells before it have settled.
    """
    gates: set[int] = set()
    for cell in cells_of(form):
        assert cell.inputs <= INPUTS
        assert len(cell.gates) <= GATES
        assert all(len(parts) <= PARTS for _, parts in cell.gates)
        assert all(place in gates or place >= 0 for place in cell.places[: cell.inputs])
        own = set(cell.places[cell.inputs :])
        assert not own & gates
        gates |= own
    assert {place for place in gates if place >= 0} == {number for number, is_gate in numbered(form) if is_gate}


def numbered(form: Form) -> list[tuple[int, bool]]:
    def walk(form: Form) -> list[bool]:
        return [False] if form is None else [True, *(each for part in form[1] for each in walk(part))]

    return list(enumerate(walk(form)))


def test_a_requirement_of_ordinary_size_is_one_network():
    policy = load("bcmb")
    at = replace(situation(NOTHING, durable()), policy=policy)
    for rule in rules_of(policy, "enrol"):
        nodes: list[module._Node] = []
        form = module._unfold(rule.condition, at, "", nodes).form()
        assert len(cells_of(form)) == 1


def test_only_generated_names_and_the_presence_of_symbols_reach_the_library(rete):
    """
    Nothing that a person or an author wrote is ever seen by it.
    """
    told: list[str] = []

    def assert_fact(handle, message):
        told.append(message)
        return rete.assert_fact(handle, message)

    agree(scoped("floors", TWO_FLAGS), BOTH, Durable(Broken(rete, assert_fact=assert_fact)))
    names = {name for message in told for name in json.loads(message)} - {"sid", "id", "always"}
    assert names
    assert all(re.fullmatch(r"s\d{3}", name) for name in names)


def test_the_least_used_network_is_closed_first(rete, monkeypatch):
    monkeypatch.setattr(module, "NETWORKS", 2)
    closed = []
    close = Network.close

    def closing(network: Network) -> None:
        closed.append(network)
        close(network)

    monkeypatch.setattr(Network, "close", closing)
    engine = Durable(rete)
    wholes: list[p.Condition] = [p.Not(SILENT), TWO_FLAGS, p.Not(SILENT), p.Any(()), TWO_FLAGS, p.Not(SILENT)]
    for whole in wholes:
        agree(whole, BOTH, engine)
        assert len(engine._networks) <= 2
    assert len(closed) == 3


# --- faults ---


class Broken:
    """The library with some of its functions replaced."""

    def __init__(self, rete: Any, **replaced: Callable[..., Any]) -> None:
        self._rete, self._replaced = rete, replaced

    def __getattr__(self, name: str) -> Any:
        return self._replaced.get(name) or getattr(self._rete, name)


@pytest.fixture
def rete() -> Any:
    return importlib.import_module("durable_rules_engine")


def mended_after(engine: Durable, fault: type[BaseException], says: str) -> None:
    """The fault is told; the next question is put to a new network, and answered."""
    with pytest.raises(fault, match=says):
        engine.decide(TWO_FLAGS, situation(BOTH, engine))
    assert not engine._networks
    assert engine._faults == 1
    engine._rete._replaced.clear()
    agree(TWO_FLAGS, BOTH, engine)


def test_a_message_that_is_refused_is_a_fault(rete):
    engine = Durable(Broken(rete, assert_fact=lambda handle, message: (1, 0)))
    mended_after(engine, EngineError, "did not take a message: status 1")


def test_an_error_of_the_library_is_a_fault(rete):
    def assert_fact(handle, message):
        raise rete.error("Could not assert fact, error code: 303")

    mended_after(Durable(Broken(rete, assert_fact=assert_fact)), EngineError, "failed: .* 303")


def test_an_agenda_that_stops_early_is_a_fault(rete):
    """
    An empty answer is not an unknown: the rule that comes last must have fired.
    """
    ended = []

    def complete_and_start_action(handle, offset):
        ended.append(handle)
        return rete.complete_and_start_action(handle, offset) if len(ended) == 1 else None

    engine = Durable(Broken(rete, complete_and_start_action=complete_and_start_action))
    mended_after(engine, EngineError, "did not finish: 0 of 2 messages handled")


def changing(rete: Any, change: Callable[[dict[str, Any]], None]) -> Durable:
    """An engine of which the rules are changed on the way in."""

    def create_ruleset(name, rules):
        read = json.loads(rules)
        change(read)
        return rete.create_ruleset(name, json.dumps(read))

    return Durable(Broken(rete, create_ruleset=create_ruleset))


def test_to_conclude_both_is_a_fault(rete):
    def change(rules: dict[str, Any]) -> None:
        rules["r1"] = rules["r0"]

    mended_after(changing(rete, change), EngineError, "both holds and fails")


def test_to_leave_open_what_is_settled_is_a_fault(rete):
    def change(rules: dict[str, Any]) -> None:
        del rules["r0"]

    engine = changing(rete, change)
    with pytest.raises(EngineError, match=r"left open what holds: `terms\.both`"):
        engine.decide(replace(TWO_FLAGS, at=("terms", "both")), situation(BOTH, engine))


def test_an_interrupted_question_costs_its_network_and_nothing_else(rete):
    def assert_fact(handle, message):
        raise KeyboardInterrupt

    mended_after(Durable(Broken(rete, assert_fact=assert_fact)), KeyboardInterrupt, "^$")


def test_faults_are_counted_for_each_costs_memory(monkeypatch, rete):
    monkeypatch.setattr(module, "FAULTS", 3)
    engine = Durable(Broken(rete, complete_and_start_action=lambda handle, offset: None))
    for says in (*["did not finish"] * 3, "failed 3 times in this process"):
        with pytest.raises(EngineError, match=says):
            engine.decide(TWO_FLAGS, situation(BOTH, engine))


def test_without_the_package_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
    with pytest.raises(EngineError, match=r"pip install 'trainingrules\[durable\]'.* C compiler.* below 3\.13"):
        durable.__wrapped__()


def test_it_is_not_imported_before_it_is_asked_for():
    code = "import sys, trainingrules.engines.durable; sys.exit('durable_rules_engine' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# --- verify ---


class Wrong:
    """Says of one flag, within whatever it is asked, something else than it found."""

    name = "wrong"

    def __init__(self, change: Callable[[Finding], Finding]) -> None:
        self.change = change

    def decide(self, condition: p.Condition, at: Situation) -> Finding:
        found = REFERENCE.decide(condition, at)
        return replace(found, parts=(*found.parts[:1], *(self.change(part) for part in found.parts[1:])))


@pytest.mark.parametrize(
    ("facts", "change", "says"),
    [
        (BOTH, lambda part: replace(part, truth=False), "it holds, by `wrong` it fails"),
        (BOTH, lambda part: replace(part, truth=missing("x")), "it holds, by `wrong` it is unknown (missing:x)"),
        (
            NOTHING,
            lambda part: replace(part, truth=missing()),
            "it is unknown (missing:flag_1), by `wrong` it is unknown (without a cause)",
        ),
        (BOTH, lambda part: replace(part, seen=(NULL,)), "it holds, by `wrong` it holds, on other grounds"),
    ],
)  # fmt: skip
def test_verify_names_the_place_and_both_truths(facts, change, says):
    engine = Verify(REFERENCE, Wrong(change))
    message = "the engines differ on `decisions.enrol.must.1`: by `reference` " + says
    with pytest.raises(EngineError, match=f"^{re.escape(message)}$"):
        engine.decide(TWO_FLAGS, situation(facts, engine))


def test_verify_names_a_condition_without_a_place_by_what_is_around_it():
    def change(part: Finding) -> Finding:
        return replace(part, truth=False)

    engine = Verify(REFERENCE, Wrong(change))
    inner = p.All((flag("flag_0"), flag("flag_1")))
    for whole, place in ((inner, "a condition"), (replace(inner, at=("terms", "both")), "`terms.both`")):
        with pytest.raises(EngineError, match=f"differ on {place}: "):
            engine.decide(whole, situation(BOTH, engine))


@given(conditions, people)
def test_verify_answers_when_both_agree(condition, facts):
    agree(condition, facts, verify())


def test_engines_are_found_by_name():
    assert engine_named("durable") is durable()
    assert engine_named("verify") == Verify(REFERENCE, durable())
    with pytest.raises(EngineError, match="there is no engine `durabel`; did you mean `durable`"):
        engine_named("durabel")


# --- at length ---


def test_many_questions_from_several_threads_in_a_process_of_its_own():
    """
    A crash of the library is a failed test; so is any answer that differs.
    """
    # Coverage is measured by the tests above; here it would only take time.
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    asked = subprocess.run(
        [sys.executable, "-m", "tests.durable_in_subprocess", "20000", "4"],
        cwd=Path(__file__).parents[1], env=unmeasured, check=False, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert asked.returncode == 0, asked.stderr
    assert asked.stdout.startswith("right 20000 wrong 0 networks 64 faults 0 ")
