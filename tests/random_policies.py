"""Random policies: every construct of the language over small domains, written as text and read as any policy is."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from trainingrules import policy as p
from trainingrules.diagnostics import report
from trainingrules.document import Document
from trainingrules.reading import read_policy
from trainingrules.statements import Catalogue, read_catalogue
from trainingrules.validating import Checked, check_file

Data = dict[str, Any]

# --- what never varies: the facts, small in number and in values ---


def both(text: str) -> Data:
    return {"nl": text, "en": text}


def options(*names: str) -> Data:
    return {name: both(name) for name in names}


BOOLEANS = ("calm", "tall", "paid")
FACTS: Data = {
    "calm": {"kind": "boolean"},
    "tall": {"kind": "boolean"},
    "paid": {"kind": "boolean"},
    "level": {"kind": "choice", "ordered": True, "options": options("low", "mid", "high")},
    "aim": {"kind": "choice", "ordered": True, "options": options("low", "mid", "high")},
    "colour": {"kind": "choice", "options": options("red", "green", "blue")},
    "count": {"kind": "integer", "at_least": 0, "at_most": 3},
    "limit": {"kind": "integer", "at_least": 0, "at_most": 3},
    "wait": {"kind": "duration", "unit": "months", "at_least": 0, "at_most": 3},
    "budget": {"kind": "money", "at_least": 0, "at_most": 2},
    "portion": {"kind": "percent"},
    "region": {"kind": "text"},
    "steps": {"kind": "list", "options": options("one", "two")},
    "pick": {"kind": "row", "of": "parts"},
    "began_on": {"kind": "date"},
    "asked_on": {"kind": "date"},
    "ended_on": {"kind": "date"},
    "handed_at": {"kind": "moment"},
    "done": {"kind": "boolean", "per": "parts"},
    "done_on": {"kind": "date", "per": "parts"},
    "held": {"kind": "boolean", "per": "year"},
    "held_on": {"kind": "date", "per": "year"},
    "heads": {"kind": "integer", "per": "year", "at_least": 0, "at_most": 3},
    "visits": {
        "kind": "records",
        "dated": "visited_on",
        "fields": {
            "visited_on": {"kind": "date"},
            "kindly": {"kind": "boolean"},
            "guests": {"kind": "integer", "at_least": 0, "at_most": 3},
            "forms": {"kind": "integer", "at_least": 0, "at_most": 3},
        },
    },
}
NULLABLE = ("region", "pick", "began_on", "asked_on", "ended_on", "handed_at", "done_on", "held_on", "visited_on")
FIELDS = {
    "weight": {"kind": "integer"},
    "cost": {"kind": "money", "vat": "excluded", "certainty": "exact"},
    "lasts": {"kind": "duration", "unit": "months"},
    "opens_on": {"kind": "date"},
    "heavy": {"kind": "boolean"},
}
DAYS = ("2026-01-31", "2026-02-28", "2026-03-01", "2026-03-31", "2027-01-31", "2028-02-29")
PERIODS = ("1 month", "2 months", "1 year", "10 days", "1 week")
IDS = ("RND-01", "RND-02", "RND-03", "RND-04", "RND-05", "RND-06")


def labelled(entries: Data) -> Data:
    """Every entry with its name as its label, in both languages; fields too."""
    result: Data = {}
    for name, entry in entries.items():
        more = {"fields": labelled(entry["fields"])} if "fields" in entry else {}
        result[name] = {**entry, **both(name.replace("_", " ")), **more}
    return result


# --- what stands in a place: the names that are at hand there ---


@dataclass(frozen=True)
class Place:
    """What may be read: facts alone, or also those of a row or a round; ``exact`` keeps to small finite domains."""

    part: bool = False
    visit: bool = False
    year: bool = False
    values: tuple[tuple[str, str], ...] = ()  # names of numbers and days, with their kind
    terms: tuple[str, ...] = ()
    deadlines: tuple[str, ...] = ()
    readings: bool = True
    rows: bool = True
    exact: bool = False


def one_key(name: str, operand: st.SearchStrategy[Any]) -> st.SearchStrategy[Data]:
    return operand.map(lambda drawn: {name: drawn})


class Maker:
    """Draws the parts of one policy."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def pick(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def chance(self, one_in: int = 2) -> bool:
        return bool(self.draw(st.integers(0, one_in - 1)) == one_in - 1)

    def source(self) -> list[str]:
        return list(self.draw(st.lists(st.sampled_from(IDS), min_size=1, max_size=2, unique=True)))

    def said(self, name: str) -> Data:
        return {**both(f"{name}."), "source": self.source()}

    # --- values ---

    def number(self, place: Place, depth: int = 1) -> Any:
        """A whole number, or something that comes to a number."""
        forms = ["literal", "fact"]
        forms += ["weight"] * place.part + ["guests"] * place.visit + ["heads"] * place.year
        forms += ["named"] * any(kind == "number" for _, kind in place.values)
        if depth and not place.exact:
            forms += ["sum", "share", "total", "product", "least", "between", "year"]
        form = self.pick(*forms)
        inner = [self.number(place, depth - 1), self.number(place, depth - 1)] if form in (
            "total", "product", "least") else []  # fmt: skip
        match form:
            case "fact":
                return {"fact": self.pick("count", "limit")}
            case "weight":
                return {"field": "weight"}
            case "guests":
                return {"field": self.pick("guests", "forms")}
            case "heads":
                return {"fact": "heads"}
            case "named":
                return {"fact": self.pick(*[name for name, kind in place.values if kind == "number"])}
            case "sum":
                return self.sum()
            case "share":
                return {"share": {"percent": self.pick(50, 25), "of": self.number(place, depth - 1)}}
            case "total" | "product":
                return {form: inner}
            case "least":
                return {self.pick("least", "greatest", "difference"): inner}
            case "between":
                return {"between": [1, 2]}
            case "year":
                return {"fact": "year"}
        return self.pick(0, 1, 2, 3)

    def sum(self) -> Data:
        rows = self.pick("visits", "parts")
        inside = Place(part=rows == "parts", visit=rows == "visits", rows=False)
        found: Data = {"of": rows, "field": self.pick("guests", "forms") if rows == "visits" else "weight"}
        if self.chance():
            found["where"] = self.condition(inside, 0)
        return {"sum": found}

    def length(self, place: Place) -> Any:
        choices = ["literal", "literal", "wait"] + ["lasts"] * place.part
        match self.pick(*choices):
            case "wait":
                return {"fact": "wait"}
            case "lasts":
                return {"field": "lasts"}
        return self.pick(*PERIODS)

    def day(self, place: Place, depth: int = 1) -> Any:
        """A day, or something that comes to a day."""
        forms = ["fact", "fact", "literal", "today"] + ["opens_on"] * place.part + ["visited_on"] * place.visit
        forms += ["done_on"] * place.part + ["held_on"] * place.year + ["cycle"]
        forms += ["named"] * any(kind == "day" for _, kind in place.values) + ["deadline"] * bool(place.deadlines)
        forms += ["shift", "shift", "greatest"] if depth else []
        match form := self.pick(*forms):
            case "fact":
                return {"fact": self.pick("began_on", "asked_on", "ended_on")}
            case "today":
                return {"fact": "today"}
            case "opens_on" | "visited_on":
                return {"field": form}
            case "done_on" | "held_on":
                return {"fact": form}
            case "cycle":
                return {"cycle_day": {"of": "year", "day": self.pick("first", "last", "expiry")}}
            case "named":
                return {"fact": self.pick(*[name for name, kind in place.values if kind == "day"])}
            case "deadline":
                return {"deadline": self.pick(*place.deadlines)}
            case "shift":
                return {self.pick("earlier", "later"): {"than": self.day(place, depth - 1), "by": self.length(place)}}
            case "greatest":
                return {self.pick("least", "greatest"): [self.day(place, depth - 1), self.day(place, depth - 1)]}
        return self.pick(*DAYS)

    # --- conditions ---

    def condition(self, place: Place, depth: int = 2) -> Data:
        """A mapping of checks, perhaps with `any` and `not`; each name once, so that none excludes another."""
        names = self.draw(st.lists(st.sampled_from(self.subjects(place)), min_size=1, max_size=2, unique=True))
        result: Data = {}
        if depth and self.chance(3):
            names = names[:-1]
        for name in names:
            result[name] = self.check(name, place, depth)
        if depth and (not result or self.chance(3)):
            if self.chance(3):
                result["not"] = self.condition(place, depth - 1)
            else:
                size = self.draw(st.integers(1, 3))
                result["any"] = [self.condition(place, depth - 1) for _ in range(size)]
        return result

    def subjects(self, place: Place) -> list[str]:
        finite = [*BOOLEANS, "level", "aim", "colour", "count", "limit", "pick", *place.terms]
        finite += ["done", "heavy", "weight", "key"] * place.part
        if place.exact:
            return finite
        finite += ["wait", "budget", "portion", "region", "steps", "began_on", "asked_on", "ended_on", "handed_at"]
        finite += ["today", "year", *(name for name, _ in place.values)]
        finite += ["done_on", "opens_on", "lasts"] * place.part + ["held", "heads", "held_on"] * place.year
        finite += ["kindly", "guests", "forms", "visited_on"] * place.visit
        finite += ["view"] * place.readings + ["visits", "parts"] * place.rows
        return finite

    def check(self, name: str, place: Place, depth: int) -> Data:
        kinds = dict(place.values)
        if name in ("visits", "parts"):
            inside = Place(part=name == "parts" or place.part, visit=name == "visits", year=place.year, rows=False)
            where = {"where": self.condition(inside, 0)} if self.chance() else {}
            return {**where, **self.measure(self.pick(1, 2))}
        if name in NULLABLE and self.chance(6):
            return {"exists": self.pick(True, False)}
        if name in (*BOOLEANS, "done", "held", "heavy", "kindly", *place.terms):
            return {"is": self.pick(True, False)}
        if name in ("level", "aim"):
            other = "aim" if name == "level" else "level"
            operand = {"fact": other} if self.chance(4) else self.pick("low", "mid", "high")
            if operand == "mid" or isinstance(operand, dict):
                return {self.pick("is", "at_least", "at_most", "more_than", "less_than"): operand}
            return {self.pick("is", "at_least", "at_most"): operand}
        if name in ("colour", "key", "pick", "view", "region"):
            several = {"colour": ("red", "green"), "key": ("alpha", "beta"), "pick": ("beta", "alpha"),
                       "view": ("wide", "narrow"), "region": ("north", "é")}[name]  # fmt: skip
            if name != "view" and self.chance(3):
                return {"in": list(several)[: self.pick(1, 2)]}
            return {"is": self.pick(*several)}
        if name == "steps":
            return {
                self.pick("includes_any", "includes_all", "in_order"): self.pick(
                    ["one"], ["one", "two"], ["two", "one"]
                )
            }
        if name == "wait":
            return self.measure(self.pick("1 month", "2 months"))
        if name == "lasts":
            return self.measure(self.pick("1 month", "2 months"))
        if name == "budget":
            return self.measure(self.pick(Decimal("1.00"), Decimal("1.50")))
        if name == "portion":
            return self.measure(self.pick(50, Decimal("33.3"), {"share": {"percent": 50, "of": {"fact": "portion"}}}))
        if name == "handed_at":
            operand = self.pick("2026-02-28", "2026-02-28T23:30:00Z", {"fact": "today"},
                                {"later": {"than": {"fact": "handed_at"}, "by": "48 hours"}})  # fmt: skip
            return {self.pick("before", "after", "on_or_before", "on_or_after"): operand}
        if name in ("today", "began_on", "asked_on", "ended_on", "done_on", "held_on", "visited_on", "opens_on") or (
            kinds.get(name) == "day"
        ):
            if self.chance(6):
                return {"within": "year"}
            return {self.pick("is", "before", "after", "on_or_before", "on_or_after"): self.day(place, min(depth, 1))}
        operand = self.pick(1, 2) if self.chance() else self.number(place, min(depth, 1))
        if kinds.get(name) == "money":
            operand = Decimal("1.00")
        if operand in (0, 3):
            return {self.pick("is", "at_least" if operand else "at_most"): operand}
        return self.measure(operand)

    def measure(self, operand: Any) -> Data:
        found = {self.pick("is", "at_least", "at_most", "more_than", "less_than"): operand}
        if operand == 1 and "at_least" in found and self.chance():
            found["at_most"] = 2
        return found

    # --- rules ---

    def scope(self, place: Place, *kinds: str) -> tuple[Data, Place]:
        """What a rule holds for, and what is then at hand."""
        match self.pick("", "", *kinds):
            case "each_part":
                return {"for_each": "parts"}, replace(place, part=True)
            case "each_visit":
                return {"for_each": "visits"}, replace(place, visit=True)
            case "row":
                return {"for_row": "pick"}, replace(place, part=True)
            case "per":
                return {"per": "year"}, replace(place, year=True)
        return {}, place

    def rule(self, name: str, place: Place, *kinds: str) -> Data:
        scope, inside = self.scope(place, *kinds)
        found = {**self.said(name), **scope}
        if self.chance(3):
            found["when"] = self.condition(inside, 1)
        found["should" if self.chance(5) else "must"] = self.condition(inside)
        return found

    def requirement(self, name: str, place: Place, *kinds: str) -> Data:
        found = self.rule(name, place, *kinds)
        if "must" in found and self.chance(4):
            found["if_not"] = "not_stated"
        if self.chance(4):
            found["remedy"] = self.said("remedy")
        return found

    def decision(self, number: int, place: Place, *kinds: str) -> Data:
        found: Data = {**both(f"decision {number}"), "source": self.source()}
        if self.chance(3):
            found["judged_on"] = self.pick("asked_on", "began_on")
        if number > 1 and self.chance(3):
            found["builds_on"] = ["decision_1"]
        if self.chance(4):
            found["subject_to"] = self.said("subject")
        size = self.draw(st.integers(0 if number > 1 else 1, 3))
        found["requires"] = {f"rule_{i}": self.requirement(f"rule {i}", place, *kinds) for i in range(1, size + 1)}
        return found

    def price(self, place: Place, depth: int = 1) -> Any:
        forms = ["amount", "amount"] + ["cost"] * place.part
        forms += ["product", "share", "total", "least", "not_stated", "named"] if depth else []
        match self.pick(*forms):
            case "cost":
                return {"field": "cost"}
            case "product":
                return {"product": [self.price(place, 0), self.pick(2, {"fact": "count"}, {"between": [1, 2]})]}
            case "share":
                return {"share": {"percent": self.pick(50, Decimal("33.3")), "of": self.price(place, 0)}}
            case "total":
                return {self.pick("total", "difference"): [self.price(place, 0), self.price(place, 0)]}
            case "least":
                return {self.pick("least", "greatest"): [self.price(place, 0), {"fact": "budget"}]}
            case "not_stated":
                return "not_stated"
            case "named":
                return {"fact": "fee"}
        return {"amount": self.pick("small", "large", "open")}

    def line(self, name: str, place: Place) -> Data:
        scope, inside = self.scope(place, "each_part", "row", "per", "each_visit")
        found = {**self.said(name), **scope, "price": self.price(inside)}
        if self.chance():
            found["when"] = self.condition(inside, 1)
        if self.chance():
            found["times"] = self.pick(2, {"fact": "count"}, {"between": [1, 2]}, self.number(inside, 0))
        if self.chance(3):
            found["instead"] = [{"when": self.condition(inside, 1), "price": self.price(inside)}
                                for _ in range(self.pick(1, 2))]  # fmt: skip
        if self.chance(4):
            found["effect"] = "reduces"
        return found

    def quote(self, place: Place) -> Data:
        size = self.draw(st.integers(1, 3))
        found: Data = both("quote")
        if self.chance(3):
            found["judged_on"] = self.pick("asked_on", "began_on")
        presumed = {"count": 1, "calm": False, "done": False, "heads": 2, "level": "mid"}
        names = self.draw(st.lists(st.sampled_from(sorted(presumed)), max_size=2, unique=True))
        if names:
            found["presume"] = {name: presumed[name] for name in names}
        found["lines"] = {f"line_{i}": self.line(f"line {i}", place) for i in range(1, size + 1)}
        if self.chance(3):
            percents = self.pick((50, 50), (Decimal("33.3"), Decimal("33.3"), Decimal("33.4")))
            found["instalments"] = {
                f"part_{i}": {**self.said(f"part {i}"), "percent": percent, "due": self.day(Place())}
                for i, percent in enumerate(percents, 1)
            }
            found["instalments"]["part_1"]["odd_cent"] = True
        return found

    def deadline(self, name: str, place: Place) -> Data:
        scope, inside = self.scope(place, "each_part", "row", "per", "each_visit")
        found = {**self.said(name), **scope}
        if self.chance(4):
            found["when"] = self.condition(inside, 1)
        if self.chance():
            acts = ["asked_on", "handed_at", "ended_on"] + ["done_on"] * inside.part + ["held_on"] * inside.year
            found["act"] = self.pick(*acts)
        ends = self.pick("until", "until", "from", "both")
        if ends != "until":
            found["from"] = self.day(inside) if not self.chance(6) else "not_stated"
        if ends != "from":
            last = ["day"] * 6 + ["not_stated", "none"]
            found["until"] = self.day(inside) if (form := self.pick(*last)) == "day" else form
        if self.chance(6):
            found["should"] = self.condition(inside, 1)
        if self.chance(6):
            found["certainty"] = "average"
        return found

    def duty(self, name: str, place: Place) -> Data:
        return {**self.rule(name, place, "each_part", "per", "per", "each_visit"), "who": self.pick("one", "other")}

    def note(self, name: str, place: Place) -> Data:
        scope, inside = self.scope(place, "each_part", "row", "each_visit")
        found = {"kind": "information", **self.said(name), **scope}
        if self.chance(3):
            found["when"] = self.condition(inside, 1)
        found["value"] = self.pick(self.number, self.day, self.price)(inside)
        return found


