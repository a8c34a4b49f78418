"""What a device may be, by its registers alone: played as words at addresses."""

import struct

import pytest

from drivers.families.catalogue import load_maps
from drivers.tool.candidates import Candidates
from runtime.errors import NoAnswer, Refused

MAPS = load_maps()
EASTRON = {id: found for id, found in MAPS.items() if found.maker == "Eastron"}
FREQUENCY, POWER_FACTOR = {0x46: 50.0}, {0x1E: 0.9}


class Meter:
    """Floats in input registers; what it does not have it refuses, or shows as 0."""

    def __init__(self, floats, *, strict=True):
        self.strict, self.asked = strict, []
        self.words = {
            at + n: word
            for at, f in floats.items()
            for n, word in enumerate(struct.unpack(">2H", struct.pack(">f", f)))
        }

    def __call__(self, request):
        self.asked.append(request)
        span = range(request.at, request.at + request.count)
        if request.function != 4 or (self.strict and any(at not in self.words for at in span)):
            raise Refused(2, "no such register")
        return b"".join(self.words.get(at, 0).to_bytes(2, "big") for at in span)


def rows_of(id, **values):
    """All that a meter of a kind has, at 1.5 unless said otherwise."""
    return {field.at: values.get(field.quantity, 1.5) for field in MAPS[id].fields if field.space == "input"}


THREE = {"voltage_l1_v": 230.0, "voltage_l2_v": 231.0, "voltage_l3_v": 229.0, "frequency_hz": 50.0,
         "power_factor": 0.9, "power_factor_l1": 0.9, "voltage_l12_v": 398.0}  # fmt: skip


def ids(meter, maps=EASTRON):
    return [each.id for each in Candidates(maps).find(7, meter)]


def test_a_three_phase_meter_is_not_taken_for_one_of_a_single_phase():
    for strict in (True, False):
        found = ids(Meter(rows_of("eastron-sdm630", **THREE), strict=strict))
        assert "eastron-sdm630" in found and not {"eastron-sdm120", "eastron-sdm220"} & set(found)


def test_a_single_phase_meter_is_not_taken_for_one_of_three_phases():
    found = ids(Meter(rows_of("eastron-sdm120", voltage_l1_v=230.0, frequency_hz=50.0, power_factor=0.9)))
    assert "eastron-sdm120" in found and "eastron-sdm630" not in found


def test_phases_without_voltage_leave_it_open():
    values = {**THREE, "voltage_l2_v": 0.0, "voltage_l3_v": 0.0}
    found = Candidates(EASTRON).find(7, Meter(rows_of("eastron-sdm630", **values)))
    assert [each.has_dark_phase for each in found if each.id == "eastron-sdm630"] == [True]


@pytest.mark.parametrize("volts", [0.0, 655.35, float("nan")])
def test_what_no_meter_at_work_shows_is_none(volts):
    assert ids(Meter(rows_of("eastron-sdm630", **{**THREE, "voltage_l1_v": volts}))) == []


def test_one_that_falls_silent_is_asked_no_further():
    asked = []

    def silent(request):
        asked.append(request)
        raise NoAnswer("no_answer", "silent")

    assert Candidates(MAPS).find(7, silent) == []


def test_among_those_that_a_device_names_the_ones_that_it_refuses_are_out():
    meter = Meter(rows_of("eastron-sdm630", **{**THREE, "frequency_hz": 0.0}))
    found = [each.id for each in Candidates(MAPS).find(7, meter, ("eastron-sdm630", "gavazzi-em24"))]
    assert found == ["eastron-sdm630"]
