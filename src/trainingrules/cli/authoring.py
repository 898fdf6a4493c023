"""The commands of an author: is the policy right, does it give the right answers, does it cover its source."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from trainingrules.cli import screen
from trainingrules.cli.parameters import EXIT_CODES, engine, file_of, formats, policy_argument, policy_of, shown
from trainingrules.diagnostics import Diagnostic, PolicyError
from trainingrules.engines import engine_named
from trainingrules.examples import Example, Result, examples_file, read_examples, run
from trainingrules.loading import bundled, check_file, schemas_folder
from trainingrules.publishing import facts_schema, generated, policy_schemas, written
from trainingrules.schema import policy_schema
from trainingrules.source import Document, read_file
from trainingrules.statements import Coverage, read_catalogue, record_text
from trainingrules.statements import coverage as coverage_of

# Fewer examples than this are run before a bar could be read.
MANY = 20


def _counted(count: int, one: str) -> str:
    return f"{count or 'no'} {one}{'' if count == 1 else 's'}"


def _unreadable(faults: Iterable[Diagnostic]) -> bool:
    """Whether there was nothing to judge: no such file, a folder, no permission."""
    return any(fault.code == "no-policy" or fault.code.startswith("file-") for fault in faults)


def _errors(faults: Iterable[Diagnostic]) -> list[Diagnostic]:
    return [fault for fault in faults if fault.severity == "error"]


# --- check ---


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
        errors = _errors(faults)
        unreadable = _unreadable(faults)
        code = max(code, 2 if unreadable else 1 if errors else 0)
        told.append({"file": str(file), "diagnostics": [screen.fault_to_plain(fault) for fault in faults]})
        if form == "text":
            (screen.complain_faults if unreadable else screen.say_faults)(faults)
            warned = len(faults) - len(errors)
            more = f", {_counted(warned, 'warning')}" if warned else ""
            if not unreadable:
                screen.say(f"{name}: {_counted(len(errors), 'fault')}{more}")
    if form == "json":
        screen.say_json(told)
    return code


# --- test ---


@click.command(epilog=EXIT_CODES, short_help="Run the examples of policies.")
@policy_argument(several=True)
@engine
@formats("text", "json")
def test(policies: tuple[str, ...], engine: str, form: str) -> int:
    """Run the examples of policies: questions with the answers that the source gives.

    They stand beside the policy, in examples/<policy>.yaml. Without POLICY: those of all bundled ones.

    \b
    Examples:
      trainingrules test
      trainingrules test calibris --engine verify
      trainingrules test policies/my-policy.yaml
    """
    decides = engine_named(engine)
    code, told = 0, []
    for name in policies or bundled():
        document: Document | None = None
        faults: Sequence[Diagnostic] = ()
        examples: list[Example] = []
        results: list[Result] = []
        try:
            policy = policy_of(name)
            document, faults = read_file(shown(examples_file(file_of(name))))
            if document is not None:
                examples, wrong = read_examples(document, policy)
                faults = [*faults, *wrong]
            with _progress(name, examples) as each:
                results = [run(example, policy, decides) for example in each]
        except PolicyError as error:
            code, faults = 2, error.diagnostics
        failed = [result for result in results if not result.passed]
        code = max(code, 2 if _unreadable(faults) else 1 if _errors(faults) or failed else 0)
        told.append(_tested(name, faults, results))
        if form == "text":
            (screen.say_faults if document is not None else screen.complain_faults)(faults)
            for result in failed:
                screen.say(*_failure(name, result, document))
            if document is not None:
                more = f", {len(failed)} fail" if failed else ""
                screen.say(f"{name}: {_counted(len(results), 'example')}, {len(results) - len(failed)} pass{more}")
    if form == "json":
        screen.say_json(told)
    return code


@contextmanager
def _progress(name: str, examples: Sequence[Example]) -> Iterator[Iterable[Example]]:
    """The examples, with a bar while a person waits."""
    if len(examples) < MANY or not sys.stderr.isatty():
        yield examples
    else:
        with click.progressbar(examples, label=name, file=sys.stderr, update_min_steps=10) as bar:
            yield bar


def _tested(name: str, faults: Sequence[Diagnostic], results: Sequence[Result]) -> dict[str, Any]:
    return {
        "policy": name,
        "examples": len(results),
        "pass": sum(result.passed for result in results),
        "failures": [
            {"name": one.example.name, "source": one.example.source, "why": one.example.why,
             "mismatches": one.mismatches}
            for one in results if not one.passed
        ],
        "diagnostics": [screen.fault_to_plain(fault) for fault in faults],
    }  # fmt: skip


def _failure(name: str, result: Result, document: Document | None) -> list[str]:
    example = result.example
    kind, about = example.question
    place = f"{document.span(('examples', example.name), key=True)}: " if document else ""
    lines = [f"{place}example {example.name} fails: {kind} {about} of {name}, on {example.on}"]
    told = ((one.key, _written(one.expected), _written(one.got)) for one in result.mismatches)
    lines += [f"    {key}: expected {expected}, got {got}" for key, expected, got in told]
    return [*lines, f"    why: {' '.join(example.why.split())} ({', '.join(example.source)})"]


def _written(value: Any) -> str:
    """A value as it would stand in the file of examples."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_written(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_written(part) for part in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return "nothing" if value is None else " ".join(str(value).split())