# --- a whole policy ---


@dataclass(frozen=True)
class Written:
    """The data of a policy, and the policy read from it."""

    policy: p.Policy
    data: Data

    def __repr__(self) -> str:
        common = frame()
        return yaml_text({name: part for name, part in self.data.items() if part != common.get(name)})

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        # Otherwise hypothesis prints every field.
        printer.text(repr(self))


def frame(facts: Data | None = None) -> Data:
    """What every random policy has."""
    return {
        "language": 1,
        "policy": "random",
        "title": both("Random"),
        "edition": 1,
        "in_force": {"from": "2026-01-01", "outside": "warn", "source": ["RND-01"]},
        "conventions": {"zone": "Europe/Amsterdam", "month_end": "last_day", "currency": "EUR", "cent": "half_up"},
        "statements": "statements/random.yaml",
        "parties": {"one": both("One"), "other": both("Other")},
        "facts": labelled(FACTS if facts is None else facts),
        "readings": {
            "view": {**both("view"), "source": ["RND-02"], "chosen": "wide", "options": options("wide", "narrow")}
        },
        "amounts": {
            "small": [amount("2026-01-01", Decimal("1.05")), amount("2026-03-01", Decimal("1.15"))],
            "large": [amount("2026-01-01", Decimal("10.01"), vat="not_stated", certainty="indication")],
            "open": [amount("2026-01-01", "not_stated")],
        },
        "tables": {
            "parts": {
                **both("parts"),
                "fields": labelled(FIELDS),
                "rows": {
                    "alpha": {**both("alpha"), "source": ["RND-03"], "weight": 1, "cost": Decimal("2.50"),
                              "lasts": "1 month", "opens_on": "2026-03-01", "heavy": True},
                    "beta": {**both("beta"), "source": ["RND-03"], "weight": {"between": [1, 2]},
                             "cost": "not_stated", "lasts": {"between": ["1 month", "2 months"]},
                             "opens_on": "not_stated", "heavy": False},
                },
            }
        },
        "cycles": {"year": {**both("year"), "source": ["RND-04"], "starts": "began_on", "every": "1 year"}},
    }  # fmt: skip


