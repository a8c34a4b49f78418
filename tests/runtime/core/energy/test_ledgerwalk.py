"""The walk of one fold; what it decides stands in test_ledger and test_belief."""

from zoneinfo import ZoneInfo

from runtime.core.clock.timegrid import Grid
from runtime.core.energy.counterlimits import Limits
from runtime.core.energy.ledgerstate import LedgerState
from runtime.core.energy.ledgerwalk import GLITCH_NOTED_MS, NOTED_MS, Walk, forget_notes

T0 = 1_700_000_400


def test_a_reading_after_a_silence_waits_for_others():
    walk = Walk(LedgerState(T0 * 1000, 0, 0, T0, 0), Grid(600, ZoneInfo("UTC")), Limits())
    walk.take(T0 * 1000 + 10_000, 10, resumed=True, steady=False)
    state = walk.end(0).state
    assert (state.paused, state.total_n, state.held[0].readings) == (True, 0, ((T0 * 1000 + 10_000, 10),))


def test_what_others_left_out_between_vouch_for_is_accepted_however_fast():
    walk = Walk(LedgerState(T0 * 1000, 0, 0, T0, 0), Grid(600, ZoneInfo("UTC")), Limits())
    walk.take(T0 * 1000 + 500_000, 90_000_000, resumed=False, steady=True)
    assert walk.end(0).state.total_n == 90_000_000


def test_notes_are_forgotten_in_their_time():
    state = LedgerState(0, 0, 0, 0, 0, dip_ms=1, glitch_ms=1)
    assert forget_notes(state, GLITCH_NOTED_MS) is not None
    assert (forget_notes(state, GLITCH_NOTED_MS + 1).glitch_ms, forget_notes(state, NOTED_MS + 1).dip_ms) == (0, 0)
