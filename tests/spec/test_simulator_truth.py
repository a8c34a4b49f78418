"""The simulated factory: what its meters show on the wire is the energy that flowed, and it adds up."""

import socket

import pytest

from runtime.core.map.devicemap import TYPES
from simulator.gateway.modbus import join_tcp
from tests.simulator.conftest import Stage, small_site

HOUR_MS = 3_600_000
SUBS = ("Presses", "Heaters", "Lamps")


@pytest.fixture
def factory(tmp_path):
    stage = Stage(small_site(tmp_path))
    yield stage
    stage.close()


def index_n(factory, name, quantity="active_energy_import_wh"):
    """A counter as a master finds it on a TCP gateway, in steps of its quantity."""
    plan = next(plan for plan in factory.site.scenario.devices if plan.name == name)
    field = next(field for field in factory.site.devices[name].map.fields if field.quantity == quantity)
    request = bytes((3 if field.space == "holding" else 4,)) + field.at.to_bytes(2) + field.words.to_bytes(2)
    with socket.create_connection(("127.0.0.1", factory.port(plan.gateway)), timeout=60) as wire:
        wire.sendall(join_tcp(1, plan.unit, request))
        reply = wire.recv(300)
    assert TYPES[field.type].real is False
    return int.from_bytes(reply[9:]) * int(factory.site.devices[name].step(quantity))


def truth_n(factory, name, **query):
    return factory.play.truth({"device": name, **query})["active_energy_import_n"]


def test_a_register_shows_the_whole_steps_of_the_energy_that_flowed(factory):
    for hours in range(0, 60, 7):
        factory.now_ms += hours * HOUR_MS + 12_345
        for name, step_n in (("Main", 10_000), ("Board", 100_000)):
            moment = factory.site.devices[name].moment(factory.now_ms + (20 if name == "Board" else 0))
            assert index_n(factory, name) == truth_n(factory, name, at=str(moment / 1000)) // step_n * step_n


def test_the_main_meter_is_the_sum_of_its_sub_meters_and_the_unmeasured_rest(factory):
    for _ in range(40):
        factory.now_ms += 7_654_321
        parts = sum(truth_n(factory, name) for name in SUBS)
        rest = sum(factory.site.branches["Rest"].at(factory.now_ms).energy)
        assert truth_n(factory, "Main") == parts + rest


def test_energy_flows_on_while_a_gateway_is_unplugged(factory):
    before_ms, before = factory.now_ms, index_n(factory, "Main")
    factory.run(factory.play.fault({"gateway": "Hall", "mode": "unplugged"}))
    factory.now_ms += 5 * HOUR_MS
    factory.run(factory.play.fault({"gateway": "Hall", "mode": "normal"}))
    flowed = truth_n(factory, "Main", **{"from": str(before_ms / 1000), "to": str(factory.now_ms / 1000)})
    assert abs(index_n(factory, "Main") - before - flowed) <= 10_000 + 2_000  # a step, and 0.1 s of power


def test_energy_integrates_power(factory):
    start_ms = factory.now_ms
    moments = range(start_ms, start_ms + HOUR_MS, 10_000)
    meter = factory.site.devices["Main"].meter
    watt_seconds = sum(meter.gauges(at + 5_000)["active_power_w"] for at in moments)  # 0.1 W over 10 s
    energy = meter.energies(start_ms + HOUR_MS)["active_energy_import_wh"]
    energy -= meter.energies(start_ms)["active_energy_import_wh"]
    assert watt_seconds / 3600 == pytest.approx(energy / 1000, rel=0.001)
