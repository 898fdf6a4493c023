"""The handbook tells all of a policy, in sentences that read, on a page that needs nothing from elsewhere."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from fractions import Fraction
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings

from tests.policies_inline import inline
from tests.random_policies import Written, policies
from trainingrules import load
from trainingrules import policy as p
from trainingrules.cli import main
from trainingrules.declared import KINDS_OF_FACT, LENGTHS, MONTH_ENDS, ROUNDINGS
from trainingrules.examples import Example, examples_file, read_examples
from trainingrules.handbook import handbook
from trainingrules.handbook.contents import carried, first_day, rounds, silences
from trainingrules.handbook.graph import drawing, graphs, wide, wrapped
from trainingrules.handbook.labels import KINDS_OF_STATEMENT, SECTIONS, WORDS
from trainingrules.handbook.retold import KEYS, retold
from trainingrules.handbook.timeline import chart, lines
from trainingrules.kinds import DURATION_UNITS, KINDS
from trainingrules.loading import bundled, locate
from trainingrules.phrases import Phrase
from trainingrules.policy import Policy
from trainingrules.saying import Clause, Told, clause, told, value
from trainingrules.schema import ANSWERS, STATEMENT_KINDS
from trainingrules.source import read_file
from trainingrules.words import LANGUAGES, Language, Text, money_in_words

BUNDLED = bundled()
LARGEST = 1_500_000


@cache
def policy_of(name: str) -> Policy:
    return load(name)


@cache
def examples_of(name: str) -> tuple[Example, ...]:
    document, faults = read_file(examples_file(locate(name)))
    assert document is not None
    assert not faults
    examples, faults = read_examples(document, policy_of(name))
    assert not faults
    return tuple(examples)


@cache
def page_of(name: str, language: Language = "nl") -> str:
    return handbook(policy_of(name), examples_of(name), language=language)


# ------------------------------------------------------------------------------------------- the page as text


VOID = {"meta", "link", "input", "br", "stop", "rect", "line", "path"}


class Page(HTMLParser):
    """A page read strictly: every element closed in its turn, and what a reader gets of it."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.named: list[str] = []
        self.headings: list[tuple[int, str]] = []
        self.tags: set[str] = set()
        self.handlers: list[str] = []
        self.text: dict[str, list[str]] = {}
        self.side = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        assert len(given) == len(attributes), f"an attribute twice on <{tag}>"
        self.tags.add(tag)
        self.handlers += [name for name in given if name.startswith("on") or name == "style"]
        if tag not in VOID:
            self.open.append(tag)
        if given.get("class") == "side":
            self.side = given["lang"] or ""
            self.text[self.side] = []
        if "id" in given:
            self.ids.append(given["id"] or "")
        if tag == "a":
            self.links.append(given["href"] or "")
        for name in ("aria-labelledby", "for"):
            if name in given:
                self.named.append(given[name] or "")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((int(tag[1]), ""))

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1:] == [tag], f"</{tag}> closes {self.open[-1:]} at {self.getpos()}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.side and not {"script", "style"} & set(self.open):
            self.text[self.side].append(data)
        if any(re.fullmatch("h[1-6]", tag) for tag in self.open):
            level, words = self.headings[-1]
            self.headings[-1] = (level, words + data)

    def says(self, language: Language) -> str:
        return " ".join("".join(self.text[language]).split())


@cache
def read(name: str) -> Page:
    return Page(page_of(name))


@pytest.mark.parametrize("name", BUNDLED)
def test_a_page_is_sound(name: str) -> None:
    """
    Every element is closed in its turn, every id is there once, every link and label leads somewhere.
    """
    page = read(name)
    assert len(page.ids) == len(set(page.ids))
    assert [link for link in page.links if not link.startswith("#") or link[1:] not in page.ids] == []
    assert [one for one in page.named if one not in page.ids] == []
    assert page.handlers == []


@pytest.mark.parametrize("name", BUNDLED)
def test_headings_say_something_and_skip_no_level(name: str) -> None:
    found = read(name).headings
    assert [level for level, words in found if not words.strip()] == []
    assert [(a, b) for (a, _), (b, _) in pairwise(found) if b > a + 1] == []
    assert [level for level, _ in found].count(1) == 2  # one in each language, of which one shows


@pytest.mark.parametrize("name", BUNDLED)
def test_a_page_asks_nothing_of_the_network(name: str) -> None:
    page = page_of(name)
    assert re.findall(r"https?:|//[a-z]|@import|@font-face|url\((?!#)", page) == []
    assert "default-src 'none'" in page
    assert len(page.encode()) < LARGEST


