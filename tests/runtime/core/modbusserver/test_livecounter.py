"""Between two samples a ledger follows its counter as far as that is beyond doubt."""

from runtime.core.energy.candidate import Candidate
from runtime.core.energy.counterlimits import limits_of
from runtime.core.energy.ledgerstate import LedgerState
from runtime.core.modbusserver.livecounter import unbooked_n

LIMITS = limits_of("active_energy_import_wh")
STATE = LedgerState(1_000_000, 70_000, 5_000, 990, 4_200)


def at(after_ms, climb_n, state=STATE):
    return unbooked_n(state, state.ts_ms + after_ms, state.raw_n + climb_n, LIMITS)


def test_what_the_counter_climbed_since_is_added_to_what_no_bin_has_yet():
    assert at(10_000, 0) == 800
    assert at(10_000, 250) == 1_050


def test_an_older_reading_adds_nothing():
    assert at(0, 250) == at(-5_000, 250) == 800


def test_a_counter_that_fell_adds_nothing_until_the_ledger_knows_why():
    assert at(10_000, -60_000) == 800


def test_a_jump_that_no_circuit_carries_adds_nothing():
    assert at(10_000, 1 << 31) == 800
    fast = LedgerState(1_000_000, 70_000, 5_000, 990, 4_200, pace=30)
    assert at(10_000, 1_000_000, fast) == 1_000_800


def test_while_the_ledger_holds_readings_nothing_is_added():
    held = LedgerState(1_000_000, 70_000, 5_000, 990, 4_200, held=(Candidate(((1_005_000, 3),), False, 1),))
    assert at(10_000, 250, held) == 800
