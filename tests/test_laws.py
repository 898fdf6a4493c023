"""Laws of every answer, over random policies and over the five that are shipped."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, find, given, settings
from hypothesis import strategies as st

from tests import random_policies as r
from trainingrules import bundled, load
from trainingrules import policy as p
from trainingrules.answers.common import Answer, judged, situation
from trainingrules.answers.compliance import Compliance, Status
from trainingrules.answers.cost import Cost
from trainingrules.answers.deadlines import Deadlines, DeadlineState, State
from trainingrules.answers.eligibility import Eligibility, Outcome, Verdict
from trainingrules.answers.notes import Notes
from trainingrules.diagnostics import FactError, report
from trainingrules.policy import Policy
from trainingrules.program import rules_of
from trainingrules.strategies import Given, Question, days, facts, questions, questions_of
from trainingrules.truth import Unknown

FIVE = bundled()


@lru_cache(maxsize=8)
def shipped(name: str) -> Policy:
    return load(name)


def times(share: float) -> int:
    """So many examples, as a share of what the profile tries."""
    return max(5, int(settings().max_examples * share))


def ask(question: Question, policy: Policy, known: Given, on: date, engine: str = "reference") -> Answer:
    """The answer; facts that contradict each other are passed over, and no fact has any other fault."""
    try:
        return question.ask(policy, known, on=on, engine=engine)
    except FactError as refused:
        assume({one.code for one in refused.diagnostics} != {"contradiction"})
        raise


@dataclass(frozen=True)
class Case:
    """A question of a policy, on a day, with what is known."""

    policy: Policy
    on: date
    known: Given
    question: Question
    written: r.Written | None = None

    def __repr__(self) -> str:
        return f"{self.question} of {self.policy} on {self.on} with {self.known}\n{self.written or ''}"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        # Otherwise hypothesis prints every field.
        printer.text(repr(self))

    def answer(self, known: Given | None = None, engine: str = "reference") -> Answer:
        return ask(self.question, self.policy, self.known if known is None else known, self.on, engine)


ROUNDS = st.one_of(st.none(), st.lists(st.integers(1, 3), min_size=1, max_size=2, unique=True).map(tuple))


def of_sort(policy: Policy, sorts: tuple[str, ...]) -> st.SearchStrategy[Question]:
    if not sorts:
        return questions(policy)
    asked = st.sampled_from([one for one in questions_of(policy) if one.sort in sorts])
    if sorts == ("eligibility",):
        return asked
    return st.builds(lambda one, rounds: replace(one, cycles=rounds), asked, ROUNDS)


@st.composite
def cases(draw: st.DrawFn, *sorts: str) -> Case:
    """A question of a random policy."""
    written = draw(r.policies(*(SECTIONS[sort] for sort in sorts)))
    on = draw(days(written.policy))
    known, question = draw(facts(written.policy, on=on)), draw(of_sort(written.policy, sorts))
    return Case(written.policy, on, known, question, written)


@st.composite
def cases_of_five(draw: st.DrawFn, *sorts: str) -> Case:
    """A question of a policy that is shipped."""
    names = [name for name in FIVE if "cost" not in sorts or shipped(name).quotes]
    policy = shipped(draw(st.sampled_from(names)))
    on = draw(days(policy))
    return Case(policy, on, draw(facts(policy, on=on)), draw(of_sort(policy, sorts)))


SECTIONS = {"eligibility": "eligibility", "cost": "costs", "deadlines": "deadlines", "compliance": "compliance"}


def law(share: float = 1.0, *sorts: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A law holds for random policies and for the five; both are drawn."""

    def of(test: Callable[..., None]) -> Callable[..., None]:
        tried = given(st.one_of(cases(*sorts), cases_of_five(*sorts)), st.data())(test)
        return settings(max_examples=times(share))(tried)

    return of


# ------------------------------------------------------------------------------------- every question has an answer


