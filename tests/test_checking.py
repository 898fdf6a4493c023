"""A policy that reads well may still make no sense: circular, unreachable, unused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from trainingrules.checking import check_policy
from trainingrules.loading import load
from trainingrules.source import parse, read_file
from trainingrules.validating import check_file

GOOD = Path(__file__).parent / "policies" / "good"
# Without its claims: what is changed here need not be so of what they are about.
TEXT = (GOOD / "guild.yaml").read_text(encoding="utf-8").partition("\nclaims:\n")[0] + "\n"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(GOOD / "statements", tmp_path / "statements")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(*changes: tuple[str, str]) -> list[str]:
    """What is said of the guild's policy with these changes: place, message and code."""
    text = TEXT
    for right, wrong in changes:
        assert text.count(right) == 1, right
        text = text.replace(right, wrong)
    Path("guild.yaml").write_text(text, encoding="utf-8")
    return [
        f"{one.line_text.strip().split(':')[0]}: {one.message} [{one.code}]"
        for one in check_file("guild.yaml").diagnostics
    ]


WHEN = "when: {people: {more_than: 3}}"


def condition(text: str) -> list[str]:
    return said((WHEN, f"when: {text}"))


# ---------------------------------------------------------------------------------- never and always


@pytest.mark.parametrize(
    "never",
    [
        "{people: {less_than: 1}}",
        "{people: {more_than: 3, less_than: 4}}",
        "{people: {is: 3, more_than: 3}}",
        "{score: {more_than: 10}}",
        "{attendance: {more_than: 100}}",
        "{attendance: {less_than: 0}}",
        "{experience: {less_than: 0 months}}",
        "{experience: {at_least: 2 years, less_than: 23 months}}",
        "{income: {more_than: 10.00, at_most: 10.00}}",
        "{diploma: {more_than: master}}",
        "{diploma: {less_than: basic}}",
        "{trade: {is: keeper, in: [teacher, other]}}",
        "{region: {is: noord, in: [zuid, oost]}}",
        "{member: {is: true}, any: [{people: {is: 5, at_most: 4}}, {people: {is: 5}}]}",
        "{agreed_on: {before: 2026-01-01, after: 2026-01-01}}",
        "{agreed_on: {on_or_after: 9999-12-31, before: 9999-12-31}}",
        "{agreed_on: {is: 2026-01-01, in_any: x}}",
        "{steps: {in_order: [smoke], includes_any: [open]}}",
        "{course: {is: hives, in: [honey]}}",
        "{started_at: {before: 2026-01-01T09:00:00+01:00, after: 2026-01-01T08:00:01+00:00}}",
    ],
)
def test_what_can_never_hold_is_refused(never: str, desk: Path) -> None:
    found = condition(never)
    if "in_any" in never:
        assert [one.rsplit("[")[1] for one in found] == ["unknown-operator]"]
    else:
        assert [one.rsplit("[")[1] for one in found] == ["never-holds]"]


def test_more_than_two_checks_are_called_all(desk: Path) -> None:
    assert condition("{people: {more_than: 3, at_most: 9, is: 10}}") == [
        "when: no value satisfies all of these [never-holds]"
    ]


@pytest.mark.parametrize(
    "always",
    ["{people: {at_least: 1}}", "{attendance: {at_most: 100}}", "{diploma: {at_least: basic}}",
     "{score: {at_least: 0}}", "{experience: {at_least: 0 months}}", "{trade: {in: [keeper, teacher, other]}}"],
)  # fmt: skip
def test_what_always_holds_is_a_warning(always: str, desk: Path) -> None:
    assert condition(always) == ["when: this always holds, whatever the value [always-holds]"]


@pytest.mark.parametrize(
    "sensible",
    [
        "{people: {more_than: 3, less_than: 5}}",
        "{people: {at_least: 2}}",
        "{score: {more_than: 9.9}}",
        "{agreed_on: {on_or_after: 2026-01-01, on_or_before: 2026-01-01}}",
        "{agreed_on: {on_or_before: 9999-12-31}}",
        "{agreed_on: {on_or_after: 0001-01-01}}",
        "{agreed_on: {exists: true}}",
        "{agreed_on: {before: 2026-01-01, after: {fact: plan_on}}}",
        "{course: {in: [hives, honey]}}",
        "{steps: {includes_all: [smoke, open], in_order: [open, smoke]}}",
        "{started_at: {before: 2026-01-01}}",
        "{started_at: {after: 2026-01-01, before: 2026-01-01T09:00:00+01:00}}",
        "{region: {in: [noord, oost]}}",
        "{licence_year: {at_least: 1, at_most: 0}}",
        "{today: {before: 2026-01-01, after: 2026-01-02}}",
    ],
)
def test_what_may_hold_passes(sensible: str, desk: Path) -> None:
    assert condition(sensible) == []


