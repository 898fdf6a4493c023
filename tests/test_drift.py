"""A page that says the same in another layout has not changed; one that says something else has, at its statement."""

from __future__ import annotations

import json
import re
import shutil
import textwrap
from collections.abc import Sequence
from html import escape
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import assume, example, given
from hypothesis import strategies as st

from trainingrules.cli import main
from trainingrules.document import Document
from trainingrules.drift import Drift, State, compare, mark_of, marks, recorded_anew
from trainingrules.loading import bundled, policies_folder
from trainingrules.page import BLOCK, Page, read_page, read_page_file
from trainingrules.recorded import Recorded, read_recorded, record_text, sentences_of, unaccounted
from trainingrules.resting import resting
from trainingrules.source import parse, read_file
from trainingrules.splitting import split
from trainingrules.validating import check_file
from trainingrules.wording import alike, fingerprint, parse_fingerprint, wording

GUILD = Path(__file__).parent / "policies" / "good"
TEXT = (GUILD / "documents" / "guild.txt").read_text(encoding="utf-8")


def recorded_in(folder: Path, name: str) -> tuple[tuple[Recorded, ...], Document]:
    document, faults = read_file(folder / "statements" / f"{name}.sentences.yaml")
    assert document is not None
    assert faults == []
    recorded, wrong = read_recorded(document)
    assert wrong == []
    assert recorded is not None
    return recorded, document


RECORDED, RECORD = recorded_in(GUILD, "guild")
MARKS = [one.mark for one in RECORDED]


def page_of(text: str | bytes, name: str = "page") -> Page:
    page, faults = read_page(text.encode() if isinstance(text, str) else text, name)
    assert page is not None, faults
    return page


def drift_of(text: str | bytes) -> tuple[Page, Drift]:
    page = page_of(text)
    return page, compare(MARKS, page)


def odd(drift: Drift) -> list[tuple[str, tuple[str, ...]]]:
    """What became of the sentences that are not as they were, and what they carry."""
    return [(one.state.value, RECORDED[one.index].carries) for one in drift.found if one.state is not State.UNCHANGED]


def new(page: Page, drift: Drift) -> list[str]:
    return [" ".join(page.text[one.stretch.start : one.stretch.end].split()) for one in drift.new]


# ------------------------------------------------------------------------------------------- what does not count

# The document as its author sees it: paragraphs, headings and items, each with its mark.
ITEM = re.compile(r"\s*([•-]|\d\.)\s+(.*)")
PARTS = [
    (found[1], found[2]) if (found := ITEM.fullmatch(line)) else ("", line.strip())
    for line in TEXT.splitlines() if line.strip()
]  # fmt: skip
HEADINGS = {text for mark, text in PARTS if not mark and text[-1] not in ".:?"}
QUOTES = [("‘", "’"), ("'", "'"), ('"', '"'), ("“", "”"), ("„", "”"), ("«", "»"), ("", "")]
BULLETS = ["•", "-", "–", "*", "o", "▪", "+", "‣", "→"]


def quoted(text: str, quotes: tuple[str, str]) -> str:
    return text.replace("‘", quotes[0]).replace("’", quotes[1])


def cut(word: str, draw: st.DrawFn) -> list[str]:
    """A long word in two, as a page that is full does it."""
    places = [at for at in range(2, len(word) - 1) if word[at - 2 : at + 2].isalpha()]
    if not places or not draw(st.booleans()):
        return [word]
    at = draw(st.sampled_from(places))
    return [word[:at] + draw(st.sampled_from(["-", "\u00ad", "\u2010"])), word[at:]]


def wrapped(text: str, width: int, draw: st.DrawFn) -> str:
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + len(word) >= width:
            *before, word = cut(word, draw)
            lines.append(" ".join([line, *before]))
            line = word
        else:
            line = f"{line} {word}".strip()
    return "\n".join([*lines, line])


@st.composite
def texts(draw: st.DrawFn) -> str:
    """The document again: other lines, marks, quotes, dashes and spaces, and the same words."""
    width, between = draw(st.integers(25, 200)), draw(st.sampled_from(["\n", "\n\n", "\r\n", "\n \n\n"]))
    bullet, quotes = draw(st.sampled_from(BULLETS)), draw(st.sampled_from(QUOTES))
    dash, space = (
        draw(st.sampled_from([" – ", " - ", "—", "–"])),
        draw(st.sampled_from([" ", "\u00a0", "  ", "\u202f"])),
    )
    numbered = draw(st.sampled_from(["{}.", "{})", "({})", "1.", "•"]))
    lines, number = [], 0
    for mark, text in PARTS:
        number = number + 1 if mark[:1].isdigit() else 0
        shown = quoted(text, quotes).replace(" – ", dash).replace("€ ", f"€{space}")
        if mark and draw(st.booleans()):
            shown = shown.rstrip(";.,") + draw(st.sampled_from([";", ",", ".", ""]))
        if mark and draw(st.booleans()):
            shown = shown[0].upper() + shown[1:]
        before = f"{numbered.format(number)} " if number else f"{bullet} " if mark else ""
        lines.append(" " * draw(st.integers(0, 3)) + before + wrapped(shown, width, draw))
    return between.join(lines) + "\n"


