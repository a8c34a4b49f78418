import pytest

from simulator.image import SpaceImage
from simulator.modbus import answer, crc16, join_rtu, join_tcp, split_rtu, split_tcp


class Meter:
    def spaces(self, at_ms):
        return {
            "holding": SpaceImage(80, (100,), (bytes(range(200)),), 2),
            "coil": SpaceImage(2000, (0,), (b"\1\0\1\1\0\0\0\0\1",), 1),
        }


@pytest.mark.parametrize(
    ("request_pdu", "response_pdu"),
    [
        ("03 0064 0002", "03 04 00010203"),
        ("01 0000 0009", "01 02 0d01"),
        ("04 0064 0002", "84 01"),  # no input registers
        ("02 0000 0001", "82 01"),
        ("10 0064 0001 02 0000", "90 01"),  # nothing here is written
        ("2b 0e 01 00", "ab 01"),
        ("03 0063 0001", "83 02"),
        ("03 00c7 0002", "83 02"),
        ("03 ffff 0002", "83 02"),
        ("01 0008 0002", "81 02"),
        ("03 0064 0000", "83 03"),
        ("03 0064 0051", "83 03"),  # this meter gives 80 registers at most
        ("03 0064 007e", "83 03"),
        ("01 0000 07d1", "81 03"),
        ("03 0064", "83 03"),
    ],
)
def test_each_request_gets_the_answer_or_exception_of_the_specification(request_pdu, response_pdu):
    assert answer(Meter(), bytes.fromhex(request_pdu), 0) == bytes.fromhex(response_pdu)


def test_tcp_frames_are_taken_whole_however_they_come():
    received = bytearray.fromhex("0007 0000 0006 01 03 0064 0002 0008 0000 0006 02 04 0000")
    assert split_tcp(received) == [(7, 1, bytes.fromhex("0300640002"))]
    received += bytes.fromhex("0001")
    assert split_tcp(received) == [(8, 2, bytes.fromhex("0400000001"))] and not received


@pytest.mark.parametrize("header", ["0001 0001 0006 01", "0001 0000 0001 01", "0001 0000 00ff 01"])
def test_bytes_that_are_no_modbus_end_the_connection(header):
    with pytest.raises(ValueError, match="not a Modbus TCP frame"):
        split_tcp(bytearray.fromhex(header))


def test_the_check_of_the_serial_line_is_that_of_the_specification():
    assert crc16(bytes.fromhex("0207")).to_bytes(2, "little").hex() == "4112"  # V1.02, appendix B
    assert join_rtu(1, bytes.fromhex("0300640002")).hex() == "01030064000285d4"


def test_serial_frames_are_taken_whole_and_a_wrong_check_drops_them():
    received = bytearray.fromhex("01030064000285d4 0103")
    assert split_rtu(received) == [(1, bytes.fromhex("0300640002"))] and received.hex() == "0103"
    assert split_rtu(bytearray.fromhex("01030064000285d5")) == []
    write = join_rtu(1, bytes.fromhex("10 0064 0001 02 0000"))
    assert split_rtu(bytearray(write)) == [(1, write[1:-2])]
    assert split_rtu(bytearray(write[:6])) == []


def test_a_tcp_frame_carries_its_length():
    assert join_tcp(7, 1, b"\x83\x02").hex() == "000700000003018302"
