"""Bytes typed by hand from the makers' tables, one set for each scheme of the families."""

import struct
from fractions import Fraction

import pytest

from drivers.families.catalogue import load_maps
from runtime.core.map.devicemap import parse_map
from simulator.device.encode import FieldEncoder, nothing_of, shown, shown_series, step_of, words_of

MAPS = load_maps()


def written(map, quantity, value, parameters=None, exponent=0):
    """Address -> the bytes that the row of a quantity writes there, as hexadecimal text."""
    field = next(field for field in map.fields if field.quantity == quantity)
    found = {}
    encoder = FieldEncoder(field, map, {name: Fraction(n) for name, n in (parameters or {}).items()})
    encoder.encode(value, lambda at, words, shared: found.__setitem__(at, words.hex()), exponent)
    return found


def one_row(type="u32", quantity="active_energy_import_wh", at=0, **more):
    own = {key: more.pop(key) for key in ("word_order", "byte_order", "invalid", "space") if key in more}
    row = {"quantity": quantity, "at": at, "type": type, **more}
    if "low_at" in row:
        del row["at"]
    head = {"id": "acme", "title": "ACME", "source": "by hand", "trust": "published"}
    return parse_map({**head, **own, "field": [row]}, file="acme.toml")


@pytest.mark.parametrize(
    ("model", "quantity", "value_n", "parameters", "expected"),
    [
        # Eastron, FC4, IEEE 754 most significant word first: 230.15 V, 1234.5 W, 12.5 kWh, -0.5
        ("eastron-sdm630", "voltage_l1_v", 23_015, {}, {0x0000: "43662666"}),
        ("eastron-sdm630", "active_power_w", 12_345, {}, {0x0034: "449a5000"}),
        ("eastron-sdm630", "active_energy_import_wh", 12_500_000, {}, {0x0048: "41480000"}),
        ("eastron-sdm630", "power_factor_l1", -500, {}, {0x001E: "bf000000"}),
        # 4 120 45, ratios 40 and 1: 0.01 W and 0.1 kWh a count, magnitudes with a sign register; mV and mA
        ("legrand-412045", "voltage_l1_v", 23_015, {}, {0x1000: "00038306"}),
        ("legrand-412045", "current_l2_a", 12_345, {}, {0x1008: "00003039"}),
        ("legrand-412045", "active_power_w", 123_456, {"kta": 40, "ktv": 1}, {0x1014: "0012d680", 0x101A: "0000"}),
        ("legrand-412045", "active_power_w", -123_456, {"kta": 40, "ktv": 1}, {0x1014: "0012d680", 0x101A: "0001"}),
        ("legrand-412045", "active_power_w", -50_000, {"kta": 5000, "ktv": 1}, {0x1014: "00001388", 0x101A: "0001"}),
        ("legrand-412045", "active_energy_import_wh", 1_234_567_890, {"kta": 40, "ktv": 1}, {0x101C: "00003039"}),
        ("legrand-412045", "active_energy_import_wh", 1_234_567_890, {"kta": 9, "ktv": 1}, {0x101C: "0001e240"}),
        # by the ratio of the current transformers alone, whatever that of the voltage transformers
        ("legrand-412045", "active_power_w", 123_456, {"kta": 600, "ktv": 10}, {0x1014: "0012d680", 0x101A: "0000"}),
        ("legrand-412045", "power_factor", -930, {}, {0x1024: "ffa3"}),
        ("legrand-412045", "frequency_hz", 50_012, {}, {0x1026: "01f4"}),
        ("legrand-412045", "vt_ratio", 100, {}, {0x1201: "000a"}),
        # Socomec C550: 10 W signed, 1 kWh, most significant word first
        ("socomec-c550", "active_power_w", -12_340, {}, {0xC568: "ffffff85"}),
        ("socomec-c550", "active_energy_import_wh", 1_999_999, {}, {0xC652: "00000001"}),
        ("socomec-c550", "voltage_l3_v", 23_015, {}, {0xC55C: "000059e7"}),
        # ABB: 64 bits of 0.01 kWh, 0.01 W signed
        ("abb-b23", "active_energy_import_wh", 1_234_567_899, {}, {0x5000: "000000000001e240"}),
        ("abb-b23", "active_power_w", -1, {}, {0x5B14: "fffffff6"}),
        ("abb-b23", "power_factor", -1000, {}, {0x5B3A: "fc18"}),
        # Carlo Gavazzi: signed, least significant word first, 0.1 V and 0.1 kWh
        ("gavazzi-em340", "voltage_l1_v", 23_010, {}, {0x0000: "08fd0000"}),
        ("gavazzi-em340", "active_power_w", -10, {}, {0x0028: "fff6ffff"}),
        # The single-phase Gavazzi: its own places, the same way to write
        ("gavazzi-em112", "active_power_w", -23_005, {}, {0x0004: "a623ffff"}),
        ("gavazzi-em112", "active_energy_export_wh", 65_537 * 100_000, {}, {0x0020: "00010001"}),
        # Siemens: energies as double precision, tariff 1 at 801 and 809
        ("siemens-pac2200", "active_energy_import_wh", 1_234_500, {}, {801: "40934a0000000000"}),
        ("siemens-pac2200", "active_power_w", 12_345, {}, {65: "449a5000"}),
        # Hager from 0xB000: 0.01 V, 10 W signed; whole kWh from 0xB060
        ("hager-ecr380d", "voltage_l31_v", 40_015, {}, {0xB005: "9c4f"}),
        ("hager-ecr380d", "active_power_w", -12_300, {}, {0xB011: "ffffff85"}),
        ("hager-ecr380d", "active_energy_export_wh", 789_999_999, {}, {0xB064: "00000315"}),
        # Chint DTSU666: real numbers that count 0.1 V, 0.001 A, 0.1 W; kWh as they are, of the secondary side
        ("chint-dtsu666", "voltage_l1_v", 23_000, {}, {0x2006: "450fc000"}),
        ("chint-dtsu666", "active_energy_import_wh", 12_500_000, {}, {0x101E: "41480000"}),
        ("chint-dtsu666", "active_energy_import_wh", 500_000_000, {"ir_at": 40}, {0x101E: "41480000"}),
        # Orno, Inepro: kW and kWh; the single-phase Orno whole W and 0.01 kWh
        ("orno-we516", "active_power_l2_w", 15_000, {}, {0x0020: "3fc00000"}),
        ("orno-we514", "active_energy_import_wh", 1_234_567_890, {}, {0xA000: "0001e240"}),
        ("inepro-pro380", "active_energy_export_wh", 12_500_000, {}, {0x6018: "41480000"}),
        # Janitza: addresses in decimal, Wh as they are; the old block of Socomec the same way
        ("janitza-umg604", "active_energy_export_wh", 1_234_500, {}, {19076: "449a5000"}),
        ("socomec-compat", "active_power_w", -12_300, {}, {790: "ffffff85"}),
    ],
)
def test_registers_hold_what_the_makers_table_says(model, quantity, value_n, parameters, expected):
    parameters = {"kta": 1, "ktv": 1, "ir_at": 1, "ur_at": 1, **parameters}
    assert written(MAPS[model], quantity, value_n, parameters) == expected


