"""Any file of an author, checked as what it is: a policy, a catalogue, a file of examples, a record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any, Literal

from trainingrules import reviewing
from trainingrules.answers.compliance import Status
from trainingrules.answers.deadlines import State
from trainingrules.answers.eligibility import Verdict
from trainingrules.diagnostics import Diagnostic, did_you_mean, in_order, meant, one_of, shown
from trainingrules.document import Document
from trainingrules.examples import Example, read_examples
from trainingrules.facts import parse_facts
from trainingrules.fixes import Mended, mended
from trainingrules.loading import bundled, policies_folder
from trainingrules.money import Certainty
from trainingrules.policy import Policy
from trainingrules.recorded import read_recorded
from trainingrules.schema import examples_schema, policy_schema, shape_faults, statements_schema
from trainingrules.source import read_file, read_text
from trainingrules.statements import read_catalogue
from trainingrules.validating import check_file

# Of the two records, `source` writes that of the sentences, in which authors edit; `coverage` that of what carries each
# statement, which it also checks.
Sort = Literal["policy", "catalogue", "examples", "sentences", "record"]

# The keys that one sort of file has and the others have not.
_OWN: Mapping[Sort, frozenset[str]] = {
    "policy": frozenset(policy_schema()["properties"]) - {"statements"},
    "catalogue": frozenset(statements_schema()["properties"]) - {"statements"},
    "examples": frozenset(examples_schema()["properties"]) - {"policy"},
    "sentences": frozenset({"sentences"}),
    "record": frozenset({"carried"}),
}
_FOLDERS: Mapping[str, Sort] = {"statements": "catalogue", "examples": "examples"}


@dataclass(frozen=True, slots=True)
class Inspected:
    """What was found in one file; ``sort`` is nothing where it is no file of ours."""

    sort: Sort | None
    faults: tuple[Diagnostic, ...]


def sort_of(document: Document, path: Path) -> Sort | None:
    """
    What sort of file this is, told from its keys, and where they do not tell, from its folder.

    >>> document, _ = read_text("policy: a\\nexampels: {}")
    >>> sort_of(document, Path("a.yaml"))
    'examples'
    """
    keys = [str(key) for key in document.data][:100] if isinstance(document.data, dict) else []
    scores = {sort: sum(1.0 if key in own else 0.5 for key in keys if key in own or meant(key, own))
              for sort, own in _OWN.items()}  # fmt: skip
    others: tuple[Sort, ...] = ("catalogue", "examples", "sentences", "record")
    other = max(others, key=lambda sort: scores[sort])
    if scores[other] and scores["policy"] < 2:  # examples and records name their policy too
        return other
    return "policy" if scores["policy"] else _FOLDERS.get(path.parent.name)


def inspect(path: Path, text: str | bytes | None = None, *, review: bool = True) -> Inspected:
    """
    Everything that can be found in a file, as what it is; what is of no sort of ours is held to be a policy.

    ``text`` stands for what the file holds. A policy's catalogue is checked with it, and one without errors is
    reviewed too: rules that decide nothing, or that nobody can meet. Examples are held against the policy they lie
    beside.
    """
    document, faults = read_file(path) if text is None else read_text(text, str(path))
    sort = sort_of(document, path) if document is not None else _FOLDERS.get(path.parent.name, "policy")
    if sort == "record":
        return Inspected(sort, tuple(faults))
    if sort == "catalogue":
        more = read_catalogue(document)[1] if document else []
    elif sort == "sentences":
        more = read_recorded(document)[1] if document else []
    elif sort == "examples":
        more = _examples(document, path) if document else []
    else:
        checked = check_file(path, text)
        more = []
        if review and checked.policy is not None and checked.document is not None:
            more = reviewing.review(checked.policy, checked.document)
        copies = {one.span for one in more if one.code == "duplicate-rule"}  # of which the sentence is the least
        told = [one for one in checked.diagnostics if one.code != "same-sentence" or one.span not in copies]
        return Inspected(sort, tuple(in_order([*told, *more])))
    return Inspected(sort, tuple(in_order([*faults, *_elsewhere(faults, more)])))


def mend(path: Path, text: str) -> Mended:
    """The text of a file, mended where that is safe; ``path`` is where it stands, or would."""
    return mended(text, partial(_faults, path), str(path))


def _faults(path: Path, text: str) -> tuple[Diagnostic, ...]:
    return inspect(path, text, review=False).faults


def _elsewhere(told: list[Diagnostic], found: list[Diagnostic]) -> list[Diagnostic]:
    """The faults at places where none was told."""
    places = {(one.span.line, one.span.column) for one in told if one.span}
    return [one for one in found if one.span is None or (one.span.line, one.span.column) not in places]


# --- examples ---

# What an answer can say in one word; the rest of what is expected is for `trainingrules test` to judge.
_WORDS: Mapping[str, Mapping[str, type[Enum]]] = {
    "eligibility": {"verdict": Verdict}, "deadline": {"state": State, "certainty": Certainty},
    "compliance": {"status": Status}, "cost": {"certainty": Certainty},
}  # fmt: skip


def _examples(document: Document, path: Path) -> list[Diagnostic]:
    """The faults of examples: of their shape, and against the policy they lie beside."""
    shape = shape_faults(document, examples_schema())
    policy, lack = _policy_of(document, path)
    if policy is None:
        return [*shape, *lack]
    if shape:
        return shape
    examples, faults = read_examples(document, policy)
    for example in examples:
        faults += parse_facts(policy, document, prefix=("examples", example.name, "facts"))[1]
        faults += _words(example, document)
    return [*faults, *_other_name(document, policy)]


def _policy_of(document: Document, path: Path) -> tuple[Policy | None, list[Diagnostic]]:
    file = path.parent.parent / path.name
    name = document.data.get("policy") if isinstance(document.data, dict) else None
    if not file.is_file() and name in bundled():
        file = policies_folder() / f"{name}.yaml"
    if not file.is_file():
        return None, [document.fault("faulty-policy", f"there is no policy `{file}` for these examples", ("policy",),
                                     severity="warning", help="examples stand in a folder `examples` beside the "
                                     "policy, under its name")]  # fmt: skip
    checked = check_file(file)
    if checked.policy is None:
        return None, [document.fault("faulty-policy", f"the policy `{file}` has faults; only the shape is checked here",
                                     ("policy",), severity="warning",
                                     help=f"run `trainingrules check {file}` first")]  # fmt: skip
    return checked.policy, []


def _other_name(document: Document, policy: Policy) -> Iterator[Diagnostic]:
    name = document.data.get("policy") if isinstance(document.data, dict) else None
    if name != policy.name:
        yield document.fault("other-name", f"these are the examples of `{name}`, beside the policy `{policy.name}`",
                             ("policy",), severity="warning", help=f"write `policy: {policy.name}`",
                             edits=document.instead(("policy",), policy.name))  # fmt: skip


def _words(example: Example, document: Document) -> Iterator[Diagnostic]:
    kind, _ = example.question
    for key, values in _WORDS.get(kind, {}).items():
        allowed = [str(one.value) for one in values]
        given: Any = example.expect.get(key, allowed[0])
        if given not in allowed:
            path = ("examples", example.name, "expect", key)
            yield document.fault("unknown-option", f"{shown(given)} is not one of the options", path,
                                 help=did_you_mean(given, allowed) or one_of(allowed),
                                 edits=document.instead(path, meant(given, allowed)))  # fmt: skip
