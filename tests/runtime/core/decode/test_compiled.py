"""Decoding, row by row of the grammar: bytes in, counts out."""

import math
import struct
from decimal import Decimal

import pytest

from runtime.core.decode.compiled import DeviceSettings, compile_map
from runtime.core.map.devicemap import parse_map
from runtime.core.quantity.catalogue import quantity

UPSTREAM = DeviceSettings()
DOWNSTREAM = DeviceSettings(supply="downstream")
HEAD = {"id": "acme-m3", "title": "ACME M3", "source": "ACME list", "trust": "published"}


def compiled_of(*rows, **head):
    return compile_map(parse_map({**HEAD, **head, "field": list(rows)}, file="acme.toml"))


def decode(compiled, payload, settings=UPSTREAM, block=0, values=None):
    values = compiled.blank() if values is None else values
    compiled.apply(block, payload, values, settings)
    compiled.derive(values)
    return dict(zip(compiled.quantities, values, strict=True))


def one(payload, settings=UPSTREAM, head=None, **row):
    row = {"quantity": "active_power_w", "at": 0, **row}
    return decode(compiled_of(row, **(head or {})), bytes.fromhex(payload), settings)[row["quantity"]]


@pytest.mark.parametrize(
    ("type", "payload", "watts"),
    [
        ("u16", "FFFF", 65535),
        ("i16", "FFFF", -1),
        ("u32", "00010000", 65536),
        ("i32", "FFFFFFFE", -2),
        ("u64", "0000000100000000", 2**32),
        ("i64", "FFFFFFFFFFFFFFFD", -3),
        ("f32", "C2C80000", -100),
        ("f64", "4059000000000000", 100),
    ],
)
def test_each_type_is_read_most_significant_word_first(type, payload, watts):
    assert one(payload, type=type) == 10 * watts


@pytest.mark.parametrize(
    ("word_order", "byte_order", "payload"),
    [
        ("big", "big", "01020304"),
        ("little", "big", "03040102"),
        ("big", "little", "02010403"),
        ("little", "little", "04030201"),
    ],
)
def test_words_and_bytes_may_come_in_either_order(word_order, byte_order, payload):
    head = {"word_order": word_order, "byte_order": byte_order}
    assert one(payload, type="u32", head=head) == 0x01020304 * 10


@pytest.mark.parametrize("byte_order", ["big", "little"])
@pytest.mark.parametrize("word_order", ["big", "little"])
def test_a_text_keeps_its_order_of_words(word_order, byte_order):
    payload = "4142 4300" if byte_order == "big" else "4241 0043"
    head = {"word_order": word_order, "byte_order": byte_order}
    assert one(payload, quantity="serial_number", type="text", words=2, head=head) == "ABC"


def test_a_text_of_nothing_is_no_value():
    assert one("0000 FFFF 2020", quantity="serial_number", type="text", words=3) is None


def test_a_serial_number_may_be_a_whole_number():
    assert one("0001E240", quantity="serial_number", type="u32") == "123456"


@pytest.mark.parametrize(
    ("scale", "count"), [(10, 12300), (Decimal("0.1"), 123), ("1/3", 410), (Decimal("0.025"), 31), (0.01, 12)]
)
def test_a_scale_is_an_exact_rational(scale, count):
    assert one("007B", type="u16", scale=scale) == count


def test_a_half_step_goes_to_the_even_count():
    assert [one(f"{raw:04X}", type="u16", scale=0.05) for raw in (1, 3, 5)] == [0, 2, 2]


def test_the_largest_numbers_stay_exact():
    assert one("FFFFFFFF", quantity="active_energy_import_wh", type="u32", scale=1000) == 0xFFFFFFFF * 10**6
    assert one("001FFFFFFFFFFFFF", quantity="active_energy_import_wh", type="u64") == (2**53 - 1) * 1000
    third = one("001FFFFFFFFFFFFF", quantity="active_energy_import_wh", type="u64", scale="1/3")
    assert third == 3_002_399_751_580_330_333


def test_what_passes_64_bits_is_no_value():
    assert one("FFFFFFFFFFFFFFFF", quantity="active_energy_import_wh", type="u64") is None
    assert one("7149F2CA", quantity="active_energy_import_wh", type="f32", scale=1000) is None


@pytest.mark.parametrize("payload", ["7FC00000", "7F800000", "FF800000"])
def test_nan_and_infinity_are_no_value_and_spare_their_neighbours(payload):
    compiled = compiled_of(
        {"quantity": "voltage_l1_v", "at": 0, "type": "f32"}, {"quantity": "voltage_l2_v", "at": 2, "type": "f32"}
    )
    read = decode(compiled, bytes.fromhex(payload + "43660000"))
    assert read == {"voltage_l1_v": None, "voltage_l2_v": 23000}


