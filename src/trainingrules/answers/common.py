"""What every answer has: whose conditions, on which day, with what sources, what is missing and what disputed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Self, TypeVar

from trainingrules import policy as p
from trainingrules.admission import admit
from trainingrules.answers.plain import fields_with, from_plain, to_plain
from trainingrules.calendar import day_of
from trainingrules.diagnostics import Diagnostic, FactError, QuestionError, did_you_mean, one_of
from trainingrules.document import Document
from trainingrules.engines import Engine, engine_named
from trainingrules.engines.reference import REFERENCE
from trainingrules.facts import Facts, GivenFacts, valid_on
from trainingrules.frozen import frozen
from trainingrules.needed import in_order
from trainingrules.policy import Policy
from trainingrules.program import reads
from trainingrules.reckoning import RowAt, Situation, exactly, rows_of, value
from trainingrules.sentences import policy_text, question, row_text, told
from trainingrules.truth import Cause, Unknown
from trainingrules.words import LANGUAGES, Language, Text, both, day_in_words, listing, moment_in_words

Day = date | datetime
A = TypeVar("A")
B = TypeVar("B")

# More rows than this are not named one by one.
MOST_ROWS = 6


@frozen
class Cited:
    """A statement of the source, in our words, with where it stands and how what it leaves open is read."""

    id: str
    heading: str
    bullet: int | None
    text: Text
    open: tuple[Text, ...] = ()


@frozen
class Missing:
    """A fact that can still change the answer, and the question to put to the person."""

    fact: str
    question: Text


@frozen
class Warned:
    """Something the reader must know beside the answer: outside the validity, statements in conflict."""

    name: str
    text: Text


@frozen
class Taken:
    """How what the source leaves open is read here: the option this policy takes."""

    reading: str
    text: Text
    option: Text


@frozen
class Contested:
    """Another way to read the source that gives another answer: `otherwise` is the name of the option."""

    reading: str
    otherwise: str
    text: Text
    chosen: Text
    option: Text
    answer: Text


@frozen
class Head:
    """Whose conditions an answer is about, in which edition, and for which day."""

    policy: str
    title: Text
    edition: str
    hash: str
    on: date | datetime
    question: str
    text: Text


@frozen
class Answer:
    """What all answers share.

    ``taken`` holds the readings it rests on, and ``behind`` the statements that its terms, values, readings and
    cycles cite, beside those of the rules themselves.
    """

    _: KW_ONLY
    head: Head
    taken: tuple[Taken, ...] = ()
    behind: tuple[Cited, ...] = ()
    warnings: tuple[Warned, ...] = ()
    contested: tuple[Contested, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain JSON values: money as decimal text, days and moments as ISO text."""
        result = to_plain(self)
        assert isinstance(result, dict)
        return result

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """
        The answer that `to_dict` wrote.

        Raises:
            ValueError: when it is no such answer.
        """
        return from_plain(cls, plain)

    def explain(self, language: Language = "nl") -> str:
        """
        The answer in sentences.

        Raises:
            QuestionError: for a language other than `nl` and `en`.
        """
        if language not in LANGUAGES:
            raise QuestionError(f"`{language}` is not a language of this library: `nl` or `en`")
        return "\n".join([*self._lines(language), *self._readings(language), *self._remarks(language)])

    @property
    def sources(self) -> tuple[Cited, ...]:
        """Every statement the answer rests on, each once, in the order of the answer; those behind it last."""
        return tuple(dict.fromkeys(one for some in (*self._cited(), self.behind) for one in some))

    def _cited(self) -> Iterator[tuple[Cited, ...]]:
        """The statements wherever some are cited, but for those behind it."""
        for name in fields_with(type(self), Cited):
            if name != "behind":
                yield from _cited_in(getattr(self, name))

    def _readings(self, language: Language) -> list[str]:
        """What the source leaves open, and how it is read here; each once, at the end."""
        found = [f"  - {told(one.text, one.option)[language]}" for one in self.taken]
        # Most statements leave nothing open, and those that do are cited again and again.
        left_open = {id(one): one for some in (*self._cited(), self.behind) for one in _leaving_open(some)}
        found += [f"  - {one.id}: {text[language]}" for one in dict.fromkeys(left_open.values()) for text in one.open]
        heading = {"nl": "Wat de bron openlaat, en hoe dat hier is gelezen:",
                   "en": "What the source leaves open, and how it is read here:"}[language]  # fmt: skip
        return [heading, *found] if found else []

    def _lines(self, language: Language) -> list[str]:
        raise NotImplementedError  # pragma: no cover - every answer has lines

    def _remarks(self, language: Language) -> list[str]:
        nl = language == "nl"
        lines = [f"{'Let op' if nl else 'Note'}: {warning.text[language]}" for warning in self.warnings]
        for other in self.contested:
            option, answer = other.option[language], other.answer[language].rstrip(".")
            lines.append(f"{'Betwist' if nl else 'Contested'}: {told(other.text, other.chosen)[language]}. "
                         f"{'Anders gelezen' if nl else 'Read otherwise'} (“{option}”): {answer}.")  # fmt: skip
        return lines

    def heading(self, language: Language) -> str:
        """The first words of an explanation: what, whose, when."""
        on = on_in_words(self.head.on, language)
        return f"{self.head.text[language]} ({self.head.title[language]}, {self.head.edition}), {on}"


