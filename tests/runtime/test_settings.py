"""What is decided before the server starts."""

from pathlib import Path

import pytest

from runtime.errors import ConfigError
from runtime.settings import Address, default_data, parse_address


@pytest.mark.parametrize(
    ("text", "address"),
    [("127.0.0.1:8080", Address("127.0.0.1", 8080)), ("[::1]:80", Address("::1", 80)), ("h:0", Address("h", 0))],
)
def test_an_address_is_host_and_port(text, address):
    assert parse_address(text, "--http") == address


@pytest.mark.parametrize("text", ["8080", ":8080", "host:", "host:http", "host:65536", "host:-1", "host:١"])
def test_an_address_without_both_is_refused_with_the_option_that_gave_it(text):
    with pytest.raises(ConfigError, match=f"--http: '{text}' is not HOST:PORT"):
        parse_address(text, "--http")


def test_an_address_prints_as_it_is_typed():
    assert [str(Address("::1", 80)), str(Address("h", 1))] == ["[::1]:80", "h:1"]


def test_the_data_folder_is_the_users_own_unless_the_environment_says_otherwise():
    assert default_data({"WATTKEEPER_DATA": "/srv/wk"}) == Path("/srv/wk")
    assert default_data({"XDG_DATA_HOME": "/x"}) == Path("/x/wattkeeper")