def test_a_counter_never_shows_energy_that_has_not_flowed():
    abb = next(field for field in MAPS["abb-b23"].fields if field.quantity == "active_energy_import_wh")
    assert shown(abb, 19_999_999, step_of(abb, MAPS["abb-b23"], {})) == 19_990_000


@pytest.mark.parametrize("energy_n", [123_456_789_012, 16_777_217_000_000, 999_999_999_999_999, 1])
def test_a_real_counter_shows_the_largest_number_of_its_type_that_is_not_above(energy_n):
    map = MAPS["eastron-sdm630"]
    raw = bytes.fromhex(written(map, "active_energy_import_wh", energy_n)[0x0048])
    number = struct.unpack(">f", raw)[0]
    above = struct.unpack(">f", (int.from_bytes(raw) + 1).to_bytes(4))[0]
    assert Fraction(number) * 10**6 <= energy_n < Fraction(above) * 10**6


@pytest.mark.parametrize(
    ("row", "value_n", "expected"),
    [
        ({"type": "u16", "scale": 1}, 65_536_000, {0: "0000"}),  # rolls over
        ({"type": "u16", "scale": 1}, 65_537_999, {0: "0001"}),
        ({"type": "u32", "low_at": 0, "high_at": 8, "high_factor": 1000000}, 1_234_567_891_000,
         {0: "0008aa53", 8: "000004d2"}),
        ({"type": "i16", "quantity": "active_power_w"}, 400_000, {0: "7fff"}),  # a gauge stays at its limit
        ({"type": "u16", "quantity": "active_power_w"}, -10, {0: "0000"}),
        ({"type": "f64", "quantity": "active_power_w"}, 10, {0: "3ff0000000000000"}),
        ({"type": "u32", "word_order": "little"}, 65_538_000, {0: "00020001"}),
        ({"type": "u32", "byte_order": "little"}, 66_051_000, {0: "01000302"}),
        ({"type": "u32", "byte_order": "little", "word_order": "little"}, 66_051_000, {0: "03020100"}),
    ],
)  # fmt: skip
def test_types_roll_over_split_limit_and_turn_their_words(row, value_n, expected):
    quantity = row.get("quantity", "active_energy_import_wh")
    assert written(one_row(**row), quantity, value_n) == expected