@pytest.mark.parametrize("name", BUNDLED)
def test_the_same_policy_gives_the_same_page(name: str) -> None:
    assert handbook(load(name), examples_of(name)) == page_of(name)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", BUNDLED)
def test_every_statement_rule_fact_and_example_is_told(name: str, language: Language) -> None:
    """
    Computed from the policy: its words stand on the page, in both languages, whichever shows first.
    """
    policy, says = policy_of(name), read(name).says(language)
    wanted: list[Text] = [policy.title, policy.document]
    wanted += [one.text for one in policy.statements.values()]
    wanted += [text for one in policy.statements.values() for text in one.open]
    for decision in policy.decisions.values():
        wanted += [decision.text, *(rule.text for rule in decision.requires.values())]
        wanted += [rule.remedy.text for rule in decision.requires.values() if rule.remedy]
        wanted += [decision.subject_to.text] if decision.subject_to else []
    for quote in policy.quotes.values():
        wanted += [quote.text, *(line.text for line in quote.lines.values())]
        wanted += [part.text for part in quote.instalments.values()]
    sections: tuple[dict[str, Any], ...] = tuple(map(dict, (
        policy.deadlines, policy.duties, policy.notes, policy.conflicts, policy.contradictions, policy.terms,
        policy.values, policy.facts, policy.records, policy.cycles, policy.tables, policy.readings,
    )))  # fmt: skip
    wanted += [one.text for found in sections for one in found.values()]
    wanted += [note.reason for note in policy.notes.values() if note.reason]
    wanted += [row.text for table in policy.tables.values() for row in table.rows.values()]
    wanted += [text for reading in policy.readings.values() for text in reading.options.values()]
    wanted += list(policy.parties.values())
    plain = [" ".join(text[language].split()) for text in wanted]
    assert [text for text in plain if text not in says] == []
    ids = [*policy.statements, *(one.why for one in examples_of(name))]
    assert [one for one in ids if " ".join(one.split()) not in says] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", BUNDLED)
def test_every_amount_is_told(name: str, language: Language) -> None:
    policy, says = policy_of(name), read(name).says(language)
    cents = {price.cents for prices in policy.amounts.values() for price in prices if price.cents is not None}
    for table in policy.tables.values():
        for row in table.rows.values():
            for cell in row.cells.values():
                if isinstance(cell, p.Constant) and cell.shape.kind == "money":
                    cents.add(cell.value)
    assert [amount for amount in cents if money_in_words(amount, language) not in says] == []


@pytest.mark.parametrize("name", BUNDLED)
def test_everything_that_is_told_has_a_place_of_its_own(name: str) -> None:
    policy, ids = policy_of(name), set(read(name).ids)
    wanted = [f"eligibility.{one.name}.{rule}" for one in policy.decisions.values() for rule in one.requires]
    wanted += [f"costs.{one.name}.{line}" for one in policy.quotes.values() for line in (*one.lines, *one.instalments)]
    sections: dict[str, Any] = {
        "eligibility": policy.decisions, "costs": policy.quotes, "deadlines": policy.deadlines,
        "compliance": policy.duties, "notes": policy.notes, "facts": {**policy.facts, **policy.records},
        "terms": policy.terms, "values": policy.values, "tables": policy.tables, "cycles": policy.cycles,
        "readings": policy.readings, "conflicts": policy.conflicts, "contradictions": policy.contradictions,
        "amounts": policy.amounts, "statements": policy.statements, "parties": policy.parties,
    }  # fmt: skip
    wanted += [f"{section}.{one}" for section, found in sections.items() for one in found]
    wanted += [f"examples.{one.name}" for one in examples_of(name)]
    assert [one for one in wanted if one not in ids or f"{one}-en" not in ids] == []


@pytest.mark.parametrize("name", BUNDLED)
def test_every_statement_leads_to_what_rests_on_it(name: str) -> None:
    """
    As the record of coverage has it: what the policy's text cites, by another way than the page finds it.
    """
    document, _ = read_file(locate(name).parent / "statements" / f"{name}.carried.yaml")
    assert document is not None
    assert isinstance(document.data, dict)
    links = carried(policy_of(name))
    for statement, places in document.data["carried"].items():
        here = {link.to for link in links[statement]}
        for place in places:
            parts = [part for part in place.split(".") if part not in ("requires", "lines", "instalments", "rows")]
            parts = [part for part in parts if part not in ("remedy", "subject_to") and not part.isdigit()]
            assert ".".join(parts).replace("in_force", "top") in here, (statement, place)


