"""The status register, by values that were published."""

import pytest

from runtime.core.tic.status import BREAKER, COLOURS, read_status


def test_registers_of_real_meters():
    first, second, third = (read_status(text) for text in ("003A0001", "003A8000", "00DA0401"))
    assert (first.contact_is_open, first.is_standard, first.supplier) == (True, True, 1)
    assert (second.contact_is_open, second.distributor, second.supplier) == (False, 3, 1)
    assert (third.contact_is_open, third.supplier) == (True, 2)


def test_each_field_has_its_bits():
    status = read_status(f"{2 << 24 | 3 << 26 | 1 << 28 | 2 << 30:08X}")
    assert (COLOURS[status.today], COLOURS[status.tomorrow], status.notice, status.running) == ("white", "red", 1, 2)
    status = read_status(f"{1 << 1 | 1 << 4 | 1 << 6 | 1 << 7 | 1 << 8 | 1 << 9 | 1 << 16:08X}")
    assert BREAKER[status.breaker] == "over_power"
    assert status.cover_is_open and status.has_overvoltage and status.exceeds_subscribed
    assert status.is_producer and status.gives and status.clock_is_degraded and not status.is_standard


def test_what_is_no_register_is_refused():
    with pytest.raises(ValueError):
        read_status("003G0001")
