"""Writes as a simulated device understands them."""

import pytest

from simulator.device.written import Refusal, commands_in
from simulator.scenario.models import Models

MODELS = Models()


def said(model, space, at, data):
    return [(row.name, n) for row, n in commands_in(MODELS.map(model, {}).commands, space, at, bytes.fromhex(data))]


def refusal(model, space, at, data):
    with pytest.raises(Refusal) as refused:
        said(model, space, at, data)
    return refused.value.code


def test_bits_are_states():
    assert said("legrand-028812", "coil", 1, "01") == [("output_2", 1)]


def test_several_at_once_are_several_commands():
    assert said("legrand-028812", "coil", 0, "010001") == [("output_1", 1), ("output_2", 0), ("output_3", 1)]
    assert said("legrand-028812", "holding", 0x120, "00050006") == [("output_1_on_time", 50), ("output_2_on_time", 60)]


def test_numbers_are_scaled_and_may_take_two_registers():
    assert said("legrand-greenup", "holding", 0x11, "00A0") == [("limit", 16_000)]
    assert said("legrand-412065", "holding", 0x3000, "00010000") == [("pulses_1", 65_536)]


def test_what_is_no_command_has_no_address():
    assert refusal("legrand-028812", "coil", 6, "01") == 2
    assert refusal("legrand-028812", "holding", 0, "0001") == 2
    assert refusal("legrand-412065", "holding", 0x3000, "0001") == 2  # half of it


def test_what_may_not_be_told_is_refused():
    assert refusal("legrand-greenup", "holding", 0x11, "0005") == 3
    assert refusal("legrand-greenup", "holding", 0x20, "0009") == 3


def test_a_real_number_is_told_as_one():
    assert said("alfen-eve", "holding", 1210, "41580000") == [("limit", 13_500)]
    assert refusal("alfen-eve", "holding", 1210, "7FC00000") == 3  # not a number
    assert refusal("alfen-eve", "holding", 1210, "42400000") == 3  # 48 A
