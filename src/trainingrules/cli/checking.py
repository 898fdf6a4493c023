"""`check`: is what an author wrote right, and what can be mended?"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from trainingrules import __version__
from trainingrules.cli import screen
from trainingrules.cli.findings import counted, errors_of, unreadable
from trainingrules.cli.parameters import EXIT_CODES, file_of, formats
from trainingrules.diagnostics import MOST_SHOWN, Diagnostic, PolicyError, render
from trainingrules.fixes import difference
from trainingrules.inspecting import inspect, mend
from trainingrules.loading import bundled
from trainingrules.reporting import github, plain, sarif
from trainingrules.saving import replace_file
from trainingrules.source import LIMITS

STDIN = "<stdin>"


@dataclass(frozen=True, slots=True)
class _Checked:
    """One thing to check, and what was found: what it is called on the command line, its file, its faults."""

    name: str
    file: str
    faults: tuple[Diagnostic, ...]
    ours: bool = True
    mended: int = 0


@dataclass(frozen=True, slots=True)
class _Given:
    """What came on standard input, and the file it is, or will be, of."""

    name: str
    text: bytes


@click.command(epilog=EXIT_CODES, short_help="Check what you wrote, and mend it.")
@click.argument("files", metavar="[FILE]...", nargs=-1)
@click.option("--strict", is_flag=True, help="Warnings are findings too.")
@click.option("--fix", "fix", is_flag=True, help="Mend what can safely be mended, and show the change.")
@click.option("--diff", "diff", is_flag=True, help="Only show what --fix would change.")
@click.option("--stdin-name", metavar="PATH", help="With `-`: the file that the text is of, or will be.")
@formats("text", "json", "github", "sarif")
def check(files: tuple[str, ...], strict: bool, fix: bool, diff: bool, stdin_name: str | None, form: str) -> int:
    """Check policies, catalogues of statements and files of examples: every fault and warning, with its place and
    what to do about it. What a file is, is told from its keys.

    FILE is a file, a folder with all that lies below it, the name of a bundled policy, or - for standard input.
    Without FILE all bundled policies are checked. A policy is checked with its catalogue. Its examples are files of
    their own, held against the policy beside them: check the folder, or run `trainingrules test`.

    Warnings alone are no findings, unless --strict. As text and for GitHub at most 100 faults are printed and the
    rest are counted; json and sarif hold them all. `trainingrules explain CODE` tells more about a fault.

    --fix mends what can have been meant in one way only: a misspelt name, a day or an amount in another notation, a
    space that is missing, the order of the sections. It never makes a new fault, and leaves all else as it is, byte
    for byte.

    \b
    Examples:
      trainingrules check my-policy.yaml
      trainingrules check policies --strict
      trainingrules check my-policy.yaml --diff
      trainingrules check my-policy.yaml --fix
      trainingrules check - --stdin-name policies/my-policy.yaml < draft.yaml
      trainingrules check policies --format sarif > faults.sarif
    """
    _agree(files, fix, diff, stdin_name, form)
    given = _Given(stdin_name or STDIN, sys.stdin.buffer.read(LIMITS.size + 1) if "-" in files else b"")
    code, checked = 0, []
    told: set[Diagnostic] = set()
    for one in _all(files, given):
        mended = 0
        if fix or diff:
            failed, mended = _mend(one, given, write=fix, show=form == "text")
            code = max(code, failed, int(diff and mended > 0))
            if fix and mended:
                one = replace(_inspected(one.name, given), mended=mended)
        one = replace(one, faults=tuple(fault for fault in one.faults if fault not in told))
        told.update(one.faults)
        checked.append(one)
    unusable = 2 if any(unreadable(one.faults) for one in checked) else 0
    if diff:
        return max(code, unusable)
    checked = [_only_safe(one, given) for one in checked]
    _TOLD[form](checked)
    findings = any(one.faults if strict else errors_of(one.faults) for one in checked)
    return max(code, unusable, int(findings))


def _agree(files: tuple[str, ...], fix: bool, diff: bool, stdin_name: str | None, form: str) -> None:
    """Refuse options that do not go together."""
    if fix and diff:
        raise click.UsageError("--fix and --diff do not go together: --fix shows what it changes")
    if diff and form != "text":
        raise click.UsageError("--diff is text; leave out --format")
    if fix and not files:
        raise click.UsageError("--fix needs a FILE: bundled policies are mended by their name only")
    if fix and "-" in files:
        raise click.UsageError("--fix writes files; with standard input, use --diff")
    if stdin_name is not None and "-" not in files:
        raise click.UsageError("--stdin-name goes with `-`")


# --- what to check ---


def _all(files: tuple[str, ...], given: _Given) -> Iterator[_Checked]:
    """Everything to check, each once; a folder stands for what is ours below it."""
    seen: set[str] = set()
    for one in _named(files, given):
        place = os.path.realpath(one.file)
        if place not in seen:
            yield one
        seen.add(place)


def _named(files: tuple[str, ...], given: _Given) -> Iterator[_Checked]:
    for name in files or bundled():
        if not os.path.isdir(name) or name in bundled():
            yield _inspected(name, given)
            continue
        ours = [one for one in (_inspected(str(file), given) for file in _below(Path(name))) if one.ours]
        if not ours:
            raise click.UsageError(f"there is no policy, catalogue or file of examples in `{name}`")
        yield from ours


def _below(folder: Path) -> Iterator[Path]:
    """The YAML files in a folder and the folders in it, save what is hidden."""
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.endswith((".yaml", ".yml")) and not name.startswith("."):
                yield Path(top) / name


def _inspected(name: str, given: _Given) -> _Checked:
    try:
        file = Path(given.name) if name == "-" else file_of(name)
        found = inspect(file, given.text if name == "-" else None)
    except PolicyError as error:
        return _Checked(name, name, error.diagnostics)
    return _Checked(
        given.name if name == "-" else name, str(file), found.faults, ours=found.sort not in (None, "record")
    )


# --- what can be mended ---


def _texts(one: _Checked, given: _Given) -> Iterator[tuple[str, str]]:
    """The files that have faults with edits, and what they hold: a policy, and its catalogue."""
    for file in dict.fromkeys(edit.span.file for fault in one.faults for edit in fault.edits):
        try:
            data = given.text if file == given.name else Path(file).read_bytes()
            yield file, data.decode("utf-8")
        except (OSError, UnicodeDecodeError):
            continue  # gone since, or not to be read: that is among the faults


def _mend(one: _Checked, given: _Given, *, write: bool, show: bool) -> tuple[int, int]:
    """Mend the files of one thing to check: the exit code, and how many faults were mended."""
    code, count = 0, 0
    for file, text in _texts(one, given):
        done = mend(Path(file), text)
        if done.text == text:
            continue
        if write:
            try:
                replace_file(Path(file), done.text.encode("utf-8"))
            except OSError as reason:
                screen.complain(f"error: {file} is not changed: {(reason.strerror or str(reason)).lower()}")
                code = 2
                continue
        count += len(done.fixed)
        if show:
            screen.say(difference(text, done.text, file).removesuffix("\n"))
    return code, count


def _only_safe(one: _Checked, given: _Given) -> _Checked:
    """The faults, of which only those that would be mended have edits left."""
    safe = [fault for file, text in _texts(one, given) for fault in mend(Path(file), text).fixed]
    return replace(one, faults=tuple(fault if fault in safe else replace(fault, edits=()) for fault in one.faults))


# --- how it is told ---


def _say_text(checked: Sequence[_Checked]) -> None:
    room = MOST_SHOWN
    for one in checked:
        lines = [render(fault) for fault in one.faults[:room]]
        room -= len(lines)
        if unreadable(one.faults):
            screen.complain("\n".join(lines))
            continue
        screen.say(*lines, f"{one.name}: {_summary([one])}")
    hidden = sum(len(one.faults) for one in checked) - (MOST_SHOWN - room)
    if hidden:
        screen.say(f"... and {hidden:,} more, which are not shown")
    if len(checked) > 1:
        screen.say(f"{counted(len(checked), 'file')}: {_summary(checked)}")
    able = [one for one in checked if any(fault.edits for fault in one.faults)]
    if able:
        count = sum(1 for one in able for fault in one.faults if fault.edits)
        names = " ".join(shlex.quote(one.name) for one in able[:5]) + (" ..." if len(able) > 5 else "")
        screen.say(f"{count:,} can be mended by `trainingrules check --fix {names}`")


def _summary(checked: Sequence[_Checked]) -> str:
    faults = [fault for one in checked for fault in one.faults]
    errors = len(errors_of(faults))
    mended = sum(one.mended for one in checked)
    more = f", {counted(len(faults) - errors, 'warning')}" if len(faults) > errors else ""
    return f"{counted(errors, 'fault')}{more}{f'; {mended:,} mended' if mended else ''}"


def _say_json(checked: Sequence[_Checked]) -> None:
    screen.say_json([{"file": one.file, "diagnostics": [plain(fault) for fault in one.faults]} for one in checked])


def _say_github(checked: Sequence[_Checked]) -> None:
    faults = [fault for one in checked for fault in one.faults]
    screen.say(*map(github, faults[:MOST_SHOWN]))
    if len(faults) > MOST_SHOWN:
        screen.say(f"::notice::... and {len(faults) - MOST_SHOWN:,} more, which are not shown")


def _say_sarif(checked: Sequence[_Checked]) -> None:
    screen.say_json(sarif([fault for one in checked for fault in one.faults], __version__))


_TOLD: Mapping[str, Callable[[Sequence[_Checked]], None]] = {
    "text": _say_text, "json": _say_json, "github": _say_github, "sarif": _say_sarif,
}  # fmt: skip
