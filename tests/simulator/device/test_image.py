from drivers.families.catalogue import load_maps
from runtime.core.map.devicemap import parse_map
from simulator.device.image import Encoder

HEAD = {"id": "acme", "title": "ACME", "source": "by hand", "trust": "published"}
ROWS = [
    {"quantity": "voltage_l1_v", "at": 10, "type": "u16", "scale": 0.1},
    {"quantity": "voltage_l2_v", "at": 12, "type": "u16", "scale": 0.1},
    {"quantity": "frequency_hz", "at": 500, "type": "u16", "scale": 0.1},
]
VALUES = {"voltage_l1_v": 23_010, "voltage_l2_v": 22_990, "frequency_hz": 50_000}


def holding(map, values=VALUES):
    return Encoder(map, {}).image(values)["holding"]


def test_small_gaps_read_as_zero_and_large_ones_do_not_exist():
    image = holding(parse_map({**HEAD, "field": ROWS}, file=""))
    assert image.read(10, 3).hex() == "08fd000008fb"
    assert image.read(10, 4) is None and image.read(9, 1) is None and image.read(400, 1) is None
    assert image.read(500, 1).hex() == "01f4"


def test_no_read_crosses_a_gap_or_break_that_the_map_forbids():
    assert holding(parse_map({**HEAD, "gap_words": 0, "field": ROWS}, file="")).read(10, 3) is None
    broken = holding(parse_map({**HEAD, "breaks": [12], "field": ROWS}, file=""))
    assert broken.read(11, 2) is None and broken.read(12, 1).hex() == "08fb"


def test_bits_come_eight_a_byte_first_one_lowest():
    rows = [{"quantity": f"input_{n}_state", "at": n, "space": "discrete"} for n in range(1, 11)]
    image = Encoder(parse_map({**HEAD, "field": rows}, file=""), {}).image({"input_1_state": 1, "input_10_state": 1})
    assert image["discrete"].read(1, 10).hex() == "0102"
    assert image["discrete"].read(1, 11) is None


def test_rows_that_share_a_register_both_show():
    rows = [
        {"quantity": "input_1_state", "at": 3, "type": "u16", "bits": 0},
        {"quantity": "input_2_state", "at": 3, "type": "u16", "bits": 9},
    ]
    image = Encoder(parse_map({**HEAD, "field": rows}, file=""), {}).image({"input_1_state": 1, "input_2_state": 1})
    assert image["holding"].read(3, 1).hex() == "0201"


def test_values_under_one_scale_register_share_its_power_of_ten():
    rows = [
        {"quantity": "active_power_l1_w", "at": 0, "type": "i16", "scale_at": 2},
        {"quantity": "active_power_l2_w", "at": 1, "type": "i16", "scale_at": 2},
    ]
    map = parse_map({**HEAD, "field": rows}, file="")
    image = Encoder(map, {}).image({"active_power_l1_w": 3_200_000, "active_power_l2_w": -500_000})
    assert image["holding"].read(0, 3).hex() == "7d00" + "ec78" + "0001"


def test_what_identifies_a_device_stands_where_it_is_looked_for():
    image = Encoder(load_maps()["socomec-c550"], {}).image({})
    assert image["holding"].read(0xC350, 4) == b"\0S\0O\0C\0O"
