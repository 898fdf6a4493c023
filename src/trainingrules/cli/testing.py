"""`test`: does the policy give the answers that its source gives?"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

import click

from trainingrules.cli import mutating, reaching, screen
from trainingrules.cli.findings import counted, errors_of, unreadable
from trainingrules.cli.parameters import EXIT_CODES, engine, file_of, formats, policy_argument, policy_of, shown
from trainingrules.diagnostics import Diagnostic, PolicyError
from trainingrules.document import Document
from trainingrules.engines import Engine, engine_named
from trainingrules.examples import Example, Result, examples_file, read_examples, run
from trainingrules.killing import Fate
from trainingrules.loading import bundled
from trainingrules.policy import Policy
from trainingrules.source import read_file

# Fewer examples than this are run before a bar could be read.
MANY = 20
# To look for an example takes seconds.
SUGGESTED = 10


@click.command(epilog=EXIT_CODES, short_help="Run the examples of policies, and see whether they are good enough.")
@policy_argument(several=True)
@engine
@click.option("--coverage", is_flag=True, help="Also show what of the policy the examples reach, and what not.")
@click.option(
    "--at-least",
    type=click.IntRange(0, 100),
    metavar="PERCENT",
    help="With --coverage: fail when less than this is reached, of any sort.",
)
@click.option("--mutate", is_flag=True, help="Also change the policy in every small way, and see who notices.")
@click.option("--only", metavar="PREFIX", default="", help="With --mutate: only changes whose id begins so.")
@click.option("--suggest", type=click.IntRange(0, 1000), default=SUGGESTED, show_default=True,
              help="With --mutate: for how many changes that nobody notices to find an example.")  # fmt: skip
@click.option("--jobs", type=click.IntRange(1, 64), help="With --mutate: how many processes; else one a processor.")
@formats("text", "json")
def test(
    policies: tuple[str, ...],
    engine: str,
    coverage: bool,
    at_least: int | None,
    mutate: bool,
    only: str,
    suggest: int,
    jobs: int | None,
    form: str,
) -> int:
    """Run the examples of policies: questions with the answers that the source gives.

    They stand beside the policy, in examples/<policy>.yaml. Without POLICY: those of all bundled ones.

    With --coverage it is shown which rules are asked for, which conditions turn out true, false and unknown, which
    states a deadline is in, and at which thresholds there is a value exactly on it, one step below and one above.

    With --mutate the policy is changed in every small way that a slip of the pen could change it: each threshold one
    step up and down, `at_least` for `more_than`, a requirement left out, another cent, another day. An example that
    then fails has noticed, and kills the mutant. A change that no example notices could be in the policy today. An
    example that would notice is shown, ready to paste: hold it against the source, and say why. Or say in the section
    `equivalent` of the file of examples why no example can.

    \b
    Examples:
      trainingrules test
      trainingrules test calibris --engine verify
      trainingrules test calibris --coverage
      trainingrules test policies/my-policy.yaml --mutate
      trainingrules test calibris --mutate --only eligibility.theme_workshop --suggest 3
    """
    if at_least is not None and not coverage:
        raise click.UsageError("`--at-least` goes with `--coverage`")
    for option, given in (("--only", only), ("--suggest", suggest != SUGGESTED), ("--jobs", jobs)):
        if given and not mutate:
            raise click.UsageError(f"`{option}` goes with `--mutate`")
    decides = engine_named(engine)
    code, told = 0, []
    with mutating.judges(jobs) if mutate else nullcontext() as by:
        for name in policies or bundled():
            tested = _test(name, decides)
            if coverage and tested.document is not None and tested.policy is not None:
                tested = replace(tested, reached=reaching.reached(name, file_of(name), tested.policy, tested.examples))
            if by is not None and tested.document is not None and tested.policy is not None:
                found = mutating.mutate(name, file_of(name), tested.policy, tested.document, by, only=only,
                                        suggest=suggest)  # fmt: skip
                tested = replace(tested, mutated=found)
            code = max(code, tested.code, 1 if tested.reached and tested.reached.below(at_least or 0) else 0)
            told.append(_to_plain(tested))
            if form == "text":
                _say(tested)
    if form == "json":
        screen.say_json(told)
    if only and not any(one.get("mutation", {}).get("mutants") for one in told):
        raise click.UsageError(f"no mutant has an id that begins with `{only}`")
    return code


@dataclass(frozen=True, slots=True)
class _Tested:
    """What came of the examples of one policy."""

    name: str
    policy: Policy | None = None
    document: Document | None = None
    faults: Sequence[Diagnostic] = ()
    results: Sequence[Result] = ()
    reached: reaching.Reached | None = None
    mutated: mutating.Mutated | None = None

    @property
    def examples(self) -> list[Example]:
        """The examples themselves."""
        return [result.example for result in self.results]

    @property
    def failed(self) -> list[Result]:
        """The examples that the policy answers otherwise."""
        return [result for result in self.results if not result.passed]

    @property
    def code(self) -> int:
        """How the program ends."""
        if self.policy is None or unreadable(self.faults):
            return 2
        told = self.mutated is not None and (self.mutated.of(Fate.SURVIVES) or self.mutated.faults)
        return 1 if errors_of(self.faults) or self.failed or told else 0


def _test(name: str, decides: Engine) -> _Tested:
    try:
        policy = policy_of(name)
        document, faults = read_file(shown(examples_file(file_of(name))))
        examples: list[Example] = []
        if document is not None:
            examples, wrong = read_examples(document, policy)
            faults = [*faults, *wrong]
        with _progress(name, examples) as each:
            return _Tested(name, policy, document, faults, [run(example, policy, decides) for example in each])
    except PolicyError as error:
        return _Tested(name, faults=error.diagnostics)


def _say(tested: _Tested) -> None:
    (screen.say_faults if tested.document is not None else screen.complain_faults)(tested.faults)
    for result in tested.failed:
        screen.say(*_failure(tested.name, result, tested.document))
    if tested.document is not None:
        count, failed = len(tested.results), len(tested.failed)
        more = f", {failed} fail" if failed else ""
        screen.say(f"{tested.name}: {counted(count, 'example')}, {count - failed} pass{more}")
    if tested.reached is not None:
        reaching.say(tested.reached)
    if tested.mutated is not None:
        mutating.say(tested.mutated)


@contextmanager
def _progress(name: str, examples: Sequence[Example]) -> Iterator[Iterable[Example]]:
    """The examples, with a bar while a person waits."""
    if len(examples) < MANY or not sys.stderr.isatty():
        yield examples
    else:
        with click.progressbar(examples, label=name, file=sys.stderr, update_min_steps=10) as bar:
            yield bar


def _to_plain(tested: _Tested) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "policy": tested.name,
        "examples": len(tested.results),
        "pass": len(tested.results) - len(tested.failed),
        "failures": [
            {"name": one.example.name, "source": one.example.source, "why": one.example.why,
             "mismatches": one.mismatches}
            for one in tested.failed
        ],
        "diagnostics": [screen.fault_to_plain(fault) for fault in tested.faults],
    }  # fmt: skip
    if tested.reached is not None:
        plain["coverage"] = reaching.to_plain(tested.reached)
    if tested.mutated is not None:
        plain["mutation"] = mutating.to_plain(tested.mutated)
    return plain


def _failure(name: str, result: Result, document: Document | None) -> list[str]:
    example = result.example
    kind, about = example.question
    place = f"{document.span(('examples', example.name), key=True)}: " if document else ""
    lines = [f"{place}example {example.name} fails: {kind} {about} of {name}, on {example.on}"]
    told = ((one.key, _written(one.expected), _written(one.got)) for one in result.mismatches)
    lines += [f"    {key}: expected {expected}, got {got}" for key, expected, got in told]
    return [*lines, f"    why: {' '.join(example.why.split())} ({', '.join(example.source)})"]


def _written(value: Any) -> str:
    """A value as it would stand in the file of examples."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_written(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_written(part) for part in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return "nothing" if value is None else " ".join(str(value).split())
