"""What decides nothing, what nobody can meet, and who shows it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.random_policies import policies, small_policies
from trainingrules import policy as p
from trainingrules.answers.common import situation
from trainingrules.diagnostics import Diagnostic, FactError
from trainingrules.loading import bundled, locate
from trainingrules.people import Person
from trainingrules.policy import Policy
from trainingrules.reckoning import Situation
from trainingrules.reviewing import review
from trainingrules.source import parse
from trainingrules.strategies import days, facts
from trainingrules.together import space_of
from trainingrules.validating import check_file

GOOD = Path(__file__).parent / "policies" / "good"
TEXT = (GOOD / "guild.yaml").read_text(encoding="utf-8")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(GOOD / "statements", tmp_path / "statements")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def reviewed(section: str, entries: str) -> list[Diagnostic]:
    """What a review says of the guild's policy with these entries more in a section of it."""
    at = TEXT.index(f"\n{section}:\n") + len(f"\n{section}:\n")
    Path("guild.yaml").write_text(TEXT[:at] + entries + TEXT[at:], encoding="utf-8")
    checked = check_file("guild.yaml")
    assert checked.policy is not None, checked.diagnostics
    assert checked.document is not None
    return review(checked.policy, checked.document)


def told(found: list[Diagnostic]) -> list[str]:
    return [f"{one.code} {one.span.line if one.span else 0}: {one.message}" for one in found]


def person_in(one: Diagnostic) -> Any:
    """The facts of the person that a fault shows."""
    document, faults = parse(one.help.partition("`")[2].partition("`")[0], "<help>")
    assert document is not None, one.help
    assert not faults
    return document.data


@pytest.mark.parametrize("name", bundled())
def test_nothing_of_the_bundled_policies_is_idle(name):
    checked = check_file(locate(name))
    assert checked.policy is not None
    assert checked.document is not None
    looked: list[str] = []
    assert review(checked.policy, checked.document, seen=looked.append) == []
    assert {f"eligibility.{one}" for one in checked.policy.decisions} <= set(looked)


def test_nothing_of_the_guild_is_idle(desk):
    assert told(reviewed("terms", "")) == []


RULE = "      {}: {{nl: Zin., en: Sentence., source: [BEE-02], {}}}\n"
DECISION = "  tried:\n    nl: Proef\n    en: Trial\n    requires:\n"


def requires(*rules: str) -> list[Diagnostic]:
    names = ("one", "two", "three")
    lines = [RULE.format(name, rule) for name, rule in zip(names, rules, strict=False)]
    return reviewed("eligibility", DECISION + "".join(lines))


def test_who_is_shown_fails_both_of_two_requirements_of_which_one_never_decides(desk):
    """
    Whoever has less than a year has less than three.
    """
    (found,) = requires("must: {experience: {at_least: 3 years}}", "must: {experience: {at_least: 1 year}}")
    assert found.code == "shadowed-rule"
    assert found.message == "whoever fails `two` fails `one` as well"
    assert found.severity == "warning"
    assert person_in(found)["experience"] < 12
    assert "fails both" in found.help


def test_the_order_of_two_requirements_bears_on_nothing(desk):
    (found,) = requires("must: {experience: {at_least: 1 year}}", "must: {experience: {at_least: 3 years}}")
    assert found.message == "whoever fails `one` fails `two` as well"


def test_a_requirement_stands_there_once(desk):
    (found,) = requires("must: {member: {is: true}}", "must: {member: {is: true}}")
    assert (found.code, found.message) == ("duplicate-rule", "`two` asks the same as `one`")
    assert person_in(found) == {"member": False}


def test_two_requirements_that_exclude_each_other(desk):
    (found,) = requires("must: {people: {at_least: 8}}", "must: {people: {at_most: 7}}")
    assert (found.code, found.message) == ("exclude-each-other", "nobody can meet both `two` and `one`")
    assert person_in(found)["people"] <= 7


def test_what_the_source_does_not_refuse_excludes_nobody(desk):
    """
    Failing the second is no no: the answer is that the source does not say.
    """
    assert requires("must: {people: {at_least: 8}}", "must: {people: {at_most: 7}}, if_not: not_stated") == []
    # So it cannot stand in for one that does refuse; the other way round it can.
    assert requires("must: {people: {at_least: 5}}", "must: {people: {at_least: 8}}, if_not: not_stated") == []
    (found,) = requires("must: {people: {at_least: 5}}, if_not: not_stated", "must: {people: {at_least: 8}}")
    assert found.message == "whoever fails `one` fails `two` as well"


