import struct

import pytest

from drivers.families.sunspec.chain import MOST, Model, discover, meters, models_of
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
    assert [model.map_id for model in meters(found)] == ["sunspec-20x"]


def test_a_meter_behind_an_inverter_and_with_real_numbers_is_found_too():
    line = Answering(device(40000, (1, 65), (113, 60), (213, 124)))
    (meter,) = meters(discover(line, 7))
    assert (meter.id, meter.at, meter.map_id) == (213, 40131, "sunspec-21x")
    assert {(function, count) for function, _, count in line.asked} == {(3, 2)}


def test_a_device_without_the_mark_has_no_models():
    line = Answering({40000: b"\0\0\0\0"})
    assert discover(line, 7) == ()
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
