"""RTU on a pseudo-terminal and through TCP, against a peer that does what a script says."""

import threading
import time

import pytest

from drivers.adapters.connection import Connection
from drivers.adapters.frames import rtu_transaction
from drivers.adapters.rtu import RtuLine
from drivers.adapters.serialport import PortSettings, SerialPort
from runtime.clock import SystemClock
from runtime.core.modbus.identification import identification_request
from runtime.core.modbus.request import Request
from runtime.errors import BadAnswer, LinkDown, NoAnswer, Refused
from tests.drivers.adapters.peer import (
    PATIENT_S,
    Impatient,
    LeapingClock,
    PtyPeer,
    late,
    pty_peer,
    registers,
    rtu_reply,
    rtutcp_peer,
    served,
)

TEN = Request(unit=5, function=3, at=100, count=10)
LATE_S = 15.0


class ImpatientPort(Impatient, SerialPort):
    pass


def line_on(path, clock=None, **options):
    port = SerialPort(PortSettings(path, 115200, "N"))
    line = RtuLine(port, clock or SystemClock(), late_max_s=LATE_S, **options)
    line.open()
    return line


def line_to(port, clock=None):
    line = RtuLine(Connection("127.0.0.1", port), clock or SystemClock(), late_max_s=LATE_S, reconnects=True)
    line.open()
    return line


def once_then_well(*acts):
    turn = iter([acts])
    return lambda request: [act(request) if callable(act) else act for act in next(turn, (rtu_reply,))]


def test_the_registers_that_were_asked_come_back():
    with pty_peer(lambda request: [rtu_reply(request)]) as peer:
        line = line_on(peer.path)
        assert line.transact(TEN, PATIENT_S) == registers(100, 10)
        assert line.transact(Request(5, 4, 7, 125), PATIENT_S) == registers(7, 125)
        line.close()


def test_the_registers_come_back_through_a_serial_server():
    with rtutcp_peer(lambda request: [rtu_reply(request)]) as peer:
        line = line_to(peer.port)
        for at in range(20):
            assert line.transact(Request(5, 3, at, 10), PATIENT_S) == registers(at, 10)
        line.close()


def test_an_answer_in_slices_is_put_together():
    def script(request):
        reply = rtu_reply(request)
        return [part for i in range(len(reply)) for part in (reply[i : i + 1], 0.001)]

    with pty_peer(script) as peer:
        line = line_on(peer.path)
        assert line.transact(TEN, PATIENT_S) == registers(100, 10)
        line.close()


def test_noise_before_an_answer_is_passed_over():
    with pty_peer(lambda request: [b"\x00\xff\x05\x03", rtu_reply(request)]) as peer:
        line = line_on(peer.path)
        assert line.transact(TEN, PATIENT_S) == registers(100, 10)
        line.close()


def test_the_late_answer_of_one_unit_is_not_taken_for_that_of_another():
    with pty_peer(lambda request: [rtu_reply(request, unit=9), rtu_reply(request)]) as peer:
        line = line_on(peer.path)
        assert line.transact(TEN, PATIENT_S) == registers(100, 10)
        line.close()


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("bad_crc", lambda request: rtu_reply(request)[:-1] + b"\x00"),
        ("bad_unit", lambda request: rtu_reply(request, unit=6)),
        ("bad_function", lambda request: rtu_reply(request, pdu=b"\x04\x14" + registers(100, 10))),
        ("bad_count", lambda request: rtu_reply(request, pdu=b"\x03\x12" + registers(100, 9))),
        ("bad_count", lambda request: rtu_reply(request, pdu=b"\x03\x16" + registers(100, 11))),
        ("bad_frame", lambda request: rtu_reply(request)[:-4]),
        ("bad_frame", lambda request: b"\xde\xad\xbe\xef"),
    ],
)
def test_what_does_not_fit_is_never_a_value_and_the_next_read_is_right(code, wrong):
    with pty_peer(once_then_well(wrong)) as peer:
        clock, port = LeapingClock(), ImpatientPort(PortSettings(peer.path, 115200, "N"))
        line = RtuLine(port, clock, late_max_s=LATE_S)
        line.open()
        port.waits_for(len(wrong(rtu_transaction(TEN).frame)), clock)
        with pytest.raises(BadAnswer) as caught:
            line.transact(TEN, PATIENT_S)
        assert caught.value.code == code
        clock.leap(line.ready_at(5) - clock.monotonic())
        assert line.transact(TEN, PATIENT_S) == registers(100, 10)
        line.close()


def test_after_a_garbled_answer_the_unit_is_probed_at_once():
    with pty_peer(once_then_well(lambda request: rtu_reply(request)[:-1] + b"\x00")) as peer:
        line = line_on(peer.path)
        with pytest.raises(BadAnswer):
            line.transact(TEN, PATIENT_S)
        assert line.transact(TEN, PATIENT_S) == registers(100, 10)
        assert [int.from_bytes(request[4:6], "big") for request in peer.heard] == [10, 1, 10]
        line.close()


