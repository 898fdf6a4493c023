"""Two decisions of a real policy, bcmb, written out for the peers and by hand, with applicants drawn at random."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import trainingrules as tr
from benchmarks.cases import AllOf, AnyOf, AtMost, Case, Check, Not, Person, Plain, Rule, Truth3

ON = date(2024, 9, 2)
UNKNOWN = 0.2  # the share of facts that is not told
MASTERCLASSES = ("mc1", "mc2", "mc3", "mc4")
# Exemptions exist for these two only.
EXEMPTIBLE = ("mc2", "mc4")
# The series that have a last day to register in print, and whether they are of programme B.
COHORTS = {
    "mc3_a_march": (date(2024, 3, 4), False),
    "mc3_a_june": (date(2024, 5, 20), False),
    "mc3_a_october": (date(2024, 9, 16), False),
    "mc3_a_december": (date(2024, 11, 13), False),
    "mc3_b_april": (date(2024, 3, 20), True),
    "mc3_b_november": (date(2024, 10, 23), True),
}
HBO = AnyOf((Check("diploma_level", "in", ("hbo", "above_hbo")), Check("level_test_passed", "==", True)))
THREE_YEARS = 36


def nested(facts: Plain) -> Mapping[str, Any]:
    """The facts as the policy knows them: what is known of each masterclass together, lengths in their words."""
    result: dict[str, Any] = {}
    for name, value in facts.items():
        fact, _, row = name.rpartition("_")
        if row in MASTERCLASSES:
            result.setdefault(fact, {})[row] = value
        elif name.endswith("experience"):
            result[name] = f"{value} months"
        else:
            result[name] = value
    return result


def told(complete: Plain, draw: random.Random) -> Person:
    """A person of whom some facts are not told."""
    return Person(complete, {name: value for name, value in complete.items() if draw.random() >= UNKNOWN})


# ------------------------------------------------------------------------------------------ access to the register


def graduates(seed: int) -> Iterator[Person]:
    """People at the end of the training: most have done nearly everything."""
    draw = random.Random(seed)
    while True:
        nearly = draw.choice((1.0, 1.0, 0.97, 0.8))
        complete: dict[str, Any] = {
            "diploma_level": draw.choice(("below_hbo", "hbo", "hbo", "above_hbo")),
            "level_test_passed": draw.random() < 0.8,
            "case_test_passed": draw.random() < nearly,
            "reflection_test_passed": draw.random() < nearly,
        }
        for one in MASTERCLASSES:
            granted = one in EXEMPTIBLE and draw.random() < 0.3
            # An exemption was requested when it was granted; whoever was exempt did not follow the masterclass.
            complete |= {
                f"completed_{one}": not granted and draw.random() < nearly,
                f"exemption_granted_{one}": granted,
            }
        yield told(complete, draw)


def _finished(row: str) -> AnyOf | Check:
    completed = Check(f"completed_{row}", "==", True)
    return AnyOf((completed, Check(f"exemption_granted_{row}", "==", True))) if row in EXEMPTIBLE else completed


REGISTER = (
    Rule("each_masterclass", AllOf(tuple(_finished(row) for row in MASTERCLASSES))),
    Rule("both_tests", AllOf((Check("case_test_passed", "==", True), Check("reflection_test_passed", "==", True)))),
    Rule("enrol.level", HBO),
)


def register_by_hand(facts: Plain) -> tuple[Truth3, tuple[Truth3, ...]]:
    """The decision as a careful person would write it, flat and three-valued."""
    get = facts.get
    mc1, mc2, mc3, mc4 = get("completed_mc1"), get("completed_mc2"), get("completed_mc3"), get("completed_mc4")
    exempt2, exempt4 = get("exemption_granted_mc2"), get("exemption_granted_mc4")
    two = True if mc2 or exempt2 else None if mc2 is None or exempt2 is None else False
    four = True if mc4 or exempt4 else None if mc4 is None or exempt4 is None else False
    if mc1 is False or two is False or mc3 is False or four is False:
        every: Truth3 = False
    else:
        every = None if mc1 is None or two is None or mc3 is None or four is None else True
    case, reflection = get("case_test_passed"), get("reflection_test_passed")
    tests = False if case is False or reflection is False else None if case is None or reflection is None else True
    diploma, test = get("diploma_level"), get("level_test_passed")
    if test or diploma == "hbo" or diploma == "above_hbo":
        level: Truth3 = True
    else:
        level = None if diploma is None or test is None else False
    rules = (every, tests, level)
    return False if False in rules else None if None in rules else True, rules


# --------------------------------------------------------------------------------------------- joining a series


def applicants(seed: int) -> Iterator[Person]:
    """People who register for a series, some too late, some for programme B without the experience."""
    draw = random.Random(seed)
    while True:
        cohort = draw.choice((*COHORTS,))
        closes, _ = COHORTS[cohort]
        yield told(
            {
                "cohort": cohort,
                "registered_on": closes - timedelta(days=draw.randint(-10, 60)),
                "diploma_level": draw.choice(("below_hbo", "hbo", "hbo", "above_hbo")),
                "level_test_passed": draw.random() < 0.7,
                "specific_experience": draw.randint(0, 90),
                "other_experience": draw.randint(0, 90),
                "beginning_supporter": draw.random() < 0.5,
                "relevant_education": draw.random() < 0.6,
            },
            draw,
        )


EXPERIENCED = AnyOf((
    Check("specific_experience", ">=", THREE_YEARS),
    AllOf((
        Check("beginning_supporter", "==", True),
        Check("relevant_education", "==", True),
        Check("other_experience", ">=", THREE_YEARS),
    )),
))  # fmt: skip
SERIES = (
    Rule("in_time", AtMost("registered_on", "closes_on")),
    Rule("experience_for_b", AnyOf((Not(Check("for_programme_b", "==", True)), EXPERIENCED))),
    Rule("enrol.level", HBO),
)


def with_series(facts: Plain) -> Plain:
    """The facts with those of the series that was chosen: the peers are spared the table."""
    joined = {name: value for name, value in facts.items() if name != "cohort"}
    if "cohort" in facts:
        joined["closes_on"], joined["for_programme_b"] = COHORTS[facts["cohort"]]
    return joined


def series_by_hand(facts: Plain) -> tuple[Truth3, tuple[Truth3, ...]]:
    """The decision as a careful person would write it. An unknown series may turn out to be none."""
    get = facts.get
    specific, other = get("specific_experience"), get("other_experience")
    beginning, education = get("beginning_supporter"), get("relevant_education")
    long = None if other is None else other >= THREE_YEARS
    if beginning is False or education is False or long is False:
        start: Truth3 = False
    else:
        start = None if beginning is None or education is None or long is None else True
    if start or (specific is not None and specific >= THREE_YEARS):
        fit: Truth3 = True
    else:
        fit = None if start is None or specific is None else False
    cohort, registered = get("cohort"), get("registered_on")
    if cohort is None:
        in_time: Truth3 = None
        experience: Truth3 = None
    else:
        closes, for_b = COHORTS[cohort]
        in_time = None if registered is None else registered <= closes
        experience = fit if for_b else True
    diploma, test = get("diploma_level"), get("level_test_passed")
    if test or diploma == "hbo" or diploma == "above_hbo":
        level: Truth3 = True
    else:
        level = None if diploma is None or test is None else False
    rules = (in_time, experience, level)
    return False if False in rules else None if None in rules else True, rules


def cases() -> tuple[Case, Case]:
    """Both decisions."""
    policy = tr.load("bcmb")
    return (
        Case("bcmb, access to the register", policy, "access_to_register", ON, REGISTER, register_by_hand,
             graduates, nested),
        Case("bcmb, joining a series", policy, "join_cohort", ON, SERIES, series_by_hand, applicants,
             nested, with_series, "to us a series that is not told may be none, so that nothing of it is sure"),
    )  # fmt: skip
