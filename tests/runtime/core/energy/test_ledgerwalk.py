"""The walk of one fold; what it decides stands in test_ledger and test_belief."""

from zoneinfo import ZoneInfo

from runtime.core.clock.timegrid import Grid
from runtime.core.energy.counterlimits import Limits
from runtime.core.energy.ledgerstate import LedgerState
from runtime.core.energy.ledgerwalk import Walk
from runtime.core.quantity.quality import Quality

T0 = 1_700_000_400


def test_a_reading_after_a_silence_waits_for_others():
    walk = Walk(LedgerState(T0 * 1000, 0, 0, T0, 0), Grid(600, ZoneInfo("UTC")), Limits())
    walk.take(T0 * 1000 + 100_000, 10, resumed=True, steady=False)
    state = walk.end(0).state
    assert (state.paused, state.total_n, state.held[0].readings) == (True, 0, ((T0 * 1000 + 100_000, 10),))


def test_what_others_left_out_between_vouch_for_is_accepted_however_fast():
    walk = Walk(LedgerState(T0 * 1000, 0, 0, T0, 0), Grid(600, ZoneInfo("UTC")), Limits())
    walk.take(T0 * 1000 + 500_000, 90_000_000, resumed=False, steady=True)
    assert walk.end(0).state.total_n == 90_000_000


def test_who_begins_to_sample_where_another_one_ended_follows_no_silence():
    walk = Walk(LedgerState(T0 * 1000, 0, 0, T0, 0), Grid(600, ZoneInfo("UTC")), Limits())
    walk.take(T0 * 1000 + 10_000, 10, resumed=True, steady=False)
    assert walk.end(0).state.total_n == 10


def test_slots_that_were_booked_before_are_marked_until_all_are_passed():
    state = LedgerState(T0 * 1000, 0, 0, T0, 0, again_ts=T0 + 600)
    walk = Walk(state, Grid(600, ZoneInfo("UTC")), Limits())
    for after_s in (600, 1200):
        walk.take((T0 + after_s) * 1000, after_s, resumed=False, steady=False)
    folded = walk.end(0)
    assert [part.quality for part in folded.booked] == [Quality.ESTIMATED, Quality.GOOD]
    assert folded.state.again_ts == 0


def test_a_clock_that_is_put_on_again_passes_over_what_was_booked():
    day_s = 86_400
    walk = Walk(LedgerState(T0 * 1000, 0, 0, T0, 0, again_ts=T0 + day_s), Grid(600, ZoneInfo("UTC")), Limits())
    for after_s in (10, 30, 60):
        walk.take((T0 + day_s + after_s) * 1000, 5000 + after_s, resumed=after_s == 10, steady=False)
    walk.take((T0 + day_s + 600) * 1000, 5600, resumed=False, steady=False)
    assert [(part.start_ts, part.energy_n) for part in walk.end(0).booked] == [(T0 + day_s, 5600)]


def test_a_counter_that_falls_faster_than_it_may_tremble_is_named():
    state = LedgerState(T0 * 1000, 10**9, 0, T0, 0)
    limits = Limits(grain_n=10_000, bracket_ms=20_000)
    codes = []
    for at in range(1, 130):
        walk = Walk(state, Grid(600, ZoneInfo("UTC")), limits)
        walk.take((T0 + 10 * at) * 1000, 10**9 - 90_000 * at, resumed=False, steady=False)
        folded = walk.end(0)
        state = folded.state
        codes += [finding.code for finding in folded.findings]
    assert codes == ["counter_falling"] and state.total_n == 0


def test_a_ledger_that_is_caught_up_with_was_not_misread():
    for ledger, codes in ((True, []), (False, ["counter_glitch"])):
        walk = Walk(LedgerState(T0 * 1000, 0, 0, T0, 0), Grid(600, ZoneInfo("UTC")), Limits(ledger=ledger))
        walk.take(T0 * 1000 + 5_000, 100_000, resumed=False, steady=False)
        walk.take(T0 * 1000 + 300_000, 101_000, resumed=False, steady=False)
        folded = walk.end(0)
        assert folded.state.total_n == 101_000
        assert [finding.code for finding in folded.findings] == codes


def test_an_index_that_is_lower_once_more_before_it_climbs_takes_nothing_back():
    """A meter of whole kWh forgot two of them in a silence of four minutes: what it had counted was used."""
    begun = LedgerState(T0 * 1000, 770_000_000, 5_000_000, T0, 2_000_000)
    walk = Walk(begun, Grid(3600, ZoneInfo("UTC")), Limits(grain_n=1_000_000, bracket_ms=120_000))
    for minute in (4, 5, 6, 7, 8, 9):
        walk.take((T0 + 60 * minute) * 1000, 768_000_000, resumed=minute == 4, steady=False)
    folded = walk.end(0)
    assert [finding.code for finding in folded.findings] == ["counter_dropped"]
    assert (folded.state.raw_n, folded.state.total_n) == (770_000_000, 5_000_000)


def test_one_reading_after_a_silence_that_the_next_ones_fall_below_was_misread():
    """3.6 m3 an hour, ten minutes of silence; the first answer is 0.24 m3 too high, which an index may tremble by."""
    begun = LedgerState(T0 * 1000, 50_000_000, 0, T0, 0, pace=22)
    walk = Walk(begun, Grid(1800, ZoneInfo("UTC")), Limits(usual_n=5_000_000, bracket_ms=120_000))
    for minute, off_n in ((11, 240_000), (12, 0), (13, 0), (14, 0)):
        walk.take((T0 + 60 * minute) * 1000, 50_000_000 + 60_000 * minute + off_n, resumed=minute == 11, steady=False)
    folded = walk.end(0)
    assert folded.state.total_n == 14 * 60_000
    assert [finding.code for finding in folded.findings] == ["counter_glitch", "counter_gap"]
