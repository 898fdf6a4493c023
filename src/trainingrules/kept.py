"""Policies that were read before, found again by the texts they were read from."""

from __future__ import annotations

import json
import os
import stat
import sys
import zlib
from collections.abc import Iterator, Sequence
from importlib.machinery import PathFinder

from trainingrules.cache import LARGEST_FILE, keep, recall
from trainingrules.document import Document
from trainingrules.packing import pack, unpack
from trainingrules.policy import Policy

# Whose doing it is, beside this library's, what becomes of a text.
_READ_WITH = ("yaml", "jsonschema", "referencing")
_HERE = os.path.dirname(os.path.abspath(__file__))


def read_before(path: str | os.PathLike[str]) -> Policy | None:
    """The policy of a file, where it was read before: by this very library, from these very texts."""
    path = os.fspath(path)
    text, library = _text(path), _library()
    data = recall(_name(path, text, library)) if text is not None and library else None
    if data is None:
        return None
    try:
        entry = json.loads(data)
        same = entry["library"] == library and all(
            _text(os.path.join(os.path.dirname(path), beside) if beside else path) == held.encode()
            for beside, held in entry["texts"]
        )
        return unpack(entry["policy"]) if same else None
    except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError):  # it was not written here
        return None


def keep_policy(policy: Policy, documents: Sequence[Document]) -> None:
    """Keep a policy for a next process; the first of the documents is its own, the others those that it names."""
    library, own = _library(), documents[0]
    folder = os.path.dirname(own.name)
    texts = [
        ("" if document is own else os.path.relpath(document.name, folder or os.curdir), document.held.decode())
        for document in documents
        if document.held is not None
    ]
    if library and own.held is not None and len(texts) == len(documents):
        entry = {"library": library, "texts": texts, "policy": pack(policy)}
        data = json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode()
        keep(_name(own.name, own.held, library), data)


def _text(path: str) -> bytes | None:
    """What an ordinary file holds, of a large one more than is ever read; none where there is no such file."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # a pipe might never end
            return None
        with open(path, "rb") as file:
            return file.read(LARGEST_FILE)
    except (OSError, ValueError):  # ValueError: a name no file can have
        return None


def _name(path: str, text: bytes, library: str) -> str:
    """Under what name a policy is kept. It need not be the only one of that name: its texts are compared in full."""
    written_as = "json" if path.lower().endswith(".json") else "yaml"
    return f"{zlib.crc32(text):08x}{len(text):x}-{written_as}-{zlib.crc32(library.encode()):08x}"


def _library() -> str:
    """What reads and checks a text here: Python, the files of this library, and the packages it reads with.

    Of a file its size and time will do, as for Python's own compiled modules; nothing where there are no such files.
    """
    try:
        files = sorted(_modules(_HERE))
        packages = [PathFinder.find_spec(name) for name in _READ_WITH]
        files += [_mark(spec.origin) for spec in packages if spec is not None and spec.origin]
    except OSError:  # in an archive, say
        return ""
    return " ".join([sys.version, *files]) if files else ""


def _modules(folder: str) -> Iterator[str]:
    with os.scandir(folder) as found:
        for one in found:
            if one.name.endswith(".py"):
                yield _mark(one.path)
            elif one.is_dir() and one.name != "__pycache__":
                yield from _modules(one.path)


def _mark(file: str) -> str:
    held = os.stat(file)
    return f"{file}:{held.st_size}:{held.st_mtime_ns}"
