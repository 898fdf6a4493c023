"""Money: tables a person judged, and laws that hold for any amount."""

from __future__ import annotations

import decimal
import math
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trainingrules.money import (
    MONEY_PATTERN,
    Certainty,
    Rounding,
    Vat,
    from_cents,
    least_certain,
    parse_money,
    round_cents,
    split,
    to_cents,
    vat_on,
    write_money,
)


def table(name: str) -> list[list[str]]:
    """The rows under the heading."""
    text = (Path(__file__).parent / "vectors" / name).read_text(encoding="utf-8")
    _heading, *rows = (line for line in text.splitlines() if not line.startswith("#"))
    return [[cell.strip() for cell in row.split(";")] for row in rows]


cents = st.integers(-(10**14) + 1, 10**14 - 1)
fractions = st.one_of(
    st.fractions(max_denominator=1000),
    st.builds(Fraction, st.integers(-(10**20), 10**20), st.sampled_from([1, 2, 3, 4, 100, 10**6])),
)
roundings = st.sampled_from(Rounding)
rates = st.decimals(1, 100, places=2)


@st.composite
def shares(draw: st.DrawFn) -> tuple[list[Fraction], int]:
    """Percentages that make 100, and the place of one of them."""
    weights = draw(st.lists(st.integers(0, 1000), min_size=1, max_size=8).filter(any))
    percents = [Fraction(100 * weight, sum(weights)) for weight in weights]
    return percents, draw(st.integers(0, len(percents) - 1))


# ------------------------------------------------------------------------------------------ in and out


@given(cents)
@example(0)
@example(-1)
@example(5)
def test_an_amount_survives_the_door_both_ways(amount):
    """
    As a decimal and as a text the cents are the same cents.
    """
    assert to_cents(from_cents(amount)) == amount
    assert parse_money(write_money(amount)) == amount
    assert re.fullmatch(MONEY_PATTERN, write_money(amount))


@given(cents)
def test_a_decimal_leaves_with_two_decimals_and_exact(amount):
    """
    100 times what leaves is the cents, as fractions tell it.
    """
    out = from_cents(amount)
    assert out.as_tuple().exponent == -2
    assert Fraction(out) * 100 == amount
    assert str(out) == write_money(amount)


@given(st.integers(-(10**12) + 1, 10**12 - 1))
def test_a_whole_number_is_whole_units(units):
    """
    445 is 445.00.
    """
    assert to_cents(units) == to_cents(Decimal(units)) == units * 100


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal(445), 44500),
        (Decimal("445.5"), 44550),
        (Decimal("445.05"), 44505),
        (Decimal("4.5E+2"), 45000),
        (Decimal("1E+2"), 10000),
        (Decimal("-0.01"), -1),
        (Decimal("-0.00"), 0),
        (Decimal("0E+999999"), 0),
        (Decimal("999999999999.99"), 10**14 - 1),
        (Decimal("-999999999999.99"), 1 - 10**14),
    ],
)
def test_decimals_come_in_exactly(value, expected):
    """
    However a decimal was written, its cents are its value.
    """
    assert to_cents(value) == expected


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (True, "a decimal or a whole number"),
        (1.0, "a decimal or a whole number"),
        (19.99, "a decimal or a whole number"),
        ("19.99", "a decimal or a whole number"),
        (None, "a decimal or a whole number"),
        (Fraction(1, 2), "a decimal or a whole number"),
        (Decimal("NaN"), "finite"),
        (Decimal("sNaN"), "finite"),
        (Decimal("Infinity"), "finite"),
        (Decimal("-Infinity"), "finite"),
        (Decimal("0.001"), "at most two decimals"),
        (Decimal("1.500"), "at most two decimals"),
        (Decimal("0.000"), "at most two decimals"),
        (Decimal("1E-999999"), "at most two decimals"),
        (Decimal("1E+12"), "at most 12 digits"),
        (Decimal("1E+999999999"), "at most 12 digits"),
        (10**12, "at most 12 digits"),
        (-(10**12), "at most 12 digits"),
    ],
)
def test_what_is_not_an_exact_amount_is_refused(wrong, reason):
    """
    No float, no boolean, no third decimal, nothing endless.
    """
    with pytest.raises(ValueError, match=f"^an amount of money (is|has) .*{reason}"):
        to_cents(wrong)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1,50",
        "1.234,50",
        "1.500",
        ".5",
        "5.",
        "+5",
        "05",
        "1 000",
        "€ 5",
        "5.00 ",
        "5.00\n",
        "1e3",
        "NaN",
        "٣",
    ],
)
def test_texts_that_could_mean_another_amount_are_refused(text):
    """
    One way to write an amount.
    """
    with pytest.raises(ValueError, match="with a point and at most two decimals"):
        parse_money(text)


