from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.text.figures import figure, json_number, money, price, scale, typed


@given(st.integers(-(10**15), 10**15))
def test_json_numbers_are_the_exact_decimals(n: int) -> None:
    text = json.dumps(json_number(n, -3))
    whole, _, decimals = text.partition(".")
    assert len(decimals) <= 3
    assert int(whole + decimals.ljust(3, "0")) == n


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (0, "W", "0 W"), (9.4, "W", "9.4 W"), (999, "W", "999 W"), (1000, "W", "1.00 kW"), (12_345.6, "W", "12.35 kW"),
        (123_456, "W", "123.5 kW"), (2_500_000, "Wh", "2.50 MWh"), (7_000_000_000_000, "Wh", "7,000.0 GWh"),
        (-1500, "W", "-1.50 kW"), (230.15, "V", "230.2 V"), (49.998, "Hz", "50.00 Hz"), (1500, "dm3", "1.50 m³"),
    ],
)  # fmt: skip
def test_units_scale_by_themselves(value: float, unit: str, shown: str) -> None:
    made = scale(value, unit, "en")
    assert f"{made.text} {made.unit}" == shown


def test_figures_have_the_language_s_own_form() -> None:
    assert scale(1_234_500, "V", "fr").text == "1\u202f234\u202f500,0"


def test_indexes_are_told_in_thousands_as_on_the_device() -> None:
    assert figure("active_energy_import_wh", 1_234_567_890, "en").text == "1,234.57"
    assert figure("active_energy_import_wh", 1_234_567_890, "en").unit == "kWh"


def test_no_value_is_a_dash_and_states_have_names() -> None:
    assert figure("active_power_w", None, "en").text == "–"
    assert figure("breaker_state", 2, "en").text == "tripped"
    assert figure("breaker_state", 9, "en").text == "9"


@pytest.mark.parametrize(
    ("cost_p", "currency", "locale", "text"),
    [
        (13_011_525_000_000_000, "EUR", "en", "€13,011.52"), (13_011_535_000_000_000, "EUR", "fr", "13 011,54 €"),
        (-500_000_000_000, "EUR", "en", "-€0.50"), (1_000_000_000_000, "CHF", "fr", "1,00 CHF"),
        (12_500_000_000_000, "JPY", "en", "¥12"), (1_234_500_000_000, "TND", "en", "TND1.234"),
    ],
)  # fmt: skip
def test_money_is_in_the_language_s_own_form(cost_p: int, currency: str, locale: str, text: str) -> None:
    plain = money(cost_p, currency, locale).replace("\xa0", " ").replace("\u202f", " ")
    assert plain == text


@pytest.mark.parametrize(
    ("amount_u", "currency", "locale", "shown"),
    [
        (174_200, "EUR", "fr", "0,1742\xa0€"), (200_000, "EUR", "en_GB", "€0.20"), (174_200, "EUR", "en_GB", "€0.1742"),
        (1_234_500_000, "EUR", "de", "1.234,50\xa0€"), (31_000_000, "JPY", "en", "¥31"),
        (31_500_000, "JPY", "en", "¥31.5"),
        (0, "EUR", "en", "€0.00"), (123_456, "KWD", "en", "KWD0.123456"),
    ],
)  # fmt: skip
def test_a_price_has_all_its_decimals_in_the_language_s_form(
    amount_u: int, currency: str, locale: str, shown: str
) -> None:
    assert price(amount_u, currency, locale) == shown


def test_what_is_filled_in_has_the_language_s_mark() -> None:
    assert (typed("0.1742", "fr"), typed("0.1742", "en_GB"), typed("11", "de")) == ("0,1742", "0.1742", "11")
