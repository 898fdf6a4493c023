"""Whole tables of people at once; it needs the extra `[bulk]`, but for the names of the engines."""

from __future__ import annotations

# In order of speed.
ENGINES = ("polars", "duckdb", "rows")

__all__ = ["ENGINES"]
