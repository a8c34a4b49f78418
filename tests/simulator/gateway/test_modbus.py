import pytest

from simulator.device.image import SpaceImage
from simulator.gateway.modbus import answer, crc16, join_rtu, join_tcp, split_rtu, split_tcp


class Meter:
    """Registers 100 to 103 and coils 0 to 8 can be written, register 101 to 7 only."""

    def __init__(self):
        self.taken = []

    def write(self, space, at, data, at_ms):
        if space == "coil" and at + len(data) > 9 or space == "holding" and at + len(data) // 2 > 104:
            return 2
        if at == 101 and data != b"\0\7":
            return 3
        self.taken.append((space, at, data))
        return 0

    def objects(self):
        return {}

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
        ("10 0064 0002 04 00010002", "10 0064 0002"),
        ("10 0064 0001 03 0000", "90 03"),
        ("10 0064 0002 04 0001", "90 03"),
        ("10 0064 0000 00", "90 03"),
        ("10 0068 0001 02 0000", "90 02"),
        ("10 ffff 0002 04 00000000", "90 02"),
        ("06 0065 0007", "06 0065 0007"),
        ("06 0065 0008", "86 03"),
        ("05 0003 ff00", "05 0003 ff00"),
        ("05 0003 0100", "85 03"),
        ("05 0009 0000", "85 02"),
        ("0f 0000 0009 02 0d01", "0f 0000 0009"),
        ("0f 0000 0009 01 0d", "8f 03"),
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


def test_what_is_written_arrives_as_it_was_sent():
    meter = Meter()
    for pdu in ("0f 0000 0009 02 0d01", "05 0003 ff00", "05 0003 0000", "10 0064 0002 04 00010002"):
        answer(meter, bytes.fromhex(pdu), 0)
    assert meter.taken == [
        ("coil", 0, b"\1\0\1\1\0\0\0\0\1"),
        ("coil", 3, b"\1"),
        ("coil", 3, b"\0"),
        ("holding", 100, b"\0\1\0\2"),
    ]


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


class Named(Meter):
    """Says who it is, at such length that it takes two answers."""

    def objects(self):
        return {0: b"ACME", 1: b"M" * 200, 2: b"V1", 4: b"Meter"}


@pytest.mark.parametrize(
    ("request_pdu", "response_pdu"),
    [
        ("2b 0e 01 02", "2b 0e 01 02 00 00 01 02 02 5631"),
        ("2b 0e 01 03", "2b 0e 01 02 00 00 03 00 04 41434d45 01 c8" + "4d" * 200 + "02 02 5631"),  # begins anew
        ("2b 0e 02 04", "2b 0e 02 02 00 00 01 04 05 4d65746572"),
        ("2b 0e 03 00", "ab 03"),
        ("2b 0d 01 00", "ab 03"),
        ("2b 0e 01", "ab 03"),
    ],
)
def test_it_is_identified_as_the_specification_wants_it(request_pdu, response_pdu):
    assert answer(Named(), bytes.fromhex(request_pdu), 0) == bytes.fromhex(response_pdu)


def test_objects_that_do_not_go_into_one_answer_are_left_for_the_next():
    class Long(Named):
        def objects(self):
            return {0: b"A" * 120, 1: b"M" * 130, 2: b"V1"}

    first = answer(Long(), bytes.fromhex("2b 0e 01 00"), 0)
    assert first[:7] == bytes.fromhex("2b 0e 01 01 ff 01 01") and len(first) == 7 + 122
    assert answer(Long(), bytes.fromhex("2b 0e 01 01"), 0)[:7] == bytes.fromhex("2b 0e 01 01 00 00 02")


def test_a_request_for_the_identification_is_seven_bytes_on_a_serial_line():
    received = bytearray(join_rtu(9, bytes.fromhex("2b 0e 01 00")) + join_rtu(9, bytes.fromhex("03 0000 0001")))
    assert [pdu for _, pdu in split_rtu(received)] == [bytes.fromhex("2b 0e 01 00"), bytes.fromhex("03 0000 0001")]
