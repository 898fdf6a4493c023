"""What is said for certain is so: policies, each with somebody for whom a hasty proof would be wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.policies_inline import inline
from trainingrules.canonical import canonical
from trainingrules.changelog import alters
from trainingrules.comparing import compare, effect
from trainingrules.document import Document
from trainingrules.people import Person, differing, outcome
from trainingrules.proof import proven_alike
from trainingrules.questions import Question
from trainingrules.reviewing import review

ON = date(2026, 6, 1)
GO = Question("eligibility", "go")
FACTS = """\
facts:
  calm: {kind: boolean, «Rustig»}
  tall: {kind: boolean, «Lang»}
  count: {kind: integer, at_least: 0, at_most: 3, «Aantal»}
  limit: {kind: integer, at_least: 0, at_most: 3, «Grens»}
  budget: {kind: money, at_least: 0, at_most: 0.20, «Budget»}
  asked_on: {kind: date, «Gevraagd op»}
  level: {kind: choice, ordered: true, «Niveau», options: {low: {«Laag»}, high: {«Hoog»}}}
  aim: {kind: choice, ordered: true, «Doel», options: {low: {«Laag»}, high: {«Hoog»}}}
"""
VIEW = """\
readings:
  view: {«Lezing», §2, chosen: wide, options: {wide: {«Wijd»}, narrow: {«Smal»}}}
"""


def rules(*rules: str, about: str = "") -> str:
    shown = "".join(f"      rule_{index}: {{«Zin {index}.», §1, {rule}}}\n" for index, rule in enumerate(rules))
    return f"eligibility:\n  go:\n    «Gaan»\n{about}    requires:\n{shown}"


def certain(old: str, new: str) -> bool:
    """Whether `diff` says of two policies that nobody is answered otherwise."""
    compared = compare(inline(old), inline(new))
    assert compared.changes
    return not alters(compared, [effect(compared, change) for change in compared.changes])


# --- somebody is answered otherwise ---

CLASH = FACTS + """\
contradictions:
  clash: {«Botsing», never: {odd: {is: true}}}
terms:
  odd: {«Vreemd», §1, holds: {count: {at_least: 2}}}
""" + rules("must: {calm: {is: true}}")  # fmt: skip
FEE = (
    FACTS
    + """\
amounts:
  fee:
    - {from: 2020-01-01, value: 0.10, vat: excluded, certainty: exact, §1}
    - {from: 2026-01-01, value: 0.12, vat: excluded, certainty: exact, §1}
"""
)
ENOUGH = "must: {budget: {at_least: {amount: fee}}}"
TWICE = "must: {any: [{level: {at_least: {fact: aim}}}, {calm: {is: true}}]}"


@pytest.mark.parametrize(
    ("old", "new", "somebody"),
    [
        # What contradicts changes by way of a term that no requirement reads.
        (CLASH, CLASH.replace("at_least: 2}", "at_least: 3}"), {"count": 2}),
        # The requirement is the same, and the amount it reads is that of another day.
        (
            FEE + rules(ENOUGH, about="    judged_on: asked_on\n"),
            FEE + rules(ENOUGH),
            {"budget": Decimal("0.11"), "asked_on": "2025-01-01"},
        ),
        # The requirement says the same in other words, and no longer settles what the other one asks for.
        (
            FACTS + rules("must: {level: {at_least: {fact: aim}}}", TWICE),
            FACTS + rules("must: {not: {level: {less_than: {fact: aim}}}}", TWICE),
            {},
        ),
    ],
)
def test_no_proof_where_somebody_is_answered_otherwise(old: str, new: str, somebody: dict[str, Any]) -> None:
    before, after = inline(old), inline(new)
    person = Person(somebody, ON)
    assert outcome(before, GO, person) != outcome(after, GO, person)
    assert not proven_alike(before, after, GO)
    assert not differing(before, after, GO).exhaustive
    assert not certain(old, new)


OPEN = "must: {any: [{calm: {is: true}}, {calm: {is: false}, view: {is: wide}, tall: {is: true}}]}"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (FACTS + VIEW + rules(OPEN), FACTS + rules(OPEN.replace("view: {is: wide}, ", ""))),
        (FACTS + VIEW.replace("narrow", "other: {«Anders»}, narrow") + rules(OPEN), FACTS + VIEW + rules(OPEN)),
        (FACTS + VIEW + rules(OPEN), FACTS + VIEW.replace("narrow", "other: {«Anders»}, narrow") + rules(OPEN)),
    ],
)
def test_what_is_no_longer_left_open_proves_nothing(old: str, new: str) -> None:
    """
    Without the reading, or one of its options, nothing is contested any more: that is not proven to change nothing.
    """
    assert not proven_alike(inline(old), inline(new), GO)
    assert not certain(old, new)


# --- what stands beside an answer ---

BESIDE = FACTS + rules("must: {calm: {is: true}}, remedy: {«Rust uit», §3}") + """\
compliance:
  keep: {«Blijf rustig», who: holder, §1, must: {calm: {is: true}}}
notes:
  told: {kind: information, «Wat het is», §1, value: 3}