def test_what_is_not_known_shows_the_maps_marker_or_not_a_number():
    abb = next(field for field in MAPS["abb-b23"].fields if field.quantity == "active_energy_import_wh")
    assert nothing_of(abb, MAPS["abb-b23"]).hex() == "ff" * 8
    sdm = MAPS["eastron-sdm630"]
    assert nothing_of(sdm.fields[0], sdm).hex() == "7fc00000"


def test_texts_states_and_bits_find_their_place():
    text = one_row("text", "serial_number", words=3)
    assert written(text, "serial_number", "AB12") == {0: "414231320000"}
    state = one_row("u16", "breaker_state", enum={"1": "closed", "2": "open", "4": "tripped"})
    assert written(state, "breaker_state", 1) == {0: "0001"}
    bits = one_row("u16", "breaker_state", bits=[4, 5], enum={"1": "closed", "2": "open"})
    assert written(bits, "breaker_state", 0) == {0: "0020"}
    coil = one_row("bit", "input_1_state", space="discrete")
    assert written(coil, "input_1_state", 1) == {0: "01"}


def test_a_scale_register_makes_room_for_large_gauges():
    map = one_row("i16", "active_power_w", scale_at=5)
    encoder = FieldEncoder(map.fields[0], map, {})
    assert [encoder.exponent(n) for n in (100, 320_000, 3_200_000, -40_000_000)] == [-3, 0, 1, 3]
    assert written(map, "active_power_w", 3_200_000, exponent=1) == {0: "7d00"}


@pytest.mark.parametrize("model", MAPS)
def test_a_series_shows_what_each_value_alone_shows(model):
    map = MAPS[model]
    parameters = {name: Fraction(number) for name, number in {"kta": 40, "ktv": 1, "ir_at": 40, "ur_at": 1}.items()}
    for field in map.fields:
        if field.type not in ("text", "bit") and field.role == "value":
            step = step_of(field, map, parameters)
            values = [0, 7, 4_999, 123_456, 2_345_678, 987_654_321] + (
                [-5, -123_456] if "power" in field.quantity else []
            )
            assert shown_series(field, values, step) == [shown(field, value, step) for value in values]


def test_words_of_a_negative_number_are_twos_complement():
    assert words_of(-2, "i32", one_row("i32", "active_power_w")).hex() == "fffffffe"