def _cited_in(value: object) -> Iterator[tuple[Cited, ...]]:
    if isinstance(value, tuple):
        if value and isinstance(value[0], Cited):
            yield value
        else:
            for part in value:
                yield from _cited_in(part)
    elif value is not None:
        for name in fields_with(type(value), Cited):
            yield from _cited_in(getattr(value, name))


# What is made of a value that never changes, kept by the value itself: to compare all that is in it would take longer.
# Each is kept with what it was made of, so that no other can be taken for it. When it is full, it is forgotten.
_MOST_MADE = 4_096
_MADE: dict[tuple[int, Hashable], tuple[object, Any]] = {}


def made_once(value: A, form: Hashable, make: Callable[[A], B]) -> B:
    """What a function makes of a value that never changes; ``form`` tells apart what is made of the same one."""
    kept = _MADE.get((id(value), form))
    if kept is not None and kept[0] is value:
        made: B = kept[1]
        return made
    made = make(value)
    if len(_MADE) >= _MOST_MADE:
        _MADE.clear()
    _MADE[id(value), form] = (value, made)
    return made


def _leaving_open(cited: tuple[Cited, ...]) -> tuple[Cited, ...]:
    return made_once(cited, "open", lambda found: tuple([one for one in found if one.open])) if cited else ()


def on_in_words(day: Day, language: Language) -> str:
    """A day, or a moment, in words."""
    return moment_in_words(day, language) if isinstance(day, datetime) else day_in_words(day, language)


def cite(policy: Policy, source: Iterable[str]) -> tuple[Cited, ...]:
    """The statements, each once."""
    return _cite(policy, tuple(source))


# What an answer says whoever it is about is made once for each policy: a policy never changes.
@lru_cache(maxsize=4_096)
def _cite(policy: Policy, source: tuple[str, ...]) -> tuple[Cited, ...]:
    return tuple(_cited(policy, name) for name in dict.fromkeys(source) if name in policy.statements)


@lru_cache(maxsize=4_096)
def _cited(policy: Policy, name: str) -> Cited:
    one = policy.statements[name]
    return Cited(one.id, one.heading, one.bullet, one.text, one.open)


def ask_for(paths: Iterable[str], policy: Policy) -> tuple[Missing, ...]:
    """The questions for missing facts, in the order of the policy."""
    wanted = set(paths)
    return tuple(_asked(path, policy) for path in in_order(wanted, policy)) if wanted else ()


@lru_cache(maxsize=4_096)
def _asked(path: str, policy: Policy) -> Missing:
    return Missing(path, question(path, policy))


def missing_in(because: Iterable[Cause]) -> set[str]:
    """The facts among the causes."""
    return {cause.name for cause in because if cause.kind == "missing"}


def head(policy: Policy, on: Day, question: str, text: Text) -> Head:
    """The head of an answer."""
    return Head(policy.name, policy.title, policy.edition, policy.hash, on, question, text)


def chosen(name: str | None, known: Mapping[str, Any], what: str) -> str:
    """
    The one that is asked for; without a name, the only one there is.

    Raises:
        QuestionError: when it does not exist, or when there are several to choose from.
    """
    if name is None and len(known) == 1:
        return next(iter(known))
    if name is None:
        raise QuestionError(f"which {what}? {one_of(known)}" if known else f"this policy has no {what}")
    if name not in known:
        raise QuestionError(f"{what} `{name}` is not in this policy; {did_you_mean(name, known) or one_of(known)}")
    return name


