import socket
import struct
import subprocess

import pytest

from simulator.gateway.modbus import join_rtu, join_tcp
from tests.simulator.pace import keeps_pace

READ_VOLTS = bytes.fromhex("03 5b00 0002")


def connect(stage, gateway):
    wire = socket.create_connection(("127.0.0.1", stage.port(gateway)), timeout=60)
    wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return wire


def receive(wire, length):
    got = b""
    while len(got) < length:
        piece = wire.recv(length - len(got))
        assert piece, "the gateway hung up"
        got += piece
    return got


def test_a_meter_answers_with_what_it_measures(stage):
    with connect(stage, "Hall") as wire:
        wire.sendall(bytes.fromhex("abcd 0000 0006 02 04 0000 0002"))
        reply = receive(wire, 13)
    assert reply[:9].hex() == "abcd00000007020404"
    volts = stage.site.devices["Presses"].values(stage.now_ms)["voltage_l1_v"] / 100
    assert struct.unpack(">f", reply[9:])[0] == pytest.approx(volts, abs=0.2)


def test_pipelined_requests_are_all_answered_in_order(stage):
    with connect(stage, "Hall") as wire:
        wire.sendall(b"".join(join_tcp(number, 1, READ_VOLTS) for number in range(40)))
        replies = [receive(wire, 13) for _ in range(40)]
    assert [int.from_bytes(reply[:2]) for reply in replies] == list(range(40))


def test_a_request_in_pieces_is_one_request(stage):
    frame = join_tcp(1, 1, READ_VOLTS)
    with connect(stage, "Hall") as wire:
        for byte in frame:
            wire.send(bytes((byte,)))
        assert receive(wire, 13)[7] == 3


def test_a_unit_that_is_not_there_is_the_gateways_to_tell(stage):
    with connect(stage, "Hall") as wire:
        wire.sendall(join_tcp(5, 77, READ_VOLTS))
        assert receive(wire, 9).hex() == "00050000" + "00034d" + "830b"


def test_each_transaction_takes_its_turn_around_one_after_the_other(stage):
    with connect(stage, "Slow") as one, connect(stage, "Slow") as other:

        def ask(*wires):
            for wire in wires:
                wire.sendall(join_tcp(1, 1, bytes.fromhex("03 1000 0002")))
            for wire in wires:
                receive(wire, 13)

        assert keeps_pace(lambda: ask(one), least_s=0.040, slack_s=0.030)
        assert keeps_pace(lambda: ask(one, other), least_s=0.080, slack_s=0.040)


def test_rtu_frames_come_and_go_through_a_socket(stage):
    with connect(stage, "Socket") as wire:
        wire.sendall(join_rtu(5, bytes.fromhex("03 c558 0002")))
        reply = receive(wire, 9)
    assert reply == join_rtu(5, reply[1:-2]) and reply[:3].hex() == "050304"


def test_on_a_serial_line_nobody_answers_for_another(stage):
    with connect(stage, "Socket") as wire:
        wire.sendall(join_rtu(6, READ_VOLTS))
        wire.sendall(b"\x05\x03\xc5\x58\x00\x02\x00\x00")  # a wrong check
        wire.settimeout(0.2)
        with pytest.raises(TimeoutError):
            wire.recv(1)


def test_an_unplugged_gateway_hangs_up_refuses_and_comes_back_at_the_same_port(stage):
    with connect(stage, "Hall") as wire:
        stage.run(stage.play.fault({"gateway": "Hall", "mode": "unplugged"}))
        with pytest.raises((ConnectionError, AssertionError)):
            receive(wire, 1)
    with pytest.raises(ConnectionRefusedError):
        connect(stage, "Hall")
    stage.run(stage.play.fault({"gateway": "Hall", "mode": "normal"}))
    with connect(stage, "Hall") as wire:
        wire.sendall(join_tcp(1, 1, READ_VOLTS))
        assert receive(wire, 13)[7] == 3


def test_a_silent_unit_leaves_its_neighbours_alone(stage):
    stage.run(stage.play.fault({"gateway": "Hall", "unit": 1, "mode": "silent"}))
    with connect(stage, "Hall") as wire:
        wire.sendall(join_tcp(1, 1, READ_VOLTS) + join_tcp(2, 2, bytes.fromhex("04 0000 0002")))
        assert receive(wire, 13)[:2] == b"\0\2"


def test_garbage_is_no_answer(stage):
    stage.run(stage.play.fault({"gateway": "Slow", "mode": "garbage"}))
    with connect(stage, "Slow") as wire:
        wire.sendall(join_tcp(0x1234, 1, bytes.fromhex("03 1000 0002")))
        assert not wire.recv(100).startswith(bytes.fromhex("12340000"))


def test_mbpoll_reads_the_energy_that_the_truth_tells(stage):
    command = ["mbpoll", "-0", "-1", "-q", "-a", "1", "-t", "4:int", "-B", "-r", "20482", "-c", "1"]
    printed = subprocess.run(
        [*command, "-p", str(stage.port("Hall")), "127.0.0.1"], capture_output=True, text=True, timeout=60, check=True
    ).stdout
    shown = int(printed.split("[20482]:")[1].split()[0])
    truth = stage.play.truth({"device": "Main"})
    assert abs(shown * 10_000 - truth["active_energy_import_n"]) <= 10_000 + 50_000
