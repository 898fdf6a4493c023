"""The graph of one question: which facts its terms, values and rules rest on, laid out in columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from trainingrules.handbook.contents import Entry, Link, entries, references
from trainingrules.policy import Policy
from trainingrules.saying import place
from trainingrules.words import Language, Text

WIDTH, GAP, ABOVE, LINE, PAD = 158, 32, 12, 17, 9
MOST_COLUMNS = 5  # with more, the question itself is left to the heading
MOST_LINES = 4
BOLD = 16  # the question stands in bold, which is wider
# About how wide letters are in the widest of the usual fonts, in pixels; what is not listed is of middling width.
_WIDTHS = {**dict.fromkeys("iljI.,:;|'! ", 4.4), **dict.fromkeys('ftr()-"/', 5.4), **dict.fromkeys("mwMW%@&", 12.4)}
_MIDDLING, _CAPITAL = 8.1, 9.3


@dataclass(frozen=True, slots=True)
class Graph:
    """What a question rests on: nodes by their place, and who rests on whom."""

    question: Link
    nodes: Mapping[str, Text]
    rests_on: Mapping[str, tuple[str, ...]]

    @property
    def deep(self) -> bool:
        """Whether there is anything between what is stated and the question: else a list tells as much."""
        return len(self.nodes) > len(self.rules) + 1

    @property
    def rules(self) -> tuple[str, ...]:
        """The places of the rules themselves, or of what a single rule rests on."""
        return self.rests_on[self.question.to]


@dataclass(frozen=True, slots=True)
class Box:
    """A node as it is drawn."""

    to: str
    sort: str
    text: str
    lines: tuple[str, ...]
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """A graph as it is drawn: boxes, and lines between them as paths."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    paths: tuple[str, ...]


def graphs(policy: Policy) -> tuple[Graph, ...]:
    """
    A graph for every question: each decision, quote, deadline and duty that rests on anything.

    >>> from trainingrules import load
    >>> [graph.question.to for graph in graphs(load("rvwo"))][:2]
    ['eligibility.assess_progress', 'eligibility.teach_skills']
    """
    known = {entry.link.to: entry for entry in entries(policy)}
    found = []
    for decision in policy.decisions.values():
        rules = [place("eligibility", decision.name, rule) for rule in decision.requires]
        rules += [place("eligibility", name) for name in decision.builds_on]
        found.append(_graph(policy, known, Link(place("eligibility", decision.name), decision.text), rules))
    for quote in policy.quotes.values():
        rules = [place("costs", quote.name, line) for line in (*quote.lines, *quote.instalments)]
        found.append(_graph(policy, known, Link(place("costs", quote.name), quote.text), rules))
    for section, single in (("deadlines", policy.deadlines), ("compliance", policy.duties)):
        for one in single.values():
            link = Link(place(section, one.name), one.text)
            found.append(_graph(policy, known, link, list(references(policy, known[link.to].parts))))
    return tuple(graph for graph in found if graph.rules)


def _graph(policy: Policy, known: Mapping[str, Entry], question: Link, rules: list[str]) -> Graph:
    rests_on: dict[str, tuple[str, ...]] = {question.to: tuple(rules)}
    nodes = {question.to: question.text}
    todo = list(rules)
    while todo:
        to = todo.pop(0)
        if to in nodes:
            continue
        # A decision that another builds on has a graph of its own.
        whole = to.startswith("eligibility.") and to.count(".") == 1
        entry = known.get(to)
        nodes[to] = entry.link.text if entry else _text(policy, to)
        rests_on[to] = () if entry is None or whole else references(policy, entry.parts)
        todo += rests_on[to]
    return Graph(question, nodes, rests_on)


def _text(policy: Policy, to: str) -> Text:
    """What stands at a place that cites nothing itself."""
    section, name = to.split(".")[:2]
    if section == "facts":
        return (policy.facts.get(name) or policy.records[name]).text
    return policy.tables[name].text


def sort_of(to: str, graph: Graph) -> str:
    """What sort of node stands at a place, for its colour."""
    if to == graph.question.to:
        return "question"
    section = to.split(".")[0]
    if to in graph.rules and section in ("eligibility", "costs"):
        return "rule"
    return {"facts": "fact", "readings": "reading", "tables": "table", "amounts": "table", "cycles": "fact"}.get(
        section, "term"
    )