@given(texts())
def test_another_layout_of_the_text_is_no_change(text: str) -> None:
    """
    Lines, hyphenation, list marks, quotes, dashes, spaces, capitals and ends of items.
    """
    page, drift = drift_of(text)
    assert drift.same, (odd(drift), new(page, drift))


@given(st.data())
def test_all_of_it_in_one_line_is_no_change(data: st.DataObject) -> None:
    """
    Headings without an end run into sentences, and list marks stand in the middle of a line. Only the first number
    of a list needs an end before it: "Cursussen 1." might be a heading that had no number.
    """
    bullet, number = data.draw(st.sampled_from(["•", "*", "▪", "–"])), 0
    words = []
    for mark, text in PARTS:
        number = number + 1 if mark[:1].isdigit() else 0
        words += ["\n" if number == 1 else "", f"{number}." if number else bullet if mark else "", text]
    page, drift = drift_of(" ".join(word for word in words if word))
    assert drift.same, (odd(drift), new(page, drift))


def marked_up(text: str, draw: st.DrawFn) -> str:
    words = []
    for word in text.split():
        shown = escape(word, quote=draw(st.booleans()))
        if draw(st.booleans()):
            shown = shown.encode("ascii", "xmlcharrefreplace").decode()
        inside = draw(
            st.sampled_from(["{}"] * 8 + ["<b>{}</b>", "<a href='/x?y=1&z'>{}</a>", "<EM class=x>{}</EM>", "{}<wbr>"])
        )
        words.append(inside.format(shown))
    return draw(st.sampled_from([" ", "\n  ", "&nbsp;", "<br>"])).join(words)


@st.composite
def pages(draw: st.DrawFn) -> str:
    """The document as a web page: headings, lists, tables, or mere `div`s; closed with care, or not at all."""
    closed, noise = draw(st.booleans()), draw(st.booleans())
    plain = draw(st.sampled_from(["p", "div", "span class=block", "x-card"]))
    parts: list[str] = []
    for mark, text in PARTS:
        inner = marked_up(text, draw)
        if mark:
            tag = "ol" if mark[:1].isdigit() else "ul"
            parts.append(f"<{tag}><li>{inner}" + (f"</li></{tag}>" if closed else f"</{tag}>"))
        elif text in HEADINGS:
            parts.append(f"<h2>{inner}</h2>")
        elif ": " in text and draw(st.booleans()):
            head, _, rest = text.partition(": ")
            parts.append(f"<table><tr><td>{marked_up(head, draw)}</td><td>{marked_up(rest, draw)}</table>")
        else:
            parts.append(f"<{plain}>{inner}" + (f"</{plain.split()[0]}>" if closed or plain != "p" else ""))
    body = draw(st.sampled_from(["\n", "\n\n    "])).join(parts)
    if noise:
        body = (
            "<header><a href=/>Het Imkersgilde zoeken</a></header><nav><ul><li>Home<li>Agenda</ul></nav><main>"
            f"{body}</main><footer><p>Deze pagina gebruikt koekjes. Lees meer.</p></footer>"
            "<script>if (a < b) { document.write('<p>De jaarbijdrage bedraagt € 1') }</script>"
        )
    return f"<!DOCTYPE html><html><head><title>Titel</title><style>p {{ color: red }}</style></head><body>{body}"


@given(pages())
def test_the_document_as_a_web_page_is_no_change(text: str) -> None:
    page, drift = drift_of(text)
    assert drift.same, (odd(drift), new(page, drift))