def test_requirements_of_which_each_decides_are_left_alone(desk):
    assert requires("must: {people: {at_least: 5}}", "must: {member: {is: true}}",
                    "when: {member: {is: true}}, must: {people: {at_least: 6}}") == []  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("must: {any: [{member: {is: true}}, {not: {member: {is: true}}}]}", "never-fails"),
        ("when: {people: {at_least: 9}}, must: {people: {at_least: 6}}", "never-fails"),
        ("must: {not: {any: [{member: {is: true}}, {member: {is: false}}]}}", "never-met"),
        ("when: {people: {at_least: 9}}, must: {not: {people: {at_least: 6}}}", "never-met"),
        ("when: {member: {is: true}, any: [{member: {is: false}}]}, must: {people: {at_least: 6}}", "never-applies"),
        ("when: {member: {is: true}, not: {member: {is: true}}}, must: {people: {at_least: 6}}", "never-applies"),
        ("when: {any: [{member: {is: true}}, {member: {is: false}}]}, must: {people: {at_least: 6}}", "always-applies"),
        ("must: {agreed_on: {before: {fact: today}}, not: {agreed_on: {on_or_before: {fact: today}}}}", "never-met"),
        ("must: {any: [{agreed_on: {before: {fact: today}}}, {not: {agreed_on: {on_or_before: {fact: today}}}}]}", ""),
        ("must: {any: [{people: {at_least: 6}}, {people: {at_least: 9}, member: {is: true}}]}", "dead-part"),
        ("must: {people: {at_least: 6}, not: {people: {less_than: 4}}}", "dead-part"),
        ("must: {people: {at_least: 6}, any: [{people: {at_most: 7}}, {member: {is: true}}]}", ""),
    ],
)
def test_a_rule_that_bears_on_nobody_is_told_once(rule, code, desk):
    found = requires(rule)
    assert [one.code for one in found] == [code] * bool(code)
    assert all(one.help.startswith("someone ") for one in found)


def test_a_price_that_an_earlier_one_always_replaces(desk):
    lines = """\
  trial:
    nl: Proef
    en: Trial
    lines:
      day:
        nl: Dag
        en: Day
        source: [BEE-02]
        price: {amount: fee}
        instead:
          - {when: {people: {at_least: 4}}, price: {amount: fee}}
          - {when: {people: {at_least: 9}}, price: {amount: fee}}
"""
    amount = next(line.strip().rstrip(":") for line in TEXT.partition("\namounts:\n")[2].splitlines())
    (found,) = reviewed("costs", lines.replace("amount: fee", f"amount: {amount}"))
    assert found.code == "shadowed-price"
    assert found.line_text.strip().startswith("- {when: {people: {at_least: 9}}")
    assert person_in(found)["people"] >= 9


# --- claims ---

TERM = "  {}: {{nl: Soort, en: Kind, source: [BEE-02], holds: {}}}\n"
CLAIM = "  tried: {{nl: Zin., en: Sentence., source: [BEE-02], {}}}\n"


def claimed(claim: str, **terms: str) -> list[Diagnostic]:
    """What a review says of a claim about terms of the guild's policy."""
    at = TEXT.index("\nclaims:\n") + len("\nclaims:\n")
    whole = TEXT[:at] + CLAIM.format(claim) + TEXT[at:]
    at = whole.index("\nterms:\n") + len("\nterms:\n")
    whole = whole[:at] + "".join(TERM.format(name, holds) for name, holds in terms.items()) + whole[at:]
    Path("guild.yaml").write_text(whole, encoding="utf-8")
    checked = check_file("guild.yaml")
    assert checked.policy is not None, checked.diagnostics
    assert checked.document is not None
    return review(checked.policy, checked.document)


SMALL, LARGE = "{people: {less_than: 4}}", "{people: {more_than: 4}}"


def test_whoever_was_forgotten_is_shown(desk):
    """
    By hand: a group of four is neither less nor more than four.
    """
    (found,) = claimed("exactly_one: [small, large]", small=SMALL, large=LARGE)
    assert (found.code, found.severity) == ("claim-fails", "error")
    assert found.message == "`tried` does not hold for everybody"
    assert person_in(found) == {"people": 4}
    assert found.help.endswith("is none of `small` and `large`")


def test_whoever_falls_into_two_kinds_is_shown(desk):
    (found,) = claimed("at_most_one: [small, large]", small="{people: {at_most: 4}}", large="{people: {at_least: 4}}")
    assert person_in(found) == {"people": 4}
    assert found.help.endswith("is both `small` and `large`")


