from __future__ import annotations

import pytest

from drivers.gateways.modbus import BUILT_IN
from runtime.core.source.scheme import by_name
from webui.model.gatewayurl import UrlFields
from webui.model.gatewayurl import url_fields as fields_of

SCHEMES = by_name(BUILT_IN)


def url_fields(url: str) -> UrlFields:
    return fields_of(url, SCHEMES)


def test_a_network_gateway_is_host_and_port() -> None:
    assert url_fields("tcp://10.0.0.7:1502") == UrlFields("tcp", "tcp://10.0.0.7:1502", host="10.0.0.7", port=1502)
    assert url_fields("rtutcp://moxa").port == 502
    assert url_fields("tcp://[::1]:502").host == "::1"


def test_a_serial_port_has_its_settings() -> None:
    found = url_fields("rtu:///dev/ttyUSB0?baudrate=9600&parity=N&stopbits=2")
    assert (found.kind, found.port_path, found.baudrate, found.parity, found.stopbits) == (
        "rtu", "/dev/ttyUSB0", 9600, "N", 2,
    )  # fmt: skip


@pytest.mark.parametrize(
    "url", ["tic:///dev/ttyS1", "tcp://host:99999999", "tcp://[", "rtu:///dev/x?speed=1", "nonsense"]
)
def test_what_the_form_cannot_show_is_edited_as_a_whole(url: str) -> None:
    assert url_fields(url) == UrlFields("other", url)