# What says the same, and what does not.
SAME = [
    ("kosten € 445,-", "Kosten: €445"), ("€ 1.000,-", "€\u00a01.000,–"), ("zelf-\nstandig", "zelfstandig"),
    ("e-learning", "e-\nlearning"), ("casus- en toets", "casus-\nen toets"), ("docent/coach", "docent / coach"),
    ("p.p. (excl. btw)", "pp (excl btw"), ("foto’s", "foto's"), ("cliënt", "clie\u0308nt"), ("ﬁets", "fiets"),
    ("2 – 4 uur", "2-4 uur"), ("50 %", "50%"), ("m²", "m2"), ("**vet**", "vet"), ("Een [link](#)", "een link"),
    ("een\u200bwoord", "een woord"), ("V&VN", "v&vn"),
]  # fmt: skip
DIFFERENT = [
    ("24 uur", "2 4 uur"), ("1,5", "1.5"), ("1.000", "1000"), ("10²", "102"), ("1½", "11/2"), ("2–4", "2 4"),
    ("een lid", "één lid"), ("> 5", "< 5"), ("> 5", "5"), ("€ 5", "5"), ("50%", "50"), ("12 + 3", "12 3"),
    ("leden, die betalen", "leden die betalen"), ("(niet) verplicht", "niet verplicht"), ("a/b", "ab"), ("-", "niet"),
    ("10.00", "10:00"), ("1-2-2026", "12-2-2026"), ("1, 2", "1,2"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_a_layout_of_its_own_says_the_same(one: str, other: str) -> None:
    assert wording(page_of(one).text).atoms.strip("()") == wording(page_of(other).text).atoms.strip("()")


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_is_read_otherwise_says_something_else(one: str, other: str) -> None:
    assert wording(one).atoms != wording(other).atoms


@given(st.text())
def test_every_letter_and_digit_counts_and_every_word_is_in_the_text(text: str) -> None:
    told = wording(text)
    for before, after in pairwise(told.words):
        assert before.end <= after.start
        assert before.to <= after.at
    assert all(word.start < word.end for word in told.words)
    for letter in text:
        if letter.isascii() and letter.isalnum():
            assert letter.lower() in told.atoms


# ------------------------------------------------------------------------------------------------ what does count

HAND = {  # what stands in a sentence of the document, and the statement it carries
    "sinds 1 januari 2026": "BEE-01", "er is een vrijstelling": "BEE-02", "minimaal 3 jaar": "BEE-03",
    "2 maanden voor": "BEE-14", "over elke aanvraag": "BEE-04",
    "€ 60,-": "BEE-06", "2027 € 62,50": "BEE-06", "Een herkansing is": "BEE-07",
    "Groepen krijgen": "BEE-08", "€ 80,-": "BEE-09", "€ 65,-": "BEE-10", "in twee helften": "BEE-12",
    "zonder btw": "BEE-22", "7,5 voor kasten": "BEE-24", "tot 1 maand": "BEE-13", "gemiddeld 6 maanden": "BEE-16",
    "minstens twee lessen": "BEE-18", "het derde jaar": "BEE-19", "de helft van": "BEE-20", "dan openen": "BEE-21",
    "48 uur": "BEE-15",
}  # fmt: skip
EDITS = [  # by hand: what was written, what is written now, what that is, and of which statement
    ("minimaal 3 jaar", "minimaal 2 jaar", "changed", "BEE-03"),
    ("is meester, of heeft", "is meester, en heeft", "changed", "BEE-03"),
    ("€ 62,50", "€ 65,50", "changed", "BEE-06"),
    ("(excl. btw)", "(incl. btw)", "changed", "BEE-06"),
    ("1 januari 2027", "1 juli 2027", "changed", "BEE-06"),
    ("Een herkansing is mogelijk", "Een herkansing is niet mogelijk", "changed", "BEE-07"),
    (" Groepen krijgen korting.", "", "gone", "BEE-08"),
    ("2 maart 2026", "12 maart 2026", "changed", "BEE-09"),
    ("(leden € 65,-)", "(leden € 56,-)", "changed", "BEE-10"),
    ("tot 1 maand", "tot 11 maanden", "changed", "BEE-13"),
    ("minstens twee lessen", "minstens drie lessen", "changed", "BEE-18"),
    ("- Eerst beroken, dan openen.\n", "", "gone", "BEE-21"),
    ("Eerst beroken, dan openen", "Eerst openen, dan beroken", "changed", "BEE-21"),
    ("Zorg goed voor de bijen.", "Zorg goed voor de bijen niet.", "changed", "BEE-23"),
    ("binnen 48 uur", "binnen 24 uur", "changed", "BEE-15"),
    ("Het bestuur beslist over", "Het bestuur kan beslissen over", "changed", "BEE-04"),
    ("loopt per jaar.", "loopt per jaar 2.", "changed", "BEE-11"),
]


@pytest.mark.parametrize("text", HAND)
def test_each_sentence_carries_its_statement(text: str) -> None:
    page, drift = drift_of(TEXT)
    at = TEXT.index(text)
    [found] = [one for one in drift.found if one.stretch and one.stretch.start <= at < one.stretch.end]
    assert HAND[text] in RECORDED[found.index].carries
    assert page.line(at) == TEXT.count("\n", 0, at) + 1


@pytest.mark.parametrize(("old", "now", "state", "statement"), EDITS)
def test_a_change_of_meaning_is_found_at_its_statement_and_nowhere_else(
    old: str, now: str, state: str, statement: str
) -> None:
    assert TEXT.count(old) == 1
    page, drift = drift_of(TEXT.replace(old, now))
    assert odd(drift) == [(state, (statement,))]
    assert new(page, drift) == []


@given(st.data())
def test_any_one_word_that_changes_comes_or_goes_changes_its_sentence_and_no_other(data: st.DataObject) -> None:
    _, drift = drift_of(TEXT)
    one = data.draw(st.sampled_from(drift.found))
    assert one.stretch is not None
    words = [*re.finditer(r"[^\W_]{2,}|\d+", TEXT[one.stretch.start : one.stretch.end])]
    word = data.draw(st.sampled_from(words))
    put = data.draw(st.sampled_from(["anders", "niet " + word[0], word[0] + " niet", "", str(len(word[0]))]))
    assume(put != word[0])
    at = one.stretch.start + word.start()
    page, after = drift_of(TEXT[:at] + put + TEXT[at + len(word[0]) :])
    found = odd(after)
    assert len(found) == 1, (found, new(page, after))
    assert found[0][1] == RECORDED[one.index].carries
    assert new(page, after) == []
    assert found[0][0] == "changed" or not put


@given(st.data())
def test_any_number_that_changes_is_found_in_any_layout(data: st.DataObject) -> None:
    number = data.draw(st.sampled_from([*re.finditer(r"(?<![\n ]\n)(?<!^)\d+(?!\. [A-Z])", TEXT)]))
    change = data.draw(st.sampled_from([lambda n: n + 1, lambda n: n * 10, lambda n: n // 2]))
    value = change(int(number[0]))
    assume(value != int(number[0]))
    text = TEXT[: number.start()] + str(value) + TEXT[number.end() :]
    width = data.draw(st.integers(30, 120))
    _, drift = drift_of(wrapped_all(text, width))
    assert len(odd(drift)) == 1, odd(drift)


def wrapped_all(text: str, width: int) -> str:
    full = textwrap.TextWrapper(width, break_on_hyphens=False, break_long_words=False)
    return "\n\n".join(full.fill(line) for line in text.splitlines() if line.strip())


def test_a_sentence_that_came_is_told_with_its_neighbours() -> None:
    page, drift = drift_of(TEXT.replace("- Zorg goed", "- Draag bij elke les een kap.\n- Zorg goed"))
    assert odd(drift) == []
    assert new(page, drift) == ["Draag bij elke les een kap."]
    [one] = drift.new
    assert one.after is not None
    assert one.before is not None
    assert (RECORDED[one.after].carries, RECORDED[one.before].carries) == (("BEE-21",), ("BEE-23",))


def test_a_sentence_at_another_place_has_moved_and_not_changed() -> None:
    moved = TEXT.replace("Prijzen zijn zonder btw. ", "") + "\nPrijzen zijn zonder btw.\n"
    _, drift = drift_of(moved)
    assert odd(drift) == [("moved", ("BEE-22",))]
    assert drift.new == ()


def test_a_sentence_in_other_words_at_its_place_has_changed_and_not_gone() -> None:
    page, drift = drift_of(TEXT.replace("Een herkansing is mogelijk.", "Wie zakt, mag het nog eens proberen."))
    assert odd(drift) == [("changed", ("BEE-07",))]
    assert new(page, drift) == []


def test_one_of_two_sentences_that_are_the_same_is_missed_when_it_goes() -> None:
    page = page_of("Deel een\n\nJa.\n\nHet mag altijd.\n\nDeel twee\n\nJa.\n\nHet mag soms.")
    known = [mark for _, mark in marks(page)]
    after = compare(known, page_of("Deel een\n\nHet mag altijd.\n\nDeel twee\n\nJa.\n\nHet mag soms."))
    assert [one.index for one in after.found if one.state is State.GONE] == [1]


def test_a_short_sentence_is_not_found_inside_another_one() -> None:
    known = [mark for _, mark in marks(page_of("Mag dat?\n\nJa.\n\nDat mag."))]
    after = compare(known, page_of("Mag dat?\n\nMaar ja dat hangt ervan af wie het vraagt.\n\nDat mag."))
    assert [one.state.value for one in after.found] == ["unchanged", "changed", "unchanged"]


def test_a_number_at_the_end_of_a_sentence_is_no_list_mark() -> None:
    known = [mark for _, mark in marks(page_of("Het kan op niveau. Daarna niet meer."))]
    for text in ("Het kan op niveau 5. Daarna niet meer.", "Het kan op niveau\n5. Daarna niet meer."):
        assert not compare(known, page_of(text)).same


def test_a_page_about_something_else_shares_nothing() -> None:
    _, drift = drift_of("Openingstijden\n\nDe winkel is open van negen tot vijf. Op zondag gesloten.")
    assert {one.state for one in drift.found} <= {State.GONE, State.CHANGED}
    assert len(drift.found) == len(RECORDED)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
@example(b"<![if x]><p>a<![endif]>")
@example(b"<nav><nav></p></div>b")
@example(b"<pre>a\n\nb</pre></pre><del>c<p>d")
@example("\ufeffa\fb\rc\u2028d".encode())
def test_whatever_a_page_holds_it_is_read_or_refused_in_words(data: bytes) -> None:
    page, faults = read_page(data, "page")
    assert page is not None or any(one.severity == "error" for one in faults)
    if page is not None:
        drift = compare(MARKS, page)
        assert len(drift.found) == len(RECORDED)
        assert page.line(len(page.text)) >= 1


# ---------------------------------------------------------------------------------------------- pages and sentences

CAFE = "<p>Caf\u00e9 \u2013 \u20ac 5</p>"


@pytest.mark.parametrize(
    "data",
    [
        CAFE.encode(), CAFE.encode("utf-8-sig"), CAFE.encode("utf-16"),
        b"<meta charset=windows-1252>" + CAFE.encode("cp1252"),
        b'<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-15">'
        + CAFE.replace("\u2013", "-").encode("iso-8859-15"),
        CAFE.encode("cp1252"), CAFE.encode("ascii", "xmlcharrefreplace"), b"<p>Caf&eacute; &ndash; &euro;&nbsp;5",
    ],
)  # fmt: skip
def test_a_page_is_read_in_the_encoding_it_is_in(data: bytes) -> None:
    assert wording(page_of(data).text).atoms == "café€5"


def test_an_encoding_that_had_to_be_guessed_is_told() -> None:
    _, faults = read_page(CAFE.encode("cp1252"), "page.html")
    assert [(one.severity, one.code) for one in faults] == [("warning", "encoding")]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"%PDF-1.4 ...", "this is a PDF, not a text or a web page"),
        (b"PK\x03\x04 ...", "this is a document of a word processor, or an archive, not a text or a web page"),
        (b"a\0b", "this is not a text"), (b"", "there is no text on this page"),
        (b"<html><body><script>x</script><p> - </p>", "there is no text on this page"),
        (b"<p>a</p>\n<svg><p>b</p>", "`<svg>` is never closed: what follows it cannot be read"),
        (b"<p>a</p>\n<!-- <p>b</p>", "`<!--` is never closed: what follows it cannot be read"),
        (b"<SCRIPT src=x><p>b</p>", "`<SCRIPT>` is never closed: what follows it cannot be read"),
        (b"a" * 5_000_001, "the page is too large"),
    ],
)  # fmt: skip
def test_what_is_no_page_is_refused(data: bytes, message: str) -> None:
    page, faults = read_page(data, "page")
    assert page is None
    assert [one.message for one in faults] == [message]


def test_what_is_struck_out_and_what_is_not_shown_as_text_is_left_out() -> None:
    page = page_of("<p>Kost <del>€ 5</del> <ins>€ 6</ins><script>7</script><svg><text>8</text></svg></p><s>9<p>10</p>")
    assert wording(page.text).atoms == "kost€6 10"


def test_a_script_may_write_of_comments_and_a_comment_of_scripts() -> None:
    page = page_of("<p>1</p><script>x = '<!--'</script><p>2</p><!-- <script> -->\n<!--><p>3<style>a{}</style > 4</p>")
    assert wording(page.text).atoms == "1 2 3 4"
    assert page.line(page.text.index("3")) == 2


def test_what_is_folded_away_is_read() -> None:
    page = page_of('<button>Mag dat?</button><div hidden aria-hidden="true" style="display:none">Ja.</div>')
    assert wording(page.text).atoms == "magdatja"


def test_new_sentences_in_navigation_are_counted_and_not_told_unless_recorded_ones_stand_there() -> None:
    body = "".join(f"<p>{escape(text)}</p>" for _, text in PARTS[:-1])
    last = escape(PARTS[-1][1])
    _, drift = drift_of(f"<nav>Home</nav>{body}<footer><p>{last}</p><p>Nieuw hier.</p></footer>")
    assert [len(drift.new), len(drift.left_out)] == [1, 1]
    assert odd(drift) == []
    _, drift = drift_of(f"<nav>Home</nav>{body}<p>{last}</p><footer><p>Nieuw hier.</p></footer>")
    assert [len(drift.new), len(drift.left_out)] == [0, 2]


def test_every_line_of_a_web_page_is_known() -> None:
    text = "<p>een</p>\n\n<ul>\n<li>twee\n<li>drie\nvier</ul><pre>vijf\nzes</pre>"
    page = page_of(text)
    for number, word in [(1, "een"), (4, "twee"), (5, "drie"), (6, "vier"), (6, "vijf"), (7, "zes")]:
        assert page.line(page.text.index(word)) == number
    assert BLOCK in page.text


def sentences(text: str) -> list[str]:
    return [" ".join(text[one.start : one.end].split()) for one in split(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Een zin. Nog een! En? “Ja.” Klaar", ["Een zin.", "Nog een!", "En?", "“Ja.”", "Klaar"]),
        ("Zie b.v. Artikel 3, dhr. Jansen, J. de Wit.", ["Zie b.v. Artikel 3, dhr. Jansen, J. de Wit."]),
        ("Kop\n\nTekst\nvan twee regels\n\nKop", ["Kop", "Tekst van twee regels", "Kop"]),
        ("Dit kan:\n- een\n -Twee\n2) drie\n(b) vier", ["Dit kan:", "een", "Twee", "drie", "vier"]),
        ("Min -5 graden.\n-5 graden", ["Min -5 graden.", "-5 graden"]),
        (
            "De eerste regel van een lange tekst houdt hier op en\n\ngaat hier verder met woorden die ook weer niet"
            "\n\npassen en dus op de volgende regel staan zoals\n\nJansen die met een hoofdletter begint.\nKop\nTekst.",
            ["De eerste regel van een lange tekst houdt hier op en gaat hier verder met woorden die ook weer niet"
             " passen en dus op de volgende regel staan zoals Jansen die met een hoofdletter begint.", "Kop", "Tekst."],
        ),
    ],
)  # fmt: skip
def test_a_page_is_cut_into_sentences(text: str, expected: Sequence[str]) -> None:
    assert sentences(text) == expected


@given(st.text(alphabet="aB. -1)\n•?“" + BLOCK, max_size=40))
def test_the_sentences_of_a_text_follow_each_other_and_none_of_its_letters_is_lost(text: str) -> None:
    """
    But for the letters and numbers of lists.
    """
    found = split(text)
    assert all(one.start < one.end and not text[one.start].isspace() for one in found)
    assert all(before.end <= after.start for before, after in pairwise(found))
    ends, starts = [0, *(one.end for one in found)], [*(one.start for one in found), len(text)]
    for gap in (text[end:start] for end, start in zip(ends, starts, strict=True)):
        assert re.fullmatch(r"[^aB1]*([aB1]|11)?[^aB1]*", gap), gap


# ------------------------------------------------------------------------------------------------------- the record


@given(st.text(max_size=60))
def test_a_fingerprint_reads_back_as_it_was_written(text: str) -> None:
    mark = fingerprint(wording(text).atoms or "x")
    assert parse_fingerprint(str(mark)) == mark
    assert alike(mark, mark) == 24


def test_a_fingerprint_of_another_form_is_refused() -> None:
    with pytest.raises(ValueError, match="is not a fingerprint"):
        parse_fingerprint("12-abc")


@given(st.data())
def test_what_is_recorded_anew_is_recognised_and_keeps_its_statements(data: st.DataObject) -> None:
    """
    After any changes: no drift from the new record, and no statement is lost with a sentence that is still there.
    """
    lines = TEXT.splitlines()
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["drop", "add", "swap", "word"])):
            case "drop":
                lines[at] = ""
            case "add":
                lines.insert(at, data.draw(st.sampled_from(["", "Er is iets nieuws.", "- en nog iets", "Kop"])))
            case "swap":
                other = data.draw(st.integers(0, len(lines) - 1))
                lines[at], lines[other] = lines[other], lines[at]
            case _:
                lines[at] = re.sub(r"[^\W\d_]{3,}", "woord", lines[at], count=1)
    page = page_of("\n".join(lines))
    drift = compare(MARKS, page)
    rows = recorded_anew(page, MARKS, drift)
    again = compare([mark for mark, _, _ in rows], page)
    assert again.same, (rows, again)
    assert [index for _, index, _ in rows if index is not None] == [
        one.index for one in sorted((one for one in drift.found if one.stretch), key=lambda one: one.stretch or 0)
    ]
    for mark, index, stretch in rows:
        if index is not None and drift.found[index].state in (State.UNCHANGED, State.MOVED):
            assert mark == MARKS[index] == mark_of(page, stretch)