@pytest.mark.parametrize(("text", "expected"), [("0", 0), ("0.5", 50), ("-0.00", 0), ("-12.34", -1234)])
def test_amounts_are_read(text, expected):
    """
    With a point, and with no more decimals than cents have.
    """
    assert parse_money(text) == expected


@pytest.mark.parametrize("wrong", [True, 1.0, Decimal(1), "1", None])
@pytest.mark.parametrize(
    "take",
    [
        from_cents,
        write_money,
        lambda wrong: split(wrong, [100], 0),
        lambda wrong: vat_on(wrong, 21, Rounding.UP),
    ],
)
def test_cents_are_whole_numbers(take, wrong):
    """
    At work there are only whole cents.
    """
    with pytest.raises(TypeError, match="cents are a whole number"):
        take(wrong)


# -------------------------------------------------------------------------------------------- rounding


@pytest.mark.parametrize(("exact", "half_up", "half_even", "down", "up"), table("round_cents.csv"))
def test_rounding_follows_the_table(exact: str, half_up: str, half_even: str, down: str, up: str) -> None:
    """
    Each rule makes of each fraction what the table says.
    """
    rounded = [round_cents(Fraction(exact), rounding) for rounding in Rounding]
    assert rounded == [int(half_up), int(half_even), int(down), int(up)]


NAMES = {
    Rounding.HALF_UP: decimal.ROUND_HALF_UP,
    Rounding.HALF_EVEN: decimal.ROUND_HALF_EVEN,
    Rounding.DOWN: decimal.ROUND_DOWN,
    Rounding.UP: decimal.ROUND_UP,
}


@given(st.decimals(-(10**9), 10**9, places=4), roundings)
def test_the_rules_are_those_of_decimal(exact, rounding):
    """
    The names mean what they mean in Python's decimals.
    """
    assert round_cents(Fraction(exact), rounding) == int(exact.to_integral_value(NAMES[rounding]))


@given(fractions, roundings)
def test_rounding_stays_near(exact, rounding):
    """
    The halves move by half a cent at most, the others by less than one; whole cents do not move.
    """
    moved = abs(round_cents(exact, rounding) - exact)
    assert moved <= Fraction(1, 2) if rounding in (Rounding.HALF_UP, Rounding.HALF_EVEN) else moved < 1
    assert round_cents(math.floor(exact), rounding) == math.floor(exact)


@given(fractions, roundings)
def test_below_zero_is_the_mirror_image(exact, rounding):
    """
    A reduction is rounded as the charge it undoes.
    """
    assert round_cents(-exact, rounding) == -round_cents(exact, rounding)


@given(fractions, fractions, roundings)
def test_rounding_keeps_the_order(one, other, rounding):
    """
    What costs no more costs no more in whole cents.
    """
    less, more = sorted((one, other))
    assert round_cents(less, rounding) <= round_cents(more, rounding)


@pytest.mark.parametrize("wrong", [True, 2.5, Decimal("2.5"), "5/2", None])
def test_only_exact_amounts_are_rounded(wrong):
    """
    A float has been rounded before.
    """
    with pytest.raises(TypeError, match="fraction or a whole number"):
        round_cents(wrong, Rounding.HALF_UP)


@pytest.mark.parametrize("word", [*(rounding.value for rounding in Rounding), None])
def test_a_rule_is_never_taken_for_another(word):
    """
    A word is not a rule yet, and is not silently rounded down.
    """
    with pytest.raises(AssertionError):
        round_cents(Fraction(1, 2), word)


# --------------------------------------------------------------------------------------------- shares


@pytest.mark.parametrize(("total", "percents", "odd", "parts"), table("split.csv"))
def test_shares_follow_the_table(total: str, percents: str, odd: str, parts: str) -> None:
    """
    Each amount falls apart as the table says.
    """
    found = split(parse_money(total), [Fraction(percent) for percent in percents.split()], int(odd) - 1)
    assert " ".join(map(write_money, found)) == parts


@given(cents, shares())
def test_shares_add_up_and_only_one_is_odd(total, asked):
    """
    Not a cent is lost; every share but the odd one is its exact part without the part of a cent.
    """
    percents, odd = asked
    found = split(total, percents, odd)
    assert sum(found) == total
    assert len(found) == len(percents)
    for place, (share, percent) in enumerate(zip(found, percents, strict=True)):
        exact = total * percent / 100
        assert abs(share - exact) < (len(percents) if place == odd else 1)
        assert abs(share) >= abs(exact) if place == odd else abs(share) <= abs(exact)


@given(cents)
def test_the_odd_half_is_never_the_smaller(total):
    """
    Two halves differ by at most the one cent that the odd one gets.
    """
    odd, other = split(total, [Decimal(50), Decimal(50)], 0)
    assert abs(odd) - abs(other) == total % 2


