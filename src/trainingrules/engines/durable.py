"""The Rete engine: durable-rules chains the conclusions of a condition forward, over generated symbols only.

Facts never enter it. What a check comes to is decided in Python, as for every engine; durable-rules is told which
symbols are present, two for each part (`holds`, `fails`; neither is unknown), and concludes those of the whole.
A condition is cut into cells small enough for the library's limits, and cells of one form share a network.
"""

from __future__ import annotations

import itertools
import json
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from trainingrules import policy as p
from trainingrules.diagnostics import EngineError
from trainingrules.engines.reference import REFERENCE
from trainingrules.reckoning import Engine, Finding, Seen, Situation, compare, parts_of
from trainingrules.truth import Truth, Unknown

# What durable-rules can take, with room to spare: it fails above 64 symbols in a message and above 16 messages
# in a join, and its time and memory grow faster than the number of clauses.
PARTS = 8
INPUTS = 28
GATES = 16
NETWORKS = 64
FAULTS = 64
LARGEST_KEPT = 4096

# --- the form of a condition: its gates, whatever its leaves come to ---

GATE: dict[type[p.Condition], str] = {
    p.All: "all", p.Each: "all", p.EachRound: "all", p.Any: "any", p.Not: "not", p.Holds: "same",
    p.Given: "given", p.OfRow: "row",
}  # fmt: skip

Form = tuple[str, tuple["Form", ...]] | None
"""A gate with its parts; a leaf is None."""

Gate = tuple[str, tuple[int, ...]]
"""A gate, with the numbers of its parts."""

Clause = tuple[tuple[str, ...], str]
"""When all of these symbols are present, so is this one."""


@dataclass(slots=True)
class _Node:
    """A part of the condition in this situation; one with a truth is a leaf."""

    condition: p.Condition
    at: Situation
    label: str | int
    truth: Truth | None = None
    seen: tuple[Seen, ...] = ()
    parts: tuple[_Node, ...] = ()

    def form(self) -> Form:
        if self.truth is not None:
            return None
        return GATE[type(self.condition)], tuple([part.form() for part in self.parts])


def _unfold(condition: p.Condition, at: Situation, label: str | int, nodes: list[_Node]) -> _Node:
    """The condition and all its parts, added to the nodes in the order of the text."""
    # A count may ask an engine about its rows here; no lock is held.
    node = _Node(condition, at, label)
    nodes.append(node)
    if isinstance(condition, p.Check):
        node.truth, node.seen = compare(condition, at)
    elif isinstance(condition, p.Silent):
        node.truth = condition.truth
    else:
        node.parts = tuple([_unfold(*part, nodes) for part in parts_of(condition, at)])
    return node


