"""Power times time and the index are two witnesses of the same energy."""

from __future__ import annotations

from fractions import Fraction

import pytest

from runtime.core.energy.powerwitness import DIFFERS, FITS, TOO_LITTLE, Interval, compare

SLOT_S = 600
KW_N = 10_000


def day(power_n, energy_n, count=144, start_ts=0):
    return [Interval(start_ts + n * SLOT_S, start_ts + (n + 1) * SLOT_S, power_n, energy_n) for n in range(count)]


def slot_n(kw):
    """Energy of a slot at so many kW."""
    return round(kw * 1_000_000 * SLOT_S / 3600)


def test_a_meter_that_is_read_rightly_agrees():
    agreement = compare(day(3 * KW_N, slot_n(3)))
    assert (agreement.state, agreement.by_index_n, agreement.by_power_n) == (FITS, 72_000_000, 72_000_000)


def test_sampled_power_may_be_off_by_a_tenth():
    assert compare(day(3 * KW_N, slot_n(3.3))).state == FITS


@pytest.mark.parametrize(
    ("kw", "kind", "factor"),
    [
        (30, "scale", Fraction(10)),
        (0.003, "scale", Fraction(1, 1000)),
        (9, "phases", Fraction(3)),
        (1, "phases", Fraction(1, 3)),
        (-3, "sign", None),
        (0, "no_index", None),
        (120, "ratio", Fraction(40)),
        (6, "unnamed", Fraction(2)),
    ],
)
def test_a_divergence_is_named_by_what_makes_it(kw, kind, factor):
    agreement = compare(day(3 * KW_N, slot_n(kw)))
    (stretch,) = agreement.stretches
    assert (agreement.state, stretch.kind, stretch.factor) == (DIFFERS, kind, factor)
    assert (stretch.start_ts, stretch.end_ts) == (0, 86_400)


def test_an_index_that_climbs_without_power_is_named():
    assert compare(day(0, slot_n(2))).stretches[0].kind == "no_power"


def test_power_that_comes_back_without_an_index_of_export_is_a_sign():
    assert compare(day(-3 * KW_N, 0)).stretches[0].kind == "sign"


def test_export_agrees_where_it_is_counted():
    assert compare(day(-3 * KW_N, -slot_n(3))).state == FITS


def test_the_ratio_that_the_meter_names_is_recognised():
    stretch = compare(day(3 * KW_N, slot_n(7.2)), ratio=Fraction(5, 2)).stretches[0]
    assert (stretch.kind, stretch.factor) == ("ratio", Fraction(5, 2))


def test_only_the_stretch_is_named_in_which_they_disagree():
    good, bad = day(3 * KW_N, slot_n(3), 60), day(3 * KW_N, slot_n(30), 12, start_ts=60 * SLOT_S)
    after = day(3 * KW_N, slot_n(3), 20, start_ts=72 * SLOT_S)
    (stretch,) = compare([*good, *bad, *after]).stretches
    assert (stretch.start_ts, stretch.end_ts) == (60 * SLOT_S, 72 * SLOT_S)


def test_a_coarse_index_is_given_the_time_it_needs():
    jumps = [Interval(n * SLOT_S, (n + 1) * SLOT_S, KW_N, 1_000_000 if n % 6 == 5 else 0) for n in range(144)]
    assert compare(jumps, grain_n=1_000_000).state == FITS


def test_a_single_interval_is_chance():
    odd = [*day(KW_N, slot_n(1), 10), Interval(6000, 6600, KW_N, slot_n(5))]
    assert compare([*odd, *day(KW_N, slot_n(1), 10, start_ts=6600)]).state == FITS


def test_without_load_there_is_nothing_to_compare():
    assert compare(day(0, 0)).state == compare([]).state == TOO_LITTLE


def test_what_lies_on_both_sides_of_a_gap_is_not_put_together():
    parts = [Interval(0, 600, KW_N // 50, 0), Interval(7200, 7800, KW_N // 50, 3333)]
    assert compare(parts).state == TOO_LITTLE
