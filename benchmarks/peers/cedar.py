"""cedarpy: Amazon's Cedar, in Rust."""

from __future__ import annotations

import json
from collections.abc import Iterator

from benchmarks.cases import Case, Person, in_numbers
from benchmarks.contest import Contender
from benchmarks.peers.infix import Dialect

PACKAGE = "cedarpy"
DIALECT = Dialect(" && ", " || ", "!", fact="principal.{}", among="{several}.contains({fact})")


def contenders(case: Case) -> Iterator[Contender]:
    """Each rule forbids unless it holds, so that the answer names those that failed; persons are parsed beforehand.

    A fact that is absent makes a rule an error, and a rule in error forbids nothing: so all facts are told.
    """
    import cedarpy

    forbidden = [f'@id("{place}") forbid(principal, action, resource) unless {{ {DIALECT.expression(rule.must)} }};'
                 for place, rule in enumerate(case.rules)]  # fmt: skip
    policies = cedarpy.PolicySet.from_str("\n".join(["permit(principal, action, resource);", *forbidden]))
    request = {"principal": 'Person::"one"', "action": 'Action::"ask"', "resource": 'Decision::"one"'}

    def prepare(person: Person) -> cedarpy.Entities:
        uid = {"type": "Person", "id": "one"}
        entity = {"uid": uid, "attrs": in_numbers(case, person.complete), "parents": []}
        return cedarpy.Entities.from_json_str(json.dumps([entity]))

    def ask(person: cedarpy.Entities) -> cedarpy.AuthzResult:
        return cedarpy.is_authorized(request, policies, person)

    def rules(answer: cedarpy.AuthzResult) -> tuple[bool, ...]:
        failed = set(answer.diagnostics.id_annotations_by_reason.values())
        return tuple(str(place) not in failed for place in range(len(case.rules)))

    yield Contender("Cedar", prepare, ask, lambda answer: bool(answer.allowed), rules, complete=True)