@pytest.mark.parametrize("name", bundled())
def test_every_sentence_of_a_bundled_document_is_recorded_and_none_of_its_words(name: str) -> None:
    """
    Each statement has a sentence, each sentence a statement or a reason, and nothing else stands in the file.
    """
    recorded, document = recorded_in(policies_folder(), name)
    catalogue, _ = read_file(policies_folder() / "statements" / f"{name}.yaml")
    assert catalogue is not None
    assert isinstance(catalogue.data, dict)
    assert list(unaccounted(recorded, document, catalogue.data["entries"], catalogue)) == []
    assert set(sentences_of(recorded)) == set(catalogue.data["entries"])
    text = (policies_folder() / "statements" / f"{name}.sentences.yaml").read_text(encoding="utf-8")
    assert text == record_text(name, recorded)
    for line in text.split("sentences:\n")[1].splitlines():
        assert re.fullmatch(
            r"- \{carries: \[[A-Z]{3}-\d\d(, [A-Z]{3}-\d\d)*\], fingerprint: \d+-[0-9a-f]{16}-[0-9a-f]{24}\}", line
        )


def test_the_record_of_the_guild_is_that_of_its_document() -> None:
    page = page_of(TEXT)
    assert [mark for _, mark in marks(page)] == MARKS
    checked = check_file(GUILD / "guild.yaml")
    assert checked.policy is not None
    assert checked.catalogue is not None
    assert list(unaccounted(RECORDED, RECORD, checked.policy.statements, checked.catalogue)) == []


