"""Findings in sentences: a name, what is known of it, and how that compares; right whatever sort of words a name is."""
# ruff: noqa: E501 - a sentence reads best on one line

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.policies_inline import inline
from trainingrules import compliance, eligibility

DECLARED = """
facts:
  begun_on: {kind: date, nl: Begonnen op, en: Begun on}
  ended_on: {kind: date, nl: Geëindigd op, en: Ended on}
  sent_at: {kind: moment, nl: Verstuurd, en: Sent}
  age: {kind: integer, at_least: 0, nl: Leeftijd, en: Age}
  fee: {kind: money, nl: Bijdrage, en: Fee}
  share_done: {kind: percent, nl: Deel gedaan, en: Share done}
  stay: {kind: duration, unit: months, nl: Verblijf, en: Stay}
  member:
    kind: boolean
    nl: Is de aanvrager lid?
    en: Is the applicant a member?
  paid: {kind: boolean, nl: De bijdrage is betaald, en: The fee is paid}
  region: {kind: text, nl: Regio, en: Region}
  work: {kind: choice, nl: Werk, en: Work, options: {job: {nl: Echt werk, en: A real job}, none: {nl: Geen werk, en: No work}}}
  steps:
    kind: list
    nl: VVE-stappen
    en: VVE steps
    options: {one: {nl: Eén, en: One}, two: {nl: Twee, en: Two}, three: {nl: Drie, en: Three}}
  course: {kind: row, of: courses, nl: Cursus, en: Course}
  passed: {kind: boolean, per: courses, nl: Behaald, en: Passed}
  talked: {kind: boolean, per: year, nl: Gesprek gehouden, en: Talk held}
  lessons:
    kind: records
    dated: held_on
    nl: Gegeven lessen
    en: Lessons given
    fields:
      held_on: {kind: date, nl: Datum, en: Date}
      pupils: {kind: integer, at_least: 0, nl: Leerlingen, en: Pupils}
      forms: {kind: integer, at_least: 0, nl: Formulieren, en: Forms}
readings:
  way: {nl: Welke weg, en: Which way, source: [S-2], chosen: left,
        options: {left: {nl: Links, en: Left}, right: {nl: Rechts, en: Right}}}
amounts:
  price: [{from: 2026-01-01, value: 10.00, vat: excluded, certainty: exact, source: [S-3]}]
  unsaid: [{from: 2026-01-01, value: not_stated, vat: excluded, certainty: exact, source: [S-3]}]
tables:
  courses:
    nl: Cursussen
    en: Courses
    fields: {points: {kind: integer, nl: Punten, en: Points}, opens_on: {kind: date, nl: Opent op, en: Opens on}}
    rows:
      hives: {nl: Kasten, en: Hives, source: [S-4], points: 7, opens_on: 2026-02-02}
      honey: {nl: Honing, en: Honey, source: [S-4], points: 9, opens_on: not_stated}
cycles:
  year: {nl: Licentiejaar, en: Licence year, source: [S-5], starts: begun_on, every: 1 year}
terms:
  grown: {nl: Volwassen, en: Grown up, source: [S-6], holds: {age: {at_least: 18}}}
  talking: {nl: In gesprek, en: Talking, source: [S-6], holds: {talked: {is: true}}}
values:
  total_pupils: {nl: Alle leerlingen, en: All pupils, source: [S-7], value: {sum: {of: lessons, field: pupils}}}
deadlines:
  apply: {nl: Aanvragen, en: Apply, source: [S-8], until: {earlier: {than: {fact: begun_on}, by: 1 month}}}
"""
ON = date(2026, 6, 1)
DAY = "2026-03-01"


def grounds(must: str, facts: dict[str, Any], scope: str = "", on: date = ON) -> list[tuple[str, str]]:
    """The grounds of one requirement, in both languages."""
    rule = f"  ask: {{«Ask», requires: {{it: {{«It», §1, {scope}must: {must}}}}}}}\n"
    answer = eligibility(inline(f"{DECLARED}eligibility:\n{rule}"), facts, on=on)
    return [(one.nl, one.en) for one in answer.reasons[0].grounds]


