"""Answers typed from the Modbus application protocol V1.1b3, 6.21, and answers that no honest device gives."""

import random

import pytest

from runtime.core.modbus.identification import (
    BASIC,
    LARGEST,
    REGULAR,
    Identification,
    IdentificationProbe,
    identification_request,
    is_whole,
    least_size,
    pdu_of,
    read_identification,
)
from runtime.errors import BadAnswer, NoAnswer, Refused


def listed(objects):
    return b"".join(bytes((number, len(text))) + text for number, text in objects.items())


def answer_of(objects, *, level=1, more=0, following=0, count=None):
    """What follows function, MEI type and category."""
    return bytes((level, more, following, len(objects) if count is None else count)) + listed(objects)


class Device:
    """Gives its answers in turn, by category and first object; a DriverError is raised."""

    def __init__(self, answers):
        self.answers, self.asked = answers, []

    def __call__(self, request):
        self.asked.append((request.count, request.at))
        answer = self.answers[request.count, request.at]
        if isinstance(answer, Exception):
            raise answer
        return answer


THREE = {0: b"Schneider Electric", 1: b"METSEPM3255", 2: b"1.0.000"}


def test_the_request_is_that_of_the_specification():
    assert pdu_of(identification_request(9)) == bytes.fromhex("2B 0E 01 00")
    assert identification_request(9).sent() == bytes.fromhex("09 2B 0E 01 00")
    assert not identification_request(9).is_write
    for wrong in (identification_request(9, 3), identification_request(9, BASIC, 256)):
        with pytest.raises(ValueError, match="there is no object"):
            pdu_of(wrong)


def test_the_example_of_the_specification_is_read():
    pdu = (
        bytes.fromhex("2B 0E 01 01 00 00 03 00 16")
        + b"Company identification"
        + b"\x01\x0fProduct code XX\x02\x05V2.11"
    )
    assert is_whole(pdu)
    found = read_identification(9, Device({(BASIC, 0): pdu[3:]}))
    assert found == Identification("Company identification", "Product code XX", "V2.11")


def test_an_answer_is_whole_with_its_last_byte_and_no_sooner():
    pdu = b"\x2b\x0e\x01" + answer_of(THREE)
    for size in range(len(pdu)):
        assert least_size(pdu[:size]) > size
        assert not is_whole(pdu[:size])
    assert is_whole(pdu) and not is_whole(pdu + b"\0")


def test_one_that_has_more_objects_is_asked_for_them():
    regular = {4: b"PM3255", 5: b"PM3200"}
    device = Device({(BASIC, 0): answer_of(THREE, level=0x82), (REGULAR, 0): answer_of(THREE | regular, level=0x82)})
    found = read_identification(9, device)
    assert (found.name, found.model) == ("PM3255", "PM3200")
    assert str(found) == "Schneider Electric PM3255 PM3200 METSEPM3255 1.0.000"
    assert device.asked == [(BASIC, 0), (REGULAR, 0)]


def test_what_does_not_go_into_one_answer_is_asked_for_page_by_page():
    first = answer_of({0: b"ACME"}, more=0xFF, following=1)
    device = Device({(BASIC, 0): first, (BASIC, 1): answer_of({1: b"M3", 2: b"7"})})
    assert read_identification(9, device) == Identification("ACME", "M3", "7")


def test_one_that_leads_in_a_circle_is_left():
    device = Device({(BASIC, 0): answer_of({0: b"A"}, more=0xFF, following=2),
                     (BASIC, 2): answer_of({2: b"B"}, more=0xFF, following=2)})  # fmt: skip
    assert read_identification(9, device) == Identification("A", "", "B")
    assert device.asked == [(BASIC, 0), (BASIC, 2)]


def test_a_chain_without_end_ends():
    page = {(BASIC, at): answer_of({at: b"x"}, more=0xFF, following=at + 1) for at in range(255)}
    device = Device(page)
    read_identification(9, device)
    assert len(device.asked) < 10


def test_one_that_refuses_or_stays_silent_says_so():
    for error in (Refused(1, "illegal function"), NoAnswer("no_answer", "silent")):
        with pytest.raises(type(error)):
            read_identification(9, Device({(BASIC, 0): error}))


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"\x01\x00\x00",
        answer_of(THREE, count=4),
        answer_of(THREE, count=255),
        answer_of(THREE, count=2),
        answer_of(THREE)[:-1],
        b"\x01\x00\x00\x01\x00\xff" + b"x" * 200,
        b"\x01\x00\x00\x01\x00\xff" + b"x" * 255,  # longer than any PDU
    ],
)
def test_lengths_that_contradict_themselves_are_refused(hostile):
    with pytest.raises(BadAnswer):
        read_identification(9, Device({(BASIC, 0): hostile}))


def test_no_bytes_whatever_lead_astray():
    chance = random.Random(43)
    for _ in range(3000):
        head = bytes(
            (43, 14, 1, chance.randrange(256), chance.randrange(256), chance.randrange(256), chance.randrange(12))
        )
        pdu = head + chance.randbytes(chance.randrange(LARGEST + 20))
        size = least_size(pdu)
        assert 7 <= size <= 7 + 2 * 12 + 12 * 255
        try:
            found = read_identification(9, lambda request, pdu=pdu: pdu[3:])
        except BadAnswer:
            assert not is_whole(pdu)
        else:
            assert all(text.isprintable() and text.isascii() for text in (found.vendor, found.product, found.name))


def test_only_what_can_be_read_is_shown_and_not_at_any_length():
    device = Device({(BASIC, 0): answer_of({0: b"AC\0ME\x1b[2J  GmbH\r\n", 1: b"M" * 200, 2: b"\xff"})})
    assert read_identification(9, device) == Identification("ACME[2J GmbH", "M" * 60, "")


def test_nothing_is_shown_of_one_that_says_nothing():
    assert str(Identification()) == "" and str(Identification(revision="7")) == ""


def test_a_kind_is_named_by_vendor_and_the_beginning_of_a_product():
    probe = IdentificationProbe("Schneider Electric", ("METSEPM3250", "METSEPM3255"))
    assert probe.fits(Identification("SCHNEIDER ELECTRIC ", "METSEPM3255"))
    assert probe.fits(Identification("Schneider Electric", "", "", "", "METSEPM3250A"))
    assert not probe.fits(Identification("Schneider Electric", "METSEPM3200"))
    assert not probe.fits(Identification("ACME", "METSEPM3255"))
    assert not probe.fits(Identification())