def test_the_language_asked_for_shows_first() -> None:
    titles: dict[Language, str] = {"nl": "Wat kost het?", "en": "What does it cost?"}
    for language, title in titles.items():
        page = page_of("rvwo", language)
        assert f'<html lang="{language}">' in page
        shown = page[page.index('class="side"') : page.index('class="side"', page.index('class="side"') + 1)]
        assert title in shown
        assert " hidden>" not in shown.split(">", 1)[0]


def test_the_words_of_the_page_are_there_in_both_languages() -> None:
    assert set(KINDS_OF_FACT) | {"duration"} == set(KINDS)
    assert set(LENGTHS) == set(DURATION_UNITS)
    assert set(KINDS_OF_STATEMENT) == set(STATEMENT_KINDS)
    tables = [
        *WORDS.values(),
        *KINDS_OF_FACT.values(),
        *LENGTHS.values(),
        *KINDS_OF_STATEMENT.values(),
        *MONTH_ENDS.values(),
        *ROUNDINGS.values(),
    ]
    tables += [words[0] for words in SECTIONS.values()]
    assert [text for text in tables if not (text.nl and text.en)] == []
    used = set(
        re.findall(r'w\("(\w+)"', (Path(handbook.__code__.co_filename).parent / "templates/side.html").read_text())
    )
    assert {one for one in used if not one.endswith("_")} - set(WORDS) == set()


# ------------------------------------------------------------------------------------------------- sentences


def conditions(policy: Policy) -> Iterator[p.Condition]:
    for decision in policy.decisions.values():
        for rule in decision.requires.values():
            yield from (rule.must, rule.when)
    for quote in policy.quotes.values():
        for line in quote.lines.values():
            yield from (line.when, *(other.when for other in line.instead))
    for deadline in policy.deadlines.values():
        yield from (deadline.when, *([deadline.should] if deadline.should else []))
    for duty in policy.duties.values():
        yield from (duty.must, duty.when)
    yield from (term.holds for term in policy.terms.values())
    yield from (one.never for one in policy.contradictions.values())


def expressions(policy: Policy) -> Iterator[p.Expression]:
    for quote in policy.quotes.values():
        for line in quote.lines.values():
            yield from (one for one in (line.price, line.times) if one is not None)
        yield from (part.due for part in quote.instalments.values() if part.due is not None)
    for deadline in policy.deadlines.values():
        yield from (day for day in (deadline.start, deadline.until) if day is not None)
    yield from (one.value for one in policy.values.values())
    yield from (note.value for note in policy.notes.values() if note.value is not None)


def said_by(found: Told | Clause) -> Iterator[Phrase]:
    if isinstance(found, Told):
        yield from said_by(found.clause)
        for other in found.otherwise:
            yield other.reading
            yield from said_by(other.clause)
        return
    yield found.said
    for part in found.parts:
        yield from said_by(part)


def assert_reads(phrase: Phrase) -> None:
    for language in LANGUAGES:
        text = phrase.text(language)
        assert text
        assert text.strip() == text
        assert not re.search(r"  |\{|\}|None|<|\bop vandaag\b|uiterlijk op \d+ (jaar|maand|dag)", text), text


@pytest.mark.parametrize("name", BUNDLED)
def test_every_condition_and_value_is_a_sentence_in_both_languages(name: str) -> None:
    policy = policy_of(name)
    for condition in conditions(policy):
        for phrase in said_by(told(condition, policy)):
            assert_reads(phrase)
    for expression in expressions(policy):
        assert_reads(value(expression, policy))


@settings(max_examples=15)
@given(policies())
def test_any_policy_can_be_told(written: Written) -> None:
    """
    Whatever the language allows has words, drawings that fit, and a sound page.
    """
    policy = written.policy
    for condition in conditions(policy):
        for phrase in said_by(told(condition, policy)):
            assert all(phrase.text(language).strip() for language in LANGUAGES)
    for graph in graphs(policy):
        for language in LANGUAGES:
            drawn = drawing(graph, language)
            assert all(box.x >= 0 and box.x + box.width <= drawn.width for box in drawn.boxes)
            assert all(box.y >= 0 and box.y + box.height <= drawn.height for box in drawn.boxes)
    for line in lines(policy):
        chart(line, "nl")
    found = Page(handbook(policy))
    assert len(found.ids) == len(set(found.ids))
    assert [link for link in found.links if link[1:] not in found.ids] == []


