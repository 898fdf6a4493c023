"""`check`: is the policy right?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from trainingrules.cli import screen
from trainingrules.cli.findings import counted, errors_of, unreadable
from trainingrules.cli.parameters import EXIT_CODES, file_of, formats
from trainingrules.diagnostics import Diagnostic, PolicyError
from trainingrules.loading import bundled, check_file


@click.command(epilog=EXIT_CODES, short_help="Check policies for faults.")
@click.argument("files", metavar="[FILE]...", nargs=-1)
@formats("text", "json")
def check(files: tuple[str, ...], form: str) -> int:
    """Check policies: every fault and warning, with its place and what to do about it.

    Without FILE all bundled policies are checked. Warnings alone are no findings.

    \b
    Examples:
      trainingrules check my-policy.yaml
      trainingrules check calibris bcmb
      trainingrules check policies/*.yaml --format json
    """
    code, told = 0, []
    for name in files or bundled():
        faults: Sequence[Diagnostic]
        try:
            file = file_of(name)
            faults = check_file(file).diagnostics
        except PolicyError as error:
            file, faults = Path(name), error.diagnostics
        errors = errors_of(faults)
        nothing = unreadable(faults)
        code = max(code, 2 if nothing else 1 if errors else 0)
        told.append({"file": str(file), "diagnostics": [screen.fault_to_plain(fault) for fault in faults]})
        if form == "text":
            (screen.complain_faults if nothing else screen.say_faults)(faults)
            warned = len(faults) - len(errors)
            more = f", {counted(warned, 'warning')}" if warned else ""
            if not nothing:
                screen.say(f"{name}: {counted(len(errors), 'fault')}{more}")
    if form == "json":
        screen.say_json(told)
    return code