@pytest.mark.parametrize(
    ("old", "now", "code", "line"),
    [
        ("carries: [BEE-07]", "carries: []", "unassigned-sentence", "carries: []"),
        ("carries: [BEE-07]", "carries: [BEE-77]", "unknown-statement", "BEE-77"),
        ("carries: [BEE-07]", "carries: [BEE-07], because: heading", "needless-reason", "because: heading"),
        ("carries: [BEE-07]", "carries: [BEE-06]", "unsourced-statement", "BEE-07:"),
    ],
)
def test_a_sentence_and_a_statement_that_lack_each_other_are_told_at_their_places(
    old: str, now: str, code: str, line: str
) -> None:
    text = record_text("guild", RECORDED).replace(old, now)
    document, _ = parse(text, "guild.sentences.yaml")
    catalogue, _ = read_file(GUILD / "statements" / "guild.yaml")
    assert document is not None
    assert catalogue is not None
    assert isinstance(catalogue.data, dict)
    recorded, faults = read_recorded(document)
    assert recorded is not None, faults
    found = {one.code: one for one in unaccounted(recorded, document, catalogue.data["entries"], catalogue)}
    assert line in found[code].line_text
    assert found[code].help


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("policy: x\nsentences: []", "something is expected here"),
        ("policy: x\nsentences: [{carries: [a], fingerprint: b}]", "`a` is not the id of a statement"),
        ("policy: x\nsentences: [{carries: [BEE-01], fingerprint: 0-b}]", "`0-b` is not a fingerprint"),
        ("policy: x\nsentences: [{carries: [], because: x, fingerprint: 1-0123456789abcdef-0123456789abcdef01234567}]",
         "`x` is not one of the options"),
        ("policy: x\nsentences: [{carries: []}]", "key `fingerprint` is missing"),
    ],
)  # fmt: skip
def test_a_faulty_record_is_refused(text: str, message: str) -> None:
    document, _ = parse(text, "x.sentences.yaml")
    assert document is not None
    recorded, faults = read_recorded(document)
    assert recorded is None
    assert message in [fault.message for fault in faults]