"""  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("who: holder", "who: coach"),
        ("kind: information", "kind: advice"),
        ("«Wat het is», §1", "«Wat het is», §2"),
        (", remedy: {«Rust uit», §3}", ""),
        ("who: holder, §1", "who: holder, §2"),
    ],
)
def test_what_stands_beside_an_answer_is_part_of_it(old: str, new: str) -> None:
    """
    For whom a duty is, what can be done and which statement is cited: an example expects none of these.
    """
    assert old in BESIDE
    assert not certain(BESIDE, BESIDE.replace(old, new))


def test_a_term_written_out_is_no_longer_cited() -> None:
    term = """\
terms:
  fit: {«Fit», §4, holds: {calm: {is: true}, tall: {is: true}}}
"""
    old = FACTS + term + rules("must: {fit: {is: true}}")
    new = FACTS + rules("must: {calm: {is: true}, tall: {is: true}}")
    assert not certain(old, new)
    # Cited as well by the requirement itself, it makes no difference.
    both = [one.replace("«Zin 0.», §1", "«Zin 0.», source: [S-1, S-4]") for one in (old, new)]
    assert certain(*both)


def test_the_bounds_of_a_product_depend_on_the_order_of_its_factors() -> None:
    """
    Twice times minus one is once, for whoever sees it before the factor that is not known.
    """
    facts = "facts:\n  days: {kind: integer, at_least: 0, «Dagen»}\n"
    note = "notes:\n  told: {kind: information, «Wat het is», §1, value: {product: [%s]}}\n"
    factors = ("{fact: days}", "-1", "-1")
    old, new = (inline(facts + note % ", ".join(order)) for order in (factors, factors[::-1]))
    asked = Question("notes", "told")
    assert asked.ask(old, {}, on=ON).notes[0].least != asked.ask(new, {}, on=ON).notes[0].least  # type: ignore[attr-defined]
    assert canonical(old.notes["told"]) != canonical(new.notes["told"])


# --- what is said of a rule ---

WORLD = (
    FACTS
    + """\
  began_on: {kind: date, «Begonnen op»}
  pick: {kind: row, of: parts, «Keuze»}
  part: {kind: decimal, «Deel»}
  held: {kind: boolean, per: year, «Gehouden»}
  visits: {kind: records, «Bezoeken», fields: {guests: {kind: integer, «Gasten»}}}
tables:
  parts:
    «Delen»
    fields: {size: {kind: integer, «Maat»}}
    rows: {one: {«Een», §3, size: 1}, two: {«Twee», §3, size: 2}}
cycles:
  year: {«Jaar», §4, starts: began_on, every: 1 year}
"""
)
SUMS = """\
values:
  both: {«Samen», §1, value: {total: [{fact: count}, {fact: limit}]}}
  left: {«Over», §1, value: {difference: [{fact: count}, {fact: limit}]}}
  half: {«Helft», §1, value: {share: {percent: 50, of: {fact: budget}}}}
terms:
  many: {«Veel», §1, holds: {both: {at_least: 5}}}
  short: {«Tekort», §1, holds: {left: {less_than: 0}}}
  fine: {«Fijn», §1, holds: {half: {more_than: 0.04, less_than: 0.05}}}
"""


def codes(text: str) -> list[str]:
    """The codes of what a review says."""
    return [one.code for one in review(inline(text), Document({}, "<inline>", (), {}, {}))]


@pytest.mark.parametrize(
    "text",
    [
        # Two facts of at most three may make six, one less than the other, and half of nine cents is a part of a cent.
        WORLD + SUMS,
        # Whoever had no visits, or began no year, meets both.
        WORLD + rules("for_each: visits, must: {guests: {is: 2}}", "for_each: visits, must: {guests: {is: 1}}"),
        WORLD + rules("per: year, must: {held: {is: true}}", "per: year, must: {held: {is: false}}"),
        # In a third year nothing is answered, and the price of the third year is asked for in the first.
        WORLD + "contradictions:\n  long: {«Te lang», never: {year: {at_least: 3}}}\n" + FEE[len(FACTS):] + """\
costs:
  all: {«Alles», lines: {late: {«Laat», §1, per: year, when: {year: {at_least: 3}}, price: {amount: fee}}}}
""",
        # Whoever picked nothing fails it.
        WORLD + rules("for_row: pick, must: {any: [{calm: {is: true}}, {calm: {is: false}}]}"),
    ],
)  # fmt: skip
def test_nothing_is_called_idle_that_is_not(text: str) -> None:
    assert not {"never-met", "never-fails", "never-applies", "exclude-each-other"} & set(codes(text))


def test_two_rules_about_the_same_person_still_exclude_each_other() -> None:
    assert codes(WORLD + rules("must: {count: {at_least: 2}}", "must: {count: {at_most: 1}}")) == ["exclude-each-other"]


def test_numbers_close_to_each_other_leave_room_between_them() -> None:
    """
    It loads, and there is somebody to whom it applies.
    """
    policy = inline(WORLD + rules("must: {part: {more_than: 1.00001, less_than: 1.00003}}"))
    person = Person({"part": Decimal("1.00002")}, ON)
    assert outcome(policy, GO, person)["verdict"] == "eligible"