@given(r.policies())
@settings(max_examples=times(0.5))
def test_what_the_generator_makes_loads(folder, written):
    """
    From its text, through every check, without a fault; and it is the policy that the other laws are about.
    """
    checked = r.check(written.data, folder)
    assert not checked.errors, report(checked.errors)
    assert checked.policy is not None
    assert replace(checked.policy, hash=written.policy.hash) == written.policy


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("policies")


@law()
def test_what_loads_can_be_asked_anything_and_explains_itself(case, data):
    """
    Valid facts never fault; the answer says itself in both languages, and comes back from JSON as it was.
    """
    answer = case.answer()
    for language in ("nl", "en"):
        assert answer.explain(language)
    assert type(answer).from_dict(answer.to_dict()) == answer


@pytest.mark.durable
@law()
def test_the_engines_agree(case, data):
    assert case.answer(engine="durable") == case.answer()


# ------------------------------------------------------------------------------------------- what is known stays so


def naming_a_row(policy: Policy, more: Given) -> Given:
    """A quote or a deadline for the row a fact names takes it that there is one; that there is none is news."""
    rows = {part.row for part in p.walk((policy.quotes, policy.deadlines)) if isinstance(part, p.Scope)}
    return {name: found for name, found in more.items() if found is not None or name not in rows}


def extended(known: Given, more: Mapping[str, Any], leave: Iterable[str] = ()) -> Given:
    """What is known, and from more whatever is not known yet: facts, rows, rounds and fields of rows."""
    result = dict(known)
    for name, given_ in more.items():
        if name in set(leave):
            continue
        here = known.get(name)
        if name not in known:
            result[name] = given_
        elif isinstance(here, dict):
            result[name] = {**given_, **here}
        elif here and isinstance(here[0] if isinstance(here, list) else None, dict):
            result[name] = [{**(given_[index] if index < len(given_) else {}), **row} for index, row in enumerate(here)]
    return result


def per_entry(entries: Iterable[Any]) -> dict[tuple[object, ...], Any]:
    return {(one.name if hasattr(one, "name") else one.duty, one.row, getattr(one, "cycle", None)): one
            for one in entries}  # fmt: skip


DEFINITE = (Status.MET, Status.BREACHED, Status.DEVIATES, Status.NOT_APPLICABLE)
HOLDS = {Outcome.MET: True, Outcome.NOT_APPLICABLE: True, Outcome.UNMET: False}


def firm(answer: Answer, policy: Policy) -> dict[tuple[object, ...], object]:
    """All in an answer that more knowledge must leave as it is."""
    result: dict[tuple[object, ...], object] = {}
    if isinstance(answer, Eligibility):
        if answer.verdict is not Verdict.UNKNOWN:
            result["verdict",] = answer.verdict
        result |= {("reason", one.name): HOLDS[one.outcome] for one in answer.reasons if one.outcome in HOLDS}
    elif isinstance(answer, Compliance):
        if answer.overall in (*DEFINITE, Status.NOT_IN_FORCE):
            result["overall",] = answer.overall
        result |= {("duty", *key): one.status for key, one in per_entry(answer.duties).items()
                   if one.status in (*DEFINITE, Status.PENDING)}  # fmt: skip
    elif isinstance(answer, Deadlines):
        result["in_force",] = answer.in_force
        for key, state in per_entry(answer.deadlines).items():
            result |= {("deadline", *key, *more): found for more, found in firm_state(state, policy).items()}
    elif isinstance(answer, Notes):
        for key, note in per_entry(answer.notes).items():
            if note.applies is not None:
                result["applies", *key] = note.applies
            if note.applies and not note.missing and note.said is not None:
                result["note", *key] = (note.least, note.most)
    elif isinstance(answer, Cost):
        if answer.in_force is not None:
            result["in_force",] = answer.in_force
        if answer.in_force and not answer.missing:
            result["total",] = (answer.at_least, answer.at_most)
    return result


