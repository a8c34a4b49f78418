import struct

from drivers.families.catalogue import load_maps
from runtime.core.identity.modelcheck import Enquiry
from runtime.core.identity.phases import phase_probes

MAPS = load_maps()


def judged(configured, answer):
    """The verdict on a device that answers like this: (space, first register, words) -> bytes or None."""
    maps = [MAPS["eastron-sdm630"], MAPS["gavazzi-em24"]]
    enquiry = Enquiry(MAPS[configured], maps, phase_probes(MAPS[configured], MAPS.values()))
    while (position := enquiry.next()) is not None:
        enquiry.take(answer(position))
    return enquiry.verdict()


def test_a_single_phase_map_asks_where_its_relatives_have_the_second_phase():
    (probe,) = phase_probes(MAPS["eastron-sdm120"], MAPS.values())
    assert (probe.row.space, probe.row.at, probe.row.words) == ("input", 0x0002, 2)
    assert MAPS["eastron-sdm630"].title in probe.like
    assert phase_probes(MAPS["eastron-sdm630"], MAPS.values()) == ()


def test_a_second_phase_at_work_is_told_and_the_values_are_not_distrusted():
    verdict = judged("eastron-sdm120", lambda position: struct.pack(">f", 231.2) if position[1] == 2 else None)
    assert (verdict.finding, verdict.sure) == ("other", False)
    assert str(verdict).startswith("has more than the one phase that is read: it answers like ")
    assert MAPS["eastron-sdm630"].title in str(verdict)


def test_a_refusal_or_no_voltage_says_nothing():
    for told in (None, struct.pack(">f", 0.0), struct.pack(">f", float("nan")), struct.pack(">f", 1e6)):
        verdict = judged("eastron-sdm120", lambda position, told=told: told if position[1] == 2 else None)
        assert verdict.finding == "unknown"


def test_a_place_where_the_map_has_something_else_is_not_asked():
    assert all(probe.row.at != 2 for probe in phase_probes(MAPS["gavazzi-em112"], MAPS.values()))  # its current
