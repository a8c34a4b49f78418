"""Several devices at one address."""

from simulator.device.device import Device
from simulator.device.panel import Panel
from simulator.gateway.modbus import answer
from simulator.gateway.shared import SharedUnit
from simulator.scenario.models import Models

MODELS = Models()


def device(model, **parameters):
    found = MODELS.map(model, parameters)
    return Device(model, found, None, {}, panel=Panel(found, {"breaker_state": 2}))


def asked(unit, pdu):
    return answer(unit, bytes.fromhex(pdu), 1_780_000_000_000).hex(" ")


def test_modules_of_different_functions_answer_at_one_address():
    unit = SharedUnit((device("legrand-414929"), device("legrand-414931")))
    assert asked(unit, "04 4700 0001") == "04 02 00 02"
    assert asked(unit, "02 4800 0001") == "02 01 00"
    assert asked(unit, "05 4800 ff00") == "05 48 00 ff 00"
    assert asked(unit, "02 4800 0001") == "02 01 01"
    assert len(list(unit)) == 2


def test_what_none_of_them_has_is_refused():
    unit = SharedUnit((device("legrand-414929"), device("legrand-414931")))
    assert asked(unit, "05 0001 ff00") == "85 02"
    assert asked(unit, "04 0000 0001") == "84 02"
    assert asked(SharedUnit((device("legrand-414929"),)), "06 0001 0001") == "86 01"


def test_both_sides_of_a_station_are_told_apart():
    left, right = device("legrand-greenup-old"), device("legrand-greenup-old", side="right")
    unit = SharedUnit((left, right))
    assert asked(unit, "06 0111 0064") == "06 01 11 00 64"
    assert (left.panel.get("limit_a"), right.panel.get("limit_a")) == (32_000, 10_000)
