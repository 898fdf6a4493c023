"""`handbook`: a policy as a page that a director can read."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import click

from trainingrules.cli import screen
from trainingrules.cli.findings import errors_of
from trainingrules.cli.parameters import EXIT_CODES, file_of, language, policy_argument, shown
from trainingrules.diagnostics import PolicyError, TrainingRulesError
from trainingrules.examples import Example, examples_file, read_examples
from trainingrules.handbook import MARK
from trainingrules.handbook import handbook as page_of
from trainingrules.loading import load
from trainingrules.policy import Policy
from trainingrules.source import read_file
from trainingrules.words import Language

STDOUT = "-"


@click.command(epilog=EXIT_CODES, short_help="Write a policy as a page to read and print.")
@policy_argument()
@click.option("-o", "--output", metavar="FILE", required=True, help="The page to write; `-` prints it.")
@click.option("--force", is_flag=True, help="Write over a file that is no handbook.")
@language
def handbook(policy: str, output: str, force: bool, lang: Language) -> int:
    """Write a policy as one HTML page that a director can read: conditions in sentences, prices, deadlines on a
    line of time, duties, what depends on what, what the source leaves open or does not say, and the examples.

    The page holds both languages and shows one of them first. It needs no network, and can be printed. The
    examples are those beside the policy, in examples/<policy>.yaml; without that file the page has none.

    \b
    Examples:
      trainingrules handbook calibris -o calibris.html
      trainingrules handbook my-policy.yaml -o page.html --lang en
      trainingrules handbook bcmb -o - > bcmb.html
    """
    file = file_of(policy)
    found = load(file)
    text = page_of(found, _examples(file, found), language=lang)
    if output == STDOUT:
        screen.say(text.rstrip("\n"))
        return 0
    target = Path(output)
    if not force and not _ours(target):
        raise TrainingRulesError(f"`{output}` exists and is no handbook; choose another name, or use --force")
    _write(target, text)
    screen.say(f"{output}: {found.title[lang]} ({found.edition}), {len(text.encode()) // 1000:,} kB")
    return 0


def _examples(file: Path, policy: Policy) -> list[Example]:
    """
    The examples beside a policy, if there are any.

    Raises:
        PolicyError: they have faults.
    """
    where = examples_file(file)
    if not where.exists():
        return []
    document, faults = read_file(shown(where))
    if document is None:
        raise PolicyError(faults)
    examples, wrong = read_examples(document, policy)
    if wrong := errors_of([*faults, *wrong]):
        raise PolicyError(wrong)
    return examples


def _ours(target: Path) -> bool:
    """Whether a file may be written over: it is not there, or it is a handbook."""
    if not target.exists():
        return True
    if not target.is_file():
        return False
    with target.open("rb") as file:
        return MARK.encode() in file.read(2_000)


def _write(target: Path, text: str) -> None:
    """Put a page in its place as a whole: whoever has it open never sees half of it."""
    folder = target.parent
    handle, name = tempfile.mkstemp(dir=folder, prefix=f".{target.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        mask = os.umask(0)
        os.umask(mask)
        part.chmod(0o666 & ~mask)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
