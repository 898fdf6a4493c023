"""From a name or a path to a policy that can be asked anything."""

from __future__ import annotations

import functools
import os
from pathlib import Path

from trainingrules.diagnostics import Diagnostic, PolicyError, did_you_mean, one_of
from trainingrules.kept import keep_policy, read_before
from trainingrules.policy import Policy

_PACKAGE = Path(__file__).resolve().parent


def policies_folder() -> Path:
    """The folder of the bundled policies: in an installed package, or in a checkout."""
    return _bundled("policies")


def schemas_folder() -> Path:
    """The folder of the generated schemas: in an installed package, or in a checkout."""
    return _bundled("schemas")


def _bundled(folder: str) -> Path:
    inside = _PACKAGE / folder
    return inside if inside.is_dir() else _PACKAGE.parent.parent / folder


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


# What is made of a policy is kept by policy. To see that two are equal is to compare all of them, and would be done
# again at every question: so equal ones are made the same one, once.
@functools.lru_cache(maxsize=64)
def _as_before(policy: Policy) -> Policy:
    return policy


def load(name_or_path: str | Path) -> Policy:
    """
    A policy, by the name of a bundled one or by the path of a file.

    It is read, held against its schema and its catalogue, and checked; what loads can be asked anything. Keep
    what it gives: every call looks at the file anew. What was read is kept in the user's cache, and taken from
    there for as long as not a character has changed; `TRAININGRULES_CACHE` names another folder, or `off`.

    >>> load("calibris")
    <Policy calibris 2026>

    Raises:
        PolicyError: the policy has faults; the error holds them all.
    """
    path = locate(name_or_path)
    policy = read_before(path)
    if policy is not None:
        return _as_before(policy)
    # Only here: a policy that was read before needs nothing of what reads YAML and checks it.
    from trainingrules.validating import check_file

    checked = check_file(path)
    if checked.policy is None:
        raise PolicyError(checked.errors)
    keep_policy(checked.policy, checked.documents)
    return _as_before(checked.policy)
