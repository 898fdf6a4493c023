"""`test`: does the policy give the answers that its source gives?"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from trainingrules.cli import screen
from trainingrules.cli.findings import counted, errors_of, unreadable
from trainingrules.cli.parameters import EXIT_CODES, engine, file_of, formats, policy_argument, policy_of, shown
from trainingrules.diagnostics import Diagnostic, PolicyError
from trainingrules.engines import engine_named
from trainingrules.examples import Example, Result, examples_file, read_examples, run
from trainingrules.loading import bundled
from trainingrules.source import Document, read_file

# Fewer examples than this are run before a bar could be read.
MANY = 20


@click.command(epilog=EXIT_CODES, short_help="Run the examples of policies.")
@policy_argument(several=True)
@engine
@formats("text", "json")
def test(policies: tuple[str, ...], engine: str, form: str) -> int:
    """Run the examples of policies: questions with the answers that the source gives.

    They stand beside the policy, in examples/<policy>.yaml. Without POLICY: those of all bundled ones.

    \b
    Examples:
      trainingrules test
      trainingrules test calibris --engine verify
      trainingrules test policies/my-policy.yaml
    """
    decides = engine_named(engine)
    code, told = 0, []
    for name in policies or bundled():
        document: Document | None = None
        faults: Sequence[Diagnostic] = ()
        examples: list[Example] = []
        results: list[Result] = []
        try:
            policy = policy_of(name)
            document, faults = read_file(shown(examples_file(file_of(name))))
            if document is not None:
                examples, wrong = read_examples(document, policy)
                faults = [*faults, *wrong]
            with _progress(name, examples) as each:
                results = [run(example, policy, decides) for example in each]
        except PolicyError as error:
            code, faults = 2, error.diagnostics
        failed = [result for result in results if not result.passed]
        code = max(code, 2 if unreadable(faults) else 1 if errors_of(faults) or failed else 0)
        told.append(_tested(name, faults, results))
        if form == "text":
            (screen.say_faults if document is not None else screen.complain_faults)(faults)
            for result in failed:
                screen.say(*_failure(name, result, document))
            if document is not None:
                more = f", {len(failed)} fail" if failed else ""
                screen.say(f"{name}: {counted(len(results), 'example')}, {len(results) - len(failed)} pass{more}")
    if form == "json":
        screen.say_json(told)
    return code


@contextmanager
def _progress(name: str, examples: Sequence[Example]) -> Iterator[Iterable[Example]]:
    """The examples, with a bar while a person waits."""
    if len(examples) < MANY or not sys.stderr.isatty():
        yield examples
    else:
        with click.progressbar(examples, label=name, file=sys.stderr, update_min_steps=10) as bar:
            yield bar


def _tested(name: str, faults: Sequence[Diagnostic], results: Sequence[Result]) -> dict[str, Any]:
    return {
        "policy": name,
        "examples": len(results),
        "pass": sum(result.passed for result in results),
        "failures": [
            {"name": one.example.name, "source": one.example.source, "why": one.example.why,
             "mismatches": one.mismatches}
            for one in results if not one.passed
        ],
        "diagnostics": [screen.fault_to_plain(fault) for fault in faults],
    }  # fmt: skip


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
