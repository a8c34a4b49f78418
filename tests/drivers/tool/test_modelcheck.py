import pytest

from drivers.families.catalogue import load_maps
from drivers.tool.modelcheck import check_model
from runtime.core.identity.modelcheck import SILENCES
from runtime.errors import NoAnswer, Refused

MAPS = load_maps()


class Registers:
    """A line with one device that has a few registers and refuses the others, or stays silent for them."""

    is_open = True

    def __init__(self, registers, silent=False):
        self.registers, self.silent, self.asked = registers, silent, []

    def transact(self, request, timeout_s):
        self.asked.append(request)
        if request.at in self.registers:
            return self.registers[request.at]
        raise NoAnswer("no_answer", "silent") if self.silent else Refused(2, "no such register")


NEMO = {0x0300: b"\x00\x10"}
SOCOMEC = {0xC350: b"\0S\0O\0C\0O"}


@pytest.mark.parametrize(
    ("id", "registers", "told"),
    [
        ("ime-nemo-96hd", NEMO, ""),
        ("abb-b23", NEMO, "answers like IME Nemo 96 HD"),
        ("ime-nemo-96hd", {0x0300: b"\x00\x11"}, "does not name itself as the model that is configured"),
        ("abb-b23", {}, ""),
    ],
)
def test_another_model_than_configured_is_told(id, registers, told):
    assert str(check_model(Registers(registers), MAPS[id], MAPS.values(), 5)) == told


def test_a_socomec_behind_another_maker_is_told_with_all_it_could_be():
    verdict = check_model(Registers(SOCOMEC), MAPS["eastron-sdm630"], MAPS.values(), 5)
    assert verdict.finding == "other" and MAPS["socomec-c550"].title in verdict.like


def test_a_device_that_is_what_it_should_be_is_asked_once():
    line = Registers(SOCOMEC)
    assert check_model(line, MAPS["socomec-c702"], MAPS.values(), 5).finding == "same"
    assert [request.at for request in line.asked] == [0xC350]
    assert {request.function for request in line.asked} <= {3, 4}


def test_a_silent_device_is_soon_left_alone():
    line = Registers({}, silent=True)
    assert check_model(line, MAPS["abb-b23"], MAPS.values(), 5).finding == "unknown"
    assert len(line.asked) <= SILENCES
