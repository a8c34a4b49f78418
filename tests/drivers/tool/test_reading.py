from pathlib import Path

import pytest

from drivers.tool.reading import describe_value, read_device
from runtime.core.decode.compiled import compile_map
from runtime.core.quantity.catalogue import decimal_text
from runtime.errors import NoAnswer
from runtime.plugin.plugins import load_plugins
from tests.frames.frame import read_frame

PLUGINS = load_plugins(Path(__file__).parents[3] / "plugins.toml")


class FrameLine:
    """A line with one device, at unit 5, that answers like a frame."""

    def __init__(self, id):
        self.frame, self.is_open = read_frame(id), False

    def open(self):
        self.is_open = True

    def transact(self, request, timeout_s):
        assert self.is_open
        if request.unit != 5:
            raise NoAnswer("no_answer", f"unit {request.unit} stays silent")
        return self.frame.payload(request.function, request.at, request.count)


@pytest.mark.parametrize("id", ["legrand-412045", "eastron-sdm630", "abb-b23"])
def test_a_device_is_read_with_its_ratios_first(id):
    readings = read_device(FrameLine(id), compile_map(PLUGINS.map_of(id)), 5)
    for quantity, count in read_frame(id).expected_n().items():
        expected = None if count is None else float(decimal_text(quantity, count))
        assert readings[quantity]["value"] == expected


def test_units_are_told():
    readings = read_device(FrameLine("eastron-sdm630"), compile_map(PLUGINS.map_of("eastron-sdm630")), 5)
    assert readings["active_energy_import_wh"] == {"value": 12345500.0, "unit": "Wh"}


def test_a_device_that_stays_silent_is_an_error():
    with pytest.raises(NoAnswer):
        read_device(FrameLine("abb-b23"), compile_map(PLUGINS.map_of("abb-b23")), 6)


def test_states_are_shown_by_name_and_texts_as_they_are():
    assert describe_value("breaker_state", 2) == "tripped"
    assert describe_value("serial_number", "A1") == "A1"
    assert describe_value("device_code", 16) == 16.0
    assert describe_value("voltage_l1_v", None) is None
