"""What a map lets one write, and how it is put on the wire."""

import pytest

from runtime.core.decode.compiled import compile_map
from runtime.core.map.devicemap import parse_map
from runtime.core.modbus.request import Request
from runtime.errors import ConfigError

HEAD = {"id": "acme-io", "title": "ACME I/O", "source": "ACME list", "trust": "published"}
OUTPUT = {"quantity": "output_1_state", "at": 0, "space": "discrete"}
LIMIT = {"quantity": "limit_a", "at": 0x100, "type": "u16", "scale": 0.1}
BREAKER = {"quantity": "breaker_state", "at": 0x10, "type": "u16", "enum": {"1": "open", "2": "closed", "4": "tripped"}}
SWITCH = {"command": "output_1", "read_back": "output_1_state", "space": "coil", "at": 7}
SET = {
    "command": "limit", "read_back": "limit_a", "at": 0x100, "type": "u16", "scale": 0.1, "least": 6, "most": 32,
}  # fmt: skip


def parsed(*commands, parent=None, **head):
    rows = {} if parent else {"field": [OUTPUT, LIMIT, BREAKER]}
    return parse_map({**HEAD, **rows, **head, "command": list(commands)}, file="acme.toml", parent=parent)


def faults_of(*commands, **head):
    with pytest.raises(ConfigError) as caught:
        parsed(*commands, **head)
    return {fault.key: f"{fault.message} ({fault.hint})" for fault in caught.value.faults}


def only(command, **head):
    return parsed(command, **head).commands[0]


def test_a_coil_is_switched_by_function_5_and_read_back_where_the_map_says():
    command = only(SWITCH)
    assert (command.name, command.quantity, command.read_back) == ("output_1", "output_1_state", "output_1_state")
    assert command.choices == ("off", "on")
    assert command.request(9, 1) == Request(9, 5, 7, 1, b"\xff\0")
    assert command.request(9, 0) == Request(9, 5, 7, 1, b"\0\0")


def test_a_coil_of_a_device_that_knows_function_15_alone():
    assert only({**SWITCH, "multiple": True}).request(9, 1) == Request(9, 15, 7, 1, b"\1")


def test_a_number_is_told_in_its_unit_and_travels_as_the_map_scales_it():
    assert only(SET).request(3, 16_000) == Request(3, 6, 0x100, 1, bytes.fromhex("00A0"))


def test_two_registers_take_function_16_in_the_order_of_the_map():
    wide = {**SET, "type": "u32"}
    assert only(wide).request(3, 16_000) == Request(3, 16, 0x100, 2, bytes.fromhex("000000A0"))
    assert only(wide, word_order="little").request(3, 16_000).payload == bytes.fromhex("00A00000")
    assert only(wide, word_order="little", byte_order="little").request(3, 16_000).payload == bytes.fromhex("A0000000")


def test_a_real_number_travels_as_one():
    real = {**SET, "type": "f32", "scale": 1}
    assert only(real).request(3, 13_500) == Request(3, 16, 0x100, 2, bytes.fromhex("41580000"))
    assert only(real, word_order="little").request(3, 13_500).payload == bytes.fromhex("00004158")
    assert only({**real, "scale": 1000}).raw_of(16_000) == 0.016


def test_one_register_by_function_16_where_the_device_wants_it_so():
    assert only({**SET, "multiple": True}).request(3, 6_000).function == 16


@pytest.mark.parametrize("value_n", [5_999, 32_001, -1])
def test_what_is_out_of_range_is_never_put_on_the_wire(value_n):
    command = only(SET)
    assert not command.allows(value_n)
    with pytest.raises(ValueError, match="limit"):
        command.request(3, value_n)


def test_a_state_is_told_by_the_raw_numbers_by_which_it_is_read():
    order = {"command": "breaker", "read_back": "breaker_state", "at": 0x20, "type": "u16"}
    assert only(order).values == ((0, 1), (1, 2), (2, 4))