def drawing(graph: Graph, language: Language) -> Drawing:
    """A graph laid out from left to right: what is given, what follows from it, the rules, the question."""
    levels = _levels(graph)
    columns: list[list[str]] = [[] for _ in range(max(levels.values()) + 1)]
    for to in graph.nodes:
        columns[levels[to]].append(to)
    columns = _ordered(columns, graph)
    if len(columns) > MOST_COLUMNS:
        columns.pop()
    lines = {}
    for to in (to for column in columns for to in column):
        room = WIDTH - 2 * PAD - (BOLD if to == graph.question.to else 0)
        lines[to] = wrapped(graph.nodes[to][language], room, MOST_LINES)
    heights = {to: len(lines[to]) * LINE + 2 * PAD for to in lines}
    tall = [sum(heights[to] + ABOVE for to in column) - ABOVE for column in columns]
    height = max(tall) + 4
    boxes: dict[str, Box] = {}
    for index, column in enumerate(columns):
        y = 2 + (height - 4 - tall[index]) // 2
        for to in column:
            boxes[to] = Box(to, sort_of(to, graph), graph.nodes[to][language], lines[to], 2 + index * (WIDTH + GAP), y,
                            WIDTH, heights[to])  # fmt: skip
            y += heights[to] + ABOVE
    paths = tuple(_path(boxes[low], boxes[high]) for high, lows in graph.rests_on.items() for low in lows
                  if high in boxes)  # fmt: skip
    return Drawing(4 + len(columns) * (WIDTH + GAP) - GAP, height, tuple(boxes.values()), paths)


def _levels(graph: Graph) -> dict[str, int]:
    """The column of each node: right of all it rests on, and what rests on nothing just left of who needs it."""
    levels: dict[str, int] = {}

    def level(to: str) -> int:
        if to not in levels:
            levels[to] = 1 + max((level(low) for low in graph.rests_on[to]), default=-1)
        return levels[to]

    for to in graph.nodes:
        level(to)
    last = max((levels[rule] for rule in graph.rules), default=0)
    if graph.question.to.split(".")[0] in ("eligibility", "costs"):
        levels |= dict.fromkeys(graph.rules, last)
    levels[graph.question.to] = last + 1
    for to in graph.nodes:
        above = [levels[high] for high, lows in graph.rests_on.items() if to in lows]
        if not graph.rests_on[to] and above and sort_of(to, graph) != "rule":
            levels[to] = min(above) - 1
    return levels


def _ordered(columns: list[list[str]], graph: Graph) -> list[list[str]]:
    """The columns with each node near those it is tied to, so that few lines cross."""
    ties: dict[str, set[str]] = {to: set() for to in graph.nodes}
    for high, lows in graph.rests_on.items():
        for low in lows:
            ties[high].add(low)
            ties[low].add(high)
    # From the question leftwards, and back: the rules keep the order of the policy, the rest follows them.
    for _ in range(3):
        for index in (*range(len(columns) - 3, -1, -1), *range(1, len(columns) - 2)):
            where = {to: (spot + 0.5) / len(column) for column in columns for spot, to in enumerate(column)}

            def middle(to: str, index: int = index, where: Mapping[str, float] = where) -> float:
                near = [where[one] for one in sorted(ties[to]) if one not in columns[index]]
                return sum(near) / len(near) if near else where[to]

            columns[index] = sorted(columns[index], key=middle)
    return columns


def _path(low: Box, high: Box) -> str:
    x1, y1 = low.x + low.width, low.y + low.height // 2
    x2, y2 = high.x, high.y + high.height // 2
    bend = max(GAP // 2, (x2 - x1) // 2)
    return f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"


def wide(text: str) -> float:
    """About how many pixels a text takes."""
    return sum(_WIDTHS.get(letter, _CAPITAL if letter.isupper() else _MIDDLING) for letter in text)


def wrapped(text: str, room: float, most: int) -> tuple[str, ...]:
    """
    A text in lines that fit; what does not fit any more ends in an ellipsis, and a long word is cut.

    >>> wrapped("Een tamelijk lange naam van iets", 90, 2)
    ('Een tamelijk', 'lange naa …')
    """
    lines, line = [], ""
    for word in (piece for whole in text.split() for piece in _pieces(whole, room)):
        if line and wide(f"{line} {word}") > room:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    lines.append(line)
    if len(lines) > most:
        last = lines[most - 1]
        while wide(f"{last} …") > room or last == lines[most - 1]:
            last = last[:-1]
        lines = [*lines[: most - 1], f"{last.rstrip()} …"]
    return tuple(lines)


def _pieces(word: str, room: float) -> Iterable[str]:
    """A word, in pieces where it is too long for a line."""
    start = 0
    for end in range(1, len(word) + 1):
        if wide(word[start : end + 1]) > room or end == len(word):
            yield word[start:end]
            start = end
