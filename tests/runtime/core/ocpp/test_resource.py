"""The OCPP server's settings, and which badge may charge."""

import pytest

from runtime.core.ocpp.identity import identity_of, is_identity, stations_of, url_of
from runtime.core.ocpp.resource import OCPP_SERVER, OcppServerSpec
from runtime.core.site.installation import GatewaySpec


def test_a_badge_is_accepted_in_any_case_of_letters_and_nobody_is_where_none_is_listed():
    spec = OcppServerSpec(1, badges="04A2B3C4, deadbeef")
    assert spec.accepts("04a2b3c4") and spec.accepts("DEADBEEF") and not spec.accepts("04A2")
    assert not OcppServerSpec(1).accepts("04A2B3C4") and not OcppServerSpec(1).accepts("")
    assert OcppServerSpec(1, free=True).accepts("whoever")


@pytest.mark.parametrize(
    ("key", "value"), [("badges", "x" * 37), ("badges", "naïve"), ("host", "here"), ("port", 0), ("port", 70_000)]
)
def test_settings_that_cannot_be_are_refused(key, value):
    assert OCPP_SERVER.keys[key].problem(value) is not None


@pytest.mark.parametrize("text", ["CP-1", "a", "0.1_x-Y", "A" * 48])
def test_a_name_of_a_station(text):
    assert is_identity(text) and identity_of(url_of(text)) == text


@pytest.mark.parametrize("text", ["", "-a", "a/b", "a b", "A" * 49, "é", "a?x=1", "a\n"])
def test_no_name_of_a_station(text):
    assert not is_identity(text) and identity_of(url_of(text)) == ""


def test_stations_are_those_of_gateways_that_are_on():
    gateways = [
        GatewaySpec(1, "One", "ocpp://CP-1"),
        GatewaySpec(2, "Two", "ocpp://CP-2", on=False),
        GatewaySpec(3, "Three", "tcp://10.0.0.1:502"),
    ]
    assert stations_of(gateways) == {"CP-1": 1}