def amount(start: str, value: Any, *, vat: str = "excluded", certainty: str = "exact") -> Data:
    return {"from": start, "value": value, "vat": vat, "certainty": certainty, "source": ["RND-05"]}


SECTIONS = ("eligibility", "costs", "deadlines", "compliance", "notes")


@st.composite
def policies(draw: st.DrawFn, *sections: str) -> Written:
    """A random policy, with some of the sections that questions are about; without their names, any."""
    m = Maker(draw)
    sections = sections or tuple(draw(st.lists(st.sampled_from(SECTIONS), min_size=1, max_size=2, unique=True)))
    data = frame()
    data["in_force"]["outside"] = m.pick("warn", "refuse")
    if m.chance():
        data["in_force"]["until"] = m.pick("2026-12-31", "2028-12-31")
    data["conventions"] |= {"month_end": m.pick("last_day", "next_day", "refuse"), "cent": m.pick("half_up", "down")}
    data["cycles"]["year"]["every"] = m.pick("1 year", "6 months", "10 days")
    if m.chance(3):
        data["cycles"]["year"]["rounds"] = m.pick(1, 2)
    if m.chance(3):
        data["contradictions"] = {"clash": {**both("Never."), "never": m.condition(Place(rows=False), 1)}}
    plain = Place()
    data["terms"] = {"term_1": {**m.said("term 1"), "holds": m.condition(plain, 1)}}
    fee = m.price(plain, 0)
    data["values"] = {
        "fee": {**m.said("fee"), "value": fee},
        "sized": {**m.said("sized"), "value": m.number(plain)},
        "due_on": {**m.said("due on"), "value": m.day(plain)},
    }
    named = (("sized", "number"), ("due_on", "day"), ("fee", "money"))
    place = Place(values=named, terms=("term_1",))
    data["terms"]["term_2"] = {**m.said("term 2"), "holds": m.condition(place, 1)}
    place = Place(values=named, terms=("term_1", "term_2"))
    data["deadlines"] = {
        "apply": {**m.said("apply"), "act": "asked_on", "until": {"earlier": {"than": {"fact": "ended_on"},
                                                                             "by": m.length(place)}}},
    }  # fmt: skip
    if m.chance(3):
        keeping = {"earliest": {"of": "ended_on", "keeping": "apply"}}
        data["deadlines"]["begin"] = {**m.said("begin"), "from": keeping}
    data["deadlines"]["limit_on"] = {**m.said("limit"), "until": m.day(plain)}
    place = Place(values=named, terms=("term_1", "term_2"), deadlines=("apply", "limit_on"))
    kinds = ("each_part", "each_visit", "row", "per")
    if "eligibility" in sections:
        data["eligibility"] = {f"decision_{i}": m.decision(i, place, *kinds) for i in range(1, m.pick(2, 3))}
    if "costs" in sections:
        data["costs"] = {"quote": m.quote(place)}
    if "deadlines" in sections:
        data["deadlines"] |= {f"deadline_{i}": m.deadline(f"deadline {i}", place) for i in range(1, m.pick(2, 3))}
    if "compliance" in sections:
        data["compliance"] = {f"duty_{i}": m.duty(f"duty {i}", place) for i in range(1, m.pick(2, 3))}
    if m.chance(3):
        conflict = {**both("Conflict."), "between": ["RND-05", "RND-06"], "outcome": m.pick("unknown", "warn")}
        data["conflicts"] = {"dispute": conflict}
    if "notes" in sections:
        data["notes"] = {"note_1": m.note("note 1", place)}
    return written(data)


