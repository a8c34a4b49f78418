"""Modbus TCP against a peer that does what a script says, over real sockets."""

import socket
import threading
import time

import pytest

from drivers.adapters.connection import Connection
from drivers.adapters.frames import tcp_transaction
from drivers.adapters.tcp import TcpLine
from drivers.gateways import open_line
from runtime.clock import SystemClock
from runtime.core.modbus.identification import identification_request
from runtime.core.modbus.request import Request
from runtime.errors import BadAnswer, LinkDown, NoAnswer, Refused
from tests.drivers.adapters.peer import (
    PATIENT_S,
    Impatient,
    LeapingClock,
    SocketPeer,
    late,
    registers,
    served,
    tcp_peer,
    tcp_reply,
)

TEN = Request(unit=5, function=3, at=100, count=10)


class ImpatientConnection(Impatient, Connection):
    pass


def line_to(port):
    line = TcpLine(Connection("127.0.0.1", port), SystemClock())
    line.open()
    return line


def once_then_well(*acts):
    """A script that misbehaves at the first request only."""
    turn = iter([acts])
    return lambda request: [act(request) if callable(act) else act for act in next(turn, (tcp_reply,))]


def test_the_registers_that_were_asked_come_back():
    with tcp_peer(lambda request: [tcp_reply(request)]) as peer:
        line = line_to(peer.port)
        assert line.transact(TEN, PATIENT_S) == registers(100, 10)
        assert line.transact(Request(5, 4, 7, 125), PATIENT_S) == registers(7, 125)
        line.close()


def test_an_answer_in_slices_of_one_byte_is_put_together():
    with tcp_peer(lambda request: [tcp_reply(request)[i : i + 1] for i in range(29)]) as peer:
        line = line_to(peer.port)
        assert line.transact(TEN, PATIENT_S) == registers(100, 10)
        line.close()


def test_a_write_is_done_when_its_echo_is_right():
    with tcp_peer(lambda request: [request]) as peer:
        line = line_to(peer.port)
        assert line.transact(Request(5, 6, 3, 1, b"\x12\x34"), PATIENT_S) == b""
        line.close()


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("bad_transaction", lambda request: tcp_reply(request, transaction=40_000)),
        ("bad_unit", lambda request: tcp_reply(request, unit=6)),
        ("bad_function", lambda request: tcp_reply(request, pdu=b"\x04\x14" + registers(100, 10))),
        ("bad_count", lambda request: tcp_reply(request, pdu=b"\x03\x12" + registers(100, 9))),
        ("bad_count", lambda request: tcp_reply(request, pdu=b"\x03\x16" + registers(100, 11))),
        ("bad_count", lambda request: tcp_reply(request, pdu=b"\x03\x13" + registers(100, 10))),
        ("bad_frame", lambda request: b"\xde\xad" + tcp_reply(request)),
        ("bad_frame", lambda request: tcp_reply(request)[:2] + b"\0\0\xff\xff" + tcp_reply(request)[6:]),
        ("bad_frame", lambda request: tcp_reply(request)[:2] + b"\0\0\0\0" + tcp_reply(request)[6:]),
        ("bad_frame", lambda request: tcp_reply(request)[:-1]),
        ("bad_frame", lambda request: tcp_reply(request)[:5]),
    ],
)
def test_what_does_not_fit_is_never_a_value_and_the_next_read_is_right(code, wrong):
    with tcp_peer(once_then_well(wrong)) as peer:
        clock, connection = LeapingClock(), ImpatientConnection("127.0.0.1", peer.port)
        line = TcpLine(connection, clock)
        line.open()
        connection.waits_for(len(wrong(b"\0\1" + tcp_transaction(TEN).frame)), clock)
        with pytest.raises(BadAnswer) as caught:
            line.transact(TEN, PATIENT_S)
        assert caught.value.code == code
        assert not line.is_open
        line.open()
        assert line.transact(TEN, PATIENT_S) == registers(100, 10)
        line.close()


def test_a_late_answer_comes_to_a_connection_that_is_no_more():
    over = threading.Event()
    with tcp_peer(once_then_well(lambda request: late(over, tcp_reply(request)))) as peer:
        line = line_to(peer.port)
        with pytest.raises(NoAnswer):
            line.transact(Request(5, 3, 0, 10), 0.05)
        over.set()
        assert not line.is_open
        line.open()
        assert line.transact(TEN, PATIENT_S) == registers(100, 10)
        assert peer.connections == 2
        line.close()


