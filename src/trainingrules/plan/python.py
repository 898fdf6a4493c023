"""A flat program as one generated Python function: the compiled engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from trainingrules.plan.steps import OPS, Plan, Ref, Step

# The facts given once, those given per row or round, and the day of asking; to the outputs, in order.
Compiled = Callable[[Mapping[str, Any], Mapping[str, Mapping[Any, Any]], Any], tuple[Any, ...]]

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
    "least": "{0} if {0} < {1} else {1}",
    "greatest": "{1} if {0} < {1} else {0}",
    "rank": "{given}[{0}]",
}
_PLAIN = (bool, int, type(None))


class _Writer:
    """Writes the function of one program, its constants beside it: nothing that an author wrote becomes code."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.constants: dict[str, Any] = {}
        self.lines: list[str] = []

    def held(self, value: Any) -> str:
        """The name of a constant; of a few kinds, how it is written."""
        if type(value) in _PLAIN:
            return repr(value)
        name = f"k{len(self.constants)}"
        self.constants[name] = value
        return name

    def name(self, ref: Ref) -> str:
        """The name of a register."""
        return f"r{ref}"

    def function(self, outputs: Sequence[Ref]) -> Compiled:
        """The function that gives these registers."""
        self.inputs()
        for ref, step in enumerate(self.plan.steps):
            if step.op != "input":
                self.lines.append(f"{self.name(ref)} = {self.step(step)}")
        self.lines.append(f"return ({''.join(f'{self.name(ref)}, ' for ref in outputs)})")
        body = "\n    ".join(self.lines)
        space = {"absent": _ABSENT, "empty": _EMPTY, **self.constants}
        exec(compile(f"def ask(one, per, today):\n    {body}\n", "<compiled policy>", "exec"), space)  # noqa: S102
        made: Compiled = space["ask"]
        return made

    def inputs(self) -> None:
        """Each fact is looked up once."""
        found: dict[str, dict[bool, Ref]] = {}
        for ref, step in enumerate(self.plan.steps):
            if step.op == "input":
                found.setdefault(step.given.path, {})[step.given.none] = ref
        for path, registers in found.items():
            name, _, key = path.partition("[")
            given = "one"
            if key:
                given, name = f"per.get({self.held(name)}, empty)", key.removesuffix("]")
            value, none = (self.name(registers[which]) if which in registers else "" for which in (False, True))
            if not none:
                self.lines.append(f"{value} = {given}.get({self.held(name)})")
            else:
                value = value or f"v{registers[True]}"
                self.lines.append(f"{value} = {given}.get({self.held(name)}, absent)")
                self.lines.append(f"{none} = {value} is None")
                self.lines.append(f"if {value} is absent: {value} = None")
            if False in registers:
                scale = self.plan.steps[registers[False]].given.scale
                if scale != 1:
                    self.lines.append(f"if {value} is not None: {value} = {value} * {scale}")

    def step(self, step: Step) -> str:
        """What is written for one step."""
        args = [self.name(arg) for arg in step.args]
        match step.op:
            case "constant":
                return self.held(step.given)
            case "today":
                return "today"
            case "all" | "any":
                return self.gate(step, args)
        given = step.given
        if step.op == "rank":
            given = {option: place for place, option in enumerate(given)}
        elif step.op == "in":
            given = frozenset(given)
        form = _WRITTEN.get(step.op)
        if form is None:
            called = self.held(OPS[step.op].evaluate)
            written = f"{called}({self.held(given)}, {', '.join(args)})"
        else:
            written = form.format(*args, given=self.held(given) if "{given}" in form else "")
        nulls = [self.name(arg) for arg in dict.fromkeys(step.args) if not self.plan.steps[arg].total]
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


_ABSENT = object()
_EMPTY: Mapping[Any, Any] = {}


def compiled(plan: Plan, outputs: Sequence[str]) -> Compiled:
    """The function of a program that gives these of its outputs, in this order."""
    wanted = plan.only(outputs)
    return _Writer(wanted).function([wanted.outputs[name] for name in outputs])
