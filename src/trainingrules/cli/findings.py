"""What the commands of an author make of faults: how many, how grave, and whether there was anything to judge."""

from __future__ import annotations

from collections.abc import Iterable

from trainingrules.diagnostics import Diagnostic


def counted(count: int, one: str) -> str:
    """
    A number of things in words.

    >>> counted(0, "fault"), counted(1, "fault"), counted(2, "fault")
    ('no faults', '1 fault', '2 faults')
    """
    return f"{count or 'no'} {one}{'' if count == 1 else 's'}"


def unreadable(faults: Iterable[Diagnostic]) -> bool:
    """Whether there was nothing to judge: no such file, a folder, no permission."""
    return any(fault.code == "no-policy" or fault.code.startswith("file-") for fault in faults)


def errors_of(faults: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The faults that are no mere warnings."""
    return [fault for fault in faults if fault.severity == "error"]
