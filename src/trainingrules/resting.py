"""What in a policy rests on a statement of its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from trainingrules.document import Document
from trainingrules.entries import Place, entries, graph, reached
from trainingrules.policy import Policy
from trainingrules.statements import citations

# The sections that answer a question, and the word by which one asks.
_ASKED = {
    "eligibility": "eligibility", "costs": "cost", "deadlines": "deadline", "compliance": "compliance", "notes": "note",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Resting:
    """What rests on statements: the places that cite them, and the questions whose answer those places reach.

    A question is the word to ask by and the name: ``("cost", "become")``.
    """

    places: tuple[str, ...]
    questions: tuple[tuple[str, str], ...]


def resting(policy: Policy, document: Document) -> Mapping[str, Resting]:
    """
    For each statement of the catalogue what rests on it, also through terms, values, amounts, tables and so on.

    >>> from trainingrules.loading import policies_folder
    >>> from trainingrules.validating import check_file
    >>> checked = check_file(policies_folder() / "calibris.yaml")
    >>> found = resting(checked.policy, checked.document)
    >>> found["CAL-21"].places
    ('compliance.two_trainings', 'values.related_that_belongs')
    >>> found["CAL-27"].questions
    (('cost', 'licence_years'), ('note', 'vat_on_login_details'))
    """
    refers = graph(policy)
    asked = {place: {other[:2] for other in reached([place], refers)} for place in entries(policy)
             if len(place) == 2 and place[0] in _ASKED}  # fmt: skip
    cited: dict[str, set[str]] = {name: set() for name in policy.statements}
    for citation, _ in citations(document):
        cited.setdefault(citation.statement, set()).add(citation.place)
    return {name: Resting(tuple(sorted(places)), _questions(places, asked)) for name, places in cited.items()}


def _questions(cited: Iterable[str], asked: Mapping[tuple[str, str], set[Place]]) -> tuple[tuple[str, str], ...]:
    """The questions that rest on an entry in which one of these places stands."""
    homes: set[Place] = {tuple(place.split(".")[:2]) for place in cited}
    everything = any(home[0] == "in_force" for home in homes)
    return tuple((_ASKED[section], name) for (section, name), rests in asked.items()
                 if everything or not rests.isdisjoint(homes))  # fmt: skip