def firm_state(state: DeadlineState, policy: Policy) -> dict[tuple[object, ...], object]:
    result: dict[tuple[object, ...], object] = {}
    deadline = policy.deadlines[state.name]
    # Without the act a deadline is judged on today alone; whether it was met is another question.
    act_known = deadline.act is None or state.acted is not None
    unsure = (State.UNKNOWN, State.NOT_STATED)
    if state.state in (State.NOT_APPLICABLE, State.NOT_RUNNING) or (act_known and state.state not in unsure):
        result["state",] = state.state
    if state.state not in (State.NOT_APPLICABLE, State.UNKNOWN):
        for end in ("start", "until"):
            limit = getattr(state, end)
            if limit is not None and limit.day is not None:
                result[end,] = limit.day
    return result


def unbound(case: Case) -> tuple[str, ...]:
    """What a quote presumes: to know better is another question, not more of the same answer."""
    if case.question.sort == "cost" and case.question.name:
        return tuple(case.policy.quotes[case.question.name].presume)
    return ()


def assert_kept(case: Case, less: Answer, more: Answer) -> None:
    before, after = firm(less, case.policy), firm(more, case.policy)
    changed = {key: (told, after.get(key, "gone")) for key, told in before.items()
               if after.get(key, "gone") != told and not told_otherwise(key, more)}  # fmt: skip
    assert not changed, changed


def told_otherwise(key: tuple[object, ...], more: Answer) -> bool:
    """An entry that stood for rows or rounds not known yet gives way to entries of their own; outside the validity
    of a policy there are none."""
    if isinstance(more, Eligibility):
        return key[0] == "reason" and more.verdict is Verdict.NOT_IN_FORCE
    if isinstance(more, Deadlines):
        return key[0] == "deadline" and key[1:4] not in per_entry(more.deadlines)
    if isinstance(more, Compliance):
        return key[0] == "duty" and key[1:4] not in per_entry(more.duties)
    if isinstance(more, Notes):
        return key[1:4] not in per_entry(more.notes)
    return False


@law()
def test_what_is_definite_stays_so_when_more_is_known(case, data):
    """
    A yes, a no, a total, a state or a status never changes by more facts.
    """
    more = naming_a_row(case.policy, data.draw(facts(case.policy, on=case.on), "more"))
    fuller = extended(case.known, more, unbound(case))
    assert_kept(case, case.answer(), case.answer(fuller))


def lower(one: Decimal | None, other: Decimal | None) -> bool:
    return one is None or (other is not None and one <= other)


@law(1.0, "cost")
def test_a_cost_stays_within_the_range_told_before(case, data):
    """
    More facts narrow a range: they never lead outside it.

    As long as it is a price: none is told where nothing runs, and none for the lack of a row.
    """
    more = naming_a_row(case.policy, data.draw(facts(case.policy, on=case.on), "more"))
    fuller = extended(case.known, more, unbound(case))
    before, after = case.answer(), case.answer(fuller)
    assert isinstance(before, Cost)
    assert isinstance(after, Cost)
    assume(after.in_force and after.lines and set(after.lacking) <= set(before.lacking))
    assert before.in_force is not False
    assert lower(before.at_least, after.at_least), (before.at_least, after.at_least)
    assert after.at_most is not None or before.at_most is None
    assert before.at_most is None or lower(after.at_most, before.at_most), (before.at_most, after.at_most)


# --------------------------------------------------------------------------------------------- what is still to ask


def names_of(paths: Iterable[str]) -> set[str]:
    return {path.partition("[")[0] for path in paths}


def needed(answer: Answer) -> set[str]:
    return names_of(one.fact for one in answer.missing)  # type: ignore[attr-defined]