# --------------------------------------------------------------------------------------------------- what rests on it


def test_what_rests_on_a_statement_is_followed_to_the_questions() -> None:
    """
    By hand: the fee is in an amount and a reading, read by a line; the cycle by what counts its rounds.
    """
    checked = check_file(GUILD / "guild.yaml")
    assert checked.policy is not None
    assert checked.document is not None
    found = resting(checked.policy, checked.document)
    assert found["BEE-06"].places == (
        "amounts.yearly_fee.0", "amounts.yearly_fee.1", "costs.licence.lines.fee", "readings.fee_from"
    )  # fmt: skip
    assert found["BEE-06"].questions == (("cost", "licence"),)
    counted = {("cost", "licence"), ("deadline", "notice"), ("deadline", "use"), ("compliance", "two_lessons")}
    assert counted <= set(found["BEE-11"].questions)
    assert ("note", "care") not in found["BEE-11"].questions
    assert found["BEE-14"].questions == (("eligibility", "licence"), ("deadline", "apply"), ("deadline", "begin"))
    assert found["BEE-12"].questions == (("cost", "courses"),)
    assert ("note", "reserve") in found["BEE-16"].questions
    assert {("eligibility", "courses_done"), ("eligibility", "licence")} <= set(found["BEE-09"].questions)
    policy = checked.policy
    everything = (policy.decisions, policy.quotes, policy.deadlines, policy.duties, policy.notes)
    assert len(found["BEE-01"].questions) == sum(len(section) for section in everything)  # the day it is in force from


