from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.webui.front.stage import Door, front
from webui.front.http.hosts import Hosts, client_network, plain_address


def asked(door: Door, host: str) -> int:
    return door.ask(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()).status


def test_it_answers_to_its_own_names_and_to_the_address_that_was_called(door: Door) -> None:
    own = socket.gethostname()
    for host in ("localhost", "LOCALHOST:9", "127.0.0.1", "127.0.0.1:80", own, f"{own.partition('.')[0]}.local"):
        assert asked(door, host) == 200, host


FOREIGN = ("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "192.0.2.7", "[2001:db8::1]", "0", "1.1")


@pytest.mark.parametrize("host", FOREIGN)
def test_a_page_of_others_that_has_its_name_resolved_to_us_reaches_nothing(door: Door, host: str) -> None:
    answer = door.ask(f"GET /api/v1/live HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    assert answer.status == 421
    assert answer.json["error"]["code"] == "unknown_host" and host not in answer.body.decode()


def test_more_names_can_be_given(tmp_path: Path) -> None:
    with front(tmp_path, names=("energy.example.org", "203.0.113.5")) as door:
        assert [asked(door, host) for host in ("Energy.Example.org.", "203.0.113.5:8443", "example.org")] == [
            200,
            200,
            421,
        ]


def test_another_address_of_ours_counts_only_where_it_was_called() -> None:
    hosts = Hosts(own="box")
    assert hosts.is_own("192.0.2.7", "192.0.2.7")
    assert hosts.is_own("::1", "::1") and hosts.is_own("0:0:0:0:0:0:0:1", "::1")
    assert not hosts.is_own("192.0.2.7", "127.0.0.1")
    assert hosts.is_own("box.local", "192.0.2.7") and not hosts.is_own("box.evil.example", "192.0.2.7")


def test_an_address_is_written_plainly() -> None:
    assert plain_address("::ffff:192.0.2.7") == "192.0.2.7"
    assert plain_address("fe80::1%eth0") == "fe80::1"


def test_the_addresses_of_one_household_are_one_client() -> None:
    assert client_network("2001:db8:1:2:aaaa::1") == client_network("2001:db8:1:2:bbbb::2")
    assert client_network("2001:db8:1:2::1") != client_network("2001:db8:1:3::1")
    assert client_network("192.0.2.7") == "192.0.2.7"