@st.composite
def small_policies(draw: st.DrawFn) -> Written:
    """A policy with one decision over finite facts, each perhaps read in several places."""
    m = Maker(draw)
    data = frame()
    place = Place(terms=(), readings=False, rows=False, exact=True)
    data["terms"] = {"term_1": {**m.said("term 1"), "holds": m.condition(place, 1)}}
    place = Place(terms=("term_1",), readings=False, rows=False, exact=True)
    data["eligibility"] = {"decision_1": {**both("decision"), "requires": {
        f"rule_{i}": m.requirement(f"rule {i}", place, *kinds)
        for i, kinds in enumerate(m.pick([()], [(), ()], [("row",)], [(), ("each_part", "row")]), 1)
    }}}  # fmt: skip
    return written(data)


# --- text and back ---


def yaml_text(value: Any, indent: str = "") -> str:
    """The data as YAML in block style; a text is quoted, so that none is taken for something else."""
    if isinstance(value, dict) and value:
        return "".join(
            f"{indent}{name}:{nested(part, indent)}"
            if part or part is False or part == 0
            else f"{indent}{name}: {{}}\n"
            for name, part in value.items()
        )
    if isinstance(value, list):
        return "".join(f"{indent}-{nested(part, indent)}" for part in value)
    return scalar(value)


