"""`schema`: what an editor completes names from, and a form is built from."""

from __future__ import annotations

from pathlib import Path

import click

from trainingrules.cli import screen
from trainingrules.cli.findings import counted
from trainingrules.cli.parameters import EXIT_CODES, file_of, policy_argument, policy_of, shown
from trainingrules.loading import bundled, schemas_folder
from trainingrules.publishing import common_schemas, facts_schema, generated, policy_schemas, written


@click.command(epilog=EXIT_CODES, short_help="Print, write or check JSON Schemas.")
@policy_argument(required=False)
@click.option("--facts", "of_facts", is_flag=True, help="The schema of the policy's facts, to build a form from.")
@click.option("--write", "write", is_flag=True, help="Write the schemas to their folder.")
@click.option("--check", "compare", is_flag=True, help="Compare the schemas in their folder with what they must be.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Another folder.")
def schema(policy: str | None, of_facts: bool, write: bool, compare: bool, folder: Path | None) -> int:
    """Print, write or check JSON Schemas, by which an editor completes names and marks faults while you type.

    Without POLICY: the schema of the language. With it: the same, with that policy's own names.
    --write and --check are about all schemas of the bundled policies, or about those that the files of POLICY name:
    its own, that of its examples, and those that serve every policy. After a new name in POLICY, --write them again.

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
        schemas = policy_schemas(policy_of(policy))
        if policy not in bundled():  # a folder of one's own needs what serves every policy too
            schemas |= common_schemas()
        files = {name: written(one) for name, one in schemas.items()}
    return _write(files, place) if write else _compare(files, place, whole=policy is None)


def _printed(policy: str | None, of_facts: bool) -> str:
    if policy is None:
        return written(common_schemas()["policy.schema.json"])
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
    screen.say(f"{folder}: {counted(len(files), 'schema')} written")
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
        screen.say(f"{folder}: {counted(len(files), 'schema')}, all as they must be")
    return 1 if wrong else 0