def test_after_a_time_out_the_unit_is_left_alone_and_then_probed_with_another_count():
    over = threading.Event()
    with pty_peer(once_then_well(lambda request: late(over, rtu_reply(request)))) as peer:
        line = line_on(peer.path, clock := LeapingClock())
        with pytest.raises(NoAnswer):
            line.transact(TEN, 0.05)
        over.set()
        with pytest.raises(NoAnswer, match="asked again in"):
            line.transact(TEN, PATIENT_S)
        clock.leap(line.ready_at(5) - clock.monotonic())
        assert line.transact(Request(5, 3, 7, 10), PATIENT_S) == registers(7, 10)
        assert [int.from_bytes(request[4:6], "big") for request in peer.heard] == [10, 1, 10]
        line.close()


def test_a_probe_differs_from_what_failed_and_from_what_is_wanted():
    with pty_peer(once_then_well()) as peer:
        line = line_on(peer.path, clock := LeapingClock())
        with pytest.raises(NoAnswer):
            line.transact(Request(5, 3, 0xFFFF, 1), 0.05)
        clock.leap(line.ready_at(5) - clock.monotonic())
        assert line.transact(Request(5, 3, 0, 2), PATIENT_S) == registers(0, 2)
        assert [int.from_bytes(request[4:6], "big") for request in peer.heard] == [1, 3, 2]
        line.close()


def test_a_device_that_always_answers_one_request_late_never_gives_a_wrong_value():
    waiting = []

    def one_behind(request):
        waiting.append(rtu_reply(request))
        return [waiting.pop(0)] if len(waiting) > 1 else []

    with pty_peer(one_behind) as peer:
        line = line_on(peer.path, clock := LeapingClock())
        for at in range(0, 60, 10):
            clock.leap(line.ready_at(5) - clock.monotonic())
            try:
                assert line.transact(Request(5, 3, at, 10), 0.03) == registers(at, 10)
            except (NoAnswer, BadAnswer):
                continue
        line.close()


def test_the_other_units_are_served_while_one_is_left_alone():
    with pty_peer(lambda request: [] if request[0] == 5 else [rtu_reply(request)]) as peer:
        line = line_on(peer.path)
        with pytest.raises(NoAnswer):
            line.transact(TEN, 0.05)
        assert line.ready_at(6) == 0.0
        assert line.transact(Request(6, 3, 100, 10), PATIENT_S) == registers(100, 10)
        line.close()


def test_a_serial_server_is_reconnected_after_a_time_out():
    over = threading.Event()
    with rtutcp_peer(once_then_well(lambda request: late(over, rtu_reply(request)))) as peer:
        line = line_to(peer.port, clock := LeapingClock())
        with pytest.raises(NoAnswer):
            line.transact(TEN, 0.05)
        over.set()
        assert not line.is_open
        line.open()
        clock.leap(line.ready_at(5) - clock.monotonic())
        assert line.transact(TEN, PATIENT_S) == registers(100, 10)
        assert peer.connections == 2
        line.close()


def test_an_answer_may_come_late_even_if_the_connection_was_lost():
    with rtutcp_peer(once_then_well("hang up")) as peer:
        line = line_to(peer.port)
        with pytest.raises(LinkDown):
            line.transact(TEN, PATIENT_S)
        assert line.ready_at(5) > time.monotonic()
        line.close()


def test_an_exception_is_an_answer():
    with pty_peer(lambda request: [rtu_reply(request, pdu=b"\x83\x02")]) as peer:
        line = line_on(peer.path)
        with pytest.raises(Refused, match="check the model") as caught:
            line.transact(TEN, PATIENT_S)
        assert caught.value.code == "exception_2"
        assert line.ready_at(5) == 0.0
        line.close()


def test_a_doubled_answer_is_drained():
    with pty_peer(lambda request: [rtu_reply(request) * 2]) as peer:
        line = line_on(peer.path)
        for at in range(20):
            assert line.transact(Request(5, 3, at, 10), PATIENT_S) == registers(at, 10)
        line.close()


def test_the_own_echo_is_taken_off_where_the_adapter_hears_itself():
    with pty_peer(lambda request: [request, request if request[1] == 6 else rtu_reply(request)]) as peer:
        line = line_on(peer.path, echo=True)
        assert line.transact(TEN, PATIENT_S) == registers(100, 10)
        assert line.transact(Request(5, 6, 3, 1, b"\x12\x34"), PATIENT_S) == b""
        line.close()


def test_a_missing_echo_is_told():
    with pty_peer(lambda request: [rtu_reply(request)]) as peer:
        line = line_on(peer.path, echo=True)
        with pytest.raises(BadAnswer, match="echo"):
            line.transact(TEN, PATIENT_S)
        line.close()


def test_a_broadcast_waits_for_nobody():
    with pty_peer(lambda request: []) as peer:
        line = line_on(peer.path)
        assert line.transact(Request(0, 6, 3, 1, b"\x12\x34"), PATIENT_S) == b""
        line.close()