def nested(part: Any, indent: str) -> str:
    if isinstance(part, dict | list):
        return f"\n{yaml_text(part, indent + '  ')}" if part else (" {}\n" if isinstance(part, dict) else " []\n")
    return f" {scalar(part)}\n"


def scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | Decimal):
        return str(value)
    return json.dumps(value, ensure_ascii=False)


def catalogue_data() -> Data:
    entries: Data = {one: {"kind": "information", "heading": "h", **both(f"Statement {one}.")} for one in IDS}
    entries["RND-02"]["open"] = [both("What is left open.")]
    return {"statements": "random", "document": both("d"), "entries": entries}


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    found, faults = read_catalogue(Document(catalogue_data(), "<catalogue>", (), {}, {}))
    assert found is not None, faults
    return found


def written(data: Data) -> Written:
    """The policy of the data, read as it would be from its text, but without the text: that takes most of the time."""
    found = catalogue()
    digest = hashlib.sha256(repr(data).encode()).hexdigest()[:16]
    policy, faults = read_policy(Document(data, "<random>", (), {}, {}), [], found.entries, found.text, digest)
    assert policy is not None, f"{report(faults)}\n{yaml_text(data)}"
    assert not faults, f"{report(faults)}\n{yaml_text(data)}"
    return Written(policy, data)


def check(data: Data, folder: Path) -> Checked:
    """What the whole pipeline makes of the data, written in a folder as text."""
    (folder / "statements").mkdir(exist_ok=True)
    (folder / "statements" / "random.yaml").write_text(yaml_text(catalogue_data()), encoding="utf-8")
    (folder / "random.yaml").write_text(yaml_text(data), encoding="utf-8")
    return check_file(folder / "random.yaml")
