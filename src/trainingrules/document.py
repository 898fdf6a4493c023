"""A text that was read, as the modules after reading see it: plain data, and the place of every node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from trainingrules.diagnostics import Diagnostic, Edit, Span
from trainingrules.frozen import frozen

# Where a node stands in the data: the keys and list positions that lead to it.
Path = tuple[str | int, ...]


@frozen
class Document:
    """A text that was read: its data, and where each key and value of it stands.

    ``held`` is what the file held when it was read; nothing for a text that was handed over.

    >>> from trainingrules.source import parse
    >>> document, faults = parse("facts:\\n  age: {kind: integer}", "policy.yaml")
    >>> document.data
    {'facts': {'age': {'kind': 'integer'}}}
    >>> str(document.span(("facts", "age", "kind")))
    'policy.yaml:2:15'
    """

    data: object
    name: str
    lines: tuple[str, ...]
    keys: Mapping[Path, Span]
    values: Mapping[Path, Span]
    held: bytes | None = field(default=None, compare=False)

    def __repr__(self) -> str:
        return f"<Document {self.name}>"

    def span(self, path: Path, *, key: bool = False) -> Span:
        """
        Where the value (or its key) stands; of what is not there, where its nearest ancestor does.

        >>> from trainingrules.source import parse
        >>> document, _ = parse("facts:\\n  age: {kind: integer}", "policy.yaml")
        >>> str(document.span(("facts", "age"), key=True)), str(document.span(("facts", "age", "unit")))
        ('policy.yaml:2:3', 'policy.yaml:2:3')
        """
        first, second = (self.keys, self.values) if key else (self.values, self.keys)
        for length in range(len(path), -1, -1):
            found = first.get(path[:length]) or second.get(path[:length])
            if found:
                return found
            first, second = self.keys, self.values  # an ancestor is pointed at by its name
        return start_of(self.name)

    def fault(
        self,
        code: str,
        message: str,
        path: Path,
        *,
        help: str = "",
        key: bool = False,
        severity: str = "error",
        edits: tuple[Edit, ...] = (),
    ) -> Diagnostic:
        """
        A fault at a place in the data, with the line it stands on.

        >>> from trainingrules.source import parse
        >>> document, _ = parse("age: 18", "policy.yaml")
        >>> print(document.fault("unknown-fact", "fact `age` is not declared", ("age",), key=True))
        policy.yaml:1:1: error: fact `age` is not declared [unknown-fact]
            1 | age: 18
              | ^^^
        """
        span = self.span(path, key=key)
        return Diagnostic(code, message, span, help, severity, line_of(self.lines, span.line), edits)

    def instead(self, path: Path, text: str | None, *, key: bool = False) -> tuple[Edit, ...]:
        """
        The edit that puts a text in the place of a value (or its key), where there is one, on one line.

        >>> from trainingrules.source import parse
        >>> document, _ = parse("facts: {agee: 18}", "policy.yaml")
        >>> [(str(edit.span), edit.text) for edit in document.instead(("facts", "agee"), "age", key=True)]
        [('policy.yaml:1:9', 'age')]
        """
        span = (self.keys if key else self.values).get(path)
        alone = text is not None and span is not None and span.line == span.end_line
        return (Edit(span, text),) if alone and span is not None and text is not None else ()

    def written(self, path: Path) -> str:
        """
        A value as it is written, quotes and all; nothing where it stands on several lines.

        >>> from trainingrules.source import parse
        >>> document, _ = parse("edition: 2026.10")
        >>> document.written(("edition",))
        '2026.10'
        """
        span = self.values.get(path)
        if span is None or span.line != span.end_line:
            return ""
        return line_of(self.lines, span.line)[span.column - 1 : span.end_column - 1]


def start_of(name: str) -> Span:
    """Where the text of that name begins."""
    return Span(name, 1, 1, 1, 1)


def line_of(lines: tuple[str, ...], number: int) -> str:
    """A line by its number; nothing past the last one."""
    return lines[number - 1] if 0 < number <= len(lines) else ""
