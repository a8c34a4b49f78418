from __future__ import annotations

from pathlib import Path

from webui.front.tls.ownaddress import own_addresses

TRIE = """Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 192.0.2.0/24 2 0 2
        |-- 192.0.2.7
           /32 host LOCAL
        |-- 192.0.2.255
           /32 link BROADCAST
     |-- 127.0.0.1
        /32 host LOCAL
"""
INET6 = """20010db8000000000000000000000007 02 40 00 80     eth0
fe800000000000000000000000000007 02 40 20 80     eth0
00000000000000000000000000000001 01 80 10 80       lo
"""


def test_the_kernel_tells_which_addresses_are_ours(tmp_path: Path) -> None:
    (tmp_path / "fib_trie").write_text(TRIE)
    (tmp_path / "if_inet6").write_text(INET6)
    assert own_addresses(tmp_path) == ("127.0.0.1", "::1", "192.0.2.7", "2001:db8::7")


def test_without_the_kernel_s_word_there_is_loopback(tmp_path: Path) -> None:
    assert own_addresses(tmp_path) == ("127.0.0.1", "::1")
