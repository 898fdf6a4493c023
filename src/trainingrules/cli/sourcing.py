"""`source`: has the organisation's page changed, and what in the policy rests on that?"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from trainingrules.cli import screen
from trainingrules.cli.findings import counted, unreadable
from trainingrules.cli.parameters import EXIT_CODES, file_of, formats, policy_argument, shown
from trainingrules.diagnostics import Diagnostic, PolicyError
from trainingrules.document import Document
from trainingrules.drift import Drift, Found, New, State, compare, recorded_anew
from trainingrules.examples import examples_file, read_examples
from trainingrules.page import MOST_BYTES, Page, read_page, read_page_file
from trainingrules.policy import Policy
from trainingrules.recorded import Recorded, read_recorded, record_text, sentences_file, sentences_of, unaccounted
from trainingrules.resting import Resting, resting
from trainingrules.source import read_file
from trainingrules.splitting import Stretch
from trainingrules.validating import check_file


@click.command(epilog=EXIT_CODES, short_help="Tell what changed in the organisation's page since it was recorded.")
@policy_argument()
@click.argument("page", metavar="DOCUMENT")
@click.option("--record", is_flag=True, help="Take this page as the one that the policy rests on.")
@formats("text", "json")
def source(policy: str, page: str, record: bool, form: str) -> int:
    """Tell what changed in the organisation's page since it was recorded, and what in the policy rests on that.

    DOCUMENT is the page as it is now, as text or HTML: a file, or - for what is piped in. Which of both it is
    is seen from what it holds; a PDF is not read. Layout, line ends, quotes, hyphens and list marks are no
    change; a word, number, amount or date is. Of every sentence that changed, moved, went or came you see the
    statements it carries, and the rules, answers and examples that rest on those.

    The sentences are recognised by fingerprints, which stand in statements/<policy>.sentences.yaml. When the
    policy is up to date again, --record writes them anew from this page. A sentence keeps its statements;
    those of a new one you write yourself in `carries`, in that file. `trainingrules coverage` tells which
    sentences and statements still lack each other.

    \b
    Examples:
      trainingrules source calibris page.html
      curl -s https://example.org/conditions | trainingrules source my-policy.yaml -
      trainingrules source my-policy.yaml page.txt --record
    """
    known = _policy(policy)
    recorded = _recorded(known.record_file, f"trainingrules source {policy} {page} --record", needed=not record)
    read, faults = _page(page)
    if read is None:
        raise PolicyError(faults)
    screen.complain_faults(faults)
    drift = compare([one.mark for one in recorded], read)
    case = _Case(known, read, recorded, drift)
    if record:
        return _record(case, form)
    if form == "json":
        screen.say_json(_plain(case))
    else:
        for block in _blocks(case):
            screen.say(*block, "")
        screen.say(_summary(case))
    return 0 if drift.same else 1


# ------------------------------------------------------------------------------------------------ what is read


@dataclass(frozen=True, slots=True)
class _Known:
    """A policy, and all that may rest on its statements."""

    policy: Policy
    catalogue: Document
    record_file: Path
    resting: Mapping[str, Resting]
    examples: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Case:
    """A page held against the record of a policy."""

    known: _Known
    page: Page
    recorded: Sequence[Recorded]
    drift: Drift


def _policy(name: str) -> _Known:
    file = file_of(name)
    checked = check_file(file)
    if checked.policy is None or checked.document is None or checked.catalogue is None:
        raise PolicyError(checked.errors)
    examples: dict[str, list[str]] = {}
    where = examples_file(file)
    if where.exists():
        document, faults = read_file(shown(where))
        found, wrong = read_examples(document, checked.policy) if document is not None else ([], [])
        screen.complain_faults([*faults, *wrong])
        for example in found:
            for statement in example.source:
                examples.setdefault(statement, []).append(example.name)
    return _Known(
        checked.policy,
        checked.catalogue,
        shown(sentences_file(Path(checked.catalogue.name), file)),
        resting(checked.policy, checked.document),
        {statement: tuple(names) for statement, names in examples.items()},
    )


def _page(name: str) -> tuple[Page | None, list[Diagnostic]]:
    if name == "-":
        return read_page(sys.stdin.buffer.read(MOST_BYTES + 1), "<stdin>")
    return read_page_file(name)


def _recorded(file: Path, command: str, *, needed: bool) -> Sequence[Recorded]:
    document, faults = read_file(file)
    if unreadable(faults):
        if not needed and not file.exists():
            return ()
        if not file.exists():
            message = f"there is no record `{file}` of the document's sentences"
            faults = [
                Diagnostic("unrecorded-page", message, None, f"run `{command}` with the page the policy was made from")
            ]
        raise PolicyError(faults)
    recorded, wrong = read_recorded(document) if document is not None else (None, [])
    if recorded is None or faults:
        raise PolicyError([*faults, *wrong])
    return recorded


# ---------------------------------------------------------------------------------------------- what is recorded


def _record(case: _Case, form: str) -> int:
    known, page = case.known, case.page
    rows = recorded_anew(page, [one.mark for one in case.recorded], case.drift)
    old = [None if index is None else case.recorded[index] for _, index, _ in rows]
    sentences = [
        Recorded(mark, was.carries, was.because) if was else Recorded(mark)
        for (mark, _, _), was in zip(rows, old, strict=True)
    ]  # fmt: skip
    if not sentences:
        raise PolicyError([Diagnostic("empty-text", f"there is no sentence in `{page.name}`")])
    text = record_text(known.policy.name, sentences)
    known.record_file.write_text(text, encoding="utf-8", newline="\n")
    document, _ = read_file(known.record_file)
    assert document is not None
    faults = list(unaccounted(sentences, document, known.policy.statements, known.catalogue))
    unassigned = [
        (document.span(("sentences", index)).line, stretch)
        for index, (_, _, stretch) in enumerate(rows)
        if not sentences[index].carries and not sentences[index].because
    ]
    if form == "json":
        screen.say_json({
            "policy": known.policy.name, "file": str(known.record_file), "sentences": len(sentences),
            "to_assign": [{"line": line, "document_line": page.line(stretch.start), "text": _said(page, stretch)}
                          for line, stretch in unassigned],
            "diagnostics": [screen.fault_to_plain(fault) for fault in faults],
        })  # fmt: skip
        return 1 if faults else 0
    if unassigned:
        screen.say("Write the statements that each of these carries in `carries`, on the line that is named:")
        screen.say(
            *screen.columns([(f"{known.record_file}:{line}", _said(page, stretch)) for line, stretch in unassigned])
        )
        screen.say("")
    if case.recorded:  # else every statement still lacks its sentence
        screen.say_faults([fault for fault in faults if fault.code != "unassigned-sentence"])
    more = f", {len(unassigned)} to assign" if unassigned else ""
    screen.say(f"{known.policy.name}: {counted(len(sentences), 'sentence')} recorded in {known.record_file}{more}")
    return 1 if faults else 0


# -------------------------------------------------------------------------------------------------- what is told

_Told = Found | New


def _ordered(case: _Case) -> Iterator[tuple[int, _Told]]:
    """What is not as it was, with its place in the page; what is gone has that of the sentence before it."""
    last = 0
    rows: list[tuple[int, int, _Told]] = []
    for one in case.drift.found:
        last = one.stretch.start if one.stretch and one.state is not State.MOVED else last
        if one.state is not State.UNCHANGED:
            rows.append((one.stretch.start if one.stretch else last, one.index, one))
    rows += [(one.stretch.start, len(case.recorded), one) for one in case.drift.new]
    return ((place, one) for place, _, one in sorted(rows, key=lambda row: row[:2]))


def _blocks(case: _Case) -> Iterator[list[str]]:
    """What is not as it was, and what rests on it."""
    page, told = case.page, set[str]()
    for place, one in _ordered(case):
        if isinstance(one, New):
            what = f"new, {_between(case, one)}"
        else:
            carried = case.recorded[one.index]
            names = ", ".join(carried.carries) or f"no statement ({carried.because or 'no reason given'})"
            state = "gone after this line" if one.state is State.GONE else one.state.value
            what = f"{state}, sentence {one.index + 1}: {names}"
        lines = [f"{page.name}:{page.line(place)}: {what}"]
        if one.stretch:
            lines += screen.columns([("now", _said(page, one.stretch))])
        if isinstance(one, Found):
            for name in case.recorded[one.index].carries:
                lines += _rests(case.known, name, again=name in told)
                told.add(name)
        yield lines


def _rests(known: _Known, name: str, *, again: bool) -> list[str]:
    """What rests on a statement, told once."""
    statement, rests = known.policy.statements.get(name), known.resting.get(name)
    if statement is None or rests is None:
        return [f"  {name} is not in the catalogue"]
    if again:
        return [f"  {name}: see above"]
    rows = [
        ("says", statement.text.nl),
        ("rules", ", ".join(rests.places)),
        ("answers", ", ".join(f"{word} {about}" for word, about in rests.questions)),
        ("examples", ", ".join(known.examples.get(name, ()))),
    ]
    return [f"  {name}", *screen.columns([(head, text or "none") for head, text in rows], indent=4)]


def _between(case: _Case, new: New) -> str:
    def named(index: int | None) -> str:
        if index is None:
            return ""
        return f"sentence {index + 1} ({', '.join(case.recorded[index].carries) or case.recorded[index].because})"

    after, before = named(new.after), named(new.before)
    if after and before:
        return f"between {after} and {before}"
    return f"after {after}" if after else f"before {before}" if before else "on a page of which nothing was recorded"


def _said(page: Page, stretch: Stretch) -> str:
    """What stands there, on one line and without what cannot be seen."""
    words = page.text[stretch.start : stretch.end].split()
    return " ".join("".join(one for one in word if one.isprintable()) for word in words)


def _summary(case: _Case) -> str:
    counts = {state: sum(one.state is state for one in case.drift.found) for state in State}
    parts = [f"{count} {state.value}" for state, count in counts.items() if count]
    parts += [f"{len(case.drift.new)} new"] if case.drift.new else []
    left = len(case.drift.left_out)
    aside = f"; {counted(left, 'line')} of navigation, header and footer left out" if left else ""
    return f"{case.known.policy.name}: {counted(len(case.recorded), 'sentence')} recorded: {', '.join(parts)}{aside}"


def _states(case: _Case) -> Mapping[str, str]:
    """What became of each statement, from what became of its sentences."""
    result = {}
    for name, indexes in sentences_of(case.recorded).items():
        states = {case.drift.found[index].state for index in indexes}
        if len(states) == 1:
            result[name] = next(iter(states)).value
        else:
            result[name] = (State.MOVED if states == {State.MOVED, State.UNCHANGED} else State.CHANGED).value
    return result


def _plain(case: _Case) -> dict[str, Any]:
    page, known = case.page, case.known

    def new(one: New) -> dict[str, Any]:
        near = [None if index is None else index + 1 for index in (one.after, one.before)]
        return {"line": page.line(one.stretch.start), "text": _said(page, one.stretch), "between": near}

    return {
        "policy": known.policy.name,
        "document": page.name,
        "same": case.drift.same,
        "sentences": [
            {"number": one.index + 1, "state": one.state.value, "statements": case.recorded[one.index].carries,
             "line": page.line(one.stretch.start) if one.stretch else None,
             "text": _said(page, one.stretch) if one.stretch and one.state is not State.UNCHANGED else None}
            for one in case.drift.found
        ],
        "new": [new(one) for one in case.drift.new],
        "left_out": [new(one) for one in case.drift.left_out],
        "statements": [
            {"id": name, "state": state,
             "rules": known.resting[name].places if name in known.resting else (),
             "answers": [f"{word} {about}" for word, about in known.resting[name].questions]
             if name in known.resting else [],
             "examples": known.examples.get(name, ())}
            for name, state in _states(case).items()
        ],
    }  # fmt: skip
