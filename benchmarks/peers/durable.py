"""durable_rules: a Rete network in C, by way of our own engine `durable`.

Its public host is left out: it compares values wrongly without an error, crashes over a thousand sessions, and mixes up
answers between threads (docs/decisions/0002). So there would be no same answer to time.
"""

from __future__ import annotations

from collections.abc import Iterator

import trainingrules as tr
from benchmarks.cases import Case
from benchmarks.contest import Contender
from benchmarks.ours import rules, verdict

PACKAGE = "durable-rules"


def contenders(case: Case) -> Iterator[Contender]:
    """The same question to the engine `durable`: checks in Python, everything above them in the network."""
    from trainingrules.engines import durable

    durable.durable()  # whether it is there is known at once

    def ask(facts: tr.Facts) -> tr.Eligibility:
        return tr.eligibility(case.policy, facts, on=case.on, decision=case.decision, engine="durable")

    yield Contender("durable_rules, in our `durable`",
                    lambda person: tr.read_facts(case.policy, case.given(person.told)), ask, verdict, rules,
                    note="explained, as every engine of ours")  # fmt: skip
