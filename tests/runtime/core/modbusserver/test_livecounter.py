"""Between two samples a ledger follows its counter as far as that is beyond doubt."""

from runtime.core.energy.candidate import Candidate
from runtime.core.energy.counterlimits import limits_of
from runtime.core.energy.ledgerstate import LedgerState
from runtime.core.modbusserver.livecounter import needs_witness, unbooked_n

LIMITS = limits_of("active_energy_import_wh")
STATE = LedgerState(1_000_000, 70_000, 5_000, 990, 4_200)


def at(after_ms, climb_n, state=STATE, before=None):
    """``before``: (ms after the ledger's reading, climb since) of the reading before."""
    witness = None if before is None else (state.ts_ms + before[0], state.raw_n + before[1])
    return unbooked_n(state, (state.ts_ms + after_ms, state.raw_n + climb_n), witness, LIMITS)


def test_what_the_counter_climbed_since_is_added_to_what_no_bin_has_yet():
    assert at(10_000, 0) == 800
    assert at(10_000, 250) == 1_050


def test_an_older_reading_adds_nothing():
    assert at(0, 250) == at(-5_000, 250) == 800


def test_a_counter_that_fell_adds_nothing_until_the_ledger_knows_why():
    assert at(10_000, -60_000) == at(10_000, -60_000, before=(5_000, -60_100)) == 800


def test_more_than_it_ever_drew_needs_a_witness_and_goes_as_far_as_that():
    """30 kW where nothing above 3.68 kW was seen yet."""
    assert at(60_000, 500_000) == 800
    assert at(60_000, 500_000, before=(50_000, 416_000)) == 416_800
    assert at(60_000, 500_000, before=(-10_000, 416_000)) == 800
    assert at(60_000, 416_000, before=(50_000, 500_000)) == 416_800


def test_a_misread_answer_between_two_good_ones_is_never_shown():
    good, wild = (50_000, 10_000), (60_000, 9_000_000)
    assert at(*wild, before=good) == 10_800
    assert at(70_000, 10_100, before=wild) == 10_900


def test_a_jump_that_no_circuit_carries_adds_nothing():
    assert at(10_000, 1 << 40, before=(5_000, 1 << 40)) == 800


def test_what_it_drew_before_it_may_draw_again():
    fast = LedgerState(1_000_000, 70_000, 5_000, 990, 4_200, pace=30)
    assert at(10_000, 1_000_000, fast) == 1_000_800


def test_while_the_ledger_holds_readings_a_witness_is_needed():
    held = LedgerState(1_000_000, 70_000, 5_000, 990, 4_200, held=(Candidate(((1_005_000, 3),), False, 1),))
    assert at(10_000, 250, held) == 800
    assert at(10_000, 250, held, before=(9_000, 200)) == 1_000


def test_a_reading_alone_says_enough_where_the_counter_can_have_come_there():
    near, far = (STATE.ts_ms + 60_000, STATE.raw_n + 250), (STATE.ts_ms + 60_000, STATE.raw_n + 500_000)
    assert not needs_witness(STATE, near, LIMITS) and needs_witness(STATE, far, LIMITS)