@pytest.mark.parametrize(
    ("must", "facts", "nl", "en"),
    [
        # Whatever the name is: a noun, a sentence, a question, half a sentence.
        ("{age: {at_least: 18}}", {"age": 18}, "Leeftijd: 18 is ten minste 18", "Age: 18 is at least 18"),
        ("{age: {at_least: 18}}", {"age": 17}, "Leeftijd: 17 is minder dan 18", "Age: 17 is less than 18"),
        ("{age: {at_least: 18}}", {}, "Leeftijd: niet bekend", "Age: not known"),
        ("{grown: {is: true}}", {"age": 17}, "Leeftijd: 17 is minder dan 18", "Age: 17 is less than 18"),
        ("{not: {age: {at_least: 18}}}", {"age": 17}, "Leeftijd: 17 is minder dan 18", "Age: 17 is less than 18"),
        ("{paid: {is: true}}", {"paid": False}, "De bijdrage is betaald: nee", "The fee is paid: no"),
        ("{member: {is: true}}", {"member": True}, "Is de aanvrager lid? ja", "Is the applicant a member? yes"),
        ("{member: {is: true}}", {}, "Is de aanvrager lid? niet bekend", "Is the applicant a member? not known"),
        ("{ended_on: {exists: true}}", {"ended_on": None}, "Geëindigd op: geen", "Ended on: none"),
        ("{ended_on: {exists: true}}", {"ended_on": DAY}, "Geëindigd op: 1 maart 2026", "Ended on: 1 March 2026"),
        ("{ended_on: {before: 2026-03-01}}", {"ended_on": None}, "Geëindigd op: geen", "Ended on: none"),
        ("{work: {is: job}}", {"work": "job"}, "Werk: Echt werk", "Work: A real job"),
        ("{work: {is: job}}", {"work": "none"}, "Werk: Geen werk (niet Echt werk)", "Work: No work (not A real job)"),
        ("{region: {in: [noord, oost]}}", {"region": "zuid"}, "Regio: “zuid” (niet “noord” of “oost”)",
         "Region: “zuid” (not “noord” or “oost”)"),
        ("{way: {is: right}}", {}, "Welke weg: Links (zo gelezen)", "Which way: Left (as read here)"),
        # An abbreviation keeps its capitals; lists are listed.
        ("{steps: {includes_all: [one, two]}}", {"steps": ["two"]}, "VVE-stappen: Twee omvat niet alle: Eén en Twee",
         "VVE steps: Two does not include all of: One and Two"),
        ("{steps: {includes_any: [one, two]}}", {"steps": []}, "VVE-stappen: geen omvat geen van: Eén of Twee",
         "VVE steps: none includes none of: One or Two"),
        ("{share_done: {at_least: 50}}", {"share_done": 49}, "Deel gedaan: 49% is minder dan 50%",
         "Share done: 49% is less than 50%"),
        ("{fee: {at_most: {amount: price}}}", {"fee": 11}, "Bijdrage: € 11,00 is meer dan € 10,00",
         "Fee: €11.00 is more than €10.00"),
        # The other side has a name too, and it may be that side that is not known, not there or not stated.
        ("{ended_on: {on_or_before: {deadline: apply}}}", {"ended_on": DAY, "begun_on": "2026-03-31"},
         "Geëindigd op: 1 maart 2026 is later dan 28 februari 2026 (aanvragen)",
         "Ended on: 1 March 2026 is later than 28 February 2026 (apply)"),
        ("{ended_on: {on_or_before: {deadline: apply}}}", {"ended_on": DAY}, "Begonnen op: niet bekend",
         "Begun on: not known"),
        ("{ended_on: {on_or_before: {deadline: apply}}}", {}, "Begonnen op en Geëindigd op: niet bekend",
         "Begun on and Ended on: not known"),
        ("{ended_on: {on_or_before: {deadline: apply}}}", {"ended_on": DAY, "begun_on": None}, "Aanvragen: geen",
         "Apply: none"),
        ("{fee: {at_most: {amount: unsaid}}}", {"fee": 11}, "Bijdrage: staat niet in de bron",
         "Fee: not stated in the source"),
        ("{ended_on: {before: {earlier: {than: {fact: begun_on}, by: 2 months}}}}", {"ended_on": DAY, "begun_on": DAY},
         "Geëindigd op: 1 maart 2026 is niet vóór 1 januari 2026 (2 maanden vóór begonnen op)",
         "Ended on: 1 March 2026 is not before 1 January 2026 (2 months before begun on)"),
        ("{ended_on: {before: {later: {than: {greatest: [{fact: begun_on}, 2026-01-01]}, by: 1 day}}}}",
         {"ended_on": "2026-03-02", "begun_on": DAY}, "Geëindigd op: 2 maart 2026 is niet vóór 2 maart 2026",
         "Ended on: 2 March 2026 is not before 2 March 2026"),
        ("{ended_on: {before: {cycle_day: {of: year, day: first}}}}", {"ended_on": DAY, "begun_on": DAY},
         "Geëindigd op: 1 maart 2026 is niet vóór 1 maart 2026 (de eerste dag van licentiejaar)",
         "Ended on: 1 March 2026 is not before 1 March 2026 (the first day of licence year)"),
        ("{ended_on: {within: year}}", {"ended_on": "2026-02-28", "begun_on": DAY},
         "Geëindigd op: 28 februari 2026 valt niet binnen licentiejaar (1 maart 2026 t/m 28 februari 2027)",
         "Ended on: 28 February 2026 is not within licence year (1 March 2026 to 28 February 2027)"),
        ("{ended_on: {within: year}}", {"ended_on": DAY, "begun_on": None},
         "Geëindigd op: 1 maart 2026 valt niet binnen licentiejaar", "Ended on: 1 March 2026 is not within licence year"),
        ("{ended_on: {within: year}}", {"ended_on": DAY}, "Begonnen op: niet bekend", "Begun on: not known"),
        ("{sent_at: {on_or_before: {fact: today}}}", {"sent_at": "2026-06-02T10:00:00+02:00"},
         "Verstuurd: 2 juni 2026 om 10:00 (UTC+02:00) is later dan 1 juni 2026 (vandaag)",
         "Sent: 2 June 2026 at 10:00 (UTC+02:00) is later than 1 June 2026 (today)"),
        ("{year: {at_least: 2}}", {"begun_on": DAY}, "Licentiejaar: 1 is minder dan 2", "Licence year: 1 is less than 2"),
        ("{year: {at_least: 2}}", {"begun_on": None}, "Licentiejaar: geen", "Licence year: none"),
        ("{today: {after: 2026-06-01}}", {}, "vandaag: 1 juni 2026 is niet na 1 juni 2026",
         "today: 1 June 2026 is not after 1 June 2026"),
        # Counts, sums, and what several facts keep unknown.
        ("{lessons: {at_least: 2}}", {"lessons": []}, "aantal gegeven lessen: 0 is minder dan 2",
         "number of lessons given: 0 is less than 2"),
        ("{lessons: {at_least: 2}}", {}, "Gegeven lessen: niet bekend", "Lessons given: not known"),
        ("{lessons: {where: {pupils: {at_least: 1}}, at_least: 5}}", {"lessons": [{"held_on": DAY}] * 2},
         "aantal gegeven lessen: 0 tot 2 is minder dan 5", "number of lessons given: 0 to 2 is less than 5"),
        ("{lessons: {where: {pupils: {at_least: 1}}, at_least: 4}}", {"lessons": [{"held_on": DAY}] * 4},
         "aantal gegeven lessen: niet bekend", "number of lessons given: not known"),
        ("{courses: {where: {passed: {is: true}}, at_least: 2}}", {"passed": {"hives": True}},
         "Behaald (Honing): niet bekend", "Passed (Honey): not known"),
        ("{courses: {where: {opens_on: {after: 2026-01-01}}, at_least: 2}}", {}, "aantal cursussen: staat niet in de bron",
         "number of courses: not stated in the source"),
        ("{age: {at_least: {sum: {of: lessons, field: pupils}}}}", {"age": 1, "lessons": [{"held_on": DAY, "pupils": 2}]},
         "Leeftijd: 1 is minder dan 2 (leerlingen)", "Age: 1 is less than 2 (pupils)"),
        ("{total_pupils: {at_least: 3}}", {"lessons": [{"held_on": DAY, "pupils": 2}]}, "Alle leerlingen: 2 is minder dan 3",
         "All pupils: 2 is less than 3"),
        ("{age: {at_least: {share: {percent: 12.5, of: {fact: total_pupils}}}}}",
         {"age": 0, "lessons": [{"held_on": DAY, "pupils": 8}]}, "Leeftijd: 0 is minder dan 1 (12,5% van alle leerlingen)",
         "Age: 0 is less than 1 (12.5% of all pupils)"),
        ("{age: {at_least: {total: [{fact: total_pupils}, 1]}}}",
         {"age": 0, "lessons": [{"held_on": DAY, "pupils": 8}]}, "Leeftijd: 0 is minder dan 9", "Age: 0 is less than 9"),
        ("{fee: {at_most: {total: [{amount: price}, {amount: price}]}}}", {"fee": 21},
         "Bijdrage: € 21,00 is meer dan € 20,00", "Fee: €21.00 is more than €20.00"),
        ("{age: {at_most: {between: [1, 2]}}}", {"age": 3}, "Leeftijd: 3 is meer dan 1 tot 2", "Age: 3 is more than 1 to 2"),
        ("{ended_on: {is: {fact: begun_on}}}", {"ended_on": "2026-03-02", "begun_on": DAY},
         "Geëindigd op: 2 maart 2026 (niet 1 maart 2026 (begonnen op))",
         "Ended on: 2 March 2026 (not 1 March 2026 (begun on))"),
    ],
)  # fmt: skip
def test_one_check(must: str, facts: dict[str, Any], nl: str, en: str) -> None:
    assert grounds(must, facts) == [(nl, en)]


