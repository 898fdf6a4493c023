"""A flat program as one generated Python function: the compiled engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from trainingrules.plan.steps import OPS, Fold, How, Plan, Ref, Step, earliest_day

_Histories = Mapping[str, Sequence[Mapping[str, Any]]]
# The facts given once, those given per row or round, the histories, and the day of asking; to the outputs, in order.
Compiled = Callable[[Mapping[str, Any], Mapping[str, Mapping[Any, Any]], _Histories, Any], tuple[Any, ...]]

# How a step is written, with the registers of its arguments; without one, its meaning is called.
_WRITTEN: Mapping[str, str] = {
    "not": "not {0}",
    "known": "{0} is not None",
    "choose": "{1} if {0} else {2}",
    "first": "{1} if {0} is None else {0}",
    "equal": "{0} == {1}",
    "less": "{0} < {1}",
    "at_most": "{0} <= {1}",
    "in": "{0} in {given}",
    "add": "{0} + {1}",
    "subtract": "{0} - {1}",
    "multiply": "{0} * {1}",
    "floor": "{0} // {given}",
    "ceiling": "-(-{0} // {given})",
    "day_number": "{0}.toordinal()",
    "month_number": "{0}.year * 12 + {0}.month - 1",
    "least": "{0} if {0} < {1} else {1}",
    "greatest": "{1} if {0} < {1} else {0}",
    "rank": "{given}[{0}]",
}
_PLAIN = (bool, int, type(None))


class _Writer:
    """Writes the function of one program, its constants beside it: nothing that an author wrote becomes code."""

    def __init__(self) -> None:
        self.constants: dict[str, Any] = {}
        self.lines: list[str] = []
        self.depth = 1

    def line(self, text: str) -> None:
        """One more line, as deep as the loops around it."""
        self.lines.append("    " * self.depth + text)

    def held(self, value: Any) -> str:
        """The name of a constant; of a few kinds, how it is written."""
        if type(value) in _PLAIN:
            return repr(value)
        name = f"k{len(self.constants)}"
        self.constants[name] = value
        return name

    def function(self, plan: Plan, outputs: Sequence[Ref]) -> Compiled:
        """The function that gives these registers."""
        body = _Body(self, plan, "r", "")
        body.write()
        self.line(f"return ({''.join(f'{body.names[ref]}, ' for ref in outputs)})")
        text = "\n".join(["def ask(one, per, rows, today):", *self.lines, ""])
        space = {"absent": _ABSENT, "empty": _EMPTY, **self.constants}
        exec(compile(text, "<compiled policy>", "exec"), space)  # noqa: S102
        made: Compiled = space["ask"]
        return made


class _Body:
    """Writes the steps of a program, or of one that is done for every row: then ``row`` is the name of the row."""

    def __init__(
        self, writer: _Writer, plan: Plan, prefix: str, row: str, outer: Sequence[str] = (), *, counted: bool = False
    ) -> None:
        self.writer, self.plan, self.prefix, self.row, self.counted = writer, plan, prefix, row, counted
        # What each register is called: an argument of the fold around it has its name there, and what is known
        # beforehand is no variable.
        self.names = [self._called(ref, step, outer) for ref, step in enumerate(plan.steps)]

    def _called(self, ref: Ref, step: Step, outer: Sequence[str]) -> str:
        match step.op:
            case "outer":
                return str(outer[step.given])
            case "constant":
                return self.writer.held(step.given)
            case "today":
                return "today"
            case _:
                return f"{self.prefix}{ref}"

    def _surely(self) -> dict[Ref, str]:
        """What asks whether a truth is certain is one question: `is True`, or `is False` of its opposite."""
        steps = self.plan.steps
        uses = Counter([*self.plan.outputs.values(), *(arg for step in steps for arg in step.args)])
        found: dict[Ref, str] = {}
        for ref, step in enumerate(steps):
            if step.op == "first" and step.kind == "boolean" and self.names[step.args[1]] == "False":
                asked = steps[step.args[0]]
                if asked.op == "not" and uses[step.args[0]] == 1:
                    found |= {ref: f"{self.names[asked.args[0]]} is False", step.args[0]: ""}
                else:
                    found[ref] = f"{self.names[step.args[0]]} is True"
        return found

    def write(self) -> None:
        """Every step, in order."""
        self.inputs()
        surely = self._surely()
        for ref, step in enumerate(self.plan.steps):
            if ref in surely:
                if surely[ref]:
                    self.writer.line(f"{self.names[ref]} = {surely[ref]}")
                continue
            match step.op:
                case "input" | "outer" | "constant" | "today":
                    continue
                case "fold":
                    self.fold(ref, step)
                case "at_round":
                    self.at_round(ref, step)
                case "earliest":
                    self.earliest(ref, step)
                case "part":
                    self.writer.line(f"{self.names[ref]} = {self.names[step.args[0]]}_{step.given}")
                case _:
                    self.writer.line(f"{self.names[ref]} = {self.step(step)}")

    def inputs(self) -> None:
        """Each fact is looked up once."""
        line, held = self.writer.line, self.writer.held
        found: dict[str, dict[bool, Ref]] = {}
        several: dict[str, str] = {}
        for ref, step in enumerate(self.plan.steps):
            if step.op == "input" and self.counted:
                line(f"{self.names[ref]} = {self.row}")
            elif step.op == "input":
                found.setdefault(step.given.path, {})[step.given.none] = ref
        for path, registers in found.items():
            name, _, key = path.partition("[")
            given = "one"
            one = self.plan.steps[next(iter(registers.values()))].given
            if one.over:
                given, name = self.row, one.name
            elif key:
                if name not in several:
                    several[name] = f"{self.prefix}per{len(several)}"
                    line(f"{several[name]} = per.get({held(name)}, empty)")
                given, name = several[name], one.round or key.removesuffix("]")
            value, none = (self.names[registers[which]] if which in registers else "" for which in (False, True))
            if not none:
                line(f"{value} = {given}.get({held(name)})")
            else:
                value = value or f"v{self.prefix}{registers[True]}"
                line(f"{value} = {given}.get({held(name)}, absent)")
                line(f"{none} = {value} is None")
                line(f"if {value} is absent: {value} = None")
            if False in registers:
                scale = self.plan.steps[registers[False]].given.scale
                if scale != 1:
                    line(f"if {value} is not None: {value} = {value} * {scale}")

    def at_round(self, ref: Ref, step: Step) -> None:
        """What is given of the round of a number."""
        number, name, one = self.names[step.args[0]], self.names[ref], step.given
        given = f"per.get({self.writer.held(one.path.removesuffix('[]'))}, empty)"
        if one.none:
            self.writer.line(f"{name} = {number} is not None and {given}.get({number}, absent) is None")
            return
        self.writer.line(f"{name} = None if {number} is None else {given}.get({number})")
        if one.scale != 1:
            self.writer.line(f"if {name} is not None: {name} = {name} * {one.scale}")

    def earliest(self, ref: Ref, step: Step) -> None:
        """A search, with a function of what comes of a day."""
        line, search, name = self.writer.line, step.given, self.names[ref]
        args = [self.names[arg] for arg in step.args]
        line(f"def {name}_of({name}day):")
        self.writer.depth += 1
        inner = _Body(self.writer, search.plan, f"{name}_r", f"{name}day", args, counted=True)
        inner.write()
        line(f"return {inner.names[search.plan.outputs['0']]}")
        self.writer.depth -= 1
        line(f"{name} = None if {args[0]} is None else {self.writer.held(earliest_day)}({name}_of, {args[0]})")

    def fold(self, ref: Ref, step: Step) -> None:
        """A loop over the rows of a history, with a name for each of its outputs."""
        line, fold, name = self.writer.line, step.given, self.names[ref]
        parts = [f"{name}_{number}" for number in range(len(fold.how))]
        if fold.counted:
            count = self.names[step.args[0]]
            line(f"{name} = None if {count} is None else range(1, {count} + 1)")
        else:
            line(f"{name} = rows.get({self.writer.held(fold.over)})")
        line(f"if {name} is None: {' = '.join(parts)} = None")
        line("else:")
        self.writer.depth += 1
        for part, how in zip(parts, fold.how, strict=True):
            line(f"{part} = {_STARTS[how]}")
        line(f"for {name}row in {name}:")
        self.writer.depth += 1
        args = [self.names[arg] for arg in step.args]
        inner = _Body(self.writer, fold.plan, f"{name}_r", f"{name}row", args, counted=fold.counted)
        inner.write()
        self.reduce(fold, parts, inner)
        self.writer.depth -= 1
        for part, how in zip(parts, fold.how, strict=True):
            if how == "list":
                line(f"{part} = tuple({part})")
        self.writer.depth -= 1

    def reduce(self, fold: Fold, parts: Sequence[str], inner: _Body) -> None:
        """What is found of a row, added to what was found of those before it."""
        line = self.writer.line
        for number, (part, how) in enumerate(zip(parts, fold.how, strict=True)):
            output = fold.plan.outputs[str(number)]
            value, total = inner.names[output], fold.plan.steps[output].total
            match how:
                case "all":
                    line(f"if {value} is not True and {part} is not False: {part} = {value}")
                case "sum":
                    line(f"{part} += {value}" if total else
                         f"if {part} is not None: {part} = None if {value} is None else {part} + {value}")  # fmt: skip
                case "list":
                    line(f"{part}.append({value})")
        if fold.how == ("all",):
            line(f"if {parts[0]} is False: break")

    def step(self, step: Step) -> str:
        """What is written for one step."""
        args = [self.names[arg] for arg in step.args]
        match step.op:
            case "all" | "any":
                return self.gate(step, args)
        given = step.given
        if step.op == "rank":
            given = {option: place for place, option in enumerate(given)}
        elif step.op == "in":
            given = frozenset(given)
        form = _WRITTEN.get(step.op)
        if form is None:
            called = self.writer.held(OPS[step.op].evaluate)
            written = f"{called}({self.writer.held(given)}, {', '.join(args)})"
        else:
            written = form.format(*args, given=self.writer.held(given) if "{given}" in form else "")
        nulls = [self.names[arg] for arg in dict.fromkeys(step.args) if not self.plan.steps[arg].total]
        if not (OPS[step.op].strict and nulls):
            return written
        return f"None if {' or '.join(f'{name} is None' for name in nulls)} else {written}"

    def gate(self, step: Step, args: Sequence[str]) -> str:
        """Kleene's and, or or; only parts that can be null are asked whether they are."""
        total = [name for ref, name in zip(step.args, args, strict=True) if self.plan.steps[ref].total]
        nulls = [name for ref, name in zip(step.args, args, strict=True) if not self.plan.steps[ref].total]
        if step.op == "all":
            if not nulls:
                return " and ".join(total)
            settled = " or ".join([*(f"not {name}" for name in total), *(f"{name} is False" for name in nulls)])
        else:
            if not nulls:
                return " or ".join(total)
            settled = " or ".join([*total, *nulls])
        unknown = " or ".join(f"{name} is None" for name in nulls)
        return f"{step.op == 'any'} if {settled} else None if {unknown} else {step.op == 'all'}"


# What the outputs of no rows come to.
_STARTS: Mapping[How, str] = {"all": "True", "sum": "0", "list": "[]"}
_ABSENT = object()
_EMPTY: Mapping[Any, Any] = {}


def compiled(plan: Plan, outputs: Sequence[str]) -> Compiled:
    """The function of a program that gives these of its outputs, in this order."""
    wanted = plan.only(outputs)
    return _Writer().function(wanted, [wanted.outputs[name] for name in outputs])
