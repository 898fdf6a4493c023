"""The command line: questions to a policy, and the tools of its author."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any, TextIO

import click

from trainingrules import __version__
from trainingrules.cli import screen
from trainingrules.cli.asking import ask, facts, list_policies
from trainingrules.cli.checking import check
from trainingrules.cli.comparing import diff
from trainingrules.cli.covering import coverage
from trainingrules.cli.explaining import explain
from trainingrules.cli.querying import sql
from trainingrules.cli.schemas import schema
from trainingrules.cli.showing import handbook
from trainingrules.cli.sourcing import source
from trainingrules.cli.starting import new
from trainingrules.cli.tabling import table
from trainingrules.cli.testing import test
from trainingrules.diagnostics import FactError, PolicyError, TrainingRulesError, did_you_mean

DEBUG = "TRAININGRULES_DEBUG"
UNUSABLE, INTERRUPTED, NOBODY_READS = 2, 130, 141


class Program(click.Group):
    """All commands, with one promise: it ends with a code and a sentence, never with a traceback."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command line; on its own (`standalone_mode`) it ends the program."""
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        screen.prepare()
        try:
            code = self._code(args, prog_name, complete_var, **extra)
            for stream in (sys.stdout, sys.stderr):
                if stream is not None:
                    stream.flush()
        except (screen.Gone, BrokenPipeError):
            code = NOBODY_READS
            _let_go()
        except OSError as reason:  # the disk is full
            code = UNUSABLE
            _let_go()
            screen.complain(f"error: the output cannot be written: {reason.strerror}")
        sys.exit(code)

    def _code(self, args: Sequence[str] | None, prog_name: str | None, complete_var: str | None, **extra: Any) -> int:
        """The exit code, after saying what went wrong."""
        try:
            return super().main(args, prog_name, complete_var, standalone_mode=False, **extra) or 0
        except click.Abort:
            return INTERRUPTED
        except click.ClickException as error:
            error.show()
        except (PolicyError, FactError) as error:
            screen.complain_faults(error.diagnostics)
        except TrainingRulesError as error:
            screen.complain(f"error: {error}")
        except screen.Gone:
            raise
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            screen.complain(f"error: {where}{(error.strerror or str(error)).lower()}")
        except Exception as error:  # noqa: BLE001 - whatever it is, a person gets a sentence
            if os.environ.get(DEBUG):
                traceback.print_exc()
            what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
            screen.complain(f"internal error: {what}; please report it ({DEBUG}=1 shows the traceback)")
        return UNUSABLE

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is named, with a hint when it is misspelt."""
        if args and args[0][:1].isalnum() and self.get_command(ctx, args[0]) is None:
            hint = did_you_mean(args[0], self.commands)
            ctx.fail(f"there is no command `{args[0]}`{f'; {hint}' if hint else ''}")
        return super().resolve_command(ctx, args)


def _let_go() -> None:
    """Nobody reads, so the flush at the end of Python must not fail a second time."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            _to_nowhere(stream)


def _to_nowhere(stream: TextIO) -> None:
    try:
        stream.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


@click.group(
    cls=Program,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Start with:
  trainingrules list                    which policies there are
  trainingrules list calibris           what can be asked of one
  trainingrules ask calibris --deadline notice --on 2026-03-01 -f licensed_on=2025-03-15

\b
Exit codes: 0 all is well, 1 there are findings, 2 the command or what it was given cannot be used.
Answers are in Dutch, or in English with --lang en or TRAININGRULES_LANG=en. POLICY is the name of a
bundled policy or the path of a YAML file. NO_COLOR=1 leaves colour out.""",
)
@click.version_option(__version__, prog_name="trainingrules", message="%(prog)s %(version)s")
def main() -> None:
    """Conditions of training organisations as readable policies: who may, what it costs, by when, and why.

    Every answer names the statements of the source it rests on, and the facts that are still missing.
    """


_COMMANDS = (
    list_policies, ask, table, sql, facts, new, check, explain, test, coverage, source, diff, schema, handbook,
)  # fmt: skip

for _command in _COMMANDS:
    main.add_command(_command)

__all__ = ["Program", "main"]
