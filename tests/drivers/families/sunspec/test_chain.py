import struct

import pytest

from drivers.families.sunspec.chain import MOST, Chain, Model, discover, models_of
from runtime.errors import NoAnswer, Refused


def device(base, *models, end=True):
    """Registers of a device: the mark, then (ID, length) of each model; only the heads exist."""
    registers, at = {base: b"SunS"}, base + 2
    for id, length in models:
        registers[at] = struct.pack(">HH", id, length)
        at += 2 + length
    if end:
        registers[at] = b"\xff\xff\0\0"
    return registers


class Answering:
    is_open = True

    def __init__(self, registers):
        self.registers, self.asked = registers, []

    def transact(self, request, timeout_s):
        self.asked.append((request.function, request.at, request.count))
        if request.at not in self.registers:
            raise Refused(2, "no such register")
        return self.registers[request.at]


@pytest.mark.parametrize("base", [0, 40000, 50000])
def test_the_models_of_a_device_are_found_one_after_the_other(base):
    registers = device(base, (1, 66), (203, 105))
    found = models_of(lambda at, count: registers.get(at))
    assert found == (Model(1, base + 2, 66), Model(203, base + 70, 105))
    assert list(Chain("", found).devices()) == [("sunspec-20x", {"register": f"{base + 70:04X}"})]


def test_a_meter_behind_an_inverter_and_with_real_numbers_is_found_too():
    line = Answering(device(40000, (1, 65), (113, 60), (213, 124)))
    inverter, meter = discover(line, 7).devices()
    assert inverter == ("sunspec-11x", {"register": "9C85"})
    assert meter == ("sunspec-21x", {"register": "9CC3"})
    assert {(function, count) for function, _, count in line.asked} == {(3, 2), (3, 16)}


def test_an_inverter_is_told_with_its_parts_and_how_many_inputs_it_has():
    models = (Model(103, 40069, 50), Model(120, 40121, 26), Model(160, 40149, 48), Model(802, 40199, 62))
    (inverter,) = Chain("KACO", models).devices()
    parts = {"battery": "9D07", "mppt": "9CD5", "inputs": 2, "nameplate": "9CB9"}
    assert inverter == ("sunspec-10x", {"register": "9C85", **parts})


def test_makers_with_ways_of_their_own_have_maps_of_their_own():
    meter = Model(203, 40188, 105)
    assert [id for id, _ in Chain("SolarEdge", (Model(103, 40069, 50), meter)).devices()] == [
        "solaredge-inverter", "solaredge-meter",
    ]  # fmt: skip
    assert [id for id, _ in Chain("Fronius", (Model(213, 40069, 124), meter)).devices()] == [
        "fronius-meter", "sunspec-20x",
    ]  # fmt: skip


def test_inputs_three_and_four_of_a_gen24_are_the_battery():
    models = (Model(113, 40069, 60), Model(160, 40263, 88), Model(124, 40353, 24))
    (inverter,) = Chain("Fronius", models).devices()
    parts = {"storage": "9DA1", "mppt": "9D47", "inputs": 4, "charging": 3, "discharging": 4}
    assert inverter == ("fronius-inverter", {"register": "9C85", **parts})
    assert dict(next(iter(Chain("Else", models).devices()))[1])["inputs"] == 4
    assert "charging" not in next(iter(Chain("Else", models).devices()))[1]


def test_the_maker_is_told_by_the_common_model():
    registers = {**device(40000, (1, 66), (103, 50)), 40004: b"SolarEdge" + bytes(23)}
    assert discover(Answering(registers), 1).maker == "SolarEdge"


def test_a_device_without_the_mark_has_no_models():
    line = Answering({40000: b"\0\0\0\0"})
    assert discover(line, 7) == Chain("", ())
    assert [at for _, at, _ in line.asked] == [40000, 50000, 0]


@pytest.mark.parametrize(
    "registers", [device(40000, (1, 66), end=False), {**device(40000, (1, 66)), 40070: b"\0\0\0\0"}]
)
def test_a_chain_that_breaks_off_ends_there(registers):
    assert [model.id for model in models_of(lambda at, count: registers.get(at))] == [1]


def test_a_chain_without_end_is_left():
    assert len(models_of(lambda at, count: b"SunS" if at == 40000 else struct.pack(">HH", 9, 0))) == MOST


def test_a_silent_device_is_an_error():
    class Silent(Answering):
        def transact(self, request, timeout_s):
            raise NoAnswer("no_answer", "silent")

    with pytest.raises(NoAnswer):
        discover(Silent({}), 7)
