"""The machine in a line, since figures mean little without it."""

from __future__ import annotations

import os
import platform
from pathlib import Path


def machine() -> str:
    """What it is and how many cores it has."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        lines = info.read_text().splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model)
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{python}, {platform.system()}, {model}, {os.cpu_count()} cores"
