import pytest

from runtime.core.modbus.passedread import passed_answer, passed_refusal, passed_request
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


def test_the_answer_is_that_of_the_device():
    assert passed_answer(3, b"\x00\x01\x00\x02").hex() == "03040001" + "0002"


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