# ---------------------------------------------------------------------------------- circles


def test_a_circle_is_told_once_and_at_its_first_entry(desk: Path) -> None:
    change = ("terms:\n", "terms:\n" + "".join(
        f"  t{n}: {{nl: a, en: b, source: [BEE-05], holds: {{t{(n + 1) % 3}: {{is: true}}}}}}\n" for n in range(3)
    ))  # fmt: skip
    assert said(change) == ["t0: `t0` is defined by itself: t0 → t1 → t2 → t0 [circular]"]


def test_two_circles_are_both_told(desk: Path) -> None:
    change = ("terms:\n", "terms:\n" + "".join(
        f"  t{n}: {{nl: a, en: b, source: [BEE-05], holds: {{t{n}: {{is: true}}}}}}\n" for n in range(2)
    ))  # fmt: skip
    assert said(change) == [
        "t0: `t0` is defined by itself: t0 → t0 [circular]",
        "t1: `t1` is defined by itself: t1 → t1 [circular]",
    ]


def test_two_ways_round_are_one_circle(desk: Path) -> None:
    change = ("terms:\n", "terms:\n"
              "  a: {nl: a, en: b, source: [BEE-05], holds: {any: [{b: {is: true}}, {c: {is: true}}]}}\n"
              "  b: {nl: a, en: b, source: [BEE-05], holds: {a: {is: true}}}\n"
              "  c: {nl: a, en: b, source: [BEE-05], holds: {a: {is: true}, people: {at_least: 2}}}\n")  # fmt: skip
    assert said(change) == ["a: `a` is defined by itself: a → b → a [circular]"]


def test_a_circle_through_a_value_and_a_deadline_is_seen(desk: Path) -> None:
    changes = (
        ("value: {greatest: [{fact: agreed_on}, {fact: plan_on}]}", "value: {deadline: apply}"),
        ("until: {earlier: {than: {fact: first_day}, by: 2 months}}", "until: {fact: settled_on}"),
        ("from: {earliest: {of: first_day, keeping: apply}}", "from: {fact: first_day}"),
    )
    assert said(*changes) == [
        "settled_on: `settled_on` is defined by itself: settled_on → apply → settled_on [circular]"
    ]


def test_a_decision_that_builds_on_itself_is_circular(desk: Path) -> None:
    change = ("builds_on: [courses_done]", "builds_on: [courses_done, licence]")
    assert said(change) == ["licence: `licence` is defined by itself: licence → licence [circular]"]


def test_what_two_definitions_share_is_no_circle(desk: Path) -> None:
    change = ("terms:\n", "terms:\n" + "".join(
        f"  t{n}: {{nl: a, en: b, source: [BEE-05], "
        f"holds: {{any: [{{t{n + 1}: {{is: true}}}}, {{skilled: {{is: true}}}}]}}}}\n"
        for n in range(3)
    ) + "  t3: {nl: a, en: b, source: [BEE-05], holds: {member: {is: true}}}\n")  # fmt: skip
    assert said(change) == ["t0: `t0` is declared and nothing reads it [unused]"]


# ---------------------------------------------------------------------------------- rows and rounds at hand


def test_a_term_may_read_a_row_where_the_row_is_at_hand(desk: Path) -> None:
    assert said(
        ("      trade: {in: [keeper, teacher]}\n", "      points: {at_least: 7}\n      passed: {is: true}\n"),
        ("must: {region: {is: noord}, welcome: {is: true}}", "must: {region: {is: noord}, trade: {is: keeper}}"),
        ("must: {key: {in: [honey]}}", "must: {key: {in: [honey]}, welcome: {is: true}}"),
    ) == []  # fmt: skip


def test_a_fact_known_per_row_is_not_read_through_a_term_without_the_row(desk: Path) -> None:
    assert said(
        ("      trade: {in: [keeper, teacher]}\n", "      trade: {in: [keeper]}\n      passed: {is: true}\n")
    ) == ["must: `welcome` reads `passed` per row of `courses`, and none of those is at hand here [no-row]"]


