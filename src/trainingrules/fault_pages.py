"""The explanation of every fault as a text to read: one of them on the terminal, all of them as a page."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping

from trainingrules.codes import CODES, PAGES, Page
from trainingrules.words import Language, Text

# The files that hold the pages, in the folder of the documentation.
FILES: Mapping[str, Language] = {"faults.md": "en", "faults.nl.md": "nl"}

_HEAD = Text(
    """\
<!-- Written from the code by `trainingrules.fault_pages`. Not edited by hand: a test compares. -->

# Fouten en waarschuwingen

Wat `trainingrules check` kan melden, bij de code die achter elke melding staat; `trainingrules explain CODE` toont
hetzelfde. De voorbeelden horen bij het [kleine beleid](language.md#one-small-policy-complete) over imkers.
[In English](faults.md)
""",
    """\
<!-- Written from the code by `trainingrules.fault_pages`. Not edited by hand: a test compares. -->

# Faults and warnings

What `trainingrules check` may report, by the code that stands behind each message; `trainingrules explain CODE` shows
the same. The examples go with the [small policy](language.md#one-small-policy-complete) on bee-keepers.
[In het Nederlands](faults.nl.md)
""",
)
_WRONG, _RIGHT, _MEND = Text("Fout:", "Wrong:"), Text("Goed:", "Right:"), Text("Verhelpen:", "To mend it:")
_PLACES = {
    "policy": Text("in een beleid", "in a policy"), "catalogue": Text("in een catalogus", "in a catalogue"),
    "examples": Text("in een bestand met voorbeelden", "in a file of examples"),
    "facts": Text("in een bestand met feiten", "in a file of facts"),
    "command": Text("op de opdrachtregel", "on the command line"),
}  # fmt: skip
_LINK = re.compile(r"\[([^\]]*)\]\([\w.]+\.md[#\w-]*\)")


def page_of(code: str, language: Language, width: int = 100) -> str:
    """
    The explanation of one code, for a terminal.

    >>> print(page_of("twice", "en").splitlines()[0])
    twice: The same is listed twice
    """
    page = CODES[code]
    same = ", ".join(other for other in page.codes if other != code)
    parts = [f"{code}: {page.title[language]}", *([textwrap.fill(f"({same})", width)] if same else []), ""]
    parts += [textwrap.fill(page.means[language], width), ""]
    for word, shown in ((_WRONG, page.wrong), (_RIGHT, page.right)):
        if shown:
            parts += [f"{word[language]} ({_PLACES[page.where][language]})", textwrap.indent(shown, "    "), ""]
    mend = _LINK.sub(r"\1", page.mend[language])
    return "\n".join([*parts, textwrap.fill(f"{_MEND[language]} {mend}", width)])


def faults_page(language: Language) -> str:
    """
    Every explanation as one page of Markdown; `docs/faults.md` and `docs/faults.nl.md` hold it.

    >>> print(faults_page("en").splitlines()[2])
    # Faults and warnings
    """
    rows = [f"| [`{code}`](#{_anchor(page)}) | {page.title[language]} |" for code, page in sorted(CODES.items())]
    index = "\n".join(["| code | |", "| --- | --- |", *rows])
    return "\n".join([_HEAD[language], f"{index}\n", *(_section(page, language) for page in PAGES)])


def _anchor(page: Page) -> str:
    return "-".join(page.codes)


def _section(page: Page, language: Language) -> str:
    lines = [f"## {' '.join(page.codes)}", "", f"**{page.title[language]}.** {page.means[language]}", ""]
    for word, shown in ((_WRONG, page.wrong), (_RIGHT, page.right)):
        if shown:
            fence = "console" if page.where == "command" else "yaml"
            lines += [f"{word[language]} ({_PLACES[page.where][language]})", "", f"```{fence}", shown, "```", ""]
    return "\n".join([*lines, f"{_MEND[language]} {page.mend[language]}", ""])
