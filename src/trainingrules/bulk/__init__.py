"""Whole tables of people at once: the engines that answer them, by name."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping

from trainingrules.bulk.engine import ColumnEngine, Maker
from trainingrules.diagnostics import EngineError, did_you_mean, one_of


def _polars() -> Maker:
    from trainingrules.bulk.columnar import Columnar

    return Columnar


def _rows() -> Maker:
    from trainingrules.bulk.rows import Rows

    return Rows


# In order of speed; what each needs is imported only when it is asked for.
ENGINES: Mapping[str, Callable[[], Maker]] = {"polars": _polars, "rows": _rows}
NEEDED = "polars"


def engine_named(name: str) -> Maker:
    """
    What makes a column engine of this name for a question.

    >>> engine_named("rows").__name__
    'Rows'

    Raises:
        EngineError: there is no such engine, or what it needs is not installed.
    """
    if name not in ENGINES:
        raise EngineError(f"there is no engine `{name}` for tables; {did_you_mean(name, ENGINES) or one_of(ENGINES)}")
    if importlib.util.find_spec(NEEDED) is None:
        raise EngineError("tables need the extra `bulk`: pip install 'trainingrules[bulk]'")
    return ENGINES[name]()


__all__ = ["ENGINES", "ColumnEngine", "Maker", "engine_named"]