# ------------------------------------------------------------------------------------------------------ the command


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(GUILD, tmp_path / "desk")
    monkeypatch.chdir(tmp_path / "desk")
    return tmp_path / "desk"


def run(*args: str, given: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, list(args), input=given, env={"COLUMNS": "100", "TRAININGRULES_DEBUG": None})


def test_a_page_that_is_the_same_ends_well(desk: Path) -> None:
    ended = run("source", "guild.yaml", "documents/guild.txt")
    assert ended.exit_code == 0
    assert ended.stdout == "guild: 36 sentences recorded: 36 unchanged\n"


def test_a_page_that_changed_tells_the_rules_answers_and_examples(desk: Path) -> None:
    (desk / "examples").mkdir(exist_ok=True)
    (desk / "examples" / "guild.yaml").write_text(
        "policy: guild\nexamples:\n  the_fee:\n    source: [BEE-06]\n    why: It is in the statutes.\n"
        "    asked_on: 2026-06-01\n    facts: {}\n    ask: {cost: licence}\n    expect: {in_force: true}\n",
        encoding="utf-8",
    )
    text = TEXT.replace("€ 62,50", "€ 65,-").replace(" Groepen krijgen korting.", "")
    ended = run("source", "guild.yaml", "-", given=text.replace("- Zorg", "- Draag een kap.\n- Zorg").encode())
    assert ended.exit_code == 1
    line = TEXT[: TEXT.index("€ 62,50")].count("\n") + 1
    told = " ".join(ended.stdout.split())
    assert f"<stdin>:{line}: changed, sentence 14: BEE-06 now De jaarbijdrage bedraagt € 60,-" in told
    assert "rules amounts.yearly_fee.0, amounts.yearly_fee.1, costs.licence.lines.fee, readings.fee_from" in told
    assert "answers cost licence examples the_fee" in told
    assert f"<stdin>:{line}: gone after this line, sentence 16: BEE-08" in told
    assert "new, between sentence 31 (BEE-21) and sentence 32 (BEE-23) now Draag een kap." in told
    assert told.endswith("guild: 36 sentences recorded: 34 unchanged, 1 changed, 1 gone, 1 new")


def test_the_page_of_the_documents_shows_what_is_told(desk: Path) -> None:
    shown = (GUILD.parents[2] / "docs" / "source.md").read_text(encoding="utf-8")
    block = re.search(r"```text\n\$ trainingrules (.*?)\n(.*?)```", shown, re.DOTALL)
    assert block is not None
    Path("statutes.txt").write_text(TEXT.replace("€ 62,50", "€ 65,-"), encoding="utf-8")
    assert run(*block[1].split()).stdout == block[2]


