from drivers.families.catalogue import load_maps
from runtime.core.decode.compiled import DeviceSettings, compile_map
from runtime.core.decode.explain import explain
from runtime.core.modbus.request import Request

METER = compile_map(load_maps()["eastron-sdm630"])


def test_the_answer_to_a_block_of_the_map_is_told_in_its_quantities():
    block = METER.blocks[0]
    values = explain(METER, DeviceSettings(), METER.request(0, 1), bytes(2 * block.words))
    assert values and {quantity for quantity, _ in values} <= set(METER.quantities)


def test_what_the_map_does_not_read_tells_nothing():
    assert explain(METER, DeviceSettings(), Request(1, 3, 60_000, 1), b"\0\0") == ()


def test_a_part_of_a_block_tells_only_what_stands_in_it():
    block = METER.blocks[0]
    whole = explain(METER, DeviceSettings(), METER.request(0, 1), bytes(2 * block.words))
    request = Request(1, block.function, block.at + 2, 4)
    part = explain(METER, DeviceSettings(), request, bytes(8))
    assert 0 < len(part) < len(whole) and set(part) <= set(whole)