@pytest.mark.parametrize(
    ("type", "marker", "payload"),
    [("u16", 0xFFFF, "FFFF"), ("i16", 0x8000, "8000"), ("i32", -(2**31), "80000000"), ("f32", 9999.5, "461C3E00")],
)
def test_a_marker_is_no_value(type, marker, payload):
    assert one(payload, type=type, invalid=marker) is None
    assert one(payload, type=type, invalid=[1, marker]) is None


def test_a_marker_of_one_row_is_a_value_in_the_next():
    compiled = compiled_of(
        {"quantity": "voltage_l1_v", "at": 0, "type": "u16", "invalid": 0xFFFF},
        {"quantity": "voltage_l2_v", "at": 1, "type": "u16"},
    )
    assert decode(compiled, bytes.fromhex("FFFFFFFF")) == {"voltage_l1_v": None, "voltage_l2_v": 6553500}


def test_a_map_may_tell_its_markers_once_by_type():
    head = {"invalid": {"u16": 0xFFFF}}
    assert one("FFFF", type="u16", head=head) is None
    assert one("FFFF", type="u16", invalid=[], head=head) == 655350


@pytest.mark.parametrize(("sign", "count"), [("0000", 1000), ("0001", -1000), ("0002", None)])
def test_a_sign_register_turns_a_magnitude(sign, count):
    assert one("0064" + sign, type="u16", sign_at=1) == count


def test_fields_may_share_a_sign_register():
    rows = [{"quantity": f"active_power_l{n}_w", "at": n, "type": "u16", "sign_at": 0} for n in (1, 2)]
    assert list(decode(compiled_of(*rows), bytes.fromhex("0001 0001 0002")).values()) == [-10, -20]


def test_sign_registers_in_another_order_than_their_values_are_not_mixed_up():
    rows = [{"quantity": f"active_power_l{n}_w", "at": n, "type": "u16", "sign_at": 6 - n} for n in (1, 2)]
    read = decode(compiled_of(*rows), bytes.fromhex("0001 0002 0000 0001 0000"))
    assert read == {"active_power_l1_w": 10, "active_power_l2_w": -20}


@pytest.mark.parametrize(("exponent", "count"), [("0000", 1230), ("FFFE", 12), ("0003", 1230000), ("8000", None)])
def test_a_register_may_hold_the_power_of_ten(exponent, count):
    assert one("007B" + exponent, type="i16", scale_at=1) == count


def test_a_split_value_is_put_together():
    row = {"at": None, "quantity": "active_energy_import_wh", "low_at": 0, "high_at": 4, "type": "u32"}
    row.pop("at")
    payload = bytes.fromhex("000F423F 0000 0000 00000002")
    assert decode(compiled_of({**row, "high_factor": 1_000_000}), payload)["active_energy_import_wh"] == 2_999_999_000
    assert decode(compiled_of(row), payload)["active_energy_import_wh"] == (2 * 2**32 + 999_999) * 1000


@pytest.mark.parametrize(("bits", "count"), [(0, 1), (3, 0), ([8, 15], 0xA5), ([4, 7], 0xF)])
def test_bits_are_cut_out_of_a_register(bits, count):
    assert one("A5F1", quantity="device_code", type="u16", bits=bits) == count


def test_two_states_may_share_a_register_by_their_bits():
    rows = [{"quantity": f"input_{n}_state", "at": 0, "type": "u16", "bits": n - 1} for n in (1, 2)]
    assert decode(compiled_of(*rows), bytes.fromhex("0002")) == {"input_1_state": 0, "input_2_state": 1}


@pytest.mark.parametrize(("payload", "state"), [("0005", 1), ("0006", 2), ("0007", None)])
def test_an_enum_names_states_and_knows_no_others(payload, state):
    row = {"quantity": "breaker_state", "type": "u16", "enum": {"5": "closed", "0x06": "tripped"}}
    assert one(payload, **row) == state


def test_a_state_without_enum_is_one_of_those_it_has():
    assert one("0002", quantity="breaker_state", type="u16") == 2
    assert one("0003", quantity="breaker_state", type="u16") is None


def test_coils_and_discrete_inputs_come_packed_in_bytes():
    rows = [{"quantity": f"input_{n}_state", "at": 99 + n, "space": "discrete"} for n in (1, 9, 10)]
    compiled = compiled_of(*rows)
    assert (compiled.blocks[0].function, compiled.blocks[0].words) == (2, 10)
    assert list(decode(compiled, bytes([0b0000_0001, 0b0000_0010])).values()) == [1, 0, 1]


