"""Small files that spare work in a next process: in a folder of one user, bounded, and never relied on.

Whatever goes wrong with a file or with the folder, the answer is that nothing was kept. See docs/decisions/0013.
"""

from __future__ import annotations

import contextlib
import os
import stat
import zlib
from collections.abc import Mapping

# Where the cache lies, or `off`.
VARIABLE = "TRAININGRULES_CACHE"

MOST_FILES, MOST_BYTES = 64, 64_000_000
LARGEST_FILE = 16_000_000
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH
_BEGUN = ".begun-"
_ONE_HOUR = 3_600


def cache_folder(environment: Mapping[str, str] = os.environ) -> str | None:
    """
    The folder of the cache, whether it is there or not; none where it is switched off or there is no home.

    >>> cache_folder({"XDG_CACHE_HOME": "/var/cache/ann"})
    '/var/cache/ann/trainingrules'
    >>> cache_folder({"TRAININGRULES_CACHE": "off", "HOME": "/home/ann"})
    """
    chosen = environment.get(VARIABLE)
    if chosen is not None:
        return None if chosen in ("", "off") else chosen
    home = environment.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(home):  # as the XDG rules have it: a relative one does not count
        home = os.path.join(environment.get("HOME", ""), ".cache")
    return os.path.join(home, "trainingrules") if os.path.isabs(home) else None


def recall(name: str) -> bytes | None:
    """What was kept under a name; none where there is nothing, or nothing that can be trusted."""
    folder = cache_folder()
    if folder is None or not _is_ours(folder):
        return None
    try:
        number = os.open(os.path.join(folder, name), os.O_RDONLY | os.O_NOFOLLOW)
        with open(number, "rb") as file:
            held = os.fstat(number)
            if not stat.S_ISREG(held.st_mode) or not _is_safe(held) or held.st_size > LARGEST_FILE:
                return None
            data = file.read()
    except OSError:
        return None
    return data[_SUM:] if data[:_SUM] == _checksum(data[_SUM:]) else None


def keep(name: str, data: bytes) -> None:
    """Keep something under a name, for as long as there is room; where that cannot be, nothing happens."""
    folder = cache_folder()
    if folder is None or len(data) > LARGEST_FILE - _SUM or not _made(folder):
        return
    begun = os.path.join(folder, f"{_BEGUN}{os.getpid()}-{os.urandom(8).hex()}")
    try:
        with open(os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(_checksum(data) + data)
        os.replace(begun, os.path.join(folder, name))
        _tidy(folder)
    except OSError:  # the disk is full, the folder went away, another process tidied first
        with contextlib.suppress(OSError):
            os.unlink(begun)


def _checksum(data: bytes) -> bytes:
    return b"%08x\n" % zlib.crc32(data)


_SUM = len(_checksum(b""))


def _is_safe(held: os.stat_result) -> bool:
    """Whether it is this user's, and no other may write to it."""
    return held.st_uid == os.geteuid() and not held.st_mode & _OTHERS_MAY_WRITE


def _is_ours(folder: str) -> bool:
    """Whether the folder is there, and only this user can have put something in it."""
    if not hasattr(os, "geteuid"):  # where that cannot be told, nothing is kept
        return False
    try:
        held = os.lstat(folder)
    except (OSError, ValueError):
        return False
    return stat.S_ISDIR(held.st_mode) and _is_safe(held)


def _made(folder: str) -> bool:
    """Whether the folder is there and ours, if need be because it was made; nothing is made in another's home."""
    if not os.path.lexists(folder) and hasattr(os, "geteuid"):
        above = os.path.dirname(folder)
        while above and not os.path.lexists(above):
            above = os.path.dirname(above)
        try:
            if os.stat(above or os.curdir).st_uid == os.geteuid():
                os.makedirs(folder, mode=0o700, exist_ok=True)
        except (OSError, ValueError):
            return False
    return _is_ours(folder)


def _tidy(folder: str) -> None:
    """Let go of what was kept longest ago, past what there is room for, and of what a process began and never ended."""
    with os.scandir(folder) as found:
        held = [(one.name, one.stat(follow_symlinks=False)) for one in found]
    held.sort(key=lambda one: one[1].st_mtime_ns, reverse=True)
    latest = held[0][1].st_mtime if held else 0.0
    count = size = 0
    for name, state in held:
        if name.startswith(_BEGUN):
            let_go = state.st_mtime < latest - _ONE_HOUR
        else:
            count, size = count + 1, size + state.st_size
            let_go = count > MOST_FILES or size > MOST_BYTES
        if let_go:
            os.unlink(os.path.join(folder, name))
