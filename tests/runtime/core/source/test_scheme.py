import pytest

from drivers.gateways.modbus import BUILT_IN
from runtime.core.source.query import Expected
from runtime.core.source.scheme import Scheme, by_name, location_of, name_of, scheme_of, with_scheme

SCHEMES = by_name(BUILT_IN)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("tcp://10.0.0.7:502", "10.0.0.7"),
        ("rtutcp://10.0.0.7:4001", "10.0.0.7:4001"),
        ("tcp://[::1]:502", "[::1]"),
        ("rtu:///dev/ttyS1?baudrate=9600", "/dev/ttyS1"),
        ("s0://10.0.0.7:502", "10.0.0.7:502"),
        ("tcp://[", "tcp://["),
    ],
)
def test_a_card_shows_where_it_leads_without_the_usual_port(url, shown):
    assert scheme_of(url, SCHEMES).shown(url) == shown


def test_an_address_that_names_no_scheme_is_taken_as_the_usual_one():
    assert with_scheme("10.0.0.7") == "tcp://10.0.0.7"
    assert with_scheme("rtu:///dev/ttyS1") == "rtu:///dev/ttyS1"
    assert name_of("10.0.0.7") == ""


def test_what_nobody_offers_has_no_form_and_is_not_looked_into():
    unknown = scheme_of("ocpp://host", SCHEMES)
    assert (unknown.name, unknown.form, unknown.is_scanned, unknown.is_serial) == ("ocpp", "", False, False)
    with pytest.raises(ValueError, match="nobody offers"):
        unknown.make("ocpp://host", None)


def test_what_is_heard_is_not_polled_and_greeted_by_listening():
    heard = Scheme("s0", "S0", "s0://host:1", print, "s0", is_heard=True)
    assert heard.cycle_time_s("s0://host:1", [object()]) == 0.0
    assert heard.greet(3) == Expected(3)


def test_a_long_address_is_cut():
    assert len(location_of(f"tcp://{'a' * 300}")) == 80
