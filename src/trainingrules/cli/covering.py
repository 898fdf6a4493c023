"""`coverage`: is every statement of the source accounted for?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from trainingrules.cli import screen
from trainingrules.cli.findings import counted, unreadable
from trainingrules.cli.parameters import EXIT_CODES, file_of, formats, policy_argument, shown
from trainingrules.diagnostics import Diagnostic, PolicyError
from trainingrules.document import Document
from trainingrules.loading import bundled
from trainingrules.recorded import Recorded, read_recorded, sentences_file, sentences_of, unaccounted
from trainingrules.source import read_file
from trainingrules.statements import Coverage, read_catalogue, record_text
from trainingrules.statements import coverage as coverage_of


@click.command(epilog=EXIT_CODES, short_help="Show what carries each statement of the source.")
@policy_argument(several=True)
@click.option("--record", is_flag=True, help="Write down what carries each statement now.")
@click.option("-q", "--quiet", is_flag=True, help="Only the faults and a line for each policy, no table.")
@formats("text", "json")
def coverage(policies: tuple[str, ...], record: bool, quiet: bool, form: str) -> int:
    """Show which rules and notes carry each statement of the source, and which statements nothing carries.

    It also holds the policy against its record, statements/<policy>.carried.yaml: a rule that is deleted, or
    that loses a citation, is found even where another one still cites the statement. It reads only what is
    cited, so a policy with other faults can be covered too.

    Where the sentences of the document are recorded (trainingrules source), it holds the statements against
    those as well: each sentence carries a statement or says why not, and each statement has a sentence.

    \b
    Examples:
      trainingrules coverage calibris
      trainingrules coverage --quiet
      trainingrules coverage my-policy.yaml --record
    """
    code, told = 0, []
    for name in policies or bundled():
        try:
            file = file_of(name)
            policy, catalogue = _texts(file)
            where = _record_file(file, policy)
            if record:
                now = coverage_of(policy, catalogue, None)
                where.write_text(record_text(now.policy, now.carried), encoding="utf-8", newline="\n")
            known, faults = _record(where, name)
            found = coverage_of(policy, catalogue, known)
            sentences, wrong = _sentences(sentences_file(Path(catalogue.name), file), found, catalogue)
            faults = [*faults, *found.faults, *wrong]
        except PolicyError as error:
            screen.complain_faults(error.diagnostics)
            told.append(_covered(name, None, None, None, error.diagnostics))
            code = 2
            continue
        code = max(code, 1 if faults else 0)
        told.append(_covered(name, found, catalogue, sentences, faults))
        if form == "text":
            if not quiet:
                screen.say(*_table(found, catalogue, sentences))
            screen.say_faults(faults)
            carried = sum(bool(places) for places in found.carried.values())
            of = "" if sentences is None else f"; {counted(len(sentences), 'sentence')} of the document"
            more = f", {counted(len(faults), 'fault')}" if faults else ""
            screen.say(f"{name}: {counted(len(found.carried), 'statement')}, {carried} carried{of}{more}")
    if form == "json":
        screen.say_json(told)
    return code


def _texts(file: Path) -> tuple[Document, Document]:
    """The policy and its catalogue as texts; `PolicyError` when one of them cannot be read."""
    policy, faults = read_file(file)
    if policy is None:
        raise PolicyError(faults)
    named = policy.data.get("statements") if isinstance(policy.data, dict) else None
    if not isinstance(named, str):
        fault = policy.fault("no-catalogue", "the policy does not name its catalogue of statements",
                             ("statements",), key=True, help="write `statements: statements/name.yaml`")  # fmt: skip
        raise PolicyError([fault])
    catalogue, faults = read_file(shown(file.parent / named))
    if catalogue is None:
        raise PolicyError(faults)
    _, wrong = read_catalogue(catalogue)
    if faults or wrong:
        raise PolicyError([*faults, *wrong])
    return policy, catalogue


def _record_file(file: Path, policy: Document) -> Path:
    assert isinstance(policy.data, dict)
    return (file.parent / str(policy.data["statements"])).with_name(f"{file.stem}.carried.yaml")


def _record(where: Path, name: str) -> tuple[Document | None, list[Diagnostic]]:
    """The record, and what is wrong with it as a whole."""
    remedy = f"run `trainingrules coverage {name} --record`"
    known, faults = read_file(shown(where))
    if unreadable(faults):
        return None, [Diagnostic("no-record", f"there is no record `{shown(where)}` of what carries each statement",
                                 None, remedy)]  # fmt: skip
    carried = known.data.get("carried") if known and isinstance(known.data, dict) else None
    sound = isinstance(carried, dict) and all(
        isinstance(places, list) and all(isinstance(place, str) for place in places) for places in carried.values()
    )
    if known is None or faults or not sound:
        wrong = known.fault("broken-record", "this is not a record", (), help=remedy) if known else None
        return None, faults or [wrong] if wrong else faults
    return known, []


def _sentences(where: Path, found: Coverage, catalogue: Document) -> tuple[Sequence[Recorded] | None, list[Diagnostic]]:
    """The sentences of the document, if they are recorded, and what lacks among them."""
    document, faults = read_file(shown(where))
    if unreadable(faults) and not where.exists():
        return None, []
    sentences, wrong = read_recorded(document) if document is not None and not faults else (None, [])
    if document is None or sentences is None:
        return None, [*faults, *wrong]
    return sentences, list(unaccounted(sentences, document, found.carried, catalogue))


def _table(found: Coverage, catalogue: Document, sentences: Sequence[Recorded] | None) -> list[str]:
    kinds, of = _kinds(catalogue), sentences_of(sentences or ())
    head: tuple[str, ...] = ("statement", "kind", "sentences", "carried by")
    rows = [
        (name, kinds[name], str(len(of.get(name, ()))), ", ".join(places) or "nothing")
        for name, places in found.carried.items()
    ]
    table = [head, *rows]
    return screen.columns([(*row[:2], row[3]) if sentences is None else row for row in table], indent=0)


def _kinds(catalogue: Document) -> dict[str, str]:
    assert isinstance(catalogue.data, dict)
    return {name: entry["kind"] for name, entry in catalogue.data["entries"].items()}


def _covered(
    name: str,
    found: Coverage | None,
    catalogue: Document | None,
    sentences: Sequence[Recorded] | None,
    faults: Sequence[Diagnostic],
) -> dict[str, Any]:
    kinds = _kinds(catalogue) if catalogue else {}
    carried = found.carried if found else {}
    of = sentences_of(sentences or ())
    return {
        "policy": name,
        "complete": found is not None and not faults,
        "sentences": None if sentences is None else len(sentences),
        "statements": [
            {
                "id": one,
                "kind": kinds[one],
                "carried_by": places,
                "sentences": None if sentences is None else [index + 1 for index in of.get(one, ())],
            }
            for one, places in carried.items()
        ],
        "diagnostics": [screen.fault_to_plain(fault) for fault in faults],
    }
