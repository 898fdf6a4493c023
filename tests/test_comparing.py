"""A new edition is held against the old one: what it changes in meaning, for whom, and what it does not change."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import random_policies
from trainingrules import policy as p
from trainingrules import strategies
from trainingrules.answers.compliance import Compliance
from trainingrules.answers.plain import to_plain
from trainingrules.calendar import MonthEnd
from trainingrules.canonical import canonical
from trainingrules.changelog import alters, answers, as_page, as_plain, as_text
from trainingrules.cli import main
from trainingrules.comparing import Change, Comparison, Effect, Sort, compare, effect, unchanged
from trainingrules.diagnostics import FactError, QuestionError
from trainingrules.differences import differences
from trainingrules.entries import Place, at, by_itself, entries, put, rebuilt
from trainingrules.examples import examples_file, read_examples
from trainingrules.loading import bundled, load
from trainingrules.money import Vat
from trainingrules.mutants import mutants
from trainingrules.operators import OPERATORS, Operator
from trainingrules.people import _rank
from trainingrules.persons import Person, known_to, outcome
from trainingrules.policy import Policy
from trainingrules.questions import Question, place_of
from trainingrules.source import read_file
from trainingrules.words import LANGUAGES, Text

HERE = Path(__file__).parent
GUILD = HERE / "policies" / "good" / "guild.yaml"
NEXT = HERE / "policies" / "editions" / "guild.yaml"


@lru_cache
def policy(name: str) -> Policy:
    return load(GUILD if name == "guild" else name)


def run(*args: str, **env: str) -> Result:
    return CliRunner().invoke(main, ["diff", *args], env={"TRAININGRULES_LANG": None, "COLUMNS": "100", **env})


def effects(compared: Comparison, **more: Any) -> list[Effect]:
    return [effect(compared, change, **more) for change in compared.changes]


# ------------------------------------------------------------------------------------------- nothing changes


def shuffled(node: Any, draw: random.Random) -> Any:
    """The same policy in another order, where order means nothing."""

    def made(part: Any) -> Any:
        match part:
            case p.All(parts) | p.Any(parts):
                return replace(part, parts=tuple(draw.sample(parts, len(parts))))
            case p.Combined(form, parts) if form in ("total", "least", "greatest", "product"):
                return replace(part, parts=tuple(draw.sample(parts, len(parts))))
            case p.Check(_, operator, tuple() as operand) if operator.name in ("in", "includes_any", "includes_all"):
                return replace(part, operand=tuple(draw.sample(operand, len(operand))))
            case p.Rule() | p.Term() | p.Line() | p.Deadline():
                return replace(part, source=tuple(draw.sample(part.source, len(part.source))))
            case p.Decision():
                return replace(part, requires=in_another_order(part.requires, draw))
            case p.Quote():
                return replace(part, lines=in_another_order(part.lines, draw))
            case p.Table():
                return replace(part, fields=in_another_order(part.fields, draw), rows=in_another_order(part.rows, draw))
        return part

    whole = rebuilt(node, made)
    sections = ("facts", "records", "tables", "terms", "values", "decisions", "quotes", "deadlines", "duties", "notes",
                "amounts", "readings", "cycles", "conflicts", "contradictions", "statements")  # fmt: skip
    return replace(whole, hash="shuffled", **{name: in_another_order(getattr(whole, name), draw) for name in sections})


def in_another_order(known: Any, draw: random.Random) -> dict[str, Any]:
    return {name: known[name] for name in draw.sample(list(known), len(known))}


def reworded(node: Policy) -> Policy:
    """The same policy, every sentence said otherwise; what a fact is called stays, for that is what is asked."""

    def said(part: Any) -> Any:
        if isinstance(part, p.Rule | p.Note | p.Deadline | p.Term | p.Contradiction | p.Conflict | p.Line):
            return replace(part, text=Text(f"{part.text.nl} Echt.", f"{part.text.en} Really."))
        return part

    changed: Policy = rebuilt(node, said)
    return changed


@given(st.randoms(use_true_random=False), st.booleans(), st.sampled_from(["guild", "rvwo", "calibris"]))
@settings(max_examples=15)
def test_order_and_words_change_nothing(draw: random.Random, words: bool, name: str) -> None:
    """
    A policy in another order, with its sentences said otherwise, is the same policy: nothing to tell, and proven.
    """
    old = policy(name)
    new = shuffled(reworded(old) if words else old, draw)
    compared = compare(old, new)
    assert compared.changes == ()
    assert not compared.renames
    assert bool(compared.reworded) == words
    assert not alters(compared, effects(compared))
    assert (
        as_text(compared, [], "nl")[2] == "Geen wijziging in gedrag: elke vraag houdt voor iedereen hetzelfde antwoord."
    )


NAMED = ("skilled", "welcome", "settled_on", "helpers", "spare", "courses_done", "visit", "advised", "reduction",
         "yearly_fee", "fee_from", "two_lessons", "points", "reserve", "too_many_forms", "apply", "score", "member",
         "licence_year", "keeper", "honey", "full_price")  # fmt: skip


@given(st.sets(st.sampled_from(NAMED), min_size=1), st.integers(0, 3))
@settings(max_examples=12)
def test_other_names_change_nothing(names: set[str], remarks: int) -> None:
    """
    Whatever is renamed, everywhere, is renamed and not taken away and put in.
    """
    old, new = load(GUILD), renamed(names, remarks)
    compared = compare(old, new)
    assert [change.place for change in compared.changes] == []
    assert {place[-1] for place in compared.renames.places.values()} | {
        now for options in compared.renames.options.values() for now in options.values()
    } == {f"{name}_too" for name in names}
    assert {canonical(by_itself(entry)) for entry in entries(compared.old).values()} == {
        canonical(by_itself(entry)) for entry in entries(new).values()
    }


def renamed(names: set[str], remarks: int) -> Policy:
    """The guild with names changed in its text, outside of sentences, and remarks put in between."""
    lines = []
    for line in GUILD.read_text(encoding="utf-8").splitlines():
        parts = re.split(r"(\b(?:nl|en): [^,}]*)", line)
        for index in range(0, len(parts), 2):
            parts[index] = re.sub(r"\b[a-z_]+\b", lambda word: f"{word[0]}_too" if word[0] in names else word[0],
                                  parts[index])  # fmt: skip
        lines += ["".join(parts), *["# a remark"] * (remarks if line and not line.startswith(" ") else 0)]
    return read("\n".join(lines) + "\n")


def read(text: str) -> Policy:
    with TemporaryDirectory() as folder:
        shutil.copytree(GUILD.parent / "statements", Path(folder, "statements"))
        file = Path(folder, "guild.yaml")
        file.write_text(text, encoding="utf-8")
        return load(file)


# ----------------------------------------------------------------------------------------- one thing changes


Mutation = tuple[Place, Policy]
OTHER = {
    "at_least": "more_than", "more_than": "at_least", "at_most": "less_than", "less_than": "at_most",
    "before": "on_or_before", "on_or_before": "before", "on_or_after": "after", "after": "on_or_after",
}  # fmt: skip


@lru_cache
def mutations(name: str) -> tuple[Mutation, ...]:
    """Every policy that differs in one place from this one, with that place."""
    return tuple(_mutations(policy(name)))


def _mutations(old: Policy) -> Iterator[Mutation]:
    for end in MonthEnd:
        if end is not old.month_end:
            yield ("conventions", "month_end"), replace(old, month_end=end, hash=f"month end {end}")
    for place, entry in entries(old).items():
        if (place[0] == "compliance" and len(place) == 2) or place[2:3] in (("requires",), ("lines",)):
            yield place, replace(put(old, place, None), hash=f"without {place}")
        if place[0] in ("facts", "parties", "statements"):
            continue
        if place[0] == "amounts":
            for index, price in enumerate(entry):
                other = Vat.INCLUDED if price.vat is not Vat.INCLUDED else Vat.EXCLUDED
                for changed in (replace(price, cents=(price.cents or 0) + 100), replace(price, vat=other)):
                    yield place, changed_at(old, place, (*entry[:index], changed, *entry[index + 1 :]))
        for changed in variants(by_itself(entry)):
            inner = {part: getattr(entry, part) for part in ("requires", "lines", "instalments", "fields", "rows")
                     if hasattr(entry, part)}  # fmt: skip
            yield place, changed_at(old, place, replace(changed, **inner) if inner else changed)


def changed_at(old: Policy, place: Place, entry: Any) -> Policy:
    return replace(put(old, place, entry), hash=f"{old.hash} {place} {entry!r}")


def variants(entry: Any) -> Iterator[Any]:
    """An entry with one threshold, one operator or one connective changed."""
    count = sum(1 for _ in turns(entry))
    for number in range(count):
        yield turned(entry, number)


def turns(entry: Any) -> Iterator[object]:
    for part in p.walk(entry):
        if changed_part(part) is not None:
            yield part


def turned(entry: Any, number: int) -> Any:
    seen = -1

    def made(part: Any) -> Any:
        nonlocal seen
        other = changed_part(part)
        if other is None:
            return part
        seen += 1
        return other if seen == number else part

    return rebuilt(entry, made)


def changed_part(part: Any) -> Any:
    match part:
        case p.Constant(value, shape) if shape.kind in ("integer", "money", "duration", "decimal", "percent"):
            return replace(part, value=value + 1)
        case p.Constant(value, shape) if shape.kind == "date":
            return replace(part, value=value + timedelta(days=1))
        case p.Check(_, Operator(name=name)) if name in OTHER:
            return replace(part, operator=OPERATORS[OTHER[name]])
        case p.All(parts) if len(parts) > 1:
            return p.Any(parts)
        case p.Any(parts) if len(parts) > 1:
            return p.All(parts)
    return None


def checked(old: Policy, new: Policy, place: Place) -> Effect:
    """One change: told in its place, and shown by somebody who really is answered otherwise."""
    compared = compare(old, new)
    [change] = compared.changes
    assert change.place == place
    found = effect(compared, change, budget=600)
    if found.shown is not None:
        really_differs(old, new, change, found)
    if found.proven:
        assert found.shown is None
    return found


def really_differs(old: Policy, new: Policy, change: Change, found: Effect) -> None:
    assert found.shown is not None
    person, question = found.shown.person, found.shown.question
    if change.place[0] == "compliance" and change.sort is not Sort.CHANGED:
        holds, other = (new, old) if change.sort is Sort.ADDED else (old, new)
        answer = question.ask(holds, person.facts, on=person.on)
        assert isinstance(answer, Compliance)
        assert not {one.status.value for one in answer.duties} <= {"met", "not_applicable"}
        with pytest.raises(QuestionError):
            question.ask(other, known_to(other, person.facts), on=person.on)
        return
    assert told(old, question, person) != told(new, question, person)
    rank = _rank(*(outcome(one, question, person) for one in (old, new)))
    for name in person.facts:
        without = Person({other: given for other, given in person.facts.items() if other != name}, person.on)
        assert _rank(*(outcome(one, question, without) for one in (old, new))) < rank, name
    if rank > 1:
        assert any(answers(found.shown, "nl"))


def told(one: Policy, question: Question, person: Person) -> str:
    """What a person reads, apart from the head of the answer."""
    try:
        answer = question.ask(one, known_to(one, person.facts), on=person.on)
    except FactError as reason:
        return str(reason)
    return answer.explain("en").removeprefix(answer.heading("en"))


@given(st.data())
@settings(max_examples=15)
def test_a_change_is_told_in_its_place_and_shown_by_a_smallest_person(data: st.DataObject) -> None:
    """
    One change of meaning is one change told; whoever is shown is answered otherwise, and by no fact too many.
    """
    name = data.draw(st.sampled_from(["guild", "rvwo", "calibris"]))
    place, new = mutations(name)[data.draw(st.integers(0, len(mutations(name)) - 1), label="mutation")]
    checked(policy(name), new, place)


def test_a_change_that_no_question_rests_on_is_proven_to_change_nothing() -> None:
    """
    A fact that is new, and that nothing reads, changes no answer: proven, and the exit code says so.
    """
    old = policy("guild")
    fact = replace(old.facts["member"], name="honorary", text=Text("Erelid", "Honorary member"))
    new = replace(old, facts={**old.facts, "honorary": fact}, hash="with a fact")
    compared = compare(old, new)
    [found] = effects(compared)
    assert (found.change.place, found.change.sort, found.asked) == (("facts", "honorary"), Sort.ADDED, ())
    assert found.proven
    assert not alters(compared, [found])
    assert len(unchanged(compared)) == len(compared.asked)


def test_another_condition_is_no_other_name() -> None:
    """
    A fact that makes place for another of the same kind is gone, and the other is new.
    """
    old = policy("guild")
    other = replace(old.facts["member"], name="nurse", text=Text("Verpleegkundige", "Nurse"))
    facts = {name: fact for name, fact in old.facts.items() if name != "member"} | {"nurse": other}

    def instead(part: Any) -> Any:
        return replace(part, name="nurse") if isinstance(part, p.FactValue) and part.name == "member" else part

    new = rebuilt(replace(old, facts=facts, hash="nurses"), instead)
    compared = compare(old, new)
    assert not compared.renames
    assert {(change.sort.value, ".".join(change.place)) for change in compared.changes} == {
        ("added", "facts.nurse"), ("removed", "facts.member"), ("changed", "costs.courses.lines.course"),
    }  # fmt: skip


def test_a_sum_that_is_split_otherwise_is_told_share_by_share() -> None:
    """
    One share more and the other less: two changes, which only make a sum together, each with somebody who pays so.
    """
    text = GUILD.read_text(encoding="utf-8")
    start = text.index("instalments:")
    split = text[start:].replace("percent: 50", "percent: 40", 1).replace("percent: 50", "percent: 60", 1)
    old, new = load(GUILD), read(text[:start] + split)
    compared = compare(old, new)
    assert [change.place[2] for change in compared.changes] == ["instalments", "instalments"]
    for found in effects(compared):
        assert found.shown is not None
        then, now = answers(found.shown, "en")
        assert any("(50%)" in line for line in then)
        assert any("(40%)" in line for line in now)


def test_who_shows_a_duty_does_not_comply_with_it() -> None:
    """
    That a duty would be asked on another reading of the source is no breach of it.
    """
    old = policy("calibris")
    place = ("compliance", "yearly_fee_paid")
    checked(old, replace(put(old, place, None), hash="no fee"), place)


def test_where_nobody_is_found_it_is_told_how_many_were_tried() -> None:
    """
    Nobody found and nothing proven: the count, within what might be asked, says what that is worth.
    """
    old = policy("guild")
    new = next(new for place, new in mutations("guild") if place == ("values", "helpers"))
    compared = compare(old, new)
    [found] = effects(compared, budget=20)
    assert (found.shown, found.proven) == (None, False)
    assert 0 < found.tried <= 10 * len(found.asked)
    people = f"{found.tried} personen geprobeerd bij 1 vraag."
    assert any(line.endswith(people) for line in as_text(compared, [found], "nl"))
    assert as_plain(compared, [found])["changes"][0]["persons_tried"] == found.tried


def test_each_change_is_shown_apart_from_the_others() -> None:
    """
    The person of one change is answered alike by the old edition and by the new one without that change.
    """
    compared = compare(load(GUILD), load(NEXT))
    document, _ = read_file(examples_file(NEXT))
    assert document is not None
    examples, _ = read_examples(document, load(NEXT))
    for found in effects(compared, examples=examples):
        assert found.shown is not None, found.change.place
        if found.change.place[0] in ("in_force", "compliance"):
            continue
        assert found.shown.alone
        without = replace(_without(compared, found.change), hash=f"without {found.change.place}")
        answered = [outcome(one, found.shown.question, found.shown.person) for one in (compared.base, without)]
        assert _rank(*answered) == 0, found.change.place


def _without(compared: Comparison, change: Change) -> Policy:
    entry = at(compared.base, change.place)
    return put(compared.new, change.place, entry)


# ------------------------------------------------------------------------------- a next edition, told in full


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_next_edition_is_told_in_full(language: str) -> None:
    """
    Nine changes, two other names and one other sentence. The texts were checked by hand: days, sums and sentences.
    """
    told = run(str(GUILD), str(NEXT), "--lang", language)
    assert told.exit_code == 1
    assert told.stdout == (NEXT.parent / f"2027.{language}.txt").read_text(encoding="utf-8")


def test_the_changelog_for_participants_is_told_in_full() -> None:
    """
    The same for those it concerns, question by question, in both languages.
    """
    told = run(str(GUILD), str(NEXT), "--format", "markdown", "--lang", "both")
    assert told.exit_code == 1
    assert told.stdout == (NEXT.parent / "2027.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*bundled(), "guild"])
def test_what_differs_reads_and_never_reads_the_same(name: str) -> None:
    """
    Of every small change of a policy it is told how it was and how it is, in sentences, and these are not the same.
    """
    old = policy(name)
    was = entries(old)
    count = 0
    for mutant in mutants(old):
        now = entries(mutant.policy)
        for place in [place for place in {**was, **now} if was.get(place) is not now.get(place)]:
            for found in differences(place, was.get(place), now.get(place), old, mutant.policy):
                assert found.before != found.after, (mutant.id, found)
                told = [text[language] for text in (found.label, found.before, found.after) if text is not None
                        for language in LANGUAGES]  # fmt: skip
                for words in told:
                    assert words == words.strip(), mutant.id
                    assert not re.search(r"  |\{|\}|`|: :|\bop vandaag\b|uiterlijk op \d+ (jaar|maand)", words), words
                count += 1
    assert count > 50


def test_another_amount_of_the_same_worth_is_told_by_its_name() -> None:
    """
    A line that takes its price from elsewhere differs, also as long as both prices are the same.
    """
    old = policy("guild")
    twin = replace(old, amounts={**old.amounts, "twin": old.amounts["yearly_fee"]}, hash="twin")

    def instead(part: Any) -> Any:
        return replace(part, name="twin") if isinstance(part, p.AmountOf) and part.name == "yearly_fee" else part

    changed = [(place, by_itself(entry), rebuilt(by_itself(entry), instead)) for place, entry in entries(old).items()]
    told = [found for place, one, other in changed if one != other for found in differences(place, one, other, old,
                                                                                           twin)]  # fmt: skip
    assert told
    for found in told:
        assert found.before is not None
        assert found.after is not None
        assert found.before.nl.endswith("(`yearly_fee`)")
        assert found.after.nl == found.before.nl.replace("`yearly_fee`", "`twin`")


def test_a_term_that_is_turned_round_is_told_as_yes_and_no() -> None:
    """
    A term that must hold, and then must not: its name once, and yes and no.
    """
    old = policy("guild")
    rule = old.decisions["licence"].requires["skill"]
    assert isinstance(rule.must, p.Holds)
    other = replace(rule, must=p.Not(rule.must))
    [found] = differences(("eligibility", "licence", "requires", "skill"), rule, other, old, old)
    assert (found.label, found.before, found.after) == (Text("vakbekwaam", "skilled"), Text("ja", "yes"),
                                                        Text("nee", "no"))  # fmt: skip


def test_json_holds_all_of_it() -> None:
    """
    What the text tells is there as plain values, and what a person answers too.
    """
    told = json.loads(run(str(GUILD), str(NEXT), "--format", "json").stdout)
    assert told["behaviour_changes"] is True
    assert [one["place"] for one in told["changes"]][:3] == ["in_force", "conventions.month_end", "amounts.yearly_fee"]
    fee = told["changes"][2]
    assert fee["says"][0]["after"]["nl"] == "€ 65,00"
    assert fee["person"]["facts"] == {"licensed_on": "2026-01-01"}
    assert [fee["person"][word]["answer"]["total"] for word in ("before", "after")] == ["62.50", "65.00"]
    assert told["renamed"] == [{"old": "facts.plan_on", "new": "facts.planned_on"},
                               {"old": "terms.skilled", "new": "terms.able"}]  # fmt: skip


# --------------------------------------------------------------------------------------------- on the terminal


def copied(folder: Path, text: str | None = None) -> Path:
    shutil.copytree(GUILD.parent, folder, dirs_exist_ok=True)
    file = folder / "guild.yaml"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    return file


def test_equal_editions_have_nothing_to_tell(tmp_path: Path) -> None:
    """
    The same file, and the same file with other layout, keep every answer: code 0.
    """
    assert run(str(GUILD), str(GUILD)).stdout.splitlines()[-1] == "De twee uitgaven zijn gelijk."
    file = copied(tmp_path, "# a remark\n" + GUILD.read_text(encoding="utf-8"))
    told = run(str(GUILD), str(file), "--lang", "en")
    assert told.exit_code == 0
    assert told.stdout.splitlines()[-2:] == [
        "No behavioural change: every question keeps its answer for everybody.",
        "Only order, layout or comments differ.",
    ]


def test_the_faults_of_either_edition_are_shown_in_their_file(tmp_path: Path) -> None:
    """
    Neither edition is compared when one of them cannot be used; the faults of both are shown.
    """
    text = GUILD.read_text(encoding="utf-8")
    one = copied(tmp_path / "one", text.replace("experience: {at_least: 3 years}", "experence: {at_least: 3 years}"))
    other = copied(tmp_path / "other", text.replace("month_end: last_day", "month_end: last"))
    told = run(str(one), str(other))
    assert told.exit_code == 2
    assert told.stdout == ""
    assert f"{one}:" in told.stderr
    assert "did you mean `experience`?" in told.stderr
    assert f"{other}:" in told.stderr
    assert run(str(one), "no-such-policy").stderr.count("error:") == 2


def test_a_file_is_held_against_what_git_has_of_it(tmp_path: Path) -> None:
    """
    With one file: its last commit, with the catalogue of that commit; or the revision that is named.
    """
    file = copied(tmp_path)

    def git(*args: str) -> None:
        own = ["-c", "user.name=author", "-c", "user.email=author@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", "-C", str(tmp_path), *own, *args], check=True, capture_output=True)

    assert "git has no" in run(str(file)).stderr
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "First")
    assert run(str(file)).exit_code == 0
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("full_price: 80.00", "full_price: 85.00"), encoding="utf-8")
    (tmp_path / "statements" / "guild.yaml").write_text("broken", encoding="utf-8")
    assert run(str(file)).exit_code == 2
    shutil.copy(GUILD.parent / "statements" / "guild.yaml", tmp_path / "statements")
    told = run(str(file))
    assert told.exit_code == 1
    assert "prijs: € 80,00 → € 85,00" in told.stdout
    assert run(f"HEAD:{file}", str(GUILD)).exit_code == 0
    assert run(f"no-such-revision:{file}", str(file)).exit_code == 2
    assert run(f"--output=x:{file}", str(file)).exit_code == 2
    assert run(f"HEAD:{file}").exit_code == 2
    file.write_text(text.replace("policy: guild", "policy: 3"), encoding="utf-8")
    git("commit", "-qam", "Broken")
    assert f"HEAD:{tmp_path}/guild.yaml:4:" in run(f"HEAD:{file}", str(GUILD)).stderr


def test_markdown_shows_hostile_text_as_text(tmp_path: Path) -> None:
    """
    What an author writes is text, also where Markdown or HTML would make something else of it.
    """
    text = GUILD.read_text(encoding="utf-8")
    text = text.replace("      nl: Cursussen\n", "").replace("full_price: 80.00", "full_price: 85.00")
    text = text.replace("nl: Kasten\n", 'nl: "<script>alert(1)</script> *x* [y](z) `q`"\n')
    told = run(str(GUILD), str(copied(tmp_path, text)), "--format", "markdown").stdout
    assert "\\<script\\>alert(1)\\</script\\> \\*x\\* \\[y\\](z) \\`q\\`" in told
    assert "<script>" not in told.replace("\\<", "")


def test_both_languages_go_with_markdown_only() -> None:
    """
    A text is in one language.
    """
    assert run(str(GUILD), str(NEXT), "--lang", "both").exit_code == 2


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_same_editions_are_told_the_same_every_time(form: str) -> None:
    """
    Nothing hangs on the order in which Python keeps its sets.
    """
    told = set()
    for seed in ("1", "2"):
        command = [sys.executable, "-m", "trainingrules", "diff", str(GUILD), str(NEXT), "--format", form]
        env = {"PYTHONHASHSEED": seed, "PYTHONPATH": str(HERE.parent / "src"), "PATH": "/usr/bin:/bin"}
        told.add(subprocess.run(command, env=env, capture_output=True, check=False).stdout)
    assert len(told) == 1


def test_what_can_be_asked_anew_and_no_longer_is_told() -> None:
    """
    A question that only one edition answers is no change of an answer, but one of what can be asked.
    """
    old = policy("guild")
    fresh = replace(old.decisions["visit"], name="leave", text=Text("De bijenstal verlaten", "Leave the apiary"))
    decisions = {name: one for name, one in old.decisions.items() if name != "courses_done"}
    licence = replace(decisions["licence"], builds_on=())
    new = replace(old, decisions={**decisions, "licence": licence, "leave": fresh}, hash="another question")
    compared = compare(old, new)
    assert [question.name for question in compared.asked_anew] == ["leave"]
    assert [question.name for question in compared.no_longer_asked] == ["courses_done"]
    found = effects(compared)
    told = "\n".join(as_text(compared, found, "en"))
    assert "  + Leave the apiary (BEE-01)  `eligibility.leave`\n      This can be asked now." in told
    assert "  − Courses finished  `eligibility.courses_done`\n" in told
    assert "builds on: Courses finished" in told
    assert as_plain(compared, found)["new_questions"] == [{"sort": "eligibility", "name": "leave"}]
    assert any("Leave the apiary" in line for line in as_page(compared, found, ["en"]))
    assert all(place_of(question)[0] == "eligibility" for question in compared.asked_anew)


# ------------------------------------------------------------------------------------------------ any two


@given(st.data())
@settings(max_examples=12)
def test_what_is_proven_not_to_change_changes_for_nobody(data: st.DataObject) -> None:
    """
    Of any two policies that are read everything is told, in every form; and who may be anybody is never answered
    otherwise about a question that is said to be unchanged, or where all changes are said to change nothing.
    """
    one, other = (data.draw(random_policies.policies()).policy for _ in range(2))
    compared = compare(one, other)
    found = effects(compared, budget=60)
    for language in LANGUAGES:
        assert all(isinstance(line, str) for line in [*as_text(compared, found, language),
                                                      *as_page(compared, found, [language])])  # fmt: skip
    assert json.dumps(as_plain(compared, found), default=to_plain)
    for each in found:
        if each.shown is not None and each.change.place[0] not in ("in_force", "compliance"):
            shown = each.shown
            assert told(compared.base, shown.question, shown.person) != told(other, shown.question, shown.person)
    same = unchanged(compared)
    if not same or not compared.changes:
        return
    person = Person(data.draw(strategies.facts(other)), data.draw(strategies.days(other)))
    for question in same:
        before, after = (outcome(policy, question, person) for policy in (compared.old, other))
        if compared.old.in_force == other.in_force:
            assert before == after, question


@given(st.data())
@settings(max_examples=12)
def test_a_change_proven_to_change_nothing_changes_nothing(data: st.DataObject) -> None:
    """
    Where a small change is said to change no answer, proven, nobody drawn at random is answered otherwise.
    """
    name = data.draw(st.sampled_from(["guild", "rvwo"]))
    old = policy(name)
    place, new = mutations(name)[data.draw(st.integers(0, len(mutations(name)) - 1), label="mutation")]
    compared = compare(old, new)
    [change] = compared.changes
    found = effect(compared, change, budget=100)
    person = Person(data.draw(strategies.facts(new)), data.draw(strategies.days(new)))
    for question in compared.asked if found.proven else unchanged(compared):
        before, after = (outcome(policy, question, person) for policy in (compared.old, new))
        assert before == after, (place, question)
