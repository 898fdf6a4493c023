"""What a new edition changes, told: for the author as text, for participants as a page, for programs as plain data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from trainingrules.answers.common import on_in_words
from trainingrules.comparing import (
    Comparison,
    Effect,
    Reworded,
    Shown,
    Sort,
    facts_in_words,
    unchanged,
)
from trainingrules.diagnostics import FactError
from trainingrules.differences import Difference
from trainingrules.entries import WHOLE, at
from trainingrules.persons import known_to, outcome
from trainingrules.policy import Policy
from trainingrules.questions import Question, place_of
from trainingrules.words import LANGUAGES, Language, Text

_SECTIONS: Mapping[str, Text] = {
    "in_force": Text("Geldigheid", "Validity"), "conventions": Text("Afspraken", "Conventions"),
    "parties": Text("Partijen", "Parties"), "facts": Text("Wat gevraagd wordt", "What is asked"),
    "contradictions": Text("Wat niet samengaat", "What cannot go together"), "readings": Text("Lezingen", "Readings"),
    "amounts": Text("Bedragen", "Amounts"), "tables": Text("Tabellen", "Tables"), "cycles": Text("Rondes", "Rounds"),
    "terms": Text("Begrippen", "Terms"), "values": Text("Berekende waarden", "Values"),
    "eligibility": Text("Mag dit?", "May one?"), "costs": Text("Wat kost het?", "What does it cost?"),
    "deadlines": Text("Wanneer, en tot wanneer?", "From when, until when?"),
    "compliance": Text("Plichten", "Duties"), "conflicts": Text("Tegenspraak in de bron", "Conflicts in the source"),
    "notes": Text("Wat zegt de bron?", "What does the source say?"), "statements": Text("Bron", "Source"),
}  # fmt: skip
_ASKS: Mapping[str, Text] = {
    "eligibility": Text("Mag dit?", "May one?"), "cost": Text("Wat kost het?", "What does it cost?"),
    "deadlines": Text("Wanneer?", "When?"), "compliance": Text("Wordt het nagekomen?", "Is it complied with?"),
    "notes": Text("Wat zegt de bron?", "What does the source say?"),
}  # fmt: skip
_MARKS = {Sort.ADDED: "+", Sort.REMOVED: "−", Sort.CHANGED: "~"}
_BECAME = {Sort.ADDED: Text("nieuw", "new"), Sort.REMOVED: Text("vervallen", "dropped"),
           Sort.CHANGED: Text("gewijzigd", "changed")}  # fmt: skip
_NONE = Text("Geen wijziging in gedrag: elke vraag houdt voor iedereen hetzelfde antwoord.",
             "No behavioural change: every question keeps its answer for everybody.")  # fmt: skip
_SAME = Text("De twee uitgaven zijn gelijk.", "The two editions are the same.")
_LAYOUT = Text("Alleen volgorde, opmaak of commentaar is anders.", "Only order, layout or comments differ.")
_NOT_YET = Text("dit gold nog niet", "this did not hold yet")
_NO_LONGER = Text("dit geldt niet meer", "this no longer holds")
_WITHOUT = Text("zonder deze opmerking", "without this remark")
_REFUSED = Text("deze gegevens gaan niet samen", "these facts cannot go together")
_NOBODY = Text("Niemand gevonden van wie een antwoord verandert: {people} {questions}.",
               "No one found whose answer differs: {people} {questions}.")  # fmt: skip
_TRIED = (Text("1 persoon geprobeerd", "1 person tried"), Text("{n} personen geprobeerd", "{n} persons tried"))
_ASKED_OF = (Text("bij 1 vraag", "on 1 question"), Text("bij {n} vragen", "on {n} questions"))
_UNREAD = Text("Verandert geen antwoord: geen vraag rust hierop.", "Changes no answer: no question rests on this.")
_PROVEN = Text("Verandert geen antwoord: bewezen.", "Changes no answer: proven.")
_BESIDE = Text("Niemand gevonden van wie een antwoord verandert; wel anders is wat ernaast staat.",
               "No one found whose answer differs; what stands beside it does differ.")  # fmt: skip
_NEW_ENTRY = Text("Dit kan nu worden gevraagd.", "This can be asked now.")
_GONE_ENTRY = Text("Dit kan niet meer worden gevraagd.", "This can no longer be asked.")
_ASKED_ON = Text("gevraagd op {day}", "asked on {day}")
_NOTHING_KNOWN = Text("er is niets bekend", "nothing is known")


def alters(compared: Comparison, effects: Sequence[Effect]) -> bool:
    """Whether an answer may differ: not where that is proven of every change, and the same can be asked."""
    asked = compared.asked_anew or compared.no_longer_asked
    return bool(asked) or any(not one.proven for one in effects)


# --- answers ---


def answers(shown: Shown, language: Language) -> tuple[list[str], list[str]]:
    """What differs between the two answers to a person: lines of the one and of the other."""
    before, after = (_told(policy, shown, language) for policy in (shown.before, shown.after))
    if isinstance(before, str) or isinstance(after, str):
        first = _NOT_YET if isinstance(before, str) and before == "" else _REFUSED
        then = [first[language]] if isinstance(before, str) else before
        last = _NO_LONGER if isinstance(after, str) and after == "" else _REFUSED
        now = [last[language]] if isinstance(after, str) else after
        return _flat(then), _flat(now)
    gone = [block for block in before if block not in after]
    fresh = [block for block in after if block not in before]
    return _flat(gone) or [_WITHOUT[language]], _flat(fresh) or [_WITHOUT[language]]


def _flat(blocks: Sequence[str]) -> list[str]:
    return [line for block in blocks for line in block.splitlines()]


def _told(policy: Policy, shown: Shown, language: Language) -> list[str] | str:
    """An answer in blocks: a line with what stands under it. Empty for what cannot be asked."""
    if at(policy, place_of(shown.question)) is None:
        return ""
    try:
        answer = shown.question.ask(policy, known_to(policy, shown.person.facts), on=shown.person.on)
    except FactError:
        return "refused"
    head, *lines = answer.explain(language).splitlines()
    verdict = head[len(answer.heading(language)) :].lstrip(": ")
    blocks = [verdict] if verdict else []
    for line in lines:
        if line.startswith(("   ", "  -")) and blocks:
            blocks[-1] += f"\n{line}"
        else:
            blocks.append(line)
    openings = ("Wat de bron openlaat", "What the source leaves open")
    return [_outdented(block) for block in blocks if not block.startswith(openings)]


def _outdented(block: str) -> str:
    indent = len(block) - len(block.lstrip(" "))
    return "\n".join(line[indent:] if line[:indent].isspace() else line for line in block.splitlines())


def question_in_words(question: Question, policy: Policy, language: Language) -> str:
    """What is asked: the sort of question, and the entry."""
    title: Text = at(policy, place_of(question)).text
    return f"{_ASKS[question.sort][language]} {title[language].rstrip('.')}"


def person_in_words(shown: Shown, language: Language) -> list[str]:
    """The facts of a person, a line each."""
    told = [f"{name[language]}{' ' if name[language].endswith('?') else ': '}{value[language]}"
            for name, value in facts_in_words(shown)]  # fmt: skip
    return told or [_NOTHING_KNOWN[language]]


# --- for the author ---


def as_text(compared: Comparison, effects: Sequence[Effect], language: Language) -> list[str]:
    """
    Everything that differs, section by section, with a person for each change that changes an answer.
    """
    nl = language == "nl"
    old, new = compared.old, compared.new
    lines = [f"{new.title[language]}: {old.edition} → {new.edition}", "", *_verdict(compared, effects, language)]
    for section, found in groupby(effects, key=lambda one: one.change.place[0]):
        lines += ["", _SECTIONS[section][language]]
        for one in found:
            lines += _change_lines(one, language)
            lines += [f"      {line}" for line in _effect_lines(one, compared, language)]
    if compared.statements:
        lines += ["", _SECTIONS["statements"][language]]
        for change in compared.statements:
            lines.append(f"  {_MARKS[change.sort]} {change.place[1]}: {change.title[language]}")
    if compared.renames:
        lines += ["", "Andere namen voor hetzelfde" if nl else "Other names for the same"]
        lines += [f"  {old} → {new}" for old, new in _renamed(compared)]
    if compared.reworded:
        lines += ["", "Andere woorden voor hetzelfde" if nl else "Other words for the same"]
        for words in compared.reworded:
            lines += _reworded_lines(words, language)
    return lines


def _verdict(compared: Comparison, effects: Sequence[Effect], language: Language) -> list[str]:
    nl = language == "nl"
    if not alters(compared, effects):
        words = compared.changes or compared.statements or compared.renames or compared.reworded
        if words:
            return [_NONE[language]]
        return [_NONE[language], (_SAME if compared.old.hash == compared.new.hash else _LAYOUT)[language]]
    count = len(effects)
    shown = sum(one.shown is not None for one in effects)
    same = len(unchanged(compared))
    if nl:
        return [
            f"{count} {'wijziging' if count == 1 else 'wijzigingen'} in betekenis; van {shown} is iemand gevonden "
            "van wie het antwoord verandert.",
            f"{same} {'vraag houdt' if same == 1 else 'vragen houden'} voor iedereen hetzelfde antwoord: bewezen.",
        ]
    return [
        f"{count} {'change' if count == 1 else 'changes'} in meaning; for {shown} somebody was found whose answer "
        "differs.",
        f"{same} {'question keeps its answer' if same == 1 else 'questions keep their answers'} for everybody: proven.",
    ]


def _change_lines(one: Effect, language: Language) -> list[str]:
    change = one.change
    within = f"{change.within[language].rstrip('.')}: " if change.within else ""
    source = f" ({', '.join(change.source)})" if change.source else ""
    lines = [
        f"  {_MARKS[change.sort]} {within}{change.title[language].rstrip('.')}{source}  `{'.'.join(change.place)}`"
    ]
    return lines + [f"      {difference_in_words(said, language)}" for said in change.says]


def difference_in_words(said: Difference, language: Language) -> str:
    """
    One thing that differs, on one line.

    >>> price = Difference("price", Text("prijs", "price"), Text("€ 80,00", "€80.00"), Text("€ 85,00", "€85.00"))
    >>> difference_in_words(price, "nl")
    'prijs: € 80,00 → € 85,00'
    """
    before, after = (None if words is None else words[language] for words in (said.before, said.after))
    if before is not None and after is not None:
        return f"{said.label[language]}: {before} → {after}"
    return f"{said.label[language]}: {before if after is None else after}"


def _effect_lines(one: Effect, compared: Comparison, language: Language) -> Iterator[str]:
    nl = language == "nl"
    if one.shown is None:
        if one.change.place in {place_of(x) for x in compared.asked_anew}:
            yield _NEW_ENTRY[language]
        elif one.change.place in {place_of(x) for x in compared.no_longer_asked}:
            yield _GONE_ENTRY[language]
        elif not one.asked:
            yield _UNREAD[language]
        elif one.proven:
            yield _PROVEN[language]
        elif one.beside:
            yield _BESIDE[language]
        else:
            people, questions = (forms[count != 1].fill(n=str(count))
                                 for forms, count in ((_TRIED, one.tried), (_ASKED_OF, len(one.asked))))  # fmt: skip
            yield _NOBODY.fill(people=people, questions=questions)[language]
        return
    shown = one.shown
    policy = shown.after if at(shown.after, place_of(shown.question)) is not None else shown.before
    day = on_in_words(shown.person.on, language)
    yield f"{question_in_words(shown.question, policy, language)}, {_ASKED_ON[language].format(day=day)}"
    yield from (f"    {line}" for line in person_in_words(shown, language))
    before, after = answers(shown, language)
    for word, lines in (("eerst" if nl else "before", before), ("nu" if nl else "now", after)):
        first, *rest = lines
        yield f"  {word + ':':<8}{first}"
        yield from (f"          {line}" for line in rest)
    if not shown.alone:
        yield "  Andere wijzigingen spelen hierin mee." if nl else "  Other changes play a part in this."
    if one.also:
        named = "; ".join(question_in_words(x, compared.new, language) for x in one.also)
        yield f"  {'Raakt ook' if nl else 'Also reaches'}: {named}"


def _renamed(compared: Comparison) -> Iterator[tuple[str, str]]:
    for old, new in compared.renames.places.items():
        yield ".".join(old), ".".join(new)
    for place, options in compared.renames.options.items():
        for old_name, new_name in options.items():
            yield f"{'.'.join(place)}.{old_name}", new_name


def _reworded_lines(one: Reworded, language: Language) -> Iterator[str]:
    if one.before[language] == one.after[language]:
        language = "en" if language == "nl" else "nl"
    yield f"  {'.'.join(one.place)}"
    yield f"      − {one.before[language]}"
    yield f"      + {one.after[language]}"


# --- for participants ---

_CHANGES = Text("Wat verandert er", "What changes")
_FOR_ALL = Text("Voor alles", "For everything")
_FIGURES = frozenset({"price", "value", "start", "until", "percent", "every"})
_FURTHER = Text("Verder", "Further")
_WAS = Text("{label}: eerst {before}, nu {after}.", "{label}: was {before}, now {after}.")
_IS = Text("{label}: {after}.", "{label}: {after}.")
_USED_TO = Text("{label} was: {before}.", "{label} was: {before}.")
_EXAMPLE = Text("Voorbeeld, {asked}", "Example, {asked}")
_FIRST, _NOW = Text("Eerst", "Before"), Text("Nu", "Now")
_NO_CHANGE = Text("Er verandert niets voor deelnemers.", "Nothing changes for participants.")
_ALSO = Text("Dit geldt ook voor: {questions}.", "This also holds for: {questions}.")
_SOURCE = Text("Bron", "Source")
# The mark before a requirement or a duty, and how it turned out behind it.
_MARK, _STATE = re.compile(r"^[✓✗≠?…–] "), re.compile(r"\.? \[([^\[\]]*)\]$")
_ESCAPED = str.maketrans({one: f"\\{one}" for one in "\\`*_{}[]<>#|~"})


def as_page(compared: Comparison, effects: Sequence[Effect], languages: Sequence[Language]) -> list[str]:
    """
    The changelog for participants, in Markdown: question by question what changes for them, with an example.
    """
    lines: list[str] = []
    for language in languages:
        lines += ["", "---", ""] if lines else []
        lines += _page(compared, effects, language)
    return lines


def _page(compared: Comparison, effects: Sequence[Effect], language: Language) -> Iterator[str]:
    old, new = compared.old, compared.new
    yield f"# {_CHANGES[language]}: {_mark(new.title[language])}, {_mark(old.edition)} → {_mark(new.edition)}"
    if not alters(compared, effects):
        yield from ("", _NO_CHANGE[language])
        return
    order = {place_of(question): index for index, question in enumerate(compared.asked)}
    shown = [one for one in effects if one.shown is not None]
    overall = [one for one in effects if one.change.place in WHOLE and not one.proven]
    if overall:
        yield from ("", f"## {_FOR_ALL[language]}", "")
        for one in overall:
            yield from _told_change(one, compared, language)
    shown = [one for one in shown if one not in overall]
    places = dict.fromkeys(place_of(one.shown.question) for one in shown if one.shown is not None)
    for place in sorted(places, key=lambda one: order.get(one, len(order))):
        here = [one for one in shown if one.shown is not None and place_of(one.shown.question) == place]
        assert here[0].shown is not None
        question = here[0].shown.question
        yield from ("", f"## {_mark(question_in_words(question, compared.policy_with(place), language))}", "")
        for one in here:
            yield from _told_change(one, compared, language)
    further = [one for one in effects if one.shown is None and not one.proven and one not in overall]
    if further:
        yield from ("", f"## {_FURTHER[language]}", "")
        for one in further:
            yield from _told_change(one, compared, language)


def _told_change(one: Effect, compared: Comparison, language: Language) -> Iterator[str]:
    change = one.change
    title = change.title[language].rstrip(".")
    if change.within is not None and change.place[0] != "eligibility":
        title = f"{change.within[language].rstrip('.')}: {title}"
    became = "" if change.sort is Sort.CHANGED else f"{_BECAME[change.sort][language].capitalize()}: "
    # The sentence of a rule says what is new; only what it does not say is told beside it.
    told = [said for said in change.says
            if change.sort is Sort.CHANGED or (change.sort is Sort.ADDED and said.key in _FIGURES)]  # fmt: skip
    yield f"- {became}**{_mark(title)}**. {' '.join(_mark(_sentence(said, language)) for said in told)}".rstrip()
    cited = [_cited(name, compared) for name in change.source]
    if cited:
        yield f"  {_SOURCE[language]}: {_mark(', '.join(cited))}."
    if one.shown is None:
        return
    day = _ASKED_ON[language].format(day=on_in_words(one.shown.person.on, language))
    yield from ("", f"  {_EXAMPLE[language].format(asked=day)}:", "")
    yield from (f"  - {_mark(line)}" for line in person_in_words(one.shown, language))
    before, after = answers(one.shown, language)
    for word, lines in ((_FIRST, before), (_NOW, after)):
        yield from ("", f"  {word[language]}: {_mark(_shortly(lines))}")
    if one.also:
        named = "; ".join(question_in_words(x, compared.new, language) for x in one.also)
        yield from ("", f"  {_mark(_ALSO[language].format(questions=named))}")
    yield ""


def _shortly(lines: Sequence[str]) -> str:
    """The answer without its grounds: those stand in the text for the author."""
    heads = [_STATE.sub(r" (\1)", _MARK.sub("", line)) for line in lines if line and not line.startswith(" ")]
    return ". ".join(head.rstrip(".") for head in heads) + "."


def _sentence(said: Difference, language: Language) -> str:
    label = said.label[language][:1].upper() + said.label[language][1:]
    before, after = (None if words is None else words[language].rstrip(".") for words in (said.before, said.after))
    form = _WAS if before is not None and after is not None else _IS if after is not None else _USED_TO
    return form[language].format(label=label, before=before, after=after)


def _cited(name: str, compared: Comparison) -> str:
    statement = compared.new.statements.get(name) or compared.old.statements.get(name)
    if statement is None:
        return name
    return f"{name} ({statement.heading})"


def _mark(text: str) -> str:
    """A text of the author in a page: as text, whatever it holds."""
    return " ".join(text.translate(_ESCAPED).split())


# --- for programs ---


def as_plain(compared: Comparison, effects: Sequence[Effect]) -> dict[str, Any]:
    """
    The same as plain values.
    """
    return {
        "old": _edition(compared.old), "new": _edition(compared.new), "behaviour_changes": alters(compared, effects),
        "changes": [_plain_effect(one) for one in effects],
        "new_questions": [_plain_question(one) for one in compared.asked_anew],
        "dropped_questions": [_plain_question(one) for one in compared.no_longer_asked],
        "unchanged_questions": [_plain_question(one) for one in unchanged(compared)],
        "renamed": [{"old": old, "new": new} for old, new in _renamed(compared)],
        "reworded": [{"place": ".".join(one.place), "before": one.before, "after": one.after}
                     for one in compared.reworded],
        "statements": [{"id": one.place[1], "sort": one.sort.value, "text": one.title} for one in compared.statements],
    }  # fmt: skip


def _edition(policy: Policy) -> dict[str, Any]:
    return {"policy": policy.name, "title": policy.title, "edition": policy.edition}


def _plain_question(question: Question) -> dict[str, Any]:
    return {"sort": question.sort, "name": question.name}


def _plain_effect(one: Effect) -> dict[str, Any]:
    change, shown = one.change, one.shown
    return {
        "sort": change.sort.value, "place": ".".join(change.place), "title": change.title, "within": change.within,
        "says": [{"key": said.key, "label": said.label, "before": said.before, "after": said.after}
                 for said in change.says],
        "source": change.source, "reaches": [_plain_question(question) for question in one.asked],
        "also": [_plain_question(question) for question in one.also], "no_answer_changes": one.proven,
        "persons_tried": one.tried,
        "person": None if shown is None else {
            "question": _plain_question(shown.question), "on": shown.person.on, "facts": shown.person.facts,
            "alone": shown.alone,
            **{word: {"answer": _plain(outcome(policy, shown.question, shown.person)),
                      "says": {language: answers(shown, language)[index] for language in LANGUAGES}}
               for index, (word, policy) in enumerate((("before", shown.before), ("after", shown.after)))},
        },
    }  # fmt: skip


def _plain(part: Any) -> Any:
    """An answer as examples tell it; what has no order, in one."""
    if isinstance(part, Mapping):
        return {str(key): _plain(value) for key, value in part.items()}
    if isinstance(part, frozenset):
        return sorted((_plain(value) for value in part), key=str)
    return [_plain(value) for value in part] if isinstance(part, list | tuple) else part
