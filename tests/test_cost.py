"""What it costs: exact sums, sound ranges, and what the source leaves out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.policies_inline import inline
from trainingrules import Cost, QuestionError, cost

DECLARED = """
facts:
  joined_on: {kind: date, «Joined on»}
  ordered_on: {kind: date, «Ordered on»}
  people: {kind: integer, at_least: 1, «People»}
  hours: {kind: decimal, «Hours»}
  share_hours: {kind: percent, «Share»}
  member: {kind: boolean, «Member»}
  early: {kind: boolean, «Early»}
  course: {kind: row, of: courses, «Course»}
  exempted: {kind: boolean, per: courses, «Exempted»}
  logins: {kind: integer, at_least: 0, per: year, «Logins»}
  own_price: {kind: money, at_least: 0, «Own price»}
  visits:
    kind: records
    dated: held_on
    «Visits»
    fields:
      held_on: {kind: date, «Held on»}
      hours_spent: {kind: integer, at_least: 0, «Hours spent»}
      charged: {kind: money, at_least: 0, «Charged»}
readings:
  fee_from: {«Fee from», §2, chosen: second, options: {second: {«Second year»}, first: {«First year»}}}
amounts:
  fee:
    - {from: 2026-01-01, value: 40.00, vat: excluded, certainty: exact, source: [S-21]}
    - {from: 2027-01-01, value: 45.00, vat: excluded, certainty: exact, source: [S-22]}
  odd: [{from: 2026-01-01, value: 0.05, vat: included, certainty: exact, source: [S-3]}]
  rough: [{from: 2026-01-01, value: 100.00, vat: not_stated, certainty: approximate, source: [S-3]}]
  visit: [{from: 2026-01-01, value: 10.00, vat: included, certainty: exact, source: [S-3]}]
  unsaid: [{from: 2026-01-01, value: not_stated, vat: not_stated, certainty: exact, source: [S-4]}]
  nothing: [{from: 2026-01-01, value: 0.00, vat: included, certainty: exact, source: [S-4]}]
tables:
  courses:
    «Courses»
    fields:
      full: {kind: money, vat: included, certainty: average, «Full price»}
      reduced: {kind: money, vat: included, certainty: exact, «Reduced price»}
    rows:
      hives: {«Hives», §5, full: 80.00, reduced: 50.00}
      honey: {«Honey», §5, full: 95.00, reduced: 65.00}
cycles:
  year: {«Year», §6, starts: joined_on, every: 1 year, rounds: 5}
values:
  price_per_head: {«Price per head», §7, value: {product: [{amount: odd}, {between: [1, 3]}]}}
costs:
  chosen:
    «The chosen course»
    presume: {people: 1}
    lines:
      course: {«Course», §8, for_row: course, price: {field: full}, times: {fact: people},
               instead: [{when: {member: {is: true}}, price: {field: reduced}},
                         {when: {early: {is: true}}, price: {amount: fee}}]}
  whole:
    «All courses»
    presume: {exempted: false}
    lines:
      courses: {«Courses», §8, for_each: courses, when: {exempted: {is: false}}, price: {field: full}}
  yearly:
    «Yearly»
    lines:
      fee: {«Fee», §9, per: year, price: {amount: fee},
            when: {any: [{year: {at_least: 2}}, {fee_from: {is: first}}]}}
      logins: {«Logins», §9, per: year, price: {amount: odd}, times: {fact: logins}}
  group:
    «Group»
    judged_on: ordered_on
    lines:
      fee: {«Fee», §10, price: {amount: fee}, times: {fact: people}}
      less: {«Reduction», §11, effect: reduces, when: {people: {more_than: 3}}, price: {amount: unsaid}}
  parts:
    «In parts»
    lines:
      odd: {«Odd», §12, price: {amount: odd}}
      share: {«Half», §12, price: {share: {percent: 50, of: {amount: odd}}}}
      own: {«Own», §12, price: {fact: own_price}}
    instalments:
      first: {«First», §13, percent: 50, odd_cent: true, due: {fact: joined_on}}
      second: {«Second», §13, percent: 50, due: {greatest: [{fact: joined_on}, {fact: ordered_on}]}}
  lacking:
    «Lacking»
    lines:
      known: {«Known», §14, price: {amount: rough}}
      unsaid: {«Unsaid», §15, when: {member: {is: true}}, price: {amount: unsaid}, times: {fact: hours}}
      either: {«Either», §15, when: {early: {is: true}}, price: {amount: nothing},
               instead: [{when: {member: {is: true}}, price: {amount: unsaid}}]}
  lowered:
    «Lowered»
    lines:
      whole: {«Whole», §16, price: {amount: rough}}
      less: {«Less», §16, effect: reduces, price: {amount: odd}, when: {member: {is: true}}}
  ranged: {«Ranged», lines: {heads: {«Heads», §17, price: {fact: price_per_head}, times: {fact: people}}}}
  visited:
    «Visited»
    lines:
      visit: {«Visit», §18, for_each: visits, price: {amount: visit}, times: {field: hours_spent},
              instead: [{when: {member: {is: true}}, price: {amount: odd}}]}
  charged: {«Charged», lines: {charged: {«Charged», §18, for_each: visits, price: {field: charged}}}}
  presumed: {«Presumed», presume: {logins: 2},
             lines: {logins: {«Logins», §9, per: year, price: {amount: odd}, times: {fact: logins}}}}
  rowed: {«Per row», lines: {course: {«Course», §8, for_row: course, when: {member: {is: true}}, price: {field: full}}}}
  counted: {«Years», lines: {years: {«Years», §9, price: {amount: visit}, times: {fact: year}}}}
  hourly: {«Hourly», lines: {hours: {«Hours», §19, price: {amount: visit}, times: {fact: hours}}}}
