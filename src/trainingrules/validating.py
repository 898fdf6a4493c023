"""From the text of a policy to everything that can be said of it: read, checked as a whole, and only then used."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path

from trainingrules.checking import check_policy
from trainingrules.diagnostics import Diagnostic
from trainingrules.document import Document
from trainingrules.layout import out_of_order
from trainingrules.policy import Policy
from trainingrules.reading import read_policy
from trainingrules.schema import TOO_MANY, policy_schema, shape_faults
from trainingrules.source import read_file, read_text
from trainingrules.statements import Catalogue, read_catalogue
from trainingrules.words import Text


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a policy's file: the policy when it can be used, its texts, and everything that was found."""

    policy: Policy | None
    document: Document | None
    catalogue: Document | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The faults that keep the policy from being used."""
        return tuple(one for one in self.diagnostics if one.severity == "error")

    @property
    def documents(self) -> tuple[Document, ...]:
        """What was read: the policy's own text, and its catalogue."""
        return tuple(one for one in (self.document, self.catalogue) if one is not None)


def check_file(path: str | Path, text: str | bytes | None = None) -> Checked:
    """
    Everything that can be found in a policy's file, at once: faults, and warnings beside them.

    ``text`` stands for what the file holds: the text of an editor that has not saved it yet.
    """
    path = Path(path)
    document, found = read_file(path) if text is None else read_text(text, str(path))
    if document is None:
        return Checked(None, None, None, tuple(found))
    order = [] if found else list(out_of_order(document))
    catalogue_document, catalogue, more = _catalogue(document, path)
    found += more
    shape = shape_faults(document, policy_schema())
    broken = _places(document, shape)
    found = [_as_expected(one, shape) for one in found]
    found += _elsewhere(found, shape)
    if any(one.code == TOO_MANY for one in found):
        return Checked(None, document, catalogue_document, tuple(found))
    entries = catalogue.entries if catalogue else {}
    digest = _digest(document, catalogue_document)
    policy, faults = read_policy(document, broken, entries, catalogue.text if catalogue else Text("", ""), digest)
    found += _elsewhere(found, faults)
    if policy is not None:
        found += check_policy(policy, document, whole=not broken and not faults)
    found = list(dict.fromkeys([*found, *order]))
    usable = policy if not any(one.severity == "error" for one in found) else None
    return Checked(usable, document, catalogue_document, tuple(found))


def _elsewhere(told: list[Diagnostic], found: list[Diagnostic]) -> list[Diagnostic]:
    """The faults at places where none was told: a word that cannot be read has a wrong kind as well."""
    places = {(one.span.file, one.span.line, one.span.column) for one in told if one.span}
    return [one for one in found if one.span and (one.span.file, one.span.line, one.span.column) not in places]


def _as_expected(fault: Diagnostic, shape: list[Diagnostic]) -> Diagnostic:
    """A word that may be a truth or a text, with the remedy of what is expected in its place."""
    same = next((one for one in shape if one.span == fault.span and one.edits), None)
    if fault.code != "bare-word" or same is None:
        return fault
    return replace(fault, help=same.help, edits=same.edits)


def _digest(*documents: Document | None) -> str:
    digest = hashlib.sha256()
    for document in documents:
        digest.update("\n".join(document.lines if document else ()).encode() + b"\0")
    return digest.hexdigest()[:16]


def _places(document: Document, faults: list[Diagnostic]) -> list[tuple[str | int, ...]]:
    """The paths at which the shape is wrong."""
    by_span = {span: path for path, span in (*document.values.items(), *document.keys.items())}
    return [by_span[fault.span] for fault in faults if fault.span in by_span]


def _catalogue(document: Document, path: Path) -> tuple[Document | None, Catalogue | None, list[Diagnostic]]:
    name = document.data.get("statements") if isinstance(document.data, dict) else None
    if not isinstance(name, str):
        return None, None, []
    inside = os.path.normpath(name)
    remedy = "the path counts from the policy's folder, and stays within it"
    if os.path.isabs(inside) or inside.split(os.sep)[0] == os.pardir:
        return None, None, [document.fault("no-catalogue", "the catalogue lies outside the policy's folder",
                                           ("statements",), help=remedy)]  # fmt: skip
    where = path.parent / inside
    if not os.path.isfile(where) or where == path:
        return None, None, [document.fault("no-catalogue", f"there is no catalogue of statements `{name}`",
                                           ("statements",), help=remedy)]  # fmt: skip
    found, faults = read_file(where)
    if found is None:
        return None, None, list(faults)
    catalogue, more = read_catalogue(found)
    return found, catalogue, [*faults, *more]
