"""One reading of a device that refuses, falls silent or hangs up at some of what it is asked."""

import pytest

from runtime.core.decode.compiled import DeviceSettings, compile_map
from runtime.core.device.health import HANG_UPS
from runtime.core.device.onereading import OneReading
from runtime.core.map.devicemap import parse_map
from runtime.errors import LinkDown, NoAnswer, Refused

HEAD = {"id": "any", "title": "Any", "source": "none", "trust": "field"}
ROWS = [{"quantity": f"voltage_l{n}_v", "at": n, "type": "u16"} for n in (1, 2, 3)]
FAR = {"quantity": "active_energy_import_wh", "at": 100, "type": "u16"}
MAP = compile_map(parse_map({**HEAD, "field": [*ROWS, FAR]}, file="any"))


class Wire:
    """Registers hold their own address; ``trouble`` says what happens at the others."""

    def __init__(self, trouble):
        self.trouble, self.asked = trouble, []

    def __call__(self, request):
        self.asked.append((request.at, request.count))
        error = self.trouble(request)
        if error is not None:
            raise error
        return b"".join((request.at + n).to_bytes(2, "big") for n in range(request.count))


def read(trouble):
    wire = Wire(trouble)
    values = OneReading(MAP, DeviceSettings(), 1, wire).run().values_n
    told = dict(zip(MAP.quantities, values, strict=True))
    return [told[row["quantity"]] for row in (*ROWS, FAR)], wire


def holds(request, at):
    return request.at <= at < request.at + request.count


def test_what_it_does_not_have_has_no_value_and_the_rest_has():
    for code in (2, 3):
        told, _ = read(lambda request, code=code: Refused(code, "no") if holds(request, 2) else None)
        assert told == [100, None, 300, 100_000]


def test_a_function_that_it_does_not_know_is_not_asked_in_pieces():
    told, wire = read(lambda request: Refused(1, "no") if holds(request, 2) else None)
    assert told == [None, None, None, 100_000] and len(wire.asked) == 2


def test_one_that_refuses_all_is_an_error():
    with pytest.raises(Refused):
        read(lambda request: Refused(2, "no"))


def test_one_that_hangs_up_at_what_it_does_not_have_is_read_around_it():
    told, _ = read(lambda request: LinkDown("link_lost", "gone") if holds(request, 2) else None)
    assert told == [100, None, 300, 100_000]


def test_one_that_only_hangs_up_is_left_alone():
    wire = Wire(lambda request: LinkDown("link_lost", "gone"))
    with pytest.raises(LinkDown):
        OneReading(MAP, DeviceSettings(), 1, wire).run()
    assert len(wire.asked) <= HANG_UPS + 1


def test_a_line_that_cannot_be_opened_is_an_error_at_once():
    wire = Wire(lambda request: LinkDown("link_refused", "nobody listens"))
    with pytest.raises(LinkDown):
        OneReading(MAP, DeviceSettings(), 1, wire).run()
    assert len(wire.asked) == 1


def test_silence_at_the_first_read_is_an_error_at_once():
    wire = Wire(lambda request: NoAnswer("no_answer", "silent"))
    with pytest.raises(NoAnswer):
        OneReading(MAP, DeviceSettings(), 1, wire).run()
    assert len(wire.asked) == 1


def test_silence_at_one_place_is_forgiven_when_it_is_still_there():
    told, wire = read(lambda request: NoAnswer("no_answer", "silent") if holds(request, 100) else None)
    assert told == [100, 200, 300, None]
    assert wire.asked[-1] == wire.asked[0]


def test_one_that_falls_silent_for_good_is_an_error():
    answered = []

    def first_only(request):
        answered.append(request)
        return NoAnswer("no_answer", "silent") if len(answered) > 1 else None

    with pytest.raises(NoAnswer):
        read(first_only)
