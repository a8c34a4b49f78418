import pytest

from runtime.core.text.hostname import is_host


@pytest.mark.parametrize(
    "text",
    [
        "192.168.1.20", "::1", "fe80::1%eth0", "::ffff:10.0.0.1", "localhost", "gateway.local", "gw_1",
        "energy.example.org.",
        "3com", "a-b", "zähler.local", "10-0-0-1.example.org",
        "xn--zhler-gra.de", "0x7f.example", "a" * 63 + ".de",
    ],
)  # fmt: skip
def test_addresses_and_names_are_hosts(text):
    assert is_host(text)


@pytest.mark.parametrize(
    "text",
    [
        "", ".", "a..b", "-x", "x-", "a b", "a" * 64, "a." * 127 + "de", "a" * 300,
        "0177.0.0.1", "1.2.3", "2130706433", "0x7f000001",
        "256.1.1.1", "1.2.3.4.5", "127.0.0.1%eth0", "fe80::1%", "fe80::1%a/b", "\uff41", "h\u00a0", "h\u3002de",
        "host#x", "a@b", "h:1", "[::1]", "ä" * 80, "stra\u00dfe.de", "h\u200b", "\u202eh",
    ],
)  # fmt: skip
def test_what_can_be_read_in_two_ways_or_in_none_is_not(text):
    assert not is_host(text)
