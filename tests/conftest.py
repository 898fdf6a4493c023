"""Settings for every test: how hard hypothesis tries, and what happens without engine, editor or browser."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import hypothesis
import pytest

from tests.editor.client import server_installed

ON_CI = os.environ.get("CI", "").lower() in {"1", "true"}

# No deadlines: on a shared machine they tell of the neighbours, not of us. On CI the draws are fixed, so that
# a red build is the doing of its change; at home they are new every time.
COMMON = hypothesis.settings(deadline=None, print_blob=True, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.register_profile("quick", COMMON, max_examples=20)
hypothesis.settings.register_profile("home", COMMON, max_examples=100)
hypothesis.settings.register_profile("ci", COMMON, max_examples=50, derandomize=True, database=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if ON_CI else "home"))

# A test reads what it is about itself, and leaves nothing in the cache of who runs it.
os.environ["TRAININGRULES_CACHE"] = "off"

LEFT_OUT = pytest.StashKey[dict[str, int]]()


def durable_imports() -> bool:
    """In a process of its own: a badly built engine can take the process that imports it with it."""
    command = [sys.executable, "-c", "import durable_rules_engine"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def needs_durable(item: pytest.Item) -> bool:
    return item.get_closest_marker("durable") is not None or (
        isinstance(item, pytest.DoctestItem) and item.path.match("engines/durable.py")
    )


def needs_editor(item: pytest.Item) -> bool:
    return item.get_closest_marker("editor") is not None


def needs_browser(item: pytest.Item) -> bool:
    return item.get_closest_marker("browser") is not None


def browser_is_here() -> bool:
    return shutil.which("chromium") is not None and importlib.util.find_spec("playwright") is not None


# What not every machine has: which tests need it, whether it is here, and what is said when it is not.
NEEDS: tuple[tuple[str, Callable[[pytest.Item], bool], Callable[[], bool]], ...] = (
    ("of the Rete engine, deselected: durable_rules_engine cannot be imported here", needs_durable, durable_imports),
    ("in an editor, deselected: the language server is not installed here", needs_editor, server_installed),
    ("in a browser, deselected: there is no `chromium`, or no playwright, here", needs_browser, browser_is_here),
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """
    Where the Rete engine, the language server or a browser cannot be installed, their tests are left out and counted;
    on CI they run, and fail.
    """
    left_out: dict[str, int] = {}
    for told, needs, is_here in NEEDS:
        wanting = [item for item in items if needs(item)]
        if not wanting or ON_CI or is_here():
            continue
        items[:] = [item for item in items if item not in wanting]
        config.hook.pytest_deselected(items=wanting)
        left_out[told] = len(wanting)
    config.stash[LEFT_OUT] = left_out
    if hasattr(config, "workeroutput"):
        config.workeroutput["left_out"] = left_out


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """
    Workers of pytest-xdist tell nobody what they deselect, but for this; each leaves out the same tests.
    """
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", {})


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if left_out := config.stash.get(LEFT_OUT, {}):
        terminalreporter.section("left out", yellow=True)
        for told, count in left_out.items():
            terminalreporter.write_line(f"{count} tests {told}")
