"""Commands from the gateway over a real socket to devices that obey, and to those that do not."""

import pytest

from runtime.core.device.command import DONE, REFUSED, UNCONFIRMED
from runtime.core.quantity.catalogue import to_float
from runtime.errors import WattkeeperError
from tests.actors.stage import eventually
from tests.spec.switchroom import COMMANDED, MODELS, switchroom

BOARD, PUMP, STATION = "legrand-026136", "legrand-414931", "legrand-greenup-domestic"


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    with switchroom(tmp_path_factory.mktemp("room")) as made:
        yield made


def wishes(id):
    """Every command of a map with every state, or its least and most."""
    for row in MODELS.map(id, {}).commands:
        for value in row.choices or (to_float(row.quantity, row.least_n), to_float(row.quantity, row.most_n)):
            yield row, value


@pytest.mark.parametrize("id", COMMANDED)
def test_every_command_of_every_map_is_done_and_read_back(room, id):
    for row, value in wishes(id):
        if row.pulse:
            continue
        outcome = room.tell(id, row.name, value)
        shown = (DONE, "") if row.read_back else (UNCONFIRMED, "command_not_shown")
        assert (outcome.state, outcome.code) == shown, (row.name, value, outcome)
        if row.values and row.read_back:
            assert room.shows(id, row.read_back) == outcome.told_n


def test_unlocking_lets_the_cable_go(room):
    room.happens(STATION, car={"plug": "ev"})
    assert room.tell(STATION, "unlock", "unlocked").state == DONE
    room.happens(STATION, car=None)


def test_a_limit_is_obeyed_by_the_car(room):
    room.happens(STATION, car={"plug": "ev", "wants_a": 32})
    room.tell(STATION, "charge", "start")
    room.tell(STATION, "ev_plug", "yes")
    assert room.tell(STATION, "limit", 10).state == DONE
    assert eventually(lambda: room.shows(STATION, "current_l1_a") == 10_000)
    room.happens(STATION, car=None)


def test_a_device_that_does_the_contrary_is_told_and_shown_as_it_is(room):
    room.tell(BOARD, "output_1_on_time", 0)
    room.tell(BOARD, "output_1", "off")
    room.happens(BOARD, writes="contrary")
    outcome = room.tell(BOARD, "output_1", "off", within_s=1.0)
    room.happens(BOARD, writes="obeys")
    assert (outcome.state, outcome.code, outcome.told_n, outcome.read_n) == (UNCONFIRMED, "command_not_taken", 0, 1)
    assert room.shows(BOARD, "output_1_state") == 1


def test_a_device_that_acknowledges_and_does_nothing_is_told(room):
    room.tell(PUMP, "contactor", "open")
    room.happens(PUMP, writes="ignores")
    outcome = room.tell(PUMP, "contactor", "closed", within_s=1.0)
    room.happens(PUMP, writes="obeys")
    assert (outcome.state, outcome.read_n) == (UNCONFIRMED, 0)


def test_a_device_that_refuses_is_told(room):
    room.happens(PUMP, writes="refuses")
    outcome = room.tell(PUMP, "contactor", "closed")
    room.happens(PUMP, writes="obeys")
    assert (outcome.state, outcome.code) == (REFUSED, "exception_4")


def test_a_repeated_request_does_not_switch_twice(room):
    assert room.tell(PUMP, "contactor", "closed", request="once").state == DONE
    room.happens(PUMP, set={"contactor_state": "open"})  # by hand
    again = room.tell(PUMP, "contactor", "closed", request="once")
    assert again.replayed
    assert room.site.devices[PUMP].panel.get("contactor_state") == 0


def test_a_silent_device_leaves_it_unconfirmed_and_gets_it_once(room):
    room.tell(PUMP, "contactor", "open")
    room.fault(unit=room.devices[PUMP].unit, mode="silent")
    outcome = room.tell(PUMP, "contactor", "closed", within_s=1.5)
    room.fault(unit=room.devices[PUMP].unit, mode="normal")
    assert (outcome.state, outcome.code, outcome.read_n) == (UNCONFIRMED, "no_answer", None)


def test_each_command_is_an_event_with_its_author(room):
    room.events()
    room.tell(BOARD, "output_2", "on")
    (event,) = [event for event in room.events() if event.code.startswith("command_")]
    assert (event.code, event.subject) == ("command_done", f"device.{room.devices[BOARD].id}")
    assert event.detail == "ada: output_2 = on, read back: on"


def test_what_trips_by_itself_is_seen_without_asking(room):
    room.happens(PUMP, set={"alarm_tripped": "yes"})
    assert eventually(lambda: room.shows(PUMP, "alarm_tripped") == 1)


def test_without_the_unlock_no_provisional_map_writes_a_single_register(tmp_path):
    with switchroom(tmp_path, demo=False) as locked:
        provisional = [id for id in COMMANDED if MODELS.map(id, {}).trust == "provisional"]
        assert provisional
        before = {id: locked.site.devices[id].panel.revision for id in provisional}
        for id in provisional:
            for row, value in wishes(id):
                with pytest.raises(WattkeeperError) as refused:
                    locked.tell(id, row.name, value)
                assert refused.value.code == "map_provisional"
        assert {id: locked.site.devices[id].panel.revision for id in provisional} == before
        functions = {entry.request.function for entry in locked.stage.views.get("trace.1").since()}
        assert functions <= {1, 2, 3, 4}


def test_on_a_serial_line_it_is_the_same(tmp_path):
    with switchroom(tmp_path, "pty://rs485") as serial:
        for id, command, value in ((BOARD, "output_3", "on"), (PUMP, "contactor", "closed"), (STATION, "limit", 16)):
            assert serial.tell(id, command, value).state == DONE
