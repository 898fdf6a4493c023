"""`explain`: what does a fault mean, and how is it mended?"""

from __future__ import annotations

import shutil

import click

from trainingrules.cli import screen
from trainingrules.cli.parameters import EXIT_CODES, language
from trainingrules.codes import CODES
from trainingrules.diagnostics import did_you_mean
from trainingrules.fault_pages import page_of
from trainingrules.words import Language


def _codes(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    return [code for code in CODES if code.startswith(incomplete)]


@click.command(epilog=EXIT_CODES, short_help="Explain a fault by its code.")
@click.argument("code", metavar="[CODE]", required=False, shell_complete=_codes)
@language
def explain(code: str | None, lang: Language) -> int:
    """Explain a fault: what it means, why it is one, a wrong and a right example, and how to mend it.

    CODE stands between brackets behind each message of `check`. Without CODE: all codes, with what they say.

    \b
    Examples:
      trainingrules explain unknown-fact
      trainingrules explain impossible-date --lang en
      trainingrules explain
    """
    if code is None:
        screen.say(*screen.columns((name, CODES[name].title[lang]) for name in sorted(CODES)))
        return 0
    code = code.strip("[]")
    if code not in CODES:
        hint = did_you_mean(code, CODES) or "`trainingrules explain` lists them all"
        raise click.UsageError(f"there is no code `{code}`; {hint}")
    screen.say(page_of(code, lang, min(screen.WIDEST, max(60, shutil.get_terminal_size((100, 24)).columns))))
    return 0
