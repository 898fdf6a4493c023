"""Answers as JSON and back: of every kind, with everything that an answer can hold."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.policies_inline import inline
from trainingrules import (
    Compliance,
    Cost,
    Deadlines,
    Eligibility,
    Notes,
    QuestionError,
    compliance,
    cost,
    deadlines,
    eligibility,
    look_up,
)
from trainingrules.answers.common import Cited
from trainingrules.answers.plain import from_plain, to_plain
from trainingrules.calendar import parse_moment
from trainingrules.policy import walk

ALL = """
facts:
  begun_on: {kind: date, «Begun on»}
  begun_at: {kind: moment, «Begun at»}
  people: {kind: integer, at_least: 1, «People»}
  told: {kind: boolean, «Told»}
  steps: {kind: list, «Steps», options: {one: {«One»}, two: {«Two»}}}
  lessons: {kind: records, dated: held_on, «Lessons», fields: {held_on: {kind: date, «Held on»}}}
readings:
  which: {«Which way», §2, chosen: left, options: {left: {«Left»}, right: {«Right»}}}
amounts:
  fee: [{from: 2020-01-01, value: 12.34, vat: excluded, certainty: average, source: [S-3]}]
cycles:
  year: {«Year», §4, starts: begun_on, every: 1 year}
eligibility:
  join:
    «Join»
    requires:
      told: {«Is told», §5, must: {any: [{told: {is: true}}, {which: {is: right}}]}, remedy: {«Ask», §6}}
costs:
  fees: {«Fees», presume: {people: 2}, lines: {fee: {«Fee», §3, price: {amount: fee}, times: {fact: people}}},
         instalments: {all: {«All», §3, percent: 100, odd_cent: true, due: {fact: begun_on}}}}
deadlines:
  day: {«Day», §7, until: {fact: begun_on}}
  hour: {«Hour», §7, until: {later: {than: {fact: begun_at}, by: 48 hours}}}
compliance:
  lessons: {«Lessons», who: holder, §8, per: year, must: {lessons: {where: {held_on: {within: year}}, at_least: 2}}}
notes:
  steps: {kind: information, «Steps», §9, value: {fact: steps}}
  each: {kind: information, «Each», §9, for_each: lessons, value: {field: held_on}}
  open: {kind: open_norm, «Open», §9, reason: {«Nobody says»}}
"""
FACTS: dict[str, Any] = {
    "begun_on": "2026-01-31", "begun_at": "2026-03-28T12:00:00+01:00", "told": False, "steps": ["two", "one"],
    "lessons": [{"held_on": "2026-05-01"}, {"held_on": "2027-01-01"}],
}  # fmt: skip
ON = date(2026, 6, 1)


def answers() -> list[Any]:
    policy = inline(ALL, left_open="S-5")
    found: list[Any] = []
    for facts in ({}, FACTS):
        found += [
            eligibility(policy, facts, on=ON), cost(policy, facts, on=ON, vat_rate=Decimal(21)),
            deadlines(policy, facts, on=ON), deadlines(policy, facts, on=parse_moment("2026-03-29T10:00+02:00")),
            compliance(policy, facts, on=ON), look_up(policy, facts, on=ON),
        ]  # fmt: skip
    return found


@pytest.mark.parametrize("number", range(12))
def test_an_answer_survives_json_whole(number: int) -> None:
    """
    Nothing but JSON's own values, no `default=`; and back it is the same answer, that explains itself the same.
    """
    answer = answers()[number]
    text = json.dumps(answer.to_dict(), allow_nan=False)
    back = type(answer).from_dict(json.loads(text))
    assert back == answer
    for language in ("nl", "en"):
        assert back.explain(language) == answer.explain(language)


@pytest.mark.parametrize("number", range(12))
def test_the_sources_of_an_answer_are_all_that_is_cited_in_it(number: int) -> None:
    """
    Wherever in the answer: each once, those that only stand behind it last; and what they leave open is told.
    """
    answer = answers()[number]
    cited = [part for part in walk(replace(answer, behind=())) if isinstance(part, Cited)]
    assert cited
    assert answer.sources == tuple(dict.fromkeys([*cited, *answer.behind]))
    again = type(answer).from_dict(answer.to_dict())
    assert again.sources == answer.sources
    assert again.explain("en") == answer.explain("en")


def test_amounts_days_and_moments_are_text() -> None:
    fees = answers()[7].to_dict()
    assert fees["lines"][0]["price"] == "12.34"
    assert fees["instalments"][0]["due"] == "2026-01-31"
    assert answers()[9].to_dict()["head"]["on"] == "2026-03-29T10:00:00+02:00"
    assert to_plain(datetime.fromisoformat("2026-03-29T10:00:00+02:00")) == "2026-03-29T10:00:00+02:00"


@pytest.mark.parametrize(
    ("cls", "change"),
    [
        (Eligibility, {"verdict": "perhaps"}),
        (Eligibility, {"head": 5}),
        (Eligibility, {"extra": 1}),
        (Eligibility, {"reasons": [{"name": "told"}]}),
        (Cost, {"at_least": "much"}),
        (Cost, {"in_force": "yes"}),
        (Deadlines, {"deadlines": 3}),
        (Compliance, {"overall": None}),
        (Notes, {"missing": [{"fact": 1, "question": {"nl": "a", "en": "b"}}]}),
    ],
)
def test_what_is_no_answer_is_refused(cls: Any, change: dict[str, Any]) -> None:
    sound = next(one for one in answers() if isinstance(one, cls)).to_dict()
    with pytest.raises(ValueError, match=r"\S"):
        cls.from_dict({**sound, **change})


def test_a_key_that_lacks_is_named() -> None:
    plain = answers()[0].to_dict()
    del plain["verdict"]
    with pytest.raises(ValueError, match="verdict"):
        Eligibility.from_dict(plain)


def test_a_row_is_a_name_or_a_number() -> None:
    assert from_plain(Compliance, answers()[10].to_dict()).duties[0].cycle == 1


def test_only_dutch_and_english_are_spoken() -> None:
    with pytest.raises(QuestionError, match="`fr` is not a language"):
        answers()[0].explain("fr")