@pytest.mark.parametrize(
    ("claim", "fails"),
    [
        ("at_most_one: [small, large]", False),
        ("at_least_one: [small, large]", True),
        ("at_least_one: [small, large], when: {people: {at_least: 5}}", False),
        ("at_least_one: [small, large], when: {people: {at_least: 4}}", True),
        ("exactly_one: [small, large, four]", False),
        ("exactly_one: [small, large, some]", True),
        ("at_least_one: [small, dated]", True),
        ("at_most_one: [dated, undated]", False),
        ("exactly_one: [dated, undated]", False),
    ],
)
def test_a_claim_fails_for_somebody_or_nothing_is_said(claim, fails, desk):
    found = claimed(claim, small=SMALL, large=LARGE, four="{people: {is: 4}}", some="{people: {at_most: 3}}",
                    dated="{agreed_on: {before: {fact: today}}}",
                    undated="{not: {agreed_on: {before: {fact: today}}}}")  # fmt: skip
    assert [one.code for one in found if one.code == "claim-fails"] == ["claim-fails"] * fails


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        ("exactly_one: [skilled, nobody]", "unknown-term"),
        ("exactly_one: [skilled, welcome], at_most_one: [skilled, welcome]", "one-count"),
        ("when: {member: {is: true}}", "one-count"),
        ("exactly_one: [skilled]", "empty"),
    ],
)
def test_a_claim_counts_terms_in_one_way(claim, code, desk):
    at = TEXT.index("\nclaims:\n") + len("\nclaims:\n")
    Path("guild.yaml").write_text(TEXT[:at] + CLAIM.format(claim) + TEXT[at:], encoding="utf-8")
    (found,) = check_file("guild.yaml").diagnostics
    assert found.code == code
    assert found.line_text.strip().startswith("tried:")


# --- what is found never to happen ---


def conditions(policy: Policy) -> list[p.Condition]:
    """The conditions of a policy that can be judged of somebody without a row or a round."""
    rules = [rule for decision in policy.decisions.values() for rule in decision.requires.values()]
    found = [one for rule in rules if rule.scope == p.Scope() for one in (rule.when, rule.must)]
    return [*found, *(term.holds for term in policy.terms.values())]


def placed(policy: Policy, person: Person) -> Situation | None:
    try:
        return situation(policy, person.facts, person.on, "reference")
    except FactError:
        return None


@given(st.data())
@settings(max_examples=40)
def test_what_is_found_never_to_happen_happens_to_nobody(data):
    """
    Two conditions that cannot both hold, or both fail, do so for nobody who is drawn.
    """
    policy = data.draw(st.one_of(policies("eligibility"), small_policies())).policy
    one, other = (data.draw(st.sampled_from(conditions(policy))) for _ in range(2))
    space = space_of(policy, [one, other])
    if space is None:
        return
    first, second = space.holds(one), space.holds(other)
    for _ in range(15):
        on = data.draw(days(policy))
        at = placed(policy, Person(data.draw(facts(policy, on=on)), on))
        if at is None:
            continue
        truths = (at.engine.decide(one, at).truth, at.engine.decide(other, at).truth)
        for held, (mine, theirs) in {
            (True, True): (first, second), (False, False): (space.all & ~first, space.all & ~second),
            (True, False): (first, space.all & ~second), (False, True): (space.all & ~first, second),
        }.items():  # fmt: skip
            if truths == held:
                assert mine & theirs, (one, other, held)


@given(st.data())
@settings(max_examples=40)
def test_of_few_facts_with_few_values_all_that_is_found_possible_is(data):
    """
    Where every check is of a fact with few values, held against one of them, somebody is as is found possible.
    """
    policy = data.draw(small_policies()).policy
    condition = data.draw(st.sampled_from(conditions(policy)))
    parts = [part for part in p.walk_deep(policy, condition) if isinstance(part, p.Check)]
    names = {part.subject.name for part in parts if isinstance(part.subject, p.FactValue)}
    direct = all(isinstance(part.subject, p.FactValue) and isinstance(part.operand, p.Constant | tuple)
                 for part in parts)  # fmt: skip
    space = space_of(policy, [condition])
    if not direct or len(names) > 3 or space is None:
        return
    found: set[object] = set()
    choices: dict[str, list[Any]] = {}
    for name in sorted(names):
        shape = policy.facts[name].shape
        choices[name] = [True, False] if shape.kind == "boolean" else list(shape.options) or list(range(4))
        choices[name] += [None] * (shape.kind == "row")
    everybody: list[dict[str, Any]] = [{}]
    for name, values in choices.items():
        everybody = [{**one, name: value} for one in everybody for value in values]
    on = data.draw(days(policy))
    for one in everybody:
        at = placed(policy, Person(one, on))
        if at is not None:
            found.add(at.engine.decide(condition, at).truth)
    holds = space.holds(condition)
    assert (True in found) == bool(holds)
    assert (False in found) == bool(space.all & ~holds)