def test_a_doubled_answer_is_dropped():
    with tcp_peer(lambda request: [tcp_reply(request) * 2]) as peer:
        line = line_to(peer.port)
        for at in range(50):
            assert line.transact(Request(5, 3, at, 10), PATIENT_S) == registers(at, 10)
        line.close()


def test_an_exception_says_what_to_do_and_keeps_the_connection():
    with tcp_peer(once_then_well(lambda request: tcp_reply(request, pdu=b"\x83\x0b"))) as peer:
        line = line_to(peer.port)
        with pytest.raises(Refused, match="behind the gateway is silent") as caught:
            line.transact(TEN, PATIENT_S)
        assert (caught.value.code, caught.value.exception) == ("exception_11", 11)
        assert line.transact(TEN, PATIENT_S) == registers(100, 10)
        assert peer.connections == 1
        line.close()


def test_a_gateway_that_closes_idle_connections_is_not_noticed():
    with tcp_peer(lambda request: [tcp_reply(request), "hang up"]) as peer:
        line = line_to(peer.port)
        for at in range(5):
            assert line.transact(Request(5, 3, at, 10), PATIENT_S) == registers(at, 10)
        assert peer.connections == 5
        line.close()


def test_a_write_is_never_sent_twice():
    def script(request):
        return ["hang up"] if request[7] == 6 else [tcp_reply(request)]

    with tcp_peer(script) as peer:
        line = line_to(peer.port)
        line.transact(TEN, PATIENT_S)
        with pytest.raises(LinkDown):
            line.transact(Request(5, 6, 3, 1, b"\x12\x34"), PATIENT_S)
        assert [request[7] for request in peer.heard] == [3, 6]
        line.close()


def test_a_second_connection_that_is_closed_at_once_hints_at_other_masters():
    with tcp_peer(lambda request: ["hang up"]) as peer:
        line = line_to(peer.port)
        with pytest.raises(LinkDown, match="one connection only") as caught:
            line.transact(TEN, PATIENT_S)
        assert caught.value.code == "link_lost"
        line.close()


def test_a_closed_port_is_said_in_one_line():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    line = TcpLine(Connection("127.0.0.1", port), SystemClock())
    with pytest.raises(LinkDown, match=f"127.0.0.1:{port} refuses") as caught:
        line.open()
    assert caught.value.code == "link_refused"
    assert "\n" not in caught.value.message


def test_a_name_that_does_not_exist_is_said_in_one_line():
    line = TcpLine(Connection("gateway.invalid", 502), SystemClock())
    with pytest.raises(LinkDown) as caught:
        line.open()
    assert caught.value.code == "link_unknown"


def test_closing_from_outside_wakes_a_read_and_is_for_good():
    with tcp_peer(lambda request: []) as peer:
        line = line_to(peer.port)
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


def test_file_descriptors_beyond_1024_do():
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < 1200:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(1200, hard), hard))
    held = [socket.socket() for _ in range(1100)]
    try:
        with tcp_peer(lambda request: [tcp_reply(request)]) as peer:
            line = line_to(peer.port)
            assert line.transact(TEN, PATIENT_S) == registers(100, 10)
            line.close()
    finally:
        for each in held:
            each.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_gateway_that_never_repeats_the_transaction_is_told_by_that_cause():
    with tcp_peer(lambda request: [tcp_reply(request, transaction=0)]) as peer:
        line = line_to(peer.port)
        codes = []
        for _ in range(3):
            with pytest.raises(BadAnswer) as caught:
                line.transact(TEN, 0.2)
            codes.append(caught.value.code)
            line.open()
        assert codes == ["bad_transaction", "transaction_ignored", "transaction_ignored"]
        assert "transactions=any" in caught.value.message
        line.close()


def test_a_gateway_that_never_repeats_the_transaction_can_be_allowed_to():
    with tcp_peer(lambda request: [tcp_reply(request, transaction=0)]) as peer:
        line = open_line(f"tcp://127.0.0.1:{peer.port}?transactions=any", SystemClock())
        line.open()
        for at in (100, 0, 100, 20):
            assert line.transact(Request(5, 3, at, 10), 1.0) == registers(at, 10)
        assert peer.connections == 1
        line.close()


