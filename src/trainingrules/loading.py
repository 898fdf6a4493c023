"""From a name or a path to a policy: read, checked as a whole, and only then used."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

from trainingrules.checking import check_policy
from trainingrules.diagnostics import Diagnostic, PolicyError, did_you_mean, one_of
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


def policies_folder() -> Path:
    """The folder of the bundled policies: in an installed package, or in a checkout."""
    return _bundled("policies")


def schemas_folder() -> Path:
    """The folder of the generated schemas: in an installed package, or in a checkout."""
    return _bundled("schemas")


def _bundled(folder: str) -> Path:
    inside = Path(str(resources.files("trainingrules"))) / folder
    return inside if inside.is_dir() else Path(__file__).resolve().parents[2] / folder


def bundled() -> tuple[str, ...]:
    """
    The names of the bundled policies.

    >>> bundled()
    ('awl', 'bcmb', 'calibris', 'rvwo', 'vlaanderen')
    """
    return tuple(sorted(path.stem for path in policies_folder().glob("*.yaml")))


def locate(name_or_path: str | Path) -> Path:
    """
    The file of a bundled policy, or of a path.

    Raises:
        PolicyError: there is neither.
    """
    text = str(name_or_path)
    if text in bundled():
        return policies_folder() / f"{text}.yaml"
    path = Path(name_or_path)
    if isinstance(name_or_path, str) and not path.suffix and "/" not in text and not os.path.exists(text):
        remedy = did_you_mean(text, bundled()) or f"{one_of(bundled())}; or the path of a file"
        raise PolicyError([Diagnostic("no-policy", f"there is no policy `{text}`", None, remedy)])
    return path


def load(name_or_path: str | Path) -> Policy:
    """
    A policy, by the name of a bundled one or by the path of a file.

    It is read, held against its schema and its catalogue, and checked; what loads can be asked anything. Keep
    what it gives: every call reads the file anew.

    >>> load("calibris")
    <Policy calibris 2026>

    Raises:
        PolicyError: the policy has faults; the error holds them all.
    """
    checked = check_file(locate(name_or_path))
    if checked.policy is None:
        raise PolicyError(checked.errors)
    return checked.policy


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