FACTS = """
facts:
  old: {kind: boolean, «Is oud»}
  asked: {kind: boolean, nl: 'Bent u lid?', en: 'Bent u lid?'}
  job: {kind: choice, «Werk», options: {none: {«Geen»}, real: {«Echt»}, stage: {«Stage»}}}
  grade: {kind: integer, «Cijfer»}
  since: {kind: date, nl: Lid sinds, en: Member since}
  done_on: {kind: date, nl: Gedaan op, en: Done on}
  due_on: {kind: date, nl: Klaar op, en: Ready on}
  closes: {kind: date, nl: Uiterste datum, en: Last date}
  many: {kind: list, «Wegen», options: {a: {«A»}, b: {«B»}}}
  lessons:
    kind: records
    dated: given_on
    «Lessen»
    fields: {given_on: {kind: date, nl: Gegeven op, en: Given on}, pupils: {kind: integer, «Leerlingen»}}
cycles:
  year: {nl: Licentiejaar, en: Licence year, §1, starts: since, every: 1 year}
terms:
  fit: {«Geschikt», §1, holds: {old: {is: true}}}
  tested: {«Proef», §1, holds: %s}
"""


@pytest.mark.parametrize(
    ("condition", "nl", "en"),
    [
        ("{old: {is: true}}", "Is oud", "Is oud"),
        ("{old: {is: false}}", "Is oud: nee", "Is oud: no"),
        ("{not: {old: {is: true}}}", "Is oud: nee", "Is oud: no"),
        ("{asked: {is: true}}", "Bent u lid? Ja", "Bent u lid? Yes"),
        ("{job: {is: real}}", "Werk: Echt", "Werk: Echt"),
        ("{job: {in: [real, stage]}}", "Werk: Echt of Stage", "Werk: Echt or Stage"),
        ("{not: {job: {in: [none, stage]}}}", "Werk: iets anders dan Geen of Stage",
         "Werk: anything but Geen or Stage"),
        ("{grade: {at_least: 6}}", "Cijfer: ten minste 6", "Cijfer: at least 6"),
        ("{not: {grade: {at_least: 6}}}", "Cijfer: minder dan 6", "Cijfer: less than 6"),
        ("{done_on: {before: 2022-01-01}}", "Gedaan vóór 1 januari 2022", "Done before 1 January 2022"),
        ("{done_on: {is: 2022-01-01}}", "Gedaan op 1 januari 2022", "Done on 1 January 2022"),
        ("{done_on: {on_or_before: {fact: today}}}", "Gedaan uiterlijk vandaag", "Done today at the latest"),
        ("{not: {done_on: {before: {fact: today}}}}", "Niet: gedaan vóór vandaag", "Not: done before today"),
        ("{since: {on_or_before: {fact: done_on}}}", "Lid sinds: uiterlijk op de dag bij “Gedaan op”",
         "Member since: on or before the day at “Done on”"),
        ("{done_on: {on_or_before: {earlier: {than: {fact: due_on}, by: 1 month}}}}",
         "Gedaan uiterlijk 1 maand vóór de dag bij “Klaar op”",
         "Done at the latest 1 month before the day at “Ready on”"),
        ("{today: {before: {later: {than: {fact: done_on}, by: 1 year}}}}",
         "Het is vandaag eerder dan 1 jaar na de dag bij “Gedaan op”",
         "Today is earlier than 1 year after the day at “Done on”"),
        ("{done_on: {on_or_before: {fact: closes}}}", "Gedaan uiterlijk op “Uiterste datum”",
         "Done on or before “Last date”"),
        ("{done_on: {exists: false}}", "Gedaan: dat is (nog) niet gebeurd", "Done: it has not happened (yet)"),
        ("{since: {exists: true}}", "Lid sinds: er is een dag", "Member since: there is a day"),
        ("{done_on: {within: year}}", "Gedaan binnen het licentiejaar", "Done within the licence year"),
        ("{year: {at_least: 3}}", "Het is licentiejaar 3 of later", "It is licence year 3 or later"),
        ("{many: {includes_any: [a, b]}}", "Wegen: ten minste een van A en B", "Wegen: at least one of A and B"),
        ("{lessons: {at_least: 2}}", "Lessen: ten minste 2", "Lessen: at least 2"),
        ("{lessons: {where: {pupils: {at_least: 5}}, at_most: 0}}", "Lessen: geen waarvoor geldt:",
         "Lessen: none for which:"),
        ("{fit: {is: true}}", "Geschikt", "Geschikt"),
        ("{fit: {is: false}}", "Geschikt: nee", "Geschikt: no"),
        ("{any: [{old: {is: true}}, {grade: {at_least: 6}}]}", "Ten minste een van deze:", "At least one of these:"),
        ("{not: {any: [{old: {is: true}}, {grade: {at_least: 6}}]}}", "Geen van deze:", "None of these:"),
        ("{not: {old: {is: true}, grade: {at_least: 6}}}", "Niet al het volgende tegelijk:",
         "Not all of the following together:"),
    ],
)  # fmt: skip
def test_a_condition_in_words(condition: str, nl: str, en: str) -> None:
    policy = inline(FACTS % condition)
    found = clause(policy.terms["tested"].holds, policy)
    assert (found.said.text("nl"), found.said.text("en")) == (nl, en)


