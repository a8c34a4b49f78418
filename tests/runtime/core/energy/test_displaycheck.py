"""What an index read from a display says of the counter that we read."""

from __future__ import annotations

from fractions import Fraction

import pytest

from runtime.core.energy.displaycheck import (
    DIFFERS,
    FITS,
    OTHER_COUNTER,
    OTHER_METER,
    PHASES,
    RATIO,
    SCALE,
    TOO_SMALL,
    Counter,
    compare,
    grain_of,
    transformer_of,
)

IMPORT, EXPORT = "active_energy_import_wh", "active_energy_export_wh"
KWH = 1_000_000
OURS = Counter(1, IMPORT, 81_234_567_890, slack_n=50_000)


def shown(kwh: str) -> tuple[int, int]:
    digits = len(kwh.partition(".")[2])
    return round(float(kwh) * KWH), 10 ** (6 - digits)


@pytest.mark.parametrize("kwh", ["81234.5", "81234.56", "81234", "81234.6", "81235"])
def test_a_display_that_cuts_digits_off_fits(kwh):
    assert compare(*shown(kwh), OURS).code == FITS


@pytest.mark.parametrize("kwh", ["81233", "81236", "81274.5", "91234.5"])
def test_a_digit_that_was_misread_does_not_fit(kwh):
    assert compare(*shown(kwh), OURS).code == DIFFERS


@pytest.mark.parametrize(
    ("kwh", "code", "factor"),
    [
        ("812345.6", SCALE, Fraction(10)),
        ("81234567.8", SCALE, Fraction(1000)),
        ("81.235", SCALE, Fraction(1, 1000)),
        ("243703.7", PHASES, Fraction(3)),
        ("3249382.7", RATIO, Fraction(40)),
        ("4874074", RATIO, Fraction(60)),
        ("2707.82", RATIO, Fraction(1, 30)),
    ],
)
def test_a_factor_is_named(kwh, code, factor):
    result = compare(*shown(kwh), OURS)
    assert (result.code, result.factor) == (code, factor)


def test_the_ratio_that_the_meter_names_is_looked_for_too():
    assert compare(*shown("568641.97"), OURS).code == DIFFERS
    assert compare(*shown("568641.97"), OURS, ratio=Fraction(7)).factor == 7


def test_an_index_of_few_digits_names_no_factor():
    small = Counter(1, IMPORT, 12 * KWH, slack_n=KWH)
    assert compare(480 * KWH, KWH, small).code == DIFFERS


def test_two_small_indexes_say_nothing():
    assert compare(0, 100_000, Counter(1, IMPORT, 0)).code == TOO_SMALL
    assert compare(400_000, 100_000, Counter(1, IMPORT, 300_000)).code == TOO_SMALL
    assert compare(40 * KWH, 100_000, Counter(1, IMPORT, 300_000)).code != TOO_SMALL


def test_another_counter_of_the_meter_is_recognised_before_another_meter():
    export, other = Counter(1, EXPORT, 5_432_100_000), Counter(2, IMPORT, 5_432_100_000)
    result = compare(*shown("5432.1"), OURS, (export, other))
    assert (result.code, result.counter) == (OTHER_COUNTER, export)
    result = compare(*shown("5432.1"), OURS, (other,))
    assert (result.code, result.counter) == (OTHER_METER, other)


def test_what_fits_is_not_suspected_because_another_meter_shows_the_same():
    assert compare(*shown("81234.5"), OURS, (Counter(2, IMPORT, OURS.index_n),)).code == FITS


def test_counters_at_zero_are_nobodys_index():
    assert compare(*shown("4.5"), OURS, (Counter(2, IMPORT, 0),)).code == DIFFERS


def test_a_register_of_whole_kwh_fits_a_display_with_decimals():
    coarse = Counter(1, IMPORT, 1234 * KWH, slack_n=grain_of([1233 * KWH, 1234 * KWH, 1235 * KWH]))
    assert compare(*shown("1234.87"), coarse).code == FITS


def test_the_grain_of_an_index_is_what_it_showed():
    assert grain_of([20, 40, 100]) == 20
    assert grain_of([1234 * KWH]) == KWH
    assert grain_of([1_234_500_000, 1_234_500_000]) == 100_000
    assert grain_of([900 * KWH]) == KWH  # a round index is chance
    assert grain_of([0]) == grain_of([7]) == 1


def test_transformers_bear_their_label():
    assert transformer_of(Fraction(40)) == transformer_of(Fraction(1, 40)) == "200/5"
    assert transformer_of(Fraction(10)) == "50/5" and transformer_of(Fraction(5, 2)) == "12.5/5"
    assert transformer_of(Fraction(7)) == ""
