"""What a value in another notation means: days, amounts, lengths and truths as Dutch staff write them."""

from __future__ import annotations

import re
from datetime import date

from trainingrules.kinds import KINDS, Shape

_MONTHS = {
    name: number
    for names in ("januari februari maart april mei juni juli augustus september oktober november december",
                  "january february march april may june july august september october november december",
                  "jan feb mrt apr mei jun jul aug sep okt nov dec")
    for number, name in enumerate(names.split(), 1)
}  # fmt: skip
_UNITS = {
    "jaar": "year", "jaren": "year", "year": "year", "years": "year", "maand": "month", "maanden": "month",
    "month": "month", "months": "month", "week": "week", "weken": "week", "weeks": "week", "dag": "day",
    "dagen": "day", "day": "day", "days": "day", "uur": "hour", "uren": "hour", "hour": "hour", "hours": "hour",
}  # fmt: skip
_COUNTS = {"een": "1", "één": "1", "one": "1", "a": "1", "an": "1", "twee": "2", "two": "2", "drie": "3", "three": "3"}
_TRUTHS = {
    "ja": "true", "waar": "true", "yes": "true", "true": "true", "nee": "false", "onwaar": "false", "no": "false",
    "false": "false",
}  # fmt: skip


def meanings(given: object, kind: str) -> list[str]:
    """
    What a text may mean where a value of this kind is expected, as the language writes it; mostly one thing or none.

    >>> meanings("31-12-2026", "date"), meanings("1-3-2026", "date")
    (['2026-12-31'], ['2026-03-01', '2026-01-03'])
    >>> meanings("€ 1.080,00", "money"), meanings("3 maanden", "duration"), meanings("ja", "boolean")
    (['1080.00'], ['3 months'], ['true'])
    """
    if not isinstance(given, str):
        return []
    text = " ".join(given.split())
    match kind:
        case "date":
            return _days(text)
        case "money":
            return _amounts(text)
        case "integer" | "decimal" | "percent":
            return _numbers(text, kind)
        case "duration":
            return _lengths(text)
        case "boolean":
            return [_TRUTHS[text.casefold()]] if text.casefold() in _TRUTHS else []
    return []


def fitting(given: object, shape: Shape) -> list[str]:
    """
    What a text may mean where a value of this shape is expected: of lengths, those that its unit can count.

    >>> fitting("2 weken", Shape("duration", unit="days")), fitting("2 weken", Shape("duration", unit="months"))
    (['2 weeks'], [])
    """
    found = meanings(given, shape.kind)
    return [one for one in found if shape.kind != "duration" or _counts(one, shape)]


def _counts(length: str, shape: Shape) -> bool:
    try:
        KINDS["duration"].parse(length, shape)
    except ValueError:
        return False
    return True


def _days(text: str) -> list[str]:
    if found := re.fullmatch(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})", text):
        return _existing((found[1], found[2], found[3]))
    if found := re.fullmatch(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})", text):
        # The day first, as in the Netherlands; or the month first, as in America.
        return _existing((found[3], found[2], found[1]), (found[3], found[1], found[2]))
    if found := re.fullmatch(r"([0-9]{1,2}) ([a-z]+)\.? ([0-9]{4})", text.casefold()):
        return _existing((found[3], str(_MONTHS.get(found[2], 0)), found[1]))
    return []


def _existing(*days: tuple[str, str, str]) -> list[str]:
    found = []
    for year, month, day in days:
        try:
            found.append(date(int(year), int(month), int(day)).isoformat())
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def _amounts(text: str) -> list[str]:
    bare = re.sub(r"^(€|EUR|euro)\s*|\s*(€|EUR|euro)$", "", text, flags=re.IGNORECASE)
    bare = re.sub(r"[.,]([-–—=]+)$", "", bare)
    if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+(,[0-9]{2})", bare):
        bare = bare.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]{2})", bare):
        bare = bare.replace(",", "")
    elif re.fullmatch(r"[0-9]+,[0-9]{1,2}", bare):
        bare = bare.replace(",", ".")
    found = re.fullmatch(r"([0-9]+)(?:\.([0-9]{1,2}))?", bare)
    if found is None or (found[1] != "0" and found[1].startswith("0")):
        return []
    return [f"{found[1]}.{(found[2] or ''):0<2}"]


def _numbers(text: str, kind: str) -> list[str]:
    bare = re.sub(r"\s*(%|procent|per cent)$", "", text) if kind == "percent" else text
    if kind != "integer":
        bare = re.sub(r"^(-?[0-9]+),([0-9]{1,2})$", r"\1.\2", bare)
    form = r"-?(0|[1-9][0-9]*)" if kind == "integer" else r"-?(0|[1-9][0-9]*)(\.[0-9]+)?"
    return [bare] if re.fullmatch(form, bare) else []


def _lengths(text: str) -> list[str]:
    found = re.fullmatch(r"([0-9]{1,4}|[a-zé]+)\s?([a-z]+)", text.casefold())
    if found is None or found[2] not in _UNITS:
        return []
    count = found[1] if found[1].isdigit() else _COUNTS.get(found[1], "")
    if not count or (count != "0" and count.startswith("0")):
        return []
    unit = _UNITS[found[2]]
    return [f"{count} {unit}" if count == "1" else f"{count} {unit}s"]
