"""Which missing facts can still change a finding: exactly those, and no others.

A finding that is unknown names the unknown facts under its unknown parts. That is exact as long as every
fact is read in one place, and nothing but facts is unknown. Otherwise a fact can be named although it does not
matter: as `member` in `any: [{age: {at_least: 16}}, {age: {at_least: 16}, member: ...}]`, or whatever stands
beside two things on which the source is silent. Then the finding is made into a decision diagram over the facts,
each split into the values its checks tell apart and "unknown": a fact can change the answer exactly when it is a
node of the reduced diagram (R. E. Bryant, "Graph-Based Algorithms for Boolean
Function Manipulation", IEEE Transactions on Computers C-35, 1986).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from trainingrules import policy as p
from trainingrules.facts import Facts
from trainingrules.kinds import Shape, Value
from trainingrules.policy import Policy
from trainingrules.reckoning import Finding, RowAt, Situation, compare
from trainingrules.truth import Truth, Unknown
from trainingrules.turns import MOST_OPTIONS, all_values, regions

# Diagrams larger than this are not drawn; then the facts under unknown parts are named, which is sound.
MOST_NODES = 20_000

# A truth, or what takes its place for a value that is not known.
_UNKNOWN = "unknown"
# The nodes of a diagram are numbered. The first three are its ends, in the order of Kleene's truths.
_Node = int
_FALSE, _UNKNOWN_NODE, _TRUE, _FIRST = 0, 1, 2, 3
_ENDS: Mapping[object, _Node] = {False: _FALSE, _UNKNOWN: _UNKNOWN_NODE, True: _TRUE}


def missing_of(finding: Finding, policy: Policy) -> tuple[str, ...]:
    """
    The facts that can still change the truth of a finding, in the order of the policy.
    """
    return missing_of_all([finding], policy)


def missing_of_all(findings: Sequence[Finding], policy: Policy) -> tuple[str, ...]:
    """The facts that can still change the truth of at least one of several findings taken as one answer."""
    unknown = [finding for finding in findings if isinstance(finding.truth, Unknown)]
    named: set[str] = set()
    for finding in unknown:
        assert isinstance(finding.truth, Unknown)
        named |= finding.truth.missing
    leaves = [leaf for finding in unknown for leaf in _unknown_leaves(finding)]
    if _read_twice(unknown) or not all(_settled_by_facts(leaf) for leaf in leaves):
        exact = _Diagram(leaves).support(unknown)
        named = named if exact is None else named & exact
    return in_order(named, policy)


def in_order(names: Iterable[str], policy: Policy) -> tuple[str, ...]:
    """Fact paths in the order in which the policy declares the facts; rows and rounds in theirs."""
    found = tuple(names)
    if len(found) < 2:
        return found
    order = _order(policy)

    def place(path: str) -> tuple[int, int, str]:
        name, _, rest = path.partition("[")
        key = rest.partition("]")[0]
        fact = policy.facts.get(name)
        table = policy.tables.get(fact.per) if fact else None
        if table and key in table.rows:
            return order[name], list(table.rows).index(key), rest
        return order.get(name, len(order)), int(key) if key.isdigit() else 0, rest

    return tuple(sorted(found, key=place))


@lru_cache(maxsize=64)
def _order(policy: Policy) -> Mapping[str, int]:
    return {name: index for index, name in enumerate([*policy.facts, *policy.records])}


def _unknown_leaves(finding: Finding) -> Iterator[Finding]:
    if isinstance(finding.truth, Unknown):
        if not finding.parts:
            yield finding
        for part in finding.parts:
            yield from _unknown_leaves(part)


def _reads(finding: Finding) -> Iterator[frozenset[str]]:
    """The missing facts at each place where an unknown finding reads any."""
    if isinstance(finding.truth, Unknown):
        if not finding.parts:
            yield finding.truth.missing
        elif isinstance(finding.condition, p.OfRow) and len(finding.parts) > 1:
            yield frozenset({finding.condition.fact})
        for part in finding.parts:
            yield from _reads(part)


def _read_twice(findings: Sequence[Finding]) -> bool:
    seen: set[str] = set()
    for names in (names for finding in findings for names in _reads(finding)):
        if not seen.isdisjoint(names):
            return True
        seen |= names
    return False


def _settled_by_facts(leaf: Finding) -> bool:
    """Whether the missing facts make a leaf true or false, and either can be."""
    assert isinstance(leaf.truth, Unknown)
    exists = isinstance(leaf.condition, p.Check) and leaf.condition.operator.name == "exists"
    return not exists and all(cause.kind == "missing" for cause in leaf.truth.because)


class _TooLarge(Exception):
    pass


class _Diagram:
    """The reduced decision diagram of unknown findings."""

    def __init__(self, leaves: Sequence[Finding]) -> None:
        self.tables: dict[str, dict[int, tuple[object, ...]]] = {}
        self.multi: dict[str, frozenset[str]] = {}
        self.variables: dict[int, str] = {}
        by_fact: dict[str, list[Finding]] = {}
        several: list[Finding] = []
        for leaf in leaves:
            assert isinstance(leaf.truth, Unknown)
            names = leaf.truth.missing
            if _direct(leaf):
                self.variables[id(leaf)] = next(iter(names))
                by_fact.setdefault(next(iter(names)), []).append(leaf)
            elif names:
                # A check on several facts, or on a fact only by way of others, is a variable of its own: it may
                # be true, false or unknown, whatever the others are. So no fact is left out that matters.
                same = next((one for one in several if _same_check(one, leaf)), None)
                variable = self.variables[id(same)] if same is not None else f"\0{len(several)}"
                several += [leaf] if same is None else []
                self.variables[id(leaf)] = variable
                self.multi[variable] = self.multi.get(variable, frozenset()) | names
                self.tables.setdefault(variable, {})[id(leaf)] = (True, False, _UNKNOWN)
        for name, checks in by_fact.items():
            self.tables[name] = _columns(name, checks)

    def support(self, findings: Sequence[Finding]) -> set[str] | None:
        """The facts the findings depend on; None when the diagram grows too large."""
        # One order of the facts throughout, and each node once: otherwise equal parts would not be seen to be equal.
        self.ranks: dict[str, int] = {}
        self.nodes: list[tuple[int, tuple[_Node, ...]]] = []
        self.unique: dict[tuple[int, tuple[_Node, ...]], _Node] = {}
        self.lesser: dict[tuple[_Node, _Node], _Node] = {}
        self.opposites: dict[_Node, _Node] = {}
        try:
            roots = [self._drawn(finding) for finding in findings]
        except _TooLarge:
            return None
        return self._reachable(roots)

    def _reachable(self, roots: list[_Node]) -> set[str]:
        variables = tuple(self.ranks)
        names: set[str] = set()
        todo, done = roots, set[_Node]()
        while todo:
            node = todo.pop()
            if node > _TRUE and node not in done:
                done.add(node)
                rank, children = self.nodes[node - _FIRST]
                names |= self.multi.get(variables[rank], {variables[rank]})
                todo += children
        return names

    def _drawn(self, finding: Finding) -> _Node:
        truth = finding.truth
        if not isinstance(truth, Unknown):
            return _TRUE if truth else _FALSE
        if not finding.parts:
            variable = self.variables.get(id(finding), "")
            return self._leaf(variable, self.tables[variable][id(finding)]) if variable else _UNKNOWN_NODE
        if isinstance(finding.condition, p.OfRow) and truth.missing and len(finding.parts) > 1:
            # Which row it is comes first: of each row, only what is asked there then matters.
            self.ranks.setdefault(finding.condition.fact, len(self.ranks))
        parts = [self._drawn(part) for part in finding.parts]
        match finding.condition:
            case p.Any():
                return self._any(parts)
            case p.Not():
                return self._not(parts[0])
            case p.Given():
                return self._any([self._not(parts[0]), parts[1]])
            case p.OfRow() if finding.at is not None and truth.missing:
                return self._of_row(finding, parts)
            case _:
                return self._all(parts)

    def _of_row(self, finding: Finding, parts: list[_Node]) -> _Node:
        """The row that a fact names: one column per row, and unknown when the fact is."""
        if len(parts) == 1:
            return parts[0]
        assert isinstance(finding.condition, p.OfRow)
        assert finding.at is not None
        name = finding.condition.fact
        # The same columns as those of the checks on this fact.
        rows = all_values(_shape_of(name, finding.at.policy)) or []
        return self._any([
            self._all([self._leaf(name, (*(row == part.label for row in rows), _UNKNOWN)), node])
            for part, node in zip(finding.parts, parts, strict=True)
        ])  # fmt: skip

    # --- nodes: after Kleene, the least of several is true when all are, and false when one is ---

    def _leaf(self, variable: str, column: Sequence[object]) -> _Node:
        rank = self.ranks.setdefault(variable, len(self.ranks))
        return self._node(rank, tuple([_ENDS[truth] for truth in column]))

    def _node(self, rank: int, children: tuple[_Node, ...]) -> _Node:
        first = children[0]
        if all(child == first for child in children):
            return first
        node = self.unique.get((rank, children))
        if node is None:
            if len(self.nodes) >= MOST_NODES or len(self.lesser) >= 10 * MOST_NODES:
                raise _TooLarge
            node = self.unique[rank, children] = len(self.nodes) + _FIRST
            self.nodes.append((rank, children))
        return node

    def _all(self, parts: Sequence[_Node]) -> _Node:
        # From the last, which lies lowest: what is above it then changes little.
        result = _TRUE
        for part in reversed(parts):
            result = self._least(part, result)
        return result

    def _any(self, parts: Sequence[_Node]) -> _Node:
        return self._not(self._all([self._not(part) for part in parts]))

    def _least(self, one: _Node, other: _Node) -> _Node:
        if one > other:
            one, other = other, one
        if one in (other, _FALSE) or other == _TRUE:
            return one
        if one == _TRUE:
            return other
        found = self.lesser.get((one, other))
        if found is None:
            (rank, children), (other_rank, others) = self._split(one), self._split(other)
            if rank < other_rank:
                others = (other,) * len(children)
            elif other_rank < rank:
                rank, children = other_rank, (one,) * len(others)
            found = self._node(rank, tuple([self._least(*pair) for pair in zip(children, others, strict=True)]))
            self.lesser[one, other] = found
        return found

    def _split(self, node: _Node) -> tuple[int, tuple[_Node, ...]]:
        return self.nodes[node - _FIRST] if node > _TRUE else (len(self.ranks), ())

    def _not(self, node: _Node) -> _Node:
        if node <= _TRUE:
            return _TRUE - node
        found = self.opposites.get(node)
        if found is None:
            rank, children = self.nodes[node - _FIRST]
            found = self.opposites[node] = self._node(rank, tuple([self._not(child) for child in children]))
        return found


# --- the values that the checks on one fact tell apart ---


def _columns(name: str, checks: Sequence[Finding]) -> dict[int, tuple[object, ...]]:
    """For each check on a fact its truth on every value worth trying, unknown last."""
    at = checks[0].at
    assert at is not None
    shape = _shape_of(name, at.policy)
    tried = []
    for candidate in regions(shape, list(_literals(checks)), at.policy.zone, at.day):
        # Made once for all checks at one row or round.
        given = {id(one): _with(one, name, candidate) for one in {id(leaf.at): leaf.at for leaf in checks}.values()
                 if one is not None}  # fmt: skip
        tried.append([_truth_with(leaf, given[id(leaf.at)]) for leaf in checks])
    # The values that no check tells apart make one column; but the rules for the row a fact names tell all apart.
    told = tried if shape.kind == "row" else [row for place, row in enumerate(tried) if row not in tried[:place]]
    told = [*told, [_UNKNOWN] * len(checks)]
    return {id(leaf): tuple(row[index] for row in told) for index, leaf in enumerate(checks)}


def _direct(leaf: Finding) -> bool:
    """Whether all that a check can come to, for want of one fact, is found by trying values of that fact."""
    assert isinstance(leaf.truth, Unknown)
    check, names = leaf.condition, leaf.truth.missing
    if not isinstance(check, p.Check) or len(names) != 1 or leaf.at is None:
        return False
    name = next(iter(names))
    if name in leaf.at.policy.records:
        return False
    shape = _shape_of(name, leaf.at.policy)
    if all_values(shape) is not None:
        return True
    if shape.kind == "list" and len(shape.options) > MOST_OPTIONS:
        return False
    given = p.FactValue | p.FieldValue
    left, *right = leaf.seen
    if isinstance(check.subject, given) and not left.exact:
        # The days of a round are not seen while they too depend on the fact.
        return all(seen.exact for seen in right) and (check.operator.operand != "cycle" or len(right) == 2)
    return left.exact and isinstance(check.operand, given)


def _same_check(one: Finding, other: Finding) -> bool:
    """Whether two are the same check of the same values, and so have one truth."""
    if one.condition != other.condition or one.at is None or other.at is None:
        return False
    here, there = ((at.rows, at.rounds, at.readings, at.running) for at in (one.at, other.at))
    return here == there


def _shape_of(path: str, policy: Policy) -> Shape:
    name, _, rest = path.partition("[")
    if name in policy.facts:
        return policy.facts[name].shape
    return policy.records[name].fields[rest.partition("].")[2]].shape


def _truth_with(leaf: Finding, at: Situation) -> object:
    assert isinstance(leaf.condition, p.Check)
    truth: Truth = compare(leaf.condition, at)[0]
    return _UNKNOWN if isinstance(truth, Unknown) else truth


def _with(at: Situation, path: str, candidate: Value) -> Situation:
    name, _, rest = path.partition("[")
    key, _, column = rest.partition("]")
    facts = at.facts
    if not rest:
        return replace(at, facts=Facts({**facts.one, name: candidate}, facts.per, facts.rows))
    if name in at.policy.records:
        index, field = int(key) - 1, column[1:]
        row = {**facts.rows[name][index], field: candidate}
        rows = (*facts.rows[name][:index], row, *facts.rows[name][index + 1 :])
        here = tuple(RowAt(r.of, r.key, row) if (r.of, r.key) == (name, index + 1) else r for r in at.rows)
        return replace(at, facts=Facts(facts.one, facts.per, {**facts.rows, name: rows}), rows=here)
    number: str | int = int(key) if at.policy.facts[name].per in at.policy.cycles else key
    cells = {**facts.per.get(name, {}), number: candidate}
    return replace(at, facts=Facts(facts.one, {**facts.per, name: cells}, facts.rows))


def _literals(checks: Sequence[Finding]) -> Iterator[Value]:
    """Every value that the fact is held against."""
    for leaf in checks:
        assert isinstance(leaf.condition, p.Check)
        operand = leaf.condition.operand
        if isinstance(operand, tuple):
            yield operand
            yield from operand
        for seen in leaf.seen:
            if seen.exact and seen.low is not None and not isinstance(seen.low, bool):
                yield seen.low
