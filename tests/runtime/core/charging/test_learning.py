"""The phases of a vehicle are learnt from the currents of its station."""

from runtime.core.charging.learning import learn_phases
from runtime.core.charging.state import Charge


def learnt(*seen, begin=Charge(1, differs_ms=0)):
    """(s, currents in A) one after the other."""
    charge = begin
    for at_s, currents in seen:
        charge = learn_phases(charge, tuple(a if a is None else a * 1000 for a in currents), at_s * 1000)
    return charge.uses


def test_currents_that_look_alike_for_ten_seconds_tell_the_phases():
    assert learnt((1, (16, 0, 0)), (9, (16, 0, 0))) == ()
    assert learnt((1, (16, 0, 0)), (10, (16, 0, 0))) == (True, False, False)
    assert learnt((1, (16, 16, 0)), (10, (16, 15, 0))) == (True, True, False)


def test_a_vehicle_that_does_not_draw_teaches_nothing():
    assert learnt((1, (0, 0, 0)), (100, (2, 0, 0))) == ()


def test_a_phase_that_is_drawn_from_after_all_counts_at_once():
    known = Charge(1, uses=(True, False, False), differs_ms=0)
    assert learnt((1, (16, 8, 0)), begin=known) == (True, True, False)


def test_a_pause_forgets_nothing():
    known = Charge(1, uses=(True, False, False), differs_ms=0)
    assert learnt((1, (0, 0, 0)), (100, (0, 0, 0)), begin=known) == (True, False, False)


def test_currents_that_are_not_measured_mean_all_phases():
    known = Charge(1, uses=(True, False, False), differs_ms=0)
    assert learnt((1, (16, None, 0)), begin=known) == ()
    assert learnt((1, (16,)), (100, (16,))) == ()