def test_another_reading_stands_apart() -> None:
    policy = policy_of("calibris")
    found = told(policy.terms["fee_due"].holds, policy)
    assert found.clause.said.text("nl") == "Het is licentiejaar 3 of later"
    assert [other.option.nl for other in found.otherwise] == ["Licentiejaar twee", "Licentiejaar één"]
    assert found.otherwise[1].clause.said.text("nl") == "Zo gelezen is dit altijd het geval"


def test_rounds_are_told_as_the_source_has_them() -> None:
    """
    Calibris: the follow-up in year two (CAL-09), from year three the conversation (CAL-15) and the fee (CAL-18).
    """
    [found] = rounds(policy_of("calibris"))
    asked = {row.link.to: row.asked for row in found.rows}
    assert found.numbers == (1, 2, 3)
    assert found.endless
    assert asked["compliance.follow_up_in_year_two"] == ("no", "maybe", "no")
    assert asked["compliance.yearly_conversation"] == ("no", "no", "maybe")
    assert asked["costs.licence_years.yearly_fee"] == ("no", "no", "yes")
    assert asked["costs.licence_years.train_the_trainer"] == ("yes", "no", "no")


def test_silences_are_those_the_author_wrote() -> None:
    found = [(one.link.to, one.what.nl) for one in silences(policy_of("calibris"))]
    assert ("amounts.basic_training_price", "het bedrag") in found
    assert ("deadlines.renew", "de laatste dag") in found
    assert ("eligibility.valid_licence.renewed", "wat er geldt als dit niet klopt") in found
    assert ("notes.number_of_points", "het antwoord") in found