conflicts:
  disputed: {«Two fees.», between: [S-21, S-98], outcome: warn}
  unused: {«Elsewhere.», between: [S-22, S-98], outcome: warn}
"""
ON = date(2026, 6, 1)


def ask(
    quote: str, facts: dict[str, Any], on: date = ON, cycles: Sequence[int] | None = None,
    vat_rate: Decimal | None = None, **conventions: str,
) -> Cost:  # fmt: skip
    answer = cost(inline(DECLARED, **conventions), facts, on=on, quote=quote, cycles=cycles, vat_rate=vat_rate)
    assert answer.explain("nl")
    assert answer.explain("en")
    # The lines, and the VAT that is added, always sum to the total.
    for end in ("at_least", "at_most"):
        parts = [getattr(one, end) for one in (*answer.lines, *([answer.vat_added] if answer.vat_added else ()))]
        if answer.lines:
            assert getattr(answer, end) == (None if None in parts else sum(parts))
    return answer


def ends(answer: Cost) -> tuple[str | None, ...]:
    return tuple(None if end is None else str(end) for end in (answer.at_least, answer.at_most))


def missing(answer: Cost) -> list[str]:
    return [one.fact for one in answer.missing]


# --- one row, and another price instead ---


@pytest.mark.parametrize(
    ("facts", "expected", "wanted"),
    [
        ({"course": "hives", "member": False, "early": False}, ("80.00", "80.00"), []),
        ({"course": "hives", "member": True}, ("50.00", "50.00"), []),  # the first that holds
        ({"course": "hives", "member": False, "early": True}, ("40.00", "40.00"), []),
        ({"course": "hives", "early": True}, ("40.00", "50.00"), ["member"]),  # the full price is out of the question
        ({"course": "hives", "member": False}, ("40.00", "80.00"), ["early"]),
        ({"course": "hives"}, ("40.00", "80.00"), ["member", "early"]),
        ({"course": "hives", "member": True, "people": 3}, ("150.00", "150.00"), []),
        ({"member": True}, ("50.00", "65.00"), ["course"]),
        ({"member": False, "early": True}, ("40.00", "40.00"), []),  # whichever it is
        ({"course": None}, ("0.00", None), []),  # none of these: what that costs nobody says
    ],
)
def test_the_row_chosen_and_the_price_that_holds(facts: dict[str, Any], expected: Any, wanted: list[str]) -> None:
    answer = ask("chosen", facts)
    assert (ends(answer), missing(answer)) == (expected, wanted)
    assert (answer.total is None) is (expected[0] != expected[1])


def test_what_is_presumed_is_said() -> None:
    answer = ask("chosen", {"course": "hives", "member": True})
    assert [(one.fact, one.text.en) for one in answer.presumed] == [("people", "People: 1")]
    assert "Aangenomen: People: 1" in answer.explain("nl")
    assert ask("chosen", {"course": "hives", "member": True, "people": 1}).presumed == ()
    # Per row, as far as it was not given.
    partly = ask("whole", {"exempted": {"honey": True}})
    assert (ends(partly), [one.fact for one in partly.presumed]) == (("80.00", "80.00"), ["exempted"])
    assert ask("whole", {"exempted": {"honey": True, "hives": False}}).presumed == ()


def test_a_line_that_holds_for_no_row_or_no_time_is_left_out() -> None:
    assert ask("rowed", {"member": False}).lines == ()
    assert ask("counted", {"joined_on": None}).lines == ()
    assert ends(ask("counted", {"joined_on": "2025-06-01"})) == ("20.00", "20.00")


def test_presumed_in_every_round() -> None:
    unknown = ask("presumed", {})
    assert (ends(unknown), missing(unknown)) == (("0.00", "0.10"), ["joined_on"])  # perhaps nothing runs
    assert [one.fact for one in unknown.presumed] == ["logins"]
    assert ends(ask("presumed", {"joined_on": "2026-06-01"})) == ("0.10", "0.10")
    assert ends(ask("presumed", {"joined_on": "2026-06-01", "logins": {1: 1}})) == ("0.05", "0.05")


def test_a_total_is_as_certain_as_its_least_certain_line() -> None:
    assert ask("whole", {}).certainty.value == "average"
    assert ask("lacking", {"member": False, "early": False}).certainty.value == "approximate"
    assert ask("ranged", {"people": 1}).certainty.value == "indication"
    assert "€175.00 (on average)" in ask("whole", {}).explain("en")


# --- rounds ---


@pytest.mark.parametrize(
    ("facts", "on", "cycles", "expected"),
    [
        # The running year; in the first nothing but the logins is paid.
        ({"joined_on": "2026-06-01", "logins": {1: 3}}, ON, None, ("0.15", "0.15")),
        ({"joined_on": "2025-06-01", "logins": {2: 0}}, ON, None, ("40.00", "40.00")),
        ({"joined_on": "2026-06-02"}, ON, None, (None, None)),  # nothing runs yet: that is no price
        ({"joined_on": None}, ON, None, (None, None)),
        ({"joined_on": "2021-05-31"}, ON, None, (None, None)),  # its five years are over
        # The rounds asked for, whether or not they run; there is no sixth.
        ({"logins": {1: 0, 2: 0, 3: 1}}, ON, (1, 2, 3), ("80.05", "80.05")),
        ({"logins": {5: 0}}, ON, (5, 6), ("40.00", "40.00")),
        ({"logins": {1: 0}}, ON, (1,), ("0.00", "0.00")),
    ],
)
def test_lines_per_round(facts: dict[str, Any], on: date, cycles: Any, expected: Any) -> None:
    assert ends(ask("yearly", facts, on, cycles)) == expected


def test_where_nothing_runs_that_is_said() -> None:
    answer = ask("yearly", {"joined_on": None})
    assert [one.name for one in answer.warnings] == ["idle.year"]
    assert (answer.total, missing(answer)) == (None, [])


def test_without_an_anchor_the_running_round_is_not_known() -> None:
    answer = ask("yearly", {})
    assert ends(answer) == ("0.00", None)
    assert missing(answer) == ["joined_on", "logins"]


def test_logins_not_given_leave_the_top_open() -> None:
    answer = ask("yearly", {"joined_on": "2025-06-01"})
    assert (ends(answer), missing(answer)) == (("40.00", None), ["logins[2]"])


@pytest.mark.parametrize("cycles", [(0,), (True,), (1.0,)])
def test_rounds_are_whole_numbers_from_one(cycles: Any) -> None:
    with pytest.raises(QuestionError, match="they count from 1"):
        ask("yearly", {}, cycles=cycles)


def test_contested_by_another_known_total() -> None:
    facts = {"joined_on": "2026-06-01", "logins": {1: 0}}
    answer = ask("yearly", facts)
    assert [(one.reading, one.answer.en) for one in answer.contested] == [("fee_from", "€40.00")]
    assert [one.option.en for one in answer.taken] == ["Second year"]
    # The second year is paid for either way; a total that is not known disputes nothing.
    assert ask("yearly", {"joined_on": "2025-06-01", "logins": {2: 0}}).contested == ()
    assert ask("yearly", {"joined_on": "2026-06-01"}).contested == ()
    assert ask("yearly", {}).contested == ()


# --- the day judged ---


def test_an_amount_is_that_of_the_day_judged() -> None:
    assert ends(ask("group", {"ordered_on": "2026-12-31", "people": 1})) == ("40.00", "40.00")
    later = ask("group", {"ordered_on": "2027-01-01", "people": 1})
    assert ends(later) == ("45.00", "45.00")
    assert [one.id for one in later.lines[0].source] == ["S-10", "S-22"]  # the line, and the amount of that day
    assert [one.name for one in later.warnings] == ["unused"]
    unknown = ask("group", {"people": 1})
    assert (ends(unknown), missing(unknown)) == ((None, None), ["ordered_on"])
    assert "niet te zeggen" in unknown.explain("nl")


def test_before_the_first_amount_the_source_does_not_say() -> None:
    answer = ask("group", {"ordered_on": "2025-12-31", "people": 1})
    assert (answer.lacking, answer.total, ends(answer)) == (("fee",), None, ("0.00", None))
    assert "the source does not state the amount" in answer.explain("en")


# --- what is not stated ---


def test_a_reduction_not_stated_gives_at_most() -> None:
    answer = ask("group", {"ordered_on": None, "people": 4})
    assert (ends(answer), answer.lacking, missing(answer)) == ((None, "160.00"), ("less",), [])
    assert "at most €160.00, incomplete" in answer.explain("en")
    assert ends(ask("group", {"ordered_on": None, "people": 3})) == ("120.00", "120.00")


def test_a_price_not_stated_leaves_the_known_part() -> None:
    answer = ask("lacking", {"member": True, "early": False, "hours": 2})
    assert (ends(answer), answer.lacking, answer.complete) == (("100.00", None), ("unsaid",), False)
    assert "at least €100.00 (approximately), incomplete" in answer.explain("en")
    assert missing(answer) == []


def test_what_is_bought_no_times_lacks_no_price() -> None:
    answer = ask("lacking", {"member": True, "early": False, "hours": 0})
    assert (ends(answer), answer.lacking) == (("100.00", "100.00"), ())


def test_nothing_or_a_price_not_stated() -> None:
    """
    Whether the price is unsaid depends on a fact: it may lack, and the fact is asked.
    """
    answer = ask("lacking", {"early": True, "hours": 0})
    assert (ends(answer), missing(answer)) == (("100.00", None), ["member"])


@pytest.mark.parametrize(
    ("facts", "expected"),
    [({"member": True}, ("99.95", "99.95")), ({}, ("99.95", "100.00")), ({"member": False}, ("100.00", "100.00"))],
)
def test_what_reduces_is_taken_off(facts: dict[str, Any], expected: Any) -> None:
    assert ends(ask("lowered", facts)) == expected


# --- ranges, cents and instalments ---


def test_a_range_times_a_count() -> None:
    answer = ask("ranged", {"people": 2})
    assert (ends(answer), missing(answer)) == (("0.10", "0.30"), [])
    assert (ends(ask("ranged", {})), missing(ask("ranged", {}))) == (("0.05", None), ["people"])


def test_each_line_is_rounded_once_half_up() -> None:
    """
    Half of five cents is three cents.
    """
    answer = ask("parts", {"own_price": 0})
    assert [str(one.at_least) for one in answer.lines] == ["0.05", "0.03", "0.00"]
    assert answer.lines[1].price is None  # two and a half cents is no amount


def test_instalments_of_an_odd_amount_and_of_a_range() -> None:
    answer = ask("parts", {"own_price": Decimal("0.03"), "joined_on": "2026-02-01", "ordered_on": "2026-01-01"})
    assert [(str(one.at_least), str(one.at_most)) for one in answer.instalments] == [("0.06", "0.06"), ("0.05", "0.05")]
    assert [one.due for one in answer.instalments] == [date(2026, 2, 1), date(2026, 2, 1)]
    assert "First (50%, 1 February 2026): €0.06" in answer.explain("en")
    unknown = ask("parts", {"joined_on": "2026-02-01"})
    assert [(str(one.at_least), one.at_most) for one in unknown.instalments] == [("0.04", None), ("0.04", None)]
    assert [one.due for one in unknown.instalments] == [date(2026, 2, 1), None]


def test_times_are_exact() -> None:
    answer = ask("hourly", {"hours": Decimal("0.123456789012345678901234567890123")})
    assert answer.lines[0].times == Decimal("0.123456789012345678901234567890123")
    assert ends(answer) == ("1.23", "1.23")
    assert (ends(ask("hourly", {})), missing(ask("hourly", {}))) == ((None, None), ["hours"])


# --- VAT ---


def test_vat_words_are_kept_apart_and_vat_is_added_only_when_asked() -> None:
    facts = {"joined_on": "2025-06-01", "logins": {2: 2}}
    plain = ask("yearly", facts)
    assert {one.vat.value: str(one.at_least) for one in plain.by_vat} == {"excluded": "40.00", "included": "0.10"}
    assert plain.vat_added is None
    assert "Waarvan exclusief btw: € 40,00" in plain.explain("nl")
    taxed = ask("yearly", facts, vat_rate=Decimal(21))
    assert taxed.vat_added is not None
    assert (ends(taxed), str(taxed.vat_added.at_least)) == (("48.50", "48.50"), "8.40")
    assert "VAT: €8.40" in taxed.explain("en")


def test_vat_over_an_open_end_is_open() -> None:
    answer = ask("group", {"ordered_on": None}, vat_rate=Decimal(21))
    assert ends(answer) == (None, None)
    assert answer.vat_added is not None
    assert (str(answer.vat_added.at_least), answer.vat_added.at_most) == ("8.40", None)


@pytest.mark.parametrize("rate", [Decimal("0.21"), Decimal(-1), 21.0])
def test_a_rate_that_is_none_is_refused(rate: Any) -> None:
    with pytest.raises(QuestionError, match="VAT rate"):
        ask("whole", {}, vat_rate=rate)


# --- histories ---


def test_a_line_per_row_of_a_history() -> None:
    visits = [{"held_on": "2026-05-01", "hours_spent": 2}, {"held_on": "2026-06-02", "hours_spent": 9}]
    answer = ask("visited", {"visits": visits, "member": False})
    assert ends(answer) == ("20.00", "20.00")  # the second is still to come
    assert [one.row for one in answer.lines] == [1]
    assert [one.name for one in answer.warnings] == ["left_out.visits"]
    perhaps = ask("visited", {"visits": [{"hours_spent": 2}], "member": False})
    assert (ends(perhaps), missing(perhaps)) == (("0.00", "20.00"), ["visits[1].held_on"])


def test_what_was_charged_has_no_vat_word() -> None:
    answer = ask("charged", {"visits": [{"held_on": "2026-05-01", "charged": 12}]})
    assert [(str(one.at_least), one.vat.value) for one in answer.lines] == [("12.00", "not_stated")]


def test_a_history_that_is_not_known_costs_nobody_knows_what() -> None:
    answer = ask("visited", {})
    assert (ends(answer), missing(answer)) == (("0.00", None), ["visits"])
    assert answer.lines[0].vat.value == "included"
    assert "Visits: not known" in answer.explain("en")
    assert ends(ask("visited", {"visits": []})) == ("0.00", "0.00")


# --- in force ---


def test_outside_the_validity() -> None:
    until = "from: 2026-01-01, until: 2026-12-31, outside: "
    warned = ask("group", {"ordered_on": "2027-01-01", "people": 1}, in_force=until + "warn")
    assert (ends(warned), [one.name for one in warned.warnings]) == (("45.00", "45.00"), ["in_force", "unused"])
    refused = ask("group", {"ordered_on": "2027-01-01", "people": 1}, in_force=until + "refuse")
    assert (refused.in_force, refused.complete, refused.total, refused.lines) == (False, False, None, ())
    assert "not in force then" in refused.explain("en")


def test_not_known_whether_it_is_in_force() -> None:
    answer = ask("group", {"people": 1}, in_force="from: 2026-01-01, outside: refuse")
    assert (answer.in_force, answer.total, missing(answer)) == (None, None, ["ordered_on"])
    assert "Whether these conditions are in force then cannot be said yet." in answer.explain("en")
