"""What is decided before the server starts."""

from dataclasses import replace
from pathlib import Path

import pytest

from runtime.errors import ConfigError
from runtime.settings import Address, Settings, WebSettings, default_data, parse_address, read_web


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


@pytest.fixture
def plugins(tmp_path):
    def written(text):
        (tmp_path / "plugins.toml").write_text(text)
        return tmp_path / "plugins.toml"

    return written


def test_without_a_word_the_pages_are_on_loopback_and_plain(plugins):
    assert read_web(plugins("load = []")) == WebSettings(Address("127.0.0.1", 8080))


def test_the_table_web_says_where_the_pages_are(plugins):
    file = plugins(
        """
        [web]
        http = "0.0.0.0:80"
        https = "[::]:443"
        names = ["energy.example.org", "203.0.113.5"]
        redirect = false
        hsts_days = 365
        """
    )
    names = ("energy.example.org", "203.0.113.5")
    assert read_web(file) == WebSettings(Address("0.0.0.0", 80), Address("::", 443), names, False, 365)


def test_the_command_line_counts_more_than_the_file(plugins, tmp_path):
    file = plugins('[web]\nhttp = "0.0.0.0:80"\nhttps = "0.0.0.0:443"')
    web = Settings(tmp_path, file, Address("127.0.0.1", 0)).web()
    assert (web.http, web.https) == (Address("127.0.0.1", 0), Address("0.0.0.0", 443))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('https = "443"', "web.https: '443' is not HOST:PORT"),
        ('names = ["https://x"]', r"web.names\[1\]: 'https://x' is neither a name nor an address"),
        ("hsts_days = -1", "web.hsts_days: -1 is not an integer from 0 to 730"),
        ("port = 80", "web.port: unknown key"),
    ],
)
def test_a_mistake_in_the_table_web_is_told_with_its_key(plugins, line, said):
    with pytest.raises(ConfigError, match=said):
        read_web(plugins(f"[web]\n{line}"))


@pytest.mark.parametrize("option", ["http", "https"])
def test_the_demo_is_for_this_machine_alone(plugins, tmp_path, option):
    settings = Settings(tmp_path, plugins("load = []"), demo=True)
    assert settings.web().http.host == "127.0.0.1"
    with pytest.raises(ConfigError, match=f"--{option}: 0.0.0.0:0 would be open to others"):
        replace(settings, **{option: Address("0.0.0.0", 0)}).web()