def test_a_fact_known_per_round_is_that_of_the_running_round(desk: Path) -> None:
    assert (
        said(("      trade: {in: [keeper, teacher]}\n", "      trade: {in: [keeper]}\n      talk_held: {is: true}\n"))
        == []
    )


def test_what_counts_rows_has_them_at_hand(desk: Path) -> None:
    assert said(
        ("      trade: {in: [keeper, teacher]}\n",
         "      courses: {where: {passed: {is: true}, points: {at_least: 8}}, at_least: 1}\n"
         "      trade: {in: [keeper]}\n"),
    ) == []  # fmt: skip


def test_a_term_within_a_term_is_looked_into(desk: Path) -> None:
    assert said(
        ("terms:\n", "terms:\n"
         "  outer: {nl: a, en: b, source: [BEE-05], holds: {any: [{inner: {is: true}}, {inner: {is: false}}]}}\n"
         "  inner: {nl: a, en: b, source: [BEE-05], holds: {points: {at_least: 8}}}\n"),
        ("must: {skilled: {is: true}}", "must: {skilled: {is: true}, outer: {is: true}}"),
    ) == ["must: `outer` reads `points` of a row of `courses`, and none of those is at hand here [no-row]"]  # fmt: skip


# ---------------------------------------------------------------------------------- deadlines and amounts


def test_an_inverse_may_go_through_a_value(desk: Path) -> None:
    assert said(
        ("until: {earlier: {than: {fact: first_day}, by: 2 months}}",
         "until: {earlier: {than: {fact: settled_on}, by: 2 months}}"),
        ("from: {earliest: {of: first_day, keeping: apply}}", "from: {earliest: {of: plan_on, keeping: apply}}"),
    ) == []  # fmt: skip


def test_an_inverse_of_a_deadline_without_a_last_day_is_refused(desk: Path) -> None:
    assert said(("{of: first_day, keeping: apply}", "{of: first_day, keeping: at_latest}")) == [
        "from: deadline `at_latest` has no last day [no-last-day]"
    ]


def test_a_policy_without_a_first_day_has_no_days_without_an_amount(desk: Path) -> None:
    assert said(("from: 2026-01-01, until", "until")) == []


# ---------------------------------------------------------------------------------- used and cited


@pytest.mark.parametrize(
    ("right", "wrong", "name"),
    [
        ("  holder: {nl: L", "  guest: {nl: Gast, en: Guest}\n  holder: {nl: L", "guest"),
        ("  lessons:\n    kind",
         "  walks: {kind: records, nl: a, en: b, fields: {on_day: {kind: date, nl: a, en: b}}}\n"
         "  lessons:\n    kind", "walks"),
        ("{people: 1, exempted: false}", "{people: 1, exempted: false, score: 5}", "score"),
        ("  access: {nl: Toegang, en: Access, source: [BEE-11], starts: licensed_on, every: 1 year, rounds: 1}",
         "  access: {nl: Toegang, en: Access, source: [BEE-11], starts: licensed_on, every: 1 year, rounds: 1}\n"
         "  other: {nl: a, en: b, source: [BEE-11], starts: licensed_on, every: 2 weeks}", "other"),
        ("{fee_from: {is: first}}", "{member: {is: true}}", "fee_from"),
        ("{fact: settled_on}", "{fact: plan_on}", "settled_on"),
    ],
)  # fmt: skip
def test_what_nothing_reads_is_a_warning(right: str, wrong: str, name: str, desk: Path) -> None:
    found = said((right, wrong))
    assert any(f"`{name}` is declared and nothing reads it [unused]" in one for one in found)
    assert load("guild.yaml").name == "guild"


def test_a_policy_that_is_no_file_has_no_name_to_compare() -> None:
    policy = load(GOOD / "guild.yaml")
    document, _ = parse(TEXT, "<text>")
    other, _ = read_file(GOOD / "guild.yaml", name="C:\\rules\\gild.yml")
    assert document is not None
    assert other is not None
    assert check_policy(policy, document) == []
    assert [one.code for one in check_policy(policy, other)] == ["other-name"]


def test_an_any_of_one_part_is_warned_of(desk: Path) -> None:
    """
    A forgotten dash turns "or" into "and".
    """
    assert condition("{any: [{people: {more_than: 3}, member: {is: true}}]}") == [
        "when: an `any` of one part is that part [lone-part]"
    ]
    assert condition("{any: [{people: {more_than: 3}}, {member: {is: true}}]}") == []
