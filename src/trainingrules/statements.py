"""The catalogue of a source's statements, and whether each of them is accounted for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trainingrules.diagnostics import Diagnostic, shown
from trainingrules.document import Document, Path
from trainingrules.policy import Statement
from trainingrules.schema import shape_faults, statements_schema
from trainingrules.words import Text


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The statements of one document, in our own words."""

    name: str
    text: Text
    entries: Mapping[str, Statement]


def read_catalogue(document: Document) -> tuple[Catalogue | None, list[Diagnostic]]:
    """The catalogue in a document, or every fault in it."""
    faults = shape_faults(document, statements_schema())
    if faults or not isinstance(document.data, dict):
        return None, faults
    raw = document.data
    entries = {
        name: Statement(
            name, entry["kind"], entry["heading"], entry.get("bullet"), Text(entry["nl"], entry["en"]),
            tuple(Text(part["nl"], part["en"]) for part in entry.get("open", ())),
        )
        for name, entry in raw["entries"].items()
    }  # fmt: skip
    return Catalogue(raw["statements"], Text(raw["document"]["nl"], raw["document"]["en"]), entries), []


@dataclass(frozen=True, slots=True, order=True)
class Citation:
    """A place of a policy that cites a statement; ``place`` is its path with dots."""

    statement: str
    place: str


def citations(document: Document) -> Iterator[tuple[Citation, Path]]:
    """
    Every citation in a policy's text, straight from the text: also from one with faults.

    Conflicts cite by ``between``, everything else by ``source``.
    """
    todo: list[tuple[Path, object]] = [((), document.data)]
    while todo:
        path, node = todo.pop()
        if isinstance(node, list):
            todo += [((*path, index), part) for index, part in enumerate(node)]
        elif isinstance(node, dict):
            todo += [((*path, key), part) for key, part in node.items()]
            for key in ("source", "between") if path[:1] == ("conflicts",) else ("source",):
                ids = node.get(key)
                for index, one in enumerate(ids if isinstance(ids, list) else ()):
                    if isinstance(one, str):
                        yield Citation(one, ".".join(map(str, path))), (*path, key, index)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How the statements of a catalogue are accounted for: by rules, by notes, or not."""

    policy: str
    carried: Mapping[str, tuple[str, ...]]
    faults: tuple[Diagnostic, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing lacks."""
        return not self.faults


def coverage(policy: Document, catalogue: Document, record: Document | None) -> Coverage:
    """
    Hold a policy against its catalogue and against the record of what carried each statement.

    The record (`trainingrules coverage --record`) lists for every statement the places that cite it. So a rule
    that is deleted, or that loses a citation, is found even where another rule still cites the statement.
    """
    raw = catalogue.data.get("entries") if isinstance(catalogue.data, dict) else None
    entries = [name for name in raw if isinstance(name, str)] if isinstance(raw, dict) else []
    found = dict(citations(policy))
    places: dict[str, set[str]] = {name: set() for name in entries}
    for citation in found:
        places.setdefault(citation.statement, set()).add(citation.place)
    carried = {name: tuple(sorted(places[name])) for name in entries}
    faults = [
        catalogue.fault("uncovered-statement", f"statement `{name}` is cited by no rule and no note",
                        ("entries", name), key=True,
                        help="cite it at the rule that carries it, or list it under `notes` with the reason")
        for name, by in carried.items() if not by
    ]  # fmt: skip
    own = {name.split("-")[0] for name in entries}
    faults += [
        policy.fault("unknown-statement", f"statement {shown(citation.statement)} is not in the catalogue", path)
        for citation, path in sorted(found.items())
        if citation.statement not in carried and not _foreign(citation, own)
    ]
    if record is not None:
        faults += _against_record(policy, catalogue, record, carried, found)
    name = policy.data.get("policy", policy.name) if isinstance(policy.data, dict) else policy.name
    return Coverage(str(name), carried, tuple(faults))


def _foreign(citation: Citation, own: set[str]) -> bool:
    """A conflict may name the statement of another document."""
    return citation.place.startswith("conflicts.") and citation.statement.split("-")[0] not in own


def _against_record(
    policy: Document,
    catalogue: Document,
    record: Document,
    carried: Mapping[str, tuple[str, ...]],
    found: Mapping[Citation, Path],
) -> Iterator[Diagnostic]:
    known = record.data.get("carried") if isinstance(record.data, dict) else None
    remedy = "restore it, or run `trainingrules coverage --record` when this is meant"
    for name in known if isinstance(known, dict) else ():
        if name not in carried:
            yield catalogue.fault("lost-statement", f"statement {shown(name)} is no longer in the catalogue",
                                  ("entries",), key=True, help=remedy)  # fmt: skip
    for name, places in carried.items():
        noted = known.get(name) if isinstance(known, dict) else None
        noted = [str(place) for place in noted] if isinstance(noted, list) else []
        for place in noted:
            if place not in places:
                message = f"statement `{name}` is no longer carried by {shown(place, 200)}"
                yield catalogue.fault("lost-citation", message, ("entries", name), key=True, help=remedy)
        for place in places:
            if place not in noted:
                yield policy.fault("new-citation", f"`{place}` cites `{name}`, which the record does not know yet",
                                   found[Citation(name, place)],
                                   help="run `trainingrules coverage --record`")  # fmt: skip


def record_text(policy: str, carried: Mapping[str, tuple[str, ...]]) -> str:
    """The record of what carries each statement, as YAML."""
    lines = [
        "# Which places of the policy carry each statement. Written by `trainingrules coverage --record`;",
        "# `trainingrules coverage` fails when one of them is gone. Not edited by hand.",
        f"policy: {policy}",
        "carried:",
    ]
    for name, places in carried.items():
        lines.append(f"  {name}:" if places else f"  {name}: []")
        lines += [f"  - {place}" for place in places]
    return "\n".join(lines) + "\n"
