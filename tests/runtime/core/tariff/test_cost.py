"""Money is exact, and rounded once."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.core.tariff.cost import Bill, TariffPart, bill, money_text

PRICES = {1: (1, 150_000), 2: (1, 175_000), 3: (2, 90_000), 4: (2, None)}


def test_energy_of_all_versions_of_a_tariff_is_one_line():
    assert bill(6_000_000, {1: 1_000_000, 2: 2_000_000, 3: 3_000_000}, PRICES) == Bill(
        (TariffPart(1, 3_000_000, 500_000_000_000), TariffPart(2, 3_000_000, 270_000_000_000)), 770_000_000_000, 0
    )


def test_energy_without_rule_or_price_is_marked():
    found = bill(10, {1: 4, 4: 3}, PRICES)
    assert (found.cost_p, found.unpriced_n) == (600_000, 6)
    assert found.by_tariff[1] == TariffPart(2, 3, None)
    assert bill(10, {}, PRICES) == Bill((), None, 10)
    assert bill(None, {}, PRICES) == Bill()


@pytest.mark.parametrize(
    ("cost_p", "currency", "text"),
    [
        (5_000_000_000, "EUR", "0.00"),
        (15_000_000_000, "EUR", "0.02"),
        (25_000_000_000, "EUR", "0.02"),
        (25_000_000_001, "EUR", "0.03"),
        (-4_000_000_000, "EUR", "0.00"),
        (-1_250_000_000_000, "GBP", "-1.25"),
        (1_500_000_000_000, "JPY", "2"),
        (2_500_000_000_000, "JPY", "2"),
        (1_234_500_000, "KWD", "0.001"),
    ],
)
def test_a_line_is_rounded_half_to_even_in_the_currencys_smallest_unit(cost_p, currency, text):
    assert money_text(cost_p, currency) == text


@given(st.integers(-(10**15), 10**15), st.integers(-(10**6), 10**6))
def test_money_is_what_decimal_says(energy_n, amount_u):
    by_hand = Decimal(energy_n) / 10**6 * (Decimal(amount_u) / 10**6)
    shown = money_text(bill(energy_n, {9: energy_n}, {9: (1, amount_u)}).cost_p, "EUR")
    assert Decimal(shown) == by_hand.quantize(Decimal("0.01"), ROUND_HALF_EVEN)
