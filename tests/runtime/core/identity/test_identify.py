import struct

import pytest

from drivers.families.catalogue import load_maps
from runtime.core.decode.compiled import compile_map
from runtime.core.identity.identify import block_request, fits, identity_block, likeness, probe_request
from runtime.core.map.devicemap import Probe

MAPS = load_maps()
METER = compile_map(MAPS["eastron-sdm630"])
BIG = MAPS["socomec-c550"]
MODEL = Probe("holding", 0x0300, "u16", 1, (0x10, 0x1B))


def test_a_probe_asks_for_its_register():
    assert probe_request(MODEL, 9).at == 0x0300 and probe_request(MODEL, 9).unit == 9


@pytest.mark.parametrize(
    ("probe", "payload", "says"),
    [
        (MODEL, b"\0\x10", True),
        (MODEL, b"\0\x11", False),
        (Probe("holding", 1, "u16", 1, ()), b"\0\0", True),
        (Probe("holding", 1, "text", 4, ("SOCO",)), b"SOCOMEC ", True),
        (Probe("holding", 1, "text", 4, ("SOCO",)), b"\xff\xfeCOMEC ", False),
        (Probe("holding", 1, "i32", 2, (-2,)), b"\xff\xff\xff\xfe", True),
    ],
)
def test_an_answer_names_a_kind_of_device_or_not(probe, payload, says):
    assert fits(probe, BIG, payload) is says


def answer(values):
    block = METER.blocks[identity_block(METER)]
    return struct.pack(f">{block.words // 2}f", *(values * block.words)[: block.words // 2])


def test_values_of_a_meter_at_work_look_like_one_and_others_do_not():
    number = identity_block(METER)
    assert block_request(METER.blocks[number], 4).unit == 4
    assert likeness(METER, number, answer([1e9])) == 0
    assert likeness(METER, number, answer([0.0])) == 0