# --- coverage ---


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
            faults = [*faults, *found.faults]
        except PolicyError as error:
            screen.complain_faults(error.diagnostics)
            told.append(_covered(name, None, None, error.diagnostics))
            code = 2
            continue
        code = max(code, 1 if faults else 0)
        told.append(_covered(name, found, catalogue, faults))
        if form == "text":
            if not quiet:
                screen.say(*_table(found, catalogue))
            screen.say_faults(faults)
            carried = sum(bool(places) for places in found.carried.values())
            more = f", {_counted(len(faults), 'fault')}" if faults else ""
            screen.say(f"{name}: {_counted(len(found.carried), 'statement')}, {carried} carried{more}")
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
    if _unreadable(faults):
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


def _table(found: Coverage, catalogue: Document) -> list[str]:
    kinds = _kinds(catalogue)
    rows = [(name, kinds[name], ", ".join(places) or "nothing") for name, places in found.carried.items()]
    return screen.columns([("statement", "kind", "carried by"), *rows], indent=0)


def _kinds(catalogue: Document) -> dict[str, str]:
    assert isinstance(catalogue.data, dict)
    return {name: entry["kind"] for name, entry in catalogue.data["entries"].items()}


def _covered(
    name: str, found: Coverage | None, catalogue: Document | None, faults: Sequence[Diagnostic]
) -> dict[str, Any]:
    kinds = _kinds(catalogue) if catalogue else {}
    carried = found.carried if found else {}
    return {
        "policy": name,
        "complete": found is not None and not faults,
        "statements": [{"id": one, "kind": kinds[one], "carried_by": places} for one, places in carried.items()],
        "diagnostics": [screen.fault_to_plain(fault) for fault in faults],
    }


# --- schema ---


@click.command(epilog=EXIT_CODES, short_help="Print, write or check JSON Schemas.")
@policy_argument(required=False)
@click.option("--facts", "of_facts", is_flag=True, help="The schema of the policy's facts, to build a form from.")
@click.option("--write", "write", is_flag=True, help="Write the schemas to their folder.")
@click.option("--check", "compare", is_flag=True, help="Compare the schemas in their folder with what they must be.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Another folder.")
def schema(policy: str | None, of_facts: bool, write: bool, compare: bool, folder: Path | None) -> int:
    """Print, write or check JSON Schemas, by which an editor completes names and marks faults while you type.

    Without POLICY: the schema of the language. With it: the same, with that policy's own names.
    --write and --check are about all schemas of the bundled policies, or about those of POLICY.

    \b
    Examples:
      trainingrules schema calibris --facts
      trainingrules schema --check
      trainingrules schema my-policy.yaml --write --folder schemas
    """
    if write and compare:
        raise click.UsageError("--write and --check do not go together")
    if (write or compare) and of_facts:
        raise click.UsageError("--facts goes with printing: --write and --check are about every schema")
    if folder is not None and not (write or compare):
        raise click.UsageError("--folder goes with --write or --check")
    if not (write or compare):
        if of_facts and policy is None:
            raise click.UsageError("--facts needs a POLICY: each has facts of its own")
        screen.say(_printed(policy, of_facts).rstrip("\n"))
        return 0
    place = folder or _folder_of(policy)
    if policy is None:
        files = generated()
    else:
        files = {name: written(one) for name, one in policy_schemas(policy_of(policy)).items()}
    return _write(files, place) if write else _compare(files, place, whole=policy is None)


def _printed(policy: str | None, of_facts: bool) -> str:
    if policy is None:
        return written(policy_schema())
    found = policy_of(policy)
    return written(facts_schema(found) if of_facts else policy_schemas(found)[f"{found.name}.schema.json"])


def _folder_of(policy: str | None) -> Path:
    """The folder `schemas` beside that of the policy, to which its first line points."""
    if policy is None or policy in bundled():
        return shown(schemas_folder())
    folder = file_of(policy).parent.parent / "schemas"
    if not folder.is_dir():
        raise click.UsageError(f"there is no folder `{folder}`; name one with --folder")
    return folder


def _write(files: dict[str, str], folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    screen.say(f"{folder}: {_counted(len(files), 'schema')} written")
    return 0


def _compare(files: dict[str, str], folder: Path, *, whole: bool) -> int:
    found = {path.name: path for path in folder.glob("*.schema.json")} if folder.is_dir() else {}
    wrong = []
    for name, text in files.items():
        if name not in found:
            wrong.append(f"{folder / name} is not there")
        elif found[name].read_text(encoding="utf-8", errors="replace") != text:
            wrong.append(f"{folder / name} is not what it must be")
    wrong += [f"{found[name]} belongs to no policy" for name in sorted(found) if whole and name not in files]
    for line in wrong:
        screen.say(line)
    if wrong:
        screen.say("run `trainingrules schema --write`, and commit what changes")
    else:
        screen.say(f"{folder}: {_counted(len(files), 'schema')}, all as they must be")
    return 1 if wrong else 0
