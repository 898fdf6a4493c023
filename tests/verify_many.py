"""Put many questions to both engines and count the differences: `python -m tests.verify_many 20000`.

Half of the questions go to the five policies, half to random ones; every answer is also explained and written as
JSON and back. The seed is fixed, so that a figure can be had again; `--seed` takes another.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests import random_policies as r
from trainingrules import bundled, load
from trainingrules.diagnostics import EngineError, FactError
from trainingrules.policy import Policy
from trainingrules.strategies import days, facts, questions

# As many cases of one random policy: to make one takes longer than to ask it.
OF_ONE = 20


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=int, nargs="?", default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    given_ = parser.parse_args()
    counted: Counter[str] = Counter()
    differences: list[str] = []
    refused: list[str] = []
    begun = time.perf_counter()

    def ask(policy: Policy, name: str, data: st.DataObject) -> None:
        on = data.draw(days(policy))
        known, question = data.draw(facts(policy, on=on)), data.draw(questions(policy))
        try:
            answer = question.ask(policy, known, on=on, engine="verify")
        except FactError:
            refused.append(name)
            return
        except EngineError as difference:
            differences.append(f"{question} of {name} on {on} with {known}: {difference}")
            return
        assert type(answer).from_dict(answer.to_dict()) == answer
        assert answer.explain("nl")
        assert answer.explain("en")
        counted[name] += 1

    def each(strategy: st.SearchStrategy[Policy], cases: int, of_one: int) -> None:
        tried = settings(max_examples=-(-cases // of_one), phases=[Phase.generate], database=None, deadline=None,
                         suppress_health_check=list(HealthCheck), derandomize=False)  # fmt: skip

        @seed(given_.seed)
        @tried
        @given(strategy, st.data())
        def many(policy: Policy, data: st.DataObject) -> None:
            for _ in range(of_one):
                ask(policy, policy.name, data)

        many()

    names = bundled()
    for name in names:
        each(st.just(load(name)), given_.cases // 2 // len(names), OF_ONE)
    each(r.policies().map(lambda written: written.policy), given_.cases - given_.cases // 2, OF_ONE)

    took = time.perf_counter() - begun
    for name, count in sorted(counted.items()):
        print(f"{count:>9,}  {name}")
    print(f"{sum(counted.values()) + len(differences):>9,}  answers of both engines in {took:.0f} s, "
          f"{len(differences)} differences; {len(refused):,} times the facts contradicted each other")  # fmt: skip
    for difference in differences[:20]:
        print(f"  {difference}")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
