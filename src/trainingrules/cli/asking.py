"""The commands that ask: what there is, what it answers, and which facts it wants."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import click

from trainingrules.cli import screen
from trainingrules.cli.given import facts_of
from trainingrules.cli.parameters import (
    DAY,
    RATE,
    ROUNDS,
    engine,
    file_of,
    formats,
    language,
    policy_argument,
    policy_of,
)
from trainingrules.cli.questions import SORTS, Narrowed, answer, facts_read, question_in, question_options
from trainingrules.cli.templates import described, fact_rows, template
from trainingrules.diagnostics import PolicyError
from trainingrules.loading import bundled
from trainingrules.policy import Duty, InForce, Policy
from trainingrules.words import Language, Text, day_in_words

_ENDS = Text("Zonder einddatum", "Without end")
_FROM = Text("vanaf {day}", "from {day}")
_UNTIL = Text("tot en met {day}", "up to and including {day}")
_NOTHING = Text("Deze vraag leest geen feiten.", "This question reads no facts.")
_PARTIES = Text("Wie", "Who")


@click.command("list", short_help="Show the policies, or what can be asked of one.")
@policy_argument(required=False)
@formats("text", "json")
@language
def list_policies(policy: str | None, form: str, lang: Language) -> int:
    """Show the bundled policies, or what can be asked of one.

    \b
    Examples:
      trainingrules list
      trainingrules list calibris
      trainingrules list my-policy.yaml --lang en --format json

    \b
    Exit codes: 0 shown, 2 there is no such policy or it has faults.
    """
    if policy is not None:
        found = policy_of(policy)
        if form == "json":
            screen.say_json({**_head(found), **_contents(found)})
        else:
            screen.say(*_can_be_asked(found, lang))
        return 0
    code, policies = 0, []
    for name in bundled():
        try:
            policies.append(policy_of(name))
        except PolicyError as error:
            screen.complain_faults(error.diagnostics)
            code = 2
    if form == "json":
        screen.say_json([_head(one) for one in policies])
    else:
        rows = [(one.name, one.edition, f"{one.title[lang]} ({_in_force(one.in_force, lang)})") for one in policies]
        screen.say(*screen.columns(rows, indent=0))
    return code


def _head(policy: Policy) -> dict[str, Any]:
    force = policy.in_force
    return {
        "policy": policy.name,
        "title": policy.title,
        "edition": policy.edition,
        "in_force": {"from": force.start, "until": force.end, "outside": "refuse" if force.refuse else "warn"},
    }


def _contents(policy: Policy) -> dict[str, Any]:
    sorts = {
        sort.name: [{"name": name, "title": entry.text} for name, entry in sort.entries(policy).items()]
        for sort in SORTS.values()
    }
    return {**sorts, "parties": [{"name": name, "title": text} for name, text in policy.parties.items()]}


def _in_force(force: InForce, lang: Language) -> str:
    parts = [_FROM[lang].format(day=day_in_words(force.start, lang)) if force.start else ""]
    parts += [_UNTIL[lang].format(day=day_in_words(force.end, lang)) if force.end else ""]
    return " ".join(part for part in parts if part) or _ENDS[lang].lower()


def _can_be_asked(policy: Policy, lang: Language) -> list[str]:
    lines = [f"{policy.title[lang]} ({policy.name}, {policy.edition}), {_in_force(policy.in_force, lang)}"]
    for sort in SORTS.values():
        entries = sort.entries(policy)
        if entries:
            lines += ["", f"{sort.asks[lang]}  --{sort.name} {sort.metavar}"]
            lines += screen.columns([(name, _title(entry, lang)) for name, entry in entries.items()])
    if policy.parties:
        lines += ["", f"{_PARTIES[lang]}  --party NAME"]
        lines += screen.columns([(name, text[lang]) for name, text in policy.parties.items()])
    return lines


def _title(entry: Any, lang: Language) -> str:
    who = f" [{entry.who}]" if isinstance(entry, Duty) and entry.who else ""
    return f"{entry.text[lang]}{who}"


@click.command(short_help="Ask a policy one question.")
@policy_argument()
@question_options
@click.option("--on", type=DAY, metavar="DAY", help="The day or moment of asking; the clock is never read.")
@click.option("--facts", "file", metavar="FILE", help="Facts as YAML or JSON; `-` reads standard input.")
@click.option("-f", "--fact", "texts", metavar="NAME=VALUE", multiple=True,
              help="One fact; the value is YAML. May be repeated.")  # fmt: skip
@click.option("--cycles", type=ROUNDS, metavar="NUMBERS", help="Only these rounds of a cycle: 1,2,3 or 1-3.")
@click.option("--party", metavar="NAME", help="Only the duties of this party.")
@click.option("--row", metavar="KEY", help="Only this row of a table or a history; rows of a history count from 1.")
@click.option("--vat-rate", type=RATE, metavar="PERCENT", help="VAT to add where a price excludes it.")
@engine
@formats("text", "json")
@language
def ask(
    policy: str,
    on: date | datetime | None,
    file: str | None,
    texts: tuple[str, ...],
    cycles: tuple[int, ...] | None,
    party: str | None,
    row: str | None,
    vat_rate: Decimal | None,
    engine: str,
    form: str,
    lang: Language,
    **asked: str | None,
) -> int:
    """Ask a policy one question, about one person or organisation, on one day.

    What is not given is not known. The answer is then a range or `cannot be said yet`, with the questions
    that are still to be put. Without a question: shows what can be asked.

    \b
    Examples:
      trainingrules ask bcmb --eligibility programme_b --on 2024-02-01 \\
          -f diploma_level=hbo -f specific_experience='2 years'
      trainingrules ask calibris --cost licence_years --cycles 1-3 --on 2026-03-01 --facts facts.yaml
      trainingrules ask calibris --deadline all --on 2026-03-01 -f licensed_on=2025-03-15 --format json

    \b
    Exit codes: 0 answered (also with no, or not known), 2 the question or the facts cannot be used.
    """
    found = policy_of(policy)
    question = question_in(asked)
    if question is None:
        screen.complain("error: no question is asked; these can be\n")
        screen.complain("\n".join(_can_be_asked(found, lang)))
        return 2
    narrowed = Narrowed(cycles, party, row, vat_rate)
    narrowed.check(question.sort)
    if on is None:
        raise click.UsageError("say for which day with --on, such as --on 2026-03-01; the clock is never read")
    given = answer(found, question, facts_of(found, file, texts), on, narrowed, engine)
    if form == "json":
        screen.say_json(given.to_dict())
    else:
        screen.say(given.explain(lang))
    return 0


@click.command(short_help="Show the facts that may be given.")
@policy_argument()
@question_options
@formats("text", "json", "yaml")
@language
def facts(policy: str, form: str, lang: Language, **asked: str | None) -> int:
    """Show the facts that may be given to a policy, or only those that one question reads.

    With --format yaml it prints a template: take the `#` away before what is known, and leave the rest.

    \b
    Examples:
      trainingrules facts calibris
      trainingrules facts bcmb --eligibility programme_b
      trainingrules facts calibris --cost licence_years --format yaml > facts.yaml

    \b
    Exit codes: 0 shown, 2 there is no such policy or question.
    """
    found = policy_of(policy)
    question = question_in(asked)
    names = [*found.facts, *found.records]
    if question is not None:
        read = facts_read(found, question)
        names = [name for name in names if name in read]
    if form == "json":
        screen.say_json([described(found, name) for name in names])
    elif form == "yaml":
        screen.say(*template(found, names, lang, file_of(policy)))
    elif names:
        screen.say(*screen.columns((row for name in names for row in fact_rows(found, name, lang)), indent=0))
    else:
        screen.say(_NOTHING[lang])
    return 0