def test_an_answer_that_is_sent_again_is_nobody_elses_without_transactions_either():
    with tcp_peer(lambda request: [tcp_reply(request, transaction=0), 0.03, tcp_reply(request, transaction=0)]) as peer:
        line = open_line(f"tcp://127.0.0.1:{peer.port}?transactions=any", SystemClock())
        right = 0
        for at in (0, 20) * 5:
            try:
                if not line.is_open:
                    line.open()
                assert line.transact(Request(5, 3, at, 10), 1.0) == registers(at, 10)
                right += 1
            except BadAnswer as error:
                assert error.code == "bad_transaction"
        assert right >= 5
        line.close()


@pytest.mark.parametrize(
    "padded",
    [
        lambda request: tcp_reply(request) + b"\0\0\0",
        lambda request: tcp_reply(request, pdu=b"\x03\x14" + registers(100, 10) + b"\0\0"),
    ],
)
def test_a_padded_answer_is_read(padded):
    with tcp_peer(lambda request: [padded(request)]) as peer:
        line = line_to(peer.port)
        for _ in range(3):
            assert line.transact(TEN, 1.0) == registers(100, 10)
        assert peer.connections == 1
        line.close()


def test_a_broken_answer_that_is_filled_up_to_the_byte_is_none():
    def script(request):
        if request[8:12] == TEN_AT_20:
            return [tcp_reply(request)[:16] + doubled[0]]  # 29 bytes, of which the last 13 are an earlier answer's
        doubled[:] = [tcp_reply(request)]
        return doubled

    doubled = []
    with tcp_peer(script) as peer:
        line = line_to(peer.port)
        assert line.transact(Request(5, 3, 0, 2), 1.0) == registers(0, 2)
        with pytest.raises(BadAnswer) as caught:
            line.transact(Request(5, 3, 20, 10), 1.0)
        assert caught.value.code == "bad_frame"
        line.close()


TEN_AT_20 = b"\0\x14\0\x0a"


NAMED = bytes.fromhex("01 00 00 03 00 04") + b"ACME" + b"\x01\x02M3" + b"\x02\x01" + b"7"
IDENTIFY = identification_request(5)


def identified_peer(script):
    return served(SocketPeer(script, 11))  # bytes of the request


@pytest.mark.parametrize("slices", [1, 40])
def test_an_identification_comes_back_whatever_its_size(slices):
    def script(request):
        reply = tcp_reply(request, pdu=b"\x2b\x0e\x01" + NAMED) if len(request) == 11 else b""
        return [reply[at : at + slices] for at in range(0, len(reply), slices)]

    with identified_peer(script) as peer:
        line = line_to(peer.port)
        assert line.transact(IDENTIFY, PATIENT_S) == NAMED
        assert peer.heard[0][7:] == bytes.fromhex("2b 0e 01 00")
        line.close()


@pytest.mark.parametrize(
    ("code", "pdu"),
    [
        ("bad_count", b"\x2b\x0e\x02" + NAMED),  # another category
        ("bad_count", b"\x2b\x0d\x01" + NAMED),
        ("bad_count", b"\x2b\x0e\x01" + NAMED[:-1]),
        ("bad_count", b"\x2b\x0e\x01" + NAMED + b"\0"),
        ("bad_count", b"\x2b\x0e\x01\x01\x00\x00\xff"),
        ("bad_count", b"\x2b\x0e"),
        ("bad_function", b"\x03\x02\x00\x00"),
    ],
)
def test_an_identification_that_contradicts_itself_is_none(code, pdu):
    with identified_peer(lambda request: [tcp_reply(request, pdu=pdu)]) as peer:
        line = line_to(peer.port)
        with pytest.raises(BadAnswer) as caught:
            line.transact(IDENTIFY, PATIENT_S)
        assert caught.value.code == code and not line.is_open
        line.close()


def test_one_that_does_not_know_the_function_refuses_it():
    with identified_peer(lambda request: [tcp_reply(request, pdu=b"\xab\x01")]) as peer:
        line = line_to(peer.port)
        with pytest.raises(Refused) as caught:
            line.transact(IDENTIFY, PATIENT_S)
        assert caught.value.exception == 1 and line.is_open
        line.close()


def test_one_that_hangs_up_at_the_function_is_not_asked_again():
    with identified_peer(lambda request: ["hang up"]) as peer:
        line = line_to(peer.port)
        with pytest.raises(LinkDown):
            line.transact(IDENTIFY, PATIENT_S)
        assert len(peer.heard) == 1
        line.close()