def test_only_the_states_that_the_map_names_can_be_told():
    order = {
        "command": "breaker", "read_back": "breaker_state", "at": 0x20, "type": "u16", "pulse": True,
        "values": {"open": 0x55, "closed": 0xAA},
    }  # fmt: skip
    command = only(order)
    assert command.pulse and command.choices == ("open", "closed")
    assert command.request(1, 1).payload == b"\0\xaa"
    assert not command.allows(2)


def test_a_command_of_which_nothing_can_be_read_back():
    unlock = {"command": "unlock", "quantity": "cable_lock", "at": 1, "type": "u16", "values": {"unlocked": 1}}
    assert only(unlock).read_back == ""


@pytest.mark.parametrize(
    ("change", "key", "told"),
    [
        ({"comand": 1}, "comand", "command"),
        ({"at": None}, "at", "is missing"),
        ({"space": "input"}, "space", "not known"),
        ({"read_back": "output_2_state"}, "read_back", "output_1_state"),
        ({"read_back": None}, "quantity", "is missing"),
        ({"quantity": "rfid", "read_back": None}, "quantity", "text"),
        ({"quantity": "breaker_state"}, "read_back", "does not show"),
        ({"values": {"up": 1}}, "values.up", "no state"),
        ({"values": {"on": 2}}, "values.on", "does not fit"),
        ({"least": 1}, "least", "no range"),
    ],
    ids=str,
)
def test_a_wrong_row_of_a_state_is_told_by_its_key(change, key, told):
    row = {name: value for name, value in {**SWITCH, **change}.items() if value is not None}
    assert told in faults_of(row)[f"command[1].{key}"]


@pytest.mark.parametrize(
    ("change", "key", "told"),
    [
        ({"type": None}, "type", "is missing"),
        ({"type": "text"}, "type", "not known"),
        ({"most": None}, "most", "is missing"),
        ({"least": 40}, "most", "below"),
        ({"most": 7000}, "most", "does not fit"),
        ({"least": -1}, "most", "does not fit"),
        ({"scale": 0}, "scale", "not above 0"),
        ({"values": {"on": 1}}, "values", "no named states"),
        ({"refresh_s": -1}, "refresh_s", "integer"),
    ],
    ids=str,
)
def test_a_wrong_row_of_a_number_is_told_by_its_key(change, key, told):
    row = {name: value for name, value in {**SET, **change}.items() if value is not None}
    assert told in faults_of(row)[f"command[1].{key}"]


def test_two_commands_of_one_name_are_refused():
    assert "already" in faults_of(SWITCH, SWITCH)["command[2].command"]


def test_a_variant_inherits_commands_replaces_those_it_names_and_loses_what_it_cannot_read_back():
    base = parsed(SWITCH, SET)
    variant = parsed({**SET, "most": 16}, parent={"acme-io": base}.__getitem__, id="b", extends="acme-io")
    assert {command.name: command.most_n for command in variant.commands} == {"output_1": 0, "limit": 16_000}
    poorer = parsed(parent={"acme-io": base}.__getitem__, id="c", extends="acme-io", drop=["limit_a"])
    assert [command.name for command in poorer.commands] == ["output_1"]


def test_a_compiled_map_has_them_by_name():
    assert set(compile_map(parsed(SWITCH, SET)).commands) == {"output_1", "limit"}


def test_a_series_of_commands_is_one_row():
    inputs = [{"quantity": "output_{}_state", "at": 4, "space": "discrete", "series": [1, 3]}]
    row = {"command": "output_{}", "read_back": "output_{}_state", "space": "coil", "at": 9, "series": [1, 3]}
    commands = parsed(row, field=inputs).commands
    assert [(command.name, command.read_back, command.at) for command in commands] == [
        (f"output_{n}", f"output_{n}_state", 8 + n) for n in (1, 2, 3)
    ]


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"series": [1]}, "series"),
        ({"series": [2, 1]}, "series"),
        ({"series": [1, 2]}, "series"),
        ({"stride": 2}, "stride"),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_series_is_told(change, key):
    assert f"command[1].{key}" in faults_of({**SWITCH, **change})
