"""`diff`: what does a new edition change, and for whom?"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import click

from trainingrules.changelog import alters, as_page, as_plain, as_text
from trainingrules.cli import screen
from trainingrules.cli.parameters import file_of, formats, policy_of, shown
from trainingrules.cli.revisions import committed, is_revision, load_committed
from trainingrules.comparing import Change, compare, effect
from trainingrules.diagnostics import Diagnostic, PolicyError
from trainingrules.examples import Example, examples_file, read_examples
from trainingrules.policy import Policy
from trainingrules.source import read_file
from trainingrules.words import LANGUAGES

# Fewer changes than this are compared before a bar could be read.
MANY = 3


_EXIT_CODES = """\b
Exit codes:
  0  no answer changes, which is proven
  1  something changes, or may
  2  one of the two cannot be used"""


@click.command(epilog=_EXIT_CODES, short_help="Show what a new edition changes, and for whom.")
@click.argument("old", metavar="[OLD]")
@click.argument("new", metavar="NEW", required=False)
@formats("text", "markdown", "json")
@click.option("--lang", "lang", type=click.Choice([*LANGUAGES, "both"]), default="nl", show_default=True,
              envvar="TRAININGRULES_LANG", show_envvar=True, help="The language; `both` is for Markdown.")  # fmt: skip
def diff(old: str, new: str | None, form: str, lang: str) -> int:
    """Show what a new edition of a policy changes in meaning, and for each change one person whose answer differs.

    OLD and NEW are names of bundled policies or paths of files. With one of them it is held against what git has of
    it; OLD may also be REVISION:FILE, as git writes it. Other words, names, order or layout change no answer: they
    are told apart. With --format markdown it writes the changelog for participants.

    The old conditions are asked as if they were still in force, so that a change of validity hides no other.

    \b
    Examples:
      trainingrules diff policies/guild-2026.yaml policies/guild-2027.yaml
      trainingrules diff policies/guild.yaml
      trainingrules diff v1.0:policies/guild.yaml policies/guild.yaml --format markdown --lang both
    """
    if lang == "both" and form != "markdown":
        raise click.UsageError("`--lang both` goes with --format markdown")
    if new is None and is_revision(old):
        raise click.UsageError("name the new edition too: trainingrules diff REVISION:FILE NEW")
    if new is None:
        old, new = committed(old), old
    before, after = _both(old, new)
    compared = compare(before, after)
    examples = _examples(new, after)
    with _progress(compared.changes) as each:
        effects = [effect(compared, change, examples=examples) for change in each]
    languages = [one for one in LANGUAGES if lang in (one, "both")]
    if form == "json":
        screen.say_json(as_plain(compared, effects))
    elif form == "markdown":
        screen.say(*as_page(compared, effects, languages))
    else:
        screen.say(*as_text(compared, effects, languages[0]))
    return 1 if alters(compared, effects) else 0


def _both(old: str, new: str) -> tuple[Policy, Policy]:
    """
    Both editions.

    Raises:
        PolicyError: one of them has faults; the error holds those of both.
    """
    found: list[Policy] = []
    faults: list[Diagnostic] = []
    for name, read in ((old, load_committed if is_revision(old) else policy_of), (new, policy_of)):
        try:
            found.append(read(name))
        except PolicyError as error:
            faults += error.diagnostics
    if faults:
        raise PolicyError(faults)
    return found[0], found[1]


def _examples(name: str, policy: Policy) -> Sequence[Example]:
    """The policy's own examples, from whose persons the search begins; without them it begins with nobody."""
    document, _ = read_file(shown(examples_file(file_of(name))))
    return read_examples(document, policy)[0] if document is not None else []


@contextmanager
def _progress(changes: Sequence[Change]) -> Iterator[Iterable[Change]]:
    """The changes, with a bar while a person waits."""
    if len(changes) < MANY or not sys.stderr.isatty():
        yield changes
    else:
        with click.progressbar(changes, label="diff", file=sys.stderr) as bar:
            yield bar