BANDED = [
    {"quantity": "ct_ratio", "name": "kta", "at": 0x200, "type": "u16", "role": "parameter"},
    {"quantity": "vt_ratio", "name": "ktv", "at": 0x201, "type": "u16", "scale": 0.1, "role": "parameter"},
    {"quantity": "active_power_w", "at": 0, "type": "u32", "sign_at": 4, "scale_band": "power"},
    {"quantity": "active_energy_import_wh", "at": 2, "type": "u32", "scale_band": "energy"},
]
BANDS = {
    "power": {"of": ["kta", "ktv"], "below": [[5000, 0.01]], "else": 1},
    "energy": {"of": ["kta", "ktv"], "below": [[10, 10], [100, 100], [1000, 1000]], "else": 10000},
}


@pytest.mark.parametrize(
    ("kta", "ktv", "power_n", "energy_n"),
    [
        (1, 10, -1000, 1_000_000),
        (1, 99, -1000, 1_000_000),
        (1, 100, -1000, 10_000_000),
        (50, 10, -1000, 10_000_000),
        (499, 10, -1000, 100_000_000),
        (500, 100, -100000, 1_000_000_000),
    ],
)
def test_the_product_of_the_ratios_chooses_the_band(kta, ktv, power_n, energy_n):
    compiled = compiled_of(*BANDED, bands=BANDS)
    values = compiled.blank()
    compiled.apply(1, struct.pack(">HH", kta, ktv), values, UPSTREAM)
    read = decode(compiled, struct.pack(">IIH", 10000, 100, 1), values=values)
    assert (read["active_power_w"], read["active_energy_import_wh"]) == (power_n, energy_n)


def test_without_its_ratios_a_banded_value_is_unknown():
    read = decode(compiled_of(*BANDED, bands=BANDS), struct.pack(">IIH", 10000, 100, 1))
    assert read["active_power_w"] is None and read["active_energy_import_wh"] is None


def test_settings_stand_in_for_ratios_that_the_device_does_not_tell():
    settings = DeviceSettings(parameters={"kta": 1, "ktv": 1.0})
    read = decode(compiled_of(*BANDED, bands=BANDS), struct.pack(">IIH", 10000, 100, 1), settings)
    assert read["active_power_w"] == -1000


def test_parameters_are_told_apart():
    compiled = compiled_of(*BANDED, bands=BANDS)
    assert [compiled.quantities[slot] for slot in compiled.parameters] == ["ct_ratio", "vt_ratio"]
    assert [block.kind for block in compiled.blocks] == ["live", "parameter"]


ENERGIES = [
    {"quantity": "active_power_w", "at": 0, "type": "i16"},
    {"quantity": "voltage_l1_v", "at": 1, "type": "u16"},
    {"quantity": "active_energy_import_wh", "at": 2, "type": "u16"},
    {"quantity": "active_energy_export_wh", "at": 100, "type": "u16"},
]


def test_a_feed_from_below_turns_powers_and_swaps_energies_even_across_reads():
    compiled = compiled_of(*ENERGIES)
    values = compiled.blank()
    for _ in range(2):
        compiled.apply(0, struct.pack(">hHH", 7, 230, 11), values, DOWNSTREAM)
        compiled.apply(1, struct.pack(">H", 22), values, DOWNSTREAM)
    read = dict(zip(compiled.quantities, values, strict=True))
    assert (read["active_power_w"], read["voltage_l1_v"]) == (-70, 23000)
    assert (read["active_energy_import_wh"], read["active_energy_export_wh"]) == (22000, 11000)


def test_the_slots_of_a_read_are_those_it_writes():
    compiled = compiled_of(*ENERGIES)
    assert [compiled.quantities[slot] for slot in compiled.indexes(1, UPSTREAM)] == ["active_energy_export_wh"]
    assert [compiled.quantities[slot] for slot in compiled.indexes(1, DOWNSTREAM)] == ["active_energy_import_wh"]


def test_a_meter_of_one_direction_keeps_its_energy_when_fed_from_below():
    assert one("0005", DOWNSTREAM, quantity="active_energy_import_wh", type="u16") == 5000


def test_derived_quantities_stand_last_and_are_made_of_their_parts():
    rows = [{"quantity": f"active_power_l{n}_w", "at": n - 1, "type": "i16"} for n in (1, 2, 3)]
    rows += [{"quantity": "apparent_power_va", "at": 3, "type": "u16"}]
    derive = [
        {"quantity": "active_power_w", "sum": [row["quantity"] for row in rows[:3]]},
        {"quantity": "power_factor", "ratio": ["active_power_l1_w", "apparent_power_va"]},
    ]
    compiled = compiled_of(*rows, derive=derive)
    read = decode(compiled, struct.pack(">hhhH", 100, -20, 3, 125))
    assert compiled.quantities[-2:] == ("active_power_w", "power_factor")
    assert (read["active_power_w"], read["power_factor"]) == (830, 800)
    assert decode(compiled, struct.pack(">hhhH", 100, -20, 3, 0))["power_factor"] is None


