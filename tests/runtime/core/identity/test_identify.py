import pytest

from drivers.families.catalogue import load_maps
from runtime.core.identity.identify import fits, is_likely, probe_request
from runtime.core.map.devicemap import Probe

MAPS = load_maps()
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


@pytest.mark.parametrize(
    ("quantity", "value", "says"),
    [
        ("voltage_l1_v", 23_010, True),
        ("voltage_l1_v", 65_535, False),
        ("voltage_l2_v", 0, False),
        ("frequency_hz", 49_980, True),
        ("power_factor", -1_001, False),
        ("frequency_hz", None, False),
    ],
)
def test_a_value_is_that_of_a_meter_at_work_or_not(quantity, value, says):
    assert is_likely(quantity, value) is says