@pytest.mark.parametrize("percents", [[], [50], [50, 49], [50, 51], [Decimal("33.3")] * 3])
def test_shares_make_a_hundred(percents):
    """
    What is not shared, or shared twice, is a fault.
    """
    with pytest.raises(ValueError, match="do not make 100 percent"):
        split(1000, percents, 0)


@pytest.mark.parametrize("odd", [-1, 2, True, 0.0])
def test_the_odd_share_is_one_of_them(odd):
    """
    Counted from 0, and not from behind.
    """
    with pytest.raises(ValueError, match="not one of the shares"):
        split(1000, [50, 50], odd)


WRONG_PERCENTS = [
    (True, "is a decimal, a fraction or a whole number"),
    (50.0, "is a decimal, a fraction or a whole number"),
    ("50", "is a decimal, a fraction or a whole number"),
    (Decimal("NaN"), "is a finite number"),
    (Decimal("Infinity"), "is a finite number"),
    (Decimal("1E-13"), "has at most 12 decimals"),
    (Decimal("1E-999999999"), "has at most 12 decimals"),
    (Decimal("1E+999999999"), "lies between 0 and 100"),
    (Decimal("100.01"), "lies between 0 and 100"),
    (-1, "lies between 0 and 100"),
    (Fraction(-1, 3), "lies between 0 and 100"),
]


@pytest.mark.parametrize(("wrong", "reason"), WRONG_PERCENTS)
def test_a_percentage_is_exact_and_bounded(wrong, reason):
    """
    For shares and for tax alike, and nothing in it can fill the memory.
    """
    with pytest.raises(ValueError, match=f"^a percentage {reason}$"):
        split(1000, [wrong, 50], 0)
    with pytest.raises(ValueError, match=f"^a percentage {reason}$"):
        vat_on(1000, wrong, Rounding.HALF_UP)


# ------------------------------------------------------------------------------------------------ tax


@pytest.mark.parametrize(("amount", "rate", "rounding", "tax"), table("vat.csv"))
def test_tax_follows_the_table(amount: str, rate: str, rounding: str, tax: str) -> None:
    """
    Each amount, at each rate, bears the tax in the table.
    """
    assert write_money(vat_on(parse_money(amount), Decimal(rate), Rounding(rounding))) == tax


@given(cents, rates, roundings)
def test_tax_is_rounded_once(amount, rate, rounding):
    """
    It is the exact tax, rounded at the end.
    """
    assert vat_on(amount, rate, rounding) == round_cents(Fraction(amount) * Fraction(rate) / 100, rounding)


@pytest.mark.parametrize("rate", [Decimal("0.21"), Decimal("0.09"), Decimal("0.999999999999")])
def test_a_rate_is_a_percentage(rate):
    """
    0.21 was meant as 21.
    """
    with pytest.raises(ValueError, match="a VAT rate is a percentage, such as 21"):
        vat_on(10000, rate, Rounding.HALF_UP)


# -------------------------------------------------------------------------------- the host, and the words


@given(cents, rates, roundings, st.integers(1, 5), st.sampled_from(list(NAMES.values())))
def test_the_decimal_settings_of_the_host_change_nothing(amount, rate, rounding, precision, mode):
    """
    A host that reckons in two digits, and traps all else, gets the same cents.
    """

    def reckoned() -> tuple[object, ...]:
        out = from_cents(amount)
        return (
            to_cents(out),
            str(out),
            parse_money(write_money(amount)),
            vat_on(amount, rate, rounding),
            split(amount, [rate, 100 - Fraction(rate)], 0),
        )

    expected = reckoned()
    traps = [decimal.Inexact, decimal.Rounded, decimal.FloatOperation, decimal.Subnormal, decimal.Clamped]
    with decimal.localcontext(decimal.Context(prec=precision, rounding=mode, Emin=-1, Emax=1, traps=traps)):
        assert reckoned() == expected


@given(st.lists(st.sampled_from(Certainty)))
def test_a_sum_is_as_certain_as_its_least_certain_part(certainties):
    """
    Exact, average, indication, approximate: the furthest of these that occurs, in any order.
    """
    found = least_certain(certainties)
    order = ["exact", "average", "indication", "approximate"]
    assert order.index(found.value) == max((order.index(each.value) for each in certainties), default=0)
    assert least_certain(reversed(certainties)) is found
    assert least_certain(iter([*certainties, Certainty.EXACT])) is found


def test_the_words_are_those_of_the_language():
    """
    What an author writes is the value of each.
    """
    assert [each.value for each in Vat] == ["excluded", "included", "not_stated"]
    assert [each.value for each in Certainty] == ["exact", "average", "indication", "approximate"]
    assert [each.value for each in Rounding] == ["half_up", "half_even", "down", "up"]