def test_counters_and_recorded_columns_are_named():
    compiled = compiled_of(*ENERGIES)
    assert [compiled.quantities[slot] for slot in compiled.counters] == [
        "active_energy_import_wh",
        "active_energy_export_wh",
    ]
    assert compiled.recorded == tuple(
        (id, statistic) for id in ("active_power_w", "voltage_l1_v") for statistic in ("mean", "min", "max")
    )


def test_a_row_may_say_what_is_recorded():
    rows = [
        {"quantity": "active_power_w", "at": 0, "type": "i16", "record_minmax": False},
        {"quantity": "voltage_l1_v", "at": 1, "type": "u16", "record": False},
        {"quantity": "phase_angle_deg", "at": 2, "type": "u16", "record": "last"},
    ]
    assert compiled_of(*rows).recorded == (("active_power_w", "mean"), ("phase_angle_deg", "last"))


def test_a_request_asks_for_its_block():
    compiled = compiled_of({"quantity": "active_power_w", "at": 0x5000, "type": "i32", "space": "input"})
    request = compiled.request(0, 17)
    assert (request.unit, request.function, request.at, request.count) == (17, 4, 0x5000, 2)


def test_a_value_decoded_in_company_equals_one_decoded_alone():
    rows = [
        {"quantity": "voltage_l1_v", "at": 0, "type": "f32"},
        {"quantity": "current_l1_a", "at": 2, "type": "u32", "scale": 0.001},
        {"quantity": "active_power_w", "at": 4, "type": "i32", "scale": 0.01},
        {"quantity": "active_energy_import_wh", "at": 6, "type": "u64", "scale": 10},
        {"quantity": "frequency_hz", "at": 10, "type": "u16", "scale": 0.1},
        {"quantity": "breaker_state", "at": 11, "type": "u16"},
    ]
    payload = struct.pack(">fIiQHH", 230.4, 12345, -99995, 2**40, 501, 1)
    alone = {}
    for row in rows:
        piece = payload[2 * row["at"] :][: {"u16": 2, "u64": 8}.get(row["type"], 4)]
        alone |= decode(compiled_of({**row, "at": 0}), piece)
    assert decode(compiled_of(*rows), payload) == alone
    assert math.isclose(alone["voltage_l1_v"], 23040)


def test_every_slot_of_a_device_never_read_is_unknown():
    compiled = compiled_of(*ENERGIES)
    assert compiled.blank() == [None] * 4
    assert {quantity(id).kind for id in compiled.quantities} == {"gauge", "counter"}


def test_ratios_that_come_and_go_never_leave_old_factors_behind():
    compiled = compiled_of(*BANDED, bands=BANDS)
    values = compiled.blank()
    for kta in [1, 9999, *range(100, 130), 1, 9999]:
        compiled.apply(1, struct.pack(">HH", kta, 10), values, UPSTREAM)
        power = decode(compiled, struct.pack(">IIH", 10000, 100, 0), values=values)["active_power_w"]
        assert power == (1000 if kta < 5000 else 100000)


def test_the_sign_of_power_and_the_direction_of_energy_are_two_things():
    rows = [("active_power_w", 0), ("active_energy_import_wh", 1), ("active_energy_export_wh", 2)]
    head = {"id": "any", "title": "Any", "source": "none", "trust": "field"}
    fields = [{"quantity": quantity, "at": at, "type": "i16"} for quantity, at in rows]
    compiled = compile_map(parse_map({**head, "field": fields}, file="any"))
    read = {}
    for supply in ("upstream", "downstream"):
        for sign in ("normal", "reversed"):
            values = compiled.blank()
            settings = DeviceSettings(supply, power_sign=sign)
            for block in range(len(compiled.blocks)):
                compiled.apply(block, bytes((0, 5, 0, 6, 0, 7)), values, settings)
            read[supply, sign] = [values[compiled.quantities.index(quantity)] for quantity, _ in rows]
    assert read == {
        ("upstream", "normal"): [50, 6_000, 7_000],
        ("upstream", "reversed"): [-50, 6_000, 7_000],
        ("downstream", "normal"): [-50, 7_000, 6_000],
        ("downstream", "reversed"): [50, 7_000, 6_000],
    }
