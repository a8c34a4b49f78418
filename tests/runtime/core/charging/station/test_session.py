"""A session counts what a vehicle drew, from plug to unplug."""

from runtime.core.charging.station.observation import Observation
from runtime.core.charging.station.session import ChargeSession, session_of

BEGUN = ChargeSession(7, 3, began_ts_ms=1)


def test_the_phase_that_is_drawn_from_most_counts():
    session = BEGUN.advanced(Observation(True, (16_000, 10_000, 0)), 1_000)
    assert (session.charged_mas, session.phases, session.charging_ms) == (16_000, 2, 1_000)


def test_half_an_hour_at_32_amperes_are_16_ampere_hours():
    session = BEGUN
    for _ in range(1_800):
        session = session.advanced(Observation(True, (32_000,)), 1_000)
    assert session.charged_mah == 16_000


def test_a_time_in_which_nobody_looked_is_not_counted_as_charged():
    assert BEGUN.advanced(Observation(True, (16_000,)), 3_600_000).charging_ms == 10_000


def test_energy_is_what_the_station_counts_and_never_falls():
    session = BEGUN.advanced(Observation(True, energy_wh=500), 1).advanced(Observation(True, energy_wh=400), 1)
    assert session.energy_wh == 500
    assert BEGUN.advanced(Observation(True), 1).energy_wh is None


def test_the_badge_that_was_seen_last_stays():
    assert BEGUN.advanced(Observation(True, rfid="04A1"), 1).advanced(Observation(True), 1).rfid == "04A1"


def test_a_record_gives_the_session_again():
    assert session_of(BEGUN.as_record()) == BEGUN
