"""What comes on the screen: results on stdout, faults on stderr, colour only where a person looks."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

import click

from trainingrules.answers.plain import to_plain
from trainingrules.diagnostics import Diagnostic, report

WIDEST = 110
_COLOURS = {
    "error": "red", "warning": "yellow", "✓": "green", "✗": "red", "≠": "yellow", "?": "cyan", "…": "cyan",
    "–": "bright_black",
}  # fmt: skip
# A severity after a place or at the start of a line; the mark of a requirement or a duty after its indent.
_SEVERITY = re.compile(r"^((?:.*:\d+:\d+: )?)(error|warning)(?=: )", re.MULTILINE)
_MARK = re.compile(r"^( +)([✓✗≠?…–])(?= )", re.MULTILINE)


class Gone(Exception):
    """Whoever was reading the output has stopped, as `head` does."""


def prepare() -> None:
    """UTF-8 on every system and in every locale; what cannot be written is shown, not raised."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def coloured(stream: TextIO | None) -> bool:
    """Whether a person looks, and has not asked for plain text (https://no-color.org)."""
    wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return wanted and stream is not None and stream.isatty()


def paint(text: str) -> str:
    """
    The severities and marks of a text in colour, and nothing else.

    >>> paint("  ✓ klopt") == "  " + click.style("✓", fg="green") + " klopt"
    True
    """

    def painted(found: re.Match[str]) -> str:
        return found[1] + click.style(found[2], fg=_COLOURS[found[2]])

    return _MARK.sub(painted, _SEVERITY.sub(painted, text))


def _write(text: str, stream: TextIO | None) -> None:
    colour = coloured(stream)
    try:
        click.echo(paint(text) if colour else text, file=stream, color=colour)
    except BrokenPipeError:
        raise Gone from None


def say(*lines: str) -> None:
    """A result."""
    _write("\n".join(lines), sys.stdout)


def complain(text: str) -> None:
    """What keeps the command from giving its result."""
    _write(text, sys.stderr)


def say_json(value: Any) -> None:
    """A result as JSON: money as decimal text, days as ISO text."""
    say(json.dumps(value, ensure_ascii=False, indent=2, default=to_plain))


def say_faults(diagnostics: Sequence[Diagnostic]) -> None:
    """Faults that are the result."""
    if diagnostics:
        say(report(diagnostics))


def complain_faults(diagnostics: Sequence[Diagnostic]) -> None:
    """Faults that keep the command from giving its result."""
    if diagnostics:
        complain(report(diagnostics))


def fault_to_plain(one: Diagnostic) -> dict[str, Any]:
    """A fault for JSON; its place is null where it has none."""
    span = one.span
    return {
        "code": one.code, "severity": one.severity, "message": one.message, "help": one.help,
        "file": span.file if span else None,
        "line": span.line if span else None, "column": span.column if span else None,
        "end_line": span.end_line if span else None, "end_column": span.end_column if span else None,
    }  # fmt: skip


def columns(rows: Iterable[Sequence[str]], indent: int = 2, most: int = 40) -> list[str]:
    """
    Rows below each other; the last column is wrapped to the width of the screen.

    >>> columns([("a", "one"), ("bbb", "two")])
    ['  a    one', '  bbb  two']
    """
    rows = [tuple(row) for row in rows]
    if not rows:
        return []
    widths = [min(most, max(len(row[index]) for row in rows)) for index in range(len(rows[0]) - 1)]
    across = min(WIDEST, max(60, shutil.get_terminal_size((100, 24)).columns))
    lines = []
    for row in rows:
        head = " " * indent + "".join(f"{cell:<{width}}  " for cell, width in zip(row, widths, strict=False))
        hang = " " * (indent + sum(widths) + 2 * len(widths))
        if row[-1]:
            lines += textwrap.wrap(
                row[-1], across, initial_indent=head, subsequent_indent=hang,
                break_long_words=False, break_on_hyphens=False,
            )  # fmt: skip
        else:
            lines.append(head.rstrip())
    return lines