@pytest.mark.parametrize(
    ("scope", "must", "facts", "expected"),
    [
        ("for_each: courses, ", "{passed: {is: true}}", {"passed": {"hives": True, "honey": False}}, ["Passed (Honey): no"]),
        ("for_each: courses, ", "{key: {in: [hives]}}", {}, ["Courses: Honey (not Hives)"]),
        ("for_each: courses, when: {points: {at_least: 8}}, ", "{passed: {is: true}}", {"passed": {"honey": True}},
         ["Passed (Honey): yes"]),
        ("for_each: courses, when: {points: {at_least: 20}}, ", "{passed: {is: true}}", {},
         ["Points (Hives): 7 is less than 20", "Points (Honey): 9 is less than 20"]),
        ("for_row: course, ", "{points: {at_least: 8}}", {"course": "hives"}, ["Points (Hives): 7 is less than 8"]),
        ("for_row: course, ", "{points: {at_least: 8}}", {}, ["Course: not known"]),
        ("for_row: course, ", "{points: {at_least: 8}}", {"course": None}, ["Course: none"]),
        ("for_each: lessons, ", "{forms: {at_least: {share: {percent: 50, of: {field: pupils}}}}}",
         {"lessons": [{"held_on": DAY, "pupils": 5, "forms": 2}]},
         ["Forms (row 1): 2 is less than 2.5, 50% of pupils (row 1)"]),
        ("for_each: lessons, ", "{forms: {at_least: 1}}", {"lessons": [{"held_on": DAY}]},
         ["Lessons given, row 1, forms: not known"]),
        ("for_each: lessons, ", "{forms: {at_least: 1}}", {}, ["Lessons given: not known"]),
        ("per: year, ", "{talked: {is: true}}", {"begun_on": "2025-06-02", "talked": {1: False}},
         ["Talk held (licence year 1): no"]),
        ("per: year, ", "{talked: {is: true}}", {"begun_on": "2025-06-02"}, ["Talk held (licence year 1): not known"]),
        ("for_each: lessons, ", "{talking: {is: true}}", {"lessons": [{"held_on": DAY}], "begun_on": DAY},
         ["Talk held (licence year 1): not known"]),
        ("per: year, ", "{talked: {is: true}}", {}, ["Begun on and Talk held: not known", "Begun on: not known"]),
    ],
)  # fmt: skip
def test_rows_and_rounds(scope: str, must: str, facts: dict[str, Any], expected: list[str]) -> None:
    assert [en for _, en in grounds(must, facts, scope)] == expected