def test_the_outcome_as_json_says_the_same(desk: Path) -> None:
    (desk / "page.html").write_text(
        f"<nav>Home</nav><pre>{escape(TEXT.replace('48 uur', '24 uur'))}</pre>", encoding="utf-8"
    )
    ended = run("source", "guild.yaml", "page.html", "--format", "json")
    assert ended.exit_code == 1
    told = json.loads(ended.stdout)
    assert told["same"] is False
    [changed] = [one for one in told["sentences"] if one["state"] != "unchanged"]
    assert (changed["statements"], changed["text"]) == (
        ["BEE-15"],
        "Lever de proef in binnen 24 uur nadat u begonnen bent.",
    )
    [statement] = [one for one in told["statements"] if one["state"] != "unchanged"]
    examples = statement.pop("examples")
    assert statement == {
        "id": "BEE-15", "state": "changed", "rules": ["deadlines.hand_in"], "answers": ["deadline hand_in"],
    }  # fmt: skip
    assert isinstance(examples, list)
    assert [told["new"], len(told["left_out"])] == [[], 1]


def test_a_new_page_is_recorded_and_its_new_sentences_are_to_be_assigned(desk: Path) -> None:
    (desk / "page.txt").write_text(TEXT.replace("- Zorg", "- Draag een kap.\n- Zorg"), encoding="utf-8")
    ended = run("source", "guild.yaml", "page.txt", "--record")
    assert ended.exit_code == 1
    place = re.search(r"statements/guild\.sentences\.yaml:(\d+) +Draag een kap\.", ended.stdout)
    assert place is not None
    file = desk / "statements" / "guild.sentences.yaml"
    lines = file.read_text(encoding="utf-8").splitlines()
    assert lines[int(place[1]) - 1].startswith("- {carries: [], fingerprint: ")
    assert "sentence 32 carries no statement" in run("coverage", "guild.yaml", "--quiet").stdout
    lines[int(place[1]) - 1] = lines[int(place[1]) - 1].replace("[]", "[BEE-23]")
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert run("source", "guild.yaml", "page.txt").exit_code == 0
    again = run("source", "guild.yaml", "page.txt", "--record", "--format", "json")
    assert again.exit_code == 0
    assert json.loads(again.stdout)["to_assign"] == []
    assert file.read_text(encoding="utf-8") == "\n".join(lines) + "\n"


def test_a_first_page_is_recorded_with_everything_to_be_assigned(desk: Path) -> None:
    (desk / "statements" / "guild.sentences.yaml").unlink()
    lacking = run("source", "guild.yaml", "documents/guild.txt")
    assert lacking.exit_code == 2
    assert "[unrecorded-page]" in lacking.stderr
    assert "run `trainingrules source guild.yaml documents/guild.txt --record`" in lacking.stderr
    ended = run("source", "guild.yaml", "documents/guild.txt", "--record")
    assert ended.exit_code == 1
    assert ended.stdout.endswith("guild: 36 sentences recorded in statements/guild.sentences.yaml, 36 to assign\n")
    assert "unsourced-statement" not in ended.stdout
    assert run("source", "guild.yaml", "documents/guild.txt").exit_code == 0


def test_a_record_that_is_broken_is_not_written_over(desk: Path) -> None:
    file = desk / "statements" / "guild.sentences.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("carries: [BEE-07]", "carry: [BEE-07]"), encoding="utf-8")
    before = file.read_bytes()
    ended = run("source", "guild.yaml", "documents/guild.txt", "--record")
    assert ended.exit_code == 2
    assert "`carry`" in ended.stderr
    assert file.read_bytes() == before
    assert run("coverage", "guild.yaml").exit_code == 1


@pytest.mark.parametrize("page", ["nothing.html", "documents", "page.pdf"])
def test_what_cannot_be_read_ends_in_a_sentence(desk: Path, page: str) -> None:
    (desk / "page.pdf").write_bytes(b"%PDF-1.7")
    ended = run("source", "guild.yaml", page)
    assert ended.exit_code == 2
    assert ended.stdout == ""
    assert f"{page}:1:1: error: " in ended.stderr
    assert read_page_file(page)[0] is None


def test_coverage_counts_the_sentences_of_each_statement(desk: Path) -> None:
    run("coverage", "guild.yaml", "--record")
    ended = run("coverage", "guild.yaml")
    assert ended.exit_code == 0, ended.stdout
    assert re.search(r"^BEE-01 +information +2 +", ended.stdout, re.MULTILINE)
    assert ended.stdout.endswith("guild.yaml: 24 statements, 24 carried; 36 sentences of the document\n")
    [told] = json.loads(run("coverage", "guild.yaml", "--format", "json").stdout)
    assert told["sentences"] == 36
    assert told["statements"][0]["sentences"] == [3, 4]
    (desk / "statements" / "guild.sentences.yaml").unlink()
    assert run("coverage", "guild.yaml").stdout.endswith("guild.yaml: 24 statements, 24 carried\n")
