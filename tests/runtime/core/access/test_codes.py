"""Which PINs and PUKs are taken."""

import pytest

from runtime.core.access.codes import FACTORY, pin_fault, plain, puk_fault


@pytest.mark.parametrize("pin", ["73058", "20417", "11327"])
def test_an_ordinary_pin_is_taken(pin):
    assert pin_fault(pin) == ""


@pytest.mark.parametrize(
    ("pin", "fault"),
    [
        ("1234", "pin_form"), ("123456", "pin_form"), ("12a45", "pin_form"), ("", "pin_form"), ("١٢٣٤٥", "pin_form"),
        ("99999", "pin_factory"), ("11111", "pin_factory"), ("22222", "pin_easy"), ("12345", "pin_easy"),
        ("54321", "pin_easy"), ("90123", "pin_easy"), ("13579", "pin_easy"), ("12121", "pin_easy"),
    ],
)  # fmt: skip
def test_an_easy_pin_is_refused(pin, fault):
    assert pin_fault(pin) == fault


def test_an_ordinary_puk_is_taken():
    assert puk_fault("48201937560284", "73058") == ""


@pytest.mark.parametrize(
    ("puk", "fault"),
    [
        ("4820193756028", "puk_form"), ("4820193756028x", "puk_form"), ("00000999900000", "puk_factory"),
        ("00000123400000", "puk_easy"), ("12345678901234", "puk_easy"), ("12121212121212", "puk_easy"),
        ("48201482014820", "puk_easy"), ("73058730587305", "puk_easy"), ("48201234567893", "puk_easy"),
    ],
)  # fmt: skip
def test_an_easy_puk_is_refused(puk, fault):
    assert puk_fault(puk, "73058") == fault


def test_the_codes_of_the_manual_are_all_refused():
    assert all(pin_fault(pin) and puk_fault(puk, pin) for pin, puk in FACTORY.values())


def test_a_puk_may_be_typed_in_groups():
    assert plain(" 48201 9375-60284 ") == "48201937560284"
