from __future__ import annotations

import pytest

from webui.front.http.forward import Peer
from webui.front.http.head import read_head
from webui.front.http.limits import Limits
from webui.front.http.proxies import Proxies

PROXY = Peer("10.0.0.2", 5000, "http", "10.0.0.1")


def client(*lines: str, peer: Peer = PROXY, version: str = "1.1") -> Peer:
    told = "".join(f"{line}\r\n" for line in lines)
    head = read_head(f"GET / HTTP/{version}\r\nHost: a\r\n{told}\r\n".encode(), Limits())
    return Proxies(["10.0.0.2", "192.168.7.0/24", "2001:db8::/32"]).client(head, peer)


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("X-Forwarded-For: 198.51.100.7", "198.51.100.7"),
        ("X-Forwarded-For: 8.8.8.8, 198.51.100.7", "198.51.100.7"),
        ("X-Forwarded-For: 8.8.8.8, 198.51.100.7, 192.168.7.9", "198.51.100.7"),
        ("X-Forwarded-For: 198.51.100.7:4711", "198.51.100.7"),
        ("X-Forwarded-For: [2001:db9::1]:80", "2001:db9::1"),
        ("X-Forwarded-For: ::ffff:198.51.100.7", "198.51.100.7"),
    ],
)
def test_the_nearest_that_is_no_proxy_of_ours_is_the_client(line: str, address: str) -> None:
    found = client(line)
    assert (found.address, found.is_forwarded) == (address, False)


@pytest.mark.parametrize("line", ["X-Forwarded-For: nonsense", "X-Forwarded-For: ", "Via: 1.1 x", "X: y"])
def test_a_proxy_that_does_not_say_who_calls_is_no_client_that_could_be_near(line: str) -> None:
    found = client(line)
    assert (found.address, found.is_forwarded) == ("10.0.0.2", True)


def test_the_scheme_is_that_of_the_client() -> None:
    assert client("X-Forwarded-Proto: https").scheme == "https"
    assert client("X-Forwarded-Proto: gopher").scheme == "http"


@pytest.mark.parametrize(
    ("line", "version", "is_forwarded"),
    [("X-Forwarded-For: 10.0.0.9", "1.1", True), ("X: y", "1.0", True), ("X: y", "1.1", False)],
)
def test_who_is_no_known_proxy_is_the_client_himself(line: str, version: str, is_forwarded: bool) -> None:
    found = client(line, peer=Peer("10.0.0.3", 5000, "http", "10.0.0.1"), version=version)
    assert (found.address, found.scheme, found.is_forwarded) == ("10.0.0.3", "http", is_forwarded)
