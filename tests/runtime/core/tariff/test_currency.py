from __future__ import annotations

import pytest
from babel.numbers import list_currencies

from runtime.core.tariff.cost import _MINOR
from runtime.core.tariff.currency import CURRENCIES, a_currency


def test_a_currency_that_bills_can_be_in_is_known() -> None:
    assert all(a_currency(code) is None for code in ("EUR", "CHF", "XOF", "PLN"))
    assert len(CURRENCIES) > 150
    assert set(_MINOR) <= CURRENCIES


@pytest.mark.parametrize("code", ["ABC", "<B>", "eur", "Euro", "", "XAU", "XTS", "BEF", "ΕUR"])
def test_what_is_no_currency_is_refused(code: str) -> None:
    problem = a_currency(code)
    assert problem is not None and problem[0] == "currency_unknown"


def test_every_currency_has_a_name_that_pages_can_show() -> None:
    assert set(list_currencies()) >= CURRENCIES
