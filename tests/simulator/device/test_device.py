import pytest

from drivers.families.generic import ID as GENERIC
from drivers.families.plugin import families
from runtime.core.decode.compiled import DeviceSettings, compile_map
from runtime.core.modbus.registers import TYPES
from simulator.device.device import Device
from simulator.device.encode import FieldEncoder
from simulator.device.panel import Panel
from simulator.device.station import VOLT, Car, Station
from simulator.gateway.modbus import SPACES
from simulator.play.site import Site
from simulator.scenario.models import Models
from simulator.scenario.scenario import parse_scenario
from tests.simulator.conftest import NOW_MS, SMALL

MODELS = Models()
ASKING = {GENERIC, "wsmeasure", *(id for family in families() for id in family.dependents)}  # for parameters
MAPS = [map for family in families() for map in family.maps if map.id not in ASKING]


def one_device(model):
    """A site with one meter of a model, on 3 * 20 kW."""
    text = f"""
[site]
origin = 2025-05-01
[[gateway]]
name = "Hall"
listen = "tcp://127.0.0.1:0"
[[device]]
name = "Presses"
gateway = "Hall"
unit = 1
model = "{model}"
profile = "machines"
rated_w = 60000
shares = [500, 300, 200]
ct = 40
"""
    models = MODELS
    return Site(parse_scenario(text, "one.toml", models), models).devices["Presses"]


def read_by_the_product(device):
    """quantity -> value as the product's decoding gets it, or a refusal of the device as None."""
    compiled = compile_map(device.map)
    values = compiled.blank()
    spaces = device.spaces(NOW_MS)
    order = sorted(range(len(compiled.blocks)), key=lambda index: compiled.blocks[index].kind != "parameter")
    for index in order:
        block = compiled.blocks[index]
        payload = spaces[SPACES[block.function]].read(block.at, block.words)
        assert payload is not None, f"{block} is not there"
        compiled.apply(index, payload, values, DeviceSettings())
    return dict(zip(compiled.quantities, values, strict=True))


def exponent_of(field, map, truth):
    """The power of ten that all gauges under one scale register share: that of the one that needs most room."""
    sharing = [other for other in map.fields if other.scale_at == field.scale_at is not None]
    return max([0, *(FieldEncoder(other, map, {}).exponent(truth.get(other.quantity)) for other in sharing)])


def test_two_independent_hands_agree_on_every_built_in_map():
    for map in MAPS:
        device = one_device(map.id)
        moment = device.moment(NOW_MS)
        truth, read = device.values(moment), read_by_the_product(device)
        assert {id: read[id] for id in device.indexes(moment)} == device.indexes(moment), map.id
        for field in map.fields:
            known, got = truth.get(field.quantity), read[field.quantity]
            if isinstance(known, int) and field.role == "value" and field.type not in ("text", "bit"):
                if device.step(field.quantity) < 0 and not TYPES[field.type].signed:
                    known = min(known, 0)  # what only gives has no register for what it takes
                step = abs(device.step(field.quantity)) * 10 ** exponent_of(field, map, truth)
                assert got is not None and abs(got - known) <= max(step, abs(known) * 1e-6 + 1), (
                    map.id,
                    field,
                    got,
                    known,
                )


def test_a_moment_stands_for_a_tenth_of_a_second():
    device = one_device("abb-b23")
    spaces = device.spaces(device.moment(NOW_MS))
    assert device.spaces(device.moment(NOW_MS) + 99) is spaces
    assert device.spaces(NOW_MS + 100) is not spaces


def test_registers_show_whole_steps_of_the_energy_behind_them():
    models = MODELS
    site = Site(parse_scenario(SMALL, "small.toml", models), models)
    for name, step_n in (("Main", 10_000), ("Board", 100_000), ("Heaters", 1_000_000)):
        device = site.devices[name]
        energy = device.meter.energies(NOW_MS)["active_energy_import_wh"]
        assert device.indexes(NOW_MS)["active_energy_import_wh"] == energy // step_n * step_n


def played(model, **shows):
    """A device without a plant."""
    found = MODELS.map(model, {})
    return Device(model, found, None, {}, panel=Panel(found, shows))


def test_what_is_written_is_shown():
    io = played("legrand-028812")
    assert io.write("coil", 0, b"\1", NOW_MS) == 0
    assert io.spaces(NOW_MS)["coil"].read(0, 6) == b"\1"
    assert played("legrand-dpx3").write("holding", 0, b"\0\1", NOW_MS) == 1  # nothing there is written


def test_a_device_may_ignore_refuse_or_do_the_contrary():
    io = played("legrand-028812")
    answers = {}
    for io.obedience in ("ignores", "refuses", "contrary"):
        answers[io.obedience] = io.write("coil", 0, b"\0", NOW_MS), io.values(NOW_MS)["output_1_state"]
    assert answers == {"ignores": (0, 0), "refuses": (4, 0), "contrary": (0, 1)}


def test_an_index_is_preset_and_counts_on():
    concentrator = played("legrand-412065")
    concentrator.happen("pulses_3", 500, NOW_MS)
    assert concentrator.values(NOW_MS)["pulses_3"] == 500
    concentrator.happen("pulses_3", 200, NOW_MS)
    assert concentrator.values(NOW_MS)["pulses_3"] == 200


def test_the_pulses_of_a_meter_come_in_at_the_concentrator():
    text = """
[site]
origin = 2025-05-01
[[gateway]]
name = "Hall"
listen = "tcp://127.0.0.1:0"
[[device]]
name = "Concentrator"
gateway = "Hall"
unit = 20
model = "legrand-412065"
[[device]]
name = "Water"
gateway = "Hall"
unit = 20
position = 2
model = "pulse-water"
parameters = {concentrator = "4 120 65", weight = 10}
profile = "offices"
rated_w = 800
"""
    devices = Site(parse_scenario(text, "one.toml", MODELS), MODELS).devices
    concentrator, water = devices["Concentrator"], devices["Water"]
    pulses = concentrator.values(NOW_MS)["pulses_2"]
    assert pulses > 1000
    assert water.values(NOW_MS)["water_dm3"] // 10_000 == pulses
    concentrator.happen("pulses_2", 7, NOW_MS)
    assert concentrator.values(NOW_MS)["pulses_2"] == 7
    assert water.values(NOW_MS)["water_dm3"] // 10_000 == 7
    assert concentrator.values(NOW_MS + 3_600_000)["pulses_2"] > 7


def test_a_meter_measures_what_the_cars_of_its_stations_draw():
    meter, box = one_device("eastron-sdm630"), played("heidelberg-energy-control", limit_a=16_000)
    station = box.station = Station(box.panel, 3, b"key")
    station.values(NOW_MS)
    station.arrive(Car(wants_ma=10_000, left_n=90_000_000), NOW_MS)
    later_ms = NOW_MS + 3_600_000
    alone = meter.values(later_ms)
    meter.feeds = [(station, (2, 3, 1))]
    with_cars = meter.values(later_ms)
    for phase in (1, 2, 3):
        assert with_cars[f"current_l{phase}_a"] - alone[f"current_l{phase}_a"] == 10_000
    assert with_cars["active_power_w"] - alone["active_power_w"] == 3 * 10 * VOLT * 10
    counted_n = with_cars["active_energy_import_wh"] - alone["active_energy_import_wh"]
    assert counted_n == pytest.approx(3 * 10 * VOLT * 1000, abs=10)
    assert box.values(later_ms)["session_energy_wh"] == counted_n