def test_a_missing_port_is_said_in_one_line():
    line = RtuLine(SerialPort(PortSettings("/dev/ttyNOWHERE9")), SystemClock())
    with pytest.raises(LinkDown, match="no port /dev/ttyNOWHERE9") as caught:
        line.open()
    assert caught.value.code == "port_missing"


def test_a_port_in_use_is_said_in_one_line():
    with pty_peer(lambda request: [rtu_reply(request)]) as peer:
        line = line_on(peer.path)
        other = RtuLine(SerialPort(PortSettings(peer.path, 115200, "N")), SystemClock())
        with pytest.raises(LinkDown, match="in use by another program") as caught:
            other.open()
        assert caught.value.code == "port_busy"
        line.close()


def test_what_is_no_serial_port_is_said_in_one_line():
    line = RtuLine(SerialPort(PortSettings("/dev/null")), SystemClock())
    with pytest.raises(LinkDown, match="is no serial port") as caught:
        line.open()
    assert caught.value.code == "port_unfit"


def test_an_unplugged_adapter_is_a_lost_link():
    with pty_peer(lambda request: [rtu_reply(request)]) as peer:
        line = line_on(peer.path)
        line.transact(TEN, PATIENT_S)
        peer.unplug()
        with pytest.raises(LinkDown) as caught:
            line.transact(TEN, PATIENT_S)
        assert caught.value.code == "link_lost"
        assert not line.is_open
        line.close()


def test_closing_from_outside_wakes_a_read_and_is_for_good():
    with pty_peer(lambda request: []) as peer:
        line = line_on(peer.path)
        caught = []

        def read():
            with pytest.raises(LinkDown) as error:
                line.transact(TEN, PATIENT_S)
            caught.append(error.value.code)

        reader = threading.Thread(target=read)
        reader.start()
        while not peer.heard:
            time.sleep(0.001)
        line.close()
        reader.join(60)
        assert caught == ["link_closed"]
        with pytest.raises(LinkDown):
            line.open()


def test_silence_is_kept_before_each_request():
    with pty_peer(lambda request: [rtu_reply(request)]) as peer:
        line = RtuLine(SerialPort(PortSettings(peer.path, 1200, "N")), SystemClock())
        line.open()
        began = time.monotonic()
        for _ in range(3):
            line.transact(Request(5, 3, 0, 1), PATIENT_S)
        assert time.monotonic() - began >= 3 * 3.5 * 10 / 1200
        line.close()


NAMED = bytes.fromhex("01 00 00 03 00 04") + b"ACME" + b"\x01\x02M3" + b"\x02\x01" + b"7"
IDENTIFY = identification_request(5)


def identified_peer(script):
    return served(PtyPeer(script, 7))  # bytes of the request


def named_reply(request, payload=NAMED):
    return rtu_reply(request, pdu=b"\x2b\x0e\x01" + payload)


@pytest.mark.parametrize("slices", [1, 3, 60])
@pytest.mark.parametrize("noise", [b"", b"\x00\xff\x05\x2b"])
def test_an_identification_comes_back_whatever_its_size(slices, noise):
    def script(request):
        reply = noise + named_reply(request)
        return [reply[at : at + slices] for at in range(0, len(reply), slices)]

    with identified_peer(script) as peer:
        line = line_on(peer.path)
        assert line.transact(IDENTIFY, PATIENT_S) == NAMED
        assert peer.heard[0][:5] == bytes.fromhex("05 2b 0e 01 00")
        line.close()


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("bad_crc", lambda request: named_reply(request)[:-1] + b"\x00"),
        ("bad_frame", lambda request: named_reply(request)[:-4]),
        ("bad_count", lambda request: rtu_reply(request, pdu=b"\x2b\x0e\x01\x01\x00\x00\xff")),
        ("bad_unit", lambda request: rtu_reply(request, pdu=b"\x2b\x0e\x01" + NAMED, unit=6)),
    ],
)
def test_an_identification_that_contradicts_itself_is_none(code, wrong):
    with identified_peer(lambda request: [wrong(request)]) as peer:
        clock, port = LeapingClock(), ImpatientPort(PortSettings(peer.path, 115200, "N"))
        line = RtuLine(port, clock, late_max_s=LATE_S)
        line.open()
        port.waits_for(len(wrong(rtu_transaction(IDENTIFY).frame)), clock)
        with pytest.raises(BadAnswer) as caught:
            line.transact(IDENTIFY, PATIENT_S)
        assert caught.value.code == code
        line.close()


def test_one_that_does_not_know_the_function_refuses_it():
    with identified_peer(lambda request: [rtu_reply(request, pdu=b"\xab\x01")]) as peer:
        line = line_on(peer.path)
        with pytest.raises(Refused) as caught:
            line.transact(IDENTIFY, PATIENT_S)
        assert caught.value.exception == 1
        line.close()
