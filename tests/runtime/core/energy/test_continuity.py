"""What an index did beside counting, as events and rows have it."""

from __future__ import annotations

import pytest

from runtime.core.energy.continuity import Gap, Jump, Recording, gaps_of, jumps_of, with_booked, without_repeats

Q = "active_energy_import_wh"
SLOT_S, SLOT_N = 600, 600_000


def recordings(first_n=5_000_000_000, jump_at=6, new_n=0, booked_n=0):
    """Twelve slots; in the seventh another meter begins at ``new_n``, read at half of the slot."""
    rows, index_n = [], first_n
    for at in range(12):
        energy_n = SLOT_N
        if at == jump_at:
            index_n, energy_n = new_n + SLOT_N // 2, SLOT_N // 2 + booked_n
        else:
            index_n += SLOT_N
        rows.append(Recording(at * SLOT_S, (at + 1) * SLOT_S, index_n, energy_n))
    return rows


EXCHANGE = Jump("counter_exchanged", 6 * SLOT_S * 1000, 6 * SLOT_S * 1000 + 300_000, 5_003_600_000, 0)


def test_jumps_are_read_from_events_of_the_ledger():
    code, ts_ms = "counter_exchanged", 3_900_000
    assert jumps_of(code, ts_ms, f"{Q} 5003600000 0 since 3600000") == [(Q, EXCHANGE)]
    (by_hand,) = jumps_of("meter_replaced", 7, f"{Q} 500 20 by installer")
    assert by_hand == (Q, Jump("meter_replaced", 7, 7, 500, 20, 0, author="installer"))


@pytest.mark.parametrize(
    ("code", "detail"),
    [
        ("counter_glitch", f"{Q} 5 900 since 3"),
        ("counter_stuck", f"{Q} 5 5 since 3"),
        ("counter_too_fast", f"{Q} 5 900 since 3"),
        ("counter_gap", f"{Q} 5 9 since 3"),
        ("energy_corrected", f"{Q} 5 by x: y"),
        ("counter_reset", "something new"),
        ("meter_replaced", ""),
    ],
)
def test_what_is_no_jump_is_none(code, detail):
    assert jumps_of(code, 9, detail) == []


def test_gaps_say_what_was_spread():
    assert gaps_of("counter_gap", 9, f"{Q} 5 19 since 3") == [(Q, Gap(3, 9, 14))]
    assert gaps_of("counter_gap", 9, "x") == [] == gaps_of("counter_reset", 9, f"{Q} 5 19 since 3")


def test_an_exchange_for_which_nothing_was_booked_says_so():
    jump = with_booked(EXCHANGE, recordings())
    assert (jump.booked_n, jump.is_doubtful, jump.shift_n) == (0, False, -5_003_600_000)


def test_what_was_booked_and_nobody_can_have_used_is_doubtful():
    jump = with_booked(EXCHANGE, recordings(booked_n=352_000_000))
    assert (jump.booked_n, jump.is_doubtful) == (352_000_000, True)
    assert with_booked(EXCHANGE, recordings(booked_n=SLOT_N // 2)).is_doubtful is False
    assert with_booked(EXCHANGE, recordings(booked_n=-5_000_000)).is_doubtful


def test_rows_that_lack_an_index_say_nothing():
    rows = recordings()
    assert with_booked(EXCHANGE, rows[6:]).booked_n is None
    assert with_booked(EXCHANGE, []).booked_n is None
    assert with_booked(EXCHANGE, [*rows[:5], *rows[6:]]).booked_n is None


def test_an_exchange_reported_for_a_jump_that_was_seen_is_that_jump():
    by_hand = Jump("meter_replaced", EXCHANGE.since_ms + 1000, EXCHANGE.since_ms + 1000, 1, 2, 0, author="Ann")
    later = Jump("meter_replaced", EXCHANGE.ts_ms + 9_000_000, EXCHANGE.ts_ms + 9_000_000, 1, 2, 0, author="Bob")
    jumps = without_repeats([later, by_hand, EXCHANGE])
    assert [(jump.code, jump.author) for jump in jumps] == [("meter_replaced", "Bob"), ("counter_exchanged", "Ann")]


def test_one_event_of_several_counters_is_a_gap_or_a_jump_of_each():
    both = f"{Q} 5 19 since 3; reactive_energy_import_varh 7 8 since 4"
    assert gaps_of("counter_gap", 9, both) == [(Q, Gap(3, 9, 14)), ("reactive_energy_import_varh", Gap(4, 9, 1))]
    assert [quantity for quantity, _ in jumps_of("counter_exchanged", 9, both)] == [Q, "reactive_energy_import_varh"]


def test_what_a_coarse_index_shows_between_two_of_its_steps_was_not_booked_for_a_jump():
    """An index of whole kWh, 36 kW: the edge of the slot lies where 0.7 of the next kWh had passed."""
    jump = Jump("counter_reset", 64 * 60_000, 67 * 60_000, 686_000_000, 0)
    edges = (40.7, 45.7, 50.7, 55.7, 60.7, 65.7, 70.7, 75.7)
    shown = (675, 678, 681, 684, 686, 2, 5)
    energies = (3_000, 3_000, 3_000, 3_000, 2_000, 2_717, 3_000)
    spans = zip(edges, edges[1:], shown, energies, strict=False)
    rows = [Recording(round(60 * a), round(60 * b), kwh * 1_000_000, wh * 1000) for a, b, kwh, wh in spans]
    assert with_booked(jump, rows).booked_n == 0
