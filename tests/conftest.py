"""Settings for every test: how hard hypothesis tries, and what happens without the Rete engine."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import hypothesis
import pytest

ON_CI = os.environ.get("CI", "").lower() in {"1", "true"}

# No deadlines: on a shared machine they tell of the neighbours, not of us. On CI the draws are fixed, so that
# a red build is the doing of its change; at home they are new every time.
COMMON = hypothesis.settings(deadline=None, print_blob=True, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.register_profile("quick", COMMON, max_examples=20)
hypothesis.settings.register_profile("home", COMMON, max_examples=100)
hypothesis.settings.register_profile("ci", COMMON, max_examples=150, derandomize=True, database=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if ON_CI else "home"))

LEFT_OUT = pytest.StashKey[int]()


def durable_imports() -> bool:
    """In a process of its own: a badly built engine can take the process that imports it with it."""
    command = [sys.executable, "-c", "import durable_rules_engine"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def needs_durable(item: pytest.Item) -> bool:
    return item.get_closest_marker("durable") is not None or (
        isinstance(item, pytest.DoctestItem) and item.path.match("engines/durable.py")
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """
    Where the Rete engine cannot be installed its tests are left out and counted; on CI they run, and fail.
    """
    wanting = [item for item in items if needs_durable(item)]
    if not wanting or ON_CI or durable_imports():
        return
    items[:] = [item for item in items if item not in wanting]
    config.hook.pytest_deselected(items=wanting)
    config.stash[LEFT_OUT] = len(wanting)
    if hasattr(config, "workeroutput"):
        config.workeroutput["left_out"] = len(wanting)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """
    Workers of pytest-xdist tell nobody what they deselect, but for this; each leaves out the same tests.
    """
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", 0)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if left_out := config.stash.get(LEFT_OUT, 0):
        reason = "durable_rules_engine cannot be imported here"
        terminalreporter.section("left out", yellow=True)
        terminalreporter.write_line(f"{left_out} tests of the Rete engine, deselected: {reason}")
