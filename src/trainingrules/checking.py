"""Whether a policy that reads well is also sensible: nothing circular, unused, unreachable or left open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta

from trainingrules import policy as p
from trainingrules.calendar import Period
from trainingrules.diagnostics import Diagnostic
from trainingrules.document import Document, Path
from trainingrules.kinds import DAYS, KINDS, MEASURES, Shape, Value
from trainingrules.operators import Operator
from trainingrules.policy import Policy
from trainingrules.turns import regions
from trainingrules.words import Text

# How large a definition may be with all that it refers to written out, and how deep: no policy comes near.
LARGEST = 5_000
DEEPEST = 60


def check_policy(policy: Policy, document: Document, *, whole: bool = True) -> list[Diagnostic]:
    """
    Every fault and warning of a policy as a whole.

    Unless it is ``whole``, parts of it could not be read: then only what does not look for those is checked.
    """
    found = list(circular(policy, document))
    if found:
        return found  # what reaches itself cannot be walked
    for check in (gaps, impossible):
        found += check(policy, document)
    for check in (at_hand, deadlines_used, unused, uncited, named_as_file, same_sentences) if whole else ():
        found += check(policy, document)
    return found


# --- nothing reaches itself ---


def circular(policy: Policy, document: Document) -> Iterator[Diagnostic]:
    """Terms, values, deadlines and decisions that are defined by themselves, or grow beyond all measure."""
    entries: dict[Path, object] = {}
    for section, homes in (("terms", policy.terms), ("values", policy.values), ("deadlines", policy.deadlines)):
        entries |= {(section, name): entry for name, entry in homes.items()}
    links = {path: [target for part in p.walk(entry) for target in _refers(part)] for path, entry in entries.items()}
    for name, decision in policy.decisions.items():
        entries[("eligibility", name)] = ()  # its own rules may be many; what counts is how often they are repeated
        links[("eligibility", name)] = [("eligibility", other) for other in decision.builds_on]
    told: set[Path] = set()
    measures: dict[Path, tuple[int, int]] = {}
    for here, circle in _in_order(links):
        if circle and told.isdisjoint(circle):
            told.update(circle)
            way = [str(path[1]) for path in circle[:8]] + ["…"] * (len(circle) > 8)
            yield document.fault("circular", f"`{here[1]}` is defined by itself: {' → '.join((*way, way[0]))}", here,
                                 key=True, help="let one of these not refer to the next")  # fmt: skip
        elif not circle and not told.isdisjoint(links[here]):
            told.add(here)  # what it refers to is at fault, and that was told
        elif not circle:
            size, depth = _measure(entries[here], measures)
            for other in links[here] if here[0] == "eligibility" else ():
                more, deeper = measures.get(other, (0, 0))
                size, depth = size + more + 1, max(depth, deeper + 1)
            measures[here] = (size, depth)
            if size > LARGEST or depth > DEEPEST:
                told.add(here)
                yield document.fault("too-large", f"`{here[1]}` is too large with all that it refers to written out",
                                     here, key=True, help="let definitions build on each other less")  # fmt: skip


def _in_order(links: Mapping[Path, list[Path]]) -> Iterator[tuple[Path, list[Path]]]:
    """Every entry after those it refers to; an entry that reaches itself comes with the way round."""
    done: set[Path] = set()
    for start in links:
        trail: dict[Path, None] = {}  # the way here, in order
        todo = [(start, False)]
        while todo:
            here, leaving = todo.pop()
            if leaving:
                del trail[here]
                done.add(here)
                yield here, []
            elif here in trail:
                way = list(trail)
                yield here, way[way.index(here) :]
            elif here not in done:
                trail[here] = None
                todo.append((here, True))
                todo += [(there, False) for there in reversed(links[here]) if there in links]


def _measure(node: object, measures: Mapping[Path, tuple[int, int]]) -> tuple[int, int]:
    """The number of parts of a node, and how deep they lie, with what it refers to written out."""
    parts: Iterable[object] = ()
    if isinstance(node, tuple):
        parts = node
    elif is_dataclass(node) and not isinstance(node, Shape | Operator | Text | Period):
        parts = (getattr(node, part.name) for part in fields(node))
    inner = [measures[path] for path in _refers(node) if path in measures]
    inner += [_measure(part, measures) for part in parts if isinstance(part, tuple) or is_dataclass(part)]
    counts = int(is_dataclass(node))
    return counts + sum(size for size, _ in inner), counts + max((depth for _, depth in inner), default=0)


def _refers(part: object) -> list[Path]:
    match part:
        case p.Holds(term):
            return [("terms", term)]
        case p.Named(name):
            return [("values", name)]
        case p.LastDayOf(deadline) | p.Earliest(_, deadline):
            return [("deadlines", deadline)]
    return []


# --- rows and rounds are at hand where they are read ---


def at_hand(policy: Policy, document: Document) -> Iterator[Diagnostic]:
    """Terms, values and deadlines used where the row or round they read is not at hand."""
    for entry, scope in _scoped_entries(policy):
        rows = {scope.each} if scope.each else {policy.facts[scope.row].shape.of} if scope.row else set()
        for name, at, lack in _lacking(policy, entry, frozenset(rows), set()):
            yield document.fault("no-row", f"`{name}` reads {lack}, and none of those is at hand here", at, key=True,
                                 help="use `for_each`, `for_row` or `where`")  # fmt: skip


def _scoped_entries(policy: Policy) -> Iterator[tuple[object, p.Scope]]:
    for decision in policy.decisions.values():
        yield from ((rule, rule.scope) for rule in decision.requires.values())
    for quote in policy.quotes.values():
        yield from ((line, line.scope) for line in quote.lines.values())
        yield from ((part, p.Scope()) for part in quote.instalments.values())
    for entries in (policy.deadlines, policy.duties, policy.notes):
        yield from ((entry, entry.scope) for entry in entries.values())
    yield from ((one, p.Scope(each=one.rows)) for one in policy.contradictions.values())
    yield from ((one, p.Scope()) for one in policy.claims.values())


def _lacking(
    policy: Policy, node: object, rows: frozenset[str], seen: set[object], via: tuple[str, Path] | None = None
) -> Iterator[tuple[str, Path, str]]:
    """What is read through the names in a node without its row: through which name, where that stands, and what."""
    if isinstance(node, p.FactValue) and node.per and via is not None:
        # A cycle that is not at hand is the running one; a row has no such stand-in.
        if node.per in policy.tables and node.per not in rows:
            yield *via, f"`{node.name}` per row of `{node.per}`"
        return
    if isinstance(node, p.FieldValue) and via is not None and rows.isdisjoint(node.of):
        yield *via, f"`{node.name}` of a row of `{node.of[0]}`"
        return
    for path in _refers(node):
        if (path, rows) in seen and via is not None:
            continue
        seen.add((path, rows))
        entries: Mapping[str, Mapping[str, object]] = {
            "terms": policy.terms, "values": policy.values, "deadlines": policy.deadlines}  # fmt: skip
        section, name = str(path[0]), str(path[1])
        place = via or (name, node.at)  # type: ignore[attr-defined]
        yield from _lacking(policy, entries[section][name], rows, seen, place)
    if isinstance(node, p.CountOf | p.SumOf):
        rows = rows | {node.rows}
    if isinstance(node, tuple):
        for part in node:
            yield from _lacking(policy, part, rows, seen, via)
    elif is_dataclass(node) and not isinstance(node, Shape):
        for part in fields(node):
            yield from _lacking(policy, getattr(node, part.name), rows, seen, via)


# --- deadlines that are counted from ---


def deadlines_used(policy: Policy, document: Document) -> Iterator[Diagnostic]:
    """A deadline whose last day is used must have one; an inverse must have something to invert."""
    for part in p.walk(policy):
        if isinstance(part, p.LastDayOf | p.Earliest) and policy.deadlines[part.deadline].until is None:
            yield document.fault("no-last-day", f"deadline `{part.deadline}` has no last day", part.at)
        elif isinstance(part, p.Earliest):
            read = {one.name for one in p.walk_deep(policy, policy.deadlines[part.deadline].until)
                    if isinstance(one, p.FactValue)}  # fmt: skip
            if part.fact not in read:
                yield document.fault("no-inverse", f"deadline `{part.deadline}` does not count from `{part.fact}`",
                                     part.at)  # fmt: skip


# --- no day without an amount ---


def gaps(policy: Policy, document: Document) -> Iterator[Diagnostic]:
    """Amounts that begin after the policy does leave days without one."""
    start = policy.in_force.start
    for name, prices in policy.amounts.items():
        first = min((price.start for price in prices), default=None)  # out of order is another fault
        if start is not None and first is not None and first > start:
            yield document.fault("gap",
                                 f"`{name}` begins on {first}, and the policy is in force from {start}",
                                 ("amounts", name, 0, "from"),
                                 help="begin it then, or put an entry `value: not_stated` before it")  # fmt: skip


# --- conditions that cannot hold, or cannot fail ---


def impossible(policy: Policy, document: Document) -> Iterator[Diagnostic]:
    """Checks on one fact that no value satisfies, or that every value does."""
    for part in p.walk(policy):
        if isinstance(part, p.All):
            groups: dict[str, list[p.Check]] = {}
            for inner in part.parts:
                if isinstance(inner, p.Check) and _fixed(inner):
                    groups.setdefault(repr(inner.subject), []).append(inner)
            for checks in groups.values():
                if len(checks) > 1 and not any(all(_holds(one, v) for one in checks) for v in _tried(checks)):
                    both = "both" if len(checks) == 2 else "all"
                    yield document.fault("never-holds", f"no value satisfies {both} of these", checks[-1].at, key=True)
        elif isinstance(part, p.Any) and len(part.parts) == 1:
            remedy = "begin each part with `-`; what has none goes with the part above it"
            yield document.fault("lone-part", "an `any` of one part is that part", part.at, key=True, help=remedy,
                                 severity="warning")  # fmt: skip
        elif isinstance(part, p.Check) and part.at and _fixed(part):
            subject = part.subject
            assert isinstance(subject, p.FactValue | p.FieldValue)
            none = [None] if KINDS[subject.shape.kind].nullable else []
            truths = {_holds(part, candidate) for candidate in [*_tried([part]), *none]}
            if truths == {False}:
                yield document.fault("never-holds", "this can never hold: no value the fact may have satisfies it",
                                     part.at, key=True)  # fmt: skip
            elif truths == {True}:
                yield document.fault("always-holds", "this always holds, whatever the value", part.at, key=True,
                                     severity="warning")  # fmt: skip


def never_apart(one: p.Check, other: p.Check) -> bool:
    """Whether it is certain that no value the fact may have tells two checks on it apart."""
    if one.subject != other.subject or not (_fixed(one) and _fixed(other)):
        return False
    assert isinstance(one.subject, p.FactValue | p.FieldValue)
    operands = [check.operand.value for check in (one, other) if isinstance(check.operand, p.Constant)]
    kind = one.subject.shape.kind
    zoned = kind in DAYS and any(isinstance(operand, datetime) != (kind == "moment") for operand in operands)
    if kind == "list" or zoned:
        return False  # not every list is tried, and a moment against a day depends on the zone
    return all(_holds(one, value) == _holds(other, value) for value in _tried([one, other]))


def _fixed(check: p.Check) -> bool:
    """Whether a check holds a fact or a field against something written out."""
    literal = isinstance(check.operand, p.Constant | tuple) and not isinstance(check.operand, bool)
    return isinstance(check.subject, p.FactValue | p.FieldValue) and literal


def _holds(check: p.Check, candidate: Value) -> bool:
    operand = check.operand.value if isinstance(check.operand, p.Constant) else check.operand
    assert isinstance(check.subject, p.FactValue | p.FieldValue)
    if candidate is None:
        return False
    if check.subject.shape.ordered and not isinstance(operand, tuple):
        rank = list(check.subject.shape.options)
        return check.operator.test(rank.index(candidate), rank.index(str(operand)))
    if isinstance(candidate, datetime) != isinstance(operand, datetime) and isinstance(candidate, date):
        return True  # a moment against a day depends on the zone
    return check.operator.test(candidate, operand)


def _tried(checks: list[p.Check]) -> list[Value]:
    """Values that tell the checks on one fact apart."""
    subject = checks[0].subject
    assert isinstance(subject, p.FactValue | p.FieldValue)
    shape = subject.shape
    operands: list[Value] = [one.operand.value if isinstance(one.operand, p.Constant) else one.operand
                             for one in checks]  # fmt: skip
    if shape.kind == "boolean":
        return [True, False]
    if shape.kind in ("choice", "row"):
        return list(shape.options)
    if shape.kind == "list":
        return [(), tuple(shape.options), *((one,) for one in shape.options), *operands]
    if shape.kind in MEASURES:
        return regions(shape, operands, "UTC", date.min)
    if shape.kind in DAYS:
        around = []
        for operand in operands:
            step_of = timedelta(seconds=1) if isinstance(operand, datetime) else timedelta(days=1)
            around += [operand]
            around += [operand - step_of] if operand.year > 1 else []
            around += [operand + step_of] if operand.year < 9999 else []
        return around
    flat = [item for operand in operands for item in (operand if isinstance(operand, tuple) else (operand,))]
    return [*flat, "\0"]


# --- everything declared is used, every statement is cited ---


def unused(policy: Policy, document: Document) -> Iterator[Diagnostic]:
    """Declarations that nothing reads."""
    read: set[str] = set()
    amounts: set[str] = set()
    for part in p.walk(policy):
        match part:
            case p.FactValue() | p.Named():
                read.add(part.name)
                read.update({part.per} if isinstance(part, p.FactValue) else ())
            case p.FieldValue():
                read.update((part.name, *part.of))
            case p.Chosen(reading):
                read.add(reading)
            case p.Holds(term):
                read.add(term)
            case p.RoundNumber() | p.CycleDay():
                read.add(part.cycle)
            case p.Check(operator=operator) if operator.operand == "cycle":
                read.add(str(part.operand))
            case p.AmountOf(name):
                amounts.add(name)
            case p.CountOf() | p.SumOf():
                read.add(part.rows)
                read.update({part.field} if isinstance(part, p.SumOf) else ())
            case p.Earliest():
                read.add(part.fact)
            case p.Scope():
                read.update((part.each, part.row, part.per))
            case p.Cycle():
                read.add(part.starts)
            case p.Decision() | p.Quote():
                read.add(part.judged_on)
            case p.Contradiction():
                read.add(part.rows)
            case p.Records():
                read.add(part.dated)
            case p.Fact():
                read.update((part.per, part.shape.of))
    sections = {"facts": [*policy.facts, *policy.records], "terms": policy.terms, "values": policy.values,
                "readings": policy.readings, "cycles": policy.cycles, "tables": policy.tables}  # fmt: skip
    for section, names in sections.items():
        for name in names:
            if name not in read:
                yield _idle(document, (section, name))
    for name, records in policy.records.items():
        yield from (_idle(document, ("facts", name, "fields", one)) for one in records.fields if one not in read)
    for name, table in policy.tables.items():
        yield from (_idle(document, ("tables", name, "fields", one)) for one in table.fields if one not in read)
    yield from (_idle(document, ("amounts", name)) for name in policy.amounts if name not in amounts)
    whose = {duty.who for duty in policy.duties.values()}
    yield from (_idle(document, ("parties", name)) for name in policy.parties if name not in whose)
    for name, quote in policy.quotes.items():
        reads = {part.name for part in p.walk_deep(policy, quote.lines) if isinstance(part, p.FactValue)}
        yield from (_idle(document, ("costs", name, "presume", one)) for one in quote.presume if one not in reads)


def _idle(document: Document, at: Path) -> Diagnostic:
    return document.fault("unused", f"`{at[-1]}` is declared and nothing reads it", at, key=True, severity="warning",
                          help="use it in a rule, or take it out")  # fmt: skip


def uncited(policy: Policy, document: Document) -> Iterator[Diagnostic]:
    """Statements of the catalogue that no rule and no note cites."""
    cited: set[str] = set()
    for part in p.walk(policy):
        cited.update(getattr(part, "source", ()) if not isinstance(part, p.Statement) else ())
        cited.update(part.between if isinstance(part, p.Conflict) else ())
    for name in policy.statements:
        if name not in cited:
            yield document.fault("uncovered-statement", f"statement `{name}` is cited by no rule and no note",
                                 ("statements",), severity="warning",
                                 help="cite it at the rule that carries it, or list it under `notes` with the "
                                 "reason")  # fmt: skip


def named_as_file(policy: Policy, document: Document) -> Iterator[Diagnostic]:
    """A policy is called as its file is."""
    stem = document.name.replace("\\", "/").rpartition("/")[2].removesuffix(".yaml").removesuffix(".yml")
    if stem != policy.name and not document.name.startswith("<"):
        yield document.fault("other-name", f"the policy is called `{policy.name}` and its file `{stem}`", ("policy",),
                             severity="warning", help="give both the same name")  # fmt: skip


# --- a copy says something of its own ---


def same_sentences(policy: Policy, document: Document) -> Iterator[Diagnostic]:
    """Two rules of one decision, quote or section with the same sentence: a copy that was not changed all through."""
    groups: list[tuple[Path, Mapping[str, p.Requirement | p.Line | p.Deadline | p.Duty | p.Note]]] = [
        (("deadlines",), policy.deadlines), (("compliance",), policy.duties), (("notes",), policy.notes),
        *((("eligibility", name, "requires"), one.requires) for name, one in policy.decisions.items()),
        *((("costs", name, "lines"), one.lines) for name, one in policy.quotes.items()),
    ]  # fmt: skip
    for at, rules in groups:
        said: dict[str, str] = {}
        for name, rule in rules.items():
            same = said.get(rule.text.nl) or said.get(rule.text.en)
            if same is not None:
                yield document.fault("same-sentence", f"`{name}` has the same sentence as `{same}`", (*at, name),
                                     key=True, severity="warning",
                                     help="say what is different, and see whether `source` is its own too")  # fmt: skip
            said.setdefault(rule.text.nl, name)
            said.setdefault(rule.text.en, name)
