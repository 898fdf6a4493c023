"""Training conditions as policies: who may, what it costs, by when, and what one must keep doing.

>>> import datetime, trainingrules
>>> policy = trainingrules.load("calibris")
>>> trainingrules.deadlines(policy, {}, on=datetime.date(2026, 3, 1)).head.policy
'calibris'
"""

from importlib import import_module

from trainingrules.diagnostics import (
    Diagnostic,
    EngineError,
    FactError,
    PolicyError,
    QuestionError,
    TrainingRulesError,
)
from trainingrules.policy import Policy

__version__ = "0.1.0"

# What a policy is made of is imported at once; what reads one, and what is asked of it, when it is first named. Type
# checkers read `__init__.pyi`.
_WHEN_NAMED = {
    name: f"trainingrules.{module}"
    for module, names in {
        "admission": ("read_facts",),
        "answers.compliance": ("Compliance", "DutyStatus", "Status", "compliance"),
        "answers.cost": ("Cost", "LineAmount", "cost"),
        "answers.deadlines": ("DeadlineState", "Deadlines", "State", "deadlines"),
        "answers.eligibility": ("Eligibility", "Outcome", "Verdict", "eligibility"),
        "answers.notes": ("Noted", "Notes", "look_up"),
        "facts": ("Facts",),
        "loading": ("bundled", "load"),
    }.items()
    for name in names
}

__all__ = [
    *_WHEN_NAMED,
    "Diagnostic",
    "EngineError",
    "FactError",
    "Policy",
    "PolicyError",
    "QuestionError",
    "TrainingRulesError",
    "__version__",
]


def __getattr__(name: str) -> object:
    if name not in _WHEN_NAMED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_WHEN_NAMED[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