def test_a_line_of_time_keeps_to_the_days() -> None:
    """
    Calibris counts from the day of the licence: notice a month before the end of each year (CAL-20).
    """
    line = next(line for line in lines(policy_of("calibris")) if line.anchor == "facts.licensed_on")
    tracks = {track.to: track.bars for track in line.tracks}
    assert [band.text.nl for band in line.bands] == [f"licentiejaar {n}" for n in (1, 2, 3, 4)]
    days = [round(bar.until.days) for bar in tracks["deadlines.notice"] if bar.until]
    assert days == [round(365.25 * year - 30.44) for year in (1, 2, 3, 4)]
    assert len(tracks["deadlines.conversation"]) == 2  # from the third year on, of the four that are drawn
    [follow_up] = tracks["deadlines.follow_up"]
    assert follow_up.start
    assert follow_up.until
    assert (follow_up.start.days, follow_up.until.days) == (Fraction("365.25"), Fraction("729.5"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", BUNDLED)
def test_what_is_written_on_a_line_of_time_stays_on_it(name: str, language: Language) -> None:
    for line in lines(policy_of(name)):
        drawn = chart(line, language)
        assert drawn.ticks
        for tick in drawn.ticks:
            assert tick.x - wide(tick.text) / 2 >= 0
            assert tick.x + wide(tick.text) / 2 <= drawn.width
        for lane in drawn.lanes:
            assert all(0 <= stroke.x <= stroke.x + stroke.width <= drawn.width for stroke in lane.strokes)


@pytest.mark.parametrize("name", BUNDLED)
def test_no_drawing_is_a_hairball(name: str) -> None:
    """
    At its real size a drawing fits the page beside the contents: five columns of boxes.
    """
    for graph in graphs(policy_of(name)):
        assert drawing(graph, "nl").width <= 936


def test_a_text_is_cut_to_fit() -> None:
    for text in ("", "a", "Een tamelijk lange naam van iets", "w" * 300, "Licentie verkregen op " * 20):
        for line in wrapped(text, 100, 3):
            assert wide(line) <= 115
    assert wrapped("Kort", 100, 3) == ("Kort",)


@pytest.mark.parametrize("name", BUNDLED)
def test_every_example_is_retold_with_an_answer(name: str) -> None:
    policy = policy_of(name)
    for example in examples_of(name):
        found = retold(example, policy)
        assert len(found.known) >= len(example.facts) - sum(value == {} for value in example.facts.values())
        for one in (*found.known, *found.expected):
            assert all((one.text.nl, one.text.en, one.said.nl, one.said.en))


def test_a_value_known_on_one_side_only_is_retold_with_that_side() -> None:
    policy = policy_of("awl")
    example = next(one for one in examples_of("awl") if one.name == "deduction_maximum_of_the_year_before")
    for ends, nl in (([None, 4500], "ten hoogste € 4.500,00"), ([4500, None], "ten minste € 4.500,00")):
        found = retold(replace(example, expect={"value": {"between": ends}}), policy)
        assert [one.said.nl.replace("\xa0", " ") for one in found.expected] == [nl]


def test_whatever_an_example_may_expect_has_words() -> None:
    """
    A key that `examples` comes to know is told here too.
    """
    assert {key for keys in ANSWERS.values() for key in keys} - set(KEYS) == set()


# ------------------------------------------------------------------------------------------------- hostile texts


HOSTILE = (
    """<script>alert(1)</script>"><img src=x onerror=alert(2)>'onmouseover='alert(3) {{ 7*7 }} {% raw %} """
    """javascript:alert(4) </style></svg></title>-->&amp;"""
)


def poisoned(node: Any) -> Any:
    """A value with a hostile text in every text of its author."""
    if isinstance(node, Text):
        return Text(node.nl + HOSTILE, node.en + HOSTILE)
    if isinstance(node, dict):
        return {key: poisoned(part) for key, part in node.items()}
    if isinstance(node, tuple):
        return tuple(poisoned(part) for part in node)
    if isinstance(node, p.Statement):
        return replace(node, heading=node.heading + HOSTILE, text=poisoned(node.text), open=poisoned(node.open))
    module = type(node).__module__
    if is_dataclass(node) and not isinstance(node, type) and module in (p.__name__, "trainingrules.kinds"):
        return replace(node, **{one.name: poisoned(getattr(node, one.name)) for one in fields(node) if one.init})
    return node


@cache
def poisoned_page(name: str) -> str:
    examples = [replace(one, why=one.why + HOSTILE, name=one.name) for one in examples_of(name)]
    return handbook(replace(poisoned(policy_of(name)), edition=HOSTILE, zone="Europe/Amsterdam"), examples)


@pytest.mark.parametrize("name", ["calibris", "bcmb"])
def test_a_hostile_text_is_shown_as_text(name: str) -> None:
    page, sound = Page(poisoned_page(name)), read(name)
    assert page.tags == sound.tags
    assert page.handlers == []
    assert [link for link in page.links if not link.startswith("#")] == []
    assert page.says("nl").count("<script>alert(1)</script>") > 500
    assert page.says("en").count("{{ 7*7 }}") > 500


# ------------------------------------------------------------------------------------------------ in a browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium, without a window and without a network."""
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        yield started
        started.close()


class Opened:
    """A page in a tab, with everything it complained of, asked for or popped up."""

    def __init__(
        self, browser: Any, text: str, folder: Path, *, width: int = 1280, dark: bool = False, script: bool = True
    ):
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light",
            reduced_motion="reduce", java_script_enabled=script,
        )  # fmt: skip
        self.noise: list[str] = []
        self.url = (folder / "page.html").as_uri()
        self.tab = self.context.new_page()
        self.tab.on("console", lambda said: self.noise.append(said.text))
        self.tab.on("pageerror", lambda error: self.noise.append(str(error)))
        self.tab.on("dialog", self.popped_up)
        self.tab.on("request", lambda asked: self.noise.append(asked.url) if asked.url != self.url else None)
        (folder / "page.html").write_text(text, encoding="utf-8")
        self.tab.goto(self.url)

    def popped_up(self, dialog: Any) -> None:
        self.noise.append(dialog.message)
        dialog.dismiss()

    def __enter__(self) -> Any:
        return self.tab

    def __exit__(self, *_: object) -> None:
        self.context.close()
        quiet = [one for one in self.noise if not one.startswith(("data:,", f"{self.url}#"))]
        assert quiet == []


TOO_WIDE = """() => {
  const over = document.documentElement.scrollWidth - innerWidth;
  if (over <= 0) return [];
  return [...document.querySelectorAll("main *")]
    .filter((one) => one.getBoundingClientRect().right > innerWidth && !one.closest(".scroll"))
    .slice(0, 5).map((one) => one.outerHTML.slice(0, 120)).concat(`${over} pixels`);
}"""

# Every piece of text that shows, with its colour and what lies behind it, by WCAG 2.
LOW_CONTRAST = """() => {
  const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgb = (colour) => {
    context.clearRect(0, 0, 1, 1); context.fillStyle = colour; context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => {
    const linear = (one) => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4;
    const [x, y, z] = [r, g, b].map((one) => linear(one / 255));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const found = new Map();
  const behind = (one) => {
    if (one.tagName === "text") {
      const box = one.parentElement.querySelector("rect");
      if (box && one.closest(".graph")) return rgb(getComputedStyle(box).fill);
    }
    for (let up = one; up; up = up.parentElement) {
      const colour = rgb(getComputedStyle(up).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  };
  let count = 0;
  for (const one of document.querySelectorAll(".side:not([hidden]) *")) {
    if (![...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    if (!one.checkVisibility()) continue;
    count += 1;
    const style = getComputedStyle(one);
    const ink = rgb(one.tagName === "text" ? style.fill : style.color);
    const [a, b] = [light(ink), light(behind(one))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) found.set(`${one.tagName}.${one.getAttribute("class")}`, ratio.toFixed(2));
  }
  return [count, [...found]];
}"""


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", BUNDLED)
def test_a_page_is_quiet_and_fits_the_screen(name: str, width: int, browser: Any, tmp_path: Path) -> None:
    """
    No error, no warning, no request; nothing sticks out, in either language.
    """
    with Opened(browser, page_of(name), tmp_path, width=width) as tab:
        assert tab.evaluate(TOO_WIDE) == []
        assert tab.evaluate("() => document.documentElement.lang") == "nl"
        tab.click("[data-do=language]:visible")
        assert tab.evaluate("() => document.documentElement.lang") == "en"
        assert tab.evaluate(TOO_WIDE) == []


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", BUNDLED)
def test_every_text_stands_out_from_what_lies_behind_it(name: str, dark: bool, browser: Any, tmp_path: Path) -> None:
    with Opened(browser, page_of(name), tmp_path, dark=dark) as tab:
        count, low = tab.evaluate(LOW_CONTRAST)
        assert count > 300
        assert low == []


@pytest.mark.browser
def test_the_theme_can_be_turned(browser: Any, tmp_path: Path) -> None:
    with Opened(browser, page_of("rvwo"), tmp_path) as tab:
        paper = "() => getComputedStyle(document.body).backgroundColor"
        light = tab.evaluate(paper)
        button = tab.locator("[data-do=theme]:visible")
        assert button.inner_text() == "Donker"
        button.click()
        assert button.inner_text() == "Licht"
        assert tab.evaluate(paper) != light
        assert tab.evaluate(LOW_CONTRAST)[1] == []
        button.click()
        assert tab.evaluate(paper) == light


@pytest.mark.browser
def test_it_can_be_used_with_the_keyboard_alone(browser: Any, tmp_path: Path) -> None:
    """
    Tab goes by the skip link, the language, the theme, printing, the search and the contents; each shows where it is.
    """
    with Opened(browser, page_of("calibris"), tmp_path) as tab:
        where = """() => {
          const here = document.activeElement, style = getComputedStyle(here), box = here.getBoundingClientRect();
          const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
          const seen = ring && box.left >= 0 && box.width > 0;
          return [here.className || here.dataset.do || here.type || here.tagName, seen];
        }"""
        met = []
        for _ in range(8):
            tab.keyboard.press("Tab")
            met.append(tuple(tab.evaluate(where)))
        assert met[:5] == [("skip", True), ("language", True), ("theme", True), ("print", True), ("search", True)]
        assert met[5:] == [("SUMMARY", True), ("A", True), ("A", True)]
        tab.keyboard.press("Enter")
        assert tab.evaluate("() => location.hash") == "#section.eligibility"
        tab.goto(tab.url.split("#")[0])
        tab.keyboard.press("Tab")
        tab.keyboard.press("Enter")
        assert tab.evaluate("() => document.activeElement.tagName") == "MAIN"


@pytest.mark.browser
def test_the_search_leaves_what_holds_the_words(browser: Any, tmp_path: Path) -> None:
    with Opened(browser, page_of("calibris"), tmp_path) as tab:
        shown = "() => [...document.querySelectorAll('#side .item')].filter((one) => !one.hidden).length"
        every = tab.evaluate(shown)
        tab.fill("#search", "Opzégging te laat")
        tab.wait_for_function("() => document.querySelector('#side .result').textContent")
        few = tab.evaluate(shown)
        assert 0 < few < every / 10
        assert str(few) in tab.inner_text("#side .result") or few == 1
        assert tab.locator("#notes\\.late_notice_works_from").is_visible()
        assert not tab.locator("#eligibility\\.valid_licence\\.fee_paid").is_visible()
        tab.fill("#search", "zeppelin")
        tab.wait_for_function("() => document.querySelector('#side .result').textContent === 'Niets gevonden'")
        tab.press("#search", "Escape")
        assert tab.evaluate(shown) == every
        assert tab.inner_text("#side .result") == ""


@pytest.mark.browser
def test_the_language_changes_in_place(browser: Any, tmp_path: Path) -> None:
    with Opened(browser, page_of("calibris"), tmp_path) as tab:
        tab.click("nav a[href='#section.costs']")
        tab.click("[data-do=language]:visible")
        assert tab.evaluate("() => location.hash") == "#section.costs-en"
        assert tab.locator("h2:visible", has_text="What does it cost?").count() == 1
        assert tab.locator("h2:visible", has_text="Wat kost het?").count() == 0
        assert tab.title() == "Licence basic-skills training work supervisor 2026"
        tab.click("[data-do=language]:visible")
        assert tab.evaluate("() => [location.hash, document.documentElement.lang]") == ["#section.costs", "nl"]


@pytest.mark.browser
def test_without_script_the_language_asked_for_can_be_read(browser: Any, tmp_path: Path) -> None:
    with Opened(browser, page_of("rvwo"), tmp_path, script=False) as tab:
        assert tab.locator("h2:visible").count() == len(SECTIONS)
        assert tab.locator("button:visible").count() == tab.locator("input:visible").count() == 0


@pytest.mark.browser
@pytest.mark.parametrize("name", ["bcmb", "calibris"])
def test_it_prints_on_paper(name: str, browser: Any, tmp_path: Path) -> None:
    """
    Also from a dark screen: black on white, nothing left closed, no buttons.
    """
    with Opened(browser, page_of(name), tmp_path, dark=True) as tab:
        paper = tab.pdf(prefer_css_page_size=True)
        assert paper.startswith(b"%PDF-")
        assert 20 < paper.count(b"/Type /Page\n") + paper.count(b"/Type/Page\n") + paper.count(b"/Type /Page ") < 200
        tab.emulate_media(media="print")
        assert tab.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert tab.locator("button:visible").count() == 0


@pytest.mark.browser
@pytest.mark.parametrize("name", ["calibris", "bcmb"])
def test_a_hostile_text_does_nothing_in_a_browser(name: str, browser: Any, tmp_path: Path) -> None:
    with Opened(browser, poisoned_page(name), tmp_path, width=360) as tab:
        tab.fill("#search", "<script>alert(9)</script>")
        tab.press("#search", "Escape")
        tab.click("[data-do=language]:visible")
        assert tab.locator("img, iframe, object").count() == 0
        assert tab.locator("script").count() == 1
        assert tab.evaluate("() => document.body.innerText.includes('<script>alert(1)</script>')")
        assert tab.evaluate(TOO_WIDE) == []


# -------------------------------------------------------------------------------------------- the command line


def run(*args: str) -> Result:
    return CliRunner().invoke(main, list(args), env={"TRAININGRULES_LANG": None, "COLUMNS": "100"})


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    target = tmp_path / "rvwo.html"
    done = run("handbook", "rvwo", "-o", str(target))
    assert (done.exit_code, target.read_text(encoding="utf-8")) == (0, page_of("rvwo"))
    assert done.stdout.startswith(f"{target}: Begeleiden van studenten")
    assert [path.name for path in tmp_path.iterdir()] == ["rvwo.html"]
    again = run("handbook", "rvwo", "-o", str(target), "--lang", "en")
    assert (again.exit_code, target.read_text(encoding="utf-8")) == (0, page_of("rvwo", "en"))


def test_the_command_prints_the_page() -> None:
    done = run("handbook", "rvwo", "-o", "-")
    assert (done.exit_code, done.stdout.rstrip("\n")) == (0, page_of("rvwo").rstrip("\n"))


def test_a_file_that_is_no_handbook_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "letter.html"
    target.write_text("<p>Beste allemaal</p>", encoding="utf-8")
    refused = run("handbook", "rvwo", "-o", str(target))
    assert refused.exit_code == 2
    assert "exists and is no handbook" in refused.stderr
    assert target.read_text(encoding="utf-8") == "<p>Beste allemaal</p>"
    assert run("handbook", "rvwo", "-o", str(target), "--force").exit_code == 0
    assert "trainingrules handbook" in target.read_text(encoding="utf-8")


def test_a_policy_with_faults_shows_them_and_writes_nothing(tmp_path: Path) -> None:
    source = tmp_path / "broken.yaml"
    source.write_text("language: 1\npolicy: broken\n", encoding="utf-8")
    done = run("handbook", str(source), "-o", str(tmp_path / "page.html"))
    assert done.exit_code == 2
    assert "broken.yaml:1" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.yaml"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = run("handbook", "rvwo", "-o", str(tmp_path / "nowhere" / "page.html"))
    assert done.exit_code == 2
    assert "no such file" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_day_the_page_speaks_of_is_no_clock() -> None:
    assert str(first_day(policy_of("calibris"))) == "2026-01-01"