def outcome(answer: Answer) -> object:
    """What an answer comes to."""
    if isinstance(answer, Eligibility):
        return answer.verdict
    if isinstance(answer, Compliance):
        return answer.overall
    if isinstance(answer, Cost):
        return answer.at_least, answer.at_most
    if isinstance(answer, Deadlines):
        return {key: (one.state, one.start, one.until) for key, one in by_row(answer.deadlines).items()}
    assert isinstance(answer, Notes)
    return {key: (one.applies, one.least, one.most) for key, one in by_row(answer.notes).items()}


def by_row(entries: Iterable[Any]) -> dict[Any, Any]:
    """As `per_entry`; where there is one entry, which row a fact named for it is no part of what it comes to."""
    found = per_entry(entries)
    several = Counter(key[0] for key in found)
    return {key if several[key[0]] > 1 else (key[0], None, *key[2:]): one for key, one in found.items()}


@law()
def test_facts_that_are_not_asked_for_change_nothing(case, data):
    """
    No fact is left out that can change the answer: whatever is added of those not named, it stays as it is.
    """
    before = case.answer()
    acts = {one.act.name for one in case.policy.deadlines.values() if one.act} if isinstance(before, Deadlines) else ()
    leave = {*unbound(case), *needed(before), *acts}
    more = data.draw(facts(case.policy, on=case.on), "more")
    if not isinstance(before, Eligibility):
        more = naming_a_row(case.policy, more)
    fuller = extended(case.known, more, leave)
    assert outcome(case.answer(fuller)) == outcome(before)


@law()
def test_what_is_decided_asks_nothing(case, data):
    answer = case.answer()
    if isinstance(answer, Eligibility):
        assert answer.verdict is Verdict.UNKNOWN or not answer.missing
    elif isinstance(answer, Compliance):
        assert answer.overall is Status.UNKNOWN or not answer.missing
    elif isinstance(answer, Cost) and answer.at_least == answer.at_most is not None:
        assert not answer.missing or not answer.in_force


@law(0.5, "eligibility")
def test_only_a_silent_or_contradictory_source_leaves_nothing_to_ask(case, data):
    """
    Unknown, and no fact that would help: then the source does not say, or contradicts itself.
    """
    answer = case.answer()
    assert isinstance(answer, Eligibility)
    if answer.verdict is Verdict.UNKNOWN and not answer.missing:
        assert case.question.name
        at = situation(case.policy, case.known, case.on, "reference")
        at = judged(at, case.policy.decisions[case.question.name].judged_on)
        rules = [rule for rule in rules_of(case.policy, case.question.name) if not rule.rule.advice]
        truths = [at.engine.decide(rule.condition, at).truth for rule in rules]
        causes = {cause.kind for truth in truths if isinstance(truth, Unknown) for cause in truth.because}
        assert causes & {"not_stated", "conflict"}


@law(0.5, "eligibility")
def test_where_the_source_does_not_say_nothing_is_asked_for_it(case, data):
    """
    A requirement on which the source is silent stays so, whatever becomes known.
    """
    before = case.answer()
    fuller = extended(case.known, data.draw(facts(case.policy, on=case.on), "more"))
    after = case.answer(fuller)
    assert isinstance(before, Eligibility)
    assert isinstance(after, Eligibility)
    if after.verdict is not Verdict.NOT_IN_FORCE:
        assert set(before.silent) <= set(after.silent)


# ------------------------------------------------------------------------------------------- sums


def total(ends: Iterable[tuple[Decimal | None, Decimal | None]]) -> tuple[Decimal | None, Decimal | None]:
    lows, highs = zip(*ends, strict=True) if (ends := list(ends)) else ((), ())
    return (None if None in lows else sum(lows, Decimal(0)), None if None in highs else sum(highs, Decimal(0)))


@law(1.0, "cost")
def test_the_parts_make_the_whole(case, data):
    """
    The lines sum to the total, and so do those with each VAT word, and the instalments.
    """
    answer = case.answer()
    assert isinstance(answer, Cost)
    assume(answer.in_force and answer.lines)
    whole = (answer.at_least, answer.at_most)
    assert total((line.at_least, line.at_most) for line in answer.lines) == whole
    assert total((one.at_least, one.at_most) for one in answer.by_vat) == whole
    if answer.instalments:
        assert total((one.at_least, one.at_most) for one in answer.instalments) == whole


