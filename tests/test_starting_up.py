"""A process starts quickly: it imports no more than it needs, and what was read before is not read again."""

from __future__ import annotations

import ast
import importlib
import json
import os
import shutil
import subprocess
import sys
import threading
import zlib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import trainingrules
from tests.random_policies import Written, policies
from trainingrules import Policy, PolicyError, bundled, cache, kept, load
from trainingrules.cache import cache_folder, keep, recall
from trainingrules.loading import locate
from trainingrules.packing import pack, unpack

GOOD = Path(__file__).parent / "policies" / "good"
TEXT = (GOOD / "guild.yaml").read_text(encoding="utf-8")
SOURCE = Path(__file__).parent.parent / "src"

# What an import, and an answer from a policy that was read before, must do without.
HEAVY = {
    "click", "durable_rules_engine", "hashlib", "hypothesis", "jinja2", "jsonschema", "pendulum", "referencing",
    "tempfile", "yaml",
    *(f"trainingrules.{name}" for name in (
        "checking", "cli", "drift", "handbook", "layout", "mutants", "reading", "schema", "schema_docs", "snippets",
        "source", "statements", "validating", "wording")),
}  # fmt: skip


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own."""
    folder = tmp_path / "shelf"
    monkeypatch.setenv(cache.VARIABLE, str(folder))
    return folder


@pytest.fixture
def desk(shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a policy and its catalogue, and a cache."""
    folder = tmp_path / "desk"
    shutil.copytree(GOOD / "statements", folder / "statements")
    (folder / "guild.yaml").write_text(TEXT, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


def is_same(one: Policy, other: Policy) -> bool:
    """Whether two policies are alike to the last place in the document and the order of every section."""
    return one == other and pack(one) == pack(other) and repr(vars_of(one)) == repr(vars_of(other))


def vars_of(policy: Policy) -> dict[str, object]:
    return {one.name: getattr(policy, one.name) for one in fields(policy)}


def found_in_the_cache(name: str | Path) -> Policy:
    """The policy as it was kept, made anew."""
    found = kept.read_before(locate(name))
    assert found is not None
    return found


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def apart(code: str, **environment: str) -> str:
    """What a process of its own prints."""
    given = {**os.environ, "PYTHONPATH": str(SOURCE), **environment}
    done = subprocess.run([sys.executable, "-c", code], env=given, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def brought(code: str) -> set[str]:
    """The modules that a process of its own has imported after this, beside those of a bare one (measured or not)."""
    bare, after = (set(apart(f"import sys; {one}; print(*sys.modules)").split()) for one in ("pass", code))
    return after - bare


# ------------------------------------------------------------------------------------------------------- modules


def test_an_import_brings_nothing_that_only_reading_needs() -> None:
    assert brought("import trainingrules") & HEAVY == set()


def test_an_answer_from_a_policy_that_was_read_before_brings_nothing_that_only_reading_needs(shelf: Path) -> None:
    asking = (
        "import datetime, trainingrules as tr; policy = tr.load('bcmb');"
        "answer = tr.eligibility(policy, {}, on=datetime.date(2026, 3, 1), decision='enrol'); answer.explain('nl')"
    )
    apart(asking)
    assert brought(asking) & HEAVY == set()


def test_what_an_editor_sees_of_the_front_door_is_what_is_there() -> None:
    """
    The stub imports each name from the module that it comes from at run time too, and no other name.
    """
    tree = ast.parse((SOURCE / "trainingrules" / "__init__.pyi").read_text(encoding="utf-8"))
    imported = {name.name: node.module for node in tree.body if isinstance(node, ast.ImportFrom) for name in node.names}
    [listed] = (ast.literal_eval(node.value) for node in tree.body if isinstance(node, ast.Assign))
    assert sorted(trainingrules.__all__) == sorted(listed) == sorted([*imported, "__version__"])
    for name, module in imported.items():
        assert getattr(trainingrules, name) is getattr(importlib.import_module(str(module)), name)
    assert set(listed) <= set(dir(trainingrules))


def test_the_front_door_has_no_other_name() -> None:
    with pytest.raises(AttributeError, match="module 'trainingrules' has no attribute 'eligibilty'"):
        getattr(trainingrules, "eligibilty")  # noqa: B009 - a type checker sees this one
    assert apart("from trainingrules import *; print(eligibility.__name__, Verdict.ELIGIBLE.name)") == (
        "eligibility ELIGIBLE\n"
    )


# ------------------------------------------------------------------------------------------------------- packing


@pytest.mark.parametrize("name", bundled())
def test_a_bundled_policy_is_unpacked_as_it_was(name: str) -> None:
    policy = load(name)
    assert is_same(unpack(json.loads(json.dumps(pack(policy)))), policy)


@given(policies())
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_policy_is_unpacked_as_it_was(written: Written) -> None:
    """
    Every construct of the language: the places in the document and the order of the sections too.
    """
    assert is_same(unpack(json.loads(json.dumps(pack(written.policy)))), written.policy)


@pytest.mark.parametrize(
    "entries",
    [[], [1], [["Text", 0, 0]], [["exec", 0]], ["a", ["Operator", 0]], ["a", ["operator", 0]], [["tuple", "x"]], [[]],
     ["a", "b", ["Text", 0, 1]], ["2026-02-30", ["date", 0]], ["a", ["mapping", 0]], ["a", ["Text", 0]]],
)  # fmt: skip
def test_what_was_never_packed_is_refused(entries: list[object]) -> None:
    with pytest.raises((LookupError, TypeError, ValueError)):
        unpack(entries)  # type: ignore[arg-type]


# ----------------------------------------------------------------------------------------------------- the cache


@pytest.mark.parametrize("name", bundled())
def test_what_is_loaded_from_the_cache_is_what_was_read(
    name: str, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = load(name)
    assert len(files(shelf)) == 1
    found = found_in_the_cache(name)
    assert found is not read
    assert is_same(found, read)
    assert (found.hash, hash(found)) == (read.hash, hash(read))
    monkeypatch.setattr("trainingrules.validating.check_file", None)
    assert is_same(load(name), read)  # without reading YAML


def test_the_same_texts_elsewhere_are_the_same_policy(desk: Path) -> None:
    read = load("guild.yaml")
    shutil.copytree(desk, desk.parent / "other")
    assert is_same(found_in_the_cache(desk.parent / "other" / "guild.yaml"), read)


@pytest.mark.parametrize("file", ["guild.yaml", "statements/guild.yaml"])
def test_a_changed_text_is_noticed_whatever_the_clock_says(file: str, desk: Path) -> None:
    """
    One character, in the same second, in a file as long as it was.
    """
    changed = desk / file
    first, at = load("guild.yaml"), changed.stat()
    text = changed.read_text(encoding="utf-8")
    for old, new in (("Lid", "Lit"), ("gilde", "gulde"), ("Gilde", "Gulde")):
        if old in text:
            changed.write_text(text.replace(old, new, 1), encoding="utf-8")
            break
    os.utime(changed, ns=(at.st_atime_ns, at.st_mtime_ns))
    assert (changed.stat().st_size, changed.stat().st_mtime_ns) == (at.st_size, at.st_mtime_ns)
    second = load("guild.yaml")
    assert second.hash != first.hash
    changed.write_text(text, encoding="utf-8")
    assert is_same(load("guild.yaml"), first)


def test_a_policy_with_faults_gives_all_of_them_every_time(desk: Path, shelf: Path) -> None:
    load("guild.yaml")
    kept_before = files(shelf)
    wrong = TEXT.replace("nl: Lid, en: Member", "nl: Lid").replace("nl: Prijs, en: Price", "nl: Prijs")
    (desk / "guild.yaml").write_text(wrong, encoding="utf-8")
    for _ in range(2):
        with pytest.raises(PolicyError) as caught:
            load("guild.yaml")
        assert [str(fault.span) for fault in caught.value.diagnostics] == ["guild.yaml:27:3", "guild.yaml:105:7"]
    assert files(shelf) == kept_before


def test_a_catalogue_that_went_away_is_a_fault(desk: Path) -> None:
    load("guild.yaml")
    (desk / "statements" / "guild.yaml").unlink()
    with pytest.raises(PolicyError, match="no-catalogue"):
        load("guild.yaml")


def test_a_policy_copied_over_its_own_catalogue_is_a_fault(desk: Path) -> None:
    """
    The text is one that was read before; what it names is not.
    """
    load("guild.yaml")
    shutil.copy("guild.yaml", "statements/guild.yaml")
    with pytest.raises(PolicyError):
        load("guild.yaml")


def test_another_library_reads_anew(desk: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load("guild.yaml")
    monkeypatch.setattr(kept, "_library", lambda: "another")
    assert kept.read_before("guild.yaml") is None
    load("guild.yaml")
    assert len(files(shelf)) == 2
    monkeypatch.setattr(kept, "_library", lambda: "")
    assert kept.read_before("guild.yaml") is None


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_damaged_was_not_kept(shelf: Path, data: st.DataObject) -> None:
    """
    Cut off, or with any byte changed.
    """
    kept_bytes = data.draw(st.binary(min_size=1))
    keep("one", kept_bytes)
    assert recall("one") == kept_bytes
    written = (shelf / "one").read_bytes()
    place = data.draw(st.integers(0, len(written) - 1))
    other = bytes([written[place] ^ data.draw(st.integers(1, 255))])
    (shelf / "one").write_bytes(written[:place] + data.draw(st.sampled_from([b"", other + written[place + 1 :]])))
    assert recall("one") is None


def test_a_policy_whose_file_was_damaged_is_read_again(desk: Path, shelf: Path) -> None:
    first = load("guild.yaml")
    [file] = files(shelf)
    text = file.read_bytes()
    file.write_bytes(text[: len(text) // 2])
    assert kept.read_before("guild.yaml") is None
    assert is_same(load("guild.yaml"), first)
    assert file.read_bytes() == text


@pytest.mark.parametrize(
    "entry",
    [b"", b"[]", b"{}", b"null", b'{"library": "", "texts": [], "policy": []}', b"\xff",
     b'{"library": "LIBRARY", "texts": [], "policy": []}', b'{"library": "LIBRARY", "texts": [], "policy": [["x"]]}',
     b'{"library": "LIBRARY", "texts": [], "policy": [1, 0, ["fraction", 0, 1]]}',
     b'{"library": "LIBRARY", "texts": 5, "policy": []}', b"[" * 100_000],
)  # fmt: skip
def test_what_was_written_by_something_else_is_not_read(entry: bytes, desk: Path, shelf: Path) -> None:
    first = load("guild.yaml")
    [file] = files(shelf)
    entry = entry.replace(b"LIBRARY", kept._library().encode())
    file.write_bytes(b"%08x\n" % zlib.crc32(entry) + entry)
    assert kept.read_before("guild.yaml") is None
    assert is_same(load("guild.yaml"), first)


# --------------------------------------------------------------------------------------- the folder of the cache


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"HOME": "/home/ann"}, "/home/ann/.cache/trainingrules"),
        ({"HOME": "/home/ann", "XDG_CACHE_HOME": ""}, "/home/ann/.cache/trainingrules"),
        ({"HOME": "/home/ann", "XDG_CACHE_HOME": "/fast"}, "/fast/trainingrules"),
        ({"HOME": "/home/ann", "XDG_CACHE_HOME": "fast"}, "/home/ann/.cache/trainingrules"),
        ({"HOME": "/home/ann", "TRAININGRULES_CACHE": "/here"}, "/here"),
        ({"HOME": "/home/ann", "TRAININGRULES_CACHE": "off"}, None),
        ({"HOME": "/home/ann", "TRAININGRULES_CACHE": ""}, None),
        ({"HOME": "somewhere"}, None),
        ({}, None),
    ],
)
def test_the_cache_lies_where_the_user_keeps_caches(environment: Mapping[str, str], folder: str | None) -> None:
    assert cache_folder(environment) == folder


@pytest.mark.parametrize("where", ["/dev/null", "/dev/null/x", "/proc/none", "a\0b", "x" * 5_000, "guild.yaml", "~"])
def test_a_folder_that_cannot_be_made_is_no_fault(where: str, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "cache_folder", lambda: where)
    assert load("guild.yaml").name == load("guild.yaml").name == "guild"


def test_a_folder_that_cannot_be_written_is_no_fault(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Said by the system itself, for root may write anywhere.
    """

    def refused(*_: object) -> int:
        raise PermissionError(13, "no")

    monkeypatch.setattr("trainingrules.cache.os.open", refused)
    assert load("guild.yaml").name == load("guild.yaml").name == "guild"


def test_nothing_is_kept_when_it_is_switched_off(desk: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cache.VARIABLE, "off")
    load("guild.yaml")
    assert not shelf.exists()


def test_only_this_user_can_write_what_is_kept(desk: Path, shelf: Path) -> None:
    load("guild.yaml")
    assert [path.stat().st_mode & 0o777 for path in (shelf, *files(shelf))] == [0o700, 0o600]


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o722])
def test_what_others_may_write_is_not_trusted(mode: int, desk: Path, shelf: Path) -> None:
    load("guild.yaml")
    for path in (shelf, files(shelf)[0]):
        before = path.stat().st_mode
        path.chmod(mode)
        assert kept.read_before("guild.yaml") is None
        path.chmod(before)
        assert kept.read_before("guild.yaml") is not None


def test_nothing_is_kept_where_others_may_write(desk: Path, shelf: Path) -> None:
    shelf.mkdir()
    shelf.chmod(0o777)
    load("guild.yaml")
    assert files(shelf) == []


def test_what_is_another_users_is_neither_trusted_nor_written(
    desk: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load("guild.yaml")
    own = os.geteuid()
    with monkeypatch.context() as patch:
        patch.setattr("trainingrules.cache.os.geteuid", lambda: own + 1)
        assert kept.read_before("guild.yaml") is None
        shutil.rmtree(shelf)
        load("guild.yaml")
        assert not shelf.exists()  # nothing of ours in the home of another
        patch.delattr("trainingrules.cache.os.geteuid")  # no such thing on this system
        load("guild.yaml")
        assert not shelf.exists()
    load("guild.yaml")
    assert len(files(shelf)) == 1


def test_a_link_is_not_followed(desk: Path, shelf: Path) -> None:
    load("guild.yaml")
    [file] = files(shelf)
    real = file.rename(shelf.parent / "elsewhere")
    file.symlink_to(real)
    assert kept.read_before("guild.yaml") is None
    file.unlink()
    real.rename(file)
    moved = shelf.rename(shelf.parent / "moved")
    shelf.symlink_to(moved)
    assert kept.read_before("guild.yaml") is None


def test_the_cache_is_bounded(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    What was kept longest ago goes first.
    """
    monkeypatch.setattr(cache, "MOST_FILES", 3)
    for number in range(6):
        keep(str(number), b"something")
        os.utime(shelf / str(number), (number, number))
    assert {path.name for path in files(shelf)} == {"3", "4", "5"}
    assert (recall("2"), recall("5")) == (None, b"something")
    monkeypatch.setattr(cache, "MOST_BYTES", 2 * (shelf / "5").stat().st_size)
    keep("6", b"something")
    assert {path.name for path in files(shelf)} == {"5", "6"}
    monkeypatch.setattr(cache, "LARGEST_FILE", 20)
    keep("7", b"something too large")
    assert recall("7") is None


def test_what_a_process_began_and_never_ended_is_cleared_away(shelf: Path) -> None:
    keep("one", b"1")
    (shelf / ".begun-1-old").write_bytes(b"")
    os.utime(shelf / ".begun-1-old", (0, 0))
    (shelf / ".begun-2-new").write_bytes(b"")
    keep("two", b"2")
    assert {path.name for path in files(shelf)} == {".begun-2-new", "one", "two"}


def test_processes_and_threads_share_a_cache(desk: Path, shelf: Path) -> None:
    one = "import trainingrules; print(trainingrules.load('guild.yaml').hash)"
    several = (
        "import threading, trainingrules as tr; found = [];"
        "both = [threading.Thread(target=lambda: found.append(tr.load('guild.yaml').hash)) for _ in range(4)];"
        "[one.start() for one in both]; [one.join() for one in both]; print(*found)"
    )
    found: list[str] = []
    both = [threading.Thread(target=lambda code=code: found.append(apart(code))) for code in (one, several, one)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    said = " ".join(found).split()
    assert len(files(shelf)) == 1
    assert said == [load("guild.yaml").hash] * 6
