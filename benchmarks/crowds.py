"""Many persons at once: whom, and the same decision in columns as a careful person would write it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import reduce
from itertools import islice
from operator import and_, or_
from typing import Any

import polars as pl

from benchmarks.bcmb import COHORTS
from benchmarks.cases import AllOf, AnyOf, AtMost, Case, Check, Condition, Not, checks, number, read

KEY = "key"
POOL, SEED = 20_000, 7
UNKNOWN = 0.2  # the share of cells that is not told


def paths(case: Case) -> Mapping[str, str]:
    """The column of each fact in a table of persons, by its flat name."""
    complete = next(case.draw(SEED)).complete
    found = {}
    for name, flat in complete.items():
        ((fact, value),) = case.given({name: flat}).items()
        found[name] = f"{fact}[{next(iter(value))}]" if isinstance(value, dict) else name
    return found


def people(case: Case, count: int, *, complete: bool = False, seed: int = SEED) -> pl.DataFrame:
    """So many persons, by flat names: drawn from a pool, and of every fact a fifth is not told."""
    pool = pl.DataFrame([one.complete for one in islice(case.draw(seed), POOL)], infer_schema_length=None)
    frame = pool.sample(count, with_replacement=True, seed=seed)
    chance = pl.int_range(0, count)
    told = [
        pl.when(chance.shuffle(seed=seed + place) >= int(UNKNOWN * count)).then(pl.col(name)).alias(name)
        for place, name in enumerate(frame.columns)
    ]
    return frame.select(chance.alias(KEY), *(frame.columns if complete else told))


def normal(case: Case, frame: pl.DataFrame) -> pl.DataFrame:
    """The same with the columns that our engines take."""
    return frame.rename(dict(paths(case)))


# ------------------------------------------------------------------------------------------------------- polars


def expression(condition: Condition) -> pl.Expr:
    """A condition as somebody who knows polars writes it: its nulls are three-valued of themselves."""
    match condition:
        case Check(fact, "==", True):
            return pl.col(fact)
        case Check(fact, "==", than):
            return pl.col(fact) == than
        case Check(fact, "in", than):
            return pl.col(fact).is_in(list(than))
        case Check(fact, ">=", than):
            return pl.col(fact) >= than
        case Check(fact, _, than):
            return pl.col(fact) <= than
        case AtMost(fact, other):
            return pl.col(fact) <= pl.col(other)
        case Not(part):
            return ~expression(part)
        case AllOf(parts):
            return reduce(and_, map(expression, parts))
        case AnyOf(parts):
            return reduce(or_, map(expression, parts))


def _of_series() -> dict[str, pl.Expr]:
    cohort = pl.col("cohort")
    return {
        "closes_on": cohort.replace_strict({name: closes for name, (closes, _) in COHORTS.items()}),
        "for_programme_b": cohort.is_in([name for name, (_, of_b) in COHORTS.items() if of_b]),
    }


def with_series(frame: pl.DataFrame) -> pl.DataFrame:
    """With what the table says of the series that was chosen, for who is spared it."""
    return frame.with_columns(**_of_series()).drop("cohort")


def in_polars(case: Case, frame: pl.LazyFrame, *, findings: bool) -> pl.LazyFrame:
    """The verdict of each person as a word and, if asked, the truth of every rule."""
    rules = {rule.name: expression(rule.must) for rule in case.rules}
    if "closes_on" in read(case.rules):
        frame = frame.with_columns(**_of_series())
    whole = pl.col("whole")
    verdict = pl.when(whole).then(pl.lit("yes")).when(~whole).then(pl.lit("no")).otherwise(pl.lit("unknown"))
    if findings:
        found = frame.select(KEY, **rules).with_columns(whole=reduce(and_, map(pl.col, rules)))
        return found.select(KEY, verdict.alias("verdict"), *rules)
    return frame.select(KEY, whole=reduce(and_, rules.values())).select(KEY, verdict.alias("verdict"))


# ---------------------------------------------------------------------------------------------------------- SQL


def sql(case: Case, table: str) -> str:
    """The same as one SELECT, as somebody who knows SQL writes it."""
    source = f'"{table}"'
    if "closes_on" in read(case.rules):
        rows = ", ".join(f"('{name}', DATE '{closes}', {of_b})" for name, (closes, of_b) in COHORTS.items())
        source += f" LEFT JOIN (VALUES {rows}) AS cohorts(cohort, closes_on, for_programme_b) USING (cohort)"
    rules = ", ".join(f'{_sql(rule.must)} AS "{rule.name}"' for rule in case.rules)
    whole = " AND ".join(f'"{rule.name}"' for rule in case.rules)
    return (f"WITH found AS (SELECT {KEY}, {rules} FROM {source}) SELECT *, CASE WHEN {whole} THEN 'yes' "
            f"WHEN NOT ({whole}) THEN 'no' ELSE 'unknown' END AS verdict FROM found")  # fmt: skip


def _sql(condition: Condition) -> str:
    match condition:
        case Check(fact, "==", True):
            return f'"{fact}"'
        case Check(fact, "in", than):
            return f'"{fact}" IN ({", ".join(map(_literal, than))})'
        case Check(fact, sign, than):
            return f'"{fact}" {"=" if sign == "==" else sign} {_literal(than)}'
        case AtMost(fact, other):
            return f'"{fact}" <= "{other}"'
        case Not(part):
            return f"NOT {_sql(part)}"
        case AllOf(parts):
            return "(" + " AND ".join(map(_sql, parts)) + ")"
        case AnyOf(parts):
            return "(" + " OR ".join(map(_sql, parts)) + ")"


def _literal(value: Any) -> str:
    return str(value) if isinstance(value, bool | int) else f"'{value}'"


# -------------------------------------------------------------------------------------------------------- numpy


def arrays(case: Case, frame: pl.DataFrame) -> dict[str, tuple[Any, Any]]:
    """Each fact as an array of numbers and one that says where it is known: words by their place, days by number."""
    codes = words(case)
    found = {}
    for name in frame.columns[1:]:
        column = frame[name]
        known = column.is_not_null()
        if column.dtype == pl.String:
            column = column.replace_strict(codes, default=0, return_dtype=pl.Int8)
        elif column.dtype == pl.Date:
            column = column.to_physical() + date(1970, 1, 1).toordinal()
        filled = column.fill_null(False if column.dtype == pl.Boolean else 0)
        found[name] = filled.to_numpy(), known.to_numpy()
    return found


def words(case: Case) -> dict[str, int]:
    """A number for each word that is compared."""
    thans = [one.than for rule in case.rules for one in checks(rule.must) if isinstance(one, Check)]
    found = {word for than in thans for word in (than if isinstance(than, tuple) else (than,))}
    return {word: place for place, word in enumerate(sorted(one for one in found if isinstance(one, str)), 1)}


def in_numpy(case: Case, facts: Mapping[str, tuple[Any, Any]], codes: Mapping[str, int]) -> Any:
    """Per person 1 for yes, -1 for no, 0 for unknown: of every part arrays of where it holds, and where it fails."""
    import numpy as np

    def truth(condition: Condition) -> tuple[Any, Any]:
        match condition:
            case Check(fact, sign, than):
                value, known = facts[fact]
                if sign == "in":
                    test = np.isin(value, [codes[one] for one in than])
                elif than is True:
                    test = value
                else:
                    held = codes[than] if isinstance(than, str) else number(than)
                    test = value == held if sign == "==" else value >= held if sign == ">=" else value <= held
                return known & test, known & ~test
            case AtMost(fact, other):
                (one, here), (two, there) = facts[fact], facts[other]
                known = here & there
                return known & (one <= two), known & (one > two)
            case Not(part):
                yes, no = truth(part)
                return no, yes
            case AllOf(parts):
                pairs = [truth(part) for part in parts]
                return reduce(and_, (yes for yes, _ in pairs)), reduce(or_, (no for _, no in pairs))
            case AnyOf(parts):
                pairs = [truth(part) for part in parts]
                return reduce(or_, (yes for yes, _ in pairs)), reduce(and_, (no for _, no in pairs))

    yes, no = truth(AllOf(tuple(rule.must for rule in case.rules)))
    return yes.astype(np.int8) - no