# ------------------------------------------------------------------------------------------- order and names


def shuffled(value: Any, mix: Callable[[list[Any]], list[Any]], key: str = "") -> Any:
    """The same text in another order, wherever order has no meaning."""
    if isinstance(value, dict):
        parts = {name: shuffled(part, mix, name) for name, part in value.items()}
        return parts if key in ("options", "instalments") else dict(mix(list(parts.items())))
    if isinstance(value, list):
        parts_ = [shuffled(part, mix) for part in value]
        return mix(parts_) if key in ("any", "in", "includes_any", "source", "total", "least") else parts_
    return value


def gist(answer: Answer) -> object:
    """What an answer comes to, whatever the order of its parts."""
    asked = frozenset(one.fact for one in answer.missing)  # type: ignore[attr-defined]
    if isinstance(answer, Eligibility):
        return answer.verdict, asked, {(one.name, one.outcome) for one in answer.reasons}, set(answer.violated)
    return outcome(answer), asked


@given(cases(), st.randoms(use_true_random=False))
@settings(max_examples=times(0.5))
def test_the_order_of_the_text_does_not_matter(case, random):
    """
    Facts, rules, keys and the parts of `any` may stand in any order.
    """

    def mix(parts: list[Any]) -> list[Any]:
        return random.sample(parts, len(parts))

    assert case.written is not None
    other = r.written(shuffled(case.written.data, mix)).policy
    assert gist(ask(case.question, other, shuffled(case.known, mix, "facts"), case.on)) == gist(case.answer())


@law(0.5, "eligibility", "compliance", "cost")
def test_the_order_of_the_rows_of_a_history_does_not_matter(case, data):
    turned = {name: list(reversed(rows)) if name in case.policy.records else rows for name, rows in case.known.items()}
    before, after = case.answer(), case.answer(turned)
    assert outcome(after) == outcome(before)
    assert needed(after) == needed(before)


def renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {names.get(name, name): renamed(part, names) for name, part in value.items()}
    if isinstance(value, list):
        return [renamed(part, names) for part in value]
    return names.get(value, value) if isinstance(value, str) else value


@given(cases(), st.data())
@settings(max_examples=times(0.5))
def test_names_do_not_matter(case, data):
    """
    Facts by other names, in another order of the alphabet, give the same answer.
    """
    assert case.written is not None
    declared = [*case.policy.facts, *case.policy.records]
    order = data.draw(st.permutations(range(len(declared))))
    names = {name: f"x{number}_{name[::-1]}" for name, number in zip(declared, order, strict=True)}
    back = {new: old for old, new in names.items()}
    other = r.written(renamed(case.written.data, names)).policy
    question = Question(case.question.sort, case.question.name, case.question.cycles, case.question.party)
    known = {names[name]: found for name, found in case.known.items()}
    before, after = case.answer(), ask(question, other, known, case.on)
    assert outcome(after) == outcome(before)
    asked = [one.fact for one in after.missing]  # type: ignore[attr-defined]
    assert [back[name] + rest for name, rest in map(split_path, asked)] == [
        one.fact for one in before.missing]  # fmt: skip


def split_path(path: str) -> tuple[str, str]:
    name, bracket, rest = path.partition("[")
    return name, bracket + rest


CONDITIONS = ("when", "must", "should", "holds", "never", "where")


def rewritten(value: Any, how: Callable[[dict[str, Any]], dict[str, Any]], key: str = "") -> Any:
    """The policy with each of its conditions said in another way."""
    if isinstance(value, dict):
        parts = {name: rewritten(part, how, name) for name, part in value.items()}
        return how(parts) if key in CONDITIONS else parts
    if isinstance(value, list):
        return [rewritten(part, how) for part in value]
    return value