# --- cutting a form into cells ---


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of a form that fits one network.

    Within it the inputs have the first numbers and the gates the next, parts before wholes; ``places`` says which
    part of the form each of them is.
    """

    inputs: int
    gates: tuple[Gate, ...]
    places: tuple[int, ...]


Piece = dict[int, Gate]


@lru_cache(maxsize=256)
def cells_of(form: Form) -> tuple[Cell, ...]:
    """
    The cells of a form, parts before wholes; its parts are numbered from 0, each before its own parts.

    >>> cells_of(("all", (None, ("not", (None,)))))
    (Cell(inputs=2, gates=(('not', (0,)), ('all', (1, 2))), places=(3, 1, 2, 0)),)
    """
    cells: list[Cell] = []
    # A gate of many parts becomes a tree of small ones, numbered from -1 down.
    numbers, groups = itertools.count(), itertools.count(-1, -1)

    def piece_of(form: Form) -> tuple[int, Piece]:
        number = next(numbers)
        if form is None:
            return number, {}
        kind, parts = form
        found = [piece_of(part) for part in parts]
        while len(found) > PARTS:
            found = [joined(next(groups), kind, found[start : start + PARTS]) for start in range(0, len(found), PARTS)]
        return joined(number, kind, found)

    def joined(number: int, kind: str, found: Sequence[tuple[int, Piece]]) -> tuple[int, Piece]:
        piece: Piece = {}
        for _, of_part in found:
            union = piece | of_part
            # Room must be left for this gate itself, and for the parts that come after.
            if len(union) < GATES and len(_inputs(union)) + len(found) <= INPUTS:
                piece = union
            else:
                cells.append(_cell(of_part))
        piece[number] = (kind, tuple([part for part, _ in found]))
        return number, piece

    _, whole = piece_of(form)
    if whole:
        cells.append(_cell(whole))
    return tuple(cells)


def _inputs(piece: Piece) -> list[int]:
    return [part for _, parts in piece.values() for part in parts if part not in piece]


def _cell(piece: Piece) -> Cell:
    inputs = _inputs(piece)
    places = (*inputs, *piece)
    local = {place: number for number, place in enumerate(places)}
    gates = tuple([(kind, tuple([local[part] for part in parts])) for kind, parts in piece.values()])
    return Cell(len(inputs), gates, places)


# --- symbols and clauses ---


def hash_of(name: str) -> int:
    """
    By what durable-rules tells names apart: FNV-1a in 32 bits, so that two names can be one to it.

    >>> hash_of("license_year_inactive") == hash_of("country_provider_type")
    True
    """
    result = 2166136261
    for byte in name.encode():
        result = ((result ^ byte) * 16777619) & 0xFFFFFFFF
    return result


def names_apart(count: int, reserved: Iterable[str]) -> tuple[str, ...]:
    """
    So many generated names that durable-rules can tell from one another and from the reserved ones.

    >>> names_apart(3, ["s001"])
    ('s000', 's002', 's003')
    """
    taken = {hash_of(name) for name in reserved}
    names: list[str] = []
    numbers = itertools.count()
    while len(names) < count:
        name = f"s{next(numbers):03}"
        if hash_of(name) not in taken:
            taken.add(hash_of(name))
            names.append(name)
    return tuple(names)


# The library's own words, and ours: the one message, what is always in it, and the one that wakes a network.
_RESERVED = ("sid", "id", "$s", "x", "sid-x", "message", "always", "first")
_NAMES = names_apart(2 * (INPUTS + GATES), _RESERVED)
HOLDS, FAILS = _NAMES[::2], _NAMES[1::2]


def clauses_of(kind: str, whole: int, parts: Sequence[int]) -> list[Clause]:
    """
    How the symbols of a gate follow from those of its parts.

    >>> clauses_of("given", 2, [0, 1])
    [(('s001',), 's004'), (('s002',), 's004'), (('s000', 's003'), 's005')]
    """
    holds, fails = tuple([HOLDS[part] for part in parts]), tuple([FAILS[part] for part in parts])
    yes, no = HOLDS[whole], FAILS[whole]
    match kind:
        case "all":
            return [(holds, yes), *(((one,), no) for one in fails)]
        case "any":
            return [*(((one,), yes) for one in holds), (fails, no)]
        case "not":
            return [(fails, yes), (holds, no)]
        case "given":
            return [((fails[0],), yes), ((holds[1],), yes), ((holds[0], fails[1]), no)]
        case _:
            # The same as its part; or a row that may be any of several: certain only when all agree.
            return [(holds, yes), (fails, no)]


# --- one network ---


class Network:
    """The clauses of one form of cell, in durable-rules: its match and its agenda, driven from here.

    No host, no threads, no consequents, and one session, emptied after every question.
    """

    def __init__(self, rete: Any, inputs: int, gates: Sequence[Gate]) -> None:
        clauses = [
            clause for number, (kind, parts) in enumerate(gates, inputs) for clause in clauses_of(kind, number, parts)
        ]
        given = {name for names in (HOLDS, FAILS) for name in names[:inputs]}
        # Every message is handled by a rule of its own, after all others: what did not get there is a fault.
        rules: dict[str, Any] = {"always": _caught("always")}
        rules |= {conclusion: _caught(conclusion) for _, conclusion in clauses}
        self._concludes: dict[str, str] = {}
        for number, (premises, conclusion) in enumerate(clauses):
            rules[f"r{number}"] = {"all": _patterns(premises, given)}
            self._concludes[f"r{number}"] = conclusion
        self._rete = rete
        self._handle = rete.create_ruleset("policy", json.dumps(rules))
        self._offset = 0
        # The session must exist before the first question.
        self._assert("first", "always")
        self._fired()
        self._retract("first")

    def conclusions(self, present: Iterable[str]) -> set[str]:
        """
        The symbols that follow from those present.

        Raises:
            EngineError: the network did not handle all it was told; it must not be asked again.
        """
        concluded: dict[str, None] = {}
        self._assert("message", "always", *present)
        caught = self._fired(concluded)
        if sorted(caught) != sorted(["always", *concluded]):
            raise EngineError(f"durable-rules did not finish: {len(caught)} of {len(concluded) + 1} messages handled")
        if any(holds in concluded and fails in concluded for holds, fails in zip(HOLDS, FAILS, strict=True)):
            raise EngineError("durable-rules concluded that a condition both holds and fails")
        for symbol in concluded:
            self._retract(symbol)
        self._retract("message")
        return set(concluded)

    def close(self) -> None:
        """Give its memory back; only for a network without a fault, whose session is empty."""
        self._rete.delete_state(self._handle, "x")
        self._rete.delete_ruleset(self._handle)

    def _fired(self, concluded: dict[str, None] | None = None) -> list[str]:
        caught: list[str] = []
        action = self._rete.start_action_for_state(self._handle, self._offset)
        fired: str | None = action[1] if action else None
        while fired:
            rule = fired[2 : fired.index('"', 2)]
            conclusion = self._concludes.get(rule)
            if conclusion is None:
                caught.append(rule)
            elif concluded is not None and conclusion not in concluded:
                concluded[conclusion] = None
                self._assert(conclusion, conclusion)
            fired = self._rete.complete_and_start_action(self._handle, self._offset)
        return caught

    def _assert(self, message: str, *symbols: str) -> None:
        body = "".join([f',"{symbol}":1' for symbol in symbols])
        status, self._offset = self._rete.assert_fact(self._handle, f'{{"sid":"x","id":"{message}"{body}}}')
        if status:
            raise EngineError(f"durable-rules did not take a message: status {status}")

    def _retract(self, message: str) -> None:
        self._rete.retract_fact(self._handle, f'{{"sid":"x","id":"{message}"}}')


def _caught(symbol: str) -> Any:
    # The highest number is the last in turn.
    return {"pri": 60000, "all": [{"m": {"$ex": {symbol: 1}}}]}


def _patterns(premises: Sequence[str], given: set[str]) -> list[Any]:
    # What is given comes in one message, which a clause can look at as a whole; each conclusion is another.
    told = sorted({one for one in premises if one in given})
    derived = sorted({one for one in premises if one not in given})
    patterns: list[Any] = []
    if told or not derived:
        patterns.append({"e": {"$and": [{"$ex": {one: 1}} for one in ("always", *told)]}})
    return patterns + [{f"d{number}": {"$ex": {one: 1}}} for number, one in enumerate(derived)]


# --- the engine ---

# One for the whole process: durable-rules keeps its networks in one table.
_LOCK = threading.Lock()


class Durable:
    """Decides by forward chaining in durable-rules; networks are kept, the least used closed first."""

    name: str = "durable"

    def __init__(self, rete: Any) -> None:
        self._rete = rete
        self._networks: OrderedDict[tuple[int, tuple[Gate, ...]], Network] = OrderedDict()
        self._faults = 0

    def decide(self, condition: p.Condition, at: Situation) -> Finding:
        """
        The truth of a condition and of all its parts.

        Raises:
            EngineError: durable-rules failed, or contradicted itself; the next question is put to a new network.
        """
        nodes: list[_Node] = []
        tree = _unfold(condition, at, "", nodes)
        cut = cells_of if len(nodes) <= LARGEST_KEPT else cells_of.__wrapped__
        truths = dict(enumerate([node.truth for node in nodes]))
        with _LOCK:
            for cell in cut(tree.form()):
                self._settle(cell, truths)
        return _finding(tree, iter([truths[number] for number in range(len(nodes))]))

    def _settle(self, cell: Cell, truths: dict[int, Truth | None]) -> None:
        """Ask a network for the truths of a cell's gates; those it leaves out remain unknown."""
        present = [
            HOLDS[number] if truth else FAILS[number]
            for number, place in enumerate(cell.places[: cell.inputs])
            for truth in (truths[place],)
            if isinstance(truth, bool)
        ]
        concluded = self._conclusions((cell.inputs, cell.gates), present)
        for number, place in enumerate(cell.places[cell.inputs :], cell.inputs):
            truths[place] = True if HOLDS[number] in concluded else False if FAILS[number] in concluded else None

    def _conclusions(self, form: tuple[int, tuple[Gate, ...]], present: Sequence[str]) -> set[str]:
        if self._faults >= FAULTS:
            raise EngineError(f"durable-rules failed {FAULTS} times in this process; start another")
        network = self._networks.pop(form, None)
        try:
            if network is None:
                while len(self._networks) >= NETWORKS:
                    self._networks.popitem(last=False)[1].close()
                network = Network(self._rete, *form)
            concluded = network.conclusions(present)
        except BaseException as fault:
            # To close a network after a fault can crash the process. It is left behind, with its memory: that is
            # why the faults are counted.
            self._faults += 1
            if isinstance(fault, Exception) and not isinstance(fault, EngineError):
                raise EngineError(f"durable-rules failed: {fault}") from fault
            raise
        self._networks[form] = network
        return concluded


