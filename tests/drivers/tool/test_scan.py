from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from drivers.tool.scan import FIRST_S, QUICK_S, Scan, TimeOut
from runtime.core.map.devicemap import register_maps
from runtime.core.modbus.identification import IdentificationProbe
from runtime.core.modbus.registers import Probe
from runtime.core.modbus.request import IDENTIFICATION, Request
from runtime.errors import BadAnswer, DriverError, LinkDown, NoAnswer, Refused
from runtime.plugin.plugins import load_plugins
from tests.actors.stage import ManualClock
from tests.frames.frame import read_frame

MAPS = register_maps(load_plugins(Path(__file__).parents[3] / "plugins.toml").maps)


@dataclass
class Bus:
    """A played bus: by unit the frame that answers there, or what goes wrong.

    says  by unit the answer to function 43/14; what is not there is refused
    """

    clock: ManualClock
    units: dict[int, str | DriverError] = field(default_factory=dict)
    nobody: DriverError = field(default_factory=lambda: NoAnswer("no_answer", "silent"))
    takes_s: float = 0.02
    is_open: bool = False
    timeouts_s: list[float] = field(default_factory=list)
    says: dict[int, bytes | DriverError] = field(default_factory=dict)
    identified: list[int] = field(default_factory=list)

    def open(self):
        self.is_open = True

    def transact(self, request: Request, timeout_s: float) -> bytes:
        self.timeouts_s.append(timeout_s)
        there = self.units.get(request.unit, self.nobody)
        if isinstance(there, DriverError):
            self.clock.advance(timeout_s if isinstance(there, NoAnswer) else self.takes_s)
            self.is_open = not isinstance(there, NoAnswer)
            raise there
        self.clock.advance(self.takes_s)
        if request.function == IDENTIFICATION:
            return self.identify(request.unit)
        try:
            return read_frame(there).payload(request.function, request.at, request.count)
        except (KeyError, LookupError, AssertionError, ValueError, StopIteration):
            raise Refused(2, "no such register") from None

    def identify(self, unit: int) -> bytes:
        self.identified.append(unit)
        said = self.says.get(unit, Refused(1, "illegal function"))
        if isinstance(said, DriverError):
            raise said
        return said


def scanned(bus, units=range(1, 6), maps=MAPS):
    return list(Scan(bus, bus.clock, maps, is_serial=False).run(units))


def test_those_that_answer_are_found_and_recognised():
    bus = Bus(ManualClock(), {2: "socomec-c550", 4: "eastron-sdm630"})
    found = {each.unit: each for each in scanned(bus)}
    assert sorted(found) == [2, 4]
    assert found[2].models[0] == "socomec-c550"
    assert "eastron-sdm630" in found[4].models and not found[4].sure


def test_one_that_is_clear_is_chosen_and_what_is_open_is_not():
    bus, maps = Bus(ManualClock(), {4: "abb-b23"}), {id: MAPS[id] for id in ("abb-b23", "gavazzi-em24")}
    (clear,) = scanned(bus, [4], maps)
    assert (clear.models, clear.chosen, clear.sure) == (("abb-b23",), "abb-b23", False)
    (left,) = scanned(bus, [4], {**maps, "sold-as": replace(MAPS["abb-b23"], id="sold-as")})
    assert (left.models, left.chosen) == (("abb-b23", "sold-as"), "")


@dataclass
class Coded(Bus):
    """One that has a code in register 11 when that is read by itself."""

    code: int = 0

    def transact(self, request: Request, timeout_s: float) -> bytes:
        if (request.at, request.count) == (11, 1) and request.function in (3, 4):
            return self.code.to_bytes(2, "big")
        return super().transact(request, timeout_s)


def test_a_meter_that_has_a_code_is_sure_and_a_number_that_is_like_one_names_nobody():
    (meter,) = scanned(Coded(ManualClock(), {4: "gavazzi-em24"}, code=71), [4])
    assert (meter.models, meter.sure) == (("gavazzi-em24",), True)
    (other,) = scanned(Coded(ManualClock(), {4: "schneider-iem3155"}, code=71), [4])
    assert "gavazzi-em24" not in other.models and not other.sure


def test_one_that_hangs_up_at_what_it_does_not_have_does_not_end_the_search():
    bus = Bus(ManualClock(), {2: LinkDown("link_lost", "gone"), 4: "socomec-c550"})
    assert [each.unit for each in scanned(bus)] == [4]


def test_a_refusal_is_a_sign_of_life_but_not_that_of_a_gateway_that_found_nobody():
    bus = Bus(ManualClock(), {2: Refused(1, "illegal function")}, nobody=Refused(11, "target silent"))
    assert [each.unit for each in scanned(bus)] == [2]


def test_garbled_answers_are_a_sign_of_life_too():
    bus = Bus(ManualClock(), {3: BadAnswer("bad_crc", "garbled")})
    assert [(each.unit, each.models) for each in scanned(bus)] == [(3, ())]