def twice_denied(condition: Given) -> Given:
    return {"not": {"not": condition}}


def by_de_morgan(condition: Given) -> Given:
    """All of these: not one of them not."""
    return {"not": {"any": [{"not": {name: part}} for name, part in condition.items()]}}


def any_by_de_morgan(condition: Given) -> Given:
    """One of these: not all of them not."""
    result = dict(condition)
    if "any" in result and "not" not in result:
        denied: Given = {}
        for part in reversed(result.pop("any")):
            denied = {"not": part, "any": [denied]} if denied else {"not": part}
        result["not"] = denied
    return result


def distributed(condition: Given) -> Given:
    """This and one of those: one of (this and that)."""
    if "any" in condition and len(condition) > 1:
        rest = {name: part for name, part in condition.items() if name != "any"}
        if "not" not in rest:
            return {"any": [{**rest, "any": [part]} for part in condition["any"]]}
    return condition


@given(cases(), st.sampled_from([twice_denied, by_de_morgan, any_by_de_morgan, distributed]))
@settings(max_examples=times(0.5))
def test_conditions_that_mean_the_same_give_the_same(case, how):
    """
    Denied twice, by De Morgan's laws, or distributed: the verdict is the same.
    """
    assert case.written is not None
    other = r.written(rewritten(case.written.data, how)).policy
    before, after = case.answer(), ask(case.question, other, case.known, case.on)
    assert outcome(after) == outcome(before)
    if isinstance(before, Eligibility) and isinstance(after, Eligibility):
        assert {(one.name, one.outcome) for one in after.reasons} == {(one.name, one.outcome) for one in before.reasons}


# ------------------------------------------------------------------------------------------- exactly what can change it

UNKNOWN = object()
MOST = 4


def domain(policy: Policy, path: str) -> list[Any]:
    shape = policy.facts[path.partition("[")[0]].shape
    if shape.kind == "boolean":
        return [True, False]
    if shape.kind == "integer":
        return list(range(shape.low, shape.high + 1))
    assert shape.options, (path, shape)
    return [*shape.options, *([None] if shape.kind == "row" else [])]


def paths_read(policy: Policy) -> list[str]:
    """Every fact that the decision reads, per row where it is known per row."""
    paths: dict[str, None] = {}
    for part in p.walk_deep(policy, policy.decisions):
        if isinstance(part, p.FactValue):
            rows = [f"{part.name}[{key}]" for key in policy.tables[part.per].rows] if part.per else [part.name]
            paths.update((path, None) for path in rows)
        elif isinstance(part, p.Scope) and part.row:
            paths[part.row] = None
    return list(paths)


def held(known: Given, path: str, value: object) -> Given:
    if value is UNKNOWN:
        return known
    name, _, rest = path.partition("[")
    if rest:
        return {**known, name: {**known.get(name, {}), rest[:-1]: value}}
    return {**known, name: value}


def changing(policy: Policy, known: Given, unknown: list[str], on: date) -> set[str]:
    """By trying everything: the facts of which some value, or none, changes the verdict, whatever the others are."""
    verdicts: dict[tuple[int, ...], Verdict] = {}
    tried = [[UNKNOWN, *domain(policy, path)] for path in unknown]
    for place in itertools.product(*(range(len(values)) for values in tried)):
        given_ = known
        for path, values, index in zip(unknown, tried, place, strict=True):
            given_ = held(given_, path, values[index])
        answer = Question("eligibility", "decision_1").ask(policy, given_, on=on)
        assert isinstance(answer, Eligibility)
        verdicts[place] = answer.verdict
    found = set()
    for number, path in enumerate(unknown):
        groups: dict[tuple[int, ...], set[Verdict]] = {}
        for place, verdict in verdicts.items():
            groups.setdefault((*place[:number], *place[number + 1 :]), set()).add(verdict)
        if any(len(group) > 1 for group in groups.values()):
            found.add(path)
    return found


