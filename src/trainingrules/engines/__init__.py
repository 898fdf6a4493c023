"""The engines, behind one protocol."""

from __future__ import annotations

from trainingrules.diagnostics import EngineError, did_you_mean, one_of
from trainingrules.engines.compiled import COMPILED
from trainingrules.engines.reference import REFERENCE, Reference
from trainingrules.reckoning import Engine, Finding, Situation

ENGINES = ("compiled", "reference", "durable", "verify")
# How the engine is given that answers whole questions by their programs: by its name, or itself.
BY_PROGRAM: tuple[str | Engine, ...] = ("compiled", COMPILED)


def engine_named(name: str) -> Engine:
    """
    The engine of a name: `compiled`, `reference`, `durable` (needs the extra `[durable]`) or `verify` (the last two,
    compared). The compiled engine answers whole questions; for a single condition it is the reference engine.

    >>> engine_named("reference").name
    'reference'

    Raises:
        EngineError: there is no such engine, or what it needs is not installed.
    """
    if name == "compiled":
        return COMPILED
    if name == "reference":
        return REFERENCE
    if name in ENGINES:
        # Only here: durable-rules is optional, and never imported by `import trainingrules`.
        from trainingrules.engines.durable import durable, verify

        return durable() if name == "durable" else verify()
    raise EngineError(f"there is no engine `{name}`; {did_you_mean(name, ENGINES) or one_of(ENGINES)}")


__all__ = ["BY_PROGRAM", "COMPILED", "ENGINES", "Engine", "Finding", "Reference", "Situation", "engine_named"]
