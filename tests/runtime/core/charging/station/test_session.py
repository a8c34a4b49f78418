"""A session counts what a vehicle drew, from plug to unplug, whatever happens to those who look."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.core.charging.station.observation import Observation
from runtime.core.charging.station.session import (
    GONE_MS,
    LOST,
    QUARTER_S,
    UNPLUGGED,
    ChargeSession,
    begin_session,
    session_of,
    spread,
)

T_MS = 1_780_000_200_000  # a full quarter of an hour
BEGUN = ChargeSession(7, 3, began_ts_ms=T_MS, seen_ts_ms=T_MS)


def counts(energy_n, rfid="", of_charge=True):
    return Observation(True, (16_000,), energy_n=energy_n, counts_charge=of_charge, rfid=rfid)


def after(session, *looks, every_ms=1_000):
    for seen in looks:
        session = session.advanced(seen, every_ms, session.seen_ts_ms + every_ms)
    return session


def test_the_phase_that_is_drawn_from_most_counts():
    session = after(BEGUN, Observation(True, (16_000, 10_000, 0)))
    assert (session.charged_mas, session.phases, session.charging_ms) == (16_000, 2, 1_000)


def test_half_an_hour_at_32_amperes_are_16_ampere_hours():
    assert after(BEGUN, *[Observation(True, (32_000,))] * 1_800).charged_mah == 16_000


def test_a_time_in_which_nobody_looked_is_not_counted_as_charged():
    assert after(BEGUN, Observation(True, (16_000,)), every_ms=3_600_000).charging_ms == 10_000


def test_energy_is_what_the_station_counts_from_the_first_look_on():
    begun = begin_session(7, 3, counts(2_000, of_charge=False), T_MS)
    assert (begun.energy_n, begun.register_n) == (0, 2_000)
    assert after(begun, counts(2_700, of_charge=False)).energy_n == 700
    assert after(BEGUN, Observation(True)).energy_n is None


def test_a_station_that_starts_anew_counts_on():
    assert after(BEGUN, counts(0), counts(800), counts(100), counts(300)).energy_n == 1_100


def test_a_counter_that_falls_is_another_one():
    begun = begin_session(7, 3, counts(9_000, of_charge=False), T_MS)
    assert after(begun, counts(50, of_charge=False), counts(80, of_charge=False)).energy_n == 30


def test_energy_of_a_silence_is_spread_over_it():
    session = after(begin_session(7, 3, counts(0), T_MS), counts(3_000), every_ms=3 * QUARTER_S * 1_000)
    first_ts = T_MS // 1_000
    assert session.parts == ((first_ts, 1_000), (first_ts + QUARTER_S, 1_000), (first_ts + 2 * QUARTER_S, 1_000))


@given(st.integers(0, 10**9), st.integers(1, 2 * 10**9), st.integers(-(10**6), 10**6))
def test_what_is_spread_is_neither_more_nor_less(energy_n, from_ts, seconds):
    assert sum(part_n for _, part_n in spread(energy_n, from_ts, from_ts + seconds)) == energy_n
    assert all(quarter_ts % QUARTER_S == 0 for quarter_ts, _ in spread(energy_n, from_ts, from_ts + seconds))


def test_a_pause_is_a_stop_after_which_it_went_on():
    draws, rests = Observation(True, (16_000,)), Observation(True, (0,))
    assert after(BEGUN, rests, draws, rests).pauses == 0
    assert after(BEGUN, draws, rests, draws, rests, draws).pauses == 2


def test_the_badge_that_was_seen_last_stays():
    assert after(BEGUN, Observation(True, rfid="04A1"), Observation(True)).rfid == "04A1"


@pytest.mark.parametrize(
    "energy_n, rfid, unseen_ms, is_another",
    [
        (900, "04A1", 1_000, False),
        (10, "04A1", 1_000, False),  # the station started anew
        (10, "04A1", GONE_MS + 1, True),
        (900, "04A1", GONE_MS + 1, False),
        (900, "04B2", 1_000, True),
        (900, "", 1_000, False),
    ],
)
def test_another_vehicle_is_known_by_its_badge_or_by_a_count_that_began_anew(energy_n, rfid, unseen_ms, is_another):
    session = after(BEGUN, counts(0, "04A1"), counts(500, "04A1"))
    assert session.is_of_another(counts(energy_n, rfid), session.seen_ts_ms + unseen_ms) is is_another


def test_a_session_ends_now_or_when_its_vehicle_was_seen_last():
    session = after(BEGUN, counts(0))
    ended = session.ended(session.seen_ts_ms + 2_000)
    assert (ended.ended_ts_ms, ended.ended_by) == (session.seen_ts_ms + 2_000, UNPLUGGED)
    lost = session.ended(session.seen_ts_ms + GONE_MS + 1)
    assert (lost.ended_ts_ms, lost.ended_by) == (session.seen_ts_ms, LOST)


def test_starts_of_the_last_hour_are_remembered():
    session = BEGUN.started(T_MS).started(T_MS + 3_599_999)
    assert session.starts_ts_ms == (T_MS, T_MS + 3_599_999)
    assert session.started(T_MS + 3_600_000).starts_ts_ms == (T_MS + 3_599_999, T_MS + 3_600_000)


def test_a_record_gives_the_session_again():
    session = after(begin_session(7, 3, counts(0, "04A1"), T_MS), counts(5)).started(T_MS)
    record = session.as_record()
    assert session_of({**record, "parts": [list(part) for part in record["parts"]], "starts_ts_ms": [T_MS]}) == session
