"""Simulated devices identify themselves so that their maps know them."""

import pytest

from drivers.families.catalogue import load_maps
from runtime.core.modbus.identification import read_identification
from simulator.device.identification import objects_of
from simulator.gateway.modbus import answer

MAPS = load_maps()
NAMED = sorted(id for id, found in MAPS.items() if found.identifications)


class Unit:
    def __init__(self, map):
        self.map = map

    def objects(self):
        return objects_of(self.map)


@pytest.mark.parametrize("id", NAMED)
def test_a_device_says_what_its_map_expects_and_no_other_map_does(id):
    unit = Unit(MAPS[id])
    found = read_identification(7, lambda request: answer(unit, request.sent()[1:], 0)[3:])
    assert [each for each in NAMED if any(probe.fits(found) for probe in MAPS[each].identifications)] == [id]


def test_one_of_which_nothing_is_known_refuses_the_function():
    unit = Unit(MAPS["abb-b23"])
    assert answer(unit, bytes.fromhex("2b0e0100"), 0) == b"\xab\x01"