def test_a_bus_that_cannot_be_reached_is_told_and_not_an_empty_one():
    bus = Bus(ManualClock(), nobody=LinkDown("link_refused", "refused"))
    with pytest.raises(LinkDown):
        scanned(bus)


def test_silent_addresses_cost_less_and_less():
    bus = Bus(ManualClock())
    scanned(bus, range(1, 11))
    assert bus.timeouts_s == [FIRST_S] * 3 + [QUICK_S] * 7


def test_a_slow_gateway_is_given_the_time_that_it_needs():
    timeout = TimeOut(FIRST_S)
    timeout.nobody(1.02)  # it says after a second that nobody is there
    timeout.passed()
    assert timeout.seconds == FIRST_S
    timeout.answered(0.03)
    assert timeout.seconds == FIRST_S


def test_a_gateway_that_knows_at_once_that_nobody_is_there_takes_no_time_from_a_device():
    timeout = TimeOut(FIRST_S)
    for _ in range(20):
        timeout.nobody(0.001)
    assert timeout.seconds == FIRST_S
    timeout.answered(0.2)
    assert timeout.seconds == pytest.approx(0.6)


def test_a_quick_bus_is_asked_quickly():
    timeout = TimeOut(FIRST_S)
    timeout.answered(0.01)
    assert timeout.seconds == pytest.approx(0.15)


ACME = b"\x01\x00\x00\x03" + b"\x00\x04ACME" + b"\x01\x02M3" + b"\x02\x027x"
TWINS = {
    "abb-b23": MAPS["abb-b23"],
    "sold-as": replace(MAPS["abb-b23"], id="sold-as", identifications=(IdentificationProbe("Acme", ("M3",)),)),
}


def test_one_of_several_is_sure_when_it_identifies_itself_as_that():
    (found,) = scanned(Bus(ManualClock(), {4: "abb-b23"}, says={4: ACME}), [4], TWINS)
    assert (found.models, found.chosen, found.sure) == (("sold-as",), "sold-as", True)
    assert str(found.identification) == "ACME M3 7x"


def test_what_an_unknown_device_says_of_itself_is_kept():
    bus = Bus(ManualClock(), {4: "socomec-c550", 5: "socomec-c550"}, says={4: ACME})
    found = {each.unit: each for each in scanned(bus, [4, 5], {})}
    assert (found[4].models, str(found[4].identification)) == ((), "ACME M3 7x")
    assert str(found[5].identification) == ""


def test_a_device_that_a_register_names_is_not_asked_who_it_is():
    code = int.from_bytes(read_frame("abb-b23").payload(3, 0x5B2C, 1), "big")
    named = replace(MAPS["abb-b23"], identify=(Probe("holding", 0x5B2C, "u16", 1, (code,)),))
    bus = Bus(ManualClock(), {4: "abb-b23"}, says={4: ACME})
    (found,) = scanned(bus, [4], {**TWINS, "abb-b23": named})
    assert (found.sure, bus.identified) == (True, [])


def test_a_bus_on_which_nobody_answers_that_question_is_asked_it_twice():
    silent = NoAnswer("no_answer", "silent")
    bus = Bus(ManualClock(), dict.fromkeys(range(1, 6), "abb-b23"), says=dict.fromkeys(range(1, 6), silent))
    scanned(bus, range(1, 6), TWINS)
    assert bus.identified == [1, 2]


def test_one_that_hangs_up_at_the_question_is_not_asked_anything_after_it():
    bus = Bus(ManualClock(), {1: "abb-b23"}, says={1: LinkDown("link_lost", "gone")})
    (found,) = scanned(bus, [1], TWINS)
    assert bus.identified == [1] and found.models == ("abb-b23", "sold-as")


def test_models_that_differ_in_name_alone_are_preselected_by_the_one_whose_table_is_known():
    twin = replace(MAPS["abb-b23"], id="by-family", trust="provisional")
    bus = Bus(ManualClock(), {4: "abb-b23"})
    (found,) = scanned(bus, [4], {"by-family": twin, "abb-b23": MAPS["abb-b23"]})
    assert (found.models, found.chosen, found.sure) == (("abb-b23", "by-family"), "abb-b23", False)
    other = replace(twin, maker="Somebody else")
    (found,) = scanned(bus, [4], {"by-family": other, "abb-b23": MAPS["abb-b23"]})
    assert found.chosen == ""


def test_one_that_names_itself_otherwise_than_all_is_left_open():
    code = int.from_bytes(read_frame("abb-b23").payload(3, 0x5B2C, 1), "big")
    other = replace(MAPS["abb-b23"], identify=(Probe("holding", 0x5B2C, "u16", 1, (code + 1,), optional=True),))
    (found,) = scanned(Bus(ManualClock(), {4: "abb-b23"}), [4], {"abb-b23": other})
    assert (found.models, found.chosen, found.sure) == (("abb-b23",), "", False)
