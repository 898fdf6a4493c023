"""Exact money: whole cents at work, decimals at the door, never a float."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

# How an amount is written; a schema can hold the same pattern.
MONEY_PATTERN = r"-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,2})?"

_MONEY = re.compile(MONEY_PATTERN)
# Amounts stay under a million millions: they, and sums of millions of them, fit a 64-bit column.
_MOST_DIGITS = 12
MOST_CENTS = 10 ** (_MOST_DIGITS + 2) - 1


class Vat(enum.Enum):
    """What the source says of value-added tax in an amount."""

    EXCLUDED = "excluded"
    INCLUDED = "included"
    NOT_STATED = "not_stated"


class Certainty(enum.Enum):
    """How sure the source is of an amount, the surest first."""

    EXACT = "exact"
    AVERAGE = "average"
    INDICATION = "indication"
    APPROXIMATE = "approximate"


class Rounding(enum.Enum):
    """What becomes of part of a cent; `up` and `half_up` are away from zero, `down` is towards it."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    DOWN = "down"
    UP = "up"


_FROM_SUREST = tuple(Certainty)


def least_certain(certainties: Iterable[Certainty]) -> Certainty:
    """
    What can be said of a sum: it is as certain as its least certain part.

    >>> least_certain([Certainty.EXACT, Certainty.INDICATION, Certainty.AVERAGE])
    <Certainty.INDICATION: 'indication'>
    >>> least_certain([])
    <Certainty.EXACT: 'exact'>
    """
    return max(certainties, key=_FROM_SUREST.index, default=Certainty.EXACT)


def to_cents(value: Decimal | int) -> int:
    """
    An amount in whole cents; an integer is a number of whole units of the currency.

    A third decimal is refused even when it is a zero: 1.500 may have meant fifteen hundred.

    >>> to_cents(Decimal("445.5")), to_cents(445)
    (44550, 44500)
    >>> to_cents(Decimal("1.500"))
    Traceback (most recent call last):
        ...
    ValueError: an amount of money has at most two decimals
    """
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        raise ValueError("an amount of money is a decimal or a whole number")
    exact = Decimal(value)
    sign, digits, exponent = exact.as_tuple()
    if not isinstance(exponent, int):
        raise ValueError("an amount of money is a finite number")
    if exponent < -2:
        raise ValueError("an amount of money has at most two decimals")
    if not exact:
        return 0
    if exact.adjusted() >= _MOST_DIGITS:
        raise ValueError(f"an amount of money has at most {_MOST_DIGITS} digits before the point")
    cents = int("".join(map(str, digits)) + "0" * (exponent + 2))
    return -cents if sign else cents


def parse_money(text: str) -> int:
    """
    The cents of an amount written with a point and at most two decimals; `write_money` writes it.

    >>> parse_money("1234.5")
    123450
    >>> parse_money("1.234,50")
    Traceback (most recent call last):
        ...
    ValueError: an amount of money is written with a point and at most two decimals, such as 445.00
    """
    if _MONEY.fullmatch(text) is None:
        raise ValueError("an amount of money is written with a point and at most two decimals, such as 445.00")
    return to_cents(Decimal(text))


def from_cents(cents: int) -> Decimal:
    """
    The amount as a decimal, always with two decimals.

    >>> from_cents(44500)
    Decimal('445.00')
    """
    return Decimal(write_money(cents))


def write_money(cents: int) -> str:
    """
    The amount as it is written in a policy.

    >>> write_money(123450), write_money(-5)
    ('1234.50', '-0.05')
    """
    _require_cents(cents)
    units, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{units}.{rest:02}"


def round_cents(exact: Fraction | int, rounding: Rounding) -> int:
    """
    A fraction of cents as whole cents; what lies below zero is rounded as its mirror image above.

    >>> round_cents(Fraction(5, 2), Rounding.HALF_UP), round_cents(Fraction(5, 2), Rounding.HALF_EVEN)
    (3, 2)
    >>> round_cents(Fraction(-5, 2), Rounding.HALF_UP), round_cents(Fraction(-5, 2), Rounding.DOWN)
    (-3, -2)
    """
    if isinstance(exact, bool) or not isinstance(exact, Fraction | int):
        raise TypeError("an exact amount is a fraction or a whole number of cents")
    whole, rest = divmod(abs(exact.numerator), exact.denominator)
    twice = 2 * rest
    match rounding:
        case Rounding.HALF_UP:
            more = twice >= exact.denominator
        case Rounding.HALF_EVEN:
            more = twice > exact.denominator or (twice == exact.denominator and whole % 2 == 1)
        case Rounding.UP:
            more = rest > 0
        case Rounding.DOWN:
            more = False
        case never:
            assert_never(never)
    size = whole + more
    return -size if exact < 0 else size


def split(total_cents: int, percents: Sequence[Fraction | Decimal | int], odd: int) -> tuple[int, ...]:
    """
    Shares of a total by percentage, which add up to it exactly.

    Every share loses its part of a cent (it is rounded towards zero); the share at index ``odd`` gets
    all that remains, so of two halves of an odd amount the odd one is the larger by a cent.

    >>> split(1001, [50, 50], odd=0)
    (501, 500)
    >>> split(100, [Fraction(100, 3)] * 3, odd=2)
    (33, 33, 34)
    """
    _require_cents(total_cents)
    parts = [_percentage(percent) for percent in percents]
    if sum(parts) != 100:
        raise ValueError("the shares do not make 100 percent")
    if type(odd) is not int or not 0 <= odd < len(parts):
        raise ValueError("the share with the odd cent is not one of the shares")
    shares = [round_cents(total_cents * part / 100, Rounding.DOWN) for part in parts]
    shares[odd] += total_cents - sum(shares)
    return tuple(shares)


def vat_on(cents: int, rate: Decimal | int, rounding: Rounding) -> int:
    """
    The tax on an amount that excludes it, at a rate in percent: 21, not 0.21.

    >>> vat_on(10050, Decimal("21"), Rounding.HALF_UP)
    2111
    >>> vat_on(10050, Decimal("0.21"), Rounding.HALF_UP)
    Traceback (most recent call last):
        ...
    ValueError: a VAT rate is a percentage, such as 21
    """
    _require_cents(cents)
    percent = _percentage(rate)
    if 0 < percent < 1:
        raise ValueError("a VAT rate is a percentage, such as 21")
    return round_cents(cents * percent / 100, rounding)


def _require_cents(cents: object) -> None:
    if type(cents) is not int:
        raise TypeError("cents are a whole number")


def _percentage(value: Fraction | Decimal | int) -> Fraction:
    """Exactly this many percent; the bounds come first, since 1E+999999999 as a fraction fills the memory."""
    if isinstance(value, bool) or not isinstance(value, Fraction | Decimal | int):
        raise ValueError("a percentage is a decimal, a fraction or a whole number")
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        if not isinstance(exponent, int):
            raise ValueError("a percentage is a finite number")
        if exponent < -12:
            raise ValueError("a percentage has at most 12 decimals")
    if not 0 <= value <= 100:
        raise ValueError("a percentage lies between 0 and 100")
    return Fraction(value)
