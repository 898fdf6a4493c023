"""What the commands take: days, rounds, rates, languages, and policies by name or path."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

import click

from trainingrules.calendar import parse_date, parse_moment
from trainingrules.diagnostics import Diagnostic, PolicyError
from trainingrules.engines import ENGINES
from trainingrules.loading import bundled, load, locate
from trainingrules.policy import Policy
from trainingrules.words import LANGUAGES

MOST_ROUNDS = 1_000
Command = TypeVar("Command", bound=Callable[..., Any])

EXIT_CODES = """\b
Exit codes:
  0  all is well
  1  there are findings
  2  the command or what it was given cannot be used"""


class _Day(click.ParamType):  # type: ignore[type-arg]  # not generic in click 8.1
    """A day, or a moment with its offset."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date | datetime:
        if isinstance(value, date):
            return value
        try:
            return parse_moment(value) if "T" in value else parse_date(value)
        except ValueError as reason:
            self.fail(f"{reason}; write 2026-03-01 or 2026-03-01T09:30:00+01:00", param, ctx)


class _Rounds(click.ParamType):  # type: ignore[type-arg]  # not generic in click 8.1
    """Numbers of rounds: `1,2,3` or `1-3`."""

    name = "rounds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        if isinstance(value, tuple):
            return value
        numbers: list[int] = []
        for part in value.split(","):
            ends = [end.strip() for end in part.split("-")]
            if len(ends) > 2 or not all(end.isascii() and end.isdigit() and len(end) < 6 for end in ends):
                self.fail(f"`{value}` are not numbers of rounds; write 1,2,3 or 1-3", param, ctx)
            first, last = int(ends[0]), int(ends[-1])
            if not 1 <= first <= last:
                self.fail(f"`{part}`: rounds count from 1, upwards", param, ctx)
            if len(numbers) + last - first >= MOST_ROUNDS:
                self.fail(f"these are too many rounds: at most {MOST_ROUNDS:,}", param, ctx)
            numbers += range(first, last + 1)
        return tuple(dict.fromkeys(numbers))


class _Rate(click.ParamType):  # type: ignore[type-arg]  # not generic in click 8.1
    """A percentage."""

    name = "percent"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        try:
            rate = Decimal(value)
        except InvalidOperation:
            self.fail(f"`{value}` is not a percentage such as 21", param, ctx)
        if not (rate.is_finite() and 0 <= rate <= 100 and -rate.as_tuple().exponent <= 6):  # type: ignore[operator]
            self.fail(f"`{value}` is not a percentage from 0 to 100", param, ctx)
        return rate


DAY, ROUNDS, RATE = _Day(), _Rounds(), _Rate()


def formats(*names: str) -> Callable[[Command], Command]:
    """The option `--format`."""
    return click.option(
        "--format", "form", type=click.Choice(names), default=names[0], show_default=True,
        help="How to print the result.",
    )  # fmt: skip


def language(command: Command) -> Command:
    """The option `--lang`."""
    return click.option(
        "--lang", "lang", type=click.Choice(LANGUAGES), default="nl", show_default=True,
        envvar="TRAININGRULES_LANG", show_envvar=True, help="The language of the answer.",
    )(command)  # fmt: skip


def engine(command: Command) -> Command:
    """The option `--engine`."""
    return click.option(
        "--engine", type=click.Choice(ENGINES), default=ENGINES[0], show_default=True,
        help="Who decides: compiled programs, the reference engine, durable-rules, or these two, compared.",
    )(command)  # fmt: skip


def policy_argument(*, several: bool = False, required: bool = True) -> Callable[[Command], Command]:
    """The argument POLICY: the name of a bundled policy, or the path of a file."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
        return [name for name in bundled() if name.startswith(incomplete)]

    if several:
        return click.argument("policies", metavar="[POLICY]...", nargs=-1, shell_complete=complete)
    return click.argument("policy", metavar="POLICY" if required else "[POLICY]", required=required,
                          shell_complete=complete)  # fmt: skip


def shown(path: Path) -> Path:
    """The path as a person would type it here: from this folder on, when it is below it."""
    try:
        return path.relative_to(Path.cwd()) if path.is_absolute() else path
    except (ValueError, OSError):
        return path


def file_of(name: str) -> Path:
    """
    The file of a bundled policy, or of a path.

    Raises:
        PolicyError: there is neither.
    """
    try:
        return shown(locate(name))
    except OSError as reason:  # a name that no file can have, such as one of 5,000 characters
        fault = Diagnostic("file-missing", f"there is no such file: {os.strerror(reason.errno or 0).lower()}")
        raise PolicyError([fault]) from None


def policy_of(name: str) -> Policy:
    """
    The policy of a name or a path.

    Raises:
        PolicyError: it has faults; the error holds them all.
    """
    return load(file_of(name))