def compared_together(policy: Policy, unknown: list[str]) -> bool:
    """Whether some check reads several of the unknown facts at once."""
    names = names_of(unknown)
    return any(
        isinstance(part, p.Check)
        and len({one.name for one in p.walk(part) if isinstance(one, p.FactValue)} & names) > 1
        for part in p.walk_deep(policy, policy.decisions)
    )


@st.composite
def small_cases(draw: st.DrawFn) -> tuple[r.Written, Given, list[str]]:
    written = draw(r.small_policies())
    paths = paths_read(written.policy)
    assume(paths)
    unknown = draw(st.lists(st.sampled_from(paths), max_size=MOST, unique=True))
    size = 1
    kept = []
    for path in unknown:
        size *= len(domain(written.policy, path)) + 1
        if size <= 200:
            kept.append(path)
    known: Given = {}
    for path in paths:
        if path not in kept:
            known = held(known, path, draw(st.sampled_from(domain(written.policy, path))))
    return written, known, kept


@given(small_cases())
@settings(max_examples=times(1.0))
def test_exactly_the_facts_that_can_change_the_verdict_are_missing(case):
    """
    A fact is missing when some value of it changes the verdict, with the other unknown facts at some value or
    left unknown; found by trying all of them.
    """
    written, known, unknown = case
    on = date(2026, 6, 15)
    answer = Question("eligibility", "decision_1").ask(written.policy, known, on=on)
    assert isinstance(answer, Eligibility)
    asked = {one.fact for one in answer.missing}
    truly = changing(written.policy, known, unknown, on)
    assert truly <= asked
    if not compared_together(written.policy, unknown):
        assert asked == truly


# ------------------------------------------------------------------------------------------- the published strategies


def drawn(strategy: st.SearchStrategy[Any], wanted: Callable[..., bool]) -> Any:
    """Something that is drawn, sooner or later; not the smallest of its sort."""
    tried = settings(
        database=None, max_examples=5_000, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    return find(strategy, wanted, settings=tried)


def test_facts_are_half_known_or_wholly():
    policy = shipped("calibris")
    declared = {*policy.facts, *policy.records}
    assert drawn(facts(policy), lambda known: not known) == {}
    assert set(drawn(facts(policy), lambda known: len(known) == len(declared))) == declared


@given(facts(shipped("rvwo"), known={"role": "teacher"}, only=["organisation"]))
@settings(max_examples=times(0.1))
def test_what_is_given_stays_and_only_what_is_named_comes_beside_it(known):
    assert known["role"] == "teacher"
    assert set(known) <= {"role", "organisation"}


def test_a_name_that_is_no_fact_is_refused():
    with pytest.raises(ValueError, match="does not declare rol"):
        facts(shipped("rvwo"), known={"rol": "teacher"})


def test_days_and_values_lie_where_the_rules_turn():
    """
    At the first day in force, on the day of asking, and just past what a rule compares with.
    """
    policy = shipped("calibris")
    assert drawn(days(policy), lambda on: on == date(2026, 1, 1))
    on = date(2026, 5, 5)
    assert drawn(facts(policy, on=on, only=["notice_on"]), lambda known: known.get("notice_on") == "2026-05-06")
    assert drawn(facts(policy, only=["logins"]), several_users)


def several_users(known: Given) -> bool:
    """At the limit of one person, and on both sides of it."""
    return {row.get("users") for row in known.get("logins", ())} >= {0, 1, 2}


@pytest.mark.parametrize("name", FIVE)
def test_every_question_may_be_drawn(name):
    policy = shipped(name)
    every = questions_of(policy)
    assert len(set(every)) == len(every)
    assert {one.name for one in every if one.sort == "eligibility"} == set(policy.decisions)
    assert {one.party for one in every} == {None, *policy.parties}
    for question in every:
        assert question.ask(policy, {}, on=date(2026, 3, 1)).explain("en")
