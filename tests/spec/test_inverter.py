"""An inverter and the meter that is read through it: two devices at one address, each with its own sign."""

import asyncio
import json
import threading
import time
from urllib.request import urlopen

import pytest

from drivers.families.plugin import families
from runtime.app import Server
from runtime.clock import SystemClock
from runtime.core.modbus.registers import MAX_WORDS
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.site.installation import DeviceSpec, GatewaySpec, Installation, LoadSpec
from runtime.plugin.plugins import load_plugins
from runtime.plugin.sitecheck import Checker
from runtime.settings import Address, Settings, default_plugins
from runtime.store.env import open_store
from runtime.store.object.site import save_installation
from simulator.gateway.gateway import GatewayConnection, TcpConnection, TcpGateway
from tests.frames.frame import read_frame
from tests.key import asked, key_to
from tests.spec.serving import PERIODS

FUNCTIONS = {"holding": 3, "input": 4}
STATES = QUANTITIES["inverter_state"].states
WITHIN_S = 60.0
WAITED_FOR = (
    (0, "battery_soc_pct"), (0, "active_power_w"), (0, "active_energy_export_wh"), (0, "dc_1_voltage_v"),
    (1, "active_energy_export_wh"), (1, "active_power_w"),
)  # fmt: skip


class Registers:
    """What the frames of the maps at one address say, 0 between."""

    def __init__(self, *ids):
        self.words = {place: word for id in ids for place, word in read_frame(id).registers.items()}

    def spaces(self, at_ms):
        return {space: self.of(function) for space, function in FUNCTIONS.items()}

    def of(self, function):
        words = self.words

        class Space:
            most = MAX_WORDS

            def read(self, at, count):
                return b"".join(words.get((function, at + word), b"\0\0") for word in range(count))

        return Space()

    def write(self, space, at, data, at_ms):
        raise AssertionError("nobody writes to an inverter")


@pytest.fixture
def plant():
    """A TCP gateway with an inverter of Huawei at address 1; its port."""
    loop = asyncio.new_event_loop()
    units = {1: Registers("huawei-sun2000", "huawei-sun2000-meter")}
    gateway = TcpGateway(GatewayConnection(units, lambda: 0), "127.0.0.1", 0, TcpConnection)
    loop.run_until_complete(gateway.plug())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield gateway.port
    finally:
        asyncio.run_coroutine_threadsafe(gateway.unplug(), loop).result(60)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(60)
        loop.close()


def site(port, *models):
    gateways = (GatewaySpec(1, "Roof", f"tcp://127.0.0.1:{port}"),)
    devices = tuple(DeviceSpec(id, model, 1, 1, model, load=1) for id, model in enumerate(models, 1))
    return Installation(version=4, site="House", gateways=gateways, devices=devices, loads=(LoadSpec(1, "PV"),))


def faults(*models):
    found = Checker(load_plugins(default_plugins()), SystemClock()).faults(site(502, *models))
    return [(fault.id, fault.field, fault.code) for fault in found if fault.code == "address_taken"]


def test_each_is_read_with_its_own_sign_and_direction(plant, tmp_path):
    data = tmp_path / "data"
    key = key_to(data)
    store = open_store(data)
    save_installation(store, site(plant, "huawei-sun2000", "huawei-sun2000-meter"))
    store.close()
    server = Server(Settings(data, default_plugins(), Address("127.0.0.1", 0)), SystemClock(), PERIODS)
    server.start()
    try:
        inverter, meter = live(server.web.url, key)
    finally:
        server.stop()
    assert inverter["active_power_w"] == -5612 and inverter["active_energy_export_wh"] == 12345670
    assert "active_energy_import_wh" not in inverter
    assert inverter["battery_power_w"] == -2133 and inverter["battery_soc_pct"] == 86.5
    assert inverter["inverter_state"] == STATES.index("throttled") and inverter["dc_1_voltage_v"] == 612.3
    assert meter["active_power_w"] == -1500 and meter["active_power_l1_w"] == 500
    assert (meter["active_energy_import_wh"], meter["active_energy_export_wh"]) == (12340, 7777770)


def live(url, key):
    """Readings of both devices once each was read whole."""
    until = time.monotonic() + WITHIN_S
    while time.monotonic() < until:
        with urlopen(asked(url + "/api/v1/live", key), timeout=60) as answer:
            devices = json.loads(answer.read())["devices"]
        told = [{id: reading["value"] for id, reading in device["readings"].items()} for device in devices]
        if len(told) == 2 and all(told) and not any(told[of].get(id) is None for of, id in WAITED_FOR):
            return told
        time.sleep(0.05)
    raise AssertionError(f"{told} not read within {WITHIN_S:g} s")


def test_a_meter_stands_beside_its_inverter_and_beside_no_other():
    assert faults("huawei-sun2000", "huawei-sun2000-meter") == []
    assert faults("huawei-sun2000-meter", "sungrow-sh") == [(2, "unit", "address_taken")]
    assert faults("huawei-sun2000", "huawei-sun2000") == [(2, "unit", "address_taken")]


def test_every_meter_that_is_read_through_an_inverter_names_one_that_there_is():
    maps = {found.id: found for family in families() for found in family.maps}
    beside = {id: found.beside for id, found in maps.items() if found.beside}
    assert len(beside) > 15 and all(other in maps for others in beside.values() for other in others)


def test_what_an_inverter_gives_is_negative_and_exported_whoever_made_it():
    """A map whose frame tells a power and the energy given: the power that is given has the sign of giving."""
    for family in families():
        for found in family.maps if family.id == "inverter" else ():
            told = {field.quantity: field for field in found.fields}
            if found.beside or "active_power_w" not in told or found.id.startswith("victron"):
                continue
            assert told["active_power_w"].scale[0] < 0, found.id
            if "active_energy_export_wh" in told:
                assert told["active_energy_export_wh"].scale[0] > 0, found.id
