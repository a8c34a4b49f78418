"""What pages and API show of commands."""

from dataclasses import replace

import pytest

from runtime.core.site.defaults import complete
from runtime.core.site.installation import DeviceSpec
from runtime.store.env import open_store
from tests.webui.edited import EditedSite
from tests.webui.stage import installation as usual
from webui.model.commands import available_commands, carrier, is_station, lock_of, modules_at_address

MEASURE, STATE, CONTROL, OFF, STATION = range(4, 9)
DEVICES = (
    DeviceSpec(MEASURE, "Pump meter", 1, 2, "legrand-414919"),
    DeviceSpec(STATE, "Pump breaker", 1, 2, "legrand-414929"),
    DeviceSpec(CONTROL, "Pump", 1, 2, "legrand-414931"),
    DeviceSpec(OFF, "Fan", 1, 5, "legrand-414931", on=False),
    DeviceSpec(STATION, "Station", 1, 2, "legrand-greenup"),
)


@pytest.fixture
def bridge(tmp_path):
    store = open_store(tmp_path)
    site = usual(devices=0)
    yield EditedSite(store, complete(replace(site, devices=DEVICES))).bridge
    store.close()


def spec(bridge, id):
    return bridge.installation().device(id)


def test_modules_at_one_address_are_one_circuit(bridge):
    assert [each.id for each in modules_at_address(bridge, spec(bridge, MEASURE))] == [STATE, CONTROL]
    assert [each.id for each in modules_at_address(bridge, spec(bridge, STATION))] == []


def test_any_of_them_takes_its_commands(bridge):
    assert [(each.spec.id, each.row.name) for each in available_commands(bridge, spec(bridge, STATE))] == [
        (CONTROL, "contactor")
    ]
    assert carrier(bridge, spec(bridge, STATE), "contactor").id == CONTROL
    assert carrier(bridge, spec(bridge, STATE), "limit").id == STATE


def test_what_is_off_cannot_be_told_anything(bridge):
    assert list(available_commands(bridge, spec(bridge, OFF))) == []


def test_stations_are_known_by_their_charge(bridge):
    assert is_station(bridge, spec(bridge, STATION)) and not is_station(bridge, spec(bridge, CONTROL))


def test_the_lock_is_open_in_the_demo(bridge):
    assert lock_of(bridge, spec(bridge, CONTROL)) == "map_provisional"
    assert lock_of(replace(bridge, demo=True), spec(bridge, CONTROL)) == ""
    assert lock_of(bridge, DeviceSpec(99, "x", 1, 1, "none")) == "model_unknown"
