"""Reading text: what is understood, what is refused and in which words; nothing breaks the reader."""

# ruff: noqa: E501 - what is printed stands here as it is printed

from __future__ import annotations

import builtins
import copy
import json
import os
import pickle
import subprocess
import sys
import textwrap
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from trainingrules import source
from trainingrules.diagnostics import Diagnostic, Span
from trainingrules.document import Document
from trainingrules.source import Limits, parse, read_file, read_json

VECTORS = Path(__file__).parent / "vectors"
SUITE = json.loads((VECTORS / "yaml_test_suite.json").read_text(encoding="utf-8"))
NAUGHTY = json.loads((VECTORS / "blns.json").read_text(encoding="utf-8"))

LOADERS: list[Any] = [yaml.SafeLoader]
if hasattr(yaml, "CSafeLoader"):
    LOADERS.append(yaml.CSafeLoader)


@pytest.fixture(params=LOADERS, ids=lambda loader: loader.__name__)
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Both parsers of the YAML library."""
    monkeypatch.setattr(source, "_LOADER", request.param)
    return request.param


def data(text: str) -> object:
    document, faults = parse(text)
    assert not faults, "\n".join(map(str, faults))
    assert document is not None
    return document.data


def codes(text: str) -> list[str]:
    return [fault.code for fault in parse(text)[1]]


def text_at(document: Document, span: Span) -> str:
    """What stands at a span of the text."""
    lines = list(document.lines[span.line - 1 : span.end_line])
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)


# ------------------------------------------------------------------------------------------------ what is read


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("0", 0),
        ("-0", 0),
        ("18", 18),
        ("-3", -3),
        ("445.00", Decimal("445.00")),
        ("-0.5", Decimal("-0.5")),
        ("1.000", Decimal("1.000")),
        ("2026-01-01", "2026-01-01"),
        ("2023-02-29", "2023-02-29"),
        ("2026-01-01T09:30:00+01:00", "2026-01-01T09:30:00+01:00"),
        ("2026-01-01 09:30", "2026-01-01 09:30"),
        ("3 months", "3 months"),
        ("1.2.3", "1.2.3"),
        ("445,00", "445,00"),
        ("50%", "50%"),
        ("-1-", "-1-"),
        (".", "."),
        ("no more", "no more"),
        ("None", "None"),
        ("ja", "ja"),
        ("EX-01", "EX-01"),
        ("not_stated", "not_stated"),
        ('"yes"', "yes"),
        ("'010'", "010"),
        ('"1.5"', "1.5"),
        ('""', ""),
        ("'it''s'", "it's"),
        ('"a\\tb\\nc \\u00e9"', "a\tb\nc é"),
        ("|\n  een\n  twee\n", "een\ntwee\n"),
        (">-\n  een\n  twee\n", "een twee"),
        ("een\n  twee", "een twee"),
        ("[]", []),
        ("{}", {}),
        ("[a, 1, 1.5]", ["a", 1, Decimal("1.5")]),
        ("{a: 1, b: {c: [d]}}", {"a": 1, "b": {"c": ["d"]}}),
        ("1" * 40, int("1" * 40)),
        ("\N{ZERO WIDTH JOINER}\N{NO-BREAK SPACE}é😀", "\N{ZERO WIDTH JOINER}\N{NO-BREAK SPACE}é😀"),
    ],
)
def test_a_scalar_is_what_a_person_takes_it_for(loader: Any, text: str, value: object) -> None:
    got = data(f"key: {text}")
    assert got == {"key": value}
    assert isinstance(got, dict)
    assert type(got["key"]) is type(value)


def test_a_long_text_that_begins_as_a_number_is_a_text() -> None:
    text = "1" * 19_999 + "a"
    assert data(text) == text


def test_a_decimal_keeps_its_digits() -> None:
    assert str(data("445.00")) == "445.00"


def test_keys_are_texts_or_whole_numbers_in_the_order_given() -> None:
    got = data("b: 1\na: 2\n3: true\n'4': false\n'true': 1\n")
    assert isinstance(got, dict)
    assert list(got) == ["b", "a", 3, "4", "true"]


@pytest.mark.parametrize("text", ["a: 1\n", "\ufeffa: 1\n", "a: 1\r\n", "---\na: 1\n", "# note\n\na: 1\n...\n"])
def test_a_text_may_begin_and_end_in_the_usual_ways(loader: Any, text: str) -> None:
    assert data(text) == {"a": 1}
    as_bytes, faults = parse(text.encode())
    assert as_bytes is not None
    assert (as_bytes.data, faults) == ({"a": 1}, [])


# ---------------------------------------------------------------------------------------------- what is refused

FAULTS = [
    (
        "a: yes",
        """
        p.yaml:1:4: error: `yes` is not a value here [bare-word]
            1 | a: yes
              |    ^^^
          help: write `true`; or put it in quotes if a text is meant
        """,
    ),
    (
        "- [NO, Off, ~]",
        """
        p.yaml:1:4: error: `NO` is not a value here [bare-word]
            1 | - [NO, Off, ~]
              |    ^^
          help: write `false`; or put it in quotes if a text is meant
        p.yaml:1:8: error: `Off` is not a value here [bare-word]
            1 | - [NO, Off, ~]
              |        ^^^
          help: write `false`; or put it in quotes if a text is meant
        p.yaml:1:13: error: `~` is not a value here [bare-word]
            1 | - [NO, Off, ~]
              |             ^
          help: write `null`; or put it in quotes if a text is meant
        """,
    ),
    (
        "a: True",
        """
        p.yaml:1:4: error: `True` is not a value here [bare-word]
            1 | a: True
              |    ^^^^
          help: write `true`; or put it in quotes if a text is meant
        """,
    ),
    (
        "a: [-]",
        """
        p.yaml:1:5: error: `-` is not a value here [bare-word]
            1 | a: [-]
              |     ^
          help: put it in quotes if a text is meant
        """,
    ),
    (
        "on: 1\n1.5: 2\n",
        """
        p.yaml:1:1: error: `on` cannot be a key [key-kind]
            1 | on: 1
              | ^^
          help: put it in quotes if a text is meant
        p.yaml:2:1: error: `1.5` cannot be a key [key-kind]
            2 | 1.5: 2
              | ^^^
          help: put it in quotes if a text is meant
        """,
    ),
    (
        "010: 1",
        """
        p.yaml:1:1: error: `010` begins with a zero [number]
            1 | 010: 1
              | ^^^
          help: leave out the zero; or put it in quotes if a text is meant
        """,
    ),
    (
        "a: 9:30",
        """
        p.yaml:1:4: error: `9:30` is a time or a number to base sixty [number]
            1 | a: 9:30
              |    ^^^^
          help: put it in quotes
        """,
    ),
    (
        "a: 0x1F",
        """
        p.yaml:1:4: error: `0x1F` is a number that is not to base ten [number]
            1 | a: 0x1F
              |    ^^^^
          help: write it to base ten; or put it in quotes if a text is meant
        """,
    ),
    (
        "a: 1_000",
        """
        p.yaml:1:4: error: `1_000` has an underscore in a number [number]
            1 | a: 1_000
              |    ^^^^^
          help: leave it out; or put it in quotes if a text is meant
        """,
    ),
    (
        "a: -.Inf",
        """
        p.yaml:1:4: error: `-.Inf` is not a number to count with [number]
            1 | a: -.Inf
              |    ^^^^^
          help: write a number; or put it in quotes if a text is meant
        """,
    ),
    (
        "a: 4.5E3",
        """
        p.yaml:1:4: error: `4.5E3` has an exponent [number]
            1 | a: 4.5E3
              |    ^^^^^
          help: write the number in full; or put it in quotes if a text is meant
        """,
    ),
    (
        "a: +5",
        """
        p.yaml:1:4: error: `+5` begins with a plus [number]
            1 | a: +5
              |    ^^
          help: leave out the plus; or put it in quotes if a text is meant
        """,
    ),
    (
        "a: .5",
        """
        p.yaml:1:4: error: `.5` has no digit on one side of the point [number]
            1 | a: .5
              |    ^^
          help: write as in `0.5`; or put it in quotes if a text is meant
        """,
    ),
    (
        "a: 00000000000000000000000000000000000000001",
        """
        p.yaml:1:4: error: `000000000000000000000000000000000000000…` has too many digits [number]
            1 | a: 00000000000000000000000000000000000000001
              |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          help: put it in quotes if a text is meant
        """,
    ),
    (
        "a:\nb: 1",
        """
        p.yaml:1:1: error: nothing is given for `a` [no-value]
            1 | a:
              | ^
          help: write a value, or remove the key; `null` is what does not exist, `not_stated` what the source does not say
        """,
    ),
    (
        "a: {b: , c: 1}",
        """
        p.yaml:1:5: error: nothing is given for `b` [no-value]
            1 | a: {b: , c: 1}
              |     ^
          help: write a value, or remove the key; `null` is what does not exist, `not_stated` what the source does not say
        """,
    ),
    (
        "a:\n  -\n  - b",
        """
        p.yaml:2:4: error: nothing stands after the `-` [no-value]
            2 |   -
              |    ^
          help: write a value, or remove the `-`
        """,
    ),
    (
        "a: >\nb: 1",
        """
        p.yaml:1:4: error: nothing stands below the `>` [no-value]
            1 | a: >
              |    ^
          help: write a text
        """,
    ),
    (
        "title: {nl: Een, twee}",
        """
        p.yaml:1:18: error: `twee` has no value [no-value]
            1 | title: {nl: Een, twee}
              |                  ^^^^
          help: a comma ends a value: put the sentence on a line of its own, or in quotes
        """,
    ),
    (
        "a: {price:445.00}",
        """
        p.yaml:1:10: error: a space is missing after the colon [syntax]
            1 | a: {price:445.00}
              |          ^
          help: write `key: value`
        """,
    ),
    (
        "{'': 1, : 2}",
        """
        p.yaml:1:9: error: a key is missing before the colon [syntax]
            1 | {'': 1, : 2}
              |         ^
          help: write `key: value`
        """,
    ),
    (
        "a: 1\n: 2",
        """
        p.yaml:2:1: error: a key is missing before the colon [syntax]
            2 | : 2
              | ^
          help: write `key: value`
        """,
    ),
    (
        "a: 1\nb: 2\na: {c: [yes]}",
        """
        p.yaml:3:1: error: `a` is given twice; the first is on line 1 [duplicate-key]
            3 | a: {c: [yes]}
              | ^
          help: remove one of the two, or put them together
        p.yaml:3:9: error: `yes` is not a value here [bare-word]
            3 | a: {c: [yes]}
              |         ^^^
          help: write `true`; or put it in quotes if a text is meant
        """,
    ),
    (
        "a: &b 1\nc: *b\n<<: {d: 1}\n*b : 1",
        """
        p.yaml:1:4: error: `&b` is not allowed [anchor]
            1 | a: &b 1
              |    ^
          help: remove it; put a text that begins with `&` in quotes
        p.yaml:2:4: error: `*b` refers to another place [alias]
            2 | c: *b
              |    ^^
          help: write out what is meant; put a text that begins with `*` in quotes
        p.yaml:3:1: error: `<<` is not allowed [merge-key]
            3 | <<: {d: 1}
              | ^^
          help: write out what belongs here
        p.yaml:4:1: error: `*b` refers to another place [alias]
            4 | *b : 1
              | ^^
          help: write out what is meant; put a text that begins with `*` in quotes
        """,
    ),
    (
        "a: !!int 1\nb: !x [c]",
        """
        p.yaml:1:4: error: a tag that begins with `!` is not allowed [tag]
            1 | a: !!int 1
              |    ^
          help: remove it; put a text that begins with `!` in quotes
        p.yaml:2:4: error: a tag that begins with `!` is not allowed [tag]
            2 | b: !x [c]
              |    ^
          help: remove it; put a text that begins with `!` in quotes
        """,
    ),
    (
        "# c\n%YAML 1.2\n---\na: 1",
        """
        p.yaml:2:1: error: a line that begins with `%` is not allowed [directive]
            2 | %YAML 1.2
              | ^^^^^^^^^
          help: remove the line
        """,
    ),
    (
        "a: 1\n---\nb: yes",
        """
        p.yaml:2:1: error: a second document begins here [several-documents]
            2 | ---
              | ^^^
          help: keep one in each file
        """,
    ),
    (
        "? [a]\n: b\n",
        """
        p.yaml:1:3: error: a list or mapping cannot be a key [key-kind]
            1 | ? [a]
              |   ^
          help: write a name before the colon
        """,
    ),
    (
        "a:\n\tb: 1\nc: d\te\n",
        """
        p.yaml:2:1: error: a tab is used to indent [tab]
            2 |  b: 1
              | ^
          help: use spaces, two for each step
        p.yaml:3:5: error: a tab stands in this line [tab]
            3 | c: d e
              |     ^
          help: use spaces; between double quotes, write `\\t`
        """,
    ),
    (
        "a:\n  b: 1\n\tc: 2\n",  # the tab is the cause of what the parser says of this line
        """
        p.yaml:3:1: error: a tab is used to indent [tab]
            3 |  c: 2
              | ^
          help: use spaces, two for each step
        """,
    ),
    (
        "a: b\x07\nc: \u202ed\ne: f\rg\nh: \ufeff\n",
        """
        p.yaml:1:5: error: the invisible character U+0007 (control character) is not allowed [character]
            1 | a: b\ufffd
              |     ^
          help: remove it, or type the text again
        p.yaml:2:4: error: the invisible character U+202E (right-to-left override) is not allowed [character]
            2 | c: \ufffdd
              |    ^
          help: remove it, or type the text again
        p.yaml:3:5: error: a carriage return stands alone [character]
            3 | e: f\ufffdg
              |     ^
          help: end each line with a line feed
        p.yaml:4:4: error: the invisible character U+FEFF (zero width no-break space) is not allowed [character]
            4 | h: \ufffd
              |    ^
          help: remove it, or type the text again
        """,
    ),
    (
        "a: \ud800",
        """
        p.yaml:1:4: error: U+D800 is half a character [character]
            1 | a: \ufffd
              |    ^
          help: write the whole character
        """,
    ),
    (
        'a: "b\\0"',
        """
        p.yaml:1:4: error: the invisible character U+0000 (control character) is not allowed [character]
            1 | a: "b\\0"
              |    ^^^^^
          help: between these quotes a `\\` begins a code; write `\\\\` for a backslash
        """,
    ),
    (
        "\N{ZERO WIDTH SPACE}a: 1",
        """
        p.yaml:1:1: error: in a key, the invisible character U+200B (zero width space) is not allowed [character]
            1 | \N{ZERO WIDTH SPACE}a: 1
              | ^^
          help: remove it, or type the text again
        """,
    ),
    (
        " \n# nothing\n",
        """
        p.yaml:1:1: error: the text is empty [empty-text]
        """,
    ),
    (
        "---\n",
        """
        p.yaml:1:1: error: the text is empty [empty-text]
            1 | ---
              | ^
        """,
    ),
    # The YAML library's own faults
    (
        "a:1\nb: 2",
        """
        p.yaml:1:2: error: a space is missing after the colon [syntax]
            1 | a:1
              |  ^
          help: write `key: value`
        """,
    ),
    (
        "b: 2\na:1\n",
        """
        p.yaml:2:2: error: a space is missing after the colon [syntax]
            2 | a:1
              |  ^
          help: write `key: value`
        """,
    ),
    (
        "{'a':[1], 'b' :[2], c :[3]}",
        """
        p.yaml:1:23: error: a space is missing after the colon [syntax]
            1 | {'a':[1], 'b' :[2], c :[3]}
              |                       ^
          help: write `key: value`
        """,
    ),
    (
        "nl: Let op: het lid",
        """
        p.yaml:1:11: error: a second colon stands in this text [syntax]
            1 | nl: Let op: het lid
              |           ^
          help: put the text in quotes
        """,
    ),
    (
        "a: {nl: Let op: het lid}",
        """
        p.yaml:1:15: error: a second colon stands in this text [syntax]
            1 | a: {nl: Let op: het lid}
              |               ^
          help: put a comma before the next key; a text with `:` `,` `?` or `#` goes in quotes, or on a line of its own
        """,
    ),
    (
        "a: 1\n\n  b: 2",
        """
        p.yaml:3:4: error: this line is indented further than the line above, which has a value [syntax]
            3 |   b: 2
              |    ^
          help: let keys that belong together begin in the same column; put a text with a colon in quotes
        """,
    ),
    (
        "a\nb: 2",
        """
        p.yaml:1:1: error: this line has no `key: value` [syntax]
            1 | a
              | ^
          help: put a colon and a space between key and value
        """,
    ),
    (
        "a: 1\n\nEen zin\nb: 2",
        """
        p.yaml:3:1: error: this line has no `key: value` [syntax]
            3 | Een zin
              | ^
          help: put a colon and a space between key and value
        """,
    ),
    (
        "- a\n-b\n- c",
        """
        p.yaml:2:1: error: a space is missing after the `-` [syntax]
            2 | -b
              | ^
          help: write `- value`
        """,
    ),
    (
        ": 1",
        """
        p.yaml:1:1: error: a key is missing before the colon [syntax]
            1 | : 1
              | ^
          help: write `key: value`
        """,
    ),
    (
        "a:\n    b: 1\n  c: 2",
        """
        p.yaml:3:3: error: this line does not line up with the lines above [syntax]
            3 |   c: 2
              |   ^
          help: let keys that belong together begin in the same column
        """,
    ),
    (
        "  a: 1\nb: 2",
        """
        p.yaml:2:1: error: this does not belong to what stands above [syntax]
            2 | b: 2
              | ^
          help: let keys that belong together begin in the same column
        """,
    ),
    (
        "- a\nb: 2",
        """
        p.yaml:2:1: error: a `- ` is missing: the lines above are a list [syntax]
            2 | b: 2
              | ^
          help: begin this line with `- `, or let keys that belong together begin in the same column
        """,
    ),
    (
        "a: - b",
        """
        p.yaml:1:4: error: a list cannot begin on this line [syntax]
            1 | a: - b
              |    ^
          help: begin each `- ` on a line of its own, below the key
        """,
    ),
    (
        "a: 's-Gravenhage\nb: 1",
        """
        p.yaml:1:4: error: a text cannot begin with an apostrophe [syntax]
            1 | a: 's-Gravenhage
              |    ^
          help: put the text between double quotes
        """,
    ),
    (
        'a: "b',
        """
        p.yaml:1:4: error: this quote is never closed [syntax]
            1 | a: "b
              |    ^
          help: close it with the same quote; put a text that itself begins with one between single quotes
        """,
    ),
    (
        'a: "b" c',
        """
        p.yaml:1:8: error: a text goes on after its closing quote [syntax]
            1 | a: "b" c
              |        ^
          help: put the whole text between single quotes
        """,
    ),
    (
        "a: 'it's'",
        """
        p.yaml:1:8: error: a text goes on after its closing quote [syntax]
            1 | a: 'it's'
              |        ^
          help: put the whole text between double quotes
        """,
    ),
    (
        "a: [b] c",
        """
        p.yaml:1:8: error: a text goes on after its closing `]` [syntax]
            1 | a: [b] c
              |        ^
          help: put the whole text in quotes
        """,
    ),
    (
        'a: "C:\\Program"',
        """
        p.yaml:1:4: error: the invisible character U+2029 (paragraph separator) is not allowed [character]
            1 | a: "C:\\Program"
              |    ^^^^^^^^^^^^
          help: between these quotes a `\\` begins a code; write `\\\\` for a backslash
        """,
    ),
    (
        'a: "C:\\Data"',
        """
        p.yaml:1:7: error: `\\D` has no meaning between double quotes [syntax]
            1 | a: "C:\\Data"
              |       ^
          help: write `\\\\`, or use single quotes
        """,
    ),
    (
        "a: [b, c",
        """
        p.yaml:1:4: error: this `[` is never closed [syntax]
            1 | a: [b, c
              |    ^
          help: put a `]` at its end
        """,
    ),
    (
        "a: {b: 1\nc: 2}",
        """
        p.yaml:2:2: error: `,` or `}` is missing before this; the `{` of line 1 is still open [syntax]
            2 | c: 2}
              |  ^
          help: a text with `:` `,` `?` or `#` goes in quotes, or on a line of its own
        """,
    ),
    (
        "a: {",
        """
        p.yaml:1:4: error: this `{` is never closed [syntax]
            1 | a: {
              |    ^
          help: put a `}` at its end
        """,
    ),
    (
        "a: {nl: Hoe oud? Jong}",
        """
        p.yaml:1:16: error: a `?` cannot stand in a text inside brackets [syntax]
            1 | a: {nl: Hoe oud? Jong}
              |                ^
          help: a text with `:` `,` `?` or `#` goes in quotes, or on a line of its own
        """,
    ),
    (
        "? a\n: 1\n? 'b'\n: 2",
        """
        p.yaml:1:3: error: `a` is written after a `?` [syntax]
            1 | ? a
              |   ^
          help: remove the `?`
        p.yaml:3:3: error: `b` is written after a `?` [syntax]
            3 | ? 'b'
              |   ^^^
          help: remove the `?`
        """,
    ),
    (
        "a: [b, ,]",
        """
        p.yaml:1:8: error: a value is missing here [syntax]
            1 | a: [b, ,]
              |        ^
          help: write a value, or remove the comma
        """,
    ),
    (
        "a: {b: [}",
        """
        p.yaml:1:9: error: this `}` does not fit [syntax]
            1 | a: {b: [}
              |         ^
          help: look for a bracket or value that is missing
        """,
    ),
    (
        "{a: 1}}",
        """
        p.yaml:1:7: error: this `}` does not fit [syntax]
            1 | {a: 1}}
              |       ^
          help: look for a bracket or value that is missing
        """,
    ),
    (
        "a: > 18",
        """
        p.yaml:1:4: error: after `>` nothing else can stand on the line [syntax]
            1 | a: > 18
              |    ^
          help: begin the text on the next line; put a text that begins with `>` or `|` in quotes
        """,
    ),
    (
        "a: @b",
        """
        p.yaml:1:4: error: a text cannot begin with `@` [syntax]
            1 | a: @b
              |    ^
          help: put it in quotes
        """,
    ),
    (
        "a: `b`",
        """
        p.yaml:1:4: error: a text cannot begin with a backtick [syntax]
            1 | a: `b`
              |    ^
          help: put it in quotes
        """,
    ),
    (
        "a: *",
        """
        p.yaml:1:4: error: a text cannot begin with `*` [syntax]
            1 | a: *
              |    ^
          help: put it in quotes
        """,
    ),
    (
        "a: ? b",
        """
        p.yaml:1:4: error: a text cannot begin with `?` [syntax]
            1 | a: ? b
              |    ^
          help: put it in quotes
        """,
    ),
    (
        'a: "b"#c\nd: [e,#f\n  g]',
        """
        p.yaml:1:7: error: a space is missing before the `#` [syntax]
            1 | a: "b"#c
              |       ^
          help: put a space before it
        p.yaml:2:7: error: a space is missing before the `#` [syntax]
            2 | d: [e,#f
              |       ^
          help: put a space before it
        """,
    ),
    (
        'a: [b,\nc]\nd: "e\n\nf"',
        """
        p.yaml:2:1: error: this line goes on with what is above, and is not indented [indentation]
            2 | c]
              | ^
          help: indent it further than the key it belongs to
        p.yaml:5:1: error: this line goes on with what is above, and is not indented [indentation]
            5 | f"
              | ^
          help: indent it further than the key it belongs to
        """,
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAULTS, ids=[text for text, _ in FAULTS])
def test_a_fault_is_told_at_its_place_with_a_remedy(loader: Any, text: str, expected: str) -> None:
    _, faults = parse(text, "p.yaml")
    assert "\n".join(map(str, faults)) == textwrap.dedent(expected).strip("\n")


def test_every_fault_is_told_not_only_the_first() -> None:
    assert codes("a: yes\nb:\nc: &d 1\na: 010\n") == [
        "bare-word", "no-value", "anchor", "duplicate-key", "number",
    ]  # fmt: skip


def test_a_refused_word_stands_for_what_it_meant() -> None:
    document, _ = parse("a: yes\nb: OFF\nc: ~\nd: 010\ne:\nf: FALSE\n")
    assert document is not None
    assert document.data == {"a": True, "b": False, "c": None, "d": "010", "e": None, "f": False}


def test_the_first_of_two_equal_keys_counts_and_what_is_refused_leaves_no_trace() -> None:
    document, faults = parse("a: 1\na: [2]\n<<: {b: 1}\n[c]: {d: e, d: f}\n")
    assert document is not None
    assert document.data == {"a": 1}
    assert set(document.values) == {(), ("a",)}
    assert set(document.keys) == {("a",)}
    assert [fault.code for fault in faults] == ["duplicate-key", "merge-key", "key-kind"]


def test_there_is_no_document_when_the_text_cannot_be_read_to_its_end() -> None:
    assert parse("a: [b")[0] is None
    assert read_json("[1, ")[0] is None


def test_a_code_for_a_character_that_does_not_exist_is_a_fault(loader: Any) -> None:
    document, faults = parse('a: "\\U00110000"')
    assert document is None
    assert [fault.code for fault in faults] == ["syntax"]


@pytest.mark.parametrize("text", ["a: 1\n...\n%YAML x\n", "'a\n---\n'", 'a: "\\xZZ"', "a: !<\n", "a: |0\n"])
def test_a_rare_fault_of_syntax_has_words_of_ours_too(loader: Any, text: str) -> None:
    (fault,) = parse(text)[1]
    assert fault.code == "syntax"
    assert fault.help
    assert "expected" not in fault.message


def test_a_fault_no_rule_knows_is_still_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> Any:
        raise yaml.YAMLError("something new")

    monkeypatch.setattr(yaml, "parse", broken)
    (fault,) = parse("a: 1")[1]
    assert (fault.code, fault.message, str(fault.span)) == ("syntax", "this cannot be read", "<text>:1:1")


# ------------------------------------------------------------------------------------------------------ places


PLACED = textwrap.dedent(
    """\
    # a note
    age: {at_least: 18, unit: "year"}
    names:
      - Jan
      - 'Piet
        Hein'
    text: |
      een
      twee

    last: {}
    """
)


def test_every_key_and_value_has_a_span(loader: Any) -> None:
    document, _ = parse(PLACED, "p.yaml")
    assert document is not None
    assert {path: text_at(document, span) for path, span in document.keys.items()} == {
        ("age",): "age",
        ("age", "at_least"): "at_least",
        ("age", "unit"): "unit",
        ("names",): "names",
        ("text",): "text",
        ("last",): "last",
    }
    assert {path: text_at(document, span) for path, span in document.values.items()} == {
        (): PLACED[PLACED.index("age") :].rstrip(),
        ("age",): '{at_least: 18, unit: "year"}',
        ("age", "at_least"): "18",
        ("age", "unit"): '"year"',
        ("names",): "- Jan\n  - 'Piet\n    Hein'",
        ("names", 0): "Jan",
        ("names", 1): "'Piet\n    Hein'",
        ("text",): "|\n  een\n  twee",
        ("last",): "{}",
    }


def test_what_is_missing_is_shown_at_its_nearest_ancestor() -> None:
    document, _ = parse(PLACED, "p.yaml")
    assert document is not None
    assert document.span(("age", "kind")) == document.keys["age",]
    assert document.span(("age", "kind", "deeper")) == document.keys["age",]
    assert document.span(("names", 0, "x")) == document.values["names", 0]
    assert document.span(("names", 0), key=True) == document.values["names", 0]
    assert document.span(("nothing",)) == document.values[()]
    assert Document(None, "x", (), {}, {}).span(("a",)) == Span("x", 1, 1, 1, 1)


def test_a_fault_in_the_data_shows_its_line() -> None:
    document, _ = parse(PLACED, "p.yaml")
    assert document is not None
    fault = document.fault("code", "message", ("age",), help="do this", key=True, severity="warning")
    assert fault == Diagnostic("code", "message", Span("p.yaml", 2, 1, 2, 4), "do this", "warning")
    assert fault.line_text == 'age: {at_least: 18, unit: "year"}'
    assert Document(None, "x", (), {}, {}).fault("c", "m", ()).line_text == ""


def test_a_document_is_a_plain_value_with_a_short_repr() -> None:
    document, _ = parse(PLACED, "p.yaml")
    assert repr(document) == "<Document p.yaml>"
    assert pickle.loads(pickle.dumps(document)) == copy.deepcopy(document) == document


def test_long_words_of_the_author_are_cut_short() -> None:
    (fault,) = [fault for fault in parse("{" + "k" * 900 + "}")[1] if fault.code == "no-value"]
    assert fault.message == f"`{'k' * 39}…` has no value"


# ------------------------------------------------------------------------------------------------------ limits


@pytest.mark.parametrize(
    ("limits", "text", "message"),
    [
        (Limits(size=5), "[1234]", "the text is too large"),
        (Limits(depth=2), "[[[1]]]", "this is nested too deep"),
        (Limits(nodes=3), "[1, 2, 3]", "the text has too many parts"),
        (Limits(scalar=3), "[abc, abcd]", "this text is too long"),
        (Limits(digits=3), "[123, 1234]", "`1234` has too many digits"),
        (Limits(faults=2), "[yes, yes, yes]", "the text has too many faults; the rest is not read"),
    ],
)
def test_limits_are_kept(limits: Limits, text: str, message: str) -> None:
    for read in (parse, read_json):
        assert read(text, limits=limits)[1][-1].message == message


# -------------------------------------------------------------------------------------------------------- JSON


@pytest.mark.parametrize(
    "text",
    [
        '{"a": [1, 2.50, true, false, null, "b"], "c": {}, "d": []}',
        "1",
        '"a"',
        "null",
        " [\n\t]\r\n",
        '"\\ud83d\\ude00\\/"',
    ],
)
def test_json_is_read_as_python_reads_it_but_exactly(text: str) -> None:
    document, faults = read_json(text)
    assert not faults
    assert document is not None
    assert document.data == json.loads(text, parse_float=Decimal)


JSON_FAULTS = [
    ("", ["1:1 the text is empty"]),
    (" \n", ["1:1 the text is empty"]),
    ('{"a": 1, "a": 2}', ["1:10 `a` is given twice; the first is on line 1"]),
    ("[1,\n 2,]", ["2:4 a comma too many stands before this `]`"]),
    ('{"a": 1,}', ["1:9 a comma too many stands before this `}`"]),
    ("[1 2]", ["1:4 `2` stands where a comma or the closing bracket is expected"]),
    ("[1", ["1:3 the text ends where a comma or the closing bracket is expected"]),
    ("{", ["1:2 the text ends where a key in double quotes or `}` is expected"]),
    ('{"a" 1}', ["1:6 `1` stands where a colon is expected"]),
    ('{"a": }', ["1:7 `}` stands where a value is expected"]),
    ("{a: 1}", ["1:2 `a` stands where a key in double quotes or `}` is expected"]),
    ("[1}", ["1:3 `}` stands where a comma or the closing bracket is expected"]),
    ('{"a": 1]', ["1:8 `]` stands where a comma or the closing bracket is expected"]),
    ("]", ["1:1 `]` stands where a value is expected"]),
    (",", ["1:1 `,` stands where a value is expected"]),
    ("1 2", ["1:3 `2` stands where the end is expected"]),
    ("[] []", ["1:4 `[` stands where the end is expected"]),
    (
        "[NaN, -Infinity]",
        ["1:2 `NaN` is not a number to count with", "1:7 `-Infinity` is not a number to count with"],
    ),
    (
        "[1e3, 010, +5]",
        ["1:2 `1e3` has an exponent", "1:7 `010` begins with a zero", "1:12 `+5` begins with a plus"],
    ),
    (
        "[True, nil, 'a']",
        ["1:2 `True` is not a value here", "1:8 `nil` is not a value here", "1:13 `'a'` is not a value here"],
    ),
    ("[1, // one\n2]", ["1:5 a comment cannot stand in JSON"]),
    ('["a\nb"]', ["1:2 this quote is not closed on its line"]),
    ('["a', ["1:2 this quote is not closed on its line"]),
    ('["a\tb"]', ["1:4 a tab stands in this text"]),
    ('["C:\\Program"]', ["1:5 `\\P` has no meaning here"]),
    ('["a\\u12"]', ["1:4 `\\u` has no meaning here"]),
    ('["a\\u0000"]', ["1:2 the invisible character U+0000 (control character) is not allowed"]),
    ('["\\ud800"]', ["1:2 U+D800 is half a character"]),
    ('{"a\\u200b": 1}', ["1:2 in a key, the invisible character U+200B (zero width space) is not allowed"]),
    (
        "[\x00]",
        [
            "1:2 the invisible character U+0000 (control character) is not allowed",
            "1:2 `\ufffd` is not a value here",
        ],
    ),
    (
        "[1\x001]",
        [
            "1:3 the invisible character U+0000 (control character) is not allowed",
            "1:2 `1\ufffd1` is not a value here",
        ],
    ),
    ("[1 \x00]", ["1:4 the invisible character U+0000 (control character) is not allowed"]),
]


@pytest.mark.parametrize(("text", "expected"), JSON_FAULTS, ids=[repr(text) for text, _ in JSON_FAULTS])
def test_a_fault_in_json_is_told_at_its_place(text: str, expected: list[str]) -> None:
    told = [f"{fault.span.line}:{fault.span.column} {fault.message}" for fault in read_json(text)[1] if fault.span]
    assert sorted(told) == sorted(expected)


def test_a_refused_word_in_json_stands_for_what_it_meant() -> None:
    document, _ = read_json("[True, None, NaN, 'a', ~]")
    assert document is not None
    assert document.data == [True, "None", None, "a", None]


# ------------------------------------------------------------------------------------------------------- files


def told(path: object) -> str:
    document, (fault,) = read_file(path, "f")  # type: ignore[arg-type]
    assert document is None
    return str(fault)


def test_a_file_is_read_by_its_ending(tmp_path: Path) -> None:
    for name, text in (
        ("a.yaml", "a: 1.50"),
        ("b.JSON", '{"a":\t1.50}'),
        ("c", "a: 1.50"),
        ("d.yml", '{"a": 1.50}'),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        document, faults = read_file(tmp_path / name)
        assert not faults
        assert document is not None
        assert (document.data, document.name) == ({"a": Decimal("1.50")}, str(tmp_path / name))


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbfa: 1\r\nb: yes\r\n")
    document, (fault,) = read_file(tmp_path / "a.yaml", "a.yaml")
    assert document is not None
    assert document.lines == ("a: 1", "b: yes", "")
    assert str(fault.span) == "a.yaml:2:4"


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = "f:1:1: error: there is no such file [file-missing]\n  help: check the name and the folder"
    (tmp_path / "text").touch()
    assert told(tmp_path / "no.yaml") == missing
    assert told(tmp_path / "text" / "no.yaml") == missing
    assert told("a\0b") == missing
    folder = "f:1:1: error: this is a folder [file-kind]\n  help: give the name of a file in it"
    assert told(tmp_path) == folder
    assert (
        told(tmp_path / ("x" * 5000)) == "f:1:1: error: the file cannot be read: file name too long [file-unreadable]"
    )

    def refuse(*_: object) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(builtins, "open", refuse)
    assert told(tmp_path / "text") == "f:1:1: error: the file cannot be read: permission denied [file-unreadable]"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert told(tmp_path / "pipe") == "f:1:1: error: this is not an ordinary file [file-kind]"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfea\x00", "f:1:1: error: the text is saved as UTF-16 [encoding]\n  help: save it as UTF-8"),
        (
            b"PK\x03\x04\x00",
            "f:1:1: error: this is not a text [encoding]\n  help: give a text saved as UTF-8",
        ),
        (
            "a: 1\né: ".encode() + b"\xe9",
            "f:2:4: error: the byte 0xe9 is not UTF-8 [encoding]\n  help: save the text as UTF-8",
        ),
        (
            b"\xef\xbb\xbf\xe9",
            "f:1:1: error: the byte 0xe9 is not UTF-8 [encoding]\n  help: save the text as UTF-8",
        ),
        (b"", "f:1:1: error: the text is empty [empty-text]"),
    ],
)
def test_a_file_that_is_not_text_is_a_fault(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "f.yaml").write_bytes(content)
    assert told(tmp_path / "f.yaml") == message


# ---------------------------------------------------------------------------------------------------- any text

PIECES = [
    *"{}[],:-?#&*!|>'\"%@`~<=. \n\t\\ay1é", ": ", "- ", "\n  ", "\n    ", "|\n  ", "---\n", "...\n", "<<: ", "a: ",
    "yes", "null", "1.5", "9:30", "\r\n", "\r", "\x00", "\u2028", "\u202e", "\ufeff", "\ud800", "\\u0041", "\\x00", "😀", "\xa0",
]  # fmt: skip
texts = st.text() | st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@given(texts)
def test_no_text_raises_and_every_fault_has_a_place(text: str) -> None:
    for read in (parse, read_json):
        document, faults = read(text)
        assert document is not None or faults
        for fault in faults:
            assert fault.span is not None
            assert 1 <= fault.span.line <= text.count("\n") + 1 + text.count("\r")
            assert fault.span.column >= 1
            assert (fault.span.line, fault.span.column) <= (fault.span.end_line, fault.span.end_column)
            assert str(fault)
        if document is not None:
            assert set(document.values) >= set(document.keys)


@given(st.binary(max_size=60))
def test_no_bytes_raise(content: bytes) -> None:
    for read in (parse, read_json):
        document, faults = read(content)
        assert document is not None or faults


@given(texts)
@example("a: [b\n c, {d: 'e\n  f'}]\ng: >-\n  h\n\n")
@example("a: {b: , c: d? e, ? f}")
@example("{a:[b]}")
def test_both_parsers_accept_the_same_with_the_same_data_and_places(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        readings = []
        for loader in LOADERS:
            patch.setattr(source, "_LOADER", loader)
            readings.append(parse(text))
    if all(not faults for _, faults in readings) or any(not faults for _, faults in readings):
        first = readings[0]
        assert all(reading == first for reading in readings)


words = st.from_regex(r"[a-xé][a-z_]{1,7}", fullmatch=True).filter(lambda word: word.lower() not in source._MEANT)
quoted = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Cn", "Cf", "Co"]), max_size=12)
numbers = st.integers(-(10**12), 10**12) | st.decimals(-1000, 1000, places=2, allow_nan=False)
values = st.recursive(
    words | quoted | numbers | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=15,
)


def written(value: object, *, flow: bool, indent: int = 0) -> str:
    """A value as a careful author writes it."""
    if isinstance(value, list) and value and not flow:
        return "".join(f"\n{' ' * indent}- {written(item, flow=True)}" for item in value)
    if isinstance(value, dict) and value and not flow:
        inner = indent + 2
        return "".join(
            f"\n{' ' * indent}{key}: {written(item, flow=flow, indent=inner)}" for key, item in value.items()
        )
    if isinstance(value, list):
        return f"[{', '.join(written(item, flow=True) for item in value)}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}": {written(item, flow=True)}' for key, item in value.items()) + "}"
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, str) and value.isidentifier() and value.islower() and len(value) > 5 and not flow:
        return value
    return json.dumps(value, ensure_ascii=False)


def flat(value: object, path: tuple[str | int, ...] = ()) -> dict[tuple[str | int, ...], object]:
    """Every value within a value, by its path."""
    found = {path: value}
    inner = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
    for key, item in inner:
        found |= flat(item, (*path, key))
    return found


@given(values, st.booleans())
def test_the_text_at_the_span_of_a_value_is_that_value(value: object, flow: bool) -> None:
    for read, text in ((parse, written(value, flow=flow)), (read_json, written(value, flow=True))):
        document, faults = read(text)
        assert not faults, text
        assert document is not None
        assert document.data == value
        assert set(document.values) == set(flat(value))
        for path, inner in flat(value).items():
            shown = text_at(document, document.values[path])
            again, _ = read(" " * (document.values[path].column - 1) + shown)
            assert again is not None
            assert again.data == inner
            if path and isinstance(path[-1], str):
                assert text_at(document, document.keys[path]).strip('"') == path[-1]


# ---------------------------------------------------------------------------------------------- public vectors


def as_texts(value: object) -> object:
    """Data as it was written, for comparing with a reader that leaves every scalar a text."""
    if isinstance(value, dict):
        return {as_texts(key): as_texts(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_texts(item) for item in value]
    return json.dumps(value) if value is None or isinstance(value, bool) else str(value)


@pytest.mark.parametrize("case", SUITE, ids=[case["id"] for case in SUITE])
def test_the_yaml_test_suite_is_refused_or_read_as_the_library_reads_it(loader: Any, case: dict[str, Any]) -> None:
    document, faults = parse(case["yaml"])
    if case["fail"]:
        assert faults
    elif not faults:
        assert document is not None
        base = yaml.CBaseLoader if loader is getattr(yaml, "CSafeLoader", None) else yaml.BaseLoader
        assert as_texts(document.data) == base(case["yaml"]).get_single_data()


def test_much_of_the_yaml_test_suite_is_read_without_a_fault() -> None:
    assert sum(not case["fail"] and not parse(case["yaml"])[1] for case in SUITE) == 114


@pytest.mark.parametrize("read", [parse, read_json])
def test_naughty_strings_come_back_unchanged_or_are_refused_for_a_character(read: Any) -> None:
    refused = 0
    for text in NAUGHTY:
        document, faults = read(json.dumps({"key": text}, ensure_ascii=False))
        if faults:
            assert {fault.code for fault in faults} <= {"character"}
            assert source._REFUSED.search(text)
            refused += 1
        else:
            assert document.data == {"key": text}
    assert refused == 17


# ----------------------------------------------------------------------------------------------- hostile texts

HOSTILE = {
    "brackets": "'[' * 200_000",
    "braces and brackets": "'[{' * 200_000",
    "deep blocks": "chr(10).join(' ' * depth + 'a:' for depth in range(1_900))",
    "deep lists": "'- ' * 900_000",
    "question marks": "'? ' * 500_000",
    "aliases": "'a: &a [x]' + chr(10) + ''.join(f'k{i}: &k{i} [*a, *a, *a]' + chr(10) for i in range(40_000))",
    "merges": "''.join(f'k{i}: &k{i} {{<<: [*a, *b]}}' + chr(10) for i in range(40_000))",
    "one long time": "'1:59:59:' * 75_000",
    "one long time as a value": "'a: ' + '1:59:59:' * 75_000 + '1'",
    "many times": "('- 1:59:59' + chr(10)) * 60_000",
    "50 MB": "'a' * 50_000_000",
    "50 MB of bytes": "b'a' * 50_000_000",
    "NUL": "chr(0) * 2_000_000",
    "half characters": "chr(0xD800) * 2_000_000",
    "directives": "('%YAML 1.1' + chr(10)) * 150_000",
    "tag directives": "''.join(f'%TAG !e{i}! tag:x' + chr(10) for i in range(80_000))",
    "tabs": "(chr(9) + chr(10)) * 900_000",
    "colons": "': ' * 900_000",
    "documents": "('---' + chr(10)) * 400_000",
    "duplicates": "('a: 1' + chr(10)) * 300_000",
    "comments": "('#' + chr(10)) * 900_000",
    "spaces before a comment": "'[' + ' ' * 1_900_000 + '#'",
    "codes": "'\"' + (chr(92) + 'x00') * 400_000 + '\"'",
    "quotes": "chr(39) * 1_900_001",
    "one long line": "'a ' * 900_000",
    "many lines": "('a' + chr(10)) * 900_000",
    "empty texts": "('a: |' + chr(10) + chr(10) * 40_000) * 45",
}  # fmt: skip

MEASURE = """
import json, sys, time
from trainingrules.source import parse, read_json
texts = json.load(sys.stdin)
for name, code in texts.items():
    text = eval(code)
    for read in (parse, read_json):
        began = time.process_time()
        document, faults = read(text)
        print(json.dumps([name, read.__name__, time.process_time() - began, len(faults)]), flush=True)
try:
    import resource
    print(json.dumps(["memory", "", 0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))
except ImportError:
    pass
"""


def test_hostile_texts_end_soon_and_break_nothing() -> None:
    """
    In a process of its own, so that a segfault is a failed test. Each ends well within a second here; the bound is
    wider for the sake of slow machines, and far from what a text that works gets to.
    """
    paths = os.pathsep.join(entry for entry in sys.path if entry)
    process = subprocess.run(
        [sys.executable, "-c", MEASURE],
        input=json.dumps(HOSTILE),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=os.environ | {"PYTHONPATH": paths},
    )
    assert process.returncode == 0, process.stderr[-2000:] or process.returncode
    rows = [json.loads(line) for line in process.stdout.splitlines()]
    assert len({row[0] for row in rows} - {"memory"}) == len(HOSTILE)
    for name, read, seconds, count in rows:
        if name != "memory":
            assert seconds < 3, (name, read)
            assert count <= 1_001, (name, read)
        elif sys.platform.startswith("linux"):
            assert count < 400_000, "kilobytes"


def test_a_long_policy_is_read_without_a_wait(benchmark_text: str) -> None:
    document, faults = parse(benchmark_text)
    assert document is not None
    assert not faults
    began = time.process_time()
    parse(benchmark_text)
    assert time.process_time() - began < 0.5  # 0.015 here


@pytest.fixture
def benchmark_text() -> str:
    return "".join(
        f"rule_{number}:\n  nl: Een imker met ervaring.\n  en: A bee-keeper with experience.\n"
        "  source: [EX-03, EX-04]\n  must: {experience: {at_least: 3 years}, price: {at_most: 445.00}}\n"
        for number in range(200)
    )


def test_the_first_line_of_a_block_out_of_line_is_blamed_itself() -> None:
    """
    One line against two: the fault stands at the one, not at the first of the two.
    """
    _, faults = parse("rule:  # a comment\n   nl: Een\n    en: One\n    of: Two\n", "p.yaml")
    assert [(str(fault.span), fault.message) for fault in faults] == [
        ("p.yaml:2:4", "this line is not indented as far as the lines below, which belong with it")
    ]
    _, faults = parse("rule:\n  nl: Een\n    en: One\n", "p.yaml")
    assert str(faults[0].span).startswith("p.yaml:3:")
