"""What the hooks of pre-commit run: a command on the policies that the files of a commit belong to."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from trainingrules.cli import main as command

# The folders beside a policy in which files of its name belong to it.
BESIDE = ("examples", "statements")


def policies_of(files: Iterable[str]) -> list[str]:
    """
    The policies that files belong to, each once: a policy itself, or the one whose examples or statements changed.

    >>> policies_of(["policies/examples/bees.yaml", "policies/bees.yaml", "policies/statements/bees.carried.yaml"])
    ['policies/bees.yaml']
    """
    found: dict[str, None] = {}
    for file in map(Path, files):
        if file.parent.name in BESIDE:
            file = file.parent.parent / f"{file.name.split('.')[0]}.yaml"
        found[file.as_posix()] = None
    return list(found)


def main(arguments: Sequence[str]) -> None:
    """Run the command that the first argument names on the policies of the files that follow, and end with its code."""
    name, *files = arguments
    # Of a policy that was taken away nothing is left to check.
    policies = [policy for policy in policies_of(files) if Path(policy).is_file()]
    if policies:
        command([name, *policies], prog_name="trainingrules")


if __name__ == "__main__":
    main(sys.argv[1:])
