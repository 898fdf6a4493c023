# What type checkers and editors see of `__init__.py`, which imports the questions when they are first asked.

from trainingrules.admission import read_facts
from trainingrules.answers.compliance import Compliance, DutyStatus, Status, compliance
from trainingrules.answers.cost import Cost, LineAmount, cost
from trainingrules.answers.deadlines import Deadlines, DeadlineState, State, deadlines
from trainingrules.answers.eligibility import Eligibility, Outcome, Verdict, eligibility
from trainingrules.answers.notes import Noted, Notes, look_up
from trainingrules.diagnostics import (
    Diagnostic,
    EngineError,
    FactError,
    PolicyError,
    QuestionError,
    TrainingRulesError,
)
from trainingrules.facts import Facts
from trainingrules.loading import bundled, load
from trainingrules.policy import Policy

__version__: str

__all__ = [
    "Compliance",
    "Cost",
    "DeadlineState",
    "Deadlines",
    "Diagnostic",
    "DutyStatus",
    "Eligibility",
    "EngineError",
    "FactError",
    "Facts",
    "LineAmount",
    "Noted",
    "Notes",
    "Outcome",
    "Policy",
    "PolicyError",
    "QuestionError",
    "State",
    "Status",
    "TrainingRulesError",
    "Verdict",
    "__version__",
    "bundled",
    "compliance",
    "cost",
    "deadlines",
    "eligibility",
    "load",
    "look_up",
    "read_facts",
]
