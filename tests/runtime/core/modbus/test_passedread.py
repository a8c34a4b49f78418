import pytest

from runtime.core.modbus.passedread import passed_answer, passed_refusal, passed_request, passed_write
from runtime.core.modbus.request import Request
from runtime.errors import BadAnswer, LinkDown, NoAnswer, Refused, WattkeeperError


@pytest.mark.parametrize(
    ("pdu", "request_or_code"),
    [
        ("0300480002", Request(5, 3, 0x48, 2)),
        ("04ffff0001", Request(5, 4, 0xFFFF, 1)),
        ("01000007d0", Request(5, 1, 0, 2000)),
        ("0200000001", Request(5, 2, 0, 1)),
        ("01000007d1", 3),
        ("030000007e", 3),
        ("0300000000", 3),
        ("03000000", 3),
        ("0600000001", 1),
        ("10000000010200", 1),
        ("2b0e0100", 1),
        ("00", 1),
    ],
)
def test_reads_are_passed_and_nothing_else(pdu, request_or_code):
    assert passed_request(5, bytes.fromhex(pdu)) == request_or_code


@pytest.mark.parametrize(
    ("pdu", "request_or_code"),
    [
        ("050007ff00", Request(5, 5, 7, 1, b"\xff\0")),
        ("0500070000", Request(5, 5, 7, 1, b"\0\0")),
        ("0500070001", 3),
        ("050007ff", 3),
        ("06ffff1234", Request(5, 6, 0xFFFF, 1, b"\x124")),
        ("06ffff123456", 3),
        ("06", 3),
        ("0f0013000a02cd01", Request(5, 15, 0x13, 10, b"\xcd\x01")),
        ("0f0013000a01cd01", 3),
        ("0f0013000a02cd", 3),
        ("0f0000000000", 3),
        ("0f000007b1f7" + "00" * 247, 3),
        ("0f0000", 3),
        ("10000000010200ff", Request(5, 16, 0, 1, b"\0\xff")),
        ("10000000020200ff", 3),
        ("10000000010400ff", 3),
        ("10000000010200ff00", 3),
        ("10000000010200", 3),
        ("1000000001", 3),
        ("100000000000", 3),
        ("10ffff000204" + "00" * 4, 2),
        ("1000000" + "07bf6" + "00" * 246, Request(5, 16, 0, 123, bytes(246))),
        ("1000000" + "07cf8" + "00" * 248, 3),
    ],
)
def test_a_write_is_passed_where_count_and_bytes_fit(pdu, request_or_code):
    assert passed_write(5, bytes.fromhex(pdu)) == request_or_code


def test_the_answer_to_a_write_is_its_head():
    assert passed_answer(bytes.fromhex("10000000010200ff"), b"").hex() == "1000000001"
    assert passed_answer(bytes.fromhex("06ffff1234"), b"").hex() == "06ffff1234"


def test_the_answer_is_that_of_the_device():
    assert passed_answer(bytes.fromhex("0300480002"), b"\x00\x01\x00\x02").hex() == "03040001" + "0002"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Refused(2, ""), 2),
        (Refused(6, ""), 6),
        (NoAnswer("no_answer", ""), 0x0B),
        (BadAnswer("bad_crc", ""), 0x0B),
        (LinkDown("link_lost", ""), 0x0A),
        (WattkeeperError("owner_restarted", ""), 4),
    ],
)
def test_what_the_bus_did_not_give_is_an_exception(error, code):
    assert passed_refusal(3, error) == bytes((0x83, code))
