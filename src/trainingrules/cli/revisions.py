"""A policy as git has it, with the catalogue of the same revision."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from trainingrules.cli.parameters import file_of
from trainingrules.diagnostics import Diagnostic, PolicyError
from trainingrules.loading import load
from trainingrules.policy import Policy
from trainingrules.source import read_file

_LAST = "HEAD"


def is_revision(name: str) -> bool:
    """
    Whether a name is one of git: a revision, a colon, and a file.

    >>> is_revision("HEAD:policies/guild.yaml"), is_revision("policies/guild.yaml")
    (True, False)
    """
    revision, colon, file = name.partition(":")
    return bool(revision and colon and file) and not Path(name).exists()


def committed(name: str) -> str:
    """The name of the last committed version of a file."""
    return f"{_LAST}:{file_of(name)}"


def load_committed(name: str) -> Policy:
    """
    The policy of `REVISION:FILE`, as it was then.

    Raises:
        PolicyError: git does not have it, or it had faults; the places of these bear the revision.
    """
    revision, _, path = name.partition(":")
    file = Path(path)
    with TemporaryDirectory() as folder:
        copy = Path(folder, file.name)
        copy.write_bytes(_shown(revision, file))
        document, _ = read_file(copy)
        named = document.data.get("statements") if document is not None and isinstance(document.data, dict) else None
        if isinstance(named, str) and not Path(named).is_absolute() and ".." not in Path(named).parts:
            catalogue = Path(folder, named)
            catalogue.parent.mkdir(parents=True, exist_ok=True)
            catalogue.write_bytes(_shown(revision, file.parent / named))
        try:
            return load(str(copy))
        except PolicyError as error:
            there = f"{revision}:{file.parent}"
            raise PolicyError([_placed(fault, folder, there) for fault in error.diagnostics]) from None


def _placed(fault: Diagnostic, folder: str, there: str) -> Diagnostic:
    if fault.span is None:
        return fault
    return replace(fault, span=replace(fault.span, file=fault.span.file.replace(folder, there)))


def _shown(revision: str, file: Path) -> bytes:
    """What git has of a file at a revision."""
    git = shutil.which("git")
    found = None
    if git is not None and file.parent.is_dir() and not revision.startswith("-"):
        found = subprocess.run(  # noqa: S603 - the arguments are a list, and the revision is no option
            [git, "-C", str(file.parent), "show", f"{revision}:./{file.name}"],
                               capture_output=True, check=False)  # fmt: skip
    if found is None or found.returncode:
        raise PolicyError([Diagnostic("no-policy", f"git has no `{revision}:{file}`", None,
                                      "name the old and the new file: `trainingrules diff OLD NEW`")])  # fmt: skip
    return found.stdout
