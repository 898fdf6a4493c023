"""The record of a document's sentences: what each is recognised by, and the statements it carries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as File

from trainingrules.diagnostics import Diagnostic, did_you_mean
from trainingrules.document import Document
from trainingrules.schema import DRAFT, ID_PATTERN, Schema, shape_faults
from trainingrules.wording import FINGERPRINT_PATTERN, Fingerprint, parse_fingerprint

# Why a sentence carries no statement: it names what follows, leads elsewhere, or is about something else.
REASONS = ("heading", "navigation", "outside")
_SENTENCE: Schema = {
    "type": "object",
    "properties": {
        "carries": {"type": "array", "items": {"type": "string", "pattern": ID_PATTERN}},
        "because": {"enum": list(REASONS)},
        "fingerprint": {"type": "string", "pattern": FINGERPRINT_PATTERN},
    },
    "required": ["carries", "fingerprint"],
    "additionalProperties": False,
}
_SCHEMA: Schema = {
    "$schema": DRAFT,
    "type": "object",
    "properties": {"policy": {"type": "string"}, "sentences": {"type": "array", "items": _SENTENCE, "minItems": 1}},
    "required": ["policy", "sentences"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Recorded:
    """One sentence: its fingerprint, the statements it carries, or ``because`` of what it carries none."""

    mark: Fingerprint
    carries: tuple[str, ...] = ()
    because: str = ""


def sentences_file(catalogue: File, policy: File) -> File:
    """
    Where the sentences of a policy's document are recorded: beside its catalogue.

    >>> sentences_file(File("policies/statements/guild.yaml"), File("policies/guild.yaml")).as_posix()
    'policies/statements/guild.sentences.yaml'
    """
    return catalogue.with_name(f"{policy.stem}.sentences.yaml")


def read_recorded(document: Document) -> tuple[tuple[Recorded, ...] | None, list[Diagnostic]]:
    """The sentences in a record, or every fault in it."""
    faults = shape_faults(document, _SCHEMA)
    if faults or not isinstance(document.data, dict):
        return None, faults
    return tuple(
        Recorded(parse_fingerprint(one["fingerprint"]), tuple(one["carries"]), one.get("because", ""))
        for one in document.data["sentences"]
    ), []


def unaccounted(
    sentences: Sequence[Recorded], record: Document, entries: Iterable[str], catalogue: Document
) -> Iterator[Diagnostic]:
    """Sentences that carry nothing without a reason, and statements that no sentence carries."""
    known = tuple(entries)
    for index, one in enumerate(sentences):
        at, number = ("sentences", index), index + 1
        for place, name in enumerate(one.carries):
            if name not in known:
                message, help = f"statement `{name}` is not in the catalogue", did_you_mean(name, known)
                yield record.fault("unknown-statement", message, (*at, "carries", place), help=help)
        if not one.carries and not one.because:
            message = f"sentence {number} carries no statement, and no reason is given"
            help = "write the ids of its statements, or why it has none, as `because: heading`"
            yield record.fault("unassigned-sentence", message, (*at, "carries"), help=help)
        if one.carries and one.because:
            message = f"sentence {number} carries a statement, so it needs no reason"
            yield record.fault("needless-reason", message, (*at, "because"), key=True, help="remove `because`")
    carried = {name for one in sentences for name in one.carries}
    for name in known:
        if name not in carried:
            message = f"no sentence of the document carries statement `{name}`"
            help = f"write it in `carries` at its sentence in {record.name}; or remove it"
            yield catalogue.fault("unsourced-statement", message, ("entries", name), key=True, help=help)


def record_text(policy: str, sentences: Iterable[Recorded]) -> str:
    """The record as YAML."""
    lines = [
        "# How each sentence of the document is recognised, in its order, and the statements it carries. The sentences",
        "# themselves are not here. Written by `trainingrules source POLICY DOCUMENT --record`. Yours to edit are",
        "# `carries`, and where that is empty `because`: heading, navigation or outside.",
        f"policy: {policy}",
        "sentences:",
    ]
    for one in sentences:
        because = f", because: {one.because}" if one.because else ""
        lines.append(f"- {{carries: [{', '.join(one.carries)}]{because}, fingerprint: {one.mark}}}")
    return "\n".join(lines) + "\n"


def sentences_of(sentences: Sequence[Recorded]) -> Mapping[str, tuple[int, ...]]:
    """For each statement that is carried the indexes of its sentences."""
    found: dict[str, list[int]] = {}
    for index, one in enumerate(sentences):
        for name in one.carries:
            found.setdefault(name, []).append(index)
    return {name: tuple(indexes) for name, indexes in found.items()}