def test_only_what_decides_is_a_ground() -> None:
    any_of = "{any: [{age: {at_least: 18}}, {paid: {is: true}}]}"
    assert [en for _, en in grounds(any_of, {"age": 18, "paid": False})] == ["Age: 18 is at least 18"]
    assert [en for _, en in grounds(any_of, {"age": 17})] == ["The fee is paid: not known"]
    both = "{age: {at_least: 18, at_most: 67}, paid: {is: true}}"
    assert [en for _, en in grounds(both, {"age": 17, "paid": True})] == ["Age: 17 is less than 18"]


def test_more_grounds_than_anybody_reads_are_counted() -> None:
    lessons = [{"held_on": DAY, "forms": number} for number in range(15)]
    shown = grounds("{forms: {at_least: 20}}", {"lessons": lessons}, "for_each: lessons, ")
    assert len(shown) == 13
    assert shown[-1] == ("en nog 3", "and 3 more")


DUTIES = """
  talk: {«Talk», who: holder, §9, per: year, must: {talked: {is: true}}}
  sent: {«Sent», who: holder, §9, per: year, must: {sent_at: {exists: true}}}
  lessons: {«Lessons», who: holder, §9, per: year, must: {lessons: {at_least: 2}}}
  pupils: {«Pupils», who: holder, §9, per: year, must: {total_pupils: {at_least: 2}}}
"""


@pytest.mark.parametrize(
    ("duty", "nl", "en"),
    [
        ("talk", "Gesprek gehouden (licentiejaar 1): nog niet", "Talk held (licence year 1): not yet"),
        ("sent", "Verstuurd: nog niet", "Sent: not yet"),
        ("lessons", "aantal gegeven lessen: 1 tot nu toe", "number of lessons given: 1 so far"),
        ("pupils", "Alle leerlingen: 1 tot nu toe", "All pupils: 1 so far"),
    ],
)
def test_what_is_pending_is_not_yet_so(duty: str, nl: str, en: str) -> None:
    facts = {"begun_on": DAY, "talked": {1: False}, "sent_at": None, "lessons": [{"held_on": DAY, "pupils": 1}]}
    (one,) = compliance(inline(f"{DECLARED}compliance:{DUTIES}"), facts, on=ON, duty=duty).duties
    assert [(text.nl, text.en) for text in one.grounds] == [(nl, en)]
