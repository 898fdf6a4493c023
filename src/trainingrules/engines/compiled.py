"""The compiled engine: whole questions as generated functions; single conditions it leaves to the reference engine."""

from __future__ import annotations

from dataclasses import dataclass

from trainingrules import policy as p
from trainingrules.engines.reference import REFERENCE
from trainingrules.reckoning import Finding, Situation


@dataclass(frozen=True, slots=True)
class Compiled:
    """Stands for the functions that `plan` writes; an answer asks these first, and only for the rest decides here."""

    name: str = "compiled"

    def decide(self, condition: p.Condition, at: Situation) -> Finding:
        """The truth of a condition and of all its parts."""
        return REFERENCE.decide(condition, at)


COMPILED = Compiled()
