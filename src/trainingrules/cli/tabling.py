"""`table`: a question put to every person in a table."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from trainingrules.answers.common import on_in_words
from trainingrules.bulk import ENGINES
from trainingrules.cli import screen
from trainingrules.cli.parameters import DAY, ROUNDS, Command, formats, language, policy_argument, policy_of
from trainingrules.cli.questions import ALL, SORTS, Narrowed
from trainingrules.diagnostics import Diagnostic, EngineError, QuestionError, did_you_mean, one_of
from trainingrules.policy import Policy
from trainingrules.questions import Question, Sort
from trainingrules.sentences import question as question_of
from trainingrules.words import Language, listing, money_in_words

_SORTS: Mapping[str, Sort] = {"eligibility": "eligibility", "cost": "cost", "deadline": "deadlines",
                              "compliance": "compliance"}  # fmt: skip
_MOST_MISSING = 5

_EXIT_CODES = """\b
Exit codes:
  0  every row is answered
  1  some rows have faults: they stand in the side file, the others are answered
  2  the command or what it was given cannot be used; nothing is written"""


def _questions(command: Command) -> Command:
    for name in reversed([*_SORTS]):
        sort = SORTS[name]
        command = click.option(f"--{name}", metavar=sort.metavar, multiple=True, help=sort.asks.en)(command)
    return command


@click.command(epilog=_EXIT_CODES, short_help="Put questions to every person in a table.")
@policy_argument()
@click.argument("table", metavar="IN", type=click.Path(path_type=Path))
@click.option("-o", "--output", "out", metavar="OUT", type=click.Path(path_type=Path),
              help="Where the answers go: .csv or .parquet.")  # fmt: skip
@_questions
@click.option("--on", type=DAY, metavar="DAY", help="The day or moment of asking; the clock is never read.")
@click.option("--key", metavar="COLUMN", default="key", show_default=True, help="The column that tells people apart.")
@click.option("--rows", "histories", metavar="HISTORY=FILE", multiple=True,
              help="A table with the rows of a history, with the same key. May be repeated.")  # fmt: skip
@click.option("--ignore", metavar="COLUMN", multiple=True, help="Leave out a column. May be repeated.")
@click.option("--bad", metavar="FILE", type=click.Path(path_type=Path),
              help="Where rows with faults go; else beside OUT, as in answers.bad.csv.")  # fmt: skip
@click.option("--explain-row", "explained", metavar="KEY", help="Show the whole answer for this one person.")
@click.option("--cycles", type=ROUNDS, metavar="NUMBERS", help="Only these rounds of a cycle: 1,2,3 or 1-3.")
@click.option("--party", metavar="NAME", help="Only the duties of this party.")
@click.option("--engine", type=click.Choice(ENGINES), help="Who answers; else the fastest that can.")
@formats("text", "json")
@language
def table(
    policy: str,
    table: Path,
    out: Path | None,
    on: date | datetime | None,
    key: str,
    histories: tuple[str, ...],
    ignore: tuple[str, ...],
    bad: Path | None,
    explained: str | None,
    cycles: tuple[int, ...] | None,
    party: str | None,
    engine: str | None,
    form: str,
    lang: Language,
    **asked: tuple[str, ...],
) -> int:
    """Put questions to every person in a table, and write the answers as a table.

    IN is a CSV or Parquet file with a row for each person: a column that tells them apart, and a column for each fact,
    by its name; FACT[ROW] for a fact that is known per row of a table, FACT[2] for the second round of a cycle. An
    empty cell is not known. That there is none, such as a day on which nothing happened, is the word `none`, or
    `true` in a column FACT.none. The options of a list stand between `;`. The facts are those of `trainingrules facts`.

    Nothing is guessed: a row with a fault is not answered, but goes into a side file with its line and all of its
    faults. The questions are those of `trainingrules ask`, and each may be repeated.

    \b
    Examples:
      trainingrules table bcmb people.csv -o answers.csv --eligibility programme_b --on 2024-02-01
      trainingrules table calibris holders.parquet -o duties.parquet --compliance all --on 2026-06-15 \\
          --key licence --rows trainings=trainings.parquet
      trainingrules table bcmb people.csv --eligibility programme_b --on 2024-02-01 --explain-row 17
    """
    found = policy_of(policy)
    if on is None:
        raise click.UsageError("say for which day with --on, such as --on 2026-03-01; the clock is never read")
    questions = _asked(found, asked, cycles, party)
    if out is None and explained is None:
        raise click.UsageError("say where the answers go with -o, such as -o answers.csv")
    if importlib.util.find_spec("polars") is None:
        raise EngineError("tables need the extra `bulk`: pip install 'trainingrules[bulk]'")
    tables = _histories(found, histories)
    job = _Job(found, table, key, tables, ignore, questions, on, engine)
    if explained is not None:
        return job.explain(explained, lang)
    assert out is not None
    side = bad or out.with_name(f"{out.stem}.bad{table.suffix.lower()}")
    _all_different({"IN": table, "OUT": out, "--bad": side, **{f"--rows {name}": one for name, one in tables.items()}})
    return job.run(out, side, form, lang)


def _asked(
    policy: Policy, asked: Mapping[str, Sequence[str]], cycles: tuple[int, ...] | None, party: str | None
) -> list[Question]:
    """The questions, each with what narrows it."""
    sorts = [name for name in _SORTS if asked[name]]
    if not sorts:
        raise click.UsageError(f"no question is asked; `trainingrules list {policy.name}` shows which can be")
    for option, given in (("cycles", cycles), ("party", party)):
        if given is not None and not any(option in SORTS[name].takes for name in sorts):
            Narrowed(**{option: given}).check(SORTS[sorts[0]])  # type: ignore[arg-type]
    found = []
    for name in sorts:
        sort = SORTS[name]
        entries = sort.entries(policy)
        for about in dict.fromkeys(asked[name]):
            names: list[str | None] = [about]
            if about == ALL and sort.all:
                names = [None] if name == "compliance" else [*entries]
            elif about not in entries:
                close = did_you_mean(about, entries) or one_of(entries)
                raise QuestionError(f"{name} `{about}` is not in this policy; {close}")
            narrowed = (cycles if "cycles" in sort.takes else None, party if "party" in sort.takes else None)
            found += [Question(_SORTS[name], one, *narrowed) for one in names]
    return found


def _histories(policy: Policy, texts: Sequence[str]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for text in texts:
        name, equals, file = text.partition("=")
        if not equals or not file:
            raise click.UsageError(f"`--rows {text}` names no file: write --rows HISTORY=FILE")
        if name not in policy.records:
            close = did_you_mean(name, policy.records) or (one_of(policy.records) if policy.records else "it has none")
            raise click.UsageError(f"`{name}` is not a history of this policy; {close}")
        if name in found:
            raise click.UsageError(f"the rows of `{name}` are given twice")
        found[name] = Path(file)
    return found


def _all_different(files: Mapping[str, Path]) -> None:
    seen: dict[Path, str] = {}
    for what, path in files.items():
        other = seen.setdefault(path.resolve(), what)
        if other != what:
            raise click.UsageError(f"{other} and {what} are the same file: {path}")


class _Job:
    """A table and what is asked of it; made once polars is known to be there."""

    def __init__(
        self, policy: Policy, path: Path, key: str, tables: Mapping[str, Path], ignore: Sequence[str],
        questions: Sequence[Question], on: date | datetime, engine: str | None,
    ) -> None:  # fmt: skip
        from trainingrules.bulk.asking import table_history
        from trainingrules.bulk.header import layout_of, rows_layout
        from trainingrules.bulk.reading import open_table

        self.policy, self.on, self.key = policy, on, key
        self.table = open_table(path, key)
        self.layout = layout_of(policy, self.table, key=key, ignore=ignore, elsewhere=tables)
        self.asked = [self._put(question, engine, many=len(questions) > 1) for question in questions]
        self.histories = {}
        for name, file in tables.items():
            rows = open_table(file, key)
            self.histories[name] = table_history(policy, name, rows, rows_layout(policy, rows, name, key=key))

    def _put(self, question: Question, engine: str | None, *, many: bool) -> Any:
        """A question as an engine puts it: the one that is named, or the fastest that can."""
        from trainingrules.bulk.asking import asked
        from trainingrules.bulk.engine import engine_named

        *fast, last = [engine] if engine is not None else ENGINES
        for name in fast:
            try:
                return asked(self.policy, question, self.on, engine_named(name), many=many)
            except EngineError as reason:
                screen.complain(f"note: each person is asked alone, which takes longer: {reason}")
        return asked(self.policy, question, self.on, engine_named(last), many=many)

    def _desk(self, doubled: Mapping[str, Sequence[int]]) -> Any:
        from trainingrules.bulk.asking import Desk

        return Desk(self.policy, self.layout, tuple(self.asked), self.histories, doubled)

    def run(self, out: Path, bad: Path, form: str, lang: Language) -> int:
        """Answer the table, and say what came of it."""
        from trainingrules.bulk.census import census
        from trainingrules.bulk.running import run

        counted = census(self.table, self.key)
        with _progress(counted.rows) as told:
            outcome = run(self._desk(counted.doubled), self.table, out, bad, told)
        for one in outcome.shown:
            place = f"{self.table.path}:{one.line}: " if one.line is not None else ""
            for fault in one.faults:
                screen.complain_faults([Diagnostic(fault.code, f"{place}{fault.message}", None, fault.help)])
        if outcome.refused > len(outcome.shown):
            screen.complain(f"... and {outcome.refused - len(outcome.shown):,} more rows with faults: {bad}")
        if form == "json":
            plain = {name: one.to_plain() for name, one in outcome.tallies.items()}
            screen.say_json({"people": outcome.people, "refused": outcome.refused, "answers": str(out),
                             "refused_rows": str(bad) if outcome.refused else None, "questions": plain})  # fmt: skip
        else:
            screen.say(*self._summary(outcome, out, bad, lang))
        return 1 if outcome.refused else 0

    def explain(self, key: str, lang: Language) -> int:
        """The whole answer for one person; the faults when there are any."""
        from trainingrules.bulk.asking import explained

        found = list(explained(self._desk({}), self.table, key))
        place = f"{self.table.path}:"
        faults = [replace(one, message=f"{place}{line}: {one.message}") for line, _, wrong in found for one in wrong]
        if len(found) > 1:
            lines = listing([str(line) for line, *_ in found], "en")
            faults.append(Diagnostic("no-key", f"{place} the key `{key}` stands on lines {lines}"))
        if not found:
            faults.append(Diagnostic("no-key", f"{place} nobody has the key `{key}`"))
        if faults:
            screen.complain_faults(faults)
            return 1 if found else 2
        [(_, facts, _)] = found
        for number, one in enumerate(self.asked):
            answer = one.question.ask(self.policy, facts, on=self.on)
            screen.say(*([""] if number else []), answer.explain(lang))
        return 0

    def _summary(self, outcome: Any, out: Path, bad: Path, lang: Language) -> list[str]:
        from trainingrules.bulk.tally import most, word_of

        nl = lang == "nl"
        people, refused = outcome.people, outcome.refused
        lines = [f"{self.policy.title[lang]} ({self.policy.edition}), {on_in_words(self.on, lang)}: "
                 f"{_count(people, lang)} {'personen' if nl else 'people'}"]  # fmt: skip
        for tally in outcome.tallies.values():
            rows = [(word_of(answer)[lang], count) for answer, count in most(tally.counts)]
            rows += [("niet beantwoord: fouten in de rij" if nl else "not answered: the row has faults", refused)]
            lines += ["", tally.name, *_shares(rows, lang)]
            if tally.cents is not None:
                said = "samen, van de bekende bedragen" if nl else "together, of the amounts that are known"
                lines.append(f"  {said}: {money_in_words(tally.cents, lang)}")
            if tally.missing:
                lines.append("  nog te vragen, het vaakst:" if nl else "  still to ask, most often:")
                often = most(tally.missing)[:_MOST_MISSING]
                asks = [(question_of(path, self.policy)[lang], count) for path, count in often]
                lines += _shares(asks, lang, indent=4, of=people)
        lines += ["", f"{'antwoorden' if nl else 'answers'}: {out}"]
        if refused:
            lines.append(f"{'rijen met fouten' if nl else 'rows with faults'}: {bad}")
        return lines


def _count(number: int, lang: Language) -> str:
    return f"{number:,}".replace(",", ".") if lang == "nl" else f"{number:,}"


def _shares(rows: Sequence[tuple[str, int]], lang: Language, *, indent: int = 2, of: int | None = None) -> list[str]:
    """Counts and their shares below each other, in tenths of a per cent, which are cut off, not rounded up to all."""
    whole = of if of is not None else sum(count for _, count in rows)
    width = max(len(text) for text, _ in rows)
    counts = [_count(count, lang) for _, count in rows]
    across = max(map(len, counts))
    lines = []
    for (text, count), said in zip(rows, counts, strict=True):
        tenths = count * 1000 // whole if whole else 0
        share = f"{tenths // 10}{',' if lang == 'nl' else '.'}{tenths % 10}%"
        lines.append(f"{' ' * indent}{text:<{width}}  {said:>{across}}  {share:>6}")
    return lines


@contextmanager
def _progress(rows: int) -> Iterator[Callable[[int], None]]:
    """Told how many rows are done, it shows a bar while a person waits."""
    if not sys.stderr.isatty():
        yield lambda rows: None
    else:
        with click.progressbar(length=rows, label="table", file=sys.stderr) as bar:
            yield bar.update
