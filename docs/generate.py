"""Writes what is generated in this folder: the reference, the pages on faults, and the picture of a real answer."""

from __future__ import annotations

import io
import re
import shlex
import textwrap
from contextlib import redirect_stdout
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

from trainingrules.cli import main
from trainingrules.document import Document
from trainingrules.fault_pages import FILES, faults_page
from trainingrules.source import read_file
from trainingrules.vocabulary import reference_page

HERE = Path(__file__).parent
# The policy of a guild that does not exist: it uses every construct of the language.
GUILD = HERE.parent / "tests" / "policies" / "good"
COMMAND = (
    "ask bcmb --eligibility programme_b --on 2024-02-01 -f diploma_level=hbo -f specific_experience='2 years' --lang en"
)
WIDTH = 116
# What catches the eye: the marks, and the words a reader looks for first.
LOOKS = {r"^\$ .*": "bold", r"^ +✓": "green", r"^ +✗": "red", r"^ +\?": "yellow", r"^[^ $].*:$": "bold",
         r"^ +Source: .*": "dim", r"cannot be said yet": "bold yellow"}  # fmt: skip


def reference() -> str:
    """The page on every word of the language, with examples from the policy that uses each of them."""
    return reference_page(*(_guild(folder) for folder in ("", "statements", "examples")))


def _guild(folder: str) -> Document:
    document, faults = read_file(GUILD / folder / "guild.yaml")
    assert document is not None
    assert not faults
    return document


def answer() -> list[str]:
    """The command and what it prints, wrapped as a terminal would."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        main(shlex.split(COMMAND), standalone_mode=False)
    lines = [f"$ trainingrules {COMMAND}", *printed.getvalue().splitlines()]
    return [part for line in lines for part in textwrap.wrap(
        line, WIDTH, subsequent_indent=" " * (len(line) - len(line.lstrip()) + 4), drop_whitespace=False)]  # fmt: skip


def drawing() -> str:
    """The picture as SVG, with the reader's own fixed-width letters: nothing is fetched."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    for line in answer():
        text = Text(line)
        for pattern, look in LOOKS.items():
            text.highlight_regex(pattern, look)
        console.print(text, soft_wrap=True)
    console.print()
    template = re.sub(r"@font-face \{\{.*?\}\}|<!--.*?-->", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    return console.export_svg(title="trainingrules", code_format=template, unique_id="answer", font_aspect_ratio=0.6)


if __name__ == "__main__":
    for name, language in FILES.items():
        (HERE / name).write_text(faults_page(language), encoding="utf-8")
    (HERE / "reference.md").write_text(reference(), encoding="utf-8")
    (HERE / "answer.svg").write_text(drawing() + "\n", encoding="utf-8")
