"""Events made of states that change."""

import pytest

from runtime.core.device.statechange import StateChanges

QUANTITIES = ("active_power_w", "breaker_state", "alarm_threshold", "station_errors", "control_state", "overrun")


class Scene:
    def __init__(self):
        self.changes = StateChanges(QUANTITIES)

    def reads(self, breaker=1, alarm=0, errors=0, control=0, overrun=0):
        return list(self.changes.look([5, breaker, alarm, errors, control, overrun]))


def test_how_it_is_at_first_is_no_event():
    assert Scene().reads(breaker=2, alarm=1, errors=6) == []


@pytest.mark.parametrize(("n", "code"), [(0, "breaker_opened"), (2, "breaker_tripped")])
def test_a_breaker_that_changes_is_told_once(n, code):
    scene = Scene()
    scene.reads()
    assert scene.reads(breaker=n) == [(code, "")]
    assert scene.reads(breaker=n) == []
    assert scene.reads() == [("breaker_closed", "")]


def test_an_alarm_comes_and_goes():
    scene = Scene()
    scene.reads()
    assert scene.reads(alarm=1) == [("alarm_raised", "Alarm: measure threshold")]
    assert scene.reads(alarm=0) == [("alarm_gone", "Alarm: measure threshold")]


def test_each_error_of_a_station_is_told_by_itself():
    scene = Scene()
    scene.reads(errors=0b010)
    assert scene.reads(errors=0b110) == [("station_failed", "unlock_fault")]
    assert scene.reads(errors=0b100) == [("station_well", "lock_fault")]


def test_a_state_that_cannot_be_read_is_no_change():
    scene = Scene()
    scene.reads(breaker=1)
    assert scene.reads(breaker=None) == []
    assert scene.reads(breaker=1) == []


def test_a_contact_that_is_switched_is_told():
    scene = Scene()
    scene.reads()
    assert scene.reads(control=1) == [("contact_closed", "Controlled circuit")]
    assert scene.reads(control=0) == [("contact_opened", "Controlled circuit")]


def test_more_than_subscribed_begins_and_ends():
    scene = Scene()
    scene.reads()
    assert scene.reads(overrun=1) == [("overrun_began", "")]
    assert scene.reads(overrun=0) == [("overrun_ended", "")]
