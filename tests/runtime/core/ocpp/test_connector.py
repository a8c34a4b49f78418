"""What a connector tells, and which limit counts as in force, typed from OCPP 1.6 and the safety argument."""

import pytest

from runtime.core.ocpp.connector import CHANGING_S, HELD_S, LIVE_S, STATES, Connector
from runtime.core.ocpp.metervalue import Metered
from runtime.core.quantity.catalogue import QUANTITIES

DRAWN = Metered(5_000_000, None, (16_000, None, None))


def test_every_state_of_both_versions_is_one_of_the_quantity():
    assert set(STATES.values()) <= set(QUANTITIES["charge_state"].states)


@pytest.mark.parametrize(
    ("state", "plugged"),
    [("Available", False), ("Preparing", True), ("Charging", True), ("SuspendedEV", True), ("SuspendedEVSE", True),
     ("Finishing", True), ("Reserved", False), ("Unavailable", False), ("Occupied", True), ("EVConnected", True),
     ("Idle", False)],
)  # fmt: skip
def test_a_state_says_whether_a_vehicle_is_there(state, plugged):
    assert Connector().with_state(state).is_plugged is plugged


def test_a_fault_changes_nothing_of_the_vehicle_and_has_words_until_it_is_over():
    faulted = Connector(is_plugged=True).with_state("Faulted", "GroundFailure door")
    assert faulted.is_plugged and faulted.fault == "GroundFailure door"
    assert faulted.with_state("Charging").fault == ""


def test_a_state_that_nobody_knows_changes_nothing():
    assert Connector(state="Charging").with_state("Levitating") == Connector(state="Charging")


def test_the_vehicle_that_leaves_takes_badge_transaction_and_currents_along():
    left = Connector().begun(7, "04A2").measured(DRAWN, 0.0, 1.0).with_state("Available")
    assert (left.transaction, left.badge, left.currents_ma) == (None, "", (0, None, None))
    assert left.energy_mwh == 5_000_000


def test_a_limit_holds_until_its_end_and_the_safe_current_after_it():
    limited = Connector(fallback_ma=6_000).limited(16_000, until=30.0)
    assert [limited.limit_in_force(now) for now in (0.0, 29.9, 30.0)] == [16_000, 16_000, 6_000]


def test_without_a_limit_ever_nothing_is_known_even_with_a_safe_current():
    assert Connector(fallback_ma=6_000).limit_in_force(0.0) is None


def test_a_limit_whose_end_has_no_safe_current_below_it_is_not_known_any_more():
    assert Connector().limited(16_000, until=30.0).limit_in_force(31.0) is None


@pytest.mark.parametrize(("before", "sent", "counts"), [(16_000, 10_000, 16_000), (10_000, 16_000, 16_000)])
def test_until_a_limit_is_answered_the_higher_one_counts(before, sent, counts):
    trying = Connector(fallback_ma=6_000).limited(before, until=30.0).trying(sent, until=50.0, now=20.0)
    assert trying.limit_in_force(40.0) == counts


def test_what_the_station_says_to_be_in_force_counts_where_it_is_more():
    limited = Connector().limited(10_000, until=30.0)
    assert limited.shown(32_000).limit_in_force(0.0) == 32_000
    assert limited.shown(6_000).limit_in_force(0.0) == 10_000


def test_a_connection_that_comes_again_keeps_the_limit_and_a_station_that_begins_anew_does_not():
    connector = Connector(fallback_ma=6_000, watchdog_s=15).limited(16_000, until=30.0).begun(3, "04A2")
    again = connector.carried_over()
    assert (again.limit_ma, again.transaction, again.fallback_ma, again.watchdog_s) == (16_000, 3, 0, 0)
    anew = connector.restarted()
    assert (anew.limit_ma, anew.transaction, anew.badge) == (None, None, "")


def test_currents_are_young_while_limits_change_and_may_be_older_while_they_do_not():
    drawing = Connector(state="Charging", is_plugged=True, transaction=1).measured(DRAWN, 0.0, now=100.0)
    calm = CHANGING_S + 100.0
    assert drawing.limited(16_000, 200.0).currents_at(100.0 + HELD_S)[0] == 16_000
    changed = drawing.limited(16_000, 200.0).trying(10_000, 300.0, now=100.0)
    assert changed.currents_at(100.0 + LIVE_S)[0] == 16_000
    assert changed.currents_at(100.1 + LIVE_S) == (None, None, None)
    assert changed.currents_at(calm) == (None, None, None)


def test_what_waited_in_the_station_counts_as_energy_alone_and_never_takes_any_back():
    now = Connector().measured(DRAWN, 0.0, 1.0)
    late = now.measured(Metered(4_000_000, None, (32_000, None, None)), 3600.0, 2.0)
    assert (late.energy_mwh, late.currents_ma) == (5_000_000, (16_000, None, None))
    assert now.measured(Metered(6_000_000), 3600.0, 2.0).energy_mwh == 6_000_000


def test_the_end_of_another_transaction_changes_nothing():
    drawing = Connector().begun(7, "04A2").measured(DRAWN, 0.0, 1.0)
    assert drawing.ended(8) == drawing
    assert drawing.ended(7).currents_ma == (0, None, None) and drawing.ended(7).transaction is None
