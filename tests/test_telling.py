"""The reasons that are told by what is kept are those that the findings of the reference engine give."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.policies_inline import inline
from tests.random_policies import policies
from trainingrules import FactError, Policy, bundled, eligibility, load, telling
from trainingrules.answers import eligibility as module
from trainingrules.answers.common import judged, situation
from trainingrules.answers.eligibility import Reason, reasons_of
from trainingrules.engines.reference import REFERENCE
from trainingrules.strategies import days, facts


def told(policy: Policy, known: Any, on: date, decision: str) -> tuple[Reason, ...]:
    at = judged(situation(policy, known, on, REFERENCE), policy.decisions[decision].judged_on)
    return reasons_of(policy, decision, at)


def agree(policy: Policy, known: Any, on: date, decision: str) -> None:
    """The same reasons, when nothing is kept and when all is."""
    try:
        answer = eligibility(policy, known, on=on, decision=decision, engine="reference")
    except FactError:
        return
    if answer.reasons:
        assert told(policy, known, on, decision) == answer.reasons
        assert told(policy, known, on, decision) == answer.reasons


@given(drawn=policies("eligibility"), data=st.data())
def test_reasons_are_those_of_the_findings(drawn: Any, data: st.DataObject) -> None:
    for _ in range(2):
        known, on = data.draw(facts(drawn.policy)), data.draw(days(drawn.policy))
        for decision in drawn.policy.decisions:
            agree(drawn.policy, known, on, decision)


@pytest.mark.parametrize("name", bundled())
@settings(max_examples=4)  # the facts of a whole policy take long to draw
@given(data=st.data())
def test_so_they_are_in_every_policy_that_comes_along(name: str, data: st.DataObject) -> None:
    policy = load(name)
    known, on = data.draw(facts(policy)), data.draw(days(policy))
    for decision in policy.decisions:
        agree(policy, known, on, decision)


def test_what_is_kept_stays_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    When it is full it is forgotten; what is told is the same.
    """
    policy, kept, reasons = load("bcmb"), dict[Any, Any](), dict[Any, Any]()
    monkeypatch.setattr(telling, "_KEPT", kept)
    monkeypatch.setattr(telling, "MOST_KEPT", 5)
    monkeypatch.setattr(module, "_REASONS", reasons)
    monkeypatch.setattr(module, "_MOST_KEPT", 3)
    for months in range(0, 40, 3):
        agree(policy, {"specific_experience": months, "diploma_level": "hbo"}, date(2026, 6, 15), "programme_b")
        assert len(kept) <= 5
        assert len(reasons) <= 3
    assert kept


TEXT = """
facts:
  at_hand: {kind: moment, «Aan de hand»}
  a: {kind: boolean, per: parts, «A»}
  b: {kind: boolean, per: parts, «B»}
  until: {kind: date, «Tot»}
tables:
  parts:
    «Delen»
    fields: {}
    rows:
      one: {«Een», §1}
      two: {«Twee», §1}
eligibility:
  go:
    «Gaan»
    requires:
      in_time: {«Op tijd.», §1, must: {at_hand: {on_or_before: 2026-06-01}}}
      each: {«Elk.», §1, for_each: parts, must: {any: [{a: {is: true}}, {b: {is: true}}]}}
      still: {«Nog.», §1, must: {until: {on_or_after: {fact: today}}}}
"""
POLICY = inline(TEXT)
ON = date(2026, 6, 15)


def test_the_same_moment_with_another_offset_is_told_with_its_own() -> None:
    moment = datetime(2026, 5, 1, 9, tzinfo=UTC)
    for hours in (0, 2, 5):
        agree(POLICY, {"at_hand": moment.astimezone(timezone(timedelta(hours=hours)))}, ON, "go")


def test_what_is_so_of_one_fact_per_row_is_not_told_of_another() -> None:
    for known in ({"a": {"one": False}, "b": {}}, {"a": {}, "b": {"one": False}}, {"a": {"two": False}}, {}):
        agree(POLICY, known, ON, "go")


def test_what_is_told_on_one_day_is_not_told_on_another() -> None:
    for on in (date(2026, 6, 15), date(2026, 6, 16), datetime(2026, 6, 17, tzinfo=UTC), date(2026, 6, 18)):
        agree(POLICY, {"until": date(2026, 6, 16)}, on, "go")


def test_a_day_that_is_known_not_to_be_there_is_not_an_unknown_one() -> None:
    for known in ({"until": None}, {}, {"until": date(2026, 7, 1)}):
        agree(POLICY, known, ON, "go")


def test_there_must_be_no_more_to_a_situation_than_facts_and_a_day() -> None:
    at = situation(POLICY, {}, ON, REFERENCE)
    assert telling.plain(at)
    assert not telling.plain(replace(at, running=True))
    assert not telling.plain(replace(at, readings={"some": "option"}))
    running = replace(at, facts=replace(at.facts, one={"until": None}), running=True)
    # It may still come to be; what was kept of someone for whom it will not is not told.
    assert told(POLICY, {"until": None}, ON, "go")[2].grounds[0].nl == "Tot: geen"
    assert reasons_of(POLICY, "go", running)[2].grounds[0].nl == "Tot: nog niet"


def test_several_threads_are_told_the_same() -> None:
    policy, ask = load("awl"), "start"
    known = [{"age": age, "work_hours": age % 40} for age in range(16, 80)]
    expected = [eligibility(policy, one, on=ON, decision=ask, engine="reference").reasons for one in known]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: [told(policy, one, ON, ask) for one in known], range(8)))
    assert found == [expected] * 8