def rounds_asked(cycles: Iterable[object] | None) -> tuple[int, ...] | None:
    """
    The numbers of the rounds a question names, if it names any.

    Raises:
        QuestionError: one of them is no whole number from 1.
    """
    if cycles is None:
        return None
    numbers = []
    for number in cycles:
        if isinstance(number, bool) or not isinstance(number, int) or number < 1:
            raise QuestionError(f"`{number}` is not the number of a round: they count from 1")
        numbers.append(number)
    return tuple(numbers)


def situation(policy: Policy, facts: GivenFacts | Facts | Document, on: Day, engine: str | Engine) -> Situation:
    """
    Everything there is to judge by; facts that are faulty or contradict each other are refused, all at once.

    Raises:
        FactError: with every fault.
        TypeError: when `on` is neither a date nor a moment with its offset.
    """
    faults: list[Diagnostic] = []
    if not isinstance(facts, Facts):
        facts, faults = admit(policy, facts)
    decides = engine_named(engine) if isinstance(engine, str) else engine
    at = Situation(policy, facts, valid_on(on), decides, exactly(day_of(on, policy.zone)))
    if not faults:
        faults = list(contradictions(at))
    if faults:
        raise FactError(faults)
    return at


def contradictions(at: Situation) -> Iterable[Diagnostic]:
    """Facts that cannot go together, one fault each."""
    for one, where in contradicted(at):
        yield Diagnostic("contradiction", f"{one.text.en.rstrip('.')}{where} [{one.text.nl.rstrip('.')}]",
                         None, f"contradiction `{one.name}` of policy `{at.policy.name}`")  # fmt: skip


def contradicted(at: Situation) -> Iterable[tuple[p.Contradiction, str]]:
    """The contradictions that these facts run into, and for which row."""
    if not at.policy.contradictions:
        return
    at = replace(at, engine=REFERENCE)
    for one in at.policy.contradictions.values():
        places = [(at, "")]
        if one.rows:
            rows = rows_of(one.rows, at) or ()
            places = [(at.at_row(row), f" ({row.label})") for row in rows]
        for inside, where in places:
            if at.engine.decide(one.never, inside).truth is True:
                yield one, where


def judged(at: Situation, fact: str) -> Situation:
    """The situation with the day that counts for validity and amounts: that of a fact, or else today."""
    if not fact:
        return at
    day = value(p.FactValue(fact, at.policy.facts[fact].shape), at)
    return replace(at, judged=exactly(at.day) if day.null else day)


def in_force(at: Situation) -> bool | Unknown:
    """Whether the policy is in force on the day judged."""
    if not at.judged.exact:
        return Unknown(at.judged.because)
    day, validity = day_of(at.judged.low, at.policy.zone), at.policy.in_force
    return (validity.start is None or day >= validity.start) and (validity.end is None or day <= validity.end)


def validity_warning(at: Situation, force: bool | Unknown) -> tuple[Warned, ...]:
    """What to say of a day outside the validity."""
    if force is not False:
        return ()
    validity = at.policy.in_force
    day = day_of(at.judged.low, at.policy.zone)

    def words(language: Language) -> str:
        nl = language == "nl"
        span = []
        if validity.start:
            span.append(f"{'vanaf' if nl else 'from'} {day_in_words(validity.start, language)}")
        if validity.end:
            span.append(f"{'tot en met' if nl else 'up to and including'} {day_in_words(validity.end, language)}")
        shown = day_in_words(day, language)
        edition = at.policy.edition
        if nl:
            return f"deze voorwaarden (uitgave {edition}) gelden {' '.join(span)}; {shown} valt daarbuiten."
        return f"these conditions (edition {edition}) hold {' '.join(span)}; {shown} is outside that."

    return (Warned("in_force", both(words)),)


def conflict_warnings(policy: Policy, source: Iterable[str]) -> tuple[Warned, ...]:
    """The conflicts between statements of which one is cited."""
    return _conflict_warnings(policy, tuple(source))


@lru_cache(maxsize=1_024)
def _conflict_warnings(policy: Policy, source: tuple[str, ...]) -> tuple[Warned, ...]:
    cited = set(source)
    return tuple(Warned(one.name, one.text) for one in policy.conflicts.values() if not cited.isdisjoint(one.between))


def has_happened(row: RowAt, at: Situation) -> bool:
    """Whether a row may have happened by the day of asking; what lies after it is left out."""
    records = at.policy.records.get(row.of)
    return records is None or at.engine.decide(records.happened, at.at_row(row)).truth is not False


