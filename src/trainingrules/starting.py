"""A starting policy: a small sample, complete in every file, that an author replaces piece by piece."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from trainingrules.diagnostics import Diagnostic, PolicyError, shown
from trainingrules.document import Document
from trainingrules.loading import load
from trainingrules.publishing import common_schemas, policy_schemas, written
from trainingrules.schema import NAME_PATTERN
from trainingrules.source import parse
from trainingrules.statements import coverage, record_text

# What the sample is called in its own files, and how the ids of its statements begin.
SAMPLE, SAMPLE_ID = "new_policy", "NEW-"
LONGEST_NAME, LETTERS_OF_ID = 64, 3
# Where each text of the package goes. The last ones serve every policy of the folder and are made once.
_TEXTS = {
    "policies/{name}.yaml": "policy.yaml",
    "policies/statements/{name}.yaml": "statements.yaml",
    "policies/examples/{name}.yaml": "examples.yaml",
    "policies/documents/{name}.txt": "page.txt",
    "policies/statements/{name}.sentences.yaml": "sentences.yaml",
    ".vscode/settings.json": "settings.json",
    ".vscode/extensions.json": "extensions.json",
    ".vscode/tasks.json": "tasks.json",
}
_RECORD = "policies/statements/{name}.carried.yaml"
_ELSEWHERE = "nothing is written over: choose another name, or another folder with --folder"
_SHARED = (".vscode/", "schemas/policy.schema.json", "schemas/statements.schema.json", "schemas/examples.schema.json")


@dataclass(frozen=True, slots=True)
class Started:
    """What was made: the file of the policy, and every file, the policy's first."""

    policy: Path
    files: tuple[Path, ...]


def start(name: str, folder: Path) -> Started:
    """
    Make a starting policy in a folder: `policies/NAME.yaml` and everything that belongs to it.

    All of it is made or nothing is. No file that is there already is touched; what other policies of the folder
    use as well, such as the settings of the editor, is left as it is.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     load(start("my_policy", Path(folder)).policy)
    <Policy my_policy 2026>

    Raises:
        PolicyError: the name cannot be one, or files are in the way; the error holds every fault.
        OSError: a file cannot be written.
    """
    faults = [*_name_faults(name)] or [*_in_the_way(name, folder)]
    if faults:
        raise PolicyError(faults)
    made: list[Path] = []
    with contextlib.ExitStack() as undo:
        _make_folder(folder, undo)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=folder) as desk:
            for inside in _written_on(Path(desk), name):
                target = folder / inside
                if not (inside.startswith(_SHARED) and os.path.lexists(target)):
                    _place(Path(desk) / inside, target, undo)
                    made.append(target)
        undo.pop_all()
    return Started(made[0], tuple(made))


def proposed(name: str) -> str:
    """
    The nearest name to what somebody typed, or nothing.

    >>> proposed("My Policy"), proposed("policies/Café-2026.yaml"), proposed("2026")
    ('my_policy', 'cafe_2026', '')
    """
    last = re.split(r"[/\\]", name.strip())[-1].removesuffix(".yaml").removesuffix(".yml")
    plain = unicodedata.normalize("NFKD", last).encode("ascii", "ignore").decode().lower()
    close = re.sub(r"[^a-z0-9]+", "_", plain).lstrip("_0123456789")[:LONGEST_NAME].rstrip("_")
    return close if _is_name(close) else ""


def _is_name(name: str) -> bool:
    """Whether it is a name, also to YAML: `yes` and `null` are words that it takes for something else."""
    document, faults = parse(f"policy: {name}")
    sound = document is not None and not faults and document.data == {"policy": name}
    return sound and re.fullmatch(NAME_PATTERN, name) is not None


def _name_faults(name: str) -> Iterator[Diagnostic]:
    if not _is_name(name):
        close = proposed(name)
        rule = "a name has at most 64 small letters, digits and underscores, and begins with a letter"
        yield Diagnostic("wrong-name", f"{shown(name)} cannot be the name of a policy",
                         help=f"write `{close}`: {rule}" if close else rule)  # fmt: skip


def _own(name: str) -> Iterator[str]:
    """The files that this policy alone has, by their place in the folder."""
    schemas = (f"schemas/{{name}}{part}.schema.json" for part in ("", ".facts", ".examples"))
    for inside in (*_TEXTS, _RECORD, *schemas):
        if not inside.startswith(_SHARED):
            yield inside.format(name=name)


def _in_the_way(name: str, folder: Path) -> Iterator[Diagnostic]:
    files = [folder / inside for inside in _own(name)]
    wrong = [f"`{file}` is already there" for file in files if os.path.lexists(file)]
    folders = dict.fromkeys(one for file in (*files, folder / ".vscode/settings.json") for one in file.parents)
    wrong += [f"`{one}` is not a folder" for one in folders if os.path.lexists(one) and not one.is_dir()]
    for message in sorted(wrong):
        yield Diagnostic("in-the-way", message,
                         help=_ELSEWHERE if message == max(wrong) else "")  # fmt: skip


def _written_on(desk: Path, name: str) -> Iterable[str]:
    """Every file of a starting policy, written in a folder of their own; their places in it, the policy's first."""
    texts = {inside.format(name=name): _text(file, name) for inside, file in _TEXTS.items()}
    file, catalogue = list(texts)[:2]
    _write(desk, texts)
    policy = load(desk / file)
    rules, statements = _document(texts[file]), _document(texts[catalogue])
    texts[_RECORD.format(name=name)] = record_text(name, coverage(rules, statements, None).carried)
    schemas = {**policy_schemas(policy), **common_schemas()}
    texts |= {f"schemas/{inside}": written(schema) for inside, schema in schemas.items()}
    _write(desk, texts)
    return texts


def _text(file: str, name: str) -> str:
    """A text of the package, with the names of the sample turned into those of the policy."""
    sample = (resources.files("trainingrules") / "starter" / file).read_text(encoding="utf-8")
    letters = re.sub(r"[^a-z]", "", name)[:LETTERS_OF_ID].upper()
    return sample.replace(SAMPLE, name).replace(SAMPLE_ID, f"{letters}-")


def _document(text: str) -> Document:
    document, _ = parse(text)
    assert document is not None
    return document


def _write(desk: Path, texts: dict[str, str]) -> None:
    for inside, text in texts.items():
        (desk / inside).parent.mkdir(parents=True, exist_ok=True)
        (desk / inside).write_text(text, encoding="utf-8", newline="\n")


# --- all or nothing ---


def _make_folder(folder: Path, undo: contextlib.ExitStack) -> None:
    """A folder and those it lies in; what is made here is taken away again by ``undo``."""
    for one in reversed((folder, *folder.parents)):
        if not one.is_dir():
            one.mkdir()
            undo.callback(_if_possible, one.rmdir)


def _place(ready: Path, target: Path, undo: contextlib.ExitStack) -> None:
    """Put a finished file in its place, where nobody else has put one in the meantime."""
    _make_folder(target.parent, undo)
    target.open("x").close()
    undo.callback(_if_possible, target.unlink)
    ready.replace(target)


def _if_possible(remove: Callable[[], None]) -> None:
    with contextlib.suppress(OSError):  # somebody else took it, or put something in the folder
        remove()
