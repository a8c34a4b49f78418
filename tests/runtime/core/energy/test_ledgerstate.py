from zoneinfo import ZoneInfo

from runtime.core.clock.timegrid import Grid
from runtime.core.energy.belief import Former
from runtime.core.energy.candidate import Candidate
from runtime.core.energy.ledgerstate import (
    GLITCH_NOTED_MS,
    NOTED_MS,
    LedgerState,
    forget_notes,
    rewound,
    turn_back,
    unsure,
)
from runtime.core.quantity.quality import Quality

T0 = 1_700_000_400  # an edge
GRID = Grid(600, ZoneInfo("UTC"))


def test_total_and_index_differ_by_what_was_before_the_ledger_began():
    assert LedgerState(0, 5_000, 70, 0, 0).offset_n == -4_930


def test_all_its_times_go_back_with_the_clock_and_what_was_booked_stays():
    state = LedgerState(
        T0 * 1000 + 5000, 900, 80, T0, 70, held=(Candidate((((T0 + 9) * 1000, 7),)),),
        former=Former(T0 * 1000, 1, 2), doubted_ms=T0 * 1000,
    )  # fmt: skip
    back = turn_back(state, 3_600_000, GRID)
    assert (back.ts_ms, back.raw_n, back.total_n) == ((T0 - 3600) * 1000 + 5000, 900, 80)
    assert (back.edge_ts, back.edge_total_n, back.again_ts, back.quality) == (T0 - 3600, 70, T0, Quality.ESTIMATED)
    assert back.held[0].last_ms == (T0 - 3591) * 1000
    assert back.former.ts_ms == back.doubted_ms == (T0 - 3600) * 1000


def test_within_its_slot_nothing_but_the_times_changes():
    state = LedgerState((T0 + 90) * 1000, 900, 80, T0, 70)
    back = turn_back(state, 60_000, GRID)
    assert (back.ts_ms, back.edge_ts, back.again_ts, back.quality) == ((T0 + 30) * 1000, T0, 0, Quality.GOOD)


def test_where_nobody_knows_how_long_it_was_readings_have_to_agree():
    state = unsure(LedgerState((T0 + 86_400) * 1000, 900, 80, T0 + 86_400, 70), (T0 + 60) * 1000, GRID)
    assert (state.ts_ms, state.edge_ts, state.again_ts) == ((T0 + 60) * 1000 - 1, T0, T0 + 86_400)
    assert state.paused and state.moved_ts <= T0 + 60 - 64_000 + 64


def test_what_was_taken_back_is_counted_anew_from_an_edge_on():
    state = rewound(LedgerState((T0 + 900) * 1000, 900, 80, T0 + 600, 70, pace=20), T0, 50)
    assert (state.ts_ms, state.edge_ts, state.total_n, state.edge_total_n) == (T0 * 1000, T0, 20, 20)
    assert (state.raw_n, state.pace, state.paused) == (840, 20, True)


def test_notes_are_forgotten_in_their_time():
    state = LedgerState(0, 0, 0, 0, 0, dip_ms=1, glitch_ms=1)
    assert forget_notes(state, GLITCH_NOTED_MS) is not None
    assert (forget_notes(state, GLITCH_NOTED_MS + 1).glitch_ms, forget_notes(state, NOTED_MS + 1).dip_ms) == (0, 0)