def _finding(node: _Node, truths: Iterator[Truth | None]) -> Finding:
    """The findings of a tree, with its truths in its own order; what kept a part unknown is read off its parts."""
    truth = next(truths)
    parts = tuple([_finding(part, truths) for part in node.parts])
    if truth is None:
        truth = REFERENCE.whole(node.condition, [part.truth for part in parts], node.at)
        if not isinstance(truth, Unknown):
            raise EngineError(f"durable-rules left open what {_said(truth)}: {_place(node.condition) or 'a condition'}")
    return Finding(node.condition, truth, parts, node.seen, node.at, node.label)


@cache
def durable() -> Engine:
    """
    The engine on durable-rules; there is one, for its networks take time to build.

    >>> durable().name
    'durable'

    Raises:
        EngineError: durable-rules is not installed.
    """
    try:
        import durable_rules_engine
    except ImportError as fault:
        raise EngineError(
            "the engine `durable` needs durable-rules: pip install 'trainingrules[durable]'; "
            "that takes a C compiler, and a Python below 3.13"
        ) from fault
    return Durable(durable_rules_engine)


# --- both, compared ---


@dataclass(frozen=True, slots=True)
class Verify:
    """Asks two engines, and gives an answer only when they agree on all of it."""

    trusted: Engine
    tested: Engine
    name: str = "verify"

    def decide(self, condition: p.Condition, at: Situation) -> Finding:
        """
        The truth of a condition and of all its parts.

        Raises:
            EngineError: the engines differ; the error names the place and both truths.
        """
        one, other = self.trusted.decide(condition, at), self.tested.decide(condition, at)
        if one != other:
            place, mine, theirs = _difference(one, other, "a condition")
            grounds = ", on other grounds" if mine == theirs else ""
            raise EngineError(
                f"the engines differ on {place}: by `{self.trusted.name}` it {_said(mine)}, "
                f"by `{self.tested.name}` it {_said(theirs)}{grounds}"
            )
        return one


def verify() -> Engine:
    """
    Both engines, compared at every question.

    >>> verify().name
    'verify'

    Raises:
        EngineError: durable-rules is not installed.
    """
    return Verify(REFERENCE, durable())


def _difference(one: Finding, other: Finding, place: str) -> tuple[str, Truth, Truth]:
    """Where the innermost difference is, and both truths there."""
    place = _place(one.condition) or place
    for mine, theirs in zip(one.parts, other.parts, strict=False):
        if mine != theirs:
            return _difference(mine, theirs, place)
    return place, one.truth, other.truth


def _place(condition: p.Condition) -> str:
    return f"`{'.'.join(str(step) for step in condition.at)}`" if condition.at else ""


def _said(truth: Truth) -> str:
    if isinstance(truth, Unknown):
        because = ", ".join(str(cause) for cause in sorted(truth.because))
        return f"is unknown ({because or 'without a cause'})"
    return "holds" if truth else "fails"