def left_out(at: Situation, names: Iterable[str]) -> tuple[Warned, ...]:
    """The rows of histories that lie after today, which are left out."""
    result = []
    for name in dict.fromkeys(names):
        dated = at.policy.records[name].dated
        later = [row.key for row in rows_of(name, at) or () if row.values and _after(row.values.get(dated), at)]
        if later:
            text = both(lambda x, n=name, rows=later: _left_out(at.policy, n, rows, x))  # type: ignore[misc]
            result.append(Warned(f"left_out.{name}", text))
    return tuple(result)


def _after(day: object, at: Situation) -> bool:
    return isinstance(day, date) and day > at.day


def _left_out(policy: Policy, name: str, rows: Sequence[str | int], language: Language) -> str:
    shown = [row_text(policy, name, row)[language] for row in rows[:MOST_ROWS]]
    if more := len(rows) - len(shown):
        shown.append(f"{more} {'andere' if language == 'nl' else 'more'}")
    text, these = policy_text(policy, name)[language], listing(shown, language)
    if language == "nl":
        return f"{text}: {these} {'ligt' if len(rows) == 1 else 'liggen'} na deze dag; dat telt niet mee."
    return f"{text}: {these} {'lies' if len(rows) == 1 else 'lie'} after this day; that is left out."


def records_read(policy: Policy, section: str, names: Iterable[str]) -> tuple[str, ...]:
    """The histories that entries of a section rest on."""
    return _records_read(policy, section, tuple(names))


@lru_cache(maxsize=1_024)
def _records_read(policy: Policy, section: str, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for name in names for one in reads(policy, section, name).records))


def readings_taken(policy: Policy, section: str, names: Iterable[str]) -> tuple[Taken, ...]:
    """The readings that entries of a section rest on, each with the option taken."""
    return _readings_taken(policy, section, tuple(names))


@lru_cache(maxsize=1_024)
def _readings_taken(policy: Policy, section: str, names: tuple[str, ...]) -> tuple[Taken, ...]:
    used = dict.fromkeys(one for name in names for one in reads(policy, section, name).readings)
    readings = [policy.readings[name] for name in used]
    return tuple(Taken(one.name, one.text, one.options[one.chosen]) for one in readings)


def behind(policy: Policy, section: str, names: Iterable[str]) -> tuple[Cited, ...]:
    """The statements that stand behind entries of a section, by way of terms, values, readings and cycles."""
    return _behind(policy, section, tuple(names))


@lru_cache(maxsize=1_024)
def _behind(policy: Policy, section: str, names: tuple[str, ...]) -> tuple[Cited, ...]:
    return cite(policy, (one for name in names for one in reads(policy, section, name).source))


def source_lines(cited: tuple[Cited, ...], language: Language, indent: str) -> tuple[str, ...]:
    """What an answer rests on."""
    return made_once(cited, (language, indent), lambda found: _source_lines(found, language, indent)) if cited else ()


def _source_lines(cited: Sequence[Cited], language: Language, indent: str) -> tuple[str, ...]:
    nl = language == "nl"
    bullet = "punt" if nl else "bullet"
    shown = [f"{one.id} ({one.heading}{f', {bullet} {one.bullet}' if one.bullet else ''})" for one in cited]
    return (f"{indent}{'Bron' if nl else 'Source'}: {listing(shown, language)}",)


def missing_lines(missing: Sequence[Missing], language: Language) -> list[str]:
    """The questions still to put."""
    if not missing:
        return []
    heading = {"nl": "Nog te vragen:", "en": "Still to ask:"}[language]
    return [heading, *(f"  - {one.question[language]}" for one in missing)]


def other_readings(at: Situation, taken: Sequence[Taken]) -> Iterable[tuple[p.Reading, str, Situation]]:
    """Every other option of one reading at a time, with the situation in which it is taken."""
    for name in (one.reading for one in taken):
        reading = at.policy.readings[name]
        for option in reading.options:
            if option != reading.chosen:
                yield reading, option, replace(at, readings={**(at.readings or {}), name: option})


def contested(reading: p.Reading, option: str, answer: Text) -> Contested:
    """That another option of a reading gives another answer."""
    chosen = reading.options[reading.chosen]
    return Contested(reading.name, option, reading.text, chosen, reading.options[option], answer)
