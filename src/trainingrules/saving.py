"""A file is replaced as a whole or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path


def replace_file(path: Path, data: bytes) -> None:
    """
    Put other bytes in the place of a file's, which keeps its mode; a link stays a link.

    They are written beside it first, so that nothing is lost when the disk is full or the power fails.

    Raises:
        OSError: it cannot be written; the file is as it was.
    """
    path = path.resolve(strict=True)
    mode = stat.S_IMODE(path.stat().st_mode)
    if not os.access(path, os.W_OK):  # replacing would get round it
        raise PermissionError(13, "the file may not be written", str(path))
    number, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
