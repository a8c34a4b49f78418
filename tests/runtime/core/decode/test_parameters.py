"""Ratios that a device holds in registers multiply what it tells of the secondary side."""

import struct

import pytest

from runtime.core.decode.compiled import DeviceSettings, compile_map
from runtime.core.decode.parameters import by_parameters
from runtime.core.map.devicemap import parse_map
from runtime.core.modbus.registers import Field

HEAD = {"id": "any", "title": "Any", "source": "none", "trust": "field"}
CT = {"quantity": "ct_ratio", "at": 0, "type": "u16", "role": "parameter", "name": "ct"}
VT = {"quantity": "vt_ratio", "at": 1, "type": "u16", "scale": "0.1", "role": "parameter", "name": "vt"}


def read(row, payload, ct=40, vt=10, settings=None):
    """What a row with both ratios means."""
    compiled = compile_map(parse_map({**HEAD, "field": [CT, VT, {"at": 9, "factor": ["ct", "vt"], **row}]}, file="any"))
    values = compiled.blank()
    for number, block in enumerate(compiled.blocks):
        told = struct.pack(">2H", ct, vt) if block.kind == "parameter" and ct is not None else payload
        if block.kind != "parameter" or ct is not None:
            compiled.apply(number, told, values, settings or DeviceSettings())
    return values[compiled.quantities.index(row["quantity"])]


@pytest.mark.parametrize(
    ("row", "payload", "count"),
    [
        ({"quantity": "active_power_w", "type": "f32", "scale": "0.1"}, struct.pack(">f", 8000.0), 320_000),
        ({"quantity": "active_power_w", "type": "i32", "scale": "0.1"}, struct.pack(">i", -8000), -320_000),
        ({"quantity": "active_energy_import_wh", "type": "u32", "scale": 10}, struct.pack(">I", 7), 2_800_000),
        ({"quantity": "active_energy_import_wh", "type": "u64", "scale": 10}, struct.pack(">Q", 7), 2_800_000),
        ({"quantity": "active_power_w", "type": "f32", "invalid": [5]}, struct.pack(">f", 5.0), None),
        ({"quantity": "active_power_w", "type": "f32"}, struct.pack(">f", float("nan")), None),
        ({"quantity": "active_power_w", "type": "f32"}, struct.pack(">f", 1e30), None),
    ],
)
def test_a_value_of_the_secondary_side_is_multiplied_by_all_ratios(row, payload, count):
    assert read(row, payload) == count


@pytest.mark.parametrize("type", ["f32", "i32", "i64"])
def test_without_a_ratio_nobody_knows_the_value(type):
    row, payload = (
        {"quantity": "active_power_w", "type": type},
        bytes((0, 0, 0, 1, 0, 0, 0, 1))[: 8 if "64" in type else 4],
    )
    assert read(row, payload, ct=None) is None
    assert read(row, payload, ct=0) is None
    if type != "f32":
        assert read(row, payload, ct=None, settings=DeviceSettings(parameters={"ct": 2, "vt": 1})) is not None


def test_a_ratio_that_changes_counts_with_the_next_answer():
    row = {"quantity": "active_power_w", "type": "f32", "scale": "0.1"}
    assert [read(row, struct.pack(">f", 100.0), ct=ct) for ct in (1, 40, 1)] == [100, 4000, 100]


def test_what_is_made_of_parameters_is_made_once_for_each_of_their_values():
    made = []
    field = Field("active_power_w", 0, "f32", 2, factor=("ct",))

    def make(told):
        made.append(told["ct"])
        return told["ct"] * 2

    found = by_parameters(field, {"ct": (0, "ct_ratio")}, make)
    told = [found([count], DeviceSettings()) for count in (100, 100, 300, 100, None)]
    assert (told, made) == ([2, 2, 6, 2, None], [1, 3])
    assert (
        by_parameters(Field("active_power_w", 0, "f32", 2), {}, lambda told: len(told) + 7)([], DeviceSettings()) == 7
    )


def test_the_size_alone_counts_where_a_sign_says_nothing():
    row = {"quantity": "active_energy_export_wh", "at": 0, "type": "i32", "sign": "either", "scale": 100}
    compiled = compile_map(parse_map({**HEAD, "field": [row]}, file="any"))
    values = compiled.blank()
    for raw in (-9871, 9871):
        compiled.apply(0, struct.pack(">i", raw), values, DeviceSettings())
        assert values == [987_100_000]


def test_a_counter_that_may_fall_is_told_with_what_is_sampled():
    rows = [
        {"quantity": f"active_energy_{way}_wh", "at": at, "type": "i32"} for way, at in (("import", 0), ("export", 2))
    ]
    compiled = compile_map(parse_map({**HEAD, "field": [{**rows[0], "net": True}, rows[1]]}, file="any"))
    assert [quantity for quantity, fact in compiled.shape(DeviceSettings()).facts.items() if fact.net] == [
        "active_energy_import_wh"
    ]
    turned = compiled.shape(DeviceSettings("downstream")).facts
    assert [quantity for quantity, fact in turned.items() if fact.net] == ["active_energy_export_wh"]
