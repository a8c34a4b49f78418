"""Prices and their versions."""

from __future__ import annotations

import pytest

from runtime.core.tariff.tariffs import Price, TariffSpec, amount_text, amounts, number_prices, parse_amount


def edited(before, *prices, highest=0):
    return number_prices(before, TariffSpec(1, "Peak", prices=tuple(Price(0, *price) for price in prices)), highest)


def test_an_edited_price_is_a_new_version_and_the_old_one_stays_known():
    first, highest = edited(None, (150_000,))
    assert (first.prices, first.unpriced, highest) == ((Price(1, 150_000),), 2, 2)
    second, highest = edited(first, (180_000,), highest=highest)
    assert (second.prices, second.former, second.unpriced, highest) == (
        (Price(3, 180_000),), (Price(1, 150_000),), 2, 3
    )  # fmt: skip
    assert amounts([second]) == {2: (1, None), 1: (1, 150_000), 3: (1, 180_000)}


def test_another_dated_price_leaves_the_first_ones_version():
    first, highest = edited(None, (150_000,))
    second, _ = edited(first, (150_000,), (160_000, "2027-01-01"), highest=highest)
    assert [price.version for price in second.prices] == [1, 3] and second.former == ()


def test_a_price_taken_back_is_the_version_it_was():
    first, highest = edited(None, (150_000,))
    second, highest = edited(first, (180_000,), highest=highest)
    third, _ = edited(second, (150_000,), highest=highest)
    assert third.prices == (Price(1, 150_000),) and third.former == (Price(3, 180_000),)


@pytest.mark.parametrize(
    ("text", "amount_u", "again"),
    [("0.1580", 158_000, "0.158"), (0.1, 100_000, "0.10"), (3, 3_000_000, "3.00"), ("-0.000001", -1, "-0.000001")],
)
def test_prices_are_read_to_the_millionth(text, amount_u, again):
    assert parse_amount(text) == amount_u
    assert amount_text(amount_u) == again and parse_amount(again) == amount_u


@pytest.mark.parametrize("text", ["0.0000001", "a lot", "", "1e9", "nan", "inf", "1,5"])
def test_what_is_no_price_is_refused(text):
    with pytest.raises(ValueError):
        parse_amount(text)
