"""`new`: a small sample policy, for an author to replace piece by piece."""

from __future__ import annotations

from pathlib import Path

import click

from trainingrules.cli import screen
from trainingrules.cli.parameters import EXIT_CODES, shown
from trainingrules.starting import start


@click.command(epilog=EXIT_CODES, short_help="Start a policy from a small sample.")
@click.argument("name")
@click.option(
    "--folder", type=click.Path(path_type=Path), default=Path(), show_default="here", help="Where to make it."
)
def new(name: str, folder: Path) -> int:
    """Start a policy: a small sample with its statements, examples and schemas, for you to replace piece by piece.

    NAME has small letters, digits and underscores. The sample is complete: check, test, ask and every other
    command work on it before you change a word, and keep working after each change that is right. Nothing that is
    there already is written over.

    For next year's edition of a policy you need no new one: change the file you have, and compare the two.

    \b
    Examples:
      trainingrules new my_policy
      trainingrules new my_policy --folder conditions
    """
    made = start(name, folder)
    for file in made.files:
        screen.say(f"made {shown(file)}")
    policy = _typed(shown(made.policy))
    screen.say(
        "",
        f"Open {policy} and change one thing at a time. After each change: is it well written, do the examples",
        "still come out, and what does one person hear?",
        f"  trainingrules check {policy}",
        f"  trainingrules test {policy}",
        f"  trainingrules ask {policy} --eligibility take_part --on 2026-03-02 -f age=17",
    )
    return 0


def _typed(path: Path) -> str:
    """A path as it is typed in any shell."""
    return f'"{path}"' if " " in str(path) else str(path)
